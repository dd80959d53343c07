//! How values lie in a table: four portable column types, equal on SQLite and PostgreSQL.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A physical column type. Why only four: see `docs/adr/0002-portable-storage.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnType {
    /// UTF-8 text; dates as `YYYY-MM-DD`; JSON as text.
    Text,
    /// Signed 64 bit: integers, booleans (0/1), minor units, scaled decimals, microseconds since 1970 UTC.
    Int,
    /// A UUID: 16-byte BLOB on SQLite, `uuid` on PostgreSQL.
    Id,
    /// Raw bytes (sort keys), compared byte by byte.
    Bytes,
}

/// One physical column of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    pub name: String,
    pub ty: ColumnType,
}

impl Column {
    pub fn new(name: impl Into<String>, ty: ColumnType) -> Self {
        Self { name: name.into(), ty }
    }
}

/// What one column of one row holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    Null,
    Text(String),
    Int(i64),
    Id(Uuid),
    Bytes(Vec<u8>),
}

impl Cell {
    pub fn is_null(&self) -> bool {
        matches!(self, Cell::Null)
    }
    pub fn int(&self) -> Option<i64> {
        if let Cell::Int(v) = self { Some(*v) } else { None }
    }
    pub fn text(&self) -> Option<&str> {
        if let Cell::Text(v) = self { Some(v) } else { None }
    }
    pub fn id(&self) -> Option<Uuid> {
        if let Cell::Id(v) = self { Some(*v) } else { None }
    }
    pub fn bytes(&self) -> Option<&[u8]> {
        if let Cell::Bytes(v) = self { Some(v) } else { None }
    }
}

impl From<i64> for Cell {
    fn from(v: i64) -> Self {
        Cell::Int(v)
    }
}
impl From<&str> for Cell {
    fn from(v: &str) -> Self {
        Cell::Text(v.to_owned())
    }
}
impl From<String> for Cell {
    fn from(v: String) -> Self {
        Cell::Text(v)
    }
}
impl From<Uuid> for Cell {
    fn from(v: Uuid) -> Self {
        Cell::Id(v)
    }
}
impl From<bool> for Cell {
    fn from(v: bool) -> Self {
        Cell::Int(v.into())
    }
}
impl From<jiff::Timestamp> for Cell {
    fn from(v: jiff::Timestamp) -> Self {
        Cell::Int(v.as_microsecond())
    }
}
impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(v: Option<T>) -> Self {
        v.map_or(Cell::Null, Into::into)
    }
}
