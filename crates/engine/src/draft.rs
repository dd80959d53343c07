//! What somebody wants a record to become.

use indexmap::IndexMap;
use kernel::{Record, Value};
use uuid::Uuid;

/// A record to be created (no id) or changed. Only the fields named in `values` are touched.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub id: Option<Uuid>,
    /// The revision the change is based on; a newer one in the table is a conflict. `None`: whatever is there.
    pub rev: Option<i64>,
    pub values: IndexMap<String, Value>,
    /// (system, key) in another system: found again by it, remembered with it.
    pub external: Option<(String, String)>,
    /// Fields that only actions and the system write may be written too.
    pub trusted: bool,
}

impl Draft {
    pub fn new() -> Self {
        Self::default()
    }
    pub fn of(id: Uuid) -> Self {
        Draft { id: Some(id), ..Self::default() }
    }
    #[must_use]
    pub fn rev(mut self, rev: i64) -> Self {
        self.rev = Some(rev);
        self
    }
    #[must_use]
    pub fn set(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.values.insert(field.to_owned(), value.into());
        self
    }
    #[must_use]
    pub fn external(mut self, system: &str, key: &str) -> Self {
        self.external = Some((system.into(), key.into()));
        self
    }
    #[must_use]
    pub fn trusted(mut self) -> Self {
        self.trusted = true;
        self
    }
}

/// What happened to one draft.
#[derive(Clone, Debug, PartialEq)]
pub enum Saved {
    Created(Record),
    Updated(Record),
    /// Everything already was as asked; no revision, no audit, no event.
    Unchanged(Record),
}

impl Saved {
    pub fn record(&self) -> &Record {
        match self {
            Saved::Created(r) | Saved::Updated(r) | Saved::Unchanged(r) => r,
        }
    }
    pub fn into_record(self) -> Record {
        match self {
            Saved::Created(r) | Saved::Updated(r) | Saved::Unchanged(r) => r,
        }
    }
}
