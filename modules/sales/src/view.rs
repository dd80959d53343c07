//! How figures are written for the reader, and the addresses of the records behind them.

pub use base::view::view;
use kernel::Expr;
use kernel::rust_decimal::Decimal;
use ui::cx::ViewCx;

/// For drawing only.
#[allow(clippy::cast_precision_loss)]
pub fn float(n: i64) -> f64 {
    n as f64
}

/// `part` of `whole` in percent points with one digit; none when there is no whole.
pub fn percent_of(part: i64, whole: i64) -> Option<Decimal> {
    (whole != 0).then(|| (Decimal::from(part) * Decimal::ONE_HUNDRED / Decimal::from(whole)).round_dp(1))
}

/// The list of `object` for which `filter` holds.
pub fn list(cx: &ViewCx<'_>, object: &str, filter: &Expr) -> String {
    cx.with_query(&cx.list_url(object), &[("filter", &filter.to_string())])
}
