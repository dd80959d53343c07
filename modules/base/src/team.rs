//! A group of colleagues who see each other's customers. Members are kept apart, changed by administrators only.

use kernel::{Capability, Field, Kind, Object, Weight, label};

pub fn object() -> Object {
    Object::new("team", "base", label("فريق", "Team"), label("الفرق", "Teams"))
        .icon("users")
        .sort("name")
        .without(&[Capability::Import, Capability::Export, Capability::Files])
        .field(Field::new("name", Kind::Name, label("اسم الفريق", "Team name")).required().search(Weight::Title))
        .field(
            Field::new("lead", Kind::to("user"), label("قائد الفريق", "Team lead"))
                .reverse("led_teams", label("فرق يقودها", "Teams led"))
                .list(),
        )
        .field(Field::new("note", Kind::LongText, label("ملاحظات", "Notes")))
}
