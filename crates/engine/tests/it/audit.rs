//! PLT-7: the audit cannot be changed, cut or added to unnoticed; reads are in it; values can be forgotten.

use super::fixture;
use engine::audit::anchor::Anchor;
use engine::audit::{Report, What};
use engine::{Actor, Company, Draft, Query};
use kernel::Name;
use store::Sql;
use uuid::Uuid;

/// Twelve changes and some reads, sealed.
async fn sealed(company: &Company, admin: &Actor) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for i in 0..6 {
        let party = fixture::party(company, admin, &format!("عميل {i}"), "Customer").await;
        fixture::save(company, admin, "party", Draft::of(party.id).set("phone", format!("+96650000000{i}"))).await.unwrap();
        ids.push(party.id);
    }
    assert!(company.seal_audit().await.unwrap() >= 12);
    assert_eq!(company.seal_audit().await.unwrap(), 0);
    ids
}

async fn exec(company: &Company, text: &str) {
    let mut tx = company.db().write().await.unwrap();
    let sql = Sql::of(tx.dialect(), text);
    assert!(tx.exec(&sql).await.unwrap() > 0, "{text} touched nothing");
    tx.commit().await.unwrap();
}

async fn check(company: &Company, anchors: &[Anchor]) -> Report {
    company.verify_audit(anchors).await.unwrap()
}

fn whats(report: &Report) -> Vec<(What, Option<i64>)> {
    report.findings.iter().map(|f| (f.what, f.seq)).collect()
}

async fn anchor(company: &Company) -> Anchor {
    let head = company.audit_head().await.unwrap().unwrap();
    Anchor { at: String::new(), seq: head.seq, hash: head.hash }
}

/// The n-th sealed row, as a condition on the audit.
fn nth(n: i64) -> String {
    format!("id = (SELECT row_id FROM sila_seal WHERE seq = {n})")
}

#[tokio::test]
async fn plt_7_a_changed_row_is_found_wherever_it_stands() {
    fixture::both(|company, admin| async move {
        sealed(&company, &admin).await;
        let head = anchor(&company).await;
        let clean = check(&company, std::slice::from_ref(&head)).await;
        assert!(clean.findings.is_empty() && clean.sealed == head.seq && clean.open == 0, "{clean:?}");
        for seq in [1, head.seq / 2, head.seq] {
            for change in ["verb = 'innocent'", "at = at + 1", "actor = NULL", "rev = rev + 1", "cause = 'x'"] {
                let column = change.split(' ').next().unwrap();
                exec(&company, "UPDATE sila_meta SET value = value").await;
                let keep = format!("UPDATE sila_audit SET request_id = '{column}' WHERE {}", nth(seq));
                exec(&company, &keep).await;
                assert_eq!(whats(&check(&company, &[]).await), [(What::Changed, Some(seq))], "{keep}");
                exec(&company, &format!("UPDATE sila_audit SET request_id = '' WHERE {}", nth(seq))).await;
            }
        }
        // Values, and the salt with which they are hashed.
        let seq = head.seq;
        for change in ["changes = '{\"phone\":[null,\"+966500000099\"]}'", "salt = 'abc'", "verb = 'x'", "rev = rev + 1", "actor = NULL"] {
            let column = change.split(' ').next().unwrap();
            exec(&company, &format!("UPDATE sila_audit SET cause = '' WHERE {}", nth(seq))).await;
            let mut conn = company.db().read().await.unwrap();
            let sql = Sql::of(conn.dialect(), &format!("SELECT COUNT(*) FROM sila_audit WHERE {column} IS NOT NULL AND {}", nth(seq)));
            assert_eq!(conn.int(&sql).await.unwrap(), Some(1), "{column}");
            drop(conn);
            let mut tx = company.db().write().await.unwrap();
            let sql = Sql::of(tx.dialect(), &format!("UPDATE sila_audit SET {change} WHERE {}", nth(seq)));
            tx.exec(&sql).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(whats(&check(&company, &[]).await), [(What::Changed, Some(seq))], "{change}");
        }
    })
    .await;
}

#[tokio::test]
async fn plt_7_a_removed_row_is_found_wherever_it_stood() {
    fixture::both(|company, admin| async move {
        sealed(&company, &admin).await;
        let head = anchor(&company).await;
        for (i, seq) in [1, head.seq / 2, head.seq].into_iter().enumerate() {
            exec(&company, &format!("DELETE FROM sila_audit WHERE {}", nth(seq))).await;
            let found = whats(&check(&company, &[]).await);
            assert_eq!(found.len(), i + 1);
            assert!(found.contains(&(What::Removed, Some(seq))), "{found:?}");
        }
        // With its seal: a gap in the chain, at the beginning too.
        for seq in [1, head.seq / 2] {
            exec(&company, &format!("DELETE FROM sila_seal WHERE seq = {seq}")).await;
            assert!(whats(&check(&company, &[]).await).contains(&(What::Removed, Some(seq))));
        }
        // The tail with its seals: nothing in the database tells, the head that was written down does.
        exec(&company, &format!("DELETE FROM sila_seal WHERE seq > {}", head.seq - 2)).await;
        let found = whats(&check(&company, std::slice::from_ref(&head)).await);
        assert!(found.contains(&(What::CutOff, Some(head.seq))), "{found:?}");
    })
    .await;
}

#[tokio::test]
async fn plt_7_an_inserted_row_is_found() {
    fixture::both(|company, admin| async move {
        let now = company.now();
        let later = |h: i64| now.checked_add(jiff::SignedDuration::from_hours(h)).unwrap();
        company.clock().set(now);
        sealed(&company, &admin).await;
        company.clock().set(later(5));
        sealed(&company, &admin).await;
        company.clock().set(later(10));
        sealed(&company, &admin).await;
        assert!(check(&company, &[]).await.findings.is_empty());
        let slip = |at: jiff::Timestamp| {
            let id = Uuid::now_v7().simple().to_string();
            let (a, b) = match company.db().dialect() {
                store::Dialect::Sqlite => (format!("x'{id}'"), "x'00000000000000000000000000000001'".to_owned()),
                store::Dialect::Postgres => (format!("'{id}'::uuid"), "'00000000-0000-0000-0000-000000000001'::uuid".to_owned()),
            };
            format!("INSERT INTO sila_audit (object, record_id, at, id, rev, verb) VALUES ('party', {b}, {}, {a}, 1, 'deleted')", at.as_microsecond())
        };
        // Before the first row, between others, and just now (which is a row like any other).
        exec(&company, &slip(later(-3))).await;
        exec(&company, &slip(later(3))).await;
        let report = check(&company, &[]).await;
        assert_eq!(whats(&report), [(What::Inserted, None), (What::Inserted, None)]);
        // The sealer does not make honest what comes hours late.
        company.clock().set(later(11));
        exec(&company, &slip(later(9))).await;
        sealed(&company, &admin).await;
        let found = check(&company, &[]).await;
        assert_eq!(found.findings.iter().filter(|f| f.what == What::Inserted).count(), 3, "{found:?}");
        // A seal of one's own making breaks the chain.
        let head = anchor(&company).await;
        exec(&company, &format!("UPDATE sila_seal SET commitment = hash WHERE seq = {}", head.seq - 1)).await;
        let found = whats(&check(&company, &[]).await);
        assert!(found.contains(&(What::Broken, Some(head.seq - 1))), "{found:?}");
    })
    .await;
}

#[tokio::test]
async fn plt_7_a_chain_made_anew_does_not_fit_the_head_that_was_written_down() {
    fixture::both(|company, admin| async move {
        sealed(&company, &admin).await;
        let head = anchor(&company).await;
        exec(&company, &format!("UPDATE sila_audit SET verb = 'innocent' WHERE {}", nth(3))).await;
        exec(&company, "DELETE FROM sila_seal").await;
        company.seal_audit().await.unwrap();
        // By itself the new chain is sound.
        assert!(check(&company, &[]).await.findings.is_empty());
        assert_eq!(whats(&check(&company, std::slice::from_ref(&head)).await), [(What::Rewritten, Some(head.seq))]);
    })
    .await;
}

#[tokio::test]
async fn plt_7_values_are_forgotten_and_the_chain_holds() {
    fixture::both(|company, admin| async move {
        let ids = sealed(&company, &admin).await;
        fixture::save(&company, &admin, "party", Draft::of(ids[0]).set("email", "huda@example.com").set("phone", "+966511111111")).await.unwrap();
        company.seal_audit().await.unwrap();
        let mut cx = company.write(&admin).await.unwrap();
        assert_eq!(cx.forget_audit("party", ids[0], Some(&["email"])).await.unwrap(), 1);
        cx.commit().await.unwrap();
        let text = |company: Company| async move {
            let mut conn = company.db().read().await.unwrap();
            let sql = Sql::of(conn.dialect(), "SELECT changes FROM sila_audit WHERE changes IS NOT NULL");
            let rows = conn.rows(&sql, &[kernel::ColumnType::Text]).await.unwrap();
            rows.iter().filter_map(|r| r[0].text().map(str::to_owned)).collect::<String>()
        };
        let left = text(company.clone()).await;
        assert!(!left.contains("huda@example.com") && left.contains("+966511111111"));
        company.seal_audit().await.unwrap();
        let report = check(&company, &[]).await;
        assert!(report.findings.is_empty() && report.forgotten == 1, "{report:?}");
        // All of it, twice: the second time there is nothing left.
        for rows in [2, 0] {
            let mut cx = company.write(&admin).await.unwrap();
            assert_eq!(cx.forget_audit("party", ids[0], None).await.unwrap(), rows);
            cx.commit().await.unwrap();
        }
        assert!(!text(company.clone()).await.contains("+966511111111"));
        company.seal_audit().await.unwrap();
        assert!(check(&company, &[]).await.findings.is_empty());
        // Without its line in the chain it is no forgetting but hiding; and what is left cannot be altered.
        exec(&company, "DELETE FROM sila_audit WHERE verb = 'forgotten'").await;
        let found = whats(&check(&company, &[]).await);
        assert!(found.iter().any(|(w, _)| *w == What::Hidden) && found.iter().any(|(w, _)| *w == What::Removed), "{found:?}");
    })
    .await;
}

#[tokio::test]
async fn plt_7_looking_at_personal_data_is_written_down_and_kept_for_its_time() {
    testdb::both(|url| async move {
        let db = store::Db::open(&url, &store::Options::default()).await.unwrap();
        let mut objects = fixture::objects();
        let email = objects[1].fields.iter_mut().find(|f| f.key == "email").unwrap();
        email.sensitivity = kernel::Sensitivity::Personal;
        let module = engine::Module { key: "base", objects, roles: fixture::roles(), ..Default::default() };
        let company = Company::open(db, &std::env::temp_dir(), vec![module]).await.unwrap().0;
        let admin = fixture::actor(&company, "admin", "admin").await;
        let seller = fixture::actor(&company, "huda", "seller").await;
        let name = Name::new("أحمد", "Ahmad");
        let with = fixture::save(&company, &seller, "party", Draft::new().set("name", name.clone()).set("email", "a@example.com").set("owner", seller.id)).await.unwrap();
        let without = fixture::party(&company, &seller, "شركة", "Company").await;
        for _ in 0..3 {
            company.get(&seller, "party", with.id).await.unwrap();
        }
        company.get(&seller, "party", without.id).await.unwrap();
        company.list(&seller, &Query { search: Some("احمد".into()), ..Query::new("party") }).await.unwrap();
        // Names alone are no reading of personal data.
        company.list(&seller, &Query { fields: vec!["name".into()], ..Query::new("party") }).await.unwrap();
        company.get(&company.system(), "party", with.id).await.unwrap();
        let filter = engine::audit::Filter { class: Some(engine::audit::chain::Class::Read), ..Default::default() };
        let log = company.audit_log(&admin, &filter, None, 50).await.unwrap();
        let told: Vec<_> = log.entries.iter().map(|e| (e.actor, e.verb.as_str(), e.record)).collect();
        assert_eq!(told, [(Some(seller.id), "listed", Uuid::nil()), (Some(seller.id), "opened", with.id)]);
        assert_eq!(log.entries[0].values["count"], 1);
        assert_eq!(log.entries[0].values["search"], "احمد");
        assert_eq!(company.audit_log(&seller, &filter, None, 50).await.unwrap_err().kind, kernel::FaultKind::Forbidden);
        assert_eq!(company.readers(&seller, "party", with.id, 10).await.unwrap().entries.len(), 1);

        // Kept for twelve months; then their rows go, their seals stay, and a line in the chain says so.
        company.seal_audit().await.unwrap();
        assert_eq!(company.retire_reads().await.unwrap(), 0);
        let year = company.now().checked_add(jiff::SignedDuration::from_hours(24 * 400)).unwrap();
        company.clock().set(year);
        company.get(&seller, "party", with.id).await.unwrap();
        assert_eq!(company.retire_reads().await.unwrap(), 2);
        company.seal_audit().await.unwrap();
        let report = check(&company, &[]).await;
        assert!(report.findings.is_empty() && report.retired == 2, "{report:?}");
        // Whoever takes a younger one as well is found out.
        exec(&company, "DELETE FROM sila_read").await;
        assert_eq!(check(&company, &[]).await.findings.iter().map(|f| f.what).collect::<Vec<_>>(), [What::Removed]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn plt_7_many_writers_and_sealers_make_one_chain() {
    fixture::both(|company, admin| async move {
        let mut tasks = tokio::task::JoinSet::new();
        for w in 0..4 {
            let (company, admin) = (company.clone(), admin.clone());
            tasks.spawn(async move {
                for i in 0..10 {
                    fixture::party(&company, &admin, &format!("{w} {i}"), "x").await;
                }
            });
        }
        for _ in 0..3 {
            let company = company.clone();
            tasks.spawn(async move {
                for _ in 0..6 {
                    // One that finds another at work tries again, as the runner does.
                    let _ = company.seal_audit().await;
                    tokio::time::sleep(std::time::Duration::from_millis(15)).await;
                }
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.unwrap();
        }
        company.seal_audit().await.unwrap();
        let report = check(&company, &[]).await;
        assert!(report.findings.is_empty() && report.open == 0 && report.sealed >= 40, "{report:?}");
    })
    .await;
}
