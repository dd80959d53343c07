//! Doing the steps of a proposal: for a look in a transaction that is given up, and for good.

use super::touch::{Touch, merged};
use super::{Step, of_step};
use crate::load::Titles;
use crate::{Actor, Company, Cx, Draft, fit};
use kernel::{Fault, Field, Issue, Kind, Name, Object, Outcome, Record, Sensitivity, Value, Verb, parse};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The most records a preview names.
const MOST_SHOWN: usize = 200;

/// What would change, as the person may see it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    pub differences: Vec<Difference>,
    /// Actions that would be taken: object, action, what the record is called.
    #[serde(default)]
    pub acts: Vec<(String, String, Name)>,
    /// Further records that would change: beyond what is shown, or that the person may not see.
    #[serde(default)]
    pub more: usize,
}

/// One record that would change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    pub object: String,
    pub id: Uuid,
    pub title: Name,
    /// `created`, `updated` or `deleted`.
    pub verb: String,
    /// It would follow from another change.
    #[serde(default)]
    pub derived: bool,
    /// Field → [before, after], in declared order.
    pub fields: Map<String, Json>,
}

/// A proposal that was tried out.
pub(crate) struct Tried {
    /// With the revisions they were tried on.
    pub steps: Vec<Step>,
    pub preview: Preview,
    /// Fingerprint of the effect.
    pub mark: String,
}

/// Does the steps in a transaction, looks, and gives it up.
pub(crate) async fn tried(company: &Company, actor: &Actor, mut steps: Vec<Step>) -> Outcome<Tried> {
    let mut cx = company.write(actor).await?;
    let result = async {
        cx.trace();
        perform(&mut cx, &mut steps).await?;
        let touches = merged(&cx.trace.take().unwrap_or_default());
        if touches.is_empty() {
            return Err(Fault::invalid("changes", "propose-no-change"));
        }
        let mark = mark(&cx, &touches);
        let preview = preview(&mut cx, &touches, &steps).await?;
        Ok((preview, mark))
    }
    .await;
    cx.rollback().await?;
    let (mut preview, mark) = result?;
    seen_before(company, actor, &mut preview).await?;
    Ok(Tried { steps, preview, mark })
}

/// Does the steps in order, each on the revision it names; where it names none, it is given the present one.
///
/// # Errors
/// The first fault, with the number of its step.
pub(crate) async fn perform(cx: &mut Cx, steps: &mut [Step]) -> Outcome<()> {
    let mut made: Vec<Option<Uuid>> = Vec::new();
    for (n, step) in steps.iter_mut().enumerate() {
        let one = Box::pin(one(cx, step, &made)).await.map_err(|fault| if store::is_retryable(&fault) { fault } else { of_step(n + 1, fault) })?;
        made.push(one);
    }
    Ok(())
}

/// Returns the record that was made.
async fn one(cx: &mut Cx, step: &mut Step, made: &[Option<Uuid>]) -> Outcome<Option<Uuid>> {
    let object = cx.object(step.object())?;
    cx.actor.rule(&object, &Verb::Read)?;
    match step {
        Step::Create { values, .. } => {
            cx.actor.rule(&object, &Verb::Create)?;
            let values = fit::values(&cx.company, &cx.actor, &object, &with_made(values, made)?)?;
            let saved = cx.save(&object.key, Draft { values, ..Draft::new() }).await?;
            Ok(Some(saved.record().id))
        }
        Step::Update { id, rev, values, .. } => {
            let (id, based) = target(cx, &object, id, rev, made).await?;
            let values = fit::values(&cx.company, &cx.actor, &object, &with_made(values, made)?)?;
            cx.save(&object.key, Draft { rev: based, values, ..Draft::of(id) }).await?;
            Ok(None)
        }
        Step::Delete { id, rev, .. } => {
            let (id, based) = target(cx, &object, id, rev, made).await?;
            cx.delete(&object.key, id, based).await?;
            Ok(None)
        }
        Step::Act { id, rev, action, input, .. } => {
            let company = cx.company.clone();
            let declared = company.action(&object.key, action).ok_or_else(Fault::not_found)?;
            let (id, based) = target(cx, &object, id, rev, made).await?;
            cx.actor.rule(&object, &Verb::Act(action.clone()))?;
            let input = fit::input(&cx.company, &cx.actor, action, &declared.input, &with_made(input, made)?)?;
            cx.act(&object.key, id, action, based, input).await?;
            Ok(None)
        }
    }
}

/// The record a step is about and the revision it must have: none where an earlier step has changed it already.
async fn target(cx: &mut Cx, object: &Object, id: &str, rev: &mut Option<i64>, made: &[Option<Uuid>]) -> Outcome<(Uuid, Option<i64>)> {
    let id = match id.strip_prefix('$') {
        Some(_) => nth(id, made).flatten().ok_or_else(|| Fault::invalid("id", "propose-no-such-step"))?,
        None => id.trim().parse().map_err(|_| Fault::not_found())?,
    };
    if cx.trace.iter().flatten().any(|t| t.id == id && t.object == object.key) {
        return Ok((id, None));
    }
    let (company, actor) = (cx.company.clone(), cx.actor.clone());
    let now = company.get_in(&mut cx.tx, &actor, &object.key, id).await?.rev;
    if rev.is_some_and(|rev| rev != now) {
        return Err(Fault::conflict());
    }
    *rev = Some(now);
    Ok((id, Some(now)))
}

/// `$2`: what the second step made.
fn nth(text: &str, made: &[Option<Uuid>]) -> Option<Option<Uuid>> {
    let n: usize = text.strip_prefix('$')?.parse().ok()?;
    Some(made.get(n.checked_sub(1)?).copied().flatten())
}

fn with_made(values: &Map<String, Json>, made: &[Option<Uuid>]) -> Outcome<Map<String, Json>> {
    fn put(json: &Json, made: &[Option<Uuid>]) -> Outcome<Json> {
        Ok(match json {
            Json::String(text) => match nth(text, made) {
                Some(Some(id)) => json!(id),
                Some(None) => return Err(Fault::invalid("", "propose-no-such-step")),
                None => json.clone(),
            },
            Json::Array(items) => items.iter().map(|i| put(i, made)).collect::<Outcome<Vec<_>>>()?.into(),
            other => other.clone(),
        })
    }
    values.iter().map(|(key, value)| Ok((key.clone(), put(value, made)?))).collect()
}

/// The fields whose values are shown and compared: those somebody fills in, and formulas.
fn shown(object: &Object) -> impl Iterator<Item = &Field> {
    object.fields.iter().filter(|f| f.sensitivity != Sensitivity::Secret && !matches!(f.kind, Kind::Rollup { .. }))
}

/// What the person may see of the changes.
async fn preview(cx: &mut Cx, touches: &[Touch], steps: &[Step]) -> Outcome<Preview> {
    let (company, actor, registry) = (cx.company.clone(), cx.actor.clone(), cx.registry.clone());
    let mut out = Preview::default();
    for t in touches {
        let Some(object) = registry.find(&t.object) else { continue };
        let mut before = t.before.clone();
        if let Some(b) = &mut before {
            crate::record_sql::mask(&actor, b);
        }
        let after = match &t.after {
            // As he would read it then; one that he would not is counted, not shown.
            Some(_) => match company.get_in(&mut cx.tx, &actor, &t.object, t.id).await {
                Ok(record) => Some(record),
                Err(fault) if fault.kind == kernel::FaultKind::NotFound => {
                    out.more += 1;
                    continue;
                }
                Err(fault) => return Err(fault),
            },
            None => None,
        };
        let empty = Record::new(t.object.clone(), t.id);
        let (b, a) = (before.as_ref().unwrap_or(&empty), after.as_ref().unwrap_or(&empty));
        let known = |key: &str| b.values.contains_key(key) || a.values.contains_key(key);
        let fields = shown(object)
            .filter(|f| known(&f.key) && b.get(&f.key) != a.get(&f.key) && !(b.get(&f.key).is_blank() && a.get(&f.key).is_blank()))
            .map(|f| (f.key.clone(), json!([b.get(&f.key).to_json(), a.get(&f.key).to_json()])))
            .collect();
        let verb = match (&t.before, &t.after) {
            (None, _) => "created",
            (_, None) => "deleted",
            _ => "updated",
        };
        let title = crate::load::title_of(object, after.as_ref().or(before.as_ref()).unwrap_or(&empty));
        let one = Difference { object: t.object.clone(), id: t.id, title, verb: verb.into(), derived: t.derived, fields };
        if verb == "updated" && one.fields.is_empty() {
            continue;
        }
        if out.differences.len() < MOST_SHOWN { out.differences.push(one) } else { out.more += 1 }
    }
    for step in steps {
        if let Step::Act { object, action, id, .. } = step {
            let title = out.differences.iter().find(|d| d.id.to_string() == *id).map(|d| d.title.clone());
            let title = match (title, id.parse::<Uuid>()) {
                (Some(title), _) => title,
                (None, Ok(id)) => company.get_in(&mut cx.tx, &actor, object, id).await.ok().zip(registry.find(object)).map(|(r, o)| crate::load::title_of(o, &r)).unwrap_or_default(),
                _ => Name::default(),
            };
            out.acts.push((object.clone(), action.clone(), title));
        }
    }
    Ok(out)
}

/// What was there before is shown only where the person could read it before.
async fn seen_before(company: &Company, actor: &Actor, preview: &mut Preview) -> Outcome<()> {
    let registry = company.registry();
    let mut there: BTreeMap<String, Vec<Uuid>> = BTreeMap::new();
    for d in preview.differences.iter().filter(|d| d.verb != "created") {
        there.entry(d.object.clone()).or_default().push(d.id);
    }
    let mut conn = company.db().read().await?;
    let mut seen = BTreeSet::new();
    for (object, ids) in there {
        if let Some(object) = registry.find(&object) {
            seen.extend(company.allowed(&mut conn, actor, object, &ids, &Verb::Read).await?);
        }
    }
    let all = preview.differences.len();
    preview.differences.retain(|d| d.verb == "created" || seen.contains(&d.id));
    preview.more += all - preview.differences.len();
    Ok(())
}

/// The same effect has the same mark: what the person confirms is what he saw. Numbers that are given when it is done,
/// the moment itself and figures that move by themselves are not part of it.
pub(crate) fn mark(cx: &Cx, touches: &[Touch]) -> String {
    let own: Vec<&Touch> = touches.iter().filter(|t| !t.derived).collect();
    let mut text = String::new();
    for t in &own {
        let Some(object) = cx.registry.find(&t.object) else { continue };
        let kind = match (&t.before, &t.after) {
            (None, _) => "+",
            (_, None) => "-",
            _ => "=",
        };
        text.push_str(&format!("{kind} {} {}\n", t.object, t.id));
        let empty = Record::new(t.object.clone(), t.id);
        let (b, a) = (t.before.as_ref().unwrap_or(&empty), t.after.as_ref().unwrap_or(&empty));
        for f in object.fields.iter().filter(|f| !f.kind.computed() && !matches!(f.kind, Kind::Sequence { .. } | Kind::Rollup { .. })) {
            let (before, after) = (b.get(&f.key), a.get(&f.key));
            if before != after && after.datetime() != Some(cx.now) {
                text.push_str(&format!(" {} {} {}\n", f.key, before.to_json(), after.to_json()));
            }
        }
    }
    // New records have new ids each time.
    for (n, t) in own.iter().filter(|t| t.before.is_none()).enumerate() {
        text = text.replace(&t.id.to_string(), &format!("#{n}"));
    }
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// What has changed since a proposal was made: one line for each record.
pub(crate) async fn changed_since(company: &Company, actor: &Actor, steps: &[Step]) -> Outcome<Vec<Issue>> {
    let registry = company.registry();
    let mut issues = Vec::new();
    for step in steps {
        let (Some((id, Some(rev))), Some(object)) = (step.target(), registry.find(step.object())) else { continue };
        let mut conn = company.db().read().await?;
        let now = match company.get_in(&mut conn, actor, &object.key, id).await {
            Ok(record) => record,
            Err(_) => {
                issues.push(Issue::new("", "propose-gone").arg("object", object.label.get(actor.lang())));
                continue;
            }
        };
        drop(conn);
        if now.rev == rev {
            continue;
        }
        let since: Vec<_> = company.history(actor, &object.key, id, 50).await?.into_iter().filter(|e| e.rev > rev).collect();
        let mut fields: Vec<&str> = Vec::new();
        for key in since.iter().filter_map(|e| e.changes.as_object()).flat_map(|m| m.keys()) {
            if let Some(label) = object.get(key).map(|f| f.label.get(actor.lang()))
                && !fields.contains(&label)
            {
                fields.push(label);
            }
        }
        let title = crate::load::title_of(object, &now).get(actor.lang()).to_owned();
        let separator = if actor.lang() == "ar" { "، " } else { ", " };
        issues.push(Issue::new("", "propose-changed").arg("title", title).arg("fields", fields.join(separator)));
    }
    Ok(issues)
}

impl Difference {
    /// The fields with their values before and after, as far as the reader may see them.
    pub fn values<'a>(&self, company: &Company, actor: &Actor, object: &'a Object) -> Vec<(&'a Field, Value, Value)> {
        let ctx = fit::reading(company, actor);
        let value = |f: &Field, pair: &Json, i: usize| parse::from_json(f.kind.stored(), pair.get(i).unwrap_or(&Json::Null), &ctx).unwrap_or_default();
        self.fields
            .iter()
            .filter_map(|(key, pair)| {
                let f = object.get(key).filter(|f| actor.sees(&object.key, &f.key))?;
                Some((f, value(f, pair, 0), value(f, pair, 1)))
            })
            .collect()
    }
}

impl Company {
    /// What the records are called that previews speak of.
    ///
    /// # Errors
    /// The database.
    pub async fn titles_of_previews(&self, actor: &Actor, previews: impl Iterator<Item = &Preview>) -> Outcome<Titles> {
        let registry = self.registry();
        let mut sides = Vec::new();
        let mut named = Titles::new();
        for d in previews.flat_map(|p| &p.differences) {
            let Some(object) = registry.find(&d.object) else { continue };
            // What does not exist yet is called as it will be.
            named.insert(d.id, d.title.clone());
            for (f, before, after) in d.values(self, actor, object) {
                for value in [before, after] {
                    sides.push(Record::new(d.object.clone(), d.id).with(f.key.clone(), value));
                }
            }
        }
        let mut conn = self.db().read().await?;
        named.extend(self.titles_of(&mut conn, actor, &sides).await?);
        Ok(named)
    }
}
