//! An IMAP client (RFC 3501, CONDSTORE of RFC 7162) for reading folders completely and putting sent mail away.
//!
//! Each response is bounded: a server cannot make us hold more than was asked for. Any trouble leaves the session unusable.

use crate::folder::Folder;
use crate::login::Login;
use crate::server::{Result, Security, Server, Trouble, TroubleKind, Wire};
use crate::wire::{self, Node};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};

/// No answer for so long: the connection is given up.
const PATIENCE: Duration = Duration::from_secs(60);
/// The longest line without literals: the UIDs of a folder with a million messages fit.
const LONGEST_LINE: usize = 16 << 20;

/// A signed-in connection.
pub struct Session {
    stream: BufReader<Box<dyn Wire>>,
    tag: u32,
    capabilities: Vec<String>,
    /// Most bytes of one response.
    most: usize,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("tag", &self.tag).finish_non_exhaustive()
    }
}

/// A folder as it was when it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    pub uidvalidity: i64,
    pub uidnext: i64,
    pub exists: i64,
    /// None where the server keeps no modification sequences.
    pub modseq: Option<i64>,
}

/// What the server says of a message without sending it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    pub uid: i64,
    pub size: i64,
    pub seen: bool,
    pub answered: bool,
    pub flagged: bool,
    /// When the server received it, RFC 3339.
    pub received: Option<jiff::Timestamp>,
    /// The fields `Message-ID` and `Date` as sent.
    pub fields: Vec<u8>,
    /// The whole message, where it was asked for.
    pub body: Option<Vec<u8>>,
}

impl Session {
    /// Connects and signs in. `most`: bytes of the largest message that will be fetched.
    ///
    /// # Errors
    /// Connect, inside, TLS, login, lost.
    pub async fn open(server: &Server, login: &Login, most: usize) -> Result<Session> {
        let tcp = server.reach().await?;
        let stream: Box<dyn Wire> = match server.security {
            Security::Tls => server.encrypt(tcp).await?,
            Security::None => Box::new(tcp),
            Security::Starttls => {
                let mut plain = Session::new(Box::new(tcp), 1 << 16);
                plain.greeting().await?;
                plain.command("STARTTLS").await.map_err(|t| Trouble { kind: TroubleKind::Tls, ..t })?;
                return Session::after_starttls(server, plain, login, most).await;
            }
        };
        let mut session = Session::new(stream, most);
        session.greeting().await?;
        session.sign_in(login).await?;
        Ok(session)
    }

    /// Nothing that came before the handshake is believed (RFC 9051 §6.2.1).
    async fn after_starttls(server: &Server, plain: Session, login: &Login, most: usize) -> Result<Session> {
        if !plain.stream.buffer().is_empty() {
            return Err(Trouble::new(TroubleKind::Tls, "the server spoke before the handshake"));
        }
        let stream = server.encrypt(plain.stream.into_inner()).await?;
        let mut session = Session::new(stream, most);
        session.sign_in(login).await?;
        Ok(session)
    }

    fn new(stream: Box<dyn Wire>, most: usize) -> Session {
        Session { stream: BufReader::with_capacity(1 << 16, stream), tag: 0, capabilities: Vec::new(), most: most + (1 << 20) }
    }

    async fn greeting(&mut self) -> Result<()> {
        let hello = self.response().await?;
        match hello.get(1) {
            Some(n) if n.is("OK") || n.is("PREAUTH") => Ok(()),
            _ => Err(Trouble::new(TroubleKind::Refused, words(&hello))),
        }
    }

    async fn sign_in(&mut self, login: &Login) -> Result<()> {
        let refused = |t: Trouble| if t.kind == TroubleKind::Refused { Trouble { kind: TroubleKind::Login, ..t } } else { t };
        self.read_capabilities().await?;
        let line = match login {
            // Servers that know no SASL at all.
            Login::Password { user, password } if !self.has("AUTH=PLAIN") => {
                self.command(&format!("LOGIN {} {}", quoted(user), quoted(password))).await.map_err(refused)?;
                return self.read_capabilities().await;
            }
            Login::Password { user, password } => format!("AUTHENTICATE PLAIN {}", Login::plain(user, password)),
            Login::Token { user, token } => format!("AUTHENTICATE XOAUTH2 {}", Login::xoauth2(user, token)),
        };
        let direct = self.has("SASL-IR");
        let (command, secret) = line.rsplit_once(' ').unwrap_or((&line, ""));
        let sent = if direct { self.command(&line).await } else { self.command_with(command, Some(secret.as_bytes())).await };
        sent.map_err(refused)?;
        self.read_capabilities().await
    }

    async fn read_capabilities(&mut self) -> Result<()> {
        let said = self.command("CAPABILITY").await?;
        let line = said.iter().find(|r| r.get(1).is_some_and(|n| n.is("CAPABILITY")));
        self.capabilities = line.map(|r| r.iter().skip(2).map(|n| n.text().to_uppercase()).collect()).unwrap_or_default();
        Ok(())
    }

    pub fn has(&self, capability: &str) -> bool {
        self.capabilities.iter().any(|c| c == capability)
    }

    /// The folders that hold messages.
    ///
    /// # Errors
    /// Lost, refused, protocol.
    pub async fn folders(&mut self) -> Result<Vec<Folder>> {
        let said = self.command("LIST \"\" \"*\"").await?;
        let folder = |r: &Vec<Node>| {
            let [_, list, attributes, delimiter, name, ..] = r.as_slice() else { return None };
            let attributes: Vec<String> = attributes.list().iter().map(Node::text).collect();
            let delimiter = if delimiter.is("NIL") { String::new() } else { delimiter.text() };
            list.is("LIST").then(|| Folder::of(&attributes, &delimiter, &name.text()))?
        };
        Ok(said.iter().filter_map(folder).collect())
    }

    /// Opens a folder; `write`: flags may be changed.
    ///
    /// # Errors
    /// Refused: there is no such folder.
    pub async fn select(&mut self, raw: &str, write: bool) -> Result<Opened> {
        let verb = if write { "SELECT" } else { "EXAMINE" };
        let condstore = if self.has("CONDSTORE") || self.has("QRESYNC") { " (CONDSTORE)" } else { "" };
        let said = self.command(&format!("{verb} {}{condstore}", quoted(raw))).await?;
        let mut opened = Opened::default();
        for r in &said {
            if r.get(2).is_some_and(|n| n.is("EXISTS")) {
                opened.exists = number(r.get(1));
            }
            // `* OK [UIDVALIDITY 123] …` comes as one atom.
            let Some(code) = r.get(2).and_then(Node::atom).and_then(|a| a.strip_prefix('[')).map(|a| a.trim_end_matches(']')) else { continue };
            let (name, value) = code.split_once(' ').unwrap_or((code, ""));
            let n = value.parse::<i64>().ok();
            match (name.to_ascii_uppercase().as_str(), n) {
                ("UIDVALIDITY", Some(n)) => opened.uidvalidity = n,
                ("UIDNEXT", Some(n)) => opened.uidnext = n,
                ("HIGHESTMODSEQ", Some(n)) => opened.modseq = Some(n),
                _ => {}
            }
        }
        Ok(opened)
    }

    /// The UIDs of the open folder, those since a day (`1-Jan-2026`) where given.
    ///
    /// # Errors
    /// Lost, refused, protocol.
    pub async fn uids(&mut self, since: Option<&str>) -> Result<BTreeSet<i64>> {
        let what = since.map_or_else(|| "ALL".to_owned(), |day| format!("SINCE {day}"));
        self.search(&what).await
    }

    /// The UIDs of messages with this `Message-ID`.
    ///
    /// # Errors
    /// Lost, refused, protocol.
    pub async fn with_message_id(&mut self, message_id: &str) -> Result<BTreeSet<i64>> {
        self.search(&format!("HEADER Message-ID {}", quoted(message_id))).await
    }

    async fn search(&mut self, what: &str) -> Result<BTreeSet<i64>> {
        let said = self.command(&format!("UID SEARCH {what}")).await?;
        let lines = said.iter().filter(|r| r.get(1).is_some_and(|n| n.is("SEARCH")));
        Ok(lines.flat_map(|r| r.iter().skip(2)).filter_map(|n| i64::try_from(n.number()?).ok()).collect())
    }

    /// Size, flags, times and identity of messages of the open folder. Those that went away meanwhile are missing.
    ///
    /// # Errors
    /// Lost, refused, protocol.
    pub async fn outlines(&mut self, uids: &[i64]) -> Result<Vec<Outline>> {
        self.fetch(uids, "(UID FLAGS RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID DATE)]<0.4096>)", "").await
    }

    /// Whole messages, without marking them as read.
    ///
    /// # Errors
    /// Lost, refused, protocol.
    pub async fn bodies(&mut self, uids: &[i64]) -> Result<Vec<Outline>> {
        self.fetch(uids, "(UID FLAGS RFC822.SIZE INTERNALDATE BODY.PEEK[])", "").await
    }

    /// Flags; with `since` only of messages that changed after that modification sequence.
    ///
    /// # Errors
    /// Lost, refused, protocol.
    pub async fn flags(&mut self, uids: Option<&[i64]>, since: Option<i64>) -> Result<Vec<Outline>> {
        let changed = since.map(|n| format!(" (CHANGEDSINCE {n})")).unwrap_or_default();
        match uids {
            Some(uids) => self.fetch(uids, "(UID FLAGS)", &changed).await,
            None => self.fetch_set("1:*", "(UID FLAGS)", &changed).await,
        }
    }

    async fn fetch(&mut self, uids: &[i64], items: &str, more: &str) -> Result<Vec<Outline>> {
        if uids.is_empty() {
            return Ok(Vec::new());
        }
        self.fetch_set(&set(uids), items, more).await
    }

    async fn fetch_set(&mut self, set: &str, items: &str, more: &str) -> Result<Vec<Outline>> {
        let said = self.command(&format!("UID FETCH {set} {items}{more}")).await?;
        Ok(said.into_iter().filter_map(outline).collect())
    }

    /// Adds (or with `on` false removes) a flag of one message.
    ///
    /// # Errors
    /// Lost, refused, protocol.
    pub async fn mark(&mut self, uid: i64, flag: &str, on: bool) -> Result<()> {
        let sign = if on { '+' } else { '-' };
        self.command(&format!("UID STORE {uid} {sign}FLAGS.SILENT ({flag})")).await.map(|_| ())
    }

    /// Puts a message into a folder, as read.
    ///
    /// # Errors
    /// Refused: no such folder, no room.
    pub async fn append(&mut self, raw: &str, message: &[u8]) -> Result<()> {
        let line = format!("APPEND {} (\\Seen) {{{}}}", quoted(raw), message.len());
        self.command_with(&line, Some(message)).await.map(|_| ())
    }

    /// Waits until the server says that something changed in the open folder (RFC 2177), `patience` at most; true: it did.
    /// Needs the capability `IDLE`.
    ///
    /// # Errors
    /// Lost, refused, protocol.
    pub async fn idle(&mut self, patience: Duration) -> Result<bool> {
        self.tag += 1;
        let tag = format!("s{}", self.tag);
        self.send(format!("{tag} IDLE\r\n").as_bytes()).await?;
        let over = tokio::time::sleep(patience);
        tokio::pin!(over);
        let mut news = false;
        loop {
            let response = self.response().await?;
            if response.first().is_some_and(|n| n.is("+")) {
                break;
            }
            news |= is_news(&tag, &response)?;
        }
        while !news {
            // Waiting takes nothing out of the stream, so that what has come in part is not lost with the time.
            let ended = tokio::select! {
                () = &mut over => break,
                waiting = self.stream.fill_buf() => waiting?.is_empty(),
            };
            if ended {
                return Err(hung_up());
            }
            while !self.stream.buffer().is_empty() {
                news |= is_news(&tag, &self.response().await?)?;
            }
        }
        self.send(b"DONE\r\n").await?;
        loop {
            let response = self.response().await?;
            if response.first().is_some_and(|n| n.is(&tag)) {
                return match response.get(1) {
                    Some(n) if n.is("OK") => Ok(news),
                    _ => Err(Trouble::new(TroubleKind::Refused, words(&response))),
                };
            }
            news |= is_news(&tag, &response)?;
        }
    }

    /// Says goodbye; what goes wrong with that is nobody's concern.
    pub async fn close(mut self) {
        let _ = tokio::time::timeout(Duration::from_secs(3), self.command("LOGOUT")).await;
    }

    async fn command(&mut self, line: &str) -> Result<Vec<Vec<Node>>> {
        self.command_with(line, None).await
    }

    /// Sends a command, and `more` when the server asks for it; returns the untagged responses.
    async fn command_with(&mut self, line: &str, more: Option<&[u8]>) -> Result<Vec<Vec<Node>>> {
        if line.contains(['\r', '\n', '\0']) {
            return Err(Trouble::new(TroubleKind::Protocol, "a line break in a command"));
        }
        self.tag += 1;
        let tag = format!("s{}", self.tag);
        self.send(format!("{tag} {line}\r\n").as_bytes()).await?;
        let mut more = more;
        let mut said = Vec::new();
        loop {
            let response = self.response().await?;
            match response.first() {
                Some(n) if n.is("+") => {
                    // A second challenge (XOAUTH2 tells its refusal that way) is answered with nothing.
                    self.send(more.take().unwrap_or_default()).await?;
                    self.send(b"\r\n").await?;
                }
                Some(n) if n.is(&tag) => {
                    return match response.get(1) {
                        Some(n) if n.is("OK") => Ok(said),
                        _ => Err(Trouble::new(TroubleKind::Refused, words(&response))),
                    };
                }
                _ if response.get(1).is_some_and(|n| n.is("BYE")) && !line.starts_with("LOGOUT") => {
                    return Err(Trouble::new(TroubleKind::Lost, words(&response)));
                }
                _ => said.push(response),
            }
        }
    }

    async fn send(&mut self, bytes: &[u8]) -> Result<()> {
        let write = async {
            self.stream.get_mut().write_all(bytes).await?;
            self.stream.get_mut().flush().await
        };
        tokio::time::timeout(PATIENCE * 5, write).await.map_err(|_| Trouble::new(TroubleKind::Lost, "the server takes nothing"))??;
        Ok(())
    }

    /// One response: a line, with the literals it announces.
    async fn response(&mut self) -> Result<Vec<Node>> {
        let mut all = Vec::new();
        loop {
            let from = all.len();
            self.line(&mut all).await?;
            let line = all.get(from..).unwrap_or_default();
            let Some(size) = wire::literal(line) else { break };
            let size = usize::try_from(size).ok().filter(|n| all.len().saturating_add(*n) <= self.most);
            let size = size.ok_or_else(|| Trouble::new(TroubleKind::Protocol, "a response larger than anything asked for"))?;
            all.extend_from_slice(b"\r\n");
            let start = all.len();
            all.resize(start + size, 0);
            let mut got = start;
            while got < all.len() {
                let rest = all.get_mut(got..).unwrap_or_default();
                let n = tokio::time::timeout(PATIENCE, self.stream.read(rest)).await.map_err(|_| late())??;
                if n == 0 {
                    return Err(hung_up());
                }
                got += n;
            }
        }
        // «* OK words (like these» are words for people, not grammar; neither is what follows a «+».
        let spoken = [&b"* OK"[..], b"* NO", b"* BAD", b"* BYE", b"* PREAUTH", b"+", b"s"].iter().any(|p| all.starts_with(p));
        if spoken { Ok(status(&all)) } else { wire::parse(&all) }
    }

    async fn line(&mut self, all: &mut Vec<u8>) -> Result<()> {
        let start = all.len();
        loop {
            let chunk = tokio::time::timeout(PATIENCE, self.stream.fill_buf()).await.map_err(|_| late())??;
            if chunk.is_empty() {
                return Err(hung_up());
            }
            let end = chunk.iter().position(|b| *b == b'\n');
            let take = end.map_or(chunk.len(), |e| e + 1);
            all.extend_from_slice(chunk.get(..take).unwrap_or_default());
            self.stream.consume(take);
            if all.len() - start > LONGEST_LINE {
                return Err(Trouble::new(TroubleKind::Protocol, "a line without an end"));
            }
            if end.is_some() {
                while all.last().is_some_and(|b| matches!(b, b'\r' | b'\n')) {
                    all.pop();
                }
                return Ok(());
            }
        }
    }
}

/// Whether a response tells of a change: a message came, went, or has other flags. «Still here» is none.
fn is_news(tag: &str, response: &[Node]) -> Result<bool> {
    if response.first().is_some_and(|n| n.is(tag)) {
        return Err(Trouble::new(TroubleKind::Refused, words(response)));
    }
    if response.get(1).is_some_and(|n| n.is("BYE")) {
        return Err(Trouble::new(TroubleKind::Lost, words(response)));
    }
    Ok(["EXISTS", "EXPUNGE", "FETCH"].iter().any(|w| response.get(2).is_some_and(|n| n.is(w))) || response.get(1).is_some_and(|n| n.is("VANISHED")))
}

fn late() -> Trouble {
    Trouble::new(TroubleKind::Lost, "no answer in time")
}
fn hung_up() -> Trouble {
    Trouble::new(TroubleKind::Lost, "the server hung up")
}

/// A status response: tag, word, code in brackets (one atom), and the words for people.
fn status(all: &[u8]) -> Vec<Node> {
    let text = String::from_utf8_lossy(all).into_owned();
    let mut parts = text.splitn(3, ' ');
    let mut nodes: Vec<Node> = parts.by_ref().take(2).map(|p| Node::Atom(p.to_owned())).collect();
    let rest = parts.next().unwrap_or_default();
    match rest.starts_with('[').then(|| rest.find(']')).flatten() {
        Some(end) => {
            nodes.push(Node::Atom(rest.get(..=end).unwrap_or_default().to_owned()));
            nodes.push(Node::Bytes(rest.get(end + 1..).unwrap_or_default().trim().as_bytes().to_vec()));
        }
        None => nodes.push(Node::Bytes(rest.as_bytes().to_vec())),
    }
    nodes
}

fn words(response: &[Node]) -> String {
    response.iter().skip(2).map(Node::text).collect::<Vec<_>>().join(" ")
}

fn number(node: Option<&Node>) -> i64 {
    node.and_then(Node::number).and_then(|n| i64::try_from(n).ok()).unwrap_or_default()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// `1:4,7`
pub fn set(uids: &[i64]) -> String {
    let mut sorted = uids.to_vec();
    sorted.sort_unstable();
    let mut out = String::new();
    let mut run: Option<(i64, i64)> = None;
    let mut write = |from: i64, to: i64| {
        let comma = if out.is_empty() { "" } else { "," };
        out.push_str(&if from == to { format!("{comma}{from}") } else { format!("{comma}{from}:{to}") });
    };
    for uid in sorted {
        run = match run {
            Some((from, to)) if uid == to + 1 || uid == to => Some((from, uid)),
            Some((from, to)) => {
                write(from, to);
                Some((uid, uid))
            }
            None => Some((uid, uid)),
        };
    }
    if let Some((from, to)) = run {
        write(from, to);
    }
    out
}

fn outline(response: Vec<Node>) -> Option<Outline> {
    let mut nodes = response.into_iter();
    let fetch = nodes.nth(2)?;
    let Some(Node::List(items)) = nodes.next().filter(|_| fetch.is("FETCH")) else { return None };
    let mut o = Outline::default();
    let mut items = items.into_iter();
    while let (Some(name), Some(value)) = (items.next(), items.next()) {
        let name = name.text().to_ascii_uppercase();
        match name.as_str() {
            "UID" => o.uid = number(Some(&value)),
            "RFC822.SIZE" => o.size = number(Some(&value)),
            "FLAGS" => {
                let has = |f: &str| value.list().iter().any(|n| n.is(f));
                (o.seen, o.answered, o.flagged) = (has("\\Seen"), has("\\Answered"), has("\\Flagged"));
            }
            "INTERNALDATE" => o.received = internal_date(&value.text()),
            _ => {
                if let Node::Bytes(bytes) = value {
                    if name.starts_with("BODY[HEADER") {
                        o.fields = bytes;
                    } else if name.starts_with("BODY[]") {
                        o.body = Some(bytes);
                    }
                }
            }
        }
    }
    (o.uid > 0).then_some(o)
}

/// `17-Jul-1996 02:44:25 -0700`, the day perhaps with a space before it.
fn internal_date(text: &str) -> Option<jiff::Timestamp> {
    jiff::fmt::strtime::parse("%d-%b-%Y %H:%M:%S %z", text.trim()).ok()?.to_timestamp().ok()
}

/// The day of a moment as `SEARCH SINCE` wants it.
pub fn search_day(at: jiff::Timestamp) -> String {
    at.to_zoned(jiff::tz::TimeZone::UTC).strftime("%-d-%b-%Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_and_dates() {
        assert_eq!(set(&[9, 1, 2, 3, 7]), "1:3,7,9");
        assert_eq!(internal_date(" 5-Mar-2026 12:00:00 +0300").unwrap().to_string(), "2026-03-05T09:00:00Z");
        assert_eq!(search_day("2026-03-05T09:00:00Z".parse().unwrap()), "5-Mar-2026");
        let s = status(b"* OK [UIDVALIDITY 12] UIDs (valid");
        assert_eq!(s[2].atom(), Some("[UIDVALIDITY 12]"));
    }
}
