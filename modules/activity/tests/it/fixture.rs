//! A company with a manager, two sellers of one team and one alone, a customer each, and a room.

use engine::{Actor, Company, Draft, Input};
use kernel::jiff::Timestamp;
use kernel::{Name, Outcome, Record, Value};
use std::collections::BTreeMap;
use uuid::Uuid;


pub struct Office {
    pub company: Company,
    pub users: BTreeMap<&'static str, Uuid>,
    pub party: Uuid,
    pub room: Uuid,
    pub team: Uuid,
    _folder: testdb::TempFolder,
}

pub fn t(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// It is Sunday 1 March 2026, eight in the morning in Riyadh.
pub const NOW: &str = "2026-03-01T05:00:00Z";

pub async fn office(url: &str) -> Office {
    let folder = testdb::TempFolder::new();
    let db = store::Db::open(url, &store::Options::default()).await.unwrap();
    let (company, _) = Company::open(db, folder.path(), vec![base::module(), activity::module()]).await.unwrap();
    company.clock().set(t(NOW));
    let mut cx = company.write(&company.system()).await.unwrap();
    let mut users = BTreeMap::new();
    for (name, role) in [("admin", "admin"), ("manager", "manager"), ("huda", "seller"), ("mona", "seller"), ("omar", "seller"), ("viewer", "viewer")] {
        let draft = Draft::new().set("name", Name::new(format!("ال{name}"), name)).set("email", format!("{name}@sila.example")).set("active", true);
        let id = cx.save("user", draft).await.unwrap().record().id;
        cx.set_roles(id, &[role]).await.unwrap();
        users.insert(name, id);
    }
    let team = cx.save("team", Draft::new().set("name", Name::new("الشمال", "North"))).await.unwrap().record().id;
    cx.set_team(team, &[users["huda"], users["mona"]]).await.unwrap();
    let draft = Draft::new().set("name", Name::new("شركة الأفق", "Ofoq")).set("kind", "organisation").set("owner", users["huda"]);
    let party = cx.save("party", draft.set("email", "buyer@ofoq.example")).await.unwrap().record().id;
    let room = cx.save("resource", Draft::new().set("name", Name::new("قاعة النخيل", "Palm room"))).await.unwrap().record().id;
    cx.commit().await.unwrap();
    Office { company, users, party, room, team, _folder: folder }
}

impl Office {
    pub async fn actor(&self, name: &str) -> Actor {
        self.company.load_actor(self.users[name]).await.unwrap().unwrap()
    }
    pub async fn save(&self, who: &str, draft: Draft) -> Outcome<Record> {
        let mut cx = self.company.write(&self.actor(who).await).await?;
        let saved = cx.save("activity", draft).await?.into_record();
        cx.commit().await?;
        Ok(saved)
    }
    pub async fn act(&self, who: &str, object: &str, id: Uuid, action: &str, input: &[(&str, Value)]) -> Outcome<engine::Done> {
        let input: Input = input.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
        self.company.dispatch(&self.actor(who).await, object, id, action, None, input).await
    }
    pub async fn get(&self, id: Uuid) -> Record {
        self.company.get(&self.company.system(), "activity", id).await.unwrap()
    }
    /// Title (empty: busy), begin and end of what stands on the calendar page.
    pub async fn sheet(&self, who: &str, first: &str, last: &str, query: &[(&str, Uuid)]) -> Vec<(String, String, String)> {
        let sheet = self.sheet_with_room(who, first, last, query, None).await;
        sheet.entries.iter().map(|e| (e.title.clone(), e.start.to_string(), e.end.to_string())).collect()
    }
    pub async fn sheet_with_room(&self, who: &str, first: &str, last: &str, query: &[(&str, Uuid)], room: Option<usize>) -> engine::calendar::Sheet {
        let zone = kernel::jiff::tz::TimeZone::get("Asia/Riyadh").unwrap();
        let day = |d: &str| d.parse::<kernel::jiff::civil::Date>().unwrap();
        let at = |d: kernel::jiff::civil::Date| d.to_zoned(zone.clone()).unwrap().timestamp();
        let window = engine::calendar::Window {
            first: day(first),
            last: day(last),
            from: at(day(first)),
            to: at(day(last).tomorrow().unwrap()),
            query: query.iter().map(|(k, v)| ((*k).to_owned(), v.to_string())).collect(),
            room,
        };
        let calendar = self.company.calendar("activity").unwrap();
        (calendar.sheet)(&self.company, &self.actor(who).await, &window).await.unwrap()
    }
}

pub fn meeting(subject: &str, at: &str, ends: &str) -> Draft {
    Draft::new().set("kind", "meeting").set("subject", subject).set("at", t(at)).set("ends", t(ends))
}

/// The key of the first issue.
pub fn why<T: std::fmt::Debug>(outcome: Outcome<T>) -> String {
    let fault = outcome.unwrap_err();
    fault.issues.first().map_or_else(|| format!("{:?}", fault.kind), |i| i.key.clone())
}
