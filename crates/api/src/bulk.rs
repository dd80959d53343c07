//! Many records at once, each known by its key in another system: the way an ERP keeps Sila up to date.

use crate::json;
use crate::once::{Reply, once};
use crate::params::{self, Params, Payload};
use crate::problem::{self, Answer};
use crate::request::Ctx;
use axum::extract::Path;
use engine::{Cx, Draft, Saved};
use indexmap::IndexMap;
use kernel::{Fault, FaultKind, Issue, Outcome, Value, Verb};
use serde_json::{Map, Value as Json, json};
use std::collections::HashSet;
use text::locale::Lang;

/// The most records of one request.
pub const MOST: usize = 1_000;

/// One record of the request, or what is wrong with it already.
#[derive(Clone)]
struct Item {
    key: String,
    values: Outcome<IndexMap<String, Value>>,
}

/// `POST /{object}/bulk`: `{"system","mode","records":[{"key","values"}]}`
pub(crate) async fn upsert(ctx: Ctx, Path(object): Path<String>, query: Params, payload: Payload) -> Answer {
    query.only(&[])?;
    let registry = ctx.company.registry();
    let declared = registry.object(&object)?.clone();
    let may = |verb: &Verb| ctx.actor.may(&declared, verb);
    if !may(&Verb::Create) && !may(&Verb::Update) {
        ctx.actor.rule(&declared, &Verb::Create)?;
    }
    let mut body = payload.object()?;
    let system: String = params::take(&mut body, "system")?.unwrap_or_default();
    let mode: String = params::take(&mut body, "mode")?.unwrap_or_else(|| "all_or_nothing".into());
    let records: Vec<Map<String, Json>> = params::take(&mut body, "records")?.unwrap_or_default();
    params::done(&body, &["system", "mode", "records"])?;
    let mut issues = Vec::new();
    if !kernel::registry::valid_key(&system) {
        issues.push(Issue::new("system", "api-bad-system"));
    }
    if !matches!(mode.as_str(), "all_or_nothing" | "each") {
        issues.push(Issue::new("mode", "api-bad-mode"));
    }
    if records.is_empty() {
        issues.push(Issue::new("records", "value-required"));
    }
    if records.len() > MOST {
        issues.push(Issue::new("records", "value-too-many").arg("max", MOST));
    }
    Fault::check(issues)?;

    let mut seen = HashSet::new();
    let items: Vec<Item> = records.into_iter().map(|r| item(&ctx, &declared, r, &mut seen)).collect();
    let each = mode == "each";
    if !each {
        Fault::check(items.iter().enumerate().flat_map(|(i, item)| placed(i, item.values.as_ref().err())).collect())?;
    }
    let lang = ctx.lang;
    once(&ctx, &payload, |cx| {
        let (declared, system, items) = (declared.clone(), system.clone(), items.clone());
        Box::pin(async move {
            let outcomes = if each { one_by_one(cx, &declared.key, &system, items).await? } else { together(cx, &declared.key, &system, items).await? };
            Ok(Reply::new(200, summary(&outcomes, lang)))
        })
    })
    .await
}

fn item(ctx: &Ctx, object: &kernel::Object, mut record: Map<String, Json>, seen: &mut HashSet<String>) -> Item {
    let mut read = || -> Outcome<(String, IndexMap<String, Value>)> {
        let key: String = params::take(&mut record, "key")?.unwrap_or_default();
        let values: Map<String, Json> = params::take(&mut record, "values")?.unwrap_or_default();
        params::done(&record, &["key", "values"])?;
        if key.trim().is_empty() {
            return Err(Fault::invalid("key", "value-required"));
        }
        if key.chars().count() > 200 {
            return Err(Fault::issue(Issue::new("key", "value-too-long").arg("max", 200).arg("length", key.chars().count())));
        }
        if !seen.insert(key.clone()) {
            return Err(Fault::issue(Issue::new("key", "api-key-twice").arg("name", key)));
        }
        let values = json::values(ctx, object, &values)?;
        Ok((key, values))
    };
    match read() {
        Ok((key, values)) => Item { key, values: Ok(values) },
        Err(fault) => Item { key: String::new(), values: Err(fault) },
    }
}

/// `records[3].city`
fn placed(i: usize, fault: Option<&Fault>) -> Vec<Issue> {
    let Some(fault) = fault else { return Vec::new() };
    if fault.issues.is_empty() {
        return vec![Issue::new(format!("records[{i}]"), fault.title_key())];
    }
    let place = |issue: &Issue| {
        let field = if issue.field.is_empty() { format!("records[{i}]") } else { format!("records[{i}].{}", issue.field) };
        Issue { field, ..issue.clone() }
    };
    fault.issues.iter().map(place).collect()
}

type Outcomes = Vec<(String, Result<Saved, Fault>)>;

fn draft(system: &str, key: &str, values: IndexMap<String, Value>) -> Draft {
    Draft { values, ..Draft::new().external(system, key) }
}

/// All in one call; when it is refused, the first record that is at fault is looked for and named.
async fn together(cx: &mut Cx, object: &str, system: &str, items: Vec<Item>) -> Outcome<Outcomes> {
    let mut keys = Vec::with_capacity(items.len());
    let mut drafts = Vec::with_capacity(items.len());
    for item in items {
        drafts.push(draft(system, &item.key, item.values?));
        keys.push(item.key);
    }
    cx.tx.savepoint("bulk").await?;
    let fault = match cx.save_many(object, drafts.clone()).await {
        Ok(saved) => return Ok(keys.into_iter().zip(saved.into_iter().map(Ok)).collect()),
        Err(fault) if lasting(&fault) => fault,
        Err(fault) => return Err(fault),
    };
    cx.tx.rollback_to("bulk").await?;
    for (i, draft) in drafts.into_iter().enumerate() {
        match cx.save(object, draft).await {
            Err(one) if lasting(&one) => {
                // A record that is not there for him is a fault of the request, not of its address.
                let kind = if one.kind == FaultKind::Forbidden { one.kind } else { FaultKind::Invalid };
                return Err(Fault { issues: placed(i, Some(&one)), kind, detail: one.detail });
            }
            Err(one) => return Err(one),
            Ok(_) => {}
        }
    }
    Err(fault)
}

/// Each for itself: what does not fit is told, the others stay.
async fn one_by_one(cx: &mut Cx, object: &str, system: &str, items: Vec<Item>) -> Outcome<Outcomes> {
    let mut outcomes = Vec::with_capacity(items.len());
    for item in items {
        let values = match item.values {
            Ok(values) => values,
            Err(fault) => {
                outcomes.push((item.key, Err(fault)));
                continue;
            }
        };
        cx.tx.savepoint("bulk").await?;
        match cx.save(object, draft(system, &item.key, values)).await {
            Ok(saved) => {
                cx.tx.release("bulk").await?;
                outcomes.push((item.key, Ok(saved)));
            }
            Err(fault) if lasting(&fault) => {
                cx.tx.rollback_to("bulk").await?;
                outcomes.push((item.key, Err(fault)));
            }
            Err(fault) => return Err(fault),
        }
    }
    Ok(outcomes)
}

/// The record's own fault, not the database's.
fn lasting(fault: &Fault) -> bool {
    matches!(fault.kind, FaultKind::Invalid | FaultKind::NotFound | FaultKind::Forbidden | FaultKind::Conflict | FaultKind::TooLarge)
}

fn summary(outcomes: &Outcomes, lang: Lang) -> Json {
    let mut counts = [0_usize; 4];
    let mut results = Vec::with_capacity(outcomes.len());
    for (key, outcome) in outcomes {
        let (slot, result) = match outcome {
            Ok(saved) => {
                let (slot, status) = match saved {
                    Saved::Created(_) => (0, "created"),
                    Saved::Updated(_) => (1, "updated"),
                    Saved::Unchanged(_) => (2, "unchanged"),
                };
                (slot, json!({"key": key, "status": status, "id": saved.record().id, "rev": saved.record().rev}))
            }
            Err(fault) => {
                let title = text::i18n::t(lang, fault.title_key());
                (3, json!({"key": key, "status": "refused", "title": title, "issues": problem::issues(&fault.issues, lang)}))
            }
        };
        if let Some(n) = counts.get_mut(slot) {
            *n += 1;
        }
        results.push(result);
    }
    let [created, updated, unchanged, refused] = counts;
    json!({"created": created, "updated": updated, "unchanged": unchanged, "refused": refused, "results": results})
}
