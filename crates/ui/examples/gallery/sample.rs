//! Sample company of the gallery.

use crate::ui::{NavGroup, NavItem};
use indexmap::IndexMap;
use kernel::jiff::civil::date;
use kernel::rust_decimal::Decimal;
use kernel::{
    Address, Choice, Field, FileRef, Kind, Label, Money, Name, Object, Record, Tone, Value, label, uuid::Uuid,
};
use std::collections::HashMap;

pub struct Sample {
    lang: &'static str,
    pub records: Vec<Record>,
    pub orders: Vec<Record>,
    pub titles: HashMap<Uuid, String>,
}

fn class() -> Kind {
    Kind::Choice {
        options: vec![
            Choice::new("new", label("جديد", "New"), Tone::Info),
            Choice::new("active", label("نشط", "Active"), Tone::Good),
            Choice::new("vip", label("مميّز", "VIP"), Tone::Accent),
            Choice::new("risk", label("مهدد", "At risk"), Tone::Warn),
            Choice::new("lost", label("مفقود", "Lost"), Tone::Bad),
        ],
    }
}

impl Sample {
    pub fn new(lang: &'static str) -> Self {
        let user = Uuid::from_u128(900);
        let people = [
            ("أحمد العتيبي", "Ahmed Al-Otaibi", "الرياض", "Riyadh", "vip", 48_231_905_i64, 87, "+966501234567"),
            (
                "مكتبة الأمل للقرطاسية والأدوات المدرسية",
                "Al Amal Stationery and School Supplies",
                "جدة",
                "Jeddah",
                "active",
                31_870_040,
                64,
                "+966126654321",
            ),
            ("شركة النور للتجارة", "Al Noor Trading Co.", "دبي", "Dubai", "active", 22_904_400, 41, "+971501112233"),
            ("فاطمة الزهراني", "Fatimah Al-Zahrani", "الطائف", "Taif", "new", 1_204_050, 3, "+966555987654"),
            ("محمد عبدالله القحطاني", "Mohammed A. Al-Qahtani", "أبها", "Abha", "risk", 9_830_075, 22, "+966544332211"),
            ("متجر ورد وهدايا", "Ward Gifts", "الكويت", "Kuwait City", "active", 14_400_900, 37, "+96522334455"),
            ("نورة السبيعي", "Noura Al-Subaie", "الدمام", "Dammam", "lost", 402_500, 2, ""),
            ("مؤسسة الرواد", "Al Rowad Est.", "المدينة المنورة", "Madinah", "vip", 39_112_310, 71, "+966148877665"),
            ("خالد باوزير", "Khalid Bawazeer", "مكة المكرمة", "Makkah", "active", 7_751_120, 18, "+966503334444"),
            ("ليلى حداد", "Layla Haddad", "عمّان", "Amman", "new", 880_000, 1, "+962791234567"),
            ("دار الكتب الحديثة", "Modern Books House", "القاهرة", "Cairo", "active", 12_090_660, 29, "+201001234567"),
            ("يوسف المنصوري", "Yousef Al-Mansoori", "أبوظبي", "Abu Dhabi", "risk", 5_640_000, 12, "+971555667788"),
            ("سلمى بن علي", "Salma Ben Ali", "تونس", "Tunis", "active", 3_302_450, 9, "+21620123456"),
            ("شركة الساحل", "Sahel Co.", "صحار", "Sohar", "new", 2_150_000, 4, "+96892123456"),
            ("عبدالعزيز الدوسري", "Abdulaziz Al-Dosari", "الخبر", "Khobar", "active", 8_020_310, 20, "+966567778899"),
            ("هند الشريف", "Hind Al-Sharif", "ينبع", "Yanbu", "lost", -84_000, 1, "+966538889900"),
        ];
        let records = people
            .iter()
            .enumerate()
            .map(|(i, p)| {
                let city = if lang == "ar" { p.2 } else { p.3 };
                Record::new("party", Uuid::from_u128(i as u128 + 1))
                    .with("name", Name::new(p.0, p.1))
                    .with("class", p.4)
                    .with("city", city)
                    .with("phone", p.7)
                    .with("email", format!("info{}@example.com", i + 1))
                    .with("orders", p.6 as i64)
                    .with("revenue", Money::new(p.5, "SAR"))
                    .with("last", date(2026, 11, 22).saturating_sub(kernel::jiff::ToSpan::days(i as i64 * 9)))
                    .with("owner", user)
                    .with("credit", Money::new(5_000_000, "SAR"))
                    .with("site", "https://example.com/store")
                    .with(
                        "notes",
                        if lang == "ar" {
                            "يفضّل التواصل بعد صلاة العصر.\nالتوصيل إلى المستودع الشمالي."
                        } else {
                            "Prefers calls in the afternoon.\nDeliver to the north warehouse."
                        },
                    )
                    .with(
                        "address",
                        Address {
                            street: "طريق الملك فهد 2314".into(),
                            district: "العليا".into(),
                            city: city.into(),
                            postcode: "12214".into(),
                            country: "SA".into(),
                            ..Address::default()
                        },
                    )
            })
            .collect();
        let orders = [
            ("SO-00537", "paid", 1_284_050_i64, 22),
            ("SO-00521", "open", 402_000, 14),
            ("SO-00498", "paid", 998_700, 2),
            ("RT-00031", "back", -84_000, 1),
        ]
        .iter()
        .enumerate()
        .map(|(i, o)| {
            Record::new("order", Uuid::from_u128(i as u128 + 100))
                .with("number", o.0)
                .with("state", o.1)
                .with("total", Money::new(o.2, "SAR"))
                .with("day", date(2026, 11, o.3))
        })
        .collect();
        let titles = [
            (user, if lang == "ar" { "سارة المطيري" } else { "Sara Al-Mutairi" }.to_owned()),
            (Uuid::from_u128(1), if lang == "ar" { "أحمد العتيبي" } else { "Ahmed Al-Otaibi" }.to_owned()),
        ]
        .into();
        Self { lang, records, orders, titles }
    }

    pub fn pick<'a>(&self, ar: &'a str, en: &'a str) -> &'a str {
        if self.lang == "ar" { ar } else { en }
    }

    pub fn party(&self) -> Object {
        let contact = || label("التواصل", "Contact");
        Object::new("party", "base", label("عميل", "Customer"), label("العملاء", "Customers"))
            .field(Field::new("name", Kind::Name, label("الاسم", "Name")).required())
            .field(Field::new("class", class(), label("الفئة", "Class")).list())
            .field(Field::new("city", Kind::text(), label("المدينة", "City")).list())
            .field(Field::new("phone", Kind::Phone, label("الهاتف", "Phone")).list().section(contact()))
            .field(Field::new("orders", Kind::Integer, label("الطلبات", "Orders")).list().readonly())
            .field(Field::new("revenue", Kind::Money, label("المشتريات", "Revenue")).list().readonly())
            .field(Field::new("last", Kind::Date, label("آخر شراء", "Last bought")).list())
            .field(Field::new("owner", Kind::to("user"), label("المسؤول", "Owner")).list())
            .field(Field::new("credit", Kind::Money, label("حد الائتمان", "Credit limit")))
            .field(Field::new("email", Kind::Email, label("البريد", "E-mail")).section(contact()))
            .field(Field::new("site", Kind::Url, label("الموقع", "Website")).section(contact()))
            .field(Field::new("address", Kind::Address, label("العنوان", "Address")).section(contact()))
            .field(Field::new("notes", Kind::LongText, label("ملاحظات", "Notes")))
    }

    pub fn order(&self) -> Object {
        let state = Kind::Choice {
            options: vec![
                Choice::new("open", label("مفتوح", "Open"), Tone::Info),
                Choice::new("paid", label("مدفوع", "Paid"), Tone::Good),
                Choice::new("back", label("مرتجع", "Returned"), Tone::Warn),
            ],
        };
        Object::new("order", "commerce", label("طلب", "Order"), label("الطلبات", "Orders"))
            .title("number")
            .field(Field::new(
                "number",
                Kind::Sequence { prefix: "SO-".into(), pad: 5, gap_free: true },
                label("الرقم", "Number"),
            ))
            .field(Field::new("day", Kind::Date, label("التاريخ", "Date")).list())
            .field(Field::new("state", state, label("الحالة", "State")).list())
            .field(Field::new("total", Kind::Money, label("الإجمالي", "Total")).list())
    }

    /// An object with a field of each kind.
    pub fn every_kind(&self) -> Object {
        let mut object = Object::new("party", "base", label("عميل", "Customer"), label("العملاء", "Customers"));
        object = object.field(Field::new("name", Kind::Name, label("الاسم", "Name")).required());
        let words: HashMap<&str, Label> = [
            ("text", label("اللقب", "Title")),
            ("code", label("الرمز", "Code")),
            ("long_text", label("ملاحظات", "Notes")),
            ("rich_text", label("وصف", "Description")),
            ("integer", label("عدد الموظفين", "Employees")),
            ("decimal", label("الوزن", "Weight")),
            ("percent", label("الخصم", "Discount")),
            ("money", label("حد الائتمان", "Credit limit")),
            ("bool", label("نشط", "Active")),
            ("date", label("تاريخ التأسيس", "Founded")),
            ("date_time", label("موعد الزيارة", "Visit")),
            ("duration", label("مدة المكالمة", "Call length")),
            ("choice", label("الفئة", "Class")),
            ("multi_choice", label("الاهتمامات", "Interests")),
            ("ref", label("المسؤول", "Owner")),
            ("refs", label("جهات مرتبطة", "Related")),
            ("email", label("البريد", "E-mail")),
            ("phone", label("الهاتف", "Phone")),
            ("url", label("الموقع", "Website")),
            ("address", label("العنوان", "Address")),
            ("file", label("السجل التجاري", "Registration")),
            ("image", label("الشعار", "Logo")),
            ("json", label("بيانات إضافية", "Extra data")),
            ("formula", label("الهامش", "Margin")),
            ("rollup", label("الطلبات", "Orders")),
            ("sequence", label("الرقم", "Number")),
        ]
        .into();
        for (i, kind) in Kind::samples().into_iter().enumerate() {
            let key = kind.key();
            if key == "name" {
                continue;
            }
            let kind = match kind {
                Kind::Choice { .. } => class(),
                Kind::MultiChoice { .. } => Kind::MultiChoice { options: class().options().to_vec() },
                k => k,
            };
            let section = if i < 8 {
                Label::default()
            } else if i < 16 {
                label("التصنيف والمواعيد", "Class and dates")
            } else {
                label("التواصل والملفات", "Contact and files")
            };
            let mut f = Field::new(key, kind, words[key].clone()).section(section);
            if key == "phone" {
                f = f.help(label("برقم البلد أو دونه", "With or without country code")).required();
            }
            object = object.field(f);
        }
        object
    }

    pub fn every_value(&self) -> IndexMap<String, Value> {
        let file = |name: &str, media: &str| {
            Value::File(Box::new(FileRef {
                id: Uuid::from_u128(77),
                name: name.into(),
                media: media.into(),
                size: 284_113,
            }))
        };
        let mut v: IndexMap<String, Value> = IndexMap::new();
        v.insert("name".into(), Name::new("أحمد العتيبي", "Ahmed Al-Otaibi").into());
        v.insert("text".into(), self.pick("مدير المشتريات", "Head of purchasing").into());
        v.insert("code".into(), "C-1043".into());
        v.insert("integer".into(), 42_i64.into());
        v.insert("decimal".into(), Decimal::new(12_500, 3).into());
        v.insert("percent".into(), Decimal::new(1250, 2).into());
        v.insert("money".into(), Money::new(5_000_000, "SAR").into());
        v.insert("bool".into(), true.into());
        v.insert("date".into(), date(2026, 11, 23).into());
        v.insert("choice".into(), "active".into());
        v.insert("multi_choice".into(), Value::List(vec!["vip".into(), "new".into()]));
        v.insert("ref".into(), Uuid::from_u128(900).into());
        v.insert("refs".into(), Value::Ids(vec![Uuid::from_u128(900), Uuid::from_u128(1)]));
        v.insert("phone".into(), "+966501234567".into());
        v.insert("file".into(), file("السجل التجاري.pdf", "application/pdf"));
        v.insert("rich_text".into(), "<p>عميل <b>مهم</b> منذ 2019.</p>".into());
        v.insert("formula".into(), 18_i64.into());
        v.insert("rollup".into(), 87_i64.into());
        v.insert("sequence".into(), "SO-00537".into());
        v
    }

    pub fn nav(&self) -> Vec<NavGroup> {
        let item = |ar, en, href: &str, icon: &str, count: Option<&str>| NavItem {
            label: label(ar, en),
            href: href.into(),
            icon: icon.into(),
            count: count.map(Into::into),
        };
        vec![
            NavGroup {
                label: Label::default(),
                items: vec![
                    item("الرئيسية", "Home", "/", "house", None),
                    item("المهام", "Tasks", "/task", "square-check", Some("4")),
                    item("الوارد", "Inbox", "/inbox", "inbox", None),
                ],
            },
            NavGroup {
                label: label("العلاقات", "Relations"),
                items: vec![
                    item("العملاء", "Customers", "/party", "users", None),
                    item("الفرص", "Opportunities", "/deal", "target", None),
                ],
            },
            NavGroup {
                label: label("التجارة", "Commerce"),
                items: vec![
                    item("المنتجات", "Products", "/product", "package", None),
                    item("الطلبات", "Orders", "/order", "shopping-cart", None),
                    item("المرتجعات", "Returns", "/return", "undo-2", None),
                ],
            },
            NavGroup {
                label: label("التحليل", "Insight"),
                items: vec![
                    item("اللوحة", "Dashboard", "/insight", "chart-column", None),
                    item("الشرائح", "Segments", "/segment", "layers", None),
                ],
            },
        ]
    }
    pub fn create(&self) -> Vec<NavItem> {
        vec![
            NavItem {
                label: label("عميل", "Customer"),
                href: "/party/new".into(),
                icon: "user-plus".into(),
                count: None,
            },
            NavItem {
                label: label("طلب", "Order"),
                href: "/order/new".into(),
                icon: "shopping-cart".into(),
                count: None,
            },
        ]
    }
    pub fn account(&self) -> Vec<NavItem> {
        vec![NavItem {
            label: label("إعدادات الحساب", "Account settings"),
            href: "/-/account".into(),
            icon: "settings".into(),
            count: None,
        }]
    }
}
