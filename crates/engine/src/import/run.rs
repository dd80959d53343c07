//! The work itself: batch after batch, each one transaction that also stores how far the import is.
//!
//! Killed at any moment, an import goes on behind the last batch that was committed; nothing is done twice, because the
//! lines of a batch leave the waiting ones in the transaction that makes their records.

use super::apply::Work;
use super::batch::Fate;
use super::line::Line;
use super::plan::Plan;
use super::stage::{self, Counts, Import, Row, State};
use crate::runner::JobCx;
use crate::{Actor, Company, Cx};
use kernel::{Fault, FaultKind, Issue, Outcome, Verb};
use std::collections::HashMap;
use uuid::Uuid;

/// Lines in one transaction.
pub const BATCH: usize = 500;
/// After so many batches the tables are so much larger that the database should take another look at them.
const GROWN: [usize; 5] = [4, 16, 64, 256, 1024];
/// Batches between looks at whether the person may still do this.
const TRUST: usize = 10;

/// Who the import acts for, with the rights he has now.
///
/// # Errors
/// Forbidden: the person is gone or may not import into the object any more.
pub(crate) async fn actor(company: &Company, import: &Import) -> Outcome<Actor> {
    let lost = || Fault { issues: vec![Issue::new("", "import-right-lost")], ..Fault::forbidden() };
    let actor = match import.by {
        None => company.system(),
        Some(user) => company.load_actor(user).await?.ok_or_else(lost)?,
    };
    let registry = company.registry();
    actor.rule(registry.object(&import.object)?, &Verb::Import).map_err(|_| lost())?;
    Ok(actor)
}

/// What one step did.
enum Step {
    /// Done up to this line.
    More(Import, i64),
    /// No line is left.
    End(Import),
    Stopped(Import),
}

/// Runs an import to its end, or until it is asked to stop. `job` is told how far it is and acknowledged with the last batch.
///
/// # Errors
/// The database; forbidden; a mapping that does not fit any more. The import is marked failed where trying again is of no use.
pub(crate) async fn run(company: &Company, id: Uuid, job: Option<&JobCx>) -> Outcome<Import> {
    let result = run_inner(company, id, job).await;
    if let Err(fault) = &result {
        let last = job.is_none_or(|j| j.job.attempts >= j.job.max_attempts);
        if last || !matches!(fault.kind, FaultKind::Unavailable | FaultKind::Internal | FaultKind::Conflict) {
            give_up(company, id, fault).await?;
        }
    }
    result
}

async fn give_up(company: &Company, id: Uuid, fault: &Fault) -> Outcome<()> {
    let mut tx = company.db().write().await?;
    let mut import = stage::lock(&mut tx, id).await?;
    if import.state.active() {
        import.state = State::Failed;
        import.error = Some(fault.issues.first().cloned().unwrap_or_else(|| Issue::new("", fault.title_key())));
        stage::update(&mut tx, &import).await?;
    }
    tx.commit().await
}

async fn run_inner(company: &Company, id: Uuid, job: Option<&JobCx>) -> Outcome<Import> {
    let mut import = begin(company, id, job.is_some()).await?;
    if import.state == State::Stopped {
        // Stopped while it waited in the queue.
        if let Some(job) = job {
            job.pause();
        }
        return Ok(import);
    }
    let mut who = actor(company, &import).await?;
    let plan = Plan::compile(company, &who, &import.mapping, &import.file.headings)?;
    let mut work = Work::new(&plan, false);
    let mut batches = 0_usize;
    loop {
        if batches.is_multiple_of(TRUST) && batches > 0 {
            who = actor(company, &import).await?;
        }
        batches += 1;
        match step(company, &who, id, &mut work, job).await? {
            Step::More(now, last) => {
                work.committed(last);
                import = now;
                if GROWN.contains(&batches)
                    && let Err(error) = company.db().analyze(&plan.tables()).await
                {
                    tracing::warn!(%error, "statistics not renewed during the import");
                }
            }
            Step::End(now) => {
                // Many new rows: let SQLite's planner know of them.
                if now.counts.created > 1_000
                    && let Err(error) = company.db().optimize().await
                {
                    tracing::warn!(%error, "statistics not renewed after the import");
                }
                return Ok(now);
            }
            Step::Stopped(now) => {
                if let Some(job) = job {
                    job.pause();
                }
                return Ok(now);
            }
        }
        if let Some(job) = job {
            job.progress(import.done(), Some(import.total), Some(import.name.clone()));
            if job.should_stop() {
                job.pause();
                return if job.asked() { halt(company, id).await } else { Ok(import) };
            }
        }
    }
}

async fn begin(company: &Company, id: Uuid, queued: bool) -> Outcome<Import> {
    let mut tx = company.db().write().await?;
    let mut import = stage::lock(&mut tx, id).await?;
    match import.state {
        State::Stopped if queued => {}
        State::Ready | State::Queued | State::Stopped | State::Failed => {
            import.state = State::Running;
            import.error = None;
            // What a check found is found again, or is mended by now.
            stage::unmark(&mut tx, id).await?;
            stage::update(&mut tx, &import).await?;
        }
        State::Running | State::Stopping => {}
        State::Staging | State::Done | State::Undoing | State::Undone => {
            return Err(Fault::invalid("", "import-not-now"));
        }
    }
    tx.commit().await?;
    Ok(import)
}

async fn halt(company: &Company, id: Uuid) -> Outcome<Import> {
    let mut tx = company.db().write().await?;
    let mut import = stage::lock(&mut tx, id).await?;
    if matches!(import.state, State::Running | State::Stopping) {
        import.state = State::Stopped;
        stage::update(&mut tx, &import).await?;
    }
    tx.commit().await?;
    Ok(import)
}

/// One batch, tried again when another writer was in the way.
async fn step(company: &Company, actor: &Actor, id: Uuid, work: &mut Work<'_>, job: Option<&JobCx>) -> Outcome<Step> {
    let mut last = Fault::unavailable("no attempt");
    for _ in 0..3 {
        match Box::pin(step_once(company, actor, id, work, job)).await {
            Err(fault) if store::is_retryable(&fault) => last = fault,
            other => return other,
        }
    }
    Err(last)
}

async fn step_once(company: &Company, actor: &Actor, id: Uuid, work: &mut Work<'_>, job: Option<&JobCx>) -> Outcome<Step> {
    let mut cx = company.write(actor).await?;
    cx.cause = format!("import {id}");
    cx.retold = true;
    let mut import = stage::lock(&mut cx.tx, id).await?;
    match import.state {
        State::Running => {}
        State::Stopping => {
            import.state = State::Stopped;
            stage::update(&mut cx.tx, &import).await?;
            cx.commit().await?;
            return Ok(Step::Stopped(import));
        }
        // Somebody else has brought it to an end.
        _ => return Ok(Step::Stopped(import)),
    }
    let lines = stage::next_lines(&mut cx.tx, id, work.after(), BATCH).await?;
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else {
        import.state = State::Done;
        if import.counts.alike > 0 && import.mapping.alike == super::mapping::Alike::Review {
            let payload = serde_json::json!({ "object": import.object });
            store::queue::enqueue(&mut cx.tx, &store::queue::NewJob::new(crate::duplicates::sweep::JOB, payload).key(format!("duplicates:{}", import.object))).await?;
        }
        stage::update(&mut cx.tx, &import).await?;
        if let Some(job) = job {
            job.result(serde_json::to_string(&import.counts).unwrap_or_default());
            job.finish(&mut cx).await?;
        }
        cx.commit().await?;
        return Ok(Step::End(import));
    };
    let outcomes = Box::pin(work.batch(&mut cx, &lines)).await?;
    stage::take_lines(&mut cx.tx, id, first.n, last.n).await?;
    stage::put_rows(&mut cx.tx, id, &rows(&lines, &outcomes.fates, &outcomes.touches)).await?;
    import.counts.add(outcomes.counts);
    import.file.also = import.counts.also;
    import.file.alike = import.counts.alike;
    stage::update(&mut cx.tx, &import).await?;
    let last = last.n;
    cx.commit().await?;
    Ok(Step::More(import, last))
}

/// What is kept of done lines: those that failed, and what undoing needs. An unchanged line leaves nothing behind.
fn rows<'a>(lines: &'a [Line], fates: &'a [Fate], touches: &'a [Vec<stage::Touch>]) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    for ((line, fate), touches) in lines.iter().zip(fates).zip(touches) {
        let (record, action) = match fate {
            Fate::Failed(issues) => {
                rows.push(Row::failed(line, issues));
                continue;
            }
            Fate::Unchanged(_) if touches.is_empty() => continue,
            Fate::Unchanged(id) => (*id, "unchanged"),
            Fate::Created(id) => (*id, "created"),
            Fate::Updated(id) => (*id, "updated"),
        };
        rows.push(Row { state: "done", record: Some(record), action: Some(action), touches, ..Row::new(line) });
    }
    rows
}

/// Does everything but keep it: each batch is rolled back. Counts what a run would do and notes what is wrong with which line.
///
/// # Errors
/// The database; forbidden; a mapping that does not fit.
pub(crate) async fn check(company: &Company, id: Uuid, job: Option<&JobCx>) -> Outcome<Counts> {
    let import = {
        let mut conn = company.db().read().await?;
        stage::load(&mut conn, id).await?
    };
    let who = actor(company, &import).await?;
    let plan = Plan::compile(company, &who, &import.mapping, &import.file.headings)?;
    let mut tx = company.db().write().await?;
    stage::unmark(&mut tx, id).await?;
    tx.commit().await?;
    let mut work = Work::new(&plan, true);
    let mut counts = Counts { failed: import.file.broken, ..Counts::default() };
    let mut seen = HashMap::new();
    let mut after = 0;
    loop {
        let mut cx: Cx = company.write(&who).await?;
        let lines = stage::next_lines(&mut cx.tx, id, after, BATCH).await?;
        let Some(last) = lines.last().map(|l| l.n) else { break };
        let outcomes = Box::pin(work.batch(&mut cx, &lines)).await?;
        cx.rollback().await?;
        after = last;
        counts.add(outcomes.counts);
        let bad: Vec<(i64, Vec<Issue>)> = lines
            .iter()
            .zip(outcomes.fates)
            .filter_map(|(l, f)| if let Fate::Failed(issues) = f { Some((l.n, issues)) } else { None })
            .collect();
        for (_, issues) in &bad {
            for i in issues {
                *seen.entry(i.key.clone()).or_insert(0_i64) += 1;
            }
        }
        if !bad.is_empty() {
            let mut tx = company.db().write().await?;
            stage::mark_checked(&mut tx, id, &bad).await?;
            tx.commit().await?;
        }
        if let Some(job) = job {
            job.progress(counts.done(), Some(import.total), Some(import.name.clone()));
            if job.should_stop() {
                job.pause();
                return Ok(counts);
            }
        }
    }
    tracing::info!(import = %id, created = counts.created, updated = counts.updated, failed = counts.failed, issues = ?seen, "import checked");
    let mut tx = company.db().write().await?;
    let mut import = stage::lock(&mut tx, id).await?;
    import.file.checked = Some(counts);
    stage::update(&mut tx, &import).await?;
    tx.commit().await?;
    Ok(counts)
}
