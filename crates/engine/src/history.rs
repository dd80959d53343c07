//! Who changed what, from the audit.

use crate::{Actor, Company};
use kernel::{Cell, ColumnType, Outcome};
use serde_json::Value as Json;
use uuid::Uuid;

/// One change of a record.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: Uuid,
    /// The record it happened to: itself, or one that was merged into it.
    pub record: Uuid,
    pub at: jiff::Timestamp,
    pub actor: Option<Uuid>,
    pub rev: i64,
    pub verb: String,
    /// Field → [before, after]; null for a creation.
    pub changes: Json,
    pub cause: String,
}

impl Company {
    /// The changes of a record the actor may read, newest first; fields withheld from him are left out.
    ///
    /// # Errors
    /// Not found.
    pub async fn history(&self, actor: &Actor, object: &str, id: Uuid, limit: usize) -> Outcome<Vec<Entry>> {
        let mut conn = self.db().read().await?;
        let record = self.get_in(&mut conn, actor, object, id).await?;
        self.note_opened(&mut conn, actor, self.registry().object(object)?, &record).await?;
        let mut sql = conn.sql();
        let all = crate::merge::redirect::sources(&mut conn, object, id).await?;
        sql.push("SELECT id, at, actor, rev, verb, changes, cause, record_id FROM sila_audit WHERE record_id IN ");
        sql.bind_list(all.into_iter().map(Cell::Id));
        sql.push(" AND object = ").bind(object).push(&format!(" ORDER BY at DESC, id DESC LIMIT {}", limit.clamp(1, 500)));
        let types = [
            ColumnType::Id,
            ColumnType::Int,
            ColumnType::Id,
            ColumnType::Int,
            ColumnType::Text,
            ColumnType::Text,
            ColumnType::Text,
            ColumnType::Id,
        ];
        let mut entries = Vec::new();
        for row in conn.rows(&sql, &types).await? {
            let Some(mut e) = entry(&row) else { continue };
            if let Json::Object(map) = &mut e.changes {
                map.retain(|field, _| actor.sees(object, field));
            }
            entries.push(e);
        }
        Ok(entries)
    }
}

fn entry(row: &[Cell]) -> Option<Entry> {
    Some(Entry {
        id: row.first()?.id()?,
        record: row.get(7)?.id()?,
        at: jiff::Timestamp::from_microsecond(row.get(1)?.int()?).ok()?,
        actor: row.get(2)?.id(),
        rev: row.get(3)?.int().unwrap_or_default(),
        verb: row.get(4)?.text()?.to_owned(),
        changes: row.get(5)?.text().and_then(|t| serde_json::from_str(t).ok()).unwrap_or(Json::Null),
        cause: row.get(6)?.text().unwrap_or_default().to_owned(),
    })
}
