//! Sentences of the product, from `locales/{ar,en}/*.ftl` (Fluent), compiled in.
//!
//! A sentence belongs to the file of the layer that says it (`core.ftl`, `web.ftl`, …) and exists in both
//! languages under the same key; tests hold that. Labels of objects and fields are declared beside the code
//! instead.
//!
//! What a person typed is wrapped in direction isolates when it enters a sentence. Attributes and plain text
//! files use the `_plain` variants, which do not.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::types::{FluentNumber, FluentNumberOptions};
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::locale::{Digits, Lang, Locale};
use crate::number;
use crate::plural::{Plural, plural};

/// One sentence file in both languages.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    /// File name without `.ftl`.
    pub name: &'static str,
    pub ar: &'static str,
    pub en: &'static str,
}

macro_rules! sources {
    ($($name:literal),* $(,)?) => {
        &[$(Source {
            name: $name,
            ar: include_str!(concat!("../../../locales/ar/", $name, ".ftl")),
            en: include_str!(concat!("../../../locales/en/", $name, ".ftl")),
        }),*]
    };
}

/// All sentence files. A new file is added here and in both languages.
pub const SOURCES: &[Source] = sources![
    "core",
    "ui",
    "web",
    "api",
    "auth",
    "engine",
    "outside",
    "sign",
    "sso",
    "collab",
    "insight",
    "base",
    "commerce",
    "privacy",
    "mail",
    "duplicates",
    "activity",
    "dav",
    "access",
    "mcp",
    "print",
    "quotes",
    "sales",
    "capture",
    "automation",
];

/// A value that enters a sentence.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg<'a> {
    /// A count: chooses the plural form and is shown grouped, in the locale's digits.
    Int(i64),
    /// A text: shown as is, isolated; also selects variants by equality.
    Text(&'a str),
    /// An owned text, e.g. a formatted date or amount.
    Owned(String),
}

impl From<i64> for Arg<'_> {
    fn from(n: i64) -> Self {
        Arg::Int(n)
    }
}

impl From<i32> for Arg<'_> {
    fn from(n: i32) -> Self {
        Arg::Int(n.into())
    }
}

impl From<u32> for Arg<'_> {
    fn from(n: u32) -> Self {
        Arg::Int(n.into())
    }
}

impl From<usize> for Arg<'_> {
    fn from(n: usize) -> Self {
        Arg::Int(i64::try_from(n).unwrap_or(i64::MAX))
    }
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(s: &'a str) -> Self {
        Arg::Text(s)
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(s: &'a String) -> Self {
        Arg::Text(s)
    }
}

impl From<String> for Arg<'_> {
    fn from(s: String) -> Self {
        Arg::Owned(s)
    }
}

/// The arguments of a sentence: name and value.
pub type Args<'a> = [(&'a str, Arg<'a>)];

/// The sentence `key` in `lang`. A missing key returns the key itself (and fails in debug builds).
pub fn t(lang: Lang, key: &str) -> String {
    catalog().text(lang, Digits::Latn, true, key, &[])
}

/// The sentence `key` with arguments, typed text isolated, Latin digits.
pub fn t_args(lang: Lang, key: &str, args: &Args) -> String {
    catalog().text(lang, Digits::Latn, true, key, args)
}

/// [`t_args`] without isolates: for attributes, e-mail subjects, plain files.
pub fn t_plain(lang: Lang, key: &str, args: &Args) -> String {
    catalog().text(lang, Digits::Latn, false, key, args)
}

/// [`t_args`] in the language and digits of `locale`.
pub fn t_for(locale: &Locale, key: &str, args: &Args) -> String {
    catalog().text(locale.lang, locale.shown_digits(), true, key, args)
}

/// [`t_plain`] in the language and digits of `locale`.
pub fn t_for_plain(locale: &Locale, key: &str, args: &Args) -> String {
    catalog().text(locale.lang, locale.shown_digits(), false, key, args)
}

/// `true` if the product has the sentence.
pub fn has(key: &str) -> bool {
    catalog().has(key)
}

/// The compiled-in sentences of the product.
pub fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| {
        Catalog::new(SOURCES).expect("the sentence files are tested to be well formed")
    })
}

/// Sentences in both languages, ready to be said.
pub struct Catalog {
    bundles: BTreeMap<(&'static str, bool, bool), FluentBundle<std::sync::Arc<FluentResource>>>,
}

impl Catalog {
    /// Builds the catalogue. The error names file and reason: bad syntax, or a key that exists twice.
    pub fn new(sources: &[Source]) -> Result<Catalog, String> {
        let mut bundles = BTreeMap::new();
        for lang in Lang::ALL {
            let mut resources = Vec::new();
            for source in sources {
                let text = lang.pick(source.ar, source.en);
                let resource = FluentResource::try_new(text.to_owned())
                    .map_err(|(_, e)| format!("{}/{}.ftl: {e:?}", lang.code(), source.name))?;
                resources.push((source.name, std::sync::Arc::new(resource)));
            }
            for (arab, isolating) in [(false, false), (false, true), (true, false), (true, true)] {
                let id: LanguageIdentifier = lang
                    .code()
                    .parse()
                    .map_err(|e| format!("{}: {e}", lang.code()))?;
                let mut bundle = FluentBundle::new_concurrent(vec![id]);
                bundle.set_use_isolating(isolating);
                bundle.set_formatter(Some(if arab { arabic_number } else { latin_number }));
                for (name, resource) in &resources {
                    bundle
                        .add_resource(resource.clone())
                        .map_err(|e| format!("{}/{name}.ftl: {e:?}", lang.code()))?;
                }
                bundles.insert((lang.code(), arab, isolating), bundle);
            }
        }
        Ok(Catalog { bundles })
    }

    /// `true` if `key` exists.
    pub fn has(&self, key: &str) -> bool {
        self.bundles.values().all(|b| b.has_message(key))
    }

    /// The sentence; the key itself if it is missing.
    pub fn text(
        &self,
        lang: Lang,
        digits: Digits,
        isolating: bool,
        key: &str,
        args: &Args,
    ) -> String {
        let arab = digits == Digits::Arab;
        let found = self
            .bundles
            .get(&(lang.code(), arab, isolating))
            .and_then(|bundle| {
                let pattern = bundle.get_message(key)?.value()?;
                let mut errors = Vec::new();
                let args = (!args.is_empty()).then(|| fluent_args(args));
                let text = bundle
                    .format_pattern(pattern, args.as_ref(), &mut errors)
                    .into_owned();
                debug_assert!(errors.is_empty(), "sentence {key}: {errors:?}");
                Some(text)
            });
        debug_assert!(found.is_some(), "no sentence {key} in {}", lang.code());
        found.unwrap_or_else(|| key.to_owned())
    }
}

fn fluent_args<'a>(args: &'a Args<'a>) -> FluentArgs<'a> {
    let mut out = FluentArgs::with_capacity(args.len());
    for (name, value) in args {
        match value {
            Arg::Int(n) => out.set(*name, counted(*n)),
            Arg::Text(s) => out.set(*name, *s),
            Arg::Owned(s) => out.set(*name, s.as_str()),
        }
    }
    out
}

/// A count as Fluent sees it. Its plural rules for Arabic look at the whole number where CLDR looks at the last
/// two digits (103 would be «other», not «few»). So from 100 on Fluent gets a small number of the same category
/// to choose by, and the real one travels in an option that choosing ignores; [`number_text`] shows it.
fn counted(n: i64) -> FluentNumber {
    let mut options = FluentNumberOptions::default();
    let mut chosen_by = n;
    if n.unsigned_abs() >= 100
        && let Ok(real) = usize::try_from(n.unsigned_abs())
    {
        options.minimum_integer_digits = Some(real);
        chosen_by = n.signum()
            * match plural(Lang::Ar, n) {
                Plural::Few => 3,
                Plural::Many => 11,
                _ => 100,
            };
    }
    #[allow(clippy::cast_precision_loss)]
    FluentNumber::new(chosen_by as f64, options)
}

fn latin_number<M>(value: &FluentValue, _: &M) -> Option<String> {
    number_text(value, Digits::Latn)
}

fn arabic_number<M>(value: &FluentValue, _: &M) -> Option<String> {
    number_text(value, Digits::Arab)
}

/// Numbers in sentences come from [`Arg::Int`] only, so they are whole.
fn number_text(value: &FluentValue, digits: Digits) -> Option<String> {
    let FluentValue::Number(n) = value else {
        return None;
    };
    let mut out = String::new();
    if n.value < 0.0 {
        out.push('-');
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let magnitude = match n.options.minimum_integer_digits {
        Some(real) => u64::try_from(real).unwrap_or(u64::MAX),
        None => n.value.abs() as u64,
    };
    number::push_magnitude(magnitude, 0, digits, &mut out);
    Some(out)
}

#[cfg(test)]
mod tests;
