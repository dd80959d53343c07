//! Refusals as `application/problem+json`, in the reader's language.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::{Fault, FaultKind, Issue};
use serde_json::{Map, Value as Json, json};
use text::locale::Lang;

/// A fault on its way to the client. [`crate::request::guard`] gives it words: only it knows language and request.
#[derive(Clone, Debug)]
pub struct Refused {
    pub fault: Fault,
    /// Another status than the fault's own: 405, 412.
    pub status: Option<u16>,
    /// The record as it is now, beside a 412 or 409.
    pub current: Option<Json>,
}

pub type Answer<T = Response> = Result<T, Refused>;

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Refused { fault, status: None, current: None }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = self.status.unwrap_or_else(|| self.fault.status());
        let mut response = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl Refused {
    pub fn with_status(fault: Fault, status: u16) -> Self {
        Refused { fault, status: Some(status), current: None }
    }

    /// The problem document.
    pub fn document(&self, lang: Lang, request: &str) -> Json {
        let status = self.status.unwrap_or_else(|| self.fault.status());
        let (kind, title) = match status {
            405 => ("method-not-allowed", text::i18n::t(lang, "api-method-not-allowed")),
            412 => ("precondition-failed", text::i18n::t(lang, "api-precondition-failed")),
            _ => (self.fault.title_key().trim_start_matches("fault-"), text::i18n::t(lang, self.fault.title_key())),
        };
        let whole = self.fault.issues.iter().find(|i| i.field.is_empty());
        let detail = whole.map_or_else(|| title.clone(), |i| sentence(i, lang));
        let mut doc = Map::new();
        doc.insert("type".into(), json!(format!("urn:sila:problem:{kind}")));
        doc.insert("title".into(), json!(title));
        doc.insert("status".into(), json!(status));
        doc.insert("detail".into(), json!(detail));
        if !self.fault.issues.is_empty() {
            doc.insert("issues".into(), issues(&self.fault.issues, lang));
        }
        if let Some(current) = &self.current {
            doc.insert("current".into(), current.clone());
        }
        doc.insert("request_id".into(), json!(request));
        Json::Object(doc)
    }

    /// The response with its body.
    pub fn respond(&self, lang: Lang, request: &str) -> Response {
        let status = StatusCode::from_u16(self.status.unwrap_or_else(|| self.fault.status())).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Body::from(self.document(lang, request).to_string())).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.fault.kind == FaultKind::Unauthenticated {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = auth::throttle::seconds(&self.fault) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// `[{field, key, message}]`, with `next: {href, label}` where something can be done about it.
pub fn issues(issues: &[Issue], lang: Lang) -> Json {
    let one = |i: &Issue| {
        let mut said = json!({"field": i.field, "key": i.key, "message": sentence(i, lang)});
        if let Some((href, offer)) = i.offered() {
            said["next"] = json!({"href": href, "label": text::i18n::t(lang, offer)});
        }
        said
    };
    issues.iter().map(one).collect()
}

/// The words of an issue. A sentence that is not there (a module forgot it) is the key.
pub(crate) fn sentence(issue: &Issue, lang: Lang) -> String {
    if !text::i18n::has(&issue.key) {
        return issue.key.clone();
    }
    // Sentences of unknown names end with a suggestion; not every place that refuses a name can make one.
    let mut issue = issue.clone();
    if issue.key.starts_with("expr-unknown") && !issue.args.iter().any(|(k, _)| k == "suggestion") {
        issue.args.push(("suggestion".into(), "none".into()));
    }
    issue.text(lang)
}
