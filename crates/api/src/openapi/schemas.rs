//! Schemas: the common ones, and two for each object (as it is read, as it is sent).

use super::{camel, example, reference, writable};
use crate::about;
use crate::request::Ctx;
use kernel::{Field, Object, parse};
use serde_json::{Map, Value as Json, json};

pub(super) fn common() -> Map<String, Json> {
    let mut all = Map::new();
    let mut put = |name: &str, schema: Json| {
        all.insert(name.to_owned(), schema);
    };
    put("Issue", json!({
        "type": "object", "required": ["field", "key", "message"],
        "properties": {
            "field": {"type": "string", "description": "`city`, `records[3].city`; empty: the whole."},
            "key": {"type": "string", "description": "Stable; for programs."},
            "message": {"type": "string", "description": "For people, in the language of the request.", "examples": ["هذا الحقل مطلوب."]},
        },
    }));
    put("Problem", json!({
        "type": "object", "description": "RFC 9457.", "required": ["type", "title", "status", "detail", "request_id"],
        "properties": {
            "type": {"type": "string", "examples": ["urn:sila:problem:invalid"]},
            "title": {"type": "string", "examples": ["بعض القيم تحتاج إلى تصحيح."]},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "issues": {"type": "array", "items": reference("schemas", "Issue")},
            "current": {"type": "object", "description": "412 and 409: the record as it is now."},
            "request_id": {"type": "string"},
        },
    }));
    put("Label", json!({"type": "object", "properties": {"ar": {"type": "string"}, "en": {"type": "string"}}, "examples": [{"ar": "زيارة", "en": "Visit"}]}));
    put("Name", json!({"type": "object", "properties": {"ar": {"type": "string"}, "latin": {"type": "string"}}}));
    put("Count", json!({
        "type": ["object", "null"], "required": ["n", "exact"],
        "properties": {"n": {"type": "integer"}, "exact": {"type": "boolean", "description": "false: there are more than n."}},
    }));
    put("BulkResult", json!({
        "type": "object", "required": ["created", "updated", "unchanged", "refused", "results"],
        "properties": {
            "created": {"type": "integer"}, "updated": {"type": "integer"}, "unchanged": {"type": "integer"}, "refused": {"type": "integer"},
            "results": {"type": "array", "items": {
                "type": "object", "required": ["key", "status"],
                "properties": {
                    "key": {"type": "string"}, "status": {"type": "string", "enum": ["created", "updated", "unchanged", "refused"]},
                    "id": {"type": "string", "format": "uuid"}, "rev": {"type": "integer"}, "title": {"type": "string"},
                    "issues": {"type": "array", "items": reference("schemas", "Issue")},
                },
            }},
        },
    }));
    put("Entry", json!({
        "type": "object", "description": "What happened: of a time line or a history.",
        "properties": {
            "id": {"type": "string", "format": "uuid"}, "at": {"type": "string", "format": "date-time"},
            "kind": {"type": "string"}, "verb": {"type": "string"}, "object": {"type": "string"},
            "record_id": {"type": "string", "format": "uuid"}, "rev": {"type": "integer"},
            "actor": {"type": ["object", "null"]}, "data": {}, "changes": {}, "cause": {"type": "string"},
        },
    }));
    put("Comment", json!({
        "type": "object", "required": ["id", "at", "body"],
        "properties": {
            "id": {"type": "string", "format": "uuid"}, "at": {"type": "string", "format": "date-time"},
            "author": {"type": ["object", "null"]}, "body": {"type": "string", "maxLength": 10_000, "examples": ["اتصلت بالعميل وسيؤكد الطلب غدًا."]},
            "edited_at": {"type": ["string", "null"], "format": "date-time"},
        },
    }));
    put("File", json!({
        "type": "object", "required": ["id", "name", "media", "size"],
        "properties": {
            "id": {"type": "string", "format": "uuid"}, "name": {"type": "string", "examples": ["عقد التوريد.pdf"]}, "media": {"type": "string"},
            "size": {"type": "integer"}, "sha256": {"type": "string"}, "at": {"type": "string", "format": "date-time"}, "by": {"type": ["object", "null"]},
        },
    }));
    put("Hit", json!({
        "type": "object", "required": ["object", "id", "title", "rank"],
        "properties": {
            "object": {"type": "string"}, "id": {"type": "string", "format": "uuid"}, "title": reference("schemas", "Name"),
            "rank": {"type": "integer", "description": "0 is best."}, "record": {"type": ["object", "null"]},
        },
    }));
    all
}

/// `Party` and `PartyInput`.
pub(super) fn object(ctx: &Ctx, object: &Object, all: &mut Map<String, Json>) {
    let lang = ctx.lang.code();
    let name = camel(&object.key);
    let mut read = Map::new();
    read.insert("id".into(), json!({"type": "string", "format": "uuid", "readOnly": true}));
    read.insert("rev".into(), json!({"type": "integer", "readOnly": true, "description": "Goes up with each change; the ETag."}));
    for f in about::fields(ctx, object).filter(|f| f.key != "rev") {
        let mut schema = property(f, lang);
        if !f.writable() || ctx.actor.mask(&object.key, &f.key).is_some() {
            set(&mut schema, "readOnly", json!(true));
        }
        if ctx.actor.mask(&object.key, &f.key) == Some(kernel::Mask::Masked) {
            schema = json!({"type": ["string", "null"], "readOnly": true, "description": "••••"});
        }
        read.insert(f.key.clone(), schema);
    }
    read.insert("_expand".into(), json!({"type": "object", "readOnly": true, "description": "Records asked for with `expand`."}));
    all.insert(
        name.clone(),
        json!({"type": "object", "title": object.label.get(lang), "required": ["id", "rev"], "properties": read}),
    );

    let sent: Vec<&Field> = writable(ctx, object).collect();
    let properties: Map<String, Json> = sent.iter().map(|f| (f.key.clone(), property(f, lang))).collect();
    let needed: Vec<&str> = sent.iter().filter(|f| f.required && f.when.is_none() && f.default.is_none()).map(|f| f.key.as_str()).collect();
    let shown = sent.iter().filter(|f| f.required || f.in_list || f.key == object.title);
    let example: Map<String, Json> = shown.map(|f| (f.key.clone(), example::value(f))).collect();
    let mut create = json!({
        "type": "object", "title": object.label.get(lang), "properties": properties, "additionalProperties": false, "examples": [example],
    });
    all.insert(format!("{name}Change"), create.clone());
    if !needed.is_empty() {
        set(&mut create, "required", json!(needed));
    }
    all.insert(format!("{name}Input"), create);
}

/// The schema of one field.
pub(super) fn property(f: &Field, lang: &str) -> Json {
    let mut schema = parse::json_schema(&f.kind);
    set(&mut schema, "title", json!(f.label.get(lang)));
    if !f.help.is_empty() {
        let help = f.help.get(lang);
        let known = schema.get("description").and_then(Json::as_str).map_or_else(|| help.to_owned(), |d| format!("{help}\n\n{d}"));
        set(&mut schema, "description", json!(known));
    }
    let value = example::value(f);
    if !value.is_null() {
        set(&mut schema, "examples", json!([value]));
    }
    schema
}

pub(super) fn set(schema: &mut Json, key: &str, value: Json) {
    if let Json::Object(map) = schema {
        map.insert(key.into(), value);
    }
}
