//! The kind of a field from its Rust type and attributes.

use crate::attributes::{ChoiceAttribute, FieldAttributes};
use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned;
use syn::{Error, GenericArgument, LitStr, PathArguments, Result, Type};

/// A Rust type as the derive understands it.
pub struct Shape {
    /// Last word of the type: `String`, `Uuid`, `Decimal` …
    pub name: String,
    /// Inside an `Option`.
    pub optional: bool,
    /// Inside a `Vec`.
    pub many: bool,
}

/// The last segment of a path type and its one type argument.
fn last(ty: &Type) -> Option<(String, Option<&Type>)> {
    let Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last()?;
    let inner = match &segment.arguments {
        PathArguments::AngleBracketed(args) => args.args.iter().find_map(|a| match a {
            GenericArgument::Type(t) => Some(t),
            _ => None,
        }),
        _ => None,
    };
    Some((segment.ident.to_string(), inner))
}

impl Shape {
    pub fn of(ty: &Type) -> Result<Shape> {
        let unknown = || {
            Error::new(
                ty.span(),
                "a field is String, i64, bool, Decimal, Money, Date, Timestamp, Uuid, Name, Address, FileRef, Json, an Option of these, or a Vec of Uuid or String",
            )
        };
        let mut shape = Shape { name: String::new(), optional: false, many: false };
        let mut ty = ty;
        loop {
            match last(ty).ok_or_else(unknown)? {
                (name, Some(inner)) if name == "Option" && !shape.optional && !shape.many => {
                    shape.optional = true;
                    ty = inner;
                }
                (name, Some(inner)) if name == "Vec" && !shape.many => {
                    shape.many = true;
                    ty = inner;
                }
                (name, None) => {
                    shape.name = name;
                    return Ok(shape);
                }
                _ => return Err(unknown()),
            }
        }
    }
}

/// The expression of the kind, computed kinds around what they hold.
pub fn kind(ty: &Type, shape: &Shape, a: &FieldAttributes) -> Result<TokenStream> {
    let held = held(ty, shape, a)?;
    if let Some(expr) = &a.formula {
        return Ok(quote!(::kernel::Kind::Formula { expr: #expr.into(), result: ::std::boxed::Box::new(#held) }));
    }
    if let Some(r) = &a.rollup {
        let agg = match r.agg.value().as_str() {
            "count" => quote!(Count),
            "sum" => quote!(Sum),
            "min" => quote!(Min),
            "max" => quote!(Max),
            _ => return Err(Error::new(r.agg.span(), "agg is \"count\", \"sum\", \"min\" or \"max\"")),
        };
        if r.field.is_none() && r.agg.value() != "count" {
            return Err(Error::new(r.agg.span(), "this needs field = \"…\" of the other object"));
        }
        let (object, via, field, filter) = (&r.object, &r.via, option(r.field.as_ref()), option(r.filter.as_ref()));
        return Ok(quote!(::kernel::Kind::Rollup {
            object: #object.into(), via: #via.into(), agg: ::kernel::Agg::#agg, field: #field, filter: #filter,
            result: ::std::boxed::Box::new(#held),
        }));
    }
    Ok(held)
}

fn option(text: Option<&LitStr>) -> TokenStream {
    text.map_or_else(
        || quote!(::std::option::Option::None),
        |t| quote!(::std::option::Option::Some(::std::string::String::from(#t))),
    )
}

fn held(ty: &Type, shape: &Shape, a: &FieldAttributes) -> Result<TokenStream> {
    let wrong = |what: &str| Err(Error::new(a.kind.as_ref().map_or(ty.span(), syn::Ident::span), what));
    let named = a.kind.as_ref().map(ToString::to_string);
    let named = named.as_deref();
    if let Some(choices) = &a.choices {
        let options = options(choices)?;
        return match (shape.name.as_str(), shape.many) {
            ("String", false) => Ok(quote!(::kernel::Kind::Choice { options: #options })),
            ("String", true) => Ok(quote!(::kernel::Kind::MultiChoice { options: #options })),
            _ => wrong("choices need String, Option<String> or Vec<String>"),
        };
    }
    if let Some(to) = &a.to {
        return match (shape.name.as_str(), shape.many) {
            ("Uuid", false) => Ok(quote!(::kernel::Kind::Ref { object: #to.into() })),
            ("Uuid", true) => Ok(quote!(::kernel::Kind::Refs { object: #to.into() })),
            _ => wrong("a reference is Uuid, Option<Uuid> or Vec<Uuid>"),
        };
    }
    if let Some(s) = &a.sequence {
        let (prefix, pad, gap_free) = (&s.prefix, s.pad, s.gap_free);
        return match shape.name.as_str() {
            "String" => Ok(quote!(::kernel::Kind::Sequence { prefix: #prefix.into(), pad: #pad, gap_free: #gap_free })),
            _ => wrong("a sequence is a String"),
        };
    }
    if shape.many {
        return wrong("a list needs choices(…) for String or to = \"…\" for Uuid");
    }
    let max = |default: u32| a.max.as_ref().map_or_else(|| quote!(#default), |m| quote!(#m));
    let scale = a.scale.as_ref().map_or_else(|| quote!(2), |s| quote!(#s));
    let variant = match (shape.name.as_str(), named) {
        ("String", None | Some("text")) => {
            let max = max(200);
            quote!(Text { max: #max })
        }
        ("String", Some("code")) => {
            let max = max(64);
            quote!(Code { max: #max })
        }
        ("String", Some("long_text")) => quote!(LongText),
        ("String", Some("rich_text")) => quote!(RichText),
        ("String", Some("email")) => quote!(Email),
        ("String", Some("phone")) => quote!(Phone),
        ("String", Some("url")) => quote!(Url),
        ("i64", None | Some("integer")) => quote!(Integer),
        ("i64", Some("duration")) => quote!(Duration),
        ("Decimal", None | Some("decimal")) => quote!(Decimal { scale: #scale }),
        ("Decimal", Some("percent")) => quote!(Percent),
        ("Money", None | Some("money")) => quote!(Money),
        ("bool", None | Some("bool")) => quote!(Bool),
        ("Date", None | Some("date")) => quote!(Date),
        ("Timestamp", None | Some("date_time")) => quote!(DateTime),
        ("Name", None | Some("name")) => quote!(Name),
        ("Address", None | Some("address")) => quote!(Address),
        ("FileRef", None | Some("file")) => quote!(File),
        ("FileRef", Some("image")) => quote!(Image),
        ("Value" | "Json", None | Some("json")) => quote!(Json),
        ("Uuid", _) => return wrong("a reference needs to = \"object\""),
        (name, Some(kind)) => return wrong(&format!("{name} cannot hold the kind {kind}")),
        (name, None) => return wrong(&format!("no kind of field holds {name}")),
    };
    Ok(quote!(::kernel::Kind::#variant))
}

fn options(choices: &[ChoiceAttribute]) -> Result<TokenStream> {
    let each = choices
        .iter()
        .map(|c| {
            let (key, ar, en) = (&c.key, &c.words.ar, &c.words.en);
            let tone = match c.tone.as_ref().map(LitStr::value).as_deref() {
                None | Some("neutral") => quote!(Neutral),
                Some("info") => quote!(Info),
                Some("good") => quote!(Good),
                Some("warn") => quote!(Warn),
                Some("bad") => quote!(Bad),
                Some("accent") => quote!(Accent),
                Some(_) => {
                    let span = c.tone.as_ref().map_or(key.span(), LitStr::span);
                    return Err(Error::new(span, "a tone is neutral, info, good, warn, bad or accent"));
                }
            };
            let by = c.by.iter();
            Ok(quote!(::kernel::Choice::new(#key, ::kernel::label(#ar, #en), ::kernel::Tone::#tone)#(.by(#by))*))
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(quote!(::std::vec![#(#each),*]))
}
