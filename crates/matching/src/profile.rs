//! What is known of a record for telling whether it is the same as another, and the keys under which likely ones meet.

use crate::name::Name;

/// The facts about one record that can identify it. Empty where nothing is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// The name in each script it is written in.
    pub names: Vec<Name>,
    /// E.164.
    pub phones: Vec<String>,
    /// Lower case.
    pub emails: Vec<String>,
    /// Numbers that belong to one only: (field, value), tax number, national id.
    pub codes: Vec<(String, String)>,
    /// Year, month, day.
    pub birthdays: Vec<(i16, i8, i8)>,
    /// Folded street with its number.
    pub streets: Vec<String>,
    /// Folded town.
    pub cities: Vec<String>,
    /// What sort of thing it is (person, organisation); two sorts are never the same.
    pub sort: String,
}

/// What a key was made of. Its three bits stand in the key, so that common kinds of keys can be told apart without a look at the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum KeyKind {
    Phone = 0,
    Email = 1,
    Code = 2,
    /// All words of the name.
    FullName = 3,
    /// First and last word, as heard.
    Ends = 4,
    /// First and second word, as heard.
    Starts = 5,
    /// Birthday and first name.
    Birthday = 6,
    /// A street with its number, or a town and the first name.
    Street = 7,
}

impl KeyKind {
    pub const ALL: [KeyKind; 8] = [
        KeyKind::Phone,
        KeyKind::Email,
        KeyKind::Code,
        KeyKind::FullName,
        KeyKind::Ends,
        KeyKind::Starts,
        KeyKind::Birthday,
        KeyKind::Street,
    ];
    /// A pair that meets under this key is worth a look; the others must come two together.
    pub fn strong(self) -> bool {
        !matches!(self, KeyKind::Ends | KeyKind::Starts)
    }
    /// Records under one key beyond which the key says nothing any more: a switchboard, a very common name.
    pub fn crowd(self) -> u32 {
        match self {
            KeyKind::Phone | KeyKind::Email | KeyKind::Code => 30,
            KeyKind::FullName | KeyKind::Birthday => 40,
            KeyKind::Street => 8,
            KeyKind::Ends | KeyKind::Starts => 60,
        }
    }
    /// Records under one key up to which even a weak key is worth a look: few bear this name.
    pub fn few(self) -> u32 {
        12
    }
    /// The bit of this kind in a set of kinds.
    pub fn bit(self) -> u8 {
        1 << (self as u8)
    }
    /// Whether two records that meet under these kinds of keys deserve a comparison.
    pub fn worth(bits: u8) -> bool {
        let weak = KeyKind::Ends.bit() | KeyKind::Starts.bit();
        bits & !weak != 0 || bits & weak == weak
    }
}

/// A key: 61 bits of a hash, three of its kind. Stored, therefore never to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub i64);

impl Key {
    /// `owner` keeps the objects apart (`party`).
    pub fn new(owner: &str, kind: KeyKind, value: &str) -> Key {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for byte in owner.bytes().chain([0x1f, kind as u8]).chain(value.bytes()) {
            hash ^= u64::from(byte);
            hash = hash.wrapping_mul(0x0000_0100_0000_01b3);
        }
        // FNV mixes its high bits badly for short texts.
        hash ^= hash >> 32;
        hash = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        hash ^= hash >> 29;
        Key(i64::from_ne_bytes(((hash & !7) | u64::from(kind as u8)).to_ne_bytes()))
    }
    pub fn kind(self) -> KeyKind {
        let bits = u64::from_ne_bytes(self.0.to_ne_bytes()) & 7;
        KeyKind::ALL.into_iter().find(|k| *k as u64 == bits).unwrap_or(KeyKind::Street)
    }
}

impl Profile {
    pub fn add_name(&mut self, name: &str) {
        for reading in Name::readings(name) {
            if !self.names.contains(&reading) {
                self.names.push(reading);
            }
        }
    }
    pub fn add_phone(&mut self, e164: &str) {
        add(&mut self.phones, e164.to_owned());
    }
    pub fn add_email(&mut self, address: &str) {
        add(&mut self.emails, address.to_lowercase());
    }
    /// The same number as written with or without spaces and signs.
    pub fn add_code(&mut self, field: &str, value: &str) {
        let value: String = text::fold(value).chars().filter(|c| c.is_alphanumeric()).collect();
        if value.chars().count() >= 4 && !self.codes.iter().any(|(f, v)| f == field && *v == value) {
            self.codes.push((field.to_owned(), value));
        }
    }
    pub fn add_birthday(&mut self, year: i16, month: i8, day: i8) {
        if !self.birthdays.contains(&(year, month, day)) {
            self.birthdays.push((year, month, day));
        }
    }
    pub fn add_place(&mut self, street: &str, city: &str) {
        let street = text::fold(street);
        // Only with a number does a street tell one house from another.
        if street.chars().any(|c| c.is_ascii_digit()) && street.chars().any(char::is_alphabetic) {
            add(&mut self.streets, street);
        }
        add(&mut self.cities, text::fold(city));
    }

    /// Nothing by which it could be found again.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.phones.is_empty() && self.emails.is_empty() && self.codes.is_empty()
    }

    /// The keys of the record, each once, in order.
    pub fn keys(&self, owner: &str) -> Vec<Key> {
        let mut out = Vec::with_capacity(10);
        let mut put = |kind: KeyKind, value: &str| out.push(Key::new(owner, kind, value));
        for p in &self.phones {
            put(KeyKind::Phone, p);
        }
        for e in &self.emails {
            put(KeyKind::Email, e);
        }
        for (f, v) in &self.codes {
            put(KeyKind::Code, &format!("{f}\u{1f}{v}"));
        }
        for s in &self.streets {
            put(KeyKind::Street, s);
        }
        for name in &self.names {
            let (Some(first), Some(last)) = (name.words.first(), name.words.last()) else { continue };
            for other in [false, true] {
                let heard = |w: &text::search::Spoken| if other { w.second.clone() } else { w.first.clone() };
                put(KeyKind::Ends, &format!("{} {}", heard(first), heard(last)));
                if let Some(second) = name.words.get(1).filter(|_| name.words.len() > 2) {
                    put(KeyKind::Starts, &format!("{} {}", heard(first), heard(second)));
                }
                if name.words.len() != 2 {
                    put(KeyKind::FullName, &name.words.iter().map(heard).collect::<Vec<_>>().join(" "));
                }
                for city in &self.cities {
                    put(KeyKind::Street, &in_town(city, &heard(first)));
                }
                for (y, m, d) in &self.birthdays {
                    put(KeyKind::Birthday, &format!("{y}-{m}-{d} {}", heard(first)));
                }
            }
        }
        out.sort_unstable();
        out.dedup();
        out
    }
}

/// The value of a key for a first name in a town.
pub(crate) fn in_town(city: &str, first: &str) -> String {
    format!("{city}\u{1f}{first}")
}

fn add(list: &mut Vec<String>, value: String) {
    if !value.is_empty() && !list.contains(&value) {
        list.push(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_know_their_kind_and_stay_as_they_are() {
        for kind in KeyKind::ALL {
            assert_eq!(Key::new("party", kind, "+966504030778").kind(), kind);
        }
        // Stored in every database: another function would find nothing of what is there.
        assert_eq!(Key::new("party", KeyKind::Phone, "+966504030778"), Key::new("party", KeyKind::Phone, "+966504030778"));
        assert_ne!(Key::new("party", KeyKind::Phone, "1"), Key::new("lead", KeyKind::Phone, "1"));
    }

    #[test]
    fn two_spellings_share_keys() {
        let keys = |n: &str| {
            let mut p = Profile::default();
            p.add_name(n);
            p.add_birthday(1980, 4, 13);
            p.keys("party")
        };
        let (a, b) = (keys("وادي رضوان فؤاد عبدالرحمن"), keys("Wady Abdelrahman"));
        let shared: Vec<KeyKind> = a.iter().filter(|k| b.contains(k)).map(|k| k.kind()).collect();
        assert_eq!(shared.iter().filter(|k| **k == KeyKind::Ends).count(), 1, "{shared:?}");
        assert!(shared.contains(&KeyKind::Birthday));
        assert!(KeyKind::worth(shared.iter().fold(0, |b, k| b | k.bit())));
        assert!(!KeyKind::worth(KeyKind::Ends.bit()));
    }
}
