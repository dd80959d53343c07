//! Connecting a mailbox at its provider: the person goes there, allows us in, and comes back with a code.
//!
//! What we must know when he comes back travels with him, sealed, and is good for him alone, for ten minutes, and for the
//! mailbox as it was: nobody can push an account of his own onto a colleague's mailbox.

use super::{refusal, view};
use crate::access;
use engine::{Answer, PageCx};
use futures::future::BoxFuture;
use kernel::{Fault, FaultKind, Issue, Outcome, Record, Verb};
use maud::{Render, html};
use serde_json::json;
use ui::button::button;
use uuid::Uuid;

const PURPOSE: &str = "mail.consent";
/// Seconds.
const GOOD_FOR: i64 = 600;

/// `GET /mail/consent?mailbox=ID`: what will happen, and the way there; with `state`: the way back.
pub fn render(page: PageCx) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        if page.param("state").is_empty() {
            let mailbox = own(&page, page.param("mailbox").parse().map_err(|_| Fault::not_found())?).await?;
            return ask(&page, &mailbox).await;
        }
        match back(&page).await {
            Ok(()) => Ok(Answer::Go { to: "/mail/boxes".into(), said: "mail-said-connected" }),
            Err(fault) if fault.kind == FaultKind::NotFound => Err(fault),
            Err(fault) => Ok(shown(&page, None, &Fault { kind: FaultKind::Invalid, ..fault })),
        }
    })
}

/// A mailbox whose secrets the reader may set. Whoever looks as a colleague connects nothing in his name.
async fn own(page: &PageCx, id: Uuid) -> Outcome<Record> {
    let mailbox = page.company.get(&page.actor, "mailbox", id).await?;
    let may = page.actor.viewer.is_none() && page.company.may_on(&page.actor, &mailbox, &Verb::Act("secret".into())).await?;
    if may { Ok(mailbox) } else { Err(Fault::forbidden()) }
}

async fn ask(page: &PageCx, mailbox: &Record) -> Outcome<Answer> {
    let verifier = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    let consent = match access::consent(&page.company, mailbox, &verifier).await {
        Ok(consent) => consent,
        Err(fault) if fault.kind == FaultKind::Invalid => return Ok(shown(page, Some(mailbox), &fault)),
        Err(fault) => return Err(fault),
    };
    let kept = json!({
        "mailbox": mailbox.id, "user": page.actor.id, "verifier": verifier, "place": access::place(mailbox),
        "until": page.company.now().as_second() + GOOD_FOR,
    });
    let state = page.company.key()?.seal(PURPOSE, &kept.to_string())?;
    let there = consent.address(&state, super::text(mailbox, "address"));
    let titles = ui::Titles::new();
    let cx = view(page, &titles);
    let host = consent.authorize.split("://").nth(1).and_then(|r| r.split('/').next()).unwrap_or_default().to_owned();
    let body = html! {
        div class="stack" {
            p { (cx.t("mail-consent-text")) }
            dl class="facts" {
                div class="fact" { dt { (cx.t("mail-address")) } dd { bdi class="ltr" { (super::text(mailbox, "address")) } } }
                div class="fact" { dt { (cx.t("mail-provider")) } dd { bdi class="ltr" { (host) } } }
            }
            p class="muted small" { (cx.t("mail-consent-redirect")) br; bdi class="ltr" style="overflow-wrap:anywhere" { (consent.redirect) } }
            div class="cluster" {
                (button(cx.t("mail-consent-go")).primary().href(there).attr("rel", "noreferrer").render())
                (button(cx.t("cancel")).href("/mail/boxes").render())
            }
        }
    };
    Ok(Answer::Html(ui::shell::simple_page(&cx.t("mail-consent"), "", &html! {}, &body).into_string(), None))
}

fn shown(page: &PageCx, mailbox: Option<&Record>, fault: &Fault) -> Answer {
    let titles = ui::Titles::new();
    let cx = view(page, &titles);
    let body = html! { div class="stack" {
        (refusal(&cx, Some(fault)))
        div class="cluster" {
            @if let Some(m) = mailbox { (button(cx.t("edit")).primary().href(format!("{}/edit", cx.record_url("mailbox", m.id))).render()) }
            (button(cx.t("mail-boxes")).href("/mail/boxes").render())
        }
    } };
    Answer::Html(ui::shell::simple_page(&cx.t("mail-consent"), "", &html! {}, &body).into_string(), Some(fault.clone()))
}

async fn back(page: &PageCx) -> Outcome<()> {
    let spent = || Fault::issue(Issue::new("", "mail-consent-spent"));
    let kept = page.company.key()?.open(PURPOSE, page.param("state")).map_err(|_| spent())?;
    let kept: serde_json::Value = serde_json::from_str(&kept).map_err(|_| spent())?;
    let text = |key: &str| kept.get(key).and_then(serde_json::Value::as_str).unwrap_or_default();
    let until = kept.get("until").and_then(serde_json::Value::as_i64).unwrap_or_default();
    if text("user") != page.actor.id.to_string() || until < page.company.now().as_second() {
        return Err(spent());
    }
    let mailbox = own(page, text("mailbox").parse().map_err(|_| spent())?).await?;
    if text("place") != access::place(&mailbox) {
        return Err(spent());
    }
    if page.param("code").is_empty() {
        let said: String = page.param("error").chars().filter(char::is_ascii_graphic).take(60).collect();
        return Err(Fault::issue(Issue::new("", "mail-consent-denied").arg("said", said)));
    }
    let consent = access::consent(&page.company, &mailbox, text("verifier")).await?;
    access::connect(&page.company, &page.actor, &mailbox, &consent, page.param("code")).await
}
