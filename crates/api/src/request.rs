//! What every request passes: id, language, token, rate; and what every answer gets.

use crate::problem::Refused;
use crate::rate::{Buckets, Rate};
use auth::Secret;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use engine::{Actor, Company};
use kernel::{Fault, FaultKind, Issue, Outcome};
use std::any::Any;
use std::sync::Arc;
use text::locale::Lang;

/// What the routes share.
#[derive(Clone)]
pub struct App(Arc<Shared>);

struct Shared {
    company: Company,
    buckets: Buckets,
}

impl App {
    pub(crate) fn new(company: Company, rate: Rate) -> Self {
        App(Arc::new(Shared { company, buckets: Buckets::new(rate) }))
    }
}

/// Who asks, of whom, in which language.
#[derive(Clone)]
pub struct Ctx {
    pub company: Company,
    pub actor: Actor,
    pub lang: Lang,
}

impl<S: Sync> FromRequestParts<S> for Ctx {
    type Rejection = Refused;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        parts.extensions.get::<Ctx>().cloned().ok_or_else(|| Fault::internal("a route outside of the guard").into())
    }
}

/// Names (by id or e-mail) the colleague as whom a reading request is to be answered.
const VIEW_AS: HeaderName = HeaderName::from_static("x-view-as");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Lets a request in and finishes its answer.
pub(crate) async fn guard(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let began = std::time::Instant::now();
    let id = request_id(request.headers());
    let wish = language(request.headers());
    let mut lang = wish.unwrap_or_else(|| app.0.company.settings().lang());
    // The path only: queries hold people's names.
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response = match enter(&app, request.headers(), method.is_safe(), wish, &id).await {
        Ok(ctx) => {
            lang = ctx.lang;
            request.extensions_mut().insert(ctx);
            next.run(request).await
        }
        Err(fault) => Refused::from(fault).into_response(),
    };
    if let Some(refused) = response.extensions_mut().remove::<Refused>() {
        if refused.fault.kind == FaultKind::Internal {
            tracing::error!(request = id, error = %refused.fault, "request failed");
        } else if refused.fault.kind == FaultKind::Unavailable {
            tracing::warn!(request = id, error = %refused.fault, "request not answered");
        }
        response = refused.respond(lang, &id);
    }
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, value);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.code()));
    headers.insert(header::VARY, HeaderValue::from_static("authorization, accept-language"));
    let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(request = id, %method, path, status = response.status().as_u16(), ms, "api");
    response
}

async fn enter(app: &App, headers: &HeaderMap, reads: bool, wish: Option<Lang>, id: &str) -> Outcome<Ctx> {
    let company = app.0.company.clone();
    let nobody = || Fault::new(FaultKind::Unauthenticated);
    let token = bearer(headers).ok_or_else(nobody)?;
    let mut actor = auth::actor_of_token(&company, &token).await?.ok_or_else(nobody)?;
    app.0.buckets.take(actor.id).map_err(auth::throttle::fault)?;
    if let Some(lang) = wish {
        actor.locale.lang = lang;
    }
    id.clone_into(&mut actor.request);
    if let Some(user) = headers.get(VIEW_AS).and_then(|v| v.to_str().ok()) {
        if !reads {
            return Err(Fault { issues: vec![Issue::new("", "access-view-read-only")], ..Fault::new(FaultKind::Forbidden) });
        }
        let user = match user.trim().parse() {
            Ok(id) => id,
            Err(_) => company.user_by_email(user).await?.ok_or_else(Fault::not_found)?,
        };
        actor = company.view_as(&actor, user).await?;
    }
    Ok(Ctx { company, lang: actor.locale.lang, actor })
}

fn bearer(headers: &HeaderMap) -> Option<Secret> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| Secret::new(token))
}

/// The caller's own id when it is short and plain, else a new one.
fn request_id(headers: &HeaderMap) -> String {
    let plain = |t: &&str| (8..=64).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    let given = headers.get(REQUEST_ID).and_then(|v| v.to_str().ok()).filter(plain);
    given.map_or_else(|| uuid::Uuid::now_v7().simple().to_string(), str::to_owned)
}

/// The better liked of the two languages in `Accept-Language`; none when it names neither.
fn language(headers: &HeaderMap) -> Option<Lang> {
    let text = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(f32, Lang)> = None;
    for part in text.split(',') {
        let mut words = part.split(';');
        let lang = words.next().and_then(Lang::parse);
        let q = words.find_map(|w| w.trim().strip_prefix("q=")).map_or(1.0, |q| q.parse().unwrap_or(0.0));
        if let Some(lang) = lang
            && q > best.map_or(0.0, |(b, _)| b)
        {
            best = Some((q, lang));
        }
    }
    best.map(|(_, lang)| lang)
}

pub(crate) async fn no_such_route() -> Refused {
    Fault::not_found().into()
}

pub(crate) async fn no_such_method() -> Refused {
    Refused::with_status(Fault::new(FaultKind::BadRequest), 405)
}

pub(crate) fn panicked(words: Box<dyn Any + Send + 'static>) -> Response {
    let words = words.downcast_ref::<&str>().map(|s| (*s).to_owned()).or_else(|| words.downcast_ref::<String>().cloned());
    Refused::from(Fault::internal(format!("panic: {}", words.unwrap_or_default()))).into_response()
}

/// A request that cannot be read: 400 with one issue.
pub(crate) fn unreadable(issue: Issue) -> Fault {
    Fault { issues: vec![issue], ..Fault::new(FaultKind::BadRequest) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn languages_by_liking() {
        let lang = |v: &str| language(&headers(header::ACCEPT_LANGUAGE, v));
        assert_eq!(lang("fr, en;q=0.5, ar;q=0.9"), Some(Lang::Ar));
        assert_eq!(lang("en-GB,ar"), Some(Lang::En));
        assert_eq!(lang("fr, de;q=0.8, *"), None);
        assert_eq!(lang("ar;q=0"), None);
    }

    #[test]
    fn tokens_and_ids() {
        let token = |v: &str| bearer(&headers(header::AUTHORIZATION, v)).map(|s| s.reveal().to_owned());
        assert_eq!(token("bearer sila_x").as_deref(), Some("sila_x"));
        assert_eq!(token("Basic abc"), None);
        assert_eq!(token("Bearer "), None);
        assert_eq!(request_id(&headers(REQUEST_ID, "order-sync-0042")), "order-sync-0042");
        assert_ne!(request_id(&headers(REQUEST_ID, "a b\"c")), "a b\"c");
    }
}
