//! The ledger: one row for each message of a synchronised folder, written with its record, so that nothing is lost
//! without a trace. A row is found by (folder, uidvalidity, uid).

use crate::mailbox::choices;
use kernel::object::Capability::{Audit, Comments, Events, Files, Import, Menu, Search, Timeline, Trash};
use kernel::{Field, Kind, Object, Tone, label};

/// Failed messages are tried so often by themselves.
pub const MOST_ATTEMPTS: i64 = 8;

pub fn object() -> Object {
    let n = Tone::Neutral;
    let states = choices(&[
        ("imported", "مستورد", "Imported", Tone::Good),
        ("skipped", "متروك", "Skipped", n),
        ("failed", "فشل", "Failed", Tone::Bad),
    ]);
    let reasons = choices(&[
        ("rule", "قاعدة الصندوق", "The mailbox's own rule", n),
        ("old", "أقدم من عمق الأرشيف", "Older than the history", n),
        ("large", "أكبر من الحد", "Larger than the limit", n),
    ]);
    Object::new("mail_entry", "mail", label("قيد بريد", "Ledger entry of mail"), label("قيود البريد", "Ledger of mail"))
        .icon("square-check")
        .title("number")
        .owner("mailbox.owner")
        .sort("-uid")
        .without(&[Menu, Audit, Search, Import, Timeline, Comments, Files, Trash, Events])
        .unique_together(&["folder", "uidvalidity", "uid"])
        .field(Field::new("number", Kind::code(), label("الرقم على الخادم", "Number on the server")).readonly())
        .field(Field::new("mailbox", Kind::to("mailbox"), label("حساب البريد", "Mailbox")).readonly().cascade().reverse("entries", label("القيود", "Ledger")).list())
        .field(Field::new("folder", Kind::to("mail_folder"), label("المجلد", "Folder")).readonly().cascade().reverse("entries", label("القيود", "Ledger")).list())
        .field(Field::new("uidvalidity", Kind::Integer, label("رقم الترقيم", "UIDVALIDITY")).readonly())
        .field(Field::new("uid", Kind::Integer, label("رقم الرسالة", "UID")).readonly())
        .field(Field::new("state", states, label("الحالة", "State")).readonly().list())
        .field(Field::new("reason", reasons, label("السبب", "Reason")).readonly().list())
        .field(Field::new("error", Kind::Text { max: 500 }, label("الخطأ", "Error")).readonly().list())
        .field(Field::new("attempts", Kind::Integer, label("المحاولات", "Attempts")).readonly().default_expr("0"))
        .field(Field::new("next_try", Kind::DateTime, label("المحاولة التالية", "Next attempt")).readonly())
        .field(Field::new("mail", Kind::to("mail"), label("الرسالة", "Message")).readonly().reverse("places", label("مواضعها على الخادم", "Places on the server")).list())
        .field(Field::new("size", Kind::Integer, label("الحجم", "Size")).readonly())
        .field(Field::new("outline", Kind::code(), label("البصمة", "Fingerprint")).readonly().indexed())
        .field(Field::new("gone_at", Kind::DateTime, label("حُذفت من الخادم", "Gone from the server")).readonly().list())
}
