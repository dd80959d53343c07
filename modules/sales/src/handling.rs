//! What is done with a lead before it is converted, and what follows from each change of it.

use crate::lead::{KEY, rejections};
use crate::rules::retold;
use crate::score;
use engine::module::ActionFn;
use engine::{Action, Cx, Done, Draft, Input, Watch};
use futures::future::BoxFuture;
use kernel::{Fault, Field, Kind, Label, Outcome, Record, Value, label};
use serde_json::json;
use std::collections::BTreeSet;

/// Rates the lead, stops the clock of the first touch, and keeps its states in order.
pub fn prepare<'a>(cx: &'a mut Cx, before: Option<&'a Record>, after: &'a mut Record) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        let was = before.and_then(|b| b.get("status").text());
        let is = after.get("status").text().unwrap_or("new").to_owned();
        if was.is_some_and(|w| w != "new") && is == "new" && !retold(cx) && after.get("conversion") == before.map_or(&Value::Null, |b| b.get("conversion")) {
            return Err(Fault::invalid("status", "sales-lead-not-new"));
        }
        if is != "nurtured" {
            after.set("nurture_until", Value::Null);
        }
        if is != "rejected" {
            after.set("rejected_reason", Value::Null);
        }
        if was.is_some_and(|w| w == "new") && matches!(is.as_str(), "contacted" | "qualified") && after.get("first_touch_at").is_null() {
            after.set("first_touch_at", cx.now);
        }
        let touch = after.get("first_touch_at").datetime().zip(after.get("created_at").datetime());
        after.set("touch_time", touch.map(|(touch, came)| Value::Duration(touch.as_second().saturating_sub(came.as_second()).max(0))).unwrap_or_default());
        let company = cx.company.clone();
        let rules = score::rules(&company, &mut cx.tx).await?;
        let points = score::rate(&rules, after, &company.env(&company.system())).1;
        after.set("points", points);
        after.set("temperature", score::temperature(points));
        crate::territory::rules::prepare_lead(cx, before, after).await?;
        // Last: whom it goes to may hang on all that was worked out.
        crate::routing::clock::prepare(cx, before, after).await
    })
}

pub fn watch() -> Watch {
    Watch { object: "interaction", run: touched }
}

/// Whoever writes down a contact with a new lead has touched it.
fn touched<'a>(cx: &'a mut Cx, changes: &'a [(Option<Record>, Option<Record>)]) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        let of = |r: &Option<Record>| r.as_ref().and_then(|r| r.get("lead").id());
        let new = changes.iter().filter(|(b, a)| of(b) != of(a)).filter_map(|(_, a)| Some((of(a)?, a.as_ref()?.get("at").datetime()?)));
        let mut seen = BTreeSet::new();
        for (id, at) in new {
            let (company, system) = (cx.company.clone(), cx.company.system());
            let Ok(lead) = company.get_in(&mut cx.tx, &system, KEY, id).await else { continue };
            let new = lead.get("status").text() == Some("new");
            if !new && !lead.get("first_touch_at").is_null() || !seen.insert(id) {
                continue;
            }
            let draft = Draft::of(id).set("first_touch_at", at.min(cx.now)).trusted();
            let draft = if new { draft.set("status", "contacted") } else { draft };
            cx.follow(|cx| {
                Box::pin(async move {
                    let saved = cx.save(KEY, draft).await?.into_record();
                    cx.event("lead.contacted", &saved, json!({})).await
                })
            })
            .await?;
        }
        Ok(())
    })
}

fn action(key: &'static str, label: Label, icon: &'static str, input: Vec<Field>, guard: &'static str, danger: bool, run: ActionFn) -> Action {
    Action { object: KEY, key, label, icon, input, guard: Some(guard), danger, run }
}

/// In the order in which they are offered: the first that is possible is the one that stands out.
pub fn actions(conversion: Vec<Action>) -> Vec<Action> {
    let note = || Field::new("status_note", Kind::text(), label("ملاحظة", "Note"));
    let first = vec![
        action("take", label("أتولاه", "Take it"), "user-plus", Vec::new(), "owner == null && status != \"converted\"", false, take),
        action("contact", label("تم التواصل", "Contacted"), "phone", vec![note()], "status == \"new\"", false, contact),
    ];
    let rest = vec![
        action("qualify", label("مؤهل", "Qualified"), "circle-check", vec![note()], "status in [\"new\", \"contacted\", \"nurtured\"]", false, qualify),
        action(
            "nurture",
            label("تأجيل للرعاية", "Nurture"),
            "clock",
            vec![Field::new("nurture_until", Kind::Date, label("نعود إليه في", "Come back on")).required(), note()],
            "status in [\"new\", \"contacted\", \"qualified\"]",
            false,
            nurture,
        ),
        action(
            "reject",
            label("استبعاد", "Reject"),
            "circle-x",
            vec![Field::new("rejected_reason", rejections(), label("السبب", "Reason")).required(), note()],
            "status in [\"new\", \"contacted\", \"qualified\", \"nurtured\"]",
            true,
            reject,
        ),
        action("reopen", label("إعادة إلى المتابعة", "Take up again"), "rotate-ccw", Vec::new(), "status in [\"nurtured\", \"rejected\"]", false, reopen),
    ];
    first.into_iter().chain(conversion).chain(rest).collect()
}

async fn moved(cx: &mut Cx, draft: Draft, event: &str) -> Outcome<Done> {
    let saved = cx.save(KEY, draft.trusted()).await?.into_record();
    cx.event(event, &saved, json!({})).await?;
    Ok(Done { message: format!("sales-{}", event.replace('.', "-")), ..Done::default() })
}

/// The draft with what was said, field by field.
fn told(lead: &Record, status: &str, input: &Input) -> Draft {
    input.iter().fold(Draft::of(lead.id).set("status", status), |d, (key, value)| d.set(key, value.clone()))
}

fn take<'a>(cx: &'a mut Cx, lead: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        if cx.actor.is_system() {
            return Err(Fault::invalid("", "sales-lead-taken-by-nobody"));
        }
        moved(cx, Draft::of(lead.id).set("owner", cx.actor.id), "lead.taken").await
    })
}

fn contact<'a>(cx: &'a mut Cx, lead: Record, input: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move { moved(cx, told(&lead, "contacted", &input), "lead.contacted").await })
}

fn qualify<'a>(cx: &'a mut Cx, lead: Record, input: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move { moved(cx, told(&lead, "qualified", &input), "lead.qualified").await })
}

fn nurture<'a>(cx: &'a mut Cx, lead: Record, input: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        if input.get("nurture_until").and_then(Value::date).is_some_and(|d| d <= crate::day(cx)) {
            return Err(Fault::invalid("nurture_until", "sales-nurture-past"));
        }
        moved(cx, told(&lead, "nurtured", &input), "lead.nurtured").await
    })
}

fn reject<'a>(cx: &'a mut Cx, lead: Record, input: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move { moved(cx, told(&lead, "rejected", &input), "lead.rejected").await })
}

fn reopen<'a>(cx: &'a mut Cx, lead: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move { moved(cx, Draft::of(lead.id).set("status", "contacted"), "lead.reopened").await })
}
