//! Where a company lives: its folder, its database, its configuration; and opening it.

use crate::config::Config;
use clap::Args;
use engine::{Company, Opened};
use kernel::{Fault, Outcome};
use std::path::PathBuf;
use store::Db;

/// The options every command about a company has.
#[derive(Args, Clone, Debug)]
pub struct Place {
    /// Folder of the company: its files, its configuration (`sila.toml`) and, unless told otherwise, its database
    #[arg(long, value_name = "DIR", env = "SILA_DATA", default_value = "./data")]
    pub data: PathBuf,
    /// `sqlite://PATH` or `postgres://…` [default: `sila.db` in the folder]
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
}

impl Place {
    pub fn at(data: impl Into<PathBuf>) -> Place {
        Place { data: data.into(), database: None }
    }

    /// File, environment and command line together.
    ///
    /// # Errors
    /// Bad request: the configuration; unavailable: the folder cannot be made.
    pub fn config(&self) -> Outcome<Config> {
        std::fs::create_dir_all(&self.data)
            .map_err(|e| Fault::unavailable(format!("cannot make folder {}: {e}", self.data.display())))?;
        let mut config = Config::load(&self.data)?;
        if let Some(url) = &self.database {
            config.database.clone_from(url);
        }
        Ok(config)
    }

    /// Connects to the database; system tables are brought up to date.
    ///
    /// # Errors
    /// Invalid: the address; unavailable: the database.
    pub async fn db(&self, config: &Config) -> Outcome<Db> {
        let mut options = store::Options::default();
        if config.readers > 0 {
            options.readers = config.readers;
        }
        Db::open(&config.database_url(&self.data), &options).await
    }

    /// Opens the company.
    ///
    /// # Errors
    /// Those of [`Place::config`], [`Place::db`] and [`Company::open`].
    pub async fn open(&self) -> Outcome<(Config, Company, Opened)> {
        let config = self.config()?;
        let db = self.db(&config).await?;
        let (company, opened) = Company::open(db, &self.data, crate::modules::all()).await?;
        Ok((config, company, opened))
    }
}
