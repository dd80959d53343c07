//! The conversation: connect, encrypt, bind, search.

use crate::entry::{Entry, name_group};
use crate::{Failed, Security, Settings, Step};
use ldap3::adapters::{Adapter, EntriesOnly, PagedResults};
use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, LdapError, ResultEntry, Scope, SearchEntry, SearchOptions, StdStream, ldap_escape};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::sync::Arc;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(10);
/// People of one page, and the most at all: beyond it the settings name the wrong base.
const PAGE: i32 = 500;
const MOST: usize = 100_000;
/// RFC 4511: `sizeLimitExceeded`.
const SIZE: u32 = 4;

/// A connection; the task that drives it ends with it.
struct Line {
    ldap: Ldap,
    _driver: tokio::task::JoinSet<()>,
}

impl Line {
    async fn open(settings: &Settings, inside: bool) -> Result<Line, Failed> {
        let reach = |e: &dyn std::fmt::Display| Failed::at(Step::Reach, e);
        let addresses = outside::address::resolve_host(&settings.host, settings.port, inside).await.map_err(|f| {
            let why = f.issues.first().map_or_else(|| f.detail.clone(), |i| format!("{} ({})", f.detail, i.key));
            Failed::at(Step::Reach, why)
        })?;
        let here = addresses.iter().all(|a| a.ip().is_loopback());
        if settings.security == Security::Plain && !here && !settings.in_the_clear {
            return Err(Failed::at(Step::Encrypt, "without TLS passwords would travel unprotected"));
        }
        let connect = tokio::net::TcpStream::connect(addresses.as_slice());
        let stream = tokio::time::timeout(PATIENCE, connect).await.map_err(|e| reach(&e))?.map_err(|e| reach(&e))?;
        let stream = stream.into_std().map_err(|e| reach(&e))?;
        let scheme = if settings.security == Security::Tls { "ldaps" } else { "ldap" };
        let url = format!("{scheme}://{}:{}", settings.host, settings.port);
        let how = LdapConnSettings::new()
            .set_conn_timeout(PATIENCE)
            .set_config(Arc::new(tls(settings)?))
            .set_starttls(settings.security == Security::StartTls)
            .set_std_stream(StdStream::Tcp(stream));
        let step = if settings.security == Security::Plain { Step::Reach } else { Step::Encrypt };
        let begun = tokio::time::timeout(PATIENCE, LdapConnAsync::with_settings(how, &url)).await;
        let (conn, ldap) = begun.map_err(|e| Failed::at(step, e))?.map_err(|e| Failed::at(step, e))?;
        let mut driver = tokio::task::JoinSet::new();
        driver.spawn(async move {
            if let Err(error) = conn.drive().await {
                tracing::debug!(%error, "directory connection ended");
            }
        });
        Ok(Line { ldap, _driver: driver })
    }

    /// As the service account.
    async fn bound(settings: &Settings, secret: &str, inside: bool) -> Result<Line, Failed> {
        let mut line = Line::open(settings, inside).await?;
        if !settings.bind.is_empty() {
            if secret.is_empty() {
                return Err(Failed::at(Step::Bind, "the service account has no password"));
            }
            let bind = line.ldap.with_timeout(PATIENCE).simple_bind(&settings.bind, secret).await;
            bind.and_then(ldap3::LdapResult::success).map_err(|e| Failed::at(Step::Bind, e))?;
        }
        Ok(line)
    }

    async fn search(&mut self, base: &str, filter: &str, attributes: &[&str], most: i32) -> Result<Vec<SearchEntry>, Failed> {
        let options = SearchOptions::new().sizelimit(most);
        let ldap = self.ldap.with_timeout(PATIENCE).with_search_options(options);
        let found = ldap.search(base, Scope::Subtree, filter, attributes.to_vec()).await.map_err(|e| Failed::at(Step::Search, e))?;
        let result = found.1;
        if result.rc != 0 && result.rc != SIZE {
            return Err(Failed::at(Step::Search, LdapError::from(result)));
        }
        Ok(found.0.into_iter().filter_map(read).collect())
    }

    async fn groups(&mut self, settings: &Settings, entry: &mut Entry, uid: &str) -> Result<(), Failed> {
        if settings.group_base.is_empty() {
            return Ok(());
        }
        let (dn, uid) = (ldap_escape(entry.dn.as_str()), ldap_escape(uid));
        let filter = format!("(|(member={dn})(uniqueMember={dn})(memberUid={uid}))");
        for group in self.search(&settings.group_base, &filter, &["cn"], 1_000).await? {
            name_group(&group.dn, &mut entry.groups);
        }
        Ok(())
    }

    async fn close(mut self) {
        let _ = self.ldap.unbind().await;
    }
}

/// An entry; referrals are passed over. The library panics on answers that are no answers: that must not end the program.
fn read(entry: ResultEntry) -> Option<SearchEntry> {
    if entry.is_ref() || entry.is_intermediate() {
        return None;
    }
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| SearchEntry::construct(entry))).ok()
}

fn tls(settings: &Settings) -> Result<rustls::ClientConfig, Failed> {
    if settings.authority.trim().is_empty() {
        return Ok(outside::tls());
    }
    let bad = |e: &dyn std::fmt::Display| Failed::at(Step::Encrypt, format!("the authority's certificate: {e}"));
    let mut roots = rustls::RootCertStore::empty();
    for der in CertificateDer::pem_slice_iter(settings.authority.as_bytes()) {
        roots.add(der.map_err(|e| bad(&e))?).map_err(|e| bad(&e))?;
    }
    if roots.is_empty() {
        return Err(bad(&"there is none in it"));
    }
    let builder = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().map_err(|e| bad(&e))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

fn uid(found: &SearchEntry) -> String {
    found.attrs.iter().find(|(n, _)| n.eq_ignore_ascii_case("uid")).and_then(|(_, v)| v.first().cloned()).unwrap_or_default()
}

/// The person who signs in with this name; none, or several, is nobody.
///
/// # Errors
/// [`Failed`]
pub async fn find(settings: &Settings, secret: &str, login: &str, inside: bool) -> Result<Option<Entry>, Failed> {
    let login = login.trim();
    if login.is_empty() || login.len() > 254 {
        return Ok(None);
    }
    let mut line = Line::bound(settings, secret, inside).await?;
    let found = line.search(&settings.base, &settings.filter_of(login), &settings.attributes(), 2).await?;
    let entry = match found.as_slice() {
        [one] => {
            let mut entry = Entry::of(settings, one);
            line.groups(settings, &mut entry, &uid(one)).await?;
            (!entry.id.is_empty()).then_some(entry)
        }
        _ => None,
    };
    line.close().await;
    Ok(entry)
}

/// Whether this is the person's password: he binds with it, on a connection of his own.
///
/// # Errors
/// [`Failed`]
pub async fn is_password(settings: &Settings, dn: &str, password: &str, inside: bool) -> Result<bool, Failed> {
    // With a name and no password a directory binds anonymously, and says yes (RFC 4513, section 5.1.2).
    if dn.is_empty() || password.is_empty() {
        return Ok(false);
    }
    let mut line = Line::open(settings, inside).await?;
    let result = line.ldap.with_timeout(PATIENCE).simple_bind(dn, password).await.map_err(|e| Failed::at(Step::Bind, e))?;
    line.close().await;
    match result.rc {
        0 => Ok(true),
        // Wrong, nobody, locked, run out: whatever the reason, it does not open.
        49 | 32 | 50 | 53 | 19 => Ok(false),
        _ => Err(Failed::at(Step::Bind, LdapError::from(result))),
    }
}

/// Everybody the filter finds, with groups.
///
/// # Errors
/// [`Failed`]: also where a page is missing, so that half a list is never taken for the whole.
pub async fn all(settings: &Settings, secret: &str, inside: bool) -> Result<Vec<Entry>, Failed> {
    let search = |e: LdapError| Failed::at(Step::Search, e);
    let mut line = Line::bound(settings, secret, inside).await?;
    let adapters: Vec<Box<dyn Adapter<'_, String, Vec<String>>>> = vec![Box::new(EntriesOnly::new()), Box::new(PagedResults::new(PAGE))];
    let attributes: Vec<String> = settings.attributes().into_iter().map(str::to_owned).collect();
    let filter = settings.filter_of_all();
    let ldap = line.ldap.with_timeout(PATIENCE);
    let mut stream = ldap.streaming_search_with(adapters, &settings.base, Scope::Subtree, &filter, attributes).await.map_err(search)?;
    let mut found = Vec::new();
    while let Some(entry) = stream.next().await.map_err(search)? {
        found.extend(read(entry));
        if found.len() > MOST {
            return Err(Failed::at(Step::Search, "more people than this is made for: is the base right?"));
        }
    }
    stream.finish().await.success().map_err(search)?;
    let mut entries = Vec::with_capacity(found.len());
    for one in &found {
        let mut entry = Entry::of(settings, one);
        line.groups(settings, &mut entry, &uid(one)).await?;
        if !entry.id.is_empty() {
            entries.push(entry);
        }
    }
    line.close().await;
    Ok(entries)
}

/// Goes through the steps; gives how many people were found (of the first thousand) and one of them.
///
/// # Errors
/// [`Failed`]: the step that failed. Those before it worked.
pub async fn trial(settings: &Settings, secret: &str, inside: bool) -> Result<(usize, Entry), Failed> {
    let mut line = Line::bound(settings, secret, inside).await?;
    let found = line.search(&settings.base, &settings.filter_of_all(), &settings.attributes(), 1_000).await?;
    let Some(first) = found.first() else {
        return Err(Failed::at(Step::Search, "nobody was found"));
    };
    let entry = Entry::of(settings, first);
    for (value, attribute) in [(&entry.id, &settings.id), (&entry.mail, &settings.mail), (&entry.name, &settings.name)] {
        if value.is_empty() {
            return Err(Failed::at(Step::Read, format!("{} has no {attribute}", entry.dn)));
        }
    }
    line.close().await;
    Ok((found.len(), entry))
}
