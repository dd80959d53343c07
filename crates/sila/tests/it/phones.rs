//! CalDAV and CardDAV over HTTP, as phones and Thunderbird speak them (acceptance line 4, CUST-3, SAL-9).

use crate::office::{Office, office};
use axum::body::Body;
use axum::http::Request;
use base64::Engine;
use tower::ServiceExt;

struct Phone<'a> {
    office: &'a Office,
    user: uuid::Uuid,
    sign: String,
}

struct Said {
    status: u16,
    etag: String,
    body: String,
}

impl<'a> Phone<'a> {
    async fn of(office: &'a Office, who: &'static str, scope: &str) -> Phone<'a> {
        let user = office.company.user_by_email(&format!("{who}@example.com")).await.unwrap().unwrap();
        let (secret, _) = auth::token::create(&office.company, &office.company.system(), user, "هاتف", &[scope.to_owned()], None).await.unwrap();
        Phone { office, user, sign: basic(&format!("{who}@example.com"), secret.reveal()) }
    }
    fn at(&self, rest: &str) -> String {
        format!("/dav/{}", rest.replace("ME", &self.user.to_string()))
    }
    async fn ask(&self, method: &str, rest: &str, headers: &[(&str, &str)], body: &str) -> Said {
        ask(self.office, method, &self.at(rest), &self.sign, headers, body).await
    }
    async fn find(&self, rest: &str, depth: &str, props: &str) -> Said {
        self.ask("PROPFIND", rest, &[("depth", depth)], &format!("<propfind xmlns=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:A=\"urn:ietf:params:xml:ns:carddav\"><prop>{props}</prop></propfind>")).await
    }
    async fn sync(&self, rest: &str, token: &str) -> (Vec<(String, bool)>, String) {
        let said = self.ask("REPORT", rest, &[], &format!("<sync-collection xmlns=\"DAV:\"><sync-token>{token}</sync-token><sync-level>1</sync-level><prop><getetag/></prop></sync-collection>")).await;
        assert_eq!(said.status, 207, "{}", said.body);
        let next = between(&said.body, "<D:sync-token>", "</D:sync-token>").pop().unwrap();
        let rows = between(&said.body, "<D:response>", "</D:response>");
        let mut all: Vec<(String, bool)> = rows.iter().map(|r| (between(r, "<D:href>", "</D:href>").pop().unwrap().rsplit('/').next().unwrap().to_owned(), r.contains("404"))).collect();
        all.sort();
        (all, next)
    }
}

fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}")))
}

fn between(text: &str, a: &str, z: &str) -> Vec<String> {
    text.split(a).skip(1).filter_map(|p| p.split(z).next()).map(str::to_owned).collect()
}

async fn ask(office: &Office, method: &str, path: &str, sign: &str, headers: &[(&str, &str)], body: &str) -> Said {
    let mut request = Request::builder().method(method).uri(path);
    if !sign.is_empty() {
        request = request.header("authorization", sign);
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = office.router().oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap();
    let etag = answer.headers().get("etag").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let status = answer.status().as_u16();
    let bytes = axum::body::to_bytes(answer.into_body(), 10 << 20).await.unwrap();
    Said { status, etag, body: String::from_utf8_lossy(&bytes).into_owned() }
}

fn event(uid: &str, summary: &str, more: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Phone//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260301T000000Z\r\nSUMMARY:{summary}\r\nDTSTART;TZID=Asia/Riyadh:20260302T090000\r\nDTEND;TZID=Asia/Riyadh:20260302T100000\r\n{more}END:VEVENT\r\nEND:VCALENDAR\r\n")
}

const HOME: &str = "calendars/ME/calendar/";

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_finds_its_calendar_and_keeps_it_in_step() {
    testdb::both(async |url| {
        let office = office(&url).await;
        let phone = Phone::of(&office, "huda", "dav").await;
        // From the bare host to the calendar.
        let start = ask(&office, "PROPFIND", "/.well-known/caldav", &phone.sign, &[("depth", "0")], "").await;
        assert_eq!(start.status, 301);
        let root = phone.find("", "0", "<current-user-principal/><resourcetype/>").await;
        assert!(root.status == 207 && root.body.contains(&phone.at("principals/ME/")), "{}", root.body);
        let principal = phone.find("principals/ME/", "0", "<C:calendar-home-set/><A:addressbook-home-set/><C:calendar-user-address-set/><nothing/>").await;
        for part in ["calendars/ME/", "addressbooks/ME/"] {
            assert!(principal.body.contains(&phone.at(part)), "{}", principal.body);
        }
        assert!(principal.body.contains("mailto:huda@example.com") && principal.body.contains("404 Not Found"));
        let home = phone.find("calendars/ME/", "1", "<resourcetype/><displayname/><C:supported-calendar-component-set/><sync-token/>").await;
        assert!(home.body.contains("<C:calendar/>") && home.body.contains("name=\"VTODO\"") && home.body.contains("/dav/calendars/"), "{}", home.body);

        // Create, read, change, be refused with an old version, remove; the number of each state says what changed.
        let (none, zero) = phone.sync(HOME, "").await;
        assert!(none.is_empty());
        let made = phone.ask("PUT", &format!("{HOME}one.ics"), &[("if-none-match", "*")], &event("u-1", "زيارة", "X-KEEP;A=b:c\r\n")).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let read = phone.ask("GET", &format!("{HOME}one.ics"), &[], "").await;
        assert!(read.status == 200 && read.body.contains("X-KEEP;A=b:c") && read.body.contains("SUMMARY:زيارة"), "{}", read.body);
        let (news, first) = phone.sync(HOME, &zero).await;
        assert_eq!(news, [("one.ics".to_owned(), false)]);
        let changed = phone.ask("PUT", &format!("{HOME}one.ics"), &[("if-match", &read.etag)], &event("u-1", "زيارة العميل", "RRULE:FREQ=WEEKLY;COUNT=3\r\n")).await;
        assert_eq!(changed.status, 204, "{}", changed.body);
        let stale = phone.ask("PUT", &format!("{HOME}one.ics"), &[("if-match", &read.etag)], &event("u-1", "قديم", "")).await;
        assert_eq!(stale.status, 412);
        let again = phone.ask("PUT", &format!("{HOME}one.ics"), &[("if-none-match", "*")], &event("u-1", "قديم", "")).await;
        assert_eq!(again.status, 412);
        let stale = phone.ask("DELETE", &format!("{HOME}one.ics"), &[("if-match", &read.etag)], "").await;
        assert_eq!(stale.status, 412);
        // A second program that knew the first state gets the change; one that knows all gets nothing.
        let (news, second) = phone.sync(HOME, &first).await;
        assert_eq!(news, [("one.ics".to_owned(), false)]);
        assert!(phone.sync(HOME, &second).await.0.is_empty());
        // By time: the third Monday has it, the fourth not.
        let query = |from: &str, to: &str| {
            format!("<C:calendar-query xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><D:prop><D:getetag/><C:calendar-data/></D:prop><C:filter><C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"><C:time-range start=\"{from}\" end=\"{to}\"/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>")
        };
        let third = phone.ask("REPORT", HOME, &[("depth", "1")], &query("20260316T000000Z", "20260317T000000Z")).await;
        assert!(third.body.contains("one.ics") && third.body.contains("RRULE:FREQ=WEEKLY;COUNT=3"), "{}", third.body);
        let fourth = phone.ask("REPORT", HOME, &[("depth", "1")], &query("20260323T000000Z", "20260324T000000Z")).await;
        assert!(fourth.status == 207 && !fourth.body.contains("one.ics"), "{}", fourth.body);
        let many = format!("<C:calendar-multiget xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><D:prop><C:calendar-data/></D:prop><D:href>{0}one.ics</D:href><D:href>{0}two.ics</D:href></C:calendar-multiget>", phone.at(HOME));
        let many = phone.ask("REPORT", HOME, &[], &many).await;
        assert!(many.body.contains("SUMMARY:زيارة العميل") && many.body.contains("404"), "{}", many.body);
        let busy = phone.ask("REPORT", HOME, &[], "<C:free-busy-query xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><C:time-range start=\"20260302T000000Z\" end=\"20260303T000000Z\"/></C:free-busy-query>").await;
        assert!(busy.body.contains("FREEBUSY;FBTYPE=BUSY:20260302T060000Z/20260302T070000Z"), "{}", busy.body);
        // Removed: the program that comes later hears of it.
        assert_eq!(phone.ask("DELETE", &format!("{HOME}one.ics"), &[], "").await.status, 204);
        assert_eq!(phone.ask("GET", &format!("{HOME}one.ics"), &[], "").await.status, 404);
        assert_eq!(phone.sync(HOME, &second).await.0, [("one.ics".to_owned(), true)]);
        // A number nobody was given.
        let future = phone.ask("REPORT", HOME, &[], "<sync-collection xmlns=\"DAV:\"><sync-token>https://sila.example/ns/sync/99999</sync-token><prop/></sync-collection>").await;
        assert!(future.status == 403 && future.body.contains("valid-sync-token"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_are_an_address_book() {
    testdb::both(async |url| {
        let office = office(&url).await;
        let phone = Phone::of(&office, "huda", "dav").await;
        let book = "addressbooks/ME/contacts/";
        let (all, start) = phone.sync(book, "").await;
        // Hers and her team-mate's, not Omar's.
        assert_eq!(all.len(), 2);
        let card = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:card-1\r\nFN:سالم الشمري\r\nN:الشمري;سالم;;;\r\nTEL;TYPE=CELL,PREF:+966550001122\r\nTEL;TYPE=WORK:+966112345678\r\nEMAIL;TYPE=INTERNET:salem@example.com\r\nX-NICK:أبو فهد\r\nEND:VCARD\r\n";
        let made = phone.ask("PUT", &format!("{book}salem.vcf"), &[("if-none-match", "*")], card).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let read = phone.ask("GET", &format!("{book}salem.vcf"), &[], "").await;
        for part in ["FN:سالم الشمري", "+966550001122", "+966112345678", "salem@example.com", "X-NICK:أبو فهد", "UID:card-1"] {
            assert!(read.body.contains(part), "{part} in {}", read.body);
        }
        // One number fewer, another title.
        let less = card.replace("TEL;TYPE=WORK:+966112345678\r\n", "TITLE:مدير المشتريات\r\n");
        let changed = phone.ask("PUT", &format!("{book}salem.vcf"), &[("if-match", &read.etag)], &less).await;
        assert_eq!(changed.status, 204, "{}", changed.body);
        let read = phone.ask("GET", &format!("{book}salem.vcf"), &[], "").await;
        assert!(!read.body.contains("112345678") && read.body.contains("TITLE:مدير المشتريات"), "{}", read.body);
        assert_eq!(phone.sync(book, &start).await.0, [("salem.vcf".to_owned(), false)]);
        let query = "<A:addressbook-query xmlns:D=\"DAV:\" xmlns:A=\"urn:ietf:params:xml:ns:carddav\"><D:prop><A:address-data/></D:prop><A:filter><A:prop-filter name=\"FN\"><A:text-match>الشَّمري</A:text-match></A:prop-filter></A:filter></A:addressbook-query>";
        let found = phone.ask("REPORT", book, &[], query).await;
        assert_eq!(found.body.matches("<D:response>").count(), 1, "{}", found.body);
        // A bad number is refused with words, and changes nothing.
        let bad = phone.ask("PUT", &format!("{book}salem.vcf"), &[], &less.replace("+966550001122", "اتصل بي")).await;
        assert!(bad.status == 403 && bad.body.contains("valid-address-data"), "{}", bad.body);
        // What is masked in the product is not on the phone.
        let viewer = Phone::of(&office, "viewer", "dav").await;
        let (theirs, _) = viewer.sync(book, "").await;
        assert!(theirs.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_in_or_further_than_he_may() {
    testdb::both(async |url| {
        let office = office(&url).await;
        let huda = Phone::of(&office, "huda", "dav").await;
        let omar = Phone::of(&office, "omar", "dav").await;
        huda.ask("PUT", &format!("{HOME}secret.ics"), &[], &event("s-1", "hudasecret", "CLASS:PRIVATE\r\n")).await;
        // Another's address is nobody's.
        for rest in [format!("calendars/{}/", huda.user), format!("calendars/{}/calendar/secret.ics", huda.user), format!("principals/{}/", huda.user)] {
            for method in ["PROPFIND", "GET", "DELETE", "PUT", "REPORT"] {
                let said = ask(&office, method, &format!("/dav/{rest}"), &omar.sign, &[("depth", "1")], "").await;
                assert_eq!(said.status, 404, "{method} {rest}");
            }
        }
        // Passwords, tokens of another scope, of another person, none at all.
        let api = Phone::of(&office, "huda", "admin").await;
        let wrong = [api.sign.clone(), basic("huda@example.com", "نخلة خضراء عند الباب"), omar.sign.replace("Basic", "Bearer"), String::new(), "Basic ####".into()];
        for sign in wrong {
            let said = ask(&office, "PROPFIND", "/dav/", &sign, &[("depth", "0")], "").await;
            assert_eq!(said.status, 401, "{sign}");
        }
        let (_, token) = omar.sign.split_once(' ').unwrap();
        let token = String::from_utf8(base64::engine::general_purpose::STANDARD.decode(token).unwrap()).unwrap();
        let stolen = basic("huda@example.com", token.split_once(':').unwrap().1);
        assert_eq!(ask(&office, "GET", "/dav/", &stolen, &[], "").await.status, 401);
        // Guessing is slowed down.
        let mut last = 0;
        for i in 0..8 {
            last = ask(&office, "GET", "/dav/", &basic("mona@example.com", &format!("guess{i}")), &[], "").await.status;
        }
        assert_eq!(last, 429);
        // With that token the API answers nothing.
        let bearer = format!("Bearer {}", token.split_once(':').unwrap().1);
        assert!(matches!(ask(&office, "GET", "/api/v1/party", &bearer, &[], "").await.status, 403 | 404));
        // Entities, bombs, trees without end.
        let laughs = "<!DOCTYPE l [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><propfind xmlns=\"DAV:\"><prop><displayname>&a;</displayname></prop></propfind>";
        let said = huda.ask("PROPFIND", HOME, &[("depth", "0")], laughs).await;
        assert!(said.status == 400 && !said.body.contains("root:"), "{}", said.body);
        assert_eq!(huda.ask("PROPFIND", HOME, &[("depth", "0")], &"<a>".repeat(50_000)).await.status, 400);
        assert_eq!(huda.ask("PROPFIND", HOME, &[("depth", "infinity")], "").await.status, 403);
        assert_eq!(huda.ask("PUT", &format!("{HOME}big.ics"), &[], &"x".repeat(2 << 20)).await.status, 413);
        let bomb = huda.ask("PUT", &format!("{HOME}bomb.ics"), &[], &event("b", "b", "RRULE:FREQ=SECONDLY\r\n")).await;
        assert!(bomb.status == 403 && bomb.body.contains("valid-calendar-data") && bomb.body.contains("SECONDLY"), "{}", bomb.body);
        for (method, rest) in [("MKCALENDAR", "calendars/ME/new/"), ("MKCOL", "calendars/ME/new/"), ("MOVE", "calendars/ME/calendar/secret.ics"), ("DELETE", "calendars/ME/calendar/")] {
            assert_eq!(huda.ask(method, rest, &[], "").await.status, 403, "{method}");
        }
        // The private one is on no list of others, and gone from the team's calendar view.
        for other in [Phone::of(&office, "mona", "dav").await, Phone::of(&office, "admin", "dav").await] {
            let home = other.find("calendars/ME/", "1", "<displayname/>").await;
            for collection in between(&home.body, "<D:href>/dav/", "</D:href>").iter().skip(1) {
                let (rows, _) = other.sync(collection, "").await;
                assert!(rows.iter().all(|(n, _)| n != "secret.ics"), "{collection}");
            }
        }
    })
    .await;
}
