//! Which letter belongs to which conversation, and what it is about.

use sha2::{Digest, Sha256};

/// Most ids taken from one letter's `References`: the first names the beginning, the last the letter answered.
pub const MOST_REFERENCES: usize = 60;

/// The ids between angle brackets, in order, without repetition; at most [`MOST_REFERENCES`], the first and the last ones.
pub fn message_ids(field: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = field;
    while let Some((_, after)) = rest.split_once('<') {
        let Some((id, tail)) = after.split_once('>') else { break };
        let id = clean(id);
        if !id.is_empty() && !found.contains(&id) {
            found.push(id);
        }
        rest = tail;
        if found.len() > 4 * MOST_REFERENCES {
            break;
        }
    }
    if found.len() > MOST_REFERENCES {
        let last = found.split_off(found.len() - (MOST_REFERENCES - 1));
        found.truncate(1);
        found.extend(last);
    }
    found
}

/// An id without white space and control characters; a monstrous one is known by its hash.
pub fn clean(id: &str) -> String {
    let id: String = id.trim().trim_matches(['<', '>']).chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    if id.len() > 250 { format!("{}@hash", hash(id.as_bytes())) } else { id }
}

/// SHA-256 in hexadecimal.
pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// Knows a message again after its folder was numbered anew: `Message-ID`, size and `Date` as the server gives them.
/// None without a `Message-ID`: then only the whole content tells.
pub fn outline_key(fields: &[u8], size: i64) -> Option<String> {
    let text = String::from_utf8_lossy(fields).replace("\r\n ", " ").replace("\r\n\t", " ");
    let field = |name: &str| {
        let line = text.lines().find(|l| l.split_once(':').is_some_and(|(n, _)| n.eq_ignore_ascii_case(name)));
        line.and_then(|l| l.split_once(':')).map(|(_, v)| v.trim().to_owned()).unwrap_or_default()
    };
    let id = clean(&field("message-id"));
    (!id.is_empty()).then(|| hash(format!("{id}\n{size}\n{}", field("date")).as_bytes()))
}

/// Answer and forward marks of the languages people here write in.
const MARKS: &[&str] = &["re", "fw", "fwd", "aw", "wg", "tr", "rv", "rif", "sv", "رد", "الرد", "إعادة توجيه", "توجيه", "تحويل"];

/// A subject without `Re:`, `رد:`, numbers in brackets and tags: the same for a whole conversation.
pub fn bare_subject(subject: &str) -> String {
    let mut rest = subject.trim();
    'outer: loop {
        if let Some((head, tail)) = rest.split_once(':') {
            let mark = head.trim().trim_end_matches(|c: char| c.is_ascii_digit() || "[]()".contains(c)).trim().to_lowercase();
            if MARKS.contains(&mark.as_str()) {
                rest = tail.trim();
                continue 'outer;
            }
        }
        break;
    }
    let mut out = rest.to_owned();
    if let Some(tag) = tag_in(rest) {
        out = out.replace(&format!("[#{tag}]"), "").trim().to_owned();
    }
    out.to_lowercase()
}

/// The letters of an id tag: no vowels and nothing that is mistaken for another.
pub const TAG_LETTERS: &[u8] = b"23456789BCDFGHJKMNPQRSTVWXYZ";
pub const TAG_LENGTH: usize = 8;

fn is_tag(text: &str) -> bool {
    text.len() == TAG_LENGTH && text.bytes().all(|b| TAG_LETTERS.contains(&b))
}

/// `[#K7M2P9QX]` in a subject.
pub fn tag_in(subject: &str) -> Option<String> {
    let mut rest = subject;
    while let Some((_, after)) = rest.split_once("[#") {
        if let Some((tag, _)) = after.split_once(']') {
            let tag = text::digits::to_ascii(tag).trim().to_uppercase();
            if is_tag(&tag) {
                return Some(tag);
            }
        }
        rest = after;
    }
    None
}

/// `sales+k7m2p9qx@nakheel.example`
pub fn tag_of_address(address: &str) -> Option<String> {
    let local = address.split_once('@')?.0;
    let tag = local.rsplit_once('+')?.1.to_uppercase();
    is_tag(&tag).then_some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_and_bounded() {
        assert_eq!(message_ids("<a@x> junk <b@x>\r\n <a@x> <unclosed"), ["a@x", "b@x"]);
        let many: String = (0..100_000).map(|n| format!("<{n}@x>")).collect();
        let ids = message_ids(&many);
        assert_eq!((ids.len(), ids[0].as_str()), (MOST_REFERENCES, "0@x"));
        assert!(message_ids(&format!("<{}>", "x".repeat(100_000)))[0].len() < 100);
    }

    #[test]
    fn subjects_are_bared_in_both_languages() {
        for subject in ["عرض سعر", "رد: عرض سعر", "RE: رد: Fwd: عرض سعر", "Re[2]: عرض سعر [#K7M2P9QX]", "إعادة توجيه: عرض سعر"] {
            assert_eq!(bare_subject(subject), "عرض سعر", "{subject}");
        }
        assert_eq!(bare_subject("موعد: الأحد"), "موعد: الأحد");
    }

    #[test]
    fn tags_are_found_and_nothing_else() {
        assert_eq!(tag_in("رد: فاتورة [#1] [#K7M2P9QX]").as_deref(), Some("K7M2P9QX"));
        assert_eq!(tag_in("[#AEIOU123] [#]"), None);
        assert_eq!(tag_of_address("sales+k7m2p9qx@nakheel.example").as_deref(), Some("K7M2P9QX"));
        assert_eq!(tag_of_address("sales+news@nakheel.example"), None);
    }

    #[test]
    fn a_message_is_known_again_by_id_size_and_date() {
        let a = outline_key(b"Date: Thu, 5 Mar 2026 12:00:00 +0300\r\nMessage-ID:\r\n <a@x>\r\n\r\n", 10);
        assert_eq!(a, outline_key(b"message-id: <a@x>\r\nDate: Thu, 5 Mar 2026 12:00:00 +0300\r\n\r\n", 10));
        assert_ne!(a, outline_key(b"message-id: <a@x>\r\nDate: Thu, 5 Mar 2026 12:00:00 +0300\r\n\r\n", 11));
        assert_eq!(outline_key(b"Date: x\r\n", 10), None);
    }
}
