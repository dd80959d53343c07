//! Mail against real servers: Dovecot for reading, Postfix for sending, each private to the test process.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::disallowed_methods)]

mod consenting;
mod letters;
mod office;
mod privacy;
mod sending;
mod servers;
mod syncing;
