//! Administering the company. Every route asks for an administrator, and of a token the scope `admin`.

pub mod imports;
pub mod jobs;
pub mod objects;
pub mod providers;
pub mod roles;
pub mod settings;
pub mod tokens;
pub mod users;
pub mod webhooks;

/// RFC 3339 of microseconds as stored.
pub(crate) fn moment(micros: Option<i64>) -> Option<String> {
    micros.and_then(|m| jiff::Timestamp::from_microsecond(m).ok()).map(|t| t.to_string())
}
