//! Two people changed one record: what each of them did, and the way to bring both together.
//!
//! What the second one saw is rebuilt from the audit: the record as it is now, with every change after his revision
//! taken back. Fields only one of them touched need no question. Whoever typed into a record that was merged away
//! meanwhile saw that one.

use crate::refusal::Reply;
use crate::sent::Sent;
use crate::visit::{Shown, Visit};
use axum::http::StatusCode;
use indexmap::IndexMap;
use kernel::{Fault, FaultKind, Object, Outcome, Record, Value, parse};
use serde_json::Value as Json;
use std::collections::HashMap;
use ui::form::Conflict;
use uuid::Uuid;

/// What the fields changed after `rev` were before that: field → value as the audit has it.
///
/// # Errors
/// Not found; the database.
pub async fn changed_since(visit: &Visit, object: &str, id: Uuid, rev: i64) -> Outcome<HashMap<String, Json>> {
    let mut before = HashMap::new();
    // Newest first: the oldest change after `rev` is written last and stays.
    for entry in visit.company.history(&visit.actor, object, id, 500).await? {
        if entry.rev <= rev || entry.record != id {
            continue;
        }
        if let Json::Object(changes) = entry.changes {
            for (field, pair) in changes {
                before.insert(field, pair.get(0).cloned().unwrap_or(Json::Null));
            }
        }
    }
    Ok(before)
}

/// What the person who sent the form had before him.
enum Seen {
    /// The record before these changes.
    Before(HashMap<String, Json>),
    /// Another record, which has become part of this one.
    Other(Box<Record>),
}

/// What the person who sent `yours` saw of a field.
fn base(visit: &Visit, object: &Object, theirs: &Record, seen: &Seen, field: &str) -> Value {
    let changed = match seen {
        Seen::Before(changed) => changed,
        Seen::Other(record) => return record.get(field).clone(),
    };
    match (changed.get(field), object.get(field)) {
        (Some(json), Some(f)) => parse::from_json(&f.kind, json, &visit.ctx()).unwrap_or_default(),
        _ => theirs.get(field).clone(),
    }
}

fn disputes<'a>(visit: &Visit, object: &'a Object, theirs: &Record, yours: &IndexMap<String, Value>, seen: &Seen) -> Vec<Conflict<'a>> {
    let mut rows = Vec::new();
    for (key, mine) in yours {
        let Some(field) = object.get(key) else { continue };
        let base = base(visit, object, theirs, seen, key);
        let their = theirs.get(key);
        let other = matches!(seen, Seen::Other(_));
        if *mine != base && (other || *their != base) && mine != their {
            rows.push(Conflict { field, base, theirs: their.clone(), yours: mine.clone() });
        }
    }
    rows
}

/// The values to write when nobody touched what the other touched; none when there is something to decide.
///
/// # Errors
/// Not found; the database.
pub async fn merge(visit: &Visit, object: &Object, theirs: &Record, yours: &IndexMap<String, Value>, rev: i64) -> Outcome<Option<IndexMap<String, Value>>> {
    let seen = Seen::Before(changed_since(visit, &object.key, theirs.id, rev).await?);
    if !disputes(visit, object, theirs, yours, &seen).is_empty() {
        return Ok(None);
    }
    // What I did not touch keeps what the other made of it.
    let mine = yours.iter().filter(|(k, v)| base(visit, object, theirs, &seen, k) != **v);
    Ok(Some(mine.map(|(k, v)| (k.clone(), v.clone())).collect()))
}

/// Takes out of a form the fields for which the other's version was picked.
pub fn settle(sent: &mut Sent) {
    let dropped: Vec<String> =
        sent.pairs.iter().filter(|(_, v)| v == "theirs").filter_map(|(n, _)| n.strip_prefix("pick.")).map(str::to_owned).collect();
    sent.pairs.retain(|(n, _)| {
        let own = n.strip_prefix('_').map_or(n.as_str(), |_| "");
        !dropped.iter().any(|d| own == d || own.strip_prefix(d.as_str()).is_some_and(|rest| rest.starts_with('.')))
    });
}

/// The form with base, theirs and yours. Everything that was typed is carried along.
pub async fn page(visit: &Visit, object: &Object, id: Uuid, yours: &IndexMap<String, Value>, rev: i64, sent: &Sent) -> Reply {
    let seen = Seen::Before(changed_since(visit, &object.key, id, rev).await?);
    ask(visit, object, id, yours, seen, sent).await
}

/// The same for a form of a record that went into another one in the meantime. Where nothing is left to decide, the way
/// to the one that stayed.
///
/// # Errors
/// `fault`, when it did not.
pub async fn moved(visit: &Visit, object: &Object, id: Uuid, fault: Fault, sent: &Sent) -> Reply {
    let (to, was) = match (visit.company.merged_into(&visit.actor, &object.key, id).await?, visit.company.before_merge(&visit.actor, &object.key, id).await?) {
        (Some(to), Some(was)) if fault.kind == FaultKind::NotFound => (to, was),
        _ => return crate::merging::moved(visit, &object.key, id, fault).await,
    };
    let read = crate::form::read(visit, &crate::form::fields(visit, object, Some(&was)), sent).await?;
    let theirs = visit.company.get(&visit.actor, &object.key, to).await?;
    let seen = Seen::Other(Box::new(was));
    if disputes(visit, object, &theirs, &read.values, &seen).is_empty() {
        return Ok(visit.go(&format!("/{}/{to}", object.key), "merge-said-moved"));
    }
    ask(visit, object, to, &read.values, seen, sent).await
}

async fn ask(visit: &Visit, object: &Object, id: Uuid, yours: &IndexMap<String, Value>, seen: Seen, sent: &Sent) -> Reply {
    let theirs = visit.company.get(&visit.actor, &object.key, id).await?;
    let rows = disputes(visit, object, &theirs, yours, &seen);
    let mut sides = vec![theirs.clone()];
    for pick in [|c: &Conflict<'_>| c.base.clone(), |c: &Conflict<'_>| c.yours.clone()] {
        let mut r = Record::new(object.key.clone(), id);
        for c in &rows {
            r.set(c.field.key.clone(), pick(c));
        }
        sides.push(r);
    }
    let last = visit.company.history(&visit.actor, &object.key, id, 1).await?.into_iter().next().and_then(|e| e.actor);
    let mut conn = visit.company.db().read().await?;
    let mut titles = visit.company.titles_of(&mut conn, &visit.actor, &sides).await?;
    if let Some(who) = last {
        let wanted = std::collections::BTreeMap::from([("user".to_owned(), std::collections::BTreeSet::from([who]))]);
        titles.extend(visit.company.titles(&mut conn, &visit.actor, &wanted).await?);
    }
    drop(conn);
    let titles = Shown::of(&titles, visit.actor.lang());
    let cx = visit.cx(&titles);
    let who = last.map(|id| cx.title_of(id).to_owned()).filter(|n| !n.is_empty()).unwrap_or_else(|| cx.t("web-somebody"));
    // A field I did not touch goes back out, so that saving does not take the other's change away again.
    let untouched: Vec<&String> = yours.iter().filter(|(k, v)| base(visit, object, &theirs, &seen, k) == **v).map(|(k, _)| k).collect();
    let owner = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    let carry: Vec<(String, String)> =
        sent.pairs.iter().filter(|(n, _)| !n.starts_with('_') && !n.starts_with("pick.") && !untouched.iter().any(|u| **u == owner(n))).cloned().collect();
    let action = format!("/{}/{id}/edit", object.key);
    let form = ui::form::conflict_form(&action, &who, theirs.rev, &rows, &carry, &format!("/{}/{id}", object.key), &cx);
    let title = crate::list::title(object, &theirs, cx.lang());
    let mut response = visit.page(&title, &ui::shell::simple_page(&title, "", &maud::html! {}, &form));
    *response.status_mut() = StatusCode::CONFLICT;
    Ok(response)
}
