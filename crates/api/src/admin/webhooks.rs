//! Webhooks: which addresses hear of which events, and what became of each delivery.

use super::moment;
use crate::once::Reply;
use crate::params::{self, Params, Payload, id};
use crate::problem::Answer;
use crate::request::Ctx;
use auth::Secret;
use axum::extract::Path;
use axum::response::IntoResponse;
use kernel::{Cell, ColumnType, Fault, Issue, Outcome};
use serde_json::{Value as Json, json};
use uuid::Uuid;

async fn load(ctx: &Ctx, only: Option<Uuid>) -> Outcome<Vec<Json>> {
    use ColumnType::{Id, Int, Text};
    let mut conn = ctx.company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT id, url, events, active, at FROM sila_webhook");
    if let Some(id) = only {
        sql.push(" WHERE id = ").bind(id);
    }
    sql.push(" ORDER BY at, id LIMIT 500");
    let rows = conn.rows(&sql, &[Id, Text, Text, Int, Int]).await?;
    let one = |r: &Vec<Cell>| {
        let events: Vec<&str> = r.get(2).and_then(Cell::text).unwrap_or_default().split(',').filter(|e| !e.is_empty()).collect();
        json!({
            "id": r.first().and_then(Cell::id), "url": r.get(1).and_then(Cell::text), "events": events,
            "active": r.get(3).and_then(Cell::int) == Some(1), "at": moment(r.get(4).and_then(Cell::int)),
        })
    };
    Ok(rows.iter().map(one).collect())
}

async fn found(ctx: &Ctx, hook: Uuid) -> Outcome<Json> {
    load(ctx, Some(hook)).await?.pop().ok_or_else(Fault::not_found)
}

/// `GET /admin/webhooks`
pub(crate) async fn list(ctx: Ctx, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    Ok(axum::Json(json!({"data": load(&ctx, None).await?})).into_response())
}

/// `GET /admin/webhooks/{id}`
pub(crate) async fn get(ctx: Ctx, Path(hook): Path<String>, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    Ok(axum::Json(found(&ctx, id(&hook)?).await?).into_response())
}

fn check(ctx: &Ctx, url: Option<&str>, events: Option<&[String]>) -> Outcome<()> {
    let mut issues = Vec::new();
    if let Some(url) = url
        && outside::address::parse(url).is_err()
    {
        issues.push(Issue::new("url", "outside-bad-url"));
    }
    let registry = ctx.company.registry();
    if let Some(events) = events {
        if events.is_empty() {
            issues.push(Issue::new("events", "value-required"));
        }
        for e in events {
            let known = e == "*" || e.split_once('.').is_some_and(|(o, verb)| {
                registry.find(o).is_some() && (verb == "*" || kernel::registry::valid_key(verb))
            });
            if !known {
                issues.push(Issue::new("events", "api-bad-event").arg("name", e));
            }
        }
    }
    Fault::check(issues)
}

/// `POST /admin/webhooks`: `{"url","events"}`; the secret is in this answer and nowhere else.
pub(crate) async fn create(ctx: Ctx, params: Params, payload: Payload) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let mut body = payload.object()?;
    let url: String = params::take(&mut body, "url")?.unwrap_or_default();
    let events: Vec<String> = params::take(&mut body, "events")?.unwrap_or_default();
    let active: bool = params::take(&mut body, "active")?.unwrap_or(true);
    params::done(&body, &["url", "events", "active"])?;
    check(&ctx, Some(&url), Some(&events))?;
    let secret = Secret::random("whsec_");
    let mut cx = ctx.company.write(&ctx.actor).await?;
    let hook = cx.new_id();
    let row = vec![
        hook.into(),
        url.into(),
        secret.reveal().into(),
        events.join(",").into(),
        active.into(),
        cx.now.into(),
        ctx.actor.id.into(),
    ];
    let columns = ["id", "url", "secret", "events", "active", "at", "by"];
    store::rows::insert_many(&mut cx.tx, "sila_webhook", &columns, vec![row]).await?;
    cx.commit().await?;
    let mut shown = found(&ctx, hook).await?;
    if let Json::Object(map) = &mut shown {
        map.insert("secret".into(), json!(secret.reveal()));
    }
    Ok(Reply::new(201, shown).header("location", format!("{}/admin/webhooks/{hook}", crate::MOUNT)).into_response())
}

/// `PATCH /admin/webhooks/{id}`: `{"url","events","active"}`
pub(crate) async fn update(ctx: Ctx, Path(hook): Path<String>, params: Params, payload: Payload) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let hook = id(&hook)?;
    let mut body = payload.object()?;
    let url: Option<String> = params::take(&mut body, "url")?;
    let events: Option<Vec<String>> = params::take(&mut body, "events")?;
    let active: Option<bool> = params::take(&mut body, "active")?;
    params::done(&body, &["url", "events", "active"])?;
    check(&ctx, url.as_deref(), events.as_deref())?;
    let changes: Vec<(&str, Cell)> = [
        url.map(|u| ("url", u.into())),
        events.map(|e| ("events", e.join(",").into())),
        active.map(|a| ("active", a.into())),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !changes.is_empty() {
        let mut cx = ctx.company.write(&ctx.actor).await?;
        let mut sql = cx.tx.sql();
        sql.push("UPDATE sila_webhook SET ");
        for (i, (column, cell)) in changes.into_iter().enumerate() {
            sql.push(if i == 0 { "" } else { ", " }).ident(column).push(" = ").bind(cell);
        }
        sql.push(" WHERE id = ").bind(hook);
        cx.tx.exec(&sql).await?;
        cx.commit().await?;
    }
    Ok(axum::Json(found(&ctx, hook).await?).into_response())
}

/// `DELETE /admin/webhooks/{id}`: with its deliveries.
pub(crate) async fn remove(ctx: Ctx, Path(hook): Path<String>, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let hook = id(&hook)?;
    let mut cx = ctx.company.write(&ctx.actor).await?;
    let mut sql = cx.tx.sql();
    sql.push("DELETE FROM sila_delivery WHERE webhook = ").bind(hook);
    cx.tx.exec(&sql).await?;
    let mut sql = cx.tx.sql();
    sql.push("DELETE FROM sila_webhook WHERE id = ").bind(hook);
    if cx.tx.exec(&sql).await? == 0 {
        return Err(Fault::not_found().into());
    }
    cx.commit().await?;
    Ok(Reply::new(204, Json::Null).into_response())
}

/// `GET /admin/webhooks/{id}/deliveries`: the latest first.
pub(crate) async fn deliveries(ctx: Ctx, Path(hook): Path<String>, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&["limit"])?;
    let hook = id(&hook)?;
    found(&ctx, hook).await?;
    let limit = params.number("limit", 50, 1, 500)?;
    use ColumnType::{Id, Int, Text};
    let mut conn = ctx.company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT d.id, d.event, e.kind, e.object, e.record_id, d.status, d.attempts, d.response_code, d.last_error, d.at");
    sql.push(" FROM sila_delivery d LEFT JOIN sila_event e ON e.id = d.event WHERE d.webhook = ").bind(hook);
    sql.push(&format!(" ORDER BY d.at DESC, d.id DESC LIMIT {limit}"));
    let rows = conn.rows(&sql, &[Id, Id, Text, Text, Id, Text, Int, Int, Text, Int]).await?;
    let one = |r: &Vec<Cell>| {
        let (id, text, int) = (|i: usize| r.get(i).and_then(Cell::id), |i: usize| r.get(i).and_then(Cell::text), |i: usize| r.get(i).and_then(Cell::int));
        json!({
            "id": id(0), "event": id(1), "kind": text(2), "object": text(3), "record_id": id(4), "status": text(5),
            "attempts": int(6), "response_code": int(7), "error": text(8), "at": moment(int(9)),
        })
    };
    Ok(axum::Json(json!({"data": rows.iter().map(one).collect::<Vec<_>>()})).into_response())
}

/// `POST /admin/webhooks/{id}/deliveries/{delivery}/redeliver`
pub(crate) async fn redeliver(ctx: Ctx, Path((hook, delivery)): Path<(String, String)>, params: Params, _: Payload) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let (hook, delivery) = (id(&hook)?, id(&delivery)?);
    let mut cx = ctx.company.write(&ctx.actor).await?;
    let mut sql = cx.tx.sql();
    sql.push("SELECT event FROM sila_delivery WHERE id = ").bind(delivery).push(" AND webhook = ").bind(hook);
    let row = cx.tx.row(&sql, &[ColumnType::Id]).await?;
    let event = row.and_then(|r| r.first().and_then(Cell::id)).ok_or_else(Fault::not_found)?;
    let job = cx.enqueue(crate::webhook::JOB, json!({"webhook": hook, "event": event})).await?;
    cx.commit().await?;
    Ok(Reply::new(202, json!({"delivery": job})).into_response())
}
