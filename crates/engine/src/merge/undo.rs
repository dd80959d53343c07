//! Undoing a merge: both records, their links and their histories are as they were.
//!
//! What somebody changed since then stays as he left it; what was made on the survivor since then stays with the survivor.

use super::journal::{MADE, cell_of, relink};
use crate::{Actor, Company, Cx};
use kernel::{Cell, ColumnType, Fault, Issue, Kind, Object, Outcome, Record, Verb};
use std::collections::BTreeSet;
use std::sync::Arc;
use uuid::Uuid;

/// A merge that can be looked at and, the latest first, undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Past {
    pub id: Uuid,
    pub survivor: Uuid,
    pub loser: Uuid,
    pub at: jiff::Timestamp,
    pub by: Option<Uuid>,
    pub undone_at: Option<jiff::Timestamp>,
}

const PAST: &str = "SELECT id, survivor, loser, at, by, undone_at FROM sila_merge";
const TYPES: [ColumnType; 6] = [ColumnType::Id, ColumnType::Id, ColumnType::Id, ColumnType::Int, ColumnType::Id, ColumnType::Int];

fn past(row: &[Cell]) -> Option<Past> {
    let moment = |c: Option<&Cell>| c.and_then(Cell::int).and_then(|t| jiff::Timestamp::from_microsecond(t).ok());
    Some(Past {
        id: row.first()?.id()?,
        survivor: row.get(1)?.id()?,
        loser: row.get(2)?.id()?,
        at: moment(row.get(3))?,
        by: row.get(4)?.id(),
        undone_at: moment(row.get(5)),
    })
}

impl Company {
    /// The merges into a record, the latest first.
    ///
    /// # Errors
    /// Not found.
    pub async fn merges(&self, actor: &Actor, object: &str, id: Uuid) -> Outcome<Vec<Past>> {
        let mut conn = self.db().read().await?;
        self.get_in(&mut conn, actor, object, id).await?;
        let mut sql = conn.sql();
        sql.push(PAST).push(" WHERE object = ").bind(object).push(" AND survivor = ").bind(id).push(" ORDER BY at DESC, id DESC LIMIT 100");
        Ok(conn.rows(&sql, &TYPES).await?.iter().filter_map(|r| past(r)).collect())
    }
}

impl Cx {
    /// Takes a merge back. Returns the record that came back. Asked twice, the second time finds it done.
    ///
    /// # Errors
    /// Not found; forbidden: the survivor must be the actor's to change and delete; invalid: a later merge stands on it, a
    /// value that must be unique is taken meanwhile, the survivor lies in the trash.
    pub async fn unmerge(&mut self, object: &str, merge: Uuid) -> Outcome<Uuid> {
        let object = self.object(object)?;
        self.actor.rule(&object, &Verb::Read)?;
        let mut sql = self.tx.sql();
        sql.push(PAST).push(" WHERE id = ").bind(merge).push(" AND object = ").bind(object.key.as_str());
        if !sql.is_sqlite() {
            sql.push(" FOR UPDATE");
        }
        let Some(p) = self.tx.row(&sql, &TYPES).await?.as_deref().and_then(past) else { return Err(Fault::not_found()) };
        let before = self.survivor_of(&object, &p).await?;
        if p.undone_at.is_some() {
            return Ok(p.loser);
        }
        let mut sql = self.tx.sql();
        sql.push("SELECT COUNT(*) FROM sila_merge WHERE undone_at IS NULL AND object = ").bind(object.key.as_str()).push(" AND id <> ").bind(merge);
        sql.push(" AND survivor = ").bind(p.survivor).push(" AND id > ").bind(merge);
        if self.tx.int(&sql).await?.unwrap_or_default() > 0 {
            return Err(Fault::issue(Issue::new("", "merge-later-first")));
        }
        self.cause = format!("unmerge {merge}");
        self.retold = true;
        self.put_back(&p).await?;
        let mut sql = self.tx.sql();
        sql.push("UPDATE ").ident(&object.key).push(" SET rev = rev + 1 WHERE \"id\" = ").bind(p.survivor);
        self.tx.exec(&sql).await?;
        let mut sql = self.tx.sql();
        sql.push("UPDATE ").ident(&object.key).push(" SET deleted_at = NULL WHERE \"id\" = ").bind(p.loser);
        self.tx.exec(&sql).await?;
        let mut sql = self.tx.sql();
        sql.push("UPDATE sila_merge SET undone_at = ").bind(self.now).push(", undone_by = ").bind(crate::side::actor_cell(self));
        sql.push(" WHERE id = ").bind(merge);
        self.tx.exec(&sql).await?;
        let mut sql = self.tx.sql();
        sql.push("DELETE FROM sila_match_pair WHERE via = ").bind(merge);
        self.tx.exec(&sql).await?;
        let mut sql = self.tx.sql();
        sql.push("UPDATE sila_match_pair SET state = 'open' WHERE state = ").bind(format!("open@{merge}"));
        self.tx.exec(&sql).await?;

        let company = self.company.clone();
        let mut two = company.some(&mut self.tx, &company.system(), &object, &[p.survivor, p.loser], &Verb::Read, true).await?;
        let at = two.iter().position(|r| r.id == p.survivor).ok_or_else(Fault::not_found)?;
        let survivor = two.swap_remove(at);
        let back = two.pop().ok_or_else(Fault::not_found)?;
        self.settle(&object, Some(&before), &survivor, None, Some(&back)).await?;
        self.tell_merge(&object, &before, &survivor, &back, "unmerged", merge).await?;
        Ok(p.loser)
    }

    async fn survivor_of(&mut self, object: &Arc<Object>, p: &Past) -> Outcome<Record> {
        let (company, actor) = (self.company.clone(), self.actor.clone());
        let mut found = company.some(&mut self.tx, &actor, object, &[p.survivor], &Verb::Update, true).await?;
        let deletable = company.allowed(&mut self.tx, &actor, object, &[p.survivor], &Verb::Delete).await?;
        match found.pop().filter(|_| !deletable.is_empty()) {
            Some(record) => Ok(record),
            None => {
                let seen = company.allowed(&mut self.tx, &actor, object, &[p.survivor], &Verb::Read).await?;
                if !seen.is_empty() {
                    return Err(Fault::forbidden());
                }
                // Merged away itself: the later merge comes first.
                let later = super::redirect::target(&mut self.tx, &object.key, p.survivor).await?;
                let seen = match later {
                    Some(id) => company.allowed(&mut self.tx, &actor, object, &[id], &Verb::Read).await?,
                    None => BTreeSet::new(),
                };
                Err(if seen.is_empty() { Fault::not_found() } else { Fault::issue(Issue::new("", "merge-later-first")) })
            }
        }
    }

    /// Everything in the book goes back, where it still is as the merge left it.
    async fn put_back(&mut self, p: &Past) -> Outcome<()> {
        let mut sql = self.tx.sql();
        sql.push("SELECT DISTINCT tbl, col FROM sila_merge_row WHERE key = '' AND before IS NULL AND merge_id = ").bind(p.id);
        for row in self.tx.rows(&sql, &[ColumnType::Text, ColumnType::Text]).await? {
            let (Some(table), Some(column)) = (row.first().and_then(Cell::text), row.get(1).and_then(Cell::text)) else { continue };
            let mut sql = self.tx.sql();
            if column == MADE {
                sql.push("DELETE FROM ").ident(table).push(" WHERE ");
            } else {
                sql.push("UPDATE ").ident(table).push(" SET ").ident(column).push(" = ").bind(p.loser).push(" WHERE ").ident(column);
                sql.push(" = ").bind(p.survivor).push(" AND ");
            }
            sql.push("\"id\" IN (SELECT row_id FROM sila_merge_row WHERE key = '' AND before IS NULL AND merge_id = ").bind(p.id);
            sql.push(" AND tbl = ").bind(table).push(" AND col = ").bind(column).push(")");
            self.tx.exec(&sql).await?;
        }
        let mut sql = self.tx.sql();
        sql.push("SELECT tbl, col, row_id, key, before, after FROM sila_merge_row WHERE before IS NOT NULL AND merge_id = ").bind(p.id);
        let types = [ColumnType::Text, ColumnType::Text, ColumnType::Id, ColumnType::Text, ColumnType::Text, ColumnType::Text];
        for row in self.tx.rows(&sql, &types).await? {
            let text = |i: usize| row.get(i).and_then(Cell::text).unwrap_or_default();
            let (table, column, key) = (text(0), text(1), text(3));
            let Some(id) = row.get(2).and_then(Cell::id) else { continue };
            if key.is_empty() {
                let cell = |i: usize| serde_json::from_str(text(i)).map_or(Cell::Null, |j| cell_of(&j));
                let mut sql = self.tx.sql();
                sql.push("UPDATE ").ident(table).push(" SET ").ident(column).push(" = ").bind(cell(4)).push(" WHERE \"id\" = ").bind(id);
                match cell(5) {
                    Cell::Null => sql.push(" AND ").ident(column).push(" IS NULL"),
                    now => sql.push(" AND ").ident(column).push(" = ").bind(now),
                };
                self.tx.exec(&sql).await?;
                self.list_again(table, column, id).await?;
            } else {
                self.keyed_back(table, key, text(4) == "moved", p).await?;
            }
        }
        Ok(())
    }

    /// A list of references that went back takes its index along.
    async fn list_again(&mut self, table: &str, column: &str, id: Uuid) -> Outcome<()> {
        let registry = self.registry.clone();
        let Some(field) = registry.find(table).and_then(|o| o.get(column)).filter(|f| matches!(f.kind, Kind::Refs { .. })) else { return Ok(()) };
        let Some(first) = field.columns().into_iter().next() else { return Ok(()) };
        let mut sql = self.tx.sql();
        sql.push("SELECT ").ident(&first.name).push(" FROM ").ident(table).push(" WHERE \"id\" = ").bind(id);
        let Some(cells) = self.tx.row(&sql, &[first.ty]).await? else { return Ok(()) };
        relink(self, table, column, id, &field.kind.decode(&cells)).await
    }

    /// A row without an id of its own.
    async fn keyed_back(&mut self, table: &str, image: &str, moved: bool, p: &Past) -> Outcome<()> {
        let Some(declared) = store::system::tables().tables.into_iter().find(|t| t.name == table) else { return Ok(()) };
        let cells: Vec<Cell> = serde_json::from_str::<Vec<serde_json::Value>>(image).unwrap_or_default().iter().map(cell_of).collect();
        let names: Vec<&str> = declared.columns.iter().map(|c| c.name.as_str()).collect();
        if cells.len() != names.len() {
            return Ok(());
        }
        if moved {
            let mut sql = self.tx.sql();
            sql.push("DELETE FROM ").ident(table).push(" WHERE record_id = ").bind(p.survivor);
            for (name, cell) in names.iter().zip(&cells).filter(|(n, _)| declared.primary_key.iter().any(|k| k == *n) && **n != "record_id") {
                sql.push(" AND ").ident(name).push(" = ").bind(cell.clone());
            }
            if self.tx.exec(&sql).await? == 0 {
                // Somebody took it away, or gave it to another record: so it stays.
                return Ok(());
            }
        }
        store::insert_missing(&mut self.tx, table, &names, vec![cells]).await.map(|_| ())
    }
}

/// Forgets every trace of a record that goes for good: its keys, proposals, merges and what they changed.
pub(crate) async fn forget(cx: &mut Cx, id: Uuid) -> Outcome<()> {
    crate::duplicates::facts::drop_keys(cx, &[id]).await?;
    let mut sql = cx.tx.sql();
    sql.push("DELETE FROM sila_merge_row WHERE merge_id IN (SELECT id FROM sila_merge WHERE survivor = ").bind(id).push(" OR loser = ").bind(id).push(")");
    cx.tx.exec(&sql).await?;
    for (table, one, other) in [("sila_merge", "survivor", "loser"), ("sila_match_pair", "a", "b")] {
        let mut sql = cx.tx.sql();
        sql.push("DELETE FROM ").ident(table).push(" WHERE ").ident(one).push(" = ").bind(id).push(" OR ").ident(other).push(" = ").bind(id);
        cx.tx.exec(&sql).await?;
    }
    Ok(())
}
