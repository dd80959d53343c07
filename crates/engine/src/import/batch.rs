//! A batch of lines between their evaluation and their outcome: keys, references, drafts.

use super::find::key_of;
use super::line::{Line, Planned, assembled};
use super::mapping::Blank;
use super::plan::{Key, Plan};
use super::stage::{Counts, Touch};
use crate::Draft;
use kernel::{Issue, Kind, Record, Value};
use std::collections::HashMap;
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

/// A batch on its way.
pub(crate) struct Batch<'a> {
    pub plan: &'a Plan,
    pub lines: &'a [Line],
    /// None: the line failed.
    pub planned: Vec<Option<Vec<Planned>>>,
    pub failed: HashMap<usize, Vec<Issue>>,
    /// For each node and line: the record it leads to. Several for a list of references.
    pub refs: Vec<HashMap<usize, Vec<Uuid>>>,
    pub touches: Vec<Vec<Touch>>,
    pub also: i64,
    /// Lines that look like a record or an earlier line.
    pub alike: i64,
}

impl Batch<'_> {
    pub fn alive(&self) -> impl Iterator<Item = usize> + use<> {
        let alive: Vec<usize> = (0..self.lines.len()).filter(|i| !self.failed.contains_key(i)).collect();
        alive.into_iter()
    }

    pub fn fail(&mut self, lines: &[usize], issue: &Issue) {
        for i in lines {
            self.failed.entry(*i).or_default().push(issue.clone());
        }
    }

    /// The keys by which line `i` names the record of a node, with the values of [`Key::Fields`]; none: blank.
    pub fn keys(&self, at: usize, i: usize) -> Vec<(String, Vec<Value>)> {
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

    pub fn planned_of(&self, at: usize, i: usize) -> Option<&Planned> {
        self.planned.get(i)?.as_ref()?.get(at)
    }

    /// The value line `i` gives to a field of a node: its own, or the record of a node below.
    pub fn value(&self, at: usize, i: usize, field: &str) -> Value {
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

    pub fn reference(&self, below: usize, i: usize, kind: &Kind) -> Option<Value> {
        let ids = self.refs.get(below)?.get(&i)?;
        match kind {
            Kind::Refs { .. } => Some(Value::Ids(ids.clone())),
            _ => ids.first().map(|id| Value::Id(*id)),
        }
    }

    /// What line `i` asks the record of a node to become; `record` is what is there.
    pub fn draft(&self, at: usize, i: usize, record: Option<&Record>) -> Result<Draft, Issue> {
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
                None if record.is_some() && self.plan.blank == Blank::Clear => {
                    draft.values.insert(via.key.clone(), Value::Null);
                }
                None => {}
            }
        }
        Ok(draft)
    }

    pub fn outcomes(self, mut own: HashMap<usize, Fate>) -> Outcomes {
        let mut failed = self.failed;
        let mut counts = Counts { also: self.also, alike: self.alike, ..Counts::default() };
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
