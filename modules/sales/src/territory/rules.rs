//! Which territory somebody belongs to: rules over the fields of a customer, the most specific one first.

use engine::{Count, Cx, Query};
use futures::future::BoxFuture;
use kernel::expr::{self, Env, Typed, Wanted};
use kernel::object::Capability::{Comments, Files};
use kernel::uuid::Uuid;
use kernel::{Address, Expr, Fault, Field, Kind, Label, Object, Outcome, Record, Registry, Value, Weight, label};
use std::collections::BTreeMap;

pub const KEY: &str = "territory";
/// Levels of a hierarchy that are looked at.
const DEEPEST: usize = 12;

pub fn object() -> Object {
    Object::new(KEY, "sales", label("منطقة بيع", "Territory"), label("مناطق البيع", "Territories"))
        .icon("map-pin")
        .sort("position")
        .without(&[Comments, Files])
        .field(Field::new("name", Kind::Name, label("المنطقة", "Territory")).required().search(Weight::Title))
        .field(
            Field::new("parent", Kind::to(KEY), label("ضمن", "Part of"))
                .tree()
                .reverse("parts", label("أجزاؤها", "Parts"))
                .list()
                .help(label("الأخص تغلب: من ينطبق عليه شرط الجزء فهو للجزء لا للكل.", "The more specific wins: whoever fits the part belongs to it and not to the whole.")),
        )
        .field(
            Field::new("condition", Kind::Code { max: 600 }, label("الشرط", "Condition"))
                .required()
                .list()
                .help(label("على حقول العميل، مثل: address.city == \"جدة\" && kind == \"organisation\"", "On fields of the customer, such as: address.city == \"Jeddah\" && kind == \"organisation\"")),
        )
        .field(Field::new("position", Kind::Integer, label("الترتيب", "Position")).default_expr("10").indexed().help(label("بين متساويين في المستوى يغلب الأصغر.", "Of two on the same level the smaller one wins.")))
        .field(Field::new("owner", Kind::to("user"), label("المسؤول", "Owner")).reverse("territories", label("مناطق البيع", "Territories")).list())
        .field(Field::new("team", Kind::to("team"), label("الفريق", "Team")).reverse("territories", label("مناطق البيع", "Territories")).list())
        .field(Field::new("active", Kind::Bool, label("مستعملة", "In use")).default_expr("true").list())
}

/// Where a customer or a lead belongs, worked out from the rules.
pub fn belonging(section: Label, plural: Label, reverse: &str) -> Field {
    Field::new(KEY, Kind::to(KEY), label("منطقة البيع", "Territory"))
        .readonly()
        .reverse(reverse, plural)
        .section(section)
        .help(label("تُعرف من شروط مناطق البيع.", "Worked out from the conditions of the territories."))
}

pub fn prepare<'a>(cx: &'a mut Cx, _: Option<&'a Record>, territory: &'a mut Record) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        match territory.get("condition").text() {
            Some(condition) => sound(&cx.registry, condition),
            None => Ok(()),
        }
    })
}

/// What a territory asks can be read from the customer alone, and not from where he belongs or whose he is.
fn sound(registry: &Registry, condition: &str) -> Outcome<()> {
    let typed = crate::score::sound_on(registry, "party", condition)?;
    let round = typed.fields().iter().any(|(_, f)| f == KEY || f == "owner");
    if round { Err(Fault::invalid("condition", "sales-territory-round")) } else { Ok(()) }
}

/// A territory that can be asked.
pub struct Territory {
    pub id: Uuid,
    pub owner: Option<Uuid>,
    pub team: Option<Uuid>,
    condition: Typed,
}

/// The territories in use, the most specific first: deeper before higher, then by position.
///
/// # Errors
/// The database.
pub async fn all(cx: &mut Cx) -> Outcome<Vec<Territory>> {
    let (company, system, registry) = (cx.company.clone(), cx.company.system(), cx.registry.clone());
    let party = registry.object("party")?;
    let query = Query { count: Count::None, ..Query::new(KEY).filter(Expr::path("active")).sort("position,created_at").limit(500) };
    let found = company.list_in(&mut cx.tx, &system, &query).await?.records;
    let above: BTreeMap<Uuid, Uuid> = found.iter().filter_map(|r| Some((r.id, r.get("parent").id()?))).collect();
    let depth = |id: Uuid| std::iter::successors(Some(id), |id| above.get(id).copied()).take(DEEPEST).count();
    let mut all: Vec<(usize, Territory)> = found
        .iter()
        .filter_map(|r| {
            let condition = expr::check(&registry, party, r.get("condition").text()?, Wanted::Condition).ok()?;
            Some((depth(r.id), Territory { id: r.id, owner: r.get("owner").id(), team: r.get("team").id(), condition }))
        })
        .collect();
    // Stable: on one level the order of the list stays.
    all.sort_by_key(|(depth, _)| std::cmp::Reverse(*depth));
    Ok(all.into_iter().map(|(_, t)| t).collect())
}

/// The first one the customer fits.
pub fn of<'t>(all: &'t [Territory], party: &Record, env: &Env) -> Option<&'t Territory> {
    all.iter().find(|t| expr::holds(&t.condition, party, env))
}

/// The territory of a lead: of the customer it is said to be, else of what it tells.
///
/// # Errors
/// The database.
pub async fn of_lead(cx: &mut Cx, lead: &Record) -> Outcome<Option<Territory>> {
    let all = all(cx).await?;
    if all.is_empty() {
        return Ok(None);
    }
    let (company, system) = (cx.company.clone(), cx.company.system());
    let known = match lead.get("party").id() {
        Some(id) => company.get_in(&mut cx.tx, &system, "party", id).await.ok(),
        None => None,
    };
    let party = known.unwrap_or_else(|| told(lead, &company.settings().country));
    let env = company.env(&system);
    let id = of(&all, &party, &env).map(|t| t.id);
    Ok(all.into_iter().find(|t| Some(t.id) == id))
}

/// A customer as the lead would be one.
fn told(lead: &Record, country: &str) -> Record {
    let city = lead.get("city").text().unwrap_or_default().to_owned();
    let kind = if lead.get("company").is_blank() { "person" } else { "organisation" };
    let address = Address { city, country: country.to_owned(), ..Address::default() };
    let draft = Record::new("party", Uuid::nil()).with("kind", kind).with("address", address).with("name", lead.get("name").clone());
    ["email", "phone", "source"].iter().fold(draft, |d, f| d.with(*f, lead.get(f).clone()))
}

/// Keeps the territory of a lead, once he tells where he is.
///
/// # Errors
/// The database.
pub async fn prepare_lead(cx: &mut Cx, before: Option<&Record>, after: &mut Record) -> Outcome<()> {
    let same = |b: &Record| ["city", "company", "party"].iter().all(|f| b.get(f) == after.get(f));
    if before.is_none_or(|b| !same(b)) {
        let found = of_lead(cx, after).await?;
        after.set(KEY, found.map(|t| t.id));
    }
    Ok(())
}

/// Keeps the territory of customers that are made or changed; whose they are changes only when the rules are run over all.
pub fn changed<'a>(cx: &'a mut Cx, changes: &'a [(Option<Record>, Option<Record>)]) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        let all = all(cx).await?;
        if all.is_empty() {
            return Ok(());
        }
        let env = cx.company.env(&cx.company.system());
        let now: Vec<&Record> = changes.iter().filter_map(|(_, after)| after.as_ref()).collect();
        let value = |r: &Record| Value::from(of(&all, r, &env).map(|t| t.id));
        let moved: Vec<(Uuid, Vec<(&'static str, Value)>)> = now.iter().map(|r| (r, value(r))).filter(|(r, v)| r.get(KEY) != v).map(|(r, v)| (r.id, vec![(KEY, v)])).collect();
        if moved.is_empty() { Ok(()) } else { cx.derive("party", moved).await }
    })
}
