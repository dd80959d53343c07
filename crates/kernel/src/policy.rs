//! Who may do what with which rows and fields.
//!
//! A [`Role`] is a list of [`Grant`]s. The [`Policy`] of an actor is the union of his roles, asked with
//! `rule(object, verb)`: no rule means no permission, a rule is an expression that rows must satisfy.
//! It is compiled into every query, so list, record, count, search, export and API agree.
//!
//! The rule is put together from [`Parts`], each of which says why it is there: what explains a decision is what makes it.

mod held;
#[cfg(test)]
mod tests;

pub use held::{Clause, Handed, Parts, Policy, Shares, Why};

use crate::label::Label;
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
    /// Letting colleagues see one record whom no rule lets see it.
    Share,
    /// Writing on a record: whoever reads it by his role may, and with whom it is shared so. Never granted by itself.
    Comment,
    /// A typed action of the object: `confirm`, `win` …
    Act(String),
}

impl Verb {
    /// The verbs every object has.
    pub const COMMON: [Verb; 7] =
        [Verb::Read, Verb::Create, Verb::Update, Verb::Delete, Verb::Import, Verb::Export, Verb::Share];
    pub fn key(&self) -> &str {
        match self {
            Verb::Read => "read",
            Verb::Create => "create",
            Verb::Update => "update",
            Verb::Delete => "delete",
            Verb::Import => "import",
            Verb::Export => "export",
            Verb::Share => "share",
            Verb::Comment => "comment",
            Verb::Act(a) => a,
        }
    }
    /// The verb of a key: a common one, or an action.
    pub fn of_key(key: &str) -> Verb {
        let named = Verb::COMMON.iter().chain([&Verb::Comment]).find(|v| v.key() == key);
        named.cloned().unwrap_or_else(|| Verb::Act(key.to_owned()))
    }
    /// Seeing colleagues' pages as they see them: an action of `user`, granted with the rows it covers.
    pub fn view_as() -> Verb {
        Verb::Act("view_as".to_owned())
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
    /// As `Team`, and the owner is in a team that the actor leads, or in one below it.
    TeamBelow,
    /// A scope the object declares ([`Object::scopes`](crate::Object::scopes)): account team, territory …
    Scope(String),
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
    pub fn covers(&self, object: &str, verb: &Verb) -> bool {
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
