//! A document as the template reads it: JSON in which every text is already in its language, digits and calendar.
//!
//! A text is an array of lines, a line an array of nodes: `{w, s}` words and their style, `{f}` the parts of a figure
//! that stands from left to right on one line, `{m}` nodes that stay together in the direction of the page.

use crate::document::{Block, Calendars, Document, Fact, Piece, Table, Text};
use crate::words::{around_figure, figure, isolated, left_to_right, tame};
use kernel::Label;
use serde_json::{Value, json};
use text::calendar::{self, DateStyle};
use text::{Calendar, Digits, Lang, Locale, i18n};

pub(crate) fn layout(d: &Document) -> Value {
    let cx = Cx { locale: &d.locale, both: d.both };
    json!({
        "lang": d.locale.lang.code(),
        "dir": d.locale.dir(),
        "region": d.locale.country,
        "name": title(d),
        "author": tame(&d.letterhead.name),
        "title": cx.label(&d.title),
        "number": if d.number.is_empty() { Value::Null } else { json!(figure(&d.number)) },
        "head": {
            "name": isolated(&d.letterhead.name),
            "lines": cx.texts(&d.letterhead.lines),
            "contacts": cx.texts(&d.letterhead.contacts),
        },
        "blocks": cx.blocks(&d.blocks),
        "foot": cx.text(&d.foot),
        "page": i18n::t(d.locale.lang, "print-page"),
        "of": i18n::t(d.locale.lang, "print-of"),
        "numeral": match d.locale.shown_digits() { Digits::Latn => "1", Digits::Arab => "١" },
    })
}

/// What the file is called inside: the title and the number.
pub(crate) fn title(d: &Document) -> String {
    let title = d.title.get(d.locale.lang.code());
    let both = [title, &d.number].map(|t| text::bidi::strip(&tame(t))).into_iter().filter(|t| !t.is_empty());
    both.collect::<Vec<_>>().join(" ")
}

struct Cx<'a> {
    locale: &'a Locale,
    both: bool,
}

impl Cx<'_> {
    /// `[words]`, or `[words, the same in the other language]`.
    fn label(&self, label: &Label) -> Value {
        let lang = self.locale.lang;
        let other = match lang {
            Lang::Ar => Lang::En,
            Lang::En => Lang::Ar,
        };
        let (own, second) = (label.get(lang.code()), label.get(other.code()));
        if self.both && own != second { json!([tame(own), isolated(second)]) } else { json!([tame(own)]) }
    }

    fn blocks(&self, blocks: &[Block]) -> Value {
        blocks.iter().map(|b| self.block(b)).collect()
    }

    fn block(&self, block: &Block) -> Value {
        match block {
            Block::Heading { level, text, count } => json!({
                "b": "heading",
                // The title of the document is the only heading of the first level in its outline.
                "level": (*level).clamp(1, 2) + 1,
                "label": self.label(text),
                "count": count.map(|n| figure(&text::number::format_integer(n, self.locale))),
            }),
            Block::Paragraph(text) => json!({"b": "paragraph", "text": self.text(text)}),
            Block::Note(text) => json!({"b": "note", "text": self.text(text)}),
            Block::Facts(facts) => json!({"b": "facts", "facts": facts.iter().map(|f| self.fact(f)).collect::<Vec<_>>()}),
            Block::List(items) => json!({"b": "list", "items": self.texts(items)}),
            Block::Table(table) => self.table(table),
            Block::Card { title, blocks } => json!({"b": "card", "title": self.text(title), "blocks": self.blocks(blocks)}),
            Block::Qr { text, beside } => json!({"b": "qr", "svg": crate::qr::svg(text), "text": self.text(beside)}),
            Block::Picture { bytes, height } => match crate::qr::media(bytes) {
                Some(format) => json!({"b": "picture", "bytes": bytes, "format": format, "height": height}),
                None => json!({"b": "paragraph", "text": self.text(&Text::default())}),
            },
            Block::Sides(start, end) => json!({"b": "sides", "start": self.blocks(start), "end": self.blocks(end)}),
        }
    }

    fn fact(&self, fact: &Fact) -> Value {
        json!({"label": self.label(&fact.label), "value": self.text(&fact.value)})
    }

    fn table(&self, table: &Table) -> Value {
        let columns: Vec<Value> = table.columns.iter().map(|c| json!({"label": self.label(&c.label), "figures": c.figures, "share": c.share})).collect();
        let empty = Text::default();
        let rows: Vec<Value> = table.rows.iter().map(|row| (0..columns.len()).map(|i| self.text(row.get(i).unwrap_or(&empty))).collect()).collect();
        let totals: Vec<Value> = table.totals.iter().map(|t| json!({"label": self.label(&t.label), "value": self.text(&t.value), "grand": t.grand})).collect();
        json!({"b": "table", "columns": columns, "rows": rows, "totals": totals})
    }

    fn texts(&self, texts: &[Text]) -> Value {
        texts.iter().map(|t| self.text(t)).collect()
    }

    /// Lines of nodes.
    fn text(&self, text: &Text) -> Value {
        let mut lines: Vec<Vec<Value>> = vec![Vec::new()];
        for piece in &text.0 {
            match piece {
                Piece::Words(words) => push(&mut lines, words, ""),
                Piece::Strong(words) => push(&mut lines, words, "strong"),
                Piece::Soft(words) => push(&mut lines, words, "soft"),
                other => {
                    if let (Some(line), Some(node)) = (lines.last_mut(), self.figure(other)) {
                        line.push(node);
                    }
                }
            }
        }
        while lines.len() > 1 && lines.last().is_some_and(Vec::is_empty) {
            lines.pop();
        }
        json!(lines)
    }

    fn figure(&self, piece: &Piece) -> Option<Value> {
        let locale = self.locale;
        let shaped = |t: &str| text::digits::shape(t, locale.shown_digits());
        Some(match piece {
            Piece::Words(_) | Piece::Strong(_) | Piece::Soft(_) => return None,
            // Codes are copied and compared: their digits stay as they are.
            Piece::Code(code) => json!({"w": left_to_right(code), "s": ""}),
            Piece::Phone(e164) => json!({"f": figure(&shaped(&text::phone::display(e164, &locale.country)))}),
            Piece::Number(n, scale) => json!({"f": figure(&text::number::format_scaled(*n, *scale, locale))}),
            // The sign goes with the script of the digits: `15%`, but `٪١٥`.
            Piece::Percent(n, scale) => json!({"m": [{"w": text::number::format_percent(*n, *scale, locale), "s": ""}]}),
            Piece::Money(money) => {
                let (before, digits, after) = around_figure(&text::money::format_money(money.minor, &money.currency, locale));
                json!({"m": [{"w": before, "s": ""}, {"f": figure(&digits)}, {"w": after, "s": ""}]})
            }
            Piece::Day(day, calendars) => {
                let told = calendar::format_date(*day, locale, DateStyle::Medium);
                let other = locale.clone().with_calendar(match locale.calendar {
                    Calendar::Gregorian => Calendar::Hijri,
                    Calendar::Hijri => Calendar::Gregorian,
                });
                match calendars {
                    Calendars::Own => json!({"w": isolated(&told), "s": ""}),
                    Calendars::Both => json!({"w": isolated(&format!("{told} ({})", calendar::format_date(*day, &other, DateStyle::Medium))), "s": ""}),
                }
            }
            Piece::Moment(at) => json!({"w": isolated(&calendar::format_datetime(*at, locale, DateStyle::Medium)), "s": ""}),
        })
    }
}

/// Words go on in the last line; each line break in them begins another.
fn push(lines: &mut Vec<Vec<Value>>, words: &str, style: &str) {
    for (i, part) in words.split('\n').enumerate() {
        let part = part.trim_end_matches('\r');
        if i > 0 {
            lines.push(Vec::new());
        }
        if let Some(line) = lines.last_mut().filter(|_| !part.is_empty()) {
            line.push(json!({"w": isolated(part), "s": style}));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Money;

    fn of(text: Text, locale: &Locale) -> Value {
        Cx { locale, both: false }.text(&text)
    }

    #[test]
    fn every_piece_in_the_language_of_the_page() {
        let (ar, en) = (Locale::ar("SA"), Locale::en("SA"));
        let money = || Text::money(Money::new(-123_450, "SAR"));
        assert_eq!(of(money(), &ar)[0][0]["m"][1]["f"], json!(["-1,234.50"]));
        assert_eq!(of(money(), &ar)[0][0]["m"][2]["w"].as_str().unwrap().trim(), "ر.س");
        assert_eq!(of(money(), &en)[0][0]["m"][1]["f"].as_array().unwrap().len(), 1);
        assert_eq!(of(Text::phone("+966112345678"), &ar.clone().with_digits(Digits::Arab))[0][0]["f"].as_array().unwrap().len(), 3, "groups of Arabic digits stand apart");
        let day = Text::day("2026-03-05".parse().unwrap(), Calendars::Both);
        let told = of(day, &ar)[0][0]["w"].as_str().unwrap().to_owned();
        assert!(told.contains("2026") && told.contains("1447") && told.contains("رمضان"), "{told}");
        assert_eq!(of(Text::number(-5).and(Piece::Percent(15, 0)), &en), json!([[{"f": ["-5"]}, {"m": [{"w": "15%", "s": ""}]}]]));
    }

    #[test]
    fn lines_of_people_stay_lines() {
        let text = Text::soft("قال: ").and(Piece::Words("سطر\nسطر آخر\r\n\nأخير".into())).and(Piece::Strong("!\n\n".into()));
        let lines = of(text, &Locale::default());
        assert_eq!(lines.as_array().unwrap().len(), 4);
        assert_eq!(lines[0].as_array().unwrap().len(), 2);
        assert_eq!(lines[2], json!([]));
        assert_eq!(lines[3].as_array().unwrap().len(), 2);
    }

    #[test]
    fn labels_in_one_or_both_languages() {
        let label = kernel::label("الكمية", "Quantity");
        let locale = Locale::ar("SA");
        assert_eq!(Cx { locale: &locale, both: false }.label(&label), json!(["الكمية"]));
        assert_eq!(Cx { locale: &locale, both: true }.label(&label), json!(["الكمية", "\u{2068}Quantity\u{2069}"]));
        assert_eq!(Cx { locale: &locale, both: true }.label(&Label::owned("SKU", "SKU")), json!(["SKU"]));
    }
}
