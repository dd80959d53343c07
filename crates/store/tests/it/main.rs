//! Everything the store promises, on both databases.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

extern crate sila_store as store;

mod basics;
mod contents;
mod copying;
mod crash;
mod filters;
mod jobs;
mod schemas;
mod searching;

use std::future::Future;
use store::{Db, Options};

/// Runs a test on a fresh SQLite file and a fresh PostgreSQL database.
pub async fn both<F, R>(test: F)
where
    F: Fn(Db) -> R,
    R: Future<Output = ()>,
{
    let test = &test;
    testdb::both(|url| async move {
        let db = Db::open(&url, &Options::default()).await.unwrap();
        test(db.clone()).await;
        db.close().await;
    })
    .await;
}
