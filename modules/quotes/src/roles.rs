//! What the roles of `base` may do with quotes, prices and taxes.

use crate::{bundle, limit, line, prices, quote, tax};
use kernel::{Grant, Label, Mask, Role, RowRule, Verb};

/// One's own, those of the team, and those of deals one takes part in.
const QUOTES: &str = "owner == me() || in_my_teams(owner) || has(opportunity.deal_team, me())";
const LINES: &str = "quote.owner == me() || in_my_teams(quote.owner) || has(quote.opportunity.deal_team, me())";

/// What the company earns on a quote is for those who manage.
fn without_margin(grant: Grant) -> Grant {
    ["cost", "margin", "margin_percent", "unit_cost"].into_iter().fold(grant, |g, field| {
        let of_lines = g.object == line::KEY;
        match field {
            "margin" | "margin_percent" if of_lines => g,
            "unit_cost" if !of_lines => g,
            field => g.mask(field, Mask::Hidden),
        }
    })
}

pub fn roles() -> Vec<Role> {
    let gains = |key: &str, grants| Role { key: key.to_owned(), label: Label::default(), grants, admin: false };
    let rule = |r: &str| RowRule::Where(r.to_owned());
    let work = || [Verb::Read, Verb::Create, Verb::Update, Verb::Export];
    let every = [quote::KEY, line::KEY, prices::LIST, prices::PRICE, tax::KEY, bundle::KEY, limit::KEY];
    // At what the company sells is known to whoever sells.
    let common = || [prices::LIST, prices::PRICE, tax::KEY, bundle::KEY].map(|o| Grant::read(o, RowRule::All));
    let with = |more: Vec<Grant>| common().into_iter().chain(more).collect::<Vec<_>>();
    let reads = || vec![without_margin(Grant::read(quote::KEY, RowRule::All)), without_margin(Grant::read(line::KEY, RowRule::All))];
    let begin = Grant::new("opportunity", [Verb::Act("quote".into())], rule("owner == me() || in_my_teams(owner) || has(deal_team, me())"));
    vec![
        gains("manager", every.map(|o| Grant::full(o, RowRule::All)).into_iter().chain([Grant { rows: RowRule::All, ..begin.clone() }]).collect()),
        gains(
            "seller",
            with(vec![
                without_margin(Grant { all_actions: true, ..Grant::new(quote::KEY, work().into_iter().chain([Verb::Share, Verb::Delete]), rule(QUOTES)) }),
                without_margin(Grant::new(line::KEY, work().into_iter().chain([Verb::Delete]), rule(LINES))),
                Grant::read(limit::KEY, RowRule::All),
                begin,
            ]),
        ),
        gains("agent", with(reads())),
        gains("viewer", with(reads())),
    ]
}
