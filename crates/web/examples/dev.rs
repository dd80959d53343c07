//! A server for working on the pages: `cargo run -p sila-web --example dev -- DIR [ADDRESS]`.
//! The company is a SQLite file in DIR; the first visit runs the set-up wizard.

use std::path::PathBuf;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let dir = PathBuf::from(args.next().unwrap_or_else(|| "./data".into()));
    let address = args.next().unwrap_or_else(|| "127.0.0.1:8090".into());
    std::fs::create_dir_all(&dir)?;
    let url = format!("sqlite://{}", dir.join("sila.db").display());
    let db = store::Db::open(&url, &store::Options::default()).await?;
    let modules = vec![base::module(), commerce::module(), insight::module()];
    let (company, opened) = engine::Company::open(db, &dir, modules).await?;
    println!("{} statements applied", opened.applied.len());
    let listener = tokio::net::TcpListener::bind(&address).await?;
    println!("http://{}", listener.local_addr()?);
    let _runner = engine::runner::Runner::start(company.clone(), auth::jobs(), engine::runner::Options::default());
    axum::serve(listener, sila_web::router(company, sila_web::Options::default())).await?;
    Ok(())
}
