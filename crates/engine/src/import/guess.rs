//! What a column of a file may go to, and the first guess: by headings in either language, by synonyms, by what is in it.

use super::line::trimmed;
use super::mapping::{Assign, Mapping, Transform};
use super::plan::ADDRESS_PARTS;
use crate::{Actor, Company};
use kernel::parse::{self, Ctx};
use kernel::{Field, Kind, Label, Object, Outcome, label};

/// Something a column can be mapped to; exports name their columns by the same labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// `email`, `name.ar`, `party.id` …
    pub path: String,
    pub label: Label,
    pub kind: Kind,
    pub required: bool,
}

fn address_label(part: &str) -> Label {
    match part {
        "street" => label("الشارع", "Street"),
        "district" => label("الحي", "District"),
        "city" => label("المدينة", "City"),
        "region" => label("المنطقة", "Region"),
        "postcode" => label("الرمز البريدي", "Postcode"),
        _ => label("الدولة", "Country"),
    }
}

fn with(l: &Label, ar: &str, en: &str) -> Label {
    Label::owned(format!("{} ({ar})", l.ar), format!("{} ({en})", l.en))
}

/// The columns one field has in a file: names, amounts and addresses take several.
pub fn columns(field: &Field) -> Vec<Target> {
    let target = |path: String, label: Label, kind: &Kind| Target { path, label, kind: kind.clone(), required: field.required };
    let (key, l) = (&field.key, &field.label);
    match field.kind.stored() {
        Kind::Name => vec![
            target(format!("{key}.ar"), with(l, "عربي", "Arabic"), &Kind::text()),
            target(format!("{key}.latin"), with(l, "لاتيني", "Latin"), &Kind::text()),
        ],
        Kind::Money => vec![
            target(key.clone(), l.clone(), &field.kind),
            target(format!("{key}.currency"), with(l, "العملة", "currency"), &Kind::code()),
        ],
        Kind::Address => ADDRESS_PARTS
            .iter()
            .map(|part| {
                let p = address_label(part);
                target(format!("{key}.{part}"), with(l, &p.ar, &p.en), &Kind::text())
            })
            .collect(),
        _ => vec![target(key.clone(), l.clone(), &field.kind)],
    }
}

/// The column that holds the ids of a reference, or of a list of them.
pub fn id_column(field: &Field) -> Target {
    let list = matches!(field.kind, Kind::Refs { .. });
    Target {
        path: if list { field.key.clone() } else { format!("{}.id", field.key) },
        label: with(&field.label, "المعرّف", "ID"),
        kind: Kind::code(),
        required: false,
    }
}

/// The column that holds the record's own id.
pub fn own_id() -> Target {
    Target { path: "id".into(), label: label("المعرّف", "ID"), kind: Kind::code(), required: false }
}

/// Everything the actor may write of an object, and of the records it refers to.
///
/// # Errors
/// Not found.
pub fn targets(company: &Company, actor: &Actor, object: &str) -> Outcome<Vec<Target>> {
    let registry = company.registry();
    let object = registry.object(object)?;
    actor.rule(object, &kernel::Verb::Import)?;
    let mut all = own(actor, object);
    all.push(own_id());
    all.push(Target { path: "external_id".into(), label: label("المعرّف في نظام آخر", "ID in another system"), kind: Kind::code(), required: false });
    all.extend(super::beside::targets(&registry, actor, object));
    for f in object.fields.iter().filter(|f| f.writable() && matches!(f.kind, Kind::Ref { .. })) {
        let Some(target) = f.kind.target().and_then(|t| registry.find(t)) else { continue };
        if !actor.may(target, &kernel::Verb::Read) || !actor.policy.writes(&object.key, &f.key) {
            continue;
        }
        all.extend(own(actor, target).into_iter().map(|t| Target {
            path: format!("{}.{}", f.key, t.path),
            label: Label::owned(format!("{} ‹ {}", f.label.ar, t.label.ar), format!("{} › {}", f.label.en, t.label.en)),
            kind: t.kind,
            required: false,
        }));
    }
    Ok(all)
}

fn own(actor: &Actor, object: &Object) -> Vec<Target> {
    let mut all = Vec::new();
    for f in object.fields.iter().filter(|f| f.writable() && actor.policy.writes(&object.key, &f.key)) {
        if matches!(f.kind, Kind::File | Kind::Image) {
            continue;
        }
        all.extend(columns(f));
        if f.kind.target().is_some() {
            all.push(id_column(f));
        }
        if matches!(f.kind, Kind::Name) {
            all.push(Target { path: f.key.clone(), label: f.label.clone(), kind: f.kind.clone(), required: f.required });
        }
    }
    all
}

/// Words that mean the same on top of a column.
const SYNONYMS: &[&[&str]] = &[
    &["name", "full name", "customer name", "company", "company name", "client", "الاسم", "اسم", "الاسم الكامل", "اسم العميل", "اسم الشركة", "العميل", "الشركة"],
    &["phone", "mobile", "telephone", "tel", "cell", "phone number", "mobile number", "whatsapp", "هاتف", "الهاتف", "جوال", "الجوال", "رقم الجوال", "رقم الهاتف", "موبايل", "محمول"],
    &["email", "e mail", "mail", "email address", "بريد", "البريد", "البريد الإلكتروني", "ايميل", "الإيميل"],
    &["city", "town", "المدينة", "مدينة"],
    &["country", "الدولة", "دولة", "البلد", "بلد"],
    &["street", "address", "address line 1", "العنوان", "عنوان", "الشارع"],
    &["postcode", "postal code", "zip", "zip code", "الرمز البريدي"],
    &["code", "sku", "stock code", "stockcode", "item code", "product code", "id", "customer id", "الرمز", "رمز", "الكود", "كود", "رقم العميل"],
    &["number", "no", "invoice", "invoice no", "invoice number", "order number", "order no", "رقم", "الرقم", "رقم الفاتورة", "رقم الطلب"],
    &["quantity", "qty", "الكمية", "كمية", "العدد"],
    &["price", "unit price", "unitprice", "السعر", "سعر الوحدة", "سعر"],
    &["description", "item", "product", "الوصف", "البيان", "الصنف", "المنتج"],
    &["date", "invoice date", "invoicedate", "order date", "ordered at", "التاريخ", "تاريخ", "تاريخ الطلب", "تاريخ الفاتورة"],
    &["note", "notes", "comment", "comments", "remarks", "ملاحظة", "ملاحظات"],
    &["owner", "account manager", "sales rep", "salesperson", "المسؤول", "البائع", "مندوب المبيعات"],
    &["tax number", "vat number", "vat", "trn", "الرقم الضريبي"],
];

fn words(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    text::fold::fold(spaced.split_whitespace().collect::<Vec<_>>().join(" ").as_str())
}

fn group(folded: &str) -> Option<usize> {
    SYNONYMS.iter().position(|g| g.iter().any(|w| words(w) == folded))
}

/// How well a heading fits a target, 0 to 100.
fn likeness(heading: &str, target: &Target) -> u32 {
    let h = words(heading);
    let last = target.path.rsplit('.').next().unwrap_or_default();
    let names = [words(&target.label.ar), words(&target.label.en), words(&target.path), words(last)];
    let nested = u32::from(target.path.contains('.'));
    if h.is_empty() {
        return 0;
    }
    if names.iter().take(3).any(|n| *n == h) {
        // With ids at hand the titles beside them are only for people.
        return if target.label.en.ends_with("(ID)") { 120 } else { 100 - nested };
    }
    if names.last() == Some(&h) && nested == 1 && matches!(last, "city" | "country" | "street" | "region" | "postcode" | "district") {
        return 90;
    }
    let first = target.path.split('.').next().unwrap_or_default();
    if let Some(g) = group(&h)
        && (names.iter().any(|n| group(n) == Some(g)) || (last == "ar" || last == "latin") && group(&words(first)) == Some(g))
    {
        return 80 - nested;
    }
    if h.chars().count() > 3 && names.iter().take(2).any(|n| n.contains(&h) || (n.chars().count() > 3 && h.contains(n.as_str()))) {
        return 50 - nested;
    }
    0
}

/// Whether most filled cells of a column can be read as the kind.
fn readable(cells: &[&str], kind: &Kind, ctx: &Ctx) -> bool {
    let filled: Vec<&&str> = cells.iter().filter(|c| !c.is_empty()).collect();
    let good = filled.iter().filter(|c| parse::from_text(kind, c, ctx).is_ok()).count();
    !filled.is_empty() && good * 10 >= filled.len() * 8
}

fn script(cells: &[&str]) -> &'static str {
    let arabic = cells.iter().filter(|c| c.chars().any(|c| ('\u{600}'..='\u{6FF}').contains(&c))).count();
    if arabic * 2 >= cells.iter().filter(|c| !c.is_empty()).count().max(1) { "ar" } else { "latin" }
}

/// A mapping to begin with: `rows` are some lines of the file.
///
/// # Errors
/// Not found; forbidden.
pub fn guess(company: &Company, actor: &Actor, object: &str, headings: &[String], rows: &[Vec<String>]) -> Outcome<Mapping> {
    let registry = company.registry();
    let declared = registry.object(object)?;
    let targets = targets(company, actor, object)?;
    let settings = company.settings();
    let ctx = Ctx { country: settings.country.clone(), currency: settings.currency.clone(), ..Ctx::default() };
    let cells = |i: usize| -> Vec<&str> { rows.iter().filter_map(|r| r.get(i)).map(|c| trimmed(c)).collect() };
    // Targets through references are for people to choose: one word in a heading is too little for making other records.
    let direct = |t: &Target| {
        let first = t.path.split('.').next().unwrap_or_default();
        let reference = declared.get(first).is_some_and(|f| f.kind.target().is_some());
        !reference || !t.path.contains('.') || (t.path.ends_with(".id") && t.path.matches('.').count() == 1)
    };
    let mut scored: Vec<(u32, usize, usize)> = Vec::new();
    for (c, heading) in headings.iter().enumerate() {
        let column = cells(c);
        for (t, target) in targets.iter().enumerate().filter(|(_, t)| direct(t)) {
            let mut score = likeness(heading, target);
            let tells = matches!(target.kind, Kind::Email | Kind::Phone | Kind::Date | Kind::DateTime | Kind::Url);
            // A further number is one only where its heading says so.
            let further = target.path.contains('.') && declared.get(target.path.split('.').next().unwrap_or_default()).is_none();
            if tells && further && score == 0 {
                continue;
            }
            if tells && readable(&column, &target.kind, &ctx) {
                score = score.saturating_add(if matches!(target.kind, Kind::Email) { 45 } else if score > 0 { 10 } else { 35 });
            } else if score > 0 && !column.iter().all(|c| c.is_empty()) && !readable(&column, &target.kind, &ctx) {
                score /= 2;
            }
            // A name in one column: the script says which form it is.
            if (target.path.ends_with(".ar") && script(&column) != "ar") || (target.path.ends_with(".latin") && script(&column) != "latin") {
                score = score.saturating_sub(30);
            }
            if score >= 35 {
                scored.push((score, c, t));
            }
        }
    }
    scored.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut mapping = Mapping::new(object);
    let mut chosen: Vec<(usize, usize)> = Vec::new();
    for (_, c, t) in scored {
        let Some(target) = targets.get(t) else { continue };
        let clash = |other: &str| {
            let (a, b) = (target.path.as_str(), other);
            let base = |p: &str| p.split('.').next().unwrap_or_default().to_owned();
            a == b || (base(a) == base(b) && (a.ends_with(".id") || b.ends_with(".id")) && a != "id" && b != "id")
                || (base(a) == base(b) && (a == base(a) || b == base(b)) && matches!(declared.get(&base(a)).map(|f| &f.kind), Some(Kind::Name)))
        };
        if chosen.iter().any(|(oc, ot)| *oc == c || targets.get(*ot).is_some_and(|o| clash(&o.path))) {
            continue;
        }
        chosen.push((c, t));
    }
    chosen.sort_unstable();
    for (c, heading) in headings.iter().enumerate().filter(|(c, _)| !chosen.iter().any(|(o, _)| o == c)) {
        if let Some(system) = super::beside::system_of(heading).filter(|_| !cells(c).iter().all(|t| t.is_empty())) {
            mapping.fields.push(Assign { target: format!("external.{system}"), column: Some(heading.clone()), ..Assign::default() });
        }
    }
    for (c, t) in chosen {
        let (Some(heading), Some(target)) = (headings.get(c), targets.get(t)) else { continue };
        mapping.fields.push(Assign { target: target.path.clone(), column: Some(heading.clone()), ..Assign::default() });
        if floats(&cells(c)) && !matches!(target.kind.stored(), Kind::Decimal { .. } | Kind::Money | Kind::Percent) {
            mapping.clean.insert(heading.clone(), vec![Transform::StripPointZero]);
        }
    }
    let mapped = |path: &str| mapping.fields.iter().any(|a| a.target == path);
    if mapped("id") {
        mapping.match_on = vec!["id".into()];
    } else if let Some(f) = declared.fields.iter().find(|f| f.unique && f.writable() && mapped(&f.key)) {
        mapping.match_on = vec![f.key.clone()];
    }
    Ok(mapping)
}

/// Whole numbers that went through a floating-point column: `12417.0`.
fn floats(cells: &[&str]) -> bool {
    let filled: Vec<&&str> = cells.iter().filter(|c| !c.is_empty()).collect();
    let float = |c: &str| c.strip_suffix(".0").is_some_and(|w| !w.is_empty() && w.bytes().all(|b| b.is_ascii_digit()));
    !filled.is_empty() && filled.iter().filter(|c| float(c)).count() * 10 >= filled.len() * 8
}
