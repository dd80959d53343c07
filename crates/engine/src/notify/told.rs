//! Notices as their reader sees them: his own, about records he may read now.

use super::topic;
use crate::load::Titles;
use crate::{Actor, Company};
use kernel::{Cell, ColumnType, Name, Outcome, Verb};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use text::i18n::{self, Arg};
use text::locale::Locale;
use uuid::Uuid;

/// A notice as its reader sees it.
#[derive(Clone, Debug)]
pub struct Told {
    pub id: Uuid,
    pub at: jiff::Timestamp,
    pub kind: String,
    pub object: String,
    pub record: Uuid,
    pub actor: Option<Uuid>,
    pub data: Json,
    /// How often within a short while.
    pub n: i64,
    pub seen: bool,
    pub read: bool,
    /// Title of the record.
    pub title: Name,
    /// Name of whoever did it; empty for the system and for people the reader may not know.
    pub who: Name,
    /// Text of the comment it is about.
    pub text: String,
}

impl Told {
    /// `notice-mail-alarm`
    fn key(&self) -> String {
        format!("notice-{}", self.kind.replace('.', "-"))
    }

    /// The sentence of the notice, for plain text and attributes; whoever shows the title as a link asks for [`Told::args`].
    pub fn sentence(&self, locale: &Locale) -> String {
        i18n::t_for_plain(locale, &self.key(), &self.args(locale))
    }

    /// The same with what people typed isolated, for pages.
    pub fn sentence_isolated(&self, locale: &Locale) -> String {
        i18n::t_for(locale, &self.key(), &self.args(locale))
    }

    fn args(&self, locale: &Locale) -> Vec<(&str, Arg<'_>)> {
        let lang = locale.lang.code();
        let who = self.who.get(lang);
        let who = if who.is_empty() { i18n::t(locale.lang, if self.actor.is_some() { "notice-somebody" } else { "notice-system" }) } else { who.to_owned() };
        let mut args = vec![("who", Arg::from(who)), ("title", Arg::from(self.title.get(lang))), ("n", Arg::from(self.n))];
        for (key, value) in self.data.as_object().into_iter().flatten() {
            match value {
                Json::String(t) => args.push((key.as_str(), Arg::from(t))),
                Json::Number(n) => args.push((key.as_str(), Arg::from(n.as_i64().unwrap_or_default()))),
                // Words that somebody wrote in both languages.
                Json::Object(words) => args.extend(words.get(lang).and_then(Json::as_str).map(|t| (key.as_str(), Arg::from(t)))),
                _ => {}
            }
        }
        args
    }

    /// Where it leads.
    pub fn href(&self) -> String {
        let comment = self.data.get("comment").and_then(Json::as_str).map(|c| format!("#comment-{c}")).unwrap_or_default();
        format!("/{}/{}{comment}", self.object, self.record)
    }
}

/// Which notices: all, or a part.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub unread: bool,
    /// Kinds; empty: all.
    pub kinds: Vec<String>,
    /// A cursor of [`Notices::next`].
    pub before: Option<String>,
}

/// A page of notices, newest first.
#[derive(Clone, Debug, Default)]
pub struct Notices {
    pub items: Vec<Told>,
    pub next: Option<String>,
}

const TYPES: &[ColumnType] = &[
    ColumnType::Id,
    ColumnType::Int,
    ColumnType::Text,
    ColumnType::Text,
    ColumnType::Id,
    ColumnType::Id,
    ColumnType::Text,
    ColumnType::Int,
    ColumnType::Int,
    ColumnType::Int,
];
const COLUMNS: &str = "SELECT id, at, kind, object, record_id, actor, data, n, seen_at, read_at FROM sila_notice WHERE user_id = ";

fn told(row: &[Cell]) -> Option<Told> {
    Some(Told {
        id: row.first()?.id()?,
        at: jiff::Timestamp::from_microsecond(row.get(1)?.int()?).ok()?,
        kind: row.get(2)?.text()?.to_owned(),
        object: row.get(3)?.text()?.to_owned(),
        record: row.get(4)?.id()?,
        actor: row.get(5)?.id(),
        data: row.get(6)?.text().and_then(|t| serde_json::from_str(t).ok()).unwrap_or(Json::Null),
        n: row.get(7)?.int().unwrap_or(1),
        seen: !row.get(8)?.is_null(),
        read: !row.get(9)?.is_null(),
        title: Name::default(),
        who: Name::default(),
        text: String::new(),
    })
}

impl Company {
    /// The actor's own notices, newest first, about records he may read now.
    ///
    /// # Errors
    /// The database.
    pub async fn notices(&self, actor: &Actor, wanted: &Wanted, limit: usize) -> Outcome<Notices> {
        let mut conn = self.db().read().await?;
        let limit = limit.clamp(1, 200);
        let mut cursor = wanted.before.as_deref().and_then(crate::timeline::parse_cursor);
        let mut out = Notices::default();
        for _ in 0..8 {
            let mut sql = conn.sql();
            sql.push(COLUMNS).bind(actor.id).push(" AND app = 1");
            if wanted.unread {
                sql.push(" AND read_at IS NULL");
            }
            if !wanted.kinds.is_empty() {
                sql.push(" AND kind IN ").bind_list(wanted.kinds.iter().map(|k| k.as_str().into()));
            }
            if let Some((at, id)) = &cursor {
                sql.push(" AND (at, id) < ").bind_list([Cell::Int(*at), Cell::Id(*id)]);
            }
            sql.push(&format!(" ORDER BY at DESC, id DESC LIMIT {}", limit + 1));
            let rows: Vec<Told> = conn.rows(&sql, TYPES).await?.iter().filter_map(|r| told(r)).collect();
            let more = rows.len() > limit;
            let rows: Vec<Told> = rows.into_iter().take(limit).collect();
            cursor = rows.last().filter(|_| more).map(|l| (l.at.as_microsecond(), l.id));
            let known = self.admitted(&mut conn, actor, rows).await?;
            let room = limit - out.items.len();
            if known.len() > room {
                cursor = known.get(room.saturating_sub(1)).map(|l| (l.at.as_microsecond(), l.id));
            }
            out.items.extend(known.into_iter().take(room));
            if cursor.is_none() || out.items.len() >= limit {
                break;
            }
        }
        out.next = cursor.map(|(at, id)| format!("{at}.{}", id.simple()));
        Ok(out)
    }

    /// One notice for the job that carries it out; none when it was read meanwhile or its record is out of sight.
    ///
    /// # Errors
    /// The database.
    pub async fn notice(&self, id: Uuid) -> Outcome<Option<(Actor, Told)>> {
        let mut conn = self.db().read().await?;
        let mut sql = conn.sql();
        sql.push("SELECT user_id FROM sila_notice WHERE read_at IS NULL AND id = ").bind(id);
        let user = conn.row(&sql, &[ColumnType::Id]).await?.and_then(|r| r.first().and_then(Cell::id));
        let Some(user) = user else { return Ok(None) };
        let Some(actor) = self.load_actor_in(&mut conn, user).await? else { return Ok(None) };
        let mut sql = conn.sql();
        sql.push(COLUMNS).bind(user).push(" AND id = ").bind(id);
        let rows = conn.rows(&sql, TYPES).await?;
        let rows = rows.iter().filter_map(|r| told(r)).collect();
        Ok(self.admitted(&mut conn, &actor, rows).await?.pop().map(|told| (actor, told)))
    }

    /// What waits for the next letter to the actor, newest first.
    pub(super) async fn gathered(&self, conn: &mut store::Conn, actor: &Actor, limit: usize) -> Outcome<Vec<Told>> {
        let mut sql = conn.sql();
        sql.push(COLUMNS).bind(actor.id).push(" AND digest = 1 AND read_at IS NULL").push(&format!(" ORDER BY at DESC, id DESC LIMIT {limit}"));
        let rows = conn.rows(&sql, TYPES).await?.iter().filter_map(|r| told(r)).collect();
        self.admitted(conn, actor, rows).await
    }

    /// Those about records the actor may read now, with title, name and text.
    async fn admitted(&self, conn: &mut store::Conn, actor: &Actor, rows: Vec<Told>) -> Outcome<Vec<Told>> {
        let registry = self.registry();
        let mut wanted: BTreeMap<String, BTreeSet<Uuid>> = BTreeMap::new();
        for t in &rows {
            wanted.entry(t.object.clone()).or_default().insert(t.record);
        }
        let mut readable = BTreeSet::new();
        for (key, ids) in &wanted {
            let Some(object) = registry.find(key) else { continue };
            let ids: Vec<Uuid> = ids.iter().copied().collect();
            readable.extend(self.allowed(conn, actor, object, &ids, &Verb::Read).await?);
        }
        let mut titles: Titles = self.titles(conn, actor, &wanted).await?;
        let people: BTreeSet<Uuid> = rows.iter().filter_map(|t| t.actor).collect();
        if !people.is_empty() {
            titles.extend(self.titles(conn, actor, &BTreeMap::from([("user".to_owned(), people)])).await?);
        }
        let comment = |t: &Told| t.data.get("comment").and_then(Json::as_str).and_then(|c| c.parse::<Uuid>().ok());
        let texts = self.comment_texts(conn, actor, rows.iter().filter_map(comment)).await?;
        let name = |id: Uuid| titles.get(&id).cloned().unwrap_or_default();
        let mut out = Vec::with_capacity(rows.len());
        for mut t in rows.into_iter().filter(|t| readable.contains(&t.record)) {
            t.title = name(t.record);
            if t.title.is_empty() {
                t.title = registry.find(&t.object).map(|o| Name::new(o.label.get("ar"), o.label.get("en"))).unwrap_or_default();
            }
            t.who = t.actor.map(name).unwrap_or_default();
            t.text = comment(&t).and_then(|c| texts.get(&c).cloned()).unwrap_or_default();
            out.push(t);
        }
        Ok(out)
    }

    /// How many notices the actor has not seen yet, of the newest hundred.
    ///
    /// # Errors
    /// The database.
    pub async fn unseen(&self, actor: &Actor) -> Outcome<usize> {
        let mut conn = self.db().read().await?;
        let mut sql = conn.sql();
        sql.push("SELECT object, record_id FROM sila_notice WHERE app = 1 AND seen_at IS NULL AND user_id = ").bind(actor.id).push(" LIMIT 100");
        let rows = conn.rows(&sql, &[ColumnType::Text, ColumnType::Id]).await?;
        if rows.is_empty() {
            return Ok(0);
        }
        let registry = self.registry();
        let mut by_object: BTreeMap<String, Vec<Uuid>> = BTreeMap::new();
        for row in &rows {
            if let (Some(object), Some(id)) = (row.first().and_then(Cell::text), row.get(1).and_then(Cell::id)) {
                by_object.entry(object.to_owned()).or_default().push(id);
            }
        }
        let mut count = 0;
        for (key, ids) in by_object {
            let Some(object) = registry.find(&key) else { continue };
            let known = self.allowed(&mut conn, actor, object, &ids, &Verb::Read).await?;
            count += ids.iter().filter(|id| known.contains(id)).count();
        }
        Ok(count)
    }

    /// The bell was opened: nothing is new any more.
    ///
    /// # Errors
    /// The database.
    pub async fn mark_seen(&self, actor: &Actor) -> Outcome<()> {
        let mut cx = self.write(actor).await?;
        let mut sql = cx.tx.sql();
        sql.push("UPDATE sila_notice SET seen_at = ").bind(cx.now).push(" WHERE seen_at IS NULL AND user_id = ").bind(actor.id);
        if cx.tx.exec(&sql).await? == 0 {
            return cx.rollback().await;
        }
        cx.tx.notify(topic(actor.id));
        cx.commit().await
    }

    /// Marks own notices read or unread; `ids` none: all of them.
    ///
    /// # Errors
    /// The database. Notices of others are left alone without a word.
    pub async fn mark_read(&self, actor: &Actor, ids: Option<&[Uuid]>, read: bool) -> Outcome<u64> {
        let mut cx = self.write(actor).await?;
        let mut sql = cx.tx.sql();
        if read {
            sql.push("UPDATE sila_notice SET digest = 0, seen_at = COALESCE(seen_at, ").bind(cx.now).push("), read_at = ").bind(cx.now);
            sql.push(" WHERE read_at IS NULL AND user_id = ").bind(actor.id);
        } else {
            sql.push("UPDATE sila_notice SET read_at = NULL WHERE read_at IS NOT NULL AND user_id = ").bind(actor.id);
        }
        if let Some(ids) = ids {
            sql.push(" AND id IN ").bind_list(ids.iter().take(500).map(|id| Cell::Id(*id)));
        }
        let changed = if ids.is_some_and(<[Uuid]>::is_empty) { 0 } else { cx.tx.exec(&sql).await? };
        cx.tx.notify(topic(actor.id));
        cx.commit().await?;
        Ok(changed)
    }

    /// Opening a record answers what was told of it; not when somebody else looks at it as this person.
    ///
    /// # Errors
    /// The database.
    pub async fn mark_read_of(&self, actor: &Actor, record: Uuid) -> Outcome<()> {
        if actor.viewer.is_some() {
            return Ok(());
        }
        let mut conn = self.db().read().await?;
        let mut sql = conn.sql();
        sql.push("SELECT COUNT(*) FROM sila_notice WHERE read_at IS NULL AND record_id = ").bind(record).push(" AND user_id = ").bind(actor.id);
        if conn.int(&sql).await?.unwrap_or_default() == 0 {
            return Ok(());
        }
        drop(conn);
        let mut cx = self.write(actor).await?;
        let mut sql = cx.tx.sql();
        sql.push("UPDATE sila_notice SET digest = 0, seen_at = COALESCE(seen_at, ").bind(cx.now).push("), read_at = ").bind(cx.now);
        sql.push(" WHERE read_at IS NULL AND record_id = ").bind(record).push(" AND user_id = ").bind(actor.id);
        cx.tx.exec(&sql).await?;
        cx.tx.notify(topic(actor.id));
        cx.commit().await
    }
}
