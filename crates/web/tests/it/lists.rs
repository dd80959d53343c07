//! Lists: conditions, search, sort, paging, columns, views, editing in place, many at once, board, calendar, export.

use crate::browser::{Browser, company, party};
use engine::Draft;

#[tokio::test(flavor = "multi_thread")]
async fn conditions_come_as_rows_expressions_and_words() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut b = Browser::of(&company, "sara@example.com", "سارة", "admin").await;
        b.get("/party").await.is(200).has("لا توجد العملاء والجهات بعد");
        for (name, city) in [("أحمد الغامدي", "جدة"), ("مكتبة النور", "الرياض"), ("فاطمة <b>", "جدة")] {
            let mut cx = company.write(&company.system()).await.unwrap();
            let address = kernel::Address { city: city.into(), ..Default::default() };
            cx.save("party", Draft::new().set("name", kernel::Name::new(name, "")).set("address", address)).await.unwrap();
            cx.commit().await.unwrap();
        }
        b.get("/party").await.has("أحمد الغامدي").has("مكتبة النور").has("فاطمة &lt;b&gt;").lacks("فاطمة <b>").has("1–3");
        let jeddah = b.get("/party?f=address&op=contains&v=%D8%AC%D8%AF%D8%A9").await;
        jeddah.is(200).has("أحمد الغامدي").lacks("مكتبة النور").has("<bdi>العنوان</bdi>").has("<span>يحتوي</span>");
        b.get("/party?q=stage+%3D%3D+%22lost%22").await.is(200).has("لا نتائج مطابقة").has("عميل مفقود");
        b.get("/party?search=%D8%A7%D8%AD%D9%85%D8%AF").await.is(200).has("أحمد الغامدي").lacks("مكتبة النور");
        let sorted = b.get("/party?sort=-name").await;
        let (first, last) = (sorted.body.find("مكتبة النور").unwrap(), sorted.body.find("أحمد الغامدي").unwrap());
        assert!(first < last);
        sorted.has("aria-sort=\"descending\"");
        b.get("/party?columns=email,source").await.has("data-key=\"source\"").lacks("data-key=\"phone\"");
        let chosen = b.post("/party/columns?search=%D8%A3%D8%AD%D9%85%D8%AF", &[("columns", "phone"), ("columns", "nonsense")]).await;
        assert_eq!(chosen.to(), "/party?search=%D8%A3%D8%AD%D9%85%D8%AF&columns=phone");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_go_on_by_key() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut b = Browser::of(&company, "sara@example.com", "سارة", "admin").await;
        let mut cx = company.write(&company.system()).await.unwrap();
        let drafts = (0..55).map(|i| Draft::new().set("name", kernel::Name::new(format!("عميل {i:03}"), ""))).collect();
        cx.save_many("party", drafts).await.unwrap();
        cx.commit().await.unwrap();
        let one = b.get("/party").await;
        one.has("عميل 000").has("عميل 049").lacks("عميل 050").has("1–50");
        let next = one.between("rel=\"next\" hx-get=\"", "\"").replace("&amp;", "&");
        let two = b.get(&next).await;
        two.has("عميل 050").has("عميل 054").lacks("عميل 049").has("51–55");
        let back = two.between("rel=\"prev\" hx-get=\"", "\"").replace("&amp;", "&");
        b.get(&back).await.has("عميل 000").lacks("عميل 050");
        b.get("/party?after=nonsense").await.is(422);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cell_is_edited_where_it_stands() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut b = Browser::of(&company, "sara@example.com", "سارة", "admin").await;
        let id = party(&company, "أحمد", None).await;
        let at = |field: &str| format!("/party/{id}/cell/{field}");
        b.piece(&at("phone")).await.is(200).has("data-cell-editor").has("value=\"1\"");
        let saved = b.post_piece(&at("phone"), &[("_rev", "1"), ("phone", "٠٥٠١٢٣٤٥٦٧")]).await;
        saved.is(200).has("tel:+966501234567").lacks("<html");
        assert_eq!(saved.headers["x-revision"], "2");
        b.post_piece(&at("phone"), &[("_rev", "2"), ("phone", "abc")]).await.is(422).has("<form").has("value=\"abc\"").has("field-error");
        // Somebody changed another field meanwhile: this one goes in all the same.
        b.post_piece(&at("email"), &[("_rev", "1"), ("email", "a@example.com")]).await.is(200).has("a@example.com");
        // The same field: not over his head.
        b.post_piece(&at("phone"), &[("_rev", "1"), ("phone", "0509999999")]).await.is(409);
        b.piece(&at("order_count")).await.is(404);
        b.piece(&at("nonsense")).await.is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_are_changed_or_deleted_together() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut b = Browser::of(&company, "sara@example.com", "سارة", "admin").await;
        let ids = [party(&company, "أحمد", None).await, party(&company, "فاطمة", None).await].map(|i| i.to_string());
        let edit = [("id", ids[0].as_str()), ("id", &ids[1]), ("field", "source"), ("source", "referral"), ("back", "/party?view=all")];
        assert_eq!(b.post("/party/mass/edit", &edit).await.to(), "/party?view=all");
        b.get("/party?q=source+%3D%3D+%22referral%22").await.has("أحمد").has("فاطمة");
        b.post("/party/mass/edit", &[("id", ids[0].as_str()), ("field", "source"), ("source", "nonsense")]).await.is(422);
        b.post("/party/mass/edit", &[("id", ids[0].as_str()), ("field", "rev"), ("rev", "9")]).await.is(404);
        let csv = b.post("/party/mass/export?format=csv", &[("id", ids[0].as_str())]).await;
        csv.is(200).has("أحمد").lacks("فاطمة");
        b.post("/party/mass/delete", &[("id", ids[0].as_str()), ("id", &ids[1])]).await.is(303);
        b.get("/party?view=all").await.lacks("أحمد");
        b.get("/party/trash").await.is(200).has("أحمد").has("فاطمة");
        assert_eq!(b.post(&format!("/party/{}/restore", ids[0]), &[]).await.to(), format!("/party/{}", ids[0]));
        b.post(&format!("/party/{}/purge", ids[1]), &[]).await.is(303);
        b.get("/party/trash").await.lacks("فاطمة");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn views_are_kept_opened_and_forgotten() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut sara = Browser::of(&company, "sara@example.com", "سارة", "admin").await;
        let mut noura = Browser::of(&company, "noura@example.com", "نورة", "manager").await;
        party(&company, "أحمد", None).await;
        let own = [("name", "عملاء بلا بريد"), ("q", "is_blank(email)"), ("sort", "-created_at"), ("columns", "stage"), ("default", "1")];
        let to = sara.post("/party/views", &own).await.to().to_owned();
        assert!(to.starts_with("/party?view="));
        sara.get("/party").await.has("عملاء بلا بريد").has("filter-chip").has("aria-current=\"page\"");
        sara.get("/party?view=all").await.lacks("class=\"filter-chip\"");
        noura.get("/party").await.lacks("عملاء بلا بريد");
        noura.get(&to).await.lacks("class=\"filter-chip\"");
        // Only administrators share.
        noura.post("/party/views", &[("name", "للجميع"), ("shared", "1")]).await.is(403);
        sara.post("/party/views", &[("name", "للجميع"), ("q", "stage == \"customer\""), ("shared", "1"), ("layout", "board")]).await.is(303);
        let tabs = noura.get("/party").await;
        let shared = tabs.has("للجميع").between("href=\"/party?view=0", "\"").to_owned();
        assert!(noura.get(&format!("/party?view=0{shared}")).await.to().starts_with("/party/board?view="));
        noura.post(&format!("/party/views/0{shared}/delete"), &[]).await.is(404);
        sara.post("/party/views", &[("name", "خطأ"), ("q", "nonsense == 1")]).await.is(422);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn boards_move_cards_with_their_revision() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut b = Browser::of(&company, "sara@example.com", "سارة", "admin").await;
        let id = party(&company, "أحمد", None).await;
        b.get("/party/board").await.is(200).has("data-column=\"prospect\"").has("أحمد").has("draggable=\"true\"");
        let moved = b.post_piece(&format!("/party/{id}/move"), &[("to", "customer"), ("rev", "1"), ("before", "")]).await;
        moved.is(200);
        assert_eq!(moved.headers["x-revision"], "2");
        b.post_piece(&format!("/party/{id}/move"), &[("to", "lost"), ("rev", "1")]).await.is(409);
        b.post_piece(&format!("/party/{id}/move"), &[("to", "nonsense"), ("rev", "2")]).await.is(422);
        assert_eq!(b.post(&format!("/party/{id}/move"), &[("stage", "loyal")]).await.to(), format!("/party/{id}"));
        b.get("/product/board").await.is(404);
        b.get("/party/calendar").await.is(404);
    })
    .await;
}
