//! Who did what, and who looked at whom: rows that cannot be changed, removed or slipped in unnoticed.
//!
//! - a change leaves its row in its own transaction (`sila_audit`); looking at personal data is noted in memory and
//!   written in batches (`sila_read`, [`reads`]), so that reading costs no transaction;
//! - one sealer at a time brings both into one order: each seal is the hash of the one before and of the row's
//!   commitment ([`chain`]); [`verify`](mod@verify) says what does not fit;
//! - a commitment covers salted hashes of the values, so a value can be forgotten ([`forget`]) and the chain still holds;
//! - reads are kept for a time, changes for good ([`keep`]); the head of the chain is written down outside the
//!   database, so that a tail that was cut off is noticed ([`anchor`]).

pub mod anchor;
pub mod chain;
pub mod forget;
pub mod keep;
pub mod log;
pub mod reads;
pub mod verify;

pub use chain::Head;
pub use log::{Entry, Filter, Log};
pub use verify::{Finding, Report, What};

use crate::Cx;
use kernel::{Cell, Outcome};
use serde_json::Value as Json;
use uuid::Uuid;

/// A row of the audit.
pub(crate) struct Audit {
    pub object: String,
    pub record: Uuid,
    pub rev: i64,
    pub verb: String,
    pub changes: Json,
}

pub(crate) async fn audit(cx: &mut Cx, audits: Vec<Audit>) -> Outcome<()> {
    let now: Cell = cx.now.into();
    let actor = crate::side::actor_cell(cx);
    let reason = cx.reason();
    let rows: Vec<Vec<Cell>> = audits
        .into_iter()
        .map(|a| {
            let behalf = cx.behalf.get(&a.record).copied();
            vec![
                Uuid::now_v7().into(),
                now.clone(),
                actor.clone(),
                a.object.into(),
                a.record.into(),
                a.rev.into(),
                a.verb.into(),
                if a.changes.is_null() { Cell::Null } else { Cell::Text(a.changes.to_string()) },
                reason.as_str().into(),
                cx.actor.request.as_str().into(),
                behalf.into(),
                if a.changes.is_null() { Cell::Null } else { salt().into() },
            ]
        })
        .collect();
    let columns = ["id", "at", "actor", "object", "record_id", "rev", "verb", "changes", "cause", "request_id", "behalf", "salt"];
    store::insert_many(&mut cx.tx, "sila_audit", &columns, rows).await
}

/// 122 random bits: whoever knows a hash cannot try out what the value may have been.
pub(crate) fn salt() -> String {
    Uuid::new_v4().simple().to_string()
}

impl Cx {
    /// Writes a line into the audit: what happened to a record beyond the change of its fields, or (with the nil id)
    /// to the company. Changes of records are audited by themselves.
    ///
    /// # Errors
    /// The database.
    pub async fn audit(&mut self, object: &str, record: Uuid, verb: &str, changes: Json) -> Outcome<()> {
        audit(self, vec![Audit { object: object.to_owned(), record, rev: 0, verb: verb.to_owned(), changes }]).await
    }
}
