//! Objects and fields made at run time: real tables and columns, through the same declarations as code.
//!
//! A change is planned (what it does to the database, what would be lost), then applied. Objects made this way have
//! keys beginning with `c_`, fields added to objects of code begin with `x_`: a later release can never collide with them.

use crate::{Actor, Company};
use kernel::{Cell, ColumnType, Fault, Field, Issue, Object, Outcome, Registry, Role, Source};
use serde::{Deserialize, Serialize};
use store::{Allow, Plan};

/// One wish.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// Makes or replaces a custom object.
    PutObject { object: Box<Object> },
    RemoveObject { object: String },
    /// Adds or replaces a custom field of any object.
    PutField { object: String, field: Box<Field> },
    RemoveField { object: String, field: String },
}

/// What changes would do.
#[derive(Clone, Debug)]
pub struct Planned {
    pub plan: Plan,
    registry: Registry,
}

impl Planned {
    /// Rows whose data would be lost, by table or column; empty: nothing is lost.
    pub fn loses(&self) -> Vec<(String, u64)> {
        self.plan.losing().map(|s| (s.target(), s.rows.unwrap_or_default())).filter(|(_, rows)| *rows > 0).collect()
    }
}

/// Adds what was made at run time to the declarations of code.
pub(crate) async fn extend(conn: &mut store::Conn, registry: &mut Registry) -> Outcome<()> {
    let mut sql = conn.sql();
    sql.push("SELECT definition FROM sila_object ORDER BY key");
    for row in conn.rows(&sql, &[ColumnType::Text]).await? {
        if let Some(object) = read::<Object>(row.first(), "object")? {
            registry.add_object(object);
        }
    }
    let mut sql = conn.sql();
    sql.push("SELECT definition, object FROM sila_field ORDER BY object, key");
    for row in conn.rows(&sql, &[ColumnType::Text, ColumnType::Text]).await? {
        let (Some(field), Some(key)) = (read::<Field>(row.first(), "field")?, row.get(1).and_then(Cell::text)) else { continue };
        put_field(registry, key, field);
    }
    let mut sql = conn.sql();
    sql.push("SELECT definition FROM sila_role ORDER BY key");
    for row in conn.rows(&sql, &[ColumnType::Text]).await? {
        if let Some(role) = read::<Role>(row.first(), "role")? {
            registry.add_role(role);
        }
    }
    Ok(())
}

fn read<T: for<'a> Deserialize<'a>>(cell: Option<&Cell>, what: &str) -> Outcome<Option<T>> {
    cell.and_then(Cell::text)
        .map(|t| serde_json::from_str(t).map_err(|e| Fault::internal(format!("a stored {what} cannot be read: {e}"))))
        .transpose()
}

/// Fields of objects that are no longer there (a module was switched off) wait.
fn put_field(registry: &mut Registry, object: &str, field: Field) {
    let Some(old) = registry.find(object) else { return };
    let mut object = Object::clone(old);
    object.fields.retain(|f| f.key != field.key);
    object.fields.push(field);
    registry.add_object(object);
}

impl Company {
    /// Checks changes and shows what they would do; nothing is done.
    ///
    /// # Errors
    /// Forbidden; invalid: names, targets or expressions that do not fit, each with `object.field`.
    pub async fn plan_changes(&self, actor: &Actor, changes: &[Change]) -> Outcome<Planned> {
        actor.must_administer()?;
        let mut registry = Registry::clone(&self.registry());
        for change in changes {
            prepare(&mut registry, change)?;
        }
        registry.check()?;
        let plan = store::migrate::plan(self.db(), &store::desired(&registry)).await?;
        Ok(Planned { plan, registry })
    }

    /// Applies changes. Objects and fields are at once in list, form, search, import, export and API.
    ///
    /// # Errors
    /// As [`Company::plan_changes`]; invalid `schema-would-lose` when data would be lost and `allow_loss` was not said.
    pub async fn apply_changes(&self, actor: &Actor, changes: &[Change], allow_loss: bool) -> Outcome<Planned> {
        let planned = self.plan_changes(actor, changes).await?;
        let loses = planned.loses();
        if !allow_loss && !loses.is_empty() {
            return Fault::check(
                loses.iter().map(|(name, rows)| Issue::new(name.clone(), "schema-would-lose").arg("name", name).arg("rows", rows)).collect(),
            )
            .map(|()| planned);
        }
        let wanted = store::desired(&planned.registry);
        let removing = changes.iter().any(|c| matches!(c, Change::RemoveObject { .. } | Change::RemoveField { .. }));
        // Columns without a declaration do no harm, a declaration without columns does: a crash in between leaves the former.
        if removing {
            self.write_definitions(actor, changes).await?;
            store::migrate::apply(self.db(), &wanted, Allow::Loss).await?;
        } else {
            store::migrate::apply(self.db(), &wanted, Allow::Loss).await?;
            self.write_definitions(actor, changes).await?;
        }
        self.set_registry(planned.registry.clone());
        for change in changes {
            if let Change::PutField { object, field } = change
                && matches!(field.kind, kernel::Kind::Rollup { .. })
            {
                crate::rollup::rebuild(self, object).await?;
            }
        }
        Ok(planned)
    }

    async fn write_definitions(&self, actor: &Actor, changes: &[Change]) -> Outcome<()> {
        let mut cx = self.write(actor).await?;
        for change in changes {
            let mut sql = cx.tx.sql();
            match change {
                Change::PutObject { object } => {
                    let definition = serde_json::to_string(&custom_object(object)).map_err(Fault::internal)?;
                    sql.push("INSERT INTO sila_object (key, definition) VALUES (").bind(object.key.as_str()).push(", ").bind(definition);
                    sql.push(") ON CONFLICT (key) DO UPDATE SET definition = excluded.definition");
                }
                Change::RemoveObject { object } => {
                    sql.push("DELETE FROM sila_object WHERE key = ").bind(object.as_str());
                    forget(&mut cx.tx, object).await?;
                }
                Change::PutField { object, field } => {
                    let definition = serde_json::to_string(&custom_field(field)).map_err(Fault::internal)?;
                    sql.push("INSERT INTO sila_field (object, key, definition) VALUES (").bind(object.as_str());
                    sql.push(", ").bind(field.key.as_str()).push(", ").bind(definition);
                    sql.push(") ON CONFLICT (object, key) DO UPDATE SET definition = excluded.definition");
                }
                Change::RemoveField { object, field } => {
                    sql.push("DELETE FROM sila_field WHERE object = ").bind(object.as_str()).push(" AND key = ").bind(field.as_str());
                }
            }
            cx.tx.exec(&sql).await?;
            let (object, data) = match change {
                Change::PutObject { object } => (object.key.clone(), serde_json::json!({"put_object": object.key})),
                Change::RemoveObject { object } => (object.clone(), serde_json::json!({"remove_object": object})),
                Change::PutField { object, field } => (object.clone(), serde_json::json!({"put_field": field.key})),
                Change::RemoveField { object, field } => (object.clone(), serde_json::json!({"remove_field": field})),
            };
            let audit = crate::side::Audit { object, record: uuid::Uuid::nil(), rev: 0, verb: "schema".into(), changes: data };
            crate::side::audit(&mut cx, vec![audit]).await?;
        }
        // Other nodes take over the new declarations.
        cx.tx.notify("schema".to_owned());
        cx.commit().await
    }
}

/// What hangs on the records of an object that goes away.
async fn forget(tx: &mut store::Tx, object: &str) -> Outcome<()> {
    for table in ["sila_timeline", "sila_comment", "sila_link", "sila_external", "sila_file", "sila_view", "sila_field"] {
        let mut sql = tx.sql();
        sql.push("DELETE FROM ").push(table).push(" WHERE object = ").bind(object);
        tx.exec(&sql).await?;
    }
    Ok(())
}

fn prepare(registry: &mut Registry, change: &Change) -> Outcome<()> {
    let refuse = |field: &str, key: &str| Fault::issue(Issue::new(field, key).arg("name", field));
    match change {
        Change::PutObject { object } => {
            if !object.key.starts_with("c_") {
                return Err(refuse(&object.key, "custom-object-prefix"));
            }
            registry.add_object(custom_object(object));
        }
        Change::RemoveObject { object } => {
            let old = registry.object(object)?;
            if old.source != Source::Custom {
                return Err(refuse(object, "custom-not-removable"));
            }
            if let Some((child, via)) = registry.children(object).find(|(child, _)| child.key != *object) {
                return Err(Fault::issue(
                    Issue::new(object.clone(), "custom-in-use").arg("name", object).arg("by", format!("{}.{}", child.key, via.key)),
                ));
            }
            registry.remove_object(object);
        }
        Change::PutField { object, field } => {
            if !field.key.starts_with("x_") && registry.object(object)?.source != Source::Custom {
                return Err(refuse(&field.key, "custom-field-prefix"));
            }
            registry.object(object)?;
            put_field(registry, object, custom_field(field));
        }
        Change::RemoveField { object, field } => {
            let old = registry.object(object)?;
            if !old.fields.iter().any(|f| f.key == *field && f.custom) {
                return Err(refuse(field, "custom-not-removable"));
            }
            let mut object = Object::clone(old);
            object.fields.retain(|f| f.key != *field);
            registry.add_object(object);
        }
    }
    Ok(())
}

fn custom_object(object: &Object) -> Object {
    let mut object = object.clone();
    object.source = Source::Custom;
    object.module = "custom".into();
    object
}

fn custom_field(field: &Field) -> Field {
    Field { custom: true, readonly: field.readonly || field.kind.computed(), system: false, ..field.clone() }
}
