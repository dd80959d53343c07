use super::*;
use std::time::{Duration, Instant};

fn letter(head: &str, body: &[u8]) -> Vec<u8> {
    let mut raw = format!("From: =?utf-8?B?2YfYr9mJ?= <Huda@Wahah.Example>\r\nTo: info@nakheel.example\r\nMessage-ID: <1@wahah.example>\r\nDate: Thu, 05 Mar 2026 12:00:00 +0300\r\n{head}\r\n\r\n").into_bytes();
    raw.extend_from_slice(body);
    raw
}

/// INT-4: the charsets mail here really comes in.
#[test]
fn int_4_arabic_charsets_are_read() {
    let (w, _, _) = encoding_rs::WINDOWS_1256.encode("السلام عليكم ورحمة الله");
    let (i, _, _) = encoding_rs::ISO_8859_6.encode("السلام عليكم");
    for (charset, body, wanted) in [
        ("windows-1256", w.as_ref(), "السلام عليكم ورحمة الله"),
        ("iso-8859-6", i.as_ref(), "السلام عليكم"),
        ("utf-8", "السلام عليكم".as_bytes(), "السلام عليكم"),
        ("no-such-charset", "السلام".as_bytes(), "السلام"),
    ] {
        let m = read(&letter(&format!("Subject: =?windows-1256?B?x+HU5N/L?=\r\nContent-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: 8bit"), body));
        assert_eq!(m.text, wanted, "{charset}");
        assert_eq!(m.from, Person::new("هدى", "huda@wahah.example"));
        assert_eq!(m.date.unwrap().to_string(), "2026-03-05T09:00:00Z");
    }
}

#[test]
fn parts_are_told_apart() {
    let body = "--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nنص\r\n--c\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>نص<script>x</script><img src=\"cid:logo@x\"><img src=\"https://t.example/p.gif\"></p>\r\n--c--\r\n--b\r\nContent-Type: image/png; name=\"logo.png\"\r\nContent-ID: <logo@x>\r\nContent-Disposition: inline\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename*=utf-8''%D8%B9%D8%B1%D8%B6.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--b--\r\n";
    let m = read(&letter("Subject: x\r\nContent-Type: multipart/mixed; boundary=b", body.as_bytes()));
    assert_eq!((m.text.as_str(), m.remote_pictures), ("نص", 1));
    assert!(!m.html.contains("script"));
    let names: Vec<(&str, &str)> = m.attachments.iter().map(|a| (a.name.as_str(), a.cid.as_str())).collect();
    assert_eq!(names, [("logo.png", "logo@x"), ("عرض.pdf", "")]);
    assert!(m.left_out.is_empty());
}

#[test]
fn a_bounce_names_its_letter() {
    let body = "--b\r\nContent-Type: text/plain\r\n\r\nSorry\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; x@y.example\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 unknown user\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <sent-1@nakheel.example>\r\nSubject: x\r\n\r\n--b--\r\n";
    let m = read(&letter("Content-Type: multipart/report; report-type=delivery-status; boundary=b", body.as_bytes()));
    assert_eq!(m.bounce, Some(Bounce { message_id: "sent-1@nakheel.example".into(), status: "5.1.1".into(), words: "smtp; 550 unknown user".into() }));
}

/// Bad input: none of it hangs, grows without bound, or brings anything harmful through.
#[test]
fn hostile_messages_are_bounded() {
    let nested = |n: usize, closed: bool| {
        let mut b = String::new();
        for i in 0..n {
            b.push_str(&format!("--b{i}\r\nContent-Type: multipart/mixed; boundary=b{}\r\n\r\n", i + 1));
        }
        if closed {
            (0..n).rev().for_each(|i| b.push_str(&format!("--b{i}--\r\n")));
        }
        b
    };
    let letters: Vec<Vec<u8>> = vec![
        letter(&format!("Subject: x\r\nX-Long: {}", "A".repeat(10 << 20)), b"body"),
        letter(&format!("Subject: x\r\nTo: {}", "a@b.example, ".repeat(800_000)), b"body"),
        letter(&(0..200_000).map(|n| format!("X-{n}: v\r\n")).collect::<String>(), b"body"),
        letter("Content-Type: multipart/mixed; boundary=b0", nested(10_000, true).as_bytes()),
        letter("Content-Type: multipart/mixed; boundary=b0", nested(10_000, false).as_bytes()),
        letter("Content-Type: message/rfc822", "Content-Type: message/rfc822\r\n\r\n".repeat(10_000).as_bytes()),
        letter("Content-Type: multipart/mixed; boundary=b", "--b\r\n\r\nx\r\n".repeat(100_000).as_bytes()),
        letter("Content-Type: text/html", format!("{}x", "<div>".repeat(100_000)).as_bytes()),
        letter("Content-Type: text/plain\r\nContent-Transfer-Encoding: base64", b"!!!!not base64####\r\n====\r\nQUJD"),
        letter("Content-Type: text/plain\r\nSubject: a\0b", b"nul\0in\0text"),
        letter("Content-Type: text/html; charset=utf-7", b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-"),
        letter("Date: Thu, 99 Foo 99999 99:99:99 +9999\r\nSubject: =?utf-8?Q?a=0D=0ABcc:_evil@x.example?=", b"x"),
        b"\r\n\r\n".to_vec(),
        Vec::new(),
        vec![0xff; 100_000],
    ];
    for (n, raw) in letters.iter().enumerate() {
        let began = Instant::now();
        let m = read(raw);
        assert!(began.elapsed() < Duration::from_secs(20), "letter {n} took {:?}", began.elapsed());
        assert!(m.text.chars().count() <= MOST_TEXT && m.to.len() <= MOST_PEOPLE + 1 && m.attachments.len() <= MOST_ATTACHMENTS, "letter {n}");
        for text in [&m.subject, &m.text, &m.html, &m.from.name] {
            assert!(!text.contains('\0') && !text.contains("<script"), "letter {n}");
        }
        assert!(!m.subject.contains(['\r', '\n']));
    }
    let long = read(&letters[0]);
    assert_eq!((long.subject.as_str(), long.left_out.as_slice(), long.text.as_str()), ("x", &[LeftOut::Header][..], "body"));
    assert_eq!(read(&letters[3]).left_out, [LeftOut::Structure]);
}

#[test]
fn typed_receivers_are_read() {
    let p = people("هدى العلي <Huda@Wahah.example>، omar@x.example; \n");
    assert_eq!(p, [Person::new("هدى العلي", "huda@wahah.example"), Person::new("", "omar@x.example")]);
    assert_eq!(p[0].to_string(), "هدى العلي <huda@wahah.example>");
    assert_eq!(snippet("مرحبًا\n> قديم\nشكرًا"), "مرحبًا شكرًا");
}
