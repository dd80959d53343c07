//! Deals and leads of the demo company around today: with its real customers, in every stage, with the time each stage
//! took; the same for every new demo of a day.

use super::names::{self, Dice};
use super::people::Staff;
use engine::{Company, Cx, Draft, Query};
use jiff::{SignedDuration, Timestamp, ToSpan};
use kernel::{Expr, Money, Name, Outcome, Record, Value};
use sales::pipeline::{self, Stage};
use uuid::Uuid;

/// Deals that are made; about a third is open.
const DEALS: usize = 72;
const LEADS: usize = 26;

const SUBJECTS: [(&str, &str); 14] = [
    ("تشكيلة هدايا رمضان", "نريد تشكيلة جديدة تصل قبل رمضان بشهر."),
    ("توريد سنوي للفروع", "تسعة فروع تريد سعرًا واحدًا وتوريدًا كل شهر."),
    ("Spring gift range", "A range for the spring window, about forty articles."),
    ("هدايا موظفي العيد", "ثلاثمئة صندوق هدايا تحمل شعارهم."),
    ("تجهيز معرض جديد", "يفتتح معرضًا ويحتاج إلى كل ما يملأ رفوفه."),
    ("أدوات مائدة للمطاعم", "سلسلة مطاعم تبدل أدوات المائدة في الصيف."),
    ("Christmas lights and decorations", "Repeats last year's order, with more lights."),
    ("طلبية نهاية العام", "يريد حجز الكميات مبكرًا هذه السنة."),
    ("حقائب ومستلزمات المدارس", "موسم العودة إلى المدارس، بتغليف خاص به."),
    ("شموع ومباخر", "جرّب عينة وأعجبته، ويسأل عن الحد الأدنى."),
    ("Private label for candles", "Wants its own label on candles and soaps."),
    ("زينة حفلات الأطفال", "متجر إلكتروني يضيف قسمًا للحفلات."),
    ("عقد توريد إطاري لسنتين", "مناقصة، والعروض بعد ثلاثة أسابيع."),
    ("صناديق هدايا الشركات", "وكالة دعاية تبيعها لعملائها."),
];
const STEPS: [&str; 6] = ["اتصال بعد العرض", "إرسال العينات", "اجتماع مع مدير المشتريات", "تأكيد الكميات", "مراجعة شروط السداد", "زيارة المستودع"];
/// Name, strengths, weaknesses, how we win.
const RIVALS: [(&str, &str, &str, &str, &str); 4] = [
    ("الشرق للهدايا", "Orient Gifts", "أسعار أقل ومخزون كبير.", "تسليم متأخر في المواسم.", "اعرض مواعيد تسليم مضمونة."),
    ("بيت الزينة", "Decor House", "تصاميم جديدة كل شهر.", "حد أدنى مرتفع للطلب.", "اعرض كميات صغيرة للتجربة."),
    ("Brightway Wholesale", "Brightway Wholesale", "Known brand, wide range.", "No Arabic service.", "Offer a named contact in Arabic."),
    ("سوق الجملة الموحد", "Unified Wholesale", "توصيل في اليوم التالي.", "لا يقبل المرتجعات.", "ذكّر بسياسة الإرجاع لدينا."),
];
const TITLES: [&str; 6] = ["مدير المشتريات", "صاحب متجر", "مسؤولة التسويق", "مساعد إداري", "المدير العام", "Purchasing manager"];
const WISHES: [&str; 6] = ["يسأل عن أسعار الجملة", "يريد كتالوج الشتاء", "", "يبحث عن مورّد للهدايا الدعائية", "Asks for a sample box", ""];

/// Makes competitors, deals and leads, once; how many.
pub async fn make(company: &Company, staff: &Staff) -> Outcome<usize> {
    let system = company.system();
    if !company.list(&system, &Query::new("opportunity").limit(1)).await?.records.is_empty() {
        return Ok(0);
    }
    let of_kind = |kind: &str| Query::new("party").filter(Expr::path("kind").eq(Expr::lit(kind))).sort("-revenue").limit(60);
    let firms = company.list(&system, &of_kind("organisation")).await?.records;
    let people = company.list(&system, &of_kind("person")).await?.records;
    let sellers: Vec<Uuid> = staff.iter().filter(|(p, _)| p.role == "seller").map(|(_, id)| *id).collect();
    let stages: Vec<Stage> = company.list(&system, &Query::new(pipeline::STAGE).limit(200)).await?.records.iter().filter_map(Stage::of).collect();
    let mut cx = company.write(&system).await?;
    cx.cause = super::MARK.into();
    cx.retold = true;
    let rivals = RIVALS.iter().map(|(ar, en, strong, weak, answer)| {
        Draft::new().set("name", Name::new(*ar, *en)).set("strengths", *strong).set("weaknesses", *weak).set("answer", *answer)
    });
    let rivals: Vec<Uuid> = cx.save_many("competitor", rivals.collect()).await?.iter().map(|s| s.record().id).collect();
    let world = World { now: cx.now, firms, people, sellers, rivals, stages };
    for n in 0..DEALS {
        world.deal(&mut cx, n).await?;
    }
    for n in 0..LEADS {
        world.lead(&mut cx, n).await?;
    }
    cx.now = world.now;
    cx.commit().await?;
    Ok(DEALS + LEADS)
}

struct World {
    now: Timestamp,
    firms: Vec<Record>,
    people: Vec<Record>,
    sellers: Vec<Uuid>,
    rivals: Vec<Uuid>,
    stages: Vec<Stage>,
}

impl World {
    fn ago(&self, hours: i64) -> Timestamp {
        self.now.saturating_sub(SignedDuration::from_hours(hours)).unwrap_or(self.now)
    }

    /// A deal that went some way, with the hours it spent in each stage.
    async fn deal(&self, cx: &mut Cx, n: usize) -> Outcome<()> {
        let mut dice = Dice::of(&format!("deal {n}"));
        let Some(party) = self.firms.get(n % 40) else { return Ok(()) };
        // Each fifth deal is a repeat order and goes the other way.
        let ways: Vec<Uuid> = self.stages.iter().fold(Vec::new(), |mut all, s| {
            if !all.contains(&s.pipeline) {
                all.push(s.pipeline);
            }
            all
        });
        let repeat = n % 5 == 4;
        let Some(way) = ways.get(usize::from(repeat)).or(ways.first()) else { return Ok(()) };
        let stage = |kind: &str| self.stages.iter().filter(|s| s.pipeline == *way && s.kind == kind).collect::<Vec<_>>();
        let open = stage("open");
        let (won, lost) = (stage("won"), stage("lost"));
        // What has become of it: a third is open, of the others somewhat more than a half is lost.
        let fate = if n % 3 == 0 { "open" } else if dice.below(9) < 4 { "won" } else { "lost" };
        let passed = match fate {
            "won" => open.len(),
            _ => 1 + dice.below(open.len()),
        };
        // Days in a stage, usually within what it allows; negotiations take longest.
        let stays: Vec<i64> = open.iter().take(passed).enumerate().map(|(i, s)| {
            let usual = s.rotten_days.unwrap_or(14);
            let slow = if i + 2 == open.len() { 8 } else { 0 };
            24 * (1 + i64::try_from(dice.below(usize::try_from(usual).unwrap_or(14))).unwrap_or_default() + slow) + i64::try_from(dice.below(9)).unwrap_or_default()
        }).collect();
        let since_end = if fate == "open" { 0 } else { 24 * i64::try_from(dice.below(150)).unwrap_or_default() };
        let born = self.ago(stays.iter().sum::<i64>() + since_end + 3);
        let (name, need) = SUBJECTS.get(dice.below(SUBJECTS.len())).copied().unwrap_or_default();
        let orders = party.get("orders_count").int().unwrap_or(1).max(1);
        let usual = party.get("revenue").money().map_or(50_000, |m| m.minor / orders).clamp(15_000, 900_000);
        let amount = usual * (2 + i64::try_from(dice.below(9)).unwrap_or_default()) / 5_000 * 5_000;
        let owner = party.get("owner").id().filter(|o| self.sellers.contains(o)).or_else(|| self.sellers.get(n % self.sellers.len().max(1)).copied());
        let person = self.people.get(n % self.people.len().max(1)).map(|p| p.id);
        let close = born.to_zoned(jiff::tz::TimeZone::UTC).date().saturating_add(i64::try_from(60 + dice.below(120)).unwrap_or(90).days());
        let today = self.now.to_zoned(jiff::tz::TimeZone::UTC).date();
        // Open deals close ahead, save for some that nobody has looked at.
        let close = if fate == "open" && dice.below(6) > 0 { today.saturating_add(i64::try_from(5 + dice.below(130)).unwrap_or(30).days()) } else { close };
        let rivals: Vec<Uuid> = (0..dice.below(3)).filter_map(|_| self.rivals.get(dice.below(self.rivals.len())).copied()).collect();
        let first = open.first().map(|s| s.id);
        let mut draft = Draft::new()
            .external("demo", &format!("deal {n}"))
            .set("name", name)
            .set("party", party.id)
            .set("stage", first)
            .set("amount", Money::new(amount, "GBP"))
            .set("expected_close", close)
            .set("need", need)
            .set("owner", owner)
            .set("next_step", dice.pick(&STEPS))
            .set("attention", amount > 2_500_000);
        if !rivals.is_empty() {
            let mut rivals = rivals.clone();
            rivals.sort_unstable();
            rivals.dedup();
            draft = draft.set("competitors", Value::Ids(rivals));
        }
        cx.now = born;
        let id = cx.save("opportunity", draft).await?.record().id;
        if let Some(person) = person {
            let player = Draft::new()
                .set("opportunity", id)
                .set("party", person)
                .set("role", dice.pick(&["decides", "advises", "uses", "pays", "champion"]))
                .set("influence", dice.pick(&["high", "medium", "low"]))
                .set("attitude", dice.pick(&["for", "neutral", "unknown", "for", "against"]));
            cx.save("key_player", player).await?;
        }
        let mut at = born;
        for (next, hours) in open.iter().skip(1).take(passed.saturating_sub(1)).zip(&stays) {
            at = at.saturating_add(SignedDuration::from_hours(*hours)).unwrap_or(at);
            cx.now = at;
            cx.save("opportunity", Draft::of(id).set("stage", next.id)).await?;
        }
        if fate != "open" {
            cx.now = at.saturating_add(SignedDuration::from_hours(stays.last().copied().unwrap_or(24))).unwrap_or(at);
            let draft = Draft::of(id).set("status", fate).trusted();
            let draft = if fate == "won" {
                draft.set("stage", won.first().map(|s| s.id)).set("won_reason", dice.pick(&["price", "quality", "service", "delivery", "relationship"]))
            } else {
                let reason = dice.pick(&["price", "competitor", "budget", "no_decision", "timing", "silent"]);
                let to = rivals.first().copied().filter(|_| reason == "competitor");
                draft.set("stage", lost.first().map(|s| s.id)).set("lost_reason", reason).set("lost_to", to)
            };
            cx.save("opportunity", draft).await?;
        }
        Ok(())
    }

    async fn lead(&self, cx: &mut Cx, n: usize) -> Outcome<()> {
        let mut dice = Dice::of(&format!("interest {n}"));
        let named = |what: &str, person: bool, place: &str| (0..40).map(|i| names::identity(&format!("{what} {n} {i}"), place)).find(|who| who.person == person);
        let place = dice.pick(&["Lebanon", "France", "Spain", ""]);
        let (Some(who), Some(firm)) = (named("asks", true, place), named("asks for", false, place)) else { return Ok(()) };
        let came = self.ago(i64::try_from(2 + dice.below(24 * 40)).unwrap_or(24));
        let email = if dice.below(3) == 0 { format!("{}{n}@gmail.com", who.name.latin.split(' ').next().unwrap_or("a").to_lowercase()) } else { format!("info{n}@{}.example", firm.name.latin.split(' ').next().unwrap_or("a").to_lowercase()) };
        let filled = |text: &str| Some(text.to_owned()).filter(|t| !t.is_empty());
        let owner = if n.is_multiple_of(6) { None } else { self.sellers.get(n % self.sellers.len().max(1)).copied() };
        let mut draft = Draft::new()
            .external("demo", &format!("lead {n}"))
            .set("name", who.name)
            .set("company", filled(if dice.below(4) == 0 { "" } else if dice.below(4) == 0 { &firm.name.latin } else { &firm.name.ar }))
            .set("job_title", filled(dice.pick(&TITLES)))
            .set("email", email)
            .set("phone", filled(if dice.below(4) == 0 { "" } else { &who.phone }))
            .set("city", who.address.city)
            .set("source", dice.pick(&["website", "website", "exhibition", "referral", "social", "campaign", "walk_in"]))
            .set("interest", filled(dice.pick(&WISHES)))
            .set("owner", owner);
        if dice.below(3) == 0 {
            draft = draft.set("value", Money::new(i64::try_from(2 + dice.below(30)).unwrap_or(5) * 50_000, "GBP"));
        }
        cx.now = came;
        let id = cx.save("lead", draft).await?.record().id;
        let status = match n % 9 {
            0..=2 => return Ok(()),
            3 | 4 => "contacted",
            5 | 6 => "qualified",
            7 => "nurtured",
            _ => "rejected",
        };
        cx.now = came.saturating_add(SignedDuration::from_hours(i64::try_from(1 + dice.below(40)).unwrap_or(4))).unwrap_or(came).min(self.now);
        cx.save("lead", Draft::of(id).set("status", "contacted").trusted()).await?;
        let today = self.now.to_zoned(jiff::tz::TimeZone::UTC).date();
        let draft = Draft::of(id).set("status", status).trusted();
        let draft = match status {
            "nurtured" => draft.set("nurture_until", today.saturating_add(i64::try_from(3 + dice.below(60)).unwrap_or(30).days())),
            "rejected" => draft.set("rejected_reason", dice.pick(&["no_need", "no_budget", "unreachable", "outside"])),
            _ => draft,
        };
        cx.now = cx.now.saturating_add(SignedDuration::from_hours(20)).unwrap_or(cx.now).min(self.now);
        cx.save("lead", draft).await.map(|_| ())
    }
}
