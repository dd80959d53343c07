//! What a field holds, independent of how it is stored or shown.

use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An exact amount: integer minor units (fils, halala, cent) and an ISO 4217 code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    pub minor: i64,
    pub currency: String,
}

impl Money {
    pub fn new(minor: i64, currency: impl Into<String>) -> Self {
        Self { minor, currency: currency.into() }
    }
    /// The amount as a decimal with the exponent of its currency: 1500 KWD minor → 1.500.
    pub fn amount(&self) -> Decimal {
        Decimal::new(self.minor, text::money::exponent(&self.currency).into())
    }
}

/// A name in Arabic and in Latin script. Either may be empty, not both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    #[serde(default)]
    pub ar: String,
    #[serde(default)]
    pub latin: String,
}

impl Name {
    pub fn new(ar: impl Into<String>, latin: impl Into<String>) -> Self {
        Self { ar: ar.into(), latin: latin.into() }
    }
    /// The form for a reader of `lang`, the other where it is missing.
    pub fn get(&self, lang: &str) -> &str {
        let (first, second) = if lang == "ar" { (&self.ar, &self.latin) } else { (&self.latin, &self.ar) };
        if first.is_empty() { second } else { first }
    }
    pub fn is_empty(&self) -> bool {
        self.ar.is_empty() && self.latin.is_empty()
    }
}

/// A postal address. `country` is ISO 3166-1 alpha-2.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    pub street: String,
    pub district: String,
    pub city: String,
    pub region: String,
    pub postcode: String,
    pub country: String,
}

impl Address {
    pub fn is_empty(&self) -> bool {
        self == &Self::default()
    }
    /// The parts that are filled, from the smallest place to the largest.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        [&self.street, &self.district, &self.city, &self.region, &self.postcode, &self.country]
            .into_iter()
            .map(String::as_str)
            .filter(|p| !p.is_empty())
    }
}

/// A stored file: its id in the file store and what it said of itself when it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    pub id: Uuid,
    pub name: String,
    /// Media type found by looking at the bytes, not the one claimed.
    pub media: String,
    pub size: i64,
}

/// The content of one field of one record.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    #[default]
    Null,
    /// Text, long text, rich text (sanitised HTML), e-mail, URL, phone (E.164), choice key, sequence number.
    Text(String),
    Int(i64),
    Decimal(Decimal),
    Money(Money),
    Bool(bool),
    Date(Date),
    DateTime(Timestamp),
    /// Seconds.
    Duration(i64),
    /// A reference.
    Id(Uuid),
    /// Several references, in order.
    Ids(Vec<Uuid>),
    /// Choice keys, in order.
    List(Vec<String>),
    Name(Name),
    Address(Box<Address>),
    File(Box<FileRef>),
    Json(serde_json::Value),
}

impl Value {
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }
    /// Nothing a person would call filled: null, empty text, empty list, empty name or address.
    pub fn is_blank(&self) -> bool {
        match self {
            Value::Null => true,
            Value::Text(t) => t.trim().is_empty(),
            Value::Ids(v) => v.is_empty(),
            Value::List(v) => v.is_empty(),
            Value::Name(n) => n.is_empty(),
            Value::Address(a) => a.is_empty(),
            _ => false,
        }
    }
    pub fn text(&self) -> Option<&str> {
        if let Value::Text(v) = self { Some(v) } else { None }
    }
    pub fn int(&self) -> Option<i64> {
        match self {
            Value::Int(v) | Value::Duration(v) => Some(*v),
            _ => None,
        }
    }
    pub fn bool(&self) -> Option<bool> {
        if let Value::Bool(v) = self { Some(*v) } else { None }
    }
    pub fn id(&self) -> Option<Uuid> {
        if let Value::Id(v) = self { Some(*v) } else { None }
    }
    pub fn money(&self) -> Option<&Money> {
        if let Value::Money(v) = self { Some(v) } else { None }
    }
    pub fn name(&self) -> Option<&Name> {
        if let Value::Name(v) = self { Some(v) } else { None }
    }
    pub fn date(&self) -> Option<Date> {
        if let Value::Date(v) = self { Some(*v) } else { None }
    }
    pub fn datetime(&self) -> Option<Timestamp> {
        if let Value::DateTime(v) = self { Some(*v) } else { None }
    }

    /// The JSON form used by the API, audit, events and exports.
    ///
    /// Decimals are strings (exact); money is `{"amount":"12.50","currency":"SAR"}`; instants RFC 3339 UTC.
    pub fn to_json(&self) -> serde_json::Value {
        // Nothing a value is made of can fail to be written.
        serde_json::to_value(Plain(self)).unwrap_or_default()
    }
}

/// A value written as the API shows it, without a tree of JSON between.
pub struct Plain<'a>(pub &'a Value);

impl Serialize for Plain<'_> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        match self.0 {
            Value::Null => to.serialize_unit(),
            Value::Text(t) => to.serialize_str(t),
            Value::Int(i) | Value::Duration(i) => to.serialize_i64(*i),
            Value::Decimal(d) => to.collect_str(d),
            Value::Money(m) => {
                let mut map = to.serialize_map(Some(2))?;
                map.serialize_entry("amount", &format_args!("{}", m.amount()))?;
                map.serialize_entry("currency", &m.currency)?;
                map.end()
            }
            Value::Bool(b) => to.serialize_bool(*b),
            Value::Date(d) => to.collect_str(d),
            Value::DateTime(t) => to.collect_str(t),
            Value::Id(id) => id.serialize(to),
            Value::Ids(v) => v.serialize(to),
            Value::List(v) => v.serialize(to),
            Value::Name(n) => n.serialize(to),
            Value::Address(a) => a.serialize(to),
            Value::File(f) => f.serialize(to),
            Value::Json(j) => j.serialize(to),
        }
    }
}

impl From<&str> for Value {
    fn from(v: &str) -> Self {
        Value::Text(v.to_owned())
    }
}
impl From<String> for Value {
    fn from(v: String) -> Self {
        Value::Text(v)
    }
}
impl From<i64> for Value {
    fn from(v: i64) -> Self {
        Value::Int(v)
    }
}
impl From<bool> for Value {
    fn from(v: bool) -> Self {
        Value::Bool(v)
    }
}
impl From<Decimal> for Value {
    fn from(v: Decimal) -> Self {
        Value::Decimal(v)
    }
}
impl From<Money> for Value {
    fn from(v: Money) -> Self {
        Value::Money(v)
    }
}
impl From<Name> for Value {
    fn from(v: Name) -> Self {
        Value::Name(v)
    }
}
impl From<Address> for Value {
    fn from(v: Address) -> Self {
        Value::Address(Box::new(v))
    }
}
impl From<Uuid> for Value {
    fn from(v: Uuid) -> Self {
        Value::Id(v)
    }
}
impl From<Date> for Value {
    fn from(v: Date) -> Self {
        Value::Date(v)
    }
}
impl From<Timestamp> for Value {
    fn from(v: Timestamp) -> Self {
        Value::DateTime(v)
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(v: Option<T>) -> Self {
        v.map_or(Value::Null, Into::into)
    }
}
