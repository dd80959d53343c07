//! Days with their hours, and the agenda: what stands on a calendar in more detail than a month has room for.

use crate::cx::ViewCx;
use crate::icon::icon_sm;
use crate::mark::{Empty, empty};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use maud::{Markup, html};
use text::Calendar;
use text::calendar::{time_zone, to_hijri, weekday};

/// Something on the calendar.
#[derive(Clone, Debug, Default)]
pub struct Item {
    /// What it is called; for what the reader may not know, the word for "busy".
    pub title: String,
    /// Empty: cannot be opened.
    pub href: String,
    pub start: Timestamp,
    pub end: Timestamp,
    pub all_day: bool,
    /// Colour name.
    pub hue: &'static str,
    pub icon: &'static str,
    /// Done or cancelled.
    pub over: bool,
    /// What is sent with a changed time; empty: cannot be moved.
    pub mover: String,
    pub note: String,
}

impl Item {
    /// The first and the last day it covers, where the reader is.
    pub fn days(&self, cx: &ViewCx<'_>) -> (Date, Date) {
        let first = cx.civil(self.start);
        // What ends at midnight does not reach into the day that begins then.
        let last = if self.end > self.start { cx.civil(self.end.saturating_sub(jiff::SignedDuration::from_micros(1)).unwrap_or(self.end)) } else { first };
        (first, last.max(first))
    }
    fn whole(&self, cx: &ViewCx<'_>) -> bool {
        self.all_day || self.days(cx).0 != self.days(cx).1
    }
}

/// A day with a name.
pub type Named = (Date, String);

fn names(day: Date, named: &[Named]) -> Vec<&str> {
    named.iter().filter(|(d, _)| *d == day).map(|(_, n)| n.as_str()).collect()
}

/// The day of the month in the other calendar.
fn other_day(day: Date, cx: &ViewCx<'_>) -> String {
    match cx.locale.calendar {
        Calendar::Gregorian => cx.num(to_hijri(day).day.into()),
        Calendar::Hijri => cx.num(day.day().into()),
    }
}
fn own_day(day: Date, cx: &ViewCx<'_>) -> String {
    match cx.locale.calendar {
        Calendar::Gregorian => cx.num(day.day().into()),
        Calendar::Hijri => cx.num(to_hijri(day).day.into()),
    }
}

/// One line of an entry: a link, or a box that says only when.
pub fn event(item: &Item, time: bool, cx: &ViewCx<'_>) -> Markup {
    let inside = html! {
        @if time && !item.all_day { time class="event-time" datetime=(item.start) { (cx.time(item.start)) } " " }
        bdi { (item.title) }
    };
    let over = item.over.then_some("");
    html! {
        @if item.href.is_empty() { span class="event event-busy" data-hue=(item.hue) { (inside) } }
        @else { a class="event" data-hue=(item.hue) data-over=[over] href=(item.href) data-mover=[(!item.mover.is_empty()).then_some(&item.mover)] data-start=(item.start) data-end=(item.end) { (inside) } }
    }
}

/// An entry among the hours of one day: which minutes, and which of how many columns beside each other.
struct Placed<'a> {
    item: &'a Item,
    from: i64,
    minutes: i64,
    lane: usize,
    lanes: usize,
}

/// Entries that overlap stand beside each other.
fn placed<'a>(items: &[&'a Item], day: Date, cx: &ViewCx<'_>) -> Vec<Placed<'a>> {
    let zone = time_zone(cx.locale);
    let minute = |t: Timestamp| {
        let z = t.to_zoned(zone.clone());
        if z.date() < day { 0 } else if z.date() > day { 24 * 60 } else { i64::from(z.hour()) * 60 + i64::from(z.minute()) }
    };
    let mut sorted: Vec<(i64, i64, &Item)> = items.iter().map(|i| (minute(i.start), minute(i.end), *i)).collect();
    sorted.sort_by_key(|(a, z, _)| (*a, -*z));
    let mut out: Vec<Placed<'a>> = Vec::new();
    let (mut group, mut until) = (0, -1);
    let mut ends: Vec<i64> = Vec::new();
    for (from, end, item) in sorted {
        // A short one keeps the height of its words.
        let end = end.max(from + 25);
        if from >= until {
            let lanes = ends.len();
            for p in out.iter_mut().skip(group) {
                p.lanes = lanes;
            }
            group = out.len();
            ends.clear();
            until = end;
        }
        until = until.max(end);
        let lane = ends.iter().position(|e| *e <= from).unwrap_or(ends.len());
        match ends.get_mut(lane) {
            Some(e) => *e = end,
            None => ends.push(end),
        }
        out.push(Placed { item, from, minutes: (end - from).min(24 * 60 - from), lane, lanes: 1 });
    }
    let lanes = ends.len();
    for p in out.iter_mut().skip(group) {
        p.lanes = lanes;
    }
    out
}

/// The days from `first` on with their hours. `new` is where an entry is made at a day and a minute of it.
pub fn days(days: &[Date], items: &[Item], named: &[Named], url: &dyn Fn(Date) -> String, new: Option<&dyn Fn(Date) -> String>, opens: i64, cx: &ViewCx<'_>) -> Markup {
    let today = cx.today();
    let zone = time_zone(cx.locale);
    let now = cx.now.to_zoned(zone.clone());
    let now_at = i64::from(now.hour()) * 60 + i64::from(now.minute());
    let on = |day: Date, whole: bool| -> Vec<&Item> {
        items.iter().filter(|i| { let (a, z) = i.days(cx); a <= day && day <= z && i.whole(cx) == whole }).collect()
    };
    let any_whole = days.iter().any(|d| !on(*d, true).is_empty());
    let hour = |h: i8| cx.time(jiff::civil::date(2026, 1, 1).at(h, 0, 0, 0).to_zoned(zone.clone()).map(|z| z.timestamp()).unwrap_or_default());
    html! {
        div class="planner" style={ "--days:" (days.len()) } data-days=(days.len()) data-opens=(opens) {
            div class="planner-head" {
                span {}
                @for d in days {
                    div class="planner-day" data-weekend[cx.locale.is_weekend(d.weekday())] aria-current=[(*d == today).then_some("date")] {
                        a href=(url(*d)) { span class="planner-weekday" { (weekday(d.weekday(), cx.locale.lang)) } " " time datetime=(d) { (own_day(*d, cx)) } }
                        small { (other_day(*d, cx)) }
                        @for n in names(*d, named) { span class="day-name" title=(n) { bdi { (n) } } }
                        @if let Some(new) = new { a class="planner-new" href=(new(*d)) aria-label={ (cx.t("ui-new-here")) " " (cx.date(*d)) } { (icon_sm("plus")) } }
                    }
                }
            }
            @if any_whole { div class="planner-whole" {
                span class="muted small" { (cx.t("ui-all-day")) }
                @for d in days { div { @for i in on(*d, true) { (event(i, false, cx)) } } }
            } }
            div class="planner-scroll" tabindex="0" role="group" aria-label=(cx.t("ui-hours")) {
                div class="planner-hours" {
                    div class="planner-scale" aria-hidden="true" { @for h in 1..24_i8 { span style={ "--at:" (i64::from(h) * 60) } { (hour(h)) } } }
                    @for d in days {
                        div class="planner-column" data-day=(d) data-new=[new.map(|n| n(*d))] data-weekend[cx.locale.is_weekend(d.weekday()) || !names(*d, named).is_empty()] {
                            @if *d == today { span class="planner-now" style={ "--at:" (now_at) } {} }
                            @for p in placed(&on(*d, false), *d, cx) {
                                div class="planner-event" style={ "--at:" (p.from) ";--for:" (p.minutes) ";--lane:" (p.lane) ";--lanes:" (p.lanes) } {
                                    @let item = p.item;
                                    @let inside = html! {
                                        bdi class="planner-title" { (item.title) }
                                        span class="event-time" { (cx.time(item.start)) @if item.end > item.start { " – " (cx.time(item.end)) } }
                                        @if !item.note.is_empty() { bdi class="event-note" { (item.note) } }
                                    };
                                    @if item.href.is_empty() { span class="event event-busy" data-hue=(item.hue) { (inside) } }
                                    @else { a class="event" data-hue=(item.hue) data-over=[item.over.then_some("")] href=(item.href) data-mover=[(!item.mover.is_empty()).then_some(&item.mover)] data-start=(item.start) data-end=(item.end) draggable="false" { (inside) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What comes, day by day.
pub fn agenda(first: Date, last: Date, items: &[Item], named: &[Named], cx: &ViewCx<'_>) -> Markup {
    let mut days: Vec<(Date, Vec<&Item>)> = Vec::new();
    let mut d = first;
    while d <= last {
        let on: Vec<&Item> = items.iter().filter(|i| { let (a, z) = i.days(cx); a <= d && d <= z }).collect();
        if !on.is_empty() || !names(d, named).is_empty() {
            days.push((d, on));
        }
        d = d.saturating_add(1.day());
    }
    html! {
        div class="agenda" {
            @if days.is_empty() { (empty(Empty::Quiet, &cx.t("ui-agenda-empty"), &cx.t("ui-agenda-empty-text"), &html! {})) }
            @for (day, on) in &days {
                section class="agenda-day" {
                    h3 { (cx.day_heading(*day)) small { (cx.date_other(*day)) } @for n in names(*day, named) { span class="chip chip-line" { bdi { (n) } } } }
                    ul { @for i in on {
                        li class="agenda-item" data-hue=(i.hue) data-over[i.over] {
                            span class="agenda-time" { @if i.whole(cx) { (cx.t("ui-all-day")) } @else { (cx.time(i.start)) @if i.end > i.start { " – " (cx.time(i.end)) } } }
                            span class="agenda-icon" { (icon_sm(i.icon)) }
                            span class="grow" {
                                @if i.href.is_empty() { bdi class="muted" { (i.title) } } @else { a href=(i.href) { bdi { (i.title) } } }
                                @if !i.note.is_empty() { " " bdi class="muted small" { (i.note) } }
                            }
                        }
                    } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cx::{Density, Theme, Titles};
    use text::Locale;

    #[test]
    fn overlapping_entries_stand_beside_each_other() {
        let titles = Titles::new();
        let locale = Locale::ar("SA");
        let cx = ViewCx { locale: &locale, theme: Theme::Auto, density: Density::Normal, path: "/", now: "2026-03-05T09:00:00Z".parse().unwrap(), titles: &titles };
        let item = |a: &str, z: &str| Item { start: a.parse().unwrap(), end: z.parse().unwrap(), ..Item::default() };
        let items = [
            item("2026-03-05T06:00:00Z", "2026-03-05T07:00:00Z"),
            item("2026-03-05T06:30:00Z", "2026-03-05T07:30:00Z"),
            item("2026-03-05T07:00:00Z", "2026-03-05T08:00:00Z"),
            item("2026-03-05T08:00:00Z", "2026-03-05T09:00:00Z"),
            // From the day before into this one.
            item("2026-03-04T20:00:00Z", "2026-03-04T22:00:00Z"),
        ];
        let refs: Vec<&Item> = items.iter().collect();
        let got: Vec<(i64, i64, usize, usize)> = placed(&refs, "2026-03-05".parse().unwrap(), &cx).iter().map(|p| (p.from, p.minutes, p.lane, p.lanes)).collect();
        assert_eq!(got, [(0, 60, 0, 1), (540, 60, 0, 2), (570, 60, 1, 2), (600, 60, 0, 2), (660, 60, 0, 1)]);
        let whole = item("2026-03-04T21:00:00Z", "2026-03-05T21:00:00Z");
        assert_eq!(whole.days(&cx), ("2026-03-05".parse().unwrap(), "2026-03-05".parse().unwrap()));
    }
}
