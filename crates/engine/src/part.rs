//! Records that are parts of another: their words find the whole, and the primary one's value stands on it.
//!
//! Invariant: a parent's mirrored field is the value of its one primary part, or nothing where no part may be used.
//! Whichever side is written, the other follows in the same transaction, in the name of the same person.

use crate::record_sql::{Columns, from};
use crate::{Cx, Draft, side};
use futures::future::BoxFuture;
use kernel::{Cell, Fault, Issue, Object, Outcome, Primary, Record, Value, Verb, Weight};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uuid::Uuid;

/// What was and what is.
type Pair<'a> = (Option<&'a Record>, Option<&'a Record>);

/// Two parts of one record cannot both be called primary in one call: which of them is meant?
pub(crate) fn one_primary<'a>(object: &Object, changes: impl Iterator<Item = (Option<&'a Record>, &'a Record)>) -> Outcome<()> {
    let Some(p) = &object.primary else { return Ok(()) };
    let mut called = BTreeSet::new();
    for (before, after) in changes {
        let newly = is(after, &p.flag) && before.is_none_or(|b| !is(b, &p.flag) || b.get(&p.via) != after.get(&p.via));
        if let (true, Some(parent)) = (newly, after.get(&p.via).id())
            && !called.insert(parent)
        {
            return Err(Fault::issue(Issue::new(p.flag.clone(), "part-two-primary")));
        }
    }
    Ok(())
}

fn is(record: &Record, flag: &str) -> bool {
    record.get(flag).bool() == Some(true)
}

/// Makes both sides of mirrored values equal after a change, and renews what the parents are found by.
pub(crate) fn settle<'a>(cx: &'a mut Cx, object: &'a Arc<Object>, pairs: &'a [Pair<'a>]) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        if cx.mirroring || pairs.is_empty() {
            return Ok(());
        }
        let elevated = cx.elevated();
        let person = std::mem::replace(&mut cx.actor, elevated);
        cx.mirroring = true;
        let derived = std::mem::replace(&mut cx.derived, true);
        let result = both_ways(cx, object, pairs).await;
        cx.derived = derived;
        cx.mirroring = false;
        cx.actor = person;
        result
    })
}

async fn both_ways(cx: &mut Cx, object: &Arc<Object>, pairs: &[Pair<'_>]) -> Outcome<()> {
    let registry = cx.registry.clone();
    for child in registry.objects() {
        if let Some(p) = &child.primary
            && child.get(&p.via).and_then(|f| f.kind.target()) == Some(object.key.as_str())
        {
            down(cx, object, child, p, pairs).await?;
        }
    }
    let Some(via) = object.part_of() else { return Ok(()) };
    let parents: BTreeSet<Uuid> = pairs.iter().flat_map(|(b, a)| [*b, *a]).flatten().filter_map(|r| r.get(&via.key).id()).collect();
    let parents: Vec<Uuid> = parents.into_iter().collect();
    let Some(parent) = via.kind.target().and_then(|t| registry.find(t)) else { return Ok(()) };
    if let Some(p) = &object.primary {
        up(cx, object, p, parent, &parents, pairs).await?;
    }
    let searched = object.fields.iter().any(|f| f.weight != Weight::None);
    if searched { reindex(cx, parent, &parents).await } else { Ok(()) }
}

/// The living parts of some records, in the order they were made.
pub(crate) async fn parts(cx: &mut Cx, child: &Object, via: &str, parents: &[Uuid]) -> Outcome<BTreeMap<Uuid, Vec<Record>>> {
    let columns = Columns::all(child);
    let mut found: BTreeMap<Uuid, Vec<Record>> = BTreeMap::new();
    for chunk in parents.chunks(500) {
        let mut sql = cx.tx.sql();
        sql.push("SELECT ");
        columns.write(&mut sql, "t");
        from(&mut sql, child, "t");
        sql.push(" WHERE t.\"deleted_at\" IS NULL AND t.").ident(via).push(" IN ");
        sql.bind_list(chunk.iter().map(|id| Cell::Id(*id))).push(" ORDER BY t.\"id\"");
        for record in cx.tx.rows(&sql, &columns.types).await?.iter().filter_map(|r| columns.record(r)) {
            if let Some(parent) = record.get(via).id() {
                found.entry(parent).or_default().push(record);
            }
        }
    }
    Ok(found)
}

/// From the parts to the parent: one of them is primary, and the parent shows its value.
async fn up(cx: &mut Cx, child: &Arc<Object>, p: &Primary, parent: &Arc<Object>, ids: &[Uuid], pairs: &[Pair<'_>]) -> Outcome<()> {
    let company = cx.company.clone();
    let system = company.system();
    // Locked in the order of ids, so that two who name different primaries come one after the other.
    let records = company.some(&mut cx.tx, &system, parent, ids, &Verb::Read, true).await?;
    let mut parts = parts(cx, child, &p.via, ids).await?;
    let called: BTreeSet<Uuid> = pairs
        .iter()
        .filter_map(|(b, a)| a.filter(|a| is(a, &p.flag) && b.is_none_or(|b| !is(b, &p.flag) || b.get(&p.via) != a.get(&p.via))))
        .map(|r| r.id)
        .collect();
    let mut drafts = Vec::new();
    for record in records {
        let own = parts.remove(&record.id).unwrap_or_default();
        let chosen = choose(p, &own, &called).cloned();
        appoint(cx, child, p, &own, chosen.as_ref().map(|c| c.id)).await?;
        let value = chosen.map_or(Value::Null, |c| c.get(&p.field).clone());
        if *record.get(&p.mirrors) != value {
            drafts.push(Draft::of(record.id).set(&p.mirrors, value));
        }
    }
    if !drafts.is_empty() {
        cx.save_many(&parent.key, drafts).await?;
    }
    Ok(())
}

/// The primary of some parts: the one that was just called so, the one that is, the first that may be used.
fn choose<'a>(p: &Primary, own: &'a [Record], called: &BTreeSet<Uuid>) -> Option<&'a Record> {
    let usable = |r: &&Record| p.unless.as_ref().is_none_or(|f| !is(r, f)) && !r.get(&p.field).is_blank();
    let of = |test: &dyn Fn(&Record) -> bool| own.iter().filter(usable).find(|r| test(r));
    of(&|r| called.contains(&r.id)).or_else(|| of(&|r| is(r, &p.flag))).or_else(|| of(&|_| true))
}

/// Sets the flag on one part and takes it from the others. Their revision stays: nobody edited them.
async fn appoint(cx: &mut Cx, child: &Object, p: &Primary, own: &[Record], chosen: Option<Uuid>) -> Outcome<()> {
    for r in own.iter().filter(|r| is(r, &p.flag) != (Some(r.id) == chosen)) {
        let mut sql = cx.tx.sql();
        sql.push("UPDATE ").ident(&child.key).push(" SET ").ident(&p.flag).push(" = ").bind(Some(r.id) == chosen);
        sql.push(" WHERE \"id\" = ").bind(r.id);
        cx.tx.exec(&sql).await?;
        cx.tx.notify(format!("{}:{}", child.key, r.id));
    }
    Ok(())
}

/// From the parent to the parts: a value written on it becomes that of the primary part; an emptied one takes that part away.
async fn down(cx: &mut Cx, parent: &Arc<Object>, child: &Arc<Object>, p: &Primary, pairs: &[Pair<'_>]) -> Outcome<()> {
    let value = |r: Option<&Record>| r.map_or(Value::Null, |r| r.get(&p.mirrors).clone());
    let moved: Vec<&Record> = pairs.iter().filter(|(b, a)| value(*b) != value(*a)).filter_map(|(_, a)| *a).collect();
    if moved.is_empty() {
        return Ok(());
    }
    let known: Vec<Uuid> = pairs.iter().filter_map(|(b, a)| b.zip(*a).map(|(_, a)| a.id)).filter(|id| moved.iter().any(|r| r.id == *id)).collect();
    let mut own = if known.is_empty() { BTreeMap::new() } else { parts(cx, child, &p.via, &known).await? };
    let (mut drafts, mut gone, mut again) = (Vec::new(), Vec::new(), Vec::new());
    for record in moved {
        let own = own.remove(&record.id).unwrap_or_default();
        let value = record.get(&p.mirrors).clone();
        let primary = own.iter().find(|r| is(r, &p.flag));
        match (value.is_blank(), own.iter().find(|r| *r.get(&p.field) == value), primary) {
            (true, _, Some(primary)) => {
                gone.push(primary.clone());
                again.push(record.id);
            }
            (true, ..) => {}
            (false, Some(same), _) => {
                appoint(cx, child, p, &own, Some(same.id)).await?;
                if p.unless.as_ref().is_some_and(|f| is(same, f)) {
                    drafts.push(Draft::of(same.id).set(p.unless.as_deref().unwrap_or_default(), false));
                }
            }
            (false, None, Some(primary)) => drafts.push(Draft::of(primary.id).set(&p.field, value)),
            (false, None, None) => drafts.push(Draft::new().set(&p.via, record.id).set(&p.field, value).set(&p.flag, true)),
        }
    }
    if !drafts.is_empty() {
        cx.save_many(&child.key, drafts).await?;
    }
    if !gone.is_empty() {
        cx.bury(child, gone).await?;
        up(cx, child, p, parent, &again, &[]).await?;
    }
    if known.is_empty() { Ok(()) } else { reindex(cx, parent, &known).await }
}

/// Writes the search rows of records, with the words of their parts.
pub(crate) async fn index(cx: &mut Cx, object: &Object, records: &[&Record]) -> Outcome<()> {
    if records.is_empty() {
        return Ok(());
    }
    let mut docs: Vec<_> = records.iter().map(|r| side::doc(object, r)).collect();
    let ids: Vec<Uuid> = records.iter().map(|r| r.id).collect();
    let mut keys = crate::external::of(&mut cx.tx, &object.key, &ids).await?;
    for doc in &mut docs {
        for known in keys.remove(&doc.record_id).unwrap_or_default() {
            side::known_as(doc, &known.key);
        }
    }
    let registry = cx.registry.clone();
    for (child, via) in registry.children(&object.key).filter(|(_, via)| via.inline) {
        let searched: Vec<_> = child.fields.iter().filter(|f| f.weight != Weight::None).collect();
        if searched.is_empty() {
            continue;
        }
        let mut parts = parts(cx, child, &via.key, &ids).await?;
        for doc in &mut docs {
            for part in parts.remove(&doc.record_id).unwrap_or_default() {
                for f in &searched {
                    let words = side::found_by(f, part.get(&f.key));
                    let words = text::search::document(&words.iter().map(String::as_str).collect::<Vec<_>>());
                    let text = if f.weight == Weight::Title { &mut doc.title } else { &mut doc.body };
                    if !words.is_empty() && !text.split(' ').any(|w| w == words) {
                        text.push(' ');
                        text.push_str(&words);
                    }
                }
            }
        }
    }
    store::search::put_many(&mut cx.tx, &docs).await
}

/// [`index`] for living records as they are in the table now.
pub(crate) async fn reindex(cx: &mut Cx, object: &Object, ids: &[Uuid]) -> Outcome<()> {
    if ids.is_empty() || !object.can(kernel::Capability::Search) {
        return Ok(());
    }
    let company = cx.company.clone();
    let records = company.some(&mut cx.tx, &company.system(), object, ids, &Verb::Read, false).await?;
    index(cx, object, &records.iter().collect::<Vec<_>>()).await
}
