//! The mapping language: which column of a file becomes which field of which record.
//!
//! It is JSON, made by the wizard, kept with the import, and given to `sila import … --map FILE`:
//!
//! ```json
//! {
//!   "object": "order_line",
//!   "mode": "upsert",
//!   "external": {"system": "shop", "columns": ["#row"]},
//!   "clean": {"Invoice": ["strip_point_zero"], "Customer ID": ["strip_point_zero"]},
//!   "fields": [
//!     {"column": "Quantity", "target": "quantity", "transform": ["strip_point_zero"]},
//!     {"column": "Price", "target": "price"},
//!     {"target": "kind", "expr": "starts_with(col(\"Invoice\"), \"C\") ? \"return\" : \"sale\""},
//!     {"column": "Invoice", "target": "order.number"},
//!     {"target": "order.currency", "value": "GBP"},
//!     {"column": "Customer ID", "target": "order.party.external_id"},
//!     {"column": "Customer ID", "target": "order.party.name.latin"},
//!     {"column": "StockCode", "target": "product.code"},
//!     {"column": "Description", "target": "product.name"}
//!   ],
//!   "references": {"order": {"match_on": ["number"]}, "product": {"match_on": ["code"]}},
//!   "currency": "GBP"
//! }
//! ```
//!
//! - A *target* is a field (`email`), a part of one (`name.ar`, `name.latin`, `address.city`, `price.amount`,
//!   `price.currency`), or leads through references (`order.party.name`). Records on the way are found by their own key,
//!   or made from the values of the first line that names them; found ones stay as they are unless `update` says
//!   otherwise. A blank key means: no such record on this line, the reference stays empty.
//! - `….external_id` is the record's key in another system, `….id` its id here. A reference itself as target
//!   (`party`) takes an id, a code or a title and finds, but does not make, the record.
//! - An *expression* is the language of filters and formulas over the line: `col("Name")` its text (null when blank),
//!   `num("Name")` its number, `moment("Name")` its date and time, `row()` its number in the file.
//! - `clean` prepares a column for everything that reads it, `transform` one assignment only.
//! - `#row` stands for the number of the line (the first one under the headings is 1) where a column name is asked for.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// What to do with lines whose record exists, or does not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Only new records; a line whose record exists fails.
    Create,
    /// Only existing records; a line without one fails.
    Update,
    #[default]
    Upsert,
}

/// What a blank cell does to a record that exists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Blank {
    #[default]
    Keep,
    Clear,
}

/// What becomes of a line that would make a new record but looks like one that is there, or like an earlier line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Alike {
    /// A new record all the same; nothing is compared.
    #[default]
    Create,
    /// A new record, and both go into the review of duplicates after the import.
    Review,
    /// Nothing: the line is left out, and told of.
    Skip,
    /// The record that is there takes the line's values.
    Update,
}

/// The key a record has in another system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct External {
    /// The other system's name, `shop`.
    pub system: String,
    /// Columns that make the key together; `#row` is the number of the line.
    pub columns: Vec<String>,
}

/// One assignment: exactly one of `column`, `expr` and `value`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Assign {
    pub target: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expr: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transform: Vec<Transform>,
}

/// How records on the way are found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reference {
    /// Fields of the referenced object; empty: its external id, else the unique field or title among the targets.
    pub match_on: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external: Option<External>,
    /// Make it when it is not found.
    pub create: bool,
    /// Change it when it is found and differs.
    pub update: bool,
}

impl Default for Reference {
    fn default() -> Self {
        Reference { match_on: Vec::new(), external: None, create: true, update: false }
    }
}

/// How the lines of a file become records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mapping {
    pub object: String,
    pub mode: Mode,
    /// The field (or fields together) by which a line finds its record; `id` is the record's own id.
    pub match_on: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external: Option<External>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub clean: IndexMap<String, Vec<Transform>>,
    pub fields: Vec<Assign>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub references: IndexMap<String, Reference>,
    pub blank: Blank,
    pub alike: Alike,
    /// Of amounts without one (ISO 4217); the company's when empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub currency: String,
    /// Of phones without country code (ISO 3166-1); the company's when empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub country: String,
    /// Of times without offset (IANA); the company's when empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub zone: String,
    /// Fields that only actions set may be written too: the history of an older system. Administrators only.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub trusted: bool,
}

impl Mapping {
    pub fn new(object: impl Into<String>) -> Self {
        Mapping { object: object.into(), ..Mapping::default() }
    }
    /// `column` goes to `target`.
    #[must_use]
    pub fn column(mut self, column: &str, target: &str) -> Self {
        self.fields.push(Assign { target: target.into(), column: Some(column.into()), ..Assign::default() });
        self
    }
    #[must_use]
    pub fn match_on(mut self, field: &str) -> Self {
        self.match_on.push(field.into());
        self
    }
    #[must_use]
    pub fn external(mut self, system: &str, column: &str) -> Self {
        self.external = Some(External { system: system.into(), columns: vec![column.into()] });
        self
    }
    /// The target of a column, where it has one.
    pub fn target_of(&self, column: &str) -> Option<&str> {
        self.fields.iter().find(|a| a.column.as_deref() == Some(column)).map(|a| a.target.as_str())
    }
}

/// What is done to the text of a cell before it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Transform {
    /// `trim`: spaces and invisible marks at the ends. Done to every cell anyway; kept for mappings that say it.
    Trim,
    /// `strip_point_zero`: `490397.0` → `490397`: whole numbers that went through a floating-point column.
    StripPointZero,
    /// `decimal_comma`: `1.234,50` → `1234.50`.
    DecimalComma,
    Upper,
    Lower,
    /// `digits`: only the digits, in any script.
    Digits,
    /// `date:%d/%m/%Y`: a date or date-time in this form, as ISO 8601.
    Date(String),
    /// `blank:N/A`: this text means nothing.
    Blank(String),
    /// `prefix:SO-`: put in front of what is not blank.
    Prefix(String),
}

impl TryFrom<String> for Transform {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let (name, arg) = text.split_once(':').map_or((text.as_str(), None), |(n, a)| (n, Some(a.to_owned())));
        Ok(match (name, arg) {
            ("trim", None) => Transform::Trim,
            ("strip_point_zero", None) => Transform::StripPointZero,
            ("decimal_comma", None) => Transform::DecimalComma,
            ("upper", None) => Transform::Upper,
            ("lower", None) => Transform::Lower,
            ("digits", None) => Transform::Digits,
            ("date", Some(format)) => Transform::Date(format),
            ("blank", Some(text)) => Transform::Blank(text),
            ("prefix", Some(text)) => Transform::Prefix(text),
            _ => return Err(format!("no such transform: {text}")),
        })
    }
}

impl From<Transform> for String {
    fn from(t: Transform) -> String {
        match t {
            Transform::Trim => "trim".into(),
            Transform::StripPointZero => "strip_point_zero".into(),
            Transform::DecimalComma => "decimal_comma".into(),
            Transform::Upper => "upper".into(),
            Transform::Lower => "lower".into(),
            Transform::Digits => "digits".into(),
            Transform::Date(f) => format!("date:{f}"),
            Transform::Blank(t) => format!("blank:{t}"),
            Transform::Prefix(t) => format!("prefix:{t}"),
        }
    }
}

impl Transform {
    /// # Errors
    /// The text is not a date of the given form.
    pub fn apply(&self, text: String) -> Result<String, kernel::Issue> {
        Ok(match self {
            Transform::Trim => text.trim().to_owned(),
            Transform::StripPointZero => match text.strip_suffix(".0").or_else(|| text.strip_suffix(".00")) {
                Some(whole) if !whole.is_empty() && digits_only(whole) => whole.to_owned(),
                _ => text,
            },
            Transform::DecimalComma => text.replace(['.', ' ', '\u{a0}', '\u{202f}'], "").replace(',', "."),
            Transform::Upper => text.to_uppercase(),
            Transform::Lower => text.to_lowercase(),
            Transform::Digits => text::digits::to_ascii(&text).chars().filter(char::is_ascii_digit).collect(),
            Transform::Date(format) => read_date(format, &text)?,
            Transform::Blank(nothing) => {
                if text.eq_ignore_ascii_case(nothing) {
                    String::new()
                } else {
                    text
                }
            }
            Transform::Prefix(prefix) => {
                if text.is_empty() {
                    text
                } else {
                    format!("{prefix}{text}")
                }
            }
        })
    }
}

fn digits_only(text: &str) -> bool {
    let bare = text.strip_prefix('-').unwrap_or(text);
    !bare.is_empty() && bare.bytes().all(|b| b.is_ascii_digit())
}

fn read_date(format: &str, text: &str) -> Result<String, kernel::Issue> {
    let text = text::digits::to_ascii(&text::bidi::strip(text)).trim().to_owned();
    if text.is_empty() {
        return Ok(text);
    }
    let bad = |_| kernel::Issue::new("", "import-date-form").arg("format", format).arg("found", &text);
    let parsed = jiff::fmt::strtime::parse(format, &text).map_err(bad)?;
    if let Ok(instant) = parsed.to_timestamp() {
        return Ok(instant.to_string());
    }
    match parsed.to_datetime() {
        Ok(at) if at.time() == jiff::civil::Time::midnight() => Ok(at.date().to_string()),
        Ok(at) => Ok(at.to_string()),
        Err(_) => parsed.to_date().map(|d| d.to_string()).map_err(bad),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_cleaned() {
        let run = |t: &str, cell: &str| Transform::try_from(t.to_owned()).unwrap().apply(cell.to_owned());
        assert_eq!(run("strip_point_zero", "490397.0").unwrap(), "490397");
        assert_eq!(run("strip_point_zero", "C494271").unwrap(), "C494271");
        assert_eq!(run("strip_point_zero", "2.50").unwrap(), "2.50");
        assert_eq!(run("strip_point_zero", "v1.0").unwrap(), "v1.0");
        assert_eq!(run("decimal_comma", "1.234,50").unwrap(), "1234.50");
        assert_eq!(run("digits", "٠٥٠-١٢٣").unwrap(), "050123");
        assert_eq!(run("date:%d/%m/%Y", "٣١/٠١/٢٠٢٦").unwrap(), "2026-01-31");
        assert_eq!(run("date:%d/%m/%Y %H:%M", "31/01/2026 14:05").unwrap(), "2026-01-31T14:05:00");
        assert_eq!(run("date:%d/%m/%Y", "أمس").unwrap_err().key, "import-date-form");
        assert_eq!(run("blank:N/A", "n/a").unwrap(), "");
        assert!(Transform::try_from("explode".to_owned()).is_err());
    }

    #[test]
    fn a_mapping_file_is_read_and_written() {
        let text = r##"{"object":"order_line","mode":"upsert","external":{"system":"shop","columns":["#row"]},
            "clean":{"Invoice":["strip_point_zero"]},
            "fields":[{"column":"Invoice","target":"order.number"},
                      {"target":"kind","expr":"starts_with(col(\"Invoice\"), \"C\") ? \"return\" : \"sale\""}],
            "references":{"order":{"match_on":["number"]}},"currency":"GBP"}"##;
        let mapping: Mapping = serde_json::from_str(text).unwrap();
        assert!(mapping.references["order"].create);
        let again: Mapping = serde_json::from_str(&serde_json::to_string(&mapping).unwrap()).unwrap();
        assert_eq!(mapping, again);
        assert!(serde_json::from_str::<Mapping>(r#"{"object":"party","colums":[]}"#).is_err());
    }
}
