//! Finding the records that lines name: one query for all keys of a batch.

use super::plan::{Key, Node};
use crate::load::and_rule;
use crate::record_sql::from;
use crate::Cx;
use kernel::parse::{self, Ctx};
use kernel::{Capability, Cell, ColumnType, Field, Kind, Outcome, Value, Verb};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Which system ids of another Sila database are remembered under.
pub(crate) const OWN_SYSTEM: &str = "sila";

/// What a key leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    One(Uuid),
    /// Several records have it: nobody can say which is meant.
    Many,
}

fn note(found: &mut HashMap<String, Found>, key: String, id: Uuid) {
    found
        .entry(key)
        .and_modify(|f| {
            if *f != Found::One(id) {
                *f = Found::Many;
            }
        })
        .or_insert(Found::One(id));
}

/// The text by which values of [`Key::Fields`] are compared.
pub(crate) fn key_of(values: &[Value]) -> String {
    values.iter().map(parse::plain_text).collect::<Vec<_>>().join("\u{1f}")
}

/// The records of a node for these keys (with the values of [`Key::Fields`]), as far as the actor may read them.
pub(crate) async fn find(cx: &mut Cx, node: &Node, keys: &[(String, Vec<Value>)], ctx: &Ctx) -> Outcome<HashMap<String, Found>> {
    let texts: Vec<String> = keys.iter().map(|(k, _)| k.clone()).collect();
    match &node.key {
        Key::None => Ok(HashMap::new()),
        Key::External { system, .. } => {
            let found = cx.external_ids(&node.object.key, system, &texts).await?;
            let seen = readable(cx, node, found.values()).await?;
            Ok(found.into_iter().filter(|(_, id)| seen.contains(id)).map(|(k, id)| (k, Found::One(id))).collect())
        }
        Key::Id(_) => ids(cx, node, &texts).await,
        Key::Fields(names) => {
            let fields: Vec<&Field> = names.iter().filter_map(|n| node.object.get(n)).collect();
            let values: Vec<&[Value]> = keys.iter().map(|(_, v)| v.as_slice()).collect();
            by_fields(cx, node, &fields, &values).await
        }
        Key::Words(..) => words(cx, node, &texts, ctx).await,
    }
}

/// Those the actor may read: a key that leads to another record leads nowhere for him.
async fn readable(cx: &mut Cx, node: &Node, ids: impl Iterator<Item = &Uuid>) -> Outcome<BTreeSet<Uuid>> {
    let ids: Vec<Uuid> = ids.copied().collect();
    let (company, actor) = (cx.company.clone(), cx.actor.clone());
    company.allowed(&mut cx.tx, &actor, &node.object, &ids, &Verb::Read).await
}

/// By id, here or in the database an export came from.
async fn ids(cx: &mut Cx, node: &Node, texts: &[String]) -> Outcome<HashMap<String, Found>> {
    let wanted: HashMap<Uuid, &String> = texts.iter().filter_map(|t| Some((Uuid::parse_str(t).ok()?, t))).collect();
    let list: Vec<Uuid> = wanted.keys().copied().collect();
    let (company, actor) = (cx.company.clone(), cx.actor.clone());
    let here = company.allowed(&mut cx.tx, &actor, &node.object, &list, &Verb::Read).await?;
    let mut found: HashMap<String, Found> =
        here.iter().filter_map(|id| Some(((*wanted.get(id)?).clone(), Found::One(*id)))).collect();
    let missing: Vec<Uuid> = list.iter().filter(|id| !here.contains(id)).copied().collect();
    if node.object.can(Capability::Duplicates) && !missing.is_empty() {
        // An id from before a merge means the record that it went into.
        let moved = crate::merge::redirect::targets(&mut cx.tx, &node.object.key, &missing).await?;
        let seen = readable(cx, node, moved.values()).await?;
        found.extend(moved.iter().filter(|(_, to)| seen.contains(to)).filter_map(|(id, to)| Some(((*wanted.get(id)?).clone(), Found::One(*to)))));
    }
    let others: Vec<String> = texts.iter().filter(|t| !found.contains_key(*t)).cloned().collect();
    let elsewhere = cx.external_ids(&node.object.key, OWN_SYSTEM, &others).await?;
    let seen = readable(cx, node, elsewhere.values()).await?;
    for (key, id) in elsewhere.into_iter().filter(|(_, id)| seen.contains(id)) {
        note(&mut found, key, id);
    }
    Ok(found)
}

/// Living records with these values in these fields together.
pub(crate) async fn by_fields(cx: &mut Cx, node: &Node, fields: &[&Field], keys: &[&[Value]]) -> Outcome<HashMap<String, Found>> {
    let mut found = HashMap::new();
    if let [field] = fields
        && matches!(field.kind.stored(), Kind::Name)
    {
        let forms: BTreeSet<String> = keys
            .iter()
            .filter_map(|v| v.first().and_then(Value::name))
            .flat_map(|n| [n.ar.clone(), n.latin.clone()])
            .filter(|t| !t.is_empty())
            .collect();
        let by_form = by_name(cx, node, field, &forms.into_iter().collect::<Vec<_>>()).await?;
        for values in keys {
            let Some(name) = values.first().and_then(Value::name) else { continue };
            let hits: Vec<Found> = [&name.ar, &name.latin].iter().filter_map(|f| by_form.get(*f).copied()).collect();
            for hit in hits {
                match hit {
                    Found::One(id) => note(&mut found, key_of(values), id),
                    Found::Many => {
                        found.insert(key_of(values), Found::Many);
                    }
                }
            }
        }
        return Ok(found);
    }
    let rule = cx.actor.rule(&node.object, &Verb::Read)?;
    let mut types = vec![ColumnType::Id];
    types.extend(fields.iter().flat_map(|f| f.columns()).map(|c| c.ty));
    for chunk in keys.chunks(250) {
        let mut sql = cx.tx.sql();
        sql.push("SELECT t.\"id\"");
        for c in fields.iter().flat_map(|f| f.columns()) {
            sql.push(", t.").ident(&c.name);
        }
        from(&mut sql, &node.object, "t");
        sql.push(" WHERE t.\"deleted_at\" IS NULL AND ");
        let first = |f: &Field, v: &Value| f.kind.encode(v).into_iter().next().unwrap_or(Cell::Null);
        let name = |f: &Field| f.columns().into_iter().next().map(|c| c.name).unwrap_or_default();
        if let [field] = fields {
            sql.push("t.").ident(&name(field)).push(" IN ");
            sql.bind_list(chunk.iter().filter_map(|v| v.first()).map(|v| first(field, v)));
        } else {
            sql.push("(");
            for (i, f) in fields.iter().enumerate() {
                sql.push(if i == 0 { "t." } else { ", t." }).ident(&name(f));
            }
            sql.push(") IN (VALUES ");
            for (i, values) in chunk.iter().enumerate() {
                sql.push(if i == 0 { "" } else { ", " });
                sql.bind_list(fields.iter().zip(values.iter()).map(|(f, v)| first(f, v)));
            }
            sql.push(")");
        }
        let (company, actor) = (cx.company.clone(), cx.actor.clone());
        and_rule(&company, &actor, &node.object, "t", &rule, &mut sql)?;
        // Planned anew each time: a plan made while the table was empty would read all of it for each batch.
        sql.once();
        for row in cx.tx.rows(&sql, &types).await? {
            let Some(id) = row.first().and_then(Cell::id) else { continue };
            let mut at = 1;
            let mut values = Vec::with_capacity(fields.len());
            for f in fields {
                let width = f.columns().len();
                values.push(f.kind.decode(row.get(at..at + width).unwrap_or_default()));
                at += width;
            }
            note(&mut found, key_of(&values), id);
        }
    }
    Ok(found)
}

/// By either form of a name, exactly as written.
async fn by_name(cx: &mut Cx, node: &Node, field: &Field, forms: &[String]) -> Outcome<HashMap<String, Found>> {
    let mut found = HashMap::new();
    let rule = cx.actor.rule(&node.object, &Verb::Read)?;
    let columns = field.columns();
    let (Some(ar), Some(latin)) = (columns.first(), columns.get(1)) else { return Ok(found) };
    for chunk in forms.chunks(250) {
        let mut sql = cx.tx.sql();
        sql.push("SELECT t.\"id\", t.").ident(&ar.name).push(", t.").ident(&latin.name);
        from(&mut sql, &node.object, "t");
        sql.push(" WHERE t.\"deleted_at\" IS NULL AND (t.").ident(&ar.name).push(" IN ");
        sql.bind_list(chunk.iter().map(|f| f.as_str().into()));
        sql.push(" OR t.").ident(&latin.name).push(" IN ").bind_list(chunk.iter().map(|f| f.as_str().into())).push(")");
        let (company, actor) = (cx.company.clone(), cx.actor.clone());
        and_rule(&company, &actor, &node.object, "t", &rule, &mut sql)?;
        sql.once();
        for row in cx.tx.rows(&sql, &[ColumnType::Id, ColumnType::Text, ColumnType::Text]).await? {
            let Some(id) = row.first().and_then(Cell::id) else { continue };
            let forms: BTreeSet<&str> = row.iter().skip(1).filter_map(Cell::text).filter(|t| !t.is_empty()).collect();
            for form in forms {
                note(&mut found, form.to_owned(), id);
            }
        }
    }
    Ok(found)
}

/// By what a person writes to mean a record: its id, a unique value of it, or its title.
async fn words(cx: &mut Cx, node: &Node, texts: &[String], ctx: &Ctx) -> Outcome<HashMap<String, Found>> {
    let mut found = ids(cx, node, texts).await?;
    let title = node.object.title_field();
    let unique = node.object.fields.iter().filter(|f| f.unique && title.is_none_or(|t| t.key != f.key));
    let fields: Vec<&Field> = unique.chain(title).filter(|f| cx.actor.sees(&node.object.key, &f.key)).collect();
    for field in fields {
        let left: Vec<&String> = texts.iter().filter(|t| !found.contains_key(*t)).collect();
        if left.is_empty() {
            break;
        }
        if matches!(field.kind.stored(), Kind::Name) {
            let forms: Vec<String> = left.iter().map(|t| (*t).clone()).collect();
            found.extend(by_name(cx, node, field, &forms).await?);
            continue;
        }
        let values: Vec<(&String, Vec<Value>)> = left
            .iter()
            .filter_map(|t| Some((*t, vec![parse::from_text(&field.kind, t, ctx).ok().filter(|v| !v.is_null())?])))
            .collect();
        let keys: Vec<&[Value]> = values.iter().map(|(_, v)| v.as_slice()).collect();
        let hits = by_fields(cx, node, &[field], &keys).await?;
        for (text, value) in &values {
            if let Some(hit) = hits.get(&key_of(value)) {
                found.insert((*text).clone(), *hit);
            }
        }
    }
    Ok(found)
}
