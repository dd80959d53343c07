//! What the server has against what the ledger says: new messages come in, moved and removed ones are noted.
//!
//! A folder is compared as a set, not followed as a stream: whatever was interrupted, the next round sees what is missing.

use crate::intake::{self, Got};
use crate::{access, entry, proof};
use engine::{Company, Draft, JobCx, Query};
use futures::future::BoxFuture;
use kernel::expr::Expr;
use kernel::{Cell, ColumnType, Fault, FaultKind, Outcome, Record, Value};
use mail::imap::{Opened, Outline, Session};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use store::queue::NewJob;
use uuid::Uuid;

pub const POLL: &str = "mailbox.poll";
pub const JOB: &str = "mailbox.sync";
/// Messages per transaction, and bytes of them that are fetched at once.
const BATCH: usize = 200;
const BATCH_BYTES: i64 = 12 << 20;

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub imported: usize,
    /// Messages known already that lie in one more place.
    pub places: usize,
    pub skipped: usize,
    pub failed: usize,
    pub gone: usize,
}

/// A row of the ledger, as far as comparing needs it.
#[derive(Clone, Debug)]
pub struct Row {
    pub id: Uuid,
    pub state: String,
    pub gone: bool,
    pub mail: Option<Uuid>,
    pub outline: String,
    pub attempts: i64,
    /// Microseconds.
    pub next_try: Option<i64>,
}

/// Each minute: a job for every mailbox in use; one that still runs is not started again.
pub fn poll(cx: JobCx) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move {
        let mailboxes = access::active(&cx.company).await?;
        let mut tx = cx.company.write(&cx.company.system()).await?;
        for m in mailboxes {
            store::queue::enqueue(&mut tx.tx, &job(m.id)).await?;
        }
        cx.finish(&mut tx).await?;
        tx.commit().await
    })
}

/// The work of one mailbox.
pub fn job(mailbox: Uuid) -> NewJob {
    NewJob::new(JOB, json!({"mailbox": mailbox})).key(format!("{JOB}:{mailbox}")).max_attempts(1)
}

pub fn run(cx: JobCx) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move {
        let id = cx.job.payload.get("mailbox").and_then(serde_json::Value::as_str).and_then(|t| t.parse().ok());
        let id = id.ok_or_else(|| Fault::internal("a synchronisation without a mailbox"))?;
        match mailbox(&cx.company, id, &|| cx.should_stop()).await {
            Ok(report) => {
                if cx.should_stop() {
                    cx.pause();
                }
                cx.result(format!("{report:?}"));
                Ok(())
            }
            // It stands on the mailbox, and the next minute tries again.
            Err(fault) if matches!(fault.kind, FaultKind::Unavailable | FaultKind::Invalid) => {
                cx.result(fault.to_string());
                Ok(())
            }
            Err(fault) => Err(fault),
        }
    })
}

/// Brings one mailbox up to date. Trouble is noted on the mailbox; what became of the round before it stays.
///
/// # Errors
/// The server, in words for the person; the database.
pub async fn mailbox(company: &Company, id: Uuid, stop: &(dyn Fn() -> bool + Sync)) -> Outcome<Report> {
    let system = company.system();
    let mailbox = company.get(&system, "mailbox", id).await?;
    let mut report = Report::default();
    let result = round(company, &mailbox, stop, &mut report).await;
    let mut draft = Draft::of(id).trusted();
    match &result {
        Ok(()) => draft = draft.set("status", "ok").set("trouble", Value::Null).set("synced_at", company.now()),
        Err(fault) => {
            let issues: Vec<_> = fault.issues.iter().map(|i| json!({"key": i.key, "args": i.args})).collect();
            draft = draft.set("status", "trouble").set("trouble", Value::Json(json!({"issues": issues, "at": company.now().to_string()})));
        }
    }
    let turned = mailbox.get("status").text() != Some("trouble") && result.is_err();
    let mut cx = company.write(&system).await?;
    cx.save("mailbox", draft).await?;
    cx.commit().await?;
    if turned && result.as_ref().is_err_and(|f| f.kind == FaultKind::Invalid) {
        proof::alarm(company, &mailbox).await?;
    }
    result.map(|()| report)
}

async fn round(company: &Company, mailbox: &Record, stop: &(dyn Fn() -> bool + Sync), report: &mut Report) -> Outcome<()> {
    let mut session = access::imap(company, mailbox).await?;
    discover(company, mailbox.id, &mut session).await?;
    let mut all = folders(company, mailbox.id).await?;
    // What we sent first: answers find the letter they answer.
    all.sort_by_key(|f| f.get("role").text() != Some("sent"));
    for folder in all.into_iter().filter(|f| f.get("sync").bool() == Some(true)) {
        if stop() {
            break;
        }
        Round { company, mailbox, session: &mut session, report, stop }.folder(&folder).await?;
    }
    session.close().await;
    Ok(())
}

/// The folders of a mailbox.
///
/// # Errors
/// The database.
pub async fn folders(company: &Company, mailbox: Uuid) -> Outcome<Vec<Record>> {
    let filter = Expr::parse(&format!("mailbox == id(\"{mailbox}\")"))?;
    Ok(company.list(&company.system(), &Query::new("mail_folder").filter(filter).limit(500)).await?.records)
}

/// Notes folders that the server has and we do not know.
async fn discover(company: &Company, mailbox: Uuid, session: &mut Session) -> Outcome<()> {
    let known: HashSet<String> = folders(company, mailbox).await?.iter().filter_map(|f| f.get("raw").text().map(str::to_owned)).collect();
    let found = session.folders().await?;
    let fresh: Vec<Draft> = found
        .into_iter()
        .filter(|f| !known.contains(&f.raw))
        .take(400)
        .map(|f| {
            Draft::new()
                .trusted()
                .set("name", mail::message::line(&f.name, 300))
                .set("raw", f.raw)
                .set("role", f.role.key())
                .set("sync", f.role.usual())
                .set("mailbox", mailbox)
                .set("uidvalidity", 0)
        })
        .collect();
    if fresh.is_empty() {
        return Ok(());
    }
    let mut cx = company.write(&company.system()).await?;
    cx.save_many("mail_folder", fresh).await?;
    cx.commit().await
}

/// The ledger of a folder under one numbering, by UID.
///
/// # Errors
/// The database.
pub async fn ledger(company: &Company, folder: Uuid, uidvalidity: i64) -> Outcome<BTreeMap<i64, Row>> {
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT uid, id, state, gone_at, mail, outline, attempts, next_try FROM mail_entry WHERE deleted_at IS NULL AND folder = ").bind(folder);
    sql.push(" AND uidvalidity = ").bind(uidvalidity);
    use ColumnType::{Id, Int, Text};
    let rows = conn.rows(&sql, &[Int, Id, Text, Int, Id, Text, Int, Int]).await?;
    let row = |r: &Vec<Cell>| {
        let text = |i: usize| r.get(i).and_then(Cell::text).unwrap_or_default().to_owned();
        let int = |i: usize| r.get(i).and_then(Cell::int);
        let row = Row {
            id: r.get(1)?.id()?,
            state: text(2),
            gone: int(3).is_some(),
            mail: r.get(4).and_then(Cell::id),
            outline: text(5),
            attempts: int(6).unwrap_or_default(),
            next_try: int(7),
        };
        Some((int(0)?, row))
    };
    Ok(rows.iter().filter_map(row).collect())
}

/// One folder of one round.
struct Round<'a> {
    company: &'a Company,
    mailbox: &'a Record,
    session: &'a mut Session,
    report: &'a mut Report,
    stop: &'a (dyn Fn() -> bool + Sync),
}

impl Round<'_> {
    async fn folder(&mut self, folder: &Record) -> Outcome<()> {
        let opened = self.session.select(folder.get("raw").text().unwrap_or_default(), false).await?;
        let int = |key: &str| folder.get(key).int().unwrap_or_default();
        let renumbered = int("uidvalidity") != 0 && int("uidvalidity") != opened.uidvalidity;
        let now = self.company.now().as_microsecond();
        let due = self.due(folder.id, now).await?;
        let still = !renumbered && int("uidvalidity") != 0 && int("uidnext") == opened.uidnext && int("messages") == opened.exists;
        let flags_still = opened.modseq.is_some() && opened.modseq == folder.get("modseq").int();
        if still && flags_still && !due {
            return Ok(());
        }
        let server = self.session.uids(None).await?;
        let ledger = ledger(self.company, folder.id, opened.uidvalidity).await?;
        let retry = |row: &Row| row.state == "failed" && row.attempts < entry::MOST_ATTEMPTS && row.next_try.is_none_or(|t| t <= now);
        let wanted: Vec<i64> = server.iter().copied().filter(|uid| ledger.get(uid).is_none_or(retry)).collect();
        let mut known_again = if renumbered { self.old_rows(folder.id, &opened, &ledger).await? } else { HashMap::new() };
        for uids in wanted.chunks(BATCH) {
            if (self.stop)() {
                return Ok(());
            }
            let outlines = self.session.outlines(uids).await?;
            self.batch(folder, &opened, outlines, &ledger, &mut known_again).await?;
        }
        self.gone(folder.id, &opened, &server).await?;
        if !flags_still && !renumbered {
            self.flags(folder, &opened, &ledger).await?;
        }
        let draft = Draft::of(folder.id)
            .trusted()
            .set("uidvalidity", opened.uidvalidity)
            .set("uidnext", opened.uidnext)
            .set("messages", opened.exists)
            .set("modseq", opened.modseq);
        let mut cx = self.company.write(&self.company.system()).await?;
        cx.save("mail_folder", draft).await?;
        cx.commit().await
    }

    /// Whether a failed message may be tried again.
    async fn due(&self, folder: Uuid, now: i64) -> Outcome<bool> {
        let mut conn = self.company.db().read().await?;
        let mut sql = conn.sql();
        sql.push("SELECT COUNT(*) FROM mail_entry WHERE folder = ").bind(folder).push(" AND state = 'failed' AND gone_at IS NULL AND attempts < ");
        sql.bind(entry::MOST_ATTEMPTS).push(" AND (next_try IS NULL OR next_try <= ").bind(now).push(")");
        Ok(conn.int(&sql).await?.unwrap_or_default() > 0)
    }

    /// Messages of the folder before it was numbered anew, by their outlines: each is found again at most once.
    async fn old_rows(&self, folder: Uuid, opened: &Opened, ledger: &BTreeMap<i64, Row>) -> Outcome<HashMap<String, Vec<Uuid>>> {
        let used: HashSet<Uuid> = ledger.values().filter_map(|r| r.mail).collect();
        let mut conn = self.company.db().read().await?;
        let mut sql = conn.sql();
        sql.push("SELECT outline, mail FROM mail_entry WHERE deleted_at IS NULL AND folder = ").bind(folder).push(" AND uidvalidity <> ");
        sql.bind(opened.uidvalidity).push(" AND state = 'imported' AND gone_at IS NULL AND outline IS NOT NULL ORDER BY uid DESC");
        let mut found: HashMap<String, Vec<Uuid>> = HashMap::new();
        for r in conn.rows(&sql, &[ColumnType::Text, ColumnType::Id]).await? {
            if let (Some(outline), Some(mail)) = (r.first().and_then(Cell::text), r.get(1).and_then(Cell::id))
                && !used.contains(&mail)
            {
                found.entry(outline.to_owned()).or_default().push(mail);
            }
        }
        Ok(found)
    }

    /// Some messages: those left by rule, those known again, and the rest fetched and imported.
    async fn batch(
        &mut self,
        folder: &Record,
        opened: &Opened,
        outlines: Vec<Outline>,
        ledger: &BTreeMap<i64, Row>,
        known_again: &mut HashMap<String, Vec<Uuid>>,
    ) -> Outcome<()> {
        let place = intake::Place { mailbox: self.mailbox, folder: folder.id, role: folder.get("role").text().unwrap_or_default().to_owned(), uidvalidity: opened.uidvalidity };
        let mut settled = Vec::new();
        let mut wanted: Vec<Got> = Vec::new();
        for o in outlines {
            let earlier = ledger.get(&o.uid);
            let mut got = Got::new(o, earlier.map(|r| (r.id, r.attempts)));
            if let Some(reason) = self.left(&got.outline) {
                settled.push(got.skipped(reason));
            } else if let Some(mail) = got.key.as_ref().and_then(|k| known_again.get_mut(k)).and_then(Vec::pop) {
                got.mail = Some(mail);
                settled.push(got);
            } else {
                wanted.push(got);
            }
        }
        self.report.skipped += settled.iter().filter(|g| g.reason.is_some()).count();
        self.report.places += settled.iter().filter(|g| g.mail.is_some()).count();
        intake::settle(self.company, &place, settled).await?;
        while !wanted.is_empty() {
            let mut bytes = 0;
            let fits = wanted.iter().take_while(|g| {
                bytes += g.outline.size;
                bytes <= BATCH_BYTES
            });
            let now: Vec<Got> = wanted.drain(..fits.count().max(1)).collect();
            let uids: Vec<i64> = now.iter().map(|g| g.outline.uid).collect();
            let mut bodies: HashMap<i64, Outline> = self.session.bodies(&uids).await?.into_iter().map(|o| (o.uid, o)).collect();
            let full = now.into_iter().filter_map(|g| {
                let body = bodies.remove(&g.outline.uid)?.body?;
                Some((g, body))
            });
            let done = intake::import(self.company, &place, full.collect()).await?;
            self.report.imported += done.imported;
            self.report.places += done.places;
            self.report.skipped += done.skipped;
            self.report.failed += done.failed;
        }
        Ok(())
    }

    /// Why a message is not even fetched.
    fn left(&self, o: &Outline) -> Option<&'static str> {
        if o.size > access::largest(self.mailbox) {
            return Some("large");
        }
        let days = self.mailbox.get("history_days").int().filter(|d| *d > 0)?;
        let since = self.company.now().as_second() - days.saturating_mul(86_400);
        o.received.is_some_and(|at| at.as_second() < since).then_some("old")
    }

    /// Notes what the server no longer has under this numbering, and everything under an older one.
    async fn gone(&mut self, folder: Uuid, opened: &Opened, server: &BTreeSet<i64>) -> Outcome<()> {
        let mut conn = self.company.db().read().await?;
        let mut sql = conn.sql();
        sql.push("SELECT id, uid, uidvalidity, mail FROM mail_entry WHERE deleted_at IS NULL AND gone_at IS NULL AND folder = ").bind(folder);
        let rows = conn.rows(&sql, &[ColumnType::Id, ColumnType::Int, ColumnType::Int, ColumnType::Id]).await?;
        drop(conn);
        let int = |r: &Vec<Cell>, i: usize| r.get(i).and_then(Cell::int).unwrap_or_default();
        let lost: Vec<&Vec<Cell>> = rows.iter().filter(|r| int(r, 2) != opened.uidvalidity || !server.contains(&int(r, 1))).collect();
        for chunk in lost.chunks(500) {
            let mut cx = self.company.write(&self.company.system()).await?;
            let now = cx.now;
            let mut sql = cx.tx.sql();
            sql.push("UPDATE mail_entry SET gone_at = ").bind(now).push(", rev = rev + 1 WHERE id IN ");
            sql.bind_list(chunk.iter().filter_map(|r| r.first().cloned()));
            cx.tx.exec(&sql).await?;
            // A message is gone when its last place is.
            let mut sql = cx.tx.sql();
            sql.push("UPDATE mail SET gone_at = ").bind(now).push(", rev = rev + 1 WHERE gone_at IS NULL AND id IN ");
            sql.bind_list(chunk.iter().filter_map(|r| r.get(3).cloned()).filter(|c| c.id().is_some()));
            sql.push(" AND NOT EXISTS (SELECT 1 FROM mail_entry e WHERE e.mail = mail.id AND e.gone_at IS NULL)");
            cx.tx.exec(&sql).await?;
            cx.commit().await?;
        }
        self.report.gone += lost.len();
        Ok(())
    }

    /// Read and answered marks, as other mail programs set them.
    async fn flags(&mut self, folder: &Record, opened: &Opened, ledger: &BTreeMap<i64, Row>) -> Outcome<()> {
        let since = folder.get("modseq").int().filter(|_| opened.modseq.is_some());
        let recent: Vec<i64> = ledger.iter().rev().filter(|(_, r)| r.mail.is_some() && !r.gone).map(|(uid, _)| *uid).take(500).collect();
        if recent.is_empty() {
            return Ok(());
        }
        let changed = match since {
            Some(n) => self.session.flags(None, Some(n)).await?,
            None => self.session.flags(Some(&recent), None).await?,
        };
        let by_mail: Vec<(Uuid, &Outline)> = changed.iter().filter_map(|o| Some((ledger.get(&o.uid)?.mail?, o))).collect();
        for chunk in by_mail.chunks(200) {
            let mut cx = self.company.write(&self.company.system()).await?;
            let drafts = chunk.iter().map(|(id, o)| Draft::of(*id).trusted().set("seen", o.seen).set("answered", o.answered));
            cx.save_many("mail", unique(drafts.collect())).await?;
            cx.commit().await?;
        }
        Ok(())
    }
}

/// The last draft for each record.
fn unique(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut by_id: BTreeMap<Option<Uuid>, Draft> = BTreeMap::new();
    for d in drafts {
        by_id.insert(d.id, d);
    }
    by_id.into_values().collect()
}
