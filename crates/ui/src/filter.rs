//! Saved views, filter chips and the builder of conditions.

use crate::button::{button, icon_button};
use crate::cx::ViewCx;
use crate::icon::{icon, icon_sm};
use kernel::{Field, Kind};
use maud::{Markup, html};

/// A saved view above a list.
#[derive(Clone, Debug)]
pub struct ViewTab {
    pub label: String,
    pub href: String,
    pub current: bool,
    pub count: Option<String>,
}

/// The row of saved views; `save` opens the dialog that keeps what is seen as a view.
pub fn view_tabs(tabs: &[ViewTab], save_dialog: Option<&str>, cx: &ViewCx<'_>) -> Markup {
    html! {
        nav class="view-tabs" aria-label=(cx.t("ui-views")) {
            @for t in tabs {
                a class="view-tab" href=(t.href) aria-current=[t.current.then_some("page")] { bdi { (t.label) } @if let Some(n) = &t.count { (crate::mark::count(n)) } }
            }
            @if let Some(id) = save_dialog { (icon_button("plus", cx.t("ui-save-view")).small().opens_dialog(id)) }
        }
    }
}

/// One condition in force.
#[derive(Clone, Debug)]
pub struct FilterChip {
    /// The field, the comparison and the value as the reader says them.
    pub field: String,
    pub op: String,
    pub value: String,
    /// Address of the list without this condition.
    pub without: String,
}

pub fn filter_chip(f: &FilterChip, cx: &ViewCx<'_>) -> Markup {
    html! {
        span class="filter-chip" {
            span { bdi { (f.field) } } @if !f.op.is_empty() { span { (f.op) } } @if !f.value.is_empty() { span class="filter-value" { bdi class="clip" { (f.value) } } }
            a class="filter-drop" href=(f.without) aria-label={ (cx.t("ui-remove")) " " (f.field) } { (icon_sm("x")) }
        }
    }
}

/// A comparison offered in the builder: what is sent, the key of its word, whether a value follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operator {
    pub key: &'static str,
    pub word: &'static str,
    pub takes_value: bool,
}

const fn op(key: &'static str, word: &'static str) -> Operator {
    Operator { key, word, takes_value: true }
}
const FILLED: Operator = Operator { key: "filled", word: "ui-op-filled", takes_value: false };
const BLANK: Operator = Operator { key: "blank", word: "ui-op-blank", takes_value: false };

/// The comparisons a kind knows. The first is the usual one.
pub fn operators(kind: &Kind) -> &'static [Operator] {
    const TEXT: &[Operator] = &[
        op("contains", "ui-op-contains"),
        op("eq", "ui-op-is"),
        op("ne", "ui-op-is-not"),
        op("starts", "ui-op-starts"),
        FILLED,
        BLANK,
    ];
    const NUMBER: &[Operator] =
        &[op("ge", "ui-op-ge"), op("le", "ui-op-le"), op("eq", "ui-op-eq"), op("ne", "ui-op-ne"), FILLED, BLANK];
    const TIME: &[Operator] = &[op("ge", "ui-op-from"), op("le", "ui-op-until"), op("eq", "ui-op-on"), FILLED, BLANK];
    const ONE: &[Operator] = &[op("eq", "ui-op-is"), op("ne", "ui-op-is-not"), FILLED, BLANK];
    const MANY: &[Operator] = &[op("has", "ui-op-has"), FILLED, BLANK];
    const YES: &[Operator] = &[
        Operator { key: "true", word: "ui-yes", takes_value: false },
        Operator { key: "false", word: "ui-no", takes_value: false },
    ];
    const PRESENCE: &[Operator] = &[FILLED, BLANK];
    match kind.stored() {
        Kind::Text { .. }
        | Kind::Code { .. }
        | Kind::LongText
        | Kind::RichText
        | Kind::Email
        | Kind::Phone
        | Kind::Url
        | Kind::Name
        | Kind::Sequence { .. } => TEXT,
        Kind::Address => TEXT,
        Kind::Integer | Kind::Decimal { .. } | Kind::Percent | Kind::Money | Kind::Duration => NUMBER,
        Kind::Date | Kind::DateTime => TIME,
        Kind::Choice { .. } | Kind::Ref { .. } => ONE,
        Kind::MultiChoice { .. } | Kind::Refs { .. } => MANY,
        Kind::Bool => YES,
        Kind::File | Kind::Image | Kind::Json => PRESENCE,
        // `stored` never gives these two.
        Kind::Formula { .. } | Kind::Rollup { .. } => PRESENCE,
    }
}

/// One row of the builder: field (`f`), comparison (`op`), value (`v`); see [`crate::conditions::rows`].
pub fn builder_row(fields: &[&Field], cx: &ViewCx<'_>) -> Markup {
    html! {
        div class="filter-row" data-filter-row {
            select class="select select-sm" name="f" aria-label=(cx.t("ui-field")) {
                option value="" { (cx.t("ui-field")) }
                @for f in fields { option value=(f.key) data-ops=(ops_json(&f.kind, cx)) data-values=[values_json(f, cx)] data-type=(value_type(&f.kind)) data-lookup=[f.kind.target()] { (cx.label(&f.label)) } }
            }
            select class="select select-sm" name="op" aria-label=(cx.t("ui-comparison")) {
                @for o in operators(&Kind::text()) { option value=(o.key) { (cx.t(o.word)) } }
            }
            input class="input input-sm" name="v" dir="auto" aria-label=(cx.t("ui-value"));
            (icon_button("x", cx.t("ui-remove")).small().attr("data-filter-remove", ""))
        }
    }
}

/// The popover that adds conditions. Its form sends, per row, `f` (field key), `op`, `v`, and once `q` (the raw
/// expression); `keep` are the parts of the address that stay.
pub fn filter_builder(
    id: &str,
    action: &str,
    fields: &[&Field],
    raw: &str,
    keep: &[(&str, &str)],
    cx: &ViewCx<'_>,
) -> Markup {
    let row = builder_row(fields, cx);
    html! {
        (button(cx.t("ui-filter")).icon("list-filter").small().ghost().opens(id))
        div class="popover" id=(id) popover {
            form class="filter-builder" method="get" action=(action) data-filter-builder {
                @for (k, v) in keep { input type="hidden" name=(k) value=(v); }
                div class="stack" style="--gap:var(--s-3)" data-filter-rows { (row) }
                div { (button(cx.t("ui-add-condition")).icon("plus").small().ghost().attr("data-filter-add", "")) }
                details open[!raw.is_empty()] {
                    summary class="small muted" { (cx.t("ui-expression")) }
                    textarea class="textarea" style="font-family:var(--font-mono);min-block-size:3.5rem;margin-block-start:var(--s-3)" name="q" dir="ltr" spellcheck="false" rows="2" placeholder="total > 1000 && status == \"open\"" aria-label=(cx.t("ui-expression")) { (raw) }
                }
                div class="cluster" { (button(cx.t("ui-apply")).primary().small().submit()) (button(cx.t("ui-clear-all")).small().ghost().href(action)) }
            }
        }
    }
}

fn ops_json(kind: &Kind, cx: &ViewCx<'_>) -> String {
    let ops: Vec<_> = operators(kind).iter().map(|o| serde_json::json!([o.key, cx.t(o.word), o.takes_value])).collect();
    serde_json::Value::from(ops).to_string()
}

fn values_json(field: &Field, cx: &ViewCx<'_>) -> Option<String> {
    let options = field.kind.options();
    let pairs: Vec<_> = options.iter().map(|o| serde_json::json!([o.key, cx.label(&o.label)])).collect();
    (!options.is_empty()).then(|| serde_json::Value::from(pairs).to_string())
}

fn value_type(kind: &Kind) -> &'static str {
    match kind.stored() {
        Kind::Date | Kind::DateTime => "date",
        Kind::Integer | Kind::Decimal { .. } | Kind::Percent | Kind::Money | Kind::Duration => "number",
        _ => "text",
    }
}

/// The box that searches inside the list while typing.
pub fn quick_find(action: &str, words: &str, keep: &[(&str, &str)], cx: &ViewCx<'_>) -> Markup {
    html! {
        form class="quick-find" role="search" method="get" action=(action) {
            @for (k, v) in keep { input type="hidden" name=(k) value=(v); }
            (icon("search"))
            input class="input" type="search" name="search" value=(words) dir="auto" autocomplete="off" placeholder=(cx.t("ui-find-here")) aria-label=(cx.t("ui-find-here")) data-find
                hx-get=(action) hx-trigger="input changed delay:250ms, search" hx-include="closest form" hx-target="#list" hx-select="#list" hx-swap="outerMorph" hx-push-url="true" hx-sync="this:replace";
        }
    }
}

/// Below the views: find box, conditions in force, the builder; at the end the list's own controls.
pub fn toolbar(start: &Markup, chips: &[FilterChip], builder: &Markup, end: &Markup, cx: &ViewCx<'_>) -> Markup {
    html! {
        div class="toolbar" role="toolbar" aria-label=(cx.t("ui-list-tools")) {
            (start)
            @for c in chips { (filter_chip(c, cx)) }
            (builder)
            @if !end.0.is_empty() { div class="toolbar-end" { (end) } }
        }
    }
}

/// List, board and calendar as a switch: (icon, word key, address, current).
pub fn layout_switch(items: &[(&str, &str, String, bool)], cx: &ViewCx<'_>) -> Markup {
    html! {
        span class="segment" role="group" aria-label=(cx.t("ui-layout")) {
            @for (name, word, href, current) in items { a href=(href) aria-current=[current.then_some("true")] aria-label=(cx.t(word)) data-tip=(cx.t(word)) { (icon(name)) } }
        }
    }
}
