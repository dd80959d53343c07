//! Content lines and components: `NAME;PARAM=value:value` between `BEGIN` and `END`.

use crate::Refused;

/// A calendar object of a meeting is a few kilobytes; with a photograph of a contact some more.
pub const MAX_BYTES: usize = 512 * 1024;
const MAX_LINES: usize = 10_000;
const MAX_DEPTH: usize = 6;
const MAX_PARAMS: usize = 40;

/// A property with its parameters. The value is as it stands on the line, still escaped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prop {
    /// `item1` of `item1.EMAIL` in vCards; empty otherwise.
    pub group: String,
    /// In capitals.
    pub name: String,
    /// Names in capitals, values without their quotation marks.
    pub params: Vec<(String, Vec<String>)>,
    pub value: String,
}

/// `VCALENDAR`, `VEVENT`, `VCARD` …
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Component {
    /// In capitals.
    pub name: String,
    pub props: Vec<Prop>,
    pub parts: Vec<Component>,
}

impl Prop {
    /// A property whose value needs no escaping.
    pub fn raw(name: &str, value: impl Into<String>) -> Self {
        Prop { name: name.to_owned(), value: value.into(), ..Prop::default() }
    }
    /// A property of text.
    pub fn text(name: &str, value: &str) -> Self {
        Prop::raw(name, escape(value))
    }
    #[must_use]
    pub fn with(mut self, param: &str, value: impl Into<String>) -> Self {
        self.params.push((param.to_owned(), vec![value.into()]));
        self
    }
    /// The first value of a parameter.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(n, _)| n == name).and_then(|(_, v)| v.first()).map(String::as_str)
    }
    /// All values of a parameter that may be given several times (`TYPE`), in small letters.
    pub fn types(&self) -> Vec<String> {
        self.params.iter().filter(|(n, _)| n == "TYPE").flat_map(|(_, v)| v).map(|t| t.to_ascii_lowercase()).collect()
    }
    /// The value as text.
    pub fn unescaped(&self) -> String {
        unescape(&self.value)
    }
}

impl Component {
    pub fn new(name: &str) -> Self {
        Component { name: name.to_owned(), ..Component::default() }
    }
    #[must_use]
    pub fn with(mut self, prop: Prop) -> Self {
        self.props.push(prop);
        self
    }
    pub fn push(&mut self, prop: Prop) {
        self.props.push(prop);
    }
    pub fn get(&self, name: &str) -> Option<&Prop> {
        self.props.iter().find(|p| p.name == name)
    }
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Prop> {
        self.props.iter().filter(move |p| p.name == name)
    }
    pub fn parts<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Component> {
        self.parts.iter().filter(move |c| c.name == name)
    }
    /// The text of a property; empty when there is none.
    pub fn text(&self, name: &str) -> String {
        self.get(name).map(Prop::unescaped).unwrap_or_default()
    }

    /// Content lines, folded at 75 octets, ending in CR LF.
    pub fn write(&self) -> String {
        let mut out = String::new();
        self.lines(&mut out);
        out
    }

    fn lines(&self, out: &mut String) {
        fold(&format!("BEGIN:{}", self.name), out);
        for p in &self.props {
            let mut line = String::new();
            if !p.group.is_empty() {
                line.push_str(&p.group);
                line.push('.');
            }
            line.push_str(&p.name);
            for (name, values) in &p.params {
                line.push(';');
                line.push_str(name);
                line.push('=');
                for (i, v) in values.iter().enumerate() {
                    if i > 0 {
                        line.push(',');
                    }
                    // A quotation mark has no form inside a parameter, a control sign none in a line.
                    let v: String = v.chars().filter(|c| *c != '"' && !c.is_control()).collect();
                    if v.contains([',', ';', ':']) {
                        line.push_str(&format!("\"{v}\""));
                    } else {
                        line.push_str(&v);
                    }
                }
            }
            line.push(':');
            line.extend(p.value.chars().filter(|c| !c.is_control() || *c == '\t'));
            fold(&line, out);
        }
        for part in &self.parts {
            part.lines(out);
        }
        fold(&format!("END:{}", self.name), out);
    }
}

/// The components of a text, one after the other.
///
/// # Errors
/// Larger, longer or deeper than anything a calendar program writes; lines without a name, components without an end.
pub fn parse(text: &str) -> Result<Vec<Component>, Refused> {
    if text.len() > MAX_BYTES {
        return Err(Refused::new("ical-too-large", (MAX_BYTES / 1024).to_string()));
    }
    let mut done = Vec::new();
    let mut open: Vec<Component> = Vec::new();
    for (i, line) in unfold(text)?.iter().enumerate() {
        if line.is_empty() {
            continue;
        }
        let p = prop(line).ok_or_else(|| Refused::new("ical-bad-line", (i + 1).to_string()))?;
        match p.name.as_str() {
            "BEGIN" => {
                if open.len() >= MAX_DEPTH {
                    return Err(Refused::new("ical-too-deep", MAX_DEPTH.to_string()));
                }
                open.push(Component::new(&p.value.trim().to_ascii_uppercase()));
            }
            "END" => {
                let Some(c) = open.pop().filter(|c| c.name.eq_ignore_ascii_case(p.value.trim())) else {
                    return Err(Refused::new("ical-bad-line", (i + 1).to_string()));
                };
                match open.last_mut() {
                    Some(parent) => parent.parts.push(c),
                    None => done.push(c),
                }
            }
            _ => match open.last_mut() {
                Some(c) => c.props.push(p),
                None => return Err(Refused::new("ical-bad-line", (i + 1).to_string())),
            },
        }
    }
    if let Some(c) = open.last() {
        return Err(Refused::new("ical-not-ended", c.name.clone()));
    }
    Ok(done)
}

/// Lines put together again where they were folded.
fn unfold(text: &str) -> Result<Vec<String>, Refused> {
    let mut lines: Vec<String> = Vec::new();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for raw in text.split('\n') {
        let raw = raw.strip_suffix('\r').unwrap_or(raw);
        match (raw.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some(last)) => last.push_str(rest),
            _ => lines.push(raw.to_owned()),
        }
        if lines.len() > MAX_LINES {
            return Err(Refused::new("ical-too-many-lines", MAX_LINES.to_string()));
        }
    }
    Ok(lines)
}

fn prop(line: &str) -> Option<Prop> {
    let end = line.find([';', ':'])?;
    let (head, mut rest) = line.split_at_checked(end)?;
    let (group, name) = head.split_once('.').unwrap_or(("", head));
    let fits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if !fits(name) || !(group.is_empty() || fits(group)) {
        return None;
    }
    let mut params: Vec<(String, Vec<String>)> = Vec::new();
    while let Some(after) = rest.strip_prefix(';') {
        if params.len() >= MAX_PARAMS {
            return None;
        }
        // vCard 2.1 writes types without a name.
        let Some(eq) = after.find(['=', ';', ':']) else { return None };
        let (key, tail) = after.split_at_checked(eq)?;
        let Some(mut tail) = tail.strip_prefix('=') else {
            params.push(("TYPE".into(), vec![key.to_owned()]));
            rest = tail;
            continue;
        };
        let mut values = Vec::new();
        loop {
            let (value, after) = match tail.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"')?,
                None => tail.split_at_checked(tail.find([',', ';', ':'])?)?,
            };
            values.push(value.to_owned());
            tail = after;
            match tail.strip_prefix(',') {
                Some(more) => tail = more,
                None => break,
            }
        }
        params.push((key.to_ascii_uppercase(), values));
        rest = tail;
    }
    let value = rest.strip_prefix(':')?;
    Some(Prop { group: group.to_owned(), name: name.to_ascii_uppercase(), params, value: value.to_owned() })
}

/// At most 75 octets on a line, never inside a character.
fn fold(line: &str, out: &mut String) {
    let mut width = 0;
    for c in line.chars() {
        if width + c.len_utf8() > 75 {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(c);
        width += c.len_utf8();
    }
    out.push_str("\r\n");
}

pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            ';' => out.push_str("\\;"),
            ',' => out.push_str("\\,"),
            '\n' => out.push_str("\\n"),
            '\r' => {}
            c => out.push(c),
        }
    }
    out
}

pub fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n' | 'N') => out.push('\n'),
            Some(c) => out.push(c),
            None => out.push('\\'),
        }
    }
    out
}

/// The parts of a structured value (`N`, `ADR`), each unescaped.
pub fn structured(value: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut escaped = false;
    for c in value.chars() {
        match (escaped, c) {
            (false, ';') => parts.push(String::new()),
            _ => {
                if let Some(last) = parts.last_mut() {
                    last.push(c);
                }
            }
        }
        escaped = !escaped && c == '\\';
    }
    parts.iter().map(|p| unescape(p)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_back_as_they_went() {
        let event = Component::new("VEVENT")
            .with(Prop::text("SUMMARY", "اجتماع مراجعة العقود السنوية مع شركة الأفق للتجارة والمقاولات؛ القاعة ٣, الدور الثاني\nأحضروا الملفات; كلها"))
            .with(Prop::raw("ATTENDEE", "mailto:huda@example.com").with("CN", "هدى: المبيعات").with("PARTSTAT", "ACCEPTED"));
        let calendar = Component { name: "VCALENDAR".into(), props: vec![Prop::raw("VERSION", "2.0")], parts: vec![event] };
        let text = calendar.write();
        assert!(text.lines().all(|l| l.len() <= 75), "{text}");
        let back = parse(&text).unwrap();
        assert_eq!(back, [calendar]);
        assert_eq!(back[0].parts[0].text("SUMMARY").lines().count(), 2);
        assert_eq!(back[0].parts[0].get("ATTENDEE").unwrap().param("CN"), Some("هدى: المبيعات"));
    }

    #[test]
    fn what_other_programs_write() {
        let text = "BEGIN:VCARD\nVERSION:3.0\nitem1.EMAIL;TYPE=INTERNET,pref:a@b.example\nTEL;CELL:+966 55 000\nN:الشمري;سالم;;;\nEND:VCARD\n";
        let card = &parse(text).unwrap()[0];
        let email = card.get("EMAIL").unwrap();
        assert_eq!((email.group.as_str(), email.types()), ("item1", vec!["internet".to_owned(), "pref".into()]));
        assert_eq!(card.get("TEL").unwrap().types(), ["cell"]);
        assert_eq!(structured(&card.get("N").unwrap().value)[..2], ["الشمري", "سالم"]);
        assert_eq!(structured(r"a\;b;c\\;d"), ["a;b", r"c\", "d"]);
    }

    #[test]
    fn bombs_are_refused() {
        let deep = "BEGIN:A\n".repeat(500);
        for (text, key) in [
            (deep.as_str(), "ical-too-deep"),
            ("BEGIN:VEVENT\nSUMMARY:x\n", "ical-not-ended"),
            ("BEGIN:VEVENT\nEND:VCALENDAR\n", "ical-bad-line"),
            ("SUMMARY:x\n", "ical-bad-line"),
            ("BEGIN:VEVENT\nno colon\nEND:VEVENT", "ical-bad-line"),
            ("BEGIN:VEVENT\nX;A=\"open:1\nEND:VEVENT", "ical-bad-line"),
        ] {
            assert_eq!(parse(text).unwrap_err().key, key, "{text:.60}");
        }
        assert_eq!(parse(&"\n".repeat(20_000)).unwrap_err().key, "ical-too-many-lines");
        assert_eq!(parse(&"x".repeat(MAX_BYTES + 1)).unwrap_err().key, "ical-too-large");
        // A value cannot smuggle in a line of its own.
        let sneaky = Component::new("VEVENT").with(Prop::raw("URL", "x\r\nATTENDEE:mailto:a@b"));
        assert_eq!(parse(&sneaky.write()).unwrap()[0].props.len(), 1);
    }
}
