//! What a basket costs: one calculation for the page, the list, the API and the paper.
//!
//! Everything is exact. A line is rounded to the currency once; the discount of the document is spread over the lines by
//! largest remainder; tax is taken per group of category and rate (EN 16931, ZATCA), not line by line. Prices that
//! include tax keep their promise: the buyer pays what the lines showed him, and what cannot be said as net plus tax is
//! an amount of its own, the rounding. docs/adr/0033.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

mod basket;
mod exact;
mod price;

pub use basket::{Basket, Discount, Line, Tax};
pub use price::{Error, Group, Priced, PricedLine, Step, Totals, price};

#[cfg(test)]
mod tests;
