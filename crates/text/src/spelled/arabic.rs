//! Arabic numbers with the noun they count, in the nominative.

/// A counted noun with its forms; an adjective that follows it agrees in each.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noun {
    pub one: &'static str,
    pub two: &'static str,
    /// The dual in construct, before another noun: ألفا ريال. Only for number words.
    pub two_of: &'static str,
    /// 3–10.
    pub few: &'static str,
    /// 11–99, accusative.
    pub many: &'static str,
    pub feminine: bool,
    /// A nisba that follows: سعودي. Empty: none.
    pub adjective: &'static str,
}

const fn power(one: &'static str, two: &'static str, two_of: &'static str, few: &'static str, many: &'static str) -> Noun {
    Noun { one, two, two_of, few, many, feminine: false, adjective: "" }
}

const POWERS: [(u64, Noun); 6] = [
    (1_000_000_000_000_000_000, power("كوينتليون", "كوينتليونان", "كوينتليونا", "كوينتليونات", "كوينتليونًا")),
    (1_000_000_000_000_000, power("كوادريليون", "كوادريليونان", "كوادريليونا", "كوادريليونات", "كوادريليونًا")),
    (1_000_000_000_000, power("تريليون", "تريليونان", "تريليونا", "تريليونات", "تريليونًا")),
    (1_000_000_000, power("مليار", "ملياران", "مليارا", "مليارات", "مليارًا")),
    (1_000_000, power("مليون", "مليونان", "مليونا", "ملايين", "مليونًا")),
    (1_000, power("ألف", "ألفان", "ألفا", "آلاف", "ألفًا")),
];

/// 1–10 beside a masculine noun and beside a feminine one. One and two agree; three to ten take the other gender.
const UNITS: [(&str, &str); 11] = [
    ("صفر", "صفر"),
    ("واحد", "واحدة"),
    ("اثنان", "اثنتان"),
    ("ثلاثة", "ثلاث"),
    ("أربعة", "أربع"),
    ("خمسة", "خمس"),
    ("ستة", "ست"),
    ("سبعة", "سبع"),
    ("ثمانية", "ثماني"),
    ("تسعة", "تسع"),
    ("عشرة", "عشر"),
];
const TENS: [&str; 10] = ["", "عشرة", "عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"];
const HUNDREDS: [&str; 10] = ["", "مئة", "مئتان", "ثلاثمئة", "أربعمئة", "خمسمئة", "ستمئة", "سبعمئة", "ثمانمئة", "تسعمئة"];

fn unit(n: u64, feminine: bool) -> &'static str {
    let (masculine, other) = usize::try_from(n).ok().and_then(|n| UNITS.get(n)).copied().unwrap_or_default();
    if feminine { other } else { masculine }
}

fn of<'a>(words: &[&'a str; 10], n: u64) -> &'a str {
    usize::try_from(n).ok().and_then(|n| words.get(n)).copied().unwrap_or_default()
}

/// 1–99.
fn below_hundred(n: u64, feminine: bool) -> String {
    match n {
        0..=10 => unit(n, feminine).to_owned(),
        11 => if feminine { "إحدى عشرة" } else { "أحد عشر" }.to_owned(),
        12 => if feminine { "اثنتا عشرة" } else { "اثنا عشر" }.to_owned(),
        13..=19 => format!("{} {}", unit(n - 10, feminine), if feminine { "عشرة" } else { "عشر" }),
        _ if n.is_multiple_of(10) => of(&TENS, n / 10).to_owned(),
        _ => {
            let ones = match (n % 10, feminine) {
                (1, true) => "إحدى",
                // Before another word the eight keeps its ending, alone it would lose it: ثمانٍ وعشرون.
                (8, true) => "ثمانٍ",
                (ones, _) => unit(ones, feminine),
            };
            format!("{ones} و{}", of(&TENS, n / 10))
        }
    }
}

/// A number as far as it goes before its noun; `construct`: the noun follows without another number between.
fn number(n: u64, feminine: bool, construct: bool) -> String {
    let mut parts = Vec::new();
    let mut rest = n;
    for (size, noun) in &POWERS {
        let count = rest / size;
        rest %= size;
        if count > 0 {
            parts.push(times(count, noun, construct && rest == 0));
        }
    }
    let (hundreds, below) = (rest / 100, rest % 100);
    if hundreds > 0 {
        parts.push(if hundreds == 2 && below == 0 && construct { "مئتا" } else { of(&HUNDREDS, hundreds) }.to_owned());
    }
    if below > 0 {
        parts.push(below_hundred(below, feminine));
    }
    parts.join(" و")
}

/// So many thousands, millions …; in construct what follows is counted by them.
fn times(n: u64, noun: &Noun, construct: bool) -> String {
    let two = if construct { noun.two_of } else { noun.two };
    match (n, n % 100) {
        (1, _) => noun.one.to_owned(),
        (2, _) => two.to_owned(),
        (_, 0) => format!("{} {}", number(n, false, true), noun.one),
        (_, 1) => format!("{} {} و{}", number(n - 1, false, true), noun.one, noun.one),
        (_, 2) => format!("{} {} و{two}", number(n - 2, false, true), noun.one),
        (_, 3..=10) => format!("{} {}", number(n, false, false), noun.few),
        _ => format!("{} {}", number(n, false, false), if construct { noun.one } else { noun.many }),
    }
}

impl Noun {
    fn with(&self, form: &str, adjective: &str) -> String {
        if self.adjective.is_empty() { form.to_owned() } else { format!("{form} {adjective}") }
    }
    fn singular(&self) -> String {
        self.with(self.one, &if self.feminine { format!("{}ة", self.adjective) } else { self.adjective.to_owned() })
    }
    fn dual(&self) -> String {
        self.with(self.two, &if self.feminine { format!("{}تان", self.adjective) } else { format!("{}ان", self.adjective) })
    }
    fn plural(&self) -> String {
        self.with(self.few, &format!("{}ة", self.adjective))
    }
    fn accusative(&self) -> String {
        self.with(self.many, &if self.feminine { format!("{}ة", self.adjective) } else { format!("{}ًا", self.adjective) })
    }
}

/// A number with what it counts.
pub(super) fn counted(n: u64, noun: &Noun) -> String {
    match (n, n % 100) {
        (1, _) => format!("{} {}", noun.singular(), unit(1, noun.feminine)),
        (2, _) => noun.dual(),
        (0, _) => format!("صفر {}", noun.singular()),
        (_, 0) => format!("{} {}", number(n, noun.feminine, true), noun.singular()),
        (_, 1) => format!("{} {} و{} {}", number(n - 1, noun.feminine, true), noun.singular(), noun.singular(), unit(1, noun.feminine)),
        (_, 2) => format!("{} {} و{}", number(n - 2, noun.feminine, true), noun.singular(), noun.dual()),
        (_, 3..=10) => format!("{} {}", number(n, noun.feminine, false), noun.plural()),
        _ => format!("{} {}", number(n, noun.feminine, false), noun.accusative()),
    }
}
