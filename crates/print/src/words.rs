//! Words as they may stand on paper: no character that steers what is around them, and nothing that cannot break.

use text::bidi;

/// Letters in a row after which a word may be broken; longer ones would run out of their column.
const UNBROKEN: usize = 32;

/// The words, isolated from their surroundings. Isolates inside stay where they are balanced (sentences of ours have
/// them around what was typed); overrides and embeddings, which can turn the order of what follows, do not.
pub(crate) fn isolated(words: &str) -> String {
    // A space at the edge belongs between the words and their neighbours.
    let core = words.trim();
    let (before, after) = words.split_once(core).filter(|_| !core.is_empty()).unwrap_or((words, ""));
    format!("{before}\u{2068}{}\u{2069}{after}", signed(&tame(core)))
}

/// What reads from left to right wherever it stands, and may be broken at the end of a line.
pub(crate) fn left_to_right(text: &str) -> String {
    format!("\u{2066}{}\u{2069}", tame(&bidi::strip(text)))
}

/// Numbers with a sign before them and phone numbers with a plus, as people write them within a sentence, isolated: the
/// sign would stand behind the number, and the groups of the phone in the order of the sentence.
fn signed(words: &str) -> String {
    let mut out = String::with_capacity(words.len() + 6);
    let mut rest = words;
    let mut before = None;
    while let Some(c) = rest.chars().next() {
        let end = if before.is_none_or(|b: char| !b.is_alphanumeric()) { figure_end(rest, c) } else { 0 };
        let taken = rest.get(..if end > 0 { end } else { c.len_utf8() }).unwrap_or(rest);
        if end > 0 {
            out.push('\u{2066}');
            out.push_str(taken);
            out.push('\u{2069}');
        } else {
            out.push_str(taken);
        }
        before = taken.chars().last();
        rest = rest.get(taken.len()..).unwrap_or_default();
    }
    out
}

/// Where a signed number or a phone that begins `text` with `sign` ends; 0: it is none.
fn figure_end(text: &str, sign: char) -> usize {
    let phone = sign == '+';
    if !phone && !matches!(sign, '-' | '\u{2212}') {
        return 0;
    }
    let digit = |c: char| text::digits::value(c).is_some();
    let inside = |c: char| digit(c) || matches!(c, '.' | ',' | '٫' | '٬') || (phone && matches!(c, ' ' | '-' | '(' | ')'));
    let mut end = 0;
    for (i, c) in text.char_indices().skip(1) {
        if i == sign.len_utf8() && !digit(c) || !inside(c) {
            break;
        }
        if digit(c) {
            end = i + c.len_utf8();
        }
    }
    end
}

/// What [`isolated`] leaves, without the isolate around it.
pub(crate) fn tame(words: &str) -> String {
    let mut out = String::with_capacity(words.len() + 6);
    let (mut open, mut unbroken) = (0_usize, 0_usize);
    for c in words.chars() {
        match c {
            '\u{2066}'..='\u{2068}' => open += 1,
            '\u{2069}' if open == 0 => continue,
            '\u{2069}' => open -= 1,
            '\u{202A}'..='\u{202E}' => continue,
            // Marks without a shape, and what no font has: control characters, private use, noncharacters.
            c if c != '\t' && (c.is_control() || is_shapeless(c)) => continue,
            _ => {}
        }
        if c.is_whitespace() {
            unbroken = 0;
        } else if !bidi::is_control(c) {
            unbroken += 1;
            if unbroken > UNBROKEN {
                out.push('\u{200B}');
                unbroken = 1;
            }
        }
        out.push(if c == '\t' { ' ' } else { c });
    }
    out.extend(std::iter::repeat_n('\u{2069}', open));
    out
}

/// A figure without marks of direction: the page sets it left to right as a whole. Groups that spaces part are given
/// apart where the digits are Arabic ones: they would change places with each other even in a line from left to right.
pub(crate) fn figure(text: &str) -> Vec<String> {
    let text = bidi::strip(text);
    let text = text.trim();
    if text.chars().any(|c| matches!(c, '٠'..='٩' | '۰'..='۹')) {
        text.split(char::is_whitespace).filter(|t| !t.is_empty()).map(str::to_owned).collect()
    } else {
        vec![tame(text)]
    }
}

/// A formatted amount or percentage in its parts: words before, the figure with its sign, words after.
pub(crate) fn around_figure(text: &str) -> (String, String, String) {
    let text = bidi::strip(text);
    let in_figure = |c: char| text::digits::value(c).is_some() || matches!(c, '-' | '\u{2212}' | '+');
    let first = text.find(in_figure).unwrap_or(text.len());
    let last = text.char_indices().filter(|(_, c)| text::digits::value(*c).is_some()).last().map_or(first, |(i, c)| i + c.len_utf8());
    let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default().to_owned();
    (part(0..first), part(first..last.max(first)), part(last.max(first)..text.len()))
}

fn is_shapeless(c: char) -> bool {
    matches!(c, '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E000}'..='\u{F8FF}' | '\u{E0000}'..='\u{10FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_typed_steers_its_surroundings() {
        assert_eq!(isolated("أحمد"), "\u{2068}أحمد\u{2069}");
        assert_eq!(isolated(" أحمد قال: "), " \u{2068}أحمد قال:\u{2069} ");
        assert_eq!(tame("a\u{202E}b\u{202C}c\u{0}\u{7}\u{E0041}"), "abc");
        assert_eq!(tame("x\u{2069}\u{2067}y"), "x\u{2067}y\u{2069}", "an isolate ends before the text does, and nothing else ends");
        assert_eq!(tame("وصل \u{2068}Huda\u{2069} اليوم"), "وصل \u{2068}Huda\u{2069} اليوم");
        assert_eq!(tame("أ\tب"), "أ ب");
    }

    #[test]
    fn signs_and_phones_within_a_sentence_keep_their_place() {
        assert_eq!(signed("رصيد -100.00، وهاتف +966 11 234 5678 صباحًا"), "رصيد \u{2066}-100.00\u{2069}، وهاتف \u{2066}+966 11 234 5678\u{2069} صباحًا");
        for plain in ["2026-03-05", "SKU-0310", "أ - ب", "10 20 30", "1 + 1", "+", "-", "مدى 5-7"] {
            assert_eq!(signed(plain), plain);
        }
    }

    #[test]
    fn endless_words_may_break() {
        let word = "ق".repeat(100);
        let tamed = tame(&word);
        assert_eq!(tamed.matches('\u{200B}').count(), 3);
        assert_eq!(tamed.replace('\u{200B}', ""), word);
        assert_eq!(tame(&"كلمة ".repeat(30)), "كلمة ".repeat(30));
    }

    #[test]
    fn figures_in_their_parts() {
        let parts = |t: &str| around_figure(t);
        assert_eq!(parts("\u{200E}-1,234.50 ر.س"), (String::new(), "-1,234.50".into(), " ر.س".into()));
        assert_eq!(parts("-SAR 5.00"), (String::new(), "-SAR 5.00".into(), String::new()));
        assert_eq!(parts("SAR 5.00"), ("SAR ".into(), "5.00".into(), String::new()));
        assert_eq!(parts("بلا رقم"), ("بلا رقم".into(), String::new(), String::new()));
        assert_eq!(figure("\u{2066}+966 50\u{2069}"), ["+966 50"]);
        assert_eq!(figure("+٩٦٦ ١١ ٢٣٤"), ["+٩٦٦", "١١", "٢٣٤"]);
    }
}
