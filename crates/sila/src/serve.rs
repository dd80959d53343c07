//! The server: pages, API and calendar access of one company, its health, its measures, and an orderly end.

use crate::config::Config;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use engine::Company;
use engine::runner::{Options, Runner};
use kernel::{Fault, Outcome};
use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// Everything the server answers.
pub fn router(company: &Company, config: &Config) -> Router {
    let health = Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .with_state(company.clone());
    let mut app = pages(company, config).merge(health);
    if config.metrics {
        app = app.merge(Router::new().route("/metrics", get(measures)).with_state(company.clone()));
    }
    let gate = crate::gate::Gate { company: company.clone(), behind_proxy: config.behind_proxy };
    app = app.layer(axum::middleware::from_fn_with_state(gate, crate::gate::gate));
    // A fault of ours costs one answer, not the connection; the panic itself goes to the log.
    app.layer(tower_http::catch_panic::CatchPanicLayer::new()).layer(axum::middleware::from_fn(crate::telemetry::observe))
}

/// Pages, API, and the layer for calendar and address book programs.
fn pages(company: &Company, config: &Config) -> Router {
    let options = web::Options {
        secure_cookies: config.secure_cookies,
        behind_proxy: config.behind_proxy,
        upload_limit: config.upload_limit << 20,
        ..web::Options::default()
    };
    let rate = || api::Rate::limit(config.api_rate);
    web::router(company.clone(), options)
        .nest("/api/v1", api::router_with(company.clone(), rate()))
        .nest(api::scim::MOUNT, api::scim::router(company.clone(), rate()))
        .nest_service("/dav", dav::router(company.clone(), dav::Options { behind_proxy: config.behind_proxy }))
        .merge(dav::well_known())
        .merge(mcp::router(company.clone(), rate()))
}

/// The durable work of the program around the modules: letters, web hooks.
pub fn jobs() -> Vec<engine::JobKind> {
    auth::jobs().into_iter().chain(api::jobs()).chain(push::jobs()).collect()
}

/// Ready to take requests: the database answers.
async fn ready(State(company): State<Company>) -> Response {
    match company.db().check().await {
        Ok(()) => "ready\n".into_response(),
        Err(fault) => {
            tracing::warn!(%fault, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}

/// Prometheus text, with the state of the job queue read now.
async fn measures(State(company): State<Company>) -> Response {
    let Some(handle) = crate::telemetry::measures() else { return StatusCode::NOT_FOUND.into_response() };
    match crate::commands::doctor::jobs(&company).await {
        Ok(states) => {
            for (state, n) in states {
                #[allow(clippy::cast_precision_loss)]
                metrics::gauge!("sila_jobs", "state" => state).set(n as f64);
            }
        }
        Err(fault) => tracing::warn!(%fault, "the job queue cannot be counted"),
    }
    ([("content-type", "text/plain; version=0.0.4; charset=utf-8")], handle.render()).into_response()
}

/// Serves until `stop` ends; then takes no more requests, gives those under way and the jobs their time, and closes the database.
///
/// # Errors
/// Unavailable: the address cannot be listened on.
pub async fn run(company: Company, config: &Config, stop: impl Future<Output = ()>) -> Outcome<()> {
    crate::telemetry::measures();
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|e| Fault::unavailable(format!("cannot listen on {}: {e}", config.listen)))?;
    let address = listener.local_addr().map_err(Fault::unavailable)?;
    company.reach_inside(config.reach_inside).await?;
    let grace = Duration::from_secs(config.grace);
    let runner = (config.jobs > 0).then(|| {
        let options = Options { concurrency: config.jobs, grace, ..Options::default() };
        Runner::start(company.clone(), jobs(), options)
    });
    let (stopping, mut stopped) = watch::channel(false);
    let closing = async move {
        // An error means the sender is gone: the server is ending anyway.
        let _ = stopped.wait_for(|s| *s).await;
    };
    tracing::info!(%address, "listening");
    let server = axum::serve(listener, router(&company, config).into_make_service_with_connect_info::<SocketAddr>()).with_graceful_shutdown(closing);
    let overtime = async {
        stop.await;
        tracing::info!("stopping");
        stopping.send_replace(true);
        tokio::time::sleep(grace).await;
    };
    let result = tokio::select! {
        ended = server => ended.map_err(|e| Fault::unavailable(format!("the server ended: {e}"))),
        // Open pages hold a stream for live updates; they connect again to the next process.
        () = overtime => Ok(()),
        () = follow(&company) => Ok(()),
    };
    if let Some(runner) = runner {
        runner.stop().await;
    }
    // Nobody reads any more: who looked at what is written down before the database closes.
    if let Err(fault) = company.seal_audit().await {
        tracing::error!(%fault, "the audit is not sealed");
    }
    company.db().close().await;
    tracing::info!("stopped");
    result
}

/// Takes over what other nodes declare or set: custom objects and fields, roles, settings. Never ends.
async fn follow(company: &Company) {
    use tokio::sync::broadcast::error::RecvError;
    let mut notices = company.db().subscribe();
    loop {
        match notices.recv().await {
            Ok(notice) if notice != "schema" => continue,
            // Missed notices may have been such.
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => std::future::pending().await,
        }
        if let Err(fault) = company.reload().await {
            tracing::warn!(%fault, "declarations of another node not taken over");
        }
    }
}

/// Ends when the process is asked to: SIGTERM, or Ctrl-C.
pub async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut term) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = term.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
