//! Records that could be the same one: found while typing, at import and by a sweep, looked at by people, merged or told apart.
//!
//! - [`facts`]: what a record and its parts tell, and the keys kept in the transaction of each save;
//! - [`find`]: likely duplicates of a draft or a record, for its reader; [`sweep`]: all of them, as a job;
//! - [`pairs`]: the queue, decisions that hold for ever, merging many at once.
//!
//! Invariant: nobody learns from a proposal what he may not read. A record out of his sight is only counted, and only
//! when it is plainly the same; fields that are masked for him take no part in the score he sees.

pub mod facts;
pub mod find;
pub mod pairs;
pub mod sweep;

pub use find::{Candidate, Found};
pub use pairs::{Decision, Pair, Rule};

use crate::JobKind;
use matching::{Evidence, Match};
use serde_json::{Value as Json, json};

/// The jobs of this module.
pub(crate) fn jobs() -> Vec<JobKind> {
    vec![JobKind { key: sweep::JOB, run: |cx| Box::pin(sweep::job(cx)) }]
}

/// A kind of evidence by its name: `phone`, `birthday`.
pub fn clue(key: &str) -> Option<matching::Clue> {
    matching::Clue::parse(key)
}

/// A comparison as the API shows it: `{"score":92,"verdict":"same","evidence":[{"clue":"phone","points":45}]}`.
pub fn explained(m: &Match) -> Json {
    let verdict = match m.verdict {
        matching::Verdict::Same => "same",
        matching::Verdict::Maybe => "maybe",
        matching::Verdict::No => "no",
    };
    let evidence: Vec<Json> = m.evidence.iter().map(|Evidence { clue, points }| json!({"clue": clue.key(), "points": points})).collect();
    json!({"score": m.score, "verdict": verdict, "evidence": evidence})
}
