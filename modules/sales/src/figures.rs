//! The figures of the funnel, counted over the rows their reader may see.
//!
//! Of the opportunities that were created in a span of time, how many **reached** each stage: they stood in it or in a
//! later open one at some time, or are won. Reached never grows from stage to stage, and the conversion from one stage to
//! the next is the share of those that reached it who also reached the next. The **median stay** of a stage is that of the
//! stays that ended in the span, whatever came after. What **stands** in a stage now does not hang on the span.

use crate::opportunity::{KEY, STEP};
use crate::pipeline::{self, Stage};
use engine::{Actor, Company, Count, Query};
use kernel::expr::Op;
use kernel::jiff::Timestamp;
use kernel::uuid::Uuid;
use kernel::{Cell, ColumnType, Expr, Name, Outcome};
use std::collections::BTreeMap;
use store::Conn;

/// Ended stays below which a stage has no median worth a sentence.
pub const ENOUGH: i64 = 3;

/// One stage of the funnel.
#[derive(Clone, Debug)]
pub struct Rung {
    pub stage: Stage,
    /// Of the cohort.
    pub reached: i64,
    /// Stays that ended in the span, and the median of their lengths in seconds.
    pub stays: i64,
    pub median: Option<i64>,
    /// What stands in it now.
    pub standing: i64,
    /// Minor units of the company's currency; none where the reader does not see amounts.
    pub amount: Option<i64>,
    /// Of those that stand in it, how many too long.
    pub late: i64,
}

/// One pipeline over a span of time.
#[derive(Clone, Debug)]
pub struct Funnel {
    pub pipeline: Uuid,
    pub from: Option<Timestamp>,
    pub to: Timestamp,
    /// Opportunities created in the span, and what has become of them.
    pub cohort: i64,
    pub won: i64,
    pub lost: i64,
    /// The open stages, in order.
    pub rungs: Vec<Rung>,
    /// Opportunities that stand open now in another currency than the company's: they count, but are in no sum.
    pub foreign: i64,
}

/// The pipelines the reader may see, in order.
///
/// # Errors
/// The database.
pub async fn pipelines(company: &Company, actor: &Actor) -> Outcome<Vec<(Uuid, Name)>> {
    let query = Query { count: Count::None, ..Query::new(pipeline::KEY).limit(100) };
    let found = company.list(actor, &query).await?.records;
    Ok(found.iter().map(|r| (r.id, r.get("name").name().cloned().unwrap_or_default())).collect())
}

fn at_least(field: &str, value: Timestamp) -> Expr {
    Expr::path(field).cmp(Op::Ge, Expr::lit(value))
}

impl Funnel {
    /// # Errors
    /// Not found: the reader may not see opportunities or stages. The database.
    pub async fn read(company: &Company, actor: &Actor, pipeline: Uuid, from: Option<Timestamp>, to: Timestamp) -> Outcome<Funnel> {
        let of_pipeline = Expr::path("pipeline").eq(Expr::lit(pipeline));
        let query = Query { count: Count::None, ..Query::new(pipeline::STAGE).filter(of_pipeline).limit(200) };
        let stages: Vec<Stage> = company.list(actor, &query).await?.records.iter().filter_map(Stage::of).collect();
        let rung = |stage: &Stage| Rung { stage: stage.clone(), reached: 0, stays: 0, median: None, standing: 0, amount: None, late: 0 };
        let rungs = stages.iter().filter(|s| s.open()).map(rung).collect();
        let mut funnel = Funnel { pipeline, from, to, cohort: 0, won: 0, lost: 0, rungs, foreign: 0 };
        let mut conn = company.db().read().await?;
        funnel.count_cohort(company, actor, &mut conn).await?;
        funnel.count_stays(company, actor, &mut conn).await?;
        funnel.count_standing(company, actor, &mut conn).await?;
        Ok(funnel)
    }

    /// `pipeline == id("…")`
    fn here(&self) -> Expr {
        Expr::path("pipeline").eq(Expr::lit(self.pipeline))
    }
    /// The opportunities created in the span.
    pub fn cohort_filter(&self) -> Expr {
        let created = self.from.map_or_else(Expr::always, |from| at_least("created_at", from));
        self.here().and(created).and(Expr::path("created_at").cmp(Op::Lt, Expr::lit(self.to)))
    }
    /// Those of them that reached a stage.
    pub fn reached_filter(&self, stage: &Stage) -> Expr {
        let is = |path: &str, value: Expr| Expr::path(path).eq(value);
        let stood = is("stage.pipeline", Expr::lit(self.pipeline)).and(is("stage.kind", Expr::lit("open")));
        let stood = stood.and(Expr::path("stage.position").cmp(Op::Ge, Expr::lit(stage.position)));
        self.cohort_filter().and(Expr::Exists("steps".into(), Some(Box::new(stood))).or(is("status", Expr::lit("won"))))
    }
    /// Those of them that ended so: `won`, `lost`, or are `open`.
    pub fn status_filter(&self, status: &str) -> Expr {
        self.cohort_filter().and(Expr::path("status").eq(Expr::lit(status)))
    }
    /// The stays in a stage that ended in the span.
    pub fn stays_filter(&self, stage: &Stage) -> Expr {
        let ended = self.from.map_or_else(Expr::always, |from| at_least("left_at", from));
        Expr::path("stage").eq(Expr::lit(stage.id)).and(ended).and(Expr::path("left_at").cmp(Op::Lt, Expr::lit(self.to)))
    }
    /// What stands in a stage now.
    pub fn standing_filter(&self, stage: &Stage) -> Expr {
        Expr::path("stage").eq(Expr::lit(stage.id))
    }
    /// Of these, those that have waited too long.
    pub fn late_filter(&self, stage: &Stage) -> Expr {
        self.standing_filter(stage).and(Expr::path("rotten_at").cmp(Op::Lt, Expr::Call("now".into(), Vec::new())))
    }

    async fn count_cohort(&mut self, company: &Company, actor: &Actor, conn: &mut Conn) -> Outcome<()> {
        let registry = company.registry();
        let object = registry.object(KEY)?;
        let mut sql = conn.sql();
        sql.push("SELECT x.status, x.reached, COUNT(*) FROM (SELECT t.\"status\" AS status, (SELECT MAX(s.\"position\") FROM opportunity_step p");
        sql.push(" JOIN pipeline_stage s ON s.\"id\" = p.\"stage\" WHERE p.\"opportunity\" = t.\"id\" AND p.\"deleted_at\" IS NULL");
        sql.push(" AND s.\"deleted_at\" IS NULL AND s.\"kind\" = 'open' AND s.\"pipeline\" = ").bind(self.pipeline).push(") AS reached");
        company.rows_where(actor, object, &Query::new(KEY).filter(self.cohort_filter()), &mut sql)?;
        sql.push(") x GROUP BY x.status, x.reached");
        for row in conn.rows(&sql, &[ColumnType::Text, ColumnType::Int, ColumnType::Int]).await? {
            let (status, n) = (row.first().and_then(Cell::text).unwrap_or_default(), number(&row, 2));
            let reached = row.get(1).and_then(Cell::int);
            self.cohort += n;
            match status {
                "won" => self.won += n,
                "lost" => self.lost += n,
                _ => {}
            }
            for rung in &mut self.rungs {
                if status == "won" || reached.is_some_and(|r| r >= rung.stage.position) {
                    rung.reached += n;
                }
            }
        }
        Ok(())
    }

    async fn count_stays(&mut self, company: &Company, actor: &Actor, conn: &mut Conn) -> Outcome<()> {
        let registry = company.registry();
        let Some(object) = registry.find(STEP).filter(|o| actor.may(o, &kernel::Verb::Read) && !self.rungs.is_empty()) else { return Ok(()) };
        let mut query = Query::new(STEP).filter(Expr::path("left_at").cmp(Op::Lt, Expr::lit(self.to)));
        if let Some(from) = self.from {
            query = query.filter(at_least("left_at", from));
        }
        let mut sql = conn.sql();
        // The one in the middle, or the two.
        sql.push("SELECT x.stage, x.stay, x.n FROM (SELECT t.\"stage\" AS stage, t.\"stay\" AS stay");
        sql.push(", ROW_NUMBER() OVER (PARTITION BY t.\"stage\" ORDER BY t.\"stay\") AS k, COUNT(*) OVER (PARTITION BY t.\"stage\") AS n");
        company.rows_where(actor, object, &query, &mut sql)?;
        sql.push(" AND t.\"stage\" IN ").bind_list(self.rungs.iter().map(|r| Cell::Id(r.stage.id)));
        sql.push(") x WHERE x.k IN ((x.n + 1) / 2, (x.n + 2) / 2)");
        let mut middle: BTreeMap<Uuid, (Vec<i64>, i64)> = BTreeMap::new();
        for row in conn.rows(&sql, &[ColumnType::Id, ColumnType::Int, ColumnType::Int]).await? {
            let Some(stage) = row.first().and_then(Cell::id) else { continue };
            let entry = middle.entry(stage).or_default();
            entry.0.push(number(&row, 1));
            entry.1 = number(&row, 2);
        }
        for rung in &mut self.rungs {
            if let Some((stays, n)) = middle.get(&rung.stage.id) {
                rung.stays = *n;
                rung.median = i64::try_from(stays.len()).ok().filter(|n| *n > 0).map(|n| stays.iter().sum::<i64>() / n);
            }
        }
        Ok(())
    }

    async fn count_standing(&mut self, company: &Company, actor: &Actor, conn: &mut Conn) -> Outcome<()> {
        let registry = company.registry();
        let object = registry.object(KEY)?;
        let currency = company.settings().currency.clone();
        let money = actor.sees(KEY, "amount");
        let mut sql = conn.sql();
        sql.push("SELECT t.\"stage\", COUNT(*), CAST(SUM(CASE WHEN t.\"amount_cur\" = ").bind(currency.as_str()).push(" THEN t.\"amount\" ELSE 0 END) AS BIGINT)");
        sql.push(", CAST(SUM(CASE WHEN t.\"rotten_at\" < ").bind(company.now()).push(" THEN 1 ELSE 0 END) AS BIGINT)");
        sql.push(", CAST(SUM(CASE WHEN t.\"amount_cur\" <> ").bind(currency.as_str()).push(" THEN 1 ELSE 0 END) AS BIGINT)");
        let open = self.here().and(Expr::path("status").eq(Expr::lit("open")));
        company.rows_where(actor, object, &Query::new(KEY).filter(open), &mut sql)?;
        sql.push(" GROUP BY t.\"stage\"");
        let int = ColumnType::Int;
        for row in conn.rows(&sql, &[ColumnType::Id, int, int, int, int]).await? {
            let stage = row.first().and_then(Cell::id);
            if money {
                self.foreign += number(&row, 4);
            }
            if let Some(rung) = self.rungs.iter_mut().find(|r| Some(r.stage.id) == stage) {
                (rung.standing, rung.late) = (number(&row, 1), number(&row, 3));
                rung.amount = money.then(|| number(&row, 2));
            }
        }
        Ok(())
    }

    /// How many of those that reached a stage reached the next one, or were won after the last.
    pub fn onward(&self, at: usize) -> i64 {
        self.rungs.get(at + 1).map_or(self.won, |next| next.reached)
    }

    /// The stage where deals wait longest, by the median of enough stays; the earlier of equals.
    pub fn bottleneck(&self) -> Option<usize> {
        let told = |r: &Rung| r.median.filter(|m| r.stays >= ENOUGH && *m > 0);
        let longest = self.rungs.iter().filter_map(told).max()?;
        self.rungs.iter().position(|r| told(r) == Some(longest))
    }
}

pub(crate) fn number(row: &[Cell], i: usize) -> i64 {
    row.get(i).and_then(Cell::int).unwrap_or_default()
}
