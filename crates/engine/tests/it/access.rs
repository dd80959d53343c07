//! PLT-7, CUST-9: sharing, delegation, view as; and that what explains a decision agrees with what enforces it, for
//! random roles, teams, shares, delegations and records, on both databases.

use engine::access::{Level, NewDelegation, NewShare};
use engine::{Actor, Company, Count, Draft, Module, Query};
use kernel::*;
use std::collections::BTreeSet;
use uuid::Uuid;

fn l(en: &'static str) -> Label {
    label("اسم", en)
}

/// Customers with an account team, orders that belong to them, private rows, teams below teams.
fn objects() -> Vec<Object> {
    let user = Object::new("user", "base", l("User"), l("Users"))
        .field(Field::new("name", Kind::Name, l("Name")).required())
        .field(Field::new("email", Kind::Email, l("E-mail")).required().unique())
        .field(Field::new("active", Kind::Bool, l("Active")).default_expr("true"))
        .owner("id");
    let team = Object::new("team", "base", l("Team"), l("Teams"))
        .field(Field::new("name", Kind::Name, l("Name")).required())
        .field(Field::new("lead", Kind::to("user"), l("Lead")))
        .field(Field::new("parent", Kind::to("team"), l("Parent")));
    let party = Object::new("party", "base", l("Customer"), l("Customers"))
        .field(Field::new("name", Kind::Name, l("Name")).required())
        .field(Field::new("email", Kind::Email, l("E-mail")).personal())
        .field(Field::new("size", Kind::Integer, l("Size")))
        .field(Field::new("private", Kind::Bool, l("Private")))
        .field(Field::new("owner", Kind::to("user"), l("Owner")))
        .owner("owner")
        .visible("private != true || owner == me()")
        .scope("account", label("فريق الحساب", "Account team"), "exists(account_members, user == me())");
    let member = Object::new("account_member", "base", l("Member"), l("Members"))
        .title("role")
        .field(Field::new("role", Kind::text(), l("Role")))
        .field(Field::new("party", Kind::to("party"), l("Customer")).reverse("account_members", l("Account team")))
        .field(Field::new("user", Kind::to("user"), l("User")));
    let order = Object::new("order", "sales", l("Order"), l("Orders"))
        .title("number")
        .field(Field::new("number", Kind::text(), l("Number")))
        .field(Field::new("party", Kind::to("party"), l("Customer")).timeline())
        .owner("party.owner");
    vec![user, team, party, member, order]
}

fn admin_role() -> Role {
    Role { key: "admin".into(), label: l("Administrator"), grants: vec![Grant::full("*", RowRule::All)], admin: true }
}

async fn open(url: &str, mut roles: Vec<Role>) -> (Company, Actor) {
    roles.push(admin_role());
    let db = store::Db::open(url, &store::Options::default()).await.unwrap();
    let module = Module { key: "base", label: l("Base"), objects: objects(), roles, ..Module::default() };
    let company = Company::open(db, &std::env::temp_dir(), vec![module]).await.unwrap().0;
    let admin = person(&company, "admin", &["admin"]).await;
    let admin = company.load_actor(admin).await.unwrap().unwrap();
    (company, admin)
}

async fn person(company: &Company, name: &str, roles: &[&str]) -> Uuid {
    let mut cx = company.write(&company.system()).await.unwrap();
    let draft = Draft::new().set("name", Name::new("", name)).set("email", format!("{name}@example.com"));
    let id = cx.save("user", draft).await.unwrap().into_record().id;
    cx.set_roles(id, roles).await.unwrap();
    cx.commit().await.unwrap();
    id
}

async fn make(company: &Company, object: &str, draft: Draft) -> Uuid {
    super::fixture::save(company, &company.system(), object, draft).await.unwrap().id
}

async fn actor(company: &Company, id: Uuid) -> Actor {
    company.load_actor(id).await.unwrap().unwrap()
}

async fn customer(company: &Company, name: &str, owner: Option<Uuid>) -> Uuid {
    let owner = owner.map_or(Value::Null, Value::Id);
    make(company, "party", Draft::new().set("name", Name::new(name, "")).set("email", "x@example.com").set("owner", owner)).await
}

struct Dice(u64);
impl Dice {
    fn roll(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n
    }
    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())].clone()
    }
}

const VERBS: [Verb; 5] = [Verb::Read, Verb::Update, Verb::Delete, Verb::Share, Verb::Comment];

fn random_role(dice: &mut Dice, key: &str) -> Role {
    let mut grants = Vec::new();
    for _ in 0..1 + dice.roll(3) {
        let object = dice.pick(&["party", "order", "*", "party"]);
        let rows = match dice.roll(7) {
            0 => RowRule::All,
            1 => RowRule::Own,
            2 => RowRule::Team,
            3 => RowRule::TeamBelow,
            4 => RowRule::Scope("account".into()),
            5 if object == "party" => RowRule::Where("size > 2".into()),
            _ => RowRule::Own,
        };
        let verbs: Vec<Verb> = VERBS.into_iter().take(4).filter(|v| *v == Verb::Read || dice.roll(2) == 0).collect();
        grants.push(Grant::new(object, verbs, rows));
    }
    grants.push(Grant::read("user", RowRule::All));
    grants.push(Grant::read("team", RowRule::All));
    Role { key: key.into(), label: l("Role"), grants, admin: false }
}

/// What enforcement says: the rows of a list under the verb, the record, the count, and where there is one the deed.
async fn enforced(company: &Company, who: &Actor, object: &str, id: Uuid, verb: &Verb) -> bool {
    let registry = company.registry();
    let only = || Query { verb: Some(verb.clone()), ..Query::new(object).filter(Expr::path("id").eq(Expr::lit(Value::Id(id)))) };
    let listed = company.list(who, &only()).await.map(|l| !l.records.is_empty()).unwrap_or(false);
    let counted = company.count(who, &only(), Count::Exact).await.map(|c| c.n > 0).unwrap_or(false);
    assert_eq!(listed, counted, "list and count of {object} {verb:?}");
    let done = match verb {
        Verb::Read => Some(company.get(who, object, id).await.is_ok()),
        Verb::Update if who.viewer.is_none() => {
            let mut cx = company.write(who).await.unwrap();
            Some(cx.save(object, Draft::of(id)).await.is_ok())
        }
        Verb::Delete if who.viewer.is_none() && object == "order" => {
            let mut cx = company.write(who).await.unwrap();
            Some(cx.delete(object, id, None).await.is_ok())
        }
        Verb::Comment if who.viewer.is_none() => {
            let mut cx = company.write(who).await.unwrap();
            Some(cx.comment(object, id, "x").await.is_ok())
        }
        _ => None,
    };
    let _ = registry;
    if let Some(done) = done {
        assert_eq!(done, listed, "list and deed of {object} {verb:?}");
    }
    listed
}

#[tokio::test]
async fn plt_7_what_explains_agrees_with_what_enforces() {
    testdb::both(|url| async move {
        let mut dice = Dice(20_261_128);
        let roles: Vec<Role> = (0..14).map(|i| random_role(&mut dice, &format!("r{i}"))).collect();
        let (company, admin) = open(&url, roles).await;
        let mut people = Vec::new();
        for i in 0..11 {
            let roles: BTreeSet<String> = (0..1 + dice.roll(2)).map(|_| format!("r{}", dice.roll(14))).collect();
            let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
            people.push(person(&company, &format!("p{i}"), &roles).await);
        }
        let mut teams: Vec<Uuid> = Vec::new();
        for i in 0..5 {
            let mut draft = Draft::new().set("name", Name::new("", format!("t{i}"))).set("lead", dice.pick(&people));
            if i > 0 && dice.roll(4) > 0 {
                draft = draft.set("parent", dice.pick(&teams));
            }
            teams.push(make(&company, "team", draft).await);
        }
        // Teams in a circle must not hang.
        make(&company, "team", Draft::of(teams[0]).set("parent", teams[1])).await;
        make(&company, "team", Draft::of(teams[1]).set("parent", teams[0])).await;
        for t in &teams {
            let members: BTreeSet<Uuid> = (0..dice.roll(4)).map(|_| dice.pick(&people)).collect();
            let mut cx = company.write(&company.system()).await.unwrap();
            cx.set_team(*t, &members.into_iter().collect::<Vec<_>>()).await.unwrap();
            cx.commit().await.unwrap();
        }
        let mut records: Vec<(&str, Uuid)> = Vec::new();
        for i in 0..10 {
            let owner = if dice.roll(5) == 0 { Value::Null } else { Value::Id(dice.pick(&people)) };
            let draft = Draft::new().set("name", Name::new("", format!("c{i}"))).set("owner", owner).set("size", dice.roll(6) as i64);
            let party = make(&company, "party", draft.set("private", dice.roll(5) == 0)).await;
            records.push(("party", party));
            if dice.roll(2) == 0 {
                make(&company, "account_member", Draft::new().set("role", "x").set("party", party).set("user", dice.pick(&people))).await;
            }
            if dice.roll(3) > 0 {
                records.push(("order", make(&company, "order", Draft::new().set("number", format!("o{i}")).set("party", party)).await));
            }
        }
        let now = company.now();
        let hour = |n: i64| now.checked_add(jiff::SignedDuration::from_hours(n)).unwrap();
        let mut shared = 0;
        for _ in 0..40 {
            let (object, record) = dice.pick(&records);
            let with = if dice.roll(3) == 0 { dice.pick(&teams) } else { dice.pick(&people) };
            let new = NewShare { with, level: dice.pick(&Level::ALL), until: (dice.roll(2) == 0).then(|| hour(1)), note: String::new() };
            shared += usize::from(company.share(&company.system(), object, record, &new).await.is_ok());
        }
        assert!(shared > 10, "{shared} shares");
        for i in 0..5 {
            let (from, to) = (dice.pick(&people), dice.pick(&people));
            let objects = if dice.roll(2) == 0 { vec![] } else { vec!["party".to_owned()] };
            let from_at = if i == 4 { hour(1) } else { hour(-1) };
            let new = NewDelegation { from, to, objects, from_at, until_at: hour(5), reason: "إجازة".into() };
            if from != to {
                company.delegate(&admin, &new).await.unwrap();
            }
        }
        let registry = company.registry();
        let (mut yes, mut no) = (0, 0);
        let mut kinds = BTreeSet::new();
        let mut actors: Vec<Actor> = vec![admin.clone()];
        for p in &people {
            actors.push(actor(&company, *p).await);
        }
        // And as an administrator sees their pages.
        actors.push(company.view_as(&admin, people[1]).await.unwrap());
        // And under a token of little reach.
        actors.push(Actor { scopes: Some(vec!["party:read".into()]), ..actor(&company, people[2]).await });
        for who in &actors {
            for (object, record) in &records {
                for verb in &VERBS {
                    let told = company.explained(who, registry.object(object).unwrap(), Some(*record), verb).await.unwrap();
                    let done = enforced(&company, who, object, *record, verb).await;
                    assert_eq!(told.allowed, done, "{} {verb:?} {object}: {told:#?}", who.name.latin);
                    assert_eq!(told.allowed && !told.reasons.iter().any(|r| r.holds), false, "allowed without a reason");
                    kinds.extend(told.reasons.iter().filter(|r| r.holds).map(|r| r.key));
                    if done { yes += 1 } else { no += 1 }
                }
            }
        }
        // The world is worth something: each way to a record occurs, and both answers do.
        assert!(yes > 100 && no > 100, "{yes} yes, {no} no");
        for key in ["access-role-own", "access-role-all", "access-role-team", "access-role-below", "access-role-scope", "access-role-where", "access-shared", "access-handed"] {
            assert!(kinds.contains(key), "{key} of {kinds:?}");
        }
        // What is in the trash and what is not there is seen by nobody.
        let (_, order) = *records.iter().find(|(o, _)| *o == "order").unwrap();
        let mut cx = company.write(&company.system()).await.unwrap();
        cx.delete("order", order, None).await.unwrap();
        cx.commit().await.unwrap();
        for (id, key) in [(order, "access-in-trash"), (Uuid::from_u128(7), "access-no-record")] {
            let told = company.explained(&admin, registry.object("order").unwrap(), Some(id), &Verb::Read).await.unwrap();
            assert!(!told.allowed && told.reasons[0].key == key, "{told:?}");
        }
    })
    .await;
}

fn seller() -> Role {
    let verbs = [Verb::Read, Verb::Update, Verb::Share];
    let grants = vec![Grant::new("party", verbs, RowRule::Own), Grant::read("user", RowRule::All), Grant::read("team", RowRule::All)];
    Role { key: "seller".into(), label: label("مندوب", "Seller"), grants, admin: false }
}

#[tokio::test]
async fn plt_7_one_record_is_shared_until_it_ends() {
    testdb::both(|url| async move {
        let clerk = Role { key: "clerk".into(), label: l("Clerk"), grants: vec![Grant::read("order", RowRule::All)], admin: false };
        let (company, _) = open(&url, vec![seller(), clerk]).await;
        let (huda, omar, sara) = (person(&company, "huda", &["seller"]).await, person(&company, "omar", &["seller"]).await, person(&company, "sara", &["clerk"]).await);
        let hers = customer(&company, "شركة النور", Some(huda)).await;
        let (h, o) = (actor(&company, huda).await, actor(&company, omar).await);
        let new = |with, level, until| NewShare { with, level, until, note: "للمتابعة".into() };
        // Not seen, not shared; nor by one who does not see it.
        assert_eq!(company.get(&o, "party", hers).await.unwrap_err().kind, FaultKind::NotFound);
        assert_eq!(company.share(&o, "party", hers, &new(omar, Level::Read, None)).await.unwrap_err().kind, FaultKind::NotFound);
        // A share opens no object that the receiver's roles do not know.
        let fault = company.share(&h, "party", hers, &new(sara, Level::Read, None)).await.unwrap_err();
        assert_eq!(fault.issues[0].key, "access-share-no-role");
        let past = company.now().checked_sub(jiff::SignedDuration::from_secs(1)).unwrap();
        assert_eq!(company.share(&h, "party", hers, &new(omar, Level::Read, Some(past))).await.unwrap_err().issues[0].key, "access-until-over");

        let until = company.now().checked_add(jiff::SignedDuration::from_hours(2)).unwrap();
        let id = company.share(&h, "party", hers, &new(omar, Level::Comment, Some(until))).await.unwrap();
        let o = actor(&company, omar).await;
        assert_eq!(company.get(&o, "party", hers).await.unwrap().id, hers);
        assert_eq!(company.list(&o, &Query::new("party")).await.unwrap().records.len(), 1);
        let mut cx = company.write(&o).await.unwrap();
        cx.comment("party", hers, "تم").await.unwrap();
        cx.commit().await.unwrap();
        // To read and to comment is not to change, nor to share on.
        let change = |a: Actor| {
            let company = company.clone();
            async move { super::fixture::save(&company, &a, "party", Draft::of(hers).set("size", 4)).await }
        };
        assert_eq!(change(o.clone()).await.unwrap_err().kind, FaultKind::Forbidden);
        assert_eq!(company.share(&o, "party", hers, &new(huda, Level::Read, None)).await.unwrap_err().kind, FaultKind::Forbidden);
        let shares = company.shares(&o, "party", hers).await.unwrap();
        assert_eq!((shares.len(), shares[0].id, shares[0].level, shares[0].by), (1, id, Level::Comment, Some(huda)));
        let seers = company.who_sees(&h, "party", hers).await.unwrap();
        let names: Vec<&str> = seers.iter().map(|s| s.name.latin.as_str()).collect();
        assert_eq!(names, ["admin", "huda", "omar"]);
        assert!(seers[2].why.en.contains("huda has shared"), "{:?}", seers[2].why);
        // A wider share takes the place of the narrower one.
        company.share(&h, "party", hers, &new(omar, Level::Edit, Some(until))).await.unwrap();
        assert_eq!(company.shares(&h, "party", hers).await.unwrap().len(), 1);
        change(actor(&company, omar).await).await.unwrap();
        // It ends by itself.
        company.clock().set(until);
        let o = actor(&company, omar).await;
        assert_eq!(company.get(&o, "party", hers).await.unwrap_err().kind, FaultKind::NotFound);
        // A team, and taken back.
        let team = make(&company, "team", Draft::new().set("name", Name::new("الرياض", "Riyadh"))).await;
        let mut cx = company.write(&company.system()).await.unwrap();
        cx.set_team(team, &[omar]).await.unwrap();
        cx.commit().await.unwrap();
        let id = company.share(&h, "party", hers, &new(team, Level::Read, None)).await.unwrap();
        let o = actor(&company, omar).await;
        assert!(company.get(&o, "party", hers).await.is_ok());
        assert_eq!(company.unshare(&o, "party", hers, id).await.unwrap_err().kind, FaultKind::Forbidden);
        company.unshare(&h, "party", hers, id).await.unwrap();
        // Even for one who was loaded while it was shared.
        assert!(company.get(&o, "party", hers).await.is_err());
        assert_eq!(company.unshare(&h, "party", hers, id).await.unwrap_err().kind, FaultKind::NotFound);
    })
    .await;
}

#[tokio::test]
async fn plt_7_rights_are_handed_over_for_an_absence() {
    testdb::both(|url| async move {
        let (company, admin) = open(&url, vec![seller()]).await;
        let (huda, omar, sara) = (person(&company, "huda", &["seller", "admin"]).await, person(&company, "omar", &["seller"]).await, person(&company, "sara", &["seller"]).await);
        let hers = customer(&company, "هي", Some(huda)).await;
        let secret = make(&company, "party", Draft::new().set("name", Name::new("خاص", "")).set("owner", huda).set("private", true)).await;
        let (h, o) = (actor(&company, huda).await, actor(&company, omar).await);
        let hour = |n: i64| company.now().checked_add(jiff::SignedDuration::from_hours(n)).unwrap();
        let new = NewDelegation { from: huda, to: omar, objects: vec!["party".into()], from_at: hour(1), until_at: hour(5), reason: "إجازة سنوية".into() };
        // Others do not hand over her rights; nor to herself, without a reason, for too long, or in the past.
        assert_eq!(company.delegate(&o, &new).await.unwrap_err().kind, FaultKind::Forbidden);
        for (bad, key) in [
            (NewDelegation { to: huda, ..new.clone() }, "access-not-to-himself"),
            (NewDelegation { reason: " ".into(), ..new.clone() }, "value-required"),
            (NewDelegation { until_at: hour(24 * 400), ..new.clone() }, "access-until-too-late"),
            (NewDelegation { until_at: hour(0), ..new.clone() }, "access-until-over"),
            (NewDelegation { objects: vec!["nothing".into()], ..new.clone() }, "schema-unknown-target"),
        ] {
            assert_eq!(company.delegate(&h, &bad).await.unwrap_err().issues[0].key, key);
        }
        let id = company.delegate(&h, &new).await.unwrap();
        // Not yet.
        assert!(company.get(&actor(&company, omar).await, "party", hers).await.is_err());
        company.clock().set(hour(2));
        let o = actor(&company, omar).await;
        assert!(company.get(&o, "party", hers).await.is_ok());
        // What is private to her stays so; her rights as an administrator are not handed on.
        assert!(company.get(&o, "party", secret).await.is_err());
        assert!(!o.policy.admin && o.must_administer().is_err());
        let told = company.explain(&admin, omar, "party", Some(hers), &Verb::Update).await.unwrap();
        assert!(told.allowed && told.reasons[0].key == "access-handed", "{told:#?}");
        assert!(told.reasons[0].sentence.ar.contains("إجازة سنوية"), "{:?}", told.reasons[0]);
        // He acts as himself, for her.
        super::fixture::save(&company, &o, "party", Draft::of(hers).set("size", 9)).await.unwrap();
        let filter = engine::audit::Filter { record: Some(hers), verb: Some("updated".into()), ..Default::default() };
        let log = company.audit_log(&admin, &filter, None, 10).await.unwrap();
        assert_eq!((log.entries[0].actor, log.entries[0].behalf), (Some(omar), Some(huda)));
        // What he does in his own name is his own.
        let his = customer(&company, "هو", Some(omar)).await;
        super::fixture::save(&company, &o, "party", Draft::of(his).set("size", 9)).await.unwrap();
        let filter = engine::audit::Filter { record: Some(his), verb: Some("updated".into()), ..Default::default() };
        assert_eq!(company.audit_log(&admin, &filter, None, 10).await.unwrap().entries[0].behalf, None);
        // It is never handed on.
        let now = company.now();
        company.delegate(&o, &NewDelegation { from: omar, to: sara, objects: vec![], from_at: now, until_at: hour(3), ..new.clone() }).await.unwrap();
        let s = actor(&company, sara).await;
        assert!(company.get(&s, "party", his).await.is_ok() && company.get(&s, "party", hers).await.is_err());
        // It ends when somebody ends it, when it is over, or when she is no longer with the company.
        assert_eq!(company.end_delegation(&s, id).await.unwrap_err().kind, FaultKind::NotFound);
        company.clock().set(hour(4));
        assert!(company.get(&actor(&company, omar).await, "party", hers).await.is_err());
        assert_eq!(company.delegations(&o, Some(omar)).await.unwrap().len(), 2);
        assert!(company.delegations(&o, None).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn plt_7_a_viewer_sees_what_a_colleague_sees_and_no_more() {
    testdb::both(|url| async move {
        let view = Grant::new("user", [Verb::view_as(), Verb::Read], RowRule::TeamBelow);
        let lead = Role { grants: vec![Grant::read("party", RowRule::TeamBelow), view], ..Role { key: "lead".into(), ..seller() } };
        let (company, admin) = open(&url, vec![seller(), lead]).await;
        let (mona, huda, omar) = (person(&company, "mona", &["lead"]).await, person(&company, "huda", &["seller"]).await, person(&company, "omar", &["seller"]).await);
        let top = make(&company, "team", Draft::new().set("name", Name::new("", "Top")).set("lead", mona)).await;
        let below = make(&company, "team", Draft::new().set("name", Name::new("", "Below")).set("parent", top)).await;
        let mut cx = company.write(&company.system()).await.unwrap();
        cx.set_team(below, &[huda]).await.unwrap();
        cx.commit().await.unwrap();
        let hers = customer(&company, "هي", Some(huda)).await;
        let his = customer(&company, "هو", Some(omar)).await;
        let secret = make(&company, "party", Draft::new().set("name", Name::new("خاص", "")).set("owner", huda).set("private", true)).await;
        let m = actor(&company, mona).await;
        // The lead sees below, and may look as those below; not as others, nor as an administrator.
        assert!(company.get(&m, "party", hers).await.is_ok() && company.get(&m, "party", his).await.is_err());
        assert_eq!(company.view_as(&m, omar).await.unwrap_err().kind, FaultKind::NotFound);
        assert_eq!(company.view_as(&m, mona).await.unwrap_err().issues[0].key, "access-view-himself");
        let mut cx = company.write(&company.system()).await.unwrap();
        cx.set_team(below, &[huda, admin.id]).await.unwrap();
        cx.commit().await.unwrap();
        assert_eq!(company.view_as(&m, admin.id).await.unwrap_err().issues[0].key, "access-view-more-rights");
        let seen = company.view_as(&m, huda).await.unwrap();
        let ids: Vec<Uuid> = company.list(&seen, &Query::new("party")).await.unwrap().records.iter().map(|r| r.id).collect();
        assert_eq!(ids, [hers], "what is private to her is not shown to the viewer");
        // An administrator does not see it so either; she herself does.
        let as_her = company.view_as(&admin, huda).await.unwrap();
        assert!(company.get(&as_her, "party", secret).await.is_err());
        assert!(company.get(&actor(&company, huda).await, "party", secret).await.is_ok());
        // Nothing is written, no view through a view, and the look is the viewer's.
        assert_eq!(super::fixture::save(&company, &as_her, "party", Draft::of(hers).set("size", 1)).await.unwrap_err().kind, FaultKind::Forbidden);
        assert!(company.view_as(&as_her, omar).await.is_err());
        company.get(&as_her, "party", hers).await.unwrap();
        let log = company.readers(&admin, "party", hers, 10).await.unwrap();
        let last = log.entries.iter().find(|e| e.seen_as.is_some()).unwrap();
        assert_eq!((last.actor, last.seen_as, last.verb.as_str()), (Some(admin.id), Some(huda), "opened"));
    })
    .await;
}
