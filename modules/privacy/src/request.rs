//! What a person asks about his data, with the clock of the law.

use crate::settings::Privacy;
use crate::{erasure, export};
use engine::{Action, Cx, Done, Draft, Input};
use futures::future::BoxFuture;
use kernel::{Choice, Fault, Field, Issue, Kind, Label, Object, Outcome, Record, Tone, Value, Weight, label};
use serde_json::json;
use store::queue::NewJob;

fn choices(list: &[(&str, Label, Tone)]) -> Vec<Choice> {
    list.iter().map(|(key, l, tone)| Choice::new(*key, l.clone(), *tone)).collect()
}

/// The kinds of request.
pub fn kinds() -> Vec<Choice> {
    choices(&[
        ("access", label("نسخة من بياناتي", "A copy of my data"), Tone::Info),
        ("portability", label("نقل بياناتي", "Portability"), Tone::Info),
        ("correction", label("تصحيح بياناتي", "Correction"), Tone::Warn),
        ("erasure", label("محو بياناتي", "Erasure"), Tone::Bad),
        ("objection", label("اعتراض على المعالجة", "Objection"), Tone::Accent),
    ])
}

fn laws() -> Vec<Choice> {
    crate::law::all().iter().map(|l| Choice::new(l.key.clone(), l.name.clone(), Tone::Neutral)).collect()
}

pub fn object() -> Object {
    let states = choices(&[
        ("verifying", label("التحقق من الهوية", "Identity check"), Tone::Warn),
        ("open", label("قيد الدراسة", "Being worked on"), Tone::Info),
        ("approved", label("معتمد", "Approved"), Tone::Accent),
        ("running", label("قيد التنفيذ", "Running"), Tone::Accent),
        ("done", label("مُنجز", "Done"), Tone::Good),
        ("refused", label("مرفوض", "Refused"), Tone::Bad),
    ]);
    let sources = choices(&[
        ("preferences", label("صفحة التفضيلات", "Preference page"), Tone::Neutral),
        ("mail", label("بريد", "Mail"), Tone::Neutral),
        ("call", label("مكالمة", "Call"), Tone::Neutral),
        ("visit", label("حضوريًا", "In person"), Tone::Neutral),
        ("post", label("بريد عادي", "Post"), Tone::Neutral),
    ]);
    let answer = label("الرد", "Answer");
    Object::new("privacy_request", "privacy", label("طلب خصوصية", "Privacy request"), label("طلبات الخصوصية", "Privacy requests"))
        .icon("shield")
        .title("number")
        .stage("status")
        .calendar("due_at")
        .owner("owner")
        .happened("received_at")
        .sort("due_at")
        .field(Field::new("number", Kind::Sequence { prefix: "PR-".into(), pad: 5, gap_free: true }, label("الرقم", "Number")))
        .field(Field::new("kind", Kind::Choice { options: kinds() }, label("الطلب", "Request")).required().default_expr("\"access\"").lock("status in [\"done\", \"refused\"]").list())
        .field(
            Field::new("party", Kind::to("party"), label("صاحب البيانات", "Person"))
                .required()
                .timeline()
                .reverse("privacy_requests", label("طلبات الخصوصية", "Privacy requests"))
                .lock("status in [\"approved\", \"running\", \"done\", \"refused\"]")
                .list(),
        )
        .field(Field::new("status", Kind::Choice { options: states }, label("الحالة", "Status")).readonly().default_expr("\"verifying\"").indexed().list())
        .field(Field::new("received_at", Kind::DateTime, label("ورد في", "Received")).required().default_expr("now()").list())
        .field(Field::new("due_at", Kind::DateTime, label("آخر موعد للرد", "Answer due")).indexed().list())
        .field(Field::new("source", Kind::Choice { options: sources }, label("ورد عبر", "Came by")).default_expr("\"mail\""))
        .field(Field::new("address", Kind::Text { max: 254 }, label("العنوان الذي ورد منه", "Address it came from")).personal())
        .field(Field::new("details", Kind::LongText, label("نص الطلب", "What is asked")).search(Weight::None))
        .field(Field::new("proposal", Kind::Json, label("القيم المقترحة", "Proposed values")).readonly().personal())
        .field(Field::new("owner", Kind::to("user"), label("المسؤول", "Owner")).default_expr("me()").reverse("privacy_requests", label("طلبات الخصوصية", "Privacy requests")))
        .field(Field::new("law", Kind::Choice { options: laws() }, label("النظام المطبّق", "Law")).readonly().section(answer.clone()))
        .field(Field::new("verified_at", Kind::DateTime, label("تُحقّق من الهوية في", "Identity checked")).readonly().section(answer.clone()))
        .field(Field::new("verified_how", Kind::Text { max: 200 }, label("طريقة التحقق", "How it was checked")).readonly().section(answer.clone()))
        .field(Field::new("approved_by", Kind::to("user"), label("اعتمده", "Approved by")).readonly().reverse("privacy_approvals", label("طلبات اعتمدها", "Approvals")).section(answer.clone()))
        .field(Field::new("reason", Kind::LongText, label("سبب الرفض", "Reason of refusal")).readonly().section(answer.clone()))
        .field(Field::new("done_at", Kind::DateTime, label("أُنجز في", "Done")).readonly().section(answer.clone()))
        .field(Field::new("report", Kind::Json, label("تقرير التنفيذ", "Report")).readonly().section(answer))
}

/// Sets the clock of a new request.
pub fn begin<'a>(cx: &'a mut Cx, changes: &'a [(Option<Record>, Option<Record>)]) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        for (before, after) in changes {
            let (None, Some(request)) = (before, after) else { continue };
            if !request.get("due_at").is_null() {
                continue;
            }
            let law = Privacy::load(&cx.company).await?.law(&cx.company);
            let received = request.get("received_at").datetime().unwrap_or(cx.now);
            let due = received + jiff::SignedDuration::from_hours(law.answer_days * 24);
            let draft = Draft::of(request.id).trusted().set("due_at", due).set("law", law.key.as_str());
            as_system(cx, draft).await?;
        }
        Ok(())
    })
}

async fn as_system(cx: &mut Cx, draft: Draft) -> Outcome<Record> {
    let system = cx.company.system();
    let me = std::mem::replace(&mut cx.actor, system);
    let saved = cx.save("privacy_request", draft).await;
    cx.actor = me;
    Ok(saved?.into_record())
}

/// The person has shown who he is: the request is open. A copy is made at once where the company wants that.
///
/// # Errors
/// Those of saving.
pub async fn confirm(cx: &mut Cx, request: &Record, how: &str) -> Outcome<()> {
    let draft = Draft::of(request.id).trusted().set("status", "open").set("verified_at", cx.now).set("verified_how", how);
    let request = as_system(cx, draft).await?;
    tell(cx, &request).await?;
    let copy = matches!(request.get("kind").text(), Some("access" | "portability"));
    if copy && Privacy::load(&cx.company).await?.at_once {
        start(cx, &request, export::JOB).await?;
    }
    Ok(())
}

/// Tells the officers that a request waits for them.
async fn tell(cx: &mut Cx, request: &Record) -> Outcome<()> {
    let mut sql = cx.tx.sql();
    sql.push("SELECT user_id FROM sila_user_role WHERE role = ").bind(crate::OFFICER);
    let rows = cx.tx.rows(&sql, &[kernel::ColumnType::Id]).await?;
    for user in rows.iter().filter_map(|r| r.first().and_then(kernel::Cell::id)) {
        let notice = engine::Notice { user, kind: "privacy.request", object: "privacy_request", record: request.id, data: serde_json::Value::Null };
        cx.notify(notice).await?;
    }
    Ok(())
}

async fn start(cx: &mut Cx, request: &Record, job: &str) -> Outcome<()> {
    as_system(cx, Draft::of(request.id).trusted().set("status", "running")).await?;
    let new = NewJob::new(job, json!({ "request": request.id })).key(format!("{job}:{}", request.id));
    store::queue::enqueue(&mut cx.tx, &new).await.map(|_| ())
}

fn said(message: &str) -> Outcome<Done> {
    Ok(Done { message: message.into(), ..Done::default() })
}

fn action(key: &'static str, l: Label, icon: &'static str, guard: &'static str, run: engine::module::ActionFn) -> Action {
    Action { object: "privacy_request", key, label: l, icon, input: Vec::new(), guard: Some(guard), danger: false, run }
}

pub fn actions() -> Vec<Action> {
    let copy = "status in [\"open\", \"done\"] && kind in [\"access\", \"portability\"]";
    vec![
        Action {
            input: vec![Field::new("how", Kind::Text { max: 200 }, label("كيف تحققت؟", "How did you check?")).required()],
            ..action("verify", label("تأكيد الهوية", "Identity confirmed"), "check", "status == \"verifying\"", verify)
        },
        action("deliver", label("إعداد نسخة البيانات", "Make the copy"), "download", copy, deliver),
        action("correct", label("اعتماد التصحيح", "Apply the correction"), "pencil", "status == \"open\" && kind == \"correction\"", correct),
        action("approve", label("اعتماد المحو", "Approve the erasure"), "check", "status == \"open\" && kind == \"erasure\"", approve),
        Action {
            danger: true,
            ..action("erase", label("محو بيانات الشخص", "Erase the person"), "trash-2", "status in [\"open\", \"approved\"] && kind == \"erasure\"", erase)
        },
        action("stop_contact", label("إيقاف كل تواصل تسويقي", "Stop all marketing"), "circle-x", "status == \"open\" && kind == \"objection\"", stop_contact),
        Action {
            input: vec![Field::new("reason", Kind::LongText, label("السبب", "Reason")).required()],
            danger: true,
            ..action("refuse", label("رفض الطلب", "Refuse"), "circle-x", "status in [\"verifying\", \"open\", \"approved\"]", refuse)
        },
    ]
}

fn verify<'a>(cx: &'a mut Cx, request: Record, input: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let how = input.get("how").and_then(Value::text).unwrap_or_default().to_owned();
        confirm(cx, &request, &how).await?;
        said("privacy-said-verified")
    })
}

fn deliver<'a>(cx: &'a mut Cx, request: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        start(cx, &request, export::JOB).await?;
        said("privacy-said-copy")
    })
}

/// Takes over the proposed values with the rights of the colleague who applies them.
fn correct<'a>(cx: &'a mut Cx, request: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let party = request.get("party").id().ok_or_else(Fault::not_found)?;
        let object = cx.object("party")?;
        let mut draft = Draft::of(party);
        if let Value::Json(serde_json::Value::Object(proposed)) = request.get("proposal") {
            for (key, value) in proposed {
                let Some(field) = object.get(key).filter(|f| f.writable()) else { continue };
                let settings = cx.company.settings();
                let ctx = kernel::parse::Ctx { country: settings.country.clone(), currency: settings.currency.clone(), ..Default::default() };
                let value = kernel::parse::from_json(&field.kind, value, &ctx).map_err(|i| Fault::issue(Issue { field: key.clone(), ..i }))?;
                draft = draft.set(key, value);
            }
        }
        if !draft.values.is_empty() {
            cx.cause = format!("privacy request {}", request.get("number").text().unwrap_or_default());
            cx.save("party", draft).await?;
        }
        finish(cx, &request, json!(null)).await?;
        said("privacy-said-corrected")
    })
}

fn approve<'a>(cx: &'a mut Cx, request: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let by = cx.actor.id;
        as_system(cx, Draft::of(request.id).trusted().set("status", "approved").set("approved_by", by)).await?;
        said("privacy-said-approved")
    })
}

fn erase<'a>(cx: &'a mut Cx, request: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let party = request.get("party").id().ok_or_else(Fault::not_found)?;
        if Privacy::load(&cx.company).await?.four_eyes {
            match request.get("approved_by").id() {
                None => return Err(Fault::issue(Issue::new("", "privacy-needs-approval"))),
                Some(by) if by == cx.actor.id => return Err(Fault::issue(Issue::new("", "privacy-needs-another"))),
                Some(_) => {}
            }
        }
        if let Some(hold) = erasure::held(&mut cx.tx, cx.now, party).await? {
            return Err(Fault::issue(Issue::new("", "privacy-on-hold").arg("name", hold)));
        }
        start(cx, &request, erasure::JOB).await?;
        said("privacy-said-erasing")
    })
}

fn stop_contact<'a>(cx: &'a mut Cx, request: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let party = request.get("party").id().ok_or_else(Fault::not_found)?;
        let decisions = crate::preferences::withdrawals(cx, party, "").await?;
        for d in decisions {
            base::consent::record(cx, base::consent::Decision { source: "call".into(), ..d }).await?;
        }
        finish(cx, &request, json!(null)).await?;
        said("privacy-said-stopped")
    })
}

fn refuse<'a>(cx: &'a mut Cx, request: Record, input: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let reason = input.get("reason").cloned().unwrap_or_default();
        let draft = Draft::of(request.id).trusted().set("status", "refused").set("reason", reason).set("done_at", cx.now);
        as_system(cx, draft).await?;
        said("privacy-said-refused")
    })
}

/// The request is answered.
///
/// # Errors
/// Those of saving.
pub async fn finish(cx: &mut Cx, request: &Record, report: serde_json::Value) -> Outcome<()> {
    let report = if report.is_null() { Value::Null } else { Value::Json(report) };
    as_system(cx, Draft::of(request.id).trusted().set("status", "done").set("done_at", cx.now).set("report", report)).await.map(|_| ())
}
