//! Sila for assistants: the Model Context Protocol over the same registry, rules and tokens as everything else.
//!
//! Nothing here knows an object: tools, templates and answers are made from the registry, in the shapes of the API.
//! - [`router`]: `/mcp`, entered with an API token; `door`: origins and sessions; `server`: the protocol, which the
//!   crate `rmcp` speaks for us (it is known here alone, see docs/adr/0028);
//! - `tools`: what there is to call; `reading`: search, describe, list, read, summarise; `resources`: records by address;
//! - `writing`: propose, confirm, reject;
//! - `refusal`: faults in the words of the caller's language.
//!
//! Invariant: an answer holds what the API would give the same token, never more.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

mod asked;
mod door;
mod reading;
mod refusal;
mod resources;
mod server;
mod tools;
mod writing;

use api::{Buckets, Rate};
use axum::Router;
use axum::middleware::from_fn;
use engine::Company;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use std::sync::Arc;

/// Where assistants connect to.
pub const PATH: &str = "/mcp";
/// The most bytes of a message.
pub const MAX_BODY: usize = 1024 * 1024;

/// The address for assistants. `rate`: of everything one person's tokens ask, beside the limits of each token.
pub fn router(company: Company, rate: Rate) -> Router {
    let buckets = Arc::new(Buckets::new(Rate::limit(0)));
    // Each request stands for itself: no node has to remember a session. Origins are looked at by `door`, and whoever
    // comes has a token, which no other site can send.
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .disable_allowed_hosts()
        .with_max_request_body_bytes(MAX_BODY);
    let sessions = Arc::new(NeverSessionManager::default());
    let service = StreamableHttpService::new(move || Ok(server::Server::new(buckets.clone())), sessions, config);
    let routes = Router::new().route_service(PATH, service).layer(from_fn(door::door));
    api::guarded(routes, company, rate)
}
