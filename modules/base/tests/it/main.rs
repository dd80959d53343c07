//! The customer record and the ledger of consents on both databases.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod consents;
mod contacts;
mod duplicates;
mod files;
mod lifecycle;
mod links;
mod shop;
