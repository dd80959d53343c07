//! Is this a person? Without a third party, without a riddle: a signed token that knows when the page was given out, a field
//! nobody sees, a little work for the page's script, and what spam looks like. Nothing is refused for looks: what scores
//! [`HELD`] or more is kept aside until one of us has looked at it.

use kernel::Outcome;
use kernel::jiff::Timestamp;
use kernel::uuid::Uuid;
use sha2::{Digest, Sha256};

/// From these points on a submission waits for one of us.
pub const HELD: i64 = 50;
/// Zero bits the script has to find: some thousand hashes, a fraction of a second on a phone.
pub const BITS: u32 = 12;
/// Nobody fills in a form in less.
const FASTEST: i64 = 3;
/// After so long a page is given out anew.
const OLDEST: i64 = 12 * 3600;
const PURPOSE: &str = "sales.form";

/// Why a submission is suspicious; the keys of [`super::submission::reasons`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The field that nobody sees is filled in.
    Trap,
    Fast,
    /// The page's script did not do its work, or did it wrong.
    NoWork,
    WrongWork,
    Links,
    Markup,
    OddName,
    /// Many from the same address.
    Many,
}

impl Reason {
    pub fn key(self) -> &'static str {
        match self {
            Reason::Trap => "trap",
            Reason::Fast => "fast",
            Reason::NoWork => "no_work",
            Reason::WrongWork => "wrong_work",
            Reason::Links => "links",
            Reason::Markup => "markup",
            Reason::OddName => "odd_name",
            Reason::Many => "many",
        }
    }
    pub fn points(self) -> i64 {
        match self {
            Reason::Trap => 100,
            Reason::Many | Reason::Fast | Reason::WrongWork => 60,
            Reason::Markup | Reason::OddName => 50,
            Reason::Links => 30,
            Reason::NoWork => 20,
        }
    }
}

/// A page that was given out: `microseconds.random.mark`.
pub fn issue(key: &engine::seal::Key, form: Uuid, now: Timestamp) -> String {
    let body = format!("{}.{}", now.as_microsecond(), Uuid::new_v4().simple());
    let mark = key.mark(PURPOSE, &format!("{form} {body}"));
    format!("{body}.{mark}")
}

/// When the page of this token was given out; none when the token is none of this form's or too old.
pub fn issued(key: &engine::seal::Key, form: Uuid, now: Timestamp, token: &str) -> Option<Timestamp> {
    let (body, mark) = token.rsplit_once('.')?;
    if !key.is_mark(PURPOSE, &format!("{form} {body}"), mark) {
        return None;
    }
    let at = Timestamp::from_microsecond(body.split_once('.')?.0.parse().ok()?).ok()?;
    (now.as_second().saturating_sub(at.as_second()) <= OLDEST).then_some(at)
}

/// Whether `answer` makes the hash of `token:answer` begin with [`BITS`] zeros.
fn worked(token: &str, answer: &str) -> bool {
    let hash = Sha256::digest(format!("{token}:{answer}").as_bytes());
    hash.iter().take(4).fold(0_u32, |n, b| n << 8 | u32::from(*b)).leading_zeros() >= BITS
}

/// What was sent beside the answers.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'a> {
    pub token: &'a str,
    /// The field that nobody sees.
    pub trap: &'a str,
    pub work: &'a str,
}

/// What speaks against a person.
pub fn weigh(sent: Sent<'_>, issued: Timestamp, now: Timestamp, answers: &[(&str, &str)]) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let mut add = |on: bool, reason: Reason| if on && !reasons.contains(&reason) { reasons.push(reason) };
    add(!sent.trap.is_empty(), Reason::Trap);
    add(now.as_second().saturating_sub(issued.as_second()) < FASTEST, Reason::Fast);
    add(sent.work.is_empty(), Reason::NoWork);
    add(!sent.work.is_empty() && !worked(sent.token, sent.work), Reason::WrongWork);
    for (field, text) in answers {
        let small = text.to_lowercase();
        let links = ["http://", "https://", "www."].iter().map(|l| small.matches(l).count()).sum::<usize>();
        add(links > 1, Reason::Links);
        add(["<a ", "<script", "<iframe", "[url", "[link"].iter().any(|m| small.contains(m)), Reason::Markup);
        let names = matches!(*field, "name" | "company" | "city" | "job_title");
        add(names && (links > 0 || text.chars().filter(char::is_ascii_digit).count() > 6), Reason::OddName);
        let many = links > 3;
        add(many, Reason::Markup);
    }
    reasons
}

/// The sum.
pub fn points(reasons: &[Reason]) -> i64 {
    reasons.iter().map(|r| r.points()).sum()
}

/// A fingerprint of the answers: the same ones are one submission.
///
/// # Errors
/// The company's key.
pub fn fingerprint(key: &engine::seal::Key, form: Uuid, answers: &[(&str, &str)]) -> Outcome<String> {
    let text = serde_json::to_string(answers).map_err(kernel::Fault::internal)?;
    Ok(key.mark("sales.form.answers", &format!("{form} {text}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> engine::seal::Key {
        engine::seal::Key::load(testdb::TempFolder::new().path()).unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn mkt_11_a_token_is_of_its_form_and_grows_old() {
        let (key, form) = (key(), Uuid::new_v4());
        let token = issue(&key, form, at(0));
        assert_eq!(issued(&key, form, at(60), &token), Some(at(0)));
        assert_eq!(issued(&key, form, at(OLDEST + 1), &token), None);
        assert_eq!(issued(&key, Uuid::new_v4(), at(60), &token), None);
        let (body, mark) = token.rsplit_once('.').unwrap();
        let forged = format!("{}.{}.{mark}", at(30).as_microsecond(), body.split_once('.').unwrap().1);
        for wrong in ["", ".", "a.b.c", forged.as_str(), &token[1..]] {
            assert_eq!(issued(&key, form, at(60), wrong), None, "{wrong}");
        }
    }

    #[test]
    fn mkt_11_spam_is_seen_and_people_are_not_taken_for_it() {
        let token = "t";
        let work = (0_u32..).map(|n| n.to_string()).find(|n| worked(token, n)).unwrap();
        let told = |seconds: i64, trap: &str, work: &str, answers: &[(&str, &str)]| weigh(Sent { token, trap, work }, at(0), at(seconds), answers);
        let person = [("name", "نورة بنت سعد"), ("interest", "عرض سعر لأربعين كرسيًا، الموقع www.ofoq.sa"), ("phone", "+966501234567")];
        assert_eq!(told(40, "", &work, &person), []);
        assert!(points(&told(40, "", "", &person)) < HELD, "without scripts a person still gets through");
        let cases: [(i64, &str, &str, &[(&str, &str)], Reason); 6] = [
            (40, "x", &work, &person, Reason::Trap),
            (1, "", &work, &person, Reason::Fast),
            (40, "", "nonsense", &person, Reason::WrongWork),
            (40, "", &work, &[("interest", "see <a href=x>pills</a>")], Reason::Markup),
            (40, "", &work, &[("interest", "http://a http://b http://c http://d")], Reason::Markup),
            (40, "", &work, &[("name", "Buy at https://pills.example")], Reason::OddName),
        ];
        for (seconds, trap, work, answers, reason) in cases {
            let found = told(seconds, trap, work, answers);
            assert!(found.contains(&reason) && points(&found) >= HELD, "{reason:?} {found:?}");
        }
    }
}
