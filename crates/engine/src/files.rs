//! Files of a record: checked when they come, kept by content, handed out under the record's rule.

mod versions;

pub use versions::{Document, Version};

use crate::side::TIMELINE;
use crate::{Actor, Company, Cx};
use kernel::{Capability, Cell, ColumnType, Fault, FaultKind, FileRef, Issue, Outcome, Verb};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// The most bytes of one file.
pub const MAX_FILE: usize = 25 * 1024 * 1024;

/// A file of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    pub file: FileRef,
    pub sha256: String,
    pub at: jiff::Timestamp,
    pub by: Option<Uuid>,
}

/// An upload whose content is in place and that no record names yet.
#[derive(Clone, Debug)]
pub struct Kept {
    name: String,
    media: String,
    sha256: String,
    size: i64,
}

/// Media types whose content can be told from the bytes, by the endings that people give them.
const TELLING: &[(&str, &str)] = &[
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("bmp", "image/bmp"),
    ("pdf", "application/pdf"),
    ("zip", "application/zip"),
    ("gz", "application/gzip"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
];

/// Text formats by ending; what they hold is shown as plain text only.
const TEXTS: &[(&str, &str)] =
    &[("txt", "text/plain"), ("csv", "text/csv"), ("md", "text/markdown"), ("json", "application/json"), ("vcf", "text/vcard"), ("ics", "text/calendar")];

/// The media type of an upload, found by its bytes.
///
/// # Errors
/// Too large; invalid `file-not-what-it-says` when the name promises something else; `file-kind-refused` for programs and pages.
pub fn examine(name: &str, bytes: &[u8]) -> Outcome<String> {
    if bytes.len() > MAX_FILE {
        let issue = Issue::new("file", "file-too-large").arg("max", MAX_FILE / 1024 / 1024);
        return Err(Fault { issues: vec![issue], ..Fault::new(FaultKind::TooLarge) });
    }
    if bytes.is_empty() {
        return Err(Fault::invalid("file", "file-empty"));
    }
    let ending = name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default();
    let found = infer::get(bytes);
    let refuse = |key: &str| Err(Fault::issue(Issue::new("file", key).arg("name", name)));
    if let Some(kind) = found
        && (kind.matcher_type() == infer::MatcherType::App || matches!(kind.mime_type(), "text/html" | "text/xml" | "text/x-shellscript"))
    {
        return refuse("file-kind-refused");
    }
    let media = found.map(|k| k.mime_type());
    if let Some((_, promised)) = TELLING.iter().find(|(e, _)| *e == ending) {
        let zipped = media == Some("application/zip") && promised.contains("openxmlformats");
        return if media == Some(promised) || zipped { Ok((*promised).to_owned()) } else { refuse("file-not-what-it-says") };
    }
    if let Some((_, promised)) = TEXTS.iter().find(|(e, _)| *e == ending) {
        return if media.is_none() && !bytes.contains(&0) { Ok((*promised).to_owned()) } else { refuse("file-not-what-it-says") };
    }
    if matches!(ending.as_str(), "html" | "htm" | "svg" | "xml" | "js" | "exe" | "sh" | "bat" | "com" | "msi" | "jar" | "apk") {
        return refuse("file-kind-refused");
    }
    Ok(media.unwrap_or("application/octet-stream").to_owned())
}

impl Company {
    /// Adds a file to a record that the actor may change.
    ///
    /// # Errors
    /// Those of [`examine`]; not found, forbidden.
    pub async fn attach(&self, actor: &Actor, object: &str, id: Uuid, name: &str, bytes: &[u8]) -> Outcome<FileRef> {
        let kept = self.keep(name, bytes).await?;
        let mut cx = self.write(actor).await?;
        let file = cx.attach(object, id, &kept).await?;
        cx.commit().await?;
        Ok(file)
    }

    /// Examines an upload and puts its content in place, before the transaction with the row that names it:
    /// a crash in between leaves bytes without a name, not a name without bytes.
    ///
    /// # Errors
    /// Those of [`examine`]; unavailable: the file store.
    pub async fn keep(&self, name: &str, bytes: &[u8]) -> Outcome<Kept> {
        let name = clean(name);
        let media = examine(&name, bytes)?;
        let sha256 = store::files::put(self.dir(), bytes).await?;
        Ok(Kept { name, media, sha256, size: i64::try_from(bytes.len()).unwrap_or(i64::MAX) })
    }

    /// The files of a record, newest first.
    ///
    /// # Errors
    /// Not found.
    pub async fn files(&self, actor: &Actor, object: &str, id: Uuid) -> Outcome<Vec<Stored>> {
        let mut conn = self.db().read().await?;
        let registry = self.registry();
        let declared = registry.object(object)?;
        let record = self.some(&mut conn, actor, declared, &[id], &Verb::Read, false).await?.pop().ok_or_else(Fault::not_found)?;
        // What lies in a field that is withheld from the reader is no file of the record for him.
        let withheld = |f: &&kernel::Field| matches!(f.kind, kernel::Kind::File | kernel::Kind::Image) && !actor.sees(object, &f.key);
        let file_of = |f: &kernel::Field| match record.get(&f.key) {
            kernel::Value::File(file) => Some(file.id),
            _ => None,
        };
        let hidden: Vec<Uuid> = declared.fields.iter().filter(withheld).filter_map(file_of).collect();
        let mut sql = conn.sql();
        sql.push("SELECT id, name, media, size, sha256, at, by FROM sila_file WHERE deleted_at IS NULL AND superseded_at IS NULL AND object = ").bind(object);
        sql.push(" AND record_id = ").bind(id).push(" ORDER BY at DESC, id DESC LIMIT 500");
        Ok(conn.rows(&sql, TYPES).await?.iter().filter_map(|r| stored(r)).filter(|f| !hidden.contains(&f.file.id)).collect())
    }

    /// One file and its content.
    ///
    /// # Errors
    /// Not found, also when the record is not for this actor.
    pub async fn file(&self, actor: &Actor, object: &str, id: Uuid, file: Uuid) -> Outcome<(Stored, Vec<u8>)> {
        let stored = self.files(actor, object, id).await?.into_iter().find(|f| f.file.id == file).ok_or_else(Fault::not_found)?;
        let bytes = store::files::get(self.dir(), &stored.sha256).await?;
        Ok((stored, bytes))
    }

    /// Takes a file off a record; its content stays as long as another row names it.
    ///
    /// # Errors
    /// Not found, forbidden.
    pub async fn detach(&self, actor: &Actor, object: &str, id: Uuid, file: Uuid) -> Outcome<()> {
        let record = self.get(actor, object, id).await?;
        if !self.may_on(actor, &record, &Verb::Update).await? {
            return Err(Fault::forbidden());
        }
        let mut cx = self.write(actor).await?;
        let mut sql = cx.tx.sql();
        sql.push("UPDATE sila_file SET deleted_at = ").bind(cx.now).push(" WHERE id = ").bind(file);
        sql.push(" AND object = ").bind(object).push(" AND record_id = ").bind(id).push(" AND deleted_at IS NULL");
        if cx.tx.exec(&sql).await? == 0 {
            return Err(Fault::not_found());
        }
        // Its earlier versions go with it.
        let mut sql = cx.tx.sql();
        sql.push("UPDATE sila_file SET deleted_at = ").bind(cx.now).push(" WHERE deleted_at IS NULL AND object = ").bind(object).push(" AND record_id = ").bind(id);
        sql.push(" AND (id = (SELECT first FROM sila_file WHERE id = ").bind(file).push(") OR first = (SELECT first FROM sila_file WHERE id = ").bind(file).push("))");
        cx.tx.exec(&sql).await?;
        cx.tx.notify(format!("{object}:{id}"));
        cx.commit().await
    }
}

/// The files of comments. The caller has made sure that their records may be read.
pub(crate) async fn of_comments(conn: &mut store::Conn, comments: Vec<Cell>) -> Outcome<HashMap<Uuid, Vec<Stored>>> {
    let mut sql = conn.sql();
    sql.push("SELECT id, name, media, size, sha256, at, by, comment FROM sila_file WHERE deleted_at IS NULL AND comment IN ").bind_list(comments);
    sql.push(" ORDER BY at, id");
    let mut types = TYPES.to_vec();
    types.push(ColumnType::Id);
    let mut files: HashMap<Uuid, Vec<Stored>> = HashMap::new();
    for row in conn.rows(&sql, &types).await? {
        if let (Some(file), Some(comment)) = (stored(&row), row.get(7).and_then(Cell::id)) {
            files.entry(comment).or_default().push(file);
        }
    }
    Ok(files)
}

const TYPES: &[ColumnType] = &[
    ColumnType::Id,
    ColumnType::Text,
    ColumnType::Text,
    ColumnType::Int,
    ColumnType::Text,
    ColumnType::Int,
    ColumnType::Id,
];

fn stored(row: &[Cell]) -> Option<Stored> {
    let text = |i: usize| row.get(i).and_then(Cell::text).unwrap_or_default().to_owned();
    Some(Stored {
        file: FileRef { id: row.first()?.id()?, name: text(1), media: text(2), size: row.get(3)?.int()? },
        sha256: text(4),
        at: jiff::Timestamp::from_microsecond(row.get(5)?.int()?).ok()?,
        by: row.get(6)?.id(),
    })
}

/// The last part of a path, without control characters, at most 200 characters.
fn clean(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|c| !c.is_control()).take(200).collect();
    if kept.trim().is_empty() { "file".to_owned() } else { kept.trim().to_owned() }
}

impl Cx {
    /// Adds a kept upload to a record that the actor may change.
    ///
    /// # Errors
    /// Not found, forbidden.
    pub async fn attach(&mut self, object: &str, id: Uuid, kept: &Kept) -> Outcome<FileRef> {
        let declared = self.object(object)?;
        if !declared.can(Capability::Files) {
            return Err(Fault::not_found());
        }
        let (company, actor) = (self.company.clone(), self.actor.clone());
        let record = company.some(&mut self.tx, &actor, &declared, &[id], &Verb::Read, false).await?.pop().ok_or_else(Fault::not_found)?;
        if company.allowed(&mut self.tx, &actor, &declared, &[id], &Verb::Update).await?.is_empty() {
            return Err(Fault::forbidden());
        }
        self.hold(object, id).await?;
        let file = self.keep_file(object, id, kept, None).await?;
        // What came with the record itself, as the attachments of a letter, is no news of its own.
        if !self.made(id) {
            self.tell_followers(&declared, &record, "file", &json!({"file": file.id}), &BTreeSet::new()).await?;
        }
        let row = vec![
            self.new_id().into(),
            id.into(),
            self.now.into(),
            "file".into(),
            object.into(),
            id.into(),
            crate::side::actor_cell(self),
            json!({"file": file.id, "name": file.name, "size": file.size}).to_string().into(),
        ];
        store::insert_many(&mut self.tx, "sila_timeline", TIMELINE, vec![row]).await?;
        self.tx.notify(format!("{object}:{id}"));
        Ok(file)
    }

    /// Names a kept upload as a file of a record, or of a comment on it. The caller has made sure of the right.
    pub(crate) async fn keep_file(&mut self, object: &str, id: Uuid, kept: &Kept, comment: Option<Uuid>) -> Outcome<FileRef> {
        let file = FileRef { id: self.new_id(), name: kept.name.clone(), media: kept.media.clone(), size: kept.size };
        let row = vec![
            file.id.into(),
            object.into(),
            id.into(),
            file.name.as_str().into(),
            file.media.as_str().into(),
            file.size.into(),
            kept.sha256.as_str().into(),
            self.now.into(),
            crate::side::actor_cell(self),
            comment.into(),
        ];
        let columns = ["id", "object", "record_id", "name", "media", "size", "sha256", "at", "by", "comment"];
        store::insert_many(&mut self.tx, "sila_file", &columns, vec![row]).await?;
        Ok(file)
    }
}
