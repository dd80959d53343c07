//! One object: read, stored, removed. A version that was not seen is never written over (`If-Match`).

use crate::place::Place;
use crate::props::{collection, source};
use crate::{Answer, Ask, Refusal};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::IntoResponse;
use engine::dav::{Put, Shelf};
use kernel::{Fault, FaultKind};

/// The one version a condition names, without quotation marks; `*` as it stands.
fn version(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let text = headers.get(name)?.to_str().ok()?.trim();
    let text = text.strip_prefix("W/").unwrap_or(text);
    Some(text.trim_matches('"').to_owned())
}

fn media(shelf: Shelf) -> &'static str {
    if shelf == Shelf::Calendars { "text/calendar; charset=utf-8" } else { "text/vcard; charset=utf-8" }
}

pub async fn get(ask: &Ask, place: &Place) -> Answer {
    let Place::Member(shelf, _, key, name) = place else {
        // Somebody looks at it with a browser.
        return Ok((StatusCode::OK, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], "CalDAV, CardDAV\n").into_response());
    };
    let source = source(ask, *shelf)?;
    let found = (source.read)(&ask.company, &ask.actor, key, std::slice::from_ref(name)).await?;
    let (item, text) = found.into_iter().next().ok_or_else(Fault::not_found)?;
    if version(&ask.headers, header::IF_NONE_MATCH).is_some_and(|v| v == item.etag || v == "*") {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, media(*shelf).to_owned()), (header::ETAG, format!("\"{}\"", item.etag))], text).into_response())
}

pub async fn put(ask: &Ask, place: &Place, body: &[u8]) -> Answer {
    let Place::Member(shelf, _, key, name) = place else { return Err(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "")) };
    let c = collection(ask, *shelf, key).await?;
    if !c.writable {
        return Err(Refusal::new(StatusCode::FORBIDDEN, "D:need-privileges"));
    }
    let valid = if *shelf == Shelf::Calendars { "C:valid-calendar-data" } else { "A:valid-address-data" };
    if body.len() > ical::content::MAX_BYTES {
        return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, if *shelf == Shelf::Calendars { "C:max-resource-size" } else { "A:max-resource-size" }));
    }
    let text = std::str::from_utf8(body).map_err(|_| Refusal::new(StatusCode::FORBIDDEN, valid))?.to_owned();
    let source = source(ask, *shelf)?;
    let matches = version(&ask.headers, header::IF_MATCH);
    let absent = version(&ask.headers, header::IF_NONE_MATCH).is_some_and(|v| v == "*");
    let (key, name) = (key.clone(), name.clone());
    let there = !(source.read)(&ask.company, &ask.actor, &key, std::slice::from_ref(&name)).await?.is_empty();
    let stored = ask
        .company
        .transact(&ask.actor, move |cx| {
            let (key, name, text, matches) = (key.clone(), name.clone(), text.clone(), matches.clone());
            Box::pin(async move { (source.put)(cx, Put { collection: &key, name: &name, text: &text, matches: matches.as_deref(), absent }).await })
        })
        .await;
    // No version is given back: what is stored is not what was sent, letter by letter, and the program reads it anew.
    match stored {
        Ok(_) => Ok(if there { StatusCode::NO_CONTENT } else { StatusCode::CREATED }.into_response()),
        Err(fault) if fault.kind == FaultKind::Invalid => {
            let taken = fault.issues.iter().any(|i| i.key == "ical-uid-taken");
            let kind = fault.issues.iter().any(|i| i.key == "ical-wrong-collection");
            let condition = match (taken, kind) {
                (true, _) => "C:no-uid-conflict",
                (_, true) => "C:supported-calendar-component",
                _ => valid,
            };
            Err(Refusal { status: StatusCode::FORBIDDEN, condition, fault })
        }
        Err(fault) => Err(fault.into()),
    }
}

pub async fn delete(ask: &Ask, place: &Place) -> Answer {
    let Place::Member(shelf, _, key, name) = place else { return Err(Refusal::new(StatusCode::FORBIDDEN, "")) };
    let source = source(ask, *shelf)?;
    let matches = version(&ask.headers, header::IF_MATCH);
    let (key, name) = (key.clone(), name.clone());
    ask.company
        .transact(&ask.actor, move |cx| {
            let (key, name, matches) = (key.clone(), name.clone(), matches.clone());
            Box::pin(async move { (source.delete)(cx, &key, &name, matches.as_deref()).await })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
