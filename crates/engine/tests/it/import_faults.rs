//! Imports under bad conditions: bad lines, lost rights, stops, crashes, size.

use crate::importing::{counts, run, sales, stage};
use crate::{fixture, shop};
use engine::import::{Mapping, NewImport, State};
use engine::runner::{Options, Runner};
use engine::{Company, Draft, Query};
use kernel::*;
use std::time::Duration;
use testdb::both;

fn people(n: usize) -> String {
    let mut out = String::from("name,email,phone,city\n");
    for i in 0..n {
        out.push_str(&format!("عميل رقم {i},c{i}@example.com,05{i:08},الرياض\n"));
    }
    out
}

fn mapping() -> Mapping {
    Mapping::new("party").column("name", "name").column("email", "email").column("phone", "phone").column("city", "address.city").match_on("email")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_bad_lines_fail() {
    both(|url| async move {
        let company = shop::open(&url).await;
        let admin = fixture::actor(&company, "admin", "admin").await;
        fixture::save(&company, &admin, "party", Draft::new().set("name", Name::new("قديم", "")).set("code", "C7")).await.unwrap();
        let mut file = String::from("name,code,email,since\n");
        for i in 0..40 {
            let (name, date) = match i {
                5 => ("", "2026-01-01"),
                11 => ("تاريخ", "31/31/2026"),
                _ => ("اسم", "2026-01-01"),
            };
            file.push_str(&format!("{name},C{i},e{i}@example.com,{date}\n"));
        }
        file.push_str("قصير,C90\nطويل,C91,e@example.com,2026-01-01,زيادة\n");
        let m = Mapping::new("party").column("name", "name").column("code", "code").column("email", "email").column("since", "since").match_on("email");
        let done = run(&company, &admin, m, file).await;
        // 5: no name; 7: code taken; 11: no date; two ragged ones.
        assert_eq!(counts(&done), (37, 0, 0, 5));
        let bad = company.import_bad_lines(&admin, done.id, 0, 10).await.unwrap();
        let told: Vec<_> = bad.iter().map(|b| (b.n, b.issues[0].key.as_str())).collect();
        assert_eq!(
            told,
            [(6, "value-required"), (8, "value-not-unique"), (12, "value-not-date"), (41, "import-ragged"), (42, "import-ragged")]
        );
        let file = String::from_utf8(company.import_error_file(&admin, done.id).await.unwrap()).unwrap();
        assert_eq!(file.trim_start_matches('\u{feff}').lines().count(), 6);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_mostly_wrong_gives_what_is_right() {
    both(|url| async move {
        let company = shop::open(&url).await;
        let admin = fixture::actor(&company, "admin", "admin").await;
        let mut file = String::from("name,code,email\n");
        let mut good = 0;
        for i in 0..1_200 {
            let name = if i % 3 == 0 { "" } else { "اسم" };
            // Each code comes twice, the second time in a line that is otherwise right.
            file.push_str(&format!("{name},K{},p{i}@example.com\n", i % 600));
            good += i64::from(i < 600 && i % 3 != 0);
        }
        let mapping = Mapping::new("party").column("name", "name").column("code", "code").column("email", "email").match_on("email");
        let began = std::time::Instant::now();
        let done = run(&company, &admin, mapping, file).await;
        assert_eq!(counts(&done), (good, 0, 0, 1_200 - good));
        let bad = company.import_bad_lines(&admin, done.id, 0, 2_000).await.unwrap();
        assert_eq!(bad.iter().filter(|b| b.issues[0].key == "value-required").count(), 400);
        assert_eq!(bad.iter().filter(|b| b.issues[0].key == "value-not-unique").count(), 400);
        println!("{:?}", began.elapsed());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_acts_with_the_rights_of_its_owner_at_that_moment() {
    both(|url| async move {
        let company = shop::open(&url).await;
        let admin = fixture::actor(&company, "admin", "admin").await;
        let reader = fixture::actor(&company, "reader", "reader").await;
        let new = || NewImport { object: "party".into(), name: "x".into(), bytes: people(3).into(), ..NewImport::default() };
        assert_eq!(company.stage_import(&reader, new()).await.unwrap_err().kind, FaultKind::Forbidden);
        let object = NewImport { object: "invoice".into(), ..new() };
        assert_eq!(company.stage_import(&reader, object).await.unwrap_err().kind, FaultKind::NotFound);

        // A seller may make his own customers only, and what is hidden from him is no target.
        let seller = fixture::actor(&company, "seller", "seller").await;
        assert!(company.import_targets(&seller, "party").unwrap().iter().all(|t| t.path != "credit"));
        let import = company.stage_import(&seller, new()).await.unwrap();
        let hidden = mapping().column("city", "credit");
        assert_eq!(company.map_import(&seller, import.id, hidden).await.unwrap_err().issues[0].key, "import-unknown-target");
        company.map_import(&seller, import.id, mapping()).await.unwrap();
        let done = company.run_import(&seller, import.id).await.unwrap();
        assert_eq!(counts(&done), (0, 0, 0, 3), "they would belong to nobody");
        let mut own = mapping();
        own.fields.push(engine::import::Assign { target: "owner".into(), value: Some(seller.id.to_string()), ..Default::default() });
        let done = run(&company, &seller, own.clone(), people(3)).await;
        assert_eq!(counts(&done), (3, 0, 0, 0), "{:?}", company.import_bad_lines(&seller, done.id, 0, 3).await.unwrap());
        assert_eq!(company.import(&reader, done.id).await.unwrap_err().kind, FaultKind::NotFound, "others' imports are not seen");

        // He loses the right between start and run.
        let import = stage(&company, &seller, "party", people(5)).await;
        company.map_import(&seller, import.id, own).await.unwrap();
        company.start_import(&seller, import.id).await.unwrap();
        let mut cx = company.write(&admin).await.unwrap();
        cx.set_roles(seller.id, &["reader"]).await.unwrap();
        cx.commit().await.unwrap();
        engine::runner::run_due(&company, &[]).await.unwrap();
        let failed = company.import(&admin, import.id).await.unwrap();
        assert_eq!((failed.state, failed.error.unwrap().key.as_str()), (State::Failed, "import-right-lost"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_stops_where_it_is_asked_and_goes_on_there() {
    both(|url| async move {
        let company = shop::open(&url).await;
        let admin = fixture::actor(&company, "admin", "admin").await;
        let import = stage(&company, &admin, "party", people(2_600)).await;
        company.map_import(&admin, import.id, mapping()).await.unwrap();
        company.start_import(&admin, import.id).await.unwrap();
        let runner = Runner::start(company.clone(), Vec::new(), Options::default());
        loop {
            let now = company.import(&admin, import.id).await.unwrap();
            if now.done() > 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        company.stop_import(&admin, import.id).await.unwrap();
        let stopped = loop {
            let now = company.import(&admin, import.id).await.unwrap();
            if now.state == State::Stopped {
                break now;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        assert!(stopped.done() >= 500 && stopped.done() < 2_600, "{}", stopped.done());
        assert_eq!(shop::number(&company, "SELECT COUNT(*) FROM party").await, stopped.done());
        company.start_import(&admin, import.id).await.unwrap();
        loop {
            let now = company.import(&admin, import.id).await.unwrap();
            if now.state == State::Done {
                assert_eq!(counts(&now), (2_600, 0, 0, 0));
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        runner.stop().await;
        assert_eq!(shop::number(&company, "SELECT COUNT(*) FROM party").await, 2_600);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_dropped_in_the_middle_loses_and_doubles_nothing() {
    both(|url| async move {
        let company = shop::open(&url).await;
        let admin = fixture::actor(&company, "admin", "admin").await;
        let import = stage(&company, &admin, "party", people(3_000)).await;
        company.map_import(&admin, import.id, mapping()).await.unwrap();
        for round in 0..8_u64 {
            let (c, a) = (company.clone(), admin.clone());
            let task = tokio::spawn(async move { c.run_import(&a, import.id).await });
            tokio::time::sleep(Duration::from_millis(40 + round * 37)).await;
            task.abort();
            let _ = task.await;
            let now = company.import(&admin, import.id).await.unwrap();
            assert_eq!(shop::number(&company, "SELECT COUNT(*) FROM party").await, now.counts.created, "records and progress agree");
        }
        let done = company.run_import(&admin, import.id).await.unwrap_or(company.import(&admin, import.id).await.unwrap());
        assert_eq!((done.state, counts(&done)), (State::Done, (3_000, 0, 0, 0)));
        assert_eq!(shop::number(&company, "SELECT COUNT(*) FROM party").await, 3_000);
        let audits = shop::number(&company, "SELECT COUNT(*) FROM sila_audit WHERE object = 'party' AND verb = 'created'").await;
        assert_eq!(audits, 3_000);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_whose_job_died_for_good_can_be_taken_up() {
    both(|url| async move {
        let company = shop::open(&url).await;
        let admin = fixture::actor(&company, "admin", "admin").await;
        let import = stage(&company, &admin, "party", people(700)).await;
        company.map_import(&admin, import.id, mapping()).await.unwrap();
        let job = company.start_import(&admin, import.id).await.unwrap();
        let kind = |f: Fault| f.issues[0].key.clone();
        assert_eq!(kind(company.start_import(&admin, import.id).await.unwrap_err()), "import-not-now");
        // What is left when the last attempt ends with its node: a running import, a dead job.
        let mut tx = company.db().write().await.unwrap();
        for sql in ["UPDATE sila_job SET state = 'dead', live_key = NULL, rank = NULL", "UPDATE sila_import SET state = 'running'"] {
            let sql = store::Sql::of(tx.dialect(), sql);
            tx.exec(&sql).await.unwrap();
        }
        tx.commit().await.unwrap();
        let again = company.start_import(&admin, import.id).await.unwrap();
        assert_ne!(again, job);
        engine::runner::run_due(&company, &[]).await.unwrap();
        let done = company.import(&admin, import.id).await.unwrap();
        assert_eq!((done.state, counts(&done)), (State::Done, (700, 0, 0, 0)));

        // A queued one that is stopped does not begin, and can be started again.
        let import = stage(&company, &admin, "party", people(5)).await;
        company.map_import(&admin, import.id, mapping()).await.unwrap();
        company.start_import(&admin, import.id).await.unwrap();
        company.stop_import(&admin, import.id).await.unwrap();
        engine::runner::run_due(&company, &[]).await.unwrap();
        assert_eq!(company.import(&admin, import.id).await.unwrap().state, State::Stopped);
        company.start_import(&admin, import.id).await.unwrap();
        engine::runner::run_due(&company, &[]).await.unwrap();
        assert_eq!(counts(&company.import(&admin, import.id).await.unwrap()), (0, 0, 5, 0));
    })
    .await;
}

const CHILD: &str = "SILA_TEST_IMPORT_CHILD";

/// Not a test by itself: the process that the next test kills.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "started by killed_with_signal_nine"]
async fn child() {
    let Ok(url) = std::env::var(CHILD) else { return };
    let company = shop::open(&url).await;
    let _runner = Runner::start(company, Vec::new(), Options { lease: Duration::from_secs(1), ..Options::default() });
    println!("running");
    std::future::pending::<()>().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_with_signal_nine() {
    both(|url| async move {
        let company = shop::open(&url).await;
        let admin = fixture::actor(&company, "admin", "admin").await;
        let import = stage(&company, &admin, "party", people(4_000)).await;
        company.map_import(&admin, import.id, mapping()).await.unwrap();
        let job = company.start_import(&admin, import.id).await.unwrap();
        let mut kills = 0;
        loop {
            let mut child = std::process::Command::new(std::env::current_exe().unwrap())
                .args(["import_faults::child", "--exact", "--ignored", "--nocapture"])
                .env(CHILD, &url)
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null())
                .spawn()
                .unwrap();
            let before = company.import(&admin, import.id).await.unwrap().done();
            // Let it do at least one batch, then kill it in the middle of whatever it does.
            let now = loop {
                tokio::time::sleep(Duration::from_millis(13)).await;
                let now = company.import(&admin, import.id).await.unwrap();
                if now.done() > before || now.state == State::Done {
                    break now;
                }
            };
            child.kill().unwrap();
            child.wait().unwrap();
            if now.state == State::Done {
                break;
            }
            kills += 1;
            let now = company.import(&admin, import.id).await.unwrap();
            assert_eq!(shop::number(&company, "SELECT COUNT(*) FROM party").await, now.counts.created);
            if kills == 3 {
                // Give the last one all the time it wants.
                let runner = Runner::start(company.clone(), Vec::new(), Options::default());
                while company.import(&admin, import.id).await.unwrap().state != State::Done {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                runner.stop().await;
                break;
            }
        }
        assert!(kills > 0, "it was killed at least once before its end");
        let done = company.import(&admin, import.id).await.unwrap();
        assert_eq!(counts(&done), (4_000, 0, 0, 0));
        assert_eq!(shop::number(&company, "SELECT COUNT(*) FROM party").await, 4_000);
        let mut conn = company.db().read().await.unwrap();
        let job = store::queue::get(&mut conn, job).await.unwrap().unwrap();
        assert_eq!(job.state, store::queue::State::Done);
        assert_eq!(job.attempts, kills + 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn oversize_and_nonsense_are_refused_with_nothing_stored() {
    both(|url| async move {
        let company = shop::open(&url).await;
        let admin = fixture::actor(&company, "admin", "admin").await;
        let new = |bytes: Vec<u8>, max| NewImport { object: "party".into(), bytes, max_bytes: max, ..NewImport::default() };
        let fault = company.stage_import(&admin, new(people(100).into(), 1_000)).await.unwrap_err();
        assert_eq!((fault.kind, fault.issues[0].key.as_str()), (FaultKind::TooLarge, "import-file-too-large"));
        let fault = company.stage_import(&admin, new(b"PK\x03\x04nonsense".to_vec(), 0)).await.unwrap_err();
        assert_eq!(fault.issues[0].key, "import-not-a-workbook");
        assert!(!fault.issues[0].text(text::Lang::Ar).contains("import-"));
        assert_eq!(shop::number(&company, "SELECT COUNT(*) FROM sila_import").await, 0);
        assert_eq!(shop::number(&company, "SELECT COUNT(*) FROM sila_import_row").await, 0);
    })
    .await;
}

/// The real file of the demo, as far as a debug build does it in reasonable time; the whole of it is a test of the shop's module.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_wholesalers_lines_add_up() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo/data/online_retail_ii.csv");
    let whole = std::fs::read_to_string(path).unwrap();
    let part: String = whole.lines().take(1_501).map(|l| format!("{l}\n")).collect();
    let mut sum = rust_decimal::Decimal::ZERO;
    for record in csv::Reader::from_reader(part.as_bytes()).records() {
        let record = record.unwrap();
        let n = |i: usize| record[i].parse::<rust_decimal::Decimal>().unwrap();
        sum += (n(3) * n(5)).round_dp(2);
    }
    let part = &part;
    both(|url| async move {
        let company = shop::open(&url).await;
        let admin = fixture::actor(&company, "admin", "admin").await;
        let done = run(&company, &admin, sales(), part.as_str()).await;
        assert_eq!(counts(&done), (1_500, 0, 0, 0), "{:?}", company.import_bad_lines(&admin, done.id, 0, 3).await.unwrap());
        let lines = shop::number(&company, "SELECT CAST(SUM(amount) AS BIGINT) FROM invoice_line").await;
        let totals = shop::number(&company, "SELECT CAST(SUM(total) AS BIGINT) FROM invoice").await;
        let minor = i64::try_from((sum * rust_decimal::Decimal::from(100)).normalize().mantissa()).unwrap();
        assert_eq!((lines, totals), (minor, minor));
        let before = shop::traces(&company).await;
        assert_eq!(counts(&run(&company, &admin, sales(), part.as_str()).await), (0, 0, 1_500, 0));
        assert_eq!(shop::traces(&company).await, before);
        let _ = company.list(&admin, &Query::new("invoice")).await.unwrap();
    })
    .await;
}

/// What this process has used of the processors so far; the PostgreSQL server is another one.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect::<Vec<_>>();
    let ticks = |i: usize| after.get(i).and_then(|t| t.parse::<f64>().ok()).unwrap_or_default();
    (ticks(11) + ticks(12)) / 100.0
}

/// Fifty thousand lines: `cargo test --release -p sila-engine -- --ignored fifty --nocapture` prints lines per second.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long in a debug build"]
async fn fifty_thousand_lines() {
    both(|url| async move {
        let company: Company = shop::open(&url).await;
        let admin = fixture::actor(&company, "admin", "admin").await;
        let began = std::time::Instant::now();
        let cpu = cpu_seconds();
        let import = stage(&company, &admin, "party", people(50_000)).await;
        let staged = began.elapsed();
        company.map_import(&admin, import.id, mapping()).await.unwrap();
        let done = company.run_import(&admin, import.id).await.unwrap();
        let took = began.elapsed();
        assert_eq!(counts(&done), (50_000, 0, 0, 0));
        let spent = cpu_seconds() - cpu;
        println!("staged in {staged:?}, all in {took:?}: {:.0} lines/s; {spent:.1} s of CPU: {:.0} lines/s of it", 50_000.0 / took.as_secs_f64(), 50_000.0 / spent);
        let began = std::time::Instant::now();
        let again = run(&company, &admin, mapping(), people(50_000)).await;
        assert_eq!(counts(&again), (0, 0, 50_000, 0));
        println!("again, unchanged: {:.0} lines/s", 50_000.0 / began.elapsed().as_secs_f64());
    })
    .await;
}
