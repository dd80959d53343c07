//! What holds for every change of an opportunity, whichever way it comes: its stage, state and pipeline agree, a stage is
//! entered only with what it demands, and each stay in a stage is kept with its length.

use crate::opportunity::{KEY, STEP};
use crate::pipeline::{KEY_PLAYERS, Stage, first, stages};
use engine::{Cx, Draft, JobCx, Query, Watch};
use futures::future::BoxFuture;
use kernel::jiff::SignedDuration;
use kernel::rust_decimal::Decimal;
use kernel::uuid::Uuid;
use kernel::{Cell, ColumnType, Expr, Fault, Issue, Outcome, Record, Value};
use std::collections::BTreeMap;

/// Rows of one transaction of the job.
const PAGE: usize = 250;

/// What is told of the past (an import, the undoing of a merge) is not held to what a person has to do today.
pub fn retold(cx: &Cx) -> bool {
    cx.retold || ["merge", "unmerge"].iter().any(|c| cx.cause.starts_with(c))
}

pub fn prepare<'a>(cx: &'a mut Cx, before: Option<&'a Record>, after: &'a mut Record) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        let stages = stages(cx).await?;
        let stage = place(cx, &stages, before, after).await?.clone();
        state(cx, &stage, after)?;
        let entered = before.is_none_or(|b| b.get("stage").id() != Some(stage.id));
        let told = |field: &str| before.map_or(!after.get(field).is_null(), |b| b.get(field) != after.get(field));
        let own = told("probability");
        after.set("stage", stage.id);
        after.set("pipeline", stage.pipeline);
        if !stage.open() || entered && !own || after.get("probability").is_null() {
            after.set("probability", stage.probability);
        }
        if matches!(after.get("probability"), Value::Decimal(d) if !(Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(d)) {
            return Err(Fault::invalid("probability", "sales-probability-range"));
        }
        if entered {
            after.set("stage_since", cx.now);
            if !retold(cx) {
                Fault::check(missing(cx, &stage, after).await?)?;
            }
        }
        let waits = stage.rotten_days.filter(|_| stage.open());
        after.set("rotten_at", waits.and_then(|days| Some(after.get("stage_since").datetime()?.saturating_add(SignedDuration::from_hours(24 * days)).ok()?)));
        if stage.open() {
            for field in ["won_reason", "lost_reason", "lost_to", "result_note", "closed_on"] {
                after.set(field, Value::Null);
            }
        } else if after.get("closed_on").is_null() {
            after.set("closed_on", crate::day(cx));
        }
        Ok(())
    })
}

/// The stage the opportunity is to stand in: the one given, else the first of the pipeline.
async fn place<'s>(cx: &mut Cx, stages: &'s [Stage], before: Option<&Record>, after: &Record) -> Outcome<&'s Stage> {
    let was = |field: &str| before.and_then(|b| b.get(field).id());
    let (stage, pipeline) = (after.get("stage").id(), after.get("pipeline").id());
    let moved = stage.is_some() && stage != was("stage");
    let switched = pipeline.is_some() && pipeline != was("pipeline");
    if let Some(id) = stage.filter(|_| moved || !switched) {
        let found = stages.iter().find(|s| s.id == id).ok_or_else(|| Fault::invalid("stage", "value-no-such-record"))?;
        if switched && pipeline != Some(found.pipeline) {
            return Err(Fault::invalid("stage", "sales-stage-elsewhere"));
        }
        return Ok(found);
    }
    let pipeline = match pipeline {
        Some(id) => id,
        None => first(cx).await?,
    };
    let status = after.get("status").text().filter(|_| retold(cx)).unwrap_or("open");
    stages.iter().find(|s| s.pipeline == pipeline && s.kind == status).ok_or_else(|| Fault::invalid("pipeline", "sales-no-stage"))
}

/// State and kind of stage say the same. They change together by the actions, which ask for the reason.
fn state(cx: &Cx, stage: &Stage, after: &mut Record) -> Outcome<()> {
    let status = after.get("status").text().unwrap_or("open");
    if stage.kind == status {
        return Ok(());
    }
    if retold(cx) {
        after.set("status", stage.kind.as_str());
        return Ok(());
    }
    let action = match stage.kind.as_str() {
        "won" => "win",
        "lost" => "lose",
        _ => "reopen",
    };
    let name = cx.company.action(KEY, action).map(|a| a.label.get(cx.actor.lang()).to_owned()).unwrap_or_default();
    Err(Fault::issue(Issue::by_action("stage", action, &name)))
}

/// What the stage demands and is not there, one sentence for each.
///
/// # Errors
/// The database.
pub async fn missing(cx: &mut Cx, stage: &Stage, record: &Record) -> Outcome<Vec<Issue>> {
    let object = cx.object(KEY)?;
    let lang = cx.actor.lang();
    let mut issues = Vec::new();
    for key in &stage.required {
        let (there, name) = if key == KEY_PLAYERS {
            let players = cx.object(crate::key_player::KEY)?;
            (crate::counted(cx, &players.key, "opportunity", record.id).await? > 0, players.plural.get(lang).to_owned())
        } else {
            let Some(field) = object.get(key) else { continue };
            (!record.get(key).is_blank(), field.label.get(lang).to_owned())
        };
        if !there {
            issues.push(Issue::new(key.clone(), "sales-stage-needs").arg("stage", stage.name.get(lang)).arg("field", name));
        }
    }
    Ok(issues)
}

pub fn watch() -> Watch {
    Watch { object: KEY, run: follow }
}

/// Ends the stay in the stage it was in and begins one where it is now.
fn follow<'a>(cx: &'a mut Cx, changes: &'a [(Option<Record>, Option<Record>)]) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        let stage = |r: &Option<Record>| r.as_ref().and_then(|r| r.get("stage").id());
        let moved: Vec<(&Option<Record>, &Record)> = changes.iter().filter(|(b, a)| a.is_some() && stage(b) != stage(a)).filter_map(|(b, a)| Some((b, a.as_ref()?))).collect();
        if moved.is_empty() {
            return Ok(());
        }
        let names: BTreeMap<Uuid, Stage> = stages(cx).await?.into_iter().map(|s| (s.id, s)).collect();
        let left: Vec<Uuid> = moved.iter().filter(|(b, _)| b.is_some()).map(|(_, a)| a.id).collect();
        let now = cx.now;
        let mut drafts = Vec::new();
        for (id, since) in staying(cx, &left).await? {
            let stay = now.as_second().saturating_sub(since / 1_000_000).max(0);
            drafts.push(Draft::of(id).set("left_at", now).set("stay", Value::Duration(stay)).trusted());
        }
        for (before, after) in moved {
            let Some(to) = after.get("stage").id() else { continue };
            let name = names.get(&to).map(|s| s.name.clone());
            let draft = Draft::new().set("opportunity", after.id).set("stage", to).set("from_stage", stage(before)).set("at", now);
            drafts.push(draft.set("name", name).set("party", after.get("party").clone()).trusted());
        }
        cx.follow(|cx| Box::pin(async move { cx.save_many(STEP, drafts).await.map(|_| ()) })).await
    })
}

/// The stays that have not ended, of these opportunities: id and when it began, in microseconds.
async fn staying(cx: &mut Cx, opportunities: &[Uuid]) -> Outcome<Vec<(Uuid, i64)>> {
    if opportunities.is_empty() {
        return Ok(Vec::new());
    }
    let (company, object) = (cx.company.clone(), cx.object(STEP)?);
    let mut sql = cx.tx.sql();
    sql.push("SELECT t.\"id\", t.\"at\"");
    company.rows_where(&company.system(), &object, &Query::new(STEP), &mut sql)?;
    sql.push(" AND t.\"left_at\" IS NULL AND t.\"opportunity\" IN ").bind_list(opportunities.iter().map(|id| Cell::Id(*id)));
    let rows = cx.tx.rows(&sql, &[ColumnType::Id, ColumnType::Int]).await?;
    Ok(rows.iter().filter_map(|r| Some((r.first()?.id()?, r.get(1)?.int()?))).collect())
}

/// The days a stage allows have changed: works out anew when each card in it has waited too long.
pub fn rot(cx: JobCx) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move {
        let company = cx.company.clone();
        let Some(stage) = cx.job.payload.get("stage").and_then(|v| v.as_str()).and_then(|s| s.parse::<Uuid>().ok()) else { return Ok(()) };
        let system = company.system();
        let Ok(record) = company.get(&system, crate::pipeline::STAGE, stage).await else { return Ok(()) };
        let days = Stage::of(&record).filter(Stage::open).and_then(|s| s.rotten_days);
        let mut last = Uuid::nil();
        loop {
            let mut cx = company.write(&system).await?;
            let object = cx.object(KEY)?;
            let mut sql = cx.tx.sql();
            sql.push("SELECT t.\"id\", t.\"stage_since\"");
            let here = Query::new(KEY).filter(Expr::path("stage").eq(Expr::lit(stage)));
            company.rows_where(&system, &object, &here, &mut sql)?;
            sql.push(" AND t.\"id\" > ").bind(last).push(&format!(" ORDER BY t.\"id\" LIMIT {PAGE}"));
            let rows = cx.tx.rows(&sql, &[ColumnType::Id, ColumnType::Int]).await?;
            let Some(end) = rows.last().and_then(|r| r.first().and_then(Cell::id)) else { return Ok(()) };
            last = end;
            let values = rows.iter().filter_map(|r| {
                let since = kernel::jiff::Timestamp::from_microsecond(r.get(1)?.int()?).ok()?;
                let at = days.and_then(|d| since.saturating_add(SignedDuration::from_hours(24 * d)).ok());
                Some((r.first()?.id()?, vec![("rotten_at", Value::from(at))]))
            });
            cx.derive(KEY, values.collect()).await?;
            cx.commit().await?;
        }
    })
}
