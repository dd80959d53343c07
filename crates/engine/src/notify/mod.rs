//! What people are told of: one row per person, kind and record, written in the transaction of what happened.
//!
//! A notice holds ids and figures, never words of the record: title and text are read when it is shown, under the
//! rule of its reader, so that what he may no longer see is not told either. `prefs`: on which ways; `told`: reading; `letters`: by e-mail.

mod letters;
mod prefs;
mod told;

pub(crate) use letters::{DIGEST, jobs};
pub use letters::{MAIL, digests};
pub use prefs::{Channels, Digest, Mail, NoticePrefs};
pub use told::{Notices, Told, Wanted};

use crate::{Company, Cx, NoticeKind};
use kernel::{Cell, ColumnType, Fault, Outcome, Verb, label};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// The same kind about the same record within this time is one notice.
const TOGETHER: jiff::SignedDuration = jiff::SignedDuration::from_mins(10);
/// The job that pushes a notice to one device; a crate above the engine brings it.
pub const PUSH: &str = "notice.push";

/// Something a person is to be told.
#[derive(Clone, Debug)]
pub struct Notice<'a> {
    pub user: Uuid,
    /// `mention`, `reminder`, `mail.alarm`: see [`NoticeKind`].
    pub kind: &'a str,
    pub object: &'a str,
    pub record: Uuid,
    /// Ids and figures. Scalars become arguments of the sentence; `comment` names a comment whose text is shown.
    pub data: Json,
}

/// What the engine itself tells.
const OWN: &[(&str, &str, &str, &str, Mail, bool)] = &[
    ("mention", "ذكرك أحدهم في تعليق", "Somebody mentions me", "at-sign", Mail::Now, true),
    ("reply", "رد على تعليقك", "A reply to my comment", "message-square", Mail::Digest, true),
    ("comment", "تعليق على سجل أتابعه", "A comment on a record I follow", "message-square", Mail::Digest, false),
    ("assigned", "أُسند إليّ سجل", "A record is assigned to me", "user-plus", Mail::Digest, true),
    ("stage", "تغيرت مرحلة سجل أتابعه", "A record I follow changes stage", "trending-up", Mail::Off, false),
    ("related", "جديد على سجل أتابعه", "Something new on a record I follow", "bell", Mail::Off, false),
    ("file", "ملف على سجل أتابعه", "A file on a record I follow", "paperclip", Mail::Off, false),
];

impl Company {
    /// The kinds of notices: the engine's, then those of the modules.
    pub fn notice_kinds(&self) -> Vec<NoticeKind> {
        let own = OWN.iter().map(|&(key, ar, en, icon, mail, push)| NoticeKind { key, label: label(ar, en), icon, mail, push });
        own.chain(self.modules().iter().flat_map(|m| m.notices.iter().cloned())).collect()
    }
}

/// The topic of a person's live signal.
pub fn topic(user: Uuid) -> String {
    format!("-notice:{user}")
}

impl Cx {
    /// Tells a person of something. Not told: the actor himself, people who may not read the record, people who are gone.
    /// The same kind about the same record within minutes is counted, not repeated. Returns whether anything was told.
    ///
    /// # Errors
    /// Not found: no such object. The database.
    pub async fn notify(&mut self, notice: Notice<'_>) -> Outcome<bool> {
        // What a rule tells in somebody's name, he himself may need to hear.
        if notice.user == self.actor.id && self.led_by.is_empty() {
            return Ok(false);
        }
        let object = self.object(notice.object)?;
        let company = self.company.clone();
        let Some(reader) = company.load_actor_in(&mut self.tx, notice.user).await? else { return Ok(false) };
        if company.allowed(&mut self.tx, &reader, &object, &[notice.record], &Verb::Read).await?.is_empty() {
            return Ok(false);
        }
        let prefs = NoticePrefs::load(&mut self.tx, notice.user).await?;
        let channels = prefs.channels(notice.kind, &company.notice_kinds());
        let data = if notice.data.is_null() { Cell::Null } else { Cell::Text(notice.data.to_string()) };
        let digest = i64::from(channels.mail == Mail::Digest);

        let since = self.now.checked_sub(TOGETHER).map_err(Fault::internal)?;
        let mut sql = self.tx.sql();
        sql.push("UPDATE sila_notice SET at = ").bind(self.now).push(", n = n + 1, seen_at = NULL, actor = ").bind(crate::side::actor_cell(self));
        sql.push(", data = ").bind(data.clone()).push(" WHERE record_id = ").bind(notice.record).push(" AND user_id = ").bind(notice.user);
        sql.push(" AND kind = ").bind(notice.kind).push(" AND read_at IS NULL AND at > ").bind(since);
        if self.tx.exec(&sql).await? == 0 {
            let id = self.new_id();
            let row = vec![
                id.into(),
                notice.user.into(),
                self.now.into(),
                notice.kind.into(),
                notice.object.into(),
                notice.record.into(),
                crate::side::actor_cell(self),
                data,
                1.into(),
                i64::from(channels.app).into(),
                digest.into(),
            ];
            let columns = ["id", "user_id", "at", "kind", "object", "record_id", "actor", "data", "n", "app", "digest"];
            if channels.app || digest == 1 || channels.push || channels.mail == Mail::Now {
                store::insert_many(&mut self.tx, "sila_notice", &columns, vec![row]).await?;
            }
            let due = prefs.awake(self.now, &reader.locale).as_microsecond();
            if channels.mail == Mail::Now {
                store::queue::enqueue(&mut self.tx, &store::queue::NewJob::new(MAIL, json!({"notice": id})).run_at(due)).await?;
            }
            for device in if channels.push { self.devices(notice.user).await? } else { Vec::new() } {
                let job = store::queue::NewJob::new(PUSH, json!({"notice": id, "device": device})).run_at(due).max_attempts(6);
                store::queue::enqueue(&mut self.tx, &job).await?;
            }
        }
        if channels.app {
            self.tx.notify(topic(notice.user));
        }
        Ok(true)
    }

    /// The browsers of a person that want to be told.
    async fn devices(&mut self, user: Uuid) -> Outcome<Vec<Uuid>> {
        let mut sql = self.tx.sql();
        sql.push("SELECT id FROM sila_push WHERE user_id = ").bind(user);
        Ok(self.tx.rows(&sql, &[ColumnType::Id]).await?.iter().filter_map(|r| r.first().and_then(Cell::id)).collect())
    }
}

/// What was read a season ago, and what nobody read for a year.
pub(crate) async fn tidy(tx: &mut store::Tx, now: jiff::Timestamp) -> Outcome<u64> {
    let before = |days: i64| now.checked_sub(jiff::SignedDuration::from_hours(24 * days)).map_err(Fault::internal);
    let mut sql = tx.sql();
    sql.push("DELETE FROM sila_notice WHERE read_at < ").bind(before(90)?).push(" OR at < ").bind(before(365)?);
    tx.exec(&sql).await
}
