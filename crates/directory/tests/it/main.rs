//! A real OpenLDAP server: people found, passwords tried, the way there protected, and each step that can fail.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

extern crate sila_directory as directory;

use directory::{Security, Settings, Step, all, find, is_password, trial};
use testdb::ldap::{BASE, BIND, Directory, SECRET};

const NOURA: &str = "uid=noura,ou=people,dc=example,dc=sa";
const PASSWORD: &str = "نخلة خضراء عند الباب";

fn people() -> String {
    let person = |uid: &str, cn: &str, mail: &str| format!("dn: uid={uid},ou=people,{BASE}\nobjectClass: inetOrgPerson\nuid: {uid}\ncn: {cn}\nsn: {cn}\nmail: {mail}\n\n");
    format!(
        "dn: ou=people,{BASE}\nobjectClass: organizationalUnit\nou: people\n\ndn: ou=groups,{BASE}\nobjectClass: organizationalUnit\nou: groups\n\n{}{}{}{}\
         dn: cn=المبيعات,ou=groups,{BASE}\nobjectClass: groupOfNames\ncn: المبيعات\nmember: {NOURA}\n\n",
        person("noura", "نورة العتيبي", "Noura@example.sa"),
        person("a*b", "نجمة (في الاسم)", "star@example.sa"),
        person("twin", "توأم", "twin@example.sa"),
        person("twin2", "توأم ثانية", "twin@example.sa"),
    )
}

fn settings(d: &Directory) -> Settings {
    Settings { host: "localhost".into(), port: d.port_tls, authority: d.authority.clone(), bind: BIND.into(), base: BASE.into(), ..Settings::default() }
}

fn start() -> Directory {
    let d = Directory::start(&people());
    d.password(NOURA, PASSWORD);
    d
}

#[tokio::test(flavor = "multi_thread")]
async fn plt_7_people_are_found_and_their_passwords_tried() {
    let d = start();
    let s = settings(&d);
    let noura = find(&s, SECRET, " noura ", true).await.unwrap().unwrap();
    assert_eq!((noura.dn.as_str(), noura.mail.as_str(), noura.name.as_str()), (NOURA, "noura@example.sa", "نورة العتيبي"));
    assert_eq!(noura.id.len(), 36, "entryUUID: {}", noura.id);
    assert!(noura.groups.contains(&"المبيعات".to_owned()), "{:?}", noura.groups);
    assert!(!noura.disabled);
    assert_eq!(find(&s, SECRET, "NOURA@example.sa", true).await.unwrap().unwrap().id, noura.id);
    // What is typed is a value and nothing else.
    for typed in ["*", "nour*", "noura)(uid=*", "*)(objectClass=*", "", "nobody", "noura\0", &"x".repeat(300)] {
        assert_eq!(find(&s, SECRET, typed, true).await.unwrap(), None, "{typed}");
    }
    assert_eq!(find(&s, SECRET, "a*b", true).await.unwrap().unwrap().mail, "star@example.sa");
    assert_eq!(find(&s, SECRET, "twin@example.sa", true).await.unwrap(), None, "two are nobody");

    assert!(is_password(&s, NOURA, PASSWORD, true).await.unwrap());
    for wrong in ["", "خطأ", "\0"] {
        assert!(!is_password(&s, NOURA, wrong, true).await.unwrap(), "{wrong:?}");
    }
    assert!(!is_password(&s, "", PASSWORD, true).await.unwrap());
    // Groups by search, where the server keeps no memberOf.
    let by_search = Settings { member_of: String::new(), group_base: format!("ou=groups,{BASE}"), ..s.clone() };
    assert!(find(&by_search, SECRET, "noura", true).await.unwrap().unwrap().groups.contains(&"المبيعات".to_owned()));
    assert_eq!(all(&s, SECRET, true).await.unwrap().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn plt_7_the_way_there_is_protected() {
    let d = start();
    let tls = settings(&d);
    assert!(find(&tls, SECRET, "noura", true).await.unwrap().is_some());
    let start_tls = Settings { security: Security::StartTls, port: d.port, ..tls.clone() };
    assert!(find(&start_tls, SECRET, "noura", true).await.unwrap().is_some());
    let plain = Settings { security: Security::Plain, port: d.port, ..tls.clone() };
    assert!(find(&plain, SECRET, "noura", true).await.unwrap().is_some(), "this machine");

    let fails = async |s: Settings, inside: bool| find(&s, SECRET, "noura", inside).await.unwrap_err().step;
    // An authority nobody told us of, a name the certificate is not for, no certificate at all.
    assert_eq!(fails(Settings { authority: String::new(), ..tls.clone() }, true).await, Step::Encrypt);
    assert_eq!(fails(Settings { host: "127.0.0.1".into(), ..tls.clone() }, true).await, Step::Encrypt);
    assert_eq!(fails(Settings { authority: "ليست شهادة".into(), ..tls.clone() }, true).await, Step::Encrypt);
    assert_eq!(fails(Settings { authority: Directory::start("").authority.clone(), ..start_tls }, true).await, Step::Encrypt);
    // Through the network nothing travels unprotected unless told; not even a connection is made.
    assert_eq!(fails(Settings { host: "192.0.2.1".into(), ..plain }, true).await, Step::Encrypt);
    // Without the operator's leave nothing inside is called.
    assert_eq!(fails(tls, false).await, Step::Reach);
}

#[tokio::test(flavor = "multi_thread")]
async fn plt_7_the_trial_says_which_step_failed() {
    let d = start();
    let good = settings(&d);
    let (count, one) = trial(&good, SECRET, true).await.unwrap();
    assert_eq!(count, 4);
    assert!(one.dn.ends_with(BASE));
    let step = async |s: Settings, secret: &str| trial(&s, secret, true).await.unwrap_err().step;
    assert_eq!(step(Settings { port: 1, ..good.clone() }, SECRET).await, Step::Reach);
    assert_eq!(step(Settings { host: "no-such-host.invalid".into(), ..good.clone() }, SECRET).await, Step::Reach);
    assert_eq!(step(Settings { authority: String::new(), ..good.clone() }, SECRET).await, Step::Encrypt);
    assert_eq!(step(good.clone(), "خطأ").await, Step::Bind);
    assert_eq!(step(good.clone(), "").await, Step::Bind);
    assert_eq!(step(Settings { base: "ou=nowhere,dc=example,dc=sa".into(), ..good.clone() }, SECRET).await, Step::Search);
    assert_eq!(step(Settings { filter: "(&(objectClass=device)(uid={login}))".into(), ..good.clone() }, SECRET).await, Step::Search);
    assert_eq!(step(Settings { mail: "telephoneNumber".into(), ..good.clone() }, SECRET).await, Step::Read);
    d.stop();
    assert_eq!(step(good, SECRET).await, Step::Reach);
}

#[tokio::test(flavor = "multi_thread")]
async fn plt_7_a_large_directory_comes_page_by_page() {
    let many: String = (0..1_234).map(|n| format!("dn: uid=p{n},ou=people,{BASE}\nobjectClass: inetOrgPerson\nuid: p{n}\ncn: موظف {n}\nsn: x\nmail: p{n}@example.sa\n\n")).collect();
    let d = Directory::start(&(people() + &many));
    let found = all(&settings(&d), SECRET, true).await.unwrap();
    assert_eq!(found.len(), 1_238, "the server gives 500 at once");
    let ids: std::collections::BTreeSet<&str> = found.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(ids.len(), found.len());
}
