//! The SQL back end of expressions: a condition over an object as the `WHERE` of a statement.
//!
//! It accepts the rows for which [`kernel::expr::holds`] is true in memory (a property test compares both on both
//! databases). Names come from the registry, values are bound; nothing a person wrote becomes SQL text. What does
//! not depend on the row (`today() - days(30)`, `me()`) is computed before, so that indexes serve.
//!
//! A condition may yield NULL where it does not hold; [`compile`] is meant for `WHERE` and `AND`, under a `NOT`
//! it is wrapped here.

mod fragment;
mod links;
mod people;
mod value;

use crate::sql::{Dialect, Sql, like_escape};
use fragment::{Alias, Fragment, sql};
use kernel::expr::{Env, Expr, Func, Leaf, Node, Op, Path, TextType, Type, Typed, Wanted, check_expr, eval, holds};
use kernel::{Cell, Fault, Issue, Kind, Object, Outcome, Record, Registry, Value};
use kernel::uuid::Uuid;
use value::Operand;

/// Rows of an object the actor may reach through references and lists; none for all rows.
/// The engine passes its policy, so that a filter cannot ask about records that may not be seen.
pub type Reach<'a> = &'a dyn Fn(&Object) -> Outcome<Option<Expr>>;

/// Appends the condition `expr` over the rows of `object`, whose table has the alias `alias` in the statement.
///
/// # Errors
/// The issues of [`check_expr`], and `expr-not-in-filter` for what only memory can compute.
pub fn compile(
    registry: &Registry,
    object: &Object,
    alias: &str,
    expr: &Expr,
    env: &Env,
    sql: &mut Sql,
) -> Outcome<()> {
    compile_within(registry, object, alias, expr, env, &|_| Ok(None), sql)
}

/// As [`compile`], with every other record that the condition looks at cut down to those within `reach`.
/// A reference to a record beyond it counts as empty, a list does not contain it.
///
/// # Errors
/// As [`compile`]; those of `reach`.
pub fn compile_within(
    registry: &Registry,
    object: &Object,
    alias: &str,
    expr: &Expr,
    env: &Env,
    reach: Reach<'_>,
    sql: &mut Sql,
) -> Outcome<()> {
    let typed = check_expr(registry, object, expr, Wanted::Condition)?;
    let mut compiler = Compiler { registry, env, reach, dialect: sql.dialect(), aliases: 0, reached: Vec::new() };
    compiler.condition(&typed, &Alias(alias.to_owned()))?.write(sql);
    Ok(())
}

struct Compiler<'a> {
    registry: &'a Registry,
    env: &'a Env,
    reach: Reach<'a>,
    dialect: Dialect,
    aliases: usize,
    /// Objects whose rule is being written: a rule that walks in a circle is cut here.
    reached: Vec<String>,
}

fn no_sql_form(what: &str) -> Fault {
    Fault::issue(Issue::new("", "expr-not-in-filter").arg("name", what))
}

fn truth(holds: bool) -> Fragment {
    if holds { sql!("(1=1)") } else { sql!("(1=0)") }
}

fn negated(condition: Fragment) -> Fragment {
    sql!("NOT coalesce((", condition, "), false)")
}

impl Compiler<'_> {
    /// The value of an expression that needs no record.
    fn known(&self, e: &Typed) -> Option<Value> {
        let nowhere = || Record::new("", kernel::uuid::Uuid::nil());
        e.constant().then(|| eval(e, &nowhere(), self.env))
    }
    fn alias(&mut self) -> Alias {
        self.aliases += 1;
        Alias(format!("f{}", self.aliases))
    }

    /// True, false or (where it does not hold) null.
    fn condition(&mut self, e: &Typed, at: &Alias) -> Outcome<Fragment> {
        if e.constant() {
            return Ok(truth(holds(e, &Record::new("", kernel::uuid::Uuid::nil()), self.env)));
        }
        if let Some((path, inner)) = through_reference(e, |e| self.known(e)) {
            return self.through(&path, &inner, at);
        }
        match &e.node {
            Node::Not(inner) => Ok(negated(self.condition(inner, at)?)),
            Node::Bin(Op::Or, l, r) if mine_or_teams(l, r).is_some() => match mine_or_teams(l, r) {
                Some((who, me, below)) => self.in_teams(who, me, below, true, at),
                None => Ok(truth(false)),
            },
            Node::Bin(op @ (Op::And | Op::Or), l, r) => {
                let word = if *op == Op::And { " AND " } else { " OR " };
                Ok(sql!("(", self.condition(l, at)?, word, self.condition(r, at)?, ")"))
            }
            Node::Bin(op, l, r) if op.compares() => self.comparison(*op, l, r, at),
            Node::In(e, items) => self.member(e, items, at),
            Node::If(cond, yes, no) => {
                let (cond, yes, no) = (self.condition(cond, at)?, self.condition(yes, at)?, self.condition(no, at)?);
                Ok(sql!("CASE WHEN ", cond, " THEN (", yes, ") ELSE (", no, ") END"))
            }
            Node::Call(Func::Contains | Func::StartsWith, args) => self.words(e, args, at),
            Node::Call(Func::Has, args) => self.has(args, at),
            Node::Call(func @ (Func::InMyTeams | Func::InMyTeamsBelow), args) => match args.first() {
                Some(who) => self.in_teams(who, args.get(1), *func == Func::InMyTeamsBelow, false, at),
                None => Ok(truth(false)),
            },
            Node::Call(Func::SharedWithMe, args) => self.shared(args, at),
            Node::Call(Func::IsBlank, args) => {
                let Some(arg) = args.first() else { return Ok(truth(true)) };
                if arg.ty.text() {
                    return Ok(sql!("coalesce(", self.value(arg, at)?.main, ", '') = ''"));
                }
                self.is_null(arg, at)
            }
            Node::Exists { child, via, many, cond, hops, .. } => {
                if let Some(cond) = cond.as_deref().filter(|c| !many && people::names_one(c, &|e| self.known(e).is_some_and(|v| !v.is_null()))) {
                    let leads = Path { hops: hops.clone(), leaf: Leaf::Id };
                    let beyond = hops.iter().try_fold(false, |any, h| Ok::<_, Fault>(any || self.rule(&h.target, at)?.is_some()))?;
                    if !beyond {
                        let one = self.column(&leads, "", at)?;
                        return self.found_by_children(child, via, cond, one);
                    }
                }
                if hops.is_empty() {
                    return self.exists(child, via, *many, cond.as_deref(), at);
                }
                let (tables, wheres, last) = self.walk(hops, at)?;
                let inner = self.exists(child, via, *many, cond.as_deref(), &last)?;
                Ok(sql!("EXISTS (SELECT 1 FROM ", tables, " WHERE ", wheres, " AND ", inner, ")"))
            }
            _ => Ok(sql!(self.value(e, at)?.main, " = 1")),
        }
    }

    /// The user is in a team of the acting user, or (`or_me`) is the acting user: one set, so that an index on the
    /// owner serves the commonest of row rules.
    fn in_teams(&mut self, who: &Typed, whose: Option<&Typed>, below: bool, or_me: bool, at: &Alias) -> Outcome<Fragment> {
        let Some(me) = self.who(whose) else { return Ok(truth(false)) };
        let known = self.env.teammates.as_deref().filter(|_| !below && self.env.me == Some(me));
        let members = match known {
            Some(mates) if mates.len() <= NAMED => match named(mates, or_me.then_some(me)) {
                Some(list) => list,
                None => return Ok(truth(false)),
            },
            _ => {
                let team = if below {
                    sql!(" IN (", self.colleagues_below(me))
                } else {
                    sql!(
                        " IN (SELECT mate.user_id FROM sila_team_member mate JOIN sila_team_member mine ",
                        "ON mine.team_id = mate.team_id WHERE mine.user_id = ",
                        Cell::Id(me)
                    )
                };
                if or_me { sql!(team, " UNION ALL SELECT ", Cell::Id(me), ")") } else { sql!(team, ")") }
            }
        };
        let Node::Path(Path { hops, leaf: leaf @ Leaf::Field { .. } }) = &who.node else {
            return Ok(sql!(self.value(who, at)?.main, members));
        };
        if hops.is_empty() {
            return Ok(sql!(self.value(who, at)?.main, members));
        }
        let (tables, wheres, last) = self.walk(hops, at)?;
        let own = self.column(&Path { hops: Vec::new(), leaf: leaf.clone() }, "", &last)?;
        Ok(sql!("EXISTS (SELECT 1 FROM ", tables, " WHERE ", wheres, " AND ", own, members, ")"))
    }

    fn comparison(&mut self, op: Op, l: &Typed, r: &Typed, at: &Alias) -> Outcome<Fragment> {
        // Null on one side.
        for (one, other) in [(l, r), (r, l)] {
            if self.known(one).is_some_and(|v| v.is_null()) {
                return Ok(match op {
                    Op::Eq => self.is_null(other, at)?,
                    Op::Ne => negated(self.is_null(other, at)?),
                    _ => truth(false),
                });
            }
        }
        match (&l.ty, &r.ty) {
            (Type::Name, _) | (_, Type::Name) => {
                let equal = self.name_equal(l, r, at)?;
                return Ok(if op == Op::Ne { negated(equal) } else { equal });
            }
            (Type::DateTime, Type::Date) => return self.day_comparison(op, l, r, at),
            (Type::Date, Type::DateTime) => return self.day_comparison(mirrored(op), r, l, at),
            _ => {}
        }
        let l = self.operand(l, at)?;
        let r = self.operand(r, at)?;
        Ok(match (&l.currency, &r.currency) {
            (Some(_), Some(_)) => money_comparison(op, &l, &r),
            (None, None) => {
                let (l, r) = self.aligned(l, r);
                plain_comparison(op, l.main, r.main, l.known || r.known)
            }
            _ => {
                let (l, r) = (self.amount(l), self.amount(r));
                let (l, r) = self.aligned(l, r);
                plain_comparison(op, l.main, r.main, l.known || r.known)
            }
        })
    }

    /// An instant beside a day: the instant's day in the company's zone, as a range of instants.
    fn day_comparison(&mut self, op: Op, instant: &Typed, day: &Typed, at: &Alias) -> Outcome<Fragment> {
        if let Some(known) = self.known(instant) {
            let on = known.datetime().map(|t| self.env.day(t));
            let known = Typed::lit(on.into());
            return self.comparison(op, &known, day, at);
        }
        let Some(Value::Date(day)) = self.known(day) else { return Err(no_sql_form("date_time ~ date")) };
        let micros = |d: Option<kernel::jiff::civil::Date>, beyond: i64| {
            Cell::Int(d.and_then(|d| self.env.start_of(d)).map_or(beyond, |t| t.as_microsecond()))
        };
        let (start, end) = (micros(Some(day), i64::MIN), micros(day.tomorrow().ok(), i64::MAX));
        let x = self.value(instant, at)?.main;
        Ok(match op {
            Op::Lt => sql!(x, " < ", start),
            Op::Le => sql!(x, " < ", end),
            Op::Gt => sql!(x, " >= ", end),
            Op::Ge => sql!(x, " >= ", start),
            Op::Ne => negated(sql!(&x, " >= ", start, " AND ", &x, " < ", end)),
            _ => sql!("(", &x, " >= ", start, " AND ", &x, " < ", end, ")"),
        })
    }

    /// A name beside a name or a text, which is one of its forms.
    fn name_equal(&mut self, l: &Typed, r: &Typed, at: &Alias) -> Outcome<Fragment> {
        let (name, other) = if l.ty == Type::Name { (l, r) } else { (r, l) };
        let (ar, latin) = self.name_forms(name, at)?;
        if other.ty == Type::Name {
            let (ar2, latin2) = self.name_forms(other, at)?;
            return Ok(sql!(
                "(coalesce(",
                ar,
                ", '') = coalesce(",
                ar2,
                ", '') AND coalesce(",
                latin,
                ", '') = coalesce(",
                latin2,
                ", ''))"
            ));
        }
        let text = self.value(other, at)?;
        let known = text.known;
        let text = text.main;
        let equal = sql!("(", &text, " <> '' AND (", ar, " = ", &text, " OR ", latin, " = ", &text, "))");
        if known {
            return Ok(equal);
        }
        Ok(sql!("(", equal, " OR (", &text, " IS NULL AND ", self.is_null(name, at)?, "))"))
    }
    fn name_forms(&mut self, name: &Typed, at: &Alias) -> Outcome<(Fragment, Fragment)> {
        let Node::Path(path) = &name.node else { return Err(no_sql_form("name")) };
        Ok((self.column(path, "", at)?, self.column(path, "_lat", at)?))
    }

    fn is_null(&mut self, e: &Typed, at: &Alias) -> Outcome<Fragment> {
        match (&e.ty, &e.node) {
            (Type::Name, _) => {
                let (ar, latin) = self.name_forms(e, at)?;
                Ok(sql!("(coalesce(", ar, ", '') = '' AND coalesce(", latin, ", '') = '')"))
            }
            (Type::Address, Node::Path(path)) => {
                let parts = Kind::Address
                    .columns("")
                    .iter()
                    .map(|c| Ok(sql!(self.column(path, &c.name, at)?, " IS NULL")))
                    .collect::<Outcome<Vec<_>>>()?;
                Ok(sql!("(", Fragment::joined(parts, " AND "), ")"))
            }
            _ => Ok(sql!(self.operand(e, at)?.main, " IS NULL")),
        }
    }

    fn member(&mut self, e: &Typed, items: &[Typed], at: &Alias) -> Outcome<Fragment> {
        if items.is_empty() {
            return Ok(truth(false));
        }
        let plain =
            matches!(e.ty, Type::Text(_) | Type::Id(_) | Type::Int | Type::Date | Type::DateTime | Type::Duration);
        let same = |i: &Typed| {
            std::mem::discriminant(&i.ty) == std::mem::discriminant(&e.ty)
                && self.known(i).is_some_and(|v| !v.is_null())
        };
        if plain && items.iter().all(same) {
            let x = self.value(e, at)?.main;
            let list = items.iter().map(|i| Ok(self.value(i, at)?.main)).collect::<Outcome<Vec<_>>>()?;
            return Ok(sql!(x, " IN (", Fragment::joined(list, ", "), ")"));
        }
        let each = items.iter().map(|i| self.comparison(Op::Eq, e, i, at)).collect::<Outcome<Vec<_>>>()?;
        Ok(sql!("(", Fragment::joined(each, " OR "), ")"))
    }

    /// `contains` and `starts_with`.
    fn words(&mut self, whole: &Typed, args: &[Typed], at: &Alias) -> Outcome<Fragment> {
        let [text, needle] = args else { return Ok(truth(false)) };
        let starts = matches!(whole.node, Node::Call(Func::StartsWith, _));
        let folded = matches!(text.ty, Type::Name | Type::Text(TextType::Prose));
        let needle = match self.known(needle) {
            Some(Value::Text(t)) if folded => Some(text::fold::fold(&t)),
            Some(Value::Text(t)) => Some(t.to_ascii_lowercase()),
            Some(_) => return Ok(truth(false)),
            None => None,
        };
        if !folded {
            let text = self.value(text, at)?.main;
            let text = self.lower(text);
            return match needle {
                Some(needle) if starts => Ok(starts_with(&text, &needle)),
                Some(needle) => Ok(self.has_inside(text, needle)),
                None => Err(no_sql_form("contains(…, …)")),
            };
        }
        let (Some(needle), Node::Path(path @ Path { leaf: Leaf::Field { part: None, .. }, .. })) = (needle, &text.node)
        else {
            return Err(no_sql_form(if starts { "starts_with" } else { "contains" }));
        };
        let column = self.column(path, "_fold", at)?;
        Ok(match (starts, text.ty == Type::Name) {
            (false, _) => self.has_inside(column, needle),
            (true, false) => starts_with(&column, &needle),
            // One of the words of the name.
            (true, true) => {
                let later = self.has_inside(column.clone(), format!(" {needle}"));
                sql!("(", starts_with(&column, &needle), " OR ", later, ")")
            }
        })
    }

    /// `needle` somewhere in `text`, byte for byte. On PostgreSQL as LIKE, which a trigram index serves.
    fn has_inside(&self, text: Fragment, needle: String) -> Fragment {
        match self.dialect {
            Dialect::Sqlite => sql!("instr(", text, ", ", Cell::Text(needle), ") > 0"),
            Dialect::Postgres => {
                sql!(text, " LIKE ", Cell::Text(format!("%{}%", like_escape(&needle))), " ESCAPE '\\'")
            }
        }
    }
    /// A–Z to a–z and nothing else, on both databases.
    fn lower(&self, text: Fragment) -> Fragment {
        match self.dialect {
            Dialect::Sqlite => sql!("lower(", text, ")"),
            Dialect::Postgres => sql!("lower((", text, ") COLLATE \"C\")"),
        }
    }

    /// The rule of the rows of `object` that may be reached, if it has one.
    fn rule(&mut self, object: &str, at: &Alias) -> Outcome<Option<Fragment>> {
        if self.reached.iter().any(|o| o == object) {
            return Ok(None);
        }
        let declared = self.registry.object(object)?;
        let Some(rule) = (self.reach)(declared)? else { return Ok(None) };
        let typed = check_expr(self.registry, declared, &rule, Wanted::Condition)?;
        self.reached.push(object.to_owned());
        let compiled = self.condition(&typed, at);
        self.reached.pop();
        compiled.map(Some)
    }
}

/// A test that no null passes, of one path through references against known values: the path, and the test as the
/// last record of the path sees it.
fn through_reference(e: &Typed, known: impl Fn(&Typed) -> Option<Value>) -> Option<(Path, Typed)> {
    if matches!(e.node, Node::Not(_) | Node::Bin(Op::And | Op::Or, ..) | Node::If(..) | Node::Exists { .. }) {
        return None;
    }
    let walks = |e: &Typed| match &e.node {
        Node::Path(p) if p.leaf != Leaf::Id => !p.hops.is_empty(),
        _ => false,
    };
    let filled = |e: &Typed| known(e).is_some_and(|v| !v.is_null());
    let mut inner = e.clone();
    let path = match &mut inner.node {
        Node::Bin(Op::Eq | Op::Lt | Op::Le | Op::Gt | Op::Ge, l, r) if walks(l) && filled(r) => l,
        Node::Bin(Op::Eq | Op::Lt | Op::Le | Op::Gt | Op::Ge, l, r) if walks(r) && filled(l) => r,
        Node::In(e, items) if walks(e) && items.iter().all(filled) => e,
        Node::Call(Func::Contains | Func::StartsWith | Func::Has, args) => {
            let (first, rest) = args.split_first_mut()?;
            if !walks(first) || !rest.iter().all(filled) {
                return None;
            }
            first
        }
        _ => return None,
    };
    let Node::Path(p) = &mut path.node else { return None };
    let whole = p.clone();
    p.hops.clear();
    Some((whole, inner))
}

/// Colleagues who are named one by one; more of them are left to the table of teams.
const NAMED: usize = 127;

/// ` = ?` or ` IN (?, …)`, none for nobody. Few lengths, so that statements stay prepared.
fn named(mates: &[Uuid], me: Option<Uuid>) -> Option<Fragment> {
    let mut ids: Vec<Uuid> = mates.iter().copied().chain(me).collect();
    ids.sort_unstable();
    ids.dedup();
    let last = *ids.last()?;
    if ids.len() == 1 {
        return Some(sql!(" = ", Cell::Id(last)));
    }
    ids.resize(ids.len().next_power_of_two(), last);
    let list = ids.into_iter().map(|id| sql!(Cell::Id(id))).collect();
    Some(sql!(" IN (", Fragment::joined(list, ", "), ")"))
}

/// Of `user == me() || in_my_teams(user)`, in either order: the user, the person where the rule names one instead of
/// the acting user, and whether the teams below count.
fn mine_or_teams<'a>(l: &'a Typed, r: &'a Typed) -> Option<(&'a Typed, Option<&'a Typed>, bool)> {
    let team = |e: &'a Typed| match &e.node {
        Node::Call(func @ (Func::InMyTeams | Func::InMyTeamsBelow), args) => {
            args.first().map(|who| (who, args.get(1), *func == Func::InMyTeamsBelow))
        }
        _ => None,
    };
    let mine = |e: &'a Typed| match &e.node {
        Node::Bin(Op::Eq, a, b) if people::person(b).is_some() => Some((&**a, people::person(b))),
        Node::Bin(Op::Eq, a, b) if people::person(a).is_some() => Some((&**b, people::person(a))),
        _ => None,
    };
    let (who, named, below) = team(l).or_else(|| team(r))?;
    let same = match named.map(|n| &n.node) {
        Some(Node::Lit(Value::Ids(ids))) => Some(ids.first().copied()),
        _ => Some(None),
    };
    (mine(l).or_else(|| mine(r)) == Some((who, same))).then_some((who, named, below))
}

fn mirrored(op: Op) -> Op {
    match op {
        Op::Lt => Op::Gt,
        Op::Le => Op::Ge,
        Op::Gt => Op::Lt,
        Op::Ge => Op::Le,
        op => op,
    }
}

/// `known`: one side is a value that is not null.
fn plain_comparison(op: Op, l: Fragment, r: Fragment, known: bool) -> Fragment {
    let sign = match op {
        Op::Eq if known => " = ",
        Op::Eq => " IS NOT DISTINCT FROM ",
        Op::Ne => " IS DISTINCT FROM ",
        Op::Lt => " < ",
        Op::Le => " <= ",
        Op::Gt => " > ",
        _ => " >= ",
    };
    sql!(l, sign, r)
}

fn money_comparison(op: Op, l: &Operand, r: &Operand) -> Fragment {
    let none = Fragment::default();
    let (lc, rc) = (l.currency.as_ref().unwrap_or(&none), r.currency.as_ref().unwrap_or(&none));
    let op_here = if op == Op::Ne { Op::Eq } else { op };
    let same = sql!("(", plain_comparison(op_here, l.main.clone(), r.main.clone(), true), " AND ", lc, " = ", rc, ")");
    let both_null = || sql!("(", &same, " OR (", &l.main, " IS NULL AND ", &r.main, " IS NULL))");
    match op {
        Op::Eq | Op::Ne => {
            let equal = if l.known || r.known { same.clone() } else { both_null() };
            if op == Op::Ne { negated(equal) } else { equal }
        }
        _ => same,
    }
}

/// As a range, which an index serves: texts that begin with `prefix` are those from it up to its successor.
fn starts_with(text: &Fragment, prefix: &str) -> Fragment {
    let from = sql!(text, " >= ", Cell::from(prefix));
    match successor(prefix) {
        Some(end) => sql!("(", from, " AND ", text, " < ", Cell::Text(end), ")"),
        None => from,
    }
}

/// The least text (by code points, which is the order of UTF-8 bytes) greater than all that begin with `prefix`.
fn successor(prefix: &str) -> Option<String> {
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        let next = match last {
            '\u{D7FF}' => Some('\u{E000}'),
            c => char::from_u32(u32::from(c) + 1),
        };
        if let Some(next) = next {
            chars.push(next);
            return Some(chars.into_iter().collect());
        }
    }
    None
}

#[cfg(test)]
mod tests;
