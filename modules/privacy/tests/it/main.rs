//! Privacy on both databases: erasure proved by a scan of everything stored, requests, retention, the statement.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod consenting;
mod erasing;
mod requests;

use engine::{Company, Draft};
use kernel::uuid::Uuid;
use kernel::{Address, Name};
use std::path::Path;

pub fn modules() -> Vec<engine::Module> {
    vec![base::module(), commerce::module(), sila_privacy::module()]
}

pub async fn company(url: &str, dir: &Path) -> Company {
    let db = store::Db::open(url, &store::Options::default()).await.unwrap();
    Company::open(db, dir, modules()).await.unwrap().0
}

pub const AR: &str = "شمّاء العجيبية المرزوقية";
pub const LATIN: &str = "Shammaa Alajeebia Almarzuqia";
pub const MAIL: &str = "shammaa.marker@mark-er.example";
pub const PHONE: &str = "+966509988776";
pub const NOTE: &str = "تفضّل الاتصال عصرًا لأن والدتها مريضة";

/// A person with an unusual name, so that every find is hers.
pub async fn shammaa(company: &Company) -> Uuid {
    save(company, "party", filled(Draft::new()).external("erp", "ERP-SHAMMAA-55")).await
}

pub fn filled(draft: Draft) -> Draft {
    let address = Address { street: "شارع الواحة السرية 4471".into(), city: "الرياض".into(), country: "SA".into(), ..Address::default() };
    draft
        .set("name", Name::new(AR, LATIN))
        .set("kind", "person")
        .set("code", "CUST-99177-X")
        .set("email", MAIL)
        .set("phone", PHONE)
        .set("address", address)
        .set("note", NOTE)
}

pub async fn save(company: &Company, object: &str, draft: Draft) -> Uuid {
    let mut cx = company.write(&company.system()).await.unwrap();
    let id = cx.save(object, draft).await.unwrap().record().id;
    cx.commit().await.unwrap();
    id
}
