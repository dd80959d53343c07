//! A message: received, being written, or sent. One per mailbox, however many folders it lies in.
//!
//! Whole letters are for the members of the mailbox, and, where its privacy is «shared» and it belongs to a customer, for
//! whoever sees the customer. «Subject only» shows others the contact (`interaction`) and never this record.
//!
//! Fields that only the program reads are `when("false")`: no page shows them.

use crate::mailbox::{choices, privacy};
use kernel::object::Capability::{Import, Menu};
use kernel::{Field, Kind, Object, Tone, Weight, label};

const PEOPLE: kernel::Label = label("المرسل والمستلمون", "Sender and receivers");
const BELONGS: kernel::Label = label("الصلات", "Belongs to");
const TRACE: kernel::Label = label("بيانات الرسالة", "Message data");

pub fn object() -> Object {
    let n = Tone::Neutral;
    let states = choices(&[
        ("received", "واردة", "Received", n),
        ("draft", "مسودة", "Draft", Tone::Warn),
        ("queued", "بانتظار الإرسال", "Waiting to be sent", Tone::Info),
        ("sending", "تُرسَل الآن", "Being sent", Tone::Info),
        ("sent", "أُرسلت", "Sent", Tone::Good),
        ("unsure", "مصيرها غير مؤكد", "Not known whether sent", Tone::Bad),
        ("failed", "لم تُرسَل", "Not sent", Tone::Bad),
        ("bounced", "ارتدّت", "Returned", Tone::Bad),
    ]);
    let text = |max: u32| Kind::Text { max };
    let draft = |f: Field| f.lock("state != \"draft\"");
    Object::new("mail", "mail", label("رسالة بريد", "E-mail"), label("رسائل البريد", "E-mails"))
        .icon("mail")
        .title("subject")
        .owner("mailbox.owner")
        .happened("at")
        .sort("-at")
        .without(&[Menu, Import])
        .visible("mailbox.owner == me() || has(mailbox.members, me()) || (privacy == \"shared\" && party != null)")
        .field(draft(Field::new("subject", text(500), label("الموضوع", "Subject")).personal().search(Weight::Title)))
        .field(Field::new("state", states, label("الحالة", "State")).readonly().default_expr("\"draft\"").indexed())
        .field(
            Field::new("direction", choices(&[("in", "وارد", "Incoming", Tone::Info), ("out", "صادر", "Outgoing", n)]), label("الاتجاه", "Direction"))
                .readonly()
                .default_expr("\"out\"")
                .list(),
        )
        .field(Field::new("at", Kind::DateTime, label("الوقت", "When")).readonly().default_expr("now()").indexed().list())
        .field(
            Field::new("status", choices(&[("open", "مفتوحة", "Open", Tone::Warn), ("done", "منتهية", "Done", Tone::Good)]), label("المعالجة", "Handling"))
                .default_expr("\"open\"")
                .list(),
        )
        .field(Field::new("assignee", Kind::to("user"), label("أُسندت إلى", "Assigned to")).list())
        .field(Field::new("seen", Kind::Bool, label("مقروءة", "Read")).default_expr("false"))
        .field(Field::new("answered", Kind::Bool, label("رُدّ عليها", "Answered")).readonly().default_expr("false"))
        .field(
            draft(Field::new("mailbox", Kind::to("mailbox"), label("حساب البريد", "Mailbox")))
                .required()
                .reverse("mails", label("الرسائل", "Messages"))
                .section(PEOPLE),
        )
        .field(Field::new("from_name", text(200), label("اسم المرسل", "Sender's name")).personal().readonly().search(Weight::Body).section(PEOPLE))
        .field(Field::new("from_address", Kind::Code { max: 320 }, label("عنوان المرسل", "Sender's address")).personal().readonly().search(Weight::Body).indexed().list().section(PEOPLE))
        .field(draft(Field::new("to", Kind::LongText, label("إلى", "To")).personal().search(Weight::Body)).section(PEOPLE))
        .field(draft(Field::new("cc", Kind::LongText, label("نسخة إلى", "Cc")).personal()).section(PEOPLE))
        .field(draft(Field::new("bcc", Kind::LongText, label("نسخة مخفية إلى", "Bcc")).personal()).section(PEOPLE))
        .field(Field::new("party", Kind::to("party"), label("العميل", "Customer")).readonly().reverse("mails", label("الرسائل", "E-mails")).list().section(BELONGS))
        .field(Field::new("interaction", Kind::to("interaction"), label("التواصل", "Interaction")).readonly().reverse("mails", label("الرسائل", "E-mails")).section(BELONGS))
        .field(Field::new("about", Kind::Code { max: 100 }, label("السجل المرتبط", "About the record")).readonly().indexed().section(BELONGS))
        .field(Field::new("privacy", privacy(), label("الخصوصية", "Privacy")).default_expr("\"private\"").section(BELONGS))
        .field(draft(Field::new("body", Kind::LongText, label("النص", "Text")).personal().search(Weight::Body)).when("state == \"draft\"").section(label("النص", "Text")))
        .field(Field::new("rich", Kind::Json, label("النص المنسق", "Formatted text")).readonly().personal().when("false").section(TRACE))
        .field(Field::new("snippet", text(200), label("بداية النص", "Beginning")).personal().readonly().when("false").section(TRACE))
        .field(Field::new("attachments", Kind::Json, label("المرفقات", "Attachments")).personal().readonly().when("false").section(TRACE))
        .field(Field::new("error", text(500), label("سبب التعذر", "What went wrong")).readonly().section(TRACE))
        .field(
            draft(Field::new("tracked", Kind::Bool, label("تتبّع القراءة", "Read tracking")))
                .default_expr("false")
                .section(TRACE)
                .help(label("تحمل الرسالة صورة صغيرة من خادمنا تخبرنا متى فُتحت. يذكر ذلك بيان الخصوصية.", "The letter carries a small picture of our own server that tells us when it was opened. The privacy statement says so.")),
        )
        .field(Field::new("opened_at", Kind::DateTime, label("فُتحت أول مرة", "First opened")).personal().readonly().when("tracked").section(TRACE))
        .field(Field::new("opens", Kind::Integer, label("مرات الفتح", "Times opened")).personal().readonly().default_expr("0").when("tracked").section(TRACE))
        .field(Field::new("due_at", Kind::DateTime, label("موعد الإرسال", "Goes out at")).readonly().section(TRACE))
        .field(Field::new("sent_at", Kind::DateTime, label("أُرسلت في", "Sent at")).readonly().section(TRACE))
        .field(Field::new("attempts", Kind::Integer, label("المحاولات", "Attempts")).readonly().default_expr("0").section(TRACE))
        .field(Field::new("thread", Kind::Code { max: 64 }, label("المحادثة", "Conversation")).readonly().when("false").indexed().section(TRACE))
        .field(Field::new("message_id", Kind::Code { max: 320 }, label("معرّف الرسالة", "Message-ID")).readonly().indexed().section(TRACE))
        .field(Field::new("in_reply_to", Kind::Code { max: 320 }, label("رد على", "In reply to")).readonly().section(TRACE))
        .field(Field::new("references", Kind::LongText, label("المراجع", "References")).readonly().when("false").section(TRACE))
        .field(Field::new("topic", Kind::Code { max: 64 }, label("بصمة الموضوع", "Fingerprint of the subject")).readonly().when("false").indexed().section(TRACE))
        .field(Field::new("digest", Kind::Code { max: 64 }, label("بصمة الرسالة", "Fingerprint of the message")).readonly().when("false").indexed().section(TRACE))
        .field(Field::new("size", Kind::Integer, label("الحجم", "Size")).readonly().section(TRACE))
        .field(Field::new("gone_at", Kind::DateTime, label("حُذفت من الخادم", "Gone from the server")).readonly().section(TRACE))
}
