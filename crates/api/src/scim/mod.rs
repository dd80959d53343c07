//! SCIM 2.0 (RFC 7643, 7644): an identity provider makes, changes and switches off the users and teams of the company.
//!
//! - [`users`], [`groups`]: the two resources, over the objects `user` and `team`;
//! - [`filter`], [`patch`]: what clients ask and change; [`about`]: what the server says of itself.
//!
//! It takes a bearer token of an administrator with the scope `scim`, which opens nothing else. Refusals are SCIM errors.

mod about;
mod filter;
mod groups;
mod patch;
mod users;

use crate::problem::{Refused, sentence};
use crate::request::{App, Ctx};
use crate::{Rate, request};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Request};
use axum::http::{HeaderValue, StatusCode, header, request::Parts};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use engine::{Actor, Company};
use kernel::{Fault, FaultKind, Issue, Outcome};
use serde_json::{Map, Value as Json, json};

/// Where the binary mounts [`router`].
pub const MOUNT: &str = "/scim/v2";
/// The one scope that opens it.
pub const SCOPE: &str = "scim";
const MEDIA: &str = "application/scim+json";
/// The most resources of one page.
const MOST: usize = 200;

/// Everything under `/scim/v2`.
pub fn router(company: Company, rate: Rate) -> Router {
    let app = App::new(company, rate);
    Router::new()
        .route("/ServiceProviderConfig", get(about::config))
        .route("/ResourceTypes", get(about::types))
        .route("/Schemas", get(about::schemas))
        .route("/Users", get(users::list).post(users::create))
        .route("/Users/{id}", get(users::get).put(users::replace).patch(users::patch).delete(users::delete))
        .route("/Groups", get(groups::list).post(groups::create))
        .route("/Groups/{id}", get(groups::get).put(groups::replace).patch(groups::patch).delete(groups::delete))
        .fallback(request::no_such_route)
        .method_not_allowed_fallback(request::no_such_method)
        .layer(DefaultBodyLimit::max(1 << 20))
        .layer(from_fn(in_scim))
        .layer(from_fn_with_state(app.clone(), request::guard))
        .layer(from_fn(at_the_door))
        .with_state(app)
}

/// What the guard refuses (no token, a wrong one, too many requests) leaves as a SCIM error too, with its headers.
async fn at_the_door(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let problem = response.headers().get(header::CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"application/problem+json"));
    if !problem {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let said = axum::body::to_bytes(body, 64 * 1024).await.unwrap_or_default();
    let said: Json = serde_json::from_slice(&said).unwrap_or_default();
    let body = refusal(parts.status.as_u16(), said.get("detail").and_then(Json::as_str).unwrap_or_default());
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA));
    Response::from_parts(parts, axum::body::Body::from(body.to_string()))
}

fn refusal(status: u16, detail: &str) -> Json {
    json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": status.to_string(), "detail": detail})
}

/// Refusals leave as SCIM errors (RFC 7644, section 3.12), in the words of the API.
async fn in_scim(request: Request, next: Next) -> Response {
    let lang = request.extensions().get::<Ctx>().map(|c| c.lang).unwrap_or_default();
    let mut response = next.run(request).await;
    let Some(refused) = response.extensions_mut().remove::<Refused>() else { return response };
    let status = refused.status.unwrap_or_else(|| refused.fault.status());
    if matches!(refused.fault.kind, FaultKind::Internal | FaultKind::Unavailable) {
        tracing::error!(error = %refused.fault, "scim request failed");
    }
    let kind = refused.fault.issues.first().map_or("", |i| match i.key.as_str() {
        "value-not-unique" => "uniqueness",
        "scim-bad-filter" => "invalidFilter",
        "scim-bad-path" => "invalidPath",
        _ => "invalidValue",
    });
    // RFC 7644: 409 for what exists already, 400 for values that do not fit.
    let status = match (status, kind) {
        (_, "uniqueness") => 409,
        (422, _) => 400,
        (s, _) => s,
    };
    let words: Vec<String> = refused.fault.issues.iter().map(|i| if i.field.is_empty() { sentence(i, lang) } else { format!("{}: {}", i.field, sentence(i, lang)) }).collect();
    let detail = if words.is_empty() { text::i18n::t(lang, refused.fault.title_key()) } else { words.join(" ") };
    let mut body = refusal(status, &detail);
    if status == 400 || status == 409 {
        body["scimType"] = json!(if kind.is_empty() { "invalidSyntax" } else { kind });
    }
    answer(status, &body)
}

fn answer(status: u16, body: &Json) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    (status, [(header::CONTENT_TYPE, MEDIA)], body.to_string()).into_response()
}

fn created(body: &Json, location: &str) -> Response {
    let mut response = answer(201, body);
    if let Ok(value) = location.parse() {
        response.headers_mut().insert(header::LOCATION, value);
    }
    response
}

/// The identity provider: an administrator's token with this scope, acting with his rights.
pub(crate) struct Provider {
    pub company: Company,
    pub actor: Actor,
}

impl<S: Sync> FromRequestParts<S> for Provider {
    type Rejection = Refused;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        let ctx = parts.extensions.get::<Ctx>().cloned().ok_or_else(|| Fault::internal("a route outside of the guard"))?;
        let scoped = ctx.actor.scopes.as_ref().is_some_and(|s| s.iter().any(|s| s == SCOPE));
        if !scoped || !ctx.actor.policy.admin {
            return Err(Fault::forbidden().into());
        }
        let actor = Actor { scopes: Some(vec!["admin".into()]), ..ctx.actor };
        Ok(Provider { company: ctx.company, actor })
    }
}

/// A page of resources: `startIndex` counts from one.
#[derive(Clone, Copy, Debug)]
struct Page {
    start: usize,
    count: usize,
}

impl Page {
    fn of(pairs: &[(String, String)]) -> Page {
        let number = |name: &str| pairs.iter().find(|(k, _)| k == name).and_then(|(_, v)| v.trim().parse::<i64>().ok());
        let start = number("startIndex").unwrap_or(1).max(1);
        let count = number("count").unwrap_or(100).clamp(0, 200);
        Page { start: usize::try_from(start).unwrap_or(1), count: usize::try_from(count).unwrap_or(MOST) }
    }
}

fn list(total: usize, page: Page, resources: &[Json]) -> Response {
    answer(200, &json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": total, "startIndex": page.start, "itemsPerPage": resources.len(), "Resources": resources,
    }))
}

/// The body as an object; names of attributes differ in case from client to client.
fn body(bytes: &Bytes) -> Outcome<Map<String, Json>> {
    match serde_json::from_slice::<Json>(bytes) {
        Ok(Json::Object(map)) => Ok(map),
        _ => Err(Fault { issues: vec![Issue::new("", "scim-bad-body")], ..Fault::new(FaultKind::BadRequest) }),
    }
}

/// An attribute whatever its case.
fn attribute<'a>(map: &'a Map<String, Json>, name: &str) -> Option<&'a Json> {
    map.iter().find(|(k, _)| k.eq_ignore_ascii_case(name)).map(|(_, v)| v)
}

fn text_of(map: &Map<String, Json>, name: &str) -> Option<String> {
    attribute(map, name).and_then(Json::as_str).map(|t| t.trim().to_owned())
}

/// `true`, or `"True"` as one large provider sends it.
fn flag(value: &Json) -> Option<bool> {
    match value {
        Json::Bool(b) => Some(*b),
        Json::String(s) if s.eq_ignore_ascii_case("true") => Some(true),
        Json::String(s) if s.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}
