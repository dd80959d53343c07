//! An object made through the API is at once as good as one of code.

use crate::company::{enc, world};
use serde_json::{Value as Json, json};

fn visit() -> Json {
    json!({"changes": [{"change": "put_object", "object": {
        "key": "c_visit", "label": {"ar": "زيارة", "en": "Visit"}, "plural": {"ar": "الزيارات", "en": "Visits"}, "title": "subject",
        "fields": [
            {"key": "subject", "kind": "text", "label": {"ar": "الموضوع", "en": "Subject"}, "required": true, "weight": "title", "in_list": true},
            {"key": "party", "kind": {"type": "ref", "object": "party"}, "label": {"ar": "العميل", "en": "Party"}, "reverse": "visits", "timeline": true},
            {"key": "cost", "kind": "money", "label": {"ar": "التكلفة", "en": "Cost"}},
            {"key": "guests", "kind": "integer", "label": {"ar": "الضيوف", "en": "Guests"}, "default": "1"},
            {"key": "twice", "kind": {"type": "formula", "expr": "guests * 2", "result": "integer"}, "label": {"ar": "الضعف", "en": "Twice"}}
        ]
    }}]})
}

#[tokio::test]
async fn plan_apply_use_and_remove() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let plan = w.post("admin", "/admin/objects/plan", visit()).await.is(200);
        assert!(plan["sql"].as_str().unwrap().contains("CREATE TABLE \"c_visit\""), "{plan}");
        assert_eq!(plan["applied"], false);
        assert_eq!(w.get("admin", "/c_visit").await.status, 404);
        w.post("admin", "/admin/objects/apply", visit()).await.is(200);

        let party = w.party("admin", "مؤسسة الواحة", "Oasis", "جدة").await;
        let body = json!({"subject": "زيارة المعرض", "party": party, "cost": {"amount": "75.5", "currency": "SAR"}, "guests": 4});
        let made = w.post("admin", "/c_visit", body).await.is(201);
        assert_eq!((&made["twice"], &made["cost"]["amount"]), (&json!(8), &json!("75.50")));
        let id = made["id"].as_str().unwrap();
        assert_eq!(w.patch("admin", &format!("/c_visit/{id}"), json!({"guests": 5})).await.is(200)["twice"], 10);
        let filter = enc("party.city == \"جدة\" && cost > money(50, \"SAR\")");
        assert_eq!(w.get("admin", &format!("/c_visit?filter={filter}&sort=-cost&expand=party")).await.is(200)["data"][0]["_expand"]["party"]["id"], json!(party));
        let hits = w.get("admin", &format!("/search?q={}", enc("معرض"))).await.is(200);
        assert_eq!(hits["data"][0]["object"], "c_visit");
        let line = w.get("admin", &format!("/party/{party}/timeline?kinds=c_visit")).await.is(200);
        assert_eq!(line["data"].as_array().unwrap().len(), 1);
        let bulk = json!({"system": "erp", "records": [{"key": "v1", "values": {"subject": "ثانية"}}]});
        assert_eq!(w.post("admin", "/c_visit/bulk", bulk).await.is(200)["created"], 1);
        assert!(w.get("admin", "/openapi.json").await.is(200)["paths"].get("/c_visit/{id}").is_some());
        assert_eq!(w.get("sara", "/c_visit").await.status, 404);

        let field = json!({"changes": [{"change": "put_field", "object": "party", "field": {"key": "x_mood", "kind": "text", "label": {"ar": "المزاج", "en": "Mood"}}}]});
        w.post("admin", "/admin/objects/apply", field).await.is(200);
        assert_eq!(w.patch("manager", &format!("/party/{party}"), json!({"x_mood": "سعيد"})).await.is(200)["x_mood"], "سعيد");
        let list = w.get("admin", "/admin/objects").await.is(200);
        assert_eq!((&list["objects"][0]["key"], &list["fields"][0]["field"]["key"]), (&json!("c_visit"), &json!("x_mood")));

        assert_eq!(w.delete("admin", "/admin/objects/party/fields/x_mood").await.is(422)["issues"][0]["key"], "schema-would-lose");
        assert_eq!(w.delete("admin", "/admin/objects/c_visit").await.is(422)["issues"][0]["key"], "schema-would-lose");
        assert_eq!(w.get("admin", "/c_visit").await.is(200)["data"].as_array().unwrap().len(), 2);
        w.delete("admin", "/admin/objects/party/fields/x_mood?allow_loss=1").await.is(200);
        w.delete("admin", "/admin/objects/c_visit?allow_loss=1").await.is(200);
        assert_eq!(w.get("admin", "/c_visit").await.status, 404);
        assert!(w.get("manager", &format!("/party/{party}")).await.is(200).get("x_mood").is_none());
    })
    .await;
}

#[tokio::test]
async fn declarations_that_do_not_fit() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let object = |change: fn(&mut Json)| {
            let mut body = visit();
            change(&mut body["changes"][0]["object"]);
            body
        };
        let cases = [
            (json!({"changes": []}), "changes value-required"),
            (json!({"changes": [{"change": "rename"}]}), "changes[0].change api-bad-change"),
            (json!({"changes": [{"change": "remove_object"}]}), "changes[0].object value-required"),
            (object(|o| o["colour"] = json!("red")), "changes[0].object.colour expr-unknown-field"),
            (object(|o| o["fields"][0]["kind"] = json!("txt")), "changes[0].object.fields[0].kind api-bad-shape"),
            (object(|o| o["fields"][0]["lable"] = json!("x")), "changes[0].object.fields[0].lable expr-unknown-field"),
            (object(|o| o["label"] = Json::Null), "changes[0].object.label value-required"),
            (object(|o| o["key"] = json!("visit")), "visit custom-object-prefix"),
            (object(|o| o["title"] = json!("ghost")), "c_visit.ghost schema-no-title"),
            (object(|o| o["fields"][1]["kind"]["object"] = json!("ghost")), "c_visit.party schema-unknown-target"),
            (object(|o| o["fields"][4]["kind"]["expr"] = json!("ghost * 2")), "c_visit.twice schema-bad-expression"),
        ];
        for (body, issue) in cases {
            let answer = w.post("admin", "/admin/objects/plan", body.clone()).await;
            assert_eq!(answer.issue(422), issue, "{body}");
            assert_eq!(w.post("admin", "/admin/objects/apply", body).await.status, 422);
        }
        assert_eq!(w.delete("admin", "/admin/objects/party?allow_loss=1").await.issue(422), "party custom-not-removable");
        assert_eq!(w.delete("admin", "/admin/objects/ghost").await.status, 404);
        assert_eq!(w.get("admin", "/admin/objects").await.is(200), json!({"objects": [], "fields": []}));
    })
    .await;
}
