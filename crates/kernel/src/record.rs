//! One row of one object.

use crate::value::Value;
use indexmap::IndexMap;
use uuid::Uuid;

/// Object, id, revision and the values that were asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub object: String,
    pub id: Uuid,
    /// Goes up by one with each change; the ETag of the API and the check against a second saver.
    pub rev: i64,
    /// By field key, in the order they were read; includes system fields that were asked for.
    pub values: IndexMap<String, Value>,
}

impl Record {
    pub fn new(object: impl Into<String>, id: Uuid) -> Self {
        Self { object: object.into(), id, rev: 0, values: IndexMap::new() }
    }
    /// The value of a field; null where it was not read or is empty.
    pub fn get(&self, field: &str) -> &Value {
        static NULL: Value = Value::Null;
        self.values.get(field).unwrap_or(&NULL)
    }
    pub fn set(&mut self, field: impl Into<String>, value: impl Into<Value>) {
        self.values.insert(field.into(), value.into());
    }
    #[must_use]
    pub fn with(mut self, field: impl Into<String>, value: impl Into<Value>) -> Self {
        self.set(field, value);
        self
    }
}
