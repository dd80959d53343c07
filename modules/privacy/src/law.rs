//! Law profiles: deadlines, rights and grounds, as data. `data/laws.json` holds them; each names its source.

use kernel::Label;
use serde::Deserialize;
use std::sync::OnceLock;

/// One law.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Law {
    /// `sa_pdpl`, `gdpr` …
    pub key: String,
    pub name: Label,
    /// ISO 3166-1 alpha-2, or `EU`.
    pub country: String,
    pub authority: Authority,
    /// Days in which a request must be answered …
    pub answer_days: i64,
    /// … and by how many the answer may be put off where the request is hard.
    pub extend_days: i64,
    /// Hours in which the authority must know of a breach; 0: at once.
    pub breach_hours: i64,
    /// Below this age a guardian decides.
    pub minor_age: i64,
    /// Keys of `privacy-right-*`.
    pub rights: Vec<String>,
    /// Keys of the legal bases it knows.
    pub bases: Vec<String>,
    /// Where it is written.
    pub source: String,
    /// Figures the law leaves open, and this profile has chosen.
    #[serde(default)]
    pub assumed: Vec<String>,
}

/// Whom people may complain to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    pub ar: String,
    pub en: String,
    pub url: String,
}

/// All profiles, in the order of the file.
pub fn all() -> &'static [Law] {
    static LAWS: OnceLock<Vec<Law>> = OnceLock::new();
    LAWS.get_or_init(|| serde_json::from_str(include_str!("../data/laws.json")).expect("the file is tested to be well formed"))
}

/// The profile with this key; for an unknown one that of the country, and then the first.
pub fn find(key: &str, country: &str) -> &'static Law {
    static NONE: OnceLock<Law> = OnceLock::new();
    let all = all();
    let found = all.iter().find(|l| l.key == key).or_else(|| all.iter().find(|l| l.country == country)).or_else(|| all.first());
    found.unwrap_or_else(|| NONE.get_or_init(|| unreachable!("the file has laws")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_profile_is_whole() {
        let keys: BTreeSet<&str> = all().iter().map(|l| l.key.as_str()).collect();
        assert_eq!(keys.len(), all().len());
        for wanted in ["sa_pdpl", "ae_pdpl", "gdpr", "pipeda", "eg_pdpl", "jo_pdpl", "ma_0908"] {
            assert!(keys.contains(wanted), "{wanted}");
        }
        let bases: Vec<String> = base::purpose::bases().into_iter().map(|c| c.key).collect();
        for law in all() {
            assert!(law.source.len() > 40 && (1..=90).contains(&law.answer_days) && (13..=18).contains(&law.minor_age), "{}", law.key);
            assert!(law.bases.iter().all(|b| bases.contains(b)), "{}: {:?}", law.key, law.bases);
            assert!(law.rights.iter().all(|r| text::i18n::has(&format!("privacy-right-{r}"))), "{}: {:?}", law.key, law.rights);
            assert!(law.assumed.iter().all(|a| ["answer_days", "extend_days", "breach_hours", "minor_age"].contains(&a.as_str())));
            assert!(!law.name.get("ar").is_empty() && law.authority.url.starts_with("https://"));
        }
        assert_eq!(find("", "SA").key, "sa_pdpl");
        assert_eq!(find("gdpr", "SA").key, "gdpr");
        assert_eq!(find("", "FR").key, "sa_pdpl");
    }
}
