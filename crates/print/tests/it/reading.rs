//! What comes out of a PDF is what went in.

use crate::papers::{IBAN, MAIL, invoice, saying};
use crate::{keep, poppler, printed, text};
use kernel::Money;
use sila_print::{Block, Calendars, Fact, Piece, Text};
use text::{Digits, Locale};

/// Words of the page, for order-blind looks at texts that stand beside each other.
fn has(text: &str, words: &str) -> bool {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    flat.contains(words)
}

#[test]
fn figures_phones_and_signs_stand_in_order() {
    for (name, locale, both) in [("invoice-ar", Locale::ar("EG"), false), ("invoice-en", Locale::en("EG"), false), ("invoice-both", Locale::ar("EG"), true)] {
        let pdf = printed(&invoice(locale, both, 4));
        keep(name, &pdf);
        let text = text(&pdf);
        let minus = if name == "invoice-en" { "-SAR 100.00" } else { "-100.00" };
        for figure in ["+966 11 234 5678", "+962 7 9123 4567", minus, "4,628.75", "1010123456", "300123456700003", "PO-2026/0077-A", "INV-00042", MAIL, IBAN, "15%"] {
            assert!(has(&text, figure), "{name}: {figure} in\n{text}");
        }
        assert!(!text.contains("100.00-") && !text.contains("100.00−"), "{name}: {text}");
    }
}

#[test]
fn arabic_words_stay_whole() {
    let said = "يعد الوثيقة موظفو شركة الروابي للتجارة، ويراجعها المدير المالي قبل إرسالها إلى العملاء في الرياض وعمان والقاهرة والدار البيضاء. لا إله إلا الله.";
    let pdf = printed(&saying(Locale::ar("SA"), vec![Block::Paragraph(Text::words(said))]));
    keep("words", &pdf);
    let text = text(&pdf);
    // poppler takes the two letters of a ligature out in the order of the page, whatever the PDF says: لا becomes ال.
    let plain = |t: &str| text::fold(t).replace("لا", "ال");
    let found = plain(&text);
    let missing: Vec<String> = said.split_whitespace().map(plain).filter(|w| !found.contains(w.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?} in\n{text}");
}

#[test]
fn arabic_digits_keep_their_order_too() {
    let locale = Locale::ar("EG").with_digits(Digits::Arab);
    let facts = vec![
        Fact::new(kernel::label("هاتف", "Phone"), Text::phone("+966112345678")),
        Fact::new(kernel::label("رصيد", "Balance"), Text::money(Money::new(-123_450, "SAR"))),
        Fact::new(kernel::label("يوم", "Day"), Text::day("2026-03-05".parse().unwrap(), Calendars::Both)),
    ];
    let pdf = printed(&saying(locale, vec![Block::Facts(facts)]));
    keep("digits", &pdf);
    // Readers put Arabic digits in an order of their own; where each piece stands on the page is what can be held.
    let boxes = poppler("pdftotext", &["-bbox"], &pdf.bytes);
    let at = |word: &str| -> f64 {
        let line = boxes.lines().find(|l| l.contains(word)).unwrap_or_else(|| panic!("{word} in\n{boxes}"));
        line.split("xMin=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
    };
    assert!(at("٩٦٦") < at("٢٣٤") && at("٢٣٤") < at("٥٦٧٨"), "{boxes}");
}

/// Nothing that people write is markup, reaches for a file or turns the order of the page.
#[test]
fn hostile_words_are_words() {
    let hostile = [
        "#import \"@preview/cetz:0.3.4\": canvas",
        "#read(\"/etc/passwd\") #sys.inputs $x^2$ ] [ } { ` \\ <label> @ref *b* _i_ // c /* d */ = h - i + j",
        "#set page(width: 1pt); #panic(\"x\")",
        "$",
        "]",
        "\"); #eval(\"1+1\") //",
        "\\u{202e} \u{202e}abc\u{202c}def\u{2067}ghi",
        "\u{0}\u{1}\u{1b}[31m\u{FFFE}\u{E000}\u{10FFFF}",
        "{{title}} </script><b>x</b> %PDF-1.7 endobj",
    ];
    let facts = hostile.iter().map(|h| Fact::new(kernel::Label::owned(*h, *h), Text::words(*h))).collect();
    let lists = hostile.iter().map(|h| Text::strong(*h).and(Piece::Code((*h).into())).and(Piece::Phone((*h).into()))).collect();
    let blocks = vec![Block::Facts(facts), Block::List(lists), Block::Card { title: Text::words(hostile[1]), blocks: vec![Block::Paragraph(Text::soft(hostile[0]))] }];
    for locale in [Locale::ar("SA"), Locale::en("SA")] {
        let mut paper = saying(locale, blocks.clone());
        paper.number = hostile[2].into();
        paper.title = kernel::Label::owned(hostile[0], hostile[0]);
        paper.letterhead.name = hostile[1].into();
        paper.foot = Text::words(hostile[3]);
        let pdf = printed(&paper);
        keep("hostile", &pdf);
        let text = text(&pdf);
        for words in ["#import", "@preview/cetz:0.3.4", "#read(\"/etc/passwd\")", "$x^2$", "*b*", "_i_", "#eval(\"1+1\")", "abcdefghi", "endobj"] {
            assert!(has(&text, words), "{words} in\n{text}");
        }
        assert!(!text.contains("root:"), "{text}");
    }
}

#[test]
fn scripts_no_font_has_do_not_stop_the_press() {
    let pdf = printed(&saying(Locale::ar("SA"), vec![Block::Paragraph(Text::words("李雷 😀 नमस्ते, Ελλάδα, أحمد"))]));
    assert!(has(&text(&pdf), "أحمد"));
}

#[test]
fn the_pdf_says_what_it_is() {
    let mut paper = invoice(Locale::ar("SA"), false, 2);
    let info = poppler("pdfinfo", &[], &printed(&paper).bytes);
    assert!(info.contains("فاتورة ضريبية INV-00042") && info.contains("شركة الروابي للتجارة"), "{info}");
    assert!(info.lines().any(|l| l.starts_with("Tagged:") && l.ends_with("yes")), "{info}");
    assert!(!info.contains("CreationDate"), "{info}");
    let structure = poppler("pdfinfo", &["-struct"], &printed(&paper).bytes);
    assert!(structure.contains("Table") && structure.contains("TH") && structure.contains("H1"), "{structure}");
    paper.made = Some("2026-03-05T09:00:00Z".parse().unwrap());
    let info = poppler("pdfinfo", &["-isodates"], &printed(&paper).bytes);
    assert!(info.contains("2026-03-05T09:00:00Z"), "{info}");
    let raw = String::from_utf8_lossy(&printed(&paper).bytes).into_owned();
    assert!(raw.contains("/Lang(ar-SA)"), "the language is in the catalogue");
}
