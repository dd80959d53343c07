//! Mail as a client of other people's servers: reading over IMAP, sending over SMTP, and messages in between.
//!
//! - [`server`]: where a server is and how it is reached; [`login`]: passwords and OAuth2; [`preset`]: the known providers;
//! - [`imap`]: a client that never holds more than it was asked for; [`wire`]: its grammar; [`folder`]: names and roles of folders;
//! - [`message`]: any bytes to a clean, bounded message; [`html`]: what of a letter may be shown; [`ids`]: who belongs to which thread;
//! - [`compose`]: a letter to bytes; [`smtp`]: handing it over.
//!
//! No database and no company here. What comes from a server or a sender is never trusted: sizes, depths and counts are bounded.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

pub mod compose;
pub mod folder;
pub mod html;
pub mod ids;
pub mod imap;
pub mod login;
pub mod message;
pub mod preset;
pub mod server;
pub mod smtp;
pub mod wire;

pub use message::Message;
pub use server::{Security, Server, Trouble, TroubleKind};

/// Standard base64, for data addresses.
pub fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
