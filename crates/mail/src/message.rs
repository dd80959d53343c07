//! Any bytes that came as a message, as something clean and bounded. Nothing here fails: what cannot be read is left
//! out and [`Message::left_out`] says so.

use crate::{html, ids};
use mail_parser::{Address, HeaderValue, MessageParser, MimeHeaders, PartType};
use std::borrow::Cow;

/// Characters of the text that are kept.
pub const MOST_TEXT: usize = 90_000;
/// Bytes of the HTML that are looked at.
pub const MOST_HTML: usize = 400_000;
const MOST_ATTACHMENTS: usize = 60;
const MOST_PEOPLE: usize = 300;
/// Bytes of the header that are looked at, and of one field of it.
const MOST_HEADER: usize = 256 << 10;
const MOST_FIELD: usize = 64 << 10;
/// Parts and letters inside a letter; beyond, it is read as plain text.
const MOST_PARTS: usize = 150;
const MOST_INSIDE: usize = 20;

/// Somebody in a header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    /// In lower case; empty where there was none.
    pub address: String,
}

impl Person {
    pub fn new(name: impl Into<String>, address: impl Into<String>) -> Person {
        Person { name: name.into(), address: address.into() }
    }
    pub fn domain(&self) -> &str {
        self.address.rsplit_once('@').map_or("", |(_, d)| d)
    }
}

impl std::fmt::Display for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.name.is_empty(), self.address.is_empty()) {
            (true, _) => f.write_str(&self.address),
            (false, true) => f.write_str(&self.name),
            (false, false) => write!(f, "{} <{}>", self.name.replace([',', '<', '>', ';'], " "), self.address),
        }
    }
}

/// Reads `Name <a@b>, c@d`, one per comma, semicolon or line, as people type it.
pub fn people(text: &str) -> Vec<Person> {
    let one = |part: &str| {
        let part = part.trim();
        let (name, address) = match part.rsplit_once('<') {
            Some((name, rest)) => (name.trim().trim_matches('"').trim(), rest.trim_end_matches('>').trim()),
            None => ("", part),
        };
        (!part.is_empty()).then(|| Person::new(name, address.to_lowercase()))
    };
    text.split([',', ';', '\n', '،', '؛']).filter_map(one).collect()
}

/// A file that came with the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    pub name: String,
    /// As the sender calls it; not believed.
    pub media: String,
    /// The name by which the HTML shows it; empty for what is only attached.
    pub cid: String,
    pub bytes: Vec<u8>,
}

/// A message of a mail server about one that did not arrive (RFC 3464).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounce {
    /// The message it is about.
    pub message_id: String,
    /// `5.1.1`; begins with 5 where it is final.
    pub status: String,
    /// What the server says.
    pub words: String,
}

/// What was left out of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// A header beyond reason.
    Header,
    /// More parts or deeper than any honest letter: kept as plain text.
    Structure,
    /// The end of a very long text.
    Text,
    /// Attachments beyond a number.
    Attachments,
}

impl LeftOut {
    pub const fn key(self) -> &'static str {
        match self {
            LeftOut::Header => "header",
            LeftOut::Structure => "structure",
            LeftOut::Text => "text",
            LeftOut::Attachments => "attachments",
        }
    }
}

/// A message, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    pub subject: String,
    pub from: Person,
    pub to: Vec<Person>,
    pub cc: Vec<Person>,
    pub bcc: Vec<Person>,
    pub reply_to: Vec<Person>,
    /// As the sender says; may be absurd.
    pub date: Option<jiff::Timestamp>,
    /// Without brackets; empty where there is none.
    pub message_id: String,
    pub in_reply_to: Vec<String>,
    pub references: Vec<String>,
    pub text: String,
    /// Cleaned; empty for plain letters.
    pub html: String,
    /// Pictures that stand on other servers.
    pub remote_pictures: usize,
    pub attachments: Vec<Attachment>,
    pub left_out: Vec<LeftOut>,
    pub bounce: Option<Bounce>,
    /// Written by a program: no answer is expected, none is sent.
    pub automatic: bool,
    /// SHA-256 of the bytes.
    pub digest: String,
    /// Bytes.
    pub size: usize,
}

/// Reads a message.
pub fn read(raw: &[u8]) -> Message {
    let mut left_out = Vec::new();
    let mut m = Message { digest: ids::hash(raw), size: raw.len(), ..Message::default() };
    let (bytes, cut) = bounded(raw);
    if cut {
        left_out.push(LeftOut::Header);
    }
    let flat = counted(&bytes, b"boundary", MOST_PARTS) || counted(&bytes, b"message/rfc822", MOST_INSIDE) || counted(&bytes, b"message/global", MOST_INSIDE);
    let parser = MessageParser::default();
    let parsed = if flat { parser.parse_headers(bytes.as_ref()) } else { parser.parse(bytes.as_ref()) };
    if let Some(parsed) = &parsed {
        headers(&mut m, parsed);
        if !flat {
            contents(&mut m, parsed, &mut left_out);
        }
    }
    if flat || parsed.is_none() {
        let body = bytes.get(header_end(&bytes)..).unwrap_or_default();
        let body = body.get(..body.len().min(MOST_TEXT * 2)).unwrap_or_default();
        m.text = block(&String::from_utf8_lossy(body), MOST_TEXT);
        left_out.push(LeftOut::Structure);
    }
    m.left_out = left_out;
    m
}

/// The end of the header: after the first empty line.
fn header_end(raw: &[u8]) -> usize {
    let mut at = 0;
    while let Some(len) = raw.get(at..).and_then(|r| r.iter().position(|b| *b == b'\n')) {
        let line = raw.get(at..at + len).unwrap_or_default();
        at += len + 1;
        if line.is_empty() || line == b"\r" {
            return at;
        }
    }
    raw.len()
}

/// The message with a header of bearable size.
fn bounded(raw: &[u8]) -> (Cow<'_, [u8]>, bool) {
    let end = header_end(raw);
    if end <= MOST_HEADER {
        return (Cow::Borrowed(raw), false);
    }
    let mut kept: Vec<u8> = Vec::with_capacity(MOST_HEADER);
    let mut field = Vec::new();
    let keep = |field: &mut Vec<u8>, kept: &mut Vec<u8>| {
        if field.len() <= MOST_FIELD && kept.len() + field.len() <= MOST_HEADER {
            kept.append(field);
        }
        field.clear();
    };
    for line in raw.get(..end).unwrap_or_default().split_inclusive(|b| *b == b'\n') {
        if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            keep(&mut field, &mut kept);
        }
        if field.len() <= MOST_FIELD {
            field.extend_from_slice(line.get(..line.len().min(MOST_FIELD + 1)).unwrap_or_default());
        }
    }
    keep(&mut field, &mut kept);
    if !kept.ends_with(b"\n\r\n") && !kept.ends_with(b"\n\n") {
        kept.extend_from_slice(b"\r\n");
    }
    kept.extend_from_slice(raw.get(end..).unwrap_or_default());
    (Cow::Owned(kept), true)
}

/// Whether `word` (in lower case) stands in it more often than `most`.
fn counted(bytes: &[u8], word: &[u8], most: usize) -> bool {
    let (Some(first), n) = (word.first(), word.len()) else { return false };
    let hit = |(at, b): (usize, &u8)| b.to_ascii_lowercase() == *first && bytes.get(at..at + n).is_some_and(|w| w.eq_ignore_ascii_case(word));
    bytes.iter().enumerate().filter(|p| hit(*p)).nth(most).is_some()
}

fn headers(m: &mut Message, p: &mail_parser::Message<'_>) {
    m.subject = line(p.subject().unwrap_or_default(), 500);
    let all = |a: Option<&Address<'_>>| a.map(persons).unwrap_or_default();
    m.from = all(p.from()).into_iter().next().or_else(|| all(p.sender()).into_iter().next()).unwrap_or_default();
    (m.to, m.cc, m.bcc, m.reply_to) = (all(p.to()), all(p.cc()), all(p.bcc()), all(p.reply_to()));
    m.date = p.date().and_then(|d| jiff::Timestamp::from_second(d.to_timestamp()).ok());
    m.message_id = p.message_id().map(ids::clean).unwrap_or_default();
    m.in_reply_to = id_list(p.in_reply_to());
    m.references = id_list(p.references());
    let said = |name: &str| p.header_raw(name).map(|v| v.trim().to_lowercase()).unwrap_or_default();
    m.automatic = said("auto-submitted").starts_with("auto") || matches!(said("precedence").as_str(), "bulk" | "junk" | "list" | "auto_reply");
}

fn id_list(value: &HeaderValue<'_>) -> Vec<String> {
    let text = match value {
        HeaderValue::Text(t) => format!("<{t}>"),
        HeaderValue::TextList(list) => list.iter().map(|t| format!("<{t}>")).collect(),
        _ => String::new(),
    };
    ids::message_ids(&text)
}

fn persons(list: &Address<'_>) -> Vec<Person> {
    let person = |a: &mail_parser::Addr<'_>| {
        let address = line(a.address().unwrap_or_default(), 320).replace(' ', "").to_lowercase();
        Person { name: line(a.name().unwrap_or_default(), 200), address }
    };
    list.iter().take(MOST_PEOPLE).map(person).filter(|p| *p != Person::default()).collect()
}

fn contents(m: &mut Message, p: &mail_parser::Message<'_>, left_out: &mut Vec<LeftOut>) {
    let part = |id: &u32| p.parts.get(*id as usize).map(|p| &p.body);
    let html: Vec<&str> = p.html_body.iter().filter_map(part).filter_map(|b| if let PartType::Html(h) = b { Some(h.as_ref()) } else { None }).take(8).collect();
    let text: Vec<&str> = p.text_body.iter().filter_map(part).filter_map(|b| if let PartType::Text(t) = b { Some(t.as_ref()) } else { None }).take(8).collect();
    if !html.is_empty() {
        let joined = html.join("<hr>");
        let start = cut_bytes(&joined, MOST_HTML);
        if start.len() < joined.len() {
            left_out.push(LeftOut::Text);
        }
        if html::is_absurd(start) {
            left_out.push(LeftOut::Structure);
        } else {
            m.html = html::clean(&start.replace('\0', ""));
        }
        m.remote_pictures = html::pictures(&m.html).iter().filter(|s| html::is_remote(s)).count();
    }
    let words = match (text.is_empty(), m.html.is_empty()) {
        (false, _) => text.join("\n"),
        (true, false) => html::text_of(&m.html),
        (true, true) => html.iter().map(|h| html::text_of(h)).collect(),
    };
    m.text = block(&words, MOST_TEXT);
    if words.len() > MOST_TEXT && m.text.chars().count() >= MOST_TEXT && !left_out.contains(&LeftOut::Text) {
        left_out.push(LeftOut::Text);
    }
    attachments(m, p, left_out);
    m.bounce = bounce(p);
}

fn attachments(m: &mut Message, p: &mail_parser::Message<'_>, left_out: &mut Vec<LeftOut>) {
    for (n, a) in p.attachments().enumerate() {
        if n >= MOST_ATTACHMENTS {
            left_out.push(LeftOut::Attachments);
            break;
        }
        let media = a.content_type().map(|c| format!("{}/{}", c.ctype(), c.subtype().unwrap_or("octet-stream"))).unwrap_or_default();
        // The report of a mail server is read, not filed.
        if media == "message/delivery-status" {
            continue;
        }
        let bytes = match &a.body {
            PartType::Message(inside) => inside.raw_message().to_vec(),
            _ => a.contents().to_vec(),
        };
        if bytes.is_empty() {
            continue;
        }
        let fallback = if media.starts_with("message/") { format!("{}.eml", n + 1) } else { format!("{}.{}", n + 1, media.rsplit('/').next().filter(|e| e.len() < 6).unwrap_or("bin")) };
        let name = line(a.attachment_name().unwrap_or_default(), 200).replace(['/', '\\'], "_");
        let cid = a.content_id().map(ids::clean).unwrap_or_default();
        m.attachments.push(Attachment { name: if name.trim().is_empty() { fallback } else { name }, media: line(&media, 100).to_lowercase(), cid, bytes });
    }
}

/// RFC 3464: the status of the first receiver that failed, and the id in the returned header.
fn bounce(p: &mail_parser::Message<'_>) -> Option<Bounce> {
    let report = p.content_type().is_some_and(|c| c.subtype().is_some_and(|s| s.eq_ignore_ascii_case("report")));
    if !report {
        return None;
    }
    let mut found = Bounce::default();
    for part in &p.parts {
        let kind = part.content_type().map(|c| format!("{}/{}", c.ctype(), c.subtype().unwrap_or_default()).to_lowercase()).unwrap_or_default();
        match kind.as_str() {
            "message/delivery-status" => {
                let text = String::from_utf8_lossy(part.contents()).into_owned();
                let field = |name: &str| text.lines().find(|l| l.to_lowercase().starts_with(name)).and_then(|l| l.split_once(':')).map(|(_, v)| v.trim().to_owned());
                if field("action:").is_some_and(|a| a.eq_ignore_ascii_case("failed")) {
                    found.status = line(&field("status:").unwrap_or_else(|| "5".into()), 20);
                    found.words = line(&field("diagnostic-code:").unwrap_or_default(), 300);
                }
            }
            "message/rfc822" | "text/rfc822-headers" => {
                let raw = match &part.body {
                    PartType::Message(inside) => inside.raw_message().to_vec(),
                    _ => part.contents().to_vec(),
                };
                if let Some(inside) = MessageParser::default().parse_headers(raw.as_slice()) {
                    found.message_id = inside.message_id().map(ids::clean).unwrap_or_default();
                }
            }
            _ => {}
        }
    }
    (!found.status.is_empty() && !found.message_id.is_empty()).then_some(found)
}

/// Directions that a text imposes on what stands after it; pages isolate texts themselves.
fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// One line: no control characters, no imposed directions, at most `most` characters.
pub fn line(text: &str, most: usize) -> String {
    let flat: String = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !c.is_control() && !turns(*c)).take(most * 2).collect();
    let words: Vec<&str> = flat.split(' ').filter(|w| !w.is_empty()).collect();
    words.join(" ").chars().take(most).collect()
}

/// A text of several lines, bounded and without control characters.
fn block(text: &str, most: usize) -> String {
    let keep = |c: &char| *c == '\n' || *c == '\t' || (!c.is_control() && !turns(*c));
    let kept: String = text.chars().filter(keep).take(most).collect();
    kept.trim_end().to_owned()
}

fn cut_bytes(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.split_at(end).0
}

/// The first words, for lists.
pub fn snippet(text: &str) -> String {
    let own: Vec<&str> = text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('>')).take(6).collect();
    line(&own.join(" "), 160)
}

#[cfg(test)]
mod tests;
