//! Roles: those of the modules and those made at run time.

use crate::once::Reply;
use crate::params::{self, Params, Payload};
use crate::problem::Answer;
use crate::request::Ctx;
use axum::extract::Path;
use axum::response::IntoResponse;
use kernel::Role;
use serde_json::{Value as Json, json};

/// `GET /admin/roles`
pub(crate) async fn list(ctx: Ctx, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let registry = ctx.company.registry();
    let of_module = |key: &str| ctx.company.modules().iter().flat_map(|m| &m.roles).any(|r| r.key == key);
    let one = |r: &Role| json!({"key": r.key, "label": r.label, "admin": r.admin, "grants": r.grants, "custom": !of_module(&r.key)});
    let data: Vec<Json> = registry.roles().map(one).collect();
    Ok(axum::Json(json!({ "data": data })).into_response())
}

/// `PUT /admin/roles/{key}`: `{"label","grants","admin"}`
pub(crate) async fn put(ctx: Ctx, Path(key): Path<String>, params: Params, payload: Payload) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let mut body = payload.object()?;
    let role = Role {
        key,
        label: params::take(&mut body, "label")?.unwrap_or_default(),
        grants: params::take(&mut body, "grants")?.unwrap_or_default(),
        admin: params::take(&mut body, "admin")?.unwrap_or_default(),
    };
    params::done(&body, &["label", "grants", "admin"])?;
    ctx.company.put_role(&ctx.actor, &role).await?;
    Ok(axum::Json(json!(role)).into_response())
}

/// `DELETE /admin/roles/{key}`
pub(crate) async fn remove(ctx: Ctx, Path(key): Path<String>, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    ctx.company.remove_role(&ctx.actor, &key).await?;
    Ok(Reply::new(204, Json::Null).into_response())
}
