//! CUST-1: how well the comparison finds the pairs of a file of 10,000 records of which 4,000 persons occur twice.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

extern crate sila_matching as matching;

use matching::{Key, KeyKind, Profile, Verdict, compare};
use std::collections::{HashMap, HashSet};

struct Row {
    person: String,
    name: String,
    profile: Profile,
}

/// The rows of the file; `ent` says who it really is and is looked at by this test only.
fn rows() -> Vec<Row> {
    let mut reader = csv::Reader::from_path(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/arabic-duplicates.csv")).unwrap();
    let row = |r: csv::StringRecord| {
        let mut p = Profile::default();
        p.add_name(&r[2]);
        if let Ok(n) = text::phone::e164(&r[3], "SA") {
            p.add_phone(&n);
        }
        p.add_place(&r[5], &r[4]);
        if !r[6].is_empty() {
            p.add_email(&r[6]);
        }
        let mut ymd = r[7].split('-').filter_map(|x| x.parse::<i16>().ok());
        if let (Some(y), Some(m), Some(d)) = (ymd.next(), ymd.next(), ymd.next()) {
            p.add_birthday(y, m as i8, d as i8);
        }
        Row { person: r[1].to_owned(), name: format!("{} | {} | {} | {} | {} | {}", &r[2], &r[3], &r[4], &r[5], &r[6], &r[7]), profile: p }
    };
    reader.records().map(|r| row(r.unwrap())).collect()
}

/// Proposed, right, and really there.
fn measure(rows: &[Row], show: usize) -> (usize, usize, usize) {
    let mut blocks: HashMap<Key, Vec<usize>> = HashMap::new();
    for (i, r) in rows.iter().enumerate() {
        for k in r.profile.keys("party") {
            blocks.entry(k).or_default().push(i);
        }
    }
    let mut pairs: HashMap<(usize, usize), u8> = HashMap::new();
    for (k, block) in blocks.iter().filter(|(k, b)| b.len() as u32 <= k.kind().crowd()) {
        for (n, a) in block.iter().enumerate() {
            for b in &block[n + 1..] {
                let rare = if block.len() as u32 <= k.kind().few() { KeyKind::FullName.bit() } else { 0 };
                *pairs.entry((*a, *b)).or_default() |= k.kind().bit() | rare;
            }
        }
    }
    let mut same = HashSet::new();
    let mut seen = HashSet::new();
    for ((a, b), bits) in &pairs {
        if !KeyKind::worth(*bits) {
            continue;
        }
        seen.insert((*a, *b));
        let m = compare("party", &rows[*a].profile, &rows[*b].profile, &|k| blocks.get(&k).map_or(1, |b| b.len() as u32));
        if m.verdict == Verdict::Same {
            same.insert((*a, *b));
        }
    }
    let mut by_person: HashMap<&str, Vec<usize>> = HashMap::new();
    for (i, r) in rows.iter().enumerate() {
        by_person.entry(&r.person).or_default().push(i);
    }
    let truth: HashSet<(usize, usize)> = by_person.values().filter(|v| v.len() == 2).map(|v| (v[0], v[1])).collect();
    let shared = |k: Key| blocks.get(&k).map_or(1, |b| b.len() as u32);
    for (n, (a, b)) in same.difference(&truth).take(show).enumerate() {
        println!("WRONG {n} {}\n      {}\n      {:?}", rows[*a].name, rows[*b].name, compare("party", &rows[*a].profile, &rows[*b].profile, &shared));
    }
    for (n, (a, b)) in truth.difference(&same).take(show).enumerate() {
        println!("MISSED {n} met {} {}\n      {}\n      {:?}", seen.contains(&(*a, *b)), rows[*a].name, rows[*b].name, compare("party", &rows[*a].profile, &rows[*b].profile, &shared));
    }
    (same.len(), same.intersection(&truth).count(), truth.len())
}

#[test]
fn cust_1_finds_the_pairs_in_each_half_and_in_all() {
    let all = rows();
    let show = std::env::var("SHOW").ok().and_then(|s| s.parse().ok()).unwrap_or(0);
    // Halves by person, so that no pair is torn: what holds for the one must hold for the other.
    let halves = [0, 1].map(|h| rows().into_iter().filter(|r| r.person.parse::<u32>().unwrap() % 2 == h).collect::<Vec<_>>());
    for (which, rows, show) in [("all", &all, show), ("even", &halves[0], 0), ("odd", &halves[1], 0)] {
        let (proposed, right, there) = measure(rows, show);
        println!("{which}: proposed {proposed}, right {right} of {there}: precision {}‰ recall {}‰", right * 1000 / proposed, right * 1000 / there);
        assert!(right * 1000 >= proposed * 995, "{which}: precision {right}/{proposed}");
        assert!(right * 1000 >= there * 985, "{which}: recall {right}/{there}");
    }
}
