//! Privacy: what the company may do with personal data, what people ask about theirs, and the proof of it.
//!
//! - [`law`], [`settings`]: deadlines and rights as data; who is responsible;
//! - [`request`]: access, correction, erasure, objection, portability, with a clock; [`export`], [`document`] (the copy to read and print), [`erasure`];
//! - [`preferences`], [`mine`]: pages for the person himself, without a sign-in; [`statement`]: the privacy statement;
//! - [`retention`]: how long what is kept, and what must not go; [`breach`]: the register of breaches;
//! - [`panel`]: what may be done, on the party's page.
//!
//! The ledger of consents itself is in `base`, where whoever sends can ask it.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

use engine::notify::Mail;
use engine::{JobKind, Module, NoticeKind, Page, Panel, Place, Schedule, Watch};
use kernel::{Grant, Label, Role, RowRule, Verb, label};

pub mod breach;
pub mod document;
pub mod erasure;
pub mod export;
pub mod law;
pub mod mine;
pub mod office;
pub mod panel;
mod paper;
pub mod preferences;
pub mod request;
pub mod retention;
pub mod settings;
pub mod statement;
mod told;
mod view;

/// Whoever answers for privacy: requests, erasures, retention, breaches, the statement.
pub const OFFICER: &str = "privacy_officer";

pub fn module() -> Module {
    let officer = |actor: &engine::Actor, registry: &kernel::Registry| registry.find("privacy_request").is_some_and(|o| actor.may(o, &Verb::Update));
    let page = |key, l: Label, icon, render| Page::new("privacy", key, l, icon, render);
    Module {
        key: "privacy",
        label: label("الخصوصية", "Privacy"),
        icon: "shield",
        objects: vec![request::object(), retention::rule(), retention::hold(), breach::object(), statement::object()],
        roles: roles(),
        actions: [request::actions(), panel::actions(), breach::actions()].into_iter().flatten().collect(),
        jobs: vec![
            JobKind { key: export::JOB, run: export::run },
            JobKind { key: erasure::JOB, run: erasure::run },
            JobKind { key: erasure::CLEAN, run: erasure::clean },
            JobKind { key: retention::JOB, run: retention::run },
            JobKind { key: preferences::LETTER, run: preferences::send_letter },
        ],
        schedules: vec![Schedule { key: retention::JOB, cron: "10 1 * * *", job: retention::JOB }],
        pages: vec![
            page("preferences", label("تفضيلات التواصل", "Contact preferences"), "mail", preferences::render).at(Place::Public).post(preferences::post),
            page("unsubscribe", label("إلغاء الاشتراك", "Unsubscribe"), "mail", preferences::unsubscribe).at(Place::Public).post(preferences::one_click),
            page("confirm", label("تأكيد الاشتراك", "Confirm"), "mail", preferences::confirm).at(Place::Public).post(preferences::confirmed),
            page("request", label("طلب الخصوصية", "Privacy request"), "shield", mine::render).at(Place::Public).post(mine::post),
            page("statement", label("بيان الخصوصية", "Privacy statement"), "file-text", statement::public).at(Place::Public),
            page("office", label("بيان الخصوصية وإعداداتها", "Privacy statement and settings"), "shield", office::render).may(officer).post(office::post),
            page("document", label("نسخة بيانات العميل", "Copy of a customer's data"), "file-text", document::render).at(Place::Hidden).may(officer),
        ],
        panels: vec![
            Panel { object: "party", key: "permissions", label: label("الخصوصية وأذونات التواصل", "Privacy and contact"), render: panel::render },
            Panel { object: "privacy_request", key: "plan", label: label("خطة التنفيذ", "What will be done"), render: erasure::panel },
            Panel { object: "retention_rule", key: "preview", label: label("معاينة", "Preview"), render: retention::preview },
        ],
        notices: vec![NoticeKind {
            key: "privacy.request",
            label: label("طلب خصوصية ينتظر الرد", "A privacy request waits for an answer"),
            icon: "shield",
            mail: Mail::Now,
            push: true,
        }],
        watches: vec![Watch { object: "privacy_request", run: request::begin }, Watch { object: "breach", run: breach::begin }],
        seed: Some(retention::seed),
        ..Module::default()
    }
}

fn roles() -> Vec<Role> {
    let own = ["privacy_request", "retention_rule", "legal_hold", "breach", "privacy_statement", "purpose"];
    let mut grants: Vec<Grant> = own.map(|o| Grant::full(o, RowRule::All)).into();
    grants.push(Grant::new("*", [Verb::Read], RowRule::All));
    grants.push(Grant::new("party", [Verb::Read, Verb::Update, Verb::Export, Verb::Act("set_consent".into())], RowRule::All));
    grants.push(Grant::new("consent", [Verb::Read, Verb::Create, Verb::Export, Verb::Import], RowRule::All));
    vec![
        Role { key: OFFICER.into(), label: label("مسؤول الخصوصية", "Privacy officer"), grants, admin: false },
        // Whoever serves customers writes their requests down; answering them is the officer's.
        Role {
            key: base::roles::AGENT.into(),
            label: Label::default(),
            grants: vec![
                Grant::new("privacy_request", [Verb::Read, Verb::Create], RowRule::All),
                Grant::new("party", [Verb::Act("set_consent".into())], RowRule::All),
            ],
            admin: false,
        },
    ]
}
