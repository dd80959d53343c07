//! Recency, frequency, monetary value: five classes of each over all customers that ever bought.
//!
//! The definition is versioned, and every report that shows classes names it ([`DEFINITION`]): recency is the *day* of the
//! last purchase in the company's zone, frequency the number of sales, monetary their sum (returns are not counted);
//! each is cut into five tiles by rank, ascending, ties by customer number, the first `n mod 5` tiles holding one more.

use engine::{Company, JobCx};
use futures::future::BoxFuture;
use jiff::tz::TimeZone;
use kernel::{Cell, Choice, ColumnType, Field, Kind, Label, Outcome, Tone, label};
use store::queue::NewJob;
use uuid::Uuid;

/// Which definition the stored classes follow.
pub const DEFINITION: &str = "RFM-1";
/// The job that renews the classes.
pub const JOB: &str = "insight.rfm";

/// Heading of the class fields on a party.
const SECTION: Label = label("تصنيف الشراء", "Purchase class");

/// The fields the classes are kept in.
pub fn fields() -> Vec<Field> {
    let score = |key: &str, l| Field::new(key, Kind::Integer, l).section(SECTION).readonly();
    vec![
        Field::new("segment", Kind::Choice { options: segments() }, label("الشريحة", "Segment")).section(SECTION).readonly().indexed().list(),
        Field::new("rfm", Kind::Code { max: 3 }, label("رمز RFM", "RFM code"))
            .help(label("حداثة الشراء وتكراره وقيمته، من 1 إلى 5.", "Recency, frequency and value of purchases, 1 to 5 each."))
            .section(SECTION)
            .readonly()
            .indexed(),
        score("recency", label("الحداثة", "Recency")),
        score("frequency", label("التكرار", "Frequency")),
        score("monetary", label("القيمة", "Monetary")),
    ]
}

fn segments() -> Vec<Choice> {
    vec![
        Choice::new("champion", label("الأبطال", "Champions"), Tone::Good),
        Choice::new("loyal", label("الأوفياء", "Loyal"), Tone::Accent),
        Choice::new("promising", label("الواعدون", "Promising"), Tone::Info),
        Choice::new("new", label("الجدد", "New"), Tone::Info),
        Choice::new("attention", label("بحاجة إلى عناية", "Need attention"), Tone::Warn),
        Choice::new("at_risk", label("معرّضون للفقد", "At risk"), Tone::Warn),
        Choice::new("sleeping", label("خاملون", "Sleeping"), Tone::Bad),
    ]
}

/// The segment of a pair of scores.
pub fn segment(recency: i64, frequency: i64) -> &'static str {
    match (recency, frequency) {
        (4.., 4..) => "champion",
        (3.., 4..) => "loyal",
        (4.., 2..) => "promising",
        (4.., _) => "new",
        (3, _) => "attention",
        (_, 3..) => "at_risk",
        _ => "sleeping",
    }
}

/// What is known of a customer before he is classed.
#[derive(Clone, Debug, PartialEq)]
pub struct Buyer {
    pub id: Uuid,
    /// Customer number; decides between equals.
    pub code: String,
    /// Day of the last purchase in the company's zone.
    pub last: jiff::civil::Date,
    pub sales: i64,
    /// Minor units of the company's currency.
    pub money: i64,
}

/// Scores 1–5, 5 is best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scores {
    pub recency: i64,
    pub frequency: i64,
    pub monetary: i64,
}

impl Scores {
    /// `555` … `111`.
    pub fn code(self) -> String {
        format!("{}{}{}", self.recency, self.frequency, self.monetary)
    }
}

/// The scores of each buyer, in the order given.
pub fn scores(buyers: &[Buyer]) -> Vec<Scores> {
    let recency = tiles(buyers, |a, b| a.last.cmp(&b.last));
    let frequency = tiles(buyers, |a, b| a.sales.cmp(&b.sales));
    let monetary = tiles(buyers, |a, b| a.money.cmp(&b.money));
    recency
        .into_iter()
        .zip(frequency)
        .zip(monetary)
        .map(|((recency, frequency), monetary)| Scores { recency, frequency, monetary })
        .collect()
}

/// `ntile(5) OVER (ORDER BY value, code, id)` for each buyer.
fn tiles(buyers: &[Buyer], by: impl Fn(&Buyer, &Buyer) -> std::cmp::Ordering) -> Vec<i64> {
    let mut ranked: Vec<(usize, &Buyer)> = buyers.iter().enumerate().collect();
    ranked.sort_by(|(_, a), (_, b)| by(a, b).then_with(|| a.code.cmp(&b.code)).then_with(|| a.id.cmp(&b.id)));
    let (size, longer) = (buyers.len() / 5, buyers.len() % 5);
    let mut out = vec![0; buyers.len()];
    let mut place = 0_usize;
    for tile in 0..5_usize {
        let end = place + size + usize::from(tile < longer);
        for (index, _) in ranked.get(place..end).unwrap_or_default() {
            if let Some(slot) = out.get_mut(*index) {
                *slot = tile as i64 + 1;
            }
        }
        place = end;
    }
    out
}

/// Reads all buyers: living parties with at least one sale.
///
/// # Errors
/// The database.
pub async fn buyers(company: &Company) -> Outcome<Vec<Buyer>> {
    let zone = TimeZone::get(&company.settings().zone).unwrap_or(TimeZone::UTC);
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT id, code, last_order_at, orders_count, revenue FROM party");
    sql.push(" WHERE deleted_at IS NULL AND orders_count > 0 AND last_order_at IS NOT NULL");
    let types = [ColumnType::Id, ColumnType::Text, ColumnType::Int, ColumnType::Int, ColumnType::Int];
    let rows = conn.rows(&sql, &types).await?;
    let buyer = |row: &Vec<Cell>| {
        let at = jiff::Timestamp::from_microsecond(row.get(2)?.int()?).ok()?;
        Some(Buyer {
            id: row.first()?.id()?,
            code: row.get(1)?.text().unwrap_or_default().to_owned(),
            last: at.to_zoned(zone.clone()).date(),
            sales: row.get(3)?.int()?,
            money: row.get(4)?.int().unwrap_or_default(),
        })
    };
    Ok(rows.iter().filter_map(buyer).collect())
}

/// Renews the classes of all customers; how many changed.
///
/// Like roll-ups they are figures about a record, not edits of it: no revision, no audit.
///
/// # Errors
/// The database.
pub async fn renew(company: &Company) -> Outcome<usize> {
    let buyers = buyers(company).await?;
    let fresh: std::collections::HashMap<Uuid, Scores> = buyers.iter().map(|b| b.id).zip(scores(&buyers)).collect();
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT id, rfm FROM party WHERE deleted_at IS NULL AND rfm IS NOT NULL");
    let stored: std::collections::HashMap<Uuid, String> = conn
        .rows(&sql, &[ColumnType::Id, ColumnType::Text])
        .await?
        .iter()
        .filter_map(|r| Some((r.first()?.id()?, r.get(1)?.text()?.to_owned())))
        .collect();
    drop(conn);
    let mut changes: Vec<(Uuid, Option<Scores>)> =
        fresh.iter().filter(|(id, s)| stored.get(*id) != Some(&s.code())).map(|(id, s)| (*id, Some(*s))).collect();
    changes.extend(stored.keys().filter(|id| !fresh.contains_key(*id)).map(|id| (*id, None)));
    // In the order of ids, as everybody who changes many parties at once does.
    changes.sort_by_key(|(id, _)| *id);
    for chunk in changes.chunks(500) {
        let mut cx = company.write(&company.system()).await?;
        for (id, scores) in chunk {
            let of = |f: fn(&Scores) -> i64| scores.as_ref().map_or(Cell::Null, |s| Cell::Int(f(s)));
            let mut sql = cx.tx.sql();
            sql.push("UPDATE party SET recency = ").bind(of(|s| s.recency));
            sql.push(", frequency = ").bind(of(|s| s.frequency));
            sql.push(", monetary = ").bind(of(|s| s.monetary));
            sql.push(", rfm = ").bind(scores.map(Scores::code));
            sql.push(", segment = ").bind(scores.map(|s| segment(s.recency, s.frequency)));
            sql.push(" WHERE id = ").bind(*id);
            cx.tx.exec(&sql).await?;
        }
        cx.commit().await?;
    }
    Ok(changes.len())
}

/// Starts the first classing at once: a company that has just brought in its orders need not wait for the night.
///
/// # Errors
/// The database.
pub(crate) async fn start_if_never(company: &Company) -> Outcome<()> {
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT 1 FROM party WHERE rfm IS NOT NULL LIMIT 1");
    let classed = conn.int(&sql).await?.is_some();
    drop(conn);
    if classed {
        return Ok(());
    }
    let mut cx = company.write(&company.system()).await?;
    // One waiting job of this key is enough, however many people look at the page.
    store::queue::enqueue(&mut cx.tx, &NewJob::new(JOB, serde_json::Value::Null).key(JOB)).await?;
    cx.commit().await
}

pub(crate) fn run(job: JobCx) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move { renew(&job.company).await.map(|_| ()) })
}

/// Share of the first fifth of customers in all money, and the largest share of customers that together hold at most 80 %.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Concentration {
    pub customers: usize,
    /// Of money, held by the first ⌊0.2 n⌋ customers: 0–1.
    pub top_fifth: f64,
    /// How many of the top customers stay within 80 %, and their share of all customers.
    pub eighty_count: usize,
    pub eighty_share: f64,
}

/// `money` from the largest down, minor units.
pub fn concentration(money: &[i64]) -> Concentration {
    let n = money.len();
    let total: i128 = money.iter().map(|m| i128::from(*m)).sum();
    let share = |part: i128, whole: i128| {
        #[allow(clippy::cast_precision_loss)]
        if whole > 0 { part as f64 / whole as f64 } else { 0.0 }
    };
    let top: i128 = money.iter().take(n / 5).map(|m| i128::from(*m)).sum();
    let mut running = 0_i128;
    let eighty_count = money
        .iter()
        .take_while(|m| {
            running += i128::from(**m);
            running * 5 <= total * 4
        })
        .count();
    Concentration {
        customers: n,
        top_fifth: share(top, total),
        eighty_count,
        eighty_share: share(eighty_count as i128, n as i128),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn buyer(n: i64) -> Buyer {
        Buyer {
            id: Uuid::from_u128(n as u128),
            code: format!("{n:03}"),
            last: jiff::civil::date(2026, 1, 1),
            sales: n,
            money: n * 100,
        }
    }

    #[test]
    fn tiles_are_even_and_the_first_hold_more() {
        let buyers: Vec<Buyer> = (1..=12).map(buyer).collect();
        let scores = scores(&buyers);
        let f: Vec<i64> = scores.iter().map(|s| s.frequency).collect();
        assert_eq!(f, [1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 5]);
        // Equal days: the customer number decides, so recency has the same tiles.
        let r: Vec<i64> = scores.iter().map(|s| s.recency).collect();
        assert_eq!(r, f);
        assert_eq!(scores[0].code(), "111");
    }

    #[test]
    fn concentration_counts_whole_customers() {
        let c = concentration(&[50, 30, 10, 5, 5]);
        assert_eq!((c.customers, c.eighty_count), (5, 2));
        assert!((c.top_fifth - 0.5).abs() < 1e-9);
        assert_eq!(concentration(&[]).eighty_count, 0);
    }

    /// The reference values of the definition, straight from the source file.
    #[test]
    fn reference_values_of_online_retail_ii() {
        use std::collections::{BTreeMap, BTreeSet};
        let text = include_str!("../../../demo/data/online_retail_ii.csv");
        let mut known: BTreeMap<String, (jiff::civil::Date, BTreeSet<String>, i64)> = BTreeMap::new();
        let (mut lines, mut sum, mut invoices) = (0, 0, BTreeSet::new());
        for line in text.lines().skip(1) {
            // Only descriptions are ever quoted: take the cells from both ends.
            let cells: Vec<&str> = line.split(',').collect();
            let n = cells.len();
            let (quantity, date, price, customer) = (cells[n - 5], cells[n - 4], cells[n - 3], cells[n - 2]);
            let quantity = quantity.trim_end_matches(".0").parse::<i64>().unwrap();
            if quantity <= 0 || customer.is_empty() {
                continue;
            }
            let cents = (price.parse::<f64>().unwrap() * 100.0).round() as i64 * quantity;
            let day: jiff::civil::Date = date[..10].parse().unwrap();
            let entry = known.entry(customer.trim_end_matches(".0").to_owned()).or_insert((day, BTreeSet::new(), 0));
            entry.0 = entry.0.max(day);
            entry.1.insert(cells[0].to_owned());
            entry.2 += cents;
            invoices.insert(cells[0].to_owned());
            lines += 1;
            sum += cents;
        }
        assert_eq!((lines, invoices.len(), sum), (33_405, 1_418, 128_955_259));
        let buyers: Vec<Buyer> = known
            .into_iter()
            .enumerate()
            .map(|(i, (code, (last, sales, money)))| Buyer { id: Uuid::from_u128(i as u128), code, last, sales: sales.len() as i64, money })
            .collect();
        assert_reference(&buyers);
    }

    fn assert_reference(buyers: &[Buyer]) {
        let scores = scores(buyers);
        let cells: std::collections::BTreeSet<String> = scores.iter().map(|s| s.code()).collect();
        let cell = |code: &str| {
            let of: Vec<&Buyer> = buyers.iter().zip(&scores).filter(|(_, s)| s.code() == code).map(|(b, _)| b).collect();
            (of.len(), of.iter().map(|b| b.money).sum::<i64>())
        };
        assert_eq!((buyers.len(), cells.len()), (260, 74));
        assert_eq!(cell("555"), (22, 76_225_557));
        assert_eq!(cell("111"), (13, 258_741));
        let mut money: Vec<i64> = buyers.iter().map(|b| b.money).collect();
        money.sort_unstable_by(|a, b| b.cmp(a));
        let c = concentration(&money);
        assert_eq!(format!("{:.2}", c.top_fifth * 100.0), "82.49");
        assert_eq!((c.eighty_count, format!("{:.2}", c.eighty_share * 100.0)), (44, "16.92".to_owned()));
    }
}
