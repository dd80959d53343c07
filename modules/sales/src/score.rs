//! How warm a lead is: the sum of the points of the rules that fit it, each of which is a record with a condition in the
//! language of the lists. Nothing is guessed: the page of a lead says which rules fitted.

use crate::lead;
use engine::{Company, Count, Cx, Draft, JobCx, Query, Watch};
use futures::future::BoxFuture;
use kernel::expr::{self, Env, Typed, Wanted};
use kernel::object::Capability;
use kernel::uuid::Uuid;
use kernel::{Cell, ColumnType, Expr, Fault, Field, Kind, Name, Object, Outcome, Record, Registry, Value, Weight, label};
use store::Conn;
use store::queue::NewJob;

pub const KEY: &str = "lead_rule";
/// Rates all open leads anew after the rules changed.
pub const JOB: &str = "sales.score";
/// From these points on a lead is hot …
pub const HOT: i64 = 60;
/// … or warm. There are at least none and at most 100.
pub const WARM: i64 = 30;
const PAGE: usize = 250;

pub fn object() -> Object {
    use Capability::{Comments, Files, Menu, Timeline};
    Object::new(KEY, "sales", label("قاعدة تقييم", "Lead rule"), label("قواعد تقييم المهتمين", "Rules that rate leads"))
        .icon("list-filter")
        .sort("-points")
        .without(&[Menu, Comments, Files, Timeline])
        .field(Field::new("name", Kind::Name, label("السبب كما يُقرأ", "The reason as it is read")).required().search(Weight::Title))
        .field(
            Field::new("condition", Kind::Code { max: 600 }, label("الشرط", "Condition"))
                .required()
                .list()
                .help(label("بلغة شروط القوائم على حقول العميل المهتم، مثل: source == \"referral\"", "In the language of list conditions, on fields of the lead, such as: source == \"referral\"")),
        )
        .field(
            Field::new("points", Kind::Integer, label("النقاط", "Points"))
                .required()
                .list()
                .help(label("تُجمع نقاط القواعد المنطبقة: من 60 ساخن، ومن 30 دافئ، ودونها بارد.", "The points of all rules that fit are added: hot from 60, warm from 30, cold below.")),
        )
        .field(Field::new("active", Kind::Bool, label("مستعملة", "In use")).default_expr("true").list())
}

/// A rule that can be asked.
pub struct Rule {
    pub name: Name,
    pub points: i64,
    condition: Typed,
}

/// The rules in use whose condition still fits the declarations (a field may have gone since).
///
/// # Errors
/// The database.
pub async fn rules(company: &Company, conn: &mut Conn) -> Outcome<Vec<Rule>> {
    let registry = company.registry();
    let object = registry.object(lead::KEY)?;
    let query = Query { count: Count::None, ..Query::new(KEY).filter(Expr::path("active")).limit(200) };
    let found = company.list_in(conn, &company.system(), &query).await?.records;
    let rule = |r: &Record| {
        let condition = expr::check(&registry, object, r.get("condition").text()?, Wanted::Condition).ok()?;
        Some(Rule { name: r.get("name").name().cloned()?, points: r.get("points").int()?, condition })
    };
    Ok(found.iter().filter_map(rule).collect())
}

/// The rules that fit a lead, and the sum of their points within 0 and 100.
pub fn rate<'r>(rules: &'r [Rule], lead: &Record, env: &Env) -> (Vec<&'r Rule>, i64) {
    let fitting: Vec<&Rule> = rules.iter().filter(|r| expr::holds(&r.condition, lead, env)).collect();
    let sum = fitting.iter().map(|r| r.points).fold(0_i64, i64::saturating_add).clamp(0, 100);
    (fitting, sum)
}

pub fn temperature(points: i64) -> &'static str {
    match points {
        HOT.. => "hot",
        WARM.. => "warm",
        _ => "cold",
    }
}

/// What a rule asks can be read from the lead alone, so that what is kept stays right until the lead changes.
fn sound(registry: &Registry, condition: &str) -> Outcome<()> {
    let typed = sound_on(registry, lead::KEY, condition)?;
    let derived = ["points", "temperature", "conversion", "truth"];
    let own = typed.fields().iter().all(|(_, f)| !derived.contains(&f.as_str()));
    if own { Ok(()) } else { Err(Fault::invalid("condition", "sales-rule-own-fields")) }
}

/// A condition on the own fields of a record of this object.
///
/// # Errors
/// Invalid (`condition`).
pub fn sound_on(registry: &Registry, object: &str, condition: &str) -> Outcome<Typed> {
    let object = registry.object(object)?;
    let typed = expr::check(registry, object, condition, Wanted::Condition).map_err(|fault| {
        let issues = fault.issues.into_iter().map(|i| kernel::Issue { field: "condition".into(), ..i }).collect();
        Fault { issues, ..Fault::new(kernel::FaultKind::Invalid) }
    })?;
    if typed.self_contained() { Ok(typed) } else { Err(Fault::invalid("condition", "sales-rule-own-fields")) }
}

pub fn prepare<'a>(cx: &'a mut Cx, _: Option<&'a Record>, rule: &'a mut Record) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        if let Some(condition) = rule.get("condition").text() {
            sound(&cx.registry, condition)?;
        }
        match rule.get("points").int() {
            Some(points) if !(-100..=100).contains(&points) => Err(Fault::invalid("points", "sales-points-range")),
            _ => Ok(()),
        }
    })
}

pub fn watch() -> Watch {
    Watch { object: KEY, run: changed }
}

fn changed<'a>(cx: &'a mut Cx, _: &'a [(Option<Record>, Option<Record>)]) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move { store::queue::enqueue(&mut cx.tx, &NewJob::new(JOB, serde_json::Value::Null).key(JOB)).await.map(|_| ()) })
}

pub fn job(cx: JobCx) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move { renew(&cx.company).await.map(|_| ()) })
}

/// Rates every lead that is not converted; how many are looked at.
///
/// # Errors
/// The database.
pub async fn renew(company: &Company) -> Outcome<usize> {
    let system = company.system();
    let object = company.registry().object(lead::KEY)?.clone();
    let (mut last, mut seen) = (Uuid::nil(), 0);
    loop {
        let mut cx = company.write(&system).await?;
        let rules = rules(company, &mut cx.tx).await?;
        let mut sql = cx.tx.sql();
        sql.push("SELECT t.\"id\"");
        company.rows_where(&system, &object, &Query::new(lead::KEY).filter(Expr::parse("status != \"converted\"")?), &mut sql)?;
        sql.push(" AND t.\"id\" > ").bind(last).push(&format!(" ORDER BY t.\"id\" LIMIT {PAGE}"));
        let rows = cx.tx.rows(&sql, &[ColumnType::Id]).await?;
        let ids: Vec<Uuid> = rows.iter().filter_map(|r| r.first().and_then(Cell::id)).collect();
        let Some(end) = ids.last().copied() else { return Ok(seen) };
        last = end;
        seen += ids.len();
        let env = company.env(&system);
        let mut values = Vec::new();
        for id in ids {
            let lead = company.get_in(&mut cx.tx, &system, lead::KEY, id).await?;
            let points = rate(&rules, &lead, &env).1;
            values.push((id, vec![("points", Value::Int(points)), ("temperature", Value::from(temperature(points)))]));
        }
        cx.derive(lead::KEY, values).await?;
        cx.commit().await?;
    }
}

/// What a company begins with.
const GIVEN: &[(&str, &str, &str, i64)] = &[
    ("عميل نعرفه", "A customer we know", "party != null", 20),
    ("جاء بتوصية", "Came by referral", "source == \"referral\"", 20),
    ("قابلناه في معرض أو زارنا", "Met at an exhibition or came to us", "source in [\"exhibition\", \"walk_in\"]", 10),
    ("بريد عمل لا بريد مجاني", "A business address, not a free one", "!is_blank(email) && !contains(email, \"gmail.\") && !contains(email, \"hotmail.\") && !contains(email, \"yahoo.\") && !contains(email, \"outlook.\") && !contains(email, \"icloud.\")", 15),
    ("ترك رقم هاتف", "Left a telephone number", "!is_blank(phone)", 10),
    ("ذكر منشأته", "Named a company", "!is_blank(company)", 10),
    ("صاحب قرار بحسب مسماه", "Decides, by the job title", "contains(job_title, \"مدير\") || contains(job_title, \"رئيس\") || contains(job_title, \"مالك\") || contains(job_title, \"مشتريات\") || contains(job_title, \"manager\") || contains(job_title, \"director\") || contains(job_title, \"owner\") || contains(job_title, \"chief\") || contains(job_title, \"purchasing\")", 20),
    ("وصف ما يريد", "Said what is wanted", "!is_blank(interest)", 10),
    ("قيمة من عشرة آلاف", "Worth ten thousand or more", "value >= 10000", 15),
    ("لا هاتف ولا بريد عمل", "Neither telephone nor business address", "is_blank(phone) && (is_blank(email) || contains(email, \"gmail.\") || contains(email, \"hotmail.\") || contains(email, \"yahoo.\"))", -15),
];

pub async fn seed(cx: &mut Cx) -> Outcome<()> {
    let draft = |(ar, en, condition, points): &(&str, &str, &str, i64)| Draft::new().set("name", Name::new(*ar, *en)).set("condition", *condition).set("points", *points);
    cx.save_many(KEY, GIVEN.iter().map(draft).collect()).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registry() -> Registry {
        engine::company::declared(&[base::module(), crate::module()])
    }

    #[test]
    fn mkt_11_the_rules_of_a_new_company_can_be_asked() {
        let registry = registry();
        for (_, en, condition, points) in GIVEN {
            sound(&registry, condition).unwrap_or_else(|f| panic!("{en}: {f}"));
            assert!((-100..=100).contains(points));
        }
    }

    #[test]
    fn mkt_11_what_hangs_on_the_clock_or_on_others_is_no_rule() {
        let registry = registry();
        for condition in ["created_at > now()", "owner.name.ar == \"x\"", "points > 3", "exists(interactions)", "source ==", "nothing == 1"] {
            assert!(sound(&registry, condition).is_err(), "{condition}");
        }
    }

    #[test]
    fn mkt_11_points_are_added_and_stay_within_their_bounds() {
        let registry = registry();
        let object = registry.object(lead::KEY).unwrap();
        let rule = |condition: &str, points| Rule { name: Name::new("س", "x"), points, condition: expr::check(&registry, object, condition, Wanted::Condition).unwrap() };
        let rules = [rule("source == \"referral\"", 50), rule("!is_blank(phone)", 70), rule("is_blank(company)", -15)];
        let env = Env::new(kernel::jiff::Timestamp::UNIX_EPOCH, kernel::jiff::tz::TimeZone::UTC, None);
        let lead = |source: &str, phone: &str, company: &str| {
            let filled = |t: &str| Some(t.to_owned()).filter(|t| !t.is_empty());
            Record::new(lead::KEY, Uuid::nil()).with("source", filled(source)).with("phone", filled(phone)).with("company", filled(company))
        };
        let told = |l: &Record| (rate(&rules, l, &env).0.len(), rate(&rules, l, &env).1, temperature(rate(&rules, l, &env).1));
        assert_eq!(told(&lead("", "", "")), (1, 0, "cold"));
        assert_eq!(told(&lead("referral", "", "")), (2, 35, "warm"));
        assert_eq!(told(&lead("referral", "", "شركة")), (1, 50, "warm"));
        assert_eq!(told(&lead("", "+966500000000", "شركة")), (1, 70, "hot"));
        assert_eq!(told(&lead("referral", "+966500000000", "شركة")), (2, 100, "hot"));
    }
}
