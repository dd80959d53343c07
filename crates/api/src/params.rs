//! Query parameters, bodies and headers, read strictly: what is not understood is refused, not ignored.

use engine::fit::nearest;
use crate::problem::Refused;
use crate::request::unreadable;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::{HeaderMap, header, request::Parts};
use kernel::{Fault, FaultKind, Issue, Outcome};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

/// How deep a body may be nested.
const MAX_DEPTH: usize = 40;

/// The query of a request.
pub(crate) struct Params(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = Refused;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        match Query::<Vec<(String, String)>>::from_request_parts(parts, state).await {
            Ok(Query(pairs)) => Ok(Params(pairs)),
            Err(_) => Err(unreadable(Issue::new("", "api-bad-query")).into()),
        }
    }
}

impl Params {
    /// # Errors
    /// Bad request: a parameter that is not one of `names`, or twice.
    pub fn only(&self, names: &[&str]) -> Outcome<()> {
        for (i, (key, _)) in self.0.iter().enumerate() {
            if !names.contains(&key.as_str()) {
                let near = nearest(key, names.iter().copied()).unwrap_or("none");
                let issue = Issue::new(key.clone(), "api-unknown-parameter").arg("name", key).arg("suggestion", near);
                return Err(unreadable(issue));
            }
            if self.0.iter().take(i).any(|(k, _)| k == key) {
                return Err(unreadable(Issue::new(key.clone(), "api-parameter-twice").arg("name", key)));
            }
        }
        Ok(())
    }
    /// The value of a parameter; none when absent or blank.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(k, _)| k == name).map(|(_, v)| v.trim()).filter(|v| !v.is_empty())
    }
    /// `a,b,c`
    pub fn list(&self, name: &str) -> Vec<String> {
        let words = self.get(name).unwrap_or_default().split(',').map(str::trim);
        words.filter(|w| !w.is_empty()).map(str::to_owned).collect()
    }
    /// `1` or `true`.
    pub fn flag(&self, name: &str) -> Outcome<bool> {
        match self.get(name) {
            None | Some("0" | "false") => Ok(false),
            Some("1" | "true") => Ok(true),
            Some(_) => Err(unreadable(Issue::new(name, "value-not-bool"))),
        }
    }
    /// A whole number from `min` to `max`.
    pub fn number(&self, name: &str, default: usize, min: usize, max: usize) -> Outcome<usize> {
        let Some(text) = self.get(name) else { return Ok(default) };
        let number = text.parse().ok().filter(|n| (min..=max).contains(n));
        number.ok_or_else(|| unreadable(Issue::new(name, "api-number-range").arg("min", min).arg("max", max)))
    }
}

/// An id in a path; anything else does not exist.
pub(crate) fn id(text: &str) -> Outcome<Uuid> {
    Uuid::parse_str(text).map_err(|_| Fault::not_found())
}

/// The body of a request with its headers.
pub(crate) struct Payload {
    pub headers: HeaderMap,
    pub bytes: Bytes,
    /// Method, path and query: part of what an idempotency key stands for.
    pub target: String,
}

impl<S: Sync> FromRequest<S> for Payload {
    type Rejection = Refused;
    async fn from_request(request: Request, _: &S) -> Result<Self, Refused> {
        let (parts, body) = request.into_parts();
        let target = format!("{} {}", parts.method, parts.uri);
        let bytes = read(body, crate::MAX_BODY).await?;
        Ok(Payload { headers: parts.headers, bytes, target })
    }
}

/// # Errors
/// Too large; bad request when the sender stopped in the middle.
pub(crate) async fn read(body: Body, max: usize) -> Outcome<Bytes> {
    axum::body::to_bytes(body, max).await.map_err(|e| {
        let mut source: Option<&dyn std::error::Error> = Some(&e);
        while let Some(error) = source {
            if error.to_string().contains("length limit") {
                let issue = Issue::new("", "api-body-too-large").arg("max", max / 1024 / 1024);
                return Fault { issues: vec![issue], ..Fault::new(FaultKind::TooLarge) };
            }
            source = error.source();
        }
        unreadable(Issue::new("", "api-body-cut"))
    })
}

impl Payload {
    /// The body as a JSON object; an absent body as an empty one.
    ///
    /// # Errors
    /// Bad request: another media type, not JSON, not an object, nested too deeply.
    pub fn object(&self) -> Outcome<Map<String, Json>> {
        if self.bytes.is_empty() {
            return Ok(Map::new());
        }
        let media = self.headers.get(header::CONTENT_TYPE).map_or("application/json", |v| v.to_str().unwrap_or_default());
        let media = media.split(';').next().unwrap_or_default().trim();
        if media != "application/json" && !media.ends_with("+json") {
            return Err(unreadable(Issue::new("", "api-not-json-type").arg("found", media)));
        }
        let json: Json = serde_json::from_slice(&self.bytes).map_err(|e| {
            if e.to_string().starts_with("recursion limit") {
                return unreadable(Issue::new("", "value-too-deep").arg("max", MAX_DEPTH));
            }
            unreadable(Issue::new("", "api-not-json").arg("line", e.line()).arg("column", e.column()))
        })?;
        if deeper(&json, MAX_DEPTH) {
            return Err(unreadable(Issue::new("", "value-too-deep").arg("max", MAX_DEPTH)));
        }
        match json {
            Json::Object(map) => Ok(map),
            _ => Err(unreadable(Issue::new("", "api-not-object"))),
        }
    }

    /// The revision of `If-Match`: none when absent or `*`.
    ///
    /// # Errors
    /// Bad request: not an ETag of ours.
    pub fn if_match(&self) -> Outcome<Option<i64>> {
        let Some(value) = self.headers.get(header::IF_MATCH) else { return Ok(None) };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Ok(None);
        }
        let quoted = text.trim_start_matches("W/").strip_prefix('"').and_then(|t| t.strip_suffix('"'));
        let rev = quoted.and_then(|t| t.parse().ok());
        rev.map(Some).ok_or_else(|| unreadable(Issue::new("If-Match", "api-bad-etag")))
    }
}

fn deeper(json: &Json, max: usize) -> bool {
    let mut todo = vec![(json, 1)];
    while let Some((j, depth)) = todo.pop() {
        if depth > max {
            return true;
        }
        match j {
            Json::Array(items) => todo.extend(items.iter().map(|i| (i, depth + 1))),
            Json::Object(map) => todo.extend(map.values().map(|i| (i, depth + 1))),
            _ => {}
        }
    }
    false
}

/// Takes a known member out of a body; [`done`] then refuses what is left.
pub(crate) fn take<T: serde::de::DeserializeOwned>(map: &mut Map<String, Json>, key: &str) -> Outcome<Option<T>> {
    match map.shift_remove(key) {
        None | Some(Json::Null) => Ok(None),
        Some(json) => {
            serde_json::from_value(json).map(Some).map_err(|e| Fault::issue(Issue::new(key, "api-bad-shape").arg("why", e)))
        }
    }
}

/// # Errors
/// Invalid: members nobody asked for, with the nearest of `known`.
pub(crate) fn done(map: &Map<String, Json>, known: &[&str]) -> Outcome<()> {
    let unknown = map.keys().map(|k| {
        let near = nearest(k, known.iter().copied()).unwrap_or("none");
        Issue::new(k.clone(), "expr-unknown-field").arg("name", k).arg("object", "").arg("suggestion", near)
    });
    Fault::check(unknown.collect())
}
