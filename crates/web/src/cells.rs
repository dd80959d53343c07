//! Editing one field where it stands, in a list or on a record page.
//!
//! `GET /{object}/{id}/cell/{field}` gives the control; `POST` to the same address answers with the field as it is
//! shown now and the new revision in `X-Revision`, or 422 with the control and what is wrong.

use crate::refusal::{Refusal, Reply, not_found};
use crate::sent::Sent;
use crate::visit::{Shown, Visit};
use axum::extract::Path;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use engine::Draft;
use kernel::{Fault, FaultKind, Field, Issue, Kind, Object, Outcome, Record, Value, Verb, parse};
use serde_json::Value as Json;
use std::sync::Arc;
use uuid::Uuid;

/// Object, record and field named in an address.
async fn found(visit: &Visit, key: &str, id: &str, field: &str) -> Result<(Arc<Object>, Record, Field), Refusal> {
    let object = visit.object(key)?;
    let id: Uuid = id.parse().map_err(|_| not_found())?;
    let record = visit.company.get(&visit.actor, key, id).await?;
    let field = object.get(field).filter(|f| f.writable() && visit.actor.sees(key, &f.key)).cloned().ok_or_else(not_found)?;
    Ok((object, record, field))
}

async fn shown(visit: &Visit, record: &Record) -> Outcome<Shown> {
    let mut conn = visit.company.db().read().await?;
    let titles = visit.company.titles_of(&mut conn, &visit.actor, std::slice::from_ref(record)).await?;
    Ok(Shown::of(&titles, visit.actor.lang()))
}

/// `GET /{object}/{id}/cell/{field}`
pub async fn edit(visit: Visit, Path((key, id, field)): Path<(String, String, String)>) -> Reply {
    let (object, record, field) = found(&visit, &key, &id, &field).await?;
    if !visit.actor.policy.writes(&key, &field.key) || !visit.company.may_on(&visit.actor, &record, &Verb::Update).await? {
        return Err(Fault::forbidden().into());
    }
    let titles = shown(&visit, &record).await?;
    let cx = visit.cx(&titles);
    let action = format!("/{}/{id}/cell/{}", object.key, field.key);
    Ok(visit.piece(ui::form::cell_editor(&field, record.get(&field.key), record.rev, &action, None, &cx)))
}

/// A value as a form sends it: texts as people write them, with any shape of digits.
pub fn parse_sent(kind: &Kind, json: &Json, ctx: &parse::Ctx) -> Result<Value, Issue> {
    let part = |key: &str| json.get(key).and_then(Json::as_str).unwrap_or_default();
    match (kind, json) {
        (Kind::Money, Json::Object(_)) => parse::from_text(kind, &format!("{} {}", part("amount"), part("currency")), ctx),
        (_, Json::String(text)) => parse::from_text(kind, text, ctx),
        _ => parse::from_json(kind, json, ctx),
    }
}

/// The value a form sent for one field; none when the form did not have it.
///
/// # Errors
/// Invalid, with what was typed still in `sent`.
pub fn value_of(visit: &Visit, field: &Field, sent: &Sent) -> Result<Option<Value>, Issue> {
    let Some(json) = ui::form::read_field(field, &sent.pairs) else { return Ok(None) };
    let value = parse_sent(&field.kind, &json, &visit.ctx());
    value.map(Some).map_err(|i| Issue { field: field.key.clone(), ..i })
}

/// `POST /{object}/{id}/cell/{field}`
pub async fn save(visit: Visit, Path((key, id, name)): Path<(String, String, String)>, sent: Sent) -> Reply {
    let (object, record, field) = found(&visit, &key, &id, &name).await?;
    let saved = match value_of(&visit, &field, &sent) {
        Ok(None) => return Err(Fault::new(FaultKind::BadRequest).into()),
        Ok(Some(value)) => write(&visit, &object, &record, &field, value, sent.rev()).await,
        Err(issue) => Err(Fault::issue(issue)),
    };
    let record = match saved {
        Ok(r) => r,
        Err(fault) if fault.kind == FaultKind::Invalid && visit.scripted => return Ok(refused(&visit, &object, &record, &field, &sent, &fault).await?),
        Err(fault) => return Err(fault.into()),
    };
    if !visit.scripted {
        return Ok(visit.back(sent.get("back"), &format!("/{key}/{id}"), "web-said-saved"));
    }
    let titles = shown(&visit, &record).await?;
    let cx = visit.cx(&titles);
    let mut response = visit.piece(ui::cell::cell(&field, record.get(&field.key), &cx));
    response.headers_mut().insert(HeaderName::from_static("x-revision"), HeaderValue::from(record.rev));
    Ok(response)
}

/// Saves one field. When others were changed meanwhile, but not this one, the change still goes in.
async fn write(visit: &Visit, object: &Object, seen: &Record, field: &Field, value: Value, rev: Option<i64>) -> Outcome<Record> {
    let mut rev = rev;
    if rev.is_some_and(|r| r < seen.rev) {
        let changed = crate::conflict::changed_since(visit, &object.key, seen.id, rev.unwrap_or_default()).await?;
        if !changed.contains_key(&field.key) {
            rev = Some(seen.rev);
        }
    }
    let mut draft = Draft::of(seen.id).set(&field.key, value);
    draft.rev = rev;
    visit.save(&object.key, draft).await?;
    visit.company.get(&visit.actor, &object.key, seen.id).await
}

async fn refused(visit: &Visit, object: &Object, record: &Record, field: &Field, sent: &Sent, fault: &Fault) -> Outcome<Response> {
    let titles = shown(visit, record).await?;
    let cx = visit.cx(&titles);
    let issue = fault.issues.iter().find(|i| i.field == field.key).or(fault.issues.first());
    let text = issue.map_or_else(|| cx.t(fault.title_key()), |i| cx.issue(i));
    let typed = sent.get(&field.key);
    let value = if typed.is_empty() { record.get(&field.key).clone() } else { Value::Text(typed.to_owned()) };
    let action = format!("/{}/{}/cell/{}", object.key, record.id, field.key);
    let rev = sent.rev().unwrap_or(record.rev);
    let mut response = visit.piece(ui::form::cell_editor(field, &value, rev, &action, Some(&text), &cx));
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}
