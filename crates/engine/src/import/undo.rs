//! Taking an import back: made records go to the trash, changed ones get what they held; what somebody has touched since stays.

use super::run::actor;
use super::stage::{self, Import, State, Touch};
use crate::runner::JobCx;
use crate::{Actor, Company, Cx, Draft, Saved};
use kernel::parse::{self, Ctx};
use kernel::{Fault, FaultKind, Issue, Kind, Outcome};
use std::collections::HashMap;
use uuid::Uuid;

/// Lines in one transaction.
const BATCH: usize = 200;

/// What this undoing has moved: record → (revision the import's earlier touches know, revision it has now).
type Moved = HashMap<Uuid, (i64, i64)>;

/// Undoes line by line, from the last one back.
///
/// # Errors
/// The database; forbidden. What cannot be undone is no error but noted with its line.
pub(crate) async fn run(company: &Company, id: Uuid, job: Option<&JobCx>) -> Outcome<Import> {
    let mut moved = Moved::new();
    loop {
        let mut tx = company.db().write().await?;
        let mut import = stage::lock(&mut tx, id).await?;
        match import.state {
            State::Done | State::Stopped | State::Failed | State::Undoing => {}
            _ => return Err(Fault::invalid("", "import-not-now")),
        }
        if import.state != State::Undoing {
            import.state = State::Undoing;
            stage::update(&mut tx, &import).await?;
        }
        tx.commit().await?;
        let who = actor(company, &import).await?;
        let Some(now) = Box::pin(batch(company, &who, id, &mut moved, job)).await? else {
            let mut conn = company.db().read().await?;
            return stage::load(&mut conn, id).await;
        };
        if let Some(job) = job {
            let total = now.counts.created + now.counts.updated + now.counts.also;
            job.progress(now.file.undone + now.file.kept, Some(total), Some(now.name.clone()));
            if job.should_stop() {
                job.pause();
                return Ok(now);
            }
        }
    }
}

async fn batch(company: &Company, who: &Actor, id: Uuid, moved: &mut Moved, job: Option<&JobCx>) -> Outcome<Option<Import>> {
    let mut cx = company.write(who).await?;
    cx.cause = format!("import {id} undo");
    cx.retold = true;
    let mut import = stage::lock(&mut cx.tx, id).await?;
    let lines = stage::touched(&mut cx.tx, id, BATCH).await?;
    if lines.is_empty() {
        import.state = State::Undone;
        stage::update(&mut cx.tx, &import).await?;
        if let Some(job) = job {
            job.finish(&mut cx).await?;
        }
        cx.commit().await?;
        return Ok(None);
    }
    for (n, touches) in lines {
        let mut kept = Vec::new();
        for touch in touches.iter().rev() {
            match Box::pin(one(&mut cx, touch, moved)).await? {
                None => import.file.undone += 1,
                Some(issue) => {
                    import.file.kept += 1;
                    kept.push(issue);
                }
            }
        }
        stage::set_undone(&mut cx.tx, id, n, &kept).await?;
    }
    stage::update(&mut cx.tx, &import).await?;
    cx.commit().await?;
    Ok(Some(import))
}

/// Takes one change back; the reason where that is not possible.
async fn one(cx: &mut Cx, touch: &Touch, moved: &mut Moved) -> Outcome<Option<Issue>> {
    let expected = match moved.get(&touch.id) {
        Some((known, now)) if *known == touch.rev => *now,
        _ => touch.rev,
    };
    let events = cx.events.len();
    cx.tx.savepoint("import_undo").await?;
    let result = match &touch.was {
        None => delete(cx, touch, expected).await.map(|()| None),
        Some(was) => restore(cx, touch, was, expected).await.map(Some),
    };
    match result {
        Ok(now) => {
            cx.tx.release("import_undo").await?;
            if let Some(now) = now {
                moved.insert(touch.id, (touch.prev, now));
            }
            Ok(None)
        }
        Err(fault) if fault.kind == FaultKind::Unavailable || store::is_retryable(&fault) => Err(fault),
        Err(fault) => {
            cx.tx.rollback_to("import_undo").await?;
            cx.tx.release("import_undo").await?;
            cx.events.truncate(events);
            let key = match fault.kind {
                FaultKind::Conflict => "import-undo-changed",
                FaultKind::NotFound => "import-undo-gone",
                _ => "import-undo-refused",
            };
            let issue = fault.issues.first().cloned().unwrap_or_else(|| Issue::new("", key));
            Ok(Some(issue.arg("object", &touch.object).arg("id", touch.id)))
        }
    }
}

/// A record goes to the trash only if nothing belongs to it that the import did not make: its own children are gone by now.
async fn delete(cx: &mut Cx, touch: &Touch, rev: i64) -> Outcome<()> {
    let registry = cx.registry.clone();
    for (child, via) in registry.children(&touch.object) {
        let many = matches!(via.kind, Kind::Refs { .. });
        let living = cx.living_children(child, &via.key, many, &[touch.id]).await?;
        // Made by the company itself along with the record: the primary one that mirrors a field, the history of a state.
        let made_along = via.readonly || child.primary.is_some() && living.len() == 1;
        if !living.is_empty() && !made_along {
            let label = child.plural.get(cx.actor.lang()).to_owned();
            return Err(Fault::issue(Issue::new("", "delete-in-use").arg("count", living.len()).arg("object", label)));
        }
    }
    cx.delete(&touch.object, touch.id, Some(rev)).await
}

async fn restore(cx: &mut Cx, touch: &Touch, was: &serde_json::Map<String, serde_json::Value>, rev: i64) -> Outcome<i64> {
    let object = cx.object(&touch.object)?;
    let ctx = Ctx::default();
    let mut draft = Draft::of(touch.id).rev(rev).trusted();
    for (key, json) in was {
        let Some(field) = object.get(key) else { continue };
        let value = parse::from_json(&field.kind, json, &ctx).map_err(|i| Fault::issue(Issue { field: key.clone(), ..i }))?;
        draft.values.insert(key.clone(), value);
    }
    let saved: Saved = cx.save(&touch.object, draft).await?;
    Ok(saved.record().rev)
}
