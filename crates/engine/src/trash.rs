//! Deleting, restoring, removing for good.

use crate::save::audited;
use crate::side::{self, Audit};
use crate::{Cx, rollup};
use futures::future::BoxFuture;
use kernel::{Capability, Cell, Fault, Issue, Kind, Object, Outcome, Record, Verb};
use serde_json::Value as Json;
use std::sync::Arc;
use uuid::Uuid;

impl Cx {
    /// Puts a record into the trash, with everything that is part of it (`cascade`).
    ///
    /// # Errors
    /// Not found, forbidden, conflict with `rev`; invalid while living records refer to it, with how many.
    pub async fn delete(&mut self, object: &str, id: Uuid, rev: Option<i64>) -> Outcome<()> {
        let object = self.object(object)?;
        if object.key == "user" && self.actor.may(&object, &Verb::Read) {
            self.actor.must_administer()?;
        }
        let company = self.company.clone();
        let actor = self.actor.clone();
        let mut found = company.some(&mut self.tx, &actor, &object, &[id], &Verb::Delete, true).await?;
        let Some(record) = found.pop() else {
            let readable = company.allowed(&mut self.tx, &actor, &object, &[id], &Verb::Read).await?;
            return Err(if readable.is_empty() { Fault::not_found() } else { Fault::forbidden() });
        };
        if rev.is_some_and(|rev| rev != record.rev) {
            return Err(Fault::conflict());
        }
        self.watched(&object.key, vec![(Some(record.clone()), None)]).await?;
        self.note_behalf(&object, &[id], &Verb::Delete).await?;
        self.bury(&object, vec![record.clone()]).await?;
        crate::part::settle(self, &object, &[(Some(&record), None)]).await
    }

    /// Deletes records that are known to be allowed, and their parts.
    pub(crate) fn bury<'a>(&'a mut self, object: &'a Arc<Object>, records: Vec<Record>) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            if records.is_empty() {
                return Ok(());
            }
            let ids: Vec<Uuid> = records.iter().map(|r| r.id).collect();
            let registry = self.registry.clone();
            let mut parts_went = false;
            for (child, via) in registry.children(&object.key) {
                let children = self.living_children(child, &via.key, matches!(via.kind, Kind::Refs { .. }), &ids).await?;
                if children.is_empty() {
                    continue;
                }
                if !via.cascade {
                    return Err(Fault::issue(
                        Issue::new("", "delete-in-use")
                            .arg("count", children.len())
                            .arg("object", child.plural.get(self.actor.lang())),
                    ));
                }
                let system = self.company.system();
                let company = self.company.clone();
                let records = company.some(&mut self.tx, &system, child, &children, &Verb::Read, true).await?;
                self.bury(child, records).await?;
                parts_went = true;
            }
            // The roll-ups of what is left of them are what the parents must be relieved of.
            let records = if parts_went {
                let company = self.company.clone();
                company.some(&mut self.tx, &company.system(), object, &ids, &Verb::Read, true).await?
            } else {
                records
            };
            for chunk in ids.chunks(500) {
                let mut sql = self.tx.sql();
                sql.push("UPDATE ").ident(&object.key).push(" SET rev = rev + 1, deleted_at = ").bind(self.now);
                sql.push(", updated_at = ").bind(self.now).push(", updated_by = ").bind(side::actor_cell(self));
                sql.push(" WHERE \"id\" IN ").bind_list(chunk.iter().map(|id| Cell::Id(*id)));
                self.tx.exec(&sql).await?;
            }
            self.still_administered(object, &ids).await?;
            self.touched(&object.key, records.iter().map(|r| (Some(r), None)));
            if object.can(Capability::Search) {
                store::search::remove_many(&mut self.tx, &object.key, &ids).await?;
            }
            crate::duplicates::facts::removed(self, object, &records).await?;
            self.mark(object, &records, "deleted").await?;
            let pairs: Vec<_> = records.iter().map(|r| (Some(r), None)).collect();
            rollup::propagate(self, object, &pairs).await
        })
    }

    /// At most 1,001 ids of living records that refer to one of `ids`.
    pub(crate) async fn living_children(&mut self, child: &Object, via: &str, many: bool, ids: &[Uuid]) -> Outcome<Vec<Uuid>> {
        let mut found = Vec::new();
        for chunk in ids.chunks(500) {
            let mut sql = self.tx.sql();
            sql.push("SELECT t.\"id\" FROM ").ident(&child.key).push(" t WHERE t.\"deleted_at\" IS NULL AND ");
            if many {
                sql.push("t.\"id\" IN (SELECT record_id FROM sila_link WHERE object = ").bind(child.key.as_str());
                sql.push(" AND field = ").bind(via).push(" AND target_id IN ");
                sql.bind_list(chunk.iter().map(|id| Cell::Id(*id))).push(")");
            } else {
                sql.push("t.").ident(via).push(" IN ").bind_list(chunk.iter().map(|id| Cell::Id(*id)));
            }
            let rows = self.tx.rows(&sql, &[kernel::ColumnType::Id]).await?;
            found.extend(rows.iter().filter_map(|r| r.first().and_then(Cell::id)));
        }
        Ok(found)
    }

    async fn mark(&mut self, object: &Object, records: &[Record], verb: &str) -> Outcome<()> {
        let mut audits = Vec::new();
        for r in records {
            if audited(object) {
                audits.push(Audit { object: object.key.clone(), record: r.id, rev: r.rev + 1, verb: verb.into(), changes: Json::Null });
            }
            if object.can(Capability::Events) {
                self.tell(format!("{}.{verb}", object.key), object, r).await?;
            }
        }
        self.signal(object, records.iter());
        side::audit(self, audits).await
    }

    /// Takes a record out of the trash, with the parts that went with it.
    ///
    /// # Errors
    /// Not found; invalid when what it refers to is gone, or a unique value has been taken meanwhile.
    pub async fn restore(&mut self, object: &str, id: Uuid) -> Outcome<()> {
        let object = self.object(object)?;
        let record = self.trashed(&object, id).await?;
        for f in object.references() {
            let (Some(target), Some(to)) = (f.kind.target(), record.get(&f.key).id()) else { continue };
            let target = self.object(target)?;
            let company = self.company.clone();
            let system = company.system();
            if company.allowed(&mut self.tx, &system, &target, &[to], &Verb::Read).await?.is_empty() {
                return Err(Fault::issue(Issue::new(f.key.clone(), "restore-needs-target")));
            }
        }
        let deleted_at = self.deleted_at(&object, id).await?;
        self.raise(&object, vec![id], deleted_at).await?;
        // Its parents look at their parts again; what it mirrors itself came back with it.
        crate::part::settle(self, &object, &[(Some(&record), Some(&record))]).await?;
        crate::part::reindex(self, &object, &[id]).await
    }

    fn raise<'a>(&'a mut self, object: &'a Arc<Object>, ids: Vec<Uuid>, deleted_at: i64) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            for chunk in ids.chunks(500) {
                let mut sql = self.tx.sql();
                sql.push("UPDATE ").ident(&object.key).push(" SET rev = rev + 1, deleted_at = NULL, updated_at = ").bind(self.now);
                sql.push(" WHERE \"id\" IN ").bind_list(chunk.iter().map(|id| Cell::Id(*id)));
                self.tx.exec(&sql).await?;
            }
            let company = self.company.clone();
            let system = company.system();
            let records = company.some(&mut self.tx, &system, object, &ids, &Verb::Read, true).await?;
            if object.can(Capability::Search) {
                let docs: Vec<_> = records.iter().map(|r| side::doc(object, r)).collect();
                store::search::put_many(&mut self.tx, &docs).await?;
            }
            self.touched(&object.key, records.iter().map(|r| (None, Some(r))));
            let back: Vec<_> = records.iter().map(|r| (None, r)).collect();
            crate::duplicates::facts::written(self, object, &back).await?;
            self.mark(object, &records, "restored").await?;
            let pairs: Vec<_> = records.iter().map(|r| (None, Some(r))).collect();
            rollup::propagate(self, object, &pairs).await?;

            let registry = self.registry.clone();
            for (child, via) in registry.children(&object.key).filter(|(_, via)| via.cascade) {
                let mut sql = self.tx.sql();
                sql.push("SELECT t.\"id\" FROM ").ident(&child.key).push(" t WHERE t.deleted_at = ").bind(deleted_at);
                sql.push(" AND t.").ident(&via.key).push(" IN ").bind_list(ids.iter().map(|id| Cell::Id(*id)));
                let rows = self.tx.rows(&sql, &[kernel::ColumnType::Id]).await?;
                let parts: Vec<Uuid> = rows.iter().filter_map(|r| r.first().and_then(Cell::id)).collect();
                if !parts.is_empty() {
                    self.raise(child, parts, deleted_at).await?;
                }
            }
            if self.is_watched(&object.key).await? {
                self.watched(&object.key, records.into_iter().map(|r| (None, Some(r))).collect()).await?;
            }
            Ok(())
        })
    }

    async fn deleted_at(&mut self, object: &Object, id: Uuid) -> Outcome<i64> {
        let mut sql = self.tx.sql();
        sql.push("SELECT deleted_at FROM ").ident(&object.key).push(" WHERE \"id\" = ").bind(id);
        self.tx.int(&sql).await?.ok_or_else(Fault::not_found)
    }

    /// A record in the trash that the actor may delete (and so bring back).
    async fn trashed(&mut self, object: &Object, id: Uuid) -> Outcome<Record> {
        let columns = crate::record_sql::Columns::all(object);
        let mut sql = self.tx.sql();
        let company = self.company.clone();
        sql.push("SELECT ");
        columns.write(&mut sql, "t");
        let query = crate::Query { trash: true, ..crate::Query::new(object.key.clone()) };
        company.rows_where(&self.actor, object, &query, &mut sql)?;
        sql.push(" AND t.\"id\" = ").bind(id);
        if sql.dialect() == store::Dialect::Postgres {
            // Of two who restore it at once the second finds it gone from the trash.
            sql.push(" FOR UPDATE OF t");
        }
        let row = self.tx.row(&sql, &columns.types).await?.ok_or_else(Fault::not_found)?;
        columns.record(&row).ok_or_else(Fault::not_found)
    }

    /// Removes a record in the trash for good, with its parts, comments, time line and links. The audit stays.
    ///
    /// # Errors
    /// Not found.
    pub async fn purge(&mut self, object: &str, id: Uuid) -> Outcome<()> {
        let object = self.object(object)?;
        let record = self.trashed(&object, id).await?;
        self.erase(&object, vec![id]).await?;
        self.mark(&object, &[record], "purged").await
    }

    pub(crate) fn erase<'a>(&'a mut self, object: &'a Arc<Object>, ids: Vec<Uuid>) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            let registry = self.registry.clone();
            for (child, via) in registry.children(&object.key).filter(|(_, via)| via.cascade) {
                let mut sql = self.tx.sql();
                sql.push("SELECT t.\"id\" FROM ").ident(&child.key).push(" t WHERE t.").ident(&via.key).push(" IN ");
                sql.bind_list(ids.iter().map(|id| Cell::Id(*id)));
                let rows = self.tx.rows(&sql, &[kernel::ColumnType::Id]).await?;
                let parts: Vec<Uuid> = rows.iter().filter_map(|r| r.first().and_then(Cell::id)).collect();
                if !parts.is_empty() {
                    self.erase(child, parts).await?;
                }
            }
            if object.can(Capability::Duplicates) {
                for id in &ids {
                    // What was merged into it goes with it.
                    let merged: Vec<Uuid> = crate::merge::redirect::sources(&mut self.tx, &object.key, *id).await?.into_iter().filter(|m| m != id).collect();
                    crate::merge::undo::forget(self, *id).await?;
                    if !merged.is_empty() {
                        self.erase(object, merged).await?;
                    }
                }
            }
            for id in &ids {
                for table in ["sila_comment_edit", "sila_reaction"] {
                    let mut sql = self.tx.sql();
                    sql.push("DELETE FROM ").push(table).push(" WHERE comment IN (SELECT id FROM sila_comment WHERE object = ").bind(object.key.as_str());
                    sql.push(" AND record_id = ").bind(*id).push(")");
                    self.tx.exec(&sql).await?;
                }
                for table in ["sila_timeline", "sila_comment", "sila_link", "sila_external", "sila_file", "sila_notice", "sila_follow", "sila_dav"] {
                    let mut sql = self.tx.sql();
                    sql.push("DELETE FROM ").push(table).push(" WHERE object = ").bind(object.key.as_str());
                    sql.push(" AND record_id = ").bind(*id);
                    self.tx.exec(&sql).await?;
                }
                let mut sql = self.tx.sql();
                sql.push("DELETE FROM sila_timeline WHERE anchor = ").bind(*id);
                self.tx.exec(&sql).await?;
                let mut sql = self.tx.sql();
                sql.push("DELETE FROM ").ident(&object.key).push(" WHERE \"id\" = ").bind(*id);
                self.tx.exec(&sql).await?;
            }
            Ok(())
        })
    }
}
