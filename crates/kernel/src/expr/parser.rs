//! Tokens into a tree, by precedence climbing.
//!
//! From the loosest: `? :`, `||`/`or`, `&&`/`and`, `not`, comparisons and `in` (not chained), `+ -`, `* /`, `! -`.
//! Literal forms `date("…")`, `datetime("…")`, `id("…")`, `money(12.5, "SAR")`, `seconds(60)` become literals at once.

use super::lexer::{Placed, Token, fault_at, tokens};
use super::{Expr, Op};
use crate::fault::{Fault, Issue, Outcome};
use crate::value::{Money, Value};
use rust_decimal::Decimal;

/// The deepest nesting of brackets, calls and signs.
const MAX_NESTING: usize = 64;
/// The deepest tree; a row of `a || b || …` makes it as deep as it is long.
const MAX_DEPTH: usize = 256;

pub(super) fn parse(text: &str) -> Outcome<Expr> {
    let mut parser = Parser { tokens: tokens(text)?, next: 0, nesting: 0 };
    let expr = parser.ternary()?;
    if parser.peek() != &Token::End {
        return Err(parser.unexpected());
    }
    if depth(&expr) > MAX_DEPTH {
        return Err(too_deep());
    }
    Ok(expr)
}

fn too_deep() -> Fault {
    Fault::issue(Issue::new("", "expr-too-deep").arg("max", MAX_NESTING))
}

/// Longest way from the root to a leaf, without recursion: the tree may be deeper than the stack allows.
fn depth(expr: &Expr) -> usize {
    let mut deepest = 0;
    let mut todo = vec![(expr, 1)];
    while let Some((e, d)) = todo.pop() {
        deepest = deepest.max(d);
        e.each_child(|child| todo.push((child, d + 1)));
    }
    deepest
}

struct Parser {
    tokens: Vec<Placed>,
    next: usize,
    nesting: usize,
}

impl Parser {
    fn placed(&self) -> &Placed {
        self.tokens.get(self.next).or(self.tokens.last()).expect("the lexer always ends with End")
    }
    fn peek(&self) -> &Token {
        &self.placed().token
    }
    fn unexpected(&self) -> Fault {
        let placed = self.placed();
        let found = match &placed.token {
            Token::Name(n) => n.clone(),
            Token::Text(t) => format!("\"{t}\""),
            Token::Int(n) => n.to_string(),
            Token::Decimal(d) => d.to_string(),
            Token::Sign(s) => (*s).to_owned(),
            Token::End => return fault_at("expr-unexpected-end", placed.at, ""),
        };
        fault_at("expr-unexpected", placed.at, &found)
    }
    fn advance(&mut self) -> Token {
        let token = self.peek().clone();
        self.next += 1;
        token
    }
    fn eat(&mut self, sign: &str) -> bool {
        let hit = matches!(self.peek(), Token::Sign(s) if *s == sign);
        self.next += usize::from(hit);
        hit
    }
    fn eat_word(&mut self, word: &str) -> bool {
        let hit = matches!(self.peek(), Token::Name(n) if n == word);
        self.next += usize::from(hit);
        hit
    }
    fn expect(&mut self, sign: &str) -> Outcome<()> {
        if self.eat(sign) { Ok(()) } else { Err(self.unexpected()) }
    }
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Outcome<T>) -> Outcome<T> {
        if self.nesting == MAX_NESTING {
            return Err(too_deep());
        }
        self.nesting += 1;
        let result = read(self);
        self.nesting -= 1;
        result
    }

    fn ternary(&mut self) -> Outcome<Expr> {
        self.nested(|p| {
            let cond = p.or()?;
            if !p.eat("?") {
                return Ok(cond);
            }
            let yes = p.ternary()?;
            p.expect(":")?;
            let no = p.ternary()?;
            Ok(Expr::If(Box::new(cond), Box::new(yes), Box::new(no)))
        })
    }
    fn or(&mut self) -> Outcome<Expr> {
        let mut left = self.and()?;
        while self.eat("||") || self.eat_word("or") {
            left = bin(Op::Or, left, self.and()?);
        }
        Ok(left)
    }
    fn and(&mut self) -> Outcome<Expr> {
        let mut left = self.not()?;
        while self.eat("&&") || self.eat_word("and") {
            left = bin(Op::And, left, self.not()?);
        }
        Ok(left)
    }
    fn not(&mut self) -> Outcome<Expr> {
        if self.eat_word("not") {
            return self.nested(|p| Ok(Expr::Not(Box::new(p.not()?))));
        }
        self.comparison()
    }
    fn comparison(&mut self) -> Outcome<Expr> {
        let left = self.sum()?;
        let op = match self.peek() {
            Token::Sign("==") => Op::Eq,
            Token::Sign("!=") => Op::Ne,
            Token::Sign("<") => Op::Lt,
            Token::Sign("<=") => Op::Le,
            Token::Sign(">") => Op::Gt,
            Token::Sign(">=") => Op::Ge,
            Token::Name(n) if n == "in" => {
                self.advance();
                return Ok(Expr::In(Box::new(left), self.list()?));
            }
            Token::Name(n) if n == "not" => {
                self.advance();
                if !self.eat_word("in") {
                    return Err(self.unexpected());
                }
                return Ok(Expr::Not(Box::new(Expr::In(Box::new(left), self.list()?))));
            }
            _ => return Ok(left),
        };
        self.advance();
        Ok(bin(op, left, self.sum()?))
    }
    fn list(&mut self) -> Outcome<Vec<Expr>> {
        self.expect("[")?;
        self.items("]")
    }
    /// Comma-separated expressions up to and with `close`.
    fn items(&mut self, close: &str) -> Outcome<Vec<Expr>> {
        let mut items = Vec::new();
        if self.eat(close) {
            return Ok(items);
        }
        loop {
            items.push(self.ternary()?);
            if self.eat(close) {
                return Ok(items);
            }
            self.expect(",")?;
        }
    }
    fn sum(&mut self) -> Outcome<Expr> {
        let mut left = self.product()?;
        loop {
            let op = if self.eat("+") {
                Op::Add
            } else if self.eat("-") {
                Op::Sub
            } else {
                return Ok(left);
            };
            left = bin(op, left, self.product()?);
        }
    }
    fn product(&mut self) -> Outcome<Expr> {
        let mut left = self.unary()?;
        loop {
            let op = if self.eat("*") {
                Op::Mul
            } else if self.eat("/") {
                Op::Div
            } else {
                return Ok(left);
            };
            left = bin(op, left, self.unary()?);
        }
    }
    fn unary(&mut self) -> Outcome<Expr> {
        if self.eat("!") {
            return self.nested(|p| Ok(Expr::Not(Box::new(p.unary()?))));
        }
        if !self.eat("-") {
            return self.primary();
        }
        // A minus before a number belongs to the number: so the smallest integer can be written.
        match self.peek().clone() {
            Token::Int(n) => {
                self.advance();
                Ok(Expr::Lit(Value::Int(-n)))
            }
            Token::Decimal(d) => {
                self.advance();
                let whole = if d.scale() == 0 { i64::try_from(-d).ok() } else { None };
                Ok(Expr::Lit(whole.map_or(Value::Decimal(-d), Value::Int)))
            }
            _ => self.nested(|p| Ok(Expr::Neg(Box::new(p.unary()?)))),
        }
    }
    fn primary(&mut self) -> Outcome<Expr> {
        let fault = self.unexpected();
        let at = self.placed().at;
        match self.advance() {
            Token::Text(t) => Ok(Expr::Lit(Value::Text(t))),
            Token::Int(n) => Ok(Expr::Lit(Value::Int(n))),
            Token::Decimal(d) => Ok(Expr::Lit(Value::Decimal(d))),
            Token::Sign("(") => {
                let inner = self.ternary()?;
                self.expect(")")?;
                Ok(inner)
            }
            Token::Name(name) => match name.as_str() {
                "true" => Ok(Expr::Lit(Value::Bool(true))),
                "false" => Ok(Expr::Lit(Value::Bool(false))),
                "null" => Ok(Expr::Lit(Value::Null)),
                "in" | "and" | "or" | "not" => Err(fault),
                _ if self.eat("(") => self.call(name, at),
                _ => self.path(name),
            },
            Token::Sign(_) | Token::End => Err(fault),
        }
    }
    fn path(&mut self, first: String) -> Outcome<Expr> {
        let mut path = vec![first];
        while self.eat(".") {
            match self.peek().clone() {
                Token::Name(n) => path.push(n),
                _ => return Err(self.unexpected()),
            }
            self.advance();
        }
        Ok(Expr::Path(path))
    }
    fn call(&mut self, name: String, at: usize) -> Outcome<Expr> {
        if name != "exists" {
            let args = self.items(")")?;
            return literal(&name, &args, at).map(|lit| lit.map_or(Expr::Call(name, args), Expr::Lit));
        }
        let Token::Name(first) = self.peek().clone() else { return Err(self.unexpected()) };
        self.advance();
        let Expr::Path(list) = self.path(first)? else { return Err(self.unexpected()) };
        let list = list.join(".");
        let cond = if self.eat(",") { Some(Box::new(self.ternary()?)) } else { None };
        self.expect(")")?;
        Ok(Expr::Exists(list, cond))
    }
}

fn bin(op: Op, left: Expr, right: Expr) -> Expr {
    Expr::Bin(op, Box::new(left), Box::new(right))
}

/// The value of a literal written as a call; none when it is an ordinary call.
fn literal(name: &str, args: &[Expr], at: usize) -> Outcome<Option<Value>> {
    let bad = |found: &str| fault_at("expr-bad-literal", at, found);
    Ok(Some(match (name, args) {
        ("date", [Expr::Lit(Value::Text(t))]) => Value::Date(crate::parse::iso_date(t).ok_or_else(|| bad(t))?),
        ("datetime", [Expr::Lit(Value::Text(t))]) => Value::DateTime(t.parse().map_err(|_| bad(t))?),
        ("id", [Expr::Lit(Value::Text(t))]) => Value::Id(t.parse().map_err(|_| bad(t))?),
        ("seconds", [Expr::Lit(Value::Int(n))]) => Value::Duration(*n),
        ("money", [Expr::Lit(amount @ (Value::Int(_) | Value::Decimal(_))), Expr::Lit(Value::Text(cur))]) => {
            let amount = match amount {
                Value::Int(n) => Decimal::from(*n),
                Value::Decimal(d) => *d,
                _ => return Ok(None),
            };
            Value::Money(money(amount, cur).ok_or_else(|| bad(&format!("{amount} {cur}")))?)
        }
        _ => return Ok(None),
    }))
}

/// An amount in the minor units of its currency; none when the code is not three letters or digits would be lost.
pub(super) fn money(amount: Decimal, currency: &str) -> Option<Money> {
    let code = currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase());
    let exponent = u32::from(text::money::exponent(currency));
    if !code || amount.normalize().scale() > exponent {
        return None;
    }
    Some(Money::new(crate::kind::scaled(amount, exponent)?, currency))
}
