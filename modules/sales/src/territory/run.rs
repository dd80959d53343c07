//! The rules over all customers. First it is only looked: each customer who would move is a row that says from whom to whom.
//! Then it is applied, and can be taken back; each of it page by page, and stopped between two pages.

use super::rules::{self, KEY as TERRITORY};
use engine::{Action, Cx, Done, Draft, Input, JobCx, Query};
use futures::future::BoxFuture;
use kernel::object::Capability::{Comments, Files, Import, Menu, Search, Timeline};
use kernel::uuid::Uuid;
use kernel::{Cell, Choice, ColumnType, Expr, Fault, Field, Kind, Label, Object, Outcome, Record, Tone, Value, label};
use serde_json::json;
use store::queue::NewJob;

pub const KEY: &str = "territory_run";
pub const MOVE: &str = "territory_move";
pub const JOB: &str = "sales.territories";
/// Customers of one transaction.
const PAGE: usize = 200;

pub fn object() -> Object {
    let states = [("looking", "يُحسب", "Working it out", Tone::Info), ("preview", "معاينة", "Preview", Tone::Warn), ("applying", "يُطبَّق", "Being applied", Tone::Info), ("done", "طُبّق", "Applied", Tone::Good), ("undoing", "يُتراجع عنه", "Being undone", Tone::Info), ("undone", "تُراجع عنه", "Undone", Tone::Neutral), ("stopped", "أُوقف", "Stopped", Tone::Bad)];
    let states = states.iter().map(|(key, ar, en, tone)| Choice::new(*key, Label::owned(*ar, *en), *tone)).collect();
    let number = |key: &str, l| Field::new(key, Kind::Integer, l).readonly().default_expr("0").list();
    Object::new(KEY, "sales", label("توزيع المناطق", "Territory run"), label("مرات توزيع المناطق", "Territory runs"))
        .icon("map-pin")
        .title("number")
        .sort("-created_at")
        .without(&[Menu, Search, Comments, Files, Import])
        .field(Field::new("number", Kind::Sequence { prefix: "TR-".into(), pad: 4, gap_free: true }, label("الرقم", "Number")))
        .field(Field::new("status", Kind::Choice { options: states }, label("الحالة", "Status")).readonly().default_expr("\"looking\"").list())
        .field(
            Field::new("owners", Kind::Bool, label("ينتقل المسؤول أيضًا", "Owners move too"))
                .default_expr("true")
                .lock("rev > 0")
                .list()
                .help(label("من في منطقة لها مسؤول يصير في عهدته. دون ذلك تتغير المنطقة وحدها.", "Whoever is in a territory with an owner becomes his. Without it only the territory changes.")),
        )
        .field(number("seen", label("نُظر فيهم", "Looked at")))
        .field(number("moving", label("ينتقلون", "Would move")))
        .field(number("moved", label("انتقلوا", "Moved")))
        // Where the next page begins.
        .field(Field::new("cursor", Kind::Code { max: 40 }, label("الموضع", "Position")).readonly().when("false"))
}

pub fn movement() -> Object {
    let to = |key: &str, object: &str, l: Label, reverse: &str| Field::new(key, Kind::to(object), l.clone()).readonly().unlisted().reverse(format!("{reverse}_{key}"), l).list();
    Object::new(MOVE, "sales", label("انتقال عميل", "Customer moved"), label("من ينتقل", "Who moves"))
        .icon("arrow-right")
        .sort("created_at")
        .without(&[Menu, Search, Comments, Files, Import, Timeline, kernel::Capability::Events, kernel::Capability::Audit])
        .field(Field::new("run", Kind::to(KEY), label("المرة", "Run")).required().readonly().cascade().reverse("moves", label("من ينتقل", "Who moves")))
        .field(Field::new("name", Kind::Name, label("العميل", "Customer")).readonly().personal().list())
        .field(to("party", "party", label("سجل العميل", "Record of the customer"), "moves").cascade())
        .field(to("from_territory", TERRITORY, label("من منطقة", "From territory"), "moves"))
        .field(to("to_territory", TERRITORY, label("إلى منطقة", "To territory"), "moves"))
        .field(to("from_owner", "user", label("من", "From"), "moves"))
        .field(to("to_owner", "user", label("إلى", "To"), "moves"))
        .field(Field::new("done", Kind::Bool, label("انتقل", "Moved")).readonly().default_expr("false").indexed().list())
        .title("name")
}

pub fn prepare<'a>(cx: &'a mut Cx, before: Option<&'a Record>, run: &'a mut Record) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        if before.is_none() {
            let open = Query { count: engine::Count::None, ..Query::new(KEY).filter(Expr::parse("status in [\"looking\", \"applying\", \"undoing\"]")?).limit(1) };
            let (company, system) = (cx.company.clone(), cx.company.system());
            if !company.list_in(&mut cx.tx, &system, &open).await?.records.is_empty() {
                return Err(Fault::invalid("", "sales-run-one"));
            }
            later(cx, run.id).await?;
        }
        Ok(())
    })
}

async fn later(cx: &mut Cx, run: Uuid) -> Outcome<()> {
    store::queue::enqueue(&mut cx.tx, &NewJob::new(JOB, json!({ "run": run })).key(format!("{JOB}:{run}"))).await.map(|_| ())
}

pub fn actions() -> Vec<Action> {
    let action = |key, label: Label, icon, guard, danger, run| Action { object: KEY, key, label, icon, input: Vec::new(), guard: Some(guard), danger, run };
    vec![
        action("apply", label("تطبيق", "Apply"), "circle-check", "status == \"preview\" && moving > 0", false, apply),
        action("stop", label("إيقاف", "Stop"), "circle-x", "status in [\"looking\", \"applying\"]", true, stop),
        action("undo", label("تراجع", "Undo"), "undo-2", "status in [\"done\", \"stopped\"] && moved > 0", true, undo),
    ]
}

fn apply<'a>(cx: &'a mut Cx, run: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move { go(cx, &run, "applying", "sales-run-applying").await })
}

fn undo<'a>(cx: &'a mut Cx, run: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move { go(cx, &run, "undoing", "sales-run-undoing").await })
}

fn stop<'a>(cx: &'a mut Cx, run: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        cx.save(KEY, Draft::of(run.id).set("status", "stopped").trusted()).await?;
        Ok(Done { message: "sales-run-stopped".into(), ..Done::default() })
    })
}

async fn go(cx: &mut Cx, run: &Record, status: &str, message: &str) -> Outcome<Done> {
    cx.save(KEY, Draft::of(run.id).set("status", status).trusted()).await?;
    later(cx, run.id).await?;
    Ok(Done { message: message.into(), ..Done::default() })
}

pub fn job(job: JobCx) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move {
        let company = job.company.clone();
        let Some(id) = job.job.payload.get("run").and_then(|v| v.as_str()).and_then(|s| s.parse::<Uuid>().ok()) else { return Ok(()) };
        let system = company.system();
        loop {
            let mut cx = company.write(&system).await?;
            cx.cause = format!("territories {id}");
            // Nobody is told of hundreds of customers one by one.
            cx.retold = true;
            // Looked at within the transaction: whoever stopped it is heard before the next page.
            let Ok(run) = company.get_in(&mut cx.tx, &system, KEY, id).await else { return Ok(()) };
            let more = match run.get("status").text() {
                Some("looking") => look(&mut cx, &run).await?,
                Some("applying") => carry(&mut cx, &run, true).await?,
                Some("undoing") => carry(&mut cx, &run, false).await?,
                _ => false,
            };
            cx.commit().await?;
            if !more {
                return Ok(());
            }
        }
    })
}

/// One page of customers: whose rules say otherwise is noted.
async fn look(cx: &mut Cx, run: &Record) -> Outcome<bool> {
    let (company, system, party) = (cx.company.clone(), cx.company.system(), cx.object("party")?);
    let all = rules::all(cx).await?;
    let env = company.env(&system);
    let last: Uuid = run.get("cursor").text().and_then(|t| t.parse().ok()).unwrap_or_default();
    let mut sql = cx.tx.sql();
    sql.push("SELECT t.\"id\"");
    company.rows_where(&system, &party, &Query::new("party"), &mut sql)?;
    sql.push(" AND t.\"id\" > ").bind(last).push(&format!(" ORDER BY t.\"id\" LIMIT {PAGE}"));
    let ids: Vec<Uuid> = cx.tx.rows(&sql, &[ColumnType::Id]).await?.iter().filter_map(|r| r.first().and_then(Cell::id)).collect();
    let Some(end) = ids.last().copied() else {
        cx.save(KEY, Draft::of(run.id).set("status", "preview").trusted()).await?;
        return Ok(false);
    };
    let owners = run.get("owners").bool() == Some(true);
    let mut drafts = Vec::new();
    let seen = ids.len();
    for id in ids {
        let record = company.get_in(&mut cx.tx, &system, "party", id).await?;
        let to = rules::of(&all, &record, &env);
        let from = (record.get(TERRITORY).clone(), record.get("owner").clone());
        let owner = to.and_then(|t| t.owner).filter(|_| owners).map_or_else(|| from.1.clone(), Value::Id);
        let territory = Value::from(to.map(|t| t.id));
        if (&territory, &owner) == (&from.0, &from.1) {
            continue;
        }
        let draft = Draft::new().set("run", run.id).set("party", id).set("name", record.get("name").clone());
        drafts.push(draft.set("from_territory", from.0).set("to_territory", territory).set("from_owner", from.1).set("to_owner", owner).trusted());
    }
    let n = |v: usize| i64::try_from(v).unwrap_or(i64::MAX);
    let counts = Draft::of(run.id)
        .set("seen", run.get("seen").int().unwrap_or_default() + n(seen))
        .set("moving", run.get("moving").int().unwrap_or_default() + n(drafts.len()))
        .set("cursor", end.to_string());
    cx.save_many(MOVE, drafts).await?;
    cx.save(KEY, counts.trusted()).await?;
    Ok(true)
}

/// One page of moves, there or back. Whoever has been given to somebody else meanwhile stays with him.
async fn carry(cx: &mut Cx, run: &Record, there: bool) -> Outcome<bool> {
    let (company, system) = (cx.company.clone(), cx.company.system());
    let of = Expr::path("run").eq(Expr::lit(run.id)).and(Expr::path("done").eq(Expr::lit(!there)));
    let query = Query { count: engine::Count::None, ..Query::new(MOVE).filter(of).limit(PAGE) };
    let moves = company.list_in(&mut cx.tx, &system, &query).await?.records;
    if moves.is_empty() {
        cx.save(KEY, Draft::of(run.id).set("status", if there { "done" } else { "undone" }).trusted()).await?;
        return Ok(false);
    }
    let (mut parties, mut marks) = (Vec::new(), Vec::new());
    for m in &moves {
        marks.push((m.id, vec![("done", Value::Bool(there))]));
        let Some(id) = m.get("party").id() else { continue };
        let Ok(party) = company.get_in(&mut cx.tx, &system, "party", id).await else { continue };
        let ((from, from_owner), (to, to_owner)) = (("from_territory", "from_owner"), ("to_territory", "to_owner"));
        let (was, was_owner, is, is_owner) = if there { (from, from_owner, to, to_owner) } else { (to, to_owner, from, from_owner) };
        let mut draft = Draft::of(id).trusted();
        if party.get("owner") == m.get(was_owner) && m.get(is_owner) != m.get(was_owner) {
            draft = draft.set("owner", m.get(is_owner).clone());
        }
        if party.get(TERRITORY) == m.get(was) {
            draft = draft.set(TERRITORY, m.get(is).clone());
        }
        if !draft.values.is_empty() {
            parties.push(draft);
        }
    }
    cx.save_many("party", parties).await?;
    cx.derive(MOVE, marks).await?;
    let n = i64::try_from(moves.len()).unwrap_or(i64::MAX);
    let moved = run.get("moved").int().unwrap_or_default();
    cx.save(KEY, Draft::of(run.id).set("moved", if there { moved + n } else { (moved - n).max(0) }).trusted()).await?;
    Ok(true)
}
