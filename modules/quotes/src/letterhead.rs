//! What stands at the head of a quote and is the same for all: address, numbers, usual terms.

use crate::view::view;
use engine::{Actor, Answer, Company, Cx, Form, PageCx, settings};
use futures::future::BoxFuture;
use kernel::{Fault, Name, Outcome};
use maud::{Markup, Render, html};
use serde_json::{Value as Json, json};
use text::Lang;
use ui::cx::{Titles, ViewCx};

const KEY: &str = "letterhead";
/// Letters of the longest part.
const LONGEST: usize = 4_000;
/// Parts of the form and of what is kept: key, sentence, several lines.
const PARTS: [(&str, &str, bool); 9] = [
    ("address_ar", "quotes-head-address-ar", true),
    ("address_en", "quotes-head-address-en", true),
    ("phone", "quotes-head-phone", false),
    ("email", "quotes-head-email", false),
    ("website", "quotes-head-website", false),
    ("tax_number", "quotes-head-tax-number", false),
    ("register_number", "quotes-head-register-number", false),
    ("terms_ar", "quotes-head-terms-ar", true),
    ("terms_en", "quotes-head-terms-en", true),
];

/// The parts by their keys; absent ones are empty.
#[derive(Clone, Debug, Default)]
pub struct Letterhead(Json);

impl Letterhead {
    /// # Errors
    /// The database.
    pub async fn load(company: &Company) -> Outcome<Letterhead> {
        let mut conn = company.db().read().await?;
        let saved = settings::get(&mut conn, "company", KEY).await?;
        Ok(Letterhead(saved.and_then(|t| serde_json::from_str(&t).ok()).unwrap_or(Json::Null)))
    }
    pub fn get(&self, key: &str) -> &str {
        self.0.get(key).and_then(Json::as_str).unwrap_or_default()
    }
    /// In the language, else in the other one.
    pub fn said(&self, key: &str, lang: Lang) -> String {
        Name::new(self.get(&format!("{key}_ar")), self.get(&format!("{key}_en"))).get(lang.code()).to_owned()
    }

    /// # Errors
    /// Forbidden but for administrators; invalid: a part that is too long.
    pub async fn save(company: &Company, actor: &Actor, form: &Form) -> Outcome<()> {
        actor.must_administer()?;
        let said = |key: &str| form.get(key).trim().replace("\r\n", "\n");
        if PARTS.iter().any(|(key, ..)| said(key).chars().count() > LONGEST) {
            return Err(Fault::invalid("", "quotes-head-too-long"));
        }
        let kept: serde_json::Map<String, Json> = PARTS.iter().map(|(key, ..)| ((*key).to_owned(), json!(said(key)))).collect();
        let mut cx: Cx = company.write(actor).await?;
        settings::put(&mut cx.tx, "company", KEY, &Json::Object(kept).to_string()).await?;
        cx.commit().await
    }
}

pub fn render(page: PageCx) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let head = Letterhead::load(&page.company).await?;
        let titles = Titles::new();
        let cx = view(&page, &titles);
        Ok(form(&cx, &head, None).into_string().into())
    })
}

pub fn post(page: PageCx, sent: Form) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        if let Err(fault) = Letterhead::save(&page.company, &page.actor, &sent).await {
            let kept: serde_json::Map<String, Json> = PARTS.iter().map(|(key, ..)| ((*key).to_owned(), json!(sent.get(key)))).collect();
            let titles = Titles::new();
            let cx = view(&page, &titles);
            return Ok(Answer::Html(form(&cx, &Letterhead(Json::Object(kept)), Some(&fault)).into_string(), Some(fault)));
        }
        Ok(Answer::Go { to: "/quotes/letterhead".into(), said: "quotes-head-saved" })
    })
}

fn form(cx: &ViewCx<'_>, head: &Letterhead, fault: Option<&Fault>) -> Markup {
    let body = html! {
        @if let Some(fault) = fault { (ui::mark::flash(ui::mark::Mood::Bad, &html! { @for i in &fault.issues { (cx.issue(i)) " " } })) }
        form method="post" action="/quotes/letterhead" class="stack quote-head-form" {
            @for (key, word, long) in PARTS {
                label class="pair-label" {
                    span { (cx.t(word)) }
                    @if long { textarea class="textarea" name=(key) rows="4" dir="auto" { (head.get(key)) } }
                    @else { input class="input" type="text" name=(key) dir="auto" value=(head.get(key)); }
                }
            }
            div { (ui::button(cx.t("save")).primary().submit().render()) }
        }
    };
    ui::shell::simple_page(&cx.t("quotes-letterhead"), &cx.t("quotes-letterhead-about"), &html! {}, &html! { div class="block-body" { (body) } })
}
