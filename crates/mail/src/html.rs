//! What of a letter's HTML may be shown: text, tables, links, pictures that came with it. Nothing runs, nothing is
//! fetched from elsewhere, nothing leaves its place; the reader's own type, colours and direction apply.

use std::collections::HashSet;
use std::sync::LazyLock;

const TAGS: [&str; 44] = [
    "a", "b", "bdi", "blockquote", "br", "caption", "center", "code", "col", "colgroup", "dd", "del", "div", "dl", "dt", "em", "font", "h1",
    "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "li", "mark", "ol", "p", "pre", "q", "s", "small", "span", "strike", "strong", "sub",
    "sup", "table", "tbody", "td", "tfoot",
];
const MORE_TAGS: [&str; 5] = ["th", "thead", "tr", "u", "ul"];

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = ammonia::Builder::default();
    builder
        .tags(TAGS.into_iter().chain(MORE_TAGS).collect::<HashSet<_>>())
        .generic_attributes(HashSet::from(["dir", "lang", "title"]))
        .add_tag_attributes("img", ["src", "alt", "width", "height"])
        .add_tag_attributes("td", ["colspan", "rowspan"])
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "cid"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"));
    builder
});

/// The harmless part of a letter. Addresses of pictures stay in it, but see [`show`].
pub fn clean(html: &str) -> String {
    CLEANER.clean(html).to_string()
}

/// Elements inside each other and elements at all, beyond which no honest letter goes; the time to clean a letter grows
/// with their product.
const DEEPEST: usize = 300;
const MOST_ELEMENTS: usize = 20_000;

/// Whether a letter is built to make its reader work: read it as text then.
pub fn is_absurd(html: &str) -> bool {
    // Elements that need no end, or that the next one ends.
    const FLAT: [&str; 19] =
        ["br", "img", "hr", "meta", "link", "input", "col", "p", "li", "td", "tr", "th", "dd", "dt", "option", "tbody", "thead", "tfoot", "area"];
    let (mut depth, mut all) = (0_usize, 0_usize);
    for piece in html.split('<').skip(1) {
        let (end, piece) = piece.strip_prefix('/').map_or((false, piece), |p| (true, p));
        let name: String = piece.chars().take_while(char::is_ascii_alphanumeric).take(12).collect::<String>().to_ascii_lowercase();
        if name.is_empty() || FLAT.contains(&name.as_str()) {
            all += usize::from(!name.is_empty());
        } else if end {
            depth = depth.saturating_sub(1);
        } else {
            all += 1;
            depth += 1;
        }
        if depth > DEEPEST || all > MOST_ELEMENTS {
            return true;
        }
    }
    false
}

/// The addresses of pictures, in order, each once.
pub fn pictures(clean: &str) -> Vec<String> {
    let mut found = Vec::new();
    each_picture(clean, |src, _| {
        let src = unescaped(src);
        if !src.is_empty() && !found.contains(&src) {
            found.push(src);
        }
        None
    });
    found
}

/// Whether a picture would be fetched from another server, and tell it who reads.
pub fn is_remote(src: &str) -> bool {
    !src.to_ascii_lowercase().starts_with("cid:")
}

/// Cleaned HTML for a page: each picture becomes the data address that `data` knows for it, or a mark with its description.
pub fn show(clean: &str, data: &dyn Fn(&str) -> Option<String>) -> String {
    each_picture(clean, |src, alt| {
        let known = data(&unescaped(src)).filter(|d| d.starts_with("data:image/") && !d.contains('"'));
        Some(match known {
            Some(d) => format!("<img src=\"{d}\" alt=\"{alt}\">"),
            None if alt.is_empty() => String::new(),
            None => format!("<span class=\"mail-picture\">{alt}</span>"),
        })
    })
}

/// Calls `with` (source and description as written, escaped) for each `<img>` and writes its answer in its place.
/// The cleaner writes tags in one form: lower case, attributes in double quotes.
fn each_picture(clean: &str, mut with: impl FnMut(&str, &str) -> Option<String>) -> String {
    let mut out = String::with_capacity(clean.len());
    let mut rest = clean;
    while let Some(at) = rest.find("<img") {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let mut quoted = false;
        let end = tag.char_indices().find(|(_, c)| {
            quoted ^= *c == '"';
            *c == '>' && !quoted
        });
        let Some((end, _)) = end else { return out };
        let (tag, tail) = tag.split_at(end + 1);
        let attribute = |name: &str| tag.split_once(&format!(" {name}=\"")).and_then(|(_, v)| v.split_once('"')).map_or("", |(v, _)| v);
        match with(attribute("src"), attribute("alt")) {
            Some(new) => out.push_str(&new),
            None => out.push_str(tag),
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

fn unescaped(attribute: &str) -> String {
    attribute.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\u{a0}").replace("&amp;", "&")
}

/// Text as HTML: paragraphs that find their own direction, addresses that can be followed.
pub fn of_text(text: &str) -> String {
    let mut out = String::new();
    let mut quote = false;
    for line in text.lines() {
        let (quoted, line) = match line.trim_start().strip_prefix('>') {
            Some(rest) => (true, rest.trim_start_matches(['>', ' '])),
            None => (false, line),
        };
        if quoted != quote {
            out.push_str(if quoted { "<blockquote>" } else { "</blockquote>" });
            quote = quoted;
        }
        if line.trim().is_empty() {
            out.push_str("<br>");
        } else {
            out.push_str("<div dir=\"auto\">");
            linked(line, &mut out);
            out.push_str("</div>");
        }
    }
    if quote {
        out.push_str("</blockquote>");
    }
    out
}

fn linked(line: &str, out: &mut String) {
    for (i, word) in line.split(' ').enumerate() {
        if i > 0 {
            out.push(' ');
        }
        let safe = escaped(word);
        if (word.starts_with("https://") || word.starts_with("http://")) && word.len() > 8 {
            out.push_str(&format!("<a href=\"{safe}\" rel=\"noopener noreferrer nofollow\" dir=\"ltr\">{safe}</a>"));
        } else {
            out.push_str(&safe);
        }
    }
}

pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Folds what was quoted: each outermost `<blockquote>` opens at a click on `words`.
pub fn fold(html: &str, words: &str) -> String {
    const OPEN: &str = "<blockquote";
    const CLOSE: &str = "</blockquote>";
    let mut out = String::with_capacity(html.len() + 64);
    let (mut rest, mut depth) = (html, 0_usize);
    loop {
        let at = match (rest.find(OPEN), rest.find(CLOSE)) {
            (Some(o), Some(c)) => o.min(c),
            (Some(n), None) | (None, Some(n)) => n,
            (None, None) => break,
        };
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        if tail.starts_with(OPEN) {
            if depth == 0 {
                out.push_str(&format!("<details class=\"mail-quote\"><summary>{}</summary>", escaped(words)));
            }
            depth += 1;
            out.push_str(OPEN);
            rest = tail.split_at(OPEN.len()).1;
        } else {
            out.push_str(CLOSE);
            depth = depth.saturating_sub(1);
            if depth == 0 {
                out.push_str("</details>");
            }
            rest = tail.split_at(CLOSE.len()).1;
        }
    }
    out.push_str(rest);
    out
}

/// The words of cleaned HTML, for search and for the text part of a letter; quoted lines begin with `>`.
pub fn text_of(clean: &str) -> String {
    let mut out = String::with_capacity(clean.len() / 2);
    let mut quotes = 0_usize;
    let mut rest = clean;
    while let Some((before, after)) = rest.split_once('<') {
        words(&mut out, &unescaped(before), quotes);
        let Some((tag, tail)) = after.split_once('>') else { break };
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        if matches!(name, "br" | "p" | "div" | "tr" | "li" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "table" | "ul" | "ol" | "pre" | "hr") {
            if !out.ends_with('\n') && !out.is_empty() {
                out.push('\n');
            }
            if name == "blockquote" {
                quotes = if tag.starts_with('/') { quotes.saturating_sub(1) } else { quotes + 1 };
            }
        } else if matches!(name, "td" | "th") && !out.ends_with([' ', '\n']) && !out.is_empty() {
            out.push(' ');
        }
        rest = tail;
    }
    if !rest.contains('<') {
        words(&mut out, &unescaped(rest), quotes);
    }
    let lines: Vec<&str> = out.lines().map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

/// Adds words; a line inside quotes begins with as many marks (at most nine: beyond, nobody counts).
fn words(out: &mut String, text: &str, quotes: usize) {
    for (n, line) in text.split('\n').enumerate() {
        if n > 0 {
            out.push('\n');
        }
        if quotes > 0 && !line.trim().is_empty() && (out.is_empty() || out.ends_with('\n')) {
            out.push_str(&">".repeat(quotes.min(9)));
            out.push(' ');
        }
        out.push_str(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_runs_and_nothing_reaches_out() {
        for (sent, kept) in [
            ("<p dir=\"rtl\">مرحبًا<script>alert(1)</script></p>", "<p dir=\"rtl\">مرحبًا</p>"),
            ("<img src=x onerror=alert(1) alt=\"شعار\">", "<img alt=\"شعار\">"),
            ("<svg><style><img src=x onerror=alert(1)></style></svg>", "<img>"),
            ("<a href=\"javascript:alert(1)\">ا</a>", "<a rel=\"noopener noreferrer nofollow\">ا</a>"),
            ("<div style=\"position:fixed;background:url(//x)\">ا</div>", "<div>ا</div>"),
            ("<meta http-equiv=refresh content=0><base href=//x><iframe src=//x></iframe>ا", "ا"),
            ("<form action=//x><input name=p></form>ا", "ا"),
        ] {
            assert_eq!(clean(sent), kept, "{sent}");
            assert_eq!(clean(&clean(sent)), kept);
        }
    }

    #[test]
    fn pictures_are_counted_and_stand_back() {
        let html = clean("<img src=\"https://t.example/p?a=1&amp;b=2\" alt=\"x>\"><img src=\"cid:logo\" alt=\"شعار\"><p>ا</p>");
        assert_eq!(pictures(&html), ["https://t.example/p?a=1&b=2", "cid:logo"]);
        let shown = show(&html, &|src| (src == "cid:logo").then(|| "data:image/png;base64,AA".into()));
        assert!(!shown.contains("t.example") && shown.contains("data:image/png;base64,AA") && shown.ends_with("<p>ا</p>"), "{shown}");
        assert!(!show(&html, &|_| Some("data:text/html,x".into())).contains("data:"));
    }

    #[test]
    fn quotes_fold_once_and_text_is_told_apart() {
        let folded = fold("<p>ا</p><blockquote>ب<blockquote>ج</blockquote></blockquote>د", "المقتبس");
        assert_eq!(folded.matches("<details").count(), 1);
        assert!(folded.ends_with("</blockquote></details>د"));
        let html = of_text("سلام <b>\n> قديم\nhttps://a.example/?x=1&y=2");
        assert!(html.contains("&lt;b&gt;") && html.contains("<blockquote><div dir=\"auto\">قديم") && html.contains("href=\"https://a.example/?x=1&amp;y=2\""));
        assert_eq!(text_of("<p>ا</p><p>ب &amp; ج</p><table><tr><td>1</td><td>2</td></tr></table>"), "ا\nب & ج\n1 2");
        assert_eq!(text_of("<p>نعم</p><blockquote><p>هل\nوصل؟</p><blockquote>قديم</blockquote></blockquote>شكرًا"), "نعم\n> هل\n> وصل؟\n>> قديم\nشكرًا");
    }
}
