//! What an address book shows of a vCard (RFC 6350, and RFC 2426 as phones still write it).

use crate::content::{Component, Prop, structured};
use jiff::civil::Date;

/// A number, address or link with what it is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// `work`, `home`, `mobile`, `fax`, `other`.
    pub kind: String,
    pub value: String,
}

/// A postal address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Postal {
    pub street: String,
    pub city: String,
    pub region: String,
    pub postcode: String,
    pub country: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    pub uid: String,
    /// The name as it is shown.
    pub full: String,
    pub family: String,
    pub given: String,
    /// An organisation rather than a person.
    pub organisation: bool,
    /// Where a person works.
    pub company: String,
    pub title: String,
    pub phones: Vec<Reach>,
    pub emails: Vec<Reach>,
    pub address: Option<Postal>,
    pub url: String,
    pub note: String,
    pub birthday: Option<Date>,
}

/// Properties a [`Card`] speaks for; the others belong to the program that wrote them.
pub const OWN: [&str; 18] = [
    "VERSION", "PRODID", "UID", "REV", "FN", "N", "ORG", "TITLE", "TEL", "EMAIL", "ADR", "URL", "NOTE", "BDAY", "KIND", "X-ABSHOWAS",
    "X-ADDRESSBOOKSERVER-KIND", "X-ABLABEL",
];

impl Card {
    pub fn read(c: &Component) -> Card {
        let n = c.get("N").map(|p| structured(&p.value)).unwrap_or_default();
        let part = |list: &[String], i: usize| list.get(i).map(|s| s.trim().to_owned()).unwrap_or_default();
        let reach = |name: &'static str| {
            let mut all: Vec<(bool, Reach)> = c.all(name).map(|p| (preferred(p), Reach { kind: kind(p), value: p.unescaped().trim().trim_start_matches("tel:").to_owned() })).collect();
            all.retain(|(_, r)| !r.value.is_empty());
            all.sort_by_key(|(first, _)| !first);
            all.into_iter().map(|(_, r)| r).collect::<Vec<_>>()
        };
        let org = c.get("ORG").map(|p| structured(&p.value)).unwrap_or_default();
        let organisation = c.text("KIND").eq_ignore_ascii_case("org") || c.text("X-ABSHOWAS").eq_ignore_ascii_case("company");
        let (family, given) = (part(&n, 0), part(&n, 1));
        let written = c.text("FN").trim().to_owned();
        let full = if !written.is_empty() { written } else if organisation { part(&org, 0) } else { format!("{given} {family}").trim().to_owned() };
        Card {
            uid: c.text("UID"),
            full,
            family,
            given,
            organisation,
            company: if organisation { String::new() } else { part(&org, 0) },
            title: c.text("TITLE"),
            phones: reach("TEL"),
            emails: reach("EMAIL"),
            address: c.get("ADR").map(|p| {
                let a = structured(&p.value);
                Postal { street: part(&a, 2), city: part(&a, 3), region: part(&a, 4), postcode: part(&a, 5), country: part(&a, 6) }
            }),
            url: c.text("URL"),
            note: c.text("NOTE"),
            birthday: c.get("BDAY").and_then(|p| birthday(&p.value)),
        }
    }

    /// As vCard 3.0, which every phone reads.
    pub fn write(&self, rev: &str) -> Component {
        let mut c = Component::new("VCARD").with(Prop::raw("VERSION", "3.0")).with(Prop::raw("PRODID", "-//Sila//CRM//EN")).with(Prop::text("UID", &self.uid));
        let escape = crate::content::escape;
        c.push(Prop::text("FN", &self.full));
        c.push(if self.organisation { Prop::raw("N", ";;;;") } else { Prop::raw("N", format!("{};{};;;", escape(&self.family), escape(&self.given))) });
        if self.organisation {
            c.push(Prop::text("ORG", &self.full));
            c.push(Prop::raw("X-ABSHOWAS", "COMPANY"));
        } else if !self.company.is_empty() {
            c.push(Prop::text("ORG", &self.company));
        }
        let mut text = |name: &str, value: &str| {
            if !value.is_empty() {
                c.push(Prop::text(name, value));
            }
        };
        text("TITLE", &self.title);
        text("URL", &self.url);
        text("NOTE", &self.note);
        for (name, list) in [("TEL", &self.phones), ("EMAIL", &self.emails)] {
            for (i, r) in list.iter().enumerate() {
                let kind = match r.kind.as_str() {
                    "mobile" => "CELL",
                    "home" => "HOME",
                    "fax" => "FAX",
                    "other" => "OTHER",
                    _ => "WORK",
                };
                let mut types = vec![kind.to_owned()];
                if name == "EMAIL" {
                    types.insert(0, "INTERNET".into());
                }
                if i == 0 {
                    types.push("PREF".into());
                }
                c.push(Prop { params: vec![("TYPE".into(), types)], ..Prop::text(name, &r.value) });
            }
        }
        if let Some(a) = &self.address {
            let value = [&a.street, &a.city, &a.region, &a.postcode, &a.country].map(|p| escape(p)).join(";");
            c.push(Prop::raw("ADR", format!(";;{value}")).with("TYPE", "WORK"));
        }
        if let Some(d) = self.birthday {
            c.push(Prop::raw("BDAY", d.to_string()));
        }
        c.push(Prop::raw("REV", rev));
        c
    }
}

fn preferred(p: &Prop) -> bool {
    p.types().iter().any(|t| t == "pref") || p.param("PREF") == Some("1")
}

fn kind(p: &Prop) -> String {
    let types = p.types();
    let has = |t: &str| types.iter().any(|x| x == t);
    let kind = if has("fax") {
        "fax"
    } else if has("cell") || has("iphone") {
        "mobile"
    } else if has("home") {
        "home"
    } else if has("work") {
        "work"
    } else {
        "other"
    };
    kind.to_owned()
}

/// `1988-03-04`, `19880304`, with or without a time behind; without a year nothing is known that could be stored.
fn birthday(value: &str) -> Option<Date> {
    let day = value.split('T').next()?;
    day.parse().ok().or_else(|| crate::moment::day(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_comes_back_as_it_went() {
        let card = Card {
            uid: "7".into(),
            full: "سالم بن فهد الشمري".into(),
            family: "الشمري".into(),
            given: "سالم".into(),
            company: "الأفق، للتجارة".into(),
            title: "مدير المشتريات".into(),
            phones: vec![Reach { kind: "mobile".into(), value: "+966556677889".into() }, Reach { kind: "work".into(), value: "+966112345678".into() }],
            emails: vec![Reach { kind: "work".into(), value: "salem@ofoq.example".into() }],
            address: Some(Postal { street: "طريق الملك فهد; مبنى ٣".into(), city: "الرياض".into(), country: "SA".into(), ..Postal::default() }),
            note: "يفضّل\nالواتساب".into(),
            birthday: Some("1988-03-04".parse().unwrap()),
            ..Card::default()
        };
        let text = card.write("20261128T000000Z").write();
        assert_eq!(Card::read(&crate::content::parse(&text).unwrap()[0]), card);
    }

    #[test]
    fn phones_write_cards_in_their_own_way() {
        let text = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Acme\r\nKIND:org\r\nTEL;VALUE=uri;TYPE=\"voice,home\":tel:+33-01-23\r\nTEL;PREF=1;TYPE=cell:+331\r\nBDAY:--0203\r\nEND:VCARD\r\n";
        let card = Card::read(&crate::content::parse(text).unwrap()[0]);
        assert!(card.organisation && card.birthday.is_none());
        assert_eq!(card.phones.iter().map(|p| p.value.as_str()).collect::<Vec<_>>(), ["+331", "+33-01-23"]);
    }
}
