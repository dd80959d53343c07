//! Handing a letter to a server, and knowing afterwards whether it has it.

use crate::compose::Ready;
use crate::login::Login;
use crate::server::{Security, Server, Trouble, TroubleKind};
use lettre::address::Envelope;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use std::time::Duration;

/// How a try ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handed {
    /// The server has it.
    Taken,
    /// It certainly has not.
    Not(Trouble),
    /// The connection broke after the letter had gone out and before the answer came.
    Unknown(Trouble),
}

const PATIENCE: Duration = Duration::from_secs(60);

async fn open(server: &Server, login: Option<&Login>) -> Result<AsyncSmtpConnection, Trouble> {
    let addresses = server.addresses().await?;
    let tls = |e: lettre::transport::smtp::Error| Trouble::new(TroubleKind::Tls, format!("{}: {e}", server.host));
    let parameters = TlsParameters::new(server.host.clone()).map_err(tls)?;
    let hello = ClientId::default();
    let direct = (server.security == Security::Tls).then(|| parameters.clone());
    let connect = AsyncSmtpConnection::connect_tokio1(addresses.as_slice(), Some(Duration::from_secs(20)), &hello, direct, None);
    let mut c = connect.await.map_err(|e| {
        let kind = if e.is_tls() { TroubleKind::Tls } else { TroubleKind::Connect };
        Trouble::new(kind, format!("{}:{}: {e}", server.host, server.port))
    })?;
    if server.security == Security::Starttls {
        c.starttls(parameters, &hello).await.map_err(tls)?;
    }
    if let Some(login) = login {
        let (secret, mechanisms): (&str, &[Mechanism]) = match login {
            Login::Password { password, .. } => (password, &[Mechanism::Plain, Mechanism::Login]),
            Login::Token { token, .. } => (token, &[Mechanism::Xoauth2]),
        };
        let credentials = Credentials::new(login.user().to_owned(), secret.to_owned());
        c.auth(mechanisms, &credentials).await.map_err(|e| {
            let kind = if e.is_timeout() || e.is_transient() { TroubleKind::Lost } else { TroubleKind::Login };
            Trouble::new(kind, e.to_string())
        })?;
    }
    Ok(c)
}

/// Connects and signs in, and sends nothing.
///
/// # Errors
/// What is in the way.
pub async fn check(server: &Server, login: Option<&Login>) -> Result<(), Trouble> {
    let mut c = open(server, login).await?;
    let _ = c.quit().await;
    Ok(())
}

/// Hands a letter over. All receivers or none: a server that refuses one of them refuses the letter.
pub async fn hand_over(server: &Server, login: Option<&Login>, ready: &Ready) -> Handed {
    let rejected = |words: String| Handed::Not(Trouble::new(TroubleKind::Rejected, words));
    let to: Result<Vec<lettre::Address>, _> = ready.to.iter().map(|a| a.parse()).collect();
    let envelope = match (to, ready.from.parse()) {
        (Ok(to), Ok(from)) => Envelope::new(Some(from), to),
        _ => return rejected("an address that is none".into()),
    };
    let Ok(envelope) = envelope else { return rejected("no receiver".into()) };
    let mut c = match open(server, login).await {
        Ok(c) => c,
        Err(trouble) => return Handed::Not(trouble),
    };
    let result = match tokio::time::timeout(PATIENCE * 3, c.send(&envelope, &ready.bytes)).await {
        Ok(result) => result,
        Err(_) => return Handed::Unknown(Trouble::new(TroubleKind::Lost, "no answer to the letter")),
    };
    match result {
        Ok(_) => {
            let _ = tokio::time::timeout(Duration::from_secs(3), c.quit()).await;
            Handed::Taken
        }
        Err(e) if e.is_permanent() => rejected(e.to_string()),
        Err(e) if e.is_transient() => Handed::Not(Trouble::new(TroubleKind::Refused, e.to_string())),
        Err(e) => Handed::Unknown(Trouble::new(TroubleKind::Lost, e.to_string())),
    }
}
