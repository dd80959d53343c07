//! Telephone numbers, e-mail addresses and postal addresses of a party: as many as it has, each with what it is for,
//! from when to when it holds, and whether it may be used. The primary one stands on the party itself too.

use engine::{Cx, Watch};
use futures::future::BoxFuture;
use kernel::object::Capability::{Comments, Files, Menu, Search, Timeline};
use kernel::{Choice, Fault, Field, Kind, Label, Object, Outcome, Primary, Record, Tone, Weight, label};

pub const PHONE: &str = "party_phone";
pub const EMAIL: &str = "party_email";
pub const ADDRESS: &str = "party_address";

fn choices(options: &[(&str, &str, &str)]) -> Kind {
    let option = |(key, ar, en): &(&str, &str, &str)| Choice::new(*key, Label::owned(*ar, *en), Tone::Neutral);
    Kind::Choice { options: options.iter().map(option).collect() }
}

/// What the three have in common; `value` is what they differ in.
fn contact(key: &str, one: Label, many: Label, icon: &str, value: Field, types: &[(&str, &str, &str)]) -> Object {
    let first = types.first().map_or("", |(key, ..)| key);
    let title = value.key.clone();
    let primary = Primary {
        via: "party".into(),
        flag: "primary".into(),
        field: title.clone(),
        mirrors: title.clone(),
        unless: Some("do_not_use".into()),
    };
    Object::new(key, "base", one, many.clone())
        .icon(icon)
        .title(&title)
        .owner("party.owner")
        .sort("-primary")
        .primary(primary)
        .without(&[Menu, Search, Timeline, Comments, Files])
        .field(value.required().personal().list())
        .field(Field::new("type", choices(types), label("النوع", "Type")).default_expr(format!("{first:?}")).list())
        .field(
            Field::new("primary", Kind::Bool, label("الأساسي", "Primary"))
                .default_expr("false")
                .list()
                .help(label("يظهر في صفحة العميل وقوائمه، وهو واحد لا غير.", "The one shown on the customer and in lists; there is exactly one.")),
        )
        .field(
            Field::new("do_not_use", Kind::Bool, label("لا يُستخدم", "Do not use"))
                .default_expr("false")
                .list()
                .help(label("يبقى مسجلًا ولا يُتصل به ولا يُراسل.", "Kept on record, but nobody calls or writes to it.")),
        )
        .field(Field::new("verified_on", Kind::Date, label("تاريخ التحقق", "Verified on")))
        .field(Field::new("valid_from", Kind::Date, label("صالح من", "Valid from")))
        .field(Field::new("valid_to", Kind::Date, label("صالح حتى", "Valid until")))
        .field(Field::new("note", Kind::text(), label("ملاحظة", "Note")).list())
        .field(
            Field::new("party", Kind::to("party"), label("العميل", "Customer"))
                .required()
                .inline()
                .reverse(key.strip_prefix("party_").map_or(key.to_owned(), plural), many)
                .list(),
        )
}

fn plural(word: &str) -> String {
    if word.ends_with('s') { format!("{word}es") } else { format!("{word}s") }
}

pub fn phone() -> Object {
    let value = Field::new("phone", Kind::Phone, label("رقم الهاتف", "Phone number")).search(Weight::Title).indexed();
    contact(
        PHONE,
        label("رقم هاتف", "Phone number"),
        label("أرقام الهاتف", "Phone numbers"),
        "phone",
        value,
        &[
            ("mobile", "جوال", "Mobile"),
            ("work", "العمل", "Work"),
            ("home", "المنزل", "Home"),
            ("whatsapp", "واتساب", "WhatsApp"),
            ("fax", "فاكس", "Fax"),
            ("assistant", "السكرتارية", "Assistant"),
            ("other", "غير ذلك", "Other"),
        ],
    )
}

pub fn email() -> Object {
    let value = Field::new("email", Kind::Email, label("البريد الإلكتروني", "E-mail address")).search(Weight::Title).indexed();
    contact(
        EMAIL,
        label("عنوان بريد إلكتروني", "E-mail address"),
        label("عناوين البريد الإلكتروني", "E-mail addresses"),
        "mail",
        value,
        &[
            ("work", "العمل", "Work"),
            ("private", "شخصي", "Private"),
            ("billing", "الفواتير", "Billing"),
            ("support", "الدعم", "Support"),
            ("other", "غير ذلك", "Other"),
        ],
    )
}

pub fn address() -> Object {
    let value = Field::new("address", Kind::Address, label("العنوان", "Address")).search(Weight::Body);
    let line = Kind::Formula {
        expr: "concat(address.street, address.street != null && address.city != null ? \" – \" : \"\", address.city)".into(),
        result: Box::new(Kind::text()),
    };
    contact(
        ADDRESS,
        label("عنوان", "Address"),
        label("العناوين", "Addresses"),
        "map-pin",
        value,
        &[
            ("work", "العمل", "Work"),
            ("home", "المنزل", "Home"),
            ("billing", "الفوترة", "Billing"),
            ("delivery", "التوصيل", "Delivery"),
            ("branch", "فرع", "Branch"),
            ("other", "غير ذلك", "Other"),
        ],
    )
    .title("line")
    .field(Field::new("line", line, label("العنوان في سطر", "In one line")).personal())
}

/// What ends does so after it began.
pub fn watches() -> impl Iterator<Item = Watch> {
    [PHONE, EMAIL, ADDRESS].into_iter().map(|object| Watch { object, run: in_order })
}

fn in_order<'a>(_: &'a mut Cx, changes: &'a [(Option<Record>, Option<Record>)]) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        let turned = |r: &&Record| r.get("valid_from").date().zip(r.get("valid_to").date()).is_some_and(|(from, to)| to < from);
        match changes.iter().filter_map(|(_, after)| after.as_ref()).find(turned) {
            Some(_) => Err(Fault::invalid("valid_to", "base-ends-before")),
            None => Ok(()),
        }
    })
}
