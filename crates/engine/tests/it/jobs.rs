//! The runner: work is done, done once, given up for good, given back, taken over, stopped, and fired by the calendar.

use crate::shop;
use engine::runner::{Options, Runner, run_due};
use engine::{Company, Draft, JobCx, JobKind, Schedule};
use futures::future::BoxFuture;
use kernel::{Fault, Outcome};
use serde_json::json;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use store::queue::{self, NewJob, State};
use testdb::both;
use uuid::Uuid;

async fn enqueue(company: &Company, job: NewJob) -> Uuid {
    let mut tx = company.db().write().await.unwrap();
    let id = queue::enqueue(&mut tx, &job).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn state(company: &Company, id: Uuid) -> queue::Job {
    let mut conn = company.db().read().await.unwrap();
    queue::get(&mut conn, id).await.unwrap().unwrap()
}

async fn until(company: &Company, id: Uuid, wanted: State) -> queue::Job {
    for _ in 0..400 {
        let job = state(company, id).await;
        if job.state == wanted {
            return job;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("job is {:?}, not {wanted:?}", state(company, id).await);
}

/// Makes a product of the payload's code, and acknowledges itself with it.
fn make(cx: JobCx) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move {
        let code = cx.job.payload["code"].as_str().unwrap().to_owned();
        let mut write = cx.company.write(&cx.company.system()).await?;
        write.save("product", Draft::new().set("code", code.clone()).set("name", code)).await?;
        cx.result("made");
        cx.finish(&mut write).await?;
        write.commit().await
    })
}

fn kinds() -> Vec<JobKind> {
    vec![
        JobKind { key: "make", run: make },
        JobKind { key: "panic", run: |_| Box::pin(async { panic!("on purpose") }) },
        JobKind { key: "wrong", run: |_| Box::pin(async { Err(Fault::invalid("code", "value-required")) }) },
        JobKind {
            key: "long",
            run: |cx| {
                Box::pin(async move {
                    for n in 0..2_000 {
                        cx.progress(n, Some(2_000), None);
                        if cx.should_stop() {
                            cx.pause();
                            return Ok(());
                        }
                        tokio::time::sleep(Duration::from_millis(10)).await;
                    }
                    Ok(())
                })
            },
        },
        JobKind { key: "deaf", run: |_| Box::pin(async { std::future::pending().await }) },
    ]
}

fn quick() -> Options {
    Options { lease: Duration::from_millis(900), poll: Duration::from_millis(200), grace: Duration::from_millis(300), ..Options::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn queued_work_is_done_as_soon_as_it_is_committed() {
    both(|url| async move {
        let company = shop::with(&url, kinds(), Vec::new()).await;
        let options = Options { poll: Duration::from_secs(30), ..Options::default() };
        let runner = Runner::start(company.clone(), Vec::new(), options);
        tokio::time::sleep(Duration::from_millis(200)).await;
        // Nobody polls for half a minute: the notice of the commit must wake the runner.
        let id = enqueue(&company, NewJob::new("make", json!({"code": "A"}))).await;
        let job = until(&company, id, State::Done).await;
        assert_eq!(job.result.as_deref(), Some("made"));
        runner.stop().await;
        assert_eq!(shop::number(&company, "SELECT COUNT(*) FROM product").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_nodes_do_each_job_once() {
    both(|url| async move {
        let company = shop::with(&url, kinds(), Vec::new()).await;
        let runners: Vec<_> = (0..3).map(|_| Runner::start(company.clone(), Vec::new(), quick())).collect();
        let mut ids = Vec::new();
        for n in 0..40 {
            ids.push(enqueue(&company, NewJob::new("make", json!({"code": format!("P{n:02}")}))).await);
        }
        for id in ids {
            let job = until(&company, id, State::Done).await;
            assert_eq!(job.attempts, 1);
        }
        for r in runners {
            r.stop().await;
        }
        assert_eq!(shop::number(&company, "SELECT COUNT(*) FROM product").await, 40);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failures_are_tried_again_or_buried() {
    both(|url| async move {
        let company = shop::with(&url, kinds(), Vec::new()).await;
        let bad = enqueue(&company, NewJob::new("panic", json!({}))).await;
        let wrong = enqueue(&company, NewJob::new("wrong", json!({}))).await;
        let last = enqueue(&company, NewJob::new("panic", json!({})).max_attempts(1)).await;
        assert_eq!(run_due(&company, &[]).await.unwrap(), 3);
        let job = state(&company, bad).await;
        assert_eq!((job.state, job.attempts), (State::Waiting, 1), "a crash is tried again");
        assert!(job.error.unwrap().contains("on purpose"));
        assert!(job.due_at.unwrap() > company.now().as_microsecond(), "after a pause");
        assert_eq!(state(&company, wrong).await.state, State::Dead, "what is wrong stays wrong");
        assert_eq!(state(&company, last).await.state, State::Dead);
        let mut tx = company.db().write().await.unwrap();
        assert!(queue::retry(&mut tx, last).await.unwrap(), "a person may try again");
        tx.commit().await.unwrap();
        assert_eq!(run_due(&company, &[]).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopping_node_gives_back_and_a_dead_one_is_replaced() {
    both(|url| async move {
        let company = shop::with(&url, kinds(), Vec::new()).await;
        let id = enqueue(&company, NewJob::new("long", json!({}))).await;
        let deaf = enqueue(&company, NewJob::new("deaf", json!({}))).await;
        let runner = Runner::start(company.clone(), Vec::new(), quick());
        until(&company, id, State::Running).await;
        until(&company, deaf, State::Running).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        runner.stop().await;
        let job = state(&company, id).await;
        assert_eq!((job.state, job.attempts), (State::Waiting, 0), "given back as if never taken");
        assert_eq!(state(&company, deaf).await.state, State::Waiting, "also one that does not listen");

        // A node that dies says nothing; its lease runs out and another one takes the job.
        let runner = Runner::start(company.clone(), Vec::new(), quick());
        until(&company, id, State::Running).await;
        let held = state(&company, id).await.node;
        runner.abort();
        let other = Runner::start(company.clone(), Vec::new(), quick());
        for _ in 0..200 {
            let job = state(&company, id).await;
            if job.state == State::Running && job.node != held {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        let job = state(&company, id).await;
        assert_eq!(job.state, State::Running);
        assert_ne!(job.node, held);

        // And a person's wish to stop is heard.
        let mut tx = company.db().write().await.unwrap();
        assert!(queue::request_stop(&mut tx, id).await.unwrap());
        tx.commit().await.unwrap();
        until(&company, id, State::Stopped).await;
        other.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_acknowledgement_that_was_not_committed_does_not_count() {
    static RUNS: AtomicI64 = AtomicI64::new(0);
    both(|url| async move {
        RUNS.store(0, Ordering::SeqCst);
        let forgetful = JobKind {
            key: "forgetful",
            run: |cx| {
                Box::pin(async move {
                    RUNS.fetch_add(1, Ordering::SeqCst);
                    let mut write = cx.company.write(&cx.company.system()).await?;
                    write.save("product", Draft::new().set("code", "X").set("name", "X")).await?;
                    cx.finish(&mut write).await?;
                    write.rollback().await
                })
            },
        };
        let company = shop::with(&url, vec![forgetful], Vec::new()).await;
        let id = enqueue(&company, NewJob::new("forgetful", json!({}))).await;
        assert_eq!(run_due(&company, &[]).await.unwrap(), 1);
        assert_eq!(state(&company, id).await.state, State::Waiting);
        assert_eq!(shop::number(&company, "SELECT COUNT(*) FROM product").await, 0);
        assert_eq!(RUNS.load(Ordering::SeqCst), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_calendar_fires_once_for_all_nodes() {
    both(|url| async move {
        let schedules = || vec![Schedule { key: "nightly", cron: "0 6 * * *", job: "make" }];
        let company = shop::with(&url, kinds(), schedules()).await;
        let at = |t: &str| t.parse::<kernel::jiff::Timestamp>().unwrap();
        company.clock().set(at("2026-03-01T00:00:00Z"));
        engine::schedule::sync(&company).await.unwrap();
        assert_eq!(engine::schedule::fire(&company).await.unwrap(), 0);
        // 06:00 in Riyadh is 03:00 UTC; three days were missed.
        company.clock().set(at("2026-03-04T03:00:01Z"));
        let nodes: Vec<_> = (0..4).map(|_| engine::schedule::fire(&company)).collect();
        let fired: usize = futures::future::join_all(nodes).await.into_iter().map(|r| r.unwrap()).sum();
        let queued = shop::number(&company, "SELECT COUNT(DISTINCT kind) FROM sila_job").await;
        assert_eq!(i64::try_from(fired).unwrap(), queued, "the nightly one and the engine's own, each once");
        assert_eq!(shop::number(&company, "SELECT COUNT(*) FROM sila_job").await, queued);
        assert_eq!(shop::number(&company, "SELECT COUNT(*) FROM sila_job WHERE kind = 'make'").await, 1);
        let next = shop::number(&company, "SELECT next_at FROM sila_schedule WHERE key = 'nightly'").await;
        assert_eq!(next, at("2026-03-05T03:00:00Z").as_microsecond());
        assert_eq!(engine::schedule::fire(&company).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_needs_any_more_goes() {
    both(|url| async move {
        let company = shop::with(&url, kinds(), Vec::new()).await;
        let old = enqueue(&company, NewJob::new("make", json!({"code": "A"}))).await;
        let dead = enqueue(&company, NewJob::new("wrong", json!({}))).await;
        run_due(&company, &[]).await.unwrap();
        company.clock().set(company.now() + kernel::jiff::SignedDuration::from_hours(31 * 24));
        engine::schedule::tidy(&company).await.unwrap();
        let mut conn = company.db().read().await.unwrap();
        assert!(queue::get(&mut conn, old).await.unwrap().is_none());
        assert!(queue::get(&mut conn, dead).await.unwrap().is_some(), "a dead job waits for somebody to look at it");
    })
    .await;
}
