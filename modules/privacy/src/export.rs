//! Everything the company keeps about a person, in one file: all records that are about him, with comments, files, time
//! line, history and names in other systems. Beside it the same to read and print ([`crate::paper`]).

use crate::{paper, request};
use base::ticket::Ticket;
use engine::{Company, JobCx, forget};
use futures::future::BoxFuture;
use kernel::{Cell, ColumnType, Fault, Outcome, Record, Registry, Sensitivity, Value};
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use store::{Conn, Sql};
use store::queue::NewJob;
use text::locale::Lang;
use uuid::Uuid;

/// The job that makes the copy of a request.
pub const JOB: &str = "privacy.export";
/// Days the link to the copy works.
pub const DAYS: i64 = 14;
/// What the layout of the file is called.
pub const FORMAT: &str = "sila-personal-data/1";

/// Collects everything about a person. The layout: `about`, `person`, `records` by object; a reference is `{id, title}`.
///
/// # Errors
/// Not found; the database.
pub async fn collect(company: &Company, party: Uuid) -> Outcome<Json> {
    let registry = company.registry();
    let system = company.system();
    // Who looked is noted a little later than he looked.
    company.flush_reads().await?;
    let mut conn = company.db().read().await?;
    let members = forget::circle(&mut conn, &registry, "party", party, &forget::Fates::new()).await?;
    let mut records: Vec<(Record, bool)> = Vec::new();
    for member in &members {
        records.extend(forget::read(company, &mut conn, &system, member).await?);
    }
    let plain: Vec<Record> = records.iter().map(|(r, _)| r.clone()).collect();
    let titles = company.titles_of(&mut conn, &system, &plain).await?;
    let mut by_object: BTreeMap<String, Vec<Json>> = BTreeMap::new();
    let mut person = Json::Null;
    for (record, living) in &records {
        let object = registry.object(&record.object)?;
        let mut values = Map::new();
        for f in object.fields.iter().filter(|f| f.sensitivity != Sensitivity::Secret) {
            let value = record.get(&f.key);
            if value.is_blank() {
                continue;
            }
            let titled = |id: &Uuid| json!({"id": id, "title": titles.get(id).map(|n| json!({"ar": n.get("ar"), "en": n.get("en")}))});
            let shown = match value {
                Value::Id(id) => titled(id),
                Value::Ids(ids) => ids.iter().map(titled).collect(),
                other => other.to_json(),
            };
            values.insert(f.key.clone(), shown);
        }
        let mut entry = json!({"id": record.id, "created_at": record.get("created_at").to_json(), "values": values});
        if let Json::Object(map) = &mut entry {
            if !living {
                map.insert("in_trash".into(), json!(true));
            }
            for (key, list) in beside(&mut conn, &registry, record).await? {
                if !list.is_empty() {
                    map.insert(key.into(), Json::Array(list));
                }
            }
        }
        if record.object == "party" && record.id == party { person = entry } else { by_object.entry(record.object.clone()).or_default().push(entry) }
    }
    let settings = company.settings();
    Ok(json!({
        "about": {
            "format": FORMAT,
            "made_at": company.now().to_string(),
            "company": {"ar": settings.name.get("ar"), "en": settings.name.get("en")},
        },
        "person": person,
        "records": by_object,
    }))
}

/// What stands beside a record in the system's own tables.
async fn beside(conn: &mut Conn, registry: &Registry, record: &Record) -> Outcome<Vec<(&'static str, Vec<Json>)>> {
    let about = |sql: &mut Sql| {
        sql.push(" WHERE object = ").bind(record.object.as_str()).push(" AND record_id = ").bind(record.id);
    };
    let text = |r: &Vec<Cell>, i: usize| r.get(i).and_then(Cell::text).map_or(Json::Null, |t| json!(t));
    let when = |r: &Vec<Cell>, i: usize| r.get(i).and_then(Cell::int).and_then(|t| jiff::Timestamp::from_microsecond(t).ok()).map(|t| t.to_string());
    let parsed = |r: &Vec<Cell>, i: usize| r.get(i).and_then(Cell::text).and_then(|t| serde_json::from_str::<Json>(t).ok()).unwrap_or_default();

    let mut sql = conn.sql();
    sql.push("SELECT at, body FROM sila_comment");
    about(&mut sql);
    sql.push(" AND deleted_at IS NULL ORDER BY at");
    let comments = conn.rows(&sql, &[ColumnType::Int, ColumnType::Text]).await?;
    let comments = comments.iter().map(|r| json!({"at": when(r, 0), "body": text(r, 1)})).collect();

    let mut sql = conn.sql();
    sql.push("SELECT at, name, media, size, sha256 FROM sila_file");
    about(&mut sql);
    sql.push(" AND deleted_at IS NULL ORDER BY at");
    let files = conn.rows(&sql, &[ColumnType::Int, ColumnType::Text, ColumnType::Text, ColumnType::Int, ColumnType::Text]).await?;
    let files = files.iter().map(|r| json!({"at": when(r, 0), "name": text(r, 1), "media": text(r, 2), "bytes": r.get(3).and_then(Cell::int), "sha256": text(r, 4)})).collect();

    let mut sql = conn.sql();
    sql.push("SELECT system, key FROM sila_external");
    about(&mut sql);
    let external = conn.rows(&sql, &[ColumnType::Text, ColumnType::Text]).await?;
    let external = external.iter().map(|r| json!({"system": text(r, 0), "key": text(r, 1)})).collect();

    let mut sql = conn.sql();
    sql.push("SELECT at, verb, changes FROM sila_audit");
    about(&mut sql);
    sql.push(" ORDER BY at");
    let history = conn.rows(&sql, &[ColumnType::Int, ColumnType::Text, ColumnType::Text]).await?;
    let history = history.iter().map(|r| json!({"at": when(r, 0), "what": text(r, 1), "changes": parsed(r, 2)})).collect();

    let mut sql = conn.sql();
    sql.push("SELECT at, kind, object, data FROM sila_timeline WHERE anchor = ").bind(record.id);
    // Comments, files and changes are told above.
    sql.push(" AND kind NOT IN ('comment', 'file', 'updated') ORDER BY at");
    let line = conn.rows(&sql, &[ColumnType::Int, ColumnType::Text, ColumnType::Text, ColumnType::Text]).await?;
    let line = line.iter().map(|r| json!({"at": when(r, 0), "what": text(r, 1), "object": text(r, 2), "data": parsed(r, 3)})).collect();
    let reads = reads(conn, registry, record).await?;
    Ok(vec![("comments", comments), ("files", files), ("external_ids", external), ("history", history), ("timeline", line), ("reads", reads)])
}

/// Who looked at the record, the latest first: when, and in which role. The person learns what kind of colleague has seen
/// his data; the colleague is a person with rights of his own (ADR 0026).
async fn reads(conn: &mut Conn, registry: &Registry, record: &Record) -> Outcome<Vec<Json>> {
    let mut sql = conn.sql();
    sql.push("SELECT at, verb, actor FROM sila_read WHERE object = ").bind(record.object.as_str()).push(" AND record_id = ").bind(record.id);
    sql.push(" ORDER BY at DESC, id DESC LIMIT 5000");
    let rows = conn.rows(&sql, &[ColumnType::Int, ColumnType::Text, ColumnType::Id]).await?;
    let people: BTreeSet<Uuid> = rows.iter().filter_map(|r| r.get(2).and_then(Cell::id)).collect();
    let mut roles: BTreeMap<Uuid, Vec<Json>> = BTreeMap::new();
    if !people.is_empty() {
        let mut sql = conn.sql();
        sql.push("SELECT user_id, role FROM sila_user_role WHERE user_id IN ").bind_list(people.iter().map(|id| Cell::Id(*id))).push(" ORDER BY role");
        for row in conn.rows(&sql, &[ColumnType::Id, ColumnType::Text]).await? {
            let (Some(user), Some(role)) = (row.first().and_then(Cell::id), row.get(1).and_then(Cell::text).and_then(|r| registry.role(r))) else { continue };
            roles.entry(user).or_default().push(json!({"ar": role.label.get("ar"), "en": role.label.get("en")}));
        }
    }
    let one = |r: &Vec<Cell>| {
        let at = r.first().and_then(Cell::int).and_then(|t| jiff::Timestamp::from_microsecond(t).ok()).map(|t| t.to_string());
        let by = r.get(2).and_then(Cell::id).and_then(|id| roles.get(&id).cloned()).unwrap_or_default();
        json!({"at": at, "what": r.get(1).and_then(Cell::text), "roles": by})
    };
    Ok(rows.iter().map(one).collect())
}

/// The request a job is about.
///
/// # Errors
/// Not found: it has been removed meanwhile.
pub(crate) async fn request_of(job: &JobCx) -> Outcome<Record> {
    let id = job.job.payload.get("request").and_then(|v| v.as_str()).and_then(|t| t.parse::<Uuid>().ok()).ok_or_else(Fault::not_found)?;
    job.company.get(&job.company.system(), "privacy_request", id).await
}

/// Makes the copy, puts it on the request and writes to the person where to get it.
pub(crate) fn run(job: JobCx) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move {
        let company = job.company.clone();
        let request = request_of(&job).await?;
        if request.get("status").text() != Some("running") {
            return Ok(());
        }
        let party = request.get("party").id().ok_or_else(Fault::not_found)?;
        let data = collect(&company, party).await?;
        let bytes = serde_json::to_vec_pretty(&data).map_err(Fault::internal)?;
        let mut kept = vec![company.keep(&file_name(&request, "json"), &bytes).await?];
        // The answer is due by law: it goes out even where the readable form of it could not be made.
        match paper::pdf(&company, &request, &data).await {
            Ok(pdf) => kept.push(company.keep(&file_name(&request, "pdf"), &pdf).await?),
            Err(fault) => tracing::error!(request = %request.id, detail = %fault.detail, "a copy of personal data could not be printed"),
        }
        let lang = paper::spoken(&company, data.get("person").unwrap_or(&Json::Null));
        let link = link(&company, &request, DAYS, lang).await?;
        let mut cx = company.write(&company.system()).await?;
        for file in &kept {
            cx.attach("privacy_request", request.id, file).await?;
        }
        request::finish(&mut cx, &request, json!({"bytes": bytes.len()})).await?;
        let address = request.get("address").text().unwrap_or_default();
        if address.contains('@') {
            let letter = letter(&company, address, lang, "privacy-mail-copy-subject", &["privacy-mail-copy-text"], &link, "privacy-mail-copy-until");
            store::queue::enqueue(&mut cx.tx, &NewJob::new("mail.send", letter)).await?;
        }
        job.finish(&mut cx).await?;
        cx.commit().await
    })
}

/// `my-data-PR-00001.json`
pub(crate) fn file_name(request: &Record, ending: &str) -> String {
    format!("my-data-{}.{ending}", request.get("number").text().unwrap_or_default())
}

/// The page of a request for the person himself.
pub(crate) async fn link(company: &Company, request: &Record, days: i64, lang: Lang) -> Outcome<String> {
    let address = request.get("address").text().unwrap_or_default();
    let ticket = Ticket::new(company, "request", request.id, address, days).sign(company).await?;
    Ok(base::ticket::public(company, &format!("/p/privacy/request?t={ticket}&lang={}", lang.code())))
}

/// The payload of a letter.
pub(crate) fn letter(company: &Company, to: &str, lang: Lang, subject: &str, text: &[&str], link: &str, foot: &str) -> Json {
    let settings = company.settings();
    let args = [("company", text::i18n::Arg::from(settings.name.get(lang.code())))];
    let say = |key: &str| text::i18n::t_plain(lang, key, &args);
    let mut lines: Vec<String> = text.iter().map(|key| say(key)).collect();
    lines.push(link.to_owned());
    lines.push(say(foot));
    json!({"to": to, "subject": say(subject), "lines": lines, "lang": lang})
}
