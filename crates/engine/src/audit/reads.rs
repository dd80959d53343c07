//! Who looked at personal data. Looking must not wait for a write: what was seen is noted in memory and written
//! some seconds later, many at once; an orderly stop writes the rest.

use super::salt;
use crate::{Actor, Company};
use kernel::{Cell, Object, Outcome, Record, Sensitivity, Verb};
use serde_json::{Value as Json, json};
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// What waits to be written.
#[derive(Default)]
pub(crate) struct Waiting(Mutex<Vec<Noted>>);

#[derive(Clone, Debug, PartialEq)]
struct Noted {
    actor: Uuid,
    seen_as: Option<Uuid>,
    behalf: Option<Uuid>,
    object: String,
    record: Uuid,
    verb: &'static str,
    detail: Json,
    request: String,
    at: jiff::Timestamp,
}

/// As many wait at most before a reader writes them himself.
const FULL: usize = 500;

impl Noted {
    /// The same look again: a page that refreshes itself, a list that is paged back and forth.
    fn again(&self, other: &Noted) -> bool {
        (self.actor, self.seen_as, self.record, self.verb) == (other.actor, other.seen_as, other.record, other.verb)
            && self.object == other.object
            && self.detail == other.detail
    }
}

/// The record shows the actor something personal.
fn personal(actor: &Actor, object: &Object, record: &Record) -> bool {
    let mut fields = object.fields.iter().filter(|f| f.sensitivity != Sensitivity::Open);
    fields.any(|f| record.values.get(&f.key).is_some_and(|v| !v.is_blank()) && actor.sees(&object.key, &f.key))
}

impl Company {
    /// Notes that a record was opened, where it shows something personal.
    pub(crate) async fn note_opened(&self, conn: &mut store::Conn, actor: &Actor, object: &Object, record: &Record) -> Outcome<()> {
        if actor.is_system() || !personal(actor, object, record) {
            return Ok(());
        }
        let mut behalf = None;
        if !actor.policy.handed().is_empty() {
            behalf = self.behalf(conn, actor, object, &[record.id], &Verb::Read).await?.pop().map(|(_, from)| from);
        }
        self.note(actor, object, record.id, "opened", Json::Null, behalf);
        Ok(())
    }

    /// Notes that a list with personal values went out: one line for the whole.
    pub(crate) fn note_listed(&self, actor: &Actor, object: &Object, query: &crate::Query, records: &[Record]) {
        if actor.is_system() {
            return;
        }
        let count = records.iter().filter(|r| personal(actor, object, r)).count();
        if count > 0 {
            let filter = query.filter.as_ref().map(ToString::to_string);
            self.note(actor, object, Uuid::nil(), "listed", json!({"count": count, "filter": filter, "search": query.search}), None);
        }
    }

    fn note(&self, actor: &Actor, object: &Object, record: Uuid, verb: &'static str, detail: Json, behalf: Option<Uuid>) {
        let noted = Noted {
            actor: actor.asking(),
            seen_as: actor.viewer.is_some().then_some(actor.id),
            behalf,
            object: object.key.clone(),
            record,
            verb,
            detail,
            request: actor.request.clone(),
            at: self.now(),
        };
        let mut waiting = self.reads().0.lock().unwrap_or_else(PoisonError::into_inner);
        if !waiting.iter().rev().take(64).any(|w| w.again(&noted)) {
            waiting.push(noted);
        }
    }

    /// So many looks wait that the reader should write them.
    pub(crate) fn reads_full(&self) -> bool {
        self.reads().0.lock().unwrap_or_else(PoisonError::into_inner).len() >= FULL
    }

    /// Writes down who looked at what since the last time. Fails without losing anything.
    ///
    /// # Errors
    /// The database.
    pub async fn flush_reads(&self) -> Outcome<usize> {
        let batch = std::mem::take(&mut *self.reads().0.lock().unwrap_or_else(PoisonError::into_inner));
        if batch.is_empty() {
            return Ok(0);
        }
        let written = self.write_reads(&batch).await;
        if written.is_err() {
            let mut waiting = self.reads().0.lock().unwrap_or_else(PoisonError::into_inner);
            let later = std::mem::take(&mut *waiting);
            waiting.extend(batch.iter().cloned().chain(later));
        }
        written.map(|()| batch.len())
    }

    async fn write_reads(&self, batch: &[Noted]) -> Outcome<()> {
        let row = |n: &Noted| -> Vec<Cell> {
            vec![
                n.object.as_str().into(),
                n.record.into(),
                n.at.into(),
                Uuid::now_v7().into(),
                n.actor.into(),
                n.verb.into(),
                if n.detail.is_null() { Cell::Null } else { Cell::Text(n.detail.to_string()) },
                n.request.as_str().into(),
                n.behalf.into(),
                n.seen_as.into(),
                if n.detail.is_null() { Cell::Null } else { salt().into() },
            ]
        };
        let columns = ["object", "record_id", "at", "id", "actor", "verb", "detail", "request_id", "behalf", "seen_as", "salt"];
        let mut tx = self.db().write().await?;
        store::insert_many(&mut tx, "sila_read", &columns, batch.iter().map(row).collect()).await?;
        tx.commit().await
    }
}
