//! Forms: layout in sections, faults, the bar below, the three-way conflict; and reading back what a form sent.

use crate::button::button;
use crate::cx::ViewCx;
use crate::icon::icon;
use crate::input::field_row;
use indexmap::IndexMap;
use kernel::{Field, Issue, Kind, Label, Value};
use maud::{Markup, html};
use serde_json::{Map, Value as Json};

/// Fields with a heading.
#[derive(Clone, Debug)]
pub struct Section<'a> {
    pub label: Label,
    pub fields: Vec<&'a Field>,
}

/// The fields grouped by their declared section, in order of first appearance; fields without one come first.
pub fn sections<'a>(fields: impl IntoIterator<Item = &'a Field>) -> Vec<Section<'a>> {
    let mut out: Vec<Section<'a>> = vec![Section { label: Label::default(), fields: Vec::new() }];
    for f in fields {
        match out.iter_mut().find(|s| s.label == f.section) {
            Some(s) => s.fields.push(f),
            None => out.push(Section { label: f.section.clone(), fields: vec![f] }),
        }
    }
    out.retain(|s| !s.fields.is_empty());
    out
}

/// A form for a record.
#[derive(Clone, Debug)]
pub struct Form<'a> {
    pub action: &'a str,
    pub sections: &'a [Section<'a>],
    /// What the person typed, or the record's values. Typed text that was refused is [`Value::Text`].
    pub values: &'a IndexMap<String, Value>,
    pub issues: &'a [Issue],
    /// Revision the person saw; none for a new record.
    pub rev: Option<i64>,
    pub cancel: &'a str,
    /// The word on the button.
    pub verb: String,
    /// Offers «save and make another».
    pub again: bool,
    /// Below the sections: the parts of the record.
    pub parts: Markup,
}

/// The whole form: posted as multipart, since any field may be a file.
pub fn form(f: &Form<'_>, cx: &ViewCx<'_>) -> Markup {
    let null = Value::Null;
    html! {
        form class="form form-card" method="post" action=(f.action) enctype="multipart/form-data" novalidate data-draft=(f.action) {
            @if let Some(rev) = f.rev { input type="hidden" name="_rev" value=(rev); }
            (errors(f, cx))
            @for s in f.sections {
                fieldset class="form-section" {
                    @if !s.label.is_empty() { legend { (cx.label(&s.label)) } }
                    div class="form-grid" {
                        @for field in &s.fields {
                            @let issue = f.issues.iter().find(|i| owner(&i.field) == field.key);
                            @let text = issue.map(|i| cx.issue(i));
                            (field_row(field, f.values.get(&field.key).unwrap_or(&null), text.as_deref(), cx))
                        }
                    }
                }
            }
            (f.parts)
            div class="form-foot" {
                (button(&f.verb).primary().submit())
                @if f.again { (button(cx.t("ui-save-again")).submit().attr("name", "_again").attr("value", "1")) }
                (button(cx.t("ui-cancel")).ghost().href(f.cancel))
            }
        }
    }
}

/// The field an issue belongs to: `address.city` → `address`.
fn owner(path: &str) -> &str {
    path.split('.').next().unwrap_or(path)
}

/// What is wrong, as links to the fields; above the form and read out at once.
fn errors(f: &Form<'_>, cx: &ViewCx<'_>) -> Markup {
    html! {
        @if !f.issues.is_empty() {
            div class="form-errors" role="alert" tabindex="-1" autofocus {
                p class="strong" { (cx.tf("ui-form-errors", &[("n", f.issues.len().into())])) }
                ul { @for i in f.issues {
                    @let label = f.sections.iter().flat_map(|s| &s.fields).find(|x| x.key == owner(&i.field)).map(|x| cx.label(&x.label));
                    li {
                        @if let Some(label) = label { a href={ "#f-" (owner(&i.field)) } { (label) } ": " }
                        (cx.issue(i))
                    }
                } }
            }
        }
    }
}

/// Another person saved first: for each field that differs, what it was, what they made of it, what you typed.
#[derive(Clone, Debug)]
pub struct Conflict<'a> {
    pub field: &'a Field,
    pub base: Value,
    pub theirs: Value,
    pub yours: Value,
}

/// The conflict form sends `pick.{key}` = `yours` | `theirs` for each field in dispute, and the parts of your
/// version again (`carry`: name and value) so that nothing typed is lost.
pub fn conflict_form(
    action: &str,
    who: &str,
    rev: i64,
    rows: &[Conflict<'_>],
    carry: &[(String, String)],
    cancel: &str,
    cx: &ViewCx<'_>,
) -> Markup {
    let side = |field: &Field, v: &Value, which: &str, checked: bool| {
        html! { label { input type="radio" name={ "pick." (field.key) } value=(which) checked[checked]; span { (crate::cell::detail(field, v, cx)) } } }
    };
    html! {
        form class="form form-card" method="post" action=(action) enctype="multipart/form-data" {
            (crate::mark::flash(crate::mark::Mood::Warn, &html! { strong { (cx.tf("ui-conflict-title", &[("who", who.into())])) } p class="small" { (cx.t("ui-conflict-text")) } }))
            input type="hidden" name="_rev" value=(rev);
            @for (name, value) in carry { input type="hidden" name=(name) value=(value); }
            table class="conflict" {
                thead { tr { th scope="col" { (cx.t("ui-field")) } th scope="col" { (cx.t("ui-conflict-base")) } th scope="col" { (cx.t("ui-conflict-theirs")) } th scope="col" { (cx.t("ui-conflict-yours")) } } }
                tbody { @for r in rows { tr {
                    th scope="row" { (cx.label(&r.field.label)) }
                    td class="base" data-label=(cx.t("ui-conflict-base")) { (crate::cell::detail(r.field, &r.base, cx)) }
                    td data-label=(cx.t("ui-conflict-theirs")) { (side(r.field, &r.theirs, "theirs", r.yours == r.base)) }
                    td data-label=(cx.t("ui-conflict-yours")) { (side(r.field, &r.yours, "yours", r.yours != r.base)) }
                } } }
            }
            div class="form-foot" { (button(cx.t("ui-conflict-save")).primary().submit()) (button(cx.t("ui-cancel")).ghost().href(cancel)) }
        }
    }
}

/// Reads what a form sent for `fields` into the JSON form the kinds parse. Fields the form did not have are left
/// out; a field that was emptied is null. Uploaded files are handled by the caller (`key`), this reads `key.keep`.
pub fn read<'a>(fields: impl IntoIterator<Item = &'a Field>, sent: &[(String, String)]) -> Map<String, Json> {
    let mut out = Map::new();
    for f in fields {
        if f.writable()
            && let Some(value) = read_field(f, sent)
        {
            out.insert(f.key.clone(), value);
        }
    }
    out
}

/// One field as [`read`] does; none when the form did not have it.
pub fn read_field(f: &Field, sent: &[(String, String)]) -> Option<Json> {
    let all = |name: &str| -> Vec<&str> { sent.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str()).collect() };
    let part = |suffix: &str| all(&format!("{}.{suffix}", f.key)).last().map(|v| v.trim().to_owned());
    let own = all(&f.key);
    let last = own.last().map(|v| v.trim());
    let text = |v: &str| if v.is_empty() { Json::Null } else { Json::from(v) };
    match &f.kind {
        Kind::Name => {
            let (ar, latin) = (part("ar"), part("latin"));
            if ar.is_none() && latin.is_none() {
                return None;
            }
            let (ar, latin) = (ar.unwrap_or_default(), latin.unwrap_or_default());
            Some(if ar.is_empty() && latin.is_empty() {
                Json::Null
            } else {
                serde_json::json!({"ar": ar, "latin": latin})
            })
        }
        Kind::Address => {
            let parts: Vec<_> = ["street", "district", "city", "region", "postcode", "country"]
                .iter()
                .filter_map(|p| Some((*p, part(p)?)))
                .collect();
            if parts.is_empty() {
                return None;
            }
            let blank = parts.iter().all(|(_, v)| v.is_empty());
            Some(if blank {
                Json::Null
            } else {
                Json::Object(parts.into_iter().map(|(k, v)| (k.to_owned(), Json::from(v))).collect())
            })
        }
        Kind::Money => {
            let amount = last?;
            let currency = part("currency").filter(|c| !c.is_empty());
            Some(match (amount.is_empty(), currency) {
                (true, _) => Json::Null,
                (false, Some(c)) => serde_json::json!({"amount": amount, "currency": c}),
                (false, None) => Json::from(amount),
            })
        }
        Kind::Bool => last.map(|v| Json::from(v == "true")),
        Kind::MultiChoice { .. } | Kind::Refs { .. } => {
            let given: Vec<_> = own.iter().map(|v| v.trim()).filter(|v| !v.is_empty()).collect();
            (!own.is_empty()).then(|| if given.is_empty() { Json::Null } else { Json::from(given) })
        }
        Kind::Ref { .. } => {
            // Without scripts the title is typed; it wins only when no record was chosen.
            let chosen = own.iter().rev().map(|v| v.trim()).find(|v| !v.is_empty());
            let typed = part("text").filter(|t| !t.is_empty());
            (!own.is_empty()).then(|| chosen.map(Json::from).or_else(|| typed.map(Json::from)).unwrap_or(Json::Null))
        }
        Kind::File | Kind::Image => part("keep").map(|k| serde_json::from_str(&k).unwrap_or(Json::Null)),
        Kind::Json => last
            .map(|v| if v.is_empty() { Json::Null } else { serde_json::from_str(v).unwrap_or_else(|_| Json::from(v)) }),
        Kind::LongText | Kind::RichText => {
            own.last().map(|v| if v.trim().is_empty() { Json::Null } else { Json::from(v.replace("\r\n", "\n")) })
        }
        _ => last.map(text),
    }
}

/// The editor of one cell in place: the control and nothing else, with hidden revision. Answer to `GET {data-edit}`.
pub fn cell_editor(
    field: &Field,
    value: &Value,
    rev: i64,
    action: &str,
    error: Option<&str>,
    cx: &ViewCx<'_>,
) -> Markup {
    html! {
        form method="post" action=(action) data-cell-editor novalidate {
            input type="hidden" name="_rev" value=(rev);
            (crate::input::input(field, value, error, cx))
            @if let Some(e) = error { p class="field-error" role="alert" { (icon("circle-alert")) (e) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::label;

    fn field(key: &str, kind: Kind) -> Field {
        Field::new(key, kind, label("حقل", "Field"))
    }
    fn sent(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    #[test]
    fn reads_parts_back() {
        let fields = [
            field("name", Kind::Name),
            field("total", Kind::Money),
            field("vip", Kind::Bool),
            field("tags", Kind::MultiChoice { options: vec![] }),
            field("owner", Kind::to("user")),
            field("city", Kind::text()),
            field("other", Kind::text()),
        ];
        let got = read(
            &fields,
            &sent(&[
                ("name.ar", "أحمد"),
                ("name.latin", " "),
                ("total", "١٢٫٥"),
                ("total.currency", "SAR"),
                ("vip", "false"),
                ("vip", "true"),
                ("tags", ""),
                ("tags", "a"),
                ("tags", "b"),
                ("owner", ""),
                ("owner.text", "سارة"),
                ("city", "  "),
            ]),
        );
        assert_eq!(
            Json::Object(got),
            serde_json::json!({"name": {"ar": "أحمد", "latin": ""}, "total": {"amount": "١٢٫٥", "currency": "SAR"}, "vip": true,
                "tags": ["a", "b"], "owner": "سارة", "city": null})
        );
    }

    #[test]
    fn emptied_and_absent_differ() {
        let tags = field("tags", Kind::MultiChoice { options: vec![] });
        assert_eq!(read_field(&tags, &sent(&[("tags", "")])), Some(Json::Null));
        assert_eq!(read_field(&tags, &[]), None);
        let vip = field("vip", Kind::Bool);
        assert_eq!(read_field(&vip, &sent(&[("vip", "false")])), Some(Json::from(false)));
    }

    #[test]
    fn sections_keep_order() {
        let mut fields = vec![
            field("a", Kind::text()),
            field("b", Kind::text()).section(label("عنوان", "Address")),
            field("c", Kind::text()),
        ];
        fields.push(field("d", Kind::text()).section(label("عنوان", "Address")));
        let keys: Vec<Vec<&str>> =
            sections(&fields).iter().map(|s| s.fields.iter().map(|f| f.key.as_str()).collect()).collect();
        assert_eq!(keys, [vec!["a", "c"], vec!["b", "d"]]);
    }
}
