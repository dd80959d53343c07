//! Where a mail server is, how it is reached, and what can go wrong on the way, in words for the person who set it up.

use kernel::{Fault, FaultKind, Issue};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

/// How the connection is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// TLS from the first byte (993, 465).
    #[default]
    Tls,
    /// Plain at first, TLS after `STARTTLS` (143, 587); without it the connection is given up.
    Starttls,
    /// None: only for a server beside us.
    None,
}

impl Security {
    pub fn parse(key: &str) -> Security {
        match key {
            "starttls" => Security::Starttls,
            "none" => Security::None,
            _ => Security::Tls,
        }
    }
}

/// A mail server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// The operator lets us reach addresses inside our own network.
    pub inside: bool,
}

/// What kind of trouble it was: decides the sentence, and whether trying again may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleKind {
    /// The name is unknown or nobody answers.
    Connect,
    /// The address lies inside our network and the operator has not allowed that.
    Inside,
    /// No TLS, or a certificate that does not fit.
    Tls,
    /// User and password (or token) are not taken.
    Login,
    /// The server answered too late or hung up.
    Lost,
    /// The server says no; its words are kept.
    Refused,
    /// The server refuses this one message or receiver for good.
    Rejected,
    /// We do not understand the server.
    Protocol,
}

/// A failure of the outside world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    pub kind: TroubleKind,
    /// The server's own words, or ours for the log; without secrets.
    pub words: String,
}

pub type Result<T> = std::result::Result<T, Trouble>;

impl Trouble {
    pub fn new(kind: TroubleKind, words: impl Into<String>) -> Trouble {
        let words: String = words.into();
        Trouble { kind, words: words.chars().filter(|c| !c.is_control()).take(300).collect() }
    }
    /// The sentence that tells it.
    pub fn key(&self) -> &'static str {
        match self.kind {
            TroubleKind::Connect => "mail-no-connection",
            TroubleKind::Inside => "mail-inside",
            TroubleKind::Tls => "mail-no-tls",
            TroubleKind::Login => "mail-login-refused",
            TroubleKind::Lost => "mail-connection-lost",
            TroubleKind::Refused => "mail-server-refused",
            TroubleKind::Rejected => "mail-message-rejected",
            TroubleKind::Protocol => "mail-not-understood",
        }
    }
    /// Asking again later may help without anybody changing anything.
    pub fn passing(&self) -> bool {
        matches!(self.kind, TroubleKind::Connect | TroubleKind::Lost | TroubleKind::Refused)
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.key(), self.words)
    }
}

impl From<std::io::Error> for Trouble {
    fn from(e: std::io::Error) -> Self {
        Trouble::new(TroubleKind::Lost, e.to_string())
    }
}

impl From<Trouble> for Fault {
    fn from(t: Trouble) -> Fault {
        let kind = if t.passing() { FaultKind::Unavailable } else { FaultKind::Invalid };
        let issue = Issue::new("", t.key()).arg("words", &t.words);
        Fault { issues: vec![issue], detail: t.words, ..Fault::new(kind) }
    }
}

/// A stream to a server, encrypted or not.
pub trait Wire: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Wire for T {}

impl Server {
    /// Opens the TCP connection to an address that was looked at before, so that a name that answers differently
    /// a moment later gains nothing.
    ///
    /// # Errors
    /// Connect, inside.
    pub async fn reach(&self) -> Result<TcpStream> {
        let found = self.addresses().await?;
        let connect = TcpStream::connect(found.as_slice());
        let stream = tokio::time::timeout(Duration::from_secs(15), connect)
            .await
            .map_err(|_| Trouble::new(TroubleKind::Connect, format!("{}:{} does not answer", self.host, self.port)))?
            .map_err(|e| Trouble::new(TroubleKind::Connect, format!("{}:{}: {e}", self.host, self.port)))?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    /// The addresses behind the name.
    ///
    /// # Errors
    /// Connect, inside.
    pub async fn addresses(&self) -> Result<Vec<std::net::SocketAddr>> {
        outside::address::resolve_host(&self.host, self.port, self.inside).await.map_err(|fault| {
            let inside = fault.kind == FaultKind::Invalid;
            let kind = if inside { TroubleKind::Inside } else { TroubleKind::Connect };
            Trouble::new(kind, format!("{}: {}", self.host, fault.detail))
        })
    }

    /// Wraps a stream in TLS under the server's name.
    ///
    /// # Errors
    /// Tls.
    pub async fn encrypt(&self, stream: impl Wire + 'static) -> Result<Box<dyn Wire>> {
        let tls = |words: String| Trouble::new(TroubleKind::Tls, format!("{}: {words}", self.host));
        let name = tokio_rustls::rustls::pki_types::ServerName::try_from(self.host.clone()).map_err(|e| tls(e.to_string()))?;
        let connector = tokio_rustls::TlsConnector::from(Arc::new(outside::tls()));
        let shake = tokio::time::timeout(Duration::from_secs(15), connector.connect(name, stream));
        let stream = shake.await.map_err(|_| tls("no answer".into()))?.map_err(|e| tls(e.to_string()))?;
        Ok(Box::new(stream))
    }
}
