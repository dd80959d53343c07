//! The second factor: asked for in the middle of a sign-in, enrolled and removed in one's own account.

use crate::address::local;
use crate::refusal::{Reply, not_found};
use crate::sent::Sent;
use crate::sign::{keep_session, loose, with_status};
use crate::visit::{Guest, Shown, Visit};
use auth::factor::{self, Factors, Kind, NewApp};
use auth::passkey::{self, Place};
use auth::{Entry, Secret};
use axum::extract::Path;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use engine::Actor;
use kernel::{Fault, FaultKind};
use maud::{Markup, PreEscaped, Render, html};
use serde_json::Value as Json;
use ui::button::button;
use ui::cx::ViewCx;

/// Where a right password (or another first factor) leads.
pub async fn enter(visit: &Visit, entry: Entry, next: &str) -> Reply {
    match entry {
        Entry::In(token, actor) => signed_in(visit, &token, &actor, next).await,
        Entry::Second(token, factors) => Ok(code_card(visit, &token, &factors, next, None)),
        Entry::Enrol(pending) => {
            let actor = factor::enrolling(&visit.company, &pending).await?;
            let app = factor::begin_app(&visit.company, &actor).await?;
            Ok(enrol_card(visit, &pending, &app, next, None))
        }
    }
}

/// The browser gets its session and goes on.
pub async fn signed_in(visit: &Visit, token: &Secret, actor: &Actor, next: &str) -> Reply {
    let prefs = visit.company.prefs(actor.id).await?;
    let mut response = visit.go(local(next).unwrap_or("/"), "");
    keep_session(visit, &mut response, token);
    crate::me::remember_density(visit, &mut response, &prefs.density);
    Ok(response)
}

fn host(headers: &HeaderMap) -> &str {
    headers.get(header::HOST).and_then(|v| v.to_str().ok()).unwrap_or_default()
}

fn code_box(fault: Option<&Fault>, recovery: bool, cx: &ViewCx<'_>) -> Markup {
    let issue = fault.and_then(|f| f.issues.iter().find(|i| i.field == "code")).map(|i| cx.issue(i));
    html! {
        div class={ "field" @if issue.is_some() { " has-error" } } {
            label class="field-label" for="f-code" { (cx.t("sign-code")) }
            input class="input code-box" id="f-code" name="code" dir="ltr" inputmode=(if recovery { "text" } else { "numeric" }) autocomplete="one-time-code" required maxlength="20" autofocus
                aria-invalid=[issue.as_ref().map(|_| "true")] aria-describedby=[issue.as_ref().map(|_| "f-code-error")];
            @if let Some(text) = issue { p class="field-error" id="f-code-error" { (ui::icon::icon_sm("circle-alert")) span { (text) } } }
        }
    }
}

fn code_card(visit: &Visit, token: &Secret, factors: &Factors, next: &str, fault: Option<&Fault>) -> Response {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let card = html! {
        h1 { (cx.t("sign-second")) }
        @if factors.has(Kind::App) || factors.list.is_empty() || factors.codes > 0 {
            p class="soft" { (cx.t(if factors.has(Kind::App) { "sign-second-app" } else { "sign-second-codes" })) }
            form class="stack" method="post" action="/sign-in/second" {
                (loose(fault, &["code"], &cx))
                input type="hidden" name="token" value=(token.reveal());
                input type="hidden" name="next" value=(next);
                input type="hidden" name="has" value=(methods(factors));
                (code_box(fault, true, &cx))
                (button(cx.t("web-sign-in")).primary().block().submit())
            }
        }
        div class="stack" {
            @if factors.has(Kind::Passkey) { (passkey_button(next, token.reveal(), &cx)) }
            (button(cx.t("web-sign-in-back")).ghost().block().href("/sign-in").render())
        }
    };
    let response = visit.gate(&cx.t("sign-second"), false, &card);
    match fault {
        Some(fault) => with_status(response, fault),
        None => response,
    }
}

/// Which methods the card offered, for showing it again: `app,passkey,codes`.
fn methods(factors: &Factors) -> String {
    let all = [(factors.has(Kind::App), "app"), (factors.has(Kind::Passkey), "passkey"), (factors.codes > 0, "codes")];
    all.iter().filter(|(has, _)| *has).map(|(_, m)| *m).collect::<Vec<_>>().join(",")
}

fn offered(methods: &str) -> Factors {
    let one = |kind| factor::Factor { id: uuid::Uuid::nil(), kind, name: String::new(), at: jiff::Timestamp::UNIX_EPOCH, last_used: None };
    let has = |m: &str| methods.split(',').any(|x| x == m);
    let list = [("app", Kind::App), ("passkey", Kind::Passkey)].into_iter().filter(|(m, _)| has(m)).map(|(_, k)| one(k)).collect();
    Factors { list, codes: i64::from(has("codes")) }
}

/// Starts the browser's own dialog; without scripts there is none, so the button comes with them.
/// `pending`: the step it answers; empty where it is the only one.
pub fn passkey_button(next: &str, pending: &str, cx: &ViewCx<'_>) -> Markup {
    html! {
        form class="stack" method="post" action="/sign-in/passkey" data-passkey="get" hidden {
            input type="hidden" name="next" value=(next);
            input type="hidden" name="pending" value=(pending);
            (button(cx.t("sign-with-passkey")).icon("key-round").block().submit())
            p class="field-error" data-passkey-error hidden { (cx.t("sign-passkey-failed")) }
        }
    }
}

/// `POST /sign-in/second`
pub async fn second(Guest(visit): Guest, sent: Sent) -> Reply {
    let token = Secret::new(sent.get("token"));
    match factor::sign_in_with_code(&visit.company, &token, sent.get("code"), &visit.who.origin).await {
        Ok((session, actor)) => signed_in(&visit, &session, &actor, sent.get("next")).await,
        Err(fault) if over(&fault) => Ok(start_again(&visit, &fault)),
        Err(fault) if matches!(fault.kind, FaultKind::Invalid | FaultKind::Throttled) => {
            Ok(code_card(&visit, &token, &offered(sent.get("has")), sent.get("next"), Some(&fault)))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// The step took too long or was answered before: back to the beginning.
fn over(fault: &Fault) -> bool {
    fault.issues.iter().any(|i| i.key == "auth-step-over")
}

pub fn start_again(visit: &Visit, fault: &Fault) -> Response {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let card = html! {
        h1 { (cx.t("web-sign-in")) }
        (loose(Some(fault), &[], &cx))
        (button(cx.t("web-sign-in-back")).primary().block().href("/sign-in").render())
    };
    with_status(visit.gate(&cx.t("web-sign-in"), false, &card), fault)
}

fn app_steps(app: &NewApp, cx: &ViewCx<'_>) -> Markup {
    html! {
        ol class="steps" {
            li { (cx.t("sign-app-step-1")) }
            li { (cx.t("sign-app-step-2"))
                div class="qr" { (PreEscaped(&app.qr)) }
                details { summary class="small" { (cx.t("sign-app-by-hand")) } code class="ltr token-once" data-copy { (app.seed.reveal()) } }
            }
            li { (cx.t("sign-app-step-3")) }
        }
    }
}

fn enrol_card(visit: &Visit, pending: &Secret, app: &NewApp, next: &str, fault: Option<&Fault>) -> Response {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let card = html! {
        h1 { (cx.t("sign-enrol")) }
        p class="soft" { (cx.t("sign-enrol-text")) }
        (app_steps(app, &cx))
        form class="stack" method="post" action="/sign-in/enrol" {
            (loose(fault, &["code"], &cx))
            input type="hidden" name="pending" value=(pending.reveal());
            input type="hidden" name="token" value=(app.token.reveal());
            input type="hidden" name="next" value=(next);
            (code_box(fault, false, &cx))
            (button(cx.t("sign-app-confirm")).primary().block().submit())
        }
    };
    let response = visit.gate(&cx.t("sign-enrol"), false, &card);
    match fault {
        Some(fault) => with_status(response, fault),
        None => response,
    }
}

/// `POST /sign-in/enrol`
pub async fn enrol(Guest(visit): Guest, sent: Sent) -> Reply {
    let (pending, token) = (Secret::new(sent.get("pending")), Secret::new(sent.get("token")));
    match factor::enrol_and_sign_in(&visit.company, &pending, &token, sent.get("code"), &visit.who.origin).await {
        Ok((session, actor, codes)) => {
            let none = Shown::default();
            let cx = visit.cx(&none);
            let next = local(sent.get("next")).unwrap_or("/");
            let card = html! {
                h1 { (cx.t("sign-codes")) }
                (codes_list(&codes, &cx))
                (button(cx.t("sign-codes-kept")).primary().block().href(next).render())
            };
            let mut response = visit.gate(&cx.t("sign-codes"), false, &card);
            let prefs = visit.company.prefs(actor.id).await?;
            keep_session(&visit, &mut response, &session);
            crate::me::remember_density(&visit, &mut response, &prefs.density);
            Ok(response)
        }
        Err(fault) if over(&fault) => Ok(start_again(&visit, &fault)),
        Err(fault) if matches!(fault.kind, FaultKind::Invalid | FaultKind::Throttled) => {
            let actor = factor::enrolling(&visit.company, &pending).await?;
            let app = factor::again(&visit.company, &actor, &token).await?;
            Ok(enrol_card(&visit, &pending, &app, sent.get("next"), Some(&fault)))
        }
        Err(fault) => Err(fault.into()),
    }
}

fn codes_list(codes: &[String], cx: &ViewCx<'_>) -> Markup {
    html! {
        p class="soft" { (cx.t("sign-codes-text")) }
        ul class="recovery ltr" data-copy { @for c in codes { li { code { (c) } } } }
    }
}

// --- Passkeys ---

fn json(value: &Json) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

/// `POST /sign-in/passkey/options`: `{"options": …, "token": …}` for the browser.
pub async fn passkey_options(Guest(visit): Guest, headers: HeaderMap) -> Reply {
    let place = Place::of(&visit.company, host(&headers)).ok_or_else(|| Fault::invalid("", "auth-passkey-no-place"))?;
    let (options, token) = passkey::ask(&visit.company, &place).await?;
    Ok(json(&serde_json::json!({ "options": options, "token": token.reveal() })))
}

/// `POST /sign-in/passkey`: the browser's answer.
pub async fn passkey_sign_in(Guest(visit): Guest, headers: HeaderMap, sent: Sent) -> Reply {
    let place = Place::of(&visit.company, host(&headers)).ok_or_else(|| Fault::invalid("", "auth-passkey-no-place"))?;
    let answer = serde_json::from_str(sent.get("answer")).map_err(|_| Fault::invalid("", "auth-passkey-refused"))?;
    let pending = Some(sent.get("pending")).filter(|p| !p.is_empty()).map(Secret::new);
    match passkey::sign_in(&visit.company, &place, &Secret::new(sent.get("token")), answer, pending.as_ref(), &visit.who.origin).await {
        Ok((session, actor)) => signed_in(&visit, &session, &actor, sent.get("next")).await,
        Err(fault) if matches!(fault.kind, FaultKind::Invalid | FaultKind::Throttled | FaultKind::Forbidden) => Ok(start_again(&visit, &fault)),
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /me/passkeys/options`
pub async fn new_passkey_options(visit: Visit, headers: HeaderMap) -> Reply {
    let place = Place::of(&visit.company, host(&headers)).ok_or_else(|| Fault::invalid("", "auth-passkey-no-place"))?;
    let (options, token) = passkey::begin(&visit.company, &visit.actor, &place).await?;
    Ok(json(&serde_json::json!({ "options": options, "token": token.reveal() })))
}

/// `POST /me/passkeys`
pub async fn new_passkey(visit: Visit, headers: HeaderMap, sent: Sent) -> Reply {
    let place = Place::of(&visit.company, host(&headers)).ok_or_else(|| Fault::invalid("", "auth-passkey-no-place"))?;
    let answer = serde_json::from_str(sent.get("answer")).map_err(|_| Fault::invalid("", "auth-passkey-refused"))?;
    let codes = passkey::finish(&visit.company, &visit.actor, &place, &Secret::new(sent.get("token")), sent.get("name"), answer).await?;
    if codes.is_empty() { Ok(visit.go("/me", "sign-said-passkey")) } else { Ok(codes_page(&visit, &codes)) }
}

// --- In one's own account ---

/// The block of the account page.
pub fn block(factors: &Factors, place: bool, fault: Option<&Fault>, cx: &ViewCx<'_>) -> Markup {
    html! {
        @if let Some(fault) = fault { (loose(Some(fault), &[], cx)) }
        p class="soft" { (cx.t("sign-factors-text")) }
        @if !factors.list.is_empty() {
            ul class="factors" { @for f in &factors.list {
                li {
                    (ui::icon::icon(if f.kind == Kind::App { "smartphone" } else { "key-round" }))
                    div class="grow" {
                        span class="strong" { @if f.name.is_empty() { (cx.t(if f.kind == Kind::App { "sign-app" } else { "sign-passkey" })) } @else { bdi { (f.name) } } }
                        p class="muted small" { (cx.tf("sign-since", &[("date", cx.date(cx.civil(f.at)).into())]))
                            @if let Some(at) = f.last_used { " · " (cx.tf("sign-used", &[("when", cx.relative(at).into())])) } }
                    }
                    (ask_password(&format!("remove-{}", f.id), "trash-2", &cx.t("sign-remove"), &cx.t("sign-remove-text"), &format!("/me/factors/{}/remove", f.id), cx))
                }
            } }
            p class="small" { (cx.tf("sign-codes-left", &[("count", factors.codes.into())])) " "
                (ask_password("new-codes", "rotate-ccw", &cx.t("sign-codes-new"), &cx.t("sign-codes-new-text"), "/me/codes", cx)) }
        }
        div class="cluster" {
            (button(cx.t("sign-app-add")).icon("smartphone").href("/me/app").render())
            @if place {
                form method="post" action="/me/passkeys" data-passkey="create" hidden {
                    input type="hidden" name="name" value="";
                    (button(cx.t("sign-passkey-add")).icon("key-round").submit())
                    p class="field-error" data-passkey-error hidden { (cx.t("sign-passkey-failed")) }
                }
            }
        }
        @if !place { p class="field-help" { (cx.t("sign-passkey-needs-name")) } }
    }
}

/// A button that asks for the password before it does something.
fn ask_password(id: &str, icon: &str, title: &str, text: &str, action: &str, cx: &ViewCx<'_>) -> Markup {
    let form = format!("{id}-form");
    let body = html! {
        p { (text) }
        form id=(form) class="stack" method="post" action=(action) {
            label class="pair-label" { span { (cx.t("web-password")) } input class="input" type="password" name="password" dir="ltr" autocomplete="current-password" required maxlength="200"; }
        }
    };
    let foot = html! {
        (button(cx.t("ui-cancel")).closes_dialog(id).render())
        (button(title).primary().submit().attr("form", &form).render())
    };
    html! { (button(title).small().icon(icon).opens_dialog(id).render()) (ui::overlay::dialog(cx, id, title, false, &body, &foot)) }
}

fn codes_page(visit: &Visit, codes: &[String]) -> Response {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let body = html! { div class="narrow stack" {
        (codes_list(codes, &cx))
        (button(cx.t("sign-codes-kept")).primary().href("/me").render())
    } };
    visit.page(&cx.t("sign-codes"), &ui::shell::simple_page(&cx.t("sign-codes"), "", &html! {}, &body))
}

fn app_page(visit: &Visit, app: &NewApp, sent: &Sent, fault: Option<&Fault>) -> Response {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let issues = fault.map(|f| f.issues.as_slice()).unwrap_or_default();
    let body = html! { div class="narrow stack" {
        (app_steps(app, &cx))
        form class="stack" method="post" action="/me/app" {
            (loose(fault, &["code", "name"], &cx))
            input type="hidden" name="token" value=(app.token.reveal());
            (code_box(fault, false, &cx))
            details { summary class="small" { (cx.t("sign-app-name")) }
                div class="field" { input class="input" name="name" value=(sent.get("name")) dir="auto" maxlength="60" aria-label=(cx.t("sign-app-name")) aria-invalid=[issues.iter().find(|i| i.field == "name").map(|_| "true")]; } }
            div class="form-foot" { (button(cx.t("sign-app-confirm")).primary().submit().render()) (button(cx.t("ui-cancel")).ghost().href("/me").render()) }
        }
    } };
    let response = visit.page(&cx.t("sign-app-add"), &ui::shell::simple_page(&cx.t("sign-app-add"), "", &html! {}, &body));
    match fault {
        Some(fault) => with_status(response, fault),
        None => response,
    }
}

/// `GET /me/app`
pub async fn app_form(visit: Visit) -> Reply {
    let app = factor::begin_app(&visit.company, &visit.actor).await?;
    Ok(app_page(&visit, &app, &Sent::default(), None))
}

/// `POST /me/app`
pub async fn app(visit: Visit, sent: Sent) -> Reply {
    let token = Secret::new(sent.get("token"));
    match factor::confirm_app(&visit.company, &visit.actor, &token, sent.get("name"), sent.get("code")).await {
        Ok(codes) if codes.is_empty() => Ok(visit.go("/me", "sign-said-app")),
        Ok(codes) => Ok(codes_page(&visit, &codes)),
        Err(fault) if over(&fault) => Ok(visit.go("/me/app", "")),
        Err(fault) if matches!(fault.kind, FaultKind::Invalid | FaultKind::Throttled) => {
            let app = factor::again(&visit.company, &visit.actor, &token).await?;
            Ok(app_page(&visit, &app, &sent, Some(&fault)))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /me/factors/{id}/remove`
pub async fn remove(visit: Visit, Path(id): Path<String>, sent: Sent) -> Reply {
    let id = id.parse().map_err(|_| not_found())?;
    match factor::remove(&visit.company, &visit.actor, id, &Secret::new(sent.get("password"))).await {
        Ok(()) => Ok(visit.go("/me", "web-said-deleted")),
        Err(fault) => crate::me::again(&visit, fault).await,
    }
}

/// `POST /me/codes`
pub async fn codes(visit: Visit, sent: Sent) -> Reply {
    match factor::new_codes(&visit.company, &visit.actor, &Secret::new(sent.get("password"))).await {
        Ok(codes) => Ok(codes_page(&visit, &codes)),
        Err(fault) => crate::me::again(&visit, fault).await,
    }
}

