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
