//! iCalendar and vCard as text, moments in zones, and recurrence in the Gregorian and the Umm al-Qura calendar.
//!
//! - [`content`]: content lines and components (RFC 5545 §3.1, RFC 6350 §3.2), read within limits and written folded;
//! - [`moment`]: dates and times of properties, and the zones other programs name in their own ways;
//! - [`rule`]: recurrence rules (RFC 5545 §3.3.10, RSCALE and SKIP of RFC 7529); [`expand`]: the days they fall on;
//! - [`card`]: the parts of a vCard that an address book shows.
//!
//! Pure: no clock, no IO. Whatever comes from outside is bounded: size, lines, depth, and the number of occurrences.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

pub mod card;
pub mod content;
pub mod expand;
pub mod moment;
pub mod rule;

pub use content::{Component, Prop};
pub use expand::Series;
pub use moment::Moment;
pub use rule::{Freq, Rule, Scale};

/// Why a text was refused. `key` names the sentence that says so, `detail` what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub key: &'static str,
    pub detail: String,
}

impl Refused {
    pub fn new(key: &'static str, detail: impl Into<String>) -> Self {
        Refused { key, detail: detail.into() }
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.key, self.detail)
    }
}

impl std::error::Error for Refused {}
