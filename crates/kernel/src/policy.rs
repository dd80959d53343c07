//! Who may do what with which rows and fields.
//!
//! A [`Role`] is a list of [`Grant`]s. The [`Policy`] of an actor is the union of his roles, asked with
//! `rule(object, verb)`: no rule means no permission, a rule is an expression that rows must satisfy.
//! It is compiled into every query, so list, record, count, search, export and API agree.

use crate::expr::Expr;
use crate::fault::Outcome;
use crate::label::Label;
use crate::object::Object;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What can be done with records. Actions beside these are granted by their own key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    Read,
    Create,
    Update,
    Delete,
    Import,
    Export,
    /// A typed action of the object: `confirm`, `win` …
    Act(String),
}

impl Verb {
    /// The verbs every object has.
    pub const COMMON: [Verb; 6] = [Verb::Read, Verb::Create, Verb::Update, Verb::Delete, Verb::Import, Verb::Export];
    pub fn key(&self) -> &str {
        match self {
            Verb::Read => "read",
            Verb::Create => "create",
            Verb::Update => "update",
            Verb::Delete => "delete",
            Verb::Import => "import",
            Verb::Export => "export",
            Verb::Act(a) => a,
        }
    }
}

/// Which rows a grant covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowRule {
    All,
    /// The object's owner is the actor.
    Own,
    /// The object's owner is in one of the actor's teams (or is the actor).
    Team,
    /// Any expression over the object's fields; `me()` and `my_teams()` are the actor's.
    Where(String),
}

/// How much of a field is withheld. Ordered from the most to the least that may be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mask {
    ReadOnly,
    /// Shown as dots with the last two characters; not filtered, sorted, searched or exported.
    Masked,
    /// As if the field were not there.
    Hidden,
}

/// Permission for one object, or for all with `*`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    pub object: String,
    pub verbs: BTreeSet<Verb>,
    pub rows: RowRule,
    #[serde(default)]
    pub masks: BTreeMap<String, Mask>,
    /// Every action of the object, without naming each.
    #[serde(default)]
    pub all_actions: bool,
}

impl Grant {
    pub fn new(object: impl Into<String>, verbs: impl IntoIterator<Item = Verb>, rows: RowRule) -> Self {
        Grant {
            object: object.into(),
            verbs: verbs.into_iter().collect(),
            rows,
            masks: BTreeMap::new(),
            all_actions: false,
        }
    }
    /// All common verbs and actions.
    pub fn full(object: impl Into<String>, rows: RowRule) -> Self {
        Grant { all_actions: true, ..Grant::new(object, Verb::COMMON, rows) }
    }
    pub fn read(object: impl Into<String>, rows: RowRule) -> Self {
        Grant::new(object, [Verb::Read], rows)
    }
    #[must_use]
    pub fn mask(mut self, field: impl Into<String>, mask: Mask) -> Self {
        self.masks.insert(field.into(), mask);
        self
    }
    fn covers(&self, object: &str, verb: &Verb) -> bool {
        (self.object == "*" || self.object == object)
            && (self.verbs.contains(verb) || (self.all_actions && matches!(verb, Verb::Act(_))))
    }
}

/// A named set of grants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    pub key: String,
    pub label: Label,
    pub grants: Vec<Grant>,
    /// May administer the company: users, roles, custom objects, settings, webhooks.
    #[serde(default)]
    pub admin: bool,
}

/// The union of an actor's roles.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    grants: Vec<Grant>,
    pub admin: bool,
    /// The company's own hand: not held by [`Object::visible`].
    system: bool,
}

impl Policy {
    pub fn of<'a>(roles: impl IntoIterator<Item = &'a Role>) -> Self {
        let mut policy = Policy::default();
        for role in roles {
            policy.admin |= role.admin;
            policy.grants.extend(role.grants.iter().cloned());
        }
        policy
    }

    /// Full rights on everything: the system itself (migrations, jobs that act for nobody).
    pub fn system() -> Self {
        Policy { grants: vec![Grant::full("*", RowRule::All)], admin: true, system: true }
    }

    /// The rows of `object` on which `verb` is allowed; `None` when on no row at all.
    /// Whatever may be done needs to be seen as well: other verbs are cut down to readable rows.
    ///
    /// # Errors
    /// A `Where` rule that does not parse: nothing is allowed then.
    pub fn rule(&self, object: &Object, verb: &Verb) -> Outcome<Option<Expr>> {
        let Some(rule) = self.union(object, verb)? else { return Ok(None) };
        if *verb == Verb::Create {
            return Ok(Some(rule));
        }
        let rule = match (verb, self.union(object, &Verb::Read)?) {
            (_, None) => return Ok(None),
            (Verb::Read, Some(read)) => read,
            (_, Some(read)) if read == rule => rule,
            (_, Some(read)) => read.and(rule),
        };
        match object.visible.as_deref().filter(|_| !self.system) {
            None => Ok(Some(rule)),
            Some(condition) if rule == Expr::always() => Ok(Some(Expr::parse(condition)?)),
            Some(condition) => Ok(Some(Expr::parse(condition)?.and(rule))),
        }
    }

    fn union(&self, object: &Object, verb: &Verb) -> Outcome<Option<Expr>> {
        let mut any: Option<Expr> = None;
        for grant in self.grants.iter().filter(|g| g.covers(&object.key, verb)) {
            let rule = match (&grant.rows, &object.owner) {
                (RowRule::All, _) => return Ok(Some(Expr::always())),
                (RowRule::Own, Some(owner)) => Expr::parse(&format!("{owner} == me()"))?,
                (RowRule::Team, Some(owner)) => Expr::parse(&format!("{owner} == me() || in_my_teams({owner})"))?,
                // Nobody owns such records: only a rule for all rows can reach them.
                (RowRule::Own | RowRule::Team, None) => continue,
                (RowRule::Where(text), _) => Expr::parse(text)?,
            };
            any = Some(match any {
                None => rule,
                Some(other) if other == rule => other,
                Some(other) => other.or(rule),
            });
        }
        Ok(any)
    }

    /// Whether `verb` is allowed on some row.
    pub fn may(&self, object: &Object, verb: &Verb) -> bool {
        matches!(self.rule(object, verb), Ok(Some(_)))
    }

    /// The mask on a field: the mildest of the reading grants that reach the object; none where one grant shows it plainly.
    pub fn mask(&self, object: &str, field: &str) -> Option<Mask> {
        let mut mildest: Option<Mask> = None;
        let mut reached = false;
        for grant in self.grants.iter().filter(|g| g.covers(object, &Verb::Read)) {
            reached = true;
            match grant.masks.get(field) {
                None => return None,
                Some(m) => mildest = Some(mildest.map_or(*m, |x| x.min(*m))),
            }
        }
        if reached { mildest } else { None }
    }

    /// The value of the field may be read as it is.
    pub fn sees(&self, object: &str, field: &str) -> bool {
        !matches!(self.mask(object, field), Some(Mask::Hidden | Mask::Masked))
    }
    /// The field may be changed (where the row may).
    pub fn writes(&self, object: &str, field: &str) -> bool {
        self.mask(object, field).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Field, Kind, label};

    fn object(owner: Option<&str>) -> Object {
        let l = || label("اسم", "Name");
        let o = Object::new("order", "m", l(), l()).field(Field::new("owner", Kind::to("user"), l()));
        Object { owner: owner.map(String::from), ..o }
    }

    fn policy(grants: Vec<Grant>) -> Policy {
        Policy::of(&[Role { key: "r".into(), label: label("دور", "Role"), grants, admin: false }])
    }

    /// The rule as text; `-` for none at all.
    fn rule(policy: &Policy, object: &Object, verb: &Verb) -> String {
        policy.rule(object, verb).unwrap().map_or("-".into(), |e| e.to_string())
    }

    #[test]
    fn rules_are_the_union_of_grants_and_never_wider_than_reading() {
        let (own, team, all) = (RowRule::Own, RowRule::Team, RowRule::All);
        let big = || RowRule::Where("rev > 5".into());
        let update = || Verb::Update;
        let mine = "owner == me()";
        for (grants, verb, want) in [
            (vec![], Verb::Read, "-"),
            (vec![Grant::read("order", all.clone())], Verb::Read, "true"),
            (vec![Grant::read("party", all.clone())], Verb::Read, "-"),
            (vec![Grant::read("*", own.clone())], Verb::Read, mine),
            (vec![Grant::read("order", team)], Verb::Read, "owner == me() || in_my_teams(owner)"),
            (vec![Grant::read("order", own.clone()), Grant::read("*", own.clone())], Verb::Read, mine),
            (vec![Grant::read("order", own.clone()), Grant::read("*", big())], Verb::Read, "owner == me() || rev > 5"),
            (vec![Grant::read("order", own.clone()), Grant::read("*", all.clone())], Verb::Read, "true"),
            (vec![Grant::read("order", all.clone())], update(), "-"),
            (vec![Grant::new("order", [update()], all.clone())], update(), "-"),
            (vec![Grant::read("order", own.clone()), Grant::new("order", [update()], all.clone())], update(), mine),
            (
                vec![Grant::read("order", own.clone()), Grant::new("order", [update()], big())],
                update(),
                "owner == me() && rev > 5",
            ),
            (vec![Grant::full("order", own.clone())], Verb::Act("confirm".into()), mine),
            (vec![Grant::read("order", own)], Verb::Act("confirm".into()), "-"),
        ] {
            assert_eq!(rule(&policy(grants.clone()), &object(Some("owner")), &verb), want, "{grants:?} {verb:?}");
        }
        // Nobody owns it: only a rule for all rows reaches it.
        assert_eq!(rule(&policy(vec![Grant::full("order", RowRule::Own)]), &object(None), &Verb::Read), "-");
        // A rule that cannot be read allows nothing.
        let broken = policy(vec![Grant::read("order", RowRule::Where("owner ==".into()))]);
        assert!(broken.rule(&object(Some("owner")), &Verb::Read).is_err());
        assert!(!broken.may(&object(Some("owner")), &Verb::Read));
    }

    #[test]
    fn what_is_private_stays_private_for_administrators_too() {
        let private = object(Some("owner")).visible("rev > 5");
        let admin = Policy { admin: true, ..policy(vec![Grant::full("*", RowRule::All)]) };
        assert_eq!(rule(&admin, &private, &Verb::Read), "rev > 5");
        assert_eq!(rule(&policy(vec![Grant::full("order", RowRule::Own)]), &private, &Verb::Update), "rev > 5 && owner == me()");
        assert_eq!(rule(&Policy::system(), &private, &Verb::Read), "true");
    }

    #[test]
    fn the_mildest_mask_counts() {
        let hidden = || Grant::read("order", RowRule::Own).mask("owner", Mask::Hidden);
        let read_only = || Grant::read("*", RowRule::All).mask("owner", Mask::ReadOnly);
        let masked = || Grant::read("order", RowRule::All).mask("owner", Mask::Masked);
        for (grants, mask) in [
            (vec![], None),
            (vec![hidden()], Some(Mask::Hidden)),
            (vec![hidden(), masked()], Some(Mask::Masked)),
            (vec![hidden(), read_only()], Some(Mask::ReadOnly)),
            (vec![hidden(), Grant::read("order", RowRule::Own)], None),
        ] {
            assert_eq!(policy(grants.clone()).mask("order", "owner"), mask, "{grants:?}");
        }
        let p = policy(vec![read_only()]);
        assert!(p.sees("order", "owner") && !p.writes("order", "owner") && p.writes("order", "name"));
        assert!(!policy(vec![masked()]).sees("order", "owner"));
    }
}
