//! Paper: a document as data becomes a PDF. Arabic and English, both directions, two calendars.
//!
//! - [`Document`]: what is printed, typed: letterhead, paragraphs, facts, tables with totals, amounts, days, phones;
//! - [`print`]: the PDF, on a thread of its own, under [`Limits`]; [`render`]: the same at once, for those who wait anyway.
//!
//! The typesetter is typst (ADR 0031); nothing of it shows outside of this crate. It reads nothing but the template, two
//! fonts and the document, all of them in memory: no file, no network, no clock. What people wrote reaches it as data
//! and never as markup. Equal documents give equal bytes.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

mod document;
mod layout;
mod press;
mod qr;
mod words;
mod world;

pub use document::{Block, Calendars, Column, Document, Fact, Letterhead, Piece, Table, Text, Total};
pub use press::{Error, Limits, Pdf, print, render};
