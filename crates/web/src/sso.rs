//! Single sign-on in the browser: buttons, the way to the provider and back, tying accounts, signing out there too.

use crate::address::address;
use crate::cookies;
use crate::refusal::Reply;
use crate::sent::Sent;
use crate::sign::{loose, with_status};
use crate::visit::{Guest, Shown, Visit};
use auth::Secret;
use auth::sso::link::{Identity, is_own_affair};
use auth::sso::{self, Answer, Done};
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::{Fault, FaultKind, Label};
use maud::{Markup, Render, html};
use ui::button::button;
use ui::cx::ViewCx;

/// Binds an answer of a provider to the browser that asked.
const COOKIE: &str = "sila_sso";

/// How we are called from outside, without a slash at the end.
fn home(visit: &Visit) -> String {
    let settings = visit.company.settings();
    if !settings.url.is_empty() {
        return settings.url.trim_end_matches('/').to_owned();
    }
    let scheme = if visit.site.options().secure_cookies { "https" } else { "http" };
    format!("{scheme}://{}", visit.host)
}

/// What is registered with a provider: where answers come, where people come back to who signed out there, and where it
/// says that somebody did.
pub fn registered(visit: &Visit, key: &str) -> [String; 3] {
    let home = home(visit);
    [format!("{home}/sign-in/with/{key}/back"), format!("{home}/sign-in"), format!("{home}/sign-in/with/{key}/signed-out")]
}

/// The buttons on the page of the sign-in. Links, not forms: our pages send forms to us alone.
pub fn buttons(offered: &[(String, Label)], next: &str, first: bool, cx: &ViewCx<'_>) -> Markup {
    html! {
        @if !offered.is_empty() {
            div class="stack sso" {
                @for (i, (key, label)) in offered.iter().enumerate() {
                    @let to = address(&format!("/sign-in/with/{key}"), &[("next", next)]);
                    @let text = cx.tf("sso-with", &[("name", cx.label(label).into())]);
                    @let b = button(text).icon("key-round").block().href(to);
                    (if first && i == 0 { b.primary() } else { b }.render())
                }
            }
        }
    }
}

/// A page that says why it did not work.
fn refusal(visit: &Visit, fault: &Fault) -> Response {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let card = html! {
        h1 { (cx.t("sso-not-in")) }
        (loose(Some(fault), &[], &cx))
        @if visit.who.signed_in { (button(cx.t("sso-back-to-account")).primary().block().href("/me").render()) }
        @else { (button(cx.t("web-sign-in-back")).primary().block().href("/sign-in").render()) }
    };
    with_status(visit.gate(&cx.t("sso-not-in"), false, &card), fault)
}

fn out(url: &str, cookie: HeaderValue, response: Response) -> Reply {
    let mut response = response;
    let to = HeaderValue::from_str(url).map_err(|_| Fault::internal("the provider's address is no header value"))?;
    if response.status() == StatusCode::SEE_OTHER {
        response.headers_mut().insert(header::LOCATION, to);
    } else {
        let refresh = HeaderValue::from_str(&format!("0; url={url}")).map_err(Fault::internal)?;
        response.headers_mut().insert(header::REFRESH, refresh);
    }
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// `GET /sign-in/with/{key}`
pub async fn go(Guest(visit): Guest, Path(key): Path<String>) -> Reply {
    if visit.who.signed_in {
        return Ok(visit.back(visit.param("next"), "/", ""));
    }
    let [redirect, ..] = registered(&visit, &key);
    match sso::begin(&visit.company, &key, &redirect, visit.param("next"), visit.lang().code(), None).await {
        Ok(begun) => out(&begun.url, cookies::set(&visit.site, COOKIE, begun.cookie.reveal(), 600), StatusCode::SEE_OTHER.into_response()),
        Err(fault) if fault.kind == FaultKind::Invalid => Ok(refusal(&visit, &fault)),
        Err(fault) => Err(fault.into()),
    }
}

/// `GET /sign-in/with/{key}/back`
pub async fn back(Guest(visit): Guest, Path(key): Path<String>, headers: HeaderMap) -> Reply {
    let text = |name: &str| visit.param(name).to_owned();
    let answer = Answer { state: text("state"), code: text("code"), error: text("error"), issuer: text("iss") };
    let cookie = cookies::get(&headers, COOKIE).map(Secret::new);
    let who = visit.who.signed_in.then_some(&visit.actor);
    let mut response = match sso::finish(&visit.company, &key, &answer, cookie.as_ref(), who, &visit.who.origin).await {
        Ok(Done::Entered(entry, next)) => crate::second::enter(&visit, entry, &next).await?,
        Ok(Done::Linked) => visit.go("/me", "sso-said-linked"),
        Err(fault) if matches!(fault.kind, FaultKind::Invalid | FaultKind::Throttled) => refusal(&visit, &fault),
        Err(fault) => return Err(fault.into()),
    };
    response.headers_mut().append(header::SET_COOKIE, cookies::set(&visit.site, COOKIE, "", 0));
    Ok(response)
}

/// `POST /sign-in/with/{key}/signed-out`: the provider itself, not a browser (Back-Channel Logout 1.0).
pub async fn signed_out(Guest(visit): Guest, Path(key): Path<String>, sent: Sent) -> Response {
    match sso::leave::told(&visit.company, &key, sent.get("logout_token")).await {
        Ok(_) => ([(header::CACHE_CONTROL, "no-store")], StatusCode::OK).into_response(),
        Err(fault) => {
            tracing::warn!(%fault, provider = key, "logout from the provider refused");
            ([(header::CACHE_CONTROL, "no-store")], StatusCode::BAD_REQUEST).into_response()
        }
    }
}

/// After signing out here: the offer to do so there too.
pub fn leave_there(visit: &Visit, label: &Label, url: &str) -> Response {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let name = cx.label(label);
    let card = html! {
        h1 { (cx.t("sso-left")) }
        p class="soft" { (cx.tf("sso-left-text", &[("name", name.into())])) }
        div class="stack" {
            (button(cx.tf("sso-leave-there", &[("name", name.into())])).primary().block().href(url).render())
            (button(cx.t("web-sign-in-back")).ghost().block().href("/sign-in").render())
        }
    };
    visit.gate(&cx.t("sso-left"), false, &card)
}

/// The address for signing out at the provider, of a session that came from there.
pub async fn elsewhere(visit: &Visit, token: &Secret) -> Option<(Label, String)> {
    let back = format!("{}/sign-in", home(visit));
    sso::leave::address(&visit.company, token, &back).await.ok().flatten()
}

/// `GET /sign-in/door?token=`: opening a link must not use it up, so it shows a button.
pub async fn door(Guest(visit): Guest) -> Reply {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let card = html! {
        h1 { (cx.t("sso-door")) }
        p class="soft" { (cx.t("sso-door-text")) }
        form class="stack" method="post" action="/sign-in/door" {
            input type="hidden" name="token" value=(visit.param("token"));
            (button(cx.t("web-sign-in")).primary().block().submit())
        }
    };
    Ok(visit.gate(&cx.t("sso-door"), false, &card))
}

/// `POST /sign-in/door`
pub async fn through(Guest(visit): Guest, sent: Sent) -> Reply {
    match sso::door::enter(&visit.company, &Secret::new(sent.get("token")), &visit.who.origin).await {
        Ok(entry) => crate::second::enter(&visit, entry, "/admin/sign-in").await,
        Err(fault) if fault.kind == FaultKind::Invalid => Ok(refusal(&visit, &fault)),
        Err(fault) => Err(fault.into()),
    }
}

// --- In one's own account ---

/// The block of the account page; nothing where the company has no provider.
pub fn block(offered: &[(String, Label)], tied: &[Identity], cx: &ViewCx<'_>) -> Option<Markup> {
    if offered.is_empty() && tied.is_empty() {
        return None;
    }
    Some(html! {
        p class="soft" { (cx.t("sso-accounts-text")) }
        @if !tied.is_empty() {
            ul class="factors" { @for t in tied {
                li {
                    (ui::icon::icon("link"))
                    div class="grow" {
                        span class="strong" { (realm(&t.realm, cx)) }
                        p class="muted small" { (cx.tf("sign-since", &[("date", cx.date(cx.civil(t.at)).into())]))
                            @if let Some(at) = t.last_used { " · " (cx.tf("sign-used", &[("when", cx.relative(at).into())])) } }
                    }
                    @if is_own_affair(&t.realm) { form method="post" action="/me/accounts/untie" data-confirm=(cx.t("sso-untie-ask")) {
                        input type="hidden" name="realm" value=(t.realm);
                        (button(cx.t("sso-untie")).small().submit())
                    } }
                }
            } }
        }
        div class="cluster" { @for (key, label) in offered {
            form method="post" action={ "/me/accounts/" (key) } { (button(cx.tf("sso-tie", &[("name", cx.label(label).into())])).icon("link").submit()) }
        } }
    })
}

/// Who gives an account out: the address of a provider, or that it is a directory.
pub fn realm(realm: &str, cx: &ViewCx<'_>) -> Markup {
    html! { @match realm.strip_prefix("oidc:") {
        Some(issuer) => { bdi class="ltr" { (issuer.trim_start_matches("https://")) } }
        None => { (cx.t("sso-kind-ldap")) }
    } }
}

/// `POST /me/accounts/{key}`: to the provider, in order to tie the account there to this one.
pub async fn tie(visit: Visit, Path(key): Path<String>) -> Reply {
    let [redirect, ..] = registered(&visit, &key);
    let begun = match sso::begin(&visit.company, &key, &redirect, "", visit.lang().code(), Some(&visit.actor)).await {
        Ok(begun) => begun,
        Err(fault) if fault.kind == FaultKind::Invalid => return Ok(refusal(&visit, &fault)),
        Err(fault) => return Err(fault.into()),
    };
    // A form may not lead to another host: this page does, by itself or by its link.
    let none = Shown::default();
    let cx = visit.cx(&none);
    let card = html! {
        h1 { (cx.t("sso-on-the-way")) }
        (button(cx.t("sso-go-on")).primary().block().href(begun.url.as_str()).render())
    };
    out(&begun.url, cookies::set(&visit.site, COOKIE, begun.cookie.reveal(), 600), visit.gate(&cx.t("sso-on-the-way"), false, &card))
}

/// `POST /me/accounts/untie`
pub async fn untie(visit: Visit, sent: Sent) -> Reply {
    match sso::link::untie(&visit.company, &visit.actor, visit.actor.id, sent.get("realm")).await {
        Ok(()) => Ok(visit.go("/me", "sso-said-untied")),
        Err(fault) if fault.kind == FaultKind::Invalid => Ok(refusal(&visit, &fault)),
        Err(fault) => Err(fault.into()),
    }
}
