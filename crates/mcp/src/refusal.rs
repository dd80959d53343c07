//! Faults as answers an assistant can act on: a sentence for each thing that is wrong, and the same problem document
//! as the API's.

use crate::asked::Asked;
use api::problem::Refused;
use kernel::{Fault, FaultKind};
use rmcp::ErrorData;
use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::Value as Json;
use text::locale::Lang;

/// What is wrong, in words, a line for each.
pub(crate) fn words(fault: &Fault, lang: Lang) -> String {
    let document = Refused::from(fault.clone()).document(lang, "");
    let mut lines = vec![document.get("title").and_then(Json::as_str).unwrap_or_default().to_owned()];
    for issue in document.get("issues").and_then(Json::as_array).into_iter().flatten() {
        let text = |key: &str| issue.get(key).and_then(Json::as_str).unwrap_or_default();
        lines.push(if text("field").is_empty() { text("message").to_owned() } else { format!("{}: {}", text("field"), text("message")) });
    }
    lines.join("\n")
}

/// The answer of a tool that could not do its work.
pub(crate) fn of_tool(asked: &Asked, fault: &Fault) -> CallToolResult {
    note(fault, &asked.ctx.actor.request);
    let mut result = CallToolResult::error(vec![ContentBlock::text(words(fault, asked.ctx.lang))]);
    result.structured_content = Some(Refused::from(fault.clone()).document(asked.ctx.lang, &asked.ctx.actor.request));
    result
}

/// The same outside of tools.
pub(crate) fn of_method(fault: &Fault, lang: Lang) -> ErrorData {
    note(fault, "");
    let text = words(fault, lang);
    match fault.kind {
        FaultKind::NotFound => ErrorData::resource_not_found(text, None),
        FaultKind::Internal | FaultKind::Unavailable => ErrorData::internal_error(text, None),
        _ => ErrorData::invalid_params(text, None),
    }
}

fn note(fault: &Fault, request: &str) {
    if fault.kind == FaultKind::Internal {
        tracing::error!(request, error = %fault, "an assistant's request failed");
    }
}
