//! The program under test, and those who ask it.

use crate::{Done, machine};
use crate::seed::Reader;
use std::collections::HashMap;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use store::Db;
use tokio::process::{Child, Command};

const PASSWORD: &str = "only-for-measuring-2026";

/// What a person shows with his requests: a token for the API, a session for the pages.
pub struct Keys {
    email: &'static str,
    pub token: String,
    pub cookie: String,
}

impl Keys {
    pub async fn make(program: &Path, dir: &Path, url: &str, who: &Reader) -> Done<Keys> {
        let command = async |words: &[&str]| -> Done<String> {
            let out = Command::new(program).args(words).args(["--database", url, "--data"]).arg(dir).output().await?;
            if !out.status.success() {
                return Err(String::from_utf8_lossy(&out.stderr).into_owned().into());
            }
            Ok(String::from_utf8(out.stdout)?.trim().to_owned())
        };
        command(&["user", "add", "--email", who.email, "--password", PASSWORD, "--role", who.role]).await?;
        let token = command(&["token", "create", "--user", who.email]).await?;
        Ok(Keys { email: who.email, token, cookie: String::new() })
    }

    pub async fn sign_in(&mut self, server: &Server) -> Done {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
        let form = format!("email={}&password={PASSWORD}", self.email.replace('@', "%40"));
        let request = client
            .post(format!("{}/sign-in", server.address))
            .header("origin", &server.address)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form);
        let response = request.send().await?;
        let cookies = response.headers().get_all("set-cookie").iter().filter_map(|c| c.to_str().ok()?.split(';').next());
        self.cookie = cookies.collect::<Vec<_>>().join("; ");
        if self.cookie.is_empty() { Err(format!("{} could not sign in: {}", self.email, response.status()).into()) } else { Ok(()) }
    }
}

pub struct Server {
    child: Child,
    pid: u32,
    pub address: String,
    /// Where the database works in processes of its own.
    database: Option<Db>,
}

/// CPU so far of the server and of each process of the database that works for it.
pub struct Spent {
    server: f64,
    database: HashMap<u32, f64>,
}

impl Spent {
    /// What was spent from `before` until now.
    pub fn since(&self, before: &Spent) -> f64 {
        let database: f64 = self.database.iter().map(|(pid, ms)| ms - before.database.get(pid).copied().unwrap_or_default()).sum();
        self.server - before.server + database
    }
}

impl Server {
    pub async fn start(program: &Path, dir: &Path, url: &str, port: u16) -> Done<Server> {
        let listen = format!("127.0.0.1:{port}");
        let child = Command::new(program)
            .args(["serve", "--listen", &listen, "--database", url, "--data"])
            .arg(dir)
            // The budget of requests per token is meant for other people's programs.
            .env("SILA_API_RATE", "0")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let pid = child.id().ok_or("the server ended at once")?;
        let postgres = url.starts_with("postgres");
        let address = format!("http://{listen}");
        let mut server = Server { child, pid, address, database: None };
        for _ in 0..2_000 {
            if reqwest::get(format!("{}/readyz", server.address)).await.is_ok_and(|r| r.status().is_success()) {
                if postgres {
                    server.database = Some(Db::open(url, &store::Options::default()).await?);
                }
                return Ok(server);
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Err("the server did not answer within 10 s".into())
    }
    /// KiB.
    pub fn memory(&self) -> u64 {
        machine::memory(self.pid)
    }
    pub async fn spent(&self) -> Done<Spent> {
        let mut database = HashMap::new();
        if let Some(db) = &self.database {
            let mut conn = db.read().await?;
            let mut sql = conn.sql();
            // Other companies may live on the same server.
            sql.push("SELECT CAST(pid AS BIGINT) FROM pg_stat_activity WHERE datname = current_database()");
            let rows = conn.rows(&sql, &[kernel::ColumnType::Int]).await?;
            let pids: Vec<u32> = rows.iter().filter_map(|r| u32::try_from(r.first()?.int()?).ok()).collect();
            database = machine::each_cpu_ms(&pids);
        }
        Ok(Spent { server: machine::cpu_ms(self.pid), database })
    }
    /// Waits until the work that a new server finds before it (figures of customers, say) is done: two seconds with
    /// hardly any of it.
    pub async fn settle(&self) {
        for _ in 0..300 {
            let before = machine::cpu_ms(self.pid);
            tokio::time::sleep(Duration::from_secs(2)).await;
            if machine::cpu_ms(self.pid) - before < 40.0 {
                return;
            }
        }
    }
    pub async fn stop(mut self) {
        let _ = self.child.kill().await;
    }
}
