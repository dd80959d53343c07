use crate::{company, forward, key, user};
use auth::{Secret, actor_of_token, token};
use kernel::Verb;

#[tokio::test]
async fn a_token_acts_within_its_scopes_until_it_ends() {
    testdb::both(async |url| {
        let (company, _folder) = company(&url).await;
        let sara = user(&company, "sara@example.com", "seller").await;
        let admin = user(&company, "admin@example.com", "admin").await;
        let actor = company.load_actor(sara).await.unwrap().unwrap();
        let registry = company.registry();
        let object = registry.object("user").unwrap();

        let until = company.now() + jiff::SignedDuration::from_hours(24);
        let (secret, made) = token::create(&company, &actor, sara, "تقارير", &["read".into()], Some(until)).await.unwrap();
        assert!(secret.reveal().starts_with("sila_"));
        let reader = actor_of_token(&company, &secret).await.unwrap().unwrap();
        assert_eq!(reader.id, sara);
        assert!(reader.may(object, &Verb::Read) && !reader.may(object, &Verb::Update));
        assert!(token::list(&company, &actor, sara).await.unwrap()[0].last_used.is_some());

        let (narrow, _) = token::create(&company, &actor, sara, "مستخدمون", &["user:update".into(), "user:read".into()], None).await.unwrap();
        let narrow = actor_of_token(&company, &narrow).await.unwrap().unwrap();
        assert!(narrow.may(object, &Verb::Update) && !narrow.may(object, &Verb::Delete));
        // A token without the scope admin makes no further tokens.
        assert_eq!(key(token::create(&company, &narrow, sara, "ثان", &["write".into()], None).await), "fault-not-found");

        assert_eq!(key(token::create(&company, &actor, admin, "س", &["read".into()], None).await), "fault-not-found");
        let past = Some(company.now());
        let fault = token::create(&company, &actor, sara, " ", &["king".into(), "ghost:read".into()], past).await.unwrap_err();
        let keys: Vec<&str> = fault.issues.iter().map(|i| i.key.as_str()).collect();
        assert_eq!(keys, ["value-required", "auth-unknown-scope", "auth-unknown-scope", "auth-expires-past"]);

        forward(&company, 24 * 3_600 + 1);
        assert!(actor_of_token(&company, &secret).await.unwrap().is_none());
        token::revoke(&company, &actor, sara, made.id).await.unwrap();
        assert_eq!(token::list(&company, &actor, sara).await.unwrap().len(), 1);
        assert!(actor_of_token(&company, &Secret::new("sila_غير معروف")).await.unwrap().is_none());
    })
    .await;
}
