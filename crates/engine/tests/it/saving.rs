//! Creating, changing, conflicts, deletion, roll-ups.

use crate::fixture::*;
use engine::{Draft, Query};
use kernel::*;

#[tokio::test]
async fn a_saved_record_is_read_back_with_defaults_numbers_and_formulas() {
    both(|c, admin| async move {
        let p = party(&c, &admin, "مكتبة النور", "Al Noor Library").await;
        let o = order(&c, &admin, p.id, &[("دفتر", 3, 1250), ("قلم", -1, 500)]).await;
        assert_eq!(o.get("number"), &Value::from("SO-0001"));
        assert_eq!(o.get("status"), &Value::from("draft"));
        assert_eq!(o.get("total"), &Value::Money(Money::new(3250, "SAR")));
        let p = c.get(&admin, "party", p.id).await.unwrap();
        assert_eq!(p.get("orders"), &Value::Int(1));
        assert_eq!(p.get("revenue"), &Value::Money(Money::new(3250, "SAR")));
        assert_eq!(p.get("last_order"), o.get("ordered_at"));
        assert_eq!(p.rev, 1, "a roll-up is nobody's edit");
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_is_said_per_field_and_nothing_is_stored() {
    both(|c, admin| async move {
        let fault = save(&c, &admin, "party", Draft::new().set("email", "x@example.com").set("colour", "أحمر")).await.unwrap_err();
        assert_eq!(fault.issues[0].key, "expr-unknown-field");
        let fault = save(&c, &admin, "party", Draft::new().set("email", "x@example.com")).await.unwrap_err();
        assert_eq!((fault.issues[0].field.as_str(), fault.issues[0].key.as_str()), ("name", "value-required"));
        let fault = save(&c, &admin, "order", Draft::new().set("total", Money::new(1, "SAR"))).await.unwrap_err();
        assert_eq!(fault.issues[0].key, "value-read-only");
        let fault = save(&c, &admin, "order", Draft::new().set("status", "eaten")).await.unwrap_err();
        assert_eq!(fault.issues[0].key, "value-not-an-option");
        let fault = save(&c, &admin, "order", Draft::new().set("party", uuid::Uuid::now_v7())).await.unwrap_err();
        assert_eq!(fault.issues[0].key, "value-no-such-record");
        assert_eq!(c.count(&admin, &Query::new("party"), engine::Count::Exact).await.unwrap().n, 0);

        let twice = || Draft::new().set("name", Name::new("سعاد", "")).set("email", "same@example.com");
        save(&c, &admin, "party", twice()).await.unwrap();
        let fault = save(&c, &admin, "party", twice()).await.unwrap_err();
        assert_eq!((fault.issues[0].field.as_str(), fault.issues[0].key.as_str()), ("email", "value-not-unique"));
    })
    .await;
}

#[tokio::test]
async fn the_second_of_two_savers_is_told() {
    both(|c, admin| async move {
        let p = party(&c, &admin, "أحمد", "Ahmad").await;
        let first = save(&c, &admin, "party", Draft::of(p.id).rev(p.rev).set("phone", "+966500000001")).await.unwrap();
        assert_eq!(first.rev, 2);
        let second = save(&c, &admin, "party", Draft::of(p.id).rev(p.rev).set("phone", "+966500000002")).await.unwrap_err();
        assert_eq!(second.kind, FaultKind::Conflict);
        assert_eq!(c.get(&admin, "party", p.id).await.unwrap().get("phone"), &Value::from("+966500000001"));
        let same = {
            let mut cx = c.write(&admin).await.unwrap();
            let saved = cx.save("party", Draft::of(p.id).set("phone", "+966500000001")).await.unwrap();
            cx.commit().await.unwrap();
            saved
        };
        assert!(matches!(same, engine::Saved::Unchanged(_)));
        assert_eq!(c.history(&admin, "party", p.id, 10).await.unwrap().len(), 2, "no change, no trace");
    })
    .await;
}

#[tokio::test]
async fn two_racing_savers_never_both_win() {
    both(|c, admin| async move {
        let p = party(&c, &admin, "ليلى", "Layla").await;
        let mut tasks = Vec::new();
        for i in 0..20 {
            let (c, admin, id) = (c.clone(), admin.clone(), p.id);
            tasks.push(tokio::spawn(async move {
                save(&c, &admin, "party", Draft::of(id).rev(1).set("phone", format!("+9665000000{i:02}"))).await.is_ok()
            }));
        }
        let mut won = 0;
        for t in tasks {
            won += usize::from(t.await.unwrap());
        }
        assert_eq!(won, 1);
    })
    .await;
}

#[tokio::test]
async fn an_action_needs_its_guard_and_leaves_its_event() {
    both(|c, admin| async move {
        let p = party(&c, &admin, "شركة الأفق", "Horizon Co").await;
        let empty = order(&c, &admin, p.id, &[]).await;
        let fault = c.dispatch(&admin, "order", empty.id, "place", None, Default::default()).await.unwrap_err();
        assert_eq!(fault.issues[0].key, "action-not-now");
        let o = order(&c, &admin, p.id, &[("كتاب", 1, 1000)]).await;
        assert_eq!(c.offers(&admin, &o).await.unwrap().len(), 1);
        c.dispatch(&admin, "order", o.id, "place", None, Default::default()).await.unwrap();
        let line = c.timeline(&admin, "order", o.id, &[], None, 50).await.unwrap();
        assert_eq!(line.entries.iter().map(|e| e.kind.as_str()).collect::<Vec<_>>(), ["order.placed", "updated", "created"]);
        let locked = save(&c, &admin, "order", Draft::of(o.id).set("note", "متأخر")).await.unwrap_err();
        assert_eq!(locked.issues[0].key, "value-locked");
        let on_party = c.timeline(&admin, "party", p.id, &["order".into()], None, 50).await.unwrap();
        assert_eq!(on_party.entries.len(), 2, "both orders stand on their customer's line");
    })
    .await;
}

#[tokio::test]
async fn trash_takes_the_parts_along_and_gives_them_back() {
    both(|c, admin| async move {
        let p = party(&c, &admin, "نورة", "Noura").await;
        let o = order(&c, &admin, p.id, &[("شاي", 2, 700), ("قهوة", 1, 2000)]).await;
        let used = { c.write(&admin).await.unwrap().delete("party", p.id, None).await.unwrap_err() };
        assert_eq!(used.issues[0].key, "delete-in-use");
        let mut cx = c.write(&admin).await.unwrap();
        cx.delete("order", o.id, None).await.unwrap();
        cx.commit().await.unwrap();
        assert_eq!(c.get(&admin, "order", o.id).await.unwrap_err().kind, FaultKind::NotFound);
        assert_eq!(c.count(&admin, &Query::new("order_line"), engine::Count::Exact).await.unwrap().n, 0);
        assert_eq!(c.get(&admin, "party", p.id).await.unwrap().get("revenue"), &Value::Money(Money::new(0, "SAR")));
        let trash = c.list(&admin, &Query { trash: true, ..Query::new("order") }).await.unwrap();
        assert_eq!(trash.records.len(), 1);
        let mut cx = c.write(&admin).await.unwrap();
        cx.restore("order", o.id).await.unwrap();
        cx.commit().await.unwrap();
        let back = c.get(&admin, "order", o.id).await.unwrap();
        assert_eq!(back.get("total"), &Value::Money(Money::new(3400, "SAR")));
        let p = c.get(&admin, "party", p.id).await.unwrap();
        assert_eq!((p.get("orders"), p.get("revenue")), (&Value::Int(1), &Value::Money(Money::new(3400, "SAR"))));
        for object in ["order", "party"] {
            assert_eq!(engine::rollup::rebuild(&c, object).await.unwrap(), 0, "{object}: incremental = from nothing");
        }
    })
    .await;
}

#[tokio::test]
async fn roll_ups_follow_every_kind_of_change() {
    both(|c, admin| async move {
        let (a, b) = (party(&c, &admin, "أ", "A").await, party(&c, &admin, "ب", "B").await);
        let o1 = order(&c, &admin, a.id, &[("س", 1, 100)]).await;
        let o2 = order(&c, &admin, a.id, &[("ص", 1, 250)]).await;
        save(&c, &admin, "order", Draft::of(o1.id).set("party", b.id)).await.unwrap();
        save(&c, &admin, "order", Draft::of(o2.id).set("status", "cancelled")).await.unwrap();
        let read = |id| {
            let (c, admin) = (c.clone(), admin.clone());
            async move { c.get(&admin, "party", id).await.unwrap() }
        };
        let (a2, b2) = (read(a.id).await, read(b.id).await);
        assert_eq!((a2.get("orders"), b2.get("orders")), (&Value::Int(0), &Value::Int(1)));
        assert_eq!(b2.get("revenue"), &Value::Money(Money::new(100, "SAR")));
        assert_eq!(a2.get("last_order"), o2.get("ordered_at"));
        let lines = c.list(&admin, &Query::new("order_line").filter(Expr::path("order").eq(Expr::lit(o1.id)))).await.unwrap();
        save(&c, &admin, "order_line", Draft::of(lines.records[0].id).set("quantity", 7)).await.unwrap();
        assert_eq!(read(b.id).await.get("revenue"), &Value::Money(Money::new(700, "SAR")));
        for object in ["order", "party"] {
            assert_eq!(engine::rollup::rebuild(&c, object).await.unwrap(), 0);
        }
    })
    .await;
}
