//! Records that could be the same one: found while typing, at import and by a sweep, looked at by people, merged or told apart.
//!
//! - [`facts`]: what a record and its parts tell, and the keys kept in the transaction of each save;
//! - [`find`]: likely duplicates of a draft or a record, for its reader; [`sweep`]: all of them, as a job;
//! - [`pairs`]: the queue, decisions that hold for ever; [`bulk`]: merging many at once, as a job.
//!
//! Invariant: nobody learns from a proposal what he may not read. A record out of his sight is only counted, and only
//! when it is plainly the same; fields that are masked for him take no part in the score he sees.

pub mod bulk;
pub mod facts;
pub mod find;
pub mod pairs;
pub mod sweep;

pub use bulk::{Bulk, Counts};
pub use find::{Candidate, Found};
pub use pairs::{Decision, Pair, Rule};

use crate::JobKind;
use matching::{Clue, Evidence, Match};
use serde_json::{Value as Json, json};
use text::i18n;
use text::locale::Lang;

/// The jobs of this module.
pub(crate) fn jobs() -> Vec<JobKind> {
    vec![JobKind { key: sweep::JOB, run: |cx| Box::pin(sweep::job(cx)) }, JobKind { key: bulk::JOB, run: |cx| Box::pin(bulk::job(cx)) }]
}

/// A kind of evidence by its name: `phone`, `birthday`.
pub fn clue(key: &str) -> Option<Clue> {
    Clue::parse(key)
}

/// The sentence that tells a person of a piece of evidence.
pub fn sentence(clue: Clue) -> &'static str {
    match clue {
        Clue::FullNameLong | Clue::FullName => "duplicates-clue-full-name",
        Clue::FirstAndLast => "duplicates-clue-first-and-last",
        Clue::NamePartly => "duplicates-clue-name-partly",
        Clue::NameSingle => "duplicates-clue-name-single",
        Clue::Phone => "duplicates-clue-phone",
        Clue::Email => "duplicates-clue-email",
        Clue::Code => "duplicates-clue-code",
        Clue::Birthday => "duplicates-clue-birthday",
        Clue::Street => "duplicates-clue-street",
        Clue::City => "duplicates-clue-city",
        Clue::OtherName => "duplicates-clue-other-name",
        Clue::OtherFather => "duplicates-clue-other-father",
        Clue::OtherBirthday => "duplicates-clue-other-birthday",
        Clue::OtherCode => "duplicates-clue-other-code",
        Clue::OtherPhone => "duplicates-clue-other-phone",
        Clue::OtherEmail => "duplicates-clue-other-email",
        Clue::OtherCity => "duplicates-clue-other-city",
    }
}

/// A comparison as the API shows it, its evidence also in the words of the reader:
/// `{"score":92,"verdict":"same","evidence":[{"clue":"phone","points":45,"says":"Same phone"}]}`.
pub fn explained(m: &Match, lang: Lang) -> Json {
    let verdict = match m.verdict {
        matching::Verdict::Same => "same",
        matching::Verdict::Maybe => "maybe",
        matching::Verdict::No => "no",
    };
    let evidence: Vec<Json> = m.evidence.iter().map(|Evidence { clue, points }| json!({"clue": clue.key(), "points": points, "says": i18n::t(lang, sentence(*clue))})).collect();
    json!({"score": m.score, "verdict": verdict, "evidence": evidence})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cust_1_every_piece_of_evidence_is_said_in_both_languages() {
        for clue in Clue::ALL {
            assert_eq!(Clue::parse(clue.key()), Some(clue));
            let (ar, en) = (i18n::t(Lang::Ar, sentence(clue)), i18n::t(Lang::En, sentence(clue)));
            assert!(ar.chars().any(|c| ('\u{600}'..='\u{6ff}').contains(&c)), "{clue:?}: {ar}");
            assert!(en.chars().any(|c| c.is_ascii_alphabetic()) && en != sentence(clue), "{clue:?}: {en}");
        }
    }
}
