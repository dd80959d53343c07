//! `/p/sales/form?f=CODE`: the form for anybody, on a page of its own or inside a page of a site that may embed it.

use super::form::{Form, Question};
use super::guard::{self, Sent};
use super::submission::{self, Content, Kept};
use crate::view::view;
use engine::{Answer, PageCx};
use futures::future::BoxFuture;
use kernel::uuid::Uuid;
use kernel::{Fault, FaultKind, Issue, Kind, Outcome};
use maud::{Markup, Render, html};
use std::collections::BTreeMap;
use ui::cx::{Titles, ViewCx};

/// Kept of where somebody came from.
const CAME: [&str; 7] = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "referrer", "page"];
/// Most characters of each.
const CAME_MOST: usize = 300;
/// The field that nobody sees; named so that a program fills it in.
const TRAP: &str = "website_url";

/// What is shown beside the questions.
#[derive(Default)]
struct Shown<'a> {
    typed: Typed,
    issues: Vec<Issue>,
    /// A sentence above the form.
    said: &'a str,
    /// The token the page already has.
    token: Option<&'a str>,
}

/// What was typed, so that nothing is typed twice.
#[derive(Default)]
struct Typed {
    answers: BTreeMap<String, String>,
    consents: Vec<Uuid>,
    came: BTreeMap<String, String>,
}

pub fn render(page: PageCx) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let Some(form) = opened(&page).await? else { return Ok(gone(&page)) };
        if !page.param("done").is_empty() {
            return Ok(framed(&form, thanks(&page, &form), None));
        }
        let came = came(|name| page.param(name));
        show(&page, &form, Shown { typed: Typed { came, ..Typed::default() }, ..Shown::default() })
    })
}

async fn opened(page: &PageCx) -> Outcome<Option<Form>> {
    let mut conn = page.company.db().read().await?;
    Form::open(&page.company, &mut conn, page.param("f")).await
}

fn framed(form: &Form, html: Markup, fault: Option<Fault>) -> Answer {
    Answer::Framed { html: html.into_string(), sites: form.sites(), fault }
}

fn gone(page: &PageCx) -> Answer {
    let titles = Titles::new();
    let cx = view(page, &titles);
    let body = html! { div class="wf" { h1 { (cx.t("sales-form-gone")) } p class="soft" { (cx.t("sales-form-gone-text")) } } };
    Answer::Html(body.into_string(), Some(Fault::not_found()))
}

fn came<'a>(of: impl Fn(&'static str) -> &'a str) -> BTreeMap<String, String> {
    let short = |text: &str| text.chars().filter(|c| !c.is_control()).take(CAME_MOST).collect::<String>();
    CAME.iter().map(|name| ((*name).to_owned(), short(of(name).trim()))).filter(|(_, v)| !v.is_empty()).collect()
}

fn company_name(page: &PageCx) -> String {
    page.company.settings().name.get(page.actor.lang()).to_owned()
}

fn paragraphs(text: &str) -> Markup {
    html! { @for line in text.lines().filter(|l| !l.trim().is_empty()) { p dir="auto" { (line) } } }
}

fn thanks(page: &PageCx, form: &Form) -> Markup {
    let titles = Titles::new();
    let cx = view(page, &titles);
    let words = form.words("thanks", cx.lang());
    html! {
        div class="wf wf-done" {
            p class="wf-company" { bdi { (company_name(page)) } }
            span class="wf-tick" { (ui::icon::icon_lg("circle-check")) }
            h1 { (cx.t("sales-form-thanks")) }
            div class="soft" { @if words.is_empty() { p { (cx.t("sales-form-thanks-text")) } } @else { (paragraphs(words)) } }
            @if let Some(to) = form.record.get("goto").text() { (ui::button(cx.t("sales-form-go-on")).primary().large().href(to.to_owned()).attr("target", "_top").attr("rel", "noopener").render()) }
        }
    }
}

fn show(page: &PageCx, form: &Form, shown: Shown<'_>) -> Outcome<Answer> {
    let titles = Titles::new();
    let cx = view(page, &titles);
    let token = match shown.token {
        Some(token) => token.to_owned(),
        None => guard::issue(&page.company.key()?, form.record.id, page.company.now()),
    };
    let title = form.record.get("name").name().map(|n| n.get(cx.lang()).to_owned()).unwrap_or_default();
    let intro = form.words("intro", cx.lang());
    let action = cx.with_query("/p/sales/form", &[("f", form.code()), ("lang", cx.lang())]);
    let issue = |key: &str| shown.issues.iter().find(|i| i.field == key).map(|i| cx.issue(i));
    let general: Vec<String> = shown.issues.iter().filter(|i| i.field.is_empty()).map(|i| cx.issue(i)).collect();
    let body = html! {
        div class="wf" {
            p class="wf-company" { bdi { (company_name(page)) } }
            h1 dir="auto" { (title) }
            @if !intro.is_empty() { div class="soft wf-intro" { (paragraphs(intro)) } }
            @if !shown.said.is_empty() { div role="alert" { (ui::mark::flash(ui::mark::Mood::Warn, &html! { (cx.t(shown.said)) })) } }
            @for sentence in &general { div role="alert" { (ui::mark::flash(ui::mark::Mood::Bad, &html! { (sentence) })) } }
            form class="wf-form" method="post" action=(action) novalidate data-web-form {
                input type="hidden" name="_t" value=(token);
                input type="hidden" name="_w" value="" data-work=(guard::BITS);
                @for (name, value) in &shown.typed.came { input type="hidden" name=(name) value=(value); }
                @if !shown.typed.came.contains_key("referrer") { input type="hidden" name="referrer" value="" data-referrer; }
                div class="wf-trap" aria-hidden="true" {
                    label { "Website" input type="text" name=(TRAP) tabindex="-1" autocomplete="off" value=""; }
                }
                @for q in &form.questions { (control(&cx, q, shown.typed.answers.get(&q.field.key).map_or("", String::as_str), issue(&q.field.key).as_deref())) }
                @if !form.asks.is_empty() {
                    fieldset class="wf-asks" {
                        legend class="visually-hidden" { (cx.t("sales-form-consents")) }
                        @for ask in &form.asks {
                            @let name = format!("consent.{}", ask.id);
                            @let error = issue(&name);
                            label class="wf-ask" {
                                input type="checkbox" name=(name) value="1" checked[shown.typed.consents.contains(&ask.id)] required[ask.needed] aria-invalid=[error.as_ref().map(|_| "true")];
                                span dir="auto" { (ask.text.get(cx.lang())) @if ask.needed { span class="field-mark" aria-hidden="true" { "*" } } }
                            }
                            @if let Some(error) = error { p class="field-error" { (ui::icon::icon_sm("circle-alert")) span { (error) } } }
                        }
                    }
                }
                (ui::button(cx.t("sales-form-send")).primary().large().block().submit().render())
            }
            p class="wf-foot" { a href=(cx.with_query("/p/privacy/statement", &[("lang", cx.lang())])) target="_blank" rel="noopener" { (cx.t("sales-form-privacy")) } }
        }
    };
    let fault = if !shown.issues.is_empty() {
        Some(Fault { issues: shown.issues, ..Fault::new(FaultKind::Invalid) })
    } else if shown.said.is_empty() {
        None
    } else {
        Some(Fault::conflict())
    };
    Ok(framed(form, body, fault))
}

/// One question: what the browser knows of the person fills it in.
fn control(cx: &ViewCx<'_>, q: &Question, typed: &str, error: Option<&str>) -> Markup {
    let id = format!("f-{}", q.field.key);
    let (kind, fills) = match q.field.key.as_str() {
        "email" => ("email", "email"),
        "phone" => ("tel", "tel"),
        "company" => ("text", "organization"),
        "job_title" => ("text", "organization-title"),
        "city" => ("text", "address-level2"),
        "name" => ("text", "name"),
        _ => ("text", "off"),
    };
    let described = error.map(|_| format!("{id}-error"));
    let dir = if matches!(kind, "email" | "tel") { "ltr" } else { "auto" };
    html! {
        div class={ "field" @if error.is_some() { " has-error" } } {
            label class="field-label" for=(id) {
                (cx.label(&q.field.label))
                @if q.needed { span class="field-mark" aria-hidden="true" { "*" } span class="visually-hidden" { (cx.t("ui-required")) } }
            }
            @if matches!(q.field.kind, Kind::LongText) {
                textarea class="textarea" id=(id) name=(q.field.key) rows="4" dir="auto" required[q.needed] aria-invalid=[error.map(|_| "true")] aria-describedby=[described] { (typed) }
            } @else {
                input class="input" id=(id) name=(q.field.key) type=(kind) dir=(dir) autocomplete=(fills) value=(typed) required[q.needed] aria-invalid=[error.map(|_| "true")] aria-describedby=[described];
            }
            @if let Some(error) = error { p class="field-error" id={ (id) "-error" } { (ui::icon::icon_sm("circle-alert")) span { (error) } } }
        }
    }
}

/// Reads what was sent; what does not fit, with its field.
fn read(page: &PageCx, form: &Form, sent: &engine::Form) -> (Typed, Vec<Issue>) {
    let ctx = submission::ctx(&page.company, page.actor.lang());
    let mut issues = Vec::new();
    let mut typed = Typed { came: came(|name| sent.get(name)), ..Typed::default() };
    for q in &form.questions {
        let key = q.field.key.as_str();
        let whole = sent.get(key).trim();
        let long = whole.chars().count() > q.most;
        // What is shown again stays within bounds too.
        let kept: String = whole.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).take(q.most).collect();
        if long {
            issues.push(Issue::new(key, "sales-form-too-long").arg("most", q.most));
        } else if kept.is_empty() && q.needed {
            issues.push(Issue::new(key, "value-required"));
        } else if let Err(issue) = submission::value(&q.field, &kept, &ctx) {
            issues.push(issue);
        }
        if !kept.is_empty() {
            typed.answers.insert(key.to_owned(), kept);
        }
    }
    let asked = |key: &str| form.questions.iter().any(|q| q.field.key == key);
    let reach: Vec<&str> = ["email", "phone"].into_iter().filter(|k| asked(k)).collect();
    if let Some(first) = reach.first()
        && !reach.iter().any(|k| typed.answers.contains_key(*k))
        && !issues.iter().any(|i| reach.contains(&i.field.as_str()))
    {
        issues.push(Issue::new(*first, "sales-form-no-way"));
    }
    for ask in &form.asks {
        let name = format!("consent.{}", ask.id);
        if sent.get(&name) == "1" {
            typed.consents.push(ask.id);
        } else if ask.needed {
            issues.push(Issue::new(name, "sales-form-consent-needed"));
        }
    }
    (typed, issues)
}

pub fn post(page: PageCx, sent: engine::Form) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let Some(form) = opened(&page).await? else { return Ok(gone(&page)) };
        let (typed, issues) = read(&page, &form, &sent);
        let (key, now) = (page.company.key()?, page.company.now());
        let token = sent.get("_t");
        let Some(issued) = guard::issued(&key, form.record.id, now, token) else {
            return show(&page, &form, Shown { typed, issues, said: "sales-form-stale", token: None });
        };
        if !issues.is_empty() {
            return show(&page, &form, Shown { typed, issues, token: Some(token), ..Shown::default() });
        }
        let answers: Vec<(&str, &str)> = typed.answers.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let found = guard::weigh(Sent { token, trap: sent.get(TRAP), work: sent.get("_w") }, issued, now, &answers);
        let mark = guard::fingerprint(&key, form.record.id, &answers)?;
        let content = Content {
            answers: typed.answers.clone(),
            consents: typed.consents.clone(),
            lang: page.actor.lang().to_owned(),
            came: typed.came.clone(),
            ip: page.ip.clone(),
            agent: page.agent.clone(),
        };
        let kept = page
            .company
            .transact(&page.company.system(), |cx| {
                let (form, content, token, mark, found) = (form.clone(), content.clone(), token.to_owned(), mark.clone(), found.clone());
                Box::pin(async move {
                    cx.cause = format!("form {}", form.code());
                    submission::keep(cx, &form, &content, &token, &mark, &found).await
                })
            })
            .await?;
        match kept {
            Kept::Lead(_) | Kept::Held | Kept::Same => {
                let titles = Titles::new();
                let cx = view(&page, &titles);
                Ok(Answer::Go { to: cx.with_query("/p/sales/form", &[("f", form.code()), ("done", "1"), ("lang", cx.lang())]), said: "" })
            }
            Kept::Used => show(&page, &form, Shown { typed, said: "sales-form-used", ..Shown::default() }),
            Kept::TooMany => show(&page, &form, Shown { typed, said: "sales-form-too-many", token: Some(token), ..Shown::default() }),
        }
    })
}
