//! How likely a lead is a real one, 0 to 100, with what speaks for and against it. A job looks: whether the domain takes mail
//! is asked outside, and no answer in time means that nobody knows. Nothing is refused for it.

use crate::{convert, lead};
use engine::{Company, Count, Cx, JobCx, Query, Watch};
use futures::future::BoxFuture;
use kernel::uuid::Uuid;
use kernel::{Expr, Outcome, Record, Value};
use outside::dns::{Domain, takes_mail};
use serde_json::json;
use std::net::SocketAddr;
use store::queue::NewJob;

pub const JOB: &str = "sales.truth";
/// Where everybody begins.
const START: i64 = 50;

/// Domains whose addresses are thrown away after use.
const THROWN: &[&str] = &[
    "10minutemail.com", "discard.email", "dispostable.com", "emailondeck.com", "fakeinbox.com", "getnada.com", "guerrillamail.com", "guerrillamail.net",
    "maildrop.cc", "mailinator.com", "mailnesia.com", "mintemail.com", "mohmal.com", "sharklasers.com", "temp-mail.org", "tempail.com", "tempmail.com",
    "throwawaymail.com", "trashmail.com", "yopmail.com",
];
/// Mailboxes of an office, not of a person.
const OFFICE: &[&str] = &["admin", "contact", "hello", "help", "info", "mail", "marketing", "noreply", "no-reply", "office", "sales", "support", "webmaster"];

/// What was found, with its points; the keys are sentences (`sales-truth-…`).
pub const FOUND: &[(&str, i64)] = &[
    ("mail-alive", 20),
    ("mail-dead", -40),
    ("mail-unknown", 0),
    ("mail-thrown", -30),
    ("mail-office", -5),
    ("phone-mobile", 15),
    ("phone-line", 10),
    ("phone-odd", -25),
    ("no-way", -20),
    ("name-full", 10),
    ("name-odd", -25),
    ("company-known", 15),
    ("customer-known", 15),
    ("lead-twice", -10),
];

/// What can be seen in the lead itself.
fn seen(lead: &Record) -> Vec<&'static str> {
    let mut found = Vec::new();
    let (email, phone) = (lead.get("email").text().unwrap_or_default(), lead.get("phone").text().unwrap_or_default());
    if let Some((user, domain)) = email.split_once('@') {
        let is = |list: &[&str], what: &str| list.iter().any(|l| l.eq_ignore_ascii_case(what));
        if is(THROWN, domain) {
            found.push("mail-thrown");
        }
        if is(OFFICE, user) {
            found.push("mail-office");
        }
    }
    if !phone.is_empty() {
        let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
        // The same digit seven times over is a telephone nobody has.
        let odd = digits.chunk_by(|a, b| a == b).any(|run| run.len() >= 7);
        let mobile = text::phone::parse(phone, "").ok().and_then(|p| p.is_mobile());
        found.push(if odd { "phone-odd" } else if mobile == Some(true) { "phone-mobile" } else { "phone-line" });
    }
    if email.is_empty() && phone.is_empty() {
        found.push("no-way");
    }
    found.extend(lead.get("name").name().and_then(|n| named(n.get("ar"))));
    found
}

/// What a name says: two words are a name; digits, one letter, or letters without a vowel are none.
fn named(name: &str) -> Option<&'static str> {
    let name = name.trim();
    let letters: Vec<char> = name.chars().filter(|c| c.is_alphabetic()).collect();
    let latin: Vec<char> = letters.iter().filter(|c| c.is_ascii()).map(char::to_ascii_lowercase).collect();
    let vowels = latin.iter().filter(|c| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')).count();
    let same = letters.windows(4).any(|w| w.iter().all(|c| Some(c) == w.first()));
    let odd = letters.len() < 2 || name.chars().any(|c| c.is_ascii_digit() || "@<>/\\{}[]".contains(c)) || latin.len() > 4 && vowels == 0 || same;
    if odd { Some("name-odd") } else { (name.split_whitespace().count() > 1).then_some("name-full") }
}

/// The rating, and what it is made of.
fn rate(found: &[&str]) -> i64 {
    let points = |key: &&str| FOUND.iter().find(|(k, _)| k == key).map_or(0, |(_, p)| *p);
    (START + found.iter().map(points).sum::<i64>()).clamp(0, 100)
}

/// Looks at a lead and writes down what is found. `server`: the name server to ask, else the machine's.
///
/// # Errors
/// The database; a lead that is gone is none.
pub async fn check(company: &Company, id: Uuid, server: Option<SocketAddr>) -> Outcome<()> {
    let system = company.system();
    let Ok(lead) = company.get(&system, lead::KEY, id).await else { return Ok(()) };
    let mut found = seen(&lead);
    let email = lead.get("email").text().unwrap_or_default().to_owned();
    if let Some(domain) = text::email::domain(&email) {
        // Domains of examples (RFC 2606) are nobody's: not asked for.
        let reserved = [".example", ".test", ".invalid", ".localhost"].iter().any(|end| domain.ends_with(end));
        found.push(match if reserved { Domain::Unknown } else { takes_mail(domain, server).await } {
            Domain::Alive => "mail-alive",
            Domain::Dead => "mail-dead",
            Domain::Unknown => "mail-unknown",
        });
    }
    let mut cx = company.write(&system).await?;
    for (kind, key) in [("organisation", "company-known"), ("person", "customer-known")] {
        let Some(draft) = convert::party_of(&lead, kind) else { continue };
        let (known, _) = convert::known(company, &mut cx.tx, &system, &draft).await?;
        // Of a company its name tells enough; of a person only an address or a number does.
        if known.iter().any(|k| kind == "organisation" || k.certain()) {
            found.push(key);
        }
    }
    if twice(&mut cx, &lead).await? {
        found.push("lead-twice");
    }
    let reasons: Vec<_> = found.iter().map(|k| json!(k)).collect();
    let values = vec![("truth", Value::Int(rate(&found))), ("truth_why", Value::Json(reasons.into())), ("checked_at", Value::from(cx.now))];
    cx.derive(lead::KEY, vec![(id, values)]).await?;
    cx.commit().await
}

/// Whether another lead that is followed up has the same address or number.
async fn twice(cx: &mut Cx, lead: &Record) -> Outcome<bool> {
    let (company, system) = (cx.company.clone(), cx.company.system());
    let same = |field: &str| lead.get(field).text().map(|t| Expr::path(field).eq(Expr::lit(t)));
    let Some(same) = [same("email"), same("phone")].into_iter().flatten().reduce(Expr::or) else { return Ok(false) };
    let open = Expr::parse("status in [\"new\", \"contacted\", \"qualified\", \"nurtured\"]")?;
    let query = Query { count: Count::None, ..Query::new(lead::KEY).filter(open.and(same)).limit(2) };
    Ok(company.list_in(&mut cx.tx, &system, &query).await?.records.iter().any(|r| r.id != lead.id))
}

pub fn watch() -> Watch {
    Watch { object: lead::KEY, run: changed }
}

fn changed<'a>(cx: &'a mut Cx, changes: &'a [(Option<Record>, Option<Record>)]) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        let fields = ["name", "company", "email", "phone"];
        let told = |b: &Option<Record>, a: &Record| b.as_ref().is_none_or(|b| fields.iter().any(|f| b.get(f) != a.get(f)));
        for (before, after) in changes {
            let Some(after) = after.as_ref().filter(|a| told(before, a)) else { continue };
            let job = NewJob::new(JOB, json!({ "lead": after.id })).key(format!("{JOB}:{}", after.id));
            store::queue::enqueue(&mut cx.tx, &job).await?;
        }
        Ok(())
    })
}

pub fn job(job: JobCx) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move {
        let id = job.job.payload.get("lead").and_then(|v| v.as_str()).and_then(|s| s.parse().ok()).unwrap_or_default();
        check(&job.company, id, None).await
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Name;

    fn told(ar: &str, email: &str, phone: &str) -> Vec<&'static str> {
        let filled = |t: &str| Some(t.to_owned()).filter(|t| !t.is_empty());
        seen(&Record::new(lead::KEY, Uuid::nil()).with("name", Name::new(ar, "")).with("email", filled(email)).with("phone", filled(phone)))
    }

    #[test]
    fn mkt_11_what_a_lead_tells_of_itself() {
        assert_eq!(told("نورة بنت سعد", "noura@ofoq.sa", "+966501234567"), ["phone-mobile", "name-full"]);
        assert_eq!(told("Sami Haddad", "info@ofoq.sa", "+966112345678"), ["mail-office", "phone-line", "name-full"]);
        assert_eq!(told("نورة", "x@mailinator.com", "+966500000000"), ["mail-thrown", "phone-odd"]);
        assert_eq!(told("qwrtzplk", "", ""), ["no-way", "name-odd"]);
        assert_eq!(told("ههههه", "a@ofoq.sa", "+966512345678"), ["phone-mobile", "name-odd"]);
        assert_eq!(told("Zyx 99", "a@ofoq.sa", ""), ["name-odd"]);
    }

    #[test]
    fn mkt_11_the_rating_stays_within_its_bounds() {
        assert_eq!(rate(&[]), 50);
        assert_eq!(rate(&["mail-alive", "phone-mobile", "name-full", "company-known", "customer-known"]), 100);
        assert_eq!(rate(&["mail-dead", "mail-thrown", "phone-odd", "name-odd"]), 0);
        assert_eq!(rate(&["mail-unknown"]), 50);
    }
}
