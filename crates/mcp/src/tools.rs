//! What an assistant can call. Names and schemas are fixed; which objects and fields they take says the registry, by
//! `describe`.

use crate::asked::Asked;
use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use serde_json::{Value as Json, json};

/// What a tool needs of a token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
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
];

/// The tools this token gets.
pub(crate) fn offered(asked: &Asked) -> Vec<Tool> {
    let tools = TOOLS.iter().filter(|t| match t.needs {
        Needs::Nothing => true,
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
    let hints = ToolAnnotations::with_title(title.clone()).read_only(declared.reads).destructive(!declared.reads).idempotent(declared.reads).open_world(false);
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
