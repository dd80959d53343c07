//! All likely duplicates of an object, found in one pass over the keys.
//!
//! Records meet where they share a key. Blocks that are too large (a switchboard, a very common name) are left out: they
//! say nothing. What meets often enough is loaded and compared; pairs worth a person's look go into the queue.

use super::facts::{keyless, profiles, rekey};
use crate::{Company, JobCx};
use kernel::{Capability, Cell, ColumnType, Object, Outcome};
use matching::{Key, KeyKind, Profile, Verdict, compare};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use store::queue::{self, NewJob};
use uuid::Uuid;

pub const JOB: &str = "engine.duplicates";

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    pub records: usize,
    pub compared: usize,
    pub same: usize,
    pub maybe: usize,
    /// It was asked to stop before its end.
    pub stopped: bool,
}

/// Pairs compared between two looks at the clock.
const BATCH: usize = 400;
const KEYS: usize = 20_000;

/// A pair of positions in the list of records, and under what they meet, in one number: 28 + 28 + 8 bits.
fn packed(a: u32, b: u32, bits: u8) -> u64 {
    let (a, b) = if a < b { (a, b) } else { (b, a) };
    (u64::from(a) << 36) | (u64::from(b) << 8) | u64::from(bits)
}

pub(crate) async fn job(cx: JobCx) -> Outcome<()> {
    let company = cx.company.clone();
    let registry = company.registry();
    let only = cx.job.payload.get("object").and_then(serde_json::Value::as_str).map(str::to_owned);
    let mut told = Vec::new();
    for object in registry.objects().filter(|o| o.can(Capability::Duplicates) && only.as_ref().is_none_or(|k| *k == o.key)) {
        let swept = sweep(&company, object, Some(&cx)).await?;
        if swept.stopped {
            cx.pause();
            return Ok(());
        }
        told.push(format!("{}: {} same, {} maybe of {} records", object.key, swept.same, swept.maybe, swept.records));
    }
    cx.result(told.join("; "));
    Ok(())
}

impl Company {
    /// Starts a sweep as a job; one at a time for each object.
    ///
    /// # Errors
    /// Invalid: no duplicates are looked for; the database.
    pub async fn queue_sweep(&self, actor: &crate::Actor, object: &str) -> Outcome<Uuid> {
        let registry = self.registry();
        let declared = registry.object(object)?;
        actor.rule(declared, &kernel::Verb::Update)?;
        super::find::must_find(declared)?;
        let mut tx = self.db().write().await?;
        let job = queue::enqueue(&mut tx, &NewJob::new(JOB, json!({ "object": object })).key(format!("duplicates:{object}"))).await?;
        tx.commit().await?;
        Ok(job)
    }

    /// The sweep here and now: for the command line and for tests.
    ///
    /// # Errors
    /// The database.
    pub async fn sweep(&self, object: &str) -> Outcome<Swept> {
        let registry = self.registry();
        let object = registry.object(object)?;
        super::find::must_find(object)?;
        sweep(self, object, None).await
    }
}

async fn sweep(company: &Company, object: &Object, job: Option<&JobCx>) -> Outcome<Swept> {
    let stop = || job.is_some_and(JobCx::should_stop);
    let began = company.now();
    let mut swept = Swept::default();
    catch_up(company, object).await?;
    let ids = ids(company, object).await?;
    swept.records = ids.len();
    let position: HashMap<Uuid, u32> = ids.iter().enumerate().filter_map(|(i, id)| Some((*id, u32::try_from(i).ok()?))).collect();
    let (pairs, crowded) = meet(company, &position).await?;
    drop(position);
    let shared = |k: Key| crowded.get(&k).copied().unwrap_or(1);
    let total = i64::try_from(pairs.len()).ok();
    let at = |p: u64, shift: u32| usize::try_from((p >> shift) & 0x0fff_ffff).ok().and_then(|i| ids.get(i)).copied();
    let mut known: HashMap<Uuid, Profile> = HashMap::new();
    for batch in pairs.chunks(BATCH) {
        if stop() {
            swept.stopped = true;
            return Ok(swept);
        }
        let twos: Vec<(Uuid, Uuid)> = batch.iter().filter_map(|p| Some((at(*p, 36)?, at(*p, 8)?))).collect();
        // Pairs come in the order of their first record, so that few are wanted twice at far places.
        let wanted: BTreeSet<Uuid> = twos.iter().flat_map(|(a, b)| [*a, *b]).collect();
        if known.len() > 40_000 {
            known.retain(|id, _| wanted.contains(id));
        }
        let missing: Vec<Uuid> = wanted.iter().filter(|id| !known.contains_key(id)).copied().collect();
        let mut conn = company.db().read().await?;
        known.extend(profiles(company, &mut conn, &company.system(), object, &missing).await?);
        drop(conn);
        let mut rows = BTreeMap::new();
        for (a, b) in twos {
            let (Some(x), Some(y)) = (known.get(&a), known.get(&b)) else { continue };
            let m = compare(&object.key, x, y, &shared);
            match m.verdict {
                Verdict::Same => swept.same += 1,
                Verdict::Maybe => swept.maybe += 1,
                Verdict::No => continue,
            }
            let evidence = m.evidence.iter().map(|e| format!("{}:{}", e.clue.key(), e.points)).collect::<Vec<_>>().join(",");
            rows.insert((a.min(b), a.max(b)), (m.score, evidence));
        }
        swept.compared += batch.len();
        keep(company, &object.key, rows, began).await?;
        if let Some(job) = job {
            job.progress(i64::try_from(swept.compared).unwrap_or(i64::MAX), total, None);
        }
    }
    // What was proposed before and is no longer likely, because somebody mended the records.
    let mut tx = company.db().write().await?;
    let mut sql = tx.sql();
    sql.push("DELETE FROM sila_match_pair WHERE object = ").bind(object.key.as_str()).push(" AND state = 'open' AND at < ").bind(began);
    tx.exec(&sql).await?;
    tx.commit().await?;
    Ok(swept)
}

/// Keys for records that have none yet.
async fn catch_up(company: &Company, object: &Object) -> Outcome<()> {
    let mut after = Uuid::nil();
    loop {
        let mut conn = company.db().read().await?;
        let some = keyless(&mut conn, object, after, 500).await?;
        drop(conn);
        let Some(last) = some.last().copied() else { return Ok(()) };
        after = last;
        let mut cx = company.write(&company.system()).await?;
        rekey(&mut cx, object, &some).await?;
        cx.commit().await?;
    }
}

async fn ids(company: &Company, object: &Object) -> Outcome<Vec<Uuid>> {
    let mut out = Vec::new();
    let mut after = Uuid::nil();
    loop {
        let mut conn = company.db().read().await?;
        let mut sql = conn.sql();
        sql.push("SELECT t.\"id\"");
        crate::record_sql::from(&mut sql, object, "t");
        sql.push(" WHERE t.\"deleted_at\" IS NULL AND t.\"id\" > ").bind(after).push(&format!(" ORDER BY t.\"id\" LIMIT {KEYS}"));
        let rows = conn.rows(&sql, &[ColumnType::Id]).await?;
        out.extend(rows.iter().filter_map(|r| r.first().and_then(Cell::id)));
        match out.last() {
            Some(last) if rows.len() == KEYS => after = *last,
            _ => return Ok(out),
        }
    }
}

/// Pairs worth a comparison, each once and in order, and how many share the keys that more than two share.
async fn meet(company: &Company, position: &HashMap<Uuid, u32>) -> Outcome<(Vec<u64>, HashMap<Key, u32>)> {
    let mut crowded = HashMap::new();
    let mut pairs: Vec<u64> = Vec::new();
    let mut block: (Key, Vec<u32>) = (Key(i64::MIN), Vec::new());
    let mut cursor: Option<(i64, Uuid)> = None;
    loop {
        let mut conn = company.db().read().await?;
        let mut sql = conn.sql();
        sql.push("SELECT hash, record_id FROM sila_match_key");
        if let Some((hash, id)) = cursor {
            sql.push(" WHERE (hash, record_id) > ").bind_list([Cell::Int(hash), Cell::Id(id)]);
        }
        sql.push(&format!(" ORDER BY hash, record_id LIMIT {KEYS}"));
        let rows = conn.rows(&sql, &[ColumnType::Int, ColumnType::Id]).await?;
        drop(conn);
        for row in &rows {
            let (Some(hash), Some(id)) = (row.first().and_then(Cell::int), row.get(1).and_then(Cell::id)) else { continue };
            cursor = Some((hash, id));
            let Some(at) = position.get(&id) else { continue };
            if block.0.0 != hash {
                close(&mut block, &mut pairs, &mut crowded);
                block.0 = Key(hash);
            }
            block.1.push(*at);
        }
        if rows.len() < KEYS {
            break;
        }
    }
    close(&mut block, &mut pairs, &mut crowded);
    pairs.sort_unstable();
    // The same two under several keys: one entry with all the bits.
    let mut merged: Vec<u64> = Vec::with_capacity(pairs.len() / 2);
    for p in pairs {
        match merged.last_mut() {
            Some(last) if *last >> 8 == p >> 8 => *last |= p & 0xff,
            _ => merged.push(p),
        }
    }
    merged.retain(|p| KeyKind::worth(u8::try_from(p & 0xff).unwrap_or(u8::MAX)));
    Ok((merged, crowded))
}

fn close(block: &mut (Key, Vec<u32>), pairs: &mut Vec<u64>, crowded: &mut HashMap<Key, u32>) {
    let (key, members) = (block.0, std::mem::take(&mut block.1));
    let n = u32::try_from(members.len()).unwrap_or(u32::MAX);
    if n > 2 {
        crowded.insert(key, n);
    }
    if n < 2 || n > key.kind().crowd() {
        return;
    }
    // A rare name alone is worth a look: it passes as if it were strong.
    let bits = key.kind().bit() | if n <= key.kind().few() { KeyKind::FullName.bit() } else { 0 };
    for (i, a) in members.iter().enumerate() {
        for b in members.iter().skip(i + 1) {
            pairs.push(packed(*a, *b, bits));
        }
    }
}

/// Puts proposals into the queue; what people have decided stays decided.
async fn keep(company: &Company, object: &str, rows: BTreeMap<(Uuid, Uuid), (i32, String)>, at: jiff::Timestamp) -> Outcome<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut tx = company.db().write().await?;
    let firsts: BTreeSet<Uuid> = rows.keys().map(|(a, _)| *a).collect();
    let mut decided = HashSet::new();
    let mut sql = tx.sql();
    sql.push("SELECT a, b FROM sila_match_pair WHERE object = ").bind(object).push(" AND state <> 'open' AND a IN ");
    sql.bind_list(firsts.into_iter().map(Cell::Id));
    for row in tx.rows(&sql, &[ColumnType::Id, ColumnType::Id]).await? {
        if let (Some(a), Some(b)) = (row.first().and_then(Cell::id), row.get(1).and_then(Cell::id)) {
            decided.insert((a, b));
        }
    }
    let rows = rows
        .into_iter()
        .filter(|(two, _)| !decided.contains(two))
        .map(|((a, b), (score, evidence))| vec![object.into(), a.into(), b.into(), i64::from(score).into(), evidence.into(), "open".into(), at.into()])
        .collect();
    let columns = ["object", "a", "b", "score", "evidence", "state", "at"];
    store::upsert_many(&mut tx, "sila_match_pair", &columns, &["object", "a", "b"], rows).await?;
    tx.commit().await
}
