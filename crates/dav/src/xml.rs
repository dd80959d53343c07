//! XML of requests, read within limits, without document types and so without entities; XML of answers, written.

use crate::Refusal;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::http::header;
use kernel::Fault;

pub const TYPE: &str = "application/xml; charset=utf-8";
pub const D: &str = "DAV:";
pub const C: &str = "urn:ietf:params:xml:ns:caldav";
pub const A: &str = "urn:ietf:params:xml:ns:carddav";
pub const S: &str = "http://calendarserver.org/ns/";
pub const I: &str = "http://apple.com/ns/ical/";

/// Nodes of a request: a `multiget` of a thousand addresses has some three thousand.
const MOST_NODES: u32 = 20_000;
const DEEPEST: usize = 16;

/// A property by namespace and name.
pub type Name = (String, String);

/// Reads a request.
///
/// # Errors
/// No UTF-8, no XML, a document type, too many or too deep.
pub fn parse(body: &[u8]) -> Result<roxmltree::Document<'_>, Refusal> {
    let bad = |condition| Refusal { status: StatusCode::BAD_REQUEST, condition: "", fault: Fault::issue(kernel::Issue::new("", condition)) };
    let text = std::str::from_utf8(body).map_err(|_| bad("dav-bad-xml"))?;
    // Before the parser recurses into what is nested without end.
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    for (i, _) in text.match_indices('<') {
        let rest = text.get(i + 1..).unwrap_or_default();
        if rest.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if !rest.starts_with(['?', '!']) {
            let end = rest.find('>').unwrap_or(0);
            if !rest.get(..end).unwrap_or_default().ends_with('/') {
                depth += 1;
                deepest = deepest.max(depth);
            }
        }
    }
    if deepest > DEEPEST {
        return Err(bad("dav-xml-too-deep"));
    }
    let options = roxmltree::ParsingOptions { allow_dtd: false, nodes_limit: MOST_NODES, ..roxmltree::ParsingOptions::default() };
    roxmltree::Document::parse_with_options(text, options).map_err(|e| match e {
        roxmltree::Error::DtdDetected => bad("dav-no-doctype"),
        roxmltree::Error::NodesLimitReached => bad("dav-xml-too-large"),
        _ => bad("dav-bad-xml"),
    })
}

pub fn is(node: &roxmltree::Node<'_, '_>, ns: &str, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name && node.tag_name().namespace() == Some(ns)
}

pub fn child<'a, 'i>(node: roxmltree::Node<'a, 'i>, ns: &str, name: &str) -> Option<roxmltree::Node<'a, 'i>> {
    node.children().find(|c| is(c, ns, name))
}

/// The properties inside a `prop`.
pub fn names(prop: roxmltree::Node<'_, '_>) -> Vec<Name> {
    let name = |n: roxmltree::Node<'_, '_>| (n.tag_name().namespace().unwrap_or_default().to_owned(), n.tag_name().name().to_owned());
    prop.children().filter(roxmltree::Node::is_element).map(name).collect()
}

pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#13;"),
            // Characters XML cannot hold.
            c if c.is_control() && c != '\n' && c != '\t' => {}
            c => out.push(c),
        }
    }
    out
}

/// The opening and closing word of an element.
pub fn word((ns, name): &Name) -> (String, String) {
    let prefix = match ns.as_str() {
        D => "D",
        C => "C",
        A => "A",
        S => "S",
        I => "I",
        _ => return (format!("{name} xmlns=\"{}\"", escape(ns)), name.clone()),
    };
    let word = format!("{prefix}:{name}");
    (word.clone(), word)
}

/// A multistatus in the making.
pub struct Many(String);

impl Many {
    pub fn new() -> Self {
        Many(format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<D:multistatus xmlns:D=\"{D}\" xmlns:C=\"{C}\" xmlns:A=\"{A}\" xmlns:S=\"{S}\" xmlns:I=\"{I}\">\n"
        ))
    }
    /// A place with what it has of the properties asked for, and what it lacks.
    pub fn props(&mut self, href: &str, found: &[(Name, String)], missing: &[Name]) {
        self.0.push_str(&format!("<D:response><D:href>{}</D:href>", escape(href)));
        let mut stat = |inner: String, status: &str| {
            if !inner.is_empty() {
                self.0.push_str(&format!("<D:propstat><D:prop>{inner}</D:prop><D:status>HTTP/1.1 {status}</D:status></D:propstat>"));
            }
        };
        let filled = |(name, value): &(Name, String)| {
            let (open, close) = word(name);
            if value.is_empty() { format!("<{open}/>") } else { format!("<{open}>{value}</{close}>") }
        };
        stat(found.iter().map(filled).collect(), "200 OK");
        stat(missing.iter().map(|n| format!("<{}/>", word(n).0)).collect(), "404 Not Found");
        if found.is_empty() && missing.is_empty() {
            self.0.push_str("<D:status>HTTP/1.1 200 OK</D:status>");
        }
        self.0.push_str("</D:response>\n");
    }
    /// Properties nobody may set.
    pub fn refused(&mut self, href: &str, names: &[Name]) {
        let inner: String = names.iter().map(|n| format!("<{}/>", word(n).0)).collect();
        self.0.push_str(&format!(
            "<D:response><D:href>{}</D:href><D:propstat><D:prop>{inner}</D:prop><D:status>HTTP/1.1 403 Forbidden</D:status><D:error><D:cannot-modify-protected-property/></D:error></D:propstat></D:response>\n",
            escape(href)
        ));
    }
    pub fn gone(&mut self, href: &str) {
        self.0.push_str(&format!("<D:response><D:href>{}</D:href><D:status>HTTP/1.1 404 Not Found</D:status></D:response>\n", escape(href)));
    }
    pub fn token(&mut self, token: &str) {
        self.0.push_str(&format!("<D:sync-token>{}</D:sync-token>\n", escape(token)));
    }
    pub fn answer(mut self) -> Response {
        self.0.push_str("</D:multistatus>\n");
        (StatusCode::MULTI_STATUS, [(header::CONTENT_TYPE, TYPE)], self.0).into_response()
    }
}

/// The body of a refusal.
pub fn error(condition: &str, words: &str) -> String {
    let condition = if condition.is_empty() { String::new() } else { format!("<{condition}/>") };
    let words = if words.is_empty() { String::new() } else { format!("<S:error-description>{}</S:error-description>", escape(words)) };
    format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<D:error xmlns:D=\"{D}\" xmlns:C=\"{C}\" xmlns:A=\"{A}\" xmlns:S=\"{S}\">{condition}{words}</D:error>\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(body: &str) -> String {
        parse(body.as_bytes()).unwrap_err().fault.issues[0].key.to_string()
    }

    #[test]
    fn entities_and_bombs_are_refused() {
        let laughs = "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><x>&b;</x>";
        let outside = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><x>&f;</x>";
        assert_eq!((key(laughs).as_str(), key(outside).as_str()), ("dav-no-doctype", "dav-no-doctype"));
        assert_eq!(key("<x>&f;</x>"), "dav-bad-xml");
        assert_eq!(key(&format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000))), "dav-xml-too-deep");
        assert_eq!(key(&format!("<x>{}</x>", "<a/>".repeat(100_000))), "dav-xml-too-large");
        assert_eq!(key("<x"), "dav-bad-xml");
        assert!(parse(&[0xff, 0xfe]).is_err());
    }

    #[test]
    fn text_is_written_so_that_it_stays_text() {
        let mut many = Many::new();
        many.props("/a&b", &[((D.into(), "displayname".into()), escape("أ<b>\u{1}"))], &[("urn:x\"".into(), "y".into())]);
        let answer = many.0 + "</D:multistatus>";
        let doc = roxmltree::Document::parse(&answer).unwrap();
        assert_eq!(doc.descendants().find(|n| is(n, D, "displayname")).unwrap().text(), Some("أ<b>"));
    }
}
