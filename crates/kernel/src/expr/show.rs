//! The text of an expression: parses back to the same tree.

use super::{Expr, Op};
use crate::value::Value;
use std::fmt::{self, Display, Formatter};

/// How tightly a node binds; a child that binds less tightly than its place needs brackets.
fn level(expr: &Expr) -> u8 {
    match expr {
        Expr::If(..) => 0,
        Expr::Bin(op, ..) => op.level(),
        Expr::In(..) => 3,
        Expr::Not(_) | Expr::Neg(_) => 6,
        // A negative number begins with a sign, but no sign follows another without brackets.
        Expr::Lit(_) | Expr::Path(_) | Expr::Call(..) | Expr::Exists(..) => 7,
    }
}

impl Op {
    fn level(self) -> u8 {
        match self {
            Op::Or => 1,
            Op::And => 2,
            Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge => 3,
            Op::Add | Op::Sub => 4,
            Op::Mul | Op::Div => 5,
        }
    }
    /// As written between its operands.
    pub fn sign(self) -> &'static str {
        match self {
            Op::Or => "||",
            Op::And => "&&",
            Op::Eq => "==",
            Op::Ne => "!=",
            Op::Lt => "<",
            Op::Le => "<=",
            Op::Gt => ">",
            Op::Ge => ">=",
            Op::Add => "+",
            Op::Sub => "-",
            Op::Mul => "*",
            Op::Div => "/",
        }
    }
    pub fn compares(self) -> bool {
        matches!(self, Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge)
    }
}

impl Display for Op {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.sign())
    }
}

struct At<'a>(&'a Expr, u8);

impl Display for At<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if level(self.0) < self.1 { write!(f, "({})", self.0) } else { self.0.fmt(f) }
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Expr::Lit(value) => literal(value, f),
            Expr::Path(path) => f.write_str(&path.join(".")),
            Expr::Not(e) => write!(f, "!{}", At(e, 6)),
            // `-5` is a literal, so a negated literal keeps its brackets.
            Expr::Neg(e) if matches!(**e, Expr::Lit(_)) => write!(f, "-({e})"),
            Expr::Neg(e) => write!(f, "-{}", At(e, 6)),
            Expr::Bin(op, l, r) => {
                // Comparisons do not chain: brackets on both sides. Others group to the left.
                let left = if op.compares() { op.level() + 1 } else { op.level() };
                write!(f, "{} {op} {}", At(l, left), At(r, op.level() + 1))
            }
            Expr::In(e, items) => {
                write!(f, "{} in [", At(e, 4))?;
                separated(items, f)?;
                f.write_str("]")
            }
            Expr::If(cond, yes, no) => write!(f, "{} ? {yes} : {no}", At(cond, 1)),
            Expr::Call(name, args) => {
                write!(f, "{name}(")?;
                separated(args, f)?;
                f.write_str(")")
            }
            Expr::Exists(list, None) => write!(f, "exists({list})"),
            Expr::Exists(list, Some(cond)) => write!(f, "exists({list}, {cond})"),
        }
    }
}

fn separated(items: &[Expr], f: &mut Formatter<'_>) -> fmt::Result {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            f.write_str(", ")?;
        }
        item.fmt(f)?;
    }
    Ok(())
}

fn literal(value: &Value, f: &mut Formatter<'_>) -> fmt::Result {
    match value {
        Value::Null => f.write_str("null"),
        Value::Bool(b) => write!(f, "{b}"),
        Value::Int(i) => write!(f, "{i}"),
        // A point tells a decimal from an integer.
        Value::Decimal(d) if d.scale() == 0 => write!(f, "{d}.0"),
        Value::Decimal(d) => write!(f, "{d}"),
        Value::Text(t) => quoted(t, f),
        Value::Date(d) => write!(f, "date(\"{d}\")"),
        Value::DateTime(t) => write!(f, "datetime(\"{t}\")"),
        Value::Duration(s) => write!(f, "seconds({s})"),
        Value::Id(id) => write!(f, "id(\"{id}\")"),
        Value::Money(m) => write!(f, "money({}, \"{}\")", m.amount(), m.currency),
        // The language has no literals for these; they cannot come out of the parser.
        Value::Ids(_) | Value::List(_) | Value::Name(_) | Value::Address(_) | Value::File(_) | Value::Json(_) => {
            quoted(&value.to_json().to_string(), f)
        }
    }
}

fn quoted(text: &str, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("\"")?;
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\t' => f.write_str("\\t")?,
            '\r' => f.write_str("\\r")?,
            c if c.is_control() => write!(f, "\\u{{{:x}}}", u32::from(c))?,
            c => write!(f, "{c}")?,
        }
    }
    f.write_str("\"")
}
