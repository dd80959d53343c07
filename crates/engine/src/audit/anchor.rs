//! The head of the chain, written down where whoever changes the database does not reach: a file beside it (which a
//! backup or a log shipper takes away), and the log.

use super::Head;
use crate::Company;
use kernel::{Fault, Outcome};
use std::path::PathBuf;
use tokio::io::AsyncWriteExt;

/// Name of the file in the company's folder: one line a day, `moment seq hash`.
pub const FILE: &str = "audit-anchors.txt";

/// What was once the head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    pub at: String,
    pub seq: i64,
    pub hash: String,
}

impl Company {
    pub fn anchor_file(&self) -> PathBuf {
        self.dir().join(FILE)
    }

    /// Seals, and writes the head down; none where there is nothing to seal.
    ///
    /// # Errors
    /// The database; the file cannot be written.
    pub async fn anchor_audit(&self) -> Outcome<Option<Head>> {
        self.seal_audit().await?;
        let Some(head) = self.audit_head().await? else { return Ok(None) };
        let path = self.anchor_file();
        let known = read(&path).await?;
        if known.last().is_some_and(|a| a.seq == head.seq && a.hash == head.hash) {
            return Ok(Some(head));
        }
        let line = format!("{} {} {}\n", self.now(), head.seq, head.hash);
        let mut file = tokio::fs::OpenOptions::new().create(true).append(true).open(&path).await.map_err(Fault::unavailable)?;
        file.write_all(line.as_bytes()).await.map_err(Fault::unavailable)?;
        file.flush().await.map_err(Fault::unavailable)?;
        tracing::info!(seq = head.seq, hash = head.hash, "head of the audit");
        Ok(Some(head))
    }

    /// Every head that was written down here.
    ///
    /// # Errors
    /// The file is there and cannot be read.
    pub async fn audit_anchors(&self) -> Outcome<Vec<Anchor>> {
        read(&self.anchor_file()).await
    }
}

async fn read(path: &std::path::Path) -> Outcome<Vec<Anchor>> {
    match tokio::fs::read_to_string(path).await {
        Ok(text) => Ok(parse(&text)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(e) => Err(Fault::unavailable(e)),
    }
}

/// The lines of such a file; others are passed over.
pub fn parse(text: &str) -> Vec<Anchor> {
    let line = |l: &str| {
        let mut words = l.split_whitespace();
        let (at, seq, hash) = (words.next()?, words.next()?.parse().ok()?, words.next()?);
        Some(Anchor { at: at.to_owned(), seq, hash: hash.to_owned() })
    };
    text.lines().filter_map(line).collect()
}
