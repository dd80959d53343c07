//! Territories: who looks after which customers.
//!
//! - [`rules`]: a territory, its condition, who belongs to it; [`run`]: the rules over all customers, looked at before
//!   anything moves; [`report`]: what each territory holds and brings.

pub mod report;
pub mod rules;
pub mod run;

pub use rules::{KEY, of_lead};

use kernel::{Field, label};

pub fn of_party() -> Field {
    rules::belonging(label("العلاقة", "Relationship"), label("العملاء والجهات", "Parties"), "accounts")
}

pub fn of_lead_field() -> Field {
    rules::belonging(label("المتابعة", "Follow-up"), label("العملاء المهتمون", "Leads"), "leads")
}
