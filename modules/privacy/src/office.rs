//! `/privacy/office`: the statement with what is missing in it, and who answers for the data.

use crate::settings::Privacy;
use crate::view::view;
use crate::{law, statement};
use engine::{Answer, Form, PageCx};
use futures::future::BoxFuture;
use kernel::{Label, Outcome};
use maud::{Markup, PreEscaped, Render, html};
use ui::cx::{Titles, ViewCx};

pub(crate) fn render(page: PageCx) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let titles = Titles::new();
        let cx = view(&page, &titles);
        let privacy = Privacy::load(&page.company).await?;
        let missing = statement::uncovered(&page.company).await?;
        let version = statement::published(&page.company).await?;
        let stale = match &version {
            Some(v) => statement::stale(&page.company, v).await?,
            None => true,
        };
        let draft = statement::text(&page.company, page.actor.locale.lang).await?;
        let registry = page.company.registry();
        let public = cx.with_query("/p/privacy/statement", &[("lang", cx.lang())]);
        let publish = html! {
            form method="post" action="/privacy/office" { (ui::button(cx.t("privacy-publish")).primary().submit().disabled(!stale).attr("name", "do").attr("value", "publish").render()) }
            (ui::button(cx.t("privacy-open-public")).href(public).render())
        };
        let body = html! {
            div class="stack pv-office" {
                @if !missing.is_empty() {
                    (ui::mark::flash(ui::mark::Mood::Warn, &html! {
                        strong { (cx.tf("privacy-uncovered", &[("count", missing.len().into())])) }
                        p class="small" { @for (i, (object, f)) in missing.iter().enumerate() {
                            @if i > 0 { (cx.locale.pick("، ", ", ")) }
                            bdi { (cx.label(&f.label)) } " " span class="muted" { "(" @if let Some(o) = registry.find(object) { (cx.label(&o.label)) } ")" }
                        } }
                        p class="small" { a href="/purpose" { (cx.t("privacy-to-purposes")) } }
                    }))
                }
                @match (&version, stale) {
                    (None, _) => (ui::mark::flash(ui::mark::Mood::Info, &html! { (cx.t("privacy-never-published")) })),
                    (Some(_), true) => (ui::mark::flash(ui::mark::Mood::Warn, &html! { (cx.t("privacy-stale")) })),
                    (Some(v), false) => (ui::mark::flash(ui::mark::Mood::Good, &html! { (cx.tf("privacy-current", &[("number", v.get("number").text().unwrap_or_default().into())])) })),
                }
                (ui::record::padded_block(&cx.t("privacy-responsible"), None, &html! {}, &form(&cx, &page, &privacy)))
                (ui::record::padded_block(&cx.t("privacy-draft"), None, &html! { div class="cluster" { (publish) } }, &html! { div class="pv-statement" { (PreEscaped(draft)) } }))
            }
        };
        let title = cx.t("privacy-office");
        Ok(ui::shell::simple_page(&title, "", &html! {}, &body).into_string().into())
    })
}

fn form(cx: &ViewCx<'_>, page: &PageCx, p: &Privacy) -> Markup {
    let line = |name: &'static str, word: &'static str, value: &str, dir: &'static str| html! { label class="pair-label" { span { (cx.t(word)) } input class="input" name=(name) value=(value) dir=(dir) maxlength="300"; } };
    let area = |name: &str, word: &'static str, value: &str| html! { label class="pair-label" { span { (cx.t(word)) } textarea class="textarea" name=(name) dir="auto" maxlength="8000" { (value) } } };
    let law = p.law(&page.company);
    html! {
        form class="stack" method="post" action="/privacy/office" {
            div class="pair" {
                label class="pair-label" { span { (cx.t("privacy-law")) } select class="select" name="law" { @for l in law::all() { option value=(l.key) selected[l.key == law.key] { (cx.label(&l.name)) } } } }
                (line("email", "privacy-email", &p.email, "ltr"))
                (line("controller.ar", "privacy-controller-ar", p.controller.get("ar"), "auto"))
                (line("controller.en", "privacy-controller-en", p.controller.get("en"), "auto"))
                (line("address.ar", "privacy-address-ar", p.address.get("ar"), "auto"))
                (line("address.en", "privacy-address-en", p.address.get("en"), "auto"))
                (line("dpo.ar", "privacy-dpo-ar", p.dpo.get("ar"), "auto"))
                (line("dpo.en", "privacy-dpo-en", p.dpo.get("en"), "auto"))
                (line("dpo_email", "privacy-dpo-email", &p.dpo_email, "ltr"))
                (line("phone", "privacy-phone", &p.phone, "ltr"))
            }
            p class="soft small" { (cx.tf("privacy-law-says", &[("days", law.answer_days.into()), ("hours", law.breach_hours.into()), ("age", law.minor_age.into())])) " " span lang="en" dir="ltr" { (law.source) } }
            div class="pair" {
                (area("intro.ar", "privacy-intro-ar", p.intro.get("ar"))) (area("intro.en", "privacy-intro-en", p.intro.get("en")))
                (area("transfer.ar", "privacy-transfer-ar", p.transfer.get("ar"))) (area("transfer.en", "privacy-transfer-en", p.transfer.get("en")))
                (area("security.ar", "privacy-security-ar", p.security.get("ar"))) (area("security.en", "privacy-security-en", p.security.get("en")))
            }
            label class="check" { input type="checkbox" name="four_eyes" value="1" checked[p.four_eyes]; span { (cx.t("privacy-four-eyes")) } }
            label class="check" { input type="checkbox" name="at_once" value="1" checked[p.at_once]; span { (cx.t("privacy-at-once")) } }
            div { (ui::button(cx.t("save")).submit().attr("name", "do").attr("value", "save").render()) }
        }
    }
}

pub(crate) fn post(page: PageCx, sent: Form) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        if sent.get("do") == "publish" {
            statement::publish(&page.company, &page.actor).await?;
            return Ok(Answer::Go { to: "/privacy/office".into(), said: "privacy-said-published" });
        }
        let some = |name: &str| sent.get(name).trim().chars().take(8_000).collect::<String>();
        let both = |name: &str| Label::owned(some(&format!("{name}.ar")), some(&format!("{name}.en")));
        let privacy = Privacy {
            law: some("law"),
            controller: both("controller"),
            address: both("address"),
            email: some("email"),
            phone: some("phone"),
            dpo: both("dpo"),
            dpo_email: some("dpo_email"),
            intro: both("intro"),
            security: both("security"),
            transfer: both("transfer"),
            four_eyes: sent.has("four_eyes"),
            at_once: sent.has("at_once"),
        };
        privacy.save(&page.company, &page.actor).await?;
        Ok(Answer::Go { to: "/privacy/office".into(), said: "web-said-saved" })
    })
}
