//! Typed verbs: check, load, guard, run, in one transaction.

use crate::module::{GateActionFn, RULED};
use crate::{Action, Actor, Company, Cx, Done, Gate, Input};
use kernel::{Cell, Fault, Issue, Object, Outcome, Record, Verb, expr::Expr};
use uuid::Uuid;

impl Company {
    /// Runs an action on one record and commits. The whole is run again when the database asks for it.
    ///
    /// # Errors
    /// Not found, forbidden; conflict with `rev`; invalid when the guard does not hold or input is wrong; those of the action.
    pub async fn dispatch(&self, actor: &Actor, object: &str, id: Uuid, action: &str, rev: Option<i64>, input: Input) -> Outcome<Done> {
        let (object, action) = (object.to_owned(), action.to_owned());
        crate::cx::transact(self, actor, |cx| {
            let (object, action, input) = (object.clone(), action.clone(), input.clone());
            Box::pin(async move { cx.act(&object, id, &action, rev, input).await })
        })
        .await
    }
}

impl Cx {
    /// Runs an action inside a transaction that is already open.
    ///
    /// # Errors
    /// See [`Company::dispatch`].
    pub async fn act(&mut self, object: &str, id: Uuid, key: &str, rev: Option<i64>, input: Input) -> Outcome<Done> {
        let object = self.object(object)?;
        let company = self.company.clone();
        let action = company.action(&object.key, key).ok_or_else(Fault::not_found)?;
        let verb = Verb::Act(action.key.to_owned());
        let actor = self.actor.clone();
        let mut found = company.some(&mut self.tx, &actor, &object, &[id], &verb, true).await?;
        let Some(record) = found.pop() else {
            let readable = company.allowed(&mut self.tx, &actor, &object, &[id], &Verb::Read).await?;
            return Err(if readable.is_empty() { Fault::not_found() } else { Fault::forbidden() });
        };
        if rev.is_some_and(|rev| rev != record.rev) {
            return Err(Fault::conflict());
        }
        self.note_behalf(&object, &[id], &verb).await?;
        if !company.offered(&mut self.tx, &actor, action, &object, id).await? {
            // The object's own gate may know better why.
            self.gates(&record, action.key, |g| g.action.filter(|_| g.object != RULED)).await?;
            return Err(Fault::issue(
                Issue::new("", "action-not-now").arg("action", action.label.get(actor.lang())),
            ));
        }
        let input = checked(action, input)?;
        self.gates(&record, action.key, |g| g.action).await?;
        let stood = record.clone();
        let around = self.acting.replace((action.object, action.key));
        let done = (action.run)(self, record, input).await;
        self.acting = around;
        let done = done?;
        self.gates(&stood, action.key, |g| g.acted).await?;
        Ok(done)
    }

    /// Asks the gates about an action, or tells them that it ran.
    async fn gates(&mut self, record: &Record, key: &str, which: fn(&Gate) -> Option<GateActionFn>) -> Outcome<()> {
        if self.retold {
            return Ok(());
        }
        let company = self.company.clone();
        for gate in company.modules().iter().flat_map(|m| &m.gates) {
            let Some(run) = which(gate).filter(|_| gate.object == record.object || gate.object == RULED) else { continue };
            if gate.object != RULED || !self.rules(&record.object).await?.is_empty() {
                run(self, record, key).await?;
            }
        }
        Ok(())
    }
}

/// The input has the declared fields and nothing else, and what is required is there.
fn checked(action: &Action, input: Input) -> Outcome<Input> {
    let mut issues = Vec::new();
    for key in input.keys().filter(|k| !action.input.iter().any(|f| f.key == **k)) {
        issues.push(Issue::new(key.clone(), "expr-unknown-field").arg("name", key));
    }
    for f in &action.input {
        let value = input.get(&f.key);
        if f.required && value.is_none_or(kernel::Value::is_blank) {
            issues.push(Issue::new(f.key.clone(), "value-required"));
        } else if let Some(issue) = value.and_then(|v| crate::compute::misfit(&f.kind, v)) {
            issues.push(Issue { field: f.key.clone(), ..issue });
        }
    }
    Fault::check(issues)?;
    Ok(input)
}

impl Company {
    /// Whether the guard of an action holds for a record.
    pub(crate) async fn offered(&self, conn: &mut store::Conn, actor: &Actor, action: &Action, object: &Object, id: Uuid) -> Outcome<bool> {
        let Some(guard) = action.guard else { return Ok(true) };
        let mut sql = conn.sql();
        sql.push("SELECT COUNT(*)");
        crate::record_sql::from(&mut sql, object, "t");
        sql.push(" WHERE t.\"id\" = ").bind(Cell::Id(id));
        crate::load::and_rule(self, actor, object, "t", &Expr::parse(guard)?, &mut sql)?;
        Ok(conn.int(&sql).await? == Some(1))
    }

    /// The actions to offer on a record page: permitted to the actor and, as the record stands, possible.
    ///
    /// # Errors
    /// The database.
    pub async fn offers(&self, actor: &Actor, record: &Record) -> Outcome<Vec<&Action>> {
        let registry = self.registry();
        let object = registry.object(&record.object)?.clone();
        let object = object.as_ref();
        let mut conn = self.db().read().await?;
        let mut offers = Vec::new();
        for action in self.modules().iter().flat_map(|m| &m.actions).filter(|a| a.object == record.object) {
            let verb = Verb::Act(action.key.to_owned());
            if actor.may(object, &verb)
                && self.allowed(&mut conn, actor, object, &[record.id], &verb).await?.contains(&record.id)
                && self.offered(&mut conn, actor, action, object, record.id).await?
            {
                offers.push(action);
            }
        }
        Ok(offers)
    }

    /// As [`Company::may_on`], inside an open transaction.
    pub async fn may_in(&self, conn: &mut store::Conn, actor: &Actor, record: &Record, verb: &Verb) -> Outcome<bool> {
        let registry = self.registry();
        let object = registry.object(&record.object)?;
        Ok(self.allowed(conn, actor, object, &[record.id], verb).await?.contains(&record.id))
    }

    /// Whether the actor may `verb` this record: for showing or hiding a button.
    pub async fn may_on(&self, actor: &Actor, record: &Record, verb: &Verb) -> Outcome<bool> {
        let registry = self.registry();
        let object = registry.object(&record.object)?;
        let mut conn = self.db().read().await?;
        Ok(self.allowed(&mut conn, actor, object, &[record.id], verb).await?.contains(&record.id))
    }
}
