//! The daily proof: what the server has of a folder against what the ledger says, kept as a row per folder and day.

use crate::mailbox::choices;
use crate::{access, sync};
use engine::{Company, Draft, JobCx, Notice, Query};
use futures::future::BoxFuture;
use kernel::object::Capability::{Audit, Comments, Events, Files, Import, Menu, Search, Timeline, Trash};
use kernel::expr::Expr;
use kernel::{Field, Kind, Object, Outcome, Record, Tone, Value, label};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

pub const JOB: &str = "mailbox.prove";

pub fn object() -> Object {
    let figure = |key: &str, l| Field::new(key, Kind::Integer, l).readonly().list();
    let results = choices(&[("ok", "مطابق", "Complete", Tone::Good), ("gap", "فيه فرق", "Differs", Tone::Bad)]);
    Object::new("mail_proof", "mail", label("إثبات مطابقة", "Proof of completeness"), label("إثباتات المطابقة", "Proofs of completeness"))
        .icon("circle-check")
        .title("number")
        .owner("mailbox.owner")
        .sort("-day")
        .without(&[Menu, Audit, Search, Import, Timeline, Comments, Files, Trash, Events])
        .unique_together(&["folder", "day"])
        .field(Field::new("number", Kind::code(), label("الرمز", "Code")).readonly())
        .field(Field::new("day", Kind::Date, label("اليوم", "Day")).readonly().list())
        .field(Field::new("mailbox", Kind::to("mailbox"), label("حساب البريد", "Mailbox")).readonly().cascade().list())
        .field(Field::new("folder", Kind::to("mail_folder"), label("المجلد", "Folder")).readonly().cascade().list())
        .field(Field::new("result", results, label("النتيجة", "Result")).readonly().list())
        .field(figure("server", label("على الخادم", "On the server")))
        .field(figure("imported", label("مستورد", "Imported")))
        .field(figure("skipped", label("متروك", "Skipped")))
        .field(figure("failed", label("فاشل", "Failed")))
        .field(figure("missing", label("بلا قيد", "Without an entry")))
        .field(figure("surplus", label("قيد بلا رسالة", "Entry without a message")))
        .field(Field::new("uids", Kind::Json, label("أرقام الفروق", "Numbers that differ")).readonly())
}

/// Every night, of every mailbox; with a payload (`mailbox`) of that one.
pub fn run(cx: JobCx) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move {
        let one = cx.job.payload.get("mailbox").and_then(serde_json::Value::as_str).and_then(|t| t.parse::<Uuid>().ok());
        let company = cx.company.clone();
        for mailbox in access::active(&company).await?.into_iter().filter(|m| one.is_none_or(|id| id == m.id)) {
            // Trouble with one mailbox is noted on it and is no reason to leave the others unproven.
            if sync::mailbox(&company, mailbox.id, &|| cx.should_stop()).await.is_ok()
                && let Err(fault) = prove(&company, &mailbox).await
            {
                tracing::warn!(mailbox = %mailbox.id, %fault, "mail not proven");
            }
        }
        Ok(())
    })
}

/// Compares each synchronised folder with the ledger, by count and by the numbers themselves. Returns whether all is well.
///
/// # Errors
/// The server, the database.
pub async fn prove(company: &Company, mailbox: &Record) -> Outcome<bool> {
    let mut session = access::imap(company, mailbox).await?;
    let mut all_well = true;
    for folder in sync::folders(company, mailbox.id).await?.into_iter().filter(|f| f.get("sync").bool() == Some(true)) {
        let opened = session.select(folder.get("raw").text().unwrap_or_default(), false).await?;
        let server = session.uids(None).await?;
        let ledger = sync::ledger(company, folder.id, opened.uidvalidity).await?;
        let living: BTreeSet<i64> = ledger.iter().filter(|(_, e)| !e.gone).map(|(uid, _)| *uid).collect();
        let missing: Vec<i64> = server.difference(&living).copied().collect();
        let surplus: Vec<i64> = living.difference(&server).copied().collect();
        let count = |state: &str| i64::try_from(ledger.values().filter(|e| !e.gone && e.state == state).count()).unwrap_or(i64::MAX);
        let failed = count("failed");
        let well = missing.is_empty() && surplus.is_empty() && failed == 0 && i64::try_from(server.len()) == Ok(opened.exists);
        all_well &= well;
        let day = company.env(&company.system()).day(company.now());
        let size = |l: usize| i64::try_from(l).unwrap_or(i64::MAX);
        let draft = Draft::new()
            .trusted()
            .set("number", format!("{day}/{}", folder.id.simple()))
            .set("day", day)
            .set("mailbox", mailbox.id)
            .set("folder", folder.id)
            .set("result", if well { "ok" } else { "gap" })
            .set("server", opened.exists)
            .set("imported", count("imported"))
            .set("skipped", count("skipped"))
            .set("failed", failed)
            .set("missing", size(missing.len()))
            .set("surplus", size(surplus.len()))
            .set("uids", Value::Json(json!({"missing": missing.iter().take(500).collect::<Vec<_>>(), "surplus": surplus.iter().take(500).collect::<Vec<_>>()})));
        let filter = Expr::parse(&format!("folder == id(\"{}\") && day == date(\"{day}\")", folder.id))?;
        let known = company.list(&company.system(), &Query::new("mail_proof").filter(filter).limit(1)).await?.records.pop();
        let draft = Draft { id: known.map(|r| r.id), ..draft };
        let mut cx = company.write(&company.system()).await?;
        cx.save("mail_proof", draft).await?;
        cx.commit().await?;
    }
    session.close().await;
    if !all_well {
        alarm(company, mailbox).await?;
    }
    Ok(all_well)
}

/// Tells whoever cares for the mailbox.
///
/// # Errors
/// The database.
pub async fn alarm(company: &Company, mailbox: &Record) -> Outcome<()> {
    let mut people: Vec<Uuid> = match mailbox.get("alarm") {
        Value::Ids(ids) => ids.clone(),
        _ => Vec::new(),
    };
    if people.is_empty() {
        people.extend(mailbox.get("owner").id());
    }
    let mut cx = company.write(&company.system()).await?;
    for user in people {
        cx.notify(Notice { user, kind: "mail.alarm", object: "mailbox", record: mailbox.id, data: serde_json::Value::Null }).await?;
    }
    cx.commit().await
}
