//! One line of a quote. It goes where its quote goes: rights, trash, restore.

use kernel::object::Capability;
use kernel::{Field, Kind, Label, Object, Weight, label};

pub const KEY: &str = "quote_line";

const SUMS: Label = label("المبالغ", "Amounts");
/// Decimals of a unit price: more than any currency has.
pub const PRICE_SCALE: u8 = 6;

/// What of a line its sums follow from.
pub const INPUTS: [&str; 12] =
    ["quote", "product", "description", "quantity", "unit", "price", "discount_rate", "discount_amount", "tax", "tax_percent", "optional", "chosen"];

pub fn object() -> Object {
    use Capability::{Comments, Events, Files, Import, Menu, Search, Timeline, Trash};
    let sum = |key: &str, l: Label| Field::new(key, Kind::Money, l).readonly().section(SUMS);
    Object::new(KEY, "quotes", label("بند عرض", "Quote line"), label("بنود العروض", "Quote lines"))
        .icon("list")
        .title("description")
        .owner("quote.owner")
        .sort("position")
        .without(&[Menu, Search, Timeline, Comments, Files, Events, Import, Trash])
        .field(Field::new("quote", Kind::to(crate::quote::KEY), label("عرض السعر", "Quote")).required().cascade().unlisted().reverse("lines", label("البنود", "Lines")).list())
        .field(Field::new("position", Kind::Integer, label("الترتيب", "Position")))
        .field(Field::new("product", Kind::to("product"), label("المنتج", "Product")).unlisted().reverse("quote_lines", label("بنود العروض", "Quote lines")))
        .field(
            Field::new("description", Kind::Text { max: 500 }, label("البيان", "Description"))
                .required()
                .search(Weight::Body)
                .help(label("إن تُرك فارغًا فاسم المنتج.", "The name of the product, if left empty.")),
        )
        .field(Field::new("quantity", Kind::Decimal { scale: 3 }, label("الكمية", "Quantity")).required().default_expr("1").list())
        .field(Field::new("unit", Kind::Text { max: 40 }, label("الوحدة", "Unit")))
        .field(
            Field::new("price", Kind::Decimal { scale: PRICE_SCALE }, label("سعر الوحدة", "Unit price"))
                .required()
                .list()
                .help(label("بعملة العرض. إن تُرك فارغًا فسعر القائمة.", "In the currency of the quote. The listed price, if left empty.")),
        )
        .field(Field::new("listed", Kind::Decimal { scale: PRICE_SCALE }, label("سعر القائمة", "Listed price")).readonly())
        .field(Field::new("discount_rate", Kind::Percent, label("الخصم", "Discount")).list())
        .field(Field::new("discount_amount", Kind::Money, label("خصم بمبلغ", "Discount as an amount")))
        .field(Field::new("tax", Kind::to(crate::tax::KEY), label("الضريبة", "Tax")).unlisted().reverse("quote_lines", label("بنود العروض", "Quote lines")))
        .field(Field::new("tax_category", Kind::Code { max: 20 }, label("فئة الضريبة", "Tax category")).readonly())
        .field(Field::new("tax_percent", Kind::Percent, label("نسبة الضريبة", "Tax rate")).readonly().list())
        .field(
            Field::new("optional", Kind::Bool, label("اختياري", "Optional"))
                .default_expr("false")
                .help(label("يختاره العميل إن شاء، ولا يدخل في الإجمالي قبل ذلك.", "The customer chooses it or not; until then it is in no sum.")),
        )
        .field(Field::new("chosen", Kind::Bool, label("اختاره العميل", "Chosen by the customer")).readonly().default_expr("false"))
        .field(
            Field::new("included", Kind::Bool, label("ضمن المنتج", "Included"))
                .readonly()
                .default_expr("false")
                .help(label("جزء من منتج يحمل السعر كله.", "Part of a product that carries the whole price.")),
        )
        .field(sum("amount", label("القيمة", "Amount")).list())
        .field(sum("net", label("الصافي", "Net")))
        .field(sum("tax_amount", label("قيمة الضريبة", "Tax amount")))
        .field(sum("gross", label("مع الضريبة", "With tax")))
        .field(Field::new("unit_cost", Kind::Decimal { scale: PRICE_SCALE }, label("تكلفة الوحدة", "Unit cost")).readonly().section(SUMS))
        .field(sum("cost", label("التكلفة", "Cost")))
        .field(Field::new("discount_percent", Kind::Percent, label("دون سعر القائمة", "Below the price list")).readonly().section(SUMS))
        .field(Field::new("trace", Kind::Json, label("كيف حُسب السعر", "Why this price")).readonly().section(SUMS))
}
