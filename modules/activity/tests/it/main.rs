//! Activities on both databases.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

extern crate sila_activity as activity;

mod calendars;
mod fixture;
mod inviting;
mod planning;
mod reminding;
