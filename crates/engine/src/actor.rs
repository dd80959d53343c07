//! Who is doing it. Nothing is read or written without one.

use kernel::{Fault, Mask, Object, Outcome, Policy, Verb, expr::Expr};
use std::sync::Arc;
use text::locale::Locale;
use uuid::Uuid;

/// The API token somebody works through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub id: Uuid,
    pub name: String,
    pub limits: Limits,
}

/// How much an assistant may do with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Requests a minute.
    pub per_minute: u32,
    /// Changes proposed in one run.
    pub writes: u32,
    /// Records in one answer.
    pub rows: u32,
}

impl Limits {
    /// The most that can be set.
    pub const MOST: Limits = Limits { per_minute: 6_000, writes: 10_000, rows: 500 };
}

impl Default for Limits {
    fn default() -> Self {
        Limits { per_minute: 120, writes: 100, rows: 100 }
    }
}

/// A person, a token acting for a person, or the system itself.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The user; nil for the system.
    pub id: Uuid,
    pub name: kernel::Name,
    pub email: String,
    pub roles: Vec<String>,
    pub policy: Arc<Policy>,
    pub locale: Locale,
    /// Light, dark or as the device says.
    pub theme: String,
    /// Of an API token: `read`, `propose`, `confirm`, `write`, `admin` or `object:verb`; `None` for a person at the screen.
    pub scopes: Option<Vec<String>>,
    /// The token, where it is one that asks.
    pub token: Option<Arc<Token>>,
    /// Everyone in a team of his, himself among them; none where his rules do not ask.
    pub teammates: Option<Arc<[Uuid]>>,
    /// Who looks at the pages as this actor; nothing is written then.
    pub viewer: Option<crate::access::Viewer>,
    /// Joins the log lines, audit rows and events of one request.
    pub request: String,
}

impl Actor {
    /// The company's own hand: scheduled work, roll-up rebuilds, first set-up.
    pub fn system(locale: Locale) -> Self {
        Actor {
            id: Uuid::nil(),
            name: kernel::Name::new("النظام", "System"),
            email: String::new(),
            roles: Vec::new(),
            policy: Arc::new(Policy::system()),
            locale,
            theme: "auto".into(),
            scopes: None,
            token: None,
            teammates: None,
            viewer: None,
            request: String::new(),
        }
    }

    pub fn is_system(&self) -> bool {
        self.id.is_nil()
    }
    /// The person who really asks: the viewer where one looks as this actor.
    pub fn asking(&self) -> Uuid {
        self.viewer.as_ref().map_or(self.id, |v| v.id)
    }
    pub fn lang(&self) -> &'static str {
        self.locale.lang.code()
    }

    /// The rows of `object` on which the actor may `verb`.
    ///
    /// # Errors
    /// Not found when he may not even read the object; forbidden when he may read but not do this.
    pub fn rule(&self, object: &Object, verb: &Verb) -> Outcome<Expr> {
        let refused = || {
            if *verb != Verb::Read && self.policy.may(object, &Verb::Read) && self.in_scope(object, &Verb::Read) {
                Fault::forbidden()
            } else {
                Fault::not_found()
            }
        };
        if !self.in_scope(object, verb) {
            return Err(refused());
        }
        self.policy.rule(object, verb)?.ok_or_else(refused)
    }

    pub fn may(&self, object: &Object, verb: &Verb) -> bool {
        self.rule(object, verb).is_ok()
    }

    pub fn sees(&self, object: &str, field: &str) -> bool {
        self.policy.sees(object, field)
    }
    pub fn mask(&self, object: &str, field: &str) -> Option<Mask> {
        self.policy.mask(object, field)
    }

    /// # Errors
    /// Forbidden for everybody who does not administer the company.
    pub fn must_administer(&self) -> Outcome<()> {
        let scoped = self.scopes.as_ref().is_none_or(|s| s.iter().any(|s| s == "admin"));
        if self.policy.admin && scoped { Ok(()) } else { Err(Fault::forbidden()) }
    }

    /// What the token may at all; everything for a person at the screen.
    pub(crate) fn in_scope(&self, object: &Object, verb: &Verb) -> bool {
        let Some(scopes) = &self.scopes else { return true };
        let reading = matches!(verb, Verb::Read | Verb::Export);
        scopes.iter().any(|s| {
            s == "admin"
                || s == "write"
                || (matches!(s.as_str(), "read" | "propose" | "confirm") && reading)
                || s.split_once(':').is_some_and(|(o, v)| {
                    (o == object.key || o == "*")
                        && (v == verb.key()
                            || v == "*"
                            // Whoever writes anything of it may write on it.
                            || (*verb == Verb::Comment && !matches!(v, "read" | "export"))
                            || (v == "write" && !matches!(verb, Verb::Act(_))))
                })
        })
    }
}
