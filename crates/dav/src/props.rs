//! What a place says of itself.

use crate::place::Place;
use crate::xml::{A, C, D, I, Name, S, escape};
use crate::{Ask, sync};
use engine::dav::{Collection, Item, Shelf, Source};
use kernel::{Fault, Outcome};

/// The largest object that is taken, as programs are told.
const LARGEST: usize = ical::content::MAX_BYTES;

/// A place with what its properties need.
pub enum Resource {
    Root,
    Principal,
    Home,
    Collection(Shelf, Collection, i64),
    Member(Shelf, Item, Option<String>),
}

/// # Errors
/// Not found: no module brings such collections.
pub fn source(ask: &Ask, shelf: Shelf) -> Outcome<Source> {
    ask.company.dav(shelf).ok_or_else(Fault::not_found)
}

/// A collection of the asker.
///
/// # Errors
/// Not found.
pub async fn collection(ask: &Ask, shelf: Shelf, key: &str) -> Outcome<Collection> {
    let source = source(ask, shelf)?;
    let all = (source.collections)(&ask.company, &ask.actor).await?;
    all.into_iter().find(|c| c.key == key).ok_or_else(Fault::not_found)
}

/// What an `allprop` lists.
pub fn usual() -> Vec<Name> {
    [(D, "resourcetype"), (D, "displayname"), (D, "getetag"), (D, "getcontenttype"), (D, "current-user-principal"), (D, "sync-token"), (S, "getctag"), (C, "supported-calendar-component-set")]
        .map(|(ns, n)| (ns.to_owned(), n.to_owned()))
        .to_vec()
}

/// Whether a property makes the text of a member necessary.
pub fn needs_text((ns, name): &Name) -> bool {
    (ns == C && name == "calendar-data") || (ns == A && name == "address-data") || (ns == D && name == "getcontentlength")
}

pub fn needs_state((ns, name): &Name) -> bool {
    (ns == D && name == "sync-token") || (ns == S && name == "getctag")
}

fn href(place: &Place) -> String {
    format!("<D:href>{}</D:href>", escape(&place.href()))
}

fn media(shelf: Shelf) -> &'static str {
    if shelf == Shelf::Calendars { "text/calendar; charset=utf-8" } else { "text/vcard; charset=utf-8" }
}

/// The content of a property, as XML; none where the place has no such property.
pub fn value(ask: &Ask, resource: &Resource, (ns, name): &Name) -> Option<String> {
    let me = ask.actor.id;
    let lang = ask.actor.lang();
    Some(match (ns.as_str(), name.as_str(), resource) {
        (D, "current-user-principal" | "principal-URL" | "owner", _) => href(&Place::Principal(me)),
        (D, "principal-collection-set", _) => href(&Place::Principals),
        (D, "resourcetype", r) => match r {
            Resource::Root | Resource::Home => "<D:collection/>".into(),
            Resource::Principal => "<D:collection/><D:principal/>".into(),
            Resource::Collection(Shelf::Calendars, ..) => "<D:collection/><C:calendar/>".into(),
            Resource::Collection(Shelf::Cards, ..) => "<D:collection/><A:addressbook/>".into(),
            Resource::Member(..) => String::new(),
        },
        (D, "displayname", Resource::Principal | Resource::Home) => escape(ask.actor.name.get(lang)),
        (D, "displayname", Resource::Collection(_, c, _)) => escape(c.name.get(lang)),
        (C, "calendar-home-set", Resource::Root | Resource::Principal) if ask.company.dav(Shelf::Calendars).is_some() => href(&Place::Home(Shelf::Calendars, me)),
        (A, "addressbook-home-set", Resource::Root | Resource::Principal) if ask.company.dav(Shelf::Cards).is_some() => href(&Place::Home(Shelf::Cards, me)),
        (C, "calendar-user-address-set", Resource::Principal) => format!("<D:href>mailto:{}</D:href>{}", escape(&ask.actor.email), href(&Place::Principal(me))),
        (C, "calendar-user-type", Resource::Principal) => "INDIVIDUAL".into(),
        (D, "current-user-privilege-set", r) => {
            let write = matches!(r, Resource::Collection(_, c, _) if c.writable) || matches!(r, Resource::Member(..));
            let mut all = vec!["read", "read-current-user-privilege-set"];
            if write {
                all.extend(["write", "write-content", "bind", "unbind"]);
            }
            let mut out: String = all.iter().map(|p| format!("<D:privilege><D:{p}/></D:privilege>")).collect();
            if matches!(r, Resource::Collection(Shelf::Calendars, ..)) {
                out.push_str("<D:privilege><C:read-free-busy/></D:privilege>");
            }
            out
        }
        (D, "supported-report-set", Resource::Collection(shelf, ..)) => {
            let of_shelf: &[&str] = if *shelf == Shelf::Calendars { &["C:calendar-query", "C:calendar-multiget", "C:free-busy-query"] } else { &["A:addressbook-query", "A:addressbook-multiget"] };
            of_shelf.iter().chain(&["D:sync-collection"]).map(|r| format!("<D:supported-report><D:report><{r}/></D:report></D:supported-report>")).collect()
        }
        (D, "sync-token", Resource::Collection(_, _, seq)) => escape(&sync::token(*seq)),
        (S, "getctag", Resource::Collection(_, _, seq)) => format!("\"{seq}\""),
        (C, "supported-calendar-component-set", Resource::Collection(Shelf::Calendars, c, _)) => c.components.iter().map(|n| format!("<C:comp name=\"{n}\"/>")).collect(),
        (C, "supported-calendar-data", Resource::Collection(Shelf::Calendars, ..)) => "<C:calendar-data content-type=\"text/calendar\" version=\"2.0\"/>".into(),
        (A, "supported-address-data", Resource::Collection(Shelf::Cards, ..)) => "<A:address-data-type content-type=\"text/vcard\" version=\"3.0\"/>".into(),
        (C | A, "max-resource-size", Resource::Collection(..)) => LARGEST.to_string(),
        (I, "calendar-color", Resource::Collection(Shelf::Calendars, c, _)) => format!("{}FF", c.colour),
        (D, "getetag", Resource::Member(_, item, _)) => format!("\"{}\"", escape(&item.etag)),
        (D, "getcontenttype", Resource::Member(shelf, ..)) => media(*shelf).into(),
        (D, "getcontentlength", Resource::Member(_, _, Some(text))) => text.len().to_string(),
        (C, "calendar-data", Resource::Member(Shelf::Calendars, _, Some(text))) | (A, "address-data", Resource::Member(Shelf::Cards, _, Some(text))) => escape(text),
        _ => return None,
    })
}

/// Which of the properties a place has, and which not.
pub fn split(ask: &Ask, resource: &Resource, names: &[Name]) -> (Vec<(Name, String)>, Vec<Name>) {
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for name in names {
        match value(ask, resource, name) {
            Some(v) => found.push((name.clone(), v)),
            None => missing.push(name.clone()),
        }
    }
    (found, missing)
}
