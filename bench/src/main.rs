//! Measures a running server: CPU per request of server and database together, latency at 1 and 8 clients, over the
//! API and as pages, as administrator, as a seller who sees his own rows, and as one who sees those of ten.
//!
//! `sila-bench --server target/release/sila --parties 1000000 --orders 500000 [--postgres URL] [--keep DIR]`
//!
//! `sila-bench --server target/release/sila --parties 1000000 --sweep` measures the search for duplicates instead;
//! `--duplicates crates/matching/tests/data/arabic-duplicates.csv` how well it finds those of a file, and what a new customer costs.
//!
//! The company is made with a fixed seed through the same code that serves requests; the figures are of the real
//! program over HTTP on this machine.
#![allow(clippy::print_stdout)]

mod doubles;
mod grow;
mod inside;
mod machine;
mod measure;
mod names;
mod requests;
mod seed;
mod server;

use clap::Parser;
use std::path::PathBuf;
use std::time::{Duration, Instant};

#[derive(Parser)]
struct Options {
    /// The release build of the program.
    #[arg(long)]
    server: PathBuf,
    /// Customers.
    #[arg(long, default_value_t = 100_000)]
    parties: usize,
    /// Their orders, with a line each; half as many as customers when not told.
    #[arg(long)]
    orders: Option<usize>,
    /// Entries on the time line of one of the customers.
    #[arg(long, default_value_t = 100_000)]
    entries: usize,
    /// An empty PostgreSQL database: the company is copied into it and measured there.
    #[arg(long)]
    postgres: Option<String>,
    /// Folder of the company; kept and used again when it is there.
    #[arg(long)]
    keep: Option<PathBuf>,
    /// Requests of each kind, for 1 client and for 8.
    #[arg(long, default_value_t = 400)]
    requests: usize,
    /// Without a server: engine and database alone.
    #[arg(long)]
    inside: bool,
    /// Only requests whose name contains this.
    #[arg(long, default_value = "")]
    only: String,
    #[arg(long, default_value_t = 18080)]
    port: u16,
    /// Only look for duplicates among the customers, of whom every 25th is written down twice, and say how long it took.
    #[arg(long)]
    sweep: bool,
    /// Only import this file of customers (`unique_id,ent,name,phone,city,addr,email,dob`, where `ent` says who is who and
    /// is not imported), and say how many of its duplicates are found, how fast, and what a new customer costs then.
    #[arg(long)]
    duplicates: Option<PathBuf>,
}

type Done<T = ()> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Done {
    let o = Options::parse();
    // The HTTP client wants one even where every address is http.
    rustls::crypto::ring::default_provider().install_default().map_err(|_| "a crypto provider is there already")?;
    let dir = o.keep.clone().unwrap_or_else(|| std::env::temp_dir().join(format!("sila-bench-{}", std::process::id())));
    std::fs::create_dir_all(&dir)?;
    let file = format!("sqlite://{}", dir.join("sila.db").display());
    let orders = o.orders.unwrap_or(o.parties / 2);
    println!("{}", machine::describe());
    let database = if o.postgres.is_some() { "PostgreSQL" } else { "SQLite" };
    if !o.sweep && o.duplicates.is_none() { println!("{} parties, {orders} orders with a line each, one party with {} entries on its time line; {database}\n", o.parties, o.entries); }

    if o.sweep || o.duplicates.is_some() {
        match &o.duplicates {
            Some(customers) => doubles::run(&file, &dir, customers, 2_000).await?,
            None => seed::sweep(&file, &dir, o.parties).await?,
        }
        if o.keep.is_none() {
            std::fs::remove_dir_all(&dir)?;
        }
        return Ok(());
    }
    let size = seed::Size { parties: o.parties, orders, entries: o.entries };
    let readers = seed::company(&file, &dir, &size).await?;
    let url = match &o.postgres {
        Some(url) => {
            seed::copy(&file, url).await?;
            url.clone()
        }
        None => file,
    };
    if o.inside {
        return inside::run(&url, &dir, &readers, o.requests, &o.only).await;
    }
    let mut people = Vec::new();
    for reader in &readers {
        people.push((reader, server::Keys::make(&o.server, &dir, &url, reader).await?));
    }
    let started = Instant::now();
    let server = server::Server::start(&o.server, &dir, &url, o.port).await?;
    println!("cold start to the first answer: {:.0} ms, memory {} MiB", started.elapsed().as_secs_f64() * 1e3, server.memory() / 1024);
    for (_, keys) in &mut people {
        keys.sign_in(&server).await?;
    }
    server.settle().await;
    let weight = measure::first_page(&server, &people.first().ok_or("nobody")?.1).await?;
    println!("first list page with its styles, scripts and fonts: {:.1} kB gzip, of that the page itself {:.1} kB", kb(weight.all), kb(weight.page));

    println!("\n| request | who | CPU ms | p50 ms, 1 client | p95 | p50 ms, 8 clients | p95 | kB |\n|---|---|---|---|---|---|---|---|");
    for name in requests::NAMES.iter().filter(|n| n.contains(&o.only)) {
        for (reader, keys) in &people {
            let Some(case) = requests::case(name, reader) else { continue };
            let one = measure::run(&server, &case, keys, 1, o.requests).await?;
            let eight = measure::run(&server, &case, keys, 8, o.requests).await?;
            println!(
                "| {name} | {} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.1} |",
                reader.name,
                one.cpu_ms,
                one.p50,
                one.p95,
                eight.p50,
                eight.p95,
                kb(one.bytes)
            );
        }
    }
    println!("\nmemory after the load: {} MiB", server.memory() / 1024);
    server.stop().await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    if o.keep.is_none() {
        std::fs::remove_dir_all(&dir)?;
    }
    Ok(())
}

fn kb(bytes: usize) -> f64 {
    bytes as f64 / 1024.0
}
