//! The trash: what was deleted, by whom, and the way back.

use crate::button::button;
use crate::cx::ViewCx;
use crate::mark::{Empty, empty};
use maud::{Markup, html};

/// A deleted record.
#[derive(Clone, Debug)]
pub struct Deleted {
    pub title: String,
    /// What it is: the object's name.
    pub what: String,
    pub by: String,
    pub at: kernel::jiff::Timestamp,
    /// Addresses that take a post.
    pub restore: String,
    /// Removal for good, where the person may.
    pub purge: Option<String>,
}

pub fn trash(items: &[Deleted], cx: &ViewCx<'_>) -> Markup {
    if items.is_empty() {
        return empty(Empty::Quiet, &cx.t("ui-trash-empty"), &cx.t("ui-trash-empty-text"), &html! {});
    }
    html! {
        div class="table-wrap" { table class="grid grid-cards" {
            thead { tr { th scope="col" { (cx.t("ui-record")) } th scope="col" { (cx.t("ui-type")) } th scope="col" { (cx.t("ui-deleted-by")) } th scope="col" { (cx.t("ui-deleted-at")) } th scope="col" { span class="visually-hidden" { (cx.t("ui-actions")) } } } }
            tbody { @for d in items { tr {
                td class="strong" data-card="title" { bdi { (d.title) } } td class="soft" data-card="fact" { (d.what) } td data-card="fact" { bdi { (d.by) } } td data-card="fact" { (cx.datetime(d.at)) }
                td data-card="end" { div class="cluster" style="justify-content:flex-end" {
                    form method="post" action=(d.restore) { (button(cx.t("ui-restore")).icon("rotate-ccw").small().submit()) }
                    @if let Some(href) = &d.purge { form method="post" action=(href) data-confirm=(cx.t("ui-purge-confirm")) { (button(cx.t("ui-purge")).small().ghost().submit()) } }
                } }
            } } }
        } }
    }
}
