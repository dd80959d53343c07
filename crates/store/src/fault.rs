//! What a database says when it refuses, in our words.

use kernel::{Fault, FaultKind, Issue};
use sqlx::postgres::PgDatabaseError;

/// Prefix of `detail` when running the whole transaction again is the cure.
const SERIALIZATION: &str = "serialization";
const STALE: &str = "stale prepared statement";

/// The transaction lost a race on PostgreSQL (40001, 40P01): run the whole action again.
pub fn is_retryable(fault: &Fault) -> bool {
    fault.kind == FaultKind::Unavailable && fault.detail.starts_with(SERIALIZATION)
}

/// The statement was prepared before a column got another type.
pub(crate) fn is_stale(fault: &Fault) -> bool {
    is_retryable(fault) && fault.detail.ends_with(STALE)
}

/// A lock was not granted in time (DDL behind a long read).
pub(crate) fn is_lock_timeout(fault: &Fault) -> bool {
    fault.kind == FaultKind::Unavailable && fault.detail.starts_with("lock timeout")
}

/// `sql` is the statement's text (never its arguments, which may be personal data).
pub(crate) fn from_sqlx(error: &sqlx::Error, sql: &str) -> Fault {
    match error {
        sqlx::Error::Database(e) => match e.try_downcast_ref::<PgDatabaseError>() {
            Some(pg) => postgres(pg, sql),
            None => sqlite(e.as_ref(), sql),
        },
        sqlx::Error::PoolTimedOut => Fault::unavailable("no database connection became free in time"),
        sqlx::Error::Io(e) => Fault::unavailable(format!("database connection lost: {e}")),
        sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => Fault::unavailable("database connection lost"),
        other => Fault::internal(format!("{other}; {sql}")),
    }
}

fn postgres(e: &PgDatabaseError, sql: &str) -> Fault {
    match e.code() {
        "23505" => {
            // "Key (code, company)=(…) already exists.": the columns hold in every server language.
            let columns = e
                .detail()
                .and_then(|d| d.split_once('('))
                .and_then(|(_, rest)| rest.split_once(")=("))
                .map(|(names, _)| names.split(", ").map(|n| n.trim_matches('"').to_owned()).collect())
                .unwrap_or_default();
            not_unique(columns, e.constraint().unwrap_or_default())
        }
        "40001" | "40P01" => Fault::unavailable(format!("{SERIALIZATION}: {}", e.message())),
        // "cached plan must not change result type", and a parameter of the type that the column had before.
        "0A000" if e.message().contains("cached plan") => Fault::unavailable(format!("{SERIALIZATION}: {STALE}")),
        "42804" if e.message().starts_with("column ") => Fault::unavailable(format!("{SERIALIZATION}: {STALE}")),
        "55P03" => Fault::unavailable(format!("lock timeout: {}", e.message())),
        code if code == "57014" || ["08", "53", "57P", "25P03"].iter().any(|class| code.starts_with(class)) => {
            Fault::unavailable(format!("{code} {}", e.message()))
        }
        code => Fault::internal(format!("{code} {}; {sql}", e.message())),
    }
}

fn sqlite(e: &dyn sqlx::error::DatabaseError, sql: &str) -> Fault {
    let code: i32 = e.code().and_then(|c| c.parse().ok()).unwrap_or_default();
    match code {
        // UNIQUE, PRIMARY KEY: "UNIQUE constraint failed: party.code, party.company".
        2067 | 1555 => {
            let names = e.message().rsplit_once(": ").map(|(_, n)| n).unwrap_or_default();
            let columns = names.split(", ").map(|n| n.rsplit_once('.').map_or(n, |(_, c)| c).to_owned()).collect();
            not_unique(columns, names)
        }
        // BUSY, LOCKED, INTERRUPT, and what a full or failing disk gives.
        c if [5, 6, 9, 7, 10, 13].contains(&(c & 0xff)) => Fault::unavailable(format!("{c} {}", e.message())),
        c => Fault::internal(format!("{c} {}; {sql}", e.message())),
    }
}

/// The fault names the first column, which is the key of the field; `fields` carries all of them.
fn not_unique(columns: Vec<String>, constraint: &str) -> Fault {
    let first = columns.first().filter(|c| !c.is_empty()).cloned().unwrap_or_else(|| constraint.to_owned());
    Fault::issue(Issue::new(first, "value-not-unique").arg("fields", columns.join(", ")))
}
