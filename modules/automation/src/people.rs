//! Whom a rule means.

use crate::facts;
use crate::flow::Who;
use engine::Cx;
use kernel::uuid::Uuid;
use kernel::{Cell, ColumnType, Object, Outcome, Record, Value};
use std::collections::BTreeSet;

/// Levels of teams that are climbed to find somebody above a person.
const HIGHEST: usize = 12;
/// Nobody is asked or told beyond so many.
const MOST: usize = 50;

/// The active people meant, each once, in the order in which they are named.
///
/// # Errors
/// The database.
pub async fn meant(cx: &mut Cx, object: &Object, record: &Record, who: &[Who], started: Option<Uuid>) -> Outcome<Vec<Uuid>> {
    let mut found: Vec<Uuid> = Vec::new();
    for one in who {
        match one {
            Who::Owner => found.extend(owner(cx, object, record).await?),
            Who::Actor => found.extend(started),
            Who::User(id) => found.push(*id),
            Who::Role(key) => found.extend(with_role(cx, key).await?),
            Who::Field(path) => match facts::value(cx, object, path, record, started).await? {
                Value::Id(id) => found.push(id),
                Value::Ids(ids) => found.extend(ids),
                _ => {}
            },
            Who::Manager => {
                let below = owner(cx, object, record).await?.or(started);
                if let Some(below) = below {
                    found.extend(above(cx, below).await?);
                }
            }
        }
    }
    let mut seen = BTreeSet::new();
    found.retain(|id| seen.insert(*id));
    let active = active(cx, &found).await?;
    found.retain(|id| active.contains(id));
    found.truncate(MOST);
    Ok(found)
}

/// Whose record it is.
async fn owner(cx: &mut Cx, object: &Object, record: &Record) -> Outcome<Option<Uuid>> {
    let Some(path) = &object.owner else { return Ok(None) };
    Ok(facts::value(cx, object, path, record, None).await?.id())
}

/// The lead of a team of this person, or of the first team above that somebody else leads; without one the managers.
async fn above(cx: &mut Cx, user: Uuid) -> Outcome<Vec<Uuid>> {
    let mut sql = cx.tx.sql();
    sql.push("SELECT t.\"lead\", t.\"parent\" FROM sila_team_member m JOIN \"team\" t ON t.\"id\" = m.team_id AND t.\"deleted_at\" IS NULL WHERE m.user_id = ").bind(user);
    sql.push(" ORDER BY t.\"id\"");
    let mut teams: Vec<(Option<Uuid>, Option<Uuid>)> = pairs(&cx.tx.rows(&sql, &[ColumnType::Id, ColumnType::Id]).await?);
    for _ in 0..HIGHEST {
        let leads: Vec<Uuid> = teams.iter().filter_map(|(lead, _)| *lead).filter(|lead| *lead != user).collect();
        if !leads.is_empty() {
            return Ok(leads);
        }
        let parents: Vec<Cell> = teams.iter().filter_map(|(_, parent)| *parent).map(Cell::Id).collect();
        if parents.is_empty() {
            break;
        }
        let mut sql = cx.tx.sql();
        sql.push("SELECT t.\"lead\", t.\"parent\" FROM \"team\" t WHERE t.\"deleted_at\" IS NULL AND t.\"id\" IN ").bind_list(parents);
        teams = pairs(&cx.tx.rows(&sql, &[ColumnType::Id, ColumnType::Id]).await?);
    }
    let managers = with_role(cx, base::roles::MANAGER).await?;
    let managers = if managers.is_empty() { with_role(cx, base::roles::ADMIN).await? } else { managers };
    Ok(managers)
}

fn pairs(rows: &[Vec<Cell>]) -> Vec<(Option<Uuid>, Option<Uuid>)> {
    rows.iter().map(|r| (r.first().and_then(Cell::id), r.get(1).and_then(Cell::id))).collect()
}

async fn with_role(cx: &mut Cx, role: &str) -> Outcome<Vec<Uuid>> {
    let mut sql = cx.tx.sql();
    sql.push("SELECT user_id FROM sila_user_role WHERE role = ").bind(role).push(" ORDER BY user_id");
    Ok(cx.tx.rows(&sql, &[ColumnType::Id]).await?.iter().filter_map(|r| r.first().and_then(Cell::id)).collect())
}

async fn active(cx: &mut Cx, ids: &[Uuid]) -> Outcome<BTreeSet<Uuid>> {
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut sql = cx.tx.sql();
    sql.push("SELECT \"id\" FROM \"user\" WHERE \"deleted_at\" IS NULL AND \"active\" = 1 AND \"id\" IN ").bind_list(ids.iter().map(|id| Cell::Id(*id)));
    Ok(cx.tx.rows(&sql, &[ColumnType::Id]).await?.iter().filter_map(|r| r.first().and_then(Cell::id)).collect())
}

/// Who stands in for a person now, for records of this object.
///
/// # Errors
/// The database.
pub async fn standing_in(cx: &mut Cx, user: Uuid, object: &str) -> Outcome<Vec<Uuid>> {
    let mut sql = cx.tx.sql();
    sql.push("SELECT to_id, objects FROM sila_delegation WHERE ended_at IS NULL AND from_id = ").bind(user);
    sql.push(" AND from_at <= ").bind(cx.now).push(" AND until_at > ").bind(cx.now);
    let rows = cx.tx.rows(&sql, &[ColumnType::Id, ColumnType::Text]).await?;
    let covers = |objects: &str| objects.is_empty() || objects.split_whitespace().any(|o| o == object);
    Ok(rows.iter().filter(|r| covers(r.get(1).and_then(Cell::text).unwrap_or_default())).filter_map(|r| r.first().and_then(Cell::id)).collect())
}
