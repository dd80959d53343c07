//! Imports that ran or run, with the lines that were refused.

use super::moment;
use crate::params::{Params, id};
use crate::problem::Answer;
use crate::request::Ctx;
use axum::extract::Path;
use axum::response::IntoResponse;
use kernel::{Cell, ColumnType, Fault, Outcome};
use serde_json::{Value as Json, json};
use uuid::Uuid;

const COLUMNS: &str = "id, object, name, state, total, done, created, updated, unchanged, failed, at, by, error";

async fn load(ctx: &Ctx, only: Option<Uuid>, limit: usize) -> Outcome<Vec<Json>> {
    use ColumnType::{Id, Int, Text};
    let mut conn = ctx.company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT ").push(&COLUMNS.replace("by,", "\"by\",")).push(" FROM sila_import");
    if let Some(id) = only {
        sql.push(" WHERE id = ").bind(id);
    }
    sql.push(&format!(" ORDER BY at DESC, id DESC LIMIT {limit}"));
    let rows = conn.rows(&sql, &[Id, Text, Text, Text, Int, Int, Int, Int, Int, Int, Int, Id, Text]).await?;
    let one = |r: &Vec<Cell>| {
        let text = |i: usize| r.get(i).and_then(Cell::text);
        let int = |i: usize| r.get(i).and_then(Cell::int);
        json!({
            "id": r.first().and_then(Cell::id), "object": text(1), "name": text(2), "state": text(3), "total": int(4),
            "done": int(5), "created": int(6), "updated": int(7), "unchanged": int(8), "failed": int(9),
            "at": moment(int(10)), "by": r.get(11).and_then(Cell::id), "error": text(12),
        })
    };
    Ok(rows.iter().map(one).collect())
}

/// `GET /admin/imports`
pub(crate) async fn list(ctx: Ctx, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&["limit"])?;
    let data = load(&ctx, None, params.number("limit", 50, 1, 200)?).await?;
    Ok(axum::Json(json!({ "data": data })).into_response())
}

/// `GET /admin/imports/{id}`: with its first 500 refused lines.
pub(crate) async fn get(ctx: Ctx, Path(import): Path<String>, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let import = id(&import)?;
    let mut found = load(&ctx, Some(import), 1).await?.pop().ok_or_else(Fault::not_found)?;
    let mut conn = ctx.company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT n, error FROM sila_import_row WHERE error IS NOT NULL AND import_id = ").bind(import).push(" ORDER BY n LIMIT 500");
    let rows = conn.rows(&sql, &[ColumnType::Int, ColumnType::Text]).await?;
    let one = |r: &Vec<Cell>| {
        let text = r.get(1).and_then(Cell::text).unwrap_or_default();
        let error = serde_json::from_str(text).unwrap_or_else(|_| json!(text));
        json!({"line": r.first().and_then(Cell::int), "error": error})
    };
    if let Json::Object(map) = &mut found {
        map.insert("refused".into(), rows.iter().map(one).collect());
    }
    Ok(axum::Json(found).into_response())
}
