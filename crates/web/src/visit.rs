//! One request of one reader: who he is, how he reads, what he asked for; and the page that answers him.

use crate::address::local;
use crate::cookies;
use crate::refusal::Refusal;
use crate::site::Site;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use engine::load::Titles;
use engine::{Actor, Company};
use kernel::{Fault, FaultKind, Object, Outcome, Policy, Registry};
use maud::{Markup, html};
use std::net::IpAddr;
use std::sync::Arc;
use text::locale::Lang;
use ui::cx::{Density, Theme, ViewCx};
use uuid::Uuid;

/// Who asks, found once per request and handed to the handlers in the extensions.
#[derive(Clone, Debug)]
pub struct Who {
    /// Somebody without any right when nobody is signed in.
    pub actor: Actor,
    pub signed_in: bool,
    /// The session, to mark it in the list of sessions, and its token, to end it.
    pub session: Option<(Uuid, auth::Secret)>,
    pub origin: auth::Origin,
    /// Notices he has not seen, for the bell.
    pub unseen: usize,
    /// Proposals of his assistants that wait for him.
    pub waiting: i64,
}

impl Who {
    /// # Errors
    /// The database.
    pub async fn of(site: &Site, headers: &HeaderMap, uri: &Uri, peer: Option<IpAddr>, request: &str) -> Outcome<Who> {
        let token = cookies::get(headers, auth::session::COOKIE).filter(|t| !t.is_empty()).map(auth::Secret::new);
        let found = match &token {
            Some(t) => auth::session::current(site.company(), t).await?,
            None => None,
        };
        let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let address = if site.options().behind_proxy {
            text("x-forwarded-for").rsplit(',').next().unwrap_or_default().trim().to_owned()
        } else {
            peer.map(|ip| ip.to_canonical().to_string()).unwrap_or_default()
        };
        let origin = auth::Origin::new(address, text("user-agent"));
        let signed_in = found.is_some();
        let session = found.as_ref().map(|(id, _)| *id).zip(token);
        let mut actor = found.map_or_else(|| nobody(site, headers, uri), |(_, actor)| actor);
        actor.request = request.to_owned();
        // Pieces for scripts and streams have no bell.
        let whole = signed_in && text("hx-request").is_empty() && !uri.path().starts_with("/-/");
        // What a colleague was told is his own affair.
        let unseen = if actor.viewer.is_none() && (whole || uri.path() == "/-/search") { site.company().unseen(&actor).await? } else { 0 };
        let waiting = if whole { site.company().proposals_waiting(&actor).await? } else { 0 };
        Ok(Who { actor, signed_in, session, origin, unseen, waiting })
    }
}

/// A reader without rights, in the language he chose or the company's.
fn nobody(site: &Site, headers: &HeaderMap, uri: &Uri) -> Actor {
    let settings = site.company().settings();
    let mut locale = settings.locale();
    let asked = crate::sent::pairs(uri.query().unwrap_or_default()).into_iter().find(|(k, _)| k == "lang").map(|(_, v)| v);
    let chosen = asked.as_deref().or_else(|| cookies::get(headers, cookies::LANG)).and_then(Lang::parse);
    if let Some(lang) = chosen {
        locale.lang = lang;
    }
    Actor {
        // Not nil: nil is the system itself.
        id: Uuid::max(),
        name: kernel::Name::default(),
        email: String::new(),
        roles: Vec::new(),
        policy: Arc::new(Policy::default()),
        locale,
        theme: "auto".into(),
        scopes: None,
        token: None,
        teammates: None,
        viewer: None,
        request: String::new(),
    }
}

/// A request of somebody who is signed in.
#[derive(Clone)]
pub struct Visit {
    pub site: Site,
    pub company: Company,
    pub registry: Arc<Registry>,
    pub who: Who,
    pub actor: Actor,
    /// Decoded pairs of the query string.
    pub params: Vec<(String, String)>,
    /// Path and query, as in the address line.
    pub path: String,
    /// As the browser names us: `crm.example.com`, `localhost:8080`.
    pub host: String,
    /// A script asked: it wants the piece, not a redirect to a page.
    pub scripted: bool,
    density: Density,
    rail: bool,
    say: Option<String>,
}

/// A request of anybody.
pub struct Guest(pub Visit);

impl Visit {
    pub fn new(site: &Site, who: Who, uri: &Uri, headers: &HeaderMap) -> Visit {
        let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
        // Boosted links of htmx want whole pages; its other requests, and those of our scripts, want pieces.
        let scripted = text("hx-request") == "true" && text("hx-boosted") != "true";
        Visit {
            site: site.clone(),
            company: site.company().clone(),
            registry: site.company().registry(),
            actor: who.actor.clone(),
            who,
            params: crate::sent::pairs(uri.query().unwrap_or_default()),
            path: uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
            host: text("host").to_owned(),
            scripted,
            density: Density::parse(cookies::get(headers, cookies::DENSITY).unwrap_or_default()),
            rail: cookies::get(headers, cookies::NAV) == Some("rail"),
            say: cookies::get(headers, cookies::SAY).map(str::to_owned),
        }
    }

    /// The last value of a name in the query string; empty when absent.
    pub fn param(&self, name: &str) -> &str {
        self.params.iter().rev().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str())
    }
    pub fn lang(&self) -> Lang {
        self.actor.locale.lang
    }
    /// How input is read: the reader's language, the company's country, currency and zone.
    pub fn ctx(&self) -> kernel::parse::Ctx {
        let settings = self.company.settings();
        let tz = &self.actor.locale.tz;
        kernel::parse::Ctx {
            country: settings.country.clone(),
            currency: settings.currency.clone(),
            lang: self.lang(),
            zone: jiff::tz::TimeZone::get(tz).unwrap_or(jiff::tz::TimeZone::UTC),
        }
    }
    /// An object the reader may see.
    ///
    /// # Errors
    /// Not found.
    pub fn object(&self, key: &str) -> Result<Arc<Object>, Refusal> {
        let object = self.registry.object(key)?.clone();
        self.actor.rule(&object, &kernel::Verb::Read)?;
        Ok(object)
    }

    pub fn cx<'a>(&'a self, titles: &'a Shown) -> ViewCx<'a> {
        ViewCx {
            locale: &self.actor.locale,
            theme: Theme::parse(&self.actor.theme),
            density: self.density,
            path: &self.path,
            now: self.company.now(),
            titles: &titles.0,
        }
    }

    /// A whole page inside the frame.
    pub fn page(&self, title: &str, main: &Markup) -> Response {
        self.page_live(title, "", main)
    }

    /// As [`Visit::page`], listening to a topic: `order`, or `order:ID`.
    pub fn page_live(&self, title: &str, topic: &str, main: &Markup) -> Response {
        let none = Shown::default();
        let cx = self.cx(&none);
        let (nav, create, account) = crate::menu::menus(self);
        let settings = self.company.settings();
        let company = settings.name.get(self.actor.lang());
        let live = crate::address::address("/-/live", &[("topic", topic)]);
        let shell = ui::shell::Shell {
            assets: &self.site.assets(),
            company: if company.is_empty() { self.lang().pick("صلة", "Sila") } else { company },
            nav: &nav,
            user: &ui::shell::UserInfo { name: self.actor.name.get(self.actor.lang()).to_owned(), email: self.actor.email.clone() },
            create: &create,
            rail: self.rail,
            unread: self.who.unseen,
            live: &live,
            account: &account,
        };
        let notice = settings.notice.get(self.actor.lang());
        let body = html! {
            @if !notice.is_empty() { p class="company-notice" role="note" { (notice) } }
            (crate::access::bar(self, &cx))
            (self.said(&cx))
            (main)
        };
        self.done_saying(Html(ui::shell::page(&cx, &shell, &text::bidi::strip(title), &body).into_string()).into_response())
    }

    /// A page outside the frame.
    pub fn gate(&self, title: &str, wide: bool, card: &Markup) -> Response {
        let none = Shown::default();
        let cx = self.cx(&none);
        let card = html! { (self.said(&cx)) (card) };
        self.done_saying(Html(ui::shell::gate(&cx, &self.site.assets(), title, wide, &card).into_string()).into_response())
    }

    /// A piece for a script.
    pub fn piece(&self, markup: Markup) -> Response {
        Html(markup.into_string()).into_response()
    }

    /// The sentence the last request left for this page.
    fn said(&self, cx: &ViewCx<'_>) -> Markup {
        let key = self.say.as_deref().filter(|k| text::i18n::has(k));
        html! { @if let Some(key) = key {
            div class="toasts toasts-said" { (ui::mark::toast(ui::mark::Mood::Good, &cx.t(key), "", &[], None)) }
        } }
    }

    fn done_saying(&self, mut response: Response) -> Response {
        if self.say.is_some() {
            response.headers_mut().append(header::SET_COOKIE, cookies::set(&self.site, cookies::SAY, "", 0));
        }
        response
    }

    /// To another page, which says the sentence `key` (empty for nothing). Scripts are told to go there too.
    pub fn go(&self, to: &str, key: &str) -> Response {
        let to = HeaderValue::from_str(&header_path(to)).unwrap_or(HeaderValue::from_static("/"));
        let mut response = if self.scripted {
            let mut r = StatusCode::NO_CONTENT.into_response();
            r.headers_mut().insert(HeaderName::from_static("hx-redirect"), to);
            r
        } else {
            let mut r = StatusCode::SEE_OTHER.into_response();
            r.headers_mut().insert(header::LOCATION, to);
            r
        };
        if !key.is_empty() {
            response.headers_mut().append(header::SET_COOKIE, cookies::set(&self.site, cookies::SAY, key, 60));
        }
        response
    }

    /// Back to the page the form names, or to `fallback`.
    pub fn back(&self, named: &str, fallback: &str, key: &str) -> Response {
        self.go(local(named).unwrap_or(fallback), key)
    }

    pub fn language_chosen(&self) -> bool {
        !self.who.signed_in && Lang::parse(self.param("lang")).is_some()
    }
    pub fn remember_language(&self, response: &mut Response) {
        response.headers_mut().append(header::SET_COOKIE, cookies::set(&self.site, cookies::LANG, self.lang().code(), cookies::YEAR));
    }
}

/// Header values are ASCII: whatever else an address has is percent-encoded.
fn header_path(to: &str) -> String {
    to.bytes().map(|b| if b.is_ascii_graphic() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// Titles of records in the reader's language.
#[derive(Clone, Debug, Default)]
pub struct Shown(pub ui::Titles);

impl Shown {
    pub fn of(titles: &Titles, lang: &str) -> Shown {
        Shown(titles.iter().map(|(id, n)| (*id, n.get(lang).to_owned())).collect())
    }
    pub fn add(&mut self, titles: &Titles, lang: &str) {
        self.0.extend(titles.iter().map(|(id, n)| (*id, n.get(lang).to_owned())));
    }
}

impl FromRequestParts<Site> for Guest {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Refusal> {
        let who = parts.extensions.get::<Who>().cloned().ok_or_else(|| Refusal(Fault::internal("no reader in the request")))?;
        Ok(Guest(Visit::new(site, who, &parts.uri, &parts.headers)))
    }
}

impl FromRequestParts<Site> for Visit {
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Response> {
        let Guest(visit) = Guest::from_request_parts(parts, site).await.map_err(IntoResponse::into_response)?;
        if visit.who.signed_in {
            return Ok(visit);
        }
        match site.company().has_users().await {
            Ok(false) => return Err(visit.go("/setup", "")),
            Ok(true) => {}
            Err(fault) => return Err(Refusal(fault).into_response()),
        }
        if parts.uri.path().starts_with("/-/live") {
            return Err(Refusal(Fault::new(FaultKind::Unauthenticated)).into_response());
        }
        let back = if parts.method == axum::http::Method::GET && !visit.scripted && visit.path != "/" { visit.path.as_str() } else { "" };
        Err(visit.go(&crate::address::address("/sign-in", &[("next", back)]), ""))
    }
}
