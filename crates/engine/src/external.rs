//! What a record is called elsewhere: its keys in an accounting system, a shop, a partner's list.
//!
//! Within a system a key leads to one living record of an object, and a record may have several (a merged customer keeps
//! the keys of both). Who may read the record may read its keys, who may change it may add and remove them, and it is
//! found by them in search.

use crate::side::{self, Audit};
use crate::{Actor, Company, Cx};
use kernel::{Cell, ColumnType, Fault, Issue, Object, Outcome, Record, Verb};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::Conn;
use uuid::Uuid;

/// A key in another system.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct External {
    /// `erp`, `shop`.
    pub system: String,
    pub key: String,
}

/// The most characters of a key.
pub const LONGEST: usize = 200;

/// The short name of a system as it is kept, of what a person typed: `ERP` is `erp`.
///
/// # Errors
/// Invalid: no name that both scripts of code can write.
pub fn system_name(typed: &str) -> Outcome<String> {
    let name = typed.trim().to_lowercase().replace([' ', '-', '.'], "_");
    if kernel::registry::valid_key(&name) { Ok(name) } else { Err(Fault::invalid("system", "external-bad-system")) }
}

/// The keys of living records, those of one record in order.
pub(crate) async fn of(conn: &mut Conn, object: &str, ids: &[Uuid]) -> Outcome<BTreeMap<Uuid, Vec<External>>> {
    let mut found: BTreeMap<Uuid, Vec<External>> = BTreeMap::new();
    for chunk in ids.chunks(500) {
        let mut sql = conn.sql();
        sql.push("SELECT record_id, system, key FROM sila_external WHERE object = ").bind(object).push(" AND record_id IN ");
        sql.bind_list(chunk.iter().map(|id| Cell::Id(*id))).push(" ORDER BY system, key");
        for row in conn.rows(&sql, &[ColumnType::Id, ColumnType::Text, ColumnType::Text]).await? {
            let text = |i: usize| row.get(i).and_then(Cell::text).unwrap_or_default().to_owned();
            if let Some(id) = row.first().and_then(Cell::id) {
                found.entry(id).or_default().push(External { system: text(1), key: text(2) });
            }
        }
    }
    Ok(found)
}

impl Company {
    /// The keys of a record in other systems.
    ///
    /// # Errors
    /// Not found.
    pub async fn external_keys(&self, actor: &Actor, object: &str, id: Uuid) -> Outcome<Vec<External>> {
        let mut conn = self.db().read().await?;
        self.get_in(&mut conn, actor, object, id).await?;
        Ok(of(&mut conn, object, &[id]).await?.remove(&id).unwrap_or_default())
    }

    /// The systems in which records of an object have keys.
    ///
    /// # Errors
    /// The database.
    pub async fn external_systems(&self, object: &str) -> Outcome<Vec<String>> {
        let mut conn = self.db().read().await?;
        let mut sql = conn.sql();
        sql.push("SELECT DISTINCT system FROM sila_external WHERE object = ").bind(object).push(" ORDER BY system LIMIT 50");
        let rows = conn.rows(&sql, &[ColumnType::Text]).await?;
        Ok(rows.iter().filter_map(|r| r.first().and_then(Cell::text)).map(str::to_owned).collect())
    }

    /// The record with this key in another system.
    ///
    /// # Errors
    /// Not found, also when it is not for this reader.
    pub async fn by_external(&self, actor: &Actor, object: &str, system: &str, key: &str) -> Outcome<Record> {
        let registry = self.registry();
        let declared = registry.object(object)?;
        actor.rule(declared, &Verb::Read)?;
        let mut conn = self.db().read().await?;
        let mut sql = conn.sql();
        sql.push("SELECT record_id FROM sila_external WHERE object = ").bind(object).push(" AND system = ").bind(system).push(" AND key = ").bind(key);
        let found = conn.row(&sql, &[ColumnType::Id]).await?.and_then(|r| r.first().and_then(Cell::id));
        drop(conn);
        self.get(actor, object, found.ok_or_else(Fault::not_found)?).await
    }
}

impl Cx {
    /// Gives a record a key in another system. Says whether it is new.
    ///
    /// # Errors
    /// Not found; forbidden: who may not change the record; invalid: no key, or one that another record has.
    pub async fn add_external(&mut self, object: &str, id: Uuid, system: &str, key: &str) -> Outcome<bool> {
        let object = self.object(object)?;
        let key = key.trim();
        if key.is_empty() {
            return Err(Fault::invalid("key", "value-required"));
        }
        if key.chars().count() > LONGEST {
            return Err(Fault::issue(Issue::new("key", "value-too-long").arg("max", LONGEST).arg("length", key.chars().count())));
        }
        let system = system_name(system)?;
        let record = self.keyed(&object, id).await?;
        if !self.remember_key(&object, id, &system, key).await? {
            return Ok(false);
        }
        self.note_key(&object, &record, &system, None, Some(key)).await?;
        Ok(true)
    }

    /// Takes a key away from a record. Says whether it had it.
    ///
    /// # Errors
    /// Not found; forbidden.
    pub async fn remove_external(&mut self, object: &str, id: Uuid, system: &str, key: &str) -> Outcome<bool> {
        let object = self.object(object)?;
        let record = self.keyed(&object, id).await?;
        let mut sql = self.tx.sql();
        sql.push("DELETE FROM sila_external WHERE object = ").bind(object.key.as_str()).push(" AND record_id = ").bind(id);
        sql.push(" AND system = ").bind(system).push(" AND key = ").bind(key);
        if self.tx.exec(&sql).await? == 0 {
            return Ok(false);
        }
        self.note_key(&object, &record, system, Some(key), None).await?;
        Ok(true)
    }

    /// The record, when it is the actor's to change. By the keys of users somebody else says who they are.
    async fn keyed(&mut self, object: &Arc<Object>, id: Uuid) -> Outcome<Record> {
        if object.key == "user" {
            self.actor.must_administer()?;
        }
        let (company, actor) = (self.company.clone(), self.actor.clone());
        let mut found = company.some(&mut self.tx, &actor, object, &[id], &Verb::Update, true).await?;
        match found.pop() {
            Some(record) => Ok(record),
            None => {
                let readable = company.allowed(&mut self.tx, &actor, object, &[id], &Verb::Read).await?;
                Err(if readable.is_empty() { Fault::not_found() } else { Fault::forbidden() })
            }
        }
    }

    /// Writes the key down; false: it is there already.
    pub(crate) async fn remember_key(&mut self, object: &Arc<Object>, id: Uuid, system: &str, key: &str) -> Outcome<bool> {
        let taken = self.external_ids(&object.key, system, &[key.to_owned()]).await?.get(key).copied();
        match taken {
            Some(owner) if owner == id => return Ok(false),
            // Whose it is is not said: he may not be allowed to see that record.
            Some(_) => return Err(Fault::issue(Issue::new("key", "external-taken").arg("system", system).arg("key", key))),
            None => {}
        }
        // Of a record in the trash, or one that is gone: the living one takes it over.
        let mut sql = self.tx.sql();
        sql.push("DELETE FROM sila_external WHERE object = ").bind(object.key.as_str()).push(" AND system = ").bind(system).push(" AND key = ").bind(key);
        self.tx.exec(&sql).await?;
        let row = vec![object.key.as_str().into(), system.into(), key.into(), id.into()];
        store::insert_many(&mut self.tx, "sila_external", &["object", "system", "key", "record_id"], vec![row]).await?;
        Ok(true)
    }

    async fn note_key(&mut self, object: &Arc<Object>, record: &Record, system: &str, before: Option<&str>, after: Option<&str>) -> Outcome<()> {
        if crate::save::audited(object) {
            let changes = json!({ format!("external.{system}"): [before, after] });
            side::audit(self, vec![Audit { object: object.key.clone(), record: record.id, rev: record.rev, verb: "updated".into(), changes }]).await?;
        }
        crate::part::reindex(self, object, &[record.id]).await?;
        self.signal(object, std::iter::once(record));
        Ok(())
    }
}
