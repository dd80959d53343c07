//! What the company wants to reach people for, and what it keeps personal data for: each with its legal basis.

use engine::{Cx, Draft};
use futures::future::BoxFuture;
use kernel::{Capability, Choice, Field, Kind, Label, Name, Object, Outcome, Tone, Value, Weight, label};

/// Options without a colour of their own.
pub(crate) fn neutral(list: &[(&str, Label)]) -> Vec<Choice> {
    list.iter().map(|(key, l)| Choice::new(*key, l.clone(), Tone::Neutral)).collect()
}

/// On which ground of the law data is processed. The same list in every law profile; each law names those it knows.
pub fn bases() -> Vec<Choice> {
    neutral(&[
        ("consent", label("موافقة صاحب البيانات", "Consent")),
        ("contract", label("تنفيذ عقد", "Contract")),
        ("legal_obligation", label("التزام نظامي", "Legal obligation")),
        ("legitimate_interest", label("مصلحة مشروعة", "Legitimate interest")),
        ("vital_interest", label("مصلحة حيوية", "Vital interest")),
        ("public_interest", label("مصلحة عامة", "Public interest")),
        ("implied_consent", label("موافقة ضمنية", "Implied consent")),
    ])
}

/// The ways a person can be reached.
pub fn channels() -> Vec<Choice> {
    neutral(&[
        ("email", label("البريد الإلكتروني", "E-mail")),
        ("sms", label("رسائل الجوال", "SMS")),
        ("whatsapp", label("واتساب", "WhatsApp")),
        ("phone", label("الهاتف", "Phone")),
        ("post", label("البريد العادي", "Post")),
        ("push", label("إشعارات التطبيق", "App notifications")),
        ("visit", label("زيارة", "Visit")),
    ])
}

const SHOWN: Label = label("صفحة التفضيلات", "Preference page");
const STATEMENT: Label = label("بيان الخصوصية", "Privacy statement");

pub fn object() -> Object {
    let long = |key: &str, l| Field::new(key, Kind::LongText, l);
    Object::new("purpose", "base", label("غرض", "Purpose"), label("أغراض التواصل والمعالجة", "Purposes"))
        .icon("target")
        .sort("position")
        .without(&[Capability::Menu, Capability::Timeline, Capability::Comments, Capability::Files])
        .field(Field::new("name", Kind::Name, label("الغرض", "Purpose")).required().search(Weight::Title))
        .field(Field::new("code", Kind::Code { max: 40 }, label("الرمز", "Code")).required().unique().list()
            .help(label("يُكتب في التصفية: may_contact(\"email\", \"newsletter\").", "Written in filters: may_contact(\"email\", \"newsletter\").")))
        .field(Field::new("basis", Kind::Choice { options: bases() }, label("الأساس النظامي", "Legal basis")).required().default_expr("\"consent\"").list())
        .field(Field::new("active", Kind::Bool, label("مفعّل", "Active")).default_expr("true").list())
        .field(Field::new("position", Kind::Integer, label("الترتيب", "Position")).default_expr("10"))
        .field(Field::new("offered", Kind::Bool, label("يُعرض على صاحب البيانات", "Offered to the person")).default_expr("true").section(SHOWN))
        .field(Field::new("channels", Kind::MultiChoice { options: channels() }, label("القنوات", "Channels")).section(SHOWN).list())
        .field(Field::new("double_opt_in", Kind::Bool, label("تأكيد برسالة (اشتراك مزدوج)", "Confirm by a letter (double opt-in)")).default_expr("false").section(SHOWN))
        .field(Field::new("months", Kind::Integer, label("مدة الموافقة بالأشهر", "Consent lasts (months)")).section(SHOWN)
            .help(label("فارغة: حتى سحب الموافقة.", "Empty: until it is withdrawn.")))
        .field(long("text_ar", label("النص المعروض بالعربية", "Text shown, Arabic")).section(SHOWN))
        .field(long("text_en", label("النص المعروض بالإنجليزية", "Text shown, English")).section(SHOWN))
        .field(long("covers", label("الحقول المشمولة", "Fields covered")).section(STATEMENT)
            .help(label("سطر لكل حقل، مثل party.email، أو party.* لكل حقول الكائن.", "One per line: party.email, or party.* for all fields of an object.")))
        .field(long("recipients_ar", label("الجهات المستلمة بالعربية", "Recipients, Arabic")).section(STATEMENT))
        .field(long("recipients_en", label("الجهات المستلمة بالإنجليزية", "Recipients, English")).section(STATEMENT))
        .field(Field::new("kept_months", Kind::Integer, label("مدة الاحتفاظ بالأشهر", "Kept for (months)")).section(STATEMENT))
        .field(long("kept_ar", label("إيضاح مدة الاحتفاظ بالعربية", "How long and why, Arabic")).section(STATEMENT))
        .field(long("kept_en", label("إيضاح مدة الاحتفاظ بالإنجليزية", "How long and why, English")).section(STATEMENT))
}

struct Seed {
    code: &'static str,
    name: (&'static str, &'static str),
    basis: &'static str,
    channels: &'static [&'static str],
    offered: bool,
    text: (&'static str, &'static str),
    covers: &'static str,
    kept: (i64, &'static str, &'static str),
}

const SEEDS: [Seed; 5] = [
    Seed {
        code: "newsletter",
        name: ("النشرة الإخبارية", "Newsletter"),
        basis: "consent",
        channels: &["email", "whatsapp"],
        offered: true,
        text: ("أوافق على استلام النشرة الإخبارية. يمكنني سحب موافقتي في أي وقت.", "I agree to receive the newsletter. I can withdraw my consent at any time."),
        covers: "party.name\nparty.email\nparty.phone",
        kept: (24, "حتى سحب الموافقة، ثم سنتان لإثباتها.", "Until you withdraw, then two years as proof of it."),
    },
    Seed {
        code: "offers",
        name: ("العروض والتخفيضات", "Offers and discounts"),
        basis: "consent",
        channels: &["email", "sms", "whatsapp", "phone", "post"],
        offered: true,
        text: ("أوافق على استلام عروض تناسبني. يمكنني سحب موافقتي في أي وقت.", "I agree to receive offers that suit me. I can withdraw my consent at any time."),
        covers: "party.name\nparty.email\nparty.phone\nparty.address\nparty.birthday\nparty.tags",
        kept: (24, "حتى سحب الموافقة، ثم سنتان لإثباتها.", "Until you withdraw, then two years as proof of it."),
    },
    Seed {
        code: "survey",
        name: ("استطلاعات الرأي", "Surveys"),
        basis: "consent",
        channels: &["email", "sms", "whatsapp", "phone"],
        offered: true,
        text: ("أوافق على دعوتي إلى استطلاعات عن خدمتكم.", "I agree to be invited to surveys about your service."),
        covers: "party.name\nparty.email\nparty.phone",
        kept: (24, "حتى سحب الموافقة، ثم سنتان لإثباتها.", "Until you withdraw, then two years as proof of it."),
    },
    Seed {
        code: "orders",
        name: ("تنفيذ الطلبات وخدمة العملاء", "Orders and customer service"),
        basis: "contract",
        channels: &["email", "sms", "whatsapp", "phone", "post", "visit"],
        offered: false,
        text: ("", ""),
        covers: "party.name\nparty.email\nparty.phone\nparty.address\nparty.job_title\nparty.note",
        kept: (60, "ما دام التعامل قائمًا، وخمس سنوات بعده.", "As long as you deal with us, and five years after that."),
    },
    Seed {
        code: "books",
        name: ("السجلات النظامية وإثبات الموافقات", "Legal records and proof of consent"),
        basis: "legal_obligation",
        channels: &[],
        offered: false,
        text: ("", ""),
        covers: "party.name\nparty.tax_number\nconsent.address\nconsent.ip\nconsent.agent",
        kept: (120, "المدة التي توجبها أنظمة الضريبة والدفاتر التجارية وحماية البيانات.", "As long as tax, commercial and data protection law demand."),
    },
];

/// The purposes every company begins with; they may be changed and removed.
pub fn seed(cx: &mut Cx) -> BoxFuture<'_, Outcome<()>> {
    Box::pin(async move {
        let drafts = SEEDS.iter().zip(1_i64..).map(|(s, n)| {
            Draft::new()
                .set("name", Name::new(s.name.0, s.name.1))
                .set("code", s.code)
                .set("basis", s.basis)
                .set("position", n * 10)
                .set("offered", s.offered)
                .set("channels", Value::List(s.channels.iter().map(|c| (*c).to_owned()).collect()))
                .set("text_ar", s.text.0)
                .set("text_en", s.text.1)
                .set("covers", s.covers)
                .set("kept_months", s.kept.0)
                .set("kept_ar", s.kept.1)
                .set("kept_en", s.kept.2)
        });
        cx.save_many("purpose", drafts.collect()).await.map(|_| ())
    })
}
