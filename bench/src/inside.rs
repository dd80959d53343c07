//! The same questions without HTTP and JSON: what engine and database spend, for finding where time goes.

use crate::seed::Reader;
use crate::{Done, machine};
use engine::{Company, Count, Query};
use kernel::Expr;
use std::path::Path;

/// CPU ms per call of this process (on PostgreSQL without the database's).
pub async fn run(url: &str, dir: &Path, readers: &[Reader], calls: usize, only: &str) -> Done {
    let db = store::Db::open(url, &store::Options::default()).await?;
    let (company, _) = Company::open(db, dir, vec![base::module(), commerce::module()]).await?;
    let pid = std::process::id();
    println!("| inside | who | CPU ms |\n|---|---|---|");
    for name in ["list", "fields", "count", "orders by total", "newest orders", "search", "open", "time line", "busiest", "create"] {
        if !name.contains(only) {
            continue;
        }
        for reader in readers.iter().filter(|r| name != "busiest" || r.busiest.is_some()) {
            let user = company.user_by_email(reader.email).await?.ok_or("no such user")?;
            let mut before = 0.0;
            for n in 0..calls + 5 {
                if n == 5 {
                    before = machine::cpu_ms(pid);
                }
                let actor = company.load_actor(user).await?.ok_or("not active")?;
                let stage = ["customer", "loyal", "dormant"].get(n % 3).copied().unwrap_or("loyal");
                let filtered = Query::new("party").filter(Expr::path("stage").eq(Expr::lit(stage))).sort("name").limit(50);
                let party = reader.parties.get(n % reader.parties.len().max(1)).copied().unwrap_or_default();
                match name {
                    "list" => drop(company.list(&actor, &filtered).await?),
                    "fields" => {
                        let fields = ["name", "code", "stage", "email", "owner"].map(String::from).to_vec();
                        drop(company.list(&actor, &Query { fields, ..filtered }).await?);
                    }
                    "count" => drop(company.count(&actor, &filtered, Count::Estimate).await?),
                    "orders by total" => drop(company.list(&actor, &Query { count: Count::None, ..Query::new("order").sort("-total").limit(50) }).await?),
                    "newest orders" => drop(company.list(&actor, &Query::new("order").limit(50)).await?),
                    "search" => drop(company.search(&actor, "محمد العتيبي", Some("party"), 20).await?),
                    "open" => drop(company.get(&actor, "party", party).await?),
                    "time line" => drop(company.timeline(&actor, "party", party, &[], None, 50).await?),
                    "busiest" => drop(company.timeline(&actor, "party", reader.busiest.unwrap_or_default(), &[], None, 50).await?),
                    _ => {
                        let mut cx = company.write(&actor).await?;
                        let draft = engine::Draft::new().set("name", kernel::Name::new("عميل جديد", "New Customer")).set("phone", "+966501112222");
                        cx.save("party", draft).await?;
                        cx.commit().await?;
                    }
                }
            }
            println!("| {name} | {} | {:.2} |", reader.name, (machine::cpu_ms(pid) - before) / calls as f64);
        }
    }
    company.db().close().await;
    Ok(())
}
