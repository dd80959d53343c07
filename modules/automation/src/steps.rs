//! What the steps of a rule do, in the transaction of their run and with the rights of the rule's owner.

use crate::book::Rule;
use crate::flow::{Step, Values};
use crate::runs::Run;
use crate::{facts, people};
use engine::{Cx, Draft, Notice};
use kernel::jiff::SignedDuration;
use kernel::jiff::tz::TimeZone;
use kernel::uuid::Uuid;
use kernel::{Fault, Field, Issue, Kind, Object, Outcome, Record, Value, parse};
use serde_json::{Value as Json, json};

/// What a step did.
#[derive(Default)]
pub struct Done {
    pub said: Json,
    pub made: Option<(String, Uuid)>,
}

/// The choices of «remind before» of an activity, in minutes.
pub const REMINDERS: [i64; 9] = [0, 5, 15, 30, 60, 120, 1_440, 2_880, 10_080];
/// The hour at which what a rule plans is due.
const MORNING: i8 = 9;

/// Does a step that needs no waiting.
///
/// # Errors
/// Those of saving and acting: the owner may not, a value does not fit.
pub async fn perform(cx: &mut Cx, rule: &Rule, run: &Run, record: &Record, step: &Step) -> Outcome<Done> {
    match step {
        Step::Create { object, values } => {
            let target = cx.object(object)?;
            let draft = filled(cx, rule, run, record, &target.fields, values, Draft::new()).await?;
            let saved = cx.save(object, draft).await?.into_record();
            Ok(made(object, saved.id, values))
        }
        Step::Update { values } => {
            let draft = filled(cx, rule, run, record, &rule.object.fields, values, Draft::of(record.id)).await?;
            let saved = cx.save(&rule.flow.object, draft).await?;
            let same = matches!(saved, engine::Saved::Unchanged(_));
            Ok(Done { said: json!({"object": rule.flow.object, "id": record.id, "fields": values.keys().collect::<Vec<_>>(), "same": same}), made: None })
        }
        Step::Activity { .. } => activity(cx, rule, run, record, step).await,
        Step::Notify { to, text } => {
            let users = people::meant(cx, &rule.object, record, to, run.who).await?;
            let mut told = Vec::new();
            for user in users {
                let data = json!({"words": {"ar": text.ar, "en": text.get("en")}});
                if cx.notify(Notice { user, kind: "automation.told", object: &rule.flow.object, record: record.id, data }).await? {
                    told.push(user);
                }
            }
            Ok(Done { said: json!({ "told": told }), made: None })
        }
        Step::Act { action, values } => {
            let company = cx.company.clone();
            let declared = company.action(&rule.flow.object, action).ok_or_else(|| Fault::issue(Issue::new("", "automation-no-action").arg("name", action)))?;
            let draft = filled(cx, rule, run, record, &declared.input, values, Draft::new()).await?;
            cx.act(&rule.flow.object, record.id, action, None, draft.values).await?;
            Ok(Done { said: json!({ "action": action }), made: None })
        }
        // It stands as long as the record is so: the gate asks for it.
        Step::Demand { field, .. } => Ok(Done { said: json!({ "field": field }), made: None }),
        Step::Call { .. } | Step::Approval { .. } | Step::Wait { .. } | Step::Until { .. } | Step::Branch { .. } => Err(Fault::internal("a step that waits is no work of its own")),
    }
}

fn made(object: &str, id: Uuid, values: &Values) -> Done {
    Done { said: json!({"object": object, "id": id, "fields": values.keys().collect::<Vec<_>>()}), made: Some((object.to_owned(), id)) }
}

/// Lays the values of expressions into a draft.
async fn filled(cx: &mut Cx, rule: &Rule, run: &Run, record: &Record, fields: &[Field], values: &Values, mut draft: Draft) -> Outcome<Draft> {
    for (key, text) in values {
        let field = fields.iter().find(|f| f.key == *key).ok_or_else(|| Fault::issue(Issue::new(key.clone(), "expr-unknown-field").arg("name", key)))?;
        let value = facts::value(cx, &rule.object, text, record, run.who).await?;
        draft = draft.set(key, parse::fit(&field.kind, value));
    }
    Ok(draft)
}

/// A task or an appointment about the record; its customer is the record's, where it has one.
async fn activity(cx: &mut Cx, rule: &Rule, run: &Run, record: &Record, step: &Step) -> Outcome<Done> {
    let Step::Activity { kind, subject, owner, with, days, remind } = step else { return Err(Fault::internal("no activity")) };
    let owner = people::meant(cx, &rule.object, record, std::slice::from_ref(owner), run.who).await?.first().copied();
    let with = people::meant(cx, &rule.object, record, with, run.who).await?;
    let with: Vec<Uuid> = with.into_iter().filter(|id| Some(*id) != owner).collect();
    let lang = cx.company.settings().locale().lang.code();
    let mut draft = Draft::new()
        .set("subject", subject.get(lang))
        .set("kind", kind.as_str())
        .set("regarding", format!("{}/{}", record.object, record.id))
        .set("at", morning(cx, *days)?);
    if let Some(owner) = owner {
        draft = draft.set("owner", owner);
    }
    if !with.is_empty() {
        draft = draft.set("colleagues", Value::Ids(with.clone()));
    }
    if let Some(party) = party(&rule.object, record) {
        draft = draft.set("party", party);
    }
    if let Some(minutes) = remind.and_then(|m| REMINDERS.iter().rev().find(|r| **r <= m)) {
        draft = draft.set("reminders", Value::List(vec![minutes.to_string()]));
    }
    let saved = cx.save("activity", draft).await?.into_record();
    Ok(Done { said: json!({"object": "activity", "id": saved.id, "owner": owner, "with": with}), made: Some(("activity".into(), saved.id)) })
}

/// Nine in the morning of the company, so many days from now.
fn morning(cx: &Cx, days: i64) -> Outcome<kernel::jiff::Timestamp> {
    let zone = TimeZone::get(&cx.company.settings().zone).unwrap_or(TimeZone::UTC);
    let day = cx.now.checked_add(SignedDuration::from_hours(24 * days)).map_err(Fault::internal)?.to_zoned(zone.clone()).date();
    let at = day.at(MORNING, 0, 0, 0).to_zoned(zone).map_err(Fault::internal)?.timestamp();
    Ok(at.max(cx.now))
}

/// The party a record belongs to: itself, or the first reference to one.
pub fn party(object: &Object, record: &Record) -> Option<Uuid> {
    if object.key == "party" {
        return Some(record.id);
    }
    let field = object.fields.iter().find(|f| matches!(&f.kind, Kind::Ref { object } if object == "party"))?;
    record.get(&field.key).id()
}
