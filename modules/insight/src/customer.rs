//! The block on a party's page: what he bought, how he buys, what he usually takes.

use crate::figures::Figures;
use crate::period::{Choice, Period};
use crate::view::{float, month_labels, orders, view};
use engine::PageCx;
use futures::future::BoxFuture;
use jiff::tz::TimeZone;
use kernel::{Kind, Money, Outcome, Record, Value};
use maud::{Markup, html};
use ui::chart::{self, Bars, Datum, HBar, Series};
use ui::cx::ViewCx;
use uuid::Uuid;

pub(crate) fn render(page: PageCx, id: Uuid) -> BoxFuture<'static, Outcome<String>> {
    Box::pin(async move {
        let party = page.company.get(&page.actor, "party", id).await?;
        let mut figures = Figures::open(&page.company, &page.actor).await?;
        let bought = party.get("orders_count").int().unwrap_or_default() + party.get("returns_count").int().unwrap_or_default();
        if bought == 0 || !figures.may("order", &["total", "ordered_at", "status", "kind", "party"]) {
            return Ok(String::new());
        }
        let titles = ui::Titles::new();
        let cx = view(&page, &titles);
        let zone = TimeZone::get(&page.company.settings().zone).unwrap_or(TimeZone::UTC);
        let currency = page.company.settings().currency.clone();
        let body = html! { div class="stack" {
            (class(&cx, &page, &party))
            (ui::record::summary(&pace(&cx, &party)))
            (months(&cx, &currency, &mut figures, &party, &zone).await?)
            (habits(&cx, &currency, &mut figures, id).await?)
        } };
        Ok(body.into_string())
    })
}

/// How much and how often he buys; the sums stand at the head of the page.
fn pace(cx: &ViewCx<'_>, party: &Record) -> Vec<(String, String, String)> {
    let orders = party.get("orders_count").int().filter(|n| *n > 0);
    let average = orders.zip(party.get("revenue").money()).map(|(n, m)| cx.money(&Money::new(m.minor / n, m.currency.clone())));
    let (first, last) = (party.get("first_order_at").datetime(), party.get("last_order_at").datetime());
    let every = orders.filter(|n| *n > 1).zip(first.zip(last)).map(|(n, (first, last))| {
        let days = (last.as_second() - first.as_second()) / 86_400 / (n - 1);
        cx.tf("insight-days", &[("count", days.into())])
    });
    let ago = last.map(|t| (cx.date(cx.civil(t)), cx.relative(t)));
    [
        ("insight-average-order", average, String::new()),
        ("insight-every", every, String::new()),
        ("insight-last-order", ago.as_ref().map(|(d, _)| d.clone()), ago.map(|(_, r)| r).unwrap_or_default()),
    ]
    .into_iter()
    .filter_map(|(key, value, small)| Some((cx.t(key), value?, small)))
    .collect()
}

/// Segment and code, in words.
fn class(cx: &ViewCx<'_>, page: &PageCx, party: &Record) -> Markup {
    let (Some(code), Value::Text(segment)) = (party.get("rfm").text(), party.get("segment")) else { return html! {} };
    let registry = page.company.registry();
    let options = registry.find("party").and_then(|o| o.get("segment")).map(|f| match &f.kind {
        Kind::Choice { options } => options.clone(),
        _ => Vec::new(),
    });
    let option = options.into_iter().flatten().find(|o| o.key == *segment);
    let scores = ["recency", "frequency", "monetary"].map(|f| party.get(f).int().unwrap_or_default());
    html! {
        div class="cluster" {
            @if let Some(o) = option { (ui::mark::chip(cx.label(&o.label), o.tone)) }
            (ui::mark::chip_line(&format!("RFM {}", cx.digits(code))))
            span class="muted" { (cx.tf("insight-scores", &[
                ("recency", scores[0].into()), ("frequency", scores[1].into()), ("monetary", scores[2].into()),
            ])) }
        }
    }
}

/// Purchases of his last twelve months.
async fn months(cx: &ViewCx<'_>, currency: &str, figures: &mut Figures<'_>, party: &Record, zone: &TimeZone) -> Outcome<Markup> {
    let Some(last) = party.get("last_order_at").datetime() else { return Ok(html! {}) };
    let day = last.to_zoned(zone.clone()).date();
    let period = Period::new(Choice::Year, day, day, cx.locale, zone);
    let sums = figures.months_of(party.id, &period).await?;
    let data = sums.iter().zip(&period.months).map(|(minor, m)| {
        let filter = format!("party == id(\"{}\") && {}", party.id, orders(None, m.from, m.to));
        Datum::new(float(*minor), cx.money(&Money::new(*minor, currency))).href(crate::view::list(cx, "order", &filter))
    });
    let title = cx.t("insight-months-of-customer");
    let series = [Series::new(cx.t("insight-net-revenue"), "1", data.collect())];
    let labels = month_labels(cx, &period.months);
    #[allow(clippy::cast_possible_truncation)]
    let axis = |v: f64| cx.money_short(v as i64, currency);
    let bars = Bars { title: &title, labels: &labels, series: &series, stacked: false, height: 180.0, axis: &axis };
    Ok(html! { h3 { (title) } (chart::bars(&bars, cx)) })
}

/// The goods that stand in most of his orders.
async fn habits(cx: &ViewCx<'_>, currency: &str, figures: &mut Figures<'_>, party: Uuid) -> Outcome<Markup> {
    if !figures.may("order_line", &["amount", "quantity", "product"]) || !figures.may("product", &["name"]) {
        return Ok(html! {});
    }
    let usual = figures.habits(party, 6).await?;
    let titles = figures.titles("product", usual.iter().map(|s| s.product)).await?;
    let items: Vec<HBar> = usual
        .iter()
        .filter_map(|s| {
            let name = titles.get(&s.product)?.get(cx.lang()).to_owned();
            let shown = cx.tf(
                "insight-times-of",
                &[("count", s.orders.into()), ("quantity", quantity(cx, s.quantity).into()), ("money", cx.money_short(s.money, currency).into())],
            );
            Some(HBar { label: name, datum: Datum::new(float(s.orders), shown).href(cx.record_url("product", s.product)) })
        })
        .collect();
    let title = cx.t("insight-usually-buys");
    Ok(html! { @if !items.is_empty() { h3 { (title) } (chart::hbars(&title, &items, "1")) } })
}

/// Thousandths; whole numbers without decimals.
fn quantity(cx: &ViewCx<'_>, thousandths: i64) -> String {
    if thousandths % 1000 == 0 {
        cx.num(thousandths / 1000)
    } else {
        cx.decimal(kernel::rust_decimal::Decimal::new(thousandths, 3), 3)
    }
}
