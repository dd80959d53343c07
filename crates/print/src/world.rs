//! What the typesetter can see: one template, one document, two fonts. Everything else does not exist for it.

use crate::press::{Error, Pdf};
use jiff::Timestamp;
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

/// Under the SIL Open Font License, see `fonts/OFL.txt`. Text copied out of a PDF keeps its Arabic words in this face.
const FACES: [&[u8]; 2] = [include_bytes!("../fonts/Vazirmatn-Regular.ttf"), include_bytes!("../fonts/Vazirmatn-Bold.ttf")];

/// What is the same for all documents, made once.
struct Shop {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    paper: Source,
    data: FileId,
}

static SHOP: LazyLock<Shop> = LazyLock::new(|| {
    let fonts: Vec<Font> = FACES.iter().flat_map(|face| Font::iter(Bytes::new(*face))).collect();
    Shop {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        paper: Source::new(named("/paper.typ"), include_str!("paper.typ").into()),
        data: named("/data.json"),
    }
});

fn named(path: &str) -> FileId {
    RootedPath::new(VirtualRoot::Project, VirtualPath::new(path).expect("a plain path")).intern()
}

struct Desk {
    shop: &'static Shop,
    data: Bytes,
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.shop.library
    }
    fn book(&self) -> &LazyHash<FontBook> {
        &self.shop.book
    }
    fn main(&self) -> FileId {
        self.shop.paper.id()
    }
    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main() { Ok(self.shop.paper.clone()) } else { Err(FileError::AccessDenied) }
    }
    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.shop.data { Ok(self.data.clone()) } else { Err(FileError::AccessDenied) }
    }
    fn font(&self, index: usize) -> Option<Font> {
        self.shop.fonts.get(index).cloned()
    }
    /// There is no today: a document that names a day brings it.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// Sets `data` with the template.
pub(crate) fn set(data: Vec<u8>, made: Option<Timestamp>, most: usize) -> Result<Pdf, Error> {
    let desk = Desk { shop: &SHOP, data: Bytes::new(data) };
    let set = typst::compile::<PagedDocument>(&desk);
    // What was computed for this document is not kept in memory longer than until the next one but one is set; what all
    // documents have in common is asked for each time and stays.
    comemo::evict(1);
    let document = set.output.map_err(|faults| Error::Template(told(&faults)))?;
    let pages = document.pages().len();
    if pages > most {
        return Err(Error::TooManyPages);
    }
    let timestamp = made.and_then(moment).map(typst_pdf::Timestamp::new_utc);
    let options = PdfOptions { creator: Smart::Custom(Some("Sila".into())), timestamp, ..PdfOptions::default() };
    let bytes = typst_pdf::pdf(&document, &options).map_err(|faults| Error::Template(told(&faults)))?;
    Ok(Pdf { bytes, pages })
}

fn told(faults: &[SourceDiagnostic]) -> String {
    faults.iter().map(|f| f.message.as_str()).collect::<Vec<_>>().join("; ")
}

fn moment(at: Timestamp) -> Option<Datetime> {
    let at = at.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    let part = |n: i8| u8::try_from(n).unwrap_or(0);
    Datetime::from_ymd_hms(at.year().into(), part(at.month()), part(at.day()), part(at.hour()), part(at.minute()), part(at.second()))
}
