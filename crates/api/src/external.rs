//! Keys of records in other systems, and reaching a record by one.

use crate::json;
use crate::once::{Reply, once};
use crate::params::{self, Params, Payload};
use crate::parts::may_write;
use crate::problem::Answer;
use crate::records::{meant, shown};
use crate::request::Ctx;
use axum::extract::Path;
use axum::response::IntoResponse;
use engine::Draft;
use engine::external::{External, system_name};
use kernel::Verb;
use serde_json::json;

type Place = Path<(String, String)>;

/// `GET /{object}/{id}/keys`
pub(crate) async fn keys(ctx: Ctx, Path((object, record)): Place, params: Params) -> Answer {
    params.only(&[])?;
    let keys = ctx.company.external_keys(&ctx.actor, &object, meant(&ctx, &object, &record).await?).await?;
    let one = |k: &External| json!({"system": k.system, "key": k.key});
    Ok(axum::Json(json!({"data": keys.iter().map(one).collect::<Vec<_>>()})).into_response())
}

/// `POST /{object}/{id}/keys`: `{"system","key"}`
pub(crate) async fn add(ctx: Ctx, Path((object, record)): Place, params: Params, payload: Payload) -> Answer {
    params.only(&[])?;
    let record = meant(&ctx, &object, &record).await?;
    ctx.company.get(&ctx.actor, &object, record).await?;
    may_write(&ctx, &object)?;
    let mut map = payload.object()?;
    let system: String = params::take(&mut map, "system")?.unwrap_or_default();
    let key: String = params::take(&mut map, "key")?.unwrap_or_default();
    params::done(&map, &["system", "key"])?;
    once(&ctx, &payload, |cx| {
        let (object, system, key) = (object.clone(), system.clone(), key.clone());
        Box::pin(async move {
            let new = cx.add_external(&object, record, &system, &key).await?;
            Ok(Reply::new(if new { 201 } else { 200 }, json!({"system": system_name(&system)?, "key": key.trim()})))
        })
    })
    .await
}

/// `DELETE /{object}/{id}/keys/{system}/{key}`
pub(crate) async fn remove(ctx: Ctx, Path((object, record, system, key)): Path<(String, String, String, String)>, payload: Payload) -> Answer {
    let record = meant(&ctx, &object, &record).await?;
    ctx.company.get(&ctx.actor, &object, record).await?;
    may_write(&ctx, &object)?;
    once(&ctx, &payload, |cx| {
        let (object, system, key) = (object.clone(), system.clone(), key.clone());
        Box::pin(async move {
            if !cx.remove_external(&object, record, &system, &key).await? {
                return Err(kernel::Fault::not_found());
            }
            Ok(Reply::new(204, serde_json::Value::Null))
        })
    })
    .await
}

/// `GET /{object}/by/{system}/{key}`
pub(crate) async fn get(ctx: Ctx, Path((object, system, key)): Path<(String, String, String)>, params: Params) -> Answer {
    params.only(&[])?;
    let record = ctx.company.by_external(&ctx.actor, &object, &system, &key).await?;
    let registry = ctx.company.registry();
    let place = format!("{}/{object}/{}", crate::MOUNT, record.id);
    Ok(Reply::new(200, json::record(registry.object(&object)?, &record)).etag(record.rev).header("content-location", place).into_response())
}

/// `PUT /{object}/by/{system}/{key}`: changes the record with this key, or makes it.
pub(crate) async fn put(ctx: Ctx, Path((object, system, key)): Path<(String, String, String)>, params: Params, payload: Payload) -> Answer {
    params.only(&[])?;
    let registry = ctx.company.registry();
    let declared = registry.object(&object)?.clone();
    if !ctx.actor.may(&declared, &Verb::Update) {
        ctx.actor.rule(&declared, &Verb::Create)?;
    }
    if !kernel::registry::valid_key(&system) {
        return Err(kernel::Fault::invalid("system", "api-bad-system").into());
    }
    let expected = payload.if_match()?;
    let values = json::values(&ctx, &declared, &payload.object()?)?;
    once(&ctx, &payload, |cx| {
        let draft = Draft { rev: expected, values: values.clone(), ..Draft::new().external(&system, &key) };
        let declared = declared.clone();
        Box::pin(async move {
            let saved = cx.save(&declared.key, draft).await?;
            let status = if matches!(saved, engine::Saved::Created(_)) { 201 } else { 200 };
            let (id, rev) = (saved.record().id, saved.record().rev);
            let body = shown(cx, &declared, id, rev).await?;
            Ok(Reply::new(status, body).etag(rev).header("content-location", format!("{}/{}/{id}", crate::MOUNT, declared.key)))
        })
    })
    .await
}
