//! Tax rates as data: by country, category and day. The seller's country decides; each line may name another rate.

use engine::{Count, Cx, Draft, Query};
use kernel::jiff::civil::Date;
use kernel::object::Capability;
use kernel::rust_decimal::Decimal;
use kernel::{Choice, Expr, Field, Kind, Name, Object, Outcome, Record, Tone, Weight, label};

pub const KEY: &str = "tax_rate";

pub fn categories() -> Kind {
    let options = [
        ("standard", "النسبة الأساسية", "Standard rate"),
        ("reduced", "نسبة مخفضة", "Reduced rate"),
        ("zero", "نسبة الصفر", "Zero rate"),
        ("exempt", "معفى", "Exempt"),
    ];
    Kind::Choice { options: options.iter().map(|&(key, ar, en)| Choice::new(key, label(ar, en), Tone::Neutral)).collect() }
}

pub fn object() -> Object {
    Object::new(KEY, "quotes", label("نسبة ضريبة", "Tax rate"), label("نسب الضريبة", "Tax rates"))
        .icon("percent")
        .sort("country")
        .without(&[Capability::Timeline, Capability::Comments, Capability::Files])
        .field(Field::new("name", Kind::Name, label("الاسم", "Name")).required().search(Weight::Title))
        .field(Field::new("country", Kind::Code { max: 2 }, label("الدولة", "Country")).required().list().help(label("رمزها بحرفين: SA.", "Its code of two letters: SA.")))
        .field(Field::new("category", categories(), label("الفئة", "Category")).required().list())
        .field(Field::new("rate", Kind::Percent, label("النسبة", "Rate")).required().list())
        .field(Field::new("valid_from", Kind::Date, label("من", "From")).list())
        .field(Field::new("valid_until", Kind::Date, label("إلى", "Until")).list())
        .field(
            Field::new("reason", Kind::Name, label("سبب الإعفاء", "Reason of the exemption"))
                .when("category in [\"zero\", \"exempt\"]")
                .help(label("يُطبع على العرض.", "Printed on the quote.")),
        )
}

/// Country, standard rate in percent points, since when; VAT laws in force.
const STANDARD: [(&str, &str, &str, i64); 12] = [
    ("SA", "السعودية", "Saudi Arabia", 15),
    ("AE", "الإمارات", "UAE", 5),
    ("EG", "مصر", "Egypt", 14),
    ("JO", "الأردن", "Jordan", 16),
    ("MA", "المغرب", "Morocco", 20),
    ("BH", "البحرين", "Bahrain", 10),
    ("OM", "عُمان", "Oman", 5),
    ("TN", "تونس", "Tunisia", 19),
    ("DZ", "الجزائر", "Algeria", 19),
    ("LB", "لبنان", "Lebanon", 11),
    ("GB", "المملكة المتحدة", "United Kingdom", 20),
    // No value added tax yet.
    ("KW", "الكويت", "Kuwait", 0),
];
/// Country and lower rate.
const REDUCED: [(&str, &str, &str, i64); 3] = [("EG", "مصر", "Egypt", 5), ("JO", "الأردن", "Jordan", 4), ("MA", "المغرب", "Morocco", 10)];

/// The rates a new company begins with.
///
/// # Errors
/// The database.
pub async fn seed(cx: &mut Cx) -> Outcome<()> {
    if !first(cx, Query::new(KEY)).await?.is_empty() {
        return Ok(());
    }
    let rate = |country: &str, ar: String, en: String, category: &str, rate: i64| {
        Draft::new().set("name", Name::new(ar, en)).set("country", country).set("category", category).set("rate", Decimal::from(rate))
    };
    let mut drafts = Vec::new();
    for (country, ar, en, percent) in STANDARD {
        drafts.push(rate(country, format!("{ar}: ضريبة القيمة المضافة {percent}٪"), format!("{en}: VAT {percent}%"), "standard", percent));
        drafts.push(rate(country, format!("{ar}: نسبة الصفر"), format!("{en}: zero rate"), "zero", 0));
        drafts.push(rate(country, format!("{ar}: معفى من الضريبة"), format!("{en}: exempt"), "exempt", 0));
    }
    for (country, ar, en, percent) in REDUCED {
        drafts.push(rate(country, format!("{ar}: نسبة مخفضة {percent}٪"), format!("{en}: reduced rate {percent}%"), "reduced", percent));
    }
    cx.save_many(KEY, drafts).await.map(|_| ())
}

async fn first(cx: &mut Cx, query: Query) -> Outcome<Vec<Record>> {
    let (company, system) = (cx.company.clone(), cx.company.system());
    let query = Query { count: Count::None, ..query.limit(1) };
    Ok(company.list_in(&mut cx.tx, &system, &query).await?.records)
}

/// The rate of a category on a day where the company is; the latest where several hold. None: no such rate is known,
/// and no tax is taken.
///
/// # Errors
/// The database.
pub async fn holding(cx: &mut Cx, category: &str, day: Date) -> Outcome<Option<Record>> {
    let country = cx.company.settings().country.clone();
    let is = |field: &str, value: &str| Expr::path(field).eq(Expr::lit(value));
    let dates = format!("(valid_from == null || valid_from <= date(\"{day}\")) && (valid_until == null || valid_until >= date(\"{day}\"))");
    let query = Query::new(KEY).filter(is("country", &country).and(is("category", category)).and(Expr::parse(&dates)?)).sort("-valid_from");
    Ok(first(cx, query).await?.pop())
}
