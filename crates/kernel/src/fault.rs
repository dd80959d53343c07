//! What went wrong, so that a person knows which field, what is wrong and what to do.

use serde::Serialize;
use std::fmt;

/// The result of everything that can be refused.
pub type Outcome<T> = Result<T, Fault>;

/// The class of a fault; decides the HTTP status and the problem type of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// No such thing, or the actor may not know of it (the same answer on purpose). 404
    NotFound,
    /// The actor may see it but not do this. 403
    Forbidden,
    /// Nobody is signed in, or the token is not valid. 401
    Unauthenticated,
    /// Input that does not fit; `issues` say which and why. 422
    Invalid,
    /// Somebody else saved first. 409 (412 when If-Match was sent)
    Conflict,
    /// Too many attempts. 429
    Throttled,
    /// Larger than allowed. 413
    TooLarge,
    /// The request itself cannot be read. 400
    BadRequest,
    /// The database or another service did not answer; trying again may help. 503
    Unavailable,
    /// A fault of ours. 500. `detail` goes to the log, never to the person.
    Internal,
}

const NEXT: &str = "next";
const OFFER: &str = "offer";

/// One thing that is wrong. `key` names the sentence in `locales/*/`, `args` fill it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Issue {
    /// Field key (dotted for nested input), or empty when it concerns the whole.
    pub field: String,
    pub key: String,
    pub args: Vec<(String, String)>,
}

impl Issue {
    pub fn new(field: impl Into<String>, key: impl Into<String>) -> Self {
        Self { field: field.into(), key: key.into(), args: Vec::new() }
    }
    #[must_use]
    pub fn arg(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        self.args.push((name.into(), value.to_string()));
        self
    }
    /// What to do about it: an address of ours, and the key of the sentence that offers it.
    #[must_use]
    pub fn next(self, href: impl fmt::Display, offer: &str) -> Self {
        self.arg(NEXT, href).arg(OFFER, offer)
    }
    /// The address and the key of the offer, where there is one.
    pub fn offered(&self) -> Option<(&str, &str)> {
        let find = |name: &str| self.args.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str());
        Some((find(NEXT)?, find(OFFER)?))
    }
    /// A value that only an action gives: its key, and what it is called.
    pub fn by_action(field: impl Into<String>, key: &str, label: &str) -> Self {
        Self::new(field, "value-by-action").arg("action", label).arg("do", key)
    }
    /// The key of the action that gives the value, where that is what stands in the way.
    pub fn action(&self) -> Option<&str> {
        let named = |(name, _): &&(String, String)| name == "do";
        self.args.iter().find(named).filter(|_| self.key == "value-by-action").map(|(_, key)| key.as_str())
    }
    /// The sentence in the reader's language. A missing `suggestion` reads as none.
    pub fn text(&self, lang: text::locale::Lang) -> String {
        let mut args: Vec<(&str, text::i18n::Arg<'_>)> =
            self.args.iter().map(|(k, v)| (k.as_str(), text::i18n::Arg::from(v.as_str()))).collect();
        if !self.args.iter().any(|(k, _)| k == "suggestion") {
            args.push(("suggestion", "none".into()));
        }
        text::i18n::t_args(lang, &self.key, &args)
    }
}

/// A refusal or failure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fault {
    pub kind: FaultKind,
    pub issues: Vec<Issue>,
    /// For the log only.
    #[serde(skip)]
    pub detail: String,
}

impl Fault {
    pub fn new(kind: FaultKind) -> Self {
        Self { kind, issues: Vec::new(), detail: String::new() }
    }
    pub fn not_found() -> Self {
        Self::new(FaultKind::NotFound)
    }
    pub fn forbidden() -> Self {
        Self::new(FaultKind::Forbidden)
    }
    pub fn conflict() -> Self {
        Self::new(FaultKind::Conflict)
    }
    pub fn internal(detail: impl fmt::Display) -> Self {
        Self { detail: detail.to_string(), ..Self::new(FaultKind::Internal) }
    }
    pub fn unavailable(detail: impl fmt::Display) -> Self {
        Self { detail: detail.to_string(), ..Self::new(FaultKind::Unavailable) }
    }
    /// One field, one sentence.
    pub fn invalid(field: impl Into<String>, key: impl Into<String>) -> Self {
        Self::issue(Issue::new(field, key))
    }
    pub fn issue(issue: Issue) -> Self {
        Self { issues: vec![issue], ..Self::new(FaultKind::Invalid) }
    }
    /// `Ok` when there is nothing to complain of.
    pub fn check(issues: Vec<Issue>) -> Outcome<()> {
        if issues.is_empty() { Ok(()) } else { Err(Self { issues, ..Self::new(FaultKind::Invalid) }) }
    }
    #[must_use]
    pub fn with(mut self, issue: Issue) -> Self {
        self.issues.push(issue);
        self
    }
    /// The key of the sentence that names the class: `fault-not-found` … (in `core.ftl`).
    pub fn title_key(&self) -> &'static str {
        match self.kind {
            FaultKind::NotFound => "fault-not-found",
            FaultKind::Forbidden => "fault-forbidden",
            FaultKind::Unauthenticated => "fault-unauthenticated",
            FaultKind::Invalid => "fault-invalid",
            FaultKind::Conflict => "fault-conflict",
            FaultKind::Throttled => "fault-throttled",
            FaultKind::TooLarge => "fault-too-large",
            FaultKind::BadRequest => "fault-bad-request",
            FaultKind::Unavailable => "fault-unavailable",
            FaultKind::Internal => "fault-internal",
        }
    }
    pub fn status(&self) -> u16 {
        match self.kind {
            FaultKind::NotFound => 404,
            FaultKind::Forbidden => 403,
            FaultKind::Unauthenticated => 401,
            FaultKind::Invalid => 422,
            FaultKind::Conflict => 409,
            FaultKind::Throttled => 429,
            FaultKind::TooLarge => 413,
            FaultKind::BadRequest => 400,
            FaultKind::Unavailable => 503,
            FaultKind::Internal => 500,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.title_key())?;
        for i in &self.issues {
            write!(f, "; {} {}", i.field, i.key)?;
            for (k, v) in &i.args {
                write!(f, " {k}={v}")?;
            }
        }
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        Ok(())
    }
}
impl std::error::Error for Fault {}

#[cfg(test)]
mod tests {
    use super::*;
    use text::locale::Lang;

    /// Every issue the crate can raise, with the arguments it gives.
    fn raised() -> Vec<Issue> {
        let sources = [
            include_str!("registry.rs"),
            include_str!("parse.rs"),
            include_str!("parse/json.rs"),
            include_str!("parse/moment.rs"),
            include_str!("parse/words.rs"),
            include_str!("expr/lexer.rs"),
            include_str!("expr/parser.rs"),
            include_str!("expr/check.rs"),
            include_str!("fault.rs"),
        ];
        let args = [
            "at",
            "found",
            "max",
            "length",
            "scale",
            "choices",
            "suggestion",
            "name",
            "object",
            "type",
            "wanted",
            "position",
            "least",
            "most",
            "left",
            "right",
            "operator",
            "field",
            "parts",
            "action",
        ];
        let mut keys = std::collections::BTreeSet::new();
        for source in sources {
            for quoted in source.split('"').skip(1).step_by(1) {
                let prefix = quoted.split('-').next().unwrap();
                if ["value", "expr", "schema", "fault"].contains(&prefix)
                    && quoted.contains('-')
                    && quoted.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
                {
                    keys.insert(quoted.to_owned());
                }
            }
        }
        assert!(keys.len() > 50, "{keys:?}");
        keys.into_iter().map(|k| args.iter().fold(Issue::new("", k), |i, a| i.arg(*a, "none"))).collect()
    }

    #[test]
    fn every_fault_has_its_sentence_in_both_languages() {
        for issue in raised() {
            let (ar, en) = (issue.text(Lang::Ar), issue.text(Lang::En));
            assert!(ar.chars().any(|c| ('\u{600}'..'\u{700}').contains(&c)), "{}: {ar}", issue.key);
            assert_ne!(ar, en);
        }
    }

    #[test]
    fn sentences_use_only_the_arguments_given() {
        for issue in [
            Issue::new("", "value-too-long").arg("max", 5).arg("length", 9),
            Issue::new("", "expr-bad-literal").arg("found", "x").arg("type", "date"),
            Issue::new("", "expr-unexpected-end").arg("at", 1),
            Issue::new("", "expr-unknown-field").arg("name", "x"),
            Issue::new("", "expr-not-condition").arg("found", "x").arg("type", "text"),
        ] {
            for lang in Lang::ALL {
                assert!(!issue.text(lang).contains('$'), "{}", issue.text(lang));
            }
        }
    }
}
