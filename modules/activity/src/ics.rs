//! An activity as iCalendar, and iCalendar as an activity.
//!
//! What a program wrote and this product has no field for is kept beside the record and given back as it was.

use crate::repeat;
use ical::content::{Component, Prop};
use ical::{Moment, Refused, Rule, Scale, Series, moment};
use indexmap::IndexMap;
use kernel::jiff::civil::Weekday;
use kernel::jiff::tz::TimeZone;
use kernel::jiff::{SignedDuration, Timestamp};
use kernel::uuid::Uuid;
use kernel::{Record, Value};
use std::collections::BTreeSet;

pub const PRODUCT: &str = "-//Sila//CRM//EN";
/// Properties this product speaks for.
const OWN: [&str; 26] = [
    "UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "SUMMARY", "DTSTART", "DTEND", "DUE", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID",
    "LOCATION", "DESCRIPTION", "URL", "STATUS", "CLASS", "PRIORITY", "ORGANIZER", "ATTENDEE", "TRANSP", "COMPLETED", "PERCENT-COMPLETE", "X-SILA-KIND",
];
/// Kept moments of a Hijri series for programs that know no other calendar.
const HIJRI_AHEAD: usize = 60;
const REMINDERS: [i64; 9] = [0, 5, 15, 30, 60, 120, 1440, 2880, 10080];

/// Somebody in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    pub email: String,
    pub name: String,
    /// `waiting`, `accepted`, `tentative`, `declined`
    pub state: String,
}

/// All that one calendar object tells.
#[derive(Clone, Debug, Default)]
pub struct Told {
    pub uid: String,
    pub organizer: Option<Person>,
    pub people: Vec<Person>,
    /// Text of what other programs wrote into it.
    pub extra: String,
}

fn state(partstat: Option<&str>) -> &'static str {
    match partstat {
        Some("ACCEPTED") => "accepted",
        Some("TENTATIVE") => "tentative",
        Some("DECLINED") => "declined",
        _ => "waiting",
    }
}

fn partstat(state: &str) -> &'static str {
    match state {
        "accepted" => "ACCEPTED",
        "tentative" => "TENTATIVE",
        "declined" => "DECLINED",
        _ => "NEEDS-ACTION",
    }
}

/// Whether it is kept as a task (`VTODO`).
pub fn is_task(record: &Record) -> bool {
    record.get("kind").text() == Some("task")
}

/// The calendar object of a record with the occurrences that differ from it.
pub fn calendar(record: &Record, exceptions: &[Record], told: &Told, now: Timestamp, method: Option<&str>) -> Component {
    let mut all = Component::new("VCALENDAR").with(Prop::raw("VERSION", "2.0")).with(Prop::raw("PRODID", PRODUCT)).with(Prop::raw("CALSCALE", "GREGORIAN"));
    if let Some(method) = method {
        all.push(Prop::raw("METHOD", method));
    }
    let mut zones: BTreeSet<&str> = BTreeSet::new();
    for r in std::iter::once(record).chain(exceptions) {
        let all_day = r.get("all_day").bool() == Some(true);
        if let Some(zone) = r.get("zone").text().filter(|z| *z != "UTC" && !all_day && !r.get("at").is_null()) {
            zones.insert(zone);
        }
    }
    all.parts.extend(zones.iter().filter_map(|z| moment::definition(z, now)));
    let mut master = one(record, told, now);
    let zone = record.get("zone").text().unwrap_or("UTC");
    let day = record.get("all_day").bool() == Some(true);
    if let (Ok(Some(rule)), Some(at)) = (repeat::rule(record), record.get("at").datetime()) {
        if rule.scale == Scale::Gregorian && rule.skip == ical::rule::Skip::Omit {
            master.push(Prop::raw("RRULE", utc_until(&rule, record, day).to_string()));
        } else {
            // Most programs know no Hijri months and would show Gregorian ones: they get the days themselves.
            master.push(Prop::raw("X-SILA-RRULE", rule.to_string()));
            let zone = repeat::zone(record);
            let series = Series { rule: &rule, start: at.to_zoned(zone.clone()).datetime(), zone: &zone };
            let from = at.max(now.saturating_sub(SignedDuration::from_hours(24 * 366)).unwrap_or(at));
            for t in series.between(from, repeat::never(), HIJRI_AHEAD).into_iter().filter(|t| *t != at) {
                master.push(when("RDATE", t, record.get("zone").text().unwrap_or("UTC"), day));
            }
        }
    }
    for e in exceptions.iter().filter(|e| cancelled(e)) {
        if let Some(at) = e.get("occurrence").datetime() {
            master.push(when("EXDATE", at, zone, day));
        }
    }
    all.parts.push(master);
    for e in exceptions.iter().filter(|e| !cancelled(e)) {
        let Some(at) = e.get("occurrence").datetime() else { continue };
        let mut part = one(e, told, now);
        part.push(when("RECURRENCE-ID", at, zone, day));
        all.parts.push(part);
    }
    all
}

fn cancelled(r: &Record) -> bool {
    r.get("status").text() == Some("cancelled")
}

/// `UNTIL` must be an instant in UTC where the series has a zone, and a day where it has days.
fn utc_until(rule: &Rule, record: &Record, all_day: bool) -> Rule {
    let mut rule = rule.clone();
    if let (Some(Moment::Day(d)), false, Some(at)) = (&rule.until, all_day, record.get("at").datetime()) {
        let zone = repeat::zone(record);
        let time = at.to_zoned(zone.clone()).time();
        rule.until = Some(Moment::Utc(moment::instant(d.to_datetime(time), &zone)));
    }
    rule
}

fn when(name: &str, at: Timestamp, zone: &str, all_day: bool) -> Prop {
    if all_day {
        let tz = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        return Prop::raw(name, moment::date(at.to_zoned(tz).date())).with("VALUE", "DATE");
    }
    moment::zoned(name, at, zone)
}

fn one(r: &Record, told: &Told, now: Timestamp) -> Component {
    let task = is_task(r);
    let text = |f: &str| r.get(f).text().unwrap_or_default();
    let zone = r.get("zone").text().unwrap_or("UTC");
    let day = r.get("all_day").bool() == Some(true);
    let stamp = r.get("updated_at").datetime().unwrap_or(now);
    let mut c = Component::new(if task { "VTODO" } else { "VEVENT" })
        .with(Prop::text("UID", &told.uid))
        .with(Prop::raw("DTSTAMP", moment::utc(stamp)))
        .with(Prop::raw("LAST-MODIFIED", moment::utc(stamp)))
        .with(Prop::raw("SEQUENCE", r.rev.to_string()))
        .with(Prop::text("SUMMARY", text("subject")));
    match (task, r.get("at").datetime(), r.get("ends").datetime()) {
        (false, Some(at), end) => {
            c.push(when("DTSTART", at, zone, day));
            c.push(when("DTEND", end.unwrap_or(at), zone, day));
        }
        (true, Some(at), end) => {
            // A series of tasks needs a beginning to count from.
            if end.is_some() || !r.get("rule").is_null() {
                c.push(when("DTSTART", at, zone, day));
            }
            c.push(when("DUE", end.unwrap_or(at), zone, day));
        }
        (_, None, _) => {}
    }
    for (name, field) in [("LOCATION", "place"), ("DESCRIPTION", "notes")] {
        if !text(field).is_empty() {
            c.push(Prop::text(name, text(field)));
        }
    }
    if !text("link").is_empty() {
        c.push(Prop::raw("URL", text("link")));
    }
    let status = match (text("status"), task) {
        ("cancelled", _) => "CANCELLED",
        ("done", true) => "COMPLETED",
        (_, true) => "NEEDS-ACTION",
        _ => "CONFIRMED",
    };
    c.push(Prop::raw("STATUS", status));
    if let (true, Some(at)) = (task, r.get("done_at").datetime()) {
        c.push(Prop::raw("COMPLETED", moment::utc(at)));
        c.push(Prop::raw("PERCENT-COMPLETE", "100"));
    }
    c.push(Prop::raw("CLASS", if text("privacy") == "private" { "PRIVATE" } else { "PUBLIC" }));
    match text("priority") {
        "high" => c.push(Prop::raw("PRIORITY", "1")),
        "low" => c.push(Prop::raw("PRIORITY", "9")),
        _ => {}
    }
    c.push(Prop::raw("X-SILA-KIND", text("kind")));
    if !told.people.is_empty() {
        let mail = |p: &Person| format!("mailto:{}", p.email);
        if let Some(o) = &told.organizer {
            c.push(Prop::raw("ORGANIZER", mail(o)).with("CN", o.name.clone()));
        }
        for p in told.people.iter().filter(|p| !p.email.is_empty()) {
            let prop = Prop::raw("ATTENDEE", mail(p)).with("CN", p.name.clone()).with("ROLE", "REQ-PARTICIPANT");
            c.push(prop.with("PARTSTAT", partstat(&p.state)).with("RSVP", "TRUE"));
        }
    }
    if let Value::List(reminders) = r.get("reminders") {
        for minutes in reminders.iter().filter_map(|m| m.parse::<i64>().ok()) {
            let trigger = Prop::raw("TRIGGER", format!("-PT{minutes}M"));
            let trigger = if task && r.get("ends").is_null() && r.get("rule").is_null() { trigger.with("RELATED", "END") } else { trigger };
            let alarm = Component::new("VALARM").with(Prop::raw("ACTION", "DISPLAY")).with(trigger).with(Prop::text("DESCRIPTION", text("subject")));
            c.parts.push(alarm);
        }
    }
    if let Some(extra) = ical::content::parse(&told.extra).ok().and_then(|l| l.into_iter().next()) {
        c.props.extend(extra.props);
        c.parts.extend(extra.parts);
    }
    c
}

/// One component as values of the fields.
#[derive(Clone, Debug, Default)]
pub struct Read {
    pub uid: String,
    pub values: IndexMap<&'static str, Value>,
    /// Which occurrence of the series it stands for.
    pub instead: Option<Timestamp>,
    pub skipped: Vec<Timestamp>,
    pub people: Vec<Person>,
    pub organizer: Option<String>,
    pub extra: String,
}

/// A calendar object as a program stores it.
#[derive(Clone, Debug, Default)]
pub struct Object {
    pub master: Read,
    pub exceptions: Vec<Read>,
    pub task: bool,
}

/// Reads the one calendar object of a text.
///
/// # Errors
/// No or several calendars or objects; what cannot be read; recurrence that is too much.
pub fn read(text: &str, zone: &str, workdays: &[Weekday]) -> Result<Object, Refused> {
    let bad = |detail: &str| Refused::new("ical-not-one-object", detail);
    let mut calendars = ical::content::parse(text)?;
    let (Some(calendar), true) = (calendars.pop(), calendars.is_empty()) else { return Err(bad("VCALENDAR")) };
    if calendar.name != "VCALENDAR" {
        return Err(bad(&calendar.name));
    }
    let task = calendar.parts("VTODO").next().is_some();
    let name = if task { "VTODO" } else { "VEVENT" };
    let (mut masters, mut exceptions) = (Vec::new(), Vec::new());
    for part in calendar.parts.iter().filter(|p| p.name != "VTIMEZONE") {
        if part.name != name {
            return Err(bad(&part.name));
        }
        let read = component(part, &calendar, zone, workdays)?;
        if read.instead.is_some() { exceptions.push(read) } else { masters.push(read) }
    }
    let (Some(master), true) = (masters.pop(), masters.is_empty()) else { return Err(bad(name)) };
    if master.uid.is_empty() || exceptions.iter().any(|e| e.uid != master.uid) {
        return Err(bad("UID"));
    }
    if exceptions.len() + master.skipped.len() > 500 {
        return Err(Refused::new("ical-too-many", "500"));
    }
    Ok(Object { master, exceptions, task })
}

fn component(c: &Component, calendar: &Component, zone: &str, workdays: &[Weekday]) -> Result<Read, Refused> {
    let task = c.name == "VTODO";
    let tz = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let moment = |name: &str| c.get(name).map(|p| Moment::of(p, calendar)).transpose();
    let (start, end, due) = (moment("DTSTART")?, moment("DTEND")?, moment("DUE")?);
    let named = [&start, &due].into_iter().find_map(|m| if let Some(Moment::Local(_, Some(z))) = m { Some(z.clone()) } else { None });
    let zone = named.unwrap_or_else(|| if matches!(start, Some(Moment::Utc(_))) && c.get("RRULE").is_some() { "UTC".into() } else { zone.to_owned() });
    let all_day = start.as_ref().or(due.as_ref()).is_some_and(Moment::is_day);
    let at = |m: &Moment| m.instant(&tz);
    let length = c.get("DURATION").and_then(|p| moment::minutes(&p.value)).filter(|m| *m >= 0);
    let begin = start.as_ref().or(due.as_ref()).map(&at);
    let finish = match (task, &start, &end, &due) {
        (false, _, Some(e), _) => Some(at(e)),
        (true, Some(_), _, Some(d)) => Some(at(d)),
        _ => begin.zip(length).and_then(|(b, m)| b.checked_add(SignedDuration::from_mins(m)).ok()),
    };
    if !task && begin.is_none() {
        return Err(Refused::new("ical-bad-time", "DTSTART"));
    }
    let mut v: IndexMap<&'static str, Value> = IndexMap::new();
    let text = |name: &str, most: usize| c.text(name).chars().take(most).collect::<String>();
    let some = |t: String| if t.trim().is_empty() { Value::Null } else { Value::Text(t) };
    v.insert("subject", if text("SUMMARY", 300).trim().is_empty() { Value::Text("…".into()) } else { Value::Text(text("SUMMARY", 300)) });
    v.insert("notes", some(text("DESCRIPTION", 20_000)));
    v.insert("place", some(text("LOCATION", 300)));
    v.insert("link", some(c.get("URL").map(|p| p.value.clone()).filter(|u| u.starts_with("https://") || u.starts_with("http://")).unwrap_or_default()));
    v.insert("at", begin.into());
    v.insert("ends", finish.filter(|f| Some(*f) > begin || task).into());
    v.insert("all_day", all_day.into());
    v.insert("zone", zone.clone().into());
    v.insert("privacy", if matches!(c.text("CLASS").as_str(), "PRIVATE" | "CONFIDENTIAL") { "private" } else { "shared" }.into());
    v.insert("status", status(c, task).into());
    let priority = c.get("PRIORITY").and_then(|p| p.value.trim().parse::<u8>().ok()).unwrap_or(0);
    v.insert("priority", match priority { 1..=4 => "high", 6..=9 => "low", _ => "normal" }.into());
    let mut read = Read { uid: c.text("UID").chars().take(250).collect(), ..Read::default() };
    let (reminders, kept) = alarms(c);
    v.insert("reminders", if reminders.is_empty() { Value::Null } else { Value::List(reminders) });
    let written = c.get("X-SILA-RRULE").or_else(|| c.get("RRULE"));
    if let (Some(p), Some(begin)) = (written, begin) {
        let rule = Rule::parse(&p.value)?;
        let day = begin.to_zoned(TimeZone::get(&zone).unwrap_or(TimeZone::UTC)).date();
        let rule = until_day(rule, &zone);
        let (choice, until) = repeat::choice_of(&rule, day, workdays);
        v.insert("repeat", choice.into());
        v.insert("repeat_until", until.into());
        v.insert("rule", if choice == "custom" { rule.to_string().into() } else { Value::Null });
    } else {
        v.insert("repeat", Value::Null);
    }
    read.instead = moment("RECURRENCE-ID")?.map(|m| at(&m));
    for p in c.all("EXDATE") {
        for value in p.value.split(',').take(1_000) {
            read.skipped.push(at(&Moment::parse(value, p.param("TZID"), calendar)?));
        }
    }
    for p in c.all("ATTENDEE").take(200) {
        if let Some(email) = mail(&p.value) {
            read.people.push(Person { email, name: p.param("CN").unwrap_or_default().to_owned(), state: state(p.param("PARTSTAT")).to_owned() });
        }
    }
    read.organizer = c.get("ORGANIZER").and_then(|p| mail(&p.value));
    if let Some(kind) = c.get("X-SILA-KIND").map(|p| p.value.as_str()).filter(|k| ["task", "call", "meeting", "visit", "event"].contains(k) && (*k == "task") == task) {
        v.insert("kind", kind.into());
    }
    let mut extra = Component::new("X-EXTRA");
    extra.props = c.props.iter().filter(|p| !OWN.contains(&p.name.as_str()) && p.name != "X-SILA-RRULE").cloned().collect();
    extra.parts = kept.into_iter().chain(c.parts.iter().filter(|p| p.name != "VALARM").cloned()).collect();
    if !extra.props.is_empty() || !extra.parts.is_empty() {
        read.extra = extra.write();
    }
    read.values = v;
    Ok(read)
}

/// A last moment at the hour of the series is a last day, as people choose it.
fn until_day(mut rule: Rule, zone: &str) -> Rule {
    if let Some(Moment::Utc(t)) = rule.until {
        rule.until = Some(Moment::Day(t.to_zoned(TimeZone::get(zone).unwrap_or(TimeZone::UTC)).date()));
    }
    rule
}

fn status(c: &Component, task: bool) -> &'static str {
    match (c.text("STATUS").as_str(), task) {
        ("CANCELLED", _) => "cancelled",
        ("COMPLETED", true) => "done",
        _ if task && c.get("COMPLETED").is_some() => "done",
        _ => "planned",
    }
}

/// The address of `mailto:…`, in small letters.
pub fn mail(value: &str) -> Option<String> {
    let (scheme, address) = value.trim().split_once(':')?;
    let address = address.split('?').next()?.trim().to_ascii_lowercase();
    (scheme.eq_ignore_ascii_case("mailto") && address.contains('@')).then_some(address)
}

/// Reminders this product knows, and the alarms it does not, as they were.
fn alarms(c: &Component) -> (Vec<String>, Vec<Component>) {
    let (mut ours, mut kept) = (BTreeSet::new(), Vec::new());
    for a in c.parts("VALARM") {
        let minutes = a.get("TRIGGER").and_then(|p| moment::minutes(&p.value)).filter(|m| *m <= 0).map(|m| -m);
        let plain = a.text("ACTION").eq_ignore_ascii_case("DISPLAY");
        match minutes.filter(|m| plain && REMINDERS.contains(m)) {
            Some(m) => {
                ours.insert(m);
            }
            None => kept.push(a.clone()),
        }
    }
    (ours.into_iter().map(|m| m.to_string()).collect(), kept)
}

/// The id in a name or uid that this product made.
pub fn own_id(name: &str) -> Option<Uuid> {
    name.trim_end_matches(".ics").trim_end_matches("@sila").parse().ok()
}
