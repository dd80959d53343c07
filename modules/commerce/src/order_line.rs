//! One line of an order or a return. It goes where its order goes: rights, trash, restore.

use kernel::rust_decimal::Decimal;
use kernel::uuid::Uuid;
use kernel::{Money, Object};

#[derive(Debug, Object)]
#[object(
    key = "order_line",
    module = "commerce",
    ar = "بند طلب",
    en = "Order line",
    ar_plural = "بنود الطلبات",
    en_plural = "Order lines",
    icon = "list",
    title = "description",
    owner = "order.owner",
    sort = "position",
    without(Menu, Search, Timeline, Comments, Files, Events)
)]
pub struct OrderLine {
    pub id: Uuid,
    #[field(ar = "الطلب", en = "Order", to = "order", cascade, reverse(key = "lines", ar = "البنود", en = "Lines"), list)]
    pub order: Uuid,
    #[field(ar = "الترتيب", en = "Position")]
    pub position: Option<i64>,
    #[field(ar = "المنتج", en = "Product", to = "product", reverse(key = "lines", ar = "بنود الطلبات", en = "Order lines"))]
    pub product: Option<Uuid>,
    #[field(ar = "البيان", en = "Description", search = "body")]
    pub description: String,
    #[field(ar = "الكمية", en = "Quantity", scale = 3, default = "1", list)]
    pub quantity: Decimal,
    #[field(ar = "سعر الوحدة", en = "Unit price", list)]
    pub price: Money,
    #[field(
        ar = "القيمة المتفق عليها",
        en = "Agreed amount",
        help(
            ar = "بعد الخصم ودون الضريبة، كما في عرض السعر. إن تُركت فارغة فالكمية في السعر.",
            en = "After discounts and without tax, as quoted. If left empty: quantity times price."
        )
    )]
    pub agreed: Option<Money>,
    #[field(ar = "القيمة", en = "Amount", formula = "coalesce(agreed, price * quantity)", list)]
    pub amount: Option<Money>,
    #[field(
        ar = "نوع البند",
        en = "Line kind",
        choices(("goods", "بضاعة", "Goods"), ("charge", "رسوم", "Charge", "info"), ("adjustment", "تسوية", "Adjustment", "warn")),
        default = "\"goods\"",
        list
    )]
    pub kind: String,
    #[field(
        ar = "بلا عميل",
        en = "No customer",
        default = "false",
        help(
            ar = "بيع لم يُسجَّل له عميل؛ يبقى في المبيعات ولا يدخل في تحليل العملاء.",
            en = "A sale without a known customer: kept in sales, left out of customer analysis."
        )
    )]
    pub no_customer: bool,
    #[field(ar = "ملغى", en = "Cancelled", readonly, default = "false")]
    pub cancelled: bool,
}
