//! Lines that look like a record that is there, or like an earlier line of the file.

use crate::duplicates::facts::{profiles, tell};
use crate::duplicates::find::neighbours;
use crate::{Cx, Draft};
use kernel::{Issue, Object, Outcome, Record, Verb};
use matching::{Key, KeyKind, Profile, Verdict, compare};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// What a line looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Like {
    Record(Uuid),
    /// The earlier line, as it stands in the file.
    Line(i64),
}

impl Like {
    pub fn issue(self) -> Issue {
        match self {
            Like::Record(_) => Issue::new("", "import-looks-like-record"),
            Like::Line(n) => Issue::new("", "import-looks-like-line").arg("n", n),
        }
    }
}

/// The lines of an import seen so far, by their keys.
#[derive(Default)]
pub(crate) struct Lookout {
    blocks: HashMap<Key, Vec<usize>>,
    lines: Vec<(i64, Profile)>,
}

/// Beyond so many lines only records are compared with: memory has an end.
const MEMORY: usize = 200_000;

impl Lookout {
    /// What the draft of line `at` plainly looks like, of what the actor may see; the line is remembered.
    pub async fn like(&mut self, cx: &mut Cx, object: &Object, draft: &Draft, at: i64) -> Outcome<Option<Like>> {
        let mut record = Record::new(object.key.clone(), Uuid::nil());
        record.values = draft.values.clone();
        let mut profile = Profile::default();
        tell(&mut profile, object, &record, &|_| true);
        let keys = profile.keys(&object.key);
        let (near, shared) = neighbours(&mut cx.tx, &keys, None).await?;
        let count = |k: Key| shared.get(&k).copied().unwrap_or(1);
        let mut best: Option<(i32, Like)> = None;
        let mut better = |score: i32, like: Like| {
            if best.is_none_or(|(s, _)| score > s) {
                best = Some((score, like));
            }
        };
        if !near.is_empty() {
            let (company, actor) = (cx.company.clone(), cx.actor.clone());
            let ids: Vec<Uuid> = near.into_iter().collect();
            let seen: Vec<Uuid> = company.allowed(&mut cx.tx, &actor, object, &ids, &Verb::Read).await?.into_iter().collect();
            for (id, other) in profiles(&company, &mut cx.tx, &actor, object, &seen).await? {
                let m = compare(&object.key, &profile, &other, &count);
                if m.verdict == Verdict::Same {
                    better(m.score, Like::Record(id));
                }
            }
        }
        let mut met: BTreeSet<usize> = BTreeSet::new();
        for key in &keys {
            let block = self.blocks.get(key).map(Vec::as_slice).unwrap_or_default();
            if block.len() <= usize::try_from(key.kind().crowd()).unwrap_or(0) && (key.kind().strong() || block.len() < 12) {
                met.extend(block);
            }
        }
        for (n, other) in met.iter().filter_map(|i| self.lines.get(*i)).filter(|(n, _)| *n < at) {
            let m = compare(&object.key, &profile, other, &count);
            if m.verdict == Verdict::Same {
                better(m.score, Like::Line(*n));
            }
        }
        // A batch that is done again brings its lines again.
        if self.lines.len() < MEMORY && self.lines.last().is_none_or(|(n, _)| *n < at) {
            for key in keys.into_iter().filter(|k| k.kind() != KeyKind::Code) {
                self.blocks.entry(key).or_default().push(self.lines.len());
            }
            self.lines.push((at, profile));
        }
        Ok(best.map(|(_, like)| like))
    }
}
