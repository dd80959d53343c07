//! The reader's view of a page of this module.

pub(crate) use base::view::view;
use maud::{Markup, html};
use ui::cx::ViewCx;

/// `h•••@example.com`, `+9665•••12`: enough for its owner to know it.
pub(crate) fn veiled(address: &str) -> String {
    match address.split_once('@') {
        Some((name, host)) => format!("{}•••@{host}", name.chars().next().unwrap_or('•')),
        None => {
            let n = address.chars().count();
            let head: String = address.chars().take(5).collect();
            let tail: String = address.chars().skip(n.saturating_sub(2)).collect();
            format!("{head}•••{tail}")
        }
    }
}

/// A page for a person whose link does not work.
pub(crate) fn spent(cx: &ViewCx<'_>) -> Markup {
    html! { h1 { (cx.t("privacy-link-spent")) } p class="soft" { (cx.t("privacy-link-spent-text")) } }
}

#[cfg(test)]
mod tests {
    #[test]
    fn addresses_are_veiled() {
        assert_eq!(super::veiled("huda@example.com"), "h•••@example.com");
        assert_eq!(super::veiled("+966501234567"), "+9665•••67");
        assert_eq!(super::veiled(""), "•••");
    }
}
