//! Delimited files from anywhere: which bytes mean which letters, what separates the cells, and what an exported
//! cell must not be.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, WINDOWS_1256};

/// A decoded file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    pub text: String,
    /// The encoding found: `UTF-8`, `UTF-16LE`, `UTF-16BE`, `windows-1256`, `windows-1252`.
    pub encoding: &'static str,
    /// `true` if some bytes meant nothing in that encoding and became `�`.
    pub lossy: bool,
}

/// How much of a file is looked at to guess.
const SAMPLE: usize = 64 * 1024;

/// Decodes a text file: by byte order mark if it has one; else UTF-16 by the pattern of its high bytes; else
/// UTF-8 if valid; else Windows-1256 (Arabic Excel) or, when letters beyond ASCII only stand alone, Windows-1252.
pub fn decode(bytes: &[u8]) -> Decoded {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None => guess(bytes),
    };
    let (text, _, lossy) = encoding.decode(bytes);
    Decoded {
        text: text.into_owned(),
        encoding: encoding.name(),
        lossy,
    }
}

/// Decodes with an encoding the person chose by name (`windows-1256`, `utf-8` …); `None` if there is none such.
pub fn decode_as(bytes: &[u8], label: &str) -> Option<Decoded> {
    let (text, encoding, lossy) = Encoding::for_label(label.trim().as_bytes())?.decode(bytes);
    Some(Decoded {
        text: text.into_owned(),
        encoding: encoding.name(),
        lossy,
    })
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
    if let Some(utf16) = guess_utf16(sample) {
        return utf16;
    }
    if std::str::from_utf8(bytes).is_ok() {
        return UTF_8;
    }
    // Mostly UTF-8 with a few broken bytes (a file cut in the middle) is still UTF-8.
    let (as_utf8, _) = UTF_8.decode_without_bom_handling(sample);
    let beyond = as_utf8.chars().filter(|c| !c.is_ascii()).count();
    let broken = as_utf8.chars().filter(|c| *c == '\u{FFFD}').count();
    if broken * 20 < beyond {
        return UTF_8;
    }
    // Arabic words are runs of high bytes; Western European accents stand between ASCII letters.
    let high = sample.iter().filter(|b| **b >= 0x80).count();
    let paired = sample
        .windows(2)
        .filter(|w| w.iter().all(|b| *b >= 0xC0))
        .count();
    if paired * 3 >= high {
        WINDOWS_1256
    } else {
        WINDOWS_1252
    }
}

/// In UTF-16 text of ASCII and Arabic, every second byte is 0x00 or 0x06; in no other text file is it.
fn guess_utf16(sample: &[u8]) -> Option<&'static Encoding> {
    if sample.len() < 4 || !sample.contains(&0) && !sample.contains(&6) {
        return None;
    }
    let high = |offset: usize| {
        sample
            .iter()
            .skip(offset)
            .step_by(2)
            .filter(|b| matches!(b, 0 | 6))
            .count()
    };
    let pairs = sample.len() / 2;
    let (even, odd) = (high(0), high(1));
    if odd * 10 >= pairs * 9 && even * 2 < pairs {
        Some(UTF_16LE)
    } else if even * 10 >= pairs * 9 && odd * 2 < pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// The sign between cells: `,` `;` tab or `|`; a first line `sep=;` (Excel) says it outright.
///
/// Looks at the first lines outside of quotes: the sign that divides most lines into the same number of cells
/// wins, more cells breaking ties. `,` if nothing divides.
pub fn delimiter(text: &str) -> char {
    const CANDIDATES: [char; 4] = [',', ';', '\t', '|'];
    let text = text.trim_start_matches('\u{FEFF}');
    let stated = text
        .get(..4)
        .filter(|s| s.eq_ignore_ascii_case("sep="))
        .and_then(|_| text.chars().nth(4));
    if let Some(sign) = stated.filter(|c| CANDIDATES.contains(c)) {
        return sign;
    }
    let rows = counts(text, &CANDIDATES);
    let mut best = (',', 0usize);
    for (i, sign) in CANDIDATES.into_iter().enumerate() {
        let column: Vec<usize> = rows.iter().filter_map(|row| row.get(i)).copied().collect();
        // The commonest count above zero: (lines that have it, count).
        let common = column
            .iter()
            .filter(|n| **n > 0)
            .map(|n| (column.iter().filter(|m| *m == n).count(), *n))
            .max()
            .unwrap_or((0, 0));
        let score = common.0 * 1000 + common.1.min(999);
        if common.0 > 0 && score > best.1 {
            best = (sign, score);
        }
    }
    best.0
}

/// Per line, how often each candidate occurs outside of quotes. The first fifty lines that are not blank.
fn counts(text: &str, candidates: &[char; 4]) -> Vec<[usize; 4]> {
    let mut rows = Vec::new();
    let (mut row, mut quoted, mut blank) = ([0usize; 4], false, true);
    for c in text.chars().take(SAMPLE) {
        match c {
            '"' => quoted = !quoted,
            '\n' | '\r' if !quoted => {
                if !blank {
                    rows.push(row);
                }
                (row, blank) = ([0; 4], true);
                if rows.len() == 50 {
                    return rows;
                }
            }
            c => {
                blank = blank && c.is_whitespace() && c != '\t';
                if let Some(slot) = candidates.iter().position(|k| *k == c).filter(|_| !quoted) {
                    row.iter_mut().skip(slot).take(1).for_each(|n| *n += 1);
                }
            }
        }
    }
    if !blank {
        rows.push(row);
    }
    rows
}

/// An exported cell that a spreadsheet will not run as a formula.
///
/// A cell that starts with `=`, `@`, tab or line break (also full-width forms, also after spaces or invisible
/// marks) gets an apostrophe in front. One that starts with `+` or `-` is kept if the rest is digits in any script
/// with spaces and `. , - ( ) / % ٫ ٬` only: negative numbers and phones like `+966 50-123` cannot call anything;
/// everything else gets the apostrophe too.
pub fn neutralize(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['\t', '\r', '\n']) {
        return Cow::Owned(format!("'{cell}"));
    }
    let shown = cell.trim_start_matches(|c: char| {
        c.is_whitespace()
            || crate::bidi::is_control(c)
            || matches!(c, '\u{200B}'..='\u{200D}' | '\u{FEFF}' | '\0')
    });
    let mut chars = shown.chars();
    let harmless = match chars.next() {
        Some('=' | '@' | '＝' | '＠') => false,
        Some('+' | '-' | '＋' | '－' | '−') => {
            let rest = chars.as_str();
            rest.chars().any(|c| crate::digits::value(c).is_some())
                && rest.chars().all(|c| {
                    crate::digits::value(c).is_some()
                        || matches!(
                            c,
                            ' ' | '\u{A0}'
                                | '.'
                                | ','
                                | '-'
                                | '('
                                | ')'
                                | '/'
                                | '%'
                                | '٫'
                                | '٬'
                                | '٪'
                        )
                        || crate::bidi::is_control(c)
                })
        }
        _ => true,
    };
    if harmless {
        Cow::Borrowed(cell)
    } else {
        Cow::Owned(format!("'{cell}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SAMPLE_TEXT: &str =
        "الاسم,الهاتف,المدينة\nأحمد علي,0501234567,الرياض\nشركة النور,0112345678,جدة\n";

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|u| {
                if big {
                    u.to_be_bytes()
                } else {
                    u.to_le_bytes()
                }
            })
            .collect()
    }

    #[test]
    fn finds_the_encoding() {
        let (cp1256, _, lossy) = WINDOWS_1256.encode(SAMPLE_TEXT);
        assert!(!lossy);
        for (bytes, encoding) in [
            (SAMPLE_TEXT.as_bytes().to_vec(), "UTF-8"),
            ([b"\xEF\xBB\xBF", SAMPLE_TEXT.as_bytes()].concat(), "UTF-8"),
            (cp1256.into_owned(), "windows-1256"),
            (utf16(SAMPLE_TEXT, false), "UTF-16LE"),
            (utf16(SAMPLE_TEXT, true), "UTF-16BE"),
            (
                [b"\xFF\xFE".to_vec(), utf16(SAMPLE_TEXT, false)].concat(),
                "UTF-16LE",
            ),
            (
                [b"\xFE\xFF".to_vec(), utf16(SAMPLE_TEXT, true)].concat(),
                "UTF-16BE",
            ),
        ] {
            let decoded = decode(&bytes);
            assert_eq!(
                (decoded.encoding, decoded.text.as_str(), decoded.lossy),
                (encoding, SAMPLE_TEXT, false)
            );
        }
        let western = "Name;Ort\nMüller;Köln\nRené;Orléans\n";
        let (bytes, _, _) = WINDOWS_1252.encode(western);
        assert_eq!(decode(&bytes).text, western);
        assert_eq!(
            decode(&utf16("name,phone\nAli,050", false)).text,
            "name,phone\nAli,050"
        );
        let cut = SAMPLE_TEXT
            .as_bytes()
            .split_last()
            .map(|(_, rest)| [rest, b"\xD8"].concat())
            .unwrap();
        assert_eq!((decode(&cut).encoding, decode(&cut).lossy), ("UTF-8", true));
        assert_eq!(decode(b"").text, "");
        assert_eq!(decode_as(b"\xC7\xE1", "windows-1256").unwrap().text, "ال");
        assert!(decode_as(b"", "klingon").is_none());
    }

    #[test]
    fn finds_the_delimiter() {
        for (text, want) in [
            (SAMPLE_TEXT, ','),
            ("الاسم;المبلغ\nأحمد;1,50\nعلي;2,75\n", ';'),
            ("a\tb\tc\n1\t2,5\t3\n", '\t'),
            ("a|b\n1|2\n", '|'),
            ("sep=;\na,b;c\n", ';'),
            ("\"a;b;c\",d\n\"e;f;g\",h\n", ','),
            ("\"سطر\nثان;\",ب\nج,د\n", ','),
            ("واحد\nاثنان\n", ','),
            ("", ','),
            ("name;note\nA;x, y, z\nB;p\n", ';'),
        ] {
            assert_eq!(delimiter(text), want, "{text}");
        }
    }

    #[test]
    fn cells_do_not_run() {
        for cell in [
            "=1+1",
            "=cmd|' /C calc'!A0",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            " =1",
            "\u{200F}=1",
            "+A1",
            "-A1",
            "-1+1",
            "+cmd|x",
            "-",
            "+",
            "＝1",
            "-2+3*cmd|' /C calc'!A0",
            "-\"1\"",
        ] {
            assert_eq!(neutralize(cell), format!("'{cell}"), "{cell}");
        }
        for cell in [
            "",
            "أحمد",
            "-12.5",
            "-١٢٫٥",
            "+966 50-123-4567",
            "+966501234567",
            "-12%",
            "a=b",
            "5",
            "\u{200E}-5",
            "–",
        ] {
            assert_eq!(neutralize(cell), cell);
        }
    }

    proptest! {
        #[test]
        fn utf8_stays(s in "\\PC{0,200}") {
            let decoded = decode(s.as_bytes());
            prop_assume!(!s.starts_with('\u{FEFF}') && !s.contains(['\0', '\u{6}']));
            prop_assert_eq!(decoded.text, s);
        }

        #[test]
        fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = delimiter(&decode(&bytes).text);
        }

        #[test]
        fn neutral_stays_neutral(s in "[=+@\\-\t a1٣]{0,8}") {
            let once = neutralize(&s).into_owned();
            prop_assert_eq!(neutralize(&once).into_owned(), once);
        }
    }
}
