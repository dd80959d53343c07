//! Sums over the rows of a query, under the reader's rule, in one statement.

use crate::visit::Visit;
use engine::Query;
use kernel::{Cell, ColumnType, Field, Kind, Money, Outcome, Value};

/// The sum of each field that can be summed. Amounts in more than one currency have no sum.
///
/// # Errors
/// The database; the query's own faults.
pub async fn sums(visit: &Visit, query: &Query, fields: &[&Field]) -> Outcome<Vec<(String, Value)>> {
    Ok(visit.company.sums(&visit.actor, query, fields).await?.1)
}

/// Rows and the sum of one amount per stage (the key of an option, or the id of a record): what stands above the columns of a board.
///
/// # Errors
/// The database; the query's own faults.
pub async fn by_stage(visit: &Visit, query: &Query, stage: &Field, amount: Option<&Field>) -> Outcome<Vec<(String, i64, Value)>> {
    let object = visit.registry.object(&query.object)?;
    let mut conn = visit.company.db().read().await?;
    let mut sql = conn.sql();
    let key = if matches!(stage.kind, Kind::Ref { .. }) { ColumnType::Id } else { ColumnType::Text };
    let mut types = vec![key, ColumnType::Int];
    sql.push("SELECT t.").ident(&stage.key).push(", COUNT(*)");
    if let Some(f) = amount {
        let currency = format!("{}_cur", f.key);
        sql.push(", CAST(SUM(t.").ident(&f.key).push(") AS BIGINT), MIN(t.").ident(&currency).push("), MAX(t.").ident(&currency).push(")");
        types.extend([ColumnType::Int, ColumnType::Text, ColumnType::Text]);
    }
    visit.company.rows_where(&visit.actor, object, query, &mut sql)?;
    sql.push(" GROUP BY t.").ident(&stage.key);
    let rows = conn.rows(&sql, &types).await?;
    let text = |r: &[Cell], i: usize| r.get(i).and_then(Cell::text).unwrap_or_default().to_owned();
    Ok(rows
        .iter()
        .map(|r| {
            let (low, high) = (text(r, 3), text(r, 4));
            let sum = match r.get(2).and_then(Cell::int) {
                Some(minor) if low == high && !low.is_empty() => Value::Money(Money::new(minor, low)),
                _ => Value::Null,
            };
            let key = r.first().map(|c| c.id().map_or_else(|| c.text().unwrap_or_default().to_owned(), |id| id.to_string()));
            (key.unwrap_or_default(), r.get(1).and_then(Cell::int).unwrap_or_default(), sum)
        })
        .collect())
}
