//! Old ids: whoever asks for a record that was merged away is led to the one it went into.

use crate::{Actor, Company, Cx};
use kernel::{Capability, Cell, ColumnType, Object, Outcome, Value, Verb};
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
}

impl Cx {
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
            let mut moved: HashMap<Uuid, Uuid> = HashMap::new();
            for chunk in wanted.chunks(500) {
                let mut sql = self.tx.sql();
                sql.push("SELECT DISTINCT loser FROM sila_merge WHERE undone_at IS NULL AND object = ").bind(target_key).push(" AND loser IN ");
                sql.bind_list(chunk.iter().map(|id| Cell::Id(*id)));
                for row in self.tx.rows(&sql, &[ColumnType::Id]).await? {
                    if let Some(id) = row.first().and_then(Cell::id)
                        && let Some(to) = target(&mut self.tx, target_key, id).await?
                    {
                        moved.insert(id, to);
                    }
                }
            }
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
