//! What changed since a program last asked (RFC 6578).
//!
//! What a collection holds depends on records, on rights, on teams: there is no log of that. So what a person was told is
//! kept, member by member, and compared with what there is when a program asks: a difference gets the next number. A
//! record that may no longer be seen goes like one that was deleted.

use crate::Ask;
use engine::dav::{Item, Source};
use kernel::{Cell, ColumnType, Outcome};
use std::collections::BTreeMap;
use store::Conn;

const PREFIX: &str = "https://sila.example/ns/sync/";

pub fn token(seq: i64) -> String {
    format!("{PREFIX}{seq}")
}
pub fn seq(token: &str) -> Option<i64> {
    token.trim().strip_prefix(PREFIX)?.parse().ok()
}

/// A member a person was told of.
struct Told {
    etag: String,
    seq: i64,
    gone: bool,
}

/// The state of a collection as told now, and what changed after an earlier number: members with their version, or none
/// where they are gone.
pub struct State {
    pub seq: i64,
    pub changed: Vec<(String, Option<Item>)>,
}

async fn told(conn: &mut Conn, ask: &Ask, key: &str) -> Outcome<BTreeMap<String, Told>> {
    let mut sql = conn.sql();
    sql.push("SELECT name, etag, seq, gone FROM sila_dav_told WHERE user_id = ").bind(ask.actor.id).push(" AND collection = ").bind(key);
    let rows = conn.rows(&sql, &[ColumnType::Text, ColumnType::Text, ColumnType::Int, ColumnType::Int]).await?;
    let one = |r: &Vec<Cell>| {
        let told = Told { etag: r.get(1)?.text()?.to_owned(), seq: r.get(2)?.int()?, gone: r.get(3)?.int()? == 1 };
        Some((r.first()?.text()?.to_owned(), told))
    };
    Ok(rows.iter().filter_map(one).collect())
}

/// Name, version, gone: what has to be told anew.
fn differences(told: &BTreeMap<String, Told>, items: &[Item]) -> Vec<(String, String, bool)> {
    let now: BTreeMap<&str, &Item> = items.iter().map(|i| (i.name.as_str(), i)).collect();
    let new = items.iter().filter(|i| told.get(&i.name).is_none_or(|t| t.gone || t.etag != i.etag)).map(|i| (i.name.clone(), i.etag.clone(), false));
    let gone = told.iter().filter(|(n, t)| !t.gone && !now.contains_key(n.as_str())).map(|(n, t)| (n.clone(), t.etag.clone(), true));
    new.chain(gone).collect()
}

/// Brings what is told up to what there is.
async fn renew(ask: &Ask, source: &Source, key: &str) -> Outcome<(i64, BTreeMap<String, Told>, Vec<Item>)> {
    let items = (source.items)(&ask.company, &ask.actor, key).await?;
    let mut conn = ask.company.db().read().await?;
    let known = told(&mut conn, ask, key).await?;
    drop(conn);
    let last = |told: &BTreeMap<String, Told>| told.values().map(|t| t.seq).max().unwrap_or(0);
    if differences(&known, &items).is_empty() {
        return Ok((last(&known), known, items));
    }
    let mut tx = ask.company.db().write().await?;
    // The counter's row is held until the end: two programs of one person take turns.
    let seq = store::counter::reserve(&mut tx, &format!("dav.{}.{key}", ask.actor.id), 1).await?;
    let mut known = told(&mut tx, ask, key).await?;
    let rows: Vec<Vec<Cell>> = differences(&known, &items)
        .into_iter()
        .map(|(name, etag, gone)| {
            let row = vec![ask.actor.id.into(), key.into(), name.as_str().into(), etag.as_str().into(), seq.into(), i64::from(gone).into()];
            known.insert(name, Told { etag, seq, gone });
            row
        })
        .collect();
    let columns = ["user_id", "collection", "name", "etag", "seq", "gone"];
    store::rows::upsert_many(&mut tx, "sila_dav_told", &columns, &["user_id", "collection", "name"], rows).await?;
    tx.commit().await?;
    Ok((last(&known), known, items))
}

/// The number of a collection as it is now.
pub async fn now(ask: &Ask, source: &Source, key: &str) -> Outcome<i64> {
    Ok(renew(ask, source, key).await?.0)
}

/// What changed after `since`; all members where there is no earlier number. None: nobody was ever given that number.
pub async fn since(ask: &Ask, source: &Source, key: &str, since: Option<i64>) -> Outcome<Option<State>> {
    let (seq, known, items) = renew(ask, source, key).await?;
    let Some(since) = since else {
        return Ok(Some(State { seq, changed: items.into_iter().map(|i| (i.name.clone(), Some(i))).collect() }));
    };
    if since > seq || since < 0 {
        return Ok(None);
    }
    let mut now: BTreeMap<String, Item> = items.into_iter().map(|i| (i.name.clone(), i)).collect();
    let changed = known.into_iter().filter(|(_, t)| t.seq > since).map(|(n, _)| (n.clone(), now.remove(&n))).collect();
    Ok(Some(State { seq, changed }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_news_changes_and_losses() {
        let told = |etag: &str, gone| Told { etag: etag.into(), seq: 1, gone };
        let known = BTreeMap::from([("a".into(), told("1", false)), ("b".into(), told("1", false)), ("c".into(), told("1", true)), ("d".into(), told("1", true))]);
        let item = |name: &str, etag: &str| Item { name: name.into(), etag: etag.into() };
        let found = differences(&known, &[item("a", "2"), item("c", "1"), item("e", "1")]);
        let found: Vec<(&str, bool)> = found.iter().map(|(n, _, gone)| (n.as_str(), *gone)).collect();
        assert_eq!(found, [("a", false), ("c", false), ("e", false), ("b", true)]);
        assert_eq!((seq(&token(7)), seq("http://x/7"), seq(&format!("{PREFIX}x"))), (Some(7), None, None));
    }
}
