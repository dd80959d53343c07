//! Assistants over MCP get what the API gives the same token, never more (issue 3: one policy on every path).

use crate::office::{Answer, enc, office};
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
