//! The vocabulary of Sila: objects, fields, kinds, values, expressions, policies.
//!
//! Pure: no IO, no clock, no database. Everything here can be tested with plain values.
//! A table of contents:
//! - [`object`], [`field`], [`kind`]: what a company stores, declared once;
//! - [`value`], [`record`]: what the fields hold;
//! - [`expr`]: the one expression language (filters, rules, formulas, guards);
//! - [`policy`]: who may do what with which rows and fields;
//! - [`registry`]: all declarations of one company, checked against each other;
//! - [`fault`]: what went wrong, in the reader's language.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

// The derive macro names this crate `kernel`, as everybody who uses it does.
#[cfg(test)]
extern crate self as kernel;

pub mod cell;
pub mod expr;
pub mod fault;
pub mod field;
pub mod kind;
pub mod label;
pub mod object;
pub mod parse;
pub mod policy;
pub mod record;
pub mod registry;
pub mod value;

pub use cell::{Cell, Column, ColumnType};
pub use expr::Expr;
pub use fault::{Fault, FaultKind, Issue, Outcome};
pub use field::{Field, Sensitivity, Weight};
pub use kind::{Agg, Choice, Kind, Tone};
pub use label::{Label, label};
pub use object::{Capability, Object, Primary, Source};
pub use policy::{Grant, Mask, Policy, Role, RowRule, Verb};
pub use record::Record;
pub use registry::Registry;
pub use value::{Address, FileRef, Money, Name, Value};

// Re-exported so that modules and the derive macro name one version of each.
pub use {indexmap, jiff, rust_decimal, serde_json, uuid};

/// `#[derive(kernel::Object)]`; shares its name with the struct it declares.
pub use kernel_derive::Object;
