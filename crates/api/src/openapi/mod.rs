//! The OpenAPI 3.1 document, written from the registry: for each actor what he may use.

mod access;
mod example;
mod paths;
mod schemas;

use crate::about;
use crate::params::Params;
use crate::problem::Answer;
use crate::request::Ctx;
use axum::response::IntoResponse;
use kernel::{Object, Verb};
use serde_json::{Map, Value as Json, json};
use std::sync::Arc;
use text::i18n::t;

/// `GET /openapi.json`
pub(crate) async fn document(ctx: Ctx, params: Params) -> Answer {
    params.only(&[])?;
    Ok(axum::Json(write(&ctx)).into_response())
}

/// The document for one actor.
pub fn write(ctx: &Ctx) -> Json {
    let registry = ctx.company.registry();
    let lang = ctx.lang;
    let objects: Vec<Arc<Object>> = registry.objects().filter(|o| ctx.actor.may(o, &Verb::Read)).cloned().collect();
    let mut paths = Map::new();
    let mut schemas = schemas::common();
    let mut tags = vec![json!({"name": "sila", "description": t(lang, "api-doc-general")})];
    access::schemas(&mut schemas);
    paths::general(ctx, &mut paths);
    access::general(ctx, &mut paths);
    for object in &objects {
        tags.push(json!({"name": object.key, "description": object.plural.get(lang.code())}));
        schemas::object(ctx, object, &mut schemas);
        paths::object(ctx, object, &mut paths);
        access::object(ctx, object, &mut paths);
    }
    if ctx.actor.must_administer().is_ok() {
        tags.push(json!({"name": "admin", "description": t(lang, "api-doc-admin")}));
        paths::admin(ctx, &mut paths);
        access::admin(ctx, &mut paths);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": format!("{} – {}", t(lang, "api-doc-title"), ctx.company.settings().name.get(lang.code())),
            "version": env!("CARGO_PKG_VERSION"),
            "description": t(lang, "api-doc-about"),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": crate::MOUNT}],
        "security": [{"token": []}],
        "tags": tags,
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas,
            "responses": paths::responses(lang),
            "parameters": paths::parameters(lang),
        },
    })
}

/// `CamelCase` of a key, for names of schemas and operations.
pub(crate) fn camel(key: &str) -> String {
    key.split('_')
        .map(|w| {
            let mut chars = w.chars();
            chars.next().map(|c| c.to_ascii_uppercase().to_string() + chars.as_str()).unwrap_or_default()
        })
        .collect()
}

pub(crate) fn reference(kind: &str, name: &str) -> Json {
    json!({"$ref": format!("#/components/{kind}/{name}")})
}

/// The fields a client may send: none where the actor may neither create nor change.
pub(crate) fn writable<'a>(ctx: &'a Ctx, object: &'a Object) -> impl Iterator<Item = &'a kernel::Field> {
    about::fields(ctx, object).filter(|f| f.writable() && ctx.actor.mask(&object.key, &f.key).is_none())
}
