//! The roles a new company begins with. Modules add grants for their own objects under the same keys.

use crate::interaction;
use kernel::{Grant, Mask, Role, RowRule, Verb, label};

/// Everything, and the administration of the company.
pub const ADMIN: &str = "admin";
/// All rows of the business objects; reads everything else.
pub const MANAGER: &str = "manager";
/// Own customers and those of the team.
pub const SELLER: &str = "seller";
/// Customer service: reads and changes every customer, deletes none.
pub const AGENT: &str = "agent";
/// Reads; contact details are masked.
pub const VIEWER: &str = "viewer";

pub fn roles() -> Vec<Role> {
    let role = |key: &str, label, grants| Role { key: key.to_owned(), label, grants, admin: false };
    let work = [Verb::Read, Verb::Create, Verb::Update, Verb::Export];
    let colleagues = || [Grant::read("user", RowRule::All), Grant::read("team", RowRule::All)];
    vec![
        Role { admin: true, ..role(ADMIN, label("مدير النظام", "Administrator"), vec![Grant::full("*", RowRule::All)]) },
        role(
            MANAGER,
            label("مدير", "Manager"),
            vec![
                Grant::new("*", [Verb::Read, Verb::Export], RowRule::All),
                Grant::full("party", RowRule::All),
                Grant::full("interaction", RowRule::All),
            ],
        ),
        role(
            SELLER,
            label("مندوب مبيعات", "Seller"),
            [Grant { all_actions: true, ..Grant::new("party", work.clone(), RowRule::Team) }]
                .into_iter()
                .chain(interaction::seller())
                .chain(colleagues())
                .collect(),
        ),
        role(
            AGENT,
            label("خدمة العملاء", "Customer service"),
            [Grant::new("party", [Verb::Read, Verb::Create, Verb::Update], RowRule::All).mask("tax_number", Mask::Hidden)]
                .into_iter()
                .chain([interaction::agent()])
                .chain(colleagues())
                .collect(),
        ),
        role(
            VIEWER,
            label("مطّلع", "Viewer"),
            vec![
                Grant::read("party", RowRule::All)
                    .mask("email", Mask::Masked)
                    .mask("phone", Mask::Masked)
                    .mask("birthday", Mask::Hidden)
                    .mask("tax_number", Mask::Hidden),
                Grant::read("interaction", RowRule::All),
                Grant::read("user", RowRule::All).mask("email", Mask::Masked).mask("phone", Mask::Masked),
                Grant::read("team", RowRule::All),
            ],
        ),
    ]
}
