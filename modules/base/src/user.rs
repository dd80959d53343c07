//! A colleague who signs in. Rights (roles, password, tokens) lie in tables that no form or import reaches.

use kernel::uuid::Uuid;
use kernel::{FileRef, Name, Object};

#[derive(Debug, Object)]
#[object(
    key = "user",
    module = "base",
    ar = "مستخدم",
    en = "User",
    ar_plural = "المستخدمون",
    en_plural = "Users",
    icon = "user",
    owner = "id",
    sort = "name",
    without(Menu, Import, Export, Comments, Files)
)]
pub struct User {
    pub id: Uuid,
    #[field(ar = "الاسم", en = "Name", search = "title")]
    pub name: Name,
    #[field(
        ar = "البريد الإلكتروني",
        en = "E-mail",
        kind = email,
        unique,
        personal,
        search = "title",
        list,
        help(ar = "به يسجّل المستخدم الدخول.", en = "The user signs in with it.")
    )]
    pub email: String,
    #[field(ar = "المسمى الوظيفي", en = "Job title", search = "body", list)]
    pub job_title: Option<String>,
    #[field(ar = "الجوال", en = "Mobile", kind = phone, personal, list)]
    pub phone: Option<String>,
    #[field(
        ar = "مفعّل",
        en = "Active",
        default = "true",
        list,
        help(ar = "من أُوقف حسابه لا يستطيع الدخول.", en = "Someone inactive cannot sign in.")
    )]
    pub active: bool,
    #[field(ar = "الصورة", en = "Photo", kind = image)]
    pub photo: Option<FileRef>,
}
