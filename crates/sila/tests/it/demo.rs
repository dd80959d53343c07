//! The demo company: the facts of its data, on both databases.

use engine::import::NewImport;
use engine::query::Count;
use engine::{Company, Query};
use insight::figures::Figures;
use insight::period::{Choice, Period};
use insight::rfm;
use kernel::expr::Expr;
use kernel::{Cell, ColumnType};
use sila::demo;
use store::{Db, Options};
use testdb::{TempFolder, TestDb};

async fn open(url: &str, dir: &std::path::Path) -> Company {
    let db = Db::open(url, &Options::default()).await.unwrap();
    Company::open(db, dir, sila::modules::all()).await.unwrap().0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn facts_on_sqlite_and_a_move_to_postgres() {
    let (db, dir) = (TestDb::sqlite(), TempFolder::new());
    let company = open(&db.url, dir.path()).await;
    demo::build(&company, dir.path()).await.unwrap();
    facts(&company).await;
    second_import_changes_nothing(&company).await;
    rows_of_a_seller(&company).await;
    whole(&company).await;

    let target = TestDb::postgres().await;
    let other = Db::open(&target.url, &Options::default()).await.unwrap();
    store::copy::move_all(company.db(), &other, |_| {}).await.unwrap();
    other.close().await;
    let moved = open(&target.url, dir.path()).await;
    facts(&moved).await;
    assert_eq!(listing(&company).await, listing(&moved).await);
    assert_eq!(hits(&company, "الحربي").await, hits(&moved, "الحربي").await);
    assert!(!hits(&company, "الحربي").await.is_empty());
    whole(&moved).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn facts_on_postgres() {
    let (db, dir) = (TestDb::postgres().await, TempFolder::new());
    let company = open(&db.url, dir.path()).await;
    demo::build(&company, dir.path()).await.unwrap();
    facts(&company).await;
    rows_of_a_seller(&company).await;
    whole(&company).await;
    // A finished company is recognised at once, and keeps its sign-in.
    let login = std::fs::read_to_string(dir.path().join(demo::LOGIN)).unwrap();
    demo::build(&company, dir.path()).await.unwrap();
    assert_eq!(login, std::fs::read_to_string(dir.path().join(demo::LOGIN)).unwrap());
    assert!(login.starts_with("email: admin@example.com\npassword: "));
}

async fn count(company: &Company, object: &str, filter: &str) -> i64 {
    let query = Query::new(object).filter(Expr::parse(filter).unwrap());
    company.count(&company.system(), &query, Count::Exact).await.unwrap().n
}

async fn sum(company: &Company, table: &str, column: &str, filter: &str) -> i64 {
    let mut conn = company.db().read().await.unwrap();
    let mut sql = conn.sql();
    sql.push("SELECT CAST(SUM(").ident(column).push(") AS BIGINT) FROM ").ident(table).push(" WHERE deleted_at IS NULL AND ").push(filter);
    conn.int(&sql).await.unwrap().unwrap_or_default()
}

async fn facts(company: &Company) {
    assert_eq!(count(company, "order_line", "true").await, 34_766);
    assert_eq!(count(company, "party", "!is_blank(code)").await, 262);
    assert_eq!(count(company, "order", "true").await, 1_742);
    assert_eq!(count(company, "order", "kind == \"return\"").await, 303);
    assert_eq!(count(company, "product", "true").await, 2_927);
    assert_eq!(sum(company, "order_line", "amount", "1 = 1").await, 123_169_907);
    // The same through the roll-ups: order by order, and what products brought.
    assert_eq!(sum(company, "order", "total", "1 = 1").await, 123_169_907);
    assert_eq!(sum(company, "product", "revenue", "1 = 1").await, 123_169_907);
    // Kept and marked, not dropped.
    assert_eq!(count(company, "order_line", "no_customer").await, 601);
    assert_eq!(count(company, "order_line", "order.party == null").await, 601);
    assert_eq!(count(company, "order_line", "kind != \"goods\"").await, 1_064);
    assert_eq!(count(company, "order_line", "quantity < 0").await, 761);

    let all = Period::new(
        Choice::All,
        jiff::civil::date(2009, 12, 1),
        jiff::civil::date(2011, 12, 9),
        &company.settings().locale(),
        &jiff::tz::TimeZone::get("Europe/London").unwrap(),
    );
    let system = company.system();
    let mut figures = Figures::open(company, &system).await.unwrap();
    let months = figures.trade(&all).await.unwrap();
    let total = months.iter().fold(insight::figures::Trade::default(), |a, b| a.plus(*b));
    assert_eq!((total.sales, total.returns, total.net()), (1_439, 303, 123_169_907));
    assert_eq!(months.len(), 25);
    let customers = figures.customers(&all).await.unwrap();
    assert_eq!(customers.iter().map(|c| c.new).sum::<i64>(), 260);
    assert_eq!(figures.buyers(&all).await.unwrap(), 260);

    // Reference values of the definition RFM-1 for this set.
    let money = figures.money_by_customer(&all).await.unwrap();
    let c = rfm::concentration(&money);
    assert_eq!((c.customers, c.eighty_count), (260, 44));
    assert_eq!(format!("{:.2} {:.2}", c.top_fifth * 100.0, c.eighty_share * 100.0), "82.49 16.92");
    let mut conn = company.db().read().await.unwrap();
    let mut sql = conn.sql();
    sql.push("SELECT rfm, COUNT(*), CAST(SUM(revenue) AS BIGINT) FROM party WHERE rfm IS NOT NULL GROUP BY rfm ORDER BY rfm");
    let cells = conn.rows(&sql, &[ColumnType::Text, ColumnType::Int, ColumnType::Int]).await.unwrap();
    assert_eq!(cells.len(), 74);
    assert_eq!(cells.first().unwrap()[..], [Cell::from("111"), Cell::Int(13), Cell::Int(258_741)]);
    assert_eq!(cells.last().unwrap()[..], [Cell::from("555"), Cell::Int(22), Cell::Int(76_225_557)]);
    drop(conn);
    let grid = figures.grid().await.unwrap();
    assert_eq!(grid.iter().map(|c| c.customers).sum::<i64>(), 260);
}

async fn second_import_changes_nothing(company: &Company) {
    let system = company.system();
    let before = (sum(company, "order", "rev", "1 = 1").await, sum(company, "party", "rev", "1 = 1").await);
    let new = NewImport { object: "order_line".into(), name: "again.csv".into(), bytes: demo::LINES.to_vec(), ..NewImport::default() };
    let staged = company.stage_import(&system, new).await.unwrap();
    company.map_import(&system, staged.id, demo::mapping().unwrap()).await.unwrap();
    let done = company.run_import(&system, staged.id).await.unwrap();
    let c = done.counts;
    assert_eq!((c.created, c.updated, c.unchanged, c.failed, c.also), (0, 0, 34_766, 0, 0));
    let after = (sum(company, "order", "rev", "1 = 1").await, sum(company, "party", "rev", "1 = 1").await);
    assert_eq!(before, after);
}

/// A seller's figures are sums over what his team owns; a viewer sees everything but no address.
async fn rows_of_a_seller(company: &Company) {
    let actor = async |email: &str| {
        let id = company.user_by_email(email).await.unwrap().unwrap();
        company.load_actor(id).await.unwrap().unwrap()
    };
    let nora = actor("nora@example.com").await;
    let team = "owner IN (SELECT id FROM \"user\" WHERE email IN ('nora@example.com', 'youssef@example.com'))";
    let expected = sum(company, "order", "total", team).await;
    assert!(expected > 0 && expected < 123_169_907);
    let zone = jiff::tz::TimeZone::get("Europe/London").unwrap();
    let (first, last) = (jiff::civil::date(2009, 12, 1), jiff::civil::date(2011, 12, 9));
    let all = Period::new(Choice::All, first, last, &nora.locale, &zone);
    let mut figures = Figures::open(company, &nora).await.unwrap();
    let seen: i64 = figures.trade(&all).await.unwrap().iter().map(|t| t.net()).sum();
    assert_eq!(seen, expected);
    let best = figures.products(&all, 5).await.unwrap();
    let everything = company.system();
    let mut whole = Figures::open(company, &everything).await.unwrap();
    let best_of_all = whole.products(&all, 5).await.unwrap();
    assert!(best[0].money < best_of_all[0].money, "{best:?} {best_of_all:?}");
    let lines = company.count(&nora, &Query::new("order_line"), Count::Exact).await.unwrap().n;
    assert_eq!(lines, count(company, "order_line", "order.owner.email in [\"nora@example.com\", \"youssef@example.com\"]").await);

    let viewer = actor("viewer@example.com").await;
    let page = company.list(&viewer, &Query::new("party").limit(3)).await.unwrap();
    for party in &page.records {
        assert!(party.get("email").text().unwrap().starts_with("••••"), "{:?}", party.get("email"));
    }
    assert!(company.list(&viewer, &Query::new("party").filter(Expr::parse("email == \"x@example.com\"").unwrap())).await.is_err());
}

/// Nothing for the doctor to find.
async fn whole(company: &Company) {
    for finding in sila::commands::doctor::examine(company, false).await.unwrap() {
        assert_eq!(finding.wrong, 0, "{}", finding.what);
    }
}

/// Names in the order of the list, for a reader of each language.
async fn listing(company: &Company) -> Vec<String> {
    let mut out = Vec::new();
    for sort in ["name", "-revenue", "-last_order_at"] {
        let page = company.list(&company.system(), &Query::new("party").sort(sort).limit(500)).await.unwrap();
        out.extend(page.records.iter().map(|r| r.get("code").text().unwrap_or_default().to_owned()));
    }
    out
}

async fn hits(company: &Company, words: &str) -> Vec<String> {
    let query = Query { search: Some(words.to_owned()), ..Query::new("party") };
    let page = company.list(&company.system(), &query).await.unwrap();
    page.records.iter().map(|r| r.get("code").text().unwrap_or_default().to_owned()).collect()
}
