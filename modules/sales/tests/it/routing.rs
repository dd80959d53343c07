//! MKT-11, SAL-8: leads find their owner by rules, fairly however many come at once; the clock of the first touch runs in
//! working time; territories say whose a customer is, after a look at who would move.

use crate::desk::{Desk, desk, why};
use engine::Draft;
use kernel::{Address, Name, Record, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

fn lead(ar: &str) -> Draft {
    Draft::new().set("name", Name::new(ar, "")).set("owner", Value::Null)
}

async fn rule(desk: &Desk, position: i64, way: &str, more: &[(&str, Value)]) -> Uuid {
    let draft = Draft::new().set("name", Name::new(format!("قاعدة {position}"), "")).set("position", position).set("way", way);
    desk.save("manager", "lead_route", more.iter().fold(draft, |d, (k, v)| d.set(k, v.clone()))).await.unwrap().id
}

async fn team(desk: &Desk, names: &[&str]) -> Uuid {
    let mut cx = desk.company.write(&desk.company.system()).await.unwrap();
    let team = cx.save("team", Draft::new().set("name", Name::new("المبيعات", "Sales"))).await.unwrap().record().id;
    cx.set_team(team, &names.iter().map(|n| desk.users[n]).collect::<Vec<_>>()).await.unwrap();
    cx.commit().await.unwrap();
    team
}

async fn come(desk: &Desk, draft: Draft) -> Record {
    let system = desk.company.system();
    let saved = desk.company.transact(&system, |cx| {
        let draft = draft.clone();
        Box::pin(async move { Ok(cx.save("lead", draft).await?.into_record()) })
    });
    saved.await.unwrap()
}

fn owner(desk: &Desk, r: &Record) -> &'static str {
    let id = r.get("owner").id();
    desk.users.iter().find(|(_, u)| Some(**u) == id).map_or("nobody", |(n, _)| n)
}

#[tokio::test(flavor = "multi_thread")]
async fn mkt_11_many_leads_at_once_are_spread_evenly() {
    testdb::both(async |url| {
        let desk = desk(&url).await;
        let team = team(&desk, &["huda", "mona", "omar"]).await;
        rule(&desk, 1, "load", &[("team", Value::Id(team)), ("condition", "source == \"referral\"".into())]).await;
        rule(&desk, 2, "turn", &[("team", Value::Id(team))]).await;
        // Omar has two already.
        for n in 0..2 {
            desk.save("omar", "lead", Draft::new().set("name", Name::new(format!("له {n}"), ""))).await.unwrap();
        }
        let many = |source: Option<&'static str>| futures::future::join_all((0..12).map(|n| {
            let draft = lead(&format!("زائر {n}"));
            come(&desk, source.map_or(draft.clone(), |s| draft.set("source", s)))
        }));
        let count = |leads: &[Record]| {
            let mut by = BTreeMap::new();
            for l in leads {
                *by.entry(owner(&desk, l)).or_insert(0) += 1;
            }
            by
        };
        assert_eq!(count(&many(None).await), BTreeMap::from([("huda", 4), ("mona", 4), ("omar", 4)]));
        // Six, four and four are open; the least first, so that all end equal: 26 in all, and Omar takes fewer.
        let loaded = count(&many(Some("referral")).await);
        let mut turns: Vec<i64> = desk.all("system", "lead", "turn != null").await.iter().map(|l| l.get("turn").int().unwrap()).collect();
        turns.sort_unstable();
        assert_eq!(turns.len(), 24);
        let after: BTreeMap<&str, i32> = [("huda", 4), ("mona", 4), ("omar", 6)].iter().map(|(n, had)| (*n, had + loaded.get(n).copied().unwrap_or_default())).collect();
        let (least, most) = (after.values().min().unwrap(), after.values().max().unwrap());
        assert!(most - least <= 1, "{after:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mkt_11_rules_know_skills_absence_and_territories_and_say_why() {
    testdb::both(async |url| {
        let desk = desk(&url).await;
        let french = desk.save("manager", "skill", Draft::new().set("name", Name::new("الفرنسية", "French"))).await.unwrap().id;
        desk.save("system", "user", Draft::of(desk.users["omar"]).set("skills", Value::Ids(vec![french]))).await.unwrap();
        let west = Draft::new().set("name", Name::new("الغربية", "West")).set("condition", "address.city == \"جدة\"").set("owner", desk.users["huda"]);
        let west = desk.save("manager", "territory", west).await.unwrap().id;
        let shops = Draft::new().set("name", Name::new("منشآت جدة", "")).set("condition", "address.city == \"جدة\" && kind == \"organisation\"").set("parent", west).set("owner", desk.users["mona"]);
        let shops = desk.save("manager", "territory", shops).await.unwrap().id;
        rule(&desk, 1, "turn", &[("skill", Value::Id(french)), ("condition", "contains(interest, \"devis\")".into()), ("minutes", Value::Int(60))]).await;
        rule(&desk, 2, "territory", &[]).await;
        rule(&desk, 3, "person", &[("user", Value::Id(desk.users["manager"])), ("condition", "temperature != \"cold\"".into())]).await;
        let one = come(&desk, lead("أ").set("interest", "un devis")).await;
        // The more specific territory wins; without a company it is the whole one.
        let (two, three) = (come(&desk, lead("ب").set("city", "جدة").set("company", "الأفق")).await, come(&desk, lead("ج").set("city", "جدة")).await);
        let four = come(&desk, lead("د").set("city", "أبها").set("source", "referral").set("company", "الرواد").set("phone", "+966501234567")).await;
        let five = come(&desk, lead("هـ")).await;
        assert_eq!([&one, &two, &three, &four, &five].map(|r| owner(&desk, r)), ["omar", "mona", "huda", "manager", "nobody"]);
        assert_eq!((two.get("territory").id(), three.get("territory").id()), (Some(shops), Some(west)));
        // In working time: Sunday at eight; four hours, or the hour of the rule.
        let due = |r: &Record| r.get("touch_due_at").datetime().unwrap().to_string();
        assert_eq!((due(&one), due(&five)), ("2026-03-01T06:00:00Z".into(), "2026-03-01T09:00:00Z".into()));
        // Why you: the rule and the way stand on the lead, and the owner is told.
        assert_eq!((two.get("route").is_null(), two.get("routed_to").id()), (false, Some(desk.users["mona"])));
        let told = desk.company.notices(&desk.actor("mona").await, &engine::notify::Wanted::default(), 10).await.unwrap();
        assert_eq!(told.items.iter().filter(|n| n.kind == "assigned").count(), 1);
        // Huda is away, Omar stands in; nobody gives what is his to somebody who is away.
        let new = engine::access::NewDelegation { from: desk.users["huda"], to: desk.users["omar"], objects: Vec::new(), from_at: "2026-03-01T04:00:00Z".parse().unwrap(), until_at: "2026-03-03T04:00:00Z".parse().unwrap(), reason: "إجازة".into() };
        desk.company.delegate(&desk.company.system(), &new).await.unwrap();
        let six = come(&desk, lead("و").set("city", "جدة")).await;
        assert_eq!(owner(&desk, &six), "omar");
        // What stayed with nobody is given once a rule fits.
        assert_eq!(why(desk.act("manager", "lead", five.id, "route", &[]).await), [" sales-route-none"]);
        rule(&desk, 4, "person", &[("user", Value::Id(desk.users["omar"]))]).await;
        desk.act("manager", "lead", five.id, "route", &[]).await.unwrap();
        assert_eq!(owner(&desk, &desk.get("lead", five.id).await), "omar");
        assert_eq!(why(desk.save("manager", "lead_route", Draft::new().set("name", Name::new("x", "")).set("way", "turn")).await), ["team sales-route-pool"]);
        assert_eq!(why(desk.save("huda", "lead_route", Draft::new().set("name", Name::new("x", "")).set("way", "territory")).await), ["NotFound"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mkt_11_the_clock_is_met_missed_and_held_and_the_put_off_come_back() {
    testdb::both(async |url| {
        let desk = desk(&url).await;
        let mut ids = Vec::new();
        for n in 0..4 {
            ids.push(desk.save("huda", "lead", Draft::new().set("name", Name::new(format!("مهتم {n}"), ""))).await.unwrap().id);
        }
        let state = async |n: usize| desk.get("lead", ids[n]).await.get("touch_state").text().unwrap_or_default().to_owned();
        desk.at("2026-03-01T06:00:00Z");
        desk.act("huda", "lead", ids[0], "contact", &[]).await.unwrap();
        let day: kernel::jiff::civil::Date = "2026-03-10".parse().unwrap();
        desk.act("huda", "lead", ids[1], "nurture", &[("nurture_until", Value::Date(day))]).await.unwrap();
        // One o'clock has passed.
        desk.at("2026-03-01T11:00:00Z");
        let job = async |key: &str| {
            let mut cx = desk.company.write(&desk.company.system()).await.unwrap();
            cx.enqueue(key, Value::Null.to_json()).await.unwrap();
            cx.commit().await.unwrap();
            engine::runner::run_due(&desk.company, &[]).await.unwrap();
        };
        job("sales.first-touch").await;
        desk.act("huda", "lead", ids[3], "contact", &[]).await.unwrap();
        assert_eq!([state(0).await, state(1).await, state(2).await, state(3).await], ["met", "held", "missed", "missed"]);
        job("sales.nurtured").await;
        assert_eq!(desk.get("lead", ids[1]).await.get("status").text(), Some("nurtured"));
        desk.at("2026-03-10T03:10:00Z");
        job("sales.nurtured").await;
        let back = desk.get("lead", ids[1]).await;
        assert_eq!((back.get("status").text(), back.get("nurture_until").is_null(), state(1).await.as_str()), (Some("contacted"), true, "running"));
        assert_eq!(back.get("touch_due_at").datetime().unwrap().to_string(), "2026-03-10T09:00:00Z");
        let call = Draft::new().set("subject", "متابعة").set("lead", ids[1]).set("at", desk.company.now());
        desk.save("huda", "interaction", call).await.unwrap();
        assert_eq!(state(1).await, "met");
        let told = desk.company.notices(&desk.actor("huda").await, &engine::notify::Wanted::default(), 20).await.unwrap();
        let kinds: Vec<&str> = told.items.iter().map(|n| n.kind.as_str()).collect();
        assert!(kinds.contains(&"lead.missed") && kinds.contains(&"lead.back"), "{kinds:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sal_8_territories_are_looked_at_before_anybody_moves_and_taken_back() {
    testdb::both(async |url| {
        let desk = desk(&url).await;
        let city = |city: &str| Value::from(Address { city: city.into(), country: "SA".into(), ..Address::default() });
        let mut parties = Vec::new();
        for (n, c) in ["جدة", "جدة", "أبها"].iter().enumerate() {
            let draft = Draft::new().set("name", Name::new(format!("عميل {n}"), "")).set("address", city(c)).set("owner", desk.users["huda"]);
            parties.push(desk.save("system", "party", draft).await.unwrap().id);
        }
        let west = Draft::new().set("name", Name::new("الغربية", "West")).set("condition", "address.city == \"جدة\"").set("owner", desk.users["mona"]);
        let west = desk.save("manager", "territory", west).await.unwrap().id;
        // A new customer is in it at once; whose he is stays as it was said.
        let new = desk.save("huda", "party", Draft::new().set("name", Name::new("جديد", "")).set("address", city("جدة"))).await.unwrap().id;
        let of = async |id: Uuid| {
            let r = desk.get("party", id).await;
            (r.get("territory").id(), owner(&desk, &r))
        };
        assert_eq!(of(new).await, (Some(west), "huda"));
        for wrong in ["owner == me()", "territory == null", "created_at < now()", "nothing"] {
            assert!(desk.save("manager", "territory", Draft::of(west).set("condition", wrong)).await.is_err(), "{wrong}");
        }
        let go = async || engine::runner::run_due(&desk.company, &[]).await.unwrap();
        assert_eq!(why(desk.save("huda", "territory_run", Draft::new()).await), ["NotFound"]);
        let run = desk.save("manager", "territory_run", Draft::new()).await.unwrap().id;
        assert_eq!(why(desk.save("manager", "territory_run", Draft::new()).await), [" sales-run-one"]);
        go().await;
        let seen = desk.get("territory_run", run).await;
        // Two of three, and the new one whose owner would change; nobody has moved.
        assert_eq!(["status", "seen", "moving", "moved"].map(|f| seen.get(f).clone()), ["preview".into(), Value::Int(6), Value::Int(3), Value::Int(0)]);
        assert_eq!(of(parties[0]).await, (None, "huda"));
        let moves = desk.all("manager", "territory_move", &format!("run == id(\"{run}\")")).await;
        assert!(moves.iter().all(|m| m.get("from_owner").id() == Some(desk.users["huda"]) && m.get("to_owner").id() == Some(desk.users["mona"]) && m.get("to_territory").id() == Some(west)));
        desk.act("manager", "territory_run", run, "apply", &[]).await.unwrap();
        go().await;
        assert_eq!((of(parties[0]).await, of(parties[2]).await, of(new).await), ((Some(west), "mona"), (None, "huda"), (Some(west), "mona")));
        // Given to somebody else since: undoing leaves that alone.
        desk.save("manager", "party", Draft::of(parties[1]).set("owner", desk.users["omar"])).await.unwrap();
        desk.act("manager", "territory_run", run, "undo", &[]).await.unwrap();
        go().await;
        assert_eq!((of(parties[0]).await.1, of(parties[1]).await.1, of(new).await.1), ("huda", "omar", "huda"));
        let run = desk.get("territory_run", run).await;
        assert_eq!((run.get("status").text(), run.get("moved").int()), (Some("undone"), Some(0)));
    })
    .await;
}

/// A lead is looked at by a job; a name server that does not answer says nothing.
#[tokio::test(flavor = "multi_thread")]
async fn mkt_11_truthfulness_has_its_reasons() {
    testdb::both(async |url| {
        let desk = desk(&url).await;
        let server = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let at = server.local_addr().unwrap();
        tokio::spawn(async move {
            let mut bytes = [0_u8; 512];
            while let Ok((n, who)) = server.recv_from(&mut bytes).await {
                let alive = bytes[13..].starts_with(b"ofoq");
                let mut answer = bytes[..n].to_vec();
                (answer[2], answer[3], answer[7]) = (0x81, if alive { 0x80 } else { 0x83 }, u8::from(alive));
                server.send_to(&answer, who).await.unwrap();
            }
        });
        let draft = |ar: &str, email: &str| Draft::new().set("name", Name::new(ar, "")).set("email", email).set("phone", "+966501234567");
        let good = desk.save("huda", "lead", draft("نورة بنت سعد", "noura@ofoq.sa").set("company", "شركة الأفق للتوريد")).await.unwrap().id;
        sales::truth::check(&desk.company, good, Some(at)).await.unwrap();
        let why = |r: &Record| r.get("truth_why").to_json().to_string();
        let r = desk.get("lead", good).await;
        assert!(r.get("truth").int().unwrap() == 100 && ["mail-alive", "name-full", "company-known"].iter().all(|k| why(&r).contains(k)), "{}", why(&r));
        let bad = desk.save("huda", "lead", draft("xkcdqwrt", "a@nowhere.sa")).await.unwrap().id;
        sales::truth::check(&desk.company, bad, Some(at)).await.unwrap();
        let r = desk.get("lead", bad).await;
        assert!(r.get("truth").int().unwrap() < 20 && ["mail-dead", "name-odd", "lead-twice"].iter().all(|k| why(&r).contains(k)), "{}", why(&r));
        assert!(!r.get("checked_at").is_null());
    })
    .await;
}
