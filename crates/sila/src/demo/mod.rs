//! A company to look at: two years of a real wholesaler's trade, with customers whose identities are made up.
//!
//! Every step finds what an interrupted run left behind; a finished company is recognised at once.

mod calendar;
mod capture;
mod customers;
mod deals;
mod doubles;
mod names;
mod people;
mod profiles;
mod quotes;

use crate::commands::say;
use crate::place::Place;
use engine::import::{Mapping, NewImport, State};
use engine::views::{Config, View};
use engine::{Company, Draft, Settings};
use kernel::{Cell, ColumnType, Fault, FaultKind, Outcome, label};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Instant;
use uuid::Uuid;

/// Online Retail II, a part: D. Chen, UCI, doi 10.24432/C5CG6D, CC BY 4.0.
pub const LINES: &[u8] = include_bytes!("../../../../demo/data/online_retail_ii.csv");
/// How a line becomes a customer, a product, an order and an order line.
pub const MAP: &str = include_str!("../../../../demo/online_retail_ii.map.json");
/// Arabic names of the articles that are met most often.
const ARABIC: &str = include_str!("../../../../demo/data/product_names_ar.csv");
const NAME: &str = "online_retail_ii.csv";
/// Beside the database: address and sign-in.
pub const LOGIN: &str = "demo-login.txt";
/// In `sila_setting` of the company: `making`, then `made`.
const MARK: &str = "demo";

/// Makes the company in a folder, or finds it made; prints where it will be and how to sign in.
///
/// # Errors
/// Bad request: the folder holds another company; those of each step.
pub async fn make(place: &Place, listen: Option<SocketAddr>) -> Outcome<()> {
    let (config, company, _) = place.open().await?;
    crate::telemetry::logs(&config);
    build(&company, &place.data).await?;
    let file = place.data.join(LOGIN);
    let text = std::fs::read_to_string(&file).unwrap_or_default();
    let kept = text.lines().filter(|l| !l.starts_with("address: ")).collect::<Vec<_>>().join("\n");
    let text = format!("address: http://{}\n{kept}\n", listen.unwrap_or(config.listen));
    std::fs::write(&file, &text).map_err(|e| Fault::unavailable(format!("{}: {e}", file.display())))?;
    println!("{text}");
    company.db().close().await;
    Ok(())
}

/// Makes the company in an open database; `dir` receives the sign-in.
///
/// # Errors
/// As [`make`].
pub async fn build(company: &Company, dir: &Path) -> Outcome<()> {
    let mut conn = company.db().read().await?;
    let mark = engine::settings::get(&mut conn, "company", MARK).await?;
    drop(conn);
    match mark.as_deref() {
        Some("made") => {
            if !dir.join(LOGIN).is_file() {
                people::sign_in(company, dir).await?;
            }
            return Ok(());
        }
        Some(_) => {}
        None if company.has_users().await? => {
            let detail = say("في هذا المجلد شركة أخرى؛ اختر مجلدًا جديدًا.", "This folder holds another company; name a new one.");
            return Err(Fault { detail: detail.to_owned(), ..Fault::new(FaultKind::BadRequest) });
        }
        None => set_mark(company, "making").await?,
    }
    let began = Instant::now();
    settings(company).await?;
    let staff = people::make(company).await?;
    step(1, say("المستخدمون والفرق", "Users and teams"), staff.len());
    // Without a step of its own: done in a moment.
    capture::make(company, &staff).await?;
    let customers = customers::make(company, &staff).await?;
    step(2, say("العملاء", "Customers"), customers);
    let lines = import(company).await?;
    step(3, say("الطلبات والبنود والمنتجات", "Orders, lines, products"), usize::try_from(lines).unwrap_or_default());
    name_products(company).await?;
    let owned = hand_over(company).await?;
    step(4, say("إسناد الطلبات إلى مندوبيها", "Orders handed to their sellers"), owned);
    let ties = profiles::enrich(company, &staff).await?;
    // The data ends in December 2011: silence counts up to there.
    base::lifecycle::Rule { as_of: base::lifecycle::AsOf::LastOrder, ..Default::default() }.save(company, &company.system()).await?;
    let staged = base::lifecycle::renew(company).await?;
    step(5, say("العلاقات وفرق العملاء ومراحل العملاء", "Relationships, account teams, stages"), ties + staged);
    // Without a step of its own: done in a moment.
    calendar::make(company, &staff).await?;
    deals::make(company, &staff).await?;
    quotes::make(company).await?;
    let classed = insight::rfm::renew(company).await?;
    views(company).await?;
    doubles::make(company).await?;
    step(6, say("تصنيف العملاء", "Customers classed"), classed);
    company.db().optimize().await?;
    people::sign_in(company, dir).await?;
    set_mark(company, "made").await?;
    eprintln!("{} {:.1} s", say("الشركة التجريبية جاهزة:", "The demo company is ready:"), began.elapsed().as_secs_f64());
    Ok(())
}

fn step(n: usize, what: &str, count: usize) {
    eprintln!("[{n}/6] {what}: {count}");
}

async fn set_mark(company: &Company, value: &str) -> Outcome<()> {
    let mut cx = company.write(&company.system()).await?;
    engine::settings::put(&mut cx.tx, "company", MARK, value).await?;
    cx.commit().await
}

async fn settings(company: &Company) -> Outcome<()> {
    let settings = Settings {
        name: kernel::Name::new("بيت الهدايا للتجارة", "Gift House Trading"),
        currency: "GBP".into(),
        country: "GB".into(),
        zone: "Europe/London".into(),
        lang: "ar".into(),
        notice: label(
            "شركة تجريبية: عمليات الشراء حقيقية (Online Retail II، UCI)، أما الأسماء ووسائل التواصل والعناوين فمختلقة.",
            "Demonstration: the purchases are real (Online Retail II, UCI); names, contact details and addresses are made up.",
        ),
        ..Settings::clone(&company.settings())
    };
    company.save_settings(&company.system(), settings).await
}

/// The mapping that is also given to `sila import … --map`.
///
/// # Errors
/// Internal: the committed file does not fit the program.
pub fn mapping() -> Outcome<Mapping> {
    serde_json::from_str(MAP).map_err(|e| Fault::internal(format!("demo/online_retail_ii.map.json: {e}")))
}

/// Brings the lines in; goes on where an interrupted import stopped. Returns the lines that are there.
async fn import(company: &Company) -> Outcome<i64> {
    let system = company.system();
    let earlier = company.imports(&system, Some("order_line"), 20).await?.into_iter().find(|i| i.name == NAME);
    let import = match earlier {
        Some(i) if i.state == State::Done => return Ok(i.counts.created),
        Some(i) if i.state != State::Staging => i,
        other => {
            if let Some(half) = other {
                company.forget_import(&system, half.id).await?;
            }
            let new = NewImport { object: "order_line".into(), name: NAME.into(), bytes: LINES.to_vec(), ..NewImport::default() };
            let staged = company.stage_import(&system, new).await?;
            company.map_import(&system, staged.id, mapping()?).await?
        }
    };
    let done = crate::commands::exchange::run(company, &system, import.id).await?;
    if done.counts.failed > 0 || done.state != State::Done {
        let why = done.error.map(|i| crate::commands::show_issue(&i)).unwrap_or_default();
        return Err(Fault::internal(format!("{} of {} lines were refused {why}", done.counts.failed, done.total)));
    }
    Ok(done.counts.created)
}

/// Gives the best-selling articles their Arabic names; the names of the source stay beside them.
async fn name_products(company: &Company) -> Outcome<()> {
    let names: HashMap<&str, &str> = ARABIC.lines().skip(1).filter_map(|l| l.split_once(',')).collect();
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT id, code, name_lat FROM product WHERE deleted_at IS NULL AND (name IS NULL OR name = '') AND code IN ");
    sql.bind_list(names.keys().map(|code| Cell::from(*code)));
    let rows = conn.rows(&sql, &[ColumnType::Id, ColumnType::Text, ColumnType::Text]).await?;
    drop(conn);
    let draft = |row: &Vec<Cell>| {
        let (id, code, latin) = (row.first()?.id()?, row.get(1)?.text()?, row.get(2)?.text()?);
        Some(Draft::of(id).set("name", kernel::Name::new(*names.get(code)?, latin)))
    };
    let mut cx = company.write(&company.system()).await?;
    cx.cause = MARK.into();
    cx.retold = true;
    cx.save_many("product", rows.iter().filter_map(draft).collect()).await?;
    cx.commit().await
}

/// Lists a newcomer looks for first, shared by everybody.
async fn views(company: &Company) -> Outcome<()> {
    const VIEWS: [(&str, &str, &str, &str, &str); 5] = [
        ("party", "الأعلى شراءً", "Top buyers", "revenue > 0", "-revenue"),
        ("party", "معرّضون للفقد", "At risk", "segment == \"at_risk\"", "-revenue"),
        ("party", "كبار العملاء", "VIP customers", "has(tags, \"vip\")", "name"),
        ("order", "المرتجعات", "Returns", "kind == \"return\"", "-ordered_at"),
        ("order", "بلا عميل", "Without customer", "no_customer", "-ordered_at"),
    ];
    let system = company.system();
    for (i, (object, ar, en, filter, sort)) in VIEWS.into_iter().enumerate() {
        if company.views(&system, object).await?.iter().any(|v| v.name.en == en) {
            continue;
        }
        let config = Config { filter: filter.into(), sort: sort.into(), layout: "list".into(), ..Config::default() };
        let position = i64::try_from(i).unwrap_or_default();
        let view = View {
            id: Uuid::now_v7(),
            object: object.into(),
            owner: None,
            shared: true,
            name: label(ar, en),
            config,
            position,
            is_default: false,
        };
        company.save_view(&system, &view).await?;
    }
    Ok(())
}

/// An order belongs to the owner of its customer.
async fn hand_over(company: &Company) -> Outcome<usize> {
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT o.id, p.owner FROM \"order\" o JOIN party p ON p.id = o.party");
    sql.push(" WHERE o.deleted_at IS NULL AND o.owner IS NULL AND p.owner IS NOT NULL ORDER BY o.id");
    let rows = conn.rows(&sql, &[ColumnType::Id, ColumnType::Id]).await?;
    drop(conn);
    let pairs: Vec<(Uuid, Uuid)> =
        rows.iter().filter_map(|r| Some((r.first().and_then(Cell::id)?, r.get(1).and_then(Cell::id)?))).collect();
    for chunk in pairs.chunks(250) {
        let mut cx = company.write(&company.system()).await?;
        cx.cause = MARK.into();
        cx.retold = true;
        cx.save_many("order", chunk.iter().map(|(order, owner)| Draft::of(*order).set("owner", *owner)).collect()).await?;
        cx.commit().await?;
    }
    Ok(pairs.len())
}
