//! Who asks. The user name is his e-mail address, the password an access token with the scope `dav`: a phone that is
//! lost costs one token, not the password.

use auth::Secret;
use auth::throttle::{self, Attempt};
use axum::http::{HeaderMap, header};
use base64::Engine;
use engine::dav::Shelf;
use engine::{Actor, Company};
use kernel::{Fault, FaultKind, Outcome};

pub async fn actor(company: &Company, headers: &HeaderMap, address: &str) -> Outcome<Actor> {
    let nobody = || Fault::new(FaultKind::Unauthenticated);
    let (name, password) = basic(headers).ok_or_else(nobody)?;
    let found = auth::actor_of_token(company, &Secret::new(&password)).await?;
    let named = found.filter(|a| a.email.eq_ignore_ascii_case(name.trim()));
    let Some(mut actor) = named.filter(|a| a.scopes.iter().flatten().any(|s| s == "dav")) else {
        // Only what fails is counted: a phone asks every few minutes and must not write each time.
        throttle::begin(company, &Attempt::new("dav", &name, address)).await?;
        return Err(nobody());
    };
    // Of all he may do, what concerns the collections.
    let sources = [Shelf::Calendars, Shelf::Cards].into_iter().filter_map(|s| company.dav(s));
    let objects = sources.flat_map(|s| s.objects.iter());
    actor.scopes = Some(objects.map(|o| format!("{o}:*")).collect());
    actor.request = uuid::Uuid::now_v7().simple().to_string();
    Ok(actor)
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, coded) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") || coded.len() > 1_000 {
        return None;
    }
    let bytes = base64::engine::general_purpose::STANDARD.decode(coded.trim()).ok()?;
    let (name, password) = std::str::from_utf8(&bytes).ok()?.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}
