//! What one party is to another: works at it, buys for it, is married to him. Directed, read from either side.

use kernel::jiff::civil::Date;
use kernel::uuid::Uuid;
use engine::{Cx, Query, Watch};
use futures::future::BoxFuture;
use kernel::{Cell, ColumnType, Expr, Fault, Grant, Issue, Label, Object, Outcome, Record, RowRule, Verb, label};
use std::collections::BTreeSet;

#[derive(Debug, Object)]
#[object(
    key = "relationship",
    module = "base",
    ar = "علاقة",
    en = "Relationship",
    ar_plural = "العلاقات",
    en_plural = "Relationships",
    icon = "link",
    title = "role",
    owner = "party.owner",
    sort = "kind",
    without(Menu, Search, Timeline, Comments, Files),
    unique("party", "kind", "other")
)]
pub struct Relationship {
    pub id: Uuid,
    pub rev: i64,
    #[field(
        ar = "الطرف الأول",
        en = "Party",
        to = "party",
        inline,
        reverse(key = "relationships", ar = "العلاقات", en = "Relationships"),
        list
    )]
    pub party: Uuid,
    #[field(
        ar = "العلاقة",
        en = "Relationship",
        choices(
            ("works_at", "يعمل لدى", "Works at", "info"),
            ("reports_to", "يتبع إداريًا", "Reports to", "info"),
            ("buys_for", "يشتري لصالح", "Buys for", "accent"),
            ("board_member", "عضو مجلس إدارة في", "Board member of", "accent"),
            ("owner_of", "مالك أو شريك في", "Owner or partner of", "accent"),
            ("advises", "مستشار لدى", "Adviser to"),
            ("refers", "رشّح لنا", "Referred to us", "good"),
            ("supplies", "يورّد إلى", "Supplies"),
            ("partner_of", "شريك أعمال مع", "Business partner of"),
            ("competitor", "منافس لـ", "Competitor of", "warn"),
            ("married_to", "زوج أو زوجة", "Married to"),
            ("parent_of", "والد أو والدة", "Parent of"),
            ("relative", "من أقارب", "Relative of"),
            ("other", "علاقة أخرى", "Other")
        ),
        default = "\"works_at\"",
        list
    )]
    pub kind: String,
    #[field(
        ar = "الطرف الآخر",
        en = "Other party",
        to = "party",
        cascade,
        reverse(key = "related_from", ar = "علاقات من الطرف الآخر", en = "Relationships from the other side"),
        list
    )]
    pub other: Uuid,
    #[field(
        ar = "الصفة أو المنصب",
        en = "Role",
        list,
        help(ar = "مثل: مدير المشتريات.", en = "Such as: purchasing manager.")
    )]
    pub role: Option<String>,
    #[field(
        ar = "جهة الاتصال الأولى",
        en = "Primary contact",
        default = "false",
        list,
        help(ar = "أول من يُتصل به لدى الطرف الآخر.", en = "Whom to contact first at the other party.")
    )]
    pub primary: bool,
    #[field(ar = "منذ", en = "Since")]
    pub since: Option<Date>,
    #[field(ar = "حتى", en = "Until")]
    pub until: Option<Date>,
    #[field(ar = "ملاحظة", en = "Note")]
    pub note: Option<String>,
}

/// How a kind reads from the other side.
pub fn inverse(kind: &str) -> Label {
    match kind {
        "works_at" => label("يعمل لديه", "Employs"),
        "reports_to" => label("مدير لـ", "Manages"),
        "buys_for" => label("يشتري له", "Buyer"),
        "board_member" => label("عضو في مجلس إدارته", "Board member"),
        "owner_of" => label("من ملاكه", "Owner or partner"),
        "advises" => label("مستشاره", "Adviser"),
        "refers" => label("رشّحه لنا", "Referred by"),
        "supplies" => label("مورّد له", "Supplier"),
        "partner_of" => label("شريك أعمال مع", "Business partner of"),
        "competitor" => label("منافس لـ", "Competitor of"),
        "married_to" => label("زوج أو زوجة", "Married to"),
        "parent_of" => label("ولد أو بنت", "Child of"),
        "relative" => label("من أقارب", "Relative of"),
        _ => label("علاقة أخرى", "Other"),
    }
}

/// Kinds that say the same from either side: one row is enough.
pub fn symmetric(kind: &str) -> bool {
    matches!(kind, "partner_of" | "competitor" | "married_to" | "relative")
}

/// Kinds that order people: nobody stands above or before himself, however long the way.
pub fn ordered(kind: &str) -> bool {
    matches!(kind, "reports_to" | "parent_of" | "refers")
}

/// Seen by whoever works with either side; written by whoever works with the first.
pub fn seller() -> [Grant; 2] {
    let either = "party.owner == me() || in_my_teams(party.owner) || other.owner == me() || in_my_teams(other.owner)";
    [
        Grant::new("relationship", [Verb::Read, Verb::Export], RowRule::Where(either.into())),
        Grant::new("relationship", [Verb::Create, Verb::Update, Verb::Delete], RowRule::Team),
    ]
}

pub fn watch() -> Watch {
    Watch { object: "relationship", run: sound }
}

/// Refuses what cannot be: a relationship with oneself, one that ends before it began, one said already from the other
/// side, and a loop of kinds that put one above the other.
fn sound<'a>(cx: &'a mut Cx, changes: &'a [(Option<Record>, Option<Record>)]) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        for now in changes.iter().filter_map(|(_, after)| after.as_ref()) {
            let (Some(party), Some(other), Some(kind)) = (now.get("party").id(), now.get("other").id(), now.get("kind").text()) else { continue };
            if party == other {
                return Err(Fault::invalid("other", "base-related-to-itself"));
            }
            if now.get("since").date().zip(now.get("until").date()).is_some_and(|(since, until)| until < since) {
                return Err(Fault::invalid("until", "base-ends-before"));
            }
            if symmetric(kind) && next(cx, kind, &[other]).await?.contains(&party) {
                return Err(Fault::invalid("other", "base-related-already"));
            }
            if ordered(kind) {
                no_loop(cx, kind, party, other).await?;
            }
        }
        Ok(())
    })
}

/// A chain longer than this is a fault in the data.
const LONGEST: usize = 200;

async fn no_loop(cx: &mut Cx, kind: &str, party: Uuid, other: Uuid) -> Outcome<()> {
    // Whoever writes this kind at the same time waits for us, and then sees what we wrote.
    store::counter::next(&mut cx.tx, &format!("relationship.{kind}")).await?;
    let mut seen = BTreeSet::new();
    let mut at = vec![other];
    while !at.is_empty() && seen.len() < LONGEST {
        if at.contains(&party) {
            return Err(Fault::issue(Issue::new("other", "base-related-loop")));
        }
        seen.extend(at.iter().copied());
        let further = next(cx, kind, &at).await?;
        at = further.into_iter().filter(|id| !seen.contains(id)).collect();
    }
    Ok(())
}

/// Whom these parties are related to in this way, whoever may see it: a loop is a loop.
async fn next(cx: &mut Cx, kind: &str, of: &[Uuid]) -> Outcome<Vec<Uuid>> {
    let object = cx.object("relationship")?;
    let company = cx.company.clone();
    let mut sql = cx.tx.sql();
    sql.push("SELECT t.\"other\"");
    let query = Query::new("relationship").filter(Expr::path("kind").eq(Expr::lit(kind)));
    company.rows_where(&company.system(), &object, &query, &mut sql)?;
    sql.push(" AND t.\"party\" IN ").bind_list(of.iter().map(|id| Cell::Id(*id)));
    let rows = cx.tx.rows(&sql, &[ColumnType::Id]).await?;
    Ok(rows.iter().filter_map(|r| r.first().and_then(Cell::id)).collect())
}
