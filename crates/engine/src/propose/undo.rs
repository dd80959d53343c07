//! Taking a whole run back: every record it changed holds again what it held before, or nothing is done at all.
//!
//! A value that somebody has changed since is a conflict; all of them are listed. What a run did beyond records (a letter
//! that was sent) cannot be taken back. The way back is the company's own hand: it undoes what the person's rights did,
//! and asks only that he still sees the records; the audit names him.

use super::stored::{self, Kept};
use crate::{Actor, Company, Cx, Draft};
use kernel::parse::{self, Ctx};
use kernel::{Cell, ColumnType, Fault, Issue, Kind, Object, Outcome, Record, Verb};
use std::collections::BTreeSet;
use std::sync::Arc;
use uuid::Uuid;

/// A run that was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undone {
    pub records: usize,
    /// It had been taken back before.
    pub before: bool,
}

impl Company {
    /// Takes a run back. Asked twice, the second time finds it done. Proposals of the run that still wait are rejected.
    ///
    /// # Errors
    /// Not found: no such run, or somebody else's. Forbidden: a token that only reads or proposes. Conflict, with each
    /// value that somebody has changed since; nothing is done then.
    pub async fn undo_run(&self, actor: &Actor, run: Uuid) -> Outcome<Undone> {
        let scoped = actor.scopes.as_ref().is_none_or(|s| s.iter().any(|s| matches!(s.as_str(), "confirm" | "write" | "admin")));
        if actor.viewer.is_some() || !scoped {
            return Err(Fault::forbidden());
        }
        self.transact(actor, |cx| Box::pin(async move { Box::pin(whole(cx, run)).await })).await
    }
}

async fn whole(cx: &mut Cx, run: Uuid) -> Outcome<Undone> {
    let mut sql = cx.tx.sql();
    sql.push("SELECT user_id FROM sila_run WHERE id = ").bind(run);
    let owner = cx.tx.row(&sql, &[ColumnType::Id]).await?.and_then(|r| r.first().and_then(Cell::id)).ok_or_else(Fault::not_found)?;
    if owner != cx.actor.id && cx.actor.must_administer().is_err() {
        return Err(Fault::not_found());
    }
    let mut sql = cx.tx.sql();
    sql.push("UPDATE sila_run SET undone_at = ").bind(cx.now).push(", undone_by = ").bind(crate::side::actor_cell(cx));
    sql.push(" WHERE undone_at IS NULL AND id = ").bind(run);
    if cx.tx.exec(&sql).await? == 0 {
        return Ok(Undone { records: 0, before: true });
    }
    let mut sql = cx.tx.sql();
    sql.push("UPDATE sila_proposal SET state = 'rejected', decided_at = ").bind(cx.now).push(", decided_by = ").bind(crate::side::actor_cell(cx));
    sql.push(" WHERE state = 'open' AND run = ").bind(run);
    cx.tx.exec(&sql).await?;
    cx.cause = format!("run {run} undo");

    let touches = joined(stored::touches(&mut cx.tx, run).await?);
    let mut conflicts = Vec::new();
    for t in &touches {
        conflicts.extend(conflict(cx, t, &touches).await?);
    }
    if !conflicts.is_empty() {
        conflicts.insert(0, Issue::new("", "run-undo-conflicts"));
        return Err(Fault { issues: conflicts, ..Fault::conflict() });
    }
    let mut records = 0;
    for t in touches.iter().rev() {
        let t = t.clone();
        let derived = t.derived;
        let changed = cx.follow(|cx| Box::pin(async move { Box::pin(one(cx, &t)).await })).await?;
        records += usize::from(changed && !derived);
    }
    Ok(Undone { records, before: false })
}

/// Several changes of one record as one: what was before the first, what is after the last.
fn joined(touches: Vec<Kept>) -> Vec<Kept> {
    let mut all: Vec<Kept> = Vec::new();
    for t in touches {
        let Some(known) = all.iter_mut().find(|k| k.id == t.id && k.object == t.object) else {
            all.push(t);
            continue;
        };
        match (known.verb.as_str(), t.verb.as_str()) {
            // Made and gone again: it stays in the trash.
            ("created", "deleted") => known.verb = "gone".into(),
            ("deleted", "created") => known.verb = "updated".into(),
            ("gone", "created") => known.verb = "created".into(),
            ("updated", "deleted") => known.verb = "changed_deleted".into(),
            _ => {}
        }
        // The oldest value of each field counts as before, the newest as after.
        let mut was = t.was.unwrap_or_default();
        was.extend(known.was.take().unwrap_or_default());
        known.was = Some(was);
        let mut now = known.now.take().unwrap_or_default();
        now.extend(t.now.unwrap_or_default());
        known.now = Some(now);
        known.derived &= t.derived;
    }
    all.retain(|t| t.verb != "gone");
    all
}

/// What stands against taking one record back.
async fn conflict(cx: &mut Cx, t: &Kept, all: &[Kept]) -> Outcome<Vec<Issue>> {
    let (company, actor) = (cx.company.clone(), cx.actor.clone());
    let Some(object) = cx.registry.find(&t.object).cloned() else { return Ok(Vec::new()) };
    let system = company.system();
    let found = company.some(&mut cx.tx, &system, &object, &[t.id], &Verb::Read, true).await?.pop();
    let deleted = t.verb.ends_with("deleted");
    let Some(record) = found else {
        // Gone: what the run deleted is to come back, what it made is gone already, what it changed cannot be put back.
        let gone = if deleted { !in_trash(cx, &object, t.id).await? } else { t.verb == "updated" && !t.derived };
        return Ok(if gone { vec![Issue::new("", "run-undo-gone").arg("object", object.label.get(actor.lang()))] } else { Vec::new() });
    };
    if deleted {
        return Ok(Vec::new());
    }
    // What followed by itself follows again; only what the run was asked for has to be as it left it.
    if t.derived {
        return Ok(Vec::new());
    }
    if company.allowed(&mut cx.tx, &actor, &object, &[t.id], &Verb::Read).await?.is_empty() {
        return Ok(vec![Issue::new("", "run-undo-gone").arg("object", object.label.get(actor.lang()))]);
    }
    let title = crate::load::title_of(&object, &record).get(actor.lang()).to_owned();
    let mut issues = Vec::new();
    for (key, left) in t.now.iter().flatten() {
        let Some(field) = object.get(key) else { continue };
        if record.get(key).to_json() != *left {
            let label = if actor.sees(&object.key, key) { field.label.get(actor.lang()) } else { "••••" };
            issues.push(Issue::new("", "run-undo-changed").arg("title", &title).arg("field", label));
        }
    }
    if t.verb == "created" {
        issues.extend(added_since(cx, &object, &record, &title, all).await?);
    }
    Ok(issues)
}

/// Records that belong to one that the run made, and that somebody else has added.
async fn added_since(cx: &mut Cx, object: &Arc<Object>, record: &Record, title: &str, all: &[Kept]) -> Outcome<Vec<Issue>> {
    let ours: BTreeSet<Uuid> = all.iter().map(|t| t.id).collect();
    let registry = cx.registry.clone();
    let mut issues = Vec::new();
    for (child, via) in registry.children(&object.key) {
        let many = matches!(via.kind, Kind::Refs { .. });
        let living = cx.living_children(child, &via.key, many, &[record.id]).await?;
        let theirs = living.iter().filter(|id| !ours.contains(id)).count();
        if theirs > 0 {
            let label = child.plural.get(cx.actor.lang()).to_owned();
            issues.push(Issue::new("", "run-undo-added").arg("title", title).arg("count", theirs).arg("object", label));
        }
    }
    Ok(issues)
}

async fn in_trash(cx: &mut Cx, object: &Object, id: Uuid) -> Outcome<bool> {
    let mut sql = cx.tx.sql();
    sql.push("SELECT COUNT(*) FROM ").ident(&object.key).push(" WHERE deleted_at IS NOT NULL AND \"id\" = ").bind(id);
    Ok(cx.tx.int(&sql).await?.unwrap_or_default() > 0)
}

/// Takes one record back; whether there was something to do.
async fn one(cx: &mut Cx, t: &Kept) -> Outcome<bool> {
    let Ok(object) = cx.object(&t.object) else { return Ok(false) };
    let (company, system) = (cx.company.clone(), cx.company.system());
    let living = company.some(&mut cx.tx, &system, &object, &[t.id], &Verb::Read, true).await?.pop();
    match (t.verb.as_str(), living) {
        // With its whole, by an earlier step.
        ("created", None) => Ok(false),
        ("created", Some(_)) => cx.delete(&object.key, t.id, None).await.map(|()| true),
        ("deleted" | "changed_deleted", None) => {
            if !in_trash(cx, &object, t.id).await? {
                return Ok(false);
            }
            cx.restore(&object.key, t.id).await?;
            values(cx, &object, t).await.map(|_| true)
        }
        ("deleted" | "changed_deleted", Some(_)) | (_, None) => Ok(false),
        _ => values(cx, &object, t).await,
    }
}

/// The values from before.
async fn values(cx: &mut Cx, object: &Object, t: &Kept) -> Outcome<bool> {
    let Some(was) = t.was.as_ref().filter(|w| !w.is_empty()) else { return Ok(false) };
    let ctx = Ctx::default();
    let mut draft = Draft::of(t.id).trusted();
    for (key, json) in was {
        let Some(field) = object.get(key).filter(|f| !f.kind.computed()) else { continue };
        let value = parse::from_json(&field.kind, json, &ctx).map_err(|i| Fault::issue(Issue { field: key.clone(), ..i }))?;
        draft.values.insert(key.clone(), value);
    }
    if draft.values.is_empty() {
        return Ok(false);
    }
    cx.save(&object.key, draft).await?;
    Ok(true)
}
