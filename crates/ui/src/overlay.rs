//! What floats above the page: menus, popovers, dialogs, drawers, toasts, the command palette.

use crate::button::{button, icon_button};
use crate::cx::ViewCx;
use crate::icon::icon;
use crate::shell::NavItem;
use maud::{Markup, Render, html};

/// One entry of a menu.
#[derive(Clone, Debug)]
pub struct MenuItem {
    pub icon: String,
    pub label: String,
    /// A link; otherwise a submit button of the form around it.
    pub href: Option<String>,
    /// Further name and value sent with the form.
    pub name_value: Option<(String, String)>,
    pub danger: bool,
    /// Shown as chosen.
    pub checked: bool,
}

impl MenuItem {
    pub fn link(icon: &str, label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            icon: icon.into(),
            label: label.into(),
            href: Some(href.into()),
            name_value: None,
            danger: false,
            checked: false,
        }
    }
    pub fn submit(icon: &str, label: impl Into<String>) -> Self {
        Self { icon: icon.into(), label: label.into(), href: None, name_value: None, danger: false, checked: false }
    }
    #[must_use]
    pub fn danger(mut self) -> Self {
        self.danger = true;
        self
    }
    #[must_use]
    pub fn checked(mut self, checked: bool) -> Self {
        self.checked = checked;
        self
    }
    #[must_use]
    pub fn value(mut self, name: &str, value: &str) -> Self {
        self.name_value = Some((name.into(), value.into()));
        self
    }
}

impl Render for MenuItem {
    fn render(&self) -> Markup {
        let tone = self.danger.then_some("bad");
        let inside = html! { @if !self.icon.is_empty() { (icon(&self.icon)) } span class="clip" { (self.label) } };
        let (name, value) = self.name_value.as_ref().map_or((None, None), |(n, v)| (Some(n), Some(v)));
        html! {
            @if let Some(href) = &self.href {
                a class="menu-item" href=(href) data-tone=[tone] aria-current=[self.checked.then_some("true")] { (inside) }
            } @else {
                button class="menu-item" type="submit" name=[name] value=[value] data-tone=[tone] aria-current=[self.checked.then_some("true")] { (inside) }
            }
        }
    }
}

/// A link of the navigation as a menu entry.
pub fn link(cx: &ViewCx<'_>, item: &NavItem) -> Markup {
    MenuItem::link(&item.icon, cx.label(&item.label), &item.href).render()
}

/// Links of the navigation as menu entries.
pub fn links(cx: &ViewCx<'_>, items: &[NavItem]) -> Markup {
    html! { @for item in items { (link(cx, item)) } }
}

/// A menu that opens below the start of its button (`button.opens(id)`).
pub fn menu(id: &str, items: &Markup) -> Markup {
    html! { div class="popover" id=(id) popover { div class="menu" { (items) } } }
}

/// A menu that opens below the end of its button.
pub fn menu_end(id: &str, items: &Markup) -> Markup {
    html! { div class="popover popover-end" id=(id) popover { div class="menu" { (items) } } }
}

/// A popover with any content.
pub fn popover(id: &str, body: &Markup) -> Markup {
    html! { div class="popover" id=(id) popover { (body) } }
}

/// A modal dialog; open it with `button.opens_dialog(id)`. `foot` holds its buttons.
pub fn dialog(cx: &ViewCx<'_>, id: &str, title: &str, wide: bool, body: &Markup, foot: &Markup) -> Markup {
    html! {
        dialog class={ "dialog" @if wide { " dialog-wide" } } id=(id) aria-labelledby={ (id) "-title" } closedby="any" {
            (dialog_head(cx, id, title))
            div class="dialog-body" { (body) }
            @if !foot.0.is_empty() { div class="dialog-foot" { (foot) } }
        }
    }
}

/// As [`dialog`], from the edge of the page over its whole height.
pub fn drawer(cx: &ViewCx<'_>, id: &str, title: &str, body: &Markup, foot: &Markup) -> Markup {
    html! {
        dialog class="drawer" id=(id) aria-labelledby={ (id) "-title" } closedby="any" {
            (dialog_head(cx, id, title))
            div class="dialog-body" { (body) }
            @if !foot.0.is_empty() { div class="dialog-foot" { (foot) } }
        }
    }
}

fn dialog_head(cx: &ViewCx<'_>, id: &str, title: &str) -> Markup {
    html! {
        div class="dialog-head" {
            h2 id={ (id) "-title" } { (title) }
            (icon_button("x", cx.t("ui-close")).closes_dialog(id))
        }
    }
}

/// A dialog that asks before something that cannot be taken back; posts to `action`.
pub fn confirm(cx: &ViewCx<'_>, id: &str, title: &str, text: &str, action: &str, verb: &str) -> Markup {
    html! {
        dialog class="dialog" id=(id) aria-labelledby={ (id) "-title" } closedby="any" style="--dialog:27rem" {
            (dialog_head(cx, id, title))
            div class="dialog-body soft" { p { (text) } }
            form class="dialog-foot" method="post" action=(action) {
                (button(cx.t("ui-cancel")).closes_dialog(id))
                (button(verb).danger().submit())
            }
        }
    }
}

/// Where toasts appear.
pub fn toast_region(cx: &ViewCx<'_>) -> Markup {
    html! { div class="toasts" id="toasts" role="region" aria-live="polite" aria-label=(cx.t("ui-notices")) {} }
}

/// The command palette: searches records, pages and actions while typing (`GET /-/palette?q=`).
pub fn palette(cx: &ViewCx<'_>) -> Markup {
    html! {
        dialog class="dialog palette" id="palette" aria-label=(cx.t("ui-search-all")) closedby="any" {
            form class="palette-find" action="/-/search" role="search" {
                (icon("search"))
                input type="search" name="q" autocomplete="off" autocapitalize="off" spellcheck="false" dir="auto" role="combobox" aria-expanded="true"
                    aria-controls="palette-list" aria-autocomplete="list" placeholder=(cx.t("ui-palette-hint")) aria-label=(cx.t("ui-search-all"));
                (icon_button("x", cx.t("ui-close")).small().closes_dialog("palette"))
            }
            div class="palette-list" id="palette-list" role="listbox" aria-label=(cx.t("ui-results")) {}
            div class="palette-foot" aria-hidden="true" {
                span { span class="kbd" { "↑" } span class="kbd" { "↓" } (cx.t("ui-key-move")) }
                span { span class="kbd" { "↵" } (cx.t("ui-key-open")) }
                span { span class="kbd" { "Esc" } (cx.t("ui-key-close")) }
            }
        }
    }
}

/// One found thing in the palette.
#[derive(Clone, Debug)]
pub struct PaletteItem {
    pub icon: String,
    pub title: String,
    /// What it is: the object's name, the module.
    pub hint: String,
    pub href: String,
}

/// The answer to `GET /-/palette?q=`: groups of found things as HTML. `None` words: nothing was typed yet.
pub fn palette_results(cx: &ViewCx<'_>, groups: &[(String, Vec<PaletteItem>)]) -> Markup {
    html! {
        @if groups.iter().all(|(_, items)| items.is_empty()) {
            p class="listbox-note" { (cx.t("ui-nothing-found")) }
        }
        @for (name, items) in groups.iter().filter(|(_, items)| !items.is_empty()) {
            div role="group" aria-label=(name) {
                div class="palette-title" aria-hidden="true" { (name) }
                @for item in items {
                    a class="palette-item" role="option" tabindex="-1" href=(item.href) {
                        (icon(&item.icon)) bdi class="clip" { (item.title) } @if !item.hint.is_empty() { small { bdi { (item.hint) } } }
                    }
                }
            }
        }
    }
}

/// One answer of a lookup.
#[derive(Clone, Debug)]
pub struct LookupItem {
    pub id: String,
    pub title: String,
    pub hint: String,
}

/// The answer to `GET /-/lookup/{object}?q=` as HTML options; `create` is the address that makes a new record.
pub fn lookup_results(cx: &ViewCx<'_>, items: &[LookupItem], create: Option<&str>) -> Markup {
    html! {
        @for item in items {
            div class="listbox-option" role="option" data-value=(item.id) data-title=(item.title) {
                bdi class="clip" { (item.title) } @if !item.hint.is_empty() { small class="muted clip" { bdi { (item.hint) } } }
            }
        }
        @if items.is_empty() { p class="listbox-note" { (cx.t("ui-nothing-found")) } }
        @if let Some(href) = create { a class="listbox-option" href=(href) target="_blank" { (icon("plus")) (cx.t("ui-create-new")) } }
    }
}

/// The list of keyboard shortcuts (opened with `?`).
pub fn shortcuts(cx: &ViewCx<'_>) -> Markup {
    let rows = [
        ("Ctrl K", "ui-search-all"),
        ("/", "ui-key-find"),
        ("J  K", "ui-key-rows"),
        ("↵", "ui-key-open"),
        ("X", "ui-key-select"),
        ("C", "ui-create"),
        ("E", "ui-key-edit"),
        ("Ctrl S", "ui-key-save"),
        ("?", "ui-shortcuts"),
    ];
    let body = html! { dl class="facts" { @for (keys, word) in rows { div class="fact" { dt { span class="kbd" { (keys) } } dd { (cx.t(word)) } } } } };
    dialog(cx, "shortcuts", &cx.t("ui-shortcuts"), false, &body, &html! {})
}

/// Words the scripts of the page show, in the reader's language: one JSON block, so that no script holds a sentence.
pub fn script_words(cx: &ViewCx<'_>) -> Markup {
    const WORDS: &[&str] = &[
        "ui-saved",
        "ui-not-saved",
        "ui-not-shown",
        "ui-offline",
        "ui-retry",
        "ui-close",
        "ui-moved",
        "ui-move-failed",
        "ui-loading",
        "ui-nothing-found",
        "ui-type-more",
        "ui-draft-kept",
        "ui-discard",
        "ui-page-stale",
        "ui-refresh",
        "ui-remove",
        "ui-uploading",
        "ui-upload-failed",
        "ui-lifted",
        "ui-cancel",
        "ui-gregorian",
        "ui-hijri",
        "ui-today",
        "ui-previous",
        "ui-next",
        "ui-pick-date",
        "ui-clear",
        "ui-link-address",
        "ui-notifications",
        "ui-attach",
    ];
    let map: serde_json::Map<String, serde_json::Value> =
        WORDS.iter().map(|k| (k.trim_start_matches("ui-").to_owned(), cx.t(k).into())).collect();
    // `<` cannot end the element early when it is written as an escape.
    let json = serde_json::Value::Object(map).to_string().replace('<', "\\u003c");
    html! { script type="application/json" id="words" { (maud::PreEscaped(json)) } }
}
