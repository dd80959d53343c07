//! Invitations by mail (iTIP, RFC 5546, in letters as RFC 6047 has it): sent with an action, followed by updates and
//! a cancellation to those who were invited, and the answers that come back.

use crate::{answer, ics, load};
use crate::touched::Touched;
use engine::{Action, Company, Cx, Done, Draft, Input, JobCx, JobKind};
use futures::future::BoxFuture;
use hmac::{Hmac, KeyInit, Mac};
use ical::content;
use kernel::uuid::Uuid;
use kernel::{Cell, ColumnType, Fault, Outcome, Record, label};
use serde_json::json;
use sha2::Sha256;
use store::Conn;

/// A mail that another program of ours received: its calendar part and whose it is.
pub const ITIP: &str = "activity.itip";

pub fn actions() -> Vec<Action> {
    vec![Action {
        object: "activity",
        key: "invite",
        label: label("إرسال الدعوات بالبريد", "Send invitations"),
        icon: "send",
        input: Vec::new(),
        guard: Some("status == \"planned\" && at != null && exists(attendees, email != null && user == null)"),
        danger: false,
        run: invite,
    }]
}

pub fn jobs() -> Vec<JobKind> {
    vec![JobKind { key: ITIP, run: |job| Box::pin(received(job)) }]
}

struct Guest {
    id: Uuid,
    email: String,
    invited: bool,
}

/// Those outside the company; colleagues have the calendar and its notices.
async fn outside(conn: &mut Conn, activity: Uuid) -> Outcome<Vec<Guest>> {
    let mut sql = conn.sql();
    sql.push("SELECT id, email, invited_at FROM attendee WHERE deleted_at IS NULL AND \"user\" IS NULL AND email IS NOT NULL AND activity = ").bind(activity);
    let rows = conn.rows(&sql, &[ColumnType::Id, ColumnType::Text, ColumnType::Int]).await?;
    let one = |r: &Vec<Cell>| Some(Guest { id: r.first()?.id()?, email: r.get(1)?.text()?.to_owned(), invited: r.get(2)?.int().is_some() });
    Ok(rows.iter().filter_map(one).collect())
}

fn invite<'a>(cx: &'a mut Cx, record: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let guests = outside(&mut cx.tx, record.id).await?;
        let ids: Vec<Uuid> = guests.iter().map(|g| g.id).collect();
        let actor = std::mem::replace(&mut cx.actor, cx.company.system());
        let drafts = ids.iter().map(|id| Draft::of(*id).set("invited_at", cx.now).trusted()).collect();
        let saved = cx.save_many("attendee", drafts).await;
        cx.actor = actor;
        saved?;
        send(cx, &record, &guests, "REQUEST").await?;
        cx.event("activity.invited", &record, json!({"n": guests.len()})).await?;
        Ok(Done { message: "activity-invited".into(), ..Done::default() })
    })
}

/// After a change: those who were invited by mail hear of it.
pub async fn follow(cx: &mut Cx, t: &Touched<'_>) -> Outcome<()> {
    let Some(before) = t.before else { return Ok(()) };
    let over = |r: &Record| r.get("status").text() == Some("cancelled");
    let method = match t.after {
        None => "CANCEL",
        Some(after) if over(after) && !over(before) => "CANCEL",
        Some(after) if over(after) => return Ok(()),
        Some(_) if ["at", "ends", "rule", "place", "link", "subject", "all_day"].iter().any(|f| t.changed(f)) => "REQUEST",
        Some(_) => return Ok(()),
    };
    let Some(record) = t.record() else { return Ok(()) };
    if record.get("last").datetime().is_none_or(|l| l < cx.now) {
        return Ok(());
    }
    let guests: Vec<Guest> = outside(&mut cx.tx, record.id).await?.into_iter().filter(|g| g.invited).collect();
    send(cx, record, &guests, method).await
}

/// One letter to each guest, to be sent after the commit.
async fn send(cx: &mut Cx, record: &Record, guests: &[Guest], method: &str) -> Outcome<()> {
    if guests.is_empty() {
        return Ok(());
    }
    let (company, system) = (cx.company.clone(), cx.company.system());
    let mut whole = load::whole(&mut cx.tx, &company, &system, record.id).await?;
    if method == "CANCEL" {
        whole.record.set("status", "cancelled");
    }
    // What other programs wrote for their owner is not for guests.
    whole.told.extra.clear();
    whole.record.values.shift_remove("reminders");
    whole.exceptions.retain(|e| e.get("privacy").text() != Some("private"));
    for e in &mut whole.exceptions {
        e.values.shift_remove("reminders");
    }
    let text = ics::calendar(&whole.record, &whole.exceptions, &whole.told, cx.now, Some(method)).write();
    let settings = company.settings();
    let locale = settings.locale();
    let key = key(cx).await?;
    let subject = whole.record.get("subject").text().unwrap_or_default().to_owned();
    let when = whole.record.get("at").datetime().map(|at| {
        let zone = whole.record.get("zone").text().unwrap_or_default();
        let local = locale.clone().with_tz(zone);
        format!("{} ({zone})", text::calendar::format_datetime(at, &local, text::calendar::DateStyle::Long))
    });
    let t = |key: &str, args: &[(&str, text::i18n::Arg<'_>)]| text::i18n::t_for_plain(&locale, key, args);
    let name = settings.name.get(locale.lang.code());
    for guest in guests {
        let head = if method == "CANCEL" { "activity-mail-cancelled" } else { "activity-mail-invited" };
        let mut lines = vec![t(head, &[("company", name.into()), ("subject", subject.as_str().into())])];
        lines.extend(when.clone());
        lines.extend(whole.record.get("place").text().map(str::to_owned));
        lines.extend(whole.record.get("link").text().map(str::to_owned));
        if method == "REQUEST" && !settings.url.is_empty() {
            lines.push(t("activity-mail-answer", &[]));
            lines.push(format!("{}/p/activity/reply?i={}&s={}", settings.url, guest.id, sign(&key, guest.id)));
        }
        let title = t(if method == "CANCEL" { "activity-mail-subject-cancelled" } else { "activity-mail-subject" }, &[("subject", subject.as_str().into())]);
        let letter = json!({
            "to": guest.email, "subject": title, "lines": lines, "lang": locale.lang,
            "calendar": {"method": method, "text": text},
        });
        cx.enqueue("mail.send", letter).await?;
    }
    Ok(())
}

/// The company's key for links in letters; made when it is first needed.
async fn key(cx: &mut Cx) -> Outcome<String> {
    if let Some(key) = engine::settings::get(&mut cx.tx, "activity", "reply").await? {
        return Ok(key);
    }
    let bytes: [u8; 32] = rand::random();
    let key = hex::encode(bytes);
    engine::settings::put(&mut cx.tx, "activity", "reply", &key).await?;
    Ok(key)
}

fn sign(key: &str, attendee: Uuid) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap_or_else(|_| unreachable_key());
    mac.update(b"activity-reply:");
    mac.update(attendee.as_bytes());
    hex::encode(mac.finalize().into_bytes().get(..20).unwrap_or_default())
}

/// A MAC takes keys of any length.
fn unreachable_key() -> Hmac<Sha256> {
    Hmac::<Sha256>::new(&Default::default())
}

/// Whether a link in a letter is ours.
///
/// # Errors
/// The database.
pub async fn genuine(company: &Company, attendee: Uuid, signature: &str) -> Outcome<bool> {
    let mut conn = company.db().read().await?;
    let Some(key) = engine::settings::get(&mut conn, "activity", "reply").await? else { return Ok(false) };
    let want = sign(&key, attendee);
    // Equal length, every byte looked at.
    let same = want.len() == signature.len() && want.bytes().zip(signature.bytes()).fold(0, |d, (a, b)| d | (a ^ b)) == 0;
    Ok(same)
}

async fn received(job: JobCx) -> Outcome<()> {
    let text = job.job.payload["text"].as_str().unwrap_or_default().to_owned();
    let from = job.job.payload["from"].as_str().unwrap_or_default().to_owned();
    let n = reply(&job.company, &text, &from).await?;
    job.result(n.to_string());
    Ok(())
}

/// Takes the answers out of an iTIP `REPLY` that `from` has sent; how many there were. Anybody can write anything into a
/// mail: only the answer of the sender himself counts, to an invitation that was sent to his address.
///
/// # Errors
/// Invalid: no reply, or one that cannot be read.
pub async fn reply(company: &Company, text: &str, from: &str) -> Outcome<usize> {
    let refused = |r: ical::Refused| crate::repeat::refused("", &r);
    let calendars = content::parse(text).map_err(refused)?;
    let from = from.trim().to_ascii_lowercase();
    let mut taken = 0;
    for calendar in calendars.iter().filter(|c| c.name == "VCALENDAR") {
        if !calendar.text("METHOD").eq_ignore_ascii_case("REPLY") {
            return Err(Fault::issue(kernel::Issue::new("", "ical-no-reply")));
        }
        for part in calendar.parts.iter().filter(|p| p.name == "VEVENT" || p.name == "VTODO").take(20) {
            let uid = part.text("UID");
            let Some(activity) = by_uid(company, &uid).await? else { continue };
            for p in part.all("ATTENDEE").take(20) {
                let Some(email) = ics::mail(&p.value).filter(|m| *m == from) else { continue };
                let state = match p.param("PARTSTAT").map(str::to_ascii_uppercase).as_deref() {
                    Some("ACCEPTED") => "accepted",
                    Some("TENTATIVE") => "tentative",
                    Some("DECLINED") => "declined",
                    _ => continue,
                };
                let word = Some(part.text("COMMENT")).filter(|c| !c.is_empty()).map(|c| c.chars().take(500).collect());
                let mut cx = company.write(&company.system()).await?;
                if let Some(id) = answer::invitation(&mut cx.tx, activity, None, &email).await? {
                    answer::answer(&mut cx, id, state, word).await?;
                    cx.commit().await?;
                    taken += 1;
                }
            }
        }
    }
    Ok(taken)
}

/// The activity with a uid.
///
/// # Errors
/// The database.
pub async fn by_uid(company: &Company, uid: &str) -> Outcome<Option<Uuid>> {
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT d.record_id FROM sila_dav d JOIN activity t ON t.id = d.record_id WHERE t.deleted_at IS NULL AND d.object = 'activity' AND d.uid = ").bind(uid);
    let named = conn.row(&sql, &[ColumnType::Id]).await?.and_then(|r| r.first().and_then(Cell::id));
    Ok(named.or_else(|| ics::own_id(uid)))
}
