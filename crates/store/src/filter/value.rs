//! Values inside a condition: columns, literals, arithmetic.

use super::fragment::{Alias, Factor, Fragment, Named, sql};
use super::{Compiler, no_sql_form};
use crate::sql::Dialect;
use kernel::expr::{Func, Hop, Leaf, Node, Op, Part, Path, Type, Typed};
use kernel::{Cell, Fault, Issue, Outcome, Value};
use std::sync::OnceLock;

/// A value: the SQL of its main column, what belongs to it, and how to read it.
#[derive(Clone, Debug)]
pub(super) struct Operand {
    pub main: Fragment,
    /// Of money.
    pub currency: Option<Fragment>,
    /// The integer is the number times ten to this.
    pub scale: u32,
    /// It is the same for all rows and not null.
    pub known: bool,
    /// A known integer, to be scaled before it is bound.
    number: Option<i64>,
}

impl Operand {
    fn of(main: Fragment) -> Self {
        Operand { main, currency: None, scale: 0, known: false, number: None }
    }
    fn scaled(main: Fragment, scale: u32) -> Self {
        Operand { scale, ..Operand::of(main) }
    }
    fn money(main: Fragment, currency: Fragment) -> Self {
        Operand { currency: Some(currency), ..Operand::of(main) }
    }
}

impl Compiler<'_> {
    /// As [`Self::value`], and also conditions (as 0 and 1).
    pub(super) fn operand(&mut self, e: &Typed, at: &Alias) -> Outcome<Operand> {
        let condition = e.ty == Type::Bool
            && match &e.node {
                Node::Lit(_) | Node::Path(_) | Node::If(..) => false,
                Node::Call(f, _) => !matches!(f, Func::Coalesce | Func::Min | Func::Max),
                _ => true,
            };
        if condition && !e.constant() {
            return Ok(Operand::of(sql!("CASE WHEN ", self.condition(e, at)?, " THEN 1 ELSE 0 END")));
        }
        self.value(e, at)
    }

    pub(super) fn value(&mut self, e: &Typed, at: &Alias) -> Outcome<Operand> {
        if let Some(value) = self.known(e) {
            return self.literal(value, &e.ty);
        }
        match &e.node {
            Node::Path(path) => self.path(path, &e.ty, at),
            Node::Neg(inner) => {
                let x = self.value(inner, at)?;
                Ok(Operand { main: sql!("(-", self.wide(&x.main), ")"), known: false, number: None, ..x })
            }
            Node::Bin(op, l, r) if !op.compares() && !matches!(op, Op::And | Op::Or) => self.arithmetic(*op, l, r, at),
            Node::If(cond, yes, no) => {
                let cond = self.condition(cond, at)?;
                let (yes, no) = (self.operand(yes, at)?, self.operand(no, at)?);
                let (yes, no) = self.aligned(yes, no);
                let pick = |y: &Fragment, n: &Fragment| sql!("CASE WHEN ", &cond, " THEN ", y, " ELSE ", n, " END");
                let currency = match (&yes.currency, &no.currency) {
                    (Some(y), Some(n)) => Some(pick(y, n)),
                    (Some(y), None) => Some(pick(y, &no.main)),
                    (None, Some(n)) => Some(pick(&yes.main, n)),
                    (None, None) => None,
                };
                Ok(Operand { currency, ..Operand::scaled(pick(&yes.main, &no.main), yes.scale) })
            }
            Node::Call(func, args) => self.function(*func, args, at),
            _ => self.operand(e, at),
        }
    }

    /// A value known now, bound.
    fn literal(&self, value: Value, ty: &Type) -> Outcome<Operand> {
        let whole = |n: i64, scale: u32| Operand {
            main: sql!(Cell::Int(n)),
            currency: None,
            scale,
            known: true,
            number: Some(n),
        };
        let plain = |cell: Cell| Operand { known: true, ..Operand::of(sql!(cell)) };
        Ok(match value {
            Value::Null => {
                let typed = |ty: &'static str| sql!("CAST(NULL AS ", ty, ")");
                match ty {
                    Type::Text(_) | Type::Date | Type::List(_) | Type::Ids(_) | Type::File | Type::Json => {
                        Operand::of(typed("TEXT"))
                    }
                    Type::Id(_) if self.dialect == Dialect::Postgres => Operand::of(typed("UUID")),
                    Type::Id(_) => Operand::of(sql!("NULL")),
                    Type::Money => Operand::money(typed("BIGINT"), typed("TEXT")),
                    // Which type the other side has is not known: an untyped null takes it.
                    Type::Null => Operand::of(sql!("NULL")),
                    _ => Operand::of(typed("BIGINT")),
                }
            }
            Value::Int(n) | Value::Duration(n) => whole(n, 0),
            Value::Decimal(d) => {
                let d = d.normalize();
                let n = i64::try_from(d.mantissa())
                    .map_err(|_| Fault::issue(Issue::new("", "expr-bad-literal").arg("found", d)))?;
                whole(n, d.scale())
            }
            Value::Bool(b) => whole(b.into(), 0),
            Value::DateTime(t) => whole(t.as_microsecond(), 0),
            Value::Money(m) => {
                Operand { known: true, ..Operand::money(sql!(Cell::Int(m.minor)), sql!(Cell::Text(m.currency))) }
            }
            Value::Text(t) => plain(Cell::Text(t)),
            Value::Date(d) => plain(Cell::Text(d.to_string())),
            Value::Id(id) => plain(Cell::Id(id)),
            Value::Ids(_) | Value::List(_) | Value::Name(_) | Value::Address(_) | Value::File(_) | Value::Json(_) => {
                return Err(no_sql_form(&ty.to_string()));
            }
        })
    }

    fn path(&mut self, path: &Path, ty: &Type, at: &Alias) -> Outcome<Operand> {
        let Leaf::Field { kind, part, .. } = &path.leaf else {
            return Ok(Operand::of(self.column(path, "", at)?));
        };
        Ok(match part {
            Some(Part::Arabic) => Operand::of(sql!("nullif(", self.column(path, "", at)?, ", '')")),
            Some(Part::Latin) => Operand::of(sql!("nullif(", self.column(path, "_lat", at)?, ", '')")),
            Some(Part::Currency) => Operand::of(self.column(path, "_cur", at)?),
            Some(Part::Amount) => {
                let money = Operand::money(self.column(path, "", at)?, self.column(path, "_cur", at)?);
                self.amount(money)
            }
            Some(Part::Address(name)) => Operand::of(self.column(path, &format!("_{name}"), at)?),
            None => match ty {
                Type::Money => Operand::money(self.column(path, "", at)?, self.column(path, "_cur", at)?),
                Type::Name | Type::Address => return Err(no_sql_form(&ty.to_string())),
                _ => Operand::scaled(self.column(path, "", at)?, kind.scale()),
            },
        })
    }

    /// The column of a path with `suffix`; through references as a scalar subselect, null where one is empty.
    pub(super) fn column(&mut self, path: &Path, suffix: &str, at: &Alias) -> Outcome<Fragment> {
        // The id at the end of a reference is the reference itself.
        let (hops, name) = match (&path.leaf, path.hops.split_last()) {
            (Leaf::Id, None) => (path.hops.as_slice(), "id".to_owned()),
            (Leaf::Id, Some((last, before))) => (before, last.field.clone()),
            (Leaf::Field { field, .. }, _) => (path.hops.as_slice(), format!("{field}{suffix}")),
        };
        if hops.is_empty() {
            return Ok(sql!(at, ".", Named(&name)));
        }
        let (tables, wheres, last) = self.walk(hops, at)?;
        Ok(sql!("(SELECT ", &last, ".", Named(&name), " FROM ", tables, " WHERE ", wheres, ")"))
    }

    /// The tables behind references, the condition that ties the first to `at`, and the alias of the last.
    pub(super) fn walk(&mut self, hops: &[Hop], at: &Alias) -> Outcome<(Fragment, Fragment, Alias)> {
        let mut tables = Fragment::default();
        let mut wheres = Fragment::default();
        let mut from = at.clone();
        for (i, hop) in hops.iter().enumerate() {
            let to = self.alias();
            let tie = sql!(&to, ".\"id\" = ", &from, ".", Named(&hop.field));
            if i == 0 {
                tables.add(sql!(Named(&hop.target), " ", &to));
                wheres.add(tie);
            } else {
                tables.add(sql!(" JOIN ", Named(&hop.target), " ", &to, " ON ", tie));
            }
            if let Some(rule) = self.rule(&hop.target, &to)? {
                wheres.add(sql!(" AND ", rule));
            }
            from = to;
        }
        Ok((tables, wheres, from))
    }

    /// Money as a decimal with four digits, in whatever currency; other values as they are.
    pub(super) fn amount(&self, x: Operand) -> Operand {
        let Some(currency) = &x.currency else { return x };
        let scale = Part::AMOUNT_SCALE;
        let factors = sql!(
            "CASE WHEN ",
            currency,
            " IN (",
            currencies(3),
            ") THEN 10 WHEN ",
            currency,
            " IN (",
            currencies(0),
            ") THEN 10000 ELSE 100 END"
        );
        Operand { known: x.known, ..Operand::scaled(sql!("(", self.wide(&x.main), " * ", factors, ")"), scale) }
    }

    /// Both with the same scale.
    pub(super) fn aligned(&self, l: Operand, r: Operand) -> (Operand, Operand) {
        let scale = l.scale.max(r.scale);
        (self.to_scale(l, scale), self.to_scale(r, scale))
    }
    fn to_scale(&self, x: Operand, scale: u32) -> Operand {
        if x.scale == scale {
            return x;
        }
        let by = scale - x.scale;
        if let Some(n) = x.number {
            // What does not fit is beyond every stored number, on its side.
            let edge = if n < 0 { i64::MIN } else { i64::MAX };
            let n = 10_i64.checked_pow(by).and_then(|f| n.checked_mul(f)).unwrap_or(edge);
            return Operand { main: sql!(Cell::Int(n)), scale, number: Some(n), ..x };
        }
        Operand { main: sql!("(", self.wide(&x.main), " * ", Factor(by), ")"), scale, ..x }
    }

    /// Beyond 64 bits where the database would refuse the overflow instead of widening by itself.
    fn wide(&self, x: &Fragment) -> Fragment {
        match self.dialect {
            Dialect::Sqlite => x.clone(),
            Dialect::Postgres => sql!("CAST(", x, " AS NUMERIC)"),
        }
    }
    /// Integer division toward zero.
    fn divided(&self, x: &Fragment, by: &Fragment) -> Fragment {
        match self.dialect {
            Dialect::Sqlite => sql!("((", x, ") / ", by, ")"),
            Dialect::Postgres => sql!("div(", self.wide(x), ", ", by, ")"),
        }
    }
    /// The integer without its last `digits`, rounded half away from zero.
    fn rounded(&self, x: &Fragment, digits: u32) -> Fragment {
        if digits == 0 {
            return x.clone();
        }
        let half = || sql!(" 5", zeros(digits - 1));
        let nudged = sql!(
            "CASE WHEN ",
            x,
            " < 0 THEN ",
            self.wide(x),
            " -",
            half(),
            " ELSE ",
            self.wide(x),
            " +",
            half(),
            " END"
        );
        self.divided(&nudged, &sql!(Factor(digits)))
    }

    fn arithmetic(&mut self, op: Op, l: &Typed, r: &Typed, at: &Alias) -> Outcome<Operand> {
        let sign = match op {
            Op::Add => " + ",
            Op::Sub => " - ",
            Op::Mul => " * ",
            _ => return Err(no_sql_form("/")),
        };
        if (&l.ty, &r.ty) == (&Type::Date, &Type::Duration) {
            return self.moved_date(op, l, r, at);
        }
        let (lt, rt) = (&l.ty, &r.ty);
        let (l, r) = (self.value(l, at)?, self.value(r, at)?);
        Ok(match (lt, rt) {
            (Type::Date, Type::Date) => Operand::of(match self.dialect {
                Dialect::Sqlite => sql!("(unixepoch(", l.main, ") - unixepoch(", r.main, "))"),
                Dialect::Postgres => {
                    sql!("((CAST(", l.main, " AS DATE) - CAST(", r.main, " AS DATE)) * CAST(86400 AS BIGINT))")
                }
            }),
            (Type::DateTime, Type::DateTime) => {
                Operand::of(self.divided(&sql!(l.main, " - ", r.main), &sql!("1000000")))
            }
            (Type::DateTime, Type::Duration) => {
                Operand::of(sql!("(", self.wide(&l.main), sign, self.wide(&r.main), " * 1000000)"))
            }
            (Type::Money, Type::Money) => {
                let (lc, rc) = currencies_of(&l, &r)?;
                let same = |x: Fragment| sql!("CASE WHEN ", &lc, " = ", &rc, " THEN ", x, " END");
                let sum = sql!(self.wide(&l.main), sign, self.wide(&r.main));
                let currency = same(sql!(&lc));
                Operand::money(same(sum), currency)
            }
            (Type::Money, _) => {
                let product = sql!("(", self.wide(&l.main), " * ", self.wide(&r.main), ")");
                let minor = self.rounded(&product, r.scale);
                let currency = l.currency.clone().unwrap_or_default();
                let currency = sql!("CASE WHEN ", &r.main, " IS NOT NULL THEN ", currency, " END");
                Operand::money(minor, currency)
            }
            _ if op == Op::Mul => {
                let product = sql!("(", self.wide(&l.main), " * ", self.wide(&r.main), ")");
                Operand::scaled(product, l.scale + r.scale)
            }
            _ => {
                let (l, r) = self.aligned(l, r);
                Operand::scaled(sql!("(", self.wide(&l.main), sign, self.wide(&r.main), ")"), l.scale)
            }
        })
    }

    /// A date field some known days later or earlier.
    fn moved_date(&mut self, op: Op, date: &Typed, by: &Typed, at: &Alias) -> Outcome<Operand> {
        let Some(seconds) = self.known(by).and_then(|v| v.int()) else { return Err(no_sql_form("date + duration")) };
        let days = seconds / 86_400;
        let days = if op == Op::Sub { -days } else { days };
        if days.unsigned_abs() > 3_000_000 {
            return Err(no_sql_form("date + duration"));
        }
        let date = self.value(date, at)?.main;
        let moved = match self.dialect {
            Dialect::Sqlite => sql!("date(", date, ", ", Cell::Text(format!("{days:+} days")), ")"),
            Dialect::Postgres => sql!(
                "to_char(CAST(",
                date,
                " AS DATE) + CAST(",
                Cell::Int(days),
                " AS INTEGER), 'YYYY-MM-DD') COLLATE \"C\""
            ),
        };
        Ok(Operand::of(moved))
    }

    fn function(&mut self, func: Func, args: &[Typed], at: &Alias) -> Outcome<Operand> {
        let unary = |c: &mut Self| args.first().map_or_else(|| Err(no_sql_form(func.name())), |a| c.value(a, at));
        let date = args.first().is_some_and(|a| a.ty == Type::Date);
        match func {
            Func::Year if date => Ok(Operand::of(sql!("CAST(substr(", unary(self)?.main, ", 1, 4) AS BIGINT)"))),
            Func::Month if date => Ok(Operand::of(sql!("CAST(substr(", unary(self)?.main, ", 6, 2) AS BIGINT)"))),
            Func::Lower => {
                let x = unary(self)?.main;
                Ok(Operand::of(self.lower(x)))
            }
            Func::Len => {
                let x = unary(self)?.main;
                Ok(Operand::of(if args.first().is_some_and(|a| a.ty.text()) {
                    sql!("length(", x, ")")
                } else {
                    sql!("(length(", &x, ") - length(replace(", &x, ", '|', '')) - 1)")
                }))
            }
            Func::Round => {
                let x = unary(self)?;
                let digits = args.get(1).and_then(|a| self.known(a)).and_then(|v| v.int()).unwrap_or(0);
                let digits = u32::try_from(digits).unwrap_or(0).min(x.scale);
                Ok(Operand::scaled(self.rounded(&x.main, x.scale - digits), digits))
            }
            Func::Abs => {
                let x = unary(self)?;
                let wide = self.wide(&x.main);
                let main = sql!("CASE WHEN ", &x.main, " < 0 THEN -", &wide, " ELSE ", &wide, " END");
                Ok(Operand { main, known: false, number: None, ..x })
            }
            Func::Min | Func::Max => {
                let [a, b] = args else { return Err(no_sql_form(func.name())) };
                let (a, b) = (self.value(a, at)?, self.value(b, at)?);
                let (a, b) = self.aligned(a, b);
                let (first, second) = if func == Func::Min { (&a, &b) } else { (&b, &a) };
                // Null on one side meets neither condition.
                let pick = sql!(
                    "CASE WHEN ",
                    &a.main,
                    " <= ",
                    &b.main,
                    " THEN ",
                    &first.main,
                    " WHEN ",
                    &a.main,
                    " > ",
                    &b.main,
                    " THEN ",
                    &second.main,
                    " END"
                );
                if a.currency.is_none() {
                    return Ok(Operand::scaled(pick, a.scale));
                }
                let (ac, bc) = currencies_of(&a, &b)?;
                let same = |x: &Fragment| sql!("CASE WHEN ", &ac, " = ", &bc, " THEN ", x, " END");
                Ok(Operand::money(same(&pick), same(&ac)))
            }
            Func::Coalesce => {
                let all = args.iter().map(|a| self.operand(a, at)).collect::<Outcome<Vec<_>>>()?;
                let scale = all.iter().map(|a| a.scale).max().unwrap_or(0);
                let all: Vec<Operand> = all.into_iter().map(|a| self.to_scale(a, scale)).collect();
                let money = all.iter().any(|a| a.currency.is_some());
                let list = |parts: Vec<Fragment>| sql!("coalesce(", Fragment::joined(parts, ", "), ")");
                let main = list(all.iter().map(|a| a.main.clone()).collect());
                let currency = money.then(|| list(all.iter().filter_map(|a| a.currency.clone()).collect()));
                Ok(Operand { currency, ..Operand::scaled(main, scale) })
            }
            _ => Err(no_sql_form(func.name())),
        }
    }
}

fn currencies_of(l: &Operand, r: &Operand) -> Outcome<(Fragment, Fragment)> {
    l.currency.clone().zip(r.currency.clone()).ok_or_else(|| no_sql_form("money"))
}

fn zeros(n: u32) -> Fragment {
    match n {
        0 => Fragment::default(),
        n => sql!("0", zeros(n - 1)),
    }
}

/// `'BHD', 'IQD', …`: the currencies with so many digits after the point, found by asking for every code.
fn currencies(exponent: u8) -> Fragment {
    static FOUND: OnceLock<Vec<(u8, String)>> = OnceLock::new();
    let found: &'static Vec<_> = FOUND.get_or_init(|| {
        let letters = || 'A'..='Z';
        letters()
            .flat_map(|a| letters().flat_map(move |b| letters().map(move |c| format!("'{a}{b}{c}'"))))
            .map(|quoted| (text::money::exponent(quoted.trim_matches('\'')), quoted))
            .filter(|(e, _)| *e != 2)
            .collect()
    });
    let codes = found.iter().filter(|(e, _)| *e == exponent).map(|(_, code)| sql!(code.as_str())).collect();
    Fragment::joined(codes, ", ")
}
