//! The calculation.

use crate::basket::{Basket, Discount, Line, Tax};
use crate::exact::{percent, product, ratio, share};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use thiserror::Error;

/// Why a basket has no price. Lines are counted from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Error {
    #[error("a quantity, price, rate or discount below zero in line {0}")]
    Negative(usize),
    #[error("the discount of line {0} is more than the line")]
    LineDiscount(usize),
    #[error("the discount is more than all lines")]
    Discount,
    #[error("an amount that has no place in 64 bits")]
    TooLarge,
}

/// A priced basket. All amounts are minor units of the currency.
#[derive(Clone, Debug, PartialEq)]
pub struct Priced {
    /// As many as the basket has, in its order.
    pub lines: Vec<PricedLine>,
    /// By category and rate, in that order.
    pub groups: Vec<Group>,
    pub totals: Totals,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct PricedLine {
    /// Quantity × unit price, rounded.
    pub list: i64,
    /// The line's own discount.
    pub discount: i64,
    /// Its part of the document's discount.
    pub share: i64,
    /// What is left, as the price was said: with tax where prices include it.
    pub shown: i64,
    pub net: i64,
    pub tax: i64,
    /// `net + tax`, always.
    pub gross: i64,
    /// Quantity × cost.
    pub cost: Option<i64>,
    /// How far the line is below the price list, in percent points with two decimals.
    pub discount_percent: Decimal,
    /// Why this price.
    pub trace: Vec<Step>,
}

/// A step on the way to a line's price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Step {
    /// `quantity`, `line_discount`, `discount`, `tax_out`, `tax`.
    pub rule: &'static str,
    pub before: i64,
    pub after: i64,
}

/// The tax of one category and rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub tax: Tax,
    /// Σ net of its lines.
    pub base: i64,
    /// `base × rate`, rounded once.
    pub amount: i64,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Totals {
    /// Σ `list`.
    pub list: i64,
    /// Σ of the lines' own discounts.
    pub line_discounts: i64,
    /// The document's discount.
    pub discount: i64,
    /// Σ base of the groups = Σ net of the lines.
    pub net: i64,
    /// Σ amount of the groups.
    pub tax: i64,
    /// What cannot be said as net plus tax where prices include it: at most one minor unit per group.
    pub rounding: i64,
    /// `net + tax + rounding`: what is to be paid.
    pub payable: i64,
    /// Σ cost; none where the cost of a counted line is not known.
    pub cost: Option<i64>,
    /// The largest of all lines, counted or not.
    pub discount_percent: Decimal,
}

impl Totals {
    /// What the seller keeps.
    pub fn margin(&self) -> Option<i64> {
        self.cost.and_then(|cost| self.net.checked_sub(cost))
    }
    /// The margin in percent points of the net amount.
    pub fn margin_percent(&self) -> Option<Decimal> {
        self.margin().filter(|_| self.net != 0).map(|margin| share(margin, self.net))
    }
}

/// Prices a basket.
///
/// # Errors
/// [`Error`]: nothing is priced where one line cannot be.
pub fn price(basket: &Basket) -> Result<Priced, Error> {
    let mut lines = basket.lines.iter().enumerate().map(|(i, l)| own(i, l, basket.exponent)).collect::<Result<Vec<_>, _>>()?;
    let discount = spread(basket, &mut lines)?;
    let mut groups = Vec::new();
    let mut rounding = 0_i64;
    for (tax, members) in grouped(basket) {
        let counted: Vec<usize> = members.iter().copied().filter(|i| basket.lines.get(*i).is_some_and(|l| l.counted)).collect();
        let (base, amount, rest) = taxed(basket.inclusive, &tax, &counted, &mut lines)?;
        rounding = rounding.checked_add(rest).ok_or(Error::TooLarge)?;
        if !counted.is_empty() {
            groups.push(Group { tax: tax.clone(), base, amount });
        }
        // What was not chosen is priced for itself, so that its price can be shown.
        for i in members.iter().filter(|i| !counted.contains(i)) {
            taxed(basket.inclusive, &tax, &[*i], &mut lines)?;
        }
    }
    for (line, asked) in lines.iter_mut().zip(&basket.lines) {
        finish(line, asked, basket)?;
    }
    let totals = totals(basket, &lines, &groups, discount, rounding)?;
    Ok(Priced { lines, groups, totals })
}

/// A line with its own discount.
fn own(i: usize, line: &Line, exponent: u8) -> Result<PricedLine, Error> {
    let below = [line.quantity, line.price, line.tax.rate].iter().any(|d| *d < Decimal::ZERO);
    if below || line.cost.is_some_and(|c| c < Decimal::ZERO) || line.listed.is_some_and(|l| l < Decimal::ZERO) {
        return Err(Error::Negative(i));
    }
    let list = product(line.quantity, line.price, exponent).ok_or(Error::TooLarge)?;
    let discount = match line.discount {
        Discount::None => 0,
        Discount::Percent(p) if p < Decimal::ZERO => return Err(Error::Negative(i)),
        Discount::Percent(p) => percent(list, p).ok_or(Error::TooLarge)?,
        Discount::Amount(a) if a < 0 => return Err(Error::Negative(i)),
        Discount::Amount(a) => a,
    };
    if discount > list {
        return Err(Error::LineDiscount(i));
    }
    let cost = match line.cost {
        Some(cost) => Some(product(line.quantity, cost, exponent).ok_or(Error::TooLarge)?),
        None => None,
    };
    Ok(PricedLine { list, discount, shown: list - discount, cost, ..PricedLine::default() })
}

/// The document's discount over the counted lines; how much it is. Lines that were not chosen show what a percentage
/// would take off them.
fn spread(basket: &Basket, lines: &mut [PricedLine]) -> Result<i64, Error> {
    let counted: Vec<usize> = basket.lines.iter().enumerate().filter(|(_, l)| l.counted).map(|(i, _)| i).collect();
    let weights: Vec<i64> = counted.iter().filter_map(|i| lines.get(*i)).map(|l| l.shown).collect();
    let sum = sum(weights.iter().copied())?;
    let total = match basket.discount {
        Discount::None => return Ok(0),
        Discount::Percent(p) if !(Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&p) => return Err(Error::Discount),
        Discount::Percent(p) => percent(sum, p).ok_or(Error::TooLarge)?,
        Discount::Amount(a) => a,
    };
    if total < 0 || total > sum {
        return Err(Error::Discount);
    }
    for (i, part) in counted.iter().zip(text::money::allocate(total, &weights)) {
        if let Some(line) = lines.get_mut(*i) {
            line.share = part;
            line.shown -= part;
        }
    }
    if let Discount::Percent(p) = basket.discount {
        for (line, _) in lines.iter_mut().zip(&basket.lines).filter(|(_, asked)| !asked.counted) {
            line.share = percent(line.shown, p).ok_or(Error::TooLarge)?;
            line.shown -= line.share;
        }
    }
    Ok(total)
}

/// Lines by category and rate; 15 and 15.0 are one rate.
fn grouped(basket: &Basket) -> BTreeMap<Tax, Vec<usize>> {
    let mut groups: BTreeMap<Tax, Vec<usize>> = BTreeMap::new();
    for (i, line) in basket.lines.iter().enumerate() {
        let tax = Tax { rate: line.tax.rate.normalize(), ..line.tax.clone() };
        groups.entry(tax).or_default().push(i);
    }
    groups
}

/// Net, tax and rest of a group; the lines get their nets.
fn taxed(inclusive: bool, tax: &Tax, members: &[usize], lines: &mut [PricedLine]) -> Result<(i64, i64, i64), Error> {
    let shown: Vec<i64> = members.iter().filter_map(|i| lines.get(*i)).map(|l| l.shown).collect();
    let total = sum(shown.iter().copied())?;
    let (base, nets) = if inclusive {
        let base = net_of(total, tax.rate)?;
        (base, text::money::allocate(base, &shown))
    } else {
        (total, shown)
    };
    let amount = percent(base, tax.rate).ok_or(Error::TooLarge)?;
    for (i, net) in members.iter().zip(nets) {
        if let Some(line) = lines.get_mut(*i) {
            line.net = net;
        }
    }
    let rest = if inclusive { total - base - amount } else { 0 };
    Ok((base, amount, rest))
}

/// The net amount that with its tax comes nearest to what was shown: of the rounded quotient and its neighbours the one
/// with the smallest rest, the quotient itself where several are as near.
fn net_of(shown: i64, rate: Decimal) -> Result<i64, Error> {
    let (num, den) = ratio(rate).ok_or(Error::TooLarge)?;
    let whole = i128::from(shown).checked_mul(den).ok_or(Error::TooLarge)?;
    let quotient = i64::try_from(text::money::round_div(whole, den + num)).map_err(|_| Error::TooLarge)?;
    let mut best = (i64::MAX, quotient);
    for net in [quotient, quotient - 1, quotient + 1] {
        let off = (net + percent(net, rate).ok_or(Error::TooLarge)? - shown).abs();
        if net >= 0 && off < best.0 {
            best = (off, net);
        }
    }
    Ok(best.1)
}

/// Tax and gross of a line, how far it is below the list, and how it came to be.
fn finish(line: &mut PricedLine, asked: &Line, basket: &Basket) -> Result<(), Error> {
    line.tax = percent(line.net, asked.tax.rate).ok_or(Error::TooLarge)?;
    line.gross = line.net.checked_add(line.tax).ok_or(Error::TooLarge)?;
    let listed = match asked.listed.filter(|l| *l > asked.price) {
        Some(listed) => product(asked.quantity, listed, basket.exponent).ok_or(Error::TooLarge)?,
        None => line.list,
    };
    line.discount_percent = share(listed - line.shown, listed);
    let mut trace = vec![Step { rule: "quantity", before: listed, after: line.list }];
    let mut then = |rule, before: i64, after: i64| {
        if before != after {
            trace.push(Step { rule, before, after });
        }
    };
    then("line_discount", line.list, line.list - line.discount);
    then("discount", line.list - line.discount, line.shown);
    then("tax_out", line.shown, line.net);
    then("tax", line.net, line.gross);
    line.trace = trace;
    Ok(())
}

fn totals(basket: &Basket, lines: &[PricedLine], groups: &[Group], discount: i64, rounding: i64) -> Result<Totals, Error> {
    let counted = || lines.iter().zip(&basket.lines).filter(|(_, asked)| asked.counted).map(|(l, _)| l);
    let net = sum(groups.iter().map(|g| g.base))?;
    let tax = sum(groups.iter().map(|g| g.amount))?;
    let cost = match counted().map(|l| l.cost).collect::<Option<Vec<i64>>>() {
        Some(costs) => Some(sum(costs.into_iter())?),
        None => None,
    };
    Ok(Totals {
        list: sum(counted().map(|l| l.list))?,
        line_discounts: sum(counted().map(|l| l.discount))?,
        discount,
        net,
        tax,
        rounding,
        payable: sum([net, tax, rounding].into_iter())?,
        cost,
        discount_percent: lines.iter().map(|l| l.discount_percent).max().unwrap_or_default(),
    })
}

fn sum(mut parts: impl Iterator<Item = i64>) -> Result<i64, Error> {
    parts.try_fold(0_i64, i64::checked_add).ok_or(Error::TooLarge)
}
