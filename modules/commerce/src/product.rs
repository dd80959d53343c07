//! What is sold: goods, services, and charges such as postage.
//!
//! Its figures are sums over the lines of orders that were not cancelled; returns count with their minus sign.

use kernel::rust_decimal::Decimal;
use kernel::uuid::Uuid;
use kernel::{FileRef, Money, Name, Object};

#[derive(Debug, Object)]
#[object(
    key = "product",
    module = "commerce",
    ar = "منتج",
    en = "Product",
    ar_plural = "المنتجات",
    en_plural = "Products",
    icon = "package",
    sort = "name",
    without(Timeline)
)]
pub struct Product {
    pub id: Uuid,
    #[field(ar = "اسم المنتج", en = "Product name", search = "title")]
    pub name: Name,
    #[field(ar = "رمز الصنف", en = "Stock code", kind = code, unique, search = "title", list)]
    pub code: String,
    #[field(
        ar = "النوع",
        en = "Kind",
        choices(
            ("goods", "بضاعة", "Goods"),
            ("service", "خدمة", "Service", "info"),
            ("charge", "رسوم وتسويات", "Charge or adjustment", "warn")
        ),
        default = "\"goods\"",
        list
    )]
    pub kind: String,
    #[field(ar = "سعر البيع", en = "List price", list)]
    pub price: Option<Money>,
    #[field(ar = "معروض للبيع", en = "On sale", default = "true", list)]
    pub active: bool,
    #[field(ar = "الوحدة", en = "Unit", max = 40, help(ar = "قطعة، كرتون، ساعة…", en = "Piece, carton, hour …"))]
    pub unit: Option<String>,
    #[field(
        ar = "فئة الضريبة",
        en = "Tax category",
        choices(
            ("standard", "النسبة الأساسية", "Standard rate"),
            ("reduced", "نسبة مخفضة", "Reduced rate"),
            ("zero", "نسبة الصفر", "Zero rate"),
            ("exempt", "معفى", "Exempt")
        ),
        default = "\"standard\""
    )]
    pub tax_category: String,
    #[field(
        ar = "التكلفة",
        en = "Cost",
        help(ar = "تكلفة الوحدة دون ضريبة؛ لا يراها إلا من يجوز له.", en = "Of one unit, without tax; seen only by those who may.")
    )]
    pub cost: Option<Money>,
    #[field(ar = "صورة المنتج", en = "Picture", kind = image)]
    pub image: Option<FileRef>,
    #[field(ar = "الوصف", en = "Description", kind = rich_text, search = "body")]
    pub description: Option<String>,

    #[field(
        ar = "الكمية المباعة",
        en = "Quantity sold",
        scale = 3,
        section(ar = "حركة البيع", en = "Sales figures"),
        rollup(object = "order_line", via = "product", agg = "sum", field = "quantity", filter = "cancelled != true"),
        list
    )]
    pub quantity_sold: Decimal,
    #[field(
        ar = "قيمة المبيعات",
        en = "Sales value",
        section(ar = "حركة البيع", en = "Sales figures"),
        rollup(object = "order_line", via = "product", agg = "sum", field = "amount", filter = "cancelled != true"),
        list,
        indexed
    )]
    pub revenue: Option<Money>,
    #[field(
        ar = "عدد بنود الطلبات",
        en = "Order lines",
        section(ar = "حركة البيع", en = "Sales figures"),
        rollup(object = "order_line", via = "product", agg = "count", filter = "cancelled != true")
    )]
    pub lines_count: i64,
}
