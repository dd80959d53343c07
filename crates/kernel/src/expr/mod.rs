//! The one expression language: filters, row rules, guards, formulas, defaults, validation.
//!
//! CEL-shaped: `status == "open" && total > money(500, "SAR")`, `party.city in ["الرياض", "جدة"]`,
//! `exists(lines, product.code == "POST")`, `ordered_at >= today() - days(30)`, `owner == me()`.
//! No loops, no side effects. Two back ends: memory (`eval`) and SQL (`store::filter`); a property test
//! proves that they accept the same rows.
//!
//! Truth is two-valued: a comparison with null is false, `==`/`!=` treat null as a value, `!x` is true when `x` is not.

//!
//! What stands beside what: `==` on text is exact; `contains`/`starts_with` fold people's words; a date beside a
//! date-time means that day in the company's zone; a number beside money means its amount in whatever currency;
//! money in another currency is neither equal, less nor more. Functions: [`Func`]; those without an SQL form
//! (`concat`, `/`, parts of computed values) are for formulas: a filter with them is refused (`expr-not-in-filter`).

mod check;
mod eval;
mod lexer;
mod parser;
mod permission;
mod rewrite;
mod show;
#[cfg(test)]
mod tests;
mod types;

pub use check::{Wanted, check, check_expr, fields_used};
pub use eval::{Env, Family, Scope, compare, eval, holds};
pub use types::{Func, Hop, Leaf, Node, Part, Path, TextType, Type, Typed};

use crate::fault::Outcome;
use crate::value::Value;

/// Binary operators, loosest binding first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    Or,
    And,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Add,
    Sub,
    Mul,
    Div,
}

/// A parsed expression; not yet checked against an object.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    Lit(Value),
    /// `name`, `party.address.city`: fields, through references, into parts of names, addresses and money.
    Path(Vec<String>),
    Not(Box<Expr>),
    Neg(Box<Expr>),
    Bin(Op, Box<Expr>, Box<Expr>),
    In(Box<Expr>, Vec<Expr>),
    /// `cond ? a : b`
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// A function by name; the list is in `check`.
    Call(String, Vec<Expr>),
    /// `exists(lines)`, `exists(lines, quantity < 0)`: some record of the reverse list; the condition reads the child's fields.
    /// Through references with points: `exists(party.account_members, user == me())`.
    Exists(String, Option<Box<Expr>>),
}

impl Expr {
    /// # Errors
    /// `expr-…` issues with the position of the fault.
    pub fn parse(text: &str) -> Outcome<Expr> {
        parser::parse(text)
    }
    /// Calls `f` with each direct part.
    pub fn each_child<'a>(&'a self, mut f: impl FnMut(&'a Expr)) {
        match self {
            Expr::Lit(_) | Expr::Path(_) | Expr::Exists(_, None) => {}
            Expr::Not(e) | Expr::Neg(e) | Expr::Exists(_, Some(e)) => f(e),
            Expr::Bin(_, a, b) => {
                f(a);
                f(b);
            }
            Expr::In(e, items) => {
                f(e);
                items.iter().for_each(f);
            }
            Expr::If(a, b, c) => {
                f(a);
                f(b);
                f(c);
            }
            Expr::Call(_, args) => args.iter().for_each(f),
        }
    }
    pub fn always() -> Expr {
        Expr::Lit(Value::Bool(true))
    }
    pub fn never() -> Expr {
        Expr::Lit(Value::Bool(false))
    }
    pub fn path(path: &str) -> Expr {
        Expr::Path(path.split('.').map(str::to_owned).collect())
    }
    pub fn lit(value: impl Into<Value>) -> Expr {
        Expr::Lit(value.into())
    }
    pub fn eq(self, other: Expr) -> Expr {
        Expr::Bin(Op::Eq, Box::new(self), Box::new(other))
    }
    pub fn cmp(self, op: Op, other: Expr) -> Expr {
        Expr::Bin(op, Box::new(self), Box::new(other))
    }
    /// Both; `true` on either side falls away.
    #[must_use]
    pub fn and(self, other: Expr) -> Expr {
        if self == Expr::always() {
            other
        } else if other == Expr::always() {
            self
        } else {
            Expr::Bin(Op::And, Box::new(self), Box::new(other))
        }
    }
    #[must_use]
    pub fn or(self, other: Expr) -> Expr {
        Expr::Bin(Op::Or, Box::new(self), Box::new(other))
    }
}

impl std::ops::Not for Expr {
    type Output = Expr;
    fn not(self) -> Expr {
        Expr::Not(Box::new(self))
    }
}
