//! What all requests share: the company, the built front end, the options of the server.

use engine::Company;
use std::sync::Arc;

/// How the pages are served. `Default` suits a server behind a TLS proxy that sets `X-Forwarded-Proto`.
#[derive(Clone, Debug)]
pub struct Options {
    /// Cookies are sent over TLS only. Off for plain `http://` on one's own machine.
    pub secure_cookies: bool,
    /// The largest body of a form with files, bytes.
    pub upload_limit: usize,
    /// The largest body of any other form, bytes.
    pub form_limit: usize,
    /// The address of the caller is taken from the last entry of `X-Forwarded-For`: only behind a proxy that sets it.
    pub behind_proxy: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { secure_cookies: false, upload_limit: 64 << 20, form_limit: 2 << 20, behind_proxy: false }
    }
}

/// Handed to every handler.
#[derive(Clone)]
pub struct Site(Arc<Inner>);

struct Inner {
    company: Company,
    assets: Arc<ui::shell::Assets>,
    options: Options,
    presence: crate::presence::Presence,
}

impl Site {
    pub fn new(company: Company, options: Options) -> Self {
        Site(Arc::new(Inner { company, assets: Arc::new(crate::assets::addresses()), options, presence: crate::presence::Presence::default() }))
    }
    pub fn company(&self) -> &Company {
        &self.0.company
    }
    /// Read anew for each page in a debug build, where the front end is read from its folder.
    pub fn assets(&self) -> Arc<ui::shell::Assets> {
        if cfg!(debug_assertions) { Arc::new(crate::assets::addresses()) } else { self.0.assets.clone() }
    }
    pub(crate) fn presence(&self) -> &crate::presence::Presence {
        &self.0.presence
    }
    pub fn options(&self) -> &Options {
        &self.0.options
    }
}
