//! Running numbers without gaps: taken in the saving transaction, given back when it rolls back.

use crate::conn::Tx;
use kernel::{Fault, Outcome};

/// The next number of the series `key`; the first is 1. Other transactions that want one wait until this one ends.
pub async fn next(tx: &mut Tx, key: &str) -> Outcome<i64> {
    reserve(tx, key, 1).await
}

/// Takes `count` numbers at once; returns the first.
pub async fn reserve(tx: &mut Tx, key: &str, count: i64) -> Outcome<i64> {
    if count < 1 {
        return Err(Fault::internal("a reservation needs at least one number"));
    }
    let mut sql = tx.sql();
    sql.push("INSERT INTO sila_counter (key, value) VALUES (").bind(key).push(", ").bind(count);
    sql.push(") ON CONFLICT (key) DO UPDATE SET value = sila_counter.value + excluded.value RETURNING value");
    let last = tx.int(&sql).await?.ok_or_else(|| Fault::internal("the counter gave no number"))?;
    Ok(last - count + 1)
}

/// Lets the series go on after `value` unless it is further already (numbers that came by import).
pub async fn at_least(tx: &mut Tx, key: &str, value: i64) -> Outcome<()> {
    let mut sql = tx.sql();
    sql.push("INSERT INTO sila_counter (key, value) VALUES (").bind(key).push(", ").bind(value);
    sql.push(") ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE excluded.value > sila_counter.value");
    tx.exec(&sql).await.map(|_| ())
}
