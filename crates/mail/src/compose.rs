//! A letter to bytes. Header injection has no way in: addresses are parsed, other fields lose their line breaks.

use crate::message::{Person, line};
use kernel::{Fault, Issue, Outcome};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Body, Mailbox, MultiPart, SinglePart};

/// A letter that is to be sent.
#[derive(Clone, Debug, Default)]
pub struct Letter {
    pub from: Person,
    pub to: Vec<Person>,
    pub cc: Vec<Person>,
    /// Receivers no header names.
    pub bcc: Vec<Person>,
    pub subject: String,
    pub text: String,
    /// Already cleaned; empty for plain letters.
    pub html: String,
    /// The address of a picture of one point that the receiver's program fetches when the letter is opened; empty: none.
    pub pixel: String,
    /// `rtl` or `ltr`, of the text.
    pub dir: &'static str,
    /// Without brackets; fixed before the first try, so that a second copy is known as one.
    pub message_id: String,
    pub in_reply_to: String,
    pub references: Vec<String>,
    pub at: jiff::Timestamp,
    /// Name, media type, content.
    pub files: Vec<(String, String, Vec<u8>)>,
}

/// A letter ready for the server.
#[derive(Clone, Debug)]
pub struct Ready {
    pub from: String,
    pub to: Vec<String>,
    pub bytes: Vec<u8>,
}

impl Letter {
    /// # Errors
    /// Invalid: `to` without a receiver, or an address that is none (`to`, `cc`, `bcc`, `from`).
    pub fn build(&self) -> Outcome<Ready> {
        let mut issues = Vec::new();
        let mut boxes = |field: &str, people: &[Person]| -> Vec<Mailbox> {
            let mut found = Vec::new();
            for p in people {
                match mailbox(p) {
                    Some(m) => found.push(m),
                    None => issues.push(Issue::new(field, "mail-bad-address").arg("address", line(&p.to_string(), 80))),
                }
            }
            found
        };
        let from = boxes("from", std::slice::from_ref(&self.from));
        let (to, cc, bcc) = (boxes("to", &self.to), boxes("cc", &self.cc), boxes("bcc", &self.bcc));
        if issues.is_empty() && to.is_empty() && cc.is_empty() && bcc.is_empty() {
            issues.push(Issue::new("to", "value-required"));
        }
        Fault::check(issues)?;
        let from = from.into_iter().next().ok_or_else(|| Fault::internal("a letter without a sender"))?;
        let receivers: Vec<String> = to.iter().chain(&cc).chain(&bcc).map(|m| m.email.to_string()).collect();
        let mut builder = lettre::Message::builder()
            .from(from.clone())
            .subject(line(&self.subject, 500))
            .message_id(Some(format!("<{}>", self.message_id)))
            .date(std::time::SystemTime::from(self.at));
        for m in to {
            builder = builder.to(m);
        }
        for m in cc {
            builder = builder.cc(m);
        }
        if !self.in_reply_to.is_empty() {
            builder = builder.in_reply_to(format!("<{}>", line(&self.in_reply_to, 250)));
        }
        if !self.references.is_empty() {
            let all: Vec<String> = self.references.iter().map(|r| format!("<{}>", line(r, 250))).collect();
            builder = builder.references(all.join(" "));
        }
        let sender = HeaderValue::new(HeaderName::new_from_ascii_str("X-Mailer"), "Sila".to_owned());
        builder = builder.raw_header(sender);
        // Without anybody named the server needs an envelope of its own.
        let envelope = lettre::address::Envelope::new(Some(from.email.clone()), receivers.iter().filter_map(|r| r.parse().ok()).collect());
        builder = builder.envelope(envelope.map_err(Fault::internal)?);
        let message = builder.multipart(self.body()?).map_err(|e| Fault::internal(format!("letter: {e}")))?;
        Ok(Ready { from: from.email.to_string(), to: receivers, bytes: message.formatted() })
    }

    fn body(&self) -> Outcome<MultiPart> {
        let html = if self.html.is_empty() { crate::html::of_text(&self.text) } else { self.html.clone() };
        let dir = if self.dir == "rtl" { "rtl" } else { "ltr" };
        let pixel = if self.pixel.is_empty() { String::new() } else { format!("<img src=\"{}\" width=\"1\" height=\"1\" alt=\"\">", self.pixel.replace(['"', '<', '>', '&'], "")) };
        let page = format!("<!doctype html><html dir=\"{dir}\"><head><meta charset=\"utf-8\"></head><body dir=\"{dir}\" style=\"font:15px/1.6 sans-serif\">{html}{pixel}</body></html>");
        let words = MultiPart::alternative().singlepart(SinglePart::plain(self.text.clone())).singlepart(SinglePart::html(page));
        if self.files.is_empty() {
            return Ok(words);
        }
        let mut all = MultiPart::mixed().multipart(words);
        for (name, media, bytes) in &self.files {
            let media = ContentType::parse(media).or_else(|_| ContentType::parse("application/octet-stream")).map_err(Fault::internal)?;
            all = all.singlepart(Attachment::new(line(name, 200)).body(Body::new(bytes.clone()), media));
        }
        Ok(all)
    }
}

fn mailbox(p: &Person) -> Option<Mailbox> {
    let email = p.address.trim().parse().ok()?;
    let name = line(&p.name, 200);
    Some(Mailbox::new((!name.is_empty()).then_some(name), email))
}

/// Whether a letter can be sent to it.
pub fn is_address(address: &str) -> bool {
    mailbox(&Person::new("", address)).is_some() && address.contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message;

    fn letter() -> Letter {
        Letter {
            from: Person::new("شركة النخيل", "info@nakheel.example"),
            to: vec![Person::new("هدى العلي", "huda@wahah.example")],
            bcc: vec![Person::new("", "boss@nakheel.example")],
            subject: "عرض سعر".into(),
            text: "مرحبًا هدى".into(),
            dir: "rtl",
            message_id: "m1@nakheel.example".into(),
            in_reply_to: "1@wahah.example".into(),
            references: vec!["0@wahah.example".into(), "1@wahah.example".into()],
            at: "2026-03-05T09:00:00Z".parse().unwrap(),
            files: vec![("عرض.pdf".into(), "application/pdf".into(), b"%PDF".to_vec())],
            ..Letter::default()
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let ready = letter().build().unwrap();
        assert_eq!(ready.to, ["huda@wahah.example", "boss@nakheel.example"]);
        assert!(!String::from_utf8_lossy(&ready.bytes).contains("boss@"));
        let m = message::read(&ready.bytes);
        assert_eq!((m.subject.as_str(), m.text.as_str(), m.message_id.as_str()), ("عرض سعر", "مرحبًا هدى", "m1@nakheel.example"));
        assert_eq!(m.references, ["0@wahah.example", "1@wahah.example"]);
        assert_eq!((m.from.name.as_str(), m.attachments[0].name.as_str()), ("شركة النخيل", "عرض.pdf"));
        assert_eq!(m.date.unwrap(), letter().at);
    }

    #[test]
    fn no_header_is_smuggled_in() {
        let evil = Letter { subject: "x\r\nBcc: evil@x.example".into(), ..letter() };
        let text = String::from_utf8(evil.build().unwrap().bytes).unwrap();
        assert!(!text.lines().any(|l| l.starts_with("Bcc:")));
        for address in ["a@b.example\r\nBcc: x@y.example", "no-address", "", "a@b.example> x"] {
            let bad = Letter { to: vec![Person::new("", address)], ..letter() };
            assert_eq!(bad.build().unwrap_err().issues[0].key, "mail-bad-address", "{address}");
        }
        let nobody = Letter { to: Vec::new(), bcc: Vec::new(), ..letter() };
        assert_eq!(nobody.build().unwrap_err().issues[0].field, "to");
    }
}
