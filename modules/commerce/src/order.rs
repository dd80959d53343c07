//! A sale or a return, and the verbs that carry it from draft to done.

use engine::{Action, Cx, Done, Draft, Input};
use futures::future::BoxFuture;
use kernel::{Agg, Choice, ColumnType, Field, Kind, Object, Outcome, Record, Tone, Value, Weight, label};
use serde_json::{Value as Json, json};

pub fn object() -> Object {
    let of_lines = |key: &str, l, agg, field: Option<&str>, result| {
        let kind = Kind::Rollup {
            object: "order_line".into(),
            via: "order".into(),
            agg,
            field: field.map(str::to_owned),
            filter: None,
            result: Box::new(result),
        };
        Field::new(key, kind, l)
    };
    Object::new("order", "commerce", label("طلب", "Order"), label("الطلبات والمرتجعات", "Orders and returns"))
        .icon("receipt")
        .title("number")
        .stage("status")
        .calendar("ordered_at")
        .happened("ordered_at")
        .owner("owner")
        .sort("-ordered_at")
        .field(
            Field::new("number", Kind::code(), label("رقم الطلب", "Order number"))
                .help(label("يُعطى عند التأكيد إن تُرك فارغًا.", "Given when the order is placed, if left empty."))
                .unique()
                .search(Weight::Title),
        )
        .field(
            Field::new("kind", Kind::Choice { options: kinds() }, label("النوع", "Kind"))
                .required()
                .default_expr("\"sale\"")
                .list(),
        )
        .field(
            Field::new("party", Kind::to("party"), label("العميل", "Customer"))
                .reverse("orders", label("الطلبات والمرتجعات", "Orders and returns"))
                .timeline()
                .list(),
        )
        .field(Field::new("ordered_at", Kind::DateTime, label("تاريخ الطلب", "Ordered")).required().default_expr("now()").list())
        .field(
            Field::new("status", Kind::Choice { options: statuses() }, label("الحالة", "Status"))
                .required()
                .default_expr("\"draft\"")
                .lock("status in [\"done\", \"cancelled\"]")
                .indexed()
                .list(),
        )
        .field(of_lines("total", label("الإجمالي", "Total"), Agg::Sum, Some("amount"), Kind::Money).list().indexed())
        .field(of_lines("lines_count", label("عدد البنود", "Lines"), Agg::Count, None, Kind::Integer).list())
        .field(Field::new("country", Kind::Choice { options: crate::country::options() }, label("الدولة", "Country")).list())
        .field(
            Field::new("owner", Kind::to("user"), label("المسؤول", "Owner"))
                .reverse("orders", label("الطلبات", "Orders"))
                .default_expr("me()"),
        )
        .field(
            Field::new(
                "no_customer",
                Kind::Formula { expr: "party == null".into(), result: Box::new(Kind::Bool) },
                label("بلا عميل", "No customer"),
            )
            .help(label("يبقى في المبيعات ولا يدخل في تحليل العملاء.", "Kept in sales, left out of customer analysis.")),
        )
        .field(Field::new("note", Kind::LongText, label("ملاحظات", "Notes")).search(Weight::Body))
}

fn kinds() -> Vec<Choice> {
    vec![
        Choice::new("sale", label("بيع", "Sale"), Tone::Good),
        Choice::new("return", label("مرتجع", "Return"), Tone::Warn),
    ]
}

fn statuses() -> Vec<Choice> {
    vec![
        Choice::new("draft", label("مسودة", "Draft"), Tone::Neutral),
        Choice::new("placed", label("مؤكد", "Placed"), Tone::Info),
        Choice::new("shipped", label("مشحون", "Shipped"), Tone::Accent),
        Choice::new("done", label("مكتمل", "Done"), Tone::Good),
        Choice::new("cancelled", label("ملغى", "Cancelled"), Tone::Bad),
    ]
}

pub fn actions() -> Vec<Action> {
    vec![
        Action {
            object: "order",
            key: "place",
            label: label("تأكيد الطلب", "Place order"),
            icon: "check",
            input: Vec::new(),
            guard: Some("status == \"draft\" && exists(lines)"),
            danger: false,
            run: place,
        },
        Action {
            object: "order",
            key: "ship",
            label: label("تسجيل الشحن", "Mark as shipped"),
            icon: "truck",
            input: Vec::new(),
            guard: Some("status == \"placed\""),
            danger: false,
            run: ship,
        },
        Action {
            object: "order",
            key: "complete",
            label: label("إتمام الطلب", "Complete"),
            icon: "circle-check",
            input: Vec::new(),
            guard: Some("status == \"shipped\""),
            danger: false,
            run: complete,
        },
        Action {
            object: "order",
            key: "cancel",
            label: label("إلغاء الطلب", "Cancel order"),
            icon: "circle-x",
            input: vec![Field::new("reason", Kind::text(), label("سبب الإلغاء", "Reason")).required()],
            guard: Some("status in [\"draft\", \"placed\"]"),
            danger: true,
            run: cancel,
        },
    ]
}

/// The series of numbers for orders made here; imported ones keep theirs.
const SERIES: &str = "order.number";

fn place<'a>(cx: &'a mut Cx, order: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let mut draft = Draft::of(order.id).set("status", "placed");
        if order.get("number").is_blank() {
            let n = store::counter::reserve(&mut cx.tx, SERIES, 1).await?;
            let prefix = if order.get("kind").text() == Some("return") { "RT" } else { "SO" };
            draft = draft.set("number", format!("{prefix}-{n:06}"));
        }
        moved(cx, draft, "order.placed", Json::Null).await
    })
}

fn ship<'a>(cx: &'a mut Cx, order: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move { moved(cx, Draft::of(order.id).set("status", "shipped"), "order.shipped", Json::Null).await })
}

fn complete<'a>(cx: &'a mut Cx, order: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move { moved(cx, Draft::of(order.id).set("status", "done"), "order.completed", Json::Null).await })
}

/// The lines are marked too, so that the figures of products no longer count them.
fn cancel<'a>(cx: &'a mut Cx, order: Record, input: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let mut sql = cx.tx.sql();
        sql.push("SELECT id FROM order_line WHERE deleted_at IS NULL AND \"order\" = ").bind(order.id);
        let rows = cx.tx.rows(&sql, &[ColumnType::Id]).await?;
        let lines = rows.iter().filter_map(|r| r.first().and_then(kernel::Cell::id));
        let drafts = lines.map(|id| Draft::of(id).set("cancelled", true).trusted()).collect();
        cx.save_many("order_line", drafts).await?;
        let reason = input.get("reason").and_then(Value::text).unwrap_or_default().to_owned();
        moved(cx, Draft::of(order.id).set("status", "cancelled"), "order.cancelled", json!({ "reason": reason })).await
    })
}

async fn moved(cx: &mut Cx, draft: Draft, event: &str, data: Json) -> Outcome<Done> {
    let order = cx.save("order", draft).await?.into_record();
    cx.event(event, &order, data).await?;
    Ok(Done { message: format!("commerce-{}", event.replace('.', "-")), ..Done::default() })
}
