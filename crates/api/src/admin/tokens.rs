//! API tokens of a user. The token is in the answer to its creation and nowhere else.

use super::users::known;
use crate::once::Reply;
use crate::params::{self, Params, Payload, id};
use crate::problem::Answer;
use crate::request::Ctx;
use auth::token::Token;
use axum::extract::Path;
use axum::response::IntoResponse;
use kernel::{Fault, Issue};
use serde_json::{Value as Json, json};

fn one(t: &Token) -> Json {
    json!({
        "id": t.id, "name": t.name, "scopes": t.scopes, "limits": t.limits, "at": t.at.to_string(),
        "last_used": t.last_used.map(|t| t.to_string()), "expires_at": t.expires_at.map(|t| t.to_string()),
    })
}

/// `GET /admin/users/{id}/tokens`
pub(crate) async fn list(ctx: Ctx, Path(user): Path<String>, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let user = known(&ctx, &user).await?;
    let list = auth::token::list(&ctx.company, &ctx.actor, user).await?;
    Ok(axum::Json(json!({"data": list.iter().map(one).collect::<Vec<_>>()})).into_response())
}

/// `POST /admin/users/{id}/tokens`: `{"name","scopes","expires_at","limits"}`; limits are those of an assistant, e.g. `{"per_minute":60,"writes":20,"rows":50}`
pub(crate) async fn create(ctx: Ctx, Path(user): Path<String>, params: Params, payload: Payload) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let user = known(&ctx, &user).await?;
    let mut body = payload.object()?;
    let name: String = params::take(&mut body, "name")?.unwrap_or_default();
    let scopes: Vec<String> = params::take(&mut body, "scopes")?.unwrap_or_default();
    let until: Option<String> = params::take(&mut body, "expires_at")?;
    let limits: engine::Limits = params::take(&mut body, "limits")?.unwrap_or_default();
    params::done(&body, &["name", "scopes", "expires_at", "limits"])?;
    let until = match until {
        None => None,
        Some(text) => Some(text.parse().map_err(|_| Fault::issue(Issue::new("expires_at", "value-not-date-time")))?),
    };
    let (secret, token) = auth::token::create_limited(&ctx.company, &ctx.actor, user, &name, &scopes, until, limits).await?;
    let mut shown = one(&token);
    if let Json::Object(map) = &mut shown {
        map.insert("token".into(), json!(secret.reveal()));
    }
    Ok(Reply::new(201, shown).into_response())
}

/// `DELETE /admin/users/{id}/tokens/{token}`
pub(crate) async fn revoke(ctx: Ctx, Path((user, token)): Path<(String, String)>, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let user = known(&ctx, &user).await?;
    auth::token::revoke(&ctx.company, &ctx.actor, user, id(&token)?).await?;
    Ok(Reply::new(204, Json::Null).into_response())
}
