//! What is sold: goods, services, and charges such as postage.

use kernel::{Agg, Capability, Choice, Field, Kind, Label, Object, Tone, Weight, label};

/// Heading of the sales figures.
const SALES: Label = label("حركة البيع", "Sales figures");

pub fn object() -> Object {
    Object::new("product", "commerce", label("منتج", "Product"), label("المنتجات", "Products"))
        .icon("package")
        .sort("name")
        .without(&[Capability::Timeline])
        .field(Field::new("name", Kind::Name, label("اسم المنتج", "Product name")).required().search(Weight::Title))
        .field(Field::new("code", Kind::code(), label("رمز الصنف", "Stock code")).required().unique().search(Weight::Title).list())
        .field(
            Field::new("kind", Kind::Choice { options: kinds() }, label("النوع", "Kind"))
                .required()
                .default_expr("\"goods\"")
                .list(),
        )
        .field(Field::new("price", Kind::Money, label("سعر البيع", "List price")).list())
        .field(Field::new("active", Kind::Bool, label("معروض للبيع", "On sale")).default_expr("true").list())
        .field(Field::new("image", Kind::Image, label("صورة المنتج", "Picture")))
        .field(Field::new("description", Kind::RichText, label("الوصف", "Description")).search(Weight::Body))
        .field(of_lines("quantity_sold", label("الكمية المباعة", "Quantity sold"), Agg::Sum, Some("quantity"), Kind::Decimal { scale: 3 }).list())
        .field(of_lines("revenue", label("قيمة المبيعات", "Sales value"), Agg::Sum, Some("amount"), Kind::Money).list().indexed())
        .field(of_lines("lines_count", label("عدد بنود الطلبات", "Order lines"), Agg::Count, None, Kind::Integer))
}

/// Sums over the lines of orders that were not cancelled; returns count with their minus sign.
fn of_lines(key: &str, l: Label, agg: Agg, field: Option<&str>, result: Kind) -> Field {
    let kind = Kind::Rollup {
        object: "order_line".into(),
        via: "product".into(),
        agg,
        field: field.map(str::to_owned),
        filter: Some("cancelled != true".into()),
        result: Box::new(result),
    };
    Field::new(key, kind, l).section(SALES)
}

fn kinds() -> Vec<Choice> {
    vec![
        Choice::new("goods", label("بضاعة", "Goods"), Tone::Neutral),
        Choice::new("service", label("خدمة", "Service"), Tone::Info),
        Choice::new("charge", label("رسوم وتسويات", "Charge or adjustment"), Tone::Warn),
    ]
}
