//! Where people have an account with which they may sign in. The secret goes in and never comes out.

use crate::once::Reply;
use crate::params::{self, Params, Payload};
use crate::problem::Answer;
use crate::request::Ctx;
use auth::Secret;
use auth::sso::{self, Provider};
use axum::extract::Path;
use axum::response::IntoResponse;
use kernel::{Fault, Issue, Outcome};
use serde_json::{Map, Value as Json, json};

const FIELDS: [&str; 6] = ["key", "label", "active", "people", "way", "secret"];
const CHANGED: [&str; 5] = ["label", "active", "people", "way", "secret"];

async fn shown(ctx: &Ctx, provider: &Provider) -> Outcome<Json> {
    let mut json = serde_json::to_value(provider).map_err(Fault::internal)?;
    json["configured"] = json!(sso::has_secret(&ctx.company, &ctx.actor, &provider.key).await?);
    Ok(json)
}

/// `GET /admin/sign-in/providers`
pub(crate) async fn list(ctx: Ctx, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let mut data = Vec::new();
    for provider in sso::list(&ctx.company, &ctx.actor).await? {
        data.push(shown(&ctx, &provider).await?);
    }
    Ok(axum::Json(json!({ "data": data })).into_response())
}

/// `GET /admin/sign-in/providers/{key}`
pub(crate) async fn get(ctx: Ctx, Path(key): Path<String>, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let provider = sso::get(&ctx.company, &ctx.actor, &key).await?;
    Ok(axum::Json(shown(&ctx, &provider).await?).into_response())
}

/// What was sent, over what there is; parts within `people` and `way` are changed one by one.
fn merged(before: &Provider, sent: Map<String, Json>) -> Outcome<Provider> {
    fn over(at: &mut Json, new: Json) {
        match (at, new) {
            (Json::Object(at), Json::Object(new)) => new.into_iter().for_each(|(k, v)| over(at.entry(k).or_insert(Json::Null), v)),
            (at, new) => *at = new,
        }
    }
    let mut whole = serde_json::to_value(before).map_err(Fault::internal)?;
    // Another way than before is described anew.
    if let (Some(Json::Object(old)), Some(Json::Object(new))) = (whole.get("way"), sent.get("way"))
        && !new.keys().all(|k| old.contains_key(k))
    {
        whole["way"] = json!({});
    }
    over(&mut whole, Json::Object(sent));
    serde_json::from_value(whole).map_err(|e| Fault::issue(Issue::new("", "api-bad-shape").arg("why", e)))
}

/// `POST /admin/sign-in/providers`: `{"key","label","active","people","way","secret"}`
pub(crate) async fn create(ctx: Ctx, params: Params, payload: Payload) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let mut body = payload.object()?;
    let secret: Option<String> = params::take(&mut body, "secret")?;
    params::done(&body.iter().filter(|(k, _)| !FIELDS.contains(&k.as_str())).map(|(k, v)| (k.clone(), v.clone())).collect(), &FIELDS)?;
    let provider = merged(&Provider { active: true, ..Provider::default() }, body)?;
    let secret = secret.map(Secret::new);
    let saved = sso::save(&ctx.company, &ctx.actor, provider, secret.as_ref(), true).await?;
    let location = format!("{}/admin/sign-in/providers/{}", crate::MOUNT, saved.key);
    Ok(Reply::new(201, shown(&ctx, &saved).await?).header("location", location).into_response())
}

/// `PATCH /admin/sign-in/providers/{key}`: an empty `secret` takes it away.
pub(crate) async fn update(ctx: Ctx, Path(key): Path<String>, params: Params, payload: Payload) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let before = sso::get(&ctx.company, &ctx.actor, &key).await?;
    let mut body = payload.object()?;
    let secret: Option<String> = params::take(&mut body, "secret")?;
    params::done(&body.iter().filter(|(k, _)| !CHANGED.contains(&k.as_str())).map(|(k, v)| (k.clone(), v.clone())).collect(), &CHANGED)?;
    let provider = merged(&before, body)?;
    let secret = secret.map(Secret::new);
    let saved = sso::save(&ctx.company, &ctx.actor, provider, secret.as_ref(), false).await?;
    Ok(axum::Json(shown(&ctx, &saved).await?).into_response())
}

/// `DELETE /admin/sign-in/providers/{key}`
pub(crate) async fn remove(ctx: Ctx, Path(key): Path<String>, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    sso::remove(&ctx.company, &ctx.actor, &key).await?;
    Ok(Reply::new(204, Json::Null).into_response())
}
