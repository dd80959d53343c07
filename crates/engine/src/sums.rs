//! Counts and sums over the rows of a query, under the reader's rule, in one statement.

use crate::{Actor, Company, Query};
use kernel::{Cell, ColumnType, Fault, Field, Issue, Kind, Money, Object, Outcome, Value};

/// The rows that have one value of a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub value: Value,
    pub count: i64,
    /// Field → sum.
    pub sums: Vec<(String, Value)>,
}

/// As many groups are told at most, the largest first.
pub const MOST_GROUPS: usize = 200;

fn summable(kind: &Kind) -> bool {
    matches!(kind.stored(), Kind::Money | Kind::Integer | Kind::Decimal { .. } | Kind::Duration)
}

/// The fields of `fields` that can be summed and that the actor may see.
fn seen<'a>(actor: &Actor, object: &Object, fields: &[&'a Field]) -> Vec<&'a Field> {
    fields.iter().copied().filter(|f| summable(&f.kind) && actor.sees(&object.key, &f.key)).collect()
}

/// `, CAST(SUM(t.x) AS BIGINT)` for each, and what the currencies are.
fn write(fields: &[&Field], sql: &mut store::Sql, types: &mut Vec<ColumnType>) {
    for f in fields {
        sql.push(", CAST(SUM(t.").ident(&f.key).push(") AS BIGINT)");
        types.push(ColumnType::Int);
        if matches!(f.kind.stored(), Kind::Money) {
            let currency = format!("{}_cur", f.key);
            sql.push(", MIN(t.").ident(&currency).push("), MAX(t.").ident(&currency).push(")");
            types.extend([ColumnType::Text, ColumnType::Text]);
        }
    }
}

/// What [`write`] asked for. Amounts in more than one currency have no sum.
fn read(fields: &[&Field], cells: &mut impl Iterator<Item = Cell>) -> Vec<(String, Value)> {
    let mut out = Vec::new();
    for f in fields {
        let sum = cells.next().unwrap_or(Cell::Null);
        let value = match f.kind.stored() {
            Kind::Money => {
                let (low, high) = (cells.next(), cells.next());
                match (sum.int(), low.as_ref().and_then(Cell::text), high.as_ref().and_then(Cell::text)) {
                    (Some(minor), Some(a), Some(b)) if a == b => Value::Money(Money::new(minor, a)),
                    _ => Value::Null,
                }
            }
            kind => kind.decode(&[sum]),
        };
        if !value.is_null() {
            out.push((f.key.clone(), value));
        }
    }
    out
}

impl Company {
    /// How many rows a query has, and the sum of each field that can be summed and seen.
    ///
    /// # Errors
    /// The database; the query's own faults.
    pub async fn sums(&self, actor: &Actor, query: &Query, fields: &[&Field]) -> Outcome<(i64, Vec<(String, Value)>)> {
        let registry = self.registry();
        let object = registry.object(&query.object)?;
        let fields = seen(actor, object, fields);
        let mut conn = self.db().read().await?;
        let mut sql = conn.sql();
        let mut types = vec![ColumnType::Int];
        sql.push("SELECT COUNT(*)");
        write(&fields, &mut sql, &mut types);
        self.rows_where(actor, object, query, &mut sql)?;
        let mut cells = conn.row(&sql, &types).await?.unwrap_or_default().into_iter();
        let count = cells.next().and_then(|c| c.int()).unwrap_or_default();
        Ok((count, read(&fields, &mut cells)))
    }

    /// The same for each value of `by`, the most frequent first.
    ///
    /// # Errors
    /// Invalid: a field the actor does not see, or one whose values make no groups. The database; the query's own faults.
    pub async fn groups(&self, actor: &Actor, query: &Query, by: &str, fields: &[&Field]) -> Outcome<Vec<Group>> {
        let registry = self.registry();
        let object = registry.object(&query.object)?;
        let unknown = || Fault::issue(Issue::new("group_by", "expr-unknown-field").arg("name", by));
        let by = object.get(by).filter(|f| actor.sees(&object.key, &f.key)).ok_or_else(unknown)?;
        let columns = by.columns();
        let (Some(column), 1) = (columns.first(), columns.len()) else {
            return Err(Fault::issue(Issue::new("group_by", "sort-not-possible").arg("name", &by.key)));
        };
        let fields = seen(actor, object, fields);
        let mut conn = self.db().read().await?;
        let mut sql = conn.sql();
        let mut types = vec![column.ty, ColumnType::Int];
        sql.push("SELECT t.").ident(&column.name).push(", COUNT(*)");
        write(&fields, &mut sql, &mut types);
        self.rows_where(actor, object, query, &mut sql)?;
        sql.push(" GROUP BY t.").ident(&column.name).push(" ORDER BY 2 DESC, 1").push(&format!(" LIMIT {MOST_GROUPS}"));
        let rows = conn.rows(&sql, &types).await?;
        let group = |row: Vec<Cell>| {
            let mut cells = row.into_iter();
            let value = by.kind.decode(&[cells.next().unwrap_or(Cell::Null)]);
            let count = cells.next().and_then(|c| c.int()).unwrap_or_default();
            Group { value, count, sums: read(&fields, &mut cells) }
        };
        Ok(rows.into_iter().map(group).collect())
    }
}
