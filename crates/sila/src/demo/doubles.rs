//! Customers who were written down twice, as it happens at every counter: something to review.

use engine::{Company, Draft, Query};
use kernel::{Name, Outcome, Value};

/// Adds a second record of some customers, in the other script or without a middle name, and looks for duplicates once.
pub async fn make(company: &Company) -> Outcome<usize> {
    let system = company.system();
    let query = Query { sort: engine::Sort::parse("code"), limit: 200, ..Query::new("party") };
    let known = company.list(&system, &query).await?.records;
    let mut drafts = Vec::new();
    for (i, one) in known.iter().filter(|r| r.get("phone").text().is_some() && r.get("code").text().is_some()).step_by(16).take(12).enumerate() {
        let Value::Name(name) = one.get("name") else { continue };
        let code = one.get("code").text().unwrap_or_default();
        let short = |n: &str| {
            let words: Vec<&str> = n.split_whitespace().collect();
            match (words.first(), words.last()) {
                (Some(first), Some(last)) if words.len() > 2 => format!("{first} {last}"),
                _ => n.to_owned(),
            }
        };
        let second = match i % 3 {
            0 => Name::new("", name.latin.clone()),
            1 => Name::new(name.ar.replace('ة', "ه").replace('أ', "ا"), ""),
            _ => Name::new(short(&name.ar), short(&name.latin)),
        };
        let draft = Draft::new()
            .external("demo-double", code)
            .set("name", second)
            .set("kind", one.get("kind").clone())
            .set("stage", "prospect")
            .set("source", "walk_in")
            .set("phone", one.get("phone").clone())
            .set("owner", one.get("owner").clone());
        drafts.push(if i % 3 == 1 { draft.set("email", one.get("email").clone()) } else { draft.set("note", "سُجّل من المعرض") });
    }
    let made = drafts.len();
    let mut cx = company.write(&system).await?;
    cx.cause = "demo".into();
    cx.retold = true;
    cx.save_many("party", drafts).await?;
    cx.commit().await?;
    company.sweep("party").await?;
    Ok(made)
}
