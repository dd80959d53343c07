//! What every request to the address for assistants passes, after its token: pages of other sites are turned away, and
//! a client that has no session yet is given a name for one.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Joins what a client does between two starts; the server keeps nothing under it but the run.
pub(crate) const SESSION: HeaderName = HeaderName::from_static("mcp-session-id");

pub(crate) async fn door(request: Request, next: Next) -> Response {
    if !own_origin(request.headers()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let given = session(request.headers()).is_some();
    let mut response = next.run(request).await;
    if !given
        && response.status() == StatusCode::OK
        && let Ok(name) = HeaderValue::from_str(&uuid::Uuid::new_v4().simple().to_string())
    {
        response.headers_mut().insert(SESSION, name);
    }
    response
}

/// The session a request names.
pub(crate) fn session(headers: &HeaderMap) -> Option<&str> {
    let name = headers.get(SESSION)?.to_str().ok()?;
    ((8..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')).then_some(name)
}

/// No page of another site asks. Programs send no origin.
fn own_origin(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|v| v.to_str().ok());
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let theirs = origin.to_str().ok().and_then(|o| o.split_once("://")).map(|(_, host)| host);
    theirs.is_some() && theirs == text(header::HOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(n, v)| (HeaderName::from_static(n), HeaderValue::from_str(v).unwrap())).collect()
    }

    #[test]
    fn pages_of_other_sites_stay_outside() {
        assert!(own_origin(&headers(&[("host", "crm.example.com")])));
        assert!(own_origin(&headers(&[("host", "crm.example.com"), ("origin", "https://crm.example.com")])));
        assert!(!own_origin(&headers(&[("host", "crm.example.com"), ("origin", "https://evil.example")])));
        assert!(!own_origin(&headers(&[("host", "crm.example.com"), ("origin", "null")])));
        assert!(!own_origin(&headers(&[("origin", "https://evil.example")])));
    }

    #[test]
    fn names_of_sessions() {
        assert_eq!(session(&headers(&[("mcp-session-id", "0192f0c4-aaaa")])), Some("0192f0c4-aaaa"));
        assert_eq!(session(&headers(&[("mcp-session-id", "short")])), None);
        assert_eq!(session(&headers(&[("mcp-session-id", "'; drop table --")])), None);
    }
}
