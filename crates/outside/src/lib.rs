//! Calling other servers: no outgoing request is a way into our own network, and no answer fills the memory.
//!
//! - [`address`]: what may be called at all; [`dns`]: whether a domain takes mail;
//! - [`call`]: one HTTP request with time limits and a bounded answer; [`tls`]: the TLS settings everything shares.
//!
//! Whether addresses inside are allowed is the operator's word (configuration `reach_inside`), which the caller hands in:
//! `Company::reaches_inside`. Call from jobs and handlers, never inside a transaction.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

pub mod address;
pub mod dns;

pub use reqwest::{Method, Url};

use bytes::Bytes;
use kernel::{Fault, Outcome};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// One request.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: Method,
    pub url: Url,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
    /// From the first byte sent to the last one read.
    pub timeout: Duration,
    /// The answer is refused beyond so many bytes.
    pub most: usize,
}

impl Call {
    /// # Errors
    /// Invalid (`url`): see [`address::parse`].
    pub fn new(method: Method, url: &str) -> Outcome<Call> {
        let url = address::parse(url)?;
        Ok(Call { method, url, headers: Vec::new(), body: Bytes::new(), timeout: Duration::from_secs(10), most: 1 << 20 })
    }
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }
}

/// What came back; redirects are answers like any other and are not followed.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    /// Names in lower case; values that are no text are left out.
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
}

impl Reply {
    pub fn ok(&self) -> bool {
        (200..300).contains(&self.status)
    }
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// Makes the call. `inside`: addresses of our own network may be called too.
///
/// # Errors
/// Invalid (`url`): the address lies inside and may not be called. Unavailable: no name, no connection, no answer in time,
/// or more bytes than wanted; `detail` says which in a few words.
pub async fn call(call: Call, inside: bool) -> Outcome<Reply> {
    let host = call.url.host_str().unwrap_or_default().to_owned();
    let addresses = address::resolve(&call.url, inside).await?;
    // A client for this one call: the name stands for the addresses that were looked at, and for no others.
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(tls())
        .resolve_to_addrs(&host, &addresses)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .timeout(call.timeout)
        .connect_timeout(Duration::from_secs(5))
        .build()
        .map_err(|e| Fault::internal(format!("http client: {e}")))?;
    let mut request = client.request(call.method, call.url).header("user-agent", concat!("Sila/", env!("CARGO_PKG_VERSION")));
    for (name, value) in &call.headers {
        request = request.header(name, value);
    }
    let lost = |e: reqwest::Error| {
        let words = if e.is_timeout() { "no answer in time" } else if e.is_connect() { "no connection" } else { "no answer" };
        Fault::unavailable(words)
    };
    let mut response = request.body(call.body).send().await.map_err(lost)?;
    let headers = response.headers().iter().filter_map(|(n, v)| Some((n.as_str().to_owned(), v.to_str().ok()?.to_owned()))).collect();
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(lost)? {
        if body.len() + chunk.len() > call.most {
            return Err(Fault::unavailable("the answer is too large"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Reply { status, headers, body: body.into() })
}

/// Mozilla's roots, ring, TLS 1.2 and 1.3.
pub fn tls() -> rustls::ClientConfig {
    static CONFIG: OnceLock<rustls::ClientConfig> = OnceLock::new();
    let make = || {
        let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring knows the default protocol versions")
            .with_root_certificates(roots)
            .with_no_client_auth()
    };
    CONFIG.get_or_init(make).clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    async fn serve(answer: Vec<u8>) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let mut seen = [0; 1024];
                let _ = socket.read(&mut seen).await;
                let _ = socket.write_all(&answer).await;
            }
        });
        format!("http://{at}/hook")
    }

    #[tokio::test]
    async fn answers_are_bounded_and_inside_needs_leave() {
        let url = serve(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nx-a: b\r\n\r\nhello".to_vec()).await;
        let reply = call(Call::new(Method::GET, &url).unwrap(), true).await.unwrap();
        assert_eq!((reply.status, reply.header("x-a"), reply.body.as_ref()), (200, Some("b"), b"hello".as_ref()));
        let few = Call { most: 4, ..Call::new(Method::GET, &url).unwrap() };
        assert!(call(few, true).await.unwrap_err().detail.contains("too large"));
        let fault = call(Call::new(Method::GET, &url).unwrap(), false).await.unwrap_err();
        assert_eq!(fault.issues[0].key, "outside-inside");
        let moved = serve(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n".to_vec()).await;
        assert_eq!(call(Call::new(Method::GET, &moved).unwrap(), true).await.unwrap().status, 302);
    }
}
