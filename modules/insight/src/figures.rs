//! The figures themselves: one statement each, over the rows the reader may see. Money in minor units of the company's currency.

use crate::period::{Month, Period};
use engine::{Actor, Company, Query};
use jiff::Timestamp;
use kernel::expr::{Expr, Op};
use kernel::{Cell, ColumnType, Object, Outcome, Registry, Value, Verb};
use std::sync::Arc;
use store::{Conn, Sql};
use uuid::Uuid;

/// Orders that count: neither drafts nor cancelled.
pub const COUNTED: [&str; 3] = ["placed", "shipped", "done"];

/// A reader with a connection: every figure is asked of it.
pub struct Figures<'a> {
    pub company: &'a Company,
    pub actor: &'a Actor,
    registry: Arc<Registry>,
    conn: Conn,
}

/// Sales and returns of one month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trade {
    pub sales: i64,
    pub sales_money: i64,
    pub returns: i64,
    /// Negative.
    pub returns_money: i64,
}

impl Trade {
    pub fn net(self) -> i64 {
        self.sales_money + self.returns_money
    }
    #[must_use]
    pub fn plus(self, other: Trade) -> Trade {
        Trade {
            sales: self.sales + other.sales,
            sales_money: self.sales_money + other.sales_money,
            returns: self.returns + other.returns,
            returns_money: self.returns_money + other.returns_money,
        }
    }
}

/// Customers who bought in a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Customers {
    /// Whose first order it was.
    pub new: i64,
    pub returning: i64,
}

/// A product and what it brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seller {
    pub product: Uuid,
    pub money: i64,
    /// Thousandths.
    pub quantity: i64,
    /// Orders in which it stood.
    pub orders: i64,
}

/// One cell of the recency–frequency grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GridCell {
    pub recency: i64,
    pub frequency: i64,
    pub customers: i64,
    pub money: i64,
}

/// Orders that count, begun in `[start, end)`.
pub fn counted_in(start: Timestamp, end: Timestamp) -> Expr {
    let at = |op, t: Timestamp| Expr::path("ordered_at").cmp(op, Expr::lit(t));
    counted().and(at(Op::Ge, start)).and(at(Op::Lt, end))
}

fn counted() -> Expr {
    Expr::In(Box::new(Expr::path("status")), COUNTED.iter().map(|s| Expr::lit(*s)).collect())
}

fn is(field: &str, value: &str) -> Expr {
    Expr::path(field).eq(Expr::lit(value))
}

impl<'a> Figures<'a> {
    pub async fn open(company: &'a Company, actor: &'a Actor) -> Outcome<Figures<'a>> {
        let conn = company.db().read().await?;
        Ok(Figures { company, actor, registry: company.registry(), conn })
    }

    /// The reader may see these fields of the object.
    pub fn may(&self, object: &str, fields: &[&str]) -> bool {
        self.registry
            .find(object)
            .is_some_and(|o| self.actor.may(o, &Verb::Read) && fields.iter().all(|f| self.actor.sees(object, f)))
    }

    fn object(&self, key: &str) -> Outcome<Arc<Object>> {
        self.registry.object(key).cloned()
    }

    fn rows_of(&self, object: &str, filter: Expr, sql: &mut Sql) -> Outcome<()> {
        let object = self.object(object)?;
        self.company.rows_where(self.actor, &object, &Query::new(object.key.clone()).filter(filter), sql)
    }

    /// The first and the last order that counts.
    pub async fn span(&mut self) -> Outcome<Option<(Timestamp, Timestamp)>> {
        let mut sql = self.conn.sql();
        sql.push("SELECT MIN(t.ordered_at), MAX(t.ordered_at)");
        self.rows_of("order", counted(), &mut sql)?;
        let row = self.conn.row(&sql, &[ColumnType::Int; 2]).await?;
        let at = |i: usize| row.as_ref().and_then(|r| r.get(i)?.int()).and_then(|t| Timestamp::from_microsecond(t).ok());
        Ok(at(0).zip(at(1)))
    }

    /// Sales and returns, month by month.
    pub async fn trade(&mut self, period: &Period) -> Outcome<Vec<Trade>> {
        let mut sql = self.conn.sql();
        sql.push("SELECT ");
        month_of(&mut sql, &period.months);
        sql.push(" AS b, t.\"kind\", COUNT(*), CAST(COALESCE(SUM(t.total), 0) AS BIGINT)");
        self.rows_of("order", counted_in(period.start(), period.end()), &mut sql)?;
        sql.push(" GROUP BY 1, 2");
        let types = [ColumnType::Int, ColumnType::Text, ColumnType::Int, ColumnType::Int];
        let mut months = vec![Trade::default(); period.months.len()];
        for row in self.conn.rows(&sql, &types).await? {
            let slot = int(&row, 0).and_then(|b| period.index(b)).and_then(|i| months.get_mut(i));
            let (Some(m), Some(n), Some(money)) = (slot, int(&row, 2), int(&row, 3)) else { continue };
            if row.get(1).and_then(Cell::text) == Some("return") {
                (m.returns, m.returns_money) = (n, money);
            } else {
                (m.sales, m.sales_money) = (n, money);
            }
        }
        Ok(months)
    }

    /// New and returning customers, month by month.
    pub async fn customers(&mut self, period: &Period) -> Outcome<Vec<Customers>> {
        let mut sql = self.conn.sql();
        sql.push("SELECT s.b, CAST(SUM(CASE WHEN s.first_at >= s.b THEN 1 ELSE 0 END) AS BIGINT), COUNT(*) FROM (SELECT DISTINCT ");
        month_of(&mut sql, &period.months);
        sql.push(" AS b, t.party AS party, (SELECT p.first_order_at FROM party p WHERE p.id = t.party) AS first_at");
        self.rows_of("order", counted_in(period.start(), period.end()).and(is("kind", "sale")), &mut sql)?;
        sql.push(" AND t.party IS NOT NULL) s GROUP BY s.b");
        let mut months = vec![Customers::default(); period.months.len()];
        for row in self.conn.rows(&sql, &[ColumnType::Int; 3]).await? {
            let slot = int(&row, 0).and_then(|b| period.index(b)).and_then(|i| months.get_mut(i));
            if let (Some(m), Some(new), Some(all)) = (slot, int(&row, 1), int(&row, 2)) {
                *m = Customers { new, returning: all - new };
            }
        }
        Ok(months)
    }

    /// How many customers bought in the period.
    pub async fn buyers(&mut self, period: &Period) -> Outcome<i64> {
        let mut sql = self.conn.sql();
        sql.push("SELECT COUNT(DISTINCT t.party)");
        self.rows_of("order", counted_in(period.start(), period.end()).and(is("kind", "sale")), &mut sql)?;
        Ok(self.conn.int(&sql).await?.unwrap_or_default())
    }

    /// Goods by what they brought, returns taken off; the best first.
    pub async fn products(&mut self, period: &Period, limit: usize) -> Outcome<Vec<Seller>> {
        self.sellers(counted_in(period.start(), period.end()), limit, "2 DESC").await
    }

    /// What a customer usually buys: the products that stand in most of his sales.
    pub async fn habits(&mut self, party: Uuid, limit: usize) -> Outcome<Vec<Seller>> {
        let his = Expr::path("party").eq(Expr::lit(Value::Id(party)));
        self.sellers(counted().and(is("kind", "sale")).and(his), limit, "4 DESC, 2 DESC").await
    }

    /// Lines of goods in the orders for which `orders` holds, summed by product.
    /// The lines' own rule is asked too: a reader of orders need not be one of lines.
    async fn sellers(&mut self, orders: Expr, limit: usize, sort: &str) -> Outcome<Vec<Seller>> {
        let line = self.object("order_line")?;
        let rule = self.actor.rule(&line, &Verb::Read)?;
        let same = self.object("order").and_then(|o| self.actor.rule(&o, &Verb::Read)).ok();
        let mut sql = self.conn.sql();
        sql.push("SELECT l.product, CAST(SUM(l.amount) AS BIGINT), CAST(SUM(l.quantity) AS BIGINT), COUNT(DISTINCT l.\"order\") FROM (SELECT t.id AS id");
        self.rows_of("order", orders, &mut sql)?;
        sql.push(") o JOIN order_line l ON l.\"order\" = o.id WHERE l.deleted_at IS NULL AND l.product IS NOT NULL AND l.\"kind\" = 'goods'");
        // Lines inherit the owner of their order; only another rule than "all" or the orders' own needs a look at each line.
        if rule != Expr::always() && !inherits(&rule, same.as_ref()) {
            sql.push(" AND EXISTS (SELECT 1");
            self.company.rows_where(self.actor, &line, &Query::new("order_line"), &mut sql)?;
            sql.push(" AND t.id = l.id)");
        }
        sql.push(" GROUP BY l.product ORDER BY ").push(sort).push(&format!(", 1 LIMIT {limit}"));
        let types = [ColumnType::Id, ColumnType::Int, ColumnType::Int, ColumnType::Int];
        Ok(self
            .conn
            .rows(&sql, &types)
            .await?
            .iter()
            .filter_map(|r| Some(Seller { product: r.first()?.id()?, money: int(r, 1)?, quantity: int(r, 2)?, orders: int(r, 3)? }))
            .collect())
    }

    /// What each customer bought in the period, from the largest down.
    pub async fn money_by_customer(&mut self, period: &Period) -> Outcome<Vec<i64>> {
        let mut sql = self.conn.sql();
        sql.push("SELECT t.party, CAST(SUM(t.total) AS BIGINT)");
        self.rows_of("order", counted_in(period.start(), period.end()).and(is("kind", "sale")), &mut sql)?;
        sql.push(" AND t.party IS NOT NULL GROUP BY t.party ORDER BY 2 DESC, 1");
        let rows = self.conn.rows(&sql, &[ColumnType::Id, ColumnType::Int]).await?;
        Ok(rows.iter().filter_map(|r| int(r, 1)).collect())
    }

    /// The recency–frequency grid over all customers that have classes.
    pub async fn grid(&mut self) -> Outcome<Vec<GridCell>> {
        let mut sql = self.conn.sql();
        sql.push("SELECT t.recency, t.frequency, COUNT(*), CAST(SUM(t.revenue) AS BIGINT)");
        self.rows_of("party", Expr::always(), &mut sql)?;
        sql.push(" AND t.recency IS NOT NULL GROUP BY t.recency, t.frequency");
        let rows = self.conn.rows(&sql, &[ColumnType::Int; 4]).await?;
        Ok(rows
            .iter()
            .filter_map(|r| Some(GridCell { recency: int(r, 0)?, frequency: int(r, 1)?, customers: int(r, 2)?, money: int(r, 3)? }))
            .collect())
    }

    /// Sales of one customer, month by month.
    pub async fn months_of(&mut self, party: Uuid, period: &Period) -> Outcome<Vec<i64>> {
        let mut sql = self.conn.sql();
        sql.push("SELECT ");
        month_of(&mut sql, &period.months);
        sql.push(" AS b, CAST(COALESCE(SUM(t.total), 0) AS BIGINT)");
        let his = Expr::path("party").eq(Expr::lit(Value::Id(party)));
        self.rows_of("order", counted_in(period.start(), period.end()).and(his), &mut sql)?;
        sql.push(" GROUP BY 1");
        let mut months = vec![0; period.months.len()];
        for row in self.conn.rows(&sql, &[ColumnType::Int; 2]).await? {
            let slot = int(&row, 0).and_then(|b| period.index(b)).and_then(|i| months.get_mut(i));
            if let (Some(m), Some(money)) = (slot, int(&row, 1)) {
                *m = money;
            }
        }
        Ok(months)
    }

    /// Titles of products the reader may see.
    pub async fn titles(&mut self, object: &str, ids: impl Iterator<Item = Uuid>) -> Outcome<engine::load::Titles> {
        let wanted = std::collections::BTreeMap::from([(object.to_owned(), ids.collect())]);
        self.company.titles(&mut self.conn, self.actor, &wanted).await
    }
}

fn int(row: &[Cell], i: usize) -> Option<i64> {
    row.get(i).and_then(Cell::int)
}

/// The instant at which the month of `t.ordered_at` begins: no calendar reaches the database.
fn month_of(sql: &mut Sql, months: &[Month]) {
    sql.push("CASE");
    for m in months {
        sql.push(" WHEN t.ordered_at < ").bind(m.end).push(" THEN CAST(").bind(m.start).push(" AS BIGINT)");
    }
    sql.push(" END");
}

/// The line's rule says of the order what the order's rule says of itself: `order.owner == me()` beside `owner == me()`.
fn inherits(line: &Expr, order: Option<&Expr>) -> bool {
    fn prefixed(e: &Expr) -> Expr {
        let both = |a: &Expr, b: &Expr| (Box::new(prefixed(a)), Box::new(prefixed(b)));
        match e {
            Expr::Path(p) => Expr::Path(std::iter::once("order".to_owned()).chain(p.iter().cloned()).collect()),
            Expr::Bin(op, a, b) => {
                let (a, b) = both(a, b);
                Expr::Bin(*op, a, b)
            }
            Expr::Call(f, args) => Expr::Call(f.clone(), args.iter().map(prefixed).collect()),
            Expr::Not(e) => Expr::Not(Box::new(prefixed(e))),
            other => other.clone(),
        }
    }
    order.is_some_and(|o| prefixed(o) == *line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_inherits_the_rule_of_its_order() {
        let rule = |t: &str| Expr::parse(t).unwrap();
        let order = rule("owner == me() || in_my_teams(owner)");
        assert!(inherits(&rule("order.owner == me() || in_my_teams(order.owner)"), Some(&order)));
        assert!(!inherits(&rule("order.owner == me()"), Some(&order)));
        assert!(!inherits(&order, None));
    }
}
