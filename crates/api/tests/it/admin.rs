use crate::company::{enc, world};
use serde_json::{Value as Json, json};

#[tokio::test]
async fn only_administrators_get_in() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let id = w.users["sara"];
        for path in ["objects", "users", "roles", "settings", "webhooks", "sign-in/providers", "jobs", "imports"] {
            assert_eq!(w.get("manager", &format!("/admin/{path}")).await.status, 403, "{path}");
            assert_eq!(w.get("admin", &format!("/admin/{path}")).await.status, 200, "{path}");
        }
        for (method, path, body) in [
            ("POST", "/admin/users".to_owned(), json!({"email": "x@example.com", "name": {"ar": "س"}})),
            ("PATCH", format!("/admin/users/{id}"), json!({"roles": ["admin"]})),
            ("POST", format!("/admin/users/{id}/tokens"), json!({"name": "x", "scopes": ["admin"]})),
            ("GET", format!("/admin/users/{id}/sessions"), Json::Null),
            ("GET", format!("/admin/users/{id}/factors"), Json::Null),
            ("DELETE", format!("/admin/users/{id}/factors"), Json::Null),
            ("GET", format!("/admin/users/{id}/accounts"), Json::Null),
            ("DELETE", format!("/admin/users/{id}/accounts?realm=oidc:x"), Json::Null),
            ("PUT", "/admin/roles/king".to_owned(), json!({"label": {"ar": "ملك"}, "grants": [], "admin": true})),
            ("PATCH", "/admin/settings".to_owned(), json!({"currency": "USD"})),
            ("POST", "/admin/sign-in/providers".to_owned(), json!({"key": "evil"})),
            ("PATCH", "/admin/sign-in/providers/evil".to_owned(), json!({"active": true})),
            ("DELETE", "/admin/sign-in/providers/evil".to_owned(), Json::Null),
            ("POST", "/admin/webhooks".to_owned(), json!({"url": "https://example.com", "events": ["*"]})),
            ("POST", "/admin/objects/apply".to_owned(), json!({"changes": [{"change": "remove_object", "object": "party"}]})),
            ("DELETE", "/admin/objects/c_visit?allow_loss=1".to_owned(), Json::Null),
        ] {
            assert_eq!(w.call("sara", method, &path, body).await.status, 403, "{method} {path}");
        }
    })
    .await;
}

#[tokio::test]
async fn users_roles_and_tokens() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let new = json!({"email": "Huda@example.com", "name": {"ar": "هدى", "latin": "Huda"}, "password": "نخلة خضراء عند الباب", "roles": ["viewer"], "lang": "en"});
        let made = w.post("admin", "/admin/users", new.clone()).await.is(201);
        assert!(!made.to_string().contains("نخلة"));
        let id = made["id"].as_str().unwrap().to_owned();
        assert_eq!((&made["email"], &made["roles"]), (&json!("huda@example.com"), &json!(["viewer"])));
        assert_eq!(w.post("admin", "/admin/users", new).await.issue(422), "email value-not-unique");
        assert_eq!(w.post("admin", "/admin/users", json!({"email": "a@example.com", "name": {"ar": "س"}, "password": "قصيرة"})).await.issue(422), "password auth-password-short");

        let token = w.post("admin", &format!("/admin/users/{id}/tokens"), json!({"name": "تقارير", "scopes": ["read"]})).await.is(201);
        let secret = token["token"].as_str().unwrap().to_owned();
        let me = w.get(&secret, "/me").await.is(200);
        assert_eq!((&me["lang"], &me["name"]["ar"]), (&json!("en"), &json!("هدى")));
        let list = w.get("admin", &format!("/admin/users/{id}/tokens")).await.is(200);
        assert!(list["data"][0].get("token").is_none());
        assert_eq!(w.post("admin", &format!("/admin/users/{id}/tokens"), json!({"name": "س", "scopes": ["all"]})).await.issue(422), "scopes auth-unknown-scope");

        // What roles give is in force with the next request.
        w.party("manager", "مؤسسة الواحة", "Oasis", "جدة").await;
        assert_eq!(w.names(&secret, "/party").await.len(), 1);
        let role = json!({"label": {"ar": "مدقق", "en": "Auditor"}, "grants": [{"object": "party", "verbs": ["read"], "rows": {"where": "city == \"مكة\""}}]});
        w.call("admin", "PUT", "/admin/roles/auditor", role).await.is(200);
        w.patch("admin", &format!("/admin/users/{id}"), json!({"roles": ["auditor"]})).await.is(200);
        assert_eq!(w.names(&secret, "/party").await.len(), 0);
        assert_eq!(w.delete("admin", "/admin/roles/auditor").await.issue(422), "key role-in-use");
        w.patch("admin", &format!("/admin/users/{id}"), json!({"roles": []})).await.is(200);
        assert_eq!(w.delete("admin", "/admin/roles/auditor").await.status, 204);
        assert_eq!(w.get(&secret, "/party").await.status, 404);
        for (role, issue) in [
            (json!({"label": {"ar": "س"}, "grants": [{"object": "ghost", "verbs": ["read"], "rows": "all"}]}), "grants[0].object schema-unknown-target"),
            (json!({"label": {"ar": "س"}, "grants": [{"object": "party", "verbs": ["read"], "rows": {"where": "ctiy == 1"}}]}), "grants[0].rows expr-unknown-field"),
            (json!({"label": {"ar": "س"}, "grants": [{"object": "party", "verbs": ["read"], "rows": "all", "masks": {"ghost": "hidden"}}]}), "grants[0].masks expr-unknown-field"),
            (json!({"grants": []}), "label value-required"),
        ] {
            assert_eq!(w.call("admin", "PUT", "/admin/roles/bad", role).await.issue(422), issue);
        }
        assert_eq!(w.call("admin", "PUT", "/admin/roles/admin", json!({"label": {"ar": "س"}, "grants": []})).await.issue(422), "key role-of-module");

        // Nobody locks everybody out.
        let admin = w.users["admin"];
        assert_eq!(w.patch("admin", &format!("/admin/users/{admin}"), json!({"roles": ["viewer"]})).await.issue(422), "role user-last-administrator");
        assert_eq!(w.patch("admin", &format!("/admin/users/{admin}"), json!({"active": false})).await.issue(422), "active api-not-yourself");
        w.patch("admin", &format!("/admin/users/{id}"), json!({"active": false})).await.is(200);
        assert_eq!(w.get(&secret, "/me").await.status, 401);
        let found = w.get("admin", &format!("/admin/users?search={}", enc("هدي"))).await.is(200);
        assert_eq!(found["data"][0]["active"], false);
    })
    .await;
}

#[tokio::test]
async fn sessions_settings_and_jobs() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let sara = w.users["sara"];
        let password = auth::Secret::new("نخلة خضراء عند الباب");
        auth::set_password(&w.company, &w.company.system(), sara, &password).await.unwrap();
        let auth::Entry::In(cookie, _) = auth::sign_in(&w.company, "sara@example.com", password.reveal(), &auth::Origin::new("192.0.2.1", "هاتف")).await.unwrap() else { panic!("a password is enough here") };
        let at = format!("/admin/users/{sara}/sessions");
        let list = w.get("admin", &at).await.is(200);
        assert_eq!(list["data"][0]["agent"], "هاتف");
        assert_eq!(w.delete("admin", &format!("{at}/{}", list["data"][0]["id"].as_str().unwrap())).await.status, 204);
        assert!(auth::actor_of_session(&w.company, &cookie).await.unwrap().is_none());
        assert_eq!(w.delete("admin", &at).await.is(200)["ended"], 0);

        let body = json!({"name": {"ar": "مؤسسة الواحة", "latin": "Oasis"}, "currency": "KWD", "mail": {"url": "smtps://u:secret@mail.example", "from": "a@example.com"}});
        let saved = w.patch("admin", "/admin/settings", body).await.is(200);
        assert_eq!((&saved["currency"], &saved["mail"]["configured"]), (&json!("KWD"), &json!(true)));
        assert!(!saved.to_string().contains("secret"));
        assert_eq!(w.get("sara", "/me").await.is(200)["company"]["currency"], "KWD");
        assert_eq!(w.patch("admin", "/admin/settings", json!({"curency": "SAR"})).await.issue(422), "curency expr-unknown-field");
        assert_eq!(w.patch("admin", "/admin/settings", json!({"zone": "Mars/Olympus"})).await.issue(422), "zone auth-unknown-zone");
        // A folder of the server is nobody's to name here; what was saved stays.
        for url in ["gopher://x", "file:///etc"] {
            assert_eq!(w.patch("admin", "/admin/settings", json!({"mail": {"url": url}})).await.issue(422), "url auth-mail-bad-url");
        }
        // The password goes with its server: neither another sender nor another server comes upon it.
        w.patch("admin", "/admin/settings", json!({"mail": {"from": "crm@example.com"}})).await.is(200);
        assert_eq!(auth::mail::Transport::load(&w.company).await.unwrap().url, "smtps://u:secret@mail.example");
        w.patch("admin", "/admin/settings", json!({"mail": {"url": "smtps://other.example"}})).await.is(200);
        assert!(!auth::mail::Transport::load(&w.company).await.unwrap().url.contains("secret"));

        let mut cx = w.company.write(&w.company.system()).await.unwrap();
        let job = cx.enqueue("webhook.deliver", json!({"secret": "payload"})).await.unwrap();
        cx.commit().await.unwrap();
        let jobs = w.get("admin", "/admin/jobs?state=waiting").await.is(200);
        assert_eq!(jobs["data"][0]["id"], json!(job));
        assert!(!jobs.to_string().contains("payload"));
        assert_eq!(w.post("admin", &format!("/admin/jobs/{job}/stop"), Json::Null).await.is(200)["state"], "stopped");
        assert_eq!(w.post("admin", &format!("/admin/jobs/{job}/stop"), Json::Null).await.issue(422), " api-job-over");
        assert_eq!(w.post("admin", &format!("/admin/jobs/{job}/retry"), Json::Null).await.is(200)["state"], "waiting");
        assert_eq!(w.get("admin", &format!("/admin/jobs/{}", uuid::Uuid::now_v7())).await.status, 404);
        assert_eq!(w.get("admin", "/admin/jobs?state=lost").await.issue(400), "state api-bad-state");
        assert_eq!(w.get("admin", &format!("/admin/imports/{}", uuid::Uuid::now_v7())).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn a_file_is_imported_mended_and_taken_back() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let csv = "الاسم,المدينة,البريد\nمكتبة النور,جدة,a@example.com\nمؤسسة الواحة,الرياض,ليس بريدًا\n";
        let path = format!("/admin/imports?object=party&name={}", enc("عملاء.csv"));
        let upload = |who: &str| w.request(who, "POST", &path).body(axum::body::Body::from(csv)).unwrap();
        assert_eq!(w.send(upload("manager")).await.status, 403);
        let made = w.send(upload("admin")).await.is(201);
        assert_eq!((&made["state"], &made["total"], &made["name"]), (&json!("ready"), &json!(2), &json!("عملاء.csv")));
        let at = format!("/admin/imports/{}", made["id"].as_str().unwrap());
        let shown = w.get("admin", &at).await.is(200);
        assert_eq!(shown["columns"][1], json!({"name": "المدينة", "samples": ["جدة", "الرياض"]}));
        assert_eq!(w.patch("admin", &at, json!({"mapping": {"object": "party", "fieldz": []}})).await.issue(422), "mapping api-bad-shape");
        let mapping = json!({"mapping": made["mapping"]});
        w.patch("admin", &at, mapping).await.is(200);
        w.post("admin", &format!("{at}/start"), Json::Null).await.is(202);
        engine::runner::run_due(&w.company, &[]).await.unwrap();
        let done = w.get("admin", &at).await.is(200);
        assert_eq!((&done["state"], &done["created"], &done["failed"]), (&json!("done"), &json!(1), &json!(1)), "{done}");
        assert_eq!(done["refused"][0]["issues"][0]["key"], "value-not-email");
        assert!(String::from_utf8_lossy(&w.get("admin", &format!("{at}/errors")).await.bytes).contains("مؤسسة الواحة"));
        assert_eq!(w.names("admin", "/party").await, ["مكتبة النور"]);
        w.post("admin", &format!("{at}/undo"), Json::Null).await.is(202);
        engine::runner::run_due(&w.company, &[]).await.unwrap();
        assert_eq!(w.names("admin", "/party").await.len(), 0);
        assert_eq!(w.post("admin", &format!("{at}/explode"), Json::Null).await.status, 404);
        assert_eq!(w.delete("admin", &at).await.status, 204);
        assert_eq!(w.get("admin", &at).await.status, 404);
        assert_eq!(w.send(w.request("admin", "POST", "/admin/imports?object=party").body(axum::body::Body::from("x")).unwrap()).await.issue(400), "name value-required");
    })
    .await;
}

#[tokio::test]
async fn plt_7_sign_in_providers_keep_their_secret() {
    testdb::both(async |url| {
        let w = world(&url).await;
        let new = json!({
            "key": "company", "label": {"ar": "حساب الشركة", "en": "Company account"}, "secret": "سر لا يُقال",
            "people": {"create": true, "domains": ["Example.sa"], "groups": [{"group": "المبيعات", "role": "seller"}]},
            "way": {"oidc": {"issuer": "https://id.example.sa", "client": "sila"}},
        });
        let made = w.post("admin", "/admin/sign-in/providers", new.clone()).await.is(201);
        assert_eq!((&made["configured"], &made["people"]["domains"], &made["way"]["oidc"]["scopes"]), (&json!(true), &json!(["example.sa"]), &json!("email profile")));
        assert_eq!(w.post("admin", "/admin/sign-in/providers", new).await.issue(422), "key sso-key-taken");
        // One part changes, the others stay; the secret stays where none is sent, and goes with an empty one.
        let path = "/admin/sign-in/providers/company";
        let changed = w.call("admin", "PATCH", path, json!({"way": {"oidc": {"second": "shown"}}, "people": {"create": false}})).await.is(200);
        assert_eq!((&changed["way"]["oidc"]["client"], &changed["way"]["oidc"]["second"], &changed["configured"]), (&json!("sila"), &json!("shown"), &json!(true)));
        assert_eq!((&changed["people"]["create"], &changed["people"]["groups"][0]["role"]), (&json!(false), &json!("seller")));
        // What is kept goes to no other server, and the directory that takes the place of one gets none of it.
        let ldap = json!({"ldap": {"host": "evil.example", "base": "dc=x"}});
        for way in [json!({"oidc": {"issuer": "https://evil.example"}}), ldap.clone()] {
            assert_eq!(w.call("admin", "PATCH", path, json!({ "way": way })).await.issue(422), "secret sso-secret-again");
        }
        assert_eq!(w.call("admin", "PATCH", path, json!({"secret": ""})).await.is(200)["configured"], json!(false));
        w.call("admin", "PATCH", path, json!({"way": ldap, "secret": "آخر"})).await.is(200);
        for moved in [json!({"host": "other.example"}), json!({"port": 390})] {
            assert_eq!(w.call("admin", "PATCH", path, json!({"way": {"ldap": moved}})).await.issue(422), "secret sso-secret-again");
        }
        for (bad, issue) in [
            (json!({"way": {"oidc": {"issuer": "ftp://x", "client": "sila"}}}), "issuer sso-bad-issuer"),
            (json!({"way": {"saml": {}}}), " api-bad-shape"),
            (json!({"way": {"ldap": {"host": "a b"}}}), "host ldap-bad-host"),
            (json!({"people": {"roles": ["king"]}}), "roles user-no-such-role"),
        ] {
            assert_eq!(w.call("admin", "PATCH", path, bad).await.issue(422), issue);
        }
        // Accounts elsewhere are disconnected, and whoever came by one is out.
        let sara = w.users["sara"];
        let accounts = format!("/admin/users/{sara}/accounts");
        let mut tx = w.company.db().write().await.unwrap();
        let row = vec!["oidc:https://id.example.sa".into(), "s-1".into(), sara.into(), w.company.now().into()];
        store::insert_many(&mut tx, "sila_identity", &["provider", "subject", "user_id", "at"], vec![row]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(w.get("admin", &accounts).await.is(200)["data"][0]["realm"], "oidc:https://id.example.sa");
        assert_eq!(w.delete("admin", &accounts).await.issue(422), "realm value-required");
        assert_eq!(w.delete("admin", &format!("{accounts}?realm=oidc%3Ahttps%3A%2F%2Fid.example.sa")).await.status, 204);
        assert_eq!(w.delete("admin", &format!("{accounts}?realm=oidc%3Ahttps%3A%2F%2Fid.example.sa")).await.status, 404);
        assert_eq!(w.get("admin", &accounts).await.is(200)["data"], json!([]));
        let all = w.get("admin", "/admin/sign-in/providers").await.is(200);
        assert!(!all.to_string().contains("يُقال") && all["data"][0]["key"] == "company", "{all}");
        // Only single sign-on needs one that is active.
        let rules = |only: bool| json!({"name": {"ar": "تجارة النخيل"}, "sign_in": {"second": "nobody", "shortest": 10, "from": [], "idle_days": 14, "longest_days": 90, "only_sso": only}});
        w.call("admin", "PATCH", "/admin/settings", rules(true)).await.is(200);
        assert_eq!(w.call("admin", "PATCH", path, json!({"active": false})).await.issue(422), "active sso-only-needs-provider");
        assert_eq!(w.call("admin", "DELETE", path, Json::Null).await.issue(422), "active sso-only-needs-provider");
        w.call("admin", "PATCH", "/admin/settings", rules(false)).await.is(200);
        assert_eq!(w.call("admin", "DELETE", path, Json::Null).await.status, 204);
        assert_eq!(w.get("admin", path).await.status, 404);
        assert_eq!(w.call("admin", "PATCH", "/admin/settings", rules(true)).await.issue(422), "only_sso sso-only-needs-provider");
    })
    .await;
}
