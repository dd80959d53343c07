use crate::{PASSWORD, company, forward, key, origin, user};
use auth::{Origin, throttle};
use crate::enter as sign_in;
use kernel::FaultKind;
use std::time::{Duration, Instant};

#[tokio::test]
async fn guessing_gets_slower_and_success_begins_anew() {
    testdb::both(async |url| {
        let (company, _folder) = company(&url).await;
        user(&company, "sara@example.com", "seller").await;
        for _ in 0..5 {
            assert_eq!(key(sign_in(&company, "sara@example.com", "خطأ خطأ خطأ", &origin()).await), "auth-wrong");
        }
        let fault = sign_in(&company, "sara@example.com", PASSWORD, &origin()).await.unwrap_err();
        assert_eq!((fault.kind, throttle::seconds(&fault)), (FaultKind::Throttled, Some(2)));
        // From elsewhere she gets in: nobody can lock her out.
        assert!(sign_in(&company, "sara@example.com", PASSWORD, &Origin::new("203.0.113.1", "")).await.is_ok());
        forward(&company, 2);
        assert_eq!(key(sign_in(&company, "sara@example.com", "خطأ خطأ خطأ", &origin()).await), "auth-wrong");
        let fault = sign_in(&company, "sara@example.com", PASSWORD, &origin()).await.unwrap_err();
        assert_eq!(throttle::seconds(&fault), Some(4));
        forward(&company, 4);
        assert!(sign_in(&company, "sara@example.com", PASSWORD, &origin()).await.is_ok());
        assert_eq!(key(sign_in(&company, "sara@example.com", "خطأ خطأ خطأ", &origin()).await), "auth-wrong");
    })
    .await;
}

#[tokio::test]
async fn parallel_guesses_get_no_more_tries() {
    testdb::both(async |url| {
        let (company, _folder) = company(&url).await;
        user(&company, "sara@example.com", "seller").await;
        let tries = (0..20).map(|i| {
            let company = company.clone();
            tokio::spawn(async move { sign_in(&company, "sara@example.com", &format!("تخمين رقم {i}"), &origin()).await.unwrap_err().kind })
        });
        let mut wrong = 0;
        for t in tries.collect::<Vec<_>>() {
            match t.await.unwrap() {
                FaultKind::Unauthenticated => wrong += 1,
                FaultKind::Throttled => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(wrong, 5);
    })
    .await;
}

#[tokio::test]
async fn one_address_cannot_try_many_people() {
    testdb::both(async |url| {
        let (company, _folder) = company(&url).await;
        let mut wrong = 0;
        for i in 0..45 {
            match sign_in(&company, &format!("p{i}@example.com"), "خطأ خطأ خطأ", &origin()).await.unwrap_err().kind {
                FaultKind::Unauthenticated => wrong += 1,
                kind => assert_eq!(kind, FaultKind::Throttled),
            }
        }
        assert_eq!(wrong, 40);
    })
    .await;
}

#[tokio::test]
async fn an_unknown_person_gets_the_same_answer_in_the_same_time() {
    testdb::both(async |url| {
        let (company, _folder) = company(&url).await;
        user(&company, "sara@example.com", "seller").await;
        auth::password::warm().await.unwrap();
        let mut times = [Duration::MAX; 2];
        for round in 0..4 {
            for (i, email) in ["sara@example.com", "nobody@example.com"].into_iter().enumerate() {
                let began = Instant::now();
                let fault = sign_in(&company, email, "خطأ خطأ خطأ", &Origin::new(format!("192.0.2.{round}"), "")).await.unwrap_err();
                times[i] = times[i].min(began.elapsed());
                assert_eq!((fault.kind, fault.issues[0].key.as_str()), (FaultKind::Unauthenticated, "auth-wrong"));
            }
        }
        // Without the dummy hash the unknown one would be some fifty times quicker; a busy machine makes a difference of two or three.
        assert!(times[1] * 8 > times[0], "{times:?}");
    })
    .await;
}

#[tokio::test]
async fn old_attempts_and_sessions_go_away() {
    testdb::both(async |url| {
        let (company, _folder) = company(&url).await;
        user(&company, "sara@example.com", "seller").await;
        sign_in(&company, "sara@example.com", PASSWORD, &origin()).await.unwrap();
        let rows = async |table: &str| {
            let mut conn = company.db().read().await.unwrap();
            let mut sql = conn.sql();
            sql.push("SELECT COUNT(*) FROM ").ident(table);
            conn.int(&sql).await.unwrap().unwrap()
        };
        assert_eq!((rows("sila_attempt").await, rows("sila_session").await), (1, 1));
        // A whole second divides by 32 microseconds, so this attempt is one that tidies.
        forward(&company, 60 * 86_400);
        sign_in(&company, "sara@example.com", PASSWORD, &Origin::new("203.0.113.9", "")).await.unwrap();
        assert_eq!((rows("sila_attempt").await, rows("sila_session").await), (1, 1));
    })
    .await;
}
