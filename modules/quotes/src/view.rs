//! Fields of a record as the pages and papers of quotes read them.

pub use base::view::view;
use kernel::rust_decimal::Decimal;
use kernel::{Record, Value};

/// A decimal field; zero where it is empty.
pub fn decimal(record: &Record, field: &str) -> Decimal {
    match record.get(field) {
        Value::Decimal(d) => *d,
        Value::Int(n) => Decimal::from(*n),
        _ => Decimal::ZERO,
    }
}

/// As (number, decimals): without needless zeros, but with at least `least` decimals.
pub fn parts(d: Decimal, least: u8) -> (i64, u8) {
    let scale = u8::try_from(d.normalize().scale()).unwrap_or(least).max(least);
    (kernel::kind::scaled(d, scale.into()).unwrap_or(i64::MAX), scale)
}

/// The text of a field.
pub fn text<'a>(record: &'a Record, field: &str) -> &'a str {
    record.get(field).text().unwrap_or_default()
}
