//! A small company: customers, orders with lines, two sellers, on both databases.

use engine::{Action, Actor, Company, Done, Draft, Module};
use kernel::*;
use std::sync::Arc;
use uuid::Uuid;

pub fn objects() -> Vec<Object> {
    let user = Object::new("user", "base", label("مستخدم", "User"), label("المستخدمون", "Users"))
        .field(Field::new("name", Kind::Name, label("الاسم", "Name")).required())
        .field(Field::new("email", Kind::Email, label("البريد", "E-mail")).required().unique())
        .field(Field::new("active", Kind::Bool, label("نشط", "Active")).default_expr("true"));
    let party = Object::new("party", "base", label("عميل", "Customer"), label("العملاء", "Customers"))
        .field(Field::new("name", Kind::Name, label("الاسم", "Name")).required())
        .field(Field::new("email", Kind::Email, label("البريد", "E-mail")).unique().list())
        .field(Field::new("phone", Kind::Phone, label("الهاتف", "Phone")).search(Weight::Body))
        .field(Field::new("credit", Kind::Money, label("الحد", "Credit limit")))
        .field(Field::new("owner", Kind::to("user"), label("المسؤول", "Owner")))
        .field(rollup("orders", "order", Agg::Count, None, Some("status != \"cancelled\""), Kind::Integer))
        .field(rollup("revenue", "order", Agg::Sum, Some("total"), Some("status != \"cancelled\""), Kind::Money))
        .field(rollup("last_order", "order", Agg::Max, Some("ordered_at"), None, Kind::DateTime))
        .owner("owner")
        .sort("name");
    let status = vec![
        Choice::new("draft", label("مسودة", "Draft"), Tone::Neutral),
        Choice::new("placed", label("مؤكد", "Placed"), Tone::Good),
        Choice::new("cancelled", label("ملغى", "Cancelled"), Tone::Bad),
    ];
    let order = Object::new("order", "commerce", label("طلب", "Order"), label("الطلبات", "Orders"))
        .title("number")
        .field(Field::new("number", Kind::Sequence { prefix: "SO-".into(), pad: 4, gap_free: true }, label("الرقم", "Number")))
        .field(Field::new("party", Kind::to("party"), label("العميل", "Customer")).reverse("orders_list", label("الطلبات", "Orders")).timeline())
        .field(Field::new("ordered_at", Kind::DateTime, label("التاريخ", "Date")).default_expr("now()"))
        .field(Field::new("status", Kind::Choice { options: status }, label("الحالة", "Status")).default_expr("\"draft\""))
        .field(Field::new("note", Kind::LongText, label("ملاحظة", "Note")).lock("status == \"placed\""))
        .field(rollup("total", "order_line", Agg::Sum, Some("amount"), None, Kind::Money))
        .stage("status")
        .owner("party.owner")
        .happened("ordered_at")
        .sort("-ordered_at");
    let line = Object::new("order_line", "commerce", label("بند", "Line"), label("البنود", "Lines"))
        .title("product")
        .field(Field::new("order", Kind::to("order"), label("الطلب", "Order")).required().reverse("lines", label("البنود", "Lines")).cascade())
        .field(Field::new("product", Kind::text(), label("الصنف", "Product")).required())
        .field(Field::new("quantity", Kind::Integer, label("الكمية", "Quantity")).required())
        .field(Field::new("price", Kind::Money, label("السعر", "Price")).required())
        .field(Field::new("amount", Kind::Formula { expr: "price * quantity".into(), result: Box::new(Kind::Money) }, label("المبلغ", "Amount")))
        .owner("order.party.owner");
    vec![user, party, order, line]
}

fn rollup(key: &str, object: &str, agg: Agg, field: Option<&str>, filter: Option<&str>, result: Kind) -> Field {
    let via = if object == "order" { "party" } else { "order" };
    Field::new(
        key,
        Kind::Rollup {
            object: object.into(),
            via: via.into(),
            agg,
            field: field.map(Into::into),
            filter: filter.map(Into::into),
            result: Box::new(result),
        },
        label("محسوب", "Computed"),
    )
}

pub fn roles() -> Vec<Role> {
    let role = |key: &str, grants, admin| Role { key: key.into(), label: label("دور", "Role"), grants, admin };
    vec![
        role("admin", vec![Grant::full("*", RowRule::All)], true),
        role(
            "seller",
            vec![
                Grant::full("party", RowRule::Own).mask("credit", Mask::Hidden),
                Grant::full("order", RowRule::Own),
                Grant::full("order_line", RowRule::Own),
                Grant::read("user", RowRule::All),
            ],
            false,
        ),
        role("team", vec![Grant::read("party", RowRule::Team), Grant::read("user", RowRule::All)], false),
        role(
            "lent",
            vec![
                Grant::read("party", RowRule::Where("starts_with(name, 'م') || in_my_teams(owner) || me() == owner".into())),
                Grant::read("user", RowRule::All),
            ],
            false,
        ),
        role(
            "mailer",
            vec![Grant::read("party", RowRule::All), Grant::read("order", RowRule::Where("note == 'واضح'".into()))],
            false,
        ),
        role(
            "guest",
            vec![Grant::read("party", RowRule::All), Grant::read("order", RowRule::Where("note == 'نادر'".into()))],
            false,
        ),
        role("reader", vec![Grant::read("party", RowRule::All).mask("phone", Mask::Masked)], false),
    ]
}

fn place() -> Action {
    Action {
        object: "order",
        key: "place",
        label: label("تأكيد", "Place"),
        icon: "check",
        input: vec![Field::new("note", Kind::LongText, label("ملاحظة", "Note"))],
        guard: Some("status == \"draft\" && exists(lines)"),
        danger: false,
        run: |cx, order, input| {
            Box::pin(async move {
                let mut draft = Draft::of(order.id).set("status", "placed");
                if let Some(note) = input.get("note") {
                    draft = draft.set("note", note.clone());
                }
                let order = cx.save("order", draft).await?.into_record();
                cx.event("order.placed", &order, serde_json::Value::Null).await?;
                Ok(Done { message: "order-placed".into(), ..Done::default() })
            })
        },
    }
}

pub async fn company(url: &str) -> Company {
    let db = store::Db::open(url, &store::Options::default()).await.unwrap();
    let module = Module {
        key: "base",
        label: label("الأساس", "Base"),
        objects: objects(),
        roles: roles(),
        actions: vec![place()],
        ..Module::default()
    };
    Company::open(db, &std::env::temp_dir(), vec![module]).await.unwrap().0
}

/// A user with a role, as an actor.
pub async fn actor(company: &Company, latin: &str, role: &str) -> Actor {
    let mut cx = company.write(&company.system()).await.unwrap();
    let draft = Draft::new().set("name", Name::new("", latin)).set("email", format!("{latin}@example.com"));
    let user = cx.save("user", draft).await.unwrap().into_record();
    cx.set_roles(user.id, &[role]).await.unwrap();
    cx.commit().await.unwrap();
    company.load_actor(user.id).await.unwrap().unwrap()
}

pub async fn save(company: &Company, actor: &Actor, object: &str, draft: Draft) -> Outcome<Record> {
    let mut cx = company.write(actor).await?;
    let saved = cx.save(object, draft).await?.into_record();
    cx.commit().await?;
    Ok(saved)
}

pub async fn party(company: &Company, actor: &Actor, ar: &str, latin: &str) -> Record {
    let owner = if actor.is_system() { Value::Null } else { Value::Id(actor.id) };
    save(company, actor, "party", Draft::new().set("name", Name::new(ar, latin)).set("owner", owner)).await.unwrap()
}

pub async fn order(company: &Company, actor: &Actor, party: Uuid, lines: &[(&str, i64, i64)]) -> Record {
    let mut cx = company.write(actor).await.unwrap();
    let order = cx.save("order", Draft::new().set("party", party)).await.unwrap().into_record();
    for (product, quantity, minor) in lines {
        let draft = Draft::new().set("order", order.id).set("product", *product).set("quantity", *quantity);
        cx.save("order_line", draft.set("price", Money::new(*minor, "SAR"))).await.unwrap();
    }
    cx.commit().await.unwrap();
    company.get(actor, "order", order.id).await.unwrap()
}

/// Runs the test with an administrator on both databases.
pub async fn both<F, R>(test: F)
where
    F: Fn(Company, Actor) -> R,
    R: Future<Output = ()>,
{
    let test = Arc::new(test);
    testdb::both(|url| {
        let test = test.clone();
        async move {
            let company = company(&url).await;
            let admin = actor(&company, "admin", "admin").await;
            test(company, admin).await;
        }
    })
    .await;
}
