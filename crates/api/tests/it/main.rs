//! The API over HTTP, on both databases.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

extern crate sila_api as api;

mod access;
mod admin;
mod bad_input;
mod bulk;
mod company;
mod custom;
mod idempotency;
mod matrix;
mod merging;
mod openapi;
mod parts;
mod people;
mod records;
mod scim;
mod webhooks;

pub use company::{Answer, World, world};
