//! Files of records: taking them in, handing them out. Nothing of an upload ever runs in a page of ours.

use crate::refusal::{Reply, not_found};
use crate::sent::Sent;
use crate::visit::Visit;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use kernel::{Cell, ColumnType, Fault};
use uuid::Uuid;

/// `POST /{object}/{id}/files`: one or several. All are looked at before the first is kept.
pub async fn upload(visit: Visit, Path((key, id)): Path<(String, String)>, sent: Sent) -> Reply {
    visit.object(&key)?;
    let id = crate::merging::meant(&visit, &key, &id).await?;
    let files: Vec<_> = sent.files.iter().filter(|f| f.part == "file").collect();
    if files.is_empty() {
        return Err(Fault::invalid("file", "file-empty").into());
    }
    for f in &files {
        engine::files::examine(&f.name, &f.bytes)?;
    }
    for f in files {
        visit.company.attach(&visit.actor, &key, id, &f.name, &f.bytes).await?;
    }
    Ok(visit.go(&format!("/{key}/{id}"), "web-said-file-kept"))
}

/// `GET /-/files/{file}`: under the rule of the record it belongs to. Pictures are shown, everything else is saved.
pub async fn download(visit: Visit, Path(file): Path<String>) -> Reply {
    let file: Uuid = file.parse().map_err(|_| not_found())?;
    let mut conn = visit.company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT object, record_id FROM sila_file WHERE deleted_at IS NULL AND id = ").bind(file);
    let row = conn.row(&sql, &[ColumnType::Text, ColumnType::Id]).await?.unwrap_or_default();
    drop(conn);
    let (Some(object), Some(record)) = (row.first().and_then(Cell::text), row.get(1).and_then(Cell::id)) else { return Err(not_found()) };
    let (stored, bytes) = visit.company.version(&visit.actor, object, record, file).await?;
    let picture = matches!(stored.file.media.as_str(), "image/png" | "image/jpeg" | "image/gif" | "image/webp");
    // A PDF is drawn by the browser's own viewer, outside of our pages.
    let paper = stored.file.media == "application/pdf" && visit.param("show") == "1";
    let media = if picture || paper { stored.file.media.as_str() } else { "application/octet-stream" };
    let mut response: Response = Body::from(bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(media).unwrap_or(HeaderValue::from_static("application/octet-stream")));
    headers.insert(header::CONTENT_DISPOSITION, disposition(&stored.file.name, picture || paper));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(if paper { "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src data:" } else { "default-src 'none'; sandbox" }));
    // The content behind an id never changes.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=86400"));
    Ok(response)
}

/// `attachment; filename="…"; filename*=UTF-8''…` (RFC 6266), so that Arabic names survive.
pub fn disposition(name: &str, inline: bool) -> HeaderValue {
    let plain: String = name.chars().map(|c| if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') || c == ' ' { c } else { '_' }).collect();
    let kind = if inline { "inline" } else { "attachment" };
    let text = format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{}", ui::cx::percent_encode(name));
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_their_header() {
        let v = disposition("عرض \"سعر\"\r\nX: 1.pdf", false);
        let text = v.to_str().unwrap();
        assert!(text.starts_with("attachment; filename=\"___ _____"), "{text}");
        assert!(!text.contains('\n') && text.contains("filename*=UTF-8''%D8%B9"));
    }
}
