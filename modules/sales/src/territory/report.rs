//! `/sales/territories`: what each territory holds and brings, under the reader's rule; each figure opens what is behind it.

use super::rules::KEY;
use crate::view::{list, view};
use crate::{lead, opportunity};
use engine::{Page, PageCx, Query};
use futures::future::BoxFuture;
use kernel::uuid::Uuid;
use kernel::{Cell, ColumnType, Expr, Outcome, Record, Value, Verb, label};
use maud::{Markup, Render, html};
use std::collections::BTreeMap;
use ui::cx::{Titles, ViewCx};

const OPEN_LEADS: &str = "status in [\"new\", \"contacted\", \"qualified\", \"nurtured\"]";
/// Levels that are drawn.
const DEEPEST: usize = 12;

pub fn page() -> Page {
    Page::new("sales", "territories", label("تغطية المناطق", "Coverage of territories"), "map-pin", render)
        .may(|actor, registry| registry.find(KEY).is_some_and(|o| actor.may(o, &Verb::Read)) && registry.find("party").is_some_and(|o| actor.may(o, &Verb::Read)))
}

/// Figures by territory; none stands for those who are in no territory.
type Figures = BTreeMap<Option<Uuid>, i64>;

fn render(page: PageCx) -> BoxFuture<'static, Outcome<engine::Answer>> {
    Box::pin(async move {
        let (company, actor) = (&page.company, &page.actor);
        let found = company.list(actor, &Query { count: engine::Count::None, ..Query::new(KEY).sort("position,created_at").limit(500) }).await?;
        let titles: Titles = found.titles.iter().map(|(id, n)| (*id, n.get(actor.lang()).to_owned())).collect();
        let cx = view(&page, &titles);
        let registry = company.registry();
        let new = registry.find(KEY).is_some_and(|o| actor.may(o, &Verb::Create));
        let runs = registry.find(super::run::KEY).is_some_and(|o| actor.may(o, &Verb::Create));
        let title = cx.t("sales-territories");
        let routes = registry.find(crate::routing::route::KEY).filter(|o| actor.may(o, &Verb::Update));
        let doors = html! { nav class="cluster doors" {
            @if runs && !found.records.is_empty() { (ui::button(cx.t("sales-territories-run")).icon("rotate-ccw").href(format!("/{}/new", super::run::KEY)).render()) }
            @if let Some(routes) = routes { a class="btn" href=(cx.list_url(&routes.key)) { (cx.label(&routes.plural)) } }
            a class="btn" href="/sales/first-touch" { (cx.t("sales-first-touch")) }
        } };
        let actions = html! {
            @if new { (ui::button(cx.t("sales-territory-new")).primary().icon("plus").href(format!("/{KEY}/new")).render()) }
        };
        if found.records.is_empty() {
            let body = html! { (doors) (ui::mark::empty(ui::mark::Empty::Quiet, &cx.t("sales-territories-none"), &cx.t("sales-territories-none-text"), &html! {})) };
            return Ok(ui::shell::simple_page(&title, "", &actions, &body).into_string().into());
        }
        let accounts = counted(&page, "party", KEY, "", "COUNT(*)").await?;
        let leads = counted(&page, lead::KEY, KEY, OPEN_LEADS, "COUNT(*)").await?;
        let open = worth(&page, "status == \"open\"").await?;
        let won = worth(&page, "status == \"won\"").await?;
        let rows = ordered(&found.records);
        let currency = company.settings().currency.clone();
        let body = html! {
            (doors)
            div class="table-wrap" { table class="grid territories" {
                thead { tr {
                    th scope="col" { (cx.t("sales-territory")) }
                    th scope="col" { (cx.t("sales-territory-owner")) }
                    @for key in ["sales-territory-accounts", "sales-territory-leads", "sales-territory-open", "sales-territory-won"] { th scope="col" class="num" { (cx.t(key)) } }
                } }
                tbody {
                    @for (depth, r) in &rows { (row(&cx, Some(r), *depth, &[&accounts, &leads, &open, &won], &currency)) }
                    (row(&cx, None, 0, &[&accounts, &leads, &open, &won], &currency))
                }
            } }
        };
        Ok(ui::shell::simple_page(&title, &cx.t("sales-territories-about"), &actions, &body).into_string().into())
    })
}

/// The parts below their whole.
fn ordered(all: &[Record]) -> Vec<(usize, &Record)> {
    fn below<'r>(all: &'r [Record], parent: Option<Uuid>, depth: usize, out: &mut Vec<(usize, &'r Record)>) {
        // A parent that the reader may not see leaves its parts at the top.
        let known = |r: &Record| r.get("parent").id().filter(|id| all.iter().any(|o| o.id == *id));
        for r in all.iter().filter(|r| known(r) == parent && depth < DEEPEST) {
            out.push((depth, r));
            below(all, Some(r.id), depth + 1, out);
        }
    }
    let mut out = Vec::new();
    below(all, None, 0, &mut out);
    out
}

fn row(cx: &ViewCx<'_>, territory: Option<&Record>, depth: usize, figures: &[&Figures; 4], currency: &str) -> Markup {
    let id = territory.map(|t| t.id);
    let [accounts, leads, open, won] = figures;
    let of = |f: &Figures| f.get(&id).copied().unwrap_or_default();
    let is = |path: &str| Expr::path(path).eq(Expr::lit(Value::from(id)));
    let and = |path: &str, text: &str| Expr::parse(text).map(|e| is(path).and(e)).unwrap_or_else(|_| is(path));
    let owner = territory.and_then(|t| t.get("owner").id());
    html! { tr {
        th scope="row" style={ "padding-inline-start: calc(var(--s-4) + " (depth) " * var(--s-6))" } {
            @match territory {
                Some(t) => a href=(cx.record_url(KEY, t.id)) { bdi { (t.get("name").name().map(|n| n.get(cx.lang()).to_owned()).unwrap_or_default()) } },
                None => span class="muted" { (cx.t("sales-territory-outside")) },
            }
        }
        td { @if let Some(owner) = owner { bdi { (cx.title_of(owner)) } } }
        td class="num" { a href=(list(cx, "party", &is(KEY))) { (cx.num(of(accounts))) } }
        td class="num" { a href=(list(cx, lead::KEY, &and(KEY, OPEN_LEADS))) { (cx.num(of(leads))) } }
        td class="num" { a href=(list(cx, opportunity::KEY, &and("party.territory", "status == \"open\""))) { (cx.money_short(of(open), currency)) } }
        td class="num" { a href=(list(cx, opportunity::KEY, &and("party.territory", "status == \"won\""))) { (cx.money_short(of(won), currency)) } }
    } }
}

/// Rows the reader may see, by territory.
async fn counted(page: &PageCx, object: &str, by: &str, filter: &str, what: &str) -> Outcome<Figures> {
    let registry = page.company.registry();
    let Some(object) = registry.find(object).filter(|o| page.actor.may(o, &Verb::Read)) else { return Ok(Figures::new()) };
    let mut conn = page.company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT t.").ident(by).push(", ").push(what);
    let query = Query::new(object.key.clone());
    let query = if filter.is_empty() { query } else { query.filter(Expr::parse(filter)?) };
    page.company.rows_where(&page.actor, object, &query, &mut sql)?;
    sql.push(" GROUP BY t.").ident(by);
    sums(&mut conn, &sql).await
}

/// Money of the opportunities the reader may see, in the company's currency, by the territory of their customers.
async fn worth(page: &PageCx, filter: &str) -> Outcome<Figures> {
    let registry = page.company.registry();
    let Some(object) = registry.find(opportunity::KEY).filter(|o| page.actor.may(o, &Verb::Read) && page.actor.sees(&o.key, "amount")) else { return Ok(Figures::new()) };
    let mut conn = page.company.db().read().await?;
    let mut sql = conn.sql();
    let of_party = "(SELECT p.territory FROM party p WHERE p.id = t.party)";
    sql.push("SELECT x.territory, CAST(SUM(x.amount) AS BIGINT) FROM (SELECT ").push(of_party).push(" AS territory, t.amount AS amount");
    page.company.rows_where(&page.actor, object, &Query::new(object.key.clone()).filter(Expr::parse(filter)?), &mut sql)?;
    sql.push(" AND t.amount_cur = ").bind(page.company.settings().currency.as_str()).push(") x GROUP BY x.territory");
    sums(&mut conn, &sql).await
}

async fn sums(conn: &mut store::Conn, sql: &store::Sql) -> Outcome<Figures> {
    let rows = conn.rows(sql, &[ColumnType::Id, ColumnType::Int]).await?;
    Ok(rows.iter().map(|r| (r.first().and_then(Cell::id), r.get(1).and_then(Cell::int).unwrap_or_default())).collect())
}
