//! Whoever the company deals with: a person or an organisation, in one or more roles.

use crate::lifecycle;
use engine::{Action, Cx, Done, Draft, Input};
use futures::future::BoxFuture;
use kernel::jiff::Timestamp;
use kernel::jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{Address, Fault, Field, Kind, Money, Name, Object, Outcome, Record, Value, label};

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
        tree,
        reverse(key = "members", ar = "التابعون للجهة", en = "People and branches")
    )]
    pub parent: Option<Uuid>,
    #[field(ar = "المسمى الوظيفي", en = "Job title", when = "kind == \"person\"", search = "body")]
    pub job_title: Option<String>,
    #[field(ar = "تاريخ الميلاد", en = "Birthday", when = "kind == \"person\"", personal, identifies)]
    pub birthday: Option<Date>,
    #[field(ar = "الرقم الضريبي", en = "Tax number", kind = code, when = "kind == \"organisation\"", identifies)]
    pub tax_number: Option<String>,
    #[field(
        ar = "السجل التجاري",
        en = "Commercial register",
        kind = code,
        when = "kind == \"organisation\"",
        section(ar = "بيانات المنشأة", en = "Company profile"),
        search = "body"
    )]
    pub register_number: Option<String>,
    #[field(
        ar = "النشاط",
        en = "Industry",
        when = "kind == \"organisation\"",
        section(ar = "بيانات المنشأة", en = "Company profile"),
        choices(
            ("retail", "تجارة التجزئة", "Retail"),
            ("wholesale", "تجارة الجملة", "Wholesale"),
            ("manufacturing", "الصناعة", "Manufacturing"),
            ("construction", "المقاولات", "Construction"),
            ("food", "الأغذية والضيافة", "Food and hospitality"),
            ("health", "الصحة", "Health care"),
            ("education", "التعليم", "Education"),
            ("transport", "النقل والخدمات اللوجستية", "Transport and logistics"),
            ("technology", "التقنية والاتصالات", "Technology and telecoms"),
            ("finance", "المال والتأمين", "Finance and insurance"),
            ("energy", "الطاقة", "Energy"),
            ("real_estate", "العقار", "Real estate"),
            ("agriculture", "الزراعة", "Agriculture"),
            ("government", "جهة حكومية", "Government"),
            ("charity", "جهة غير ربحية", "Non-profit"),
            ("services", "الخدمات", "Services")
        )
    )]
    pub industry: Option<String>,
    #[field(
        ar = "عدد الموظفين",
        en = "Employees",
        when = "kind == \"organisation\"",
        section(ar = "بيانات المنشأة", en = "Company profile"),
        choices(
            ("1_5", "١–٥", "1–5"),
            ("6_49", "٦–٤٩", "6–49"),
            ("50_249", "٥٠–٢٤٩", "50–249"),
            ("250_999", "٢٥٠–٩٩٩", "250–999"),
            ("1000", "١٠٠٠ فأكثر", "1,000 or more")
        )
    )]
    pub employees: Option<String>,
    #[field(ar = "سنة التأسيس", en = "Founded", when = "kind == \"organisation\"", section(ar = "بيانات المنشأة", en = "Company profile"))]
    pub founded: Option<i64>,
    #[field(
        ar = "مشترياتها السنوية من السوق",
        en = "Yearly purchases in the market",
        when = "kind == \"organisation\"",
        section(ar = "بيانات المنشأة", en = "Company profile"),
        help(
            ar = "ما تنفقه في السنة على ما نبيعه، عندنا وعند غيرنا؛ منها تُحسب حصتنا.",
            en = "What it spends in a year on what we sell, with us and with others; our share is taken from it."
        )
    )]
    pub yearly_purchases: Option<Money>,

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
        ar = "راعي العميل",
        en = "Customer advocate",
        to = "user",
        section(ar = "العلاقة", en = "Relationship"),
        reverse(key = "advocated", ar = "عملاء يرعاهم", en = "Customers advocated"),
        help(ar = "صوت العميل داخل المنشأة: يتابع رضاه ويدافع عن مصلحته.", en = "The customer's voice inside the company: follows his satisfaction and speaks for him.")
    )]
    pub advocate: Option<Uuid>,
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

    #[field(
        ar = "أساس المرحلة",
        en = "Stage basis",
        section(ar = "دورة الحياة", en = "Life cycle"),
        readonly,
        choices(("given", "كما سُجّل", "As entered"), ("rule", "بالقاعدة", "By rule"), ("hand", "بقرار", "By hand")),
        default = "\"given\""
    )]
    pub stage_basis: String,
    #[field(ar = "في هذه المرحلة منذ", en = "In this stage since", section(ar = "دورة الحياة", en = "Life cycle"), readonly, indexed)]
    pub stage_since: Option<Timestamp>,
    #[field(
        ar = "القرار سارٍ حتى",
        en = "Decision holds until",
        section(ar = "دورة الحياة", en = "Life cycle"),
        readonly,
        help(ar = "بعده تعود المرحلة إلى القاعدة.", en = "After it the rule decides again.")
    )]
    pub stage_until: Option<Date>,
    #[field(ar = "سبب القرار", en = "Reason of the decision", section(ar = "دورة الحياة", en = "Life cycle"), readonly)]
    pub stage_reason: Option<String>,

    #[field(ar = "حد الائتمان", en = "Credit limit", section(ar = "الائتمان والسداد", en = "Credit and payment"))]
    pub credit_limit: Option<Money>,
    #[field(
        ar = "شروط السداد",
        en = "Payment terms",
        section(ar = "الائتمان والسداد", en = "Credit and payment"),
        choices(
            ("prepaid", "دفع مقدم", "Prepaid"),
            ("on_delivery", "عند الاستلام", "On delivery"),
            ("net_15", "خلال ١٥ يومًا", "Within 15 days"),
            ("net_30", "خلال ٣٠ يومًا", "Within 30 days"),
            ("net_45", "خلال ٤٥ يومًا", "Within 45 days"),
            ("net_60", "خلال ٦٠ يومًا", "Within 60 days"),
            ("net_90", "خلال ٩٠ يومًا", "Within 90 days")
        )
    )]
    pub payment_terms: Option<String>,
    #[field(
        ar = "الجدارة الائتمانية",
        en = "Credit rating",
        section(ar = "الائتمان والسداد", en = "Credit and payment"),
        choices(
            ("a", "ممتازة", "Excellent", "good"),
            ("b", "جيدة", "Good", "info"),
            ("c", "تحت المراقبة", "Watched", "warn"),
            ("d", "ضعيفة", "Poor", "bad")
        )
    )]
    pub credit_rating: Option<String>,
    #[field(
        ar = "موقوف ائتمانيًا",
        en = "On credit hold",
        section(ar = "الائتمان والسداد", en = "Credit and payment"),
        default = "false",
        help(ar = "لا يُباع له بالأجل حتى يُرفع الإيقاف.", en = "Nothing is sold to him on credit until the hold is lifted.")
    )]
    pub credit_hold: bool,
    #[field(ar = "سبب الإيقاف", en = "Reason of the hold", when = "credit_hold", section(ar = "الائتمان والسداد", en = "Credit and payment"))]
    pub hold_reason: Option<String>,
    /// What is owed now. Entered or imported until invoices and payments keep it.
    #[field(ar = "الرصيد المستحق", en = "Amount owed", section(ar = "الائتمان والسداد", en = "Credit and payment"))]
    pub amount_owed: Option<Money>,
    #[field(
        ar = "أيام التأخر",
        en = "Days late",
        section(ar = "الائتمان والسداد", en = "Credit and payment"),
        help(ar = "عمر أقدم مبلغ فات موعد سداده.", en = "Age of the oldest amount past its due date.")
    )]
    pub days_late: Option<i64>,
    #[field(
        ar = "متوسط أيام السداد",
        en = "Average days to pay",
        section(ar = "الائتمان والسداد", en = "Credit and payment"),
        help(ar = "من تاريخ الفاتورة إلى سدادها.", en = "From the invoice to its payment.")
    )]
    pub days_to_pay: Option<i64>,

    #[field(
        ar = "الجنس",
        en = "Gender",
        when = "kind == \"person\"",
        personal,
        section(ar = "الملف الشخصي", en = "Personal profile"),
        choices(("male", "ذكر", "Male"), ("female", "أنثى", "Female"))
    )]
    pub gender: Option<String>,
    #[field(
        ar = "الجنسية",
        en = "Nationality",
        when = "kind == \"person\"",
        personal,
        section(ar = "الملف الشخصي", en = "Personal profile"),
        choices(
            ("sa", "سعودي", "Saudi"), ("ae", "إماراتي", "Emirati"), ("kw", "كويتي", "Kuwaiti"), ("qa", "قطري", "Qatari"), ("bh", "بحريني", "Bahraini"),
            ("om", "عُماني", "Omani"), ("ye", "يمني", "Yemeni"), ("eg", "مصري", "Egyptian"), ("sd", "سوداني", "Sudanese"), ("ly", "ليبي", "Libyan"),
            ("tn", "تونسي", "Tunisian"), ("dz", "جزائري", "Algerian"), ("ma", "مغربي", "Moroccan"), ("mr", "موريتاني", "Mauritanian"),
            ("iq", "عراقي", "Iraqi"), ("jo", "أردني", "Jordanian"), ("lb", "لبناني", "Lebanese"), ("sy", "سوري", "Syrian"), ("ps", "فلسطيني", "Palestinian"),
            ("so", "صومالي", "Somali"), ("tr", "تركي", "Turkish"), ("pk", "باكستاني", "Pakistani"), ("in", "هندي", "Indian"), ("bd", "بنغلاديشي", "Bangladeshi"),
            ("ph", "فلبيني", "Filipino"), ("id", "إندونيسي", "Indonesian"), ("gb", "بريطاني", "British"), ("fr", "فرنسي", "French"), ("de", "ألماني", "German"),
            ("us", "أمريكي", "American"), ("ca", "كندي", "Canadian"), ("zz", "غير ذلك", "Other")
        )
    )]
    pub nationality: Option<String>,
    #[field(
        ar = "لغة التخاطب",
        en = "Language",
        section(ar = "الملف الشخصي", en = "Personal profile"),
        choices(("ar", "العربية", "Arabic"), ("en", "الإنجليزية", "English"), ("fr", "الفرنسية", "French"), ("ur", "الأردية", "Urdu"), ("other", "غير ذلك", "Other"))
    )]
    pub language: Option<String>,
    #[field(
        ar = "الحالة الاجتماعية",
        en = "Marital status",
        when = "kind == \"person\"",
        personal,
        section(ar = "الملف الشخصي", en = "Personal profile"),
        choices(("single", "أعزب", "Single"), ("married", "متزوج", "Married"), ("divorced", "مطلق", "Divorced"), ("widowed", "أرمل", "Widowed"))
    )]
    pub marital_status: Option<String>,
    #[field(ar = "عدد الأبناء", en = "Children", when = "kind == \"person\"", personal, section(ar = "الملف الشخصي", en = "Personal profile"))]
    pub children: Option<i64>,
    #[field(
        ar = "التعليم",
        en = "Education",
        when = "kind == \"person\"",
        personal,
        section(ar = "الملف الشخصي", en = "Personal profile"),
        choices(
            ("school", "ثانوية فأقل", "School"), ("diploma", "دبلوم", "Diploma"), ("bachelor", "بكالوريوس", "Bachelor"), ("master", "ماجستير", "Master"), ("doctorate", "دكتوراه", "Doctorate")
        )
    )]
    pub education: Option<String>,
    #[field(
        ar = "شريحة الدخل",
        en = "Income band",
        when = "kind == \"person\"",
        personal,
        section(ar = "الملف الشخصي", en = "Personal profile"),
        choices(("low", "أقل من المتوسط", "Below average"), ("middle", "متوسط", "Average"), ("upper", "فوق المتوسط", "Above average"), ("high", "مرتفع", "High"))
    )]
    pub income_band: Option<String>,

    #[field(
        ar = "الاهتمامات",
        en = "Interests",
        personal,
        section(ar = "الاهتمامات والتفضيلات", en = "Interests and preferences"),
        choices(
            ("technology", "التقنية", "Technology"), ("business", "المال والأعمال", "Business"), ("fashion", "الأزياء", "Fashion"), ("home", "المنزل والديكور", "Home and decoration"),
            ("cars", "السيارات", "Cars"), ("health", "الصحة", "Health"), ("education", "التعليم", "Education"), ("family", "الأسرة والأطفال", "Family and children"),
            ("art", "الفنون والثقافة", "Art and culture"), ("environment", "البيئة", "Environment"), ("charity", "العمل الخيري", "Charity")
        )
    )]
    pub interests: Vec<String>,
    #[field(
        ar = "الهوايات",
        en = "Hobbies",
        personal,
        section(ar = "الاهتمامات والتفضيلات", en = "Interests and preferences"),
        choices(
            ("football", "كرة القدم", "Football"), ("reading", "القراءة", "Reading"), ("travel", "السفر", "Travel"), ("cooking", "الطبخ", "Cooking"), ("horses", "الخيل", "Horses"),
            ("falconry", "الصقور", "Falconry"), ("camping", "البر والتخييم", "Camping"), ("sea", "البحر والصيد", "Sea and fishing"), ("music", "الموسيقى", "Music"),
            ("photography", "التصوير", "Photography"), ("gaming", "الألعاب الإلكترونية", "Gaming"), ("gardening", "الزراعة المنزلية", "Gardening"), ("golf", "الغولف", "Golf")
        )
    )]
    pub hobbies: Vec<String>,
    #[field(
        ar = "نمط الشخصية",
        en = "Personality",
        when = "kind == \"person\"",
        personal,
        section(ar = "الاهتمامات والتفضيلات", en = "Interests and preferences"),
        choices(("driver", "حاسم: يريد النتيجة", "Driver: wants the result"), ("analytical", "محلّل: يريد الأرقام", "Analytical: wants the figures"), ("amiable", "ودود: يريد الثقة", "Amiable: wants trust"), ("expressive", "متحمس: يريد الفكرة", "Expressive: wants the idea"))
    )]
    pub personality: Option<String>,
    #[field(
        ar = "القناة المفضلة",
        en = "Preferred channel",
        section(ar = "الاهتمامات والتفضيلات", en = "Interests and preferences"),
        choices(("call", "مكالمة", "Call"), ("whatsapp", "واتساب", "WhatsApp"), ("mail", "بريد إلكتروني", "E-mail"), ("sms", "رسالة نصية", "Text message"), ("visit", "زيارة", "Visit"))
    )]
    pub preferred_channel: Option<String>,
    #[field(
        ar = "أنسب وقت للتواصل",
        en = "Best time",
        section(ar = "الاهتمامات والتفضيلات", en = "Interests and preferences"),
        choices(("morning", "صباحًا", "Morning"), ("noon", "ظهرًا", "Noon"), ("afternoon", "عصرًا", "Afternoon"), ("evening", "مساءً", "Evening"), ("not_friday", "أي وقت عدا الجمعة", "Any time but Friday"))
    )]
    pub best_time: Option<String>,
    #[field(ar = "تفضيلات أخرى", en = "Other preferences", kind = long_text, personal, section(ar = "الاهتمامات والتفضيلات", en = "Interests and preferences"), search = "body")]
    pub preferences: Option<String>,
}

pub fn actions() -> Vec<Action> {
    let [decide, release] = lifecycle::actions();
    vec![assign_action(), decide, release]
}

fn assign_action() -> Action {
    Action {
        object: "party",
        key: "assign",
        label: label("إسناد إلى", "Assign to"),
        icon: "user-plus",
        input: vec![Field::new("owner", Kind::to("user"), label("المسؤول", "Owner")).required()],
        guard: None,
        danger: false,
        run: assign,
    }
}

/// Hands the party to another colleague.
fn assign<'a>(cx: &'a mut Cx, party: Record, input: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let owner = input.get("owner").and_then(Value::id).ok_or_else(|| Fault::invalid("owner", "value-required"))?;
        cx.save("party", Draft::of(party.id).set("owner", owner)).await?;
        Ok(Done { message: "base-party-assigned".into(), ..Done::default() })
    })
}
