use crate::{PASSWORD, company, key, origin};
use auth::{Secret, Setup, actor_of_session, needs_setup, setup};
use kernel::Name;

fn wizard(email: &str) -> Setup {
    Setup {
        company: Name::new("مؤسسة الواحة", "Oasis"),
        country: "kw".into(),
        lang: "ar".into(),
        email: email.into(),
        name: Name::new("منال", "Manal"),
        password: Some(Secret::new(PASSWORD)),
        ..Setup::default()
    }
}

#[tokio::test]
async fn the_first_person_makes_the_company() {
    testdb::both(async |url| {
        let (company, _folder) = company(&url).await;
        assert!(needs_setup(&company).await.unwrap());
        let empty = setup::run(&company, &Setup::default(), &origin()).await.unwrap_err();
        let fields: Vec<&str> = empty.issues.iter().map(|i| i.field.as_str()).collect();
        assert_eq!(fields, ["company", "password", "country"]);

        let (token, actor) = setup::run(&company, &wizard("manal@example.com"), &origin()).await.unwrap();
        assert!(actor.policy.admin);
        assert!(actor_of_session(&company, &token).await.unwrap().is_some());
        let settings = company.settings();
        assert_eq!((settings.name.ar.as_str(), settings.currency.as_str(), settings.zone.as_str()), ("مؤسسة الواحة", "KWD", "Asia/Kuwait"));
        assert!(!needs_setup(&company).await.unwrap());
        assert_eq!(key(setup::run(&company, &wizard("other@example.com"), &origin()).await), "auth-setup-done");
    })
    .await;
}

#[tokio::test]
async fn of_two_wizards_one_wins() {
    testdb::both(async |url| {
        let (company, _folder) = company(&url).await;
        let both = ["a@example.com", "b@example.com"].map(|email| {
            let company = company.clone();
            tokio::spawn(async move { setup::run(&company, &wizard(email), &origin()).await.is_ok() })
        });
        let mut won = 0;
        for b in both {
            won += i32::from(b.await.unwrap());
        }
        assert_eq!(won, 1);
        let mut conn = company.db().read().await.unwrap();
        let mut sql = conn.sql();
        sql.push("SELECT COUNT(*) FROM \"user\"");
        assert_eq!(conn.int(&sql).await.unwrap(), Some(1));
    })
    .await;
}
