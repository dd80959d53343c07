//! Letters that are written again and again, in both languages, with places that a customer's data fills.

use crate::mailbox::choices;
use engine::{Actor, Company};
use kernel::expr::{self, Expr, Wanted};
use kernel::object::Capability::{Files, Import, Timeline};
use kernel::{Field, Issue, Kind, Object, Outcome, Record, Tone, Weight, label};
use uuid::Uuid;

pub fn object() -> Object {
    let languages = choices(&[("ar", "العربية", "Arabic", Tone::Neutral), ("en", "الإنجليزية", "English", Tone::Neutral)]);
    Object::new("mail_template", "mail", label("قالب رسالة", "Message template"), label("قوالب الرسائل", "Message templates"))
        .icon("file-text")
        .title("name")
        .sort("name")
        .without(&[Import, Timeline, Files])
        .field(Field::new("name", Kind::text(), label("الاسم", "Name")).required().search(Weight::Title))
        .field(Field::new("language", languages, label("اللغة الأولى", "First language")).default_expr("\"ar\"").list())
        .field(Field::new("subject_ar", Kind::Text { max: 300 }, label("الموضوع بالعربية", "Subject in Arabic")).list())
        .field(Field::new("body_ar", Kind::LongText, label("النص بالعربية", "Text in Arabic")).help(HELP))
        .field(Field::new("subject_en", Kind::Text { max: 300 }, label("الموضوع بالإنجليزية", "Subject in English")).list())
        .field(Field::new("body_en", Kind::LongText, label("النص بالإنجليزية", "Text in English")).help(HELP))
}

const HELP: kernel::Label = label(
    "حقول العميل بين قوسين مزدوجين: ‎{{ name }}‎. وما بعد «|» يُكتب حين يكون الحقل فارغًا: ‎{{ job_title | عميلنا }}‎.",
    "Fields of the customer in double braces: {{ name }}. What stands after | is written when the field is empty: {{ job_title | customer }}.",
);

/// A filled text, and the places for which there was nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    pub text: String,
    /// The expressions whose value is missing, or that mean nothing here.
    pub missing: Vec<String>,
}

/// Fills the places of `text` from a party that the actor may read; fields he may not see count as missing.
///
/// # Errors
/// Not found.
pub async fn fill(company: &Company, actor: &Actor, text: &str, lang: &str, party: Option<Uuid>) -> Outcome<Filled> {
    let record = match party {
        // Parts of the name and the form of address stand there also where nobody wrote them.
        Some(id) => Some(base::names::told(&company.get(actor, "party", id).await?)),
        None => None,
    };
    let registry = company.registry();
    let object = registry.object("party")?;
    let value = |place: &str| -> Option<String> {
        let record = record.as_ref()?;
        let typed = expr::check(&registry, object, place, Wanted::Any).ok()?;
        let used = expr::fields_used(&Expr::parse(place).ok()?, &registry, object).ok()?;
        if used.iter().any(|(o, f)| o != "party" || actor.mask(o, f).is_some()) {
            return None;
        }
        Some(written(&expr::eval(&typed, record, &company.env(actor)), object, place, lang)).filter(|t| !t.trim().is_empty())
    };
    Ok(places(text, value))
}

fn written(value: &kernel::Value, object: &Object, place: &str, lang: &str) -> String {
    match value {
        kernel::Value::Name(n) => n.get(lang).to_owned(),
        kernel::Value::Text(key) => {
            let option = object.get(place).and_then(|f| f.kind.options().iter().find(|o| o.key == *key));
            option.map_or_else(|| key.clone(), |o| o.label.get(lang).to_owned())
        }
        kernel::Value::Money(m) => {
            let locale = text::locale::Locale::new(if lang == "ar" { text::Lang::Ar } else { text::Lang::En }, "SA");
            text::money::format_money(m.minor, &m.currency, &locale)
        }
        kernel::Value::DateTime(t) => t.to_string().split('T').next().unwrap_or_default().to_owned(),
        other => kernel::parse::plain_text(other),
    }
}

/// Replaces `{{ place | otherwise }}`.
fn places(text: &str, value: impl Fn(&str) -> Option<String>) -> Filled {
    let mut filled = Filled::default();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.text.push_str(before);
        let Some((inside, tail)) = after.split_once("}}") else {
            filled.text.push_str("{{");
            rest = after;
            continue;
        };
        let (place, otherwise) = inside.split_once('|').map_or((inside, None), |(p, o)| (p, Some(o.trim())));
        match (value(place.trim()), otherwise) {
            (Some(text), _) => filled.text.push_str(&text),
            (None, Some(text)) => filled.text.push_str(text),
            (None, None) => filled.missing.push(place.trim().to_owned()),
        }
        rest = tail;
    }
    filled.text.push_str(rest);
    filled
}

/// What is wrong with the places of a template, whatever the customer.
pub fn issues(company: &Company, field: &str, text: &str) -> Vec<Issue> {
    let registry = company.registry();
    let Ok(object) = registry.object("party") else { return Vec::new() };
    let mut found = Vec::new();
    let filled = places(text, |_| None);
    let with_otherwise = text.split("{{").skip(1).filter_map(|p| p.split_once("}}")).filter_map(|(p, _)| p.split_once('|')).map(|(p, _)| p.trim().to_owned());
    for place in filled.missing.into_iter().chain(with_otherwise) {
        if expr::check(&registry, object, &place, Wanted::Any).is_err() {
            found.push(Issue::new(field, "mail-bad-place").arg("place", place));
        }
    }
    found
}

/// Before a template is stored: its places mean something.
pub fn watch<'a>(cx: &'a mut engine::Cx, changes: &'a [(Option<Record>, Option<Record>)]) -> futures::future::BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        let mut found = Vec::new();
        for record in changes.iter().filter_map(|(_, after)| after.as_ref()) {
            for field in ["subject_ar", "body_ar", "subject_en", "body_en"] {
                found.extend(issues(&cx.company, field, record.get(field).text().unwrap_or_default()));
            }
        }
        kernel::Fault::check(found)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_and_gaps_are_told() {
        let value = |place: &str| (place == "name").then(|| "هدى".to_owned());
        let filled = places("مرحبًا {{ name }}، {{ job_title | عميلنا }}. {{ code }} {{", value);
        assert_eq!(filled.text, "مرحبًا هدى، عميلنا.  {{");
        assert_eq!(filled.missing, ["code"]);
    }
}
