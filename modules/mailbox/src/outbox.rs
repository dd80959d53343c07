//! Sending: a letter waits a moment in which it can be taken back, is handed over once, and its fate is known or said to
//! be unknown. docs/adr/0013.
//!
//! `draft → queued → sending → sent`, or `failed`, or `unsure` where the connection (or this program) died between
//! handing over and hearing the answer. An unsure letter is never sent again by the machine.

use crate::link::{self, Directory};
use crate::{access, opened, thread};
use engine::{Company, Cx, Draft, JobCx, Notice, Query};
use futures::future::BoxFuture;
use kernel::expr::Expr;
use kernel::{Fault, Outcome, Record, Value};
use mail::Message;
use mail::compose::Letter;
use mail::message::{Bounce, Person, people, snippet};
use mail::smtp::{Handed, hand_over};
use serde_json::json;
use store::queue::NewJob;
use uuid::Uuid;

pub const SEND: &str = "mailbox.send";
pub const KEEP: &str = "mailbox.keep";
pub const MARK: &str = "mailbox.mark";
const MOST_ATTEMPTS: i64 = 10;

fn text<'a>(record: &'a Record, key: &str) -> &'a str {
    record.get(key).text().unwrap_or_default()
}

/// Whether the first letter of a text runs from right to left.
pub fn is_rtl(text: &str) -> bool {
    text.chars().find(|c| c.is_alphabetic()).is_some_and(|c| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fefc}'))
}

/// The letter as it goes out, without its files.
pub fn letter(record: &Record, mailbox: &Record) -> Letter {
    let body = text(record, "body").to_owned();
    Letter {
        from: Person::new(text(mailbox, "name"), text(mailbox, "address")),
        to: people(text(record, "to")),
        cc: people(text(record, "cc")),
        bcc: people(text(record, "bcc")),
        subject: text(record, "subject").to_owned(),
        dir: if is_rtl(&body) { "rtl" } else { "ltr" },
        text: body,
        html: String::new(),
        pixel: String::new(),
        message_id: text(record, "message_id").to_owned(),
        in_reply_to: text(record, "in_reply_to").to_owned(),
        references: text(record, "references").split_whitespace().map(str::to_owned).collect(),
        at: record.get("due_at").datetime().or_else(|| record.get("at").datetime()).unwrap_or_default(),
        files: Vec::new(),
    }
}

/// Puts a letter into the queue: at `at`, or after the time in which it can be taken back.
///
/// # Errors
/// Invalid: receivers or sender that are no addresses. Not found: the mailbox.
pub async fn queue(cx: &mut Cx, record: &Record, at: Option<jiff::Timestamp>) -> Outcome<Record> {
    let company = cx.company.clone();
    let box_id = record.get("mailbox").id().ok_or_else(Fault::not_found)?;
    let actor = cx.actor.clone();
    let mailbox = company.get_in(&mut cx.tx, &actor, "mailbox", box_id).await?;
    letter(record, &mailbox).build()?;
    if record.get("tracked").bool() == Some(true) && company.settings().url.is_empty() {
        return Err(Fault::invalid("tracked", "mail-track-needs-url"));
    }
    let address = text(&mailbox, "address").to_owned();
    let wait = mailbox.get("undo_seconds").int().unwrap_or(10).clamp(0, 120);
    let soon = cx.now.checked_add(jiff::SignedDuration::from_secs(wait)).map_err(Fault::internal)?;
    let due = at.filter(|a| *a > soon).unwrap_or(soon);
    // Fixed now: however often it is tried, it is one letter.
    let message_id = match text(record, "message_id") {
        "" => format!("{}@{}", Uuid::now_v7().simple(), address.rsplit_once('@').map_or("sila", |(_, d)| d)),
        known => known.to_owned(),
    };
    let draft = Draft::of(record.id)
        .trusted()
        .set("state", "queued")
        .set("due_at", due)
        .set("at", due)
        .set("error", Value::Null)
        .set("attempts", 0)
        .set("direction", "out")
        .set("status", "done")
        .set("seen", true)
        .set("from_name", text(&mailbox, "name"))
        .set("from_address", address.to_lowercase())
        .set("message_id", message_id)
        .set("topic", thread::topic(text(record, "subject")))
        .set("snippet", snippet(text(record, "body")))
        .set("privacy", mailbox.get("privacy").clone());
    let saved = cx.save("mail", draft).await?.into_record();
    store::queue::enqueue(&mut cx.tx, &NewJob::new(SEND, json!({"mail": record.id})).run_at(due.as_microsecond()).max_attempts(20)).await?;
    Ok(saved)
}

fn of_payload(cx: &JobCx) -> Outcome<Uuid> {
    let id = cx.job.payload.get("mail").and_then(serde_json::Value::as_str).and_then(|t| t.parse().ok());
    id.ok_or_else(|| Fault::internal("a job without a letter"))
}

async fn save(company: &Company, draft: Draft) -> Outcome<()> {
    let mut cx = company.write(&company.system()).await?;
    cx.save("mail", draft.trusted()).await?;
    cx.commit().await
}

/// The job that hands a letter over.
pub fn send(cx: JobCx) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move {
        let (company, id) = (cx.company.clone(), of_payload(&cx)?);
        let record = company.get(&company.system(), "mail", id).await?;
        match text(&record, "state") {
            // An earlier claim of this same job was never finished: its node died in it. Another job may be at it right now.
            "sending" if cx.job.attempts > 1 => return ended(&company, id, "unsure", "").await,
            "queued" if record.get("due_at").datetime().is_none_or(|d| d <= company.now()) => {}
            // Taken back, sent meanwhile, or waiting for a later job.
            _ => return Ok(()),
        }
        let mailbox = company.get(&company.system(), "mailbox", record.get("mailbox").id().unwrap_or_default()).await?;
        let prepared = ready(&company, &record, &mailbox).await;
        let (server, login, ready) = match prepared {
            Ok(all) => all,
            Err(fault) => return later(&company, &record, &fault).await,
        };
        // From here on the letter may have left.
        let begun = Draft::of(id).rev(record.rev).set("state", "sending").set("attempts", record.get("attempts").int().unwrap_or_default() + 1);
        save(&company, begun).await?;
        let record = company.get(&company.system(), "mail", id).await?;
        match hand_over(&server, login.as_ref(), &ready).await {
            Handed::Taken => sent(&company, &record, &mailbox).await,
            Handed::Not(trouble) => later(&company, &record, &trouble.into()).await,
            Handed::Unknown(trouble) => ended(&company, id, "unsure", &trouble.to_string()).await,
        }
    })
}

type Prepared = (mail::Server, Option<mail::login::Login>, mail::compose::Ready);

async fn ready(company: &Company, record: &Record, mailbox: &Record) -> Outcome<Prepared> {
    let mut letter = with_files(company, record, mailbox).await?;
    // Not in the copy of the Sent folder: we open that ourselves.
    letter.pixel = opened::pixel(company, record)?;
    let ready = letter.build()?;
    let (server, login) = access::smtp(company, mailbox).await?;
    Ok((server, login, ready))
}

async fn with_files(company: &Company, record: &Record, mailbox: &Record) -> Outcome<Letter> {
    let mut letter = letter(record, mailbox);
    let system = company.system();
    for stored in company.files(&system, "mail", record.id).await?.into_iter().rev() {
        let (_, bytes) = company.file(&system, "mail", record.id, stored.file.id).await?;
        letter.files.push((stored.file.name, stored.file.media, bytes));
    }
    Ok(letter)
}

/// Certainly not sent: again later where that may help, else the writer is told.
async fn later(company: &Company, record: &Record, fault: &Fault) -> Outcome<()> {
    let attempts = record.get("attempts").int().unwrap_or_default().max(1);
    let lang = company.settings().lang();
    let words = fault.issues.first().map_or_else(|| fault.detail.clone(), |i| i.text(lang));
    if fault.kind != kernel::FaultKind::Unavailable || attempts >= MOST_ATTEMPTS {
        return ended(company, record.id, "failed", &words).await;
    }
    let pause = jiff::SignedDuration::from_mins(1 << attempts.clamp(0, 7));
    let due = company.now().checked_add(pause).map_err(Fault::internal)?;
    let mut cx = company.write(&company.system()).await?;
    let draft = Draft::of(record.id).trusted().set("state", "queued").set("due_at", due).set("error", mail::message::line(&words, 500)).set("attempts", attempts);
    cx.save("mail", draft).await?;
    store::queue::enqueue(&mut cx.tx, &NewJob::new(SEND, json!({"mail": record.id})).run_at(due.as_microsecond()).max_attempts(20)).await?;
    cx.commit().await
}

/// It will not go on by itself: whoever wrote it is told.
async fn ended(company: &Company, id: Uuid, state: &str, words: &str) -> Outcome<()> {
    let mut cx = company.write(&company.system()).await?;
    fate(&mut cx, id, state, words).await?;
    cx.commit().await
}

async fn fate(cx: &mut Cx, id: Uuid, state: &str, words: &str) -> Outcome<()> {
    let draft = Draft::of(id).trusted().set("state", state).set("error", (!words.is_empty()).then(|| mail::message::line(words, 500)));
    let record = cx.save("mail", draft).await?.into_record();
    if let Some(user) = record.get("created_by").id() {
        cx.notify(Notice { user, kind: "mail.failed", object: "mail", record: id, data: serde_json::Value::Null }).await?;
    }
    Ok(())
}

/// The server has it: it stands on the customer's time line, and a copy goes into the Sent folder.
async fn sent(company: &Company, record: &Record, mailbox: &Record) -> Outcome<()> {
    let (record, mailbox) = (std::sync::Arc::new(record.clone()), std::sync::Arc::new(mailbox.clone()));
    company
        .transact(&company.system(), |cx| {
            let (record, mailbox) = (record.clone(), mailbox.clone());
            Box::pin(async move {
                let now = cx.now;
                let shape = Message {
                    subject: text(&record, "subject").to_owned(),
                    message_id: text(&record, "message_id").to_owned(),
                    from: Person::new("", text(&mailbox, "address").to_lowercase()),
                    to: people(text(&record, "to")),
                    cc: people(text(&record, "cc")),
                    in_reply_to: Some(text(&record, "in_reply_to").to_owned()).filter(|i| !i.is_empty()).into_iter().collect(),
                    references: text(&record, "references").split_whitespace().map(str::to_owned).collect(),
                    date: Some(now),
                    ..Message::default()
                };
                let thread = thread::assign(cx, mailbox.id, &[&shape]).await?.pop().unwrap_or_default();
                let draft = Draft::of(record.id).trusted().set("state", "sent").set("sent_at", now).set("at", now).set("thread", thread.as_str()).set("error", Value::Null);
                let saved = cx.save("mail", draft).await?.into_record();
                let party = match saved.get("party").id() {
                    Some(party) => Some(party),
                    None => Directory::load(cx, &[&shape], std::slice::from_ref(&thread)).await?.belongs(cx, &shape, &thread, true).await?.party,
                };
                if saved.get("interaction").is_null() && party.is_some() {
                    link::relink(cx, &saved, party).await?;
                }
                answered(cx, mailbox.id, text(&record, "in_reply_to")).await?;
                if mailbox.get("keep_sent").bool() == Some(true) {
                    cx.enqueue(KEEP, json!({"mail": record.id})).await?;
                }
                Ok(())
            })
        })
        .await
}

/// The letter that was answered says so, here and on the server.
async fn answered(cx: &mut Cx, mailbox: Uuid, message_id: &str) -> Outcome<()> {
    if message_id.is_empty() {
        return Ok(());
    }
    if let Some(parent) = by_message_id(cx, mailbox, message_id).await? {
        cx.save("mail", Draft::of(parent.id).trusted().set("answered", true).set("status", "done")).await?;
        cx.enqueue(MARK, json!({"mail": parent.id, "flag": "\\Answered"})).await?;
    }
    Ok(())
}

async fn by_message_id(cx: &mut Cx, mailbox: Uuid, message_id: &str) -> Outcome<Option<Record>> {
    let mut sql = cx.tx.sql();
    sql.push("SELECT id FROM mail WHERE deleted_at IS NULL AND mailbox = ").bind(mailbox).push(" AND message_id = ").bind(message_id).push(" ORDER BY id LIMIT 1");
    let id = cx.tx.row(&sql, &[kernel::ColumnType::Id]).await?.and_then(|r| r.first().and_then(kernel::Cell::id));
    let (company, system) = (cx.company.clone(), cx.company.system());
    match id {
        Some(id) => company.get_in(&mut cx.tx, &system, "mail", id).await.map(Some),
        None => Ok(None),
    }
}

/// A letter of ours was found on the server: whatever we did not hear, it was sent.
///
/// # Errors
/// The database.
pub async fn seen_on_server(cx: &mut Cx, id: Uuid) -> Outcome<()> {
    let (company, system) = (cx.company.clone(), cx.company.system());
    let record = company.get_in(&mut cx.tx, &system, "mail", id).await?;
    if matches!(text(&record, "state"), "unsure" | "sending") {
        let now = cx.now;
        cx.save("mail", Draft::of(id).trusted().set("state", "sent").set("sent_at", now).set("error", Value::Null)).await?;
    }
    Ok(())
}

/// A mail server says that a letter of ours did not arrive.
///
/// # Errors
/// The database.
pub async fn bounced(cx: &mut Cx, mailbox: Uuid, bounce: &Bounce) -> Outcome<()> {
    let Some(record) = by_message_id(cx, mailbox, &bounce.message_id).await? else { return Ok(()) };
    if text(&record, "direction") == "out" && bounce.status.starts_with('5') {
        fate(cx, record.id, "bounced", &format!("{} {}", bounce.status, bounce.words)).await?;
    }
    Ok(())
}

/// The job that puts a copy into the Sent folder, once: the server is asked first.
pub fn keep(cx: JobCx) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move {
        let (company, id) = (cx.company.clone(), of_payload(&cx)?);
        let record = company.get(&company.system(), "mail", id).await?;
        let mailbox = company.get(&company.system(), "mailbox", record.get("mailbox").id().unwrap_or_default()).await?;
        let filter = Expr::parse(&format!("mailbox == id(\"{}\") && role == \"sent\"", mailbox.id))?;
        let folder = company.list(&company.system(), &Query::new("mail_folder").filter(filter).limit(1)).await?.records.pop();
        let Some(folder) = folder else {
            cx.result("no Sent folder");
            return Ok(());
        };
        let mut session = access::imap(&company, &mailbox).await?;
        let raw = text(&folder, "raw").to_owned();
        session.select(&raw, false).await?;
        if session.with_message_id(text(&record, "message_id")).await?.is_empty() {
            let bytes = with_files(&company, &record, &mailbox).await?.build()?.bytes;
            session.append(&raw, &bytes).await?;
        }
        session.close().await;
        Ok(())
    })
}

/// The job that sets a flag (`\Seen`, `\Answered`) where the letter lies.
pub fn mark(cx: JobCx) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move {
        let (company, id) = (cx.company.clone(), of_payload(&cx)?);
        let flag = if cx.job.payload.get("flag").and_then(serde_json::Value::as_str) == Some("\\Answered") { "\\Answered" } else { "\\Seen" };
        let record = company.get(&company.system(), "mail", id).await?;
        let mailbox = company.get(&company.system(), "mailbox", record.get("mailbox").id().unwrap_or_default()).await?;
        let filter = Expr::parse(&format!("mail == id(\"{id}\") && gone_at == null"))?;
        let places = company.list(&company.system(), &Query::new("mail_entry").filter(filter).limit(20)).await?.records;
        let mut session = access::imap(&company, &mailbox).await?;
        for place in places {
            let folder = company.get(&company.system(), "mail_folder", place.get("folder").id().unwrap_or_default()).await?;
            let opened = session.select(text(&folder, "raw"), true).await?;
            if Some(opened.uidvalidity) == place.get("uidvalidity").int() {
                session.mark(place.get("uid").int().unwrap_or_default(), flag, true).await?;
            }
        }
        session.close().await;
        Ok(())
    })
}

/// How a letter is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answering {
    Sender,
    All,
    Forward,
}

impl Answering {
    pub fn parse(word: &str) -> Answering {
        match word {
            "all" => Answering::All,
            "forward" => Answering::Forward,
            _ => Answering::Sender,
        }
    }
}

/// The beginning of an answer: receivers, subject, quoted text, and what joins it to its letter.
pub fn answer(parent: &Record, mailbox: &Record, how: Answering, head: &str) -> Draft {
    let own = text(mailbox, "address").to_lowercase();
    let from = Person::new(text(parent, "from_name"), text(parent, "from_address"));
    let outgoing = text(parent, "direction") == "out";
    let show = |list: &[Person]| list.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let others = |key: &str, not: &[Person]| -> Vec<Person> {
        people(text(parent, key)).into_iter().filter(|p| p.address != own && !not.iter().any(|n| n.address == p.address)).collect()
    };
    let mut to = if outgoing { people(text(parent, "to")) } else { vec![from.clone()] };
    let mut cc = Vec::new();
    match how {
        Answering::Forward => to.clear(),
        Answering::Sender => {}
        Answering::All => {
            cc = others("cc", &to);
            cc.extend(if outgoing { Vec::new() } else { others("to", &to) });
        }
    }
    let arabic = is_rtl(text(parent, "body")) || is_rtl(text(parent, "subject"));
    let mark = match (how == Answering::Forward, arabic) {
        (true, true) => "إعادة توجيه: ",
        (true, false) => "Fwd: ",
        (false, true) => "رد: ",
        (false, false) => "Re: ",
    };
    let bare = text(parent, "subject");
    let marked = bare.trim_start().to_lowercase().starts_with(mark.trim().to_lowercase().as_str());
    let subject = if marked { bare.to_owned() } else { format!("{mark}{bare}") };
    let quoted: Vec<String> = text(parent, "body").lines().take(400).map(|l| format!("> {l}")).collect();
    let draft = Draft::new()
        .trusted()
        .set("mailbox", mailbox.id)
        .set("to", show(&to))
        .set("cc", (!cc.is_empty()).then(|| show(&cc)))
        .set("subject", mail::message::line(&subject, 500))
        .set("body", format!("\n\n{head}\n{}", quoted.join("\n")))
        .set("party", parent.get("party").clone())
        .set("about", parent.get("about").clone());
    if how == Answering::Forward {
        return draft;
    }
    joined(draft, parent)
}

/// What joins an answer to the letter it answers.
pub fn joined(draft: Draft, parent: &Record) -> Draft {
    let id = text(parent, "message_id");
    let mut references: Vec<&str> = text(parent, "references").split_whitespace().collect();
    if !id.is_empty() {
        references.push(id);
    }
    let from = references.len().saturating_sub(30);
    draft
        .set("thread", parent.get("thread").clone())
        .set("in_reply_to", (!id.is_empty()).then(|| id.to_owned()))
        .set("references", (!references.is_empty()).then(|| references.split_off(from).join(" ")))
}
