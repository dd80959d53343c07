//! Paper as people get it: the text that comes out of a PDF again, its structure, its bounds.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod bounds;
mod papers;
mod reading;

use sila_print::{Document, Limits, Pdf, render};
use std::io::Write;
use std::process::{Command, Stdio};

pub fn printed(document: &Document) -> Pdf {
    render(document, &Limits::default()).unwrap()
}

/// The output of a program of poppler-utils about a PDF, which it reads from a file.
pub fn poppler(program: &str, args: &[&str], pdf: &[u8]) -> String {
    let dir = std::env::temp_dir();
    let path = dir.join(format!("print-{}-{:?}.pdf", std::process::id(), std::thread::current().id()));
    std::fs::File::create(&path).unwrap().write_all(pdf).unwrap();
    let mut args: Vec<&str> = args.to_vec();
    let file = path.to_str().unwrap();
    args.push(file);
    if program == "pdftotext" {
        args.push("-");
    }
    let out = Command::new(program).args(&args).stderr(Stdio::piped()).output().expect("poppler-utils (Debian) must be installed");
    let _ = std::fs::remove_file(&path);
    assert!(out.status.success(), "{program}: {}", String::from_utf8_lossy(&out.stderr));
    // `pdfinfo -struct` mixes encodings.
    String::from_utf8_lossy(&out.stdout).into_owned()
}

/// The text of a PDF as a reader copies it, in reading order, without the marks that steer direction.
pub fn text(pdf: &Pdf) -> String {
    text::bidi::strip(&poppler("pdftotext", &["-enc", "UTF-8", "-nopgbrk"], &pdf.bytes))
}

/// Where somebody wants to look at the pages: `SILA_PRINT_PAGES=folder`.
pub fn keep(name: &str, pdf: &Pdf) {
    if let Some(folder) = std::env::var_os("SILA_PRINT_PAGES") {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.pdf")), &pdf.bytes).unwrap();
    }
}
