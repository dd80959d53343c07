//! What came through a form: a lead at once, or kept aside until one of us has looked at it. Never both, never neither.

use super::form::{self, Form};
use super::guard::{self, Reason};
use crate::lead;
use engine::notify::Notice;
use engine::{Action, Count, Cx, Done, Draft, Input, JobCx, Query};
use futures::future::BoxFuture;
use kernel::jiff::{SignedDuration, Timestamp};
use kernel::object::Capability::{Comments, Files, Menu, Search};
use kernel::uuid::Uuid;
use kernel::{Choice, Expr, Fault, Field, Kind, Label, Name, Object, Outcome, Record, Tone, Value, label, parse};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

pub const KEY: &str = "web_submission";
/// Forgets from where old submissions came.
pub const TIDY: &str = "sales.submissions";
/// Told to whoever answers for the form.
pub const NOTICE: &str = "form.held";
/// More than so many from one address within ten minutes wait for a look …
const SOON: i64 = 5;
/// … and beyond so many within an hour nothing is taken.
const HOURLY: i64 = 30;
const KEPT_DAYS: i64 = 30;

fn reasons() -> Vec<Choice> {
    let one = |r: Reason, ar, en| Choice::new(r.key(), label(ar, en), Tone::Warn);
    vec![
        one(Reason::Trap, "عبّأ خانة لا يراها الناس", "Filled in what people do not see"),
        one(Reason::Fast, "أسرع من أن يكون إنسانًا", "Faster than a person"),
        one(Reason::NoWork, "بلا برنامج الصفحة", "Without the page's script"),
        one(Reason::WrongWork, "برنامج الصفحة لم يعمل كما ينبغي", "The page's script was not at work"),
        one(Reason::Links, "روابط كثيرة", "Several links"),
        one(Reason::Markup, "شيفرة أو روابط دعائية", "Markup or advertising links"),
        one(Reason::OddName, "اسم لا يشبه الأسماء", "A name unlike names"),
        one(Reason::Many, "كثير من العنوان نفسه", "Many from the same address"),
    ]
}

pub fn object() -> Object {
    let states = vec![
        Choice::new("taken", label("صار عميلًا مهتمًا", "Became a lead"), Tone::Good).by("accept"),
        Choice::new("held", label("ينتظر المراجعة", "Waits for a look"), Tone::Warn),
        Choice::new("discarded", label("مزعج", "Spam"), Tone::Neutral).by("discard"),
    ];
    let hidden = |f: Field| f.readonly().when("false");
    Object::new(KEY, "sales", label("رسالة من نموذج", "Form submission"), label("رسائل النماذج", "Form submissions"))
        .icon("inbox")
        .title("number")
        .happened("at")
        .owner("form.owner")
        .sort("-at")
        .without(&[Menu, Comments, Files, Search, kernel::Capability::Import, kernel::Capability::Events])
        .field(Field::new("number", Kind::Sequence { prefix: "WS-".into(), pad: 5, gap_free: true }, label("الرقم", "Number")))
        .field(Field::new("form", Kind::to(form::KEY), label("النموذج", "Form")).required().readonly().timeline().reverse("submissions", label("ما وصل", "Submissions")).list())
        .field(Field::new("at", Kind::DateTime, label("الوقت", "When")).required().readonly().indexed().list())
        .field(Field::new("status", Kind::Choice { options: states }, label("الحالة", "Status")).readonly().indexed().list())
        .field(Field::new("reasons", Kind::MultiChoice { options: reasons() }, label("لماذا يُشتبه فيها", "Why it is suspicious")).readonly().list())
        .field(Field::new("lead", Kind::to(lead::KEY), label("العميل المهتم", "Lead")).readonly().cascade().reverse("submissions", label("جاء من نموذج", "Came through a form")).list())
        .field(hidden(Field::new("data", Kind::Json, label("ما كُتب", "What was written"))).personal())
        .field(hidden(Field::new("token", Kind::Code { max: 160 }, label("رمز الصفحة", "Token of the page"))).unique())
        .field(hidden(Field::new("mark", Kind::Code { max: 80 }, label("بصمة المكتوب", "Fingerprint"))).indexed())
        .field(Field::new("ip", Kind::Code { max: 64 }, label("عنوان الجهاز", "Address of the device")).readonly().personal().indexed())
        .field(Field::new("agent", Kind::Text { max: 300 }, label("المتصفح", "Browser")).readonly().personal())
}

pub fn actions() -> Vec<Action> {
    let action = |key, label: Label, icon, danger, run| Action { object: KEY, key, label, icon, input: Vec::new(), guard: Some("status == \"held\""), danger, run };
    vec![
        action("accept", label("عميل مهتم حقيقي", "A real lead"), "circle-check", false, accept),
        action("discard", label("رسالة مزعجة", "Spam"), "circle-x", true, discard),
    ]
}

/// What a person sent, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    /// Field of the lead → text.
    pub answers: BTreeMap<String, String>,
    /// Ids of the consents that are given.
    pub consents: Vec<Uuid>,
    /// `ar`, `en`: the language in which the words were shown.
    pub lang: String,
    /// `utm_source`, …, `referrer`, `page`.
    pub came: BTreeMap<String, String>,
    pub ip: String,
    pub agent: String,
}

/// The value of an answer, or what does not fit.
pub fn value(field: &Field, typed: &str, ctx: &parse::Ctx) -> Result<Value, kernel::Issue> {
    if matches!(field.kind, Kind::Name) {
        let arabic = typed.chars().any(|c| ('\u{600}'..='\u{6ff}').contains(&c));
        return Ok(if typed.is_empty() { Value::Null } else { Value::Name(if arabic { Name::new(typed, "") } else { Name::new("", typed) }) });
    }
    parse::from_text(&field.kind, typed, ctx).map_err(|issue| kernel::Issue { field: field.key.clone(), ..issue })
}

/// How texts are read in this company.
pub fn ctx(company: &engine::Company, lang: &str) -> parse::Ctx {
    let settings = company.settings();
    let lang = text::locale::Lang::parse(lang).unwrap_or_default();
    parse::Ctx { country: settings.country.clone(), currency: settings.currency.clone(), lang, ..parse::Ctx::default() }
}

/// What became of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    Lead(Uuid),
    Held,
    /// The very same was here already.
    Same,
    /// The page was sent already, with other answers.
    Used,
    TooMany,
}

/// Keeps what came, once. Runs in the transaction of the request, with the company's own rights.
///
/// # Errors
/// Those of saving.
pub async fn keep(cx: &mut Cx, form: &Form, content: &Content, token: &str, mark: &str, found: &[Reason]) -> Outcome<Kept> {
    // One after the other, so that the second of two presses finds the first.
    store::counter::next(&mut cx.tx, &format!("{KEY}:{}", form.record.id)).await?;
    let (company, system) = (cx.company.clone(), cx.company.system());
    let one = |filter: Expr| Query { count: Count::None, ..Query::new(KEY).filter(filter).limit(1) };
    if let Some(r) = company.list_in(&mut cx.tx, &system, &one(Expr::path("token").eq(Expr::lit(token)))).await?.records.first() {
        return Ok(if r.get("mark").text() == Some(mark) { Kept::Same } else { Kept::Used });
    }
    let since = |hours: i64, minutes: i64| cx.now.saturating_sub(SignedDuration::from_mins(hours * 60 + minutes)).unwrap_or(cx.now);
    let (day, hour, soon) = (since(24, 0), since(1, 0), since(0, 10));
    let after = |t: Timestamp| Expr::path("at").cmp(kernel::expr::Op::Gt, Expr::lit(t));
    if !company.list_in(&mut cx.tx, &system, &one(Expr::path("mark").eq(Expr::lit(mark)).and(after(day)))).await?.records.is_empty() {
        return Ok(Kept::Same);
    }
    let mut found = found.to_vec();
    if !content.ip.is_empty() {
        let from = |t| Query { count: Count::None, ..Query::new(KEY).filter(Expr::path("ip").eq(Expr::lit(content.ip.as_str())).and(after(t))).limit(usize::try_from(HOURLY).unwrap_or(30)) };
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        if count(company.list_in(&mut cx.tx, &system, &from(hour)).await?.records.len()) >= HOURLY {
            return Ok(Kept::TooMany);
        }
        if count(company.list_in(&mut cx.tx, &system, &from(soon)).await?.records.len()) >= SOON {
            found.push(Reason::Many);
        }
    }
    let held = guard::points(&found) >= guard::HELD;
    let lead = if held { None } else { Some(lead(cx, form, content).await?) };
    let keys: Vec<String> = found.iter().map(|r| r.key().to_owned()).collect();
    let data = if held { Value::Json(serde_json::to_value(content).map_err(Fault::internal)?) } else { Value::Null };
    let draft = Draft::new()
        .set("form", form.record.id)
        .set("at", cx.now)
        .set("status", if held { "held" } else { "taken" })
        .set("reasons", if keys.is_empty() { Value::Null } else { Value::List(keys) })
        .set("lead", lead)
        .set("data", data)
        .set("token", token)
        .set("mark", mark)
        .set("ip", said(&content.ip, 64))
        .set("agent", said(&content.agent, 300));
    let saved = cx.save(KEY, draft.trusted()).await?.into_record();
    let Some(lead) = lead else {
        let told = form.record.get("owner").id().or_else(|| form.record.get("created_by").id());
        if let Some(user) = told {
            cx.notify(Notice { user, kind: NOTICE, object: KEY, record: saved.id, data: json!({}) }).await?;
        }
        return Ok(Kept::Held);
    };
    Ok(Kept::Lead(lead))
}

fn said(text: &str, most: usize) -> Value {
    let cut: String = text.chars().take(most).collect();
    if cut.is_empty() { Value::Null } else { cut.into() }
}

/// The lead, and its consents with their proof.
async fn lead(cx: &mut Cx, form: &Form, content: &Content) -> Outcome<Uuid> {
    let ctx = ctx(&cx.company, &content.lang);
    let mut draft = Draft::new();
    for q in &form.questions {
        if let Some(typed) = content.answers.get(&q.field.key) {
            draft = draft.set(&q.field.key, value(&q.field, typed, &ctx).map_err(Fault::issue)?);
        }
    }
    let campaign = form.record.get("campaign").text().or_else(|| content.came.get("utm_campaign").map(String::as_str)).map(str::to_owned);
    let came = if content.came.is_empty() { Value::Null } else { Value::Json(serde_json::to_value(&content.came).map_err(Fault::internal)?) };
    let draft = draft
        .set("source", form.record.get("source").clone())
        .set("campaign", campaign)
        .set("form", form.record.id)
        .set("came", came)
        .set("owner", form.record.get("owner").clone());
    let saved = cx.save(lead::KEY, draft.trusted()).await?.into_record();
    for ask in form.asks.iter().filter(|a| content.consents.contains(&a.id)) {
        for channel in &ask.channels {
            let field = if channel == "email" { "email" } else { "phone" };
            let address = saved.get(field).text().unwrap_or_default();
            if address.is_empty() && matches!(channel.as_str(), "email" | "sms" | "whatsapp" | "phone") {
                continue;
            }
            let fact = Draft::new()
                .set("lead", saved.id)
                .set("purpose", ask.purpose)
                .set("channel", channel.as_str())
                .set("state", if ask.confirmed_by_letter { "pending" } else { "given" })
                .set("source", "form")
                .set("at", cx.now)
                .set("address", said(address, 254))
                .set("text_shown", said(ask.text.get(&content.lang), 20_000))
                .set("text_version", said(&ask.version, 40))
                .set("ip", said(&content.ip, 64))
                .set("agent", said(&content.agent, 300));
            cx.save("consent", fact).await?;
        }
    }
    cx.event("lead.came", &saved, json!({ "form": form.code() })).await?;
    Ok(saved.id)
}

/// What a submission that waits holds.
pub fn content(submission: &Record) -> Content {
    if let Value::Json(json) = submission.get("data") { serde_json::from_value(json.clone()).unwrap_or_default() } else { Content::default() }
}

/// Emptied of what is kept elsewhere now, or not at all.
fn settled(id: Uuid, status: &str) -> Draft {
    ["data", "ip", "agent"].iter().fold(Draft::of(id).set("status", status).trusted(), |d, f| d.set(f, Value::Null))
}

fn accept<'a>(cx: &'a mut Cx, submission: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let lead = cx
            .follow(|cx| {
                Box::pin(async move {
                    let (company, system) = (cx.company.clone(), cx.company.system());
                    let record = company.get_in(&mut cx.tx, &system, form::KEY, submission.get("form").id().unwrap_or_default()).await?;
                    let form = Form::of(&company, &mut cx.tx, record).await?;
                    // The company's hand keeps its default: nobody owns it but whom the form names.
                    let lead = lead(cx, &form, &content(&submission)).await?;
                    cx.save(KEY, settled(submission.id, "taken").set("lead", lead)).await?;
                    Ok(lead)
                })
            })
            .await?;
        Ok(Done { message: "sales-submission-taken".into(), goto: Some((lead::KEY.to_owned(), lead)), ..Done::default() })
    })
}

fn discard<'a>(cx: &'a mut Cx, submission: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        cx.save(KEY, settled(submission.id, "discarded")).await?;
        Ok(Done { message: "sales-submission-discarded".into(), ..Done::default() })
    })
}

/// After a month nobody needs to know from which device a submission came that became a lead.
pub fn tidy(job: JobCx) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move {
        let company = job.company.clone();
        let system = company.system();
        let before = company.now().saturating_sub(SignedDuration::from_hours(24 * KEPT_DAYS)).unwrap_or_default();
        let old = Expr::parse("status != \"held\" && ip != null")?.and(Expr::path("at").cmp(kernel::expr::Op::Lt, Expr::lit(before)));
        loop {
            let mut cx = company.write(&system).await?;
            let found = company.list_in(&mut cx.tx, &system, &Query { count: Count::None, ..Query::new(KEY).filter(old.clone()).limit(250) }).await?.records;
            if found.is_empty() {
                return Ok(());
            }
            cx.derive(KEY, found.iter().map(|r| (r.id, vec![("ip", Value::Null), ("agent", Value::Null)])).collect()).await?;
            cx.commit().await?;
        }
    })
}
