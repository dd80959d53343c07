//! Finding records by words, across all objects the actor may read.

use crate::load::and_rule;
use crate::record_sql::{Columns, from, mask};
use crate::{Actor, Company};
use kernel::{Capability, Cell, ColumnType, Name, Object, Outcome, Record, Value, Verb};
use uuid::Uuid;

/// One hit.
#[derive(Clone, Debug)]
pub struct Hit {
    pub object: String,
    pub id: Uuid,
    pub title: Name,
    /// 0 is best: exact title, beginning of the title, word in it, anywhere in it, elsewhere.
    pub rank: i64,
    /// A few more fields of the record, for the second line of the hit.
    pub record: Record,
}

/// Someone from whom a searched field is withheld searches titles only: a hit would tell him the value.
pub(crate) fn title_only(actor: &Actor, object: &Object) -> bool {
    object.searched().any(|f| f.key != object.title && !actor.sees(&object.key, &f.key))
}

impl Company {
    /// The best hits, of one object or of all, best first. `limit` for each object.
    ///
    /// # Errors
    /// Not found: the object does not exist or may not be read.
    pub async fn search(&self, actor: &Actor, text: &str, object: Option<&str>, limit: usize) -> Outcome<Vec<Hit>> {
        let query = store::search::Query::parse(text);
        if query.is_empty() {
            return Ok(Vec::new());
        }
        let registry = self.registry();
        let mut conn = self.db().read().await?;
        let mut hits = Vec::new();
        let objects: Vec<_> = match object {
            Some(key) => vec![registry.object(key)?.clone()],
            None => registry.objects().filter(|o| o.can(Capability::Search)).cloned().collect(),
        };
        for o in &objects {
            let rule = match actor.rule(o, &Verb::Read) {
                Ok(rule) => rule,
                Err(f) if object.is_some() => return Err(f),
                Err(_) => continue,
            };
            if !actor.sees(&o.key, &o.title) {
                continue;
            }
            let columns = Columns::new(o, o.list_fields());
            let mut types = columns.types.clone();
            types.push(ColumnType::Int);
            let mut sql = conn.sql();
            sql.push("SELECT ");
            columns.write(&mut sql, "t");
            sql.push(", found.rank");
            from(&mut sql, o, "t");
            sql.push(" JOIN (");
            store::search::matching(&mut sql, &o.key, &query, title_only(actor, o));
            sql.push(") found ON found.record_id = t.\"id\" WHERE t.\"deleted_at\" IS NULL");
            and_rule(self, actor, o, "t", &rule, &mut sql)?;
            sql.push(&format!(" ORDER BY found.rank, found.at DESC, t.\"id\" LIMIT {limit}"));
            for row in conn.rows(&sql, &types).await? {
                let rank = row.last().and_then(Cell::int).unwrap_or(9);
                let Some(mut record) = columns.record(&row) else { continue };
                let title = crate::load::title_of(o, &record);
                mask(actor, &mut record);
                hits.push(Hit { object: o.key.clone(), id: record.id, title, rank, record });
            }
        }
        hits.sort_by_key(|h| h.rank);
        Ok(hits)
    }

    /// Records whose title begins with or contains what was typed, for a lookup; the first ones of its list when nothing was typed.
    ///
    /// # Errors
    /// Not found.
    pub async fn lookup(&self, actor: &Actor, object: &str, typed: &str, limit: usize) -> Outcome<Vec<Hit>> {
        if !typed.trim().is_empty() {
            return self.search(actor, typed, Some(object), limit).await;
        }
        let registry = self.registry();
        let o = registry.object(object)?;
        let query = crate::Query { count: crate::Count::None, ..crate::Query::new(object).limit(limit) };
        let page = self.list(actor, &query).await?;
        Ok(page
            .records
            .into_iter()
            .map(|record| Hit { object: object.to_owned(), id: record.id, title: crate::load::title_of(o, &record), rank: 0, record })
            .collect())
    }
}

/// What the second line of a hit shows: the first filled list fields beside the title.
pub fn subtitle(object: &Object, record: &Record) -> Vec<(String, Value)> {
    object
        .list_fields()
        .into_iter()
        .filter(|f| f.key != object.title && !record.get(&f.key).is_blank() && f.kind.target().is_none())
        .take(2)
        .map(|f| (f.key.clone(), record.get(&f.key).clone()))
        .collect()
}
