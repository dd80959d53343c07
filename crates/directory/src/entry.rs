//! A person as the directory has him.

use crate::Settings;
use ldap3::SearchEntry;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    pub dn: String,
    /// The value of [`Settings::id`]; hexadecimal where it is binary.
    pub id: String,
    /// In lower case; empty where there is none.
    pub mail: String,
    pub name: String,
    /// Each by its whole name and by the first part of it (`cn=sales,ou=…` and `sales`).
    pub groups: Vec<String>,
    /// Switched off there.
    pub disabled: bool,
}

impl Entry {
    pub(crate) fn of(settings: &Settings, found: &SearchEntry) -> Entry {
        let first = |name: &str| values(found, name).next().map(str::trim).unwrap_or_default().to_owned();
        let id = match found.bin_attrs.iter().find(|(n, _)| n.eq_ignore_ascii_case(&settings.id)) {
            Some((_, all)) => all.first().map(hex::encode).unwrap_or_default(),
            // Bytes that happen to be text are bytes nevertheless.
            None if settings.id.eq_ignore_ascii_case("objectGUID") => values(found, &settings.id).next().map(hex::encode).unwrap_or_default(),
            None => first(&settings.id),
        };
        let mut groups = Vec::new();
        if !settings.member_of.is_empty() {
            values(found, &settings.member_of).for_each(|dn| name_group(dn, &mut groups));
        }
        Entry { dn: found.dn.clone(), id, mail: first(&settings.mail).to_lowercase(), name: first(&settings.name), groups, disabled: disabled(found) }
    }
}

/// Attribute names differ in case from server to server.
fn values<'a>(found: &'a SearchEntry, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
    let list = found.attrs.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, all)| all);
    list.into_iter().flatten().map(String::as_str)
}

pub(crate) fn name_group(dn: &str, groups: &mut Vec<String>) {
    groups.push(dn.to_owned());
    let first = dn.split(',').next().unwrap_or_default();
    if let Some((_, name)) = first.split_once('=') {
        groups.push(name.to_owned());
    }
}

/// Active Directory (`ACCOUNTDISABLE`, bit 2), 389 Directory Server, OpenLDAP's password policy (locked for good), eDirectory.
fn disabled(found: &SearchEntry) -> bool {
    let control = values(found, "userAccountControl").next().and_then(|v| v.parse::<u32>().ok()).unwrap_or_default();
    let yes = |name: &str| values(found, name).next().is_some_and(|v| v.eq_ignore_ascii_case("true"));
    control & 2 != 0 || yes("nsAccountLock") || yes("loginDisabled") || values(found, "pwdAccountLockedTime").next().is_some_and(|v| v.starts_with("0000"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pairs: &[(&str, &str)]) -> SearchEntry {
        let attrs = pairs.iter().map(|(k, v)| ((*k).to_owned(), vec![(*v).to_owned()])).collect();
        SearchEntry { dn: "uid=x".into(), attrs, bin_attrs: [("objectGUID".to_owned(), vec![vec![0xff, 0x01]])].into() }
    }

    #[test]
    fn accounts_that_are_switched_off() {
        for (name, value, off) in [
            ("userAccountControl", "514", true),
            ("useraccountcontrol", "66050", true),
            ("userAccountControl", "512", false),
            ("nsAccountLock", "TRUE", true),
            ("nsAccountLock", "FALSE", false),
            ("pwdAccountLockedTime", "000001010000Z", true),
            ("pwdAccountLockedTime", "20260301080000Z", false),
            ("loginDisabled", "TRUE", true),
        ] {
            assert_eq!(disabled(&found(&[(name, value)])), off, "{name} {value}");
        }
        let settings = Settings { id: "objectGUID".into(), ..Settings::default() };
        let entry = Entry::of(&settings, &found(&[("MAIL", "Noura@Example.SA"), ("memberof", "CN=المبيعات,OU=Groups,DC=example,DC=sa")]));
        assert_eq!((entry.id.as_str(), entry.mail.as_str()), ("ff01", "noura@example.sa"));
        let as_text = SearchEntry { dn: "uid=x".into(), attrs: [("objectGUID".to_owned(), vec!["\0 a".to_owned()])].into(), bin_attrs: [].into() };
        assert_eq!(Entry::of(&settings, &as_text).id, "002061");
        assert_eq!(entry.groups, ["CN=المبيعات,OU=Groups,DC=example,DC=sa", "المبيعات"]);
    }
}
