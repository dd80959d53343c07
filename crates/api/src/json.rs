//! Records to JSON and JSON to values.

use crate::request::Ctx;
use indexmap::IndexMap;
use kernel::{Field, Name, Object, Outcome, Record, Sensitivity, Value};
use kernel::value::Plain;
use serde::{Serialize, ser::SerializeMap};
use serde_json::{Map, Value as Json, json};

/// A record as the API shows it: `id`, `rev`, its fields in declared order, then when and by whom.
/// It was loaded for its reader: what he may not see is not in it. Secrets never are.
pub struct Shown<'a>(pub &'a Object, pub &'a Record);

impl Serialize for Shown<'_> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Shown(object, record) = self;
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("id", &record.id)?;
        map.serialize_entry("rev", &record.rev)?;
        for f in object.all_fields().filter(|f| f.key != "rev" && f.sensitivity != Sensitivity::Secret) {
            if let Some(value) = record.values.get(&f.key) {
                map.serialize_entry(&f.key, &Plain(value))?;
            }
        }
        map.end()
    }
}

/// The same as a tree, where something is put into it or taken from it.
pub fn record(object: &Object, record: &Record) -> Json {
    serde_json::to_value(Shown(object, record)).unwrap_or_default()
}

pub fn name(name: &Name) -> Json {
    json!({"ar": name.ar, "latin": name.latin})
}

/// As [`engine::fit::values`].
pub(crate) fn values(ctx: &Ctx, object: &Object, body: &Map<String, Json>) -> Outcome<IndexMap<String, Value>> {
    engine::fit::values(&ctx.company, &ctx.actor, object, body)
}

/// As [`engine::fit::input`].
pub(crate) fn input(ctx: &Ctx, action: &str, fields: &[Field], body: &Map<String, Json>) -> Outcome<IndexMap<String, Value>> {
    engine::fit::input(&ctx.company, &ctx.actor, action, fields, body)
}
