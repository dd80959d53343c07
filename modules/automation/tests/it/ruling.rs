//! What rules do, and what they do not.

use crate::office::{keys, office, writes};
use engine::Draft;
use kernel::{Money, Value};
use serde_json::json;

/// SAL-5: above 50,000 at the request for proposal a review meeting is planned, and the stage is not left before it is done.
#[tokio::test]
async fn sal_5_a_large_request_for_proposal_needs_its_review_meeting() {
    testdb::both(async |url| {
        let o = office(&url).await;
        let (rfp, next) = (o.stage("Request for proposal").await, o.stage("Proposal sent").await);
        let deal = o.deal("huda", "توريد مكاتب الوزارة", 40_000).await;
        o.save("huda", "key_player", Draft::new().set("opportunity", deal.id).set("party", o.party)).await.ok();
        let into = |stage| Draft::of(deal.id).set("stage", stage).set("expected_close", "2026-05-01".parse::<kernel::jiff::civil::Date>().unwrap()).set("need", "أثاث مكتبي");
        let mut cx = o.company.write(&o.company.system()).await.unwrap();
        cx.retold = true;
        cx.save("opportunity", into(rfp)).await.unwrap();
        cx.commit().await.unwrap();
        o.work().await;
        assert!(o.all("activity", "true").await.is_empty(), "40,000 needs no review");

        // It grows while it stands there.
        o.change("huda", deal.id, "amount", Money::new(6_000_000, "SAR")).await.unwrap();
        // The gate stands at once, before the run has planned anything.
        let fault = o.save("huda", "opportunity", into(next)).await.unwrap_err();
        assert_eq!(keys(&fault), ["automation-demand"]);
        assert!(fault.issues[0].offered().unwrap().0.starts_with("/activity/new?kind=meeting"), "{fault}");
        o.work().await;
        let meetings = o.all("activity", "kind == \"meeting\"").await;
        assert_eq!(meetings.len(), 1);
        let meeting = &meetings[0];
        assert_eq!(meeting.get("owner").id(), Some(o.users["huda"]));
        assert_eq!(meeting.get("colleagues"), &Value::Ids(vec![o.users["boss"]]));
        assert_eq!(meeting.get("party").id(), Some(o.party));
        assert_eq!(meeting.get("reminders"), &Value::List(vec!["1440".into()]));
        assert_eq!(o.told("huda", "automation.told").await, 1);

        // Held on every way: a change by an administrator too, and a second amount makes no second meeting.
        for who in ["huda", "admin"] {
            let fault = o.save(who, "opportunity", into(next)).await.unwrap_err();
            assert_eq!(fault.issues[0].offered().unwrap().0, format!("/activity/{}", meeting.id));
        }
        o.change("huda", deal.id, "amount", Money::new(7_000_000, "SAR")).await.unwrap();
        o.work().await;
        assert_eq!(o.all("activity", "kind == \"meeting\"").await.len(), 1);

        o.save("huda", "activity", Draft::of(meeting.id).set("status", "done")).await.unwrap();
        o.save("huda", "opportunity", into(next)).await.unwrap();
        assert_eq!(o.get("opportunity", deal.id).await.get("stage").id(), Some(next));
    })
    .await;
}

#[tokio::test]
async fn plt_5_a_rule_waits_branches_and_says_why() {
    testdb::both(async |url| {
        let o = office(&url).await;
        let rule = o
            .rule(
                "boss",
                "متابعة الفرص الكبيرة",
                json!({"object": "opportunity", "trigger": {"on": "created"}, "when": "amount >= 1000 && party.kind == \"organisation\"", "steps": [
                    {"do": "activity", "kind": "call", "subject": {"ar": "مكالمة أولى", "en": "First call"}, "owner": "owner", "days": 1},
                    {"do": "wait", "hours": 48},
                    {"do": "until", "when": "need != null", "hours": 72, "anyway": true},
                    {"do": "branch", "when": "amount > 5000",
                     "then": [{"do": "notify", "to": ["manager"], "text": {"ar": "فرصة كبيرة", "en": "A large deal"}}],
                     "otherwise": [{"do": "update", "values": {"next_step": "concat(\"متابعة \", name)"}}]},
                    {"do": "update", "values": {"attention": "true"}},
                ]}),
            )
            .await
            .unwrap();
        let small = o.deal("huda", "صغيرة", 500).await;
        let middle = o.deal("huda", "متوسطة", 3_000).await;
        let large = o.deal("huda", "كبيرة", 9_000).await;
        o.work().await;
        assert_eq!(o.runs(rule).await.len(), 2, "the small one does not meet the condition");
        assert_eq!(o.all("activity", "kind == \"call\"").await.len(), 2);
        let run = o.runs(rule).await.into_iter().find(|r| r.record == large.id).unwrap();
        assert_eq!((run.state.as_str(), run.pc, run.version), ("waiting", 1, 1));
        let why = &run.why["when"];
        assert_eq!((why[0]["text"].as_str(), why[0]["held"].as_bool(), why[1]["held"].as_bool()), (Some("amount >= 1000"), Some(true), Some(true)));

        // Meanwhile the rule is changed: the runs go on in the version they began with.
        let changed = writes(json!({"on": "created"}), "", "next_step", "\"نسخة ثانية\"");
        o.save("boss", "automation", Draft::of(rule).set("flow", Value::Json(changed))).await.unwrap();
        o.wait(47);
        o.minute().await;
        assert_eq!(o.runs(rule).await.iter().filter(|r| r.pc == 1).count(), 2, "it is not time yet");
        o.wait(2);
        o.minute().await;
        assert_eq!(o.runs(rule).await.iter().filter(|r| r.pc == 2 && r.state == "waiting").count(), 2);
        // What it waits for comes for one; for the other the time is over.
        o.change("huda", large.id, "need", "أجهزة").await.unwrap();
        o.work().await;
        assert_eq!(o.told("boss", "automation.told").await, 1);
        assert_eq!(o.get("opportunity", large.id).await.get("attention").bool(), Some(true));
        assert_eq!(o.get("opportunity", middle.id).await.get("attention").bool(), Some(false));
        o.wait(80);
        o.minute().await;
        let middle = o.get("opportunity", middle.id).await;
        assert_eq!((middle.get("next_step").text(), middle.get("attention").bool()), (Some("متابعة متوسطة"), Some(true)));
        assert_eq!(o.get("opportunity", small.id).await.get("attention").bool(), Some(false));
        assert!(o.runs(rule).await.iter().all(|r| r.state == "done"));
        let log: Vec<String> = o.log(run.id).await.into_iter().map(|(what, _)| what).collect();
        assert_eq!(log, ["activity", "wait", "waited", "waiting", "until", "branch", "notify", "update"]);
        // A new deal runs in the new version.
        let new = o.deal("huda", "جديدة", 100).await;
        o.work().await;
        assert_eq!(o.get("opportunity", new.id).await.get("next_step").text(), Some("نسخة ثانية"));
    })
    .await;
}

#[tokio::test]
async fn plt_5_a_rule_that_comes_to_itself_is_stopped_and_reported() {
    testdb::both(async |url| {
        let o = office(&url).await;
        let own = o.rule("boss", "تدور على نفسها", writes(json!({"on": "changed", "fields": []}), "", "next_step", "concat(coalesce(next_step, \"\"), \"+\")")).await.unwrap();
        let deal = o.deal("huda", "حلقة", 100).await;
        o.change("huda", deal.id, "need", "شيء").await.unwrap();
        o.work().await;
        let runs = o.runs(own).await;
        assert_eq!(runs.iter().map(|r| r.state.as_str()).collect::<Vec<_>>(), ["stopped", "done"]);
        assert_eq!(runs[0].error["key"], "automation-loop");
        assert_eq!(o.get("opportunity", deal.id).await.get("next_step").text(), Some("+"));
        assert_eq!(o.told("boss", "automation.stopped").await, 1);
        o.save("boss", "automation", Draft::of(own).set("active", false)).await.unwrap();

        // Two that start each other.
        let changes = |field: &str| json!({"on": "changed", "fields": [field]});
        let ping = o.rule("boss", "ذهاب", writes(changes("need"), "", "next_step", "concat(need, \"!\")")).await.unwrap();
        let pong = o.rule("boss", "إياب", writes(changes("next_step"), "", "need", "concat(next_step, \"?\")")).await.unwrap();
        o.change("huda", deal.id, "need", "كرة").await.unwrap();
        o.work().await;
        let states = |runs: Vec<automation::runs::Run>| runs.into_iter().map(|r| r.state).collect::<Vec<_>>();
        assert_eq!(states(o.runs(ping).await), ["stopped", "done"]);
        assert_eq!(states(o.runs(pong).await), ["done"]);
        assert_eq!(o.get("opportunity", deal.id).await.get("need").text(), Some("كرة!?"));
    })
    .await;
}

#[tokio::test]
async fn plt_5_a_rule_has_the_rights_of_its_owner_and_no_more() {
    testdb::both(async |url| {
        let o = office(&url).await;
        // Sellers make no rules; managers none for others.
        let flow = writes(json!({"on": "created"}), "", "next_step", "\"اتصل\"");
        assert!(o.rule("huda", "لي", flow.clone()).await.is_err());
        let draft = automation::rule::draft(kernel::Name::new("لغيري", "other"), "", &serde_json::from_value(flow.clone()).unwrap()).unwrap();
        assert_eq!(keys(&o.save("boss", "automation", draft.clone().set("owner", o.users["admin"])).await.unwrap_err()), ["automation-owner-himself"]);
        // What the owner may not do, is refused when the rule is made: a seller does not delete or read everything.
        let foreign = json!({"object": "opportunity", "trigger": {"on": "created"}, "steps": [{"do": "create", "object": "pipeline", "values": {"name": "\"مسار\""}}]});
        let draft = automation::rule::draft(kernel::Name::new("مسار", "pipeline"), "", &serde_json::from_value(foreign).unwrap()).unwrap();
        assert!(keys(&o.save("admin", "automation", draft.set("owner", o.users["huda"])).await.unwrap_err()).contains(&"automation-owner-may-not"));
        // Owned by Omar, it does nothing to what Omar may not see.
        let draft = automation::rule::draft(kernel::Name::new("لعمر", "omar"), "", &serde_json::from_value(flow).unwrap()).unwrap();
        let rule = o.save("admin", "automation", draft.set("owner", o.users["omar"]).set("active", true)).await.unwrap().id;
        let hers = o.deal("huda", "لهدى", 100).await;
        let firm = Draft::new().set("name", kernel::Name::new("مصنع الرواد", "Ruwad")).set("kind", "organisation").set("owner", o.users["omar"]);
        let firm = o.save("omar", "party", firm).await.unwrap();
        let his = o.save("omar", "opportunity", Draft::new().set("name", "لعمر").set("party", firm.id).set("owner", o.users["omar"])).await.unwrap();
        o.work().await;
        assert!(o.get("opportunity", hers.id).await.get("next_step").is_null());
        assert_eq!(o.get("opportunity", his.id).await.get("next_step").text(), Some("اتصل"));
        let failed = o.runs(rule).await.into_iter().find(|r| r.record == hers.id).unwrap();
        assert_eq!((failed.state.as_str(), failed.error["key"].as_str()), ("failed", Some("automation-record-gone")));
        assert_eq!(o.told("omar", "automation.failed").await, 1);
        // The audit names him, and the rule.
        let mut conn = o.company.db().read().await.unwrap();
        let mut sql = conn.sql();
        sql.push("SELECT COUNT(*) FROM sila_audit WHERE record_id = ").bind(his.id).push(" AND actor = ").bind(o.users["omar"]).push(" AND cause LIKE ").bind(format!("rule {rule} run %"));
        assert_eq!(conn.int(&sql).await.unwrap(), Some(1));
    })
    .await;
}

#[tokio::test]
async fn plt_5_rules_that_cannot_work_are_refused_with_the_place() {
    testdb::both(async |url| {
        let o = office(&url).await;
        for (flow, place, key) in [
            (json!({"object": "nothing", "trigger": {"on": "created"}, "steps": []}), "flow.object", "schema-unknown-target"),
            (json!({"object": "automation", "trigger": {"on": "created"}, "steps": [{"do": "wait", "hours": 1}]}), "flow.object", "schema-unknown-target"),
            (json!({"object": "opportunity", "trigger": {"on": "created"}, "steps": []}), "flow.steps", "automation-no-steps"),
            (writes(json!({"on": "created"}), "amont > 5", "need", "\"x\""), "flow.when", "expr-unknown-field"),
            (writes(json!({"on": "created"}), "", "probability", "\"many\""), "flow.steps.0.values.probability", "value-wrong-type"),
            (writes(json!({"on": "becomes"}), "exists(key_players)", "need", "\"x\""), "flow.when", "automation-becomes-lists"),
            (writes(json!({"on": "every", "cron": "daily"}), "", "need", "\"x\""), "flow.trigger.cron", "automation-bad-cron"),
            (writes(json!({"on": "due", "field": "amount", "days": 1}), "", "need", "\"x\""), "flow.trigger.field", "automation-no-date"),
            (json!({"object": "opportunity", "trigger": {"on": "before", "action": "win"}, "steps": [{"do": "wait", "hours": 1}]}), "flow.steps", "automation-before-approves"),
            (json!({"object": "opportunity", "trigger": {"on": "created"}, "steps": [{"do": "call", "url": "ftp://x", "values": {}}]}), "flow.steps.0.url", ""),
        ] {
            let fault = o.rule("boss", "خطأ", flow.clone()).await.unwrap_err();
            let found = fault.issues.iter().any(|i| i.field == place && (key.is_empty() || i.key == key));
            assert!(found, "{flow}: {fault}");
        }
        assert_eq!(o.number("SELECT COUNT(*) FROM sila_rule").await, 1, "the recipe alone is in force");
    })
    .await;
}

#[tokio::test]
async fn plt_5_dates_the_calendar_buttons_and_actions_start_rules_once() {
    testdb::both(async |url| {
        let o = office(&url).await;
        let task = |trigger, when: &str, ar: &str| json!({"object": "opportunity", "trigger": trigger, "when": when, "steps": [{"do": "activity", "kind": "task", "subject": {"ar": ar, "en": ""}, "owner": "owner", "days": 0}]});
        o.rule("boss", "قبل الإغلاق", task(json!({"on": "due", "field": "expected_close", "days": -2}), "status == \"open\"", "راجع")).await.unwrap();
        o.rule("boss", "كل أحد", task(json!({"on": "every", "cron": "0 9 * * 0"}), "status == \"open\"", "أسبوعي")).await.unwrap();
        let button = o.rule("boss", "زر", task(json!({"on": "button", "label": {"ar": "اطلب مساعدة", "en": "Ask for help"}}), "amount > 10", "مساعدة")).await.unwrap();
        o.rule("boss", "بعد الفوز", task(json!({"on": "acted", "action": "win"}), "", "شكر")).await.unwrap();
        let deal = o.deal("huda", "مناقصة", 100).await;
        o.change("huda", deal.id, "expected_close", "2026-03-10".parse::<kernel::jiff::civil::Date>().unwrap()).await.unwrap();
        let tasks = async |subject: &str| o.all("activity", &format!("subject == \"{subject}\"")).await.len();
        o.minute().await;
        assert_eq!((tasks("راجع").await, tasks("أسبوعي").await), (0, 0));
        // An hour later it is nine on Sunday.
        o.wait(1);
        for _ in 0..3 {
            o.minute().await;
        }
        assert_eq!((tasks("راجع").await, tasks("أسبوعي").await), (0, 1));
        // 8 March, ten in the morning: two days before the close, and a Sunday again.
        o.wait(24 * 7 + 1);
        for _ in 0..3 {
            o.minute().await;
        }
        assert_eq!((tasks("راجع").await, tasks("أسبوعي").await), (1, 2));

        o.act("admin", "automation", button, "start", &[("record", format!("opportunity/{}", deal.id).into())]).await.unwrap();
        let mut cx = o.company.write(&o.actor("omar").await).await.unwrap();
        assert!(automation::trigger::press(&mut cx, button, deal.id).await.is_err(), "not his deal");
        cx.rollback().await.unwrap();
        o.work().await;
        assert_eq!(tasks("مساعدة").await, 1);
        o.act("huda", "opportunity", deal.id, "win", &[("won_reason", "price".into()), ("reason", "price".into())].into_iter().filter(|(k, _)| o.company.action("opportunity", "win").unwrap().input.iter().any(|f| f.key == *k)).collect::<Vec<_>>()).await.unwrap();
        o.work().await;
        assert_eq!(tasks("شكر").await, 1);
    })
    .await;
}

#[tokio::test]
async fn plt_5_a_limit_holds_and_is_told() {
    testdb::both(async |url| {
        let o = office(&url).await;
        let flow = writes(json!({"on": "created"}), "", "next_step", "\"اتصل\"");
        let draft = automation::rule::draft(kernel::Name::new("محدودة", "limited"), "", &serde_json::from_value(flow).unwrap()).unwrap();
        let rule = o.save("boss", "automation", draft.set("active", true).set("hourly", 3)).await.unwrap().id;
        for i in 0..5 {
            o.deal("huda", &format!("فرصة {i}"), 10).await;
        }
        o.work().await;
        let runs = o.runs(rule).await;
        assert_eq!(runs.iter().filter(|r| r.state == "done").count(), 3);
        assert_eq!(runs.iter().filter(|r| r.state == "stopped" && r.error["key"] == "automation-limit").count(), 2);
        assert_eq!(o.told("boss", "automation.stopped").await, 1);
        o.wait(1);
        o.deal("huda", "في الساعة التالية", 10).await;
        o.work().await;
        assert_eq!(o.runs(rule).await[0].state, "done");
    })
    .await;
}

/// Issue 4: a dry run says what would have happened, and every table is as it was.
#[tokio::test]
async fn plt_5_a_dry_run_changes_nothing() {
    testdb::both(async |url| {
        let o = office(&url).await;
        let small = o.deal("huda", "صغيرة", 10).await;
        let large = o.deal("huda", "كبيرة", 9_000).await;
        o.work().await;
        let flow = json!({"object": "opportunity", "trigger": {"on": "created"}, "when": "amount > 1000", "steps": [
            {"do": "activity", "kind": "call", "subject": {"ar": "مكالمة", "en": "Call"}, "owner": "owner", "with": ["manager"], "days": 1},
            {"do": "wait", "hours": 5},
            {"do": "update", "values": {"next_step": "\"اتصل\""}},
            {"do": "notify", "to": ["manager"], "text": {"ar": "خبر", "en": "News"}},
            {"do": "call", "url": "https://hooks.example.com/x", "values": {"n": "name"}},
            {"do": "approval", "levels": [{"who": ["manager"]}]},
        ]});
        let dump = async || {
            let mut conn = o.company.db().read().await.unwrap();
            let mut all = Vec::new();
            for table in ["opportunity", "activity", "approval", "approval_vote", "sila_audit", "sila_event", "sila_timeline", "sila_notice", "sila_job", "sila_rule_run", "sila_rule_log", "sila_counter", "sila_search", "sila_link"] {
                let sql = store::Sql::of(conn.dialect(), &format!("SELECT COUNT(*) FROM {table}"));
                all.push((table, conn.int(&sql).await.unwrap()));
            }
            let mut sql = conn.sql();
            sql.push("SELECT CAST(COALESCE(SUM(rev), 0) AS BIGINT) FROM opportunity");
            all.push(("rev", conn.int(&sql).await.unwrap()));
            all
        };
        let before = dump().await;
        let boss = o.actor("boss").await;
        let rule = automation::book::unsaved(&o.company, uuid::Uuid::now_v7(), &serde_json::from_value(flow).unwrap(), Some(boss.id)).unwrap();
        let tried = automation::trial::run(&o.company, &boss, &rule, None).await.unwrap();
        assert_eq!(dump().await, before);
        let of = |id| tried.iter().find(|t| t.record == id).unwrap();
        assert!(!of(small.id).held && !of(small.id).why[0].held && of(small.id).lines.is_empty());
        assert_eq!(of(small.id).why[0].text, "amount > 1000");
        let said: Vec<&str> = of(large.id).lines.iter().map(|l| l.what.as_str()).collect();
        assert_eq!(said, ["activity", "would-wait", "update", "notify", "would-call", "would-ask"]);
        assert_eq!(of(large.id).lines[5].data["levels"][0][0], json!(o.users["boss"]));
    })
    .await;
}
