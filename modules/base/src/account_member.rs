//! A colleague's part in serving a party: the account team.

use kernel::Object;
use kernel::uuid::Uuid;

#[derive(Debug, Object)]
#[object(
    key = "account_member",
    module = "base",
    ar = "عضو فريق العميل",
    en = "Account team member",
    ar_plural = "فريق العميل",
    en_plural = "Account team",
    icon = "users",
    title = "note",
    owner = "party.owner",
    sort = "role",
    without(Menu, Search, Timeline, Comments, Files),
    unique("party", "user")
)]
pub struct AccountMember {
    pub id: Uuid,
    pub rev: i64,
    #[field(
        ar = "العميل",
        en = "Customer",
        to = "party",
        inline,
        reverse(key = "account_members", ar = "فريق العميل", en = "Account team"),
        list
    )]
    pub party: Uuid,
    #[field(ar = "الزميل", en = "Colleague", to = "user", cascade, reverse(key = "accounts", ar = "عملاء يشارك في خدمتهم", en = "Accounts served"), list)]
    pub user: Uuid,
    #[field(
        ar = "الدور",
        en = "Role",
        choices(
            ("sales", "مبيعات", "Sales", "info"),
            ("presales", "دعم المبيعات", "Presales"),
            ("service", "خدمة العملاء", "Service", "good"),
            ("technical", "دعم فني", "Technical"),
            ("delivery", "التوريد والتسليم", "Delivery"),
            ("collections", "تحصيل", "Collections", "warn"),
            ("sponsor", "راعٍ من الإدارة", "Executive sponsor", "accent"),
            ("other", "دور آخر", "Other")
        ),
        default = "\"sales\"",
        list
    )]
    pub role: String,
    #[field(ar = "ملاحظة", en = "Note", list)]
    pub note: Option<String>,
}
