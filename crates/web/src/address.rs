//! Addresses of pages with their query strings.

/// `path` with the pairs whose value is not empty.
pub fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut out = form_urlencoded::Serializer::new(String::new());
    let mut any = false;
    for (k, v) in pairs.iter().filter(|(_, v)| !v.is_empty()) {
        out.append_pair(k, v);
        any = true;
    }
    if any { format!("{path}?{}", out.finish()) } else { path.to_owned() }
}

/// The address to go back to when a form names one: only paths of our own, never another host.
pub fn local(target: &str) -> Option<&str> {
    let ours = target.starts_with('/') && !target.starts_with("//") && !target.starts_with("/\\");
    (ours && !target.contains(|c: char| c.is_control() || c == '\\')).then_some(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_paths() {
        assert_eq!(local("/party?q=1"), Some("/party?q=1"));
        for bad in ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "", "/a\nb"] {
            assert_eq!(local(bad), None, "{bad}");
        }
        assert_eq!(address("/party", &[("q", "a == \"ب\""), ("sort", "")]), "/party?q=a+%3D%3D+%22%D8%A8%22");
    }
}
