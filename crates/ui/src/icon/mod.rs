//! Icons: inline SVG that takes the colour of the text around it.

mod set;

use maud::{Markup, PreEscaped, html};

/// Icons that point along the line of reading and are mirrored in a right-to-left page.
const FLOW: &[&str] = &[
    "arrow-left",
    "arrow-right",
    "chevron-left",
    "chevron-right",
    "external-link",
    "list",
    "list-ordered",
    "log-out",
    "panel-left-close",
    "redo-2",
    "send",
    "trending-down",
    "trending-up",
    "truck",
    "undo-2",
];

fn paths(name: &str) -> &'static str {
    let found = set::ICONS.binary_search_by(|(n, _)| (*n).cmp(name)).ok();
    found
        .or_else(|| set::ICONS.binary_search_by(|(n, _)| (*n).cmp("box")).ok())
        .and_then(|i| set::ICONS.get(i))
        .map_or("", |(_, svg)| svg)
}

/// Whether the set has an icon of that name. Unknown names are drawn as a box.
pub fn has_icon(name: &str) -> bool {
    set::ICONS.binary_search_by(|(n, _)| (*n).cmp(name)).is_ok()
}

/// All names, sorted.
pub fn icon_names() -> impl Iterator<Item = &'static str> {
    set::ICONS.iter().map(|(n, _)| *n)
}

/// An icon of text size. Decorative: hidden from screen readers, so give the control around it a name.
pub fn icon(name: &str) -> Markup {
    sized(name, "icon")
}

/// A 14 px icon.
pub fn icon_sm(name: &str) -> Markup {
    sized(name, "icon icon-sm")
}

/// A 22 px icon.
pub fn icon_lg(name: &str) -> Markup {
    sized(name, "icon icon-lg")
}

fn sized(name: &str, class: &str) -> Markup {
    let flow = FLOW.contains(&name);
    html! {
        svg class={ (class) @if flow { " icon-flow" } } viewBox="0 0 24 24" fill="none" stroke="currentColor"
            stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" { (PreEscaped(paths(name))) }
    }
}

/// The mark of the product: two links of a chain drawn as one wave (صلة: a bond).
pub fn brand_mark() -> Markup {
    html! {
        svg class="brand-mark" viewBox="0 0 28 28" fill="none" aria-hidden="true" {
            rect width="28" height="28" rx="8" fill="var(--accent)" {}
            path d="M6 15.2c0-3 2.1-5.2 4.7-5.2 4.3 0 4.3 8 8.4 8 1.7 0 2.9-1.4 2.9-3.2" stroke="var(--accent-ink)" stroke-width="2.6" stroke-linecap="round" {}
            circle cx="19.6" cy="9.6" r="1.7" fill="var(--accent-ink)" {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_known() {
        let names: Vec<_> = icon_names().collect();
        assert!(names.is_sorted());
        for n in FLOW {
            assert!(has_icon(n), "{n}");
        }
        assert!(icon("chevron-right").into_string().contains("icon-flow"));
        assert_eq!(icon("no-such").into_string(), icon("box").into_string());
    }
}
