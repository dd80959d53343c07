//! Who follows a record and is told what happens on it: its owner and whoever commented, unless he said no; whoever said yes.

use crate::save::Change;
use crate::{Actor, Company, Cx, Notice};
use kernel::{Cell, ColumnType, Object, Outcome, Record, Value};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The most records of one change whose followers are told; of more (a mass change, an import) nobody is.
const FEW: usize = 20;

impl Company {
    /// Whether the actor follows a record, by his word or by default, and how many do in all.
    ///
    /// # Errors
    /// The database.
    pub async fn follows(&self, actor: &Actor, record: &Record) -> Outcome<(bool, usize)> {
        let registry = self.registry();
        let object = registry.object(&record.object)?.clone();
        let mut conn = self.db().read().await?;
        let all = followers(&mut conn, &registry, &object, record).await?;
        Ok((all.contains(&actor.id), all.len()))
    }

    /// Follows a record or no longer does.
    ///
    /// # Errors
    /// Not found.
    pub async fn follow(&self, actor: &Actor, object: &str, id: Uuid, yes: bool) -> Outcome<()> {
        let mut cx = self.write(actor).await?;
        self.get_in(&mut cx.tx, actor, object, id).await?;
        let row = vec![object.into(), id.into(), actor.id.into(), i64::from(yes).into(), cx.now.into()];
        store::rows::upsert_many(&mut cx.tx, "sila_follow", &["object", "record_id", "user_id", "yes", "at"], &["object", "record_id", "user_id"], vec![row]).await?;
        cx.commit().await
    }
}

/// The followers of a record.
async fn followers(conn: &mut store::Conn, registry: &kernel::Registry, object: &Object, record: &Record) -> Outcome<BTreeSet<Uuid>> {
    let mut all = BTreeSet::new();
    all.extend(owner(conn, registry, object, record).await?);
    let mut sql = conn.sql();
    sql.push("SELECT user_id, yes FROM sila_follow WHERE object = ").bind(object.key.as_str()).push(" AND record_id = ").bind(record.id);
    for row in conn.rows(&sql, &[ColumnType::Id, ColumnType::Int]).await? {
        match (row.first().and_then(Cell::id), row.get(1).and_then(Cell::int)) {
            (Some(user), Some(0)) => all.remove(&user),
            (Some(user), _) => all.insert(user),
            _ => false,
        };
    }
    Ok(all)
}

/// The owner of a record, through the references of its object's owner path.
async fn owner(conn: &mut store::Conn, registry: &kernel::Registry, object: &Object, record: &Record) -> Outcome<Option<Uuid>> {
    let Some(path) = &object.owner else { return Ok(None) };
    let mut steps = path.split('.');
    let Some(first) = steps.next() else { return Ok(None) };
    let mut here = record.get(first).id();
    let mut at = object.get(first).and_then(|f| f.kind.target()).unwrap_or_default().to_owned();
    for step in steps {
        let (Some(id), Some(next)) = (here, registry.find(&at)) else { return Ok(None) };
        let Some(field) = next.get(step) else { return Ok(None) };
        let mut sql = conn.sql();
        sql.push("SELECT ").ident(step).push(" FROM ").ident(&next.key).push(" WHERE \"id\" = ").bind(id);
        here = conn.row(&sql, &[ColumnType::Id]).await?.and_then(|r| r.first().and_then(Cell::id));
        at = field.kind.target().unwrap_or_default().to_owned();
    }
    Ok(here)
}

impl Cx {
    /// Whoever does something on a record follows it, unless he has said that he does not want to.
    pub(crate) async fn follow_by_deed(&mut self, object: &str, id: Uuid) -> Outcome<()> {
        if self.actor.is_system() {
            return Ok(());
        }
        let row = vec![object.into(), id.into(), self.actor.id.into(), 1.into(), self.now.into()];
        store::insert_missing(&mut self.tx, "sila_follow", &["object", "record_id", "user_id", "yes", "at"], vec![row]).await.map(|_| ())
    }

    /// Tells the followers of a record, without those in `told`.
    pub(crate) async fn tell_followers(&mut self, object: &Object, record: &Record, kind: &str, data: &Json, told: &BTreeSet<Uuid>) -> Outcome<()> {
        let registry = self.registry.clone();
        let all = followers(&mut self.tx, &registry, object, record).await?;
        for user in all.difference(told).copied().filter(|u| *u != self.actor.id).collect::<Vec<_>>() {
            self.notify(Notice { user, kind, object: &object.key, record: record.id, data: data.clone() }).await?;
        }
        Ok(())
    }

    /// After records were saved: new owners hear of what is theirs now, followers of another stage and of what is new.
    /// Imports and large changes tell nobody; what the program writes down of the past (a letter that came) is nobody's new work.
    pub(crate) async fn tell_changes(&mut self, object: &Object, changes: &[&Change]) -> Outcome<()> {
        if self.retold || changes.len() > FEW {
            return Ok(());
        }
        let none = BTreeSet::new();
        let owned = object.owner.as_deref().filter(|o| !o.contains('.'));
        for c in changes {
            let mut told = BTreeSet::new();
            if let Some(field) = owned
                && let Value::Id(owner) = c.after.get(field)
                && c.before.as_ref().is_none_or(|b| b.get(field) != c.after.get(field))
                && (c.before.is_some() || object.happened.is_none() || !self.actor.is_system())
            {
                self.notify(Notice { user: *owner, kind: "assigned", object: &object.key, record: c.after.id, data: Json::Null }).await?;
                told.insert(*owner);
            }
            if let (Some(stage), Some(before)) = (&object.stage, &c.before)
                && before.get(stage) != c.after.get(stage)
            {
                self.tell_followers(object, &c.after, "stage", &Json::Null, &told).await?;
            }
            if !c.is_new() {
                continue;
            }
            for f in object.fields.iter().filter(|f| f.timeline) {
                let (Value::Id(id), Some(target)) = (c.after.get(&f.key), f.kind.target()) else { continue };
                let target = self.object(target)?;
                let (company, system) = (self.company.clone(), self.company.system());
                let found = company.some(&mut self.tx, &system, &target, &[*id], &kernel::Verb::Read, false).await?;
                for anchor in found {
                    let data = serde_json::json!({"object": object.key, "record": c.after.id});
                    self.tell_related(object, &c.after, &target, &anchor, &data, &none).await?;
                }
            }
        }
        Ok(())
    }

    /// Tells the followers of `anchor` of a new record on it, those who may read the new record.
    async fn tell_related(&mut self, object: &Object, new: &Record, target: &Object, anchor: &Record, data: &Json, told: &BTreeSet<Uuid>) -> Outcome<()> {
        let registry = self.registry.clone();
        let company = self.company.clone();
        let all = followers(&mut self.tx, &registry, target, anchor).await?;
        for user in all.difference(told).copied().filter(|u| *u != self.actor.id).collect::<Vec<_>>() {
            let Some(reader) = company.load_actor_in(&mut self.tx, user).await? else { continue };
            if company.allowed(&mut self.tx, &reader, object, &[new.id], &kernel::Verb::Read).await?.is_empty() {
                continue;
            }
            self.notify(Notice { user, kind: "related", object: &target.key, record: anchor.id, data: data.clone() }).await?;
        }
        Ok(())
    }
}
