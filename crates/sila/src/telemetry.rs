//! Logs and measures.

use crate::config::{Config, LogFormat};
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use std::time::Instant;
use tracing_subscriber::EnvFilter;

/// Log lines go to standard error, so that standard output stays for results. Called once; later calls change nothing.
pub fn logs(config: &Config) {
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process (tests) finds the first one's.
    let _ = match config.log_format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
}

/// Seconds; a list should take 2 ms, an import minutes.
const BUCKETS: [f64; 11] = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

/// The process-wide recorder of measures.
pub fn measures() -> Option<&'static PrometheusHandle> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            PrometheusBuilder::new()
                .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &BUCKETS)
                .ok()?
                .install_recorder()
                .map_err(|error| tracing::error!(%error, "measures cannot be recorded"))
                .ok()
        })
        .as_ref()
}

/// Counts and times every request by route (never by address: ids would make endless series) and writes one log line for it.
pub async fn observe(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let path = request.uri().path().to_owned();
    metrics::gauge!("sila_http_requests_in_flight").increment(1.0);
    let response = next.run(request).await;
    metrics::gauge!("sila_http_requests_in_flight").decrement(1.0);
    let (took, status) = (began.elapsed(), response.status().as_u16());
    let labels = [("method", method.to_string()), ("route", route), ("status", status.to_string())];
    metrics::counter!("sila_http_requests_total", &labels).increment(1);
    metrics::histogram!("sila_http_request_duration_seconds", &labels).record(took.as_secs_f64());
    let ms = took.as_micros() as u64 / 1000;
    if status >= 500 {
        tracing::warn!(%method, path, status, ms, "request failed");
    } else {
        tracing::debug!(%method, path, status, ms, "request");
    }
    response
}
