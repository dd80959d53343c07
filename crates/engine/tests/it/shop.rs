//! A shop whose sales come by file: customers, products, invoices with lines.

use engine::{Company, JobKind, Module, Schedule};
use kernel::*;

pub fn objects() -> Vec<Object> {
    let user = Object::new("user", "base", label("مستخدم", "User"), label("المستخدمون", "Users"))
        .field(Field::new("name", Kind::Name, label("الاسم", "Name")).required())
        .field(Field::new("email", Kind::Email, label("البريد", "E-mail")).required().unique())
        .field(Field::new("active", Kind::Bool, label("نشط", "Active")).default_expr("true"));
    let tiers = vec![
        Choice::new("gold", label("ذهبي", "Gold"), Tone::Good),
        Choice::new("silver", label("فضي", "Silver"), Tone::Neutral),
    ];
    let party = Object::new("party", "base", label("عميل", "Customer"), label("العملاء", "Customers"))
        .field(Field::new("name", Kind::Name, label("الاسم", "Name")).required())
        .field(Field::new("code", Kind::code(), label("الرمز", "Code")).unique())
        .field(Field::new("email", Kind::Email, label("البريد", "E-mail")).unique().list())
        .field(Field::new("phone", Kind::Phone, label("الهاتف", "Phone")).search(Weight::Body))
        .field(Field::new("address", Kind::Address, label("العنوان", "Address")))
        .field(Field::new("tier", Kind::Choice { options: tiers.clone() }, label("الفئة", "Tier")))
        .field(Field::new("tags", Kind::MultiChoice { options: tiers }, label("وسوم", "Tags")))
        .field(Field::new("credit", Kind::Money, label("الحد الائتماني", "Credit limit")))
        .field(Field::new("since", Kind::Date, label("عميل منذ", "Customer since")))
        .field(Field::new("seen", Kind::DateTime, label("آخر تواصل", "Last contact")))
        .field(Field::new("vip", Kind::Bool, label("مميز", "VIP")))
        .field(Field::new("note", Kind::LongText, label("ملاحظات", "Notes")))
        .field(Field::new("owner", Kind::to("user"), label("المسؤول", "Owner")))
        .field(Field::new("friends", Kind::Refs { object: "party".into() }, label("معارف", "Friends")))
        .owner("owner")
        .sort("name");
    let product = Object::new("product", "shop", label("منتج", "Product"), label("المنتجات", "Products"))
        .field(Field::new("code", Kind::code(), label("الرمز", "Code")).required().unique())
        .field(Field::new("name", Kind::text(), label("الاسم", "Name")).required());
    let kinds = vec![
        Choice::new("sale", label("بيع", "Sale"), Tone::Good),
        Choice::new("return", label("مرتجع", "Return"), Tone::Warn),
    ];
    let invoice = Object::new("invoice", "shop", label("فاتورة", "Invoice"), label("الفواتير", "Invoices"))
        .title("number")
        .field(Field::new("number", Kind::code(), label("الرقم", "Number")).required().unique())
        .field(Field::new("kind", Kind::Choice { options: kinds }, label("النوع", "Kind")).default_expr("\"sale\""))
        .field(Field::new("party", Kind::to("party"), label("العميل", "Customer")))
        .field(Field::new("issued", Kind::DateTime, label("التاريخ", "Issued")))
        .field(Field::new(
            "total",
            Kind::Rollup {
                object: "invoice_line".into(),
                via: "invoice".into(),
                agg: Agg::Sum,
                field: Some("amount".into()),
                filter: None,
                result: Box::new(Kind::Money),
            },
            label("الإجمالي", "Total"),
        ))
        .sort("number");
    let line = Object::new("invoice_line", "shop", label("بند", "Line"), label("البنود", "Lines"))
        .title("description")
        .field(Field::new("invoice", Kind::to("invoice"), label("الفاتورة", "Invoice")).required().reverse("lines", label("البنود", "Lines")).cascade())
        .field(Field::new("product", Kind::to("product"), label("المنتج", "Product")))
        .field(Field::new("description", Kind::text(), label("البيان", "Description")))
        .field(Field::new("quantity", Kind::Decimal { scale: 3 }, label("الكمية", "Quantity")).required())
        .field(Field::new("price", Kind::Money, label("السعر", "Price")).required())
        .field(Field::new("amount", Kind::Formula { expr: "price * quantity".into(), result: Box::new(Kind::Money) }, label("المبلغ", "Amount")));
    vec![user, party, product, invoice, line]
}

fn roles() -> Vec<Role> {
    let role = |key: &str, grants, admin| Role { key: key.into(), label: label("دور", "Role"), grants, admin };
    vec![
        role("admin", vec![Grant::full("*", RowRule::All)], true),
        role("seller", vec![Grant::full("party", RowRule::Own).mask("credit", Mask::Hidden), Grant::read("user", RowRule::All)], false),
        role("clerk", vec![Grant::full("party", RowRule::All).mask("phone", Mask::Masked), Grant::read("user", RowRule::All)], false),
        role("reader", vec![Grant::read("party", RowRule::All)], false),
    ]
}

pub async fn with(url: &str, jobs: Vec<JobKind>, schedules: Vec<Schedule>) -> Company {
    let db = store::Db::open(url, &store::Options::default()).await.unwrap();
    let module = Module {
        key: "shop",
        label: label("متجر", "Shop"),
        objects: objects(),
        roles: roles(),
        jobs,
        schedules,
        ..Module::default()
    };
    Company::open(db, &std::env::temp_dir(), vec![module]).await.unwrap().0
}

pub async fn open(url: &str) -> Company {
    with(url, Vec::new(), Vec::new()).await
}

/// Everything that must not change when nothing is new: revisions, audit, events, external keys.
pub async fn traces(company: &Company) -> Vec<i64> {
    let mut conn = company.db().read().await.unwrap();
    let mut out = Vec::new();
    for object in ["party", "product", "invoice", "invoice_line"] {
        out.push(count(&mut conn, &format!("SELECT COUNT(*) FROM {object} WHERE deleted_at IS NULL")).await);
        out.push(count(&mut conn, &format!("SELECT CAST(COALESCE(SUM(rev), 0) AS BIGINT) FROM {object}")).await);
    }
    for table in ["sila_audit", "sila_event", "sila_external", "sila_timeline"] {
        out.push(count(&mut conn, &format!("SELECT COUNT(*) FROM {table}")).await);
    }
    out
}

pub async fn count(conn: &mut store::Conn, sql: &str) -> i64 {
    let sql = store::Sql::of(conn.dialect(), sql);
    conn.int(&sql).await.unwrap().unwrap_or_default()
}

pub async fn number(company: &Company, sql: &str) -> i64 {
    let mut conn = company.db().read().await.unwrap();
    count(&mut conn, sql).await
}
