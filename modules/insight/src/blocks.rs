//! The blocks of the dashboard. Every figure leads to the list it was counted from.

use crate::dashboard::{Now, total};
use crate::figures::{Customers, Figures, Trade};
use crate::period::{Choice, Period};
use crate::rfm;
use crate::view::{between, float, list, month_labels, orders, percent_of};
use kernel::Outcome;
use kernel::rust_decimal::Decimal;
use maud::{Markup, html};
use ui::chart::{self, Bars, Datum, HBar, HeatCell, ParetoItem, Series, Tile};
use ui::cx::ViewCx;
use ui::mark::trend;

const HEIGHT: f64 = 260.0;
/// Beside the list of products, which is longer.
const TALL: f64 = 320.0;

/// The key figures, each with its change against the months before.
pub(crate) fn tiles(cx: &ViewCx<'_>, currency: &str, period: &Period, now: &Now, then: Option<(Trade, i64)>) -> Markup {
    let sum = total(&now.trade);
    let money = |minor: i64| cx.money_short(minor, currency);
    let average = |t: Trade| if t.sales > 0 { t.sales_money / t.sales } else { 0 };
    let spark = |f: &dyn Fn(&Trade) -> i64| {
        let values: Vec<f64> = now.trade.iter().map(|t| float(f(t))).collect();
        (values.len() > 2).then(|| chart::spark(&values, "1", cx))
    };
    let change = |is: i64, was: Option<i64>| {
        let by = was.filter(|w| *w != 0).and_then(|w| percent_of(is - w, w.abs()));
        by.map(|p| {
            let up = if p.is_zero() { None } else { Some(p.is_sign_positive()) };
            html! { (trend(up, &cx.percent(p.abs()))) }
        })
    };
    let (from, to) = (period.first_day(), period.end_day());
    let before = then.map(|(t, _)| t);
    let share = percent_of(-sum.returns_money, sum.sales_money).unwrap_or_default();
    html! {
        (chart::tile(&Tile {
            name: cx.t("insight-net-revenue"),
            value: money(sum.net()),
            foot: change(sum.net(), before.map(Trade::net)),
            spark: spark(&|t| t.net()),
            href: Some(list(cx, "order", &orders(None, from, to))),
            ..Tile::default()
        }))
        (chart::tile(&Tile {
            name: cx.t("insight-orders"),
            value: cx.num(sum.sales),
            foot: change(sum.sales, before.map(|t| t.sales)),
            spark: spark(&|t| t.sales),
            href: Some(list(cx, "order", &orders(Some("sale"), from, to))),
            small: cx.tf("insight-average", &[("money", money(average(sum)).into())]),
        }))
        (chart::tile(&Tile {
            name: cx.t("insight-buyers"),
            value: cx.num(now.buyers),
            foot: change(now.buyers, then.map(|(_, b)| b)),
            spark: (now.customers.len() > 2).then(|| chart::spark(&now.customers.iter().map(|c| float(c.new + c.returning)).collect::<Vec<_>>(), "1", cx)),
            href: Some(list(cx, "party", &format!("exists(orders, kind == \"sale\" && {})", between("ordered_at", from, to)))),
            ..Tile::default()
        }))
        (chart::tile(&Tile {
            name: cx.t("insight-returns"),
            value: cx.num(sum.returns),
            small: cx.tf("insight-share-of-sales", &[("share", cx.percent(share).into())]),
            foot: Some(html! { span { (money(sum.returns_money)) } }),
            spark: spark(&|t| -t.returns_money),
            href: Some(list(cx, "order", &orders(Some("return"), from, to))),
        }))
    }
}

/// Revenue by month, returns taken off.
pub(crate) fn revenue(cx: &ViewCx<'_>, currency: &str, period: &Period, trade: &[Trade]) -> Markup {
    let title = cx.t("insight-revenue-by-month");
    let data = trade.iter().zip(&period.months).map(|(t, m)| {
        Datum::new(float(t.net()), cx.money(&kernel::Money::new(t.net(), currency))).href(list(cx, "order", &orders(None, m.from, m.to)))
    });
    let series = [Series::new(cx.t("insight-net-revenue"), "1", data.collect())];
    let labels = month_labels(cx, &period.months);
    let axis = axis(cx, currency);
    let bars = Bars { title: &title, labels: &labels, series: &series, stacked: false, height: TALL, axis: &axis };
    chart::chart_block(8, &title, &cx.t("insight-net-of-returns"), &html! {}, &chart::bars(&bars, cx))
}

/// Amounts on an axis; they come back from drawing as minor units.
fn axis<'a>(cx: &'a ViewCx<'_>, currency: &'a str) -> impl Fn(f64) -> String + 'a {
    #[allow(clippy::cast_possible_truncation)]
    move |v: f64| cx.money_short(v as i64, currency)
}

/// New and returning customers of each month.
pub(crate) fn customers(cx: &ViewCx<'_>, period: &Period, customers: &[Customers]) -> Markup {
    let title = cx.t("insight-new-and-returning");
    let both = || customers.iter().zip(&period.months);
    let new = both().map(|(c, m)| Datum::new(float(c.new), cx.num(c.new)).href(list(cx, "party", &between("first_order_at", m.from, m.to))));
    let back = both().map(|(c, m)| {
        let filter = format!("first_order_at < date(\"{}\") && exists(orders, kind == \"sale\" && {})", m.from, between("ordered_at", m.from, m.to));
        Datum::new(float(c.returning), cx.num(c.returning)).href(list(cx, "party", &filter))
    });
    let series = [
        Series::new(cx.t("insight-returning"), "1", back.collect()),
        Series::new(cx.t("insight-new"), "2", new.collect()),
    ];
    let labels = month_labels(cx, &period.months);
    #[allow(clippy::cast_possible_truncation)]
    let axis = |v: f64| cx.num(v as i64);
    let bars = Bars { title: &title, labels: &labels, series: &series, stacked: true, height: HEIGHT, axis: &axis };
    chart::chart_block(6, &title, &cx.t("insight-new-hint"), &html! {}, &chart::bars(&bars, cx))
}

/// The goods that brought most.
pub(crate) async fn products(cx: &ViewCx<'_>, currency: &str, figures: &mut Figures<'_>, period: &Period) -> Outcome<Markup> {
    if !figures.may("order_line", &["amount", "product"]) || !figures.may("product", &["name"]) {
        return Ok(html! {});
    }
    let best = figures.products(period, 8).await?;
    let titles = figures.titles("product", best.iter().map(|s| s.product)).await?;
    let items: Vec<HBar> = best
        .iter()
        .filter_map(|s| {
            let name = titles.get(&s.product)?.get(cx.lang()).to_owned();
            let datum = Datum::new(float(s.money), cx.money_short(s.money, currency)).href(cx.record_url("product", s.product));
            Some(HBar { label: name, datum })
        })
        .collect();
    let title = cx.t("insight-top-products");
    let more = html! { a href=(cx.with_query("/product", &[("sort", "-revenue")])) { (cx.t("show-all")) } };
    Ok(chart::chart_block(4, &title, &cx.t("insight-net-of-returns"), &more, &chart::hbars(&title, &items, "1")))
}

/// How few customers bring how much: tenths of customers, the largest first.
pub(crate) async fn pareto(cx: &ViewCx<'_>, currency: &str, figures: &mut Figures<'_>, period: &Period) -> Outcome<Markup> {
    let money = figures.money_by_customer(period).await?;
    if money.is_empty() {
        return Ok(html! {});
    }
    let n = money.len();
    let parts = n.min(10);
    let mut items = Vec::with_capacity(parts);
    for i in 0..parts {
        let (from, to) = (n * i / parts, n * (i + 1) / parts);
        let group = money.get(from..to).unwrap_or_default();
        let sum: i64 = group.iter().sum();
        let label = format!("{}–{}", cx.percent(Decimal::from(100 * i / parts)), cx.percent(Decimal::from(100 * (i + 1) / parts)));
        let shown = cx.tf("insight-customers-bring", &[("count", group.len().into()), ("money", cx.money_short(sum, currency).into())]);
        let mut datum = Datum::new(float(sum), shown);
        if let (Some(most), Some(least)) = (group.first(), group.last()) {
            datum = datum.href(bought_between(cx, period, *least, *most, currency));
        }
        items.push(ParetoItem { label, datum });
    }
    let c = rfm::concentration(&money);
    let share = |s: f64| cx.percent(Decimal::from_f64_retain(s * 100.0).unwrap_or_default().round_dp(2));
    let note = cx.tf("insight-pareto-note", &[
            ("fifth", cx.percent(20.into()).into()),
            ("top", share(c.top_fifth).into()),
            ("most", cx.percent(80.into()).into()),
            ("eighty", share(c.eighty_share).into()),
            ("count", c.eighty_count.into()),
        ]);
    let title = cx.t("insight-pareto");
    let axis = axis(cx, currency);
    let drawing = chart::pareto(&cx.t("insight-sales"), &items, HEIGHT, &axis, cx);
    Ok(chart::chart_block(6, &title, &note, &html! {}, &drawing))
}

/// Customers of a group. Over all time their own total says who they are; of a shorter span the list shows who bought then.
fn bought_between(cx: &ViewCx<'_>, period: &Period, least: i64, most: i64, currency: &str) -> String {
    let filter = if period.choice == Choice::All {
        let amount = |minor| kernel::Money::new(minor, currency).amount();
        format!("orders_count > 0 && revenue >= {} && revenue <= {}", amount(least), amount(most))
    } else {
        format!("exists(orders, kind == \"sale\" && {})", between("ordered_at", period.first_day(), period.end_day()))
    };
    cx.with_query("/party", &[("filter", &filter), ("sort", "-revenue")])
}

/// Recency against frequency, over all time.
pub(crate) async fn grid(cx: &ViewCx<'_>, currency: &str, figures: &mut Figures<'_>) -> Outcome<Markup> {
    if !figures.may("party", &["recency", "frequency", "revenue"]) {
        return Ok(html! {});
    }
    let cells = figures.grid().await?;
    let title = cx.t("insight-rfm");
    let note = cx.tf("insight-rfm-note", &[("least", 1.into()), ("best", 5.into()), ("definition", rfm::DEFINITION.into())]);
    if cells.is_empty() {
        rfm::start_if_never(figures.company).await?;
        let empty = ui::mark::empty(ui::mark::Empty::Quiet, &cx.t("insight-rfm-none"), &cx.t("insight-rfm-none-hint"), &html! {});
        return Ok(chart::chart_block(12, &title, &note, &html! {}, &empty));
    }
    let columns: Vec<String> = (1..=5).map(|i| cx.num(i)).collect();
    let rows: Vec<(String, Vec<HeatCell>)> = (1..=5_i64)
        .rev()
        .map(|r| {
            let row = (1..=5_i64).map(|f| {
                let found = cells.iter().find(|c| (c.recency, c.frequency) == (r, f));
                let (n, money) = found.map_or((0, 0), |c| (c.customers, c.money));
                HeatCell {
                    value: float(n),
                    shown: cx.num(n),
                    small: if n > 0 { cx.money_short(money, currency) } else { String::new() },
                    tip: cx.tf("insight-rfm-cell", &[("recency", r.into()), ("frequency", f.into()), ("count", n.into())]),
                    href: (n > 0).then(|| list(cx, "party", &format!("recency == {r} && frequency == {f}"))),
                }
            });
            (cx.num(r), row.collect())
        })
        .collect();
    let drawing = chart::heatmap(&title, &cx.t("insight-rfm-corner"), &columns, &rows);
    Ok(chart::chart_block(12, &title, &note, &html! {}, &drawing))
}
