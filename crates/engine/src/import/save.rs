//! Many drafts at once, where some may be wrong: the good ones are saved, each wrong one is told why not.

use super::find::{Found, by_fields, key_of};
use super::plan::Node;
use crate::{Cx, Draft, Saved};
use kernel::{FaultKind, Issue, Outcome, Value};
use std::collections::{HashMap, HashSet};

/// Saves all drafts; where they are refused together, without those that are really at fault.
pub(crate) async fn save_parts(cx: &mut Cx, node: &Node, drafts: Vec<Draft>) -> Outcome<Vec<Result<Saved, Vec<Issue>>>> {
    let object = node.object.key.as_str();
    let mut out: Vec<Option<Result<Saved, Vec<Issue>>>> = drafts.iter().map(|_| None).collect();
    let mut parts = vec![(0..drafts.len()).collect::<Vec<usize>>()];
    let mut searched = false;
    while let Some(part) = parts.pop() {
        if part.is_empty() {
            continue;
        }
        let events = cx.events.len();
        cx.tx.savepoint("import_part").await?;
        let some: Vec<Draft> = part.iter().filter_map(|i| drafts.get(*i)).cloned().collect();
        let fault = match Box::pin(cx.save_many(object, some)).await {
            Ok(saved) => {
                cx.tx.release("import_part").await?;
                for (i, saved) in part.iter().zip(saved) {
                    if let Some(slot) = out.get_mut(*i) {
                        *slot = Some(Ok(saved));
                    }
                }
                continue;
            }
            Err(fault) if fault.kind == FaultKind::Unavailable || store::is_retryable(&fault) => return Err(fault),
            Err(fault) => fault,
        };
        cx.tx.rollback_to("import_part").await?;
        cx.tx.release("import_part").await?;
        cx.events.truncate(events);
        if let [only] = part.as_slice() {
            if fault.kind == FaultKind::Internal {
                tracing::error!(object, error = %fault, "line not imported");
            }
            if let Some(slot) = out.get_mut(*only) {
                let title = Issue::new("", fault.title_key());
                *slot = Some(Err(if fault.issues.is_empty() { vec![title] } else { fault.issues }));
            }
            continue;
        }
        // Once: everything that can be said of each draft by itself; after that in halves, down to the ones at fault.
        if !searched {
            searched = true;
            let faults = at_fault(cx, node, &drafts).await?;
            let mut rest = Vec::new();
            for i in part {
                match (faults.get(&i), out.get_mut(i)) {
                    (Some(issues), Some(slot)) => *slot = Some(Err(issues.clone())),
                    _ => rest.push(i),
                }
            }
            parts.push(rest);
            continue;
        }
        let (first, second) = part.split_at(part.len() / 2);
        parts.push(second.to_vec());
        parts.push(first.to_vec());
    }
    Ok(out.into_iter().map(|o| o.unwrap_or_else(|| Err(vec![Issue::new("", "fault-internal")]))).collect())
}

/// The drafts that break a rule of their own, or want a unique value that is taken.
async fn at_fault(cx: &mut Cx, node: &Node, drafts: &[Draft]) -> Outcome<HashMap<usize, Vec<Issue>>> {
    let mut bad: HashMap<usize, Vec<Issue>> = HashMap::new();
    if let Ok(faults) = cx.faults(&node.object.key, drafts).await {
        for (i, fault) in faults.into_iter().enumerate() {
            if let Some(fault) = fault {
                let title = Issue::new("", fault.title_key());
                bad.insert(i, if fault.issues.is_empty() { vec![title] } else { fault.issues });
            }
        }
    }
    for field in node.object.fields.iter().filter(|f| f.unique) {
        let wanted: Vec<(usize, Vec<Value>)> = drafts
            .iter()
            .enumerate()
            .filter(|(i, _)| !bad.contains_key(i))
            .filter_map(|(i, d)| Some((i, vec![d.values.get(&field.key).filter(|v| !v.is_blank())?.clone()])))
            .collect();
        let keys: Vec<&[Value]> = wanted.iter().map(|(_, v)| v.as_slice()).collect();
        let taken = by_fields(cx, node, &[field], &keys).await?;
        let mut seen = HashSet::new();
        for (i, value) in wanted {
            let key = key_of(&value);
            let own = drafts.get(i).and_then(|d| d.id);
            let other = taken.get(&key).is_some_and(|f| own.is_none_or(|id| *f != Found::One(id)));
            if other || !seen.insert(key) {
                bad.entry(i).or_default().push(Issue::new(field.key.clone(), "value-not-unique").arg("fields", field.label.get(cx.actor.lang())));
            }
        }
    }
    Ok(bad)
}
