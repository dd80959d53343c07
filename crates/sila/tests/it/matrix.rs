//! Who sees what, on every path: roles × objects × verbs over pages and API, as one table in `golden/matrix.txt`,
//! and words that stand only in withheld records and fields, which no answer may contain.
//!
//! `SILA_WRITE_GOLDEN=1 cargo test -p sila matrix` writes the table anew; the difference is for a person to read.
//! Writes are tried in a way that is refused at the last step (a wrong revision, an empty value), so that nothing
//! one role does decides what the next one sees.

use crate::office::{Answer, Client, Office, enc, office};
use serde_json::{Value as Json, json};
use std::fmt::Write;

/// Objects by column, with the record of Huda (a seller) and that of Omar (another one, without a team).
const OBJECTS: [&str; 7] = ["party", "interaction", "order", "order_line", "product", "user", "team"];

/// Who asks, and what he must never read, wherever he looks.
const PEOPLE: [(&str, &[&str]); 9] = [
    ("admin", &[]),
    ("manager", &[]),
    ("token", &[]),
    ("huda", &["omarsecret"]),
    ("mona", &["omarsecret"]),
    ("omar", &["hudasecret"]),
    ("agent", &["310999999900003"]),
    ("viewer", &["mailsecret", "556677889", "310999999900003", "1988-03-04"]),
    ("clerk", &["hudasecret", "mailsecret", "notesecret", "ordersecret"]),
];

struct Try<'a> {
    office: &'a Office,
    who: &'a str,
    client: Client,
    secrets: &'a [&'a str],
}

impl Try<'_> {
    fn looked(&self, path: &str, answer: Answer) -> Answer {
        let body = String::from_utf8_lossy(&answer.bytes).to_lowercase();
        for secret in self.secrets {
            assert!(!body.contains(secret), "{} reads {secret} at {path}:\n{body}", self.who);
        }
        assert!(answer.status < 500, "{} {path}: {}\n{body}", self.who, answer.status);
        answer
    }
    async fn page(&mut self, path: &str) -> Answer {
        let answer = self.client.get(path).await;
        self.looked(path, answer)
    }
    async fn post(&mut self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let answer = self.client.post(path, pairs).await;
        self.looked(path, answer)
    }
    async fn api(&mut self, method: &str, path: &str, body: Json) -> Answer {
        let answer = self.client.api(method, path, body, &[]).await;
        self.looked(path, answer)
    }
    async fn tool(&mut self, name: &str, arguments: Json) -> Answer {
        let answer = self.client.tool(name, arguments).await;
        self.looked(name, answer)
    }
    /// Based on a revision that no record has.
    async fn stale(&mut self, method: &str, path: &str, body: Json) -> Answer {
        let answer = self.client.api(method, path, body, &[("if-match", "\"999\"")]).await;
        self.looked(path, answer)
    }
}

/// Records of `object` that an answer shows: 36-letter ids behind the address of the object.
fn rows(answer: &Answer, object: &str) -> usize {
    let body = String::from_utf8_lossy(&answer.bytes);
    let start = format!("href=\"/{object}/");
    let ids = body.split(&start).skip(1).filter_map(|rest| rest.get(..36)).filter(|id| uuid::Uuid::parse_str(id).is_ok());
    ids.collect::<std::collections::BTreeSet<_>>().len()
}

/// `200/3`: the status and how many records are seen; the status alone where none are to be counted.
fn cell(answer: &Answer, seen: Option<usize>) -> String {
    match seen {
        Some(n) if answer.status == 200 => format!("200/{n}"),
        _ => answer.status.to_string(),
    }
}

fn listed(answer: &Answer) -> String {
    let json: Json = serde_json::from_slice(&answer.bytes).unwrap_or_default();
    let rows = json["data"].as_array().map(Vec::len);
    if let Some(n) = json["count"]["n"].as_u64() {
        assert_eq!(Some(n as usize), rows, "count and rows differ");
    }
    cell(answer, rows)
}

/// All tries of one person on one object, in the order of the table's rows.
async fn tries(t: &mut Try<'_>, object: &'static str) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    let mut put = |what: &str, cell: String| out.push((what.to_owned(), cell));
    let (hers, his) = (t.office.of("huda", object), t.office.of("omar", object));

    for (what, query) in [("list", "count=exact"), ("search", "search=secre"), ("trash", "trash=1")] {
        let a = t.api("GET", &format!("/{object}?{query}"), Json::Null).await;
        put(&format!("api   {what}"), listed(&a));
    }
    for (whose, id) in [("hers", hers), ("his", his)] {
        let at = format!("/{object}/{id}");
        for part in ["", "/timeline", "/history", "/comments", "/files"] {
            let a = t.api("GET", &format!("{at}{part}"), Json::Null).await;
            put(&format!("api   {whose}{part}"), a.status.to_string());
        }
    }
    for (what, words) in [("list", ""), ("search", "secre")] {
        let a = t.tool("list", json!({"object": object, "search": words})).await;
        put(&format!("mcp   {what}"), listed(&a));
    }
    for (whose, id) in [("hers", hers), ("his", his)] {
        put(&format!("mcp   {whose}"), t.tool("read", json!({"object": object, "id": id})).await.status.to_string());
    }
    put("api   create", t.api("POST", &format!("/{object}"), json!({"nonsense": 1})).await.status.to_string());
    let bulk = json!({"system": "erp", "records": [{"key": "1", "values": {"nonsense": 1}}]});
    put("api   bulk", t.api("POST", &format!("/{object}/bulk"), bulk).await.status.to_string());
    for (whose, id) in [("hers", hers), ("his", his)] {
        let at = format!("/{object}/{id}");
        put(&format!("api   {whose} change"), t.stale("PATCH", &at, json!({})).await.status.to_string());
        put(&format!("api   {whose} delete"), t.stale("DELETE", &at, Json::Null).await.status.to_string());
        put(&format!("api   {whose} comment"), t.api("POST", &format!("{at}/comments"), json!({"body": ""})).await.status.to_string());
        put(&format!("api   {whose} attach"), t.api("POST", &format!("{at}/files?name=a.txt"), Json::Null).await.status.to_string());
        put(&format!("api   {whose} restore"), t.api("POST", &format!("{at}/restore"), Json::Null).await.status.to_string());
        if object == "order" {
            put(&format!("api   {whose} ship"), t.stale("POST", &format!("{at}/ship"), Json::Null).await.status.to_string());
        } else {
            put(&format!("api   {whose} ship"), "-".into());
        }
    }

    for (what, path) in [("list", ""), ("board", "/board"), ("calendar", "/calendar?day=2026-03-10"), ("trash", "/trash")] {
        let a = t.page(&format!("/{object}{path}")).await;
        put(&format!("page  {what}"), cell(&a, (what != "trash").then(|| rows(&a, object))));
    }
    let a = t.page(&format!("/{object}?search=secre")).await;
    put("page  search", cell(&a, Some(rows(&a, object))));
    let a = t.page(&format!("/-/lookup/{object}?q=")).await;
    let options = String::from_utf8_lossy(&a.bytes).matches("role=\"option\"").count();
    put("page  lookup", cell(&a, Some(options)));
    t.page(&format!("/-/lookup/{object}?q=secre")).await;
    let a = t.page(&format!("/{object}/export?format=csv")).await;
    put("page  export", cell(&a, Some(String::from_utf8_lossy(&a.bytes).lines().count().saturating_sub(1))));
    let a = t.page(&format!("/{object}/export?format=xlsx")).await;
    put("page  export xlsx", a.status.to_string());
    for what in ["new", "import", "import/sample"] {
        put(&format!("page  {what}"), t.page(&format!("/{object}/{what}")).await.status.to_string());
    }
    for (whose, id) in [("hers", hers), ("his", his)] {
        let at = format!("/{object}/{id}");
        let a = t.page(&at).await;
        put(&format!("page  {whose}"), a.status.to_string());
        for part in ["?tab=history", "/edit", "/cell/note", "/cell/name"] {
            put(&format!("page  {whose}{part}"), t.page(&format!("{at}{part}")).await.status.to_string());
        }
        put(&format!("page  {whose} live"), t.client.peek(&format!("/-/live?topic={object}:{id}")).await.to_string());
        put(&format!("page  {whose} delete"), t.post(&format!("{at}/delete"), &[("rev", "999")]).await.status.to_string());
        put(&format!("page  {whose} comment"), t.post(&format!("{at}/comments"), &[("body", " ")]).await.status.to_string());
        put(&format!("page  {whose} restore"), t.post(&format!("{at}/restore"), &[]).await.status.to_string());
        put(&format!("page  {whose} purge"), t.post(&format!("{at}/purge"), &[]).await.status.to_string());
        if let Some(file) = t.office.files.get(&id) {
            put(&format!("page  {whose} file"), t.page(&format!("/-/files/{file}")).await.status.to_string());
        } else {
            put(&format!("page  {whose} file"), "-".into());
        }
        // What may not be seen answers as what does not exist.
        let nowhere = format!("/{object}/{}", uuid::Uuid::from_u128(7));
        if t.client.get(&at).await.status == 404 {
            let (a, b) = (t.api("GET", &at, Json::Null).await, t.api("GET", &nowhere, Json::Null).await);
            assert_eq!(told(&a), told(&b), "{} {at}", t.who);
            let (a, b) = (t.page(&at).await, t.page(&nowhere).await);
            let text = |a: &Answer, path: &str| String::from_utf8_lossy(&a.bytes).replace(path, "");
            assert_eq!(text(&a, &at), text(&b, &nowhere), "{} {at}", t.who);
        }
    }
    out
}

/// A refusal without what differs from request to request.
fn told(answer: &Answer) -> Json {
    let mut json: Json = serde_json::from_slice(&answer.bytes).unwrap_or_default();
    if let Json::Object(map) = &mut json {
        map.retain(|k, _| !k.contains("request") && k != "instance");
    }
    json
}

/// Paths beside those of objects.
async fn elsewhere(t: &mut Try<'_>) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for path in [
        "/", "/insight/home?period=all", "/search?q=secre", "/search?q=556677", "/search?q=3109999", "/search?q=secre&object=party", "/-/palette?q=secre",
        "/me", "/import", "/-/notifications", "/admin", "/admin/users", "/admin/teams", "/admin/objects", "/admin/objects/party", "/admin/jobs",
        "/admin/webhooks", "/admin/settings",
    ] {
        let a = t.page(path).await;
        let hits = path.starts_with("/search").then(|| OBJECTS.iter().map(|o| rows(&a, o)).sum());
        out.push((format!("page  {path}"), cell(&a, hits)));
    }
    for path in [
        "/me", "/objects", "/openapi.json", "/search?q=secre", "/search?q=556677", "/search?q=3109999", "/admin/users", "/admin/roles", "/admin/settings",
        "/admin/webhooks", "/admin/jobs", "/admin/imports", "/admin/objects",
    ] {
        let a = t.api("GET", path, Json::Null).await;
        out.push((format!("api   {path}"), listed(&a)));
    }
    out
}

fn table(title: &str, heads: &[&str], rows: &[(String, Vec<String>)]) -> String {
    let mut out = String::new();
    let _ = write!(out, "# {title:<32}");
    for h in heads {
        let _ = write!(out, "{h:>12}");
    }
    for (what, cells) in rows {
        let _ = write!(out, "\n{what:<34}");
        for c in cells {
            let _ = write!(out, "{c:>12}");
        }
    }
    out.push_str("\n\n");
    out
}

/// Columns of (row name, cell) side by side.
fn side_by_side(columns: &[Vec<(String, String)>]) -> Vec<(String, Vec<String>)> {
    let names = columns[0].iter().map(|(n, _)| n.clone());
    names.enumerate().map(|(i, n)| (n, columns.iter().map(|c| c[i].1.clone()).collect())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_what_is_his_and_nothing_else() {
    let expected = include_str!("golden/matrix.txt");
    testdb::both(async |url| {
        let office = office(&url).await;
        let mut text = String::new();
        let mut others = Vec::new();
        for (who, secrets) in PEOPLE {
            let mut t = Try { office: &office, who, client: office.client(who).await, secrets };
            let mut columns = Vec::new();
            for object in OBJECTS {
                columns.push(tries(&mut t, object).await);
            }
            text.push_str(&table(who, &OBJECTS, &side_by_side(&columns)));
            others.push(elsewhere(&mut t).await);
        }
        let mut nobody = Try { office: &office, who: "nobody", client: office.stranger(), secrets: &["secret"] };
        let mut columns = Vec::new();
        for object in OBJECTS {
            columns.push(tries(&mut nobody, object).await);
        }
        for cell in columns.iter().flatten().map(|(_, c)| c.as_str()).filter(|c| *c != "-") {
            assert!(matches!(cell, "303" | "401"), "somebody who is not signed in got {cell}");
        }
        others.push(elsewhere(&mut nobody).await);
        let heads: Vec<&str> = PEOPLE.iter().map(|(p, _)| *p).chain(["nobody"]).collect();
        text.push_str(&table("beside objects", &heads, &side_by_side(&others)));
        if std::env::var("SILA_WRITE_GOLDEN").is_ok() {
            std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/golden/matrix.txt"), &text).unwrap();
            return;
        }
        for (i, (was, is)) in expected.lines().zip(text.lines()).enumerate() {
            assert_eq!(was, is, "line {} of golden/matrix.txt, on {url}", i + 1);
        }
        assert_eq!(expected.lines().count(), text.lines().count());
    })
    .await;
}

/// Ways around a list: what other records, conditions, sums, imports and mass changes would tell.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_tells_of_the_rest() {
    testdb::both(async |url| {
        let office = office(&url).await;
        let mut huda = Try { office: &office, who: "huda", client: office.client("huda").await, secrets: &["omarsecret"] };
        let (hers, his) = (office.of("huda", "party"), office.of("omar", "party"));
        let count = async |t: &mut Try<'_>, object: &str, filter: &str| {
            let a = t.api("GET", &format!("/{object}?count=exact&filter={}", enc(filter)), Json::Null).await;
            assert_eq!(a.status, 200, "{filter}");
            let json: Json = serde_json::from_slice(&a.bytes).unwrap();
            json["count"]["n"].as_i64().unwrap()
        };
        // Her order for his customer is hers; who the customer is stays his.
        for (object, filter, n) in [
            ("order", "contains(party.name, \"omarsecre\")", 0),
            ("order", "starts_with(party.code, \"OMAR\")", 0),
            ("order", "party.name != null && no_customer == false", 1),
            ("order", "exists(lines, contains(description, \"omarsecre\"))", 0),
            ("party", "exists(orders, contains(number, \"omarsecre\"))", 0),
            ("party", "exists(orders, owner.name != null)", 1),
            ("party", "exists(orders, total.amount > 5000)", 0),
            ("user", "exists(parties, starts_with(code, \"OMAR\"))", 0),
            ("product", "exists(lines, contains(description, \"omarsecre\"))", 0),
        ] {
            assert_eq!(count(&mut huda, object, filter).await, n, "{filter}");
        }
        let order = office.ids["hers_for_his"];
        let a = huda.api("GET", &format!("/order/{order}?expand=party"), Json::Null).await;
        let json: Json = serde_json::from_slice(&a.bytes).unwrap();
        assert_eq!(json["_expand"]["party"], Json::Null);
        // His order for her customer is on no list, sum, time line or board of hers.
        let not_hers = office.ids["his_for_hers"].to_string();
        for path in [
            format!("/party/{hers}"),
            format!("/party/{hers}?kind=order"),
            "/order/board".into(),
            "/order/calendar?day=2026-03-10".into(),
            format!("/order?filter={}", enc(&format!("party == id(\"{hers}\")"))),
            "/insight/home?period=all".into(),
        ] {
            let a = huda.page(&path).await;
            assert_eq!(a.status, 200, "{path}");
            let body = String::from_utf8_lossy(&a.bytes);
            assert!(!body.contains(&not_hers), "{path}");
            assert!(!body.contains("7,777") && !body.contains("٧٬٧٧٧"), "his amount at {path}");
        }
        let a = huda.api("GET", &format!("/party/{hers}/timeline?limit=200"), Json::Null).await;
        assert!(!String::from_utf8_lossy(&a.bytes).contains(&not_hers));
        // A reference to his record and one to nothing are refused with the same words.
        let refused = async |t: &mut Try<'_>, party: uuid::Uuid| {
            let a = t.api("POST", "/order", json!({"party": party})).await;
            assert_eq!(a.status, 422);
            told(&a)
        };
        assert_eq!(refused(&mut huda, his).await, refused(&mut huda, uuid::Uuid::from_u128(7)).await);
        // By the key of another system his record is not there; nothing of it changes, and its key stays.
        let bulk = json!({"system": "erp", "mode": "each", "records": [{"key": "omar-1", "values": {"note": "x"}}]});
        let a = huda.api("POST", "/party/bulk", bulk).await;
        let json: Json = serde_json::from_slice(&a.bytes).unwrap();
        assert_eq!(json["refused"], 1, "{json}");
        // Mass changes and exports take ticked records only as far as they are hers.
        let ids = [("id", hers.to_string()), ("id", his.to_string()), ("field", "note".into()), ("note", "x".into())];
        let pairs: Vec<(&str, &str)> = ids.iter().map(|(k, v)| (*k, v.as_str())).collect();
        assert_eq!(huda.post("/party/mass/edit", &pairs).await.status, 404);
        assert!(matches!(huda.post("/party/mass/delete", &pairs).await.status, 403 | 404));
        let a = huda.post("/party/mass/export?format=csv", &pairs).await;
        assert_eq!((a.status, String::from_utf8_lossy(&a.bytes).lines().count()), (200, 2));
        // Her record is as it was, his too.
        let mut admin = Try { office: &office, who: "admin", client: office.client("admin").await, secrets: &[] };
        for (id, note) in [(hers, "notesecret"), (his, "omarsecret")] {
            let a = admin.api("GET", &format!("/party/{id}"), Json::Null).await;
            let json: Json = serde_json::from_slice(&a.bytes).unwrap();
            assert!(json["note"].as_str().unwrap().to_lowercase().contains(note), "{json}");
        }
        // Work of others: imports, views, jobs.
        for path in [format!("/party/import/{}", office.ids["import"]), format!("/party/import/{}/errors", office.ids["import"])] {
            assert!(matches!(huda.page(&path).await.status, 403 | 404), "{path}");
        }
        huda.page(&format!("/party?view={}", office.ids["view"])).await;
        assert_eq!(huda.post(&format!("/party/views/{}/delete", office.ids["view"]), &[]).await.status, 404);

        // Masked and hidden fields are neither filtered, sorted, searched, nor named.
        let mut viewer = Try { office: &office, who: "viewer", client: office.client("viewer").await, secrets: &["mailsecret", "556677889"] };
        for query in [
            format!("filter={}", enc("starts_with(email, \"mail\")")),
            format!("filter={}", enc("exists(members, tax_number != null)")),
            format!("filter={}", enc("parent.birthday != null")),
            "sort=email".into(),
            "sort=birthday".into(),
            "fields=name,tax_number".into(),
        ] {
            assert_eq!(viewer.api("GET", &format!("/party?{query}"), Json::Null).await.status, 422, "{query}");
        }
        for words in ["mailsecre", "556677", "+96655667"] {
            let a = viewer.api("GET", &format!("/party?search={}", enc(words)), Json::Null).await;
            assert_eq!(listed(&a), "200/0", "{words}");
            let a = viewer.api("GET", &format!("/search?q={}", enc(words)), Json::Null).await;
            let json: Json = serde_json::from_slice(&a.bytes).unwrap();
            assert_eq!(json["data"].as_array().map(Vec::len), Some(0), "{words} {json}");
        }
        let a = viewer.api("GET", "/openapi.json", Json::Null).await;
        assert!(!String::from_utf8_lossy(&a.bytes).contains("tax_number"));
        let a = viewer.api("GET", "/objects/party", Json::Null).await;
        assert!(!String::from_utf8_lossy(&a.bytes).contains("tax_number"));
    })
    .await;
}

/// Lines of an import that name what the importer may not see fail as lines that name nothing.
#[tokio::test(flavor = "multi_thread")]
async fn an_import_finds_only_what_the_importer_sees() {
    testdb::both(async |url| {
        let office = office(&url).await;
        let user = office.company.user_by_email("clerk@example.com").await.unwrap().unwrap();
        let clerk = office.company.load_actor(user).await.unwrap().unwrap();
        let hers = office.of("huda", "party");
        let csv = format!("name,parent\nأ,HUDASECRET-1\nب,NOSUCHTHING-1\nج,{hers}\nد,{}\n", uuid::Uuid::from_u128(7));
        let new = engine::import::NewImport { object: "party".into(), name: "p.csv".into(), bytes: csv.into_bytes(), ..Default::default() };
        let staged = office.company.stage_import(&clerk, new).await.unwrap();
        let mut mapping = staged.mapping.clone();
        mapping.fields = ["name", "parent"]
            .map(|c| serde_json::from_value(json!({"target": c, "column": c})).unwrap())
            .into();
        office.company.map_import(&clerk, staged.id, mapping).await.unwrap();
        let counts = office.company.check_import(&clerk, staged.id).await.unwrap();
        assert_eq!((counts.created, counts.failed), (0, 4), "{counts:?}");
        let bad = office.company.import_bad_lines(&clerk, staged.id, 0, 10).await.unwrap();
        let words: Vec<String> = bad
            .iter()
            .map(|b| {
                let typed = &b.cells[1];
                format!("{:?}", b.issues).replace(typed.as_str(), "…")
            })
            .collect();
        assert_eq!(words[0], words[1]);
        assert_eq!(words[2], words[3]);
    })
    .await;
}
