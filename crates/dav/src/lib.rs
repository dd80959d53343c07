//! CalDAV (RFC 4791) and CardDAV (RFC 6352) over the collections that modules bring, with WebDAV sync (RFC 6578).
//! Knows no module: what a collection holds and who may do what with it is asked of [`engine::dav::Source`].
//!
//! - [`sign`]: who asks: Basic with an access token of the scope `dav` as the password, throttled;
//! - [`place`]: addresses; [`xml`]: requests read within limits and without entities, answers written;
//! - [`props`]: properties of places; [`find`]: `PROPFIND`; [`report`]: `REPORT`; [`member`]: `GET`, `PUT`, `DELETE`;
//! - [`sync`]: what a person's programs were last told.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

mod find;
mod member;
mod place;
mod props;
mod report;
mod sign;
mod sync;
mod xml;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::{Actor, Company};
use kernel::{Fault, FaultKind};
use std::net::SocketAddr;

/// The largest body: a card with a photograph.
const LARGEST: usize = 1024 * 1024;
/// Methods that are answered.
const ALLOW: &str = "OPTIONS, GET, HEAD, PUT, DELETE, PROPFIND, PROPPATCH, REPORT";
const DAV: HeaderName = HeaderName::from_static("dav");

/// How the layer is set up.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The client's address stands in `X-Forwarded-For`.
    pub behind_proxy: bool,
}

#[derive(Clone)]
struct App {
    company: Company,
    options: Options,
}

/// One request of somebody who signed in.
struct Ask {
    company: Company,
    actor: Actor,
    headers: HeaderMap,
}

/// What is mounted under `/dav`.
pub fn router(company: Company, options: Options) -> Router {
    Router::new().fallback(handle).with_state(App { company, options })
}

/// Where programs that know only the host begin (RFC 6764): `/.well-known/caldav`, `/.well-known/carddav`.
pub fn well_known() -> Router {
    let there = || async { (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, "/dav/")]) };
    Router::new().route("/.well-known/caldav", axum::routing::any(there)).route("/.well-known/carddav", axum::routing::any(there))
}

/// A refusal with the status WebDAV has for it, and perhaps the precondition that was not met.
#[derive(Debug)]
struct Refusal {
    status: StatusCode,
    /// `C:valid-calendar-data`
    condition: &'static str,
    fault: Fault,
}

impl Refusal {
    fn new(status: StatusCode, condition: &'static str) -> Self {
        Refusal { status, condition, fault: Fault::new(FaultKind::BadRequest) }
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        let status = match fault.kind {
            FaultKind::NotFound => StatusCode::NOT_FOUND,
            FaultKind::Unauthenticated => StatusCode::UNAUTHORIZED,
            FaultKind::Throttled => StatusCode::TOO_MANY_REQUESTS,
            FaultKind::Conflict => StatusCode::PRECONDITION_FAILED,
            FaultKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            FaultKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            FaultKind::BadRequest => StatusCode::BAD_REQUEST,
            _ => StatusCode::FORBIDDEN,
        };
        Refusal { status, condition: "", fault }
    }
}

type Answer = Result<Response, Refusal>;

async fn handle(State(app): State<App>, request: Request) -> Response {
    let began = std::time::Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let lang = app.company.settings().lang();
    let answer = match serve(&app, request).await {
        Ok(answer) => answer,
        Err(refusal) => refuse(&refusal, lang),
    };
    let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(%method, path, status = answer.status().as_u16(), ms, "dav");
    finish(answer)
}

fn finish(mut answer: Response) -> Response {
    let headers = answer.headers_mut();
    headers.insert(DAV, HeaderValue::from_static("1, 3, access-control, calendar-access, addressbook"));
    headers.insert(header::ALLOW, HeaderValue::from_static(ALLOW));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    answer
}

fn refuse(refusal: &Refusal, lang: text::locale::Lang) -> Response {
    let fault = &refusal.fault;
    if fault.kind == FaultKind::Internal {
        tracing::error!(error = %fault, "dav request failed");
    }
    let words: Vec<String> = fault.issues.iter().map(|i| i.text(lang)).collect();
    let body = xml::error(refusal.condition, &words.join(" "));
    let mut answer = (refusal.status, [(header::CONTENT_TYPE, xml::TYPE)], body).into_response();
    if refusal.status == StatusCode::UNAUTHORIZED {
        answer.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"Sila\", charset=\"UTF-8\""));
    }
    if let Some(seconds) = auth::throttle::seconds(fault)
        && let Ok(value) = HeaderValue::from_str(&seconds.to_string())
    {
        answer.headers_mut().insert(header::RETRY_AFTER, value);
    }
    answer
}

async fn serve(app: &App, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    if parts.method == Method::OPTIONS {
        return Ok(StatusCode::OK.into_response());
    }
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip().to_canonical().to_string());
    let forwarded = parts.headers.get("x-forwarded-for").and_then(|v| v.to_str().ok()).and_then(|v| v.rsplit(',').next()).map(|v| v.trim().to_owned());
    let address = if app.options.behind_proxy { forwarded } else { peer }.unwrap_or_default();
    let actor = sign::actor(&app.company, &parts.headers, &address).await?;
    let ask = Ask { company: app.company.clone(), actor, headers: parts.headers };
    let place = place::Place::of(parts.uri.path()).ok_or_else(Fault::not_found)?;
    place.own(&ask.actor)?;
    let body = read(body).await?;
    match parts.method.as_str() {
        "GET" | "HEAD" => member::get(&ask, &place).await,
        "PUT" => member::put(&ask, &place, &body).await,
        "DELETE" => member::delete(&ask, &place).await,
        "PROPFIND" => find::propfind(&ask, &place, &body).await,
        "PROPPATCH" => find::proppatch(&ask, &place, &body).await,
        "REPORT" => report::report(&ask, &place, &body).await,
        // Collections are what modules say they are: people, teams. Nobody makes or moves one.
        "MKCALENDAR" | "MKCOL" | "COPY" | "MOVE" | "LOCK" | "UNLOCK" | "ACL" => Err(Refusal::new(StatusCode::FORBIDDEN, "D:resource-must-be-null")),
        _ => Err(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "")),
    }
}

async fn read(body: Body) -> Result<Vec<u8>, Refusal> {
    to_bytes(body, LARGEST).await.map(|b| b.to_vec()).map_err(|_| Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "C:max-resource-size"))
}
