//! What is asked: lines, discounts, rates.

use rust_decimal::Decimal;

/// A document to be priced.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Basket {
    /// Decimal places of the currency: 0, 2 or 3.
    pub exponent: u8,
    /// Unit prices and amounts of discounts contain the tax.
    pub inclusive: bool,
    pub lines: Vec<Line>,
    /// Taken off all counted lines together, after their own discounts.
    pub discount: Discount,
}

/// One line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    pub quantity: Decimal,
    /// For one unit, in whole units of the currency; may have more decimals than the currency.
    pub price: Decimal,
    /// What one unit costs by the price list: a price below it is a discount too.
    pub listed: Option<Decimal>,
    pub discount: Discount,
    pub tax: Tax,
    /// What one unit costs the seller, in whole units of the currency, without tax.
    pub cost: Option<Decimal>,
    /// An optional line that was not chosen is priced for itself and belongs to no sum.
    pub counted: bool,
}

/// What is taken off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Discount {
    #[default]
    None,
    /// Percent points, 0 to 100.
    Percent(Decimal),
    /// Minor units of the currency.
    Amount(i64),
}

/// The tax of a line. Lines of the same category and rate are one group.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tax {
    /// `standard`, `zero`, `exempt` …; any word.
    pub category: String,
    /// Percent points: 15 is 15 %.
    pub rate: Decimal,
}
