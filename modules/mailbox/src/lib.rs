//! Mail: mailboxes shared and personal, every message accounted for, conversations, answering from a customer's time line.
//!
//! - [`mailbox`], [`folder`], [`letter`], [`entry`], [`proof`], [`template`]: the objects, one file each;
//! - [`access`]: servers and sealed secrets of a mailbox; [`sync`]: what the server has against the ledger; [`listen`]: at once;
//!   [`intake`]: messages to records in one transaction; [`thread`]: conversations; [`link`]: to parties and records;
//! - [`outbox`]: sending, undoing, and what is known afterwards; [`opened`]: read tracking; [`actions`]: the verbs; [`told`]: letters on a time line;
//! - [`pages`]: inbox, letter, writing, mailboxes, ledger.
//!
//! Invariant: each message of a synchronised folder has exactly one row of the ledger (`mail_entry`), written in the
//! transaction of its record. What others may see of a letter: docs/adr/0012.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

use engine::{JobKind, Module, NoticeKind, Page, Panel, Place, QuickAction, Schedule, Standing, TimelineCard, Watch};
use kernel::{Grant, Role, RowRule, Verb, label};

pub mod access;
pub mod actions;
pub mod entry;
pub mod folder;
pub mod intake;
pub mod letter;
pub mod link;
pub mod listen;
pub mod mailbox;
pub mod opened;
pub mod outbox;
pub mod pages;
pub mod proof;
pub mod sync;
pub mod template;
pub mod thread;
pub mod told;

/// Whose mailbox it is.
pub(crate) const MEMBER: &str = "mailbox.owner == me() || has(mailbox.members, me())";

pub fn module() -> Module {
    Module {
        key: "mail",
        label: label("البريد", "Mail"),
        icon: "mail",
        objects: vec![mailbox::object(), folder::object(), letter::object(), entry::object(), proof::object(), template::object()],
        roles: roles(),
        actions: actions::actions(),
        jobs: vec![
            JobKind { key: sync::POLL, run: sync::poll },
            JobKind { key: sync::JOB, run: sync::run },
            JobKind { key: proof::JOB, run: proof::run },
            JobKind { key: outbox::SEND, run: outbox::send },
            JobKind { key: outbox::KEEP, run: outbox::keep },
            JobKind { key: outbox::MARK, run: outbox::mark },
        ],
        schedules: vec![
            Schedule { key: sync::POLL, cron: "* * * * *", job: sync::POLL },
            Schedule { key: proof::JOB, cron: "10 3 * * *", job: proof::JOB },
        ],
        clauses: vec![opened::clause()],
        standing: vec![Standing { key: "mailbox.listen", run: listen::run }],
        pages: vec![
            Page::new("mail", "inbox", label("صندوق البريد", "Inbox"), "inbox", pages::inbox::render).may(|a, r| may(a, r, &Verb::Read)).post(pages::inbox::post),
            Page::new("mail", "write", label("كتابة رسالة", "Write a message"), "pencil", pages::write::render)
                .at(Place::Hidden)
                .may(|a, r| may(a, r, &Verb::Create))
                .post(pages::write::post),
            Page::new("mail", "boxes", label("حسابات البريد", "Mailboxes"), "mail", pages::boxes::render)
                .may(|a, r| r.find("mailbox").is_some_and(|o| a.may(o, &Verb::Read)))
                .post(pages::boxes::post),
            Page::new("mail", "consent", label("ربط حساب البريد", "Connect the mailbox"), "link", pages::consent::render)
                .at(Place::Hidden)
                .may(|a, r| r.find("mailbox").is_some_and(|o| a.may(o, &Verb::Read))),
            Page::new("mail", "opened", label("صورة القراءة", "The picture of read tracking"), "eye", opened::render).at(Place::Public),
            Page::new("mail", "ledger", label("مطابقة البريد", "Mail reconciliation"), "circle-check", pages::ledger::render)
                .may(|a, r| r.find("mail_entry").is_some_and(|o| a.may(o, &Verb::Read)))
                .post(pages::ledger::post),
        ],
        panels: vec![Panel { object: "mail", key: "letter", label: label("المحادثة", "Conversation"), render: pages::letter::render }],
        watches: vec![Watch { object: "mailbox", run: access::watch }, Watch { object: "mail_template", run: template::watch }, Watch { object: "mail", run: link::watch }],
        cards: vec![TimelineCard { object: "interaction", render: told::cards }],
        quick: vec![QuickAction { object: "party", label: label("رسالة بريد", "Write a mail"), icon: "mail", href: told::write }],
        notices: vec![
            NoticeKind { key: "mail.alarm", label: label("خلل في مزامنة البريد", "A mailbox needs attention"), icon: "triangle-alert", mail: engine::notify::Mail::Now, push: true },
            NoticeKind { key: "mail.failed", label: label("تعذر إرسال رسالتي", "My message was not sent"), icon: "triangle-alert", mail: engine::notify::Mail::Off, push: true },
        ],
        ..Module::default()
    }
}

fn may(actor: &engine::Actor, registry: &kernel::Registry, verb: &Verb) -> bool {
    registry.find("mail").is_some_and(|o| actor.may(o, verb))
}

/// Members work in their mailboxes; others see of a customer's correspondence what its mailbox shares.
fn roles() -> Vec<Role> {
    let rule = |r: String| RowRule::Where(r);
    let books = || ["mail_folder", "mail_entry", "mail_proof"].map(|o| Grant::new(o, [Verb::Read, Verb::Export], rule(MEMBER.into())));
    let work = |read: RowRule| {
        vec![
            Grant::new("mail", [Verb::Read, Verb::Export], read),
            Grant { all_actions: true, ..Grant::new("mail", [Verb::Create, Verb::Update, Verb::Delete], rule(MEMBER.into())) },
            Grant::read("mailbox", rule("owner == me() || has(members, me())".into())),
            Grant { all_actions: true, ..Grant::new("mailbox", [Verb::Create, Verb::Update], rule("kind == \"personal\" && owner == me()".into())) },
            Grant::read("mail_template", RowRule::All),
        ]
    };
    let role = |key: &str, grants: Vec<Grant>| Role { key: key.to_owned(), label: label("", ""), grants, admin: false };
    let customers = format!("{MEMBER} || party.owner == me() || in_my_teams(party.owner)");
    vec![
        role("manager", vec![Grant { all_actions: true, ..Grant::new("mail", [Verb::Create, Verb::Update, Verb::Delete], rule(MEMBER.into())) }, Grant::full("mail_template", RowRule::All)]),
        role("seller", work(rule(customers)).into_iter().chain(books()).collect()),
        role("agent", work(RowRule::All).into_iter().chain(books()).collect()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_fit_together() {
        let registry = engine::company::declared(&[base::module(), module()]);
        registry.check().unwrap();
        for action in module().actions {
            let object = registry.object(action.object).unwrap();
            if let Some(guard) = action.guard {
                kernel::expr::check(&registry, object, guard, kernel::expr::Wanted::Condition).unwrap();
            }
        }
    }
}
