//! Equal input, equal bytes; large input, an answer all the same.

use crate::papers::{invoice, saying};
use crate::printed;
use sila_print::{Block, Error, Limits, Text, print, render};
use std::time::Duration;
use text::Locale;

#[test]
fn equal_documents_are_equal_bytes() {
    let paper = |lines| invoice(Locale::ar("SA"), true, lines);
    let first = printed(&paper(5)).bytes;
    printed(&paper(3));
    assert_eq!(first, printed(&paper(5)).bytes);
    assert_ne!(first, printed(&paper(6)).bytes);
}

#[test]
fn headings_of_a_table_come_again_and_pages_are_counted() {
    let pdf = printed(&invoice(Locale::en("SA"), false, 60));
    crate::keep("long", &pdf);
    assert!(pdf.pages >= 3, "{}", pdf.pages);
    let text = crate::text(&pdf);
    assert_eq!(text.matches("Unit price").count(), pdf.pages - usize::from(!last_page_has_rows(&text)), "{text}");
    assert!(text.contains(&format!("Page 2 of {}", pdf.pages)), "{text}");
}

/// Whether the table reaches the last page, or only what follows it does.
fn last_page_has_rows(text: &str) -> bool {
    let last = text.rfind("Page ").and_then(|at| text[..at].rfind("Page ")).unwrap_or(0);
    text[last..].contains("SKU-")
}

#[test]
fn too_much_is_refused() {
    let many = saying(Locale::ar("SA"), (0..400).map(|i| Block::Paragraph(Text::words(format!("سطر {i}\n\n\n")))).collect());
    assert_eq!(render(&many, &Limits { pages: 2, ..Limits::default() }).unwrap_err(), Error::TooManyPages);
    assert_eq!(render(&many, &Limits { bytes: 1_000, ..Limits::default() }).unwrap_err(), Error::TooMuch);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_waits_for_ever() {
    let paper = || invoice(Locale::ar("SA"), false, 40);
    let hasty = Limits { patience: Duration::from_millis(1), ..Limits::default() };
    assert_eq!(print(paper(), hasty).await.unwrap_err(), Error::TooLong);
    let (a, b, c) = tokio::join!(print(paper(), Limits::default()), print(paper(), Limits::default()), print(paper(), Limits::default()));
    assert_eq!(a.unwrap().bytes, b.unwrap().bytes);
    assert!(c.is_ok());
}
