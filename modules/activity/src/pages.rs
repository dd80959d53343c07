//! Pages of the module's own: the answer to an invitation, feeds, a free time for several people, the working week,
//! and the blocks on the page of an activity.

use crate::{answer, busy, dav, feed, holidays, invite, remind};
use base::view::view;
use engine::{Actor, Answer, Company, Form, Page, PageCx, Panel, Place, Query, settings::Week};
use futures::future::BoxFuture;
use kernel::jiff::{SignedDuration, Timestamp};
use kernel::uuid::Uuid;
use kernel::{Fault, FaultKind, Outcome, Record, Registry, Verb, label};
use maud::{Markup, Render, html};
use std::collections::BTreeMap;
use text::calendar::{DateStyle, format_datetime, weekday};
use ui::button::button;
use ui::cx::ViewCx;
use ui::mark::{Empty, empty};
use ui::record::padded_block;
use ui::shell::simple_page;

pub fn pages() -> Vec<Page> {
    vec![
        Page::new("activity", "reply", label("الرد على الدعوة", "Answer to an invitation"), "calendar", |p| Box::pin(reply(p))).at(Place::Public).post(|p, f| Box::pin(reply_sent(p, f))),
        Page::new("activity", "feed", label("تقويم", "Calendar"), "calendar", |p| Box::pin(feed::answer(p))).at(Place::Public),
        Page::new("activity", "sync", label("مزامنة الهاتف وروابط التقويم", "Phone sync and calendar feeds"), "refresh-cw", |p| Box::pin(sync(p, None)))
            .at(Place::Hidden)
            .may(may_feed)
            .post(|p, f| Box::pin(sync_sent(p, f))),
        Page::new("activity", "free", label("وقت يناسب الجميع", "A time for everybody"), "clock", |p| Box::pin(free(p))).at(Place::Hidden).may(may_plan),
        Page::new("activity", "week", label("أسبوعي", "My week"), "calendar-days", |p| Box::pin(week(p, false, None)))
            .at(Place::Hidden)
            .post(|p, f| Box::pin(week_sent(p, f, false))),
        Page::new("activity", "work", label("أسبوع العمل والعطل", "Working week and holidays"), "calendar-days", |p| Box::pin(week(p, true, None)))
            .at(Place::Admin)
            .post(|p, f| Box::pin(week_sent(p, f, true))),
    ]
}

pub fn panels() -> Vec<Panel> {
    vec![
        Panel { object: "activity", key: "regarding", label: label("بخصوص", "Regarding"), render: |p, id| regarding(p, id) },
        Panel { object: "activity", key: "occurrences", label: label("المواعيد القادمة", "Next occurrences"), render: |p, id| occurrences(p, id) },
    ]
}

fn may_feed(actor: &Actor, registry: &Registry) -> bool {
    registry.find("feed").is_some_and(|o| actor.may(o, &Verb::Create))
}
fn may_plan(actor: &Actor, registry: &Registry) -> bool {
    ["activity", "user"].iter().all(|o| registry.find(o).is_some_and(|o| actor.may(o, &Verb::Read)))
}

fn moment(at: Timestamp, cx: &ViewCx<'_>) -> String {
    format_datetime(at, cx.locale, DateStyle::Long)
}

// ---- the answer of somebody invited ----

async fn invitation(page: &PageCx, id: &str, signature: &str) -> Outcome<(Record, Record)> {
    let company = &page.company;
    let id: Uuid = id.parse().map_err(|_| Fault::not_found())?;
    if !invite::genuine(company, id, signature).await? {
        return Err(Fault::not_found());
    }
    let system = company.system();
    let attendee = company.get(&system, "attendee", id).await?;
    let activity = attendee.get("activity").id().ok_or_else(Fault::not_found)?;
    Ok((company.get(&system, "activity", activity).await?, attendee))
}

async fn reply(page: PageCx) -> Outcome<Answer> {
    let (i, s) = (page.param("i").to_owned(), page.param("s").to_owned());
    let (activity, attendee) = invitation(&page, &i, &s).await?;
    let titles = ui::Titles::new();
    let cx = view(&page, &titles);
    let text = |r: &Record, f: &str| r.get(f).text().unwrap_or_default().to_owned();
    let zone = text(&activity, "zone");
    let there = page.actor.locale.clone().with_tz(&zone);
    let when = activity.get("at").datetime().map(|at| format!("{} ({zone})", format_datetime(at, &there, DateStyle::Long)));
    let over = text(&activity, "status") == "cancelled";
    let state = text(&attendee, "state");
    let said = match state.as_str() {
        "accepted" => Some("activity-you-accepted"),
        "tentative" => Some("activity-you-maybe"),
        "declined" => Some("activity-you-declined"),
        _ => None,
    };
    let other = if cx.lang() == "ar" { ("en", "English") } else { ("ar", "العربية") };
    let body = html! {
        div class="stack" {
            h1 { bdi { (text(&activity, "subject")) } }
            @if let Some(when) = &when { p { (when) } }
            @if !text(&activity, "place").is_empty() { p class="soft" { bdi { (text(&activity, "place")) } } }
            @if text(&activity, "link").starts_with("http") { p { a href=(text(&activity, "link")) rel="noreferrer" dir="ltr" { (text(&activity, "link")) } } }
            @if over { (ui::mark::flash(ui::mark::Mood::Bad, &html! { (cx.t("activity-is-cancelled")) })) }
            @else {
                @if let Some(said) = said { (ui::mark::flash(ui::mark::Mood::Good, &html! { (cx.t(said)) })) }
                form class="stack" method="post" action="/p/activity/reply" {
                    input type="hidden" name="i" value=(i);
                    input type="hidden" name="s" value=(s);
                    label class="field" { span class="label" { (cx.t("activity-word")) } input class="input" name="comment" maxlength="500" dir="auto"; }
                    div class="cluster" {
                        button class="btn btn-primary" name="answer" value="accepted" { (cx.t("activity-accept")) }
                        button class="btn" name="answer" value="tentative" { (cx.t("activity-maybe")) }
                        button class="btn" name="answer" value="declined" { (cx.t("activity-decline")) }
                    }
                }
            }
            p class="small" { a href={ "/p/activity/reply?i=" (i) "&s=" (s) "&lang=" (other.0) } lang=(other.0) { (other.1) } }
        }
    };
    Ok(Answer::Html(body.into_string(), None))
}

async fn reply_sent(page: PageCx, form: Form) -> Outcome<Answer> {
    let (i, s) = (form.get("i").to_owned(), form.get("s").to_owned());
    let (activity, attendee) = invitation(&page, &i, &s).await?;
    let state = form.get("answer").to_owned();
    if !["accepted", "tentative", "declined"].contains(&state.as_str()) || activity.get("status").text() == Some("cancelled") {
        return Err(Fault::new(FaultKind::BadRequest));
    }
    let word = Some(form.get("comment").trim()).filter(|w| !w.is_empty()).map(|w| w.chars().take(500).collect());
    let mut cx = page.company.write(&page.company.system()).await?;
    answer::answer(&mut cx, attendee.id, &state, word).await?;
    cx.commit().await?;
    let lang = page.actor.lang();
    Ok(Answer::Go { to: format!("/p/activity/reply?i={i}&s={s}&lang={lang}"), said: "" })
}

// ---- phones and feeds ----

async fn sync(page: PageCx, made: Option<String>) -> Outcome<Answer> {
    let titles = ui::Titles::new();
    let cx = view(&page, &titles);
    let feeds = page.company.list(&page.actor, &Query::new("feed").limit(100)).await?;
    let base = page.company.settings().url.clone();
    let address = |secret: &str| format!("{base}/p/activity/feed?k={secret}");
    let (company, actor) = (&page.company, &page.actor);
    let teams = (dav::source().collections)(company, actor).await?;
    let teams: Vec<_> = teams.iter().filter_map(|c| Some((c.key.strip_prefix("team-")?.to_owned(), c.name.get(cx.lang()).to_owned()))).collect();
    let phone = html! {
        p { (cx.t("activity-sync-how")) }
        dl class="summary" {
            div { dt { (cx.t("activity-sync-server")) } dd { code dir="ltr" { (if base.is_empty() { "/dav/".to_owned() } else { format!("{base}/dav/") }) } } }
            div { dt { (cx.t("activity-sync-user")) } dd { code dir="ltr" { (page.actor.email) } } }
            div { dt { (cx.t("activity-sync-password")) } dd { a href="/me?scope=dav#tokens" { (cx.t("activity-sync-token")) } } }
        }
    };
    let list = html! {
        @if let Some(secret) = &made { (ui::mark::flash(ui::mark::Mood::Good, &html! { p { (cx.t("activity-feed-once")) } code dir="ltr" style="overflow-wrap:anywhere" { (address(secret)) } })) }
        @if feeds.records.is_empty() { (empty(Empty::Quiet, &cx.t("activity-no-feeds"), &cx.t("activity-no-feeds-text"), &html! {})) }
        @else { ul class="stack plain-list" { @for f in &feeds.records { li class="cluster" {
            strong class="grow" { bdi { (f.get("name").text().unwrap_or_default()) } }
            span class="muted small" { @match f.get("used_at").datetime() { Some(t) => { (cx.tf("activity-feed-used", &[("when", cx.relative(t).into())])) } None => { (cx.t("activity-feed-unused")) } } }
            form method="post" action="/activity/sync" data-confirm=(cx.t("activity-feed-ask")) { input type="hidden" name="revoke" value=(f.id); (button(cx.t("activity-feed-revoke")).small().submit().render()) }
        } } } }
        form class="cluster" method="post" action="/activity/sync" {
            label class="pair-label" { span { (cx.t("activity-feed-name")) } input class="input" name="name" required maxlength="100" dir="auto"; }
            @if !teams.is_empty() { label class="pair-label" { span { (cx.t("activity-feed-of")) } select class="select" name="team" { option value="" { (cx.t("activity-feed-mine")) } @for (id, name) in &teams { option value=(id) { (name) } } } } }
            (button(cx.t("activity-feed-make")).primary().submit().render())
        }
    };
    let body = html! { div class="stack" { (padded_block(&cx.t("activity-sync-phone"), None, &html! {}, &phone)) (padded_block(&cx.t("activity-feeds"), None, &html! {}, &list)) } };
    Ok(Answer::Html(simple_page(&cx.t("activity-sync-title"), "", &html! {}, &body).into_string(), None))
}

async fn sync_sent(page: PageCx, form: Form) -> Outcome<Answer> {
    if let Ok(id) = form.get("revoke").parse::<Uuid>() {
        let mut cx = page.company.write(&page.actor).await?;
        cx.delete("feed", id, None).await?;
        cx.commit().await?;
        return Ok(Answer::Go { to: "/activity/sync".into(), said: "activity-feed-revoked" });
    }
    let name = form.get("name").trim();
    let name = if name.is_empty() { page.actor.name.get(page.actor.lang()) } else { name };
    let secret = feed::make(&page.company, &page.actor, name, form.get("team").parse().ok()).await?;
    sync(page.clone(), Some(secret)).await
}

// ---- a time at which all are free ----

async fn free(page: PageCx) -> Outcome<Answer> {
    let titles = ui::Titles::new();
    let cx = view(&page, &titles);
    let people: Vec<Uuid> = page.query.iter().filter(|(k, _)| k == "user").filter_map(|(_, v)| v.parse().ok()).collect();
    let minutes = page.param("minutes").parse::<i64>().unwrap_or(60).clamp(15, 8 * 60);
    let query = Query { count: engine::Count::None, fields: vec!["name".into()], ..Query::new("user") };
    let users = page.company.list(&page.actor, &query.filter(kernel::Expr::parse("active == true")?).limit(200)).await?.records;
    let lang = cx.lang();
    let name = |r: &Record| r.get("name").name().map(|n| n.get(lang).to_owned()).unwrap_or_default();
    let mut chosen: Vec<Uuid> = users.iter().map(|u| u.id).filter(|u| people.contains(u)).collect();
    if !chosen.contains(&page.actor.id) && people.is_empty() {
        chosen.push(page.actor.id);
    }
    let found = first_free(&page.company, &page.actor, &chosen, SignedDuration::from_mins(minutes), 12).await?;
    let link = |at: Timestamp| {
        let end = at.saturating_add(SignedDuration::from_mins(minutes)).unwrap_or(at);
        let others: Vec<String> = chosen.iter().filter(|u| **u != page.actor.id).map(ToString::to_string).collect();
        format!("/activity/new?kind=meeting&at={at}&ends={end}&colleagues={}", others.join(","))
    };
    let mut days: BTreeMap<kernel::jiff::civil::Date, Vec<Timestamp>> = BTreeMap::new();
    for t in found {
        days.entry(cx.civil(t)).or_default().push(t);
    }
    let body = html! {
        form class="stack" method="get" action="/activity/free" {
            fieldset class="check-list" { legend { (cx.t("activity-free-who")) } div class="cluster" { @for u in &users { label class="check" { input type="checkbox" name="user" value=(u.id) checked[chosen.contains(&u.id)]; span { bdi { (name(u)) } } } } } }
            label class="pair-label" { span { (cx.t("activity-free-length")) } select class="select" name="minutes" { @for m in [15, 30, 45, 60, 90, 120, 180] { option value=(m) selected[m == minutes] { (cx.tf("activity-minutes", &[("n", m.into())])) } } } }
            div { (button(cx.t("activity-free-find")).primary().submit().render()) }
        }
        @if days.is_empty() { (empty(Empty::Quiet, &cx.t("activity-free-none"), &cx.t("activity-free-none-text"), &html! {})) }
        @for (day, times) in &days {
            h2 { (cx.day_heading(*day)) }
            div class="cluster" { @for t in times { a class="btn" href=(link(*t)) { (cx.time(*t)) } } }
        }
    };
    Ok(Answer::Html(simple_page(&cx.t("activity-free-title"), "", &html! {}, &padded_block(&cx.t("activity-free-title"), None, &html! {}, &body)).into_string(), None))
}

/// The first times at which none of them is taken, within the working hours and not on days off.
///
/// # Errors
/// As [`busy::of_people`].
pub async fn first_free(company: &Company, actor: &Actor, people: &[Uuid], length: SignedDuration, most: usize) -> Outcome<Vec<Timestamp>> {
    let now = company.now();
    let to = now.saturating_add(SignedDuration::from_hours(24 * 62)).unwrap_or(now);
    let busy = busy::of_people(company, actor, people, now, to).await?;
    let all = busy::joined(busy.into_values().flatten().collect());
    let day = |t: Timestamp| t.to_zoned(text::calendar::time_zone(&actor.locale)).date();
    let closed = holidays::closed(company, actor, day(now), day(to)).await?;
    let settings = company.settings();
    let hours = busy::Hours { locale: &actor.locale, opens: settings.week.opens, closes: settings.week.closes, closed: &closed };
    Ok(busy::free(&all, now, length, &hours, most))
}

// ---- the working week ----

async fn week(page: PageCx, company: bool, given: Option<usize>) -> Outcome<Answer> {
    let titles = ui::Titles::new();
    let cx = view(&page, &titles);
    let settings = page.company.settings();
    let now = if company { settings.locale() } else { page.actor.locale.clone() };
    let clock = |m: i64| format!("{:02}:{:02}", m / 60, m % 60);
    let action = if company { "/activity/work" } else { "/activity/week" };
    let form = html! {
        form class="stack" method="post" action=(action) {
            fieldset class="check-list" { legend { (cx.t("activity-weekend")) } div class="cluster" { @for w in text::calendar::week(cx.locale) {
                label class="check" { input type="checkbox" name="off" value=(w.to_monday_zero_offset()) checked[now.is_weekend(w)]; span { (weekday(w, cx.locale.lang)) } }
            } } }
            label class="pair-label" { span { (cx.t("activity-first-day")) } select class="select" name="first" { @for w in text::calendar::week(cx.locale) { option value=(w.to_monday_zero_offset()) selected[i8::try_from(now.first_weekday) == Ok(w.to_monday_zero_offset())] { (weekday(w, cx.locale.lang)) } } } }
            @if company { div class="pair" {
                label class="pair-label" { span { (cx.t("activity-opens")) } input class="input" type="time" name="opens" value=(clock(settings.week.opens)) required; }
                label class="pair-label" { span { (cx.t("activity-closes")) } input class="input" type="time" name="closes" value=(clock(settings.week.closes)) required; }
            } }
            div { (button(cx.t("save")).primary().submit().render()) }
        }
    };
    let country = |c: &str| cx.countries(c).into_iter().find(|(code, _)| *code == c).map_or_else(|| c.to_owned(), |(_, n)| n.to_string());
    let year = cx.today().year();
    let body = html! {
        (padded_block(&cx.t(if company { "activity-work-week" } else { "activity-my-week" }), None, &html! {}, &form))
        @if company {
            (padded_block(&cx.t("activity-holidays"), None, &html! {}, &html! {
                @if let Some(n) = given { (ui::mark::flash(ui::mark::Mood::Good, &html! { (cx.tf("activity-holidays-given", &[("n", n.into())])) })) }
                p { (cx.t("activity-holidays-text")) " " a href="/holiday" { (cx.t("activity-holidays-list")) } }
                form class="cluster" method="post" action=(action) {
                    label class="pair-label" { span { (cx.t("ui-country")) } select class="select" name="country" { @for c in holidays::COUNTRIES { option value=(c) selected[c == settings.country] { (country(c)) } } } }
                    label class="pair-label" { span { (cx.t("activity-year")) } select class="select" name="year" { @for y in year..=year.saturating_add(3) { option value=(y) { (cx.digits(&y.to_string())) } } } }
                    (button(cx.t("activity-holidays-give")).submit().render())
                }
            }))
        }
    };
    Ok(Answer::Html(simple_page(&cx.t(if company { "activity-work-title" } else { "activity-my-week" }), "", &html! {}, &body).into_string(), None))
}

async fn week_sent(page: PageCx, form: Form, company: bool) -> Outcome<Answer> {
    if company && form.has("country") {
        let year = form.get("year").parse().map_err(|_| Fault::invalid("year", "value-required"))?;
        let n = holidays::give(&page.company, &page.actor, form.get("country"), year).await?;
        return week(page, true, Some(n)).await;
    }
    let clock = |name: &str| {
        let (h, m) = form.get(name).split_once(':')?;
        Some(h.parse::<i64>().ok()?.clamp(0, 23) * 60 + m.parse::<i64>().ok()?.clamp(0, 59))
    };
    let weekend: Vec<u8> = form.all("off").filter_map(|d| d.parse().ok()).filter(|d| *d < 7).collect();
    if weekend.len() > 6 {
        return Err(Fault::invalid("off", "activity-no-working-day"));
    }
    let week = Week { weekend: Some(weekend), first: form.get("first").parse().ok().filter(|d| *d < 7), ..Week::default() };
    if company {
        let (opens, closes) = (clock("opens").unwrap_or(480), clock("closes").unwrap_or(1020));
        if opens >= closes {
            return Err(Fault::invalid("closes", "activity-ends-before"));
        }
        let mut settings = engine::Settings::clone(&page.company.settings());
        settings.week = Week { opens, closes, ..week };
        page.company.save_settings(&page.actor, settings).await?;
        return Ok(Answer::Go { to: "/activity/work".into(), said: "web-said-saved" });
    }
    let mut prefs = page.company.prefs(page.actor.id).await?;
    prefs.week = Some(week);
    page.company.save_prefs(&page.actor, &prefs).await?;
    Ok(Answer::Go { to: "/activity/week".into(), said: "web-said-saved" })
}

// ---- blocks on an activity ----

fn regarding(page: PageCx, id: Uuid) -> BoxFuture<'static, Outcome<String>> {
    Box::pin(async move {
        let record = page.company.get(&page.actor, "activity", id).await?;
        let Some((object, id)) = record.get("regarding").text().and_then(crate::saving::about) else { return Ok(String::new()) };
        // What he may not see is not named either.
        let Ok(about) = page.company.get(&page.actor, &object, id).await else { return Ok(String::new()) };
        let registry = page.company.registry();
        let declared = registry.object(&object)?;
        let title = engine::load::title_of(declared, &about);
        let lang = page.actor.lang();
        let body = html! { p { (ui::icon::icon(&declared.icon)) " " (declared.label.get(lang)) " " a href={ "/" (object) "/" (id) } { bdi { (title.get(lang)) } } } };
        Ok(body.into_string())
    })
}

fn occurrences(page: PageCx, id: Uuid) -> BoxFuture<'static, Outcome<String>> {
    Box::pin(async move {
        let record = page.company.get(&page.actor, "activity", id).await?;
        if record.get("rule").is_null() {
            return Ok(String::new());
        }
        let titles = ui::Titles::new();
        let cx = view(&page, &titles);
        let asked = page.param("on").parse::<i64>().ok().and_then(|s| Timestamp::from_second(s).ok());
        let mut next = remind::occurrences(&page.company, &record, page.company.now(), 5).await?;
        if let Some(on) = asked.filter(|a| !next.contains(a)) {
            let there = remind::occurrences(&page.company, &record, on, 1).await?;
            if there.first() == Some(&on) {
                next.insert(0, on);
            }
        }
        if let Some(at) = asked.and_then(|a| next.iter().position(|t| *t == a)) {
            next.swap(0, at);
        }
        let may = page.company.may_on(&page.actor, &record, &Verb::Update).await?;
        let act = |key: &str, at: Timestamp, word: &str, icon: &str| -> Markup {
            html! { form method="post" action={ "/activity/" (record.id) "/do/" (key) "?rev=" (record.rev) } { input type="hidden" name="occurrence" value=(at); (button(cx.t(word)).icon(icon).small().submit().render()) } }
        };
        let body = html! {
            @if next.is_empty() { p class="muted" { (cx.t("activity-series-over")) } }
            ul class="stack plain-list" { @for at in &next { li class="cluster" {
                span class={ "grow" @if asked == Some(*at) { " strong" } } { (moment(*at, &cx)) }
                @if may {
                    (act("detach", *at, "activity-this-one", "pencil"))
                    (act("split", *at, "activity-this-and-after", "arrow-right"))
                    (act("skip", *at, "activity-skip", "circle-x"))
                }
            } } }
        };
        Ok(body.into_string())
    })
}
