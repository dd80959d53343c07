//! Measures a running server: CPU per request of server and database together, latency at 1 and 8 clients,
//! as administrator and as a seller who sees his own rows.
//!
//! `sila-bench --server target/release/sila --parties 100000 [--postgres URL] [--keep DIR]`
//!
//! The company is made with a fixed seed through the same code that serves requests; the figures are of the real
//! program over HTTP on this machine.
#![allow(clippy::print_stdout)]

mod machine;
mod measure;
mod names;
mod seed;

use clap::Parser;
use std::path::PathBuf;
use std::time::{Duration, Instant};

#[derive(Parser)]
struct Options {
    /// The release build of the program.
    #[arg(long)]
    server: PathBuf,
    /// Customers; half as many orders.
    #[arg(long, default_value_t = 100_000)]
    parties: usize,
    /// An empty PostgreSQL database; SQLite when none is named.
    #[arg(long)]
    postgres: Option<String>,
    /// Folder of the company; kept and used again when it is there.
    #[arg(long)]
    keep: Option<PathBuf>,
    /// Requests of each kind.
    #[arg(long, default_value_t = 400)]
    requests: usize,
    #[arg(long, default_value_t = 18080)]
    port: u16,
}

type Done<T = ()> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Done {
    let o = Options::parse();
    // The HTTP client wants one even where every address is http.
    rustls::crypto::ring::default_provider().install_default().map_err(|_| "a crypto provider is there already")?;
    let dir = o.keep.clone().unwrap_or_else(|| std::env::temp_dir().join(format!("sila-bench-{}", std::process::id())));
    std::fs::create_dir_all(&dir)?;
    let url = o.postgres.clone().unwrap_or_else(|| format!("sqlite://{}", dir.join("sila.db").display()));
    println!("{}", machine::describe());
    println!("{} parties, {} orders, {}\n", o.parties, o.parties / 2, if o.postgres.is_some() { "PostgreSQL" } else { "SQLite" });

    let (all, own) = seed::company(&url, &dir, o.parties).await?;
    let tokens = measure::Tokens::make(&o.server, &dir, &url).await?;
    let started = Instant::now();
    let server = measure::Server::start(&o.server, &dir, &url, o.port).await?;
    println!("cold start to the first answer: {:.0} ms, memory {} MiB", started.elapsed().as_secs_f64() * 1e3, server.memory() / 1024);

    println!("\n| request | who | CPU ms | p50 ms, 1 client | p95 | p50 ms, 8 clients | p95 | kB |\n|---|---|---|---|---|---|---|---|");
    let (administrator, seller) = (measure::cases(&all), measure::cases(&own));
    for (i, _) in administrator.iter().enumerate() {
        for (who, cases, token) in [("administrator", &administrator, &tokens.admin), ("seller", &seller, &tokens.seller)] {
            let Some(case) = cases.get(i) else { continue };
            let one = measure::run(&server, case, token, 1, o.requests).await?;
            let eight = measure::run(&server, case, token, 8, o.requests).await?;
            println!(
                "| {} | {who} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.1} |",
                case.name,
                one.cpu_ms,
                one.p50,
                one.p95,
                eight.p50,
                eight.p95,
                one.bytes as f64 / 1024.0
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
