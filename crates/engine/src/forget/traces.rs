//! What a record leaves outside its own table: comments, time line, files, events, jobs, answers kept for repeated
//! requests, staged imports, saved views.

use super::{Fate, Mark, Member, Report};
use crate::{Company, Cx};
use kernel::{Cell, ColumnType, Outcome};
use std::collections::BTreeSet;
use store::like_escape;
use uuid::Uuid;

/// Rows of these say what they say only with their words: they go whole.
const GO: [&str; 3] = ["sila_comment", "sila_external", "sila_file"];
/// The audit is a chain and has a function of its own; links hold nothing but ids.
const APART: [&str; 6] = ["sila_audit", "sila_read", "sila_seal", "sila_link", "sila_erased", "sila_import_row"];
/// Rows that hang on rows about a record, or name it in columns of their own: table, condition with `?` for the record.
/// Before what they hang on. A table that there is not is left out.
const HANGING: [(&str, &str); 6] = [
    ("sila_comment_edit", "comment IN (SELECT id FROM sila_comment WHERE record_id = ?)"),
    ("sila_reaction", "comment IN (SELECT id FROM sila_comment WHERE record_id = ?)"),
    ("sila_merge_row", "merge_id IN (SELECT id FROM sila_merge WHERE survivor = ? OR loser = ?)"),
    ("sila_merge", "survivor = ? OR loser = ?"),
    ("sila_match_pair", "a = ? OR b = ?"),
    ("sila_rule_log", "run_id IN (SELECT id FROM sila_rule_run WHERE record_id = ?)"),
];

fn count(report: &mut Report, table: &str, n: u64) {
    if n > 0 {
        *report.traces.entry(table.to_owned()).or_default() += n;
    }
}

/// Every system table that has rows about a record: its words become null, or the row goes.
pub(super) async fn of_member(cx: &mut Cx, member: &Member, report: &mut Report) -> Outcome<()> {
    let tables = store::system::tables().tables;
    for (table, condition) in HANGING.iter().filter(|(name, _)| tables.iter().any(|t| t.name == *name)) {
        let mut sql = cx.tx.sql();
        sql.push("DELETE FROM ").ident(table).push(" WHERE ");
        let mut parts = condition.split('?');
        sql.push(parts.next().unwrap_or_default());
        for part in parts {
            sql.bind(member.id).push(part);
        }
        count(report, table, cx.tx.exec(&sql).await?);
    }
    // Keys made of a record's values, under which others are found alike.
    for table in tables.iter().filter(|t| t.column("object").is_none() && t.column("record_id").is_some() && !APART.contains(&t.name.as_str())) {
        let mut sql = cx.tx.sql();
        sql.push("DELETE FROM ").ident(&table.name).push(" WHERE record_id = ").bind(member.id);
        count(report, &table.name, cx.tx.exec(&sql).await?);
    }
    for table in tables {
        if APART.contains(&table.name.as_str()) || table.column("object").is_none() || table.column("record_id").is_none() {
            continue;
        }
        let about = |sql: &mut store::Sql| {
            sql.push(" WHERE object = ").bind(member.object.as_str()).push(" AND record_id = ").bind(member.id);
        };
        let words: Vec<&str> = table.columns.iter().filter(|c| c.nullable && c.ty == ColumnType::Text).map(|c| c.name.as_str()).collect();
        let go = GO.contains(&table.name.as_str());
        if table.name == "sila_timeline" {
            let mut sql = cx.tx.sql();
            sql.push("DELETE FROM sila_timeline WHERE kind IN ('comment', 'file') AND record_id = ").bind(member.id);
            sql.push(" AND object = ").bind(member.object.as_str());
            count(report, &table.name, cx.tx.exec(&sql).await?);
        }
        let mut sql = cx.tx.sql();
        if go {
            sql.push("DELETE FROM ").ident(&table.name);
            about(&mut sql);
        } else if words.is_empty() {
            continue;
        } else {
            sql.push("UPDATE ").ident(&table.name).push(" SET ");
            for (i, column) in words.iter().enumerate() {
                sql.push(if i > 0 { ", " } else { "" }).ident(column).push(" = NULL");
            }
            about(&mut sql);
            sql.push(" AND (");
            for (i, column) in words.iter().enumerate() {
                sql.push(if i > 0 { " OR " } else { "" }).ident(column).push(" IS NOT NULL");
            }
            sql.push(")");
        }
        count(report, &table.name, cx.tx.exec(&sql).await?);
    }
    count(report, "sila_audit", crate::audit::forget::forget(cx, &member.object, member.id, None).await? as u64);
    Ok(())
}

/// SHA-256 of the files a record has or had.
pub(super) async fn files_of(cx: &mut Cx, member: &Member) -> Outcome<Vec<String>> {
    if member.fate == Fate::Keep {
        return Ok(Vec::new());
    }
    let mut sql = cx.tx.sql();
    sql.push("SELECT DISTINCT sha256 FROM sila_file WHERE object = ").bind(member.object.as_str()).push(" AND record_id = ").bind(member.id);
    Ok(cx.tx.rows(&sql, &[ColumnType::Text]).await?.iter().filter_map(|r| r.first().and_then(Cell::text).map(str::to_owned)).collect())
}

/// Staged lines of imports that made or named one of the records, and the files they came in: a file holds all its lines,
/// so it goes whole; the imported records and the way back for the other lines stay.
pub(super) async fn imports(cx: &mut Cx, others: &[Member], subject: &Member, marks: &[Mark], report: &mut Report) -> Outcome<Vec<String>> {
    let ids: Vec<Uuid> = others.iter().filter(|m| m.fate != Fate::Keep).chain([subject]).map(|m| m.id).collect();
    let mut touched = BTreeSet::new();
    let mut lines: BTreeSet<(Uuid, i64)> = BTreeSet::new();
    let types = [ColumnType::Id, ColumnType::Int];
    let mut take = |rows: Vec<Vec<Cell>>| lines.extend(rows.iter().filter_map(|r| Some((r.first()?.id()?, r.get(1)?.int()?))));
    for chunk in ids.chunks(500) {
        let mut sql = cx.tx.sql();
        sql.push("SELECT import_id, n FROM sila_import_row WHERE record_id IN ").bind_list(chunk.iter().map(|id| Cell::Id(*id)));
        take(cx.tx.rows(&sql, &types).await?);
    }
    for mark in marks.iter().filter(|m| m.strong) {
        let mut sql = cx.tx.sql();
        sql.push("SELECT import_id, n FROM sila_import_row WHERE ");
        any_has(&mut sql, &["data", "before", "error"], &mark.text);
        take(cx.tx.rows(&sql, &types).await?);
    }
    for (import, n) in &lines {
        touched.insert(*import);
        let mut sql = cx.tx.sql();
        sql.push("UPDATE sila_import_row SET data = '{}', before = NULL, error = NULL WHERE import_id = ").bind(*import).push(" AND n = ").bind(*n);
        cx.tx.exec(&sql).await?;
    }
    count(report, "sila_import_row", lines.len() as u64);
    let mut contents = Vec::new();
    for import in touched {
        let mut sql = cx.tx.sql();
        sql.push("SELECT f.id, f.sha256 FROM sila_import i JOIN sila_file f ON f.id = i.file_id WHERE i.id = ").bind(import);
        for row in cx.tx.rows(&sql, &[ColumnType::Id, ColumnType::Text]).await? {
            let (Some(file), Some(sha)) = (row.first().and_then(Cell::id), row.get(1).and_then(Cell::text)) else { continue };
            contents.push(sha.to_owned());
            let mut sql = cx.tx.sql();
            sql.push("DELETE FROM sila_file WHERE id = ").bind(file);
            count(report, "sila_file", cx.tx.exec(&sql).await?);
            let mut sql = cx.tx.sql();
            sql.push("UPDATE sila_import SET file_id = NULL WHERE id = ").bind(import);
            cx.tx.exec(&sql).await?;
        }
    }
    Ok(contents)
}

/// `(a LIKE '%text%' OR …)`, as written and as it stands inside JSON.
fn any_has(sql: &mut store::Sql, columns: &[&str], text: &str) {
    let json = serde_json::to_string(text).unwrap_or_default();
    let mut forms = vec![text.to_owned(), json.trim_matches('"').to_owned()];
    forms.dedup();
    sql.push("(");
    let mut first = true;
    for column in columns {
        for form in &forms {
            sql.push(if first { "" } else { " OR " }).ident(column).push(" LIKE ").bind(format!("%{}%", like_escape(form))).push(" ESCAPE '\\'");
            first = false;
        }
    }
    sql.push(")");
}

/// Where a system table is not about a record but may carry a copy of its values.
const COPIES: [(&str, &[&str], Treat); 6] = [
    ("sila_job", &["payload", "progress_text", "error", "result"], Treat::Go("state <> 'running'")),
    ("sila_idempotency", &["body", "headers"], Treat::Go("1 = 1")),
    ("sila_proposal", &["steps", "preview", "note", "outcome"], Treat::Go("1 = 1")),
    ("sila_view", &["name", "config"], Treat::Go("1 = 1")),
    ("sila_setting", &["value"], Treat::Go("owner <> 'company'")),
    ("sila_event", &["data"], Treat::Null),
];

#[derive(Clone, Copy)]
enum Treat {
    /// Rows go, where this holds too.
    Go(&'static str),
    Null,
}

/// Copies of the values in jobs, kept answers, views, preferences, events and time lines of others.
pub(super) async fn by_value(cx: &mut Cx, subject: &Member, others: &[Member], marks: &[Mark], report: &mut Report) -> Outcome<()> {
    let mut words: BTreeSet<String> = marks.iter().filter(|m| m.strong).map(|m| m.text.clone()).collect();
    words.insert(subject.id.to_string());
    for (table, columns, treat) in COPIES {
        for word in &words {
            let mut sql = cx.tx.sql();
            match treat {
                Treat::Go(also) => sql.push("DELETE FROM ").ident(table).push(" WHERE ").push(also).push(" AND "),
                Treat::Null => sql.push("UPDATE ").ident(table).push(" SET data = NULL WHERE "),
            };
            any_has(&mut sql, columns, word);
            count(report, table, cx.tx.exec(&sql).await?);
        }
    }
    // Kept answers and jobs name the records about him by id too.
    for member in others.iter().filter(|m| m.fate != Fate::Keep).take(2_000) {
        let mut sql = cx.tx.sql();
        sql.push("DELETE FROM sila_idempotency WHERE ");
        any_has(&mut sql, &["body", "headers"], &member.id.to_string());
        count(report, "sila_idempotency", cx.tx.exec(&sql).await?);
    }
    // His line shows what happened on other records.
    let mut sql = cx.tx.sql();
    sql.push("UPDATE sila_timeline SET data = NULL WHERE data IS NOT NULL AND anchor = ").bind(subject.id);
    count(report, "sila_timeline", cx.tx.exec(&sql).await?);
    Ok(())
}

/// Removes contents that no row names any more; how many.
pub(super) async fn drop_contents(company: &Company, contents: &[String]) -> Outcome<u64> {
    let mut gone = 0;
    for sha in contents.iter().collect::<BTreeSet<_>>() {
        let mut conn = company.db().read().await?;
        let mut sql = conn.sql();
        sql.push("SELECT 1 FROM sila_file WHERE sha256 = ").bind(sha.as_str()).push(" LIMIT 1");
        if conn.int(&sql).await?.is_none() {
            store::files::remove(company.dir(), sha).await?;
            gone += 1;
        }
    }
    Ok(gone)
}

/// Removes letters to the person that were written to the folder instead of being sent; how many.
pub(super) async fn letters(company: &Company, marks: &[Mark]) -> Outcome<u64> {
    let addresses: Vec<Mark> = marks.iter().filter(|m| m.text.contains('@')).cloned().collect();
    let folder = company.dir().join("mail");
    let mut scan = store::scan::Scan::default();
    store::scan::folder(&folder, &super::needles(&addresses), &mut scan).await?;
    let names: BTreeSet<String> = scan.hits.into_iter().map(|h| h.column).collect();
    for name in &names {
        tokio::fs::remove_file(folder.join(name)).await.map_err(kernel::Fault::internal)?;
    }
    Ok(names.len() as u64)
}
