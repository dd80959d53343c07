//! The frame around every page: head, sidebar, top bar, main panel, tab bar of the phone, toasts, palette.

use crate::button::{button, icon_button};
use crate::cx::{Density, Theme, ViewCx};
use crate::icon::{brand_mark, icon};
use crate::mark::avatar;
use crate::overlay::{self, MenuItem};
use kernel::Label;
use maud::{DOCTYPE, Markup, html};

/// Addresses of the built style sheet, script and fonts, read from the bundler's manifest by the server.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    pub css: Vec<String>,
    pub js: Vec<String>,
    /// Fonts that the first paint needs.
    pub preload_fonts: Vec<String>,
}

impl Assets {
    /// Reads Vite's `manifest.json`; addresses are made absolute under `base` (`/`). An absent front end gives plain pages.
    pub fn from_manifest(json: &str, base: &str) -> Self {
        let mut assets = Assets::default();
        let Ok(serde_json::Value::Object(map)) = serde_json::from_str(json) else { return assets };
        let at = |v: &serde_json::Value| v.as_str().map(|f| format!("{base}{f}"));
        for entry in map.values() {
            if entry.get("isEntry").and_then(serde_json::Value::as_bool) == Some(true) {
                assets.js.extend(entry.get("file").and_then(at));
                let css = entry.get("css").and_then(serde_json::Value::as_array);
                assets.css.extend(css.into_iter().flatten().filter_map(at));
            }
            if let Some(file) = entry.get("file").and_then(at) {
                // Two weights cover nearly all of the first view in either language.
                let early = ["arabic-400-normal", "arabic-500-normal"].iter().any(|w| file.contains(w));
                if early && file.ends_with(".woff2") && file.contains("arabic-arabic") {
                    assets.preload_fonts.push(file);
                }
            }
        }
        assets
    }
}

/// An entry of the sidebar.
#[derive(Clone, Debug)]
pub struct NavItem {
    pub label: Label,
    pub href: String,
    /// Name in the icon set.
    pub icon: String,
    /// A number beside the label, formatted.
    pub count: Option<String>,
}

/// A module's entries under its name; an empty label gives no heading.
#[derive(Clone, Debug)]
pub struct NavGroup {
    pub label: Label,
    pub items: Vec<NavItem>,
}

/// Who is signed in.
#[derive(Clone, Debug, Default)]
pub struct UserInfo {
    pub name: String,
    pub email: String,
}

/// Everything of the frame that is not the page itself.
#[derive(Clone, Debug)]
pub struct Shell<'a> {
    pub assets: &'a Assets,
    pub company: &'a str,
    pub nav: &'a [NavGroup],
    pub user: &'a UserInfo,
    /// What the create button offers: label, address, icon.
    pub create: &'a [NavItem],
    /// The sidebar shows icons only.
    pub rail: bool,
    /// Notifications not seen yet.
    pub unread: usize,
    /// Server-sent events the page listens to; empty for none (`/-/live?topic=…`).
    pub live: &'a str,
    /// Links of the user menu besides language, theme, calendar, digits and sign out.
    pub account: &'a [NavItem],
}

fn head(title: &str, assets: &Assets, company: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content";
            meta name="color-scheme" content="light dark";
            meta name="theme-color" content="#f4f3f0" media="(prefers-color-scheme: light)";
            meta name="theme-color" content="#0d1214" media="(prefers-color-scheme: dark)";
            meta name="htmx-config" content="{\"includeIndicatorCSS\":false,\"defaultFocusScroll\":false,\"morphIgnore\":[\"data-htmx-powered\",\"data-cursor\"]}";
            title { (title) @if !company.is_empty() { " · " (company) } }
            @for font in &assets.preload_fonts { link rel="preload" as="font" type="font/woff2" href=(font) crossorigin; }
            @for css in &assets.css { link rel="stylesheet" href=(css); }
            @for js in &assets.js { script type="module" src=(js) {} }
        }
    }
}

fn document(cx: &ViewCx<'_>, title: &str, assets: &Assets, company: &str, rail: bool, body: &Markup) -> Markup {
    let theme = match cx.theme {
        Theme::Auto => None,
        Theme::Light => Some("light"),
        Theme::Dark => Some("dark"),
    };
    let density = match cx.density {
        Density::Normal => None,
        Density::Compact => Some("compact"),
        Density::Roomy => Some("roomy"),
    };
    html! {
        (DOCTYPE)
        html lang=(cx.lang()) dir=(cx.locale.dir()) data-theme=[theme] data-density=[density] data-nav=[rail.then_some("rail")]
            data-digits=(cx.digits_code()) data-calendar=(cx.calendar_code()) data-first-weekday=(cx.locale.first_weekday) {
            (head(title, assets, company))
            (body)
        }
    }
}

/// A whole page inside the frame.
pub fn page(cx: &ViewCx<'_>, shell: &Shell<'_>, title: &str, main: &Markup) -> Markup {
    let body = html! {
        body class="app" data-live=[(!shell.live.is_empty()).then_some(shell.live)] {
            a class="skip" href="#main" { (cx.t("ui-skip")) }
            div class="page-progress" aria-hidden="true" {}
            (sidebar(cx, shell))
            div class="stage" {
                (topbar(cx, shell))
                main class="panel" id="main" tabindex="-1" { (main) }
            }
            (tabbar(cx, shell))
            (overlays(cx))
        }
    };
    document(cx, title, shell.assets, shell.company, shell.rail, &body)
}

/// A page outside the frame: sign-in, first run, a fault. `wide` gives the card more room.
pub fn gate(cx: &ViewCx<'_>, assets: &Assets, title: &str, wide: bool, card: &Markup) -> Markup {
    let (other, name) = (cx.locale.pick("en", "ar"), cx.locale.pick("English", "العربية"));
    let body = html! {
        body {
            main class="gate" id="main" {
                div {
                    div class={ "gate-card" @if wide { " gate-wide" } } {
                        div class="brand" { (brand_mark()) span class="brand-name" { (cx.t("ui-product")) } }
                        (card)
                    }
                    div class="gate-foot" { a href=(in_language(cx, other)) lang=(other) { (name) } }
                }
            }
            (overlay::toast_region(cx))
        }
    };
    document(cx, title, assets, "", false, &body)
}

/// The same page in another language: a link from a letter keeps its secret.
fn in_language(cx: &ViewCx<'_>, lang: &str) -> String {
    let kept = cx.path.split_once('?').map_or("", |(_, q)| q).split('&').filter(|p| !p.is_empty() && !p.starts_with("lang="));
    let parts: Vec<String> = kept.map(str::to_owned).chain([format!("lang={lang}")]).collect();
    format!("?{}", parts.join("&"))
}

fn current(cx: &ViewCx<'_>, href: &str) -> Option<&'static str> {
    let inside = href.len() > 1 && cx.path.strip_prefix(href).is_some_and(|r| r.starts_with('/') || r.starts_with('?'));
    (cx.path == href || inside).then_some("page")
}

fn nav_link(cx: &ViewCx<'_>, item: &NavItem) -> Markup {
    html! {
        li { a class="nav-link" href=(item.href) aria-current=[current(cx, &item.href)] title=(cx.label(&item.label)) {
            (icon(&item.icon)) span class="nav-label clip" { (cx.label(&item.label)) }
            @if let Some(n) = &item.count { span class="nav-count" { (n) } }
        } }
    }
}

fn sidebar(cx: &ViewCx<'_>, shell: &Shell<'_>) -> Markup {
    html! {
        aside class="sidebar" id="sidebar" popover aria-label=(cx.t("ui-navigation")) {
            a class="brand" href="/" { (brand_mark()) span class="brand-name clip" { (shell.company) } }
            nav class="nav" aria-label=(cx.t("ui-navigation")) {
                @for group in shell.nav {
                    div class="nav-group" {
                        @if !group.label.is_empty() { span class="nav-title" { (cx.label(&group.label)) } }
                        ul class="nav-list" { @for item in &group.items { (nav_link(cx, item)) } }
                    }
                }
            }
            div class="sidebar-foot" {
                button class="nav-link" type="button" data-nav-toggle style="inline-size:100%;border:0;background:none" title=(cx.t("ui-collapse")) {
                    (icon("panel-left-close")) span class="nav-label" { (cx.t("ui-collapse")) }
                }
            }
        }
    }
}

fn topbar(cx: &ViewCx<'_>, shell: &Shell<'_>) -> Markup {
    html! {
        header class="topbar" {
            button class="btn btn-ghost btn-icon topbar-menu" type="button" popovertarget="sidebar" aria-label=(cx.t("ui-navigation")) { (icon("menu")) }
            span class="brand-name clip" { (shell.company) }
            a class="search-button" href="/-/search" data-palette-open aria-keyshortcuts="Control+K" {
                (icon("search")) span class="clip" { (cx.t("ui-search-all")) } span class="kbd" aria-hidden="true" data-keys="Ctrl K" {}
            }
            div class="topbar-end" {
                @if !shell.create.is_empty() {
                    (button(cx.t("ui-create")).icon("plus").primary().attr("aria-label", cx.t("ui-create")).opens("create-menu"))
                    (overlay::menu_end("create-menu", &overlay::links(cx, shell.create)))
                }
                (bell(cx, shell.unread))
                button class="user-button" type="button" popovertarget="user-menu" aria-haspopup="true" aria-label=(cx.t("ui-account")) { (avatar(&shell.user.name, "")) }
                (user_menu(cx, shell))
            }
        }
    }
}

/// The bell with the number of what is new. A link; on wide windows a script opens the newest in a popover.
fn bell(cx: &ViewCx<'_>, unread: usize) -> Markup {
    let n = i64::try_from(unread).unwrap_or(i64::MAX);
    let label = cx.t("ui-notifications");
    let label = if n == 0 { label } else { format!("{label}: {}", cx.tf("web-notices-new", &[("n", n.into())])) };
    html! {
        span class="bell" data-bell {
            a class="btn btn-ghost btn-icon topbar-notes" href="/-/notifications" data-tip=(cx.t("ui-notifications")) {
                (icon("bell")) span class="visually-hidden" { (label) } @if n > 0 { span class="bell-count" aria-hidden="true" { (if n > 99 { format!("{}+", cx.num(99)) } else { cx.num(n) }) } }
            }
            div class="popover popover-end bell-popover" id="bell-popover" popover aria-label=(cx.t("ui-notifications")) {}
        }
    }
}

fn choice_row(title: &str, name: &str, now: &str, options: &[(&str, String)]) -> Markup {
    html! {
        div class="menu-item" {
            span { (title) }
            span class="segment menu-end" {
                @for (value, shown) in options {
                    button type="submit" name=(name) value=(value) aria-pressed=(if *value == now { "true" } else { "false" }) { (shown) }
                }
            }
        }
    }
}

/// Language, theme, calendar and digits are posted to `/-/preferences`; the page comes back as it was.
fn user_menu(cx: &ViewCx<'_>, shell: &Shell<'_>) -> Markup {
    html! {
        div class="popover popover-end" id="user-menu" popover style="inline-size:19rem" {
            div class="menu-who" {
                (avatar(&shell.user.name, ""))
                div class="grow" { div class="strong clip" { bdi { (shell.user.name) } } div class="muted small clip" { bdi { (shell.user.email) } } }
            }
            div class="menu-sep" {}
            form method="post" action="/-/preferences" data-preferences {
                input type="hidden" name="back" value=(cx.path);
                (choice_row(&cx.t("ui-language"), "lang", cx.lang(), &[("ar", "العربية".into()), ("en", "English".into())]))
                (choice_row(&cx.t("ui-theme"), "theme", cx.theme.key(), &[("auto", cx.t("ui-theme-auto")), ("light", cx.t("ui-theme-light")), ("dark", cx.t("ui-theme-dark"))]))
                (choice_row(&cx.t("ui-calendar"), "calendar", cx.calendar_code(), &[("gregorian", cx.t("ui-gregorian")), ("hijri", cx.t("ui-hijri"))]))
                @if cx.lang() == "ar" {
                    (choice_row(&cx.t("ui-digits"), "digits", cx.digits_code(), &[("latn", "123".into()), ("arab", "١٢٣".into())]))
                }
                (choice_row(&cx.t("ui-density"), "density", cx.density.key(), &[("compact", cx.t("ui-density-compact")), ("normal", cx.t("ui-density-normal")), ("roomy", cx.t("ui-density-roomy"))]))
            }
            div class="menu-sep" {}
            @for item in shell.account { (overlay::link(cx, item)) }
            form method="post" action="/-/sign-out" { (MenuItem::submit("log-out", cx.t("ui-sign-out"))) }
        }
    }
}

fn tabbar(cx: &ViewCx<'_>, shell: &Shell<'_>) -> Markup {
    let all = shell.nav.iter().flat_map(|g| g.items.iter()).take(4);
    html! {
        nav class="tabbar" aria-label=(cx.t("ui-navigation-short")) {
            @for item in all {
                a href=(item.href) aria-current=[current(cx, &item.href)] { (icon(&item.icon)) span class="clip" { (cx.label(&item.label)) } }
            }
            button type="button" popovertarget="sidebar" { (icon("menu")) span { (cx.t("ui-more")) } }
        }
    }
}

fn overlays(cx: &ViewCx<'_>) -> Markup {
    html! {
        (overlay::toast_region(cx))
        (overlay::palette(cx))
        (overlay::shortcuts(cx))
        (overlay::script_words(cx))
    }
}

/// The head of a page in the panel: title, a quiet remark (a count), the actions at the end.
pub fn page_head(title: &str, sub: &str, actions: &Markup) -> Markup {
    html! {
        header class="page-head" {
            div class="page-title" { h1 { bdi { (title) } } @if !sub.is_empty() { span class="page-sub" { (sub) } } }
            @if !actions.0.is_empty() { div class="page-actions" { (actions) } }
        }
    }
}

/// The way back: (label, address) from the outside in; the last one is where we are.
pub fn crumbs(cx: &ViewCx<'_>, parts: &[(String, String)]) -> Markup {
    let last = parts.len().saturating_sub(1);
    html! {
        nav class="crumbs" aria-label=(cx.t("ui-crumbs")) {
            @for (i, (label, href)) in parts.iter().enumerate() {
                @if i > 0 { (crate::icon::icon_sm("chevron-right")) }
                @if i == last { span class="clip" aria-current="page" { bdi { (label) } } } @else { a href=(href) { bdi { (label) } } }
            }
        }
    }
}

/// A page with head and body in the usual margins.
pub fn simple_page(title: &str, sub: &str, actions: &Markup, body: &Markup) -> Markup {
    html! { div class="page" { (page_head(title, sub, actions)) div class="page-body" { (body) } } }
}

/// One button of the icon kind that goes back to `href`.
pub fn back_button(cx: &ViewCx<'_>, href: &str) -> Markup {
    html! { (icon_button("arrow-left", cx.t("ui-back")).href(href)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifest_gives_entry_and_arabic_fonts() {
        let json = r#"{
          "node_modules/x/ibm-plex-sans-arabic-arabic-400-normal.woff2": {"file": "assets/ibm-plex-sans-arabic-arabic-400-normal-C.woff2"},
          "node_modules/x/ibm-plex-sans-arabic-latin-400-normal.woff2": {"file": "assets/ibm-plex-sans-arabic-latin-400-normal-B.woff2"},
          "src/board.ts": {"file": "assets/board-1.js", "isDynamicEntry": true},
          "src/main.ts": {"file": "assets/main-1.js", "isEntry": true, "css": ["assets/main-2.css"]}}"#;
        let a = Assets::from_manifest(json, "/");
        assert_eq!(a.js, ["/assets/main-1.js"]);
        assert_eq!(a.css, ["/assets/main-2.css"]);
        assert_eq!(a.preload_fonts, ["/assets/ibm-plex-sans-arabic-arabic-400-normal-C.woff2"]);
        assert!(Assets::from_manifest("", "/").js.is_empty());
    }
}
