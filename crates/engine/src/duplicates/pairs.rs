//! The queue of likely duplicates, and what people decide about them.

use super::facts::profiles;
use super::find::{must_find, neighbours};
use crate::load::and_rule;
use crate::{Actor, Company, Cx};
use kernel::{Cell, ColumnType, Fault, Object, Outcome, Record, Verb};
use matching::{Clue, Key, Match, compare};
use std::collections::{BTreeMap, BTreeSet};
use store::{Conn, Sql};
use uuid::Uuid;

/// Two records that could be the same, for a reader who may see both.
#[derive(Clone, Debug)]
pub struct Pair {
    pub a: Record,
    pub b: Record,
    pub matched: Match,
}

/// What a person says about a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Never to be proposed again, also not after either was merged into another.
    Distinct,
    /// Out of the way for now.
    Later,
    /// Back into the queue.
    Open,
}

impl Decision {
    pub fn key(self) -> &'static str {
        match self {
            Decision::Distinct => "distinct",
            Decision::Later => "later",
            Decision::Open => "open",
        }
    }
    pub fn parse(text: &str) -> Option<Decision> {
        [Decision::Distinct, Decision::Later, Decision::Open].into_iter().find(|d| d.key() == text)
    }
}

/// Which pairs of the queue are merged at once: all with at least this score that share each of these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    pub score: i64,
    pub clues: Vec<Clue>,
}

/// The records told apart from this one for ever.
pub(crate) async fn distinct_from(conn: &mut Conn, object: &str, id: Uuid) -> Outcome<BTreeSet<Uuid>> {
    let mut sql = conn.sql();
    sql.push("SELECT b FROM sila_match_pair WHERE state = 'distinct' AND object = ").bind(object).push(" AND a = ").bind(id);
    sql.push(" UNION ALL SELECT a FROM sila_match_pair WHERE state = 'distinct' AND object = ").bind(object).push(" AND b = ").bind(id);
    let rows = conn.rows(&sql, &[ColumnType::Id]).await?;
    Ok(rows.iter().filter_map(|r| r.first().and_then(Cell::id)).collect())
}

impl Company {
    /// ` FROM pairs … WHERE` both records may be read, and changed by `verb` rules.
    fn pairs_where(&self, actor: &Actor, object: &Object, state: Decision, rule: &Rule, sql: &mut Sql) -> Outcome<()> {
        let may = actor.rule(object, &Verb::Update)?;
        sql.push(" FROM sila_match_pair p JOIN ").ident(&object.key).push(" x ON x.\"id\" = p.a AND x.\"deleted_at\" IS NULL JOIN ");
        sql.ident(&object.key).push(" y ON y.\"id\" = p.b AND y.\"deleted_at\" IS NULL WHERE p.object = ").bind(object.key.as_str());
        sql.push(" AND p.state = ").bind(state.key()).push(" AND p.score >= ").bind(rule.score);
        for clue in &rule.clues {
            // Evidence a field of which is masked for him is none he may pick by.
            sql.push(" AND p.evidence LIKE ").bind(format!("%{}:%", clue.key()));
        }
        and_rule(self, actor, object, "x", &may, sql)?;
        and_rule(self, actor, object, "y", &may, sql)
    }

    /// How many pairs wait for this reader.
    ///
    /// # Errors
    /// Not found; forbidden; invalid.
    pub async fn count_pairs(&self, actor: &Actor, object: &str, state: Decision, rule: &Rule) -> Outcome<i64> {
        let registry = self.registry();
        let object = registry.object(object)?;
        must_find(object)?;
        let mut conn = self.db().read().await?;
        let mut sql = conn.sql();
        sql.push("SELECT COUNT(*)");
        self.pairs_where(actor, object, state, rule, &mut sql)?;
        Ok(conn.int(&sql).await?.unwrap_or_default())
    }

    /// The queue, the likeliest first; the score and its evidence as this reader may know them.
    ///
    /// # Errors
    /// Not found; forbidden; invalid.
    pub async fn pairs(&self, actor: &Actor, object: &str, state: Decision, rule: &Rule, skip: usize, limit: usize) -> Outcome<Vec<Pair>> {
        let registry = self.registry();
        let object = registry.object(object)?;
        must_find(object)?;
        let mut conn = self.db().read().await?;
        let mut sql = conn.sql();
        sql.push("SELECT p.a, p.b");
        self.pairs_where(actor, object, state, rule, &mut sql)?;
        sql.push(&format!(" ORDER BY p.score DESC, p.a, p.b LIMIT {} OFFSET {}", limit.clamp(1, 200), skip.min(1_000_000)));
        let rows = conn.rows(&sql, &[ColumnType::Id, ColumnType::Id]).await?;
        let twos: Vec<(Uuid, Uuid)> = rows.iter().filter_map(|r| Some((r.first()?.id()?, r.get(1)?.id()?))).collect();
        let ids: Vec<Uuid> = twos.iter().flat_map(|(a, b)| [*a, *b]).collect::<BTreeSet<_>>().into_iter().collect();
        let mut records: BTreeMap<Uuid, Record> = BTreeMap::new();
        for mut r in self.some(&mut conn, actor, object, &ids, &Verb::Read, false).await? {
            crate::record_sql::mask(actor, &mut r);
            records.insert(r.id, r);
        }
        let known = profiles(self, &mut conn, actor, object, &ids).await?;
        let mut out = Vec::new();
        for (a, b) in twos {
            let (Some(x), Some(y)) = (records.get(&a), records.get(&b)) else { continue };
            let (Some(p), Some(q)) = (known.get(&a), known.get(&b)) else { continue };
            let (_, shared) = neighbours(&mut conn, &p.keys(&object.key), Some(a)).await?;
            let matched = compare(&object.key, p, q, &|k: Key| shared.get(&k).copied().unwrap_or(1));
            out.push(Pair { a: x.clone(), b: y.clone(), matched });
        }
        Ok(out)
    }

    /// Compares two records the actor may read.
    ///
    /// # Errors
    /// Not found.
    pub async fn compare_records(&self, actor: &Actor, object: &str, a: Uuid, b: Uuid) -> Outcome<Match> {
        let registry = self.registry();
        let object = registry.object(object)?;
        must_find(object)?;
        let mut conn = self.db().read().await?;
        for id in [a, b] {
            self.get_in(&mut conn, actor, &object.key, id).await?;
        }
        let known = profiles(self, &mut conn, actor, object, &[a, b]).await?;
        let (Some(p), Some(q)) = (known.get(&a), known.get(&b)) else { return Err(Fault::not_found()) };
        let (_, shared) = neighbours(&mut conn, &p.keys(&object.key), Some(a)).await?;
        Ok(compare(&object.key, p, q, &|k: Key| shared.get(&k).copied().unwrap_or(1)))
    }
}

impl Cx {
    /// Says what two records are to each other.
    ///
    /// # Errors
    /// Not found; forbidden: both must be the actor's to change; invalid: one record alone.
    pub async fn decide_pair(&mut self, object: &str, a: Uuid, b: Uuid, decision: Decision) -> Outcome<()> {
        let object = self.object(object)?;
        must_find(&object)?;
        if a == b {
            return Err(Fault::invalid("with", "merge-itself"));
        }
        let (company, actor) = (self.company.clone(), self.actor.clone());
        if company.allowed(&mut self.tx, &actor, &object, &[a, b], &Verb::Update).await?.len() < 2 {
            let seen = company.allowed(&mut self.tx, &actor, &object, &[a, b], &Verb::Read).await?;
            return Err(if seen.len() < 2 { Fault::not_found() } else { Fault::forbidden() });
        }
        let (a, b) = (a.min(b), a.max(b));
        let mut sql = self.tx.sql();
        sql.push("UPDATE sila_match_pair SET state = ").bind(decision.key()).push(", at = ").bind(self.now);
        sql.push(", by = ").bind(crate::side::actor_cell(self)).push(" WHERE object = ").bind(object.key.as_str());
        sql.push(" AND a = ").bind(a).push(" AND b = ").bind(b);
        if self.tx.exec(&sql).await? == 0 {
            let row = vec![
                object.key.as_str().into(),
                a.into(),
                b.into(),
                0.into(),
                "".into(),
                decision.key().into(),
                self.now.into(),
                crate::side::actor_cell(self),
            ];
            store::insert_many(&mut self.tx, "sila_match_pair", &["object", "a", "b", "score", "evidence", "state", "at", "by"], vec![row]).await?;
        }
        Ok(())
    }
}
