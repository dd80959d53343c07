//! What stands in `#[object(…)]` and `#[field(…)]`.

use proc_macro2::Span;
use syn::meta::ParseNestedMeta;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Error, Ident, LitBool, LitInt, LitStr, Result, Token, parenthesized};

/// A label in both languages.
#[derive(Clone)]
pub struct Words {
    pub ar: LitStr,
    pub en: LitStr,
}

#[derive(Default)]
pub struct ObjectAttributes {
    pub key: Option<LitStr>,
    pub module: Option<LitStr>,
    pub ar: Option<LitStr>,
    pub en: Option<LitStr>,
    pub ar_plural: Option<LitStr>,
    pub en_plural: Option<LitStr>,
    pub icon: Option<LitStr>,
    pub title: Option<LitStr>,
    pub stage: Option<LitStr>,
    pub calendar: Option<LitStr>,
    pub owner: Option<LitStr>,
    pub happened: Option<LitStr>,
    pub sort: Option<LitStr>,
    pub visible: Option<LitStr>,
    pub without: Vec<Ident>,
    pub unique: Vec<Vec<LitStr>>,
}

pub struct ChoiceAttribute {
    pub key: LitStr,
    pub words: Words,
    pub tone: Option<LitStr>,
    /// The action that alone gives it.
    pub by: Option<LitStr>,
}

pub struct Rollup {
    pub object: LitStr,
    pub via: LitStr,
    pub agg: LitStr,
    pub field: Option<LitStr>,
    pub filter: Option<LitStr>,
}

pub struct Sequence {
    pub prefix: LitStr,
    pub pad: u8,
    pub gap_free: bool,
}

#[derive(Default)]
pub struct FieldAttributes {
    pub span: Option<Span>,
    pub ar: Option<LitStr>,
    pub en: Option<LitStr>,
    pub kind: Option<Ident>,
    pub flags: Vec<Ident>,
    pub search: Option<LitStr>,
    pub default: Option<LitStr>,
    pub when: Option<LitStr>,
    pub lock: Option<LitStr>,
    pub section: Option<Words>,
    pub help: Option<Words>,
    pub reverse: Option<(LitStr, Words)>,
    pub to: Option<LitStr>,
    pub choices: Option<Vec<ChoiceAttribute>>,
    pub max: Option<LitInt>,
    pub scale: Option<LitInt>,
    pub formula: Option<LitStr>,
    pub rollup: Option<Rollup>,
    pub sequence: Option<Sequence>,
    pub system: bool,
}

/// Settings that are on when named, each the builder method of the same name.
pub const FLAGS: [&str; 11] = ["required", "unique", "readonly", "indexed", "list", "personal", "timeline", "cascade", "inline", "tree", "identifies"];

const OBJECT_WORDS: &str = "key, module, ar, en, ar_plural, en_plural, icon, title, stage, calendar, owner, happened, sort, visible, without(…), unique(…)";
const FIELD_WORDS: &str = "ar, en, kind, required, unique, readonly, indexed, list, personal, timeline, cascade, inline, tree, identifies, system, search, default, when, lock, section(…), help(…), reverse(…), to, choices(…), max, scale, formula, rollup(…), sequence(…)";

fn text(meta: &ParseNestedMeta) -> Result<LitStr> {
    meta.value()?.parse()
}

impl ObjectAttributes {
    pub fn read(attributes: &[Attribute], span: Span) -> Result<Self> {
        let mut all = ObjectAttributes::default();
        let mut found = false;
        for attribute in attributes.iter().filter(|a| a.path().is_ident("object")) {
            found = true;
            attribute.parse_nested_meta(|meta| {
                let name = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
                let slot = match name.as_str() {
                    "key" => &mut all.key,
                    "module" => &mut all.module,
                    "ar" => &mut all.ar,
                    "en" => &mut all.en,
                    "ar_plural" => &mut all.ar_plural,
                    "en_plural" => &mut all.en_plural,
                    "icon" => &mut all.icon,
                    "title" => &mut all.title,
                    "stage" => &mut all.stage,
                    "calendar" => &mut all.calendar,
                    "owner" => &mut all.owner,
                    "happened" => &mut all.happened,
                    "sort" => &mut all.sort,
                    "visible" => &mut all.visible,
                    "without" => {
                        all.without.extend(list::<Ident>(meta.input)?);
                        return Ok(());
                    }
                    "unique" => {
                        all.unique.push(list::<LitStr>(meta.input)?);
                        return Ok(());
                    }
                    _ => return Err(meta.error(format!("unknown word; an object knows {OBJECT_WORDS}"))),
                };
                *slot = Some(text(&meta)?);
                Ok(())
            })?;
        }
        if found {
            Ok(all)
        } else {
            Err(Error::new(span, "#[object(key = \"…\", module = \"…\", …)] is missing"))
        }
    }
}

impl FieldAttributes {
    /// None without a `#[field(…)]`.
    pub fn read(attributes: &[Attribute]) -> Result<Option<Self>> {
        let mut all = FieldAttributes::default();
        for attribute in attributes.iter().filter(|a| a.path().is_ident("field")) {
            all.span = Some(attribute.span());
            attribute.parse_nested_meta(|meta| all.word(&meta))?;
        }
        Ok(all.span.is_some().then_some(all))
    }

    fn word(&mut self, meta: &ParseNestedMeta) -> Result<()> {
        let name = meta.path.get_ident().cloned().ok_or_else(|| meta.error("one word is expected"))?;
        let word = name.to_string();
        if FLAGS.contains(&word.as_str()) {
            self.flags.push(name);
            return Ok(());
        }
        match word.as_str() {
            "ar" => self.ar = Some(text(meta)?),
            "en" => self.en = Some(text(meta)?),
            "kind" => self.kind = Some(meta.value()?.parse()?),
            "search" => self.search = Some(text(meta)?),
            "default" => self.default = Some(text(meta)?),
            "when" => self.when = Some(text(meta)?),
            "lock" => self.lock = Some(text(meta)?),
            "to" => self.to = Some(text(meta)?),
            "formula" => self.formula = Some(text(meta)?),
            "max" => self.max = Some(meta.value()?.parse()?),
            "scale" => self.scale = Some(meta.value()?.parse()?),
            "system" => self.system = true,
            "section" => self.section = Some(words(meta)?.1),
            "help" => self.help = Some(words(meta)?.1),
            "reverse" => {
                let (key, words) = words(meta)?;
                self.reverse = Some((key.ok_or_else(|| meta.error("reverse needs key"))?, words));
            }
            "choices" => self.choices = Some(list(meta.input)?),
            "rollup" => self.rollup = Some(rollup(meta)?),
            "sequence" => self.sequence = Some(sequence(meta)?),
            _ => return Err(meta.error(format!("unknown word; a field knows {FIELD_WORDS}"))),
        }
        Ok(())
    }
}

/// `(a, b, c)`
fn list<T: syn::parse::Parse>(input: ParseStream) -> Result<Vec<T>> {
    let content;
    parenthesized!(content in input);
    Ok(Punctuated::<T, Token![,]>::parse_terminated(&content)?.into_iter().collect())
}

/// `("key", "عربي", "English")`, with a tone behind, and with the action behind that which alone gives the value.
impl syn::parse::Parse for ChoiceAttribute {
    fn parse(input: ParseStream) -> Result<Self> {
        let span = input.span();
        let parts = list::<LitStr>(input)?;
        match parts.as_slice() {
            [key, ar, en, rest @ ..] if rest.len() <= 2 => Ok(ChoiceAttribute {
                key: key.clone(),
                words: Words { ar: ar.clone(), en: en.clone() },
                tone: rest.first().cloned(),
                by: rest.get(1).cloned(),
            }),
            _ => Err(Error::new(
                span,
                "a choice is (\"key\", \"عربي\", \"English\") or (\"key\", \"عربي\", \"English\", \"tone\") or (…, \"tone\", \"action\")",
            )),
        }
    }
}

/// `(key = "…", ar = "…", en = "…")`, the key where there is one.
fn words(meta: &ParseNestedMeta) -> Result<(Option<LitStr>, Words)> {
    let (mut key, mut ar, mut en) = (None, None, None);
    meta.parse_nested_meta(|inner| {
        match () {
            () if inner.path.is_ident("key") => key = Some(text(&inner)?),
            () if inner.path.is_ident("ar") => ar = Some(text(&inner)?),
            () if inner.path.is_ident("en") => en = Some(text(&inner)?),
            () => return Err(inner.error("expected ar or en")),
        }
        Ok(())
    })?;
    match (ar, en) {
        (Some(ar), Some(en)) => Ok((key, Words { ar, en })),
        _ => Err(meta.error("both languages are needed: ar = \"…\", en = \"…\"")),
    }
}

fn rollup(meta: &ParseNestedMeta) -> Result<Rollup> {
    let (mut object, mut via, mut agg, mut field, mut filter) = (None, None, None, None, None);
    meta.parse_nested_meta(|inner| {
        let name = inner.path.get_ident().map(ToString::to_string).unwrap_or_default();
        let slot = match name.as_str() {
            "object" => &mut object,
            "via" => &mut via,
            "agg" => &mut agg,
            "field" => &mut field,
            "filter" => &mut filter,
            _ => return Err(inner.error("a rollup knows object, via, agg, field, filter")),
        };
        *slot = Some(text(&inner)?);
        Ok(())
    })?;
    match (object, via, agg) {
        (Some(object), Some(via), Some(agg)) => Ok(Rollup { object, via, agg, field, filter }),
        _ => Err(meta.error("a rollup needs object, via and agg")),
    }
}

fn sequence(meta: &ParseNestedMeta) -> Result<Sequence> {
    let mut all = Sequence { prefix: LitStr::new("", Span::call_site()), pad: 1, gap_free: false };
    meta.parse_nested_meta(|inner| {
        match () {
            () if inner.path.is_ident("prefix") => all.prefix = text(&inner)?,
            () if inner.path.is_ident("pad") => all.pad = inner.value()?.parse::<LitInt>()?.base10_parse()?,
            () if inner.path.is_ident("gap_free") => {
                all.gap_free =
                    if inner.input.peek(Token![=]) { inner.value()?.parse::<LitBool>()?.value } else { true };
            }
            () => return Err(inner.error("a sequence knows prefix, pad, gap_free")),
        }
        Ok(())
    })?;
    Ok(all)
}
