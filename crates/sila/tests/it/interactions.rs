//! Contacts with a customer on the time line, by whoever made them (CUST-3, SAL-1).

use crate::office::{enc, office};
use engine::Draft;
use serde_json::{Value as Json, json};

/// A call that a colleague writes down stands on the customer's time line at the moment it happened; a private one only for those in it.
#[tokio::test(flavor = "multi_thread")]
async fn cust_3_contacts_stand_on_the_customers_line() {
    testdb::both(async |url| {
        let office = office(&url).await;
        let party = office.of("huda", "party");
        let agent = office.client("agent").await;
        let call = json!({"subject": "استفسار عن الضمان", "channel": "whatsapp", "direction": "in", "at": "2026-03-01T08:30:00Z", "party": party});
        let made = agent.api("POST", "/interaction", call, &[]).await;
        assert_eq!(made.status, 201, "{}", String::from_utf8_lossy(&made.bytes));

        // Huda, whose customer it is, reads what customer service was told, where it belongs in time.
        let huda = office.client("huda").await;
        let line = huda.api("GET", &format!("/party/{party}/timeline?kinds=interaction"), Json::Null, &[]).await;
        let json: Json = serde_json::from_slice(&line.bytes).unwrap();
        let seen: Vec<&str> = json["data"].as_array().unwrap().iter().filter_map(|e| e["at"].as_str()).collect();
        assert_eq!(seen, ["2026-03-10T09:00:00Z", "2026-03-10T09:00:00Z", "2026-03-01T08:30:00Z"], "{json}");
        // The agent does not see the private one of the same moment.
        let line = agent.api("GET", &format!("/party/{party}/timeline?kinds=interaction"), Json::Null, &[]).await;
        let json: Json = serde_json::from_slice(&line.bytes).unwrap();
        assert_eq!(json["data"].as_array().unwrap().len(), 2, "{json}");
        // Written down at the wrong hour: put right, it stands where it belongs.
        let made: Json = serde_json::from_slice(&made.bytes).unwrap();
        let at = format!("/interaction/{}", made["id"].as_str().unwrap());
        let moved = agent.api("PATCH", &at, json!({"at": "2026-03-20T08:30:00Z"}), &[]).await;
        assert_eq!(moved.status, 200, "{}", String::from_utf8_lossy(&moved.bytes));
        let line = huda.api("GET", &format!("/party/{party}/timeline?kinds=interaction"), Json::Null, &[]).await;
        let json: Json = serde_json::from_slice(&line.bytes).unwrap();
        assert_eq!(json["data"][0]["at"], "2026-03-20T08:30:00Z", "{json}");
        // Omar, to whom the customer does not belong, sees neither.
        let omar = office.client("omar").await;
        let list = omar.api("GET", &format!("/interaction?search={}", enc("الضمان")), Json::Null, &[]).await;
        let json: Json = serde_json::from_slice(&list.bytes).unwrap();
        assert_eq!(json["data"], json!([]));
    })
    .await;
}

/// Not even an administrator reads what is private; who took part does.
#[tokio::test(flavor = "multi_thread")]
async fn a_private_contact_is_for_those_in_it() {
    testdb::both(async |url| {
        let office = office(&url).await;
        let user = |name: &'static str| office.of(name, "user");
        let mut cx = office.company.write(&office.company.system()).await.unwrap();
        let draft = Draft::new().set("subject", "تفاوض سرّي").set("privacy", "private").set("owner", user("omar"));
        let draft = draft.set("colleagues", kernel::Value::Ids(vec![user("huda")]));
        let id = cx.save("interaction", draft).await.unwrap().record().id;
        cx.commit().await.unwrap();
        for (who, status) in [("omar", 200), ("huda", 200), ("mona", 404), ("manager", 404), ("admin", 404), ("viewer", 404)] {
            let client = office.client(who).await;
            assert_eq!(client.api("GET", &format!("/interaction/{id}"), Json::Null, &[]).await.status, status, "{who}");
            assert_eq!(client.get(&format!("/interaction/{id}")).await.status, status, "{who}");
        }
    })
    .await;
}
