//! A colleague who signs in. Rights (roles, password, tokens) lie in tables that no form or import reaches.

use kernel::{Capability, Field, Kind, Object, Weight, label};

pub fn object() -> Object {
    Object::new("user", "base", label("مستخدم", "User"), label("المستخدمون", "Users"))
        .icon("user")
        .sort("name")
        .without(&[Capability::Import, Capability::Export, Capability::Comments, Capability::Files])
        .field(Field::new("name", Kind::Name, label("الاسم", "Name")).required().search(Weight::Title))
        .field(
            Field::new("email", Kind::Email, label("البريد الإلكتروني", "E-mail"))
                .help(label("به يسجّل المستخدم الدخول.", "The user signs in with it."))
                .required()
                .unique()
                .personal()
                .search(Weight::Title)
                .list(),
        )
        .field(Field::new("job_title", Kind::text(), label("المسمى الوظيفي", "Job title")).search(Weight::Body).list())
        .field(Field::new("phone", Kind::Phone, label("الجوال", "Mobile")).personal().list())
        .field(
            Field::new("active", Kind::Bool, label("مفعّل", "Active"))
                .help(label("من أُوقف حسابه لا يستطيع الدخول.", "Someone inactive cannot sign in."))
                .default_expr("true")
                .list(),
        )
        .field(Field::new("photo", Kind::Image, label("الصورة", "Photo")))
}
