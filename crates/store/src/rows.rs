//! Many rows with few statements.

use crate::conn::Tx;
use crate::sql::{Dialect, Sql};
use kernel::{Cell, ColumnType, Fault, Outcome};

/// Rows per statement: few different texts, so that each stays prepared.
const PIECES: [usize; 4] = [128, 32, 6, 1];

/// What happens when a row with the same key is there.
enum Existing<'a> {
    Fault,
    Skip,
    Update { key: &'a [&'a str] },
}

/// Inserts `rows`, each with one cell for each of `columns`.
///
/// # Errors
/// Invalid (`value-not-unique`) when a key is taken; nothing of the failing statement is stored then.
pub async fn insert_many(tx: &mut Tx, table: &str, columns: &[&str], rows: Vec<Vec<Cell>>) -> Outcome<()> {
    write(tx, table, columns, rows, &Existing::Fault).await.map(|_| ())
}

/// Inserts the rows whose key is not there yet; returns how many.
pub async fn insert_missing(tx: &mut Tx, table: &str, columns: &[&str], rows: Vec<Vec<Cell>>) -> Outcome<u64> {
    write(tx, table, columns, rows, &Existing::Skip).await
}

/// Inserts, or replaces the other columns where `key` (columns of the primary key or a unique index) is there.
/// One call must not contain the same key twice.
pub async fn upsert_many(
    tx: &mut Tx,
    table: &str,
    columns: &[&str],
    key: &[&str],
    rows: Vec<Vec<Cell>>,
) -> Outcome<u64> {
    write(tx, table, columns, rows, &Existing::Update { key }).await
}

async fn write(
    tx: &mut Tx,
    table: &str,
    columns: &[&str],
    rows: Vec<Vec<Cell>>,
    existing: &Existing<'_>,
) -> Outcome<u64> {
    if let Some(row) = rows.iter().find(|r| r.len() != columns.len()) {
        return Err(Fault::internal(format!("{} cells for {} columns of {table}", row.len(), columns.len())));
    }
    // An update has to name columns that are empty in every row, and what those are made of nobody can tell.
    if tx.dialect() == Dialect::Postgres && rows.len() > 1 && !matches!(existing, Existing::Update { .. }) {
        return by_columns(tx, table, columns, rows, existing).await;
    }
    let mut changed = 0;
    let mut left = rows.len();
    let mut rows = rows.into_iter();
    while left > 0 {
        let now = piece(left, columns.len(), tx.dialect());
        left -= now;
        let mut sql = tx.sql();
        sql.push("INSERT INTO ").ident(table).push(" (").idents(columns.iter().copied()).push(") VALUES ");
        for (i, row) in rows.by_ref().take(now).enumerate() {
            if i > 0 {
                sql.push(", ");
            }
            sql.bind_list(row);
        }
        existing.write(&mut sql, columns);
        changed += tx.exec(&sql).await?;
    }
    Ok(changed)
}

impl Existing<'_> {
    fn write(&self, sql: &mut Sql, columns: &[&str]) {
        match self {
            Existing::Fault => {}
            Existing::Skip => {
                sql.push(" ON CONFLICT DO NOTHING");
            }
            Existing::Update { key } => {
                sql.push(" ON CONFLICT (").idents(key.iter().copied()).push(") DO ");
                let others: Vec<&&str> = columns.iter().filter(|c| !key.contains(c)).collect();
                sql.push(if others.is_empty() { "NOTHING" } else { "UPDATE SET " });
                for (i, column) in others.into_iter().enumerate() {
                    if i > 0 {
                        sql.push(", ");
                    }
                    sql.ident(column).push(" = excluded.").ident(column);
                }
            }
        }
    }
}

/// Rows of one statement by columns.
const AT_ONCE: usize = 1_000;

/// PostgreSQL: one array for each column. The statement is the same for any number of rows, and its server has a few
/// dozen arguments to read instead of thousands. Columns without any value stay out.
async fn by_columns(
    tx: &mut Tx,
    table: &str,
    columns: &[&str],
    rows: Vec<Vec<Cell>>,
    existing: &Existing<'_>,
) -> Outcome<u64> {
    let mut by_column: Vec<Vec<Cell>> = columns.iter().map(|_| Vec::with_capacity(rows.len())).collect();
    for row in rows {
        for (cell, column) in row.into_iter().zip(&mut by_column) {
            column.push(cell);
        }
    }
    let mut named = Vec::with_capacity(columns.len());
    let mut filled = Vec::with_capacity(columns.len());
    for (name, values) in columns.iter().zip(by_column) {
        if let Some(ty) = values.iter().find_map(type_of) {
            if let Some(other) = values.iter().filter_map(type_of).find(|t| *t != ty) {
                return Err(Fault::internal(format!("{table}.{name} is given {ty:?} and {other:?}")));
            }
            named.push(*name);
            filled.push((ty, values));
        }
    }
    let mut changed = 0;
    while filled.iter().any(|(_, values)| !values.is_empty()) {
        let mut sql = tx.sql();
        sql.push("INSERT INTO ").ident(table).push(" (").idents(named.iter().copied()).push(") SELECT * FROM unnest(");
        for (i, (ty, values)) in filled.iter_mut().enumerate() {
            if i > 0 {
                sql.push(", ");
            }
            let rest = values.split_off(values.len().min(AT_ONCE));
            sql.bind_column(*ty, std::mem::replace(values, rest));
        }
        sql.push(")");
        existing.write(&mut sql, &named);
        changed += tx.exec(&sql).await?;
    }
    Ok(changed)
}

fn type_of(cell: &Cell) -> Option<ColumnType> {
    match cell {
        Cell::Null => None,
        Cell::Int(_) => Some(ColumnType::Int),
        Cell::Text(_) => Some(ColumnType::Text),
        Cell::Id(_) => Some(ColumnType::Id),
        Cell::Bytes(_) => Some(ColumnType::Bytes),
    }
}

/// How many of `left` rows go into the next statement without more parameters than the database takes.
fn piece(left: usize, width: usize, dialect: Dialect) -> usize {
    let limit = match dialect {
        Dialect::Sqlite => 32_766,
        Dialect::Postgres => 65_535,
    };
    let most = (limit / width.max(1)).min(left).max(1);
    PIECES.into_iter().find(|p| *p <= most).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_stay_under_the_limit_and_cover_all() {
        for (dialect, limit) in [(Dialect::Sqlite, 32_766), (Dialect::Postgres, 65_535)] {
            for width in [1, 7, 40, 300] {
                let mut left = 1_000;
                while left > 0 {
                    let n = piece(left, width, dialect);
                    assert!(n >= 1 && n <= left && n * width <= limit);
                    left -= n;
                }
            }
        }
    }
}
