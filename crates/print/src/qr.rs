//! A QR code as a drawing, and what kind of picture bytes are.

use qrcode::{Color, QrCode};
use std::fmt::Write;

/// Light modules around the code, which readers need.
const QUIET: usize = 2;

/// The code of a text; none where the text is too long for one.
pub(crate) fn svg(text: &str) -> Option<String> {
    let code = QrCode::new(text.as_bytes()).ok()?;
    let width = code.width();
    let side = width + 2 * QUIET;
    let mut path = String::new();
    for (at, _) in code.to_colors().iter().enumerate().filter(|(_, c)| **c == Color::Dark) {
        let (x, y) = (at % width + QUIET, at / width + QUIET);
        // Writing into a string does not fail.
        let _ = write!(path, "M{x} {y}h1v1h-1z");
    }
    Some(format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\"><path fill=\"#1b2430\" d=\"{path}\"/></svg>"))
}

/// `png` or `jpg`, by the first bytes.
pub(crate) fn media(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("png")
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        Some("jpg")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn codes_are_square_drawings() {
        let drawn = super::svg("https://crm.example/p/quotes/quote?t=abc").unwrap();
        assert!(drawn.contains("viewBox=\"0 0 33 33\"") && drawn.contains("M2 2h1v1h-1z"), "{drawn}");
        assert_eq!(super::svg(&"x".repeat(5_000)), None);
        assert_eq!((super::media(b"\x89PNG\r\n\x1a\nrest"), super::media(b"<svg/>")), (Some("png"), None));
    }
}
