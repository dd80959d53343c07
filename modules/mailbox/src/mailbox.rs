//! A mailbox at some provider: whose it is, where it is, and how it is treated. Its secrets are not here: see `access`.

use kernel::object::Capability::{Events, Export, Files, Import, Menu, Search};
use kernel::{Choice, Field, Kind, Label, Object, Tone, label};

const SERVERS: Label = label("الخوادم", "Servers");
const RULES: Label = label("قواعد المزامنة", "Synchronisation");
const WRITING: Label = label("الكتابة", "Writing");
const STATE: Label = label("الحالة", "State");

pub(crate) fn choices(options: &[(&str, &str, &str, Tone)]) -> Kind {
    let option = |(key, ar, en, tone): &(&str, &str, &str, Tone)| Choice::new(*key, Label::owned(*ar, *en), *tone);
    Kind::Choice { options: options.iter().map(option).collect() }
}

fn security() -> Kind {
    choices(&[
        ("tls", "TLS", "TLS", Tone::Neutral),
        ("starttls", "STARTTLS", "STARTTLS", Tone::Neutral),
        ("none", "بلا تشفير", "No encryption", Tone::Warn),
    ])
}

/// Who sees what of letters in it that belong to a customer.
pub(crate) fn privacy() -> Kind {
    choices(&[
        ("private", "خاص بأعضاء الصندوق", "Private to its members", Tone::Warn),
        ("subject", "العنوان فقط للزملاء", "Colleagues see the subject only", Tone::Info),
        ("shared", "مشترك مع من يرى العميل", "Shared with whoever sees the customer", Tone::Good),
    ])
}

pub fn object() -> Object {
    let text = |max: u32| Kind::Text { max };
    Object::new("mailbox", "mail", label("حساب بريد", "Mailbox"), label("حسابات البريد", "Mailboxes"))
        .icon("inbox")
        .title("name")
        .owner("owner")
        .sort("name")
        .without(&[Menu, Search, Import, Export, Files, Events])
        .field(Field::new("name", text(100), label("الاسم", "Name")).required())
        .field(Field::new("address", Kind::Email, label("العنوان", "Address")).required().unique().list())
        .field(
            Field::new("kind", choices(&[("shared", "مشترك", "Shared", Tone::Info), ("personal", "شخصي", "Personal", Tone::Neutral)]), label("النوع", "Kind"))
                .default_expr("\"personal\"")
                .list(),
        )
        .field(Field::new("owner", Kind::to("user"), label("المالك", "Owner")).default_expr("me()").list())
        .field(
            Field::new("members", Kind::Refs { object: "user".into() }, label("الأعضاء", "Members"))
                .help(label("يقرؤون الرسائل ويردّون عليها ويُسندونها.", "They read, answer and assign its messages.")),
        )
        .field(Field::new("active", Kind::Bool, label("مفعّل", "Active")).default_expr("true").list())
        .field(
            Field::new("provider", choices(&[
                ("google", "Google", "Google", Tone::Neutral),
                ("microsoft", "Microsoft 365", "Microsoft 365", Tone::Neutral),
                ("zoho", "Zoho", "Zoho", Tone::Neutral),
                ("own", "خادم آخر", "Another server", Tone::Neutral),
            ]), label("المزوّد", "Provider"))
            .default_expr("\"own\"")
            .section(SERVERS),
        )
        .field(Field::new("imap_host", text(200), label("خادم الاستقبال (IMAP)", "Incoming server (IMAP)")).required().section(SERVERS))
        .field(Field::new("imap_port", Kind::Integer, label("منفذ الاستقبال", "Incoming port")).default_expr("993").required().section(SERVERS))
        .field(Field::new("imap_security", security(), label("تشفير الاستقبال", "Incoming encryption")).default_expr("\"tls\"").section(SERVERS))
        .field(Field::new("smtp_host", text(200), label("خادم الإرسال (SMTP)", "Outgoing server (SMTP)")).section(SERVERS))
        .field(Field::new("smtp_port", Kind::Integer, label("منفذ الإرسال", "Outgoing port")).default_expr("465").section(SERVERS))
        .field(Field::new("smtp_security", security(), label("تشفير الإرسال", "Outgoing encryption")).default_expr("\"tls\"").section(SERVERS))
        .field(
            Field::new("smtp_login", Kind::Bool, label("الإرسال بتسجيل دخول", "Sign in for sending")).default_expr("true").section(SERVERS),
        )
        .field(Field::new("login", text(200), label("اسم المستخدم", "User name")).section(SERVERS).help(label("العنوان نفسه إن تُرك فارغًا.", "The address itself when empty.")))
        .field(
            Field::new("auth", choices(&[("password", "كلمة مرور", "Password", Tone::Neutral), ("oauth2", "OAuth2", "OAuth2", Tone::Neutral)]), label("طريقة الدخول", "Sign-in"))
                .default_expr("\"password\"")
                .section(SERVERS),
        )
        .field(Field::new("client_id", text(300), label("معرّف تطبيق OAuth2", "OAuth2 client id")).when("auth == \"oauth2\"").section(SERVERS))
        .field(
            Field::new("authorize_url", text(300), label("عنوان الموافقة OAuth2", "OAuth2 authorisation address"))
                .when("auth == \"oauth2\"")
                .section(SERVERS)
                .help(label("للمزوّدين المعروفين يُترك فارغًا.", "Empty for the providers in the list.")),
        )
        .field(Field::new("scopes", text(500), label("ما يُطلب من المزوّد (scopes)", "What is asked of the provider (scopes)")).when("auth == \"oauth2\"").section(SERVERS))
        .field(Field::new("token_url", text(300), label("عنوان تجديد OAuth2", "OAuth2 token address")).when("auth == \"oauth2\"").section(SERVERS))
        .field(Field::new("privacy", privacy(), label("خصوصية الرسائل", "Privacy of messages")).default_expr("\"private\"").section(RULES).list())
        .field(
            Field::new("history_days", Kind::Integer, label("عمق الأرشيف بالأيام", "History in days"))
                .section(RULES)
                .help(label("رسائل أقدم تُسجَّل ولا تُستورد؛ فارغ: كل الرسائل.", "Older messages are noted and not imported; empty: all.")),
        )
        .field(Field::new("max_mb", Kind::Integer, label("أكبر رسالة (ميغابايت)", "Largest message (MB)")).default_expr("30").section(RULES))
        .field(
            Field::new("ignored", Kind::LongText, label("مرسلون لا يُستورد بريدهم", "Senders not imported"))
                .section(RULES)
                .help(label("عنوان أو نطاق مثل ‎@example.com في كل سطر.", "An address or a domain such as @example.com per line.")),
        )
        .field(
            Field::new("alarm", Kind::Refs { object: "user".into() }, label("من يُنبَّه عند الخلل", "Told of trouble")).section(RULES),
        )
        .field(Field::new("signature_ar", Kind::LongText, label("التوقيع العربي", "Arabic signature")).section(WRITING))
        .field(Field::new("signature_en", Kind::LongText, label("التوقيع الإنجليزي", "English signature")).section(WRITING))
        .field(
            Field::new("undo_seconds", Kind::Integer, label("مهلة التراجع عن الإرسال (ثوانٍ)", "Seconds to undo sending")).default_expr("10").section(WRITING),
        )
        .field(
            Field::new("keep_sent", Kind::Bool, label("نسخة في مجلد المرسل", "Copy into the Sent folder"))
                .default_expr("true")
                .section(WRITING)
                .help(label("لا حاجة إليها لدى Google وMicrosoft 365.", "Google and Microsoft 365 do that themselves.")),
        )
        .field(
            Field::new("status", choices(&[
                ("new", "لم يُزامَن بعد", "Not synchronised yet", Tone::Neutral),
                ("ok", "يعمل", "Working", Tone::Good),
                ("trouble", "فيه خلل", "In trouble", Tone::Bad),
            ]), label("الحالة", "State"))
            .default_expr("\"new\"")
            .readonly()
            .section(STATE)
            .list(),
        )
        .field(Field::new("trouble", Kind::Json, label("الخلل", "Trouble")).readonly().section(STATE).when("status == \"trouble\""))
        .field(Field::new("synced_at", Kind::DateTime, label("آخر مزامنة", "Last synchronised")).readonly().section(STATE).list())
}
