//! All declarations of one company.

use crate::fault::{Fault, Issue, Outcome};
use crate::field::Field;
use crate::kind::{Agg, Kind};
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
    /// Objects that belong to others ([`Object::belongs`]) have their scopes too, through the reference: orders of the
    /// customers of my account teams. What an object declares itself stays.
    pub fn inherit_scopes(&mut self) {
        // As often as a chain of references may be long.
        for _ in 0..4 {
            let mut gained = Vec::new();
            for object in self.objects.values() {
                let Some(field) = object.belongs() else { continue };
                let Some(parent) =
                    field.kind.target().and_then(|t| self.objects.get(t)).filter(|p| p.key != object.key)
                else {
                    continue;
                };
                for scope in parent.scopes.iter().filter(|s| object.scopes.iter().all(|own| own.key != s.key)) {
                    if let Ok(expr) = crate::expr::Expr::parse(&scope.expr) {
                        let expr = expr.through(&field.key).to_string();
                        gained.push((object.key.clone(), crate::object::Scope { expr, ..scope.clone() }));
                    }
                }
            }
            if gained.is_empty() {
                return;
            }
            for (key, scope) in gained {
                if let Some(object) = self.objects.get_mut(&key) {
                    Arc::make_mut(object).scopes.push(scope);
                }
            }
        }
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
        self.objects
            .values()
            .flat_map(move |o| o.fields.iter().filter(move |f| f.kind.target() == Some(target)).map(move |f| (o, f)))
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
                continue;
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
            if let Kind::Rollup { object: child, via, agg, field, result, .. } = &f.kind {
                match self.objects.get(child) {
                    Some(c) if c.get(via).is_some_and(|v| v.kind.target() == Some(object.key.as_str())) => {
                        let source = field.as_deref().and_then(|key| c.get(key)).map(|x| x.kind.stored());
                        let fits = match (agg, source) {
                            (Agg::Count, _) => **result == Kind::Integer,
                            (Agg::Sum, Some(k)) => {
                                matches!(
                                    k,
                                    Kind::Integer | Kind::Decimal { .. } | Kind::Percent | Kind::Money | Kind::Duration
                                ) && k == &**result
                            }
                            (Agg::Min | Agg::Max, Some(k)) => k == &**result,
                            (_, None) => false,
                        };
                        if !fits {
                            fault(&f.key, "schema-wrong-result", field.as_deref().unwrap_or(via));
                        }
                    }
                    _ => fault(&f.key, "schema-unknown-target", &format!("{child}.{via}")),
                }
            }
        }
        if let Some(p) = &object.primary {
            let parent = object.get(&p.via).and_then(|f| f.kind.target()).and_then(|t| self.objects.get(t));
            let kinds = (object.get(&p.field).map(|f| &f.kind), parent.and_then(|o| o.get(&p.mirrors)).map(|f| &f.kind));
            let flags = [Some(&p.flag), p.unless.as_ref()].into_iter().flatten().all(|f| object.get(f).is_some_and(|f| f.kind == Kind::Bool));
            if kinds.0.is_none() || kinds.0 != kinds.1 || !flags {
                fault(&p.flag, "schema-unknown-target", &p.mirrors);
            }
        }
        for f in object.fields.iter().filter(|f| f.tree && f.kind.target() != Some(object.key.as_str())) {
            fault(&f.key, "schema-unknown-target", &object.key);
        }
        for (field, text, wanted) in expressions(object) {
            let home = match object.get(field).map(|f| &f.kind) {
                Some(Kind::Rollup { object: child, .. }) => self.objects.get(child).map_or(object, |c| c),
                _ => object,
            };
            match crate::expr::check(self, home, text, wanted) {
                Err(f) => {
                    let why = f.issues.first().map_or_else(|| f.to_string(), |i| i.key.clone());
                    fault(field, "schema-bad-expression", &format!("{text} ({why})"));
                }
                Ok(typed) => {
                    let kind = object.get(field).map(|f| &f.kind);
                    if let Some(Kind::Formula { .. } | Kind::Rollup { .. }) = kind
                        && !typed.self_contained()
                        && stored_with_record(object, field, text)
                    {
                        fault(field, "schema-not-own-fields", text);
                    }
                    if wanted == crate::expr::Wanted::Any && kind.is_some_and(|k| !fits(&typed, k)) {
                        fault(field, "schema-wrong-result", &format!("{text} ({})", typed.ty));
                    }
                }
            }
        }
    }
}

/// A field of the kind can take what the expression yields; a literal text must be one that it reads.
fn fits(typed: &crate::expr::Typed, kind: &Kind) -> bool {
    let readable = match &typed.node {
        crate::expr::Node::Lit(crate::Value::Text(t)) => {
            crate::parse::from_text(kind, t, &crate::parse::Ctx::default()).is_ok()
        }
        _ => true,
    };
    readable && typed.ty.fits(kind)
}

/// The expression is the formula or the filter of the roll-up itself, not a condition of the field.
fn stored_with_record(object: &Object, field: &str, text: &str) -> bool {
    match object.get(field).map(|f| &f.kind) {
        Some(Kind::Formula { expr, .. }) => expr == text,
        Some(Kind::Rollup { filter, .. }) => filter.as_deref() == Some(text),
        _ => false,
    }
}

/// Every expression written in a declaration: field, text, whether it must be a condition.
fn expressions(object: &Object) -> impl Iterator<Item = (&str, &str, crate::expr::Wanted)> {
    use crate::expr::Wanted::{Any, Condition};
    let visible = object.visible.as_deref().map(|e| ("", e, Condition));
    let late = object.late.as_deref().map(|e| ("", e, Condition));
    let scopes = object.scopes.iter().map(|s| ("", s.expr.as_str(), Condition));
    visible.into_iter().chain(late).chain(scopes).chain(object.fields.iter().flat_map(|f| {
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
    }))
}

/// `a-z`, then `a-z0-9_`, at most 48: safe as table, column and URL on both databases.
pub fn valid_key(key: &str) -> bool {
    key.len() <= 48
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label;

    /// The complaints about an object `order` with these fields beside its name and a child `line`.
    fn complaints(fields: Vec<Field>) -> Vec<String> {
        let l = || label("اسم", "Name");
        let mut order = Object::new("order", "m", l(), l())
            .field(Field::new("name", Kind::text(), l()))
            .field(Field::new("amount", Kind::Decimal { scale: 2 }, l()));
        order.fields.extend(fields);
        let mut r = Registry::new();
        r.add_object(order);
        r.add_object(
            Object::new("line", "m", l(), l())
                .field(Field::new("name", Kind::text(), l()))
                .field(Field::new("order", Kind::to("order"), l()).reverse("lines", l()))
                .field(Field::new("price", Kind::Money, l())),
        );
        match r.check() {
            Ok(()) => Vec::new(),
            Err(f) => f.issues.iter().map(|i| format!("{} {}", i.field, i.key)).collect(),
        }
    }

    #[test]
    fn declarations_that_do_not_hold_together() {
        let l = || label("حقل", "Field");
        let field = |kind| vec![Field::new("x", kind, l())];
        let formula = |expr: &str, result| field(Kind::Formula { expr: expr.into(), result: Box::new(result) });
        let rollup = |agg, child: Option<&str>, filter: Option<&str>, result| {
            field(Kind::Rollup {
                object: "line".into(),
                via: "order".into(),
                agg,
                field: child.map(String::from),
                filter: filter.map(String::from),
                result: Box::new(result),
            })
        };
        let decimal = || Kind::Decimal { scale: 2 };
        for (fields, want) in [
            (field(Kind::text()), None),
            (vec![Field::new("X", Kind::text(), l())], Some("order.X schema-bad-key")),
            (vec![Field::new("name", Kind::text(), l())], Some("order.name schema-double-field")),
            (vec![Field::new("name_fold", Kind::text(), l())], Some("order.name_fold schema-double-column")),
            (vec![Field::new("rev", Kind::Integer, l())], Some("order.rev schema-double-column")),
            (vec![Field::new("x", Kind::text(), Label::default())], Some("order.x schema-no-label")),
            (field(Kind::to("nothing")), Some("order.x schema-unknown-target")),
            (formula("amount * 2", decimal()), None),
            (formula("amount * 2", Kind::text()), None),
            (formula("amount * 2", Kind::Money), Some("order.x schema-wrong-result")),
            (formula("amuont", decimal()), Some("order.x schema-bad-expression")),
            (formula("exists(lines) ? 1 : 2", decimal()), Some("order.x schema-not-own-fields")),
            (formula("today()", Kind::Date), Some("order.x schema-not-own-fields")),
            // `user` is not declared here, so the path leads nowhere.
            (formula("created_by.name.ar", Kind::text()), Some("order.x schema-bad-expression")),
            (rollup(Agg::Count, None, None, Kind::Integer), None),
            (rollup(Agg::Sum, Some("price"), Some("price > 0"), Kind::Money), None),
            (rollup(Agg::Sum, Some("price"), None, decimal()), Some("order.x schema-wrong-result")),
            (rollup(Agg::Sum, Some("name"), None, Kind::text()), Some("order.x schema-wrong-result")),
            (rollup(Agg::Sum, None, None, Kind::Money), Some("order.x schema-wrong-result")),
            (rollup(Agg::Count, None, Some("order.amount > 0"), Kind::Integer), Some("order.x schema-not-own-fields")),
            (rollup(Agg::Count, None, Some("amount > 0"), Kind::Integer), Some("order.x schema-bad-expression")),
            (vec![Field::new("x", Kind::Date, l()).default_expr("today()")], None),
            (vec![Field::new("x", Kind::Date, l()).default_expr("5")], Some("order.x schema-wrong-result")),
            (vec![Field::new("x", Kind::Date, l()).default_expr("'soon'")], Some("order.x schema-wrong-result")),
            (vec![Field::new("x", Kind::Date, l()).when("amount")], Some("order.x schema-bad-expression")),
        ] {
            let got = complaints(fields.clone());
            match want {
                None => assert_eq!(got, Vec::<String>::new(), "{fields:?}"),
                Some(want) => assert_eq!(got, [want], "{fields:?}"),
            }
        }
    }
}
