//! Files as tables: CSV in any encoding and with any delimiter, Excel and OpenDocument sheets.

use super::line::{Line, trimmed};
use calamine::{Data, Reader, Sheets};
use kernel::rust_decimal::Decimal;
use kernel::{Fault, FaultKind, Issue, Outcome};
use std::io::{Cursor, Read};

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
/// The most bytes of all parts of a workbook together, unpacked: a file of some kilobytes can pack gigabytes.
const MAX_UNPACKED: u64 = 1 << 30;
/// The most cells of the rectangle around what a sheet holds: two cells in opposite corners span seventeen thousand million.
const MAX_AREA: u64 = 20_000_000;

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
    weigh(bytes, MAX_UNPACKED)?;
    let mut book = calamine::open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|e| not_a_table(&e))?;
    let names = book.sheet_names();
    let wanted = match &options.sheet {
        Some(name) if names.contains(name) => vec![name.clone()],
        Some(name) => return Err(Fault::issue(Issue::new("sheet", "import-unknown-sheet").arg("name", name))),
        None => names.clone(),
    };
    for name in wanted {
        measure(&mut book, &name)?;
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

fn too_much() -> Fault {
    Fault { issues: vec![Issue::new("file", "import-workbook-too-large")], ..Fault::new(FaultKind::TooLarge) }
}

/// Unpacks every part of a packed workbook once, keeping nothing: what its headers say of sizes may be a lie.
fn weigh(bytes: &[u8], most: u64) -> Outcome<()> {
    // The old format is not packed; what is no archive is told by the reader.
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else { return Ok(()) };
    let mut left = most;
    for i in 0..archive.len() {
        let Ok(part) = archive.by_index(i) else { continue };
        // A part that breaks off is told by the reader too.
        let size = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).unwrap_or_default();
        left = left.checked_sub(size).ok_or_else(too_much)?;
    }
    Ok(())
}

/// Looks at the places of all cells before room is made for the rectangle around them.
fn measure<RS: std::io::Read + std::io::Seek>(book: &mut Sheets<RS>, name: &str) -> Outcome<()> {
    let mut bounds: Option<((u32, u32), (u32, u32))> = None;
    let mut place = |(row, column): (u32, u32)| {
        let ((r0, c0), (r1, c1)) = bounds.unwrap_or(((row, column), (row, column)));
        let (r0, c0, r1, c1) = (r0.min(row), c0.min(column), r1.max(row), c1.max(column));
        bounds = Some(((r0, c0), (r1, c1)));
        u64::from(r1 - r0 + 1) * u64::from(c1 - c0 + 1) <= MAX_AREA
    };
    // Faults of the file itself are told when it is read.
    match book {
        Sheets::Xlsx(b) => {
            if let Ok(mut cells) = b.worksheet_cells_reader(name) {
                while let Ok(Some(cell)) = cells.next_cell() {
                    if !place(cell.get_position()) {
                        return Err(too_much());
                    }
                }
            }
        }
        Sheets::Xlsb(b) => {
            if let Ok(mut cells) = b.worksheet_cells_reader(name) {
                while let Ok(Some(cell)) = cells.next_cell() {
                    if !place(cell.get_position()) {
                        return Err(too_much());
                    }
                }
            }
        }
        // The old format has 65,536 rows of 256 cells, and the reader of OpenDocument has a limit of its own.
        Sheets::Xls(_) | Sheets::Ods(_) => {}
    }
    Ok(())
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

    /// A workbook of these cells (row, column), made by the library that exports use.
    fn workbook_of(cells: &[(u32, u16)]) -> Vec<u8> {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for (row, column) in cells {
            sheet.write_string(*row, *column, "أ").unwrap();
        }
        book.save_to_buffer().unwrap()
    }

    #[test]
    fn workbooks_that_would_fill_the_memory_are_refused() {
        let options = ReadOptions::default();
        let far = read(&workbook_of(&[(0, 0), (1_048_575, 16_383)]), &options).unwrap_err();
        assert_eq!((far.kind, far.issues[0].key.as_str()), (FaultKind::TooLarge, "import-workbook-too-large"));
        assert_eq!(read(&workbook_of(&[(0, 0), (0, 3), (1_000_000, 0)]), &options).unwrap().lines.len(), 1);

        // A kilobyte for each megabyte: the parts of a file are counted as they come out.
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let packed = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        zip.start_file("xl/sharedStrings.xml", packed).unwrap();
        std::io::Write::write_all(&mut zip, &vec![b' '; 1 << 20]).unwrap();
        let bomb = zip.finish().unwrap().into_inner();
        assert!(bomb.len() < 4 << 10);
        assert!(weigh(&bomb, 1 << 20).is_ok());
        assert_eq!(weigh(&bomb, (1 << 20) - 1).unwrap_err().issues[0].key, "import-workbook-too-large");
    }

    #[test]
    fn numbers_lose_the_noise() {
        assert_eq!(number(0.1 + 0.2), "0.3");
        assert_eq!(number(490_397.0), "490397");
        assert_eq!(number(-12.5), "-12.5");
        assert_eq!(number(1508.65), "1508.65");
    }
}
