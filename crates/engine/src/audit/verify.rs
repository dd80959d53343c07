//! Does the audit still say what it said when it was sealed?

use super::anchor::Anchor;
use super::chain::{Class, LATE, Row, Salts, Seal, TYPES, hex, select};
use crate::Company;
use kernel::{Cell, Outcome};
use std::collections::{HashMap, HashSet};
use store::Conn;
use uuid::Uuid;

/// What does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum What {
    /// A row says something else than when it was sealed.
    Changed,
    /// A sealed row is no longer there.
    Removed,
    /// A row was slipped in later than it says.
    Inserted,
    /// The chain itself is broken: a seal was changed, removed or added.
    Broken,
    /// The newest seals are gone: an earlier head is no longer in the chain.
    CutOff,
    /// A head that was written down is another now: the chain was made anew from somewhere before.
    Rewritten,
    /// Values are gone without a line that says they were forgotten.
    Hidden,
}

impl What {
    pub fn key(self) -> &'static str {
        match self {
            What::Changed => "changed",
            What::Removed => "removed",
            What::Inserted => "inserted",
            What::Broken => "broken",
            What::CutOff => "cut-off",
            What::Rewritten => "rewritten",
            What::Hidden => "hidden",
        }
    }
}

/// One thing that does not fit, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub what: What,
    /// Number of the seal; none where there is none.
    pub seq: Option<i64>,
    /// The row, as far as it is known.
    pub row: Option<Uuid>,
    pub at: Option<jiff::Timestamp>,
    /// `object/record verb`, where the row is there.
    pub about: String,
}

/// What a check has found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Seals that were looked at.
    pub sealed: i64,
    /// Rows that are not sealed yet.
    pub open: i64,
    /// Reads whose time was over and that were removed by rule.
    pub retired: i64,
    /// Values that were forgotten by rule.
    pub forgotten: i64,
    pub head: Option<super::Head>,
    pub findings: Vec<Finding>,
}

const PAGE: usize = 2_000;

impl Company {
    /// Walks the whole chain: every seal, every row, and the heads that were written down outside (`anchors`).
    ///
    /// # Errors
    /// The database.
    pub async fn verify_audit(&self, anchors: &[Anchor]) -> Outcome<Report> {
        let mut conn = self.db().read().await?;
        let mut walk = Walk { anchors: anchors.iter().map(|a| (a.seq, a)).collect(), ..Walk::default() };
        walk.horizon = horizon(&mut conn).await?;
        loop {
            let mut sql = conn.sql();
            sql.push(Seal::SELECT).push(" WHERE seq > ").bind(walk.seq).push(&format!(" ORDER BY seq LIMIT {PAGE}"));
            let found = conn.rows(&sql, Seal::TYPES).await?;
            let seals: Vec<Seal> = found.iter().filter_map(|r| Seal::read(r)).collect();
            if seals.is_empty() {
                break;
            }
            let rows = rows_of(&mut conn, &seals).await?;
            for seal in &seals {
                walk.step(seal, rows.get(&seal.row));
            }
        }
        walk.end();
        self.strays(&mut conn, &mut walk).await?;
        let mut report = walk.report;
        report.head = self.audit_head().await?;
        report.findings.sort_by_key(|f| (f.seq.unwrap_or(i64::MAX), f.what, f.at));
        Ok(report)
    }

    /// Rows without a seal: those of the last minutes, and those that were slipped in.
    async fn strays(&self, conn: &mut Conn, walk: &mut Walk<'_>) -> Outcome<()> {
        for class in Class::ALL {
            let mut sql = conn.sql();
            select(class, &mut sql);
            sql.push(" WHERE NOT EXISTS (SELECT 1 FROM sila_seal s WHERE s.row_id = a.id) ORDER BY a.at, a.id LIMIT 100000");
            for row in conn.rows(&sql, TYPES).await?.iter().filter_map(|r| Row::read(class, r)) {
                if row.at < walk.newest.saturating_sub(LATE) {
                    walk.note(What::Inserted, None, Some(&row), row.id, row.at);
                } else {
                    walk.report.open += 1;
                }
            }
        }
        Ok(())
    }
}

#[derive(Default)]
struct Walk<'a> {
    anchors: HashMap<i64, &'a Anchor>,
    /// Reads before this moment may be gone.
    horizon: i64,
    seq: i64,
    hash: Vec<u8>,
    /// When the run of the sealer before this one sealed, and this one.
    runs: (i64, i64),
    /// `at` of the newest row that was sealed.
    newest: i64,
    /// Rows of which values are gone, until a line says that they were forgotten.
    hidden: Vec<(Seal, Row)>,
    forgotten: HashSet<(String, Uuid)>,
    report: Report,
}

impl Walk<'_> {
    fn step(&mut self, seal: &Seal, row: Option<&Row>) {
        self.report.sealed += 1;
        for seq in self.seq + 1..seal.seq {
            // Whole stretches are named by their ends.
            if seq == self.seq + 1 || seq == seal.seq - 1 {
                self.report.findings.push(Finding { what: What::Removed, seq: Some(seq), row: None, at: None, about: String::new() });
            }
        }
        // After a gap the seal goes on from what is not there: its own hash cannot be held against it.
        let gap = seal.seq != self.seq + 1;
        if !gap && seal.over(&self.hash).as_slice() != seal.hash {
            self.note(What::Broken, Some(seal.seq), row, seal.row, seal.at);
        }
        if let Some(anchor) = self.anchors.remove(&seal.seq)
            && anchor.hash != hex(&seal.hash)
        {
            self.note(What::Rewritten, Some(seal.seq), row, seal.row, seal.at);
        }
        if seal.sealed_at > self.runs.1 {
            self.runs = (self.runs.1, seal.sealed_at);
        }
        if self.runs.0 > 0 && seal.at < self.runs.0.saturating_sub(LATE) {
            self.note(What::Inserted, Some(seal.seq), row, seal.row, seal.at);
        }
        match row {
            None if seal.class == Class::Read && seal.at < self.horizon => self.report.retired += 1,
            None => self.note(What::Removed, Some(seal.seq), None, seal.row, seal.at),
            Some(row) if row.commitment().as_slice() != seal.commitment => {
                self.note(What::Changed, Some(seal.seq), Some(row), seal.row, seal.at);
            }
            Some(row) => self.fits(seal, row),
        }
        self.seq = seal.seq;
        self.hash.clone_from(&seal.hash);
        self.newest = self.newest.max(seal.at);
    }

    fn fits(&mut self, seal: &Seal, row: &Row) {
        if row.verb == "forgotten" {
            self.forgotten.insert((row.object.clone(), row.record));
        }
        let gone = Salts::read(row.salt.as_deref().unwrap_or_default()).forgotten().count();
        if gone > 0 {
            self.report.forgotten += gone as i64;
            self.hidden.push((seal.clone(), row.clone()));
        }
    }

    fn end(&mut self) {
        for (seal, row) in std::mem::take(&mut self.hidden) {
            if !self.forgotten.contains(&(row.object.clone(), row.record)) {
                self.note(What::Hidden, Some(seal.seq), Some(&row), seal.row, seal.at);
            }
        }
        let beyond: Vec<i64> = self.anchors.keys().copied().filter(|seq| *seq > self.seq).collect();
        if let Some(seq) = beyond.into_iter().max() {
            self.report.findings.push(Finding { what: What::CutOff, seq: Some(seq), row: None, at: None, about: String::new() });
        }
    }

    fn note(&mut self, what: What, seq: Option<i64>, row: Option<&Row>, id: Uuid, at: i64) {
        let about = row.map(|r| format!("{}/{} {}", r.object, r.record, r.verb)).unwrap_or_default();
        self.report.findings.push(Finding { what, seq, row: Some(id), at: jiff::Timestamp::from_microsecond(at).ok(), about });
    }
}

/// The latest moment before which reads were removed by rule.
async fn horizon(conn: &mut Conn) -> Outcome<i64> {
    let mut sql = conn.sql();
    select(Class::Change, &mut sql);
    sql.push(" WHERE a.object = 'audit' AND a.verb = 'retired' ORDER BY a.at");
    let rows = conn.rows(&sql, TYPES).await?;
    let before = |r: &Row| r.map().get("before").and_then(serde_json::Value::as_i64);
    Ok(rows.iter().filter_map(|r| Row::read(Class::Change, r)).filter_map(|r| before(&r)).max().unwrap_or(i64::MIN))
}

/// The rows under these seals, by id. They are looked for where they stood; only what is not there any more is looked
/// for everywhere.
async fn rows_of(conn: &mut Conn, seals: &[Seal]) -> Outcome<HashMap<Uuid, Row>> {
    let mut found = HashMap::with_capacity(seals.len());
    for class in Class::ALL {
        let wanted: HashSet<Uuid> = seals.iter().filter(|s| s.class == class).map(|s| s.row).collect();
        let moments = || seals.iter().filter(|s| s.class == class).map(|s| s.at);
        let (Some(first), Some(end)) = (moments().min(), moments().max()) else { continue };
        let mut sql = conn.sql();
        select(class, &mut sql);
        sql.push(" WHERE a.at >= ").bind(first).push(" AND a.at <= ").bind(end);
        for row in conn.rows(&sql, TYPES).await?.iter().filter_map(|r| Row::read(class, r)) {
            if wanted.contains(&row.id) {
                found.insert(row.id, row);
            }
        }
        let missing: Vec<Uuid> = wanted.into_iter().filter(|id| !found.contains_key(id)).collect();
        for chunk in missing.chunks(500) {
            let mut sql = conn.sql();
            select(class, &mut sql);
            sql.push(" WHERE a.id IN ").bind_list(chunk.iter().map(|id| Cell::Id(*id)));
            found.extend(conn.rows(&sql, TYPES).await?.iter().filter_map(|r| Row::read(class, r)).map(|r| (r.id, r)));
        }
    }
    Ok(found)
}
