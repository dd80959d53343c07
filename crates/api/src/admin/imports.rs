//! Imports: a file is taken in with a guessed mapping, mended, tried, started, stopped, taken back.

use crate::once::Reply;
use crate::params::{self, Params, Payload, id};
use crate::problem::{self, Answer};
use crate::request::{Ctx, unreadable};
use axum::extract::{Path, Request};
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use engine::import::{Import, MAX_FILE, Mapping, NewImport};
use kernel::{Issue, Outcome};
use serde_json::{Value as Json, json};

fn one(ctx: &Ctx, i: &Import) -> Json {
    let c = &i.counts;
    json!({
        "id": i.id, "object": i.object, "name": i.name, "state": i.state.key(), "total": i.total, "done": i.done(),
        "created": c.created, "updated": c.updated, "unchanged": c.unchanged, "failed": c.failed, "mapping": i.mapping, "file": i.file,
        "at": i.at.to_string(), "by": i.by, "error": i.error.iter().map(|e| problem::issues(std::slice::from_ref(e), ctx.lang)).next(),
    })
}

/// `GET /admin/imports`
pub(crate) async fn list(ctx: Ctx, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&["object", "limit"])?;
    let imports = ctx.company.imports(&ctx.actor, params.get("object"), params.number("limit", 50, 1, 200)?).await?;
    Ok(axum::Json(json!({"data": imports.iter().map(|i| one(&ctx, i)).collect::<Vec<_>>()})).into_response())
}

/// `POST /admin/imports?object=&name=`: the file itself as the body.
pub(crate) async fn create(ctx: Ctx, params: Params, request: Request) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&["object", "name"])?;
    let object = params.get("object").ok_or_else(|| unreadable(Issue::new("object", "value-required")))?.to_owned();
    let name = params.get("name").ok_or_else(|| unreadable(Issue::new("name", "value-required")))?.to_owned();
    let bytes = params::read(request.into_body(), MAX_FILE).await?.to_vec();
    let import = ctx.company.stage_import(&ctx.actor, NewImport { object, name, bytes, ..NewImport::default() }).await?;
    Ok(Reply::new(201, one(&ctx, &import)).header("location", format!("{}/admin/imports/{}", crate::MOUNT, import.id)).into_response())
}

/// `GET /admin/imports/{id}`: with its columns and the first 500 refused lines.
pub(crate) async fn get(ctx: Ctx, Path(import): Path<String>, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&["after"])?;
    let import = ctx.company.import(&ctx.actor, id(&import)?).await?;
    let after = params.number("after", 0, 0, usize::MAX >> 1)?;
    let columns = ctx.company.import_columns(&ctx.actor, import.id).await?;
    let bad = ctx.company.import_bad_lines(&ctx.actor, import.id, i64::try_from(after).unwrap_or(i64::MAX), 500).await?;
    let mut shown = one(&ctx, &import);
    if let Json::Object(map) = &mut shown {
        let columns: Vec<Json> = columns.iter().map(|c| json!({"name": c.name, "samples": c.samples})).collect();
        map.insert("columns".into(), Json::Array(columns));
        let line = |b: &engine::import::BadLine| json!({"n": b.n, "line": b.at, "cells": b.cells, "issues": problem::issues(&b.issues, ctx.lang)});
        map.insert("refused".into(), bad.iter().map(line).collect());
    }
    Ok(axum::Json(shown).into_response())
}

/// `PATCH /admin/imports/{id}`: `{"mapping"}`
pub(crate) async fn update(ctx: Ctx, Path(import): Path<String>, params: Params, payload: Payload) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let import = id(&import)?;
    let mut body = payload.object()?;
    let mapping: Option<Mapping> = params::take(&mut body, "mapping")?;
    params::done(&body, &["mapping"])?;
    let mapping = mapping.ok_or_else(|| kernel::Fault::invalid("mapping", "value-required"))?;
    let import = ctx.company.map_import(&ctx.actor, import, mapping).await?;
    Ok(axum::Json(one(&ctx, &import)).into_response())
}

/// `POST /admin/imports/{id}/{check,start,stop,undo}`: queued work; its job is in the answer.
pub(crate) async fn act(ctx: Ctx, Path((import, verb)): Path<(String, String)>, params: Params, _: Payload) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let import = id(&import)?;
    let job = run(&ctx, import, &verb).await?;
    let import = ctx.company.import(&ctx.actor, import).await?;
    let mut shown = one(&ctx, &import);
    if let Json::Object(map) = &mut shown {
        map.insert("job".into(), json!(job));
    }
    Ok(Reply::new(202, shown).into_response())
}

async fn run(ctx: &Ctx, import: uuid::Uuid, verb: &str) -> Outcome<Option<uuid::Uuid>> {
    let (company, actor) = (&ctx.company, &ctx.actor);
    Ok(match verb {
        "check" => Some(company.queue_import_check(actor, import).await?),
        "start" => Some(company.start_import(actor, import).await?),
        "undo" => Some(company.undo_import(actor, import).await?),
        "stop" => {
            company.stop_import(actor, import).await?;
            None
        }
        _ => return Err(kernel::Fault::not_found()),
    })
}

/// `GET /admin/imports/{id}/errors`: the refused lines as CSV, to be mended and imported again.
pub(crate) async fn errors(ctx: Ctx, Path(import): Path<String>, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let bytes = ctx.company.import_error_file(&ctx.actor, id(&import)?).await?;
    let mut response = bytes.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    response.headers_mut().insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"errors.csv\""));
    Ok(response)
}

/// `DELETE /admin/imports/{id}`: the import is forgotten, its records stay.
pub(crate) async fn remove(ctx: Ctx, Path(import): Path<String>, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    ctx.company.forget_import(&ctx.actor, id(&import)?).await?;
    Ok(Reply::new(204, Json::Null).into_response())
}
