//! What calendar and address book programs keep in step with: collections of objects as iCalendar or vCard text.
//! Modules bring them; the layer that speaks WebDAV knows no module.

use crate::{Actor, Company, Cx};
use futures::future::BoxFuture;
use kernel::{Name, Outcome};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// iCalendar, by CalDAV.
    Calendars,
    /// vCard, by CardDAV.
    Cards,
}

/// A calendar or an address book of a person.
#[derive(Clone, Debug)]
pub struct Collection {
    /// In the address: `mine`, `team-…`.
    pub key: String,
    pub name: Name,
    /// `VEVENT`, `VTODO`; empty for address books.
    pub components: Vec<&'static str>,
    pub writable: bool,
    /// `#RRGGBB`
    pub colour: &'static str,
}

/// A member of a collection.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    /// Last part of its address, as the program that made it chose: `….ics`.
    pub name: String,
    /// Changes with each change of the text; without quotation marks.
    pub etag: String,
}

/// What a program wants stored.
#[derive(Clone, Debug)]
pub struct Put<'a> {
    pub collection: &'a str,
    pub name: &'a str,
    pub text: &'a str,
    /// Only over this version …
    pub matches: Option<&'a str>,
    /// … or only if there is none yet.
    pub absent: bool,
}

/// A span in which somebody is not free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Busy {
    pub start: jiff::Timestamp,
    pub end: jiff::Timestamp,
    pub tentative: bool,
}

type Call<'a, T> = BoxFuture<'a, Outcome<T>>;

/// What a module brings. Everything is read and written under the actor's rule; a collection or item that is not his
/// answers like one that does not exist.
#[derive(Clone, Copy)]
pub struct Source {
    pub shelf: Shelf,
    /// The objects a program signed in for this may reach.
    pub objects: &'static [&'static str],
    pub collections: for<'a> fn(&'a Company, &'a Actor) -> Call<'a, Vec<Collection>>,
    /// All members.
    pub items: for<'a> fn(&'a Company, &'a Actor, &'a str) -> Call<'a, Vec<Item>>,
    /// Members by name with their text; those that are not there are left out.
    pub read: for<'a> fn(&'a Company, &'a Actor, &'a str, &'a [String]) -> Call<'a, Vec<(Item, String)>>,
    /// Members that touch a span.
    pub within: for<'a> fn(&'a Company, &'a Actor, &'a str, jiff::Timestamp, jiff::Timestamp) -> Call<'a, Vec<Item>>,
    pub put: for<'a> fn(&'a mut Cx, Put<'a>) -> Call<'a, Item>,
    /// Collection, name, and the version it must have.
    pub delete: for<'a> fn(&'a mut Cx, &'a str, &'a str, Option<&'a str>) -> Call<'a, ()>,
    pub busy: Option<for<'a> fn(&'a Company, &'a Actor, &'a str, jiff::Timestamp, jiff::Timestamp) -> Call<'a, Vec<Busy>>>,
}

impl Company {
    pub fn dav(&self, shelf: Shelf) -> Option<Source> {
        self.modules().iter().flat_map(|m| &m.dav).find(|s| s.shelf == shelf).copied()
    }
}
