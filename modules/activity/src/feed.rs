//! A calendar to subscribe to, by an address only its owner knows and can revoke.

use crate::{dav, ics};
use engine::{Actor, Answer, Company, Draft, PageCx};
use ical::content::{Component, Prop};
use kernel::jiff::SignedDuration;
use kernel::uuid::Uuid;
use kernel::{Cell, ColumnType, Fault, Outcome};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

const MOST: usize = 2_000;

fn fingerprint(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

/// Makes a feed of one's own calendar, or of a team of one's own; gives its secret, once.
///
/// # Errors
/// Not found: somebody else's team. Those of saving.
pub async fn make(company: &Company, actor: &Actor, name: &str, team: Option<Uuid>) -> Outcome<String> {
    if let Some(team) = team {
        company.get(actor, "team", team).await?;
        if !dav::members(company, team).await?.contains(&actor.id) {
            return Err(Fault::not_found());
        }
    }
    let bytes: [u8; 24] = rand::random();
    let secret = hex::encode(bytes);
    let mut cx = company.write(actor).await?;
    let draft = Draft::new().set("name", name).set("owner", actor.id).set("team", team).set("fingerprint", fingerprint(&secret));
    cx.save("feed", draft.trusted()).await?;
    cx.commit().await?;
    Ok(secret)
}

/// `GET /p/activity/feed?k=…`
pub async fn answer(page: PageCx) -> Outcome<Answer> {
    let company = &page.company;
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT id, owner, team, used_at FROM feed WHERE deleted_at IS NULL AND fingerprint = ").bind(fingerprint(page.param("k")));
    let row = conn.row(&sql, &[ColumnType::Id, ColumnType::Id, ColumnType::Id, ColumnType::Int]).await?.ok_or_else(Fault::not_found)?;
    drop(conn);
    let id = |i: usize| row.get(i).and_then(Cell::id);
    let (feed, owner, team) = (id(0).ok_or_else(Fault::not_found)?, id(1).ok_or_else(Fault::not_found)?, id(2));
    // With the owner's rights as they are today; nobody when he has left.
    let actor = company.load_actor(owner).await?.ok_or_else(Fault::not_found)?;
    let source = dav::source();
    let key = team.map_or_else(|| "calendar".to_owned(), |t| format!("team-{t}"));
    let items = (source.items)(company, &actor, &key).await?;
    let names: Vec<String> = items.into_iter().map(|i| i.name).take(MOST).collect();
    let mut all = Component::new("VCALENDAR").with(Prop::raw("VERSION", "2.0")).with(Prop::raw("PRODID", ics::PRODUCT)).with(Prop::raw("METHOD", "PUBLISH"));
    all.push(Prop::text("X-WR-CALNAME", actor.name.get(actor.lang())));
    all.push(Prop::raw("REFRESH-INTERVAL", "PT30M").with("VALUE", "DURATION"));
    let mut zones = BTreeSet::new();
    for (_, text) in (source.read)(company, &actor, &key, &names).await? {
        let Some(one) = ical::content::parse(&text).ok().and_then(|l| l.into_iter().next()) else { continue };
        for part in one.parts {
            // Reminders are for the owner's own programs, addresses of guests for nobody who found the link.
            let mut part = part;
            part.parts.retain(|p| p.name != "VALARM");
            part.props.retain(|p| p.name != "ATTENDEE" && p.name != "ORGANIZER" && p.name != "DESCRIPTION");
            if part.name != "VTIMEZONE" || zones.insert(part.text("TZID")) {
                all.parts.push(part);
            }
        }
    }
    let now = company.now();
    let used = row.get(3).and_then(Cell::int).unwrap_or_default();
    if now.as_microsecond() - used > SignedDuration::from_mins(60).as_micros().try_into().unwrap_or(i64::MAX) {
        let mut tx = company.db().write().await?;
        let mut sql = tx.sql();
        sql.push("UPDATE feed SET used_at = ").bind(now).push(" WHERE id = ").bind(feed);
        tx.exec(&sql).await?;
        tx.commit().await?;
    }
    Ok(Answer::File { name: "calendar.ics".into(), media: "text/calendar; charset=utf-8".into(), bytes: all.write().into_bytes() })
}
