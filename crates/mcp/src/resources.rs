//! Records by address: `sila://party/0192…`.

use crate::asked::Asked;
use crate::reading;
use kernel::{Fault, Outcome};
use rmcp::model::{ReadResourceResult, ResourceContents, ResourceTemplate};
use uuid::Uuid;

pub(crate) fn uri(object: &str, id: Uuid) -> String {
    format!("sila://{object}/{id}")
}

/// One for each object the caller may read.
pub(crate) fn templates(asked: &Asked) -> Vec<ResourceTemplate> {
    reading::objects(asked)
        .iter()
        .map(|o| {
            let about = format!("{} {}", asked.tf("mcp-resource-about", &[("name", asked.label(&o.label).into())]), asked.t("mcp-data"));
            ResourceTemplate::new(format!("sila://{}/{{id}}", o.key), o.key.clone())
                .with_title(asked.label(&o.label))
                .with_description(about)
                .with_mime_type("application/json")
        })
        .collect()
}

/// The record of an address, as the API shows it.
///
/// # Errors
/// Not found: no such address, or not for this caller.
pub(crate) async fn read(asked: &Asked, address: &str) -> Outcome<ReadResourceResult> {
    let (object, id) = address.strip_prefix("sila://").and_then(|rest| rest.split_once('/')).ok_or_else(Fault::not_found)?;
    let object = reading::object(asked, object)?;
    let id: Uuid = id.parse().map_err(|_| Fault::not_found())?;
    let record = reading::found(asked, &object, id).await?;
    let text = api::json::record(&object, &record).to_string();
    Ok(ReadResourceResult::new(vec![ResourceContents::text(text, uri(&object.key, record.id)).with_mime_type("application/json")]))
}
