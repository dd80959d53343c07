//! The built front end (`web/dist`), compiled into the binary. Without it pages are plain but whole.

use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Dist;

/// The addresses of style sheet, script and fonts, from the bundler's manifest.
pub fn addresses() -> ui::shell::Assets {
    let manifest = Dist::get("manifest.json");
    let json = manifest.as_ref().and_then(|f| std::str::from_utf8(&f.data).ok()).unwrap_or_default();
    ui::shell::Assets::from_manifest(json, "/")
}

/// `GET /assets/{file}`: names carry a hash of the content, so they are kept for a year.
pub async fn serve(Path(file): Path<String>) -> Response {
    let Some(found) = Dist::get(&format!("assets/{file}")) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let media = HeaderValue::from_str(found.metadata.mimetype()).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let body = match found.data {
        std::borrow::Cow::Borrowed(bytes) => Body::from(bytes),
        std::borrow::Cow::Owned(bytes) => Body::from(bytes),
    };
    let headers = [
        (header::CONTENT_TYPE, media),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    (headers, body).into_response()
}

/// `GET /sw.js`: the script that shows pushed notices; at the root, so that it serves every page, and never kept.
pub async fn worker() -> Response {
    let Some(found) = Dist::get("sw.js") else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'")),
    ];
    (headers, Body::from(found.data.into_owned())).into_response()
}

/// `GET /favicon.ico`: the mark of the product, which browsers ask for by themselves.
pub async fn icon() -> Response {
    const MARK: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 28" fill="none"><rect width="28" height="28" rx="8" fill="#00646b"/><path d="M6 15.2c0-3 2.1-5.2 4.7-5.2 4.3 0 4.3 8 8.4 8 1.7 0 2.9-1.4 2.9-3.2" stroke="#fff" stroke-width="2.6" stroke-linecap="round"/><circle cx="19.6" cy="9.6" r="1.7" fill="#fff"/></svg>"##;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml")),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400")),
    ];
    (headers, MARK).into_response()
}
