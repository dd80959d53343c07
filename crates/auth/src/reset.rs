//! Forgotten passwords: a letter with a link that works once, for an hour.

use crate::throttle::Attempt;
use crate::{Origin, Secret, account, mail, password, session, throttle};
use engine::{Company, JobCx};
use kernel::{Cell, ColumnType, Fault, Outcome};
use text::i18n::{Arg, t_for_plain};
use uuid::Uuid;

/// Seconds a link works.
pub const LIFE: i64 = 3_600;

/// Asks for a letter. Whether the address is known is decided later, in the job, so the answer cannot tell.
///
/// # Errors
/// Throttled.
pub async fn request(company: &Company, email: &str, origin: &Origin) -> Outcome<()> {
    crate::sso::own_ways_open(company)?;
    throttle::begin(company, &Attempt::new("reset", email, &origin.ip)).await?;
    let email: String = email.trim().to_lowercase().chars().take(254).collect();
    let mut cx = company.write(&company.system()).await?;
    cx.enqueue("auth.reset", serde_json::json!({ "email": email })).await?;
    cx.commit().await
}

/// The job `auth.reset`: makes the link and sends it. The token exists only here and in the letter.
pub(crate) async fn deliver(cx: JobCx) -> Outcome<()> {
    let company = cx.company;
    let email = cx.job.payload.get("email").and_then(|e| e.as_str()).unwrap_or_default();
    let Some(user) = company.user_by_email(email).await? else { return Ok(()) };
    let Some(actor) = company.load_actor(user).await? else { return Ok(()) };
    let token = issue(&company, user).await?;
    let settings = company.settings();
    let home = if settings.url.is_empty() { "http://127.0.0.1:8080" } else { settings.url.trim_end_matches('/') };
    let link = format!("{home}/reset?token={}", token.reveal());
    let locale = &actor.locale;
    let lang = locale.lang.code();
    let args = [("name", Arg::from(actor.name.get(lang))), ("company", Arg::from(settings.name.get(lang)))];
    let letter = mail::Letter {
        to: actor.email.clone(),
        subject: t_for_plain(locale, "auth-mail-reset-subject", &args),
        lines: vec![
            t_for_plain(locale, "auth-mail-hello", &args),
            t_for_plain(locale, "auth-mail-reset-why", &args),
            link,
            t_for_plain(locale, "auth-mail-reset-until", &args),
            t_for_plain(locale, "auth-mail-reset-ignore", &args),
        ],
        lang: locale.lang,
        calendar: None,
        files: Vec::new(),
    };
    mail::send(&company, &letter).await
}

/// A new link token for a user; earlier ones keep working until their hour is over.
pub async fn issue(company: &Company, user: Uuid) -> Outcome<Secret> {
    let token = Secret::random("");
    let until = company.now().as_microsecond() + LIFE * 1_000_000;
    let mut tx = company.db().write().await?;
    let row = vec![token.hash().into(), user.into(), until.into()];
    store::rows::insert_many(&mut tx, "sila_reset", &["token_hash", "user_id", "expires_at"], vec![row]).await?;
    tx.commit().await?;
    Ok(token)
}

/// Whether a link still works, to show the form.
pub async fn works(company: &Company, token: &Secret) -> Outcome<bool> {
    Ok(owner(company, token).await?.is_some())
}

async fn owner(company: &Company, token: &Secret) -> Outcome<Option<Uuid>> {
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT user_id FROM sila_reset WHERE used_at IS NULL AND token_hash = ").bind(token.hash());
    sql.push(" AND expires_at > ").bind(company.now());
    Ok(conn.row(&sql, &[ColumnType::Id]).await?.and_then(|r| r.first().and_then(Cell::id)))
}

/// Sets the new password; the link and its sisters are spent, all sessions end.
///
/// # Errors
/// Invalid: the link is unknown, used or too old (`token`), or the password does not do (`password`; the link stays good).
pub async fn redeem(company: &Company, token: &Secret, new: &Secret) -> Outcome<()> {
    let spent = || Fault::invalid("token", "auth-reset-spent");
    let user = owner(company, token).await?.ok_or_else(spent)?;
    let actor = company.load_actor(user).await?.ok_or_else(spent)?;
    if let Some(issue) = password::check(new.reveal(), &actor.email, &actor.name, company.settings().sign_in.shortest) {
        return Err(Fault::issue(issue));
    }
    let hash = password::hash(new.reveal()).await?;
    let now = company.now();
    let mut tx = company.db().write().await?;
    let mut sql = tx.sql();
    sql.push("UPDATE sila_reset SET used_at = ").bind(now).push(" WHERE used_at IS NULL AND token_hash = ").bind(token.hash());
    sql.push(" AND expires_at > ").bind(now);
    if tx.exec(&sql).await? != 1 {
        return Err(spent());
    }
    let mut sql = tx.sql();
    sql.push("UPDATE sila_reset SET used_at = ").bind(now).push(" WHERE used_at IS NULL AND user_id = ").bind(user);
    tx.exec(&sql).await?;
    account::put_hash(&mut tx, now, user, &hash).await?;
    session::end_all(&mut tx, now, user, None).await?;
    tx.commit().await?;
    tracing::info!(%user, "password reset");
    Ok(())
}
