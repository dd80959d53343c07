//! A folder of a mailbox on its server, and how far it has been read.

use crate::mailbox::choices;
use kernel::object::Capability::{Audit, Comments, Events, Export, Files, Import, Menu, Search, Timeline, Trash};
use kernel::{Field, Kind, Object, Tone, label};

pub fn object() -> Object {
    let n = Tone::Neutral;
    let roles = choices(&[
        ("inbox", "الوارد", "Inbox", Tone::Accent),
        ("sent", "المرسل", "Sent", Tone::Info),
        ("drafts", "المسودات", "Drafts", n),
        ("junk", "غير المرغوب", "Junk", n),
        ("trash", "المحذوفات", "Trash", n),
        ("archive", "الأرشيف", "Archive", n),
        ("all", "كل البريد", "All mail", n),
        ("other", "مجلد آخر", "Other", n),
    ]);
    Object::new("mail_folder", "mail", label("مجلد بريد", "Mail folder"), label("مجلدات البريد", "Mail folders"))
        .icon("folder")
        .title("name")
        .owner("mailbox.owner")
        .sort("name")
        .without(&[Menu, Audit, Search, Import, Export, Timeline, Comments, Files, Trash, Events])
        .unique_together(&["mailbox", "raw"])
        .field(Field::new("name", Kind::Text { max: 300 }, label("المجلد", "Folder")).readonly().list())
        .field(Field::new("role", roles, label("الغرض", "Purpose")).readonly().list())
        .field(Field::new("sync", Kind::Bool, label("يُزامَن", "Synchronised")).default_expr("true").list())
        .field(
            Field::new("mailbox", Kind::to("mailbox"), label("حساب البريد", "Mailbox"))
                .readonly()
                .cascade()
                .reverse("folders", label("المجلدات", "Folders"))
                .list(),
        )
        .field(Field::new("raw", Kind::Code { max: 500 }, label("الاسم على الخادم", "Name on the server")).readonly())
        .field(Field::new("uidvalidity", Kind::Integer, label("رقم الترقيم", "UIDVALIDITY")).readonly())
        .field(Field::new("uidnext", Kind::Integer, label("الرقم التالي", "UIDNEXT")).readonly())
        .field(Field::new("modseq", Kind::Integer, label("تسلسل التغييرات", "HIGHESTMODSEQ")).readonly())
        .field(Field::new("messages", Kind::Integer, label("رسائل الخادم", "Messages on the server")).readonly().list())
}
