//! What open deals are worth, month by month and by owner: each amount times its probability.

use crate::opportunity::KEY;
use engine::{Actor, Company, Query};
use kernel::expr::Op;
use kernel::jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{Cell, ColumnType, Expr, Outcome};
use std::collections::BTreeMap;
use text::Calendar;
use text::calendar::{first_of_month, next_month};

/// Months that are told apart, this one included.
pub const MONTHS: usize = 6;

/// Deals of one owner and one span.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    pub deals: i64,
    /// Minor units.
    pub weighted: i64,
    pub amount: i64,
}

impl Sum {
    fn add(&mut self, other: Sum) {
        *self = Sum { deals: self.deals + other.deals, weighted: self.weighted.saturating_add(other.weighted), amount: self.amount.saturating_add(other.amount) };
    }
}

/// When a deal is expected to close.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Span {
    /// The day has passed, and it is still open.
    Overdue,
    /// The month of this number, from today on.
    Month(usize),
    Later,
    Undated,
}

/// The forecast of one pipeline in one currency.
#[derive(Clone, Debug)]
pub struct Forecast {
    pub currency: String,
    /// All currencies in which deals are open.
    pub currencies: Vec<String>,
    /// First days of the months, and of the one after the last.
    pub starts: Vec<Date>,
    pub today: Date,
    pub by: BTreeMap<(Option<Uuid>, Span), Sum>,
}

impl Forecast {
    /// # Errors
    /// Not found: the reader may not see opportunities, or not what they are worth. The database.
    pub async fn read(company: &Company, actor: &Actor, pipeline: Uuid, currency: &str, today: Date) -> Outcome<Forecast> {
        let registry = company.registry();
        let object = registry.object(KEY)?;
        let mut starts = vec![first_of_month(today, actor.locale.calendar)];
        for _ in 0..MONTHS {
            let next = starts.last().map_or(today, |d| next_month(*d, actor.locale.calendar));
            starts.push(next);
        }
        let mut conn = company.db().read().await?;
        let mut sql = conn.sql();
        sql.push("SELECT t.\"owner\", t.\"expected_close\", t.\"weighted_cur\", COUNT(*), CAST(SUM(t.\"weighted\") AS BIGINT), CAST(SUM(t.\"amount\") AS BIGINT)");
        let query = Query::new(KEY).filter(open(pipeline).and(Expr::path("amount").cmp(Op::Ne, Expr::Lit(kernel::Value::Null))));
        company.rows_where(actor, object, &query, &mut sql)?;
        sql.push(" GROUP BY t.\"owner\", t.\"expected_close\", t.\"weighted_cur\"");
        let types = [ColumnType::Id, ColumnType::Text, ColumnType::Text, ColumnType::Int, ColumnType::Int, ColumnType::Int];
        let rows = conn.rows(&sql, &types).await?;
        let of = |row: &[Cell]| row.get(2).and_then(Cell::text).unwrap_or_default().to_owned();
        let mut found: BTreeMap<String, i64> = BTreeMap::new();
        for row in &rows {
            *found.entry(of(row)).or_default() += crate::figures::number(row, 3);
        }
        let own = company.settings().currency.clone();
        let most = found.iter().max_by_key(|(_, n)| **n).map(|(c, _)| c.clone());
        let chosen = [currency, own.as_str()].into_iter().find(|c| found.contains_key(*c)).map(str::to_owned).or(most).unwrap_or_else(|| own.clone());
        let mut all = Forecast { currency: chosen, currencies: found.into_keys().collect(), starts, today, by: BTreeMap::new() };
        for row in rows.iter().filter(|r| of(r) == all.currency) {
            let day = row.get(1).and_then(Cell::text).and_then(|d| d.parse().ok());
            let n = |i: usize| crate::figures::number(row, i);
            let key = (row.first().and_then(Cell::id), all.span(day));
            all.by.entry(key).or_default().add(Sum { deals: n(3), weighted: n(4), amount: n(5) });
        }
        Ok(all)
    }

    fn span(&self, day: Option<Date>) -> Span {
        let Some(day) = day else { return Span::Undated };
        if day < self.today {
            return Span::Overdue;
        }
        self.starts.iter().skip(1).position(|end| day < *end).map_or(Span::Later, Span::Month)
    }

    /// Overdue, each month, later, without a date.
    pub fn spans() -> impl Iterator<Item = Span> {
        std::iter::once(Span::Overdue).chain((0..MONTHS).map(Span::Month)).chain([Span::Later, Span::Undated])
    }

    /// Of one owner, or of all.
    pub fn sum(&self, owner: Option<Option<Uuid>>, span: Option<Span>) -> Sum {
        let mut sum = Sum::default();
        for ((o, s), part) in &self.by {
            if owner.is_none_or(|owner| owner == *o) && span.is_none_or(|span| span == *s) {
                sum.add(*part);
            }
        }
        sum
    }

    /// The owners with open deals, the largest forecast first.
    pub fn owners(&self) -> Vec<Option<Uuid>> {
        let mut owners: Vec<Option<Uuid>> = self.by.keys().map(|(o, _)| *o).collect();
        owners.dedup();
        owners.sort_by_key(|o| std::cmp::Reverse(self.sum(Some(*o), None).weighted));
        owners
    }

    /// The deals behind a figure.
    pub fn filter(&self, pipeline: Uuid, owner: Option<Option<Uuid>>, span: Option<Span>) -> Expr {
        let day = || Expr::path("expected_close");
        let at = |i: usize| Expr::lit(self.starts.get(i).copied().unwrap_or(self.today));
        let when = match span {
            None => Expr::always(),
            Some(Span::Overdue) => day().cmp(Op::Lt, Expr::lit(self.today)),
            Some(Span::Month(0)) => day().cmp(Op::Ge, Expr::lit(self.today)).and(day().cmp(Op::Lt, at(1))),
            Some(Span::Month(i)) => day().cmp(Op::Ge, at(i)).and(day().cmp(Op::Lt, at(i + 1))),
            Some(Span::Later) => day().cmp(Op::Ge, at(MONTHS)),
            Some(Span::Undated) => day().eq(Expr::Lit(kernel::Value::Null)),
        };
        let whose = owner.map_or_else(Expr::always, |o| Expr::path("owner").eq(o.map_or(Expr::Lit(kernel::Value::Null), Expr::lit)));
        open(pipeline).and(Expr::path("amount.currency").eq(Expr::lit(self.currency.as_str()))).and(whose).and(when)
    }
}

fn open(pipeline: Uuid) -> Expr {
    Expr::path("pipeline").eq(Expr::lit(pipeline)).and(Expr::path("status").eq(Expr::lit("open")))
}

/// The year of a month, in its calendar: said where it changes.
pub fn year(first: Date, calendar: Calendar) -> i32 {
    match calendar {
        Calendar::Gregorian => i32::from(first.year()),
        Calendar::Hijri => text::calendar::to_hijri(first).year,
    }
}
