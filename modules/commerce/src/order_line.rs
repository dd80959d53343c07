//! One line of an order or a return. It goes where its order goes: rights, trash, restore.

use kernel::{Capability, Choice, Field, Kind, Object, Tone, Weight, label};

pub fn object() -> Object {
    use Capability::{Comments, Events, Files, Menu, Search, Timeline};
    Object::new("order_line", "commerce", label("بند طلب", "Order line"), label("بنود الطلبات", "Order lines"))
        .icon("list")
        .title("description")
        .owner("order.owner")
        .sort("position")
        .without(&[Menu, Search, Timeline, Comments, Files, Events])
        .field(
            Field::new("order", Kind::to("order"), label("الطلب", "Order"))
                .required()
                .cascade()
                .reverse("lines", label("البنود", "Lines"))
                .list(),
        )
        .field(Field::new("position", Kind::Integer, label("الترتيب", "Position")))
        .field(
            Field::new("product", Kind::to("product"), label("المنتج", "Product"))
                .reverse("lines", label("بنود الطلبات", "Order lines"))
                .list(),
        )
        .field(Field::new("description", Kind::text(), label("البيان", "Description")).required().search(Weight::Body))
        .field(
            Field::new("kind", Kind::Choice { options: kinds() }, label("نوع البند", "Line kind"))
                .required()
                .default_expr("\"goods\"")
                .list(),
        )
        .field(Field::new("quantity", Kind::Decimal { scale: 3 }, label("الكمية", "Quantity")).required().default_expr("1").list())
        .field(Field::new("price", Kind::Money, label("سعر الوحدة", "Unit price")).required().list())
        .field(
            Field::new(
                "amount",
                Kind::Formula { expr: "price * quantity".into(), result: Box::new(Kind::Money) },
                label("القيمة", "Amount"),
            )
            .list(),
        )
        .field(
            Field::new("no_customer", Kind::Bool, label("بلا عميل", "No customer"))
                .help(label("بيع لم يُسجَّل له عميل؛ يبقى في المبيعات ولا يدخل في تحليل العملاء.", "A sale without a known customer: kept in sales, left out of customer analysis."))
                .default_expr("false"),
        )
        .field(Field::new("cancelled", Kind::Bool, label("ملغى", "Cancelled")).readonly().default_expr("false"))
}

fn kinds() -> Vec<Choice> {
    vec![
        Choice::new("goods", label("بضاعة", "Goods"), Tone::Neutral),
        Choice::new("charge", label("رسوم", "Charge"), Tone::Info),
        Choice::new("adjustment", label("تسوية", "Adjustment"), Tone::Warn),
    ]
}
