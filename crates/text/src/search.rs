//! What a full-text index stores and what a query asks of it. Both sides are folded text matched by substring
//! (trigrams), so nothing is ever cut from the stored side; only the query loses its article.

use crate::fold::{fold, fold_into};

pub use crate::phonetic::{Spoken, name_keys, query_keys, spoken};

/// Prefixes written together with a word, longest first, already folded: و/ف + ب/ل/ك + the article.
const CLITICS: [&str; 11] = [
    "وبال", "فبال", "وكال", "ولل", "فلل", "وال", "فال", "بال", "كال", "لل", "ال",
];

/// Most terms a query may have; more would only make the database slow.
const MAX_TERMS: usize = 12;

/// The terms of a query: folded, without article and clitics where at least three letters remain, each once.
/// All terms must be found (logical AND) as substrings of [`document`].
pub fn terms(query: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in fold(query).split(' ').filter(|w| !w.is_empty()) {
        let term = strip_clitics(word);
        if !out.iter().any(|t| t == term) {
            out.push(term.to_owned());
        }
        if out.len() == MAX_TERMS {
            break;
        }
    }
    out
}

/// The text to index for a record: all `parts` folded and joined by one space.
pub fn document(parts: &[&str]) -> String {
    let mut out = String::with_capacity(parts.iter().map(|p| p.len() + 1).sum());
    for part in parts {
        fold_into(part, &mut out);
    }
    out
}

fn strip_clitics(word: &str) -> &str {
    CLITICS
        .iter()
        .find_map(|clitic| {
            word.strip_prefix(clitic)
                .filter(|rest| rest.chars().count() >= 3)
        })
        .unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(query: &str, stored: &str) -> bool {
        let doc = document(&[stored]);
        let terms = terms(query);
        !terms.is_empty() && terms.iter().all(|t| doc.contains(t.as_str()))
    }

    #[test]
    fn queries_find_documents() {
        for (query, stored) in [
            ("العملاء", "قائمة عملاء الشركة"),
            ("عملاء", "العملاء والعملاء"),
            ("والعملاء", "عملاء"),
            ("بالعملاء", "عملاء"),
            ("للعملاء", "العملاء"),
            ("وللشركة", "شركة النور"),
            ("احمد", "أحمد"),
            ("أَحْمَد", "احمد"),
            ("شركه", "شركة"),
            ("مصطفي", "مصطفى"),
            ("٠٥٠", "0501234567"),
            ("الله", "عبدالله"),
            ("café", "CAFE latte"),
            ("إلياس", "الياس فرح"),
        ] {
            assert!(found(query, stored), "{query} in {stored}");
        }
        assert!(!found("سالم", "سليم"));
        assert!(!found("!!", "anything"));
    }

    #[test]
    fn short_words_keep_their_article() {
        assert_eq!(terms("الله والد لله"), ["الله", "والد", "لله"]);
        assert_eq!(terms("العميل العميل"), ["عميل"]);
    }

    proptest! {
        #[test]
        fn every_text_finds_itself(s in "[\\p{Arabic}a-zA-Z0-9 ]{1,60}") {
            let doc = document(&[&s]);
            for term in terms(&s) {
                prop_assert!(doc.contains(&term));
            }
        }
    }
}
