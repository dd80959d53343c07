//! A step of a party in its life cycle: when, from where to where, and why. Written by the rule and by the action that
//! overrides it, never by hand.

use crate::party::Party;
use kernel::object::{Capability, Declared};
use kernel::{Choice, Field, Kind, Object, Tone, label};

pub const KEY: &str = "stage_change";

pub fn object() -> Object {
    use Capability::{Audit, Comments, Files, Import, Menu, Search};
    let stage = Party::object().get("stage").map_or_else(Kind::text, |f| f.kind.clone());
    let basis = [Choice::new("rule", label("بالقاعدة", "By rule"), Tone::Neutral), Choice::new("hand", label("بقرار", "By hand"), Tone::Accent)];
    Object::new(KEY, "base", label("تغيّر المرحلة", "Stage change"), label("تاريخ المراحل", "Stage history"))
        .icon("trending-up")
        .title("reason")
        .owner("party.owner")
        .happened("at")
        .sort("-at")
        .without(&[Menu, Search, Import, Comments, Files, Audit])
        .field(Field::new("at", Kind::DateTime, label("متى", "When")).readonly().indexed().list())
        .field(Field::new("from_stage", stage.clone(), label("من", "From")).readonly().list())
        .field(Field::new("to_stage", stage, label("إلى", "To")).readonly().indexed().list())
        .field(Field::new("basis", Kind::Choice { options: basis.into() }, label("على أي أساس", "Basis")).readonly().list())
        .field(Field::new("reason", Kind::text(), label("السبب", "Reason")).readonly().list())
        .field(Field::new("until", Kind::Date, label("سارٍ حتى", "Holds until")).readonly())
        .field(
            Field::new("party", Kind::to("party"), label("العميل", "Customer"))
                .readonly()
                .cascade()
                .timeline()
                .reverse("stage_changes", label("تاريخ المراحل", "Stage history"))
                .list(),
        )
}
