//! Rights during an absence: a colleague stands in, as himself, for one who is away. They end by themselves, are never
//! handed on, and never those of an administrator.

use crate::side::{self, Audit};
use crate::{Actor, Company, Cx};
use kernel::{Cell, ColumnType, Fault, Issue, Outcome};
use serde_json::json;
use uuid::Uuid;

/// Rights handed to somebody for a while.
#[derive(Clone, Debug, PartialEq)]
pub struct Delegation {
    pub id: Uuid,
    pub from: Uuid,
    pub to: Uuid,
    /// Empty: all objects.
    pub objects: Vec<String>,
    pub from_at: jiff::Timestamp,
    pub until_at: jiff::Timestamp,
    pub reason: String,
    pub at: jiff::Timestamp,
    pub by: Option<Uuid>,
    pub ended_at: Option<jiff::Timestamp>,
}

impl Delegation {
    pub fn active(&self, now: jiff::Timestamp) -> bool {
        self.ended_at.is_none() && self.from_at <= now && now < self.until_at
    }
    pub fn coming(&self, now: jiff::Timestamp) -> bool {
        self.ended_at.is_none() && now < self.from_at
    }
}

/// What is to be handed over.
#[derive(Clone, Debug)]
pub struct NewDelegation {
    pub from: Uuid,
    pub to: Uuid,
    /// Empty: all objects.
    pub objects: Vec<String>,
    pub from_at: jiff::Timestamp,
    pub until_at: jiff::Timestamp,
    pub reason: String,
}

/// A year: who is away for longer has a successor.
const LONGEST: jiff::SignedDuration = jiff::SignedDuration::from_hours(366 * 24);
const COLUMNS: &str = "id, from_id, to_id, objects, from_at, until_at, reason, at, by, ended_at";
const TYPES: &[ColumnType] = {
    use ColumnType::{Id, Int, Text};
    &[Id, Id, Id, Text, Int, Int, Text, Int, Id, Int]
};

impl Company {
    /// What a person has handed over and what was handed to him, the latest first; of everybody for an administrator.
    ///
    /// # Errors
    /// Not found: somebody else's.
    pub async fn delegations(&self, actor: &Actor, of: Option<Uuid>) -> Outcome<Vec<Delegation>> {
        if of != Some(actor.id) && actor.must_administer().is_err() {
            return Err(Fault::not_found());
        }
        let mut conn = self.db().read().await?;
        let mut sql = conn.sql();
        sql.push("SELECT ").push(COLUMNS).push(" FROM sila_delegation");
        if let Some(user) = of {
            sql.push(" WHERE from_id = ").bind(user).push(" OR to_id = ").bind(user);
        }
        sql.push(" ORDER BY until_at DESC, id DESC LIMIT 500");
        Ok(conn.rows(&sql, TYPES).await?.iter().filter_map(|r| delegation(r)).collect())
    }

    /// Hands the rights of `from` to a colleague: he himself at the screen, or an administrator for him.
    ///
    /// # Errors
    /// Forbidden; invalid: to himself, no reason, a time that is over or longer than a year, an unknown person or object.
    pub async fn delegate(&self, actor: &Actor, new: &NewDelegation) -> Outcome<Uuid> {
        let mut cx = self.write(actor).await?;
        let id = cx.delegate(new).await?;
        cx.commit().await?;
        Ok(id)
    }

    /// Ends a delegation now: who gave it, who has it, or an administrator.
    ///
    /// # Errors
    /// Not found.
    pub async fn end_delegation(&self, actor: &Actor, id: Uuid) -> Outcome<()> {
        let mut cx = self.write(actor).await?;
        let mut sql = cx.tx.sql();
        sql.push("SELECT ").push(COLUMNS).push(" FROM sila_delegation WHERE ended_at IS NULL AND id = ").bind(id);
        let row = cx.tx.row(&sql, TYPES).await?;
        let found = row.and_then(|r| delegation(&r)).ok_or_else(Fault::not_found)?;
        let his = actor.scopes.is_none() && (found.from == actor.id || found.to == actor.id);
        if !his && actor.must_administer().is_err() {
            return Err(Fault::not_found());
        }
        let mut sql = cx.tx.sql();
        sql.push("UPDATE sila_delegation SET ended_at = ").bind(cx.now).push(" WHERE id = ").bind(id);
        cx.tx.exec(&sql).await?;
        noted(&mut cx, found.from, "delegation_ended", json!({"delegation": id, "to": found.to})).await?;
        cx.commit().await
    }
}

impl Cx {
    async fn delegate(&mut self, new: &NewDelegation) -> Outcome<Uuid> {
        let himself = self.actor.id == new.from && self.actor.scopes.is_none();
        if !himself {
            self.actor.must_administer()?;
        }
        let mut issues = Vec::new();
        if new.from == new.to {
            issues.push(Issue::new("to", "access-not-to-himself"));
        }
        if new.reason.trim().is_empty() {
            issues.push(Issue::new("reason", "value-required"));
        } else if new.reason.chars().count() > 500 {
            issues.push(Issue::new("reason", "value-too-long").arg("max", 500).arg("length", new.reason.chars().count()));
        }
        if new.until_at <= self.now || new.until_at <= new.from_at {
            issues.push(Issue::new("until", "access-until-over"));
        } else if new.until_at.duration_since(new.from_at) > LONGEST {
            issues.push(Issue::new("until", "access-until-too-late"));
        }
        for object in new.objects.iter().filter(|o| self.registry.find(o).is_none()) {
            issues.push(Issue::new("objects", "schema-unknown-target").arg("name", object));
        }
        let company = self.company.clone();
        for (field, user) in [("from", new.from), ("to", new.to)] {
            if company.load_actor_in(&mut self.tx, user).await?.is_none() {
                issues.push(Issue::new(field, "value-no-such-record"));
            }
        }
        Fault::check(issues)?;
        let id = self.new_id();
        let row = vec![
            id.into(),
            new.from.into(),
            new.to.into(),
            new.objects.join(" ").into(),
            new.from_at.into(),
            new.until_at.into(),
            new.reason.trim().into(),
            self.now.into(),
            side::actor_cell(self),
        ];
        let columns = ["id", "from_id", "to_id", "objects", "from_at", "until_at", "reason", "at", "by"];
        store::insert_many(&mut self.tx, "sila_delegation", &columns, vec![row]).await?;
        let said = json!({
            "delegation": id, "to": new.to, "objects": new.objects, "reason": new.reason.trim(),
            "from": new.from_at.to_string(), "until": new.until_at.to_string(),
        });
        noted(self, new.from, "delegated", said).await?;
        Ok(id)
    }

    /// Remembers for the audit which of these records the actor reaches only as a colleague who is away.
    pub(crate) async fn note_behalf(&mut self, object: &kernel::Object, ids: &[Uuid], verb: &kernel::Verb) -> Outcome<()> {
        if self.actor.policy.handed().is_empty() || ids.is_empty() {
            return Ok(());
        }
        let (company, actor) = (self.company.clone(), self.actor.clone());
        let found = company.behalf(&mut self.tx, &actor, object, ids, verb).await?;
        self.behalf.extend(found);
        Ok(())
    }
}

impl Company {
    /// On whose behalf an actor reaches records that he does not reach in his own name.
    pub(crate) async fn behalf(&self, conn: &mut store::Conn, actor: &Actor, object: &kernel::Object, ids: &[Uuid], verb: &kernel::Verb) -> Outcome<Vec<(Uuid, Uuid)>> {
        let as_policy = |policy| Actor { policy: std::sync::Arc::new(policy), ..actor.clone() };
        let own = self.allowed(conn, &as_policy(actor.policy.own()), object, ids, verb).await?;
        let mut left: Vec<Uuid> = ids.iter().filter(|id| !own.contains(id)).copied().collect();
        let mut found = Vec::new();
        for handed in actor.policy.handed() {
            if left.is_empty() {
                break;
            }
            let with = self.allowed(conn, &as_policy(actor.policy.with_only(handed.id)), object, &left, verb).await?;
            left.retain(|id| !with.contains(id));
            found.extend(with.into_iter().map(|id| (id, handed.from)));
        }
        Ok(found)
    }
}

/// One delegation, without asking who asks.
pub(super) async fn find(conn: &mut store::Conn, id: Uuid) -> Outcome<Option<Delegation>> {
    let mut sql = conn.sql();
    sql.push("SELECT ").push(COLUMNS).push(" FROM sila_delegation WHERE id = ").bind(id);
    Ok(conn.row(&sql, TYPES).await?.and_then(|r| delegation(&r)))
}

async fn noted(cx: &mut Cx, user: Uuid, verb: &str, changes: serde_json::Value) -> Outcome<()> {
    side::audit(cx, vec![Audit { object: "user".into(), record: user, rev: 0, verb: verb.to_owned(), changes }]).await
}

fn delegation(row: &[Cell]) -> Option<Delegation> {
    let at = |i: usize| row.get(i).and_then(Cell::int).and_then(|t| jiff::Timestamp::from_microsecond(t).ok());
    Some(Delegation {
        id: row.first()?.id()?,
        from: row.get(1)?.id()?,
        to: row.get(2)?.id()?,
        objects: row.get(3)?.text().unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
        from_at: at(4)?,
        until_at: at(5)?,
        reason: row.get(6)?.text().unwrap_or_default().to_owned(),
        at: at(7)?,
        by: row.get(8)?.id(),
        ended_at: at(9),
    })
}
