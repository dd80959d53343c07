//! MKT-11: leads are rated by rules that say why, followed up in order, and the clock of the first touch runs.

use crate::desk::{Desk, desk, sar, why};
use engine::Draft;
use kernel::{Name, Record, Value};
use uuid::Uuid;

fn lead(ar: &str) -> Draft {
    Draft::new().set("name", Name::new(ar, ""))
}

async fn rating(desk: &Desk, id: Uuid) -> (i64, String) {
    let r: Record = desk.get("lead", id).await;
    (r.get("points").int().unwrap(), r.get("temperature").text().unwrap().to_owned())
}

fn is(points: i64, temperature: &str) -> (i64, String) {
    (points, temperature.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn mkt_11_leads_are_rated_by_rules_that_the_company_changes() {
    testdb::both(async |url| {
        let desk = desk(&url).await;
        // Neither telephone nor business address.
        let bare = desk.save("huda", "lead", lead("سالم").set("email", "salem@gmail.com")).await.unwrap().id;
        assert_eq!(rating(&desk, bare).await, is(0, "cold"));
        // Company 10, telephone 10, business address 15, decides 20, referral 20.
        let good = lead("نورة").set("email", "noura@ofoq.sa").set("phone", "+966501234567").set("company", "الأفق").set("job_title", "مديرة المشتريات").set("source", "referral");
        let good = desk.save("huda", "lead", good).await.unwrap().id;
        assert_eq!(rating(&desk, good).await, is(75, "hot"));
        // It follows each change at once: company known, telephone, business address.
        desk.save("huda", "lead", Draft::of(bare).set("email", "s@ruwad.sa").set("phone", "+966501234568").set("company", "الرواد")).await.unwrap();
        assert_eq!(rating(&desk, bare).await, is(35, "warm"));
        // A manager changes a rule: all leads are rated anew by the job; nobody writes the rating himself.
        let rule = desk.all("manager", "lead_rule", "name.latin == \"Left a telephone number\"").await[0].id;
        desk.save("manager", "lead_rule", Draft::of(rule).set("points", 40)).await.unwrap();
        engine::runner::run_due(&desk.company, &[]).await.unwrap();
        assert_eq!((rating(&desk, bare).await, rating(&desk, good).await), (is(65, "hot"), is(100, "hot")));
        assert_eq!(why(desk.save("huda", "lead", Draft::of(bare).set("points", 99)).await), ["points value-read-only"]);
        assert_eq!(why(desk.save("huda", "lead_rule", Draft::of(rule).set("points", 1)).await), ["Forbidden"]);
        // A condition that cannot be asked of a lead alone is refused.
        let wrong = |condition: &str| desk.save("manager", "lead_rule", Draft::of(rule).set("condition", condition));
        assert_eq!(why(wrong("created_at < now()").await), ["condition sales-rule-own-fields"]);
        assert_eq!(why(wrong("compny != null").await), ["condition expr-unknown-field"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mkt_11_states_go_their_way_and_the_first_touch_has_its_time() {
    testdb::both(async |url| {
        let desk = desk(&url).await;
        let id = desk.save("huda", "lead", lead("سالم")).await.unwrap().id;
        assert_eq!(why(desk.save("huda", "lead", Draft::of(id).set("status", "qualified")).await), ["status value-by-action"]);
        desk.at("2026-03-01T08:30:00Z");
        desk.act("huda", "lead", id, "contact", &[]).await.unwrap();
        let r = desk.get("lead", id).await;
        assert_eq!((r.get("status").text(), r.get("touch_time").int()), (Some("contacted"), Some(3 * 3600 + 1800)));
        assert_eq!(why(desk.save("huda", "lead", Draft::of(id).set("status", "new")).await), ["status sales-lead-not-new"]);
        assert_eq!(why(desk.act("huda", "lead", id, "reject", &[]).await), ["rejected_reason value-required"]);
        let day = |d: &str| Value::Date(d.parse().unwrap());
        assert_eq!(why(desk.act("huda", "lead", id, "nurture", &[("nurture_until", day("2026-03-01"))]).await), ["nurture_until sales-nurture-past"]);
        desk.act("huda", "lead", id, "nurture", &[("nurture_until", day("2026-04-01"))]).await.unwrap();
        desk.act("huda", "lead", id, "reject", &[("rejected_reason", "no_budget".into()), ("status_note", "في العام القادم".into())]).await.unwrap();
        let r = desk.get("lead", id).await;
        assert_eq!((r.get("rejected_reason").text(), r.get("nurture_until").is_null()), (Some("no_budget"), true));
        assert_eq!(why(desk.act("huda", "lead", id, "convert", &[]).await), [" action-not-now"]);
        desk.act("huda", "lead", id, "reopen", &[]).await.unwrap();
        desk.act("huda", "lead", id, "qualify", &[]).await.unwrap();
        let r = desk.get("lead", id).await;
        assert_eq!((r.get("status").text(), r.get("rejected_reason").is_null(), r.get("touch_time").int()), (Some("qualified"), true, Some(12_600)));

        // A call written down touches a new lead too.
        let other = desk.save("huda", "lead", lead("منى")).await.unwrap().id;
        let call = Draft::new().set("subject", "تعارف").set("lead", other).set("at", desk.company.now());
        desk.save("huda", "interaction", call).await.unwrap();
        let r = desk.get("lead", other).await;
        assert_eq!((r.get("status").text(), r.get("touch_time").int()), (Some("contacted"), Some(0)));
        let line = desk.company.timeline(&desk.actor("huda").await, "lead", other, &["interaction".into()], None, 50).await.unwrap();
        assert_eq!(line.entries.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mkt_11_a_lead_without_owner_is_taken_by_one_seller() {
    testdb::both(async |url| {
        let desk = desk(&url).await;
        let nobody = desk.save("system", "lead", lead("سالم").set("value", sar(5_000))).await.unwrap().id;
        let hers = desk.save("huda", "lead", lead("نورة")).await.unwrap().id;
        let seen = async |who: &str| desk.all(who, "lead", "true").await.iter().map(|r| r.id).collect::<Vec<_>>();
        assert_eq!(seen("omar").await, [nobody]);
        assert_eq!(seen("mona").await, [nobody, hers]);
        let (a, b) = tokio::join!(desk.act("omar", "lead", nobody, "take", &[]), desk.act("mona", "lead", nobody, "take", &[]));
        assert_eq!([a.is_ok(), b.is_ok()].iter().filter(|ok| **ok).count(), 1, "one has it: {a:?} {b:?}");
        let owner = desk.get("lead", nobody).await.get("owner").id().unwrap();
        assert!(owner == desk.users["omar"] || owner == desk.users["mona"]);
        assert_eq!(seen("omar").await.len(), usize::from(owner == desk.users["omar"]));
        // Contact details are dots for whoever only looks on.
        desk.save("huda", "lead", Draft::of(hers).set("phone", "+966501234567")).await.unwrap();
        let shown = desk.company.get(&desk.actor("viewer").await, "lead", hers).await.unwrap();
        assert!(shown.get("phone").text().unwrap().starts_with("••••"));
        assert!(desk.company.search(&desk.actor("viewer").await, "501234567", Some("lead"), 5).await.unwrap().is_empty());
        assert_eq!(desk.company.search(&desk.actor("huda").await, "نوره", Some("lead"), 5).await.unwrap().len(), 1);
    })
    .await;
}
