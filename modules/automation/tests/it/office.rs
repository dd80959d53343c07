//! A sales office: a manager who leads the team of two sellers, a seller alone, an administrator; rules at their service.

use automation::flow::Flow;
use engine::{Actor, Company, Draft, Input, Query};
use kernel::jiff::{SignedDuration, Timestamp};
use kernel::{Expr, Fault, Money, Name, Outcome, Record, Value};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use uuid::Uuid;

pub struct Office {
    pub company: Company,
    pub users: BTreeMap<&'static str, Uuid>,
    pub party: Uuid,
    _folder: testdb::TempFolder,
}

pub const PEOPLE: [(&str, &str); 5] = [("admin", "admin"), ("boss", "manager"), ("second", "manager"), ("huda", "seller"), ("omar", "seller")];

pub async fn open(url: &str, folder: &std::path::Path) -> Company {
    let db = store::Db::open(url, &store::Options::default()).await.unwrap();
    let modules = vec![base::module(), activity::module(), sales::module(), automation::module()];
    Company::open(db, folder, modules).await.unwrap().0
}

/// It is Sunday 1 March 2026, eight in the morning in Riyadh.
pub async fn office(url: &str) -> Office {
    let folder = testdb::TempFolder::new();
    let company = open(url, folder.path()).await;
    company.clock().set("2026-03-01T05:00:00Z".parse().unwrap());
    let mut cx = company.write(&company.system()).await.unwrap();
    let mut users = BTreeMap::new();
    for (name, role) in PEOPLE {
        let draft = Draft::new().set("name", Name::new(format!("ال{name}"), name)).set("email", format!("{name}@sila.example")).set("active", true);
        let id = cx.save("user", draft).await.unwrap().record().id;
        cx.set_roles(id, &[role]).await.unwrap();
        users.insert(name, id);
    }
    let team = Draft::new().set("name", Name::new("الشمال", "North")).set("lead", users["boss"]);
    let team = cx.save("team", team).await.unwrap().record().id;
    cx.set_team(team, &[users["huda"], users["boss"]]).await.unwrap();
    let party = Draft::new().set("name", Name::new("شركة الأفق للتوريد", "Ofoq Supplies")).set("kind", "organisation").set("owner", users["huda"]);
    let party = cx.save("party", party).await.unwrap().record().id;
    cx.commit().await.unwrap();
    Office { company, users, party, _folder: folder }
}

impl Office {
    pub async fn actor(&self, name: &str) -> Actor {
        match name {
            "system" => self.company.system(),
            name => self.company.load_actor(self.users[name]).await.unwrap().unwrap(),
        }
    }
    pub async fn save(&self, who: &str, object: &str, draft: Draft) -> Outcome<Record> {
        let actor = self.actor(who).await;
        let object = object.to_owned();
        self.company
            .transact(&actor, |cx| {
                let (object, draft) = (object.clone(), draft.clone());
                Box::pin(async move { Ok(cx.save(&object, draft).await?.into_record()) })
            })
            .await
    }
    pub async fn act(&self, who: &str, object: &str, id: Uuid, action: &str, input: &[(&str, Value)]) -> Outcome<engine::Done> {
        let input: Input = input.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
        self.company.dispatch(&self.actor(who).await, object, id, action, None, input).await
    }
    pub async fn get(&self, object: &str, id: Uuid) -> Record {
        self.company.get(&self.company.system(), object, id).await.unwrap()
    }
    pub async fn all(&self, object: &str, filter: &str) -> Vec<Record> {
        let query = Query::new(object).filter(Expr::parse(filter).unwrap()).sort("created_at").limit(500);
        self.company.list(&self.company.system(), &query).await.unwrap().records
    }
    /// Makes a rule and puts it into force.
    pub async fn rule(&self, who: &str, name: &str, flow: Json) -> Outcome<Uuid> {
        let flow: Flow = serde_json::from_value(flow).unwrap();
        let draft = automation::rule::draft(Name::new(name, name), "", &flow)?.set("active", true);
        Ok(self.save(who, automation::rule::KEY, draft).await?.id)
    }
    pub async fn deal(&self, who: &str, name: &str, amount: i64) -> Record {
        let draft = Draft::new().set("name", name).set("party", self.party).set("amount", Money::new(amount * 100, "SAR")).set("owner", self.users[who]);
        self.save(who, "opportunity", draft).await.unwrap()
    }
    pub async fn change(&self, who: &str, id: Uuid, field: &str, value: impl Into<Value>) -> Outcome<Record> {
        self.save(who, "opportunity", Draft::of(id).set(field, value)).await
    }
    /// Does everything that is due.
    pub async fn work(&self) {
        engine::runner::run_due(&self.company, &[]).await.unwrap();
    }
    /// What the minute brings.
    pub async fn minute(&self) {
        automation::work::minute(&self.company).await.unwrap();
        self.work().await;
    }
    pub fn wait(&self, hours: i64) {
        let now = self.company.now().checked_add(SignedDuration::from_hours(hours)).unwrap();
        self.company.clock().set(now);
    }
    pub async fn number(&self, sql: &str) -> i64 {
        let mut conn = self.company.db().read().await.unwrap();
        let sql = store::Sql::of(conn.dialect(), sql);
        conn.int(&sql).await.unwrap().unwrap_or_default()
    }
    pub async fn runs(&self, rule: Uuid) -> Vec<automation::runs::Run> {
        let mut conn = self.company.db().read().await.unwrap();
        automation::runs::latest(&mut conn, Some(rule), None, 100).await.unwrap()
    }
    pub async fn log(&self, run: Uuid) -> Vec<(String, Json)> {
        let mut conn = self.company.db().read().await.unwrap();
        automation::runs::lines(&mut conn, run).await.unwrap().into_iter().map(|l| (l.what, l.data)).collect()
    }
    pub async fn stage(&self, latin: &str) -> Uuid {
        self.all("pipeline_stage", "true").await.iter().find(|s| s.get("name").name().unwrap().latin == latin).unwrap().id
    }
    pub async fn told(&self, who: &str, kind: &str) -> i64 {
        let mut conn = self.company.db().read().await.unwrap();
        let mut sql = conn.sql();
        sql.push("SELECT COUNT(*) FROM sila_notice WHERE user_id = ").bind(self.users[who]).push(" AND kind = ").bind(kind);
        conn.int(&sql).await.unwrap().unwrap_or_default()
    }
    pub fn now(&self) -> Timestamp {
        self.company.now()
    }
}

pub fn keys(fault: &Fault) -> Vec<&str> {
    fault.issues.iter().map(|i| i.key.as_str()).collect()
}

/// A rule that writes the next step of a deal.
pub fn writes(trigger: Json, when: &str, field: &str, value: &str) -> Json {
    json!({"object": "opportunity", "trigger": trigger, "when": when, "steps": [{"do": "update", "values": {field: value}}]})
}
