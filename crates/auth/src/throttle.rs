//! Slows down guessing. An attempt is counted before its outcome is known, in the database, so that neither
//! parallel attempts nor several nodes get more of them.

use engine::Company;
use kernel::{Cell, ColumnType, Fault, FaultKind, Issue, Outcome};

/// How one kind of attempts is slowed.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// Attempts without any wait.
    pub free: i64,
    /// The wait doubles with each further attempt up to this many seconds.
    pub longest: i64,
    /// Seconds without attempt after which counting begins anew.
    pub forget: i64,
}

/// One person from one address.
pub const PERSON: Limit = Limit { free: 5, longest: 900, forget: 3_600 };
/// One address, whoever it tries to be; an office may sit behind it.
pub const ADDRESS: Limit = Limit { free: 40, longest: 300, forget: 3_600 };

impl Limit {
    /// Seconds to wait after the `count`-th attempt.
    pub fn wait(self, count: i64) -> i64 {
        let over = count - self.free;
        if over < 0 { 0 } else { 2_i64.saturating_pow(u32::try_from(over + 1).unwrap_or(30).min(30)).min(self.longest) }
    }
}

/// What is counted: a word for the kind of attempt with address and e-mail, stored as a hash
/// (people type passwords into the e-mail field).
#[derive(Clone, Debug)]
pub struct Attempt {
    keys: Vec<(String, Limit)>,
}

impl Attempt {
    pub fn new(what: &str, email: &str, ip: &str) -> Self {
        let email = email.trim().to_lowercase();
        let mut keys = vec![(crate::secret::hash(&format!("{what}\n{email}\n{ip}")), PERSON)];
        // Where no address is known, everybody would share one and a stranger could make all others wait.
        if !ip.is_empty() {
            keys.push((crate::secret::hash(&format!("{what}\n{ip}")), ADDRESS));
        }
        Attempt { keys }
    }

    /// Counted by the address alone: who it is turns out later.
    pub fn of_address(what: &str, ip: &str) -> Self {
        let keys = if ip.is_empty() { Vec::new() } else { vec![(crate::secret::hash(&format!("{what}\n{ip}")), ADDRESS)] };
        Attempt { keys }
    }
}

/// A 429 that says when to come back: issue `auth-throttled` with `seconds`.
pub fn fault(seconds: i64) -> Fault {
    Fault { issues: vec![Issue::new("", "auth-throttled").arg("seconds", seconds)], ..Fault::new(FaultKind::Throttled) }
}

/// The seconds of a throttled fault.
pub fn seconds(fault: &Fault) -> Option<i64> {
    let args = fault.issues.iter().flat_map(|i| &i.args);
    args.filter(|(k, _)| k == "seconds").find_map(|(_, v)| v.parse().ok())
}

/// Counts an attempt; refused while an earlier one makes it wait.
///
/// # Errors
/// Throttled, with the seconds to wait.
pub async fn begin(company: &Company, attempt: &Attempt) -> Outcome<()> {
    let now = company.now().as_microsecond();
    let mut tx = company.db().write().await?;
    let mut longest = 0;
    let mut counted = Vec::new();
    for (key, limit) in &attempt.keys {
        // The row is made first, so that on PostgreSQL a parallel attempt waits for its lock.
        let mut sql = tx.sql();
        sql.push("INSERT INTO sila_attempt (key, at, count, until) VALUES (").bind(key.as_str()).push(", ").bind(now);
        sql.push(", 0, NULL) ON CONFLICT (key) DO UPDATE SET count = sila_attempt.count");
        tx.exec(&sql).await?;
        let mut sql = tx.sql();
        sql.push("SELECT at, count, until FROM sila_attempt WHERE key = ").bind(key.as_str());
        let row = tx.row(&sql, &[ColumnType::Int; 3]).await?.unwrap_or_default();
        let int = |i: usize| row.get(i).and_then(Cell::int).unwrap_or_default();
        let until = int(2);
        if until > now {
            longest = longest.max((until - now + 999_999) / 1_000_000);
        }
        let count = if now - int(0) > limit.forget * 1_000_000 { 1 } else { int(1) + 1 };
        counted.push((key, count, limit.wait(count)));
    }
    if longest > 0 {
        // Not counted: who waits as asked is not punished for having asked.
        tx.rollback().await?;
        return Err(fault(longest));
    }
    // Now and then; each attempt would be too often.
    if now % 32 == 0 {
        tidy(&mut tx, now).await?;
    }
    for (key, count, wait) in counted {
        let until: Cell = if wait > 0 { (now + wait * 1_000_000).into() } else { Cell::Null };
        let mut sql = tx.sql();
        sql.push("UPDATE sila_attempt SET at = ").bind(now).push(", count = ").bind(count).push(", until = ").bind(until);
        sql.push(" WHERE key = ").bind(key.as_str());
        tx.exec(&sql).await?;
    }
    tx.commit().await
}

/// The attempt succeeded: the person begins anew, and the address gets it back.
pub async fn succeeded(tx: &mut store::Tx, attempt: &Attempt) -> Outcome<()> {
    for (i, (key, _)) in attempt.keys.iter().enumerate() {
        let mut sql = tx.sql();
        if i == 0 {
            sql.push("DELETE FROM sila_attempt");
        } else {
            sql.push("UPDATE sila_attempt SET until = NULL, count = CASE WHEN count > 0 THEN count - 1 ELSE 0 END");
        }
        sql.push(" WHERE key = ").bind(key.as_str());
        tx.exec(&sql).await?;
    }
    Ok(())
}

/// Drops what nobody needs any more: old attempts, stale resets, sessions that ended a month ago.
async fn tidy(tx: &mut store::Tx, now: i64) -> Outcome<()> {
    let day = 86_400_000_000_i64;
    for (table, column, keep) in [("sila_attempt", "at", day), ("sila_reset", "expires_at", day), ("sila_session", "expires_at", 30 * day), ("sila_challenge", "expires_at", 0)] {
        let mut sql = tx.sql();
        sql.push("DELETE FROM ").ident(table).push(" WHERE ").ident(column).push(" < ").bind(now - keep);
        tx.exec(&sql).await?;
    }
    let mut sql = tx.sql();
    sql.push("DELETE FROM sila_sso_session WHERE session_id NOT IN (SELECT id FROM sila_session)");
    tx.exec(&sql).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_limit() {
        let waits: Vec<i64> = (1..=16).map(|n| PERSON.wait(n)).collect();
        assert_eq!(waits, [0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
        assert_eq!(ADDRESS.wait(1_000), 300);
        assert_eq!(seconds(&fault(7)), Some(7));
    }
}
