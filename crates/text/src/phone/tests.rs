use super::*;
use proptest::prelude::*;

#[test]
fn reads_what_people_type() {
    for (typed, home, want) in [
        ("٠٥٠١٢٣٤٥٦٧", "SA", "+966501234567"),
        ("۰۵۰۱۲۳۴۵۶۷", "SA", "+966501234567"),
        ("050 123 4567", "SA", "+966501234567"),
        ("501234567", "SA", "+966501234567"),
        ("00966501234567", "EG", "+966501234567"),
        ("+966 50-123-4567", "EG", "+966501234567"),
        ("966501234567", "SA", "+966501234567"),
        ("966501234567+", "EG", "+966501234567"),
        ("\u{202A}+966501234567\u{202C}", "", "+966501234567"),
        ("+966 (0)50 1234567", "", "+966501234567"),
        ("+9660501234567", "", "+966501234567"),
        ("966 50 123 4567", "EG", "+966501234567"),
        ("011 234 5678", "SA", "+966112345678"),
        ("920001234", "SA", "+966920001234"),
        ("01001234567", "EG", "+201001234567"),
        ("0100 123 4567", "EG", "+201001234567"),
        ("1001234567", "EG", "+201001234567"),
        ("02 2345 6789", "EG", "+20223456789"),
        ("055 123 4567", "AE", "+971551234567"),
        ("04 123 4567", "AE", "+97141234567"),
        ("5123 4567", "KW", "+96551234567"),
        ("079 123 4567", "JO", "+962791234567"),
        ("0770 123 4567", "IQ", "+9647701234567"),
        ("03 123 456", "LB", "+9613123456"),
        ("71 123 456", "LB", "+96171123456"),
        ("0612-345678", "MA", "+212612345678"),
        ("20 123 456", "TN", "+21620123456"),
        ("0550 12 34 56", "DZ", "+213550123456"),
        ("(212) 555-0123", "US", "+12125550123"),
        ("1-212-555-0123", "US", "+12125550123"),
        ("+44 20 7946 0958", "SA", "+442079460958"),
        ("07911 123456", "GB", "+447911123456"),
        ("+39 06 698 12345", "SA", "+390669812345"),
        ("+1 416 555 0123", "SA", "+14165550123"),
        ("tel:+966501234567", "", "+966501234567"),
    ] {
        assert_eq!(e164(typed, home).as_deref(), Ok(want), "{typed} in {home}");
    }
}

#[test]
fn refuses() {
    use PhoneError::*;
    for (typed, home, want) in [
        ("", "SA", Empty),
        ("\u{200F} ", "SA", Empty),
        ("اتصل بي", "SA", Malformed),
        ("+", "SA", Malformed),
        ("05012", "SA", TooShort),
        ("05012345678901", "SA", TooLong),
        ("0401234567", "SA", Implausible),
        ("+999123456789", "SA", UnknownCountry),
        ("0501234567", "", UnknownCountry),
        ("5+5", "SA", Malformed),
        ("70000000000", "SA", TooLong),
        ("0501234567 ext", "SA", Malformed),
    ] {
        assert_eq!(parse(typed, home).unwrap_err(), want, "{typed}");
    }
}

#[test]
fn shows() {
    for (e, national, international) in [
        ("+966501234567", "050 123 4567", "+966 50 123 4567"),
        ("+966920001234", "09200 01234", "+966 9200 01234"),
        ("+201001234567", "0100 123 4567", "+20 100 123 4567"),
        ("+96551234567", "5123 4567", "+965 5123 4567"),
        ("+962791234567", "07 9123 4567", "+962 7 9123 4567"),
        ("+12125550123", "212 555 0123", "+1 212 555 0123"),
    ] {
        let phone = parse(e, "").unwrap();
        assert_eq!(
            (
                phone.national_format().as_str(),
                phone.international().as_str()
            ),
            (national, international)
        );
    }
    assert_eq!(display("+966501234567", "SA"), "050 123 4567");
    assert_eq!(display("+966501234567", "EG"), "+966 50 123 4567");
    assert_eq!(display("غير معروف", "SA"), "غير معروف");
}

#[test]
fn extensions_and_kinds() {
    let phone = parse("011 234 5678 تحويلة ١٢", "SA").unwrap();
    assert_eq!(phone.extension.as_deref(), Some("12"));
    assert_eq!(phone.uri(), "tel:+966112345678;ext=12");
    assert_eq!(phone.is_mobile(), Some(false));
    assert_eq!(parse(&phone.uri(), "").unwrap(), phone);
    assert_eq!(parse("0501234567", "SA").unwrap().is_mobile(), Some(true));
    assert_eq!(parse("+442079460958", "").unwrap().is_mobile(), None);
    assert_eq!(searched("+966501234567"), ["+966501234567", "0501234567"]);
    assert_eq!(searched("لا رقم"), ["لا رقم"]);
    assert_eq!(calling_code("eg"), Some("20"));
}

proptest! {
    #[test]
    fn never_panics(s in "\\PC{0,40}", home in "[A-Z]{0,2}") {
        let _ = parse(&s, &home);
    }

    #[test]
    fn its_own_forms_parse_back(s in "(00|\\+)?[0-9]{6,14}", home in "(SA|EG|AE|US|GB|TN|LB|IQ|RU)") {
        if let Ok(phone) = parse(&s, &home) {
            prop_assert_eq!(&parse(&phone.e164, "").unwrap(), &phone);
            prop_assert_eq!(&parse(&phone.international(), "").unwrap().e164, &phone.e164);
            prop_assert_eq!(&parse(&phone.national_format(), phone.country).unwrap().e164, &phone.e164);
        }
    }
}
