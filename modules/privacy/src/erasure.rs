//! Erasure: what it would do, what forbids it, and the job that does it.

use crate::export::request_of;
use crate::{retention, request};
use crate::view::view;
use engine::forget::{self, Fate, Fates, Member};
use engine::{JobCx, PageCx};
use futures::future::BoxFuture;
use jiff::Timestamp;
use kernel::{Fault, Outcome, Registry};
use maud::{Markup, html};
use serde_json::json;
use std::collections::BTreeMap;
use store::Conn;
use store::queue::NewJob;
use ui::cx::{Titles, ViewCx};
use uuid::Uuid;

/// The job that erases the person of a request.
pub const JOB: &str = "privacy.erase";
/// The job that takes the remains out of the database's files.
pub const CLEAN: &str = "privacy.clean";

/// The number of a legal hold in force on the party; none where nothing forbids the erasure.
///
/// # Errors
/// The database.
pub async fn held(conn: &mut Conn, now: Timestamp, party: Uuid) -> Outcome<Option<String>> {
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
    let mut sql = conn.sql();
    sql.push("SELECT number FROM legal_hold WHERE deleted_at IS NULL AND party = ").bind(party);
    sql.push(" AND (until IS NULL OR until >= ").bind(today).push(") ORDER BY number LIMIT 1");
    conn.text(&sql).await
}

/// What an erasure would do, by object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    pub rows: BTreeMap<String, BTreeMap<Fate, u64>>,
}

/// Counts the circle of a party.
///
/// # Errors
/// Not found; the database.
pub async fn plan(conn: &mut Conn, registry: &Registry, party: Uuid, fates: &Fates) -> Outcome<Plan> {
    let members: Vec<Member> = forget::circle(conn, registry, "party", party, fates).await?;
    let mut plan = Plan::default();
    for m in members {
        *plan.rows.entry(m.object).or_default().entry(m.fate).or_default() += 1;
    }
    Ok(plan)
}

/// The block on a request: for an erasure what will happen, for a correction what is proposed, for a copy where it is.
pub(crate) fn panel(page: PageCx, id: Uuid) -> BoxFuture<'static, Outcome<String>> {
    Box::pin(async move {
        let request = page.company.get(&page.actor, "privacy_request", id).await?;
        let (Some(party), Some(kind)) = (request.get("party").id(), request.get("kind").text()) else { return Ok(String::new()) };
        let titles = Titles::new();
        let cx = view(&page, &titles);
        let status = request.get("status").text().unwrap_or_default();
        let late = request.get("due_at").datetime().is_some_and(|due| due < page.company.now()) && !matches!(status, "done" | "refused");
        let clock = request.get("due_at").datetime().map(|due| {
            html! { p class=(if late { "pv-clock pv-late" } else { "pv-clock" }) { (ui::icon("clock")) " " (cx.t(if late { "privacy-overdue" } else { "privacy-due" })) " " strong { (cx.date(cx.civil(due))) } " · " (cx.relative(due)) } }
        });
        let clock = clock.filter(|_| !matches!(status, "done" | "refused"));
        let body = match kind {
            "erasure" if status != "done" => {
                let registry = page.company.registry();
                let grounds = retention::grounds(&page.company).await?;
                let fates = grounds.iter().map(|(object, _)| (object.clone(), Fate::Keep)).collect();
                let mut conn = page.company.db().read().await?;
                let hold = held(&mut conn, page.company.now(), party).await?;
                let plan = plan(&mut conn, &registry, party, &fates).await?;
                table(&cx, &registry, &plan, &grounds, hold.as_deref())
            }
            "erasure" => done(&cx, request.get("report")),
            "correction" => proposal(&cx, &page, party, request.get("proposal")).await?,
            _ if status == "done" => {
                let href = format!("/privacy/document?request={id}");
                html! { p { (maud::Render::render(&ui::button(cx.t("privacy-open-document")).icon("file-text").href(href))) } }
            }
            _ => html! {},
        };
        let whole = html! { div class="stack" { @if let Some(c) = &clock { (c) } (body) } };
        Ok(if clock.is_none() && body.0.is_empty() { String::new() } else { whole.into_string() })
    })
}

fn table(cx: &ViewCx<'_>, registry: &Registry, plan: &Plan, grounds: &BTreeMap<String, String>, hold: Option<&str>) -> Markup {
    let rows: Vec<Markup> = plan
        .rows
        .iter()
        .filter_map(|(key, fates)| registry.find(key).map(|o| (o, fates)))
        .flat_map(|(object, fates)| {
            fates.iter().map(move |(fate, n)| {
                let book = forget::is_book(object);
                let what = match fate {
                    Fate::Subject => "privacy-fate-subject",
                    Fate::Remove => "privacy-fate-remove",
                    Fate::Keep => "privacy-fate-keep",
                    Fate::Blank if book => "privacy-fate-book",
                    Fate::Blank => "privacy-fate-blank",
                };
                let ground = grounds.get(&object.key).filter(|_| *fate == Fate::Keep).cloned().unwrap_or_default();
                html! { li {
                    span class="pv-plan-what" { (cx.label(&object.plural)) " " (ui::mark::count(&cx.num(i64::try_from(*n).unwrap_or(i64::MAX)))) }
                    span { (cx.t(what)) @if !ground.is_empty() { br; span class="muted small" { bdi { (ground) } } } }
                } }
            })
        })
        .collect();
    html! {
        @if let Some(number) = hold { (ui::mark::flash(ui::mark::Mood::Warn, &html! { (cx.tf("privacy-on-hold", &[("name", number.into())])) })) }
        p class="soft small" { (cx.t("privacy-plan-text")) }
        ul class="pv-plan" { @for row in &rows { (row) } }
    }
}

fn done(cx: &ViewCx<'_>, report: &kernel::Value) -> Markup {
    let kernel::Value::Json(json) = report else { return html! {} };
    let report: forget::Report = serde_json::from_value(json.clone()).unwrap_or_default();
    let sum = |m: &BTreeMap<String, u64>| cx.num(i64::try_from(m.values().sum::<u64>()).unwrap_or(i64::MAX));
    html! {
        (ui::record::summary(&[
            (cx.t("privacy-report-anonymous"), sum(&report.anonymous), String::new()),
            (cx.t("privacy-report-removed"), sum(&report.removed), String::new()),
            (cx.t("privacy-report-kept"), sum(&report.kept), String::new()),
            (cx.t("privacy-report-traces"), sum(&report.traces), String::new()),
        ]))
        @if report.mentions.is_empty() { p class="soft small" { (cx.t("privacy-report-clean")) } }
        @else {
            (ui::mark::flash(ui::mark::Mood::Warn, &html! { (cx.tf("privacy-report-mentions", &[("count", report.mentions.len().into())])) }))
            ul class="small" dir="ltr" { @for m in report.mentions.iter().take(20) { li { code { (m) } } } }
        }
    }
}

/// Old and proposed values side by side.
async fn proposal(cx: &ViewCx<'_>, page: &PageCx, party: Uuid, proposed: &kernel::Value) -> Outcome<Markup> {
    let kernel::Value::Json(serde_json::Value::Object(map)) = proposed else { return Ok(html! {}) };
    let registry = page.company.registry();
    let object = registry.object("party")?;
    let now = page.company.get(&page.actor, "party", party).await?;
    let rows: Vec<Vec<Markup>> = map
        .iter()
        .filter_map(|(key, value)| {
            let field = object.get(key).filter(|_| page.actor.sees("party", key))?;
            let new = kernel::parse::from_json(&field.kind, value, &kernel::parse::Ctx::default()).ok()?;
            Some(vec![
                html! { (cx.label(&field.label)) },
                html! { bdi { (ui::cell::plain(&field.kind, now.get(key), cx)) } },
                html! { strong { bdi { (ui::cell::plain(&field.kind, &new, cx)) } } },
            ])
        })
        .collect();
    let heads = [(cx.t("privacy-field"), false), (cx.t("privacy-value-now"), false), (cx.t("privacy-value-proposed"), false)];
    Ok(html! { (ui::table::plain_table(&heads, &rows)) })
}

/// Erases the person of a request. A second run after a crash finds what is left to do.
pub(crate) fn run(job: JobCx) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move {
        let company = job.company.clone();
        let request = request_of(&job).await?;
        if request.get("status").text() != Some("running") {
            return Ok(());
        }
        let party = request.get("party").id().ok_or_else(Fault::not_found)?;
        let mut conn = company.db().read().await?;
        let hold = held(&mut conn, company.now(), party).await?;
        drop(conn);
        if let Some(number) = hold {
            return Err(Fault::issue(kernel::Issue::new("", "privacy-on-hold").arg("name", number)));
        }
        let fates: Fates = retention::grounds(&company).await?.into_keys().map(|object| (object, Fate::Keep)).collect();
        let report = forget::erase(&company, "party", party, &fates, |done, all| {
            job.progress(i64::try_from(done).unwrap_or(0), i64::try_from(all).ok(), None);
        })
        .await?;
        let mut cx = company.write(&company.system()).await?;
        request::finish(&mut cx, &request, json!(report)).await?;
        store::queue::enqueue(&mut cx.tx, &NewJob::new(CLEAN, serde_json::Value::Null).key(CLEAN)).await?;
        job.finish(&mut cx).await?;
        cx.commit().await
    })
}

pub(crate) fn clean(job: JobCx) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move { store::scan::wipe(job.company.db()).await })
}

