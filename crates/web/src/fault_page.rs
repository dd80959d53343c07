//! Faults as pages: what happened, in the reader's language, and where to go from here.

use crate::visit::{Shown, Visit};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use kernel::{Fault, FaultKind};
use maud::{Render, html};
use ui::button::button;
use ui::mark::{Empty, Mood, empty, toast};

/// The answer to a request that failed.
pub fn page(visit: &Visit, fault: &Fault) -> Response {
    match fault.kind {
        FaultKind::Internal | FaultKind::Unavailable => tracing::error!(%fault, path = %visit.path, "request failed"),
        _ => tracing::debug!(%fault, path = %visit.path, "request refused"),
    }
    let none = Shown::default();
    let cx = visit.cx(&none);
    let title = cx.t(fault.title_key());
    let issues: Vec<String> = fault.issues.iter().map(|i| cx.issue(i)).collect();
    let offers: Vec<(&str, &str)> = fault.issues.iter().filter_map(kernel::Issue::offered).collect();
    let mut response = if visit.scripted {
        let mut r = visit.piece(toast(Mood::Bad, &title, &issues.join(" "), &offers.iter().map(|(href, offer)| (cx.t(offer), (*href).to_owned())).collect::<Vec<_>>(), None));
        r.headers_mut().insert(HeaderName::from_static("hx-retarget"), HeaderValue::from_static("#toasts"));
        r.headers_mut().insert(HeaderName::from_static("hx-reswap"), HeaderValue::from_static("beforeend"));
        r.headers_mut().insert(HeaderName::from_static("hx-reselect"), HeaderValue::from_static(".toast"));
        r
    } else {
        let hint = match fault.kind {
            FaultKind::NotFound => "web-hint-not-found",
            FaultKind::Forbidden => "web-hint-forbidden",
            FaultKind::Throttled => "web-hint-throttled",
            FaultKind::Conflict => "web-hint-conflict",
            FaultKind::TooLarge => "web-hint-too-large",
            FaultKind::Unavailable => "web-hint-unavailable",
            FaultKind::Internal => "web-hint-internal",
            _ => "",
        };
        let text = if issues.is_empty() && !hint.is_empty() { cx.t(hint) } else { issues.join(" ") };
        let actions = html! {
            @for (href, offer) in &offers { (button(cx.t(offer)).primary().href(*href).render()) }
            (button(cx.t("web-back")).attr("data-back", "").href("/").render())
            @if fault.kind == FaultKind::Internal { span class="muted small ltr" { (visit.actor.request) } }
        };
        let body = html! { div class="page" { (empty(Empty::Search, &title, &text, &actions)) } };
        if visit.who.signed_in { visit.page(&title, &body) } else { visit.gate(&title, false, &body) }
    };
    *response.status_mut() = StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response
}
