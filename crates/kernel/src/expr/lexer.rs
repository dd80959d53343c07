//! Text into tokens, each with the place (in characters, from 1) where it begins.

use crate::fault::{Fault, Issue, Outcome};
use rust_decimal::Decimal;

/// The longest text that is read, in characters.
pub(super) const MAX_LENGTH: usize = 10_000;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Name(String),
    Text(String),
    Int(i64),
    Decimal(Decimal),
    /// An operator or bracket, in its canonical spelling.
    Sign(&'static str),
    End,
}

#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub token: Token,
    pub at: usize,
}

pub(super) fn fault_at(key: &str, at: usize, found: &str) -> Fault {
    Fault::issue(Issue::new("", key).arg("at", at).arg("found", found))
}

/// The value of a decimal digit in European, Arabic-Indic or Persian form.
fn digit(c: char) -> Option<char> {
    let value = match c {
        '0'..='9' => return Some(c),
        '\u{660}'..='\u{669}' => u32::from(c) - 0x660,
        '\u{6F0}'..='\u{6F9}' => u32::from(c) - 0x6F0,
        _ => return None,
    };
    char::from_digit(value, 10)
}

/// # Errors
/// `expr-too-long`, `expr-unclosed-text`, `expr-bad-number`, `expr-unexpected`.
pub(super) fn tokens(text: &str) -> Outcome<Vec<Placed>> {
    let chars: Vec<char> = text.chars().take(MAX_LENGTH + 1).collect();
    if chars.len() > MAX_LENGTH {
        return Err(Fault::issue(Issue::new("", "expr-too-long").arg("max", MAX_LENGTH)));
    }
    let mut out = Vec::new();
    let mut i = 0;
    let peek = |i: usize| chars.get(i).copied();
    while let Some(c) = peek(i) {
        let at = i + 1;
        if c.is_whitespace() || is_bidi_mark(c) {
            i += 1;
            continue;
        }
        let token = if c.is_ascii_alphabetic() || c == '_' {
            let mut name = String::new();
            while let Some(c) = peek(i).filter(|c| c.is_ascii_alphanumeric() || *c == '_') {
                name.push(c);
                i += 1;
            }
            Token::Name(name)
        } else if digit(c).is_some() {
            let mut number = String::new();
            while let Some(d) = peek(i).and_then(digit) {
                number.push(d);
                i += 1;
            }
            let mut whole = true;
            if matches!(peek(i), Some('.' | '٫')) && peek(i + 1).and_then(digit).is_some() {
                whole = false;
                number.push('.');
                i += 1;
                while let Some(d) = peek(i).and_then(digit) {
                    number.push(d);
                    i += 1;
                }
            }
            if peek(i).is_some_and(|c| c.is_alphabetic() || c == '_') {
                return Err(fault_at("expr-bad-number", at, &number));
            }
            match number.parse::<i64>() {
                Ok(n) if whole => Token::Int(n),
                _ => Token::Decimal(
                    Decimal::from_str_exact(&number).map_err(|_| fault_at("expr-bad-number", at, &number))?,
                ),
            }
        } else if c == '"' || c == '\'' {
            i += 1;
            let (text, next) = quoted(&chars, i, c).ok_or_else(|| fault_at("expr-unclosed-text", at, ""))?;
            i = next;
            Token::Text(text)
        } else {
            let two: String = chars.iter().skip(i).take(2).collect();
            let sign = match two.as_str() {
                "==" => Some("=="),
                "!=" | "<>" => Some("!="),
                "<=" => Some("<="),
                ">=" => Some(">="),
                "&&" => Some("&&"),
                "||" => Some("||"),
                _ => None,
            };
            if let Some(sign) = sign {
                i += 2;
                Token::Sign(sign)
            } else {
                i += 1;
                Token::Sign(match c {
                    '=' => "==",
                    '<' => "<",
                    '>' => ">",
                    '≤' => "<=",
                    '≥' => ">=",
                    '≠' => "!=",
                    '+' => "+",
                    '-' | '−' => "-",
                    '*' | '×' => "*",
                    '/' | '÷' => "/",
                    '!' => "!",
                    '?' | '؟' => "?",
                    ':' => ":",
                    '.' => ".",
                    ',' | '،' => ",",
                    '(' => "(",
                    ')' => ")",
                    '[' => "[",
                    ']' => "]",
                    _ => return Err(fault_at("expr-unexpected", at, &c.to_string())),
                })
            }
        };
        out.push(Placed { token, at });
    }
    out.push(Placed { token: Token::End, at: chars.len() + 1 });
    Ok(out)
}

/// Marks that steer the direction of text; they come along when a formula is copied out of Arabic prose.
fn is_bidi_mark(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// The text from `i` to the closing `quote` and the index behind it; none when it does not close or an escape is unknown.
fn quoted(chars: &[char], mut i: usize, quote: char) -> Option<(String, usize)> {
    let mut text = String::new();
    loop {
        let c = *chars.get(i)?;
        i += 1;
        if c == quote {
            return Some((text, i));
        }
        if c != '\\' {
            text.push(c);
            continue;
        }
        let escape = *chars.get(i)?;
        i += 1;
        text.push(match escape {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            '"' | '\'' | '\\' => escape,
            'u' => {
                if *chars.get(i)? != '{' {
                    return None;
                }
                i += 1;
                let mut code = 0_u32;
                loop {
                    let c = *chars.get(i)?;
                    i += 1;
                    if c == '}' {
                        break;
                    }
                    code = code.checked_mul(16)?.checked_add(c.to_digit(16)?)?;
                }
                char::from_u32(code)?
            }
            _ => return None,
        });
    }
}
