//! Creating and changing records: one path for a form, the API, an import of 500 rows.
//!
//! All or nothing: the first fault gives up the whole call, and the caller's transaction with it.

use crate::draft::{Draft, Saved};
use crate::compute::Rules;
use crate::module::RULED;
use crate::{Cx, rollup, side};
use kernel::{Capability, Cell, ColumnType, Fault, FaultKind, Field, Issue, Kind, Object, Outcome, Record, Value, Verb};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use uuid::Uuid;

/// A draft on its way: what was, what will be.
pub(crate) struct Change {
    pub before: Option<Record>,
    pub after: Record,
    pub written: Vec<String>,
    pub external: Option<(String, String)>,
}

impl Cx {
    /// Creates or changes one record.
    ///
    /// # Errors
    /// See [`Cx::save_many`].
    pub async fn save(&mut self, object: &str, draft: Draft) -> Outcome<Saved> {
        self.save_many(object, vec![draft]).await?.pop().ok_or_else(|| Fault::internal("a draft without a result"))
    }

    /// Creates or changes records of one object, in order.
    ///
    /// # Errors
    /// Invalid: fields with their issues. Not found or forbidden: by the row rule before or after the change.
    /// Conflict: the revision of a draft is not the current one.
    pub async fn save_many(&mut self, object: &str, drafts: Vec<Draft>) -> Outcome<Vec<Saved>> {
        let object = self.object(object)?;
        let env = self.company.env(&self.actor);
        let mut drafts = self.resolve(&object, drafts).await?;
        self.follow_merges(&object, &mut drafts).await?;
        let mut existing = self.existing(&object, &drafts).await;
        // A merge, or its undoing, may be committed between two looks.
        for _ in 0..2 {
            if object.can(Capability::Duplicates) && matches!(&existing, Err(fault) if fault.kind == FaultKind::NotFound) {
                self.follow_moved(&object, &mut drafts).await?;
                existing = self.existing(&object, &drafts).await;
            }
        }
        let mut existing = existing?;
        let registry = self.registry.clone();
        let rules = Rules::of(&registry, &object)?;
        let mut changes = Vec::with_capacity(drafts.len());
        for draft in drafts {
            changes.push(self.change(&rules, draft, &mut existing, &env)?);
        }
        self.sequences(&object, &mut changes).await?;
        self.prepare(&object, &mut changes).await?;
        for c in &mut changes {
            rules.formulas(&mut c.after, &env);
            Fault::check(rules.issues(c.before.as_ref(), &c.after, &c.written, &env))?;
        }
        self.identities(&object, &changes)?;
        self.references(&object, &changes).await?;

        crate::part::one_primary(&object, changes.iter().map(|c| (c.before.as_ref(), &c.after)))?;
        let (same, mut changed): (Vec<_>, Vec<_>) = changes.into_iter().enumerate().partition(|(_, c)| c.same());
        self.gated(&object.key, &changed).await?;
        self.insert(&object, &mut changed).await?;
        self.update(&object, &mut changed).await?;
        let moves = crate::tree::moves(&object, changed.iter().map(|(_, c)| (c.before.as_ref(), &c.after)));
        crate::tree::no_loops(self, &object, moves).await?;
        self.permitted(&object, &changed).await?;
        let known: Vec<Uuid> = changed.iter().filter(|(_, c)| c.before.is_some()).map(|(_, c)| c.after.id).collect();
        self.still_administered(&object, &known).await?;
        let list: Vec<&Change> = changed.iter().map(|(_, c)| c).collect();
        self.touched(&object.key, list.iter().map(|c| (c.before.as_ref(), Some(&c.after))));
        self.remember(&object, &list).await?;
        side::written(self, &object, &list).await?;
        self.tell_changes(&object, &list).await?;
        let told: Vec<_> = list.iter().map(|c| (c.before.as_ref(), &c.after)).collect();
        crate::duplicates::facts::written(self, &object, &told).await?;
        let pairs = list.iter().map(|c| (c.before.as_ref(), Some(&c.after))).collect::<Vec<_>>();
        rollup::propagate(self, &object, &pairs).await?;
        crate::part::settle(self, &object, &pairs).await?;
        if self.is_watched(&object.key).await? {
            let changes = list.iter().map(|c| (c.before.clone(), Some(c.after.clone()))).collect();
            self.watched(&object.key, changes).await?;
        }

        let mut out: Vec<(usize, Saved)> = same.into_iter().map(|(i, c)| (i, Saved::Unchanged(c.after))).collect();
        out.extend(changed.into_iter().map(|(i, c)| (i, if c.before.is_some() { Saved::Updated(c.after) } else { Saved::Created(c.after) })));
        out.sort_by_key(|(i, _)| *i);
        Ok(out.into_iter().map(|(_, s)| s).collect())
    }

    /// Lets the modules fill in and refuse records that are about to be checked.
    async fn prepare(&mut self, object: &Object, changes: &mut [Change]) -> Outcome<()> {
        let company = self.company.clone();
        for prepare in company.modules().iter().flat_map(|m| &m.prepares).filter(|p| p.object == object.key) {
            for c in changes.iter_mut() {
                (prepare.run)(self, c.before.as_ref(), &mut c.after).await?;
            }
        }
        Ok(())
    }

    /// Asks the gates about changes that are about to be stored.
    async fn gated(&mut self, object: &str, changed: &[(usize, Change)]) -> Outcome<()> {
        if self.retold || changed.is_empty() {
            return Ok(());
        }
        let company = self.company.clone();
        for gate in company.modules().iter().flat_map(|m| &m.gates) {
            let Some(run) = gate.change.filter(|_| gate.object == object || gate.object == RULED) else { continue };
            if gate.object != RULED || !self.rules(object).await?.is_empty() {
                let pairs: Vec<_> = changed.iter().map(|(_, c)| (c.before.as_ref(), &c.after)).collect();
                run(self, &pairs).await?;
            }
        }
        Ok(())
    }

    pub(crate) async fn is_watched(&mut self, object: &str) -> Outcome<bool> {
        let company = self.company.clone();
        Ok(company.watches(object) || company.watches(RULED) && !self.rules(object).await?.is_empty())
    }

    /// Tells the modules that watch the object.
    pub(crate) fn watched<'a>(&'a mut self, object: &'a str, changes: Vec<(Option<Record>, Option<Record>)>) -> futures::future::BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            let company = self.company.clone();
            if changes.is_empty() {
                return Ok(());
            }
            for watch in company.modules().iter().flat_map(|m| &m.watches).filter(|w| w.object == object || w.object == RULED) {
                if watch.object != RULED || !self.rules(object).await?.is_empty() {
                    (watch.run)(self, &changes).await?;
                }
            }
            Ok(())
        })
    }

    /// What the declarations say against each draft by itself, without storing anything: an import asks after a batch
    /// was refused, to leave out all bad lines at once. What only the database knows (uniqueness, rights) is not in it.
    ///
    /// # Errors
    /// As [`Cx::save_many`], where it is not about one draft.
    pub(crate) async fn faults(&mut self, object: &str, drafts: &[Draft]) -> Outcome<Vec<Option<Fault>>> {
        let object = self.object(object)?;
        let env = self.company.env(&self.actor);
        let mut existing = self.existing(&object, drafts).await?;
        let registry = self.registry.clone();
        let rules = Rules::of(&registry, &object)?;
        let one = |draft: &Draft, existing: &mut HashMap<Uuid, Record>| {
            let mut c = self.change(&rules, draft.clone(), existing, &env)?;
            rules.formulas(&mut c.after, &env);
            Fault::check(rules.issues(c.before.as_ref(), &c.after, &c.written, &env))
        };
        Ok(drafts.iter().map(|d| one(d, &mut existing).err()).collect())
    }

    /// Finds drafts with an external id by it, where they name no id themselves.
    async fn resolve(&mut self, object: &Object, mut drafts: Vec<Draft>) -> Outcome<Vec<Draft>> {
        let mut wanted: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (system, key) in drafts.iter().filter(|d| d.id.is_none()).filter_map(|d| d.external.as_ref()) {
            wanted.entry(system.clone()).or_default().insert(key.clone());
        }
        for (system, keys) in wanted {
            let keys: Vec<String> = keys.into_iter().collect();
            let found = self.external_ids(&object.key, &system, &keys).await?;
            for d in drafts.iter_mut().filter(|d| d.id.is_none()) {
                if let Some((s, k)) = &d.external
                    && *s == system
                {
                    d.id = found.get(k).copied();
                }
            }
        }
        Ok(drafts)
    }

    /// The records known in `system` under these keys (living ones).
    pub async fn external_ids(&mut self, object: &str, system: &str, keys: &[String]) -> Outcome<HashMap<String, Uuid>> {
        let mut found = HashMap::with_capacity(keys.len());
        for chunk in keys.chunks(500) {
            let mut sql = self.tx.sql();
            sql.push("SELECT e.key, e.record_id FROM sila_external e JOIN ").ident(object).push(" t ON t.\"id\" = e.record_id");
            sql.push(" WHERE t.\"deleted_at\" IS NULL AND e.object = ").bind(object).push(" AND e.system = ").bind(system);
            sql.push(" AND e.key IN ").bind_list(chunk.iter().map(|k| k.as_str().into()));
            for row in self.tx.rows(&sql, &[ColumnType::Text, ColumnType::Id]).await? {
                if let (Some(k), Some(id)) = (row.first().and_then(Cell::text), row.get(1).and_then(Cell::id)) {
                    found.insert(k.to_owned(), id);
                }
            }
        }
        Ok(found)
    }

    /// The label of the action that alone gives this value, where it is not the one that is running. What an import or
    /// a merge writes was decided before.
    fn withheld(&self, object: &Object, f: &Field, value: &Value, before: Option<&Record>) -> Option<&crate::Action> {
        let key = f.kind.options().iter().find(|o| Some(o.key.as_str()) == value.text())?.by.as_deref()?;
        let same = before.is_some_and(|b| b.get(&f.key) == value);
        let runs = self.acting.is_some_and(|(of, action)| of == object.key && action == key);
        self.company.action(&object.key, key).filter(|_| !(self.retold || same || runs))
    }

    /// The records that are to be changed, locked; refused when one is not there for this actor.
    async fn existing(&mut self, object: &Object, drafts: &[Draft]) -> Outcome<HashMap<Uuid, Record>> {
        let ids: Vec<Uuid> = drafts.iter().filter_map(|d| d.id).collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let company = self.company.clone();
        let actor = self.actor.clone();
        let found: HashMap<Uuid, Record> =
            company.some(&mut self.tx, &actor, object, &ids, &Verb::Update, true).await?.into_iter().map(|r| (r.id, r)).collect();
        if let Some(id) = ids.iter().find(|id| !found.contains_key(id)) {
            let readable = company.allowed(&mut self.tx, &actor, object, &[*id], &Verb::Read).await?;
            return Err(if readable.is_empty() { Fault::not_found() } else { Fault::forbidden() });
        }
        self.note_behalf(object, &ids, &Verb::Update).await?;
        Ok(found)
    }

    /// Lays the draft over what is there.
    fn change(&self, rules: &Rules<'_>, draft: Draft, existing: &mut HashMap<Uuid, Record>, env: &kernel::expr::Env) -> Outcome<Change> {
        let object = rules.object();
        let before = match draft.id {
            Some(id) => Some(existing.get(&id).cloned().ok_or_else(Fault::not_found)?),
            None => None,
        };
        if let (Some(rev), Some(b)) = (draft.rev, &before)
            && rev != b.rev
        {
            return Err(Fault::conflict());
        }
        if before.is_none() {
            self.actor.rule(object, &Verb::Create)?;
        }
        let mut after = before.clone().unwrap_or_else(|| {
            let mut r = Record::new(object.key.clone(), self.new_id());
            r.set("created_at", self.now);
            r.set("created_by", self.by());
            r
        });
        let mut issues = Vec::new();
        let mut written = Vec::new();
        for (key, value) in draft.values {
            let Some(f) = object.fields.iter().find(|f| f.key == key) else {
                issues.push(Issue::new(key.clone(), "expr-unknown-field").arg("name", &key));
                continue;
            };
            let value = match value {
                Value::Text(html) if matches!(f.kind, Kind::RichText) => Value::Text(crate::rich::clean(&html)),
                other => other,
            };
            let masked = self.actor.mask(&object.key, &key);
            if masked == Some(kernel::Mask::Hidden) {
                issues.push(Issue::new(key.clone(), "expr-unknown-field").arg("name", &key));
            } else if (!f.writable() && !draft.trusted) || f.kind.computed() || masked.is_some() {
                // Sending back what was read is no offence; changing it is.
                let same = before.as_ref().is_some_and(|b| *b.get(&key) == value);
                if !(same || masked == Some(kernel::Mask::Masked) && value.text().is_some_and(|t| t.starts_with("••••"))) {
                    issues.push(Issue::new(key.clone(), "value-read-only"));
                }
            } else if let Some(action) = self.withheld(&object, f, &value, before.as_ref()).filter(|_| !draft.trusted) {
                issues.push(Issue::by_action(key.clone(), action.key, action.label.get(self.actor.lang())));
            } else {
                after.values.insert(key.clone(), value);
                written.push(key);
            }
        }
        Fault::check(issues)?;
        if before.is_none() {
            rules.defaults(&mut after, env);
            let settings = self.company.settings();
            for f in object.fields.iter().filter(|f| matches!(f.kind, Kind::Rollup { .. })) {
                after.values.insert(f.key.clone(), rollup::zero(&f.kind, &settings.currency));
            }
            for f in &object.fields {
                after.values.entry(f.key.clone()).or_insert(Value::Null);
            }
        }
        if let Some(id) = draft.id {
            // A second draft for the same record in one call builds on the first.
            existing.insert(id, after.clone());
        }
        Ok(Change { before, after, written, external: draft.external })
    }

    fn by(&self) -> Value {
        if self.actor.is_system() { Value::Null } else { Value::Id(self.actor.id) }
    }

    /// Numbers new records, in the transaction that saves them, so that a series has no gap.
    async fn sequences(&mut self, object: &Object, changes: &mut [Change]) -> Outcome<()> {
        for f in &object.fields {
            let Kind::Sequence { prefix, pad, .. } = &f.kind else { continue };
            let n = changes.iter().filter(|c| c.before.is_none()).count();
            if n == 0 {
                continue;
            }
            let counter = format!("{}.{}", object.key, f.key);
            let mut next = store::counter::reserve(&mut self.tx, &counter, n as i64).await?;
            for c in changes.iter_mut().filter(|c| c.before.is_none()) {
                c.after.set(f.key.clone(), format!("{prefix}{next:0width$}", width = usize::from(*pad)));
                next += 1;
            }
        }
        Ok(())
    }

    /// Who can sign in, and where the letter for a forgotten password goes, is for administrators alone: whoever may
    /// otherwise change users, or holds an administrator's token of lesser scope, could make himself one of them.
    fn identities(&self, object: &Object, changes: &[Change]) -> Outcome<()> {
        let same = |c: &Change| c.before.as_ref().is_some_and(|b| ["email", "active"].iter().all(|f| b.get(f) == c.after.get(f)));
        if object.key == "user" && !changes.iter().all(same) { self.actor.must_administer() } else { Ok(()) }
    }

    /// Everything a changed reference points to exists and may be seen by the actor.
    async fn references(&mut self, object: &Object, changes: &[Change]) -> Outcome<()> {
        let company = self.company.clone();
        let actor = self.actor.clone();
        for f in object.references() {
            let Some(target) = f.kind.target() else { continue };
            let mut ids = BTreeSet::new();
            for c in changes {
                if c.before.as_ref().map(|b| b.get(&f.key)) == Some(c.after.get(&f.key)) {
                    continue;
                }
                match c.after.get(&f.key) {
                    Value::Id(id) => {
                        ids.insert(*id);
                    }
                    Value::Ids(list) => ids.extend(list),
                    _ => {}
                }
            }
            if ids.is_empty() {
                continue;
            }
            let target = self.object(target)?;
            let list: Vec<Uuid> = ids.iter().copied().collect();
            let seen = company.allowed(&mut self.tx, &actor, &target, &list, &Verb::Read).await?;
            if ids.iter().any(|id| !seen.contains(id)) {
                return Err(Fault::issue(Issue::new(f.key.clone(), "value-no-such-record")));
            }
        }
        Ok(())
    }

    async fn insert(&mut self, object: &Object, changed: &mut [(usize, Change)]) -> Outcome<()> {
        let mut columns = vec!["id".to_owned(), "rev".into(), "created_at".into(), "created_by".into(), "updated_at".into(), "updated_by".into()];
        columns.extend(object.fields.iter().flat_map(Field::columns).map(|c| c.name));
        let now = self.now;
        let by = self.by();
        let mut rows = Vec::new();
        for (_, c) in changed.iter_mut().filter(|(_, c)| c.before.is_none()) {
            c.after.rev = 1;
            c.after.set("rev", 1);
            c.after.set("updated_at", now);
            c.after.set("updated_by", by.clone());
            let by = by.id();
            let mut row: Vec<Cell> = vec![c.after.id.into(), 1.into(), now.into(), by.into(), now.into(), by.into()];
            row.extend(object.fields.iter().flat_map(|f| f.kind.encode(c.after.get(&f.key))));
            rows.push(row);
        }
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        store::insert_many(&mut self.tx, &object.key, &columns, rows).await
    }

    async fn update(&mut self, object: &Object, changed: &mut [(usize, Change)]) -> Outcome<()> {
        let now = self.now;
        let by = self.by();
        // Two drafts of one record in one call (two keys of a merged customer): the second follows the first.
        let mut revs: HashMap<Uuid, i64> = HashMap::new();
        for (_, c) in changed.iter_mut() {
            let Some(before) = &c.before else { continue };
            let rev = revs.get(&c.after.id).copied().unwrap_or(before.rev);
            let mut sql = self.tx.sql();
            sql.push("UPDATE ").ident(&object.key).push(" SET rev = rev + 1, updated_at = ").bind(now);
            sql.push(", updated_by = ").bind(by.id());
            for f in object.fields.iter().filter(|f| before.get(&f.key) != c.after.get(&f.key)) {
                for (column, cell) in f.columns().iter().zip(f.kind.encode(c.after.get(&f.key))) {
                    sql.push(", ").ident(&column.name).push(" = ").bind(cell);
                }
            }
            sql.push(" WHERE \"id\" = ").bind(c.after.id).push(" AND rev = ").bind(rev).push(" AND deleted_at IS NULL");
            if self.tx.exec(&sql).await? == 0 {
                return Err(Fault::conflict());
            }
            revs.insert(c.after.id, rev + 1);
            c.after.rev = rev + 1;
            c.after.set("rev", c.after.rev);
            c.after.set("updated_at", now);
            c.after.set("updated_by", by.clone());
        }
        Ok(())
    }

    /// The rows as they are now are still ones the actor may have made.
    async fn permitted(&mut self, object: &Arc<Object>, changed: &[(usize, Change)]) -> Outcome<()> {
        let company = self.company.clone();
        let actor = self.actor.clone();
        for (verb, new) in [(Verb::Create, true), (Verb::Update, false)] {
            let ids: Vec<Uuid> = changed.iter().filter(|(_, c)| c.before.is_none() == new).map(|(_, c)| c.after.id).collect();
            if new {
                self.note_behalf(object, &ids, &verb).await?;
            }
            if ids.is_empty() || actor.rule(object, &verb)? == kernel::Expr::always() {
                continue;
            }
            let ok = company.allowed(&mut self.tx, &actor, object, &ids, &verb).await?;
            if ok.len() < ids.iter().collect::<BTreeSet<_>>().len() {
                return Err(Fault { issues: vec![Issue::new("", "forbidden-result")], ..Fault::forbidden() });
            }
        }
        Ok(())
    }

    /// External ids and the index of multi-references.
    async fn remember(&mut self, object: &Object, changes: &[&Change]) -> Outcome<()> {
        let mut rows = Vec::new();
        let mut keys: BTreeMap<&str, Vec<Cell>> = BTreeMap::new();
        for c in changes.iter().filter(|c| c.before.is_none()) {
            if let Some((system, key)) = &c.external {
                keys.entry(system).or_default().push(key.as_str().into());
                rows.push(vec![object.key.as_str().into(), system.as_str().into(), key.as_str().into(), c.after.id.into()]);
            }
        }
        // A key may still belong to a record in the trash: the living one takes it over.
        for (system, keys) in &keys {
            for chunk in keys.chunks(500) {
                let mut sql = self.tx.sql();
                sql.push("DELETE FROM sila_external WHERE object = ").bind(object.key.as_str());
                sql.push(" AND system = ").bind(*system).push(" AND key IN ").bind_list(chunk.iter().cloned());
                sql.push(" AND NOT EXISTS (SELECT 1 FROM ").ident(&object.key);
                sql.push(" t WHERE t.\"id\" = sila_external.record_id AND t.\"deleted_at\" IS NULL)");
                self.tx.exec(&sql).await?;
            }
        }
        let twice = |keys: &Vec<Cell>| keys.iter().filter_map(Cell::text).collect::<BTreeSet<_>>().len() < keys.len();
        let told_twice = keys.values().any(twice);
        let columns = ["object", "system", "key", "record_id"];
        store::insert_many(&mut self.tx, "sila_external", &columns, rows).await.map_err(|fault| {
            // Somebody made the record with this key since we looked: the second try finds and changes it.
            let taken = fault.kind == FaultKind::Invalid && !told_twice;
            if taken { Fault::unavailable("serialization: an external id was taken meanwhile") } else { fault }
        })?;

        for f in object.fields.iter().filter(|f| matches!(f.kind, Kind::Refs { .. })) {
            for c in changes.iter().filter(|c| c.before.as_ref().map(|b| b.get(&f.key)) != Some(c.after.get(&f.key))) {
                if c.before.is_some() {
                    let mut sql = self.tx.sql();
                    sql.push("DELETE FROM sila_link WHERE object = ").bind(object.key.as_str());
                    sql.push(" AND field = ").bind(f.key.as_str()).push(" AND record_id = ").bind(c.after.id);
                    self.tx.exec(&sql).await?;
                }
                if let Value::Ids(ids) = c.after.get(&f.key) {
                    let ids: BTreeSet<Uuid> = ids.iter().copied().collect();
                    let rows = ids.into_iter().map(|id| vec![object.key.as_str().into(), f.key.as_str().into(), c.after.id.into(), id.into()]);
                    store::insert_many(&mut self.tx, "sila_link", &["object", "field", "record_id", "target_id"], rows.collect()).await?;
                }
            }
        }
        Ok(())
    }
}

impl Change {
    fn same(&self) -> bool {
        self.before.as_ref().is_some_and(|b| b.values.iter().all(|(k, v)| self.after.get(k) == v))
    }
    /// Field → (before, after), for audit and history.
    pub fn differences<'a>(&'a self, object: &'a Object) -> impl Iterator<Item = (&'a Field, &'a Value, &'a Value)> {
        static NULL: Value = Value::Null;
        object.fields.iter().filter_map(move |f| {
            let before = self.before.as_ref().map_or(&NULL, |b| b.get(&f.key));
            let after = self.after.get(&f.key);
            (before != after).then_some((f, before, after))
        })
    }
    pub fn is_new(&self) -> bool {
        self.before.is_none()
    }
}

/// Whether changes of the object are kept.
pub(crate) fn audited(object: &Object) -> bool {
    object.can(Capability::Audit)
}
