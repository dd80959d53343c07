//! Does a domain take mail? One small question to the name server of this machine (RFC 1035, RFC 5321 §5.1): a mail
//! exchanger, or else an address. Only the head of the answer is read: its code and how many answers it has.

use std::hash::{BuildHasher, Hasher};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use tokio::net::UdpSocket;

const MX: u16 = 15;
const A: u16 = 1;
const AAAA: u16 = 28;
const NO_SUCH_NAME: u8 = 3;
const PATIENCE: Duration = Duration::from_secs(2);
const TRIES: usize = 2;

/// What the name servers say of a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// It has a mail exchanger or an address.
    Alive,
    /// There is no such domain, or nothing at it.
    Dead,
    /// Nobody answered in time: says nothing about the domain.
    Unknown,
}

/// Asks `server`, or the first one of `/etc/resolv.conf`.
pub async fn takes_mail(domain: &str, server: Option<SocketAddr>) -> Domain {
    let Some(server) = server.or_else(system) else { return Domain::Unknown };
    for kind in [MX, A, AAAA] {
        match ask(server, domain, kind).await {
            None => return Domain::Unknown,
            Some((NO_SUCH_NAME, _)) => return Domain::Dead,
            Some((0, answers)) if answers > 0 => return Domain::Alive,
            Some((0, _)) => {}
            Some(_) => return Domain::Unknown,
        }
    }
    Domain::Dead
}

fn system() -> Option<SocketAddr> {
    let text = std::fs::read_to_string("/etc/resolv.conf").ok()?;
    let servers = text.lines().filter_map(|l| l.trim().strip_prefix("nameserver"));
    servers.filter_map(|l| l.trim().parse::<IpAddr>().ok()).map(|ip| SocketAddr::new(ip, 53)).next()
}

/// Code and number of answers; none without an answer.
async fn ask(server: SocketAddr, domain: &str, kind: u16) -> Option<(u8, u16)> {
    let from: SocketAddr = if server.is_ipv4() { ([0, 0, 0, 0], 0).into() } else { ([0_u16; 8], 0).into() };
    let socket = UdpSocket::bind(from).await.ok()?;
    // Answers of others are not received.
    socket.connect(server).await.ok()?;
    for _ in 0..TRIES {
        let id = u16::try_from(std::collections::hash_map::RandomState::new().build_hasher().finish() & 0xffff).ok()?;
        socket.send(&question(id, domain, kind)?).await.ok()?;
        let mut bytes = [0_u8; 512];
        let heard = tokio::time::timeout(PATIENCE, socket.recv(&mut bytes)).await;
        if let Ok(Ok(n)) = heard
            && let Some([a, b, flags, code, _, _, high, low, ..]) = bytes.get(..n)
            && u16::from_be_bytes([*a, *b]) == id
            && flags & 0x80 != 0
        {
            return Some((code & 0x0f, u16::from_be_bytes([*high, *low])));
        }
    }
    None
}

/// The question as it goes over the wire; none for what is no domain in ASCII.
fn question(id: u16, domain: &str, kind: u16) -> Option<Vec<u8>> {
    let mut bytes = id.to_be_bytes().to_vec();
    // Recursion desired; one question.
    bytes.extend([1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    if domain.is_empty() || domain.len() > 253 {
        return None;
    }
    for label in domain.trim_end_matches('.').split('.') {
        let fits = (1..=63).contains(&label.len()) && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        bytes.push(u8::try_from(label.len()).ok().filter(|_| fits)?);
        bytes.extend(label.as_bytes());
    }
    bytes.push(0);
    bytes.extend(kind.to_be_bytes());
    bytes.extend([0, 1]);
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers by the first label of the question: code and number of answers to MX, then to the others.
    async fn server() -> SocketAddr {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let at = socket.local_addr().unwrap();
        tokio::spawn(async move {
            let mut bytes = [0_u8; 512];
            while let Ok((n, who)) = socket.recv_from(&mut bytes).await {
                let label = String::from_utf8_lossy(&bytes[13..13 + usize::from(bytes[12])]).into_owned();
                let kind = u16::from_be_bytes([bytes[n - 4], bytes[n - 3]]);
                let (code, answers) = match (label.as_str(), kind) {
                    ("mail", MX) | ("web", A) => (0, 1),
                    ("web" | "empty", _) => (0, 0),
                    ("broken", _) => (2, 0),
                    ("silent", _) => continue,
                    _ => (3, 0),
                };
                let mut answer = bytes[..n].to_vec();
                (answer[2], answer[3], answer[7]) = (0x81, 0x80 | code, answers);
                socket.send_to(&answer, who).await.unwrap();
            }
        });
        at
    }

    #[tokio::test]
    async fn a_domain_is_alive_dead_or_unknown() {
        let at = server().await;
        let cases = [("mail.example", Domain::Alive), ("web.example", Domain::Alive), ("empty.example", Domain::Dead), ("gone.example", Domain::Dead), ("broken.example", Domain::Unknown), ("silent.example", Domain::Unknown), ("مثال.example", Domain::Unknown), ("", Domain::Unknown)];
        for (domain, wanted) in cases {
            assert_eq!(takes_mail(domain, Some(at)).await, wanted, "{domain}");
        }
    }
}
