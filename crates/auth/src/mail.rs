//! The way a letter leaves: SMTP, or a folder where the operator can read it.

use engine::{Actor, Company, JobCx, settings};
use kernel::{Fault, Issue, Outcome};
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::Duration;
use text::locale::Lang;

/// How mail is sent; setting `mail` of the company.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Transport {
    /// `smtps://user:password@host:465`, `smtp://host:587?tls=required`, or `file:///folder`. Empty: the folder `mail` of the company.
    pub url: String,
    /// `name@example.com`
    pub from: String,
}

impl std::fmt::Debug for Transport {
    /// The address holds a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transport").field("from", &self.from).finish_non_exhaustive()
    }
}

/// A letter in one language. A line that begins with `http` becomes a link.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub lines: Vec<String>,
    #[serde(default)]
    pub lang: Lang,
    /// For the calendar program of who receives it.
    #[serde(default)]
    pub calendar: Option<Invitation>,
    /// Files of records that go with it.
    #[serde(default)]
    pub files: Vec<Enclosed>,
}

/// A file of a record, read when the letter leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosed {
    pub object: String,
    pub record: uuid::Uuid,
    pub file: uuid::Uuid,
}

/// The calendar's part of a letter (iMIP, RFC 6047).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// `REQUEST`, `CANCEL`
    pub method: String,
    /// iCalendar.
    pub text: String,
}

impl Transport {
    pub async fn load(company: &Company) -> Outcome<Transport> {
        let mut conn = company.db().read().await?;
        let saved = settings::get(&mut conn, "company", "mail").await?;
        Ok(saved.and_then(|t| serde_json::from_str(&t).ok()).unwrap_or_default())
    }

    /// Saves it; administrators only. A folder of the server is for its operator (the system) to name. The address goes
    /// with its password as a whole, so that one that is kept never goes to another server.
    ///
    /// # Errors
    /// Forbidden; invalid: an address nothing can be sent with.
    pub async fn save(&self, company: &Company, actor: &Actor) -> Outcome<()> {
        actor.must_administer()?;
        let mut issues = Vec::new();
        if !self.from.is_empty() && self.from.parse::<Mailbox>().is_err() {
            issues.push(Issue::new("from", "value-not-email"));
        }
        let folder = actor.is_system() && self.folder(company).is_some();
        if !self.url.is_empty() && !folder && smtp(&self.url).is_err() {
            issues.push(Issue::new("url", "auth-mail-bad-url"));
        }
        Fault::check(issues)?;
        let json = serde_json::to_string(self).map_err(Fault::internal)?;
        let mut cx = company.write(actor).await?;
        settings::put(&mut cx.tx, "company", "mail", &json).await?;
        cx.commit().await
    }

    fn folder(&self, company: &Company) -> Option<PathBuf> {
        if self.url.is_empty() {
            return Some(company.dir().join("mail"));
        }
        self.url.strip_prefix("file://").map(PathBuf::from)
    }
}

fn smtp(url: &str) -> Outcome<AsyncSmtpTransport<Tokio1Executor>> {
    // The error would repeat the address, and with it the password.
    let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| Fault::invalid("url", "auth-mail-bad-url"))?;
    Ok(builder.timeout(Some(Duration::from_secs(20))).build())
}

/// The job `mail.send`; its payload is a [`Letter`].
pub(crate) async fn deliver(cx: JobCx) -> Outcome<()> {
    let letter: Letter = serde_json::from_value(cx.job.payload.clone()).map_err(|e| Fault::internal(format!("mail.send: {e}")))?;
    send(&cx.company, &letter).await
}

/// Sends now. Call it from a job, never inside a transaction.
///
/// # Errors
/// Unavailable: the server did not take it (the job tries again). Internal: an address that is none.
pub async fn send(company: &Company, letter: &Letter) -> Outcome<()> {
    let transport = Transport::load(company).await?;
    let from = if transport.from.is_empty() { "Sila <no-reply@localhost>" } else { &transport.from };
    let from: Mailbox = from.parse().map_err(|_| Fault::internal("the sender of mail is no address"))?;
    let to: Mailbox = letter.to.parse().map_err(|_| Fault::internal("the receiver of a letter is no address"))?;
    let message = Message::builder()
        .from(from)
        .to(to)
        .subject(&letter.subject)
        .multipart(enclosed(company, letter, body(letter)?).await?)
        .map_err(|e| Fault::internal(format!("letter: {e}")))?;
    if let Some(folder) = transport.folder(company) {
        let lost = |e: std::io::Error| Fault::unavailable(format!("mail folder: {e}"));
        tokio::fs::create_dir_all(&folder).await.map_err(lost)?;
        let file = folder.join(format!("{}.eml", uuid::Uuid::now_v7()));
        tokio::fs::write(&file, message.formatted()).await.map_err(lost)?;
        tracing::info!(file = %file.display(), "no mail server is set: letter written to a file");
        return Ok(());
    }
    smtp(&transport.url)?.send(message).await.map_err(|e| Fault::unavailable(format!("mail server: {e}")))?;
    Ok(())
}

/// Words in two forms, and what a calendar program understands as a third.
fn body(letter: &Letter) -> Outcome<MultiPart> {
    let words = MultiPart::alternative_plain_html(plain(letter), html(letter));
    let Some(calendar) = &letter.calendar else { return Ok(words) };
    let media = format!("text/calendar; charset=utf-8; method={}", calendar.method);
    let media = ContentType::parse(&media).map_err(|e| Fault::internal(format!("letter: {e}")))?;
    Ok(words.singlepart(SinglePart::builder().header(media).body(calendar.text.clone())))
}

/// The words, then the files. One that was taken off its record meanwhile is left out.
async fn enclosed(company: &Company, letter: &Letter, words: MultiPart) -> Outcome<MultiPart> {
    if letter.files.is_empty() {
        return Ok(words);
    }
    let mut whole = MultiPart::mixed().multipart(words);
    for file in &letter.files {
        let Ok((stored, bytes)) = company.file(&company.system(), &file.object, file.record, file.file).await else { continue };
        let media = ContentType::parse(&stored.file.media).map_err(|e| Fault::internal(format!("letter: {e}")))?;
        whole = whole.singlepart(Attachment::new(stored.file.name).body(bytes, media));
    }
    Ok(whole)
}

fn plain(letter: &Letter) -> String {
    letter.lines.join("\n\n")
}

fn html(letter: &Letter) -> String {
    let escape = |t: &str| t.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let mut body = String::new();
    for line in &letter.lines {
        let line = escape(line);
        if line.starts_with("http") {
            body.push_str(&format!("<p><a dir=\"ltr\" href=\"{line}\">{line}</a></p>"));
        } else {
            body.push_str(&format!("<p>{line}</p>"));
        }
    }
    let (lang, dir) = (letter.lang.code(), letter.lang.dir());
    format!("<!doctype html><html lang=\"{lang}\" dir=\"{dir}\"><meta charset=\"utf-8\"><body style=\"font:16px/1.6 sans-serif\">{body}</body></html>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_escaped_and_directed() {
        let letter = Letter {
            to: "a@b.example".into(),
            subject: "س".into(),
            lines: vec!["مرحبًا <b>".into(), "https://x.example/reset?token=1&a=2".into()],
            lang: Lang::Ar,
            calendar: None,
            files: Vec::new(),
        };
        let html = html(&letter);
        assert!(html.contains("dir=\"rtl\"") && html.contains("مرحبًا &lt;b&gt;"));
        assert!(html.contains("href=\"https://x.example/reset?token=1&amp;a=2\""));
        let calendar = Invitation { method: "REQUEST".into(), text: "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n".into() };
        let sent = body(&Letter { calendar: Some(calendar), ..letter }).unwrap().formatted();
        assert!(String::from_utf8(sent).unwrap().contains("Content-Type: text/calendar; charset=utf-8; method=REQUEST"));
        let t = Transport { url: "smtps://u:secret@h".into(), from: "a@b.example".into() };
        assert!(!format!("{t:?}").contains("secret"));
        assert!(smtp("smtps://u:secret@mail.example:465").is_ok());
        assert!(smtp("gopher://x").is_err());
    }
}
