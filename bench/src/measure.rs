//! Requests to a running server, and what they cost.

use crate::machine;
use crate::seed::Made;
use crate::Done;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

/// Bearer tokens of the two people who ask.
pub struct Tokens {
    pub admin: String,
    pub seller: String,
}

impl Tokens {
    pub async fn make(program: &Path, dir: &Path, url: &str) -> Done<Tokens> {
        let token = async |email: &str| -> Done<String> {
            let out = Command::new(program)
                .args(["token", "create", "--user", email, "--database", url, "--data"])
                .arg(dir)
                .output()
                .await?;
            if !out.status.success() {
                return Err(String::from_utf8_lossy(&out.stderr).into_owned().into());
            }
            Ok(String::from_utf8(out.stdout)?.trim().to_owned())
        };
        Ok(Tokens { admin: token("admin@example.com").await?, seller: token("seller@example.com").await? })
    }
}

/// The program under test.
pub struct Server {
    child: Child,
    pid: u32,
    pub address: String,
    postgres: bool,
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
        let server = Server { child, pid, address: format!("http://{listen}"), postgres: url.starts_with("postgres") };
        for _ in 0..2_000 {
            if reqwest::get(format!("{}/readyz", server.address)).await.is_ok_and(|r| r.status().is_success()) {
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
    fn cpu_ms(&self) -> f64 {
        machine::cpu_ms(self.pid) + if self.postgres { machine::postgres_cpu_ms() } else { 0.0 }
    }
    pub async fn stop(mut self) {
        let _ = self.child.kill().await;
    }
}

/// One kind of request; `n` makes each a little different.
pub struct Case {
    pub name: &'static str,
    make: Box<dyn Fn(usize) -> Call + Send + Sync>,
}

struct Call {
    post: Option<serde_json::Value>,
    path: String,
}

fn get(path: String) -> Call {
    Call { post: None, path }
}

/// What `docs/benchmarks.md` reports.
pub fn cases(made: &Made) -> Vec<Case> {
    let case = |name, make: Box<dyn Fn(usize) -> Call + Send + Sync>| Case { name, make };
    let parties = made.parties.clone();
    let timeline = made.parties.clone();
    let orders = made.orders.clone();
    let buyers = made.parties.clone();
    let names = ["محمد العتيبي", "Khalid Najjar", "نوره الشمرى", "سارة خوري", "Omar Tazi"];
    let of = |list: &[uuid::Uuid], n: usize| list.get(n % list.len().max(1)).copied().unwrap_or_default();
    vec![
        case("list 50 parties, filter + sort + total", Box::new(|n| {
            let stage = ["customer", "loyal", "dormant"].get(n % 3).copied().unwrap_or("loyal");
            get(format!("/api/v1/party?filter=stage%20%3D%3D%20%22{stage}%22&sort=name&limit=50&count=estimate"))
        })),
        case("list 50 orders by total", Box::new(|_| get("/api/v1/order?sort=-total&limit=50&count=none".into()))),
        case("search by name", Box::new(move |n| {
            let q = names.get(n % names.len()).copied().unwrap_or_default().replace(' ', "%20");
            get(format!("/api/v1/search?q={q}&object=party"))
        })),
        case("open a party", Box::new(move |n| get(format!("/api/v1/party/{}", of(&parties, n))))),
        case("its time line", Box::new(move |n| get(format!("/api/v1/party/{}/timeline", of(&timeline, n))))),
        case("open an order", Box::new(move |n| get(format!("/api/v1/order/{}", of(&orders, n))))),
        case("create a party, number checked for doubles", Box::new(move |n| Call {
            path: "/api/v1/party".into(),
            post: Some(serde_json::json!({
                "name": {"ar": "عميل جديد", "latin": "New Customer"},
                "code": format!("N{n}-{}", uuid::Uuid::now_v7().simple()),
                "phone": "+966501112222"
            })),
        })),
        case("create an order", Box::new(move |n| Call {
            path: "/api/v1/order".into(),
            post: Some(serde_json::json!({"party": of(&buyers, n)})),
        })),
    ]
}

/// What requests of one kind cost.
pub struct Figures {
    pub cpu_ms: f64,
    pub p50: f64,
    pub p95: f64,
    pub bytes: usize,
}

pub async fn run(server: &Server, case: &Case, token: &str, clients: usize, requests: usize) -> Done<Figures> {
    let client = reqwest::Client::builder().pool_max_idle_per_host(clients).build()?;
    let calls: Arc<Vec<Call>> = Arc::new((0..requests + clients * 5).map(|n| (case.make)(n)).collect());
    let next = Arc::new(AtomicUsize::new(0));
    let mut taken = Vec::with_capacity(requests);
    // Connections and caches are warm before it counts.
    for _ in 0..clients * 5 {
        let n = next.fetch_add(1, Ordering::Relaxed);
        ask(&client, server, calls.get(n).ok_or("no call")?, token).await?;
    }
    let before = server.cpu_ms();
    let mut tasks = Vec::new();
    for _ in 0..clients {
        let (client, calls, next, token) = (client.clone(), calls.clone(), next.clone(), token.to_owned());
        let address = server.address.clone();
        tasks.push(tokio::spawn(async move {
            let mut took = Vec::new();
            let mut bytes = 0;
            while let Some(call) = calls.get(next.fetch_add(1, Ordering::Relaxed)) {
                let started = Instant::now();
                bytes = send(&client, &address, call, &token).await?;
                took.push(started.elapsed().as_secs_f64() * 1e3);
            }
            Ok::<_, String>((took, bytes))
        }));
    }
    let mut bytes = 0;
    for t in tasks {
        let (took, b) = t.await??;
        taken.extend(took);
        bytes = b;
    }
    let cpu_ms = (server.cpu_ms() - before) / taken.len().max(1) as f64;
    taken.sort_by(f64::total_cmp);
    let at = |q: f64| taken.get(((taken.len() as f64 - 1.0) * q) as usize).copied().unwrap_or_default();
    Ok(Figures { cpu_ms, p50: at(0.5), p95: at(0.95), bytes })
}

async fn ask(client: &reqwest::Client, server: &Server, call: &Call, token: &str) -> Done<usize> {
    Ok(send(client, &server.address, call, token).await?)
}

async fn send(client: &reqwest::Client, address: &str, call: &Call, token: &str) -> Result<usize, String> {
    let url = format!("{address}{}", call.path);
    let request = match &call.post {
        Some(body) => client.post(&url).json(body),
        None => client.get(&url),
    };
    let response = request.bearer_auth(token).send().await.map_err(|e| e.to_string())?;
    let status = response.status();
    let body = response.bytes().await.map_err(|e| e.to_string())?;
    if status.is_success() {
        Ok(body.len())
    } else {
        Err(format!("{url}: {status} {}", String::from_utf8_lossy(&body)))
    }
}
