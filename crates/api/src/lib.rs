//! The REST API: every object and action of the registry, generically; webhooks; OpenAPI.
//!
//! Endpoints are data: nothing here knows an object. A table of contents:
//! - [`request`]: who asks, in which language, how often; [`problem`]: what is answered when it is refused;
//! - `records`, `acts`, `bulk`, `parts`, `external`, `duplicates`: records and what hangs on them; `about`: what there is; `notices`: what the caller is told; `proposals`: what assistants want and have changed; `admin`: the company;
//! - [`once`](mod@once): one transaction per write, with idempotency keys; [`openapi`]; [`webhook`]; [`scim`].
//!
//! Invariant: only a bearer token is an identity here. Cookies are not looked at, so no page can write in somebody's name.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

pub mod about;
mod access;
mod acts;
mod admin;
mod bulk;
mod duplicates;
mod expand;
mod external;
pub mod json;
mod notices;
pub mod once;
pub mod openapi;
mod params;
pub mod parts;
pub mod problem;
mod proposals;
mod rate;
mod records;
pub mod request;
pub mod scim;
pub mod webhook;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, post, put};
use engine::Company;
pub use rate::{Buckets, Rate};
use request::App;

/// Where the binary mounts [`router`]; links in answers begin with it.
pub const MOUNT: &str = "/api/v1";
/// The most bytes of a request body.
pub const MAX_BODY: usize = 10 * 1024 * 1024;

/// The durable work of this crate, for the runner.
pub fn jobs() -> Vec<engine::JobKind> {
    vec![engine::JobKind { key: webhook::JOB, run: |cx| Box::pin(webhook::deliver(cx)) }]
}

/// Everything under `/api/v1`.
pub fn router(company: Company) -> Router {
    router_with(company, Rate::default())
}

/// The same with another rate limit per token.
pub fn router_with(company: Company, rate: Rate) -> Router {
    let app = App::new(company, rate);
    Router::new()
        .route("/me", get(about::me))
        .route("/access/explain", get(access::explain))
        .route("/access/delegations", get(access::delegations).post(access::delegate))
        .route("/access/delegations/{id}", delete(access::end_delegation))
        .route("/objects", get(about::objects))
        .route("/objects/{object}", get(about::object))
        .route("/search", get(about::search))
        .route("/notifications", get(notices::list))
        .route("/notifications/read", post(notices::read))
        .route("/openapi.json", get(openapi::document))
        .route("/proposals", get(proposals::list))
        .route("/proposals/{id}", get(proposals::get))
        .route("/proposals/{id}/{verb}", post(proposals::decide))
        .route("/runs", get(proposals::runs))
        .route("/runs/{id}/undo", post(proposals::undo))
        .nest("/admin", admin_routes())
        .route("/{object}", get(records::list).post(records::create))
        .route("/{object}/bulk", post(bulk::upsert))
        .route("/{object}/duplicates", get(duplicates::queue).post(duplicates::of_draft))
        .route("/{object}/duplicates/{verb}", get(duplicates::merging).post(duplicates::act))
        .route("/{object}/by/{system}/{key}", get(external::get).put(external::put))
        .route("/{object}/{id}/keys", get(external::keys).post(external::add))
        .route("/{object}/{id}/keys/{system}/{key}", delete(external::remove))
        .route("/{object}/{id}/duplicates", get(duplicates::of_record))
        .route("/{object}/{id}/merge", post(duplicates::merge))
        .route("/{object}/{id}/merges", get(duplicates::merges))
        .route("/{object}/{id}/unmerge", post(duplicates::unmerge))
        .route("/{object}/{id}", get(records::get).patch(records::update).delete(records::delete))
        .route("/{object}/{id}/timeline", get(parts::timeline))
        .route("/{object}/{id}/shares", get(access::shares).post(access::share))
        .route("/{object}/{id}/shares/{share}", delete(access::unshare))
        .route("/{object}/{id}/readers", get(access::readers))
        .route("/{object}/{id}/history", get(parts::history))
        .route("/{object}/{id}/comments", get(parts::comments).post(parts::comment))
        .route("/{object}/{id}/comments/{comment}", delete(parts::delete_comment))
        .route("/{object}/{id}/files", get(parts::files).post(parts::attach))
        .route("/{object}/{id}/files/{file}", get(parts::file).delete(parts::detach))
        .route("/{object}/{id}/files/{file}/versions", get(parts::versions).post(parts::revise))
        .route("/{object}/{id}/files/{file}/restore", post(parts::bring_back))
        .route("/{object}/{id}/{action}", post(acts::act))
        .fallback(request::no_such_route)
        .method_not_allowed_fallback(request::no_such_method)
        .layer(tower_http::catch_panic::CatchPanicLayer::custom(request::panicked))
        .layer(from_fn_with_state(app.clone(), request::guard))
        .with_state(app)
}

/// Routes of another layer that are entered as the API is: with a token, in a language, at a rate. Handlers find a
/// [`request::Ctx`] among the extensions of the request.
pub fn guarded(routes: Router, company: Company, rate: Rate) -> Router {
    let app = App::new(company, rate);
    routes
        .layer(tower_http::catch_panic::CatchPanicLayer::custom(request::panicked))
        .layer(from_fn_with_state(app, request::guard))
}

fn admin_routes() -> Router<App> {
    use admin::{imports, jobs, objects, providers, roles, settings, tokens, users, webhooks};
    Router::new()
        .route("/objects", get(objects::list))
        .route("/objects/plan", post(objects::plan))
        .route("/objects/apply", post(objects::apply))
        .route("/objects/{object}", delete(objects::remove))
        .route("/objects/{object}/fields/{field}", delete(objects::remove_field))
        .route("/users", get(users::list).post(users::create))
        .route("/users/{id}", get(users::get).patch(users::update))
        .route("/users/{id}/sessions", get(users::sessions).delete(users::end_sessions))
        .route("/users/{id}/sessions/{session}", delete(users::end_session))
        .route("/users/{id}/factors", get(users::factors).delete(users::reset_factors))
        .route("/users/{id}/accounts", get(users::accounts).delete(users::disconnect))
        .route("/users/{id}/tokens", get(tokens::list).post(tokens::create))
        .route("/users/{id}/tokens/{token}", delete(tokens::revoke))
        .route("/audit", get(access::audit))
        .route("/audit/verify", get(access::verify))
        .route("/roles", get(roles::list))
        .route("/roles/{key}", put(roles::put).delete(roles::remove))
        .route("/settings", get(settings::get).patch(settings::update))
        .route("/sign-in/providers", get(providers::list).post(providers::create))
        .route("/sign-in/providers/{key}", get(providers::get).patch(providers::update).delete(providers::remove))
        .route("/webhooks", get(webhooks::list).post(webhooks::create))
        .route("/webhooks/{id}", get(webhooks::get).patch(webhooks::update).delete(webhooks::remove))
        .route("/webhooks/{id}/deliveries", get(webhooks::deliveries))
        .route("/webhooks/{id}/deliveries/{delivery}/redeliver", post(webhooks::redeliver))
        .route("/jobs", get(jobs::list))
        .route("/jobs/{id}", get(jobs::get))
        .route("/jobs/{id}/retry", post(jobs::retry))
        .route("/jobs/{id}/stop", post(jobs::stop))
        .route("/imports", get(imports::list).post(imports::create))
        .route("/imports/{id}", get(imports::get).patch(imports::update).delete(imports::remove))
        .route("/imports/{id}/errors", get(imports::errors))
        .route("/imports/{id}/{verb}", post(imports::act))
}
