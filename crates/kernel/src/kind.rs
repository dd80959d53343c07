//! Field types, each described once: columns, encoding, parsing (`parse.rs`), operators (`expr`), widget (`ui`).
//!
//! Every `match` on [`Kind`] in the tree is exhaustive on purpose: a new kind does not compile until
//! each half of it exists. [`Kind::samples`] lists one of each for the tests that walk them.

use crate::cell::{Cell, Column, ColumnType};
use crate::label::{Label, label};
use crate::value::{Address, Money, Name, Value};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, Serialize};

/// One option of a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub key: String,
    pub label: Label,
    #[serde(default)]
    pub tone: Tone,
    /// Only this action of the object gives the value (an order is `placed` by `place`): forms do not offer it, a card
    /// dragged there runs the action. Imports may bring it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

impl Choice {
    pub fn new(key: impl Into<String>, label: Label, tone: Tone) -> Self {
        Self { key: key.into(), label, tone, by: None }
    }
    #[must_use]
    pub fn by(mut self, action: &str) -> Self {
        self.by = Some(action.into());
        self
    }
}

/// The colour meaning of a chip.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    #[default]
    Neutral,
    Info,
    Good,
    Warn,
    Bad,
    Accent,
}

/// How a roll-up condenses its children.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Agg {
    Count,
    Sum,
    Min,
    Max,
}

/// A field type with its parameters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Kind {
    /// One line; searched and sorted by language rules. `max` in characters.
    Text {
        max: u32,
    },
    /// A code, number or key as written: exact, sorted byte by byte.
    Code {
        max: u32,
    },
    LongText,
    /// Sanitised HTML.
    RichText,
    Integer,
    /// Exact, `scale` digits after the point (0–9).
    Decimal {
        scale: u8,
    },
    /// As a decimal of percent points with two digits: 12.50 is 12.5 %.
    Percent,
    Money,
    Bool,
    Date,
    DateTime,
    /// Seconds.
    Duration,
    Choice {
        options: Vec<Choice>,
    },
    MultiChoice {
        options: Vec<Choice>,
    },
    Ref {
        object: String,
    },
    Refs {
        object: String,
    },
    Email,
    /// Stored as E.164.
    Phone,
    Url,
    Address,
    /// A name in Arabic and Latin script.
    Name,
    File,
    Image,
    Json,
    /// Computed from fields of the same record at each save, stored as `result`.
    Formula {
        expr: String,
        result: Box<Kind>,
    },
    /// Condensed from the records of `object` whose reference `via` points here; kept up with each change of them.
    Rollup {
        object: String,
        via: String,
        agg: Agg,
        /// The field of the child; none for a count.
        #[serde(default)]
        field: Option<String>,
        /// Only children for which this holds (fields of the child alone).
        #[serde(default)]
        filter: Option<String>,
        result: Box<Kind>,
    },
    /// A running number: `prefix` + digits padded to `pad`. `gap_free` takes it in the saving transaction from a locked counter.
    Sequence {
        prefix: String,
        pad: u8,
        gap_free: bool,
    },
}

impl Kind {
    pub fn text() -> Self {
        Kind::Text { max: 200 }
    }
    pub fn code() -> Self {
        Kind::Code { max: 64 }
    }
    pub fn to(object: impl Into<String>) -> Self {
        Kind::Ref { object: object.into() }
    }

    /// The kind the values have: itself, or the result of a computed kind.
    pub fn stored(&self) -> &Kind {
        match self {
            Kind::Formula { result, .. } | Kind::Rollup { result, .. } => result,
            k => k,
        }
    }

    /// The word used in declarations, API and errors: `text`, `long_text`, `money` …
    pub fn key(&self) -> &'static str {
        match self {
            Kind::Text { .. } => "text",
            Kind::Code { .. } => "code",
            Kind::LongText => "long_text",
            Kind::RichText => "rich_text",
            Kind::Integer => "integer",
            Kind::Decimal { .. } => "decimal",
            Kind::Percent => "percent",
            Kind::Money => "money",
            Kind::Bool => "bool",
            Kind::Date => "date",
            Kind::DateTime => "date_time",
            Kind::Duration => "duration",
            Kind::Choice { .. } => "choice",
            Kind::MultiChoice { .. } => "multi_choice",
            Kind::Ref { .. } => "ref",
            Kind::Refs { .. } => "refs",
            Kind::Email => "email",
            Kind::Phone => "phone",
            Kind::Url => "url",
            Kind::Address => "address",
            Kind::Name => "name",
            Kind::File => "file",
            Kind::Image => "image",
            Kind::Json => "json",
            Kind::Formula { .. } => "formula",
            Kind::Rollup { .. } => "rollup",
            Kind::Sequence { .. } => "sequence",
        }
    }

    /// Nobody writes these by hand.
    pub fn computed(&self) -> bool {
        matches!(self, Kind::Formula { .. } | Kind::Rollup { .. } | Kind::Sequence { .. })
    }

    /// The options of a choice kind.
    pub fn options(&self) -> &[Choice] {
        match self.stored() {
            Kind::Choice { options } | Kind::MultiChoice { options } => options,
            _ => &[],
        }
    }

    /// The object a reference kind points to.
    pub fn target(&self) -> Option<&str> {
        match self {
            Kind::Ref { object } | Kind::Refs { object } => Some(object),
            _ => None,
        }
    }

    /// Digits after the point of kinds stored as scaled integers.
    pub fn scale(&self) -> u32 {
        match self.stored() {
            Kind::Decimal { scale } => u32::from(*scale),
            Kind::Percent => 2,
            _ => 0,
        }
    }

    /// The physical columns of a field `key` of this kind. The first one is the column for equality and joins.
    pub fn columns(&self, key: &str) -> Vec<Column> {
        use ColumnType::{Bytes, Id, Int, Text};
        let col = |suffix: &str, ty| Column::new(format!("{key}{suffix}"), ty);
        match self {
            Kind::Text { .. } => vec![col("", Text), col("_fold", Text), col("_sort", Bytes)],
            Kind::LongText | Kind::RichText => vec![col("", Text), col("_fold", Text)],
            Kind::Name => {
                vec![col("", Text), col("_lat", Text), col("_fold", Text), col("_sort", Bytes), col("_lat_sort", Bytes)]
            }
            Kind::Integer | Kind::Decimal { .. } | Kind::Percent | Kind::Bool | Kind::DateTime | Kind::Duration => {
                vec![col("", Int)]
            }
            Kind::Money => vec![col("", Int), col("_cur", Text)],
            Kind::Ref { .. } => vec![col("", Id)],
            Kind::Address => ["_street", "_district", "_city", "_region", "_postcode", "_country"]
                .into_iter()
                .map(|s| col(s, Text))
                .collect(),
            Kind::Code { .. }
            | Kind::Date
            | Kind::Choice { .. }
            | Kind::MultiChoice { .. }
            | Kind::Refs { .. }
            | Kind::Email
            | Kind::Phone
            | Kind::Url
            | Kind::File
            | Kind::Image
            | Kind::Json
            | Kind::Sequence { .. } => vec![col("", Text)],
            Kind::Formula { result, .. } | Kind::Rollup { result, .. } => result.columns(key),
        }
    }

    /// The columns that make the value; those after them serve search and order only and need not be read.
    pub fn value_columns(&self, key: &str) -> Vec<Column> {
        let mut columns = self.columns(key);
        match self.stored() {
            Kind::Text { .. } | Kind::LongText | Kind::RichText => columns.truncate(1),
            Kind::Name => columns.truncate(2),
            _ => {}
        }
        columns
    }

    /// The column a list is sorted by, for a reader of `lang`; none when the kind has no order.
    pub fn sort_column(&self, key: &str, lang: &str) -> Option<Column> {
        let col = |suffix: &str, ty| Some(Column::new(format!("{key}{suffix}"), ty));
        match self.stored() {
            Kind::Text { .. } => col("_sort", ColumnType::Bytes),
            Kind::Name if lang == "ar" => col("_sort", ColumnType::Bytes),
            Kind::Name => col("_lat_sort", ColumnType::Bytes),
            Kind::Address => col("_city", ColumnType::Text),
            Kind::LongText
            | Kind::RichText
            | Kind::MultiChoice { .. }
            | Kind::Refs { .. }
            | Kind::File
            | Kind::Image
            | Kind::Json => None,
            k => k.columns(key).into_iter().next(),
        }
    }

    /// The cells of `value`, one for each of [`Kind::columns`].
    ///
    /// A value of another shape is stored as null: callers parse first, so this cannot lose what a person typed.
    pub fn encode(&self, value: &Value) -> Vec<Cell> {
        let nulls = || vec![Cell::Null; self.columns("").len()];
        if value.is_null() {
            return nulls();
        }
        match (self.stored(), value) {
            (Kind::Text { .. }, Value::Text(t)) => {
                vec![t.as_str().into(), text::fold::fold(t).into(), Cell::Bytes(text::sort::sort_key(t))]
            }
            (Kind::LongText, Value::Text(t)) => vec![t.as_str().into(), text::fold::fold(t).into()],
            (Kind::RichText, Value::Text(t)) => {
                vec![t.as_str().into(), text::fold::fold(&crate::parse::strip_tags(t)).into()]
            }
            (Kind::Name, Value::Name(n)) => vec![
                n.ar.as_str().into(),
                n.latin.as_str().into(),
                text::search::document(&[&n.ar, &n.latin]).into(),
                Cell::Bytes(text::sort::sort_key(text::person::sorted(n.get("ar")))),
                Cell::Bytes(text::sort::sort_key(text::person::sorted(n.get("en")))),
            ],
            (Kind::Integer | Kind::Duration, Value::Int(i) | Value::Duration(i)) => vec![(*i).into()],
            (k @ (Kind::Decimal { .. } | Kind::Percent), Value::Decimal(d)) => {
                vec![scaled(*d, k.scale()).map_or(Cell::Null, Cell::Int)]
            }
            (k @ (Kind::Decimal { .. } | Kind::Percent), Value::Int(i)) => {
                vec![scaled(Decimal::from(*i), k.scale()).map_or(Cell::Null, Cell::Int)]
            }
            (Kind::Money, Value::Money(m)) => vec![m.minor.into(), m.currency.as_str().into()],
            (Kind::Bool, Value::Bool(b)) => vec![(*b).into()],
            (Kind::Date, Value::Date(d)) => vec![d.to_string().into()],
            (Kind::DateTime, Value::DateTime(t)) => vec![(*t).into()],
            (Kind::Ref { .. }, Value::Id(id)) => vec![(*id).into()],
            (Kind::Refs { .. }, Value::Ids(ids)) => {
                vec![delimited(ids.iter().map(ToString::to_string))]
            }
            (Kind::MultiChoice { .. }, Value::List(keys)) => vec![delimited(keys.iter().cloned())],
            (Kind::Address, Value::Address(a)) => [&a.street, &a.district, &a.city, &a.region, &a.postcode, &a.country]
                .into_iter()
                .map(|p| if p.is_empty() { Cell::Null } else { p.as_str().into() })
                .collect(),
            (Kind::File | Kind::Image, Value::File(f)) => {
                vec![serde_json::to_string(f).map_or(Cell::Null, Cell::Text)]
            }
            (Kind::Json, Value::Json(j)) => vec![Cell::Text(j.to_string())],
            (
                Kind::Code { .. } | Kind::Choice { .. } | Kind::Email | Kind::Phone | Kind::Url | Kind::Sequence { .. },
                Value::Text(t),
            ) => vec![t.as_str().into()],
            _ => nulls(),
        }
    }

    /// The value of the cells of [`Kind::columns`], or of [`Kind::value_columns`].
    pub fn decode(&self, cells: &[Cell]) -> Value {
        let first = cells.first().unwrap_or(&Cell::Null);
        let text = |i: usize| cells.get(i).and_then(Cell::text).unwrap_or_default().to_owned();
        match self.stored() {
            Kind::Name => {
                let name = Name { ar: text(0), latin: text(1) };
                if name.is_empty() { Value::Null } else { Value::Name(name) }
            }
            Kind::Address => {
                let a = Address {
                    street: text(0),
                    district: text(1),
                    city: text(2),
                    region: text(3),
                    postcode: text(4),
                    country: text(5),
                };
                if a.is_empty() { Value::Null } else { Value::Address(Box::new(a)) }
            }
            Kind::Money => match first {
                Cell::Int(minor) => Value::Money(Money::new(*minor, text(1))),
                _ => Value::Null,
            },
            k @ (Kind::Decimal { .. } | Kind::Percent) => {
                first.int().map_or(Value::Null, |i| Value::Decimal(Decimal::new(i, k.scale())))
            }
            Kind::Integer => first.int().map_or(Value::Null, Value::Int),
            Kind::Duration => first.int().map_or(Value::Null, Value::Duration),
            Kind::Bool => first.int().map_or(Value::Null, |i| Value::Bool(i != 0)),
            Kind::DateTime => {
                first.int().and_then(|i| jiff::Timestamp::from_microsecond(i).ok()).map_or(Value::Null, Value::DateTime)
            }
            Kind::Date => first.text().and_then(|t| t.parse().ok()).map_or(Value::Null, Value::Date),
            Kind::Ref { .. } => first.id().map_or(Value::Null, Value::Id),
            Kind::Refs { .. } => {
                first.text().map_or(Value::Null, |t| Value::Ids(parts(t).filter_map(|p| p.parse().ok()).collect()))
            }
            Kind::MultiChoice { .. } => {
                first.text().map_or(Value::Null, |t| Value::List(parts(t).map(str::to_owned).collect()))
            }
            Kind::File | Kind::Image => first
                .text()
                .and_then(|t| serde_json::from_str(t).ok())
                .map_or(Value::Null, |f| Value::File(Box::new(f))),
            Kind::Json => first.text().and_then(|t| serde_json::from_str(t).ok()).map_or(Value::Null, Value::Json),
            Kind::Text { .. }
            | Kind::Code { .. }
            | Kind::LongText
            | Kind::RichText
            | Kind::Choice { .. }
            | Kind::Email
            | Kind::Phone
            | Kind::Url
            | Kind::Sequence { .. }
            | Kind::Formula { .. }
            | Kind::Rollup { .. } => first.text().map_or(Value::Null, |t| Value::Text(t.to_owned())),
        }
    }

    /// One of each kind, for tests and for the gallery.
    pub fn samples() -> Vec<Kind> {
        let options = || {
            vec![
                Choice::new("new", label("جديد", "New"), Tone::Info),
                Choice::new("done", label("منجز", "Done"), Tone::Good),
            ]
        };
        vec![
            Kind::text(),
            Kind::code(),
            Kind::LongText,
            Kind::RichText,
            Kind::Integer,
            Kind::Decimal { scale: 3 },
            Kind::Percent,
            Kind::Money,
            Kind::Bool,
            Kind::Date,
            Kind::DateTime,
            Kind::Duration,
            Kind::Choice { options: options() },
            Kind::MultiChoice { options: options() },
            Kind::to("party"),
            Kind::Refs { object: "party".into() },
            Kind::Email,
            Kind::Phone,
            Kind::Url,
            Kind::Address,
            Kind::Name,
            Kind::File,
            Kind::Image,
            Kind::Json,
            Kind::Formula { expr: "1 + 1".into(), result: Box::new(Kind::Integer) },
            Kind::Rollup {
                object: "order".into(),
                via: "party".into(),
                agg: Agg::Count,
                field: None,
                filter: None,
                result: Box::new(Kind::Integer),
            },
            Kind::Sequence { prefix: "SO-".into(), pad: 5, gap_free: true },
        ]
    }
}

/// `d` as an integer with `scale` digits after the point, rounded half away from zero; none when it does not fit.
pub fn scaled(d: Decimal, scale: u32) -> Option<i64> {
    use rust_decimal::RoundingStrategy::MidpointAwayFromZero;
    let rounded = d.round_dp_with_strategy(scale, MidpointAwayFromZero);
    rounded.checked_mul(Decimal::from(10_i64.checked_pow(scale)?))?.to_i64()
}

/// `|a|b|`, so that one `LIKE '%|a|%'` finds a member; null when empty.
fn delimited(items: impl Iterator<Item = String>) -> Cell {
    let mut out = String::from("|");
    for item in items {
        out.push_str(&item);
        out.push('|');
    }
    if out.len() == 1 { Cell::Null } else { Cell::Text(out) }
}

fn parts(t: &str) -> impl Iterator<Item = &str> {
    t.split('|').filter(|p| !p.is_empty())
}
