use crate::both;
use kernel::serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;
use store::Db;
use store::queue::{self, NewJob, Progress, State};

const LEASE: Duration = Duration::from_secs(30);

async fn add(db: &Db, job: NewJob) -> uuid::Uuid {
    let mut tx = db.write().await.unwrap();
    let id = queue::enqueue(&mut tx, &job).await.unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn effect_and_acknowledgement_are_one() {
    both(|db| async move {
        let id = add(&db, NewJob::new("mail", json!({"to": "سالم"})).priority(3)).await;
        assert!(queue::claim(&db, &["other"], "a", LEASE).await.unwrap().is_none());
        let job = queue::claim(&db, &["other", "mail"], "a", LEASE).await.unwrap().unwrap();
        assert_eq!((job.id, job.state, job.attempts, job.priority), (id, State::Running, 1, 3));
        assert_eq!(job.payload, json!({"to": "سالم"}));
        assert!(queue::claim(&db, &["mail"], "b", LEASE).await.unwrap().is_none());

        // Killed before the commit: neither effect nor acknowledgement.
        let mut tx = db.write().await.unwrap();
        store::counter::next(&mut tx, "effect").await.unwrap();
        queue::finish(&mut tx, &job, None).await.unwrap();
        drop(tx);
        let mut conn = db.read().await.unwrap();
        assert_eq!(queue::get(&mut conn, id).await.unwrap().unwrap().state, State::Running);
        drop(conn);

        let mut tx = db.write().await.unwrap();
        assert_eq!(store::counter::next(&mut tx, "effect").await.unwrap(), 1);
        queue::finish(&mut tx, &job, Some("تم")).await.unwrap();
        tx.commit().await.unwrap();
        let mut conn = db.read().await.unwrap();
        let done = queue::get(&mut conn, id).await.unwrap().unwrap();
        assert_eq!((done.state, done.result.as_deref()), (State::Done, Some("تم")));
        drop(conn);
        // Once only.
        let mut tx = db.write().await.unwrap();
        assert!(queue::finish(&mut tx, &job, None).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_dead_holder_loses_its_job() {
    both(|db| async move {
        add(&db, NewJob::new("import", json!({})).max_attempts(2)).await;
        let first = queue::claim(&db, &["import"], "a", Duration::from_millis(1)).await.unwrap().unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
        let second = queue::claim(&db, &["import"], "b", LEASE).await.unwrap().unwrap();
        assert_eq!((second.id, second.attempts), (first.id, 2));
        // The first one comes back to life: it may neither go on nor finish.
        assert!(queue::heartbeat(&db, &first, LEASE, &Progress::default()).await.is_err());
        let mut tx = db.write().await.unwrap();
        assert!(queue::finish(&mut tx, &first, None).await.is_err());
        drop(tx);
        let progress = Progress { done: 5, total: Some(10), text: Some("نصف".into()) };
        assert!(!queue::heartbeat(&db, &second, Duration::from_millis(1), &progress).await.unwrap());
        tokio::time::sleep(Duration::from_millis(20)).await;
        // Died at its last attempt: buried, not tried for ever.
        assert!(queue::claim(&db, &["import"], "c", LEASE).await.unwrap().is_none());
        let mut conn = db.read().await.unwrap();
        let job = queue::get(&mut conn, first.id).await.unwrap().unwrap();
        assert_eq!((job.state, job.progress), (State::Dead, progress));
        drop(conn);
        let mut tx = db.write().await.unwrap();
        assert!(queue::retry(&mut tx, first.id).await.unwrap());
        tx.commit().await.unwrap();
        assert!(queue::claim(&db, &["import"], "c", LEASE).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn failures_wait_then_end() {
    both(|db| async move {
        let id = add(&db, NewJob::new("call", json!({})).max_attempts(2)).await;
        let job = queue::claim(&db, &["call"], "a", LEASE).await.unwrap().unwrap();
        assert_eq!(queue::fail(&db, &job, "no answer", false).await.unwrap(), State::Waiting);
        assert!(queue::claim(&db, &["call"], "a", LEASE).await.unwrap().is_none(), "it pauses");
        let mut conn = db.read().await.unwrap();
        let waiting = queue::get(&mut conn, id).await.unwrap().unwrap();
        assert_eq!(waiting.error.as_deref(), Some("no answer"));
        assert!(waiting.due_at.unwrap() > waiting.at + 3_000_000);
        assert_eq!(queue::next_due(&mut conn).await.unwrap(), waiting.due_at);
        drop(conn);
        let other = add(&db, NewJob::new("call", json!({}))).await;
        let job = queue::claim(&db, &["call"], "a", LEASE).await.unwrap().unwrap();
        assert_eq!(job.id, other);
        assert_eq!(queue::fail(&db, &job, "never", true).await.unwrap(), State::Dead);
        let mut conn = db.read().await.unwrap();
        assert_eq!(queue::list(&mut conn, Some("call"), Some(State::Dead), 10).await.unwrap().len(), 1);
        assert_eq!(queue::list(&mut conn, None, None, 10).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn keys_order_and_stop() {
    both(|db| async move {
        let one = add(&db, NewJob::new("sync", json!(1)).key("erp")).await;
        assert_eq!(add(&db, NewJob::new("sync", json!(2)).key("erp")).await, one);
        let urgent = add(&db, NewJob::new("sync", json!(3)).priority(5)).await;
        let later = add(&db, NewJob::new("sync", json!(4)).run_at(i64::MAX - 1)).await;
        let first = queue::claim(&db, &["sync"], "a", LEASE).await.unwrap().unwrap();
        assert_eq!(first.id, urgent);
        let second = queue::claim(&db, &["sync"], "a", LEASE).await.unwrap().unwrap();
        assert_eq!((second.id, second.payload.clone()), (one, json!(1)));
        // Still running: the key is taken. Done: it is free again.
        assert_eq!(add(&db, NewJob::new("sync", json!(5)).key("erp")).await, one);
        let mut tx = db.write().await.unwrap();
        assert!(queue::request_stop(&mut tx, one).await.unwrap());
        assert!(queue::request_stop(&mut tx, later).await.unwrap());
        assert!(!queue::request_stop(&mut tx, later).await.unwrap());
        tx.commit().await.unwrap();
        assert!(queue::heartbeat(&db, &second, LEASE, &Progress::default()).await.unwrap());
        let mut tx = db.write().await.unwrap();
        queue::stopped(&mut tx, &second, None).await.unwrap();
        tx.commit().await.unwrap();
        assert_ne!(add(&db, NewJob::new("sync", json!(6)).key("erp")).await, one);
        let mut tx = db.write().await.unwrap();
        assert_eq!(queue::purge(&mut tx, i64::MAX).await.unwrap(), 2);
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_job_is_claimed_twice() {
    both(|db| async move {
        let mut tx = db.write().await.unwrap();
        for i in 0..60 {
            queue::enqueue(&mut tx, &NewJob::new("k", json!(i))).await.unwrap();
        }
        tx.commit().await.unwrap();
        let claimers: Vec<_> = (0..6)
            .map(|n| {
                let db = db.clone();
                tokio::spawn(async move {
                    let mut got = Vec::new();
                    // SKIP LOCKED may come back empty-handed while others are just taking the rest.
                    let mut empty = 0;
                    while empty < 3 {
                        match queue::claim(&db, &["k"], &format!("n{n}"), LEASE).await.unwrap() {
                            Some(job) => got.push(job.id),
                            None => empty += 1,
                        }
                    }
                    got
                })
            })
            .collect();
        let mut all = Vec::new();
        for c in claimers {
            all.extend(c.await.unwrap());
        }
        assert_eq!(all.len(), 60);
        assert_eq!(all.into_iter().collect::<BTreeSet<_>>().len(), 60);
    })
    .await;
}
