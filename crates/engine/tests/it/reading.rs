//! Lists, paging, search, row rules, masks, custom objects.

use crate::fixture::*;
use engine::custom::Change;
use engine::{Count, Counted, Draft, Query};
use kernel::*;

const NAMES: &[(&str, &str)] = &[
    ("أحمد العتيبي", "Ahmad Al-Otaibi"),
    ("إبراهيم", "Ibrahim"),
    ("آمنة", "Amina"),
    ("باسم", "Basem"),
    ("", "Zed Trading"),
    ("تغريد", ""),
    ("محمد", "Mohammed"),
];

#[tokio::test]
async fn pages_are_complete_and_in_order_in_both_directions() {
    both(|c, admin| async move {
        for (i, (ar, latin)) in NAMES.iter().enumerate() {
            let mut d = Draft::new().set("name", Name::new(*ar, *latin));
            if i % 2 == 0 {
                d = d.set("credit", Money::new(i as i64 * 100, "SAR"));
            }
            save(&c, &admin, "party", d).await.unwrap();
        }
        for sort in ["name", "-name", "credit", "-credit", "credit,-name", "-created_at"] {
            let all = c.list(&admin, &Query::new("party").sort(sort)).await.unwrap();
            assert_eq!(all.records.len(), 7, "{sort}");
            let ids: Vec<_> = all.records.iter().map(|r| r.id).collect();
            let mut seen = Vec::new();
            let mut q = Query::new("party").sort(sort).limit(2);
            let mut last = None;
            loop {
                let page = c.list(&admin, &q).await.unwrap();
                seen.extend(page.records.iter().map(|r| r.id));
                last = page.prev.clone().or(last);
                match page.next {
                    Some(n) => q.after = Some(n),
                    None => break,
                }
            }
            assert_eq!(seen, ids, "{sort} forward");
            let back = c.list(&admin, &Query { before: last, ..Query::new("party").sort(sort).limit(3) }).await.unwrap();
            assert_eq!(back.records.iter().map(|r| r.id).collect::<Vec<_>>(), ids[3..6], "{sort} backward");
        }
        let fault = c.list(&admin, &Query { after: Some("tffff.".into()), ..Query::new("party") }).await.unwrap_err();
        assert_eq!(fault.issues[0].key, "cursor-not-for-this-list");
    })
    .await;
}

#[tokio::test]
async fn search_finds_arabic_as_people_write_it() {
    both(|c, admin| async move {
        for (ar, latin) in NAMES.iter().chain(&[("مكتبة الجامعة", ""), ("عملاء الخليج", ""), ("والعملاء الكرام", "")]) {
            save(&c, &admin, "party", Draft::new().set("name", Name::new(*ar, *latin)).set("phone", "+966501112222")).await.unwrap();
        }
        for (typed, expected) in [
            ("احمد", vec!["أحمد العتيبي"]),
            ("مكتبه", vec!["مكتبة الجامعة"]),
            ("العملاء", vec!["عملاء الخليج", "والعملاء الكرام"]),
            ("Mohammed", vec!["محمد"]),
            ("محمد", vec!["محمد"]),
        ] {
            let hits = c.search(&admin, typed, Some("party"), 10).await.unwrap();
            let found: Vec<_> = hits.iter().map(|h| h.title.ar.as_str()).collect();
            assert_eq!(found, expected, "{typed}");
        }
        assert_eq!(c.search(&admin, "٠٥٠١١", None, 50).await.unwrap().len(), 10, "as it is dialled at home");
        assert_eq!(c.search(&admin, "٥٠١١١", None, 50).await.unwrap().len(), 10);
    })
    .await;
}

#[tokio::test]
async fn a_seller_sees_his_own_on_every_path() {
    both(|c, admin| async move {
        let (ali, mona) = (actor(&c, "ali", "seller").await, actor(&c, "mona", "seller").await);
        let his = party(&c, &ali, "عميل علي", "").await;
        let hers = party(&c, &mona, "عميل منى", "").await;
        order(&c, &admin, hers.id, &[("كتاب", 1, 900)]).await;
        for (who, sees, hidden) in [(&ali, &his, &hers), (&mona, &hers, &his)] {
            let list = c.list(who, &Query::new("party")).await.unwrap();
            assert_eq!(list.records.iter().map(|r| r.id).collect::<Vec<_>>(), [sees.id]);
            assert_eq!(list.count.unwrap().n, 1);
            assert_eq!(c.get(who, "party", hidden.id).await.unwrap_err(), Fault::not_found());
            assert_eq!(c.search(who, "عميل", None, 9).await.unwrap().len(), 1);
            assert_eq!(c.timeline(who, "party", hidden.id, &[], None, 9).await.unwrap_err().kind, FaultKind::NotFound);
            assert_eq!(c.history(who, "party", hidden.id, 9).await.unwrap_err().kind, FaultKind::NotFound);
            assert_eq!(c.comment(who, "party", hidden.id, engine::NewComment { body: "سر".into(), ..Default::default() }).await.unwrap_err().kind, FaultKind::NotFound);
            let steal = save(&c, who, "party", Draft::of(hidden.id).set("owner", who.id)).await.unwrap_err();
            assert_eq!(steal.kind, FaultKind::NotFound);
            let give = save(&c, who, "party", Draft::of(sees.id).set("owner", admin.id)).await.unwrap_err();
            assert_eq!(give.kind, FaultKind::Forbidden, "a record cannot be moved out of one's own reach");
            let refer = save(&c, who, "order", Draft::new().set("party", hidden.id)).await.unwrap_err();
            assert_eq!(refer.issues[0].key, "value-no-such-record");
        }
        assert_eq!(c.count(&ali, &Query::new("order_line"), Count::Exact).await.unwrap().n, 0);
        assert_eq!(c.count(&mona, &Query::new("order_line"), Count::Exact).await.unwrap().n, 1);
        assert!(c.get(&ali, "party", his.id).await.unwrap().values.get("credit").is_none());
        let by_hidden = Query::new("party").filter(Expr::parse("credit > 5").unwrap());
        assert_eq!(c.list(&ali, &by_hidden).await.unwrap_err().issues[0].key, "expr-unknown-field");
        assert!(c.list(&ali, &Query::new("party").sort("credit")).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_team_reads_its_members_customers_and_masked_fields_stay_masked() {
    both(|c, admin| async move {
        let (a, b, x) = (actor(&c, "a", "seller").await, actor(&c, "b", "team").await, actor(&c, "x", "team").await);
        let mut cx = c.write(&admin).await.unwrap();
        cx.set_team(uuid::Uuid::now_v7(), &[a.id, b.id]).await.unwrap();
        cx.commit().await.unwrap();
        // Whose team it is is read with the actor, once for each request.
        let b = c.load_actor(b.id).await.unwrap().unwrap();
        let p = party(&c, &a, "عميل الفريق", "").await;
        save(&c, &admin, "party", Draft::of(p.id).set("phone", "+966501112233")).await.unwrap();
        assert!(c.get(&b, "party", p.id).await.is_ok());
        assert!(c.get(&x, "party", p.id).await.is_err());
        let reader = actor(&c, "reader", "reader").await;
        assert_eq!(c.get(&reader, "party", p.id).await.unwrap().get("phone"), &Value::from("••••33"));
        assert_eq!(c.search(&reader, "501112233", None, 9).await.unwrap().len(), 0, "a hit would tell the number");
        assert_eq!(save(&c, &reader, "party", Draft::of(p.id).set("phone", "+966501112234")).await.unwrap_err().kind, FaultKind::Forbidden);
    })
    .await;
}

/// A restricted list is put together owner by owner; it must be the same list, page by page, in both directions.
#[tokio::test]
async fn acc_2_a_list_merged_from_several_owners_is_the_list_of_all_cut_down() {
    both(|c, admin| async move {
        let mut people = Vec::new();
        for i in 0..5 {
            people.push(actor(&c, &format!("p{i}"), "team").await);
        }
        let lent = actor(&c, "lent", "lent").await;
        let mut cx = c.write(&admin).await.unwrap();
        cx.set_team(uuid::Uuid::now_v7(), &[people[0].id, people[1].id, lent.id]).await.unwrap();
        cx.set_team(uuid::Uuid::now_v7(), &[people[1].id, people[2].id]).await.unwrap();
        let mut dice = 88_172_645_463_325_252_u64;
        let mut roll = |n: u64| {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            dice % n
        };
        let drafts = (0..150).map(|i| {
            // Names come again, and some have no owner: ties and nulls belong to it.
            let (ar, latin) = NAMES[roll(7) as usize];
            let mut d = Draft::new().set("name", Name::new(ar, latin)).set("email", format!("c{i}@example.com"));
            d = d.set("owner", people.get(roll(6) as usize).map_or(Value::Null, |p| Value::Id(p.id)));
            if roll(3) > 0 { d.set("phone", "+966501112222") } else { d }
        });
        cx.save_many("party", drafts.collect()).await.unwrap();
        cx.commit().await.unwrap();

        for who in people.iter().chain([&lent]) {
            // Who they are now is read again with each request.
            let who = c.load_actor(who.id).await.unwrap().unwrap();
            let mates = who.teammates.clone().unwrap();
            let sees = |r: &Record| {
                let owner = r.get("owner").id();
                owner.is_some_and(|o| o == who.id || mates.contains(&o))
                    || who.roles == ["lent"] && matches!(r.get("name"), Value::Name(n) if n.ar.starts_with('م'))
            };
            for sort in ["name", "-name", "email", "-created_at"] {
                for filter in ["true", "phone != null", "phone == null", "email == 'c7@example.com'"] {
                    let query = Query::new("party").sort(sort).filter(Expr::parse(filter).unwrap());
                    let all = c.list(&admin, &Query { limit: 500, ..query.clone() }).await.unwrap().records;
                    let expected: Vec<_> = all.iter().filter(|r| sees(r)).map(|r| r.id).collect();
                    let (mut seen, mut after, mut pages) = (Vec::new(), None, Vec::new());
                    loop {
                        let page = c.list(&who, &Query { after, limit: 9, ..query.clone() }).await.unwrap();
                        assert_eq!(page.count, Some(Counted { n: expected.len() as i64, exact: true }));
                        seen.extend(page.records.iter().map(|r| r.id));
                        pages.push(page.prev);
                        after = page.next;
                        if after.is_none() {
                            break;
                        }
                    }
                    assert_eq!(seen, expected, "{} {sort} {filter}", who.email);
                    let (Some(before), true) = (pages.pop().flatten(), expected.len() > 9) else { continue };
                    let back = c.list(&who, &Query { before: Some(before), limit: 9, ..query.clone() }).await.unwrap();
                    let from = (expected.len() - 1) / 9 * 9;
                    assert_eq!(back.records.iter().map(|r| r.id).collect::<Vec<_>>(), expected[from - 9..from], "{sort} {filter} backward");
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_custom_object_is_usable_at_once_and_not_lost_by_accident() {
    both(|c, admin| async move {
        let visit = Object::new("c_visit", "custom", label("زيارة", "Visit"), label("الزيارات", "Visits"))
            .title("subject")
            .field(Field::new("subject", Kind::text(), label("الموضوع", "Subject")).required())
            .field(Field::new("party", Kind::to("party"), label("العميل", "Customer")).reverse("visits", label("الزيارات", "Visits")).timeline())
            .field(Field::new("cost", Kind::Money, label("التكلفة", "Cost")))
            .field(Field::new("double", Kind::Formula { expr: "cost * 2".into(), result: Box::new(Kind::Money) }, label("الضعف", "Double")));
        let changes = [
            Change::PutObject { object: Box::new(visit) },
            Change::PutField { object: "party".into(), field: Box::new(Field::new("x_mood", Kind::text(), label("المزاج", "Mood"))) },
        ];
        let plan = c.plan_changes(&admin, &changes).await.unwrap();
        assert!(plan.plan.show(c.db().dialect()).contains("c_visit"));
        assert!(c.list(&admin, &Query::new("c_visit")).await.is_err(), "a plan does nothing");
        c.apply_changes(&admin, &changes, false).await.unwrap();

        let p = save(&c, &admin, "party", Draft::new().set("name", Name::new("هدى", "")).set("x_mood", "سعيدة")).await.unwrap();
        let d = Draft::new().set("subject", "زيارة أولى").set("party", p.id).set("cost", Money::new(5000, "SAR"));
        let v = save(&c, &admin, "c_visit", d).await.unwrap();
        assert_eq!(v.get("double"), &Value::Money(Money::new(10000, "SAR")));
        let q = Query::new("c_visit").filter(Expr::parse("cost > 10 && party.x_mood == \"سعيدة\"").unwrap());
        assert_eq!(c.list(&admin, &q).await.unwrap().records.len(), 1);
        assert_eq!(c.search(&admin, "زياره", None, 5).await.unwrap().len(), 1);
        assert!(c.timeline(&admin, "party", p.id, &["c_visit".into()], None, 5).await.unwrap().entries.len() == 1);
        c.reload().await.unwrap();
        assert!(c.registry().find("c_visit").is_some());

        let remove = [Change::RemoveObject { object: "c_visit".into() }];
        let refused = c.apply_changes(&admin, &remove, false).await.unwrap_err();
        assert_eq!(refused.issues[0].key, "schema-would-lose");
        assert_eq!(c.list(&admin, &Query::new("c_visit")).await.unwrap().records.len(), 1);
        c.apply_changes(&admin, &remove, true).await.unwrap();
        assert!(c.list(&admin, &Query::new("c_visit")).await.is_err());
        let seller = actor(&c, "s", "seller").await;
        assert_eq!(c.plan_changes(&seller, &remove).await.unwrap_err().kind, FaultKind::Forbidden);
    })
    .await;
}

#[tokio::test]
async fn a_page_of_very_many_rows_is_the_same_as_of_few() {
    both(|c, admin| async move {
        // More than the cap of counting, so that the list walks the index of its order.
        let mut cx = c.write(&admin).await.unwrap();
        for batch in 0..21 {
            let drafts = (0..500).map(|i| {
                let n = batch * 500 + i;
                Draft::new().set("name", Name::new(format!("عميل {:05}", (n * 7919) % 10_500), "")).set("owner", admin.id)
            });
            cx.save_many("party", drafts.collect()).await.unwrap();
        }
        cx.commit().await.unwrap();
        let owned = || Query::new("party").filter(Expr::path("owner").eq(Expr::lit(admin.id))).limit(3);
        let first = c.list(&admin, &owned()).await.unwrap();
        assert_eq!(first.count.unwrap(), engine::Counted { n: 10_000, exact: false });
        let names = |l: &engine::Listing| l.records.iter().map(|r| r.get("name").name().unwrap().ar.clone()).collect::<Vec<_>>();
        assert_eq!(names(&first), ["عميل 00000", "عميل 00001", "عميل 00002"]);
        let second = c.list(&admin, &Query { after: first.next.clone(), ..owned() }).await.unwrap();
        assert_eq!(names(&second), ["عميل 00003", "عميل 00004", "عميل 00005"]);
        let back = c.list(&admin, &Query { before: second.prev, count: Count::None, ..owned() }).await.unwrap();
        assert_eq!(names(&back), names(&first));
    })
    .await;
}

/// Whoever may see few entries of a long time line gets full pages of them, as does one who may see many, far back.
#[tokio::test]
async fn acc_8_a_long_time_line_is_whole_for_readers_of_a_part() {
    both(|c, admin| async move {
        let (guest, mailer) = (actor(&c, "guest", "guest").await, actor(&c, "mailer", "mailer").await);
        let p = party(&c, &admin, "أكبر العملاء", "").await;
        let mut cx = c.write(&admin).await.unwrap();
        let day = |n: i64| jiff::Timestamp::from_second(1_700_000_000 + n * 60).unwrap();
        for batch in 0..6_i64 {
            let drafts = (0..500).map(|i| {
                let n = batch * 500 + i;
                // The newest 600 are for neither of them.
                let note = if n % 400 == 7 { "نادر" } else if n < 2_400 { "واضح" } else { "مستور" };
                Draft::new().set("party", p.id).set("ordered_at", day(n)).set("note", note)
            });
            cx.save_many("order", drafts.collect()).await.unwrap();
        }
        cx.commit().await.unwrap();

        let whole = async |who: &engine::Actor, kinds: &[String], limit: usize, most: usize| {
            let (mut seen, mut before) = (Vec::new(), None);
            while seen.len() < most {
                let page = c.timeline(who, "party", p.id, kinds, before.as_deref(), limit).await.unwrap();
                assert!(page.next.is_none() || page.entries.len() == limit, "a page is full unless it is the last");
                assert!(page.entries.iter().all(|e| page.records.contains_key(&e.record_id)));
                seen.extend(page.entries.into_iter().map(|e| (e.object, e.at)));
                before = page.next;
                if before.is_none() {
                    break;
                }
            }
            seen
        };
        let rare: Vec<_> = (0..3_000).rev().filter(|n| n % 400 == 7).map(|n| ("order".to_owned(), day(n))).collect();
        let seen = whole(&guest, &[], 3, usize::MAX).await;
        assert_eq!(seen.iter().filter(|(o, _)| o == "order").cloned().collect::<Vec<_>>(), rare);
        assert_eq!(seen.iter().filter(|(o, _)| o == "party").count(), 1, "the customer's own beginning");
        assert_eq!(whole(&guest, &["order".to_owned()], 50, usize::MAX).await, rare);
        let clear: Vec<_> = (0..2_400).rev().filter(|n| n % 400 != 7).map(|n| ("order".to_owned(), day(n))).take(200).collect();
        assert_eq!(whole(&mailer, &["order".to_owned()], 50, 200).await, clear);
        assert_eq!(whole(&admin, &["order".to_owned()], 50, 100).await.len(), 100);
    })
    .await;
}

#[tokio::test]
async fn a_seller_finds_his_own_behind_the_many_of_others() {
    both(|c, admin| async move {
        let ali = actor(&c, "ali", "seller").await;
        let his = party(&c, &ali, "محمد العتيبي", "").await;
        let mut cx = c.write(&admin).await.unwrap();
        let others = (0..1_200).map(|n| Draft::new().set("name", Name::new(format!("محمد العتيبي {n}"), ""))).collect();
        cx.save_many("party", others).await.unwrap();
        cx.commit().await.unwrap();
        for words in ["محمد", "محمد العتيبي", "عتي"] {
            let found: Vec<_> = c.search(&ali, words, Some("party"), 10).await.unwrap().into_iter().map(|h| h.id).collect();
            assert_eq!(found, [his.id], "{words}");
            let list = c.list(&ali, &Query { search: Some(words.into()), ..Query::new("party") }).await.unwrap();
            assert_eq!(list.records.iter().map(|r| r.id).collect::<Vec<_>>(), [his.id], "{words}");
        }
        assert_eq!(c.search(&admin, "محمد", Some("party"), 10).await.unwrap().len(), 10);
    })
    .await;
}
