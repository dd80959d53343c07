//! A sale or a return, and the verbs that carry it from draft to done.

use engine::{Action, Cx, Done, Draft, Input};
use futures::future::BoxFuture;
use kernel::jiff::Timestamp;
use kernel::uuid::Uuid;
use kernel::{ColumnType, Field, Kind, Money, Object, Outcome, Record, Value, label};
use serde_json::{Value as Json, json};

#[derive(Debug, Object)]
#[object(
    key = "order",
    module = "commerce",
    ar = "طلب",
    en = "Order",
    ar_plural = "الطلبات والمرتجعات",
    en_plural = "Orders and returns",
    icon = "receipt",
    title = "number",
    stage = "status",
    calendar = "ordered_at",
    happened = "ordered_at",
    owner = "owner",
    sort = "-ordered_at"
)]
pub struct Order {
    pub id: Uuid,
    pub rev: i64,
    #[field(
        ar = "رقم الطلب",
        en = "Order number",
        kind = code,
        unique,
        search = "title",
        help(ar = "يُعطى عند التأكيد إن تُرك فارغًا.", en = "Given when the order is placed, if left empty.")
    )]
    pub number: Option<String>,
    #[field(
        ar = "النوع",
        en = "Kind",
        choices(("sale", "بيع", "Sale", "good"), ("return", "مرتجع", "Return", "warn")),
        default = "\"sale\"",
        list
    )]
    pub kind: String,
    #[field(
        ar = "العميل",
        en = "Customer",
        to = "party",
        timeline,
        reverse(key = "orders", ar = "الطلبات والمرتجعات", en = "Orders and returns"),
        list
    )]
    pub party: Option<Uuid>,
    #[field(ar = "تاريخ الطلب", en = "Ordered", default = "now()", list)]
    pub ordered_at: Timestamp,
    #[field(
        ar = "الحالة",
        en = "Status",
        choices(
            ("draft", "مسودة", "Draft"),
            ("placed", "مؤكد", "Placed", "info", "place"),
            ("shipped", "مشحون", "Shipped", "accent", "ship"),
            ("done", "مكتمل", "Done", "good", "complete"),
            ("cancelled", "ملغى", "Cancelled", "bad", "cancel")
        ),
        default = "\"draft\"",
        lock = "status in [\"done\", \"cancelled\"]",
        indexed,
        list
    )]
    pub status: String,
    #[field(
        ar = "الإجمالي",
        en = "Total",
        rollup(object = "order_line", via = "order", agg = "sum", field = "amount"),
        list,
        indexed
    )]
    pub total: Option<Money>,
    #[field(
        ar = "الضريبة",
        en = "Tax",
        help(ar = "مع فرق التقريب إن وُجد.", en = "With the rounding, if there is any.")
    )]
    pub tax: Option<Money>,
    #[field(ar = "الإجمالي مع الضريبة", en = "Total with tax", formula = "total + tax")]
    pub payable: Option<Money>,
    #[field(ar = "عدد البنود", en = "Lines", rollup(object = "order_line", via = "order", agg = "count"), list)]
    pub lines_count: i64,
    /// ISO 3166-1 in small letters; `zz` where it is not known.
    #[field(
        ar = "الدولة",
        en = "Country",
        choices(
            ("sa", "السعودية", "Saudi Arabia"), ("ae", "الإمارات", "United Arab Emirates"), ("kw", "الكويت", "Kuwait"), ("qa", "قطر", "Qatar"),
            ("bh", "البحرين", "Bahrain"), ("om", "عُمان", "Oman"), ("ye", "اليمن", "Yemen"), ("eg", "مصر", "Egypt"), ("sd", "السودان", "Sudan"),
            ("ly", "ليبيا", "Libya"), ("tn", "تونس", "Tunisia"), ("dz", "الجزائر", "Algeria"), ("ma", "المغرب", "Morocco"),
            ("mr", "موريتانيا", "Mauritania"), ("iq", "العراق", "Iraq"), ("jo", "الأردن", "Jordan"), ("lb", "لبنان", "Lebanon"),
            ("sy", "سوريا", "Syria"), ("ps", "فلسطين", "Palestine"), ("so", "الصومال", "Somalia"), ("dj", "جيبوتي", "Djibouti"),
            ("km", "جزر القمر", "Comoros"), ("tr", "تركيا", "Turkey"), ("gb", "المملكة المتحدة", "United Kingdom"), ("ie", "أيرلندا", "Ireland"),
            ("fr", "فرنسا", "France"), ("de", "ألمانيا", "Germany"), ("nl", "هولندا", "Netherlands"), ("be", "بلجيكا", "Belgium"),
            ("ch", "سويسرا", "Switzerland"), ("at", "النمسا", "Austria"), ("es", "إسبانيا", "Spain"), ("pt", "البرتغال", "Portugal"),
            ("it", "إيطاليا", "Italy"), ("us", "الولايات المتحدة", "United States"), ("ca", "كندا", "Canada"), ("cn", "الصين", "China"),
            ("in", "الهند", "India"), ("pk", "باكستان", "Pakistan"), ("my", "ماليزيا", "Malaysia"), ("id", "إندونيسيا", "Indonesia"),
            ("zz", "غير محدد", "Unspecified")
        ),
        list
    )]
    pub country: Option<String>,
    #[field(ar = "المسؤول", en = "Owner", to = "user", reverse(key = "orders", ar = "الطلبات", en = "Orders"), default = "me()")]
    pub owner: Option<Uuid>,
    #[field(
        ar = "بلا عميل",
        en = "No customer",
        formula = "party == null",
        help(ar = "يبقى في المبيعات ولا يدخل في تحليل العملاء.", en = "Kept in sales, left out of customer analysis.")
    )]
    pub no_customer: bool,
    #[field(ar = "ملاحظات", en = "Notes", kind = long_text, search = "body")]
    pub note: Option<String>,
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
