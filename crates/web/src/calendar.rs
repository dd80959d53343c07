//! The calendar of an object with a date: month, week, day and agenda in the reader's own calendar and week.
//!
//! What stands on it are the records by their date; a module that knows more of its object (recurrence, people, what is
//! private) fills the page itself ([`engine::calendar::Calendar`]).

use crate::address::address;
use crate::list::{Asked, layouts, named, title, tools};
use crate::refusal::Reply;
use crate::sent::Sent;
use crate::visit::{Shown, Visit};
use axum::extract::Path;
use axum::response::IntoResponse;
use engine::calendar::{Moved, Sheet, Window};
use engine::{Count, Draft, Query};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use kernel::kind::Tone;
use kernel::{Expr, Fault, Field, Kind, Outcome, Value, Verb};
use maud::{Markup, PreEscaped, Render, html};
use std::sync::Arc;
use ui::button::{Weight, button, icon_button};
use ui::cx::ViewCx;
use ui::month::{month, month_around, month_range};
use ui::planner::{Item, agenda, days};

/// Days of the agenda.
const AGENDA: i64 = 30;
/// Query parts of a calendar's own filters.
const LANES: [&str; 3] = ["user", "team", "resource"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    Day,
    Week,
    Month,
    Agenda,
}

impl Layout {
    const ALL: [(Layout, &str, &str); 4] =
        [(Layout::Day, "day", "ui-cal-day"), (Layout::Week, "week", "ui-cal-week"), (Layout::Month, "month", "ui-cal-month"), (Layout::Agenda, "agenda", "ui-cal-agenda")];

    fn of(word: &str) -> Layout {
        Layout::ALL.iter().find(|(_, w, _)| *w == word).map_or(Layout::Month, |(l, ..)| *l)
    }
    fn word(self) -> &'static str {
        Layout::ALL.iter().find(|(l, ..)| *l == self).map_or("month", |(_, w, _)| w)
    }

    /// The first and the last day shown.
    fn range(self, day: Date, cx: &ViewCx<'_>) -> (Date, Date) {
        match self {
            Layout::Day => (day, day),
            Layout::Week => {
                let lead = (i64::from(day.weekday().to_monday_zero_offset()) - i64::from(cx.locale.first_weekday)).rem_euclid(7);
                let first = day.saturating_sub(lead.days());
                (first, first.saturating_add(6.days()))
            }
            Layout::Month => month_range(day, cx),
            Layout::Agenda => (day, day.saturating_add(AGENDA.days())),
        }
    }

    /// The days the buttons lead to.
    fn beside(self, day: Date, cx: &ViewCx<'_>) -> (Date, Date) {
        match self {
            Layout::Month => {
                let (first, last) = month_around(day, cx);
                (first.saturating_sub(1.day()), last.saturating_add(1.day()))
            }
            other => {
                let n = match other {
                    Layout::Day => 1,
                    Layout::Week => 7,
                    _ => AGENDA,
                };
                (day.saturating_sub(n.days()), day.saturating_add(n.days()))
            }
        }
    }
}

/// `GET /{object}/calendar?show=week&day=YYYY-MM-DD`
pub async fn page(visit: Visit, Path(key): Path<String>) -> Reply {
    let object = visit.object(&key)?;
    let field = object.calendar.as_deref().and_then(|c| object.get(c)).filter(|f| visit.actor.sees(&key, &f.key)).cloned().ok_or_else(Fault::not_found)?;
    let asked = Asked::read(&visit, object.clone()).await?;
    if let Some(fault) = &asked.fault {
        return Err(fault.clone().into());
    }
    let lang = visit.actor.lang();
    let mut titles = Shown::default();
    titles.add(&named(&visit, &asked).await?, lang);
    let cx = visit.cx(&titles);
    let day: Date = visit.param("day").parse().unwrap_or_else(|_| cx.today());
    let layout = Layout::of(visit.param("show"));
    let (first, last) = layout.range(day, &cx);
    let zone = text::calendar::time_zone(cx.locale);
    let at = |d: Date| d.to_zoned(zone.clone()).map_or(Timestamp::UNIX_EPOCH, |z| z.timestamp());
    let window = Window { first, last, from: at(first), to: at(last.saturating_add(1.day())), query: visit.params.clone(), room: (layout == Layout::Month).then_some(ui::month::ROOM) };
    let own = visit.company.calendar(&key);
    let sheet = match own {
        Some(own) => (own.sheet)(&visit.company, &visit.actor, &window).await?,
        None => by_date(&visit, &asked, &field, &window, &cx).await?,
    };
    let lanes: Vec<(&str, &str)> = visit.params.iter().filter(|(k, _)| LANES.contains(&k.as_str())).map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let url = |layout: Layout, d: Date| {
        let day = d.to_string();
        let mut pairs = lanes.clone();
        pairs.extend([("show", layout.word()), ("day", day.as_str())]);
        asked.url_at("/calendar", &pairs)
    };
    let items: Vec<Item> = sheet.entries.iter().map(|e| item(e, &sheet, &cx)).collect();
    let named: Vec<(Date, String)> = sheet.named.iter().map(|n| (n.day, n.name.clone())).collect();
    let may_create = visit.actor.may(&object, &Verb::Create);
    let new = |d: Date| address(&format!("/{key}/new"), &[(&field.key, &new_at(&field, d, &visit))]);
    let open = |d: Date| url(Layout::Day, d);
    let opens = visit.company.settings().week.opens;
    let body = match layout {
        Layout::Month => month(day, &items, &named, &sheet.full, &open, &cx),
        Layout::Agenda => agenda(first, last, &items, &named, &cx),
        Layout::Day | Layout::Week => {
            let mut all = Vec::new();
            let mut d = first;
            while d <= last {
                all.push(d);
                d = d.saturating_add(1.day());
            }
            days(&all, &items, &named, &open, may_create.then_some(&new), opens, &cx)
        }
    };
    let actions = html! {
        (layouts(&asked, "calendar", &cx))
        @if may_create { (button(cx.tf("web-new", &[("object", cx.label(&object.label).into())])).icon("plus").primary().href(new(day.max(cx.today()))).attr("data-create", "").render()) }
    };
    let (before, after) = layout.beside(day, &cx);
    let bar = html! {
        div class="calendar-bar" {
            h2 aria-live="polite" { (heading(layout, day, first, last, &cx)) }
            span class="btn-group" {
                (icon_button("chevron-left", cx.t("ui-previous")).weight(Weight::Plain).small().href(url(layout, before)).render())
                (icon_button("chevron-right", cx.t("ui-next")).weight(Weight::Plain).small().href(url(layout, after)).render())
            }
            (button(cx.t("ui-today")).small().href(url(layout, cx.today())).render())
            span class="segment segment-links calendar-layouts" role="group" aria-label=(cx.t("ui-layout-calendar")) {
                @for (l, _, word) in Layout::ALL { a href=(url(l, day)) aria-current=[(l == layout).then_some("true")] { (cx.t(word)) } }
            }
        }
    };
    let main = html! { div id="list" class="page" {
        (ui::shell::page_head(cx.label(&object.plural), "", &actions))
        @if own.is_none() { (tools(&visit, &asked, &cx)) }
        div class="calendar" data-calendar=(key) data-zone=(cx.locale.tz) {
            (bar)
            @if sheet.cut { (ui::mark::flash(ui::mark::Mood::Warn, &html! { (cx.t("ui-cal-cut")) })) }
            div class="calendar-body" data-lanes[!sheet.people.is_empty()] {
                (lanes_of(&sheet, layout, day, &key, &cx))
                div class="calendar-sheet" { (body) }
            }
        }
        @if own.is_none() { (crate::views::save_dialog(&visit, &asked, &cx)) }
    } };
    Ok(visit.page_live(object.plural.get(lang), &key, &main))
}

/// The span in words, with the other calendar beside it.
fn heading(layout: Layout, day: Date, first: Date, last: Date, cx: &ViewCx<'_>) -> Markup {
    if layout == Layout::Day {
        return html! { (cx.day_heading(day)) small { (cx.date_other(day)) } };
    }
    let (a, z) = if layout == Layout::Month { month_around(day, cx) } else { (first, last) };
    let other = match cx.locale.calendar {
        text::Calendar::Gregorian => text::Calendar::Hijri,
        text::Calendar::Hijri => text::Calendar::Gregorian,
    };
    let other = cx.locale.clone().with_calendar(other);
    let name = |d: Date| text::calendar::format_month(d, &other);
    let (own_a, own_z) = (cx.month(a), cx.month(z));
    html! {
        @if own_a == own_z { (own_a) } @else { (own_a) " – " (own_z) }
        small { @if name(a) == name(z) { (name(a)) } @else { (name(a)) " – " (name(z)) } }
    }
}

/// What a new record's date is when it is made on a day.
fn new_at(field: &Field, day: Date, visit: &Visit) -> String {
    if *field.kind.stored() == Kind::Date {
        return day.to_string();
    }
    let opens = visit.company.settings().week.opens;
    format!("{day}T{:02}:{:02}", opens / 60, opens % 60)
}

fn item(e: &engine::calendar::Entry, sheet: &Sheet, cx: &ViewCx<'_>) -> Item {
    let of_person = e.person.and_then(|p| sheet.people.get(p)).map(|l| l.hue);
    Item {
        title: if e.title.is_empty() { cx.t("ui-busy") } else { e.title.clone() },
        href: e.href.clone(),
        start: e.start,
        end: e.end,
        all_day: e.all_day,
        hue: of_person.unwrap_or_else(|| ui::mark::hue(e.tone)),
        icon: e.icon,
        over: e.over,
        mover: e.mover.clone(),
        note: e.note.clone(),
    }
}

/// People, teams and resources to show or leave out.
fn lanes_of(sheet: &Sheet, layout: Layout, day: Date, key: &str, cx: &ViewCx<'_>) -> Markup {
    if sheet.people.is_empty() {
        return html! {};
    }
    let heads = [("user", "ui-cal-people"), ("team", "ui-cal-teams"), ("resource", "ui-cal-resources")];
    let chosen = sheet.people.iter().filter(|l| l.on).count();
    html! {
        details class="lanes" data-lanes-menu {
            summary { (ui::icon::icon_sm("users")) " " (cx.t("ui-cal-whose")) " " (ui::mark::count(&cx.num(i64::try_from(chosen).unwrap_or_default()))) }
            form method="get" action={ "/" (key) "/calendar" } {
                input type="hidden" name="show" value=(layout.word());
                input type="hidden" name="day" value=(day);
                @for (param, head) in heads {
                    @let of: Vec<_> = sheet.people.iter().filter(|l| l.param == param).collect();
                    @if !of.is_empty() {
                        fieldset { legend { (cx.t(head)) }
                            @for l in of { label class="lane" data-hue=(l.hue) { input type="checkbox" name=(param) value=(l.id) checked[l.on]; span class="lane-dot" aria-hidden="true" {} bdi { (l.name) } } }
                        }
                    }
                }
                (button(cx.t("ui-cal-show")).small().primary().submit().render())
            }
            (PreEscaped(&sheet.tools))
        }
    }
}

/// Records by their date.
async fn by_date(visit: &Visit, asked: &Asked, field: &Field, window: &Window, cx: &ViewCx<'_>) -> Outcome<Sheet> {
    let object = Arc::clone(&asked.object);
    let path = || Expr::path(&field.key);
    let within = path().cmp(kernel::expr::Op::Ge, Expr::lit(window.first)).and(path().cmp(kernel::expr::Op::Le, Expr::lit(window.last)));
    let query = asked.query().filter(within).sort(&field.key).limit(500);
    let tone_field = object.stage.as_deref().and_then(|s| object.get(s)).filter(|f| visit.actor.sees(&object.key, &f.key));
    let query = Query {
        count: Count::None,
        fields: [Some(&object.title), Some(&field.key), tone_field.map(|f| &f.key)].into_iter().flatten().cloned().collect(),
        ..query
    };
    let listing = visit.company.list(&visit.actor, &query).await?;
    let zone = text::calendar::time_zone(cx.locale);
    let moves = visit.actor.may(&object, &Verb::Update) && field.writable() && visit.actor.policy.writes(&object.key, &field.key);
    let entries = listing.records.iter().filter_map(|r| {
        let (start, all_day) = match (field.kind.stored(), r.get(&field.key)) {
            (_, Value::Date(d)) => (d.to_zoned(zone.clone()).ok()?.timestamp(), true),
            (Kind::DateTime, Value::DateTime(t)) => (*t, false),
            _ => return None,
        };
        let tone = tone_field.and_then(|f| f.kind.options().iter().find(|o| r.get(&f.key).text() == Some(&o.key))).map_or(Tone::Info, |o| o.tone);
        Some(engine::calendar::Entry {
            title: title(&object, r, cx.lang()),
            href: cx.record_url(&object.key, r.id),
            start,
            end: start,
            all_day,
            tone,
            person: None,
            icon: "calendar",
            over: false,
            mover: if moves { format!("id={}&rev={}", r.id, r.rev) } else { String::new() },
            note: String::new(),
        })
    });
    Ok(Sheet { entries: entries.collect(), cut: listing.next.is_some(), ..Sheet::default() })
}

/// `POST /{object}/calendar`: an entry was moved or made longer or shorter. Answers with what the person should know.
pub async fn moved(visit: Visit, Path(key): Path<String>, sent: Sent) -> Reply {
    let object = visit.object(&key)?;
    let field = object.calendar.as_deref().and_then(|c| object.get(c)).ok_or_else(Fault::not_found)?;
    let moment = |name: &str| sent.get(name).parse::<Timestamp>().ok();
    let record = sent.get("id").parse().map_err(|_| Fault::not_found())?;
    let start = moment("start").ok_or_else(|| Fault::invalid(&field.key, "value-required"))?;
    let moved = Moved { record, occurrence: moment("occurrence"), start, end: moment("end"), rev: sent.rev() };
    let said = match visit.company.calendar(&key) {
        Some(own) => (own.moved)(&visit.company, &visit.actor, moved).await?,
        None => {
            let value = if *field.kind.stored() == Kind::Date {
                Value::Date(start.to_zoned(text::calendar::time_zone(&visit.actor.locale)).date())
            } else {
                Value::DateTime(start)
            };
            let mut draft = Draft::of(record).set(&field.key, value);
            draft.rev = moved.rev;
            visit.save(&key, draft).await?;
            String::new()
        }
    };
    if !visit.scripted {
        return Ok(visit.go(&format!("/{key}/calendar"), "web-said-saved"));
    }
    Ok(said.into_response())
}
