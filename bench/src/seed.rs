//! The company that is measured, written by the code that serves requests.

use crate::Done;
use crate::names::{CITIES, Dice, FIRST, LAST};
use engine::{Company, Draft};
use kernel::{Address, Money, Name};
use std::path::Path;
use std::time::Instant;
use uuid::Uuid;

/// Ids that somebody's requests ask for.
pub struct Made {
    pub parties: Vec<Uuid>,
    pub orders: Vec<Uuid>,
}

const BATCH: usize = 500;

/// Makes the company, or takes the one that is there; what the administrator and the seller may open.
pub async fn company(url: &str, dir: &Path, parties: usize) -> Done<(Made, Made)> {
    let db = store::Db::open(url, &store::Options::default()).await?;
    let (company, _) = Company::open(db, dir, vec![base::module(), commerce::module()]).await?;
    let system = company.system();
    let query = engine::Query { limit: 200, fields: vec!["created_at".into()], ..engine::Query::new("party") };
    if company.list(&system, &query).await?.records.is_empty() {
        fill(&company, parties).await?;
    }
    let mut made = Vec::new();
    for email in ["admin@example.com", "seller@example.com"] {
        let user = company.user_by_email(email).await?.ok_or("the company was made without its users")?;
        let actor = company.load_actor(user).await?.ok_or("the user is not active")?;
        let ids = async |object: &str| -> Done<Vec<Uuid>> {
            let q = engine::Query { object: object.into(), ..query.clone() };
            Ok(company.list(&actor, &q).await?.records.iter().map(|r| r.id).collect())
        };
        made.push(Made { parties: ids("party").await?, orders: ids("order").await? });
    }
    let seller = made.pop().ok_or("no seller")?;
    Ok((made.pop().ok_or("no administrator")?, seller))
}

async fn fill(company: &Company, parties: usize) -> Done {
    let system = company.system();
    let mut dice = Dice::new(2_026);
    let mut cx = company.write(&system).await?;
    let mut users = Vec::new();
    for (email, role) in [("admin@example.com", "admin"), ("seller@example.com", "seller")] {
        let draft = Draft::new().set("name", Name::new("", email)).set("email", email);
        let user = cx.save("user", draft).await?.into_record();
        cx.set_roles(user.id, &[role]).await?;
        users.push(user.id);
    }
    for i in 0..48 {
        let email = format!("colleague{i}@example.com");
        users.push(cx.save("user", Draft::new().set("name", Name::new("", &email)).set("email", email)).await?.into_record().id);
    }
    let product = cx
        .save("product", Draft::new().set("code", "B-1").set("name", Name::new("دفتر", "Notebook")).set("price", Money::new(1000, "SAR")))
        .await?
        .into_record()
        .id;
    cx.commit().await?;

    let started = Instant::now();
    let mut all = Vec::with_capacity(parties);
    for batch in 0..parties.div_ceil(BATCH) {
        let drafts = (0..BATCH).map(|i| person(&mut dice, &users, batch * BATCH + i)).collect();
        let mut cx = company.write(&system).await?;
        all.extend(cx.save_many("party", drafts).await?.iter().map(|s| s.record().id));
        cx.commit().await?;
    }
    report("parties", parties, started);

    let started = Instant::now();
    let orders = parties / 2;
    let mut number = 0;
    for _ in 0..orders.div_ceil(BATCH) {
        let mut cx = company.write(&system).await?;
        let mut drafts = Vec::with_capacity(BATCH);
        for _ in 0..BATCH {
            let owner = *dice.pick(&users);
            let day = 1_600_000_000 + dice.below(190_000_000) as i64;
            let at = jiff::Timestamp::from_second(day)?;
            let status = *dice.pick(&["draft", "placed", "shipped", "done", "done", "done"]);
            let draft = Draft::new().trusted().set("party", *dice.pick(&all)).set("ordered_at", at).set("status", status);
            number += 1;
            drafts.push(draft.set("number", format!("B{number:08}")).set("owner", owner));
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
    company.db().optimize().await?;
    Ok(())
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
