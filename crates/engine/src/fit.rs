//! JSON that came from outside, as values of fields.

use crate::{Actor, Company};
use indexmap::IndexMap;
use kernel::{Fault, Field, Issue, Mask, Object, Outcome, Value, parse};
use serde_json::{Map, Value as Json};

/// How bare numbers, national phone numbers and local times are read for this actor.
pub fn reading(company: &Company, actor: &Actor) -> parse::Ctx {
    let settings = company.settings();
    parse::Ctx {
        country: settings.country.clone(),
        currency: settings.currency.clone(),
        lang: actor.locale.lang,
        zone: kernel::jiff::tz::TimeZone::get(&actor.locale.tz).unwrap_or(kernel::jiff::tz::TimeZone::UTC),
    }
}

/// The values of a body. Fields the actor may not know of count as unknown.
///
/// # Errors
/// Invalid: every field that is unknown or does not fit.
pub fn values(company: &Company, actor: &Actor, object: &Object, body: &Map<String, Json>) -> Outcome<IndexMap<String, Value>> {
    let known = |f: &&Field| actor.mask(&object.key, &f.key) != Some(Mask::Hidden);
    let fields: Vec<&Field> = object.all_fields().filter(known).collect();
    fit(company, actor, &object.key, &fields, body)
}

/// The same for the declared input of an action.
///
/// # Errors
/// As [`values`].
pub fn input(company: &Company, actor: &Actor, action: &str, fields: &[Field], body: &Map<String, Json>) -> Outcome<IndexMap<String, Value>> {
    fit(company, actor, action, &fields.iter().collect::<Vec<_>>(), body)
}

fn fit(company: &Company, actor: &Actor, owner: &str, fields: &[&Field], body: &Map<String, Json>) -> Outcome<IndexMap<String, Value>> {
    let reading = reading(company, actor);
    let mut values = IndexMap::with_capacity(body.len());
    let mut issues = Vec::new();
    for (key, json) in body {
        let Some(f) = fields.iter().find(|f| f.key == *key) else {
            let near = nearest(key, fields.iter().filter(|f| f.writable()).map(|f| f.key.as_str())).unwrap_or("none");
            issues.push(Issue::new(key.clone(), "expr-unknown-field").arg("name", key).arg("object", owner).arg("suggestion", near));
            continue;
        };
        if f.system {
            issues.push(Issue::new(key.clone(), "value-read-only"));
            continue;
        }
        match parse::from_json(&f.kind, json, &reading) {
            Ok(value) => {
                values.insert(key.clone(), value);
            }
            Err(issue) => issues.push(Issue { field: key.clone(), ..issue }),
        }
    }
    Fault::check(issues)?;
    Ok(values)
}

/// The name most like `typed`, when it is like enough to be meant: at most a third of its letters differ.
pub fn nearest<'a>(typed: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let typed: Vec<char> = typed.chars().take(64).collect();
    let most = (typed.len() / 3).max(1);
    names.map(|n| (distance(&typed, n), n)).filter(|(d, _)| *d <= most).min_by_key(|(d, _)| *d).map(|(_, n)| n)
}

/// Letters to insert, remove, replace or swap with their neighbour.
fn distance(a: &[char], b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    let at = |rows: &[Vec<usize>], i: usize, j: usize| rows.get(i).and_then(|r| r.get(j)).copied().unwrap_or(usize::MAX / 2);
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut best = (at(&rows, i, j) + usize::from(x != y)).min(at(&rows, i, j + 1) + 1);
            best = best.min(row.last().copied().unwrap_or(0) + 1);
            if i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x) {
                best = best.min(at(&rows, i - 1, j - 1) + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    at(&rows, a.len(), b.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggestions() {
        let names = ["name", "email", "city", "ordered_at"];
        let near = |t: &str| nearest(t, names.into_iter());
        assert_eq!(near("nmae"), Some("name"));
        assert_eq!(near("e_mail"), Some("email"));
        assert_eq!(near("orderd_at"), Some("ordered_at"));
        assert_eq!(near("telephone"), None);
    }
}
