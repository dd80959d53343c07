//! Who takes part: a row per invited person, kept up from the activity, and what colleagues are told.

use crate::touched::Touched;
use engine::{Cx, Draft, Notice};
use kernel::uuid::Uuid;
use kernel::{Cell, ColumnType, Name, Outcome, Record, Value};
use serde_json::json;
use std::collections::BTreeSet;

/// Somebody who is to take part.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wanted {
    name: String,
    email: Option<String>,
    user: Option<Uuid>,
    party: Option<Uuid>,
}

fn ids(record: &Record, field: &str) -> Vec<Uuid> {
    if let Value::Ids(ids) = record.get(field) { ids.clone() } else { Vec::new() }
}

/// Name and address of people, of one object.
async fn known(cx: &mut Cx, object: &str, ids: &[Uuid]) -> Outcome<Vec<(Uuid, Name, Option<String>)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = cx.tx.sql();
    sql.push("SELECT id, name, name_lat, email FROM ").ident(object).push(" WHERE id IN ").bind_list(ids.iter().map(|i| Cell::Id(*i)));
    let rows = cx.tx.rows(&sql, &[ColumnType::Id, ColumnType::Text, ColumnType::Text, ColumnType::Text]).await?;
    let text = |r: &[Cell], i: usize| r.get(i).and_then(Cell::text).unwrap_or_default().to_owned();
    let one = |r: &Vec<Cell>| Some((r.first()?.id()?, Name::new(text(r, 1), text(r, 2)), r.get(3)?.text().map(str::to_owned)));
    Ok(rows.iter().filter_map(one).collect())
}

/// Makes and removes the rows of those who take part; answers stay with those who stay.
pub async fn sync(cx: &mut Cx, record: &Record) -> Outcome<()> {
    let lang = cx.company.settings().lang().code();
    let owner = record.get("owner").id();
    let users: Vec<Uuid> = ids(record, "colleagues").into_iter().filter(|u| Some(*u) != owner).collect();
    let mut wanted: Vec<Wanted> = Vec::new();
    for (id, name, email) in known(cx, "user", &users).await? {
        wanted.push(Wanted { name: name.get(lang).to_owned(), email, user: Some(id), party: None });
    }
    for (id, name, email) in known(cx, "party", &ids(record, "contacts")).await? {
        wanted.push(Wanted { name: name.get(lang).to_owned(), email, user: None, party: Some(id) });
    }
    for email in record.get("guests").text().unwrap_or_default().lines() {
        if !wanted.iter().any(|w| w.email.as_deref() == Some(email)) {
            wanted.push(Wanted { name: email.to_owned(), email: Some(email.to_owned()), user: None, party: None });
        }
    }
    let mut sql = cx.tx.sql();
    sql.push("SELECT id, \"user\", party, email FROM attendee WHERE deleted_at IS NULL AND activity = ").bind(record.id);
    let rows = cx.tx.rows(&sql, &[ColumnType::Id, ColumnType::Id, ColumnType::Id, ColumnType::Text]).await?;
    let mut gone = Vec::new();
    for r in &rows {
        let (user, party, email) = (r.get(1).and_then(Cell::id), r.get(2).and_then(Cell::id), r.get(3).and_then(Cell::text));
        let same = |w: &Wanted| if user.is_some() || party.is_some() { w.user == user && w.party == party } else { w.email.as_deref() == email && w.user.is_none() && w.party.is_none() };
        match wanted.iter().position(same) {
            Some(at) => {
                wanted.remove(at);
            }
            None => gone.extend(r.first().and_then(Cell::id)),
        }
    }
    let drafts: Vec<Draft> = wanted
        .into_iter()
        .map(|w| Draft::new().set("activity", record.id).set("name", w.name).set("email", w.email).set("user", w.user).set("party", w.party).trusted())
        .collect();
    if drafts.is_empty() && gone.is_empty() {
        return Ok(());
    }
    let actor = std::mem::replace(&mut cx.actor, cx.company.system());
    let done = async {
        for id in gone {
            cx.delete("attendee", id, None).await?;
        }
        cx.save_many("attendee", drafts).await.map(|_| ())
    }
    .await;
    cx.actor = actor;
    done
}

/// Tells colleagues that they are invited, that the time has changed, that it will not take place.
pub async fn tell(cx: &mut Cx, t: &Touched<'_>) -> Outcome<()> {
    let Some(record) = t.record() else { return Ok(()) };
    let everybody = |r: &Record| ids(r, "colleagues").into_iter().chain(r.get("owner").id()).collect::<BTreeSet<Uuid>>();
    let now: BTreeSet<Uuid> = t.after.map(everybody).unwrap_or_default();
    let was: BTreeSet<Uuid> = t.before.map(everybody).unwrap_or_default();
    let cancelled = |r: &Record| r.get("status").text() == Some("cancelled");
    // Of a deleted one nobody could open the notice; of what is over nobody needs one.
    if t.after.is_none() || record.get("last").datetime().is_none_or(|l| l < cx.now) {
        return Ok(());
    }
    let off = t.after.is_some_and(cancelled) && !t.before.is_some_and(cancelled);
    let moved = t.before.is_some() && (t.changed("at") || t.changed("rule"));
    for user in &now {
        let kind = match (was.contains(user), off, moved) {
            (false, false, _) if !t.after.is_some_and(cancelled) => "activity.invited",
            (_, true, _) => "activity.cancelled",
            (true, _, true) => "activity.moved",
            _ => continue,
        };
        let when = record.get("at").datetime().map(|at| at.to_string());
        cx.notify(Notice { user: *user, kind, object: "activity", record: record.id, data: json!({ "at": when }) }).await?;
    }
    Ok(())
}
