//! People, their roles and sessions.

use crate::json;
use crate::once::Reply;
use crate::params::{self, Params, Payload, id};
use crate::problem::Answer;
use crate::request::Ctx;
use auth::sso::link;
use auth::{NewUser, Secret};
use axum::extract::Path;
use axum::response::IntoResponse;
use engine::{Draft, Query};
use kernel::{Fault, Name, Outcome, Record, Value};
use serde_json::{Value as Json, json};
use uuid::Uuid;

async fn one(ctx: &Ctx, user: &Record) -> Outcome<Json> {
    let roles = ctx.company.roles_of(user.id).await?;
    let name = user.get("name").name().cloned().unwrap_or_default();
    let active = user.get("active").bool().unwrap_or_default();
    Ok(json!({"id": user.id, "name": json::name(&name), "email": user.get("email").text(), "active": active, "roles": roles}))
}

/// `GET /admin/users`
pub(crate) async fn list(ctx: Ctx, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&["search", "limit", "after"])?;
    let query = Query {
        limit: params.number("limit", 50, 1, 200)?,
        after: params.get("after").map(str::to_owned),
        search: params.get("search").map(str::to_owned),
        count: engine::Count::None,
        ..Query::new("user")
    };
    let page = ctx.company.list(&ctx.actor, &query).await?;
    let mut data = Vec::with_capacity(page.records.len());
    for user in &page.records {
        data.push(one(&ctx, user).await?);
    }
    Ok(axum::Json(json!({"data": data, "next": page.next})).into_response())
}

/// `GET /admin/users/{id}`
pub(crate) async fn get(ctx: Ctx, Path(user): Path<String>, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let user = ctx.company.get(&ctx.actor, "user", id(&user)?).await?;
    Ok(axum::Json(one(&ctx, &user).await?).into_response())
}

/// `POST /admin/users`: `{"email","name","password","roles","lang"}`
pub(crate) async fn create(ctx: Ctx, params: Params, payload: Payload) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let mut body = payload.object()?;
    let user = NewUser {
        email: params::take(&mut body, "email")?.unwrap_or_default(),
        name: params::take::<Name>(&mut body, "name")?.unwrap_or_default(),
        password: params::take::<String>(&mut body, "password")?.map(Secret::new),
        roles: params::take(&mut body, "roles")?.unwrap_or_default(),
        lang: params::take(&mut body, "lang")?.unwrap_or_default(),
    };
    params::done(&body, &["email", "name", "password", "roles", "lang"])?;
    let user = auth::create_user(&ctx.company, &ctx.actor, &user).await?;
    let record = ctx.company.get(&ctx.actor, "user", user).await?;
    Ok(Reply::new(201, one(&ctx, &record).await?).header("location", format!("{}/admin/users/{user}", crate::MOUNT)).into_response())
}

/// `PATCH /admin/users/{id}`: `{"active","roles","password"}`
pub(crate) async fn update(ctx: Ctx, Path(user): Path<String>, params: Params, payload: Payload) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let user = id(&user)?;
    let mut body = payload.object()?;
    let active: Option<bool> = params::take(&mut body, "active")?;
    let roles: Option<Vec<String>> = params::take(&mut body, "roles")?;
    let password: Option<String> = params::take(&mut body, "password")?;
    params::done(&body, &["active", "roles", "password"])?;
    ctx.company.get(&ctx.actor, "user", user).await?;
    if user == ctx.actor.id && active == Some(false) {
        return Err(Fault::invalid("active", "api-not-yourself").into());
    }
    if active.is_some() || roles.is_some() {
        let mut cx = ctx.company.write(&ctx.actor).await?;
        // First active, then roles: the last administrator stays one either way.
        if let Some(active) = active {
            cx.save("user", Draft::of(user).set("active", Value::Bool(active))).await?;
        }
        if let Some(roles) = &roles {
            let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
            cx.set_roles(user, &roles).await?;
        }
        cx.commit().await?;
    }
    if let Some(password) = password {
        auth::set_password(&ctx.company, &ctx.actor, user, &Secret::new(password)).await?;
    }
    let record = ctx.company.get(&ctx.actor, "user", user).await?;
    Ok(axum::Json(one(&ctx, &record).await?).into_response())
}

/// `GET /admin/users/{id}/sessions`
pub(crate) async fn sessions(ctx: Ctx, Path(user): Path<String>, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let user = known(&ctx, &user).await?;
    let list = auth::session::list(&ctx.company, &ctx.actor, user).await?;
    let one = |s: &auth::Session| {
        json!({
            "id": s.id, "at": s.at.to_string(), "last_seen": s.last_seen.to_string(), "expires_at": s.expires_at.to_string(),
            "ip": s.ip, "agent": s.agent,
        })
    };
    Ok(axum::Json(json!({"data": list.iter().map(one).collect::<Vec<_>>()})).into_response())
}

pub(crate) async fn known(ctx: &Ctx, user: &str) -> Outcome<Uuid> {
    let user = id(user)?;
    ctx.company.get(&ctx.actor, "user", user).await.map(|r| r.id)
}

/// `DELETE /admin/users/{id}/sessions`
pub(crate) async fn end_sessions(ctx: Ctx, Path(user): Path<String>, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let user = known(&ctx, &user).await?;
    let ended = auth::session::revoke_others(&ctx.company, &ctx.actor, user, None).await?;
    Ok(axum::Json(json!({ "ended": ended })).into_response())
}

/// `DELETE /admin/users/{id}/sessions/{session}`
pub(crate) async fn end_session(ctx: Ctx, Path((user, session)): Path<(String, String)>, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let user = known(&ctx, &user).await?;
    auth::session::revoke(&ctx.company, &ctx.actor, user, id(&session)?).await?;
    Ok(Reply::new(204, Json::Null).into_response())
}

/// `GET /admin/users/{id}/factors`: what he shows besides a password; never the secrets.
pub(crate) async fn factors(ctx: Ctx, Path(user): Path<String>, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let user = known(&ctx, &user).await?;
    let own = auth::factor::list(&ctx.company, &ctx.actor, user).await?;
    let one = |f: &auth::factor::Factor| {
        json!({"id": f.id, "kind": f.kind.key(), "name": f.name, "at": f.at.to_string(), "last_used": f.last_used.map(|t| t.to_string())})
    };
    Ok(axum::Json(json!({"data": own.list.iter().map(one).collect::<Vec<_>>(), "recovery_codes": own.codes})).into_response())
}

/// `DELETE /admin/users/{id}/factors`: for somebody who lost them; ends his sessions.
pub(crate) async fn reset_factors(ctx: Ctx, Path(user): Path<String>, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let user = known(&ctx, &user).await?;
    auth::factor::reset(&ctx.company, &ctx.actor, user).await?;
    Ok(Reply::new(204, Json::Null).into_response())
}

/// `GET /admin/users/{id}/accounts`: the accounts elsewhere with which he signs in.
pub(crate) async fn accounts(ctx: Ctx, Path(user): Path<String>, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let user = known(&ctx, &user).await?;
    let one = |i: &link::Identity| json!({"realm": i.realm, "at": i.at.to_string(), "last_used": i.last_used.map(|t| t.to_string())});
    let data: Vec<Json> = link::list(&ctx.company, &ctx.actor, user).await?.iter().map(one).collect();
    Ok(axum::Json(json!({ "data": data })).into_response())
}

/// `DELETE /admin/users/{id}/accounts?realm=`: disconnects one; ends his sessions.
pub(crate) async fn disconnect(ctx: Ctx, Path(user): Path<String>, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&["realm"])?;
    let user = known(&ctx, &user).await?;
    let realm = params.get("realm").filter(|r| !r.is_empty()).ok_or_else(|| Fault::invalid("realm", "value-required"))?;
    link::untie(&ctx.company, &ctx.actor, user, realm).await?;
    Ok(Reply::new(204, Json::Null).into_response())
}
