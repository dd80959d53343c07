//! From a document to the bytes of a PDF, within bounds.

use crate::document::Document;
use crate::{layout, world};
use std::sync::LazyLock;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Documents that are set at the same time in this process: each takes a whole processor.
const PLACES: usize = 2;
static PLACE: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(PLACES));

/// How large a document may become.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of the document before it is set; they bound how long setting it takes.
    pub bytes: usize,
    pub pages: usize,
    /// How long [`print`] waits, for a place and for the document.
    pub patience: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { bytes: 2_000_000, pages: 500, patience: Duration::from_secs(120) }
    }
}

/// A PDF and how many pages it has.
#[derive(Clone, Debug)]
pub struct Pdf {
    pub bytes: Vec<u8>,
    pub pages: usize,
}

/// Why there is no PDF.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("the document holds more than may be printed at once")]
    TooMuch,
    #[error("the document has more pages than allowed")]
    TooManyPages,
    #[error("printing took too long")]
    TooLong,
    /// A fault of the template, in the words of the typesetter; none of the document's.
    #[error("the template: {0}")]
    Template(String),
}

/// Sets the document on a thread of its own and waits for it.
///
/// # Errors
/// All of [`Error`]. After [`Error::TooLong`] the thread still finishes what it has begun, and keeps its place until then.
pub async fn print(document: Document, limits: Limits) -> Result<Pdf, Error> {
    let work = async {
        // The semaphore is never closed.
        let place = PLACE.acquire().await.map_err(|e| Error::Template(e.to_string()))?;
        let set = tokio::task::spawn_blocking(move || {
            let pdf = render(&document, &limits);
            drop(place);
            pdf
        });
        set.await.map_err(|e| Error::Template(e.to_string()))?
    };
    tokio::time::timeout(limits.patience, work).await.unwrap_or(Err(Error::TooLong))
}

/// Sets the document here and now. It takes tens of milliseconds a page at worst: [`print`] is for those who serve others.
///
/// # Errors
/// [`Error::TooMuch`], [`Error::TooManyPages`], [`Error::Template`].
pub fn render(document: &Document, limits: &Limits) -> Result<Pdf, Error> {
    let data = layout::layout(document).to_string().into_bytes();
    if data.len() > limits.bytes {
        return Err(Error::TooMuch);
    }
    world::set(data, document.made, limits.pages)
}
