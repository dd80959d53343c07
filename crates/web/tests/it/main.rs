//! The pages over HTTP, without a socket, on both databases. Data and language are Arabic unless a test says otherwise.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod addresses;
mod browser;
mod collab;
mod conflicts;
mod exchange;
mod hostile;
mod lists;
mod merging;
mod providers;
mod records;
mod rights;
mod signing;
