//! Reading one record, or some by id. The actor's row rule is part of the query: missing and forbidden look alike.

use crate::record_sql::{Columns, from, mask};
use crate::{Actor, Company};
use kernel::{Cell, ColumnType, Fault, Name, Object, Outcome, Record, Value, Verb, expr::Expr};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{Conn, Sql};
use uuid::Uuid;

/// Titles of referenced records that the actor may see, by object and id.
pub type Titles = HashMap<Uuid, Name>;

/// Writes ` AND <rule>` for the alias.
pub(crate) fn and_rule(company: &Company, actor: &Actor, object: &Object, alias: &str, rule: &Expr, sql: &mut Sql) -> Outcome<()> {
    if *rule == Expr::always() {
        return Ok(());
    }
    sql.push(" AND (");
    store::filter::compile(&company.registry(), object, alias, rule, &company.env(actor), sql)?;
    sql.push(")");
    Ok(())
}

impl Company {
    /// One living record with all fields the actor may see. Where they are personal, it is noted that he looked.
    ///
    /// # Errors
    /// Not found, also when it exists but is not for this actor.
    pub async fn get(&self, actor: &Actor, object: &str, id: Uuid) -> Outcome<Record> {
        let mut conn = self.db().read().await?;
        let record = self.get_in(&mut conn, actor, object, id).await?;
        self.note_opened(&mut conn, actor, self.registry().object(object)?, &record).await?;
        drop(conn);
        if self.reads_full() {
            self.flush_reads().await?;
        }
        Ok(record)
    }

    /// The same on a connection that is already open (inside a transaction it sees its changes).
    pub async fn get_in(&self, conn: &mut Conn, actor: &Actor, object: &str, id: Uuid) -> Outcome<Record> {
        let registry = self.registry();
        let object = registry.object(object)?;
        let mut found = self.some(conn, actor, object, &[id], &Verb::Read, false).await?;
        let mut record = found.pop().ok_or_else(Fault::not_found)?;
        mask(actor, &mut record);
        Ok(record)
    }

    /// Living records with these ids on which `verb` is allowed, unmasked, ordered by id; `lock` holds them until the transaction ends.
    pub(crate) async fn some(&self, conn: &mut Conn, actor: &Actor, object: &Object, ids: &[Uuid], verb: &Verb, lock: bool) -> Outcome<Vec<Record>> {
        let rule = actor.rule(object, verb)?;
        let columns = Columns::all(object);
        let mut records = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(500) {
            let mut sql = conn.sql();
            sql.push("SELECT ");
            columns.write(&mut sql, "t");
            from(&mut sql, object, "t");
            sql.push(" WHERE t.\"id\" IN ");
            sql.bind_list(chunk.iter().map(|id| Cell::Id(*id)));
            sql.push(" AND t.\"deleted_at\" IS NULL");
            and_rule(self, actor, object, "t", &rule, &mut sql)?;
            sql.push(" ORDER BY t.\"id\"");
            if lock && sql.dialect() == store::Dialect::Postgres {
                sql.push(" FOR UPDATE OF t");
            }
            records.extend(conn.rows(&sql, &columns.types).await?.iter().filter_map(|r| columns.record(r)));
        }
        Ok(records)
    }

    /// Which of these ids (living) the actor may `verb`.
    pub(crate) async fn allowed(&self, conn: &mut Conn, actor: &Actor, object: &Object, ids: &[Uuid], verb: &Verb) -> Outcome<BTreeSet<Uuid>> {
        let Ok(rule) = actor.rule(object, verb) else { return Ok(BTreeSet::new()) };
        let mut seen = BTreeSet::new();
        for chunk in ids.chunks(500) {
            let mut sql = conn.sql();
            sql.push("SELECT t.\"id\"");
            from(&mut sql, object, "t");
            sql.push(" WHERE t.\"id\" IN ");
            sql.bind_list(chunk.iter().map(|id| Cell::Id(*id)));
            sql.push(" AND t.\"deleted_at\" IS NULL");
            and_rule(self, actor, object, "t", &rule, &mut sql)?;
            let rows = conn.rows(&sql, &[ColumnType::Id]).await?;
            seen.extend(rows.iter().filter_map(|r| r.first().and_then(Cell::id)));
        }
        Ok(seen)
    }

    /// The titles of records by object, for those the actor may see: one query per object.
    pub async fn titles(&self, conn: &mut Conn, actor: &Actor, wanted: &BTreeMap<String, BTreeSet<Uuid>>) -> Outcome<Titles> {
        let registry = self.registry();
        let mut titles = Titles::new();
        for (key, ids) in wanted {
            let Some(object) = registry.find(key) else { continue };
            let (Ok(rule), Some(title)) = (actor.rule(object, &Verb::Read), object.title_field()) else { continue };
            if !actor.sees(key, &title.key) {
                continue;
            }
            let columns = Columns::new(object, vec![title]);
            let ids: Vec<Uuid> = ids.iter().copied().collect();
            for chunk in ids.chunks(500) {
                let mut sql = conn.sql();
                sql.push("SELECT ");
                columns.write(&mut sql, "t");
                from(&mut sql, object, "t");
                sql.push(" WHERE t.\"id\" IN ");
                sql.bind_list(chunk.iter().map(|id| Cell::Id(*id)));
                and_rule(self, actor, object, "t", &rule, &mut sql)?;
                for row in conn.rows(&sql, &columns.types).await? {
                    if let Some(r) = columns.record(&row) {
                        titles.insert(r.id, title_of(object, &r));
                    }
                }
            }
        }
        Ok(titles)
    }

    /// The titles of everything `records` refer to.
    pub async fn titles_of(&self, conn: &mut Conn, actor: &Actor, records: &[Record]) -> Outcome<Titles> {
        let registry = self.registry();
        let mut wanted: BTreeMap<String, BTreeSet<Uuid>> = BTreeMap::new();
        for record in records {
            let Some(object) = registry.find(&record.object) else { continue };
            for (key, value) in &record.values {
                let Some(target) = object.get(key).and_then(|f| f.kind.target()) else { continue };
                match value {
                    Value::Id(id) => {
                        wanted.entry(target.to_owned()).or_default().insert(*id);
                    }
                    Value::Ids(ids) => wanted.entry(target.to_owned()).or_default().extend(ids),
                    _ => {}
                }
            }
        }
        self.titles(conn, actor, &wanted).await
    }
}

/// What a record is called: its title field as a name (text titles are the same in both scripts).
pub fn title_of(object: &Object, record: &Record) -> Name {
    match record.get(&object.title) {
        Value::Name(n) => n.clone(),
        Value::Text(t) => Name::new(t.clone(), t.clone()),
        _ => Name::default(),
    }
}
