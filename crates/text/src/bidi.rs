//! Direction marks for plain text (attributes, PDF, e-mail subjects, exports). In HTML use `<bdi>` instead.

const FSI: char = '\u{2068}';
const LRI: char = '\u{2066}';
const PDI: char = '\u{2069}';

/// Isolates text of unknown direction (a name, a title) so that it does not reorder its surroundings.
pub fn isolate(text: &str) -> String {
    wrap(FSI, text)
}

/// Isolates text that reads left to right wherever it stands: phones, IBANs, e-mail addresses, signed numbers.
pub fn isolate_ltr(text: &str) -> String {
    wrap(LRI, text)
}

/// `true` for the invisible characters that steer direction (marks, embeddings, overrides, isolates).
pub fn is_control(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Removes all direction controls.
pub fn strip(text: &str) -> String {
    text.chars().filter(|c| !is_control(*c)).collect()
}

/// Controls inside are removed, so that an unbalanced one in user text cannot end the isolate early.
fn wrap(open: char, text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 6);
    out.push(open);
    out.extend(text.chars().filter(|c| !is_control(*c)));
    out.push(PDI);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn isolates() {
        assert_eq!(isolate("أحمد"), "\u{2068}أحمد\u{2069}");
        assert_eq!(isolate_ltr("+966 50"), "\u{2066}+966 50\u{2069}");
        assert_eq!(isolate("a\u{202E}b\u{2069}"), "\u{2068}ab\u{2069}");
        assert_eq!(strip("\u{200F}أ\u{2067}ب\u{2069}"), "أب");
    }
}
