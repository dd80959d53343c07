//! What people tell each other: the bell, the notification centre.

use crate::browser::{Browser, company, party};
use engine::Notice;
use engine::notify::Wanted;

#[tokio::test(flavor = "multi_thread")]
async fn sal_9_the_bell_counts_and_the_centre_lists() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut b = Browser::of(&company, "omar@example.com", "عمر", "admin").await;
        let omar = company.user_by_email("omar@example.com").await.unwrap().unwrap();
        let customer = party(&company, "شركة النخيل", None).await;
        b.get("/-/notifications").await.is(200).has("لا إشعارات بعد");
        b.get("/party").await.lacks("bell-count");
        let mut cx = company.write(&company.system()).await.unwrap();
        cx.notify(Notice { user: omar, kind: "assigned", object: "party", record: customer, data: serde_json::Value::Null }).await.unwrap();
        cx.commit().await.unwrap();
        b.get("/party").await.has("bell-count").has("إشعار جديد");
        b.piece("/-/notifications/bell").await.is(200).has("أسند إليك النظام شركة النخيل").lacks("<html");
        b.get("/-/notifications?kind=mention").await.lacks("شركة النخيل");
        b.get("/-/notifications?show=unread").await.has("أسند إليك النظام شركة النخيل").has(&format!("href=\"/party/{customer}\"")).has("data-unread");
        b.get("/party").await.lacks("bell-count");
        // Opening the record answers it.
        b.get(&format!("/party/{customer}")).await.is(200);
        b.get("/-/notifications?show=unread").await.has("قرأت كل شيء");
        let actor = company.load_actor(omar).await.unwrap().unwrap();
        let told = company.notices(&actor, &Wanted::default(), 9).await.unwrap().items;
        let id = told[0].id.to_string();
        assert_eq!(b.post("/-/notifications/read", &[("id", &id), ("unread", "1")]).await.to(), "/-/notifications");
        b.get("/-/notifications?show=unread").await.has("شركة النخيل");
        b.post("/-/notifications/read", &[("all", "1")]).await.is(303);
        b.get("/-/notifications?show=unread").await.has("قرأت كل شيء");
        b.post_with("/-/notifications/read", &[("all", "1")], &[("sec-fetch-site", "cross-site")]).await.is(403);
    })
    .await;
}
