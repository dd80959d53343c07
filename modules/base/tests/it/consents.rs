//! The ledger of consents on both databases.
use sila_base::consent::{self, Decision};
use engine::{Company, Draft, Query};
use kernel::{Name, Value, expr::Expr};
use uuid::Uuid;

async fn company(url: &str) -> Company {
    let db = store::Db::open(url, &store::Options::default()).await.unwrap();
    let company = Company::open(db, testdb::TempFolder::new().path(), vec![sila_base::module()]).await.unwrap().0;
    company.clock().set("2026-03-01T09:00:00Z".parse().unwrap());
    company
}

async fn party(company: &Company, ar: &str) -> Uuid {
    let mut cx = company.write(&company.system()).await.unwrap();
    let id = cx.save("party", Draft::new().set("name", Name::new(ar, ""))).await.unwrap().record().id;
    cx.commit().await.unwrap();
    id
}

async fn purpose(company: &Company, code: &str) -> Uuid {
    let q = Query::new("purpose").filter(Expr::parse(&format!("code == \"{code}\"")).unwrap());
    company.list(&company.system(), &q).await.unwrap().records[0].id
}

async fn decide(company: &Company, party: Uuid, purpose: Uuid, channel: &str, state: &str) -> bool {
    let mut cx = company.write(&company.system()).await.unwrap();
    let d = Decision { party, purpose, channel: channel.into(), state: state.into(), source: "form".into(), ..Decision::default() };
    let done = consent::record(&mut cx, d).await.unwrap();
    cx.commit().await.unwrap();
    done
}

async fn may(company: &Company, party: Uuid, channel: &str, purpose: &str) -> bool {
    let mut conn = company.db().read().await.unwrap();
    let asked = consent::may_contact(&mut conn, company.now(), party, channel, purpose).await.unwrap();
    // The filter of lists says the same.
    let filter = Expr::parse(&format!("may_contact(\"{channel}\", \"{purpose}\")")).unwrap();
    let found = company.list(&company.system(), &Query::new("party").filter(filter)).await.unwrap();
    assert_eq!(found.records.iter().any(|r| r.id == party), asked, "{channel} {purpose}");
    asked
}

/// CUST-7: consent per purpose and channel; the last fact decides; nothing on record means no.
#[tokio::test]
async fn cust_7_facts_decide_what_is_allowed_now() {
    testdb::both(|url| async move {
        let company = company(&url).await;
        let (huda, omar) = (party(&company, "هدى").await, party(&company, "عمر").await);
        let newsletter = purpose(&company, "newsletter").await;
        assert!(!may(&company, huda, "email", "newsletter").await);
        assert!(decide(&company, huda, newsletter, "email", "given").await);
        assert!(!decide(&company, huda, newsletter, "email", "given").await, "the same decision is one fact");
        assert!(may(&company, huda, "email", "newsletter").await);
        assert!(!may(&company, huda, "whatsapp", "newsletter").await);
        assert!(!may(&company, huda, "email", "offers").await);
        assert!(!may(&company, omar, "email", "newsletter").await);
        company.clock().set("2026-03-02T09:00:00Z".parse().unwrap());
        decide(&company, huda, newsletter, "email", "withdrawn").await;
        assert!(!may(&company, huda, "email", "newsletter").await);
        let facts = company.list(&company.system(), &Query::new("consent")).await.unwrap();
        assert_eq!(facts.records.len(), 2, "both facts stay");
        company.db().close().await;
    })
    .await;
}

/// CUST-7: a fact is neither changed nor removed, not even by the system; an earlier fact that comes in later does not win.
#[tokio::test]
async fn cust_7_facts_stay_and_the_latest_wins() {
    testdb::both(|url| async move {
        let company = company(&url).await;
        let huda = party(&company, "هدى").await;
        let offers = purpose(&company, "offers").await;
        decide(&company, huda, offers, "sms", "withdrawn").await;
        let mut cx = company.write(&company.system()).await.unwrap();
        let old: kernel::jiff::Timestamp = "2025-01-01T00:00:00Z".parse().unwrap();
        let late = Draft::new().set("party", huda).set("purpose", offers).set("channel", "sms").set("at", old).set("source", "import");
        let fact = cx.save("consent", late).await.unwrap().record().clone();
        assert_eq!(fact.get("state"), &Value::from("given"));
        cx.commit().await.unwrap();
        assert!(!may(&company, huda, "sms", "offers").await, "an imported older consent does not undo the withdrawal");

        let mut cx = company.write(&company.system()).await.unwrap();
        let fault = cx.save("consent", Draft::of(fact.id).set("state", "refused")).await.unwrap_err();
        assert_eq!(fault.issues[0].key, "value-locked");
        drop(cx);
        let mut cx = company.write(&company.system()).await.unwrap();
        assert_eq!(cx.delete("consent", fact.id, None).await.unwrap_err().issues[0].key, "base-consent-stays");
        drop(cx);
        // With the party it goes, as everything that is part of it.
        let mut cx = company.write(&company.system()).await.unwrap();
        cx.delete("party", huda, None).await.unwrap();
        cx.commit().await.unwrap();
        company.db().close().await;
    })
    .await;
}

/// CUST-7: a consent that lasts some months ends by itself, at once for whoever asks and with a fact at night.
#[tokio::test]
async fn cust_7_consents_end() {
    testdb::both(|url| async move {
        let company = company(&url).await;
        let huda = party(&company, "هدى").await;
        let survey = purpose(&company, "survey").await;
        let mut cx = company.write(&company.system()).await.unwrap();
        cx.save("purpose", Draft::of(survey).set("months", 6)).await.unwrap();
        cx.commit().await.unwrap();
        decide(&company, huda, survey, "phone", "given").await;
        assert!(may(&company, huda, "phone", "survey").await);
        company.clock().set("2026-09-01T09:00:00Z".parse().unwrap());
        assert!(!may(&company, huda, "phone", "survey").await);
        assert_eq!(consent::expire(&company).await.unwrap(), 1);
        assert_eq!(consent::expire(&company).await.unwrap(), 0);
        let facts = company.list(&company.system(), &Query::new("consent").sort("-at")).await.unwrap();
        assert_eq!(facts.records[0].get("state"), &Value::from("expired"));
        company.db().close().await;
    })
    .await;
}
