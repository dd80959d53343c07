//! What follows from the fields of an activity when it is saved: times, the end of its series, who is invited,
//! what is booked, what is to be reminded of.

use crate::touched::Touched;
use crate::{booking, invite, people, remind, repeat};
use engine::{Cx, Prepare, Watch};
use futures::future::BoxFuture;
use kernel::jiff::civil::Weekday;
use kernel::jiff::tz::TimeZone;
use kernel::jiff::{SignedDuration, Timestamp, ToSpan};
use kernel::uuid::Uuid;
use kernel::{Fault, Issue, Outcome, Record, Value};
use text::locale::Locale;

/// The longest an activity may last.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 366);
const MOST_GUESTS: usize = 200;

pub fn prepares() -> Vec<Prepare> {
    vec![Prepare { object: "activity", run: prepare }]
}

pub fn watches() -> Vec<Watch> {
    vec![Watch { object: "activity", run: follow }]
}

/// The days of the week on which the company works, Monday first.
pub fn workdays(locale: &Locale) -> Vec<Weekday> {
    (0..7).filter_map(|i| Weekday::from_monday_zero_offset(i).ok()).filter(|d| !locale.is_weekend(*d)).collect()
}

fn prepare<'a>(cx: &'a mut Cx, before: Option<&'a Record>, after: &'a mut Record) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        match after.get("zone").text().map(str::to_owned) {
            Some(zone) => {
                TimeZone::get(&zone).map_err(|_| Fault::invalid("zone", "auth-unknown-zone"))?;
            }
            None => after.set("zone", cx.actor.locale.tz.clone()),
        }
        times(before, after)?;
        if after.get("series").is_null() {
            repeat::settle(after, &workdays(&cx.company.settings().locale()))?;
        } else if !after.get("repeat").is_null() {
            return Err(Fault::invalid("repeat", "activity-part-of-series"));
        }
        let last = repeat::last(after)?;
        after.set("last", last);
        let long = after.get("at").datetime().zip(last).is_some_and(|(at, last)| crate::window::far(at, last));
        after.set("far", if long || !after.get("rule").is_null() { last } else { None });
        guests(after)?;
        regarding(cx, before, after).await?;
        let done = after.get("status").text() == Some("done");
        if done && after.get("done_at").is_null() {
            after.set("done_at", cx.now);
        } else if !done {
            after.set("done_at", Value::Null);
        }
        Ok(())
    })
}

/// Begin and end fit each other; an end that was not touched moves along with the beginning.
fn times(before: Option<&Record>, after: &mut Record) -> Outcome<()> {
    let kind = after.get("kind").text().unwrap_or_default().to_owned();
    let Some(at) = after.get("at").datetime() else {
        if kind != "task" {
            return Err(Fault::invalid("at", "activity-needs-time"));
        }
        after.set("ends", Value::Null);
        return Ok(());
    };
    // Calendars know whole seconds; what another program reads back must be what is stored.
    let whole = |t: Timestamp| Timestamp::from_second(t.as_second()).unwrap_or(t);
    let at = whole(at);
    if let Some(end) = after.get("ends").datetime() {
        after.set("ends", whole(end));
    }
    let zone = repeat::zone(after);
    let all_day = after.get("all_day").bool() == Some(true);
    if let Some(b) = before
        && let (Some(was), Some(end)) = (b.get("at").datetime(), b.get("ends").datetime())
        && was != at
        && b.get("ends") == after.get("ends")
    {
        after.set("ends", moved(at, was, end, &zone, all_day));
    }
    let midnight = |t: Timestamp| t.to_zoned(zone.clone()).start_of_day().map_or(t, |z| z.timestamp());
    let next = |t: Timestamp| t.to_zoned(zone.clone()).checked_add(1.day()).and_then(|z| z.start_of_day()).map_or(t, |z| z.timestamp());
    let at = if all_day { midnight(at) } else { at };
    after.set("at", at);
    let ends = match after.get("ends").datetime() {
        Some(end) if end < at => return Err(Fault::invalid("ends", "activity-ends-before")),
        Some(end) if all_day => Some(if midnight(end) == end && end > at { end } else { next(end) }),
        None if all_day => Some(next(at)),
        None => {
            let minutes = match kind.as_str() {
                "meeting" | "visit" | "event" => 60,
                "call" => 30,
                _ => 0,
            };
            (minutes > 0).then(|| at.saturating_add(SignedDuration::from_mins(minutes)).unwrap_or(at))
        }
        end => end,
    };
    if ends.is_some_and(|e| e.duration_since(at) > LONGEST) {
        return Err(Fault::invalid("ends", "activity-too-long"));
    }
    after.set("ends", ends);
    Ok(())
}

/// The end that keeps the length: in days where whole days are meant, since one of them may have 23 hours.
fn moved(at: Timestamp, was: Timestamp, end: Timestamp, zone: &TimeZone, all_day: bool) -> Timestamp {
    let day = |t: Timestamp| t.to_zoned(zone.clone()).date();
    if all_day {
        let days = i64::from((day(end) - day(was)).get_days());
        let end = day(at).saturating_add(days.days()).to_zoned(zone.clone());
        return end.map_or(at, |z| z.timestamp());
    }
    at.saturating_add(end.duration_since(was)).unwrap_or(at)
}

fn guests(after: &mut Record) -> Outcome<()> {
    let Some(typed) = after.get("guests").text() else { return Ok(()) };
    let mut list: Vec<String> = Vec::new();
    for word in typed.split(['\n', ',', ';', '،', '؛', ' ']).map(str::trim).filter(|w| !w.is_empty()) {
        let ctx = kernel::parse::Ctx::default();
        match kernel::parse::from_text(&kernel::Kind::Email, word, &ctx) {
            Ok(Value::Text(mail)) if !list.contains(&mail) => list.push(mail),
            Ok(_) => {}
            Err(issue) => return Err(Fault::issue(Issue { field: "guests".into(), ..issue })),
        }
    }
    if list.len() > MOST_GUESTS {
        return Err(Fault::issue(Issue::new("guests", "activity-too-many-guests").arg("max", MOST_GUESTS)));
    }
    after.set("guests", if list.is_empty() { Value::Null } else { Value::Text(list.join("\n")) });
    Ok(())
}

/// `order/ID`, out of what was pasted; the record is there for whoever names it.
async fn regarding(cx: &mut Cx, before: Option<&Record>, after: &mut Record) -> Outcome<()> {
    if before.map(|b| b.get("regarding")) == Some(after.get("regarding")) {
        return Ok(());
    }
    let Some(typed) = after.get("regarding").text() else { return Ok(()) };
    let (object, id) = about(typed).ok_or_else(|| Fault::invalid("regarding", "activity-no-address"))?;
    let (company, actor) = (cx.company.clone(), cx.actor.clone());
    let found = company.get_in(&mut cx.tx, &actor, &object, id).await;
    found.map_err(|f| if f.kind == kernel::FaultKind::NotFound { Fault::invalid("regarding", "value-no-such-record") } else { f })?;
    after.set("regarding", format!("{object}/{id}"));
    Ok(())
}

/// Object and id in an address: the last two parts of its path.
pub fn about(address: &str) -> Option<(String, Uuid)> {
    let path = address.split(['?', '#']).next()?.trim().trim_end_matches('/');
    let mut parts = path.rsplit('/');
    let id = parts.next()?.parse().ok()?;
    let object = parts.next()?;
    kernel::registry::valid_key(object).then(|| (object.to_owned(), id))
}

fn follow<'a>(cx: &'a mut Cx, changes: &'a [(Option<Record>, Option<Record>)]) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        for (before, after) in changes {
            let t = &Touched { before: before.as_ref(), after: after.as_ref() };
            if let Some(record) = t.after {
                if ["colleagues", "contacts", "guests", "owner"].iter().any(|f| t.changed(f)) {
                    people::sync(cx, record).await?;
                }
                if ["at", "ends", "last", "rule", "resources", "status"].iter().any(|f| t.changed(f)) {
                    booking::check(cx, record).await?;
                }
            }
            people::tell(cx, t).await?;
            if ["at", "ends", "rule", "status", "reminders", "occurrence"].iter().any(|f| t.changed(f)) {
                remind::renew(cx, t).await?;
            }
            invite::follow(cx, t).await?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_records() {
        let id = Uuid::from_u128(5);
        for text in [format!("order/{id}"), format!("https://crm.example/order/{id}?tab=history#x"), format!("/order/{id}/")] {
            assert_eq!(about(&text), Some(("order".into(), id)), "{text}");
        }
        assert_eq!(about("order/5"), None);
        assert_eq!(about(&format!("O'x/{id}")), None);
    }

    #[test]
    fn whole_days_keep_their_number() {
        let zone = TimeZone::get("Africa/Cairo").unwrap();
        let t = |s: &str| s.parse::<Timestamp>().unwrap();
        // 24 April 2026 has 23 hours in Cairo.
        let end = moved(t("2026-04-23T22:00:00Z"), t("2026-04-20T22:00:00Z"), t("2026-04-21T22:00:00Z"), &zone, true);
        assert_eq!(end.to_zoned(zone).date().to_string(), "2026-04-25");
    }
}
