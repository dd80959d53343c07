//! A small company with two sellers who must not see each other's customers, and clients that ask as browser and program.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use engine::{Company, Draft};
use kernel::{Grant, Label, Mask, Money, Name, Role, RowRule, Value, Verb};
use serde_json::Value as Json;
use std::collections::{BTreeMap, HashMap};
use tower::ServiceExt;
use uuid::Uuid;

const PASSWORD: &str = "نخلة خضراء عند الباب";

pub struct Office {
    pub company: Company,
    router: Router,
    tokens: BTreeMap<&'static str, String>,
    /// (seller, object) → his record.
    records: HashMap<(&'static str, &'static str), Uuid>,
    pub ids: BTreeMap<&'static str, Uuid>,
    /// Record → a file on it.
    pub files: HashMap<Uuid, Uuid>,
    _folder: testdb::TempFolder,
}

const USERS: [(&str, &str); 8] = [
    ("admin", "admin"),
    ("manager", "manager"),
    ("huda", "seller"),
    ("mona", "seller"),
    ("omar", "seller"),
    ("agent", "agent"),
    ("viewer", "viewer"),
    ("clerk", "clerk"),
];

/// Makes the company: Huda and Mona are one team, Omar is alone.
pub async fn office(url: &str) -> Office {
    let folder = testdb::TempFolder::new();
    let db = store::Db::open(url, &store::Options::default()).await.unwrap();
    let (company, _) = Company::open(db, folder.path(), sila::modules::all()).await.unwrap();
    let system = company.system();
    let rule = RowRule::Where("code == null || !starts_with(code, \"HUDA\")".into());
    let verbs = [Verb::Read, Verb::Create, Verb::Update, Verb::Import, Verb::Export];
    let clerk = Role {
        key: "clerk".into(),
        label: Label::owned("كاتب", "Clerk"),
        grants: vec![Grant::new("party", verbs, rule).mask("email", Mask::Hidden).mask("note", Mask::Masked)],
        admin: false,
    };
    company.put_role(&system, &clerk).await.unwrap();

    let mut users: BTreeMap<&'static str, Uuid> = BTreeMap::new();
    let mut tokens = BTreeMap::new();
    for (name, role) in USERS {
        let new = auth::NewUser {
            email: format!("{name}@example.com"),
            name: Name::new(format!("مستخدم {name}"), name),
            password: Some(auth::Secret::new(PASSWORD)),
            roles: vec![role.into()],
            ..auth::NewUser::default()
        };
        let id = auth::create_user(&company, &system, &new).await.unwrap();
        users.insert(name, id);
        tokens.insert(name, token(&company, id, "admin").await);
    }
    tokens.insert("token", token(&company, users["manager"], "read").await);

    let mut ids = BTreeMap::new();
    let mut records = HashMap::new();
    let mut cx = company.write(&system).await.unwrap();
    let mut team = async |ar: &str, members: &[Uuid]| {
        let saved = cx.save("team", Draft::new().set("name", Name::new(ar, ""))).await.unwrap();
        cx.set_team(saved.record().id, members).await.unwrap();
        saved.record().id
    };
    let (north, south) = (team("الشمال", &[users["huda"], users["mona"]]).await, team("الجنوب", &[]).await);
    records.insert(("huda", "team"), north);
    records.insert(("omar", "team"), south);
    records.insert(("huda", "user"), users["huda"]);
    records.insert(("omar", "user"), users["omar"]);
    cx.commit().await.unwrap();

    let party = async |owner: &str, word: &str, external: Option<&str>| {
        let mut cx = company.write(&system).await.unwrap();
        let mut draft = Draft::new()
            .set("name", Name::new(format!("شركة {word}"), format!("{word} Trading")))
            .set("kind", "organisation")
            .set("code", format!("{word}-1"))
            .set("tax_number", "310999999900003")
            .set("owner", users[owner]);
        draft = if word == "HUDASECRET" {
            draft.set("email", "mailsecret@example.com").set("phone", "+966556677889").set("note", "HUDASECRET notesecret")
        } else {
            draft.set("note", format!("ملاحظة {word}"))
        };
        draft.external = external.map(|key| ("erp".into(), key.into()));
        let id = cx.save("party", draft).await.unwrap().record().id;
        cx.comment("party", id, &format!("تعليق {word}")).await.unwrap();
        cx.commit().await.unwrap();
        id
    };
    let huda = party("huda", "HUDASECRET", None).await;
    party("mona", "MONA", None).await;
    let omar = party("omar", "OMARSECRET", Some("omar-1")).await;
    records.insert(("huda", "party"), huda);
    records.insert(("omar", "party"), omar);

    let mut cx = company.write(&system).await.unwrap();
    let born = Draft::new().set("name", Name::new("سالم", "Salem")).set("kind", "person").set("owner", users["omar"]);
    let person = cx.save("party", born.set("birthday", Value::Date(jiff::civil::date(1988, 3, 4)))).await.unwrap().record().id;
    // A change, so that there is a history to read.
    cx.save("party", Draft::of(huda).set("job_title", Value::Null).set("note", "HUDASECRET notesecret ثانية")).await.unwrap();
    cx.save("party", Draft::of(person).set("note", "OMARSECRET")).await.unwrap();
    let mut products = Vec::new();
    for code in ["A-1", "B-2"] {
        let draft = Draft::new().set("name", Name::new(format!("صنف {code}"), format!("Item {code}"))).set("code", code);
        products.push(cx.save("product", draft).await.unwrap().record().id);
    }
    records.insert(("huda", "product"), products[0]);
    records.insert(("omar", "product"), products[1]);
    let at = Value::DateTime("2026-03-10T09:00:00Z".parse().unwrap());
    let mut order = async |owner: &str, party: Uuid, number: &str, minor: i64| {
        let draft = Draft::new()
            .set("owner", users[owner])
            .set("party", party)
            .set("number", number)
            .set("ordered_at", at.clone())
            .set("note", format!("{number} ORDERSECRET"));
        let order = cx.save("order", draft).await.unwrap().record().id;
        let line = Draft::new().set("order", order).set("product", products[0]).set("price", Money::new(minor, "SAR"));
        let line = cx.save("order_line", line.set("description", format!("بند {number}"))).await.unwrap().record().id;
        cx.save("order", Draft::of(order).set("status", "placed").trusted()).await.unwrap();
        cx.comment("order", order, &format!("تعليق {number}")).await.unwrap();
        (order, line)
    };
    let of_huda = order("huda", huda, "HUDASECRET-O", 10_000).await;
    let of_omar = order("omar", omar, "OMARSECRET-O", 20_000).await;
    ids.insert("his_for_hers", order("omar", huda, "OMARSECRET-X", 777_700).await.0);
    ids.insert("hers_for_his", order("huda", omar, "HUDASECRET-X", 30_000).await.0);
    for (who, (order, line)) in [("huda", of_huda), ("omar", of_omar)] {
        records.insert((who, "order"), order);
        records.insert((who, "order_line"), line);
    }
    for (owner, party, word) in [("huda", huda, "HUDASECRET"), ("omar", omar, "OMARSECRET")] {
        let draft = Draft::new().set("subject", format!("مكالمة {word}")).set("party", party).set("owner", users[owner]).set("at", at.clone());
        let id = cx.save("interaction", draft.set("notes", format!("{word} طلب عرض سعر"))).await.unwrap().record().id;
        records.insert((owner, "interaction"), id);
        let draft = Draft::new().set("subject", format!("خاص {word}")).set("party", party).set("owner", users[owner]).set("at", at.clone());
        let draft = draft.set("notes", format!("{word} privatesecret")).set("privacy", "private");
        cx.save("interaction", draft).await.unwrap();
    }
    // One of each in the trash.
    for (owner, word) in [("huda", "HUDASECRET"), ("omar", "OMARSECRET")] {
        let draft = Draft::new().set("name", Name::new(format!("محذوف {word}"), "")).set("kind", "person").set("owner", users[owner]);
        let id = cx.save("party", draft).await.unwrap().record().id;
        cx.delete("party", id, None).await.unwrap();
    }
    cx.commit().await.unwrap();

    let mut files = HashMap::new();
    for (who, word) in [("huda", "HUDASECRET"), ("omar", "OMARSECRET")] {
        for object in ["party", "order"] {
            let id = records[&(who, object)];
            let file = company.attach(&system, object, id, &format!("{word}.txt"), word.as_bytes()).await.unwrap();
            files.insert(id, file.id);
        }
    }
    let omar_himself = company.load_actor(users["omar"]).await.unwrap().unwrap();
    let view = engine::views::View {
        id: Uuid::now_v7(),
        object: "party".into(),
        owner: Some(users["omar"]),
        shared: false,
        name: Label::owned("OMARSECRET", "OMARSECRET"),
        config: engine::views::Config { filter: "starts_with(code, \"OMARSECRET\")".into(), ..Default::default() },
        position: 0,
        is_default: false,
    };
    company.save_view(&omar_himself, &view).await.unwrap();
    ids.insert("view", view.id);
    let manager = company.load_actor(users["manager"]).await.unwrap().unwrap();
    let new = engine::import::NewImport { object: "party".into(), name: "OMARSECRET.csv".into(), bytes: "name\nOMARSECRET\n".into(), ..Default::default() };
    ids.insert("import", company.stage_import(&manager, new).await.unwrap().id);

    let router = sila::serve::router(&company, &sila::config::Config { metrics: false, ..Default::default() });
    Office { company, router, tokens, records, ids, files, _folder: folder }
}

async fn token(company: &Company, user: Uuid, scope: &str) -> String {
    let (secret, _) = auth::token::create(company, &company.system(), user, "اختبار", &[scope.to_owned()], None).await.unwrap();
    secret.reveal().to_owned()
}

impl Office {
    pub fn router(&self) -> Router {
        self.router.clone()
    }
    pub fn of(&self, seller: &'static str, object: &'static str) -> Uuid {
        self.records[&(seller, object)]
    }
    /// Somebody signed in, with his token beside. The manager with the reading token has the manager's pages.
    pub async fn client(&self, who: &str) -> Client {
        let mut client = Client { router: self.router.clone(), cookie: String::new(), token: self.tokens[who].clone() };
        let email = format!("{}@example.com", if who == "token" { "manager" } else { who });
        let a = client.post("/sign-in", &[("email", &email), ("password", PASSWORD)]).await;
        assert_eq!(a.status, 303, "{}", String::from_utf8_lossy(&a.bytes));
        client.cookie = a.cookie;
        client
    }
    /// Nobody.
    pub fn stranger(&self) -> Client {
        Client { router: self.router.clone(), cookie: "sila_session=nonsense".into(), token: "sila_nonsense".into() }
    }
}

pub struct Answer {
    pub status: u16,
    pub bytes: Vec<u8>,
    cookie: String,
}

pub struct Client {
    router: Router,
    cookie: String,
    token: String,
}

impl Client {
    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 64 << 20).await.unwrap().to_vec();
        let cookies = parts.headers.get_all(header::SET_COOKIE).iter().filter_map(|v| v.to_str().ok());
        let session = cookies.filter_map(|c| c.split(';').next()).find(|c| c.starts_with("sila_session=")).unwrap_or_default();
        Answer { status: parts.status.as_u16(), bytes, cookie: session.to_owned() }
    }
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).header("cookie", &self.cookie).body(Body::empty()).unwrap()).await
    }
    /// The status of an answer that does not end.
    pub async fn peek(&self, path: &str) -> u16 {
        let request = Request::get(path).header("cookie", &self.cookie).body(Body::empty()).unwrap();
        self.router.clone().oneshot(request).await.unwrap().status().as_u16()
    }
    pub async fn post(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let body: Vec<String> = pairs.iter().map(|(k, v)| format!("{}={}", enc(k), enc(v))).collect();
        let request = Request::post(path)
            .header("cookie", &self.cookie)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body.join("&"))).unwrap()).await
    }
    pub async fn api(&self, method: &str, path: &str, body: Json, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json");
        for (k, v) in headers {
            request = request.header(*k, *v);
        }
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        self.send(request.body(body).unwrap()).await
    }
    /// One message of an assistant, as a client of 2025-06-18 sends it: status and body.
    pub async fn message(&self, method: &str, params: Json, headers: &[(&str, &str)]) -> (u16, Json) {
        let mut request = Request::post("/mcp")
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json")
            .header("host", "crm.example")
            .header("accept", "application/json, text/event-stream")
            .header("mcp-protocol-version", "2025-06-18");
        for (k, v) in headers {
            request = request.header(*k, *v);
        }
        let body = serde_json::json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let answer = self.send(request.body(Body::from(body.to_string())).unwrap()).await;
        (answer.status, serde_json::from_slice(&answer.bytes).unwrap_or(Json::Null))
    }
    /// A tool: its answer with 200, or the problem document with its status.
    pub async fn tool(&self, name: &str, arguments: Json) -> Answer {
        let params = serde_json::json!({"name": name, "arguments": arguments});
        let (status, message) = self.message("tools/call", params, &[("mcp-session-id", "0192-session")]).await;
        let result = &message["result"];
        let content = &result["structuredContent"];
        let status = if result["isError"] == true { content["status"].as_u64().unwrap() as u16 } else { status };
        Answer { status, bytes: content.to_string().into_bytes(), cookie: String::new() }
    }
    /// The same person with another token.
    pub fn with_token(&self, token: &str) -> Client {
        Client { router: self.router.clone(), cookie: self.cookie.clone(), token: token.to_owned() }
    }
}

/// Percent-encoded for a query or a form.
pub fn enc(text: &str) -> String {
    text.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
