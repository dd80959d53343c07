//! Shares of a whole. Up to six slices; the caller gathers the rest.

use super::{Datum, figure, linked, n};
use crate::cx::ViewCx;
use maud::{Markup, html};

#[derive(Clone, Debug)]
pub struct Slice {
    pub label: String,
    pub colour: &'static str,
    pub datum: Datum,
}

/// `total` stands in the middle with `what` below it.
pub fn donut(title: &str, slices: &[Slice], total: &str, what: &str, cx: &ViewCx<'_>) -> Markup {
    let sum: f64 = slices.iter().map(|s| s.datum.value.max(0.0)).sum();
    let share = |v: f64| if sum > 0.0 { v.max(0.0) / sum } else { 0.0 };
    let percent = |v: f64| cx.percent(kernel::rust_decimal::Decimal::new((share(v) * 1000.0).round() as i64, 1));
    let rtl = cx.locale.dir() == "rtl";
    let mut from = 0.0;
    let arcs: Vec<(f64, f64, &Slice)> = slices
        .iter()
        .map(|s| {
            let part = share(s.datum.value);
            from += part;
            (from - part, part, s)
        })
        .collect();
    const R: f64 = 58.0;
    let around = std::f64::consts::TAU * R;
    let drawing = html! {
        div class="donut-wrap" {
            svg viewBox="0 0 152 152" role="group" aria-label=(title) {
                g transform=(if rtl { "translate(76 76) scale(-1 1) rotate(-90)" } else { "translate(76 76) rotate(-90)" }) {
                    circle r=(n(R)) fill="none" stroke="var(--press)" stroke-width="20" {}
                    @for (start, part, s) in &arcs {
                        (linked(s.datum.href.as_deref(), &format!("{}\n{} · {}", s.label, s.datum.shown, percent(s.datum.value)), &html! {
                            circle class={ "datum series-" (s.colour) } r=(n(R)) fill="none" stroke="var(--series)" stroke-width="20"
                                stroke-dasharray=(format!("{:.2} {:.2}", (part * around - if slices.len() > 1 { 2.0 } else { 0.0 }).max(0.5), around))
                                stroke-dashoffset=(format!("{:.2}", -start * around)) {}
                        }))
                    }
                }
                text class="donut-total" x="76" y="78" text-anchor="middle" { (total) }
                text x="76" y="95" text-anchor="middle" { (what) }
            }
            ul class="legend" { @for s in slices { li class={ "series-" (s.colour) } {
                @match &s.datum.href { Some(h) => a href=(h) { bdi { (s.label) } }, None => bdi { (s.label) } }
                b class="fig" { (s.datum.shown) } span class="muted" { (percent(s.datum.value)) }
            } } }
        }
    };
    figure(title, &drawing, &html! {})
}
