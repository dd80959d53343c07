//! Leads find their owner, and he his time.
//!
//! - [`route`]: who gets a lead; [`clock`]: until when he gets in touch; [`hours`]: working time; [`panel`]: why you;
//! [`report`]: how quickly that is.

pub mod clock;
pub mod hours;
mod panel;
pub mod report;
pub mod route;

use crate::lead::KEY;
use engine::notify::Mail;
use engine::{Action, Cx, Done, Draft, Input, JobKind, NoticeKind, Panel, Schedule};
use futures::future::BoxFuture;
use kernel::{Fault, Outcome, Record, label};
use serde_json::json;

pub fn jobs() -> Vec<JobKind> {
    vec![JobKind { key: clock::MISSED, run: clock::missed }, JobKind { key: clock::RETURN, run: clock::back }]
}

pub fn schedules() -> Vec<Schedule> {
    vec![Schedule { key: clock::MISSED, cron: "*/5 * * * *", job: clock::MISSED }, Schedule { key: clock::RETURN, cron: "5 6 * * *", job: clock::RETURN }]
}

pub fn notices() -> Vec<NoticeKind> {
    vec![
        NoticeKind { key: clock::NOTICE_MISSED, label: label("فات موعد أول تواصل مع مهتم", "The first touch of a lead is overdue"), icon: "clock", mail: Mail::Now, push: true },
        NoticeKind { key: clock::NOTICE_BACK, label: label("عاد مهتم من التأجيل", "A lead comes back"), icon: "rotate-ccw", mail: Mail::Digest, push: true },
    ]
}

pub fn panels() -> Vec<Panel> {
    vec![panel::panel()]
}

pub fn actions() -> Vec<Action> {
    vec![Action {
        object: KEY,
        key: "route",
        label: label("توزيع بالقواعد", "Route by the rules"),
        icon: "users",
        input: Vec::new(),
        guard: Some("owner == null && status in [\"new\", \"contacted\", \"qualified\"]"),
        danger: false,
        run: again,
    }]
}

/// A lead that stayed with nobody, after the rules have changed.
fn again<'a>(cx: &'a mut Cx, lead: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let given = route::give(cx, &lead).await?;
        if given.user.is_none() {
            return Err(Fault::invalid("", "sales-route-none"));
        }
        let mut with = lead.clone();
        clock::put(&mut with, given);
        let draft = ["owner", "route", "routed_to", "turn", "routed_why"].iter().fold(Draft::of(lead.id).trusted(), |d, f| d.set(f, with.get(f).clone()));
        // Whoever routes need not keep what he gives away.
        cx.follow(|cx| {
            Box::pin(async move {
                let saved = cx.save(KEY, draft).await?.into_record();
                cx.event("lead.routed", &saved, json!({})).await
            })
        })
        .await?;
        Ok(Done { message: "sales-lead-routed".into(), ..Done::default() })
    })
}
