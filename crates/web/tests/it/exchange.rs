//! Files in and out: export, import with check, run and undo.

use crate::browser::{Browser, company, party};

const CSV: &str = "الاسم,رقم العميل,الجوال,المدينة\nأحمد الغامدي,C1,0501234567,جدة\nفاطمة الزهراني,C2,abc,الرياض\nخالد الحربي,C3,0507654321,الدمام\n";

#[tokio::test(flavor = "multi_thread")]
async fn an_export_has_what_the_list_shows() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut b = Browser::of(&company, "sara@example.com", "سارة", "admin").await;
        party(&company, "أحمد", None).await;
        party(&company, "=SUM(A1)", None).await;
        let csv = b.get("/party/export?format=csv&columns=stage").await;
        csv.is(200).has("أحمد").has("عميل محتمل").lacks(",=SUM");
        assert!(csv.body.starts_with('\u{FEFF}'));
        assert!(csv.headers["content-disposition"].to_str().unwrap().contains(".csv"));
        b.get("/party/export?format=csv&search=%D8%A3%D8%AD%D9%85%D8%AF").await.has("أحمد").lacks("SUM");
        let xlsx = b.get("/party/export?format=xlsx").await;
        assert!(xlsx.is(200).body.starts_with("PK"));
        b.get("/party/export?q=nonsense+%3D%3D+1").await.is(422);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_mapped_checked_run_and_taken_back() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut b = Browser::of(&company, "sara@example.com", "سارة", "admin").await;
        b.get("/import").await.is(200).has("/party/import");
        b.get("/party/import").await.is(200).has("type=\"file\"");
        b.get("/party/import/sample").await.is(200).has("رقم العميل");
        b.upload("/party/import", "file", "صورة.png", b"\x89PNG\r\n\x1a\n\0\0\0\0").await.is(422);
        let here = b.upload("/party/import", "file", "عملاء.csv", CSV.as_bytes()).await.to().to_owned();
        let map = b.get(&here).await;
        map.is(200).has("عملاء.csv").has("value=\"code\" selected").has("value=\"phone\" selected").has("أحمد الغامدي");
        b.post(&format!("{here}/map"), &[("map.0", "nonsense"), ("mode", "upsert")]).await.is(422);
        let mapping = [("map.0", "name"), ("map.1", "code"), ("map.2", "phone"), ("map.3", "address.city"), ("match", "code"), ("mode", "upsert"), ("blank", "keep")];
        assert_eq!(b.post(&format!("{here}/map"), &mapping).await.to(), format!("{here}?step=check"));
        b.get(&format!("{here}?step=check")).await.is(200).has("فاطمة الزهراني").has("abc");
        b.get("/party").await.lacks("أحمد الغامدي");
        b.post(&format!("{here}/start"), &[]).await.is(303);
        b.get(&here).await.has("hx-get").has("action=\"").has("/stop\"");
        engine::runner::run_due(&company, &[]).await.unwrap();
        b.get(&here).await.has("صفوف لا تصلح").has("فاطمة الزهراني").has("/undo\"").lacks("hx-trigger=\"load delay");
        b.get("/party").await.has("أحمد الغامدي").has("خالد الحربي").lacks("فاطمة الزهراني");
        b.get(&format!("{here}/errors")).await.is(200).has("فاطمة الزهراني").lacks("أحمد الغامدي");
        b.post(&format!("{here}/undo"), &[]).await.is(303);
        engine::runner::run_due(&company, &[]).await.unwrap();
        b.get(&here).await.has("تم التراجع عن الاستيراد");
        b.get("/party").await.lacks("أحمد الغامدي");
        // Somebody else does not see it.
        let mut noura = Browser::of(&company, "noura@example.com", "نورة", "manager").await;
        noura.get(&here).await.is(404);
    })
    .await;
}
