//! Style: only logical properties, so that a page mirrors by itself.

use crate::tree::{none, paths, text};

const SIDES: [&str; 2] = ["left", "right"];

/// The declaration `name: value` if it names a side.
fn sided(declaration: &str) -> bool {
    let Some((name, value)) = declaration.split_once(':') else { return false };
    let (name, value) = (name.trim(), value.trim());
    if name.starts_with("--") || name.contains(' ') {
        return false;
    }
    let named = SIDES.iter().any(|s| name == *s || name.ends_with(&format!("-{s}")) || name.contains(&format!("-{s}-")));
    let valued = ["text-align", "float", "clear", "background-position", "transform-origin", "justify-content"].contains(&name)
        && value.split([' ', ';', '!']).any(|w| SIDES.contains(&w));
    named || valued
}

#[test]
fn sheets_have_no_left_and_right() {
    let mut found = Vec::new();
    let mut seen = 0;
    for path in paths().into_iter().filter(|p| p.ends_with(".css")) {
        seen += 1;
        let sheet = text(&path).unwrap_or_default();
        let mut comment = false;
        for (n, line) in sheet.lines().enumerate() {
            let mut plain = String::new();
            let mut rest = line;
            loop {
                match (comment, rest.find(if comment { "*/" } else { "/*" })) {
                    (true, Some(at)) => (comment, rest) = (false, &rest[at + 2..]),
                    (false, Some(at)) => {
                        plain.push_str(&rest[..at]);
                        (comment, rest) = (true, &rest[at + 2..]);
                    }
                    (true, None) => break,
                    (false, None) => {
                        plain.push_str(rest);
                        break;
                    }
                }
            }
            if plain.split(['{', ';', '}']).any(sided) {
                found.push(format!("{path}:{}: {}", n + 1, line.trim()));
            }
        }
    }
    assert!(seen > 5, "the sheets are not where they were");
    none("Use the logical property (margin-inline-start, inset-inline-end, text-align: start …):", &found);
}

#[test]
fn inline_styles_have_no_left_and_right() {
    let mut found = Vec::new();
    for (path, source) in crate::tree::product_rust() {
        for (n, line) in crate::tree::code(&source) {
            for (at, _) in line.match_indices("style=\"") {
                let style = line[at + 7..].split('"').next().unwrap_or_default();
                if style.split(';').any(sided) {
                    found.push(format!("{path}:{n}: {}", line.trim()));
                }
            }
        }
    }
    none("Use the logical property (margin-inline-start, inset-inline-end, text-align: start …):", &found);
}

#[test]
fn a_side_is_recognised() {
    for bad in ["left: 0", "margin-left: 1px", "border-right-color: red", "text-align: right", "float:left", "padding-right: 4px"] {
        assert!(sided(bad), "{bad}");
    }
    for good in ["inset-inline-start: 0", "text-align: start", "--left: 1px", "margin-inline: 0", "a:hover", "color: red"] {
        assert!(!sided(good), "{good}");
    }
}
