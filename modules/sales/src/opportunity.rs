//! A sale that may come: with whom, how much, until when, how far it is, who decides, who competes, how it ended.

use kernel::object::Capability;
use kernel::{Choice, Field, Kind, Label, Object, Tone, Weight, label};

pub const KEY: &str = "opportunity";
/// The job that works out anew when cards of a stage have waited too long.
pub const ROT: &str = "sales.rot";

const DEAL: Label = label("الصفقة", "The deal");
const PROGRESS: Label = label("سير الفرصة", "Progress");
const RESULT: Label = label("النتيجة", "Result");

fn choices(all: &[(&str, &'static str, &'static str)]) -> Kind {
    Kind::Choice { options: all.iter().map(|&(key, ar, en)| Choice::new(key, label(ar, en), Tone::Neutral)).collect() }
}

pub fn won_reasons() -> Kind {
    choices(&[
        ("price", "السعر", "Price"),
        ("quality", "الجودة", "Quality"),
        ("service", "الخدمة والثقة", "Service and trust"),
        ("delivery", "سرعة التسليم", "Delivery"),
        ("fit", "ملاءمة الحاجة", "Fit to the need"),
        ("relationship", "العلاقة مع العميل", "Relationship"),
        ("other", "سبب آخر", "Another reason"),
    ])
}

pub fn lost_reasons() -> Kind {
    choices(&[
        ("price", "السعر", "Price"),
        ("competitor", "فضّل منافسًا", "Preferred a competitor"),
        ("budget", "لا ميزانية", "No budget"),
        ("no_decision", "لم يُتخذ قرار", "No decision was taken"),
        ("timing", "التوقيت", "Timing"),
        ("fit", "لا يلائم الحاجة", "Does not fit the need"),
        ("delivery", "موعد التسليم", "Delivery date"),
        ("silent", "انقطع التواصل", "No answer any more"),
        ("other", "سبب آخر", "Another reason"),
    ])
}

pub fn object() -> Object {
    let states = [
        Choice::new("open", label("مفتوحة", "Open"), Tone::Info).by("reopen"),
        Choice::new("won", label("فوز", "Won"), Tone::Good).by("win"),
        Choice::new("lost", label("خسارة", "Lost"), Tone::Bad).by("lose"),
    ];
    let closed = "status != \"open\"";
    let weighted = Kind::Formula { expr: "percent(amount, probability)".into(), result: Box::new(Kind::Money) };
    Object::new(KEY, "sales", label("فرصة بيع", "Opportunity"), label("فرص البيع", "Opportunities"))
        .icon("target")
        .stage("stage")
        .late("rotten_at < now()")
        .calendar("expected_close")
        .owner("owner")
        .sort("-created_at")
        .field(Field::new("name", Kind::text(), label("الفرصة", "Opportunity")).required().search(Weight::Title))
        .field(
            Field::new("party", Kind::to("party"), label("العميل", "Customer"))
                .required()
                .timeline()
                .reverse("opportunities", label("فرص البيع", "Opportunities"))
                .list(),
        )
        .field(Field::new("amount", Kind::Money, label("القيمة المتوقعة", "Amount")).lock(closed).indexed().list())
        .field(Field::new("expected_close", Kind::Date, label("الإغلاق المتوقع", "Expected close")).lock(closed).indexed().list())
        .field(
            Field::new("pipeline", Kind::to(crate::pipeline::KEY), label("المسار", "Pipeline"))
                .reverse("opportunities", label("فرص البيع", "Opportunities"))
                .help(label("إن تُرك فارغًا فالمسار الأول.", "The first one, if left empty.")),
        )
        .field(
            Field::new("stage", Kind::to(crate::pipeline::STAGE), label("المرحلة", "Stage"))
                .reverse("opportunities", label("فرص البيع", "Opportunities"))
                .help(label("إن تُركت فارغة فأول مراحل المسار.", "The first one of the pipeline, if left empty."))
                .list(),
        )
        .field(Field::new("status", Kind::Choice { options: states.into() }, label("الحالة", "Status")).default_expr("\"open\"").indexed())
        .field(
            Field::new("probability", Kind::Percent, label("احتمال الفوز", "Probability"))
                .lock(closed)
                .help(label("كما في المرحلة، إلا إن رأيت غيره.", "As the stage says, unless you know better.")),
        )
        .field(
            Field::new("owner", Kind::to("user"), label("المسؤول", "Owner"))
                .reverse("opportunities", label("فرص البيع", "Opportunities"))
                .default_expr("me()")
                .list(),
        )
        .field(Field::new("weighted", weighted, label("القيمة المرجّحة", "Weighted value")).list())
        .field(Field::new("attention", Kind::Bool, label("تحتاج عناية خاصة", "Needs special attention")).default_expr("false"))
        .field(Field::new("need", Kind::LongText, label("ما يحتاجه العميل", "What the customer needs")).section(DEAL).search(Weight::Body))
        .field(Field::new("budget", Kind::Money, label("ميزانية العميل", "The customer's budget")).section(DEAL))
        .field(
            Field::new("competitors", Kind::Refs { object: crate::competitor::KEY.into() }, label("المنافسون", "Competitors"))
                .reverse("opportunities", label("فرص ينافسنا فيها", "Opportunities they compete for"))
                .section(DEAL),
        )
        .field(
            Field::new("deal_team", Kind::Refs { object: "user".into() }, label("فريق الصفقة", "Deal team"))
                .section(DEAL)
                .help(label("زملاء يشاركون في الصفقة ويرونها.", "Colleagues who take part in the deal, and see it.")),
        )
        .field(Field::new("next_step", Kind::Text { max: 300 }, label("الخطوة التالية", "Next step")).section(PROGRESS).search(Weight::Body))
        .field(Field::new("next_step_on", Kind::Date, label("موعد الخطوة التالية", "Next step due")).section(PROGRESS).indexed())
        .field(Field::new("stage_since", Kind::DateTime, label("في هذه المرحلة منذ", "In this stage since")).readonly().section(PROGRESS))
        .field(
            Field::new("rotten_at", Kind::DateTime, label("يطول انتظارها بعد", "Waits too long after"))
                .readonly()
                .indexed()
                .section(PROGRESS)
                .help(label("بحسب أقصى أيام الانتظار في المرحلة.", "By the days the stage allows.")),
        )
        .field(Field::new("won_reason", won_reasons(), label("سبب الفوز", "Reason of the win")).readonly().when("status == \"won\"").section(RESULT))
        .field(Field::new("lost_reason", lost_reasons(), label("سبب الخسارة", "Reason of the loss")).readonly().when("status == \"lost\"").section(RESULT))
        .field(
            Field::new("lost_to", Kind::to(crate::competitor::KEY), label("ذهبت إلى", "Lost to"))
                .reverse("won_against_us", label("فرص كسبها منا", "Opportunities won against us"))
                .readonly()
                .when("status == \"lost\"")
                .section(RESULT),
        )
        .field(Field::new("result_note", Kind::LongText, label("ما تعلمناه", "What we learned")).readonly().when(closed).section(RESULT))
        .field(Field::new("closed_on", Kind::Date, label("أُغلقت في", "Closed on")).readonly().indexed().when(closed).section(RESULT))
}

/// A stay of an opportunity in a stage: since when, until when, how long. Written by the change itself.
pub fn step() -> Object {
    use Capability::{Audit, Comments, Files, Import, Menu, Search, Trash};
    Object::new(STEP, "sales", label("مرحلة في فرصة", "Stage of an opportunity"), label("سجل المراحل", "Stage history"))
        .icon("trending-up")
        .owner("opportunity.owner")
        .happened("at")
        .sort("-at")
        .without(&[Menu, Search, Import, Comments, Files, Audit, Trash])
        .field(Field::new("name", Kind::Name, label("المرحلة", "Stage")).readonly())
        .field(
            Field::new("opportunity", Kind::to(KEY), label("الفرصة", "Opportunity"))
                .readonly()
                .cascade()
                .reverse("steps", label("سجل المراحل", "Stage history"))
                .list(),
        )
        .field(
            Field::new("stage", Kind::to(crate::pipeline::STAGE), label("دخلت مرحلة", "Entered"))
                .readonly()
                .unlisted()
                .reverse("steps", label("سجل المراحل", "Stage history")),
        )
        .field(Field::new("from_stage", Kind::to(crate::pipeline::STAGE), label("من", "From")).readonly().unlisted().reverse("steps_from", label("خرجت منها", "Left from here")).list())
        .field(Field::new("at", Kind::DateTime, label("دخلت في", "Entered at")).readonly().indexed().list())
        .field(Field::new("left_at", Kind::DateTime, label("خرجت في", "Left at")).readonly().indexed().list())
        .field(Field::new("stay", Kind::Duration, label("المكوث", "Stay")).readonly().list())
        .field(
            Field::new("party", Kind::to("party"), label("العميل", "Customer"))
                .readonly()
                .timeline()
                .unlisted()
                .reverse("opportunity_steps", label("مراحل الفرص", "Stages of opportunities")),
        )
}

pub const STEP: &str = "opportunity_step";
