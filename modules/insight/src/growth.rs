//! Get, keep, grow: where the whole base of customers stands, who came and who fell, and who needs attention.
//!
//! Every figure is counted over the rows its reader may see and leads to the list behind it.

use crate::view::{asked, list, view};
use base::lifecycle::{AsOf, Rule};
use engine::{Answer, Count, Page, PageCx, Query};
use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use kernel::{Cell, Choice, ColumnType, Expr, Money, Outcome, Record, Verb, label};
use maud::{Markup, html};
use std::collections::BTreeMap;
use ui::cx::ViewCx;

/// The three questions, with the stages each of them is about.
const BANDS: [(&str, &[&str]); 3] = [("get", &["suspect", "prospect"]), ("keep", &["customer", "dormant", "lost"]), ("grow", &["loyal"])];
/// Days one may look back.
const SPANS: [i64; 3] = [30, 90, 365];
/// Names in each list of who needs attention.
const NAMED: usize = 6;

pub(crate) fn page() -> Page {
    Page::new("insight", "growth", label("كسب واستبقاء وتنمية", "Get, keep, grow"), "target", render).may(|actor, registry| {
        registry.find("party").is_some_and(|o| actor.may(o, &Verb::Read) && actor.sees("party", "stage"))
    })
}

/// What is known of the parties of one stage.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Stage {
    parties: i64,
    /// Minor units of the company's currency.
    revenue: i64,
    came: i64,
    left: i64,
}

struct Board {
    stages: BTreeMap<String, Stage>,
    /// The company keeps sales, and the reader sees them.
    money: bool,
    /// The reader sees the history of stages.
    moves: bool,
    days: i64,
    from: Timestamp,
    now: Timestamp,
    rule: Rule,
}

impl Board {
    async fn read(page: &PageCx) -> Outcome<Board> {
        let days = asked(page, "days").parse().ok().filter(|d| SPANS.contains(d)).unwrap_or(90);
        let (company, actor) = (&page.company, &page.actor);
        let registry = company.registry();
        let party = registry.object("party")?;
        let mut conn = company.db().read().await?;
        let rule = Rule::load(&mut conn).await?;
        let sees = |f: &str| party.get(f).is_some() && actor.sees("party", f);
        let money = sees("revenue");
        let mut now = company.now();
        if rule.as_of == AsOf::LastOrder && sees("last_order_at") {
            let mut sql = conn.sql();
            sql.push("SELECT MAX(t.\"last_order_at\")");
            company.rows_where(actor, party, &Query::new("party"), &mut sql)?;
            now = conn.int(&sql).await?.and_then(|t| Timestamp::from_microsecond(t).ok()).map_or(now, |t| t.min(now));
        }
        let from = now.checked_sub(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MIN);
        let mut stages: BTreeMap<String, Stage> = BTreeMap::new();
        let mut sql = conn.sql();
        sql.push("SELECT t.\"stage\", COUNT(*), ").push(if money { "CAST(COALESCE(SUM(t.\"revenue\"), 0) AS BIGINT)" } else { "CAST(0 AS BIGINT)" });
        company.rows_where(actor, party, &Query::new("party"), &mut sql)?;
        sql.push(" GROUP BY t.\"stage\"");
        for row in conn.rows(&sql, &[ColumnType::Text, ColumnType::Int, ColumnType::Int]).await? {
            let at = stages.entry(word(&row, 0)).or_default();
            (at.parties, at.revenue) = (number(&row, 1), number(&row, 2));
        }
        let history = registry.find("stage_change").filter(|o| actor.may(o, &Verb::Read));
        if let Some(history) = history {
            let mut sql = conn.sql();
            sql.push("SELECT t.\"from_stage\", t.\"to_stage\", COUNT(*)");
            company.rows_where(actor, history, &Query::new("stage_change"), &mut sql)?;
            sql.push(" AND t.\"at\" >= ").bind(from).push(" GROUP BY t.\"from_stage\", t.\"to_stage\"");
            for row in conn.rows(&sql, &[ColumnType::Text, ColumnType::Text, ColumnType::Int]).await? {
                stages.entry(word(&row, 1)).or_default().came += number(&row, 2);
                if !word(&row, 0).is_empty() {
                    stages.entry(word(&row, 0)).or_default().left += number(&row, 2);
                }
            }
        }
        Ok(Board { stages, money, moves: history.is_some(), days, from, now, rule })
    }

    fn of(&self, stage: &str) -> Stage {
        self.stages.get(stage).copied().unwrap_or_default()
    }
    fn total(&self) -> i64 {
        self.stages.values().map(|s| s.parties).sum()
    }
}

fn word(row: &[Cell], i: usize) -> String {
    row.get(i).and_then(Cell::text).unwrap_or_default().to_owned()
}
fn number(row: &[Cell], i: usize) -> i64 {
    row.get(i).and_then(Cell::int).unwrap_or_default()
}

fn render(page: PageCx) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let board = Board::read(&page).await?;
        let registry = page.company.registry();
        let options = registry.object("party")?.get("stage").map(|f| f.kind.options().to_vec()).unwrap_or_default();
        let titles = ui::Titles::new();
        let cx = view(&page, &titles);
        let currency = page.company.settings().currency.clone();
        let lists = attention(&page, &board, &cx, &currency).await?;
        let title = cx.t("insight-growth");
        let body = html! {
            (spans(&board, &cx))
            @if board.total() == 0 {
                (ui::mark::empty(ui::mark::Empty::Quiet, &cx.t("insight-growth-none"), &cx.t("insight-growth-none-text"), &html! {}))
            } @else {
                (strip(&board, &options, &cx))
                div class="growth" { @for (band, stages) in BANDS { (column(band, stages, &board, &options, &currency, &cx)) } }
                @if !lists.is_empty() {
                    section class="growth-lists" aria-label=(cx.t("insight-growth-attention")) { @for l in &lists { (l) } }
                }
            }
        };
        Ok(ui::shell::simple_page(&title, &cx.t("insight-growth-about"), &html! {}, &body).into_string().into())
    })
}

fn spans(board: &Board, cx: &ViewCx<'_>) -> Markup {
    html! {
        nav class="cluster growth-span" aria-label=(cx.t("insight-growth-span")) {
            @for days in SPANS {
                a class="view-tab" href={ "/insight/growth?days=" (days) } aria-current=[(days == board.days).then_some("page")] { (cx.tf("insight-days", &[("count", days.into())])) }
            }
        }
    }
}

fn option<'a>(options: &'a [Choice], key: &str) -> Option<&'a Choice> {
    options.iter().find(|o| o.key == key)
}

fn hue(options: &[Choice], key: &str) -> &'static str {
    option(options, key).map_or("neutral", |o| ui::mark::hue(o.tone))
}

/// The whole base as one bar.
fn strip(board: &Board, options: &[Choice], cx: &ViewCx<'_>) -> Markup {
    let total = board.total().max(1);
    html! {
        div class="growth-strip" role="img" aria-label=(cx.tf("insight-growth-total", &[("count", board.total().into())])) {
            @for (_, stages) in BANDS { @for key in stages {
                @let n = board.of(key).parties;
                @if n > 0 { span data-hue=(hue(options, key)) style={ "flex-grow:" (n * 1000 / total) } title={ (option(options, key).map_or("", |o| cx.label(&o.label))) " " (cx.num(n)) } {} }
            } }
        }
    }
}

fn column(band: &str, stages: &[&str], board: &Board, options: &[Choice], currency: &str, cx: &ViewCx<'_>) -> Markup {
    let parties: i64 = stages.iter().map(|s| board.of(s).parties).sum();
    html! {
        section class="growth-band" data-band=(band) {
            header {
                h2 { (cx.t(&format!("insight-{band}"))) }
                p class="muted small" { (cx.t(&format!("insight-{band}-question"))) }
                p class="growth-sum fig" { (cx.num(parties)) }
            }
            @for key in stages { (card(key, board, options, currency, cx)) }
        }
    }
}

fn card(key: &str, board: &Board, options: &[Choice], currency: &str, cx: &ViewCx<'_>) -> Markup {
    let s = board.of(key);
    let Some(o) = option(options, key) else { return html! {} };
    let since = board.from.to_string();
    let moved = |side: &str| list(cx, "stage_change", &format!("{side} == \"{key}\" && at >= datetime(\"{since}\")"));
    let all = list(cx, "party", &format!("stage == \"{key}\""));
    html! {
        article class="growth-card" data-stage=(key) {
            a class="growth-main" href=(all) {
                (ui::mark::chip(cx.label(&o.label), o.tone))
                span class="growth-n fig" { (cx.num(s.parties)) }
                @if board.money { span class="growth-money fig muted" { (cx.money_short(s.revenue, currency)) } }
            }
            @if board.moves {
                p class="growth-moves small" {
                    @if s.came + s.left == 0 { span class="muted" { (cx.t("insight-growth-still")) } }
                    @if s.came > 0 { a data-hue="good" href=(moved("to_stage")) { (cx.tf("insight-growth-came", &[("count", s.came.into())])) } }
                    @if s.left > 0 { a data-hue="warn" href=(moved("from_stage")) { (cx.tf("insight-growth-left", &[("count", s.left.into())])) } }
                }
            }
        }
    }
}

/// Customers to turn to now, the most valuable first.
async fn attention(page: &PageCx, board: &Board, cx: &ViewCx<'_>, currency: &str) -> Outcome<Vec<Markup>> {
    let registry = page.company.registry();
    let party = registry.object("party")?;
    let has = |f: &str| party.get(f).is_some() && page.actor.sees("party", f);
    let back = |days: i64| board.now.checked_sub(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MIN);
    let mut wanted = Vec::new();
    if has("last_order_at") {
        let late = back(board.rule.dormant_days * 7 / 10);
        wanted.push(("soon", format!("stage in [\"customer\", \"loyal\"] && last_order_at < datetime(\"{late}\")")));
    }
    if has("stage_since") {
        wanted.push(("fell", format!("stage in [\"dormant\", \"lost\"] && stage_since >= datetime(\"{}\")", board.from)));
    }
    wanted.push(("waiting", format!("stage in [\"suspect\", \"prospect\"] && created_at < datetime(\"{}\")", back(30).min(page.company.now()))));
    let sort = if board.money { "-revenue" } else { "name" };
    let mut out = Vec::new();
    for (what, filter) in wanted {
        let query = Query { count: Count::Estimate, ..Query::new("party").filter(Expr::parse(&filter)?).sort(sort).limit(NAMED) };
        let found = page.company.list(&page.actor, &query).await?;
        if found.records.is_empty() {
            continue;
        }
        let more = found.count.is_some_and(|c| c.n > found.records.len() as i64);
        out.push(html! {
            section class="block" {
                header class="block-head" { h2 { (cx.t(&format!("insight-growth-{what}"))) } @if more { a class="small" href=(cx.with_query("/party", &[("filter", &filter), ("sort", sort)])) { (cx.t("show-all")) } } }
                ul class="growth-names" { @for r in &found.records { (name(r, board, cx, currency)) } }
            }
        });
    }
    Ok(out)
}

fn name(r: &Record, board: &Board, cx: &ViewCx<'_>, currency: &str) -> Markup {
    let title = r.get("name").name().map(|n| n.get(cx.lang()).to_owned()).unwrap_or_default();
    let last = r.get("last_order_at").datetime().map(|t| cx.date(cx.civil(t)));
    let money = r.get("revenue").money().filter(|_| board.money).map(|m: &Money| cx.money_short(m.minor, currency));
    html! {
        li { a href=(cx.record_url("party", r.id)) { bdi class="clip" { (title) } @if let Some(money) = money { span class="fig" { (money) } } } @if let Some(last) = last { span class="muted small" { (cx.tf("insight-growth-last", &[("date", last.into())])) } } }
    }
}
