//! The tables a registry asks for, and the way from what is there to what is asked for. Pure.

use crate::sql::{Dialect, Sql};
use kernel::{Capability, Column, ColumnType, Kind, Object, Registry};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use crate::migrate::Allow;

/// All tables of a company (or all system tables), in a fixed order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    pub tables: Vec<Table>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub name: String,
    pub columns: Vec<TableColumn>,
    pub primary_key: Vec<String>,
    #[serde(default)]
    pub indexes: Vec<Index>,
    /// SQLite keeps the rows in the order of the primary key (good for narrow tables).
    #[serde(default)]
    pub clustered: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableColumn {
    pub name: String,
    pub ty: ColumnType,
    pub nullable: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    pub name: String,
    pub columns: Vec<String>,
    #[serde(default)]
    pub unique: bool,
    /// Only rows with `deleted_at IS NULL`.
    #[serde(default)]
    pub living_only: bool,
    /// Only rows with `deleted_at IS NOT NULL`.
    #[serde(default)]
    pub trash_only: bool,
    /// Only rows whose first column has a value. Where most rows have none, a plain index makes the planner of SQLite
    /// expect as many rows under every key.
    #[serde(default)]
    pub filled_only: bool,
}

impl Schema {
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|t| t.name == name)
    }
}

impl Table {
    pub fn column(&self, name: &str) -> Option<&TableColumn> {
        self.columns.iter().find(|c| c.name == name)
    }
    /// Types in the order of `columns`.
    pub fn types(&self) -> Vec<ColumnType> {
        self.columns.iter().map(|c| c.ty).collect()
    }
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|c| c.name.as_str())
    }
}

/// The columns every object's table begins with, in this order.
pub fn system_columns() -> Vec<TableColumn> {
    use ColumnType::{Id, Int};
    [
        ("id", Id, false),
        ("rev", Int, false),
        ("created_at", Int, false),
        ("created_by", Id, true),
        ("updated_at", Int, false),
        ("updated_by", Id, true),
        ("deleted_at", Int, true),
    ]
    .into_iter()
    .map(|(name, ty, nullable)| TableColumn { name: name.into(), ty, nullable })
    .collect()
}

/// The tables of all objects.
pub fn desired(registry: &Registry) -> Schema {
    let mut tables: Vec<Table> = registry.objects().map(|o| table_of(o)).collect();
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    Schema { tables }
}

fn table_of(object: &Object) -> Table {
    let mut columns = system_columns();
    for field in &object.fields {
        columns.extend(field.columns().into_iter().map(|Column { name, ty }| TableColumn { name, ty, nullable: true }));
    }
    Table {
        name: object.key.clone(),
        columns,
        primary_key: vec!["id".into()],
        indexes: indexes_of(object),
        clustered: false,
    }
}

/// Indexes nobody has to ask for: uniqueness, references, default sort, stage, calendar, owner, time line, `indexed`.
fn indexes_of(object: &Object) -> Vec<Index> {
    let mut list = IndexList { table: &object.key, indexes: Vec::new() };
    let first = |key: &str| object.get(key).and_then(|f| f.columns().into_iter().next()).map(|c| c.name);
    for field in object.fields.iter().filter(|f| f.unique) {
        if let Some(column) = first(&field.key) {
            list.unique(vec![column]);
        }
    }
    for set in &object.unique {
        list.unique(set.iter().filter_map(|k| first(k)).collect());
    }
    // The default sort, once for each language that sorts differently.
    let sort: Vec<&str> =
        object.sort.split(',').map(|k| k.trim().trim_start_matches(['-', '+'])).filter(|k| !k.is_empty()).collect();
    let mut whole_sorts = Vec::new();
    for lang in ["ar", "en"] {
        let columns: Vec<Column> =
            sort.iter().filter_map(|k| object.get(k).and_then(|f| f.kind.sort_column(k, lang))).collect();
        if columns.len() > 1 {
            list.living(columns.iter().map(|c| c.name.clone()).chain(["id".into()]).collect());
        }
        for column in &columns {
            list.living(vec![column.name.clone(), "id".into()]);
        }
        whole_sorts.push(columns);
    }
    for field in object.fields.iter().filter(|f| matches!(f.kind, Kind::Ref { .. })) {
        // A list of children is read in the child's own order; wide text keys are not worth repeating in each index.
        let mut columns = vec![field.key.clone()];
        if let Some(sort) = whole_sorts.first()
            && sort.iter().all(|c| c.ty != ColumnType::Bytes && c.name != field.key)
        {
            columns.extend(sort.iter().map(|c| c.name.clone()));
        }
        columns.push("id".into());
        list.referring(columns, !field.required);
    }
    let named = [&object.stage, &object.calendar, &object.happened, &object.owner];
    let marked = object.fields.iter().filter(|f| f.indexed).map(|f| f.key.as_str());
    for key in named.into_iter().flatten().map(String::as_str).chain(marked) {
        if object.get(key).is_some_and(|f| matches!(f.kind, Kind::Ref { .. })) {
            continue;
        }
        if let Some(column) = first(key) {
            list.living(vec![column, "id".into()]);
        }
    }
    owned(object, &mut list);
    if object.can(Capability::Trash) {
        let columns: Vec<String> = vec!["deleted_at".into(), "id".into()];
        let name = index_name("ix", &object.key, &["trash"]);
        list.push(Index { name, columns, unique: false, living_only: false, trash_only: true, filled_only: false });
    }
    list.indexes
}

/// The orders of lists once more for the rows of one owner: whoever sees his own and his team's rows reads each
/// owner's rows in the order of the list, and counts them by stage, without touching those of others.
fn owned(object: &Object, list: &mut IndexList<'_>) {
    let Some(owner) = object.owner.as_deref().and_then(|o| object.get(o)) else { return };
    if !matches!(owner.kind, Kind::Ref { .. }) {
        return;
    }
    let wide = |column: &str| {
        let field = object.fields.iter().find(|f| f.columns().iter().any(|c| c.name == column));
        // A text that is looked up whole needs no order among an owner's rows.
        field.is_none_or(|f| f.unique || matches!(f.kind.stored(), Kind::Email | Kind::Phone | Kind::Url | Kind::Code { .. }))
    };
    let orders: Vec<Vec<String>> = list
        .indexes
        .iter()
        .filter(|i| i.living_only && !i.unique && i.columns.first().is_some_and(|c| !wide(c)))
        .map(|i| std::iter::once(owner.key.clone()).chain(i.columns.iter().cloned()).collect())
        .collect();
    for columns in orders {
        list.living(columns);
    }
    for field in object.fields.iter().filter(|f| f.timeline && f.key != owner.key && matches!(f.kind, Kind::Ref { .. })) {
        list.living(vec![owner.key.clone(), field.key.clone(), "id".into()]);
    }
}

/// The index over the living rows of an object in the order of these columns, `id` last.
pub fn sort_index(object: &Object, columns: &[&str]) -> Option<String> {
    let wanted = |i: &Index| i.living_only && !i.unique && i.columns.iter().map(String::as_str).eq(columns.iter().copied());
    indexes_of(object).into_iter().find(wanted).map(|i| i.name)
}

struct IndexList<'a> {
    table: &'a str,
    indexes: Vec<Index>,
}

impl IndexList<'_> {
    fn push(&mut self, index: Index) {
        let same = |i: &Index| i.columns == index.columns && i.unique == index.unique;
        if !index.columns.is_empty() && !self.indexes.iter().any(|i| same(i) || i.name == index.name) {
            self.indexes.push(index);
        }
    }
    fn name(&self, prefix: &str, columns: &[String]) -> String {
        let parts: Vec<&str> =
            columns.iter().map(String::as_str).filter(|c| *c != "id" || columns.len() == 1).collect();
        index_name(prefix, self.table, &parts)
    }
    fn add(&mut self, prefix: &str, columns: Vec<String>, unique: bool, living_only: bool) {
        let name = self.name(prefix, &columns);
        self.push(Index { name, columns, unique, living_only, trash_only: false, filled_only: false });
    }
    fn unique(&mut self, columns: Vec<String>) {
        self.add("uq", columns, true, true);
    }
    fn living(&mut self, columns: Vec<String>) {
        self.add("ix", columns, false, true);
    }
    fn referring(&mut self, columns: Vec<String>, filled_only: bool) {
        let name = self.name("ix", &columns);
        self.push(Index { name, columns, unique: false, living_only: false, trash_only: false, filled_only });
    }
}

/// `uq_party__code`; longer than PostgreSQL's 63 letters it ends in a hash instead.
pub fn index_name(prefix: &str, table: &str, columns: &[&str]) -> String {
    let name = format!("{prefix}_{table}__{}", columns.join("__"));
    if name.len() <= 60 {
        return name;
    }
    let hash = hex::encode(Sha256::digest(name.as_bytes()));
    format!("{}_{}", name.get(..50).unwrap_or(&name), hash.get(..9).unwrap_or(&hash))
}

/// A type as the database calls it.
pub(crate) fn type_name(dialect: Dialect, ty: ColumnType) -> &'static str {
    match (dialect, ty) {
        (Dialect::Sqlite, ColumnType::Text) => "TEXT",
        // Compared byte by byte, as SQLite does and as every other node's locale does.
        (Dialect::Postgres, ColumnType::Text) => "TEXT COLLATE \"C\"",
        (Dialect::Sqlite, ColumnType::Int) => "INTEGER",
        (Dialect::Postgres, ColumnType::Int) => "BIGINT",
        (Dialect::Sqlite, ColumnType::Id | ColumnType::Bytes) => "BLOB",
        (Dialect::Postgres, ColumnType::Id) => "UUID",
        (Dialect::Postgres, ColumnType::Bytes) => "BYTEA",
    }
}

/// What fills a column that must not be null when rows are already there.
pub(crate) fn zero(dialect: Dialect, ty: ColumnType) -> &'static str {
    match (dialect, ty) {
        (_, ColumnType::Text) => "''",
        (_, ColumnType::Int) => "0",
        (Dialect::Sqlite, ColumnType::Id) => "x'00000000000000000000000000000000'",
        (Dialect::Postgres, ColumnType::Id) => "'00000000-0000-0000-0000-000000000000'",
        (Dialect::Sqlite, ColumnType::Bytes) => "x''",
        (Dialect::Postgres, ColumnType::Bytes) => "'\\x'",
    }
}

pub(crate) fn create_table(dialect: Dialect, table: &Table, name: &str) -> String {
    let mut sql = Sql::new(dialect);
    sql.push("CREATE TABLE ").ident(name).push(" (\n");
    for column in &table.columns {
        sql.push("  ").ident(&column.name).push(" ").push(type_name(dialect, column.ty));
        sql.push(if column.nullable { ",\n" } else { " NOT NULL,\n" });
    }
    sql.push("  PRIMARY KEY (").idents(table.primary_key.iter().map(String::as_str)).push(")\n)");
    if dialect == Dialect::Sqlite && table.clustered {
        sql.push(" WITHOUT ROWID");
    }
    sql.text().to_owned()
}

pub(crate) fn create_index(dialect: Dialect, table: &str, index: &Index) -> String {
    let mut sql = Sql::new(dialect);
    sql.push(if index.unique { "CREATE UNIQUE INDEX " } else { "CREATE INDEX " });
    sql.ident(&index.name).push(" ON ").ident(table).push(" (");
    for (i, column) in index.columns.iter().enumerate() {
        sql.push(if i == 0 { "" } else { ", " }).ident(column);
        // Nulls stand where SQLite has them, so that one index serves both directions of a list.
        if dialect == Dialect::Postgres && !index.unique {
            sql.push(" NULLS FIRST");
        }
    }
    sql.push(")");
    if index.living_only {
        sql.push(" WHERE deleted_at IS NULL");
    } else if index.trash_only {
        sql.push(" WHERE deleted_at IS NOT NULL");
    } else if let Some(column) = index.columns.first().filter(|_| index.filled_only) {
        sql.push(" WHERE ").ident(column).push(" IS NOT NULL");
    }
    sql.text().to_owned()
}
