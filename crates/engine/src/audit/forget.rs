//! Values of a record that may no longer be known, taken out of the audit while the chain still holds.

use super::chain::{Class, Row, Salts, TYPES, hex, select};
use crate::Cx;
use kernel::{Cell, Outcome};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

impl Cx {
    /// Takes the values of a record out of the audit, in changes and reads: those of `fields`, or all. Who did
    /// something when stays, and that values were forgotten is a line of its own. How many rows were touched.
    ///
    /// # Errors
    /// Forbidden for non-administrators; the database.
    pub async fn forget_audit(&mut self, object: &str, record: Uuid, fields: Option<&[&str]>) -> Outcome<usize> {
        self.actor.must_administer()?;
        forget(self, object, record, fields).await
    }
}

/// The same, without asking who does it.
pub(crate) async fn forget(cx: &mut Cx, object: &str, record: Uuid, fields: Option<&[&str]>) -> Outcome<usize> {
    let mut touched = 0;
    for class in Class::ALL {
        let mut sql = cx.tx.sql();
        select(class, &mut sql);
        sql.push(" WHERE a.object = ").bind(object).push(" AND a.record_id = ").bind(record);
        let rows: Vec<Row> = cx.tx.rows(&sql, TYPES).await?.iter().filter_map(|r| Row::read(class, r)).collect();
        for row in rows.iter().filter(|r| r.verb != "forgotten") {
            let Some((values, salts)) = without(row, fields) else { continue };
            let mut sql = cx.tx.sql();
            sql.push("UPDATE ").push(class.table()).push(if class == Class::Change {
                " SET changes = "
            } else {
                " SET detail = "
            });
            sql.bind(values).push(", salt = ").bind(salts);
            sql.push(" WHERE object = ").bind(object).push(" AND record_id = ").bind(record);
            sql.push(" AND at = ").bind(row.at).push(" AND id = ").bind(row.id);
            cx.tx.exec(&sql).await?;
            touched += 1;
        }
    }
    if touched > 0 {
        cx.audit(object, record, "forgotten", json!({"rows": touched, "fields": fields})).await?;
    }
    Ok(touched)
}

/// The values and salts of a row after it has forgotten; none when it knows nothing of the kind.
fn without(row: &Row, fields: Option<&[&str]>) -> Option<(Cell, Cell)> {
    let salts = Salts::read(row.salt.as_deref().unwrap_or_default());
    let mut kept = Map::new();
    let mut each: Map<String, Json> =
        salts.forgotten().map(|(key, leaf)| (key.clone(), json!(format!("h:{}", hex(&leaf))))).collect();
    let before = each.len();
    for (key, value) in row.map() {
        if fields.is_none_or(|f| f.contains(&key.as_str())) {
            each.insert(key.clone(), json!(format!("h:{}", hex(&salts.leaf(&key, &value)))));
        } else {
            each.insert(key.clone(), json!(format!("s:{}", salts.of(&key))));
            kept.insert(key, value);
        }
    }
    let gone = each.values().filter(|v| v.as_str().is_some_and(|s| s.starts_with("h:"))).count();
    if gone == before {
        return None;
    }
    let values = if kept.is_empty() { Cell::Null } else { Cell::Text(Json::Object(kept).to_string()) };
    Some((values, Cell::Text(Json::Object(each).to_string())))
}
