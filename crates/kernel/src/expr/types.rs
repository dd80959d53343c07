//! The checked form of an expression: every node knows its type, every path is resolved.

use super::Op;
use crate::kind::Kind;
use crate::value::Value;
use std::fmt;

/// What an expression yields. All of them may be null.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// The literal `null`.
    Null,
    Bool,
    Int,
    /// Digits after the point.
    Decimal(u32),
    Money,
    Text(TextType),
    Date,
    DateTime,
    /// Seconds.
    Duration,
    /// A record of the object; empty when any object will do.
    Id(String),
    Ids(String),
    /// Choice keys.
    List(Vec<String>),
    Name,
    Address,
    File,
    Json,
}

/// How text is compared by `contains` and `starts_with`; `==` is always exact.
#[derive(Clone, Debug, PartialEq)]
pub enum TextType {
    /// People's words: folded (hamza, case, marks and digits do not matter).
    Prose,
    /// Codes, addresses, keys: only the case of A–Z does not matter.
    Exact,
    /// The key of one of these choices.
    Choice(Vec<String>),
}

impl Type {
    pub fn of(kind: &Kind) -> Type {
        let keys = |k: &Kind| k.options().iter().map(|o| o.key.clone()).collect();
        match kind.stored() {
            Kind::Text { .. } | Kind::LongText | Kind::RichText => Type::Text(TextType::Prose),
            Kind::Code { .. } | Kind::Email | Kind::Phone | Kind::Url | Kind::Sequence { .. } => {
                Type::Text(TextType::Exact)
            }
            k @ Kind::Choice { .. } => Type::Text(TextType::Choice(keys(k))),
            k @ Kind::MultiChoice { .. } => Type::List(keys(k)),
            Kind::Integer => Type::Int,
            k @ (Kind::Decimal { .. } | Kind::Percent) => Type::Decimal(k.scale()),
            Kind::Money => Type::Money,
            Kind::Bool => Type::Bool,
            Kind::Date => Type::Date,
            Kind::DateTime => Type::DateTime,
            Kind::Duration => Type::Duration,
            Kind::Ref { object } => Type::Id(object.clone()),
            Kind::Refs { object } => Type::Ids(object.clone()),
            Kind::Address => Type::Address,
            Kind::Name => Type::Name,
            Kind::File | Kind::Image => Type::File,
            // A computed kind inside a computed kind does not exist; its own result is what counts.
            Kind::Json | Kind::Formula { .. } | Kind::Rollup { .. } => Type::Json,
        }
    }
    pub fn number(&self) -> bool {
        matches!(self, Type::Int | Type::Decimal(_))
    }
    pub fn text(&self) -> bool {
        matches!(self, Type::Text(_))
    }
    pub(crate) fn of_literal(value: &Value) -> Type {
        match value {
            Value::Null => Type::Null,
            Value::Text(_) => Type::Text(TextType::Exact),
            Value::Int(_) => Type::Int,
            Value::Decimal(d) => Type::Decimal(d.scale()),
            Value::Money(_) => Type::Money,
            Value::Bool(_) => Type::Bool,
            Value::Date(_) => Type::Date,
            Value::DateTime(_) => Type::DateTime,
            Value::Duration(_) => Type::Duration,
            Value::Id(_) => Type::Id(String::new()),
            Value::Ids(_) => Type::Ids(String::new()),
            Value::List(_) => Type::List(Vec::new()),
            Value::Name(_) => Type::Name,
            Value::Address(_) => Type::Address,
            Value::File(_) => Type::File,
            Value::Json(_) => Type::Json,
        }
    }
}

impl Type {
    /// A field of the kind can take such a value (through [`crate::parse::fit`]).
    pub fn fits(&self, kind: &Kind) -> bool {
        match (self, Type::of(kind)) {
            (Type::Null, _) => true,
            (Type::Int | Type::Decimal(_), Type::Int | Type::Decimal(_)) => true,
            (Type::Int, Type::Duration) => true,
            // Text is read as the field reads what people type; numbers and names can be written into text.
            (Type::Text(_), to) => !matches!(to, Type::Money | Type::Int | Type::Decimal(_) | Type::Bool),
            (Type::Int | Type::Decimal(_) | Type::Name, Type::Text(TextType::Prose | TextType::Exact)) => {
                matches!(kind.stored(), Kind::Text { .. } | Kind::Code { .. } | Kind::LongText)
            }
            (Type::Id(from), Type::Id(to)) => from.is_empty() || *from == to,
            (from, to) => std::mem::discriminant(from) == std::mem::discriminant(&to),
        }
    }
}

/// The word used in messages: `money`, `date_time` …
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Type::Null => "null",
            Type::Bool => "bool",
            Type::Int => "integer",
            Type::Decimal(_) => "decimal",
            Type::Money => "money",
            Type::Text(TextType::Choice(_)) => "choice",
            Type::Text(_) => "text",
            Type::Date => "date",
            Type::DateTime => "date_time",
            Type::Duration => "duration",
            Type::Id(_) => "ref",
            Type::Ids(_) => "refs",
            Type::List(_) => "multi_choice",
            Type::Name => "name",
            Type::Address => "address",
            Type::File => "file",
            Type::Json => "json",
        })
    }
}

/// A checked expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Typed {
    pub ty: Type,
    pub node: Node,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    Lit(Value),
    Path(Path),
    Not(Box<Typed>),
    Neg(Box<Typed>),
    Bin(Op, Box<Typed>, Box<Typed>),
    In(Box<Typed>, Vec<Typed>),
    If(Box<Typed>, Box<Typed>, Box<Typed>),
    Call(Func, Vec<Typed>),
    Exists {
        /// As written: the reverse name of the reference, behind the references that lead to its record.
        list: String,
        /// Those references.
        hops: Vec<Hop>,
        /// The object of the children and its reference to this one.
        child: String,
        via: String,
        /// The reference holds several records (`Kind::Refs`).
        many: bool,
        cond: Option<Box<Typed>>,
    },
}

/// A resolved path: through references, then to a field or a part of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    pub hops: Vec<Hop>,
    pub leaf: Leaf,
}

/// `field` of `object` refers to a record of `target`.
#[derive(Clone, Debug, PartialEq)]
pub struct Hop {
    pub object: String,
    pub field: String,
    pub target: String,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Leaf {
    /// The record's own id.
    Id,
    Field {
        object: String,
        field: String,
        kind: Kind,
        part: Option<Part>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// `.ar` of a name.
    Arabic,
    /// `.latin` of a name.
    Latin,
    /// `.amount` of money.
    Amount,
    /// `.currency` of money.
    Currency,
    /// `.city` … of an address.
    Address(&'static str),
}

pub(super) const ADDRESS_PARTS: [&str; 6] = ["street", "district", "city", "region", "postcode", "country"];

impl Part {
    pub fn of(kind: &Kind, name: &str) -> Option<Part> {
        match (kind.stored(), name) {
            (Kind::Name, "ar") => Some(Part::Arabic),
            (Kind::Name, "latin") => Some(Part::Latin),
            (Kind::Money, "amount") => Some(Part::Amount),
            (Kind::Money, "currency") => Some(Part::Currency),
            (Kind::Address, _) => ADDRESS_PARTS.iter().find(|p| **p == name).map(|p| Part::Address(p)),
            _ => None,
        }
    }
    /// The digits after the point of `.amount` are those of its currency: up to four of them are kept apart in SQL.
    pub const AMOUNT_SCALE: u32 = 4;
}

impl Path {
    /// The names of the fields on the way, without the part: what a [`super::Scope`] is asked for.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.hops.iter().map(|h| h.field.as_str()).collect();
        match &self.leaf {
            Leaf::Id => names.push("id"),
            Leaf::Field { field, .. } => names.push(field),
        }
        names
    }
}

macro_rules! functions {
    ($($func:ident $name:literal $least:literal..=$most:literal, $doc:literal;)*) => {
        /// The functions of the language.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Func { $(#[doc = $doc] $func,)* }

        impl Func {
            pub const ALL: &'static [Func] = &[$(Func::$func),*];
            pub fn name(self) -> &'static str {
                match self { $(Func::$func => $name,)* }
            }
            /// The least and the most arguments it takes.
            pub fn arity(self) -> (usize, usize) {
                match self { $(Func::$func => ($least, $most),)* }
            }
            /// One line for the reference of the language.
            pub fn doc(self) -> &'static str {
                match self { $(Func::$func => $doc,)* }
            }
        }
    };
}

functions! {
    Me "me" 0..=0, "The acting user; matches nobody when there is none.";
    InMyTeams "in_my_teams" 1..=2, "The user is in a team of the acting user.";
    InMyTeamsBelow "in_my_teams_below" 1..=2, "The user is in a team of the acting user, or in one that he leads or that stands below it.";
    SharedWithMe "shared_with_me" 1..=3, "The record is shared with the acting user or a team of his; with a number from 1 on to read, 2 to comment, 3 to change.";
    Today "today" 0..=0, "The date in the company's time zone.";
    Now "now" 0..=0, "This instant.";
    Days "days" 1..=1, "A duration of n days.";
    Hours "hours" 1..=1, "A duration of n hours.";
    Minutes "minutes" 1..=1, "A duration of n minutes.";
    Seconds "seconds" 1..=1, "A duration of n seconds.";
    AddMonths "add_months" 2..=2, "The date n months later, on the last day of the month when it is shorter. On a field: formulas only.";
    Year "year" 1..=1, "The year of a date; of a date-time in formulas only.";
    Month "month" 1..=1, "The month (1–12) of a date; of a date-time in formulas only.";
    Date "date" 1..=1, "`date(\"2026-01-31\")`, or the day of a date-time in the company's time zone (formulas only).";
    Contains "contains" 2..=2, "The text has the words in it: people's words folded, codes without regard to A–Z case.";
    StartsWith "starts_with" 2..=2, "The text begins so (of a name: one of its words).";
    IsBlank "is_blank" 1..=1, "Null or empty.";
    Len "len" 1..=1, "Characters of a text, members of a list.";
    Lower "lower" 1..=1, "The text with a–z for A–Z.";
    Round "round" 1..=2, "Half away from zero, to n digits (0 when not given).";
    Abs "abs" 1..=1, "Without its sign.";
    Min "min" 2..=2, "The lesser; null when one is null.";
    Max "max" 2..=2, "The greater; null when one is null.";
    Coalesce "coalesce" 2..=8, "The first that is not null.";
    Money "money" 2..=2, "`money(12.5, \"SAR\")`; with a computed amount in formulas only.";
    Has "has" 2..=2, "The choices or references include it.";
    Concat "concat" 1..=16, "The texts of all, one after another; null counts as nothing. Formulas only.";
    Percent "percent" 2..=2, "`percent(total, 15)`: 15 % of the total.";
    MayContact "may_contact" 2..=2, "`may_contact(\"email\", \"newsletter\")`: the party has agreed to this purpose on this channel, and it is still in force.";
}

impl Func {
    pub fn find(name: &str) -> Option<Func> {
        Func::ALL.iter().copied().find(|f| f.name() == name)
    }
}

impl Typed {
    pub(super) fn new(ty: Type, node: Node) -> Self {
        Typed { ty, node }
    }
    pub fn lit(value: Value) -> Self {
        Typed { ty: Type::of_literal(&value), node: Node::Lit(value) }
    }
    pub fn each_child<'a>(&'a self, mut f: impl FnMut(&'a Typed)) {
        match &self.node {
            Node::Lit(_) | Node::Path(_) | Node::Exists { cond: None, .. } => {}
            Node::Not(e) | Node::Neg(e) | Node::Exists { cond: Some(e), .. } => f(e),
            Node::Bin(_, a, b) => {
                f(a);
                f(b);
            }
            Node::In(e, items) => {
                f(e);
                items.iter().for_each(f);
            }
            Node::If(a, b, c) => {
                f(a);
                f(b);
                f(c);
            }
            Node::Call(_, args) => args.iter().for_each(f),
        }
    }
    /// It needs no record: literals, `today()`, `me()` and what is made of them.
    pub fn constant(&self) -> bool {
        if matches!(
            self.node,
            Node::Path(_)
                | Node::Exists { .. }
                | Node::Call(Func::InMyTeams | Func::InMyTeamsBelow | Func::SharedWithMe, _)
        ) {
            return false;
        }
        let mut all = true;
        self.each_child(|c| all = all && c.constant());
        all
    }
    /// Every field that is read, as (object, field): references on the way and those of `exists` too.
    pub fn fields(&self) -> Vec<(String, String)> {
        let mut out = Vec::new();
        self.collect_fields(&mut out);
        out.sort();
        out.dedup();
        out
    }
    fn collect_fields(&self, out: &mut Vec<(String, String)>) {
        match &self.node {
            Node::Path(path) => {
                out.extend(path.hops.iter().map(|h| (h.object.clone(), h.field.clone())));
                if let Leaf::Field { object, field, .. } = &path.leaf {
                    out.push((object.clone(), field.clone()));
                }
            }
            Node::Exists { child, via, hops, .. } => {
                out.extend(hops.iter().map(|h| (h.object.clone(), h.field.clone())));
                out.push((child.clone(), via.clone()));
            }
            _ => {}
        }
        self.each_child(|c| c.collect_fields(out));
    }
    /// It reads nothing but the record's own fields and its literals: no references, lists, clock or actor.
    /// Only then does a stored result stay right until the record itself changes.
    pub fn self_contained(&self) -> bool {
        let own = match &self.node {
            Node::Path(path) => path.hops.is_empty(),
            Node::Exists { .. } => false,
            Node::Call(func, _) => !matches!(
                func,
                Func::Me | Func::InMyTeams | Func::InMyTeamsBelow | Func::SharedWithMe | Func::Today | Func::Now
            ),
            _ => true,
        };
        let mut all = own;
        self.each_child(|c| all = all && c.self_contained());
        all
    }
    /// The paths that lead through references, each as the names a scope is asked for; what must be loaded
    /// beside the record before the expression is evaluated in memory.
    pub fn reference_paths(&self) -> Vec<Vec<String>> {
        fn walk(e: &Typed, out: &mut Vec<Vec<String>>) {
            match &e.node {
                Node::Path(p) if !p.hops.is_empty() => {
                    out.push(p.names().into_iter().map(str::to_owned).collect());
                }
                // The children's paths begin at the child.
                Node::Exists { .. } => {}
                _ => e.each_child(|c| walk(c, out)),
            }
        }
        let mut out = Vec::new();
        walk(self, &mut out);
        out.sort();
        out.dedup();
        out
    }
}
