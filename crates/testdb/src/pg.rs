//! A private PostgreSQL server, started by the first test that wants one.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use uuid::Uuid;

/// The server's address without database name: `postgres://sila@127.0.0.1:PORT`.
pub fn server() -> &'static str {
    static SERVER: OnceLock<Server> = OnceLock::new();
    &SERVER.get_or_init(Server::find).url
}

/// The address of a new, empty database.
pub async fn fresh_database() -> String {
    let name = format!("t_{}", Uuid::new_v4().simple());
    let server = server();
    let made = name.clone();
    tokio::task::spawn_blocking(move || {
        psql(
            server,
            &format!("CREATE DATABASE {made} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"),
        )
    })
    .await
    .expect("psql does not panic")
    .expect("a new database can be made");
    format!("{server}/{name}")
}

/// Drops a database made by [`fresh_database`], connections or not; not waited for.
pub fn drop_database(url: &str) {
    if let Some((server, name)) = url.rsplit_once('/')
        && name.starts_with("t_")
    {
        let _ = Command::new("psql")
            .args([
                "-qXd",
                &format!("{server}/postgres"),
                "-c",
                &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }
}

fn psql(server: &str, sql: &str) -> Result<(), String> {
    let out = Command::new("psql")
        .args(["-qXd", &format!("{server}/postgres"), "-v", "ON_ERROR_STOP=1", "-c", sql])
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("psql: {e} (install postgresql-client)"))?;
    if out.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&out.stderr).into_owned()) }
}

struct Server {
    url: String,
}

impl Server {
    fn find() -> Server {
        if let Ok(url) = std::env::var("SILA_TEST_POSTGRES")
            && !url.is_empty()
        {
            return Server { url: url.trim_end_matches('/').to_owned() };
        }
        Server::start().unwrap_or_else(|e| {
            panic!("no PostgreSQL for the tests: {e}. Install it (Debian: postgresql) or set SILA_TEST_POSTGRES")
        })
    }

    /// Starts a server that belongs to this process: a watcher stops it and removes its files when the process is gone,
    /// also when it was killed.
    fn start() -> Result<Server, String> {
        let bin = bin_folder()?;
        let home = std::env::temp_dir().join(format!("sila-pg-{}", Uuid::new_v4().simple()));
        fs::create_dir_all(&home).map_err(|e| format!("{}: {e}", home.display()))?;
        let data = home.join("data");
        let root = is_root();
        if root {
            run(Command::new("chown").arg("postgres:").arg(&home))?;
        }
        let as_owner = |program: &Path| {
            if root {
                let mut c = Command::new("setpriv");
                c.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--"]).arg(program);
                c
            } else {
                Command::new(program)
            }
        };
        let port = free_port()?;
        run(as_owner(&bin.join("initdb"))
            .current_dir(&home)
            .args(["--username=sila", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "-D"])
            .arg(&data))?;
        let options = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c full_page_writes=off \
             -c synchronous_commit=off -c max_connections=400 -c shared_buffers=64MB -c autovacuum_naptime=10s"
        );
        run(as_owner(&bin.join("pg_ctl"))
            .current_dir(&home)
            .arg("-D")
            .arg(&data)
            .arg("-l")
            .arg(home.join("log"))
            .args(["-w", "-t", "60", "-o", &options, "start"]))?;
        watch(&home, &data, &bin, root)?;
        Ok(Server { url: format!("postgres://sila@127.0.0.1:{port}") })
    }
}

/// A shell that outlives this process just long enough to clean up.
fn watch(home: &Path, data: &Path, bin: &Path, root: bool) -> Result<(), String> {
    let stop = format!("{} -D {} -m immediate stop", bin.join("pg_ctl").display(), data.display());
    let stop = if root { format!("setpriv --reuid=postgres --regid=postgres --init-groups -- {stop}") } else { stop };
    let script = format!(
        "while kill -0 {} 2>/dev/null; do sleep 1; done; cd /; {stop}; rm -rf {}",
        std::process::id(),
        home.display()
    );
    Command::new("setsid")
        .args(["sh", "-c", &script])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map(|_| ())
        .map_err(|e| format!("setsid: {e}"))
}

/// Output goes to a file: a server that inherits a pipe would keep the reader waiting for ever.
fn run(command: &mut Command) -> Result<(), String> {
    let log = std::env::temp_dir().join(format!("sila-run-{}", Uuid::new_v4().simple()));
    let file = File::create(&log).map_err(|e| e.to_string())?;
    let twin = file.try_clone().map_err(|e| e.to_string())?;
    let status = command.stdin(Stdio::null()).stdout(file).stderr(twin).status();
    let text = fs::read_to_string(&log).unwrap_or_default();
    let _ = fs::remove_file(&log);
    match status {
        Ok(s) if s.success() => Ok(()),
        Ok(s) => Err(format!("{:?}: {s}\n{text}", command.get_program())),
        Err(e) => Err(format!("{:?}: {e}", command.get_program())),
    }
}

/// The newest installed PostgreSQL; Debian keeps `initdb` off the path.
fn bin_folder() -> Result<PathBuf, String> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|e| Some((e.file_name().to_str()?.parse().ok()?, e.path().join("bin"))))
        .filter(|(_, p)| p.join("initdb").exists())
        .collect();
    found.sort();
    if let Some((_, path)) = found.pop() {
        return Ok(path);
    }
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).find(|p| p.join("initdb").exists()).ok_or_else(|| "initdb was not found".into())
}

pub(crate) fn free_port() -> Result<u16, String> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).map_err(|e| e.to_string())?;
    listener.local_addr().map(|a| a.port()).map_err(|e| e.to_string())
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout.trim_ascii() == b"0")
}
