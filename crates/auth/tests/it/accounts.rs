use crate::{PASSWORD, company, key, origin, user};
use auth::{NewUser, Secret, account};
use crate::enter as sign_in;
use kernel::Name;

#[tokio::test]
async fn users_are_checked_and_get_exactly_their_roles() {
    testdb::both(async |url| {
        let (company, _folder) = company(&url).await;
        let id = user(&company, " Sara@Example.com ", "seller").await;
        assert_eq!(company.roles_of(id).await.unwrap(), ["seller"]);
        let actor = company.load_actor(id).await.unwrap().unwrap();
        assert_eq!(actor.email, "sara@example.com");
        assert!(!actor.policy.admin);

        let bad = NewUser { email: "ليس بريدًا".into(), password: Some(Secret::new("قصيرة")), roles: vec!["king".into()], ..NewUser::default() };
        let fault = auth::create_user(&company, &company.system(), &bad).await.unwrap_err();
        let fields: Vec<&str> = fault.issues.iter().map(|i| i.field.as_str()).collect();
        assert_eq!(fields, ["email", "name", "password", "roles"]);

        let new = NewUser { email: "ali@example.com".into(), name: Name::new("علي", ""), ..NewUser::default() };
        assert_eq!(key(auth::create_user(&company, &actor, &new).await), "fault-forbidden");
        let twice = NewUser { email: "SARA@example.com".into(), name: Name::new("أخرى", ""), ..NewUser::default() };
        assert_eq!(key(auth::create_user(&company, &company.system(), &twice).await), "value-not-unique");
    })
    .await;
}

#[tokio::test]
async fn changing_a_password_needs_the_old_one_and_ends_other_sessions() {
    testdb::both(async |url| {
        let (company, _folder) = company(&url).await;
        user(&company, "sara@example.com", "seller").await;
        let (here, actor) = sign_in(&company, "sara@example.com", PASSWORD, &origin()).await.unwrap();
        let (there, _) = sign_in(&company, "sara@example.com", PASSWORD, &origin()).await.unwrap();
        let (session, _) = auth::session::current(&company, &here).await.unwrap().unwrap();
        let new = Secret::new("باب أزرق تحت النخلة");
        assert_eq!(key(account::change_password(&company, &actor, &Secret::new("غير صحيحة أبدا"), &new, Some(session)).await), "auth-old-wrong");
        assert_eq!(key(account::change_password(&company, &actor, &Secret::new(PASSWORD), &Secret::new("sara"), Some(session)).await), "auth-password-short");
        account::change_password(&company, &actor, &Secret::new(PASSWORD), &new, Some(session)).await.unwrap();
        assert!(auth::actor_of_session(&company, &here).await.unwrap().is_some());
        assert!(auth::actor_of_session(&company, &there).await.unwrap().is_none());
        assert_eq!(key(sign_in(&company, "sara@example.com", PASSWORD, &origin()).await), "auth-wrong");
        assert!(sign_in(&company, "sara@example.com", new.reveal(), &origin()).await.is_ok());
    })
    .await;
}
