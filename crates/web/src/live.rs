//! Live pages: server-sent events that say which records changed. Nothing but object, id and revision is sent, and
//! only of records the reader may read at that moment. Every page hears of its reader's own notices besides.

use crate::refusal::Refusal;
use crate::visit::Visit;
use axum::response::IntoResponse;
use axum::response::Response;
use axum::response::sse::{Event, KeepAlive, Sse};
use engine::{Actor, Company};
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use uuid::Uuid;

/// A connection is closed after this long; the page opens a new one, and rights are read afresh.
const LIFE: Duration = Duration::from_secs(15 * 60);

/// `GET /-/live?topic=order` or `topic=order:ID` (several may be given).
pub async fn stream(visit: Visit) -> Result<Response, Refusal> {
    let topics: Vec<String> = visit.params.iter().filter(|(k, v)| k == "topic" && !v.is_empty()).map(|(_, v)| v.clone()).take(20).collect();
    for topic in &topics {
        let (object, id) = topic.split_once(':').unwrap_or((topic, ""));
        visit.object(object)?;
        if !id.is_empty() {
            let id: Uuid = id.parse().map_err(|_| crate::refusal::not_found())?;
            visit.company.get(&visit.actor, object, id).await?;
        }
    }
    let news = visit.company.db().subscribe();
    let state = (visit.company.clone(), visit.actor.clone(), topics, news, tokio::time::Instant::now() + LIFE);
    let events = futures::stream::unfold(state, |(company, actor, topics, mut news, until)| async move {
        loop {
            let next = tokio::time::timeout_at(until, news.recv()).await.ok()?;
            let payload = match next {
                Ok(p) => p,
                // Too slow to hear everything: the page reads itself again.
                Err(RecvError::Lagged(_)) => return Some((Ok::<_, Infallible>(change(r#"{"object":""}"#)), (company, actor, topics, news, until))),
                Err(RecvError::Closed) => return None,
            };
            if payload == engine::notify::topic(actor.id) {
                if let Some(json) = notice(&company, &actor).await {
                    return Some((Ok(Event::default().event("notice").data(json)), (company, actor, topics, news, until)));
                }
                continue;
            }
            if let Some(json) = heard(&company, &actor, &topics, &payload).await {
                return Some((Ok(change(&json)), (company, actor, topics, news, until)));
            }
        }
    });
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(20))).into_response();
    response.headers_mut().insert("x-accel-buffering", axum::http::HeaderValue::from_static("no"));
    Ok(response)
}

fn change(json: &str) -> Event {
    Event::default().event("change").data(json)
}

/// How many notices are new, and the sentence of the newest one.
async fn notice(company: &Company, actor: &Actor) -> Option<String> {
    let unseen = company.unseen(actor).await.ok()?;
    let newest = company.notices(actor, &engine::notify::Wanted { unread: true, ..Default::default() }, 1).await.ok()?.items.pop();
    let newest = newest.filter(|t| !t.seen).map(|t| serde_json::json!({"say": t.sentence(&actor.locale), "text": t.text, "href": t.href()}));
    let shown = text::number::format_integer(i64::try_from(unseen).unwrap_or(i64::MAX), &actor.locale);
    Some(serde_json::json!({"unseen": unseen, "shown": shown, "newest": newest}).to_string())
}

/// The news of one change for this reader; none when it is not asked for or not for him.
async fn heard(company: &Company, actor: &Actor, topics: &[String], payload: &str) -> Option<String> {
    let (object, id) = payload.split_once(':')?;
    if !topics.iter().any(|t| t == object || t == payload) {
        return None;
    }
    if id == "*" {
        // Many at once: the list reads itself again.
        return Some(serde_json::json!({"object": object}).to_string());
    }
    let id: Uuid = id.parse().ok()?;
    match company.get(actor, object, id).await {
        Ok(record) => Some(serde_json::json!({"object": object, "id": id, "rev": record.rev}).to_string()),
        // It may have left the reader's sight or been deleted: the list reads itself again and finds out; the id is not told.
        Err(_) => topics.iter().any(|t| t == object).then(|| serde_json::json!({"object": object}).to_string()),
    }
}
