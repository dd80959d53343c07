//! The home dashboard.

use crate::blocks;
use crate::figures::{Customers, Figures, Trade};
use crate::period::{Choice, Period};
use crate::view::{asked, view};
use engine::PageCx;
use futures::future::BoxFuture;
use jiff::tz::TimeZone;
use kernel::Outcome;
use maud::{Markup, html};
use ui::cx::ViewCx;

pub(crate) fn render(page: PageCx) -> BoxFuture<'static, Outcome<engine::Answer>> {
    Box::pin(async move {
        let titles = ui::Titles::new();
        let cx = view(&page, &titles);
        let mut figures = Figures::open(&page.company, &page.actor).await?;
        let sees_orders = figures.may("order", &["total", "ordered_at", "status", "kind", "party"]);
        let span = if sees_orders { figures.span().await? } else { None };
        let Some((first, last)) = span else { return Ok(nothing(&cx, &page, sees_orders).into_string().into()) };

        let zone = TimeZone::get(&page.company.settings().zone).unwrap_or(TimeZone::UTC);
        let day = |t: jiff::Timestamp| t.to_zoned(zone.clone()).date();
        // A company that has just brought its history along looks at the months it has, not at empty ones.
        let (last_day, today) = (day(last), day(page.company.now()));
        let quiet = today.since(last_day).is_ok_and(|s| s.get_days() > 45);
        let end = if quiet { last_day } else { today.max(last_day) };
        let period = Period::new(Choice::parse(asked(&page, "period")), day(first), end, cx.locale, &zone);
        let before = period.before(cx.locale, &zone).filter(|b| b.end() > first);

        let now = Now {
            trade: figures.trade(&period).await?,
            customers: if figures.may("party", &["first_order_at"]) { figures.customers(&period).await? } else { Vec::new() },
            buyers: figures.buyers(&period).await?,
        };
        let then = match &before {
            Some(b) => Some((total(&figures.trade(b).await?), figures.buyers(b).await?)),
            None => None,
        };
        let currency = page.company.settings().currency.clone();
        let body = html! {
            div class="page" {
                (ui::shell::page_head(&greeting(&page, &cx), &remark(&cx, &period, quiet), &picker(&cx, period.choice)))
                div class="dash" {
                    (blocks::tiles(&cx, &currency, &period, &now, then))
                    (blocks::revenue(&cx, &currency, &period, &now.trade))
                    (blocks::products(&cx, &currency, &mut figures, &period).await?)
                    @if !now.customers.is_empty() { (blocks::customers(&cx, &period, &now.customers)) }
                    (blocks::pareto(&cx, &currency, &mut figures, &period).await?)
                    (blocks::grid(&cx, &currency, &mut figures).await?)
                }
            }
        };
        Ok(body.into_string().into())
    })
}

/// What several blocks of the page need.
pub(crate) struct Now {
    pub trade: Vec<Trade>,
    /// Empty when the reader may not know.
    pub customers: Vec<Customers>,
    pub buyers: i64,
}

pub(crate) fn total(months: &[Trade]) -> Trade {
    months.iter().fold(Trade::default(), |sum, m| sum.plus(*m))
}

fn greeting(page: &PageCx, cx: &ViewCx<'_>) -> String {
    let hour = cx.now.to_zoned(text::calendar::time_zone(cx.locale)).hour();
    let key = if hour < 12 { "insight-good-morning" } else { "insight-good-evening" };
    let name = page.actor.name.get(cx.lang());
    cx.tf(key, &[("name", name.split(' ').next().unwrap_or(name).into())])
}

/// `يناير 2011 – ديسمبر 2011`
fn remark(cx: &ViewCx<'_>, period: &Period, quiet: bool) -> String {
    let (Some(a), Some(z)) = (period.months.first(), period.months.last()) else { return String::new() };
    let span = format!("{} – {}", cx.month(a.from), cx.month(z.from));
    if quiet { format!("{span} · {}", cx.t("insight-up-to-last")) } else { span }
}

fn picker(cx: &ViewCx<'_>, chosen: Choice) -> Markup {
    html! {
        nav class="segment" aria-label=(cx.t("insight-period")) { @for c in Choice::EACH {
            a href={ "?period=" (c.key()) } aria-current=[(c == chosen).then_some("true")] { (cx.tf(c.sentence(), &[("count", 3.into())])) }
        } }
    }
}

/// Before the first order, or for a reader who may not see orders.
fn nothing(cx: &ViewCx<'_>, page: &PageCx, sees_orders: bool) -> Markup {
    let key = if sees_orders { "insight-nothing-yet" } else { "insight-not-for-you" };
    let registry = page.company.registry();
    let may_import = registry.find("order_line").is_some_and(|o| page.actor.may(o, &kernel::Verb::Import));
    let actions = html! {
        @if sees_orders && may_import { a class="btn btn-primary" href="/order_line/import" { (cx.t("insight-import-orders")) } }
        a class="btn" href="/party" { (cx.t("insight-open-parties")) }
    };
    html! {
        div class="page" {
            (ui::shell::page_head(&greeting(page, cx), &cx.date(cx.today()), &html! {}))
            (ui::mark::empty(ui::mark::Empty::Quiet, &cx.t(key), &cx.t(&format!("{key}-hint")), &actions))
        }
    }
}
