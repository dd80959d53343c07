//! Versions of a file: a newer one takes the place of the one before, which stays to be looked at and brought back.
//!
//! Contents are kept once per content, so a version that is brought back, or the same file on another record, takes no
//! more room.

use super::{Kept, Stored, TYPES, stored};
use crate::side::{TIMELINE, actor_cell};
use crate::{Actor, Company, Cx};
use kernel::{Cell, ColumnType, Fault, FileRef, Issue, Outcome, Verb};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

/// One version of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    pub stored: Stored,
    /// 1, 2, 3 …
    pub n: i64,
    /// What its author says of it.
    pub note: String,
}

/// A file of a record as it is now, and what is known beside its content.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    pub now: Version,
    /// Who works on it at the moment and asks the others to wait, since when. A hint with teeth: only he, or an
    /// administrator, puts a new version in place meanwhile.
    pub held: Option<(Uuid, jiff::Timestamp)>,
}

const MORE: &str = "SELECT id, name, media, size, sha256, at, by, version, note, held_by, held_at FROM sila_file WHERE deleted_at IS NULL AND object = ";

fn types() -> Vec<ColumnType> {
    let mut types = TYPES.to_vec();
    types.extend([ColumnType::Int, ColumnType::Text, ColumnType::Id, ColumnType::Int]);
    types
}

fn version(row: &[Cell]) -> Option<Version> {
    let note = row.get(8).and_then(Cell::text).unwrap_or_default().to_owned();
    Some(Version { stored: stored(row)?, n: row.get(7).and_then(Cell::int).unwrap_or(1), note })
}

impl Company {
    /// A file of a record as it is now, with its versions, newest first. `file` may be any of them.
    ///
    /// # Errors
    /// Not found.
    pub async fn document(&self, actor: &Actor, object: &str, id: Uuid, file: Uuid) -> Outcome<(Document, Vec<Version>)> {
        let first = self.first_version(actor, object, id, file).await?;
        let mut conn = self.db().read().await?;
        let mut sql = conn.sql();
        sql.push(MORE).bind(object).push(" AND record_id = ").bind(id).push(" AND (id = ").bind(first).push(" OR first = ").bind(first);
        sql.push(") ORDER BY COALESCE(version, 1) DESC");
        let rows = conn.rows(&sql, &types()).await?;
        let versions: Vec<Version> = rows.iter().filter_map(|r| version(r)).collect();
        let now = versions.first().cloned().ok_or_else(Fault::not_found)?;
        let newest = rows.first().map(Vec::as_slice).unwrap_or_default();
        let since = newest.get(10).and_then(Cell::int).and_then(|t| jiff::Timestamp::from_microsecond(t).ok());
        let held = newest.get(9).and_then(Cell::id).zip(since);
        Ok((Document { now, held }, versions))
    }

    /// The first version of the file that `file` is a version of. The newest one must be a file of the record for this actor.
    async fn first_version(&self, actor: &Actor, object: &str, id: Uuid, file: Uuid) -> Outcome<Uuid> {
        let current = self.files(actor, object, id).await?;
        let mut conn = self.db().read().await?;
        let mut sql = conn.sql();
        sql.push("SELECT COALESCE(first, id) FROM sila_file WHERE deleted_at IS NULL AND id = ").bind(file).push(" AND object = ").bind(object).push(" AND record_id = ").bind(id);
        let first = conn.row(&sql, &[ColumnType::Id]).await?.and_then(|r| r.first().and_then(Cell::id)).ok_or_else(Fault::not_found)?;
        let mut sql = conn.sql();
        sql.push("SELECT id FROM sila_file WHERE deleted_at IS NULL AND superseded_at IS NULL AND (id = ").bind(first).push(" OR first = ").bind(first).push(")");
        let newest = conn.row(&sql, &[ColumnType::Id]).await?.and_then(|r| r.first().and_then(Cell::id));
        // What is withheld from the reader as a field is withheld in every version.
        if current.iter().any(|f| Some(f.file.id) == newest) { Ok(first) } else { Err(Fault::not_found()) }
    }

    /// One version and its content.
    ///
    /// # Errors
    /// Not found.
    pub async fn version(&self, actor: &Actor, object: &str, id: Uuid, file: Uuid) -> Outcome<(Stored, Vec<u8>)> {
        let (_, versions) = self.document(actor, object, id, file).await?;
        let stored = versions.into_iter().map(|v| v.stored).find(|s| s.file.id == file).ok_or_else(Fault::not_found)?;
        let bytes = store::files::get(self.dir(), &stored.sha256).await?;
        Ok((stored, bytes))
    }

    /// Puts a new version in the place of the newest one.
    ///
    /// # Errors
    /// Those of [`super::examine`]; not found, forbidden; invalid `file-held`: somebody else works on it.
    pub async fn revise(&self, actor: &Actor, object: &str, id: Uuid, file: Uuid, name: &str, bytes: &[u8], note: &str) -> Outcome<FileRef> {
        let kept = self.keep(name, bytes).await?;
        self.replace(actor, object, id, file, kept, note).await
    }

    /// Puts an earlier version in place again, as a new one.
    ///
    /// # Errors
    /// As [`Company::revise`].
    pub async fn bring_back(&self, actor: &Actor, object: &str, id: Uuid, file: Uuid, note: &str) -> Outcome<FileRef> {
        let (_, versions) = self.document(actor, object, id, file).await?;
        let s = versions.into_iter().map(|v| v.stored).find(|s| s.file.id == file).ok_or_else(Fault::not_found)?;
        let kept = Kept { name: s.file.name, media: s.file.media, sha256: s.sha256, size: s.file.size };
        self.replace(actor, object, id, file, kept, note).await
    }

    async fn replace(&self, actor: &Actor, object: &str, id: Uuid, file: Uuid, kept: Kept, note: &str) -> Outcome<FileRef> {
        let first = self.first_version(actor, object, id, file).await?;
        let note: String = note.trim().chars().take(500).collect();
        crate::cx::transact(self, actor, |cx| {
            let (object, kept, note) = (object.to_owned(), kept.clone(), note.clone());
            Box::pin(async move { cx.replace_file(&object, id, first, &kept, &note).await })
        })
        .await
    }

    /// Says that one works on a file, or no longer does.
    ///
    /// # Errors
    /// Not found, forbidden; invalid `file-held`: somebody else does.
    pub async fn hold_file(&self, actor: &Actor, object: &str, id: Uuid, file: Uuid, hold: bool) -> Outcome<()> {
        let first = self.first_version(actor, object, id, file).await?;
        let mut cx = self.write(actor).await?;
        let newest = cx.newest_version(object, id, first).await?;
        let mut sql = cx.tx.sql();
        sql.push("UPDATE sila_file SET held_by = ").bind(if hold { Cell::Id(actor.id) } else { Cell::Null }).push(", held_at = ");
        sql.bind(if hold { Cell::from(cx.now) } else { Cell::Null }).push(" WHERE id = ").bind(newest.0);
        cx.tx.exec(&sql).await?;
        cx.tx.notify(format!("{object}:{id}"));
        cx.commit().await
    }
}

impl Cx {
    /// Id and number of the newest version, which this actor may replace.
    async fn newest_version(&mut self, object: &str, id: Uuid, first: Uuid) -> Outcome<(Uuid, i64)> {
        let (company, actor) = (self.company.clone(), self.actor.clone());
        let declared = self.object(object)?;
        if company.allowed(&mut self.tx, &actor, &declared, &[id], &Verb::Update).await?.is_empty() {
            return Err(Fault::forbidden());
        }
        let mut sql = self.tx.sql();
        sql.push("SELECT id, COALESCE(version, 1), held_by FROM sila_file WHERE deleted_at IS NULL AND superseded_at IS NULL AND (id = ");
        sql.bind(first).push(" OR first = ").bind(first).push(")");
        if sql.dialect() == store::Dialect::Postgres {
            // Of two who put a version in place at once the second follows the first.
            sql.push(" FOR UPDATE");
        }
        let row = self.tx.row(&sql, &[ColumnType::Id, ColumnType::Int, ColumnType::Id]).await?.ok_or_else(Fault::not_found)?;
        let held = row.get(2).and_then(Cell::id).filter(|by| *by != actor.id);
        if held.is_some() && actor.must_administer().is_err() {
            return Err(Fault::issue(Issue::new("file", "file-held")));
        }
        let newest = row.first().and_then(Cell::id).ok_or_else(Fault::not_found)?;
        Ok((newest, row.get(1).and_then(Cell::int).unwrap_or(1)))
    }

    async fn replace_file(&mut self, object: &str, id: Uuid, first: Uuid, kept: &Kept, note: &str) -> Outcome<FileRef> {
        let (newest, n) = self.newest_version(object, id, first).await?;
        let mut sql = self.tx.sql();
        sql.push("UPDATE sila_file SET superseded_at = ").bind(self.now).push(", held_by = NULL, held_at = NULL WHERE id = ").bind(newest);
        self.tx.exec(&sql).await?;
        let file = self.keep_file(object, id, kept, None).await?;
        let mut sql = self.tx.sql();
        sql.push("UPDATE sila_file SET first = ").bind(first).push(", version = ").bind(n + 1).push(", note = ").bind(note).push(" WHERE id = ").bind(file.id);
        self.tx.exec(&sql).await?;
        let data = json!({"file": file.id, "name": file.name, "size": file.size, "version": n + 1}).to_string();
        let row = vec![self.new_id().into(), id.into(), self.now.into(), "file".into(), object.into(), id.into(), actor_cell(self), data.into()];
        store::insert_many(&mut self.tx, "sila_timeline", TIMELINE, vec![row]).await?;
        let (company, actor) = (self.company.clone(), self.actor.clone());
        let declared = self.object(object)?;
        if let Some(record) = company.some(&mut self.tx, &actor, &declared, &[id], &Verb::Read, false).await?.pop() {
            self.tell_followers(&declared, &record, "file", &json!({"file": file.id}), &BTreeSet::new()).await?;
        }
        self.tx.notify(format!("{object}:{id}"));
        Ok(file)
    }
}
