//! Search folding: the one form in which text is indexed and queried, so that how somebody typed a word
//! (hamza or not, ة or ه, marks, tatweel, Arabic digits, capitals, accents) does not decide whether it is found.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What one character becomes.
enum Step {
    Keep(char),
    Pair(char, char),
    Drop,
    Gap,
    /// Rare characters: decompose first, then fold the parts.
    Decompose,
}

/// Folds `text` for search: only lower-case letters, ASCII digits and single spaces remain.
///
/// * Arabic: marks, tatweel and the lone hamza are dropped; أ إ آ ٱ → ا, ى ئ → ي, ؤ → و, ة → ه; Persian and Urdu
///   letter forms become their Arabic counterparts.
/// * Latin: lower case, no diacritics (É → e, ß → ss, ı → i).
/// * Arabic-Indic and Persian digits become ASCII; invisible direction marks and apostrophes vanish;
///   every other sign becomes a space; spaces collapse.
///
/// Folding twice gives the same as folding once.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

/// Appends the folded `text` to `out`, separated by one space from what is there.
pub fn fold_into(text: &str, out: &mut String) {
    let mut gap = !out.is_empty();
    for c in text.chars() {
        fold_char(c, out, &mut gap);
    }
}

fn fold_char(c: char, out: &mut String, gap: &mut bool) {
    match step(c) {
        Step::Keep(c) => put(c, out, gap),
        Step::Pair(a, b) => {
            put(a, out, gap);
            put(b, out, gap);
        }
        Step::Drop => {}
        Step::Gap => *gap = true,
        Step::Decompose => {
            for part in std::iter::once(c).nfkd() {
                if part == c {
                    fold_plain(c, out, gap);
                } else {
                    fold_char(part, out, gap);
                }
            }
        }
    }
}

/// A character that does not decompose: drop marks, lower-case letters, blank the rest.
fn fold_plain(c: char, out: &mut String, gap: &mut bool) {
    if is_combining_mark(c) {
        return;
    }
    if !c.is_alphanumeric() {
        *gap = true;
        return;
    }
    for lower in c.to_lowercase() {
        if lower == c {
            put(c, out, gap);
        } else {
            fold_char(lower, out, gap);
        }
    }
}

fn put(c: char, out: &mut String, gap: &mut bool) {
    if std::mem::take(gap) && !out.is_empty() {
        out.push(' ');
    }
    out.push(c);
}

fn step(c: char) -> Step {
    use Step::{Decompose, Drop, Gap, Keep, Pair};
    match c {
        'a'..='z' | '0'..='9' => Keep(c),
        'A'..='Z' => Keep(c.to_ascii_lowercase()),
        // Apostrophes sit inside words (O'Neil, Sa'ad, Qur’an): without them both spellings meet.
        '\'' | '`' | '’' | '‘' | 'ʼ' | 'ʿ' | 'ʾ' | 'ʻ' | 'ʹ' | '´' => Drop,
        '\u{0}'..='\u{7f}' => Gap,
        // Arabic marks, tatweel, lone hamza.
        '\u{0610}'..='\u{061A}'
        | '\u{064B}'..='\u{065F}'
        | '\u{0670}'
        | '\u{06D6}'..='\u{06DC}' => Drop,
        '\u{06DF}'..='\u{06E8}' | '\u{06EA}'..='\u{06ED}' | '\u{08D3}'..='\u{08FF}' => Drop,
        '\u{0640}' | 'ء' | 'ٴ' => Drop,
        // Invisible controls: direction, joiners, soft hyphen, byte order mark.
        '\u{061C}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' => Drop,
        '\u{FEFF}' | '\u{00AD}' | '\u{180E}' | '\u{FE00}'..='\u{FE0F}' => Drop,
        'أ' | 'إ' | 'آ' | 'ٱ' | 'ٲ' | 'ٳ' | 'ٵ' => Keep('ا'),
        'ى' | 'ئ' | 'ی' | 'ې' | 'ۍ' | 'ێ' | 'ے' | 'ۓ' | 'ٸ' | 'ۑ' => Keep('ي'),
        'ؤ' | 'ۆ' | 'ۇ' | 'ۋ' | 'ۅ' | 'ۏ' | 'ٶ' | 'ٷ' => Keep('و'),
        'ة' | 'ۃ' | 'ہ' | 'ھ' | 'ە' | 'ۀ' | 'ۂ' | 'ۿ' => Keep('ه'),
        'ک' | 'ڪ' | 'گ' | 'ڭ' | 'ګ' => Keep('ك'),
        'پ' => Keep('ب'),
        'چ' => Keep('ج'),
        'ژ' => Keep('ز'),
        'ڤ' | 'ڥ' => Keep('ف'),
        'ڨ' => Keep('ق'),
        'ٹ' | 'ټ' => Keep('ت'),
        'ڈ' | 'ډ' => Keep('د'),
        'ڑ' | 'ړ' => Keep('ر'),
        'ں' | 'ڼ' => Keep('ن'),
        'ا' | 'ب' | 'ت'..='غ' | 'ف'..='و' | 'ي' => Keep(c),
        '٠'..='٩' => Keep(ascii_digit(c, '٠')),
        '۰'..='۹' => Keep(ascii_digit(c, '۰')),
        'ø' | 'Ø' => Keep('o'),
        'đ' | 'Đ' | 'ð' | 'Ð' => Keep('d'),
        'ł' | 'Ł' => Keep('l'),
        'ħ' | 'Ħ' => Keep('h'),
        'ı' => Keep('i'),
        'ß' | 'ẞ' => Pair('s', 's'),
        'æ' | 'Æ' => Pair('a', 'e'),
        'œ' | 'Œ' => Pair('o', 'e'),
        'þ' | 'Þ' => Pair('t', 'h'),
        _ => Decompose,
    }
}

fn ascii_digit(c: char, zero: char) -> char {
    char::from_digit(u32::from(c).saturating_sub(u32::from(zero)), 10).unwrap_or('0')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_meet() {
        for (typed, folded) in [
            ("أحمد", "احمد"),
            ("إسلام", "اسلام"),
            ("آمنة", "امنه"),
            ("مُحَمَّدٌ", "محمد"),
            ("محمـــد", "محمد"),
            ("مصطفى", "مصطفي"),
            ("مؤسسة", "موسسه"),
            ("شيء", "شي"),
            ("شئ", "شي"),
            ("هٰذا", "هذا"),
            ("علي", "علي"),
            ("عليّ", "علي"),
            ("کریم", "كريم"),
            ("ﻻ", "لا"),
            ("ﷲ", "الله"),
            ("فاتورة رقم ١٢٣-۴۵", "فاتوره رقم 123 45"),
            ("\u{202B}شركة\u{202C}\u{200F} النور\u{200C}", "شركه النور"),
            ("  Crème   Brûlée!! ", "creme brulee"),
            ("Straße", "strasse"),
            ("İstanbul Iğdır", "istanbul igdir"),
            ("O'Neil", "oneil"),
            ("ＡＢＣ１２", "abc12"),
            ("a@b.com", "a b com"),
            ("", ""),
            ("؟!،", ""),
        ] {
            assert_eq!(fold(typed), folded, "{typed}");
        }
    }

    #[test]
    fn appends_with_one_space() {
        let mut out = String::new();
        for part in ["أحمد", "", "!", " علي "] {
            fold_into(part, &mut out);
        }
        assert_eq!(out, "احمد علي");
    }

    proptest! {
        #[test]
        fn idempotent(s in "\\PC*") {
            let once = fold(&s);
            prop_assert_eq!(fold(&once), once.clone());
            prop_assert!(!once.contains("  ") && once.trim() == once);
        }

        #[test]
        fn idempotent_on_any_char(c in any::<char>()) {
            let once = fold(&c.to_string());
            prop_assert_eq!(fold(&once), once);
        }
    }

    #[test]
    fn idempotent_on_every_char() {
        for c in (0..=0x10FFFFu32).filter_map(char::from_u32) {
            let once = fold(c.encode_utf8(&mut [0; 4]));
            assert_eq!(fold(&once), once, "U+{:04X}", u32::from(c));
        }
    }
}
