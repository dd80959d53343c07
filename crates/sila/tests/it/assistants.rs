//! Assistants over MCP get what the API gives the same token, never more (issue 3: one policy on every path).

use crate::office::{Answer, Client, Office, enc, office};
use serde_json::{Value as Json, json};

const PEOPLE: [&str; 8] = ["admin", "manager", "token", "huda", "omar", "agent", "viewer", "clerk"];
const OBJECTS: [&str; 8] = ["party", "interaction", "order", "order_line", "product", "user", "team", "nonsense"];

fn json(answer: &Answer) -> Json {
    serde_json::from_slice(&answer.bytes).unwrap_or(Json::Null)
}

/// CUST-5, CUST-6: every reading tool beside the address of the API that asks the same.
#[tokio::test]
async fn what_an_assistant_reads_is_what_the_api_gives() {
    testdb::both(|url| async move {
        let office = office(&url).await;
        for who in PEOPLE {
            let client = office.client(who).await;
            for object in OBJECTS {
                let same = |what: &str, tool: &Answer, api: &Answer| {
                    assert_eq!(tool.status, api.status, "{who} {object} {what}: {}", String::from_utf8_lossy(&tool.bytes));
                };
                // The filter asks of a field that some may not see.
                for (filter, query) in [("", ""), ("rev > 0", "filter=rev%20%3E%200"), ("email != null", "filter=email%20%21%3D%20null")] {
                    let tool = client.tool("list", json!({"object": object, "filter": filter})).await;
                    let api = client.api("GET", &format!("/{object}?limit=50&{query}"), Json::Null, &[]).await;
                    same("list", &tool, &api);
                    let (tool, api) = (json(&tool), json(&api));
                    assert_eq!(tool["data"], api["data"], "{who} {object} {filter}");
                    assert_eq!(tool["count"], api["count"], "{who} {object} {filter}");
                    if tool["count"].is_object() {
                        let sum = json(&client.tool("summarize", json!({"object": object, "filter": filter})).await);
                        assert_eq!(sum["count"], tool["count"]["n"], "{who} {object}: counted and listed");
                        let hidden = |key: &String| api["data"].as_array().unwrap().iter().all(|r| r[key].is_null());
                        assert!(sum["sums"].as_object().unwrap().keys().all(|k| !hidden(k)), "{who} {object}: a sum of what is not seen: {sum}");
                    }
                }
                let tool = client.tool("describe", json!({"object": object})).await;
                let api = client.api("GET", &format!("/objects/{object}"), Json::Null, &[]).await;
                same("describe", &tool, &api);
                if tool.status == 200 {
                    assert_eq!(json(&tool), json(&api), "{who} {object}");
                }
                if object == "nonsense" {
                    continue;
                }
                for seller in ["huda", "omar"] {
                    let id = office.of(seller, object);
                    let tool = client.tool("read", json!({"object": object, "id": id, "timeline": 50})).await;
                    let api = client.api("GET", &format!("/{object}/{id}"), Json::Null, &[]).await;
                    same("read", &tool, &api);
                    let resource = client.message("resources/read", json!({"uri": format!("sila://{object}/{id}")}), &[]).await.1;
                    assert_eq!(resource["error"].is_object(), api.status != 200, "{who} {object} {resource}");
                    if api.status != 200 {
                        assert!(json(&tool).get("record").is_none());
                        continue;
                    }
                    let (tool, api) = (json(&tool), json(&api));
                    assert_eq!(tool["record"], api, "{who} {object}");
                    let text = resource["result"]["contents"][0]["text"].as_str().unwrap();
                    assert_eq!(serde_json::from_str::<Json>(text).unwrap(), api, "{who} {object}");
                    if !tool["timeline"].is_null() {
                        let line = json(&client.api("GET", &format!("/{object}/{id}/timeline?limit=50"), Json::Null, &[]).await);
                        assert_eq!(tool["timeline"], line, "{who} {object}");
                    }
                }
            }
            for words in ["secre", "شركة", "HUDASECRET", "966556677889"] {
                let tool = json(&client.tool("search", json!({"words": words})).await);
                let api = json(&client.api("GET", &format!("/search?q={}", enc(words)), Json::Null, &[]).await);
                assert_eq!(tool["data"], api["data"], "{who} {words}");
            }
            // Groups are those of the rows he sees; titles of what he may not see are not told.
            let groups = json(&client.tool("summarize", json!({"object": "order", "group_by": "party"})).await);
            let rows = json(&client.api("GET", "/order?limit=50", Json::Null, &[]).await);
            for group in groups["groups"].as_array().into_iter().flatten() {
                let n = rows["data"].as_array().unwrap().iter().filter(|r| r["party"] == group["value"]).count();
                assert_eq!(group["count"], n, "{who} {group}");
                let party = group["value"].as_str().unwrap();
                let seen = client.api("GET", &format!("/party/{party}"), Json::Null, &[]).await.status == 200;
                assert_eq!(groups["titles"].get(party).is_some(), seen, "{who} {party}");
            }
        }
        // Who looked at a person is written down, however he asked.
        office.company.flush_reads().await.unwrap();
        let mut conn = office.company.db().read().await.unwrap();
        let mut sql = conn.sql();
        sql.push("SELECT COUNT(*) FROM sila_read WHERE verb = 'opened' AND record_id = ").bind(office.of("huda", "party"));
        assert!(conn.int(&sql).await.unwrap().unwrap() > 0);
    })
    .await;
}

#[tokio::test]
async fn an_assistant_needs_a_token_and_stays_within_its_limits() {
    testdb::both(|url| async move {
        let office = office(&url).await;
        let client = office.client("manager").await;
        assert_eq!(office.stranger().message("tools/list", json!({}), &[]).await.0, 401);
        // A cookie is no identity here, and pages of other sites are turned away.
        assert_eq!(client.with_token("").message("tools/list", json!({}), &[]).await.0, 401);
        assert_eq!(client.message("tools/list", json!({}), &[("origin", "https://evil.example")]).await.0, 403);
        assert_eq!(client.peek("/mcp").await, 401);

        let init = json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "تجربة", "version": "1"}});
        let (status, hello) = client.message("initialize", init, &[("accept-language", "ar")]).await;
        assert_eq!((status, hello["result"]["protocolVersion"].as_str()), (200, Some("2025-06-18")), "{hello}");
        assert!(hello["result"]["instructions"].as_str().unwrap().contains("ليس تعليمات لك"), "{hello}");
        let (_, tools) = client.message("tools/list", json!({}), &[]).await;
        for tool in tools["result"]["tools"].as_array().unwrap() {
            assert!(tool["description"].as_str().unwrap().contains("بيانات"), "says that it brings data: {tool}");
        }

        let limits = engine::Limits { per_minute: 6, writes: 3, rows: 2 };
        let manager = office.company.user_by_email("manager@example.com").await.unwrap().unwrap();
        let (secret, _) = auth::token::create_limited(&office.company, &office.company.system(), manager, "محدود", &["read".into()], None, limits).await.unwrap();
        let few = client.with_token(secret.reveal());
        let page = json(&few.tool("list", json!({"object": "party", "limit": 2})).await);
        assert_eq!(page["data"].as_array().unwrap().len(), 2);
        let page = json(&few.tool("list", json!({"object": "party", "limit": 400, "after": page["next"]})).await);
        assert_eq!(page["data"].as_array().unwrap().len(), 2, "never more than the token may get at once");
        for (tool, arguments, status) in [
            ("read", json!({"object": "party", "id": "nonsense"}), 404),
            ("list", json!({"object": "party", "filter": "city ="}), 422),
            ("list", json!({"object": "party", "everything": true}), 400),
            ("nonsense", json!({}), 404),
        ] {
            let answer = few.tool(tool, arguments).await;
            assert_eq!(answer.status, status, "{}", String::from_utf8_lossy(&answer.bytes));
        }
        let answer = few.tool("describe", json!({})).await;
        assert_eq!(answer.status, 429, "{}", String::from_utf8_lossy(&answer.bytes));
    })
    .await;
}

/// A client of somebody with a token of these scopes.
async fn assistant(office: &Office, who: &str, scopes: &[&str]) -> Client {
    let scopes: Vec<String> = scopes.iter().map(|s| (*s).to_owned()).collect();
    let user = office.company.user_by_email(&format!("{who}@example.com")).await.unwrap().unwrap();
    let (secret, _) = auth::token::create(&office.company, &office.company.system(), user, "مساعد", &scopes, None).await.unwrap();
    office.client(who).await.with_token(secret.reveal())
}

async fn person(office: &Office, who: &str) -> engine::Actor {
    let user = office.company.user_by_email(&format!("{who}@example.com")).await.unwrap().unwrap();
    office.company.load_actor(user).await.unwrap().unwrap()
}

async fn record(client: &Client, object: &str, id: impl std::fmt::Display) -> Json {
    json(&client.api("GET", &format!("/{object}/{id}"), Json::Null, &[]).await)
}

#[track_caller]
fn ok(answer: &Answer) -> Json {
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.bytes));
    json(answer)
}

fn words(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.bytes).into_owned()
}

#[tokio::test]
async fn nothing_changes_until_a_person_confirms_and_then_once() {
    testdb::both(|url| async move {
        let office = office(&url).await;
        let huda = assistant(&office, "huda", &["propose"]).await;
        let party = office.of("huda", "party");
        let before = record(&huda, "party", party).await;
        let changes = json!([
            {"do": "update", "object": "party", "id": party, "values": {"note": "يفضّل التوصيل صباحًا"}},
            {"do": "create", "object": "interaction", "values": {"subject": "اتفاق على موعد", "party": party, "at": "2026-03-11T09:00:00Z"}},
        ]);
        let made = ok(&huda.tool("propose", json!({"changes": changes, "reason": "طلب العميل"})).await);
        assert_eq!(made["state"], "open");
        let preview = made["preview"].as_str().unwrap();
        assert!(preview.contains("يفضّل التوصيل صباحًا") && preview.contains("اتفاق على موعد") && preview.contains("HUDASECRET notesecret"), "{preview}");
        assert_eq!(record(&huda, "party", party).await, before, "only tried out");
        let id = made["proposal"].as_str().unwrap();

        // The token does not confirm, on no path; and it writes nothing by the API either.
        assert_eq!(huda.tool("confirm", json!({"proposal": id})).await.status, 404);
        assert_eq!(huda.api("POST", &format!("/proposals/{id}/confirm"), Json::Null, &[]).await.status, 403);
        assert_eq!(huda.api("PATCH", &format!("/party/{party}"), json!({"note": "س"}), &[]).await.status, 403);
        // Somebody else's: not there.
        let omar = office.client("omar").await;
        for verb in ["confirm", "reject"] {
            assert_eq!(omar.post(&format!("/assistants/proposals/{id}/{verb}"), &[]).await.status, 404);
        }
        assert_eq!(assistant(&office, "omar", &["propose"]).await.tool("proposal", json!({"proposal": id})).await.status, 404);

        let page = huda.get("/assistants").await;
        assert!(words(&page).contains("يفضّل التوصيل صباحًا") && words(&page).contains("طلب العميل"), "{}", words(&page));
        // Two at once: one effect.
        let actor = person(&office, "huda").await;
        let (a, b) = tokio::join!(office.company.confirm_proposal(&actor, id.parse().unwrap()), office.company.confirm_proposal(&actor, id.parse().unwrap()));
        let (a, b) = (a.unwrap(), b.unwrap());
        assert_ne!(a.before, b.before, "one of the two did it");
        assert_eq!(a.proposal.made, b.proposal.made);
        assert_eq!(huda.post(&format!("/assistants/proposals/{id}/confirm"), &[]).await.status, 303, "asked again, it is done");
        let after = record(&huda, "party", party).await;
        assert_eq!(after["note"], "يفضّل التوصيل صباحًا");
        let found = json(&huda.tool("list", json!({"object": "interaction", "search": "اتفاق على موعد"})).await);
        assert_eq!(found["count"]["n"], 1);
        assert_eq!(ok(&huda.tool("proposal", json!({"proposal": id})).await)["state"], "done");
        assert_eq!(huda.tool("reject", json!({"proposal": id})).await.status, 422);

        // The audit names run and token with each change.
        let history = json(&huda.api("GET", &format!("/party/{party}/history"), Json::Null, &[]).await);
        let cause = history["data"][0]["cause"].as_str().unwrap();
        assert!(cause.starts_with(&format!("run {} token ", made["run"].as_str().unwrap())), "{cause}");
    })
    .await;
}

#[tokio::test]
async fn what_has_changed_meanwhile_is_said_and_nothing_is_done() {
    testdb::both(|url| async move {
        let office = office(&url).await;
        let huda = assistant(&office, "huda", &["propose", "confirm"]).await;
        let party = office.of("huda", "party");
        let propose = async |values: Json| ok(&huda.tool("propose", json!({"changes": [{"do": "update", "object": "party", "id": party, "values": values}], "reason": ""})).await);
        let made = propose(json!({"note": "أول"})).await;
        let manager = office.client("manager").await;
        assert_eq!(manager.api("PATCH", &format!("/party/{party}"), json!({"code": "HUDASECRET-2"}), &[]).await.status, 200);
        let refused = huda.tool("confirm", json!({"proposal": made["proposal"]})).await;
        assert_eq!(refused.status, 409, "{}", words(&refused));
        assert!(words(&refused).contains("شركة HUDASECRET"), "{}", words(&refused));
        assert_ne!(record(&huda, "party", party).await["note"], "أول");
        assert_eq!(ok(&huda.tool("proposal", json!({"proposal": made["proposal"]})).await)["state"], "stale");
        assert_eq!(huda.tool("confirm", json!({"proposal": made["proposal"]})).await.status, 422, "it stays out of date");

        // Rights that went, a token that ended, a day that passed.
        let made = propose(json!({"note": "ثان"})).await;
        assert_eq!(manager.api("PATCH", &format!("/party/{party}"), json!({"owner": office.of("omar", "user")}), &[]).await.status, 200);
        assert_eq!(huda.tool("confirm", json!({"proposal": made["proposal"]})).await.status, 409);
        let own = ok(&huda.tool("propose", json!({"changes": [{"do": "create", "object": "party", "values": {"name": {"ar": "جديد"}, "kind": "person"}}], "reason": ""})).await);
        let mut tx = office.company.db().write().await.unwrap();
        let mut sql = tx.sql();
        sql.push("UPDATE sila_proposal SET expires_at = 1 WHERE id = ").bind(own["proposal"].as_str().unwrap().parse::<uuid::Uuid>().unwrap());
        tx.exec(&sql).await.unwrap();
        tx.commit().await.unwrap();
        let late = huda.tool("confirm", json!({"proposal": own["proposal"]})).await;
        assert_eq!((late.status, ok(&huda.tool("proposal", json!({"proposal": own["proposal"]})).await)["state"].as_str()), (422, Some("expired")), "{}", words(&late));
    })
    .await;
}

#[tokio::test]
async fn proposals_have_the_rights_of_their_person_and_no_more() {
    testdb::both(|url| async move {
        let office = office(&url).await;
        let (hers, his) = (office.of("huda", "party"), office.of("omar", "party"));
        let update = |id: uuid::Uuid, values: Json| json!({"changes": [{"do": "update", "object": "party", "id": id, "values": values}], "reason": ""});
        for (who, scopes, arguments, status) in [
            ("huda", vec!["propose"], update(his, json!({"note": "س"})), 404),
            ("viewer", vec!["propose"], update(hers, json!({"note": "س"})), 403),
            // A field that is hidden from him is none he could name.
            ("clerk", vec!["propose"], update(his, json!({"email": "x@example.com"})), 422),
            ("huda", vec!["propose", "order:update"], update(hers, json!({"note": "س"})), 403),
            ("huda", vec!["propose"], update(hers, json!({"nonsense": 1})), 422),
            ("huda", vec!["propose"], update(hers, json!({"note": "HUDASECRET notesecret ثانية"})), 422),
            ("huda", vec!["propose"], json!({"changes": [{"do": "act", "object": "order", "id": office.of("huda", "order"), "action": "nonsense"}], "reason": ""}), 404),
            ("huda", vec!["propose"], json!({"changes": [{"do": "update", "object": "party", "id": "$2", "values": {"note": "س"}}], "reason": ""}), 422),
            // Nothing proposed is administration of the company.
            ("admin", vec!["admin"], json!({"changes": [{"do": "update", "object": "user", "id": office.of("huda", "user"), "values": {"active": false}}], "reason": ""}), 403),
        ] {
            let answer = assistant(&office, who, &scopes).await.tool("propose", arguments.clone()).await;
            assert_eq!(answer.status, status, "{who} {scopes:?} {arguments}: {}", words(&answer));
            assert!(!words(&answer).contains("OMARSECRET"), "{}", words(&answer));
        }
        // A token that reads does not even know of it.
        let reader = assistant(&office, "huda", &["read"]).await;
        let (_, tools) = reader.message("tools/list", json!({}), &[]).await;
        assert!(tools["result"]["tools"].as_array().unwrap().iter().all(|t| t["annotations"]["readOnlyHint"] == true), "{tools}");
        assert_eq!(reader.tool("propose", update(hers, json!({"note": "س"}))).await.status, 404);
        // `write` proposes and does not confirm itself.
        let writer = assistant(&office, "huda", &["write"]).await;
        let made = ok(&writer.tool("propose", update(hers, json!({"note": "س"}))).await);
        assert_eq!(writer.tool("confirm", json!({"proposal": made["proposal"]})).await.status, 404);
        assert_eq!(ok(&writer.tool("reject", json!({"proposal": made["proposal"]})).await)["state"], "rejected");

        let user = office.company.user_by_email("huda@example.com").await.unwrap().unwrap();
        let limits = engine::Limits { writes: 2, ..engine::Limits::default() };
        let (secret, _) = auth::token::create_limited(&office.company, &office.company.system(), user, "قليل", &["propose".into()], None, limits).await.unwrap();
        let few = office.client("huda").await.with_token(secret.reveal());
        for n in 0..3 {
            let answer = few.tool("propose", update(hers, json!({"note": format!("رقم {n}")}))).await;
            assert_eq!(answer.status, if n < 2 { 200 } else { 422 }, "{}", words(&answer));
        }
    })
    .await;
}

#[tokio::test]
async fn a_run_is_taken_back_as_a_whole_or_not_at_all() {
    testdb::both(|url| async move {
        let office = office(&url).await;
        let huda = assistant(&office, "huda", &["propose", "confirm"]).await;
        let (party, order, line) = (office.of("huda", "party"), office.of("huda", "order"), office.of("huda", "order_line"));
        let before = (record(&huda, "party", party).await, record(&huda, "order", order).await, record(&huda, "order_line", line).await);
        let changes = json!([
            {"do": "update", "object": "party", "id": party, "values": {"note": "بعد", "phone": "+966500000001"}},
            {"do": "create", "object": "party", "values": {"name": {"ar": "فرع جديد"}, "kind": "organisation", "phone": "+966500000002"}},
            {"do": "create", "object": "order", "values": {"party": "$2", "number": "RUN-1", "ordered_at": "2026-03-12T09:00:00Z"}},
            {"do": "create", "object": "order_line", "values": {"order": "$3", "product": office.of("huda", "product"), "description": "بند", "quantity": 2, "price": {"amount": "10", "currency": "SAR"}}},
            {"do": "act", "object": "order", "id": "$3", "action": "place"},
            {"do": "delete", "object": "order_line", "id": line},
        ]);
        let made = ok(&huda.tool("propose", json!({"changes": changes, "reason": "فتح فرع"})).await);
        let done = ok(&huda.tool("confirm", json!({"proposal": made["proposal"]})).await);
        let of = |object: &str| done["made"].as_array().unwrap().iter().find(|m| m["object"] == object).unwrap()["id"].as_str().unwrap().to_owned();
        let (branch, sold) = (of("party"), of("order"));
        assert_eq!(record(&huda, "order", &sold).await["status"], "placed");
        assert_eq!(record(&huda, "party", &branch).await["name"]["ar"], "فرع جديد");
        assert_eq!(huda.api("GET", &format!("/order_line/{line}"), Json::Null, &[]).await.status, 404);
        // The second proposal of the session belongs to the same run.
        let more = ok(&huda.tool("propose", json!({"changes": [{"do": "update", "object": "party", "id": party, "values": {"note": "بعدها"}}], "reason": ""})).await);
        assert_eq!(more["run"], made["run"]);
        ok(&huda.tool("confirm", json!({"proposal": more["proposal"]})).await);
        let open = ok(&huda.tool("propose", json!({"changes": [{"do": "update", "object": "party", "id": party, "values": {"note": "لم تؤكد"}}], "reason": ""})).await);

        // A colleague has changed one value since: it is named, and nothing is done.
        let manager = office.client("manager").await;
        assert_eq!(manager.api("PATCH", &format!("/party/{party}"), json!({"note": "بيد المدير"}), &[]).await.status, 200);
        let run = made["run"].as_str().unwrap();
        assert_eq!(assistant(&office, "huda", &["propose"]).await.api("POST", &format!("/runs/{run}/undo"), Json::Null, &[]).await.status, 403);
        assert_eq!(assistant(&office, "omar", &["write"]).await.api("POST", &format!("/runs/{run}/undo"), Json::Null, &[]).await.status, 404);
        let page = huda.post(&format!("/assistants/runs/{run}/undo"), &[]).await;
        assert_eq!(page.status, 409);
        assert!(words(&page).contains("لم يُتراجع عن شيء") && words(&page).contains("غُيّر الحقل"), "the value is named");
        assert_eq!(record(&huda, "order", &sold).await["status"], "placed", "nothing half done");
        assert_eq!(ok(&huda.tool("proposal", json!({"proposal": open["proposal"]})).await)["state"], "open");

        assert_eq!(manager.api("PATCH", &format!("/party/{party}"), json!({"note": "بعدها"}), &[]).await.status, 200);
        let (a, b) = {
            let actor = person(&office, "huda").await;
            let run = run.parse().unwrap();
            tokio::join!(office.company.undo_run(&actor, run), office.company.undo_run(&actor, run))
        };
        assert_ne!(a.unwrap().before, b.unwrap().before, "once");
        let now = (record(&huda, "party", party).await, record(&huda, "order", order).await, record(&huda, "order_line", line).await);
        for (was, is) in [(&before.0, &now.0), (&before.1, &now.1), (&before.2, &now.2)] {
            for (key, value) in was.as_object().unwrap().iter().filter(|(k, _)| !matches!(k.as_str(), "rev" | "updated_at" | "updated_by")) {
                assert_eq!(&is[key], value, "{key}");
            }
        }
        for (object, id) in [("party", &branch), ("order", &sold)] {
            assert_eq!(huda.api("GET", &format!("/{object}/{id}"), Json::Null, &[]).await.status, 404, "{object}");
        }
        assert_eq!(ok(&huda.tool("proposal", json!({"proposal": open["proposal"]})).await)["state"], "rejected");
        let runs = json(&huda.api("GET", "/runs", Json::Null, &[]).await);
        assert!(runs["data"][0]["undone_at"].is_string(), "{runs}");
        // The figures that follow from records are true again.
        let mut conn = office.company.db().read().await.unwrap();
        let mut sql = conn.sql();
        sql.push("SELECT COUNT(*) FROM sila_audit WHERE cause = ").bind(format!("run {run} undo"));
        assert!(conn.int(&sql).await.unwrap().unwrap() >= 5);
    })
    .await;
}
