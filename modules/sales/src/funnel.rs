//! The funnel of a pipeline: how many come through, where they wait, what will come of it. Every figure is counted over the
//! rows its reader may see and leads to the list behind it.

use crate::figures::{Funnel, Rung, pipelines};
use crate::forecast::{Forecast, Span, year};
use crate::opportunity::{KEY, STEP};
use crate::view::{float, list, percent_of, view};
use crate::{pipeline, score};
use engine::{Answer, Page, PageCx};
use futures::future::BoxFuture;
use kernel::jiff::{SignedDuration, Timestamp};
use kernel::uuid::Uuid;
use kernel::{Money, Name, Outcome, Verb, label};
use maud::{Markup, html};
use std::collections::BTreeMap;
use ui::chart::{self, Bars, Datum, HBar, Series, Tile};
use ui::cx::ViewCx;

/// Days one may look back; none is all.
const SPANS: [i64; 4] = [90, 180, 365, 0];
const HEIGHT: f64 = 240.0;

pub fn page() -> Page {
    Page::new("sales", "funnel", label("قمع المبيعات", "Funnel"), "list-filter", render).may(|actor, registry| {
        [KEY, pipeline::KEY, pipeline::STAGE].iter().all(|o| registry.find(o).is_some_and(|o| actor.may(o, &Verb::Read)))
    })
}

/// What the reader asked for.
struct Asked {
    pipeline: Uuid,
    days: i64,
    currency: String,
}

fn render(page: PageCx) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let (company, actor) = (&page.company, &page.actor);
        let titles = ui::Titles::new();
        let cx = view(&page, &titles);
        let title = cx.t("sales-funnel");
        let all = pipelines(company, actor).await?;
        let wanted: Option<Uuid> = page.param("pipeline").parse().ok();
        let Some((pipeline, _)) = all.iter().find(|(id, _)| Some(*id) == wanted).or(all.first()) else {
            let body = ui::mark::empty(ui::mark::Empty::Quiet, &cx.t("sales-funnel-none"), &cx.t("sales-funnel-none-text"), &html! {});
            return Ok(ui::shell::simple_page(&title, "", &html! {}, &body).into_string().into());
        };
        let days = page.param("days").parse().ok().filter(|d| SPANS.contains(d)).unwrap_or(180);
        let asked = Asked { pipeline: *pipeline, days, currency: page.param("currency").to_owned() };
        let to = company.now();
        let from = (days > 0).then(|| to.checked_sub(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MIN));
        let funnel = Funnel::read(company, actor, *pipeline, from, to).await?;
        let money = ["amount", "weighted", "expected_close", "owner"].iter().all(|f| actor.sees(KEY, f));
        let forecast = if money { Some(Forecast::read(company, actor, *pipeline, &asked.currency, cx.today()).await?) } else { None };
        let names = match &forecast {
            Some(f) => names(&page, f).await?,
            None => BTreeMap::new(),
        };
        let quiet = funnel.cohort == 0 && funnel.rungs.iter().all(|r| r.standing == 0);
        let body = html! {
            (choice(&asked, &all, &cx))
            @if quiet {
                (ui::mark::empty(ui::mark::Empty::Quiet, &cx.t("sales-funnel-quiet"), &cx.t("sales-funnel-quiet-text"), &html! { a class="btn btn-primary" href={ "/" (KEY) "/new?pipeline=" (pipeline) } { (cx.t("sales-funnel-begin")) } }))
            } @else {
                p class="funnel-said" { (said(&funnel, &cx)) }
                div class="dash" {
                    (tiles(&funnel, forecast.as_ref(), &cx))
                    (drawn(&funnel, &cx))
                    (stages(&page, &funnel, &cx))
                    @if let Some(f) = forecast.as_ref().filter(|f| !f.by.is_empty()) { (by_month(&asked, f, &cx)) (by_owner(&asked, f, &names, &cx)) }
                }
            }
        };
        let head = ui::shell::page_head(&title, &cx.t("sales-funnel-about"), &doors(&page, &cx));
        Ok(html! { div class="page" { (head) (body) } }.into_string().into())
    })
}

/// The ways to what the figures hang on, for those who may change it.
fn doors(page: &PageCx, cx: &ViewCx<'_>) -> Markup {
    let registry = page.company.registry();
    let may = |o: &str| registry.find(o).filter(|o| page.actor.may(o, &Verb::Update)).map(|o| cx.label(&o.plural).to_owned());
    html! { @for object in [pipeline::KEY, score::KEY] { @if let Some(name) = may(object) { a class="btn" href=(cx.list_url(object)) { (name) } } } }
}

fn address(asked: &Asked, pipeline: Uuid, days: i64, currency: &str, cx: &ViewCx<'_>) -> String {
    let days = if days == asked.days && days == 180 { String::new() } else { days.to_string() };
    cx.with_query("/sales/funnel", &[("pipeline", &pipeline.to_string()), ("days", &days), ("currency", currency)])
}

fn choice(asked: &Asked, all: &[(Uuid, Name)], cx: &ViewCx<'_>) -> Markup {
    html! {
        div class="funnel-choice" {
            @if all.len() > 1 { nav class="cluster" aria-label=(cx.t("sales-pipelines")) { @for (id, name) in all {
                a class="view-tab" href=(address(asked, *id, asked.days, "", cx)) aria-current=[(*id == asked.pipeline).then_some("page")] { bdi { (name.get(cx.lang())) } }
            } } }
            nav class="segment" aria-label=(cx.t("sales-span")) { @for days in SPANS {
                a href=(address(asked, asked.pipeline, days, &asked.currency, cx)) aria-current=[(days == asked.days).then_some("true")] { @if days > 0 { (cx.tf("sales-days", &[("count", days.into())])) } @else { (cx.t("sales-span-all")) } }
            } }
        }
    }
}

/// A length of time in whole days; shorter ones as they are.
fn stay(seconds: i64, cx: &ViewCx<'_>) -> String {
    if seconds < 86_400 { cx.duration(seconds) } else { cx.tf("sales-days", &[("count", ((seconds + 43_200) / 86_400).into())]) }
}

/// The bottleneck in one sentence.
fn said(funnel: &Funnel, cx: &ViewCx<'_>) -> String {
    let Some((at, rung)) = funnel.bottleneck().and_then(|at| Some((at, funnel.rungs.get(at)?))) else { return cx.t("sales-bottleneck-none") };
    let median = stay(rung.median.unwrap_or_default(), cx);
    let name = rung.stage.name.get(cx.lang()).to_owned();
    match percent_of(funnel.onward(at), rung.reached) {
        Some(share) => cx.tf("sales-bottleneck", &[("stage", name.into()), ("stay", median.into()), ("share", cx.percent(share).into())]),
        None => cx.tf("sales-bottleneck-stay", &[("stage", name.into()), ("stay", median.into())]),
    }
}

fn tiles(funnel: &Funnel, forecast: Option<&Forecast>, cx: &ViewCx<'_>) -> Markup {
    let ended = funnel.won + funnel.lost;
    let rate = percent_of(funnel.won, ended).map_or_else(|| "–".to_owned(), |p| cx.percent(p));
    let standing: i64 = funnel.rungs.iter().map(|r| r.standing).sum();
    let late: i64 = funnel.rungs.iter().map(|r| r.late).sum();
    let here = format!("pipeline == id(\"{}\") && status == \"open\"", funnel.pipeline);
    let open = |more: &str| cx.with_query(&cx.list_url(KEY), &[("filter", &format!("{here}{more}"))]);
    html! {
        (chart::tile(&Tile { name: cx.t("sales-tile-created"), value: cx.num(funnel.cohort), href: Some(list(cx, KEY, &funnel.cohort_filter())), foot: Some(html! { span { (cx.t("sales-tile-created-foot")) } }), ..Tile::default() }))
        (chart::tile(&Tile { name: cx.t("sales-tile-won"), value: rate, foot: Some(html! { span { (cx.tf("sales-tile-won-small", &[("won", funnel.won.into()), ("ended", ended.into())])) } }), href: Some(list(cx, KEY, &funnel.status_filter("won"))), ..Tile::default() }))
        (chart::tile(&Tile { name: cx.t("sales-tile-late"), value: cx.num(late), foot: Some(html! { span { (cx.tf("sales-tile-late-small", &[("count", standing.into())])) } }), href: Some(open(" && rotten_at < now()")), ..Tile::default() }))
        @if let Some(f) = forecast {
            @let all = f.sum(None, None);
            (chart::tile(&Tile { name: cx.t("sales-tile-weighted"), value: cx.money_short(all.weighted, &f.currency), foot: Some(html! { span { (cx.tf("sales-tile-weighted-small", &[("amount", cx.money_short(all.amount, &f.currency).into())])) } }), href: Some(list(cx, KEY, &f.filter(funnel.pipeline, None, None))), ..Tile::default() }))
        }
    }
}

fn drawn(funnel: &Funnel, cx: &ViewCx<'_>) -> Markup {
    let share = |n: i64| percent_of(n, funnel.cohort).map(|p| cx.percent(p)).unwrap_or_default();
    let bar = |name: String, n: i64, href: String| HBar { label: name, datum: Datum::new(float(n), format!("{} · {}", cx.num(n), share(n))).href(href) };
    let mut items: Vec<HBar> = funnel.rungs.iter().map(|r| bar(r.stage.name.get(cx.lang()).to_owned(), r.reached, list(cx, KEY, &funnel.reached_filter(&r.stage)))).collect();
    items.push(bar(cx.t("sales-won"), funnel.won, list(cx, KEY, &funnel.status_filter("won"))));
    let title = cx.t("sales-funnel-drawn");
    chart::chart_block(5, &title, &cx.t("sales-funnel-drawn-note"), &html! {}, &chart::hbars(&title, &items, "1"))
}

fn stages(page: &PageCx, funnel: &Funnel, cx: &ViewCx<'_>) -> Markup {
    let currency = page.company.settings().currency.clone();
    let money = funnel.rungs.iter().any(|r| r.amount.is_some());
    let steps = page.company.registry().find(STEP).is_some_and(|o| page.actor.may(o, &Verb::Read));
    let slow = funnel.bottleneck();
    let mut heads = vec![(cx.t("sales-stage"), false), (cx.t("sales-onward"), true)];
    if steps {
        heads.push((cx.t("sales-median"), true));
    }
    heads.push((cx.t("sales-standing"), true));
    if money {
        heads.push((cx.t("sales-value"), true));
    }
    heads.push((cx.t("sales-late"), true));
    let link = |n: i64, href: String| html! { @if n > 0 { a class="fig" href=(href) { (cx.num(n)) } } @else { span class="muted fig" { (cx.num(0)) } } };
    let row = |(at, r): (usize, &Rung)| {
        let onward = percent_of(funnel.onward(at), r.reached);
        let mut cells = vec![
            html! { a class="strong" href=(cx.record_url(pipeline::STAGE, r.stage.id)) { bdi { (r.stage.name.get(cx.lang())) } } @if slow == Some(at) { " " (ui::mark::chip(&cx.t("sales-slowest"), kernel::Tone::Warn)) } },
            html! { @if let Some(p) = onward { a class="fig" href=(list(cx, KEY, &funnel.reached_filter(&r.stage))) { (cx.percent(p)) } } @else { span class="muted" { "–" } } },
        ];
        if steps {
            cells.push(html! { @if let Some(m) = r.median { a href=(list(cx, STEP, &funnel.stays_filter(&r.stage))) { (stay(m, cx)) } } @else { span class="muted" { "–" } } });
        }
        cells.push(link(r.standing, list(cx, KEY, &funnel.standing_filter(&r.stage))));
        if money {
            cells.push(html! { a class="fig" href=(cx.with_query(&cx.list_url(KEY), &[("filter", &funnel.standing_filter(&r.stage).to_string()), ("sort", "-amount")])) { (cx.money_short(r.amount.unwrap_or_default(), &currency)) } });
        }
        cells.push(link(r.late, list(cx, KEY, &funnel.late_filter(&r.stage))));
        cells
    };
    let rows: Vec<Vec<Markup>> = funnel.rungs.iter().enumerate().map(row).collect();
    let note = if funnel.foreign > 0 { cx.tf("sales-foreign", &[("count", funnel.foreign.into())]) } else { cx.t("sales-stages-note") };
    chart::chart_block(7, &cx.t("sales-by-stage"), &note, &html! {}, &ui::table::plain_table(&heads, &rows))
}

/// Names of spans, with the year where it changes.
fn span_names(f: &Forecast, cx: &ViewCx<'_>) -> Vec<(Span, String)> {
    let mut last = None;
    let name = |span: Span| match span {
        Span::Overdue => cx.t("sales-overdue"),
        Span::Later => cx.t("sales-later"),
        Span::Undated => cx.t("sales-undated"),
        Span::Month(i) => {
            let first = f.starts.get(i).copied().unwrap_or(f.today);
            let this = year(first, cx.locale.calendar);
            let known = last.replace(this) == Some(this);
            let name = text::calendar::month_name(first, cx.locale);
            if known { name.to_owned() } else { format!("{name} {}", cx.digits(&this.to_string())) }
        }
    };
    let names: Vec<String> = Forecast::spans().map(name).collect();
    // What is empty at the ends says nothing.
    let shown = |span: &Span| matches!(span, Span::Month(_)) || f.sum(None, Some(*span)).deals > 0;
    Forecast::spans().zip(names).filter(|(span, _)| shown(span)).collect()
}

fn by_month(asked: &Asked, f: &Forecast, cx: &ViewCx<'_>) -> Markup {
    let spans = span_names(f, cx);
    let exact = |minor: i64| cx.money(&Money::new(minor, f.currency.clone()));
    let data = |pick: &dyn Fn(crate::forecast::Sum) -> i64| -> Vec<Datum> {
        let one = |(span, _): &(Span, String)| {
            let n = pick(f.sum(None, Some(*span)));
            Datum::new(float(n), exact(n)).href(list(cx, KEY, &f.filter(asked.pipeline, None, Some(*span))))
        };
        spans.iter().map(one).collect()
    };
    let series = [Series::new(cx.t("sales-weighted"), "1", data(&|s| s.weighted)), Series::new(cx.t("sales-full"), "soft", data(&|s| s.amount))];
    let labels: Vec<String> = spans.iter().map(|(_, n)| n.clone()).collect();
    #[allow(clippy::cast_possible_truncation)]
    let axis = |v: f64| cx.money_short(v as i64, &f.currency);
    let title = cx.t("sales-forecast");
    let bars = Bars { title: &title, labels: &labels, series: &series, stacked: false, height: HEIGHT, axis: &axis };
    let currencies = html! { @if f.currencies.len() > 1 { nav class="segment" aria-label=(cx.t("sales-currency")) { @for c in &f.currencies {
        a href=(address(asked, asked.pipeline, asked.days, c, cx)) aria-current=[(*c == f.currency).then_some("true")] { bdi { (c) } }
    } } } };
    chart::chart_block(12, &title, &cx.t("sales-forecast-note"), &currencies, &chart::bars(&bars, cx))
}

fn by_owner(asked: &Asked, f: &Forecast, names: &BTreeMap<Uuid, String>, cx: &ViewCx<'_>) -> Markup {
    let spans = span_names(f, cx);
    let mut heads = vec![(cx.t("sales-owner"), false)];
    heads.extend(spans.iter().map(|(_, n)| (n.clone(), true)));
    heads.push((cx.t("sales-total"), true));
    let cell = |owner: Option<Option<Uuid>>, span: Option<Span>| {
        let sum = f.sum(owner, span);
        html! { @if sum.deals > 0 { a class="fig" href=(list(cx, KEY, &f.filter(asked.pipeline, owner, span))) title=(cx.tf("sales-deals", &[("count", sum.deals.into())])) { (cx.money_short(sum.weighted, &f.currency)) } } @else { span class="muted" { "–" } } }
    };
    let row = |owner: Option<Option<Uuid>>, name: Markup| {
        let mut cells = vec![name];
        cells.extend(spans.iter().map(|(span, _)| cell(owner, Some(*span))));
        cells.push(cell(owner, None));
        cells
    };
    let name = |owner: Option<Uuid>| match owner.and_then(|o| names.get(&o)) {
        Some(n) => html! { bdi { (n) } },
        None => html! { span class="muted" { (cx.t("sales-nobody")) } },
    };
    let owners = f.owners();
    let mut rows: Vec<Vec<Markup>> = owners.iter().map(|o| row(Some(*o), name(*o))).collect();
    if owners.len() > 1 {
        rows.push(row(None, html! { strong { (cx.t("sales-all")) } }));
    }
    chart::chart_block(12, &cx.t("sales-forecast-owner"), &cx.t("sales-forecast-owner-note"), &html! {}, &ui::table::plain_table(&heads, &rows))
}

/// The owners' names, as far as the reader knows them.
async fn names(page: &PageCx, forecast: &Forecast) -> Outcome<BTreeMap<Uuid, String>> {
    let wanted = BTreeMap::from([("user".to_owned(), forecast.owners().into_iter().flatten().collect())]);
    let mut conn = page.company.db().read().await?;
    let titles = page.company.titles(&mut conn, &page.actor, &wanted).await?;
    Ok(titles.into_iter().map(|(id, name)| (id, name.get(page.actor.lang()).to_owned())).collect())
}
