//! CUST-1: finding duplicates and merging them, on both databases.

use engine::duplicates::{Decision, Rule};
use engine::merge::{Merge, Side};
use store::queue::State;
use engine::{Actor, Company, Draft, Module, Query};
use kernel::*;
use std::collections::BTreeMap;
use uuid::Uuid;

fn objects() -> Vec<Object> {
    let l = |en: &'static str| label("حقل", en);
    let kinds = vec![Choice::new("person", l("Person"), Tone::Neutral), Choice::new("organisation", l("Organisation"), Tone::Neutral)];
    let tags = vec![Choice::new("vip", l("VIP"), Tone::Neutral), Choice::new("retail", l("Retail"), Tone::Neutral)];
    let user = Object::new("user", "base", l("User"), l("Users"))
        .field(Field::new("name", Kind::Name, l("Name")).required())
        .field(Field::new("email", Kind::Email, l("E-mail")).required().unique())
        .field(Field::new("active", Kind::Bool, l("Active")).default_expr("true"));
    let party = Object::new("party", "base", l("Customer"), l("Customers"))
        .duplicates("kind")
        .field(Field::new("name", Kind::Name, l("Name")).required())
        .field(Field::new("kind", Kind::Choice { options: kinds }, l("Kind")).default_expr("\"person\""))
        .field(Field::new("code", Kind::code(), l("Code")).unique())
        .field(Field::new("email", Kind::Email, l("E-mail")))
        .field(Field::new("phone", Kind::Phone, l("Phone")))
        .field(Field::new("birthday", Kind::Date, l("Birthday")).identifies())
        .field(Field::new("address", Kind::Address, l("Address")))
        .field(Field::new("note", Kind::LongText, l("Note")))
        .field(Field::new("tags", Kind::MultiChoice { options: tags }, l("Tags")))
        .field(Field::new("parent", Kind::to("party"), l("Parent")))
        .field(Field::new("friends", Kind::Refs { object: "party".into() }, l("Friends")))
        .field(Field::new("owner", Kind::to("user"), l("Owner")))
        .field(Field::new(
            "orders",
            Kind::Rollup { object: "order".into(), via: "party".into(), agg: Agg::Count, field: None, filter: None, result: Box::new(Kind::Integer) },
            l("Orders"),
        ))
        .field(Field::new(
            "revenue",
            Kind::Rollup { object: "order".into(), via: "party".into(), agg: Agg::Sum, field: Some("total".into()), filter: None, result: Box::new(Kind::Money) },
            l("Revenue"),
        ))
        .owner("owner");
    let order = Object::new("order", "base", l("Order"), l("Orders"))
        .title("number")
        .field(Field::new("number", Kind::code(), l("Number")))
        .field(Field::new("party", Kind::to("party"), l("Customer")).timeline())
        .field(Field::new("total", Kind::Money, l("Total")))
        .field(Field::new("guests", Kind::Refs { object: "party".into() }, l("Guests")))
        .owner("party.owner");
    let number = Object::new("party_phone", "base", l("Number"), l("Numbers"))
        .title("phone")
        .field(Field::new("phone", Kind::Phone, l("Phone")))
        .field(Field::new("party", Kind::to("party"), l("Customer")).cascade())
        .owner("party.owner")
        .unique_together(&["party", "phone"]);
    let bond = Object::new("bond", "base", l("Bond"), l("Bonds"))
        .title("what")
        .field(Field::new("what", Kind::text(), l("What")))
        .field(Field::new("one", Kind::to("party"), l("One")))
        .field(Field::new("other", Kind::to("party"), l("Other")));
    vec![user, party, order, number, bond]
}

fn roles() -> Vec<Role> {
    let role = |key: &str, grants, admin| Role { key: key.into(), label: label("دور", "Role"), grants, admin };
    vec![
        role("admin", vec![Grant::full("*", RowRule::All)], true),
        role("seller", vec![Grant::full("party", RowRule::Own), Grant::read("user", RowRule::All)], false),
        role("blind", vec![Grant::full("party", RowRule::All).mask("phone", Mask::Masked), Grant::read("user", RowRule::All)], false),
        role("keeper", vec![Grant::new("party", [Verb::Read, Verb::Create, Verb::Update], RowRule::All), Grant::read("user", RowRule::All)], false),
    ]
}

async fn company(url: &str) -> Company {
    let db = store::Db::open(url, &store::Options::default()).await.unwrap();
    let module = Module { key: "base", label: label("أ", "B"), objects: objects(), roles: roles(), ..Module::default() };
    Company::open(db, &std::env::temp_dir(), vec![module]).await.unwrap().0
}

async fn both<F, R>(test: F)
where
    F: Fn(Company, Actor) -> R,
    R: Future<Output = ()>,
{
    let test = std::sync::Arc::new(test);
    testdb::both(|url| {
        let test = test.clone();
        async move {
            let company = company(&url).await;
            let admin = crate::fixture::actor(&company, "admin", "admin").await;
            test(company, admin).await;
        }
    })
    .await;
}

async fn save(company: &Company, actor: &Actor, object: &str, draft: Draft) -> Uuid {
    crate::fixture::save(company, actor, object, draft).await.unwrap().id
}

fn named(ar: &str) -> Draft {
    Draft::new().set("name", Name::new(ar, ""))
}

async fn merge(company: &Company, actor: &Actor, m: Merge) -> Outcome<engine::merge::Merged> {
    company.transact(actor, |cx| {
        let m = m.clone();
        Box::pin(async move { cx.merge(m).await })
    }).await
}

async fn unmerge(company: &Company, actor: &Actor, id: Uuid) -> Outcome<Uuid> {
    company.transact(actor, |cx| Box::pin(async move { cx.unmerge("party", id).await })).await
}

async fn get(company: &Company, id: Uuid) -> Record {
    company.get(&company.system(), "party", id).await.unwrap()
}

/// Every row of every table, as text.
async fn dump(company: &Company) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    let mut conn = company.db().read().await.unwrap();
    let tables = store::desired(&company.registry()).tables.into_iter().chain(store::system::tables().tables);
    for table in tables {
        let names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
        let types: Vec<ColumnType> = table.columns.iter().map(|c| c.ty).collect();
        let mut sql = conn.sql();
        sql.push("SELECT ").idents(names.iter().copied()).push(" FROM ").ident(&table.name);
        let rows = conn.rows(&sql, &types).await.unwrap();
        let mut lines: Vec<String> = rows.iter().map(|r| names.iter().zip(r).map(|(n, c)| format!("{n}={c:?}")).collect::<Vec<_>>().join(" ")).collect();
        lines.sort();
        all.insert(table.name, lines);
    }
    let mut sql = conn.sql();
    sql.push("SELECT object, title, text FROM sila_search");
    let rows = conn.rows(&sql, &[ColumnType::Text; 3]).await.unwrap();
    let mut lines: Vec<String> = rows.iter().map(|r| format!("{r:?}")).collect();
    lines.sort();
    all.insert("sila_search".into(), lines);
    all
}

/// What a merge and its undoing add on purpose: the book, the audit, the lines that tell of them.
fn settled(mut all: BTreeMap<String, Vec<String>>) -> BTreeMap<String, Vec<String>> {
    for table in ["sila_merge", "sila_merge_row", "sila_audit", "sila_event", "sila_job"] {
        all.remove(table);
    }
    if let Some(lines) = all.get_mut("sila_timeline") {
        lines.retain(|l| !l.contains("Text(\"merged\")") && !l.contains("Text(\"unmerged\")"));
    }
    all
}

/// Two records of one person, with everything that can hang on a record.
async fn two(company: &Company, admin: &Actor) -> (Uuid, Uuid) {
    let a = save(company, admin, "party", named("خالد سعد العتيبي").set("code", "C-1").set("phone", "+966504030778").set("note", "عميل قديم").external("erp", "17")).await;
    let b = save(company, admin, "party", named("خالد العتيبي").set("code", "C-2").set("phone", "+966504030778").set("email", "k@example.com").set("note", "يفضل المساء").set("tags", Value::List(vec!["vip".into()])).external("shop", "4")).await;
    let third = save(company, admin, "party", named("منى الحربي").set("parent", b).set("friends", Value::Ids(vec![b, a]))).await;
    for (party, number, minor) in [(a, "1", 1_000), (b, "2", 2_500), (b, "3", 700)] {
        save(company, admin, "order", Draft::new().set("number", number).set("party", party).set("total", Money::new(minor, "SAR")).set("guests", Value::Ids(vec![b, third]))).await;
    }
    for (party, phone) in [(a, "+966504030778"), (b, "+966504030778"), (b, "+966555000111")] {
        save(company, admin, "party_phone", Draft::new().set("party", party).set("phone", phone)).await;
    }
    save(company, admin, "bond", Draft::new().set("what", "أخ").set("one", b).set("other", third)).await;
    save(company, admin, "bond", Draft::new().set("what", "نفسه").set("one", a).set("other", b)).await;
    company.comment(admin, "party", b, engine::comments::NewComment { body: "اتصل به مساءً".into(), ..Default::default() }).await.unwrap();
    company.attach(admin, "party", b, "عقد.txt", "نص".as_bytes()).await.unwrap();
    (a, b)
}

#[tokio::test]
async fn cust_1_merging_moves_everything_and_undoing_puts_every_byte_back() {
    both(|company, admin| async move {
        let (a, b) = two(&company, &admin).await;
        company.sweep("party").await.unwrap();
        let before = dump(&company).await;
        let done = merge(&company, &admin, Merge { choices: [("note".to_owned(), Side::Both)].into_iter().collect(), ..Merge::new("party", a, b) }).await.unwrap();

        let one = get(&company, a).await;
        assert_eq!(one.get("email"), &Value::from("k@example.com"));
        assert_eq!(one.get("code"), &Value::from("C-1"));
        assert_eq!(one.get("note"), &Value::from("عميل قديم\n\nيفضل المساء"));
        assert_eq!(one.get("tags"), &Value::List(vec!["vip".into()]));
        assert_eq!((one.get("orders"), one.get("revenue")), (&Value::Int(3), &Value::Money(Money::new(4_200, "SAR"))));
        assert_eq!(engine::rollup::stale(&company, "party").await.unwrap(), 0);
        assert_eq!(company.get(&admin, "party", b).await.unwrap_err().kind, FaultKind::NotFound);
        assert_eq!(company.merged_into(&admin, "party", b).await.unwrap(), Some(a));
        assert_eq!(company.comments(&admin, "party", a).await.unwrap().len(), 1);
        assert_eq!(company.files(&admin, "party", a).await.unwrap().len(), 1);
        // No table but the books still points to the one that went.
        let now = dump(&company).await;
        let gone = format!("Id({b:?})");
        let (a_text, b_text) = (a.to_string(), b.to_string());
        for (table, lines) in &now {
            if ["sila_merge", "sila_merge_row", "sila_audit", "sila_event", "sila_match_pair", "sila_link"].contains(&table.as_str()) {
                continue;
            }
            let pointing: Vec<&String> = lines.iter().filter(|l| l.contains(&b_text) && !l.starts_with(&format!("id={gone}")) && !l.contains("Text(\"merged\")")).collect();
            let aside = |l: &&&String| table == "party_phone" || table == "bond" && l.contains("deleted_at=Int");
            assert!(pointing.iter().all(|l| aside(&l)), "{table}: {pointing:?} ({a_text})");
        }
        // The same number twice, and the bond of the two with each other, are out of sight.
        let count = |object: &str| { let (c, q) = (company.clone(), Query::new(object.to_owned())); let admin = admin.clone(); async move { c.list(&admin, &q).await.unwrap().records.len() } };
        assert_eq!((count("party_phone").await, count("bond").await, count("order").await), (2, 1, 3));
        // External ids of both lead to the one.
        let mut cx = company.write(&admin).await.unwrap();
        for (system, key) in [("erp", "17"), ("shop", "4")] {
            assert_eq!(cx.external_ids("party", system, &[key.to_owned()]).await.unwrap().get(key), Some(&a));
        }
        drop(cx);
        assert!(company.list(&admin, &Query { trash: true, ..Query::new("party") }).await.unwrap().records.is_empty());
        // The audit stays with the old id and is told with the survivor.
        let history = company.history(&admin, "party", a, 100).await.unwrap();
        assert!(history.iter().any(|e| e.record == b && e.verb == "created") && history.iter().any(|e| e.verb == "merged"));

        assert_eq!(unmerge(&company, &admin, done.id).await.unwrap(), b);
        let mut after = settled(dump(&company).await);
        let mut was = settled(before);
        // The revision of the survivor counts on; nothing else of it may differ.
        let rev = |all: &mut BTreeMap<String, Vec<String>>, from: &str| {
            let lines = all.get_mut("party").unwrap();
            let at = lines.iter().position(|l| l.starts_with(&format!("id=Id({a:?})"))).unwrap();
            assert!(lines[at].contains(from), "{}", lines[at]);
            lines[at] = lines[at].replace(from, "rev=…");
        };
        rev(&mut was, "rev=Int(1)");
        rev(&mut after, "rev=Int(3)");
        for (table, lines) in &was {
            assert_eq!(lines, &after[table], "{table}");
        }
        assert_eq!(was.len(), after.len());
        assert_eq!(engine::rollup::stale(&company, "party").await.unwrap(), 0);
        let mut cx = company.write(&admin).await.unwrap();
        assert_eq!(cx.external_ids("party", "shop", &["4".to_owned()]).await.unwrap().get("4"), Some(&b));
        drop(cx);
        // Asked again it is done already.
        assert_eq!(unmerge(&company, &admin, done.id).await.unwrap(), b);
    })
    .await;
}

#[tokio::test]
async fn cust_1_what_was_done_since_the_merge_stays() {
    both(|company, admin| async move {
        let (a, b) = two(&company, &admin).await;
        let done = merge(&company, &admin, Merge::new("party", a, b)).await.unwrap();
        // Asked twice (a second click, an answer that got lost): once.
        assert_eq!(merge(&company, &admin, Merge::new("party", a, b)).await.unwrap().id, done.id);
        save(&company, &admin, "party", Draft::of(a).set("email", "new@example.com")).await;
        let fresh = save(&company, &admin, "order", Draft::new().set("number", "9").set("party", a).set("total", Money::new(100, "SAR"))).await;
        // A program that still holds the old id means the survivor.
        let old = save(&company, &admin, "order", Draft::new().set("number", "10").set("party", b).set("total", Money::new(50, "SAR"))).await;
        assert_eq!(company.get(&admin, "order", old).await.unwrap().get("party").id(), Some(a));
        let moved = company.list(&admin, &Query { filter: Some(Expr::parse("number == \"2\"").unwrap()), ..Query::new("order") }).await.unwrap().records[0].clone();
        save(&company, &admin, "order", Draft::of(moved.id).set("total", Money::new(9_999, "SAR"))).await;
        unmerge(&company, &admin, done.id).await.unwrap();
        assert_eq!(get(&company, a).await.get("email"), &Value::from("new@example.com"));
        assert_eq!(get(&company, b).await.get("email"), &Value::from("k@example.com"));
        assert_eq!(company.get(&admin, "order", fresh).await.unwrap().get("party").id(), Some(a));
        let back = company.get(&admin, "order", moved.id).await.unwrap();
        assert_eq!((back.get("party").id(), back.get("total")), (Some(b), &Value::Money(Money::new(9_999, "SAR"))));
        assert_eq!(engine::rollup::stale(&company, "party").await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn cust_1_refused_merges_change_nothing() {
    both(|company, admin| async move {
        let (a, b) = two(&company, &admin).await;
        let firm = save(&company, &admin, "party", named("شركة العتيبي").set("kind", "organisation")).await;
        let seller = crate::fixture::actor(&company, "seller", "seller").await;
        let keeper = crate::fixture::actor(&company, "keeper", "keeper").await;
        let before = dump(&company).await;
        let key = |r: Outcome<engine::merge::Merged>| { let f = r.unwrap_err(); (f.kind, f.issues.first().map(|i| i.key.clone()).unwrap_or_default()) };
        assert_eq!(key(merge(&company, &admin, Merge::new("party", a, a)).await), (FaultKind::Invalid, "merge-itself".into()));
        assert_eq!(key(merge(&company, &admin, Merge::new("party", a, firm)).await), (FaultKind::Invalid, "merge-other-sort".into()));
        assert_eq!(key(merge(&company, &admin, Merge::new("order", a, b)).await).0, FaultKind::Invalid);
        assert_eq!(key(merge(&company, &admin, Merge::new("party", a, Uuid::now_v7())).await).0, FaultKind::NotFound);
        assert_eq!(key(merge(&company, &admin, Merge { rev: Some(7), ..Merge::new("party", a, b) }).await).0, FaultKind::Conflict);
        assert_eq!(key(merge(&company, &admin, Merge { loser_rev: Some(7), ..Merge::new("party", a, b) }).await).0, FaultKind::Conflict);
        assert_eq!(key(merge(&company, &seller, Merge::new("party", a, b)).await).0, FaultKind::NotFound);
        assert_eq!(key(merge(&company, &keeper, Merge::new("party", a, b)).await).0, FaultKind::Forbidden);
        assert_eq!(dump(&company).await, before);
        // A stands above C, and C above B: together A would stand above itself.
        let c = save(&company, &admin, "party", named("سارة الشمري").set("parent", a)).await;
        save(&company, &admin, "party", Draft::of(b).set("parent", c)).await;
        let before = dump(&company).await;
        let looped = Merge { choices: [("parent".to_owned(), Side::Loser)].into_iter().collect(), ..Merge::new("party", a, b) };
        assert_eq!(key(merge(&company, &admin, looped).await), (FaultKind::Invalid, "merge-would-loop".into()));
        assert_eq!(dump(&company).await, before);
    })
    .await;
}

#[tokio::test]
async fn cust_1_merges_stand_on_each_other() {
    both(|company, admin| async move {
        let (a, b) = two(&company, &admin).await;
        let c = save(&company, &admin, "party", named("خالد سعد العتيبي")).await;
        let first = merge(&company, &admin, Merge::new("party", a, b)).await.unwrap();
        let second = merge(&company, &admin, Merge::new("party", c, a)).await.unwrap();
        assert_eq!(company.merged_into(&admin, "party", b).await.unwrap(), Some(c));
        let refused = unmerge(&company, &admin, first.id).await.unwrap_err();
        assert_eq!(refused.issues[0].key, "merge-later-first");
        unmerge(&company, &admin, second.id).await.unwrap();
        unmerge(&company, &admin, first.id).await.unwrap();
        assert_eq!(company.merged_into(&admin, "party", b).await.unwrap(), None);
        assert_eq!(get(&company, b).await.get("orders"), &Value::Int(2));
    })
    .await;
}

#[tokio::test]
async fn cust_1_merging_beside_an_edit_loses_neither() {
    both(|company, admin| async move {
        for _ in 0..4 {
            let (a, b) = (save(&company, &admin, "party", named("سالم الحربي")).await, save(&company, &admin, "party", named("سالم سعد الحربي").set("email", "s@example.com")).await);
            let edit = company.transact(&admin, |cx| Box::pin(async move { cx.save("party", Draft::of(b).rev(1).set("note", "جديد")).await }));
            let both = merge(&company, &admin, Merge { rev: Some(1), loser_rev: Some(1), ..Merge::new("party", a, b) });
            let (edited, merged) = tokio::join!(edit, both);
            match (edited, merged) {
                // The edit came first: whoever merges must look again.
                (Ok(_), Err(f)) => {
                    assert_eq!(f.kind, FaultKind::Conflict);
                    assert_eq!(get(&company, b).await.get("note"), &Value::from("جديد"));
                }
                // The merge came first: the edit is told that there is nothing to change any more.
                (Err(f), Ok(_)) => assert!(matches!(f.kind, FaultKind::NotFound | FaultKind::Conflict), "{f:?}"),
                other => panic!("one of them must yield: {other:?}"),
            }
        }
        let (a, b) = (save(&company, &admin, "party", named("سالم الحربي")).await, save(&company, &admin, "party", named("سالم سعد الحربي")).await);
        merge(&company, &admin, Merge::new("party", a, b)).await.unwrap();
        // A form of the survivor opened before the merge meets a conflict, and so does one opened before its undoing.
        let stale = crate::fixture::save(&company, &admin, "party", Draft::of(a).rev(1).set("note", "س")).await;
        assert_eq!(stale.unwrap_err().kind, FaultKind::Conflict);
    })
    .await;
}

#[tokio::test]
async fn cust_1_writing_to_an_old_id_means_the_survivor() {
    both(|company, admin| async move {
        let (a, b) = two(&company, &admin).await;
        // The loser was edited more often than the survivor: its revision must not fit the merged record by chance.
        save(&company, &admin, "party", Draft::of(b).set("note", "يفضل المساء والعصر")).await;
        let stale = get(&company, b).await.rev;
        let done = merge(&company, &admin, Merge::new("party", a, b)).await.unwrap();
        assert_eq!(done.rev, stale + 1);
        let refused = crate::fixture::save(&company, &admin, "party", Draft::of(b).rev(stale).set("note", "نموذج قديم")).await;
        assert_eq!(refused.unwrap_err().kind, FaultKind::Conflict);

        let saved = crate::fixture::save(&company, &admin, "party", Draft::of(b).set("birthday", jiff::civil::date(1980, 5, 1))).await.unwrap();
        assert_eq!((saved.id, get(&company, a).await.get("birthday").date()), (a, Some(jiff::civil::date(1980, 5, 1))));
        // By its number in another system, too, and in one call with other records.
        let mut cx = company.write(&admin).await.unwrap();
        let all = vec![Draft::new().external("shop", "4").set("email", "shop@example.com"), Draft::new().external("erp", "17").set("note", "من النظام"), named("ماجد الغامدي")];
        let ids: Vec<Uuid> = cx.save_many("party", all).await.unwrap().into_iter().map(|s| s.into_record().id).collect();
        cx.commit().await.unwrap();
        assert_eq!(ids[..2], [a, a]);
        assert!(ids[2] != a && ids[2] != b);
        let one = get(&company, a).await;
        assert_eq!((one.get("email"), one.get("note")), (&Value::from("shop@example.com"), &Value::from("من النظام")));
        // Whoever may not see the survivor learns nothing by the old id.
        let seller = crate::fixture::actor(&company, "seller", "seller").await;
        let refused = crate::fixture::save(&company, &seller, "party", Draft::of(b).set("note", "س")).await;
        assert_eq!(refused.unwrap_err().kind, FaultKind::NotFound);
        unmerge(&company, &admin, done.id).await.unwrap();
        save(&company, &admin, "party", Draft::of(b).set("note", "وحده")).await;
        assert_eq!((get(&company, b).await.get("note"), get(&company, a).await.get("note")), (&Value::from("وحده"), &Value::from("من النظام")));
    })
    .await;
}

#[tokio::test]
async fn cust_1_merging_under_many_edits_loses_nothing() {
    both(|company, admin| async move {
        let (a, b) = two(&company, &admin).await;
        let c = save(&company, &admin, "party", named("خالد سعد العتيبي")).await;
        // Orders, calls and notes come in for all three while they are merged one into the other and separated again.
        let writers = (0..3).map(|w| {
            let (company, admin) = (company.clone(), admin.clone());
            async move {
                let mut made = Vec::new();
                for i in 0..12 {
                    let party = [a, b, c][(w + i) % 3];
                    let draft = Draft::new().set("number", format!("W{w}-{i}")).set("party", party).set("total", Money::new(100, "SAR"));
                    let note = Draft::of(party).set("note", format!("كتب {w} في {i}"));
                    let order = company.transact(&admin, |cx| {
                        let (draft, note) = (draft.clone(), note.clone());
                        Box::pin(async move {
                            cx.save("party", note).await?;
                            Ok(cx.save("order", draft).await?.into_record().id)
                        })
                    });
                    made.push(order.await.unwrap());
                }
                made
            }
        });
        let merges = async {
            let mut refused = 0;
            for round in 0..4 {
                let one = merge(&company, &admin, Merge::new("party", a, b)).await.unwrap();
                let two = merge(&company, &admin, Merge::new("party", c, a)).await.unwrap();
                if round < 3 {
                    assert_eq!(unmerge(&company, &admin, one.id).await.unwrap_err().issues[0].key, "merge-later-first");
                    refused += 1;
                    unmerge(&company, &admin, two.id).await.unwrap();
                    unmerge(&company, &admin, one.id).await.unwrap();
                }
            }
            refused
        };
        let (made, refused) = futures::future::join(futures::future::join_all(writers), merges).await;
        assert_eq!(refused, 3);
        let made: Vec<Uuid> = made.into_iter().flatten().collect();
        for id in &made {
            let owner = company.get(&admin, "order", *id).await.unwrap().get("party").id();
            assert_eq!(owner, Some(c), "every order stands with the one that is left");
        }
        let one = get(&company, c).await;
        assert_eq!(one.get("orders"), &Value::Int(made.len() as i64 + 3));
        assert_eq!(one.get("revenue"), &Value::Money(Money::new(made.len() as i64 * 100 + 4_200, "SAR")));
        assert_eq!(engine::rollup::stale(&company, "party").await.unwrap(), 0);
        for old in [a, b] {
            assert_eq!(company.merged_into(&admin, "party", old).await.unwrap(), Some(c));
        }
    })
    .await;
}

#[tokio::test]
async fn cust_1_duplicates_are_found_explained_and_told_apart_for_ever() {
    both(|company, admin| async move {
        let a = save(&company, &admin, "party", named("عبدالرحمن خالد العتيبي").set("phone", "+966504030778")).await;
        let draft = Record::new("party", Uuid::nil()).with("name", Name::new("", "Abdulrahman Al-Otaibi")).with("phone", "+966504030778");
        let found = company.duplicates_of_draft(&admin, "party", &draft, None).await.unwrap();
        assert_eq!(found.candidates.iter().map(|c| c.id).collect::<Vec<_>>(), [a]);
        let clues: Vec<&str> = found.candidates[0].matched.evidence.iter().map(|e| e.clue.key()).collect();
        assert_eq!(clues, ["first_and_last", "phone"]);
        assert!(!found.elsewhere);
        // A seller who may not see it learns only that a colleague has it; not from a number alone.
        let seller = crate::fixture::actor(&company, "seller", "seller").await;
        let theirs = company.duplicates_of_draft(&seller, "party", &draft, None).await.unwrap();
        assert!(theirs.candidates.is_empty() && theirs.elsewhere);
        let number = Record::new("party", Uuid::nil()).with("phone", "+966504030778");
        let probed = company.duplicates_of_draft(&seller, "party", &number, None).await.unwrap();
        assert!(probed.candidates.is_empty() && !probed.elsewhere);
        // Who sees no numbers is told nothing by them.
        let blind = crate::fixture::actor(&company, "blind", "blind").await;
        assert!(company.duplicates_of_draft(&blind, "party", &number, None).await.unwrap().candidates.is_empty());

        let b = save(&company, &admin, "party", named("عبد الرحمن العتيبي").set("phone", "+966504030778")).await;
        let swept = company.sweep("party").await.unwrap();
        assert_eq!((swept.same, swept.maybe), (1, 0));
        let all = Rule::default();
        assert_eq!(company.count_pairs(&admin, "party", Decision::Open, &all).await.unwrap(), 1);
        assert_eq!(company.count_pairs(&seller, "party", Decision::Open, &all).await.unwrap(), 0);
        company.transact(&admin, |cx| Box::pin(async move { cx.decide_pair("party", b, a, Decision::Distinct).await })).await.unwrap();
        company.sweep("party").await.unwrap();
        assert_eq!(company.count_pairs(&admin, "party", Decision::Open, &all).await.unwrap(), 0);
        // Told apart from B is told apart from whatever B becomes.
        let c = save(&company, &admin, "party", named("عبد الرحمن العتيبي").set("phone", "+966504030778").set("email", "a@example.com")).await;
        let done = merge(&company, &admin, Merge::new("party", c, b)).await.unwrap();
        company.sweep("party").await.unwrap();
        assert_eq!(company.count_pairs(&admin, "party", Decision::Open, &all).await.unwrap(), 0);
        unmerge(&company, &admin, done.id).await.unwrap();
        company.sweep("party").await.unwrap();
        assert_eq!(company.count_pairs(&admin, "party", Decision::Open, &all).await.unwrap(), 2, "C is like both again");
        // By a rule, with a count first.
        let rule = Rule { score: 70, clues: vec![engine::duplicates::clue("phone").unwrap()] };
        assert_eq!(company.count_pairs(&admin, "party", Decision::Open, &rule).await.unwrap(), 2);
        let done = company.merge_by_rule(&admin, "party", &rule, |_| true).await.unwrap();
        assert_eq!(done.merged, 1, "after the first the survivor is told apart from the other");
        assert!(company.merge_by_rule(&admin, "party", &all, |_| true).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn cust_1_a_switchboard_makes_nobody_the_same() {
    both(|company, admin| async move {
        for name in ["خالد العتيبي", "منى الحربي", "سارة الشمري", "فهد القحطاني", "ليلى الدوسري", "نورة السبيعي", "ماجد الغامدي", "هند المطيري"] {
            save(&company, &admin, "party", named(name).set("phone", "+966112000000")).await;
        }
        let swept = company.sweep("party").await.unwrap();
        assert_eq!((swept.same, swept.maybe), (0, 0));
        // Parts tell too: a second number kept apart.
        let a = save(&company, &admin, "party", named("ريم الزهراني")).await;
        let b = save(&company, &admin, "party", named("Reem Al-Zahrani")).await;
        for party in [a, b] {
            save(&company, &admin, "party_phone", Draft::new().set("party", party).set("phone", "+966555123456")).await;
        }
        assert_eq!(company.sweep("party").await.unwrap().same, 1);
    })
    .await;
}

#[tokio::test]
async fn cust_1_an_import_tells_what_looks_like_a_record_or_an_earlier_line() {
    both(|company, admin| async move {
        use engine::import::{Alike, Mapping, NewImport};
        let old = save(&company, &admin, "party", named("عبدالرحمن خالد العتيبي").set("phone", "+966504030778")).await;
        let file = "name,phone\nAbdulrahman Al-Otaibi,0504030778\nمنى سعد الحربي,0555111222\nمنى الحربي,0555111222\nفهد القحطاني,0555333444\n";
        for (alike, created, updated, failed) in [(Alike::Skip, 2, 0, 2), (Alike::Update, 2, 1, 1), (Alike::Review, 4, 0, 0), (Alike::Create, 4, 0, 0)] {
            let new = NewImport { object: "party".into(), name: "f.csv".into(), bytes: file.as_bytes().to_vec(), ..NewImport::default() };
            let import = company.stage_import(&admin, new).await.unwrap();
            let mapping = Mapping { alike, ..Mapping::new("party").column("name", "name").column("phone", "phone") };
            company.map_import(&admin, import.id, mapping).await.unwrap();
            // The dry run says so and writes nothing.
            let checked = company.check_import(&admin, import.id).await.unwrap();
            let counts = (checked.created, checked.updated, checked.failed);
            assert_eq!(counts, (created, updated, failed), "{alike:?}");
            assert_eq!(checked.alike, if alike == Alike::Create { 0 } else { 2 }, "{alike:?}");
            if alike == Alike::Skip {
                let bad = company.import_bad_lines(&admin, import.id, 0, 10).await.unwrap();
                assert_eq!(bad.iter().map(|b| b.issues[0].key.as_str()).collect::<Vec<_>>(), ["import-looks-like-record", "import-looks-like-line"]);
            }
            assert_eq!(company.list(&admin, &Query::new("party")).await.unwrap().records.len(), 1);
            if alike == Alike::Update {
                company.run_import(&admin, import.id).await.unwrap();
                assert_eq!(get(&company, old).await.get("name").name().unwrap().latin, "Abdulrahman Al-Otaibi");
                company.run_import_undo(&admin, import.id).await.unwrap();
            }
        }
    })
    .await;
}

#[tokio::test]
async fn cust_1_many_pairs_are_merged_by_a_job_that_can_be_stopped() {
    both(|company, admin| async move {
        const PAIRS: usize = 205;
        let drafts = (0..PAIRS).flat_map(|i| {
            let mail = format!("k{i}@example.com");
            let one = |name: Name| Draft::new().set("name", name).set("email", mail.clone()).set("birthday", jiff::civil::date(1960 + (i % 40) as i16, 1 + (i % 12) as i8, 1 + (i % 28) as i8));
            [one(Name::new("خالد سعد العتيبي", "")), one(Name::new("", "Khalid Saad Al-Otaibi"))]
        });
        let mut cx = company.write(&admin).await.unwrap();
        cx.save_many("party", drafts.collect()).await.unwrap();
        cx.commit().await.unwrap();
        company.sweep("party").await.unwrap();
        let rule = Rule { score: 90, clues: vec![engine::duplicates::clue("email").unwrap()] };
        assert_eq!(company.count_pairs(&admin, "party", Decision::Open, &rule).await.unwrap(), PAIRS as i64);

        // Whoever may not delete may not merge many either; a rule below "the same" is no rule.
        let seller = crate::fixture::actor(&company, "keeper", "keeper").await;
        assert_eq!(company.queue_merge(&seller, "party", &rule).await.unwrap_err().kind, FaultKind::Forbidden);
        assert_eq!(company.queue_merge(&admin, "party", &Rule { score: 60, clues: Vec::new() }).await.unwrap_err().kind, FaultKind::Invalid);
        // Asked to stop, it rests after the pair it is at.
        let counts = company.merge_by_rule(&admin, "party", &rule, |c| c.merged < 3).await.unwrap();
        assert_eq!((counts.merged, counts.refused), (3, 0));

        let job = company.queue_merge(&admin, "party", &rule).await.unwrap();
        assert_eq!(company.queue_merge(&admin, "party", &rule).await.unwrap(), job, "one at a time");
        assert_eq!(engine::runner::run_due(&company, &[]).await.unwrap(), 1);
        let done = company.bulk_merge(&admin, "party").await.unwrap().unwrap();
        assert_eq!((done.job, done.state, done.counts.merged, done.counts.refused), (job, State::Done, PAIRS - 3, 0));
        assert_eq!((done.rule, done.by), (rule.clone(), Some(admin.id)));
        assert_eq!(company.count_pairs(&admin, "party", Decision::Open, &rule).await.unwrap(), 0);
        let left = company.count(&admin, &Query::new("party"), engine::Count::Exact).await.unwrap();
        assert_eq!(left.n, PAIRS as i64);

        // Stopped before it began: nothing is merged, and a new one may begin.
        let again = company.queue_merge(&admin, "party", &rule).await.unwrap();
        assert!(company.stop_merge(&admin, "party").await.unwrap());
        assert!(!company.stop_merge(&admin, "party").await.unwrap());
        assert_eq!(company.bulk_merge(&admin, "party").await.unwrap().unwrap().state, State::Stopped);
        assert_ne!(company.queue_merge(&admin, "party", &rule).await.unwrap(), again);
    })
    .await;
}
