//! Where the directory is and how people are found in it.

use ldap3::ldap_escape;
use serde::{Deserialize, Serialize};

/// How the way there is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// TLS from the first byte (LDAPS).
    #[default]
    Tls,
    /// TLS after a request for it (RFC 4511, section 4.14).
    StartTls,
    /// None: to this machine only, unless [`Settings::in_the_clear`].
    Plain,
}

/// A directory. The service account's password is handed in beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// Passwords may travel unprotected through the network.
    pub in_the_clear: bool,
    /// Certificates (PEM) of the company's own authority; empty: those of the public ones.
    pub authority: String,
    /// The service account; empty: anonymous.
    pub bind: String,
    /// Below this people are looked for.
    pub base: String,
    /// `{login}` stands for what the person typed.
    pub filter: String,
    /// An attribute that never changes and is never given to anybody else: `entryUUID`, `objectGUID`.
    pub id: String,
    pub mail: String,
    pub name: String,
    /// The attribute with a person's groups; empty: groups are searched for.
    pub member_of: String,
    /// Below this groups are looked for that have the person as a member; empty: they are not.
    pub group_base: String,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            host: String::new(),
            port: 636,
            security: Security::Tls,
            in_the_clear: false,
            authority: String::new(),
            bind: String::new(),
            base: String::new(),
            filter: "(&(objectClass=person)(|(uid={login})(mail={login})))".into(),
            id: "entryUUID".into(),
            mail: "mail".into(),
            name: "cn".into(),
            member_of: "memberOf".into(),
            group_base: String::new(),
        }
    }
}

impl Settings {
    /// The filter for one person.
    pub(crate) fn filter_of(&self, login: &str) -> String {
        self.filter.replace("{login}", &ldap_escape(login))
    }
    /// A name nobody has, to try a password on: a wrong name takes as long as a wrong password.
    pub fn nobody(&self) -> String {
        format!("cn=nobody,{}", self.base)
    }
    /// The filter for everybody: whatever stands in the place of the name.
    pub(crate) fn filter_of_all(&self) -> String {
        self.filter.replace("{login}", "*")
    }
    /// Whether the filter can be read and asks for the person.
    pub fn filter_fits(&self) -> bool {
        self.filter.contains("{login}") && ldap3::parse_filter(self.filter_of("x")).is_ok() && ldap3::parse_filter(self.filter_of_all()).is_ok()
    }
    pub(crate) fn attributes(&self) -> Vec<&str> {
        let asked = [&self.id, &self.mail, &self.name, &self.member_of].into_iter().map(String::as_str).filter(|a| !a.is_empty());
        asked.chain(["uid", "userAccountControl", "nsAccountLock", "pwdAccountLockedTime", "loginDisabled"]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_stays_a_value() {
        let s = Settings::default();
        assert!(s.filter_fits());
        assert_eq!(s.filter_of("*)(uid=*"), "(&(objectClass=person)(|(uid=\\2a\\29\\28uid=\\2a)(mail=\\2a\\29\\28uid=\\2a)))");
        assert_eq!(s.filter_of("نورة\0\\"), "(&(objectClass=person)(|(uid=نورة\\00\\5c)(mail=نورة\\00\\5c)))");
        for bad in ["(uid=noura)", "(uid={login}", "(&(uid={login})"] {
            assert!(!Settings { filter: bad.into(), ..Settings::default() }.filter_fits(), "{bad}");
        }
    }
}
