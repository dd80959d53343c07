//! Rules, gates and approvals on both databases (PLT-5, SAL-5).
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

extern crate sila_automation as automation;

mod approving;
mod office;
mod once;
mod ruling;
