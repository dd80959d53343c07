//! Telling other systems what happened: the job `webhook.deliver`, made in the transaction of the change.
//!
//! A delivery is tried again with growing pauses by the queue, and said to have been made only after a 2xx answer.
//! The receiver checks `X-Sila-Signature` and forgets deliveries whose `X-Sila-Delivery` it knows.

use engine::{Company, JobCx};
use hmac::{Hmac, KeyInit, Mac};
use kernel::{Cell, ColumnType, Fault, Outcome};
use serde_json::{Value as Json, json};
use outside::{Call, Method};
use sha2::Sha256;
use uuid::Uuid;

/// The job kind that `engine` enqueues for each event and webhook.
pub const JOB: &str = "webhook.deliver";
/// A webhook that took nothing for so long is switched off.
const PATIENCE: i64 = 3 * 86_400 * 1_000_000;

/// `v1=` and the HMAC-SHA256 of `timestamp.body` in hexadecimal.
pub fn signature(secret: &str, timestamp: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(format!("{timestamp}.{body}").as_bytes());
    format!("v1={}", hex::encode(mac.finalize().into_bytes()))
}

struct Hook {
    url: String,
    secret: String,
}

struct Event {
    kind: String,
    body: String,
}

/// Delivers one event to one webhook.
pub(crate) async fn deliver(cx: JobCx) -> Outcome<()> {
    let company = cx.company;
    let payload = &cx.job.payload;
    let part = |key: &str| payload.get(key).and_then(Json::as_str).and_then(|t| t.parse::<Uuid>().ok());
    let (Some(hook_id), Some(event_id)) = (part("webhook"), part("event")) else {
        return Err(Fault::invalid("payload", "value-required"));
    };
    // A hook that was removed or switched off meanwhile wants nothing any more.
    let Some(hook) = hook(&company, hook_id).await? else { return Ok(()) };
    let Some(event) = event(&company, event_id, cx.job.id).await? else { return Ok(()) };
    let result = post(&company, &hook, &event, cx.job.id).await;
    let last = cx.job.attempts >= cx.job.max_attempts;
    record(&company, &cx.job, hook_id, event_id, &result, last).await?;
    match result {
        Ok(_) => Ok(()),
        Err(refusal) => {
            give_up_on(&company, hook_id).await?;
            Err(refusal.fault)
        }
    }
}

async fn hook(company: &Company, id: Uuid) -> Outcome<Option<Hook>> {
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT url, secret FROM sila_webhook WHERE active = 1 AND id = ").bind(id);
    let row = conn.row(&sql, &[ColumnType::Text, ColumnType::Text]).await?;
    Ok(row.and_then(|r| Some(Hook { url: r.first()?.text()?.to_owned(), secret: r.get(1)?.text()?.to_owned() })))
}

async fn event(company: &Company, id: Uuid, delivery: Uuid) -> Outcome<Option<Event>> {
    use ColumnType::{Id, Int, Text};
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT kind, object, record_id, at, actor, data FROM sila_event WHERE id = ").bind(id);
    let Some(row) = conn.row(&sql, &[Text, Text, Id, Int, Id, Text]).await? else { return Ok(None) };
    let text = |i: usize| row.get(i).and_then(Cell::text);
    let data: Json = text(5).and_then(|t| serde_json::from_str(t).ok()).unwrap_or(Json::Null);
    let kind = text(0).unwrap_or_default().to_owned();
    let at = row.get(3).and_then(Cell::int).and_then(|m| jiff::Timestamp::from_microsecond(m).ok());
    let body = json!({
        "event": kind, "id": id, "delivery": delivery, "at": at.map(|t| t.to_string()), "object": text(1),
        "record_id": row.get(2).and_then(Cell::id), "actor": row.get(4).and_then(Cell::id), "data": data,
    });
    Ok(Some(Event { kind, body: body.to_string() }))
}

/// Why a delivery was not taken, in words for the administrator (no addresses, no answers).
struct Refusal {
    fault: Fault,
    code: Option<u16>,
    words: String,
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        let words = if fault.detail.is_empty() { fault.to_string() } else { fault.detail.clone() };
        Refusal { fault, code: None, words }
    }
}

async fn post(company: &Company, hook: &Hook, event: &Event, delivery: Uuid) -> Result<u16, Refusal> {
    let timestamp = company.now().as_second();
    let call = Call::new(Method::POST, &hook.url)?
        .header("content-type", "application/json")
        .header("x-sila-event", event.kind.as_str())
        .header("x-sila-delivery", delivery.to_string())
        .header("x-sila-timestamp", timestamp.to_string())
        .header("x-sila-signature", signature(&hook.secret, timestamp, &event.body))
        .body(event.body.clone());
    let reply = outside::call(call, company.reaches_inside().await?).await?;
    let code = reply.status;
    if reply.ok() {
        return Ok(code);
    }
    Err(Refusal { fault: Fault::unavailable(format!("webhook: status {code}")), code: Some(code), words: format!("status {code}") })
}

/// One row per delivery; its id is the job's, so attempts come together.
async fn record(company: &Company, job: &store::queue::Job, hook: Uuid, event: Uuid, result: &Result<u16, Refusal>, last: bool) -> Outcome<()> {
    let (status, code, words) = match result {
        Ok(code) => ("delivered", Some(*code), None),
        Err(r) if last || r.fault.kind != kernel::FaultKind::Unavailable => ("failed", r.code, Some(r.words.clone())),
        Err(r) => ("retrying", r.code, Some(r.words.clone())),
    };
    let row = vec![
        job.id.into(),
        hook.into(),
        event.into(),
        status.into(),
        job.attempts.into(),
        words.map_or(Cell::Null, Cell::Text),
        company.now().into(),
        code.map_or(Cell::Null, |c| i64::from(c).into()),
    ];
    let columns = ["id", "webhook", "event", "status", "attempts", "last_error", "at", "response_code"];
    let mut tx = company.db().write().await?;
    store::rows::upsert_many(&mut tx, "sila_delivery", &columns, &["id"], vec![row]).await?;
    tx.commit().await
}

/// Switches a webhook off that has failed since longer than [`PATIENCE`] without one success.
async fn give_up_on(company: &Company, hook: Uuid) -> Outcome<()> {
    let mut tx = company.db().write().await?;
    let mut sql = tx.sql();
    sql.push("SELECT MIN(at) FROM sila_delivery WHERE status <> 'delivered' AND webhook = ").bind(hook);
    sql.push(" AND at > COALESCE((SELECT MAX(at) FROM sila_delivery WHERE status = 'delivered' AND webhook = ").bind(hook).push("), 0)");
    let since = tx.int(&sql).await?;
    if since.is_some_and(|since| company.now().as_microsecond() - since > PATIENCE) {
        let mut sql = tx.sql();
        sql.push("UPDATE sila_webhook SET active = 0 WHERE id = ").bind(hook);
        tx.exec(&sql).await?;
        tracing::warn!(webhook = %hook, "switched off: nothing delivered for three days");
    }
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_any_hmac() {
        // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac secret
        let expected = "v1=49f24e537407743fa4a0242bb63b94b9a47ee99cbbe071ccd8a22550ae411686";
        assert_eq!(signature("secret", 1_700_000_000, "{\"a\":1}"), expected);
    }
}
