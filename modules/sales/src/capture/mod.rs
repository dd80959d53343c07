//! Interest that comes from outside: forms on the web.
//!
//! - [`form`]: what a form asks and with which words; [`page`]: the form for anybody;
//! - [`guard`]: is this a person; [`submission`]: what came, and what became of it; [`panel`]: how it stands on pages.

pub mod form;
pub mod guard;
mod page;
mod panel;
pub mod submission;

use engine::{Page, Panel, Place};
use kernel::{Field, Kind, label};

pub fn page() -> Page {
    Page::new("sales", "form", label("نموذج", "Form"), "file-text", page::render).at(Place::Public).post(page::post)
}

pub fn panels() -> Vec<Panel> {
    panel::all()
}

/// Consents are given before somebody is a customer.
pub fn of_consent() -> Field {
    Field::new("lead", Kind::to(crate::lead::KEY), label("العميل المهتم", "Lead"))
        .lock("rev > 0")
        .timeline()
        .cascade()
        .reverse("consents", label("سجل الموافقات", "Consents"))
}
