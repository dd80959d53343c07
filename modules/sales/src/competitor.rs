//! Who wants the same deals: what they are good at, and how we win against them.

use kernel::{Field, Kind, Object, Weight, label};

pub const KEY: &str = "competitor";

pub fn object() -> Object {
    Object::new(KEY, "sales", label("منافس", "Competitor"), label("المنافسون", "Competitors"))
        .icon("flag")
        .sort("name")
        .field(Field::new("name", Kind::Name, label("الاسم", "Name")).required().search(Weight::Title))
        .field(Field::new("website", Kind::Url, label("الموقع الإلكتروني", "Website")).list())
        .field(Field::new("strengths", Kind::LongText, label("مواطن قوته", "Strengths")).search(Weight::Body).list())
        .field(Field::new("weaknesses", Kind::LongText, label("مواطن ضعفه", "Weaknesses")).search(Weight::Body).list())
        .field(Field::new("answer", Kind::LongText, label("كيف نكسب أمامه", "How we win against them")).search(Weight::Body))
}
