//! Signing in with the name and password of a directory: a real OpenLDAP server, both databases.

use crate::{PASSWORD, company, key, origin, user};
use auth::sso::ldap::{Synced, sync};
use auth::sso::{self, Group, People, Provider, Way};
use auth::{Entry, Secret, sign_in};
use directory::Settings;
use engine::settings::SignIn;
use engine::{Actor, Company};
use kernel::Label;
use testdb::ldap::{BASE, BIND, Directory, SECRET};

const NOURA: &str = "uid=noura,ou=people,dc=example,dc=sa";
const THEIRS: &str = "كلمة الدليل الطويلة 17";

fn start() -> Directory {
    let person = |uid: &str, cn: &str| format!("dn: uid={uid},ou=people,{BASE}\nobjectClass: inetOrgPerson\nuid: {uid}\ncn: {cn}\nsn: {cn}\nmail: {uid}@example.sa\n\n");
    let d = Directory::start(&format!(
        "dn: ou=people,{BASE}\nobjectClass: organizationalUnit\nou: people\n\n{}{}{}\
         dn: cn=sales,{BASE}\nobjectClass: groupOfNames\ncn: sales\nmember: {NOURA}\n\n\
         dn: cn=admins,{BASE}\nobjectClass: groupOfNames\ncn: admins\nmember: uid=sara,ou=people,{BASE}\n\n",
        person("noura", "نورة العتيبي"),
        person("sara", "سارة القحطاني"),
        person("huda", "هدى الزهراني"),
    ));
    for uid in ["noura", "sara", "huda"] {
        d.password(&format!("uid={uid},ou=people,{BASE}"), THEIRS);
    }
    d
}

async fn set_up(company: &Company, d: &Directory) {
    let line = |group: &str, role: &str| Group { group: group.into(), role: role.into(), team: None };
    let settings = Settings { host: "localhost".into(), port: d.port_tls, authority: d.authority.clone(), bind: BIND.into(), base: BASE.into(), ..Settings::default() };
    let people = People { create: true, groups: vec![line("sales", "seller"), line("admins", "admin")], ..People::default() };
    let provider = Provider { key: "ad".into(), active: true, label: Label::owned("الدليل".to_owned(), "Directory".to_owned()), people, way: Way::Ldap(settings) };
    company.reach_inside(true).await.unwrap();
    sso::save(company, &company.system(), provider, Some(&Secret::new(SECRET)), true).await.unwrap();
}

async fn enter(company: &Company, login: &str, password: &str) -> kernel::Outcome<(Secret, Actor)> {
    match sign_in(company, login, password, &origin()).await? {
        Entry::In(token, actor) => Ok((token, actor)),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn plt_7_people_of_the_directory_sign_in_with_its_password() {
    testdb::both(|url| async move {
        let d = start();
        let (company, _folder) = company(&url).await;
        user(&company, "boss@example.sa", "admin").await;
        set_up(&company, &d).await;
        let (_, noura) = enter(&company, "noura", THEIRS).await.unwrap();
        assert_eq!((noura.email.as_str(), noura.name.ar.as_str(), noura.roles.as_slice()), ("noura@example.sa", "نورة العتيبي", ["seller".to_owned()].as_slice()));
        let (_, again) = enter(&company, "Noura@example.sa", THEIRS).await.unwrap();
        assert_eq!(again.id, noura.id);
        // She does not take herself off the list of those whom the directory may switch off.
        assert_eq!(key(sso::link::untie(&company, &noura, noura.id, "ldap:ad").await), "fault-not-found");
        // Wrong, empty, unknown, made to be a filter: one answer.
        for (login, password) in [("noura", "خطأ"), ("noura", ""), ("nobody", THEIRS), ("*", THEIRS), ("noura)(uid=*", THEIRS), ("nour*", THEIRS)] {
            assert_eq!(key(enter(&company, login, password).await), "auth-wrong", "{login}");
        }
        // Passwords of Sila's own go on working, until the company wants none of them.
        enter(&company, "boss@example.sa", PASSWORD).await.unwrap();
        let rules = SignIn { only_sso: true, ..SignIn::default() };
        company.save_settings(&company.system(), engine::Settings { sign_in: rules, ..engine::Settings::clone(&company.settings()) }).await.unwrap();
        assert_eq!(key(enter(&company, "boss@example.sa", PASSWORD).await), "auth-wrong");
        enter(&company, "noura", THEIRS).await.unwrap();
        // Switched off there: out, and told so only with the right password.
        let off = "changetype: modify\nadd: objectClass\nobjectClass: directoryAccount\n-\nadd: userAccountControl\nuserAccountControl: 514\n\n";
        d.change("ldapmodify", &format!("dn: uid=huda,ou=people,{BASE}\n{off}"));
        assert_eq!(key(enter(&company, "huda", THEIRS).await), "sso-inactive");
        assert_eq!(key(enter(&company, "huda", "خطأ").await), "auth-wrong");
        d.change("ldapdelete", NOURA);
        assert_eq!(key(enter(&company, "noura", THEIRS).await), "auth-wrong", "gone there");
        d.stop();
        assert_eq!(key(enter(&company, "sara", THEIRS).await), "ldap-down");

        // The service account's password does not lie open.
        let mut conn = company.db().read().await.unwrap();
        let mut sql = conn.sql();
        sql.push("SELECT secret FROM sila_provider");
        assert!(conn.text(&sql).await.unwrap().unwrap().starts_with("s1."));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn plt_7_who_leaves_the_directory_is_out_but_never_the_last_administrator() {
    testdb::both(|url| async move {
        let d = start();
        let (company, _folder) = company(&url).await;
        set_up(&company, &d).await;
        let boss = user(&company, "boss@example.sa", "admin").await;
        let (noura_token, noura) = enter(&company, "noura", THEIRS).await.unwrap();
        let (_, huda) = enter(&company, "huda", THEIRS).await.unwrap();
        let (_, sara) = enter(&company, "sara", THEIRS).await.unwrap();
        assert_eq!(sara.roles, ["admin"]);
        assert_eq!(sync(&company, "ad").await.unwrap(), Synced { there: 3, off: 0 });

        d.change("ldapdelete", NOURA);
        d.change("ldapmodify", &format!("dn: cn=sales,{BASE}\nchangetype: modify\nreplace: member\nmember: uid=huda,ou=people,{BASE}\n\n"));
        assert_eq!(sync(&company, "ad").await.unwrap(), Synced { there: 2, off: 1 });
        assert!(company.load_actor(noura.id).await.unwrap().is_none());
        assert!(auth::actor_of_session(&company, &noura_token).await.unwrap().is_none());
        assert_eq!(company.load_actor(huda.id).await.unwrap().unwrap().roles, ["seller"], "roles follow without a sign-in");
        assert_eq!(sync(&company, "ad").await.unwrap().off, 0, "once");
        assert!(company.load_actor(boss).await.unwrap().is_some(), "a user of Sila's own is none of the directory's business");

        // Another base, or another id: nobody is there any more, and nobody is switched off for it.
        let with = async |settings: Settings| {
            let provider = Provider { way: Way::Ldap(settings), ..sso::get(&company, &company.system(), "ad").await.unwrap() };
            sso::save(&company, &company.system(), provider, None, false).await.unwrap();
        };
        let Way::Ldap(settings) = sso::get(&company, &company.system(), "ad").await.unwrap().way else { panic!() };
        with(Settings { filter: "(&(objectClass=simpleSecurityObject)(cn={login}))".into(), ..settings.clone() }).await;
        assert_eq!(key(sync(&company, "ad").await), "ldap-failed-search");
        with(Settings { id: "uid".into(), ..settings.clone() }).await;
        assert_eq!(sync(&company, "ad").await.unwrap(), Synced { there: 2, off: 0 });
        assert_eq!(enter(&company, "huda", THEIRS).await.unwrap().1.id, huda.id, "found by her address once more");
        with(settings).await;
        for uid in ["huda", "sara"] {
            enter(&company, uid, THEIRS).await.unwrap();
        }

        // The last administrator stays, though he left.
        let mut cx = company.write(&company.system()).await.unwrap();
        cx.save("user", engine::Draft::of(boss).set("active", false)).await.unwrap();
        cx.commit().await.unwrap();
        d.change("ldapdelete", &format!("uid=sara,ou=people,{BASE}"));
        assert_eq!(sync(&company, "ad").await.unwrap(), Synced { there: 1, off: 0 });
        assert!(company.load_actor(sara.id).await.unwrap().unwrap().policy.admin);

        // A directory that is empty or down switches nobody off.
        d.change("ldapdelete", &format!("uid=huda,ou=people,{BASE}"));
        assert_eq!(key(sync(&company, "ad").await), "ldap-failed-search");
        d.stop();
        assert_eq!(key(sync(&company, "ad").await), "ldap-failed-reach");
        assert!(company.load_actor(huda.id).await.unwrap().is_some());
    })
    .await;
}
