//! Who sees a record and why: shares, everybody who sees it, whether somebody may do something, who looked at it. And
//! seeing the pages as a colleague sees them.

use crate::refusal::{Reply, not_found};
use crate::sent::Sent;
use crate::sign::{loose, with_status};
use crate::visit::{Shown, Visit};
use axum::extract::Path;
use axum::response::Response;
use engine::access::{Explained, Level, NewShare, Reason};
use engine::{Count, Query};
use kernel::{Fault, FaultKind, Object, Outcome, Record, Verb};
use maud::{Markup, Render, html};
use ui::button::button;
use ui::cx::ViewCx;
use ui::mark::chip_line;
use ui::record::{block, padded_block};
use ui::table::plain_table;
use uuid::Uuid;

/// Colleagues (or teams) the reader may see, by name.
pub async fn named(visit: &Visit, object: &str) -> Outcome<Vec<(Uuid, String)>> {
    let Some(declared) = visit.registry.find(object).filter(|o| visit.actor.may(o, &Verb::Read)) else { return Ok(Vec::new()) };
    let mut query = Query { count: Count::None, fields: vec![declared.title.clone()], ..Query::new(object).limit(500) };
    if object == "user" {
        query = query.filter(kernel::Expr::path("active").eq(kernel::Expr::lit(true)));
    }
    let list = visit.company.list(&visit.actor, &query).await?;
    Ok(list.records.iter().map(|r| (r.id, crate::list::title(declared, r, visit.actor.lang()))).collect())
}

/// A select of people, with an empty first choice.
pub fn people_select(name: &str, people: &[(Uuid, String)], chosen: &str, cx: &ViewCx<'_>) -> Markup {
    html! { select class="select" name=(name) required { option value="" { (cx.t("access-choose-person")) } @for (id, n) in people { option value=(id) selected[id.to_string() == chosen] { (n) } } } }
}

/// The end of a typed day in the reader's zone; none where nothing was typed.
pub fn end_of_day(visit: &Visit, typed: &str, field: &str) -> Outcome<Option<jiff::Timestamp>> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let wrong = || Fault::invalid(field, "value-not-date");
    let day: jiff::civil::Date = typed.trim().parse().map_err(|_| wrong())?;
    let zone = visit.ctx().zone;
    let end = day.tomorrow().and_then(|d| d.to_zoned(zone)).map_err(|_| wrong())?;
    Ok(Some(end.timestamp()))
}

/// Reasons as a list; what speaks for it has a tick.
pub fn reasons(list: &[Reason], cx: &ViewCx<'_>) -> Markup {
    html! { ul class="reasons" { @for r in list { li class=(if r.holds { "reason reason-for" } else { "reason reason-against" }) {
        span class="reason-mark" aria-label=(cx.t(if r.holds { "yes" } else { "no" })) role="img" { (ui::icon::icon_sm(if r.holds { "check" } else { "x" })) }
        div { bdi { (cx.label(&r.sentence)) } @if !r.under.is_empty() { (reasons(&r.under, cx)) } }
    } } } }
}

/// The answer to "may he": one sentence, and the reasons.
pub fn verdict(told: &Explained, cx: &ViewCx<'_>) -> Markup {
    let mood = if told.allowed { ui::mark::Mood::Good } else { ui::mark::Mood::Bad };
    html! { (ui::mark::flash(mood, &html! { strong { (cx.label(&told.sentence)) } })) (reasons(&told.reasons, cx)) }
}

/// The verbs one may ask about, in words.
pub fn verbs(visit: &Visit, object: &Object, cx: &ViewCx<'_>) -> Vec<(String, String)> {
    let common = [Verb::Read, Verb::Update, Verb::Comment, Verb::Delete, Verb::Export, Verb::Share];
    let named = common.iter().map(|v| (v.key().to_owned(), cx.t(&format!("access-do-{}", v.key()))));
    named.chain(visit.company.actions(&object.key).map(|a| (a.key.to_owned(), cx.label(&a.label).to_owned()))).collect()
}

/// `GET /{object}/{id}/access`
pub async fn page(visit: Visit, Path((key, id)): Path<(String, String)>) -> Reply {
    let (object, record) = found(&visit, &key, &id).await?;
    Ok(show(&visit, &object, &record, None, &Sent::default()).await?)
}

async fn found(visit: &Visit, key: &str, id: &str) -> Result<(std::sync::Arc<Object>, Record), crate::refusal::Refusal> {
    let object = visit.object(key)?;
    let id: Uuid = id.parse().map_err(|_| not_found())?;
    let record = visit.company.get(&visit.actor, key, id).await?;
    Ok((object, record))
}

async fn show(visit: &Visit, object: &Object, record: &Record, fault: Option<&Fault>, sent: &Sent) -> Outcome<Response> {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let may_share = visit.actor.viewer.is_none() && visit.company.may_on(&visit.actor, record, &Verb::Share).await?;
    let tells = may_share || visit.actor.must_administer().is_ok();
    let people = named(visit, "user").await?;
    let title = crate::list::title(object, record, visit.actor.lang());
    let here = format!("/{}/{}", object.key, record.id);
    let crumbs = ui::shell::crumbs(&cx, &[(cx.label(&object.plural).to_owned(), format!("/{}", object.key)), (title.clone(), here.clone()), (cx.t("access-title"), String::new())]);
    let body = html! {
        (shares(visit, object, record, may_share, &people, fault, sent, &cx).await?)
        (ask(visit, object, record, tells, &people, &cx).await?)
        @if tells { (seers(visit, object, record, &cx).await?) (looked(visit, object, record, &cx).await?) }
    };
    let inside = html! { (crumbs) div class="stack admin" { (body) } };
    Ok(visit.page(&title, &ui::shell::simple_page(&cx.tf("access-who-sees", &[("title", title.as_str().into())]), "", &html! {}, &inside)))
}

#[allow(clippy::too_many_arguments)]
async fn shares(visit: &Visit, object: &Object, record: &Record, may_share: bool, people: &[(Uuid, String)], fault: Option<&Fault>, sent: &Sent, cx: &ViewCx<'_>) -> Outcome<Markup> {
    let teams = if may_share { named(visit, "team").await? } else { Vec::new() };
    let list = visit.company.shares(&visit.actor, &object.key, record.id).await?;
    let at = format!("/{}/{}/shares", object.key, record.id);
    let name = |id: Uuid| people.iter().chain(&teams).find(|(i, _)| *i == id).map_or_else(|| cx.t("access-somebody"), |(_, n)| n.clone());
    let rows: Vec<Vec<Markup>> = list
        .iter()
        .map(|s| {
            vec![
                html! { span class="strong status" { (ui::icon(if s.team { "users" } else { "user" })) bdi { (name(s.with)) } } @if !s.note.is_empty() { p class="muted small" { bdi { (s.note) } } } },
                html! { (chip_line(&cx.t(&format!("access-level-{}", s.level.key())))) },
                html! { @match s.until { Some(u) => { (cx.datetime(u)) } None => { span class="muted" { (cx.t("access-no-end")) } } } },
                html! { @if let Some(by) = s.by { bdi { (name(by)) } } " " span class="muted small" { (cx.date(cx.civil(s.at))) } },
                html! { @if may_share { form method="post" action={ (at) "/" (s.id) "/revoke" } { (button(cx.t("access-revoke")).small().danger().submit().render()) } } },
            ]
        })
        .collect();
    let heads = [(cx.t("access-with"), false), (cx.t("access-level"), false), (cx.t("access-until"), false), (cx.t("access-by"), false), (cx.t("ui-actions"), false)];
    let chosen = sent.get("with");
    let form = html! { form class="stack" method="post" action=(at) {
        (loose(fault, &[], cx))
        div class="pair" {
            label class="pair-label" { span { (cx.t("access-with")) } select class="select" name="with" required {
                option value="" { (cx.t("access-choose-person")) }
                optgroup label=(cx.t("access-people")) { @for (id, n) in people.iter().filter(|(id, _)| *id != visit.actor.id) { option value=(id) selected[id.to_string() == chosen] { (n) } } }
                @if !teams.is_empty() { optgroup label=(cx.t("access-teams")) { @for (id, n) in &teams { option value=(id) selected[id.to_string() == chosen] { (n) } } } }
            } }
            label class="pair-label" { span { (cx.t("access-level")) } select class="select" name="level" { @for l in Level::ALL { option value=(l.key()) selected[sent.get("level") == l.key()] { (cx.t(&format!("access-level-{}", l.key()))) } } } }
            label class="pair-label" { span { (cx.t("access-until")) " " span class="muted" { (cx.t("access-optional")) } } input class="input" type="date" name="until" value=(sent.get("until")) dir="ltr"; }
            label class="pair-label" { span { (cx.t("access-note")) " " span class="muted" { (cx.t("access-optional")) } } input class="input" name="note" value=(sent.get("note")) maxlength="500" dir="auto"; }
        }
        div { (button(cx.t("access-share")).icon("user-plus").primary().submit().render()) }
    } };
    Ok(html! {
        @if rows.is_empty() { (padded_block(&cx.t("access-shares"), None, &html! {}, &html! { p class="muted" { (cx.t("access-shares-none")) } })) }
        @else { (block(&cx.t("access-shares"), Some(&cx.num(rows.len() as i64)), &html! {}, &plain_table(&heads, &rows))) }
        @if may_share { (padded_block(&cx.t("access-share-record"), None, &html! {}, &form)) }
    })
}

/// `POST /{object}/{id}/shares`
pub async fn share(visit: Visit, Path((key, id)): Path<(String, String)>, sent: Sent) -> Reply {
    let (object, record) = found(&visit, &key, &id).await?;
    let result = match new_share(&visit, &sent) {
        Ok(new) => visit.company.share(&visit.actor, &key, record.id, &new).await.map(|_| ()),
        Err(fault) => Err(fault),
    };
    match result {
        Ok(()) => Ok(visit.go(&format!("/{key}/{}/access", record.id), "access-said-shared")),
        Err(fault) if fault.kind == FaultKind::Invalid => Ok(with_status(show(&visit, &object, &record, Some(&fault), &sent).await?, &fault)),
        Err(fault) => Err(fault.into()),
    }
}

fn new_share(visit: &Visit, sent: &Sent) -> Outcome<NewShare> {
    let with = sent.get("with").parse().map_err(|_| Fault::invalid("with", "value-required"))?;
    let level = Level::parse(sent.get("level")).ok_or_else(|| Fault::invalid("level", "value-not-choice"))?;
    Ok(NewShare { with, level, until: end_of_day(visit, sent.get("until"), "until")?, note: sent.get("note").to_owned() })
}

/// `POST /{object}/{id}/shares/{share}/revoke`
pub async fn revoke(visit: Visit, Path((key, id, share)): Path<(String, String, String)>) -> Reply {
    let (_, record) = found(&visit, &key, &id).await?;
    let share: Uuid = share.parse().map_err(|_| not_found())?;
    visit.company.unshare(&visit.actor, &key, record.id, share).await?;
    Ok(visit.go(&format!("/{key}/{}/access", record.id), "access-said-revoked"))
}

async fn ask(visit: &Visit, object: &Object, record: &Record, tells: bool, people: &[(Uuid, String)], cx: &ViewCx<'_>) -> Outcome<Markup> {
    let user: Uuid = visit.param("user").parse().unwrap_or(visit.actor.id);
    let verb = if visit.param("verb").is_empty() { "read" } else { visit.param("verb") };
    let told = match visit.company.explain(&visit.actor, user, &object.key, Some(record.id), &Verb::of_key(verb)).await {
        Ok(told) => Some(told),
        Err(fault) if fault.kind == FaultKind::NotFound => None,
        Err(fault) => return Err(fault),
    };
    let body = html! {
        form class="pair" method="get" {
            @if tells { label class="pair-label" { span { (cx.t("access-person")) } (people_select("user", people, &user.to_string(), cx)) } }
            label class="pair-label" { span { (cx.t("access-what")) } select class="select" name="verb" { @for (k, w) in verbs(visit, object, cx) { option value=(k) selected[k == verb] { (w) } } } }
            div class="pair-end" { (button(cx.t("access-ask")).submit().render()) }
        }
        @match &told { Some(told) => { (verdict(told, cx)) } None => { p class="muted" { (cx.t("access-cannot-tell")) } } }
    };
    Ok(padded_block(&cx.t("access-why"), None, &html! {}, &html! { div class="stack" { (body) } }))
}

async fn seers(visit: &Visit, object: &Object, record: &Record, cx: &ViewCx<'_>) -> Outcome<Markup> {
    let list = visit.company.who_sees(&visit.actor, &object.key, record.id).await?;
    let rows: Vec<Vec<Markup>> = list
        .iter()
        .map(|s| {
            vec![
                html! { a class="strong" href={ "?user=" (s.user) } { bdi { (s.name.get(cx.lang())) } } },
                html! { (chip_line(&cx.t(if s.edits { "access-edits" } else { "access-reads" }))) },
                html! { bdi class="small why" { (cx.label(&s.why)) } },
            ]
        })
        .collect();
    let heads = [(cx.t("access-person"), false), (cx.t("access-level"), false), (cx.t("access-why-short"), false)];
    Ok(block(&cx.t("access-everybody"), Some(&cx.num(rows.len() as i64)), &html! {}, &plain_table(&heads, &rows)))
}

async fn looked(visit: &Visit, object: &Object, record: &Record, cx: &ViewCx<'_>) -> Outcome<Markup> {
    let log = visit.company.readers(&visit.actor, &object.key, record.id, 100).await?;
    let titles = Shown::of(&log.titles, cx.lang());
    let named = visit.cx(&titles);
    let rows: Vec<Vec<Markup>> = log
        .entries
        .iter()
        .map(|e| vec![html! { (crate::audit::person(e, &named)) }, html! { (named.datetime(e.at)) }, html! { (crate::audit::verb_word(&e.verb, &named)) }])
        .collect();
    if rows.is_empty() {
        return Ok(padded_block(&cx.t("access-looked"), None, &html! {}, &html! { p class="muted" { (cx.t("access-looked-none")) } }));
    }
    let heads = [(cx.t("access-person"), false), (cx.t("access-when"), false), (cx.t("access-what"), false)];
    Ok(block(&cx.t("access-looked"), Some(&cx.num(rows.len() as i64)), &html! {}, &plain_table(&heads, &rows)))
}

/// `POST /-/view-as`: begins to see the pages as a colleague sees them.
pub async fn view_as(visit: Visit, sent: Sent) -> Reply {
    let user: Uuid = sent.get("user").parse().map_err(|_| not_found())?;
    visit.company.view_as(&visit.actor, user).await?;
    let (session, _) = visit.who.session.as_ref().ok_or_else(not_found)?;
    auth::session::look_as(&visit.company, &visit.actor, *session, Some(user)).await?;
    Ok(visit.go("/", ""))
}

/// `POST /-/view-as/stop`
pub async fn stop(visit: Visit) -> Reply {
    let (Some((session, _)), Some(viewer)) = (visit.who.session.as_ref(), visit.actor.viewer.as_ref()) else { return Ok(visit.go("/", "")) };
    let own = visit.company.load_actor(viewer.id).await?.ok_or_else(not_found)?;
    auth::session::look_as(&visit.company, &own, *session, None).await?;
    Ok(visit.go("/admin/users", ""))
}

/// The bar over every page of a viewer, with the way out.
pub fn bar(visit: &Visit, cx: &ViewCx<'_>) -> Markup {
    let Some(_) = &visit.actor.viewer else { return html! {} };
    let name = visit.actor.name.get(visit.actor.lang());
    html! { div class="view-as" role="status" {
        span class="status" { (ui::icon("eye")) (cx.tf("access-viewing", &[("name", name.into())])) }
        form method="post" action="/-/view-as/stop" { (button(cx.t("access-view-stop")).small().submit().render()) }
    } }
}
