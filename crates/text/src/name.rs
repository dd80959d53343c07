//! Names in two scripts: a proposed Latin spelling, direction, initials.

use std::collections::HashMap;
use std::sync::OnceLock;

use unicode_segmentation::UnicodeSegmentation;

use crate::digits;
use crate::fold::fold;
use crate::name_table::NAMES;

/// `true` for letters of the Arabic script (presentation forms too).
pub fn is_arabic_char(c: char) -> bool {
    matches!(c, '\u{0620}'..='\u{064A}' | '\u{066E}'..='\u{06D3}' | '\u{06D5}' | '\u{06FA}'..='\u{06FF}'
        | '\u{0750}'..='\u{077F}' | '\u{08A0}'..='\u{08C9}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
        && c != '\u{0640}'
}

/// `true` if more letters are Arabic than of any other script.
pub fn is_arabic(text: &str) -> bool {
    let (mut arabic, mut other) = (0usize, 0usize);
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        if is_arabic_char(c) {
            arabic += 1
        } else {
            other += 1
        }
    }
    arabic > other
}

/// `"rtl"` or `"ltr"` by the first letter, `"auto"` if there is none: for the `dir` attribute.
pub fn direction(text: &str) -> &'static str {
    text.chars()
        .find(|c| c.is_alphabetic())
        .map_or("auto", |c| {
            if is_arabic_char(c) || matches!(c, '\u{0590}'..='\u{05FF}') {
                "rtl"
            } else {
                "ltr"
            }
        })
}

/// One or two initials for an avatar, of the first and the last word. Arabic initials stand apart (a non-joiner
/// between them), the article does not count: خالد العتيبي is خ‌ع. Empty if there is no letter or digit.
pub fn initials(name: &str) -> String {
    let name = crate::bidi::strip(name);
    let words: Vec<&str> = name
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | '_' | '/' | '.'))
        .filter(|w| w.chars().any(char::is_alphanumeric))
        .collect();
    let first = words.first().and_then(|w| initial(w));
    let last = words
        .last()
        .filter(|_| words.len() > 1)
        .and_then(|w| initial(w));
    match (first, last) {
        (Some(a), Some(b)) if a.chars().chain(b.chars()).any(is_arabic_char) => {
            format!("{a}\u{200C}{b}")
        }
        (Some(a), Some(b)) => a + &b,
        (Some(a), None) => a,
        (None, _) => String::new(),
    }
}

fn initial(word: &str) -> Option<String> {
    let word = word.trim_start_matches(|c: char| !c.is_alphanumeric() || c == '\u{0640}');
    let word = word
        .strip_prefix("ال")
        .filter(|rest| rest.chars().count() >= 3)
        .unwrap_or(word);
    let grapheme = word.graphemes(true).next()?;
    if grapheme.chars().any(is_arabic_char) {
        // Marks on a single letter only blur it.
        return grapheme
            .chars()
            .find(|c| is_arabic_char(*c))
            .map(String::from);
    }
    Some(grapheme.to_uppercase())
}

/// Proposes a Latin spelling for an Arabic name: common names from a table the way their bearers write them, all
/// others letter by letter. Latin words stay. A person corrects it; it is never an identity.
pub fn transliterate(arabic: &str) -> String {
    let words: Vec<&str> = arabic.split_whitespace().collect();
    let folded: Vec<String> = words.iter().map(|w| fold(w)).collect();
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    let mut i = 0;
    while let (Some(word), Some(key)) = (words.get(i), folded.get(i)) {
        i += 1;
        if !word.chars().any(is_arabic_char) {
            out.push(digits::to_ascii(word));
            continue;
        }
        let next = folded.get(i).map(String::as_str).unwrap_or_default();
        // Two words that are one name: عبد الرحمن, نور الدين, منة الله.
        if (key == "عبد" && next.starts_with("ال")) || next == "الدين" || next == "الله"
        {
            out.push(
                table(&format!("{key}{next}"))
                    .map_or_else(|| compound(key, next, word), str::to_owned),
            );
            i += 1;
            continue;
        }
        out.push(word_to_latin(word, key));
    }
    out.join(" ")
}

fn compound(key: &str, next: &str, word: &str) -> String {
    match next {
        _ if key == "عبد" => {
            let rest = next.strip_prefix("ال").unwrap_or(next);
            format!("Abdul {}", word_to_latin(rest, rest))
        }
        "الدين" => format!("{} Eldin", word_to_latin(word, key)),
        _ => format!("{} Allah", word_to_latin(word, key)),
    }
}

fn word_to_latin(word: &str, key: &str) -> String {
    if let Some(latin) = table(key) {
        return latin.to_owned();
    }
    match key {
        "بن" => return "bin".to_owned(),
        "ابن" => return "Ibn".to_owned(),
        "بنت" => return "bint".to_owned(),
        "ابو" => return "Abu".to_owned(),
        "ام" => return "Umm".to_owned(),
        "ال" => return "Al".to_owned(),
        _ => {}
    }
    // No name is longer; taking such a word apart piece by piece would only go deep.
    if key.len() > 80 {
        return capitalized(&letters_to_latin(word));
    }
    let long = |rest: &&str| rest.chars().count() >= 2;
    if let Some(rest) = key.strip_prefix("عبدال").filter(long) {
        return format!("Abdul{}", word_to_latin(rest, rest).to_lowercase());
    }
    if let Some(rest) = key.strip_prefix("ال").filter(|r| r.chars().count() >= 3) {
        let bare = strip_article(word).unwrap_or(rest);
        return format!("Al-{}", word_to_latin(bare, rest));
    }
    capitalized(&letters_to_latin(word))
}

fn strip_article(word: &str) -> Option<&str> {
    word.strip_prefix("ال").filter(|r| !r.is_empty())
}

fn table(key: &str) -> Option<&'static str> {
    static TABLE: OnceLock<HashMap<String, &'static str>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        NAMES
            .split_whitespace()
            .filter_map(|entry| entry.split_once('='))
            .map(|(arabic, latin)| (fold(arabic), latin))
            .collect()
    });
    table.get(key).copied()
}

/// Letter by letter; where consonants meet, an `a` in every second gap makes the word sayable.
fn letters_to_latin(word: &str) -> String {
    let letters: Vec<char> = word
        .chars()
        .filter(|c| is_arabic_char(*c) || digits::value(*c).is_some())
        .collect();
    let mut out = String::with_capacity(letters.len() * 2);
    let (mut after_consonant, mut filled) = (false, false);
    for (i, c) in letters.iter().enumerate() {
        let (first, last) = (i == 0, i + 1 == letters.len());
        let vowel_next = letters
            .get(i + 1)
            .is_some_and(|n| matches!(n, 'ا' | 'و' | 'ي' | 'ى' | 'ة' | 'آ'));
        let vowel = match c {
            'ا' | 'أ' => Some(if first && letters.get(1) == Some(&'و') {
                ""
            } else {
                "a"
            }),
            'إ' => Some(if letters.get(i + 1) == Some(&'ي') {
                ""
            } else {
                "i"
            }),
            'آ' | 'ى' => Some("a"),
            'ة' => Some("a"),
            'و' if !first && !vowel_next => Some(if last || after_consonant { "ou" } else { "w" }),
            'ي' if !first && !vowel_next => Some(if after_consonant { "i" } else { "y" }),
            'ؤ' => Some("u"),
            'ئ' => Some("e"),
            'ء' => Some(""),
            _ => None,
        };
        if let Some(vowel) = vowel {
            out.push_str(vowel);
            (after_consonant, filled) = (false, false);
            continue;
        }
        let sound = consonant(*c);
        if sound.is_empty() {
            continue;
        }
        // Every second gap gets the vowel: ma-q-sad, shar-ka.
        let gap = after_consonant && !sound.starts_with(|c: char| c.is_ascii_digit());
        filled = gap && !filled;
        if filled {
            out.push('a');
        }
        out.push_str(if first && *c == 'ع' { "A" } else { sound });
        // A leading ع is heard as a vowel already.
        after_consonant = !(first && *c == 'ع');
    }
    out
}

fn consonant(c: char) -> &'static str {
    match fold(c.encode_utf8(&mut [0; 4]))
        .chars()
        .next()
        .unwrap_or(' ')
    {
        'ب' => "b",
        'ت' | 'ط' => "t",
        'ث' => "th",
        'ج' => "j",
        'ح' | 'ه' => "h",
        'خ' => "kh",
        'د' | 'ض' => "d",
        'ذ' => "dh",
        'ر' => "r",
        'ز' | 'ظ' => "z",
        'س' | 'ص' => "s",
        'ش' => "sh",
        'ع' => "a",
        'غ' => "gh",
        'ف' => "f",
        'ق' => "q",
        'ك' => "k",
        'ل' => "l",
        'م' => "m",
        'ن' => "n",
        'و' => "w",
        'ي' => "y",
        '0' => "0",
        '1' => "1",
        '2' => "2",
        '3' => "3",
        '4' => "4",
        '5' => "5",
        '6' => "6",
        '7' => "7",
        '8' => "8",
        '9' => "9",
        _ => "",
    }
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| {
        first
            .to_uppercase()
            .chain(chars.as_str().to_lowercase().chars())
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::{name_keys, query_keys};
    use proptest::prelude::*;

    #[test]
    fn proposes_latin_names() {
        for (arabic, latin) in [
            ("محمد علي", "Mohammed Ali"),
            ("مُحَمَّد", "Mohammed"),
            ("عبد الرحمن", "Abdulrahman"),
            (
                "عبدالرحمن بن خالد العتيبي",
                "Abdulrahman bin Khalid Al-Otaibi",
            ),
            ("نور الدين", "Noureddine"),
            ("أبو بكر", "Abu Bakr"),
            ("فاطمة الزهراء", "Fatima Al-Zahraa"),
            ("عبدالمقصود", "Abdulmaqsoud"),
            ("Omar خالد", "Omar Khalid"),
            ("شركة 2000", "Sharka 2000"),
            ("", ""),
        ] {
            assert_eq!(transliterate(arabic), latin, "{arabic}");
        }
    }

    #[test]
    fn every_table_name_meets_its_latin_spelling() {
        let mut wrong = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for (arabic, latin) in NAMES
            .split_whitespace()
            .map(|e| e.split_once('=').expect("arabic=latin"))
        {
            assert!(is_arabic(arabic) && latin.is_ascii(), "{arabic}={latin}");
            assert!(seen.insert(fold(arabic)), "{arabic} twice");
            let keys = name_keys(arabic);
            if !query_keys(latin).iter().all(|k| keys.contains(k)) {
                wrong.push(format!("{arabic} {keys} / {latin} {:?}", query_keys(latin)));
            }
        }
        assert!(seen.len() >= 300, "{}", seen.len());
        assert!(
            wrong.len() * 50 <= seen.len(),
            "{} of {}\n{}",
            wrong.len(),
            seen.len(),
            wrong.join("\n")
        );
    }

    #[test]
    fn scripts() {
        assert!(is_arabic("شركة ABC التجارية"));
        assert!(!is_arabic("ABC شركة Limited"));
        assert!(!is_arabic("123"));
        for (text, dir) in [
            ("أحمد", "rtl"),
            ("123 Ahmad", "ltr"),
            ("«محمد»", "rtl"),
            ("+966", "auto"),
            ("", "auto"),
        ] {
            assert_eq!(direction(text), dir, "{text}");
        }
    }

    #[test]
    fn initials_stand_apart() {
        for (name, want) in [
            ("محمد علي", "م\u{200C}ع"),
            ("خالد بن سعد العتيبي", "خ\u{200C}ع"),
            ("مُحمد", "م"),
            ("أحمد", "أ"),
            ("john smith", "JS"),
            ("Élodie", "É"),
            ("e\u{301}lodie", "E\u{301}"),
            ("شركة ABC", "ش\u{200C}A"),
            ("«النور»", "ن"),
            ("  ", ""),
            ("!!", ""),
            ("3M", "3"),
        ] {
            assert_eq!(initials(name), want, "{name}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(s in "\\PC{0,60}") {
            let _ = (transliterate(&s), initials(&s), direction(&s), is_arabic(&s));
        }

        #[test]
        fn nothing_arabic_remains(s in "[ا-ي ]{1,30}") {
            prop_assert!(!transliterate(&s).chars().any(is_arabic_char));
        }
    }
}
