//! All declarations of one company.

use crate::fault::{Fault, Issue, Outcome};
use crate::field::Field;
use crate::kind::Kind;
use crate::label::Label;
use crate::object::Object;
use crate::policy::Role;
use indexmap::IndexMap;
use std::sync::Arc;

/// Objects and roles, from code and made at run time, checked against each other.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    objects: IndexMap<String, Arc<Object>>,
    roles: IndexMap<String, Role>,
    pub modules: IndexMap<String, Label>,
}

/// What an expression may walk to from an object.
#[derive(Clone, Debug)]
pub enum Step<'a> {
    /// A field of the object itself.
    Field(&'a Field),
    /// The records that point here: child object and the reference they use.
    Children { child: &'a Arc<Object>, via: &'a Field },
}

impl Registry {
    pub fn new() -> Self {
        Self::default()
    }
    pub fn add_object(&mut self, object: Object) {
        self.objects.insert(object.key.clone(), Arc::new(object));
    }
    pub fn remove_object(&mut self, key: &str) {
        self.objects.shift_remove(key);
    }
    pub fn add_role(&mut self, role: Role) {
        self.roles.insert(role.key.clone(), role);
    }
    pub fn remove_role(&mut self, key: &str) {
        self.roles.shift_remove(key);
    }
    pub fn objects(&self) -> impl Iterator<Item = &Arc<Object>> {
        self.objects.values()
    }
    pub fn roles(&self) -> impl Iterator<Item = &Role> {
        self.roles.values()
    }
    pub fn role(&self, key: &str) -> Option<&Role> {
        self.roles.get(key)
    }
    /// # Errors
    /// Not found: the object does not exist (the same answer as for one that may not be seen).
    pub fn object(&self, key: &str) -> Outcome<&Arc<Object>> {
        self.objects.get(key).ok_or_else(Fault::not_found)
    }
    pub fn find(&self, key: &str) -> Option<&Arc<Object>> {
        self.objects.get(key)
    }

    /// Field, or the list of children named by the `reverse` of a reference (or by the child object's key).
    pub fn step<'a>(&'a self, object: &'a Object, name: &str) -> Option<Step<'a>> {
        if let Some(f) = object.get(name) {
            return Some(Step::Field(f));
        }
        self.children(&object.key)
            .find(|(child, via)| via.reverse == name || (via.reverse.is_empty() && child.key == name))
            .map(|(child, via)| Step::Children { child, via })
    }

    /// Every (object, reference) that points to `target`.
    pub fn children<'a>(&'a self, target: &'a str) -> impl Iterator<Item = (&'a Arc<Object>, &'a Field)> {
        self.objects.values().flat_map(move |o| {
            o.fields.iter().filter(move |f| f.kind.target() == Some(target)).map(move |f| (o, f))
        })
    }

    /// Faults of the declarations themselves: unknown targets, missing titles, doubled keys, expressions that do not fit.
    ///
    /// # Errors
    /// All faults at once, each with `object.field`.
    pub fn check(&self) -> Outcome<()> {
        let mut issues = Vec::new();
        for object in self.objects.values() {
            self.check_object(object, &mut issues);
        }
        Fault::check(issues)
    }

    fn check_object(&self, object: &Object, issues: &mut Vec<Issue>) {
        let mut fault = |field: &str, key: &str, arg: &str| {
            issues.push(Issue::new(format!("{}.{field}", object.key), key).arg("name", arg));
        };
        if !valid_key(&object.key) {
            fault("", "schema-bad-key", &object.key);
        }
        if object.title_field().is_none() {
            fault(&object.title, "schema-no-title", &object.title);
        }
        let mut seen = std::collections::BTreeSet::new();
        let mut columns: std::collections::BTreeSet<String> =
            ["id", "rev", "created_at", "created_by", "updated_at", "updated_by", "deleted_at"]
                .map(String::from)
                .into();
        for f in &object.fields {
            if !valid_key(&f.key) {
                fault(&f.key, "schema-bad-key", &f.key);
            }
            if !seen.insert(&f.key) {
                fault(&f.key, "schema-double-field", &f.key);
            }
            for c in f.columns() {
                if !columns.insert(c.name.clone()) {
                    fault(&f.key, "schema-double-column", &c.name);
                }
            }
            if f.label.is_empty() {
                fault(&f.key, "schema-no-label", &f.key);
            }
            if let Some(target) = f.kind.target()
                && !self.objects.contains_key(target)
            {
                fault(&f.key, "schema-unknown-target", target);
            }
            if let Kind::Rollup { object: child, via, .. } = &f.kind
                && self.objects.get(child).and_then(|c| c.get(via)).is_none()
            {
                fault(&f.key, "schema-unknown-target", child);
            }
        }
        for (field, text, wanted) in expressions(object) {
            let home = match object.get(field).map(|f| &f.kind) {
                Some(Kind::Rollup { object: child, .. }) => self.objects.get(child).map_or(object, |c| c),
                _ => object,
            };
            if let Err(f) = crate::expr::check(self, home, text, wanted) {
                let why = f.issues.first().map_or_else(|| f.to_string(), |i| i.key.clone());
                fault(field, "schema-bad-expression", &format!("{text} ({why})"));
            }
        }
    }
}

/// Every expression written in a declaration: field, text, whether it must be a condition.
fn expressions(object: &Object) -> impl Iterator<Item = (&str, &str, crate::expr::Wanted)> {
    use crate::expr::Wanted::{Any, Condition};
    object.fields.iter().flat_map(|f| {
        let computed = match &f.kind {
            Kind::Formula { expr, .. } => Some((expr.as_str(), Any)),
            Kind::Rollup { filter: Some(e), .. } => Some((e.as_str(), Condition)),
            _ => None,
        };
        [
            computed,
            f.default.as_deref().map(|e| (e, Any)),
            f.when.as_deref().map(|e| (e, Condition)),
            f.lock.as_deref().map(|e| (e, Condition)),
        ]
        .into_iter()
        .flatten()
        .map(|(text, wanted)| (f.key.as_str(), text, wanted))
    })
}

/// `a-z`, then `a-z0-9_`, at most 48: safe as table, column and URL on both databases.
pub fn valid_key(key: &str) -> bool {
    key.len() <= 48
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
