//! Everything the store promises, on both databases.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod basics;

use std::future::Future;
use store::{Db, Options};

/// Runs a test on a fresh SQLite file and a fresh PostgreSQL database.
pub async fn both<F, R>(test: F)
where
    F: Fn(Db) -> R,
    R: Future<Output = ()>,
{
    testdb::both(|url| async {
        let db = Db::open(&url, &Options::default()).await.unwrap();
        test(db.clone()).await;
        db.close().await;
    })
    .await;
}
