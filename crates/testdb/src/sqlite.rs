//! A folder that goes away with its test.

use std::path::{Path, PathBuf};

/// A new empty folder; removed with everything in it when dropped.
pub struct TempFolder(PathBuf);

impl TempFolder {
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(format!("sila-test-{}", uuid::Uuid::new_v4().simple()));
        std::fs::create_dir_all(&path).expect("the temporary folder can be written");
        TempFolder(path)
    }
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
