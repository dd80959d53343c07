//! Conversations: letters that name each other, in whatever order they arrive.
//!
//! Every id a letter bears or names belongs to one conversation of its mailbox. A letter that names ids of two of them
//! makes them one.

use engine::Cx;
use kernel::{Cell, ColumnType, Outcome};
use mail::{Message, ids};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// Days within which an answer without references is taken for one by its subject.
const DAYS: i64 = 10;

/// The ids by which a letter is joined to others, its own first.
fn names(m: &Message) -> Vec<String> {
    let own = (!m.message_id.is_empty()).then(|| m.message_id.clone());
    own.into_iter().chain(m.in_reply_to.iter().cloned()).chain(m.references.iter().cloned()).collect()
}

fn key(id: &str) -> String {
    ids::hash(id.as_bytes()).chars().take(40).collect()
}

/// The conversation of each letter; conversations that turn out to be one are joined.
///
/// # Errors
/// The database.
pub async fn assign(cx: &mut Cx, mailbox: Uuid, letters: &[&Message]) -> Outcome<Vec<String>> {
    let names: Vec<Vec<String>> = letters.iter().map(|m| names(m).iter().map(|n| key(n)).collect()).collect();
    let wanted: BTreeSet<&String> = names.iter().flatten().collect();
    let mut known: HashMap<String, String> = HashMap::new();
    let list: Vec<&&String> = wanted.iter().collect();
    for chunk in list.chunks(500) {
        let mut sql = cx.tx.sql();
        sql.push("SELECT ref, thread FROM sila_mail_ref WHERE mailbox_id = ").bind(mailbox).push(" AND ref IN ");
        sql.bind_list(chunk.iter().map(|n| n.as_str().into()));
        for r in cx.tx.rows(&sql, &[ColumnType::Text, ColumnType::Text]).await? {
            if let (Some(name), Some(thread)) = (r.first().and_then(Cell::text), r.get(1).and_then(Cell::text)) {
                known.insert(name.to_owned(), thread.to_owned());
            }
        }
    }
    let stored = known.clone();
    // Old conversation → the one it became; the eldest keeps its name.
    let mut joined: BTreeMap<String, String> = BTreeMap::new();
    let mut chosen = Vec::with_capacity(letters.len());
    for (m, names) in letters.iter().zip(&names) {
        let mut found: BTreeSet<String> = names.iter().filter_map(|n| known.get(n)).map(|t| last(&joined, t)).collect();
        if found.is_empty()
            && let Some(thread) = by_subject(cx, mailbox, m).await?
        {
            found.insert(last(&joined, &thread));
        }
        let thread = found.pop_first().unwrap_or_else(|| Uuid::now_v7().simple().to_string());
        for other in found {
            joined.insert(other, thread.clone());
        }
        for n in names {
            known.insert(n.clone(), thread.clone());
        }
        chosen.push(thread);
    }
    let fresh = known.iter().filter(|(n, _)| !stored.contains_key(*n)).map(|(n, t)| vec![mailbox.into(), n.as_str().into(), last(&joined, t).into()]);
    store::insert_missing(&mut cx.tx, "sila_mail_ref", &["mailbox_id", "ref", "thread"], fresh.collect()).await?;
    for (old, new) in &joined {
        join(cx, mailbox, old, &last(&joined, new)).await?;
    }
    Ok(chosen.iter().map(|t| last(&joined, t)).collect())
}

fn last(joined: &BTreeMap<String, String>, thread: &str) -> String {
    let mut now = thread;
    while let Some(next) = joined.get(now) {
        now = next;
    }
    now.to_owned()
}

async fn join(cx: &mut Cx, mailbox: Uuid, old: &str, new: &str) -> Outcome<()> {
    let mut sql = cx.tx.sql();
    sql.push("UPDATE sila_mail_ref SET thread = ").bind(new).push(" WHERE mailbox_id = ").bind(mailbox).push(" AND thread = ").bind(old);
    cx.tx.exec(&sql).await?;
    for table in ["mail", "interaction"] {
        let mut sql = cx.tx.sql();
        sql.push("UPDATE ").ident(table).push(" SET thread = ").bind(new).push(", rev = rev + 1 WHERE thread = ").bind(old);
        cx.tx.exec(&sql).await?;
    }
    Ok(())
}

/// An answer («Re:») that names nothing: the latest letter with the same subject and one of the same people, some days before or after.
async fn by_subject(cx: &mut Cx, mailbox: Uuid, m: &Message) -> Outcome<Option<String>> {
    let bare = ids::bare_subject(&m.subject);
    if !m.references.is_empty() || !m.in_reply_to.is_empty() || bare.is_empty() || bare == m.subject.trim().to_lowercase() {
        return Ok(None);
    }
    let at = m.date.unwrap_or(cx.now);
    let span = jiff::SignedDuration::from_hours(24 * DAYS);
    let (Ok(from), Ok(until)) = (at.checked_sub(span), at.checked_add(span)) else { return Ok(None) };
    let mut sql = cx.tx.sql();
    sql.push("SELECT thread, from_address, \"to\" FROM mail WHERE deleted_at IS NULL AND mailbox = ").bind(mailbox).push(" AND topic = ").bind(topic(&m.subject));
    sql.push(" AND at >= ").bind(from).push(" AND at <= ").bind(until).push(" ORDER BY at DESC, id DESC LIMIT 20");
    let rows = cx.tx.rows(&sql, &[ColumnType::Text, ColumnType::Text, ColumnType::Text]).await?;
    let text = |r: &Vec<Cell>, i: usize| r.get(i).and_then(Cell::text).unwrap_or_default().to_owned();
    let same = |r: &&Vec<Cell>| {
        let their = format!("{} {}", text(r, 1), text(r, 2)).to_lowercase();
        // Both sides wrote to each other: the sender was there, and one of the receivers too.
        !m.from.address.is_empty() && their.contains(&m.from.address) && m.to.iter().chain(&m.cc).any(|p| !p.address.is_empty() && their.contains(&p.address))
    };
    Ok(rows.iter().find(same).map(|r| text(r, 0)))
}

/// The fingerprint of a subject without its marks.
pub fn topic(subject: &str) -> String {
    ids::hash(ids::bare_subject(subject).as_bytes()).chars().take(32).collect()
}
