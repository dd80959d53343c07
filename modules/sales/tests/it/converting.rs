//! MKT-11: a lead becomes customer and deal in one transaction, finds who is known, once only, and can be taken back.

use crate::desk::{Desk, desk, sar, why};
use engine::{Draft, Query};
use kernel::{Name, Value};
use uuid::Uuid;

fn lead() -> Draft {
    Draft::new()
        .set("name", Name::new("سليم الخطيب", "Salim Alkhatib"))
        .set("company", "مجموعة البتراء")
        .set("job_title", "مدير المشتريات")
        .set("email", "salim@petra.example")
        .set("phone", "+962791234567")
        .set("source", "exhibition")
        .set("interest", "أثاث لثلاثة فروع")
        .set("value", sar(70_000))
}

/// Rows of what a conversion can make.
async fn rows(desk: &Desk) -> Vec<i64> {
    let mut all = Vec::new();
    for object in ["party", "relationship", "opportunity", "opportunity_step", "key_player", "party_phone", "party_email"] {
        all.push(desk.company.count(&desk.company.system(), &Query::new(object), engine::Count::Exact).await.unwrap().n);
    }
    all
}

fn id_of(done: &engine::Done, what: &str) -> Uuid {
    done.data.get(what).and_then(|v| v.as_str()).unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn mkt_11_conversion_makes_what_is_missing_and_is_undone_to_the_row() {
    testdb::both(async |url| {
        let desk = desk(&url).await;
        let before = rows(&desk).await;
        let id = desk.save("huda", "lead", lead()).await.unwrap().id;
        let call = Draft::new().set("subject", "سأل عن الأسعار").set("lead", id).set("at", desk.company.now());
        let call = desk.save("huda", "interaction", call).await.unwrap().id;
        desk.act("huda", "lead", id, "qualify", &[]).await.unwrap();
        desk.wait_days(1);
        let done = desk.act("huda", "lead", id, "convert", &[]).await.unwrap();
        assert_eq!(rows(&desk).await, [before[0] + 2, before[1] + 1, before[2] + 1, before[3] + 1, before[4] + 1, before[5] + 1, before[6] + 1]);
        let (party, person, deal) = (id_of(&done, "party"), id_of(&done, "person"), id_of(&done, "opportunity"));
        assert_eq!(done.goto, Some(("opportunity".into(), deal)));
        let d = desk.get("opportunity", deal).await;
        assert_eq!((d.get("party").id(), d.get("owner").id()), (Some(party), Some(desk.users["huda"])));
        assert_eq!((d.get("amount").money().cloned(), d.get("need").text()), (Some(sar(70_000)), Some("أثاث لثلاثة فروع")));
        let p = desk.get("party", person).await;
        assert_eq!((p.get("kind").text(), p.get("email").text(), p.get("source").text()), (Some("person"), Some("salim@petra.example"), Some("exhibition")));
        let tie = &desk.all("system", "relationship", "true").await[0];
        assert_eq!((tie.get("party").id(), tie.get("other").id(), tie.get("role").text()), (Some(person), Some(party), Some("مدير المشتريات")));
        assert_eq!(desk.get("interaction", call).await.get("party").id(), Some(party), "what was said goes along");
        let l = desk.get("lead", id).await;
        assert_eq!((l.get("status").text(), l.get("opportunity").id()), (Some("converted"), Some(deal)));
        // Twice is once.
        assert_eq!(why(desk.act("huda", "lead", id, "convert", &[]).await), [" action-not-now"]);
        assert_eq!(rows(&desk).await[2], before[2] + 1);

        // The night's work of the program is no touch.
        desk.wait_days(2);
        base::lifecycle::renew(&desk.company).await.unwrap();
        desk.act("huda", "lead", id, "undo_conversion", &[]).await.unwrap();
        assert_eq!(rows(&desk).await, before);
        let l = desk.get("lead", id).await;
        assert_eq!((l.get("status").text(), l.get("party").is_null(), l.get("person").is_null(), l.get("opportunity").is_null()), (Some("qualified"), true, true, true));
        assert!(desk.get("interaction", call).await.get("party").is_null());
        // And forward again.
        desk.act("huda", "lead", id, "convert", &[("only_contact", true.into())]).await.unwrap();
        assert_eq!(rows(&desk).await[..3], [before[0] + 2, before[1] + 1, before[2]]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mkt_11_what_somebody_worked_with_is_not_taken_back() {
    testdb::both(async |url| {
        let desk = desk(&url).await;
        let touch: [(&str, &str); 4] = [("opportunity", "next_step"), ("party", "note"), ("interaction", "subject"), ("comment", "")];
        for (n, (object, field)) in touch.into_iter().enumerate() {
            let draft = lead().set("company", format!("منشأة رقم {n}")).set("name", Name::new(format!("عميل {}", ["أول", "ثان", "ثالث", "رابع"][n]), "")).set("email", format!("a{n}@x.example")).set("phone", format!("+96279000000{n}"));
            let id = desk.save("huda", "lead", draft).await.unwrap().id;
            let done = desk.act("huda", "lead", id, "convert", &[("known", "new".into())]).await.unwrap();
            desk.wait_days(1);
            let (party, deal) = (id_of(&done, "party"), id_of(&done, "opportunity"));
            match object {
                "opportunity" => drop(desk.save("mona", object, Draft::of(deal).set(field, "اتصال")).await.unwrap()),
                "party" => drop(desk.save("mona", object, Draft::of(party).set(field, "مهم")).await.unwrap()),
                "interaction" => drop(desk.save("mona", object, Draft::new().set(field, "مكالمة").set("party", party)).await.unwrap()),
                _ => drop(desk.company.comment(&desk.actor("mona").await, "opportunity", deal, engine::NewComment { body: "متابعة".into(), ..engine::NewComment::default() }).await.unwrap()),
            }
            let before = rows(&desk).await;
            assert_eq!(why(desk.act("huda", "lead", id, "undo_conversion", &[]).await), [" sales-undo-touched"], "{object}");
            assert_eq!((rows(&desk).await, desk.get("lead", id).await.get("status").text().map(str::to_owned)), (before, Some("converted".into())));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mkt_11_who_is_known_is_linked_and_who_is_alike_is_asked_about() {
    testdb::both(async |url| {
        let desk = desk(&url).await;
        let known = Draft::new().set("name", Name::new("سليم الخطيب", "Salim Alkhatib")).set("email", "salim@petra.example").set("phone", "+962791234567");
        let known = desk.save("huda", "party", known).await.unwrap().id;
        let before = rows(&desk).await;
        let id = desk.save("huda", "lead", lead()).await.unwrap().id;
        let done = desk.act("huda", "lead", id, "convert", &[]).await.unwrap();
        assert_eq!(id_of(&done, "person"), known, "found by name, telephone and e-mail");
        assert_eq!(rows(&desk).await[0], before[0] + 1, "only the organisation is new");
        // The undoing leaves him who was there before.
        desk.wait_days(1);
        desk.act("huda", "lead", id, "undo_conversion", &[]).await.unwrap();
        assert_eq!(rows(&desk).await, before);
        desk.get("party", known).await;

        // Named by hand, it needs no search; the kinds must fit.
        assert_eq!(why(desk.act("huda", "lead", id, "convert", &[("organisation", Value::Id(known))]).await), ["organisation sales-convert-kind"]);
        let done = desk.act("huda", "lead", id, "convert", &[("organisation", Value::Id(desk.hers))]).await.unwrap();
        assert_eq!((id_of(&done, "party"), id_of(&done, "person")), (desk.hers, known));

        // A colleague's customer who is plainly the same is neither linked nor shown.
        let other = desk.save("omar", "lead", lead().set("company", Value::Null)).await.unwrap().id;
        let refused = desk.act("omar", "lead", other, "convert", &[]).await;
        assert_eq!(why(refused), ["person sales-convert-elsewhere"]);
        assert_eq!(why(desk.act("omar", "lead", other, "convert", &[("person", Value::Id(known))]).await), ["person value-no-such-record"]);
        desk.act("omar", "lead", other, "convert", &[("known", "new".into())]).await.unwrap();
        // Alike, but not for certain: asked about, with the name.
        let near = desk.save("huda", "lead", lead().set("company", Value::Null).set("email", Value::Null).set("phone", Value::Null)).await.unwrap().id;
        let fault = desk.act("huda", "lead", near, "convert", &[]).await.unwrap_err();
        assert_eq!(fault.issues[0].key, "sales-convert-choose");
        assert!(fault.issues[0].text(text::locale::Lang::Ar).contains("سليم الخطيب"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mkt_11_converted_twice_at_once_one_wins() {
    testdb::both(async |url| {
        let desk = desk(&url).await;
        let before = rows(&desk).await;
        let id = desk.save("huda", "lead", lead()).await.unwrap().id;
        let (a, b) = tokio::join!(desk.act("huda", "lead", id, "convert", &[]), desk.act("mona", "lead", id, "convert", &[]));
        assert_eq!([a.is_ok(), b.is_ok()].iter().filter(|ok| **ok).count(), 1, "{a:?} {b:?}");
        let loser = if a.is_err() { a } else { b };
        assert_eq!(why(loser), [" action-not-now"]);
        assert_eq!(rows(&desk).await[..3], [before[0] + 2, before[1] + 1, before[2] + 1]);
        // Undone twice at once, too.
        desk.wait_days(1);
        let (a, b) = tokio::join!(desk.act("huda", "lead", id, "undo_conversion", &[]), desk.act("mona", "lead", id, "undo_conversion", &[]));
        assert_eq!([a.is_ok(), b.is_ok()].iter().filter(|ok| **ok).count(), 1, "{a:?} {b:?}");
        assert_eq!(rows(&desk).await, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mkt_11_a_refused_conversion_leaves_nothing() {
    testdb::both(async |url| {
        let desk = desk(&url).await;
        let before = rows(&desk).await;
        let id = desk.save("huda", "lead", lead()).await.unwrap().id;
        // The pipeline is gone: parties were made before the deal was refused.
        for p in desk.all("system", "pipeline", "true").await {
            desk.save("manager", "pipeline", Draft::of(p.id).set("active", false)).await.unwrap();
        }
        assert_eq!(why(desk.act("huda", "lead", id, "convert", &[]).await), ["pipeline sales-no-pipeline"]);
        assert_eq!(rows(&desk).await, before);
        assert_eq!(desk.get("lead", id).await.get("status").text(), Some("new"));
        assert_eq!(why(desk.act("agent", "lead", id, "convert", &[]).await), ["Forbidden"]);
        assert_eq!(why(desk.act("omar", "lead", id, "convert", &[]).await), ["NotFound"]);
    })
    .await;
}
