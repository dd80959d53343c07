//! Lines and areas over time; the small line of a tile.

use super::bars::tip;
use super::scale::Scale;
use super::{Series, W, f, figure, flow, label_step, legend, linked, n, table_of};
use crate::cx::ViewCx;
use maud::{Markup, html};

/// A chart of lines.
#[derive(Clone, Copy)]
pub struct Lines<'a> {
    pub title: &'a str,
    pub labels: &'a [String],
    pub series: &'a [Series],
    /// The space below the first line is filled.
    pub area: bool,
    pub height: f64,
    pub axis: &'a dyn Fn(f64) -> String,
}

const LEFT: f64 = 64.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 30.0;
const END: f64 = 10.0;

fn points(xs: &[f64], ys: &[f64]) -> String {
    xs.iter().zip(ys).map(|(x, y)| format!("{},{}", n(*x), n(*y))).collect::<Vec<_>>().join(" ")
}

pub fn lines(l: &Lines<'_>, cx: &ViewCx<'_>) -> Markup {
    let count = l.labels.len();
    let all = || l.series.iter().flat_map(|s| s.data.iter().map(|d| d.value));
    let scale = Scale::new(all().fold(0.0, f64::min), all().fold(0.0, f64::max), 4);
    let (floor, plot) = (l.height - BOTTOM, W - LEFT - END);
    let gap = if count > 1 { plot / f(count - 1) } else { 0.0 };
    let x = |i: usize| flow(cx, LEFT + if count > 1 { gap * f(i) } else { plot / 2.0 }, 0.0);
    let y = |v: f64| scale.at(v, floor, TOP);
    let step = label_step(l.labels.iter().map(String::as_str), plot);
    let line_start = flow(cx, LEFT, plot);
    let drawing = html! {
        (legend(l.series))
        svg viewBox=(format!("0 0 {W} {}", l.height)) direction=(cx.locale.dir()) role="group" aria-label=(l.title) {
            @for t in &scale.ticks {
                line class=(if *t == 0.0 { "axis" } else { "rule" }) x1=(n(line_start)) x2=(n(line_start + plot)) y1=(n(y(*t))) y2=(n(y(*t))) {}
                text x=(n(flow(cx, LEFT - 8.0, 0.0))) y=(n(y(*t) + 4.0)) text-anchor="end" { ((l.axis)(*t)) }
            }
            @for (i, label) in l.labels.iter().enumerate() {
                @if i % step == 0 { text x=(n(x(i))) y=(n(l.height - 7.0)) text-anchor="middle" { (label) } }
            }
            @for (k, s) in l.series.iter().enumerate() {
                @let xs: Vec<f64> = (0..s.data.len()).map(x).collect();
                @let ys: Vec<f64> = s.data.iter().map(|d| y(d.value)).collect();
                g class={ "series-" (s.colour) } {
                    @if l.area && k == 0 && xs.len() > 1 {
                        @let (a, z) = (xs.first().copied().unwrap_or_default(), xs.last().copied().unwrap_or_default());
                        polygon class="area" points=(format!("{},{} {} {},{}", n(a), n(y(0.0)), points(&xs, &ys), n(z), n(y(0.0)))) {}
                    }
                    polyline class="line datum" points=(points(&xs, &ys)) {}
                }
            }
            // One strip per label carries the tip and the link of all lines at that time.
            @for (i, label) in l.labels.iter().enumerate() {
                @let said: Vec<String> = l.series.iter().filter_map(|s| s.data.get(i).map(|d| if l.series.len() > 1 { format!("{}: {}", s.name, d.shown) } else { d.shown.clone() })).collect();
                @let href = l.series.iter().find_map(|s| s.data.get(i).and_then(|d| d.href.as_deref()));
                @let w = gap.max(8.0);
                (linked(href, &tip(label, "", &said.join("\n")), &html! {
                    rect class="hit" x=(n(x(i) - w / 2.0)) y=(n(TOP)) width=(n(w)) height=(n(floor - TOP)) rx="3" {}
                    @for s in l.series { @if let Some(d) = s.data.get(i) {
                        circle class={ "dot fill series-" (s.colour) @if s.data.len() == 1 { " dot-always" } } cx=(n(x(i))) cy=(n(y(d.value))) r="4.5" {}
                    } }
                }))
            }
        }
    };
    figure(l.title, &drawing, &table_of(l.labels, l.series))
}

/// A line without axes, for tiles and cells. Says nothing by itself: the figure stands beside it.
pub fn spark(values: &[f64], colour: &str, cx: &ViewCx<'_>) -> Markup {
    let (w, h) = (88.0, 28.0);
    let (low, high) = (
        values.iter().copied().fold(f64::INFINITY, f64::min),
        values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
    );
    let span = if high > low { high - low } else { 1.0 };
    let gap = if values.len() > 1 { (w - 4.0) / f(values.len() - 1) } else { 0.0 };
    let at = |i: usize| {
        let x = 2.0 + gap * f(i);
        if cx.locale.dir() == "rtl" { w - x } else { x }
    };
    let xs: Vec<f64> = (0..values.len()).map(at).collect();
    let ys: Vec<f64> = values.iter().map(|v| h - 3.0 - (v - low) / span * (h - 6.0)).collect();
    html! {
        span class={ "spark series-" (colour) } aria-hidden="true" {
            svg viewBox=(format!("0 0 {w} {h}")) preserveAspectRatio="none" {
                polyline class="line" style="stroke-width:1.75" vector-effect="non-scaling-stroke" points=(points(&xs, &ys)) {}
                @if let (Some(x), Some(y)) = (xs.last(), ys.last()) { circle class="fill" cx=(n(*x)) cy=(n(*y)) r="2.4" {} }
            }
        }
    }
}
