//! What hangs on a record: time line, history, comments, files.

use crate::json;
use crate::once::{Reply, once};
use crate::params::{self, Params, Payload, id};
use crate::problem::Answer;
use crate::records::meant;
use crate::request::{Ctx, unreadable};
use axum::extract::{FromRequest, Multipart, Path, Request};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use kernel::{FaultKind, Fault, Issue, Outcome};
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

type Place = Path<(String, String)>;

/// `GET /{object}/{id}/timeline`
pub(crate) async fn timeline(ctx: Ctx, Path((object, record)): Place, params: Params) -> Answer {
    params.only(&["kinds", "before", "limit"])?;
    let limit = params.number("limit", 50, 1, 200)?;
    let line = ctx.company.timeline(&ctx.actor, &object, meant(&ctx, &object, &record).await?, &params.list("kinds"), params.get("before"), limit).await?;
    Ok(axum::Json(line_json(&ctx, &line)).into_response())
}

/// A page of a time line: entries, the records they are about, the cursor of what is older.
pub fn line_json(ctx: &Ctx, line: &engine::timeline::Timeline) -> Json {
    let registry = ctx.company.registry();
    let mut records = Map::new();
    for (id, r) in &line.records {
        if let Some(object) = registry.find(&r.object) {
            records.insert(id.to_string(), json::record(object, r));
        }
    }
    let person = |id: Option<Uuid>| id.map(|id| json!({"id": id, "name": line.titles.get(&id).map(json::name)}));
    let entry = |e: &engine::timeline::Entry| {
        json!({
            "id": e.id, "at": e.at.to_string(), "kind": e.kind, "object": e.object, "record_id": e.record_id,
            "actor": person(e.actor), "data": e.data,
        })
    };
    let data: Vec<Json> = line.entries.iter().map(entry).collect();
    json!({"data": data, "records": records, "next": line.next})
}

/// `GET /{object}/{id}/history`
pub(crate) async fn history(ctx: Ctx, Path((object, record)): Place, params: Params) -> Answer {
    params.only(&["limit"])?;
    let limit = params.number("limit", 100, 1, 500)?;
    let entries = ctx.company.history(&ctx.actor, &object, meant(&ctx, &object, &record).await?, limit).await?;
    let people = people(&ctx, entries.iter().filter_map(|e| e.actor)).await?;
    let entry = |e: &engine::history::Entry| {
        json!({
            "id": e.id, "at": e.at.to_string(), "actor": shown(&people, e.actor), "rev": e.rev, "verb": e.verb,
            "changes": e.changes, "cause": e.cause,
        })
    };
    Ok(axum::Json(json!({"data": entries.iter().map(entry).collect::<Vec<_>>()})).into_response())
}

type People = engine::load::Titles;

/// The names of users, as far as the actor may see them.
async fn people(ctx: &Ctx, ids: impl Iterator<Item = Uuid>) -> Outcome<People> {
    let wanted = BTreeMap::from([("user".to_owned(), ids.collect::<BTreeSet<_>>())]);
    let mut conn = ctx.company.db().read().await?;
    ctx.company.titles(&mut conn, &ctx.actor, &wanted).await
}

fn shown(people: &People, id: Option<Uuid>) -> Json {
    id.map_or(Json::Null, |id| json!({"id": id, "name": people.get(&id).map(json::name)}))
}

/// `GET /{object}/{id}/comments`
pub(crate) async fn comments(ctx: Ctx, Path((object, record)): Place, params: Params) -> Answer {
    params.only(&[])?;
    let comments = ctx.company.comments(&ctx.actor, &object, meant(&ctx, &object, &record).await?).await?;
    let people = people(&ctx, comments.iter().filter_map(|c| c.author)).await?;
    let one = |c: &engine::comments::Comment| {
        json!({
            "id": c.id, "at": c.at.to_string(), "author": shown(&people, c.author), "body": c.body,
            "edited_at": c.edited_at.map(|t| t.to_string()), "parent": c.parent, "resolved_at": c.resolved.map(|(at, _)| at.to_string()),
            "reactions": c.reactions.iter().map(|r| json!({"emoji": r.emoji, "by": r.by})).collect::<Vec<_>>(),
            "files": c.files.iter().map(|f| &f.file).collect::<Vec<_>>(),
        })
    };
    Ok(axum::Json(json!({"data": comments.iter().map(one).collect::<Vec<_>>()})).into_response())
}

/// A token that may only read writes no comments either.
pub(crate) fn may_write(ctx: &Ctx, object: &str) -> Outcome<()> {
    let Some(scopes) = &ctx.actor.scopes else { return Ok(()) };
    let writes = |s: &String| {
        matches!(s.as_str(), "write" | "admin")
            || s.split_once(':').is_some_and(|(o, v)| (o == object || o == "*") && matches!(v, "write" | "update" | "*"))
    };
    if scopes.iter().any(writes) { Ok(()) } else { Err(Fault::forbidden()) }
}

/// `POST /{object}/{id}/comments`: `{"body"}`
pub(crate) async fn comment(ctx: Ctx, Path((object, record)): Place, params: Params, payload: Payload) -> Answer {
    params.only(&[])?;
    let record = meant(&ctx, &object, &record).await?;
    ctx.company.get(&ctx.actor, &object, record).await?;
    may_write(&ctx, &object)?;
    let mut map = payload.object()?;
    let body: String = params::take(&mut map, "body")?.unwrap_or_default();
    let parent: Option<Uuid> = params::take(&mut map, "parent")?;
    params::done(&map, &["body", "parent"])?;
    once(&ctx, &payload, |cx| {
        let (object, body) = (object.clone(), body.clone());
        Box::pin(async move {
            let new = engine::NewComment { body: body.clone(), parent, files: Vec::new() };
            let done = cx.comment_with(&object, record, new).await?;
            Ok(Reply::new(201, json!({"id": done.id, "at": cx.now.to_string(), "body": body.trim(), "not_told": done.untold})))
        })
    })
    .await
}

/// `DELETE /{object}/{id}/comments/{comment}`
pub(crate) async fn delete_comment(ctx: Ctx, Path((object, record, comment)): Path<(String, String, String)>) -> Answer {
    let record = meant(&ctx, &object, &record).await?;
    ctx.company.get(&ctx.actor, &object, record).await?;
    may_write(&ctx, &object)?;
    ctx.company.delete_comment(&ctx.actor, &object, record, id(&comment)?).await?;
    Ok(Reply::new(204, Json::Null).into_response())
}

/// `GET /{object}/{id}/files`
pub(crate) async fn files(ctx: Ctx, Path((object, record)): Place, params: Params) -> Answer {
    params.only(&[])?;
    let files = ctx.company.files(&ctx.actor, &object, meant(&ctx, &object, &record).await?).await?;
    let people = people(&ctx, files.iter().filter_map(|f| f.by)).await?;
    let one = |f: &engine::files::Stored| {
        json!({
            "id": f.file.id, "name": f.file.name, "media": f.file.media, "size": f.file.size, "sha256": f.sha256,
            "at": f.at.to_string(), "by": shown(&people, f.by),
        })
    };
    Ok(axum::Json(json!({"data": files.iter().map(one).collect::<Vec<_>>()})).into_response())
}

/// `POST /{object}/{id}/files`: one part `file` of a multipart body, or the bytes themselves with `?name=`.
pub(crate) async fn attach(ctx: Ctx, Path((object, record)): Place, params: Params, request: Request) -> Answer {
    params.only(&["name"])?;
    let record = meant(&ctx, &object, &record).await?;
    // Before megabytes are read for nothing.
    ctx.company.get(&ctx.actor, &object, record).await?;
    may_write(&ctx, &object)?;
    let (name, payload) = upload(&params, request).await?;
    let kept = ctx.company.keep(&name, &payload.bytes).await?;
    once(&ctx, &payload, |cx| {
        let (object, kept) = (object.clone(), kept.clone());
        Box::pin(async move {
            let file = cx.attach(&object, record, &kept).await?;
            Ok(Reply::new(201, json!(file)).header("location", format!("{}/{object}/{record}/files/{}", crate::MOUNT, file.id)))
        })
    })
    .await
}

async fn upload(params: &Params, request: Request) -> Outcome<(String, Payload)> {
    let media = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let max = engine::files::MAX_FILE;
    if !media.starts_with("multipart/form-data") {
        let name = params.get("name").ok_or_else(|| unreadable(Issue::new("name", "value-required")))?.to_owned();
        let (parts, body) = request.into_parts();
        let bytes = params::read(body, max).await?;
        return Ok((name, Payload { headers: parts.headers, bytes, target: format!("{} {}", parts.method, parts.uri) }));
    }
    let target = format!("{} {}", request.method(), request.uri());
    let headers = request.headers().clone();
    // The limit of the whole body: the file and the words around it.
    let (parts, body) = request.into_parts();
    let bytes = params::read(body, max + 64 * 1024).await?;
    let request = Request::from_parts(parts, axum::body::Body::from(bytes));
    let broken = |_| unreadable(Issue::new("file", "api-bad-multipart"));
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| unreadable(Issue::new("file", "api-bad-multipart")))?;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() == Some("file") {
            let name = field.file_name().or(params.get("name")).unwrap_or("file").to_owned();
            let bytes = field.bytes().await.map_err(broken)?;
            // The key stands for the name too, which raw uploads have in their target.
            let target = format!("{target} {name}");
            return Ok((name, Payload { headers, bytes, target }));
        }
    }
    Err(Fault { issues: vec![Issue::new("file", "value-required")], ..Fault::new(FaultKind::BadRequest) })
}

/// `GET /{object}/{id}/files/{file}`
pub(crate) async fn file(ctx: Ctx, Path((object, record, file)): Path<(String, String, String)>, params: Params) -> Answer {
    params.only(&[])?;
    let (stored, bytes) = ctx.company.version(&ctx.actor, &object, meant(&ctx, &object, &record).await?, id(&file)?).await?;
    let mut response: Response = bytes.into_response();
    let headers = response.headers_mut();
    let media = HeaderValue::from_str(&stored.file.media).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_TYPE, media);
    // Never shown in place: whatever it is, it does not run in our origin.
    let disposition = format!("attachment; filename*=UTF-8''{}", percent(&stored.file.name));
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    Ok(response)
}

fn percent(name: &str) -> String {
    let mut out = String::new();
    for b in name.bytes() {
        if b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
    out
}

/// `GET /{object}/{id}/files/{file}/versions`, newest first; `file` may be any of them.
pub(crate) async fn versions(ctx: Ctx, Path((object, record, file)): Path<(String, String, String)>, params: Params) -> Answer {
    params.only(&[])?;
    let (document, versions) = ctx.company.document(&ctx.actor, &object, meant(&ctx, &object, &record).await?, id(&file)?).await?;
    let people = people(&ctx, versions.iter().filter_map(|v| v.stored.by).chain(document.held.map(|h| h.0))).await?;
    let one = |v: &engine::files::Version| {
        let s = &v.stored;
        json!({
            "id": s.file.id, "version": v.n, "note": v.note, "name": s.file.name, "media": s.file.media, "size": s.file.size, "sha256": s.sha256,
            "at": s.at.to_string(), "by": shown(&people, s.by),
        })
    };
    let held = document.held.map(|(by, at)| json!({"by": shown(&people, Some(by)), "at": at.to_string()}));
    Ok(axum::Json(json!({"data": versions.iter().map(one).collect::<Vec<_>>(), "held": held})).into_response())
}

/// `POST /{object}/{id}/files/{file}/versions`: as [`attach`], with `?note=`.
pub(crate) async fn revise(ctx: Ctx, Path((object, record, file)): Path<(String, String, String)>, params: Params, request: Request) -> Answer {
    params.only(&["name", "note"])?;
    let (record, file) = (meant(&ctx, &object, &record).await?, id(&file)?);
    ctx.company.get(&ctx.actor, &object, record).await?;
    may_write(&ctx, &object)?;
    let (name, payload) = upload(&params, request).await?;
    let made = ctx.company.revise(&ctx.actor, &object, record, file, &name, &payload.bytes, params.get("note").unwrap_or_default()).await?;
    Ok(Reply::new(201, json!(made)).into_response())
}

/// `POST /{object}/{id}/files/{file}/restore`: an earlier version becomes the newest.
pub(crate) async fn bring_back(ctx: Ctx, Path((object, record, file)): Path<(String, String, String)>, params: Params) -> Answer {
    params.only(&["note"])?;
    let record = meant(&ctx, &object, &record).await?;
    ctx.company.get(&ctx.actor, &object, record).await?;
    may_write(&ctx, &object)?;
    let made = ctx.company.bring_back(&ctx.actor, &object, record, id(&file)?, params.get("note").unwrap_or_default()).await?;
    Ok(Reply::new(201, json!(made)).into_response())
}

/// `DELETE /{object}/{id}/files/{file}`
pub(crate) async fn detach(ctx: Ctx, Path((object, record, file)): Path<(String, String, String)>) -> Answer {
    let record = meant(&ctx, &object, &record).await?;
    ctx.company.get(&ctx.actor, &object, record).await?;
    may_write(&ctx, &object)?;
    ctx.company.detach(&ctx.actor, &object, record, id(&file)?).await?;
    Ok(Reply::new(204, Json::Null).into_response())
}
