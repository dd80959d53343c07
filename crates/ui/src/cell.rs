//! How a value is shown: in a list, on a record page, in a sentence.

use crate::cx::ViewCx;
use crate::icon::{icon, icon_sm};
use crate::mark::{avatar, avatar_square, chip, chip_line, icon_square};
use kernel::{Choice, Field, Kind, Value};
use maud::{Markup, PreEscaped, html};
use rust_decimal::Decimal;

/// The dash that stands for an empty value; said as «فارغ» to those who listen.
pub fn none(cx: &ViewCx<'_>) -> Markup {
    html! { span class="none" { span aria-hidden="true" { "—" } span class="visually-hidden" { (cx.t("ui-empty-value")) } } }
}

/// Whether figures of this kind stand in columns with one edge (class `num`).
pub fn is_number(kind: &Kind) -> bool {
    matches!(kind.stored(), Kind::Integer | Kind::Decimal { .. } | Kind::Percent | Kind::Money | Kind::Duration)
}

/// The value of `field` as markup for a cell of a list: one line, links where they help.
pub fn cell(field: &Field, value: &Value, cx: &ViewCx<'_>) -> Markup {
    shown(&field.kind, value, cx, false)
}

/// The value of `field` for a record page: whole texts, all parts of an address, a picture at reading size.
pub fn detail(field: &Field, value: &Value, cx: &ViewCx<'_>) -> Markup {
    shown(&field.kind, value, cx, true)
}

fn shown(kind: &Kind, value: &Value, cx: &ViewCx<'_>, whole: bool) -> Markup {
    if value.is_blank() {
        return none(cx);
    }
    let kind = kind.stored();
    match (kind, value) {
        (Kind::Text { .. }, Value::Text(t)) => html! { bdi { (t) } },
        (Kind::Code { .. } | Kind::Sequence { .. }, Value::Text(t)) => html! { span class="ltr" { (t) } },
        (Kind::LongText, Value::Text(t)) if whole => {
            html! { div class="prose" dir="auto" style="white-space:pre-line" { (t) } }
        }
        (Kind::LongText, Value::Text(t)) => html! { bdi class="clip" { (first_line(t)) } },
        // Rich text was sanitised when it was stored; nothing else writes that column.
        (Kind::RichText, Value::Text(t)) if whole => html! { div class="prose" dir="auto" { (PreEscaped(t)) } },
        (Kind::RichText, Value::Text(t)) => html! { bdi class="clip" { (first_line(&without_tags(t))) } },
        (Kind::Bool, Value::Bool(true)) => html! { span class="status" { (icon_sm("check")) (cx.t("ui-yes")) } },
        (Kind::Bool, Value::Bool(false)) => html! { span class="muted" { (cx.t("ui-no")) } },
        (Kind::Choice { options }, Value::Text(key)) => choice_chip(options, key, cx),
        (Kind::MultiChoice { options }, Value::List(keys)) => {
            html! { span class="chips" { @for key in keys { (choice_chip(options, key, cx)) } } }
        }
        (Kind::Ref { object }, Value::Id(id)) => reference(object, *id, cx),
        (Kind::Refs { object }, Value::Ids(ids)) => {
            html! { span class="chips" { @for id in ids { (reference(object, *id, cx)) } } }
        }
        (Kind::Email, Value::Text(t)) => html! { a class="ltr" href={ "mailto:" (t) } { (t) } },
        (Kind::Phone, Value::Text(t)) => html! { a class="ltr nowrap" href={ "tel:" (t) } { (cx.phone(t)) } },
        (Kind::Url, Value::Text(t)) => url(t),
        (Kind::Address, Value::Address(a)) => {
            let parts: Vec<String> =
                a.parts().map(|p| if p == a.country { cx.country(p).into_owned() } else { cx.digits(p) }).collect();
            if whole {
                html! { address { @for p in &parts { div { bdi { (p) } } } } }
            } else {
                html! { bdi class="clip" { (parts.join(cx.locale.pick("، ", ", "))) } }
            }
        }
        (Kind::Name, Value::Name(n)) => {
            let lang = if n.get(cx.lang()) == n.ar { "ar" } else { "en" };
            html! { bdi lang=(lang) { (n.get(cx.lang())) } }
        }
        (Kind::Image, Value::File(f)) => {
            let size = if whole {
                "max-block-size:14rem;border-radius:var(--r-md)"
            } else {
                "inline-size:1.75rem;block-size:1.75rem;object-fit:cover;border-radius:var(--r-xs)"
            };
            html! { a href=(cx.file_url(f.id)) { img src=(cx.file_url(f.id)) alt=(f.name) loading="lazy" style=(size); } }
        }
        (Kind::File, Value::File(f)) => html! {
            a class="status" href=(cx.file_url(f.id)) download=(f.name) { (icon("paperclip")) bdi class="clip" { (f.name) } span class="muted small" { (cx.bytes(f.size)) } }
        },
        (Kind::Json, Value::Json(j)) if whole => {
            html! { pre dir="ltr" { (serde_json::to_string_pretty(j).unwrap_or_default()) } }
        }
        (Kind::Json, Value::Json(j)) => html! { code class="ltr clip" { (j.to_string()) } },
        (Kind::Integer | Kind::Decimal { .. } | Kind::Percent | Kind::Money | Kind::Duration, _) => {
            let text = plain(kind, value, cx);
            let minus = text.contains('-') || text.contains('\u{2212}');
            html! { span class={ "fig" @if minus { " negative" } } { (text) } }
        }
        (Kind::Date, Value::Date(d)) => html! { time datetime=(d) title=(cx.date_other(*d)) { (cx.date(*d)) } },
        (Kind::DateTime, Value::DateTime(t)) => {
            html! { time datetime=(t) title=(cx.date_other(cx.civil(*t))) { (cx.datetime(*t)) } }
        }
        // A value of another shape than its kind says comes from damaged data: show it rather than hide it.
        _ => html! { bdi { (value.to_json().to_string()) } },
    }
}

/// The value as plain text in the reader's language, for titles, `aria-label`, e-mail and comparison.
pub fn plain(kind: &Kind, value: &Value, cx: &ViewCx<'_>) -> String {
    let kind = kind.stored();
    match (kind, value) {
        (_, Value::Null) => String::new(),
        (Kind::RichText, Value::Text(t)) => without_tags(t),
        (Kind::Phone, Value::Text(t)) => cx.phone(t),
        (Kind::Choice { options }, Value::Text(key)) => option_label(options, key, cx),
        (Kind::MultiChoice { options }, Value::List(keys)) => {
            let labels: Vec<_> = keys.iter().map(|k| option_label(options, k, cx)).collect();
            labels.join(cx.locale.pick("، ", ", "))
        }
        (_, Value::Text(t)) => t.clone(),
        (Kind::Duration, Value::Int(s)) | (_, Value::Duration(s)) => cx.duration(*s),
        (k @ (Kind::Decimal { .. } | Kind::Percent), Value::Int(i)) => plain(k, &Value::Decimal(Decimal::from(*i)), cx),
        (_, Value::Int(i)) => cx.num(*i),
        (Kind::Percent, Value::Decimal(d)) => cx.percent(*d),
        // 12 pieces are not 12.000 pieces: zeros at the end say nothing.
        (k, Value::Decimal(d)) => cx.decimal(*d, d.normalize().scale().min(k.scale())),
        (_, Value::Money(m)) => cx.money(m),
        (_, Value::Bool(b)) => cx.t(if *b { "ui-yes" } else { "ui-no" }),
        (_, Value::Date(d)) => cx.date(*d),
        (_, Value::DateTime(t)) => cx.datetime(*t),
        (_, Value::Id(id)) => cx.title_of(*id).to_owned(),
        (_, Value::Ids(ids)) => {
            let titles: Vec<_> = ids.iter().map(|id| cx.title_of(*id)).collect();
            titles.join(cx.locale.pick("، ", ", "))
        }
        (_, Value::List(keys)) => keys.join(cx.locale.pick("، ", ", ")),
        (_, Value::Name(n)) => n.get(cx.lang()).to_owned(),
        (_, Value::Address(a)) => a.parts().collect::<Vec<_>>().join(cx.locale.pick("، ", ", ")),
        (_, Value::File(f)) => f.name.clone(),
        (_, Value::Json(j)) => j.to_string(),
    }
}

/// The first cell of a row: a mark, and the title as the link to the record.
pub fn title_cell(object: &str, id: kernel::uuid::Uuid, title: &str, person: bool, cx: &ViewCx<'_>) -> Markup {
    marked_title(object, id, title, person, None, cx)
}

/// As [`title_cell`]; with `icon_of` an icon stands where initials would say nothing.
pub fn marked_title(
    object: &str,
    id: kernel::uuid::Uuid,
    title: &str,
    person: bool,
    icon_of: Option<&str>,
    cx: &ViewCx<'_>,
) -> Markup {
    html! {
        a class="row-title" href=(cx.record_url(object, id)) {
            @if person { (avatar(title, "sm")) } @else if let Some(name) = icon_of { (icon_square(name, "sm")) } @else { (avatar_square(title, "sm")) }
            bdi { (title) }
        }
    }
}

fn option_label(options: &[Choice], key: &str, cx: &ViewCx<'_>) -> String {
    options.iter().find(|o| o.key == key).map_or_else(|| key.to_owned(), |o| cx.label(&o.label).to_owned())
}

fn choice_chip(options: &[Choice], key: &str, cx: &ViewCx<'_>) -> Markup {
    match options.iter().find(|o| o.key == key) {
        Some(o) => chip(cx.label(&o.label), o.tone),
        None => chip_line(key),
    }
}

fn reference(object: &str, id: kernel::uuid::Uuid, cx: &ViewCx<'_>) -> Markup {
    let title = cx.title_of(id);
    html! {
        @if title.is_empty() { span class="muted" { (icon_sm("lock")) span class="visually-hidden" { (cx.t("ui-hidden-record")) } } }
        @else { a class="clip" href=(cx.record_url(object, id)) { bdi { (title) } } }
    }
}

/// Only web addresses become links: `javascript:` and the like are shown as text.
fn url(t: &str) -> Markup {
    let short = t.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/');
    let safe = t.starts_with("https://") || t.starts_with("http://");
    html! {
        @if safe { a class="ltr clip" href=(t) rel="noopener noreferrer nofollow" target="_blank" { (short) } }
        @else { span class="ltr" { (t) } }
    }
}

fn first_line(t: &str) -> &str {
    t.lines().find(|l| !l.trim().is_empty()).unwrap_or_default()
}

fn without_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => {
                inside = true;
                if !out.ends_with([' ', '\n']) && !out.is_empty() {
                    out.push(' ');
                }
            }
            '>' if inside => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out.replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
        .trim()
        .to_owned()
}
