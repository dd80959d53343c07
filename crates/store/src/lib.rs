//! Where data lies: one API over SQLite and PostgreSQL.
//!
//! Nothing above this crate can see which database it is. A table of contents:
//! - [`sql`], [`db`], [`conn`]: statements, connections, transactions (the only place that runs SQL);
//! - [`schema`], [`plan`], [`migrate`], [`system`]: tables from declarations, and how they change;
//! - [`rows`]: many rows at once; [`counter`]: gap-free numbers;
//! - [`scan`]: looking for bytes in everything stored;
//! - [`search`]: full text; [`queue`]: jobs; [`copy`]: move, backup, restore; [`files`]: stored files.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

pub mod conn;
pub mod copy;
pub mod counter;
pub mod db;
mod fault;
pub mod files;
pub mod filter;
pub mod migrate;
pub mod plan;
pub mod queue;
pub mod rows;
pub mod scan;
pub mod schema;
pub mod search;
pub mod sql;
mod sqlite;
pub mod system;

pub use conn::{Conn, Tx};
pub use db::{Db, Options, SCHEMA_CHANGED};
pub use fault::is_retryable;
pub use migrate::Allow;
pub use plan::{Plan, diff};
pub use rows::{insert_many, insert_missing, upsert_many};
pub use schema::{Index, Schema, Table, TableColumn, desired};
pub use sql::{Dialect, Sql, like_escape};

/// Microseconds since 1970 UTC, for what the database layer stamps itself (leases, steps).
#[allow(clippy::disallowed_methods)]
pub(crate) fn now() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}
