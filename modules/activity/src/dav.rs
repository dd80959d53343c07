//! The calendars of a person for programs that speak CalDAV: his own events, his tasks, and those of his teams to read.

use crate::window::{self, Whose};
use crate::{answer, busy, ics, load, repeat, saving};
use engine::dav::{Busy, Collection, Item, Put, Shelf, Source};
use engine::{Actor, Company, Cx, Draft, Query};
use futures::future::BoxFuture;
use kernel::jiff::{SignedDuration, Timestamp};
use kernel::uuid::Uuid;
use kernel::{Cell, ColumnType, Expr, Fault, FaultKind, Issue, Name, Outcome, Record, Value, Verb};
use std::collections::{BTreeMap, BTreeSet};
use store::Conn;

/// How long what is over stays in the programs.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 400);

pub fn source() -> Source {
    Source {
        shelf: Shelf::Calendars,
        objects: &["activity", "attendee", "user", "team", "party", "resource", "step"],
        collections: |company, actor| Box::pin(collections(company, actor)),
        items: |company, actor, key| Box::pin(async move { items(company, actor, key, None, &[]).await.map(|l| l.into_iter().map(|(_, i)| i).collect()) }),
        read: |company, actor, key, names| Box::pin(read(company, actor, key, names)),
        within: |company, actor, key, from, to| Box::pin(within(company, actor, key, from, to)),
        put: |cx, put| put_item(cx, put),
        delete: |cx, collection, name, etag| delete(cx, collection, name, etag),
        busy: Some(|company, actor, key, from, to| Box::pin(busy_of(company, actor, key, from, to))),
    }
}

async fn teams(company: &Company, actor: &Actor) -> Outcome<Vec<Uuid>> {
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT team_id FROM sila_team_member WHERE user_id = ").bind(actor.id).push(" ORDER BY team_id");
    Ok(conn.rows(&sql, &[ColumnType::Id]).await?.iter().filter_map(|r| r.first()?.id()).collect())
}

pub(crate) async fn members(company: &Company, team: Uuid) -> Outcome<Vec<Uuid>> {
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT user_id FROM sila_team_member WHERE team_id = ").bind(team);
    Ok(conn.rows(&sql, &[ColumnType::Id]).await?.iter().filter_map(|r| r.first()?.id()).collect())
}

async fn collections(company: &Company, actor: &Actor) -> Outcome<Vec<Collection>> {
    let registry = company.registry();
    let object = registry.object("activity")?;
    actor.rule(object, &Verb::Read)?;
    let writable = actor.may(object, &Verb::Create);
    let own = |key: &str, name, component, colour| Collection { key: key.into(), name, components: vec![component], writable, colour };
    let mut all = vec![
        own("calendar", Name::new("تقويمي", "My calendar"), "VEVENT", "#0F766E"),
        own("tasks", Name::new("مهامي", "My tasks"), "VTODO", "#B45309"),
    ];
    for team in teams(company, actor).await? {
        // A team whose name he may not read is none of his calendars.
        if let Ok(record) = company.get(actor, "team", team).await {
            let name = record.get("name").name().cloned().unwrap_or_default();
            all.push(Collection { key: format!("team-{team}"), name, components: vec!["VEVENT"], writable: false, colour: "#4338CA" });
        }
    }
    Ok(all)
}

/// What a collection holds, as a condition, and whose it is.
async fn scope(company: &Company, actor: &Actor, key: &str) -> Outcome<(Expr, Vec<Uuid>)> {
    let (task, people) = match key {
        "calendar" => (false, vec![actor.id]),
        "tasks" => (true, vec![actor.id]),
        team => {
            let team = team.strip_prefix("team-").and_then(|t| t.parse().ok()).ok_or_else(Fault::not_found)?;
            if !teams(company, actor).await?.contains(&team) {
                return Err(Fault::not_found());
            }
            (false, members(company, team).await?)
        }
    };
    Ok((Expr::parse(&format!("series == null && kind {} \"task\"", if task { "==" } else { "!=" }))?, people))
}

/// Members with their ids: all, or those that touch a span, or those with the names given.
async fn items(company: &Company, actor: &Actor, key: &str, span: Option<(Timestamp, Timestamp)>, names: &[String]) -> Outcome<Vec<(Uuid, Item)>> {
    let (condition, people) = scope(company, actor, key).await?;
    let mut conn = company.db().read().await?;
    list(&mut conn, company, actor, condition, &people, span, names).await
}

async fn list(
    conn: &mut Conn,
    company: &Company,
    actor: &Actor,
    condition: Expr,
    people: &[Uuid],
    span: Option<(Timestamp, Timestamp)>,
    names: &[String],
) -> Outcome<Vec<(Uuid, Item)>> {
    let registry = company.registry();
    let object = registry.object("activity")?;
    let mut sql = conn.sql();
    // A change of an answer or of one occurrence is a change of the whole.
    sql.push("SELECT t.id, t.rev, (SELECT CAST(COALESCE(SUM(a.rev), 0) AS BIGINT) FROM attendee a WHERE a.activity = t.id), ");
    sql.push("(SELECT CAST(COALESCE(SUM(o.rev), 0) AS BIGINT) FROM activity o WHERE o.series = t.id), ");
    sql.push("(SELECT d.name FROM sila_dav d WHERE d.object = 'activity' AND d.record_id = t.id)");
    company.rows_where(actor, object, &Query::new("activity").filter(condition), &mut sql)?;
    let ids = || people.iter().map(|p| Cell::Id(*p));
    sql.push(" AND (t.owner IN ").bind_list(ids());
    sql.push(" OR EXISTS (SELECT 1 FROM sila_link l WHERE l.record_id = t.id AND l.object = 'activity' AND l.field = 'colleagues' AND l.target_id IN ");
    sql.bind_list(ids()).push("))");
    // What he declined is not in his calendar.
    sql.push(" AND NOT EXISTS (SELECT 1 FROM attendee a WHERE a.activity = t.id AND a.deleted_at IS NULL AND a.state = 'declined' AND a.\"user\" = ");
    sql.bind(actor.id).push(")");
    let (from, to) = match span {
        Some((from, to)) => (from, Some(to)),
        None => (company.now().saturating_sub(KEPT).unwrap_or_default(), None),
    };
    sql.push(" AND (t.last IS NULL OR t.last >= ").bind(from).push(")");
    if let Some(to) = to {
        sql.push(" AND (t.at IS NULL OR t.at < ").bind(to).push(")");
    }
    if !names.is_empty() {
        let own: Vec<Cell> = names.iter().filter_map(|n| ics::own_id(n)).map(Cell::Id).collect();
        sql.push(" AND (EXISTS (SELECT 1 FROM sila_dav n WHERE n.object = 'activity' AND n.record_id = t.id AND n.name IN ");
        sql.bind_list(names.iter().map(|n| n.as_str().into())).push(")");
        if !own.is_empty() {
            sql.push(" OR t.id IN ").bind_list(own);
        }
        sql.push(")");
    }
    sql.push(" ORDER BY t.id LIMIT 20000");
    let types = [ColumnType::Id, ColumnType::Int, ColumnType::Int, ColumnType::Int, ColumnType::Text];
    let rows = conn.rows(&sql, &types).await?;
    let int = |r: &[Cell], i: usize| r.get(i).and_then(Cell::int).unwrap_or_default();
    let all = rows.iter().filter_map(|r| {
        let id = r.first()?.id()?;
        let name = r.get(4).and_then(Cell::text).map_or_else(|| format!("{id}.ics"), str::to_owned);
        Some((id, Item { name, etag: format!("{}-{}-{}", int(r, 1), int(r, 2), int(r, 3)) }))
    });
    Ok(all.filter(|(_, i)| names.is_empty() || names.contains(&i.name)).collect())
}

async fn read(company: &Company, actor: &Actor, key: &str, names: &[String]) -> Outcome<Vec<(Item, String)>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let mut out = Vec::new();
    for chunk in names.chunks(300) {
        let found = items(company, actor, key, None, chunk).await?;
        let mut conn = company.db().read().await?;
        for (id, item) in found {
            let whole = load::whole(&mut conn, company, actor, id).await?;
            let text = ics::calendar(&whole.record, &whole.exceptions, &whole.told, company.now(), None).write();
            out.push((item, text));
        }
    }
    Ok(out)
}

/// Rows of the table say when a series ends and begins; whether one of its moments touches the span is asked of the series.
async fn within(company: &Company, actor: &Actor, key: &str, from: Timestamp, to: Timestamp) -> Outcome<Vec<Item>> {
    let found = items(company, actor, key, Some((from, to)), &[]).await?;
    if key == "tasks" {
        return Ok(found.into_iter().map(|(_, i)| i).collect());
    }
    let (_, people) = scope(company, actor, key).await?;
    let mut conn = company.db().read().await?;
    let rows = window::rows(&mut conn, company, actor, from, to, &Whose::People(people)).await?;
    let exceptions = window::exceptions(&mut conn, &rows).await?;
    drop(conn);
    let touched: BTreeSet<Uuid> =
        window::spans(&rows, &exceptions, from, to).iter().filter_map(|s| rows.get(s.row)).map(|r| r.series.unwrap_or(r.id)).collect();
    let cut = rows.len() >= window::MOST;
    Ok(found.into_iter().filter(|(id, _)| cut || touched.contains(id)).map(|(_, i)| i).collect())
}

async fn busy_of(company: &Company, actor: &Actor, key: &str, from: Timestamp, to: Timestamp) -> Outcome<Vec<Busy>> {
    let (_, people) = scope(company, actor, key).await?;
    let all = busy::of_people(company, actor, &people, from, to).await?;
    Ok(busy::joined(all.into_values().flatten().collect()))
}

/// The member with a name, for writing: in the transaction.
async fn find(cx: &mut Cx, collection: &str, name: &str) -> Outcome<Option<(Uuid, Item)>> {
    let (company, actor) = (cx.company.clone(), cx.actor.clone());
    if !matches!(collection, "calendar" | "tasks") {
        return Err(Fault::forbidden());
    }
    // Whatever kind it is: a name stands for one thing in both collections of a person.
    let all = Expr::parse("series == null")?;
    let found = list(&mut cx.tx, &company, &actor, all, &[actor.id], None, &[name.to_owned()]).await?;
    Ok(found.into_iter().next())
}

fn unmet() -> Fault {
    Fault::conflict()
}

fn put_item<'a>(cx: &'a mut Cx, put: Put<'a>) -> BoxFuture<'a, Outcome<Item>> {
    Box::pin(async move {
        let found = find(cx, put.collection, put.name).await?;
        if put.absent && found.is_some() || put.matches.is_some_and(|m| found.as_ref().is_none_or(|(_, i)| i.etag != m && m != "*")) {
            return Err(unmet());
        }
        let workdays = saving::workdays(&cx.company.settings().locale());
        let object = ics::read(put.text, &cx.actor.locale.tz, &workdays).map_err(|r| repeat::refused("", &r))?;
        if object.task != (put.collection == "tasks") {
            return Err(Fault::issue(Issue::new("", "ical-wrong-collection")));
        }
        let id = match found {
            Some((id, _)) => {
                change(cx, id, &object).await?;
                id
            }
            None => create(cx, &object, put.name).await?,
        };
        let item = find(cx, put.collection, put.name).await?;
        item.filter(|(found, _)| *found == id).map(|(_, i)| i).ok_or_else(|| Fault::issue(Issue::new("", "forbidden-result")))
    })
}

/// Who the addresses are: colleagues, parties this actor may see, and others.
async fn people(cx: &mut Cx, read: &ics::Read) -> Outcome<(Value, Value, Value)> {
    let emails: Vec<String> = read.people.iter().map(|p| p.email.clone()).filter(|e| Some(e) != read.organizer.as_ref()).collect();
    let (mut users, mut parties, mut others) = (Vec::new(), Vec::new(), Vec::new());
    let (company, actor) = (cx.company.clone(), cx.actor.clone());
    for email in emails {
        let by = |object: &str| Query { count: engine::Count::None, fields: vec!["name".into()], ..Query::new(object) };
        let condition = Expr::path("email").cmp(kernel::expr::Op::Eq, Expr::lit(email.clone()));
        let user = company.list_in(&mut cx.tx, &actor, &by("user").filter(condition.clone()).limit(1)).await;
        if let Some(u) = user.ok().and_then(|l| l.records.first().map(|r| r.id)) {
            users.push(u);
            continue;
        }
        // An address that is withheld from him cannot be asked for either.
        let party = company.list_in(&mut cx.tx, &actor, &by("party").filter(condition).limit(1)).await;
        match party.ok().and_then(|l| l.records.first().map(|r| r.id)) {
            Some(p) => parties.push(p),
            None => others.push(email),
        }
    }
    let ids = |l: Vec<Uuid>| if l.is_empty() { Value::Null } else { Value::Ids(l) };
    let text = if others.is_empty() { Value::Null } else { Value::Text(others.join("\n")) };
    Ok((ids(users), ids(parties), text))
}

/// The values of a component as a draft. Who takes part comes with the master; a program that knows no people leaves them alone.
async fn draft(cx: &mut Cx, mut draft: Draft, read: &ics::Read) -> Outcome<Draft> {
    for (key, value) in &read.values {
        draft = draft.set(key, value.clone());
    }
    if !read.people.is_empty() || draft.id.is_none() {
        let (users, parties, guests) = people(cx, read).await?;
        draft = draft.set("colleagues", users).set("contacts", parties).set("guests", guests);
    }
    Ok(draft)
}

async fn create(cx: &mut Cx, object: &ics::Object, name: &str) -> Outcome<Uuid> {
    let mut sql = cx.tx.sql();
    // The same object under another name is a copy that would part from its original.
    sql.push("SELECT COUNT(*) FROM sila_dav d JOIN activity t ON t.id = d.record_id WHERE t.deleted_at IS NULL AND t.owner = ").bind(cx.actor.id);
    sql.push(" AND d.object = 'activity' AND d.uid = ").bind(object.master.uid.as_str());
    if cx.tx.int(&sql).await?.unwrap_or_default() > 0 {
        return Err(Fault::issue(Issue::new("", "ical-uid-taken")));
    }
    let new = draft(cx, Draft::new(), &object.master).await?;
    let kind = if object.task {
        "task"
    } else if object.master.people.is_empty() {
        "event"
    } else {
        "meeting"
    };
    let kind = new.values.get("kind").cloned().unwrap_or_else(|| kind.into());
    let saved = cx.save("activity", new.set("kind", kind)).await?.into_record();
    remember(cx, saved.id, Some(name), &object.master).await?;
    exceptions(cx, &saved, object).await?;
    Ok(saved.id)
}

async fn change(cx: &mut Cx, id: Uuid, object: &ics::Object) -> Outcome<()> {
    let (company, actor) = (cx.company.clone(), cx.actor.clone());
    let record = company.get_in(&mut cx.tx, &actor, "activity", id).await?;
    let may = company.may_in(&mut cx.tx, &actor, &record, &Verb::Update).await?;
    if record.get("owner").id() != Some(actor.id) {
        // Invited: his program stores his answer into the organizer's object.
        let mine = object.master.people.iter().find(|p| p.email == actor.email).map(|p| p.state.clone());
        let row = answer::invitation(&mut cx.tx, id, Some(actor.id), "").await?;
        if let (Some(state), Some(row)) = (&mine, row)
            && state != "waiting"
        {
            answer::answer(cx, row, state, None).await?;
        }
        if !may {
            return if mine.is_some() { Ok(()) } else { Err(Fault::forbidden()) };
        }
    }
    let mut new = draft(cx, Draft::of(id), &object.master).await?;
    // What a calendar knows no word for stays as it is.
    if object.master.values.get("kind").is_none() {
        new.values.shift_remove("kind");
    }
    if record.get("status").text() == Some("done") && !object.task {
        new.values.shift_remove("status");
    }
    let saved = cx.save("activity", new.trusted()).await?.into_record();
    remember(cx, id, None, &object.master).await?;
    exceptions(cx, &saved, object).await
}

async fn remember(cx: &mut Cx, id: Uuid, name: Option<&str>, read: &ics::Read) -> Outcome<()> {
    let extra = if read.extra.is_empty() { Cell::Null } else { read.extra.as_str().into() };
    let mut sql = cx.tx.sql();
    sql.push("UPDATE sila_dav SET extra = ").bind(extra.clone()).push(" WHERE object = 'activity' AND record_id = ").bind(id);
    if cx.tx.exec(&sql).await? == 0 {
        let name = name.map_or_else(|| format!("{id}.ics"), str::to_owned);
        let row = vec!["activity".into(), id.into(), name.into(), read.uid.as_str().into(), extra];
        store::insert_many(&mut cx.tx, "sila_dav", &["object", "record_id", "name", "uid", "extra"], vec![row]).await?;
    }
    Ok(())
}

/// Makes the occurrences that differ what the object says of them.
async fn exceptions(cx: &mut Cx, series: &Record, object: &ics::Object) -> Outcome<()> {
    let mut sql = cx.tx.sql();
    sql.push("SELECT id, occurrence, status FROM activity WHERE deleted_at IS NULL AND series = ").bind(series.id);
    let rows = cx.tx.rows(&sql, &[ColumnType::Id, ColumnType::Int, ColumnType::Text]).await?;
    let mut there: BTreeMap<Timestamp, (Uuid, String)> = BTreeMap::new();
    for r in rows {
        if let (Some(id), Some(at)) = (r.first().and_then(Cell::id), r.get(1).and_then(Cell::int).and_then(|t| Timestamp::from_microsecond(t).ok())) {
            there.insert(at, (id, r.get(2).and_then(Cell::text).unwrap_or_default().to_owned()));
        }
    }
    if series.get("rule").is_null() {
        for (id, _) in there.into_values() {
            cx.delete("activity", id, None).await?;
        }
        return Ok(());
    }
    for e in &object.exceptions {
        let Some(at) = e.instead else { continue };
        let known = there.remove(&at);
        let base = match &known {
            Some((id, _)) => Draft::of(*id),
            None => Draft::new().set("series", series.id).set("occurrence", at).set("kind", series.get("kind").clone()).set("party", series.get("party").clone()),
        };
        let mut one = draft(cx, base.trusted(), e).await?;
        for f in ["repeat", "repeat_until", "rule"] {
            one.values.shift_remove(f);
        }
        if known.is_some_and(|(_, status)| status == "done") && !object.task {
            one.values.shift_remove("status");
        }
        cx.save("activity", one).await?;
    }
    for at in &object.master.skipped {
        match there.remove(at) {
            Some((_, status)) if status == "cancelled" => {}
            Some((id, _)) => {
                cx.save("activity", Draft::of(id).set("status", "cancelled")).await?;
            }
            None => {
                let one = crate::series::own(cx, series, *at).await?.set("status", "cancelled");
                cx.save("activity", one).await?;
            }
        }
    }
    // What the object no longer tells apart is an occurrence like the others again; what was done stays done.
    for (id, status) in there.into_values() {
        if status != "done" {
            cx.delete("activity", id, None).await?;
        }
    }
    Ok(())
}

fn delete<'a>(cx: &'a mut Cx, collection: &'a str, name: &'a str, etag: Option<&'a str>) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        let (id, item) = find(cx, collection, name).await?.ok_or_else(Fault::not_found)?;
        if etag.is_some_and(|e| e != item.etag && e != "*") {
            return Err(unmet());
        }
        match cx.delete("activity", id, None).await {
            // Invited people take it out of their calendar by declining.
            Err(f) if f.kind == FaultKind::Forbidden => match answer::invitation(&mut cx.tx, id, Some(cx.actor.id), "").await? {
                Some(row) => answer::answer(cx, row, "declined", None).await,
                None => Err(f),
            },
            other => other,
        }
    })
}
