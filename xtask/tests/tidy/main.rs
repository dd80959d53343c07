//! The rules of the tree, held by an ordinary test: which crate may use which, where the clock and the database
//! may be touched, how files are named and how long they grow, that every sentence exists in both languages.
//!
//! Each failure names file and line and says what to do instead. The reasons stand in `ARCHITECTURE.md`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod edges;
mod files;
mod guide;
mod rules;
mod sheets;
mod tree;
mod words;
