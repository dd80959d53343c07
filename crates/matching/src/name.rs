//! Names, word by word: `عبد الرحمن بن خالد العتيبي`, `عبدالرحمن العتيبي` and `Abdulrahman Al-Otaibi` are one name.

use text::search::{Spoken, spoken};

/// A name taken apart for comparing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    pub words: Vec<Spoken>,
    pub arabic: bool,
}

/// Forms of address and professions, left out at the start of a name (folded).
const TITLES: &[&str] = &[
    "استاذ", "استاذه", "دكتور", "دكتوره", "مهندس", "مهندسه", "سيد", "سيده", "شيخ", "شيخه", "حاج", "حاجه", "محامي", "امير", "انسه",
    "mr", "mrs", "ms", "miss", "dr", "eng", "prof", "sheikh", "shaikh", "hajj", "mister", "sir",
];
/// What nearly every organisation has in its name says nothing about which one it is (folded, without article).
const FORMS: &[&str] = &[
    "شركه", "موسسه", "مجموعه", "مصنع", "مكتب", "محل", "محلات", "متجر", "معرض", "تجاريه", "تجاره", "لتجاره", "للتجاره", "محدوده", "ذمم", "قابضه", "مساهمه",
    "company", "co", "corp", "corporation", "ltd", "limited", "llc", "inc", "est", "establishment", "group", "trading", "holding", "wll", "store", "stores",
    "shop", "the",
];

impl Name {
    /// Takes a name apart, in each way it may be meant: as it stands; with words glued that a slipped space broke
    /// (`فر ج`); without a title; without a kunya before the name (أبو محمد خالد العتيبي). Empty for a blank name.
    pub fn readings(name: &str) -> Vec<Name> {
        // What stands in brackets is a remark.
        let name: String = name.split(['(', '[', '{']).next().unwrap_or_default().chars().take(200).collect();
        let folded = text::fold(&name);
        let mut out: Vec<Name> = Vec::with_capacity(1);
        let mut add = |words: Vec<Spoken>| {
            let telling: Vec<Spoken> = words.iter().filter(|w| !FORMS.contains(&w.word.as_str())).cloned().collect();
            let mut words = if telling.is_empty() { words } else { telling };
            words.truncate(8);
            let name = Name { arabic: words.iter().any(|w| !w.word.is_ascii()), words };
            if !name.is_empty() && !out.contains(&name) {
                out.push(name);
            }
        };
        let apart = |text: &str| spoken(text).into_iter().filter(|w| w.word.chars().count() > 1 && !w.first.is_empty()).collect::<Vec<_>>();
        let words = apart(&folded);
        if let Some(glued) = glued(&folded) {
            add(apart(&glued));
        }
        if words.len() > 2 && words.first().is_some_and(|w| TITLES.contains(&w.word.as_str()) || KUNYA.iter().any(|k| w.word.starts_with(k))) {
            add(words.iter().skip(1).cloned().collect());
        }
        add(words);
        // As it stands comes first.
        out.reverse();
        out
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

const KUNYA: &[&str] = &["ابو", "abu", "abou", "abo"];

/// The folded name with crumbs of one or two Arabic letters put back to their word; none when there are none.
fn glued(folded: &str) -> Option<String> {
    let whole = ["ال", "بن", "ام", "ذو", "ابو"];
    let crumb = |t: &str| !t.is_ascii() && t.chars().count() <= 2 && !whole.contains(&t);
    if !folded.split(' ').any(crumb) {
        return None;
    }
    let mut out: Vec<String> = Vec::new();
    let mut open = false;
    for t in folded.split(' ') {
        let letter = crumb(t) && t.chars().count() == 1;
        match out.last_mut().filter(|_| open || letter) {
            Some(last) => last.push_str(t),
            None => out.push(t.to_owned()),
        }
        open = crumb(t) && !open && (!letter || out.len() == 1 && out.last().is_some_and(|l| l == t));
    }
    Some(out.join(" "))
}

/// How far two names agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// The first names, or all but one word of an organisation, are others.
    Other,
    /// Same first and last name, another father.
    OtherFather,
    /// Some words agree, too few to say anything.
    Vague,
    /// The first name and one more.
    Partly,
    /// A single word, the same.
    Single,
    /// First and last name agree; what lies between is missing on one side.
    FirstAndLast,
    /// Every word of the shorter name, at least three.
    Full,
    /// Every word, at least four.
    FullLong,
}

/// The outcome of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compared {
    pub likeness: Likeness,
    /// Words that agree only nearly: a letter more, less or other, or grown together with their neighbour.
    pub near: usize,
    /// Compared across scripts.
    pub across: bool,
}

/// How like two words are: 3 the same, 2 nearly, 0 not.
fn alike(a: &Spoken, b: &Spoken, across: bool) -> u8 {
    if a.word == b.word {
        return 3;
    }
    let sound = a.first == b.first || a.first == b.second || a.second == b.first || a.second == b.second;
    let latin = a.word.is_ascii() && b.word.is_ascii();
    // Within the Arabic script vowels are written: سالم is not سليم. Across scripts, and between Latin spellings, sound decides.
    if sound && (across || latin) {
        return 3;
    }
    let (x, y) = if across { (a.first.as_str(), b.first.as_str()) } else { (a.word.as_str(), b.word.as_str()) };
    let (long, short) = if x.chars().count() >= y.chars().count() { (x, y) } else { (y, x) };
    let (most, least) = (long.chars().count(), short.chars().count());
    // Grown together with its neighbour or cut off: ساميمحمد, دعاءاحمد.
    if least >= 3 && (long.starts_with(short) || long.ends_with(short)) {
        return 2;
    }
    let allowed = if across { usize::from(least >= 4) } else { match least { 0..=2 => 0, 3..=6 => 1, _ => 2 } };
    if allowed > 0 && most - least <= allowed && distance(x, y, allowed) <= allowed { 2 } else { 0 }
}

/// Letters to insert, remove or replace, counted up to `most` (beyond: `most + 1`).
fn distance(a: &str, b: &str, most: usize) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(row.first_mut().unwrap_or(&mut 0), i + 1);
        let mut before = i + 1;
        let mut least = before;
        for (y, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let up = *cell;
            *cell = (diagonal + usize::from(x != *y)).min(up + 1).min(before + 1);
            diagonal = up;
            before = *cell;
            least = least.min(before);
        }
        if least > most {
            return most + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

/// The best alignment in order: for each word of `a` the word of `b` it is (index, likeness).
fn align(a: &[Spoken], b: &[Spoken], across: bool) -> Vec<Option<(usize, u8)>> {
    let (n, m) = (a.len(), b.len());
    let width = m + 1;
    let mut best = vec![0u32; (n + 1) * width];
    let mut sims = vec![0u8; n * m];
    let at = |v: &[u32], i: usize, j: usize| v.get(i * width + j).copied().unwrap_or(0);
    for (i, x) in a.iter().enumerate().rev() {
        for (j, y) in b.iter().enumerate().rev() {
            let s = alike(x, y, across);
            if let Some(cell) = sims.get_mut(i * m + j) {
                *cell = s;
            }
            let take = if s > 0 { at(&best, i + 1, j + 1) + u32::from(s) } else { 0 };
            let value = take.max(at(&best, i + 1, j)).max(at(&best, i, j + 1));
            if let Some(cell) = best.get_mut(i * width + j) {
                *cell = value;
            }
        }
    }
    let mut out = vec![None; n];
    let (mut i, mut j) = (0, 0);
    while i < n && j < m {
        let s = sims.get(i * m + j).copied().unwrap_or(0);
        if s > 0 && at(&best, i, j) == at(&best, i + 1, j + 1) + u32::from(s) {
            if let Some(slot) = out.get_mut(i) {
                *slot = Some((j, s));
            }
            i += 1;
            j += 1;
        } else if at(&best, i + 1, j) >= at(&best, i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    out
}

/// Compares two names. None: one of them is empty.
pub fn compare(a: &Name, b: &Name) -> Option<Compared> {
    let (short, long) = if a.words.len() <= b.words.len() { (a, b) } else { (b, a) };
    if short.is_empty() {
        return None;
    }
    let across = a.arabic != b.arabic;
    let found = align(&short.words, &long.words, across);
    let (n, m) = (short.words.len(), long.words.len());
    let matched = found.iter().flatten().count();
    let near = found.iter().flatten().filter(|(_, s)| *s < 3).count();
    let first = found.first().copied().flatten().filter(|(j, _)| *j == 0);
    // The last words against each other: سمر شحاتة is also سمر كامل شحاتة شحاتة.
    let last = short.words.last().zip(long.words.last()).map(|(x, y)| alike(x, y, across)).filter(|s| *s > 0);
    // A word more in front that is grown together, or forgotten, does not make it another person where all else agrees.
    let likeness = if matched == n {
        match n {
            1 if m == 1 => Likeness::Single,
            1 => Likeness::Vague,
            2 if first.is_some() && last.is_some() => Likeness::FirstAndLast,
            2 if first.is_some() => Likeness::Partly,
            2 => Likeness::Vague,
            3 => if first.is_some() { Likeness::Full } else { Likeness::Partly },
            _ => Likeness::FullLong,
        }
    } else if first.is_none() {
        // The first word is another one.
        if matched + 1 == n && n >= 3 { Likeness::OtherFather } else { Likeness::Other }
    } else {
        let father_differs = n >= 3 && m >= 3 && found.get(1).copied().flatten().is_none() && !found.iter().flatten().any(|(j, _)| *j == 1);
        if matched == 1 {
            if n == 1 { Likeness::Vague } else { Likeness::Other }
        } else if father_differs && last.is_some() && matched == 2 {
            Likeness::OtherFather
        } else if matched + 1 >= n && n >= 4 {
            // All but one word of a long name: somebody mistyped or left out one and put in another.
            Likeness::Full
        } else {
            Likeness::Partly
        }
    };
    Some(Compared { likeness, near, across })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn like(a: &str, b: &str) -> Likeness {
        let (a, b) = (Name::readings(a), Name::readings(b));
        a.iter().flat_map(|x| b.iter().filter_map(|y| compare(x, y))).map(|c| c.likeness).max().unwrap()
    }

    #[test]
    fn cust_1_spellings_of_one_name_meet() {
        use Likeness::*;
        for (a, b, want) in [
            ("عبد الرحمن بن خالد العتيبي", "عبدالرحمن خالد العتيبي", Full),
            ("عبدالرحمن خالد العتيبي", "Abdulrahman Al-Otaibi", FirstAndLast),
            ("عبد الرحمن العتيبي", "Abdel Rahman Alotaibi", FirstAndLast),
            ("محمد أحمد محمود السيد", "محمد احمد محمود السيد", FullLong),
            ("مُحَمّـد أحمد السيد", "Mohamed Ahmed El-Sayed", Full),
            ("د. فاطمة سعيد الزهراني", "فاطمه سعيد الزهراني", Full),
            ("المهندس خالد سعد الحربي", "خالد سعد الحربي", Full),
            ("أبو فهد خالد سعد الحربي", "خالد سعد الحربي", Full),
            ("نور الدين بوعزيز", "Noureddine Bouaziz", FirstAndLast),
            ("شركة النور للتجارة", "مؤسسة النور التجارية", Single),
            ("دعاءاحمد سمير ساميمحمد", "دعاء سمير يحيى سامي", Full),
            ("فر ج حبيب", "فرج إبراهيم سيد حبيب", FirstAndLast),
            ("ا يه مسعود", "آية مسعود", FirstAndLast),
            ("سا لم صبحي فهمي", "سالم صبحي فهمي", Full),
            ("Sayed Marwan", "سيد فؤاد حمدي مروان", FirstAndLast),
            ("أبوبكر رياض", "أبو بكر حمدي رياض", FirstAndLast),
        ] {
            assert_eq!(like(a, b), want, "{a} / {b}");
            assert_eq!(like(b, a), want, "{b} / {a}");
        }
    }

    #[test]
    fn cust_1_other_people_stay_apart() {
        for (a, b) in [
            ("سالم سعد العتيبي", "سليم سعد العتيبي"),
            ("أحمد محمد علي", "أحمد خالد علي"),
            ("محمد سالم الحربي", "فهد سالم الحربي"),
            ("منى خالد", "هدى خالد"),
        ] {
            assert!(like(a, b) <= Likeness::OtherFather, "{a} / {b}: {:?}", like(a, b));
        }
    }
}
