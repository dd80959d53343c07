//! What a record and its parts tell about who it is, and the keys that follow from it.

use crate::load::Titles;
use crate::record_sql::{Columns, from};
use crate::{Actor, Company, Cx};
use kernel::{Capability, Cell, ColumnType, Field, Kind, Object, Outcome, Record, Registry, Value, Verb};
use matching::Profile;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::Conn;
use uuid::Uuid;

/// Whether the field says who a record is.
pub fn identifying(object: &Object, f: &Field) -> bool {
    match f.kind {
        Kind::Phone | Kind::Email | Kind::Address => true,
        // A given name alone says nothing; the title does.
        Kind::Name => f.key == object.title || f.identifies,
        Kind::Text { .. } => f.key == object.title,
        Kind::Code { .. } | Kind::Date => f.identifies,
        Kind::Choice { .. } => object.sorts.as_deref() == Some(f.key.as_str()),
        _ => false,
    }
}

/// Takes what a record tells into `profile`, as far as `sees` allows.
pub fn tell(profile: &mut Profile, object: &Object, record: &Record, sees: &dyn Fn(&Field) -> bool) {
    for f in object.fields.iter().filter(|f| identifying(object, f) && sees(f)) {
        match (record.get(&f.key), &f.kind) {
            (Value::Name(n), _) => {
                profile.add_name(&n.ar);
                profile.add_name(&n.latin);
            }
            (Value::Text(t), Kind::Phone) => profile.add_phone(t),
            (Value::Text(t), Kind::Email) => profile.add_email(t),
            (Value::Text(t), Kind::Code { .. }) => profile.add_code(&f.key, t),
            (Value::Text(t), Kind::Choice { .. }) => profile.sort.clone_from(t),
            (Value::Text(t), Kind::Text { .. }) => profile.add_name(t),
            (Value::Date(d), _) => profile.add_birthday(d.year(), d.month(), d.day()),
            (Value::Address(a), _) => profile.add_place(&a.street, &a.city),
            _ => {}
        }
    }
}

/// Parts of an object that tell something about it: several phones, e-mails, addresses of a customer.
pub fn parts<'a>(registry: &'a Registry, object: &'a str) -> impl Iterator<Item = (&'a Arc<Object>, &'a Field)> {
    let tells = |o: &Object| o.fields.iter().any(|f| matches!(f.kind, Kind::Phone | Kind::Email | Kind::Address));
    registry.children(object).filter(move |(child, via)| via.cascade && matches!(via.kind, Kind::Ref { .. }) && child.key != object && tells(child))
}

/// The profiles of living records, with their parts, as far as the actor may see fields (rows are the caller's business).
pub(crate) async fn profiles(company: &Company, conn: &mut Conn, actor: &Actor, object: &Object, ids: &[Uuid]) -> Outcome<BTreeMap<Uuid, Profile>> {
    let system = company.system();
    let registry = company.registry();
    let mut out: BTreeMap<Uuid, Profile> = BTreeMap::new();
    let fields = object.fields.iter().filter(|f| identifying(object, f)).collect::<Vec<_>>();
    let columns = Columns::new(object, fields);
    for chunk in ids.chunks(500) {
        let mut sql = conn.sql();
        sql.push("SELECT ");
        columns.write(&mut sql, "t");
        from(&mut sql, object, "t");
        sql.push(" WHERE t.\"deleted_at\" IS NULL AND t.\"id\" IN ").bind_list(chunk.iter().map(|id| Cell::Id(*id)));
        for row in conn.rows(&sql, &columns.types).await? {
            if let Some(record) = columns.record(&row) {
                tell(out.entry(record.id).or_default(), object, &record, &|f| actor.sees(&object.key, &f.key));
            }
        }
    }
    for (child, via) in parts(&registry, &object.key) {
        if !actor.is_system() && !actor.may(child, &Verb::Read) {
            continue;
        }
        let mut fields: Vec<&Field> = child.fields.iter().filter(|f| matches!(f.kind, Kind::Phone | Kind::Email | Kind::Address)).collect();
        fields.push(via);
        let columns = Columns::new(child, fields);
        let rule = if actor.is_system() { None } else { Some(actor.rule(child, &Verb::Read)?) };
        for chunk in ids.chunks(500) {
            let mut sql = conn.sql();
            sql.push("SELECT ");
            columns.write(&mut sql, "t");
            from(&mut sql, child, "t");
            sql.push(" WHERE t.\"deleted_at\" IS NULL AND t.").ident(&via.key).push(" IN ").bind_list(chunk.iter().map(|id| Cell::Id(*id)));
            if let Some(rule) = &rule {
                crate::load::and_rule(company, if rule == &kernel::Expr::always() { &system } else { actor }, child, "t", rule, &mut sql)?;
            }
            for row in conn.rows(&sql, &columns.types).await? {
                let Some(record) = columns.record(&row) else { continue };
                if let Some(profile) = record.get(&via.key).id().and_then(|id| out.get_mut(&id)) {
                    tell(profile, child, &record, &|f| actor.sees(&child.key, &f.key));
                }
            }
        }
    }
    Ok(out)
}

/// Whether a change touches what the record tells.
fn touched(object: &Object, before: &Record, after: &Record) -> bool {
    object.fields.iter().any(|f| identifying(object, f) && before.get(&f.key) != after.get(&f.key))
}

/// Keeps the keys after records were created or changed: of themselves, and of what they are parts of.
pub(crate) async fn written(cx: &mut Cx, object: &Object, changes: &[(Option<&Record>, &Record)]) -> Outcome<()> {
    if object.can(Capability::Duplicates) {
        let mut rows = Vec::new();
        let mut again = Vec::new();
        for (before, after) in changes {
            match before {
                None => {
                    let mut profile = Profile::default();
                    tell(&mut profile, object, after, &|_| true);
                    rows.extend(profile.keys(&object.key).into_iter().map(|k| vec![Cell::Int(k.0), after.id.into()]));
                }
                Some(before) if touched(object, before, after) => again.push(after.id),
                Some(_) => {}
            }
        }
        store::insert_missing(&mut cx.tx, "sila_match_key", &["hash", "record_id"], rows).await?;
        rekey(cx, object, &again).await?;
    }
    for (owner, ids) in owners(cx, object, changes.iter().flat_map(|(b, a)| b.iter().copied().chain(std::iter::once(*a)))) {
        rekey(cx, &owner, &ids).await?;
    }
    Ok(())
}

/// The keys after records were deleted.
pub(crate) async fn removed(cx: &mut Cx, object: &Object, records: &[Record]) -> Outcome<()> {
    if object.can(Capability::Duplicates) {
        let ids: Vec<Uuid> = records.iter().map(|r| r.id).collect();
        drop_keys(cx, &ids).await?;
    }
    for (owner, ids) in owners(cx, object, records.iter()) {
        rekey(cx, &owner, &ids).await?;
    }
    Ok(())
}

/// What the records are telling parts of.
fn owners<'a>(cx: &Cx, object: &Object, records: impl Iterator<Item = &'a Record>) -> Vec<(Arc<Object>, Vec<Uuid>)> {
    let mut found: BTreeMap<String, BTreeSet<Uuid>> = BTreeMap::new();
    let vias: Vec<(String, String)> = object
        .fields
        .iter()
        .filter(|f| f.cascade)
        .filter_map(|f| Some((f.key.clone(), f.kind.target()?.to_owned())))
        .filter(|(_, target)| cx.registry.find(target).is_some_and(|o| o.can(Capability::Duplicates)))
        .filter(|(key, target)| parts(&cx.registry, target).any(|(child, via)| child.key == object.key && via.key == *key))
        .collect();
    if vias.is_empty() {
        return Vec::new();
    }
    for r in records {
        for (via, target) in &vias {
            if let Some(id) = r.get(via).id() {
                found.entry(target.clone()).or_default().insert(id);
            }
        }
    }
    found.into_iter().filter_map(|(key, ids)| Some((cx.registry.find(&key)?.clone(), ids.into_iter().collect()))).collect()
}

pub(crate) async fn drop_keys(cx: &mut Cx, ids: &[Uuid]) -> Outcome<()> {
    for chunk in ids.chunks(500) {
        let mut sql = cx.tx.sql();
        sql.push("DELETE FROM sila_match_key WHERE record_id IN ").bind_list(chunk.iter().map(|id| Cell::Id(*id)));
        cx.tx.exec(&sql).await?;
    }
    Ok(())
}

/// Makes the keys of records anew from what is in the tables now.
pub(crate) async fn rekey(cx: &mut Cx, object: &Object, ids: &[Uuid]) -> Outcome<()> {
    if ids.is_empty() {
        return Ok(());
    }
    drop_keys(cx, ids).await?;
    let company = cx.company.clone();
    let profiles = profiles(&company, &mut cx.tx, &company.system(), object, ids).await?;
    let mut rows = Vec::new();
    for (id, profile) in profiles {
        rows.extend(profile.keys(&object.key).into_iter().map(|k| vec![Cell::Int(k.0), id.into()]));
    }
    // Somebody else may make the same keys at this moment (two telephones added at once).
    store::insert_missing(&mut cx.tx, "sila_match_key", &["hash", "record_id"], rows).await.map(|_| ())
}

/// Living records that have no keys yet (the object learned to find duplicates only now): up to `limit`.
pub(crate) async fn keyless(conn: &mut Conn, object: &Object, after: Uuid, limit: usize) -> Outcome<Vec<Uuid>> {
    let mut sql = conn.sql();
    sql.push("SELECT t.\"id\"");
    from(&mut sql, object, "t");
    sql.push(" WHERE t.\"deleted_at\" IS NULL AND t.\"id\" > ").bind(after);
    sql.push(" AND NOT EXISTS (SELECT 1 FROM sila_match_key k WHERE k.record_id = t.\"id\")");
    sql.push(&format!(" ORDER BY t.\"id\" LIMIT {limit}"));
    let rows = conn.rows(&sql, &[ColumnType::Id]).await?;
    Ok(rows.iter().filter_map(|r| r.first().and_then(Cell::id)).collect())
}

/// The titles of some records for the actor.
pub(crate) async fn titles(company: &Company, conn: &mut Conn, actor: &Actor, object: &str, ids: impl Iterator<Item = Uuid>) -> Outcome<Titles> {
    let wanted = BTreeMap::from([(object.to_owned(), ids.collect::<BTreeSet<_>>())]);
    company.titles(conn, actor, &wanted).await
}
