//! A row rule taken apart, so that a list under it is as quick as one without.
//!
//! "Mine, or my team's" is a set of owners. A database that walks the list's order meets one of their rows now and
//! then; one that takes all rows of the owners sorts thousands for a page of fifty. Read owner by owner, each in the
//! order of the list by an index of its own, and merged, a page costs about as many rows as it shows.

use kernel::expr::{Env, Op};
use kernel::uuid::Uuid;
use kernel::{Expr, Object, Value};
use std::collections::BTreeSet;

/// More parts cost more than they save: so many owners have so many rows that one meets them on the way.
const MOST: usize = 24;

/// The parts of a rule. A row is within the rule when it is within `common` and one of `owners` or `others`; it is
/// never within two of them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Arms {
    /// The reference to the owner.
    pub field: String,
    pub common: Expr,
    /// `owner == id(…)` for each.
    pub owners: Vec<Expr>,
    /// Whatever else lets rows be seen: shares, territories.
    pub others: Vec<Expr>,
}

impl Arms {
    /// None where the rule is not about the owner, or about too many of them.
    pub fn of(object: &Object, rule: &Expr, env: &Env) -> Option<Arms> {
        let field = object.owner.as_deref().filter(|o| !o.contains('.'))?;
        let mut parts = Vec::new();
        flatten(Op::And, rule, &mut parts);
        let mut common = Expr::always();
        let mut found = None;
        for part in parts {
            match found {
                None => match Terms::of(field, part, env) {
                    Some(terms) => found = Some(terms),
                    None => common = common.and(part.clone()),
                },
                Some(_) => common = common.and(part.clone()),
            }
        }
        let Terms { owners, others } = found?;
        if owners.is_empty() || owners.len() + others.len() > MOST {
            return None;
        }
        let list: Vec<Expr> = owners.iter().map(|id| Expr::lit(*id)).collect();
        let mut before = Expr::In(Box::new(Expr::path(field)), list.clone());
        let mut apart = Vec::with_capacity(others.len());
        for other in others {
            apart.push(other.clone().and(!before.clone()));
            before = before.or(other);
        }
        let owners = list.into_iter().map(|id| Expr::path(field).eq(id)).collect();
        Some(Arms { field: field.to_owned(), common, owners, others: apart })
    }

    /// Each part with what is common to all.
    pub fn each(&self) -> impl Iterator<Item = Expr> + '_ {
        self.owners.iter().chain(&self.others).map(|part| part.clone().and(self.common.clone()))
    }
}

/// The terms of a disjunction: people who own, and what else there is.
#[derive(Default)]
struct Terms {
    owners: BTreeSet<Uuid>,
    others: Vec<Expr>,
}

impl Terms {
    /// None where no term is about the owner, or it is not known who is meant.
    fn of(field: &str, rule: &Expr, env: &Env) -> Option<Terms> {
        let mut parts = Vec::new();
        flatten(Op::Or, rule, &mut parts);
        let mut terms = Terms::default();
        let mut any = false;
        for part in parts {
            match owners(field, part, env) {
                Owners::These(ids) => {
                    any = true;
                    terms.owners.extend(ids);
                }
                Owners::Unknown => return None,
                Owners::Other if terms.others.contains(part) => {}
                Owners::Other => terms.others.push(part.clone()),
            }
        }
        any.then_some(terms)
    }
}

enum Owners {
    These(Vec<Uuid>),
    /// About the owner, but whom is not known here.
    Unknown,
    Other,
}

fn owners(field: &str, term: &Expr, env: &Env) -> Owners {
    let own = |e: &Expr| matches!(e, Expr::Path(p) if p.len() == 1 && p.first().is_some_and(|f| f == field));
    let person = |e: &Expr| match e {
        Expr::Lit(Value::Id(id)) => Some(vec![*id]),
        Expr::Call(name, args) if name == "me" && args.is_empty() => Some(env.me.into_iter().collect()),
        _ => None,
    };
    let people = match term {
        Expr::Bin(Op::Eq, a, b) if own(a) => person(b),
        Expr::Bin(Op::Eq, a, b) if own(b) => person(a),
        Expr::In(e, items) if own(e) => items.iter().map(person).collect::<Option<Vec<_>>>().map(|l| l.concat()),
        Expr::Call(name, args) if name == "in_my_teams" && args.len() == 1 && args.first().is_some_and(own) => {
            if env.me.is_none() {
                return Owners::These(Vec::new());
            }
            match &env.teammates {
                Some(mates) => Some(mates.to_vec()),
                None => return Owners::Unknown,
            }
        }
        _ => None,
    };
    people.map_or(Owners::Other, Owners::These)
}

fn flatten<'a>(op: Op, rule: &'a Expr, into: &mut Vec<&'a Expr>) {
    match rule {
        Expr::Bin(o, a, b) if *o == op => {
            flatten(op, a, into);
            flatten(op, b, into);
        }
        other => into.push(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Field, Kind, label};

    fn env(mates: Option<&[u128]>) -> Env {
        let teammates = mates.map(|m| m.iter().map(|n| Uuid::from_u128(*n)).collect());
        let zone = jiff::tz::TimeZone::UTC;
        Env { teammates, ..Env::new(jiff::Timestamp::UNIX_EPOCH, zone, Some(Uuid::from_u128(1))) }
    }

    fn arms(rule: &str, env: &Env) -> Option<(usize, Vec<String>, String)> {
        let object = Object::new("party", "base", label("عميل", "Party"), label("العملاء", "Parties"))
            .field(Field::new("owner", Kind::to("user"), label("المسؤول", "Owner")))
            .owner("owner");
        let arms = Arms::of(&object, &Expr::parse(rule).unwrap(), env)?;
        Some((arms.owners.len(), arms.others.iter().map(ToString::to_string).collect(), arms.common.to_string()))
    }

    #[test]
    fn a_rule_falls_into_owners_and_what_else_there_is() {
        let team = env(Some(&[1, 2, 3]));
        assert_eq!(arms("owner == me() || in_my_teams(owner)", &team), Some((3, vec![], "true".into())));
        assert_eq!(arms("owner == me()", &team), Some((1, vec![], "true".into())));
        assert_eq!(arms("privacy != 'x' && me() == owner", &team), Some((1, vec![], "privacy != \"x\"".into())));
        let (owners, others, common) = arms("shared || owner == me() || shared || lent", &team).unwrap();
        let mine = format!("owner in [id(\"{}\")]", Uuid::from_u128(1));
        assert_eq!((owners, common.as_str()), (1, "true"));
        assert_eq!(others, [format!("shared && !({mine})"), format!("lent && !({mine} || shared)")]);
    }

    #[test]
    fn what_cannot_be_taken_apart_stays_whole() {
        assert_eq!(arms("true", &env(Some(&[]))), None);
        assert_eq!(arms("stage == 'lost'", &env(Some(&[]))), None);
        assert_eq!(arms("in_my_teams(owner)", &env(None)), None, "nobody looked who they are");
        assert_eq!(arms("in_my_teams(owner)", &env(Some(&[]))), None, "nobody");
        let crowd: Vec<u128> = (1..=30).collect();
        assert_eq!(arms("in_my_teams(owner)", &env(Some(&crowd))), None, "too many");
        assert_eq!(arms("owner == me()", &Env { me: None, ..env(None) }), None);
    }
}
