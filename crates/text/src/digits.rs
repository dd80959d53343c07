//! Digit shapes: ASCII `0-9`, Arabic-Indic `٠-٩`, Persian `۰-۹`.

use crate::locale::Digits;

/// The value 0–9 of an ASCII, Arabic-Indic or Persian digit.
pub fn value(c: char) -> Option<u8> {
    let zero = match c {
        '0'..='9' => '0',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        _ => return None,
    };
    u8::try_from(u32::from(c) - u32::from(zero)).ok()
}

/// Replaces every Arabic-Indic and Persian digit by its ASCII digit; all else stays.
pub fn to_ascii(text: &str) -> String {
    text.chars()
        .map(|c| value(c).map_or(c, |v| char::from(b'0' + v)))
        .collect()
}

/// Replaces every digit by its Arabic-Indic form; all else stays.
pub fn to_arabic_indic(text: &str) -> String {
    text.chars().map(arabic_indic).collect()
}

/// Shows the ASCII digits of `text` in the wanted shape.
pub fn shape(text: &str, digits: Digits) -> String {
    match digits {
        Digits::Latn => text.to_owned(),
        Digits::Arab => to_arabic_indic(text),
    }
}

fn arabic_indic(c: char) -> char {
    value(c)
        .and_then(|v| char::from_u32(u32::from('٠') + u32::from(v)))
        .unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn shapes() {
        assert_eq!(
            to_ascii("٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹ ريال"),
            "0123456789 0123456789 ريال"
        );
        assert_eq!(to_arabic_indic("غرفة 209"), "غرفة ٢٠٩");
        assert_eq!(shape("12", Digits::Latn), "12");
    }

    proptest! {
        #[test]
        fn there_and_back(s in "[0-9 a-zء-ي]{0,30}") {
            prop_assert_eq!(to_ascii(&to_arabic_indic(&s)), s);
        }
    }
}
