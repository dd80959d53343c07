//! Two people save one record: nobody's work is lost.

use crate::browser::{Browser, company, party};

#[tokio::test(flavor = "multi_thread")]
async fn different_fields_come_together_by_themselves() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut sara = Browser::of(&company, "sara@example.com", "سارة", "admin").await;
        let mut noura = Browser::of(&company, "noura@example.com", "نورة", "manager").await;
        let here = format!("/party/{}", party(&company, "أحمد", None).await);
        let edit = format!("{here}/edit");
        let form = |job, note| [("_rev", "1"), ("name.ar", "أحمد"), ("name.latin", ""), ("job_title", job), ("note", note)];
        sara.post(&edit, &form("مدير المشتريات", "")).await.is(303);
        noura.post(&edit, &form("", "يفضّل الاتصال مساءً")).await.is(303);
        sara.get(&here).await.has("مدير المشتريات").has("يفضّل الاتصال مساءً");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_field_is_asked_about_with_base_theirs_and_yours() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut sara = Browser::of(&company, "sara@example.com", "سارة", "admin").await;
        let mut noura = Browser::of(&company, "noura@example.com", "نورة", "manager").await;
        let here = format!("/party/{}", party(&company, "أحمد", None).await);
        let edit = format!("{here}/edit");
        sara.post(&edit, &[("_rev", "1"), ("name.ar", "أحمد"), ("job_title", "محاسب"), ("note", "أ")]).await.is(303);
        sara.post(&edit, &[("_rev", "2"), ("name.ar", "أحمد"), ("job_title", "مدير مالي"), ("note", "أ"), ("email", "a@example.com")]).await.is(303);
        let asked = noura.post(&edit, &[("_rev", "2"), ("name.ar", "أحمد"), ("job_title", "رئيس الحسابات"), ("note", "ملاحظة نورة"), ("email", "")]).await;
        asked.is(409).has("سارة").has("محاسب").has("مدير مالي").has("رئيس الحسابات").has("name=\"_rev\" value=\"3\"");
        // What she wrote elsewhere is carried along; what she did not touch is not.
        asked.has("value=\"ملاحظة نورة\"").lacks("name=\"email\"");
        // She keeps theirs for the job; her note goes in.
        let carried = [("_rev", "3"), ("job_title", "رئيس الحسابات"), ("note", "ملاحظة نورة"), ("pick.job_title", "theirs")];
        noura.post(&edit, &carried).await.is(303);
        sara.get(&here).await.has("مدير مالي").has("ملاحظة نورة").has("a@example.com").lacks("رئيس الحسابات");
        // Or her own.
        sara.post(&edit, &[("_rev", "4"), ("job_title", "متقاعد")]).await.is(303);
        let mine = [("_rev", "5"), ("job_title", "رئيس الحسابات"), ("pick.job_title", "yours")];
        noura.post(&edit, &mine).await.is(303);
        sara.get(&here).await.has("رئيس الحسابات");
    })
    .await;
}
