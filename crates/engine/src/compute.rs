//! What a record says by itself: defaults, formulas, required and locked fields.

use kernel::expr::{self, Env, Typed, Wanted};
use kernel::parse::{MAX_LONG_TEXT, MAX_RICH_TEXT, fit};
use kernel::{Field, Issue, Kind, Object, Outcome, Record, Registry, Value};

/// The expressions of an object, checked once for a whole batch of records.
pub(crate) struct Rules<'a> {
    object: &'a Object,
    fields: Vec<FieldRules<'a>>,
}

struct FieldRules<'a> {
    field: &'a Field,
    default: Option<Typed>,
    formula: Option<Typed>,
    when: Option<Typed>,
    lock: Option<Typed>,
}

impl<'a> Rules<'a> {
    pub fn of(registry: &Registry, object: &'a Object) -> Outcome<Self> {
        let typed = |text: Option<&str>, wanted| text.map(|t| expr::check(registry, object, t, wanted)).transpose();
        let mut fields = Vec::new();
        for field in &object.fields {
            let formula = if let Kind::Formula { expr, .. } = &field.kind { Some(expr.as_str()) } else { None };
            fields.push(FieldRules {
                field,
                default: typed(field.default.as_deref(), Wanted::Any)?,
                formula: typed(formula, Wanted::Any)?,
                when: typed(field.when.as_deref(), Wanted::Condition)?,
                lock: typed(field.lock.as_deref(), Wanted::Condition)?,
            });
        }
        Ok(Rules { object, fields })
    }

    /// Fills the fields of a new record that were not given.
    pub fn defaults(&self, record: &mut Record, env: &Env) {
        for f in &self.fields {
            if let Some(default) = &f.default
                && !record.values.contains_key(&f.field.key)
            {
                let value = expr::eval(default, record, env);
                record.values.insert(f.field.key.clone(), harmless(&f.field.kind, fit(&f.field.kind, value)));
            }
        }
    }

    /// Recomputes the formulas, in the order of declaration, so that one may use those before it.
    pub fn formulas(&self, record: &mut Record, env: &Env) {
        for f in &self.fields {
            if let Some(formula) = &f.formula {
                let value = expr::eval(formula, record, env);
                record.values.insert(f.field.key.clone(), harmless(&f.field.kind, fit(&f.field.kind, value)));
            }
        }
    }

    /// All that is wrong with `after`, given what it was before (`None`: it is new) and which fields were written.
    pub fn issues(&self, before: Option<&Record>, after: &Record, written: &[String], env: &Env) -> Vec<Issue> {
        let mut issues = Vec::new();
        for f in &self.fields {
            let key = &f.field.key;
            let value = after.get(key);
            let applies = || f.when.as_ref().is_none_or(|when| expr::holds(when, after, env));
            if f.field.required && !f.field.kind.computed() && value.is_blank() && applies() {
                issues.push(Issue::new(key.clone(), "value-required"));
            }
            if !written.contains(key) {
                continue;
            }
            if let (Some(lock), Some(before)) = (&f.lock, before)
                && before.get(key) != value
                && expr::holds(lock, before, env)
            {
                issues.push(Issue::new(key.clone(), "value-locked"));
            }
            if let Some(issue) = misfit(&f.field.kind, value) {
                issues.push(Issue { field: key.clone(), ..issue });
            }
        }
        issues
    }

    pub fn object(&self) -> &'a Object {
        self.object
    }
}

/// A computed rich text is made of what people wrote elsewhere, where angle brackets meant nothing.
fn harmless(kind: &Kind, value: Value) -> Value {
    match value {
        Value::Text(html) if matches!(kind.stored(), Kind::RichText) => Value::Text(crate::rich::clean(&html)),
        other => other,
    }
}

/// What keeps a value from being stored in a field of this kind. Input was parsed before; this guards values made by code.
pub(crate) fn misfit(kind: &Kind, value: &Value) -> Option<Issue> {
    let long = |t: &str, max: usize| {
        // Bytes are never fewer than characters: most texts need no counting.
        (t.len() > max && t.chars().count() > max)
            .then(|| Issue::new("", "value-too-long").arg("max", max).arg("length", t.chars().count()))
    };
    let known = |key: &String| kind.options().iter().any(|o| o.key == *key);
    match (kind.stored(), value) {
        (_, Value::Null) => None,
        (Kind::Text { max } | Kind::Code { max }, Value::Text(t)) => long(t, *max as usize),
        (Kind::LongText, Value::Text(t)) => long(t, MAX_LONG_TEXT),
        (Kind::RichText, Value::Text(t)) => long(t, MAX_RICH_TEXT),
        (Kind::Choice { .. }, Value::Text(t)) if known(t) => None,
        (Kind::MultiChoice { .. }, Value::List(keys)) if keys.iter().all(known) => None,
        (Kind::Choice { .. } | Kind::MultiChoice { .. }, v) => {
            Some(Issue::new("", "value-not-an-option").arg("found", kernel::parse::plain_text(v)))
        }
        (Kind::Email | Kind::Phone | Kind::Url | Kind::Sequence { .. }, Value::Text(t)) => long(t, 2_000),
        (Kind::Integer, Value::Int(_))
        | (Kind::Decimal { .. } | Kind::Percent, Value::Decimal(_) | Value::Int(_))
        | (Kind::Money, Value::Money(_))
        | (Kind::Bool, Value::Bool(_))
        | (Kind::Date, Value::Date(_))
        | (Kind::DateTime, Value::DateTime(_))
        | (Kind::Duration, Value::Duration(_) | Value::Int(_))
        | (Kind::Ref { .. }, Value::Id(_))
        | (Kind::Refs { .. }, Value::Ids(_))
        | (Kind::Address, Value::Address(_))
        | (Kind::Name, Value::Name(_))
        | (Kind::File | Kind::Image, Value::File(_))
        | (Kind::Json, Value::Json(_)) => None,
        (k, _) => Some(Issue::new("", "value-wrong-type").arg("type", k.key())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_of_a_value_made_by_code_is_a_whole_sentence() {
        for kind in Kind::samples() {
            for value in [Value::from("x".repeat(500_000)), Value::Int(7), Value::Bool(true), Value::Ids(Vec::new())] {
                let Some(issue) = misfit(&kind, &value) else { continue };
                for lang in text::locale::Lang::ALL {
                    let said = issue.text(lang);
                    assert!(!said.contains('{') && said != issue.key, "{}: {said}", kind.key());
                }
            }
        }
    }
}
