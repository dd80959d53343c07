//! Done: what came of it goes into the log of contacts with the customer, and what comes next into the calendar.

use crate::{repeat, series};
use engine::{Action, Cx, Done, Draft, Input};
use futures::future::BoxFuture;
use kernel::jiff::{SignedDuration, Timestamp};
use kernel::{Field, Kind, Outcome, Record, Value, label};

pub fn actions() -> Vec<Action> {
    let outcomes = base::outcomes();
    vec![Action {
        object: "activity",
        key: "complete",
        label: label("إنجاز", "Complete"),
        icon: "circle-check",
        input: vec![
            Field::new("outcome", Kind::Choice { options: outcomes }, label("النتيجة", "Outcome")),
            Field::new("notes", Kind::LongText, label("ما دار فيه", "What was said")),
            Field::new("next_action", Kind::Text { max: 300 }, label("الخطوة التالية", "Next action")),
            Field::new("next_at", Kind::DateTime, label("موعدها", "When")),
            Field::new("occurrence", Kind::DateTime, label("أي موعد من السلسلة", "Which one of the series"))
                .help(label("إن تُرك فارغًا فآخر موعد مضى.", "If left empty, the latest one that has been.")),
        ],
        guard: Some("status == \"planned\""),
        danger: false,
        run: complete,
    }]
}

/// How a kind of work stands in the log; none for what is nobody's business but our own.
fn channel(kind: &str) -> Option<&'static str> {
    match kind {
        "call" => Some("call"),
        "meeting" | "event" => Some("meeting"),
        "visit" => Some("visit"),
        _ => None,
    }
}

/// The occurrence of a series that is done: the one named, else the latest that has begun, else the first.
fn which(record: &Record, asked: Option<Timestamp>, now: Timestamp) -> Outcome<Timestamp> {
    if asked.is_some() {
        return series::occurrence(record, asked);
    }
    let first = record.get("at").datetime().unwrap_or(now);
    let Some(rule) = repeat::rule(record)? else { return Ok(first) };
    let zone = repeat::zone(record);
    let all = ical::Series { rule: &rule, start: first.to_zoned(zone.clone()).datetime(), zone: &zone };
    let from = now.saturating_sub(SignedDuration::from_hours(24 * 400)).unwrap_or(first);
    Ok(all.between(from, now, usize::MAX).pop().unwrap_or(first))
}

fn complete<'a>(cx: &'a mut Cx, record: Record, input: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let value = |key: &str| input.get(key).cloned().unwrap_or_default();
        let mut draft = Draft::of(record.id).trusted();
        let mut at = record.get("at").datetime();
        if !record.get("rule").is_null() {
            let when = which(&record, value("occurrence").datetime(), cx.now)?;
            draft = series::own(cx, &record, when).await?;
            at = Some(when);
        }
        let kind = record.get("kind").text().unwrap_or_default().to_owned();
        let mut logged = None;
        if let Some(channel) = channel(&kind).filter(|_| !record.get("party").is_null()) {
            // What is planned for later and done now happened now.
            let happened = at.filter(|t| *t <= cx.now).unwrap_or(cx.now);
            let lasted = repeat::length(record.get("at").datetime().unwrap_or(happened), record.get("ends").datetime()).as_secs();
            let log = Draft::new()
                .set("subject", record.get("subject").clone())
                .set("channel", channel)
                .set("direction", "out")
                .set("at", happened)
                .set("duration", if lasted > 0 { Value::Duration(lasted) } else { Value::Null })
                .set("party", record.get("party").clone())
                .set("outcome", value("outcome"))
                .set("notes", value("notes"))
                .set("owner", record.get("owner").clone())
                .set("colleagues", record.get("colleagues").clone())
                .set("contacts", record.get("contacts").clone())
                .set("privacy", record.get("privacy").clone())
                .set("next_action", value("next_action"))
                .set("next_at", value("next_at"));
            logged = Some(cx.save("interaction", log).await?.record().id);
        }
        let saved = cx.save("activity", draft.set("status", "done").set("outcome", value("outcome")).set("interaction", logged)).await?.into_record();
        cx.event("activity.completed", &saved, Value::Null.to_json()).await?;
        if let Some(next) = value("next_action").text().filter(|t| !t.trim().is_empty()) {
            let follow = Draft::new()
                .set("subject", next)
                .set("kind", if kind == "task" { "task" } else { "call" })
                .set("at", if value("next_at").is_null() { Value::DateTime(tomorrow(cx)) } else { value("next_at") })
                .set("party", record.get("party").clone())
                .set("regarding", record.get("regarding").clone())
                .set("owner", record.get("owner").clone())
                .set("privacy", record.get("privacy").clone());
            cx.save("activity", follow).await?;
        }
        Ok(Done { message: if logged.is_some() { "activity-completed-logged" } else { "activity-completed" }.into(), ..Done::default() })
    })
}

/// The same hour of the next day.
fn tomorrow(cx: &Cx) -> Timestamp {
    let zone = text::calendar::time_zone(&cx.actor.locale);
    cx.now.to_zoned(zone).tomorrow().map_or(cx.now, |z| z.timestamp())
}
