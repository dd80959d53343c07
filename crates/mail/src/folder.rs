//! Folders: their names (RFC 3501 §5.1.3) and what they are for (RFC 6154).

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// What a folder is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Inbox,
    Sent,
    Drafts,
    Junk,
    Trash,
    Archive,
    /// Everything once more, under other names (Gmail).
    All,
    Other,
}

impl Role {
    pub const fn key(self) -> &'static str {
        match self {
            Role::Inbox => "inbox",
            Role::Sent => "sent",
            Role::Drafts => "drafts",
            Role::Junk => "junk",
            Role::Trash => "trash",
            Role::Archive => "archive",
            Role::All => "all",
            Role::Other => "other",
        }
    }
    /// Read unless somebody says otherwise: correspondence, not what was thrown away or never sent.
    pub const fn usual(self) -> bool {
        matches!(self, Role::Inbox | Role::Sent | Role::Archive | Role::Other)
    }
}

/// A folder of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// As it goes over the wire.
    pub raw: String,
    /// As a person reads it.
    pub name: String,
    pub role: Role,
}

/// Names that servers without special-use attributes give; the last part decides.
const NAMES: &[(&str, Role)] = &[
    ("sent", Role::Sent),
    ("sent items", Role::Sent),
    ("sent messages", Role::Sent),
    ("sent mail", Role::Sent),
    ("المرسل", Role::Sent),
    ("العناصر المرسلة", Role::Sent),
    ("البريد المرسل", Role::Sent),
    ("drafts", Role::Drafts),
    ("المسودات", Role::Drafts),
    ("junk", Role::Junk),
    ("junk email", Role::Junk),
    ("spam", Role::Junk),
    ("البريد غير الهام", Role::Junk),
    ("trash", Role::Trash),
    ("deleted items", Role::Trash),
    ("deleted messages", Role::Trash),
    ("العناصر المحذوفة", Role::Trash),
    ("المهملات", Role::Trash),
    ("archive", Role::Archive),
    ("الأرشيف", Role::Archive),
];

impl Folder {
    /// From a line of `LIST`; none for what holds no messages.
    pub fn of(attributes: &[String], delimiter: &str, raw: &str) -> Option<Folder> {
        let has = |name: &str| attributes.iter().any(|a| a.eq_ignore_ascii_case(name));
        if has("\\Noselect") || has("\\NonExistent") {
            return None;
        }
        let name = decode(raw);
        let last = if delimiter.is_empty() { name.as_str() } else { name.rsplit(delimiter).next().unwrap_or(&name) };
        let special = [
            ("\\Sent", Role::Sent),
            ("\\Drafts", Role::Drafts),
            ("\\Junk", Role::Junk),
            ("\\Trash", Role::Trash),
            ("\\Archive", Role::Archive),
            ("\\All", Role::All),
        ];
        let said = special.into_iter().find(|(a, _)| has(a)).map(|(_, r)| r);
        let guessed = || NAMES.iter().find(|(n, _)| *n == last.to_lowercase()).map(|(_, r)| *r);
        let role = if raw.eq_ignore_ascii_case("INBOX") { Role::Inbox } else { said.or_else(guessed).unwrap_or(Role::Other) };
        Some(Folder { raw: raw.to_owned(), name, role })
    }
}

/// Modified UTF-7 to text; what does not decode stays as it is.
pub fn decode(raw: &str) -> String {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_decode_allow_trailing_bits(true);
    let engine = GeneralPurpose::new(&alphabet::IMAP_MUTF7, config);
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let Some((code, tail)) = after.split_once('-') else {
            out.push('&');
            out.push_str(after);
            return out;
        };
        if code.is_empty() {
            out.push('&');
        } else {
            let units = engine.decode(code).ok().filter(|b| b.len() % 2 == 0);
            let units = units.map(|b| b.chunks_exact(2).map(|p| p.iter().fold(0_u16, |n, b| n << 8 | u16::from(*b))).collect::<Vec<_>>());
            match units.and_then(|u| String::from_utf16(&u).ok()) {
                Some(text) => out.push_str(&text),
                None => out.push_str(&format!("&{code}-")),
            }
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arabic_folders_are_read_and_known() {
        assert_eq!(decode("&BicGRAZFBjEGMwZE-"), "المرسل");
        assert_eq!(decode("Tom &- Jerry"), "Tom & Jerry");
        assert_eq!(decode("&bad"), "&bad");
        let of = |attributes: &[&str], raw: &str| Folder::of(&attributes.iter().map(|a| (*a).to_owned()).collect::<Vec<_>>(), "/", raw);
        assert_eq!(of(&[], "INBOX").unwrap().role, Role::Inbox);
        assert_eq!(of(&["\\HasNoChildren", "\\Sent"], "Anything").unwrap().role, Role::Sent);
        assert_eq!(of(&[], "INBOX/Deleted Items").unwrap().role, Role::Trash);
        assert!(of(&["\\Noselect"], "Folders").is_none());
    }
}
