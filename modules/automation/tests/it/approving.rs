//! Who must agree, in which order, and what happens when two decide at once.

use crate::office::{Office, keys, office};
use engine::Draft;
use kernel::{Fault, Money, Record, Value};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// Winning a deal above 1,000 needs approval.
async fn guarded(o: &Office, levels: Json) -> Uuid {
    let flow = json!({"object": "opportunity", "trigger": {"on": "before", "action": "win"}, "when": "amount > 1000", "steps": [{"do": "approval", "levels": levels}]});
    o.rule("admin", "الموافقة على الفوز", flow).await.unwrap()
}

async fn win(o: &Office, who: &str, deal: &Record) -> Result<(), Fault> {
    let input = o.company.action("opportunity", "win").unwrap().input.iter().filter(|f| f.required).map(|f| (f.key.clone(), f.kind.options().first().map_or(Value::Null, |c| Value::Text(c.key.clone())))).collect();
    o.company.dispatch(&o.actor(who).await, "opportunity", deal.id, "win", None, input).await.map(|_| ())
}

async fn ask(o: &Office, who: &str, rule: Uuid, deal: &Record) -> Result<Record, Fault> {
    o.save(who, "approval", Draft::new().set("rule", rule).set("about", format!("opportunity/{}", deal.id)).set("note", "العميل مستعد للتوقيع اليوم")).await
}

async fn word(o: &Office, approval: &Record, who: &str) -> Record {
    o.all("approval_vote", &format!("approval == id(\"{}\") && approver == id(\"{}\")", approval.id, o.users[who])).await.remove(0)
}

#[tokio::test]
async fn plt_5_an_action_is_held_until_the_manager_approves() {
    testdb::both(async |url| {
        let o = office(&url).await;
        let rule = guarded(&o, json!([{"who": ["manager"]}])).await;
        let small = o.deal("huda", "صغيرة", 500).await;
        win(&o, "huda", &small).await.unwrap();
        let deal = o.deal("huda", "توريد", 5_000).await;
        let fault = win(&o, "huda", &deal).await.unwrap_err();
        assert_eq!(keys(&fault), ["automation-approval-needed"]);
        assert_eq!(fault.issues[0].offered(), Some((format!("/automation/ask?rule={rule}&about=opportunity/{}", deal.id).as_str(), "automation-ask")));
        // Who asks for what needs none, or what he may not see, is refused.
        assert_eq!(keys(&ask(&o, "huda", rule, &small).await.unwrap_err()), ["automation-approval-not-needed"]);
        assert!(ask(&o, "omar", rule, &deal).await.is_err());
        let asked = ask(&o, "huda", rule, &deal).await.unwrap();
        assert_eq!(o.told("boss", "automation.approve").await, 1);
        assert_eq!(keys(&win(&o, "huda", &deal).await.unwrap_err()), ["automation-approval-waits"]);
        assert_eq!(keys(&ask(&o, "huda", rule, &deal).await.unwrap_err()), ["automation-approval-asked"]);
        let vote = word(&o, &asked, "boss").await;
        // Only he decides: not the seller, not a colleague.
        for who in ["huda", "omar", "second"] {
            assert!(o.act(who, "approval_vote", vote.id, "approve", &[]).await.is_err(), "{who}");
        }
        assert!(o.save("boss", "approval_vote", Draft::of(vote.id).set("state", "approved")).await.is_err(), "not by writing the field");
        o.act("boss", "approval_vote", vote.id, "approve", &[("note", "على بركة الله".into())]).await.unwrap();
        assert_eq!(o.told("huda", "automation.decided").await, 1);

        // What the rule looks at changed: it is asked again.
        o.change("huda", deal.id, "amount", Money::new(900_000, "SAR")).await.unwrap();
        assert_eq!(keys(&win(&o, "huda", &deal).await.unwrap_err()), ["automation-approval-outdated"]);
        let again = ask(&o, "huda", rule, &deal).await.unwrap();
        // And while it is asked, too: who asked is told, and nobody decides on what is no longer so.
        o.change("huda", deal.id, "amount", Money::new(990_000, "SAR")).await.unwrap();
        assert_eq!(o.get("approval", again.id).await.get("state").text(), Some("outdated"));
        let stale = word(&o, &again, "boss").await;
        assert!(o.act("boss", "approval_vote", stale.id, "approve", &[]).await.is_err());
        // What it does not look at does not matter.
        let third = ask(&o, "huda", rule, &deal).await.unwrap();
        o.change("huda", deal.id, "need", "شيء آخر").await.unwrap();
        let vote = word(&o, &third, "boss").await;
        o.act("boss", "approval_vote", vote.id, "approve", &[]).await.unwrap();
        win(&o, "huda", &deal).await.unwrap();
        assert_eq!(o.get("opportunity", deal.id).await.get("status").text(), Some("won"));
    })
    .await;
}

#[tokio::test]
async fn plt_5_chains_all_of_a_level_refusal_and_who_decides_himself() {
    testdb::both(async |url| {
        let o = office(&url).await;
        let rule = guarded(&o, json!([{"who": ["role:manager"], "all": true}, {"who": ["role:admin"]}])).await;
        let deal = o.deal("huda", "سلسلة", 5_000).await;
        let asked = ask(&o, "huda", rule, &deal).await.unwrap();
        o.act("second", "approval_vote", word(&o, &asked, "second").await.id, "approve", &[]).await.unwrap();
        assert_eq!(o.told("admin", "automation.approve").await, 0, "both managers first");
        o.act("boss", "approval_vote", word(&o, &asked, "boss").await.id, "approve", &[]).await.unwrap();
        assert_eq!(o.told("admin", "automation.approve").await, 1);
        assert_eq!(keys(&win(&o, "huda", &deal).await.unwrap_err()), ["automation-approval-waits"]);
        assert!(o.act("admin", "approval_vote", word(&o, &asked, "admin").await.id, "reject", &[]).await.is_err(), "a refusal has its reason");
        o.act("admin", "approval_vote", word(&o, &asked, "admin").await.id, "reject", &[("note", "الهامش ضعيف".into())]).await.unwrap();
        assert_eq!(keys(&win(&o, "huda", &deal).await.unwrap_err()), ["automation-approval-rejected"]);
        // Who has the last word needs nobody's leave.
        win(&o, "admin", &deal).await.unwrap();
    })
    .await;
}

/// Issue 4: two managers approve at once; one wins, the other is told who was quicker.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn plt_5_two_managers_decide_at_once() {
    testdb::both(async |url| {
        let o = office(&url).await;
        let rule = guarded(&o, json!([{"who": ["role:manager"]}])).await;
        for round in 0..4 {
            let deal = o.deal("huda", &format!("سباق {round}"), 5_000).await;
            let asked = ask(&o, "huda", rule, &deal).await.unwrap();
            let (first, second) = (word(&o, &asked, "boss").await.id, word(&o, &asked, "second").await.id);
            let note = [("note", Value::from("السعر منخفض"))];
            let (a, b) = tokio::join!(o.act("boss", "approval_vote", first, "approve", &[]), o.act("second", "approval_vote", second, "reject", &note));
            assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1, "{a:?} {b:?}");
            let (state, lost) = if a.is_ok() { ("approved", b.unwrap_err()) } else { ("rejected", a.unwrap_err()) };
            assert_eq!(keys(&lost), ["automation-decided-by"], "{lost}");
            assert_eq!(o.get("approval", asked.id).await.get("state").text(), Some(state));
            assert_eq!(o.number("SELECT COUNT(*) FROM approval_vote WHERE state IN ('approved', 'rejected')").await, round + 1);
        }
    })
    .await;
}

#[tokio::test]
async fn plt_5_absence_and_escalation() {
    testdb::both(async |url| {
        let o = office(&url).await;
        let rule = guarded(&o, json!([{"who": ["manager"], "hours": 24, "then": ["user:ADMIN"]}]).to_string().replace("ADMIN", &o.users["admin"].to_string()).parse().unwrap()).await;
        // The boss is away: Omar stands in for him.
        let away = engine::access::NewDelegation {
            from: o.users["boss"],
            to: o.users["omar"],
            objects: vec!["approval_vote".into()],
            from_at: o.now(),
            until_at: o.now().checked_add(kernel::jiff::SignedDuration::from_hours(200)).unwrap(),
            reason: "إجازة".into(),
        };
        o.company.delegate(&o.actor("boss").await, &away).await.unwrap();
        let deal = o.deal("huda", "غياب", 5_000).await;
        let asked = ask(&o, "huda", rule, &deal).await.unwrap();
        assert_eq!(o.told("boss", "automation.approve").await, 1);
        assert_eq!(o.told("omar", "automation.approve").await, 1);
        let vote = word(&o, &asked, "boss").await;
        o.act("omar", "approval_vote", vote.id, "approve", &[]).await.unwrap();
        assert_eq!(o.get("approval_vote", vote.id).await.get("decided_by").id(), Some(o.users["omar"]));
        win(&o, "huda", &deal).await.unwrap();

        // Nobody decides in time: the administrator is asked as well, once.
        let deal = o.deal("huda", "تصعيد", 5_000).await;
        let asked = ask(&o, "huda", rule, &deal).await.unwrap();
        o.wait(23);
        o.minute().await;
        assert_eq!(o.told("admin", "automation.approve").await, 0);
        o.wait(2);
        o.minute().await;
        o.minute().await;
        assert_eq!(o.told("admin", "automation.approve").await, 1);
        o.act("admin", "approval_vote", word(&o, &asked, "admin").await.id, "approve", &[]).await.unwrap();
        assert_eq!(word(&o, &asked, "boss").await.get("state").text(), Some("closed"));
        win(&o, "huda", &deal).await.unwrap();
    })
    .await;
}

/// A rule that asks in its course goes on when it is approved, and ends when it is not.
#[tokio::test]
async fn plt_5_a_run_waits_for_approval() {
    testdb::both(async |url| {
        let o = office(&url).await;
        let flow = json!({"object": "opportunity", "trigger": {"on": "created"}, "steps": [{"do": "approval", "levels": [{"who": ["manager"]}]}, {"do": "update", "values": {"next_step": "\"أرسل العرض\""}}]});
        let rule = o.rule("admin", "قبل العرض", flow).await.unwrap();
        let (yes, no) = (o.deal("huda", "نعم", 10).await, o.deal("huda", "لا", 10).await);
        o.work().await;
        for vote in o.all("approval_vote", "state == \"asked\"").await {
            let approval = o.get("approval", vote.get("approval").id().unwrap()).await;
            let good = approval.get("about").text().unwrap().ends_with(&yes.id.to_string());
            let (action, input) = if good { ("approve", vec![]) } else { ("reject", vec![("note", Value::from("ليس الآن"))]) };
            o.act("boss", "approval_vote", vote.id, action, &input).await.unwrap();
        }
        o.work().await;
        assert_eq!(o.get("opportunity", yes.id).await.get("next_step").text(), Some("أرسل العرض"));
        assert!(o.get("opportunity", no.id).await.get("next_step").is_null());
        assert!(o.runs(rule).await.iter().all(|r| r.state == "done"));
    })
    .await;
}
