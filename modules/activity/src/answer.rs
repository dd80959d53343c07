//! What the invited say to it: from their own page, from the link in the letter, by mail from their calendar program.

use engine::{Action, Cx, Done, Draft, Input, Notice};
use futures::future::BoxFuture;
use kernel::uuid::Uuid;
use kernel::{Cell, ColumnType, Field, Kind, Outcome, Record, Value, label};
use serde_json::json;

pub fn actions() -> Vec<Action> {
    let word = || vec![Field::new("comment", Kind::Text { max: 500 }, label("كلمة مع الرد", "Word with the answer"))];
    let one = |key, label, icon, run| Action { object: "attendee", key, label, icon, input: word(), guard: Some("user == me()"), danger: false, run };
    vec![
        one("accept", label("قبول", "Accept"), "check", |cx, r, i| say(cx, r, i, "accepted")),
        one("maybe", label("ربما", "Maybe"), "clock", |cx, r, i| say(cx, r, i, "tentative")),
        one("decline", label("اعتذار", "Decline"), "x", |cx, r, i| say(cx, r, i, "declined")),
    ]
}

fn say<'a>(cx: &'a mut Cx, attendee: Record, input: Input, state: &'static str) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let word = input.get("comment").and_then(Value::text).map(str::to_owned);
        answer(cx, attendee.id, state, word).await?;
        Ok(Done { message: "activity-answered".into(), ..Done::default() })
    })
}

/// Notes the answer of somebody invited and tells the owner.
///
/// # Errors
/// Not found: no such invitation.
pub async fn answer(cx: &mut Cx, attendee: Uuid, state: &str, word: Option<String>) -> Outcome<()> {
    let by = cx.actor.id;
    let actor = std::mem::replace(&mut cx.actor, cx.company.system());
    let done = async {
        let draft = Draft::of(attendee).set("state", state).set("answered_at", cx.now).set("comment", word).trusted();
        let saved = cx.save("attendee", draft).await?.into_record();
        let Some(id) = saved.get("activity").id() else { return Ok(()) };
        let (company, system) = (cx.company.clone(), cx.actor.clone());
        let activity = company.get_in(&mut cx.tx, &system, "activity", id).await?;
        if let Some(user) = activity.get("owner").id().filter(|u| *u != by) {
            let data = json!({"answer": state, "name": saved.get("name").text()});
            cx.notify(Notice { user, kind: "activity.answered", object: "activity", record: id, data }).await?;
        }
        Ok(())
    }
    .await;
    cx.actor = actor;
    done
}

/// The invitation of a colleague or an address to an activity.
///
/// # Errors
/// The database.
pub async fn invitation(conn: &mut store::Conn, activity: Uuid, user: Option<Uuid>, email: &str) -> Outcome<Option<Uuid>> {
    let mut sql = conn.sql();
    sql.push("SELECT id FROM attendee WHERE deleted_at IS NULL AND activity = ").bind(activity);
    match user {
        Some(user) => sql.push(" AND \"user\" = ").bind(user),
        None => sql.push(" AND email = ").bind(email),
    };
    Ok(conn.row(&sql, &[ColumnType::Id]).await?.and_then(|r| r.first().and_then(Cell::id)))
}
