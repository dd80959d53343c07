//! What assistants of the caller want to change, and what they have changed.

use crate::json;
use crate::params::{Params, id};
use crate::problem::Answer;
use crate::request::Ctx;
use axum::extract::Path;
use axum::response::IntoResponse;
use engine::propose::{Proposal, Run};
use kernel::Fault;
use serde_json::{Value as Json, json};

fn shown(p: &Proposal) -> Json {
    let difference = |d: &engine::propose::Difference| json!({"object": d.object, "id": d.id, "title": json::name(&d.title), "verb": d.verb, "derived": d.derived, "fields": d.fields});
    json!({
        "id": p.id, "run": p.run, "at": p.at.to_string(), "expires_at": p.expires_at.to_string(), "state": p.state.key(), "note": p.note, "changes": p.steps,
        "preview": {"differences": p.preview.differences.iter().map(difference).collect::<Vec<_>>(), "more": p.preview.more},
        "decided_at": p.decided_at.map(|t| t.to_string()), "made": p.made.iter().map(|(object, id)| json!({"object": object, "id": id})).collect::<Vec<_>>(),
    })
}

fn run(r: &Run) -> Json {
    json!({
        "id": r.id, "token": {"id": r.token, "name": r.token_name}, "user": r.user, "client": r.client, "at": r.at.to_string(), "last_at": r.last_at.to_string(),
        "records": r.records, "open": r.open, "undone_at": r.undone_at.map(|t| t.to_string()),
    })
}

/// `GET /proposals`: the caller's; `open=1`: those that wait.
pub(crate) async fn list(ctx: Ctx, params: Params) -> Answer {
    params.only(&["open", "limit"])?;
    let all = ctx.company.proposals(&ctx.actor, params.flag("open")?, params.number("limit", 50, 1, 500)?).await?;
    Ok(axum::Json(json!({"data": all.iter().map(shown).collect::<Vec<_>>()})).into_response())
}

/// `GET /proposals/{id}`
pub(crate) async fn get(ctx: Ctx, Path(proposal): Path<String>, params: Params) -> Answer {
    params.only(&[])?;
    Ok(axum::Json(shown(&ctx.company.proposal(&ctx.actor, id(&proposal)?).await?)).into_response())
}

/// `POST /proposals/{id}/{verb}`: `confirm` (once, however often it is asked) or `reject`.
pub(crate) async fn decide(ctx: Ctx, Path((proposal, verb)): Path<(String, String)>, params: Params) -> Answer {
    params.only(&[])?;
    let proposal = id(&proposal)?;
    let now = match verb.as_str() {
        "confirm" => ctx.company.confirm_proposal(&ctx.actor, proposal).await?.proposal,
        "reject" => ctx.company.reject_proposal(&ctx.actor, proposal).await?,
        _ => return Err(Fault::not_found().into()),
    };
    Ok(axum::Json(shown(&now)).into_response())
}

/// `GET /runs`: the caller's; `all=1`: everybody's, for administrators.
pub(crate) async fn runs(ctx: Ctx, params: Params) -> Answer {
    params.only(&["all", "limit"])?;
    let all = ctx.company.runs(&ctx.actor, params.flag("all")?, params.number("limit", 50, 1, 500)?).await?;
    Ok(axum::Json(json!({"data": all.iter().map(run).collect::<Vec<_>>()})).into_response())
}

/// `POST /runs/{id}/undo`: takes back all that the run changed, or nothing.
pub(crate) async fn undo(ctx: Ctx, Path(run): Path<String>, params: Params) -> Answer {
    params.only(&[])?;
    let run = id(&run)?;
    let undone = ctx.company.undo_run(&ctx.actor, run).await?;
    Ok(axum::Json(json!({"id": run, "records": undone.records})).into_response())
}
