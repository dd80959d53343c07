//! What identifies a person, and the forms in which it is stored.

use super::{Fate, Member, blanked};
use crate::Company;
use crate::record_sql::{Columns, from};
use kernel::{Kind, Outcome, Value};
use std::collections::BTreeSet;
use store::Conn;
use store::scan::Needle;

/// One value of a person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// `party.email`
    pub what: String,
    pub text: String,
    pub kind: MarkKind,
    /// It points to him alone wherever it stands: an address, a number, a full name, his id.
    pub strong: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKind {
    Text,
    Name,
    Phone,
}

impl Mark {
    pub fn text(what: &str, text: &str) -> Mark {
        Mark { what: what.into(), text: text.trim().into(), kind: MarkKind::Text, strong: text.contains('@') }
    }
    pub fn name(what: &str, text: &str) -> Mark {
        let full = text.split_whitespace().count() > 1 && text.chars().count() >= 7;
        Mark { what: what.into(), text: text.trim().into(), kind: MarkKind::Name, strong: full }
    }
    pub fn phone(what: &str, text: &str) -> Mark {
        Mark { what: what.into(), text: text.trim().into(), kind: MarkKind::Phone, strong: true }
    }

    /// Every form in which the value may lie somewhere: as written, inside JSON, folded for search, as sort key, as it
    /// sounds, a phone with and without its country.
    fn forms(&self) -> Vec<(&'static str, Vec<u8>)> {
        let mut forms: Vec<(&'static str, Vec<u8>)> = vec![("", self.text.clone().into_bytes())];
        let json = serde_json::to_string(&self.text).unwrap_or_default();
        forms.push(("json", json.trim_matches('"').as_bytes().to_vec()));
        let ascii: String = self.text.encode_utf16().map(|u| if u < 128 { char::from_u32(u.into()).unwrap_or(' ').to_string() } else { format!("\\u{u:04x}") }).collect();
        if !self.text.is_ascii() {
            forms.push(("json", ascii.into_bytes()));
        }
        let folded = text::fold::fold(&self.text);
        // The search keeps two spaces before each word of a title.
        forms.push(("in a title", folded.split_whitespace().collect::<Vec<_>>().join("  ").into_bytes()));
        forms.push(("folded", folded.into_bytes()));
        match self.kind {
            MarkKind::Text => forms.push(("sort key", text::sort::sort_key(&self.text))),
            MarkKind::Name => {
                forms.push(("sort key", text::sort::sort_key(&self.text)));
                if self.strong {
                    forms.push(("sound", text::search::name_keys(&self.text).into_bytes()));
                }
            }
            MarkKind::Phone => {
                forms.extend(text::phone::searched(&self.text).into_iter().map(|t| ("digits", t.into_bytes())));
                forms.push(("digits", self.text.trim_start_matches('+').as_bytes().to_vec()));
            }
        }
        forms
    }
}

/// The forms of values, each once.
pub fn needles(marks: &[Mark]) -> Vec<Needle> {
    let mut seen = BTreeSet::new();
    let forms = marks.iter().flat_map(|m| m.forms().into_iter().map(move |(form, bytes)| (m, form, bytes)));
    forms
        .filter(|(.., bytes)| seen.insert(bytes.clone()))
        .filter_map(|(m, form, bytes)| Needle::new(if form.is_empty() { m.what.clone() } else { format!("{} ({form})", m.what) }, bytes))
        .collect()
}

/// The identifying values of the person and of what is part of him, as they are stored now.
///
/// # Errors
/// The database.
pub async fn of_record(company: &Company, conn: &mut Conn, members: &[Member]) -> Outcome<Vec<Mark>> {
    let registry = company.registry();
    let mut marks = BTreeSet::new();
    for member in members.iter().filter(|m| matches!(m.fate, Fate::Subject | Fate::Remove)) {
        let object = registry.object(&member.object)?;
        let fields: Vec<_> = object.fields.iter().filter(|f| blanked(object, f, Fate::Subject)).collect();
        let columns = Columns::new(object, fields.clone());
        let mut sql = conn.sql();
        sql.push("SELECT ");
        columns.write(&mut sql, "t");
        from(&mut sql, object, "t");
        sql.push(" WHERE t.\"id\" = ").bind(member.id);
        let Some(record) = conn.row(&sql, &columns.types).await?.and_then(|row| columns.record(&row)) else { continue };
        for f in fields {
            let what = format!("{}.{}", object.key, f.key);
            match (record.get(&f.key), &f.kind) {
                (Value::Name(n), _) => marks.extend([&n.ar, &n.latin].into_iter().filter(|t| !t.is_empty()).map(|t| Mark::name(&what, t))),
                (Value::Text(t), Kind::Phone) => {
                    marks.insert(Mark::phone(&what, t));
                }
                (Value::Text(t), Kind::Email) => {
                    marks.insert(Mark::text(&what, t));
                }
                // Prose is not looked for word by word; where it stands is known.
                (Value::Text(t), Kind::LongText | Kind::RichText) if t.chars().count() >= 12 => {
                    marks.insert(Mark::text(&what, t));
                }
                (Value::Text(t), Kind::Code { .. } | Kind::Url) if t.len() >= 5 => {
                    marks.insert(Mark::text(&what, t));
                }
                (Value::Address(a), _) => marks.extend([&a.street].into_iter().filter(|t| t.chars().count() >= 8).map(|t| Mark::text(&what, t))),
                _ => {}
            }
        }
    }
    Ok(marks.into_iter().collect())
}
