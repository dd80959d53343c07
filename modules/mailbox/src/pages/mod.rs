//! The pages of mail.

pub mod boxes;
pub mod consent;
pub mod inbox;
pub mod ledger;
pub mod letter;
pub mod write;

pub(crate) use base::view::view;
use engine::{Answer, PageCx};
use kernel::{Fault, Outcome, Record};
use maud::{Markup, Render, html};
use ui::button::button;
use ui::cx::{Titles, ViewCx};
use ui::mark::{Empty, empty};
use uuid::Uuid;

pub(crate) fn text<'a>(record: &'a Record, key: &str) -> &'a str {
    record.get(key).text().unwrap_or_default()
}

/// The sentence that names a field on these pages.
fn named(field: &str) -> Option<&'static str> {
    Some(match field {
        "to" => "mail-to",
        "cc" => "mail-cc",
        "bcc" => "mail-bcc",
        "subject" => "mail-subject",
        "body" => "mail-text",
        "mailbox" => "mail-from",
        "at" => "mail-later",
        "tracked" => "mail-track",
        "name" => "mail-box-name",
        "address" => "mail-address",
        "imap_host" => "mail-imap",
        "smtp_host" => "mail-smtp",
        _ => return None,
    })
}

/// What was refused, read out at once.
pub(crate) fn refusal(cx: &ViewCx<'_>, fault: Option<&Fault>) -> Markup {
    html! {
        @if let Some(fault) = fault {
            div class="form-errors" role="alert" tabindex="-1" autofocus {
                @if fault.issues.is_empty() { p { (cx.t(fault.title_key())) } }
                ul { @for i in &fault.issues { li { @if let Some(field) = named(&i.field) { strong { (cx.t(field)) } ": " } (cx.issue(i)) } } }
            }
        }
    }
}

/// The mailboxes a reader works in, by name.
pub(crate) async fn own_boxes(page: &PageCx) -> Outcome<Vec<Record>> {
    let query = engine::Query::new("mailbox").filter(kernel::expr::Expr::parse("active == true && (owner == me() || has(members, me()))")?).limit(100);
    Ok(page.company.list(&page.actor, &query).await?.records)
}

pub(crate) fn asked_id(page: &PageCx, name: &str) -> Option<Uuid> {
    page.param(name).parse().ok()
}

/// What a list of letters needs: not their texts.
pub(crate) fn brief() -> Vec<String> {
    const FIELDS: [&str; 20] = [
        "subject", "state", "direction", "at", "status", "assignee", "seen", "mailbox", "from_name", "from_address", "to", "cc", "party", "interaction", "snippet",
        "attachments", "error", "thread", "about", "privacy",
    ];
    FIELDS.map(str::to_owned).to_vec()
}

/// The page of somebody who works in no mailbox yet.
pub(crate) fn no_box(page: &PageCx, title: &str) -> Answer {
    let titles = Titles::new();
    let cx = view(page, &titles);
    let go = html! { (button(cx.t("mail-add-box")).primary().href("/mail/boxes").render()) };
    let body = empty(Empty::List, &cx.t("mail-no-box"), &cx.t("mail-no-box-text"), &go);
    ui::shell::simple_page(&cx.t(title), "", &html! {}, &body).into_string().into()
}

/// People as a letter names them: the name, the address beside it on request; each in its own direction.
pub(crate) fn people(list: &str) -> Markup {
    html! { @for (n, p) in mail::message::people(list).iter().enumerate() {
        @if n > 0 { "، " }
        @if p.name.is_empty() { bdi class="ltr" { (p.address) } } @else { bdi title=(p.address) { (p.name) } }
    } }
}

/// The same as one line of text.
pub(crate) fn names(list: &str) -> String {
    let all: Vec<String> = mail::message::people(list).into_iter().map(|p| if p.name.is_empty() { p.address } else { p.name }).collect();
    all.join("، ")
}

/// A choice of the record as a chip.
pub(crate) fn choice(page: &PageCx, cx: &ViewCx<'_>, record: &Record, key: &str) -> Markup {
    let registry = page.company.registry();
    let option = registry.find(&record.object).and_then(|o| o.get(key)).and_then(|f| f.kind.options().iter().find(|o| o.key == text(record, key)).cloned());
    html! { @if let Some(o) = option { (ui::mark::chip(cx.label(&o.label), o.tone)) } }
}
