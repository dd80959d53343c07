//! What belongs to a product: parts that go into the quote with it, and options that the customer may add.

use engine::{Count, Cx, Query};
use kernel::object::Capability;
use kernel::uuid::Uuid;
use kernel::{Expr, Field, Kind, Object, Outcome, Record, label};

pub const KEY: &str = "product_part";

pub fn object() -> Object {
    use Capability::{Comments, Files, Menu, Search, Timeline};
    Object::new(KEY, "quotes", label("جزء من منتج", "Part of a product"), label("أجزاء المنتجات وخياراتها", "Parts and options"))
        .icon("layers")
        .title("part")
        .sort("position")
        .without(&[Menu, Search, Timeline, Comments, Files])
        .field(Field::new("bundle", Kind::to("product"), label("المنتج", "Product")).required().inline().reverse("parts", label("الأجزاء والخيارات", "Parts and options")))
        .field(Field::new("position", Kind::Integer, label("الترتيب", "Position")))
        .field(Field::new("part", Kind::to("product"), label("الجزء", "Part")).required().unlisted().reverse("part_of", label("جزء من", "Part of")).list())
        .field(Field::new("quantity", Kind::Decimal { scale: 3 }, label("لكل وحدة", "For each unit")).required().default_expr("1").list())
        .field(
            Field::new("optional", Kind::Bool, label("اختياري", "Optional"))
                .default_expr("false")
                .list()
                .help(label("الخيار بسعره، والجزء ضمن سعر المنتج.", "An option has its own price; a part is within the price of the product.")),
        )
        .unique_together(&["bundle", "part"])
}

/// What goes into a quote with a product, in order.
///
/// # Errors
/// The database.
pub async fn of(cx: &mut Cx, product: Uuid) -> Outcome<Vec<Record>> {
    let (company, system) = (cx.company.clone(), cx.company.system());
    let query = Query { count: Count::None, ..Query::new(KEY).filter(Expr::path("bundle").eq(Expr::lit(product))).sort("position").limit(50) };
    Ok(company.list_in(&mut cx.tx, &system, &query).await?.records)
}
