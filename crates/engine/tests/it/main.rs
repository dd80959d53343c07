//! The engine on both databases. Each test runs on SQLite, then on PostgreSQL.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

extern crate sila_engine as engine;

mod collaborating;
mod access;
mod audit;
mod exporting;
mod fixture;
mod gates;
mod guarding;
mod importing;
mod import_faults;
mod jobs;
mod merging;
mod noticing;
mod reading;
mod saving;
mod shop;
