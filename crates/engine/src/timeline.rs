//! One time-ordered history of a record: what happened to it and to everything that belongs to it.

mod reach;

use crate::load::Titles;
use crate::{Actor, Company};
use kernel::{Cell, ColumnType, Outcome, Record, Verb};
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

/// A page of a time line, newest first.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    pub entries: Vec<Entry>,
    /// The records the entries are about, by id (only those the reader may see are there).
    pub records: HashMap<Uuid, Record>,
    /// Names of the people and other references.
    pub titles: Titles,
    /// Give it to the next call for what is older.
    pub next: Option<String>,
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
        let mut conn = self.db().read().await?;
        self.get_in(&mut conn, actor, object, id).await?;
        let limit = limit.clamp(1, 200);
        let mut cursor = before.and_then(parse_cursor);
        let mut out = Timeline::default();
        let mut way = reach::Way::ByTime;
        // Entries about records that the reader may not see are dropped; a few rounds fill the page all the same.
        for round in 0..8 {
            if round == 1 {
                way = self.way_on(&mut conn, actor, object, id).await?;
            }
            let mut sql = conn.sql();
            sql.push("SELECT id, at, kind, object, record_id, actor, data");
            self.line(actor, object, id, way, &mut sql)?;
            if !kinds.is_empty() {
                sql.push(" AND (object IN ").bind_list(kinds.iter().map(|k| k.as_str().into()));
                sql.push(" OR kind IN ").bind_list(kinds.iter().map(|k| k.as_str().into())).push(")");
            }
            if let Some((at, last)) = &cursor {
                sql.push(" AND (at, id) < ").bind_list([Cell::Int(*at), Cell::Id(*last)]);
            }
            sql.push(&format!(" ORDER BY at DESC, id DESC LIMIT {}", limit + 1));
            let rows: Vec<Entry> = conn.rows(&sql, TYPES).await?.iter().filter_map(|r| entry(r)).collect();
            let more = rows.len() > limit;
            let page: Vec<Entry> = rows.into_iter().take(limit).collect();
            let last = page.last().map(|e| (e.at.as_microsecond(), e.id));
            self.admit(&mut conn, actor, page, &mut out).await?;
            cursor = last;
            if !more {
                cursor = None;
                break;
            }
            if out.entries.len() >= limit {
                break;
            }
        }
        if out.entries.len() > limit {
            out.entries.truncate(limit);
            cursor = out.entries.last().map(|e| (e.at.as_microsecond(), e.id));
        }
        out.next = cursor.map(|(at, id)| format!("{at}.{}", id.simple()));
        let records: Vec<Record> = out.records.values().cloned().collect();
        let mut titles = self.titles_of(&mut conn, actor, &records).await?;
        let people: BTreeSet<Uuid> = out.entries.iter().filter_map(|e| e.actor).collect();
        titles.extend(self.titles(&mut conn, actor, &BTreeMap::from([("user".to_owned(), people)])).await?);
        out.titles = titles;
        Ok(out)
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
            out.entries.push(e);
        }
        Ok(())
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
