//! A sign of interest that nobody has checked yet: who it is said to be, what he wants, how warm it is, what became of it.

use base::party::Party;
use kernel::object::Declared;
use kernel::{Choice, Field, Kind, Label, Object, Sensitivity, Tone, Weight, label};

pub const KEY: &str = "lead";

const WANTS: Label = label("ما يريده", "What is wanted");
const COURSE: Label = label("المتابعة", "Follow-up");

pub fn rejections() -> Kind {
    let option = |key: &str, ar, en| Choice::new(key, label(ar, en), Tone::Neutral);
    Kind::Choice {
        options: vec![
            option("no_need", "لا حاجة لديه", "No need"),
            option("no_budget", "لا ميزانية", "No budget"),
            option("unreachable", "تعذّر الوصول إليه", "Cannot be reached"),
            option("not_real", "بيانات غير حقيقية", "Not a real person"),
            option("duplicate", "مكرر", "Duplicate"),
            option("competitor", "منافس أو فضولي", "Competitor or onlooker"),
            option("outside", "خارج نطاق عملنا", "Outside our business"),
            option("other", "سبب آخر", "Another reason"),
        ],
    }
}

fn clock() -> Kind {
    let option = |key: &str, ar, en, tone| Choice::new(key, label(ar, en), tone);
    Kind::Choice {
        options: vec![
            option("running", "جارية", "Running", Tone::Info),
            option("held", "موقوفة", "Held", Tone::Neutral),
            option("met", "في موعده", "In time", Tone::Good),
            option("missed", "فات موعده", "Missed", Tone::Bad),
        ],
    }
}

pub fn object() -> Object {
    let states = [
        Choice::new("new", label("جديد", "New"), Tone::Info),
        Choice::new("contacted", label("تم التواصل معه", "Contacted"), Tone::Accent).by("contact"),
        Choice::new("qualified", label("مؤهل", "Qualified"), Tone::Good).by("qualify"),
        Choice::new("nurtured", label("مؤجل للرعاية", "Nurtured"), Tone::Warn).by("nurture"),
        Choice::new("rejected", label("مستبعد", "Rejected"), Tone::Bad).by("reject"),
        Choice::new("converted", label("صار فرصة", "Converted"), Tone::Good).by("convert"),
    ];
    let warmth = [
        Choice::new("hot", label("ساخن", "Hot"), Tone::Bad),
        Choice::new("warm", label("دافئ", "Warm"), Tone::Warn),
        Choice::new("cold", label("بارد", "Cold"), Tone::Info),
    ];
    let source = Party::object().get("source").map_or_else(Kind::text, |f| f.kind.clone());
    Object::new(KEY, "sales", label("عميل مهتم", "Lead"), label("العملاء المهتمون", "Leads"))
        .icon("inbox")
        .stage("status")
        .calendar("nurture_until")
        .owner("owner")
        .sort("-created_at")
        .field(Field::new("name", Kind::Name, label("الاسم", "Name")).required().personal().search(Weight::Title))
        .field(Field::new("company", Kind::text(), label("المنشأة", "Company")).personal().search(Weight::Title).list())
        .field(
            Field::new("temperature", Kind::Choice { options: warmth.into() }, label("الحرارة", "Temperature"))
                .readonly()
                .indexed()
                .list()
                .help(label("تُحسب من قواعد تقييم المهتمين.", "Worked out by the rules that rate leads.")),
        )
        .field(Field::new("job_title", Kind::text(), label("المسمى الوظيفي", "Job title")).personal().search(Weight::Body))
        .field(Field::new("email", Kind::Email, label("البريد الإلكتروني", "E-mail")).personal().search(Weight::Title).indexed())
        .field(Field::new("phone", Kind::Phone, label("الهاتف", "Phone")).personal().search(Weight::Title).indexed().list())
        .field(Field::new("city", Kind::text(), label("المدينة", "City")))
        .field(Field::new("source", source, label("المصدر", "Source")).list())
        .field(Field::new("status", Kind::Choice { options: states.into() }, label("الحالة", "Status")).default_expr("\"new\"").indexed().list())
        .field(Field::new("points", Kind::Integer, label("نقاط التقييم", "Points")).readonly().indexed())
        .field(
            Field::new("owner", Kind::to("user"), label("المسؤول", "Owner"))
                .reverse("leads", label("العملاء المهتمون", "Leads"))
                .default_expr("me()")
                .list()
                .help(label("من لا مسؤول له يراه البائعون جميعًا ويتسلمه أحدهم.", "Whoever has no owner is seen by all sellers, until one takes him.")),
        )
        .field(Field::new("campaign", Kind::text(), label("الحملة", "Campaign")).section(WANTS))
        .field(Field::new("interest", Kind::LongText, label("ما يهتم به", "Interested in")).section(WANTS).search(Weight::Body))
        .field(Field::new("value", Kind::Money, label("القيمة المقدّرة", "Estimated value")).section(WANTS))
        .field(Field::new("note", Kind::LongText, label("ملاحظات", "Notes")).section(WANTS).search(Weight::Body))
        .field(
            Field::new("truth", Kind::Integer, label("المصداقية", "Truthfulness"))
                .readonly()
                .indexed()
                .list()
                .help(label("من 0 إلى 100: هل البيانات بيانات شخص حقيقي.", "0 to 100: whether the details are those of a real person.")),
        )
        .field(Field::new("truth_why", Kind::Json, label("أسباب المصداقية", "Reasons of the truthfulness")).readonly().when("false"))
        .field(Field::new("checked_at", Kind::DateTime, label("فُحص في", "Checked at")).readonly().section(COURSE))
        .field(crate::territory::of_lead_field())
        .field(Field::new("route", Kind::to(crate::routing::route::KEY), label("قاعدة التوزيع", "Routing rule")).readonly().unlisted().reverse("leads", label("العملاء المهتمون", "Leads")).section(COURSE))
        // A panel tells them.
        .field(Field::new("routed_to", Kind::to("user"), label("وُزّع على", "Routed to")).readonly().unlisted().reverse("routed_leads", label("عملاء مهتمون وُزّعوا عليه", "Leads routed to him")).when("false"))
        .field(Field::new("turn", Kind::Integer, label("الدور", "Turn")).readonly().when("false"))
        .field(Field::new("routed_why", Kind::Json, label("لماذا هو", "Why him")).readonly().when("false"))
        .field(
            Field::new("touch_state", clock(), label("مهلة أول تواصل", "Clock of the first touch")).readonly().indexed().list().section(COURSE),
        )
        .field(Field::new("touch_due_at", Kind::DateTime, label("أول تواصل قبل", "First touch due")).readonly().indexed().section(COURSE))
        .field(
            Field::new("first_touch_at", Kind::DateTime, label("أول تواصل", "First touch"))
                .readonly()
                .section(COURSE)
                .help(label("أول مرة تواصل معه أحدنا.", "When one of us first got in touch.")),
        )
        .field(
            Field::new("touch_time", Kind::Duration, label("المدة حتى أول تواصل", "Time to first touch"))
                .readonly()
                .section(COURSE),
        )
        .field(Field::new("nurture_until", Kind::Date, label("نعود إليه في", "Come back on")).readonly().indexed().when("status == \"nurtured\"").section(COURSE))
        .field(Field::new("rejected_reason", rejections(), label("سبب الاستبعاد", "Reason of the rejection")).readonly().when("status == \"rejected\"").section(COURSE))
        .field(Field::new("status_note", Kind::text(), label("ملاحظة القرار", "Note on the decision")).readonly().section(COURSE))
        .field(
            Field::new("party", Kind::to("party"), label("العميل المسجل", "Known customer"))
                .timeline()
                .reverse("leads", label("اهتمامات مسجلة", "Leads"))
                .section(COURSE)
                .help(label("إن كان عميلًا نعرفه.", "Where it is a customer we know.")),
        )
        .field(Field::new("person", Kind::to("party"), label("جهة الاتصال", "Contact person")).readonly().unlisted().reverse("lead_contacts", label("اهتمامات كان فيها جهة الاتصال", "Leads as contact person")).section(COURSE))
        .field(Field::new("opportunity", Kind::to(crate::opportunity::KEY), label("الفرصة", "Opportunity")).readonly().timeline().reverse("leads", label("جاءت من", "Came from")).section(COURSE))
        .field(Field::new("converted_at", Kind::DateTime, label("تحوّل في", "Converted at")).readonly().indexed().section(COURSE))
        .field(
            Field::new("form", Kind::to(crate::capture::form::KEY), label("النموذج", "Web form"))
                .readonly()
                .reverse("leads", label("العملاء المهتمون", "Leads"))
                .section(COURSE),
        )
        // A panel tells it.
        .field(Field::new("came", Kind::Json, label("من أين جاء", "Where it came from")).readonly().when("false"))
        // Kept for the undoing alone, shown nowhere.
        .field(Field { sensitivity: Sensitivity::Secret, ..Field::new("conversion", Kind::Json, label("ما صنعه التحويل", "What the conversion made")).readonly().when("false") })
}

/// Calls, messages and meetings with somebody who is no customer yet.
pub fn of_interaction() -> Field {
    Field::new("lead", Kind::to(KEY), label("العميل المهتم", "Lead")).timeline().reverse("interactions", label("سجل التواصل", "Interactions"))
}
