//! The audit in the administration: who did what, who looked at what; is the chain sound.

use crate::admin::{guard, page};
use crate::refusal::Reply;
use crate::visit::{Shown, Visit};
use engine::audit::chain::Class;
use engine::audit::{Entry, Filter};
use kernel::Outcome;
use maud::{Markup, Render, html};
use serde_json::Value as Json;
use ui::button::button;
use ui::cx::ViewCx;
use ui::mark::{Mood, chip_line, flash};
use ui::record::{block, padded_block};
use ui::table::plain_table;
use uuid::Uuid;

/// Who it was, for whom, as whom.
pub fn person(e: &Entry, cx: &ViewCx<'_>) -> Markup {
    html! {
        bdi class="strong" { @match e.actor { Some(id) => { (cx.title_of(id)) } None => { (cx.t("web-system")) } } }
        @if let Some(id) = e.behalf { p class="muted small" { (cx.tf("audit-behalf", &[("name", cx.title_of(id).into())])) } }
        @if let Some(id) = e.seen_as { p class="muted small" { (cx.tf("audit-seen-as", &[("name", cx.title_of(id).into())])) } }
    }
}

pub fn verb_word(verb: &str, cx: &ViewCx<'_>) -> String {
    let key = format!("audit-verb-{}", verb.replace('_', "-"));
    if text::i18n::has(&key) { cx.t(&key) } else { verb.to_owned() }
}

fn asked(visit: &Visit) -> Filter {
    let some = |name: &str| Some(visit.param(name)).filter(|v| !v.is_empty()).map(str::to_owned);
    let day = |name: &str, plus: i64| {
        let day: jiff::civil::Date = visit.param(name).parse().ok()?;
        let day = day.checked_add(jiff::Span::new().days(plus)).ok()?;
        day.to_zoned(visit.ctx().zone).ok().map(|z| z.timestamp())
    };
    Filter {
        actor: visit.param("person").parse().ok(),
        object: some("object"),
        record: visit.param("record").parse::<Uuid>().ok(),
        verb: some("verb"),
        from: day("from", 0),
        until: day("until", 1),
        class: match visit.param("class") {
            "change" => Some(Class::Change),
            "read" => Some(Class::Read),
            _ => None,
        },
    }
}

const VERBS: [&str; 29] = [
    "created", "updated", "deleted", "restored", "purged", "opened", "listed", "exported", "shared", "unshared", "delegated", "delegation_ended",
    "view_as", "view_as_ended", "factor_added", "factor_removed", "factors_reset", "roles", "members", "settings", "sign_in", "sign_in_failed",
    "sso_provider", "sso_linked", "sso_unlinked", "sso_signed_out", "sso_gone", "sso_door", "forgotten",
];

/// `GET /admin/audit`
pub async fn show(visit: Visit) -> Reply {
    guard(&visit)?;
    let before = Some(visit.param("before")).filter(|b| !b.is_empty());
    let log = visit.company.audit_log(&visit.actor, &asked(&visit), before, 100).await?;
    let people = crate::access::named(&visit, "user").await?;
    let titles = Shown::of(&log.titles, visit.actor.lang());
    let cx = visit.cx(&titles);
    let rows: Vec<Vec<Markup>> = log.entries.iter().map(|e| line(&visit, e, &cx)).collect();
    let heads = [(cx.t("access-when"), false), (cx.t("access-person"), false), (cx.t("access-what"), false), (cx.t("audit-record"), false), (cx.t("audit-values"), false)];
    let older = log.next.as_deref().map(|next| cx.with_query("/admin/audit", &with(&visit, next)));
    let body = html! {
        (filters(&visit, &people, &cx))
        @if rows.is_empty() { (ui::mark::empty(ui::mark::Empty::Quiet, &cx.t("audit-none"), "", &html! {})) }
        @else { (block(&cx.t("audit-title"), None, &html! {}, &plain_table(&heads, &rows))) }
        @if let Some(href) = older { div class="cluster" { (button(cx.t("audit-older")).href(href).render()) } }
        (chain(&visit, &cx).await?)
    };
    Ok(page(&visit, "audit", &body, &cx))
}

/// The conditions of the page, going on before `next`.
fn with<'a>(visit: &'a Visit, next: &'a str) -> Vec<(&'a str, &'a str)> {
    let kept = visit.params.iter().filter(|(n, v)| n != "before" && n != "check" && !v.is_empty()).map(|(n, v)| (n.as_str(), v.as_str()));
    kept.chain([("before", next)].into_iter().filter(|(_, v)| !v.is_empty())).collect()
}

fn filters(visit: &Visit, people: &[(Uuid, String)], cx: &ViewCx<'_>) -> Markup {
    let now = |name: &str| visit.param(name).to_owned();
    let export = cx.with_query("/admin/audit/export", &with(visit, ""));
    let body = html! {
        form class="stack" method="get" action="/admin/audit" {
            div class="pair" {
                label class="pair-label" { span { (cx.t("access-person")) } select class="select" name="person" { option value="" { (cx.t("audit-anybody")) } @for (id, n) in people { option value=(id) selected[id.to_string() == now("person")] { (n) } } } }
                label class="pair-label" { span { (cx.t("web-admin-object")) } select class="select" name="object" { option value="" { (cx.t("all")) } @for o in visit.registry.objects() { option value=(o.key) selected[o.key == now("object")] { (cx.label(&o.plural)) } } } }
                label class="pair-label" { span { (cx.t("access-what")) } select class="select" name="verb" { option value="" { (cx.t("all")) } @for v in VERBS { option value=(v) selected[v == now("verb")] { (verb_word(v, cx)) } } } }
                label class="pair-label" { span { (cx.t("audit-class")) } select class="select" name="class" { option value="" { (cx.t("audit-class-both")) } option value="change" selected[now("class") == "change"] { (cx.t("audit-class-change")) } option value="read" selected[now("class") == "read"] { (cx.t("audit-class-read")) } } }
                label class="pair-label" { span { (cx.t("audit-from")) } input class="input" type="date" name="from" value=(now("from")) dir="ltr"; }
                label class="pair-label" { span { (cx.t("audit-until")) } input class="input" type="date" name="until" value=(now("until")) dir="ltr"; }
                @if !now("record").is_empty() { label class="pair-label" { span { (cx.t("audit-record")) } input class="input" name="record" value=(now("record")) dir="ltr"; } }
            }
            div class="cluster" {
                (button(cx.t("audit-show")).primary().submit().render())
                (button(cx.t("audit-export")).icon("download").href(export).render())
            }
        }
    };
    padded_block(&cx.t("audit-filter"), None, &html! {}, &body)
}

fn line(visit: &Visit, e: &Entry, cx: &ViewCx<'_>) -> Vec<Markup> {
    let object = visit.registry.find(&e.object);
    let word = object.map_or_else(|| e.object.clone(), |o| cx.label(&o.label).to_owned());
    let title = cx.title_of(e.record);
    vec![
        html! { span class="nowrap" title=(e.at.to_string()) { (cx.datetime(e.at)) } },
        person(e, cx),
        html! { (chip_line(&verb_word(&e.verb, cx))) @if !e.cause.is_empty() { p class="audit-cause" { bdi { (e.cause) } } } },
        html! {
            span class="muted small" { (word) } " "
            @if object.is_some() && !e.record.is_nil() && !title.is_empty() { a href={ "/" (e.object) "/" (e.record) } { bdi { (title) } } }
        },
        values(visit, e, cx),
    ]
}

/// What changed, or what was asked for, in the words of the fields.
fn values(visit: &Visit, e: &Entry, cx: &ViewCx<'_>) -> Markup {
    let Json::Object(map) = &e.values else { return html! {} };
    let object = visit.registry.find(&e.object);
    let name = |key: &str| match object.and_then(|o| o.get(key)) {
        Some(f) => cx.label(&f.label).to_owned(),
        None if text::i18n::has(&format!("audit-key-{key}")) => cx.t(&format!("audit-key-{key}")),
        None => key.to_owned(),
    };
    let shown = |v: &Json| -> String {
        let text = match v {
            Json::Null => "–".to_owned(),
            Json::String(s) => said(visit, s, cx),
            Json::Array(list) if list.is_empty() => "–".to_owned(),
            Json::Array(list) => list.iter().map(|v| v.as_str().map_or_else(|| v.to_string(), |s| said(visit, s, cx))).collect::<Vec<_>>().join(cx.locale.pick("، ", ", ")),
            other => other.to_string(),
        };
        text.chars().take(120).collect()
    };
    html! { ul class="audit-values" { @for (key, value) in map.iter().filter(|(_, v)| !v.is_null()).take(8) { li {
        span class="muted" { (name(key)) ": " }
        @match value {
            Json::Array(pair) if pair.len() == 2 => { bdi { (shown(pair.first().unwrap_or(&Json::Null))) } " " (cx.locale.pick("←", "→")) " " bdi { (shown(pair.last().unwrap_or(&Json::Null))) } }
            value => { bdi { (shown(value)) } }
        }
    } } } }
}

/// A record by its title, a role and a way to sign in by their names, anything else as it is.
fn said(visit: &Visit, text: &str, cx: &ViewCx<'_>) -> String {
    if let Some(title) = text.parse::<Uuid>().ok().map(|id| cx.title_of(id).to_owned()).filter(|t| !t.is_empty()) {
        return title;
    }
    if let Some(role) = visit.registry.role(text) {
        return cx.label(&role.label).to_owned();
    }
    // Why a sign-in failed is kept as the key of what was said then.
    let words = [format!("audit-means-{text}"), format!("audit-why-{text}")];
    words.iter().find(|key| text::i18n::has(key)).map_or_else(|| text.to_owned(), |key| cx.t(key))
}

/// The head of the chain, and the check of the whole when it is asked for.
async fn chain(visit: &Visit, cx: &ViewCx<'_>) -> Outcome<Markup> {
    let head = visit.company.audit_head().await?;
    let checked = if visit.param("check") == "1" {
        let anchors = visit.company.audit_anchors().await?;
        Some(visit.company.verify_audit(&anchors).await?)
    } else {
        None
    };
    Ok(padded_block(&cx.t("audit-chain"), None, &html! {}, &html! { div class="stack" {
        p class="soft small" { (cx.t("audit-chain-text")) }
        @if let Some(head) = &head { p class="small" { (cx.tf("audit-head", &[("seq", head.seq.into())])) " " code class="ltr wrap" { (head.hash) } } }
        @if let Some(report) = &checked {
            @if report.findings.is_empty() { (flash(Mood::Good, &html! { (cx.tf("audit-sound", &[("count", report.sealed.into())])) })) }
            @else {
                (flash(Mood::Bad, &html! { strong { (cx.tf("audit-unsound", &[("count", (report.findings.len() as i64).into())])) } }))
                ul class="plain" { @for f in report.findings.iter().take(100) { li {
                    strong { (cx.t(&format!("audit-found-{}", f.what.key()))) } " "
                    @if let Some(seq) = f.seq { span class="muted" { "#" (cx.num(seq)) } } " "
                    @if let Some(at) = f.at { span class="muted small" { (cx.datetime(at)) } } " " code class="ltr small" { (f.about) }
                } } }
            }
        }
        div { (button(cx.t("audit-check")).icon("shield").href("/admin/audit?check=1").render()) }
    } }))
}

/// `GET /admin/audit/export`: the lines that the conditions leave, as CSV; at most 100,000.
pub async fn export(visit: Visit) -> Reply {
    guard(&visit)?;
    let filter = asked(&visit);
    let mut out = String::from("at,actor,on_behalf_of,viewed_as,verb,object,record,changes,cause,request\r\n");
    let (mut before, mut count) = (None, 0);
    loop {
        let page = visit.company.audit_log(&visit.actor, &filter, before.as_deref(), 1_000).await?;
        let name = |id: Option<Uuid>| id.map(|id| page.titles.get(&id).map_or_else(|| id.to_string(), |n| n.get(visit.actor.lang()).to_owned())).unwrap_or_default();
        for e in &page.entries {
            let values = if e.values.is_null() { String::new() } else { e.values.to_string() };
            let record = if e.record.is_nil() { String::new() } else { e.record.to_string() };
            let cells = [e.at.to_string(), name(e.actor), name(e.behalf), name(e.seen_as), e.verb.clone(), e.object.clone(), record, values, e.cause.clone(), e.request.clone()];
            out.push_str(&cells.map(|c| quoted(&c)).join(","));
            out.push_str("\r\n");
        }
        count += page.entries.len();
        match page.next {
            Some(next) if count < 100_000 => before = Some(next),
            _ => break,
        }
    }
    let asked: serde_json::Map<String, Json> = visit.params.iter().map(|(k, v)| (k.clone(), Json::from(v.as_str()))).collect();
    visit.company.note_audit_export(&visit.actor, count as i64, Json::Object(asked)).await?;
    // A byte order mark: spreadsheets then read it as UTF-8.
    Ok(crate::export::attachment(format!("\u{feff}{out}").into_bytes(), "text/csv; charset=utf-8", "audit.csv")?)
}

/// A cell of CSV; what a spreadsheet would take for a formula is not left so.
fn quoted(cell: &str) -> String {
    let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

