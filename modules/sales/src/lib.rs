//! Selling: from the first sign of interest to the won deal. Leads are rated, followed up and converted; opportunities go
//! through the stages of a pipeline; the funnel shows where they come through and where they wait.
//!
//! Pipelines, stages and the rules that rate leads are records, so that each company has its own.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

use engine::notify::Mail;
use engine::{Cx, JobKind, Module, NoticeKind, Prepare, Query, Schedule, Watch};
use futures::future::BoxFuture;
use kernel::jiff::civil::Date;
use kernel::jiff::tz::TimeZone;
use kernel::uuid::Uuid;
use kernel::{Outcome, label};

mod actions;
pub mod capture;
pub mod competitor;
mod convert;
pub mod figures;
pub mod forecast;
mod funnel;
mod handling;
pub mod key_player;
pub mod lead;
pub mod opportunity;
mod panels;
pub mod pipeline;
mod roles;
mod rules;
mod routing;
pub mod score;
pub mod territory;
pub mod truth;
mod view;

pub fn module() -> Module {
    Module {
        key: "sales",
        label: label("فرص البيع", "Pipeline"),
        icon: "target",
        objects: vec![
            opportunity::object(),
            lead::object(),
            competitor::object(),
            pipeline::pipeline(),
            pipeline::stage(),
            key_player::object(),
            opportunity::step(),
            score::object(),
            capture::form::object(),
            capture::form::question(),
            capture::form::consent(),
            capture::submission::object(),
            routing::route::object(),
            routing::route::skill(),
            territory::rules::object(),
            territory::run::object(),
            territory::run::movement(),
        ],
        extends: vec![("interaction", vec![lead::of_interaction()]), ("consent", vec![capture::of_consent()]), ("user", vec![routing::route::of_user()]), ("party", vec![territory::of_party()])],
        roles: roles::roles(),
        actions: actions::all().into_iter().chain(handling::actions(convert::actions())).chain(routing::actions()).chain(capture::submission::actions()).chain(territory::run::actions()).collect(),
        jobs: vec![
            JobKind { key: opportunity::ROT, run: rules::rot },
            JobKind { key: score::JOB, run: score::job },
            JobKind { key: capture::submission::TIDY, run: capture::submission::tidy },
            JobKind { key: truth::JOB, run: truth::job },
            JobKind { key: territory::run::JOB, run: territory::run::job },
        ]
        .into_iter()
        .chain(routing::jobs())
        .collect(),
        schedules: vec![
            Schedule { key: score::JOB, cron: "10 1 * * *", job: score::JOB },
            Schedule { key: capture::submission::TIDY, cron: "25 1 * * *", job: capture::submission::TIDY },
        ]
        .into_iter()
        .chain(routing::schedules())
        .collect(),
        pages: vec![funnel::page(), territory::report::page(), routing::report::page(), capture::page()],
        panels: routing::panels().into_iter().chain(panels::all()).chain(capture::panels()).collect(),
        notices: routing::notices().into_iter().chain([NoticeKind {
            key: capture::submission::NOTICE,
            label: label("رسالة من نموذج تنتظر المراجعة", "A form submission waits for a look"),
            icon: "inbox",
            mail: Mail::Digest,
            push: false,
        }]).collect(),
        watches: vec![rules::watch(), pipeline::watch(), handling::watch(), score::watch(), truth::watch(), Watch { object: "party", run: territory::rules::changed }],
        prepares: vec![
            Prepare { object: opportunity::KEY, run: rules::prepare },
            Prepare { object: pipeline::STAGE, run: pipeline::prepare },
            Prepare { object: lead::KEY, run: handling::prepare },
            Prepare { object: score::KEY, run: score::prepare },
            Prepare { object: capture::form::KEY, run: capture::form::prepare },
            Prepare { object: routing::route::KEY, run: routing::route::prepare },
            Prepare { object: territory::KEY, run: territory::rules::prepare },
            Prepare { object: territory::run::KEY, run: territory::run::prepare },
        ],
        seed: Some(seed),
        cards: panels::cards(),
        quick: panels::quick(),
        ..Module::default()
    }
}

fn seed<'a>(cx: &'a mut Cx) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        pipeline::seed(cx).await?;
        score::seed(cx).await
    })
}

/// Today, in the company's zone.
fn day(cx: &Cx) -> Date {
    let zone = TimeZone::get(&cx.company.settings().zone).unwrap_or(TimeZone::UTC);
    cx.now.to_zoned(zone).date()
}

/// How many living records of `object` refer to this one by `via`, whoever may see them.
async fn counted(cx: &mut Cx, object: &str, via: &str, id: Uuid) -> Outcome<i64> {
    let (company, object) = (cx.company.clone(), cx.object(object)?);
    let mut sql = cx.tx.sql();
    sql.push("SELECT COUNT(*)");
    company.rows_where(&company.system(), &object, &Query::new(object.key.clone()), &mut sql)?;
    sql.push(" AND t.").ident(via).push(" = ").bind(id);
    Ok(cx.tx.int(&sql).await?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_fit_together() {
        let (base, own) = (base::module(), module());
        let registry = engine::company::declared(&[base, own]);
        registry.check().unwrap();
        for action in &module().actions {
            let object = registry.object(action.object).unwrap();
            if let Some(guard) = action.guard {
                kernel::expr::check(&registry, object, guard, kernel::expr::Wanted::Condition).unwrap();
            }
        }
        // A value that only an action gives names one that there is.
        for object in ["lead", "opportunity"] {
            for option in registry.object(object).unwrap().get("status").unwrap().kind.options() {
                let by = option.by.as_deref().is_none_or(|by| module().actions.iter().any(|a| a.object == object && a.key == by));
                assert!(by, "{object} {}", option.key);
            }
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
