//! Records that are parts of another, edited where it is: one group of controls per row, rows to add, a box to remove.
//!
//! Names of what the form sends: `{list}.{n}.{field}` as [`crate::input`] names it, `{list}.{n}.id`, `{list}.{n}.rev`,
//! `{list}.{n}.remove`. A script adds rows from the template; without one a blank row waits at the end.

use crate::button::button;
use crate::cx::ViewCx;
use crate::input::field_row;
use indexmap::IndexMap;
use kernel::{Field, Issue, Value};
use maud::{Markup, Render, html};
use uuid::Uuid;

/// One row as it stands or was sent.
#[derive(Clone, Debug, Default)]
pub struct PartRow {
    /// None for a row that is being added.
    pub id: Option<Uuid>,
    pub rev: i64,
    pub values: IndexMap<String, Value>,
    pub issues: Vec<Issue>,
    pub remove: bool,
    /// Nothing of it may be changed.
    pub fixed: bool,
}

/// The rows of one list inside a form.
pub fn part_rows(list: &str, what: &str, fields: &[Field], rows: &[PartRow], blank: &PartRow, may_remove: bool, cx: &ViewCx<'_>) -> Markup {
    html! {
        div class="parts" data-parts=(list) data-next=(rows.len() + 1) {
            @for (i, row) in rows.iter().enumerate() { (part(list, &i.to_string(), what, fields, row, may_remove, cx)) }
            div data-part-blank { (part(list, &rows.len().to_string(), what, fields, blank, may_remove, cx)) }
            template data-part-template { (part(list, "__n__", what, fields, blank, may_remove, cx)) }
            div { (button(cx.t("add")).icon("plus").small().attr("data-part-add", "").attr("hidden", "")) }
        }
    }
}

fn part(list: &str, n: &str, what: &str, fields: &[Field], row: &PartRow, may_remove: bool, cx: &ViewCx<'_>) -> Markup {
    let null = Value::Null;
    let name = format!("{list}.{n}");
    html! {
        fieldset class="part" data-part {
            legend class="visually-hidden" { (what) }
            @if let Some(id) = row.id { input type="hidden" name={ (name) ".id" } value=(id); input type="hidden" name={ (name) ".rev" } value=(row.rev); }
            div class="part-grid" {
                @for f in fields {
                    @let issue = row.issues.iter().find(|i| i.field.split('.').next() == Some(f.key.as_str())).map(|i| cx.issue(i));
                    // A blank row is no row: the browser must not insist on it.
                    @let named = Field { key: format!("{name}.{}", f.key), required: f.required && row.id.is_some(), readonly: f.readonly || row.fixed, help: kernel::Label::default(), ..f.clone() };
                    (field_row(&named, row.values.get(&f.key).unwrap_or(&null), issue.as_deref(), cx))
                }
            }
            @if may_remove && !row.fixed { @match row.id {
                Some(_) => label class="check part-remove" { input type="checkbox" name={ (name) ".remove" } value="1" checked[row.remove]; span { (cx.t("ui-remove")) } },
                None => (crate::button::icon_button("x", format!("{} {what}", cx.t("ui-remove"))).small().attr("data-part-drop", "").attr("hidden", "").render()),
            } }
        }
    }
}
