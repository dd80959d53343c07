//! A batch of lines becomes records, in the caller's transaction: referenced records first, then the lines' own.

use super::alike::{Like, Lookout};
use super::batch::{Batch, Fate, Outcomes};
use super::find::{Found, OWN_SYSTEM, find};
use super::line::{Line, Planned};
use super::mapping::{Alike, Mode};
use super::plan::{Key, Node, Plan};
use super::save::save_parts;
use super::stage::Touch;
use crate::{Cx, Draft, Saved};
use kernel::{Capability, Issue, Outcome, Record, Value, Verb};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// References found or made so far, by node and key.
type Known = HashMap<(usize, String), Uuid>;

/// What a check would have made in earlier batches, had it stored them.
#[derive(Default)]
pub(crate) struct Imagined {
    own: HashSet<String>,
    on_the_way: HashSet<(usize, String)>,
}

/// An import at work. Survives from batch to batch; [`Work::committed`] takes over what a batch learnt.
pub(crate) struct Work<'a> {
    plan: &'a Plan,
    known: Known,
    /// Of the batch at hand, true only once its transaction is.
    learnt: Known,
    imagined: Option<Imagined>,
    lookout: Lookout,
    after: i64,
}

/// More references than this are looked up again instead of being remembered.
const MEMORY: usize = 200_000;

impl<'a> Work<'a> {
    pub fn new(plan: &'a Plan, check: bool) -> Self {
        Work { plan, known: Known::new(), learnt: Known::new(), imagined: check.then(Imagined::default), lookout: Lookout::default(), after: 0 }
    }

    /// The last line that is done for sure. The next ones are looked for behind it: done lines leave dead rows that
    /// PostgreSQL would walk through again and again until its next vacuum.
    pub fn after(&self) -> i64 {
        self.after
    }

    /// The batch's transaction was committed; everything up to line `last` is done.
    pub fn committed(&mut self, last: i64) {
        self.after = last;
        if self.known.len() > MEMORY {
            self.known.clear();
        }
        self.known.extend(self.learnt.drain());
    }

    /// # Errors
    /// The database. What is wrong with single lines is in the outcome.
    pub async fn batch(&mut self, cx: &mut Cx, lines: &[Line]) -> Outcome<Outcomes> {
        let env = cx.company.env(&cx.actor);
        let mut failed = HashMap::new();
        let planned: Vec<Option<Vec<Planned>>> = lines
            .iter()
            .enumerate()
            .map(|(i, l)| match self.plan.evaluate(l, &env) {
                Ok(p) => Some(p),
                Err(issues) => {
                    failed.insert(i, issues);
                    None
                }
            })
            .collect();
        let mut batch = Batch {
            plan: self.plan,
            lines,
            planned,
            failed,
            refs: Vec::new(),
            touches: Vec::new(),
            also: 0,
            alike: 0,
        };
        // A line that fails only when its own record is saved may have made an order or a product on the way: the batch is
        // done again without it, so that nothing stays that no good line asked for.
        loop {
            let events = cx.events.len();
            cx.tx.savepoint("import_batch").await?;
            batch.refs = vec![HashMap::new(); self.plan.nodes.len()];
            batch.touches = vec![Vec::new(); lines.len()];
            batch.also = 0;
            batch.alike = 0;
            self.learnt.clear();
            for node in 0..self.plan.nodes.len().saturating_sub(1) {
                self.on_the_way(cx, &mut batch, node).await?;
            }
            let before: HashSet<usize> = batch.failed.keys().copied().collect();
            let mut own = self.own(cx, &mut batch).await?;
            let hung = match self.plan.root() {
                Some(node) => super::beside::write(cx, &mut batch, node, &mut own).await?,
                None => false,
            };
            let orphans = hung || batch.failed.keys().any(|i| !before.contains(i) && batch.touches.get(*i).is_some_and(|t| !t.is_empty()));
            if !orphans {
                cx.tx.release("import_batch").await?;
                return Ok(batch.outcomes(own));
            }
            cx.tx.rollback_to("import_batch").await?;
            cx.tx.release("import_batch").await?;
            cx.events.truncate(events);
        }
    }

    /// Finds or makes the records of one node for all lines.
    async fn on_the_way(&mut self, cx: &mut Cx, batch: &mut Batch<'_>, at: usize) -> Outcome<()> {
        let plan = self.plan;
        let Some(node) = plan.nodes.get(at) else { return Ok(()) };
        // Each key with the values it is looked up by, and the lines that have it, in the order of the file.
        let mut keys: indexmap::IndexMap<String, (Vec<Value>, Vec<usize>)> = indexmap::IndexMap::new();
        for i in batch.alive() {
            for (key, values) in batch.keys(at, i) {
                keys.entry(key).or_insert_with(|| (values, Vec::new())).1.push(i);
            }
        }
        let mut ids: HashMap<String, Uuid> = HashMap::new();
        let mut unknown = Vec::new();
        for (key, (values, _)) in &keys {
            match self.known.get(&(at, key.clone())).filter(|_| !node.update) {
                Some(id) => {
                    ids.insert(key.clone(), *id);
                }
                None => unknown.push((key.clone(), values.clone())),
            }
        }
        let found = if unknown.is_empty() { HashMap::new() } else { find(cx, node, &unknown, &plan.ctx).await? };
        let mut drafts: Vec<Draft> = Vec::new();
        let mut named: Vec<String> = Vec::new();
        let mut existing: Vec<(String, Uuid)> = Vec::new();
        for (key, _) in &unknown {
            let Some((_, users)) = keys.get(key) else { continue };
            let first = users.first().copied().unwrap_or_default();
            match found.get(key) {
                Some(Found::One(id)) => {
                    ids.insert(key.clone(), *id);
                    existing.push((key.clone(), *id));
                }
                Some(Found::Many) => batch.fail(users, &Issue::new(node.path.clone(), "import-ambiguous").arg("name", shown(key))),
                None if node.create => match batch.draft(at, first, None) {
                    Ok(draft) => {
                        drafts.push(self.named(node, key, draft));
                        named.push(key.clone());
                    }
                    Err(issue) => batch.fail(users, &issue),
                },
                None => batch.fail(users, &Issue::new(node.path.clone(), "import-not-found").arg("name", shown(key))),
            }
        }
        if node.update {
            let list: Vec<Uuid> = existing.iter().map(|(_, id)| *id).collect();
            let before = readable(cx, node, &list).await?;
            for (key, id) in existing {
                let (Some(record), Some((_, users))) = (before.get(&id), keys.get(&key)) else { continue };
                let first = users.first().copied().unwrap_or_default();
                match batch.draft(at, first, Some(record)) {
                    Ok(draft) if !same(record, &draft) => {
                        drafts.push(draft);
                        named.push(key);
                    }
                    Ok(_) => {}
                    Err(issue) => batch.fail(users, &issue),
                }
            }
        }
        let before = readable(cx, node, &drafts.iter().filter_map(|d| d.id).collect::<Vec<_>>()).await?;
        let saved = save_parts(cx, node, drafts).await?;
        for (key, saved) in named.iter().zip(saved) {
            let Some((_, users)) = keys.get(key) else { continue };
            match saved {
                Ok(saved) => {
                    let record = saved.record();
                    ids.insert(key.clone(), record.id);
                    if let Some(touch) = touch(node, before.get(&record.id), &saved) {
                        let new = match &mut self.imagined {
                            Some(i) => i.on_the_way.insert((at, key.clone())),
                            None => true,
                        };
                        batch.also += i64::from(new && touch.was.is_none());
                        let first = users.first().copied().unwrap_or_default();
                        if let Some(list) = batch.touches.get_mut(first) {
                            list.push(touch);
                        }
                    }
                }
                Err(issues) => {
                    for issue in issues {
                        let field = if issue.field.is_empty() { node.path.clone() } else { format!("{}.{}", node.path, issue.field) };
                        batch.fail(users, &Issue { field, ..issue });
                    }
                }
            }
        }
        for key in keys.keys() {
            if let Some(id) = ids.get(key) {
                self.learnt.insert((at, key.clone()), *id);
            }
        }
        for i in batch.alive() {
            let list: Vec<Uuid> = batch.keys(at, i).iter().filter_map(|(k, _)| ids.get(k).copied()).collect();
            if let Some(map) = batch.refs.get_mut(at).filter(|_| !list.is_empty()) {
                map.insert(i, list);
            }
        }
        Ok(())
    }

    /// Gives a new record the key by which it is found again.
    fn named(&self, node: &Node, key: &str, mut draft: Draft) -> Draft {
        match &node.key {
            Key::External { system, .. } => draft.external = Some((system.clone(), key.to_owned())),
            Key::Id(_) => draft.external = Some((OWN_SYSTEM.into(), key.to_owned())),
            Key::Words(..) => {
                if let Some(title) = node.object.title_field()
                    && let Ok(value) = kernel::parse::from_text(&title.kind, key, &self.plan.ctx)
                {
                    draft.values.entry(title.key.clone()).or_insert(value);
                }
            }
            Key::None | Key::Fields(_) => {}
        }
        draft.trusted = self.plan.trusted;
        draft
    }

    /// The lines' own records. Lines with the same key are done one after the other.
    async fn own(&mut self, cx: &mut Cx, batch: &mut Batch<'_>) -> Outcome<HashMap<usize, Fate>> {
        let at = self.plan.nodes.len().saturating_sub(1);
        let Some(node) = self.plan.root() else { return Ok(HashMap::new()) };
        let mut fates = HashMap::new();
        let mut left: Vec<usize> = batch.alive().collect();
        while !left.is_empty() {
            let mut seen = HashSet::new();
            let mut now: Vec<(usize, Option<(String, Vec<Value>)>)> = Vec::new();
            let mut later = Vec::new();
            for i in left {
                let key = batch.keys(at, i).into_iter().next();
                if key.as_ref().is_some_and(|(k, _)| !seen.insert(k.clone())) {
                    later.push(i);
                } else {
                    now.push((i, key));
                }
            }
            self.own_once(cx, batch, node, at, now, &mut fates).await?;
            left = later;
        }
        Ok(fates)
    }

    async fn own_once(
        &mut self,
        cx: &mut Cx,
        batch: &mut Batch<'_>,
        node: &Node,
        at: usize,
        lines: Vec<(usize, Option<(String, Vec<Value>)>)>,
        fates: &mut HashMap<usize, Fate>,
    ) -> Outcome<()> {
        let keys: Vec<(String, Vec<Value>)> = lines.iter().filter_map(|(_, k)| k.clone()).collect();
        let found = if keys.is_empty() { HashMap::new() } else { find(cx, node, &keys, &self.plan.ctx).await? };
        let list: Vec<Uuid> =
            found.values().filter_map(|f| if let Found::One(id) = f { Some(*id) } else { None }).collect();
        let mut before = readable(cx, node, &list).await?;
        let compared = self.plan.alike != Alike::Create && node.object.can(Capability::Duplicates);
        let mut drafts = Vec::new();
        let mut owners = Vec::new();
        for (i, key) in lines {
            let issue = |key: &str, name: &str| Issue::new("", key).arg("name", shown(name));
            let hit = key.as_ref().and_then(|(k, _)| found.get(k));
            let refused = match (hit, &key, self.plan.mode) {
                (Some(Found::Many), Some((k, _)), _) => Some(issue("import-ambiguous", k)),
                (Some(Found::One(_)), Some((k, _)), Mode::Create) => Some(issue("import-exists", k)),
                (None, Some((k, _)), Mode::Update) => Some(issue("import-not-found", k)),
                (None, None, Mode::Update) => Some(issue("import-key-blank", "")),
                (None, None, _) if matches!(node.key, Key::External { .. }) => Some(issue("import-key-blank", "")),
                _ => None,
            };
            if let Some(issue) = refused {
                batch.fail(&[i], &issue);
                continue;
            }
            if let (None, Some((k, _)), Some(imagined)) = (hit, &key, &self.imagined)
                && imagined.own.contains(k)
            {
                // An earlier line of the file would have made it.
                fates.insert(i, Fate::Updated(Uuid::nil()));
                continue;
            }
            let mut twin = None;
            if let (None, true, Ok(draft)) = (hit, compared, batch.draft(at, i, None)) {
                let line = batch.lines.get(i).map_or(0, |l| l.at);
                match (self.plan.alike, self.lookout.like(cx, &node.object, &draft, line).await?) {
                    (Alike::Review, Some(_)) => batch.alike += 1,
                    (Alike::Update, Some(Like::Record(id))) => {
                        batch.alike += 1;
                        before.extend(readable(cx, node, &[id]).await?);
                        twin = Some(id);
                    }
                    (_, Some(like)) => {
                        batch.alike += 1;
                        batch.fail(&[i], &like.issue());
                        continue;
                    }
                    (_, None) => {}
                }
            }
            let hit = twin.map(Found::One).or(hit.copied());
            let record = match &hit {
                Some(Found::One(id)) => match before.get(id) {
                    Some(record) => Some(record),
                    None => {
                        batch.fail(&[i], &Issue::new("", "fault-forbidden"));
                        continue;
                    }
                },
                _ => None,
            };
            match batch.draft(at, i, record) {
                Ok(draft) => match record {
                    Some(record) if twin.is_some() => {
                        drafts.push(Draft { trusted: self.plan.trusted, ..overlaid(record, draft) });
                        owners.push((i, key));
                    }
                    Some(record) if same(record, &draft) => {
                        fates.insert(i, Fate::Unchanged(record.id));
                    }
                    Some(_) => {
                        drafts.push(Draft { trusted: self.plan.trusted, ..draft });
                        owners.push((i, key));
                    }
                    None => {
                        let draft = self.named(node, key.as_ref().map_or("", |(k, _)| k), draft);
                        drafts.push(draft);
                        owners.push((i, key));
                    }
                },
                Err(issue) => batch.fail(&[i], &issue),
            }
        }
        let saved = save_parts(cx, node, drafts).await?;
        for ((i, key), saved) in owners.into_iter().zip(saved) {
            match saved {
                Ok(saved) => {
                    let id = saved.record().id;
                    if let Some(touch) = touch(node, before.get(&id), &saved)
                        && let Some(list) = batch.touches.get_mut(i)
                    {
                        list.push(touch);
                    }
                    if let (Some(imagined), Some((k, _)), Saved::Created(_)) = (&mut self.imagined, key, &saved) {
                        imagined.own.insert(k);
                    }
                    let fate = match saved {
                        Saved::Created(_) => Fate::Created(id),
                        Saved::Updated(_) => Fate::Updated(id),
                        Saved::Unchanged(_) => Fate::Unchanged(id),
                    };
                    fates.insert(i, fate);
                }
                Err(issues) => {
                    for issue in issues {
                        batch.fail(&[i], &issue);
                    }
                }
            }
        }
        Ok(())
    }
}

/// A key as shown to a person.
fn shown(key: &str) -> String {
    key.replace('\u{1f}', " / ").chars().take(80).collect()
}

/// A line in one script does not take away the name in the other.
fn overlaid(record: &Record, mut draft: Draft) -> Draft {
    for (key, value) in &mut draft.values {
        if let (Value::Name(new), Value::Name(old)) = (value, record.get(key)) {
            if new.ar.is_empty() {
                new.ar.clone_from(&old.ar);
            }
            if new.latin.is_empty() {
                new.latin.clone_from(&old.latin);
            }
        }
    }
    draft
}

fn same(record: &Record, draft: &Draft) -> bool {
    draft.values.iter().all(|(k, v)| record.get(k) == v)
}

async fn readable(cx: &mut Cx, node: &Node, ids: &[Uuid]) -> Outcome<HashMap<Uuid, Record>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<Uuid> = ids.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let (company, actor) = (cx.company.clone(), cx.actor.clone());
    let records = company.some(&mut cx.tx, &actor, &node.object, &ids, &Verb::Read, false).await?;
    Ok(records.into_iter().map(|r| (r.id, r)).collect())
}

/// What undoing must know of a change; none when there was none.
pub(super) fn touch(node: &Node, before: Option<&Record>, saved: &Saved) -> Option<Touch> {
    let record = saved.record();
    let object = node.object.key.clone();
    match saved {
        Saved::Unchanged(_) => None,
        Saved::Created(_) => Some(Touch { object, id: record.id, rev: record.rev, prev: 0, was: None }),
        Saved::Updated(_) => {
            let before = before?;
            let was = node
                .object
                .fields
                .iter()
                .filter(|f| !f.kind.computed() && before.get(&f.key) != record.get(&f.key))
                .map(|f| (f.key.clone(), before.get(&f.key).to_json()))
                .collect();
            Some(Touch { object, id: record.id, rev: record.rev, prev: before.rev, was: Some(was) })
        }
    }
}
