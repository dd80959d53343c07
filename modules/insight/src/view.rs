//! How figures are written for the reader, and the addresses of the records behind them.

use crate::period::Month;
pub(crate) use base::view::view;
use engine::PageCx;
use jiff::civil::Date;
use kernel::rust_decimal::Decimal;
use ui::cx::ViewCx;

/// The last value of a name in the query; empty when absent.
pub(crate) fn asked<'a>(page: &'a PageCx, name: &str) -> &'a str {
    page.query.iter().rev().find(|(k, _)| k == name).map_or("", |(_, v)| v.as_str())
}

/// For drawing only.
#[allow(clippy::cast_precision_loss)]
pub(crate) fn float(n: i64) -> f64 {
    n as f64
}

/// `part` of `whole` in percent points with one digit; none when there is no whole.
pub(crate) fn percent_of(part: i64, whole: i64) -> Option<Decimal> {
    (whole != 0).then(|| (Decimal::from(part) * Decimal::ONE_HUNDRED / Decimal::from(whole)).round_dp(1))
}

/// The list of `object` for which `filter` holds.
pub(crate) fn list(cx: &ViewCx<'_>, object: &str, filter: &str) -> String {
    cx.with_query(&cx.list_url(object), &[("filter", filter)])
}

/// `field >= date("…") && field < date("…")`
pub(crate) fn between(field: &str, from: Date, to: Date) -> String {
    format!("{field} >= date(\"{from}\") && {field} < date(\"{to}\")")
}

/// Orders that count, of a span of days.
pub(crate) fn orders(kind: Option<&str>, from: Date, to: Date) -> String {
    let kind = kind.map(|k| format!(" && kind == \"{k}\"")).unwrap_or_default();
    format!("{} && status in [\"placed\", \"shipped\", \"done\"]{kind}", between("ordered_at", from, to))
}

/// Below a column: the month's name; with the year at the first one and at each new year, or always where months of several years stand.
pub(crate) fn month_labels(cx: &ViewCx<'_>, months: &[Month]) -> Vec<String> {
    let mut year = None;
    months
        .iter()
        .map(|m| {
            let this = match cx.locale.calendar {
                text::Calendar::Gregorian => i32::from(m.from.year()),
                text::Calendar::Hijri => text::calendar::to_hijri(m.from).year,
            };
            let name = text::calendar::month_name(m.from, cx.locale);
            let known = year.replace(this) == Some(this);
            if known && months.len() <= 12 { name.to_owned() } else { format!("{name} {}", cx.digits(&this.to_string())) }
        })
        .collect()
}
