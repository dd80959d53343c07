//! A grid of shades: recency against frequency, weekday against hour.

use maud::{Markup, html};

/// One cell: value for the shade, text shown, small print, tip, address.
#[derive(Clone, Debug, Default)]
pub struct HeatCell {
    pub value: f64,
    pub shown: String,
    pub small: String,
    pub tip: String,
    pub href: Option<String>,
}

/// `rows[r][c]` with names of rows and columns. `corner` says what the two axes are.
pub fn heatmap(title: &str, corner: &str, columns: &[String], rows: &[(String, Vec<HeatCell>)]) -> Markup {
    let max = rows.iter().flat_map(|(_, c)| c.iter().map(|c| c.value)).fold(0.0_f64, f64::max);
    // The root lifts small counts off the ground; without it one crowded cell hides all others.
    let heat = |v: f64| if max > 0.0 { (v / max).max(0.0).sqrt() * 100.0 } else { 0.0 };
    html! {
        div class="heat" role="table" aria-label=(title) style={ "--cols:" (columns.len()) } {
            div role="row" style="display:contents" {
                span class="heat-name" role="columnheader" { (corner) }
                @for c in columns { span class="heat-name" data-col role="columnheader" { (c) } }
            }
            @for (name, cells) in rows {
                div role="row" style="display:contents" {
                    span class="heat-name" role="rowheader" { (name) }
                    @for c in cells { (cell(c, heat(c.value))) }
                }
            }
        }
    }
}

fn cell(c: &HeatCell, heat: f64) -> Markup {
    let style = format!("--heat:{heat:.0}");
    let inside = html! { (c.shown) @if !c.small.is_empty() { small { (c.small) } } };
    html! {
        div role="cell" style="display:grid" { @match &c.href {
            // Read out with what it means; what is seen stays part of the name.
            Some(h) => a class="heat-cell" style=(style) href=(h) title=(c.tip) { span class="visually-hidden" { (c.tip) " " } (inside) },
            None => span class="heat-cell" style=(style) title=(c.tip) { (inside) },
        } }
    }
}
