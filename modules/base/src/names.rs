//! The parts of a person's name (title, kunya, given name, father, grandfather, family) and how he is addressed.
//!
//! They are read from the name in each script whenever they are needed. Only what somebody wrote himself is stored, and
//! it wins: docs/adr/0042.

use crate::view::view;
use engine::{PageCx, Panel};
use futures::future::BoxFuture;
use kernel::uuid::Uuid;
use kernel::{Field, Kind, Label, Name, Outcome, Record, Value, label};
use maud::html;
use text::person::{Gender, Parts, address, parse};
use ui::cx::Titles;

/// A field, its label, and the part of a name that it holds.
type Part = (&'static str, fn() -> Label, fn(&mut Parts) -> &mut String);

const PARTS: [Part; 5] = [
    ("given_name", || label("الاسم الأول", "Given name"), |p| &mut p.given),
    ("father_name", || label("اسم الأب", "Father's name"), |p| &mut p.father),
    ("grandfather_name", || label("اسم الجد", "Grandfather's name"), |p| &mut p.grandfather),
    ("family_name", || label("اسم العائلة", "Family name"), |p| &mut p.family),
    ("kunya", || label("الكنية", "Kunya"), |p| &mut p.kunya),
];
/// د., Dr.: the title before the name.
const TITLE: &str = "honorific";
const GREETING: &str = "greeting";

/// The fields that parties get.
pub fn fields() -> Vec<Field> {
    let of_person = |f: Field| f.when("kind == \"person\"").personal().section(label("أجزاء الاسم والمخاطبة", "Parts of the name"));
    let title = Field::new(TITLE, Kind::Text { max: 60 }, label("اللقب", "Title"))
        .help(label("تُقرأ أجزاء الاسم من الاسم نفسه؛ اكتب هنا ما قُرئ خطأ وحده.", "The parts are read from the name itself; write here only what was read wrong."));
    let greeting = Field::new(GREETING, Kind::Name, label("يُخاطَب بـ", "Addressed as"))
        .help(label("إن تُرك فارغًا أُخذ من اللقب والاسم والجنس: «دكتورة هدى».", "If left empty it is made of title, name and gender: “Dr. Alshammari”."));
    let parts = PARTS.iter().map(|(key, label, _)| Field::new(*key, Kind::Name, label()));
    [title].into_iter().chain(parts).chain([greeting]).map(of_person).collect()
}

fn name_of(party: &Record, key: &str) -> Name {
    party.get(key).name().cloned().unwrap_or_default()
}

/// An empty name is none.
fn set(party: &mut Record, key: &str, name: Name) {
    party.set(key, if name.is_empty() { Value::Null } else { Value::Name(name) });
}

fn wins(own: &mut String, written: &str) {
    if !written.trim().is_empty() {
        written.trim().clone_into(own);
    }
}

/// The party with every part of its name and its form of address filled in, in each script that is known; an
/// organisation as it is. What the reader may not see of the name is in no part either, since `party` is as he sees it.
pub fn told(party: &Record) -> Record {
    let mut told = party.clone();
    let name = name_of(party, "name");
    if party.get("kind").text() != Some("person") || name.is_empty() {
        return told;
    }
    let (mut ar, mut latin) = (parse(&name.ar), parse(&name.latin));
    for (key, _, part) in PARTS {
        let written = name_of(party, key);
        wins(part(&mut ar), &written.ar);
        wins(part(&mut latin), &written.latin);
        set(&mut told, key, Name::new(part(&mut ar).as_str(), part(&mut latin).as_str()));
    }
    let written = party.get(TITLE).text().unwrap_or_default();
    wins(&mut ar.title, written);
    wins(&mut latin.title, written);
    let title = [&ar.title, &latin.title].into_iter().find(|t| !t.is_empty()).cloned();
    told.set(TITLE, title.map_or(Value::Null, Value::Text));
    let gender = match party.get("gender").text() {
        Some("female") => Some(Gender::Female),
        Some("male") => Some(Gender::Male),
        _ => None,
    };
    let (mut in_arabic, mut in_english) = (address(&ar, &latin, "ar", gender), address(&ar, &latin, "en", gender));
    let written = name_of(party, GREETING);
    wins(&mut in_arabic, &written.ar);
    wins(&mut in_english, &written.latin);
    set(&mut told, GREETING, Name::new(in_arabic.as_str(), in_english.as_str()));
    told
}

/// How the name was read, beside the customer, so that a wrong reading is seen before a letter goes out.
pub fn panel() -> Panel {
    Panel { object: "party", key: "names", label: label("قراءة الاسم", "How the name is read"), render: |page, id| -> BoxFuture<'static, Outcome<String>> { Box::pin(shown(page, id)) } }
}

async fn shown(page: PageCx, id: Uuid) -> Outcome<String> {
    let party = told(&page.company.get(&page.actor, "party", id).await?);
    let registry = page.company.registry();
    let object = registry.object("party")?;
    let titles = Titles::new();
    let cx = view(&page, &titles);
    let seen = |key: &&str| page.actor.sees("party", key) && !party.get(key).is_null();
    let keys = [GREETING, TITLE].into_iter().chain(PARTS.iter().map(|p| p.0));
    let rows: Vec<_> = keys.filter(seen).filter_map(|key| object.get(key).map(|f| (cx.label(&f.label), party.get(key)))).collect();
    if rows.is_empty() {
        return Ok(String::new());
    }
    // Both scripts, the reader's own first.
    let own = |v: &Value| match v {
        Value::Name(n) => {
            let (first, second) = if cx.lang() == "ar" { (&n.ar, &n.latin) } else { (&n.latin, &n.ar) };
            (first.clone(), second.clone())
        }
        other => (other.text().unwrap_or_default().to_owned(), String::new()),
    };
    let body = html! {
        dl class="facts" { @for (name, value) in &rows {
            @let (first, second) = own(value);
            div class="fact" { dt { (name) } dd {
                @if !first.is_empty() { bdi { (first) } }
                @if !first.is_empty() && !second.is_empty() { " · " }
                @if !second.is_empty() { bdi class="muted" { (second) } }
            } }
        } }
    };
    Ok(body.into_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(ar: &str, latin: &str) -> Record {
        Record::new("party", Uuid::nil()).with("kind", "person").with("name", Name::new(ar, latin))
    }
    fn part(r: &Record, key: &str) -> (String, String) {
        let n = name_of(r, key);
        (n.ar, n.latin)
    }
    fn two(ar: &str, latin: &str) -> (String, String) {
        (ar.into(), latin.into())
    }

    #[test]
    fn cust_1_parts_are_read_in_both_scripts_and_greet() {
        let r = told(&person("د. هدى عبدالله سعد الشمري", "Dr. Huda Abdullah Alshammari").with("gender", "female"));
        assert_eq!(part(&r, "given_name"), two("هدى", "Huda"));
        assert_eq!(part(&r, "father_name"), two("عبدالله", "Abdullah"));
        assert_eq!(part(&r, "grandfather_name"), two("سعد", ""));
        assert_eq!(part(&r, "family_name"), two("الشمري", "Alshammari"));
        assert_eq!(r.get("honorific").text(), Some("د."));
        assert_eq!(part(&r, "greeting"), two("دكتورة هدى", "Dr. Alshammari"));
        let r = told(&person("أبو سعد خالد العتيبي", ""));
        assert_eq!((part(&r, "kunya"), part(&r, "greeting").0), (two("أبو سعد", ""), "أستاذ خالد".into()));
        assert!(r.get("honorific").is_null() && r.get("father_name").is_null());
    }

    #[test]
    fn cust_1_what_somebody_wrote_wins_also_when_the_name_changes() {
        // Somebody knows better: سعد is no father here, and he wants to be called by his kunya.
        let first = person("محمد سعد الحربي", "").with("family_name", Name::new("آل سعد", "")).with("greeting", Name::new("أبا فهد", ""));
        let read = told(&first);
        assert_eq!((part(&read, "family_name").0.as_str(), part(&read, "father_name").0.as_str()), ("آل سعد", "سعد"));
        assert_eq!(part(&read, "greeting"), two("أبا فهد", "محمد آل سعد"));
        let renamed = told(&first.with("name", Name::new("محمد فهد الحربي", "")));
        assert_eq!((part(&renamed, "family_name").0.as_str(), part(&renamed, "father_name").0.as_str()), ("آل سعد", "فهد"));
        // A title makes the greeting, in whichever script it was written.
        let titled = told(&person("خالد العتيبي", "Khalid Alotaibi").with("honorific", "Eng.").with("gender", "male"));
        assert_eq!(part(&titled, "greeting"), two("مهندس خالد", "Eng. Alotaibi"));
    }

    #[test]
    fn cust_1_companies_and_hidden_names_have_no_parts() {
        let firm = person("مؤسسة النخيل", "Nakheel").with("kind", "organisation");
        assert_eq!(told(&firm), firm);
        let hidden = person("", "").with("name", Value::Null).with("gender", "female");
        assert_eq!(told(&hidden), hidden);
    }
}
