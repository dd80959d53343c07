//! Objects and fields made at run time: look at the plan, then apply it.

use engine::fit::nearest;
use crate::params::{self, Params, Payload};
use crate::problem::Answer;
use crate::request::Ctx;
use axum::extract::Path;
use axum::response::IntoResponse;
use engine::custom::{Change, Planned};
use kernel::{Fault, Field, Issue, Label, Object, Outcome, Source};
use serde_json::{Map, Value as Json, json};

/// `GET /admin/objects`: what was made at run time.
pub(crate) async fn list(ctx: Ctx, params: Params) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let registry = ctx.company.registry();
    let objects: Vec<&Object> = registry.objects().filter(|o| o.source == Source::Custom).map(|o| &**o).collect();
    let custom = |o: &'_ Object| o.fields.iter().filter(|f| f.custom).map(|f| json!({"object": o.key, "field": f})).collect::<Vec<_>>();
    let fields: Vec<Json> = registry.objects().filter(|o| o.source != Source::Custom).flat_map(|o| custom(o)).collect();
    Ok(axum::Json(json!({"objects": objects, "fields": fields})).into_response())
}

/// `POST /admin/objects/plan`: `{"changes":[…]}`; nothing is done.
pub(crate) async fn plan(ctx: Ctx, params: Params, payload: Payload) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&[])?;
    let planned = ctx.company.plan_changes(&ctx.actor, &changes(&payload)?).await?;
    Ok(axum::Json(shown(&ctx, &planned, false)).into_response())
}

/// `POST /admin/objects/apply?allow_loss=1`
pub(crate) async fn apply(ctx: Ctx, params: Params, payload: Payload) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&["allow_loss"])?;
    let planned = ctx.company.apply_changes(&ctx.actor, &changes(&payload)?, params.flag("allow_loss")?).await?;
    Ok(axum::Json(shown(&ctx, &planned, true)).into_response())
}

/// `DELETE /admin/objects/{object}?allow_loss=1`
pub(crate) async fn remove(ctx: Ctx, Path(object): Path<String>, params: Params) -> Answer {
    removing(&ctx, &params, Change::RemoveObject { object }).await
}

/// `DELETE /admin/objects/{object}/fields/{field}?allow_loss=1`
pub(crate) async fn remove_field(ctx: Ctx, Path((object, field)): Path<(String, String)>, params: Params) -> Answer {
    removing(&ctx, &params, Change::RemoveField { object, field }).await
}

async fn removing(ctx: &Ctx, params: &Params, change: Change) -> Answer {
    ctx.actor.must_administer()?;
    params.only(&["allow_loss"])?;
    let planned = ctx.company.apply_changes(&ctx.actor, &[change], params.flag("allow_loss")?).await?;
    Ok(axum::Json(shown(ctx, &planned, true)).into_response())
}

fn shown(ctx: &Ctx, planned: &Planned, applied: bool) -> Json {
    let loses: Vec<Json> = planned.loses().into_iter().map(|(name, rows)| json!({"name": name, "rows": rows})).collect();
    json!({
        "applied": applied, "summary": planned.plan.summary(), "sql": planned.plan.show(ctx.company.db().dialect()), "loses": loses,
    })
}

fn changes(payload: &Payload) -> Outcome<Vec<Change>> {
    let mut body = payload.object()?;
    let list: Vec<Map<String, Json>> = params::take(&mut body, "changes")?.unwrap_or_default();
    params::done(&body, &["changes"])?;
    if list.is_empty() {
        return Err(Fault::invalid("changes", "value-required"));
    }
    list.into_iter().enumerate().map(|(i, c)| change(c).map_err(|f| within(&format!("changes[{i}]"), f))).collect()
}

fn within(place: &str, mut fault: Fault) -> Fault {
    for issue in &mut fault.issues {
        issue.field = if issue.field.is_empty() { place.to_owned() } else { format!("{place}.{}", issue.field) };
    }
    fault
}

fn change(mut map: Map<String, Json>) -> Outcome<Change> {
    let what: String = params::take(&mut map, "change")?.unwrap_or_default();
    let change = match what.as_str() {
        "put_object" => {
            let object: Map<String, Json> = params::take(&mut map, "object")?.unwrap_or_default();
            Change::PutObject { object: Box::new(read_object(object).map_err(|f| within("object", f))?) }
        }
        "put_field" => {
            let object: String = required(&mut map, "object")?;
            let field: Map<String, Json> = params::take(&mut map, "field")?.unwrap_or_default();
            Change::PutField { object, field: Box::new(read_field(field).map_err(|f| within("field", f))?) }
        }
        "remove_object" => Change::RemoveObject { object: required(&mut map, "object")? },
        "remove_field" => Change::RemoveField { object: required(&mut map, "object")?, field: required(&mut map, "field")? },
        _ => return Err(Fault::invalid("change", "api-bad-change")),
    };
    params::done(&map, &["change", "object", "field"])?;
    Ok(change)
}

fn required(map: &mut Map<String, Json>, key: &str) -> Outcome<String> {
    params::take::<String>(map, key)?.filter(|t| !t.is_empty()).ok_or_else(|| Fault::invalid(key, "value-required"))
}

/// An object as a person writes it: what is left out is as for every new object.
fn read_object(mut map: Map<String, Json>) -> Outcome<Object> {
    let key = required(&mut map, "key")?;
    let label: Label = params::take(&mut map, "label")?.unwrap_or_default();
    let plural: Label = params::take(&mut map, "plural")?.unwrap_or_else(|| label.clone());
    if label.is_empty() {
        return Err(Fault::invalid("label", "value-required"));
    }
    let fields: Vec<Map<String, Json>> = params::take(&mut map, "fields")?.unwrap_or_default();
    let usual = Object::new(key, "custom", label, plural);
    let mut object: Object = overlaid(&usual, map)?;
    for (i, f) in fields.into_iter().enumerate() {
        object.fields.push(read_field(f).map_err(|fault| within(&format!("fields[{i}]"), fault))?);
    }
    Ok(object)
}

fn read_field(mut map: Map<String, Json>) -> Outcome<Field> {
    let kind = map.shift_remove("kind").ok_or_else(|| Fault::invalid("kind", "value-required"))?;
    let kind = serde_json::from_value(kind_in_full(kind)).map_err(|e| Fault::issue(Issue::new("kind", "api-bad-shape").arg("why", e)))?;
    let key = required(&mut map, "key")?;
    let label: Label = params::take(&mut map, "label")?.unwrap_or_default();
    let field = Field::new(key, kind, label);
    let readonly = field.readonly;
    let mut field: Field = overlaid(&field, map)?;
    // Nobody makes a field of the system, nor writes what is computed.
    field.readonly |= readonly;
    field.system = false;
    Ok(field)
}

/// `"money"` for `{"type":"money"}`, and usual sizes where none were given.
fn kind_in_full(kind: Json) -> Json {
    let mut map = match kind {
        Json::String(name) => Map::from_iter([("type".to_owned(), json!(name))]),
        Json::Object(map) => map,
        other => return other,
    };
    let usual = match map.get("type").and_then(Json::as_str) {
        Some("text") => Some(("max", json!(200))),
        Some("code") => Some(("max", json!(64))),
        Some("decimal") => Some(("scale", json!(2))),
        _ => None,
    };
    if let Some((key, value)) = usual {
        map.entry(key).or_insert(value);
    }
    if let Some(result) = map.shift_remove("result") {
        map.insert("result".into(), kind_in_full(result));
    }
    Json::Object(map)
}

/// `usual` with the members of `map` laid over it.
fn overlaid<T: serde::Serialize + serde::de::DeserializeOwned>(usual: &T, map: Map<String, Json>) -> Outcome<T> {
    let Json::Object(mut full) = serde_json::to_value(usual).map_err(Fault::internal)? else {
        return Err(Fault::internal("a declaration is not an object"));
    };
    let mut issues = Vec::new();
    for (key, value) in map {
        if full.contains_key(&key) {
            full.insert(key, value);
        } else {
            let near = nearest(&key, full.keys().map(String::as_str)).unwrap_or("none").to_owned();
            issues.push(Issue::new(key.clone(), "expr-unknown-field").arg("name", key).arg("object", "").arg("suggestion", near));
        }
    }
    Fault::check(issues)?;
    serde_json::from_value(Json::Object(full)).map_err(|e| Fault::issue(Issue::new("", "api-bad-shape").arg("why", e)))
}
