//! Names and types: does the expression fit the object, and what does it yield.

use super::types::{ADDRESS_PARTS, Func, Hop, Leaf, Node, Part, Path, TextType, Type, Typed};
use super::{Expr, Op};
use crate::fault::{Fault, Issue, Outcome};
use crate::kind::Kind;
use crate::object::Object;
use crate::registry::{Registry, Step};
use crate::value::Value;
use rust_decimal::Decimal;

/// What the place of an expression asks of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Any,
    /// True or false.
    Condition,
}

/// Parses and checks.
///
/// # Errors
/// `expr-…` issues.
pub fn check(registry: &Registry, object: &Object, text: &str, wanted: Wanted) -> Outcome<Typed> {
    check_expr(registry, object, &Expr::parse(text)?, wanted)
}

/// Resolves every name against `object` and gives literals the type of what they stand beside.
///
/// # Errors
/// `expr-unknown-field`, `expr-unknown-function`, `expr-types` … with the words that do not fit.
pub fn check_expr(registry: &Registry, object: &Object, expr: &Expr, wanted: Wanted) -> Outcome<Typed> {
    let checker = Checker { registry, object };
    match wanted {
        Wanted::Any => checker.infer(expr),
        Wanted::Condition => checker.condition(expr),
    }
}

/// Every (object, field) the expression reads: what the actor must be allowed to see to filter by it.
///
/// # Errors
/// As [`check_expr`].
pub fn fields_used(expr: &Expr, registry: &Registry, object: &Object) -> Outcome<Vec<(String, String)>> {
    Ok(check_expr(registry, object, expr, Wanted::Any)?.fields())
}

#[derive(Clone, Copy)]
struct Checker<'a> {
    registry: &'a Registry,
    object: &'a Object,
}

fn issue(key: &str) -> Issue {
    Issue::new("", key)
}

fn types_differ(op: &str, left: &Type, right: &Type) -> Fault {
    Fault::issue(issue("expr-types").arg("operator", op).arg("left", left).arg("right", right))
}

fn bad_literal(text: &str, ty: &Type) -> Fault {
    Fault::issue(issue("expr-bad-literal").arg("found", text).arg("type", ty))
}

impl Checker<'_> {
    fn condition(self, expr: &Expr) -> Outcome<Typed> {
        let typed = self.infer(expr)?;
        if matches!(typed.ty, Type::Bool | Type::Null) {
            Ok(typed)
        } else {
            Err(Fault::issue(issue("expr-not-condition").arg("found", expr).arg("type", &typed.ty)))
        }
    }

    fn infer(self, expr: &Expr) -> Outcome<Typed> {
        match expr {
            Expr::Lit(value) => Ok(Typed::lit(value.clone())),
            Expr::Path(names) => self.path(names),
            Expr::Not(e) => Ok(Typed::new(Type::Bool, Node::Not(Box::new(self.condition(e)?)))),
            Expr::Neg(e) => {
                let e = self.infer(e)?;
                if !matches!(e.ty, Type::Int | Type::Decimal(_) | Type::Money | Type::Duration) {
                    return Err(types_differ("-", &e.ty, &e.ty));
                }
                Ok(Typed::new(e.ty.clone(), Node::Neg(Box::new(e))))
            }
            Expr::Bin(op @ (Op::And | Op::Or), l, r) => {
                Ok(Typed::new(Type::Bool, Node::Bin(*op, Box::new(self.condition(l)?), Box::new(self.condition(r)?))))
            }
            Expr::Bin(op @ (Op::Add | Op::Sub | Op::Mul | Op::Div), l, r) => {
                arithmetic(*op, self.infer(l)?, self.infer(r)?)
            }
            Expr::Bin(op, l, r) => {
                let (l, r) = compared(*op, self.infer(l)?, self.infer(r)?)?;
                Ok(Typed::new(Type::Bool, Node::Bin(*op, Box::new(l), Box::new(r))))
            }
            Expr::In(e, items) => {
                let mut e = self.infer(e)?;
                let mut typed = Vec::with_capacity(items.len());
                for item in items {
                    let (left, item) = compared(Op::Eq, e, self.infer(item)?)?;
                    e = left;
                    typed.push(item);
                }
                Ok(Typed::new(Type::Bool, Node::In(Box::new(e), typed)))
            }
            Expr::If(cond, yes, no) => {
                let cond = self.condition(cond)?;
                let (yes, no, ty) = unified("?:", self.infer(yes)?, self.infer(no)?)?;
                Ok(Typed::new(ty, Node::If(Box::new(cond), Box::new(yes), Box::new(no))))
            }
            Expr::Call(name, args) => self.call(name, args),
            Expr::Exists(list, cond) => {
                let (object, hops, name) = self.hops(list)?;
                match self.registry.step(object, name) {
                    Some(Step::Children { child, via }) => {
                        let inner = Checker { registry: self.registry, object: child };
                        let cond = cond.as_deref().map(|c| inner.condition(c)).transpose()?.map(Box::new);
                        let node = Node::Exists {
                            list: list.clone(),
                            hops,
                            child: child.key.clone(),
                            via: via.key.clone(),
                            many: matches!(via.kind, Kind::Refs { .. }),
                            cond,
                        };
                        Ok(Typed::new(Type::Bool, node))
                    }
                    Some(Step::Field(_)) => Err(Fault::issue(issue("expr-not-a-list").arg("name", name))),
                    None => Err(self.unknown(object, name)),
                }
            }
        }
    }

    /// The references before the last name of a dotted list, and the object they lead to.
    fn hops<'n>(&self, list: &'n str) -> Outcome<(&Object, Vec<Hop>, &'n str)> {
        let (before, name) = list.rsplit_once('.').unwrap_or(("", list));
        let mut object = self.object;
        let mut hops = Vec::new();
        for step in before.split('.').filter(|s| !s.is_empty()) {
            let target = match self.registry.step(object, step) {
                Some(Step::Field(field)) => match field.kind.stored() {
                    Kind::Ref { object: target } => target,
                    kind => {
                        let part =
                            issue("expr-unknown-part").arg("name", name).arg("field", step).arg("parts", parts(kind));
                        return Err(Fault::issue(part));
                    }
                },
                Some(Step::Children { .. }) => return Err(Fault::issue(issue("expr-list-in-path").arg("name", step))),
                None => return Err(self.unknown(object, step)),
            };
            hops.push(Hop { object: object.key.clone(), field: step.to_owned(), target: target.clone() });
            object = self.registry.find(target).ok_or_else(|| self.unknown(object, step))?;
        }
        Ok((object, hops, name))
    }

    fn path(self, names: &[String]) -> Outcome<Typed> {
        let mut object = self.object;
        let mut hops = Vec::new();
        let mut rest = names.iter();
        while let Some(name) = rest.next() {
            let after = rest.as_slice();
            if name == "id" && after.is_empty() {
                let ty = Type::Id(object.key.clone());
                return Ok(Typed::new(ty, Node::Path(Path { hops, leaf: Leaf::Id })));
            }
            let field = match self.registry.step(object, name) {
                Some(Step::Field(field)) => field,
                Some(Step::Children { .. }) => {
                    return Err(Fault::issue(issue("expr-list-in-path").arg("name", name)));
                }
                None => return Err(self.unknown(object, name)),
            };
            let leaf = |part| Leaf::Field {
                object: object.key.clone(),
                field: field.key.clone(),
                kind: field.kind.stored().clone(),
                part,
            };
            match (after, field.kind.stored()) {
                ([], kind) => {
                    let ty = Type::of(kind);
                    return Ok(Typed::new(ty, Node::Path(Path { hops, leaf: leaf(None) })));
                }
                (_, Kind::Ref { object: target }) => {
                    hops.push(Hop { object: object.key.clone(), field: field.key.clone(), target: target.clone() });
                    object = self.registry.find(target).ok_or_else(|| self.unknown(object, name))?;
                }
                ([part], kind) => {
                    let Some(found) = Part::of(kind, part) else {
                        return Err(Fault::issue(
                            issue("expr-unknown-part").arg("name", part).arg("field", name).arg("parts", parts(kind)),
                        ));
                    };
                    let ty = match found {
                        Part::Amount => Type::Decimal(Part::AMOUNT_SCALE),
                        _ => Type::Text(TextType::Exact),
                    };
                    return Ok(Typed::new(ty, Node::Path(Path { hops, leaf: leaf(Some(found)) })));
                }
                (_, kind) => {
                    let part = after.first().map_or("", String::as_str);
                    return Err(Fault::issue(
                        issue("expr-unknown-part").arg("name", part).arg("field", name).arg("parts", parts(kind)),
                    ));
                }
            }
        }
        Err(Fault::issue(issue("expr-unexpected-end").arg("at", 1)))
    }

    fn unknown(self, object: &Object, name: &str) -> Fault {
        let lists = self
            .registry
            .children(&object.key)
            .map(|(child, via)| if via.reverse.is_empty() { child.key.as_str() } else { via.reverse.as_str() });
        let suggestion = nearest(name, object.all_fields().map(|f| f.key.as_str()).chain(lists).chain(["id"]));
        Fault::issue(
            issue("expr-unknown-field").arg("name", name).arg("object", &object.key).arg("suggestion", suggestion),
        )
    }

    fn call(self, name: &str, args: &[Expr]) -> Outcome<Typed> {
        let Some(func) = Func::find(name) else {
            let suggestion = nearest(name, Func::ALL.iter().map(|f| f.name()).chain(["exists"]));
            return Err(Fault::issue(issue("expr-unknown-function").arg("name", name).arg("suggestion", suggestion)));
        };
        let (least, most) = func.arity();
        if args.len() < least || args.len() > most {
            return Err(Fault::issue(
                issue("expr-argument-count").arg("name", name).arg("least", least).arg("most", most),
            ));
        }
        if func == Func::MayContact {
            return self.infer(&super::permission::in_force(args)?);
        }
        let args = args.iter().map(|a| self.infer(a)).collect::<Outcome<Vec<_>>>()?;
        apply(func, args)
    }
}

/// The parts a value of the kind has, for messages.
fn parts(kind: &Kind) -> String {
    match kind {
        Kind::Name => "ar, latin".into(),
        Kind::Money => "amount, currency".into(),
        Kind::Address => ADDRESS_PARTS.join(", "),
        _ => "-".into(),
    }
}

fn apply(func: Func, args: Vec<Typed>) -> Outcome<Typed> {
    let wrong = |n: usize, wanted: &str, found: &Type| {
        Err(Fault::issue(
            issue("expr-argument").arg("name", func.name()).arg("position", n).arg("wanted", wanted).arg("type", found),
        ))
    };
    let done = |ty: Type, args: Vec<Typed>| Ok(Typed::new(ty, Node::Call(func, args)));
    let mut it = args.into_iter();
    let (first, second) = (it.next(), it.next());
    match (func, first, second) {
        (Func::Me, ..) => done(Type::Id("user".into()), vec![]),
        (Func::Today, ..) => done(Type::Date, vec![]),
        (Func::Now, ..) => done(Type::DateTime, vec![]),
        (_, None, _) => Err(Fault::internal("a function without its argument")),
        (Func::InMyTeams | Func::InMyTeamsBelow, Some(x), who) => {
            let x = adapted(x, &Type::Id("user".into()))?;
            match who {
                _ if !matches!(x.ty, Type::Id(_)) => wrong(1, "ref", &x.ty),
                // Whose teams: only the policy says that, never a text.
                Some(who) if !matches!(who.node, Node::Lit(Value::Ids(_))) => wrong(2, "-", &who.ty),
                who => done(Type::Bool, [x].into_iter().chain(who).collect()),
            }
        }
        (Func::SharedWithMe, Some(x), level) => {
            if !matches!(&x.ty, Type::Id(object) if !object.is_empty()) {
                return wrong(1, "ref", &x.ty);
            }
            let (level, who) = match level {
                Some(Typed { node: Node::Lit(Value::Int(n @ 1..=3)), .. }) => (n, it.next()),
                Some(who @ Typed { node: Node::Lit(Value::Ids(_)), .. }) => (1, Some(who)),
                None => (1, None),
                Some(other) => return wrong(2, "1–3", &other.ty),
            };
            match who {
                Some(who) if !matches!(who.node, Node::Lit(Value::Ids(_))) => wrong(3, "-", &who.ty),
                who => done(Type::Bool, [x, Typed::lit(Value::Int(level))].into_iter().chain(who).collect()),
            }
        }
        (Func::Days | Func::Hours | Func::Minutes | Func::Seconds, Some(x), _) => {
            if x.ty == Type::Int {
                done(Type::Duration, vec![x])
            } else {
                wrong(1, "integer", &x.ty)
            }
        }
        (Func::AddMonths, Some(x), Some(n)) => {
            let x = adapted(x, &Type::Date)?;
            if x.ty != Type::Date {
                return wrong(1, "date", &x.ty);
            }
            if n.ty == Type::Int { done(Type::Date, vec![x, n]) } else { wrong(2, "integer", &n.ty) }
        }
        (Func::Year | Func::Month, Some(x), _) => {
            let x = adapted(x, &Type::Date)?;
            if matches!(x.ty, Type::Date | Type::DateTime) { done(Type::Int, vec![x]) } else { wrong(1, "date", &x.ty) }
        }
        (Func::Date, Some(x), _) => match x.ty {
            Type::Date => Ok(x),
            Type::DateTime => done(Type::Date, vec![x]),
            _ => wrong(1, "date_time", &x.ty),
        },
        (Func::Contains | Func::StartsWith, Some(x), Some(needle)) => {
            if !matches!(x.ty, Type::Text(_) | Type::Name) {
                return wrong(1, "text", &x.ty);
            }
            if needle.ty.text() { done(Type::Bool, vec![x, needle]) } else { wrong(2, "text", &needle.ty) }
        }
        (Func::IsBlank, Some(x), _) => done(Type::Bool, vec![x]),
        (Func::Len, Some(x), _) => match x.ty {
            Type::Text(_) | Type::List(_) | Type::Ids(_) => done(Type::Int, vec![x]),
            _ => wrong(1, "text", &x.ty),
        },
        (Func::Lower, Some(x), _) => {
            if x.ty.text() {
                done(Type::Text(TextType::Exact), vec![x])
            } else {
                wrong(1, "text", &x.ty)
            }
        }
        (Func::Round, Some(x), digits) => {
            let digits = match digits {
                None => 0,
                Some(Typed { node: Node::Lit(Value::Int(n @ 0..=9)), .. }) => n,
                Some(other) => return wrong(2, "0–9", &other.ty),
            };
            let ty = match x.ty {
                Type::Int => Type::Int,
                Type::Decimal(scale) => Type::Decimal(scale.min(u32::try_from(digits).unwrap_or(0))),
                _ => return wrong(1, "decimal", &x.ty),
            };
            done(ty, vec![x, Typed::lit(Value::Int(digits))])
        }
        (Func::Abs, Some(x), _) => match x.ty {
            Type::Int | Type::Decimal(_) | Type::Money | Type::Duration => done(x.ty.clone(), vec![x]),
            _ => wrong(1, "decimal", &x.ty),
        },
        (Func::Min | Func::Max, Some(a), Some(b)) => {
            let (a, b) = compared(Op::Lt, a, b)?;
            let (a, b, ty) = unified(func.name(), a, b)?;
            done(ty, vec![a, b])
        }
        (Func::Coalesce, Some(a), Some(b)) => {
            let (a, b, mut ty) = unified(func.name(), a, b)?;
            let mut all = vec![a, b];
            for next in it {
                let (_, next, wider) = unified(func.name(), Typed::new(ty, Node::Lit(Value::Null)), next)?;
                ty = wider;
                all.push(next);
            }
            done(ty, all)
        }
        (Func::Money, Some(amount), Some(currency)) => {
            if !amount.ty.number() {
                return wrong(1, "decimal", &amount.ty);
            }
            match &currency.node {
                Node::Lit(Value::Text(code)) if text::money::is_code(code) => {}
                _ => return wrong(2, "\"SAR\"", &currency.ty),
            }
            done(Type::Money, vec![amount, currency])
        }
        (Func::Has, Some(list), Some(item)) => {
            let member = match &list.ty {
                Type::List(keys) => Type::Text(TextType::Choice(keys.clone())),
                Type::Ids(object) => Type::Id(object.clone()),
                _ => return wrong(1, "multi_choice", &list.ty),
            };
            let item = adapted(item, &member)?;
            if item.ty.text() == member.text() && matches!(item.ty, Type::Text(_) | Type::Id(_)) {
                done(Type::Bool, vec![list, item])
            } else {
                wrong(2, &member.to_string(), &item.ty)
            }
        }
        (Func::Concat, Some(a), b) => {
            let args: Vec<Typed> = [a].into_iter().chain(b).chain(it).collect();
            done(Type::Text(TextType::Prose), args)
        }
        (Func::Percent, Some(of), Some(points)) => {
            if !points.ty.number() {
                return wrong(2, "percent", &points.ty);
            }
            let share = arithmetic(Op::Mul, points, Typed::lit(Value::Decimal(Decimal::new(1, 2))))?;
            arithmetic(Op::Mul, of, share)
        }
        // `may_contact` was written out before, the others have the arguments their arity asks for.
        (Func::MayContact, ..) | (_, Some(_), None) => Err(Fault::internal("a function without its argument")),
    }
}

/// A literal takes the type it is compared with; everything else stays as it is.
fn adapted(e: Typed, to: &Type) -> Outcome<Typed> {
    let Node::Lit(Value::Text(t)) = &e.node else { return Ok(e) };
    let value = match to {
        Type::Date => Value::Date(crate::parse::iso_date(t).ok_or_else(|| bad_literal(t, to))?),
        Type::DateTime => match crate::parse::iso_date(t) {
            // A day: compared with the day of the instant.
            Some(day) => Value::Date(day),
            None => Value::DateTime(t.parse().map_err(|_| bad_literal(t, to))?),
        },
        Type::Id(_) => Value::Id(t.parse().map_err(|_| bad_literal(t, to))?),
        Type::Text(TextType::Choice(keys)) if !keys.contains(t) => {
            let suggestion = nearest(t, keys.iter().map(String::as_str));
            return Err(Fault::issue(
                issue("expr-unknown-choice")
                    .arg("found", t)
                    .arg("choices", keys.join(", "))
                    .arg("suggestion", suggestion),
            ));
        }
        _ => return Ok(e),
    };
    Ok(Typed::lit(value))
}

/// Both sides of a comparison, literals adapted.
fn compared(op: Op, l: Typed, r: Typed) -> Outcome<(Typed, Typed)> {
    let r = adapted(r, &l.ty)?;
    let l = adapted(l, &r.ty)?;
    let equality = matches!(op, Op::Eq | Op::Ne);
    let fits = match (&l.ty, &r.ty) {
        (Type::Null, _) | (_, Type::Null) => equality,
        (Type::Int | Type::Decimal(_) | Type::Money, Type::Int | Type::Decimal(_) | Type::Money)
        | (Type::Text(_), Type::Text(_))
        | (Type::Date | Type::DateTime, Type::Date | Type::DateTime)
        | (Type::Duration, Type::Duration) => true,
        (Type::Bool, Type::Bool) | (Type::Name, Type::Name | Type::Text(_)) | (Type::Text(_), Type::Name) => equality,
        (Type::Id(a), Type::Id(b)) => equality && (a.is_empty() || b.is_empty() || a == b),
        _ => false,
    };
    if fits { Ok((l, r)) } else { Err(types_differ(op.sign(), &l.ty, &r.ty)) }
}

/// Two expressions of which one is the result, and the type both have.
fn unified(place: &str, a: Typed, b: Typed) -> Outcome<(Typed, Typed, Type)> {
    let b = adapted(b, &a.ty)?;
    let a = adapted(a, &b.ty)?;
    let ty = match (&a.ty, &b.ty) {
        (x, y) if x == y => x.clone(),
        (Type::Null, x) | (x, Type::Null) => x.clone(),
        (Type::Int, Type::Decimal(s)) | (Type::Decimal(s), Type::Int) => Type::Decimal(*s),
        (Type::Decimal(x), Type::Decimal(y)) => Type::Decimal(*x.max(y)),
        (Type::Text(TextType::Prose), Type::Text(_)) | (Type::Text(_), Type::Text(TextType::Prose)) => {
            Type::Text(TextType::Prose)
        }
        (Type::Text(_), Type::Text(_)) => Type::Text(TextType::Exact),
        (Type::Id(x), Type::Id(y)) if x.is_empty() || y.is_empty() => {
            Type::Id(if x.is_empty() { y.clone() } else { x.clone() })
        }
        (x, y) => return Err(types_differ(place, x, y)),
    };
    Ok((a, b, ty))
}

fn arithmetic(op: Op, l: Typed, r: Typed) -> Outcome<Typed> {
    use Type::{Date, DateTime, Decimal as Dec, Duration, Int, Money};
    // `due - "2026-01-01"`: the literal is a date.
    let (l, r) = if op == Op::Sub && matches!(l.ty, Date | DateTime) {
        let to = l.ty.clone();
        (l, adapted(r, &to)?)
    } else {
        (l, r)
    };
    let scale = |t: &Type| if let Dec(s) = t { *s } else { 0 };
    let ty = match (op, &l.ty, &r.ty) {
        (Op::Add | Op::Sub | Op::Mul, Int, Int) => Int,
        (Op::Add | Op::Sub, Int | Dec(_), Int | Dec(_)) => Dec(scale(&l.ty).max(scale(&r.ty))),
        (Op::Mul, Int | Dec(_), Int | Dec(_)) => Dec((scale(&l.ty) + scale(&r.ty)).min(18)),
        (Op::Div, Int | Dec(_), Int | Dec(_)) | (Op::Div, Money, Money) => Dec(super::eval::QUOTIENT_SCALE),
        (Op::Add | Op::Sub, Money, Money) | (Op::Mul | Op::Div, Money, Int | Dec(_)) => Money,
        (Op::Mul, Int | Dec(_), Money) | (Op::Mul, Int, Duration) | (Op::Add, Duration, Date | DateTime) => {
            return arithmetic(op, r, l);
        }
        (Op::Add | Op::Sub, Date, Duration) => Date,
        (Op::Add | Op::Sub, DateTime, Duration) => DateTime,
        (Op::Add | Op::Sub, Duration, Duration) | (Op::Mul, Duration, Int) => Duration,
        (Op::Sub, Date, Date) | (Op::Sub, DateTime, DateTime) => Duration,
        _ => return Err(types_differ(op.sign(), &l.ty, &r.ty)),
    };
    Ok(Typed::new(ty, Node::Bin(op, Box::new(l), Box::new(r))))
}

/// The known name that a mistyped one most likely meant; `none` when nothing is near (a key of the sentence's variants).
fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    known
        .map(|k| (distance(name, k), k))
        .filter(|(d, k)| *d <= 2 && *d < k.chars().count().max(2))
        .min()
        .map_or_else(|| "none".into(), |(_, k)| k.to_owned())
}

/// Edits (insert, delete, replace) from `a` to `b`.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().take(64).enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(i + 1);
        for ((cb, pair), left) in b.iter().zip(row.windows(2)).zip(0..) {
            let [diagonal, above] = pair else { continue };
            let before = next.get(left).copied().unwrap_or(usize::MAX);
            next.push((diagonal + usize::from(ca != *cb)).min(above + 1).min(before + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
