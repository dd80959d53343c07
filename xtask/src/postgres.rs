//! A PostgreSQL of our own for the tests: private folder, private port, gone afterwards.

use crate::install::root_user;
use crate::run::{Done, say};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub struct Server {
    dir: PathBuf,
    bin: PathBuf,
    pub url: String,
}

impl Server {
    /// Starts one; nothing of it survives [`Drop`].
    pub fn start() -> Result<Server, String> {
        let bin = newest_bin().ok_or("PostgreSQL is not installed under /usr/lib/postgresql")?;
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).map_err(|e| e.to_string())?.port();
        let dir = std::env::temp_dir().join(format!("sila-postgres-{}", std::process::id()));
        std::fs::create_dir_all(&dir).map_err(|e| e.to_string())?;
        say(&format!("Starting a private PostgreSQL on port {port}"));
        if root_user() {
            quiet(Command::new("chown").arg("postgres").arg(&dir))?;
        }
        let data = dir.join("data");
        quiet(as_owner(&bin.join("initdb")).args(["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-D"]).arg(&data))?;
        let options = format!(
            "-p {port} -h 127.0.0.1 -k {} -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300",
            dir.display()
        );
        quiet(as_owner(&bin.join("pg_ctl")).arg("-D").arg(&data).args(["-w", "-o", &options, "-l"]).arg(dir.join("log")).arg("start"))?;
        Ok(Server { dir, bin, url: format!("postgres://postgres@127.0.0.1:{port}/postgres") })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let stop = as_owner(&self.bin.join("pg_ctl")).arg("-D").arg(self.dir.join("data")).args(["-m", "immediate", "stop"]).stdout(Stdio::null()).status();
        if stop.is_ok() {
            let _ = std::fs::remove_dir_all(&self.dir);
        }
    }
}

/// PostgreSQL refuses to run as root: the user `postgres` of the package does it then.
fn as_owner(program: &Path) -> Command {
    if root_user() {
        let mut c = Command::new("runuser");
        c.args(["-u", "postgres", "--"]).arg(program);
        c
    } else {
        Command::new(program)
    }
}

fn quiet(c: &mut Command) -> Done {
    let shown = format!("{c:?}");
    // Not captured through a pipe: the server would keep it open.
    let status = c.current_dir("/").stdout(Stdio::null()).status().map_err(|e| format!("{shown}: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("{shown} ended with {status}")) }
}

fn newest_bin() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    versions
        .flatten()
        .filter_map(|e| e.file_name().to_str()?.parse::<u32>().ok())
        .max()
        .map(|v| PathBuf::from(format!("/usr/lib/postgresql/{v}/bin")))
}
