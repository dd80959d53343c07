//! How long what is kept: rules as data, done at night; what an erasure must leave, and legal holds.

use crate::erasure;
use crate::view::view;
use engine::forget::{self, Fate, Fates};
use engine::{Company, Cx, Draft, JobCx, PageCx, Query};
use futures::future::BoxFuture;
use jiff::{Timestamp, ToSpan};
use kernel::expr::Expr;
use kernel::{Capability, Choice, Fault, Field, FaultKind, Kind, Label, Object, Outcome, Record, Tone, Value, Verb, label};
use maud::html;
use std::collections::BTreeMap;
use store::queue::NewJob;
use ui::cx::Titles;
use uuid::Uuid;

/// The nightly job.
pub const JOB: &str = "privacy.retention";
/// Records one rule treats in one night.
const MOST: usize = 500;

pub fn rule() -> Object {
    let what = [
        ("erase", label("محو الشخص (يبقى مجهول الهوية)", "Erase the person (an anonymous record stays)"), Tone::Bad),
        ("trash", label("نقل إلى المهملات", "Move to the trash"), Tone::Warn),
        ("keep", label("إبقاؤه كما هو عند المحو", "Leave as it is when a person is erased"), Tone::Good),
    ];
    let what = what.into_iter().map(|(key, l, tone)| Choice::new(key, l, tone)).collect();
    Object::new("retention_rule", "privacy", label("قاعدة احتفاظ", "Retention rule"), label("قواعد الاحتفاظ بالبيانات", "Retention rules"))
        .icon("clock")
        .sort("name")
        .without(&[Capability::Comments, Capability::Files, Capability::Import])
        .field(Field::new("name", Kind::text(), label("القاعدة", "Rule")).required())
        .field(Field::new("object", Kind::Code { max: 48 }, label("نوع السجل", "Kind of record")).required().list()
            .help(label("مفتاح الكائن، مثل party أو order.", "Key of the object: party, order …")))
        .field(Field::new("what", Kind::Choice { options: what }, label("ما يُفعل", "What happens")).required().default_expr("\"erase\"").list())
        .field(Field::new("months", Kind::Integer, label("بعد كم شهر", "After (months)")).list())
        .field(Field::new("since", Kind::Code { max: 48 }, label("محسوبة من الحقل", "Counted from the field")).default_expr("\"updated_at\"")
            .help(label("حقل تاريخ، مثل last_order_at. الفارغ منه يُحسب من تاريخ الإنشاء.", "A date field, such as last_order_at; where it is empty, creation counts.")))
        .field(Field::new("condition", Kind::LongText, label("شرط إضافي", "Further condition"))
            .help(label("تعبير، مثل stage == \"prospect\".", "An expression: stage == \"prospect\"")))
        .field(Field::new("ground", Kind::LongText, label("السند", "Ground")))
        .field(Field::new("active", Kind::Bool, label("مفعّلة", "Active")).default_expr("false").list())
        .field(Field::new("last_run_at", Kind::DateTime, label("آخر تنفيذ", "Last run")).readonly())
        .field(Field::new("last_count", Kind::Integer, label("سجلات آخر تنفيذ", "Records of the last run")).readonly())
}

pub fn hold() -> Object {
    Object::new("legal_hold", "privacy", label("حجز نظامي", "Legal hold"), label("الحجوز النظامية", "Legal holds"))
        .icon("lock")
        .title("number")
        .without(&[Capability::Import])
        .field(Field::new("number", Kind::Sequence { prefix: "LH-".into(), pad: 4, gap_free: true }, label("الرقم", "Number")))
        .field(Field::new("party", Kind::to("party"), label("صاحب البيانات", "Person")).required().reverse("legal_holds", label("الحجوز النظامية", "Legal holds")).list())
        .field(Field::new("reason", Kind::LongText, label("السبب", "Reason")).required())
        .field(Field::new("until", Kind::Date, label("حتى تاريخ", "Until")).help(label("فارغ: حتى يُرفع.", "Empty: until it is lifted.")).list())
}

/// A rule to begin with; switched off until somebody has looked at its preview.
pub fn seed(cx: &mut Cx) -> BoxFuture<'_, Outcome<()>> {
    Box::pin(async move {
        let arabic = cx.company.settings().lang == "ar";
        let pick = |ar: &'static str, en: &'static str| if arabic { ar } else { en };
        let draft = Draft::new()
            .set("name", pick("عملاء محتملون بلا تواصل منذ سنتين", "Prospects without contact for two years"))
            .set("object", "party")
            .set("what", "erase")
            .set("months", 24)
            .set("since", "updated_at")
            .set("condition", "kind == \"person\" && stage in [\"suspect\", \"prospect\", \"lost\"]")
            .set("ground", pick("لم يبق غرض من الاحتفاظ ببياناتهم.", "There is no purpose left for keeping their data."));
        cx.save("retention_rule", draft).await.map(|_| ())
    })
}

async fn rules(company: &Company, filter: &str) -> Outcome<Vec<Record>> {
    let query = Query { limit: 200, count: engine::Count::None, ..Query::new("retention_rule") }.filter(Expr::parse(filter)?);
    Ok(company.list(&company.system(), &query).await?.records)
}

/// Object → on which ground an erasure leaves it as it is.
///
/// # Errors
/// The database.
pub async fn grounds(company: &Company) -> Outcome<BTreeMap<String, String>> {
    let kept = rules(company, "active == true && what == \"keep\"").await?;
    let ground = |r: &Record| r.get("ground").text().unwrap_or_default().to_owned();
    Ok(kept.iter().filter_map(|r| Some((r.get("object").text()?.to_owned(), ground(r)))).collect())
}

/// Living records that a rule is due for, oldest first, at most [`MOST`]; without those on hold.
///
/// # Errors
/// Invalid: the rule names an object, field or condition that there is none of.
pub async fn due(company: &Company, rule: &Record) -> Outcome<Vec<Uuid>> {
    let wrong = |field: &str, key: &str| Fault::issue(kernel::Issue::new(field, key).arg("name", rule.get(field).text().unwrap_or_default()));
    let registry = company.registry();
    let key = rule.get("object").text().unwrap_or_default();
    let object = registry.find(key).ok_or_else(|| wrong("object", "privacy-no-object"))?;
    let since = rule.get("since").text().filter(|t| !t.is_empty()).unwrap_or("updated_at");
    let field = object.get(since).filter(|f| matches!(f.kind.stored(), Kind::DateTime | Kind::Date)).ok_or_else(|| wrong("since", "privacy-no-date"))?;
    let months = rule.get("months").int().filter(|m| (1..=1_200).contains(m)).ok_or_else(|| wrong("months", "value-required"))?;
    let zone = jiff::tz::TimeZone::get(&company.settings().zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let limit: Timestamp = company.now().to_zoned(zone).checked_sub(months.months()).map_err(Fault::internal)?.timestamp();
    let old = match field.kind.stored() {
        Kind::Date => format!("({since} != null && {since} < date(\"{}\"))", limit.to_zoned(jiff::tz::TimeZone::UTC).date()),
        _ => format!("coalesce({since}, created_at) < \"{limit}\""),
    };
    let mut filter = Expr::parse(&old)?;
    if let Some(text) = rule.get("condition").text().filter(|t| !t.trim().is_empty()) {
        filter = filter.and(Expr::parse(text).map_err(|_| wrong("condition", "privacy-no-condition"))?);
    }
    let system = company.system();
    let query = Query { limit: MOST, fields: vec![since.to_owned()], count: engine::Count::None, ..Query::new(key) }.filter(filter).sort(since);
    let found = company.list(&system, &query).await?.records;
    let mut conn = company.db().read().await?;
    let mut due = Vec::new();
    for record in found {
        let held = key == "party" && erasure::held(&mut conn, company.now(), record.id).await?.is_some();
        let gone = rule.get("what").text() == Some("erase") && erased(&mut conn, key, record.id).await?;
        if !held && !gone {
            due.push(record.id);
        }
    }
    Ok(due)
}

/// The record was made anonymous.
pub(crate) async fn erased(conn: &mut store::Conn, object: &str, id: Uuid) -> Outcome<bool> {
    let mut sql = conn.sql();
    sql.push("SELECT 1 FROM sila_audit WHERE verb = 'erased' AND object = ").bind(object).push(" AND record_id = ").bind(id).push(" LIMIT 1");
    Ok(conn.int(&sql).await?.is_some())
}

/// Does all active rules; how many records went.
///
/// # Errors
/// The database. A rule that cannot be read is logged and left out.
pub async fn apply(company: &Company) -> Outcome<usize> {
    let fates: Fates = grounds(company).await?.into_keys().map(|object| (object, Fate::Keep)).collect();
    let mut all = 0;
    for rule in rules(company, "active == true && what != \"keep\"").await? {
        let due = match due(company, &rule).await {
            Ok(due) => due,
            Err(fault) => {
                tracing::warn!(rule = %rule.id, %fault, "retention rule left out");
                continue;
            }
        };
        let object = rule.get("object").text().unwrap_or_default().to_owned();
        let mut done = 0;
        for id in due {
            let result = match rule.get("what").text() {
                Some("erase") => forget::erase(company, &object, id, &fates, |_, _| {}).await.map(|_| ()),
                _ => trash(company, &object, id, &rule).await,
            };
            match result {
                Ok(()) => done += 1,
                // In use by something that stays: next night again.
                Err(fault) if fault.kind == FaultKind::Invalid => {}
                Err(fault) => return Err(fault),
            }
        }
        let mut cx = company.write(&company.system()).await?;
        cx.cause = "retention".into();
        cx.save("retention_rule", Draft::of(rule.id).trusted().set("last_run_at", cx.now).set("last_count", done)).await?;
        if done > 0 && rule.get("what").text() == Some("erase") {
            store::queue::enqueue(&mut cx.tx, &NewJob::new(erasure::CLEAN, serde_json::Value::Null).key(erasure::CLEAN)).await?;
        }
        cx.commit().await?;
        all += usize::try_from(done).unwrap_or(0);
    }
    Ok(all)
}

async fn trash(company: &Company, object: &str, id: Uuid, rule: &Record) -> Outcome<()> {
    let mut cx = company.write(&company.system()).await?;
    cx.cause = format!("retention {}", rule.id);
    cx.delete(object, id, None).await?;
    cx.commit().await
}

pub(crate) fn run(job: JobCx) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move {
        let done = apply(&job.company).await?;
        job.result(done.to_string());
        Ok(())
    })
}

/// What tonight would bring, under the reader's own rights.
pub(crate) fn preview(page: PageCx, id: Uuid) -> BoxFuture<'static, Outcome<String>> {
    Box::pin(async move {
        let rule = page.company.get(&page.actor, "retention_rule", id).await?;
        let titles = Titles::new();
        let cx = view(&page, &titles);
        if rule.get("what").text() == Some("keep") {
            return Ok(html! { p class="soft small" { (cx.t("privacy-rule-keeps")) } }.into_string());
        }
        let due = match due(&page.company, &rule).await {
            Ok(due) => due,
            Err(fault) => {
                let said: Vec<String> = fault.issues.iter().map(|i| cx.issue(i)).collect();
                return Ok(ui::mark::flash(ui::mark::Mood::Bad, &html! { (said.join(" ")) }).into_string());
            }
        };
        let registry = page.company.registry();
        let key = rule.get("object").text().unwrap_or_default().to_owned();
        let label: Label = registry.find(&key).map(|o| o.plural.clone()).unwrap_or_default();
        let mut names = Vec::new();
        if registry.find(&key).is_some_and(|o| page.actor.may(o, &Verb::Read)) {
            for id in due.iter().take(10) {
                if let Ok(record) = page.company.get(&page.actor, &key, *id).await
                    && let Some(object) = registry.find(&key)
                {
                    names.push((cx.record_url(&key, *id), engine::load::title_of(object, &record).get(cx.lang()).to_owned()));
                }
            }
        }
        let body = html! { div class="stack" {
            p { (cx.tf("privacy-rule-due", &[("count", due.len().into()), ("object", cx.label(&label).to_owned().into())])) }
            @if !names.is_empty() { ul { @for (href, name) in &names { li { a href=(href) { bdi { (name) } } } } } }
            @if rule.get("active") != &Value::Bool(true) { p class="soft small" { (cx.t("privacy-rule-off")) } }
        } };
        Ok(body.into_string())
    })
}
