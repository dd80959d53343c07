//! The mailboxes: how each is doing, adding one with a known provider, trying the connection.

use super::{choice, refusal, text, view};
use crate::access;
use engine::{Answer, Draft, Form, PageCx, Query};
use futures::future::BoxFuture;
use kernel::{Fault, FaultKind, Issue, Outcome, Record, Verb};
use mail::preset::{PRESETS, preset};
use maud::{Markup, Render, html};
use ui::button::button;
use ui::cx::ViewCx;
use ui::mark::{Empty, empty};
use uuid::Uuid;

pub fn render(page: PageCx) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move { show(&page, None).await })
}

async fn show(page: &PageCx, fault: Option<Fault>) -> Outcome<Answer> {
    let found = page.company.list(&page.actor, &Query::new("mailbox").limit(200)).await?;
    let registry = page.company.registry();
    let may_add = registry.find("mailbox").is_some_and(|o| page.actor.may(o, &Verb::Create));
    let titles: ui::Titles = found.titles.iter().map(|(id, n)| (*id, n.get(page.actor.lang()).to_owned())).collect();
    let cx = view(page, &titles);
    let body = html! {
        (refusal(&cx, fault.as_ref()))
        @if found.records.is_empty() { (empty(Empty::List, &cx.t("mail-no-box"), &cx.t("mail-no-box-text"), &html! {})) }
        @else { ul class="mail-boxes" { @for b in &found.records { (card(page, &cx, b)) } } }
        @if may_add { (ui::record::padded_block(&cx.t("mail-add-box"), None, &html! {}, &add(&cx))) }
    };
    Ok(Answer::Html(ui::shell::simple_page(&cx.t("mail-boxes"), "", &html! {}, &body).into_string(), fault))
}

fn card(page: &PageCx, cx: &ViewCx<'_>, b: &Record) -> Markup {
    let trouble = b.get("trouble").to_json();
    let issues: Vec<Issue> = trouble.get("issues").and_then(|i| i.as_array()).into_iter().flatten().filter_map(issue).collect();
    html! {
        li class="mail-box" {
            div class="grow" {
                div class="cluster" { a class="strong" href=(cx.record_url("mailbox", b.id)) { bdi { (text(b, "name")) } } (choice(page, cx, b, "status")) (choice(page, cx, b, "kind")) }
                p class="muted small" { bdi class="ltr" { (text(b, "address")) } @if let Some(at) = b.get("synced_at").datetime() { " · " (cx.t("mail-synced")) " " (cx.relative(at)) } }
                @for i in &issues { p class="small mail-trouble" { (cx.issue(i)) } }
            }
            form class="cluster" method="post" action="/mail/boxes" {
                input type="hidden" name="mailbox" value=(b.id);
                (button(cx.t("mail-test")).small().submit().attr("name", "do").attr("value", "test").render())
                (button(cx.t("mail-sync")).small().submit().attr("name", "do").attr("value", "sync").render())
                @if text(b, "auth") == "oauth2" { a class="btn btn-sm" href=(cx.with_query("/mail/consent", &[("mailbox", &b.id.to_string())])) { (cx.t("mail-consent")) } }
                a class="btn btn-sm btn-ghost" href=(cx.with_query("/mail/ledger", &[("box", &b.id.to_string())])) { (cx.t("mail-ledger")) }
            }
        }
    }
}

fn issue(value: &serde_json::Value) -> Option<Issue> {
    let mut issue = Issue::new("", value.get("key")?.as_str()?);
    for pair in value.get("args").and_then(|a| a.as_array()).into_iter().flatten() {
        if let (Some(k), Some(v)) = (pair.get(0).and_then(|k| k.as_str()), pair.get(1).and_then(|v| v.as_str())) {
            issue = issue.arg(k, v);
        }
    }
    Some(issue)
}

fn add(cx: &ViewCx<'_>) -> Markup {
    let field = |name: &str, label: &str, kind: &str, dir: &str| html! { label class="pair-label" { span { (cx.t(label)) } input class="input" type=(kind) name=(name) dir=(dir) autocomplete="off" maxlength="300"; } };
    html! {
        form class="stack" method="post" action="/mail/boxes" {
            div class="pair" {
                label class="pair-label" { span { (cx.t("mail-provider")) } select class="select" name="provider" { @for p in PRESETS { option value=(p.key) { (cx.t(&format!("mail-provider-{}", p.key))) } } } }
                (field("name", "mail-box-name", "text", "auto"))
                (field("address", "mail-address", "email", "ltr"))
                (field("password", "mail-password", "password", "ltr"))
            }
            details { summary { (cx.t("mail-own-server")) } div class="pair" {
                (field("imap_host", "mail-imap", "text", "ltr")) (field("smtp_host", "mail-smtp", "text", "ltr"))
            } }
            p class="muted small" { (cx.t("mail-add-hint")) }
            div { (button(cx.t("mail-add-box")).primary().submit().attr("name", "do").attr("value", "add").render()) }
        }
    }
}

pub fn post(page: PageCx, form: Form) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let done = match form.get("do") {
            "add" => create(&page, &form).await.map(|id| (format!("/mailbox/{id}"), "mail-said-added")),
            "test" => test(&page, &form).await.map(|()| ("/mail/boxes".to_owned(), "mail-said-works")),
            _ => sync(&page, &form).await.map(|()| ("/mail/boxes".to_owned(), "mail-said-sync")),
        };
        match done {
            Ok((to, said)) => Ok(Answer::Go { to, said }),
            Err(fault) if matches!(fault.kind, FaultKind::Invalid | FaultKind::Unavailable) && !fault.issues.is_empty() => {
                // The server's trouble is told; our own page stands.
                show(&page, Some(Fault { kind: FaultKind::Invalid, ..fault })).await
            }
            Err(fault) => Err(fault),
        }
    })
}

async fn create(page: &PageCx, form: &Form) -> Outcome<Uuid> {
    let p = preset(form.get("provider"));
    let address = form.get("address").trim().to_lowercase();
    let host = |own: &str, known: &str| if known.is_empty() { own.trim().to_owned() } else { known.to_owned() };
    let draft = Draft::new()
        .set("name", if form.get("name").trim().is_empty() { address.as_str() } else { form.get("name").trim() })
        .set("address", address.as_str())
        .set("provider", p.key)
        .set("imap_host", host(form.get("imap_host"), p.imap.0))
        .set("imap_port", i64::from(p.imap.1))
        .set("smtp_host", host(form.get("smtp_host"), p.smtp.0))
        .set("smtp_port", i64::from(p.smtp.1))
        .set("smtp_security", if p.smtp.2 == mail::Security::Starttls { "starttls" } else { "tls" })
        .set("keep_sent", !p.keeps_sent);
    let password = form.get("password").to_owned();
    page.company
        .transact(&page.actor, |cx| {
            let (draft, password) = (draft.clone(), password.clone());
            Box::pin(async move {
                let made = cx.save("mailbox", draft).await?.into_record();
                if !password.is_empty() {
                    access::keep_secret(cx, made.id, access::PASSWORD, &password).await?;
                }
                Ok(made.id)
            })
        })
        .await
}

async fn chosen(page: &PageCx, form: &Form) -> Outcome<Record> {
    let id: Uuid = form.get("mailbox").parse().map_err(|_| Fault::not_found())?;
    let record = page.company.get(&page.actor, "mailbox", id).await?;
    if page.company.may_on(&page.actor, &record, &Verb::Act("sync".into())).await? { Ok(record) } else { Err(Fault::forbidden()) }
}

async fn test(page: &PageCx, form: &Form) -> Outcome<()> {
    let mailbox = chosen(page, form).await?;
    access::check(&page.company, &mailbox).await
}

async fn sync(page: &PageCx, form: &Form) -> Outcome<()> {
    let mailbox = chosen(page, form).await?;
    page.company.dispatch(&page.actor, "mailbox", mailbox.id, "sync", None, engine::Input::new()).await.map(|_| ())
}
