//! Rights handed over for an absence (one's own, or by an administrator for others), and the question "may he, and why"
//! in the administration.

use crate::access::{end_of_day, named, people_select, verbs};
use crate::admin::{guard, page as admin_page};
use crate::refusal::{Reply, not_found};
use crate::sent::Sent;
use crate::sign::{loose, with_status};
use crate::visit::{Shown, Visit};
use axum::extract::Path;
use axum::response::Response;
use engine::access::{Delegation, NewDelegation};
use kernel::{Fault, FaultKind, Outcome, Tone, Verb};
use maud::{Markup, Render, html};
use ui::button::button;
use ui::cx::ViewCx;
use ui::mark::{chip, chip_line};
use ui::record::{block, padded_block};
use ui::table::plain_table;
use uuid::Uuid;

/// `GET /me/absence`, and for administrators `GET /admin/delegations`: everybody's.
pub async fn own(visit: Visit) -> Reply {
    Ok(show(&visit, false, None, &Sent::default()).await?)
}

pub async fn all(visit: Visit) -> Reply {
    guard(&visit)?;
    Ok(show(&visit, true, None, &Sent::default()).await?)
}

async fn show(visit: &Visit, everybody: bool, fault: Option<&Fault>, sent: &Sent) -> Outcome<Response> {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let people = named(visit, "user").await?;
    let list = visit.company.delegations(&visit.actor, (!everybody).then_some(visit.actor.id)).await?;
    let at = if everybody { "/admin/delegations" } else { "/me/absence" };
    let today = cx.today().to_string();
    let objects: Vec<_> = visit.registry.objects().filter(|o| o.can(kernel::Capability::Menu) && visit.actor.may(o, &Verb::Read)).collect();
    let form = html! { form class="stack" method="post" action=(at) {
        (loose(fault, &[], &cx))
        p class="soft small" { (cx.t("access-absence-text")) }
        div class="pair" {
            @if everybody { label class="pair-label" { span { (cx.t("access-absence-from-whom")) } (people_select("from", &people, sent.get("from"), &cx)) } }
            label class="pair-label" { span { (cx.t("access-absence-to")) } (people_select("to", &people.iter().filter(|(id, _)| everybody || *id != visit.actor.id).cloned().collect::<Vec<_>>(), sent.get("to"), &cx)) }
            label class="pair-label" { span { (cx.t("audit-from")) } input class="input" type="date" name="from_day" required value=(if sent.get("from_day").is_empty() { today.as_str() } else { sent.get("from_day") }) dir="ltr"; }
            label class="pair-label" { span { (cx.t("access-until-day")) } input class="input" type="date" name="until_day" required value=(sent.get("until_day")) dir="ltr"; }
            label class="pair-label" { span { (cx.t("access-absence-reason")) } input class="input" name="reason" required maxlength="500" value=(sent.get("reason")) dir="auto"; }
        }
        fieldset class="field" { legend class="field-label" { (cx.t("access-absence-objects")) " " span class="muted" { (cx.t("access-absence-objects-all")) } }
            div class="options" { @for o in &objects { label class="option" { input type="checkbox" name="objects" value=(o.key) checked[sent.all("objects").any(|k| k == o.key)]; span class="chip chip-dot" data-hue="teal" { (cx.label(&o.plural)) } } } }
        }
        div { (button(cx.t("access-absence-hand")).icon("user-plus").primary().submit().render()) }
    } };
    let rows: Vec<Vec<Markup>> = list.iter().map(|d| line(visit, d, &people, at, &cx)).collect();
    let heads = [(cx.t("access-absence-from-whom"), false), (cx.t("access-absence-to"), false), (cx.t("access-when"), false), (cx.t("access-absence-objects"), false), (cx.t("access-absence-reason"), false), (cx.t("ui-actions"), false)];
    let body = html! {
        (padded_block(&cx.t("access-absence-hand"), None, &html! {}, &form))
        @if rows.is_empty() { (padded_block(&cx.t("access-absence"), None, &html! {}, &html! { p class="muted" { (cx.t("access-absence-none")) } })) }
        @else { (block(&cx.t("access-absence"), Some(&cx.num(rows.len() as i64)), &html! {}, &plain_table(&heads, &rows))) }
    };
    if everybody {
        return Ok(admin_page(visit, "delegations", &body, &cx));
    }
    let title = cx.t("access-absence");
    let crumbs = ui::shell::crumbs(&cx, &[(cx.t("access-my-account"), "/me".into()), (title.clone(), String::new())]);
    Ok(visit.page(&title, &ui::shell::simple_page(&title, "", &html! {}, &html! { (crumbs) div class="stack admin" { (body) } })))
}

fn line(visit: &Visit, d: &Delegation, people: &[(Uuid, String)], at: &str, cx: &ViewCx<'_>) -> Vec<Markup> {
    let name = |id: Uuid| people.iter().find(|(i, _)| *i == id).map_or_else(|| cx.t("access-somebody"), |(_, n)| n.clone());
    let now = visit.company.now();
    let (word, tone) = if d.active(now) { ("access-absence-active", Tone::Good) } else if d.coming(now) { ("access-absence-coming", Tone::Info) } else { ("access-absence-over", Tone::Neutral) };
    vec![
        html! { bdi class="strong" { (name(d.from)) } },
        html! { bdi { (name(d.to)) } },
        html! { (chip(&cx.t(word), tone)) " " span class="small nowrap" { (cx.date(cx.civil(d.from_at))) " – " (cx.datetime(d.until_at)) } },
        html! { @if d.objects.is_empty() { span class="muted" { (cx.t("all")) } } @else { span class="chips" { @for o in &d.objects { (chip_line(visit.registry.find(o).map_or(o.as_str(), |o| cx.label(&o.plural)))) } } } },
        html! { bdi { (d.reason) } },
        html! { @if d.active(now) || d.coming(now) { form method="post" action={ (at) "/" (d.id) "/end" } { (button(cx.t("access-absence-end")).small().submit().render()) } } },
    ]
}

fn new(visit: &Visit, sent: &Sent, from: Uuid) -> Outcome<NewDelegation> {
    let to = sent.get("to").parse().map_err(|_| Fault::invalid("to", "value-required"))?;
    let wrong = || Fault::invalid("from_day", "value-not-date");
    let day: jiff::civil::Date = sent.get("from_day").trim().parse().map_err(|_| wrong())?;
    let from_at = day.to_zoned(visit.ctx().zone).map_err(|_| wrong())?.timestamp();
    let until_at = end_of_day(visit, sent.get("until_day"), "until")?.ok_or_else(|| Fault::invalid("until", "value-required"))?;
    let objects = sent.all("objects").map(str::to_owned).collect();
    Ok(NewDelegation { from, to, objects, from_at, until_at, reason: sent.get("reason").to_owned() })
}

async fn hand(visit: Visit, sent: Sent, everybody: bool) -> Reply {
    let from = if everybody { sent.get("from").parse().map_err(|_| Fault::invalid("from", "value-required")) } else { Ok(visit.actor.id) };
    let result = match from.and_then(|from| new(&visit, &sent, from)) {
        Ok(new) => visit.company.delegate(&visit.actor, &new).await.map(|_| ()),
        Err(fault) => Err(fault),
    };
    match result {
        Ok(()) => Ok(visit.go(if everybody { "/admin/delegations" } else { "/me/absence" }, "access-said-handed")),
        Err(fault) if fault.kind == FaultKind::Invalid => Ok(with_status(show(&visit, everybody, Some(&fault), &sent).await?, &fault)),
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /me/absence`
pub async fn hand_own(visit: Visit, sent: Sent) -> Reply {
    hand(visit, sent, false).await
}

/// `POST /admin/delegations`
pub async fn hand_any(visit: Visit, sent: Sent) -> Reply {
    guard(&visit)?;
    hand(visit, sent, true).await
}

/// `POST /me/absence/{id}/end`, `POST /admin/delegations/{id}/end`
pub async fn end(visit: Visit, Path(id): Path<String>) -> Reply {
    let id: Uuid = id.parse().map_err(|_| not_found())?;
    visit.company.end_delegation(&visit.actor, id).await?;
    let to = if visit.path.starts_with("/admin") { "/admin/delegations" } else { "/me/absence" };
    Ok(visit.go(to, "access-said-ended"))
}

/// `GET /admin/access`: pick a person, a record and a verb; the answer says why.
pub async fn explain(visit: Visit) -> Reply {
    guard(&visit)?;
    let none = Shown::default();
    let cx = visit.cx(&none);
    let people = named(&visit, "user").await?;
    let key = if visit.param("object").is_empty() { "party" } else { visit.param("object") };
    let object = visit.registry.find(key).or_else(|| visit.registry.objects().next()).ok_or_else(not_found)?.clone();
    let verb = if visit.param("verb").is_empty() { "read" } else { visit.param("verb") };
    // An id, or an address that ends in one.
    let typed = visit.param("record").trim();
    let record: Option<Uuid> = typed.rsplit('/').find_map(|part| part.split(['?', '#']).next().and_then(|p| p.parse().ok()));
    let unreadable = !typed.is_empty() && record.is_none();
    let told = match visit.param("user").parse::<Uuid>() {
        Ok(user) if !unreadable => match visit.company.explain(&visit.actor, user, &object.key, record, &Verb::of_key(verb)).await {
            Ok(told) => Some(told),
            Err(fault) if fault.kind == FaultKind::NotFound => None,
            Err(fault) => return Err(fault.into()),
        },
        _ => None,
    };
    let asked = !visit.param("user").is_empty();
    let body = padded_block(&cx.t("access-explain"), None, &html! {}, &html! { div class="stack" {
        p class="soft small" { (cx.t("access-explain-text")) }
        form class="pair" method="get" action="/admin/access" {
            label class="pair-label" { span { (cx.t("access-person")) } (people_select("user", &people, visit.param("user"), &cx)) }
            label class="pair-label" { span { (cx.t("web-admin-object")) } select class="select" name="object" { @for o in visit.registry.objects() { option value=(o.key) selected[o.key == object.key] { (cx.label(&o.plural)) } } } }
            label class="pair-label" { span { (cx.t("access-record")) " " span class="muted" { (cx.t("access-optional")) } } input class="input" name="record" value=(typed) dir="ltr" placeholder=(cx.t("access-record-hint")); }
            label class="pair-label" { span { (cx.t("access-what")) } select class="select" name="verb" { @for (k, w) in verbs(&visit, &object, &cx) { option value=(k) selected[k == verb] { (w) } } } }
            div class="pair-end" { (button(cx.t("access-ask")).primary().submit().render()) }
        }
        @match &told { Some(told) => { (crate::access::verdict(told, &cx)) } None if asked => { p class="muted" { (cx.t("access-cannot-tell")) } } None => {} }
    } });
    Ok(admin_page(&visit, "roles", &body, &cx))
}
