//! The first run: company and administrator, on one page.

use crate::me::zones;
use crate::refusal::Reply;
use crate::sent::Sent;
use crate::sign::{Box_, box_, keep_session, loose, with_status};
use crate::visit::{Guest, Shown, Visit};
use auth::{Secret, Setup};
use axum::response::Response;
use kernel::{Fault, FaultKind, Name};
use maud::html;
use ui::button::button;

const BOXES: [&str; 10] = ["company.ar", "company", "company.latin", "country", "currency", "zone", "lang", "email", "name", "password"];

fn card(visit: &Visit, sent: &Sent, fault: Option<&Fault>) -> Response {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let issues = fault.map(|f| f.issues.as_slice()).unwrap_or_default();
    let or = |name: &str, usual: &str| if sent.has(name) { sent.get(name).to_owned() } else { usual.to_owned() };
    let country = or("country", &cx.locale.country);
    let currency = or("currency", &cx.locale.currency);
    let zone = or("zone", &cx.locale.tz);
    let lang = or("lang", cx.lang());
    let text = |name: &'static str, word: &'static str, lang: &'static str, needed: bool| {
        let issue = issues.iter().find(|i| i.field == name || (i.field == "company" && name == "company.ar") || (i.field == "name" && name == "name.ar")).map(|i| cx.issue(i));
        html! {
            div class={ "field" @if issue.is_some() { " has-error" } } {
                label class="field-label" for={ "f-" (name) } { (cx.t(word)) }
                input class="input" id={ "f-" (name) } name=(name) value=(sent.get(name)) lang=(lang) dir="auto" maxlength="200" required[needed];
                @if let Some(t) = issue { p class="field-error" { (ui::icon::icon_sm("circle-alert")) span { (t) } } }
            }
        }
    };
    let (own, other) = if cx.lang() == "ar" { ("ar", "latin") } else { ("latin", "ar") };
    let words = |part: &str| match part {
        "ar" => ("company.ar", "web-company-ar", "name.ar", "web-your-name-ar", "ar"),
        _ => ("company.latin", "web-company-latin", "name.latin", "web-your-name-latin", "en"),
    };
    let body = html! {
        h1 { (cx.t("web-setup")) }
        p class="soft" { (cx.t("web-setup-text")) }
        form class="stack" method="post" action="/setup" {
            (loose(fault, &BOXES, &cx))
            h2 { (cx.t("web-setup-company")) }
            div class="pair" {
                @for (i, part) in [own, other].into_iter().enumerate() { @let w = words(part); (text(w.0, w.1, w.4, i == 0)) }
            }
            div class="pair" {
                label class="pair-label" { span { (cx.t("ui-country")) }
                    select class="select" name="country" { @for (code, name) in cx.countries(&country) { option value=(code) selected[code == country] { (name) } } } }
                label class="pair-label" { span { (cx.t("ui-currency")) }
                    select class="select" name="currency" { @for (code, name) in cx.currencies(&currency) { option value=(code) selected[code == currency] { (name) " (" (code) ")" } } } }
                label class="pair-label" { span { (cx.t("web-zone")) }
                    select class="select" name="zone" { @for z in zones(&zone) { option value=(z) selected[z == zone] { (z) } } } }
                label class="pair-label" { span { (cx.t("ui-language")) }
                    select class="select" name="lang" { option value="ar" selected[lang == "ar"] { "العربية" } option value="en" selected[lang == "en"] { "English" } } }
            }
            h2 { (cx.t("web-setup-admin")) }
            div class="pair" {
                @for (i, part) in [own, other].into_iter().enumerate() { @let w = words(part); (text(w.2, w.3, w.4, i == 0)) }
            }
            (box_(&Box_ { name: "email", word: "web-email", kind: "email", value: sent.get("email"), complete: "username" }, issues, &cx))
            (box_(&Box_ { name: "password", word: "web-password", kind: "password", value: "", complete: "new-password" }, issues, &cx))
            p class="field-help" { (cx.t("web-password-hint")) }
            (button(cx.t("web-setup-start")).primary().block().submit())
        }
    };
    visit.gate(&cx.t("web-setup"), true, &body)
}

/// `GET /setup`
pub async fn form(Guest(visit): Guest) -> Reply {
    if visit.company.has_users().await? {
        return Ok(visit.go("/", ""));
    }
    Ok(card(&visit, &Sent::default(), None))
}

/// `POST /setup`
pub async fn run(Guest(visit): Guest, sent: Sent) -> Reply {
    let some = |name: &str| sent.get(name).trim().to_owned();
    let setup = Setup {
        company: Name::new(some("company.ar"), some("company.latin")),
        country: some("country"),
        currency: some("currency"),
        zone: some("zone"),
        lang: some("lang"),
        email: some("email"),
        name: Name::new(some("name.ar"), some("name.latin")),
        password: Some(sent.get("password")).filter(|p| !p.is_empty()).map(Secret::new),
    };
    match auth::setup::run(&visit.company, &setup, &visit.who.origin).await {
        Ok((token, _)) => {
            let mut response = visit.go("/", "web-said-welcome");
            keep_session(&visit, &mut response, &token);
            Ok(response)
        }
        Err(fault) if fault.kind == FaultKind::Invalid => Ok(with_status(card(&visit, &sent, Some(&fault)), &fault)),
        Err(fault) => Err(fault.into()),
    }
}
