//! The privacy statement: its tables are made from what the registry and the purposes say, its words by people; every
//! published version is kept.

use crate::law::Law;
use crate::settings::Privacy;
use crate::view::view;
use engine::{Answer, Company, PageCx, Query};
use futures::future::BoxFuture;
use kernel::expr::Expr;
use kernel::{Capability, Field, Kind, Object, Outcome, Record, Registry, Sensitivity, Value, label};
use maud::{Markup, PreEscaped, html};
use std::collections::BTreeMap;
use text::i18n::{Arg, t_plain};
use text::locale::Lang;
use ui::cx::Titles;

/// Published versions.
pub fn object() -> Object {
    Object::new("privacy_statement", "privacy", label("إصدار بيان الخصوصية", "Version of the privacy statement"), label("إصدارات بيان الخصوصية", "Versions of the privacy statement"))
        .icon("file-text")
        .title("number")
        .sort("-published_at")
        .without(&[Capability::Menu, Capability::Import, Capability::Comments, Capability::Files, Capability::Search])
        .field(Field::new("number", Kind::Sequence { prefix: "V".into(), pad: 1, gap_free: true }, label("الإصدار", "Version")))
        .field(Field::new("published_at", Kind::DateTime, label("نُشر في", "Published")).readonly().list())
        .field(Field::new("ar", Kind::RichText, label("النص العربي", "Arabic")).readonly())
        .field(Field::new("en", Kind::RichText, label("النص الإنجليزي", "English")).readonly())
}

/// What one purpose says about itself.
struct Row {
    name: String,
    basis: String,
    data: Vec<String>,
    recipients: String,
    kept: String,
}

/// Fields that may point to a person: personal ones, and what names or reaches a party.
fn personal(registry: &Registry) -> Vec<(String, Field)> {
    let mut all = Vec::new();
    for object in registry.objects().filter(|o| !["user", "team"].contains(&o.key.as_str()) && o.module != "privacy") {
        for f in &object.fields {
            let reaches = matches!(f.kind, Kind::Name | Kind::Email | Kind::Phone | Kind::Address) && (object.key == "party" || f.sensitivity == Sensitivity::Personal);
            if (reaches || f.sensitivity == Sensitivity::Personal) && !f.kind.computed() {
                all.push((object.key.clone(), f.clone()));
            }
        }
    }
    all
}

async fn purposes(company: &Company) -> Outcome<Vec<Record>> {
    let query = Query { limit: 200, count: engine::Count::None, ..Query::new("purpose") }.filter(Expr::parse("active == true")?).sort("position");
    Ok(company.list(&company.system(), &query).await?.records)
}

/// `party.email`, `party.*` → does it cover the field?
fn covers(line: &str, object: &str, field: &str) -> bool {
    line.trim().split_once('.').is_some_and(|(o, f)| o == object && (f == "*" || f == field))
}

/// Personal fields that no active purpose covers: `object.field` and their label.
///
/// # Errors
/// The database.
pub async fn uncovered(company: &Company) -> Outcome<Vec<(String, Field)>> {
    let registry = company.registry();
    let purposes = purposes(company).await?;
    let lines: Vec<&str> = purposes.iter().filter_map(|p| p.get("covers").text()).flat_map(str::lines).collect();
    // What is part of a party is covered where the party's own field of the same kind is.
    let also = |object: &str, field: &str| object.strip_prefix("party_").is_some_and(|_| lines.iter().any(|l| covers(l, "party", field)));
    Ok(personal(&registry).into_iter().filter(|(o, f)| !lines.iter().any(|l| covers(l, o, &f.key)) && !also(o, &f.key)).collect())
}

fn rows(registry: &Registry, purposes: &[Record], lang: Lang) -> Vec<Row> {
    let code = lang.code();
    let bases: BTreeMap<String, String> = base::purpose::bases().into_iter().map(|c| (c.key, c.label.get(code).to_owned())).collect();
    let text = |p: &Record, field: &str| p.get(&format!("{field}_{code}")).text().unwrap_or_default().to_owned();
    purposes
        .iter()
        .map(|p| {
            let lines: Vec<&str> = p.get("covers").text().unwrap_or_default().lines().collect();
            let data = personal(registry).into_iter().filter(|(o, f)| lines.iter().any(|l| covers(l, o, &f.key)));
            let mut data: Vec<String> = data.map(|(_, f)| f.label.get(code).to_owned()).collect();
            for line in &lines {
                if let Some((o, f)) = line.trim().split_once('.')
                    && let Some(field) = registry.find(o).and_then(|o| o.get(f))
                    && !data.contains(&field.label.get(code).to_owned())
                {
                    data.push(field.label.get(code).to_owned());
                }
            }
            data.dedup();
            Row {
                name: p.get("name").name().map(|n| n.get(code).to_owned()).unwrap_or_default(),
                basis: p.get("basis").text().and_then(|b| bases.get(b)).cloned().unwrap_or_default(),
                data,
                recipients: text(p, "recipients"),
                kept: text(p, "kept"),
            }
        })
        .collect()
}

/// The statement as it would be published now, in one language.
///
/// # Errors
/// The database.
pub async fn text(company: &Company, lang: Lang) -> Outcome<String> {
    let privacy = Privacy::load(company).await?;
    let law: &Law = privacy.law(company);
    let purposes = purposes(company).await?;
    let rows = rows(&company.registry(), &purposes, lang);
    let code = lang.code();
    let say = |key: &str| t_plain(lang, key, &[]);
    let controller = privacy.controller_name(company, code);
    let days = t_plain(lang, "privacy-text-days", &[("days", Arg::Int(law.answer_days))]);
    let comma = lang.pick("، ", ", ");
    let authority = lang.pick(law.authority.ar.as_str(), law.authority.en.as_str());
    let body: Markup = html! {
        p { (privacy.intro.get(code)) }
        h2 { (say("privacy-text-who")) }
        p { strong { (controller) } @if !privacy.address.get(code).is_empty() { br; (privacy.address.get(code)) } }
        p { @if !privacy.email.is_empty() { (privacy.email) " " } @if !privacy.phone.is_empty() { (privacy.phone) } }
        @if !privacy.dpo.get(code).is_empty() || !privacy.dpo_email.is_empty() { p { (say("privacy-text-dpo")) " " (privacy.dpo.get(code)) " " (privacy.dpo_email) } }
        h2 { (say("privacy-text-what")) }
        @for r in &rows {
            h3 { (r.name) }
            ul {
                @if !r.data.is_empty() { li { strong { (say("privacy-text-data")) } " " (r.data.join(comma)) } }
                li { strong { (say("privacy-text-basis")) } " " (r.basis) }
                @if !r.kept.is_empty() { li { strong { (say("privacy-text-kept")) } " " (r.kept) } }
                @if !r.recipients.is_empty() { li { strong { (say("privacy-text-recipients")) } " " (r.recipients) } }
            }
        }
        @for clause in company.modules().iter().flat_map(|m| &m.clauses) {
            h2 { (clause.heading.get(code)) }
            p { (clause.text.get(code)) }
        }
        h2 { (say("privacy-text-transfer")) }
        p { (privacy.transfer.get(code)) }
        h2 { (say("privacy-text-security")) }
        p { (privacy.security.get(code)) }
        h2 { (say("privacy-text-rights")) }
        ul { @for right in &law.rights { li { (say(&format!("privacy-right-{right}"))) } } }
        p { (say("privacy-text-how")) " " (days) }
        p { (say("privacy-text-complain")) " " (authority) ", " (law.authority.url) }
        p { (say("privacy-text-law")) " " (law.name.get(code)) }
    };
    Ok(body.into_string())
}

/// The version in force.
///
/// # Errors
/// The database.
pub async fn published(company: &Company) -> Outcome<Option<Record>> {
    let query = Query { limit: 1, count: engine::Count::None, ..Query::new("privacy_statement") }.sort("-published_at");
    Ok(company.list(&company.system(), &query).await?.records.into_iter().next())
}

/// Keeps what the statement says now as a new version.
///
/// # Errors
/// Those of saving: who publishes needs the right to.
pub async fn publish(company: &Company, actor: &engine::Actor) -> Outcome<()> {
    let (ar, en) = (text(company, Lang::Ar).await?, text(company, Lang::En).await?);
    let mut cx = company.write(actor).await?;
    let draft = engine::Draft::new().trusted().set("published_at", cx.now).set("ar", ar).set("en", en);
    cx.save("privacy_statement", draft).await?;
    cx.commit().await
}

/// What would be published differs from what is.
///
/// # Errors
/// The database.
pub async fn stale(company: &Company, published: &Record) -> Outcome<bool> {
    // As it is stored: cleaned of what rich text does not have.
    let plain = |html: &str| kernel::parse::strip_tags(html).split_whitespace().collect::<Vec<_>>().join(" ");
    let now = [text(company, Lang::Ar).await?, text(company, Lang::En).await?];
    let was = ["ar", "en"].map(|l| published.get(l).text().unwrap_or_default().to_owned());
    Ok(now.iter().zip(&was).any(|(a, b)| plain(a) != plain(b)))
}

/// `GET /p/privacy/statement`: for everybody.
pub(crate) fn public(page: PageCx) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let titles = Titles::new();
        let cx = view(&page, &titles);
        let version = published(&page.company).await?;
        let body = match &version {
            Some(v) => v.get(cx.lang()).text().unwrap_or_default().to_owned(),
            None => text(&page.company, page.actor.locale.lang).await?,
        };
        let at = version.as_ref().and_then(|v| v.get("published_at").datetime());
        let number = version.as_ref().map(|v| match v.get("number") {
            Value::Text(t) => t.clone(),
            _ => String::new(),
        });
        Ok(html! {
            article class="pv-page pv-statement" {
                h1 { (cx.t("privacy-statement")) }
                @if let (Some(at), Some(number)) = (at, number) { p class="muted small" { bdi { (number) } " · " (cx.date(cx.civil(at))) } }
                (PreEscaped(body))
            }
        }
        .into_string()
        .into())
    })
}
