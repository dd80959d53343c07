//! How a value is filled in: one control per kind, its label, help and error.
//!
//! Names of the parts a form sends (read back by [`crate::form::read`]):
//! `key` for most kinds; `key.ar`, `key.latin` (name); `key`, `key.currency` (money);
//! `key.street`, `key.district`, `key.city`, `key.region`, `key.postcode`, `key.country` (address);
//! `key` several times (multi-choice, references); `key` (file) with `key.keep` (JSON of the file there now).
//! An empty hidden part precedes check boxes and lists, so that «nothing chosen» is sent too.

use crate::cell::{detail, plain};
use crate::cx::ViewCx;
use crate::icon::{icon, icon_sm};
use crate::mark::hue;
use kernel::{Address, Choice, Field, Kind, Value};
use maud::{Markup, Render, html};

/// What the control needs to know beside field and value.
#[derive(Clone, Copy, Debug)]
struct Wiring<'a> {
    id: &'a str,
    described_by: Option<&'a str>,
    invalid: Option<&'static str>,
    required: bool,
}

/// A form row: label, control, help, error. `error` is a sentence in the reader's language.
pub fn field_row(field: &Field, value: &Value, error: Option<&str>, cx: &ViewCx<'_>) -> Markup {
    let id = format!("f-{}", field.key);
    let group = is_group(&field.kind);
    let label = html! {
        (cx.label(&field.label))
        @if field.required { span class="field-mark" aria-hidden="true" { "*" } span class="visually-hidden" { (cx.t("ui-required")) } }
    };
    let body = html! {
        (input(field, value, error, cx))
        @if !field.help.is_empty() { p class="field-help" id={ (id) "-help" } { (cx.label(&field.help)) } }
        @if let Some(error) = error { p class="field-error" id={ (id) "-error" } { (icon_sm("circle-alert")) span { (error) } } }
    };
    let class = format!(
        "field{}{}",
        if is_wide(&field.kind) { " wide" } else { "" },
        if error.is_some() { " has-error" } else { "" }
    );
    html! {
        @if group {
            fieldset class=(class) data-field=(field.key) aria-describedby=[describe(field, error, &id)] { legend class="field-label" { (label) } (body) }
        } @else {
            div class=(class) data-field=(field.key) { label class="field-label" for=(id) { (label) } (body) }
        }
    }
}

fn describe(field: &Field, error: Option<&str>, id: &str) -> Option<String> {
    let help = (!field.help.is_empty()).then(|| format!("{id}-help"));
    let error = error.map(|_| format!("{id}-error"));
    match (help, error) {
        (Some(h), Some(e)) => Some(format!("{e} {h}")),
        (h, e) => e.or(h),
    }
}

/// Kinds of several controls stand in a fieldset with a legend.
fn is_group(kind: &Kind) -> bool {
    matches!(kind, Kind::Name | Kind::Address | Kind::MultiChoice { .. })
}

/// Kinds that take the whole width of the form.
pub fn is_wide(kind: &Kind) -> bool {
    matches!(kind, Kind::LongText | Kind::RichText | Kind::Address | Kind::Name | Kind::Json)
}

/// The control alone (id `f-{key}`), for a form row or for editing in place.
pub fn input(field: &Field, value: &Value, error: Option<&str>, cx: &ViewCx<'_>) -> Markup {
    if !field.writable() {
        return html! { output class="fact-output" id={ "f-" (field.key) } { (detail(field, value, cx)) } };
    }
    let id = format!("f-{}", field.key);
    let described = describe(field, error, &id);
    let w = Wiring {
        id: &id,
        described_by: described.as_deref(),
        invalid: error.map(|_| "true"),
        required: field.required,
    };
    control(field, value, w, cx)
}

fn control(field: &Field, value: &Value, w: Wiring<'_>, cx: &ViewCx<'_>) -> Markup {
    let key = field.key.as_str();
    let text = value.text().unwrap_or_default();
    match &field.kind {
        Kind::Text { max } => line(key, w, "text", text, "auto", None, Some(*max), None),
        Kind::Code { max } => line(key, w, "text", text, "ltr", None, Some(*max), Some("off")),
        Kind::Email => line(key, w, "email", text, "ltr", Some("email"), Some(254), Some("email")),
        Kind::Url => line(key, w, "text", text, "ltr", Some("url"), Some(2000), Some("url")),
        Kind::Phone => phone(key, w, text, cx),
        Kind::LongText => html! {
            textarea class="textarea" id=(w.id) name=(key) rows="4" dir="auto" required[w.required] aria-invalid=[w.invalid] aria-describedby=[w.described_by] { (text) }
        },
        Kind::RichText => rich(key, w, text, cx),
        Kind::Json => html! {
            textarea class="textarea" style="font-family:var(--font-mono)" id=(w.id) name=(key) rows="4" dir="ltr" spellcheck="false" required[w.required] aria-invalid=[w.invalid] aria-describedby=[w.described_by] {
                @if let Value::Json(j) = value { (serde_json::to_string_pretty(j).unwrap_or_default()) } @else { (text) }
            }
        },
        Kind::Integer => number(key, w, &value.int().map(|i| i.to_string()).unwrap_or_else(|| text.to_owned()), None),
        Kind::Decimal { .. } => number(key, w, &decimal_text(value), None),
        Kind::Percent => number(key, w, &decimal_text(value), Some("%")),
        Kind::Money => money(key, w, value, cx),
        Kind::Bool => html! {
            span class="check" {
                input type="hidden" name=(key) value="false";
                input class="switch" type="checkbox" role="switch" id=(w.id) name=(key) value="true" checked[value.bool() == Some(true)] aria-describedby=[w.described_by];
            }
        },
        Kind::Date => date(key, w, value, false, cx),
        Kind::DateTime => date(key, w, value, true, cx),
        Kind::Duration => {
            let shown = value.int().map_or_else(|| text.to_owned(), |s| format!("{}:{:02}", s / 3600, s % 3600 / 60));
            html! {
                div class="fused" {
                    input class="input" type="text" inputmode="numeric" dir="ltr" id=(w.id) name=(key) value=(shown) placeholder="0:30" pattern="[0-9٠-٩]+(:[0-5٠-٥][0-9٠-٩])?" required[w.required] aria-invalid=[w.invalid] aria-describedby=[w.described_by];
                    span class="affix" { (cx.t("ui-hours-minutes")) }
                }
            }
        }
        Kind::Choice { options } => choice(key, w, options, text, cx),
        Kind::MultiChoice { options } => many(key, w, options, value, cx),
        Kind::Ref { object } => lookup(key, w, object, value, false, cx),
        Kind::Refs { object } => lookup(key, w, object, value, true, cx),
        Kind::Name => name(key, w, value, cx),
        Kind::Address => address(key, w, value, cx),
        Kind::File => file(key, w, value, false, cx),
        Kind::Image => file(key, w, value, true, cx),
        // Nobody fills these in; they are shown where a form has them.
        Kind::Formula { .. } | Kind::Rollup { .. } | Kind::Sequence { .. } => {
            html! { output id=(w.id) { (plain(&field.kind, value, cx)) } }
        }
    }
}

#[allow(clippy::too_many_arguments)]
fn line(
    key: &str,
    w: Wiring<'_>,
    kind: &str,
    value: &str,
    dir: &str,
    mode: Option<&str>,
    max: Option<u32>,
    complete: Option<&str>,
) -> Markup {
    html! {
        input class="input" type=(kind) id=(w.id) name=(key) value=(value) dir=(dir) inputmode=[mode] maxlength=[max] autocomplete=[complete]
            required[w.required] aria-invalid=[w.invalid] aria-describedby=[w.described_by];
    }
}

fn decimal_text(value: &Value) -> String {
    match value {
        Value::Decimal(d) => d.normalize().to_string(),
        Value::Int(i) => i.to_string(),
        v => v.text().unwrap_or_default().to_owned(),
    }
}

/// Numbers are typed as text: people paste «١٬٢٥٠٫٥» and the server reads every shape of digit.
fn number(key: &str, w: Wiring<'_>, value: &str, unit: Option<&str>) -> Markup {
    let box_ = html! {
        input class="input" type="text" inputmode="decimal" dir="ltr" id=(w.id) name=(key) value=(value) autocomplete="off"
            required[w.required] aria-invalid=[w.invalid] aria-describedby=[w.described_by];
    };
    html! { @if let Some(unit) = unit { div class="fused" { (box_) span class="affix" { (unit) } } } @else { (box_) } }
}

fn money(key: &str, w: Wiring<'_>, value: &Value, cx: &ViewCx<'_>) -> Markup {
    let (amount, currency) = match value {
        Value::Money(m) => (m.amount().to_string(), m.currency.clone()),
        v => (v.text().unwrap_or_default().to_owned(), cx.locale.currency.clone()),
    };
    html! {
        div class="fused" {
            input class="input" type="text" inputmode="decimal" dir="ltr" id=(w.id) name=(key) value=(amount) autocomplete="off"
                required[w.required] aria-invalid=[w.invalid] aria-describedby=[w.described_by];
            select class="select" name={ (key) ".currency" } aria-label=(cx.t("ui-currency")) {
                @for (code, name) in cx.currencies(&currency) { option value=(code) selected[code == currency] title=(name) { (code) } }
            }
        }
    }
}

fn phone(key: &str, w: Wiring<'_>, value: &str, cx: &ViewCx<'_>) -> Markup {
    let shown = if value.is_empty() { String::new() } else { cx.phone(value) };
    html! {
        div class="fused" {
            span class="affix" aria-hidden="true" { (icon("phone")) }
            input class="input" type="tel" inputmode="tel" dir="ltr" id=(w.id) name=(key) value=(shown) autocomplete="tel" maxlength="40"
                required[w.required] aria-invalid=[w.invalid] aria-describedby=[w.described_by];
        }
    }
}

fn rich(key: &str, w: Wiring<'_>, value: &str, cx: &ViewCx<'_>) -> Markup {
    // The text area is the form's truth; the editor covers it when scripts run.
    html! {
        div class="rich" data-rich data-label-bold=(cx.t("ui-bold")) data-label-italic=(cx.t("ui-italic")) data-label-list=(cx.t("ui-bullets"))
            data-label-numbers=(cx.t("ui-numbering")) data-label-quote=(cx.t("ui-quote")) data-label-link=(cx.t("ui-link")) data-label-heading=(cx.t("ui-heading")) {
            template {
                @for (command, name) in [("heading", "heading-2"), ("bold", "bold"), ("italic", "italic"), ("list", "list"), ("numbers", "list-ordered"), ("quote", "quote"), ("link", "link")] {
                    button type="button" class="btn btn-ghost btn-icon btn-sm" data-command=(command) { (icon(name)) }
                }
            }
            textarea class="textarea" id=(w.id) name=(key) rows="5" dir="auto" required[w.required] aria-invalid=[w.invalid] aria-describedby=[w.described_by] { (value) }
        }
    }
}

/// A native date box, with the same day of the other calendar beside it and a picker that knows both.
fn date(key: &str, w: Wiring<'_>, value: &Value, time: bool, cx: &ViewCx<'_>) -> Markup {
    let (raw, day) = match value {
        Value::Date(d) => (d.to_string(), Some(*d)),
        Value::DateTime(t) => (cx.local_input(*t), Some(cx.civil(*t))),
        v => (v.text().unwrap_or_default().to_owned(), None),
    };
    html! {
        div class="datefield" data-date {
            div class="fused" {
                input class="input" type=(if time { "datetime-local" } else { "date" }) dir="ltr" id=(w.id) name=(key) value=(raw) max="2999-12-31"
                    required[w.required] aria-invalid=[w.invalid] aria-describedby=[w.described_by];
                button class="btn btn-ghost btn-icon" type="button" data-date-open aria-label=(cx.t("ui-pick-date")) hidden { (icon("calendar")) }
            }
            span class="date-hint" data-date-hint { @if let Some(d) = day { (cx.date(d)) " · " (cx.date_other(d)) } }
        }
    }
}

fn choice(key: &str, w: Wiring<'_>, options: &[Choice], value: &str, cx: &ViewCx<'_>) -> Markup {
    html! {
        select class="select" id=(w.id) name=(key) required[w.required] aria-invalid=[w.invalid] aria-describedby=[w.described_by] {
            option value="" { @if w.required { (cx.t("ui-choose")) } @else { "—" } }
            @for o in options.iter().filter(|o| o.by.is_none() || o.key == value) { option value=(o.key) selected[o.key == value] { (cx.label(&o.label)) } }
            // A key that is no option any more stays until somebody changes it.
            @if !value.is_empty() && !options.iter().any(|o| o.key == value) { option value=(value) selected { (value) } }
        }
    }
}

fn many(key: &str, w: Wiring<'_>, options: &[Choice], value: &Value, cx: &ViewCx<'_>) -> Markup {
    let chosen: &[String] = if let Value::List(l) = value { l } else { &[] };
    html! {
        div class="options" id=(w.id) {
            input type="hidden" name=(key) value="";
            @for o in options {
                label class="option" {
                    input type="checkbox" name=(key) value=(o.key) checked[chosen.contains(&o.key)];
                    span class="chip chip-dot" data-hue=(hue(o.tone)) { (cx.label(&o.label)) }
                }
            }
        }
    }
}

/// A box that searches while typing (`GET /-/lookup/{object}?q=`). Without scripts it is a text box: the server
/// reads an id, or the exact title.
fn lookup(key: &str, w: Wiring<'_>, object: &str, value: &Value, multiple: bool, cx: &ViewCx<'_>) -> Markup {
    let ids: Vec<_> = match value {
        Value::Id(id) => vec![*id],
        Value::Ids(ids) => ids.clone(),
        _ => Vec::new(),
    };
    let list = format!("{}-list", w.id);
    html! {
        div class="combo" data-lookup=(object) data-name=(key) data-multiple[multiple] data-required[w.required] {
            input type="hidden" name=(key) value="";
            @for id in &ids {
                span class="combo-token" {
                    input type="hidden" name=(key) value=(id);
                    bdi class="clip" { (cx.title_of(*id)) }
                    button type="button" data-remove aria-label={ (cx.t("ui-remove")) " " (cx.title_of(*id)) } { (icon_sm("x")) }
                }
            }
            input class="combo-input" type="text" id=(w.id) name={ (key) ".text" } autocomplete="off" spellcheck="false" dir="auto" role="combobox" aria-expanded="false"
                aria-controls=(list) aria-autocomplete="list" placeholder=[ids.is_empty().then(|| cx.t("ui-search-choose"))] aria-invalid=[w.invalid] aria-describedby=[w.described_by];
            (icon("search"))
            div class="listbox" id=(list) role="listbox" aria-label=(cx.t("ui-results")) hidden {}
        }
    }
}

/// Arabic and Latin form side by side; the reader's own script first.
fn name(key: &str, w: Wiring<'_>, value: &Value, cx: &ViewCx<'_>) -> Markup {
    let (ar, latin) = value.name().map_or(("", ""), |n| (n.ar.as_str(), n.latin.as_str()));
    let one = |id: String, part: &str, lang: &str, dir: &str, text: &str, word: &str| {
        html! {
            label class="pair-label" {
                span { (cx.t(word)) }
                input class="input" type="text" id=(id) name={ (key) "." (part) } value=(text) lang=(lang) dir=(dir) maxlength="200" autocomplete="off"
                    aria-invalid=[w.invalid] aria-describedby=[w.described_by];
            }
        }
    };
    // The reader's own script has the id a label or an error points to.
    let (own, other) = if cx.lang() == "ar" {
        (("ar", "ar", "rtl", ar, "ui-name-ar"), ("latin", "en", "ltr", latin, "ui-name-latin"))
    } else {
        (("latin", "en", "ltr", latin, "ui-name-latin"), ("ar", "ar", "rtl", ar, "ui-name-ar"))
    };
    html! {
        div class="pair" data-name-pair data-label-propose=(cx.t("ui-name-propose")) {
            (one(w.id.to_owned(), own.0, own.1, own.2, own.3, own.4))
            (one(format!("{}-{}", w.id, other.0), other.0, other.1, other.2, other.3, other.4))
        }
    }
}

fn address(key: &str, w: Wiring<'_>, value: &Value, cx: &ViewCx<'_>) -> Markup {
    let empty = Address::default();
    let a = if let Value::Address(a) = value { a } else { &empty };
    let parts = [
        ("street", &a.street, "ui-street", "address-line1"),
        ("district", &a.district, "ui-district", "address-line2"),
        ("city", &a.city, "ui-city", "address-level2"),
        ("region", &a.region, "ui-region", "address-level1"),
        ("postcode", &a.postcode, "ui-postcode", "postal-code"),
    ];
    html! {
        div class="pair" {
            @for (i, (part, text, word, complete)) in parts.into_iter().enumerate() {
                label class="pair-label" {
                    span { (cx.t(word)) }
                    input class="input" type="text" id=(if i == 0 { w.id.to_owned() } else { format!("{}-{part}", w.id) }) name={ (key) "." (part) } value=(text) dir="auto" maxlength="200" autocomplete=(complete)
                        aria-invalid=[w.invalid] aria-describedby=[w.described_by];
                }
            }
            label class="pair-label" {
                span { (cx.t("ui-country")) }
                select class="select" name={ (key) ".country" } autocomplete="country" {
                    option value="" { "—" }
                    @for (code, name) in cx.countries(&a.country) { option value=(code) selected[code == a.country] { (name) } }
                }
            }
        }
    }
}

fn file(key: &str, w: Wiring<'_>, value: &Value, image: bool, cx: &ViewCx<'_>) -> Markup {
    html! {
        div class="stack" style="--gap:var(--s-3)" data-upload {
            @if let Value::File(f) = value {
                div class="file-row" data-kept {
                    input type="hidden" name={ (key) ".keep" } value=(value.to_json().to_string());
                    @if image { img src=(cx.file_url(f.id)) alt="" style="inline-size:2.5rem;block-size:2.5rem;object-fit:cover;border-radius:var(--r-sm)"; } @else { (icon("file")) }
                    bdi class="clip grow" { (f.name) } span class="muted small" { (cx.bytes(f.size)) }
                    (crate::button::icon_button("x", cx.t("ui-remove")).small().attr("data-unkeep", "").render())
                }
            }
            div class="drop drop-compact" {
                (icon(if image { "image" } else { "upload" }))
                span class="grow" data-file-name { (cx.t(if image { "ui-drop-image" } else { "ui-drop-file" })) }
                input type="file" id=(w.id) name=(key) accept=[image.then_some("image/png,image/jpeg,image/webp,image/gif")] required[w.required && value.is_null()]
                    aria-invalid=[w.invalid] aria-describedby=[w.described_by];
            }
        }
    }
}
