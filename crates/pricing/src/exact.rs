//! Products and quotients of decimals as whole minor units. Nothing is rounded before the last step.

use rust_decimal::Decimal;

/// `a × b` in minor units of a currency with `exponent` decimals, half away from zero.
pub(crate) fn product(a: Decimal, b: Decimal, exponent: u8) -> Option<i64> {
    let (a, b) = (a.normalize(), b.normalize());
    let number = a.mantissa().checked_mul(b.mantissa())?;
    scaled(number, a.scale() + b.scale(), exponent)
}

/// `number × 10^-scale` in minor units.
fn scaled(number: i128, scale: u32, exponent: u8) -> Option<i64> {
    let exponent = u32::from(exponent);
    let whole = if scale > exponent {
        text::money::round_div(number, 10_i128.checked_pow(scale - exponent)?)
    } else {
        number.checked_mul(10_i128.checked_pow(exponent - scale)?)?
    };
    i64::try_from(whole).ok()
}

/// `points` percent of `amount`, rounded.
pub(crate) fn percent(amount: i64, points: Decimal) -> Option<i64> {
    let (num, den) = ratio(points)?;
    i64::try_from(text::money::round_div(i128::from(amount).checked_mul(num)?, den)).ok()
}

/// `points` percent as a fraction: 15 → 15/100, 2.5 → 25/1000.
pub(crate) fn ratio(points: Decimal) -> Option<(i128, i128)> {
    let points = points.normalize();
    Some((points.mantissa(), 10_i128.checked_pow(points.scale())?.checked_mul(100)?))
}

/// `part` of `whole` in percent points with two decimals, rounded; zero where there is no whole.
pub(crate) fn share(part: i64, whole: i64) -> Decimal {
    if whole == 0 {
        return Decimal::ZERO;
    }
    let points = text::money::round_div(i128::from(part) * 10_000, i128::from(whole));
    i64::try_from(points).map_or(Decimal::ONE_HUNDRED, |points| Decimal::new(points, 2))
}
