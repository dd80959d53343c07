//! The copy of a person's data in the words of a reader: what the page and the printed document have in common.

use kernel::jiff::Timestamp;
use kernel::{Field, Kind, Label, Name, Object, Registry, Value};
use serde_json::Value as Json;
use std::sync::Arc;
use ui::cx::ViewCx;

/// Everything that is told.
pub(crate) struct Told {
    /// The company that made the copy.
    pub by: String,
    pub made: Option<Timestamp>,
    pub person: Option<Entry>,
    pub parts: Vec<Part>,
}

/// All records of one kind, the latest first.
pub(crate) struct Part {
    pub label: Label,
    pub entries: Vec<Entry>,
}

/// One record.
#[derive(Default)]
pub(crate) struct Entry {
    pub title: String,
    pub facts: Vec<(Label, Shown)>,
    /// Comments, files, names in other systems, readers: a heading, and lines with what is said quietly beside them.
    pub lists: Vec<(String, Vec<(String, String)>)>,
    /// When something happened, and with what kind of record; the latest first. Only of the person.
    pub happened: Vec<(Timestamp, Label)>,
    /// How many changes are noted; only of the person.
    pub changes: Option<usize>,
}

/// A value of a field.
pub(crate) enum Shown {
    Words(String),
    Value(Kind, Value),
}

impl Shown {
    pub(crate) fn plain(&self, cx: &ViewCx<'_>) -> String {
        match self {
            Shown::Words(words) => words.clone(),
            // A country has a name.
            Shown::Value(_, Value::Address(a)) => {
                let parts: Vec<_> = a.parts().map(|p| if p == a.country { cx.country(p).into_owned() } else { p.to_owned() }).collect();
                parts.join(cx.locale.pick("، ", ", "))
            }
            Shown::Value(kind, value) => ui::cell::plain(kind, value, cx),
        }
    }
}

impl Told {
    /// Tells a copy that [`crate::export::collect`] has made.
    pub(crate) fn of(cx: &ViewCx<'_>, registry: &Registry, data: &Json) -> Self {
        let person = registry.find("party").zip(data.get("person")).filter(|(_, p)| p.is_object());
        let mut parts = Vec::new();
        for (key, list) in data.get("records").and_then(Json::as_object).into_iter().flatten() {
            let (Some(object), Some(list)) = (registry.find(key), list.as_array()) else { continue };
            let mut list: Vec<&Json> = list.iter().collect();
            // Moments as text have one shape, so they sort by time.
            list.sort_by_key(|one| std::cmp::Reverse(one.get("created_at").and_then(Json::as_str)));
            let entries = list.into_iter().map(|one| entry(cx, registry, object, one, false)).collect();
            parts.push(Part { label: object.plural.clone(), entries });
        }
        Told {
            by: data.pointer(&format!("/about/company/{}", cx.lang())).and_then(Json::as_str).unwrap_or_default().to_owned(),
            made: data.get("about").and_then(|about| moment(about, "made_at")),
            person: person.map(|(object, one)| entry(cx, registry, object, one, true)),
            parts,
        }
    }
}

fn moment(v: &Json, key: &str) -> Option<Timestamp> {
    v.get(key)?.as_str()?.parse().ok()
}

fn entry(cx: &ViewCx<'_>, registry: &Registry, object: &Arc<Object>, one: &Json, whole: bool) -> Entry {
    let values = one.get("values");
    let value = |f: &Field| values.and_then(|v| v.get(&f.key));
    let title = object.title_field().and_then(value).map(|v| named(v, cx.lang())).unwrap_or_default();
    let facts = object.fields.iter().filter(|f| f.key != object.title || whole).filter_map(|f| Some((f.label.clone(), shown(cx, f, value(f)?)))).collect();
    let mut lists = Vec::new();
    for (key, part, heading) in [("comments", "body", "privacy-doc-comments"), ("files", "name", "privacy-doc-files"), ("external_ids", "key", "privacy-doc-external")] {
        if let Some(list) = one.get(key).and_then(Json::as_array) {
            let line = |item: &Json| (item.get(part).and_then(Json::as_str).unwrap_or_default().to_owned(), moment(item, "at").map(|t| cx.datetime(t)).unwrap_or_default());
            lists.push((cx.t(heading), list.iter().map(line).collect()));
        }
    }
    if !whole {
        return Entry { title, facts, lists, ..Entry::default() };
    }
    let list = |key: &str| one.get(key).and_then(Json::as_array).map_or(&[] as &[Json], Vec::as_slice);
    if !list("reads").is_empty() {
        lists.push((cx.t("privacy-doc-reads"), readers(cx, list("reads"))));
    }
    let what = |h: &Json| registry.find(h.get("object")?.as_str()?).map(|o| o.label.clone());
    let happened = list("timeline").iter().rev().filter_map(|h| Some((moment(h, "at")?, what(h)?))).collect();
    Entry { title, facts, lists, happened, changes: one.get("history").and_then(Json::as_array).map(Vec::len) }
}

/// Which roles have looked, how often, and when the last time.
fn readers(cx: &ViewCx<'_>, list: &[Json]) -> Vec<(String, String)> {
    let mut by_role: Vec<(String, i64, Option<Timestamp>)> = Vec::new();
    for read in list {
        let names = read.get("roles").and_then(Json::as_array).into_iter().flatten().filter_map(|r| r.get(cx.lang()).and_then(Json::as_str));
        let names = names.collect::<Vec<_>>().join(cx.locale.pick("، ", ", "));
        let role = if names.is_empty() { cx.t("privacy-doc-reads-former") } else { names };
        match by_role.iter_mut().find(|(r, ..)| *r == role) {
            // The latest comes first.
            Some((_, count, _)) => *count += 1,
            None => by_role.push((role, 1, moment(read, "at"))),
        }
    }
    let times = |count: i64, at: Option<Timestamp>| cx.tf("privacy-doc-reads-times", &[("count", count.into()), ("last", at.map(|t| cx.datetime(t)).unwrap_or_default().into())]);
    by_role.into_iter().map(|(role, count, at)| (role, times(count, at))).collect()
}

/// The title of a name or text in JSON.
fn named(v: &Json, lang: &str) -> String {
    match v {
        Json::String(t) => t.clone(),
        other => {
            let part = |key: &str| other.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
            Name::new(part("ar"), part("latin")).get(lang).to_owned()
        }
    }
}

fn shown(cx: &ViewCx<'_>, f: &Field, v: &Json) -> Shown {
    let reference = |v: &Json| v.pointer(&format!("/title/{}", cx.lang())).and_then(Json::as_str).unwrap_or("—").to_owned();
    match (&f.kind, v) {
        (Kind::Ref { .. }, v) => Shown::Words(reference(v)),
        (Kind::Refs { .. }, Json::Array(list)) => Shown::Words(list.iter().map(reference).collect::<Vec<_>>().join(cx.locale.pick("، ", ", "))),
        (kind, v) => match kernel::parse::from_json(kind.stored(), v, &kernel::parse::Ctx::default()) {
            Ok(value) if !value.is_null() => Shown::Value(kind.stored().clone(), value),
            _ => Shown::Words(v.to_string()),
        },
    }
}
