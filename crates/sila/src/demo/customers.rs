//! The customers of the file, with made-up identities, made before their orders arrive.

use super::names::{self, Dice, Identity};
use super::people::Staff;
use engine::{Company, Draft};
use kernel::{Fault, Outcome, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What the file says of a customer number.
#[derive(Default)]
struct Known {
    country: String,
    sales: BTreeSet<String>,
    /// `2011-12-09 …` of the last sale.
    last: String,
}

/// Makes the customers that are not there yet; how many there are.
pub async fn make(company: &Company, staff: &Staff) -> Outcome<usize> {
    let known = read(super::LINES)?;
    let mut names = BTreeSet::new();
    let drafts: Vec<Draft> = known
        .iter()
        .map(|(code, k)| {
            let mut who = names::identity(code, &k.country);
            if !names.insert(who.name.ar.clone()) {
                // Two shops of one name are told apart by their town.
                who.name.ar = format!("{} – {}", who.name.ar, who.address.city);
                who.name.latin = format!("{} {}", who.name.latin, k.country);
            }
            draft(code, k, who, staff)
        })
        .collect();
    for chunk in drafts.chunks(100) {
        let mut cx = company.write(&company.system()).await?;
        cx.cause = "demo".into();
        cx.retold = true;
        cx.save_many("party", chunk.to_vec()).await?;
        cx.commit().await?;
    }
    Ok(known.len())
}

fn draft(code: &str, known: &Known, who: Identity, staff: &Staff) -> Draft {
    let mut dice = Dice::of(&format!("more {code}"));
    let owner = staff.iter().find(|(p, _)| p.territory.contains(&known.country.as_str())).map(|(_, id)| *id);
    let tags: Vec<String> = match known.sales.len() {
        15.. => vec!["vip".into(), "wholesale".into()],
        5.. => vec!["wholesale".into()],
        _ => vec!["retail".into()],
    };
    let draft = super::profiles::profile(Draft::new(), code, who.person, known.sales.len())
        .external("demo", code)
        .set("code", code)
        .set("name", who.name)
        .set("kind", if who.person { "person" } else { "organisation" })
        .set("roles", Value::List(vec!["customer".into()]))
        .set("stage", stage(known))
        .set("email", who.email)
        .set("phone", who.phone)
        .set("address", who.address)
        .set("source", dice.pick(&["referral", "website", "exhibition", "campaign", "walk_in"]))
        .set("tags", Value::List(tags))
        .set("owner", owner);
    if who.person {
        let (year, month, day) = (1955 + dice.below(45), 1 + dice.below(12), 1 + dice.below(28));
        let birthday = jiff::civil::Date::new(year as i16, month as i8, day as i8).ok();
        return draft.set("birthday", birthday);
    }
    draft
}

/// Where a customer stands at the end of the data, December 2011.
fn stage(known: &Known) -> &'static str {
    match (known.sales.len(), known.last.as_str()) {
        (0, _) => "lost",
        (_, last) if last < "2010-12" => "dormant",
        (10.., _) => "loyal",
        _ => "customer",
    }
}

/// Customer numbers with what is said of them; lines without one are nobody's.
fn read(file: &[u8]) -> Outcome<BTreeMap<String, Known>> {
    let mut known: BTreeMap<String, Known> = BTreeMap::new();
    let mut lines = csv::Reader::from_reader(file);
    for line in lines.records() {
        let line = line.map_err(Fault::internal)?;
        let cell = |i: usize| line.get(i).unwrap_or_default();
        let (invoice, date, customer, country) = (cell(0), cell(4), cell(6), cell(7));
        let code = customer.trim_end_matches(".0");
        if code.is_empty() {
            continue;
        }
        let k = known.entry(code.to_owned()).or_default();
        // The country of the first line stands, as in an import.
        if k.country.is_empty() {
            k.country = country.to_owned();
        }
        if !invoice.starts_with('C') {
            k.sales.insert(invoice.to_owned());
            if k.last.as_str() < date {
                k.last = date.to_owned();
            }
        }
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_has_262_customers() {
        let known = read(super::super::LINES).unwrap();
        assert_eq!(known.len(), 262);
        assert_eq!(known.values().filter(|k| !k.sales.is_empty()).count(), 260);
        assert!(known.values().all(|k| !k.country.is_empty()));
    }
}
