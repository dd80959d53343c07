//! Files as tables: CSV in any encoding and with any delimiter, Excel and OpenDocument sheets.

use super::line::{Line, trimmed};
use calamine::{Data, Reader};
use kernel::rust_decimal::Decimal;
use kernel::{Fault, FaultKind, Issue, Outcome};
use std::io::Cursor;

/// How a file is to be read; found out where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct ReadOptions {
    /// `windows-1256`, `utf-8` …
    pub encoding: Option<String>,
    pub delimiter: Option<char>,
    /// Of a workbook; the first one with content otherwise.
    pub sheet: Option<String>,
}

/// A table read from a file.
#[derive(Debug, Default)]
pub struct Table {
    pub headings: Vec<String>,
    pub lines: Vec<Line>,
    /// Lines that have no place in the table, with the reason.
    pub bad: Vec<(Line, Issue)>,
    pub encoding: String,
    pub delimiter: String,
    pub sheet: String,
    /// Names of all sheets of a workbook.
    pub sheets: Vec<String>,
    /// Some bytes meant nothing in the encoding.
    pub lossy: bool,
}

/// The most characters of one cell: more is an open quotation mark that swallowed the file.
const MAX_CELL: usize = 400_000;
const MAX_COLUMNS: usize = 1_000;

/// # Errors
/// Invalid: not a table, an unknown encoding or sheet, no headings.
pub fn read(bytes: &[u8], options: &ReadOptions) -> Outcome<Table> {
    let zip = bytes.starts_with(b"PK\x03\x04");
    let old = bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]);
    let table = if zip || old { workbook(bytes, options)? } else { delimited(bytes, options)? };
    if table.headings.is_empty() {
        return Err(Fault::invalid("file", "import-empty"));
    }
    Ok(table)
}

/// Gathers records into a table: the first that is not blank gives the headings.
struct Gather {
    table: Table,
    width: usize,
    n: i64,
}

impl Gather {
    fn new() -> Self {
        Gather { table: Table::default(), width: 0, n: 0 }
    }

    fn add(&mut self, at: i64, mut cells: Vec<String>, exact: bool) -> Outcome<()> {
        if cells.iter().all(|c| trimmed(c).is_empty()) {
            return Ok(());
        }
        if self.table.headings.is_empty() {
            while cells.last().is_some_and(|c| trimmed(c).is_empty()) {
                cells.pop();
            }
            if cells.len() > MAX_COLUMNS {
                return Err(Fault::issue(Issue::new("file", "import-too-many-columns").arg("max", MAX_COLUMNS)));
            }
            self.width = cells.len();
            self.table.headings = headings(cells);
            return Ok(());
        }
        self.n += 1;
        // Blank cells beyond the last heading are how spreadsheets write an unused column.
        while cells.len() > self.width && cells.last().is_some_and(|c| trimmed(c).is_empty()) {
            cells.pop();
        }
        if !exact {
            cells.resize(self.width.max(cells.len()), String::new());
        }
        let found = cells.len();
        let long = cells.iter().any(|c| c.len() > MAX_CELL);
        if long {
            for c in &mut cells {
                c.truncate(c.char_indices().nth(200).map_or(c.len(), |(i, _)| i));
            }
        }
        let line = Line { n: self.n, at, cells };
        if long {
            self.table.bad.push((line, Issue::new("", "import-open-quote")));
        } else if found != self.width {
            let issue = Issue::new("", "import-ragged").arg("found", found).arg("expected", self.width);
            self.table.bad.push((line, issue));
        } else {
            self.table.lines.push(line);
        }
        Ok(())
    }
}

/// Every column gets a name of its own.
fn headings(cells: Vec<String>) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(cells.len());
    for (i, cell) in cells.into_iter().enumerate() {
        let base = match trimmed(&cell) {
            "" => format!("#{}", i + 1),
            t => t.split_whitespace().collect::<Vec<_>>().join(" "),
        };
        let mut name = base.clone();
        let mut n = 2;
        while names.contains(&name) {
            name = format!("{base} ({n})");
            n += 1;
        }
        names.push(name);
    }
    names
}

fn delimited(bytes: &[u8], options: &ReadOptions) -> Outcome<Table> {
    let decoded = match &options.encoding {
        Some(label) => text::tabular::decode_as(bytes, label)
            .ok_or_else(|| Fault::issue(Issue::new("encoding", "import-unknown-encoding").arg("name", label)))?,
        None => text::tabular::decode(bytes),
    };
    let odd = decoded.text.chars().take(20_000).filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')).count();
    if odd > 5 && odd * 50 > decoded.text.chars().take(20_000).count() {
        return Err(Fault::invalid("file", "import-not-a-table"));
    }
    let delimiter = options.delimiter.unwrap_or_else(|| text::tabular::delimiter(&decoded.text));
    let mut text = decoded.text.trim_start_matches('\u{FEFF}');
    if text.get(..4).is_some_and(|s| s.eq_ignore_ascii_case("sep=")) {
        text = text.split_once('\n').map_or("", |(_, rest)| rest);
    }
    let mut gather = Gather::new();
    let byte = u8::try_from(delimiter).map_err(|_| Fault::invalid("delimiter", "import-bad-delimiter"))?;
    let mut reader =
        csv::ReaderBuilder::new().delimiter(byte).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut start = 0;
    while reader.read_record(&mut record).map_err(|e| Fault::issue(Issue::new("file", "import-not-a-table").arg("why", e)))? {
        let at = record.position().map_or(0, csv::Position::line);
        start = record.position().map_or(0, csv::Position::byte);
        gather.add(i64::try_from(at).unwrap_or(i64::MAX), record.iter().map(|c| bare(c).to_owned()).collect(), true)?;
    }
    open_quote(&mut gather, text, usize::try_from(start).unwrap_or_default());
    let mut table = gather.table;
    table.encoding = decoded.encoding.to_owned();
    table.delimiter = delimiter.to_string();
    table.lossy = decoded.lossy;
    Ok(table)
}

/// Without the apostrophe that exports put before what a spreadsheet would run.
fn bare(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| text::tabular::neutralize(rest) == cell).unwrap_or(cell)
}

/// A last record over several lines whose quotation mark never closes swallowed what came after it.
fn open_quote(gather: &mut Gather, text: &str, start: usize) {
    let Some(last) = text.get(start..) else { return };
    let quotes = last.bytes().filter(|b| *b == b'"').count();
    let is_last = gather.table.lines.last().is_some_and(|l| l.n == gather.n);
    if quotes % 2 == 1
        && last.trim_end().contains('\n')
        && is_last
        && let Some(line) = gather.table.lines.pop()
    {
        gather.table.bad.push((line, Issue::new("", "import-open-quote")));
    }
}

fn workbook(bytes: &[u8], options: &ReadOptions) -> Outcome<Table> {
    let not_a_table = |e: &dyn std::fmt::Display| {
        Fault { detail: e.to_string(), ..Fault::invalid("file", "import-not-a-workbook") }
    };
    let mut book = calamine::open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|e| not_a_table(&e))?;
    let names = book.sheet_names();
    let wanted = match &options.sheet {
        Some(name) if names.contains(name) => vec![name.clone()],
        Some(name) => return Err(Fault::issue(Issue::new("sheet", "import-unknown-sheet").arg("name", name))),
        None => names.clone(),
    };
    for name in wanted {
        let range = book.worksheet_range(&name).map_err(|e| not_a_table(&e))?;
        if range.is_empty() {
            continue;
        }
        let first = range.start().map_or(0, |(row, _)| i64::from(row));
        let mut gather = Gather::new();
        for (i, row) in range.rows().enumerate() {
            let at = first + i64::try_from(i).unwrap_or(i64::MAX) + 1;
            gather.add(at, row.iter().map(cell).collect(), false)?;
        }
        let mut table = gather.table;
        table.sheet = name;
        table.sheets = names;
        return Ok(table);
    }
    Err(Fault::invalid("file", "import-empty"))
}

/// A cell as the text that a CSV file would have: numbers without the noise of floating point, dates ISO 8601.
fn cell(data: &Data) -> String {
    match data {
        Data::Int(n) => n.to_string(),
        Data::Float(f) => number(*f),
        Data::String(s) => s.clone(),
        Data::Bool(b) => b.to_string(),
        Data::DateTime(t) if t.is_duration() => {
            let seconds = (t.as_f64() * 86_400.0).round();
            kernel::parse::to_text(&kernel::Kind::Duration, &kernel::Value::Duration(seconds as i64))
        }
        Data::DateTime(t) => {
            let (year, month, day, hour, minute, second, milli) = t.to_ymd_hms_milli();
            if (hour, minute, second, milli) == (0, 0, 0, 0) {
                format!("{year:04}-{month:02}-{day:02}")
            } else if milli == 0 {
                format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
            } else {
                format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}")
            }
        }
        Data::DateTimeIso(t) | Data::DurationIso(t) => t.clone(),
        // `#N/A` and its like are no values.
        Data::Error(_) | Data::Empty => String::new(),
    }
}

/// Fifteen digits are what a spreadsheet keeps and shows; 0.30000000000000004 is 0.3.
fn number(f: f64) -> String {
    if f.fract() == 0.0 && f.abs() < 1e15 {
        return format!("{f:.0}");
    }
    Decimal::from_scientific(&format!("{f:.14e}")).map_or_else(|_| f.to_string(), |d| d.normalize().to_string())
}

/// # Errors
/// Too large: more bytes than allowed.
pub fn check_size(bytes: usize, max: usize) -> Outcome<()> {
    if bytes <= max {
        return Ok(());
    }
    let mb = |n: usize| n.div_ceil(1_048_576);
    let issue = Issue::new("file", "import-file-too-large").arg("max", mb(max)).arg("size", mb(bytes));
    Err(Fault { issues: vec![issue], ..Fault::new(FaultKind::TooLarge) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csv(text: &str) -> Table {
        read(text.as_bytes(), &ReadOptions::default()).unwrap()
    }

    #[test]
    fn tables_of_all_shapes() {
        let t = csv("الاسم;ملاحظة\nأحمد;\"سطر\nثان; مع فاصلة\"\n\n;;\nعلي;x\n");
        assert_eq!(t.headings, ["الاسم", "ملاحظة"]);
        assert_eq!(t.lines[0].cells[1], "سطر\nثان; مع فاصلة");
        assert_eq!((t.lines[1].n, t.lines[1].at), (2, 6), "blank lines do not count, line numbers are the file's");
        let t = csv("a,a,\n1,2,\n");
        assert_eq!((t.headings, t.lines.len()), (vec!["a".to_owned(), "a (2)".into()], 1));
        let t = csv("sep=|\na|b\n1|2\n");
        assert_eq!(t.lines[0].cells, ["1", "2"]);
    }

    #[test]
    fn ragged_and_unclosed_lines_are_told_apart() {
        let t = csv("a,b\n1,2\n3\n4,5,6\n7,8\n");
        assert_eq!(t.lines.iter().map(|l| l.n).collect::<Vec<_>>(), [1, 4]);
        let told: Vec<_> = t.bad.iter().map(|(l, i)| (l.at, i.key.as_str())).collect();
        assert_eq!(told, [(3, "import-ragged"), (4, "import-ragged")]);
        let t = csv("a,b\n1,2\n3,\"never closed\n4,5\n6,7\n");
        assert_eq!((t.lines.len(), t.bad[0].1.key.as_str()), (1, "import-open-quote"));
        // An inch mark is no quotation.
        assert_eq!(csv("a,b\n1,5\"\n2,x\n").lines.len(), 2);
    }

    #[test]
    fn what_is_no_table_is_refused() {
        let refused = |bytes: &[u8]| read(bytes, &ReadOptions::default()).unwrap_err().issues[0].key.clone();
        assert_eq!(refused(b""), "import-empty");
        assert_eq!(refused(b"\n \n"), "import-empty");
        assert_eq!(refused(b"PK\x03\x04 this is no workbook"), "import-not-a-workbook");
        assert_eq!(refused(&(0..=255u8).cycle().take(4_000).collect::<Vec<_>>()), "import-not-a-table");
        let odd = ReadOptions { encoding: Some("klingon".into()), ..ReadOptions::default() };
        assert_eq!(read(b"a\n1", &odd).unwrap_err().issues[0].key, "import-unknown-encoding");
    }

    #[test]
    fn numbers_lose_the_noise() {
        assert_eq!(number(0.1 + 0.2), "0.3");
        assert_eq!(number(490_397.0), "490397");
        assert_eq!(number(-12.5), "-12.5");
        assert_eq!(number(1508.65), "1508.65");
    }
}
