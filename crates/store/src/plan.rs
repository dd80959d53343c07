//! From the schema that is there to the one that is asked for: steps, and the SQL of each. Pure.

use crate::schema::{Index, Schema, Table, TableColumn, create_index, create_table, type_name, zero};
use crate::sql::{Dialect, Sql};
use kernel::ColumnType;
use std::fmt::Write as _;

/// What one step does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    CreateTable(Table),
    DropTable {
        table: String,
    },
    AddColumn {
        table: String,
        column: TableColumn,
    },
    DropColumn {
        table: String,
        column: String,
    },
    CreateIndex {
        table: String,
        index: Index,
    },
    DropIndex {
        name: String,
    },
    /// Another key, type or nullability: the rows go over into a new table.
    Rebuild {
        from: Table,
        to: Table,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub change: Change,
    /// Data may be lost.
    pub destructive: bool,
    /// Rows that hold data the step would remove; none when it was not counted.
    pub rows: Option<u64>,
}

/// Steps in the order in which they can be applied. Empty: nothing to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    pub steps: Vec<Step>,
}

/// The steps from `stored` to `wanted`.
pub fn diff(stored: &Schema, wanted: &Schema) -> Plan {
    let mut order: [Vec<Step>; 6] = Default::default();
    let [drop_indexes, drop_tables, create_tables, add_columns, drop_columns, create_indexes] = &mut order;
    let safe = |change| Step { change, destructive: false, rows: None };
    let lossy = |change| Step { change, destructive: true, rows: None };
    for old in &stored.tables {
        if wanted.table(&old.name).is_none() {
            drop_tables.push(lossy(Change::DropTable { table: old.name.clone() }));
        }
    }
    for new in &wanted.tables {
        let index = |index: &Index| safe(Change::CreateIndex { table: new.name.clone(), index: index.clone() });
        let Some(old) = stored.table(&new.name) else {
            create_tables.push(safe(Change::CreateTable(Table { indexes: Vec::new(), ..new.clone() })));
            create_indexes.extend(new.indexes.iter().map(index));
            continue;
        };
        if needs_rebuild(old, new) {
            add_columns.push(Step {
                destructive: loses(old, new),
                change: Change::Rebuild { from: old.clone(), to: new.clone() },
                rows: None,
            });
            continue;
        }
        for i in old.indexes.iter().filter(|i| !new.indexes.contains(i)) {
            drop_indexes.push(safe(Change::DropIndex { name: i.name.clone() }));
        }
        for column in new.columns.iter().filter(|c| old.column(&c.name).is_none()) {
            let change = Change::AddColumn { table: new.name.clone(), column: column.clone() };
            add_columns.push(safe(change));
        }
        for column in old.columns.iter().filter(|c| new.column(&c.name).is_none()) {
            let change = Change::DropColumn { table: new.name.clone(), column: column.name.clone() };
            drop_columns.push(lossy(change));
        }
        create_indexes.extend(new.indexes.iter().filter(|i| !old.indexes.contains(i)).map(index));
    }
    Plan { steps: order.into_iter().flatten().collect() }
}

fn needs_rebuild(old: &Table, new: &Table) -> bool {
    old.primary_key != new.primary_key
        || old.clustered != new.clustered
        || old.columns.iter().any(|o| new.column(&o.name).is_some_and(|n| n.ty != o.ty || n.nullable != o.nullable))
}

fn loses(old: &Table, new: &Table) -> bool {
    old.primary_key != new.primary_key
        || old.columns.iter().any(|o| match new.column(&o.name) {
            None => true,
            Some(n) => !(n.ty == o.ty || widens(o.ty, n.ty)) || (o.nullable && !n.nullable),
        })
}

fn widens(from: ColumnType, to: ColumnType) -> bool {
    from == ColumnType::Int && to == ColumnType::Text
}

impl Plan {
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
    /// One line for each step: `create table party`, `add column party.x_mood` …
    pub fn summary(&self) -> Vec<String> {
        self.steps.iter().map(|s| format!("{} {}", s.verb(), s.target())).collect()
    }
    /// Steps that would remove data (or may: not counted).
    pub fn losing(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|s| s.destructive && s.rows != Some(0))
    }
    /// The SQL a person sees before agreeing, `;` after each statement, remarks before steps that remove something.
    pub fn show(&self, dialect: Dialect) -> String {
        let mut out = String::new();
        for step in &self.steps {
            if step.destructive {
                // Writing to a String does not fail.
                let _ = match step.rows {
                    Some(rows) => writeln!(out, "-- removes data of {rows} rows"),
                    None => writeln!(out, "-- removes data"),
                };
            }
            for sql in step.change.ddl(dialect) {
                out.push_str(&sql);
                out.push_str(";\n");
            }
        }
        out
    }
}

impl Step {
    fn verb(&self) -> &'static str {
        match &self.change {
            Change::CreateTable(_) => "create table",
            Change::DropTable { .. } => "drop table",
            Change::AddColumn { .. } => "add column",
            Change::DropColumn { .. } => "drop column",
            Change::CreateIndex { .. } => "create index",
            Change::DropIndex { .. } => "drop index",
            Change::Rebuild { .. } => "rebuild table",
        }
    }
    /// `table` or `table.column`, for people and for issues.
    pub fn target(&self) -> String {
        match &self.change {
            Change::CreateTable(t) | Change::Rebuild { to: t, .. } => t.name.clone(),
            Change::DropTable { table } => table.clone(),
            Change::AddColumn { table, column } => format!("{table}.{}", column.name),
            Change::DropColumn { table, column } => format!("{table}.{column}"),
            Change::CreateIndex { index, .. } => index.name.clone(),
            Change::DropIndex { name } => name.clone(),
        }
    }
}

impl Change {
    /// The statements of this step.
    pub fn ddl(&self, dialect: Dialect) -> Vec<String> {
        let mut sql = Sql::new(dialect);
        match self {
            Change::CreateTable(table) => return vec![create_table(dialect, table, &table.name)],
            Change::CreateIndex { table, index } => return vec![create_index(dialect, table, index)],
            Change::Rebuild { from, to } => return rebuild(dialect, from, to),
            Change::DropTable { table } => {
                sql.push("DROP TABLE ").ident(table);
            }
            Change::DropIndex { name } => {
                sql.push("DROP INDEX ").ident(name);
            }
            Change::DropColumn { table, column } => {
                sql.push("ALTER TABLE ").ident(table).push(" DROP COLUMN ").ident(column);
            }
            Change::AddColumn { table, column } => {
                sql.push("ALTER TABLE ").ident(table).push(" ADD COLUMN ").ident(&column.name);
                sql.push(" ").push(type_name(dialect, column.ty));
                if !column.nullable {
                    sql.push(" NOT NULL DEFAULT ").push(zero(dialect, column.ty));
                }
            }
        }
        vec![sql.text().to_owned()]
    }
}

fn rebuild(dialect: Dialect, from: &Table, to: &Table) -> Vec<String> {
    let interim = format!("sila_new_{}", to.name);
    let mut out = vec![create_table(dialect, to, &interim)];
    let mut copy = Sql::new(dialect);
    copy.push("INSERT INTO ").ident(&interim).push(" (").idents(to.names()).push(") SELECT ");
    for (i, column) in to.columns.iter().enumerate() {
        if i > 0 {
            copy.push(", ");
        }
        let fallback = if column.nullable { "NULL" } else { zero(dialect, column.ty) };
        match from.column(&column.name) {
            Some(old) if old.ty == column.ty => {
                if column.nullable || !old.nullable {
                    copy.ident(&column.name);
                } else {
                    copy.push("COALESCE(").ident(&column.name).push(", ").push(fallback).push(")");
                }
            }
            Some(old) if widens(old.ty, column.ty) => {
                copy.push("COALESCE(CAST(").ident(&column.name).push(" AS TEXT), ").push(fallback).push(")");
            }
            _ => {
                copy.push(fallback);
                if dialect == Dialect::Postgres {
                    copy.push("::").push(match column.ty {
                        ColumnType::Text => "TEXT",
                        ty => type_name(dialect, ty),
                    });
                }
            }
        }
    }
    copy.push(" FROM ").ident(&from.name);
    out.push(copy.text().to_owned());
    let mut drop = Sql::new(dialect);
    drop.push("DROP TABLE ").ident(&from.name);
    out.push(drop.text().to_owned());
    let mut rename = Sql::new(dialect);
    rename.push("ALTER TABLE ").ident(&interim).push(" RENAME TO ").ident(&to.name);
    out.push(rename.text().to_owned());
    if dialect == Dialect::Postgres {
        // The key's index must not keep the interim name, or the next rebuild meets it.
        let mut key = Sql::new(dialect);
        key.push("ALTER INDEX ").ident(&pkey(&interim)).push(" RENAME TO ").ident(&pkey(&to.name));
        out.push(key.text().to_owned());
    }
    out.extend(to.indexes.iter().map(|i| create_index(dialect, &to.name, i)));
    out
}

/// What PostgreSQL calls the index of a primary key.
fn pkey(table: &str) -> String {
    let name: String = table.chars().take(58).collect();
    format!("{name}_pkey")
}
