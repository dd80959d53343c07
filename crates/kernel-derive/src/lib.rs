//! `#[derive(Object)]`: a struct declares an object, and typed code reads and writes its records.
//!
//! ```ignore
//! #[derive(kernel::Object)]
//! #[object(key = "visit", module = "sales", ar = "زيارة", en = "Visit", ar_plural = "الزيارات", en_plural = "Visits",
//!          icon = "map-pin", title = "subject", owner = "seller", happened = "at", sort = "-at")]
//! pub struct Visit {
//!     pub id: Uuid,
//!     #[field(ar = "الموضوع", en = "Subject", search = "title")]
//!     pub subject: String,
//!     #[field(ar = "العميل", en = "Customer", to = "party", timeline, reverse(key = "visits", ar = "الزيارات", en = "Visits"))]
//!     pub party: Uuid,
//!     #[field(ar = "النتيجة", en = "Outcome", choices(("won", "ناجحة", "Won", "good"), ("lost", "خاسرة", "Lost", "bad")))]
//!     pub outcome: Option<String>,
//! }
//! ```
//! A field without `Option` is required (booleans, lists and computed fields are not). `id` and `rev` are the
//! record's own; `#[field(system)]` reads a system field such as `created_at`.

mod attributes;
mod emit;
mod kinds;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Declares an object; see the crate's documentation for the attributes.
#[proc_macro_derive(Object, attributes(object, field))]
pub fn object(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    emit::declared(&input).unwrap_or_else(|e| e.to_compile_error()).into()
}
