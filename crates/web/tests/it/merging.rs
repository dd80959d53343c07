//! CUST-1: likely duplicates beside a form, the queue, merging and separating on the pages.

use crate::browser::{Browser, company, party};
use engine::Draft;
use kernel::Name;

async fn known(company: &engine::Company, ar: &str, latin: &str, phone: &str) -> String {
    let mut cx = company.write(&company.system()).await.unwrap();
    let draft = Draft::new().set("name", Name::new(ar, latin)).set("phone", phone);
    let id = cx.save("party", draft).await.unwrap().record().id;
    cx.commit().await.unwrap();
    id.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn cust_1_the_form_warns_and_the_pages_merge_and_separate() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut b = Browser::of(&company, "sara@example.com", "سارة", "admin").await;
        let one = known(&company, "عبدالرحمن خالد العتيبي", "", "+966504030778").await;
        b.get("/party/new").await.is(200).has("data-likely=\"/party/likely\"").has("phone");
        let piece = b.post_piece("/party/likely", &[("name.latin", "Abdulrahman Al-Otaibi"), ("phone", "0504030778"), ("kind", "person")]).await;
        piece.is(200).has("عبدالرحمن خالد العتيبي").has("رقم الهاتف نفسه").has(&format!("/party/{one}"));
        b.post_piece("/party/likely", &[("name.ar", "فهد القحطاني"), ("kind", "person")]).await.is(200).lacks("likely-one");

        let two = known(&company, "", "Abdulrahman Al-Otaibi", "+966504030778").await;
        b.get(&format!("/party/{one}/merge")).await.is(200).has(&format!("with={two}"));
        b.get(&format!("/party/{one}/merge?with={one}")).await.is(422).has("لا يُدمج السجل في نفسه");
        let page = b.get(&format!("/party/{one}/merge?with={two}&stay={one}")).await;
        page.is(200).has("يبقى").has("name=\"pick.name\"").has("ليسا السجل نفسه");
        let done = b.post(&format!("/party/{one}/merge"), &[("with", two.as_str()), ("rev", "1"), ("with_rev", "1"), ("pick.name", "both")]).await;
        assert_eq!(done.to(), format!("/party/{one}"));
        b.get(&format!("/party/{one}")).await.is(200).has("Abdulrahman Al-Otaibi").has("دمج سجلًا آخر");
        assert_eq!(b.get(&format!("/party/{two}")).await.to(), format!("/party/{one}"));
        b.get("/party/trash").await.is(200).lacks(&two);
        let history = b.get(&format!("/party/{one}?tab=history")).await;
        history.is(200).has("/unmerge");
        let merge = history.between("name=\"merge\" value=\"", "\"").to_owned();
        assert_eq!(b.post(&format!("/party/{one}/unmerge"), &[("merge", merge.as_str())]).await.to(), format!("/party/{two}"));
        b.get(&format!("/party/{two}")).await.is(200);

        company.sweep("party").await.unwrap();
        b.get("/party/duplicates").await.is(200).has("مراجعة ودمج").has(&one);
        b.get("/party/duplicates?score=80&clue=phone").await.is(200).has("زوج واحد يطابق هذه القاعدة");
        b.post("/party/duplicates/decide", &[("a", one.as_str()), ("b", two.as_str()), ("decision", "distinct")]).await.is(303);
        b.get("/party/duplicates").await.is(200).has("لا مكررات هنا");
        // Two ticked rows of the list.
        assert_eq!(b.post("/party/mass/merge", &[("id", one.as_str()), ("id", two.as_str())]).await.to(), format!("/party/{one}/merge?with={two}"));
        assert_eq!(b.post("/party/mass/merge", &[("id", one.as_str())]).await.to(), "/party");
        // A reader who may change nothing has no such pages.
        let other = party(&company, "هدى", None).await.to_string();
        let mut viewer = Browser::of(&company, "v@example.com", "مطلع", "viewer").await;
        viewer.get("/party/duplicates").await.is(403);
        viewer.get(&format!("/party/{other}/merge")).await.is(403);
        viewer.post(&format!("/party/{one}/merge"), &[("with", two.as_str())]).await.is(403);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cust_1_a_form_left_open_while_its_record_was_merged_loses_nothing() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut b = Browser::of(&company, "sara@example.com", "سارة", "admin").await;
        let one = known(&company, "منى سعد الحربي", "", "+966555000111").await;
        let two = known(&company, "", "Mona Alharbi", "+966555000222").await;
        b.post(&format!("/party/{one}/merge"), &[("with", two.as_str()), ("rev", "1"), ("with_rev", "1"), ("pick.name", "both")]).await.is(303);
        // What was typed into the form of the one that is gone stands beside what the one that stayed has.
        let typed = [("_rev", "1"), ("name.latin", "Mona Alharbi"), ("kind", "person"), ("stage", "prospect"), ("phone", "0555000333")];
        let page = b.post(&format!("/party/{two}/edit"), &typed).await;
        page.is(409).has("0333").has("0111").has(&format!("action=\"/party/{one}/edit\""));
        assert_eq!(b.get(&format!("/party/{two}/edit")).await.to(), format!("/party/{one}"));
        b.post(&format!("/party/{two}/comments"), &[("body", "على الرابط القديم")]).await;
        b.get(&format!("/party/{one}")).await.is(200).has("على الرابط القديم");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cust_1_keys_in_other_systems_stand_on_the_page() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut b = Browser::of(&company, "sara@example.com", "سارة", "admin").await;
        let one = known(&company, "مكتبة الغدير", "", "+966555000111").await;
        let two = known(&company, "مؤسسة النيل", "", "+966555000222").await;
        b.get(&format!("/party/{one}")).await.is(200).has("أرقامه في أنظمة أخرى");
        b.post(&format!("/party/{one}/keys"), &[("system", "ERP"), ("key", "4711")]).await.is(303);
        b.get(&format!("/party/{one}")).await.is(200).has("4711").has(">erp<");
        b.post(&format!("/party/{two}/keys"), &[("system", "erp"), ("key", "4711")]).await.is(422).has("لسجل آخر");
        b.post(&format!("/party/{two}/keys"), &[("system", "مالي"), ("key", "1")]).await.is(422).has("بحروف لاتينية");
        b.get(&format!("/party/{one}?tab=history")).await.is(200).has("رقمه في erp");
        b.post(&format!("/party/{one}/keys/remove"), &[("system", "erp"), ("key", "4711")]).await.is(303);
        b.get(&format!("/party/{one}")).await.is(200).lacks("<bdi class=\"external-key\">4711");
        let mut viewer = Browser::of(&company, "v@example.com", "مطلع", "viewer").await;
        viewer.post(&format!("/party/{one}/keys"), &[("system", "erp"), ("key", "1")]).await.is(403);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cust_1_many_pairs_are_merged_beside_the_page() {
    testdb::both(|url| async move {
        let (company, _folder) = company(&url).await;
        let mut b = Browser::of(&company, "sara@example.com", "سارة", "admin").await;
        known(&company, "عبدالرحمن خالد العتيبي", "", "+966504030778").await;
        known(&company, "", "Abdulrahman Al-Otaibi", "+966504030778").await;
        company.sweep("party").await.unwrap();
        let rule = [("score", "80"), ("clue", "phone")];
        b.post("/party/duplicates/bulk", &[("score", "50")]).await.is(422);
        b.post("/party/duplicates/bulk", &rule).await.is(303);
        b.get("/party/duplicates").await.is(200).has("يجري الدمج").has("أوقف الدمج").lacks("twins-table");
        assert!(engine::runner::run_due(&company, &[]).await.unwrap() >= 1);
        b.get("/party/duplicates").await.is(200).has("انتهى الدمج: دُمج زوج واحد").has("لا مكررات هنا");
        b.post("/party/duplicates/bulk", &rule).await.is(303);
        b.post("/party/duplicates/stop", &[]).await.is(303);
        b.get("/party/duplicates").await.is(200).has("أُوقف الدمج قبل أن يُدمج شيء");
    })
    .await;
}
