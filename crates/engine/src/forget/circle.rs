//! The records about a person.

use crate::record_sql::{Columns, from};
use crate::{Actor, Company};
use kernel::{Cell, ColumnType, Fault, Kind, Object, Outcome, Record, Registry};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use store::Conn;
use uuid::Uuid;

/// What becomes of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// The person himself: an anonymous record stays in his place.
    Subject,
    /// Words and personal values go; amounts, dates, numbers and links stay.
    Blank,
    /// It is part of the person (an address, a phone): it goes.
    Remove,
    /// The law demands it as it is.
    Keep,
}

/// Object → fate, where a company has decided otherwise than the declarations say.
pub type Fates = BTreeMap<String, Fate>;

/// A record of the circle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub object: String,
    pub id: Uuid,
    pub fate: Fate,
}

/// People who work here and their teams are no part of a customer.
const COLLEAGUES: [&str; 2] = ["user", "team"];

/// The record and everything that refers to it, in the trash too; then the parts (`cascade`) of those. Other records of
/// the same object (a subsidiary, a relative) are people of their own.
///
/// # Errors
/// Not found; the database.
pub async fn circle(conn: &mut Conn, registry: &Registry, object: &str, id: Uuid, fates: &Fates) -> Outcome<Vec<Member>> {
    let subject = registry.object(object)?;
    let mut sql = conn.sql();
    sql.push("SELECT 1 FROM ").ident(object).push(" WHERE \"id\" = ").bind(id);
    if conn.int(&sql).await?.is_none() {
        return Err(Fault::not_found());
    }
    // The record itself, then those that were merged into it: the same person under an earlier id.
    let same = crate::merge::redirect::sources(conn, object, id).await?;
    let mut members: Vec<Member> = same.iter().map(|id| Member { object: subject.key.clone(), id: *id, fate: Fate::Subject }).collect();
    let mut seen: BTreeSet<(String, Uuid)> = same.iter().map(|id| (subject.key.clone(), *id)).collect();
    let mut open: VecDeque<(Arc<Object>, Vec<Uuid>, Fate)> = [(subject.clone(), same, Fate::Subject)].into();
    while let Some((parent, ids, fate)) = open.pop_front() {
        let children = registry.children(&parent.key).filter(|(child, via)| {
            child.key != subject.key && !COLLEAGUES.contains(&child.key.as_str()) && (fate == Fate::Subject || via.cascade)
        });
        for (child, via) in children {
            let derived = match fate {
                Fate::Subject if via.cascade => Fate::Remove,
                Fate::Subject => Fate::Blank,
                other => other,
            };
            let fate = fates.get(&child.key).copied().unwrap_or(derived);
            let mut fresh = Vec::new();
            for chunk in ids.chunks(500) {
                for found in refer(conn, child, &via.key, matches!(via.kind, Kind::Refs { .. }), chunk).await? {
                    if seen.insert((child.key.clone(), found)) {
                        fresh.push(found);
                    }
                }
            }
            if !fresh.is_empty() {
                members.extend(fresh.iter().map(|id| Member { object: child.key.clone(), id: *id, fate }));
                open.push_back((child.clone(), fresh, fate));
            }
        }
    }
    // What is removed goes after what points to it.
    members.sort_by_key(|m| (m.fate == Fate::Remove, m.fate == Fate::Subject));
    Ok(members)
}

async fn refer(conn: &mut Conn, child: &Object, via: &str, many: bool, ids: &[Uuid]) -> Outcome<Vec<Uuid>> {
    let mut sql = conn.sql();
    sql.push("SELECT t.\"id\" FROM ").ident(&child.key).push(" t WHERE ");
    if many {
        sql.push("t.\"id\" IN (SELECT record_id FROM sila_link WHERE object = ").bind(child.key.as_str());
        sql.push(" AND field = ").bind(via).push(" AND target_id IN ");
        sql.bind_list(ids.iter().map(|id| Cell::Id(*id))).push(")");
    } else {
        sql.push("t.").ident(via).push(" IN ").bind_list(ids.iter().map(|id| Cell::Id(*id)));
    }
    sql.push(" ORDER BY t.\"id\"");
    Ok(conn.rows(&sql, &[ColumnType::Id]).await?.iter().filter_map(|r| r.first().and_then(Cell::id)).collect())
}

/// A record of the circle as it stands, living or in the trash, and whether it lives. For the company's own hand alone:
/// a copy of a person's data holds what no single colleague may see.
///
/// # Errors
/// Forbidden for everybody else; the database.
pub async fn read(company: &Company, conn: &mut Conn, actor: &Actor, member: &Member) -> Outcome<Option<(Record, bool)>> {
    if !actor.is_system() {
        return Err(Fault::forbidden());
    }
    let registry = company.registry();
    stands(conn, registry.object(&member.object)?, member.id, false).await
}

/// The same for this crate; `lock` holds the row until the transaction ends.
pub(super) async fn stands(conn: &mut Conn, object: &Object, id: Uuid, lock: bool) -> Outcome<Option<(Record, bool)>> {
    let columns = Columns::all(object);
    let mut types = columns.types.clone();
    types.push(ColumnType::Int);
    let mut sql = conn.sql();
    sql.push("SELECT ");
    columns.write(&mut sql, "t");
    sql.push(", t.deleted_at");
    from(&mut sql, object, "t");
    sql.push(" WHERE t.\"id\" = ").bind(id);
    if lock && sql.dialect() == store::Dialect::Postgres {
        sql.push(" FOR UPDATE OF t");
    }
    let Some(row) = conn.row(&sql, &types).await? else { return Ok(None) };
    let living = row.last().and_then(Cell::int).is_none();
    Ok(columns.record(&row).map(|r| (r, living)))
}
