//! Made-up people: a fixed sequence, the same on every machine.

/// xorshift64*: a seed gives the same company everywhere.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Dice(seed.max(1))
    }
    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % n.max(1)
    }
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        let i = self.below(list.len());
        list.get(i).expect("a list with entries")
    }
}

pub const FIRST: &[(&str, &str)] = &[
    ("محمد", "Mohammed"), ("أحمد", "Ahmad"), ("خالد", "Khalid"), ("فهد", "Fahad"), ("عبدالله", "Abdullah"), ("سعود", "Saud"),
    ("يوسف", "Youssef"), ("إبراهيم", "Ibrahim"), ("عمر", "Omar"), ("علي", "Ali"), ("حسن", "Hassan"), ("كريم", "Karim"),
    ("نورة", "Noura"), ("سارة", "Sara"), ("فاطمة", "Fatima"), ("مريم", "Maryam"), ("ليلى", "Layla"), ("هدى", "Huda"),
    ("منى", "Mona"), ("ريم", "Reem"), ("آمنة", "Amina"), ("زينب", "Zainab"), ("دانة", "Dana"), ("سلمى", "Salma"),
];

pub const LAST: &[(&str, &str)] = &[
    ("العتيبي", "Al-Otaibi"), ("القحطاني", "Al-Qahtani"), ("الشمري", "Al-Shammari"), ("الحربي", "Al-Harbi"), ("الدوسري", "Al-Dosari"),
    ("المطيري", "Al-Mutairi"), ("الغامدي", "Al-Ghamdi"), ("الزهراني", "Al-Zahrani"), ("حداد", "Haddad"), ("خوري", "Khoury"),
    ("منصور", "Mansour"), ("سليمان", "Suleiman"), ("بن عيسى", "Benaissa"), ("العلوي", "Alaoui"), ("التازي", "Tazi"), ("النجار", "Najjar"),
    ("عبدالرحمن", "Abdulrahman"), ("الخطيب", "Al-Khatib"), ("شاهين", "Shaheen"), ("البغدادي", "Al-Baghdadi"), ("فوزي", "Fawzi"),
    ("الأنصاري", "Al-Ansari"), ("درويش", "Darwish"), ("الصباح", "Al-Sabah"),
];

pub const CITIES: &[(&str, &str)] =
    &[("الرياض", "SA"), ("جدة", "SA"), ("الدمام", "SA"), ("القاهرة", "EG"), ("عمّان", "JO"), ("الدار البيضاء", "MA"), ("دبي", "AE")];
