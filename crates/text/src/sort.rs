//! Sort keys: bytes whose plain comparison is the reading order. Stored beside the text, they make both
//! databases sort alike, whatever collations they were built with.

use std::sync::OnceLock;

use icu_collator::options::{CollatorOptions, Strength};
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale_core::locale;

/// Longer texts differ early enough; a key must stay small in an index.
const MAX_CHARS: usize = 64;

/// The collation key of `text`: Arabic before Latin, hamza forms and marks count only between otherwise equal
/// texts, letter case never. `a` sorts before `b` exactly if `sort_key(a) < sort_key(b)` byte by byte.
pub fn sort_key(text: &str) -> Vec<u8> {
    let text = text.trim();
    let head = text
        .char_indices()
        .nth(MAX_CHARS)
        .map_or(text, |(end, _)| text.get(..end).unwrap_or(text));
    let mut key = Vec::with_capacity(head.len() + 8);
    let Ok(()) = collator().write_sort_key_to(head, &mut key);
    key
}

fn collator() -> &'static CollatorBorrowed<'static> {
    static COLLATOR: OnceLock<CollatorBorrowed<'static>> = OnceLock::new();
    COLLATOR.get_or_init(|| {
        let mut options = CollatorOptions::default();
        options.strength = Some(Strength::Secondary);
        Collator::try_new(locale!("ar").into(), options)
            .expect("Arabic collation data is compiled in")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reading_order() {
        let mut names = vec![
            "zoe",
            "Adam",
            "يوسف",
            "بسمة",
            "أحمد",
            "احمد",
            "إبراهيم",
            "تامر",
            "adam b",
            "خالد",
            "10",
        ];
        names.sort_by_key(|n| sort_key(n));
        assert_eq!(
            names,
            [
                "10",
                "إبراهيم",
                "أحمد",
                "احمد",
                "بسمة",
                "تامر",
                "خالد",
                "يوسف",
                "Adam",
                "adam b",
                "zoe"
            ]
        );
        assert_ne!(sort_key("أحمد"), sort_key("احمد"));
        assert_eq!(sort_key("مُحمد"), sort_key("محمد"));
        assert_eq!(sort_key("ADAM"), sort_key(" adam"));
        assert!(
            sort_key("أحمد ب") > sort_key("احمد أ"),
            "hamza is weaker than the next word"
        );
    }

    proptest! {
        #[test]
        fn equal_text_equal_key(s in "\\PC{0,100}") {
            prop_assert_eq!(sort_key(&s), sort_key(&s.clone()));
        }

        #[test]
        fn marks_stay_close(s in "[ا-ي]{1,10}", t in "[ا-ي]{1,10}") {
            // Marks never outweigh letters.
            let marked: String = s.chars().flat_map(|c| [c, '\u{064E}']).collect();
            if sort_key(&s) < sort_key(&t) && s != t {
                prop_assert!(sort_key(&marked) < sort_key(&t));
            }
        }
    }
}
