use super::*;
use crate::locale::Digits;
use proptest::prelude::*;

fn plain(s: &str) -> String {
    s.replace('\u{A0}', " ")
}

#[test]
fn formats() {
    let ar = Locale::default();
    let arab = Locale::ar("EG").with_digits(Digits::Arab);
    let en = Locale::en("SA");
    for (minor, code, locale, want) in [
        (123450, "SAR", &ar, "1,234.50 ر.س"),
        (123450, "EGP", &arab, "١٬٢٣٤٫٥٠ ج.م"),
        (1234500, "KWD", &ar, "1,234.500 د.ك"),
        (-500, "JOD", &ar, "\u{200E}-0.500 د.أ"),
        (123450, "SAR", &en, "SAR 1,234.50"),
        (-500, "USD", &en, "-$5.00"),
        (500, "GBP", &en, "£5.00"),
        (5000, "JPY", &en, "¥5,000"),
        (5, "XYZ", &ar, "0.05 XYZ"),
    ] {
        assert_eq!(plain(&format_money(minor, code, locale)), want);
    }
    assert_eq!(plain(&format_money_whole(123450, "SAR", &ar)), "1,235 ر.س");
    assert_eq!(
        plain(&format_money_short(123_456_789, "SAR", &ar)),
        "1.2 مليون ر.س"
    );
    assert_eq!(
        plain(&format_money_short(-123_456_789, "SAR", &en)),
        "-SAR 1.2M"
    );
    assert_eq!(
        plain(&format_money_short(1_234_500, "SAR", &en)),
        "SAR 12.3K"
    );
    assert_eq!(plain(&format_money_short(99_900, "SAR", &en)), "SAR 999");
}

#[test]
fn reads_amounts() {
    for (typed, code, want) in [
        ("1,234.50", "SAR", Ok(123450)),
        ("١٬٢٣٤٫٥٠ ر.س", "SAR", Ok(123450)),
        ("1234.5 ر.س.", "SAR", Ok(123450)),
        ("SAR 12", "SAR", Ok(1200)),
        ("sar12", "SAR", Ok(1200)),
        ("12 ريال", "SAR", Ok(1200)),
        ("12 ريال سعودي", "SAR", Ok(1200)),
        ("-$5.00", "USD", Ok(-500)),
        ("$ -5", "USD", Ok(-500)),
        (
            "$.50",
            "USD",
            Err(MoneyError::Number(NumberError::Malformed)),
        ),
        (".50", "USD", Ok(50)),
        ("1.234", "KWD", Ok(1234)),
        ("12 $", "SAR", Err(MoneyError::OtherCurrency)),
        ("12 EUR", "SAR", Err(MoneyError::OtherCurrency)),
        (
            "12 تفاح",
            "SAR",
            Err(MoneyError::Number(NumberError::Malformed)),
        ),
        (
            "1.234",
            "SAR",
            Err(MoneyError::Number(NumberError::TooPrecise)),
        ),
        ("", "SAR", Err(MoneyError::Number(NumberError::Empty))),
        (
            "ريال",
            "SAR",
            Err(MoneyError::Number(NumberError::Malformed)),
        ),
    ] {
        assert_eq!(parse_money(typed, code), want, "{typed}");
    }
}

#[test]
fn exponents() {
    for (code, e) in [
        ("SAR", 2),
        ("KWD", 3),
        ("IQD", 3),
        ("LYD", 3),
        ("TND", 3),
        ("JPY", 0),
        ("ZZZ", 2),
    ] {
        assert_eq!(exponent(code), e, "{code}");
    }
}

#[test]
fn rounds_half_away_from_zero() {
    for (n, d, want) in [
        (5, 2, 3),
        (-5, 2, -3),
        (5, -2, -3),
        (4, 3, 1),
        (-4, 3, -1),
        (0, 7, 0),
        (1, 2, 1),
        (i128::MAX, 1, i128::MAX),
        (i128::MAX, i128::MAX, 1),
    ] {
        assert_eq!(round_div(n, d), want, "{n}/{d}");
    }
}

#[test]
fn allocates_the_odd_cent() {
    assert_eq!(allocate(100, &[1, 1, 1]), [34, 33, 33]);
    assert_eq!(allocate(-100, &[1, 1, 1]), [-34, -33, -33]);
    assert_eq!(allocate(10, &[0, 0]), [5, 5]);
    assert_eq!(allocate(10, &[3, 0, 1]), [8, 0, 2]);
    assert!(allocate(10, &[]).is_empty());
}

proptest! {
    #[test]
    fn allocation_loses_nothing(total: i64, weights in prop::collection::vec(0i64..1_000_000_000_000, 1..20)) {
        let parts = allocate(total, &weights);
        prop_assert_eq!(parts.len(), weights.len());
        prop_assert_eq!(parts.iter().map(|p| i128::from(*p)).sum::<i128>(), i128::from(total));
        let sum: i128 = weights.iter().map(|w| i128::from(*w)).sum();
        if sum > 0 {
            for (part, weight) in parts.iter().zip(&weights) {
                // |part - total*weight/sum| < 1
                let off = i128::from(*part) * sum - i128::from(total) * i128::from(*weight);
                prop_assert!(off.abs() < sum);
            }
        }
    }

    #[test]
    fn rounding_is_within_half(num in -1_000_000_000_000i128..1_000_000_000_000, den in 1i128..1_000_000) {
        let off = (round_div(num, den) * den - num).abs() * 2;
        prop_assert!(off <= den);
        prop_assert_eq!(round_div(-num, den), -round_div(num, den));
    }

    #[test]
    fn reads_its_own_text(minor: i64, which in 0usize..38, arabic: bool, arab: bool) {
        let code = CURRENCIES[which].code;
        let locale = Locale::new(if arabic { Lang::Ar } else { Lang::En }, "SA")
            .with_digits(if arab { Digits::Arab } else { Digits::Latn });
        prop_assert_eq!(parse_money(&format_money(minor, code, &locale), code), Ok(minor));
    }

    #[test]
    fn never_panics(s in "\\PC{0,40}") {
        let _ = parse_money(&s, "SAR");
    }
}
