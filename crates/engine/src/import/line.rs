//! One line of a file under a compiled mapping: values for each record it makes or names.

use super::beside::Said;
use super::mapping::{Blank, Transform};
use super::plan::{Key, Node, Origin, Place, Plan, Setter};
use indexmap::IndexMap;
use kernel::expr::{Env, Scope};
use kernel::parse::{self, Ctx};
use kernel::rust_decimal::Decimal;
use kernel::{Issue, Kind, Money, Value};

/// A line as staged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// From 1, headings not counted: the key `#row`.
    pub n: i64,
    /// Where it stands in the file, from 1, headings counted.
    pub at: i64,
    pub cells: Vec<String>,
}

/// What a line says about the record of one node.
#[derive(Clone, Debug, Default)]
pub(crate) struct Planned {
    /// The key as text; none: blank, so no such record. For [`Key::Fields`] it is made later, when references are known.
    pub key: Option<String>,
    /// The words of [`Key::Words`]: several for a list of references.
    pub words: Vec<String>,
    pub values: IndexMap<String, Value>,
    /// Parts of fields to lay over what a found record has.
    pub parts: IndexMap<String, IndexMap<String, String>>,
    /// Keys in other systems and parts, of the import's own record.
    pub beside: Vec<Said>,
}

/// The line as the scope of an expression.
struct LineScope<'a> {
    line: &'a Line,
    ctx: &'a Ctx,
}

impl Scope for LineScope<'_> {
    fn get(&self, path: &[&str]) -> Value {
        let [name] = path else { return Value::Null };
        if *name == "row" {
            return Value::Int(self.line.n);
        }
        let (letter, i) = name.split_at_checked(1).unwrap_or_default();
        let cell = i.parse().ok().and_then(|i: usize| self.line.cells.get(i)).map_or("", String::as_str);
        if cell.is_empty() {
            return Value::Null;
        }
        match letter {
            "c" => Value::from(cell),
            "n" => parse::from_text(&Kind::Decimal { scale: 6 }, cell, self.ctx).unwrap_or_default(),
            _ => parse::from_text(&Kind::DateTime, cell, self.ctx).unwrap_or_default(),
        }
    }
    fn children(&self, _list: &str) -> Vec<&dyn Scope> {
        Vec::new()
    }
}

enum Piece {
    Text(String),
    Value(Value),
}

/// Spaces and invisible marks at the ends mean nothing in a cell.
pub(crate) fn trimmed(cell: &str) -> &str {
    cell.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'))
}

impl Plan {
    /// One [`Planned`] for each node, in their order.
    ///
    /// # Errors
    /// Every cell that does not fit, with its target as field.
    pub(crate) fn evaluate(&self, line: &Line, env: &Env) -> Result<Vec<Planned>, Vec<Issue>> {
        let mut issues = Vec::new();
        let mut line = Line { n: line.n, at: line.at, cells: line.cells.iter().map(|c| trimmed(c).to_owned()).collect() };
        for (i, transforms) in &self.clean {
            let Some(cell) = line.cells.get_mut(*i) else { continue };
            match run(transforms, std::mem::take(cell)) {
                Ok(clean) => *cell = clean,
                Err(issue) => issues.push(issue),
            }
        }
        let mut planned: Vec<Planned> = self.nodes.iter().map(|n| self.node(n, &line, env, &mut issues)).collect();
        if let Some(own) = planned.last_mut().filter(|_| !self.beside.is_empty()) {
            let mut texts = Vec::with_capacity(self.beside.len());
            for b in &self.beside {
                match self.piece(&b.from, &b.transform, &line, env) {
                    Ok(Piece::Text(t)) => texts.push((b, t)),
                    Ok(Piece::Value(v)) => texts.push((b, parse::plain_text(&v))),
                    Err(issue) => issues.push(Issue { field: b.target.clone(), ..issue }),
                }
            }
            own.beside = super::beside::read(texts, &self.ctx, &mut issues);
        }
        if issues.is_empty() { Ok(planned) } else { Err(issues) }
    }

    fn node(&self, node: &Node, line: &Line, env: &Env, issues: &mut Vec<Issue>) -> Planned {
        let mut planned = Planned::default();
        self.name(node, line, env, &mut planned, issues);
        // A referenced record with a blank key is not there; what else the line says of it is idle.
        let named = matches!(node.key, Key::Fields(_) | Key::None) || node.parent.is_none() || planned.key.is_some();
        if !named {
            return planned;
        }
        for s in &node.setters {
            let piece = self.piece(&s.from, &s.transform, line, env).and_then(|p| match (p, &s.part) {
                (Piece::Text(t), Some(part)) => {
                    if !t.is_empty() || self.blank == Blank::Clear {
                        planned.parts.entry(s.field.key.clone()).or_default().insert(part.clone(), t);
                    }
                    Ok(None)
                }
                (Piece::Value(v), Some(part)) => {
                    planned.parts.entry(s.field.key.clone()).or_default().insert(part.clone(), parse::plain_text(&v));
                    Ok(None)
                }
                // How many digits an amount may have, its currency says.
                (Piece::Text(t), None) if in_currency(node, s) => {
                    if !t.is_empty() {
                        planned.parts.entry(s.field.key.clone()).or_default().insert("amount".into(), t);
                    }
                    Ok(None)
                }
                (Piece::Text(t), None) => parse::from_text(&s.field.kind, &t, &self.ctx).map(Some),
                (Piece::Value(v), None) => fitted(&s.field.kind, v, &self.ctx).map(Some),
            });
            match piece {
                Ok(Some(value)) if !value.is_blank() || self.blank == Blank::Clear => {
                    planned.values.insert(s.field.key.clone(), value);
                }
                Ok(_) => {}
                Err(issue) => issues.push(Issue { field: s.target.clone(), ..issue }),
            }
        }
        for (key, parts) in &planned.parts {
            let Some(field) = node.object.get(key) else { continue };
            match assembled(&field.kind, planned.values.get(key), parts, &self.ctx) {
                Ok(Value::Null) if self.blank == Blank::Keep => {}
                Ok(value) => {
                    planned.values.insert(key.clone(), value);
                }
                Err(issue) => issues.push(Issue { field: format!("{}{key}", prefix(&node.path)), ..issue }),
            }
        }
        // Half an address or name is laid over the half that is there; an amount is one thing.
        planned.parts.retain(|key, _| node.object.get(key).is_some_and(|f| matches!(f.kind, Kind::Name | Kind::Address)));
        planned
    }

    /// The key of the record, where the line itself holds it.
    fn name(&self, node: &Node, line: &Line, env: &Env, planned: &mut Planned, issues: &mut Vec<Issue>) {
        match &node.key {
            Key::None | Key::Fields(_) => {}
            Key::Id(place) => planned.key = filled(text_at(*place, line)),
            Key::External { places, .. } => {
                let texts: Vec<String> = places.iter().map(|p| text_at(*p, line)).collect();
                planned.key = if texts.iter().any(String::is_empty) { None } else { filled(texts.join("|")) };
            }
            Key::Words(origin, transforms) => match self.piece(origin, transforms, line, env) {
                Ok(piece) => {
                    let text = match piece {
                        Piece::Text(t) => t,
                        Piece::Value(v) => parse::plain_text(&v),
                    };
                    let many = node.parent.as_ref().is_some_and(|(_, f)| matches!(f.kind, Kind::Refs { .. }));
                    planned.words = if many {
                        text.split([',', '،', ';', '؛', '|']).map(trimmed).filter(|w| !w.is_empty()).map(str::to_owned).collect()
                    } else {
                        filled(text).into_iter().collect()
                    };
                    planned.key = filled(planned.words.join("\u{1f}"));
                }
                Err(issue) => issues.push(Issue { field: node.path.clone(), ..issue }),
            },
        }
    }

    fn piece(&self, origin: &Origin, transforms: &[Transform], line: &Line, env: &Env) -> Result<Piece, Issue> {
        let text = match origin {
            Origin::Place(place) => text_at(*place, line),
            Origin::Const(text) => text.clone(),
            Origin::Expr(e) => {
                let value = kernel::expr::eval(e, &LineScope { line, ctx: &self.ctx }, env);
                match value {
                    Value::Text(t) => t,
                    Value::Null => String::new(),
                    other if transforms.is_empty() => return Ok(Piece::Value(other)),
                    other => parse::plain_text(&other),
                }
            }
        };
        run(transforms, text).map(Piece::Text)
    }
}

/// The amount has a column for its currency beside it.
fn in_currency(node: &Node, amount: &Setter) -> bool {
    node.setters.iter().any(|s| s.field.key == amount.field.key && s.part.as_deref() == Some("currency"))
}

fn prefix(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!("{path}.") }
}

fn filled(text: String) -> Option<String> {
    if text.is_empty() { None } else { Some(text) }
}

fn text_at(place: Place, line: &Line) -> String {
    match place {
        Place::Row => line.n.to_string(),
        Place::Column(i) => line.cells.get(i).cloned().unwrap_or_default(),
    }
}

fn run(transforms: &[Transform], mut text: String) -> Result<String, Issue> {
    for t in transforms {
        text = t.apply(text)?;
    }
    Ok(trimmed(&text).to_owned())
}

/// A computed value in the shape of its field.
fn fitted(kind: &Kind, value: Value, ctx: &Ctx) -> Result<Value, Issue> {
    let misfit = || Issue::new("", "import-value-does-not-fit").arg("type", kind.key());
    let amount = |d: Decimal| {
        let minor = kernel::kind::scaled(d, u32::from(text::money::exponent(&ctx.currency))).ok_or_else(misfit)?;
        Ok(Value::Money(Money::new(minor, ctx.currency.clone())))
    };
    match (kind.stored(), value) {
        (Kind::Money, Value::Int(n)) => amount(n.into()),
        (Kind::Money, Value::Decimal(d)) => amount(d),
        (_, Value::Null) => Ok(Value::Null),
        (_, value) => match parse::fit(kind, value) {
            Value::Null => Err(misfit()),
            fit => Ok(fit),
        },
    }
}

/// A name, amount or address of its parts, beside a whole value where one was given too.
pub(crate) fn assembled(kind: &Kind, whole: Option<&Value>, parts: &IndexMap<String, String>, ctx: &Ctx) -> Result<Value, Issue> {
    match kind.stored() {
        Kind::Money => {
            let amount = match (parts.get("amount"), whole) {
                (Some(t), _) => t.clone(),
                (None, Some(Value::Money(m))) => m.amount().to_string(),
                _ => return Ok(Value::Null),
            };
            let currency = parts.get("currency").map_or("", String::as_str);
            parse::from_text(kind, format!("{amount} {currency}").trim(), ctx)
        }
        Kind::Name => {
            let mut name = whole.and_then(Value::name).cloned().unwrap_or_default();
            for (part, text) in parts {
                *(if part == "ar" { &mut name.ar } else { &mut name.latin }) = text.clone();
            }
            if name.is_empty() {
                return Ok(Value::Null);
            }
            parse::from_json(kind, &Value::Name(name).to_json(), ctx)
        }
        Kind::Address => {
            let mut address = match whole {
                Some(Value::Address(a)) => (**a).clone(),
                _ => kernel::Address::default(),
            };
            for (part, text) in parts {
                *(match part.as_str() {
                    "street" => &mut address.street,
                    "district" => &mut address.district,
                    "city" => &mut address.city,
                    "region" => &mut address.region,
                    "postcode" => &mut address.postcode,
                    _ => &mut address.country,
                }) = text.clone();
            }
            if address.is_empty() {
                return Ok(Value::Null);
            }
            parse::from_json(kind, &Value::Address(Box::new(address)).to_json(), ctx)
        }
        _ => Err(Issue::new("", "import-bad-mapping")),
    }
}
