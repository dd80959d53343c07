//! What makes the customers of the demo more than lines of orders: second phones, profiles, credit, relationships with
//! each other, groups of companies, account teams, points discussed. All of it made up, the same at each run.

use super::names::{self, Dice};
use super::people::Staff;
use engine::{Company, Draft, Query};
use kernel::{Expr, Money, Outcome, Record, Value};
use uuid::Uuid;

const ROLES: [(&str, bool); 6] = [("مدير المشتريات", true), ("المدير العام", false), ("محاسب", false), ("مسؤولة المستودع", false), ("مديرة المعرض", true), ("مساعد مشتريات", false)];
const TOPICS: [(&str, &str); 6] = [
    ("خطة الموسم", "ينوي زيادة الطلب قبل الأعياد، ويريد الأسعار قبل الموعد بشهرين."),
    ("معرض الهدايا في فرانكفورت", "سيزور جناحنا في اليوم الثاني، ورحّب بلقاء."),
    ("شكوى من التغليف", "وصلت علب مكسورة مرتين. وُعد بتغليف أقوى."),
    ("فرع جديد", "يفتتح فرعًا في الربيع ويحتاج إلى تشكيلة كاملة."),
    ("تخرّج ابنته", "تخرجت ابنته في كلية الطب؛ يُستحسن أن نهنئه."),
    ("شروط السداد", "طلب مهلة أطول في الصيف لأن مبيعاته تضعف فيه."),
];

/// The profile of a customer beside what his orders say; added to his draft.
pub fn profile(draft: Draft, code: &str, person: bool, orders: usize) -> Draft {
    let mut dice = Dice::of(&format!("profile {code}"));
    let list = |keys: &[&str]| Value::List(keys.iter().map(|k| (*k).to_owned()).collect());
    let draft = draft
        .set("payment_terms", dice.pick(&["prepaid", "net_15", "net_30", "net_30", "net_45", "net_60"]))
        .set("preferred_channel", dice.pick(&["call", "whatsapp", "mail", "mail", "visit"]))
        .set("language", dice.pick(&["ar", "ar", "en", "fr"]));
    if person {
        let interests = ["home", "art", "family", "fashion", "health", "technology"];
        let hobbies = ["reading", "travel", "cooking", "football", "photography", "gardening"];
        return draft
            .set("marital_status", dice.pick(&["single", "married", "married"]))
            .set("education", dice.pick(&["diploma", "bachelor", "master"]))
            .set("personality", dice.pick(&["driver", "analytical", "amiable", "expressive"]))
            .set("best_time", dice.pick(&["morning", "noon", "afternoon", "evening"]))
            .set("interests", list(&[dice.pick(&interests[..3]), dice.pick(&interests[3..])]))
            .set("hobbies", list(&[dice.pick(&hobbies[..3]), dice.pick(&hobbies[3..])]));
    }
    let limit = i64::try_from(orders).unwrap_or_default().clamp(1, 40) * 50_000;
    let late = if dice.below(6) == 0 { 5 + dice.below(60) } else { 0 };
    let rating = if late > 30 { "c" } else { dice.pick(&["a", "a", "b", "b"]) };
    draft
        .set("industry", dice.pick(&["retail", "retail", "wholesale", "food", "services"]))
        .set("employees", dice.pick(&["1_5", "6_49", "6_49", "50_249"]))
        .set("credit_limit", Money::new(limit, "GBP"))
        .set("credit_rating", rating)
        .set("credit_hold", late > 45)
        .set("hold_reason", if late > 45 { Value::from("تأخر في السداد أكثر من ٤٥ يومًا") } else { Value::Null })
        .set("amount_owed", Money::new(limit / 10 * i64::try_from(dice.below(9)).unwrap_or_default(), "GBP"))
        .set("days_late", i64::try_from(late).unwrap_or_default())
        .set("days_to_pay", i64::try_from(12 + dice.below(50)).unwrap_or_default())
}

/// Ties the customers to each other and to the staff; how many records were made. Once made they are left alone.
pub async fn enrich(company: &Company, staff: &Staff) -> Outcome<usize> {
    let system = company.system();
    if !company.list(&system, &Query::new("account_member").limit(1)).await?.records.is_empty() {
        return Ok(0);
    }
    let of_kind = |kind: &str| Query::new("party").filter(Expr::path("kind").eq(Expr::lit(kind))).sort("-revenue").limit(60);
    let firms = company.list(&system, &of_kind("organisation")).await?.records;
    let people = company.list(&system, &of_kind("person")).await?.records;
    let colleague = |email: &str| staff.iter().find(|(p, _)| p.email == email).map(|(_, id)| *id);
    let (service, manager) = (colleague("mariam@example.com"), colleague("manager@example.com"));
    let mut made = 0;
    let mut cx = company.write(&system).await?;
    cx.cause = super::MARK.into();
    cx.retold = true;
    let mut batch = async |object: &str, drafts: Vec<Draft>| -> Outcome<()> {
        made += drafts.len();
        cx.save_many(object, drafts).await.map(|_| ())
    };
    // Each of the larger firms has somebody who buys for it, and some have a branch.
    let mut ties = Vec::new();
    for (i, (person, firm)) in people.iter().zip(firms.iter().cycle()).enumerate().take(40) {
        let (role, primary) = ROLES.get(i % ROLES.len()).copied().unwrap_or_default();
        let tie = tie(person.id, "works_at", firms.get(i % 14).map_or(firm.id, |f| f.id));
        ties.push(tie.set("role", role).set("primary", primary && i < 14));
    }
    for (i, pair) in firms.windows(2).enumerate().step_by(3).take(10) {
        if let [a, b] = pair {
            ties.push(tie(a.id, ["refers", "partner_of", "supplies"].get(i % 3).copied().unwrap_or("refers"), b.id));
        }
    }
    batch("relationship", ties).await?;
    let branches = firms.iter().skip(20).take(12).enumerate();
    batch("party", branches.map(|(i, f)| Draft::of(f.id).set("parent", firms.get(i / 4).map(|p| p.id))).collect()).await?;
    let member = |party: &Record, user: Option<Uuid>, role: &str| user.map(|u| Draft::new().set("party", party.id).set("user", u).set("role", role));
    let top = firms.iter().take(30);
    let team = top.clone().filter_map(|f| member(f, service, "service")).chain(top.take(10).filter_map(|f| member(f, manager, "sponsor")));
    batch("account_member", team.collect()).await?;
    batch("party", firms.iter().take(12).map(|f| Draft::of(f.id).set("advocate", service)).collect()).await?;
    let both = || firms.iter().take(30).chain(people.iter().take(20)).enumerate();
    let second = |(i, r): (usize, &Record)| {
        let code = r.get("code").text().unwrap_or_default();
        let other = names::identity(&format!("{code} second"), "France");
        Draft::new().set("party", r.id).set("phone", other.phone).set("type", ["work", "whatsapp", "home", "assistant"].get(i % 4).copied().unwrap_or("work"))
    };
    batch("party_phone", both().map(second).collect()).await?;
    let billing = |(_, r): (usize, &Record)| {
        let code = r.get("code").text().unwrap_or_default();
        Draft::new().set("party", r.id).set("email", format!("accounts.{code}@example.com")).set("type", "billing")
    };
    batch("party_email", both().take(25).map(billing).collect()).await?;
    let talk = |(i, r): (usize, &Record)| {
        let (topic, said) = TOPICS.get(i % TOPICS.len()).copied().unwrap_or_default();
        let on = jiff::civil::date(2011, 9, 1).saturating_add(jiff::ToSpan::days(i64::try_from(i).unwrap_or_default()));
        Draft::new().set("party", r.id).set("topic", topic).set("said", said).set("on", on)
    };
    batch("talking_point", both().map(talk).collect()).await?;
    cx.commit().await?;
    Ok(made)
}

fn tie(party: Uuid, kind: &str, other: Uuid) -> Draft {
    Draft::new().set("party", party).set("kind", kind).set("other", other)
}
