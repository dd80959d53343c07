//! A company with customers and orders, at a fixed hour.

use engine::{Company, Draft};
use kernel::uuid::Uuid;
use kernel::{Money, Name, Outcome, Record, Value};

pub struct Shop {
    pub company: Company,
    _folder: testdb::TempFolder,
}

/// Noon UTC of 1 March 2026.
pub const NOW: &str = "2026-03-01T12:00:00Z";

pub async fn shop(url: &str) -> Shop {
    let folder = testdb::TempFolder::new();
    let db = store::Db::open(url, &store::Options::default()).await.unwrap();
    let (company, _) = Company::open(db, folder.path(), vec![sila_base::module(), commerce::module()]).await.unwrap();
    company.clock().set(NOW.parse().unwrap());
    Shop { company, _folder: folder }
}

impl Shop {
    pub async fn save(&self, object: &str, draft: Draft) -> Outcome<Record> {
        self.save_all(object, vec![draft]).await.map(|mut r| r.remove(0))
    }
    pub async fn save_all(&self, object: &str, drafts: Vec<Draft>) -> Outcome<Vec<Record>> {
        let object = object.to_owned();
        self.company
            .transact(&self.company.system(), |cx| {
                let (object, drafts) = (object.clone(), drafts.clone());
                Box::pin(async move { Ok(cx.save_many(&object, drafts).await?.into_iter().map(engine::Saved::into_record).collect()) })
            })
            .await
    }
    pub async fn delete(&self, object: &str, id: Uuid) {
        let mut cx = self.company.write(&self.company.system()).await.unwrap();
        cx.delete(object, id, None).await.unwrap();
        cx.commit().await.unwrap();
    }
    pub async fn get(&self, object: &str, id: Uuid) -> Record {
        self.company.get(&self.company.system(), object, id).await.unwrap()
    }
    pub async fn party(&self, ar: &str) -> Uuid {
        self.save("party", named(ar)).await.unwrap().id
    }
    /// An order of that day, placed.
    pub async fn order(&self, party: Uuid, day: &str) -> Uuid {
        let at = Value::DateTime(format!("{day}T09:00:00Z").parse().unwrap());
        let order = self.save("order", Draft::new().set("party", party).set("ordered_at", at)).await.unwrap().id;
        let line = Draft::new().set("order", order).set("description", "كتاب").set("price", Money::new(10_000, "SAR"));
        self.save("order_line", line).await.unwrap();
        self.company.dispatch(&self.company.system(), "order", order, "place", None, engine::Input::new()).await.unwrap();
        order
    }
    /// Every living row of a party's list, as (value of the field, flag).
    pub async fn parts(&self, object: &str, party: Uuid) -> Vec<Record> {
        let query = engine::Query::new(object).filter(kernel::Expr::path("party").eq(kernel::Expr::lit(party))).sort("created_at");
        self.company.list(&self.company.system(), &query).await.unwrap().records
    }
    pub async fn found(&self, words: &str) -> Vec<Uuid> {
        let hits = self.company.search(&self.company.system(), words, Some("party"), 10).await.unwrap();
        hits.into_iter().map(|h| h.id).collect()
    }
}

pub fn named(ar: &str) -> Draft {
    Draft::new().set("name", Name::new(ar, "")).set("kind", "organisation")
}
