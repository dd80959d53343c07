//! A process that is killed in the middle of its work leaves whole transactions only.

use std::process::{Command, Stdio};
use std::time::Duration;
use store::queue::{self, NewJob};
use store::{Db, Options, Sql};
use testdb::TestDb;

const ADDRESS: &str = "SILA_TEST_CRASH_DATABASE";

/// Run by the test below in a process of its own: for ever two numbers and a done job in each transaction.
#[tokio::test]
#[ignore = "only as the victim of killed_in_the_middle"]
async fn victim() {
    let Ok(url) = std::env::var(ADDRESS) else { return };
    let db = Db::open(&url, &Options::default()).await.unwrap();
    loop {
        let mut tx = db.write().await.unwrap();
        queue::enqueue(&mut tx, &NewJob::new("k", kernel::serde_json::json!({}))).await.unwrap();
        tx.commit().await.unwrap();
        let job = queue::claim(&db, &["k"], "victim", Duration::from_millis(1)).await.unwrap().unwrap();
        let mut tx = db.write().await.unwrap();
        store::counter::next(&mut tx, "one").await.unwrap();
        store::counter::next(&mut tx, "two").await.unwrap();
        queue::finish(&mut tx, &job, None).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn killed_in_the_middle() {
    for test in [TestDb::sqlite(), TestDb::postgres().await] {
        let mut done_before = 0;
        for _ in 0..3 {
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args(["crash::victim", "--exact", "--ignored"])
                .env(ADDRESS, &test.url)
                .stdout(Stdio::null())
                .spawn()
                .unwrap();
            tokio::time::sleep(Duration::from_millis(1_500)).await;
            child.kill().unwrap();
            child.wait().unwrap();
            let db = Db::open(&test.url, &Options::default()).await.unwrap();
            // What was claimed and not finished is done by somebody else, once.
            while queue::next_due(&mut db.read().await.unwrap()).await.unwrap().is_some() {
                let Some(job) = queue::claim(&db, &["k"], "heir", Duration::from_secs(60)).await.unwrap() else {
                    // The server has not noticed the death yet.
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    continue;
                };
                let mut tx = db.write().await.unwrap();
                store::counter::next(&mut tx, "one").await.unwrap();
                store::counter::next(&mut tx, "two").await.unwrap();
                queue::finish(&mut tx, &job, None).await.unwrap();
                tx.commit().await.unwrap();
            }
            let mut conn = db.read().await.unwrap();
            let mut number = async |text: &str| conn.int(&Sql::of(db.dialect(), text)).await.unwrap().unwrap();
            let one = number("SELECT value FROM sila_counter WHERE key = 'one'").await;
            let two = number("SELECT value FROM sila_counter WHERE key = 'two'").await;
            let done = number("SELECT COUNT(*) FROM sila_job WHERE state = 'done'").await;
            let all = number("SELECT COUNT(*) FROM sila_job").await;
            assert!(one == two && two == done && done == all, "{one} {two} {done} {all}");
            assert!(done > done_before);
            done_before = done;
            drop(conn);
            db.close().await;
        }
    }
}
