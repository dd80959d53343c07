//! Likely duplicates, decisions about them, merging and undoing it.

use crate::json;
use crate::once::{Reply, once};
use crate::params::{self, Params, Payload};
use crate::problem::Answer;
use crate::records::{answer, meant, shown};
use crate::request::Ctx;
use axum::extract::Path;
use axum::response::IntoResponse;
use engine::duplicates::{Decision, Found, Rule, explained};
use engine::merge::{Merge, Side};
use indexmap::IndexMap;
use kernel::{Fault, Issue, Record, Verb};
use matching::Clue;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use uuid::Uuid;

type Place = Path<(String, String)>;

fn found(found: &Found, lang: text::locale::Lang) -> Json {
    let one = |c: &engine::duplicates::Candidate| {
        let mut map = explained(&c.matched, lang);
        if let Json::Object(o) = &mut map {
            o.insert("id".into(), json!(c.id));
            o.insert("title".into(), json::name(&c.title));
        }
        map
    };
    json!({"candidates": found.candidates.iter().map(one).collect::<Vec<_>>(), "elsewhere": found.elsewhere})
}

/// `POST /{object}/duplicates`: a draft; who could be the same.
pub(crate) async fn of_draft(ctx: Ctx, Path(object): Path<String>, params: Params, payload: Payload) -> Answer {
    params.only(&[])?;
    let registry = ctx.company.registry();
    let declared = registry.object(&object)?.clone();
    ctx.actor.rule(&declared, &Verb::Read)?;
    let mut draft = Record::new(object.clone(), Uuid::nil());
    draft.values = json::values(&ctx, &declared, &payload.object()?)?;
    Ok(axum::Json(found(&ctx.company.duplicates_of_draft(&ctx.actor, &object, &draft, None).await?, ctx.lang)).into_response())
}

/// `GET /{object}/{id}/duplicates`
pub(crate) async fn of_record(ctx: Ctx, Path((object, record)): Place, params: Params) -> Answer {
    params.only(&[])?;
    Ok(axum::Json(found(&ctx.company.duplicates_of(&ctx.actor, &object, meant(&ctx, &object, &record).await?).await?, ctx.lang)).into_response())
}

fn clues(names: &[String]) -> Result<Vec<Clue>, Fault> {
    names.iter().map(|n| Clue::parse(n).ok_or_else(|| Fault::invalid("same", "duplicates-no-such-clue"))).collect()
}

/// `GET /{object}/duplicates`: the queue.
pub(crate) async fn queue(ctx: Ctx, Path(object): Path<String>, params: Params) -> Answer {
    params.only(&["state", "score", "same", "skip", "limit"])?;
    let state = match params.get("state") {
        None => Decision::Open,
        Some(text) => Decision::parse(text).ok_or_else(|| Fault::invalid("state", "duplicates-no-such-decision"))?,
    };
    let rule = Rule { score: i64::try_from(params.number("score", 0, 0, 100)?).unwrap_or(0), clues: clues(&params.list("same"))? };
    let pairs = ctx.company.pairs(&ctx.actor, &object, state, &rule, params.number("skip", 0, 0, 1_000_000)?, params.number("limit", 50, 1, 200)?).await?;
    let count = ctx.company.count_pairs(&ctx.actor, &object, state, &rule).await?;
    let registry = ctx.company.registry();
    let declared = registry.object(&object)?;
    let one = |p: &engine::duplicates::Pair| {
        let mut map = explained(&p.matched, ctx.lang);
        if let Json::Object(o) = &mut map {
            o.insert("a".into(), json::record(declared, &p.a));
            o.insert("b".into(), json::record(declared, &p.b));
        }
        map
    };
    Ok(axum::Json(json!({"data": pairs.iter().map(one).collect::<Vec<_>>(), "count": count})).into_response())
}

/// `POST /{object}/duplicates/{verb}`: `decide` `{"a","b","decision"}`, `sweep`, `merge` `{"score","same":[…],"dry_run"}`, `stop`.
pub(crate) async fn act(ctx: Ctx, Path((object, verb)): Place, params: Params, payload: Payload) -> Answer {
    params.only(&[])?;
    let mut map = payload.object()?;
    match verb.as_str() {
        "decide" => {
            let missing = |f: &str| Fault::issue(Issue::new(f, "value-required"));
            let a: Uuid = params::take(&mut map, "a")?.ok_or_else(|| missing("a"))?;
            let b: Uuid = params::take(&mut map, "b")?.ok_or_else(|| missing("b"))?;
            let decision: String = params::take(&mut map, "decision")?.ok_or_else(|| missing("decision"))?;
            let decision = Decision::parse(&decision).ok_or_else(|| Fault::invalid("decision", "duplicates-no-such-decision"))?;
            params::done(&map, &["a", "b", "decision"])?;
            once(&ctx, &payload, |cx| {
                let object = object.clone();
                Box::pin(async move {
                    cx.decide_pair(&object, a, b, decision).await?;
                    Ok(Reply::new(200, json!({"a": a, "b": b, "decision": decision.key()})))
                })
            })
            .await
        }
        "sweep" => {
            params::done(&map, &[])?;
            let job = ctx.company.queue_sweep(&ctx.actor, &object).await?;
            Ok(Reply::new(202, json!({"job": job})).into_response())
        }
        "merge" => {
            let score: i64 = params::take(&mut map, "score")?.unwrap_or(100);
            let names: Vec<String> = params::take(&mut map, "same")?.unwrap_or_default();
            let dry: bool = params::take(&mut map, "dry_run")?.unwrap_or(false);
            params::done(&map, &["score", "same", "dry_run"])?;
            let rule = Rule { score, clues: clues(&names)? };
            if dry {
                let count = ctx.company.count_pairs(&ctx.actor, &object, Decision::Open, &rule).await?;
                return Ok(axum::Json(json!({"count": count})).into_response());
            }
            let job = ctx.company.queue_merge(&ctx.actor, &object, &rule).await?;
            Ok(Reply::new(202, json!({"job": job})).into_response())
        }
        "stop" => {
            params::done(&map, &[])?;
            let stopped = ctx.company.stop_merge(&ctx.actor, &object).await?;
            Ok(Reply::new(202, json!({"stopped": stopped})).into_response())
        }
        _ => Err(Fault::not_found().into()),
    }
}

/// `GET /{object}/duplicates/merge`: how far the merging of many is.
pub(crate) async fn merging(ctx: Ctx, Path((object, verb)): Place, params: Params) -> Answer {
    params.only(&[])?;
    let found = ctx.company.bulk_merge(&ctx.actor, &object).await?;
    if verb != "merge" {
        return Err(Fault::not_found().into());
    }
    let Some(b) = found else { return Ok(axum::Json(json!({"job": null, "state": null, "merged": 0, "refused": 0, "total": 0})).into_response()) };
    let same: Vec<&str> = b.rule.clues.iter().map(|c| c.key()).collect();
    let body = json!({"job": b.job, "state": b.state.key(), "merged": b.counts.merged, "refused": b.counts.refused, "total": b.total, "score": b.rule.score, "same": same, "by": b.by});
    Ok(axum::Json(body).into_response())
}

/// `POST /{object}/{id}/merge`: `{"with","choices":{"phone":"loser"},"with_rev"}`; the record of the address stays.
pub(crate) async fn merge(ctx: Ctx, Path((object, record)): Place, params: Params, payload: Payload) -> Answer {
    params.only(&[])?;
    let registry = ctx.company.registry();
    let declared = registry.object(&object)?.clone();
    let record = meant(&ctx, &object, &record).await?;
    let expected = payload.if_match()?;
    let mut map = payload.object()?;
    let with: Uuid = params::take(&mut map, "with")?.ok_or_else(|| Fault::issue(Issue::new("with", "value-required")))?;
    let loser_rev: Option<i64> = params::take(&mut map, "with_rev")?;
    let sides: BTreeMap<String, String> = params::take(&mut map, "choices")?.unwrap_or_default();
    params::done(&map, &["with", "with_rev", "choices"])?;
    let mut choices = IndexMap::new();
    for (field, side) in sides {
        let known = declared.fields.iter().any(|f| f.key == field) && ctx.actor.mask(&object, &field) != Some(kernel::Mask::Hidden);
        if !known {
            return Err(Fault::issue(Issue::new(format!("choices.{field}"), "expr-unknown-field").arg("name", &field)).into());
        }
        let side = Side::parse(&side).ok_or_else(|| Fault::invalid(&format!("choices.{field}"), "merge-no-such-side"))?;
        choices.insert(field, side);
    }
    let result = once(&ctx, &payload, |cx| {
        let (declared, choices) = (declared.clone(), choices.clone());
        Box::pin(async move {
            let merge = Merge { rev: expected, loser_rev, choices, ..Merge::new(&declared.key, record, with) };
            let done = cx.merge(merge).await?;
            let after = shown(cx, &declared, record, done.rev).await?;
            Ok(Reply::new(200, json!({"merge": done.id, "merged": with, "record": after})).etag(done.rev))
        })
    })
    .await;
    answer(&ctx, &object, record, expected.is_some(), result).await
}

/// `POST /{object}/{id}/unmerge`: `{"merge"}`.
pub(crate) async fn unmerge(ctx: Ctx, Path((object, record)): Place, params: Params, payload: Payload) -> Answer {
    params.only(&[])?;
    let registry = ctx.company.registry();
    let declared = registry.object(&object)?.clone();
    let record = meant(&ctx, &object, &record).await?;
    ctx.company.get(&ctx.actor, &object, record).await?;
    let mut map = payload.object()?;
    let merge: Uuid = params::take(&mut map, "merge")?.ok_or_else(|| Fault::issue(Issue::new("merge", "value-required")))?;
    params::done(&map, &["merge"])?;
    once(&ctx, &payload, |cx| {
        let declared = declared.clone();
        Box::pin(async move {
            let back = cx.unmerge(&declared.key, merge).await?;
            let record = shown(cx, &declared, record, 0).await?;
            Ok(Reply::new(200, json!({"merge": merge, "restored": shown(cx, &declared, back, 0).await?, "record": record})))
        })
    })
    .await
}

/// `GET /{object}/{id}/merges`
pub(crate) async fn merges(ctx: Ctx, Path((object, record)): Place, params: Params) -> Answer {
    params.only(&[])?;
    let merges = ctx.company.merges(&ctx.actor, &object, meant(&ctx, &object, &record).await?).await?;
    let one = |m: &engine::merge::undo::Past| {
        json!({"id": m.id, "merged": m.loser, "at": m.at.to_string(), "by": m.by, "undone_at": m.undone_at.map(|t| t.to_string())})
    };
    Ok(axum::Json(json!({"data": merges.iter().map(one).collect::<Vec<_>>()})).into_response())
}
