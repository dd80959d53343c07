//! Web push: notices on a device whose browser has no page of ours open.
//!
//! - [`crypt`]: what stands on the wire;
//! - here: the company's key, the devices of people, and the job that carries a notice to one of them.
//!
//! The push services (of the makers of browsers) carry what they cannot read: title, text and address are encrypted for
//! the one browser. A device that the service no longer knows is forgotten.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

pub mod crypt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use crypt::{Receiver, Signer};
use engine::{Actor, Company, JobCx, JobKind, settings};
use kernel::jiff::Timestamp;
use kernel::{Cell, ColumnType, Fault, Outcome};
use outside::{Call, Method};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// A notice is of interest for so many seconds; later the device need not ring.
const TTL: i64 = 24 * 3_600;
/// Devices per person.
const MOST: i64 = 20;
const PURPOSE: &str = "push.vapid";

/// The durable work of this crate, for the runner.
pub fn jobs() -> Vec<JobKind> {
    vec![JobKind { key: engine::notify::PUSH, run: |cx| Box::pin(deliver(cx)) }]
}

/// A browser that wants to be told.
#[derive(Clone, Debug)]
pub struct Device {
    pub id: Uuid,
    pub agent: String,
    pub at: Timestamp,
    pub last_ok: Option<Timestamp>,
}

/// What a browser says when it subscribes.
#[derive(Clone, Debug, Default)]
pub struct Subscription {
    pub endpoint: String,
    /// base64url
    pub p256dh: String,
    pub auth: String,
    /// `User-Agent`, shown in the list of devices.
    pub agent: String,
}

/// The company's key, made at the first use and kept sealed.
async fn signer(company: &Company) -> Outcome<Signer> {
    let mut conn = company.db().read().await?;
    let saved = settings::get(&mut conn, "company", PURPOSE).await?;
    drop(conn);
    if let Some(sealed) = saved {
        let text = company.key()?.open(PURPOSE, &sealed)?;
        return Signer::load(&B64.decode(text).map_err(|_| Fault::internal("web push: the stored key is none"))?);
    }
    let sealed = company.key()?.seal(PURPOSE, &B64.encode(Signer::generate()?))?;
    let mut tx = company.db().write().await?;
    // Of two who come first at once one key stays, and both use that one.
    let row = vec!["company".into(), PURPOSE.into(), sealed.into()];
    store::insert_missing(&mut tx, "sila_setting", &["owner", "key", "value"], vec![row]).await?;
    tx.commit().await?;
    Box::pin(signer(company)).await
}

/// The public key that browsers subscribe with.
///
/// # Errors
/// The database; internal: the stored key does not open.
pub async fn public_key(company: &Company) -> Outcome<String> {
    Ok(signer(company).await?.public())
}

/// Remembers a browser of the actor; the same one again is brought up to date.
///
/// # Errors
/// Invalid: an address nothing may be sent to, keys that are none, too many devices.
pub async fn subscribe(company: &Company, actor: &Actor, s: &Subscription) -> Outcome<Uuid> {
    let url = outside::address::parse(&s.endpoint)?;
    Receiver::parse(&s.p256dh, &s.auth)?;
    let inside = company.reaches_inside().await?;
    if url.scheme() != "https" && !inside {
        return Err(Fault::invalid("endpoint", "outside-bad-url"));
    }
    outside::address::resolve(&url, inside).await?;
    let mut cx = company.write(actor).await?;
    let mut sql = cx.tx.sql();
    sql.push("DELETE FROM sila_push WHERE endpoint = ").bind(s.endpoint.as_str());
    cx.tx.exec(&sql).await?;
    let mut sql = cx.tx.sql();
    sql.push("SELECT COUNT(*) FROM sila_push WHERE user_id = ").bind(actor.id);
    if cx.tx.int(&sql).await?.unwrap_or_default() >= MOST {
        return Err(Fault::invalid("endpoint", "push-too-many"));
    }
    let id = cx.new_id();
    let agent: String = s.agent.chars().take(300).collect();
    let row = vec![id.into(), actor.id.into(), s.endpoint.as_str().into(), s.p256dh.as_str().into(), s.auth.as_str().into(), agent.into(), cx.now.into()];
    store::insert_many(&mut cx.tx, "sila_push", &["id", "user_id", "endpoint", "p256dh", "auth", "agent", "at"], vec![row]).await?;
    cx.commit().await?;
    Ok(id)
}

/// The actor's own devices, the newest first.
///
/// # Errors
/// The database.
pub async fn devices(company: &Company, actor: &Actor) -> Outcome<Vec<Device>> {
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT id, agent, at, last_ok FROM sila_push WHERE user_id = ").bind(actor.id).push(" ORDER BY at DESC");
    let at = |c: Option<&Cell>| c.and_then(Cell::int).and_then(|i| Timestamp::from_microsecond(i).ok());
    let rows = conn.rows(&sql, &[ColumnType::Id, ColumnType::Text, ColumnType::Int, ColumnType::Int]).await?;
    let one = |r: &Vec<Cell>| Some(Device { id: r.first()?.id()?, agent: r.get(1)?.text().unwrap_or_default().to_owned(), at: at(r.get(2))?, last_ok: at(r.get(3)) });
    Ok(rows.iter().filter_map(one).collect())
}

/// Forgets a device of the actor, by its id or by its endpoint.
///
/// # Errors
/// Not found.
pub async fn unsubscribe(company: &Company, actor: &Actor, which: &str) -> Outcome<()> {
    let mut cx = company.write(actor).await?;
    let mut sql = cx.tx.sql();
    sql.push("DELETE FROM sila_push WHERE user_id = ").bind(actor.id);
    match which.parse::<Uuid>() {
        Ok(id) => sql.push(" AND id = ").bind(id),
        Err(_) => sql.push(" AND endpoint = ").bind(which),
    };
    if cx.tx.exec(&sql).await? == 0 {
        return Err(Fault::not_found());
    }
    cx.commit().await
}

/// The job: one notice to one device. Repeated, it takes the place of itself on the device (`tag`).
async fn deliver(cx: JobCx) -> Outcome<()> {
    let company = cx.company;
    let part = |key: &str| cx.job.payload.get(key).and_then(Json::as_str).and_then(|t| t.parse::<Uuid>().ok());
    let (Some(notice), Some(device)) = (part("notice"), part("device")) else { return Err(Fault::invalid("payload", "value-required")) };
    let Some((actor, told)) = company.notice(notice).await? else { return Ok(()) };
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT endpoint, p256dh, auth FROM sila_push WHERE id = ").bind(device).push(" AND user_id = ").bind(actor.id);
    let Some(row) = conn.row(&sql, &[ColumnType::Text; 3]).await? else { return Ok(()) };
    drop(conn);
    let text = |i: usize| row.get(i).and_then(Cell::text).unwrap_or_default();
    let locale = &actor.locale;
    let cut = |t: &str, n: usize| t.chars().take(n).collect::<String>();
    let message = json!({
        "title": cut(&told.sentence(locale), 200), "body": cut(&told.text, 300), "href": told.href(), "tag": notice,
        "dir": locale.dir(), "lang": locale.lang.code(),
    });
    let body = crypt::encrypt(&Receiver::parse(text(1), text(2))?, message.to_string().as_bytes())?;
    let call = Call::new(Method::POST, text(0))?;
    let contact = company.settings().url.clone();
    let contact = if contact.starts_with("https://") { contact } else { "mailto:postmaster@localhost".to_owned() };
    let origin = call.url.origin().ascii_serialization();
    let authorization = signer(&company).await?.authorization(&origin, company.now().as_second() + 12 * 3_600, &contact)?;
    let call = call
        .header("authorization", authorization)
        .header("content-encoding", "aes128gcm")
        .header("content-type", "application/octet-stream")
        .header("ttl", TTL.to_string())
        .header("urgency", if told.kind == "mention" { "high" } else { "normal" })
        .body(body);
    let reply = outside::call(call, company.reaches_inside().await?).await?;
    let mut tx = company.db().write().await?;
    let mut sql = tx.sql();
    match reply.status {
        200..=299 => sql.push("UPDATE sila_push SET last_ok = ").bind(company.now()).push(" WHERE id = ").bind(device),
        404 | 410 => sql.push("DELETE FROM sila_push WHERE id = ").bind(device),
        400..=499 if reply.status != 429 => return Err(Fault::invalid("endpoint", "push-refused")),
        other => return Err(Fault::unavailable(format!("push service: status {other}"))),
    };
    tx.exec(&sql).await?;
    tx.commit().await
}
