//! The audit as people read it: who did what, who looked at what.

use super::chain::{Class, Row, TYPES, select};
use crate::load::Titles;
use crate::{Actor, Company};
use kernel::{Cell, Fault, Outcome, Verb};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use store::Sql;
use uuid::Uuid;

/// What to look for. Empty: everything.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Who did it, looked, or on whose behalf it was done.
    pub actor: Option<Uuid>,
    pub object: Option<String>,
    pub record: Option<Uuid>,
    pub verb: Option<String>,
    pub from: Option<jiff::Timestamp>,
    pub until: Option<jiff::Timestamp>,
    /// Changes alone, or reads alone.
    pub class: Option<Class>,
}

/// A line of the audit.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: Uuid,
    pub at: jiff::Timestamp,
    /// None: the system.
    pub actor: Option<Uuid>,
    /// He looked as this colleague.
    pub seen_as: Option<Uuid>,
    /// He acted for this colleague, who was away.
    pub behalf: Option<Uuid>,
    pub object: String,
    /// Nil: the object as a whole, the company.
    pub record: Uuid,
    pub verb: String,
    /// Without what the reader may not see.
    pub values: Json,
    pub cause: String,
    pub request: String,
    pub class: Class,
}

impl Entry {
    /// As programs and exports get it.
    pub fn to_json(&self) -> Json {
        json!({
            "id": self.id, "at": self.at.to_string(), "actor": self.actor, "on_behalf_of": self.behalf, "viewed_as": self.seen_as,
            "object": self.object, "record": Some(self.record).filter(|r| !r.is_nil()), "verb": self.verb, "changes": self.values,
            "cause": self.cause, "request": self.request, "class": if self.class == Class::Read { "read" } else { "change" },
        })
    }
}

/// A page of the audit, newest first.
#[derive(Clone, Debug, Default)]
pub struct Log {
    pub entries: Vec<Entry>,
    /// Of people, and of records the reader may see.
    pub titles: Titles,
    pub next: Option<String>,
}

impl Company {
    /// A page of the audit, for administrators.
    ///
    /// # Errors
    /// Forbidden.
    pub async fn audit_log(&self, actor: &Actor, filter: &Filter, before: Option<&str>, limit: usize) -> Outcome<Log> {
        actor.must_administer()?;
        self.flush_reads().await?;
        self.log(actor, filter, before, limit.clamp(1, 1_000)).await
    }

    /// Who looked at a record, for administrators and whoever may share it.
    ///
    /// # Errors
    /// Not found; forbidden.
    pub async fn readers(&self, actor: &Actor, object: &str, id: Uuid, limit: usize) -> Outcome<Log> {
        let record = {
            let mut conn = self.db().read().await?;
            self.get_in(&mut conn, actor, object, id).await?
        };
        if actor.must_administer().is_err() && !self.may_on(actor, &record, &Verb::Share).await? {
            return Err(Fault::forbidden());
        }
        self.flush_reads().await?;
        let filter = Filter { object: Some(object.to_owned()), record: Some(id), class: Some(Class::Read), ..Filter::default() };
        self.log(actor, &filter, None, limit.clamp(1, 500)).await
    }

    /// Writes down that the audit itself was exported.
    ///
    /// # Errors
    /// The database.
    pub async fn note_audit_export(&self, actor: &Actor, count: i64, asked: Json) -> Outcome<()> {
        let mut cx = self.write(actor).await?;
        cx.audit("audit", Uuid::nil(), "exported", json!({"count": count, "filter": asked})).await?;
        cx.commit().await
    }

    async fn log(&self, actor: &Actor, filter: &Filter, before: Option<&str>, limit: usize) -> Outcome<Log> {
        let mut conn = self.db().read().await?;
        let cursor = before.map(cursor).transpose()?;
        let mut rows = Vec::new();
        for class in Class::ALL.into_iter().filter(|c| filter.class.is_none_or(|wanted| wanted == *c)) {
            let mut sql = conn.sql();
            select(class, &mut sql);
            sql.push(" WHERE 1 = 1");
            conditions(filter, &mut sql);
            if let Some((at, id)) = cursor {
                sql.push(" AND (a.at, a.id) < ").bind_list([Cell::Int(at), Cell::Id(id)]);
            }
            sql.push(&format!(" ORDER BY a.at DESC, a.id DESC LIMIT {}", limit + 1));
            rows.extend(conn.rows(&sql, TYPES).await?.iter().filter_map(|r| Row::read(class, r)));
        }
        rows.sort_by_key(|r| std::cmp::Reverse((r.at, r.id)));
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|r| format!("{}.{}", r.at, r.id.simple()));
        let mut entries: Vec<Entry> = rows.into_iter().filter_map(entry).collect();
        let titles = self.withhold(&mut conn, actor, &mut entries).await?;
        Ok(Log { entries, titles, next })
    }

    /// Takes out the values the reader may not see, and finds the titles of what he may.
    async fn withhold(&self, conn: &mut store::Conn, actor: &Actor, entries: &mut [Entry]) -> Outcome<Titles> {
        let registry = self.registry();
        let mut wanted: BTreeMap<String, BTreeSet<Uuid>> = BTreeMap::new();
        for e in entries.iter() {
            let people = [e.actor, e.seen_as, e.behalf];
            wanted.entry("user".to_owned()).or_default().extend(people.into_iter().flatten());
            if registry.find(&e.object).is_some() && !e.record.is_nil() {
                wanted.entry(e.object.clone()).or_default().insert(e.record);
            }
        }
        let mut private: BTreeMap<String, BTreeSet<Uuid>> = BTreeMap::new();
        for (key, ids) in &wanted {
            if let Some(object) = registry.find(key).filter(|o| o.visible.is_some()) {
                let ids: Vec<Uuid> = ids.iter().copied().collect();
                private.insert(key.clone(), self.allowed(conn, actor, object, &ids, &Verb::Read).await?);
            }
        }
        for e in entries.iter_mut() {
            let Some(object) = registry.find(&e.object) else { continue };
            if !e.record.is_nil() && private.get(&e.object).is_some_and(|seen| !seen.contains(&e.record)) {
                e.values = Json::Null;
            } else if let Json::Object(map) = &mut e.values {
                map.retain(|field, _| object.get(field).is_none() || actor.sees(&e.object, field));
            }
        }
        self.titles(conn, actor, &wanted).await
    }
}

fn conditions(filter: &Filter, sql: &mut Sql) {
    if let Some(record) = filter.record {
        sql.push(" AND a.record_id = ").bind(record);
    }
    if let Some(object) = &filter.object {
        sql.push(" AND a.object = ").bind(object.as_str());
    }
    if let Some(actor) = filter.actor {
        sql.push(" AND (a.actor = ").bind(actor).push(" OR a.behalf = ").bind(actor).push(" OR a.seen_as = ").bind(actor).push(")");
    }
    if let Some(verb) = &filter.verb {
        sql.push(" AND a.verb = ").bind(verb.as_str());
    }
    if let Some(from) = filter.from {
        sql.push(" AND a.at >= ").bind(from);
    }
    if let Some(until) = filter.until {
        sql.push(" AND a.at < ").bind(until);
    }
}

fn entry(row: Row) -> Option<Entry> {
    let values = row.values.as_deref().and_then(|t| serde_json::from_str(t).ok()).unwrap_or(Json::Null);
    Some(Entry {
        id: row.id,
        at: jiff::Timestamp::from_microsecond(row.at).ok()?,
        actor: row.actor,
        seen_as: row.seen_as,
        behalf: row.behalf,
        object: row.object,
        record: row.record,
        verb: row.verb,
        values,
        cause: row.cause,
        request: row.request,
        class: row.class,
    })
}

fn cursor(text: &str) -> Outcome<(i64, Uuid)> {
    let parts = text.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)));
    parts.ok_or_else(|| Fault::invalid("before", "cursor-not-for-this-list"))
}
