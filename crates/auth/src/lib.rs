//! Who it is: passwords, sessions, API tokens, throttled attempts, password reset, the first administrator.
//!
//! - [`sign_in`], [`sign_out`], [`actor_of_session`]: people at the screen; [`network`]: from where;
//! - [`factor`], [`passkey`]: what they show besides a password;
//! - [`token`]: programs; [`actor_of_token`];
//! - [`account`]: making users, changing passwords; [`setup`]: the first-run wizard; [`reset`]: forgotten passwords;
//! - [`sso`]: accounts that people have elsewhere;
//! - [`mail`]: the way a letter leaves the house.
//!
//! Invariants: of a secret only its SHA-256 (tokens) or argon2id hash (passwords) is stored; secrets never reach
//! a log, an error or `Debug`; an unknown person gets the same answer in the same time as a wrong password.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

pub mod account;
mod challenge;
pub mod factor;
pub mod mail;
pub mod network;
pub mod passkey;
pub mod password;
pub mod reset;
pub mod secret;
pub mod session;
pub mod setup;
mod sign_in;
pub mod sso;
pub mod throttle;
pub mod token;
mod totp;

pub use account::{NewUser, change_password, create_user, set_password};
pub use secret::Secret;
pub use session::{Session, actor_of_session};
pub use setup::{Setup, needs_setup};
pub use sign_in::{Entry, sign_in, sign_out};
pub use token::actor_of_token;

/// The durable work of this crate, for the runner.
pub fn jobs() -> Vec<engine::JobKind> {
    vec![
        engine::JobKind { key: "mail.send", run: |cx| Box::pin(mail::deliver(cx)) },
        engine::JobKind { key: sso::ldap::JOB, run: |cx| Box::pin(sso::ldap::run(cx)) },
        engine::JobKind { key: "auth.reset", run: |cx| Box::pin(reset::deliver(cx)) },
    ]
}

/// Where a request came from, as shown in the list of sessions.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The client's address; empty when unknown.
    pub ip: String,
    /// `User-Agent`; cut to 300 characters when stored.
    pub agent: String,
}

impl Origin {
    pub fn new(ip: impl Into<String>, agent: impl Into<String>) -> Self {
        Origin { ip: ip.into(), agent: agent.into() }
    }
}
