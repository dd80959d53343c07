//! Examples as a company here would write them.

use kernel::{Field, Kind};
use serde_json::{Value as Json, json};

/// A value of the field's kind.
pub(super) fn value(f: &Field) -> Json {
    match f.kind.stored() {
        Kind::Name if matches!(f.key.as_str(), "company" | "organisation") => json!({"ar": "مؤسسة الواحة للتجارة", "latin": "Oasis Trading"}),
        Kind::Name => json!({"ar": "عبد الله القحطاني", "latin": "Abdullah Alqahtani"}),
        Kind::Text { .. } => json!(format!("{} – مثال", f.label.get("ar"))),
        Kind::Code { .. } => json!("A-1024"),
        Kind::LongText => json!("التسليم قبل نهاية الأسبوع، والاتصال بالعميل قبل الوصول."),
        Kind::RichText => json!("<p>التسليم <strong>قبل نهاية الأسبوع</strong>.</p>"),
        Kind::Integer => json!(12),
        Kind::Decimal { scale } => json!(format!("{:.*}", usize::from(*scale), 3.5)),
        Kind::Percent => json!("12.50"),
        Kind::Money => json!({"amount": "1250.00", "currency": "SAR"}),
        Kind::Bool => json!(true),
        Kind::Date => json!("2026-03-01"),
        Kind::DateTime => json!("2026-03-01T08:30:00Z"),
        Kind::Duration => json!(5_400),
        k @ Kind::Choice { .. } => k.options().first().map_or(Json::Null, |o| json!(o.key)),
        k @ Kind::MultiChoice { .. } => json!(k.options().first().map(|o| o.key.clone()).into_iter().collect::<Vec<_>>()),
        Kind::Ref { .. } => json!("01932c07-7d5e-7a31-b6a5-1f0f4f1d2c3b"),
        Kind::Refs { .. } => json!(["01932c07-7d5e-7a31-b6a5-1f0f4f1d2c3b"]),
        Kind::Email => json!("abdullah@example.com"),
        Kind::Phone => json!("+966501234567"),
        Kind::Url => json!("https://example.com/"),
        Kind::Address => json!({"street": "شارع العليا", "district": "العليا", "city": "الرياض", "region": "", "postcode": "12211", "country": "SA"}),
        Kind::File => json!({"id": "01932c07-7d5e-7a31-b6a5-1f0f4f1d2c3c", "name": "عقد.pdf", "media": "application/pdf", "size": 48_213}),
        Kind::Image => json!({"id": "01932c07-7d5e-7a31-b6a5-1f0f4f1d2c3d", "name": "صورة.png", "media": "image/png", "size": 20_480}),
        Kind::Json => json!({"مصدر": "معرض الرياض"}),
        Kind::Sequence { prefix, pad, .. } => json!(format!("{prefix}{:0width$}", 42, width = usize::from(*pad))),
        Kind::Formula { .. } | Kind::Rollup { .. } => Json::Null,
    }
}
