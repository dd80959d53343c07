//! `REPORT`: queries by time or words, several members by address, what changed, when somebody is busy.

use crate::place::Place;
use crate::props::{Resource, needs_text, source, split};
use crate::xml::{A, C, D, Many, Name, child, is, names, parse};
use crate::{Answer, Ask, Refusal, sync};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use engine::dav::{Item, Shelf, Source};
use ical::content::{Component, Prop};
use ical::{Moment, moment};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use kernel::{Fault, FaultKind};
use roxmltree::Node;
use std::collections::BTreeMap;

/// Addresses of one `multiget`.
const MOST: usize = 2_000;
/// The longest time somebody's freedom is asked for.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 400);

pub async fn report(ask: &Ask, place: &Place, body: &[u8]) -> Answer {
    let doc = parse(body)?;
    let root = doc.root_element();
    let (ns, name) = (root.tag_name().namespace().unwrap_or_default(), root.tag_name().name());
    let unknown = || Refusal::new(StatusCode::FORBIDDEN, "D:supported-report");
    let Place::Collection(shelf, _, key) = place else {
        // Programs look for people to invite: there are none but oneself.
        if ns == D && matches!(name, "principal-search-property-set" | "principal-property-search" | "expand-property") {
            return Ok(Many::new().answer());
        }
        return Err(unknown());
    };
    let source = source(ask, *shelf)?;
    let wanted = child(root, D, "prop").map(names).unwrap_or_default();
    let plan = Plan { ask, source, shelf: *shelf, key, wanted };
    match (ns, name, shelf) {
        (C, "calendar-query", Shelf::Calendars) => plan.calendar_query(root).await,
        (C, "calendar-multiget", Shelf::Calendars) | (A, "addressbook-multiget", Shelf::Cards) => plan.multiget(root).await,
        (A, "addressbook-query", Shelf::Cards) => plan.card_query(root).await,
        (C, "free-busy-query", Shelf::Calendars) => plan.busy(root).await,
        (D, "sync-collection", _) => plan.sync(root).await,
        _ => Err(unknown()),
    }
}

/// What every report needs.
struct Plan<'a> {
    ask: &'a Ask,
    source: Source,
    shelf: Shelf,
    key: &'a str,
    wanted: Vec<Name>,
}

impl Plan<'_> {
    fn href(&self, name: &str) -> String {
        Place::Member(self.shelf, self.ask.actor.id, self.key.to_owned(), name.to_owned()).href()
    }

    fn say(&self, many: &mut Many, item: Item, text: Option<String>) {
        let href = self.href(&item.name);
        let (found, missing) = split(self.ask, &Resource::Member(self.shelf, item, text), &self.wanted);
        many.props(&href, &found, &missing);
    }

    async fn texts(&self, names: &[String]) -> Result<BTreeMap<String, (Item, String)>, Fault> {
        let found = (self.source.read)(&self.ask.company, &self.ask.actor, self.key, names).await?;
        Ok(found.into_iter().map(|(i, t)| (i.name.clone(), (i, t))).collect())
    }

    /// Members with their text, where it is asked for.
    async fn all(&self, items: Vec<Item>) -> Answer {
        let mut many = Many::new();
        if self.wanted.iter().any(needs_text) {
            let names: Vec<String> = items.iter().map(|i| i.name.clone()).collect();
            for (item, text) in self.texts(&names).await?.into_values() {
                self.say(&mut many, item, Some(text));
            }
        } else {
            for item in items {
                self.say(&mut many, item, None);
            }
        }
        Ok(many.answer())
    }

    async fn multiget(&self, root: Node<'_, '_>) -> Answer {
        let hrefs: Vec<String> = root.children().filter(|n| is(n, D, "href")).filter_map(|n| n.text()).map(|t| t.trim().to_owned()).collect();
        if hrefs.len() > MOST {
            return Err(Refusal::new(StatusCode::FORBIDDEN, "D:number-of-matches-within-limits"));
        }
        let named = |href: &str| {
            let path = href.split_once("://").and_then(|(_, rest)| rest.find('/').and_then(|at| rest.get(at..))).unwrap_or(href);
            match Place::of(path) {
                Some(Place::Member(shelf, user, key, name)) if shelf == self.shelf && user == self.ask.actor.id && key == self.key => Some(name),
                _ => None,
            }
        };
        let names: Vec<String> = hrefs.iter().filter_map(|h| named(h)).collect();
        let mut found = self.texts(&names).await?;
        let mut many = Many::new();
        for href in &hrefs {
            match named(href).and_then(|n| found.remove(&n)) {
                Some((item, text)) => self.say(&mut many, item, Some(text)),
                None => many.gone(href),
            }
        }
        Ok(many.answer())
    }

    async fn calendar_query(&self, root: Node<'_, '_>) -> Answer {
        let filter = child(root, C, "filter").ok_or_else(|| Refusal::new(StatusCode::FORBIDDEN, "C:valid-filter"))?;
        let inner = child(filter, C, "comp-filter").and_then(|calendar| child(calendar, C, "comp-filter"));
        let (company, actor) = (&self.ask.company, &self.ask.actor);
        let Some(inner) = inner else {
            let all = (self.source.items)(company, actor, self.key).await?;
            return self.all(all).await;
        };
        let component = inner.attribute("name").unwrap_or_default();
        let known = crate::props::collection(self.ask, self.shelf, self.key).await?;
        if !known.components.contains(&component) || child(inner, C, "is-not-defined").is_some() {
            return Ok(Many::new().answer());
        }
        let mut items = match child(inner, C, "time-range") {
            Some(range) => {
                let (from, to) = span(range)?;
                (self.source.within)(company, actor, self.key, from, to).await?
            }
            None => (self.source.items)(company, actor, self.key).await?,
        };
        let conditions: Vec<Node<'_, '_>> = inner.children().filter(|n| is(n, C, "prop-filter")).collect();
        if !conditions.is_empty() {
            let names: Vec<String> = items.iter().map(|i| i.name.clone()).collect();
            let texts = self.texts(&names).await?;
            items.retain(|i| {
                let read = texts.get(&i.name).and_then(|(_, t)| ical::content::parse(t).ok()).and_then(|l| l.into_iter().next());
                read.is_some_and(|c| c.parts(component).any(|e| conditions.iter().all(|f| fits(*f, C, e))))
            });
        }
        self.all(items).await
    }

    async fn card_query(&self, root: Node<'_, '_>) -> Answer {
        let items = (self.source.items)(&self.ask.company, &self.ask.actor, self.key).await?;
        let filter = child(root, A, "filter");
        let conditions: Vec<Node<'_, '_>> = filter.iter().flat_map(|f| f.children()).filter(|n| is(n, A, "prop-filter")).collect();
        if conditions.is_empty() {
            return self.all(items).await;
        }
        let every = filter.and_then(|f| f.attribute("test")) == Some("allof");
        let names: Vec<String> = items.iter().map(|i| i.name.clone()).collect();
        let texts = self.texts(&names).await?;
        let kept = items.into_iter().filter(|i| {
            let read = texts.get(&i.name).and_then(|(_, t)| ical::content::parse(t).ok()).and_then(|l| l.into_iter().next());
            let holds = |c: &Component| if every { conditions.iter().all(|f| fits(*f, A, c)) } else { conditions.iter().any(|f| fits(*f, A, c)) };
            read.is_some_and(|c| holds(&c))
        });
        self.all(kept.collect()).await
    }

    async fn sync(&self, root: Node<'_, '_>) -> Answer {
        let token = child(root, D, "sync-token").and_then(|n| n.text()).unwrap_or_default().trim().to_owned();
        let stale = || Refusal::new(StatusCode::FORBIDDEN, "D:valid-sync-token");
        let since = if token.is_empty() { None } else { Some(sync::seq(&token).ok_or_else(stale)?) };
        let state = sync::since(self.ask, &self.source, self.key, since).await?.ok_or_else(stale)?;
        let mut many = Many::new();
        let there: Vec<String> = state.changed.iter().filter(|(_, i)| i.is_some()).map(|(n, _)| n.clone()).collect();
        let mut texts = if self.wanted.iter().any(needs_text) { self.texts(&there).await? } else { BTreeMap::new() };
        for (name, item) in state.changed {
            match item {
                Some(item) => {
                    let text = texts.remove(&name).map(|(_, t)| t);
                    self.say(&mut many, item, text);
                }
                None => many.gone(&self.href(&name)),
            }
        }
        many.token(&sync::token(state.seq));
        Ok(many.answer())
    }

    async fn busy(&self, root: Node<'_, '_>) -> Answer {
        let range = child(root, C, "time-range").ok_or_else(|| Refusal::new(StatusCode::BAD_REQUEST, "C:valid-filter"))?;
        let (from, to) = span(range)?;
        if to.duration_since(from) > LONGEST {
            return Err(Refusal::new(StatusCode::FORBIDDEN, "D:number-of-matches-within-limits"));
        }
        let busy = self.source.busy.ok_or_else(Fault::not_found)?;
        let mut part = Component::new("VFREEBUSY").with(Prop::raw("DTSTAMP", moment::utc(self.ask.company.now()))).with(Prop::raw("DTSTART", moment::utc(from))).with(Prop::raw("DTEND", moment::utc(to)));
        for b in busy(&self.ask.company, &self.ask.actor, self.key, from, to).await? {
            let kind = if b.tentative { "BUSY-TENTATIVE" } else { "BUSY" };
            part.push(Prop::raw("FREEBUSY", format!("{}/{}", moment::utc(b.start), moment::utc(b.end))).with("FBTYPE", kind));
        }
        let mut all = Component::new("VCALENDAR").with(Prop::raw("VERSION", "2.0")).with(Prop::raw("PRODID", "-//Sila//CRM//EN"));
        all.parts.push(part);
        Ok((StatusCode::OK, [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], all.write()).into_response())
    }
}

/// Begin and end of a `time-range`; what is open reaches far.
fn span(range: Node<'_, '_>) -> Result<(Timestamp, Timestamp), Refusal> {
    let bad = || Refusal { status: StatusCode::BAD_REQUEST, condition: "C:valid-filter", fault: Fault::new(FaultKind::BadRequest) };
    let at = |name: &str, open: &str| {
        let text = range.attribute(name).unwrap_or(open);
        Moment::parse(text, None, &Component::default()).map(|m| m.instant(&TimeZone::UTC)).map_err(|_| bad())
    };
    let (from, to) = (at("start", "19000101T000000Z")?, at("end", "22000101T000000Z")?);
    if from < to { Ok((from, to)) } else { Err(bad()) }
}

/// Whether a component has a property as a `prop-filter` wants it.
fn fits(filter: Node<'_, '_>, ns: &str, component: &Component) -> bool {
    let name = filter.attribute("name").unwrap_or_default().to_ascii_uppercase();
    let props: Vec<&Prop> = component.all(&name).collect();
    if child(filter, ns, "is-not-defined").is_some() {
        return props.is_empty();
    }
    let matches: Vec<Node<'_, '_>> = filter.children().filter(|n| is(n, ns, "text-match")).collect();
    if matches.is_empty() {
        return !props.is_empty();
    }
    let holds = |m: &Node<'_, '_>| {
        // Words are compared as the search of the product compares them: without marks and in one form.
        let fold = |t: &str| text::fold::fold(t);
        let want = fold(m.text().unwrap_or_default());
        let found = props.iter().any(|p| {
            let have = fold(&p.unescaped());
            match m.attribute("match-type").unwrap_or("contains") {
                "equals" => have == want,
                "starts-with" => have.starts_with(&want),
                "ends-with" => have.ends_with(&want),
                _ => have.contains(&want),
            }
        });
        found != (m.attribute("negate-condition") == Some("yes"))
    };
    if filter.attribute("test") == Some("allof") { matches.iter().all(holds) } else { matches.iter().any(holds) }
}
