//! Lists as files: CSV or Excel, with the rows the actor may export and the fields he may see, in his language.
//!
//! The columns have the headings that the import wizard understands; importing an export changes nothing.

mod beside;

use crate::import::guess::{self, Target};
use crate::side::{self, Audit};
use crate::{Actor, Company, Count, Query};
use kernel::rust_decimal::{Decimal, prelude::ToPrimitive};
use kernel::{Fault, Field, Issue, Kind, Object, Outcome, Record, Sensitivity, Value, Verb};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use serde_json::json;
use std::io::Write;
use std::sync::Arc;
use text::i18n;
use uuid::Uuid;

/// The kind of file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FileFormat {
    #[default]
    Csv,
    Xlsx,
}

impl FileFormat {
    pub fn extension(self) -> &'static str {
        match self {
            FileFormat::Csv => "csv",
            FileFormat::Xlsx => "xlsx",
        }
    }
    pub fn media(self) -> &'static str {
        match self {
            FileFormat::Csv => "text/csv; charset=utf-8",
            FileFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// How a list becomes a file. Which rows and fields: the query says.
#[derive(Clone, Debug)]
pub struct ExportOptions {
    pub format: FileFormat,
    /// CSV: a byte order mark in front, by which Excel knows the encoding.
    pub bom: bool,
    /// The ids of records and of what they refer to, so that an import finds them again without doubt.
    pub ids: bool,
}

impl Default for ExportOptions {
    fn default() -> Self {
        ExportOptions { format: FileFormat::Csv, bom: true, ids: true }
    }
}

/// Rows of a page.
const PAGE: usize = 500;
/// Rows of an Excel sheet, headings not counted.
const SHEET_ROWS: i64 = 1_048_575;
/// Characters of an Excel cell.
const CELL_CHARS: usize = 32_767;
/// Excel keeps fifteen digits of a number.
const EXACT: i64 = 999_999_999_999_999;

/// A CSV file in the making.
pub struct CsvFile<W: Write = Vec<u8>> {
    out: csv::Writer<W>,
}

impl CsvFile<Vec<u8>> {
    pub fn new(bom: bool) -> Self {
        let start = if bom { "\u{FEFF}".as_bytes().to_vec() } else { Vec::new() };
        CsvFile { out: csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(start) }
    }
    pub fn finish(self) -> Outcome<Vec<u8>> {
        self.out.into_inner().map_err(Fault::internal)
    }
}

impl<W: Write> CsvFile<W> {
    fn to(mut out: W, bom: bool) -> Outcome<Self> {
        if bom {
            out.write_all("\u{FEFF}".as_bytes()).map_err(Fault::unavailable)?;
        }
        Ok(CsvFile { out: csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out) })
    }
    /// One row; cells that a spreadsheet would run as formulas are made harmless.
    pub fn row<S: AsRef<str>>(&mut self, cells: &[S]) -> Outcome<()> {
        self.out
            .write_record(cells.iter().map(|c| text::tabular::neutralize(c.as_ref()).into_owned()))
            .map_err(Fault::unavailable)
    }
}

/// A cell on its way into a file.
#[derive(Clone, Debug, PartialEq)]
enum Out {
    Blank,
    Text(String),
    Number(Decimal),
    Bool(bool),
    Date(jiff::civil::Date),
    /// In the company's zone, and how it reads where that is not one instant.
    DateTime(jiff::civil::DateTime, String),
}

/// A column: of a field, or of a part of it.
struct Column<'a> {
    field: Option<&'a Field>,
    target: Target,
    /// The column of ids beside the titles of a reference.
    ids: bool,
    /// Nothing of the record itself: a key in another system, a part.
    beside: Option<beside::Source>,
}

impl Company {
    /// Writes the rows of a query that the actor may export; returns how many. The export stands in the audit before its first row leaves.
    ///
    /// # Errors
    /// Not found, forbidden; unknown fields in the query; more rows than an Excel sheet holds; a sink that takes no more.
    pub async fn export(&self, actor: &Actor, query: &Query, options: &ExportOptions, out: &mut (dyn Write + Send)) -> Outcome<i64> {
        let registry = self.registry();
        let object = registry.object(&query.object)?.clone();
        actor.rule(&object, &Verb::Export)?;
        // Somebody who names columns gets these; a whole record also has its keys elsewhere and its parts.
        let whole = query.fields.is_empty();
        let query = Query {
            verb: Some(Verb::Export),
            limit: PAGE,
            after: None,
            before: None,
            count: Count::None,
            fields: readable(actor, &object, &query.fields)?,
            ..query.clone()
        };
        let mut columns = columns(&object, &query.fields, options.ids);
        let besides = if whole { beside::Besides::of(self, actor, &object).await? } else { beside::Besides::default() };
        columns.extend(besides.columns.iter().map(|(source, target)| Column { field: None, target: target.clone(), ids: false, beside: Some(source.clone()) }));
        let count = self.count(actor, &query, Count::Exact).await?.n;
        if options.format == FileFormat::Xlsx && count > SHEET_ROWS {
            return Err(Fault::issue(Issue::new("", "export-too-many-rows").arg("max", SHEET_ROWS)));
        }
        self.note_export(actor, &object, &query, options, count).await?;
        let heads: Vec<String> = columns.iter().map(|c| c.target.label.get(actor.lang()).to_owned()).collect();
        match options.format {
            FileFormat::Csv => {
                let mut file = CsvFile::to(out, options.bom)?;
                file.row(&heads)?;
                let n = self
                    .each(actor, &object, query, &columns, &besides, |cells| {
                        file.row(&cells.iter().map(|c| plain(c, actor)).collect::<Vec<_>>())
                    })
                    .await?;
                file.out.flush().map_err(Fault::unavailable)?;
                Ok(n)
            }
            FileFormat::Xlsx => {
                let mut book = Workbook::new();
                let mut sheet = Sheet::new(&mut book, &object, actor, &heads)?;
                let n = self.each(actor, &object, query, &columns, &besides, |cells| sheet.row(cells)).await?;
                drop(sheet);
                let bytes = book.save_to_buffer().map_err(Fault::internal)?;
                out.write_all(&bytes).map_err(Fault::unavailable)?;
                Ok(n)
            }
        }
    }

    /// The same as bytes.
    ///
    /// # Errors
    /// As [`Company::export`].
    pub async fn export_bytes(&self, actor: &Actor, query: &Query, options: &ExportOptions) -> Outcome<Vec<u8>> {
        let mut bytes = Vec::new();
        self.export(actor, query, options, &mut bytes).await?;
        Ok(bytes)
    }

    async fn each(
        &self,
        actor: &Actor,
        object: &Arc<Object>,
        mut query: Query,
        columns: &[Column<'_>],
        besides: &beside::Besides,
        mut write: impl FnMut(Vec<Out>) -> Outcome<()>,
    ) -> Outcome<i64> {
        let zone = jiff::tz::TimeZone::get(&self.settings().zone).unwrap_or(jiff::tz::TimeZone::UTC);
        let mut n = 0;
        loop {
            let page = self.list(actor, &query).await?;
            let more = besides.page(self, actor, object, &page.records).await?;
            for r in &page.records {
                let own = columns.iter().filter(|c| c.beside.is_none()).map(|c| cell(c, object, r, &page.titles, actor, &zone));
                write(own.chain(besides.cells(&more, r.id, columns)).collect())?;
                n += 1;
            }
            match page.next {
                Some(next) if !page.records.is_empty() => query.after = Some(next),
                _ => return Ok(n),
            }
        }
    }

    async fn note_export(&self, actor: &Actor, object: &Object, query: &Query, options: &ExportOptions, count: i64) -> Outcome<()> {
        let mut cx = self.write(actor).await?;
        cx.cause = "export".into();
        let audit = Audit {
            object: object.key.clone(),
            record: Uuid::nil(),
            rev: 0,
            verb: "exported".into(),
            changes: json!({
                "count": count,
                "filter": query.filter.as_ref().map(ToString::to_string),
                "search": query.search,
                "fields": query.fields,
                "format": options.format.extension(),
            }),
        };
        side::audit(&mut cx, vec![audit]).await?;
        cx.commit().await
    }

    /// An empty file with the headings that the import of an object understands, in the actor's language.
    ///
    /// # Errors
    /// Not found, forbidden.
    pub fn import_template(&self, actor: &Actor, object: &str) -> Outcome<Vec<u8>> {
        let targets = guess::targets(self, actor, object)?;
        let registry = self.registry();
        let declared = registry.object(object)?;
        let heads: Vec<&str> = declared
            .fields
            .iter()
            .filter(|f| f.writable())
            .flat_map(guess::columns)
            .filter_map(|c| targets.iter().find(|t| t.path == c.path))
            .map(|t| t.label.get(actor.lang()))
            .collect();
        let mut file = CsvFile::new(true);
        file.row(&heads)?;
        file.finish()
    }
}

/// The fields that leave: the asked ones, all declared ones when none were asked; what is withheld from the actor never.
fn readable(actor: &Actor, object: &Object, asked: &[String]) -> Outcome<Vec<String>> {
    let open = |f: &&Field| f.sensitivity != Sensitivity::Secret && actor.sees(&object.key, &f.key);
    if asked.is_empty() {
        return Ok(object.fields.iter().filter(open).map(|f| f.key.clone()).collect());
    }
    asked
        .iter()
        .map(|n| {
            let field = object.get(n).filter(open);
            field.map(|f| f.key.clone()).ok_or_else(|| Fault::issue(Issue::new("fields", "expr-unknown-field").arg("name", n)))
        })
        .collect()
}

fn columns<'a>(object: &'a Object, fields: &[String], ids: bool) -> Vec<Column<'a>> {
    let mut out = Vec::new();
    if ids {
        out.push(Column { field: None, target: guess::own_id(), ids: true, beside: None });
    }
    for field in fields.iter().filter_map(|k| object.get(k)) {
        out.extend(guess::columns(field).into_iter().map(|target| Column { field: Some(field), target, ids: false, beside: None }));
        if ids && field.kind.target().is_some() && !field.system {
            out.push(Column { field: Some(field), target: guess::id_column(field), ids: true, beside: None });
        }
    }
    out
}

fn cell(column: &Column<'_>, object: &Object, record: &Record, titles: &crate::load::Titles, actor: &Actor, zone: &jiff::tz::TimeZone) -> Out {
    let Some(field) = column.field else { return Out::Text(record.id.to_string()) };
    let value = record.get(&field.key);
    let part = column.target.path.strip_prefix(&field.key).and_then(|p| p.strip_prefix('.')).unwrap_or_default();
    let text = |t: &str| if t.is_empty() { Out::Blank } else { Out::Text(t.to_owned()) };
    let title = |id: &Uuid| titles.get(id).map(|n| n.get(actor.lang()).to_owned()).unwrap_or_default();
    match value {
        Value::Null => Out::Blank,
        Value::Name(n) => text(if part == "ar" { &n.ar } else { &n.latin }),
        Value::Money(m) if part == "currency" => text(&m.currency),
        Value::Money(m) => Out::Number(m.amount()),
        Value::Address(_) => part_cell(value, part),
        Value::Int(i) => Out::Number((*i).into()),
        Value::Decimal(d) => Out::Number(d.normalize()),
        Value::Bool(b) => Out::Bool(*b),
        Value::Date(d) => Out::Date(*d),
        Value::DateTime(t) => {
            let here = t.to_zoned(zone.clone());
            let local = here.datetime();
            // In the hour that a clock change repeats, only the offset says which one it was.
            let plain = local.to_zoned(zone.clone()).is_ok_and(|z| z.timestamp() == *t);
            let form = if plain { "%Y-%m-%d %H:%M:%S%.f" } else { "%Y-%m-%d %H:%M:%S%.f%:z" };
            Out::DateTime(local, here.strftime(form).to_string())
        }
        Value::Id(id) if column.ids => Out::Text(id.to_string()),
        Value::Id(id) => text(&title(id)),
        Value::Ids(list) if column.ids => Out::Text(list.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        Value::Ids(list) => text(&list.iter().map(title).filter(|t| !t.is_empty()).collect::<Vec<_>>().join("; ")),
        Value::List(keys) => text(&keys.iter().map(|k| choice(object, field, k, actor)).collect::<Vec<_>>().join("; ")),
        Value::Text(t) if matches!(field.kind.stored(), Kind::Choice { .. }) => text(&choice(object, field, t, actor)),
        Value::File(f) => text(&f.name),
        other => text(&kernel::parse::to_text(&field.kind, other)),
    }
}

/// A piece of an address.
fn part_cell(value: &Value, part: &str) -> Out {
    let Value::Address(a) = value else { return Out::Blank };
    let text = match part {
        "street" => &a.street,
        "district" => &a.district,
        "city" => &a.city,
        "region" => &a.region,
        "postcode" => &a.postcode,
        _ => &a.country,
    };
    if text.is_empty() { Out::Blank } else { Out::Text(text.clone()) }
}

/// The label of an option, or its key where two options have the same label.
fn choice(_: &Object, field: &Field, key: &str, actor: &Actor) -> String {
    let options = field.kind.options();
    let label = |o: &kernel::Choice| o.label.get(actor.lang()).to_owned();
    let Some(text) = options.iter().find(|o| o.key == key).map(label) else { return key.to_owned() };
    let doubtful = options.iter().filter(|o| label(o) == text).count() > 1 || text.contains([',', '،', ';', '؛', '|']);
    if doubtful { key.to_owned() } else { text }
}

fn plain(cell: &Out, actor: &Actor) -> String {
    match cell {
        Out::Blank => String::new(),
        Out::Text(t) => t.clone(),
        Out::Number(d) => d.to_string(),
        Out::Bool(b) => i18n::t(actor.locale.lang, if *b { "yes" } else { "no" }),
        Out::Date(d) => d.to_string(),
        Out::DateTime(_, text) => text.clone(),
    }
}

/// An Excel sheet in the making; rows go to a temporary file as they come.
struct Sheet<'a> {
    sheet: &'a mut Worksheet,
    row: u32,
    actor: &'a Actor,
    date: Format,
    moment: Format,
    whole: Format,
    exact: Format,
}

fn broken(e: XlsxError) -> Fault {
    Fault::internal(e)
}

impl<'a> Sheet<'a> {
    fn new(book: &'a mut Workbook, object: &Object, actor: &'a Actor, heads: &[String]) -> Outcome<Self> {
        let sheet = book.add_worksheet_with_constant_memory().map_err(broken)?;
        let name: String = object.plural.get(actor.lang()).chars().filter(|c| !"[]:*?/\\'".contains(*c)).take(31).collect();
        if !name.trim().is_empty() {
            sheet.set_name(name.trim()).map_err(broken)?;
        }
        sheet.set_right_to_left(actor.lang() == "ar");
        let bold = Format::new().set_bold();
        for (c, head) in heads.iter().enumerate() {
            let c = u16::try_from(c).map_err(Fault::internal)?;
            sheet.set_column_width(c, 18).map_err(broken)?;
            sheet.write_string_with_format(0, c, head, &bold).map_err(broken)?;
        }
        sheet.set_freeze_panes(1, 0).map_err(broken)?;
        Ok(Sheet {
            sheet,
            row: 0,
            actor,
            date: Format::new().set_num_format("yyyy-mm-dd"),
            moment: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            whole: Format::new().set_num_format("0"),
            exact: Format::new().set_num_format("0.00##########"),
        })
    }

    fn row(&mut self, cells: Vec<Out>) -> Outcome<()> {
        self.row += 1;
        let row = self.row;
        for (c, cell) in cells.iter().enumerate() {
            let c = u16::try_from(c).map_err(Fault::internal)?;
            match cell {
                Out::Blank => {}
                Out::Number(d) if fits(*d) => {
                    let format = if d.scale() == 0 { &self.whole } else { &self.exact };
                    self.sheet.write_number_with_format(row, c, d.to_f64().unwrap_or_default(), format).map_err(broken)?;
                }
                Out::Date(d) if d.year() >= 1900 => {
                    self.sheet.write_number_with_format(row, c, serial(d.to_datetime(jiff::civil::Time::midnight())), &self.date).map_err(broken)?;
                }
                // Excel keeps milliseconds; an instant with more stays text, so that nothing is lost.
                Out::DateTime(at, text) if at.year() >= 1900 && !text.contains('+') && at.subsec_nanosecond() == 0 => {
                    self.sheet.write_number_with_format(row, c, serial(*at), &self.moment).map_err(broken)?;
                }
                Out::Bool(b) => {
                    self.sheet.write_boolean(row, c, *b).map_err(broken)?;
                }
                other => {
                    let text = plain(other, self.actor);
                    let end = text.char_indices().nth(CELL_CHARS).map_or(text.len(), |(i, _)| i);
                    self.sheet.write_string(row, c, text.get(..end).unwrap_or_default()).map_err(broken)?;
                }
            }
        }
        Ok(())
    }
}

/// Whether a spreadsheet keeps every digit.
fn fits(d: Decimal) -> bool {
    d.normalize().mantissa().unsigned_abs() <= EXACT.unsigned_abs().into()
}

/// Days since the end of 1899, as Excel counts, with its leap day of 1900 that never was.
fn serial(at: jiff::civil::DateTime) -> f64 {
    let epoch = jiff::civil::date(1899, 12, 30);
    let days = (at.date() - epoch).get_days();
    let seconds = i32::from(at.hour()) * 3600 + i32::from(at.minute()) * 60 + i32::from(at.second());
    let days = if at.date() < jiff::civil::date(1900, 3, 1) { days - 1 } else { days };
    f64::from(days) + f64::from(seconds) / 86_400.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excel_counts_days() {
        let at = |t: &str| serial(t.parse().unwrap());
        assert_eq!(at("1900-01-01T00:00:00"), 1.0);
        assert_eq!(at("1900-03-01T00:00:00"), 61.0);
        assert_eq!(at("2009-12-06T12:00:00"), 40_153.5);
    }

    #[test]
    fn cells_are_neutral() {
        let mut file = CsvFile::new(true);
        file.row(&["=1+1", "-5", "+966501234567", "أحمد, علي", "@cmd"]).unwrap();
        let text = String::from_utf8(file.finish().unwrap()).unwrap();
        assert_eq!(text, "\u{FEFF}'=1+1,-5,+966501234567,\"أحمد, علي\",'@cmd\r\n");
    }
}
