//! An offer to a customer: what, for how much, until when. Versions of it keep each other's number.
//!
//! `draft → sent → accepted / declined / expired`; a new version makes the one before `superseded`. What has been sent
//! is frozen; its sums are written by [`crate::total`] alone.

use kernel::object::Capability;
use kernel::{Choice, Field, Kind, Label, Object, Tone, Weight, label};

pub const KEY: &str = "quote";
/// The most lines of one quote.
pub const MOST_LINES: usize = 300;

const OFFER: Label = label("العرض", "The offer");
const SUMS: Label = label("المبالغ", "Amounts");
const ANSWER: Label = label("رد العميل", "The customer's answer");
const DRAFT: &str = "status != \"draft\"";

/// Languages of a document.
pub fn languages() -> Kind {
    let options = [("ar", "العربية", "Arabic"), ("en", "الإنجليزية", "English"), ("both", "العربية والإنجليزية", "Arabic and English")];
    Kind::Choice { options: options.iter().map(|&(key, ar, en)| Choice::new(key, label(ar, en), Tone::Neutral)).collect() }
}

fn states() -> Kind {
    let by = |key, l, tone, action| Choice::new(key, l, tone).by(action);
    Kind::Choice {
        options: vec![
            Choice::new("draft", label("مسودة", "Draft"), Tone::Neutral),
            by("sent", label("مرسل", "Sent"), Tone::Info, "send"),
            by("accepted", label("مقبول", "Accepted"), Tone::Good, "accept"),
            by("declined", label("مرفوض", "Declined"), Tone::Bad, "decline"),
            by("expired", label("منتهي الصلاحية", "Expired"), Tone::Warn, "expire"),
            by("superseded", label("حلّت محله نسخة", "Superseded"), Tone::Neutral, "revise"),
        ],
    }
}

fn sum(key: &str, l: Label) -> Field {
    Field::new(key, Kind::Money, l).readonly().section(SUMS)
}

pub fn object() -> Object {
    Object::new(KEY, "quotes", label("عرض سعر", "Quote"), label("عروض الأسعار", "Quotes"))
        .icon("file-text")
        .title("number")
        .stage("status")
        .calendar("valid_until")
        .owner("owner")
        .sort("-created_at")
        .without(&[Capability::Import])
        .field(Field::new("number", Kind::Code { max: 40 }, label("رقم العرض", "Quote number")).readonly().unique().search(Weight::Title))
        .field(Field::new("subject", Kind::text(), label("الموضوع", "Subject")).lock(DRAFT).search(Weight::Title).list())
        .field(
            Field::new("party", Kind::to("party"), label("العميل", "Customer"))
                .required()
                .lock(DRAFT)
                .timeline()
                .reverse("quotes", label("عروض الأسعار", "Quotes"))
                .list(),
        )
        .field(
            Field::new("contact", Kind::to("party"), label("جهة الاتصال", "Contact"))
                .lock(DRAFT)
                .reverse("quotes_addressed", label("عروض موجهة إليه", "Quotes addressed to them"))
                .help(label("الشخص الذي يصله العرض.", "The person who gets the quote.")),
        )
        .field(
            Field::new("opportunity", Kind::to("opportunity"), label("فرصة البيع", "Opportunity"))
                .lock(DRAFT)
                .timeline()
                .reverse("quotes", label("عروض الأسعار", "Quotes")),
        )
        .field(Field::new("status", states(), label("الحالة", "Status")).default_expr("\"draft\"").indexed().list())
        .field(Field::new("total", Kind::Money, label("الإجمالي", "Total")).readonly().indexed().list())
        .field(
            Field::new("owner", Kind::to("user"), label("المسؤول", "Owner"))
                .default_expr("me()")
                .reverse("quotes", label("عروض الأسعار", "Quotes"))
                .list(),
        )
        .field(Field::new("issued_on", Kind::Date, label("تاريخ العرض", "Date")).lock(DRAFT).section(OFFER))
        .field(
            Field::new("valid_until", Kind::Date, label("صالح حتى", "Valid until"))
                .lock(DRAFT)
                .indexed()
                .section(OFFER)
                .help(label("إن تُرك فارغًا فثلاثون يومًا.", "Thirty days, if left empty."))
                .list(),
        )
        .field(Field::new("language", languages(), label("لغة العرض", "Language")).lock(DRAFT).section(OFFER))
        .field(
            Field::new("currency", Kind::Code { max: 3 }, label("العملة", "Currency"))
                .lock(DRAFT)
                .section(OFFER)
                .help(label("رمزها بثلاثة أحرف: SAR.", "Its code of three letters: SAR.")),
        )
        .field(
            Field::new("price_list", Kind::to(crate::prices::LIST), label("قائمة الأسعار", "Price list"))
                .lock(DRAFT)
                .section(OFFER)
                .reverse("quotes", label("عروض الأسعار", "Quotes"))
                .help(label("إن تُركت فارغة فأنسب قائمة للعميل.", "The one that fits the customer best, if left empty.")),
        )
        .field(
            Field::new("inclusive", Kind::Bool, label("الأسعار شاملة الضريبة", "Prices include tax"))
                .lock(DRAFT)
                .section(OFFER)
                .default_expr("false"),
        )
        .field(
            Field::new("discount_rate", Kind::Percent, label("خصم على العرض", "Discount on all"))
                .lock(DRAFT)
                .section(OFFER)
                .help(label("يُوزَّع على البنود بعد خصومها.", "Spread over the lines, after their own discounts.")),
        )
        .field(
            Field::new("discount_amount", Kind::Money, label("خصم بمبلغ", "Discount as an amount"))
                .lock(DRAFT)
                .section(OFFER)
                .help(label("بدل النسبة، لا معها.", "Instead of the percentage, not with it.")),
        )
        .field(Field::new("terms", Kind::LongText, label("الشروط", "Terms")).lock(DRAFT).section(OFFER))
        .field(Field::new("note", Kind::LongText, label("ملاحظة داخلية", "Internal note")).section(OFFER).help(label("لا يراها العميل.", "The customer does not see it.")))
        .field(sum("subtotal", label("مجموع البنود", "Sum of lines")))
        .field(sum("discount_total", label("مجموع الخصومات", "All discounts")))
        .field(sum("net", label("الصافي قبل الضريبة", "Net before tax")))
        .field(sum("tax", label("الضريبة", "Tax")))
        .field(sum("rounding", label("فرق التقريب", "Rounding")))
        .field(
            Field::new("discount_percent", Kind::Percent, label("أعلى خصم", "Highest discount"))
                .readonly()
                .indexed()
                .section(SUMS)
                .help(label("أعلى ما خُفّض من بند عن سعر القائمة.", "The most that any line is below the price list.")),
        )
        .field(sum("cost", label("التكلفة", "Cost")))
        .field(sum("margin", label("هامش الربح", "Margin")))
        .field(Field::new("margin_percent", Kind::Percent, label("نسبة الهامش", "Margin in percent")).readonly().section(SUMS))
        .field(Field::new("lines_count", Kind::Integer, label("عدد البنود", "Lines")).readonly().section(SUMS))
        .field(Field::new("version", Kind::Integer, label("النسخة", "Version")).readonly().section(OFFER))
        .field(
            Field::new("revises", Kind::to(KEY), label("تحل محل", "Replaces"))
                .readonly()
                .section(OFFER)
                .reverse("revisions", label("نسخ لاحقة", "Later versions")),
        )
        .field(Field::new("sent_at", Kind::DateTime, label("أُرسل في", "Sent")).readonly().section(ANSWER))
        .field(Field::new("sent_to", Kind::Email, label("أُرسل إلى", "Sent to")).readonly().personal().section(ANSWER))
        .field(Field::new("seen_at", Kind::DateTime, label("فتحه العميل أول مرة", "First opened")).readonly().section(ANSWER))
        .field(Field::new("last_seen_at", Kind::DateTime, label("وآخر مرة", "Last opened")).readonly().section(ANSWER))
        .field(Field::new("seen_count", Kind::Integer, label("مرات الفتح", "Times opened")).readonly().section(ANSWER))
        .field(Field::new("answered_at", Kind::DateTime, label("رد في", "Answered")).readonly().section(ANSWER))
        .field(Field::new("accepted_by", Kind::text(), label("قَبِله", "Accepted by")).readonly().personal().section(ANSWER))
        .field(Field::new("signature", Kind::Image, label("التوقيع", "Signature")).readonly().personal().section(ANSWER))
        .field(Field::new("decline_reason", Kind::text(), label("سبب الرفض", "Reason of the refusal")).readonly().section(ANSWER))
        .field(
            Field::new("order", Kind::to("order"), label("أمر البيع", "Sales order"))
                .readonly()
                .section(ANSWER)
                .reverse("quotes", label("عرض السعر", "Quote")),
        )
}
