//! Quotes of the demo company for its open deals: real articles at their real prices, in every state.

use super::names::Dice;
use engine::{Company, Draft, Input, Query};
use kernel::rust_decimal::Decimal;
use kernel::{Expr, Name, Outcome, Record, Value};

/// Deals that have a quote.
const QUOTES: usize = 14;
const TERMS: [(&str, &str); 3] = [
    ("الدفع خلال 30 يومًا من التسليم. الأسعار تشمل التوصيل إلى مستودعكم.", "ar"),
    ("Payment within 30 days. Delivery to your warehouse is included.", "en"),
    ("نصف المبلغ عند التأكيد والباقي عند التسليم.\nHalf on order, the rest on delivery.", "both"),
];

/// Makes a price list for wholesale and the quotes, once; how many.
pub async fn make(company: &Company) -> Outcome<usize> {
    let system = company.system();
    if !company.list(&system, &Query::new("quote").limit(1)).await?.records.is_empty() {
        return Ok(0);
    }
    let goods = Query::new("product").filter(Expr::parse("kind == \"goods\" && price != null")?).sort("-revenue").limit(60);
    let goods = company.list(&system, &goods).await?.records;
    let deals = company.list(&system, &Query::new("opportunity").filter(Expr::parse("status == \"open\"")?).sort("-created_at").limit(QUOTES)).await?.records;
    if goods.is_empty() || deals.is_empty() {
        return Ok(0);
    }
    wholesale(company, &goods).await?;
    for (n, deal) in deals.iter().enumerate() {
        quote(company, n, deal, &goods).await?;
    }
    Ok(deals.len())
}

/// Steps for those who buy much: a tenth less from a hundred pieces on.
async fn wholesale(company: &Company, goods: &[Record]) -> Outcome<()> {
    let mut cx = company.write(&company.system()).await?;
    cx.cause = super::MARK.into();
    cx.retold = true;
    let list = Draft::new().set("name", Name::new("أسعار الجملة", "Wholesale prices")).set("currency", "GBP").set("group", "wholesale");
    let list = cx.save("price_list", list).await?.record().id;
    let step = |p: &Record, from: i64, percent: i64| {
        let price = p.get("price").money().map(|m| m.amount()).unwrap_or_default();
        Draft::new()
            .set("price_list", list)
            .set("product", p.id)
            .set("min_quantity", Decimal::from(from))
            .set("amount", price * Decimal::from(percent) / Decimal::ONE_HUNDRED)
    };
    let drafts = goods.iter().take(20).flat_map(|p| [step(p, 0, 95), step(p, 100, 90)]).collect();
    cx.save_many("price", drafts).await?;
    // What an article costs: about two thirds of its price, for the margin of the managers.
    let cost = |p: &Record| {
        let price = p.get("price").money()?;
        Some(Draft::of(p.id).set("cost", kernel::Money::new(price.minor * 64 / 100, price.currency.clone())).set("unit", "قطعة"))
    };
    cx.save_many("product", goods.iter().filter_map(cost).collect()).await?;
    cx.commit().await
}

async fn quote(company: &Company, n: usize, deal: &Record, goods: &[Record]) -> Outcome<()> {
    let system = company.system();
    let mut dice = Dice::of(&format!("quote {n}"));
    let (terms, language) = TERMS.get(n % TERMS.len()).copied().unwrap_or_default();
    let mut cx = company.write(&system).await?;
    cx.cause = super::MARK.into();
    cx.retold = true;
    let draft = Draft::new()
        .set("party", deal.get("party").clone())
        .set("opportunity", deal.id)
        .set("subject", deal.get("name").clone())
        .set("owner", deal.get("owner").clone())
        .set("terms", terms)
        .set("language", language);
    let quote = cx.save("quote", draft).await?.record().id;
    for i in 0..3 + dice.below(4) {
        let Some(product) = goods.get((n * 7 + i * 3) % goods.len()) else { continue };
        let many = i64::try_from(12 * (1 + dice.below(20))).unwrap_or(12);
        let mut line = Draft::new().set("quote", quote).set("product", product.id).set("quantity", Decimal::from(many)).set("position", i64::try_from(i * 10).unwrap_or_default());
        if dice.below(3) == 0 {
            line = line.set("discount_rate", Decimal::from(i64::try_from(5 + dice.below(8)).unwrap_or(5)));
        }
        if i > 2 && dice.below(2) == 0 {
            line = line.set("optional", true);
        }
        cx.save("quote_line", line).await?;
    }
    cx.commit().await?;
    // A third is still being written; of the others some are answered. Letters of the demo go into its own folder.
    let does = async |key: &str, input: Input| company.dispatch(&system, "quote", quote, key, None, input).await.map(|_| ());
    let said = |field: &str, words: &str| Input::from_iter([(field.to_owned(), Value::from(words))]);
    if n % 3 == 0 {
        return Ok(());
    }
    does("send", Input::new()).await?;
    match n % 7 {
        1 => does("accept", said("accepted_by", "مدير المشتريات")).await,
        2 => does("decline", said("reason", "السعر أعلى من ميزانيتنا هذا الربع")).await,
        _ => Ok(()),
    }
}
