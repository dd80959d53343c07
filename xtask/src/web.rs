//! The front end: TypeScript and CSS into `web/dist`, which the server carries inside itself.

use crate::run::{Done, command, has, root, run, say};
use std::path::Path;
use std::time::SystemTime;

/// Builds when a source is newer than the result.
pub fn build() -> Done {
    let dist = root().join("web/dist/manifest.json");
    let built = modified(&dist);
    let newest = ["web/src", "web/css", "web/package-lock.json", "web/vite.config.ts"].iter().map(|p| newest(&root().join(p))).max().flatten();
    if built.is_some() && built >= newest {
        return Ok(());
    }
    if !has("npm", "--version") {
        return Err("npm is not there: install Node.js 20 or newer".into());
    }
    say("Building the front end (npm ci, tsc, vite)");
    packages("web")?;
    run(command("npm", &["run", "--silent", "build"]).current_dir(root().join("web")))
}

/// `npm ci` where `node_modules` is older than the lock file. Packages run no scripts of their own.
pub fn packages(folder: &str) -> Done {
    let folder = root().join(folder);
    let installed = modified(&folder.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= modified(&folder.join("package-lock.json")) {
        return Ok(());
    }
    run(command("npm", &["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(folder))
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|m| m.modified()).ok()
}

fn newest(path: &Path) -> Option<SystemTime> {
    let Ok(entries) = std::fs::read_dir(path) else { return modified(path) };
    entries.flatten().map(|e| newest(&e.path())).max().flatten().max(modified(path))
}
