//! What the API documents of a kind: JSON Schema (draft 2020-12, as OpenAPI 3.1 uses it).

use super::{MAX_LIST, MAX_LONG_TEXT, MAX_PART, MAX_RICH_TEXT};
use crate::kind::Kind;
use serde_json::{Map, Value as Json, json};

/// The schema of the JSON form of a value; null is allowed (whether a field is required stands beside it).
pub fn json_schema(kind: &Kind) -> Json {
    let text = |max: usize| json!({"type": ["string", "null"], "maxLength": max});
    let shaped = |format: &str| json!({"type": ["string", "null"], "format": format});
    let decimal = |scale: u32| {
        json!({"type": ["string", "null"], "pattern": format!("^-?[0-9]+(\\.[0-9]{{1,{}}})?$", scale.max(1)),
               "description": "An exact decimal as text; a JSON number is accepted too."})
    };
    let keys = |k: &Kind| k.options().iter().map(|o| Json::from(o.key.clone())).collect::<Vec<_>>();
    let described = |k: &Kind| {
        k.options()
            .iter()
            .map(|o| format!("`{}`: {} / {}", o.key, o.label.ar, o.label.en))
            .collect::<Vec<_>>()
            .join("; ")
    };
    let mut schema = match kind.stored() {
        Kind::Text { max } | Kind::Code { max } => text(*max as usize),
        Kind::LongText => text(MAX_LONG_TEXT),
        Kind::RichText => {
            let mut s = text(MAX_RICH_TEXT);
            set(&mut s, "contentMediaType", json!("text/html"));
            s
        }
        Kind::Integer => json!({"type": ["integer", "null"], "format": "int64"}),
        k @ (Kind::Decimal { .. } | Kind::Percent) => decimal(k.scale()),
        Kind::Money => json!({
            "type": ["object", "null"],
            "properties": {
                "amount": {"type": "string", "pattern": "^-?[0-9]+(\\.[0-9]{1,3})?$"},
                "currency": {"type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217"},
            },
            "required": ["amount"],
        }),
        Kind::Bool => json!({"type": ["boolean", "null"]}),
        Kind::Date => shaped("date"),
        Kind::DateTime => shaped("date-time"),
        Kind::Duration => json!({"type": ["integer", "null"], "format": "int64", "description": "Seconds."}),
        k @ Kind::Choice { .. } => {
            let mut options = keys(k);
            options.push(Json::Null);
            json!({"type": ["string", "null"], "enum": options, "description": described(k)})
        }
        k @ Kind::MultiChoice { .. } => json!({
            "type": ["array", "null"], "uniqueItems": true, "description": described(k),
            "items": {"type": "string", "enum": keys(k)},
        }),
        Kind::Ref { object } => {
            let mut s = shaped("uuid");
            set(&mut s, "x-object", json!(object));
            s
        }
        Kind::Refs { object } => json!({
            "type": ["array", "null"], "uniqueItems": true, "maxItems": MAX_LIST, "x-object": object,
            "items": {"type": "string", "format": "uuid"},
        }),
        Kind::Email => shaped("email"),
        Kind::Phone => {
            json!({"type": ["string", "null"], "description": "E.164; national forms of the company's country are accepted.", "examples": ["+966501234567"]})
        }
        Kind::Url => shaped("uri"),
        Kind::Address => {
            let part = || json!({"type": "string", "maxLength": MAX_PART});
            json!({"type": ["object", "null"], "properties": {
                "street": part(), "district": part(), "city": part(), "region": part(), "postcode": part(),
                "country": {"type": "string", "description": "ISO 3166-1 alpha-2"},
            }})
        }
        Kind::Name => json!({"type": ["object", "null"], "properties": {
            "ar": {"type": "string", "maxLength": MAX_PART}, "latin": {"type": "string", "maxLength": MAX_PART},
        }}),
        Kind::File | Kind::Image => json!({"type": ["object", "null"], "properties": {
            "id": {"type": "string", "format": "uuid"}, "name": {"type": "string"}, "media": {"type": "string"},
            "size": {"type": "integer", "format": "int64"},
        }, "required": ["id", "name", "media", "size"]}),
        Kind::Json => json!({"description": "Any JSON."}),
        Kind::Sequence { .. } => text(MAX_PART),
        Kind::Formula { .. } | Kind::Rollup { .. } => json!({}),
    };
    if kind.computed() {
        set(&mut schema, "readOnly", Json::Bool(true));
    }
    schema
}

fn set(schema: &mut Json, key: &str, value: Json) {
    if let Json::Object(map) = schema {
        let map: &mut Map<String, Json> = map;
        map.insert(key.into(), value);
    }
}
