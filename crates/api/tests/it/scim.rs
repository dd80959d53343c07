//! An identity provider makes, changes and switches off users and teams (RFC 7644), on both databases.

use crate::company::{enc, token};
use crate::{World, world};
use serde_json::{Value as Json, json};

async fn provider(url: &str) -> (World, String) {
    let mut w = world(url).await;
    let key = token(&w.company, w.users["admin"], &["scim"]).await;
    w.router = api::scim::router(w.company.clone(), api::Rate::default());
    (w, key)
}

#[tokio::test(flavor = "multi_thread")]
async fn plt_7_users_come_change_and_go() {
    testdb::both(|url| async move {
        let (w, key) = provider(&url).await;
        let new = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "externalId": "00u1", "userName": "Huda@Example.com",
            "name": {"givenName": "هدى", "familyName": "العتيبي"}, "emails": [{"value": "huda@example.com", "primary": true}], "active": true,
            "roles": [{"value": "seller"}],
        });
        let made = w.post(&key, "/Users", new.clone()).await;
        assert!(made.header("location").starts_with("/scim/v2/Users/"));
        assert_eq!(made.header("content-type"), "application/scim+json");
        let made = made.is(201);
        let id = made["id"].as_str().unwrap().to_owned();
        assert_eq!((&made["userName"], &made["externalId"], &made["displayName"]), (&json!("huda@example.com"), &json!("00u1"), &json!("هدى العتيبي")));
        assert_eq!(made["roles"], json!([{"value": "seller"}]));
        let user: uuid::Uuid = id.parse().unwrap();
        assert!(w.company.load_actor(user).await.unwrap().is_some());

        // What providers ask before they write.
        let found = w.get(&key, &format!("/Users?filter={}", enc("userName eq \"HUDA@example.com\""))).await.is(200);
        assert_eq!((&found["totalResults"], &found["Resources"][0]["id"]), (&json!(1), &json!(id)));
        let found = w.get(&key, &format!("/Users?filter={}", enc("externalId eq \"00u1\""))).await.is(200);
        assert_eq!(found["Resources"][0]["id"], json!(id));
        let page = w.get(&key, "/Users?startIndex=2&count=2").await.is(200);
        assert_eq!((&page["totalResults"], page["Resources"].as_array().unwrap().len()), (&json!(7), 2));

        // Twice is a conflict, in the standard's words.
        let twice = w.post(&key, "/Users", new).await.is(409);
        assert_eq!((&twice["scimType"], &twice["status"]), (&json!("uniqueness"), &json!("409")));

        let patched = w.patch(&key, &format!("/Users/{id}"), json!({"Operations": [{"op": "Replace", "path": "name.familyName", "value": "الحربي"}]})).await.is(200);
        assert_eq!(patched["displayName"], "هدى الحربي");
        assert_eq!(patched["roles"], json!([{"value": "seller"}]), "what is not named stays");
        let off = w.patch(&key, &format!("/Users/{id}"), json!({"Operations": [{"op": "replace", "value": {"active": "False"}}]})).await.is(200);
        assert_eq!(off["active"], false);
        assert!(w.company.load_actor(user).await.unwrap().is_none(), "he is out");
        let on = w.call(&key, "PUT", &format!("/Users/{id}"), json!({"userName": "huda@example.com", "displayName": "Huda Alharbi", "active": true})).await.is(200);
        assert_eq!((&on["active"], &on["displayName"]), (&json!(true), &json!("Huda Alharbi")));
        let names = w.company.get(&w.company.system(), "user", user).await.unwrap();
        assert_eq!(names.get("name").name().unwrap().ar, "هدى الحربي", "the other script stays");

        assert_eq!(w.delete(&key, &format!("/Users/{id}")).await.status, 204);
        assert_eq!(w.get(&key, &format!("/Users/{id}")).await.status, 404);
        assert!(w.company.load_actor(user).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_are_teams() {
    testdb::both(|url| async move {
        let (w, key) = provider(&url).await;
        let (sara, omar) = (w.users["sara"].to_string(), w.users["omar"].to_string());
        let made = w.post(&key, "/Groups", json!({"displayName": "فريق الرياض", "externalId": "g1", "members": [{"value": sara}]})).await.is(201);
        let id = made["id"].as_str().unwrap();
        let got = w.patch(&key, &format!("/Groups/{id}"), json!({"Operations": [{"op": "add", "path": "members", "value": [{"value": omar}]}]})).await.is(200);
        assert_eq!(got["members"].as_array().unwrap().len(), 2);
        let user = w.get(&key, &format!("/Users/{sara}")).await.is(200);
        assert_eq!(user["groups"][0]["value"], json!(id));
        let got = w.patch(&key, &format!("/Groups/{id}"), json!({"Operations": [{"op": "remove", "path": format!("members[value eq \"{sara}\"]")}]})).await.is(200);
        assert_eq!(got["members"], json!([{"value": omar, "$ref": format!("/scim/v2/Users/{omar}"), "type": "User"}]));
        let found = w.get(&key, &format!("/Groups?excludedAttributes=members&filter={}", enc("displayName eq \"فريق الرياض\""))).await.is(200);
        assert_eq!((&found["totalResults"], found["Resources"][0].get("members")), (&json!(1), None));
        let unknown = w.patch(&key, &format!("/Groups/{id}"), json!({"Operations": [{"op": "add", "path": "members", "value": [{"value": uuid::Uuid::new_v4()}]}]})).await;
        assert_eq!(unknown.is(400)["scimType"], "invalidValue");
        assert_eq!(w.get(&key, &format!("/Groups/{id}")).await.is(200)["members"].as_array().unwrap().len(), 1, "nothing half done");
        assert_eq!(w.delete(&key, &format!("/Groups/{id}")).await.status, 204);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_door_opens_for_its_own_key_alone() {
    testdb::both(|url| async move {
        let (w, key) = provider(&url).await;
        assert_eq!(w.get("sila_forged", "/Users").await.status, 401);
        assert_eq!(w.get("admin", "/Users").await.status, 403, "another scope");
        let seller = token(&w.company, w.users["sara"], &["scim"]).await;
        assert_eq!(w.get(&seller, "/Users").await.status, 403, "no administrator");
        // And it opens nothing else.
        let mut plain = w;
        plain.router = api::router(plain.company.clone());
        for (path, status) in [("/party", 404), ("/admin/users", 403), ("/search?q=a", 200)] {
            let answer = plain.get(&key, path).await;
            assert_eq!(answer.status, status, "{path}");
            assert!(!String::from_utf8_lossy(&answer.bytes).contains("example.com"), "{path}");
        }
        plain.router = api::scim::router(plain.company.clone(), api::Rate::default());
        let w = plain;
        let admin = w.users["admin"];
        for (method, path, body, status) in [
            ("POST", "/Users".to_owned(), json!({"displayName": "بلا بريد"}), 400),
            ("POST", "/Users".to_owned(), json!({"userName": "x@example.com", "active": "perhaps"}), 400),
            ("POST", "/Users".to_owned(), json!({"userName": "x@example.com", "roles": [{"value": "emperor"}]}), 400),
            ("POST", "/Users".to_owned(), Json::String("x".into()), 400),
            ("POST", "/Groups".to_owned(), json!({"members": []}), 400),
            ("PATCH", format!("/Users/{admin}"), json!({"Operations": [{"op": "replace", "path": "active", "value": false}]}), 400),
            ("PATCH", format!("/Users/{admin}"), json!({"Operations": [{"op": "jump"}]}), 400),
            ("DELETE", format!("/Users/{admin}"), Json::Null, 400),
            ("GET", format!("/Users?filter={}", enc("userName eq \"x\" or 1 eq 1")), Json::Null, 400),
            ("GET", "/Users/none".to_owned(), Json::Null, 404),
            ("GET", "/Bulk".to_owned(), Json::Null, 404),
        ] {
            let answer = w.call(&key, method, &path, body).await;
            assert_eq!(answer.status, status, "{method} {path}: {}", String::from_utf8_lossy(&answer.bytes));
            assert_eq!(answer.json()["schemas"][0], "urn:ietf:params:scim:api:messages:2.0:Error");
            assert!(answer.json()["detail"].as_str().unwrap().len() > 5);
        }
        assert_eq!(w.get(&key, "/Users").await.is(200)["totalResults"], 6, "nothing was made");
        assert_eq!(w.get(&key, "/ServiceProviderConfig").await.is(200)["patch"]["supported"], true);
        assert_eq!(w.get(&key, "/Schemas").await.is(200)["totalResults"], 2);
        assert_eq!(w.get(&key, "/ResourceTypes").await.is(200)["totalResults"], 2);
    })
    .await;
}

/// INT-1: whoever has no living key of his own gets one clear refusal on every route, and nobody comes, changes or goes.
#[tokio::test(flavor = "multi_thread")]
async fn forged_keys_change_nothing() {
    testdb::both(|url| async move {
        let (w, key) = provider(&url).await;
        let before = w.get(&key, "/Users").await.is(200);
        let sara = w.users["sara"];
        let admin = w.users["admin"];
        let gone = token(&w.company, admin, &["scim"]).await;
        let listed = auth::token::list(&w.company, &w.company.system(), admin).await.unwrap();
        auth::token::revoke(&w.company, &w.company.system(), admin, listed.iter().max_by_key(|t| t.at).unwrap().id).await.unwrap();
        let old = w.company.now() + jiff::SignedDuration::from_secs(60);
        let (short, _) = auth::token::create(&w.company, &w.company.system(), admin, "قصير", &["scim".to_owned()], Some(old)).await.unwrap();
        w.company.clock().set(old + jiff::SignedDuration::from_secs(60));
        let mut changed = key.clone();
        let last = changed.pop().unwrap();
        changed.push(if last == 'a' { 'b' } else { 'a' });
        let unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbkBleGFtcGxlLmNvbSIsInNjb3BlIjoic2NpbSJ9.";
        let forged: Vec<String> = vec![
            gone,
            short.reveal().to_owned(),
            changed,
            key.get(..key.len() - 1).unwrap().to_owned(),
            format!("{key}{key}"),
            key.to_uppercase(),
            unsigned.to_owned(),
            "sila_' OR '1'='1".to_owned(),
            "x".repeat(8_000),
            String::new(),
        ];
        let user = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "intruder@example.com", "displayName": "دخيل", "roles": [{"value": "admin"}]});
        let off = json!({"Operations": [{"op": "replace", "path": "active", "value": false}]});
        for token in &forged {
            for (method, path, body) in [
                ("GET", "/Users".to_owned(), Json::Null),
                ("POST", "/Users".to_owned(), user.clone()),
                ("PUT", format!("/Users/{sara}"), user.clone()),
                ("PATCH", format!("/Users/{sara}"), off.clone()),
                ("DELETE", format!("/Users/{sara}"), Json::Null),
                ("POST", "/Groups".to_owned(), json!({"displayName": "دخلاء", "members": [{"value": sara}]})),
                ("GET", "/Schemas".to_owned(), Json::Null),
            ] {
                let answer = w.call(token, method, &path, body).await;
                assert_eq!(answer.status, 401, "{token:.60} {method} {path}");
                assert!(answer.header("www-authenticate").starts_with("Bearer"), "{method} {path}");
                let said = answer.json();
                assert_eq!((&said["schemas"][0], &said["status"]), (&json!("urn:ietf:params:scim:api:messages:2.0:Error"), &json!("401")), "{said}");
                assert!(said["detail"].as_str().is_some_and(|d| d.len() > 5) && !said.to_string().contains("example.com"), "{said}");
            }
        }
        // The right key in the wrong place is none: in a cookie, in the address, as a password.
        for (path, name, value) in [
            ("/Users".to_owned(), "cookie", format!("sila_session={key}")),
            (format!("/Users?access_token={key}"), "x-none", String::new()),
            ("/Users".to_owned(), "authorization", format!("Basic {key}")),
        ] {
            let request = axum::http::Request::builder().uri(path).header(name, value).body(axum::body::Body::empty()).unwrap();
            assert_eq!(w.send(request).await.status, 401, "{name}");
        }
        assert_eq!(w.get(&key, "/Users").await.is(200)["Resources"], before["Resources"], "everybody is as he was");
        assert_eq!(w.get(&key, "/Groups").await.is(200)["totalResults"], 0);
        // The key of an administrator who has left is none either.
        let mut cx = w.company.write(&w.company.system()).await.unwrap();
        let other = cx.save("user", engine::Draft::new().set("name", kernel::Name::new("مدير آخر", "")).set("email", "second@example.com")).await.unwrap().record().id;
        cx.set_roles(other, &["admin"]).await.unwrap();
        cx.commit().await.unwrap();
        let his = token(&w.company, other, &["scim"]).await;
        assert_eq!(w.get(&his, "/Users").await.status, 200);
        let mut cx = w.company.write(&w.company.system()).await.unwrap();
        cx.save("user", engine::Draft::of(other).set("active", false)).await.unwrap();
        cx.commit().await.unwrap();
        assert_eq!(w.get(&his, "/Users").await.status, 401);
    })
    .await;
}
