//! The ways a sale goes, and the stages on each: records, so that a company has its own. A stage says how likely the
//! sale is, what must be known before one may enter it, when one may leave it, and how long is too long.

use crate::opportunity;
use engine::{Cx, Draft, Query, Watch};
use futures::future::BoxFuture;
use kernel::object::Capability;
use kernel::rust_decimal::Decimal;
use kernel::uuid::Uuid;
use kernel::{Choice, Expr, Fault, Field, Kind, Name, Object, Outcome, Record, Tone, Value, Weight, label};

pub const KEY: &str = "pipeline";
pub const STAGE: &str = "pipeline_stage";
/// Demanded by a stage like a field: that somebody on the other side is known.
pub const KEY_PLAYERS: &str = "key_players";
/// Stages of one company.
const MOST: usize = 500;

pub fn pipeline() -> Object {
    use Capability::{Comments, Files, Menu, Timeline};
    Object::new(KEY, "sales", label("مسار بيع", "Pipeline"), label("مسارات البيع", "Pipelines"))
        .icon("git-merge")
        .sort("position")
        .without(&[Menu, Comments, Files, Timeline])
        .field(Field::new("name", Kind::Name, label("اسم المسار", "Name")).required().search(Weight::Title))
        .field(
            Field::new("position", Kind::Integer, label("الترتيب", "Order"))
                .required()
                .default_expr("100")
                .list()
                .help(label("تبدأ الفرص الجديدة في المسار الأول ما لم يُختر غيره.", "New opportunities begin in the first one unless another is chosen.")),
        )
        .field(Field::new("active", Kind::Bool, label("مستعمل", "In use")).default_expr("true").list())
        .field(Field::new("note", Kind::LongText, label("متى يُستعمل", "When it is used")).list())
}

pub fn stage() -> Object {
    use Capability::{Comments, Files, Menu, Timeline};
    let kinds = [
        Choice::new("open", label("مفتوحة", "Open"), Tone::Info),
        Choice::new("won", label("فوز", "Won"), Tone::Good),
        Choice::new("lost", label("خسارة", "Lost"), Tone::Bad),
    ];
    Object::new(STAGE, "sales", label("مرحلة بيع", "Pipeline stage"), label("مراحل البيع", "Pipeline stages"))
        .icon("columns-3")
        .sort("position")
        .without(&[Menu, Comments, Files, Timeline])
        .field(
            Field::new("pipeline", Kind::to(KEY), label("المسار", "Pipeline"))
                .required()
                .inline()
                .reverse("stages", label("المراحل", "Stages"))
                .list(),
        )
        .field(Field::new("name", Kind::Name, label("اسم المرحلة", "Stage")).required().search(Weight::Title))
        .field(Field::new("position", Kind::Integer, label("الترتيب", "Order")).required().default_expr("100").list())
        .field(Field::new("kind", Kind::Choice { options: kinds.into() }, label("النوع", "Kind")).required().default_expr("\"open\"").list())
        .field(
            Field::new("probability", Kind::Percent, label("احتمال الفوز", "Probability"))
                .required()
                .default_expr("10")
                .list()
                .help(label("تأخذه الفرصة عند دخول المرحلة، ويمكن تعديله فيها.", "The opportunity takes it on entering the stage; it can be changed there.")),
        )
        .field(
            Field::new("rotten_days", Kind::Integer, label("أقصى أيام الانتظار", "Days until too long"))
                .list()
                .help(label("بعدها تُعلَّم الفرصة في اللوحة بأن انتظارها طال.", "Then the card on the board says that it has waited too long.")),
        )
        .field(
            Field::new("required", Kind::MultiChoice { options: demandable() }, label("مطلوب لدخولها", "Required to enter"))
                .list()
                .help(label("لا تدخل الفرصة المرحلة قبل تعبئتها.", "No opportunity enters the stage before these are filled in.")),
        )
        .field(Field::new("criteria", Kind::LongText, label("متى تنتهي المرحلة", "Exit criteria")))
        .field(Field::new("guidance", Kind::LongText, label("إرشاد للبائع", "Guidance for the seller")))
}

/// What a stage can demand: what one can write into an opportunity, and key players.
fn demandable() -> Vec<Choice> {
    let given = ["name", "party", "pipeline", "stage", "status", "owner", "attention", "probability", "deal_team"];
    let own = opportunity::object().fields.into_iter().filter(|f| f.writable() && !given.contains(&f.key.as_str()));
    let own = own.map(|f| Choice::new(f.key, f.label, Tone::Neutral));
    own.chain([Choice::new(KEY_PLAYERS, label("أصحاب القرار والتأثير", "Key players"), Tone::Neutral)]).collect()
}

/// A stage, as the rules of opportunities need it.
#[derive(Clone, Debug)]
pub struct Stage {
    pub id: Uuid,
    pub pipeline: Uuid,
    pub name: Name,
    pub position: i64,
    /// `open`, `won`, `lost`.
    pub kind: String,
    /// Percent points.
    pub probability: Decimal,
    pub rotten_days: Option<i64>,
    pub required: Vec<String>,
    pub criteria: String,
    pub guidance: String,
}

impl Stage {
    pub fn of(r: &Record) -> Option<Stage> {
        Some(Stage {
            id: r.id,
            pipeline: r.get("pipeline").id()?,
            name: r.get("name").name().cloned().unwrap_or_default(),
            position: r.get("position").int().unwrap_or_default(),
            kind: r.get("kind").text().unwrap_or("open").to_owned(),
            probability: if let Value::Decimal(d) = r.get("probability") { *d } else { Decimal::ZERO },
            rotten_days: r.get("rotten_days").int().filter(|d| *d > 0),
            required: if let Value::List(keys) = r.get("required") { keys.clone() } else { Vec::new() },
            criteria: r.get("criteria").text().unwrap_or_default().to_owned(),
            guidance: r.get("guidance").text().unwrap_or_default().to_owned(),
        })
    }
    pub fn open(&self) -> bool {
        self.kind == "open"
    }
}

/// Every stage of the company by pipeline and order: what the rules hold to, whoever acts.
///
/// # Errors
/// The database.
pub async fn stages(cx: &mut Cx) -> Outcome<Vec<Stage>> {
    let (company, system) = (cx.company.clone(), cx.company.system());
    let query = Query { count: engine::Count::None, ..Query::new(STAGE).limit(MOST) };
    Ok(company.list_in(&mut cx.tx, &system, &query).await?.records.iter().filter_map(Stage::of).collect())
}

/// The pipeline that is taken where none is chosen.
///
/// # Errors
/// Invalid: there is none in use. The database.
pub async fn first(cx: &mut Cx) -> Outcome<Uuid> {
    let (company, system) = (cx.company.clone(), cx.company.system());
    let query = Query { count: engine::Count::None, ..Query::new(KEY).filter(Expr::parse("active && exists(stages, kind == \"open\")")?).limit(1) };
    let found = company.list_in(&mut cx.tx, &system, &query).await?.records;
    found.first().map(|r| r.id).ok_or_else(|| Fault::invalid("pipeline", "sales-no-pipeline"))
}

pub fn watch() -> Watch {
    Watch { object: STAGE, run: stage_changed }
}

/// Won is certain and lost is nothing; probability lies between. A stage stays in its pipeline and of its kind while
/// opportunities stand in it, since their state hangs on it.
pub fn prepare<'a>(_: &'a mut Cx, _: Option<&'a Record>, stage: &'a mut Record) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        match stage.get("kind").text() {
            Some("won") => stage.set("probability", Decimal::ONE_HUNDRED),
            Some("lost") => stage.set("probability", Decimal::ZERO),
            _ => {}
        }
        let within = |d: &Decimal| (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(d);
        if matches!(stage.get("probability"), Value::Decimal(d) if !within(d)) {
            return Err(Fault::invalid("probability", "sales-probability-range"));
        }
        if stage.get("rotten_days").int().is_some_and(|d| !(1..=3_650).contains(&d)) {
            return Err(Fault::invalid("rotten_days", "sales-days-range"));
        }
        Ok(())
    })
}

fn stage_changed<'a>(cx: &'a mut Cx, changes: &'a [(Option<Record>, Option<Record>)]) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        for (before, after) in changes.iter().filter_map(|(b, a)| b.as_ref().zip(a.as_ref())) {
            let moved = ["kind", "pipeline"].iter().find(|f| before.get(f) != after.get(f));
            if let Some(field) = moved
                && crate::counted(cx, opportunity::KEY, "stage", after.id).await? > 0
            {
                return Err(Fault::invalid(*field, "sales-stage-in-use"));
            }
            if before.get("rotten_days") != after.get("rotten_days") {
                cx.enqueue(opportunity::ROT, serde_json::json!({ "stage": after.id })).await?;
            }
        }
        Ok(())
    })
}

/// Name, position, kind, probability, days until too long, required, exit criteria, guidance.
type Given = (&'static str, &'static str, &'static str, i64, Option<i64>, &'static [&'static str], &'static str, &'static str);

const DIRECT: &[Given] = &[
    ("تأهيل", "Qualification", "open", 10, Some(14), &[], "تأكدنا من الحاجة ومن يملك القرار.", "اسأل عن الحاجة والميزانية والموعد ومن يقرر."),
    ("دراسة الاحتياج", "Needs analysis", "open", 25, Some(14), &["amount", "expected_close"], "وافق العميل على وصف احتياجه مكتوبًا.", "اجتمع بمن سيستعمل المنتج لا بمن سيشتريه وحده."),
    ("طلب تقديم عرض", "Request for proposal", "open", 40, Some(10), &["amount", "expected_close", KEY_PLAYERS], "وصلنا الطلب ونعرف معايير المفاضلة.", "اعرف المنافسين وموعد التسليم، ومن صاحب الكلمة الأخيرة."),
    ("عرض السعر", "Proposal sent", "open", 55, Some(14), &["amount", "need"], "اطلع صاحب القرار على العرض ورد عليه.", "قدّم العرض في لقاء ولا تكتف بإرساله."),
    ("تفاوض", "Negotiation", "open", 75, Some(21), &["amount", "expected_close", "next_step"], "اتفقنا على السعر والشروط.", "لا تخفض السعر دون مقابل."),
    ("تم الفوز", "Won", "won", 100, None, &["amount"], "", ""),
    ("خسارة", "Lost", "lost", 0, None, &[], "", ""),
];
const REPEAT: &[Given] = &[
    ("موعد قريب", "Coming up", "open", 50, Some(30), &[], "حان موعد إعادة الشراء.", "راجع آخر طلب قبل الاتصال."),
    ("تم التواصل", "Contacted", "open", 60, Some(14), &["expected_close"], "أبدى العميل رغبته.", "اسأله عما نقصه في المرة السابقة."),
    ("عرض التجديد", "Renewal offered", "open", 80, Some(10), &["amount", "expected_close"], "قبل العميل العرض أو رفضه.", "ذكّره بما وفّره."),
    ("تم التجديد", "Renewed", "won", 100, None, &["amount"], "", ""),
    ("لم يجدد", "Not renewed", "lost", 0, None, &[], "", ""),
];

/// The two pipelines a company begins with.
pub async fn seed(cx: &mut Cx) -> Outcome<()> {
    let pipelines = [("البيع المباشر", "Direct sales", "من أول اهتمام حتى توقيع الطلب.", DIRECT), ("التجديد وإعادة الشراء", "Renewals and repeat orders", "لعملاء يشترون مرة بعد مرة.", REPEAT)];
    for (i, (ar, en, note, stages)) in (1_i64..).zip(pipelines) {
        let id = cx.save(KEY, Draft::new().set("name", Name::new(ar, en)).set("position", i * 10).set("note", note)).await?.record().id;
        let mut drafts = Vec::new();
        for (n, (ar, en, kind, probability, days, required, criteria, guidance)) in (1_i64..).zip(stages.iter()) {
            let required: Vec<String> = required.iter().map(|r| (*r).to_owned()).collect();
            let text = |t: &str| Some(t.to_owned()).filter(|t| !t.is_empty());
            let draft = Draft::new().set("pipeline", id).set("name", Name::new(*ar, *en)).set("position", n * 10).set("kind", *kind);
            let draft = draft.set("probability", Decimal::from(*probability)).set("rotten_days", *days).set("criteria", text(criteria)).set("guidance", text(guidance));
            drafts.push(if required.is_empty() { draft } else { draft.set("required", Value::List(required)) });
        }
        cx.save_many(STAGE, drafts).await?;
    }
    Ok(())
}
