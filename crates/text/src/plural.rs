//! CLDR plural categories of counted things. Sentences use them through Fluent; this is for everything else.

use crate::locale::Lang;

/// A CLDR plural category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Plural {
    Zero,
    One,
    Two,
    Few,
    Many,
    Other,
}

impl Plural {
    /// The CLDR name, e.g. `"few"`.
    pub const fn name(self) -> &'static str {
        match self {
            Plural::Zero => "zero",
            Plural::One => "one",
            Plural::Two => "two",
            Plural::Few => "few",
            Plural::Many => "many",
            Plural::Other => "other",
        }
    }
}

/// The category of a whole number. (A number with decimals is `Other` in both languages.)
pub const fn plural(lang: Lang, n: i64) -> Plural {
    let n = n.unsigned_abs();
    match lang {
        Lang::En => match n {
            1 => Plural::One,
            _ => Plural::Other,
        },
        Lang::Ar => match (n, n % 100) {
            (0, _) => Plural::Zero,
            (1, _) => Plural::One,
            (2, _) => Plural::Two,
            (_, 3..=10) => Plural::Few,
            (_, 11..=99) => Plural::Many,
            _ => Plural::Other,
        },
    }
}

/// The Arabic forms of a counted noun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArabicNoun {
    /// يوم
    pub one: &'static str,
    /// يومان / يومين
    pub two: &'static str,
    /// أيام (3–10)
    pub few: &'static str,
    /// يومًا (11–99)
    pub many: &'static str,
}

impl ArabicNoun {
    /// The counted noun with its number as Arabic says it: «يوم»، «يومين»، «3 أيام»، «11 يومًا»، «100 يوم».
    /// `number` is the number as shown.
    pub fn counted(&self, n: i64, number: &str) -> String {
        match plural(Lang::Ar, n) {
            Plural::One => self.one.to_owned(),
            Plural::Two => self.two.to_owned(),
            Plural::Few => format!("{number} {}", self.few),
            Plural::Many => format!("{number} {}", self.many),
            Plural::Zero | Plural::Other => format!("{number} {}", self.one),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Plural::*;

    #[test]
    fn arabic_has_six() {
        for (n, want) in [
            (0, Zero),
            (1, One),
            (2, Two),
            (3, Few),
            (10, Few),
            (11, Many),
            (26, Many),
            (99, Many),
            (100, Other),
            (101, Other),
            (102, Other),
            (103, Few),
            (111, Many),
            (1000, Other),
            (1003, Few),
            (-2, Two),
            (i64::MIN, Few),
        ] {
            assert_eq!(plural(Lang::Ar, n), want, "{n}");
        }
        assert_eq!(i64::MIN.unsigned_abs() % 100, 8);
    }

    #[test]
    fn english_has_two() {
        assert_eq!(plural(Lang::En, 1), One);
        for n in [0, 2, 11, 21, 101] {
            assert_eq!(plural(Lang::En, n), Other, "{n}");
        }
    }

    #[test]
    fn counted_nouns() {
        let day = ArabicNoun {
            one: "يوم",
            two: "يومين",
            few: "أيام",
            many: "يومًا",
        };
        assert_eq!(day.counted(1, "1"), "يوم");
        assert_eq!(day.counted(2, "2"), "يومين");
        assert_eq!(day.counted(3, "٣"), "٣ أيام");
        assert_eq!(day.counted(11, "11"), "11 يومًا");
        assert_eq!(day.counted(100, "100"), "100 يوم");
    }
}
