//! English number words.

const SMALL: [&str; 20] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen",
    "sixteen", "seventeen", "eighteen", "nineteen",
];
const TENS: [&str; 10] = ["", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const POWERS: [(u64, &str); 6] = [
    (1_000_000_000_000_000_000, "quintillion"),
    (1_000_000_000_000_000, "quadrillion"),
    (1_000_000_000_000, "trillion"),
    (1_000_000_000, "billion"),
    (1_000_000, "million"),
    (1_000, "thousand"),
];

fn word<'a>(list: &[&'a str], n: u64) -> &'a str {
    usize::try_from(n).ok().and_then(|n| list.get(n)).copied().unwrap_or_default()
}

pub(super) fn number(n: u64) -> String {
    let mut parts = Vec::new();
    let mut rest = n;
    for (size, name) in POWERS {
        if rest >= size {
            parts.push(format!("{} {name}", number(rest / size)));
            rest %= size;
        }
    }
    if rest >= 100 {
        parts.push(format!("{} hundred", word(&SMALL, rest / 100)));
        rest %= 100;
    }
    match rest {
        0 if !parts.is_empty() => {}
        0..=19 => parts.push(word(&SMALL, rest).to_owned()),
        _ if rest.is_multiple_of(10) => parts.push(word(&TENS, rest / 10).to_owned()),
        _ => parts.push(format!("{}-{}", word(&TENS, rest / 10), word(&SMALL, rest % 10))),
    }
    parts.join(" ")
}
