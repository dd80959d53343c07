//! The colours of the style sheet are readable by day and by night (WCAG 2.2 AA), computed from the tokens.

use std::collections::HashMap;
use std::path::Path;

/// Linear-light RGB of `oklch(L C H)`.
fn linear(oklch: &str) -> [f64; 3] {
    let n: Vec<f64> = oklch.split_whitespace().take(3).map(|p| p.parse().unwrap()).collect();
    let (l, a, b) = (n[0], n[1] * n[2].to_radians().cos(), n[1] * n[2].to_radians().sin());
    let cube = |x: f64| x * x * x;
    let (l_, m_, s_) = (
        cube(l + 0.396_337_777_4 * a + 0.215_803_757_3 * b),
        cube(l - 0.105_561_345_8 * a - 0.063_854_172_8 * b),
        cube(l - 0.089_484_177_5 * a - 1.291_485_548 * b),
    );
    [
        4.076_741_662_1 * l_ - 3.307_711_591_3 * m_ + 0.230_969_929_2 * s_,
        -1.268_438_004_6 * l_ + 2.609_757_401_1 * m_ - 0.341_319_396_5 * s_,
        -0.004_196_086_3 * l_ - 0.703_418_614_7 * m_ + 1.707_614_701 * s_,
    ]
    .map(|v| v.clamp(0.0, 1.0))
}

fn luminance(oklch: &str) -> f64 {
    let [r, g, b] = linear(oklch);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(a: &str, b: &str) -> f64 {
    let (x, y) = (luminance(a), luminance(b));
    (x.max(y) + 0.05) / (x.min(y) + 0.05)
}

/// Token → (day, night), only plain opaque pairs.
fn tokens() -> HashMap<String, [String; 2]> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/css/tokens.css");
    let css = std::fs::read_to_string(path).unwrap();
    let mut out = HashMap::new();
    for line in css.lines() {
        let Some((name, rest)) = line.trim().split_once(": light-dark(") else { continue };
        let colours: Vec<String> =
            rest.split("oklch(").skip(1).filter_map(|c| c.split(')').next()).map(ToOwned::to_owned).collect();
        if let [day, night] = colours.as_slice()
            && !rest.contains(" / ")
        {
            out.insert(name.to_owned(), [day.clone(), night.clone()]);
        }
    }
    out
}

#[test]
fn white_on_black_is_21() {
    assert!((contrast("1 0 0", "0 0 0") - 21.0).abs() < 0.01);
}

#[test]
fn every_ink_is_readable_on_its_ground() {
    let t = tokens();
    let grounds = ["--canvas", "--surface", "--raised", "--sunken"];
    let mut pairs: Vec<(&str, &str, f64)> = Vec::new();
    for ink in ["--ink", "--ink-2", "--ink-3", "--accent-text", "--good", "--warn", "--bad"] {
        pairs.extend(grounds.iter().map(|g| (ink, *g, 4.5)));
    }
    pairs.extend([
        ("--ink", "--selected", 4.5),
        ("--accent-text", "--accent-soft", 4.5),
        ("--good", "--good-soft", 4.5),
        ("--warn", "--warn-soft", 4.5),
        ("--bad", "--bad-soft", 4.5),
        ("--accent-ink", "--accent", 4.5),
        ("--accent-ink", "--accent-strong", 4.5),
        ("--bad-ink", "--bad", 4.5),
        ("--ink", "--heat-top", 4.5),
        // Edges of controls, the ring of focus and marks of charts: 3:1.
        ("--control-line", "--raised", 3.0),
        ("--control-line", "--surface", 3.0),
        ("--focus", "--surface", 3.0),
        ("--focus", "--canvas", 3.0),
        ("--chart-1", "--raised", 3.0),
        ("--chart-3", "--raised", 3.0),
        ("--chart-4", "--raised", 3.0),
    ]);
    let mut bad = Vec::new();
    for (ink, ground, least) in pairs {
        let (a, b) =
            (t.get(ink).unwrap_or_else(|| panic!("{ink}")), t.get(ground).unwrap_or_else(|| panic!("{ground}")));
        for (i, time) in ["day", "night"].iter().enumerate() {
            let c = contrast(&a[i], &b[i]);
            if c < least {
                bad.push(format!("{ink} on {ground} by {time}: {c:.2} < {least}"));
            }
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
}
