//! Rich text: the HTML that people write, without anything that runs, loads from elsewhere or leaves its place.
//! Pages show stored rich text as it is, so it is cleaned on the one way into a record, whoever sends it.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Text, lists, tables and links. No pictures: they would tell other servers who reads.
const TAGS: [&str; 35] = [
    "a", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "del", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i",
    "ins", "li", "ol", "p", "pre", "s", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tr", "u",
];
const MORE_TAGS: [&str; 5] = ["mark", "tfoot", "th", "thead", "ul"];

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = ammonia::Builder::default();
    builder
        .tags(TAGS.into_iter().chain(MORE_TAGS).collect::<HashSet<_>>())
        .generic_attributes(HashSet::from(["dir", "lang", "title"]))
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"));
    builder
});

/// The harmless part of `html`; cleaning twice changes nothing more.
pub(crate) fn clean(html: &str) -> String {
    CLEANER.clean(html).to_string()
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn what_runs_or_reaches_out_is_taken_away() {
        for (sent, kept) in [
            ("<p dir=\"rtl\">مرحبًا <strong>بكم</strong></p>", "<p dir=\"rtl\">مرحبًا <strong>بكم</strong></p>"),
            ("نص<script>alert(1)</script>", "نص"),
            ("<img src=x onerror=alert(1)>ا", "ا"),
            ("<p onclick=\"x()\" style=\"position:fixed\" class=\"page\">ا</p>", "<p>ا</p>"),
            ("<a href=\"javascript:alert(1)\">ا</a>", "<a rel=\"noopener noreferrer nofollow\">ا</a>"),
            ("<a href=\"/party/1/delete\">ا</a>", "<a rel=\"noopener noreferrer nofollow\">ا</a>"),
            ("<a href=\"https://example.com/\">ا</a>", "<a href=\"https://example.com/\" rel=\"noopener noreferrer nofollow\">ا</a>"),
            ("<svg><style><img src=x onerror=alert(1)></style></svg>", ""),
            ("<form action=/x><input name=a></form>ا", "ا"),
            ("</div></main><h2>ا</h2>", "<h2>ا</h2>"),
            ("5 < 6 & 7", "5 &lt; 6 &amp; 7"),
            ("<p>ا", "<p>ا</p>"),
        ] {
            let once = clean(sent);
            assert_eq!(once, kept, "{sent}");
            assert_eq!(clean(&once), once, "{sent}");
        }
    }
}
