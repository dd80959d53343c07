//! Quotes: from what an article costs whom, over an offer that the customer opens, signs and accepts, to the order.
//!
//! A quote comes from an opportunity (`sales`) and becomes an order (`commerce`); it knows both by their objects only.
//! Its arithmetic is the crate `pricing`. docs/adr/0033, 0034.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

use engine::notify::Mail;
use engine::{Cx, JobKind, Module, NoticeKind, Page, Place, Prepare, Schedule};
use futures::future::BoxFuture;
use kernel::{Label, Outcome, Verb, label};

mod actions;
pub mod bundle;
mod desk;
mod letterhead;
pub mod limit;
pub mod line;
mod order;
pub mod outgoing;
pub mod paper;
pub mod prices;
mod public;
pub mod quote;
mod roles;
mod rules;
pub mod tax;
mod total;
mod view;

pub fn module() -> Module {
    let reads = |actor: &engine::Actor, registry: &kernel::Registry| registry.find(quote::KEY).is_some_and(|o| actor.may(o, &Verb::Read));
    let page = |key, l: Label, icon, render| Page::new("quotes", key, l, icon, render);
    let news = |key, l: Label, icon, mail| NoticeKind { key, label: l, icon, mail, push: true };
    Module {
        key: "quotes",
        label: label("عروض الأسعار", "Quotes"),
        icon: "file-text",
        objects: vec![quote::object(), line::object(), prices::list(), prices::price(), bundle::object(), tax::object(), limit::object()],
        roles: roles::roles(),
        actions: actions::all(),
        jobs: vec![JobKind { key: outgoing::JOB, run: outgoing::run }, JobKind { key: outgoing::EXPIRE, run: outgoing::expire }],
        schedules: vec![Schedule { key: outgoing::EXPIRE, cron: "20 0 * * *", job: outgoing::EXPIRE }],
        pages: vec![
            page("quote", label("عرض سعر", "Quote"), "file-text", public::render).at(Place::Public).post(public::post),
            page("lines", label("بنود العرض", "Lines"), "list", desk::lines).at(Place::Hidden).may(reads).post(desk::post),
            page("pdf", label("عرض سعر", "Quote"), "file-text", desk::pdf).at(Place::Hidden).may(reads),
            page("letterhead", label("ترويسة عروض الأسعار", "Letterhead of quotes"), "file-text", letterhead::render).at(Place::Admin).post(letterhead::post),
        ],
        panels: vec![desk::panel()],
        notices: vec![
            news("quote.seen", label("فتح العميل عرضًا", "A customer opened a quote"), "eye", Mail::Digest),
            news("quote.commented", label("تعليق عميل على عرض", "A customer's remark on a quote"), "message-square", Mail::Now),
            news("quote.accepted", label("قبل العميل عرضًا", "A customer accepted a quote"), "circle-check", Mail::Now),
            news("quote.declined", label("رفض العميل عرضًا", "A customer declined a quote"), "circle-x", Mail::Now),
            news("quote.expired", label("انتهت صلاحية عرض", "A quote expired"), "clock", Mail::Digest),
        ],
        watches: rules::watches().into(),
        prepares: vec![Prepare { object: quote::KEY, run: rules::quote }, Prepare { object: line::KEY, run: rules::line }],
        seed: Some(seed),
        ..Module::default()
    }
}

fn seed<'a>(cx: &'a mut Cx) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        tax::seed(cx).await?;
        limit::seed(cx).await
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_fit_together() {
        let registry = engine::company::declared(&[base::module(), sales::module(), commerce::module(), module()]);
        registry.check().unwrap();
        for action in &module().actions {
            let object = registry.object(action.object).unwrap();
            if let Some(guard) = action.guard {
                kernel::expr::check(&registry, object, guard, kernel::expr::Wanted::Condition).unwrap();
            }
        }
        // A value that only an action gives names one that there is.
        for option in registry.object(quote::KEY).unwrap().get("status").unwrap().kind.options() {
            let by = option.by.as_deref().is_none_or(|by| module().actions.iter().any(|a| a.object == quote::KEY && a.key == by));
            assert!(by, "{}", option.key);
        }
    }

    #[test]
    fn roles_extend_those_of_base() {
        let known: Vec<String> = base::roles::roles().into_iter().map(|r| r.key).collect();
        for role in module().roles {
            assert!(known.contains(&role.key), "{}", role.key);
        }
    }
}
