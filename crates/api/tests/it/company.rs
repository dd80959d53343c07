//! A small company with parties, orders and lines, people with different rights, and a client.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use engine::{Action, Actor, Company, Done, Draft, Input, Module};
use futures::future::BoxFuture;
use kernel::{Agg, Choice, Field, Grant, Kind, Mask, Name, Object, Outcome, Record, Role, RowRule, Tone, Value, Verb, Weight, label};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use tower::ServiceExt;
use uuid::Uuid;

pub fn module() -> Module {
    let user = Object::new("user", "base", label("مستخدم", "User"), label("المستخدمون", "Users"))
        .field(Field::new("name", Kind::Name, label("الاسم", "Name")).required())
        .field(Field::new("email", Kind::Email, label("البريد", "E-mail")).required().unique())
        .field(Field::new("active", Kind::Bool, label("نشط", "Active")).default_expr("true"));
    let party = Object::new("party", "trade", label("عميل", "Party"), label("العملاء", "Parties"))
        .duplicates("")
        .sort("name")
        .owner("owner")
        .field(Field::new("name", Kind::Name, label("الاسم", "Name")).required().search(Weight::Title).list())
        .field(Field::new("city", Kind::Text { max: 40 }, label("المدينة", "City")).search(Weight::Body).list())
        .field(Field::new("email", Kind::Email, label("البريد", "E-mail")).personal())
        .field(Field::new("phone", Kind::Phone, label("الهاتف", "Phone")).personal())
        .field(Field::new("credit", Kind::Money, label("حد الائتمان", "Credit limit")))
        .field(Field::new("since", Kind::Date, label("عميل منذ", "Since")))
        .field(Field::new("extra", Kind::Json, label("بيانات إضافية", "More data")))
        .field(Field::new("owner", Kind::to("user"), label("المسؤول", "Owner")).default_expr("me()").reverse("parties", label("عملاؤه", "Parties")))
        .field(Field::new(
            "orders_count",
            Kind::Rollup { object: "order".into(), via: "party".into(), agg: Agg::Count, field: None, filter: None, result: Box::new(Kind::Integer) },
            label("عدد الطلبات", "Orders"),
        ));
    let options = vec![
        Choice::new("new", label("جديد", "New"), Tone::Info),
        Choice::new("confirmed", label("مؤكد", "Confirmed"), Tone::Good),
    ];
    let order = Object::new("order", "trade", label("طلب", "Order"), label("الطلبات", "Orders"))
        .title("number")
        .sort("-created_at")
        .owner("party.owner")
        .stage("status")
        .field(Field::new("number", Kind::Sequence { prefix: "ط-".into(), pad: 4, gap_free: true }, label("الرقم", "Number")))
        .field(Field::new("party", Kind::to("party"), label("العميل", "Party")).required().timeline().reverse("orders", label("الطلبات", "Orders")))
        .field(Field::new("total", Kind::Money, label("الإجمالي", "Total")).list())
        .field(Field::new("status", Kind::Choice { options }, label("الحالة", "Status")).required().default_expr("\"new\"").list())
        .field(Field::new("note", Kind::LongText, label("ملاحظة", "Note")));
    let team = Object::new("team", "base", label("فريق", "Team"), label("الفرق", "Teams"))
        .field(Field::new("name", Kind::Name, label("الاسم", "Name")).required());
    let full = |object: &str, rows: RowRule| Grant::full(object, rows);
    let role = |key: &str, admin: bool, grants: Vec<Grant>| Role { key: key.into(), label: label("دور", "Role"), grants, admin };
    Module {
        key: "trade",
        label: label("التجارة", "Trade"),
        objects: vec![user, team, party, order],
        roles: vec![
            role("admin", true, vec![full("*", RowRule::All)]),
            role("manager", false, vec![full("party", RowRule::All), full("order", RowRule::All), Grant::read("user", RowRule::All)]),
            role("seller", false, vec![full("party", RowRule::Own), full("order", RowRule::Own), Grant::read("user", RowRule::All)]),
            role(
                "viewer",
                false,
                vec![
                    Grant::read("party", RowRule::All).mask("email", Mask::Masked).mask("credit", Mask::Hidden),
                    Grant::new("order", [Verb::Read], RowRule::All),
                ],
            ),
            role("nobody", false, vec![]),
        ],
        actions: vec![Action {
            object: "order",
            key: "confirm",
            label: label("تأكيد", "Confirm"),
            icon: "check",
            input: vec![Field::new("note", Kind::text(), label("ملاحظة", "Note"))],
            guard: Some("status == \"new\""),
            danger: false,
            run: confirm,
        }],
        ..Module::default()
    }
}

fn confirm<'a>(cx: &'a mut engine::Cx, order: Record, input: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let mut draft = Draft::of(order.id).set("status", "confirmed").trusted();
        if let Some(Value::Text(note)) = input.get("note") {
            draft = draft.set("note", note.as_str());
        }
        let saved = cx.save("order", draft).await?.into_record();
        cx.event("order.confirmed", &saved, Json::Null).await?;
        Ok(Done { data: json!({"confirmed": true}), ..Done::default() })
    })
}

pub struct World {
    pub company: Company,
    pub router: Router,
    pub folder: testdb::TempFolder,
    /// Token by person: admin, manager, sara and omar (sellers), viewer, nobody.
    pub tokens: BTreeMap<&'static str, String>,
    pub users: BTreeMap<&'static str, Uuid>,
}

pub const PEOPLE: [(&str, &str); 6] =
    [("admin", "admin"), ("manager", "manager"), ("sara", "seller"), ("omar", "seller"), ("viewer", "viewer"), ("nobody", "nobody")];

pub async fn world(url: &str) -> World {
    let folder = testdb::TempFolder::new();
    let db = store::Db::open(url, &store::Options::default()).await.unwrap();
    let (company, _) = Company::open(db, folder.path(), vec![module()]).await.unwrap();
    let mut tokens = BTreeMap::new();
    let mut users = BTreeMap::new();
    for (person, role) in PEOPLE {
        let new = auth::NewUser {
            email: format!("{person}@example.com"),
            name: Name::new(format!("مستخدم {person}"), person),
            roles: vec![role.into()],
            ..auth::NewUser::default()
        };
        let id = auth::create_user(&company, &company.system(), &new).await.unwrap();
        users.insert(person, id);
        tokens.insert(person, token(&company, id, &["admin"]).await);
    }
    World { router: api::router(company.clone()), company, folder, tokens, users }
}

pub async fn token(company: &Company, user: Uuid, scopes: &[&str]) -> String {
    let scopes: Vec<String> = scopes.iter().map(|s| (*s).to_owned()).collect();
    let (secret, _) = auth::token::create(company, &company.system(), user, "اختبار", &scopes, None).await.unwrap();
    secret.reveal().to_owned()
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.bytes).unwrap_or(Json::Null)
    }
    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default()
    }
    #[track_caller]
    pub fn is(self, status: u16) -> Json {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.bytes));
        self.json()
    }
    /// The field and key of the first issue.
    #[track_caller]
    pub fn issue(self, status: u16) -> String {
        let json = self.is(status);
        let issue = &json["issues"][0];
        assert!(!issue["message"].as_str().unwrap_or_default().is_empty(), "{json}");
        assert_ne!(issue["message"], issue["key"], "no sentence for {}", issue["key"]);
        format!("{} {}", issue["field"].as_str().unwrap(), issue["key"].as_str().unwrap())
    }
}

impl World {
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status.as_u16(), headers: parts.headers, bytes }
    }
    pub fn request(&self, who: &str, method: &str, path: &str) -> axum::http::request::Builder {
        let token = self.tokens.get(who).map_or(who, String::as_str);
        Request::builder().method(method).uri(path).header("authorization", format!("Bearer {token}"))
    }
    pub async fn call(&self, who: &str, method: &str, path: &str, body: Json) -> Answer {
        self.with(who, method, path, body, &[]).await
    }
    pub async fn with(&self, who: &str, method: &str, path: &str, body: Json, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.request(who, method, path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        self.send(request.header("content-type", "application/json").body(body).unwrap()).await
    }
    pub async fn get(&self, who: &str, path: &str) -> Answer {
        self.call(who, "GET", path, Json::Null).await
    }
    pub async fn post(&self, who: &str, path: &str, body: Json) -> Answer {
        self.call(who, "POST", path, body).await
    }
    pub async fn patch(&self, who: &str, path: &str, body: Json) -> Answer {
        self.call(who, "PATCH", path, body).await
    }
    pub async fn delete(&self, who: &str, path: &str) -> Answer {
        self.call(who, "DELETE", path, Json::Null).await
    }
    pub async fn party(&self, who: &str, ar: &str, latin: &str, city: &str) -> String {
        let body = json!({"name": {"ar": ar, "latin": latin}, "city": city, "email": "info@example.com", "credit": {"amount": "500.00", "currency": "SAR"}});
        self.post(who, "/party", body).await.is(201)["id"].as_str().unwrap().to_owned()
    }
    pub async fn order(&self, who: &str, party: &str, total: &str) -> String {
        let body = json!({"party": party, "total": {"amount": total, "currency": "SAR"}});
        self.post(who, "/order", body).await.is(201)["id"].as_str().unwrap().to_owned()
    }
    pub async fn actor(&self, who: &str) -> Actor {
        self.company.load_actor(self.users[who]).await.unwrap().unwrap()
    }
    /// The names in a list, in order.
    pub async fn names(&self, who: &str, path: &str) -> Vec<String> {
        let page = self.get(who, path).await.is(200);
        page["data"].as_array().unwrap().iter().map(|r| r["name"]["ar"].as_str().unwrap().to_owned()).collect()
    }
    pub async fn count(&self, table: &str) -> i64 {
        let mut conn = self.company.db().read().await.unwrap();
        let mut sql = conn.sql();
        sql.push("SELECT COUNT(*) FROM ").ident(table);
        conn.int(&sql).await.unwrap().unwrap()
    }
}


/// A query value, percent-encoded.
pub fn enc(text: &str) -> String {
    text.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
