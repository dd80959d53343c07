//! What there is for this actor: himself, the objects, everything by words.

use crate::json;
use crate::params::Params;
use crate::problem::Answer;
use crate::request::Ctx;
use axum::extract::Path;
use axum::response::IntoResponse;
use engine::Action;
use kernel::{Fault, Field, Mask, Object, Registry, Sensitivity, Verb};
use serde_json::{Map, Value as Json, json};

/// `GET /me`
pub(crate) async fn me(ctx: Ctx, params: Params) -> Answer {
    params.only(&[])?;
    let settings = ctx.company.settings();
    let a = &ctx.actor;
    Ok(axum::Json(json!({
        "id": a.id, "name": json::name(&a.name), "email": a.email, "roles": a.roles, "admin": a.must_administer().is_ok(),
        "scopes": a.scopes, "lang": a.lang(), "zone": a.locale.tz,
        "company": {"name": json::name(&settings.name), "currency": settings.currency, "country": settings.country, "zone": settings.zone},
    }))
    .into_response())
}

/// `GET /objects`
pub(crate) async fn objects(ctx: Ctx, params: Params) -> Answer {
    params.only(&[])?;
    let registry = ctx.company.registry();
    let seen = registry.objects().filter(|o| ctx.actor.may(o, &Verb::Read));
    let data: Vec<Json> = seen.map(|o| describe(&ctx, &registry, o)).collect();
    Ok(axum::Json(json!({ "data": data })).into_response())
}

/// `GET /objects/{object}`
pub(crate) async fn object(ctx: Ctx, Path(object): Path<String>, params: Params) -> Answer {
    params.only(&[])?;
    let registry = ctx.company.registry();
    let declared = registry.object(&object)?;
    ctx.actor.rule(declared, &Verb::Read)?;
    Ok(axum::Json(describe(&ctx, &registry, declared)).into_response())
}

/// The fields the actor may know of.
pub fn fields<'a>(ctx: &'a Ctx, object: &'a Object) -> impl Iterator<Item = &'a Field> {
    let seen = |f: &&Field| ctx.actor.mask(&object.key, &f.key) != Some(Mask::Hidden) && f.sensitivity != Sensitivity::Secret;
    object.all_fields().filter(seen)
}

/// The actions the actor may run on some record.
pub fn actions<'a>(ctx: &'a Ctx, object: &'a Object) -> impl Iterator<Item = &'a Action> {
    ctx.company.actions(&object.key).filter(|a| ctx.actor.may(object, &Verb::Act(a.key.to_owned())))
}

/// An object with the fields, verbs and actions the caller may know of.
pub fn describe(ctx: &Ctx, registry: &Registry, object: &Object) -> Json {
    let verbs: Vec<&str> = Verb::COMMON.iter().filter(|v| ctx.actor.may(object, v)).map(Verb::key).collect();
    let actions: Vec<Json> = actions(ctx, object)
        .map(|a| {
            let input: Vec<Json> = a.input.iter().map(|f| field(ctx, "", f)).collect();
            json!({"key": a.key, "label": a.label, "icon": a.icon, "danger": a.danger, "guard": a.guard, "input": input})
        })
        .collect();
    let lists: Vec<Json> = registry
        .children(&object.key)
        .filter(|(child, via)| ctx.actor.may(child, &Verb::Read) && ctx.actor.sees(&child.key, &via.key))
        .map(|(child, via)| {
            let key = if via.reverse.is_empty() { &child.key } else { &via.reverse };
            json!({"key": key, "object": child.key, "via": via.key, "label": via.reverse_heading(&child.plural)})
        })
        .collect();
    json!({
        "key": object.key, "module": object.module, "label": object.label, "plural": object.plural, "icon": object.icon,
        "title": object.title, "stage": object.stage, "calendar": object.calendar, "sort": object.sort,
        "capabilities": object.capabilities, "source": object.source, "verbs": verbs, "actions": actions,
        "fields": fields(ctx, object).map(|f| field(ctx, &object.key, f)).collect::<Vec<_>>(), "lists": lists,
    })
}

fn field(ctx: &Ctx, object: &str, f: &Field) -> Json {
    let mask = ctx.actor.mask(object, &f.key).filter(|_| !object.is_empty());
    let mut map = Map::new();
    map.insert("key".into(), json!(f.key));
    map.insert("kind".into(), json!(f.kind));
    map.insert("label".into(), json!(f.label));
    if !f.help.is_empty() {
        map.insert("help".into(), json!(f.help));
    }
    map.insert("required".into(), json!(f.required));
    map.insert("unique".into(), json!(f.unique));
    map.insert("writable".into(), json!(f.writable() && mask.is_none()));
    for (key, expr) in [("default", &f.default), ("when", &f.when), ("lock", &f.lock)] {
        if let Some(expr) = expr {
            map.insert(key.into(), json!(expr));
        }
    }
    if let Some(mask) = mask {
        map.insert("mask".into(), json!(mask));
    }
    if f.sensitivity == Sensitivity::Personal {
        map.insert("personal".into(), json!(true));
    }
    map.insert("custom".into(), json!(f.custom));
    map.insert("system".into(), json!(f.system));
    Json::Object(map)
}

/// `GET /search?q=`
pub(crate) async fn search(ctx: Ctx, params: Params) -> Answer {
    params.only(&["q", "object", "limit"])?;
    let words = params.get("q").ok_or_else(|| Fault::invalid("q", "value-required"))?;
    let limit = params.number("limit", 10, 1, 100)?;
    let hits = ctx.company.search(&ctx.actor, words, params.get("object"), limit).await?;
    Ok(axum::Json(json!({"data": found(&ctx, &hits)})).into_response())
}

/// What a search found.
pub fn found(ctx: &Ctx, hits: &[engine::search::Hit]) -> Vec<Json> {
    let registry = ctx.company.registry();
    let hit = |h: &engine::search::Hit| {
        let record = registry.find(&h.object).map(|o| json::record(o, &h.record));
        json!({"object": h.object, "id": h.id, "title": json::name(&h.title), "rank": h.rank, "record": record})
    };
    hits.iter().map(hit).collect()
}
