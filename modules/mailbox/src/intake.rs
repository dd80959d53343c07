//! Messages to records: each batch one transaction with its rows of the ledger, so that neither is there without the other.

use crate::link::{self, Belongs, Directory};
use crate::{entry, thread};
use engine::files::Kept;
use engine::{Company, Cx, Draft};
use kernel::{Cell, ColumnType, FaultKind, Outcome, Record, Value};
use mail::imap::Outline;
use mail::message::{LeftOut, Person};
use mail::{Message, ids, message};
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use uuid::Uuid;

/// Where messages lie.
pub struct Place<'a> {
    pub mailbox: &'a Record,
    pub folder: Uuid,
    pub role: String,
    pub uidvalidity: i64,
}

/// A message of the server on its way into the ledger.
#[derive(Clone, Debug)]
pub struct Got {
    pub outline: Outline,
    pub key: Option<String>,
    /// Its row from an earlier, failed attempt, and the attempts so far.
    earlier: Option<(Uuid, i64)>,
    pub reason: Option<&'static str>,
    pub mail: Option<Uuid>,
    error: String,
}

impl Got {
    pub fn new(outline: Outline, earlier: Option<(Uuid, i64)>) -> Got {
        let key = ids::outline_key(&outline.fields, outline.size);
        Got { outline, key, earlier, reason: None, mail: None, error: String::new() }
    }
    #[must_use]
    pub fn skipped(mut self, reason: &'static str) -> Got {
        self.reason = Some(reason);
        self
    }

    /// The row of the ledger.
    fn row(&self, place: &Place<'_>, now: jiff::Timestamp) -> Draft {
        let attempts = self.earlier.map_or(0, |(_, n)| n) + 1;
        let failed = self.mail.is_none() && self.reason.is_none();
        let pause = jiff::SignedDuration::from_mins(5 << attempts.clamp(0, 8));
        let next = (failed && attempts < entry::MOST_ATTEMPTS).then(|| now.checked_add(pause).unwrap_or(now));
        let draft = Draft::new()
            .trusted()
            .set("number", format!("{}/{}", place.uidvalidity, self.outline.uid))
            .set("mailbox", place.mailbox.id)
            .set("folder", place.folder)
            .set("uidvalidity", place.uidvalidity)
            .set("uid", self.outline.uid)
            .set("state", if failed { "failed" } else if self.reason.is_some() { "skipped" } else { "imported" })
            .set("reason", self.reason.map(str::to_owned))
            .set("error", (!self.error.is_empty()).then(|| message::line(&self.error, 500)))
            .set("attempts", attempts)
            .set("next_try", next)
            .set("mail", self.mail)
            .set("size", self.outline.size)
            .set("outline", self.key.clone())
            .set("gone_at", Value::Null);
        Draft { id: self.earlier.map(|(id, _)| id), ..draft }
    }
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    pub imported: usize,
    pub places: usize,
    pub skipped: usize,
    pub failed: usize,
}

/// Writes the ledger for messages that need no fetching.
///
/// # Errors
/// The database.
pub async fn settle(company: &Company, place: &Place<'_>, list: Vec<Got>) -> Outcome<()> {
    if list.is_empty() {
        return Ok(());
    }
    let mut cx = company.write(&company.system()).await?;
    let now = cx.now;
    let back: Vec<Uuid> = list.iter().filter_map(|g| g.mail).collect();
    cx.save_many("mail_entry", list.iter().map(|g| g.row(place, now)).collect()).await?;
    returned(&mut cx, &back).await?;
    cx.commit().await
}

/// Messages that have a place again are not gone.
async fn returned(cx: &mut Cx, mails: &[Uuid]) -> Outcome<()> {
    for chunk in mails.chunks(500) {
        let mut sql = cx.tx.sql();
        sql.push("UPDATE mail SET gone_at = NULL, rev = rev + 1 WHERE gone_at IS NOT NULL AND id IN ").bind_list(chunk.iter().map(|id| (*id).into()));
        cx.tx.exec(&sql).await?;
    }
    Ok(())
}

/// A message read, with its files in place.
#[derive(Clone)]
struct Read {
    got: Got,
    message: Arc<Message>,
    files: Vec<(usize, Kept)>,
    /// Of the files that were not kept: why.
    refused: BTreeMap<usize, String>,
}

/// Reads fetched messages and makes records of them.
///
/// # Errors
/// The database is not there. A message that cannot be stored is no error: its row says so, and it is tried again.
pub async fn import(company: &Company, place: &Place<'_>, fetched: Vec<(Got, Vec<u8>)>) -> Outcome<Done> {
    let mut done = Done::default();
    let mut all = Vec::with_capacity(fetched.len());
    let mut left = Vec::new();
    for (got, raw) in fetched {
        let message = message::read(&raw);
        if ignored(place.mailbox, &message.from) {
            left.push(got.skipped("rule"));
        } else {
            all.push(prepare(company, got, message).await?);
        }
    }
    done.skipped = left.len();
    settle(company, place, left).await?;
    match together(company, place, &all).await {
        Ok((imported, places)) => {
            done.imported += imported;
            done.places += places;
        }
        Err(fault) if fault.kind == FaultKind::Unavailable => return Err(fault),
        // One of them spoils the batch: each for itself.
        Err(_) => {
            for one in &all {
                match together(company, place, std::slice::from_ref(one)).await {
                    Ok((imported, places)) => {
                        done.imported += imported;
                        done.places += places;
                    }
                    Err(fault) if fault.kind == FaultKind::Unavailable => return Err(fault),
                    Err(fault) => {
                        tracing::warn!(uid = one.got.outline.uid, %fault, "message not stored");
                        done.failed += 1;
                        settle(company, place, vec![Got { error: fault.to_string(), ..one.got.clone() }]).await?;
                    }
                }
            }
        }
    }
    Ok(done)
}

/// The mailbox's own rule: addresses and `@domains` whose letters are not imported.
fn ignored(mailbox: &Record, from: &Person) -> bool {
    let rules = mailbox.get("ignored").text().unwrap_or_default().to_lowercase();
    rules.lines().map(str::trim).filter(|r| !r.is_empty()).any(|r| from.address == r || r.strip_prefix('@').is_some_and(|d| from.domain() == d))
}

async fn prepare(company: &Company, got: Got, mut message: Message) -> Outcome<Read> {
    let mut files = Vec::new();
    let mut refused = BTreeMap::new();
    for (n, a) in message.attachments.iter_mut().enumerate() {
        let bytes = std::mem::take(&mut a.bytes);
        match company.keep(&a.name, &bytes).await {
            Ok(kept) => files.push((n, kept)),
            Err(fault) if matches!(fault.kind, FaultKind::Invalid | FaultKind::TooLarge) => {
                let why = fault.issues.first().map_or_else(String::new, |i| i.key.clone());
                refused.insert(n, why);
            }
            Err(fault) => return Err(fault),
        }
    }
    Ok(Read { got, message: Arc::new(message), files, refused })
}

/// Stores a batch; returns how many letters are new and how many were known.
async fn together(company: &Company, place: &Place<'_>, all: &[Read]) -> Outcome<(usize, usize)> {
    if all.is_empty() {
        return Ok((0, 0));
    }
    let (mailbox, all) = (Arc::new(place.mailbox.clone()), Arc::new(all.to_vec()));
    let (folder, role, uidvalidity) = (place.folder, place.role.clone(), place.uidvalidity);
    company
        .transact(&company.system(), |cx| {
            let (mailbox, all, role) = (mailbox.clone(), all.clone(), role.clone());
            Box::pin(async move {
                let place = Place { mailbox: &mailbox, folder, role, uidvalidity };
                store_batch(cx, &place, &all).await
            })
        })
        .await
}

async fn store_batch(cx: &mut Cx, place: &Place<'_>, all: &[Read]) -> Outcome<(usize, usize)> {
    cx.cause = "mail".into();
    let now = cx.now;
    let mut known = known(cx, place.mailbox.id, all).await?;
    let mut fresh: Vec<&Read> = Vec::new();
    let mut again: Vec<(&Read, Uuid)> = Vec::new();
    let mut twins: Vec<&Read> = Vec::new();
    for r in all {
        let sent = Some(r.message.message_id.as_str()).filter(|i| !i.is_empty()).and_then(|id| known.sent.get(id).copied());
        match known.digests.get(&r.message.digest).copied().or(sent) {
            Some(id) if id.is_nil() => twins.push(r),
            Some(id) => again.push((r, id)),
            None => {
                // The same bytes twice in one batch are one letter in two places.
                known.digests.insert(r.message.digest.clone(), Uuid::nil());
                fresh.push(r);
            }
        }
    }
    let letters: Vec<&Message> = fresh.iter().map(|r| r.message.as_ref()).collect();
    let threads = thread::assign(cx, place.mailbox.id, &letters).await?;
    let directory = Directory::load(cx, &letters, &threads).await?;
    let address = place.mailbox.get("address").text().unwrap_or_default().to_lowercase();
    let privacy = place.mailbox.get("privacy").text().unwrap_or("private").to_owned();
    let fallback = text::i18n::t(cx.company.settings().lang(), "mail-no-subject");

    let mut belongs = Vec::with_capacity(fresh.len());
    for (r, thread) in fresh.iter().zip(&threads) {
        let outgoing = place.role == "sent" || (!address.is_empty() && r.message.from.address == address);
        let b = directory.belongs(cx, &r.message, thread, outgoing).await?;
        belongs.push((outgoing, b));
    }
    let contacts = contacts(cx, place, &fresh, &belongs, &threads, &privacy, &fallback).await?;
    let mut drafts = Vec::with_capacity(fresh.len());
    for (((r, thread), (outgoing, b)), contact) in fresh.iter().zip(&threads).zip(&belongs).zip(&contacts) {
        drafts.push(draft(r, place, thread, *outgoing, b, *contact, &privacy, now));
    }
    let saved = cx.save_many("mail", drafts).await?;
    let mut by_digest: HashMap<&str, Uuid> = HashMap::new();
    let mut rows = Vec::with_capacity(all.len());
    for (r, s) in fresh.iter().zip(&saved) {
        let id = s.record().id;
        by_digest.insert(&r.message.digest, id);
        for (_, kept) in &r.files {
            cx.attach("mail", id, kept).await?;
        }
        rows.push(Got { mail: Some(id), ..r.got.clone() }.row(place, now));
    }
    for r in &twins {
        rows.push(Got { mail: by_digest.get(r.message.digest.as_str()).copied(), ..r.got.clone() }.row(place, now));
    }
    for (r, id) in &again {
        rows.push(Got { mail: Some(*id), ..r.got.clone() }.row(place, now));
    }
    cx.save_many("mail_entry", rows).await?;
    let back: Vec<Uuid> = again.iter().map(|(_, id)| *id).collect();
    returned(cx, &back).await?;
    for (r, id) in &again {
        if known.sent.get(&r.message.message_id) == Some(id) {
            crate::outbox::seen_on_server(cx, *id).await?;
        }
    }
    for r in &fresh {
        if let Some(bounce) = &r.message.bounce {
            crate::outbox::bounced(cx, place.mailbox.id, bounce).await?;
        }
    }
    Ok((fresh.len(), again.len() + twins.len()))
}

/// Letters of the mailbox that are there already.
struct Known {
    digests: HashMap<String, Uuid>,
    /// Written here, by Message-ID.
    sent: HashMap<String, Uuid>,
}

async fn known(cx: &mut Cx, mailbox: Uuid, all: &[Read]) -> Outcome<Known> {
    let mut sql = cx.tx.sql();
    sql.push("SELECT digest, id FROM mail WHERE deleted_at IS NULL AND mailbox = ").bind(mailbox).push(" AND digest IN ");
    sql.bind_list(all.iter().map(|r| r.message.digest.as_str().into()));
    let pair = |r: &Vec<Cell>| Some((r.first()?.text()?.to_owned(), r.get(1)?.id()?));
    let digests = cx.tx.rows(&sql, &[ColumnType::Text, ColumnType::Id]).await?.iter().filter_map(pair).collect();
    let mut sql = cx.tx.sql();
    sql.push("SELECT message_id, id FROM mail WHERE deleted_at IS NULL AND mailbox = ").bind(mailbox);
    sql.push(" AND direction = 'out' AND digest IS NULL AND message_id IN ");
    sql.bind_list(all.iter().map(|r| r.message.message_id.as_str()).filter(|i| !i.is_empty()).map(Cell::from));
    let sent = cx.tx.rows(&sql, &[ColumnType::Text, ColumnType::Id]).await?.iter().filter_map(pair).collect();
    Ok(Known { digests, sent })
}

/// A contact on the customer's time line for each letter that belongs to one. A letter that another mailbox has too makes one contact.
async fn contacts(
    cx: &mut Cx,
    place: &Place<'_>,
    fresh: &[&Read],
    belongs: &[(bool, Belongs)],
    threads: &[String],
    privacy: &str,
    fallback: &str,
) -> Outcome<Vec<Option<Uuid>>> {
    let mut sql = cx.tx.sql();
    sql.push("SELECT message_id, party, interaction FROM mail WHERE deleted_at IS NULL AND interaction IS NOT NULL AND mailbox <> ").bind(place.mailbox.id);
    sql.push(" AND message_id IN ").bind_list(fresh.iter().map(|r| r.message.message_id.as_str()).filter(|i| !i.is_empty()).map(Cell::from));
    let mut elsewhere: HashMap<(String, Uuid), Uuid> = HashMap::new();
    for r in cx.tx.rows(&sql, &[ColumnType::Text, ColumnType::Id, ColumnType::Id]).await? {
        if let (Some(message), Some(party), Some(id)) = (r.first().and_then(Cell::text), r.get(1).and_then(Cell::id), r.get(2).and_then(Cell::id)) {
            elsewhere.insert((message.to_owned(), party), id);
        }
    }
    let mut out = vec![None; fresh.len()];
    let mut drafts = Vec::new();
    let mut slots = Vec::new();
    for (n, ((r, (outgoing, b)), thread)) in fresh.iter().zip(belongs).zip(threads).enumerate() {
        let Some(party) = b.party else { continue };
        if let Some(id) = elsewhere.get(&(r.message.message_id.clone(), party)) {
            if privacy != "private" {
                cx.save("interaction", Draft::of(*id).trusted().set("privacy", "shared")).await?;
            }
            if let Some(slot) = out.get_mut(n) {
                *slot = Some(*id);
            }
            continue;
        }
        let direction = if *outgoing { "out" } else { "in" };
        drafts.push(link::contact(place.mailbox, &r.message.subject, direction, when(r, cx.now), party, thread, privacy, fallback));
        slots.push(n);
    }
    if !drafts.is_empty() {
        for (n, saved) in slots.into_iter().zip(cx.save_many("interaction", drafts).await?) {
            if let Some(slot) = out.get_mut(n) {
                *slot = Some(saved.record().id);
            }
        }
    }
    Ok(out)
}

/// When it was written, as far as that can be believed; else when the server received it.
fn when(r: &Read, now: jiff::Timestamp) -> jiff::Timestamp {
    let received = r.got.outline.received.unwrap_or(now);
    let latest = received.checked_add(jiff::SignedDuration::from_hours(24)).unwrap_or(received);
    // Before there was e-mail there were no letters in it.
    r.message.date.filter(|d| d.as_second() > 157_766_400 && *d <= latest).unwrap_or(received)
}

fn list(people: &[Person]) -> Option<String> {
    let all: Vec<String> = people.iter().map(ToString::to_string).collect();
    (!all.is_empty()).then(|| all.join(", ").chars().take(20_000).collect())
}

#[allow(clippy::too_many_arguments)]
fn draft(r: &Read, place: &Place<'_>, thread: &str, outgoing: bool, b: &Belongs, contact: Option<Uuid>, privacy: &str, now: jiff::Timestamp) -> Draft {
    let m = &r.message;
    let files: Vec<_> = m
        .attachments
        .iter()
        .enumerate()
        .map(|(n, a)| json!({"name": a.name, "media": a.media, "cid": a.cid, "refused": r.refused.get(&n)}))
        .collect();
    let left: Vec<&str> = m.left_out.iter().map(|l: &LeftOut| l.key()).collect();
    let blank = |t: &str| if t.is_empty() { Value::Null } else { Value::from(t) };
    // What lies long since read in an old folder is nobody's open work.
    let done = outgoing || r.got.outline.seen || m.automatic;
    Draft::new()
        .trusted()
        .set("subject", blank(&m.subject))
        .set("state", if outgoing { "sent" } else { "received" })
        .set("direction", if outgoing { "out" } else { "in" })
        .set("at", when(r, now))
        .set("status", if done { "done" } else { "open" })
        .set("seen", r.got.outline.seen || outgoing)
        .set("answered", r.got.outline.answered)
        .set("mailbox", place.mailbox.id)
        .set("from_name", blank(&m.from.name))
        .set("from_address", blank(&m.from.address))
        .set("to", list(&m.to))
        .set("cc", list(&m.cc))
        .set("bcc", list(&m.bcc))
        .set("party", b.party)
        .set("interaction", contact)
        .set("about", b.about.clone())
        .set("privacy", privacy)
        .set("body", blank(&m.text))
        .set("rich", if m.html.is_empty() { Value::Null } else { Value::Json(json!({"html": m.html})) })
        .set("snippet", blank(&message::snippet(&m.text)))
        .set("attachments", if files.is_empty() && left.is_empty() { Value::Null } else { Value::Json(json!({"files": files, "left_out": left})) })
        .set("thread", thread)
        .set("message_id", blank(&m.message_id))
        .set("in_reply_to", m.in_reply_to.first().cloned())
        .set("references", (!m.references.is_empty()).then(|| m.references.join(" ")))
        .set("topic", thread::topic(&m.subject))
        .set("digest", m.digest.as_str())
        .set("size", i64::try_from(m.size).unwrap_or(i64::MAX))
}
