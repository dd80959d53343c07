//! Quotes on both databases: prices, sums, limits, the way to the customer and to the order.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod answering;
mod paper;
mod pricing;
mod sending;

use engine::{Actor, Company, Draft, Input, Query};
use kernel::rust_decimal::Decimal;
use kernel::uuid::Uuid;
use kernel::{Expr, Fault, Money, Name, Record, Value};
use std::path::Path;
use std::sync::Arc;

pub fn modules() -> Vec<engine::Module> {
    vec![base::module(), sales::module(), commerce::module(), sila_quotes::module()]
}

pub async fn company(url: &str, dir: &Path) -> Company {
    let db = store::Db::open(url, &store::Options::default()).await.unwrap();
    Company::open(db, dir, modules()).await.unwrap().0
}

/// A colleague with that role, without going through a sign-in.
pub async fn colleague(company: &Company, role: &str, n: u128) -> Actor {
    let registry = company.registry();
    let email = format!("{role}{n}@example.com");
    let id = save(company, "user", Draft::new().set("name", Name::new(role, "")).set("email", email)).await;
    Actor { id, roles: vec![role.into()], policy: Arc::new(kernel::Policy::of([registry.role(role).unwrap()])), ..company.system() }
}

pub async fn try_save(company: &Company, actor: &Actor, object: &str, draft: Draft) -> Result<Record, Fault> {
    let mut cx = company.write(actor).await?;
    let saved = cx.save(object, draft).await?.into_record();
    cx.commit().await?;
    Ok(saved)
}

pub async fn save(company: &Company, object: &str, draft: Draft) -> Uuid {
    try_save(company, &company.system(), object, draft).await.unwrap().id
}

pub async fn get(company: &Company, object: &str, id: Uuid) -> Record {
    company.get(&company.system(), object, id).await.unwrap()
}

pub async fn act(company: &Company, actor: &Actor, object: &str, id: Uuid, key: &str, input: &[(&str, &str)]) -> Result<engine::Done, Fault> {
    let input: Input = input.iter().map(|(k, v)| ((*k).to_owned(), Value::from(*v))).collect();
    company.dispatch(actor, object, id, key, None, input).await
}

pub fn sar(minor: i64) -> Money {
    Money::new(minor, "SAR")
}

pub fn d(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub fn keys(fault: &Fault) -> Vec<&str> {
    fault.issues.iter().map(|i| i.key.as_str()).collect()
}

/// A customer with an address for letters.
pub async fn customer(company: &Company) -> Uuid {
    save(company, "party", Draft::new().set("name", Name::new("مؤسسة نور الشام", "Noor Al Sham")).set("kind", "organisation").set("email", "buyer@noor.example").set("tags", Value::List(vec!["wholesale".into()]))).await
}

pub async fn product(company: &Company, code: &str, ar: &str, price: i64) -> Uuid {
    save(company, "product", Draft::new().set("name", Name::new(ar, code)).set("code", code).set("price", sar(price)).set("unit", "قطعة")).await
}

pub async fn quote(company: &Company, party: Uuid) -> Uuid {
    save(company, "quote", Draft::new().set("party", party)).await
}

pub fn line(quote: Uuid, product: Uuid, quantity: &str) -> Draft {
    Draft::new().set("quote", quote).set("product", product).set("quantity", d(quantity))
}

pub async fn lines(company: &Company, quote: Uuid) -> Vec<Record> {
    let query = Query::new("quote_line").filter(Expr::path("quote").eq(Expr::lit(quote))).sort("position").limit(300);
    company.list(&company.system(), &query).await.unwrap().records
}

/// A quote of 10 × 100.00 and 3 × 33.33 at 15 %, sent.
pub async fn sent(company: &Company) -> (Uuid, Uuid) {
    let party = customer(company).await;
    let (a, b) = (product(company, "A-1", "صندوق هدايا", 10_000).await, product(company, "B-1", "شمعة عود", 3_333).await);
    let quote = quote(company, party).await;
    save(company, "quote_line", line(quote, a, "10")).await;
    save(company, "quote_line", line(quote, b, "3")).await;
    act(company, &company.system(), "quote", quote, "send", &[]).await.unwrap();
    (quote, party)
}
