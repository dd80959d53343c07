//! The company that is measured, written by the code that serves requests.

use crate::{Done, machine};
use crate::names::{CITIES, Dice, FIRST, LAST};
use engine::{Company, Draft};
use kernel::{Address, Money, Name};
use std::path::Path;
use std::time::Instant;
use uuid::Uuid;

/// How large the company is.
pub struct Size {
    pub parties: usize,
    pub orders: usize,
    /// Orders of the busiest party: as many entries on its time line.
    pub entries: usize,
}

/// Somebody who asks, and what he may open.
pub struct Reader {
    pub name: &'static str,
    pub email: &'static str,
    pub role: &'static str,
    pub parties: Vec<Uuid>,
    pub orders: Vec<Uuid>,
    /// All fifty people, whose calendars he looks into.
    pub colleagues: Vec<Uuid>,
    /// The party with the long time line, where he may open it; of its entries the seller sees only those of his own orders.
    pub busiest: Option<Uuid>,
}

const READERS: [(&str, &str, &str); 3] = [
    ("administrator", "admin@example.com", "admin"),
    ("seller, own rows", "seller@example.com", "seller"),
    ("seller, team of ten", "team@example.com", "seller"),
];
const COLLEAGUES: usize = 47;
/// Of the orders of the busiest party.
const OWN_OF_BUSIEST: usize = 30;
const BATCH: usize = 500;

/// Makes the company, or takes the one that is there; its readers with what they may open.
pub async fn company(url: &str, dir: &Path, size: &Size) -> Done<Vec<Reader>> {
    let db = store::Db::open(url, &patient()).await?;
    let (company, _) = Company::open(db, dir, modules()).await?;
    let system = company.system();
    let query = engine::Query { limit: 200, fields: vec!["created_at".into()], count: engine::Count::None, ..engine::Query::new("party") };
    if company.list(&system, &query).await?.records.is_empty() {
        let started = Instant::now();
        fill(&company, size).await?;
        println!("made the company in {:.0} s\n", started.elapsed().as_secs_f64());
    }
    let named = engine::Query::new("party").filter(kernel::Expr::parse("code == 'BUSIEST'")?);
    let busiest = company.list(&system, &named).await?.records.first().ok_or("no busiest party")?.id;
    let people = engine::Query { object: "user".into(), ..query.clone() };
    let colleagues: Vec<Uuid> = company.list(&system, &people).await?.records.iter().map(|r| r.id).collect();
    let mut readers = Vec::new();
    for (name, email, role) in READERS {
        let user = company.user_by_email(email).await?.ok_or("the company was made without its users")?;
        let actor = company.load_actor(user).await?.ok_or("the user is not active")?;
        let ids = async |object: &str| -> Done<Vec<Uuid>> {
            let q = engine::Query { object: object.into(), ..query.clone() };
            Ok(company.list(&actor, &q).await?.records.iter().map(|r| r.id).collect())
        };
        let (parties, orders) = (ids("party").await?, ids("order").await?);
        let busiest = company.get(&actor, "party", busiest).await.ok().map(|r| r.id);
        readers.push(Reader { name, email, role, parties, orders, busiest, colleagues: colleagues.clone() });
    }
    company.db().close().await;
    Ok(readers)
}

fn modules() -> Vec<engine::Module> {
    vec![base::module(), commerce::module(), activity::module()]
}

fn patient() -> store::Options {
    store::Options { statement_timeout: std::time::Duration::from_secs(3_600), ..store::Options::default() }
}

/// The same company in another, empty database.
pub async fn copy(from: &str, to: &str) -> Done {
    let options = patient();
    let (from, to) = (store::Db::open(from, &options).await?, store::Db::open(to, &options).await?);
    let started = Instant::now();
    match store::copy::move_all(&from, &to, |_| {}).await {
        Ok(copied) => {
            let seconds = started.elapsed().as_secs_f64();
            println!("copied {} rows in {seconds:.0} s: {:.0} a second\n", copied.rows(), copied.rows() as f64 / seconds);
        }
        // An earlier run has brought it here.
        Err(fault) if fault.issues.iter().any(|i| i.key == "database-not-empty") => {}
        Err(fault) => return Err(fault.into()),
    }
    from.close().await;
    to.close().await;
    Ok(())
}

/// Looks for duplicates among made-up customers and prints what it took.
pub async fn sweep(url: &str, dir: &Path, parties: usize) -> Done {
    let db = store::Db::open(url, &store::Options::default()).await?;
    let (company, _) = Company::open(db, dir, modules()).await?;
    let system = company.system();
    let mut dice = Dice::new(2_027);
    let started = Instant::now();
    for batch in 0..parties.div_ceil(BATCH) {
        let mut drafts: Vec<Draft> = (0..BATCH).map(|i| person(&mut dice, &[Uuid::nil()], batch * BATCH + i)).map(unowned).collect();
        for i in (24..BATCH).step_by(25) {
            if let Some(twin) = drafts.get(i - 20).cloned().map(in_latin)
                && let Some(place) = drafts.get_mut(i)
            {
                *place = twin;
            }
        }
        let mut cx = company.write(&system).await?;
        cx.save_many("party", drafts).await?;
        cx.commit().await?;
    }
    report("parties", parties, started);
    company.db().optimize().await?;
    let (started, cpu) = (Instant::now(), machine::cpu_ms(std::process::id()));
    let swept = company.sweep("party").await?;
    println!(
        "sweep of {} records: {:.1} s by the clock, {:.1} s of CPU, {} MiB of memory afterwards, {} pairs compared, {} same, {} maybe; {} were written twice",
        swept.records,
        started.elapsed().as_secs_f64(),
        (machine::cpu_ms(std::process::id()) - cpu) / 1e3,
        machine::memory(std::process::id()) / 1024,
        swept.compared,
        swept.same,
        swept.maybe,
        parties / 25
    );
    Ok(())
}

/// A customer nobody owns.
pub fn stranger(dice: &mut Dice, n: usize) -> Draft {
    unowned(person(dice, &[Uuid::nil()], n))
}

fn unowned(mut draft: Draft) -> Draft {
    draft.values.shift_remove("owner");
    draft
}

/// The same person as somebody else would write him down: in Latin letters, with the telephone, without the rest.
fn in_latin(mut draft: Draft) -> Draft {
    draft.values.retain(|key, _| matches!(key.as_str(), "name" | "phone" | "address"));
    if let Some(kernel::Value::Name(name)) = draft.values.get_mut("name") {
        name.ar.clear();
    }
    draft
}

async fn fill(company: &Company, size: &Size) -> Done {
    let system = company.system();
    let mut dice = Dice::new(2_026);
    let mut cx = company.write(&system).await?;
    let mut users = Vec::new();
    for (_, email, role) in READERS {
        let draft = Draft::new().set("name", Name::new("", email)).set("email", email);
        let user = cx.save("user", draft).await?.into_record();
        cx.set_roles(user.id, &[role]).await?;
        users.push(user.id);
    }
    for i in 0..COLLEAGUES {
        let email = format!("colleague{i}@example.com");
        users.push(cx.save("user", Draft::new().set("name", Name::new("", &email)).set("email", email)).await?.into_record().id);
    }
    let team = cx.save("team", Draft::new().set("name", Name::new("فريق الرياض", "Riyadh team"))).await?.into_record().id;
    cx.set_team(team, users.get(2..12).unwrap_or_default()).await?;
    let seller = *users.get(1).ok_or("no seller")?;
    let product = cx
        .save("product", Draft::new().set("code", "B-1").set("name", Name::new("دفتر", "Notebook")).set("price", Money::new(1000, "SAR")))
        .await?
        .into_record()
        .id;
    cx.commit().await?;

    // A large company is a small one ten times over, but for the busiest party.
    let times = if size.parties > 200_000 { 10 } else { 1 };
    let (parties, orders) = (size.parties / usize::from(times), size.orders / usize::from(times));
    let started = Instant::now();
    let mut all = Vec::with_capacity(parties);
    while all.len() < parties {
        let first = all.len();
        let drafts = (first..parties.min(first + BATCH)).map(|n| person(&mut dice, &users, n)).collect();
        let mut cx = company.write(&system).await?;
        all.extend(cx.save_many("party", drafts).await?.iter().map(|s| s.record().id));
        cx.commit().await?;
    }
    report("parties", parties, started);

    let started = Instant::now();
    let mut number = 0;
    while number < orders {
        let mut cx = company.write(&system).await?;
        let mut drafts = Vec::with_capacity(BATCH);
        for _ in number..orders.min(number + BATCH) {
            let owner = *dice.pick(&users);
            number += 1;
            drafts.push({
                let party = *dice.pick(&all);
                order(&mut dice, number, party, owner)?
            });
        }
        let saved = cx.save_many("order", drafts).await?;
        let lines = saved
            .iter()
            .map(|o| {
                let quantity = 1 + dice.below(20) as i64;
                let price = Money::new(100 + dice.below(50_000) as i64, "SAR");
                Draft::new().set("order", o.record().id).set("product", product).set("description", "دفتر").set("quantity", quantity).set("price", price)
            })
            .collect();
        cx.save_many("order_line", lines).await?;
        cx.commit().await?;
    }
    report("orders with a line each", orders, started);

    if times > 1 {
        let started = Instant::now();
        crate::grow::multiply(company.db(), times).await?;
        println!("copied them to {} parties and {} orders in {:.0} s", size.parties, size.orders, started.elapsed().as_secs_f64());
    }

    let started = Instant::now();
    let mut cx = company.write(&system).await?;
    let draft = person(&mut dice, &users, size.parties).set("code", "BUSIEST").set("owner", seller);
    let busiest = cx.save("party", draft).await?.into_record().id;
    cx.commit().await?;
    let strangers = users.get(12..).unwrap_or_default();
    let own = (size.entries / OWN_OF_BUSIEST).max(1);
    let mut made = 0;
    while made < size.entries {
        let mut cx = company.write(&system).await?;
        let mut drafts = Vec::with_capacity(BATCH);
        for _ in made..size.entries.min(made + BATCH) {
            let owner = if made % own == 0 { seller } else { *dice.pick(strangers) };
            made += 1;
            drafts.push(order(&mut dice, size.orders + made, busiest, owner)?);
        }
        cx.save_many("order", drafts).await?;
        cx.commit().await?;
    }
    report("orders of the busiest party", size.entries, started);
    calendars(company, &mut dice, &users).await?;
    company.db().optimize().await?;
    Ok(())
}

/// A year of fifty calendars: three appointments on each of two days in three, some of them with a colleague.
async fn calendars(company: &Company, dice: &mut Dice, users: &[Uuid]) -> Done {
    let (system, started, mut made) = (company.system(), Instant::now(), 0);
    let first = company.now() - jiff::SignedDuration::from_hours(24 * 330);
    for day in 0..360 {
        let mut drafts = Vec::new();
        for owner in users {
            if dice.below(3) == 0 {
                continue;
            }
            for hour in [6, 8, 11] {
                let at = jiff::Timestamp::from_second((first + jiff::SignedDuration::from_hours(24 * day)).as_second() / 86_400 * 86_400 + hour * 3_600)?;
                let draft = Draft::new().set("subject", "زيارة العميل").set("kind", *dice.pick(&["meeting", "visit", "call"])).set("owner", *owner);
                let draft = draft.set("at", at).set("ends", at + jiff::SignedDuration::from_mins(45));
                drafts.push(if dice.below(4) == 0 { draft.set("colleagues", kernel::Value::Ids(vec![*dice.pick(users)])) } else { draft });
            }
        }
        made += drafts.len();
        let mut cx = company.write(&system).await?;
        cx.cause = "demo".into();
        cx.retold = true;
        cx.save_many("activity", drafts).await?;
        cx.commit().await?;
    }
    report("appointments of fifty people", made, started);
    Ok(())
}

fn order(dice: &mut Dice, number: usize, party: Uuid, owner: Uuid) -> Done<Draft> {
    let day = 1_600_000_000 + dice.below(190_000_000) as i64;
    let at = jiff::Timestamp::from_second(day)?;
    let status = *dice.pick(&["draft", "placed", "shipped", "done", "done", "done"]);
    let draft = Draft::new().trusted().set("party", party).set("ordered_at", at).set("status", status);
    Ok(draft.set("number", format!("B{number:08}")).set("owner", owner))
}

fn report(what: &str, n: usize, started: Instant) {
    let seconds = started.elapsed().as_secs_f64();
    println!("wrote {n} {what} in {seconds:.1} s: {:.0} a second", n as f64 / seconds);
}

fn person(dice: &mut Dice, users: &[Uuid], n: usize) -> Draft {
    let ((ar, en), (ar2, en2)) = (*dice.pick(FIRST), *dice.pick(FIRST));
    let (last_ar, last_en) = *dice.pick(LAST);
    let (city, country) = *dice.pick(CITIES);
    let address = Address { city: city.into(), country: country.into(), ..Address::default() };
    Draft::new()
        .set("name", Name::new(format!("{ar} {ar2} {last_ar}"), format!("{en} {en2} {last_en}")))
        .set("code", format!("C{n:07}"))
        .set("email", format!("{}{n}@example.com", en.to_lowercase()))
        .set("phone", format!("+9665{:08}", (n * 7919) % 100_000_000))
        .set("address", address)
        .set("stage", *dice.pick(&["suspect", "prospect", "customer", "customer", "loyal", "dormant"]))
        .set("owner", *dice.pick(users))
}
