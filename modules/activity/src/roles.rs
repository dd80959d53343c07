//! What the roles of `base` may do with activities.

use kernel::{Grant, Label, Role, RowRule, Verb};

/// Whoever plans it, his team, whoever takes part, and whoever looks after the customer.
const READ: &str = "owner == me() || in_my_teams(owner) || has(colleagues, me()) || party.owner == me() || in_my_teams(party.owner)";
const WRITE: &str = "owner == me() || in_my_teams(owner)";
/// Through the activity.
const PART: &str = "activity.owner == me() || in_my_teams(activity.owner) || has(activity.colleagues, me())";
const MINE: &str = "user == me()";

pub fn roles() -> Vec<Role> {
    let gains = |key: &str, grants| Role { key: key.to_owned(), label: Label::default(), grants, admin: false };
    let rule = |r: &str| RowRule::Where(r.to_owned());
    let write = || [Verb::Create, Verb::Update, Verb::Delete];
    // Everybody answers his own invitations and keeps his own feeds.
    let own = || {
        vec![
            Grant { all_actions: true, ..Grant::new("attendee", [], rule(MINE)) },
            Grant::full("feed", RowRule::Own),
            Grant::read("holiday", RowRule::All),
            Grant::read("resource", RowRule::All),
        ]
    };
    let with = |more: Vec<Grant>| own().into_iter().chain(more).collect::<Vec<_>>();
    vec![
        gains("manager", with(["activity", "resource", "holiday", "step"].map(|o| Grant::full(o, RowRule::All)).into_iter().collect())),
        gains(
            "seller",
            with(vec![
                Grant::new("activity", [Verb::Read, Verb::Export], rule(READ)),
                Grant { all_actions: true, ..Grant::new("activity", write(), rule(WRITE)) },
                Grant::read("attendee", rule(PART)),
                Grant::read("step", rule(PART)),
                Grant::new("step", write(), rule(PART)),
            ]),
        ),
        gains(
            "agent",
            with(vec![
                Grant::read("activity", RowRule::All),
                Grant { all_actions: true, ..Grant::new("activity", write(), rule(WRITE)) },
                Grant::read("attendee", RowRule::All),
                Grant::read("step", RowRule::All),
                Grant::new("step", write(), rule(PART)),
            ]),
        ),
        gains("viewer", with(vec![Grant::read("activity", RowRule::All), Grant::read("attendee", RowRule::All), Grant::read("step", RowRule::All)])),
    ]
}
