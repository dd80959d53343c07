//! The `impl Declared` of a struct.

use crate::attributes::{FieldAttributes, ObjectAttributes, Words};
use crate::kinds::{Shape, kind};
use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Fields, Ident, LitStr, Result};

const CAPABILITIES: [&str; 10] =
    ["Menu", "Audit", "Search", "Import", "Export", "Timeline", "Comments", "Files", "Trash", "Events"];
const SYSTEM: [&str; 6] = ["id", "rev", "created_at", "created_by", "updated_at", "updated_by"];

/// What one struct field contributes.
struct Part {
    /// `.field(…)` of the declaration; none for id, revision and system fields.
    declared: Option<TokenStream>,
    read: TokenStream,
    write: TokenStream,
}

pub fn declared(input: &DeriveInput) -> Result<TokenStream> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new(input.ident.span(), "an object is a struct"));
    };
    let Fields::Named(fields) = &data.fields else {
        return Err(Error::new(input.ident.span(), "an object is a struct with named fields"));
    };
    let object = ObjectAttributes::read(&input.attrs, input.ident.span())?;
    let names: Vec<String> =
        fields.named.iter().filter_map(|f| f.ident.as_ref()).map(|i| i.unraw().to_string()).collect();

    let need = |slot: &Option<LitStr>, word: &str| {
        slot.clone().ok_or_else(|| Error::new(input.ident.span(), format!("#[object({word} = \"…\")] is missing")))
    };
    let key = need(&object.key, "key")?;
    valid_key(&key)?;
    let module = need(&object.module, "module")?;
    let (ar, en) = (need(&object.ar, "ar")?, need(&object.en, "en")?);
    let (ar_plural, en_plural) = (need(&object.ar_plural, "ar_plural")?, need(&object.en_plural, "en_plural")?);

    let mut settings = TokenStream::new();
    for (slot, method) in [
        (&object.icon, "icon"),
        (&object.title, "title"),
        (&object.stage, "stage"),
        (&object.calendar, "calendar"),
        (&object.owner, "owner"),
        (&object.happened, "happened"),
        (&object.sort, "sort"),
        (&object.visible, "visible"),
    ] {
        let Some(value) = slot else { continue };
        if !["icon", "visible"].contains(&method) {
            field_exists(value, &names)?;
        }
        let method = Ident::new(method, value.span());
        settings.extend(quote!(.#method(#value)));
    }
    for capability in &object.without {
        if !CAPABILITIES.contains(&capability.to_string().as_str()) {
            return Err(Error::new(capability.span(), format!("a capability is one of {}", CAPABILITIES.join(", "))));
        }
    }
    if !object.without.is_empty() {
        let without = &object.without;
        settings.extend(quote!(.without(&[#(::kernel::Capability::#without),*])));
    }
    for set in &object.unique {
        for name in set {
            field_exists(name, &names)?;
        }
        settings.extend(quote!(.unique_together(&[#(#set),*])));
    }

    let parts = fields.named.iter().map(part).collect::<Result<Vec<_>>>()?;
    let declared = parts.iter().filter_map(|p| p.declared.as_ref());
    let (reads, writes) = (parts.iter().map(|p| &p.read), parts.iter().map(|p| &p.write));
    let name = &input.ident;
    Ok(quote! {
        impl ::kernel::object::Declared for #name {
            const KEY: &'static str = #key;
            fn object() -> ::kernel::Object {
                ::kernel::Object::new(#key, #module, ::kernel::label(#ar, #en), ::kernel::label(#ar_plural, #en_plural))
                    #settings
                    #(.field(#declared))*
            }
            fn from_record(record: &::kernel::Record) -> Self {
                #name { #(#reads),* }
            }
            fn into_values(self) -> ::kernel::indexmap::IndexMap<::std::string::String, ::kernel::Value> {
                let mut values = ::kernel::indexmap::IndexMap::new();
                #(#writes)*
                values
            }
        }
    })
}

fn part(field: &syn::Field) -> Result<Part> {
    let ident = field.ident.as_ref().ok_or_else(|| Error::new(field.span(), "a field has a name"))?;
    let key = ident.unraw().to_string();
    let attributes = FieldAttributes::read(&field.attrs)?;
    let read = quote!(#ident: ::kernel::object::FieldType::read(::kernel::Record::get(record, #key)));
    if let (None, "id" | "rev") = (&attributes, key.as_str()) {
        return Ok(Part { declared: None, read: quote!(#ident: record.#ident), write: quote!(let _ = self.#ident;) });
    }
    let Some(a) = attributes else {
        return Err(Error::new(ident.span(), "#[field(ar = \"…\", en = \"…\")] is missing"));
    };
    if a.system {
        if !SYSTEM.contains(&key.as_str()) {
            return Err(Error::new(ident.span(), format!("system fields are {}", SYSTEM.join(", "))));
        }
        return Ok(Part { declared: None, read, write: quote!(let _ = self.#ident;) });
    }
    valid_key(&LitStr::new(&key, ident.span()))?;
    let span = a.span.unwrap_or_else(|| ident.span());
    let (Some(ar), Some(en)) = (&a.ar, &a.en) else {
        return Err(Error::new(span, "a field needs its name in both languages: ar = \"…\", en = \"…\""));
    };
    let shape = Shape::of(&field.ty)?;
    let kind = kind(&field.ty, &shape, &a)?;
    let mut build = quote!(::kernel::Field::new(#key, #kind, ::kernel::label(#ar, #en)));

    let computed = a.formula.is_some() || a.rollup.is_some();
    let has = |flag: &str| a.flags.iter().any(|f| f == flag);
    let given = computed || a.sequence.is_some() || has("readonly");
    if !shape.optional && !shape.many && shape.name != "bool" && !given && !has("required") {
        build.extend(quote!(.required()));
    }
    for flag in &a.flags {
        build.extend(quote!(.#flag()));
    }
    if let Some(search) = &a.search {
        let weight = match search.value().as_str() {
            "title" => quote!(Title),
            "body" => quote!(Body),
            _ => return Err(Error::new(search.span(), "search is \"title\" or \"body\"")),
        };
        build.extend(quote!(.search(::kernel::Weight::#weight)));
    }
    for (expr, method) in [(&a.default, "default_expr"), (&a.when, "when"), (&a.lock, "lock")] {
        if let Some(expr) = expr {
            let method = Ident::new(method, expr.span());
            build.extend(quote!(.#method(#expr)));
        }
    }
    for (words, method) in [(&a.section, "section"), (&a.help, "help")] {
        if let Some(Words { ar, en }) = words {
            let method = Ident::new(method, ar.span());
            build.extend(quote!(.#method(::kernel::label(#ar, #en))));
        }
    }
    if let Some((reverse, Words { ar, en })) = &a.reverse {
        if a.to.is_none() {
            return Err(Error::new(reverse.span(), "only a reference (to = \"…\") has another side"));
        }
        build.extend(quote!(.reverse(#reverse, ::kernel::label(#ar, #en))));
    }
    let write = if computed {
        quote!(let _ = self.#ident;)
    } else if given {
        quote! {
            let value = ::kernel::object::FieldType::write(self.#ident);
            if !value.is_blank() {
                values.insert(#key.into(), value);
            }
        }
    } else {
        quote!(values.insert(#key.into(), ::kernel::object::FieldType::write(self.#ident));)
    };
    Ok(Part { declared: Some(build), read, write })
}

/// As `kernel::registry::valid_key`: safe as table, column and URL.
fn valid_key(key: &LitStr) -> Result<()> {
    let text = key.value();
    let fits = text.len() <= 48
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if fits {
        Ok(())
    } else {
        Err(Error::new(key.span(), "a key is a–z, 0–9 and _, begins with a letter, at most 48 long"))
    }
}

/// The first word of a path or sort order names a field of the struct.
fn field_exists(path: &LitStr, names: &[String]) -> Result<()> {
    let text = path.value();
    let first = text.trim_start_matches('-').split('.').next().unwrap_or_default();
    if names.iter().any(|n| n == first) || SYSTEM.contains(&first) {
        return Ok(());
    }
    Err(Error::new(path.span(), format!("there is no field `{first}` in this struct")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(object: &str, field: &str) -> String {
        let source = format!(
            "#[object(key = \"visit\", module = \"m\", ar = \"ز\", en = \"V\", ar_plural = \"ز\", en_plural = \"V\", {object})]
             struct Visit {{ id: Uuid, {field} }}"
        );
        match declared(&syn::parse_str(&source).expect("the test's own source parses")) {
            Ok(_) => "fine".into(),
            Err(e) => e.to_string(),
        }
    }

    #[test]
    fn complaints_say_what_to_write() {
        let name = "#[field(ar = \"ا\", en = \"N\")] name: String";
        for (object, field, want) in [
            ("", name, "fine"),
            ("title = \"nmae\"", name, "no field `nmae`"),
            ("sort = \"-created_at\"", name, "fine"),
            ("without(Importing)", name, "a capability is one of Menu"),
            ("colour = \"red\"", name, "an object knows key"),
            ("", "name: String", "#[field(ar = \"…\", en = \"…\")] is missing"),
            ("", "#[field(ar = \"ا\")] name: String", "both languages"),
            ("", "#[field(ar = \"ا\", en = \"N\")] name: u8", "no kind of field holds u8"),
            ("", "#[field(ar = \"ا\", en = \"N\", kind = phone)] name: i64", "i64 cannot hold the kind phone"),
            ("", "#[field(ar = \"ا\", en = \"N\")] owner: Uuid", "a reference needs to"),
            ("", "#[field(ar = \"ا\", en = \"N\", to = \"user\")] owner: String", "a reference is Uuid"),
            ("", "#[field(ar = \"ا\", en = \"N\", search = \"top\")] name: String", "search is"),
            ("", "#[field(ar = \"ا\", en = \"N\", choices((\"a\", \"ا\")))] name: String", "a choice is"),
            ("", "#[field(ar = \"ا\", en = \"N\", choices((\"a\", \"ا\", \"A\", \"red\")))] name: String", "a tone is"),
            (
                "",
                "#[field(ar = \"ا\", en = \"N\", rollup(object = \"o\", via = \"v\", agg = \"sum\"))] n: i64",
                "this needs field",
            ),
            ("", "#[field(ar = \"ا\", en = \"N\")] Name: String", "a key is a–z"),
            ("", "#[field(ar = \"ا\", en = \"N\", size = 3)] name: String", "a field knows ar"),
            ("", "#[field(system)] name: String", "system fields are"),
        ] {
            let got = complaint(object, field);
            assert!(got.contains(want), "{field} {object}: {got}");
        }
    }
}
