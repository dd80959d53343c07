//! How a mailbox is reached: its servers, and its secrets, which are sealed, never logged and never given out.

use engine::{Actor, Company, Cx, Query};
use futures::future::BoxFuture;
use kernel::expr::Expr;
use kernel::{Cell, ColumnType, Fault, FaultKind, Issue, Outcome, Record};
use mail::imap::Session;
use mail::login::{Consent, Login, Renewal, Renewed};
use mail::preset::{Preset, preset};
use mail::{Security, Server};
use uuid::Uuid;

/// The names of secrets.
pub const PASSWORD: &str = "password";
pub const CLIENT_SECRET: &str = "client_secret";
pub const REFRESH_TOKEN: &str = "refresh_token";
/// `{expiry in seconds} {token}`, renewed by ourselves.
const ACCESS_TOKEN: &str = "access_token";

fn purpose(mailbox: Uuid, name: &str) -> String {
    format!("mailbox.{name}:{mailbox}")
}

/// Keeps a secret; empty: forgets it.
///
/// # Errors
/// The key file, the database.
pub async fn keep_secret(cx: &mut Cx, mailbox: Uuid, name: &str, secret: &str) -> Outcome<()> {
    if secret.is_empty() {
        let mut sql = cx.tx.sql();
        sql.push("DELETE FROM sila_mail_secret WHERE mailbox_id = ").bind(mailbox).push(" AND name = ").bind(name);
        return cx.tx.exec(&sql).await.map(|_| ());
    }
    let sealed = cx.company.key()?.seal(&purpose(mailbox, name), secret)?;
    let row = vec![mailbox.into(), name.into(), sealed.into()];
    store::upsert_many(&mut cx.tx, "sila_mail_secret", &["mailbox_id", "name", "sealed"], &["mailbox_id", "name"], vec![row]).await.map(|_| ())
}

/// Where the secrets of a mailbox go: its servers, how protected the way there is, and who renews its tokens.
const PLACES: [&str; 10] = ["imap_host", "imap_port", "imap_security", "smtp_host", "smtp_port", "smtp_security", "auth", "provider", "authorize_url", "token_url"];

/// Where a mailbox is and who signs in there, to know whether a connection is still the right one.
pub fn place(mailbox: &Record) -> String {
    let all = PLACES.iter().chain(&["login", "address", "client_id"]);
    all.map(|f| format!("{:?}", mailbox.get(f))).collect::<Vec<_>>().join("\n")
}

/// What is kept goes to no other server, nor over a less protected way: whoever sets that up must know it. With the
/// mailbox's address in other hands (an administrator, a deputy) its secrets would be too.
pub fn watch<'a>(cx: &'a mut Cx, changes: &'a [(Option<Record>, Option<Record>)]) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        let moved = |b: &Record, a: &Record| PLACES.iter().any(|f| b.get(f) != a.get(f));
        for (_, after) in changes.iter().filter_map(|(b, a)| b.as_ref().zip(a.as_ref())).filter(|(b, a)| moved(b, a)) {
            let mut sql = cx.tx.sql();
            sql.push("DELETE FROM sila_mail_secret WHERE mailbox_id = ").bind(after.id);
            cx.tx.exec(&sql).await?;
        }
        Ok(())
    })
}

async fn secret(company: &Company, mailbox: Uuid, name: &str) -> Outcome<Option<String>> {
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT sealed FROM sila_mail_secret WHERE mailbox_id = ").bind(mailbox).push(" AND name = ").bind(name);
    match conn.text(&sql).await? {
        Some(sealed) => company.key()?.open(&purpose(mailbox, name), &sealed).map(Some),
        None => Ok(None),
    }
}

/// Which secrets are there, for showing that they are.
///
/// # Errors
/// The database.
pub async fn known_secrets(company: &Company, mailbox: Uuid) -> Outcome<Vec<String>> {
    let mut conn = company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT name FROM sila_mail_secret WHERE mailbox_id = ").bind(mailbox);
    let rows = conn.rows(&sql, &[ColumnType::Text]).await?;
    Ok(rows.iter().filter_map(|r| r.first().and_then(Cell::text)).map(str::to_owned).collect())
}

/// The mailboxes in use.
///
/// # Errors
/// The database.
pub async fn active(company: &Company) -> Outcome<Vec<Record>> {
    let query = Query::new("mailbox").filter(Expr::parse("active == true")?).limit(500);
    Ok(company.list(&company.system(), &query).await?.records)
}

fn text(record: &Record, field: &str) -> String {
    record.get(field).text().unwrap_or_default().trim().to_owned()
}

async fn server(company: &Company, mailbox: &Record, prefix: &str) -> Outcome<Server> {
    let field = |name: &str| format!("{prefix}_{name}");
    let port = mailbox.get(&field("port")).int().and_then(|p| u16::try_from(p).ok()).unwrap_or(993);
    Ok(Server {
        host: text(mailbox, &field("host")),
        port,
        security: Security::parse(&text(mailbox, &field("security"))),
        inside: company.reaches_inside().await?,
    })
}

/// The login as it is valid now; a token is renewed a minute before it ends.
///
/// # Errors
/// Login: nothing is stored, or the provider does not take it. The database.
pub async fn login(company: &Company, mailbox: &Record) -> Outcome<Login> {
    let user = Some(text(mailbox, "login")).filter(|l| !l.is_empty()).unwrap_or_else(|| text(mailbox, "address"));
    let missing = || Fault::issue(Issue::new("", "mail-no-secret"));
    if text(mailbox, "auth") != "oauth2" {
        let password = secret(company, mailbox.id, PASSWORD).await?.ok_or_else(missing)?;
        return Ok(Login::Password { user, password });
    }
    let now = company.now().as_second();
    if let Some(kept) = secret(company, mailbox.id, ACCESS_TOKEN).await?
        && let Some((until, token)) = kept.split_once(' ')
        && until.parse::<i64>().is_ok_and(|u| u > now + 60)
    {
        return Ok(Login::Token { user, token: token.to_owned() });
    }
    let renewal = Renewal {
        endpoint: own_or(mailbox, "token_url", |p| p.token),
        client_id: text(mailbox, "client_id"),
        client_secret: secret(company, mailbox.id, CLIENT_SECRET).await?.unwrap_or_default(),
        refresh_token: secret(company, mailbox.id, REFRESH_TOKEN).await?.ok_or_else(missing)?,
    };
    let fresh = renewal.renew(company.reaches_inside().await?).await?;
    let mut cx = company.write(&company.system()).await?;
    keep_tokens(&mut cx, mailbox, &fresh).await?;
    cx.commit().await?;
    Ok(Login::Token { user, token: fresh.token })
}

/// Keeps what a token service gave, for the mailbox as it was when it was asked: had it another place by now, they would
/// go there.
///
/// # Errors
/// Conflict: the mailbox has changed meanwhile.
async fn keep_tokens(cx: &mut Cx, mailbox: &Record, fresh: &Renewed) -> Outcome<()> {
    let (company, system) = (cx.company.clone(), cx.company.system());
    let now = company.get_in(&mut cx.tx, &system, "mailbox", mailbox.id).await?;
    if place(&now) != place(mailbox) {
        return Err(Fault::new(FaultKind::Conflict));
    }
    keep_secret(cx, mailbox.id, ACCESS_TOKEN, &format!("{} {}", cx.now.as_second() + fresh.lasts, fresh.token)).await?;
    match &fresh.refresh_token {
        Some(next) => keep_secret(cx, mailbox.id, REFRESH_TOKEN, next).await,
        None => Ok(()),
    }
}

/// What stands on the mailbox, else what is known of its provider.
fn own_or(mailbox: &Record, field: &str, known: fn(Preset) -> &'static str) -> String {
    Some(text(mailbox, field)).filter(|t| !t.is_empty()).unwrap_or_else(|| known(preset(&text(mailbox, "provider"))).to_owned())
}

/// What is needed to ask a person at his provider; `verifier`: fresh, or that of the asking.
///
/// # Errors
/// Invalid: what is missing, or is no address (`authorize_url`, `token_url`, `client_id`).
pub async fn consent(company: &Company, mailbox: &Record, verifier: &str) -> Outcome<Consent> {
    let ours = company.settings().url.trim_end_matches('/').to_owned();
    let consent = Consent {
        authorize: own_or(mailbox, "authorize_url", |p| p.authorize),
        token: own_or(mailbox, "token_url", |p| p.token),
        client_id: text(mailbox, "client_id"),
        client_secret: secret(company, mailbox.id, CLIENT_SECRET).await?.unwrap_or_default(),
        scopes: own_or(mailbox, "scopes", |p| p.scopes),
        redirect: format!("{ours}/mail/consent"),
        verifier: verifier.to_owned(),
    };
    let mut issues = Vec::new();
    if ours.is_empty() {
        issues.push(Issue::new("", "mail-consent-needs-url"));
    }
    for (field, value) in [("authorize_url", &consent.authorize), ("token_url", &consent.token), ("client_id", &consent.client_id)] {
        if value.is_empty() {
            issues.push(Issue::new(field, "value-required"));
        } else if field != "client_id" && outside::address::parse(value).is_err() {
            issues.push(Issue::new(field, "value-not-url"));
        }
    }
    Fault::check(issues).map(|()| consent)
}

/// Takes the code with which the provider sent the person back, and keeps what it is exchanged for.
///
/// # Errors
/// Invalid: the provider does not take the code, or gives nothing that lasts. Conflict: as [`keep_tokens`].
pub async fn connect(company: &Company, actor: &Actor, mailbox: &Record, consent: &Consent, code: &str) -> Outcome<()> {
    let fresh = consent.exchange(code, company.reaches_inside().await?).await?;
    if fresh.refresh_token.is_none() {
        return Err(Fault::issue(Issue::new("", "mail-consent-not-lasting")));
    }
    let mut cx = company.write(actor).await?;
    keep_tokens(&mut cx, mailbox, &fresh).await?;
    store::queue::enqueue(&mut cx.tx, &crate::sync::job(mailbox.id)).await?;
    cx.commit().await
}

/// Bytes of the largest message that is imported.
pub fn largest(mailbox: &Record) -> i64 {
    mailbox.get("max_mb").int().unwrap_or(30).clamp(1, 200) << 20
}

/// A signed-in IMAP connection. Never inside a transaction.
///
/// # Errors
/// What is in the way, in words for the person.
pub async fn imap(company: &Company, mailbox: &Record) -> Outcome<Session> {
    let server = server(company, mailbox, "imap").await?;
    let login = login(company, mailbox).await?;
    // Several messages come in one answer, each in a response of its own.
    let most = usize::try_from(largest(mailbox)).unwrap_or(usize::MAX >> 1);
    Ok(Session::open(&server, &login, most).await?)
}

/// The outgoing server and how to sign in there.
///
/// # Errors
/// As [`login`]; invalid (`smtp_host`) where no server is set.
pub async fn smtp(company: &Company, mailbox: &Record) -> Outcome<(Server, Option<Login>)> {
    let server = server(company, mailbox, "smtp").await?;
    if server.host.is_empty() {
        return Err(Fault::invalid("smtp_host", "value-required"));
    }
    let login = if mailbox.get("smtp_login").bool() == Some(false) { None } else { Some(login(company, mailbox).await?) };
    Ok((server, login))
}

/// Tries both ways and says which works.
///
/// # Errors
/// The first trouble; its field is `imap_host` or `smtp_host`.
pub async fn check(company: &Company, mailbox: &Record) -> Outcome<()> {
    let at = |field: &'static str| move |mut fault: Fault| {
        fault.issues.iter_mut().for_each(|i| if i.field.is_empty() { i.field = field.into() });
        fault
    };
    imap(company, mailbox).await.map_err(at("imap_host"))?.close().await;
    if !text(mailbox, "smtp_host").is_empty() {
        let (server, login) = smtp(company, mailbox).await.map_err(at("smtp_host"))?;
        mail::smtp::check(&server, login.as_ref()).await.map_err(|t| at("smtp_host")(t.into()))?;
    }
    Ok(())
}
