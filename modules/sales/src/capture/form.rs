//! A form on the web through which people say that they are interested: what it asks, in which order, which consents it
//! asks for with which words, where it may be embedded, and who gets what comes.

use crate::lead;
use base::party::Party;
use engine::{Company, Count, Cx, Query};
use futures::future::BoxFuture;
use kernel::object::Capability::{Comments, Files, Menu, Search, Timeline};
use kernel::object::Declared;
use kernel::uuid::Uuid;
use kernel::{Agg, Choice, Expr, Fault, Field, Issue, Kind, Label, Name, Object, Outcome, Record, Tone, Value, Weight, label};
use store::Conn;

pub const KEY: &str = "web_form";
pub const QUESTION: &str = "web_form_question";
pub const CONSENT: &str = "web_form_consent";

const WORDS: Label = label("ما يقرؤه الزائر", "What the visitor reads");
const PLACE: Label = label("أين يظهر", "Where it stands");
const NEXT: Label = label("ما يُسجَّل", "What is recorded");

/// What may be asked, with the most characters of an answer.
pub const ASKED: &[(&str, usize)] = &[("name", 120), ("company", 160), ("job_title", 120), ("email", 254), ("phone", 40), ("city", 80), ("interest", 4_000)];
/// What a form without questions of its own asks.
const USUAL: &[(&str, bool)] = &[("name", true), ("company", false), ("email", true), ("phone", false), ("interest", false)];

pub fn object() -> Object {
    let long = |key: &str, l| Field::new(key, Kind::LongText, l).section(WORDS);
    let source = Party::object().get("source").map_or_else(Kind::text, |f| f.kind.clone());
    let langs = vec![Choice::new("ar", label("العربية", "Arabic"), Tone::Neutral), Choice::new("en", label("الإنجليزية", "English"), Tone::Neutral)];
    let count = |filter: Option<&str>| Kind::Rollup {
        object: super::submission::KEY.into(),
        via: "form".into(),
        agg: Agg::Count,
        field: None,
        filter: filter.map(str::to_owned),
        result: Box::new(Kind::Integer),
    };
    Object::new(KEY, "sales", label("نموذج ويب", "Web form"), label("نماذج الويب", "Web forms"))
        .icon("file-text")
        .sort("-created_at")
        .without(&[Comments, Files, kernel::Capability::Import])
        .field(Field::new("name", Kind::Name, label("العنوان", "Title")).required().search(Weight::Title).help(label("يقرؤه الزائر بلغته.", "The visitor reads it in his language.")))
        .field(
            Field::new("code", Kind::Code { max: 40 }, label("الرمز في العنوان", "Code in the address"))
                .required()
                .unique()
                .list()
                .help(label("أحرف لاتينية صغيرة وأرقام وشرطات، مثل: contact-us", "Small letters, digits and hyphens, such as: contact-us")),
        )
        .field(Field::new("active", Kind::Bool, label("يستقبل", "Open")).default_expr("true").list())
        .field(long("intro_ar", label("مقدمة بالعربية", "Introduction, Arabic")))
        .field(long("intro_en", label("مقدمة بالإنجليزية", "Introduction, English")))
        .field(long("thanks_ar", label("الشكر بالعربية", "Thanks, Arabic")))
        .field(long("thanks_en", label("الشكر بالإنجليزية", "Thanks, English")))
        .field(Field::new("goto", Kind::Url, label("ثم يتابع إلى", "Goes on to")).section(WORDS).help(label("زر بعد الشكر يفتح هذا العنوان.", "A button below the thanks that opens this address.")))
        .field(
            Field::new("sites", Kind::LongText, label("مواقع يُضمَّن فيها", "Sites that may embed it"))
                .section(PLACE)
                .help(label("موقع في كل سطر، مثل https://www.example.com. فارغ: لا يُضمَّن، وله صفحته وحدها.", "One per line, such as https://www.example.com. Empty: it is not embedded and has only its own page.")),
        )
        .field(
            Field::new("lang", Kind::Choice { options: langs }, label("اللغة", "Language"))
                .section(PLACE)
                .help(label("فارغة: بلغة متصفح الزائر.", "Empty: in the language of the visitor's browser.")),
        )
        .field(Field::new("source", source, label("المصدر", "Source")).section(NEXT).default_expr("\"website\""))
        .field(Field::new("campaign", Kind::text(), label("الحملة", "Campaign")).section(NEXT).list())
        .field(
            Field::new("owner", Kind::to("user"), label("المسؤول عما يأتي", "Owner of what comes"))
                .section(NEXT)
                .reverse("web_forms", label("نماذج الويب", "Web forms"))
                .help(label("فارغ: توزّعه قواعد التوزيع.", "Empty: the rules that route leads decide.")),
        )
        .field(Field::new("received", count(None), label("وصل", "Received")).list())
        .field(Field::new("held", count(Some("status == \"held\"")), label("ينتظر المراجعة", "Waiting for a look")).list())
}

/// One question, in its place.
pub fn question() -> Object {
    let lead = lead::object();
    let option = |(key, _): &(&str, usize)| Some(Choice::new(*key, lead.get(key)?.label.clone(), Tone::Neutral));
    Object::new(QUESTION, "sales", label("سؤال في نموذج", "Question of a form"), label("الأسئلة", "Questions"))
        .icon("list")
        .title("field")
        .sort("position")
        .without(&[Menu, Search, Timeline, Comments, Files, kernel::Capability::Import])
        .field(Field::new("position", Kind::Integer, label("الترتيب", "Position")).list())
        .field(Field::new("field", Kind::Choice { options: ASKED.iter().filter_map(option).collect() }, label("الحقل", "Field")).required().list())
        .field(Field::new("words", Kind::Name, label("كيف يُسأل عنه", "How it is asked")).list())
        .field(Field::new("needed", Kind::Bool, label("لا بد منه", "Required")).default_expr("false").list())
        .field(part())
        .unique_together(&["form", "field"])
}

/// One consent that is asked for, with its exact words.
pub fn consent() -> Object {
    let channels = base::purpose::channels();
    Object::new(CONSENT, "sales", label("موافقة في نموذج", "Consent of a form"), label("الموافقات المطلوبة", "Consents asked for"))
        .icon("shield")
        .title("text_ar")
        .sort("position")
        .without(&[Menu, Search, Timeline, Comments, Files, kernel::Capability::Import])
        .field(Field::new("position", Kind::Integer, label("الترتيب", "Position")).list())
        .field(Field::new("purpose", Kind::to("purpose"), label("الغرض", "Purpose")).required().unlisted().reverse("form_consents", label("نماذج تطلبه", "Forms that ask for it")).list())
        .field(Field::new("channels", Kind::MultiChoice { options: channels }, label("القنوات", "Channels")).list())
        .field(Field::new("text_ar", Kind::Text { max: 1_000 }, label("النص بالعربية", "Words, Arabic")).help(label("فارغ: نص الغرض.", "Empty: the words of the purpose.")))
        .field(Field::new("text_en", Kind::Text { max: 1_000 }, label("النص بالإنجليزية", "Words, English")))
        .field(Field::new("needed", Kind::Bool, label("لا بد منها", "Required")).default_expr("false").list())
        .field(
            Field::new("form", Kind::to(KEY), label("النموذج", "Form")).required().inline().reverse("consents", label("الموافقات المطلوبة", "Consents asked for")),
        )
}

fn part() -> Field {
    Field::new("form", Kind::to(KEY), label("النموذج", "Form")).required().inline().reverse("questions", label("الأسئلة", "Questions"))
}

/// The address is one that can be written down, and only whole origins may embed.
pub fn prepare<'a>(_: &'a mut Cx, _: Option<&'a Record>, form: &'a mut Record) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        let code = form.get("code").text().unwrap_or_default();
        if !code.is_empty() && !code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
            return Err(Fault::invalid("code", "sales-form-code"));
        }
        let mut sites = Vec::new();
        for line in form.get("sites").text().unwrap_or_default().lines().map(str::trim).filter(|l| !l.is_empty()) {
            sites.push(origin(line).ok_or_else(|| Fault::issue(Issue::new("sites", "sales-form-site").arg("site", line)))?);
        }
        form.set("sites", Some(sites.join("\n")).filter(|s| !s.is_empty()));
        Ok(())
    })
}

/// `https://Shop.example/` → `https://shop.example`; none where it is no whole origin.
fn origin(line: &str) -> Option<String> {
    let (scheme, rest) = line.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let host = rest.strip_suffix('/').unwrap_or(rest).to_ascii_lowercase();
    let (name, port) = host.split_once(':').map_or((host.as_str(), None), |(n, p)| (n, Some(p)));
    let named = !name.is_empty() && name.len() <= 253 && name.split('.').all(|l| !l.is_empty() && l.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
    let port = port.is_none_or(|p| p.parse::<u16>().is_ok());
    (matches!(scheme.as_str(), "http" | "https") && named && port).then(|| format!("{scheme}://{host}"))
}

/// A question as it is shown and read.
#[derive(Clone, Debug)]
pub struct Question {
    /// The lead's field.
    pub field: Field,
    pub needed: bool,
    /// Most characters.
    pub most: usize,
}

/// A consent as it is shown and kept.
#[derive(Clone, Debug)]
pub struct Ask {
    pub id: Uuid,
    pub purpose: Uuid,
    /// Holds only when the person has confirmed it by a letter.
    pub confirmed_by_letter: bool,
    pub channels: Vec<String>,
    pub text: Name,
    pub needed: bool,
    /// Of the words: row and its revision.
    pub version: String,
}

/// A form with everything it asks.
#[derive(Clone, Debug)]
pub struct Form {
    pub record: Record,
    pub questions: Vec<Question>,
    pub asks: Vec<Ask>,
}

impl Form {
    /// The open form of this code.
    ///
    /// # Errors
    /// The database.
    pub async fn open(company: &Company, conn: &mut Conn, code: &str) -> Outcome<Option<Form>> {
        let query = Query { count: Count::None, ..Query::new(KEY).filter(Expr::path("code").eq(Expr::lit(code)).and(Expr::path("active"))).limit(1) };
        let Some(record) = company.list_in(conn, &company.system(), &query).await?.records.into_iter().next() else { return Ok(None) };
        Form::of(company, conn, record).await.map(Some)
    }

    /// # Errors
    /// The database.
    pub async fn of(company: &Company, conn: &mut Conn, record: Record) -> Outcome<Form> {
        let system = company.system();
        let lead = company.registry().object(lead::KEY)?.clone();
        let parts = |object: &str| Query { count: Count::None, ..Query::new(object).filter(Expr::path("form").eq(Expr::lit(record.id))).sort("position,created_at").limit(100) };
        let rows = company.list_in(conn, &system, &parts(QUESTION)).await?.records;
        let most = |key: &str| ASKED.iter().find(|(k, _)| *k == key).map(|(_, n)| *n);
        let question = |r: &Record| {
            let key = r.get("field").text()?;
            let mut field = lead.get(key)?.clone();
            if let Some(words) = r.get("words").name().filter(|n| !n.is_empty()) {
                field.label = Label::owned(words.get("ar").to_owned(), words.get("en").to_owned());
            }
            Some(Question { needed: r.get("needed").bool() == Some(true), most: most(key)?, field })
        };
        let mut questions: Vec<Question> = rows.iter().filter_map(question).collect();
        if questions.is_empty() {
            questions = USUAL.iter().filter_map(|(key, needed)| Some(Question { field: lead.get(key)?.clone(), needed: *needed, most: most(key)? })).collect();
        }
        // A lead has a name.
        match questions.iter_mut().find(|q| q.field.key == "name") {
            Some(name) => name.needed = true,
            None => questions.splice(0..0, lead.get("name").map(|f| Question { field: f.clone(), needed: true, most: 120 })).for_each(drop),
        }
        let mut asks = Vec::new();
        for r in company.list_in(conn, &system, &parts(CONSENT)).await?.records {
            let Some(id) = r.get("purpose").id() else { continue };
            let Ok(purpose) = company.get_in(conn, &system, "purpose", id).await else { continue };
            if purpose.get("active").bool() != Some(true) {
                continue;
            }
            let words = |key: &str| r.get(key).text().or_else(|| purpose.get(key).text()).unwrap_or_default().to_owned();
            let channels = if let Value::List(keys) = r.get("channels") { keys.clone() } else { vec!["email".to_owned()] };
            let version = format!("{} r{}.{}", record.get("code").text().unwrap_or_default(), record.rev, r.rev);
            let confirmed_by_letter = purpose.get("double_opt_in").bool() == Some(true);
            asks.push(Ask { id: r.id, purpose: id, confirmed_by_letter, channels, text: Name::new(words("text_ar"), words("text_en")), needed: r.get("needed").bool() == Some(true), version });
        }
        Ok(Form { record, questions, asks })
    }

    pub fn code(&self) -> &str {
        self.record.get("code").text().unwrap_or_default()
    }

    /// What it says in this language, or else in the other.
    pub fn words(&self, key: &str, lang: &str) -> &str {
        let other = if lang == "ar" { "en" } else { "ar" };
        [lang, other].into_iter().find_map(|l| self.record.get(&format!("{key}_{l}")).text()).unwrap_or_default()
    }

    pub fn sites(&self) -> Vec<String> {
        self.record.get("sites").text().unwrap_or_default().lines().map(str::to_owned).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn mkt_11_only_whole_origins_may_embed_a_form() {
        assert_eq!(origin("https://Shop.example/").as_deref(), Some("https://shop.example"));
        assert_eq!(origin("http://localhost:8080").as_deref(), Some("http://localhost:8080"));
        for no in ["shop.example", "https://*", "https://shop.example/page", "javascript://x y", "https://a;b", "https://a:99999", "https://", "ftp://a.example"] {
            assert_eq!(origin(no), None, "{no}");
        }
    }
}
