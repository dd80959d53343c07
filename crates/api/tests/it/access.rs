//! Sharing, standing in, explaining, who looked, the audit: over HTTP (PLT-7).

use crate::company::{token, world};
use serde_json::json;

#[tokio::test]
async fn plt_7_a_record_is_shared_and_taken_back() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let hers = w.party("sara", "مؤسسة الواحة", "Oasis", "جدة").await;
        let at = format!("/party/{hers}/shares");
        let omar = w.users["omar"];
        w.get("omar", &format!("/party/{hers}")).await.is(404);
        // Somebody else's record cannot be shared, nor is it told that there is one.
        assert_eq!(w.post("omar", &at, json!({"with": omar})).await.status, 404);
        assert_eq!(w.post("viewer", &at, json!({"with": omar})).await.status, 403);
        let made = w.post("sara", &at, json!({"with": omar, "level": "read", "note": "زيارة مشتركة"})).await.is(201);
        assert_eq!(w.get("omar", &format!("/party/{hers}")).await.is(200)["name"]["latin"], "Oasis");
        assert_eq!(w.patch("omar", &format!("/party/{hers}"), json!({"city": "مكة"})).await.status, 403);
        let shares = w.get("omar", &at).await.is(200);
        assert_eq!((&shares["data"][0]["with"], &shares["data"][0]["level"], &shares["data"][0]["note"]), (&json!(omar), &json!("read"), &json!("زيارة مشتركة")));
        // The same person again: the share is replaced, not doubled.
        let again = w.post("sara", &at, json!({"with": omar, "level": "edit"})).await.is(201);
        assert_eq!(w.get("sara", &at).await.is(200)["data"].as_array().unwrap().len(), 1);
        w.patch("omar", &format!("/party/{hers}"), json!({"city": "مكة"})).await.is(200);
        // Wrong requests say what is wrong and change nothing.
        assert_eq!(w.post("sara", &at, json!({})).await.issue(422), "with value-required");
        assert_eq!(w.post("sara", &at, json!({"with": omar, "level": "own"})).await.issue(422), "level value-not-choice");
        assert_eq!(w.post("sara", &at, json!({"with": omar, "until": "2020-01-01T00:00:00Z"})).await.issue(422), "until access-until-over");
        assert_eq!(w.post("sara", &at, json!({"with": uuid::Uuid::from_u128(7)})).await.issue(422), "with value-no-such-record");
        assert_eq!(w.post("sara", &at, json!({"with": w.users["nobody"]})).await.issue(422), "with access-share-no-role");
        assert_eq!(w.post("sara", &at, json!({"with": w.users["viewer"], "level": "edit"})).await.issue(422), "with access-share-no-update");
        assert!(matches!(w.post("sara", &at, json!({"with": omar, "for": "ever"})).await.status, 400 | 422));
        assert_eq!(w.get("sara", &at).await.is(200)["data"].as_array().unwrap().len(), 1);
        // Whoever has it by a share does not take it back; the first id is void.
        assert!(matches!(w.delete("viewer", &format!("{at}/{}", again["id"].as_str().unwrap())).await.status, 403 | 404));
        assert_eq!(w.delete("sara", &format!("{at}/{}", made["id"].as_str().unwrap())).await.status, 404);
        assert_eq!(w.delete("sara", &format!("{at}/{}", again["id"].as_str().unwrap())).await.status, 204);
        w.get("omar", &format!("/party/{hers}")).await.is(404);
    })
    .await;
}

#[tokio::test]
async fn plt_7_a_colleague_stands_in() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let hers = w.party("sara", "مؤسسة الواحة", "Oasis", "جدة").await;
        let (sara, omar) = (w.users["sara"], w.users["omar"]);
        let until = (w.company.now() + jiff::SignedDuration::from_hours(48)).to_string();
        let wanted = json!({"from": sara, "to": omar, "objects": ["party"], "until_at": until, "reason": "إجازة سنوية"});
        // With a token nobody hands rights over but an administrator.
        assert_eq!(w.post("sara", "/access/delegations", wanted.clone()).await.status, 403);
        assert_eq!(w.post("omar", "/access/delegations", wanted.clone()).await.status, 403);
        let made = w.post("admin", "/access/delegations", wanted).await.is(201);
        assert_eq!(w.get("omar", &format!("/party/{hers}")).await.is(200)["name"]["latin"], "Oasis");
        w.patch("omar", &format!("/party/{hers}"), json!({"city": "مكة"})).await.is(200);
        let his = w.get("omar", "/access/delegations").await.is(200);
        assert_eq!((&his["data"][0]["from"], &his["data"][0]["active"], &his["data"][0]["objects"]), (&json!(sara), &json!(true), &json!(["party"])));
        assert_eq!(w.get("viewer", "/access/delegations").await.is(200)["data"], json!([]));
        assert_eq!(w.get("viewer", "/access/delegations?all=1").await.status, 404);
        assert_eq!(w.get("admin", "/access/delegations?all=1").await.is(200)["data"].as_array().unwrap().len(), 1);
        for (bad, issue) in [
            (json!({"from": sara, "until_at": until, "reason": "x"}), "to value-required"),
            (json!({"from": sara, "to": omar, "reason": "x"}), "until value-required"),
            (json!({"from": sara, "to": sara, "until_at": until, "reason": "x"}), "to access-not-to-himself"),
            (json!({"from": sara, "to": omar, "until_at": until}), "reason value-required"),
            (json!({"from": sara, "to": omar, "until_at": "2020-01-01T00:00:00Z", "reason": "x"}), "until access-until-over"),
            (json!({"from": sara, "to": omar, "until_at": "2099-01-01T00:00:00Z", "reason": "x"}), "until access-until-too-late"),
            (json!({"from": sara, "to": omar, "objects": ["nothing"], "until_at": until, "reason": "x"}), "objects schema-unknown-target"),
            (json!({"from": sara, "to": uuid::Uuid::from_u128(7), "until_at": until, "reason": "x"}), "to value-no-such-record"),
        ] {
            assert_eq!(w.post("admin", "/access/delegations", bad).await.issue(422), issue);
        }
        let end = format!("/access/delegations/{}", made["id"].as_str().unwrap());
        assert_eq!(w.delete("viewer", &end).await.status, 404);
        assert_eq!(w.delete("admin", &end).await.status, 204);
        w.get("omar", &format!("/party/{hers}")).await.is(404);
        assert_eq!(w.delete("admin", &end).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn plt_7_why_is_told_to_those_who_may_know() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let hers = w.party("sara", "مؤسسة الواحة", "Oasis", "جدة").await;
        let ask = |user: uuid::Uuid, verb: &str| format!("/access/explain?object=party&id={hers}&user={user}&verb={verb}");
        let told = w.get("admin", &ask(w.users["sara"], "update")).await.is(200);
        assert_eq!((&told["allowed"], &told["verb"]), (&json!(true), &json!("update")));
        assert!(told["sentence"].as_str().unwrap().contains("مستخدم sara"), "{told}");
        assert!(told["reasons"].as_array().unwrap().iter().any(|r| r["holds"] == true && r["sentence"].as_str().is_some_and(|s| !s.is_empty())), "{told}");
        let told = w.get("admin", &ask(w.users["omar"], "read")).await.is(200);
        assert_eq!(told["allowed"], false);
        assert_eq!(w.get("omar", &format!("/party/{hers}")).await.status, 404, "as it was told");
        // In the reader's language, and of himself without the right to ask about others.
        let own = w.with("sara", "GET", &format!("/access/explain?object=party&id={hers}"), serde_json::Value::Null, &[("accept-language", "en")]).await.is(200);
        assert!(own["allowed"] == true && own["sentence"].as_str().unwrap().contains("may read"), "{own}");
        // Neither about others nor about what he does not see.
        for path in [ask(w.users["sara"], "read"), format!("/access/explain?object=party&id={hers}"), "/access/explain?object=nothing".into(), "/access/explain".into()] {
            assert!(matches!(w.get("omar", &path).await.status, 403 | 404), "{path}");
        }
        for bad in ["/access/explain?object=party&id=nonsense", "/access/explain?object=party&whom=x"] {
            assert!(matches!(w.get("admin", bad).await.status, 400 | 404 | 422), "{bad}");
        }
    })
    .await;
}

#[tokio::test]
async fn plt_7_who_looked_and_the_chain() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let hers = w.party("sara", "مؤسسة الواحة", "Oasis", "جدة").await;
        w.get("manager", &format!("/party/{hers}")).await.is(200);
        let readers = w.get("sara", &format!("/party/{hers}/readers")).await.is(200);
        let one = readers["data"].as_array().unwrap().iter().find(|e| e["actor"] == json!(w.users["manager"])).unwrap_or_else(|| panic!("{readers}"));
        assert_eq!((&one["verb"], &one["class"]), (&json!("opened"), &json!("read")));
        assert_eq!(w.get("viewer", &format!("/party/{hers}/readers")).await.status, 403);
        assert_eq!(w.get("omar", &format!("/party/{hers}/readers")).await.status, 404);

        w.patch("sara", &format!("/party/{hers}"), json!({"city": "مكة"})).await.is(200);
        let log = w.get("admin", &format!("/admin/audit?record={hers}&class=change&limit=1")).await.is(200);
        assert_eq!(log["data"][0]["verb"], "updated");
        let next = log["next"].as_str().unwrap().to_owned();
        let log = w.get("admin", &format!("/admin/audit?record={hers}&class=change&before={next}")).await.is(200);
        assert_eq!(log["data"][0]["verb"], "created");
        assert_eq!(w.get("admin", "/admin/audit?class=all").await.issue(422), "class value-not-choice");
        for who in ["manager", "sara", "viewer"] {
            for path in ["/admin/audit", "/admin/audit/verify"] {
                assert_eq!(w.get(who, path).await.status, 403, "{who} {path}");
            }
        }
        // An administrator's token that may only read does not administer.
        let reading = token(&w.company, w.users["admin"], &["read"]).await;
        assert_eq!(w.get(&reading, "/admin/audit").await.status, 403);
        let report = w.get("admin", "/admin/audit/verify").await.is(200);
        assert!(report["sound"] == true && report["findings"] == json!([]), "{report}");
    })
    .await;
}
