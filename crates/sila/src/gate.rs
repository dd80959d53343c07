//! From where people and programs may work: asked once, before pages, API and whatever else is mounted.

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use engine::Company;
use std::net::SocketAddr;

/// What anybody may ask from anywhere: public pages, what they are drawn with, the health of the server.
const OPEN: [&str; 6] = ["/p/", "/assets/", "/favicon.ico", "/robots.txt", "/healthz", "/readyz"];

/// Where a provider of accounts says that somebody signed out there: it signs that, and calls from an address of its own.
fn is_signed_out(path: &str) -> bool {
    path.starts_with("/sign-in/with/") && path.ends_with("/signed-out")
}

/// Company and whether a proxy says where requests come from.
#[derive(Clone)]
pub struct Gate {
    pub company: Company,
    pub behind_proxy: bool,
}

/// Answers 403 to requests from elsewhere.
pub async fn gate(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if gate.company.settings().sign_in.from.is_empty() || OPEN.iter().any(|p| path.starts_with(p)) || is_signed_out(path) {
        return next.run(request).await;
    }
    let ip = caller(request.headers(), request.extensions().get::<ConnectInfo<SocketAddr>>(), gate.behind_proxy);
    if auth::network::allowed(&gate.company, &ip) {
        return next.run(request).await;
    }
    tracing::warn!(%ip, "refused: not an address of the company");
    let text = text::i18n::t(gate.company.settings().lang(), "auth-not-from-here");
    (StatusCode::FORBIDDEN, [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], text).into_response()
}

fn caller(headers: &HeaderMap, peer: Option<&ConnectInfo<SocketAddr>>, behind_proxy: bool) -> String {
    if behind_proxy {
        let chain = headers.get("x-forwarded-for").and_then(|v| v.to_str().ok()).unwrap_or_default();
        return chain.rsplit(',').next().unwrap_or_default().trim().to_owned();
    }
    peer.map(|c| c.0.ip().to_canonical().to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_reaches_one_address_alone() {
        assert!(is_signed_out("/sign-in/with/company/signed-out"));
        for path in ["/sign-in", "/sign-in/with/company", "/sign-in/with/company/back", "/party/signed-out", "/sign-in/signed-out"] {
            assert!(!is_signed_out(path), "{path}");
        }
    }
}
