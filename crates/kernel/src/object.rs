//! A kind of thing the company keeps records of.

use crate::field::{Field, Weight};
use crate::kind::Kind;
use crate::label::{Label, label};
use crate::value::{Address, FileRef, Money, Name, Value};
use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What is derived for an object beside table, form, API and permissions, which every object has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// Entry in the navigation with its list.
    Menu,
    /// Every change is kept with before and after.
    Audit,
    Search,
    Import,
    Export,
    /// Own time line on the record page (events, comments, files, and records that point here with `timeline`).
    Timeline,
    Comments,
    Files,
    /// Trash with restore instead of removal for good.
    Trash,
    /// Events are offered to web hooks and automations.
    Events,
    /// Records that could be the same one are found by names, phones, addresses and fields that identify, and can be merged.
    Duplicates,
}

/// Of several records that belong to one (its telephone numbers) one is the primary, and its value stands on the parent
/// too. The engine keeps both sides equal in one transaction, whichever is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Primary {
    /// The reference to the parent.
    pub via: String,
    /// The yes/no field of the one that is primary.
    pub flag: String,
    /// The value here …
    pub field: String,
    /// … and the field of the parent that shows it; of the same kind.
    pub mirrors: String,
    /// A yes/no field: what must not be used is not primary.
    #[serde(default)]
    pub unless: Option<String>,
}

/// Where the object's declaration comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    #[default]
    Code,
    /// Made at run time through API or CLI; its key begins with `c_`.
    Custom,
}

/// A named set of rows of an object, as a condition: the account team of a customer is
/// `exists(account_members, user == me())`. Objects that belong to it have the same scope through their reference
/// ([`crate::Registry::inherit_scopes`]).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scope {
    pub key: String,
    pub label: Label,
    pub expr: String,
}

/// A declared object. Its table has the name of its key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Object {
    /// `a-z0-9_`, singular: `party`, `order_line`.
    pub key: String,
    pub module: String,
    /// Singular.
    pub label: Label,
    pub plural: Label,
    /// Name in the icon set of `ui`.
    #[serde(default)]
    pub icon: String,
    /// The field that names a record: of kind name, text, code or sequence.
    pub title: String,
    pub fields: Vec<Field>,
    /// The field that makes the columns of the board: a choice, or a reference to records that are the stages, in the
    /// order of their object. Where both the record and its stage refer to the same third object by a field of the same
    /// name (the pipeline), the board shows the stages of one of these at a time.
    #[serde(default)]
    pub stage: Option<String>,
    /// A condition on own fields and the clock: a card for which it holds has stood too long where it is.
    #[serde(default)]
    pub late: Option<String>,
    /// The date or date-time field that places a record in the calendar.
    #[serde(default)]
    pub calendar: Option<String>,
    /// Path to the user who owns a record: `owner`, or through a reference, `order.owner`.
    #[serde(default)]
    pub owner: Option<String>,
    /// When it happened, for the time line; creation when none.
    #[serde(default)]
    pub happened: Option<String>,
    /// `name`, `-ordered_at`: what the list is sorted by at first.
    #[serde(default)]
    pub sort: String,
    #[serde(default)]
    pub capabilities: BTreeSet<Capability>,
    /// A condition that a row must meet for anybody to see it, whatever his roles grant: what is private stays with the
    /// people it names (`privacy != "private" || owner == me()`). The company's own hand (system) is not held by it.
    #[serde(default)]
    pub visible: Option<String>,
    #[serde(default)]
    pub primary: Option<Primary>,
    /// The choice that divides the records into sorts of which none is ever the same as another: a person is no organisation.
    #[serde(default)]
    pub sorts: Option<String>,
    /// Rows by name, which roles can grant beside all, own and team: the account team, the territory.
    #[serde(default)]
    pub scopes: Vec<Scope>,
    /// Sets of fields that are unique together.
    #[serde(default)]
    pub unique: Vec<Vec<String>>,
    #[serde(default)]
    pub source: Source,
}

/// A struct with `#[derive(Object)]`: its declaration and the way from and to a record.
pub trait Declared: Sized {
    const KEY: &'static str;
    fn object() -> Object;
    /// Reads the struct's fields; fields that were not loaded come out empty.
    fn from_record(record: &crate::record::Record) -> Self;
    /// The values to write (computed and read-only fields left out when empty).
    fn into_values(self) -> indexmap::IndexMap<String, crate::value::Value>;
}

/// A Rust type that a field of a [`Declared`] struct may have.
pub trait FieldType: Sized {
    /// The empty form of the type for null and for a value of another shape.
    fn read(value: &Value) -> Self;
    /// Empty text, the nil id and money without currency become null.
    fn write(self) -> Value;
}

macro_rules! field_types {
    ($($ty:ty: $empty:expr, $($from:pat => $to:expr),+; $value:ident => $write:expr;)*) => {$(
        impl FieldType for $ty {
            fn read(value: &Value) -> Self {
                match value {
                    $($from => $to,)+
                    _ => $empty,
                }
            }
            fn write(self) -> Value {
                let $value = self;
                $write
            }
        }
    )*};
}

field_types! {
    String: String::new(), Value::Text(t) => t.clone(); t => if t.is_empty() { Value::Null } else { Value::Text(t) };
    i64: 0, Value::Int(n) | Value::Duration(n) => *n; n => Value::Int(n);
    bool: false, Value::Bool(b) => *b; b => Value::Bool(b);
    Decimal: Decimal::ZERO, Value::Decimal(d) => *d, Value::Int(n) => Decimal::from(*n); d => Value::Decimal(d);
    Money: Money::new(0, ""), Value::Money(m) => m.clone();
        m => if m.currency.is_empty() { Value::Null } else { Value::Money(m) };
    Date: Date::default(), Value::Date(d) => *d; d => Value::Date(d);
    Timestamp: Timestamp::default(), Value::DateTime(t) => *t; t => Value::DateTime(t);
    Uuid: Uuid::nil(), Value::Id(id) => *id; id => if id.is_nil() { Value::Null } else { Value::Id(id) };
    Vec<Uuid>: Vec::new(), Value::Ids(ids) => ids.clone(); ids => if ids.is_empty() { Value::Null } else { Value::Ids(ids) };
    Vec<String>: Vec::new(), Value::List(keys) => keys.clone(); keys => if keys.is_empty() { Value::Null } else { Value::List(keys) };
    Name: Name::default(), Value::Name(n) => n.clone(); n => if n.is_empty() { Value::Null } else { Value::Name(n) };
    Address: Address::default(), Value::Address(a) => (**a).clone(); a => if a.is_empty() { Value::Null } else { a.into() };
    FileRef: FileRef { id: Uuid::nil(), name: String::new(), media: String::new(), size: 0 },
        Value::File(f) => (**f).clone();
        f => if f.id.is_nil() { Value::Null } else { Value::File(Box::new(f)) };
    serde_json::Value: serde_json::Value::Null, Value::Json(j) => j.clone();
        j => if j.is_null() { Value::Null } else { Value::Json(j) };
}

impl<T: FieldType> FieldType for Option<T> {
    fn read(value: &Value) -> Self {
        if value.is_null() { None } else { Some(T::read(value)) }
    }
    fn write(self) -> Value {
        self.map_or(Value::Null, T::write)
    }
}

impl Object {
    pub fn new(key: impl Into<String>, module: impl Into<String>, label: Label, plural: Label) -> Self {
        use Capability::{Audit, Comments, Events, Export, Files, Import, Menu, Search, Timeline, Trash};
        Object {
            key: key.into(),
            module: module.into(),
            label,
            plural,
            icon: "box".into(),
            title: "name".into(),
            fields: Vec::new(),
            stage: None,
            late: None,
            calendar: None,
            owner: None,
            happened: None,
            sort: String::new(),
            capabilities: [Menu, Audit, Search, Import, Export, Timeline, Comments, Files, Trash, Events].into(),
            visible: None,
            primary: None,
            sorts: None,
            scopes: Vec::new(),
            unique: Vec::new(),
            source: Source::Code,
        }
    }
    #[must_use]
    pub fn icon(mut self, icon: &str) -> Self {
        self.icon = icon.into();
        self
    }
    #[must_use]
    pub fn title(mut self, field: &str) -> Self {
        self.title = field.into();
        self
    }
    #[must_use]
    pub fn field(mut self, field: Field) -> Self {
        self.fields.push(field);
        self
    }
    #[must_use]
    pub fn stage(mut self, field: &str) -> Self {
        self.stage = Some(field.into());
        self
    }
    /// See [`Object::late`].
    #[must_use]
    pub fn late(mut self, condition: &str) -> Self {
        self.late = Some(condition.into());
        self
    }
    #[must_use]
    pub fn calendar(mut self, field: &str) -> Self {
        self.calendar = Some(field.into());
        self
    }
    #[must_use]
    pub fn owner(mut self, path: &str) -> Self {
        self.owner = Some(path.into());
        self
    }
    #[must_use]
    pub fn happened(mut self, field: &str) -> Self {
        self.happened = Some(field.into());
        self
    }
    #[must_use]
    pub fn sort(mut self, sort: &str) -> Self {
        self.sort = sort.into();
        self
    }
    #[must_use]
    pub fn without(mut self, capabilities: &[Capability]) -> Self {
        for c in capabilities {
            self.capabilities.remove(c);
        }
        self
    }
    /// See [`Object::visible`].
    #[must_use]
    pub fn visible(mut self, condition: &str) -> Self {
        self.visible = Some(condition.into());
        self
    }
    /// See [`Object::primary`].
    #[must_use]
    pub fn primary(mut self, primary: Primary) -> Self {
        self.primary = Some(primary);
        self
    }
    /// Duplicates are found and can be merged; `sorts` names the choice whose options are never the same, or is empty.
    #[must_use]
    pub fn duplicates(mut self, sorts: &str) -> Self {
        self.capabilities.insert(Capability::Duplicates);
        self.sorts = Some(sorts.to_owned()).filter(|s| !s.is_empty());
        self
    }
    /// See [`Object::scopes`].
    #[must_use]
    pub fn scope(mut self, key: &str, label: Label, expr: &str) -> Self {
        self.scopes.push(Scope { key: key.into(), label, expr: expr.into() });
        self
    }
    #[must_use]
    pub fn unique_together(mut self, fields: &[&str]) -> Self {
        self.unique.push(fields.iter().map(|f| (*f).to_owned()).collect());
        self
    }

    pub fn can(&self, capability: Capability) -> bool {
        self.capabilities.contains(&capability)
    }
    /// A declared or system field.
    pub fn get(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.key == key).or_else(|| system_fields().iter().find(|f| f.key == key))
    }
    /// Declared fields, then system fields.
    pub fn all_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().chain(system_fields())
    }
    pub fn title_field(&self) -> Option<&Field> {
        self.get(&self.title)
    }
    /// Fields whose words the search finds.
    pub fn searched(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|f| f.weight != Weight::None || f.key == self.title)
    }
    /// The list's columns when no view says otherwise: the title, then fields marked `list`.
    pub fn list_fields(&self) -> Vec<&Field> {
        let title = self.title_field();
        title.into_iter().chain(self.fields.iter().filter(|f| f.in_list && f.key != self.title)).collect()
    }
    /// The reference to the record it is a part of.
    pub fn part_of(&self) -> Option<&Field> {
        self.fields.iter().find(|f| f.inline)
    }
    /// The reference through which the object belongs to another: that of its owner's path, else the first on whose
    /// time line it stands.
    pub fn belongs(&self) -> Option<&Field> {
        let first = self.owner.as_deref().and_then(|o| o.split_once('.')).and_then(|(field, _)| self.get(field));
        first.or_else(|| self.fields.iter().find(|f| f.timeline && matches!(f.kind, Kind::Ref { .. })))
    }
    pub fn references(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|f| matches!(f.kind, Kind::Ref { .. } | Kind::Refs { .. }))
    }
}

/// The fields every object has, in every table: id, revision, creation, last change.
///
/// `deleted_at` (microseconds, null while living) is a column too but no field: the trash is a state, not data.
pub fn system_fields() -> &'static [Field] {
    static FIELDS: std::sync::OnceLock<Vec<Field>> = std::sync::OnceLock::new();
    FIELDS.get_or_init(|| {
        let system = |key: &str, kind, l| Field { system: true, ..Field::new(key, kind, l).readonly() };
        vec![
            system("created_at", Kind::DateTime, label("أُنشئ في", "Created")),
            system("created_by", Kind::to("user"), label("أنشأه", "Created by")),
            system("updated_at", Kind::DateTime, label("آخر تعديل", "Last changed")),
            system("updated_by", Kind::to("user"), label("عدّله", "Changed by")),
            system("rev", Kind::Integer, label("المراجعة", "Revision")),
        ]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::Registry;
    use crate::{Agg, Choice, Record, Tone};

    #[derive(Debug, PartialEq, crate::Object)]
    #[object(
        key = "visit",
        module = "sales",
        ar = "زيارة",
        en = "Visit",
        ar_plural = "الزيارات",
        en_plural = "Visits",
        icon = "map-pin",
        title = "subject",
        stage = "outcome",
        calendar = "at",
        owner = "seller",
        happened = "at",
        sort = "-at",
        without(Import, Comments),
        unique("party", "at")
    )]
    struct Visit {
        id: Uuid,
        rev: i64,
        #[field(system)]
        created_at: Option<Timestamp>,
        #[field(ar = "الرقم", en = "Number", sequence(prefix = "V-", pad = 4, gap_free), list)]
        number: String,
        #[field(ar = "الموضوع", en = "Subject", search = "title", max = 80)]
        subject: String,
        #[field(
            ar = "العميل",
            en = "Customer",
            to = "visit",
            timeline,
            cascade,
            reverse(key = "visits", ar = "زياراته", en = "Visits")
        )]
        party: Option<Uuid>,
        #[field(ar = "البائع", en = "Seller", to = "visit")]
        seller: Uuid,
        #[field(ar = "متى", en = "When", indexed, default = "now()")]
        at: Timestamp,
        #[field(ar = "النتيجة", en = "Outcome", choices(("won", "ناجحة", "Won", "good"), ("lost", "خاسرة", "Lost")))]
        outcome: Option<String>,
        #[field(ar = "الوسوم", en = "Tags", choices(("a", "أ", "A")))]
        tags: Vec<String>,
        #[field(ar = "الوزن", en = "Weight", scale = 3, when = "outcome == 'won'", lock = "rev > 5")]
        weight: Option<Decimal>,
        #[field(ar = "المدة", en = "Took", kind = duration, help(ar = "بالدقائق", en = "In minutes"))]
        took: Option<i64>,
        #[field(ar = "ضعف الوزن", en = "Double", formula = "weight * 2", scale = 3)]
        double: Option<Decimal>,
        #[field(
            ar = "عدد التابعة",
            en = "Follow-ups",
            rollup(object = "visit", via = "party", agg = "count", filter = "rev > 1")
        )]
        followers: i64,
        #[field(ar = "البريد", en = "E-mail", kind = email, personal, unique, section(ar = "تواصل", en = "Contact"))]
        email: Option<String>,
        #[field(ar = "تم", en = "Done")]
        done: bool,
    }

    fn visit() -> Visit {
        Visit {
            id: Uuid::from_u128(9),
            rev: 3,
            created_at: None,
            number: String::new(),
            subject: "عرض".into(),
            party: Some(Uuid::from_u128(1)),
            seller: Uuid::from_u128(2),
            at: Timestamp::from_second(5).unwrap(),
            outcome: None,
            tags: vec!["a".into()],
            weight: Some(Decimal::new(1500, 3)),
            took: Some(60),
            double: None,
            followers: 0,
            email: None,
            done: true,
        }
    }

    #[test]
    fn a_struct_declares_its_object() {
        let o = Visit::object();
        let mut r = Registry::new();
        r.add_object(o.clone());
        r.check().unwrap();
        assert_eq!((Visit::KEY, o.key.as_str(), o.sort.as_str()), ("visit", "visit", "-at"));
        assert!(!o.can(Capability::Import) && !o.can(Capability::Comments) && o.can(Capability::Export));
        assert_eq!(o.unique, [["party", "at"]]);
        let required: Vec<&str> = o.fields.iter().filter(|f| f.required).map(|f| f.key.as_str()).collect();
        assert_eq!(required, ["subject", "seller", "at"]);
        let kind = |k: &str| o.get(k).unwrap().kind.clone();
        assert_eq!(kind("number"), Kind::Sequence { prefix: "V-".into(), pad: 4, gap_free: true });
        assert_eq!(kind("subject"), Kind::Text { max: 80 });
        assert_eq!(kind("took"), Kind::Duration);
        let options = vec![
            Choice::new("won", label("ناجحة", "Won"), Tone::Good),
            Choice::new("lost", label("خاسرة", "Lost"), Tone::Neutral),
        ];
        assert_eq!(kind("outcome"), Kind::Choice { options });
        assert!(matches!(kind("followers"), Kind::Rollup { agg: Agg::Count, filter: Some(_), field: None, .. }));
        let party = o.get("party").unwrap();
        assert!(party.timeline && party.cascade && !party.required);
        assert_eq!((party.reverse.as_str(), party.reverse_label.en.as_ref()), ("visits", "Visits"));
        assert_eq!(o.get("at").unwrap().default.as_deref(), Some("now()"));
        let weight = o.get("weight").unwrap();
        assert_eq!((weight.when.as_deref(), weight.lock.as_deref()), (Some("outcome == 'won'"), Some("rev > 5")));
    }

    #[test]
    fn a_struct_goes_into_a_record_and_comes_back() {
        let values = visit().into_values();
        assert_eq!(values.get("party"), Some(&Value::Id(Uuid::from_u128(1))));
        // Computed by the system, or empty where only the system writes.
        for absent in ["id", "rev", "created_at", "double", "followers", "number"] {
            assert!(!values.contains_key(absent), "{absent}");
        }
        assert_eq!(values.get("outcome"), Some(&Value::Null));
        let record = Record { object: "visit".into(), id: Uuid::from_u128(9), rev: 3, values };
        assert_eq!(Visit::from_record(&record), visit());
    }
}
