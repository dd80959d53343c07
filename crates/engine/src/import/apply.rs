//! A batch of lines becomes records, in the caller's transaction: referenced records first, then the lines' own.

use super::find::{Found, OWN_SYSTEM, find, key_of};
use super::line::{Line, Planned, assembled};
use super::mapping::Mode;
use super::plan::{Key, Node, Plan};
use super::stage::{Counts, Touch};
use crate::{Cx, Draft, Saved};
use kernel::{FaultKind, Issue, Kind, Outcome, Record, Value, Verb};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// What came of a line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fate {
    Created(Uuid),
    Updated(Uuid),
    Unchanged(Uuid),
    Failed(Vec<Issue>),
}

#[derive(Clone, Debug)]
pub(crate) struct Outcomes {
    /// One for each line.
    pub fates: Vec<Fate>,
    /// What each line changed, in the order it was done.
    pub touches: Vec<Vec<Touch>>,
    pub counts: Counts,
}

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
}

/// More references than this are looked up again instead of being remembered.
const MEMORY: usize = 200_000;

/// A batch on its way.
struct Batch<'a> {
    plan: &'a Plan,
    lines: &'a [Line],
    /// None: the line failed.
    planned: Vec<Option<Vec<Planned>>>,
    failed: HashMap<usize, Vec<Issue>>,
    /// For each node and line: the record it leads to. Several for a list of references.
    refs: Vec<HashMap<usize, Vec<Uuid>>>,
    touches: Vec<Vec<Touch>>,
    also: i64,
}

impl<'a> Work<'a> {
    pub fn new(plan: &'a Plan, check: bool) -> Self {
        Work { plan, known: Known::new(), learnt: Known::new(), imagined: check.then(Imagined::default) }
    }

    /// The batch's transaction was committed.
    pub fn committed(&mut self) {
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
        };
        // A line that fails only when its own record is saved may have made an order or a product on the way: the batch is
        // done again without it, so that nothing stays that no good line asked for.
        loop {
            let events = cx.events.len();
            cx.tx.savepoint("import_batch").await?;
            batch.refs = vec![HashMap::new(); self.plan.nodes.len()];
            batch.touches = vec![Vec::new(); lines.len()];
            batch.also = 0;
            self.learnt.clear();
            for node in 0..self.plan.nodes.len().saturating_sub(1) {
                self.on_the_way(cx, &mut batch, node).await?;
            }
            let before: HashSet<usize> = batch.failed.keys().copied().collect();
            let own = self.own(cx, &mut batch).await?;
            let orphans = batch.failed.keys().any(|i| !before.contains(i) && batch.touches.get(*i).is_some_and(|t| !t.is_empty()));
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
        let mut drafts: Vec<(String, Draft)> = Vec::new();
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
                    Ok(draft) => drafts.push((key.clone(), self.named(node, key, draft))),
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
                    Ok(draft) if !same(record, &draft) => drafts.push((key, draft)),
                    Ok(_) => {}
                    Err(issue) => batch.fail(users, &issue),
                }
            }
        }
        let before = readable(cx, node, &drafts.iter().filter_map(|(_, d)| d.id).collect::<Vec<_>>()).await?;
        let saved = save_parts(cx, &node.object.key, drafts.iter().map(|(_, d)| d.clone()).collect()).await?;
        for ((key, _), saved) in drafts.iter().zip(saved) {
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
        let before = readable(cx, node, &list).await?;
        let mut drafts = Vec::new();
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
            let record = match hit {
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
                    Some(record) if same(record, &draft) => {
                        fates.insert(i, Fate::Unchanged(record.id));
                    }
                    Some(_) => drafts.push((i, key, Draft { trusted: self.plan.trusted, ..draft })),
                    None => {
                        let draft = self.named(node, key.as_ref().map_or("", |(k, _)| k), draft);
                        drafts.push((i, key, draft));
                    }
                },
                Err(issue) => batch.fail(&[i], &issue),
            }
        }
        let saved = save_parts(cx, &node.object.key, drafts.iter().map(|(_, _, d)| d.clone()).collect()).await?;
        for ((i, key, _), saved) in drafts.into_iter().zip(saved) {
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

impl Batch<'_> {
    fn alive(&self) -> impl Iterator<Item = usize> + use<> {
        let alive: Vec<usize> = (0..self.lines.len()).filter(|i| !self.failed.contains_key(i)).collect();
        alive.into_iter()
    }

    fn fail(&mut self, lines: &[usize], issue: &Issue) {
        for i in lines {
            self.failed.entry(*i).or_default().push(issue.clone());
        }
    }

    /// The keys by which line `i` names the record of a node, with the values of [`Key::Fields`]; none: blank.
    fn keys(&self, at: usize, i: usize) -> Vec<(String, Vec<Value>)> {
        let (Some(node), Some(planned)) = (self.plan.nodes.get(at), self.planned_of(at, i)) else { return Vec::new() };
        match &node.key {
            Key::None => Vec::new(),
            Key::Words(..) => planned.words.iter().map(|w| (w.clone(), Vec::new())).collect(),
            Key::External { .. } | Key::Id(_) => planned.key.iter().map(|k| (k.clone(), Vec::new())).collect(),
            Key::Fields(names) => {
                let values: Vec<Value> = names.iter().map(|n| self.value(at, i, n)).collect();
                if values.iter().any(Value::is_blank) { Vec::new() } else { vec![(key_of(&values), values)] }
            }
        }
    }

    fn planned_of(&self, at: usize, i: usize) -> Option<&Planned> {
        self.planned.get(i)?.as_ref()?.get(at)
    }

    /// The value line `i` gives to a field of a node: its own, or the record of a node below.
    fn value(&self, at: usize, i: usize, field: &str) -> Value {
        for (below, n) in self.plan.nodes.iter().enumerate() {
            if let Some((parent, via)) = &n.parent
                && *parent == at
                && via.key == field
            {
                return self.reference(below, i, &via.kind).unwrap_or_default();
            }
        }
        self.planned_of(at, i).and_then(|p| p.values.get(field)).cloned().unwrap_or_default()
    }

    fn reference(&self, below: usize, i: usize, kind: &Kind) -> Option<Value> {
        let ids = self.refs.get(below)?.get(&i)?;
        match kind {
            Kind::Refs { .. } => Some(Value::Ids(ids.clone())),
            _ => ids.first().map(|id| Value::Id(*id)),
        }
    }

    /// What line `i` asks the record of a node to become; `record` is what is there.
    fn draft(&self, at: usize, i: usize, record: Option<&Record>) -> Result<Draft, Issue> {
        let mut draft = Draft { id: record.map(|r| r.id), ..Draft::default() };
        let (Some(node), Some(planned)) = (self.plan.nodes.get(at), self.planned_of(at, i)) else { return Ok(draft) };
        draft.values = planned.values.clone();
        if record.is_none() {
            // A blank cell of a new record leaves the field to its default.
            draft.values.retain(|_, v| !v.is_null());
        }
        for (key, parts) in &planned.parts {
            let (Some(record), Some(field)) = (record, node.object.get(key)) else { continue };
            let before = record.get(key);
            if !before.is_null() {
                let value = assembled(&field.kind, Some(before), parts, &self.plan.ctx)
                    .map_err(|issue| Issue { field: key.clone(), ..issue })?;
                draft.values.insert(key.clone(), value);
            }
        }
        for (below, n) in self.plan.nodes.iter().enumerate() {
            let Some((_, via)) = n.parent.as_ref().filter(|(p, _)| *p == at) else { continue };
            match self.reference(below, i, &via.kind) {
                Some(value) => {
                    draft.values.insert(via.key.clone(), value);
                }
                None if record.is_some() && self.plan.blank == super::mapping::Blank::Clear => {
                    draft.values.insert(via.key.clone(), Value::Null);
                }
                None => {}
            }
        }
        Ok(draft)
    }

    fn outcomes(self, mut own: HashMap<usize, Fate>) -> Outcomes {
        let mut failed = self.failed;
        let mut counts = Counts { also: self.also, ..Counts::default() };
        let fates = (0..self.lines.len())
            .map(|i| {
                let fate = match failed.remove(&i) {
                    Some(issues) => Fate::Failed(issues),
                    None => own.remove(&i).unwrap_or_else(|| Fate::Failed(vec![Issue::new("", "fault-internal")])),
                };
                match &fate {
                    Fate::Created(_) => counts.created += 1,
                    Fate::Updated(_) => counts.updated += 1,
                    Fate::Unchanged(_) => counts.unchanged += 1,
                    Fate::Failed(_) => counts.failed += 1,
                }
                fate
            })
            .collect();
        Outcomes { fates, touches: self.touches, counts }
    }
}

/// A key as shown to a person.
fn shown(key: &str) -> String {
    key.replace('\u{1f}', " / ").chars().take(80).collect()
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
fn touch(node: &Node, before: Option<&Record>, saved: &Saved) -> Option<Touch> {
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

/// Saves all drafts; where they are refused together, in halves, down to the ones that are really at fault.
async fn save_parts(cx: &mut Cx, object: &str, drafts: Vec<Draft>) -> Outcome<Vec<Result<Saved, Vec<Issue>>>> {
    let mut out: Vec<Option<Result<Saved, Vec<Issue>>>> = drafts.iter().map(|_| None).collect();
    let mut parts = vec![(0, drafts.len())];
    while let Some((from, to)) = parts.pop() {
        let Some(part) = drafts.get(from..to).filter(|p| !p.is_empty()) else { continue };
        let events = cx.events.len();
        cx.tx.savepoint("import_part").await?;
        match Box::pin(cx.save_many(object, part.to_vec())).await {
            Ok(saved) => {
                cx.tx.release("import_part").await?;
                for (slot, saved) in out.iter_mut().skip(from).zip(saved) {
                    *slot = Some(Ok(saved));
                }
            }
            Err(fault) if fault.kind == FaultKind::Unavailable || store::is_retryable(&fault) => return Err(fault),
            Err(fault) => {
                cx.tx.rollback_to("import_part").await?;
                cx.tx.release("import_part").await?;
                cx.events.truncate(events);
                if to - from > 1 {
                    let middle = from + (to - from) / 2;
                    parts.push((middle, to));
                    parts.push((from, middle));
                } else if let Some(slot) = out.get_mut(from) {
                    if fault.kind == FaultKind::Internal {
                        tracing::error!(object, error = %fault, "line not imported");
                    }
                    let title = Issue::new("", fault.title_key());
                    *slot = Some(Err(if fault.issues.is_empty() { vec![title] } else { fault.issues }));
                }
            }
        }
    }
    Ok(out.into_iter().map(|o| o.unwrap_or_else(|| Err(vec![Issue::new("", "fault-internal")]))).collect())
}
