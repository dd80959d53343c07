use crate::{PASSWORD, company, forward, key, origin, user};
use auth::{Secret, actor_of_session, reset};
use crate::enter as sign_in;
use std::path::Path;

const NEW: &str = "باب أزرق تحت النخلة";

/// The letters in the company's folder, decoded enough to read a link.
fn letters(folder: &Path) -> Vec<String> {
    let Ok(dir) = std::fs::read_dir(folder.join("mail")) else { return Vec::new() };
    dir.map(|f| std::fs::read_to_string(f.unwrap().path()).unwrap()).collect()
}

fn decoded(letter: &str) -> String {
    use base64::Engine;
    letter
        .split("\r\n\r\n")
        .filter_map(|part| {
            let body: String = part.split("\r\n--").next()?.split_whitespace().collect();
            String::from_utf8(base64::engine::general_purpose::STANDARD.decode(body).ok()?).ok()
        })
        .collect::<Vec<_>>()
        .join("\n")
}

#[tokio::test]
async fn a_letter_sets_a_new_password_once() {
    testdb::both(async |url| {
        let (company, folder) = company(&url).await;
        let sara = user(&company, "sara@example.com", "seller").await;
        let (session, _) = sign_in(&company, "sara@example.com", PASSWORD, &origin()).await.unwrap();
        reset::request(&company, "Sara@example.com", &origin()).await.unwrap();
        reset::request(&company, "nobody@example.com", &origin()).await.unwrap();
        engine::runner::run_due(&company, &auth::jobs()).await.unwrap();
        let letters = letters(folder.path());
        assert_eq!(letters.len(), 1);
        let text = decoded(&letters[0]);
        assert!(text.contains("مرحبًا سارة الخالد") && text.contains("dir=\"rtl\""), "{text}");
        let token = text.split("/reset?token=").nth(1).unwrap().split_whitespace().next().unwrap();
        let token = Secret::new(token);

        assert!(reset::works(&company, &token).await.unwrap());
        assert_eq!(key(reset::redeem(&company, &token, &Secret::new("قصيرة")).await), "auth-password-short");
        let sister = reset::issue(&company, sara).await.unwrap();
        reset::redeem(&company, &token, &Secret::new(NEW)).await.unwrap();
        assert_eq!(key(reset::redeem(&company, &token, &Secret::new(NEW)).await), "auth-reset-spent");
        assert_eq!(key(reset::redeem(&company, &sister, &Secret::new(NEW)).await), "auth-reset-spent");
        assert!(actor_of_session(&company, &session).await.unwrap().is_none());
        assert!(sign_in(&company, "sara@example.com", NEW, &origin()).await.is_ok());

        let late = reset::issue(&company, sara).await.unwrap();
        forward(&company, 3_601);
        assert_eq!(key(reset::redeem(&company, &late, &Secret::new(NEW)).await), "auth-reset-spent");
    })
    .await;
}

#[tokio::test]
async fn two_use_one_link_at_the_same_time() {
    testdb::both(async |url| {
        let (company, _folder) = company(&url).await;
        let sara = user(&company, "sara@example.com", "seller").await;
        let token = reset::issue(&company, sara).await.unwrap();
        let both = [0, 1].map(|_| {
            let (company, token) = (company.clone(), token.clone());
            tokio::spawn(async move { reset::redeem(&company, &token, &Secret::new(NEW)).await.is_ok() })
        });
        let mut done = 0;
        for b in both {
            done += i32::from(b.await.unwrap());
        }
        assert_eq!(done, 1);
    })
    .await;
}
