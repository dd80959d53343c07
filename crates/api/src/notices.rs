//! The caller's own notices.

use crate::json;
use crate::params::{self, Params, Payload};
use crate::problem::Answer;
use crate::request::{Ctx, unreadable};
use axum::response::IntoResponse;
use engine::notify::{Told, Wanted};
use kernel::Issue;
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// `GET /notifications`
pub(crate) async fn list(ctx: Ctx, params: Params) -> Answer {
    params.only(&["unread", "kinds", "before", "limit"])?;
    let wanted = Wanted { unread: params.flag("unread")?, kinds: params.list("kinds"), before: params.get("before").map(str::to_owned) };
    let found = ctx.company.notices(&ctx.actor, &wanted, params.number("limit", 50, 1, 200)?).await?;
    let unseen = ctx.company.unseen(&ctx.actor).await?;
    let one = |t: &Told| {
        json!({
            "id": t.id, "at": t.at.to_string(), "kind": t.kind, "object": t.object, "record_id": t.record, "title": json::name(&t.title),
            "actor": t.actor.map(|id| json!({"id": id, "name": json::name(&t.who)})), "n": t.n, "seen": t.seen, "read": t.read,
            "sentence": t.sentence(&ctx.actor.locale), "text": t.text, "data": t.data,
        })
    };
    Ok(axum::Json(json!({"data": found.items.iter().map(one).collect::<Vec<_>>(), "next": found.next, "unseen": unseen})).into_response())
}

/// `POST /notifications/read`: `{"ids": […]}` or `{"all": true}`; `"read": false` turns it round.
pub(crate) async fn read(ctx: Ctx, params: Params, payload: Payload) -> Answer {
    params.only(&[])?;
    crate::parts::may_write(&ctx, "notification")?;
    let mut map = payload.object()?;
    let ids: Option<Vec<Uuid>> = params::take(&mut map, "ids")?;
    let all: bool = params::take(&mut map, "all")?.unwrap_or_default();
    let read: bool = params::take(&mut map, "read")?.unwrap_or(true);
    params::done(&map, &["ids", "all", "read"])?;
    if ids.is_none() && !all {
        return Err(unreadable(Issue::new("ids", "value-required")).into());
    }
    let changed = ctx.company.mark_read(&ctx.actor, if all { None } else { ids.as_deref() }, read).await?;
    let answer: Json = json!({"changed": changed});
    Ok(axum::Json(answer).into_response())
}
