//! The reader's view of the pages of this module, and rules in the words of their readers.

pub use base::view::view;
use crate::book::Rule;
use crate::facts::Reason;
use crate::flow::{Flow, Level, Step, Trigger, Who};
use engine::{Company, PageCx};
use kernel::uuid::Uuid;
use kernel::{Expr, Object, Outcome, Registry};
use maud::{Markup, html};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use ui::conditions;
use ui::cx::{Titles, ViewCx};

/// The titles of everything a flow names by id: records in conditions and values, people.
///
/// # Errors
/// The database.
pub async fn titles(page: &PageCx, flow: &Flow, more: &[(&str, Uuid)]) -> Outcome<Titles> {
    let registry = page.company.registry();
    let mut wanted: BTreeMap<String, BTreeSet<Uuid>> = BTreeMap::new();
    for (object, id) in more {
        wanted.entry((*object).to_owned()).or_default().insert(*id);
    }
    if let Some(object) = registry.find(&flow.object) {
        let mut texts = vec![flow.when.clone()];
        gather(&flow.steps, &mut texts, &mut wanted);
        for expr in texts.iter().filter_map(|t| Expr::parse(t).ok()) {
            for (object, ids) in conditions::named_records(&registry, object, &expr) {
                wanted.entry(object).or_default().extend(ids);
            }
        }
    }
    named(&page.company, page, &wanted).await
}

async fn named(company: &Company, page: &PageCx, wanted: &BTreeMap<String, BTreeSet<Uuid>>) -> Outcome<Titles> {
    let mut conn = company.db().read().await?;
    let lang = page.actor.lang();
    Ok(company.titles(&mut conn, &page.actor, wanted).await?.into_iter().map(|(id, name)| (id, name.get(lang).to_owned())).collect())
}

fn gather(steps: &[Step], texts: &mut Vec<String>, wanted: &mut BTreeMap<String, BTreeSet<Uuid>>) {
    let mut people = |who: &[Who]| {
        for one in who {
            if let Who::User(id) = one {
                wanted.entry("user".into()).or_default().insert(*id);
            }
        }
    };
    for step in steps {
        match step {
            Step::Activity { owner, with, .. } => {
                people(std::slice::from_ref(owner));
                people(with);
            }
            Step::Notify { to, .. } => people(to),
            Step::Approval { levels } => levels.iter().for_each(|l| {
                people(&l.who);
                people(&l.then);
            }),
            Step::Demand { until, unless, .. } => texts.extend([until.clone(), unless.clone()]),
            Step::Until { when, .. } => texts.push(when.clone()),
            _ => {}
        }
    }
    for step in steps {
        if let Step::Branch { when, then, otherwise } = step {
            texts.push(when.clone());
            gather(then, texts, wanted);
            gather(otherwise, texts, wanted);
        }
    }
}

/// A condition as its reader says it, part by part.
pub fn condition(registry: &Registry, object: &Object, text: &str, cx: &ViewCx<'_>) -> Markup {
    let Ok(expr) = Expr::parse(text) else { return html! { code dir="ltr" { (text) } } };
    let parts = conditions::conjuncts(&expr);
    html! {
        @for (i, part) in parts.iter().enumerate() {
            @if i > 0 { span class="muted" { " " (cx.t("automation-and")) " " } }
            (said(registry, object, part, cx))
        }
    }
}

fn said(registry: &Registry, object: &Object, part: &Expr, cx: &ViewCx<'_>) -> Markup {
    let (field, op, value) = conditions::words(registry, object, part, cx);
    if field.is_empty() {
        return html! { code dir="ltr" { (value) } };
    }
    html! { span class="filter-chip" { span { bdi { (field) } } @if !op.is_empty() { span { (op) } } @if !value.is_empty() { span class="filter-value" { bdi { (value) } } } } }
}

/// Why a condition held or not, part by part.
pub fn reasons(registry: &Registry, object: &Object, why: &[Reason], cx: &ViewCx<'_>) -> Markup {
    html! {
        @if !why.is_empty() { ul class="flow-why" {
            @for reason in why {
                li data-held=(reason.held) {
                    (ui::icon::icon_sm(if reason.held { "check" } else { "x" }))
                    span {
                        @match Expr::parse(&reason.text) { Ok(expr) => (said(registry, object, &expr, cx)), Err(_) => code dir="ltr" { (reason.text) } }
                        @if !reason.held { @for (key, value) in &reason.found { span class="muted small" { " " (found(object, key, value, cx)) } } }
                    }
                }
            }
        } }
    }
}

/// «… is 12,000»: what a field held.
fn found(object: &Object, key: &str, value: &Json, cx: &ViewCx<'_>) -> Markup {
    let Some(field) = object.get(key) else { return html! {} };
    let read = kernel::parse::from_json(&field.kind, value, &kernel::parse::Ctx::default()).unwrap_or_default();
    let shown = ui::cell::plain(&field.kind, &read, cx);
    html! { "(" (cx.label(&field.label)) ": " bdi { @if shown.is_empty() { (cx.t("automation-empty")) } @else { (shown) } } ")" }
}

/// A person as the rule means him.
pub fn who(one: &Who, registry: &Registry, object: &Object, cx: &ViewCx<'_>) -> String {
    match one {
        Who::Owner => cx.t("automation-who-owner"),
        Who::Actor => cx.t("automation-who-actor"),
        Who::Manager => cx.t("automation-who-manager"),
        Who::Field(path) => object.get(path).map_or_else(|| path.clone(), |f| cx.label(&f.label).to_owned()),
        Who::User(id) => Some(cx.title_of(*id)).filter(|t| !t.is_empty()).unwrap_or("…").to_owned(),
        Who::Role(key) => registry.role(key).map_or_else(|| key.clone(), |r| cx.label(&r.label).to_owned()),
    }
}

fn whom(all: &[Who], registry: &Registry, object: &Object, cx: &ViewCx<'_>) -> String {
    all.iter().map(|w| who(w, registry, object, cx)).collect::<Vec<_>>().join(cx.locale.pick("، ", ", "))
}

/// What starts a rule, in a sentence.
pub fn trigger(company: &Company, object: &Object, trigger: &Trigger, cx: &ViewCx<'_>) -> String {
    let label = |field: &String| object.get(field).map_or_else(|| field.clone(), |f| cx.label(&f.label).to_owned());
    let action = |key: &String| company.action(&object.key, key).map_or_else(|| key.clone(), |a| cx.label(&a.label).to_owned());
    let what = match trigger {
        Trigger::Changed { fields } => fields.iter().map(label).collect::<Vec<_>>().join(cx.locale.pick("، ", ", ")),
        Trigger::Acted { action: a } | Trigger::Before { action: a } => action(a),
        Trigger::Due { field, days } => {
            let n = days.abs();
            let key = if *days < 0 { "automation-on-due-before" } else { "automation-on-due-after" };
            return cx.tf(key, &[("field", label(field).into()), ("n", n.into())]);
        }
        Trigger::Every { cron } => cron.clone(),
        Trigger::Button { label } => label.get(cx.lang()).to_owned(),
        Trigger::Created | Trigger::Becomes => String::new(),
    };
    let key = if matches!(trigger, Trigger::Changed { fields } if fields.is_empty()) { "automation-on-changed-any".to_owned() } else { format!("automation-on-{}", trigger.key()) };
    cx.tf(&key, &[("object", cx.label(&object.label).into()), ("what", what.into())])
}

/// The icon of a step.
pub fn icon(step: &str) -> &'static str {
    match step {
        "activity" => "calendar-days",
        "notify" | "told" => "bell",
        "update" => "pencil",
        "create" => "plus",
        "approval" | "decided" | "would-ask" => "circle-check",
        "demand" => "lock",
        "wait" | "waited" | "waiting" | "until" | "would-wait" => "clock",
        "branch" => "git-merge",
        "call" | "would-call" => "send",
        "failed" | "stopped" => "triangle-alert",
        _ => "zap",
    }
}

/// A whole rule from top to bottom: what starts it, the condition, the steps, branches side by side.
pub fn flow(company: &Company, rule: &Rule, cx: &ViewCx<'_>) -> Markup {
    let registry = company.registry();
    let object = rule.object.as_ref();
    html! {
        ol class="flow" {
            li class="flow-node" data-kind="trigger" { (mark("zap")) div { p class="flow-word" { (cx.t("automation-when-it-starts")) } p { strong { (trigger(company, object, &rule.flow.trigger, cx)) } } } }
            @if !rule.flow.when.is_empty() {
                li class="flow-node" data-kind="when" { (mark("list-filter")) div { p class="flow-word" { (cx.t("automation-if")) } p { (condition(&registry, object, &rule.flow.when, cx)) } } }
            }
            (steps(company, &registry, object, &rule.flow.steps, cx))
        }
    }
}

fn mark(name: &str) -> Markup {
    html! { span class="flow-mark" aria-hidden="true" { (ui::icon::icon_sm(name)) } }
}

fn steps(company: &Company, registry: &Registry, object: &Object, all: &[Step], cx: &ViewCx<'_>) -> Markup {
    html! { @for step in all {
        li class="flow-node" data-kind=(step.key()) {
            (mark(icon(step.key())))
            div {
                p class="flow-word" { (cx.t(&format!("automation-step-{}", step.key()))) }
                (one(company, registry, object, step, cx))
            }
        }
        @if let Step::Branch { then, otherwise, .. } = step {
            li class="flow-branches" {
                @for (key, side) in [("automation-yes", then), ("automation-no", otherwise)] {
                    div class="flow-branch" {
                        p class="flow-word" { (cx.t(key)) }
                        @if side.is_empty() { p class="muted" { (cx.t("automation-goes-on")) } }
                        @else { ol class="flow" { (steps(company, registry, object, side, cx)) } }
                    }
                }
            }
        }
    } }
}

/// What a step does, in words.
fn one(company: &Company, registry: &Registry, object: &Object, step: &Step, cx: &ViewCx<'_>) -> Markup {
    let people = |all: &[Who]| whom(all, registry, object, cx);
    let values = |target: Option<&Object>, values: &crate::flow::Values| {
        html! { dl class="flow-values" { @for (key, text) in values {
            dt { @match target.and_then(|t| t.get(key)) { Some(f) => (cx.label(&f.label)), None => (key) } }
            dd { (value(text)) }
        } } }
    };
    match step {
        Step::Create { object: of, values: v } => {
            let target = registry.find(of);
            html! { p { strong { @match target { Some(o) => (cx.label(&o.label)), None => (of) } } } (values(target.map(AsRef::as_ref), v)) }
        }
        Step::Update { values: v } => values(Some(object), v),
        Step::Activity { kind, subject, owner, with, days, remind } => {
            let kinds = registry.find("activity").and_then(|a| a.get("kind"));
            let kind = kinds.and_then(|f| f.kind.options().iter().find(|o| o.key == *kind)).map_or(kind.clone(), |o| cx.label(&o.label).to_owned());
            html! {
                p { strong { (kind) ": " bdi { (subject.get(cx.lang())) } } }
                p class="muted" {
                    (people(std::slice::from_ref(owner)))
                    @if !with.is_empty() { " + " (people(with)) }
                    " · " (cx.tf("automation-in-days", &[("n", (*days).into())]))
                    @if remind.is_some() { " · " (cx.t("automation-reminded")) }
                }
            }
        }
        Step::Notify { to, text } => html! { p { strong { (people(to)) } } p { bdi { (text.get(cx.lang())) } } },
        Step::Approval { levels } => html! { ol class="flow-levels" { @for l in levels { li { (level(l, &people, cx)) } } } },
        Step::Demand { field, until, unless, say } => html! {
            p { strong { bdi { (say.get(cx.lang())) } } }
            p class="muted" {
                (cx.tf("automation-keeps", &[("field", object.get(field).map_or(field.clone(), |f| cx.label(&f.label).to_owned()).into())])) " "
                @if until.is_empty() { (cx.t("automation-until-activity")) } @else { (condition(registry, object, until, cx)) }
                @if !unless.is_empty() { " " (cx.t("automation-unless")) " " (condition(registry, object, unless, cx)) }
            }
        },
        Step::Wait { hours } => html! { p { strong { (cx.tf("automation-hours", &[("n", (*hours).into())])) } } },
        Step::Until { when, hours, anyway } => html! {
            p { (condition(registry, object, when, cx)) }
            p class="muted" { (cx.tf("automation-at-most", &[("n", (*hours).into())])) " · " (cx.t(if *anyway { "automation-then-on" } else { "automation-then-end" })) }
        },
        Step::Branch { when, .. } => html! { p { (condition(registry, object, when, cx)) } },
        Step::Call { url, values: v } => html! { p dir="ltr" { code { (url) } } (values(None, v)) },
        Step::Act { action, values: v } => html! {
            p { strong { @match company.action(&object.key, action) { Some(a) => (cx.label(&a.label)), None => (action) } } }
            @if !v.is_empty() { (values(None, v)) }
        },
    }
}

fn level(level: &Level, people: &dyn Fn(&[Who]) -> String, cx: &ViewCx<'_>) -> Markup {
    html! {
        strong { (people(&level.who)) }
        @if level.who.len() > 1 || level.all { span class="muted" { " · " (cx.t(if level.all { "automation-all" } else { "automation-any" })) } }
        @if let Some(hours) = level.hours { span class="muted" { " · " (cx.tf("automation-escalates", &[("n", hours.into()), ("who", people(&level.then).into())])) } }
    }
}

/// The value of an expression: a text as it reads, else as it is written.
fn value(text: &str) -> Markup {
    match Expr::parse(text) {
        Ok(Expr::Lit(kernel::Value::Text(t))) => html! { bdi { (t) } },
        _ => html! { code dir="ltr" { (text) } },
    }
}

/// A kept error in the reader's words.
pub fn error(kept: &Json, cx: &ViewCx<'_>) -> String {
    let Some(key) = kept.get("key").and_then(Json::as_str).filter(|k| text::i18n::has(k)) else { return String::new() };
    let mut issue = kernel::Issue::new("", key);
    for pair in kept.get("args").and_then(Json::as_array).into_iter().flatten() {
        if let (Some(k), Some(v)) = (pair.get(0).and_then(Json::as_str), pair.get(1).and_then(Json::as_str)) {
            issue = issue.arg(k, v);
        }
    }
    cx.issue(&issue)
}

/// The tone of a run's state.
pub fn tone(state: &str) -> kernel::Tone {
    match state {
        "done" => kernel::Tone::Good,
        "failed" | "stopped" => kernel::Tone::Bad,
        "waiting" => kernel::Tone::Info,
        _ => kernel::Tone::Neutral,
    }
}
