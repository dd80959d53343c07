//! Words a person sees, in both languages.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The name of a thing in Arabic and English. Arabic comes first, everywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Label {
    pub ar: Cow<'static, str>,
    pub en: Cow<'static, str>,
}

/// A label written in code.
pub const fn label(ar: &'static str, en: &'static str) -> Label {
    Label { ar: Cow::Borrowed(ar), en: Cow::Borrowed(en) }
}

impl Label {
    /// A label that came from a person or a file at run time.
    pub fn owned(ar: impl Into<String>, en: impl Into<String>) -> Self {
        Self { ar: Cow::Owned(ar.into()), en: Cow::Owned(en.into()) }
    }

    /// The label in `lang` (`"ar"` or anything else for English); the other one where it is empty.
    pub fn get(&self, lang: &str) -> &str {
        let (first, second) = if lang == "ar" { (&self.ar, &self.en) } else { (&self.en, &self.ar) };
        if first.is_empty() { second } else { first }
    }

    pub fn is_empty(&self) -> bool {
        self.ar.is_empty() && self.en.is_empty()
    }
}
