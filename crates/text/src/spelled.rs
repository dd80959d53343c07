//! Amounts in words, as they stand on quotes, invoices and cheques: «ثلاثة آلاف ومئتان وخمسون ريالًا سعوديًا وخمس وسبعون
//! هللة», "three thousand two hundred fifty Saudi riyals and seventy-five halalas".
//!
//! Arabic numbers agree with what they count: 3–10 take the other gender and a plural, 11–99 the singular in the
//! accusative, whole hundreds and thousands stand in construct with the singular; after them one and two are said by the
//! noun itself (مئة ريال وريالان).

mod arabic;
mod currencies;
mod english;

use crate::locale::Lang;
use crate::money::exponent;
use currencies::unit;

/// An amount in minor units in words; none for a currency whose units we cannot name.
pub fn money(minor: i64, currency: &str, lang: Lang) -> Option<String> {
    let names = unit(currency)?;
    let scale = 10_u64.pow(u32::from(exponent(currency)));
    let (whole, part) = (minor.unsigned_abs() / scale, minor.unsigned_abs() % scale);
    let said = match lang {
        Lang::Ar => {
            let whole_words = (whole > 0 || part == 0).then(|| arabic::counted(whole, &names.major));
            let part_words = (part > 0).then(|| arabic::counted(part, &names.minor));
            [whole_words, part_words].into_iter().flatten().collect::<Vec<_>>().join(" و")
        }
        Lang::En => {
            let name = |n: u64, (one, many): (&str, &str)| format!("{} {}", english::number(n), if n == 1 { one } else { many });
            let whole_words = (whole > 0 || part == 0).then(|| name(whole, names.major_en));
            let part_words = (part > 0).then(|| name(part, names.minor_en));
            [whole_words, part_words].into_iter().flatten().collect::<Vec<_>>().join(" and ")
        }
    };
    Some(if minor < 0 { format!("{} {said}", lang.pick("سالب", "minus")) } else { said })
}

#[cfg(test)]
mod tests;
