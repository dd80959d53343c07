//! Whoever the company deals with: a person or an organisation, in one or more roles.

use engine::{Action, Cx, Done, Draft, Input};
use futures::future::BoxFuture;
use kernel::jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{Address, Fault, Field, Kind, Name, Object, Outcome, Record, Value, label};

#[derive(Debug, Object)]
#[object(
    key = "party",
    module = "base",
    ar = "عميل أو جهة",
    en = "Party",
    ar_plural = "العملاء والجهات",
    en_plural = "Parties",
    icon = "contact",
    stage = "stage",
    owner = "owner",
    sort = "name"
)]
pub struct Party {
    pub id: Uuid,
    pub rev: i64,
    #[field(ar = "الاسم", en = "Name", search = "title")]
    pub name: Name,
    #[field(
        ar = "النوع",
        en = "Kind",
        choices(("person", "فرد", "Person", "info"), ("organisation", "منشأة", "Organisation", "accent")),
        default = "\"person\""
    )]
    pub kind: String,
    #[field(ar = "رقم العميل", en = "Customer number", kind = code, unique, search = "title", list)]
    pub code: Option<String>,
    #[field(
        ar = "الأدوار",
        en = "Roles",
        choices(
            ("customer", "عميل", "Customer"),
            ("supplier", "مورّد", "Supplier"),
            ("partner", "شريك", "Partner"),
            ("investor", "مستثمر", "Investor"),
            ("employee", "موظف", "Employee")
        )
    )]
    pub roles: Vec<String>,
    #[field(
        ar = "المرحلة",
        en = "Stage",
        choices(
            ("suspect", "عميل مفترض", "Suspect"),
            ("prospect", "عميل محتمل", "Prospect", "info"),
            ("customer", "عميل حالي", "Customer", "accent"),
            ("loyal", "عميل وفيّ", "Loyal", "good"),
            ("dormant", "عميل خامل", "Dormant", "warn"),
            ("lost", "عميل مفقود", "Lost", "bad")
        ),
        default = "\"prospect\"",
        indexed,
        list
    )]
    pub stage: String,
    #[field(
        ar = "الجهة الأم",
        en = "Parent organisation",
        to = "party",
        reverse(key = "members", ar = "التابعون للجهة", en = "People and branches")
    )]
    pub parent: Option<Uuid>,
    #[field(ar = "المسمى الوظيفي", en = "Job title", when = "kind == \"person\"", search = "body")]
    pub job_title: Option<String>,
    #[field(ar = "تاريخ الميلاد", en = "Birthday", when = "kind == \"person\"", personal)]
    pub birthday: Option<Date>,
    #[field(ar = "الرقم الضريبي", en = "Tax number", kind = code, when = "kind == \"organisation\"")]
    pub tax_number: Option<String>,

    #[field(
        ar = "البريد الإلكتروني",
        en = "E-mail",
        kind = email,
        section(ar = "التواصل", en = "Contact"),
        personal,
        search = "title",
        indexed,
        list
    )]
    pub email: Option<String>,
    #[field(
        ar = "الهاتف",
        en = "Phone",
        kind = phone,
        section(ar = "التواصل", en = "Contact"),
        personal,
        search = "title",
        indexed
    )]
    pub phone: Option<String>,
    #[field(ar = "الموقع الإلكتروني", en = "Website", kind = url, section(ar = "التواصل", en = "Contact"))]
    pub website: Option<String>,
    #[field(ar = "العنوان", en = "Address", section(ar = "التواصل", en = "Contact"), search = "body")]
    pub address: Option<Address>,

    #[field(
        ar = "المسؤول",
        en = "Owner",
        to = "user",
        section(ar = "العلاقة", en = "Relationship"),
        reverse(key = "parties", ar = "العملاء والجهات", en = "Parties"),
        default = "me()",
        list
    )]
    pub owner: Option<Uuid>,
    #[field(
        ar = "المصدر",
        en = "Source",
        section(ar = "العلاقة", en = "Relationship"),
        choices(
            ("referral", "توصية", "Referral"),
            ("website", "الموقع الإلكتروني", "Website"),
            ("exhibition", "معرض", "Exhibition"),
            ("campaign", "حملة تسويقية", "Campaign"),
            ("social", "وسائل التواصل", "Social media"),
            ("walk_in", "زيارة مباشرة", "Walk-in"),
            ("import", "استيراد بيانات", "Data import")
        )
    )]
    pub source: Option<String>,
    #[field(
        ar = "الوسوم",
        en = "Tags",
        section(ar = "العلاقة", en = "Relationship"),
        choices(
            ("vip", "كبار العملاء", "VIP", "accent"),
            ("wholesale", "جملة", "Wholesale", "info"),
            ("retail", "تجزئة", "Retail", "info"),
            ("newsletter", "مشترك في النشرة", "Newsletter"),
            ("credit_hold", "إيقاف ائتماني", "Credit hold", "bad")
        )
    )]
    pub tags: Vec<String>,
    #[field(ar = "ملاحظات", en = "Notes", kind = long_text, section(ar = "العلاقة", en = "Relationship"), search = "body")]
    pub note: Option<String>,
}

pub fn actions() -> Vec<Action> {
    vec![Action {
        object: "party",
        key: "assign",
        label: label("إسناد إلى", "Assign to"),
        icon: "user-plus",
        input: vec![Field::new("owner", Kind::to("user"), label("المسؤول", "Owner")).required()],
        guard: None,
        danger: false,
        run: assign,
    }]
}

/// Hands the party to another colleague.
fn assign<'a>(cx: &'a mut Cx, party: Record, input: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let owner = input.get("owner").and_then(Value::id).ok_or_else(|| Fault::invalid("owner", "value-required"))?;
        cx.save("party", Draft::of(party.id).set("owner", owner)).await?;
        Ok(Done { message: "base-party-assigned".into(), ..Done::default() })
    })
}
