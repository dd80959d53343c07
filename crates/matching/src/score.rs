//! Evidence for and against two records being one, with its weight, and the verdict.
//!
//! Weights are whole points on a scale where 100 is as sure as it gets. They add up: two independent pieces of evidence
//! are worth more than one, and what contradicts takes away. 70 points make "the same", 45 "maybe".

use crate::name::{self, Likeness};
use crate::profile::{Key, KeyKind, Profile};

/// One kind of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Clue {
    FullNameLong,
    FullName,
    FirstAndLast,
    NamePartly,
    NameSingle,
    Phone,
    Email,
    Code,
    Birthday,
    Street,
    City,
    OtherName,
    OtherFather,
    OtherBirthday,
    OtherCode,
    OtherPhone,
    OtherEmail,
    OtherCity,
}

impl Clue {
    pub const ALL: [Clue; 18] = [
        Clue::FullNameLong,
        Clue::FullName,
        Clue::FirstAndLast,
        Clue::NamePartly,
        Clue::NameSingle,
        Clue::Phone,
        Clue::Email,
        Clue::Code,
        Clue::Birthday,
        Clue::Street,
        Clue::City,
        Clue::OtherName,
        Clue::OtherFather,
        Clue::OtherBirthday,
        Clue::OtherCode,
        Clue::OtherPhone,
        Clue::OtherEmail,
        Clue::OtherCity,
    ];

    /// Points before common values are discounted.
    pub fn weight(self) -> i32 {
        match self {
            // Four names in a row are nearly never shared by two people.
            Clue::FullNameLong => 72,
            Clue::FullName => 66,
            Clue::FirstAndLast => 45,
            Clue::NamePartly => 34,
            Clue::NameSingle => 30,
            // One's own mailbox tells more than a telephone that a family or an office shares.
            Clue::Email => 50,
            Clue::Phone => 45,
            Clue::Code => 65,
            Clue::Birthday => 30,
            Clue::Street => 30,
            Clue::City => 6,
            // People change their number and move; they do not change their birthday.
            Clue::OtherName => -60,
            Clue::OtherFather => -30,
            Clue::OtherBirthday => -45,
            Clue::OtherCode => -50,
            Clue::OtherPhone => -2,
            Clue::OtherEmail => -2,
            Clue::OtherCity => -3,
        }
    }
    /// Stable name for the API and for sentences: `phone`, `other_birthday`.
    pub fn key(self) -> &'static str {
        match self {
            Clue::FullNameLong => "full_name_long",
            Clue::FullName => "full_name",
            Clue::FirstAndLast => "first_and_last",
            Clue::NamePartly => "name_partly",
            Clue::NameSingle => "name_single",
            Clue::Phone => "phone",
            Clue::Email => "email",
            Clue::Code => "code",
            Clue::Birthday => "birthday",
            Clue::Street => "street",
            Clue::City => "city",
            Clue::OtherName => "other_name",
            Clue::OtherFather => "other_father",
            Clue::OtherBirthday => "other_birthday",
            Clue::OtherCode => "other_code",
            Clue::OtherPhone => "other_phone",
            Clue::OtherEmail => "other_email",
            Clue::OtherCity => "other_city",
        }
    }
    pub fn parse(key: &str) -> Option<Clue> {
        Clue::ALL.into_iter().find(|c| c.key() == key)
    }
}

/// A piece of evidence in a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub clue: Clue,
    pub points: i32,
}

/// What the points come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    No,
    Maybe,
    Same,
}

/// From here on two records are proposed as the same.
pub const SAME: i32 = 70;
/// From here on a person should look.
pub const MAYBE: i32 = 45;

/// The outcome of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// 0 to 100.
    pub score: i32,
    pub verdict: Verdict,
    /// The weightiest first.
    pub evidence: Vec<Evidence>,
}

/// Compares two profiles. `shared` says how many records hold the value behind a key (1 where it is not known):
/// what many share, a switchboard or a very common name, weighs little.
pub fn compare(owner: &str, a: &Profile, b: &Profile, shared: &dyn Fn(Key) -> u32) -> Match {
    let mut evidence = Vec::new();
    let mut add = |clue: Clue, points: i32| {
        if points != 0 {
            evidence.push(Evidence { clue, points });
        }
    };
    if !a.sort.is_empty() && !b.sort.is_empty() && a.sort != b.sort {
        return Match { score: 0, verdict: Verdict::No, evidence: Vec::new() };
    }
    let agree = names(owner, a, b, shared, &mut add);
    let common = |kind: KeyKind, value: &str| shared(Key::new(owner, kind, value));
    match both(&a.phones, &b.phones) {
        Some(Some(v)) => add(Clue::Phone, discounted(Clue::Phone.weight(), common(KeyKind::Phone, v))),
        Some(None) => add(Clue::OtherPhone, Clue::OtherPhone.weight()),
        None => {}
    }
    match both(&a.emails, &b.emails) {
        Some(Some(v)) => add(Clue::Email, discounted(Clue::Email.weight(), common(KeyKind::Email, v))),
        Some(None) => add(Clue::OtherEmail, Clue::OtherEmail.weight()),
        None => {}
    }
    let same_code = a.codes.iter().find(|c| b.codes.contains(c));
    if let Some((f, v)) = same_code {
        add(Clue::Code, discounted(Clue::Code.weight(), common(KeyKind::Code, &format!("{f}\u{1f}{v}"))));
    } else if a.codes.iter().any(|(f, _)| b.codes.iter().any(|(g, _)| f == g)) {
        add(Clue::OtherCode, Clue::OtherCode.weight());
    }
    match both(&a.birthdays, &b.birthdays) {
        Some(Some(_)) => add(Clue::Birthday, Clue::Birthday.weight()),
        Some(None) => {
            let close = a.birthdays.iter().any(|x| b.birthdays.iter().any(|y| mistyped(*x, *y)));
            add(Clue::OtherBirthday, if close { -8 } else { Clue::OtherBirthday.weight() });
        }
        None => {}
    }
    if let Some(Some(v)) = both(&a.streets, &b.streets) {
        add(Clue::Street, discounted(Clue::Street.weight(), common(KeyKind::Street, v)));
    }
    match both(&a.cities, &b.cities) {
        Some(Some(city)) => add(Clue::City, town(owner, a, city, agree, shared)),
        Some(None) => add(Clue::OtherCity, Clue::OtherCity.weight()),
        None => {}
    }
    evidence.sort_by_key(|e| std::cmp::Reverse(e.points.abs()));
    let score = evidence.iter().map(|e| e.points).sum::<i32>().clamp(0, 100);
    let verdict = match score {
        s if s >= SAME => Verdict::Same,
        s if s >= MAYBE => Verdict::Maybe,
        _ => Verdict::No,
    };
    Match { score, verdict, evidence }
}

/// None: one side has nothing. Some(None): both have something, nothing in common.
fn both<'a, T: PartialEq>(a: &'a [T], b: &[T]) -> Option<Option<&'a T>> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    Some(a.iter().find(|x| b.contains(x)))
}

/// Two holders are the pair itself; a value that three share is worth two thirds, ten a fifth, a switchboard next to nothing.
fn discounted(weight: i32, holders: u32) -> i32 {
    match holders {
        0..=2 => weight,
        3 => weight * 2 / 3,
        4..=5 => weight / 2,
        6..=10 => weight / 5,
        _ => weight / 12,
    }
}

/// Day and month exchanged, or one digit of one part other.
fn mistyped(a: (i16, i8, i8), b: (i16, i8, i8)) -> bool {
    let swapped = a.0 == b.0 && a.1 == b.2 && a.2 == b.1;
    let parts = usize::from(a.0 != b.0) + usize::from(a.1 != b.1) + usize::from(a.2 != b.2);
    let digit = |x: i32, y: i32| x / 10 == y / 10 || x % 10 == y % 10;
    swapped || (parts == 1 && digit(i32::from(a.0), i32::from(b.0)) && digit(i32::from(a.1), i32::from(b.1)) && digit(i32::from(a.2), i32::from(b.2)))
}

fn names(owner: &str, a: &Profile, b: &Profile, shared: &dyn Fn(Key) -> u32, add: &mut impl FnMut(Clue, i32)) -> bool {
    let mut best: Option<name::Compared> = None;
    for x in &a.names {
        for y in &b.names {
            if let Some(c) = name::compare(x, y)
                && best.is_none_or(|b| (c.likeness, std::cmp::Reverse(c.near)) > (b.likeness, std::cmp::Reverse(b.near)))
            {
                best = Some(c);
            }
        }
    }
    let Some(best) = best else { return false };
    let slip = 2 * i32::try_from(best.near).unwrap_or(0);
    // How many records bear this first and last name: خالد العتيبي is many people, شاهندة الزقازيقي one.
    let crowd = || {
        let keys = a.keys(owner);
        keys.into_iter().filter(|k| k.kind() == KeyKind::Ends).map(shared).max().unwrap_or(1)
    };
    let common = |points: i32, most: i32| match crowd() {
        0..=5 => points,
        6..=20 => points - most / 3,
        21..=100 => points - most * 2 / 3,
        _ => points - most,
    };
    match best.likeness {
        Likeness::FullLong => add(Clue::FullNameLong, Clue::FullNameLong.weight() - slip),
        Likeness::Full => add(Clue::FullName, common(Clue::FullName.weight() - slip, 10)),
        Likeness::FirstAndLast => add(Clue::FirstAndLast, common(Clue::FirstAndLast.weight() - slip, 18)),
        Likeness::Partly => add(Clue::NamePartly, Clue::NamePartly.weight() - slip),
        Likeness::Single => add(Clue::NameSingle, common(Clue::NameSingle.weight() - slip, 15)),
        Likeness::Vague => {}
        Likeness::OtherFather => add(Clue::OtherFather, Clue::OtherFather.weight()),
        // Between scripts a foreign name may be heard as another.
        Likeness::Other => add(Clue::OtherName, if best.across { Clue::OtherName.weight() * 3 / 5 } else { Clue::OtherName.weight() }),
    }
    best.likeness >= Likeness::FirstAndLast
}

/// The same town: next to nothing for a Khalid in Riyadh, much where only these two bear the first name there.
fn town(owner: &str, a: &Profile, city: &str, names_agree: bool, shared: &dyn Fn(Key) -> u32) -> i32 {
    if !names_agree {
        return Clue::City.weight();
    }
    let firsts = a.names.iter().filter_map(|n| n.words.first());
    let held = firsts.map(|w| shared(Key::new(owner, KeyKind::Street, &crate::profile::in_town(city, &w.first)))).max();
    match held.unwrap_or(u32::MAX) {
        0..=2 => Clue::City.weight() + 22,
        3 => Clue::City.weight() + 8,
        _ => Clue::City.weight(),
    }
}
