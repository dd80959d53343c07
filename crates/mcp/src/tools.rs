//! What an assistant can call. Names and schemas are fixed; which objects and fields they take says the registry, by
//! `describe`.

use crate::asked::Asked;
use engine::propose::{MOST_STEPS, may_confirm, may_propose};
use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use serde_json::{Value as Json, json};

/// What a tool needs of a token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
    /// It may propose.
    Proposing,
    /// It confirms itself.
    Confirming,
}

struct Declared {
    name: &'static str,
    needs: Needs,
    /// Changes nothing.
    reads: bool,
    schema: fn(&Asked) -> Json,
}

const TOOLS: &[Declared] = &[
    Declared { name: "search", needs: Needs::Nothing, reads: true, schema: search },
    Declared { name: "describe", needs: Needs::Nothing, reads: true, schema: describe },
    Declared { name: "list", needs: Needs::Nothing, reads: true, schema: list },
    Declared { name: "read", needs: Needs::Nothing, reads: true, schema: read },
    Declared { name: "summarize", needs: Needs::Nothing, reads: true, schema: summarize },
    Declared { name: "propose", needs: Needs::Proposing, reads: false, schema: propose },
    Declared { name: "proposal", needs: Needs::Proposing, reads: true, schema: one },
    Declared { name: "confirm", needs: Needs::Confirming, reads: false, schema: one },
    Declared { name: "reject", needs: Needs::Proposing, reads: false, schema: one },
];

/// The tools this token gets.
pub(crate) fn offered(asked: &Asked) -> Vec<Tool> {
    let tools = TOOLS.iter().filter(|t| match t.needs {
        Needs::Nothing => true,
        Needs::Proposing => may_propose(&asked.ctx.actor),
        Needs::Confirming => may_propose(&asked.ctx.actor) && may_confirm(&asked.ctx.actor),
    });
    tools.map(|t| tool(asked, t)).collect()
}

fn tool(asked: &Asked, declared: &Declared) -> Tool {
    let title = asked.t(&format!("mcp-tool-{}", declared.name));
    // Each of them says that what it brings is data: assistants that forget the beginning read this again.
    let about = format!("{} {}", asked.t(&format!("mcp-tool-{}-about", declared.name)), asked.t("mcp-data"));
    let schema: JsonObject = match (declared.schema)(asked) {
        Json::Object(map) => map,
        _ => JsonObject::new(),
    };
    // A proposal by itself changes no record.
    let changes = declared.needs == Needs::Confirming;
    let hints = ToolAnnotations::with_title(title.clone()).read_only(declared.reads).destructive(changes).idempotent(declared.name != "propose").open_world(false);
    Tool::new(declared.name, about, schema).with_title(title).with_annotations(hints)
}

/// An object schema: properties with what they are for, and which must be there.
pub(crate) fn schema(properties: Json, required: &[&str]) -> Json {
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

fn object(asked: &Asked) -> Json {
    let keys: Vec<String> = crate::reading::objects(asked).into_iter().map(|o| o.key.clone()).collect();
    json!({"type": "string", "enum": keys, "description": asked.t("mcp-arg-object")})
}

fn text(asked: &Asked, about: &str) -> Json {
    json!({"type": "string", "description": asked.t(about)})
}

fn limit(asked: &Asked) -> Json {
    json!({"type": "integer", "minimum": 1, "maximum": asked.token.limits.rows, "description": asked.t("mcp-arg-limit")})
}

fn search(asked: &Asked) -> Json {
    schema(json!({"words": text(asked, "mcp-arg-words"), "object": object(asked), "limit": limit(asked)}), &["words"])
}

fn describe(asked: &Asked) -> Json {
    schema(json!({"object": object(asked)}), &[])
}

fn list(asked: &Asked) -> Json {
    let fields = json!({"type": "array", "items": {"type": "string"}, "description": asked.t("mcp-arg-fields")});
    let properties = json!({
        "object": object(asked), "filter": text(asked, "mcp-arg-filter"), "search": text(asked, "mcp-arg-words"),
        "sort": text(asked, "mcp-arg-sort"), "fields": fields, "limit": limit(asked), "after": text(asked, "mcp-arg-after"),
    });
    schema(properties, &["object"])
}

fn read(asked: &Asked) -> Json {
    let properties = json!({
        "object": object(asked), "id": text(asked, "mcp-arg-id"),
        "timeline": {"type": "integer", "minimum": 0, "maximum": asked.token.limits.rows.min(200), "description": asked.t("mcp-arg-timeline")},
        "before": text(asked, "mcp-arg-before"),
    });
    schema(properties, &["object", "id"])
}

fn summarize(asked: &Asked) -> Json {
    let properties = json!({
        "object": object(asked), "filter": text(asked, "mcp-arg-filter"), "group_by": text(asked, "mcp-arg-group"),
        "fields": {"type": "array", "items": {"type": "string"}, "description": asked.t("mcp-arg-sums")},
    });
    schema(properties, &["object"])
}

fn propose(asked: &Asked) -> Json {
    let values = json!({"type": "object", "description": asked.t("mcp-arg-values")});
    let id = text(asked, "mcp-arg-target");
    let rev = json!({"type": "integer", "description": asked.t("mcp-arg-rev")});
    let step = |verb: &str, mut properties: Json, required: &[&str]| {
        if let Json::Object(map) = &mut properties {
            map.insert("do".into(), json!({"const": verb}));
            map.insert("object".into(), object(asked));
        }
        let required: Vec<&str> = ["do", "object"].iter().chain(required).copied().collect();
        schema(properties, &required)
    };
    let steps = json!([
        step("create", json!({"values": values}), &["values"]),
        step("update", json!({"id": id, "rev": rev, "values": values}), &["id", "values"]),
        step("delete", json!({"id": id, "rev": rev}), &["id"]),
        step("act", json!({"id": id, "rev": rev, "action": text(asked, "mcp-arg-action"), "input": values}), &["id", "action"]),
    ]);
    let changes = json!({"type": "array", "minItems": 1, "maxItems": MOST_STEPS, "items": {"anyOf": steps}, "description": asked.t("mcp-arg-changes")});
    schema(json!({"changes": changes, "reason": text(asked, "mcp-arg-reason")}), &["changes", "reason"])
}

fn one(asked: &Asked) -> Json {
    schema(json!({"proposal": text(asked, "mcp-arg-proposal")}), &["proposal"])
}
