use crate::{PASSWORD, company, forward, key, origin, user};
use auth::{Origin, Secret, actor_of_session, session, sign_out};
use crate::enter as sign_in;
use engine::Draft;
use kernel::ColumnType;

#[tokio::test]
async fn a_session_slides_ends_and_can_be_revoked() {
    testdb::both(async |url| {
        let (company, _folder) = company(&url).await;
        let sara = user(&company, "sara@example.com", "seller").await;
        let admin = user(&company, "admin@example.com", "admin").await;
        let (token, actor) = sign_in(&company, "SARA@example.com ", PASSWORD, &origin()).await.unwrap();
        assert_eq!(actor.id, sara);
        assert_eq!(actor.name.ar, "سارة الخالد");

        // Used every ten days it lives on, to the ninetieth day and no longer.
        for _ in 0..8 {
            forward(&company, 10 * 86_400);
            assert!(actor_of_session(&company, &token).await.unwrap().is_some());
        }
        forward(&company, 11 * 86_400);
        assert!(actor_of_session(&company, &token).await.unwrap().is_none());

        // Unused it ends after fourteen days.
        let (token, _) = sign_in(&company, "sara@example.com", PASSWORD, &origin()).await.unwrap();
        forward(&company, 14 * 86_400 + 1);
        assert!(actor_of_session(&company, &token).await.unwrap().is_none());

        let (first, actor) = sign_in(&company, "sara@example.com", PASSWORD, &origin()).await.unwrap();
        let (second, _) = sign_in(&company, "sara@example.com", PASSWORD, &Origin::new("198.51.100.9", "هاتف")).await.unwrap();
        let list = session::list(&company, &actor, sara).await.unwrap();
        assert_eq!(list.len(), 2);
        assert!(list.iter().any(|s| s.ip == "198.51.100.9" && s.agent == "هاتف"));
        let (second_id, _) = session::current(&company, &second).await.unwrap().unwrap();

        assert_eq!(key(session::list(&company, &actor, admin).await), "fault-not-found");
        session::revoke(&company, &actor, sara, second_id).await.unwrap();
        assert!(actor_of_session(&company, &second).await.unwrap().is_none());
        assert_eq!(key(session::revoke(&company, &actor, sara, second_id).await), "fault-not-found");

        let boss = company.load_actor(admin).await.unwrap().unwrap();
        assert_eq!(session::revoke_others(&company, &boss, sara, None).await.unwrap(), 1);
        assert!(actor_of_session(&company, &first).await.unwrap().is_none());

        let (token, _) = sign_in(&company, "sara@example.com", PASSWORD, &origin()).await.unwrap();
        sign_out(&company, &token).await.unwrap();
        assert!(actor_of_session(&company, &token).await.unwrap().is_none());
        sign_out(&company, &Secret::new("unknown")).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn who_is_made_inactive_is_out_at_once() {
    testdb::both(async |url| {
        let (company, _folder) = company(&url).await;
        let sara = user(&company, "sara@example.com", "seller").await;
        let (token, _) = sign_in(&company, "sara@example.com", PASSWORD, &origin()).await.unwrap();
        let mut cx = company.write(&company.system()).await.unwrap();
        cx.save("user", Draft::of(sara).set("active", false)).await.unwrap();
        cx.commit().await.unwrap();
        assert!(actor_of_session(&company, &token).await.unwrap().is_none());
        assert_eq!(key(sign_in(&company, "sara@example.com", PASSWORD, &origin()).await), "auth-wrong");
    })
    .await;
}

#[tokio::test]
async fn no_secret_lies_in_the_database() {
    testdb::both(async |url| {
        let (company, _folder) = company(&url).await;
        let sara = user(&company, "sara@example.com", "seller").await;
        let (token, actor) = sign_in(&company, "sara@example.com", PASSWORD, &origin()).await.unwrap();
        let (api, _) = auth::token::create(&company, &actor, sara, "مزامنة", &["read".into()], None).await.unwrap();
        let link = auth::reset::issue(&company, sara).await.unwrap();
        let mut conn = company.db().read().await.unwrap();
        for (table, column) in [("sila_session", "token_hash"), ("sila_token", "token_hash"), ("sila_reset", "token_hash"), ("sila_credential", "password_hash")] {
            let mut sql = conn.sql();
            sql.push("SELECT ").ident(column).push(" FROM ").ident(table);
            let rows = conn.rows(&sql, &[ColumnType::Text]).await.unwrap();
            assert_eq!(rows.len(), 1, "{table}");
            for secret in [token.reveal(), api.reveal(), link.reveal(), PASSWORD] {
                assert!(!rows[0][0].text().unwrap().contains(secret), "{table}");
            }
        }
    })
    .await;
}
