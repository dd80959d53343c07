//! What every company has: people who work in it, their teams, the parties it deals with, and every contact with them.
//!
//! One file per object; [`roles`] says what people may do before a company makes its own roles.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

use engine::{JobKind, Module, Prepare, Schedule, Watch};
use kernel::label;
use kernel::object::Declared;

pub mod account_member;
pub mod address_book;
pub mod cards;
pub mod consent;
pub mod contact;
pub mod credit;
pub mod interaction;
pub mod lifecycle;
mod lifecycle_page;
pub mod names;
mod network;
pub mod party;
pub mod purpose;
pub mod relationship;
pub mod roles;
pub mod stage_change;
pub mod talking_point;
pub mod team;
pub mod ticket;
pub mod user;
pub mod view;

use account_member::AccountMember;
use interaction::Interaction;
pub use interaction::outcomes;
use party::Party;
use relationship::Relationship;
use talking_point::TalkingPoint;
use team::Team;
use user::User;

pub fn module() -> Module {
    Module {
        key: "base",
        label: label("العملاء والفريق", "Customers and team"),
        icon: "users",
        objects: vec![
            names::fields().into_iter().fold(Party::object(), kernel::Object::field).duplicates("kind").scope("account", label("فريق العميل", "Account team"), "exists(account_members, user == me())"),
            contact::phone(),
            contact::email(),
            contact::address(),
            Relationship::object(),
            AccountMember::object(),
            TalkingPoint::object(),
            stage_change::object(),
            Interaction::object(),
            User::object(),
            Team::object(),
            purpose::object(),
            consent::object(),
            consent::permission(),
        ],
        roles: roles::roles(),
        actions: party::actions(),
        jobs: vec![JobKind { key: consent::EXPIRE, run: consent::expire_job }, JobKind { key: lifecycle::JOB, run: lifecycle::run }],
        schedules: vec![
            // Users against the company's directories (the job is the sign-in's).
            Schedule { key: "auth.directory", cron: "*/30 * * * *", job: "auth.directory" },
            Schedule { key: consent::EXPIRE, cron: "40 0 * * *", job: consent::EXPIRE },
            Schedule { key: lifecycle::JOB, cron: "40 1 * * *", job: lifecycle::JOB },
        ],
        pages: vec![lifecycle_page::page()],
        panels: network::panels().into_iter().chain([names::panel()]).collect(),
        glances: vec![credit::glance()],
        watches: contact::watches()
            .chain([relationship::watch(), Watch { object: "consent", run: consent::derive }])
            .chain(lifecycle::watches())
            .collect(),
        prepares: vec![Prepare { object: "consent", run: consent::prepare }],
        dav: vec![address_book::source()],
        seed: Some(purpose::seed),
        cards: cards::cards(),
        quick: cards::quick(),
        ..Module::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Registry;

    #[test]
    fn declarations_fit_together() {
        let m = module();
        let mut registry = Registry::new();
        m.objects.into_iter().for_each(|o| registry.add_object(o));
        m.roles.into_iter().for_each(|r| registry.add_role(r));
        registry.check().unwrap();
        for action in &m.actions {
            let object = registry.object(action.object).unwrap();
            if let Some(guard) = action.guard {
                kernel::expr::check(&registry, object, guard, kernel::expr::Wanted::Condition).unwrap();
            }
        }
    }
}
