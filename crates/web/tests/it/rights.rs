//! What roles see and may do. What is forbidden looks like what does not exist.

use crate::browser::{Browser, company, party, user};
use engine::Draft;

#[tokio::test(flavor = "multi_thread")]
async fn sellers_see_their_own_and_nothing_tells_of_the_rest() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut seller = Browser::of(&company, "noura@example.com", "نورة", "seller").await;
        let me = company.user_by_email("noura@example.com").await.unwrap();
        let other = user(&company, "khaled@example.com", "خالد", "seller").await;
        let mine = party(&company, "أحمد الغامدي", me).await;
        let theirs = party(&company, "فاطمة الزهراني", Some(other)).await;
        seller.get("/party").await.is(200).has("أحمد الغامدي").lacks("فاطمة").has("1–1");
        seller.get("/party/board").await.has("أحمد الغامدي").lacks("فاطمة");
        seller.get("/search?q=%D9%81%D8%A7%D8%B7%D9%85%D8%A9").await.lacks(&theirs.to_string());
        seller.piece("/-/lookup/party?q=%D9%81%D8%A7%D8%B7%D9%85%D8%A9").await.lacks("الزهراني");
        seller.get("/party/export?format=csv").await.is(200).has("أحمد الغامدي").lacks("فاطمة");
        let missing = seller.get("/party/01890000-0000-7000-8000-000000000000").await;
        for path in ["", "/edit", "?tab=history", "/cell/phone"] {
            let a = seller.get(&format!("/party/{theirs}{path}")).await;
            assert_eq!(a.status, missing.status, "{path}");
            a.lacks("فاطمة");
        }
        for (path, pairs) in [("edit", vec![("_rev", "1"), ("note", "x")]), ("delete", vec![]), ("comments", vec![("body", "x")]), ("move", vec![("to", "lost")]), ("restore", vec![]), ("cell/note", vec![("note", "x")]), ("do/assign", vec![("owner", "x")])] {
            let a = seller.post(&format!("/party/{theirs}/{path}"), &pairs).await;
            assert!(matches!(a.status.as_u16(), 404 | 403 | 422), "{path}: {}", a.status);
            a.lacks("فاطمة");
        }
        seller.upload(&format!("/party/{theirs}/files"), "file", "x.txt", b"x").await.is(404);
        seller.get("/-/live?topic=party:01890000-0000-7000-8000-000000000000").await.is(404);
        seller.get(&format!("/-/live?topic=party:{theirs}")).await.is(404);
        seller.get(&format!("/party/{mine}")).await.is(200).lacks("delete-record");
        // He may change his own, but not delete it, import, or administer.
        seller.post(&format!("/party/{mine}/delete"), &[]).await.is(403);
        seller.get("/party/import").await.is(403);
        seller.get("/party/trash").await.is(403);
        for path in ["/admin", "/admin/users", "/admin/jobs", "/admin/settings", "/admin/objects", "/admin/teams", "/admin/webhooks"] {
            seller.get(path).await.is(403);
        }
        seller.post("/admin/mail", &[("url", ""), ("from", "")]).await.is(403);
        seller.post("/admin/users", &[("email", "x@example.com"), ("name.ar", "س"), ("roles", "admin")]).await.is(403);
        seller.get("/party").await.lacks("href=\"/admin\"").lacks("/party/trash");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn masks_hold_in_every_place() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut viewer = Browser::of(&company, "view@example.com", "ريم", "viewer").await;
        let mut cx = company.write(&company.system()).await.unwrap();
        let draft = Draft::new()
            .set("name", kernel::Name::new("أحمد", ""))
            .set("email", "secret@example.com")
            .set("phone", "+966501234567")
            .set("kind", "organisation")
            .set("tax_number", "300012345600003");
        let id = cx.save("party", draft).await.unwrap().record().id;
        cx.commit().await.unwrap();
        let hidden = |a: &crate::browser::Answer| {
            a.lacks("secret@example.com").lacks("501234567").lacks("300012345600003");
        };
        for path in ["/party", "/party/board", &format!("/party/{id}"), &format!("/party/{id}?tab=history"), "/party?columns=email,phone,tax_number"] {
            let a = viewer.get(path).await;
            a.is(200);
            hidden(&a);
        }
        viewer.get(&format!("/party/{id}")).await.has("••••").lacks("الرقم الضريبي").lacks("data-edit-record");
        // A filter would tell the value bit by bit.
        viewer.get("/party?q=starts_with%28email%2C+%22secret%22%29").await.is(422);
        viewer.get("/party?f=tax_number&op=eq&v=300012345600003").await.is(422);
        viewer.get("/party?sort=email").await.is(422);
        viewer.get(&format!("/party/{id}/edit")).await.is(403);
        viewer.get("/party/new").await.is(403);
        viewer.get("/party/export").await.is(403);
        hidden(&viewer.piece("/-/palette?q=%D8%A3%D8%AD%D9%85%D8%AF").await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_mind_people_teams_and_settings() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut b = Browser::of(&company, "sara@example.com", "سارة", "admin").await;
        let new = [("email", "noura@example.com"), ("name.ar", "نورة القحطاني"), ("password", "جملة طويلة جدًا هنا"), ("roles", "seller")];
        b.post("/admin/users", &new).await.is(303);
        b.post("/admin/users", &[("email", "bad"), ("name.ar", "س"), ("roles", "seller")]).await.is(422).has("field-error");
        b.get("/admin/users").await.is(200).has("نورة القحطاني").has("مندوب مبيعات");
        b.get("/admin/roles").await.is(200).has("مندوب مبيعات");
        let noura = company.user_by_email("noura@example.com").await.unwrap().unwrap();
        b.post(&format!("/admin/users/{noura}"), &[("roles", ""), ("roles", "manager"), ("active", "false")]).await.is(303);
        assert_eq!(company.roles_of(noura).await.unwrap(), ["manager"]);
        assert!(company.load_actor(noura).await.unwrap().is_none());
        // The last administrator stays one.
        let sara = company.user_by_email("sara@example.com").await.unwrap().unwrap();
        b.post(&format!("/admin/users/{sara}"), &[("roles", "seller"), ("active", "true")]).await.is(422);
        let team = b.post("/team/new", &[("name.ar", "فريق الغربية")]).await.to().to_owned();
        let id = team.rsplit('/').next().unwrap();
        b.post(&format!("/admin/teams/{id}"), &[("member", &noura.to_string())]).await.is(303);
        b.get("/admin/teams").await.has("فريق الغربية").has("checked");
        let settings = [("name.ar", "تجارة النخيل"), ("country", "KW"), ("currency", "KWD"), ("zone", "Asia/Kuwait"), ("lang", "ar"), ("url", "https://crm.example/"), ("notice.ar", "بيانات تجريبية")];
        b.post("/admin/settings", &settings).await.is(303);
        assert_eq!((company.settings().currency.as_str(), company.settings().url.as_str()), ("KWD", "https://crm.example"));
        b.get("/party").await.has("بيانات تجريبية").has("تجارة النخيل");
        b.post("/admin/mail", &[("url", "smtps://user:geheim@smtp.example.com:465"), ("from", "crm@example.com")]).await.is(303);
        b.get("/admin/settings").await.has("crm@example.com").lacks("geheim");
        b.post("/admin/mail", &[("url", "file:///etc"), ("from", "crm@example.com")]).await.is(422).lacks("geheim");
        b.post("/admin/settings", &[("name.ar", "س"), ("currency", "XXX9"), ("zone", "Mars/Base")]).await.is(422);
        for path in ["/admin", "/admin/objects", "/admin/objects/party", "/admin/jobs", "/admin/webhooks"] {
            b.get(path).await.is(200);
        }
        b.get("/admin/objects/nonsense").await.is(404);
    })
    .await;
}
