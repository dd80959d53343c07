//! What rules hold back: a field that keeps its value until something is done, an action that waits for approval.

use crate::book::{self, Rule};
use crate::flow::{Step, Trigger};
use crate::{approval, facts, rule};
use engine::Cx;
use futures::future::BoxFuture;
use kernel::uuid::Uuid;
use kernel::{Cell, ColumnType, Fault, Issue, Outcome, Record};

/// Asked before records are changed.
pub fn change<'a>(cx: &'a mut Cx, changes: &'a [(Option<&'a Record>, &'a Record)]) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        let Some((_, first)) = changes.first() else { return Ok(()) };
        for rule in book::of(cx, &first.object).await? {
            for step in rule.demands() {
                let Step::Demand { field, .. } = step else { continue };
                for (before, after) in changes.iter().filter_map(|(b, a)| Some(((*b)?, *a))) {
                    if before.get(field) != after.get(field)
                        && let Some(issue) = missing(cx, &rule, step, before, Some(after)).await?
                    {
                        return Err(Fault::issue(issue));
                    }
                }
            }
        }
        Ok(())
    })
}

/// What is still to be done before the field may change, as the record stands; nothing where the rule does not apply or
/// all is done.
///
/// # Errors
/// The database.
pub async fn missing(cx: &mut Cx, rule: &Rule, demand: &Step, before: &Record, after: Option<&Record>) -> Outcome<Option<Issue>> {
    let Step::Demand { field, until, unless, say } = demand else { return Ok(None) };
    let who = (!cx.actor.is_system()).then_some(cx.actor.id);
    if !facts::holds(cx, &rule.object, rule.when.as_ref(), before, who).await? {
        return Ok(None);
    }
    let registry = cx.registry.clone();
    let cond = |text: &str| facts::Cond::read(&registry, &rule.object, text);
    if let (Some(unless), Some(after)) = (cond(unless)?, after)
        && facts::holds(cx, &rule.object, Some(&unless), after, who).await?
    {
        return Ok(None);
    }
    let lang = cx.actor.lang();
    let issue = Issue::new(field.clone(), "automation-demand").arg("say", say.get(lang));
    if let Some(until) = cond(until)? {
        // What is filled in with the same saving counts.
        let done = facts::holds(cx, &rule.object, Some(&until), after.unwrap_or(before), who).await?;
        return Ok((!done).then_some(issue));
    }
    let Some((kind, subject)) = planned(rule) else { return Ok(None) };
    Ok(match activity(cx, before, kind).await? {
        Found::Done => None,
        Found::Open(id) => Some(issue.next(format!("/activity/{id}"), "automation-open-activity")),
        Found::None => {
            let subject = encoded(subject.get(lang));
            Some(issue.next(format!("/activity/new?kind={kind}&regarding={}/{}&subject={subject}", before.object, before.id), "automation-plan-activity"))
        }
    })
}

/// The activity a rule plans.
fn planned(rule: &Rule) -> Option<(&str, &crate::flow::Words)> {
    rule.flow.steps.iter().find_map(|s| if let Step::Activity { kind, subject, .. } = s { Some((kind.as_str(), subject)) } else { None })
}

enum Found {
    Done,
    Open(Uuid),
    None,
}

/// An activity of the kind about the record: one that is done counts, whoever planned it.
async fn activity(cx: &mut Cx, record: &Record, kind: &str) -> Outcome<Found> {
    if cx.registry.find("activity").is_none() {
        return Ok(Found::None);
    }
    let mut sql = cx.tx.sql();
    sql.push("SELECT \"id\", \"status\" FROM \"activity\" WHERE \"deleted_at\" IS NULL AND \"status\" <> 'cancelled' AND \"kind\" = ").bind(kind);
    sql.push(" AND \"regarding\" = ").bind(format!("{}/{}", record.object, record.id)).push(" ORDER BY CASE WHEN \"status\" = 'done' THEN 0 ELSE 1 END, \"id\" DESC LIMIT 1");
    Ok(match cx.tx.row(&sql, &[ColumnType::Id, ColumnType::Text]).await?.as_deref() {
        Some([Cell::Id(_), Cell::Text(status)]) if status == "done" => Found::Done,
        Some([Cell::Id(id), _]) => Found::Open(*id),
        _ => Found::None,
    })
}

/// Percent encoding of everything that is no letter or digit of ASCII.
fn encoded(text: &str) -> String {
    let byte = |b: u8| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") };
    text.bytes().map(byte).collect()
}

/// Asked before an action runs.
pub fn action<'a>(cx: &'a mut Cx, record: &'a Record, key: &'a str) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        for rule in book::of(cx, &record.object).await? {
            if let Some(issue) = unapproved(cx, &rule, record, key).await? {
                return Err(Fault::issue(issue));
            }
        }
        Ok(())
    })
}

/// Why the action is held, with the offer to ask; nothing when it may run.
///
/// # Errors
/// The database.
pub async fn unapproved(cx: &mut Cx, rule: &Rule, record: &Record, key: &str) -> Outcome<Option<Issue>> {
    if !matches!(&rule.flow.trigger, Trigger::Before { action } if action == key) {
        return Ok(None);
    }
    let who = (!cx.actor.is_system()).then_some(cx.actor.id);
    if !facts::holds(cx, &rule.object, rule.when.as_ref(), record, who).await? {
        return Ok(None);
    }
    let lang = cx.actor.lang();
    let company = cx.company.clone();
    let name = rule::name(&company, &mut cx.tx, rule.id, lang).await?;
    let mark = facts::mark(cx, &rule.object, rule.when.as_ref(), record).await?;
    let issue = |key: &str| Issue::new("", key).arg("rule", &name);
    Ok(match approval::standing(cx, rule.id, record).await? {
        Some(a) if a.state == "approved" && a.mark == mark => None,
        Some(a) if a.state == "pending" => Some(issue("automation-approval-waits").next(format!("/approval/{}", a.id), "automation-see-approval")),
        // He approves it himself, by doing it.
        _ if approval::decides_himself(cx, rule, record).await? => None,
        found => {
            let key = match found.map(|a| a.state) {
                Some(state) if state == "rejected" => "automation-approval-rejected",
                Some(state) if state == "approved" || state == "outdated" => "automation-approval-outdated",
                _ => "automation-approval-needed",
            };
            Some(issue(key).next(format!("/automation/ask?rule={}&about={}/{}", rule.id, record.object, record.id), "automation-ask"))
        }
    })
}
