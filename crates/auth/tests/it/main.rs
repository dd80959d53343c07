//! Signing in, tokens, reset and first run, on both databases.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

extern crate sila_auth as auth;

mod accounts;
mod directory;
mod factors;
mod guessing;
mod issuer;
mod reset;
mod sessions;
mod setup;
mod sso;
mod tokens;

use auth::{NewUser, Origin, Secret};
use engine::{Company, Module};
use kernel::{Field, Grant, Kind, Name, Object, Role, RowRule, label};
use uuid::Uuid;

pub const PASSWORD: &str = "نخلة خضراء عند الباب";

fn module() -> Module {
    let user = Object::new("user", "base", label("مستخدم", "User"), label("المستخدمون", "Users"))
        .field(Field::new("name", Kind::Name, label("الاسم", "Name")).required())
        .field(Field::new("email", Kind::Email, label("البريد", "E-mail")).required().unique())
        .field(Field::new("active", Kind::Bool, label("نشط", "Active")).default_expr("true"));
    let role = |key: &str, admin| Role {
        key: key.into(),
        label: label("دور", "Role"),
        grants: vec![Grant::full("*", RowRule::All)],
        admin,
    };
    Module { key: "base", label: label("الأساس", "Base"), objects: vec![user], roles: vec![role("admin", true), role("seller", false)], ..Module::default() }
}

/// A company at `url` with its clock stopped, and a folder for its files.
pub async fn company(url: &str) -> (Company, testdb::TempFolder) {
    let folder = testdb::TempFolder::new();
    let db = store::Db::open(url, &store::Options::default()).await.unwrap();
    let (company, _) = Company::open(db, folder.path(), vec![module()]).await.unwrap();
    company.clock().set("2026-03-01T08:00:00Z".parse().unwrap());
    (company, folder)
}

pub fn forward(company: &Company, seconds: i64) {
    let at = company.now() + jiff::SignedDuration::from_secs(seconds);
    company.clock().set(at);
}

pub async fn user(company: &Company, email: &str, role: &str) -> Uuid {
    let new = NewUser {
        email: email.into(),
        name: Name::new("سارة الخالد", "Sara Alkhaled"),
        password: Some(Secret::new(PASSWORD)),
        roles: vec![role.into()],
        lang: String::new(),
    };
    auth::create_user(company, &company.system(), &new).await.unwrap()
}

/// Signs in where the password is enough.
pub async fn enter(company: &Company, email: &str, password: &str, origin: &Origin) -> kernel::Outcome<(Secret, engine::Actor)> {
    match auth::sign_in(company, email, password, origin).await? {
        auth::Entry::In(token, actor) => Ok((token, actor)),
        other => panic!("more is asked for: {other:?}"),
    }
}

pub fn origin() -> Origin {
    Origin::new("192.0.2.7", "Mozilla/5.0 (اختبار)")
}

/// The first issue key of a fault.
pub fn key<T: std::fmt::Debug>(result: kernel::Outcome<T>) -> String {
    let fault = result.unwrap_err();
    fault.issues.first().map_or_else(|| fault.title_key().to_owned(), |i| i.key.clone())
}
