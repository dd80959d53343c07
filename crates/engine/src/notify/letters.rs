//! Notices by e-mail: each by itself, or what has gathered in one letter. The letter is handed to the job `mail.send`,
//! in the transaction that marks its notices.

use super::{Digest, NoticePrefs, Told};
use crate::{Actor, Company, JobCx, JobKind, Schedule, settings};
use jiff::Timestamp;
use kernel::{Cell, ColumnType, Fault, Outcome};
use serde_json::{Value as Json, json};
use text::i18n::{Arg, t_for_plain};
use uuid::Uuid;

/// The job that writes a letter about one notice.
pub const MAIL: &str = "notice.mail";
/// Every hour: for each person the moment comes once an hour or once a day, where he is.
pub(crate) const DIGEST: Schedule = Schedule { key: "notice.digest", cron: "2 * * * *", job: "notice.digest" };
/// Notices in one letter; what is beyond is counted and found in the notification centre.
const MOST: usize = 40;

pub(crate) fn jobs() -> Vec<JobKind> {
    vec![JobKind { key: MAIL, run: |cx| Box::pin(single(cx)) }, JobKind { key: DIGEST.job, run: |cx| Box::pin(async move { digests(&cx.company).await.map(|_| ()) }) }]
}

fn home(company: &Company) -> String {
    let url = company.settings().url.clone();
    if url.is_empty() { "http://127.0.0.1:8080".to_owned() } else { url.trim_end_matches('/').to_owned() }
}

/// As `mail.send` takes it.
fn letter(to: &Actor, subject: String, lines: Vec<String>) -> Json {
    json!({"to": to.email, "subject": subject, "lines": lines, "lang": to.locale.lang})
}

/// Sentence, quoted text, address.
fn lines(told: &Told, reader: &Actor, home: &str) -> Vec<String> {
    let mut lines = vec![told.sentence(&reader.locale)];
    if !told.text.is_empty() {
        lines.push(format!("«{}»", told.text));
    }
    lines.push(format!("{home}{}", told.href()));
    lines
}

fn foot(reader: &Actor, home: &str) -> [String; 2] {
    [t_for_plain(&reader.locale, "notice-mail-why", &[]), format!("{home}/-/notifications/settings")]
}

async fn single(cx: JobCx) -> Outcome<()> {
    let id = cx.job.payload.get("notice").and_then(Json::as_str).and_then(|t| t.parse::<Uuid>().ok());
    let company = cx.company.clone();
    // Read meanwhile, or out of sight: there is nothing to write about.
    let Some((reader, told)) = company.notice(id.ok_or_else(|| Fault::invalid("payload", "value-required"))?).await? else { return Ok(()) };
    let home = home(&company);
    let mut text = lines(&told, &reader, &home);
    text.extend(foot(&reader, &home));
    let mut tx = company.write(&company.system()).await?;
    tx.enqueue("mail.send", letter(&reader, told.sentence(&reader.locale), text)).await?;
    cx.finish(&mut tx).await?;
    tx.commit().await
}

/// Writes the letters that are due now; returns how many.
///
/// # Errors
/// The database.
pub async fn digests(company: &Company) -> Outcome<usize> {
    let mut conn = company.db().read().await?;
    let sql = store::Sql::of(conn.dialect(), "SELECT DISTINCT user_id FROM sila_notice WHERE digest = 1");
    let people: Vec<Uuid> = conn.rows(&sql, &[ColumnType::Id]).await?.iter().filter_map(|r| r.first().and_then(Cell::id)).collect();
    drop(conn);
    let mut written = 0;
    for user in people {
        written += usize::from(digest(company, user).await?);
    }
    Ok(written)
}

async fn digest(company: &Company, user: Uuid) -> Outcome<bool> {
    let now = company.now();
    let mut conn = company.db().read().await?;
    let Some(reader) = company.load_actor_in(&mut conn, user).await? else {
        drop(conn);
        return settle(company, user, now, None).await.map(|()| false);
    };
    let prefs = NoticePrefs::load(&mut conn, user).await?;
    let last = settings::get(&mut conn, &user.to_string(), "notices.sent").await?;
    let today = text::calendar::local_date(now, &reader.locale).to_string();
    if !due(&prefs, now, &reader, last.as_deref(), &today) {
        return Ok(false);
    }
    let gathered = company.gathered(&mut conn, &reader, MOST + 1).await?;
    drop(conn);
    if gathered.is_empty() {
        return settle(company, user, now, None).await.map(|()| false);
    }
    let home = home(company);
    let n = i64::try_from(gathered.len()).unwrap_or(0);
    let subject = t_for_plain(&reader.locale, "notice-mail-digest", &[("n", n.into()), ("company", Arg::from(company.settings().name.get(reader.lang())))]);
    let mut text = vec![subject.clone()];
    for told in gathered.iter().take(MOST) {
        text.extend(lines(told, &reader, &home));
    }
    if gathered.len() > MOST {
        text.extend([t_for_plain(&reader.locale, "notice-mail-more", &[]), format!("{home}/-/notifications")]);
    }
    text.extend(foot(&reader, &home));
    settle(company, user, now, Some((today, letter(&reader, subject, text)))).await?;
    Ok(true)
}

/// Hourly when he may be disturbed; daily once, from the chosen hour on, and not on days of rest where he wants that.
fn due(prefs: &NoticePrefs, now: Timestamp, reader: &Actor, last: Option<&str>, today: &str) -> bool {
    let local = now.to_zoned(text::calendar::time_zone(&reader.locale));
    match prefs.digest {
        Digest::Hourly => prefs.awake(now, &reader.locale) == now,
        Digest::Daily => {
            let rest = prefs.quiet_weekend && reader.locale.is_weekend(local.weekday());
            !rest && local.hour() >= prefs.hour && last != Some(today)
        }
    }
}

/// Marks what has gathered up to `now` as told, with the letter that tells it.
async fn settle(company: &Company, user: Uuid, now: Timestamp, letter: Option<(String, Json)>) -> Outcome<()> {
    let mut cx = company.write(&company.system()).await?;
    let mut sql = cx.tx.sql();
    sql.push("UPDATE sila_notice SET digest = 0 WHERE digest = 1 AND user_id = ").bind(user).push(" AND at <= ").bind(now);
    let marked = cx.tx.exec(&sql).await?;
    if let Some((today, letter)) = letter {
        // Another node wrote it a moment ago.
        if marked == 0 {
            return cx.rollback().await;
        }
        settings::put(&mut cx.tx, &user.to_string(), "notices.sent", &today).await?;
        cx.enqueue("mail.send", letter).await?;
    }
    cx.commit().await
}
