//! A change of an activity, as those who follow it look at it.

use kernel::Record;

/// Created or restored (no `before`), changed, or deleted (no `after`).
#[derive(Clone, Copy, Debug)]
pub struct Touched<'a> {
    pub before: Option<&'a Record>,
    pub after: Option<&'a Record>,
}

impl<'a> Touched<'a> {
    /// The record as it is now, or as it last was.
    pub fn record(&self) -> Option<&'a Record> {
        self.after.or(self.before)
    }
    /// Whether a field differs; always for new and deleted records.
    pub fn changed(&self, field: &str) -> bool {
        match (self.before, self.after) {
            (Some(b), Some(a)) => b.get(field) != a.get(field),
            _ => true,
        }
    }
}
