//! Contents of files, kept once per content under `DIR/files/ab/cdef…` (SHA-256).

use kernel::{Fault, Outcome};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

fn place(dir: &Path, sha256: &str) -> Outcome<PathBuf> {
    match (sha256.get(..2), sha256.get(2..)) {
        (Some(head), Some(tail)) if sha256.len() == 64 && sha256.bytes().all(|b| b.is_ascii_hexdigit()) => {
            Ok(dir.join("files").join(head).join(tail))
        }
        _ => Err(Fault::not_found()),
    }
}

/// Stores the bytes and returns their SHA-256 in hex. Written beside and renamed: a crash leaves no half file.
///
/// # Errors
/// Internal: the disk.
pub async fn put(dir: &Path, bytes: &[u8]) -> Outcome<String> {
    let sha256: String = Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
    let path = place(dir, &sha256)?;
    if tokio::fs::try_exists(&path).await.unwrap_or(false) {
        return Ok(sha256);
    }
    let folder = path.parent().ok_or_else(|| Fault::internal("a file without a folder"))?;
    tokio::fs::create_dir_all(folder).await.map_err(Fault::internal)?;
    let draft = folder.join(format!("{}.part", uuid::Uuid::now_v7().simple()));
    tokio::fs::write(&draft, bytes).await.map_err(Fault::internal)?;
    tokio::fs::rename(&draft, &path).await.map_err(Fault::internal)?;
    Ok(sha256)
}

/// The bytes of a content.
///
/// # Errors
/// Not found.
pub async fn get(dir: &Path, sha256: &str) -> Outcome<Vec<u8>> {
    tokio::fs::read(place(dir, sha256)?).await.map_err(|_| Fault::not_found())
}
