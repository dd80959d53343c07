//! What code may not do, and the few places where it may.

use crate::tree::{code, none, product_rust};

/// Lines of product code that have one of `marks`, outside of `places` (path prefixes).
fn uses(marks: &[&str], places: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in product_rust() {
        if places.iter().any(|p| path.starts_with(p)) {
            continue;
        }
        for (n, line) in code(&text) {
            if marks.iter().any(|m| line.contains(m)) {
                found.push(format!("{path}:{n}: {}", line.trim()));
            }
        }
    }
    found
}

#[test]
fn statements_run_in_store_alone() {
    none("Only crates/store names the driver; others use store::Conn and store::Sql:", &uses(&["sqlx::"], &["crates/store/"]));
}

#[test]
fn the_wall_clock_is_read_in_one_place() {
    let marks = ["Timestamp::now", "SystemTime::now", "Zoned::now", "Utc::now", "chrono::"];
    // The clock of a company, the queue's clock below it, and the builder of the project.
    let places = ["crates/engine/src/company.rs", "crates/store/src/lib.rs", "xtask/"];
    none("Time comes from the company's clock, so that tests can set it (Company::now, Cx::now):", &uses(&marks, &places));
}

#[test]
fn durations_are_measured_where_something_waits() {
    let places = [
        "crates/store/src/",            // time limits of statements
        "crates/engine/src/runner",     // leases of jobs
        "crates/engine/src/import/",    // rows per second
        "crates/web/src/frame.rs",      // the log line of a request
        "crates/web/src/live.rs",       // heartbeats
        "crates/api/src/",              // log line, delivery of webhooks
        "crates/dav/src/",              // log line
        "crates/sila/src/",             // metrics, bench, progress
        "xtask/",
    ];
    none("A stopwatch outside of waiting and measuring makes behaviour depend on speed:", &uses(&["Instant::now"], &places));
}

#[test]
fn the_environment_is_read_at_the_rim() {
    let marks = ["env::var", "env::args", "env::set_var", "env::current_dir"];
    none("Configuration is read once, by the binary, and handed down:", &uses(&marks, &["crates/sila/src/", "xtask/"]));
}

#[test]
fn nothing_is_left_half_done() {
    let marks = [concat!("todo", "!("), concat!("dbg", "!("), concat!("unimplemented", "!("), "eprintln!(", "#[ignore"];
    none("Finish it, or leave it out; to say something use tracing:", &uses(&marks, &["crates/sila/src/", "xtask/"]));
    let mut notes = Vec::new();
    for path in crate::tree::paths() {
        if !["rs", "ts", "css", "mjs", "ftl"].iter().any(|e| path.ends_with(&format!(".{e}"))) {
            continue;
        }
        let text = crate::tree::text(&path).unwrap_or_default();
        for (n, line) in text.lines().enumerate() {
            let noted = |m: &&str| line.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == *m);
            if [concat!("FIX", "ME"), concat!("TO", "DO"), concat!("XX", "X")].iter().any(|m| noted(m)) {
                notes.push(format!("{path}:{}: {}", n + 1, line.trim()));
            }
        }
    }
    none("A note to oneself is an issue, not a comment:", &notes);
}

#[test]
fn amounts_are_rounded_in_the_core_alone() {
    let marks = ["round_dp", "RoundingStrategy", ".rescale("];
    // The last ones round what is only shown: percentages of a whole.
    let places = ["crates/text/", "crates/kernel/", "crates/ui/src/cx.rs", "modules/insight/src/blocks.rs", "modules/insight/src/view.rs", "modules/sales/src/view.rs"];
    none("Rounding happens where values are parsed and computed (text::money, kernel::kind, kernel::expr):", &uses(&marks, &places));
}

#[test]
fn values_are_never_floating_point() {
    let found: Vec<String> = uses(&[": f64", ": f32", "as f64", "as f32", "f64>", "parse::<f"], &["crates/ui/src/chart", "xtask/"])
        .into_iter()
        // Places where a float is measured or drawn and never stored.
        .filter(|l| {
            ![
                "crates/text/src/i18n.rs",          // plural choice asks for one
                "crates/engine/src/import/source",  // spreadsheets hold them: turned into text at once
                "modules/insight/src/",             // shares of a whole, for drawing
                "modules/sales/src/funnel.rs",      // the same
                "modules/sales/src/view.rs",        // the same
                "crates/ui/src/",                   // geometry
                "crates/sila/src/",                 // seconds of progress, bench
                "crates/web/src/frame.rs",          // milliseconds of a request
                "crates/api/src/rate.rs",           // requests per second
            ]
            .iter()
            .any(|p| l.starts_with(p))
        })
        .collect();
    none("Amounts are integers of minor units, numbers exact decimals:", &found);
}

#[test]
fn tasks_are_started_where_they_are_ended() {
    let places = ["crates/engine/src/runner", "crates/engine/src/schedule.rs", "crates/engine/src/company.rs", "crates/engine/src/live.rs", "crates/sila/src/", "crates/store/src/", "crates/web/src/live.rs"];
    none("Work that outlives a request is a job (Cx::enqueue); it survives a restart:", &uses(&["tokio::spawn("], &places));
}

#[test]
fn the_rim_knows_no_module() {
    let found: Vec<String> = product_rust()
        .into_iter()
        .filter(|(p, _)| p.starts_with("crates/web/") || p.starts_with("crates/api/") || p.starts_with("crates/engine/") || p.starts_with("crates/ui/"))
        .flat_map(|(p, t)| {
            code(&t)
                .into_iter()
                .filter(|(_, l)| ["base::", "commerce::", "insight::"].iter().any(|m| l.match_indices(m).any(|(at, _)| !l[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))))
                .map(|(n, l)| format!("{p}:{n}: {}", l.trim()))
                .collect::<Vec<_>>()
        })
        .collect();
    none("Generic code reads declarations; what is special to an object is declared by its module:", &found);
}
