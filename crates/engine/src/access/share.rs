//! One record for one colleague or one team, until a day or until it is taken back.

use crate::side::{self, Audit};
use crate::{Actor, Company, Cx};
use kernel::{Cell, ColumnType, Fault, Issue, Mask, Object, Outcome, Verb};
use serde_json::json;
use uuid::Uuid;

/// How far a share goes. Each includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Read = 1,
    Comment = 2,
    Edit = 3,
}

impl Level {
    pub const ALL: [Level; 3] = [Level::Read, Level::Comment, Level::Edit];
    pub fn key(self) -> &'static str {
        match self {
            Level::Read => "read",
            Level::Comment => "comment",
            Level::Edit => "edit",
        }
    }
    pub fn parse(key: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|l| l.key() == key)
    }
    fn of(n: i64) -> Option<Level> {
        Level::ALL.into_iter().find(|l| *l as i64 == n)
    }
}

/// A record shared with somebody.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    pub id: Uuid,
    pub object: String,
    pub record: Uuid,
    /// A user, or a team.
    pub with: Uuid,
    pub team: bool,
    pub level: Level,
    /// It ends by itself then.
    pub until: Option<jiff::Timestamp>,
    pub note: String,
    pub at: jiff::Timestamp,
    pub by: Option<Uuid>,
}

/// What is to be shared with whom.
#[derive(Clone, Debug)]
pub struct NewShare {
    pub with: Uuid,
    pub level: Level,
    pub until: Option<jiff::Timestamp>,
    pub note: String,
}

const COLUMNS: &str = "id, object, record_id, with_id, team, level, until_at, note, at, by";
const TYPES: &[ColumnType] = {
    use ColumnType::{Id, Int, Text};
    &[Id, Text, Id, Id, Int, Int, Int, Text, Int, Id]
};

impl Company {
    /// With whom a record is shared today, the newest first: whoever reads the record may know.
    ///
    /// # Errors
    /// Not found.
    pub async fn shares(&self, actor: &Actor, object: &str, id: Uuid) -> Outcome<Vec<Share>> {
        let mut conn = self.db().read().await?;
        self.get_in(&mut conn, actor, object, id).await?;
        self.shares_in(&mut conn, object, id).await
    }

    pub(crate) async fn shares_in(&self, conn: &mut store::Conn, object: &str, id: Uuid) -> Outcome<Vec<Share>> {
        let mut sql = conn.sql();
        sql.push("SELECT ").push(COLUMNS).push(" FROM sila_share WHERE revoked_at IS NULL AND record_id = ").bind(id);
        sql.push(" AND object = ").bind(object).push(" AND (until_at IS NULL OR until_at > ").bind(self.now());
        sql.push(") ORDER BY at DESC, id DESC LIMIT 500");
        Ok(conn.rows(&sql, TYPES).await?.iter().filter_map(|r| share(r)).collect())
    }

    /// Shares a record; an earlier share with the same person or team is replaced.
    ///
    /// # Errors
    /// Not found; forbidden: the right to share, or to change where the share would let change; invalid: nobody to share
    /// with, somebody whose roles do not know such records, a time that is over.
    pub async fn share(&self, actor: &Actor, object: &str, id: Uuid, new: &NewShare) -> Outcome<Uuid> {
        let mut cx = self.write(actor).await?;
        let share = cx.share(object, id, new).await?;
        cx.commit().await?;
        Ok(share)
    }

    /// Takes a share back: whoever may share the record.
    ///
    /// # Errors
    /// Not found, forbidden.
    pub async fn unshare(&self, actor: &Actor, object: &str, id: Uuid, share: Uuid) -> Outcome<()> {
        let mut cx = self.write(actor).await?;
        cx.may_share(object, id, Level::Read).await?;
        let mut sql = cx.tx.sql();
        sql.push("UPDATE sila_share SET revoked_at = ").bind(cx.now).push(" WHERE revoked_at IS NULL AND id = ").bind(share);
        sql.push(" AND object = ").bind(object).push(" AND record_id = ").bind(id);
        if cx.tx.exec(&sql).await? == 0 {
            return Err(Fault::not_found());
        }
        noted(&mut cx, object, id, "unshared", json!({"share": share})).await?;
        cx.commit().await
    }
}

impl Cx {
    /// The same inside a transaction that is already open.
    ///
    /// # Errors
    /// See [`Company::share`].
    pub async fn share(&mut self, object: &str, id: Uuid, new: &NewShare) -> Outcome<Uuid> {
        let declared = self.may_share(object, id, new.level).await?;
        if new.until.is_some_and(|until| until <= self.now) {
            return Err(Fault::invalid("until", "access-until-over"));
        }
        if new.note.chars().count() > 500 {
            return Err(Fault::issue(Issue::new("note", "value-too-long").arg("max", 500).arg("length", new.note.chars().count())));
        }
        let team = self.receiver(&declared, new).await?;
        let mut sql = self.tx.sql();
        sql.push("UPDATE sila_share SET revoked_at = ").bind(self.now).push(" WHERE revoked_at IS NULL AND object = ").bind(object);
        sql.push(" AND record_id = ").bind(id).push(" AND with_id = ").bind(new.with);
        self.tx.exec(&sql).await?;
        let share = self.new_id();
        let row = vec![
            share.into(),
            object.into(),
            id.into(),
            new.with.into(),
            i64::from(team).into(),
            (new.level as i64).into(),
            new.until.map_or(Cell::Null, Cell::from),
            if new.note.trim().is_empty() { Cell::Null } else { new.note.trim().into() },
            self.now.into(),
            side::actor_cell(self),
        ];
        let columns = ["id", "object", "record_id", "with_id", "team", "level", "until_at", "note", "at", "by"];
        store::insert_many(&mut self.tx, "sila_share", &columns, vec![row]).await?;
        let said = json!({"with": new.with, "level": new.level.key(), "until": new.until.map(|t| t.to_string())});
        noted(self, object, id, "shared", said).await?;
        Ok(share)
    }

    /// The record may be shared by the actor, to that level.
    async fn may_share(&mut self, object: &str, id: Uuid, level: Level) -> Outcome<std::sync::Arc<Object>> {
        let declared = self.object(object)?;
        let (company, actor) = (self.company.clone(), self.actor.clone());
        let verbs = if level == Level::Edit { vec![Verb::Share, Verb::Update] } else { vec![Verb::Share] };
        for verb in verbs {
            if company.some(&mut self.tx, &actor, &declared, &[id], &verb, false).await?.is_empty() {
                let readable = company.allowed(&mut self.tx, &actor, &declared, &[id], &Verb::Read).await?;
                return Err(if readable.is_empty() { Fault::not_found() } else { Fault::forbidden() });
            }
        }
        Ok(declared)
    }

    /// Whether the receiver is a team; a person must have a role that knows such records.
    async fn receiver(&mut self, declared: &Object, new: &NewShare) -> Outcome<bool> {
        let (company, actor) = (self.company.clone(), self.actor.clone());
        if let Some(person) = company.load_actor_in(&mut self.tx, new.with).await? {
            let user = self.object("user")?;
            if company.allowed(&mut self.tx, &actor, &user, &[new.with], &Verb::Read).await?.is_empty() {
                return Err(Fault::invalid("with", "value-no-such-record"));
            }
            let verb = if new.level == Level::Edit { Verb::Update } else { Verb::Read };
            if !person.policy.may(declared, &verb) {
                let name = person.name.get(actor.lang()).to_owned();
                let objects = declared.plural.get(actor.lang()).to_owned();
                let key = if new.level == Level::Edit { "access-share-no-update" } else { "access-share-no-role" };
                return Err(Fault::issue(Issue::new("with", key).arg("name", name).arg("objects", objects)));
            }
            return Ok(false);
        }
        let team = self.object("team")?;
        if company.allowed(&mut self.tx, &actor, &team, &[new.with], &Verb::Read).await?.is_empty() {
            return Err(Fault::invalid("with", "value-no-such-record"));
        }
        Ok(true)
    }
}

async fn noted(cx: &mut Cx, object: &str, id: Uuid, verb: &str, changes: serde_json::Value) -> Outcome<()> {
    side::audit(cx, vec![Audit { object: object.to_owned(), record: id, rev: 0, verb: verb.to_owned(), changes }]).await?;
    cx.tx.notify(format!("{object}:{id}"));
    Ok(())
}

fn share(row: &[Cell]) -> Option<Share> {
    let at = |i: usize| row.get(i).and_then(Cell::int).and_then(|t| jiff::Timestamp::from_microsecond(t).ok());
    Some(Share {
        id: row.first()?.id()?,
        object: row.get(1)?.text()?.to_owned(),
        record: row.get(2)?.id()?,
        with: row.get(3)?.id()?,
        team: row.get(4)?.int() == Some(1),
        level: Level::of(row.get(5)?.int()?)?,
        until: at(6),
        note: row.get(7)?.text().unwrap_or_default().to_owned(),
        at: at(8)?,
        by: row.get(9)?.id(),
    })
}

/// The word for a mask, for those who explain it.
pub(crate) fn mask_key(mask: Mask) -> &'static str {
    match mask {
        Mask::ReadOnly => "readonly",
        Mask::Masked => "masked",
        Mask::Hidden => "hidden",
    }
}
