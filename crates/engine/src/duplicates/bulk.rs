//! Merging many pairs of the queue at once: a job that says how far it is and can be stopped between two pairs.
//!
//! Each pair is a transaction of its own. A job that dies goes on where it was: what is merged has left the queue.

use super::find::must_find;
use super::pairs::{Decision, Pair, Rule};
use crate::merge::Merge;
use crate::{Actor, Company, JobCx};
use kernel::{Fault, FaultKind, Issue, Outcome, Verb};
use matching::Clue;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
pub use store::queue::State;
use store::queue::{self, NewJob};
use uuid::Uuid;

pub const JOB: &str = "engine.merge";
/// Pairs read at once.
const PAGE: usize = 50;

/// Merging many, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bulk {
    pub job: Uuid,
    pub state: State,
    pub counts: Counts,
    /// Pairs that fitted the rule when it began.
    pub total: i64,
    pub rule: Rule,
    /// Who asked for it.
    pub by: Option<Uuid>,
    /// When it came to its end, in microseconds; none: it waits or runs.
    pub ended: Option<i64>,
}

/// What came of the pairs so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub merged: usize,
    /// Pairs that were left as they are: one of them changed meanwhile, or they do not fit together.
    pub refused: usize,
}

impl Counts {
    fn json(self) -> String {
        json!({"merged": self.merged, "refused": self.refused}).to_string()
    }
    fn read(text: Option<&str>) -> Counts {
        let json: Json = text.and_then(|t| t.parse().ok()).unwrap_or_default();
        let n = |key: &str| json.get(key).and_then(Json::as_u64).and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        Counts { merged: n("merged"), refused: n("refused") }
    }
}

impl Rule {
    fn json(&self) -> Json {
        json!({"score": self.score, "same": self.clues.iter().map(|c| c.key()).collect::<Vec<_>>()})
    }
    fn read(json: &Json) -> Rule {
        let names = json.get("same").and_then(Json::as_array);
        Rule {
            score: json.get("score").and_then(Json::as_i64).unwrap_or(100),
            clues: names.into_iter().flatten().filter_map(|n| Clue::parse(n.as_str()?)).collect(),
        }
    }
    /// Below the score of "the same" a person looks at each pair.
    fn must_be_sure(&self) -> Outcome<()> {
        if self.score < i64::from(matching::score::SAME) {
            return Err(Fault::issue(Issue::new("score", "duplicates-score-too-low").arg("least", matching::score::SAME)));
        }
        Ok(())
    }
    /// What a mask hides from the actor the queue does not tell either: only the evidence he sees himself counts.
    fn fits(&self, pair: &Pair) -> bool {
        i64::from(pair.matched.score) >= self.score && self.clues.iter().all(|c| pair.matched.evidence.iter().any(|e| e.clue == *c))
    }
}

fn bulk(job: &queue::Job) -> Bulk {
    let told = job.result.as_deref().or(job.progress.text.as_deref());
    Bulk {
        job: job.id,
        state: job.state,
        counts: Counts::read(told),
        total: job.progress.total.unwrap_or_default(),
        rule: Rule::read(&job.payload),
        by: job.actor,
        ended: job.finished_at,
    }
}

impl Company {
    /// Starts merging all pairs of the queue that fit the rule, in the name of the actor; one at a time for each object.
    ///
    /// # Errors
    /// Not found; forbidden: he must be able to change and delete such records; invalid: a rule that asks for too little.
    pub async fn queue_merge(&self, actor: &Actor, object: &str, rule: &Rule) -> Outcome<Uuid> {
        let registry = self.registry();
        let declared = registry.object(object)?;
        actor.rule(declared, &Verb::Update)?;
        actor.rule(declared, &Verb::Delete)?;
        must_find(declared)?;
        rule.must_be_sure()?;
        let mut payload = rule.json();
        payload["object"] = json!(object);
        let mut job = NewJob::new(JOB, payload).key(format!("merge:{object}"));
        if !actor.is_system() {
            job = job.actor(actor.id);
        }
        let mut tx = self.db().write().await?;
        let id = queue::enqueue(&mut tx, &job).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The last time somebody merged many records of an object, for those who may do that.
    ///
    /// # Errors
    /// Not found; forbidden; the database.
    pub async fn bulk_merge(&self, actor: &Actor, object: &str) -> Outcome<Option<Bulk>> {
        let registry = self.registry();
        actor.rule(registry.object(object)?, &Verb::Update)?;
        let mut conn = self.db().read().await?;
        let jobs = queue::list(&mut conn, Some(JOB), None, 100).await?;
        Ok(jobs.iter().filter(|j| j.payload.get("object").and_then(Json::as_str) == Some(object)).max_by_key(|j| j.at).map(bulk))
    }

    /// Asks the merging of many to stop after the pair it is at. Says whether there was something to stop.
    ///
    /// # Errors
    /// Not found; forbidden; the database.
    pub async fn stop_merge(&self, actor: &Actor, object: &str) -> Outcome<bool> {
        let registry = self.registry();
        actor.rule(registry.object(object)?, &Verb::Delete)?;
        let Some(last) = self.bulk_merge(actor, object).await? else { return Ok(false) };
        let mut tx = self.db().write().await?;
        let stopped = queue::request_stop(&mut tx, last.job).await?;
        tx.commit().await?;
        Ok(stopped)
    }

    /// Merges pairs of the queue that fit the rule, each in a transaction of its own with the usual choice of values; the
    /// older record stays. `told` hears the counts after each pair and answers whether to go on.
    ///
    /// # Errors
    /// Invalid: a rule that fits everything; the database.
    pub async fn merge_by_rule(&self, actor: &Actor, object: &str, rule: &Rule, mut told: impl FnMut(Counts) -> bool + Send) -> Outcome<Counts> {
        rule.must_be_sure()?;
        let mut counts = Counts::default();
        loop {
            // What was refused stays in the queue, at its head.
            let pairs = self.pairs(actor, object, Decision::Open, rule, counts.refused, PAGE).await?;
            if pairs.is_empty() {
                return Ok(counts);
            }
            let mut touched = BTreeSet::new();
            for pair in pairs {
                let (older, newer) = if pair.a.id <= pair.b.id { (&pair.a, &pair.b) } else { (&pair.b, &pair.a) };
                if touched.contains(&older.id) || touched.contains(&newer.id) {
                    // Another record by now: it is looked at again with the next page.
                    continue;
                }
                let merge = Merge { rev: Some(older.rev), loser_rev: Some(newer.rev), ..Merge::new(object, older.id, newer.id) };
                let done = if rule.fits(&pair) {
                    self.transact(actor, |cx| {
                        let merge = merge.clone();
                        Box::pin(async move { cx.merge(merge).await.map(Some) })
                    })
                    .await
                } else {
                    Ok(None)
                };
                match done {
                    Ok(Some(_)) => {
                        touched.extend([newer.id, older.id]);
                        counts.merged += 1;
                    }
                    Ok(None) => counts.refused += 1,
                    Err(fault) if matches!(fault.kind, FaultKind::Unavailable | FaultKind::Internal) => return Err(fault),
                    Err(_) => counts.refused += 1,
                }
                if !told(counts) {
                    return Ok(counts);
                }
            }
        }
    }
}

pub(crate) async fn job(cx: JobCx) -> Outcome<()> {
    let company = cx.company.clone();
    let object = cx.job.payload.get("object").and_then(Json::as_str).unwrap_or_default().to_owned();
    let rule = Rule::read(&cx.job.payload);
    // With the rights the person has now, not those of when he asked.
    let actor = match cx.job.actor {
        None => company.system(),
        Some(user) => company.load_actor(user).await?.ok_or_else(Fault::forbidden)?,
    };
    let before = Counts::read(cx.job.progress.text.as_deref());
    let open = company.count_pairs(&actor, &object, Decision::Open, &rule).await?;
    let total = open.saturating_add(i64::try_from(before.merged).unwrap_or(0));
    let sum = |now: Counts| Counts { merged: before.merged + now.merged, refused: now.refused };
    let show = |now: Counts| {
        let all = sum(now);
        cx.progress(i64::try_from(all.merged + all.refused).unwrap_or(i64::MAX), Some(total), Some(all.json()));
    };
    show(Counts::default());
    let mut stopped = false;
    let counts = company
        .merge_by_rule(&actor, &object, &rule, |now| {
            show(now);
            stopped = cx.should_stop();
            !stopped
        })
        .await?;
    cx.result(sum(counts).json());
    if stopped {
        cx.pause();
    }
    Ok(())
}
