//! Columns, grouped or stacked; bars along the line.

use super::scale::Scale;
use super::{Datum, Series, W, f, figure, flow, label_step, legend, linked, n, table_of};
use crate::cx::ViewCx;
use maud::{Markup, html};

/// A chart of columns.
#[derive(Clone, Copy)]
pub struct Bars<'a> {
    pub title: &'a str,
    /// Below the columns, in order of time.
    pub labels: &'a [String],
    pub series: &'a [Series],
    pub stacked: bool,
    /// Height in units of the drawing (its width is 640).
    pub height: f64,
    /// How a value of the axis is written.
    pub axis: &'a dyn Fn(f64) -> String,
}

const LEFT: f64 = 64.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 30.0;

pub fn bars(b: &Bars<'_>, cx: &ViewCx<'_>) -> Markup {
    let count = b.labels.len();
    let value = |s: &Series, i: usize| s.data.get(i).map_or(0.0, |d| d.value);
    let (mut low, mut high) = (0.0_f64, 0.0_f64);
    for i in 0..count {
        if b.stacked {
            high = high.max(b.series.iter().map(|s| value(s, i).max(0.0)).sum());
            low = low.min(b.series.iter().map(|s| value(s, i).min(0.0)).sum());
        } else {
            for s in b.series {
                high = high.max(value(s, i));
                low = low.min(value(s, i));
            }
        }
    }
    let scale = Scale::new(low, high, 4);
    let (floor, plot) = (b.height - BOTTOM, W - LEFT);
    let slot = plot / f(count.max(1));
    let y = |v: f64| scale.at(v, floor, TOP);
    let lanes = if b.stacked { 1 } else { b.series.len().max(1) };
    let group = (slot * 0.66).min(46.0 * f(lanes));
    let bar = group / f(lanes);
    let step = label_step(b.labels.iter().map(String::as_str), plot);
    let axis_x = flow(cx, LEFT - 8.0, 0.0);
    let drawing = html! {
        (legend(b.series))
        svg viewBox=(format!("0 0 {W} {}", b.height)) direction=(cx.locale.dir()) aria-hidden="false" role="group" aria-label=(b.title) {
            @for t in &scale.ticks {
                line class=(if *t == 0.0 { "axis" } else { "rule" }) x1=(n(flow(cx, LEFT, plot))) x2=(n(flow(cx, LEFT, plot) + plot)) y1=(n(y(*t))) y2=(n(y(*t))) {}
                text x=(n(axis_x)) y=(n(y(*t) + 4.0)) text-anchor="end" { ((b.axis)(*t)) }
            }
            @for (i, label) in b.labels.iter().enumerate() {
                @let x0 = LEFT + slot * f(i);
                @let mid = flow(cx, x0 + slot / 2.0, 0.0);
                @if i % step == 0 { text x=(n(mid)) y=(n(b.height - 7.0)) text-anchor="middle" { (label) } }
                @for (rect, d, name, colour) in slot_rects(b, i, x0 + (slot - group) / 2.0, bar, &y, cx) {
                    @let tip = tip(label, if b.series.len() > 1 { name } else { "" }, &d.shown);
                    (linked(d.href.as_deref(), &tip, &html! {
                        rect class={ "datum fill series-" (colour) } x=(n(rect.0)) y=(n(rect.1)) width=(n(rect.2)) height=(n(rect.3)) rx=(if rect.3 > 6.0 { "3" } else { "1" }) {}
                    }))
                }
            }
        }
    };
    figure(b.title, &drawing, &table_of(b.labels, b.series))
}

type Rect = (f64, f64, f64, f64);

/// The rectangles of one slot, mirrored where the page is.
fn slot_rects<'a>(
    b: &'a Bars<'_>,
    i: usize,
    start: f64,
    bar: f64,
    y: &dyn Fn(f64) -> f64,
    cx: &ViewCx<'_>,
) -> Vec<(Rect, &'a Datum, &'a str, &'static str)> {
    let mut out = Vec::new();
    let (mut up, mut down) = (0.0, 0.0);
    for (k, s) in b.series.iter().enumerate() {
        let Some(d) = s.data.get(i) else { continue };
        let base = match (b.stacked, d.value >= 0.0) {
            (false, _) => 0.0,
            (true, true) => {
                up += d.value;
                up - d.value
            }
            (true, false) => {
                down += d.value;
                down - d.value
            }
        };
        let (a, z) = (y(base + d.value), y(base));
        let (x, gap) =
            if b.stacked { (start, 0.0) } else { (start + bar * f(k), if b.series.len() > 1 { 2.0 } else { 0.0 }) };
        let h = (z - a).abs().max(if d.value == 0.0 { 0.0 } else { 1.5 });
        let w = (bar - gap).max(1.0);
        out.push(((flow(cx, x, w), a.min(z), w, h), d, s.name.as_str(), s.colour));
    }
    out
}

pub(super) fn tip(label: &str, name: &str, shown: &str) -> String {
    if name.is_empty() { format!("{label}\n{shown}") } else { format!("{label}\n{name}: {shown}") }
}

/// One bar along the line.
#[derive(Clone, Debug)]
pub struct HBar {
    pub label: String,
    pub datum: Datum,
}

/// Names with bars, the longest first as given; good at any width.
pub fn hbars(title: &str, items: &[HBar], colour: &str) -> Markup {
    let max = items.iter().map(|i| i.datum.value).fold(0.0_f64, f64::max);
    let row = |i: &HBar| {
        let share = if max > 0.0 { (i.datum.value / max * 100.0).clamp(0.0, 100.0) } else { 0.0 };
        html! {
            bdi class="clip" { (i.label) } span class="hbar-value fig" { (i.datum.shown) }
            span class="hbar-track" { span style=(format!("inline-size:{share:.1}%")) {} }
        }
    };
    html! {
        div class={ "hbars series-" (colour) } role="list" aria-label=(title) {
            @for i in items { div role="listitem" { @match &i.datum.href {
                Some(h) => a class="hbar" href=(h) { (row(i)) },
                None => div class="hbar" { (row(i)) },
            } } }
        }
    }
}
