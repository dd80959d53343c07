//! The program from the terminal.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use testdb::TempFolder;

fn sila(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sila")).args(args).env("LANG", "en_GB.UTF-8").env_remove("LC_ALL").output().unwrap()
}

/// Standard output of a command that must succeed.
pub fn done(args: &[&str]) -> String {
    let out = sila(args);
    assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

/// Standard error of a command that must be refused.
fn refused(args: &[&str]) -> String {
    let out = sila(args);
    assert!(!out.status.success(), "{args:?} was not refused");
    String::from_utf8(out.stderr).unwrap()
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn users_tokens_and_an_import_and_export() {
    let dir = TempFolder::new();
    let data = text(dir.path());
    assert!(done(&["migrate", "--data", data]).contains("CREATE TABLE"));
    done(&["migrate", "--data", data, "--apply"]);
    assert_eq!(done(&["migrate", "--data", data]), "");

    let company = done(&["company", "--data", data, "--currency", "egp", "--country", "EG", "--zone", "Africa/Cairo", "--name-ar", "النور"]);
    assert!(company.contains("currency: EGP") && company.contains("zone: Africa/Cairo") && company.contains("name_ar: النور"), "{company}");
    assert!(refused(&["company", "--data", data, "--currency", "XX"]).contains("currency"));
    assert_eq!(done(&["company", "--data", data]), company);

    done(&["user", "add", "--data", data, "--email", "Huda@Example.com", "--password", "a long enough one", "--role", "admin", "--name-ar", "هدى"]);
    assert!(refused(&["user", "add", "--data", data, "--email", "x@example.com", "--password", "short", "--role", "admin"]).contains("password"));
    assert!(refused(&["user", "add", "--data", data, "--email", "x@example.com", "--password", "a long enough one", "--role", "king"]).contains("king"));
    assert!(done(&["user", "list", "--data", data]).contains("huda@example.com"));
    let token = done(&["token", "create", "--data", data, "--user", "huda@example.com"]);
    assert!(token.starts_with("sila_") && token.trim().lines().count() == 1, "{token}");
    assert!(refused(&["token", "create", "--data", data, "--user", "nobody@example.com"]).contains("nobody@example.com"));

    let file = dir.path().join("parties.csv");
    std::fs::write(&file, "الاسم,رقم العميل,البريد الإلكتروني\nمكتبة النور,C-1,noor@example.com\nسارة أحمد,C-2,sara@example.com\nبلا بريد صحيح,C-3,not-an-address\n").unwrap();
    let dry = done(&["import", "--data", data, "party", text(&file), "--dry-run"]);
    assert!(dry.contains("created: 2") && dry.contains("failed: 1"), "{dry}");
    let err = refused(&["import", "--data", data, "party", text(&file)]);
    assert!(err.contains("line 4: email"), "{err}");
    let out = dir.path().join("out.csv");
    assert_eq!(done(&["export", "--data", data, "party", text(&out), "--filter", "code == \"C-1\""]).trim(), "1");
    assert!(std::fs::read_to_string(&out).unwrap().contains("مكتبة النور"));
    assert!(refused(&["export", "--data", data, "party", text(&out), "--filter", "1; DROP TABLE party"]).contains("sila:"));

    let object = dir.path().join("visit.json");
    std::fs::write(&object, r#"{"change": "put_object", "object": {"key": "c_visit", "module": "custom", "label": {"ar": "زيارة", "en": "Visit"}, "plural": {"ar": "الزيارات", "en": "Visits"}, "title": "subject", "capabilities": ["menu", "search", "import", "export"],
        "fields": [{"key": "subject", "kind": {"type": "text", "max": 200}, "label": {"ar": "الموضوع", "en": "Subject"}, "required": true},
                   {"key": "party", "kind": {"type": "ref", "object": "party"}, "label": {"ar": "العميل", "en": "Customer"}}]}}"#).unwrap();
    assert!(done(&["object", "plan", "--data", data, text(&object)]).contains("c_visit"));
    done(&["object", "apply", "--data", data, text(&object)]);
    assert_eq!(done(&["export", "--data", data, "c_visit", text(&out)]).trim(), "0");
    done(&["object", "remove", "--data", data, "c_visit"]);
    assert!(!sila(&["export", "--data", data, "c_visit", text(&out)]).status.success());

    assert!(done(&["privacy", "link", "--data", data, "--party", "C-1"]).contains("/p/privacy/preferences?t="));
    assert!(done(&["privacy", "scan", "--data", data, "--party", "C-1"]).contains("party.name"));
    assert!(done(&["privacy", "scan", "--data", data, "مكتبة النور"]).contains("sila_search."));
    assert_eq!(done(&["privacy", "scan", "--data", data, "nobody of that name"]), "");
    refused(&["privacy", "link", "--data", data, "--party", "C-404"]);
    done(&["doctor", "--data", data]);
    let (copy, again) = (dir.path().join("copy"), dir.path().join("again"));
    done(&["backup", "--data", data, text(&copy)]);
    refused(&["backup", "--data", data, text(&copy)]);
    done(&["restore", "--data", text(&again), text(&copy)]);
    assert!(done(&["user", "list", "--data", text(&again)]).contains("huda@example.com"));
    refused(&["restore", "--data", text(&dir.path().join("third")), text(&copy), "--erased", text(&dir.path().join("no-such-list"))]);
    assert!(refused(&["user", "disable", "--data", text(&again), "--email", "huda@example.com"]).contains("administrator"));
    done(&["user", "add", "--data", text(&again), "--email", "sami@example.com", "--password", "a long enough one", "--role", "admin"]);
    done(&["user", "disable", "--data", text(&again), "--email", "huda@example.com"]);
    assert!(done(&["user", "list", "--data", text(&again)]).contains("disabled"));
}

fn get(port: u16, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}

#[test]
fn the_server_answers_and_stops_when_asked() {
    let dir = TempFolder::new();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut server = Command::new(env!("CARGO_BIN_EXE_sila"))
        .args(["serve", "--data", text(dir.path()), "--listen", &format!("127.0.0.1:{port}")])
        .env("SILA_LOG_FORMAT", "json")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Read as it comes: a full pipe would hold up the server.
    let mut stderr = server.stderr.take().unwrap();
    let log = std::thread::spawn(move || {
        let mut log = String::new();
        stderr.read_to_string(&mut log).map(|_| log)
    });
    let began = Instant::now();
    while get(port, "/readyz").is_none_or(|a| !a.starts_with("HTTP/1.1 200")) {
        assert!(began.elapsed() < Duration::from_secs(30), "not ready in time");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(get(port, "/healthz").unwrap().ends_with("ok\n"));
    // Nobody can sign in yet: whoever comes is led to the first-run page.
    assert!(get(port, "/").unwrap().contains("/setup"));
    assert!(get(port, "/api/v1/party").unwrap().starts_with("HTTP/1.1 401"));
    let measures = get(port, "/metrics").unwrap();
    assert!(measures.contains("sila_http_requests_total{method=\"GET\",route=\"/healthz\",status=\"200\"} 1"), "{measures}");

    // An open connection that says nothing must not keep the server from stopping.
    let idle = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let asked = Instant::now();
    assert!(Command::new("kill").args(["-TERM", &server.id().to_string()]).status().unwrap().success());
    let status = server.wait().unwrap();
    drop(idle);
    assert!(status.success() && asked.elapsed() < Duration::from_secs(20), "{status} after {:?}", asked.elapsed());
    let log = log.join().unwrap().unwrap();
    let line = log.lines().find(|l| l.contains("stopped")).unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "{line}");
}
