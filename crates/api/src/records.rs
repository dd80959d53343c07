//! Lists and records.

use crate::expand;
use crate::json;
use crate::once::{Reply, once, with_current};
use crate::params::{Params, Payload, id};
use crate::problem::Answer;
use crate::request::Ctx;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use engine::{Count, Cx, Draft, Query, Sort};
use indexmap::IndexMap;
use kernel::{Expr, Fault, FaultKind, Issue, Object, Outcome, Value};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// Faults of an expression belong to the parameter it came in.
fn at(field: &str) -> impl Fn(Fault) -> Fault + '_ {
    move |mut fault| {
        for i in fault.issues.iter_mut().filter(|i| i.field.is_empty()) {
            field.clone_into(&mut i.field);
        }
        fault
    }
}

/// `GET /{object}`
pub(crate) async fn list(ctx: Ctx, Path(object): Path<String>, params: Params) -> Answer {
    params.only(&["filter", "sort", "fields", "limit", "after", "before", "count", "search", "expand", "trash"])?;
    let registry = ctx.company.registry();
    let declared = registry.object(&object)?;
    // Before the words of the request are judged: an object he may not see does not exist.
    ctx.actor.rule(declared, &kernel::Verb::Read)?;
    let query = query(&params, declared)?;
    let paths = expand::parse(&ctx, declared, &params.list("expand"))?;
    let page = ctx.company.list(&ctx.actor, &query).await.map_err(at("filter"))?;
    let count = page.count.map(|c| json!({"n": c.n, "exact": c.exact}));
    let (next, prev) = (page.next, page.prev);
    if paths.is_empty() {
        let data = page.records.iter().map(|r| json::Shown(declared, r)).collect();
        return Ok(axum::Json(Page { data, next, prev, count }).into_response());
    }
    let mut data: Vec<Json> = page.records.iter().map(|r| json::record(declared, r)).collect();
    expand::fill(&ctx, declared, &mut data, &paths).await?;
    Ok(axum::Json(Page { data, next, prev, count }).into_response())
}

#[derive(serde::Serialize)]
struct Page<T> {
    data: Vec<T>,
    next: Option<String>,
    prev: Option<String>,
    count: Option<Json>,
}

fn query(params: &Params, object: &Object) -> Outcome<Query> {
    let filter = params.get("filter").map(Expr::parse).transpose().map_err(at("filter"))?;
    let count = match params.get("count") {
        None | Some("estimate") => Count::Estimate,
        Some("exact") => Count::Exact,
        Some("none") => Count::None,
        Some(_) => return Err(crate::request::unreadable(Issue::new("count", "api-bad-count"))),
    };
    if params.get("after").is_some() && params.get("before").is_some() {
        return Err(crate::request::unreadable(Issue::new("before", "api-after-or-before")));
    }
    let mut fields = params.list("fields");
    let named = !fields.is_empty();
    fields.retain(|f| f != "id");
    if named && fields.is_empty() {
        fields.push("rev".into());
    }
    // What is expanded has to be read.
    for path in params.list("expand").iter().filter(|_| named) {
        let first = path.split('.').next().unwrap_or_default();
        if object.get(first).is_some() && !fields.iter().any(|f| f == first) {
            fields.push(first.to_owned());
        }
    }
    Ok(Query {
        object: object.key.clone(),
        filter,
        sort: Sort::parse(params.get("sort").unwrap_or_default()),
        fields,
        limit: params.number("limit", 50, 1, 500)?,
        after: params.get("after").map(str::to_owned),
        before: params.get("before").map(str::to_owned),
        count,
        trash: params.flag("trash")?,
        search: params.get("search").map(str::to_owned),
        ..Query::default()
    })
}

/// The record an address means: one that was merged away is the one it went into.
pub(crate) async fn meant(ctx: &Ctx, object: &str, record: &str) -> Outcome<Uuid> {
    let asked = id(record)?;
    Ok(ctx.company.merged_into(&ctx.actor, object, asked).await?.unwrap_or(asked))
}

/// `GET /{object}/{id}`
pub(crate) async fn get(ctx: Ctx, Path((object, record)): Path<(String, String)>, params: Params) -> Answer {
    params.only(&["expand"])?;
    let registry = ctx.company.registry();
    let declared = registry.object(&object)?;
    let asked = id(&record)?;
    let (record, moved) = match ctx.company.get(&ctx.actor, &object, asked).await {
        Ok(record) => (record, false),
        Err(fault) => match ctx.company.merged_into(&ctx.actor, &object, asked).await? {
            Some(to) => (ctx.company.get(&ctx.actor, &object, to).await?, true),
            None => return Err(fault.into()),
        },
    };
    let paths = expand::parse(&ctx, declared, &params.list("expand"))?;
    let mut data = vec![json::record(declared, &record)];
    expand::fill(&ctx, declared, &mut data, &paths).await?;
    let mut body = data.pop().unwrap_or_default();
    if !moved {
        return Ok(Reply::new(200, body).etag(record.rev).into_response());
    }
    // The record went into another: this is that one, and it says so.
    if let Json::Object(map) = &mut body {
        map.insert("merged_from".into(), json!(asked));
    }
    let place = format!("{}/{object}/{}", crate::MOUNT, record.id);
    Ok(Reply::new(200, body).etag(record.rev).header("content-location", place).into_response())
}

/// `POST /{object}`
pub(crate) async fn create(ctx: Ctx, Path(object): Path<String>, params: Params, payload: Payload) -> Answer {
    params.only(&[])?;
    let registry = ctx.company.registry();
    let declared = registry.object(&object)?.clone();
    ctx.actor.rule(&declared, &kernel::Verb::Create)?;
    let values = json::values(&ctx, &declared, &payload.object()?)?;
    once(&ctx, &payload, |cx| {
        let draft = Draft { values: values.clone(), ..Draft::new() };
        let declared = declared.clone();
        Box::pin(async move {
            let saved = cx.save(&declared.key, draft).await?;
            let (id, rev) = (saved.record().id, saved.record().rev);
            let body = shown(cx, &declared, id, rev).await?;
            Ok(Reply::new(201, body).etag(rev).header("location", format!("{}/{}/{id}", crate::MOUNT, declared.key)))
        })
    })
    .await
}

/// The record as its writer may see it; id and revision when he may not.
pub(crate) async fn shown(cx: &mut Cx, object: &Object, id: Uuid, rev: i64) -> Outcome<Json> {
    let (company, actor) = (cx.company.clone(), cx.actor.clone());
    match company.get_in(&mut cx.tx, &actor, &object.key, id).await {
        Ok(record) => Ok(json::record(object, &record)),
        Err(fault) if fault.kind == FaultKind::NotFound => Ok(json!({"id": id, "rev": rev})),
        Err(fault) => Err(fault),
    }
}

/// `PATCH /{object}/{id}`
pub(crate) async fn update(ctx: Ctx, Path((object, record)): Path<(String, String)>, params: Params, payload: Payload) -> Answer {
    params.only(&[])?;
    let registry = ctx.company.registry();
    let declared = registry.object(&object)?.clone();
    ctx.actor.rule(&declared, &kernel::Verb::Update)?;
    let asked = id(&record)?;
    let record = meant(&ctx, &object, &record).await?;
    let mut body = payload.object()?;
    let same = |given: Json| given.as_str().and_then(|t| t.parse().ok()).is_some_and(|given: Uuid| given == record || given == asked);
    if body.shift_remove("id").is_some_and(|given| !same(given)) {
        return Err(Fault::invalid("id", "api-other-id").into());
    }
    if record != asked {
        // What reading the old address said beside the record.
        body.shift_remove("merged_from");
    }
    // A record sent back whole says by its revision what it was based on.
    let based_on = match body.shift_remove("rev") {
        None => None,
        Some(rev) => Some(rev.as_i64().ok_or_else(|| Fault::issue(Issue::new("rev", "value-wrong-type").arg("type", "integer")))?),
    };
    let expected = payload.if_match()?;
    // A record that is not there for him is missing, whatever he sent.
    ctx.company.get(&ctx.actor, &object, record).await?;
    let values: IndexMap<String, Value> = json::values(&ctx, &declared, &body)?;
    let result = once(&ctx, &payload, |cx| {
        let draft = Draft { rev: expected.or(based_on), values: values.clone(), ..Draft::of(record) };
        let declared = declared.clone();
        Box::pin(async move {
            let saved = cx.save(&declared.key, draft).await?;
            let (id, rev) = (saved.record().id, saved.record().rev);
            let mut body = shown(cx, &declared, id, rev).await?;
            if id == asked {
                return Ok(Reply::new(200, body).etag(rev));
            }
            if let Json::Object(map) = &mut body {
                map.insert("merged_from".into(), json!(asked));
            }
            Ok(Reply::new(200, body).etag(rev).header("content-location", format!("{}/{}/{id}", crate::MOUNT, declared.key)))
        })
    })
    .await;
    answer(&ctx, &object, record, expected.is_some(), result).await
}

pub(crate) async fn answer(ctx: &Ctx, object: &str, id: Uuid, expected: bool, result: Answer) -> Answer<Response> {
    match result {
        Ok(response) => Ok(response),
        Err(refused) => Err(with_current(ctx, object, id, expected, refused).await),
    }
}

/// `DELETE /{object}/{id}`
pub(crate) async fn delete(ctx: Ctx, Path((object, record)): Path<(String, String)>, params: Params, payload: Payload) -> Answer {
    params.only(&[])?;
    let record = id(&record)?;
    let expected = payload.if_match()?;
    // Deleting is the one thing that the old address does not do to the survivor: it is more than what it stood for.
    if let Some(to) = ctx.company.merged_into(&ctx.actor, &object, record).await? {
        return Err(Fault::issue(Issue::new("id", "merge-delete-old").arg("id", to.to_string())).into());
    }
    let result = once(&ctx, &payload, |cx| {
        let object = object.clone();
        Box::pin(async move {
            cx.delete(&object, record, expected).await?;
            Ok(Reply::new(204, Json::Null))
        })
    })
    .await;
    answer(&ctx, &object, record, expected.is_some(), result).await
}
