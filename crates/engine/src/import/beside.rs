//! What a line says beside the fields of its record: its keys in other systems (`external.erp`), and its parts of a type
//! (`phones.work`, `addresses.delivery.city`). Exports have the same columns.
//!
//! A cell that names a part which is there changes nothing. Where the record has one such part beside its primary one,
//! the cell's value takes its place; otherwise it comes in addition. Nothing is taken away by a blank cell.

use super::apply::touch;
use super::batch::{Batch, Fate};
use super::guess::{Target, columns};
use super::line::assembled;
use super::plan::{ADDRESS_PARTS, Key, Node, Origin};
use super::save::save_parts;
use crate::{Actor, Cx, Draft};
use indexmap::IndexMap;
use kernel::parse::{self, Ctx};
use kernel::{Choice, Field, Issue, Kind, Label, Object, Outcome, Primary, Record, Registry, Value};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

/// The parts of an object that a file can hold: each has a value and a type, and one is primary.
#[derive(Clone, Debug)]
pub(crate) struct List {
    /// `phones`
    pub key: String,
    pub label: Label,
    pub object: Arc<Object>,
    pub primary: Primary,
    pub value: Field,
    /// The field with the type.
    pub sort: Field,
}

impl List {
    pub fn types(&self) -> &[Choice] {
        self.sort.kind.options()
    }
    /// The columns for the parts of one type.
    pub fn columns(&self, option: &Choice) -> Vec<Target> {
        let l = Label::owned(format!("{} ({})", self.label.ar, option.label.ar), format!("{} ({})", self.label.en, option.label.en));
        let field = Field { key: format!("{}.{}", self.key, option.key), label: l, required: false, ..self.value.clone() };
        columns(&field)
    }
}

/// The lists of parts of an object that have columns of their own in files.
pub(crate) fn lists(registry: &Registry, object: &Object) -> Vec<List> {
    let list = |(child, via): (&Arc<Object>, &Field)| {
        let primary = child.primary.clone().filter(|p| p.via == via.key && via.inline && !via.reverse.is_empty())?;
        let value = child.get(&primary.field).filter(|f| matches!(f.kind, Kind::Phone | Kind::Email | Kind::Address))?.clone();
        let sort = child.fields.iter().find(|f| matches!(f.kind, Kind::Choice { .. }) && f.writable())?.clone();
        Some(List { key: via.reverse.clone(), label: via.reverse_heading(&child.plural).clone(), object: child.clone(), primary, value, sort })
    };
    registry.children(&object.key).filter_map(list).collect()
}

/// The column for the keys in one system.
pub fn key_column(system: &str) -> Target {
    let label = Label::owned(format!("رقمه في {system}"), format!("ID in {system}"));
    Target { path: format!("external.{system}"), label, kind: Kind::code(), required: false }
}

/// The system that the heading of a column means, when it is one of [`key_column`].
pub(crate) fn system_of(heading: &str) -> Option<String> {
    let named = ["رقمه في ", "ID in ", "external."].iter().find_map(|start| heading.trim().strip_prefix(start))?;
    crate::external::system_name(named).ok()
}

/// What columns can go to beside the object's own fields.
pub(crate) fn targets(registry: &Registry, actor: &Actor, object: &Object) -> Vec<Target> {
    let mine = |l: &List| actor.may(&l.object, &kernel::Verb::Create) && actor.policy.writes(&l.object.key, &l.value.key);
    lists(registry, object).iter().filter(|l| mine(l)).flat_map(|l| l.types().iter().flat_map(|o| l.columns(o)).collect::<Vec<_>>()).collect()
}

/// One of these columns in a compiled mapping.
#[derive(Clone, Debug)]
pub(crate) struct Beside {
    pub what: What,
    pub from: Origin,
    pub transform: Vec<super::mapping::Transform>,
    /// As written in the mapping: issues stand beside it.
    pub target: String,
}

#[derive(Clone, Debug)]
pub(crate) enum What {
    Key { system: String },
    /// Of `lists[list]`, of the type, the whole value or a part of it.
    Part { list: Arc<List>, sort: String, part: Option<String> },
}

/// What the names of a target mean; none: nothing of this kind.
pub(crate) fn meaning(registry: &Registry, object: &Object, names: &[&str]) -> Option<What> {
    if let ["external", system] = names {
        return crate::external::system_name(system).ok().map(|system| What::Key { system });
    }
    let (list, sort, part) = match names {
        [list, sort] => (*list, *sort, None),
        [list, sort, part] => (*list, *sort, Some(*part)),
        _ => return None,
    };
    let list = lists(registry, object).into_iter().find(|l| l.key == list && l.types().iter().any(|o| o.key == sort))?;
    let fits = match (&list.value.kind, part) {
        (Kind::Address, Some(part)) => ADDRESS_PARTS.contains(&part),
        (Kind::Address, None) => false,
        (_, part) => part.is_none(),
    };
    fits.then(|| What::Part { list: Arc::new(list), sort: sort.to_owned(), part: part.map(str::to_owned) })
}

/// What a line says of one of these columns.
#[derive(Clone, Debug)]
pub(crate) enum Said {
    Key { system: String, key: String, target: String },
    /// Several values of one cell come in addition.
    Part { list: Arc<List>, sort: String, values: Vec<Value>, target: String },
}

/// Reads the texts of a line, one for each column, blanks left out.
pub(crate) fn read(texts: Vec<(&Beside, String)>, ctx: &Ctx, issues: &mut Vec<Issue>) -> Vec<Said> {
    let mut said = Vec::new();
    let mut addresses: IndexMap<(String, String), (Arc<List>, IndexMap<String, String>, String)> = IndexMap::new();
    for (b, text) in texts.into_iter().filter(|(_, t)| !t.is_empty()) {
        match &b.what {
            What::Key { .. } if text.chars().count() > crate::external::LONGEST => {
                issues.push(Issue::new(b.target.clone(), "value-too-long").arg("max", crate::external::LONGEST).arg("length", text.chars().count()));
            }
            What::Key { system } => {
                let each = text.split(['؛', ';']).map(super::line::trimmed).filter(|k| !k.is_empty());
                said.extend(each.map(|key| Said::Key { system: system.clone(), key: key.to_owned(), target: b.target.clone() }));
            }
            What::Part { list, sort, part: Some(part) } => {
                let entry = addresses.entry((list.key.clone(), sort.clone())).or_insert_with(|| (list.clone(), IndexMap::new(), b.target.clone()));
                entry.1.insert(part.clone(), text);
            }
            What::Part { list, sort, part: None } => {
                let mut values = Vec::new();
                for one in text.split(['؛', ';', '\n']).map(super::line::trimmed).filter(|t| !t.is_empty()) {
                    match parse::from_text(&list.value.kind, one, ctx) {
                        Ok(value) => values.push(value),
                        Err(issue) => issues.push(Issue { field: b.target.clone(), ..issue }),
                    }
                }
                said.push(Said::Part { list: list.clone(), sort: sort.clone(), values, target: b.target.clone() });
            }
        }
    }
    for ((_, sort), (list, parts, target)) in addresses {
        match assembled(&list.value.kind, None, &parts, ctx) {
            Ok(value) => said.push(Said::Part { list, sort, values: vec![value], target }),
            Err(issue) => issues.push(Issue { field: target, ..issue }),
        }
    }
    said
}

/// Writes what the lines of a batch say beside their records. Returns whether a line failed by it.
pub(crate) async fn write(cx: &mut Cx, batch: &mut Batch<'_>, node: &Node, fates: &mut HashMap<usize, Fate>) -> Outcome<bool> {
    let at = batch.plan.nodes.len().saturating_sub(1);
    let mut owners: Vec<(usize, Uuid, bool)> = fates
        .iter()
        .filter_map(|(i, f)| match f {
            Fate::Created(id) => Some((*i, *id, true)),
            Fate::Updated(id) | Fate::Unchanged(id) => Some((*i, *id, false)),
            Fate::Failed(_) => None,
        })
        .filter(|(i, id, _)| !id.is_nil() && !batch.failed.contains_key(i) && batch.planned_of(at, *i).is_some_and(|p| !p.beside.is_empty()))
        .collect();
    if owners.is_empty() {
        return Ok(false);
    }
    owners.sort_unstable();
    let mut failed = false;
    let mut known: HashSet<Uuid> = HashSet::new();
    let mut per_list: BTreeMap<String, (Arc<List>, Vec<Wanted>)> = BTreeMap::new();
    for (i, id, new) in owners {
        let said = batch.planned_of(at, i).map(|p| p.beside.clone()).unwrap_or_default();
        for one in said {
            match one {
                Said::Key { system, key, target } => {
                    let done = if new { cx.remember_key(&node.object, id, &system, &key).await } else { cx.add_external(&node.object.key, id, &system, &key).await };
                    match done {
                        Ok(true) => {
                            known.insert(id);
                            changed(fates, i, id);
                        }
                        Ok(false) => {}
                        Err(fault) if store::is_retryable(&fault) => return Err(fault),
                        Err(fault) => {
                            failed = true;
                            refuse(batch, i, &target, fault.issues, fault.kind);
                        }
                    }
                }
                Said::Part { list, sort, values, target } => {
                    let entry = per_list.entry(list.key.clone()).or_insert_with(|| (list.clone(), Vec::new()));
                    entry.1.push(Wanted { line: i, owner: id, sort, values, target });
                }
            }
        }
    }
    crate::part::reindex(cx, &node.object, &known.into_iter().collect::<Vec<_>>()).await?;
    for (list, wanted) in per_list.into_values() {
        failed |= parts(cx, batch, &list, wanted, fates).await?;
    }
    Ok(failed)
}

struct Wanted {
    line: usize,
    owner: Uuid,
    sort: String,
    values: Vec<Value>,
    target: String,
}

async fn parts(cx: &mut Cx, batch: &mut Batch<'_>, list: &List, wanted: Vec<Wanted>, fates: &mut HashMap<usize, Fate>) -> Outcome<bool> {
    let owners: Vec<Uuid> = wanted.iter().map(|w| w.owner).collect::<HashSet<_>>().into_iter().collect();
    let there = crate::part::parts(cx, &list.object, &list.primary.via, &owners).await?;
    let first = list.types().first().map(|o| o.key.clone()).unwrap_or_default();
    let mut drafts: Vec<Draft> = Vec::new();
    let mut lines: Vec<(usize, String, Option<Record>)> = Vec::new();
    let mut asked: HashSet<(Uuid, String)> = HashSet::new();
    for w in wanted {
        let own = there.get(&w.owner).map(Vec::as_slice).unwrap_or_default();
        let primary = |r: &Record| r.get(&list.primary.flag).bool() == Some(true);
        let others: Vec<&Record> = own.iter().filter(|r| !primary(r) && r.get(&list.sort.key).text() == Some(w.sort.as_str())).collect();
        let single = w.values.len() == 1;
        for value in w.values {
            if !asked.insert((w.owner, parse::plain_text(&value))) {
                continue;
            }
            let draft = match (own.iter().find(|r| *r.get(&list.value.key) == value), others.as_slice()) {
                // It is there; the type it got by itself gives way to the one the file names.
                (Some(same), _) if same.get(&list.sort.key).text() != Some(w.sort.as_str()) && same.get(&list.sort.key).text() == Some(first.as_str()) => {
                    (Draft::of(same.id).set(&list.sort.key, w.sort.as_str()), Some(same.clone()))
                }
                (Some(_), _) => continue,
                (None, [only]) if single => (Draft::of(only.id).set(&list.value.key, value), Some((*only).clone())),
                (None, _) => (Draft::new().set(&list.primary.via, w.owner).set(&list.value.key, value).set(&list.sort.key, w.sort.as_str()), None),
            };
            drafts.push(draft.0);
            lines.push((w.line, w.target.clone(), draft.1));
        }
    }
    let node = Node { path: list.key.clone(), object: list.object.clone(), parent: None, key: Key::None, create: true, update: true, setters: Vec::new() };
    let mut failed = false;
    for ((line, target, before), saved) in lines.into_iter().zip(save_parts(cx, &node, drafts).await?) {
        match saved {
            Ok(saved) => {
                if let Some(touch) = touch(&node, before.as_ref(), &saved) {
                    if let Some(touches) = batch.touches.get_mut(line) {
                        touches.push(touch);
                    }
                    if let Some(Fate::Unchanged(id)) = fates.get(&line).cloned() {
                        changed(fates, line, id);
                    }
                }
            }
            Err(issues) => {
                failed = true;
                refuse(batch, line, &target, issues, kernel::FaultKind::Invalid);
            }
        }
    }
    Ok(failed)
}

fn changed(fates: &mut HashMap<usize, Fate>, line: usize, id: Uuid) {
    if let Some(fate @ Fate::Unchanged(_)) = fates.get_mut(&line) {
        *fate = Fate::Updated(id);
    }
}

fn refuse(batch: &mut Batch<'_>, line: usize, target: &str, issues: Vec<Issue>, kind: kernel::FaultKind) {
    let issues = if issues.is_empty() { vec![Issue::new("", kernel::Fault::new(kind).title_key())] } else { issues };
    for issue in issues {
        batch.fail(&[line], &Issue { field: target.to_owned(), ..issue });
    }
}
