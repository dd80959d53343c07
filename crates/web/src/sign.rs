//! Signing in and out, forgotten passwords.

use crate::address::address;
use crate::refusal::Reply;
use crate::sent::Sent;
use crate::visit::{Guest, Shown, Visit};
use auth::Secret;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use kernel::{Fault, FaultKind, Issue, Outcome};
use maud::{Markup, Render, html};
use ui::button::button;
use ui::cx::ViewCx;
use ui::mark::{Mood, flash};

/// One box of a form outside the frame.
pub struct Box_<'a> {
    pub name: &'a str,
    pub word: &'a str,
    pub kind: &'a str,
    pub value: &'a str,
    pub complete: &'a str,
}

/// A labelled box with what is wrong with it.
pub fn box_(b: &Box_<'_>, issues: &[Issue], cx: &ViewCx<'_>) -> Markup {
    let id = format!("f-{}", b.name);
    let issue = issues.iter().find(|i| i.field == b.name).map(|i| cx.issue(i));
    let dir = if matches!(b.kind, "email" | "password") { "ltr" } else { "auto" };
    html! {
        div class={ "field" @if issue.is_some() { " has-error" } } {
            label class="field-label" for=(id) { (cx.t(b.word)) }
            input class="input" id=(id) name=(b.name) type=(b.kind) value=(b.value) dir=(dir) autocomplete=(b.complete) required
                maxlength="254" aria-invalid=[issue.as_ref().map(|_| "true")] aria-describedby=[issue.as_ref().map(|_| format!("{id}-error"))];
            @if let Some(text) = issue { p class="field-error" id={ (id) "-error" } { (ui::icon::icon_sm("circle-alert")) span { (text) } } }
        }
    }
}

/// Issues that belong to no box, or the fault itself.
pub fn loose(fault: Option<&Fault>, boxes: &[&str], cx: &ViewCx<'_>) -> Markup {
    let Some(fault) = fault else { return html! {} };
    let rest: Vec<&kernel::Issue> = fault.issues.iter().filter(|i| !boxes.contains(&i.field.as_str())).collect();
    html! {
        @if fault.issues.is_empty() { (flash(Mood::Bad, &html! { (cx.t(fault.title_key())) })) }
        @else if !rest.is_empty() { (flash(Mood::Bad, &html! { @for issue in &rest { p { (cx.issue(issue)) @if let Some((href, offer)) = issue.offered() { " " a href=(href) { (cx.t(offer)) } } } } })) }
    }
}

pub fn with_status(mut response: Response, fault: &Fault) -> Response {
    *response.status_mut() = StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
    response
}

async fn sign_in_card(visit: &Visit, email: &str, next: &str, fault: Option<&Fault>) -> Outcome<Response> {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let issues = fault.map(|f| f.issues.as_slice()).unwrap_or_default();
    let only = visit.company.settings().sign_in.only_sso;
    let offered = auth::sso::offered(&visit.company).await?;
    let card = html! {
        h1 { (cx.t("web-sign-in")) }
        @if only && !offered.directory { (loose(fault, &[], &cx)) }
        @else {
            form class="stack" method="post" action="/sign-in" {
                (loose(fault, &["email", "password"], &cx))
                input type="hidden" name="next" value=(next);
                @if offered.directory { (box_(&Box_ { name: "email", word: "ldap-login", kind: "text", value: email, complete: "username" }, issues, &cx)) }
                @else { (box_(&Box_ { name: "email", word: "web-email", kind: "email", value: email, complete: "username" }, issues, &cx)) }
                (box_(&Box_ { name: "password", word: "web-password", kind: "password", value: "", complete: "current-password" }, issues, &cx))
                (button(cx.t("web-sign-in")).primary().block().submit())
                @if !only { a class="small" href="/forgot" { (cx.t("web-forgot")) } }
            }
            @if !only { (crate::second::passkey_button(next, "", &cx)) }
        }
        (crate::sso::buttons(&offered.buttons, next, only && !offered.directory, &cx))
    };
    Ok(visit.gate(&cx.t("web-sign-in"), false, &card))
}

/// `GET /sign-in`
pub async fn form(Guest(visit): Guest) -> Reply {
    if visit.who.signed_in {
        return Ok(visit.back(visit.param("next"), "/", ""));
    }
    if !visit.company.has_users().await? {
        return Ok(visit.go("/setup", ""));
    }
    Ok(sign_in_card(&visit, "", visit.param("next"), None).await?)
}

/// `POST /sign-in`
pub async fn sign_in(Guest(visit): Guest, sent: Sent) -> Reply {
    let email = sent.get("email").trim().to_owned();
    match auth::sign_in(&visit.company, &email, sent.get("password"), &visit.who.origin).await {
        Ok(entry) => crate::second::enter(&visit, entry, sent.get("next")).await,
        Err(fault) if matches!(fault.kind, FaultKind::Unauthenticated | FaultKind::Throttled | FaultKind::Invalid) => {
            Ok(with_status(sign_in_card(&visit, &email, sent.get("next"), Some(&fault)).await?, &fault))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// Hands the session to the browser.
pub fn keep_session(visit: &Visit, response: &mut Response, token: &Secret) {
    if let Ok(value) = HeaderValue::from_str(&auth::session::cookie(&visit.company, token, visit.site.options().secure_cookies)) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// `POST /-/sign-out`
pub async fn sign_out(Guest(visit): Guest) -> Reply {
    let mut there = None;
    if let Some((_, token)) = &visit.who.session {
        auth::sign_out(&visit.company, token).await?;
        there = crate::sso::elsewhere(&visit, token).await;
    }
    let mut response = match there {
        Some((label, url)) => crate::sso::leave_there(&visit, &label, &url),
        None => visit.go("/sign-in", ""),
    };
    if let Ok(value) = HeaderValue::from_str(&auth::session::no_cookie()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    // Pages kept for the back button go as well.
    response.headers_mut().insert(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\""));
    Ok(response)
}

/// `GET /forgot`
pub async fn forgot(Guest(visit): Guest) -> Reply {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let card = html! {
        h1 { (cx.t("web-forgot")) }
        p class="soft" { (cx.t("web-forgot-text")) }
        form class="stack" method="post" action="/forgot" {
            (box_(&Box_ { name: "email", word: "web-email", kind: "email", value: "", complete: "username" }, &[], &cx))
            (button(cx.t("web-forgot-send")).primary().block().submit())
            a class="small" href="/sign-in" { (cx.t("web-sign-in-back")) }
        }
    };
    Ok(visit.gate(&cx.t("web-forgot"), false, &card))
}

/// `POST /forgot`: the answer is the same whether the address is known or not.
pub async fn send_reset(Guest(visit): Guest, sent: Sent) -> Reply {
    match auth::reset::request(&visit.company, sent.get("email"), &visit.who.origin).await {
        Err(fault) if fault.kind == FaultKind::Invalid => return Ok(with_status(sign_in_card(&visit, "", "", Some(&fault)).await?, &fault)),
        other => other?,
    }
    let none = Shown::default();
    let cx = visit.cx(&none);
    let card = html! {
        h1 { (cx.t("web-forgot-sent")) }
        p class="soft" { (cx.t("web-forgot-sent-text")) }
        (button(cx.t("web-sign-in-back")).href("/sign-in").render())
    };
    Ok(visit.gate(&cx.t("web-forgot"), false, &card))
}

fn reset_card(visit: &Visit, token: &str, fault: Option<&Fault>) -> Response {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let issues = fault.map(|f| f.issues.as_slice()).unwrap_or_default();
    let card = html! {
        h1 { (cx.t("web-reset")) }
        form class="stack" method="post" action="/reset" {
            (loose(fault, &["password"], &cx))
            input type="hidden" name="token" value=(token);
            (box_(&Box_ { name: "password", word: "web-password-new", kind: "password", value: "", complete: "new-password" }, issues, &cx))
            (button(cx.t("web-reset-save")).primary().block().submit())
        }
    };
    visit.gate(&cx.t("web-reset"), false, &card)
}

/// `GET /reset?token=`
pub async fn reset_form(Guest(visit): Guest) -> Reply {
    let token = visit.param("token").to_owned();
    if !auth::reset::works(&visit.company, &Secret::new(&token)).await? {
        let fault = Fault::invalid("token", "auth-reset-spent");
        let none = Shown::default();
        let cx = visit.cx(&none);
        let card = html! {
            h1 { (cx.t("web-reset")) }
            (loose(Some(&fault), &[], &cx))
            (button(cx.t("web-forgot-send")).href("/forgot").render())
        };
        return Ok(with_status(visit.gate(&cx.t("web-reset"), false, &card), &fault));
    }
    Ok(reset_card(&visit, &token, None))
}

/// `POST /reset`
pub async fn reset(Guest(visit): Guest, sent: Sent) -> Reply {
    let token = sent.get("token").to_owned();
    match auth::reset::redeem(&visit.company, &Secret::new(&token), &Secret::new(sent.get("password"))).await {
        Ok(()) => Ok(visit.go(&address("/sign-in", &[]), "web-said-password-set")),
        Err(fault) if fault.kind == FaultKind::Invalid => Ok(with_status(reset_card(&visit, &token, Some(&fault)), &fault)),
        Err(fault) => Err(fault.into()),
    }
}
