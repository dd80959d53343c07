//! The grammar of IMAP responses (RFC 3501 §9), as far as a client needs it.

use crate::server::{Result, Trouble, TroubleKind};

/// One piece of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// An atom, number, flag, or `BODY[…]<…>`.
    Atom(String),
    /// A quoted string or a literal: any bytes.
    Bytes(Vec<u8>),
    List(Vec<Node>),
}

impl Node {
    pub fn atom(&self) -> Option<&str> {
        if let Node::Atom(a) = self { Some(a) } else { None }
    }
    pub fn is(&self, word: &str) -> bool {
        self.atom().is_some_and(|a| a.eq_ignore_ascii_case(word))
    }
    pub fn number(&self) -> Option<u64> {
        self.atom()?.parse().ok()
    }
    pub fn list(&self) -> &[Node] {
        if let Node::List(l) = self { l } else { &[] }
    }
    /// Text of a string or atom.
    pub fn text(&self) -> String {
        match self {
            Node::Atom(a) => a.clone(),
            Node::Bytes(b) => String::from_utf8_lossy(b).into_owned(),
            Node::List(_) => String::new(),
        }
    }
}

/// Lists inside lists; a server that goes deeper is not understood.
const DEEPEST: usize = 32;

/// Reads a whole response: its lines with literals in place, without the last line break.
///
/// # Errors
/// Protocol.
pub fn parse(bytes: &[u8]) -> Result<Vec<Node>> {
    let mut reader = Reader { bytes, at: 0 };
    let nodes = reader.nodes(0)?;
    if reader.at < bytes.len() { Err(strange("brackets that do not fit")) } else { Ok(nodes) }
}

fn strange(words: &str) -> Trouble {
    Trouble::new(TroubleKind::Protocol, words)
}

/// The length a line announces at its end: `… {123}`.
pub fn literal(line: &[u8]) -> Option<u64> {
    let inside = line.strip_suffix(b"}")?;
    let open = inside.iter().rposition(|b| *b == b'{')?;
    let digits = inside.get(open + 1..)?;
    let digits = digits.strip_suffix(b"+").unwrap_or(digits);
    std::str::from_utf8(digits).ok()?.parse().ok()
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn nodes(&mut self, depth: usize) -> Result<Vec<Node>> {
        if depth > DEEPEST {
            return Err(strange("lists too deep"));
        }
        let mut out = Vec::new();
        while let Some(b) = self.peek() {
            match b {
                b' ' => self.at += 1,
                b')' => break,
                b'(' => {
                    self.at += 1;
                    let inside = self.nodes(depth + 1)?;
                    if self.peek() != Some(b')') {
                        return Err(strange("a list without an end"));
                    }
                    self.at += 1;
                    out.push(Node::List(inside));
                }
                b'"' => out.push(self.quoted()?),
                b'{' => out.push(self.literal()?),
                _ => out.push(self.atom()),
            }
        }
        Ok(out)
    }

    fn quoted(&mut self) -> Result<Node> {
        self.at += 1;
        let mut text = Vec::new();
        loop {
            match self.peek().ok_or_else(|| strange("a string without an end"))? {
                b'"' => {
                    self.at += 1;
                    return Ok(Node::Bytes(text));
                }
                b'\\' => {
                    self.at += 1;
                    text.push(self.peek().ok_or_else(|| strange("a string without an end"))?);
                }
                b => text.push(b),
            }
            self.at += 1;
        }
    }

    fn literal(&mut self) -> Result<Node> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let end = rest.windows(2).position(|w| w == b"\r\n").ok_or_else(|| strange("a literal without its line"))?;
        let size = rest.get(..end).and_then(literal).and_then(|n| usize::try_from(n).ok()).ok_or_else(|| strange("a literal without its length"))?;
        let from = self.at + end + 2;
        let bytes = self.bytes.get(from..from.saturating_add(size)).ok_or_else(|| strange("a literal that is cut short"))?;
        self.at = from + size;
        Ok(Node::Bytes(bytes.to_vec()))
    }

    /// `BODY[HEADER.FIELDS (DATE)]<0>` is one atom.
    fn atom(&mut self) -> Node {
        let from = self.at;
        let mut inside = false;
        while let Some(b) = self.peek() {
            match b {
                b'[' => inside = true,
                b']' => inside = false,
                b' ' | b'(' | b')' if !inside => break,
                b'"' | b'{' if !inside && self.at > from => break,
                _ => {}
            }
            self.at += 1;
        }
        Node::Atom(String::from_utf8_lossy(self.bytes.get(from..self.at).unwrap_or_default()).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn responses_are_read() {
        let nodes = parse(b"* 12 FETCH (UID 5 FLAGS (\\Seen $x) INTERNALDATE \"1-Jan-2026 10:00:00 +0300\" BODY[HEADER.FIELDS (DATE)]<0> {7}\r\nA: b)\r\n \"q\\\"\")").unwrap();
        assert_eq!(nodes[1].number(), Some(12));
        let items = nodes[3].list();
        assert!(items[6].is("body[header.fields (date)]<0>"));
        assert_eq!(items[7], Node::Bytes(b"A: b)\r\n".to_vec()));
        assert_eq!(items[8].text(), "q\"");
        assert_eq!(literal(b"* 1 FETCH (BODY[] {1024}"), Some(1024));
        assert_eq!(literal(b"a {b}"), None);
    }

    #[test]
    fn nonsense_is_refused_and_does_not_run_away() {
        for bad in [&b"* (("[..], b"* \"abc", b"* {9}\r\nab", b"* {99999999999999999999}\r\n", b"*)"] {
            assert!(parse(bad).is_err(), "{}", String::from_utf8_lossy(bad));
        }
        assert!(parse("(".repeat(100_000).as_bytes()).is_err());
    }
}
