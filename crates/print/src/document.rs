//! What is printed, without any notion of how.

use jiff::{Timestamp, civil::Date};
use kernel::{Label, Money};
use text::Locale;

/// A document of one or more A4 pages.
///
/// Every [`Label`] is a fixed text of the document in both languages; what people wrote is [`Text`].
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// What it is: «Invoice». The PDF is called so, followed by the number.
    pub title: Label,
    /// Its number or another short mark, repeated at the top of later pages: `INV-00042`. May be empty.
    pub number: String,
    /// Language, direction, digits, calendar and the country whose phones are written without a country code.
    pub locale: Locale,
    /// Labels appear in the other language too, smaller.
    pub both: bool,
    pub letterhead: Letterhead,
    pub blocks: Vec<Block>,
    /// A line at the foot of every page, beside the number of the page.
    pub foot: Text,
    /// The time of making that the PDF carries. Without one the same document is always the same bytes.
    pub made: Option<Timestamp>,
}

/// Who writes.
#[derive(Clone, Debug, Default)]
pub struct Letterhead {
    pub name: String,
    /// Under the name: what the company is, where it is.
    pub lines: Vec<Text>,
    /// On the other side: phone, mail, registration and tax numbers.
    pub contacts: Vec<Text>,
}

/// One thing after another down the page.
#[derive(Clone, Debug)]
pub enum Block {
    /// A heading of the first or second level, with how many things follow, if that is of interest.
    Heading { level: u8, text: Label, count: Option<i64> },
    Paragraph(Text),
    /// A remark that must not be overlooked.
    Note(Text),
    Facts(Vec<Fact>),
    List(Vec<Text>),
    Table(Table),
    /// A frame around what belongs together, under a title.
    Card { title: Text, blocks: Vec<Block> },
    /// Two halves beside each other; the first where reading begins.
    Sides(Vec<Block>, Vec<Block>),
    /// An address that a telephone reads, with words beside it.
    Qr { text: String, beside: Text },
    /// A picture, at most so many millimetres high; PNG or JPEG. What is none is left out.
    Picture { bytes: Vec<u8>, height: u8 },
}

/// A label and its value.
#[derive(Clone, Debug)]
pub struct Fact {
    pub label: Label,
    pub value: Text,
}

/// Rows under headings; the headings come again on every page.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub columns: Vec<Column>,
    /// Each as long as `columns`: missing cells are empty, surplus ones are left out.
    pub rows: Vec<Vec<Text>>,
    pub totals: Vec<Total>,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    pub label: Label,
    /// Figures stand at the far edge, so that their places lie above each other.
    pub figures: bool,
    /// Share of the width that remains; 0: as wide as its content.
    pub share: u8,
}

/// A sum under a table.
#[derive(Clone, Debug)]
pub struct Total {
    pub label: Label,
    pub value: Text,
    /// The one that is to be paid.
    pub grand: bool,
}

/// In which calendars a day is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Calendars {
    /// The one of the document's locale.
    #[default]
    Own,
    /// The other one follows in brackets.
    Both,
}

/// Pieces of a text, one after another. Spaces between them are part of the words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text(pub Vec<Piece>);

/// A piece of a text. Each is isolated: none changes the order of its neighbours.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Words of anybody: their direction is that of their first letter; line breaks are kept.
    Words(String),
    /// Words that stand out.
    Strong(String),
    /// Words that stand back.
    Soft(String),
    /// What reads left to right wherever it stands: mail and web addresses, codes, IBANs, figures already in shape.
    Code(String),
    /// A phone number in E.164.
    Phone(String),
    /// A number with that many decimal places: `(12345, 2)` is 123.45.
    Number(i64, u8),
    /// Percent points with that many decimal places: `(15, 0)` is 15%.
    Percent(i64, u8),
    Money(Money),
    Day(Date, Calendars),
    /// A moment, told in the time zone of the locale.
    Moment(Timestamp),
}

impl Text {
    pub fn words(text: impl Into<String>) -> Self {
        Piece::Words(text.into()).into()
    }
    pub fn strong(text: impl Into<String>) -> Self {
        Piece::Strong(text.into()).into()
    }
    pub fn soft(text: impl Into<String>) -> Self {
        Piece::Soft(text.into()).into()
    }
    pub fn code(text: impl Into<String>) -> Self {
        Piece::Code(text.into()).into()
    }
    pub fn phone(e164: impl Into<String>) -> Self {
        Piece::Phone(e164.into()).into()
    }
    /// A whole number.
    pub fn number(n: i64) -> Self {
        Piece::Number(n, 0).into()
    }
    pub fn money(money: Money) -> Self {
        Piece::Money(money).into()
    }
    pub fn day(day: Date, calendars: Calendars) -> Self {
        Piece::Day(day, calendars).into()
    }
    /// One more piece.
    #[must_use]
    pub fn and(mut self, piece: Piece) -> Self {
        self.0.push(piece);
        self
    }
}

impl From<Piece> for Text {
    fn from(piece: Piece) -> Self {
        Self(vec![piece])
    }
}

impl Fact {
    pub fn new(label: Label, value: impl Into<Text>) -> Self {
        Self { label, value: value.into() }
    }
}

impl Column {
    /// A column of words that takes one share of the width.
    pub fn words(label: Label) -> Self {
        Self { label, figures: false, share: 1 }
    }
    /// A column of figures, as wide as they are.
    pub fn figures(label: Label) -> Self {
        Self { label, figures: true, share: 0 }
    }
    #[must_use]
    pub fn share(mut self, share: u8) -> Self {
        self.share = share;
        self
    }
}
