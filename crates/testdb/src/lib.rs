//! Fresh databases for tests: SQLite files and a private PostgreSQL server.
//!
//! The server is the one named by `SILA_TEST_POSTGRES` (a `postgres://` address whose user may make databases), or one that is
//! started on first use from the installed PostgreSQL and stopped when the test process ends, however it ends.
//! Nothing is kept: its files lie in the temporary folder, without fsync.
//!
//! [`ldap`]: a private LDAP server besides.
#![allow(clippy::unwrap_used)]

pub mod ldap;
mod pg;
mod sqlite;

pub use pg::{drop_database, fresh_database, server};
pub use sqlite::TempFolder;

use std::future::Future;

/// A database for one test; removed when dropped.
pub struct TestDb {
    /// `sqlite://…` or `postgres://…`
    pub url: String,
    _folder: Option<TempFolder>,
}

impl TestDb {
    pub fn sqlite() -> TestDb {
        let folder = TempFolder::new();
        TestDb { url: format!("sqlite://{}", folder.path().join("test.db").display()), _folder: Some(folder) }
    }
    pub async fn postgres() -> TestDb {
        TestDb { url: fresh_database().await, _folder: None }
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        if self.url.starts_with("postgres") {
            drop_database(&self.url);
        }
    }
}

/// Runs `test` on a fresh SQLite file, then on a fresh PostgreSQL database. It gets the address.
pub async fn both<F, R>(test: F)
where
    F: Fn(String) -> R,
    R: Future<Output = ()>,
{
    let sqlite = TestDb::sqlite();
    test(sqlite.url.clone()).await;
    let postgres = TestDb::postgres().await;
    test(postgres.url.clone()).await;
}
