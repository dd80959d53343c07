//! Configuration: `DIR/sila.toml`, over it the environment (`SILA_LISTEN=…`), over both the command line.

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use kernel::{Fault, Outcome};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::Path;

/// How log lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

/// What the operator decides. Every key may stand in `sila.toml`, or in the environment as `SILA_<KEY>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// `sqlite://PATH` or `postgres://…`; empty: `sila.db` in the data folder.
    pub database: String,
    pub listen: SocketAddr,
    /// Cookies are sent over TLS only: set it behind a TLS proxy.
    pub secure_cookies: bool,
    /// The caller's address is taken from `X-Forwarded-For`: only behind a proxy that sets it.
    pub behind_proxy: bool,
    /// Largest upload, MiB.
    pub upload_limit: usize,
    /// Connections for reading the database; 0: by the number of cores.
    pub readers: u32,
    /// Jobs this node does at the same time; 0: none, other nodes do them.
    pub jobs: usize,
    /// API requests a second that one person's programs may make in the long run (five times as many at once); 0: no limit.
    pub api_rate: u32,
    /// Outgoing calls (web hooks, mail servers, sign-in providers) may reach addresses inside the network: an ERP beside this server.
    pub reach_inside: bool,
    /// Seconds that requests and jobs get to end when the server stops.
    pub grace: u64,
    /// `text` or `json`.
    pub log_format: LogFormat,
    /// `info`, `debug`, or by part: `info,sila_store=debug`.
    pub log: String,
    /// `/metrics` answers.
    pub metrics: bool,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            database: String::new(),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            secure_cookies: false,
            behind_proxy: false,
            upload_limit: 64,
            readers: 0,
            jobs: 2,
            api_rate: 200,
            reach_inside: false,
            grace: 10,
            log_format: LogFormat::Text,
            log: "info".into(),
            metrics: true,
        }
    }
}

const KEYS: [&str; 13] = [
    "database",
    "listen",
    "secure_cookies",
    "behind_proxy",
    "upload_limit",
    "readers",
    "jobs",
    "api_rate",
    "reach_inside",
    "grace",
    "log_format",
    "log",
    "metrics",
];

impl Config {
    /// Reads file and environment of a data folder; what is not said has its default.
    ///
    /// # Errors
    /// Bad request: a key that does not exist, or a value of another type; `detail` says which.
    pub fn load(dir: &Path) -> Outcome<Config> {
        Figment::from(Serialized::defaults(Config::default()))
            .merge(Toml::file(dir.join("sila.toml")))
            .merge(Env::prefixed("SILA_").only(&KEYS))
            .extract()
            .map_err(|e| Fault { detail: format!("configuration: {e}"), ..Fault::new(kernel::FaultKind::BadRequest) })
    }

    /// The address of the database of a company in `dir`.
    pub fn database_url(&self, dir: &Path) -> String {
        if self.database.is_empty() { format!("sqlite://{}", dir.join("sila.db").display()) } else { self.database.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_can_come_from_the_environment() {
        let json = serde_json::to_value(Config::default()).unwrap();
        let mut keys: Vec<&String> = json.as_object().unwrap().keys().collect();
        keys.sort();
        let mut known = KEYS.to_vec();
        known.sort_unstable();
        assert_eq!(keys, known);
    }

    #[test]
    fn file_over_defaults_and_typing_errors_are_named() {
        let dir = std::env::temp_dir().join(format!("sila-config-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir_all(&dir).unwrap();
        assert_eq!(Config::load(&dir).unwrap().listen.port(), 8080);
        std::fs::write(dir.join("sila.toml"), "listen = \"0.0.0.0:9000\"\nlog_format = \"json\"\n").unwrap();
        let c = Config::load(&dir).unwrap();
        assert_eq!((c.listen.port(), c.log_format), (9000, LogFormat::Json));
        assert!(c.database_url(&dir).starts_with("sqlite:///"));
        std::fs::write(dir.join("sila.toml"), "lissten = \"x\"\n").unwrap();
        assert!(Config::load(&dir).unwrap_err().detail.contains("lissten"));
        std::fs::remove_dir_all(dir).unwrap();
    }
}
