//! The units of currencies as counted nouns.

use super::arabic::Noun;

/// A currency's unit and its part.
pub(super) struct Unit {
    pub major: Noun,
    pub minor: Noun,
    pub major_en: (&'static str, &'static str),
    pub minor_en: (&'static str, &'static str),
}

const fn noun(one: &'static str, two: &'static str, few: &'static str, many: &'static str, feminine: bool, adjective: &'static str) -> Noun {
    Noun { one, two, two_of: two, few, many, feminine, adjective }
}

const fn riyal(adjective: &'static str) -> Noun {
    noun("ريال", "ريالان", "ريالات", "ريالًا", false, adjective)
}
const fn dirham(adjective: &'static str) -> Noun {
    noun("درهم", "درهمان", "دراهم", "درهمًا", false, adjective)
}
const fn dinar(adjective: &'static str) -> Noun {
    noun("دينار", "ديناران", "دنانير", "دينارًا", false, adjective)
}
const fn pound(adjective: &'static str) -> Noun {
    noun("جنيه", "جنيهان", "جنيهات", "جنيهًا", false, adjective)
}
const HALALA: Noun = noun("هللة", "هللتان", "هللات", "هللة", true, "");
const FILS: Noun = noun("فلس", "فلسان", "فلوس", "فلسًا", false, "");
const PIASTRE: Noun = noun("قرش", "قرشان", "قروش", "قرشًا", false, "");
const BAISA: Noun = noun("بيسة", "بيستان", "بيسات", "بيسة", true, "");
const MILLIME: Noun = noun("مليم", "مليمان", "مليمات", "مليمًا", false, "");
const CENTIME: Noun = noun("سنتيم", "سنتيمان", "سنتيمات", "سنتيمًا", false, "");
const CENT: Noun = noun("سنت", "سنتان", "سنتات", "سنتًا", false, "");
const PENNY: Noun = noun("بنس", "بنسان", "بنسات", "بنسًا", false, "");
/// A foreign word that does not bend.
const EURO: Noun = noun("يورو", "يوروان", "يورو", "يورو", false, "");

/// The unit of an ISO code.
pub(super) fn unit(code: &str) -> Option<Unit> {
    let of = |major, minor, major_en, minor_en| Some(Unit { major, minor, major_en, minor_en });
    let (fils, cents) = (("fils", "fils"), ("cent", "cents"));
    match code {
        "SAR" => of(riyal("سعودي"), HALALA, ("Saudi riyal", "Saudi riyals"), ("halala", "halalas")),
        "AED" => of(dirham("إماراتي"), FILS, ("UAE dirham", "UAE dirhams"), fils),
        "EGP" => of(pound("مصري"), PIASTRE, ("Egyptian pound", "Egyptian pounds"), ("piastre", "piastres")),
        "JOD" => of(dinar("أردني"), FILS, ("Jordanian dinar", "Jordanian dinars"), fils),
        "KWD" => of(dinar("كويتي"), FILS, ("Kuwaiti dinar", "Kuwaiti dinars"), fils),
        "BHD" => of(dinar("بحريني"), FILS, ("Bahraini dinar", "Bahraini dinars"), fils),
        "IQD" => of(dinar("عراقي"), FILS, ("Iraqi dinar", "Iraqi dinars"), fils),
        "OMR" => of(riyal("عماني"), BAISA, ("Omani rial", "Omani rials"), ("baisa", "baisas")),
        "QAR" => of(riyal("قطري"), dirham(""), ("Qatari riyal", "Qatari riyals"), ("dirham", "dirhams")),
        "TND" => of(dinar("تونسي"), MILLIME, ("Tunisian dinar", "Tunisian dinars"), ("millime", "millimes")),
        "LYD" => of(dinar("ليبي"), dirham(""), ("Libyan dinar", "Libyan dinars"), ("dirham", "dirhams")),
        "DZD" => of(dinar("جزائري"), CENTIME, ("Algerian dinar", "Algerian dinars"), ("centime", "centimes")),
        "MAD" => of(dirham("مغربي"), CENTIME, ("Moroccan dirham", "Moroccan dirhams"), ("centime", "centimes")),
        "USD" => of(noun("دولار", "دولاران", "دولارات", "دولارًا", false, "أمريكي"), CENT, ("US dollar", "US dollars"), cents),
        "EUR" => of(EURO, CENT, ("euro", "euros"), cents),
        "GBP" => of(pound("إسترليني"), PENNY, ("pound sterling", "pounds sterling"), ("penny", "pence")),
        _ => None,
    }
}
