//! Planned work and calendars: tasks, calls, meetings and visits with people, rooms, recurrence and reminders.
//!
//! - [`activity`]: the objects; [`roles`]: who may what; [`saving`]: what follows from the fields when one is saved;
//! - [`repeat`], [`series`]: recurrence, and one occurrence among others; [`finish`]: done, and into the log;
//! - [`window`], [`sheet`], [`busy`], [`holidays`]: the calendar page, free times, days off;
//! - [`booking`], [`people`], [`remind`]: rooms taken once, who is invited and told, reminders;
//! - [`ics`], [`load`], [`dav`], [`feed`], [`invite`], [`answer`]: iCalendar to and from phones, feeds and mail;
//! - [`pages`]: pages of its own.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

use engine::{Module, NoticeKind, notify};
use kernel::label;

pub mod activity;
pub mod answer;
pub mod booking;
pub mod busy;
pub mod dav;
pub mod feed;
pub mod finish;
pub mod holidays;
pub mod ics;
pub mod invite;
pub mod load;
pub mod pages;
pub mod people;
pub mod remind;
pub mod repeat;
pub mod roles;
pub mod saving;
pub mod series;
pub mod sheet;
pub mod touched;
pub mod window;

pub fn module() -> Module {
    Module {
        key: "activity",
        label: label("الأنشطة والتقويم", "Activities and calendar"),
        icon: "calendar-days",
        objects: activity::objects(),
        roles: roles::roles(),
        actions: [finish::actions(), series::actions(), answer::actions(), invite::actions()].into_iter().flatten().collect(),
        jobs: [remind::jobs(), invite::jobs(), holidays::jobs()].into_iter().flatten().collect(),
        schedules: holidays::schedules(),
        pages: pages::pages(),
        panels: pages::panels(),
        notices: notices(),
        prepares: saving::prepares(),
        watches: saving::watches(),
        calendars: vec![sheet::calendar()],
        dav: vec![dav::source()],
        ..Module::default()
    }
}

fn notices() -> Vec<NoticeKind> {
    use notify::Mail::{Now, Off};
    let kind = |key, ar, en, icon, mail, push| NoticeKind { key, label: label(ar, en), icon, mail, push };
    vec![
        kind("activity.reminder", "تذكير بموعد أو مهمة", "A reminder of an appointment or task", "bell", Off, true),
        kind("activity.invited", "دعوة إلى موعد", "An invitation", "calendar-days", Now, true),
        kind("activity.moved", "تغيّر وقت موعد أشارك فيه", "An appointment of mine is moved", "clock", Now, true),
        kind("activity.cancelled", "أُلغي موعد أشارك فيه", "An appointment of mine is cancelled", "circle-x", Now, true),
        kind("activity.answered", "رد مدعو على موعد لي", "An answer to my invitation", "check", Off, false),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Registry;

    #[test]
    fn declarations_fit_together() {
        let mut registry = Registry::new();
        let (base, own) = (base::module(), module());
        base.objects.into_iter().chain(own.objects).for_each(|o| registry.add_object(o));
        registry.check().unwrap();
        for action in &own.actions {
            let object = registry.object(action.object).unwrap();
            if let Some(guard) = action.guard {
                kernel::expr::check(&registry, object, guard, kernel::expr::Wanted::Condition).unwrap();
            }
        }
        let known: Vec<String> = base::roles::roles().into_iter().map(|r| r.key).collect();
        for role in own.roles {
            assert!(known.contains(&role.key), "{}", role.key);
            for grant in role.grants {
                let object = registry.object(&grant.object).unwrap();
                if let kernel::RowRule::Where(rule) = &grant.rows {
                    kernel::expr::check(&registry, object, rule, kernel::expr::Wanted::Condition).unwrap();
                }
            }
        }
    }
}
