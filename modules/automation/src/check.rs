//! Whether a rule can be kept: names, types, bounds, and the rights of whoever owns it.

use crate::flow::{Flow, Level, Step, Trigger, Values, Who};
use engine::{Actor, Company};
use kernel::expr::{self, Typed, Wanted};
use kernel::{Expr, Issue, Kind, Object, Registry, Verb};

/// Steps of one rule, branches counted in.
pub const MOST_STEPS: usize = 60;
/// Branches within branches.
const DEEPEST: usize = 4;
const LONGEST_WAIT_HOURS: i64 = 24 * 366;

struct Checker<'a> {
    company: &'a Company,
    registry: &'a Registry,
    object: &'a Object,
    owner: &'a Actor,
    before: bool,
    issues: Vec<Issue>,
    steps: usize,
}

/// Everything that is wrong with a rule, each with the place (`when`, `steps.2.values.owner`).
pub fn issues(company: &Company, owner: &Actor, flow: &Flow) -> Vec<Issue> {
    let registry = company.registry();
    let known = registry.find(&flow.object).filter(|o| !own(&o.key) && owner.may(o, &Verb::Read));
    let Some(object) = known else { return vec![Issue::new("object", "schema-unknown-target").arg("name", &flow.object)] };
    let before = matches!(flow.trigger, Trigger::Before { .. });
    let mut c = Checker { company, registry: &registry, object, owner, before, issues: Vec::new(), steps: 0 };
    c.trigger(flow);
    let when = c.condition("when", &flow.when);
    if matches!(flow.trigger, Trigger::Becomes) {
        match when {
            None if flow.when.trim().is_empty() => c.issue("when", Issue::new("", "value-required")),
            // What a list held before the change is not known any more.
            Some(when) if !crate::facts::in_memory(&when) => c.issue("when", Issue::new("", "automation-becomes-lists")),
            _ => {}
        }
    }
    if flow.steps.is_empty() {
        c.issue("steps", Issue::new("", "automation-no-steps"));
    }
    c.all("steps", &flow.steps, 0);
    if c.steps > MOST_STEPS {
        c.issue("steps", Issue::new("", "automation-too-many-steps").arg("max", MOST_STEPS));
    }
    c.issues
}

/// Rules about rules and decisions about decisions have no end.
fn own(object: &str) -> bool {
    [crate::rule::KEY, crate::approval::KEY, crate::approval::VOTE].contains(&object)
}

impl Checker<'_> {
    fn issue(&mut self, place: &str, issue: Issue) {
        self.issues.push(Issue { field: place.to_owned(), ..issue });
    }

    fn trigger(&mut self, flow: &Flow) {
        match &flow.trigger {
            Trigger::Changed { fields } => {
                for f in fields.iter().filter(|f| self.object.get(f).is_none()) {
                    self.issue("trigger.fields", Issue::new("", "expr-unknown-field").arg("name", f));
                }
            }
            Trigger::Acted { action } | Trigger::Before { action } => {
                if self.company.action(&self.object.key, action).is_none() {
                    self.issue("trigger.action", Issue::new("", "automation-no-action").arg("name", action));
                }
                if self.before && !matches!(flow.steps.as_slice(), [Step::Approval { .. }]) {
                    self.issue("steps", Issue::new("", "automation-before-approves"));
                }
            }
            Trigger::Due { field, days } => {
                if !self.object.get(field).is_some_and(|f| matches!(f.kind.stored(), Kind::Date | Kind::DateTime)) {
                    self.issue("trigger.field", Issue::new("", "automation-no-date").arg("name", field));
                }
                self.within("trigger.days", *days, -3_660, 3_660);
            }
            Trigger::Every { cron } => {
                let zone = kernel::jiff::tz::TimeZone::UTC;
                if engine::schedule::next(cron, &zone, self.company.now()).is_err() {
                    self.issue("trigger.cron", Issue::new("", "automation-bad-cron"));
                }
            }
            Trigger::Button { label } if label.is_empty() => self.issue("trigger.label", Issue::new("", "value-required")),
            Trigger::Created | Trigger::Becomes | Trigger::Button { .. } => {}
        }
    }

    /// A condition that may be empty.
    fn condition(&mut self, place: &str, text: &str) -> Option<Typed> {
        if text.trim().is_empty() { None } else { self.expr(place, text, Wanted::Condition) }
    }

    fn expr(&mut self, place: &str, text: &str, wanted: Wanted) -> Option<Typed> {
        match Expr::parse(text).and_then(|e| expr::check_expr(self.registry, self.object, &e, wanted)) {
            Ok(typed) => {
                // What the owner may not see must not steer what he does.
                for (o, f) in typed.fields() {
                    let sees = self.registry.find(&o).is_some_and(|found| self.owner.may(found, &Verb::Read)) && self.owner.sees(&o, &f);
                    if !sees {
                        self.issue(place, Issue::new("", "expr-unknown-field").arg("name", &f));
                    }
                }
                Some(typed)
            }
            Err(fault) => {
                for issue in fault.issues {
                    self.issue(place, issue);
                }
                None
            }
        }
    }

    fn within(&mut self, place: &str, n: i64, least: i64, most: i64) {
        if !(least..=most).contains(&n) {
            self.issue(place, Issue::new("", "automation-out-of-range").arg("least", least).arg("most", most));
        }
    }

    fn all(&mut self, place: &str, steps: &[Step], depth: usize) {
        if depth > DEEPEST {
            self.issue(place, Issue::new("", "automation-too-deep").arg("max", DEEPEST));
            return;
        }
        for (i, step) in steps.iter().enumerate() {
            self.steps += 1;
            self.step(&format!("{place}.{i}"), step, depth);
        }
    }

    fn step(&mut self, place: &str, step: &Step, depth: usize) {
        let at = |part: &str| format!("{place}.{part}");
        match step {
            Step::Create { object, values } => self.values(&at("values"), object, &Verb::Create, values),
            Step::Update { values } => {
                let key = self.object.key.clone();
                self.values(&at("values"), &key, &Verb::Update, values);
                if values.is_empty() {
                    self.issue(&at("values"), Issue::new("", "value-required"));
                }
            }
            Step::Activity { kind, subject, owner, with, days, .. } => {
                let registry = self.registry;
                match registry.find("activity").filter(|o| self.owner.may(o, &Verb::Create)) {
                    None => self.issue(place, Issue::new("", "schema-unknown-target").arg("name", "activity")),
                    Some(activity) => {
                        let kinds = activity.get("kind").map(|f| f.kind.options()).unwrap_or_default();
                        if !kinds.iter().any(|o| o.key == *kind) {
                            self.issue(&at("kind"), Issue::new("", "value-not-an-option").arg("found", kind));
                        }
                    }
                }
                if subject.is_empty() {
                    self.issue(&at("subject"), Issue::new("", "value-required"));
                }
                self.people(&at("owner"), std::slice::from_ref(owner));
                self.people(&at("with"), with);
                self.within(&at("days"), *days, 0, 366);
            }
            Step::Notify { to, text } => {
                self.required(&at("to"), to);
                self.people(&at("to"), to);
                if text.is_empty() {
                    self.issue(&at("text"), Issue::new("", "value-required"));
                }
            }
            Step::Approval { levels } => self.levels(&at("levels"), levels),
            Step::Demand { field, until, unless, say } => {
                if depth > 0 || self.before {
                    self.issue(place, Issue::new("", "automation-demand-first"));
                }
                if self.object.get(field).is_none_or(|f| f.system || f.kind.computed()) {
                    self.issue(&at("field"), Issue::new("", "expr-unknown-field").arg("name", field));
                }
                self.condition(&at("until"), until);
                self.condition(&at("unless"), unless);
                if say.is_empty() {
                    self.issue(&at("say"), Issue::new("", "value-required"));
                }
            }
            Step::Wait { hours } => self.within(&at("hours"), *hours, 0, LONGEST_WAIT_HOURS),
            Step::Until { when, hours, .. } => {
                self.expr(&at("when"), when, Wanted::Condition);
                self.within(&at("hours"), *hours, 1, LONGEST_WAIT_HOURS);
            }
            Step::Branch { when, then, otherwise } => {
                self.expr(&at("when"), when, Wanted::Condition);
                self.all(&at("then"), then, depth + 1);
                self.all(&at("otherwise"), otherwise, depth + 1);
            }
            Step::Call { url, values } => {
                if let Err(fault) = outside::address::parse(url) {
                    for issue in fault.issues {
                        self.issue(&at("url"), issue);
                    }
                }
                for (key, text) in values {
                    self.expr(&format!("{place}.values.{key}"), text, Wanted::Any);
                }
            }
            Step::Act { action, values } => {
                let company = self.company;
                let Some(found) = company.action(&self.object.key, action) else {
                    self.issue(&at("action"), Issue::new("", "automation-no-action").arg("name", action));
                    return;
                };
                if !self.owner.may(self.object, &Verb::Act(action.clone())) {
                    self.issue(&at("action"), Issue::new("", "automation-owner-may-not"));
                }
                for (key, text) in values {
                    let place = format!("{place}.values.{key}");
                    let typed = self.expr(&place, text, Wanted::Any);
                    self.fits(&place, found.input.iter().find(|f| f.key == *key), key, typed.as_ref());
                }
            }
        }
    }

    fn values(&mut self, place: &str, object: &str, verb: &Verb, values: &Values) {
        let registry = self.registry;
        let Some(target) = registry.find(object).filter(|o| !own(&o.key) && self.owner.may(o, &Verb::Read)) else {
            self.issue(place, Issue::new("", "schema-unknown-target").arg("name", object));
            return;
        };
        if !self.owner.may(target, verb) {
            self.issue(place, Issue::new("", "automation-owner-may-not"));
        }
        for (key, text) in values {
            let place = format!("{place}.{key}");
            let typed = self.expr(&place, text, Wanted::Any);
            let field = target.fields.iter().find(|f| f.key == *key && f.writable() && self.owner.policy.writes(object, key));
            self.fits(&place, field, key, typed.as_ref());
        }
    }

    fn fits(&mut self, place: &str, field: Option<&kernel::Field>, key: &str, typed: Option<&Typed>) {
        match (field, typed) {
            (None, _) => self.issue(place, Issue::new("", "expr-unknown-field").arg("name", key)),
            (Some(f), Some(typed)) if !typed.ty.fits(&f.kind) => self.issue(place, Issue::new("", "value-wrong-type").arg("type", f.kind.key())),
            _ => {}
        }
    }

    fn required(&mut self, place: &str, who: &[Who]) {
        if who.is_empty() {
            self.issue(place, Issue::new("", "value-required"));
        }
    }

    fn people(&mut self, place: &str, who: &[Who]) {
        for one in who {
            match one {
                Who::Owner if self.object.owner.is_none() => self.issue(place, Issue::new("", "automation-no-owner")),
                Who::Field(path) => {
                    let typed = self.expr(place, path, Wanted::Any);
                    let user = matches!(typed.map(|t| t.ty), Some(expr::Type::Id(o) | expr::Type::Ids(o)) if o == "user");
                    if !user {
                        self.issue(place, Issue::new("", "automation-no-person").arg("name", path));
                    }
                }
                Who::Role(key) if self.registry.role(key).is_none() => self.issue(place, Issue::new("", "automation-no-role").arg("name", key)),
                _ => {}
            }
        }
    }

    fn levels(&mut self, place: &str, levels: &[Level]) {
        if levels.is_empty() || levels.len() > 5 {
            self.issue(place, Issue::new("", "automation-levels").arg("max", 5));
        }
        for (i, level) in levels.iter().enumerate() {
            let at = |part: &str| format!("{place}.{i}.{part}");
            self.required(&at("who"), &level.who);
            self.people(&at("who"), &level.who);
            self.people(&at("then"), &level.then);
            if let Some(hours) = level.hours {
                self.within(&at("hours"), hours, 1, LONGEST_WAIT_HOURS);
                self.required(&at("then"), &level.then);
            }
        }
    }
}
