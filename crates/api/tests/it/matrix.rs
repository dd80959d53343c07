//! Role × object × verb × route: every answer's status, as one table in `matrix.txt`.
//!
//! `SILA_WRITE_GOLDEN=1 cargo test -p sila-api matrix` writes it anew; the difference is for a person to read.

use crate::company::{PEOPLE, World, token, world};
use serde_json::{Value as Json, json};
use std::fmt::Write;

/// A record for each try: what an earlier one deleted must not decide the next.
async fn fresh(w: &World, object: &str, owner: &str) -> String {
    let party = w.party("manager", "مؤسسة الواحة", "Oasis", "جدة").await;
    w.patch("manager", &format!("/party/{party}"), json!({"owner": w.users[owner]})).await.is(200);
    if object == "party" { party } else { w.order("manager", &party, "10").await }
}

async fn try_all(w: &World, who: &str, object: &str) -> Vec<(String, u16)> {
    let mut out = Vec::new();
    let mut put = |verb: &str, route: &str, status: u16| out.push((format!("{verb:<7} {route}"), status));
    put("read", &format!("GET /{object}"), w.get(who, &format!("/{object}")).await.status);
    put("read", &format!("GET /{object}?trash=1"), w.get(who, &format!("/{object}?trash=1")).await.status);
    put("read", &format!("GET /objects/{object}"), w.get(who, &format!("/objects/{object}")).await.status);
    put("search", &format!("GET /search?object={object}"), w.get(who, &format!("/search?q=x&object={object}")).await.status);
    let body = if object == "party" { json!({"name": {"ar": "جديد"}}) } else { json!({"party": fresh(w, "party", "sara").await}) };
    put("create", &format!("POST /{object}"), w.post(who, &format!("/{object}"), body.clone()).await.status);
    let bulk = json!({"system": "erp", "records": [{"key": format!("{who}-{object}"), "values": body}]});
    put("create", &format!("POST /{object}/bulk"), w.post(who, &format!("/{object}/bulk"), bulk).await.status);
    for owner in ["sara", "omar"] {
        let id = fresh(w, object, owner).await;
        let at = format!("/{object}/{id}");
        let shown = format!("/{object}/{{of {owner}}}");
        for part in ["", "/timeline", "/history", "/comments", "/files"] {
            put("read", &format!("GET {shown}{part}"), w.get(who, &format!("{at}{part}")).await.status);
        }
        let change = if object == "party" { json!({"city": "مكة"}) } else { json!({"note": "عاجل"}) };
        put("update", &format!("PATCH {shown}"), w.patch(who, &at, change).await.status);
        put("update", &format!("POST {shown}/comments"), w.post(who, &format!("{at}/comments"), json!({"body": "سلام"})).await.status);
        let file = w.request(who, "POST", &format!("{at}/files?name=a.txt")).body(axum::body::Body::from("نص")).unwrap();
        put("update", &format!("POST {shown}/files"), w.send(file).await.status);
        if object == "order" {
            put("confirm", &format!("POST {shown}/confirm"), w.post(who, &format!("{at}/confirm"), Json::Null).await.status);
        }
        put("delete", &format!("DELETE {shown}"), w.delete(who, &at).await.status);
        // From the trash, whoever put it there.
        w.delete("admin", &at).await;
        put("delete", &format!("POST {shown}/restore"), w.post(who, &format!("{at}/restore"), Json::Null).await.status);
        w.delete("admin", &at).await;
        put("delete", &format!("POST {shown}/purge"), w.post(who, &format!("{at}/purge"), Json::Null).await.status);
    }
    out
}

#[tokio::test]
async fn the_matrix_is_as_agreed() {
    let expected = include_str!("matrix.txt");
    testdb::both(async |url| {
        let mut w = world(&url).await;
        // Two tokens of the manager that may less than he: reading only; reading and changing parties only.
        w.tokens.insert("reading", token(&w.company, w.users["manager"], &["read"]).await);
        w.tokens.insert("parties", token(&w.company, w.users["manager"], &["party:read", "party:update"]).await);
        let askers: Vec<&str> = PEOPLE.iter().map(|(p, _)| *p).chain(["reading", "parties"]).collect();
        let mut table = String::new();
        for object in ["party", "order"] {
            let mut columns = Vec::new();
            for who in &askers {
                columns.push(try_all(&w, who, object).await);
            }
            let _ = write!(table, "# {object:<46}");
            for who in &askers {
                let _ = write!(table, "{who:>9}");
            }
            table.push('\n');
            for row in 0..columns[0].len() {
                let _ = write!(table, "{:<48}", columns[0][row].0);
                for c in &columns {
                    let _ = write!(table, "{:>9}", c[row].1);
                }
                table.push('\n');
            }
            table.push('\n');
        }
        if std::env::var("SILA_WRITE_GOLDEN").is_ok() {
            std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/matrix.txt"), &table).unwrap();
            return;
        }
        assert_eq!(table, expected, "the table has changed:\n{table}");
    })
    .await;
}
