//! One occurrence of a series, it and those after it, or all of them; done; taken back.

use crate::repeat;
use engine::{Action, Cx, Done, Draft, Input};
use futures::future::BoxFuture;
use ical::{Moment, Rule, Series};
use kernel::jiff::{SignedDuration, Timestamp};
use kernel::{Fault, Field, Kind, Outcome, Record, Value, label};

/// What an occurrence of its own takes over from its series.
const COPIED: [&str; 18] = [
    "subject", "kind", "priority", "party", "regarding", "owner", "notes", "all_day", "zone", "reminders", "place", "link", "colleagues", "contacts", "guests",
    "resources", "privacy", "status",
];

pub fn actions() -> Vec<Action> {
    let occurrence = || Field::new("occurrence", Kind::DateTime, label("أي موعد", "Which occurrence")).required();
    let of_series = |key, label, icon, danger, run| Action { object: "activity", key, label, icon, input: vec![occurrence()], guard: Some("repeat != null"), danger, run };
    vec![
        of_series("detach", label("تعديل هذا الموعد وحده", "Change this one only"), "pencil", false, detach),
        of_series("split", label("تعديل هذا وما بعده", "Change this and those after it"), "arrow-right", false, split),
        of_series("skip", label("إلغاء هذا الموعد وحده", "Cancel this one only"), "circle-x", true, skip),
        Action {
            object: "activity",
            key: "cancel",
            label: label("إلغاء", "Cancel"),
            icon: "circle-x",
            input: Vec::new(),
            guard: Some("status == \"planned\""),
            danger: true,
            run: cancel,
        },
        Action {
            object: "activity",
            key: "reopen",
            label: label("إعادة إلى المخطط", "Plan again"),
            icon: "rotate-ccw",
            input: Vec::new(),
            guard: Some("status != \"planned\""),
            danger: false,
            run: reopen,
        },
    ]
}

/// The occurrence asked for, which the series must have.
///
/// # Errors
/// Invalid: no moment of the series.
pub fn occurrence(series: &Record, at: Option<Timestamp>) -> Outcome<Timestamp> {
    let at = at.ok_or_else(|| Fault::invalid("occurrence", "value-required"))?;
    let (Some(rule), Some(first)) = (repeat::rule(series)?, series.get("at").datetime()) else { return Err(Fault::invalid("occurrence", "activity-no-series")) };
    let zone = repeat::zone(series);
    let start = first.to_zoned(zone.clone()).datetime();
    let next = at.saturating_add(SignedDuration::from_micros(1)).unwrap_or(at);
    let found = Series { rule: &rule, start, zone: &zone }.between(at, next, 1);
    found.first().copied().ok_or_else(|| Fault::invalid("occurrence", "activity-no-occurrence"))
}

/// The row that speaks for an occurrence, as a draft: the one that is there, or a copy of the series at that moment.
///
/// # Errors
/// The database.
pub async fn own(cx: &mut Cx, series: &Record, at: Timestamp) -> Outcome<Draft> {
    let mut sql = cx.tx.sql();
    sql.push("SELECT id FROM activity WHERE deleted_at IS NULL AND series = ").bind(series.id).push(" AND occurrence = ").bind(at);
    let there = cx.tx.row(&sql, &[kernel::ColumnType::Id]).await?.and_then(|r| r.first().and_then(kernel::Cell::id));
    if let Some(id) = there {
        return Ok(Draft::of(id).trusted());
    }
    let mut draft = Draft::new().set("series", series.id).set("occurrence", at).set("at", at).trusted();
    for f in COPIED {
        draft = draft.set(f, series.get(f).clone());
    }
    let length = repeat::length(series.get("at").datetime().unwrap_or(at), series.get("ends").datetime());
    if !series.get("ends").is_null() {
        draft = draft.set("ends", at.saturating_add(length).unwrap_or(at));
    }
    Ok(draft)
}

fn detach<'a>(cx: &'a mut Cx, series: Record, input: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let at = occurrence(&series, input.get("occurrence").and_then(Value::datetime))?;
        let draft = own(cx, &series, at).await?;
        let one = cx.save("activity", draft).await?;
        Ok(Done { message: "activity-detached".into(), goto: Some(("activity".into(), one.record().id)), ..Done::default() })
    })
}

fn skip<'a>(cx: &'a mut Cx, series: Record, input: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let at = occurrence(&series, input.get("occurrence").and_then(Value::datetime))?;
        let draft = own(cx, &series, at).await?.set("status", "cancelled");
        cx.save("activity", draft).await?;
        Ok(Done { message: "activity-skipped".into(), ..Done::default() })
    })
}

/// The series ends before the occurrence, and another one begins with it.
fn split<'a>(cx: &'a mut Cx, series: Record, input: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let at = occurrence(&series, input.get("occurrence").and_then(Value::datetime))?;
        let (Some(rule), Some(first)) = (repeat::rule(&series)?, series.get("at").datetime()) else { return Err(Fault::invalid("occurrence", "activity-no-series")) };
        if at == first {
            return Ok(Done { message: "activity-whole-series".into(), ..Done::default() });
        }
        let zone = repeat::zone(&series);
        let spent = Series { rule: &rule, start: first.to_zoned(zone.clone()).datetime(), zone: &zone }.between(first, at, usize::MAX).len();
        let rest = Rule { count: rule.count.map(|n| n.saturating_sub(u32::try_from(spent).unwrap_or(u32::MAX)).max(1)), ..rule.clone() };
        let day = at.to_zoned(zone.clone()).date();
        let before = Rule { count: None, until: Some(Moment::Utc(at.saturating_sub(SignedDuration::from_secs(1)).unwrap_or(at))), ..rule };
        let mut next = own(cx, &series, at).await?;
        if next.id.is_some() {
            // An occurrence of its own already stands there: it stays what it is, the new series begins as the old one was.
            next = Draft::new().set("at", at).trusted();
            for f in COPIED {
                next = next.set(f, series.get(f).clone());
            }
        }
        next.values.shift_remove("series");
        next.values.shift_remove("occurrence");
        let choice = if rest.count.is_none() { repeat::choice_of(&rest, day, &crate::saving::workdays(&cx.company.settings().locale())) } else { ("custom", None) };
        next = next.set("repeat", choice.0).set("repeat_until", choice.1);
        if choice.0 == "custom" {
            next = next.set("rule", rest.to_string());
        }
        let new = cx.save("activity", next).await?.into_record();
        // What was changed or done behind the cut belongs to the new series.
        let mut sql = cx.tx.sql();
        sql.push("SELECT id FROM activity WHERE deleted_at IS NULL AND series = ").bind(series.id).push(" AND occurrence >= ").bind(at);
        let moved: Vec<_> = cx.tx.rows(&sql, &[kernel::ColumnType::Id]).await?.iter().filter_map(|r| r.first()?.id()).collect();
        let drafts = moved.into_iter().map(|id| Draft::of(id).set("series", new.id).trusted()).collect();
        cx.save_many("activity", drafts).await?;
        let old = Draft::of(series.id).set("repeat", "custom").set("rule", before.to_string());
        cx.save("activity", old).await?;
        Ok(Done { message: "activity-split".into(), goto: Some(("activity".into(), new.id)), ..Done::default() })
    })
}

fn cancel<'a>(cx: &'a mut Cx, record: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let saved = cx.save("activity", Draft::of(record.id).set("status", "cancelled")).await?.into_record();
        cx.event("activity.cancelled", &saved, Value::Null.to_json()).await?;
        Ok(Done { message: "activity-cancelled".into(), ..Done::default() })
    })
}

fn reopen<'a>(cx: &'a mut Cx, record: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        cx.save("activity", Draft::of(record.id).set("status", "planned").set("outcome", Value::Null).trusted()).await?;
        Ok(Done { message: "activity-reopened".into(), ..Done::default() })
    })
}
