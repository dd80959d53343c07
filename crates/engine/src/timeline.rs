//! One time-ordered history of a record: what happened to it and to everything that belongs to it.

mod months;
mod reach;
mod words;

pub use months::Month;

use crate::comments::Comment;
use crate::load::Titles;
use crate::{Actor, Company};
use kernel::{Cell, ColumnType, Object, Outcome, Record, Registry, Verb};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// An entry. `record` is what it is about, loaded for its reader.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: Uuid,
    pub at: jiff::Timestamp,
    /// `created`, `updated`, `comment`, `file` or an event such as `order.confirmed`.
    pub kind: String,
    pub object: String,
    pub record_id: Uuid,
    pub actor: Option<Uuid>,
    /// For `updated`: field → [before, after]; for comments the text; fields withheld from the reader are left out.
    pub data: Json,
}

impl Entry {
    /// The comment it is about.
    pub fn comment(&self) -> Option<Uuid> {
        (self.kind == "comment").then(|| self.data.get("comment").and_then(Json::as_str).and_then(|c| c.parse().ok())).flatten()
    }
}

/// What is wanted of a time line. Empty lists: everything.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Objects (`order`) or kinds (`comment`).
    pub kinds: Vec<String>,
    /// Who did it.
    pub people: Vec<Uuid>,
    /// Values of the choice fields `channel` and `direction` of the records it is about.
    pub channels: Vec<String>,
    pub directions: Vec<String>,
    /// Words that must be found in what the reader sees of an entry, in any spelling.
    pub words: String,
    /// A cursor, or an RFC 3339 moment to jump to.
    pub before: Option<String>,
}

/// A page of a time line, newest first.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    pub entries: Vec<Entry>,
    /// The records the entries are about, by id (only those the reader may see are there).
    pub records: HashMap<Uuid, Record>,
    /// Names of the people and other references.
    pub titles: Titles,
    /// The comments of the entries with their replies, by id of the first of each thread.
    pub threads: HashMap<Uuid, Vec<Comment>>,
    /// Give it to the next call for what is older.
    pub next: Option<String>,
    /// A search came to its limit: so far back it has looked.
    pub searched: Option<jiff::Timestamp>,
}

const TYPES: &[ColumnType] = &[
    ColumnType::Id,
    ColumnType::Int,
    ColumnType::Text,
    ColumnType::Text,
    ColumnType::Id,
    ColumnType::Id,
    ColumnType::Text,
];

impl Company {
    /// The time line of a record. `kinds` empty: all; otherwise objects (`order`) or kinds (`comment`).
    /// `before`: a cursor or an RFC 3339 moment to jump to.
    ///
    /// # Errors
    /// Not found.
    pub async fn timeline(&self, actor: &Actor, object: &str, id: Uuid, kinds: &[String], before: Option<&str>, limit: usize) -> Outcome<Timeline> {
        let asked = Asked { kinds: kinds.to_vec(), before: before.map(str::to_owned), ..Asked::default() };
        self.timeline_of(actor, object, id, &asked, limit).await
    }

    /// A part of the time line of a record, newest first.
    ///
    /// # Errors
    /// Not found.
    pub async fn timeline_of(&self, actor: &Actor, object: &str, id: Uuid, asked: &Asked, limit: usize) -> Outcome<Timeline> {
        let mut conn = self.db().read().await?;
        let record = self.get_in(&mut conn, actor, object, id).await?;
        self.note_opened(&mut conn, actor, self.registry().object(object)?, &record).await?;
        let limit = limit.clamp(1, 200);
        let mut cursor = asked.before.as_deref().and_then(parse_cursor);
        let mut out = Timeline::default();
        let mut way = reach::Way::ByTime;
        let terms = text::search::terms(&asked.words);
        let registry = self.registry();
        // Entries about records that the reader may not see are dropped; a few rounds fill the page all the same.
        let (rounds, step) = if terms.is_empty() { (8, limit) } else { (words::ROUNDS, words::STEP) };
        for round in 0..rounds {
            if round == 1 {
                way = self.way_on(&mut conn, actor, object, id).await?;
            }
            let mut sql = conn.sql();
            sql.push("SELECT id, at, kind, object, record_id, actor, data");
            self.line(actor, object, id, way, &mut sql)?;
            narrow(&mut sql, &registry, object, asked);
            if let Some((at, last)) = &cursor {
                sql.push(" AND (at, id) < ").bind_list([Cell::Int(*at), Cell::Id(*last)]);
            }
            sql.push(&format!(" ORDER BY at DESC, id DESC LIMIT {}", step + 1));
            let rows: Vec<Entry> = conn.rows(&sql, TYPES).await?.iter().filter_map(|r| entry(r)).collect();
            let more = rows.len() > step;
            let page: Vec<Entry> = rows.into_iter().take(step).collect();
            let last = page.last().map(|e| (e.at.as_microsecond(), e.id));
            let known = out.entries.len();
            self.admit(&mut conn, actor, page, &mut out).await?;
            if !terms.is_empty() {
                self.keep_found(&mut conn, actor, &mut out, known, &terms).await?;
            }
            cursor = last;
            if !more {
                cursor = None;
                break;
            }
            if out.entries.len() >= limit {
                break;
            }
            if round + 1 == rounds && !terms.is_empty() {
                out.searched = last.and_then(|(at, _)| jiff::Timestamp::from_microsecond(at).ok());
            }
        }
        if out.entries.len() > limit {
            out.entries.truncate(limit);
            cursor = out.entries.last().map(|e| (e.at.as_microsecond(), e.id));
        }
        out.next = cursor.map(|(at, id)| format!("{at}.{}", id.simple()));
        let shown: BTreeSet<Uuid> = out.entries.iter().map(|e| e.record_id).collect();
        out.records.retain(|id, _| shown.contains(id));
        let comments: Vec<Uuid> = out.entries.iter().filter_map(Entry::comment).collect();
        out.threads = self.threads(&mut conn, &comments).await?;
        for e in &mut out.entries {
            let thread = e.comment().and_then(|c| out.threads.get(&c)?.first());
            if let (Some(first), Json::Object(data)) = (thread, &mut e.data) {
                data.insert("body".into(), Json::String(first.body.clone()));
            }
        }
        let records: Vec<Record> = out.records.values().cloned().collect();
        let mut titles = self.titles_of(&mut conn, actor, &records).await?;
        let written = out.threads.values().flatten();
        let people: BTreeSet<Uuid> = out.entries.iter().filter_map(|e| e.actor).chain(written.clone().flat_map(|c| c.author.into_iter().chain(c.reactions.iter().flat_map(|r| r.by.iter().copied())))).collect();
        titles.extend(self.mention_names(&mut conn, actor, written.map(|c| c.body.as_str())).await?);
        let mut wanted = self.changed_references(&out.entries);
        wanted.entry("user".to_owned()).or_default().extend(people);
        titles.extend(self.titles(&mut conn, actor, &wanted).await?);
        out.titles = titles;
        Ok(out)
    }

    /// What the references of changed records pointed to before and after, by object.
    fn changed_references(&self, entries: &[Entry]) -> BTreeMap<String, BTreeSet<Uuid>> {
        let registry = self.registry();
        let mut wanted: BTreeMap<String, BTreeSet<Uuid>> = BTreeMap::new();
        for e in entries.iter().filter(|e| e.kind == "updated") {
            let Some(object) = registry.find(&e.object) else { continue };
            for (field, sides) in e.data.as_object().into_iter().flatten() {
                let Some(target) = object.get(field).and_then(|f| f.kind.target()) else { continue };
                let ids = sides.as_array().into_iter().flatten().filter_map(|v| v.as_str()?.parse::<Uuid>().ok());
                wanted.entry(target.to_owned()).or_default().extend(ids);
            }
        }
        wanted
    }

    /// Keeps the entries whose record the actor may read, and of their data what he may see.
    async fn admit(&self, conn: &mut store::Conn, actor: &Actor, entries: Vec<Entry>, out: &mut Timeline) -> Outcome<()> {
        let registry = self.registry();
        let mut wanted: BTreeMap<String, BTreeSet<Uuid>> = BTreeMap::new();
        for e in entries.iter().filter(|e| !out.records.contains_key(&e.record_id)) {
            wanted.entry(e.object.clone()).or_default().insert(e.record_id);
        }
        for (key, ids) in wanted {
            let Some(object) = registry.find(&key) else { continue };
            if !actor.may(object, &Verb::Read) {
                continue;
            }
            let ids: Vec<Uuid> = ids.into_iter().collect();
            for mut record in self.some(conn, actor, object, &ids, &Verb::Read, false).await? {
                crate::record_sql::mask(actor, &mut record);
                out.records.insert(record.id, record);
            }
        }
        for mut e in entries {
            if !out.records.contains_key(&e.record_id) {
                continue;
            }
            if let (Json::Object(map), "updated") = (&mut e.data, e.kind.as_str()) {
                map.retain(|field, _| actor.sees(&e.object, field));
                if map.is_empty() {
                    continue;
                }
            }
            if let (Json::Object(data), "merged" | "unmerged") = (&mut e.data, e.kind.as_str())
                && let Some(Json::Object(map)) = data.get_mut("changes")
            {
                map.retain(|field, _| actor.sees(&e.object, field));
            }
            out.entries.push(e);
        }
        Ok(())
    }
}

/// The objects whose records stand on the time line of `object`: its own and those that say where they belong.
pub(crate) fn objects_on<'a>(registry: &'a Registry, object: &'a str) -> Vec<&'a std::sync::Arc<Object>> {
    let mut all: Vec<&std::sync::Arc<Object>> = registry.find(object).into_iter().collect();
    for (child, _) in registry.children(object).filter(|(_, via)| via.timeline) {
        if !all.iter().any(|o| o.key == child.key) {
            all.push(child);
        }
    }
    all
}

/// The conditions of what is asked, on the columns of `sila_timeline`.
fn narrow(sql: &mut store::Sql, registry: &Registry, object: &str, asked: &Asked) {
    if !asked.kinds.is_empty() {
        let list = || asked.kinds.iter().map(|k| k.as_str().into());
        sql.push(" AND (object IN ").bind_list(list()).push(" OR kind IN ").bind_list(list()).push(")");
    }
    if !asked.people.is_empty() {
        sql.push(" AND actor IN ").bind_list(asked.people.iter().map(|p| Cell::Id(*p)));
    }
    for (field, values) in [("channel", &asked.channels), ("direction", &asked.directions)] {
        if values.is_empty() {
            continue;
        }
        sql.push(" AND (1 = 0");
        let choice = |o: &Object| o.get(field).is_some_and(|f| matches!(f.kind, kernel::Kind::Choice { .. }));
        for o in objects_on(registry, object).into_iter().filter(|o| choice(o)) {
            sql.push(" OR (object = ").bind(o.key.as_str()).push(" AND EXISTS (SELECT 1 FROM ").ident(&o.key).push(" f WHERE f.\"id\" = record_id AND f.");
            sql.ident(field).push(" IN ").bind_list(values.iter().map(|v| v.as_str().into())).push("))");
        }
        sql.push(")");
    }
}

fn entry(row: &[Cell]) -> Option<Entry> {
    Some(Entry {
        id: row.first()?.id()?,
        at: jiff::Timestamp::from_microsecond(row.get(1)?.int()?).ok()?,
        kind: row.get(2)?.text()?.to_owned(),
        object: row.get(3)?.text()?.to_owned(),
        record_id: row.get(4)?.id()?,
        actor: row.get(5)?.id(),
        data: row.get(6)?.text().and_then(|t| serde_json::from_str(t).ok()).unwrap_or(Json::Null),
    })
}

pub(crate) fn parse_cursor(text: &str) -> Option<(i64, Uuid)> {
    if let Some((at, id)) = text.split_once('.')
        && let (Ok(at), Ok(id)) = (at.parse(), id.parse())
    {
        return Some((at, id));
    }
    text.parse::<jiff::Timestamp>().ok().map(|t| (t.as_microsecond(), Uuid::max()))
}
