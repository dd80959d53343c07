//! Small marks: chips, counts, avatars, trends, progress, skeletons, empty states, notices.

use crate::icon::{icon, icon_sm};
use kernel::Tone;
use maud::{Markup, html};

/// The colour name (`data-hue`) of a tone.
pub const fn hue(tone: Tone) -> &'static str {
    match tone {
        Tone::Neutral => "grey",
        Tone::Info => "blue",
        Tone::Good => "green",
        Tone::Warn => "amber",
        Tone::Bad => "red",
        Tone::Accent => "teal",
    }
}

/// A colour that stays the same for the same text: for avatars and free tags.
pub fn hue_of(text: &str) -> &'static str {
    const HUES: [&str; 8] = ["teal", "amber", "blue", "green", "orange", "violet", "lime", "pink"];
    let sum = text.chars().fold(7_u32, |h, c| h.wrapping_mul(31).wrapping_add(u32::from(c)));
    HUES.get((sum % 8) as usize).copied().unwrap_or("teal")
}

/// A choice as a coloured chip with a dot.
pub fn chip(label: &str, tone: Tone) -> Markup {
    html! { span class="chip chip-dot" data-hue=(hue(tone)) { bdi { (label) } } }
}

/// A quiet chip with an outline.
pub fn chip_line(label: &str) -> Markup {
    html! { span class="chip chip-line" { bdi { (label) } } }
}

/// A small number beside a heading or a tab.
pub fn count(shown: &str) -> Markup {
    html! { span class="count" { (shown) } }
}

/// The first letters of up to two words of `name`. Arabic letters do not join up: a thin non-joiner stands between.
pub fn initials(name: &str) -> String {
    // «العتيبي» is known by its ع, not by the article.
    let bare = |w: &'_ str| {
        w.strip_prefix("ال").filter(|r| r.chars().count() > 1).unwrap_or(w).chars().find(|c| c.is_alphanumeric())
    };
    let mut words = name.split_whitespace().filter_map(bare);
    match (words.next(), words.next()) {
        (Some(a), Some(b)) => format!("{}\u{200c}{}", a.to_uppercase(), b.to_uppercase()),
        (Some(a), None) => a.to_uppercase().to_string(),
        _ => "؟".to_owned(),
    }
}

/// Small discs have room for one letter.
fn letters(name: &str, size: &str) -> String {
    let two = initials(name);
    if size == "sm" { two.chars().take(1).collect() } else { two }
}

/// The person behind a name as a coloured disc with initials; `size`: `""`, `"sm"` or `"lg"`.
pub fn avatar(name: &str, size: &str) -> Markup {
    html! {
        span class={ "avatar" @if !size.is_empty() { " avatar-" (size) } } data-hue=(hue_of(name)) data-initials=(letters(name, size)) aria-hidden="true" {}
    }
}

/// As [`avatar`], square: organisations, products. A number or code has no initials and gets a plain mark.
pub fn avatar_square(name: &str, size: &str) -> Markup {
    if is_code(name) {
        return icon_square("hash", size);
    }
    html! {
        span class={ "avatar avatar-square" @if !size.is_empty() { " avatar-" (size) } } data-hue=(hue_of(name)) data-initials=(letters(name, size)) aria-hidden="true" {}
    }
}

/// A square with an icon, for things that have a number instead of a name.
pub fn icon_square(name: &str, size: &str) -> Markup {
    html! {
        span class={ "avatar avatar-square" @if !size.is_empty() { " avatar-" (size) } } data-hue="grey" aria-hidden="true" { (icon(name)) }
    }
}

/// One word with a digit in it: `SO-00537`, `C581316`.
pub fn is_code(title: &str) -> bool {
    !title.contains(char::is_whitespace) && title.chars().any(char::is_numeric)
}

/// A change against an earlier time; `shown` is the formatted size, `up` none for no change.
pub fn trend(up: Option<bool>, shown: &str) -> Markup {
    let (way, name) = match up {
        Some(true) => ("up", "arrow-up"),
        Some(false) => ("down", "arrow-down"),
        None => ("same", "arrow-right"),
    };
    html! { span class="trend" data-way=(way) { (icon_sm(name)) span class="ltr" { (shown) } } }
}

/// A bar that is `percent` full; `label` names it for screen readers.
pub fn progress(percent: f64, label: &str) -> Markup {
    let p = percent.clamp(0.0, 100.0);
    html! {
        div class="progress" role="progressbar" aria-label=(label) aria-valuemin="0" aria-valuemax="100" aria-valuenow=(format!("{p:.0}")) {
            span style=(format!("inline-size:{p:.1}%")) {}
        }
    }
}

/// `rows` grey lines where text will be.
pub fn skeleton(rows: usize) -> Markup {
    const WIDTHS: [u8; 5] = [82, 64, 91, 47, 73];
    html! {
        div class="stack" aria-hidden="true" {
            @for w in WIDTHS.iter().cycle().take(rows) { span class="skeleton" style={ "inline-size:" (w) "%" } {} }
        }
    }
}

/// What an empty place is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Empty {
    /// Nothing has been made yet.
    List,
    /// Filters or words leave nothing.
    Search,
    /// Nothing happened yet.
    Quiet,
}

/// An empty place: what would be here, and the next step (`actions`).
pub fn empty(kind: Empty, title: &str, text: &str, actions: &Markup) -> Markup {
    html! {
        div class="empty" {
            (art(kind))
            h2 { (title) }
            @if !text.is_empty() { p { (text) } }
            @if !actions.0.is_empty() { div class="cluster" { (actions) } }
        }
    }
}

fn art(kind: Empty) -> Markup {
    html! {
        svg class="empty-art" viewBox="0 0 152 96" fill="none" stroke="currentColor" stroke-width="1.5" aria-hidden="true" {
            @match kind {
                Empty::List => {
                    rect x="30" y="10" width="92" height="24" rx="7" opacity=".45" {}
                    rect x="20" y="36" width="112" height="26" rx="8" fill="var(--raised)" {}
                    circle cx="36" cy="49" r="6" fill="var(--accent-soft)" stroke="var(--accent)" {}
                    path d="M50 46h44M50 53h26" stroke-linecap="round" {}
                    path d="M112 49h10M117 44v10" stroke="var(--accent)" stroke-width="2" stroke-linecap="round" {}
                    rect x="30" y="64" width="92" height="22" rx="7" opacity=".45" {}
                }
                Empty::Search => {
                    rect x="24" y="14" width="78" height="18" rx="6" opacity=".5" {}
                    rect x="24" y="40" width="60" height="18" rx="6" opacity=".5" {}
                    rect x="24" y="66" width="70" height="18" rx="6" opacity=".5" {}
                    circle cx="98" cy="48" r="20" fill="var(--surface)" stroke="var(--accent)" stroke-width="2" {}
                    path d="m113 63 14 14" stroke="var(--accent)" stroke-width="3" stroke-linecap="round" {}
                }
                Empty::Quiet => {
                    path d="M14 62c10-9 20-9 31 0s21 9 31 0 21-9 31 0 20 9 31 0" stroke="var(--accent)" stroke-width="2" stroke-linecap="round" {}
                    path d="M26 76c9-7 17-7 26 0s17 7 25 0 17-7 26 0 16 7 24 0" stroke-linecap="round" {}
                    circle cx="76" cy="30" r="12" fill="var(--accent-soft)" {}
                }
            }
        }
    }
}

/// How a message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Info,
    Good,
    Warn,
    Bad,
}

impl Mood {
    pub const fn key(self) -> &'static str {
        match self {
            Mood::Info => "info",
            Mood::Good => "good",
            Mood::Warn => "warn",
            Mood::Bad => "bad",
        }
    }
    pub const fn icon(self) -> &'static str {
        match self {
            Mood::Info => "info",
            Mood::Good => "circle-check",
            Mood::Warn => "triangle-alert",
            Mood::Bad => "circle-alert",
        }
    }
}

/// A message in the flow of the page: the outcome of the last request, a warning about this record.
pub fn flash(mood: Mood, body: &Markup) -> Markup {
    html! {
        div class="flash" data-tone=(mood.key()) role=(if mood == Mood::Bad { "alert" } else { "status" }) {
            (icon(mood.icon())) div class="grow" { (body) }
        }
    }
}

/// A message that floats and goes away, with links to what can be done (label, address); place it in the toast region, e.g. with `hx-swap-oob="beforeend:#toasts"`.
pub fn toast(mood: Mood, title: &str, detail: &str, links: &[(String, String)], undo: Option<(&str, &str)>) -> Markup {
    html! {
        div class="toast" data-tone=(mood.key()) role=(if mood == Mood::Bad { "alert" } else { "status" }) {
            (icon(mood.icon()))
            div class="toast-body" {
                strong { (title) }
                @if !detail.is_empty() { p dir="auto" { (detail) } }
                @for (label, href) in links { p { a href=(href) { (label) } } }
            }
            @if let Some((label, href)) = undo {
                form method="post" action=(href) { button class="btn btn-sm" type="submit" { (label) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_of_names() {
        assert_eq!(initials("أحمد العتيبي"), "أ\u{200c}ع");
        assert_eq!(initials("acme"), "A");
        assert_eq!(initials(" - "), "؟");
        assert_eq!(hue_of("سارة"), hue_of("سارة"));
    }

    #[test]
    fn codes_have_no_initials() {
        assert!(is_code("SO-00537") && is_code("581587") && is_code("٥٣٧"));
        assert!(!is_code("شركة 3") && !is_code("أحمد"));
        assert!(avatar_square("C581316", "").into_string().contains("<svg"));
    }

    #[test]
    fn progress_stays_within_bounds() {
        assert!(progress(140.0, "استيراد").into_string().contains("inline-size:100.0%"));
    }
}
