//! Changes somebody else wants: an assistant proposes, a person decides.
//!
//! A proposal is a list of [`Step`]s. It is tried out in a transaction that is given up again ([`trial`]): what would
//! change, follow-ups included, is the preview. Confirming ([`decide`]) does the same steps once more, on the revisions the
//! preview was made from, and only where the effect is what was shown. What one session changed is a *run*;
//! [`undo`] takes all of it back or nothing. [`stored`]: the tables; [`touch`]: what is noted of each change.
//!
//! Rights: steps are tried and done with the rights of the person whose token proposed, within the token's scopes.

pub mod decide;
pub mod stored;
pub(crate) mod touch;
mod trial;
pub mod undo;

pub use decide::Confirmed;
pub use stored::{Proposal, Run, State};
pub use trial::{Difference, Preview};
pub use undo::Undone;

use crate::{Actor, Company};
use kernel::{Fault, FaultKind, Issue, Outcome};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use std::sync::Arc;
use uuid::Uuid;

/// Hours a proposal waits for its decision.
pub const WAITS: i64 = 24;
/// The most steps of one proposal.
pub const MOST_STEPS: usize = 50;

/// One change that is wanted. Values are as in the API; a text `$2` is the record that the second step made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    Create {
        object: String,
        values: Map<String, Json>,
    },
    Update {
        object: String,
        id: String,
        #[serde(default)]
        rev: Option<i64>,
        values: Map<String, Json>,
    },
    Delete {
        object: String,
        id: String,
        #[serde(default)]
        rev: Option<i64>,
    },
    Act {
        object: String,
        id: String,
        action: String,
        #[serde(default)]
        input: Map<String, Json>,
        #[serde(default)]
        rev: Option<i64>,
    },
}

impl Step {
    pub fn object(&self) -> &str {
        match self {
            Step::Create { object, .. } | Step::Update { object, .. } | Step::Delete { object, .. } | Step::Act { object, .. } => object,
        }
    }
    /// The record it is about, where it is there already, and the revision it was based on.
    pub fn target(&self) -> Option<(Uuid, Option<i64>)> {
        match self {
            Step::Create { .. } => None,
            Step::Update { id, rev, .. } | Step::Delete { id, rev, .. } | Step::Act { id, rev, .. } => Some((id.parse().ok()?, *rev)),
        }
    }
}

/// What somebody proposes.
#[derive(Clone, Debug, Default)]
pub struct NewProposal {
    pub steps: Vec<Step>,
    /// Why, in the proposer's words.
    pub note: String,
    /// The session it belongs to; empty: the token's latest, where that is not long ago.
    pub session: String,
    /// What the proposing program calls itself.
    pub client: String,
}

/// Whether a token may propose: one that writes something, or one made for it.
pub fn may_propose(actor: &Actor) -> bool {
    let Some(scopes) = &actor.scopes else { return false };
    scopes.iter().any(|s| matches!(s.as_str(), "propose" | "confirm" | "write" | "admin") || s.split_once(':').is_some_and(|(_, v)| !matches!(v, "read" | "export")))
}

/// Whether somebody may decide himself: a person, or a token that was expressly made so.
pub fn may_confirm(actor: &Actor) -> bool {
    actor.viewer.is_none() && actor.scopes.as_ref().is_none_or(|s| s.iter().any(|s| s == "confirm"))
}

/// The rights under which steps are tried and done: the person's, within the token's scopes. What is only proposed
/// is judged as if it were written.
fn acting(actor: &Actor, scopes: &[String]) -> Actor {
    // Nothing a proposal does is administration of the company, whatever the token could do elsewhere.
    let mut within: Vec<String> = scopes.iter().map(|s| if s == "admin" { "write" } else { s.as_str() }.to_owned()).collect();
    let narrow = scopes.iter().any(|s| s.contains(':'));
    if !narrow && scopes.iter().any(|s| s == "propose" || s == "confirm") {
        within.push("write".into());
    }
    Actor { scopes: Some(within), ..actor.clone() }
}

impl Company {
    /// Tries a proposal out and keeps it with what it would change.
    ///
    /// # Errors
    /// Forbidden: the token does not propose. Invalid: a step does not fit, nothing would change, the run is full.
    /// Not found, forbidden, conflict: as the change itself would have.
    pub async fn propose(&self, actor: &Actor, new: NewProposal) -> Outcome<Proposal> {
        let token = actor.token.clone().filter(|_| may_propose(actor)).ok_or_else(Fault::forbidden)?;
        if new.steps.is_empty() {
            return Err(Fault::invalid("changes", "value-required"));
        }
        if new.steps.len() > MOST_STEPS {
            return Err(Fault::issue(Issue::new("changes", "propose-too-many").arg("max", MOST_STEPS)));
        }
        let who = acting(actor, actor.scopes.as_deref().unwrap_or_default());
        let mut attempts = 1;
        let tried = loop {
            match Box::pin(trial::tried(self, &who, new.steps.clone())).await {
                Err(fault) if attempts < 3 && store::is_retryable(&fault) => attempts += 1,
                tried => break tried?,
            }
        };
        let (new, tried) = (Arc::new(new), Arc::new(tried));
        self.transact(actor, |cx| {
            let (new, tried, token) = (new.clone(), tried.clone(), token.clone());
            Box::pin(async move { stored::keep(cx, &token, &new, &tried).await })
        })
        .await
    }
}

/// A fault of one step says of which.
fn of_step(n: usize, mut fault: Fault) -> Fault {
    let place = format!("changes[{n}]");
    for issue in &mut fault.issues {
        issue.field = if issue.field.is_empty() { place.clone() } else { format!("{place}.{}", issue.field) };
    }
    if fault.issues.is_empty() && !matches!(fault.kind, FaultKind::Internal | FaultKind::Unavailable) {
        let key = match fault.kind {
            FaultKind::Forbidden => "propose-step-forbidden",
            FaultKind::Conflict => "propose-step-changed",
            _ => "propose-step-missing",
        };
        fault.issues.push(Issue::new(place, key));
    }
    fault
}
