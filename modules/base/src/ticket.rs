//! Links that open one thing for one person without a sign-in: signed, for a time, bound to a party and an address.
//!
//! Every mail that is not asked for carries two headers, so that a mail program can offer one button (RFC 8058):
//! [`unsubscribe_headers`] makes them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use engine::{Company, settings};
use hmac::{Hmac, KeyInit, Mac};
use kernel::uuid::Uuid;
use kernel::{Fault, Outcome};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use text::locale::Lang;

/// Days a link in a letter works.
pub const DAYS: i64 = 400;

/// What a link opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// `pref`: preferences; `confirm`: a waiting consent; `request`: a request and its result.
    #[serde(rename = "k")]
    pub kind: String,
    /// Party or request.
    #[serde(rename = "i")]
    pub id: Uuid,
    /// The address or number the link was sent to.
    #[serde(rename = "a", default, skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// Code of the purpose whose letter carried it; empty: all of them.
    #[serde(rename = "p", default, skip_serializing_if = "String::is_empty")]
    pub purpose: String,
    /// Seconds since 1970 UTC.
    #[serde(rename = "x")]
    pub until: i64,
}

/// The company's key for links; made at the first need.
async fn key(company: &Company) -> Outcome<String> {
    let mut conn = company.db().read().await?;
    if let Some(key) = settings::get(&mut conn, "company", "ticket.key").await? {
        return Ok(key);
    }
    drop(conn);
    let mut cx = company.write(&company.system()).await?;
    let row = vec!["company".into(), "ticket.key".into(), format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple()).into()];
    store::insert_missing(&mut cx.tx, "sila_setting", &["owner", "key", "value"], vec![row]).await?;
    let key = settings::get(&mut cx.tx, "company", "ticket.key").await?;
    cx.commit().await?;
    key.ok_or_else(|| Fault::internal("no key for links"))
}

fn mac(key: &str, body: &str) -> Outcome<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).map_err(Fault::internal)?;
    mac.update(body.as_bytes());
    Ok(mac)
}

impl Ticket {
    pub fn new(company: &Company, kind: &str, id: Uuid, address: &str, days: i64) -> Ticket {
        Ticket { kind: kind.into(), id, address: address.into(), purpose: String::new(), until: company.now().as_second() + days * 86_400 }
    }
    #[must_use]
    pub fn purpose(mut self, code: &str) -> Ticket {
        self.purpose = code.into();
        self
    }

    /// As it stands in a link.
    ///
    /// # Errors
    /// The database.
    pub async fn sign(&self, company: &Company) -> Outcome<String> {
        let body = B64.encode(serde_json::to_vec(self).map_err(Fault::internal)?);
        let seal = mac(&key(company).await?, &body)?.finalize().into_bytes();
        Ok(format!("{body}.{}", B64.encode(seal)))
    }

    /// # Errors
    /// Not found: it was not made here, has been changed, is for something else, or its time is over.
    pub async fn open(company: &Company, kind: &str, text: &str) -> Outcome<Ticket> {
        let (body, seal) = text.split_once('.').ok_or_else(Fault::not_found)?;
        let seal = B64.decode(seal).map_err(|_| Fault::not_found())?;
        mac(&key(company).await?, body)?.verify_slice(&seal).map_err(|_| Fault::not_found())?;
        let body = B64.decode(body).map_err(|_| Fault::not_found())?;
        let ticket: Ticket = serde_json::from_slice(&body).map_err(|_| Fault::not_found())?;
        if ticket.kind == kind && ticket.until > company.now().as_second() { Ok(ticket) } else { Err(Fault::not_found()) }
    }
}

/// The public address of a page of ours. `path` begins with `/`.
pub fn public(company: &Company, path: &str) -> String {
    let settings = company.settings();
    let home = if settings.url.is_empty() { "http://127.0.0.1:8080" } else { settings.url.trim_end_matches('/') };
    format!("{home}{path}")
}

/// Where a person chooses what reaches him: for the foot of every letter.
///
/// # Errors
/// The database.
pub async fn preferences(company: &Company, party: Uuid, address: &str, lang: Lang) -> Outcome<String> {
    let ticket = Ticket::new(company, "pref", party, address, DAYS).sign(company).await?;
    Ok(public(company, &format!("/p/privacy/preferences?t={ticket}&lang={}", lang.code())))
}

/// `List-Unsubscribe` and `List-Unsubscribe-Post` of a letter for `purpose` (its code; empty: everything): RFC 8058.
/// The letter must be signed by DKIM over both.
///
/// # Errors
/// The database.
pub async fn unsubscribe_headers(company: &Company, party: Uuid, address: &str, purpose: &str) -> Outcome<[(&'static str, String); 2]> {
    let ticket = Ticket::new(company, "pref", party, address, DAYS).purpose(purpose).sign(company).await?;
    let link = public(company, &format!("/p/privacy/unsubscribe?t={ticket}"));
    Ok([("List-Unsubscribe", format!("<{link}>")), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned())])
}
