//! What one actor may do: his roles, what was handed to him for a while, what is shared with him; and who looks over
//! his shoulder.

use super::{Grant, Mask, Role, RowRule, Verb};
use crate::expr::Expr;
use crate::fault::Outcome;
use crate::object::Object;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// By object, the highest level on which some record is shared: 1 to read, 2 to comment, 3 to change.
pub type Shares = BTreeMap<String, i64>;

/// Rights of a colleague who is away.
#[derive(Clone, Debug)]
pub struct Handed {
    /// The delegation itself.
    pub id: Uuid,
    pub from: Uuid,
    /// Only these; all when none.
    pub objects: Option<BTreeSet<String>>,
    /// His own roles, without those that administer, without what others handed to him.
    policy: Policy,
}

/// The union of an actor's roles, and what widens or narrows it.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Each with the key of its role.
    grants: Vec<(String, Grant)>,
    pub admin: bool,
    /// The company's own hand: not held by [`Object::visible`].
    system: bool,
    shares: Shares,
    handed: Vec<Handed>,
    /// Who sees the pages as this actor: nothing is shown that he may not see himself.
    viewer: Option<Box<(Uuid, Policy)>>,
}

/// Why rows are within a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// A grant of a role, with the key of the role.
    Role { role: String, rows: RowRule },
    /// The record, or the one it belongs to through `of`, is shared.
    Shared { level: i64, of: Option<String> },
    /// As a colleague who is away, for this reason of his.
    Handed { id: Uuid, from: Uuid, why: Box<Why> },
}

/// Rows, and why they are there.
#[derive(Clone, Debug)]
pub struct Clause {
    pub why: Why,
    pub rule: Expr,
}

/// A rule before it is put together: some clause of `allowed` holds, some of `readable`, and `visible`, and for a
/// viewer the same again. Nothing at all is allowed when a list is empty.
#[derive(Clone, Debug)]
pub struct Parts {
    pub allowed: Vec<Clause>,
    /// Whatever may be done needs to be seen as well; none where the verb is reading, or creating.
    pub readable: Option<Vec<Clause>>,
    /// What is private, whatever roles grant.
    pub visible: Option<Expr>,
    pub viewer: Option<Box<(Uuid, Parts)>>,
}

impl Parts {
    /// The rule; none where nothing is allowed.
    pub fn rule(&self) -> Option<Expr> {
        let rule = union(&self.allowed)?;
        let rule = match &self.readable {
            None => rule,
            Some(readable) => match union(readable)? {
                read if read == rule => rule,
                read => read.and(rule),
            },
        };
        let rule = self.visible.clone().map_or_else(|| rule.clone(), |private| private.and(rule.clone()));
        match &self.viewer {
            None => Some(rule),
            Some(viewer) => match viewer.1.rule()? {
                own if own == rule => Some(rule),
                own => Some(rule.and(own)),
            },
        }
    }
    /// Calls `f` with every condition the decision is made of, in an order that does not change.
    pub fn each<'a>(&'a self, f: &mut impl FnMut(&'a Expr)) {
        self.allowed.iter().chain(self.readable.iter().flatten()).for_each(|c| f(&c.rule));
        self.visible.iter().for_each(&mut *f);
        if let Some(viewer) = &self.viewer {
            viewer.1.each(f);
        }
    }
    /// The decision where the conditions of [`Parts::each`] are known in their order.
    pub fn decide(&self, known: &mut impl Iterator<Item = bool>) -> bool {
        // Each condition is taken from the list, whatever the others say.
        let any = |clauses: &[Clause], known: &mut dyn Iterator<Item = bool>| {
            clauses.iter().fold(false, |any, _| known.next().unwrap_or(false) | any)
        };
        let allowed = any(&self.allowed, known);
        let readable = self.readable.as_ref().is_none_or(|r| any(r, known));
        let visible = self.visible.is_none() || known.next().unwrap_or(false);
        let viewer = self.viewer.as_ref().is_none_or(|v| v.1.decide(known));
        allowed & readable & visible & viewer
    }
    /// The same as another person asks it: `me()` is he.
    fn seen_by(mut self, who: Uuid) -> Parts {
        for clause in self.allowed.iter_mut().chain(self.readable.iter_mut().flatten()) {
            clause.rule = clause.rule.seen_by(who);
        }
        self.visible = self.visible.map(|v| v.seen_by(who));
        self
    }
}

fn union(clauses: &[Clause]) -> Option<Expr> {
    let mut any: Option<Expr> = None;
    for Clause { rule, .. } in clauses {
        if *rule == Expr::always() {
            return Some(Expr::always());
        }
        any = Some(match any {
            None => rule.clone(),
            Some(other) if other == *rule => other,
            Some(other) => other.or(rule.clone()),
        });
    }
    any
}

impl Policy {
    pub fn of<'a>(roles: impl IntoIterator<Item = &'a Role>) -> Self {
        let mut policy = Policy::default();
        for role in roles {
            policy.admin |= role.admin;
            policy.grants.extend(role.grants.iter().map(|g| (role.key.clone(), g.clone())));
        }
        policy
    }

    /// Full rights on everything: the system itself (migrations, jobs that act for nobody).
    pub fn system() -> Self {
        let grants = vec![("system".to_owned(), Grant::full("*", RowRule::All))];
        Policy { grants, admin: true, system: true, ..Policy::default() }
    }

    /// What is shared with the actor. A share opens records, never an object or a verb that his roles do not know.
    #[must_use]
    pub fn sharing(mut self, shares: Shares) -> Self {
        self.shares = shares;
        self
    }

    /// Takes over the rights of a colleague who is away: those of his roles that do not administer.
    #[must_use]
    pub fn standing_in<'a>(
        mut self,
        id: Uuid,
        from: Uuid,
        objects: Option<BTreeSet<String>>,
        roles: impl IntoIterator<Item = &'a Role>,
    ) -> Self {
        let policy = Policy::of(roles.into_iter().filter(|r| !r.admin));
        self.handed.push(Handed { id, from, objects, policy });
        self
    }

    /// The same as `viewer` may look at it: never more than he sees himself.
    #[must_use]
    pub fn viewed_by(mut self, viewer: Uuid, policy: Policy) -> Self {
        self.admin &= policy.admin;
        self.viewer = Some(Box::new((viewer, policy)));
        self
    }

    pub fn handed(&self) -> &[Handed] {
        &self.handed
    }
    /// Without what colleagues handed over: what the actor may in his own name.
    #[must_use]
    pub fn own(&self) -> Policy {
        Policy { handed: Vec::new(), ..self.clone() }
    }
    /// With what this colleague alone handed over.
    #[must_use]
    pub fn with_only(&self, delegation: Uuid) -> Policy {
        Policy { handed: self.handed.iter().filter(|h| h.id == delegation).cloned().collect(), ..self.clone() }
    }

    /// The rows of `object` on which `verb` is allowed; `None` when on no row at all.
    /// Whatever may be done needs to be seen as well: other verbs are cut down to readable rows.
    ///
    /// # Errors
    /// A `Where` rule that does not parse: nothing is allowed then.
    pub fn rule(&self, object: &Object, verb: &Verb) -> Outcome<Option<Expr>> {
        Ok(self.parts(object, verb)?.rule())
    }

    /// What the rule is made of.
    ///
    /// # Errors
    /// As [`Policy::rule`].
    pub fn parts(&self, object: &Object, verb: &Verb) -> Outcome<Parts> {
        let allowed = self.clauses(object, verb)?;
        let readable = match verb {
            Verb::Create | Verb::Read => None,
            _ => Some(self.clauses(object, &Verb::Read)?),
        };
        let visible = match object.visible.as_deref().filter(|_| !self.system && *verb != Verb::Create) {
            Some(condition) => Some(Expr::parse(condition)?),
            None => None,
        };
        let viewer = match &self.viewer {
            Some(viewer) => Some(Box::new((viewer.0, viewer.1.parts(object, verb)?.seen_by(viewer.0)))),
            None => None,
        };
        Ok(Parts { allowed, readable, visible, viewer })
    }

    /// By roles, then by shares, then what is handed over.
    fn clauses(&self, object: &Object, verb: &Verb) -> Outcome<Vec<Clause>> {
        let mut clauses = self.granted(object, verb)?;
        if !clauses.is_empty() {
            clauses.extend(self.shared(object, verb));
        }
        for handed in &self.handed {
            if handed.objects.as_ref().is_some_and(|o| !o.contains(&object.key)) {
                continue;
            }
            for clause in handed.policy.granted(object, verb)? {
                let why = Why::Handed { id: handed.id, from: handed.from, why: Box::new(clause.why) };
                clauses.push(Clause { why, rule: clause.rule.seen_by(handed.from) });
            }
        }
        Ok(clauses)
    }

    fn granted(&self, object: &Object, verb: &Verb) -> Outcome<Vec<Clause>> {
        // Who reads a record by his role may write on it.
        let verb = if *verb == Verb::Comment { &Verb::Read } else { verb };
        let mut clauses = Vec::new();
        for (role, grant) in self.grants.iter().filter(|(_, g)| g.covers(&object.key, verb)) {
            if let Some(rule) = grant.rows.expr(object)? {
                clauses.push(Clause { why: Why::Role { role: role.clone(), rows: grant.rows.clone() }, rule });
            }
        }
        Ok(clauses)
    }

    /// Records that are shared, and those that belong to a shared one as their owner's path says.
    fn shared(&self, object: &Object, verb: &Verb) -> Vec<Clause> {
        let level = match verb {
            Verb::Read => 1,
            Verb::Comment => 2,
            Verb::Update => 3,
            _ => return Vec::new(),
        };
        let reached = |key: &str| self.shares.get(key).is_some_and(|l| *l >= level);
        let clause = |path: &str, of: Option<String>| Clause {
            why: Why::Shared { level, of },
            rule: Expr::Call("shared_with_me".to_owned(), vec![Expr::path(path), Expr::Lit(Value::Int(level))]),
        };
        let own = reached(&object.key).then(|| clause("id", None));
        let parent = object.owner.as_deref().and_then(|o| o.split_once('.')).and_then(|(field, _)| {
            reached(object.get(field)?.kind.target()?).then(|| clause(&format!("{field}.id"), Some(field.to_owned())))
        });
        own.into_iter().chain(parent).collect()
    }

    /// Whether `verb` is allowed on some row.
    pub fn may(&self, object: &Object, verb: &Verb) -> bool {
        matches!(self.rule(object, verb), Ok(Some(_)))
    }

    /// The mask on a field: the mildest of the reading grants that reach the object; none where one grant shows it plainly.
    /// What is handed over, and a viewer's own, never make it milder: of several people's masks the strictest holds.
    pub fn mask(&self, object: &str, field: &str) -> Option<Mask> {
        let mut strictest = self.own_mask(object, field);
        for handed in self.handed.iter().filter(|h| h.objects.as_ref().is_none_or(|o| o.contains(object))) {
            strictest = stricter(strictest, handed.policy.own_mask(object, field));
        }
        if let Some(viewer) = &self.viewer {
            strictest = stricter(strictest, Reached(viewer.1.mask(object, field)));
        }
        strictest.mask()
    }

    fn own_mask(&self, object: &str, field: &str) -> Own {
        let mut mildest: Option<Mask> = None;
        let mut reached = false;
        for (_, grant) in self.grants.iter().filter(|(_, g)| g.covers(object, &Verb::Read)) {
            reached = true;
            match grant.masks.get(field) {
                None => return Reached(None),
                Some(m) => mildest = Some(mildest.map_or(*m, |x| x.min(*m))),
            }
        }
        if reached { Reached(mildest) } else { Own::Unknown }
    }

    /// Roles whose grants withhold the field, with what they leave of it: the reason of a mask.
    pub fn masking(&self, object: &str, field: &str) -> Vec<(String, Mask)> {
        let grants = self.grants.iter().chain(self.handed.iter().flat_map(|h| &h.policy.grants));
        let reading = grants.filter(|(_, g)| g.covers(object, &Verb::Read));
        let mut found: Vec<(String, Mask)> =
            reading.filter_map(|(r, g)| g.masks.get(field).map(|m| (r.clone(), *m))).collect();
        found.sort();
        found.dedup();
        found
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

/// A mask of somebody whose grants reach the object; or they do not reach it at all.
#[derive(Clone, Copy)]
enum Own {
    Reached(Option<Mask>),
    Unknown,
}
use Own::Reached;

impl Own {
    fn mask(self) -> Option<Mask> {
        match self {
            Reached(mask) => mask,
            Own::Unknown => None,
        }
    }
}

fn stricter(a: Own, b: Own) -> Own {
    match (a, b) {
        (Reached(a), Reached(b)) => Reached(a.max(b)),
        (Own::Unknown, other) | (other, Own::Unknown) => other,
    }
}

impl RowRule {
    /// The rows as a condition on the object; none where no record can be meant (nobody owns such records, no such
    /// scope): only a rule for all rows reaches them.
    ///
    /// # Errors
    /// An expression that does not parse.
    pub fn expr(&self, object: &Object) -> Outcome<Option<Expr>> {
        let owner = object.owner.as_deref();
        Ok(match (self, owner) {
            (RowRule::All, _) => Some(Expr::always()),
            (RowRule::Own, Some(owner)) => Some(Expr::parse(&format!("{owner} == me()"))?),
            (RowRule::Team, Some(owner)) => Some(Expr::parse(&format!("{owner} == me() || in_my_teams({owner})"))?),
            (RowRule::TeamBelow, Some(owner)) => {
                Some(Expr::parse(&format!("{owner} == me() || in_my_teams_below({owner})"))?)
            }
            (RowRule::Own | RowRule::Team | RowRule::TeamBelow, None) => None,
            (RowRule::Scope(key), _) => match object.scopes.iter().find(|s| s.key == *key) {
                Some(scope) => Some(Expr::parse(&scope.expr)?),
                None => None,
            },
            (RowRule::Where(text), _) => Some(Expr::parse(text)?),
        })
    }
}
