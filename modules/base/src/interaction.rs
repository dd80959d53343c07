//! One contact with a party, on whatever channel: what was said, by whom, and what follows from it.
//!
//! Calls and visits are written down by people, meetings come from the calendar, mail and messages from their modules,
//! which add fields of their own. Each stands on the party's time line at the moment it happened.

use kernel::jiff::Timestamp;
use kernel::uuid::Uuid;
use kernel::{Grant, Object, RowRule, Verb};

#[derive(Debug, Object)]
#[object(
    key = "interaction",
    module = "base",
    ar = "تواصل",
    en = "Interaction",
    ar_plural = "سجل التواصل",
    en_plural = "Interactions",
    icon = "message-square",
    title = "subject",
    calendar = "at",
    happened = "at",
    owner = "owner",
    sort = "-at",
    visible = "privacy != \"private\" || owner == me() || has(colleagues, me())"
)]
pub struct Interaction {
    pub id: Uuid,
    pub rev: i64,
    #[field(ar = "الموضوع", en = "Subject", search = "title", max = 300)]
    pub subject: String,
    #[field(
        ar = "القناة",
        en = "Channel",
        choices(
            ("call", "مكالمة", "Call", "info"),
            ("meeting", "اجتماع", "Meeting", "accent"),
            ("visit", "زيارة", "Visit", "accent"),
            ("mail", "بريد إلكتروني", "E-mail", "info"),
            ("chat", "محادثة", "Chat"),
            ("sms", "رسالة نصية", "Text message"),
            ("whatsapp", "واتساب", "WhatsApp", "good"),
            ("web", "الموقع الإلكتروني", "Website"),
            ("fax", "فاكس", "Fax"),
            ("letter", "خطاب", "Letter"),
            ("other", "قناة أخرى", "Other")
        ),
        default = "\"call\"",
        indexed,
        list
    )]
    pub channel: String,
    #[field(
        ar = "الاتجاه",
        en = "Direction",
        choices(("out", "صادر", "Outgoing"), ("in", "وارد", "Incoming", "info")),
        default = "\"out\"",
        list
    )]
    pub direction: String,
    #[field(ar = "الوقت", en = "When", default = "now()", indexed, list)]
    pub at: Timestamp,
    /// Seconds.
    #[field(ar = "المدة", en = "Duration", kind = duration)]
    pub duration: Option<i64>,
    #[field(
        ar = "العميل",
        en = "Customer",
        to = "party",
        timeline,
        reverse(key = "interactions", ar = "سجل التواصل", en = "Interactions"),
        list
    )]
    pub party: Option<Uuid>,
    #[field(
        ar = "النتيجة",
        en = "Outcome",
        choices(
            ("reached", "تم التواصل", "Reached", "good"),
            ("interested", "مهتم", "Interested", "good"),
            ("agreed", "تم الاتفاق", "Agreed", "good"),
            ("follow_up", "يحتاج إلى متابعة", "Needs follow-up", "warn"),
            ("not_interested", "غير مهتم", "Not interested", "bad"),
            ("no_answer", "لم يرد", "No answer", "warn"),
            ("busy", "مشغول", "Busy", "warn"),
            ("left_message", "تُركت له رسالة", "Left a message"),
            ("wrong_number", "رقم خاطئ", "Wrong number", "bad")
        ),
        list
    )]
    pub outcome: Option<String>,
    #[field(ar = "ما دار فيه", en = "Notes", kind = long_text, search = "body")]
    pub notes: Option<String>,

    #[field(
        ar = "المسؤول",
        en = "Owner",
        to = "user",
        section(ar = "المشاركون", en = "Participants"),
        reverse(key = "interactions", ar = "سجل التواصل", en = "Interactions"),
        default = "me()",
        list
    )]
    pub owner: Option<Uuid>,
    #[field(ar = "الزملاء المشاركون", en = "Colleagues", to = "user", section(ar = "المشاركون", en = "Participants"))]
    pub colleagues: Vec<Uuid>,
    #[field(
        ar = "المشاركون من طرف العميل",
        en = "Contacts",
        to = "party",
        section(ar = "المشاركون", en = "Participants"),
        help(ar = "من حضر أو تحدّث غير العميل نفسه.", en = "Who took part beside the customer.")
    )]
    pub contacts: Vec<Uuid>,
    #[field(
        ar = "الخصوصية",
        en = "Privacy",
        section(ar = "المشاركون", en = "Participants"),
        choices(("shared", "يراه من يرى العميل", "Shared"), ("private", "خاص بالمشاركين فيه", "Private", "warn")),
        default = "\"shared\"",
        help(ar = "الخاص لا يراه سوى المسؤول والزملاء المشاركين.", en = "What is private only the owner and the colleagues who took part see.")
    )]
    pub privacy: String,

    #[field(ar = "الخطوة التالية", en = "Next action", section(ar = "المتابعة", en = "Follow-up"), max = 300, search = "body")]
    pub next_action: Option<String>,
    #[field(ar = "موعد الخطوة التالية", en = "Next action due", section(ar = "المتابعة", en = "Follow-up"), indexed)]
    pub next_at: Option<Timestamp>,
    /// Contacts of one conversation share it: a mail thread, a chat, a series of calls about one matter.
    #[field(ar = "رمز سلسلة التواصل", en = "Conversation", kind = code, max = 200, section(ar = "المتابعة", en = "Follow-up"), indexed)]
    pub thread: Option<String>,
}

/// Whoever works with a customer sees what was said to him, by whichever colleague.
const OWN_CUSTOMERS: &str = "owner == me() || in_my_teams(owner) || has(colleagues, me()) || party.owner == me() || in_my_teams(party.owner)";
/// What one has written oneself, or a colleague of the team.
const OWN_WORDS: &str = "owner == me() || in_my_teams(owner)";

pub fn seller() -> [Grant; 2] {
    let rule = |r: &str| RowRule::Where(r.to_owned());
    [
        Grant::new("interaction", [Verb::Read, Verb::Export], rule(OWN_CUSTOMERS)),
        Grant { all_actions: true, ..Grant::new("interaction", [Verb::Create, Verb::Update], rule(OWN_WORDS)) },
    ]
}

pub fn agent() -> Grant {
    Grant { all_actions: true, ..Grant::new("interaction", [Verb::Read, Verb::Create, Verb::Update], RowRule::All) }
}

/// How a contact can end: the choices of the field `outcome`.
pub fn outcomes() -> Vec<kernel::Choice> {
    use kernel::object::Declared;
    Interaction::object().get("outcome").map(|f| f.kind.options().to_vec()).unwrap_or_default()
}
