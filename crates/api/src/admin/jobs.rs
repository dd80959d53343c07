//! The queue: what waits, runs, was done or failed. Payloads stay inside: they may hold personal data.

use super::moment;
use crate::params::{Params, Payload, id};
use crate::problem::Answer;
use crate::request::{Ctx, unreadable};
use axum::extract::Path;
use axum::response::IntoResponse;
use kernel::{Fault, Issue};
use serde_json::{Value as Json, json};
use store::queue::{self, Job, State};

fn one(j: &Job) -> Json {
    json!({
        "id": j.id, "kind": j.kind, "state": j.state.key(), "at": moment(Some(j.at)), "due_at": moment(j.due_at),
        "started_at": moment(j.started_at), "finished_at": moment(j.finished_at), "attempts": j.attempts,
        "max_attempts": j.max_attempts, "error": j.error,
        "progress": {"done": j.progress.done, "total": j.progress.total, "text": j.progress.text},
    })
}

/// `GET /admin/jobs?kind=&state=`
pub(crate) async fn list(ctx: Ctx, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&["kind", "state", "limit"])?;
    let states = [State::Waiting, State::Running, State::Done, State::Stopped, State::Dead];
    let state = match params.get("state") {
        None => None,
        Some(text) => {
            let found = states.into_iter().find(|s| s.key() == text);
            Some(found.ok_or_else(|| unreadable(Issue::new("state", "api-bad-state")))?)
        }
    };
    let limit = u32::try_from(params.number("limit", 50, 1, 500)?).unwrap_or(50);
    let mut conn = ctx.company.db().read().await?;
    let jobs = queue::list(&mut conn, params.get("kind"), state, limit).await?;
    Ok(axum::Json(json!({"data": jobs.iter().map(one).collect::<Vec<_>>()})).into_response())
}

async fn found(ctx: &Ctx, job: uuid::Uuid) -> Answer {
    let mut conn = ctx.company.db().read().await?;
    let job = queue::get(&mut conn, job).await?.ok_or_else(Fault::not_found)?;
    Ok(axum::Json(one(&job)).into_response())
}

/// `GET /admin/jobs/{id}`
pub(crate) async fn get(ctx: Ctx, Path(job): Path<String>, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    found(&ctx, id(&job)?).await
}

/// `POST /admin/jobs/{id}/retry`
pub(crate) async fn retry(ctx: Ctx, Path(job): Path<String>, params: Params, _: Payload) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let job = id(&job)?;
    let mut cx = ctx.company.write(&ctx.actor).await?;
    if !queue::retry(&mut cx.tx, job).await? {
        found(&ctx, job).await?;
        return Err(Fault::invalid("", "api-job-not-retried").into());
    }
    cx.commit().await?;
    found(&ctx, job).await
}

/// `POST /admin/jobs/{id}/stop`
pub(crate) async fn stop(ctx: Ctx, Path(job): Path<String>, params: Params, _: Payload) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let job = id(&job)?;
    let mut cx = ctx.company.write(&ctx.actor).await?;
    if !queue::request_stop(&mut cx.tx, job).await? {
        found(&ctx, job).await?;
        return Err(Fault::invalid("", "api-job-over").into());
    }
    cx.commit().await?;
    found(&ctx, job).await
}
