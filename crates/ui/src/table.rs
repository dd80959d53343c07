//! The list: table with sortable heads, selection, in-place edit, groups, totals; the bar below it.
//!
//! Everything that the list's own controls change is inside `#list`, so that they swap only that
//! (`hx-target="#list"`), and the address of the page always names what is seen.

use crate::button::{button, icon_button};
use crate::cell::{cell, is_number, marked_title};
use crate::cx::ViewCx;
use crate::icon::{icon, icon_sm};
use kernel::{Field, Kind, Object, Record};
use maud::{Markup, html};

/// The attributes of a control that changes the list by a link.
pub const SWAP: [(&str, &str); 4] =
    [("hx-target", "#list"), ("hx-select", "#list"), ("hx-swap", "outerMorph"), ("hx-push-url", "true")];

/// A column of a list.
#[derive(Clone, Debug)]
pub struct Column<'a> {
    pub field: &'a Field,
    /// Cells may be edited in place.
    pub editable: bool,
    /// Formatted total shown below.
    pub total: Option<String>,
}

impl<'a> Column<'a> {
    pub fn new(field: &'a Field) -> Self {
        Self { field, editable: false, total: None }
    }
}

/// One row, with what the person may do with it.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    pub record: &'a Record,
    /// The title in the reader's language.
    pub title: &'a str,
    /// A heading before this row, where a new group begins.
    pub group: Option<String>,
}

/// A table of records.
#[derive(Clone, Copy)]
pub struct Table<'a> {
    pub object: &'a Object,
    pub columns: &'a [Column<'a>],
    pub rows: &'a [Row<'a>],
    /// `name` or `-name`, as in the address.
    pub sort: &'a str,
    /// Rows can be ticked.
    pub selectable: bool,
    /// Address of the list with another sort: `…?sort=` + key.
    pub sort_url: &'a dyn Fn(&str) -> String,
}

/// Marks columns for the phone: the title, the amount (or first figure) at the end, facts below.
fn card_role(i: usize, fields: &[&Field]) -> Option<&'static str> {
    let money = fields.iter().skip(1).position(|f| matches!(f.kind.stored(), Kind::Money));
    let end = money.or_else(|| fields.iter().skip(1).position(|f| is_number(&f.kind))).map(|i| i + 1);
    match i {
        0 => Some("title"),
        i if Some(i) == end => Some("end"),
        i if i <= 3 => Some("fact"),
        _ => None,
    }
}

fn head_cell(t: &Table<'_>, column: &Column<'_>, cx: &ViewCx<'_>) -> Markup {
    let field = column.field;
    let label = cx.label(&field.label);
    let now = match t.sort.strip_prefix('-') {
        Some(key) if key == field.key => Some("descending"),
        None if t.sort == field.key => Some("ascending"),
        _ => None,
    };
    let next = if now == Some("ascending") { format!("-{}", field.key) } else { field.key.clone() };
    let sortable = field.kind.sort_column(&field.key, cx.lang()).is_some();
    html! {
        th scope="col" class=[is_number(&field.kind).then_some("num")] aria-sort=[now] data-key=(field.key) {
            @if sortable {
                @let href = (t.sort_url)(&next);
                a href=(href) hx-get=(href) hx-target="#list" hx-select="#list" hx-swap="outerMorph" hx-push-url="true" {
                    span { (label) }
                    @match now {
                        Some("ascending") => (icon_sm("arrow-up")),
                        Some(_) => (icon_sm("arrow-down")),
                        None => {}
                    }
                }
            } @else { (label) }
        }
    }
}

/// One row; also the answer to an edit in place or a live update of that row.
pub fn row(t: &Table<'_>, row: &Row<'_>, cx: &ViewCx<'_>) -> Markup {
    let record = row.record;
    let id = record.id;
    let fields: Vec<&Field> = t.columns.iter().map(|c| c.field).collect();
    html! {
        @if let Some(group) = &row.group { tr class="group-row" { td colspan=(t.columns.len() + 2) { bdi { (group) } } } }
        tr id={ "row-" (id) } data-id=(id) data-rev=(record.rev) data-href=(cx.record_url(&t.object.key, id)) {
            @if t.selectable {
                td class="pick" { input class="tick row-tick" type="checkbox" name="id" value=(id) form="mass" aria-label={ (cx.t("ui-select")) " " (row.title) }; }
            }
            @for (i, column) in t.columns.iter().enumerate() {
                @let field = column.field;
                @let edit = column.editable && field.writable() && i > 0;
                td class={ @if is_number(&field.kind) { "num" } @if edit { " cell-edit" } } data-card=[card_role(i, &fields)]
                    data-edit=[edit.then(|| format!("/{}/{id}/cell/{}", t.object.key, field.key))] {
                    @if i == 0 { (marked_title(&t.object.key, id, row.title, is_person(t.object), code_icon(t.object), cx)) }
                    @else { (cell(field, record.get(&field.key), cx)) }
                }
            }
            td class="row-menu" { (icon_button("chevron-right", cx.t("ui-open")).small().href(cx.record_url(&t.object.key, id)).attr("tabindex", "-1")) }
        }
    }
}

/// Records named by a number carry the icon of their object.
fn code_icon(object: &Object) -> Option<&str> {
    let coded = matches!(object.title_field().map(|f| &f.kind), Some(Kind::Code { .. } | Kind::Sequence { .. }));
    coded.then_some(object.icon.as_str())
}

fn is_person(object: &Object) -> bool {
    matches!(object.title_field().map(|f| &f.kind), Some(Kind::Name))
}

/// The table of the list page.
pub fn table(t: &Table<'_>, cx: &ViewCx<'_>) -> Markup {
    let totals = t.columns.iter().any(|c| c.total.is_some());
    html! {
        div class="table-wrap" tabindex="0" role="region" aria-label=(cx.label(&t.object.plural)) {
            table class="grid grid-cards" data-rows {
                caption class="visually-hidden" { (cx.label(&t.object.plural)) }
                thead { tr {
                    @if t.selectable { th scope="col" class="pick" { input class="tick" type="checkbox" data-tick-all aria-label=(cx.t("ui-select-all")); } }
                    @for column in t.columns { (head_cell(t, column, cx)) }
                    th scope="col" class="row-menu" { span class="visually-hidden" { (cx.t("ui-actions")) } }
                } }
                tbody { @for r in t.rows { (row(t, r, cx)) } }
                @if totals { tfoot { tr {
                    @if t.selectable { td class="pick" {} }
                    @for (i, column) in t.columns.iter().enumerate() {
                        td class=[is_number(&column.field.kind).then_some("num")] {
                            @if let Some(total) = &column.total { span class="fig" { (total) } } @else if i == 0 { (cx.t("ui-total")) }
                        }
                    }
                    td class="row-menu" {}
                } } }
            }
        }
    }
}

/// A small table of records inside a block: no ticks, no menu; for related lists.
pub fn related_table(object: &Object, columns: &[&Field], rows: &[Row<'_>], cx: &ViewCx<'_>) -> Markup {
    html! {
        div class="table-scroll" tabindex="0" role="region" aria-label=(cx.label(&object.plural)) {
            table class="grid grid-plain grid-cards" {
                thead { tr { @for f in columns { th scope="col" class=[is_number(&f.kind).then_some("num")] { (cx.label(&f.label)) } } } }
                tbody { @for r in rows { tr {
                    @for (i, f) in columns.iter().enumerate() {
                        td class=[is_number(&f.kind).then_some("num")] data-card=[card_role(i, columns)] {
                            @if i == 0 { a class="strong" href=(cx.record_url(&object.key, r.record.id)) { bdi { (r.title) } } }
                            @else { (cell(f, r.record.get(&f.key), cx)) }
                        }
                    }
                } } }
            }
        }
    }
}

/// A table of ready texts for reports and pages that are no list of records. Columns: heading, figures or not.
pub fn plain_table(heads: &[(String, bool)], rows: &[Vec<Markup>]) -> Markup {
    html! {
        div class="table-scroll" tabindex="0" {
            table class="grid grid-plain" {
                thead { tr { @for (name, num) in heads { th scope="col" class=[num.then_some("num")] { (name) } } } }
                tbody { @for r in rows { tr {
                    @for (i, c) in r.iter().enumerate() { td class=[heads.get(i).is_some_and(|h| h.1).then_some("num")] { (c) } }
                } } }
            }
        }
    }
}

/// Grey rows while a list loads.
pub fn skeleton_table(columns: usize, rows: usize) -> Markup {
    const WIDTHS: [u8; 5] = [70, 45, 60, 35, 52];
    html! {
        div class="table-wrap" aria-hidden="true" { table class="grid" { tbody {
            @for r in 0..rows { tr { @for c in 0..columns {
                td { span class="skeleton" style={ "inline-size:" (WIDTHS.get((r + c) % 5).copied().unwrap_or(50)) "%;min-inline-size:3rem" } {} }
            } } }
        } } }
    }
}

/// How many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    Exact(i64),
    /// Counted up to a cap or estimated: shown as «أكثر من».
    About(i64),
    Unknown,
}

impl Total {
    pub fn shown(self, cx: &ViewCx<'_>) -> String {
        match self {
            Total::Exact(n) => cx.num(n),
            Total::About(n) => cx.tf("ui-about", &[("n", cx.num(n).into())]),
            Total::Unknown => String::new(),
        }
    }
}

/// The bar below a list. `first` is the number of the first row shown (from 1); previous and next are addresses by key, not by page number.
#[derive(Clone, Debug)]
pub struct Pager<'a> {
    pub first: Option<i64>,
    pub shown: i64,
    pub total: Total,
    pub previous: Option<&'a str>,
    pub next: Option<&'a str>,
    /// Address that counts exactly, when the total is not exact.
    pub count_href: Option<&'a str>,
}

pub fn pager(p: &Pager<'_>, cx: &ViewCx<'_>) -> Markup {
    let step = |href: Option<&str>, name: &str, word: &str, rel: &str| {
        let b = icon_button(name, cx.t(word)).weight(crate::button::Weight::Plain).small().disabled(href.is_none());
        let b = b.href(href.unwrap_or_default()).attr("rel", rel);
        match href {
            Some(h) => SWAP.iter().fold(b.attr("hx-get", h), |b, (k, v)| b.attr(k, v)),
            None => b,
        }
    };
    // Icons of the set are mirrored by the page's direction, so «previous» is always drawn against the reading line.
    html! {
        nav class="pager" aria-label=(cx.t("ui-pages")) {
            span {
                @match (p.first, p.total) {
                    (Some(first), Total::Exact(n)) => (cx.tf("ui-range-of", &[("from", cx.num(first).into()), ("to", cx.num(first + p.shown - 1).into()), ("n", cx.num(n).into())])),
                    (_, Total::Unknown) => (cx.tf("ui-rows-shown", &[("n", p.shown.into())])),
                    (_, total) => (cx.tf("ui-shown-of", &[("n", cx.num(p.shown).into()), ("total", total.shown(cx).into())])),
                }
            }
            @if let Some(href) = p.count_href { a href=(href) hx-get=(href) hx-target="#list" hx-select="#list" hx-swap="outerMorph" { (cx.t("ui-count-exactly")) } }
            span class="btn-group" {
                (step(p.previous, "chevron-left", "ui-previous", "prev"))
                (step(p.next, "chevron-right", "ui-next", "next"))
            }
        }
    }
}

/// The bar that appears while rows are ticked. `actions` are buttons with `form="mass"` and `formaction`.
pub fn mass_bar(action: &str, actions: &Markup, cx: &ViewCx<'_>) -> Markup {
    html! {
        form class="mass-bar" id="mass" method="post" action=(action) hidden data-mass role="toolbar" aria-label=(cx.t("ui-mass")) {
            span class="mass-count" aria-live="polite" { b data-mass-count { (cx.num(0)) } " " (cx.t("ui-selected")) }
            (actions)
            (button(cx.t("ui-clear")).small().attr("data-mass-clear", ""))
        }
    }
}

/// The menu of columns: a form that posts the keys in the wanted order (`columns`, several) to `action`.
pub fn column_picker(id: &str, action: &str, fields: &[(&Field, bool)], cx: &ViewCx<'_>) -> Markup {
    let body = html! {
        form method="post" action=(action) {
            div class="menu-title" { (cx.t("ui-columns")) }
            div data-sortable {
                @for (f, on) in fields {
                    label class="menu-item check" { input type="checkbox" name="columns" value=(f.key) checked[*on]; span class="clip" { (cx.label(&f.label)) } }
                }
            }
            div class="menu-sep" {}
            div class="cluster" style="padding:var(--s-3)" { (button(cx.t("ui-apply")).primary().small().submit()) }
        }
    };
    html! { (icon_button("columns-3", cx.t("ui-columns")).small().opens(id)) div class="popover popover-end" id=(id) popover { (body) } }
}

/// The list itself with id `list`: what is swapped when sort, filter or page change.
pub fn list_region(body: &Markup) -> Markup {
    html! { div id="list" class="page page-fixed" { (body) } }
}

/// An icon for the sheet and other export formats, with its menu: the columns of the list, or whole records.
pub fn export_menu(id: &str, csv: &str, xlsx: &str, cx: &ViewCx<'_>) -> Markup {
    let whole = |url: &str| format!("{url}{}all=1", if url.contains('?') { '&' } else { '?' });
    let items = html! {
        a class="menu-item" href=(csv) download { (icon("file-text")) "CSV" }
        a class="menu-item" href=(xlsx) download { (icon("sheet")) "Excel (XLSX)" }
        a class="menu-item" href=(whole(csv)) download { (icon("file-text")) (cx.tf("ui-export-all", &[("format", "CSV".into())])) }
        a class="menu-item" href=(whole(xlsx)) download { (icon("sheet")) (cx.tf("ui-export-all", &[("format", "Excel".into())])) }
    };
    html! { (icon_button("download", cx.t("ui-export")).small().opens(id)) (crate::overlay::menu_end(id, &items)) }
}
