//! What every change leaves behind, in the same transaction: audit, time line, search row, event, live signal.

use crate::Cx;
pub(crate) use crate::audit::{Audit, audit};
use crate::save::{Change, audited};
use kernel::{Capability, Cell, ColumnType, Kind, Object, Outcome, Record, Sensitivity, Value, Weight};
use serde_json::{Map, Value as Json, json};
use store::search::Doc;
use uuid::Uuid;

/// A fact in the past tense: `order.created`, `order.confirmed`.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    id: Uuid,
    kind: String,
    object: String,
    record: Uuid,
    /// The web hooks that asked for it, and then the record's values as the event left them.
    hooks: Vec<Uuid>,
    data: Json,
}

/// An active web hook and the events it wants.
#[derive(Clone, Debug)]
pub(crate) struct Hook {
    id: Uuid,
    events: String,
}

/// Who wants to know of changes: web hooks by event, rules by object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listeners {
    hooks: Vec<Hook>,
    rules: Vec<(String, Uuid, i64)>,
}

impl Cx {
    /// Both in one query, once in a transaction.
    async fn listeners(&mut self) -> Outcome<&Listeners> {
        if self.listeners.is_none() {
            let mut sql = self.tx.sql();
            sql.push("SELECT id, events, CAST(0 AS BIGINT), CAST(0 AS BIGINT) FROM sila_webhook WHERE active = 1 UNION ALL SELECT id, object, version, CAST(1 AS BIGINT) FROM sila_rule");
            let mut found = Listeners::default();
            for row in self.tx.rows(&sql, &[ColumnType::Id, ColumnType::Text, ColumnType::Int, ColumnType::Int]).await? {
                match row.as_slice() {
                    [Cell::Id(id), Cell::Text(events), _, Cell::Int(0)] => found.hooks.push(Hook { id: *id, events: events.clone() }),
                    [Cell::Id(id), Cell::Text(object), Cell::Int(version), _] => found.rules.push((object.clone(), *id, *version)),
                    _ => {}
                }
            }
            self.listeners = Some(found);
        }
        self.listeners.as_ref().ok_or_else(|| kernel::Fault::internal("listeners were not read"))
    }

    /// The rules in force about records of an object, with their versions; see [`crate::module::RULED`].
    ///
    /// # Errors
    /// The database.
    pub async fn rules(&mut self, object: &str) -> Outcome<Vec<(Uuid, i64)>> {
        Ok(self.listeners().await?.rules.iter().filter(|(o, ..)| o == object).map(|(_, id, version)| (*id, *version)).collect())
    }

    /// Notes an event; it is written at commit. The values are kept only where somebody asked for them:
    /// an import of a hundred thousand rows would double the database for nobody.
    pub(crate) async fn tell(&mut self, kind: String, object: &Object, record: &Record) -> Outcome<()> {
        let hooks: Vec<Uuid> = self.listeners().await?.hooks.iter().filter(|h| wants(&h.events, &kind)).map(|h| h.id).collect();
        let data = if hooks.is_empty() { Json::Null } else { values_json(object, record) };
        self.events.push(Event { id: Uuid::now_v7(), kind, object: object.key.clone(), record: record.id, hooks, data });
        Ok(())
    }

    /// Whether the record came in this very change; of objects without events nobody knows.
    pub(crate) fn made(&self, record: Uuid) -> bool {
        self.events.iter().any(|e| e.record == record && e.kind.ends_with(".created"))
    }

    /// Tells open pages that records changed; of many at once only that there were some.
    pub(crate) fn signal<'a>(&mut self, object: &Object, records: impl ExactSizeIterator<Item = &'a Record>) {
        if records.len() > 50 {
            self.tx.notify(format!("{}:*", object.key));
        } else {
            for r in records {
                self.tx.notify(format!("{}:{}", object.key, r.id));
            }
        }
    }
}

/// After records were created or changed.
pub(crate) async fn written(cx: &mut Cx, object: &Object, changes: &[&Change]) -> Outcome<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let mut audits = Vec::new();
    let mut lines = Vec::new();
    let mut docs = Vec::new();
    for c in changes {
        let verb = if c.is_new() { "created" } else { "updated" };
        // A new row is its own record: the values are in the table, and changes to them will say what they were.
        let diff = if c.is_new() { Json::Null } else { difference(object, c) };
        if object.can(Capability::Timeline) || object.fields.iter().any(|f| f.timeline) {
            timeline_rows(cx, object, c, verb, &diff, &mut lines);
            move_lines(cx, object, c).await?;
        }
        if object.can(Capability::Search) && !c.is_new() && searched_differ(object, c) {
            docs.push(&c.after);
        }
        if object.can(Capability::Events) {
            cx.tell(format!("{}.{verb}", object.key), object, &c.after).await?;
        }
        if audited(object) {
            audits.push(Audit { object: object.key.clone(), record: c.after.id, rev: c.after.rev, verb: verb.into(), changes: diff });
        }
    }
    cx.signal(object, changes.iter().map(|c| &c.after));
    if changes.len() <= 50 {
        signal_anchors(cx, object, changes);
    }
    audit(cx, audits).await?;
    store::insert_many(&mut cx.tx, "sila_timeline", TIMELINE, lines).await?;
    let found = |c: &Change| {
        let mut doc = doc(object, &c.after);
        if let Some((_, key)) = &c.external {
            known_as(&mut doc, key);
        }
        doc
    };
    let new: Vec<Doc> = changes.iter().filter(|c| c.is_new() && object.can(Capability::Search)).map(|c| found(c)).collect();
    store::search::put_many(&mut cx.tx, &new).await?;
    crate::part::index(cx, object, &docs).await
}

/// Field → [before, after]; roll-ups move by themselves, secrets stay secret.
fn difference(object: &Object, c: &Change) -> Json {
    c.differences(object)
        .filter(|(f, ..)| f.sensitivity != Sensitivity::Secret && !matches!(f.kind, Kind::Rollup { .. }))
        .map(|(f, before, after)| (f.key.clone(), json!([before.to_json(), after.to_json()])))
        .collect::<Map<_, _>>()
        .into()
}

pub(crate) const TIMELINE: &[&str] = &["id", "anchor", "at", "kind", "object", "record_id", "actor", "data"];

/// One row on the record's own line, and when it is new one on the line of each record it belongs to.
/// A new record moves with the references that say where it belongs.
fn timeline_rows(cx: &Cx, object: &Object, c: &Change, verb: &str, diff: &Json, rows: &mut Vec<Vec<Cell>>) {
    let at: Cell = happened(object, &c.after).filter(|_| c.is_new()).unwrap_or(cx.now).into();
    let data = if diff.is_null() { Cell::Null } else { Cell::Text(diff.to_string()) };
    let mut row = |anchor: Uuid| {
        rows.push(vec![
            Uuid::now_v7().into(),
            anchor.into(),
            at.clone(),
            verb.into(),
            object.key.as_str().into(),
            c.after.id.into(),
            actor_cell(cx),
            data.clone(),
        ]);
    };
    if object.can(Capability::Timeline) {
        row(c.after.id);
    }
    for f in object.fields.iter().filter(|f| f.timeline && c.is_new()) {
        if let Value::Id(anchor) = c.after.get(&f.key) {
            row(*anchor);
        }
    }
}

/// Open pages of what new records belong to hear that something came on its time line.
fn signal_anchors(cx: &mut Cx, object: &Object, changes: &[&Change]) {
    for c in changes.iter().filter(|c| c.is_new()) {
        for f in object.fields.iter().filter(|f| f.timeline) {
            if let (Value::Id(anchor), Some(target)) = (c.after.get(&f.key), f.kind.target()) {
                cx.tx.notify(format!("{target}:{anchor}"));
            }
        }
    }
}

/// When it happened, where the object says so: a moment, or a day at noon UTC.
fn happened(object: &Object, record: &Record) -> Option<jiff::Timestamp> {
    match record.get(object.happened.as_deref()?) {
        Value::DateTime(t) => Some(*t),
        Value::Date(d) => d.at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).ok().map(|z| z.timestamp()),
        _ => None,
    }
}

/// A record that now belongs to somebody else takes its lines along; one that happened at another time moves on them.
async fn move_lines(cx: &mut Cx, object: &Object, c: &Change) -> Outcome<()> {
    let Some(before) = &c.before else { return Ok(()) };
    if let Some(at) = happened(object, &c.after).filter(|at| happened(object, before) != Some(*at)) {
        let mut sql = cx.tx.sql();
        sql.push("UPDATE sila_timeline SET at = ").bind(at).push(" WHERE record_id = ").bind(c.after.id);
        sql.push(" AND object = ").bind(object.key.as_str()).push(" AND kind = 'created'");
        cx.tx.exec(&sql).await?;
    }
    for f in object.fields.iter().filter(|f| f.timeline) {
        let (was, is) = (before.get(&f.key).id(), c.after.get(&f.key).id());
        if was == is {
            continue;
        }
        let mut sql = cx.tx.sql();
        match (was, is) {
            (Some(was), Some(is)) => sql.push("UPDATE sila_timeline SET anchor = ").bind(is).push(" WHERE anchor = ").bind(was),
            (Some(was), None) => sql.push("DELETE FROM sila_timeline WHERE anchor = ").bind(was),
            (None, Some(is)) => {
                let row = vec![
                    Uuid::now_v7().into(),
                    is.into(),
                    cx.now.into(),
                    "created".into(),
                    object.key.as_str().into(),
                    c.after.id.into(),
                    actor_cell(cx),
                    Cell::Null,
                ];
                store::insert_many(&mut cx.tx, "sila_timeline", TIMELINE, vec![row]).await?;
                continue;
            }
            (None, None) => continue,
        };
        sql.push(" AND object = ").bind(object.key.as_str()).push(" AND record_id = ").bind(c.after.id);
        cx.tx.exec(&sql).await?;
    }
    Ok(())
}

pub(crate) fn actor_cell(cx: &Cx) -> Cell {
    if cx.actor.is_system() { Cell::Null } else { cx.actor.id.into() }
}

/// The search row of a record: title fields, other searched words, and phonetic keys of names.
pub(crate) fn doc(object: &Object, record: &Record) -> Doc {
    let mut title = Vec::new();
    let mut body = Vec::new();
    let mut keys = Vec::new();
    for f in object.searched() {
        let words = found_by(f, record.get(&f.key));
        if let Value::Name(n) = record.get(&f.key) {
            keys.push(text::search::name_keys(&n.ar));
            keys.push(text::search::name_keys(&n.latin));
        }
        if f.weight == Weight::Title || f.key == object.title { title.extend(words) } else { body.extend(words) }
    }
    let join = |parts: &[String]| text::search::document(&parts.iter().map(String::as_str).collect::<Vec<_>>());
    let at = match object.happened.as_deref().map(|f| record.get(f)) {
        Some(Value::DateTime(t)) => t.as_microsecond(),
        _ => record.get("created_at").datetime().map_or(0, jiff::Timestamp::as_microsecond),
    };
    Doc { object: object.key.clone(), record_id: record.id, title: join(&title), body: join(&body), keys: keys.join(" "), at }
}

/// A record is found by its key in another system as by its own number.
pub(crate) fn known_as(doc: &mut Doc, key: &str) {
    let words = text::search::document(&[key]);
    if !words.is_empty() && !doc.title.split(' ').any(|w| w == words) {
        doc.title.push(' ');
        doc.title.push_str(&words);
    }
}

/// What a field of a record is found by.
pub(crate) fn found_by(field: &kernel::Field, value: &Value) -> Vec<String> {
    match value {
        Value::Text(number) if matches!(field.kind, Kind::Phone) => text::phone::searched(number),
        value => words(value),
    }
}

fn words(value: &Value) -> Vec<String> {
    match value {
        Value::Text(t) => vec![kernel::parse::strip_tags(t)],
        Value::Name(n) => vec![n.ar.clone(), n.latin.clone()],
        Value::Address(a) => a.parts().map(str::to_owned).collect(),
        Value::Null => Vec::new(),
        other => vec![other.to_json().to_string()],
    }
}

fn searched_differ(object: &Object, c: &Change) -> bool {
    c.before.as_ref().is_none_or(|b| object.searched().any(|f| b.get(&f.key) != c.after.get(&f.key)))
}

/// All values of a record as JSON; secrets left out.
pub(crate) fn values_json(object: &Object, record: &Record) -> Json {
    let mut map = Map::new();
    map.insert("id".into(), json!(record.id));
    map.insert("rev".into(), json!(record.rev));
    for f in object.fields.iter().filter(|f| f.sensitivity != Sensitivity::Secret) {
        map.insert(f.key.clone(), record.get(&f.key).to_json());
    }
    Json::Object(map)
}

impl Cx {
    /// Says that something happened to a record, beyond the saving itself: `order.confirmed`.
    /// It goes on the record's time line and to web hooks.
    pub async fn event(&mut self, kind: &str, record: &Record, data: Json) -> Outcome<()> {
        self.event_also(kind, record, data, &[]).await
    }

    /// The same, which stands on the time lines of those it concerns too: a quote was accepted, so says the customer's line.
    pub async fn event_also(&mut self, kind: &str, record: &Record, data: Json, also: &[Uuid]) -> Outcome<()> {
        let object = self.object(&record.object)?;
        self.tell(kind.to_owned(), &object, record).await?;
        let row = |anchor: Uuid| {
            vec![
                Uuid::now_v7().into(),
                anchor.into(),
                self.now.into(),
                kind.into(),
                object.key.as_str().into(),
                record.id.into(),
                actor_cell(self),
                if data.is_null() { Cell::Null } else { Cell::Text(data.to_string()) },
            ]
        };
        let rows = std::iter::once(record.id).chain(also.iter().copied()).map(row).collect();
        store::insert_many(&mut self.tx, "sila_timeline", TIMELINE, rows).await
    }
}

/// Before commit: writes the events and one delivery job for each web hook that wants one of them.
pub(crate) async fn flush(cx: &mut Cx) -> Outcome<()> {
    let events = std::mem::take(&mut cx.events);
    if events.is_empty() {
        return Ok(());
    }
    let mut rows = Vec::new();
    for e in &events {
        for hook in &e.hooks {
            cx.enqueue("webhook.deliver", json!({"webhook": hook, "event": e.id})).await?;
        }
        let data = if e.hooks.is_empty() { Cell::Null } else { Cell::Text(e.data.to_string()) };
        rows.push(vec![e.id.into(), cx.now.into(), e.kind.as_str().into(), e.object.as_str().into(), e.record.into(), actor_cell(cx), data]);
    }
    store::insert_many(&mut cx.tx, "sila_event", &["id", "at", "kind", "object", "record_id", "actor", "data"], rows).await
}

/// `*`, `order.*` or `order.created`, separated by commas.
fn wants(list: &str, kind: &str) -> bool {
    list.split(',').map(str::trim).any(|w| {
        w == "*" || w == kind || w.strip_suffix(".*").is_some_and(|o| kind.strip_prefix(o).is_some_and(|k| k.starts_with('.')))
    })
}
