//! What surrounds every request: who asks and in which language, the same-origin check, security headers, fault pages.

use crate::refusal::Refusal;
use crate::site::Site;
use crate::visit::{Visit, Who};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::{Fault, FaultKind};
use std::net::{IpAddr, SocketAddr};
use tracing::Instrument;

/// Scripts only from our own files; styles may stand on elements (widths of bars, sizes of pictures).
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'";

/// The sites whose pages may show this answer inside them; in the extensions of a response.
#[derive(Clone, Debug)]
pub(crate) struct Ancestors(pub Vec<String>);

/// The policy for an answer that may stand in pages of other sites.
fn framed(sites: &[String]) -> Option<HeaderValue> {
    let plain = |s: &&String| s.starts_with("http") && s.chars().all(|c| c.is_ascii_alphanumeric() || "-.:/[]".contains(c));
    let sites: Vec<&str> = sites.iter().filter(plain).map(String::as_str).collect();
    if sites.is_empty() {
        return None;
    }
    HeaderValue::from_str(&CSP.replace("frame-ancestors 'none'", &format!("frame-ancestors 'self' {}", sites.join(" ")))).ok()
}

/// The outermost layer of the pages.
pub async fn frame(State(site): State<Site>, mut req: Request, next: Next) -> Response {
    let id = request_id(req.headers());
    let span = tracing::info_span!("request", id = %id, method = %req.method(), path = %req.uri().path());
    async move {
        let started = std::time::Instant::now();
        let mut response = if is_write(req.method()) && !same_origin(req.headers()) {
            tracing::warn!("write from another origin refused");
            Refusal(Fault::new(FaultKind::Forbidden)).into_response()
        } else {
            match Who::of(&site, req.headers(), req.uri(), peer(&req), &id).await {
                Ok(who) => {
                    let asked = Visit::new(&site, who.clone(), req.uri(), req.headers());
                    let looking = who.actor.viewer.is_some() && looks_only(&req);
                    req.extensions_mut().insert(who);
                    let mut response = if looking {
                        let issue = kernel::Issue::new("", "access-view-read-only");
                        Refusal(Fault { issues: vec![issue], ..Fault::new(FaultKind::Forbidden) }).into_response()
                    } else {
                        next.run(req).await
                    };
                    if let Some(Refusal(fault)) = response.extensions_mut().remove::<Refusal>() {
                        response = crate::fault_page::page(&asked, &fault);
                    } else if response.status() == StatusCode::METHOD_NOT_ALLOWED {
                        response = crate::fault_page::page(&asked, &Fault::new(FaultKind::BadRequest));
                    }
                    if asked.language_chosen() {
                        asked.remember_language(&mut response);
                    }
                    response
                }
                Err(fault) => {
                    tracing::error!(%fault, "cannot tell who asks");
                    (StatusCode::SERVICE_UNAVAILABLE, text::i18n::t(site.company().settings().lang(), "fault-unavailable")).into_response()
                }
            }
        };
        // A refusal that no page was made for (another origin) still says why.
        if let Some(Refusal(fault)) = response.extensions_mut().remove::<Refusal>() {
            let text = text::i18n::t(site.company().settings().lang(), fault.title_key());
            response = (response.status(), text).into_response();
        }
        secure(&mut response, &id);
        tracing::debug!(status = response.status().as_u16(), ms = started.elapsed().as_millis() as u64, "answered");
        response
    }
    .instrument(span)
    .await
}

/// The other end of the connection, where the server says it.
fn peer(req: &Request) -> Option<IpAddr> {
    req.extensions().get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip())
}

/// What a viewer does not get: writing anything but the way out, and the account of the one he looks as.
fn looks_only(req: &Request) -> bool {
    let path = req.uri().path();
    let out = matches!(path, "/-/view-as/stop" | "/sign-out" | "/-/sign-out");
    (is_write(req.method()) && !out) || path == "/me" || path.starts_with("/me/")
}

fn is_write(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// A browser says where a request comes from: `Sec-Fetch-Site`, or `Origin` against `Host`. What says neither is no
/// browser that could be tricked into sending our cookie (cookies are `SameSite=Lax` besides).
pub fn same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    match text("sec-fetch-site") {
        Some(site) => return matches!(site, "same-origin" | "none"),
        None if text("origin").is_none() => return true,
        None => {}
    }
    let origin = text("origin").unwrap_or_default();
    let host = text("host").unwrap_or_default();
    let theirs = origin.split_once("://").map_or("", |(_, h)| h);
    !theirs.is_empty() && theirs.eq_ignore_ascii_case(host)
}

/// The caller's id when it is harmless in a log, else a new one.
fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get("x-request-id").and_then(|v| v.to_str().ok()).unwrap_or_default();
    let fits = (8..=64).contains(&given.len()) && given.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if fits { given.to_owned() } else { uuid::Uuid::now_v7().simple().to_string() }
}

fn secure(response: &mut Response, id: &str) {
    let elsewhere = response.extensions_mut().remove::<Ancestors>().and_then(|a| framed(&a.0));
    let headers = response.headers_mut();
    if let Some(policy) = &elsewhere {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy.clone());
    }
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, CSP);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    if elsewhere.is_none() {
        set(header::X_FRAME_OPTIONS, "DENY");
    }
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=(), payment=()");
    set(header::CACHE_CONTROL, "private, no-cache");
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert("x-request-id", value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_named_sites_may_show_a_page_inside_theirs() {
        let site = |s: &str| framed(&[s.to_owned()]).map(|v| v.to_str().unwrap().to_owned());
        assert!(site("https://shop.example").unwrap().contains("frame-ancestors 'self' https://shop.example;"));
        for odd in ["", "*", "javascript:alert(1)", "https://a.example; script-src *", "https://a.example 'unsafe-inline'"] {
            assert_eq!(site(odd), None, "{odd}");
        }
    }

    fn from(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut h = HeaderMap::new();
        for (k, v) in pairs {
            h.insert(*k, HeaderValue::from_static(v));
        }
        same_origin(&h)
    }

    #[test]
    fn writes_come_from_our_own_pages() {
        assert!(from(&[("sec-fetch-site", "same-origin")]));
        assert!(from(&[]));
        assert!(from(&[("origin", "https://crm.example:8080"), ("host", "crm.example:8080")]));
        assert!(!from(&[("sec-fetch-site", "cross-site"), ("origin", "https://crm.example"), ("host", "crm.example")]));
        assert!(!from(&[("sec-fetch-site", "same-site")]));
        assert!(!from(&[("origin", "https://evil.example"), ("host", "crm.example")]));
        assert!(!from(&[("origin", "null"), ("host", "crm.example")]));
    }
}
