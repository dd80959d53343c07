//! The roles a new company begins with. Modules add grants for their own objects under the same keys.

use crate::party::Party;
use crate::{contact, interaction, relationship, stage_change};
use kernel::object::Declared;
use kernel::{Grant, Mask, Role, RowRule, Sensitivity, Verb, label};

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
    let work = [Verb::Read, Verb::Create, Verb::Update, Verb::Export, Verb::Share];
    let colleagues = || [Grant::read("user", RowRule::All), Grant::read("team", RowRule::All), Grant::read("purpose", RowRule::All)];
    // Whoever works with a customer may write down what the customer has decided; nobody changes it afterwards.
    let consents = |rows: RowRule| {
        [Grant::new("consent", [Verb::Read, Verb::Create], rows.clone()), Grant::read("permission", rows)]
    };
    vec![
        Role { admin: true, ..role(ADMIN, label("مدير النظام", "Administrator"), vec![Grant::full("*", RowRule::All)]) },
        role(
            MANAGER,
            label("مدير", "Manager"),
            [
                Grant::new("*", [Verb::Read, Verb::Export], RowRule::All),
                Grant::full("party", RowRule::All),
                Grant::full("interaction", RowRule::All),
            ]
            .into_iter()
            .chain(parts().chain(["relationship"]).map(|o| Grant::full(o, RowRule::All)))
            .chain(consents(RowRule::All))
            .collect(),
        ),
        role(
            SELLER,
            label("مندوب مبيعات", "Seller"),
            [Grant { all_actions: true, ..Grant::new("party", work.clone(), RowRule::Team) }]
                .into_iter()
                .chain(interaction::seller())
                .chain(parts().map(|o| Grant::new(o, whole(), RowRule::Team)))
                .chain(relationship::seller())
                .chain([Grant::new(stage_change::KEY, [Verb::Read, Verb::Export], RowRule::Team)])
                .chain(colleagues())
                .chain(consents(RowRule::Team))
                .collect(),
        ),
        role(
            AGENT,
            label("خدمة العملاء", "Customer service"),
            [Grant::new("party", [Verb::Read, Verb::Create, Verb::Update], RowRule::All).mask("tax_number", Mask::Hidden)]
                .into_iter()
                .chain([interaction::agent()])
                .chain(parts().chain(["relationship"]).map(|o| Grant::new(o, whole(), RowRule::All)))
                .chain([Grant::read(stage_change::KEY, RowRule::All)])
                .chain(colleagues())
                .chain(consents(RowRule::All))
                .collect(),
        ),
        role(
            VIEWER,
            label("مطّلع", "Viewer"),
            vec![
                from_afar(),
                Grant::read(contact::PHONE, RowRule::All).mask("phone", Mask::Masked),
                Grant::read(contact::EMAIL, RowRule::All).mask("email", Mask::Masked),
                Grant::read(contact::ADDRESS, RowRule::All),
                Grant::read("relationship", RowRule::All),
                Grant::read("account_member", RowRule::All),
                Grant::read(stage_change::KEY, RowRule::All),
                Grant::read("interaction", RowRule::All),
                Grant::read("user", RowRule::All).mask("email", Mask::Masked).mask("phone", Mask::Masked),
                Grant::read("team", RowRule::All),
                Grant::read("purpose", RowRule::All),
                Grant::read("permission", RowRule::All),
            ],
        ),
    ]
}

/// What is part of a party and goes where it goes.
fn parts() -> impl Iterator<Item = &'static str> {
    [contact::PHONE, contact::EMAIL, contact::ADDRESS, "account_member", "talking_point"].into_iter()
}

fn whole() -> [Verb; 5] {
    [Verb::Read, Verb::Create, Verb::Update, Verb::Delete, Verb::Export]
}

/// Parties as somebody sees them who only reads: how to reach them in dots, nothing of their private lives.
fn from_afar() -> Grant {
    let party = Party::object();
    let personal = party.fields.iter().filter(|f| f.sensitivity == Sensitivity::Personal);
    let withheld = |key: &str| if matches!(key, "email" | "phone") { Mask::Masked } else { Mask::Hidden };
    let grant = Grant::read("party", RowRule::All).mask("tax_number", Mask::Hidden);
    personal.fold(grant, |g, f| g.mask(f.key.clone(), withheld(&f.key)))
}
