//! May this person do that with this record, and why.
//!
//! The answer is taken from the parts of the very rule that every statement carries ([`kernel::policy::Parts`]): each
//! condition is asked of the record by the database, and the same logic that makes the rule puts the answers together.

use super::reasons::Teller;
use crate::{Actor, Company};
use kernel::{Cell, ColumnType, Fault, Label, Object, Outcome, Verb};
use std::sync::Arc;
use uuid::Uuid;

/// One reason, with those behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// Key of the sentence, for programs: `access-role-team` …
    pub key: &'static str,
    /// The sentence in both languages.
    pub sentence: Label,
    /// It speaks for it; what does not hold is named too.
    pub holds: bool,
    pub under: Vec<Reason>,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Explained {
    pub allowed: bool,
    pub user: Uuid,
    pub object: String,
    pub record: Option<Uuid>,
    pub verb: Verb,
    /// One sentence: may or may not.
    pub sentence: Label,
    pub reasons: Vec<Reason>,
}

/// Somebody who sees a record, and the first reason why.
#[derive(Clone, Debug)]
pub struct Seer {
    pub user: Uuid,
    pub name: kernel::Name,
    pub edits: bool,
    pub why: Label,
}

/// How a record stands.
enum Stands {
    Living,
    Trash,
    Missing,
}

impl Company {
    /// Whether `user` may `verb` the record (on some record of the object when none is named), and why. Anybody may
    /// ask about himself; about others administrators, and whoever may share the record.
    ///
    /// # Errors
    /// Not found: the asker does not see the record himself, or has no right to ask; there is no such user.
    pub async fn explain(&self, asker: &Actor, user: Uuid, object: &str, record: Option<Uuid>, verb: &Verb) -> Outcome<Explained> {
        let declared = self.registry().object(object)?.clone();
        self.may_ask(asker, user, &declared, record).await?;
        let who = if user == asker.id { Some(asker.clone()) } else { self.load_actor(user).await? };
        self.explained(&who.ok_or_else(Fault::not_found)?, &declared, record, verb).await
    }

    async fn may_ask(&self, asker: &Actor, user: Uuid, object: &Object, record: Option<Uuid>) -> Outcome<()> {
        let own = user == asker.id;
        let administers = asker.must_administer().is_ok();
        let Some(id) = record else {
            return if own || administers { Ok(()) } else { Err(Fault::not_found()) };
        };
        let mut conn = self.db().read().await?;
        // Why he may not see a record would tell him that there is one.
        let verb = if own || administers { Verb::Read } else { Verb::Share };
        // What is in the trash or private to others is told to nobody.
        if self.allowed(&mut conn, asker, object, &[id], &verb).await?.is_empty() {
            return Err(Fault::not_found());
        }
        Ok(())
    }

    /// The same for an actor as he is, without asking who asks.
    ///
    /// # Errors
    /// The database; a rule that cannot be read.
    pub async fn explained(&self, who: &Actor, object: &Arc<Object>, record: Option<Uuid>, verb: &Verb) -> Outcome<Explained> {
        let mut conn = self.db().read().await?;
        let parts = who.policy.parts(object, verb)?;
        let scope = who.in_scope(object, verb);
        let (stands, known) = match record {
            None => (Stands::Living, None),
            Some(id) => {
                let (stands, known) = self.answers(&mut conn, who, object, id, &parts).await?;
                (stands, Some(known))
            }
        };
        let lawful = match &known {
            // Without a record: is there any on which it is allowed?
            None => parts.rule().is_some(),
            Some(known) => parts.rule().is_some() && parts.decide(&mut known.iter().copied()),
        };
        let allowed = scope && lawful && matches!(stands, Stands::Living);
        let mut teller = Teller::new(self, &mut conn, who, object, record, verb).await?;
        let mut reasons = Vec::new();
        match stands {
            Stands::Missing => reasons.push(teller.plain("access-no-record", false)),
            Stands::Trash => reasons.push(teller.plain("access-in-trash", false)),
            Stands::Living => {}
        }
        if !scope {
            reasons.push(teller.plain("access-out-of-scope", false));
        }
        if !matches!(stands, Stands::Missing) {
            let mut answers = known.into_iter().flatten();
            reasons.extend(teller.parts(&mut conn, &parts, record.is_some(), &mut answers).await?);
            if allowed && *verb == Verb::Read {
                reasons.extend(teller.masks());
            }
        }
        let sentence = teller.verdict(allowed);
        Ok(Explained { allowed, user: who.id, object: object.key.clone(), record, verb: verb.clone(), sentence, reasons })
    }

    /// Whether each condition of the parts holds for a record, in their order: one statement.
    async fn answers(&self, conn: &mut store::Conn, who: &Actor, object: &Object, id: Uuid, parts: &kernel::policy::Parts) -> Outcome<(Stands, Vec<bool>)> {
        let registry = self.registry();
        let env = self.env(who);
        let mut sql = conn.sql();
        sql.push("SELECT CASE WHEN t.\"deleted_at\" IS NULL THEN 1 ELSE 0 END");
        let mut count = 0;
        let mut fault = None;
        parts.each(&mut |condition| {
            count += 1;
            sql.push(", CASE WHEN (");
            if let Err(f) = store::filter::compile(&registry, object, "t", condition, &env, &mut sql) {
                fault.get_or_insert(f);
            }
            sql.push(") THEN 1 ELSE 0 END");
        });
        if let Some(fault) = fault {
            return Err(fault);
        }
        crate::record_sql::from(&mut sql, object, "t");
        sql.push(" WHERE t.\"id\" = ").bind(id);
        let row = conn.row(&sql, &vec![ColumnType::Int; count + 1]).await?;
        let Some(row) = row else { return Ok((Stands::Missing, vec![false; count])) };
        let mut flags = row.iter().map(|c| c.int() == Some(1));
        let living = flags.next().unwrap_or(false);
        Ok((if living { Stands::Living } else { Stands::Trash }, flags.collect()))
    }

    /// Everybody who sees a record, by name, with the first reason: for administrators and whoever may share it.
    ///
    /// # Errors
    /// Not found; forbidden.
    pub async fn who_sees(&self, actor: &Actor, object: &str, id: Uuid) -> Outcome<Vec<Seer>> {
        let declared = self.registry().object(object)?.clone();
        let mut conn = self.db().read().await?;
        let record = self.get_in(&mut conn, actor, object, id).await?;
        if actor.must_administer().is_err() && !self.may_on(actor, &record, &Verb::Share).await? {
            return Err(Fault::forbidden());
        }
        let mut sql = conn.sql();
        sql.push("SELECT id FROM \"user\" WHERE deleted_at IS NULL AND active = 1 ORDER BY id LIMIT 1000");
        let users = conn.rows(&sql, &[ColumnType::Id]).await?;
        let mut seers = Vec::new();
        for user in users.iter().filter_map(|r| r.first().and_then(Cell::id)) {
            let Some(who) = self.load_actor_in(&mut conn, user).await? else { continue };
            if self.allowed(&mut conn, &who, &declared, &[id], &Verb::Read).await?.is_empty() {
                continue;
            }
            let edits = !self.allowed(&mut conn, &who, &declared, &[id], &Verb::Update).await?.is_empty();
            let told = self.explained(&who, &declared, Some(id), &Verb::Read).await?;
            let why = told.reasons.into_iter().find(|r| r.holds).map(|r| r.sentence).unwrap_or_default();
            seers.push(Seer { user, name: who.name, edits, why });
        }
        seers.sort_by_key(|s| text::fold::fold(s.name.get(actor.lang())));
        Ok(seers)
    }
}
