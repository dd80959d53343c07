//! A kind of thing the company keeps records of.

use crate::field::{Field, Weight};
use crate::kind::Kind;
use crate::label::{Label, label};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

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
    /// The choice field that makes the columns of the board.
    #[serde(default)]
    pub stage: Option<String>,
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
            calendar: None,
            owner: None,
            happened: None,
            sort: String::new(),
            capabilities: [Menu, Audit, Search, Import, Export, Timeline, Comments, Files, Trash, Events].into(),
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
