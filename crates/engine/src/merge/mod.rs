//! Two records become one, and can become two again.
//!
//! The loser's row stays in its table, out of sight and not in the trash; everything that pointed to it points to the
//! survivor. Every cell that a merge changes is written down with what it held before and after ([`journal`]), so
//! that [`undo`] puts back exactly that: what somebody changed since, and what was made on the survivor since, stays.
//!
//! - [`choose`]: which value survives; [`journal`]: moving references, and the book of it; [`undo`]; [`redirect`]: old ids.
//!
//! The revision of the survivor goes up by a merge and by its undoing, never back: a form that was opened in between
//! meets a conflict instead of overwriting. Rows that only point elsewhere keep theirs: nobody edited them.

pub mod choose;
mod journal;
pub mod redirect;
pub mod undo;

use crate::duplicates::facts;
use crate::duplicates::find::must_find;
use crate::side::{self, Audit};
use crate::{Cx, rollup};
pub use choose::Side;
use indexmap::IndexMap;
use journal::Journal;
use kernel::{Capability, Cell, Fault, Issue, Kind, Object, Outcome, Record, Sensitivity, Value, Verb};
use serde_json::{Map, json};
use std::sync::Arc;
use uuid::Uuid;

/// What somebody wants merged.
#[derive(Clone, Debug, Default)]
pub struct Merge {
    pub object: String,
    /// The record that stays.
    pub survivor: Uuid,
    /// The record that goes into it.
    pub loser: Uuid,
    /// The revisions the choice was made from; none: whatever is there.
    pub rev: Option<i64>,
    pub loser_rev: Option<i64>,
    /// For single fields; the others as [`choose::usual`] says.
    pub choices: IndexMap<String, Side>,
}

impl Merge {
    pub fn new(object: &str, survivor: Uuid, loser: Uuid) -> Merge {
        Merge { object: object.to_owned(), survivor, loser, ..Merge::default() }
    }
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merged {
    /// To undo it by.
    pub id: Uuid,
    pub survivor: Uuid,
    pub rev: i64,
}

impl Cx {
    /// Merges one record into another. Asked twice, the second time finds it done.
    ///
    /// # Errors
    /// Not found; forbidden: both must be the actor's to change and to delete; conflict: a revision is not the current one;
    /// invalid: into itself, two sorts, a loop, a value that is taken.
    pub async fn merge(&mut self, m: Merge) -> Outcome<Merged> {
        let object = self.object(&m.object)?;
        self.actor.rule(&object, &Verb::Read)?;
        must_find(&object)?;
        if m.survivor == m.loser {
            return Err(Fault::invalid("with", "merge-itself"));
        }
        if let Some(done) = self.merged_already(&object, &m).await? {
            return Ok(done);
        }
        let (before, loser) = self.both(&object, &m).await?;
        if let Some(f) = object.sorts.as_deref()
            && !before.get(f).is_blank()
            && !loser.get(f).is_blank()
            && before.get(f) != loser.get(f)
        {
            return Err(Fault::invalid(f, "merge-other-sort"));
        }
        let mut after = choose::merged(&object, &self.actor, &before, &loser, &m.choices);
        self.unloop(&object, &mut after, &loser).await?;
        let env = self.company.env(&self.actor);
        let registry = self.registry.clone();
        crate::compute::Rules::of(&registry, &object)?.formulas(&mut after, &env);

        let id = self.new_id();
        self.cause = format!("merge {id}");
        self.retold = true;
        let mut book = Journal::new(id);
        let images = journal::images(self, &object, &[m.survivor, m.loser]).await?;
        // The loser first, so that a unique value of it is free for the survivor.
        let mut sql = self.tx.sql();
        sql.push("UPDATE ").ident(&object.key).push(" SET deleted_at = ").bind(self.now).push(" WHERE \"id\" = ").bind(m.loser);
        self.tx.exec(&sql).await?;
        let rev = book.survivor(self, &object, &before, &mut after, &loser).await?;
        journal::set_aside(self, &object, m.survivor, m.loser).await?;
        journal::one_primary(self, &object, &after, m.loser).await?;
        let moved = book.references(self, &object, m.survivor, m.loser).await?;
        book.hanging(self, &object, m.survivor, m.loser).await?;
        for (child, ids) in moved {
            journal::tell_watchers(self, &child, &ids, m.loser, m.survivor, &object.key).await?;
        }
        book.differences(self, images).await?;
        book.close(self).await?;
        let row = vec![id.into(), object.key.as_str().into(), m.survivor.into(), m.loser.into(), self.now.into(), side::actor_cell(self)];
        store::insert_many(&mut self.tx, "sila_merge", &["id", "object", "survivor", "loser", "at", "by"], vec![row]).await?;
        self.pairs_follow(&object, &m, id).await?;
        self.settle(&object, Some(&before), &after, Some(&loser), None).await?;
        self.tell_merge(&object, &before, &after, &loser, "merged", id).await?;
        Ok(Merged { id, survivor: m.survivor, rev })
    }

    /// The same merge, done before (a crash between commit and answer, a second click).
    async fn merged_already(&mut self, object: &Object, m: &Merge) -> Outcome<Option<Merged>> {
        let mut sql = self.tx.sql();
        sql.push("SELECT id FROM sila_merge WHERE undone_at IS NULL AND object = ").bind(object.key.as_str());
        sql.push(" AND loser = ").bind(m.loser).push(" AND survivor = ").bind(m.survivor);
        let Some(id) = self.tx.row(&sql, &[kernel::ColumnType::Id]).await?.and_then(|r| r.first().and_then(Cell::id)) else { return Ok(None) };
        let (company, actor) = (self.company.clone(), self.actor.clone());
        let found = company.some(&mut self.tx, &actor, object, &[m.survivor], &Verb::Update, false).await?;
        Ok(found.first().map(|r| Merged { id, survivor: m.survivor, rev: r.rev }))
    }

    /// Both records, locked in the order of their ids.
    async fn both(&mut self, object: &Arc<Object>, m: &Merge) -> Outcome<(Record, Record)> {
        let (company, actor) = (self.company.clone(), self.actor.clone());
        let ids = [m.survivor, m.loser];
        let mut found = company.some(&mut self.tx, &actor, object, &ids, &Verb::Update, true).await?;
        let deletable = company.allowed(&mut self.tx, &actor, object, &ids, &Verb::Delete).await?;
        if found.len() < 2 || deletable.len() < 2 {
            let seen = company.allowed(&mut self.tx, &actor, object, &ids, &Verb::Read).await?;
            return Err(if seen.len() < 2 { Fault::not_found() } else { Fault::forbidden() });
        }
        let at = found.iter().position(|r| r.id == m.survivor).unwrap_or(0);
        let survivor = found.swap_remove(at);
        let loser = found.pop().ok_or_else(Fault::not_found)?;
        if m.rev.is_some_and(|r| r != survivor.rev) || m.loser_rev.is_some_and(|r| r != loser.rev) {
            return Err(Fault::conflict());
        }
        Ok((survivor, loser))
    }

    /// A record that stood above or below the other must not end up above itself.
    async fn unloop(&mut self, object: &Object, after: &mut Record, loser: &Record) -> Outcome<()> {
        for f in object.fields.iter().filter(|f| f.kind.target() == Some(object.key.as_str())) {
            match after.get(&f.key).clone() {
                Value::Ids(ids) => {
                    let ids: Vec<Uuid> = ids.into_iter().filter(|id| *id != after.id && *id != loser.id).collect();
                    after.values.insert(f.key.clone(), if ids.is_empty() { Value::Null } else { Value::Ids(ids) });
                }
                Value::Id(first) => {
                    let mut first = Some(first);
                    if first == Some(loser.id) {
                        first = loser.get(&f.key).id();
                    }
                    if first == Some(after.id) || first == Some(loser.id) {
                        first = None;
                    }
                    let (mut at, mut steps) = (first, 0);
                    while let Some(id) = at {
                        if id == after.id || id == loser.id || steps > 200 {
                            return Err(Fault::issue(Issue::new(f.key.clone(), "merge-would-loop").arg("field", f.label.get(self.actor.lang()))));
                        }
                        steps += 1;
                        let mut sql = self.tx.sql();
                        sql.push("SELECT ").ident(&f.key).push(" FROM ").ident(&object.key).push(" WHERE \"id\" = ").bind(id);
                        at = self.tx.row(&sql, &[kernel::ColumnType::Id]).await?.and_then(|r| r.first().and_then(Cell::id));
                    }
                    after.set(f.key.clone(), first);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Proposals about the loser rest; "not the same" goes over to the survivor.
    async fn pairs_follow(&mut self, object: &Object, m: &Merge, id: Uuid) -> Outcome<()> {
        let apart = crate::duplicates::pairs::distinct_from(&mut self.tx, &object.key, m.loser).await?;
        let rows = apart
            .into_iter()
            .filter(|other| *other != m.survivor)
            .map(|other| {
                let (a, b) = (m.survivor.min(other), m.survivor.max(other));
                vec![object.key.as_str().into(), a.into(), b.into(), 0.into(), "".into(), "distinct".into(), self.now.into(), id.into()]
            })
            .collect();
        // A proposal of that pair rests too, and comes back when the merge is undone.
        let mut sql = self.tx.sql();
        sql.push("UPDATE sila_match_pair SET state = 'open@' || ").bind(id.to_string()).push(" WHERE state = 'open' AND object = ");
        sql.bind(object.key.as_str()).push(" AND (a = ").bind(m.loser).push(" OR b = ").bind(m.loser).push(")");
        self.tx.exec(&sql).await?;
        let columns = ["object", "a", "b", "score", "evidence", "state", "at", "via"];
        store::insert_missing(&mut self.tx, "sila_match_pair", &columns, rows).await.map(|_| ())
    }

    /// Search, keys and roll-ups after records changed sides. `gone` left, `back` came back.
    pub(crate) async fn settle(&mut self, object: &Arc<Object>, before: Option<&Record>, after: &Record, gone: Option<&Record>, back: Option<&Record>) -> Outcome<()> {
        let mut pairs: Vec<(Option<&Record>, Option<&Record>)> = Vec::new();
        if let Some(gone) = gone {
            if object.can(Capability::Search) {
                store::search::remove_many(&mut self.tx, &object.key, &[gone.id]).await?;
            }
            facts::drop_keys(self, &[gone.id]).await?;
            pairs.push((Some(gone), None));
        }
        if let Some(back) = back {
            pairs.push((None, Some(back)));
        }
        pairs.push((before, Some(after)));
        rollup::propagate(self, object, &pairs).await?;
        let ids: Vec<Uuid> = std::iter::once(after.id).chain(back.map(|r| r.id)).collect();
        rollup::rebuild_some(self, object, &ids).await?;
        facts::rekey(self, object, &ids).await?;
        crate::part::reindex(self, object, &ids).await
    }

    /// Audit of both, a line on the survivor's time line, an event, a signal to open pages.
    pub(crate) async fn tell_merge(&mut self, object: &Arc<Object>, before: &Record, after: &Record, other: &Record, verb: &str, id: Uuid) -> Outcome<()> {
        let kept = |f: &&kernel::Field| f.sensitivity != Sensitivity::Secret && !matches!(f.kind, Kind::Rollup { .. });
        let changes: Map<String, serde_json::Value> = object
            .fields
            .iter()
            .filter(kept)
            .filter(|f| before.get(&f.key) != after.get(&f.key))
            .map(|f| (f.key.clone(), json!([before.get(&f.key).to_json(), after.get(&f.key).to_json()])))
            .collect();
        if side_audited(object) {
            let row = |record: &Record, verb: &str, changes| Audit { object: object.key.clone(), record: record.id, rev: record.rev, verb: verb.into(), changes };
            let gone = if verb == "merged" { "merged_away" } else { "separated" };
            let rows = vec![row(after, verb, changes.clone().into()), row(other, gone, serde_json::Value::Null)];
            side::audit(self, rows).await?;
        }
        let data = json!({"merge": id, "other": other.id, "changes": changes});
        if object.can(Capability::Timeline) {
            let line = vec![
                Uuid::now_v7().into(),
                after.id.into(),
                self.now.into(),
                verb.into(),
                object.key.as_str().into(),
                after.id.into(),
                side::actor_cell(self),
                data.to_string().into(),
            ];
            store::insert_many(&mut self.tx, "sila_timeline", side::TIMELINE, vec![line]).await?;
        }
        if object.can(Capability::Events) {
            self.tell(format!("{}.{verb}", object.key), object, after).await?;
        }
        self.signal(object, [after, other].into_iter());
        Ok(())
    }
}

fn side_audited(object: &Object) -> bool {
    crate::save::audited(object)
}
