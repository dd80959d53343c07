//! Old ids: whoever asks for a record that was merged away is led to the one it went into.

use crate::record_sql::{Columns, from, mask};
use crate::{Actor, Company, Cx};
use kernel::{Capability, Cell, ColumnType, Fault, Object, Outcome, Record, Value, Verb};
use std::collections::HashMap;
use store::Conn;
use uuid::Uuid;

/// Where a record went, through as many merges as there were; none: it was not merged.
pub(crate) async fn target(conn: &mut Conn, object: &str, id: Uuid) -> Outcome<Option<Uuid>> {
    let (mut at, mut found) = (id, None);
    for _ in 0..50 {
        let mut sql = conn.sql();
        sql.push("SELECT survivor FROM sila_merge WHERE undone_at IS NULL AND loser = ").bind(at).push(" AND object = ").bind(object);
        let Some(next) = conn.row(&sql, &[ColumnType::Id]).await?.and_then(|r| r.first().and_then(Cell::id)) else { break };
        at = next;
        found = Some(next);
    }
    Ok(found)
}

/// The records that went into this one, directly or through others.
pub(crate) async fn sources(conn: &mut Conn, object: &str, id: Uuid) -> Outcome<Vec<Uuid>> {
    let mut all = vec![id];
    let mut next = vec![id];
    while !next.is_empty() && all.len() < 500 {
        let mut sql = conn.sql();
        sql.push("SELECT loser FROM sila_merge WHERE undone_at IS NULL AND object = ").bind(object).push(" AND survivor IN ");
        sql.bind_list(next.iter().map(|id| Cell::Id(*id)));
        let rows = conn.rows(&sql, &[ColumnType::Id]).await?;
        next = rows.iter().filter_map(|r| r.first().and_then(Cell::id)).filter(|id| !all.contains(id)).collect();
        all.extend(&next);
    }
    Ok(all)
}

impl Company {
    /// The record that `id` was merged into, when this reader may see it.
    ///
    /// # Errors
    /// The database.
    pub async fn merged_into(&self, actor: &Actor, object: &str, id: Uuid) -> Outcome<Option<Uuid>> {
        let registry = self.registry();
        let Some(declared) = registry.find(object).filter(|o| o.can(Capability::Duplicates)) else { return Ok(None) };
        let mut conn = self.db().read().await?;
        let Some(to) = target(&mut conn, object, id).await? else { return Ok(None) };
        Ok(self.allowed(&mut conn, actor, declared, &[to], &Verb::Read).await?.pop_first())
    }

    /// A record that was merged away, as it was then; none: it was not, or it was not for this reader.
    ///
    /// # Errors
    /// The database.
    pub async fn before_merge(&self, actor: &Actor, object: &str, id: Uuid) -> Outcome<Option<Record>> {
        let registry = self.registry();
        let declared = registry.object(object)?;
        let mut conn = self.db().read().await?;
        let Ok(rule) = actor.rule(declared, &Verb::Read) else { return Ok(None) };
        if target(&mut conn, object, id).await?.is_none() {
            return Ok(None);
        }
        let columns = Columns::all(declared);
        let mut sql = conn.sql();
        sql.push("SELECT ");
        columns.write(&mut sql, "t");
        from(&mut sql, declared, "t");
        sql.push(" WHERE t.\"id\" = ").bind(id);
        crate::load::and_rule(self, actor, declared, "t", &rule, &mut sql)?;
        let mut record = conn.row(&sql, &columns.types).await?.and_then(|row| columns.record(&row));
        if let Some(r) = &mut record {
            mask(actor, r);
        }
        Ok(record)
    }
}

/// Where each of these records went; those that were not merged are not in it.
pub(crate) async fn targets(conn: &mut Conn, object: &str, ids: &[Uuid]) -> Outcome<HashMap<Uuid, Uuid>> {
    let mut moved = HashMap::new();
    for chunk in ids.chunks(500) {
        let mut sql = conn.sql();
        sql.push("SELECT DISTINCT loser FROM sila_merge WHERE undone_at IS NULL AND object = ").bind(object).push(" AND loser IN ");
        sql.bind_list(chunk.iter().map(|id| Cell::Id(*id)));
        for id in conn.rows(&sql, &[ColumnType::Id]).await?.iter().filter_map(|r| r.first().and_then(Cell::id)) {
            if let Some(to) = target(conn, object, id).await? {
                moved.insert(id, to);
            }
        }
    }
    Ok(moved)
}

impl Cx {
    /// Drafts of records that were merged away become drafts of the ones they went into: a program that remembers old
    /// ids, a form that was open.
    ///
    /// A revision of the old record is never the survivor's (a merge counts on from the higher of the two), so that
    /// whoever saw the record as it was before meets a conflict.
    pub(crate) async fn follow_moved(&mut self, object: &Object, drafts: &mut [crate::Draft]) -> Outcome<()> {
        let ids: Vec<Uuid> = drafts.iter().filter_map(|d| d.id).collect();
        let moved = targets(&mut self.tx, &object.key, &ids).await?;
        for d in drafts.iter_mut() {
            d.id = d.id.map(|id| moved.get(&id).copied().unwrap_or(id));
        }
        Ok(())
    }

    /// Holds living records against being merged away until the transaction ends, and says where those went that were:
    /// nothing may come to point to a record that a merge beside is taking away. SQLite has one writer and needs no hold.
    async fn held(&mut self, object: &str, ids: &[Uuid]) -> Outcome<HashMap<Uuid, Uuid>> {
        if self.tx.sql().is_sqlite() {
            return targets(&mut self.tx, object, ids).await;
        }
        let mut places: HashMap<Uuid, Uuid> = ids.iter().map(|id| (*id, *id)).collect();
        for _ in 0..5 {
            let mut wanted: Vec<Uuid> = places.values().copied().collect();
            wanted.sort_unstable();
            wanted.dedup();
            let mut living = std::collections::HashSet::new();
            for chunk in wanted.chunks(500) {
                let mut sql = self.tx.sql();
                sql.push("SELECT \"id\" FROM ").ident(object).push(" WHERE deleted_at IS NULL AND \"id\" IN ");
                sql.bind_list(chunk.iter().map(|id| Cell::Id(*id))).push(" ORDER BY \"id\" FOR KEY SHARE");
                living.extend(self.tx.rows(&sql, &[ColumnType::Id]).await?.iter().filter_map(|r| r.first().and_then(Cell::id)));
            }
            let missing: Vec<Uuid> = wanted.into_iter().filter(|id| !living.contains(id)).collect();
            let moved = if missing.is_empty() { HashMap::new() } else { targets(&mut self.tx, object, &missing).await? };
            if moved.is_empty() {
                break;
            }
            for place in places.values_mut() {
                *place = moved.get(place).copied().unwrap_or(*place);
            }
        }
        places.retain(|id, place| *id != *place);
        Ok(places)
    }

    /// Holds one record that something is about to be hung on (a comment, a file).
    ///
    /// # Errors
    /// Unavailable, to be tried again: it was taken away at this moment.
    pub(crate) async fn hold(&mut self, object: &str, id: Uuid) -> Outcome<()> {
        if !self.registry.find(object).is_some_and(|o| o.can(Capability::Duplicates)) {
            return Ok(());
        }
        let gone = !self.held(object, &[id]).await?.is_empty();
        if gone { Err(Fault::unavailable("serialization: the record was merged meanwhile")) } else { Ok(()) }
    }

    /// References in a draft to records that were merged away mean the ones they went into: an open form, a program that
    /// remembers ids, a file from last week.
    pub(crate) async fn follow_merges(&mut self, object: &Object, drafts: &mut [crate::Draft]) -> Outcome<()> {
        for f in object.references() {
            let Some(target_key) = f.kind.target() else { continue };
            if !self.registry.find(target_key).is_some_and(|o| o.can(Capability::Duplicates)) {
                continue;
            }
            let mut wanted: Vec<Uuid> = Vec::new();
            for d in drafts.iter() {
                match d.values.get(&f.key) {
                    Some(Value::Id(id)) => wanted.push(*id),
                    Some(Value::Ids(ids)) => wanted.extend(ids),
                    _ => {}
                }
            }
            wanted.sort_unstable();
            wanted.dedup();
            let moved = self.held(target_key, &wanted).await?;
            if moved.is_empty() {
                continue;
            }
            let to = |id: &Uuid| moved.get(id).copied().unwrap_or(*id);
            for d in drafts.iter_mut() {
                match d.values.get_mut(&f.key) {
                    Some(Value::Id(id)) => *id = to(id),
                    Some(Value::Ids(ids)) => {
                        let mut fresh: Vec<Uuid> = Vec::with_capacity(ids.len());
                        for id in ids.iter().map(to) {
                            if !fresh.contains(&id) {
                                fresh.push(id);
                            }
                        }
                        *ids = fresh;
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }
}
