//! Made-up identities: the same customer number always gives the same person or shop.

use kernel::{Address, Name};

/// Given names (men, then women), Arabic and Latin.
const MEN: [(&str, &str); 24] = [
    ("أحمد", "Ahmad"), ("محمد", "Mohammed"), ("خالد", "Khalid"), ("عبدالله", "Abdullah"), ("يوسف", "Youssef"), ("عمر", "Omar"),
    ("حسن", "Hassan"), ("إبراهيم", "Ibrahim"), ("سعيد", "Saeed"), ("طارق", "Tariq"), ("ماجد", "Majed"), ("رامي", "Rami"),
    ("فيصل", "Faisal"), ("كمال", "Kamal"), ("نبيل", "Nabil"), ("وليد", "Waleed"), ("زياد", "Ziad"), ("أنس", "Anas"),
    ("المهدي", "Elmehdi"), ("عبدالرحمن", "Abdulrahman"), ("بلال", "Bilal"), ("هشام", "Hicham"), ("مصطفى", "Mostafa"), ("جمال", "Jamal"),
];
const WOMEN: [(&str, &str); 16] = [
    ("سارة", "Sara"), ("فاطمة", "Fatima"), ("مريم", "Mariam"), ("نورة", "Noura"), ("هند", "Hind"), ("ريم", "Reem"), ("لمى", "Lama"), ("أسماء", "Asma"),
    ("دعاء", "Doaa"), ("سلمى", "Salma"), ("خديجة", "Khadija"), ("رنا", "Rana"), ("ياسمين", "Yasmin"), ("أمل", "Amal"), ("غادة", "Ghada"), ("إيمان", "Iman"),
];
/// Family names as heard in Riyadh, Cairo, Amman and Casablanca.
const FAMILIES: [(&str, &str); 40] = [
    ("الحربي", "Alharbi"), ("القحطاني", "Alqahtani"), ("الغامدي", "Alghamdi"), ("الشمري", "Alshammari"), ("العتيبي", "Alotaibi"),
    ("الدوسري", "Aldosari"), ("المطيري", "Almutairi"), ("الزهراني", "Alzahrani"), ("السبيعي", "Alsubaie"), ("الشهري", "Alshehri"),
    ("عبد العزيز", "Abdelaziz"), ("الشافعي", "Elshafei"), ("منصور", "Mansour"), ("السيد", "Elsayed"), ("فوزي", "Fawzy"),
    ("رضوان", "Radwan"), ("الجندي", "Elgendy"), ("شحاتة", "Shehata"), ("بدوي", "Badawy"), ("غنيم", "Ghoneim"),
    ("الخطيب", "Alkhatib"), ("حداد", "Haddad"), ("العبادي", "Alabbadi"), ("الروسان", "Alrousan"), ("المجالي", "Almajali"),
    ("النابلسي", "Alnabulsi"), ("قطيشات", "Qutaishat"), ("الطراونة", "Altarawneh"), ("خوري", "Khoury"), ("زيدان", "Zidan"),
    ("بنجلون", "Benjelloun"), ("العلوي", "Alaoui"), ("الإدريسي", "Elidrissi"), ("بنسعيد", "Bensaid"), ("التازي", "Tazi"),
    ("الفاسي", "Elfassi"), ("بناني", "Bennani"), ("الشرقاوي", "Cherkaoui"), ("برادة", "Berrada"), ("الودغيري", "Ouadghiri"),
];
/// Names of shops.
const SHOPS: [(&str, &str); 30] = [
    ("الياسمين", "Alyasmin"), ("النخيل", "Alnakheel"), ("الواحة", "Alwaha"), ("اللؤلؤة", "Allulua"), ("الأندلس", "Alandalus"),
    ("النيل", "Alnil"), ("الأطلس", "Atlas"), ("البتراء", "Petra"), ("قرطبة", "Qurtuba"), ("غرناطة", "Gharnata"),
    ("الزيتون", "Alzaytoun"), ("المنارة", "Almanara"), ("الفيروز", "Alfayrouz"), ("السنابل", "Alsanabel"), ("الربيع", "Alrabee"),
    ("الكوثر", "Alkawthar"), ("الريحان", "Alrayhan"), ("المرجان", "Almarjan"), ("الفانوس", "Alfanous"), ("الشروق", "Alshorouk"),
    ("الغدير", "Alghadeer"), ("النور", "Alnoor"), ("العقيق", "Alaqeeq"), ("الصفوة", "Alsafwa"), ("الهلال", "Alhilal"),
    ("الديوان", "Aldiwan"), ("القمر", "Alqamar"), ("السوق القديم", "Alsouq Alqadeem"), ("البستان", "Albustan"), ("الرواق", "Alriwaq"),
];
const TRADES: [(&str, &str); 7] = [
    ("للهدايا", "Gifts"), ("للتحف والهدايا", "Antiques and Gifts"), ("للأدوات المنزلية", "Homeware"), ("للقرطاسية", "Stationery"),
    ("للتجارة", "Trading"), ("للديكور", "Decor"), ("لمستلزمات الحفلات", "Party Supplies"),
];
const FORMS: [(&str, &str); 4] = [("مؤسسة", "Est."), ("شركة", "Co."), ("متجر", "Shop"), ("دار", "House")];
const STREETS: [&str; 12] = [
    "شارع الزهور", "شارع السوق", "شارع المحطة", "شارع البحر", "شارع الحرية", "شارع الميناء", "شارع الجامعة", "شارع الورد", "شارع النهر", "ساحة البلدية",
    "شارع القلعة", "شارع المتحف",
];

/// What is known of a country of the data: name in the file, ISO code, cities, and how a phone number is made there.
struct Place {
    name: &'static str,
    iso: &'static str,
    cities: &'static [&'static str],
    /// Each `#` is a digit.
    phone: &'static str,
}

const PLACES: [Place; 10] = [
    // Numbers reserved for fiction where the country has such: 06 39 98 in France, 07700 900 in Britain, 555-01 in Canada.
    Place { name: "France", iso: "FR", cities: &["باريس", "ليون", "مرسيليا", "ليل", "تولوز"], phone: "+3363998####" },
    Place { name: "Netherlands", iso: "NL", cities: &["أمستردام", "روتردام", "أوتريخت"], phone: "+3161#######" },
    Place { name: "Spain", iso: "ES", cities: &["مدريد", "برشلونة", "غرناطة", "إشبيلية"], phone: "+3461#######" },
    Place { name: "Switzerland", iso: "CH", cities: &["جنيف", "زيورخ", "لوزان"], phone: "+4179#######" },
    Place { name: "Belgium", iso: "BE", cities: &["بروكسل", "أنتويرب", "لييج"], phone: "+32470######" },
    Place { name: "Portugal", iso: "PT", cities: &["لشبونة", "بورتو", "فارو"], phone: "+35191#######" },
    Place { name: "Italy", iso: "IT", cities: &["ميلانو", "روما", "باليرمو"], phone: "+39320#######" },
    Place { name: "Canada", iso: "CA", cities: &["تورونتو", "مونتريال"], phone: "+1416555010#" },
    Place { name: "Lebanon", iso: "LB", cities: &["بيروت", "طرابلس", "صيدا"], phone: "+9613######" },
    Place { name: "", iso: "GB", cities: &["لندن", "مانشستر", "برمنغهام"], phone: "+447700900###" },
];

/// Who a customer number stands for.
pub struct Identity {
    pub person: bool,
    pub name: Name,
    pub email: String,
    pub phone: String,
    pub address: Address,
}

/// The demo's seed; another one makes other people.
const SEED: u64 = 0x51_1a_20_26;

/// A stream of numbers that depends on nothing but its seed (splitmix64).
pub struct Dice(u64);

impl Dice {
    pub fn of(code: &str) -> Dice {
        Dice(code.bytes().fold(SEED, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3)))
    }
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    /// `0..n`
    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n.max(1) as u64).unwrap_or_default()
    }
    pub fn pick<T: Copy + Default>(&mut self, of: &[T]) -> T {
        of.get(self.below(of.len())).copied().unwrap_or_default()
    }
}

/// The identity of a customer number in a country.
pub fn identity(code: &str, country: &str) -> Identity {
    let mut dice = Dice::of(code);
    let person = dice.below(10) < 3;
    let family = dice.pick(&FAMILIES);
    let (ar, latin) = if person {
        let given = if dice.below(2) == 0 { dice.pick(&MEN) } else { dice.pick(&WOMEN) };
        (format!("{} {}", given.0, family.0), format!("{} {}", given.1, family.1))
    } else {
        let (shop, trade, form) = (dice.pick(&SHOPS), dice.pick(&TRADES), dice.pick(&FORMS));
        // Half of the shops carry the name of their family.
        let called = if dice.below(2) == 0 { family } else { shop };
        (format!("{} {} {}", form.0, called.0, trade.0), format!("{} {} {}", called.1, trade.1, form.1))
    };
    let place = PLACES.iter().find(|p| p.name == country).or(PLACES.last());
    let (iso, cities, phone) = place.map_or(("GB", [].as_slice(), ""), |p| (p.iso, p.cities, p.phone));
    let digit = |c: char, dice: &mut Dice| {
        if c == '#' { char::from(b'0' + u8::try_from(dice.below(10)).unwrap_or_default()) } else { c }
    };
    let phone = phone.chars().map(|c| digit(c, &mut dice)).collect();
    let word: String = latin.split(' ').next().unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).collect();
    Identity {
        person,
        email: format!("{}.{code}@example.com", word.to_lowercase()),
        phone,
        address: Address {
            street: format!("{} {}", dice.pick(&STREETS), dice.below(180) + 1),
            city: dice.pick(cities).to_owned(),
            postcode: format!("{}", 10_000 + dice.below(89_999)),
            country: iso.to_owned(),
            ..Address::default()
        },
        name: Name::new(ar, latin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Kind, parse};

    #[test]
    fn the_same_number_is_the_same_person_and_phones_can_be_dialled() {
        for place in &PLACES {
            for code in 12_400..12_460 {
                let code = code.to_string();
                let (a, b) = (identity(&code, place.name), identity(&code, place.name));
                assert_eq!((&a.name, &a.email, &a.phone), (&b.name, &b.email, &b.phone));
                for (kind, text) in [(Kind::Phone, &a.phone), (Kind::Email, &a.email)] {
                    let read = parse::from_text(&kind, text, &parse::Ctx::default());
                    assert!(read.is_ok(), "{text}: {read:?}");
                }
                assert!(!a.name.ar.is_empty() && a.name.latin.is_ascii());
            }
        }
    }
}
