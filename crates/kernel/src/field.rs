//! One attribute of an object.

use crate::cell::Column;
use crate::kind::Kind;
use crate::label::Label;
use serde::{Deserialize, Serialize};

/// How much harm comes from showing it to the wrong person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sensitivity {
    #[default]
    Open,
    /// Personal data: reads are of interest to the data subject.
    Personal,
    /// Never shown in lists, exports, audit values or logs.
    Secret,
}

/// Part in the full-text search.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    #[default]
    None,
    /// Found after titles.
    Body,
    /// Found first.
    Title,
}

/// A field: key, kind, labels and rules. Built with the chained setters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Field {
    /// `a-z0-9_`, begins with a letter; run-time fields begin with `x_`.
    pub key: String,
    pub kind: Kind,
    pub label: Label,
    pub help: Label,
    pub required: bool,
    /// No two living records share the value.
    pub unique: bool,
    /// Set by actions and the system, never by forms, imports or PATCH.
    pub readonly: bool,
    /// An index beside those made for references, uniqueness and default sort.
    pub indexed: bool,
    /// Expression evaluated for a new record when nothing was given.
    pub default: Option<String>,
    /// The field is shown and required only while this holds.
    pub when: Option<String>,
    /// The field cannot be changed while this holds.
    pub lock: Option<String>,
    pub sensitivity: Sensitivity,
    pub weight: Weight,
    /// Shown in the list unless a view says otherwise.
    pub in_list: bool,
    /// Heading under which forms and record pages show it; empty: the first one.
    pub section: Label,
    /// For references: what the other side calls the records that point to it (`lines`, `orders`).
    pub reverse: String,
    /// For references: heading of that list on the other side.
    pub reverse_label: Label,
    /// For references: records appear on the time line of the one they point to.
    pub timeline: bool,
    /// For references: deleting the target deletes this record too (order → lines); otherwise it is refused while in use.
    pub cascade: bool,
    /// For references: the record is a part of the one it points to. It is edited there, on the page and in the form,
    /// and its searched words find that record.
    pub inline: bool,
    /// For references: the page of the other side has no list of these records; its time line or a panel tells of them.
    pub unlisted: bool,
    /// For references to the object itself: they make a tree, nothing stands above itself.
    pub tree: bool,
    /// Of a code or a date: one only has this value (tax number, birthday), so that it tells whether two records are the same.
    pub identifies: bool,
    /// id, revision, created …: present on every object.
    pub system: bool,
    /// Made at run time.
    pub custom: bool,
}

impl Default for Field {
    fn default() -> Self {
        Field {
            key: String::new(),
            kind: Kind::text(),
            label: Label::default(),
            help: Label::default(),
            required: false,
            unique: false,
            readonly: false,
            indexed: false,
            default: None,
            when: None,
            lock: None,
            sensitivity: Sensitivity::Open,
            weight: Weight::None,
            in_list: false,
            section: Label::default(),
            reverse: String::new(),
            reverse_label: Label::default(),
            timeline: false,
            cascade: false,
            inline: false,
            unlisted: false,
            tree: false,
            identifies: false,
            system: false,
            custom: false,
        }
    }
}

/// Chained setters: `Field::new("code", Kind::code(), label("الرمز", "Code")).required().unique().list()`.
impl Field {
    pub fn new(key: impl Into<String>, kind: Kind, label: Label) -> Self {
        let readonly = kind.computed();
        Field { key: key.into(), kind, label, readonly, ..Field::default() }
    }
    #[must_use]
    pub fn help(mut self, help: Label) -> Self {
        self.help = help;
        self
    }
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }
    #[must_use]
    pub fn unique(mut self) -> Self {
        self.unique = true;
        self
    }
    #[must_use]
    pub fn readonly(mut self) -> Self {
        self.readonly = true;
        self
    }
    #[must_use]
    pub fn indexed(mut self) -> Self {
        self.indexed = true;
        self
    }
    #[must_use]
    pub fn default_expr(mut self, expr: impl Into<String>) -> Self {
        self.default = Some(expr.into());
        self
    }
    #[must_use]
    pub fn when(mut self, expr: impl Into<String>) -> Self {
        self.when = Some(expr.into());
        self
    }
    #[must_use]
    pub fn lock(mut self, expr: impl Into<String>) -> Self {
        self.lock = Some(expr.into());
        self
    }
    #[must_use]
    pub fn personal(mut self) -> Self {
        self.sensitivity = Sensitivity::Personal;
        self
    }
    #[must_use]
    pub fn search(mut self, weight: Weight) -> Self {
        self.weight = weight;
        self
    }
    #[must_use]
    pub fn list(mut self) -> Self {
        self.in_list = true;
        self
    }
    #[must_use]
    pub fn section(mut self, section: Label) -> Self {
        self.section = section;
        self
    }
    /// Names the other side of a reference.
    #[must_use]
    pub fn reverse(mut self, key: impl Into<String>, label: Label) -> Self {
        self.reverse = key.into();
        self.reverse_label = label;
        self
    }
    #[must_use]
    pub fn timeline(mut self) -> Self {
        self.timeline = true;
        self
    }
    #[must_use]
    pub fn cascade(mut self) -> Self {
        self.cascade = true;
        self
    }

    /// See [`Field::inline`]; what is a part goes with the whole.
    #[must_use]
    pub fn inline(mut self) -> Self {
        self.inline = true;
        self.cascade = true;
        self
    }
    /// See [`Field::unlisted`].
    #[must_use]
    pub fn unlisted(mut self) -> Self {
        self.unlisted = true;
        self
    }
    #[must_use]
    pub fn tree(mut self) -> Self {
        self.tree = true;
        self
    }
    /// See [`Field::identifies`].
    #[must_use]
    pub fn identifies(mut self) -> Self {
        self.identifies = true;
        self
    }

    pub fn columns(&self) -> Vec<Column> {
        self.kind.columns(&self.key)
    }
    /// A person may fill it in a form or an import.
    pub fn writable(&self) -> bool {
        !self.readonly && !self.system && !self.kind.computed()
    }
    /// The heading of the reverse list for a record that is pointed to; `fallback` is the plural of the object.
    pub fn reverse_heading<'a>(&'a self, fallback: &'a Label) -> &'a Label {
        if self.reverse_label.is_empty() { fallback } else { &self.reverse_label }
    }
}
