//! Live pages: server-sent events that say which records changed. Nothing but object, id and revision is sent, and
//! only of records the reader may read at that moment. Every page hears of its reader's own notices besides.

use crate::presence::Seat;
use crate::refusal::Refusal;
use crate::visit::Visit;
use axum::response::IntoResponse;
use axum::response::Response;
use axum::response::sse::{Event, KeepAlive, Sse};
use engine::load::Titles;
use engine::{Actor, Company};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
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
    // Whoever has the page of a record open is seen there by the others who have.
    let record = topics.iter().find(|t| t.contains(':')).cloned();
    let (here, comings) = match &record {
        Some(record) => (Some(visit.site.presence().enter(record, visit.actor.id)), visit.site.presence().subscribe()),
        None => (None, visit.site.presence().subscribe()),
    };
    let listener = Listener { company: visit.company.clone(), actor: visit.actor.clone(), topics, record, here, comings, news, until: tokio::time::Instant::now() + LIFE };
    let events = futures::stream::unfold(listener, |mut l| async move { l.next().await.map(|event| (Ok::<_, Infallible>(event), l)) });
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(20))).into_response();
    response.headers_mut().insert("x-accel-buffering", axum::http::HeaderValue::from_static("no"));
    Ok(response)
}

/// One open page.
struct Listener {
    company: Company,
    actor: Actor,
    topics: Vec<String>,
    /// `party:ID` of the record whose page it is.
    record: Option<String>,
    /// Dropped with the connection: then the person has left.
    here: Option<Seat>,
    comings: Receiver<String>,
    news: Receiver<String>,
    until: tokio::time::Instant,
}

impl Listener {
    async fn next(&mut self) -> Option<Event> {
        loop {
            let payload = tokio::select! {
                () = tokio::time::sleep_until(self.until) => return None,
                record = self.comings.recv() => {
                    let mine = matches!(&record, Ok(r) if self.record.as_ref() == Some(r)) || matches!(record, Err(RecvError::Lagged(_)));
                    if let Some(seat) = self.here.as_ref().filter(|_| mine) {
                        let json = people(&self.company, &self.actor, &seat.others()).await;
                        return Some(Event::default().event("presence").data(json));
                    }
                    continue;
                }
                news = self.news.recv() => match news {
                    Ok(p) => p,
                    // Too slow to hear everything: the page reads itself again.
                    Err(RecvError::Lagged(_)) => return Some(change(r#"{"object":""}"#)),
                    Err(RecvError::Closed) => return None,
                },
            };
            if payload == engine::notify::topic(self.actor.id) {
                if let Some(json) = notice(&self.company, &self.actor).await {
                    return Some(Event::default().event("notice").data(json));
                }
                continue;
            }
            if let Some(json) = heard(&self.company, &self.actor, &self.topics, &payload).await {
                return Some(change(&json));
            }
        }
    }
}

/// The sentence that names who else is here; empty when nobody is whom this reader may know.
async fn people(company: &Company, actor: &Actor, others: &[Uuid]) -> String {
    let wanted = BTreeMap::from([("user".to_owned(), others.iter().copied().collect())]);
    let titles = match company.db().read().await {
        Ok(mut conn) => company.titles(&mut conn, actor, &wanted).await.unwrap_or_default(),
        Err(_) => Titles::new(),
    };
    let names: Vec<&str> = others.iter().filter_map(|id| titles.get(id).map(|n| n.get(actor.lang()))).take(3).collect();
    let n = i64::try_from(others.iter().filter(|id| titles.contains_key(id)).count()).unwrap_or(0);
    let args = [("n", n.into()), ("who", names.join(actor.locale.pick("، ", ", ")).into())];
    let say = if n == 0 { String::new() } else { text::i18n::t_for(&actor.locale, "web-presence", &args) };
    serde_json::json!({ "say": say }).to_string()
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
