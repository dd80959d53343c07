//! Something worth remembering of a conversation: a plan, a worry, a daughter's graduation. Dated, and as private as its writer says.

use kernel::Object;
use kernel::jiff::civil::Date;
use kernel::uuid::Uuid;

#[derive(Debug, Object)]
#[object(
    key = "talking_point",
    module = "base",
    ar = "موضوع حديث",
    en = "Talking point",
    ar_plural = "موضوعات الحديث",
    en_plural = "Points discussed",
    icon = "message-square",
    title = "topic",
    owner = "party.owner",
    happened = "on",
    sort = "-on",
    visible = "privacy != \"private\" || created_by == me()",
    without(Menu, Search, Comments, Files)
)]
pub struct TalkingPoint {
    pub id: Uuid,
    pub rev: i64,
    #[field(ar = "الموضوع", en = "Topic", max = 300, list)]
    pub topic: String,
    #[field(ar = "التاريخ", en = "Date", default = "today()", list)]
    pub on: Date,
    #[field(ar = "ما قيل فيه", en = "What was said", kind = long_text, personal, list)]
    pub said: Option<String>,
    #[field(
        ar = "الخصوصية",
        en = "Privacy",
        choices(("shared", "يراه من يرى العميل", "Shared"), ("private", "لي وحدي", "Only me", "warn")),
        default = "\"shared\"",
        list
    )]
    pub privacy: String,
    #[field(
        ar = "العميل",
        en = "Customer",
        to = "party",
        inline,
        timeline,
        reverse(key = "talking_points", ar = "موضوعات الحديث", en = "Points discussed"),
        list
    )]
    pub party: Uuid,
}
