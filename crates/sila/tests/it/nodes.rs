//! Several nodes on one PostgreSQL: two real processes that share company, queue and news, one of which is killed.

use crate::commands::{done, text};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use testdb::{TempFolder, TestDb};

// Longer than the lease of a job.
const PATIENCE: Duration = Duration::from_secs(150);

struct Node {
    process: Child,
    port: u16,
}

impl Drop for Node {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

struct Answer {
    head: String,
    body: String,
}

impl Node {
    fn start(data: &str, url: &str) -> Node {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = Command::new(env!("CARGO_BIN_EXE_sila"))
            .args(["serve", "--data", data, "--database", url, "--listen", &format!("127.0.0.1:{port}")])
            .env("SILA_REACH_INSIDE", "true")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let node = Node { process, port };
        until("the node is ready", || TcpStream::connect(("127.0.0.1", port)).is_ok() && node.ask("GET", "/readyz", &[], "").head.starts_with("HTTP/1.1 200"));
        node
    }

    fn open(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let more: String = headers.iter().map(|(k, v)| format!("{k}: {v}\r\n")).collect();
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nContent-Length: {}\r\n{more}\r\n{body}", self.port, body.len()).unwrap();
        stream
    }

    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut all = Vec::new();
        self.open(method, path, headers, body).read_to_end(&mut all).ok();
        let all = String::from_utf8_lossy(&all).into_owned();
        let (head, body) = all.split_once("\r\n\r\n").unwrap_or((&all, ""));
        Answer { head: head.to_owned(), body: body.to_owned() }
    }

    fn api(&self, token: &str, method: &str, path: &str, body: &str) -> String {
        let sign = format!("Bearer {token}");
        let answer = self.ask(method, &format!("/api/v1{path}"), &[("Authorization", &sign), ("Content-Type", "application/json")], body);
        assert!(answer.head.starts_with("HTTP/1.1 2"), "{method} {path}: {} {}", answer.head, answer.body);
        answer.body
    }

    fn new_customer(&self, token: &str, code: &str) {
        self.api(token, "POST", "/party", &format!(r#"{{"name": {{"ar": "عميل {code}"}}, "code": "{code}"}}"#));
    }
}

fn until(what: &str, mut seen: impl FnMut() -> bool) {
    let began = Instant::now();
    while !seen() {
        assert!(began.elapsed() < PATIENCE, "not seen in time: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// How often each message of a web hook arrived, by its id.
type Heard = Arc<Mutex<BTreeMap<String, usize>>>;

/// Says 200 to every message.
fn receiver() -> (String, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let heard = Heard::default();
    let keep = heard.clone();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let (mut line, mut id, mut length) = (String::new(), String::new(), 0);
            while reader.read_line(&mut line).is_ok_and(|n| n > 2) {
                let (name, value) = line.trim().split_once(": ").unwrap_or((line.trim(), ""));
                match name.to_ascii_lowercase().as_str() {
                    "x-sila-delivery" => id = value.to_owned(),
                    "content-length" => length = value.parse().unwrap(),
                    _ => {}
                }
                line.clear();
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).ok();
            *keep.lock().unwrap().entry(id).or_default() += 1;
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").ok();
        }
    });
    (url, heard)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_are_one_company_and_one_outlives_the_other() {
    let (db, dir) = (TestDb::postgres().await, TempFolder::new());
    let url = db.url.clone();
    tokio::task::spawn_blocking(move || {
        let data = text(dir.path());
        let at = ["--data", data, "--database", &url];
        done(&[&["user", "add"][..], &at, &["--email", "huda@example.com", "--password", "a long enough one", "--role", "admin"]].concat());
        let token = done(&[&["token", "create"][..], &at, &["--user", "huda@example.com"]].concat()).trim().to_owned();
        let (first, second) = (Node::start(data, &url), Node::start(data, &url));

        // Signed in at one node, the session holds at the other, and its open page hears what happens at the first.
        let origin = format!("http://127.0.0.1:{}", first.port);
        let form = [("Origin", origin.as_str()), ("Content-Type", "application/x-www-form-urlencoded")];
        let entered = first.ask("POST", "/sign-in", &form, "email=huda@example.com&password=a+long+enough+one");
        let cookie = entered.head.lines().find_map(|l| l.to_ascii_lowercase().starts_with("set-cookie:").then(|| l[11..].trim().split(';').next().unwrap().to_owned())).unwrap();
        let mut live = BufReader::new(second.open("GET", "/-/live?topic=party", &[("Cookie", &cookie)], ""));
        let mut line = String::new();
        live.read_line(&mut line).unwrap();
        assert!(line.starts_with("HTTP/1.1 200"), "{line}");

        let (to, heard) = receiver();
        first.api(&token, "POST", "/admin/webhooks", &format!(r#"{{"url": "{to}", "events": ["party.created"]}}"#));
        for n in 0..20 {
            let node = if n % 2 == 0 { &first } else { &second };
            node.new_customer(&token, &format!("N-{n}"));
        }
        while !line.contains("party") {
            line.clear();
            assert!(live.read_line(&mut line).unwrap() > 0, "the stream ended without news");
        }
        assert!(first.api(&token, "GET", "/search?q=N-19", "").contains("N-19"));
        assert!(second.api(&token, "GET", "/search?q=N-18", "").contains("N-18"));
        until("every message of the web hook", || heard.lock().unwrap().len() == 20);
        std::thread::sleep(Duration::from_secs(2));
        assert!(heard.lock().unwrap().values().all(|n| *n == 1), "each once, though two nodes take from the queue: {:?}", heard.lock().unwrap());

        // One is killed with work before it: the other does it. What was under way at that moment may be told twice, never lost.
        for n in 20..40 {
            first.new_customer(&token, &format!("N-{n}"));
        }
        drop(first);
        until("what the dead node left", || heard.lock().unwrap().len() == 40);
        second.new_customer(&token, "N-40");
        until("the node that is left goes on", || heard.lock().unwrap().len() == 41);
    })
    .await
    .unwrap();
}
