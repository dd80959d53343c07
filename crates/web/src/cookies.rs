//! Cookies: reading those that came, writing those that go.

use crate::site::Site;
use axum::http::{HeaderMap, HeaderValue, header};

/// The language of somebody who is not signed in.
pub const LANG: &str = "sila_lang";
/// How close lines stand; read here so that no page needs a query for it.
pub const DENSITY: &str = "sila_density";
/// `rail` when the side bar shows icons only; written by the page's script.
pub const NAV: &str = "nav";
/// What to say on the next page: the key of a sentence.
pub const SAY: &str = "sila_say";

/// The value of a cookie.
pub fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|p| p.trim().split_once('='))
        .find(|(n, _)| *n == name)
        .map(|(_, v)| v)
}

/// A `Set-Cookie` that lives `seconds` (0 removes it). Names and values here are plain ASCII without separators.
pub fn set(site: &Site, name: &str, value: &str, seconds: i64) -> HeaderValue {
    let secure = if site.options().secure_cookies { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("sila_none=; Max-Age=0"))
}

pub const YEAR: i64 = 365 * 24 * 3600;
