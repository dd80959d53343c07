//! Forms and record pages: making, changing, verbs, related lists, comments, files, history.

use crate::browser::{Browser, company, party};

#[tokio::test(flavor = "multi_thread")]
async fn a_form_makes_a_record_and_loses_nothing_on_the_way() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut b = Browser::of(&company, "sara@example.com", "سارة", "admin").await;
        b.get("/party/new").await.is(200).has("إضافة عميل أو جهة").has("name=\"name.ar\"").has("data-when=\"/party/when\"").has("tax_number");
        let refused = b.post("/party/new", &[("name.ar", "شركة النخيل"), ("kind", "organisation"), ("stage", "prospect"), ("phone", "abc"), ("email", "x@"), ("note", "لا تُفقد")]).await;
        refused.is(422).has("شركة النخيل").has("value=\"abc\"").has("value=\"x@\"").has("لا تُفقد").has("form-errors").has("href=\"#f-phone\"");
        b.post("/party/new", &[("name.ar", ""), ("name.latin", ""), ("kind", "person"), ("stage", "prospect")]).await.is(422).has("field-error");
        let made = b
            .post("/party/new", &[("name.ar", "شركة النخيل"), ("name.latin", "Palm Co"), ("kind", "organisation"), ("stage", "prospect"), ("phone", "٠٥٠ ١٢٣ ٤٥٦٧"), ("website", "palm.example"), ("address.city", "جدة"), ("address.country", "SA"), ("roles", ""), ("roles", "customer"), ("roles", "supplier")])
            .await;
        made.is(303);
        b.get(made.to()).await.is(200).has("شركة النخيل").has("Palm Co").has("050 123 4567").has("https://palm.example").has("مورّد").has("أُنشئ السجل");
        // Said once.
        b.get(made.to()).await.lacks("أُنشئ السجل</strong>");
        let edit = format!("{}/edit", made.to());
        b.get(&edit).await.is(200).has("name=\"_rev\" value=\"1\"");
        b.post(&edit, &[("_rev", "1"), ("name.ar", "شركة النخيل المتحدة"), ("name.latin", "Palm Co"), ("kind", "organisation"), ("stage", "customer")]).await.is(303);
        b.get(made.to()).await.has("شركة النخيل المتحدة").has("050 123 4567");
        b.get(&format!("{}?tab=history", made.to())).await.is(200).has("شركة النخيل").has("عميل حالي").has("المراجعة");
        let off = b.post_piece("/party/when", &[("kind", "person")]).await;
        let off: Vec<String> = serde_json::from_str(&off.body).unwrap();
        assert!(off.contains(&"tax_number".into()) && !off.contains(&"stage".into()), "{off:?}");
        let off = b.post_piece("/party/when", &[("kind", "organisation")]).await;
        assert!(!off.body.contains("tax_number"), "{}", off.body);
        assert_eq!(b.post("/party/new", &[("name.ar", "ثانٍ"), ("kind", "person"), ("stage", "prospect"), ("_again", "1")]).await.to(), "/party/new");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_with_lines_goes_its_way() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut b = Browser::of(&company, "sara@example.com", "سارة", "admin").await;
        let customer = party(&company, "أحمد الغامدي", None).await.to_string();
        b.get(&format!("/order/new?party={customer}")).await.has("أحمد الغامدي").has(&customer);
        // Without a script a reference is typed by its title.
        let order = b.post("/order/new", &[("kind", "sale"), ("party", ""), ("party.text", "احمد الغامدي"), ("status", "draft"), ("ordered_at", "2026-03-01T09:00")]).await.to().to_owned();
        b.get(&order).await.is(200).has("أحمد الغامدي").has("البنود").lacks("تأكيد الطلب");
        let id = order.rsplit('/').next().unwrap().to_owned();
        let line = [("order", id.as_str()), ("description", "سجادة"), ("kind", "goods"), ("quantity", "٢"), ("price", "١٬٢٥٠٫٥٠"), ("price.currency", "SAR")];
        b.post("/order_line/new", &line).await.is(303);
        let page = b.get(&order).await;
        page.has("سجادة").has("2,501.00").has(&format!("action=\"{order}/do/place\"")).has("إلغاء الطلب");
        let rev = page.between("data-rev=\"", "\"").to_owned();
        // What an action makes of it is not chosen by hand; a card dragged there runs the action, if it is its time.
        b.get(&format!("{order}/edit")).await.is(200).has("value=\"draft\" selected").lacks("value=\"placed\"");
        b.post(&format!("{order}/edit"), &[("_rev", &rev), ("status", "placed")]).await.is(422).has("«تأكيد الطلب»");
        b.post_piece(&format!("{order}/move"), &[("to", "shipped"), ("rev", &rev)]).await.is(422);
        // What has to be told first is asked, and leads back to the board.
        let ask = b.post_piece(&format!("{order}/move"), &[("to", "cancelled"), ("rev", &rev)]).await;
        let ask = ask.is(204).headers["hx-redirect"].to_str().unwrap().to_owned();
        assert_eq!(ask, format!("{order}/do/cancel?back=%2Forder%2Fboard"));
        b.get(&ask).await.is(200).has("إلغاء الطلب").has("name=\"reason\"").has("value=\"/order/board\"");
        let back = b.get(&format!("{order}/do/cancel?back=https%3A%2F%2Fevil.example")).await;
        back.is(200).has(&format!("href=\"{order}\""));
        b.get(&order).await.lacks("SO-000001");
        b.post_piece(&format!("{order}/move"), &[("to", "placed"), ("rev", &rev)]).await.is(200);
        b.get(&order).await.has("SO-000001").has("تسجيل الشحن").lacks(&format!("action=\"{order}/do/place\""));
        b.post(&format!("{order}/do/place"), &[]).await.is(422);
        b.post(&format!("{order}/do/cancel"), &[("reason", "")]).await.is(422).has("سبب الإلغاء").has("field-error");
        b.post(&format!("{order}/do/cancel"), &[("reason", "بطلب العميل")]).await.is(303);
        b.get(&order).await.has("ملغى");
        // On the customer's page: the order in a list with its sum, and on the time line.
        let page = b.get(&format!("/party/{customer}")).await;
        page.has("SO-000001").has("الطلبات والمرتجعات").has("timeline-item").has(&format!("/order?q=party+%3D%3D+id%28%22{customer}%22%29"));
        b.get(&format!("/order?q=party+%3D%3D+id%28%22{customer}%22%29")).await.has("SO-000001").has("أحمد الغامدي");
        b.get("/order/calendar?day=2026-03-15").await.is(200).has("SO-000001").has("data-hue");
        b.get("/order/board").await.is(200).has("SO-000001");
        b.get(&format!("/party/{customer}?kind=order")).await.has("SO-000001");
        // In use: the customer cannot go.
        b.post(&format!("/party/{customer}/delete"), &[]).await.is(422).has("الطلبات والمرتجعات");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn comments_and_files_of_a_record() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut b = Browser::of(&company, "sara@example.com", "سارة", "admin").await;
        let here = format!("/party/{}", party(&company, "أحمد", None).await);
        b.post_piece(&format!("{here}/comments"), &[("body", "اتصلت به <script>alert(1)</script>")]).await.is(200).has("id=\"story\"").has("&lt;script&gt;").lacks("<script>alert");
        b.post(&format!("{here}/comments"), &[("body", "  ")]).await.is(422);
        b.get(&format!("{here}?kind=comment")).await.has("اتصلت به").lacks("أنشأ السجل");

        assert_eq!(b.upload(&format!("{here}/files"), "file", "عرض سعر.txt", "السعر ١٢".as_bytes()).await.to(), here);
        let page = b.get(&here).await;
        page.has("عرض سعر.txt");
        let href = page.between("href=\"/-/files/", "\"").to_owned();
        let file = b.get(&format!("/-/files/{href}")).await;
        file.is(200).has("السعر ١٢");
        let disposition = file.headers["content-disposition"].to_str().unwrap();
        assert!(disposition.starts_with("attachment;") && disposition.contains("filename*=UTF-8''%D8%B9"), "{disposition}");
        assert_eq!(file.headers["content-type"], "application/octet-stream");
        assert!(file.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
        b.upload(&format!("{here}/files"), "file", "x.png", b"<html>not a picture</html>").await.is(422);
        b.upload(&format!("{here}/files"), "file", "x.html", b"<html></html>").await.is(422);
        b.post(&format!("{here}/files/{href}/delete"), &[]).await.is(303);
        b.get(&format!("/-/files/{href}")).await.is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn finding_things_from_everywhere() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut b = Browser::of(&company, "sara@example.com", "سارة", "admin").await;
        let id = party(&company, "مكتبة الأحمدي", None).await;
        b.get("/search?q=%D9%85%D9%83%D8%AA%D8%A8%D9%87").await.is(200).has("مكتبة الأحمدي").has(&format!("/party/{id}"));
        b.piece("/-/palette?q=%D9%85%D9%83%D8%AA%D8%A8%D9%87").await.is(200).has("مكتبة الأحمدي").lacks("<html");
        b.piece("/-/palette?q=%D8%B7%D9%84%D8%A8").await.has("href=\"/order\"").has("href=\"/order/new\"");
        b.piece("/-/lookup/party?q=%D8%A7%D8%AD%D9%85%D8%AF%D9%8A").await.has(&id.to_string()).has("data-title=\"مكتبة الأحمدي\"");
        b.piece("/-/lookup/party?q=").await.has(&id.to_string());
        b.piece("/-/lookup/nonsense?q=").await.is(404);
        b.get("/search?q=%22%27%3C%3E").await.is(200).lacks("<>");
    })
    .await;
}
