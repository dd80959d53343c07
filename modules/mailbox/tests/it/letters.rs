//! Generated mail: conversations of known shape in the charsets of the region, and letters that mean harm.

use std::fmt::Write as _;

/// A letter and the conversation it belongs to.
pub struct Made {
    pub raw: Vec<u8>,
    pub id: String,
    pub thread: usize,
    pub from: String,
}

/// A small generator whose numbers are the same in each run.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }
}

const WORDS: [&str; 12] = ["السلام عليكم ورحمة الله", "نرجو إرسال عرض السعر", "تم استلام الشحنة", "موعد التسليم يوم الأحد", "شكرًا لتعاونكم", "الفاتورة مرفقة", "هل الكمية متوفرة؟", "Please confirm", "with kind regards", "الدفعة الأولى", "مستودع جدة", "رقم الطلب"];

fn base64(bytes: &[u8]) -> String {
    let text = mail::base64(bytes);
    text.as_bytes().chunks(76).map(|c| std::str::from_utf8(c).unwrap()).collect::<Vec<_>>().join("\r\n")
}

/// `n` letters of conversations with one to seven letters, in an order in which answers often come first.
pub fn generated(n: usize, seed: u64) -> Vec<Made> {
    let mut dice = Dice(seed);
    let mut all: Vec<Made> = Vec::with_capacity(n);
    let mut thread = 0;
    while all.len() < n {
        let size = 1 + dice.roll(7);
        let mut ids: Vec<String> = Vec::new();
        for k in 0..size.min(n - all.len()) {
            let id = format!("{thread}.{k}.{}@gen.example", dice.roll(1_000_000));
            // Most answer the latest letter, some an earlier one; some programs write only one of the two fields.
            let parent = ids.get(if ids.is_empty() { 0 } else { ids.len() - 1 - dice.roll(2).min(ids.len() - 1) }).cloned();
            let from = format!("person{}@customers.example", dice.roll(40));
            let mut head = format!("From: =?utf-8?B?{}?= <{from}>\r\nTo: info@nakheel.example\r\nMessage-ID: <{id}>\r\n", base64("عميل كريم".as_bytes()));
            let _ = write!(head, "Date: {:02} {} 2026 {:02}:{:02}:{:02} +0300\r\n", 1 + dice.roll(28), ["Jan", "Feb", "Mar"][dice.roll(3)], dice.roll(24), dice.roll(60), dice.roll(60));
            let subject = format!("{} {thread}", WORDS[thread % 7]);
            let _ = write!(head, "Subject: =?utf-8?B?{}?=\r\n", base64(if k == 0 { subject } else { format!("رد: {subject}") }.as_bytes()));
            if let Some(parent) = parent {
                match dice.roll(3) {
                    0 => { let _ = write!(head, "In-Reply-To: <{parent}>\r\n"); }
                    1 => { let _ = write!(head, "References: {}\r\n", ids.iter().map(|i| format!("<{i}>")).collect::<Vec<_>>().join("\r\n ")); }
                    _ => { let _ = write!(head, "In-Reply-To: <{parent}>\r\nReferences: <{}>\r\n <{parent}>\r\n", ids[0]); }
                }
            }
            let raw = with_body(head, &mut dice);
            ids.push(id.clone());
            all.push(Made { raw, id, thread, from });
        }
        thread += 1;
    }
    for i in (1..all.len()).rev() {
        let j = i - dice.roll(i.min(30) + 1);
        all.swap(i, j);
    }
    all
}

fn with_body(mut head: String, dice: &mut Dice) -> Vec<u8> {
    let lines: String = (0..4 + dice.roll(12)).map(|_| format!("{}\r\n", WORDS[dice.roll(WORDS.len())])).collect();
    let arabic: String = lines.replace(['؟', 'ً'], "");
    match dice.roll(7) {
        0 => {
            head.push_str("Content-Type: text/plain; charset=windows-1256\r\nContent-Transfer-Encoding: 8bit\r\n\r\n");
            let mut raw = head.into_bytes();
            raw.extend_from_slice(&windows_1256(&arabic));
            raw
        }
        1 => {
            head.push_str("Content-Type: text/plain; charset=iso-8859-6\r\nContent-Transfer-Encoding: base64\r\n\r\n");
            let bytes: Vec<u8> = arabic.chars().map(|c| if c.is_ascii() { c as u8 } else { (c as u32 - 0x560) as u8 }).collect();
            format!("{head}{}\r\n", base64(&bytes)).into_bytes()
        }
        2 => format!("{head}Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n", base64(format!("<div dir=rtl><p>{lines}</p><img src=\"https://t.example/x.gif\"><script>x()</script></div>").as_bytes())).into_bytes(),
        3 => format!("{head}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{lines}\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>{lines}</p>\r\n--b--\r\n--a\r\nContent-Type: application/pdf; name=\"a.pdf\"\r\nContent-Disposition: attachment; filename=\"a.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--a--\r\n", base64(format!("%PDF-1.4 {}", dice.roll(5)).as_bytes())).into_bytes(),
        // Says one thing and is another: broken in ways that are common.
        4 => format!("{head}Content-Type: text/plain; charset=us-ascii\r\n\r\n{lines}").into_bytes(),
        5 => format!("{head}Content-Type: multipart/mixed; boundary=none\r\n\r\n{lines}").into_bytes(),
        _ => format!("{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{lines}").into_bytes(),
    }
}

fn windows_1256(text: &str) -> Vec<u8> {
    // Enough of the table for the words above.
    let table = "ءآأؤإئابةتثجحخدذرزسشصض×طظعغـفق";
    let of = |c: char| -> u8 {
        if c.is_ascii() {
            return c as u8;
        }
        match c {
            'ك' => 0xdf,
            'ل' => 0xe1,
            'م' => 0xe3,
            'ن' => 0xe4,
            'ه' => 0xe5,
            'و' => 0xe6,
            'ى' => 0xec,
            'ي' => 0xed,
            _ => table.chars().position(|t| t == c).map_or(b'?', |p| 0xc1 + p as u8),
        }
    };
    text.chars().map(of).collect()
}

/// Fifty letters that mean harm; each is in the ledger all the same.
pub fn hostile() -> Vec<Vec<u8>> {
    let letter = |n: usize, head: &str, body: &str| format!("From: evil{n}@bad.example\r\nTo: info@nakheel.example\r\nMessage-ID: <evil{n}@bad.example>\r\n{head}\r\n\r\n{body}").into_bytes();
    let mut all = Vec::new();
    for n in 0..50 {
        all.push(match n % 10 {
            0 => letter(n, &format!("Subject: x{n}\r\nX-Long: {}", "A".repeat(if n == 0 { 10 << 20 } else { 300_000 })), "body"),
            1 => {
                let depth = if n == 1 { 10_000 } else { 400 };
                let nested: String = (0..depth).map(|i| format!("--b{i}\r\nContent-Type: multipart/mixed; boundary=b{}\r\n\r\n", i + 1)).collect();
                letter(n, "Content-Type: multipart/mixed; boundary=b0", &nested)
            }
            2 => letter(n, "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64", "!!!!####====%%%%\r\nQUJD"),
            3 => letter(n, "Subject: a\0b\r\nContent-Type: text/plain", "nul\0in\0text"),
            4 => letter(n, "Content-Type: application/zip; name=bomb.zip\r\nContent-Transfer-Encoding: base64", &"UEsDBBQAAAAI".repeat(2_000)),
            5 => letter(n, "Subject: =?utf-8?Q?x=0D=0ABcc:_victim@x.example?=\r\nTo: \"a\r\n b\" <x@y.example>", "x"),
            6 => letter(n, "Content-Type: text/html", "<script>alert(1)</script><img src=x onerror=alert(1)><iframe src=//evil.example></iframe><base href=//evil.example>ا"),
            7 => letter(n, "Date: Thu, 99 Foo 99999 99:99:99 +9999\r\nReferences: <<<<>>>> <", "x"),
            8 => letter(n, "Content-Type: message/rfc822", &"Content-Type: message/rfc822\r\n\r\n".repeat(3_000)),
            _ => letter(n, &format!("References: {}", (0..5_000).map(|i| format!("<r{n}.{i}@bad.example>")).collect::<Vec<_>>().join("\r\n ")), "x"),
        });
    }
    all
}
