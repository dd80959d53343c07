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

#[tokio::test(flavor = "multi_thread")]
async fn sal_9_a_thread_with_mention_reaction_file_and_end() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut sara = Browser::of(&company, "sara@example.com", "سارة العتيبي", "admin").await;
        let mut omar = Browser::of(&company, "omar@example.com", "عمر", "seller").await;
        let huda = crate::browser::user(&company, "huda@example.com", "هدى", "seller").await;
        let omar_id = company.user_by_email("omar@example.com").await.unwrap().unwrap();
        let customer = party(&company, "شركة النخيل", Some(omar_id)).await;
        let here = format!("/party/{customer}");
        // Who is found by name, and who does not see the record.
        let found = sara.piece(&format!("/-/mention?q=عمر&at={here}")).await;
        found.is(200).has(&format!("user:{omar_id}")).lacks("لا يرى هذا السجل");
        sara.piece(&format!("/-/mention?q=هدى&at={here}")).await.has("لا يرى هذا السجل");
        let said = sara.post(&format!("{here}/comments"), &[("body", "يا @عمر ويا @هدى اتصلا بالعميل"), ("mention", &format!("user:{omar_id}")), ("mention", &format!("user:{huda}"))]).await;
        said.is(200).has("لا يملك هدى صلاحية الاطلاع على هذا السجل");
        omar.get("/-/notifications").await.has("ذكرك سارة العتيبي في تعليق على شركة النخيل").has("يا @عمر ويا @هدى اتصلا بالعميل");
        let page = omar.get(&here).await;
        page.has(&format!("href=\"/user/{omar_id}\"")).has("class=\"mention\"");
        let comment = page.between("id=\"comment-", "\"").to_owned();
        let at = format!("{here}/comments/{comment}");
        omar.post(&format!("{here}/comments"), &[("body", "سأتصل غدًا"), ("parent", &comment)]).await.is(303);
        sara.get("/-/notifications").await.has("ردّ عمر على تعليقك في شركة النخيل");
        sara.post_piece(&format!("{at}/react"), &[("emoji", "👍")]).await.is(200).has("aria-pressed=\"true\"").lacks("<html");
        omar.post(&format!("{at}/react"), &[("emoji", "x")]).await.is(422);
        omar.post(&format!("{at}/edit"), &[("body", "ليس لي")]).await.is(404);
        sara.post(&format!("{at}/edit"), &[("body", "يا @عمر اتصل اليوم"), ("mention", &format!("user:{omar_id}"))]).await.is(303);
        sara.get(&format!("{at}/wordings")).await.is(200).has("اتصلا بالعميل").has("اتصل اليوم");
        omar.post(&format!("{at}/resolve"), &[]).await.is(303);
        sara.get(&here).await.has("أنهى عمر هذا النقاش");
        let with_file = sara.upload(&format!("{here}/comments"), "file", "عقد.txt", "نص العقد".as_bytes()).await;
        with_file.is(303);
        omar.get(&here).await.has("عقد.txt");
        // Following, and no longer.
        omar.get(&here).await.has("إلغاء متابعة هذا السجل");
        omar.post(&format!("{here}/follow"), &[("yes", "0")]).await.is(303);
        omar.get(&here).await.has("لم تعد تتابع هذا السجل").lacks("إلغاء متابعة هذا السجل");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cust_3_the_time_line_narrows_and_jumps_by_address() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut sara = Browser::of(&company, "sara@example.com", "سارة", "admin").await;
        let customer = party(&company, "شركة النخيل", None).await;
        let here = format!("/party/{customer}");
        let call = [("subject", "متابعة العرض"), ("channel", "call"), ("direction", "in"), ("at", "2026-03-01T09:00"), ("party", &customer.to_string()), ("notes", "طلب خصمًا على الكمية"), ("privacy", "shared"), ("next_action", "إرسال عرض")];
        sara.post("/interaction/new", &call).await.is(303);
        sara.post(&format!("{here}/comments"), &[("body", "عميل مهم")]).await.is(303);
        sara.get(&here).await.has("متابعة العرض").has("طلب خصمًا على الكمية").has("مكالمة · وارد").has("تسجيل مكالمة").has("إرسال عرض");
        let only = async |b: &mut Browser, query: &str| b.piece(&format!("{here}?{query}")).await;
        only(&mut sara, "channel=call").await.has("متابعة العرض").lacks("class=\"comment\"");
        only(&mut sara, "channel=visit").await.has("لا شيء يطابق ما تبحث عنه");
        only(&mut sara, "direction=out").await.has("لا شيء يطابق ما تبحث عنه");
        only(&mut sara, "words=خصما").await.has("متابعة العرض").lacks("class=\"comment\"").has("filter-chip");
        only(&mut sara, "kind=comment").await.has("عميل مهم").lacks("متابعة العرض · ");
        only(&mut sara, "day=2026-03-02").await.has("متابعة العرض").lacks("class=\"comment\"");
        only(&mut sara, "day=2026-02-01").await.has("لا شيء يطابق");
        sara.piece(&format!("{here}/months")).await.is(200).has("مارس 2026").has("day=2026-03-31");
        sara.get(&format!("{here}/months")).await.is(200).has("<html");
        sara.get("/party/0190a000-0000-7000-8000-000000000000/months").await.is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sal_9_a_file_has_a_page_with_its_versions() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut b = Browser::of(&company, "sara@example.com", "سارة", "admin").await;
        let customer = party(&company, "شركة النخيل", None).await;
        let files = format!("/party/{customer}/files");
        b.upload(&files, "file", "ملاحظات.txt", "النص الأول".as_bytes()).await.is(303);
        let page = b.get(&format!("/party/{customer}")).await;
        let file = page.between(&format!("href=\"{files}/"), "\"").to_owned();
        b.get(&format!("{files}/{file}")).await.is(200).has("النص الأول").has("النسخة 1").has("أعمل عليه الآن");
        let now = b.upload(&format!("{files}/{file}/versions"), "file", "ملاحظات.txt", "النص الثاني".as_bytes()).await.to().to_owned();
        b.get(&now).await.has("النص الثاني").has("النسخة 2").has("استعادة هذه النسخة");
        b.get(&format!("/party/{customer}")).await.has("رفع نسخة جديدة من");
        let back = b.post(&format!("{files}/{file}/back"), &[]).await.to().to_owned();
        b.get(&back).await.has("النص الأول").has("النسخة 3");
        b.post(&format!("{now}/hold"), &[]).await.is(303);
        b.get(&back).await.has("أنك تعمل على هذا الملف");
        b.get(&format!("/-/files/{file}")).await.is(200);
        b.upload(&format!("{files}/{file}/versions"), "file", "x.exe", b"MZ").await.is(422);
        let id = back.rsplit('/').next().unwrap().to_owned();
        b.post(&format!("{files}/{id}/delete"), &[]).await.is(303);
        b.get(&format!("{files}/{file}")).await.is(404);
    })
    .await;
}
