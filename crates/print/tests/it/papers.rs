//! An invoice and a letter, with everything a document can hold.

use kernel::{Label, Money, label};
use sila_print::{Block, Calendars, Column, Document, Fact, Letterhead, Piece, Table, Text, Total};
use text::Locale;

pub const PHONE: &str = "+966112345678";
pub const MAIL: &str = "sales@al-rawabi.example";
pub const IBAN: &str = "SA03 8000 0000 6080 1016 7519";

fn sar(minor: i64) -> Text {
    Text::money(Money::new(minor, "SAR"))
}

pub fn letterhead() -> Letterhead {
    Letterhead {
        name: "شركة الروابي للتجارة".into(),
        lines: vec![Text::words("طريق الملك فهد، الرياض 12214، المملكة العربية السعودية"), Text::soft("السجل التجاري ").and(Piece::Code("1010123456".into()))],
        contacts: vec![Text::phone(PHONE), Text::code(MAIL), Text::code("al-rawabi.example")],
    }
}

/// An invoice of `lines` lines with a discount, a total below nothing in between and two calendars.
pub fn invoice(locale: Locale, both: bool, lines: usize) -> Document {
    let goods = [
        ("كيس أرز بسمتي 10 كجم", "Basmati rice, 10 kg", 12, 8_750),
        ("زيت زيتون بكر ممتاز 750 مل", "Extra virgin olive oil 750 ml", 24, 3_125),
        ("تمر سكري فاخر (علبة هدايا)", "Sukkari dates, gift box", 6, 14_900),
        ("قهوة عربية محمّصة مع الهيل", "Arabic coffee with cardamom", 40, 2_275),
    ];
    let row = |i: usize| {
        let (ar, en, n, price) = goods[i % goods.len()];
        let name = locale.pick(ar, en);
        vec![Text::number(i as i64 + 1), Text::words(name).and(Piece::Soft(format!("\nSKU-{:04}", 310 + i))), Text::number(n), sar(price), sar(n * price)]
    };
    let head = |ar: &'static str, en: &'static str| label(ar, en);
    let columns = vec![
        Column::figures(head("م", "No.")),
        Column::words(head("الصنف", "Item")),
        Column::figures(head("الكمية", "Quantity")),
        Column::figures(head("سعر الوحدة", "Unit price")),
        Column::figures(head("المجموع", "Total")),
    ];
    let totals = vec![
        Total { label: head("المجموع قبل الضريبة", "Total before tax"), value: sar(412_500), grand: false },
        Total { label: head("خصم", "Discount"), value: sar(-10_000), grand: false },
        Total { label: head("ضريبة القيمة المضافة", "VAT"), value: Text(vec![Piece::Percent(15, 0), Piece::Words("  ".into()), Piece::Money(Money::new(60_375, "SAR"))]), grand: false },
        Total { label: head("المستحق", "Amount due"), value: sar(462_875), grand: true },
    ];
    let customer = vec![
        Block::Heading { level: 2, text: head("فاتورة إلى", "Bill to"), count: None },
        Block::Paragraph(Text::strong("مؤسسة نور الشام للأغذية")),
        Block::Paragraph(Text::words("شارع الأمير محمد، عمّان\nالأردن").and(Piece::Words("\n".into())).and(Piece::Phone("+962791234567".into()))),
    ];
    let dates = vec![Block::Facts(vec![
        Fact::new(head("تاريخ الفاتورة", "Invoice date"), Text::day("2026-03-05".parse().unwrap(), Calendars::Both)),
        Fact::new(head("تستحق في", "Due"), Text::day("2026-04-04".parse().unwrap(), Calendars::Own)),
        Fact::new(head("أمر الشراء", "Purchase order"), Text::code("PO-2026/0077-A")),
        Fact::new(head("الآيبان", "IBAN"), Text::code(IBAN)),
    ])];
    Document {
        title: label("فاتورة ضريبية", "Tax invoice"),
        number: "INV-00042".into(),
        both,
        letterhead: letterhead(),
        blocks: vec![
            Block::Sides(customer, dates),
            Block::Table(Table { columns, rows: (0..lines).map(row).collect(), totals }),
            Block::Note(Text::words(locale.pick("يُرجى ذكر رقم الفاتورة عند التحويل. للاستفسار اتصلوا على ", "Please name the invoice number with your payment. Questions: ")).and(Piece::Phone(PHONE.into()))),
            Block::Heading { level: 1, text: label("الشروط", "Terms"), count: Some(2) },
            Block::List(vec![
                Text::words(locale.pick("تُحتسب غرامة 2% بعد 30 يومًا، ولا تتجاوز -5 درجات من التصنيف.", "A fee of 2% applies after 30 days.")),
                Text::words(locale.pick("البضاعة ملك للبائع حتى السداد الكامل.", "Goods remain ours until paid in full.")),
            ]),
        ],
        foot: Text::words(locale.pick("الرقم الضريبي ", "VAT number ")).and(Piece::Code("300123456700003".into())),
        made: None,
        locale,
    }
}

/// A page that says only this.
pub fn saying(locale: Locale, blocks: Vec<Block>) -> Document {
    Document { title: Label::owned("وثيقة", "Paper"), locale, letterhead: Letterhead { name: "شركة الروابي".into(), ..Letterhead::default() }, blocks, ..Document::default() }
}
