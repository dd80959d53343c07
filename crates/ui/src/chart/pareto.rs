//! Pareto: columns from the largest, and the share they reach together.

use super::bars::tip;
use super::scale::Scale;
use super::{Datum, Series, W, f, figure, flow, label_step, linked, n, table_of};
use crate::cx::ViewCx;
use maud::{Markup, html};

/// One contributor, or a group of them (the first tenth of customers).
#[derive(Clone, Debug)]
pub struct ParetoItem {
    pub label: String,
    pub datum: Datum,
}

/// `items` must come from the largest down; `axis` writes a value, the share axis is written in percent.
/// The dashed line marks 80 %.
pub fn pareto(title: &str, items: &[ParetoItem], height: f64, axis: &dyn Fn(f64) -> String, cx: &ViewCx<'_>) -> Markup {
    const SIDE: f64 = 64.0;
    const SHARE: f64 = 52.0;
    let (top, floor) = (14.0, height - 26.0);
    let plot = W - SIDE - SHARE;
    let total: f64 = items.iter().map(|i| i.datum.value).sum();
    let scale = Scale::new(0.0, items.iter().map(|i| i.datum.value).fold(0.0, f64::max), 4);
    let slot = plot / f(items.len().max(1));
    let bar = (slot * 0.7).min(46.0);
    let y = |v: f64| scale.at(v, floor, top);
    let share_y = |s: f64| floor + (top - floor) * s;
    let step = label_step(items.iter().map(|i| i.label.as_str()), plot);
    let mut sum = 0.0;
    let shares: Vec<f64> = items
        .iter()
        .map(|i| {
            sum += i.datum.value;
            if total > 0.0 { sum / total } else { 0.0 }
        })
        .collect();
    let percent = |s: f64| cx.percent(kernel::rust_decimal::Decimal::new((s * 1000.0).round() as i64, 1));
    let mid = |i: usize| flow(cx, SIDE + slot * f(i) + slot / 2.0, 0.0);
    let line: Vec<String> =
        shares.iter().enumerate().map(|(i, s)| format!("{},{}", n(mid(i)), n(share_y(*s)))).collect();
    let x0 = flow(cx, SIDE, plot);
    let far = flow(cx, W - SHARE + 8.0, 0.0);
    let drawing = html! {
        ul class="legend" aria-hidden="true" { li class="series-1" { (title) } li class="series-2" data-line { (cx.t("ui-cumulative")) } }
        svg viewBox=(format!("0 0 {W} {height}")) direction=(cx.locale.dir()) role="group" aria-label=(title) {
            @for t in &scale.ticks {
                line class=(if *t == 0.0 { "axis" } else { "rule" }) x1=(n(x0)) x2=(n(x0 + plot)) y1=(n(y(*t))) y2=(n(y(*t))) {}
                text x=(n(flow(cx, SIDE - 8.0, 0.0))) y=(n(y(*t) + 4.0)) text-anchor="end" { (axis(*t)) }
            }
            line class="ref" x1=(n(x0)) x2=(n(x0 + plot)) y1=(n(share_y(0.8))) y2=(n(share_y(0.8))) {}
            @for s in [0.0, 0.5, 0.8, 1.0] { text x=(n(far)) y=(n(share_y(s) + 4.0)) text-anchor="start" { (percent(s)) } }
            @for (i, item) in items.iter().enumerate() {
                @let h = (floor - y(item.datum.value)).max(1.0);
                @let said = format!("{}\n{}: {}", item.datum.shown, cx.t("ui-cumulative"), percent(shares.get(i).copied().unwrap_or_default()));
                @if i % step == 0 { text x=(n(mid(i))) y=(n(height - 8.0)) text-anchor="middle" { (short(&item.label)) } }
                (linked(item.datum.href.as_deref(), &tip(&item.label, "", &said), &html! {
                    rect class="hit" x=(n(mid(i) - slot / 2.0)) y=(n(top)) width=(n(slot)) height=(n(floor - top)) rx="3" {}
                    rect class="datum fill series-1" x=(n(mid(i) - bar / 2.0)) y=(n(floor - h)) width=(n(bar)) height=(n(h)) rx="3" {}
                }))
            }
            polyline class="line series-2" style="pointer-events:none" points=(line.join(" ")) {}
            @for (i, s) in shares.iter().enumerate() { @if items.len() <= 24 { circle class="fill series-2" style="pointer-events:none" cx=(n(mid(i))) cy=(n(share_y(*s))) r="3" {} } }
        }
    };
    let labels: Vec<String> = items.iter().map(|i| i.label.clone()).collect();
    let series = [
        Series::new(title, "1", items.iter().map(|i| i.datum.clone()).collect()),
        Series::new(cx.t("ui-cumulative"), "2", shares.iter().map(|s| Datum::new(*s, percent(*s))).collect()),
    ];
    figure(title, &drawing, &table_of(&labels, &series))
}

fn short(label: &str) -> String {
    if label.chars().count() > 11 { label.chars().take(10).chain(['…']).collect() } else { label.to_owned() }
}
