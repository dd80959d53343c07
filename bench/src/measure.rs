//! What requests to a running server cost.

use crate::Done;
use crate::requests::{Call, Case};
use crate::server::{Keys, Server};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// What requests of one kind cost.
pub struct Figures {
    pub cpu_ms: f64,
    pub p50: f64,
    pub p95: f64,
    pub bytes: usize,
}

pub async fn run(server: &Server, case: &Case, keys: &Keys, clients: usize, requests: usize) -> Done<Figures> {
    let client = reqwest::Client::builder().pool_max_idle_per_host(clients).redirect(reqwest::redirect::Policy::none()).build()?;
    let calls: Arc<Vec<Call>> = Arc::new((0..requests + clients * 5).map(|n| (case.make)(n)).collect());
    let next = Arc::new(AtomicUsize::new(0));
    let mut taken = Vec::with_capacity(requests);
    // Connections and caches are warm before it counts.
    for _ in 0..clients * 5 {
        let n = next.fetch_add(1, Ordering::Relaxed);
        send(&client, &server.address, calls.get(n).ok_or("no call")?, &keys.token, &keys.cookie).await?;
    }
    let before = server.spent().await?;
    let mut tasks = Vec::new();
    for _ in 0..clients {
        let (client, calls, next) = (client.clone(), calls.clone(), next.clone());
        let (address, token, cookie) = (server.address.clone(), keys.token.clone(), keys.cookie.clone());
        tasks.push(tokio::spawn(async move {
            let mut took = Vec::new();
            let mut bytes = 0;
            while let Some(call) = calls.get(next.fetch_add(1, Ordering::Relaxed)) {
                let started = Instant::now();
                bytes = send(&client, &address, call, &token, &cookie).await?;
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
    let cpu_ms = server.spent().await?.since(&before) / taken.len().max(1) as f64;
    taken.sort_by(f64::total_cmp);
    let at = |q: f64| taken.get(((taken.len() as f64 - 1.0) * q) as usize).copied().unwrap_or_default();
    Ok(Figures { cpu_ms, p50: at(0.5), p95: at(0.95), bytes })
}

async fn send(client: &reqwest::Client, address: &str, call: &Call, token: &str, cookie: &str) -> Result<usize, String> {
    let request = match call {
        Call::Api(path) => client.get(format!("{address}{path}")).bearer_auth(token),
        Call::Post(path, body) => client.post(format!("{address}{path}")).json(body).bearer_auth(token),
        Call::Page(path) => client.get(format!("{address}{path}")).header("cookie", cookie),
    };
    let response = request.send().await.map_err(|e| e.to_string())?;
    let (status, url) = (response.status(), response.url().to_string());
    let body = response.bytes().await.map_err(|e| e.to_string())?;
    if status.is_success() { Ok(body.len()) } else { Err(format!("{url}: {status} {}", String::from_utf8_lossy(&body))) }
}

/// Bytes over the wire, gzip.
pub struct Weight {
    pub page: usize,
    pub all: usize,
}

/// The first list page a person opens, with everything it names.
pub async fn first_page(server: &Server, keys: &Keys) -> Done<Weight> {
    let client = reqwest::Client::new();
    let fetch = async |path: &str, packed: bool| -> Done<Vec<u8>> {
        let mut request = client.get(format!("{}{path}", server.address)).header("cookie", &keys.cookie);
        if packed {
            request = request.header("accept-encoding", "gzip");
        }
        Ok(request.send().await?.error_for_status()?.bytes().await?.to_vec())
    };
    let html = String::from_utf8(fetch("/party", false).await?)?;
    let named = |text: &str, marks: &[&str], ends: &[char]| -> BTreeSet<String> {
        let found = marks.iter().flat_map(|m| text.split(m).skip(1));
        let found = found.filter_map(|rest| rest.split(ends).next().map(str::to_owned));
        found.filter(|f| f.starts_with('/') && f.contains('.')).collect()
    };
    let files = named(&html, &["src=\"", "rel=\"stylesheet\" href=\"", "rel=\"preload\" href=\"", "rel=\"modulepreload\" href=\""], &['"']);
    let page = fetch("/party", true).await?.len();
    let mut all = page;
    for file in files {
        all += fetch(&file, true).await?.len();
    }
    Ok(Weight { page, all })
}
