//! Keys under which the spellings of one name meet, in Arabic and in Latin letters.
//!
//! A word becomes its consonants in a small common alphabet; vowels, long ones too, vanish except for a mark at
//! the start. Compounds are split the same way in both scripts (عبدالرحمن, Abdulrahman, Abd El-Rahman), the
//! article goes. Where a letter has two habits (ق as k or g, ث as t or s), the stored side holds both keys and a
//! query asks for one.
//!
//! The common alphabet: `a` start vowel or ع, `b t j h x(خ) d r z s c(ش) g(غ) f k l m n w y`, digits.

use crate::fold::fold;

/// Both ways a letter may be heard: the one a query asks for, and the other one that is stored too.
type Heard = (&'static str, &'static str);

/// The keys to store for a name: `_mhmd_ _al_`, space separated, each word wrapped in `_` so that a whole word
/// can be matched as a substring of at least three characters.
pub fn name_keys(name: &str) -> String {
    let mut out = String::new();
    for word in words(name) {
        let heard = heard(&word);
        let first = skeleton(&heard, false);
        let second = skeleton(&heard, true);
        push_key(&first, &mut out);
        if second != first {
            push_key(&second, &mut out);
        }
    }
    out
}

/// The keys a query asks for, all of which must be among the stored [`name_keys`] as substrings.
/// Connecting words (بن، bin) are left out, as names are stored with and without them.
pub fn query_keys(query: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in words(query)
        .iter()
        .filter(|w| !matches!(w.as_str(), "بن" | "ابن" | "bin" | "ben" | "ibn"))
    {
        let mut key = String::new();
        push_key(&skeleton(&heard(word), false), &mut key);
        if !key.is_empty() && !out.contains(&key) {
            out.push(key);
        }
    }
    out
}

/// One word of a name as it is written and as it is heard: `عبد الرحمن` and `Abdel Rahman` are one word each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// Folded, without article, compounds joined.
    pub word: String,
    /// Its consonants in the common alphabet, as a query hears them.
    pub first: String,
    /// The other way to hear them; the same where there is one way only.
    pub second: String,
}

/// The words of a name in order, for comparing names word by word. Connecting words (بن، bin) are left out.
pub fn spoken(name: &str) -> Vec<Spoken> {
    let mut out: Vec<Spoken> = Vec::new();
    // Begins a compound with the word after it.
    let mut open = false;
    for word in words(name) {
        if matches!(word.as_str(), "بن" | "ابن" | "بنت" | "bin" | "ben" | "ibn" | "bint") {
            continue;
        }
        let heard = heard(&word);
        let one = Spoken { first: skeleton(&heard, false), second: skeleton(&heard, true), word };
        let closes = matches!(one.word.as_str(), "دين" | "din" | "له" | "lah");
        let opens = matches!(one.word.as_str(), "عبد" | "abd" | "ابو" | "abu" | "abou" | "abo");
        match out.last_mut().filter(|_| open || closes) {
            Some(last) => {
                last.word.push_str(&one.word);
                last.first.push_str(&one.first);
                last.second.push_str(&one.second);
            }
            None => out.push(one),
        }
        open = opens;
    }
    out
}

fn push_key(skeleton: &str, out: &mut String) {
    if skeleton.is_empty() {
        return;
    }
    if !out.is_empty() {
        out.push(' ');
    }
    out.push('_');
    out.push_str(skeleton);
    out.push('_');
}

/// Longer words (bytes) are no names; they are not taken apart, which also bounds the recursion.
const LONGEST_WORD: usize = 80;

/// The words of a name, folded, compounds split, articles gone.
fn words(name: &str) -> Vec<String> {
    let folded = fold(name);
    let tokens: Vec<&str> = folded.split(' ').filter(|t| !t.is_empty()).collect();
    let mut out = Vec::with_capacity(tokens.len() + 2);
    for (i, token) in tokens.iter().enumerate() {
        let next = tokens.get(i + 1).copied().unwrap_or_default();
        if token.len() > LONGEST_WORD {
            out.push((*token).to_owned());
            continue;
        }
        if token.is_ascii() {
            latin_words(token, next, &mut out)
        } else {
            arabic_words(token, &mut out)
        }
    }
    out
}

fn arabic_words(token: &str, out: &mut Vec<String>) {
    let len = |s: &str| s.chars().count();
    if token == "ال" {
        return;
    }
    if token == "الله" {
        return out.push("له".to_owned());
    }
    if let Some(rest) = token.strip_prefix("عبدال").filter(|r| len(r) >= 2) {
        out.push("عبد".to_owned());
        return arabic_words(&format!("ال{rest}"), out);
    }
    for (suffix, part) in [("الدين", "دين"), ("الله", "له")] {
        if let Some(stem) = token.strip_suffix(suffix).filter(|s| len(s) >= 2) {
            arabic_words(stem, out);
            return out.push(part.to_owned());
        }
    }
    if let Some(rest) = token.strip_prefix("ابو").filter(|r| len(r) >= 3) {
        out.push("ابو".to_owned());
        return arabic_words(rest, out);
    }
    let named_with_al = matches!(token, "الياس" | "الهام" | "الينا" | "اليزابيث" | "اليسار");
    match token
        .strip_prefix("ال")
        .filter(|r| len(r) >= 3 && !named_with_al)
    {
        Some(rest) => out.push(rest.to_owned()),
        None => out.push(token.to_owned()),
    }
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u')
}

fn latin_words(token: &str, next: &str, out: &mut Vec<String>) {
    match token {
        "al" | "el" | "ul" | "il" => return,
        "allah" | "ellah" | "ullah" | "lah" | "llah" => return out.push("lah".to_owned()),
        "abdul" | "abdel" | "abdal" | "abdil" | "abdoul" | "abdur" | "abder" | "abdus"
        | "abdes" | "abdun" => {
            return out.push("abd".to_owned());
        }
        // The article before a sun letter: Ar-Rahman, Ash-Sharif, Ed-Din.
        "ar" | "er" | "ur" | "as" | "es" | "us" | "ash" | "esh" | "an" | "en" | "ad" | "ed"
        | "ud" | "at" | "et" | "az" | "ez"
            if next.starts_with(token.trim_start_matches(is_vowel)) =>
        {
            return;
        }
        _ => {}
    }
    if let Some(rest) = abd_rest(token) {
        out.push("abd".to_owned());
        return latin_words(rest, "", out);
    }
    const DIN: [&str; 15] = [
        "eddine", "uddine", "aldine", "eldine", "eldeen", "aldeen", "addeen", "uddeen", "eddeen",
        "eddin", "uddin", "addin", "aldin", "eldin", "uldin",
    ];
    if let Some(stem) = DIN
        .iter()
        .find_map(|din| token.strip_suffix(din))
        .filter(|s| s.len() >= 2)
    {
        latin_words(stem, "", out);
        return out.push("din".to_owned());
    }
    for suffix in ["allah", "ullah", "ollah", "ellah"] {
        if let Some(stem) = token.strip_suffix(suffix).filter(|s| s.len() >= 2) {
            // The ة of منة is heard before الله: Menatallah.
            let stem = stem
                .strip_suffix("at")
                .or_else(|| stem.strip_suffix("et"))
                .filter(|s| s.len() >= 2)
                .unwrap_or(stem);
            latin_words(stem, "", out);
            return out.push("lah".to_owned());
        }
    }
    for prefix in ["abou", "abu", "abo"] {
        if let Some(rest) = token
            .strip_prefix(prefix)
            .filter(|r| r.len() >= 4 && !r.starts_with(is_vowel))
        {
            out.push("abu".to_owned());
            return latin_words(rest, "", out);
        }
    }
    let named_with_el = matches!(
        token,
        "elham" | "elias" | "elena" | "elina" | "elizabeth" | "elisabeth"
    );
    let rest = token
        .strip_prefix("al")
        .or_else(|| token.strip_prefix("el"))
        .filter(|_| !named_with_el);
    match rest.filter(|r| r.len() >= if r.starts_with(is_vowel) { 5 } else { 4 }) {
        Some(rest) => out.push(rest.to_owned()),
        None => out.push(token.to_owned()),
    }
}

/// What follows abdul-, abdel-, abdur- … written together; `None` if the word is no such compound.
fn abd_rest(token: &str) -> Option<&str> {
    let tail = token.strip_prefix("abd")?;
    let rest = tail.trim_start_matches(is_vowel);
    let vowel = rest.len() < tail.len();
    if let Some(after) = rest.strip_prefix('l') {
        return Some(after).filter(|a| a.len() >= 2);
    }
    let mut chars = rest.chars();
    let doubled = chars.next().zip(chars.next()).is_some_and(|(a, b)| a == b);
    rest.get(1..).filter(|a| vowel && doubled && a.len() >= 3)
}

/// What is heard in a word, letter by letter, vowels left out.
fn heard(word: &str) -> Vec<Heard> {
    if word.is_ascii() {
        heard_latin(word)
    } else {
        heard_arabic(word)
    }
}

fn one(sound: &'static str) -> Heard {
    (sound, sound)
}

fn digit(c: char) -> &'static str {
    const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    c.to_digit(10)
        .and_then(|d| DIGITS.get(d as usize))
        .copied()
        .unwrap_or_default()
}

fn heard_arabic(word: &str) -> Vec<Heard> {
    let last = word.chars().count().saturating_sub(1);
    let mut out = Vec::with_capacity(last + 1);
    for (i, c) in word.chars().enumerate() {
        out.push(match c {
            'ا' | 'ع' if i == 0 => one("a"),
            'و' if i == 0 => one("w"),
            'ي' if i == 0 => one("y"),
            'ب' => one("b"),
            'ت' | 'ط' => one("t"),
            'ث' => ("t", "s"),
            'ج' => one("j"),
            'ح' if i == last => ("h", ""),
            'ه' if i == last => continue,
            'ح' | 'ه' => one("h"),
            'خ' => one("x"),
            'د' => one("d"),
            'ض' => ("d", "z"),
            'ذ' | 'ظ' => ("z", "d"),
            'ر' => one("r"),
            'ز' => one("z"),
            'س' | 'ص' => one("s"),
            'ش' => one("c"),
            'غ' => one("g"),
            'ف' => one("f"),
            'ق' => ("k", "j"),
            'ك' => one("k"),
            'ل' => one("l"),
            'م' => one("m"),
            'ن' => one("n"),
            '0'..='9' => one(digit(c)),
            _ => continue,
        });
    }
    if out == [one("a")] && word.contains('ي') {
        out.push(one("y"));
    }
    out
}

fn heard_latin(word: &str) -> Vec<Heard> {
    let letters: Vec<char> = word.chars().collect();
    let at = |i: usize| letters.get(i).copied().unwrap_or(' ');
    let mut out = Vec::with_capacity(letters.len());
    let mut i = 0;
    while i < letters.len() {
        let (c, next) = (at(i), at(i + 1));
        let (sound, used) = match (c, next) {
            ('o', 'u') if i == 0 && is_vowel(at(2)) => (one("w"), 2),
            ('k', 'h') => (one("x"), 2),
            ('g', 'h') => (one("g"), 2),
            ('s', 'h') => (one("c"), 2),
            ('c', 'h') => (one("c"), 2),
            ('t', 'h') => (("t", "s"), 2),
            ('d', 'h') => (("d", "z"), 2),
            ('p', 'h') => (one("f"), 2),
            ('d', 'j') => (one("j"), 2),
            ('c', 'k') => (one("k"), 2),
            ('h', ' ') if at(i.wrapping_sub(1)) == 'a' => (("", "h"), 1),
            ('h', ' ') => (("h", ""), 1),
            ('c', 'e' | 'i') => (one("s"), 1),
            ('y', v) if i == 0 && is_vowel(v) => (one("y"), 1),
            ('w', _) if i == 0 => (one("w"), 1),
            ('a' | 'e' | 'i' | 'o' | 'u' | 'y', _) if i == 0 => (one("a"), 1),
            ('b' | 'p', _) => (one("b"), 1),
            ('t', _) => (one("t"), 1),
            ('j', _) => (one("j"), 1),
            ('h', _) => (one("h"), 1),
            ('d', _) => (one("d"), 1),
            ('r', _) => (one("r"), 1),
            ('z', _) => (one("z"), 1),
            ('s', _) => (one("s"), 1),
            ('g', _) => (("j", "k"), 1),
            ('f' | 'v', _) => (one("f"), 1),
            ('q', _) => (("k", "j"), 1),
            ('c' | 'k', _) => (one("k"), 1),
            ('x', _) => (one("ks"), 1),
            ('l', _) => (one("l"), 1),
            ('m', _) => (one("m"), 1),
            ('n', _) => (one("n"), 1),
            ('0'..='9', _) => (one(digit(c)), 1),
            _ => (one(""), 1),
        };
        if !sound.0.is_empty() || !sound.1.is_empty() {
            out.push(sound);
        }
        i += used;
        // A doubled letter is one sound (Mohammed), digits stay.
        while used == 1 && at(i) == c && !c.is_ascii_digit() && !is_vowel(c) {
            i += 1;
        }
    }
    if word.contains('y') && out.iter().all(|heard| matches!(heard.0, "a" | "")) {
        // Aya, Ayah: nothing else is left to tell them by.
        out.insert(out.len().min(1), one("y"));
    }
    out
}

/// The skeleton in one of the two hearings. A `h` after t, d, s, k, g merges with it, because in Latin letters
/// nobody can tell فتحي (Fathi) from a name with ث.
fn skeleton(heard: &[Heard], other: bool) -> String {
    let mut out = String::with_capacity(heard.len());
    for (first, second) in heard {
        let sound = if other { second } else { first };
        if *sound == "h" {
            match out.pop() {
                Some('s') => out.push('c'),
                Some('k') => out.push('x'),
                Some(c @ ('t' | 'd' | 'g')) => out.push(c),
                Some(c) => {
                    out.push(c);
                    out.push('h');
                }
                None => out.push('h'),
            }
        } else {
            out.push_str(sound);
        }
    }
    out
}

#[cfg(test)]
mod tests;
