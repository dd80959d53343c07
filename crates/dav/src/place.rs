//! Addresses: `/dav/`, a principal, his two homes, the collections in them, their members.

use engine::Actor;
use engine::dav::Shelf;
use kernel::{Fault, Outcome};
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Root,
    /// Where principals stand.
    Principals,
    Principal(Uuid),
    Home(Shelf, Uuid),
    Collection(Shelf, Uuid, String),
    Member(Shelf, Uuid, String, String),
}

impl Place {
    /// The place of a path below `/dav`, or of a whole path.
    pub fn of(path: &str) -> Option<Place> {
        let path = path.strip_prefix("/dav").filter(|p| p.is_empty() || p.starts_with('/')).unwrap_or(path);
        let parts: Vec<String> = path.split('/').filter(|p| !p.is_empty()).map(decode).collect::<Option<_>>()?;
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let shelf = |s: &str| match s {
            "calendars" => Some(Shelf::Calendars),
            "addressbooks" => Some(Shelf::Cards),
            _ => None,
        };
        Some(match parts.as_slice() {
            [] => Place::Root,
            ["principals"] => Place::Principals,
            ["principals", user] => Place::Principal(user.parse().ok()?),
            [s, user] => Place::Home(shelf(s)?, user.parse().ok()?),
            [s, user, collection] => Place::Collection(shelf(s)?, user.parse().ok()?, (*collection).to_owned()),
            [s, user, collection, name] if name.len() <= 200 => Place::Member(shelf(s)?, user.parse().ok()?, (*collection).to_owned(), (*name).to_owned()),
            _ => return None,
        })
    }

    /// Everybody has his own places and no others'.
    ///
    /// # Errors
    /// Not found.
    pub fn own(&self, actor: &Actor) -> Outcome<()> {
        match self {
            Place::Root | Place::Principals => Ok(()),
            Place::Principal(u) | Place::Home(_, u) | Place::Collection(_, u, _) | Place::Member(_, u, ..) if *u == actor.id => Ok(()),
            _ => Err(Fault::not_found()),
        }
    }

    pub fn href(&self) -> String {
        let shelf = |s: &Shelf| if *s == Shelf::Calendars { "calendars" } else { "addressbooks" };
        match self {
            Place::Root => "/dav/".into(),
            Place::Principals => "/dav/principals/".into(),
            Place::Principal(u) => format!("/dav/principals/{u}/"),
            Place::Home(s, u) => format!("/dav/{}/{u}/", shelf(s)),
            Place::Collection(s, u, c) => format!("/dav/{}/{u}/{}/", shelf(s), encode(c)),
            Place::Member(s, u, c, n) => format!("/dav/{}/{u}/{}/{}", shelf(s), encode(c), encode(n)),
        }
    }
}

fn decode(part: &str) -> Option<String> {
    let mut out = Vec::with_capacity(part.len());
    let mut bytes = part.bytes();
    while let Some(b) = bytes.next() {
        if b == b'%' {
            let hex = [bytes.next()?, bytes.next()?];
            out.push(u8::from_str_radix(std::str::from_utf8(&hex).ok()?, 16).ok()?);
        } else {
            out.push(b);
        }
    }
    String::from_utf8(out).ok().filter(|t| !t.contains(['/', '\0', '\r', '\n']) && t != ".." && t != ".")
}

fn encode(part: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~' | b'@' | b'+' | b'=');
    part.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_come_back_as_they_went() {
        let u = Uuid::from_u128(5);
        for place in [
            Place::Root,
            Place::Principal(u),
            Place::Home(Shelf::Cards, u),
            Place::Collection(Shelf::Calendars, u, "team-1".into()),
            Place::Member(Shelf::Calendars, u, "calendar".into(), "موعد 1{x}.ics".into()),
        ] {
            assert_eq!(Place::of(&place.href()), Some(place.clone()), "{}", place.href());
        }
        assert_eq!(Place::of(&format!("/calendars/{u}/")), Some(Place::Home(Shelf::Calendars, u)));
        for bad in ["/dav/calendars/5/", "/dav/files/", &format!("/dav/calendars/{u}/a/%2e%2e"), &format!("/dav/calendars/{u}/a/b%2Fc"), &format!("/dav/calendars/{u}/a/%zz")] {
            assert_eq!(Place::of(bad), None, "{bad}");
        }
    }
}
