//! What is noted of every record that a run changes, so that it can be shown beforehand and taken back afterwards.

use crate::Cx;
use kernel::{Outcome, Record, Verb};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// One record before and after one saving.
#[derive(Clone, Debug)]
pub(crate) struct Touch {
    pub object: String,
    pub id: Uuid,
    /// Nothing: it was made.
    pub before: Option<Record>,
    /// Nothing: it went to the trash.
    pub after: Option<Record>,
    /// It followed from another change, with the company's own rights.
    pub derived: bool,
}

impl Cx {
    /// From now on every change is noted.
    pub(crate) fn trace(&mut self) {
        self.trace = Some(Vec::new());
    }

    /// Notes a change, where somebody wants to know.
    pub(crate) fn touched<'a>(&mut self, object: &str, changes: impl Iterator<Item = (Option<&'a Record>, Option<&'a Record>)>) {
        let derived = self.derived;
        let Some(trace) = &mut self.trace else { return };
        for (before, after) in changes {
            let Some(id) = after.or(before).map(|r| r.id) else { continue };
            trace.push(Touch { object: object.to_owned(), id, before: before.cloned(), after: after.cloned(), derived });
        }
    }
}

/// A record that was made is kept as it stands at the end: what followed by itself (its stage, a sum) belongs to it, and is no
/// change by somebody else when the run is taken back.
///
/// # Errors
/// The database.
pub(crate) async fn as_left(cx: &mut Cx, touches: &mut [Touch]) -> Outcome<()> {
    let company = cx.company.clone();
    let system = company.system();
    let mut made: BTreeMap<String, BTreeSet<Uuid>> = BTreeMap::new();
    for t in touches.iter().filter(|t| t.before.is_none()) {
        made.entry(t.object.clone()).or_default().insert(t.id);
    }
    for (key, ids) in made {
        let object = cx.object(&key)?;
        let ids: Vec<Uuid> = ids.into_iter().collect();
        for record in company.some(&mut cx.tx, &system, &object, &ids, &Verb::Read, false).await? {
            for t in touches.iter_mut().filter(|t| t.id == record.id && t.object == key && t.after.is_some()) {
                t.after = Some(record.clone());
            }
        }
    }
    Ok(())
}

/// Several changes of one record as one, in the order in which each was first changed. What was made and went again is left out.
pub(crate) fn merged(touches: &[Touch]) -> Vec<Touch> {
    let mut all: Vec<Touch> = Vec::new();
    for t in touches {
        match all.iter_mut().find(|known| known.id == t.id && known.object == t.object) {
            Some(known) => {
                known.after.clone_from(&t.after);
                known.derived &= t.derived;
            }
            None => all.push(t.clone()),
        }
    }
    all.retain(|t| t.before.is_some() || t.after.is_some());
    all
}
