//! The company's settings and its mail server.

use crate::admin::{guard, page};
use crate::me::zones;
use crate::refusal::Reply;
use crate::sent::Sent;
use crate::sign::{loose, with_status};
use crate::visit::{Shown, Visit};
use auth::mail::Transport;
use axum::response::Response;
use engine::Settings;
use kernel::{Fault, FaultKind, Kind, Label, Name, Outcome, Value};
use maud::{Markup, Render, html};
use ui::button::button;
use ui::cx::ViewCx;
use ui::record::padded_block;

/// `GET /admin/settings`
pub async fn show(visit: Visit) -> Reply {
    guard(&visit)?;
    Ok(settings_page(&visit, None).await?)
}

/// The mail server: its address holds a password and is never shown again.
fn mail_form(transport: &Transport, fault: Option<&Fault>, cx: &ViewCx<'_>) -> Markup {
    let set = !transport.url.is_empty();
    html! {
        form class="stack" method="post" action="/admin/mail" {
            (loose(fault, &[], cx))
            p class="soft small" { (cx.t(if set { "web-mail-set" } else { "web-mail-unset" })) }
            div class="pair" {
                label class="pair-label" { span { (cx.t("web-mail-url")) } input class="input" type="password" name="url" dir="ltr" autocomplete="off" placeholder="smtps://user:password@smtp.example.com:465"; }
                label class="pair-label" { span { (cx.t("web-mail-from")) } input class="input" type="email" name="from" value=(transport.from) dir="ltr" maxlength="254"; }
            }
            @if set { label class="check" { input type="checkbox" name="remove" value="1"; span { (cx.t("web-mail-remove")) } } }
            div { (button(cx.t("save")).submit().render()) }
        }
    }
}

/// `POST /admin/mail`
pub async fn save_mail(visit: Visit, sent: Sent) -> Reply {
    guard(&visit)?;
    let old = Transport::load(&visit.company).await?;
    let typed = sent.get("url").trim();
    let url = match (sent.get("remove"), typed) {
        ("1", _) => String::new(),
        (_, "") => old.url,
        (_, typed) => typed.to_owned(),
    };
    match (Transport { url, from: sent.get("from").trim().to_owned() }).save(&visit.company, &visit.actor).await {
        Ok(()) => Ok(visit.go("/admin/settings", "web-said-saved")),
        Err(fault) if fault.kind == FaultKind::Invalid => Ok(with_status(settings_page(&visit, Some(&fault)).await?, &fault)),
        Err(fault) => Err(fault.into()),
    }
}

async fn settings_page(visit: &Visit, fault: Option<&Fault>) -> Outcome<Response> {
    let transport = Transport::load(&visit.company).await?;
    let of_mail = fault.filter(|f| f.issues.iter().any(|i| i.field == "from" || i.key == "auth-mail-bad-url"));
    let fault = fault.filter(|_| of_mail.is_none());
    let none = Shown::default();
    let cx = visit.cx(&none);
    let s = visit.company.settings();
    let line = |name: &'static str, word: &'static str, value: &str, dir: &'static str| {
        html! { label class="pair-label" { span { (cx.t(word)) } input class="input" name=(name) value=(value) dir=(dir) maxlength="300"; } }
    };
    let form = html! {
        form class="stack" method="post" action="/admin/settings" {
            (loose(fault, &[], &cx))
            div class="pair" {
                (line("name.ar", "web-company-ar", &s.name.ar, "auto"))
                (line("name.latin", "web-company-latin", &s.name.latin, "auto"))
                label class="pair-label" { span { (cx.t("ui-country")) } select class="select" name="country" { @for (code, name) in cx.countries(&s.country) { option value=(code) selected[code == s.country] { (name) } } } }
                label class="pair-label" { span { (cx.t("ui-currency")) } select class="select" name="currency" { @for (code, name) in cx.currencies(&s.currency) { option value=(code) selected[code == s.currency] { (name) " (" (code) ")" } } } }
                label class="pair-label" { span { (cx.t("web-zone")) } select class="select" name="zone" { @for z in zones(&s.zone) { option value=(z) selected[z == s.zone] { (z) } } } }
                label class="pair-label" { span { (cx.t("ui-language")) } select class="select" name="lang" { option value="ar" selected[s.lang == "ar"] { "العربية" } option value="en" selected[s.lang == "en"] { "English" } } }
                (line("url", "web-settings-url", &s.url, "ltr"))
                label class="pair-label" { span { (cx.t("web-settings-reads-kept")) } input class="input" type="number" name="reads_kept" min="1" max="120" value=(s.reads_kept) dir="ltr"; }
                (line("notice.ar", "web-settings-notice-ar", &s.notice.ar, "auto"))
                (line("notice.en", "web-settings-notice-en", &s.notice.en, "auto"))
            }
            div { (button(cx.t("save")).primary().submit().render()) }
        }
    };
    let body = html! {
        (padded_block(&cx.t("web-admin-settings"), None, &html! {}, &form))
        (padded_block(&cx.t("web-mail"), None, &html! {}, &mail_form(&transport, of_mail, &cx)))
    };
    Ok(page(visit, "settings", &body, &cx))
}

/// `POST /admin/settings`
pub async fn save(visit: Visit, sent: Sent) -> Reply {
    guard(&visit)?;
    let some = |name: &str| sent.get(name).trim().to_owned();
    let mut issues = Vec::new();
    let name = Name::new(some("name.ar"), some("name.latin"));
    if name.is_empty() {
        issues.push(kernel::Issue::new("company", "value-required"));
    }
    if !text::money::is_code(&some("currency")) {
        issues.push(kernel::Issue::new("currency", "value-unknown-currency"));
    }
    if jiff::tz::TimeZone::get(&some("zone")).is_err() {
        issues.push(kernel::Issue::new("zone", "auth-unknown-zone"));
    }
    let reads_kept = some("reads_kept").parse().unwrap_or_else(|_| visit.company.settings().reads_kept);
    issues.extend(Settings::misfit_reads_kept(reads_kept));
    let url = match some("url").as_str() {
        "" => String::new(),
        typed => match kernel::parse::from_text(&Kind::Url, typed, &visit.ctx()) {
            Ok(Value::Text(t)) if t.starts_with("http") => t.trim_end_matches('/').to_owned(),
            _ => {
                issues.push(kernel::Issue::new("url", "value-not-url"));
                String::new()
            }
        },
    };
    if let Err(fault) = Fault::check(issues) {
        return Ok(with_status(settings_page(&visit, Some(&fault)).await?, &fault));
    }
    let settings = Settings {
        name,
        country: some("country").chars().take(2).collect::<String>().to_ascii_uppercase(),
        currency: some("currency"),
        zone: some("zone"),
        lang: if some("lang") == "en" { "en".into() } else { "ar".into() },
        notice: Label::owned(some("notice.ar"), some("notice.en")),
        url,
        reads_kept,
        ..Settings::clone(&visit.company.settings())
    };
    visit.company.save_settings(&visit.actor, settings).await?;
    Ok(visit.go("/admin/settings", "web-said-saved"))
}
