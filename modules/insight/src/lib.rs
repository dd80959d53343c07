//! What the figures say: the home dashboard, recency–frequency–monetary classes, and what a customer usually buys.
//!
//! All of it is plain SQL that begins with [`engine::Company::rows_where`], so a reader's figures are sums over the rows he may see.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

use engine::{JobKind, Module, Page, Panel, Place, Schedule};
use kernel::label;

mod blocks;
mod customer;
mod dashboard;
pub mod figures;
mod growth;
pub mod period;
pub mod rfm;
mod view;

pub fn module() -> Module {
    Module {
        key: "insight",
        label: label("التحليلات", "Insight"),
        icon: "chart-column",
        extends: vec![("party", rfm::fields())],
        jobs: vec![JobKind { key: rfm::JOB, run: rfm::run }],
        schedules: vec![Schedule { key: rfm::JOB, cron: "20 2 * * *", job: rfm::JOB }],
        pages: vec![
            Page::new("insight", "home", label("لوحة المتابعة", "Dashboard"), "layout-dashboard", dashboard::render).at(Place::Home),
            growth::page(),
        ],
        panels: vec![Panel {
            object: "party",
            key: "customer",
            label: label("صورة العميل", "Customer at a glance"),
            render: customer::render,
        }],
        ..Module::default()
    }
}
