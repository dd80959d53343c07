//! Whether two records speak of the same person or organisation, and why one thinks so.
//!
//! - [`name`]: names in two scripts compared word by word;
//! - [`profile`]: what is known of a record, and the keys under which records that could be the same one meet;
//! - [`score`]: the evidence for and against, its weight, the verdict.
//!
//! Pure: no database, no clock. How much a piece of evidence counts is written down in [`score::Clue::weight`] and, in
//! words, in the guide ("duplicates"). The weights were set by judgement (what would a clerk think?) and checked on
//! halves of a test file that no weight was fitted to.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

pub mod name;
pub mod profile;
pub mod score;

pub use profile::{Key, KeyKind, Profile};
pub use score::{Clue, Evidence, Match, Verdict, compare};
