//! A company with a manager, two sellers of one team, one alone and a viewer, a customer each, at a fixed hour that moves.

use engine::{Actor, Company, Draft, Input, Query};
use kernel::jiff::{SignedDuration, Timestamp};
use kernel::{Expr, Money, Name, Outcome, Record, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

pub struct Desk {
    pub company: Company,
    pub users: BTreeMap<&'static str, Uuid>,
    /// Of Huda, and of Omar.
    pub hers: Uuid,
    pub his: Uuid,
    _folder: testdb::TempFolder,
}

/// It is Sunday 1 March 2026, eight in the morning in Riyadh.
pub const NOW: &str = "2026-03-01T05:00:00Z";

pub async fn desk(url: &str) -> Desk {
    let folder = testdb::TempFolder::new();
    let db = store::Db::open(url, &store::Options::default()).await.unwrap();
    let (company, _) = Company::open(db, folder.path(), vec![base::module(), sales::module()]).await.unwrap();
    company.clock().set(NOW.parse().unwrap());
    let mut cx = company.write(&company.system()).await.unwrap();
    let mut users = BTreeMap::new();
    for (name, role) in [("manager", "manager"), ("huda", "seller"), ("mona", "seller"), ("omar", "seller"), ("agent", "agent"), ("viewer", "viewer")] {
        let draft = Draft::new().set("name", Name::new(format!("ال{name}"), name)).set("email", format!("{name}@sila.example")).set("active", true);
        let id = cx.save("user", draft).await.unwrap().record().id;
        cx.set_roles(id, &[role]).await.unwrap();
        users.insert(name, id);
    }
    let team = cx.save("team", Draft::new().set("name", Name::new("الشمال", "North"))).await.unwrap().record().id;
    cx.set_team(team, &[users["huda"], users["mona"]]).await.unwrap();
    let firm = |ar: &str, latin: &str, owner: &str| Draft::new().set("name", Name::new(ar, latin)).set("kind", "organisation").set("owner", users[owner]);
    let hers = cx.save("party", firm("شركة الأفق للتوريد", "Ofoq Supplies", "huda")).await.unwrap().record().id;
    let his = cx.save("party", firm("مصنع الرواد", "Ruwad Factory", "omar")).await.unwrap().record().id;
    cx.commit().await.unwrap();
    Desk { company, users, hers, his, _folder: folder }
}

impl Desk {
    pub async fn actor(&self, name: &str) -> Actor {
        match name {
            "system" => self.company.system(),
            name => self.company.load_actor(self.users[name]).await.unwrap().unwrap(),
        }
    }
    pub async fn save(&self, who: &str, object: &str, draft: Draft) -> Outcome<Record> {
        let mut cx = self.company.write(&self.actor(who).await).await?;
        let saved = cx.save(object, draft).await?.into_record();
        cx.commit().await?;
        Ok(saved)
    }
    pub async fn act(&self, who: &str, object: &str, id: Uuid, action: &str, input: &[(&str, Value)]) -> Outcome<engine::Done> {
        let input: Input = input.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
        self.company.dispatch(&self.actor(who).await, object, id, action, None, input).await
    }
    pub async fn get(&self, object: &str, id: Uuid) -> Record {
        self.company.get(&self.company.system(), object, id).await.unwrap()
    }
    pub async fn all(&self, who: &str, object: &str, filter: &str) -> Vec<Record> {
        let query = Query::new(object).filter(Expr::parse(filter).unwrap()).sort("created_at").limit(500);
        self.company.list(&self.actor(who).await, &query).await.unwrap().records
    }
    pub fn wait_days(&self, days: i64) {
        let now = self.company.now().checked_add(SignedDuration::from_hours(24 * days)).unwrap();
        self.company.clock().set(now);
    }
    pub fn at(&self, moment: &str) {
        self.company.clock().set(moment.parse::<Timestamp>().unwrap());
    }
    /// The stage of this English name; of the first pipeline where it stands in several.
    pub async fn stage(&self, name: &str) -> Uuid {
        self.all("system", "pipeline_stage", &format!("name.latin == \"{name}\"")).await[0].id
    }
    pub async fn stage_of(&self, deal: Uuid) -> String {
        let stage = self.get("opportunity", deal).await.get("stage").id().unwrap();
        self.get("pipeline_stage", stage).await.get("name").name().unwrap().latin.clone()
    }
    /// An opportunity of Huda's customer with everything that the stages of the first pipeline ask for, save for a key player.
    pub async fn deal(&self, name: &str) -> Uuid {
        self.save("huda", "opportunity", deal(name, self.hers)).await.unwrap().id
    }
    /// Moves it, as Huda.
    pub async fn go(&self, deal: Uuid, stage: &str) -> Outcome<Record> {
        let stage = self.stage(stage).await;
        self.save("huda", "opportunity", Draft::of(deal).set("stage", stage)).await
    }
    /// `Entered < from, days`, in order of time.
    pub async fn steps(&self, deal: Uuid) -> Vec<String> {
        let mut told = Vec::new();
        for r in self.all("system", "opportunity_step", &format!("opportunity == id(\"{deal}\")")).await {
            let from = match r.get("from_stage").id() {
                Some(id) => self.get("pipeline_stage", id).await.get("name").name().unwrap().latin.clone(),
                None => "-".into(),
            };
            let days = r.get("stay").int().map_or("…".into(), |s| (s / 86_400).to_string());
            told.push(format!("{} < {from}, {days}", r.get("name").name().unwrap().latin));
        }
        told
    }
}

pub fn deal(name: &str, party: Uuid) -> Draft {
    let close: kernel::jiff::civil::Date = "2026-06-30".parse().unwrap();
    let draft = Draft::new().set("name", name).set("party", party).set("amount", sar(100_000)).set("expected_close", close);
    draft.set("need", "توريد سنوي").set("next_step", "اجتماع")
}

/// Whole riyals.
pub fn sar(riyals: i64) -> Money {
    Money::new(riyals * 100, "SAR")
}

/// Field and key of each issue, or the kind of the fault.
pub fn why<T: std::fmt::Debug>(outcome: Outcome<T>) -> Vec<String> {
    let fault = outcome.unwrap_err();
    if fault.issues.is_empty() {
        return vec![format!("{:?}", fault.kind)];
    }
    fault.issues.iter().map(|i| format!("{} {}", i.field, i.key)).collect()
}
