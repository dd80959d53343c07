//! The promises of the component crate: a widget per kind, words in both languages, markup that holds.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

extern crate sila_ui as ui;

mod contrast;
mod kinds;
mod markup;
mod words;
