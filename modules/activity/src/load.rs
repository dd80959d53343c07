//! A record with all that belongs to its calendar object: exceptions, people, what other programs wrote.

use crate::ics::{Person, Told};
use engine::{Actor, Company};
use kernel::uuid::Uuid;
use kernel::{Cell, ColumnType, Expr, Outcome, Record};
use engine::Query;
use store::Conn;

/// A calendar object's parts.
pub struct Whole {
    pub record: Record,
    pub exceptions: Vec<Record>,
    pub told: Told,
}

/// # Errors
/// Not found: no such activity for this reader.
pub async fn whole(conn: &mut Conn, company: &Company, actor: &Actor, id: Uuid) -> Outcome<Whole> {
    let record = company.get_in(conn, actor, "activity", id).await?;
    let exceptions = if record.get("rule").is_null() {
        Vec::new()
    } else {
        let query = Query { count: engine::Count::None, ..Query::new("activity") };
        let of = Expr::parse(&format!("series == id(\"{id}\")"))?;
        company.list_in(conn, actor, &query.filter(of).sort("occurrence").limit(500)).await?.records
    };
    let told = told(conn, company, &record).await?;
    Ok(Whole { record, exceptions, told })
}

/// Uid, people and kept text of a record the reader has been given.
async fn told(conn: &mut Conn, company: &Company, record: &Record) -> Outcome<Told> {
    let mut sql = conn.sql();
    sql.push("SELECT uid, extra FROM sila_dav WHERE object = 'activity' AND record_id = ").bind(record.id);
    let kept = conn.row(&sql, &[ColumnType::Text, ColumnType::Text]).await?.unwrap_or_default();
    let text = |cells: &[Cell], i: usize| cells.get(i).and_then(Cell::text).unwrap_or_default().to_owned();
    let uid = text(&kept, 0);
    let mut sql = conn.sql();
    sql.push("SELECT name, email, state FROM attendee WHERE deleted_at IS NULL AND activity = ").bind(record.id).push(" ORDER BY name_sort, id");
    let rows = conn.rows(&sql, &[ColumnType::Text; 3]).await?;
    let people: Vec<Person> = rows.iter().map(|r| Person { name: text(r, 0), email: text(r, 1), state: text(r, 2) }).collect();
    let mut organizer = None;
    if let (Some(owner), false) = (record.get("owner").id(), people.is_empty()) {
        let mut sql = conn.sql();
        sql.push("SELECT name, name_lat, email FROM \"user\" WHERE id = ").bind(owner);
        if let Some(r) = conn.row(&sql, &[ColumnType::Text; 3]).await? {
            let name = kernel::Name::new(text(&r, 0), text(&r, 1));
            organizer = Some(Person { name: name.get(company.settings().lang().code()).to_owned(), email: text(&r, 2), state: "accepted".into() });
        }
    }
    Ok(Told { uid: if uid.is_empty() { format!("{}@sila", record.id) } else { uid }, organizer, people, extra: text(&kept, 1) })
}
