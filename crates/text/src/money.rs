//! Money: whole minor units and an ISO 4217 currency. All rounding in the product is [`round_div`].

use thiserror::Error;

use crate::locale::{Lang, Locale};
use crate::number::{self, NumberError};

/// Why typed text is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MoneyError {
    #[error(transparent)]
    Number(#[from] NumberError),
    #[error("names another currency")]
    OtherCurrency,
}

/// A currency with its names. `symbol_ar` and `symbol_en` are what stands beside an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Currency {
    pub code: &'static str,
    pub symbol_ar: &'static str,
    pub symbol_en: &'static str,
    pub name_ar: &'static str,
    pub name_en: &'static str,
}

const fn cur(
    code: &'static str,
    symbol_ar: &'static str,
    symbol_en: &'static str,
    name_ar: &'static str,
    name_en: &'static str,
) -> Currency {
    Currency {
        code,
        symbol_ar,
        symbol_en,
        name_ar,
        name_en,
    }
}

/// The currencies offered for choice, those of Arab countries first. Other ISO codes work too, shown by code.
pub const CURRENCIES: &[Currency] = &[
    cur("SAR", "ر.س", "SAR", "ريال سعودي", "Saudi riyal"),
    cur("AED", "د.إ", "AED", "درهم إماراتي", "UAE dirham"),
    cur("EGP", "ج.م", "EGP", "جنيه مصري", "Egyptian pound"),
    cur("KWD", "د.ك", "KWD", "دينار كويتي", "Kuwaiti dinar"),
    cur("QAR", "ر.ق", "QAR", "ريال قطري", "Qatari riyal"),
    cur("BHD", "د.ب", "BHD", "دينار بحريني", "Bahraini dinar"),
    cur("OMR", "ر.ع", "OMR", "ريال عماني", "Omani rial"),
    cur("JOD", "د.أ", "JOD", "دينار أردني", "Jordanian dinar"),
    cur("IQD", "د.ع", "IQD", "دينار عراقي", "Iraqi dinar"),
    cur("LBP", "ل.ل", "LBP", "ليرة لبنانية", "Lebanese pound"),
    cur("SYP", "ل.س", "SYP", "ليرة سورية", "Syrian pound"),
    cur("YER", "ر.ي", "YER", "ريال يمني", "Yemeni rial"),
    cur("LYD", "د.ل", "LYD", "دينار ليبي", "Libyan dinar"),
    cur("TND", "د.ت", "TND", "دينار تونسي", "Tunisian dinar"),
    cur("DZD", "د.ج", "DZD", "دينار جزائري", "Algerian dinar"),
    cur("MAD", "د.م", "MAD", "درهم مغربي", "Moroccan dirham"),
    cur(
        "MRU",
        "أ.م",
        "MRU",
        "أوقية موريتانية",
        "Mauritanian ouguiya",
    ),
    cur("SDG", "ج.س", "SDG", "جنيه سوداني", "Sudanese pound"),
    cur("SOS", "ش.ص", "SOS", "شلن صومالي", "Somali shilling"),
    cur("DJF", "ف.ج", "DJF", "فرنك جيبوتي", "Djiboutian franc"),
    cur("KMF", "ف.ق", "KMF", "فرنك قمري", "Comorian franc"),
    cur("USD", "$", "$", "دولار أمريكي", "US dollar"),
    cur("EUR", "€", "€", "يورو", "Euro"),
    cur("GBP", "£", "£", "جنيه إسترليني", "Pound sterling"),
    cur("ILS", "₪", "₪", "شيكل", "Israeli shekel"),
    cur("TRY", "₺", "₺", "ليرة تركية", "Turkish lira"),
    cur("INR", "₹", "₹", "روبية هندية", "Indian rupee"),
    cur("PKR", "PKR", "PKR", "روبية باكستانية", "Pakistani rupee"),
    cur("CNY", "CN¥", "CN¥", "يوان صيني", "Chinese yuan"),
    cur("JPY", "¥", "¥", "ين ياباني", "Japanese yen"),
    cur("KRW", "₩", "₩", "وون كوري", "South Korean won"),
    cur("CHF", "CHF", "CHF", "فرنك سويسري", "Swiss franc"),
    cur("CAD", "CA$", "CA$", "دولار كندي", "Canadian dollar"),
    cur("AUD", "A$", "A$", "دولار أسترالي", "Australian dollar"),
    cur("MYR", "RM", "RM", "رينغيت ماليزي", "Malaysian ringgit"),
    cur("IDR", "Rp", "Rp", "روبية إندونيسية", "Indonesian rupiah"),
    cur("NGN", "₦", "₦", "نايرا نيجيري", "Nigerian naira"),
    cur(
        "XOF",
        "F CFA",
        "F CFA",
        "فرنك غرب أفريقي",
        "West African CFA franc",
    ),
];

/// The currency of an ISO code in any case, if it is one of [`CURRENCIES`].
pub fn currency(code: &str) -> Option<&'static Currency> {
    CURRENCIES
        .iter()
        .find(|c| c.code.eq_ignore_ascii_case(code))
}

/// `true` for three ASCII capitals.
pub fn is_code(code: &str) -> bool {
    code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase())
}

/// Decimal places of the currency: 0, 2 or 3 (ISO 4217).
pub fn exponent(code: &str) -> u8 {
    match code {
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX"
        | "UYI" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        _ => 2,
    }
}

/// What stands beside an amount in the language: `ر.س`, `SAR`, `$`; the code itself if unknown.
pub fn symbol(code: &str, lang: Lang) -> &str {
    currency(code).map_or(code, |c| lang.pick(c.symbol_ar, c.symbol_en))
}

/// The currency's name in the language; the code itself if unknown.
pub fn currency_name(code: &str, lang: Lang) -> &str {
    currency(code).map_or(code, |c| lang.pick(c.name_ar, c.name_en))
}

/// An amount in minor units with its currency: `1,234.50 ر.س`, `SAR 1,234.50`, `-$5.00`.
pub fn format_money(minor: i64, currency: &str, locale: &Locale) -> String {
    with_symbol(minor, exponent(currency), currency, locale)
}

/// A rounded amount without decimals, for tiles and charts: `1,235 ر.س`.
pub fn format_money_whole(minor: i64, currency: &str, locale: &Locale) -> String {
    let unit = 10i128.pow(u32::from(exponent(currency)));
    let whole = i64::try_from(round_div(i128::from(minor), unit)).unwrap_or(i64::MAX);
    with_symbol(whole, 0, currency, locale)
}

/// A short amount for narrow places: `1.2 مليون ر.س` / `SAR 1.2M`.
pub fn format_money_short(minor: i64, currency: &str, locale: &Locale) -> String {
    // (from, divisor, Arabic, English): thousands are abbreviated only from ten thousand on.
    const STEPS: [(i128, i128, &str, &str); 3] = [
        (1_000_000_000, 1_000_000_000, "\u{A0}مليار", "B"),
        (1_000_000, 1_000_000, "\u{A0}مليون", "M"),
        (10_000, 1_000, "\u{A0}ألف", "K"),
    ];
    let unit = 10i128.pow(u32::from(exponent(currency)));
    let whole = round_div(i128::from(minor), unit);
    for (from, divisor, ar, en) in STEPS {
        if whole.abs() >= from {
            let tenths = i64::try_from(round_div(i128::from(minor) * 10, unit * divisor))
                .unwrap_or(i64::MAX);
            let shown =
                number::format_trimmed(tenths.saturating_abs(), 1, locale) + locale.pick(ar, en);
            return place(tenths < 0, &shown, currency, locale);
        }
    }
    format_money_whole(minor, currency, locale)
}

/// Reads an amount people typed, with or without the currency's code, symbol or name; see
/// [`number::parse_scaled`] for the number. Another currency's mark is refused, not ignored.
pub fn parse_money(text: &str, currency: &str) -> Result<i64, MoneyError> {
    let text = crate::bidi::strip(text);
    let number: String = {
        let is_number = |c: char| crate::digits::value(c).is_some();
        let first = text.find(is_number).ok_or(number_error(&text))?;
        let last = text.rfind(is_number).unwrap_or(first);
        let end = last
            + text
                .get(last..)
                .and_then(|t| t.chars().next())
                .map_or(0, char::len_utf8);
        let (before, middle, after) = (
            text.get(..first).unwrap_or(""),
            text.get(first..end).unwrap_or(""),
            text.get(end..).unwrap_or(""),
        );
        let (mark_before, sign_before) = split_mark(before);
        let (mark_after, sign_after) = split_mark(after);
        for mark in [mark_before, mark_after] {
            if !mark.is_empty() && !names(&mark, currency) {
                return Err(if names_any(&mark) {
                    MoneyError::OtherCurrency
                } else {
                    NumberError::Malformed.into()
                });
            }
        }
        format!("{sign_before}{middle}{sign_after}")
    };
    Ok(number::parse_scaled(&number, exponent(currency))?)
}

/// `num / den` rounded half away from zero: 2.5 → 3, −2.5 → −3. The only rounding in the product.
///
/// # Panics
/// If `den` is zero.
pub fn round_div(num: i128, den: i128) -> i128 {
    assert!(den != 0, "round_div by zero");
    let (n, d) = (num.unsigned_abs(), den.unsigned_abs());
    let (quotient, rest) = (n / d, n % d);
    let magnitude = if rest >= d - rest {
        quotient + 1
    } else {
        quotient
    };
    let magnitude = i128::try_from(magnitude).unwrap_or(i128::MAX);
    if (num < 0) == (den < 0) {
        magnitude
    } else {
        -magnitude
    }
}

/// Splits `total` in proportion to `weights`, losing nothing: the parts sum to `total` and each is within one
/// unit of its exact share (largest remainder; ties go to the earlier part). Negative weights count as zero;
/// if all are zero the split is even. No weights, no parts.
pub fn allocate(total: i64, weights: &[i64]) -> Vec<i64> {
    let mut weights: Vec<u128> = weights
        .iter()
        .map(|w| u128::try_from(*w).unwrap_or(0))
        .collect();
    if weights.iter().all(|w| *w == 0) {
        weights.fill(1);
    }
    let sum: u128 = weights.iter().sum();
    if sum == 0 {
        return Vec::new();
    }
    let amount = u128::from(total.unsigned_abs());
    let mut parts: Vec<(u128, u128)> = weights
        .iter()
        .map(|w| (amount * w / sum, amount * w % sum))
        .collect();
    let given: u128 = parts.iter().map(|p| p.0).sum();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|i| std::cmp::Reverse(parts.get(*i).map_or(0, |p| p.1)));
    let left = usize::try_from(amount - given).unwrap_or(usize::MAX);
    for i in order.into_iter().take(left) {
        if let Some(part) = parts.get_mut(i) {
            part.0 += 1;
        }
    }
    parts
        .into_iter()
        .map(|(part, _)| {
            let part = i128::try_from(part).unwrap_or(i128::MAX);
            i64::try_from(if total < 0 { -part } else { part }).unwrap_or(if total < 0 {
                i64::MIN
            } else {
                i64::MAX
            })
        })
        .collect()
}

fn with_symbol(n: i64, scale: u8, currency: &str, locale: &Locale) -> String {
    let mut shown = String::with_capacity(32);
    number::push_magnitude(n.unsigned_abs(), scale, locale.shown_digits(), &mut shown);
    place(n < 0, &shown, currency, locale)
}

/// Arabic: amount, then symbol. English: symbol first; letters get a space.
fn place(negative: bool, shown: &str, currency: &str, locale: &Locale) -> String {
    let minus = if negative { number::minus(locale) } else { "" };
    let symbol = symbol(currency, locale.lang);
    match locale.lang {
        Lang::Ar => format!("{minus}{shown}\u{A0}{symbol}"),
        Lang::En if symbol.ends_with(char::is_alphanumeric) => {
            format!("{minus}{symbol}\u{A0}{shown}")
        }
        Lang::En => format!("{minus}{symbol}{shown}"),
    }
}

fn number_error(text: &str) -> NumberError {
    if text.trim().is_empty() {
        NumberError::Empty
    } else {
        NumberError::Malformed
    }
}

/// Separates what is around the number into the currency mark and the sign or leading decimal point.
fn split_mark(side: &str) -> (String, String) {
    let is_sign = |c: &char| matches!(c, '-' | '+' | '−' | '–' | '(' | ')');
    let sign: String = side.chars().filter(is_sign).collect();
    let mut mark: String = side
        .chars()
        .filter(|c| !is_sign(c))
        .collect::<String>()
        .trim()
        .to_owned();
    let mut point = "";
    if mark == "." || mark == "٫" || mark == "," {
        point = if mark == "," { "," } else { "." };
        mark.clear();
    }
    (mark, sign + point)
}

/// Compares marks without dots, spaces and case, so `ر.س.`, `ر س` and `رس` are one.
fn bare(mark: &str) -> String {
    crate::fold::fold(mark)
        .chars()
        .filter(|c| *c != ' ')
        .collect()
}

fn names(mark: &str, code: &str) -> bool {
    if mark.eq_ignore_ascii_case(code) {
        return true;
    }
    let Some(c) = currency(code) else {
        return false;
    };
    let typed = bare(mark);
    if typed.is_empty() {
        return mark == c.symbol_ar || mark == c.symbol_en || (mark == "\u{20C1}" && code == "SAR");
    }
    let full = |name: &str| {
        bare(name) == typed
            || name
                .split(' ')
                .next()
                .is_some_and(|first| bare(first) == typed)
    };
    [c.symbol_ar, c.symbol_en].iter().any(|s| bare(s) == typed)
        || full(c.name_ar)
        || bare(c.name_en) == typed
        || c.name_en
            .rsplit(' ')
            .next()
            .is_some_and(|last| bare(last) == typed)
}

fn names_any(mark: &str) -> bool {
    CURRENCIES.iter().any(|c| names(mark, c.code)) || is_code(&mark.to_ascii_uppercase())
}

#[cfg(test)]
mod tests;
