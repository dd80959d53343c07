//! `PROPFIND`: a place and, when asked, what is in it.

use crate::place::Place;
use crate::props::{Resource, collection, needs_state, needs_text, source, split, usual};
use crate::xml::{D, Many, Name, child, is, names, parse};
use crate::{Answer, Ask, Refusal, sync};
use axum::http::StatusCode;
use engine::dav::Shelf;
use kernel::{Fault, FaultKind};

/// The properties a `PROPFIND` asks for; nothing said: the usual ones.
fn asked(body: &[u8]) -> Result<Vec<Name>, Refusal> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(usual());
    }
    let doc = parse(body)?;
    let root = doc.root_element();
    if !is(&root, D, "propfind") {
        return Err(Refusal::new(StatusCode::BAD_REQUEST, ""));
    }
    Ok(child(root, D, "prop").map_or_else(usual, names))
}

pub async fn propfind(ask: &Ask, place: &Place, body: &[u8]) -> Answer {
    let names = asked(body)?;
    let depth = ask.headers.get("depth").and_then(|v| v.to_str().ok()).unwrap_or("infinity");
    // Whole trees are never what a program needs.
    if depth == "infinity" && !matches!(place, Place::Member(..)) {
        return Err(Refusal::new(StatusCode::FORBIDDEN, "D:propfind-finite-depth"));
    }
    let deep = depth == "1";
    let me = ask.actor.id;
    let mut many = Many::new();
    let say = |many: &mut Many, place: &Place, resource: &Resource| {
        let (found, missing) = split(ask, resource, &names);
        many.props(&place.href(), &found, &missing);
    };
    match place {
        Place::Root | Place::Principals => {
            say(&mut many, place, &Resource::Root);
            if deep {
                say(&mut many, &Place::Principal(me), &Resource::Principal);
            }
        }
        Place::Principal(_) => say(&mut many, place, &Resource::Principal),
        Place::Home(shelf, _) => {
            let source = source(ask, *shelf)?;
            say(&mut many, place, &Resource::Home);
            if deep {
                for c in (source.collections)(&ask.company, &ask.actor).await? {
                    let seq = if names.iter().any(needs_state) { sync::now(ask, &source, &c.key).await? } else { 0 };
                    let there = Place::Collection(*shelf, me, c.key.clone());
                    say(&mut many, &there, &Resource::Collection(*shelf, c, seq));
                }
            }
        }
        Place::Collection(shelf, _, key) => {
            let source = source(ask, *shelf)?;
            let c = collection(ask, *shelf, key).await?;
            let seq = if names.iter().any(needs_state) { sync::now(ask, &source, key).await? } else { 0 };
            say(&mut many, place, &Resource::Collection(*shelf, c, seq));
            if deep {
                for item in (source.items)(&ask.company, &ask.actor, key).await? {
                    let there = Place::Member(*shelf, me, key.clone(), item.name.clone());
                    say(&mut many, &there, &Resource::Member(*shelf, item, None));
                }
            }
        }
        Place::Member(shelf, _, key, name) => {
            let resource = member(ask, *shelf, key, name, names.iter().any(needs_text)).await?;
            say(&mut many, place, &resource);
        }
    }
    Ok(many.answer())
}

async fn member(ask: &Ask, shelf: Shelf, key: &str, name: &str, text: bool) -> Result<Resource, Refusal> {
    let source = source(ask, shelf)?;
    let found = (source.read)(&ask.company, &ask.actor, key, &[name.to_owned()]).await?;
    let (item, body) = found.into_iter().next().ok_or_else(Fault::not_found)?;
    Ok(Resource::Member(shelf, item, text.then_some(body)))
}

/// Names and colours of collections follow from people and teams: each property is refused, the request is understood.
pub async fn proppatch(_: &Ask, place: &Place, body: &[u8]) -> Answer {
    let doc = parse(body)?;
    let root = doc.root_element();
    if !is(&root, D, "propertyupdate") {
        return Err(Fault::new(FaultKind::BadRequest).into());
    }
    let all: Vec<Name> = root.descendants().filter(|n| is(n, D, "prop")).flat_map(names).collect();
    let mut many = Many::new();
    many.refused(&place.href(), &all);
    Ok(many.answer())
}
