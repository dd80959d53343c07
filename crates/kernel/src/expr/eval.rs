//! The back end in memory: guards, formulas, defaults, `when`/`lock`, and the measure for the SQL back end.
//!
//! Arithmetic that has no answer (a null operand, overflow, division by zero, other currency) yields null.

use super::Op;
use super::types::{Func, Leaf, Node, Part, Path, TextType, Type, Typed};
use crate::kind::{Kind, scaled};
use crate::record::Record;
use crate::value::{Money, Value};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use rust_decimal::{Decimal, RoundingStrategy::MidpointAwayFromZero};
use std::cmp::Ordering;
use std::sync::Arc;
use uuid::Uuid;

/// Digits after the point of a quotient.
pub(super) const QUOTIENT_SCALE: u32 = 10;

/// Where an expression finds the values of a record.
pub trait Scope {
    /// The value of a field, or through references: `["total"]`, `["party", "city"]`, `["id"]`, `["party", "id"]`.
    fn get(&self, path: &[&str]) -> Value;
    /// The living records of a reverse list.
    fn children(&self, list: &str) -> Vec<&dyn Scope>;
}

/// A record answers for its own fields, and for what was loaded beside it under dotted keys (`party.city`).
impl Scope for Record {
    fn get(&self, path: &[&str]) -> Value {
        match path {
            ["id"] => Value::Id(self.id),
            ["rev"] => Value::Int(self.rev),
            [field] => Record::get(self, field).clone(),
            [rest @ .., "id"] => Record::get(self, &rest.join(".")).clone(),
            _ => Record::get(self, &path.join(".")).clone(),
        }
    }
    fn children(&self, _list: &str) -> Vec<&dyn Scope> {
        Vec::new()
    }
}

/// A record together with the records of its reverse lists.
pub struct Family<'a> {
    pub record: &'a Record,
    pub lists: Vec<(&'a str, Vec<&'a dyn Scope>)>,
}

impl Scope for Family<'_> {
    fn get(&self, path: &[&str]) -> Value {
        Scope::get(self.record, path)
    }
    fn children(&self, list: &str) -> Vec<&dyn Scope> {
        self.lists.iter().find(|(name, _)| *name == list).map(|(_, c)| c.clone()).unwrap_or_default()
    }
}

/// What is true around the record: time, and who acts.
#[derive(Clone, Debug)]
pub struct Env {
    pub now: Timestamp,
    /// The date of `now` in the company's zone.
    pub today: Date,
    pub zone: TimeZone,
    pub me: Option<Uuid>,
    /// Everyone in a team of `me`, where it was looked up: SQL then names them, so that an index on the owner serves.
    /// Unknown, SQL asks the table of teams and memory finds nobody.
    pub teammates: Option<Arc<[Uuid]>>,
}

impl Env {
    pub fn new(now: Timestamp, zone: TimeZone, me: Option<Uuid>) -> Self {
        Env { now, today: now.to_zoned(zone.clone()).date(), zone, me, teammates: None }
    }
    /// The day of an instant in the company's zone.
    pub fn day(&self, instant: Timestamp) -> Date {
        instant.to_zoned(self.zone.clone()).date()
    }
    /// The first instant of a day in the company's zone; none at the ends of the calendar.
    pub fn start_of(&self, day: Date) -> Option<Timestamp> {
        Some(day.to_zoned(self.zone.clone()).ok()?.start_of_day().ok()?.timestamp())
    }
}

/// Whether the condition holds; null does not.
pub fn holds(expr: &Typed, scope: &dyn Scope, env: &Env) -> bool {
    eval(expr, scope, env).bool().unwrap_or(false)
}

/// The value of a checked expression.
pub fn eval(expr: &Typed, scope: &dyn Scope, env: &Env) -> Value {
    match &expr.node {
        Node::Lit(value) => value.clone(),
        Node::Path(path) => read(path, scope),
        Node::Not(e) => Value::Bool(!holds(e, scope, env)),
        Node::Neg(e) => negated(eval(e, scope, env)),
        Node::Bin(Op::And, l, r) => Value::Bool(holds(l, scope, env) && holds(r, scope, env)),
        Node::Bin(Op::Or, l, r) => Value::Bool(holds(l, scope, env) || holds(r, scope, env)),
        Node::Bin(op, l, r) => {
            let (l, r) = (eval(l, scope, env), eval(r, scope, env));
            match op {
                Op::Eq => Value::Bool(equal(&l, &r, env)),
                Op::Ne => Value::Bool(!equal(&l, &r, env)),
                Op::Lt => Value::Bool(compare(&l, &r, env).is_some_and(Ordering::is_lt)),
                Op::Le => Value::Bool(compare(&l, &r, env).is_some_and(Ordering::is_le)),
                Op::Gt => Value::Bool(compare(&l, &r, env).is_some_and(Ordering::is_gt)),
                Op::Ge => Value::Bool(compare(&l, &r, env).is_some_and(Ordering::is_ge)),
                _ => arithmetic(*op, l, r).unwrap_or_default(),
            }
        }
        Node::In(e, items) => {
            let value = eval(e, scope, env);
            Value::Bool(items.iter().any(|i| equal(&value, &eval(i, scope, env), env)))
        }
        Node::If(cond, yes, no) => widened(eval(if holds(cond, scope, env) { yes } else { no }, scope, env), expr),
        Node::Call(func, args) => call(*func, args, expr, scope, env),
        Node::Exists { list, cond, .. } => Value::Bool(
            scope.children(list).into_iter().any(|child| cond.as_deref().is_none_or(|c| holds(c, child, env))),
        ),
    }
}

fn read(path: &Path, scope: &dyn Scope) -> Value {
    let value = scope.get(&path.names());
    let Leaf::Field { part: Some(part), .. } = &path.leaf else {
        // An empty name, address or list is none, as in the database.
        return match &value {
            Value::Text(_) => value,
            v if v.is_blank() => Value::Null,
            _ => value,
        };
    };
    let filled = |t: &str| if t.is_empty() { Value::Null } else { Value::from(t) };
    match (value, part) {
        (Value::Name(n), Part::Arabic) => filled(&n.ar),
        (Value::Name(n), Part::Latin) => filled(&n.latin),
        (Value::Money(m), Part::Amount) => Value::Decimal(m.amount()),
        (Value::Money(m), Part::Currency) => Value::Text(m.currency),
        (Value::Address(a), Part::Address(name)) => filled(match *name {
            "street" => &a.street,
            "district" => &a.district,
            "city" => &a.city,
            "region" => &a.region,
            "postcode" => &a.postcode,
            _ => &a.country,
        }),
        _ => Value::Null,
    }
}

fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Int(i) => Some(Decimal::from(*i)),
        Value::Decimal(d) => Some(*d),
        _ => None,
    }
}

/// Null equals null; otherwise as [`compare`], and a name equals a text that is one of its forms.
fn equal(a: &Value, b: &Value, env: &Env) -> bool {
    match (a, b) {
        (Value::Null, Value::Null) => true,
        (Value::Name(a), Value::Name(b)) => a == b,
        (Value::Name(n), Value::Text(t)) | (Value::Text(t), Value::Name(n)) => {
            !t.is_empty() && (n.ar == *t || n.latin == *t)
        }
        _ => compare(a, b, env).is_some_and(Ordering::is_eq),
    }
}

/// None when they have no order: null, other currencies, other types.
///
/// A number beside money is compared with its amount in whatever currency; a date beside an instant with the
/// instant's day in the company's zone; text code point by code point.
pub fn compare(a: &Value, b: &Value, env: &Env) -> Option<Ordering> {
    Some(match (a, b) {
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::DateTime(a), Value::DateTime(b)) => a.as_microsecond().cmp(&b.as_microsecond()),
        (Value::DateTime(a), Value::Date(b)) => env.day(*a).cmp(b),
        (Value::Date(a), Value::DateTime(b)) => a.cmp(&env.day(*b)),
        (Value::Duration(a), Value::Duration(b)) => a.cmp(b),
        (Value::Id(a), Value::Id(b)) => a.cmp(b),
        (Value::Money(a), Value::Money(b)) if a.currency == b.currency => a.minor.cmp(&b.minor),
        (Value::Money(a), b) => a.amount().cmp(&decimal(b)?),
        (a, Value::Money(b)) => decimal(a)?.cmp(&b.amount()),
        (a, b) => decimal(a)?.cmp(&decimal(b)?),
    })
}

fn negated(value: Value) -> Value {
    match value {
        Value::Int(i) => i.checked_neg().map_or(Value::Null, Value::Int),
        Value::Duration(i) => i.checked_neg().map_or(Value::Null, Value::Duration),
        Value::Decimal(d) => Value::Decimal(-d),
        Value::Money(m) => m.minor.checked_neg().map_or(Value::Null, |n| Value::Money(Money::new(n, m.currency))),
        _ => Value::Null,
    }
}

/// The checker has put money and instants on the left where order does not matter.
fn arithmetic(op: Op, l: Value, r: Value) -> Option<Value> {
    use Value::{Date as Day, DateTime, Duration, Int};
    Some(match (op, l, r) {
        (Op::Add, Int(a), Int(b)) => Int(a.checked_add(b)?),
        (Op::Sub, Int(a), Int(b)) => Int(a.checked_sub(b)?),
        (Op::Mul, Int(a), Int(b)) => Int(a.checked_mul(b)?),
        (Op::Add, Duration(a), Duration(b)) => Duration(a.checked_add(b)?),
        (Op::Sub, Duration(a), Duration(b)) => Duration(a.checked_sub(b)?),
        (Op::Mul, Duration(a), Int(b)) => Duration(a.checked_mul(b)?),
        (Op::Add, Day(d), Duration(s)) => Day(moved(d, s)?),
        (Op::Sub, Day(d), Duration(s)) => Day(moved(d, s.checked_neg()?)?),
        (Op::Add, DateTime(t), Duration(s)) => DateTime(t.checked_add(SignedDuration::from_secs(s)).ok()?),
        (Op::Sub, DateTime(t), Duration(s)) => DateTime(t.checked_sub(SignedDuration::from_secs(s)).ok()?),
        (Op::Sub, Day(a), Day(b)) => Duration(i64::from((a - b).get_days()) * 86_400),
        (Op::Sub, DateTime(a), DateTime(b)) => Duration((a.as_microsecond() - b.as_microsecond()) / 1_000_000),
        (Op::Add | Op::Sub | Op::Div, Value::Money(a), Value::Money(b)) => {
            if a.currency != b.currency {
                return None;
            }
            match op {
                Op::Add => Value::Money(Money::new(a.minor.checked_add(b.minor)?, a.currency)),
                Op::Sub => Value::Money(Money::new(a.minor.checked_sub(b.minor)?, a.currency)),
                _ => Value::Decimal(quotient(a.minor.into(), b.minor.into())?),
            }
        }
        (Op::Mul | Op::Div, Value::Money(m), n) => {
            let (minor, n) = (Decimal::from(m.minor), decimal(&n)?);
            let exact = if op == Op::Mul { minor.checked_mul(n)? } else { minor.checked_div(n)? };
            Value::Money(Money::new(scaled(exact, 0)?, m.currency))
        }
        (op, l, r) => {
            let (l, r) = (decimal(&l)?, decimal(&r)?);
            Value::Decimal(match op {
                Op::Add => l.checked_add(r)?,
                Op::Sub => l.checked_sub(r)?,
                Op::Mul => l.checked_mul(r)?,
                Op::Div => quotient(l, r)?,
                _ => return None,
            })
        }
    })
}

fn quotient(a: Decimal, b: Decimal) -> Option<Decimal> {
    Some(a.checked_div(b)?.round_dp_with_strategy(QUOTIENT_SCALE, MidpointAwayFromZero))
}

/// `seconds` later in whole days; none outside the years 1–9999.
fn moved(day: Date, seconds: i64) -> Option<Date> {
    day.checked_add((seconds / 86_400).days()).ok().filter(|d| d.year() >= 1)
}

/// An integer where a decimal is wanted; otherwise as it is.
fn widened(value: Value, expr: &Typed) -> Value {
    match (value, &expr.ty) {
        (Value::Int(i), Type::Decimal(_)) => Value::Decimal(Decimal::from(i)),
        (v, _) => v,
    }
}

fn call(func: Func, args: &[Typed], whole: &Typed, scope: &dyn Scope, env: &Env) -> Value {
    let arg = |i: usize| args.get(i).map_or(Value::Null, |a| eval(a, scope, env));
    let seconds = |each: i64| arg(0).int().and_then(|n| n.checked_mul(each)).map_or(Value::Null, Value::Duration);
    let day = || match arg(0) {
        Value::Date(d) => Some(d),
        Value::DateTime(t) => Some(env.day(t)),
        _ => None,
    };
    match func {
        // The nil id belongs to nobody: without an actor nothing is "mine", not even what has no owner.
        Func::Me => Value::Id(env.me.unwrap_or(Uuid::nil())),
        Func::InMyTeams => Value::Bool(arg(0).id().is_some_and(|id| env.teammates.as_ref().is_some_and(|t| t.contains(&id)))),
        // Known to the database alone: rules are asked there.
        Func::InMyTeamsBelow | Func::SharedWithMe => Value::Bool(false),
        Func::Today => Value::Date(env.today),
        Func::Now => Value::DateTime(env.now),
        Func::Days => seconds(86_400),
        Func::Hours => seconds(3_600),
        Func::Minutes => seconds(60),
        Func::Seconds => seconds(1),
        Func::AddMonths => match (arg(0), arg(1)) {
            (Value::Date(d), Value::Int(n)) if n.unsigned_abs() < 200_000 => {
                d.checked_add(n.months()).ok().filter(|d| d.year() >= 1).into()
            }
            _ => Value::Null,
        },
        Func::Year => day().map_or(Value::Null, |d| Value::Int(d.year().into())),
        Func::Month => day().map_or(Value::Null, |d| Value::Int(d.month().into())),
        Func::Date => day().into(),
        Func::Contains => Value::Bool(found(args, &arg(0), &arg(1), |text, needle| text.contains(needle))),
        Func::StartsWith => {
            let name = args.first().is_some_and(|a| a.ty == Type::Name);
            Value::Bool(found(args, &arg(0), &arg(1), |text, needle| {
                text.starts_with(needle) || (name && text.contains(&format!(" {needle}")))
            }))
        }
        Func::IsBlank => Value::Bool(match arg(0) {
            Value::Text(t) => t.is_empty(),
            v => v.is_blank(),
        }),
        Func::Len => match arg(0) {
            Value::Text(t) => Value::Int(count(t.chars())),
            Value::List(l) => Value::Int(count(l.iter())),
            Value::Ids(l) => Value::Int(count(l.iter())),
            _ => Value::Null,
        },
        Func::Lower => match arg(0) {
            Value::Text(t) => Value::Text(t.to_ascii_lowercase()),
            _ => Value::Null,
        },
        Func::Round => match (arg(0), arg(1).int().and_then(|n| u32::try_from(n).ok())) {
            (Value::Decimal(d), Some(n)) => Value::Decimal(d.round_dp_with_strategy(n, MidpointAwayFromZero)),
            (v @ Value::Int(_), _) => v,
            _ => Value::Null,
        },
        Func::Abs => match arg(0) {
            Value::Int(n) => n.checked_abs().map_or(Value::Null, Value::Int),
            Value::Duration(n) => n.checked_abs().map_or(Value::Null, Value::Duration),
            Value::Decimal(d) => Value::Decimal(d.abs()),
            Value::Money(m) => m.minor.checked_abs().map_or(Value::Null, |n| Money::new(n, m.currency).into()),
            _ => Value::Null,
        },
        Func::Min | Func::Max => {
            let (a, b) = (arg(0), arg(1));
            match compare(&a, &b, env) {
                None => Value::Null,
                Some(order) => widened(if (func == Func::Min) == order.is_le() { a } else { b }, whole),
            }
        }
        Func::Coalesce => {
            let first = args.iter().map(|a| eval(a, scope, env)).find(|v| !v.is_null());
            widened(first.unwrap_or_default(), whole)
        }
        Func::Money => match (decimal(&arg(0)), arg(1)) {
            (Some(amount), Value::Text(code)) => scaled(amount, u32::from(text::money::exponent(&code)))
                .map_or(Value::Null, |n| Money::new(n, code).into()),
            _ => Value::Null,
        },
        Func::Has => Value::Bool(match (arg(0), arg(1)) {
            (Value::List(list), Value::Text(t)) => list.contains(&t),
            (Value::Ids(list), Value::Id(id)) => list.contains(&id),
            _ => false,
        }),
        Func::Concat => {
            Value::Text(args.iter().map(|a| crate::parse::plain_text(&eval(a, scope, env))).collect::<String>())
        }
        // The checker writes it as a product.
        // Written out as something else when it is checked.
        Func::Percent | Func::MayContact => Value::Null,
    }
}

fn count(items: impl Iterator) -> i64 {
    i64::try_from(items.count()).unwrap_or(i64::MAX)
}

/// `contains` and `starts_with`: both sides folded for people's words, otherwise without regard to A–Z case.
fn found(args: &[Typed], value: &Value, needle: &Value, hit: impl Fn(&str, &str) -> bool) -> bool {
    let Value::Text(needle) = needle else { return false };
    match (value, args.first().map(|a| &a.ty)) {
        (Value::Name(n), _) => hit(&text::search::document(&[&n.ar, &n.latin]), &text::fold::fold(needle)),
        (Value::Text(t), Some(Type::Text(TextType::Prose))) => {
            let rich = matches!(
                args.first().map(|a| &a.node),
                Some(Node::Path(Path { leaf: Leaf::Field { kind: Kind::RichText, .. }, .. }))
            );
            let folded = if rich { text::fold::fold(&crate::parse::strip_tags(t)) } else { text::fold::fold(t) };
            hit(&folded, &text::fold::fold(needle))
        }
        (Value::Text(t), _) => hit(&t.to_ascii_lowercase(), &needle.to_ascii_lowercase()),
        _ => false,
    }
}
