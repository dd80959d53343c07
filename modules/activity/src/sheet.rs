//! What the calendar page shows: the activities of the people, teams and resources chosen; of what the reader may not
//! know only that somebody is busy.

use crate::window::{self, Asked, Found, Row, Span, Whose};
use crate::{busy, dav, holidays, repeat, series};
use engine::calendar::{Calendar, Entry, Lane, Moved, Named, Sheet, Window};
use engine::{Actor, Company, Draft, Query};
use kernel::jiff::{SignedDuration, Timestamp};
use kernel::uuid::Uuid;
use kernel::{Fault, Outcome, Tone, Verb};
use std::collections::{BTreeSet, HashMap};

/// Colours of people, the reader's own first.
const HUES: [&str; 8] = ["teal", "amber", "blue", "violet", "green", "orange", "pink", "lime"];
/// Colleagues offered beside the calendar.
const OFFERED: usize = 60;

/// Read beyond what a day has room for: some are declined, and some say twice that the same person is taken.
const SPARE: usize = 5;

pub fn calendar() -> Calendar {
    Calendar {
        object: "activity",
        sheet: |company, actor, window| Box::pin(sheet(company, actor, window)),
        moved: |company, actor, moved| Box::pin(moved_to(company, actor, moved)),
    }
}

fn asked(window: &Window, name: &str) -> Vec<Uuid> {
    window.query.iter().filter(|(k, _)| k == name).filter_map(|(_, v)| v.parse().ok()).collect()
}

async fn sheet(company: &Company, actor: &Actor, window: &Window) -> Outcome<Sheet> {
    let (users, teams, resources) = (asked(window, "user"), asked(window, "team"), asked(window, "resource"));
    let people = lanes(company, actor, &users, &teams, &resources).await?;
    let shown: Vec<Uuid> = people.iter().filter(|l| l.on && l.param == "user").map(|l| l.id).collect();
    let place: HashMap<Uuid, usize> = people.iter().enumerate().map(|(i, l)| (l.id, i)).collect();
    let (from, to) = (window.from, window.to);
    let whose = if resources.is_empty() { Whose::People(shown.clone()) } else { Whose::Resources(resources.clone()) };

    let zone = text::calendar::time_zone(&actor.locale);
    let days = window.days(&zone);
    let asked = Asked { from, to, whose: &whose, each_day: window.room.map(|room| (days.as_slice(), room + SPARE)) };
    let mut conn = company.db().read().await?;
    let Found { mut rows, full } = window::with_secrets(&mut conn, company, actor, &asked).await?;
    let cut = rows.len() >= window::MOST;
    rows.retain(|r| !r.secret || r.blocks());
    let exceptions = window::exceptions(&mut conn, &rows).await?;
    let declined = busy::declined(&mut conn, &rows.iter().map(|r| r.id).collect::<Vec<_>>()).await?;
    drop(conn);
    let full = full.into_iter().filter_map(|i| days.get(i)).map(|d| d.to_zoned(zone.clone()).date()).collect();
    let mut taken: BTreeSet<(Timestamp, Timestamp, Option<usize>)> = BTreeSet::new();
    let mut entries = Vec::new();
    for span in window::spans(&rows, &exceptions, from, to) {
        let Some(row) = rows.get(span.row) else { continue };
        let there = |id: &Uuid| row.takes_part(*id) && !declined.contains(&(row.id, *id));
        let person = if resources.is_empty() {
            let first = row.owner.filter(|o| shown.contains(o)).or_else(|| shown.iter().copied().find(|u| there(u)));
            match first {
                Some(id) if there(&id) || row.owner == Some(id) => place.get(&id).copied(),
                _ => continue,
            }
        } else {
            resources.iter().find(|r| row.resources.contains(r)).and_then(|r| place.get(r).copied())
        };
        if !row.secret {
            entries.push(entry(row, &span, person));
        } else if taken.insert((span.start, span.end, person)) {
            entries.push(secret(row, &span, person));
        }
    }
    let named = holidays::between(company, actor, window.first, window.last).await?;
    Ok(Sheet { entries, people, named: named.into_iter().map(|(day, name)| Named { day, name }).collect(), tools: tools(actor), cut, full })
}

/// Ways from the calendar to what belongs to it.
fn tools(actor: &Actor) -> String {
    let links = [("/activity/free", "activity-free-title", "clock"), ("/activity/sync", "activity-sync-title", "refresh-cw"), ("/activity/week", "activity-my-week", "calendar-days")];
    let t = |key: &str| text::i18n::t(actor.locale.lang, key);
    maud::html! { nav class="lane-links" { @for (href, key, icon) in links { a href=(href) { (ui::icon::icon_sm(icon)) " " (t(key)) } } } }.into_string()
}

fn icon(kind: &str) -> &'static str {
    match kind {
        "task" => "square-check",
        "call" => "phone",
        "meeting" => "users",
        "visit" => "map-pin",
        _ => "calendar",
    }
}

fn entry(row: &Row, span: &Span, person: Option<usize>) -> Entry {
    let of_series = row.rule.is_some();
    let at = if of_series { format!("?on={}", span.start.as_second()) } else { String::new() };
    let mut mover = format!("id={}&rev={}", row.id, row.rev);
    if of_series {
        mover.push_str(&format!("&occurrence={}", span.start));
    }
    Entry {
        title: row.subject.clone(),
        href: format!("/activity/{}{at}", row.id),
        start: span.start,
        end: span.end,
        all_day: row.all_day,
        tone: if row.status == "cancelled" { Tone::Neutral } else { Tone::Info },
        person,
        icon: if of_series { "refresh-cw" } else { icon(&row.kind) },
        over: row.status != "planned",
        mover: if row.status == "planned" { mover } else { String::new() },
        note: row.place.clone(),
    }
}

fn secret(row: &Row, span: &Span, person: Option<usize>) -> Entry {
    Entry {
        title: String::new(),
        href: String::new(),
        start: span.start,
        end: span.end,
        all_day: row.all_day,
        tone: Tone::Neutral,
        person,
        icon: "lock",
        over: false,
        mover: String::new(),
        note: String::new(),
    }
}

/// The reader, his colleagues and the resources, with what is switched on; nothing asked for: his own.
async fn lanes(company: &Company, actor: &Actor, users: &[Uuid], teams: &[Uuid], resources: &[Uuid]) -> Outcome<Vec<Lane>> {
    let registry = company.registry();
    let list = |object: &str, filter: &str| -> Outcome<Query> {
        let query = Query { count: engine::Count::None, fields: vec!["name".into()], ..Query::new(object) };
        Ok(query.filter(kernel::Expr::parse(filter)?).limit(OFFERED))
    };
    let lang = actor.lang();
    let name = |r: &kernel::Record| r.get("name").name().map(|n| n.get(lang).to_owned()).unwrap_or_default();
    let may = |object: &str| registry.find(object).is_some_and(|o| actor.may(o, &Verb::Read));
    let mut on: BTreeSet<Uuid> = users.iter().copied().collect();
    let mut all = Vec::new();
    let mut put = |param: &str, id: Uuid, name: String, on: bool| {
        let hue = HUES.get(all.len() % HUES.len()).copied().unwrap_or("teal");
        all.push(Lane { param: param.into(), id, name, on, hue });
    };
    for team in teams {
        // The members of a team one may not read are not told by it.
        if company.get(actor, "team", *team).await.is_ok() {
            on.extend(dav::members(company, *team).await?);
        }
    }
    if on.is_empty() && teams.is_empty() && resources.is_empty() {
        on.insert(actor.id);
    }
    put("user", actor.id, actor.name.get(lang).to_owned(), on.contains(&actor.id) && resources.is_empty());
    if may("user") {
        for r in company.list(actor, &list("user", "active == true")?).await?.records.iter().filter(|r| r.id != actor.id) {
            put("user", r.id, name(r), on.contains(&r.id) && resources.is_empty());
        }
    }
    if may("resource") {
        for r in &company.list(actor, &list("resource", "active == true")?).await?.records {
            put("resource", r.id, name(r), resources.contains(&r.id));
        }
    }
    if may("team") {
        for r in &company.list(actor, &list("team", "true")?).await?.records {
            put("team", r.id, name(r), teams.contains(&r.id));
        }
    }
    Ok(all)
}

/// Another time for an activity or one occurrence; says with whom it overlaps.
async fn moved_to(company: &Company, actor: &Actor, moved: Moved) -> Outcome<String> {
    let to = moved.clone();
    let saved = company
        .transact(actor, move |cx| {
            let to = to.clone();
            Box::pin(async move {
                let (company, actor) = (cx.company.clone(), cx.actor.clone());
                let record = company.get_in(&mut cx.tx, &actor, "activity", to.record).await?;
                if to.rev.is_some_and(|rev| rev != record.rev) {
                    return Err(Fault::conflict());
                }
                let draft = match to.occurrence {
                    Some(at) if !record.get("rule").is_null() => {
                        let at = series::occurrence(&record, Some(at))?;
                        // Whoever may not change the series may not change a part of it.
                        cx.save("activity", Draft::of(record.id)).await?;
                        series::own(cx, &record, at).await?
                    }
                    _ => Draft::of(record.id),
                };
                let length = repeat::length(record.get("at").datetime().unwrap_or(to.start), record.get("ends").datetime());
                let end = to.end.or_else(|| (length > SignedDuration::ZERO).then(|| to.start.saturating_add(length).unwrap_or(to.start)));
                let mut draft = draft.set("at", to.start);
                if !record.get("ends").is_null() || to.end.is_some() {
                    draft = draft.set("ends", end);
                }
                Ok(cx.save("activity", draft).await?.into_record())
            })
        })
        .await?;
    overlaps(company, actor, &saved).await
}

/// Who of those taking part has something else at that time; empty when nobody.
///
/// # Errors
/// The database.
pub async fn overlaps(company: &Company, actor: &Actor, record: &kernel::Record) -> Outcome<String> {
    let (Some(at), Some(end)) = (record.get("at").datetime(), record.get("ends").datetime()) else { return Ok(String::new()) };
    let colleagues = if let kernel::Value::Ids(ids) = record.get("colleagues") { ids.clone() } else { Vec::new() };
    let people: Vec<Uuid> = record.get("owner").id().into_iter().chain(colleagues).collect();
    let mut conn = company.db().read().await?;
    let rows = window::rows(&mut conn, company, &company.system(), at, end, &Whose::People(people.clone())).await?;
    let rows: Vec<Row> = rows.into_iter().filter(|r| r.id != record.id && Some(r.id) != record.get("series").id() && r.blocks()).collect();
    let exceptions = window::exceptions(&mut conn, &rows).await?;
    let spans = window::spans(&rows, &exceptions, at, end);
    let taken: BTreeSet<Uuid> =
        spans.iter().filter_map(|s| rows.get(s.row)).flat_map(|r| people.iter().copied().filter(|p| r.takes_part(*p))).collect();
    if taken.is_empty() {
        return Ok(String::new());
    }
    let titles = company.titles(&mut conn, actor, &[("user".to_owned(), taken)].into()).await?;
    let lang = actor.lang();
    let names: Vec<&str> = titles.values().map(|n| n.get(lang)).collect();
    let names = names.join(if lang == "ar" { "، " } else { ", " });
    Ok(text::i18n::t_for_plain(&actor.locale, "activity-overlaps", &[("names", names.into())]))
}
