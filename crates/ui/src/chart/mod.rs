//! Charts drawn on the server as SVG. Every datum may be a link to the records behind it; colours come from the
//! style sheet; a hidden table says the same to those who cannot see the drawing.
//!
//! Time runs along the reading direction: from right to left in Arabic. Values arrive as `f64` for drawing only;
//! what is said (labels, tips, tables) is text the caller formatted from exact figures.

mod bars;
mod donut;
mod heat;
mod lines;
mod pareto;
mod scale;

pub use bars::{Bars, HBar, bars, hbars};
pub use donut::{Slice, donut};
pub use heat::{HeatCell, heatmap};
pub use lines::{Lines, lines, spark};
pub use pareto::{ParetoItem, pareto};

use crate::cx::ViewCx;
use maud::{Markup, html};

/// One figure: for drawing, as text, and the address of what is behind it.
#[derive(Clone, Debug, Default)]
pub struct Datum {
    pub value: f64,
    pub shown: String,
    pub href: Option<String>,
}

impl Datum {
    pub fn new(value: f64, shown: impl Into<String>) -> Self {
        Self { value, shown: shown.into(), href: None }
    }
    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

/// A row of figures with a name and a colour (1–6, `soft`, `good`, `bad` of the style sheet).
#[derive(Clone, Debug)]
pub struct Series {
    pub name: String,
    pub colour: &'static str,
    pub data: Vec<Datum>,
}

impl Series {
    pub fn new(name: impl Into<String>, colour: &'static str, data: Vec<Datum>) -> Self {
        Self { name: name.into(), colour, data }
    }
}

/// The width of a drawing in its own units. It scales with its place; the style sheet keeps its text at one size.
const W: f64 = 600.0;

/// Mirrors `x` (of something `w` wide) in a right-to-left page.
fn flow(cx: &ViewCx<'_>, x: f64, w: f64) -> f64 {
    if cx.is_rtl() { W - x - w } else { x }
}

fn n(v: f64) -> String {
    format!("{v:.1}")
}

/// A link around `inside` when there is an address; the tip is shown by the script and read by screen readers.
fn linked(href: Option<&str>, tip: &str, inside: &Markup) -> Markup {
    html! {
        @match href {
            Some(h) => a href=(h) data-chart-tip=(tip) aria-label=(tip) { (inside) },
            None => g data-chart-tip=(tip) { (inside) },
        }
    }
}

/// The frame of a chart: named for screen readers, with the same figures as a table.
fn figure(title: &str, drawing: &Markup, table: &Markup) -> Markup {
    html! {
        figure class="chart" data-chart {
            (drawing)
            figcaption class="visually-hidden" { (title) (table) }
        }
    }
}

/// Names of series with their colours; only when there is more than one.
fn legend(series: &[Series]) -> Markup {
    html! { @if series.len() > 1 { ul class="legend" aria-hidden="true" { @for s in series { li class={ "series-" (s.colour) } { (s.name) } } } } }
}

fn table_of(labels: &[String], series: &[Series]) -> Markup {
    html! {
        table {
            thead { tr { td {} @for s in series { th scope="col" { (s.name) } } } }
            tbody { @for (i, label) in labels.iter().enumerate() { tr {
                th scope="row" { (label) } @for s in series { td { (s.data.get(i).map_or("", |d| d.shown.as_str())) } }
            } } }
        }
    }
}

/// Every how manieth label is written, so that the longest fits even on a phone (9 units a letter there).
fn label_step<'a>(labels: impl ExactSizeIterator<Item = &'a str>, width: f64) -> usize {
    let count = labels.len();
    let longest = labels.map(|l| l.chars().count()).max().unwrap_or(1);
    let fit = (width / f(longest).mul_add(9.0, 10.0)).floor().max(1.0);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let step = (f(count) / fit).ceil() as usize;
    step.max(1)
}

#[allow(clippy::cast_precision_loss)]
fn f(i: usize) -> f64 {
    i as f64
}

/// A tile of a dashboard: name, figure, small print (a trend), a line of the last months, and where it leads.
#[derive(Clone, Debug, Default)]
pub struct Tile {
    pub name: String,
    pub value: String,
    pub small: String,
    pub foot: Option<Markup>,
    pub spark: Option<Markup>,
    pub href: Option<String>,
}

pub fn tile(t: &Tile) -> Markup {
    let inside = html! {
        span class="tile-name" { (t.name) }
        span class="tile-value" { span class="fig" { (t.value) } @if !t.small.is_empty() { " " small { (t.small) } } }
        span class="tile-foot" { @if let Some(m) = &t.foot { (m) } @if let Some(m) = &t.spark { (m) } }
    };
    html! { @match &t.href { Some(h) => a class="tile span-3" href=(h) { (inside) }, None => div class="tile span-3" { (inside) } } }
}

/// A framed chart on a dashboard; `span` is its share of twelve columns.
pub fn chart_block(span: u8, title: &str, note: &str, controls: &Markup, chart: &Markup) -> Markup {
    html! {
        section class={ "block span-" (span) } {
            header class="block-head" {
                div { h2 { (title) } @if !note.is_empty() { p { (note) } } }
                @if !controls.0.is_empty() { div class="cluster" { (controls) } }
            }
            div class="block-body" { (chart) }
        }
    }
}
