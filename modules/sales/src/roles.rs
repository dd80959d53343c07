//! What the roles of `base` may do with leads and opportunities.

use crate::capture::{form, submission};
use crate::routing::route;
use crate::territory::{self, run};
use crate::{competitor, key_player, lead, opportunity, pipeline, score};
use kernel::{Grant, Label, Mask, Role, RowRule, Verb};

/// One's own, those of the team, and deals one takes part in.
const DEALS: &str = "owner == me() || in_my_teams(owner) || has(deal_team, me())";
/// Through the opportunity.
const OF_DEALS: &str = "opportunity.owner == me() || in_my_teams(opportunity.owner) || has(opportunity.deal_team, me())";
/// One's own, those of the team, and those nobody has taken yet.
const LEADS: &str = "owner == null || owner == me() || in_my_teams(owner)";

pub fn roles() -> Vec<Role> {
    let gains = |key: &str, grants| Role { key: key.to_owned(), label: Label::default(), grants, admin: false };
    let rule = |r: &str| RowRule::Where(r.to_owned());
    let work = || [Verb::Read, Verb::Create, Verb::Update, Verb::Export, Verb::Share];
    // How the company sells is known to whoever sells.
    let common = || [pipeline::KEY, pipeline::STAGE, competitor::KEY, territory::KEY, route::SKILL].map(|o| Grant::read(o, RowRule::All));
    let every = [opportunity::KEY, lead::KEY, competitor::KEY, key_player::KEY, pipeline::KEY, pipeline::STAGE, score::KEY, form::KEY, form::QUESTION, form::CONSENT, route::KEY, route::SKILL, territory::KEY];
    let with = |more: Vec<Grant>| common().into_iter().chain(more).collect::<Vec<_>>();
    vec![
        gains("manager", every.map(|o| Grant::full(o, RowRule::All)).into_iter().chain([
                Grant::new(opportunity::STEP, [Verb::Read, Verb::Export], RowRule::All),
                Grant { all_actions: true, ..Grant::new(run::KEY, [Verb::Read, Verb::Create, Verb::Update, Verb::Delete], RowRule::All) },
                Grant::new(run::MOVE, [Verb::Read, Verb::Export], RowRule::All),
                // What came is decided on, never written.
                Grant { all_actions: true, ..Grant::new(submission::KEY, [Verb::Read, Verb::Export, Verb::Update, Verb::Delete], RowRule::All) },
            ]).collect()),
        gains(
            "seller",
            with(vec![
                Grant { all_actions: true, ..Grant::new(opportunity::KEY, work(), rule(DEALS)) },
                Grant::new(opportunity::STEP, [Verb::Read, Verb::Export], rule(OF_DEALS)),
                Grant::new(key_player::KEY, work().into_iter().chain([Verb::Delete]), rule(OF_DEALS)),
                Grant { all_actions: true, ..Grant::new(lead::KEY, work(), rule(LEADS)) },
                Grant::new(competitor::KEY, [Verb::Create, Verb::Update], RowRule::All),
                Grant::read(score::KEY, RowRule::All),
                Grant::read(form::KEY, RowRule::All),
                Grant::read(form::QUESTION, RowRule::All),
                Grant::read(form::CONSENT, RowRule::All),
                Grant { all_actions: true, ..Grant::new(submission::KEY, [Verb::Read, Verb::Update], RowRule::Own) },
            ]),
        ),
        // Whoever answers the telephone notes who is interested.
        gains(
            "agent",
            with(vec![
                Grant::read(opportunity::KEY, RowRule::All),
                Grant::read(opportunity::STEP, RowRule::All),
                Grant::read(key_player::KEY, RowRule::All),
                Grant::new(lead::KEY, [Verb::Read, Verb::Create, Verb::Update, Verb::Act("contact".into()), Verb::Act("take".into())], RowRule::All),
            ]),
        ),
        gains(
            "viewer",
            with(vec![
                Grant::read(opportunity::KEY, RowRule::All),
                Grant::read(opportunity::STEP, RowRule::All),
                Grant::read(key_player::KEY, RowRule::All),
                Grant::read(lead::KEY, RowRule::All).mask("email", Mask::Masked).mask("phone", Mask::Masked),
            ]),
        ),
    ]
}
