//! Leads and opportunities on both databases.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

extern crate sila_sales as sales;

mod converting;
mod deals;
mod desk;
mod forms;
mod funnel;
mod leads;
mod routing;
