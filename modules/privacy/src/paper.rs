//! The copy of a person's data on paper: in the person's language, as long as somebody reads it; the other file has all.

use crate::settings::Privacy;
use crate::told::{Entry, Shown, Told};
use engine::Company;
use kernel::{Fault, Kind, Label, Outcome, Record, Value};
use print::{Block, Calendars, Column, Document, Fact, Letterhead, Piece, Table, Text};
use serde_json::Value as Json;
use text::{Lang, Locale, i18n};
use ui::cx::{Density, Theme, Titles, ViewCx};

/// The most records of one kind that are printed.
const RECORDS: usize = 100;
/// The most lines of one list: comments, files.
const LINES: usize = 200;
/// The most lines of what happened: the records themselves follow.
const HAPPENED: usize = 40;
/// The most letters of one value: a letter or a note in full, not a file that somebody pasted.
const LETTERS: usize = 4_000;

/// The language a person is spoken to in; the company's where it is none of ours.
pub(crate) fn spoken(company: &Company, person: &Json) -> Lang {
    let own = person.pointer("/values/language").and_then(Json::as_str);
    own.and_then(Lang::parse).unwrap_or_else(|| company.settings().lang())
}

/// The PDF of a copy.
///
/// # Errors
/// A document that could not be made even shortened.
pub(crate) async fn pdf(company: &Company, request: &Record, data: &Json) -> Outcome<Vec<u8>> {
    let settings = company.settings();
    let lang = spoken(company, data.get("person").unwrap_or(&Json::Null));
    let locale = Locale { lang, ..settings.locale() };
    let privacy = Privacy::load(company).await?;
    let document = |most: usize| document(company, &locale, &privacy, request, data, most);
    let printed = match print::print(document(RECORDS), print::Limits::default()).await {
        // Somebody with a very long history gets the beginning of each part.
        Err(print::Error::TooMuch | print::Error::TooManyPages) => print::print(document(RECORDS / 10), print::Limits::default()).await,
        other => other,
    };
    printed.map(|pdf| pdf.bytes).map_err(Fault::internal)
}

fn document(company: &Company, locale: &Locale, privacy: &Privacy, request: &Record, data: &Json, most: usize) -> Document {
    let titles = Titles::new();
    let cx = ViewCx { locale, theme: Theme::default(), density: Density::default(), path: "", now: company.now(), titles: &titles };
    let told = Told::of(&cx, &company.registry(), data);
    let say = |key: &str| Text::words(i18n::t(locale.lang, key));
    let mut blocks = Vec::new();
    let mut about = vec![Fact::new(sentence("privacy-received"), request.get("received_at").datetime().map(Piece::Moment).map(Text::from).unwrap_or_default())];
    about.extend(told.made.map(|at| Fact::new(sentence("privacy-made"), Text::day(cx.civil(at), Calendars::Both))));
    blocks.push(Block::Facts(about));
    blocks.push(Block::Paragraph(say("privacy-pdf-intro")));
    if let Some(person) = &told.person {
        blocks.push(Block::Heading { level: 1, text: sentence("privacy-pdf-person"), count: None });
        blocks.extend(entry(&cx, person, most));
    }
    for part in &told.parts {
        let count = part.entries.len();
        blocks.push(Block::Heading { level: 1, text: part.label.clone(), count: i64::try_from(count).ok() });
        blocks.extend(cut(&cx, count, most));
        for one in part.entries.iter().take(most) {
            blocks.push(Block::Card { title: Text::strong(clipped(&one.title)), blocks: entry(&cx, one, most) });
        }
    }
    let contacts = [privacy.email.as_str(), privacy.phone.as_str()].into_iter().filter(|t| !t.is_empty()).map(Text::code).collect();
    let address = privacy.address.get(locale.lang.code());
    Document {
        title: sentence("privacy-document"),
        number: request.get("number").text().unwrap_or_default().to_owned(),
        locale: locale.clone(),
        letterhead: Letterhead { name: told.by, lines: Some(address).filter(|a| !a.is_empty()).map(Text::words).into_iter().collect(), contacts },
        blocks,
        foot: say("privacy-pdf-foot"),
        made: told.made,
        both: false,
    }
}

/// A sentence of ours as a label.
fn sentence(key: &str) -> Label {
    Label::owned(i18n::t(Lang::Ar, key), i18n::t(Lang::En, key))
}

/// Says that not all is printed; nothing where all is.
fn cut(cx: &ViewCx<'_>, count: usize, most: usize) -> Option<Block> {
    (count > most).then(|| Block::Note(Text::words(cx.tf("privacy-pdf-cut", &[("shown", most.into()), ("count", count.into())]))))
}

fn entry(cx: &ViewCx<'_>, one: &Entry, most: usize) -> Vec<Block> {
    let lines = LINES.min(most * 2);
    let mut blocks = vec![Block::Facts(one.facts.iter().map(|(label, value)| Fact::new(label.clone(), shown(cx, value))).collect())];
    for (heading, list) in &one.lists {
        blocks.push(Block::Heading { level: 2, text: Label::owned(heading.clone(), heading.clone()), count: None });
        blocks.extend(cut(cx, list.len(), lines));
        // Lists run from the oldest on, except for readers, who are few.
        let skipped = list.len().saturating_sub(lines);
        blocks.push(Block::List(list.iter().skip(skipped).map(|(words, beside)| Text::words(format!("{} ", clipped(words))).and(Piece::Soft(beside.clone()))).collect()));
    }
    if !one.happened.is_empty() {
        blocks.push(Block::Heading { level: 2, text: sentence("privacy-pdf-happened"), count: i64::try_from(one.happened.len()).ok() });
        blocks.extend(cut(cx, one.happened.len(), HAPPENED));
        let rows = one.happened.iter().take(HAPPENED).map(|(at, what)| vec![Piece::Moment(*at).into(), Text::words(cx.label(what))]).collect();
        let columns = vec![Column::words(sentence("privacy-pdf-when")), Column::words(sentence("privacy-pdf-what"))];
        blocks.push(Block::Table(Table { columns, rows, totals: Vec::new() }));
    }
    if let Some(count) = one.changes {
        blocks.push(Block::Paragraph(Text::soft(cx.tf("privacy-doc-changes", &[("count", count.into())]))));
    }
    blocks
}

/// A value with its direction: figures and addresses stand as they are written anywhere.
fn shown(cx: &ViewCx<'_>, shown: &Shown) -> Text {
    match shown {
        Shown::Words(words) => Text::words(clipped(words)),
        Shown::Value(kind, value) => match (kind, value) {
            (Kind::Phone, Value::Text(e164)) => Text::phone(e164.clone()),
            (Kind::Email | Kind::Url | Kind::Code { .. } | Kind::Sequence { .. }, Value::Text(t)) => Text::code(clipped(t)),
            (_, Value::Money(money)) => Text::money(money.clone()),
            (_, Value::Date(day)) => Text::day(*day, Calendars::Both),
            (_, Value::DateTime(at)) => Piece::Moment(*at).into(),
            (Kind::Integer | Kind::Decimal { .. }, _) => Text::code(shown.plain(cx)),
            _ => Text::words(clipped(&shown.plain(cx))),
        },
    }
}

fn clipped(text: &str) -> String {
    match text.char_indices().nth(LETTERS) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}
