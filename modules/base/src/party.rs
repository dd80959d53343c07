//! Whoever the company deals with: a person or an organisation, in one or more roles.

use engine::{Action, Cx, Done, Draft, Input};
use futures::future::BoxFuture;
use kernel::{Choice, Field, Fault, Kind, Label, Object, Outcome, Record, Tone, Weight, label};

/// Heading of the fields by which the party is reached.
const CONTACT: Label = label("التواصل", "Contact");
/// Heading of the fields about the relation with it.
const RELATION: Label = label("العلاقة", "Relationship");

pub fn object() -> Object {
    let mut object = Object::new("party", "base", label("عميل أو جهة", "Party"), label("العملاء والجهات", "Parties"))
        .icon("contact")
        .stage("stage")
        .owner("owner")
        .sort("name");
    object.fields = who().into_iter().chain(contact()).chain(relation()).collect();
    object
}

fn who() -> Vec<Field> {
    vec![
        Field::new("name", Kind::Name, label("الاسم", "Name")).required().search(Weight::Title),
        Field::new("kind", Kind::Choice { options: kinds() }, label("النوع", "Kind"))
            .required()
            .default_expr("\"person\"")
            .list(),
        Field::new("code", Kind::code(), label("رقم العميل", "Customer number")).unique().search(Weight::Title).list(),
        Field::new("roles", Kind::MultiChoice { options: party_roles() }, label("الأدوار", "Roles")),
        Field::new("stage", Kind::Choice { options: stages() }, label("المرحلة", "Stage"))
            .required()
            .default_expr("\"prospect\"")
            .indexed()
            .list(),
        Field::new("parent", Kind::to("party"), label("الجهة الأم", "Parent organisation"))
            .reverse("members", label("التابعون للجهة", "People and branches")),
        Field::new("job_title", Kind::text(), label("المسمى الوظيفي", "Job title")).when("kind == \"person\"").search(Weight::Body),
        Field::new("birthday", Kind::Date, label("تاريخ الميلاد", "Birthday")).when("kind == \"person\"").personal(),
        Field::new("tax_number", Kind::code(), label("الرقم الضريبي", "Tax number")).when("kind == \"organisation\""),
    ]
}

fn contact() -> Vec<Field> {
    vec![
        Field::new("email", Kind::Email, label("البريد الإلكتروني", "E-mail"))
            .section(CONTACT)
            .personal()
            .search(Weight::Title)
            .indexed()
            .list(),
        Field::new("phone", Kind::Phone, label("الهاتف", "Phone"))
            .section(CONTACT)
            .personal()
            .search(Weight::Title)
            .indexed()
            .list(),
        Field::new("website", Kind::Url, label("الموقع الإلكتروني", "Website")).section(CONTACT),
        Field::new("address", Kind::Address, label("العنوان", "Address")).section(CONTACT).search(Weight::Body),
    ]
}

fn relation() -> Vec<Field> {
    vec![
        Field::new("owner", Kind::to("user"), label("المسؤول", "Owner"))
            .section(RELATION)
            .reverse("parties", label("العملاء والجهات", "Parties"))
            .default_expr("me()")
            .list(),
        Field::new("source", Kind::Choice { options: sources() }, label("المصدر", "Source")).section(RELATION),
        Field::new("tags", Kind::MultiChoice { options: tags() }, label("الوسوم", "Tags")).section(RELATION),
        Field::new("note", Kind::LongText, label("ملاحظات", "Notes")).section(RELATION).search(Weight::Body),
    ]
}

fn kinds() -> Vec<Choice> {
    vec![
        Choice::new("person", label("فرد", "Person"), Tone::Info),
        Choice::new("organisation", label("منشأة", "Organisation"), Tone::Accent),
    ]
}

fn party_roles() -> Vec<Choice> {
    [
        ("customer", label("عميل", "Customer")),
        ("supplier", label("مورّد", "Supplier")),
        ("partner", label("شريك", "Partner")),
        ("investor", label("مستثمر", "Investor")),
        ("employee", label("موظف", "Employee")),
    ]
    .map(|(key, label)| Choice::new(key, label, Tone::Neutral))
    .into()
}

fn stages() -> Vec<Choice> {
    vec![
        Choice::new("suspect", label("عميل مفترض", "Suspect"), Tone::Neutral),
        Choice::new("prospect", label("عميل محتمل", "Prospect"), Tone::Info),
        Choice::new("customer", label("عميل حالي", "Customer"), Tone::Accent),
        Choice::new("loyal", label("عميل وفيّ", "Loyal"), Tone::Good),
        Choice::new("dormant", label("عميل خامل", "Dormant"), Tone::Warn),
        Choice::new("lost", label("عميل مفقود", "Lost"), Tone::Bad),
    ]
}

fn sources() -> Vec<Choice> {
    [
        ("referral", label("توصية", "Referral")),
        ("website", label("الموقع الإلكتروني", "Website")),
        ("exhibition", label("معرض", "Exhibition")),
        ("campaign", label("حملة تسويقية", "Campaign")),
        ("social", label("وسائل التواصل", "Social media")),
        ("walk_in", label("زيارة مباشرة", "Walk-in")),
        ("import", label("استيراد بيانات", "Data import")),
    ]
    .map(|(key, label)| Choice::new(key, label, Tone::Neutral))
    .into()
}

fn tags() -> Vec<Choice> {
    vec![
        Choice::new("vip", label("كبار العملاء", "VIP"), Tone::Accent),
        Choice::new("wholesale", label("جملة", "Wholesale"), Tone::Info),
        Choice::new("retail", label("تجزئة", "Retail"), Tone::Info),
        Choice::new("newsletter", label("مشترك في النشرة", "Newsletter"), Tone::Neutral),
        Choice::new("credit_hold", label("إيقاف ائتماني", "Credit hold"), Tone::Bad),
    ]
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
        let owner = input.get("owner").and_then(kernel::Value::id).ok_or_else(|| Fault::invalid("owner", "value-required"))?;
        cx.save("party", Draft::of(party.id).set("owner", owner)).await?;
        Ok(Done { message: "base-party-assigned".into(), ..Done::default() })
    })
}
