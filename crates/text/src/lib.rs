//! Text the way Arabic and English readers expect it: folding for search, names in two scripts, phones,
//! digits, numbers, money, two calendars, plurals, sort keys, sentences.
//!
//! Pure: no database, no network, no clock. The same input gives the same output on every machine, so what is
//! stored (search text, sort keys, E.164) is equal on SQLite and PostgreSQL.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

pub mod bidi;
pub mod calendar;
pub mod digits;
pub mod email;
pub mod fold;
pub mod i18n;
pub mod locale;
pub mod money;
pub mod name;
mod name_table;
pub mod number;
pub mod person;
pub mod phone;
mod phone_countries;
mod phone_kinds;
mod phonetic;
pub mod plural;
pub mod search;
pub mod sort;
pub mod spelled;
pub mod tabular;

pub use fold::fold;
pub use locale::{Calendar, Digits, Lang, Locale, MonthNames};
