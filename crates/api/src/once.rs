//! One transaction per write. With an `Idempotency-Key` the answer is stored in the same transaction, so that a
//! client that lost it (or whose server died) asks again and gets it, and nothing is done twice.

use crate::params::Payload;
use crate::problem::{Answer, Refused};
use crate::request::{Ctx, unreadable};
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::Cx;
use futures::future::BoxFuture;
use kernel::{Cell, ColumnType, Fault, Issue, Outcome};
use serde_json::Value as Json;

/// Microseconds an answer is kept.
const KEEP: i64 = 24 * 3_600 * 1_000_000;

/// What a write answers.
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    /// Null: no body.
    pub body: Json,
}

impl Reply {
    pub fn new(status: u16, body: Json) -> Self {
        Reply { status, headers: Vec::new(), body }
    }
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
    /// `"7"`
    #[must_use]
    pub fn etag(self, rev: i64) -> Self {
        self.header("etag", format!("\"{rev}\""))
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = if self.body.is_null() {
            status.into_response()
        } else {
            let mut r = (status, Body::from(self.body.to_string())).into_response();
            r.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            r
        };
        for (name, value) in &self.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name.as_str()), HeaderValue::from_str(value)) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

/// The key of a request and what it stands for.
struct Key {
    key: String,
    hash: String,
}

fn key(payload: &Payload) -> Outcome<Option<Key>> {
    let Some(value) = payload.headers.get("idempotency-key") else { return Ok(None) };
    let text = value.to_str().ok().map(str::trim).filter(|t| !t.is_empty() && t.len() <= 200);
    let key = text.ok_or_else(|| unreadable(Issue::new("Idempotency-Key", "api-bad-idempotency-key")))?;
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    hash.update(payload.target.as_bytes());
    hash.update(b"\n");
    hash.update(&payload.bytes);
    Ok(Some(Key { key: key.to_owned(), hash: hex::encode(hash.finalize()) }))
}

/// What an earlier request with the same key left.
enum Turn {
    /// We are the first: do it.
    Ours,
    Done(Reply),
}

/// Runs `work` in one transaction and commits; again when the database asks for it.
///
/// # Errors
/// Those of `work` (nothing is kept then, the key stays free); invalid `api-key-reused`: the key stood for another request.
pub(crate) async fn once<F>(ctx: &Ctx, payload: &Payload, mut work: F) -> Answer
where
    F: for<'a> FnMut(&'a mut Cx) -> BoxFuture<'a, Outcome<Reply>> + Send,
{
    let key = key(payload)?;
    let mut last = Fault::unavailable("no attempt");
    for _ in 0..3 {
        let mut cx = ctx.company.write(&ctx.actor).await?;
        let result = match turn(&mut cx, key.as_ref()).await {
            Ok(Turn::Done(reply)) => return Ok(reply.header("idempotent-replayed", "true").into_response()),
            Ok(Turn::Ours) => match work(&mut cx).await {
                Ok(reply) => keep_and_commit(cx, key.as_ref(), &reply).await.map(|()| reply),
                Err(fault) => Err(fault),
            },
            Err(fault) => Err(fault),
        };
        match result {
            Ok(reply) => return Ok(reply.into_response()),
            Err(fault) if store::is_retryable(&fault) => last = fault,
            Err(fault) => return Err(fault.into()),
        }
    }
    Err(last.into())
}

async fn turn(cx: &mut Cx, key: Option<&Key>) -> Outcome<Turn> {
    let Some(key) = key else { return Ok(Turn::Ours) };
    let now = cx.now.as_microsecond();
    let mut sql = cx.tx.sql();
    sql.push("DELETE FROM sila_idempotency WHERE at < ").bind(now - KEEP);
    cx.tx.exec(&sql).await?;
    // A second request with the key waits here until the first has committed (or failed, then it is its turn).
    let row = vec![
        cx.actor.id.into(),
        key.key.as_str().into(),
        key.hash.as_str().into(),
        0.into(),
        "[]".into(),
        "".into(),
        now.into(),
    ];
    let columns = ["actor", "key", "request_hash", "status", "headers", "body", "at"];
    if store::rows::insert_missing(&mut cx.tx, "sila_idempotency", &columns, vec![row]).await? == 1 {
        return Ok(Turn::Ours);
    }
    let mut sql = cx.tx.sql();
    sql.push("SELECT request_hash, status, headers, body FROM sila_idempotency WHERE actor = ").bind(cx.actor.id);
    sql.push(" AND key = ").bind(key.key.as_str());
    let types = [ColumnType::Text, ColumnType::Int, ColumnType::Text, ColumnType::Text];
    let row = cx.tx.row(&sql, &types).await?.ok_or_else(|| Fault::unavailable("serialization: the key went away"))?;
    let text = |i: usize| row.get(i).and_then(Cell::text).unwrap_or_default();
    if text(0) != key.hash {
        return Err(Fault::invalid("Idempotency-Key", "api-key-reused"));
    }
    let status = row.get(1).and_then(Cell::int).and_then(|s| u16::try_from(s).ok()).unwrap_or(500);
    let headers = serde_json::from_str(text(2)).unwrap_or_default();
    Ok(Turn::Done(Reply { status, headers, body: serde_json::from_str(text(3)).unwrap_or(Json::Null) }))
}

async fn keep_and_commit(mut cx: Cx, key: Option<&Key>, reply: &Reply) -> Outcome<()> {
    if let Some(key) = key {
        let headers = serde_json::to_string(&reply.headers).map_err(Fault::internal)?;
        let body = if reply.body.is_null() { String::new() } else { reply.body.to_string() };
        let mut sql = cx.tx.sql();
        sql.push("UPDATE sila_idempotency SET status = ").bind(i64::from(reply.status)).push(", headers = ").bind(headers);
        sql.push(", body = ").bind(body).push(" WHERE actor = ").bind(cx.actor.id).push(" AND key = ").bind(key.key.as_str());
        cx.tx.exec(&sql).await?;
    }
    cx.commit().await
}

/// A conflict with the record as it is now: 412 when the client said what it expected.
pub(crate) async fn with_current(ctx: &Ctx, object: &str, id: uuid::Uuid, expected: bool, refused: Refused) -> Refused {
    if refused.fault.kind != kernel::FaultKind::Conflict {
        return refused;
    }
    let registry = ctx.company.registry();
    let current = match (ctx.company.get(&ctx.actor, object, id).await, registry.find(object)) {
        (Ok(record), Some(object)) => Some(crate::json::record(object, &record)),
        _ => None,
    };
    Refused { status: expected.then_some(412), current, ..refused }
}
