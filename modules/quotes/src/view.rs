//! The reader's view of a page of this module.

use engine::PageCx;
use kernel::rust_decimal::Decimal;
use kernel::{Record, Value};
use ui::cx::{Density, Theme, Titles, ViewCx};

pub fn view<'a>(page: &'a PageCx, titles: &'a Titles) -> ViewCx<'a> {
    ViewCx {
        locale: &page.actor.locale,
        theme: Theme::parse(&page.actor.theme),
        density: Density::default(),
        path: &page.path,
        now: page.company.now(),
        titles,
    }
}

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
