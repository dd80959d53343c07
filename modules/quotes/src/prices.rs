//! Price lists, and which of their prices holds for a customer, a quantity and a day.
//!
//! The most specific wins: a list of the customer himself, then of the groups he belongs to as parents, then of his kind
//! of customer, then of the channel, then the general one; among those the highest quantity step, then the latest start,
//! then the id. Without any the product's own price holds.

use engine::{Count, Cx, Query};
use kernel::jiff::civil::Date;
use kernel::object::Capability;
use kernel::rust_decimal::Decimal;
use kernel::uuid::Uuid;
use kernel::{Cell, Choice, ColumnType, Expr, Field, Kind, Object, Outcome, Record, Tone, Value, Weight, label};
use serde_json::{Value as Json, json};

pub const LIST: &str = "price_list";
pub const PRICE: &str = "price";
/// The channel of a quote.
const QUOTES: &str = "quote";
/// How far up the groups of companies a contract is looked for.
const PARENTS: usize = 5;

fn choice(options: &[(&str, &'static str, &'static str)]) -> Kind {
    Kind::Choice { options: options.iter().map(|&(key, ar, en)| Choice::new(key, label(ar, en), Tone::Neutral)).collect() }
}

pub fn list() -> Object {
    use Capability::Timeline;
    Object::new(LIST, "quotes", label("قائمة أسعار", "Price list"), label("قوائم الأسعار", "Price lists"))
        .icon("tags")
        .sort("name")
        .without(&[Timeline])
        .field(Field::new("name", Kind::Name, label("اسم القائمة", "Name")).required().search(Weight::Title))
        .field(Field::new("currency", Kind::Code { max: 3 }, label("العملة", "Currency")).required().list().help(label("رمزها بثلاثة أحرف: SAR.", "Its code of three letters: SAR.")))
        .field(Field::new("inclusive", Kind::Bool, label("شاملة الضريبة", "Prices include tax")).default_expr("false").list())
        .field(Field::new("active", Kind::Bool, label("مستعملة", "In use")).default_expr("true").list())
        .field(
            Field::new("party", Kind::to("party"), label("لعميل", "For a customer"))
                .list()
                .reverse("price_lists", label("قوائم أسعاره", "Price lists"))
                .help(label("عقد أسعار له ولفروعه.", "A contract for them and their branches.")),
        )
        .field(
            Field::new("group", choice(&[("vip", "كبار العملاء", "VIP"), ("wholesale", "جملة", "Wholesale"), ("retail", "تجزئة", "Retail")]), label("لفئة عملاء", "For a kind of customer"))
                .list()
                .help(label("بحسب وسوم العميل.", "By the tags of the customer.")),
        )
        .field(Field::new("channel", choice(&[(QUOTES, "عروض الأسعار", "Quotes"), ("shop", "المتجر", "Shop"), ("branch", "الفروع", "Branches")]), label("لقناة بيع", "For a channel")))
        .field(Field::new("valid_from", Kind::Date, label("من", "From")).list())
        .field(Field::new("valid_until", Kind::Date, label("إلى", "Until")).list())
}

pub fn price() -> Object {
    use Capability::{Comments, Files, Menu, Search, Timeline};
    Object::new(PRICE, "quotes", label("سعر", "Price"), label("أسعار القوائم", "Prices in lists"))
        .icon("tag")
        .title("product")
        .sort("min_quantity")
        .without(&[Menu, Search, Timeline, Comments, Files])
        .field(Field::new("price_list", Kind::to(LIST), label("قائمة الأسعار", "Price list")).required().inline().reverse("prices", label("الأسعار", "Prices")))
        .field(Field::new("product", Kind::to("product"), label("المنتج", "Product")).required().reverse("prices", label("أسعاره في القوائم", "Prices in lists")).list())
        .field(Field::new("min_quantity", Kind::Decimal { scale: 3 }, label("من كمية", "From a quantity of")).default_expr("0").list())
        .field(Field::new("amount", Kind::Decimal { scale: crate::line::PRICE_SCALE }, label("السعر", "Price")).required().list())
        .field(Field::new("valid_from", Kind::Date, label("من", "From")).list())
        .field(Field::new("valid_until", Kind::Date, label("إلى", "Until")).list())
}

/// For what a price is asked.
#[derive(Clone, Debug)]
pub struct Asked {
    pub product: Uuid,
    pub quantity: Decimal,
    pub party: Option<Uuid>,
    /// Only this list, where one was chosen.
    pub list: Option<Uuid>,
    pub currency: String,
    pub inclusive: bool,
    pub day: Date,
}

/// A unit price and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub price: Decimal,
    pub source: Json,
}

/// The price that holds; none where neither a list nor the product has one in this currency. Prices are the company's:
/// who asks may use them without seeing the lists.
///
/// # Errors
/// The database.
pub async fn find(cx: &mut Cx, asked: &Asked, product: &Record) -> Outcome<Option<Found>> {
    let (parties, tags) = standing(cx, asked.party).await?;
    let mut sql = cx.tx.sql();
    sql.push("SELECT p.amount, p.min_quantity, p.valid_from, p.id, l.id, l.party, l.\"group\", l.channel, l.valid_from FROM price p JOIN price_list l ON l.id = p.price_list");
    sql.push(" WHERE p.deleted_at IS NULL AND l.deleted_at IS NULL AND l.active = 1 AND p.product = ").bind(asked.product);
    sql.push(" AND l.currency = ").bind(asked.currency.as_str()).push(" AND l.inclusive = ").bind(i64::from(asked.inclusive));
    sql.push(" AND (p.min_quantity IS NULL OR p.min_quantity <= ").bind(scaled(asked.quantity, 3)).push(")");
    for table in ["p", "l"] {
        sql.push(" AND (").push(table).push(".valid_from IS NULL OR ").push(table).push(".valid_from <= ").bind(asked.day.to_string());
        sql.push(") AND (").push(table).push(".valid_until IS NULL OR ").push(table).push(".valid_until >= ").bind(asked.day.to_string()).push(")");
    }
    if let Some(list) = asked.list {
        sql.push(" AND l.id = ").bind(list);
    }
    use ColumnType::{Id, Int, Text};
    let rows = cx.tx.rows(&sql, &[Int, Int, Text, Id, Id, Id, Text, Text, Text]).await?;
    let best = rows.iter().filter_map(|row| Candidate::of(row, &parties, &tags, asked.list)).max_by(|a, b| a.rank().cmp(&b.rank()));
    if let Some(best) = best {
        let source = json!({"list": best.list, "from": plain(best.min, 3)});
        return Ok(Some(Found { price: Decimal::new(best.amount, u32::from(crate::line::PRICE_SCALE)), source }));
    }
    let own = product.get("price").money().filter(|m| m.currency == asked.currency);
    Ok(own.map(|m| Found { price: m.amount(), source: json!({"list": Json::Null}) }))
}

/// `d` in units of 10^-scale; what does not fit is more than any price step.
fn scaled(d: Decimal, scale: u32) -> i64 {
    kernel::kind::scaled(d, scale).unwrap_or(i64::MAX)
}

fn plain(n: i64, scale: u32) -> String {
    Decimal::new(n, scale).normalize().to_string()
}

/// The customer and the companies above him, nearest first; and his tags.
async fn standing(cx: &mut Cx, party: Option<Uuid>) -> Outcome<(Vec<Uuid>, Vec<String>)> {
    let (company, system) = (cx.company.clone(), cx.company.system());
    let (mut parties, mut tags, mut next) = (Vec::new(), Vec::new(), party);
    while let Some(id) = next.filter(|id| parties.len() < PARENTS && !parties.contains(id)) {
        let query = Query { count: Count::None, fields: vec!["parent".into(), "tags".into()], ..Query::new("party").filter(Expr::path("id").eq(Expr::lit(id))).limit(1) };
        let Some(record) = company.list_in(&mut cx.tx, &system, &query).await?.records.pop() else { break };
        if let (true, Value::List(own)) = (parties.is_empty(), record.get("tags")) {
            tags.clone_from(own);
        }
        parties.push(id);
        next = record.get("parent").id();
    }
    Ok((parties, tags))
}

struct Candidate {
    amount: i64,
    min: i64,
    from: String,
    id: Uuid,
    list: Uuid,
    /// The nearer the more: own contract, a parent's, kind of customer, channel, everybody.
    specific: usize,
}

impl Candidate {
    /// None where the list is not for this customer.
    fn of(row: &[Cell], parties: &[Uuid], tags: &[String], chosen: Option<Uuid>) -> Option<Candidate> {
        let text = |i: usize| row.get(i).and_then(Cell::text).unwrap_or_default().to_owned();
        let list = row.get(4)?.id()?;
        let whose = row.get(5).and_then(Cell::id);
        let (group, channel) = (text(6), text(7));
        let near = match whose {
            // A list somebody chose by hand holds for whom he chose it.
            _ if chosen == Some(list) => 0,
            Some(party) => 10 + PARENTS - parties.iter().position(|p| *p == party)?,
            None => 0,
        };
        if chosen.is_none() && (!group.is_empty() && !tags.contains(&group) || !channel.is_empty() && channel != QUOTES) {
            return None;
        }
        let specific = near + if group.is_empty() { 0 } else { 2 } + usize::from(!channel.is_empty());
        Some(Candidate {
            amount: row.first()?.int()?,
            min: row.get(1).and_then(Cell::int).unwrap_or_default(),
            from: text(2).max(text(8)),
            id: row.get(3)?.id()?,
            list,
            specific,
        })
    }
    fn rank(&self) -> (usize, i64, &str, Uuid) {
        (self.specific, self.min, &self.from, self.id)
    }
}
