//! The providers whose servers nobody should have to look up.

use crate::server::Security;

/// A provider's servers. Hosts are empty for one's own server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    pub key: &'static str,
    pub imap: (&'static str, u16, Security),
    pub smtp: (&'static str, u16, Security),
    /// Where OAuth2 tokens are renewed; empty: passwords only.
    pub token: &'static str,
    /// Where a person allows us in, and what is asked for; empty where we do not know.
    pub authorize: &'static str,
    pub scopes: &'static str,
    /// The provider puts what is sent over SMTP into the Sent folder itself.
    pub keeps_sent: bool,
}

const OWN: Preset =
    Preset { key: "own", imap: ("", 993, Security::Tls), smtp: ("", 465, Security::Tls), token: "", authorize: "", scopes: "", keeps_sent: false };

pub const PRESETS: [Preset; 4] = [
    Preset {
        key: "google",
        imap: ("imap.gmail.com", 993, Security::Tls),
        smtp: ("smtp.gmail.com", 465, Security::Tls),
        token: "https://oauth2.googleapis.com/token",
        authorize: "https://accounts.google.com/o/oauth2/v2/auth",
        scopes: "https://mail.google.com/",
        keeps_sent: true,
    },
    Preset {
        key: "microsoft",
        imap: ("outlook.office365.com", 993, Security::Tls),
        smtp: ("smtp.office365.com", 587, Security::Starttls),
        token: "https://login.microsoftonline.com/common/oauth2/v2.0/token",
        authorize: "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
        scopes: "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access",
        keeps_sent: true,
    },
    Preset {
        key: "zoho",
        imap: ("imappro.zoho.com", 993, Security::Tls),
        smtp: ("smtppro.zoho.com", 465, Security::Tls),
        token: "https://accounts.zoho.com/oauth/v2/token",
        authorize: "",
        scopes: "",
        keeps_sent: true,
    },
    OWN,
];

pub fn preset(key: &str) -> Preset {
    PRESETS.into_iter().find(|p| p.key == key).unwrap_or(OWN)
}
