//! The text of a statement and its arguments, for either database.

use kernel::{Cell, ColumnType};
use std::fmt::Write as _;

/// Which database a statement is written for. Outside this crate nothing should need to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

/// A statement under construction. Values go in through [`Sql::bind`], names through [`Sql::ident`];
/// [`Sql::push`] takes only text written by a programmer.
#[derive(Clone, Debug)]
pub struct Sql {
    dialect: Dialect,
    text: String,
    args: Vec<Cell>,
    /// PostgreSQL: whole columns, numbered after the arguments.
    columns: Vec<(ColumnType, Vec<Cell>)>,
    once: bool,
}

impl Sql {
    pub fn new(dialect: Dialect) -> Self {
        Sql { dialect, text: String::with_capacity(256), args: Vec::new(), columns: Vec::new(), once: false }
    }
    /// A whole statement without arguments.
    pub fn of(dialect: Dialect, text: &str) -> Self {
        let mut sql = Sql::new(dialect);
        sql.push(text);
        sql
    }
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }
    pub fn is_sqlite(&self) -> bool {
        self.dialect == Dialect::Sqlite
    }
    /// SQL as written by the programmer; never text from outside.
    pub fn push(&mut self, sql: &str) -> &mut Self {
        self.text.push_str(sql);
        self
    }
    /// A value: `?` or `$n`.
    pub fn bind(&mut self, value: impl Into<Cell>) -> &mut Self {
        self.args.push(value.into());
        match self.dialect {
            Dialect::Sqlite => self.text.push('?'),
            Dialect::Postgres => {
                // Writing to a String does not fail.
                let _ = write!(self.text, "${}", self.args.len());
            }
        }
        self
    }
    /// A table, column or index name in double quotes; quotes in it are doubled.
    pub fn ident(&mut self, name: &str) -> &mut Self {
        self.text.push('"');
        for c in name.chars() {
            if c == '"' {
                self.text.push('"');
            }
            self.text.push(c);
        }
        self.text.push('"');
        self
    }
    /// `alias."column"`; with an empty alias only the column.
    pub fn column(&mut self, alias: &str, name: &str) -> &mut Self {
        if !alias.is_empty() {
            self.text.push_str(alias);
            self.text.push('.');
        }
        self.ident(name)
    }
    /// `"a", "b", "c"`.
    pub fn idents<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) -> &mut Self {
        for (i, name) in names.into_iter().enumerate() {
            if i > 0 {
                self.text.push_str(", ");
            }
            self.ident(name);
        }
        self
    }
    /// Behind a table and its alias: its rows are read in the order of this index. SQLite does not think of a limit
    /// when it plans; PostgreSQL does, and is told nothing.
    pub fn walking(&mut self, index: &str) -> &mut Self {
        if self.is_sqlite() {
            self.push(" INDEXED BY ").ident(index);
        }
        self
    }
    /// `(?, ?, ?)` for `IN`. An empty list becomes `(NULL)`, which nothing equals.
    pub fn bind_list(&mut self, values: impl IntoIterator<Item = Cell>) -> &mut Self {
        self.text.push('(');
        let mut none = true;
        for value in values {
            if !none {
                self.text.push_str(", ");
            }
            none = false;
            self.bind(value);
        }
        if none {
            self.text.push_str("NULL");
        }
        self.text.push(')');
        self
    }
    /// PostgreSQL: one array with a value for each row, for `unnest`. Values of their own are bound before.
    pub(crate) fn bind_column(&mut self, ty: ColumnType, values: Vec<Cell>) -> &mut Self {
        self.columns.push((ty, values));
        let array = match ty {
            ColumnType::Text => "text[]",
            ColumnType::Int => "bigint[]",
            ColumnType::Id => "uuid[]",
            ColumnType::Bytes => "bytea[]",
        };
        let _ = write!(self.text, "CAST(${} AS {array})", self.args.len() + self.columns.len());
        self
    }
    pub(crate) fn columns(&self) -> &[(ColumnType, Vec<Cell>)] {
        &self.columns
    }
    /// The statement will not come again in this form: it stays out of the cache of prepared statements.
    pub fn once(&mut self) -> &mut Self {
        self.once = true;
        self
    }
    pub fn is_once(&self) -> bool {
        self.once
    }
    pub fn text(&self) -> &str {
        &self.text
    }
    pub fn args(&self) -> &[Cell] {
        &self.args
    }
    pub fn args_len(&self) -> usize {
        self.args.len()
    }
}

/// Escapes `%`, `_` and `\` for `LIKE … ESCAPE '\'`.
pub fn like_escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_and_names() {
        let build = |d| {
            let mut s = Sql::new(d);
            s.push("SELECT ").column("t", "order").push(" FROM ").ident("a\"b").push(" WHERE x=").bind(1);
            s.push(" AND y IN ").bind_list([Cell::from("م"), Cell::Null]).push(" AND z IN ").bind_list([]);
            s
        };
        let lite = build(Dialect::Sqlite);
        assert_eq!(lite.text(), "SELECT t.\"order\" FROM \"a\"\"b\" WHERE x=? AND y IN (?, ?) AND z IN (NULL)");
        assert_eq!(lite.args_len(), 3);
        let pg = build(Dialect::Postgres);
        assert_eq!(pg.text(), "SELECT t.\"order\" FROM \"a\"\"b\" WHERE x=$1 AND y IN ($2, $3) AND z IN (NULL)");
        assert_eq!(like_escape("50%_\\"), "50\\%\\_\\\\");
    }
}
