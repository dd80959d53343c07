//! A browser without a screen: keeps cookies, follows nothing by itself.

use auth::{NewUser, Secret};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use engine::{Company, Draft};
use kernel::Name;
use std::collections::BTreeMap;
use tower::ServiceExt;
use uuid::Uuid;

pub const PASSWORD: &str = "نخلة خضراء عند الباب";

/// A company of the real modules at `url`, and the folder of its files.
pub async fn company(url: &str) -> (Company, testdb::TempFolder) {
    let folder = testdb::TempFolder::new();
    let db = store::Db::open(url, &store::Options::default()).await.unwrap();
    let modules = vec![base::module(), commerce::module(), insight::module()];
    let (company, _) = Company::open(db, folder.path(), modules).await.unwrap();
    (company, folder)
}

pub async fn user(company: &Company, email: &str, name: &str, role: &str) -> Uuid {
    let new = NewUser { email: email.into(), name: Name::new(name, ""), password: Some(Secret::new(PASSWORD)), roles: vec![role.into()], lang: String::new() };
    auth::create_user(company, &company.system(), &new).await.unwrap()
}

/// A party made by the system.
pub async fn party(company: &Company, name: &str, owner: Option<Uuid>) -> Uuid {
    let mut cx = company.write(&company.system()).await.unwrap();
    let draft = Draft::new().set("name", Name::new(name, "")).set("owner", owner);
    let saved = cx.save("party", draft).await.unwrap();
    cx.commit().await.unwrap();
    saved.record().id
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn to(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |v| v.to_str().unwrap())
    }
    /// The text between the first `before` and the next `after`.
    pub fn between(&self, before: &str, after: &str) -> &str {
        let from = self.body.find(before).unwrap_or_else(|| panic!("no {before} in {}", self.body)) + before.len();
        let rest = &self.body[from..];
        &rest[..rest.find(after).unwrap()]
    }
    #[track_caller]
    pub fn has(&self, text: &str) -> &Self {
        assert!(self.body.contains(text), "no {text:?} in:\n{}", self.body);
        self
    }
    #[track_caller]
    pub fn lacks(&self, text: &str) -> &Self {
        assert!(!self.body.contains(text), "{text:?} in:\n{}", self.body);
        self
    }
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self
    }
}

/// The page as it reads: without the marks that isolate directions.
fn readable(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace(['\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}'], "")
}

pub struct Browser {
    app: Router,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    pub fn new(company: &Company) -> Browser {
        Browser { app: sila_web::router(company.clone(), sila_web::Options::default()), cookies: BTreeMap::new() }
    }

    /// Somebody with that role, signed in through the form.
    pub async fn of(company: &Company, email: &str, name: &str, role: &str) -> Browser {
        user(company, email, name, role).await;
        let mut b = Browser::new(company);
        let a = b.post("/sign-in", &[("email", email), ("password", PASSWORD)]).await;
        assert_eq!((a.status.as_u16(), a.to()), (303, "/"), "{}", a.body);
        b
    }

    pub async fn send(&mut self, mut request: Request<Body>) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        request.headers_mut().insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        let response = self.app.clone().oneshot(request).await.unwrap();
        for set in response.headers().get_all(header::SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() { self.cookies.remove(name) } else { self.cookies.insert(name.into(), value.into()) };
        }
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 64 << 20).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body: readable(&bytes) }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// As a script of ours asks.
    pub async fn piece(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).header("HX-Request", "true").body(Body::empty()).unwrap()).await
    }

    pub async fn post(&mut self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        self.post_with(path, pairs, &[("sec-fetch-site", "same-origin")]).await
    }

    pub async fn post_piece(&mut self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        self.post_with(path, pairs, &[("sec-fetch-site", "same-origin"), ("HX-Request", "true")]).await
    }

    pub async fn post_with(&mut self, path: &str, pairs: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let mut request = Request::builder().method(Method::POST).uri(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (k, v) in headers {
            request = request.header(*k, *v);
        }
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// A form with one file.
    pub async fn upload(&mut self, path: &str, part: &str, name: &str, bytes: &[u8]) -> Answer {
        let mut body = format!("--XX\r\nContent-Disposition: form-data; name=\"{part}\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n").into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--XX--\r\n");
        let request = Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=XX").header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::from(body)).unwrap()).await
    }
}
