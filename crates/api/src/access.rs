//! Who may do what and why; shares, delegations, who looked; the audit.

use crate::once::Reply;
use crate::params::{self, Params, Payload, id};
use crate::problem::Answer;
use crate::records::meant;
use crate::request::Ctx;
use axum::extract::Path;
use axum::response::IntoResponse;
use engine::access::{Delegation, Level, NewDelegation, NewShare, Reason, Share};
use engine::audit::chain::Class;
use engine::audit::{Entry, Filter};
use kernel::{Fault, Outcome, Verb};
use serde_json::{Value as Json, json};
use uuid::Uuid;

fn reasons(list: &[Reason], lang: &str) -> Vec<Json> {
    list.iter()
        .map(|r| json!({"key": r.key, "sentence": r.sentence.get(lang), "holds": r.holds, "under": reasons(&r.under, lang)}))
        .collect()
}

fn moment(text: Option<String>, field: &str) -> Outcome<Option<jiff::Timestamp>> {
    text.map(|t| t.parse().map_err(|_| Fault::invalid(field, "value-not-date"))).transpose()
}

/// `GET /access/explain?user=&object=&id=&verb=`
pub(crate) async fn explain(ctx: Ctx, params: Params) -> Answer {
    params.only(&["user", "object", "id", "verb"])?;
    let user = params.get("user").map(id).transpose()?.unwrap_or(ctx.actor.id);
    let record = params.get("id").map(id).transpose()?;
    let verb = Verb::of_key(params.get("verb").unwrap_or("read"));
    let told = ctx.company.explain(&ctx.actor, user, params.get("object").unwrap_or_default(), record, &verb).await?;
    let lang = ctx.lang.code();
    Ok(axum::Json(json!({
        "allowed": told.allowed, "user": told.user, "object": told.object, "id": told.record, "verb": told.verb.key(),
        "sentence": told.sentence.get(lang), "reasons": reasons(&told.reasons, lang),
    }))
    .into_response())
}

fn share_json(s: &Share) -> Json {
    json!({
        "id": s.id, "with": s.with, "team": s.team, "level": s.level.key(), "until": s.until.map(|t| t.to_string()),
        "note": s.note, "at": s.at.to_string(), "by": s.by,
    })
}

/// `GET /{object}/{id}/shares`
pub(crate) async fn shares(ctx: Ctx, Path((object, record)): Path<(String, String)>, params: Params) -> Answer {
    params.only(&[])?;
    let list = ctx.company.shares(&ctx.actor, &object, meant(&ctx, &object, &record).await?).await?;
    Ok(axum::Json(json!({"data": list.iter().map(share_json).collect::<Vec<_>>()})).into_response())
}

/// `POST /{object}/{id}/shares`: `{"with","level","until","note"}`
pub(crate) async fn share(ctx: Ctx, Path((object, record)): Path<(String, String)>, params: Params, payload: Payload) -> Answer {
    params.only(&[])?;
    let record = meant(&ctx, &object, &record).await?;
    let mut body = payload.object()?;
    let with: Option<Uuid> = params::take(&mut body, "with")?;
    let level: Option<String> = params::take(&mut body, "level")?;
    let until = moment(params::take(&mut body, "until")?, "until")?;
    let note: Option<String> = params::take(&mut body, "note")?;
    params::done(&body, &["with", "level", "until", "note"])?;
    let new = NewShare {
        with: with.ok_or_else(|| Fault::invalid("with", "value-required"))?,
        level: Level::parse(level.as_deref().unwrap_or("read")).ok_or_else(|| Fault::invalid("level", "value-not-choice"))?,
        until,
        note: note.unwrap_or_default(),
    };
    let made = ctx.company.share(&ctx.actor, &object, record, &new).await?;
    Ok(Reply::new(201, json!({ "id": made })).into_response())
}

/// `DELETE /{object}/{id}/shares/{share}`
pub(crate) async fn unshare(ctx: Ctx, Path((object, record, share)): Path<(String, String, String)>, params: Params) -> Answer {
    params.only(&[])?;
    ctx.company.unshare(&ctx.actor, &object, meant(&ctx, &object, &record).await?, id(&share)?).await?;
    Ok(Reply::new(204, Json::Null).into_response())
}

/// `GET /{object}/{id}/readers`
pub(crate) async fn readers(ctx: Ctx, Path((object, record)): Path<(String, String)>, params: Params) -> Answer {
    params.only(&["limit"])?;
    let limit = params.number("limit", 100, 1, 500)?;
    let log = ctx.company.readers(&ctx.actor, &object, meant(&ctx, &object, &record).await?, limit).await?;
    Ok(axum::Json(json!({"data": log.entries.iter().map(Entry::to_json).collect::<Vec<_>>()})).into_response())
}

fn delegation_json(ctx: &Ctx, d: &Delegation) -> Json {
    json!({
        "id": d.id, "from": d.from, "to": d.to, "objects": d.objects, "from_at": d.from_at.to_string(), "until_at": d.until_at.to_string(),
        "reason": d.reason, "active": d.active(ctx.company.now()), "ended_at": d.ended_at.map(|t| t.to_string()),
    })
}

/// `GET /access/delegations`: one's own; everybody's for an administrator with `?all=1`.
pub(crate) async fn delegations(ctx: Ctx, params: Params) -> Answer {
    params.only(&["all"])?;
    let of = (!params.flag("all")?).then_some(ctx.actor.id);
    let list = ctx.company.delegations(&ctx.actor, of).await?;
    Ok(axum::Json(json!({"data": list.iter().map(|d| delegation_json(&ctx, d)).collect::<Vec<_>>()})).into_response())
}

/// `POST /access/delegations`, for administrators: `{"from","to","objects","from_at","until_at","reason"}`. A person hands over his
/// own rights at the screen, not with a token.
pub(crate) async fn delegate(ctx: Ctx, params: Params, payload: Payload) -> Answer {
    params.only(&[])?;
    let mut body = payload.object()?;
    let from: Option<Uuid> = params::take(&mut body, "from")?;
    let to: Option<Uuid> = params::take(&mut body, "to")?;
    let objects: Option<Vec<String>> = params::take(&mut body, "objects")?;
    let from_at = moment(params::take(&mut body, "from_at")?, "from_at")?;
    let until_at = moment(params::take(&mut body, "until_at")?, "until")?;
    let reason: Option<String> = params::take(&mut body, "reason")?;
    params::done(&body, &["from", "to", "objects", "from_at", "until_at", "reason"])?;
    let new = NewDelegation {
        from: from.unwrap_or(ctx.actor.id),
        to: to.ok_or_else(|| Fault::invalid("to", "value-required"))?,
        objects: objects.unwrap_or_default(),
        from_at: from_at.unwrap_or_else(|| ctx.company.now()),
        until_at: until_at.ok_or_else(|| Fault::invalid("until", "value-required"))?,
        reason: reason.unwrap_or_default(),
    };
    let made = ctx.company.delegate(&ctx.actor, &new).await?;
    Ok(Reply::new(201, json!({ "id": made })).into_response())
}

/// `DELETE /access/delegations/{id}`
pub(crate) async fn end_delegation(ctx: Ctx, Path(delegation): Path<String>, params: Params) -> Answer {
    params.only(&[])?;
    ctx.company.end_delegation(&ctx.actor, id(&delegation)?).await?;
    Ok(Reply::new(204, Json::Null).into_response())
}

/// `GET /admin/audit?actor=&object=&record=&verb=&from=&until=&class=&before=&limit=`
pub(crate) async fn audit(ctx: Ctx, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&["actor", "object", "record", "verb", "from", "until", "class", "before", "limit"])?;
    let filter = Filter {
        actor: params.get("actor").map(id).transpose()?,
        object: params.get("object").map(str::to_owned),
        record: params.get("record").map(id).transpose()?,
        verb: params.get("verb").map(str::to_owned),
        from: moment(params.get("from").map(str::to_owned), "from")?,
        until: moment(params.get("until").map(str::to_owned), "until")?,
        class: match params.get("class") {
            None => None,
            Some("change") => Some(Class::Change),
            Some("read") => Some(Class::Read),
            Some(_) => return Err(Fault::invalid("class", "value-not-choice").into()),
        },
    };
    let limit = params.number("limit", 100, 1, 1_000)?;
    let log = ctx.company.audit_log(&ctx.actor, &filter, params.get("before"), limit).await?;
    Ok(axum::Json(json!({"data": log.entries.iter().map(Entry::to_json).collect::<Vec<_>>(), "next": log.next})).into_response())
}

/// `GET /admin/audit/verify`
pub(crate) async fn verify(ctx: Ctx, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let anchors = ctx.company.audit_anchors().await?;
    let report = ctx.company.verify_audit(&anchors).await?;
    let finding = |f: &engine::audit::Finding| json!({"what": f.what.key(), "seq": f.seq, "row": f.row, "at": f.at.map(|t| t.to_string()), "about": f.about});
    Ok(axum::Json(json!({
        "sound": report.findings.is_empty(), "sealed": report.sealed, "open": report.open, "retired": report.retired, "forgotten": report.forgotten,
        "head": report.head.map(|h| json!({"seq": h.seq, "hash": h.hash})), "findings": report.findings.iter().map(finding).collect::<Vec<_>>(),
    }))
    .into_response())
}
