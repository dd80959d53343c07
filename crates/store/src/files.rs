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

/// A content that arrives in pieces. Dropped before [`Upload::finish`] it leaves nothing behind.
pub struct Upload {
    dir: PathBuf,
    draft: PathBuf,
    file: Option<tokio::fs::File>,
    hash: Sha256,
    size: u64,
    limit: u64,
}

/// What was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub sha256: String,
    /// Bytes.
    pub size: u64,
    /// The first bytes, enough to tell what kind of file it is.
    pub head: Vec<u8>,
}

/// Begins to receive at most `limit` bytes.
///
/// # Errors
/// Internal: the disk.
pub async fn upload(dir: &Path, limit: u64) -> Outcome<Upload> {
    let folder = dir.join("files");
    tokio::fs::create_dir_all(&folder).await.map_err(Fault::internal)?;
    let draft = folder.join(format!("{}.part", uuid::Uuid::now_v7().simple()));
    let file = tokio::fs::File::create(&draft).await.map_err(Fault::internal)?;
    Ok(Upload { dir: dir.to_owned(), draft, file: Some(file), hash: Sha256::new(), size: 0, limit })
}

impl Upload {
    /// # Errors
    /// Too large: more than the limit has come; drop the upload.
    pub async fn write(&mut self, bytes: &[u8]) -> Outcome<()> {
        use tokio::io::AsyncWriteExt;
        self.size += bytes.len() as u64;
        if self.size > self.limit {
            return Err(Fault::new(kernel::FaultKind::TooLarge));
        }
        self.hash.update(bytes);
        let file = self.file.as_mut().ok_or_else(|| Fault::internal("the upload has ended"))?;
        file.write_all(bytes).await.map_err(Fault::internal)
    }

    /// Makes the content findable by its hash. It is on the disk when this returns.
    pub async fn finish(mut self) -> Outcome<Stored> {
        use tokio::io::AsyncReadExt;
        let file = self.file.take().ok_or_else(|| Fault::internal("the upload has ended"))?;
        file.sync_all().await.map_err(Fault::internal)?;
        drop(file);
        let sha256 = hex::encode(std::mem::take(&mut self.hash).finalize());
        let path = place(&self.dir, &sha256)?;
        if let Some(folder) = path.parent() {
            tokio::fs::create_dir_all(folder).await.map_err(Fault::internal)?;
        }
        tokio::fs::rename(&self.draft, &path).await.map_err(Fault::internal)?;
        let mut head = Vec::new();
        let file = tokio::fs::File::open(&path).await.map_err(Fault::internal)?;
        file.take(8_192).read_to_end(&mut head).await.map_err(Fault::internal)?;
        Ok(Stored { sha256, size: self.size, head })
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        // After `finish` it has moved; a draft that stays behind does no harm.
        let _ = std::fs::remove_file(&self.draft);
    }
}

/// Opens a content for reading piece by piece.
///
/// # Errors
/// Not found.
pub async fn open(dir: &Path, sha256: &str) -> Outcome<tokio::fs::File> {
    tokio::fs::File::open(place(dir, sha256)?).await.map_err(|_| Fault::not_found())
}

/// Removes a content nothing refers to any more (the caller has made sure of that).
pub async fn remove(dir: &Path, sha256: &str) -> Outcome<()> {
    match tokio::fs::remove_file(place(dir, sha256)?).await {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Fault::internal(e)),
        _ => Ok(()),
    }
}
