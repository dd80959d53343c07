//! What stands on a calendar page beyond a record and its date: recurrence, people, colours, what is busy without a word.

use crate::{Actor, Company};
use futures::future::BoxFuture;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use kernel::{Outcome, Tone};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What a calendar page asks its object for.
#[derive(Clone, Debug)]
pub struct Window {
    /// The days shown, both included, in the reader's zone.
    pub first: Date,
    pub last: Date,
    pub from: Timestamp,
    pub to: Timestamp,
    /// The query string: which people, teams, resources.
    pub query: Vec<(String, String)>,
    /// What a day has room for; none: everything is shown.
    pub room: Option<usize>,
}

impl Window {
    /// When each of the days begins.
    pub fn days(&self, zone: &TimeZone) -> Vec<Timestamp> {
        let mut day = self.first;
        std::iter::from_fn(|| {
            let start = (day <= self.last).then(|| day.to_zoned(zone.clone()).map_or(self.from, |z| z.timestamp()));
            day = day.saturating_add(1.day());
            start
        })
        .collect()
    }
    /// The last value of a name in the query string; empty when absent.
    pub fn param(&self, name: &str) -> &str {
        self.query.iter().rev().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str())
    }
}

/// Something on the calendar.
#[derive(Clone, Debug)]
pub struct Entry {
    pub title: String,
    /// Empty: cannot be opened.
    pub href: String,
    pub start: Timestamp,
    /// After `start`, or equal to it for a moment.
    pub end: Timestamp,
    /// Whole days; `start` and `end` are then midnights of the reader's zone.
    pub all_day: bool,
    pub tone: Tone,
    /// Whose it is, by place in [`Sheet::people`]: gives the colour.
    pub person: Option<usize>,
    pub icon: &'static str,
    /// Crossed out: done or cancelled.
    pub over: bool,
    /// Where a changed time is sent; empty: cannot be moved.
    pub mover: String,
    /// Second line: place, who.
    pub note: String,
}

/// A person, team or resource whose entries can be shown or left out.
#[derive(Clone, Debug)]
pub struct Lane {
    /// In the address: `user=ID` …
    pub param: String,
    pub id: Uuid,
    pub name: String,
    pub on: bool,
    /// The first is the reader himself.
    pub hue: &'static str,
}

/// A day with a name: a holiday.
#[derive(Clone, Debug)]
pub struct Named {
    pub day: Date,
    pub name: String,
}

/// All that a page shows.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    pub entries: Vec<Entry>,
    pub people: Vec<Lane>,
    pub named: Vec<Named>,
    /// HTML of the module beside the page's own tools.
    pub tools: String,
    /// More than were read stand in the window.
    pub cut: bool,
    /// Days of which not all was read, because they have no room for it ([`Window::room`]).
    pub full: BTreeSet<Date>,
}

/// An entry dropped somewhere else.
#[derive(Clone, Debug)]
pub struct Moved {
    pub record: Uuid,
    /// Which of a series; none: the record itself.
    pub occurrence: Option<Timestamp>,
    pub start: Timestamp,
    pub end: Option<Timestamp>,
    pub rev: Option<i64>,
}

/// How an object fills its calendar page (`/{object}/calendar`), where a date alone does not say it.
#[derive(Clone, Copy)]
pub struct Calendar {
    pub object: &'static str,
    pub sheet: for<'a> fn(&'a Company, &'a Actor, &'a Window) -> BoxFuture<'a, Outcome<Sheet>>,
    /// Moves an entry; what the person should know of it (an overlap) comes back as a sentence, else empty.
    pub moved: for<'a> fn(&'a Company, &'a Actor, Moved) -> BoxFuture<'a, Outcome<String>>,
}

impl Company {
    pub fn calendar(&self, object: &str) -> Option<Calendar> {
        self.modules().iter().flat_map(|m| &m.calendars).find(|c| c.object == object).copied()
    }
}
