//! Many rows with few statements.

use crate::conn::Tx;
use crate::sql::Dialect;
use kernel::{Cell, Fault, Outcome};

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
        match existing {
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
        changed += tx.exec(&sql).await?;
    }
    Ok(changed)
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
