//! Finding records by words, across all objects the actor may read.

use crate::load::and_rule;
use crate::record_sql::{Columns, from, mask};
use crate::{Actor, Company};
use kernel::{Capability, Cell, ColumnType, Expr, Field, Kind, Name, Object, Outcome, Record, Registry, Value, Verb, Weight};
use store::{Conn, Sql};
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

/// How much of the search an actor may use. The index keeps several fields together: where one of them is withheld,
/// a hit would tell its value to whoever guesses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    All,
    /// What stands in titles: something of the rest is withheld.
    Titles,
    /// The title field alone, outside the index: something beside it in the titles is withheld (an e-mail).
    Name,
    Nothing,
}

impl Seen {
    pub fn of(actor: &Actor, registry: &Registry, object: &Object) -> Seen {
        let withheld = |f: &Field| !actor.sees(&object.key, &f.key);
        // What its parts are found by stands in the same index.
        let parts = || registry.children(&object.key).filter(|(_, via)| via.inline).map(|(child, _)| child);
        let hidden = |child: &Object, weight: fn(Weight) -> bool| {
            child.fields.iter().any(|f| weight(f.weight) && !(actor.may(child, &Verb::Read) && actor.sees(&child.key, &f.key)))
        };
        if !actor.sees(&object.key, &object.title) {
            return Seen::Nothing;
        }
        if object.searched().any(|f| f.weight == Weight::Title && withheld(f)) || parts().any(|c| hidden(c, |w| w == Weight::Title)) {
            return Seen::Name;
        }
        if object.searched().any(withheld) || parts().any(|c| hidden(c, |w| w != Weight::None)) { Seen::Titles } else { Seen::All }
    }

    /// The index can be asked.
    pub fn indexed(self) -> bool {
        matches!(self, Seen::All | Seen::Titles)
    }

    /// What stands for the index where it cannot be asked: every word is in the title.
    pub fn condition(self, object: &Object, typed: &str) -> Expr {
        let readable = object.title_field().is_some_and(|f| {
            matches!(f.kind.stored(), Kind::Name | Kind::Text { .. } | Kind::Code { .. } | Kind::LongText | Kind::Sequence { .. })
        });
        if self != Seen::Name || !readable {
            return Expr::never();
        }
        let has = |word: &str| Expr::Call("contains".into(), vec![Expr::path(&object.title), Expr::lit(word)]);
        let words = typed.split_whitespace().take(8).map(has);
        words.reduce(Expr::and).unwrap_or_else(Expr::never)
    }
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
            let seen = Seen::of(actor, &registry, o);
            // What stands in titles comes first: where that fills the list, nobody needs to look at all the other words.
            let first = if seen == Seen::All { Seen::Titles } else { seen };
            let mut ways = vec![(first, false), (seen, false)];
            // Behind the many records of others a reader's own ones would be out of sight.
            if rule != Expr::always() && seen.indexed() {
                ways.push((seen, true));
            }
            ways.dedup();
            let mut found = Vec::new();
            for (seen, deep) in ways {
                found = self.found(&mut conn, actor, o, &rule, seen, deep, &query, text, limit).await?;
                if found.len() >= limit {
                    break;
                }
            }
            hits.extend(found);
        }
        hits.sort_by_key(|h| h.rank);
        Ok(hits)
    }

    /// The best hits of one object, best first. `deep`: the newest that match among those the actor may read, not the
    /// newest of all.
    #[allow(clippy::too_many_arguments)]
    async fn found(&self, conn: &mut Conn, actor: &Actor, o: &Object, rule: &Expr, seen: Seen, deep: bool, query: &store::search::Query, typed: &str, limit: usize) -> Outcome<Vec<Hit>> {
        if seen == Seen::Nothing {
            return Ok(Vec::new());
        }
        let columns = Columns::new(o, o.list_fields());
        let mut types = columns.types.clone();
        types.push(ColumnType::Int);
        let mut sql = conn.sql();
        sql.push("SELECT ");
        columns.write(&mut sql, "t");
        if seen.indexed() {
            // Ranked by id alone: only the rows that are shown are read whole.
            sql.push(", hit.rank FROM (SELECT s.\"id\", found.rank, found.at");
            // What was found comes first: SQLite takes CROSS JOIN for the order in which to read.
            sql.push(" FROM (");
            let within = self.readable(actor, o, rule);
            store::search::matching(&mut sql, &o.key, query, seen == Seen::Titles, deep.then_some(&within))?;
            sql.push(if sql.is_sqlite() { ") found CROSS JOIN " } else { ") found JOIN " });
            sql.ident(&o.key).push(" s ON found.record_id = s.\"id\" WHERE s.\"deleted_at\" IS NULL");
            and_rule(self, actor, o, "s", rule, &mut sql)?;
            sql.push(&format!(" ORDER BY found.rank, found.at DESC, s.\"id\" LIMIT {limit}) hit JOIN "));
            sql.ident(&o.key).push(" t ON t.\"id\" = hit.\"id\" ORDER BY hit.rank, hit.at DESC, t.\"id\"");
        } else {
            sql.push(", CAST(3 AS BIGINT)");
            from(&mut sql, o, "t");
            sql.push(" WHERE t.\"deleted_at\" IS NULL");
            and_rule(self, actor, o, "t", rule, &mut sql)?;
            and_rule(self, actor, o, "t", &seen.condition(o, typed), &mut sql)?;
            sql.push(" ORDER BY t.\"id\" DESC");
        }
        sql.push(&format!(" LIMIT {limit}"));
        let hit = |row: Vec<Cell>| {
            let rank = row.last().and_then(Cell::int).unwrap_or(9);
            let mut record = columns.record(&row)?;
            let title = crate::load::title_of(o, &record);
            mask(actor, &mut record);
            Some(Hit { object: o.key.clone(), id: record.id, title, rank, record })
        };
        Ok(conn.rows(&sql, &types).await?.into_iter().filter_map(hit).collect())
    }

    /// Writes that a document `d` of the search is of a living record this actor may read.
    pub(crate) fn readable<'a>(&'a self, actor: &'a Actor, o: &'a Object, rule: &'a Expr) -> impl Fn(&mut Sql) -> Outcome<()> + 'a {
        move |sql| {
            sql.push(" AND EXISTS (SELECT 1");
            from(sql, o, "w");
            sql.push(" WHERE w.\"id\" = d.record_id AND w.\"deleted_at\" IS NULL");
            and_rule(self, actor, o, "w", rule, sql)?;
            sql.push(")");
            Ok(())
        }
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
