//! The paper: the same figures as the API, in either language, whatever people wrote.

use crate::{act, company, d, get, line, product, sar, save};
use engine::{Company, Draft};
use kernel::Name;
use kernel::uuid::Uuid;
use std::path::Path;
use std::process::Command;

/// The text of the quote's PDF, without the marks that steer direction.
async fn words(company: &Company, quote: Uuid, name: &str) -> String {
    let (file, bytes) = sila_quotes::paper::pdf(company, quote).await.unwrap();
    assert!(file.ends_with(".pdf"));
    let path = std::env::temp_dir().join(format!("quote-{}-{quote}.pdf", std::process::id()));
    std::fs::write(&path, &bytes).unwrap();
    if let Some(folder) = std::env::var_os("SILA_PRINT_PAGES") {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(Path::new(&folder).join(format!("{name}.pdf")), &bytes).unwrap();
    }
    let out = Command::new("pdftotext").args(["-enc", "UTF-8", "-nopgbrk", path.to_str().unwrap(), "-"]).output().expect("poppler-utils (Debian) must be installed");
    let _ = std::fs::remove_file(&path);
    assert!(out.status.success());
    text::bidi::strip(&String::from_utf8_lossy(&out.stdout)).split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn offer(company: &Company, language: &str) -> Uuid {
    let address = kernel::Address { street: "شارع العليا".into(), city: "الرياض".into(), country: "SA".into(), ..kernel::Address::default() };
    let party = Draft::new().set("name", Name::new("مؤسسة نور الشام", "Noor Al Sham Est.")).set("kind", "organisation").set("tax_number", "310123456700003").set("address", address);
    let party = save(company, "party", party).await;
    let (a, b) = (product(company, &format!("A-{language}"), "صندوق هدايا", 10_000).await, product(company, &format!("B-{language}"), "شمعة عود", 3_333).await);
    let q = save(company, "quote", Draft::new().set("party", party).set("language", language).set("subject", "هدايا رمضان").set("terms", "الدفع خلال 30 يومًا.\nالتسليم في الرياض.")).await;
    save(company, "quote_line", line(q, a, "10").set("discount_rate", d("10"))).await;
    save(company, "quote_line", line(q, b, "2.5")).await;
    save(company, "quote_line", line(q, b, "1").set("optional", true)).await;
    save(company, "quote", Draft::of(q).set("discount_amount", sar(5_000))).await;
    q
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sal_6_paper_and_api_say_the_same() {
    let db = testdb::TestDb::sqlite();
    let dir = testdb::TempFolder::new();
    let company = company(&db.url, dir.path()).await;
    let mut settings = engine::settings::Settings { name: Name::new("شركة الروابي للتجارة", "Al Rawabi Trading Co."), ..engine::settings::Settings::default() };
    settings.url = "https://crm.rawabi.example".into();
    company.save_settings(&company.system(), settings).await.unwrap();
    let head = ["address_ar", "address_en", "phone", "email", "tax_number", "register_number"].into_iter().zip(["طريق الملك فهد، الرياض", "King Fahd Road, Riyadh", "+966112345678", "sales@rawabi.example", "310999999900003", "1010123456"]);
    let form = engine::Form { pairs: head.map(|(k, v)| (k.to_owned(), v.to_owned())).collect(), files: Vec::new() };
    let page = sila_quotes::module().pages.into_iter().find(|p| p.key == "letterhead").unwrap();
    let cx = engine::PageCx { company: company.clone(), actor: company.system(), path: String::new(), query: Vec::new(), ip: String::new(), agent: String::new() };
    page.post.unwrap()(cx, form).await.unwrap();
    for language in ["ar", "en", "both"] {
        let q = offer(&company, language).await;
        act(&company, &company.system(), "quote", q, "send", &[]).await.unwrap();
        act(&company, &company.system(), "quote", q, "accept", &[("accepted_by", "هدى العتيبي")]).await.unwrap();
        let said = words(&company, q, &format!("quote-{language}")).await;
        let record = get(&company, "quote", q).await;
        let figure = |field: &str| {
            let m = record.get(field).money().unwrap();
            text::number::format_scaled(m.minor, 2, &text::Locale::en("SA"))
        };
        // 900.00 + 83.33 − 50.00 = 933.33; tax 140.00.
        assert_eq!((figure("net"), figure("tax"), figure("total")), ("933.33".into(), "140.00".into(), "1,073.33".into()));
        for figure in ["933.33", "140.00", "1,073.33", if language == "en" { "-SAR 50.00" } else { "-50.00" }, "983.33", "900.00", "2.5", "10%", "15%", record.get("number").text().unwrap(), "310123456700003", "011 234 5678"] {
            assert!(said.contains(figure), "{language}: {figure} in\n{said}");
        }
        let hijri = text::calendar::to_hijri(record.get("issued_on").date().unwrap()).year.to_string();
        assert!(said.contains(&hijri), "{language}: {hijri} in\n{said}");
        if language != "en" {
            // Readers of PDF text turn the lam-alef round; the words without one are there.
            assert!(said.contains("فقط ألف") && said.contains("وسبعون"), "{said}");
        }
        if language != "ar" {
            assert!(said.contains("ne thousand seventy-three Saudi riyals and thirty-three halalas"), "{said}");
        }
    }
}

/// What people wrote never becomes markup: it stands on the paper as they wrote it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_words_stay_words() {
    let db = testdb::TestDb::sqlite();
    let dir = testdb::TempFolder::new();
    let company = company(&db.url, dir.path()).await;
    let party = save(&company, "party", Draft::new().set("name", Name::new("#read(\"/etc/passwd\")", "")).set("kind", "organisation")).await;
    let q = save(&company, "quote", Draft::new().set("party", party).set("terms", "#panic(\"x\") $x$ \\ *لا* <script>alert(1)</script>")).await;
    let bad = ["#include \"data.json\"", "]#image(\"/etc/passwd\")[", "\u{202E}9,999.00\u{202C}", "{{ 1 + 1 }} `raw` @ref <label>"];
    for text in bad {
        save(&company, "quote_line", Draft::new().set("quote", q).set("description", text).set("price", d("1"))).await;
    }
    let said = words(&company, q, "quote-hostile").await;
    for text in ["#read(\"/etc/passwd", "#panic(\"x\")", "#include \"data.json", "#image(\"/etc/passwd", "<script>alert(1)</script", "9,999.00"] {
        assert!(said.contains(text), "{text} in\n{said}");
    }
    assert!(!said.contains("root:"), "{said}");
    // The same on the page.
    act(&company, &company.system(), "quote", q, "send", &[]).await.unwrap();
    let link = sila_quotes::outgoing::link(&company, &get(&company, "quote", q).await, text::Lang::Ar).await.unwrap();
    let t = link.split("?t=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let cx = engine::PageCx { company: company.clone(), actor: company.system(), path: String::new(), query: vec![("t".into(), t)], ip: String::new(), agent: String::new() };
    let door = sila_quotes::module().pages.into_iter().find(|p| p.key == "quote").unwrap();
    let engine::Answer::Html(html, None) = (door.render)(cx).await.unwrap() else { panic!("no page") };
    assert!(!html.contains("<script>alert") && html.contains("&lt;script&gt;alert"), "{html}");
}
