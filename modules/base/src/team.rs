//! A group of colleagues who see each other's customers. Members are kept apart, changed by administrators only.

use kernel::uuid::Uuid;
use kernel::{Name, Object};

#[derive(Debug, Object)]
#[object(
    key = "team",
    module = "base",
    ar = "فريق",
    en = "Team",
    ar_plural = "الفرق",
    en_plural = "Teams",
    icon = "users",
    sort = "name",
    without(Menu, Import, Export, Files)
)]
pub struct Team {
    pub id: Uuid,
    #[field(ar = "اسم الفريق", en = "Team name", search = "title")]
    pub name: Name,
    #[field(
        ar = "قائد الفريق",
        en = "Team lead",
        to = "user",
        reverse(key = "led_teams", ar = "فرق يقودها", en = "Teams led"),
        list
    )]
    pub lead: Option<Uuid>,
    #[field(
        ar = "الفريق الأعلى",
        en = "Parent team",
        to = "team",
        reverse(key = "teams_below", ar = "الفرق التي تحته", en = "Teams below"),
        list,
        help(ar = "قائد الفريق الأعلى يرى سجلات هذا الفريق، إن منحه دوره ذلك.", en = "The lead of the parent team sees the records of this team, where a role grants it.")
    )]
    pub parent: Option<Uuid>,
    #[field(ar = "ملاحظات", en = "Notes", kind = long_text)]
    pub note: Option<String>,
}
