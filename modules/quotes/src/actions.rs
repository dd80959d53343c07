//! From an opportunity to a quote, to the customer, and back with an answer.

use crate::quote::KEY;
use crate::{order, outgoing, rules, total};
use engine::{Action, Cx, Done, Draft, Input, Notice};
use engine::module::ActionFn;
use futures::future::BoxFuture;
use kernel::uuid::Uuid;
use kernel::{Fault, Field, Issue, Kind, Label, Outcome, Record, Value, label};
use serde_json::{Value as Json, json};

fn action(key: &'static str, label: Label, icon: &'static str, input: Vec<Field>, guard: &'static str, danger: bool, run: ActionFn) -> Action {
    Action { object: KEY, key, label, icon, input, guard: Some(guard), danger, run }
}

/// In the order in which they are offered.
pub fn all() -> Vec<Action> {
    let name = || Field::new("accepted_by", Kind::text(), label("اسم من قَبِل", "Name of who accepted")).required();
    vec![
        Action {
            object: "opportunity",
            key: "quote",
            label: label("عرض سعر", "Quote"),
            icon: "file-text",
            input: Vec::new(),
            guard: Some("status == \"open\""),
            danger: false,
            run: begin,
        },
        action(
            "send",
            label("إرسال", "Send"),
            "send",
            vec![
                Field::new("to", Kind::Email, label("البريد", "E-mail"))
                    .help(label("إن تُرك فارغًا فبريد جهة الاتصال أو العميل. دون بريد يبقى الرابط لتشاركه بنفسك.", "That of the contact or customer, if left empty. Without one the link is yours to share.")),
                Field::new("message", Kind::LongText, label("رسالة مرافقة", "Message")),
            ],
            "status == \"draft\" && lines_count > 0",
            false,
            send,
        ),
        action("convert", label("أمر البيع", "Sales order"), "receipt", Vec::new(), "status == \"accepted\"", false, order::convert),
        action("accept", label("قبله العميل", "Accepted"), "circle-check", vec![name()], "status == \"sent\"", false, accept),
        action("revise", label("نسخة جديدة", "New version"), "copy", Vec::new(), "status in [\"sent\", \"declined\", \"expired\"]", false, revise),
        action(
            "decline",
            label("رفضه العميل", "Declined"),
            "circle-x",
            vec![Field::new("reason", Kind::text(), label("السبب", "Reason")).required()],
            "status == \"sent\"",
            true,
            decline,
        ),
        action("expire", label("إنهاء الصلاحية", "Expire"), "clock", Vec::new(), "status == \"sent\"", true, expire),
    ]
}

/// A draft for the customer of the opportunity.
fn begin<'a>(cx: &'a mut Cx, deal: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let owner = if cx.actor.is_system() { deal.get("owner").clone() } else { Value::Id(cx.actor.id) };
        let draft = Draft::new()
            .set("party", deal.get("party").clone())
            .set("opportunity", deal.id)
            .set("subject", deal.get("name").clone())
            .set("owner", owner);
        let quote = cx.save(KEY, draft).await?.into_record();
        Ok(Done { message: "quotes-quote-begun".into(), goto: Some((KEY.into(), quote.id)), ..Done::default() })
    })
}

/// On the quote's own line, on the customer's and on the opportunity's.
pub async fn told(cx: &mut Cx, kind: &str, quote: &Record, data: Json) -> Outcome<()> {
    let also: Vec<Uuid> = ["party", "opportunity"].iter().filter_map(|f| quote.get(f).id()).collect();
    cx.event_also(kind, quote, data, &also).await
}

async fn moved(cx: &mut Cx, draft: Draft, event: &str, data: Json) -> Outcome<(Record, Done)> {
    let quote = cx.save(KEY, draft.trusted()).await?.into_record();
    told(cx, event, &quote, data).await?;
    Ok((quote, Done { message: format!("quotes-{}", event.replace('.', "-")), ..Done::default() }))
}

/// What somebody else did is news to the owner.
async fn news(cx: &mut Cx, quote: &Record, kind: &str) -> Outcome<()> {
    if let Some(user) = quote.get("owner").id() {
        cx.notify(Notice { user, kind, object: KEY, record: quote.id, data: Json::Null }).await?;
    }
    Ok(())
}

fn given(input: &Input, field: &str) -> Option<String> {
    input.get(field).and_then(Value::text).map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned)
}

/// The address a quote goes to: the one named, else the contact's, else the customer's.
async fn address(cx: &mut Cx, quote: &Record, input: &Input) -> Outcome<Option<String>> {
    if let Some(to) = given(input, "to") {
        return Ok(Some(to));
    }
    let (company, system) = (cx.company.clone(), cx.company.system());
    for field in ["contact", "party"] {
        let Some(id) = quote.get(field).id() else { continue };
        let party = company.get_in(&mut cx.tx, &system, "party", id).await?;
        if let Some(email) = party.get("email").text() {
            return Ok(Some(email.to_owned()));
        }
    }
    Ok(None)
}

/// Freezes the quote, and mails link and paper after commit.
fn send<'a>(cx: &'a mut Cx, quote: Record, input: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let today = rules::day(cx);
        if quote.get("valid_until").date().is_some_and(|until| until < today) {
            return Err(Fault::invalid("valid_until", "quotes-valid-past"));
        }
        let to = address(cx, &quote, &input).await?;
        let draft = Draft::of(quote.id).set("status", "sent").set("sent_at", cx.now).set("sent_to", to.clone());
        let (quote, done) = moved(cx, draft, "quote.sent", json!({ "to": to })).await?;
        cx.enqueue(outgoing::JOB, json!({"quote": quote.id, "to": to, "message": given(&input, "message")})).await?;
        Ok(done)
    })
}

/// The customer agreed. Nothing is accepted that no longer holds.
fn accept<'a>(cx: &'a mut Cx, quote: Record, input: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let today = rules::day(cx);
        if let Some(until) = quote.get("valid_until").date().filter(|until| *until < today) {
            return Err(Fault::issue(Issue::new("", "quotes-expired").arg("date", until)));
        }
        let by = given(&input, "accepted_by");
        let draft = Draft::of(quote.id).set("status", "accepted").set("answered_at", cx.now).set("accepted_by", by.clone());
        let (quote, done) = moved(cx, draft, "quote.accepted", json!({ "by": by })).await?;
        news(cx, &quote, "quote.accepted").await?;
        Ok(done)
    })
}

fn decline<'a>(cx: &'a mut Cx, quote: Record, input: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let reason = given(&input, "reason");
        let draft = Draft::of(quote.id).set("status", "declined").set("answered_at", cx.now).set("decline_reason", reason.clone());
        let (quote, done) = moved(cx, draft, "quote.declined", json!({ "reason": reason })).await?;
        news(cx, &quote, "quote.declined").await?;
        Ok(done)
    })
}

fn expire<'a>(cx: &'a mut Cx, quote: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let (quote, done) = moved(cx, Draft::of(quote.id).set("status", "expired"), "quote.expired", json!({})).await?;
        news(cx, &quote, "quote.expired").await?;
        Ok(done)
    })
}

/// What a new version takes over from the one before, beside its lines.
const KEPT: [&str; 13] = [
    "subject", "party", "contact", "opportunity", "language", "currency", "price_list", "inclusive", "discount_rate", "discount_amount", "terms", "note", "owner",
];
const KEPT_OF_LINES: [&str; 10] = ["position", "product", "description", "quantity", "unit", "price", "discount_rate", "discount_amount", "tax", "optional"];

/// A copy to work on; the one before no longer holds, and its link says so.
fn revise<'a>(cx: &'a mut Cx, quote: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let version = quote.get("version").int().unwrap_or(1) + 1;
        let number = quote.get("number").text().unwrap_or_default();
        let first = number.rsplit_once("-v").map_or(number, |(first, _)| first).to_owned();
        let (_, done) = moved(cx, Draft::of(quote.id).set("status", "superseded"), "quote.revised", json!({ "version": version })).await?;
        let draft = KEPT.iter().fold(Draft::new(), |d, f| d.set(f, quote.get(f).clone()));
        let draft = draft.set("number", format!("{first}-v{version}")).set("version", version).set("revises", quote.id).trusted();
        let new = cx.save(KEY, draft).await?.into_record();
        let lines = total::lines(cx, quote.id).await?;
        let copy = |l: &Record| {
            let draft = KEPT_OF_LINES.iter().fold(Draft::new().set("quote", new.id), |d, f| d.set(f, l.get(f).clone()));
            draft.set("included", l.get("included").clone()).trusted()
        };
        cx.save_many(crate::line::KEY, lines.iter().map(copy).collect()).await?;
        Ok(Done { goto: Some((KEY.into(), new.id)), ..done })
    })
}

