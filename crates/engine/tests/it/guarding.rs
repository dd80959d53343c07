//! What must not get in or come out, and races for one record: search beside withheld fields, rich text, external ids, the trash.

use crate::fixture::{actor, save};
use engine::{Actor, Company, Draft, Module, Query};
use kernel::*;

fn objects() -> Vec<Object> {
    let user = Object::new("user", "base", label("مستخدم", "User"), label("المستخدمون", "Users"))
        .field(Field::new("name", Kind::Name, label("الاسم", "Name")).required())
        .field(Field::new("email", Kind::Email, label("البريد", "E-mail")).required().unique())
        .field(Field::new("active", Kind::Bool, label("نشط", "Active")).default_expr("true"));
    let group = Object::new("group", "base", label("مجموعة", "Group"), label("المجموعات", "Groups"))
        .field(Field::new("name", Kind::Name, label("الاسم", "Name")).required())
        .field(Field::new(
            "members",
            Kind::Rollup { object: "party".into(), via: "group".into(), agg: Agg::Count, field: None, filter: None, result: Box::new(Kind::Integer) },
            label("العدد", "Members"),
        ));
    let party = Object::new("party", "base", label("عميل", "Customer"), label("العملاء", "Customers"))
        .sort("-score,name")
        .field(Field::new("name", Kind::Name, label("الاسم", "Name")).required().search(Weight::Title))
        .field(Field::new("email", Kind::Email, label("البريد", "E-mail")).search(Weight::Title).list())
        .field(Field::new("note", Kind::LongText, label("ملاحظة", "Note")).search(Weight::Body))
        .field(Field::new("score", Kind::Integer, label("الدرجة", "Score")))
        .field(Field::new("about", Kind::RichText, label("نبذة", "About")))
        .field(Field::new("group", Kind::to("group"), label("المجموعة", "Group")));
    vec![user, group, party]
}

async fn company(url: &str) -> (Company, Actor) {
    let db = store::Db::open(url, &store::Options::default()).await.unwrap();
    let role = |key: &str, grants, admin| Role { key: key.into(), label: label("دور", "Role"), grants, admin };
    let roles = vec![
        role("admin", vec![Grant::full("*", RowRule::All)], true),
        role("no_email", vec![Grant::read("party", RowRule::All).mask("email", Mask::Masked).mask("score", Mask::Hidden)], false),
        role("no_note", vec![Grant::read("party", RowRule::All).mask("note", Mask::Hidden)], false),
        role("no_name", vec![Grant::read("party", RowRule::All).mask("name", Mask::Masked)], false),
    ];
    let module = Module { key: "base", label: label("الأساس", "Base"), objects: objects(), roles, ..Module::default() };
    let company = Company::open(db, &std::env::temp_dir(), vec![module]).await.unwrap().0;
    let admin = actor(&company, "admin", "admin").await;
    (company, admin)
}

/// Hits of the search of all objects, and rows of the list with the same words.
async fn found(company: &Company, actor: &Actor, words: &str) -> (usize, usize) {
    let hits = company.search(actor, words, None, 10).await.unwrap();
    assert_eq!(company.lookup(actor, "party", words, 10).await.unwrap().len(), hits.len(), "{words}");
    let list = company.list(actor, &Query { search: Some(words.into()), ..Query::new("party") }).await.unwrap();
    assert_eq!(list.count.unwrap().n, list.records.len() as i64);
    (hits.len(), list.records.len())
}

#[tokio::test]
async fn a_withheld_field_is_not_found_by_its_value() {
    testdb::both(async |url| {
        let (company, admin) = company(&url).await;
        let draft = Draft::new().set("name", Name::new("مكتبة النور", "Noor Bookshop")).set("email", "secret@example.com").set("note", "يدفع متأخرًا");
        save(&company, &admin, "party", draft).await.unwrap();
        let roles = ["no_email", "no_note", "no_name"];
        let mut who = vec![admin];
        for role in roles {
            who.push(actor(&company, role, role).await);
        }
        // Words, and how many the administrator and the three find.
        for (words, expected) in [
            ("النور", [1, 1, 1, 0]),
            ("noor book", [1, 1, 1, 0]),
            ("secret@example.com", [1, 0, 1, 0]),
            ("secret", [1, 0, 1, 0]),
            ("متأخرا", [1, 0, 0, 0]),
        ] {
            for (actor, n) in who.iter().zip(expected) {
                assert_eq!(found(&company, actor, words).await, (n, n), "{words}: {:?}", actor.roles);
            }
        }
        // A list whose own order is withheld has another one; to ask for it is refused.
        assert_eq!(company.list(&who[1], &Query::new("party")).await.unwrap().records.len(), 1);
        assert!(company.list(&who[1], &Query::new("party").sort("-score")).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn the_last_administrator_is_neither_switched_off_nor_deleted() {
    testdb::both(async |url| {
        let (company, admin) = company(&url).await;
        let off = || Draft::of(admin.id).set("active", false);
        assert_eq!(save(&company, &admin, "user", off()).await.unwrap_err().issues[0].key, "user-last-administrator");
        let delete = company.transact(&admin, |cx| Box::pin(async move { cx.delete("user", cx.actor.id, None).await })).await;
        assert_eq!(delete.unwrap_err().issues[0].key, "user-last-administrator");
        save(&company, &admin, "user", Draft::of(admin.id).set("name", Name::new("مديرة", ""))).await.unwrap();
        actor(&company, "second", "admin").await;
        save(&company, &admin, "user", off()).await.unwrap();
        assert!(company.load_actor(admin.id).await.unwrap().is_none());
    })
    .await;
}

/// PLT-7: of two administrators who switch each other off at the same instant one stays, whichever way he is taken.
#[tokio::test(flavor = "multi_thread")]
async fn plt_7_two_administrators_do_not_leave_none() {
    testdb::both(async |url| {
        let (company, first) = company(&url).await;
        for round in 0..6 {
            let second = actor(&company, &format!("second{round}"), "admin").await;
            let off = |by: &engine::Actor, whom: uuid::Uuid, how: i32| {
                let (company, by) = (company.clone(), by.clone());
                async move {
                    let taken = company
                        .transact(&by, |cx| {
                            Box::pin(async move {
                                match how % 3 {
                                    0 => cx.save("user", Draft::of(whom).set("active", false)).await.map(|_| ()),
                                    1 => cx.delete("user", whom, None).await.map(|_| ()),
                                    _ => cx.set_roles(whom, &["no_note"]).await,
                                }?;
                                // Long enough for the other to come that far as well.
                                tokio::time::sleep(std::time::Duration::from_millis(30)).await;
                                Ok(())
                            })
                        })
                        .await;
                    taken.map_err(|f| f.issues.first().map(|i| i.key.to_string()).unwrap_or(format!("{f:?}")))
                }
            };
            let (a, b) = tokio::join!(off(&first, second.id, round), off(&second, first.id, round + 1));
            assert!(a.is_ok() != b.is_ok(), "{round}: {a:?} {b:?}");
            let refused = a.and(b).unwrap_err();
            assert_eq!(refused, "user-last-administrator", "{round}");
            let system = company.system();
            let left: Vec<_> = [first.id, second.id].into_iter().collect();
            let mut administer = 0;
            for id in left {
                administer += usize::from(company.load_actor(id).await.unwrap().is_some_and(|a| a.policy.admin));
            }
            assert_eq!(administer, 1, "{round}");
            // The first is back for the next round.
            let mut cx = company.write(&system).await.unwrap();
            if company.load_actor(first.id).await.unwrap().is_none() {
                let deleted = company.get(&system, "user", first.id).await.is_err();
                if deleted {
                    cx.restore("user", first.id).await.unwrap();
                }
                cx.save("user", Draft::of(first.id).set("active", true)).await.unwrap();
            }
            cx.set_roles(first.id, &["admin"]).await.unwrap();
            cx.set_roles(second.id, &[]).await.unwrap();
            cx.commit().await.unwrap();
        }
    })
    .await;
}

/// A role of the company's own that administers does not cease to do so while nobody else does.
#[tokio::test]
async fn plt_7_changing_a_role_leaves_an_administrator() {
    testdb::both(async |url| {
        let (company, admin) = company(&url).await;
        let mut role = kernel::Role { key: "owner".into(), label: kernel::label("المالك", "Owner"), grants: vec![kernel::Grant::full("*", kernel::RowRule::All)], admin: true };
        company.put_role(&admin, &role).await.unwrap();
        let owner = actor(&company, "owner", "owner").await;
        save(&company, &owner, "user", Draft::of(admin.id).set("active", false)).await.unwrap();
        role.admin = false;
        assert_eq!(company.put_role(&owner, &role).await.unwrap_err().issues[0].key, "user-last-administrator");
        assert!(company.registry().role("owner").unwrap().admin);
        assert!(company.load_actor(owner.id).await.unwrap().unwrap().policy.admin);
        save(&company, &owner, "user", Draft::of(admin.id).set("active", true)).await.unwrap();
        company.put_role(&owner, &role).await.unwrap();
        assert!(!company.load_actor(owner.id).await.unwrap().unwrap().policy.admin);
    })
    .await;
}

#[tokio::test]
async fn rich_text_is_cleaned_on_its_way_in() {
    testdb::both(async |url| {
        let (company, admin) = company(&url).await;
        let html = "<p onclick=\"x()\">مرحبًا <b>بك</b></p><script>alert(1)</script><img src=x onerror=alert(1)>";
        let clean = "<p>مرحبًا <b>بك</b></p>";
        let draft = Draft::new().set("name", Name::new("نور", "")).set("about", html);
        let made = save(&company, &admin, "party", draft).await.unwrap();
        assert_eq!(made.get("about").text(), Some(clean));
        let again = save(&company, &admin, "party", Draft::of(made.id).set("about", html).trusted()).await.unwrap();
        assert_eq!((again.get("about").text(), again.rev), (Some(clean), made.rev), "the same after cleaning is no change");

        let csv = format!("الاسم,نبذة\nأمل,\"{}\"\n", html.replace('"', "\"\""));
        let new = engine::import::NewImport { object: "party".into(), name: "p.csv".into(), bytes: csv.into_bytes(), ..Default::default() };
        let staged = company.stage_import(&admin, new).await.unwrap();
        assert_eq!(company.run_import(&admin, staged.id).await.unwrap().counts.created, 1);
        let filter = Expr::parse("contains(name, \"أمل\")").unwrap();
        let page = company.list(&admin, &Query::new("party").filter(filter)).await.unwrap();
        assert_eq!(page.records[0].get("about").text(), Some(clean));
    })
    .await;
}

#[tokio::test]
async fn of_many_who_bring_one_external_record_one_makes_it() {
    testdb::both(async |url| {
        let (company, admin) = company(&url).await;
        let mut tasks = Vec::new();
        for i in 0..8 {
            let (company, admin) = (company.clone(), admin.clone());
            tasks.push(tokio::spawn(async move {
                company
                    .transact(&admin, |cx| {
                        let mut draft = Draft::new().set("name", Name::new("نور", "")).set("score", i);
                        draft.external = Some(("erp".into(), "C-1".into()));
                        Box::pin(async move { cx.save("party", draft).await })
                    })
                    .await
            }));
        }
        let mut ids = std::collections::BTreeSet::new();
        for t in tasks {
            if let Ok(saved) = t.await.unwrap() {
                ids.insert(saved.record().id);
            }
        }
        assert_eq!(ids.len(), 1, "all of them mean one record");
        assert_eq!(company.list(&admin, &Query::new("party")).await.unwrap().records.len(), 1);

        // In the trash it gives its key to the next.
        let old = *ids.first().unwrap();
        let mut cx = company.write(&admin).await.unwrap();
        cx.delete("party", old, None).await.unwrap();
        let mut draft = Draft::new().set("name", Name::new("نور", ""));
        draft.external = Some(("erp".into(), "C-1".into()));
        assert_ne!(cx.save("party", draft).await.unwrap().record().id, old);
        cx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn two_who_restore_it_count_it_once() {
    testdb::both(async |url| {
        let (company, admin) = company(&url).await;
        let group = save(&company, &admin, "group", Draft::new().set("name", Name::new("كبار", ""))).await.unwrap();
        let draft = Draft::new().set("name", Name::new("نور", "")).set("group", group.id);
        let party = save(&company, &admin, "party", draft).await.unwrap();
        company.transact(&admin, |cx| Box::pin(async move { cx.delete("party", party.id, None).await })).await.unwrap();
        let restore = || async {
            let (company, admin) = (company.clone(), admin.clone());
            company.transact(&admin, |cx| Box::pin(async move { cx.restore("party", party.id).await })).await
        };
        let results = futures::future::join_all((0..4).map(|_| restore())).await;
        assert_eq!(results.iter().filter(|r| r.is_ok()).count(), 1, "{results:?}");
        let group = company.get(&admin, "group", group.id).await.unwrap();
        assert_eq!(group.get("members").int(), Some(1));
    })
    .await;
}
