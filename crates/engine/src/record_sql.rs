//! Rows to records and back: the column list of a set of fields, and decoding.

use kernel::{Cell, ColumnType, Field, Object, Record, Value};
use store::Sql;

/// What a SELECT reads of one object: `id`, `rev`, then the columns of each field.
pub(crate) struct Columns<'a> {
    object: &'a Object,
    /// Each with the number of its columns.
    fields: Vec<(&'a Field, usize)>,
    pub types: Vec<ColumnType>,
}

impl<'a> Columns<'a> {
    pub fn new(object: &'a Object, fields: Vec<&'a Field>) -> Self {
        let mut types = vec![ColumnType::Id, ColumnType::Int];
        let fields = fields
            .into_iter()
            .map(|f| {
                let columns = f.kind.value_columns(&f.key);
                types.extend(columns.iter().map(|c| c.ty));
                (f, columns.len())
            })
            .collect();
        Columns { object, fields, types }
    }
    /// Every field, system fields too.
    pub fn all(object: &'a Object) -> Self {
        Self::new(object, object.all_fields().collect())
    }

    /// `t."id", t."rev", t."name", …`
    pub fn write(&self, sql: &mut Sql, alias: &str) {
        sql.push(alias).push(".\"id\", ").push(alias).push(".\"rev\"");
        for (f, _) in &self.fields {
            for c in f.kind.value_columns(&f.key) {
                sql.push(", ").push(alias).push(".").ident(&c.name);
            }
        }
    }

    /// The record of a row read with [`Columns::write`]; further cells of the row are ignored.
    pub fn record(&self, row: &[Cell]) -> Option<Record> {
        let id = row.first()?.id()?;
        let mut record = Record::new(self.object.key.clone(), id);
        record.rev = row.get(1).and_then(Cell::int).unwrap_or_default();
        let mut at = 2;
        record.values.reserve(self.fields.len());
        for (f, width) in &self.fields {
            let cells = row.get(at..at + *width).unwrap_or_default();
            record.values.insert(f.key.clone(), f.kind.decode(cells));
            at += *width;
        }
        Some(record)
    }
}

/// `FROM "order" t`
pub(crate) fn from(sql: &mut Sql, object: &Object, alias: &str) {
    sql.push(" FROM ").ident(&object.key).push(" ").push(alias);
}

/// Withholds what the actor may not see: hidden fields vanish, masked ones keep their last two characters.
pub(crate) fn mask(actor: &crate::Actor, record: &mut Record) {
    if actor.is_system() {
        return;
    }
    let object = record.object.clone();
    record.values.retain(|key, value| match actor.mask(&object, key) {
        Some(kernel::Mask::Hidden) => false,
        Some(kernel::Mask::Masked) => {
            if !value.is_blank() {
                *value = Value::Text(dots(value));
            }
            true
        }
        _ => true,
    });
}

fn dots(value: &Value) -> String {
    let text = match value {
        Value::Text(t) => t.clone(),
        other => other.to_json().to_string(),
    };
    let tail: String = text.chars().rev().take(2).collect::<Vec<_>>().into_iter().rev().collect();
    if text.chars().count() > 4 { format!("••••{tail}") } else { "••••".to_owned() }
}
