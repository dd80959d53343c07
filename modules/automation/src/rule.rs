//! The object of rules: made by administrators and managers, owned by the person whose rights they have, kept in versions.
//!
//! A run goes on in the version it began with, so versions are never changed or removed. `sila_rule` says which version
//! is in force for which object; objects without a row there pay nothing.

use crate::flow::{Flow, Trigger};
use engine::{Actor, Company, Cx, Draft, Watch};
use futures::future::BoxFuture;
use kernel::object::Capability;
use kernel::uuid::Uuid;
use kernel::{Cell, ColumnType, Fault, Field, Grant, Issue, Kind, Label, Object, Outcome, Record, Role, RowRule, Value, Verb, Weight, label};

pub const KEY: &str = "automation";
/// Runs of one rule within an hour, where its maker says nothing else.
pub const HOURLY: i64 = 1_000;
const MOST_HOURLY: i64 = 1_000_000;

pub fn object() -> Object {
    Object::new(KEY, "automation", label("قاعدة عمل", "Rule"), label("قواعد العمل", "Rules"))
        .icon("zap")
        .owner("owner")
        .sort("name")
        .without(&[Capability::Menu, Capability::Import, Capability::Comments, Capability::Files])
        .field(Field::new("name", Kind::Name, label("اسم القاعدة", "Name of the rule")).required().search(Weight::Title))
        .field(Field::new("active", Kind::Bool, label("تعمل", "In force")).default_expr("false").list())
        .field(Field::new("about", Kind::Code { max: 64 }, label("عن", "About")).readonly().list())
        .field(
            Field::new("owner", Kind::to("user"), label("صاحب القاعدة", "Owner"))
                .default_expr("me()")
                .list()
                .help(label("تعمل القاعدة بصلاحياته، ولا تتجاوزها، وإليه تصل أخطاؤها.", "The rule acts with this person's rights and never more; its errors go to him.")),
        )
        .field(Field::new("note", Kind::LongText, label("لماذا هذه القاعدة", "Why there is this rule")))
        .field(
            Field::new("hourly", Kind::Integer, label("أقصى مرات في الساعة", "Most runs an hour"))
                .default_expr(HOURLY.to_string())
                .help(label("بعدها تتوقف القاعدة حتى الساعة التالية ويُخبَر صاحبها.", "Beyond it the rule rests until the next hour, and its owner is told.")),
        )
        .field(Field::new("version", Kind::Integer, label("الإصدار", "Version")).readonly().list())
        .field(Field::new("flow", Kind::Json, label("الخطوات", "Steps")).required())
}

pub fn roles() -> Vec<Role> {
    let gains = |key: &str, grants| Role { key: key.to_owned(), label: Label::default(), grants, admin: false };
    // What the company's rules are, everybody who works under them may read.
    let read = || vec![Grant::read(KEY, RowRule::All)];
    vec![gains("manager", vec![Grant::full(KEY, RowRule::Own)]), gains("seller", read()), gains("agent", read())]
}

/// The flow of a rule's record.
///
/// # Errors
/// Invalid: it cannot be read.
pub fn flow(record: &Record) -> Outcome<Flow> {
    let json = match record.get("flow") {
        Value::Json(json) => json.clone(),
        _ => return Err(Fault::invalid("flow", "value-required")),
    };
    read(&json)
}

/// A flow that came from outside.
///
/// # Errors
/// Invalid: it cannot be read; the words of the reader are in the sentence.
pub fn read(json: &serde_json::Value) -> Outcome<Flow> {
    serde_json::from_value(json.clone()).map_err(|e| Fault::issue(Issue::new("flow", "automation-unreadable").arg("what", e)))
}

/// Whose rights a rule has: the owner's; the company's own where an administrator left it without one.
///
/// # Errors
/// Invalid: the owner is gone.
pub async fn acting(company: &Company, conn: &mut store::Conn, owner: Option<Uuid>) -> Outcome<Actor> {
    match owner {
        None => Ok(company.system()),
        Some(id) => company.load_actor_in(conn, id).await?.ok_or_else(|| Fault::invalid("owner", "automation-owner-gone")),
    }
}

/// A rule is checked with the rights of its owner; only administrators make rules for others.
pub fn prepare<'a>(cx: &'a mut Cx, before: Option<&'a Record>, after: &'a mut Record) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        let owner = after.get("owner").id();
        let same = |field: &str| before.is_some_and(|b| b.get(field) == after.get(field));
        let administers = cx.actor.is_system() || cx.actor.must_administer().is_ok();
        if !administers && owner != Some(cx.actor.id) {
            return Err(Fault::invalid("owner", "automation-owner-himself"));
        }
        if after.get("hourly").int().is_some_and(|n| !(1..=MOST_HOURLY).contains(&n)) {
            return Err(Fault::issue(Issue::new("hourly", "automation-out-of-range").arg("least", 1).arg("most", MOST_HOURLY)));
        }
        if same("flow") && same("owner") && same("hourly") && (same("active") || after.get("active").bool() != Some(true)) {
            return Ok(());
        }
        let flow = flow(after)?;
        let company = cx.company.clone();
        let actor = acting(&company, &mut cx.tx, owner).await?;
        let issues = crate::check::issues(&company, &actor, &flow);
        Fault::check(issues.into_iter().map(|i| Issue { field: format!("flow.{}", i.field), ..i }).collect())?;
        let changed = !(same("flow") && same("owner") && same("hourly"));
        after.set("about", flow.object.as_str());
        if changed {
            after.set("version", before.and_then(|b| b.get("version").int()).unwrap_or_default() + 1);
        }
        Ok(())
    })
}

pub fn watch() -> Watch {
    Watch { object: KEY, run: changed }
}

/// Keeps the version and puts it into force, or takes the rule out of it.
fn changed<'a>(cx: &'a mut Cx, changes: &'a [(Option<Record>, Option<Record>)]) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        for (before, after) in changes {
            let Some(id) = after.as_ref().or(before.as_ref()).map(|r| r.id) else { continue };
            let mut sql = cx.tx.sql();
            sql.push("DELETE FROM sila_rule WHERE id = ").bind(id);
            cx.tx.exec(&sql).await?;
            let Some(rule) = after else { continue };
            let version = rule.get("version").int().unwrap_or_default();
            let text = serde_json::to_string(&flow(rule)?).map_err(Fault::internal)?;
            let hourly = rule.get("hourly").int().unwrap_or(HOURLY);
            let by: Cell = if cx.actor.is_system() { Cell::Null } else { cx.actor.id.into() };
            let row = vec![id.into(), version.into(), text.into(), rule.get("owner").id().into(), hourly.into(), cx.now.into(), by];
            store::insert_missing(&mut cx.tx, "sila_rule_version", &["rule_id", "version", "flow", "owner", "hourly", "at", "by"], vec![row]).await?;
            if rule.get("active").bool() == Some(true) {
                let about = rule.get("about").text().unwrap_or_default();
                store::insert_many(&mut cx.tx, "sila_rule", &["object", "id", "version"], vec![vec![about.into(), id.into(), version.into()]]).await?;
            }
        }
        Ok(())
    })
}

/// The name of a rule, in the reader's language.
///
/// # Errors
/// The database.
pub async fn name(company: &Company, conn: &mut store::Conn, id: Uuid, lang: &str) -> Outcome<String> {
    match company.get_in(conn, &company.system(), KEY, id).await {
        Ok(record) => Ok(record.get("name").name().map(|n| n.get(lang).to_owned()).unwrap_or_default()),
        Err(fault) if fault.kind == kernel::FaultKind::NotFound => Ok(String::new()),
        Err(fault) => Err(fault),
    }
}

/// Who hears of errors: the owner; without one every administrator.
///
/// # Errors
/// The database.
pub async fn responsible(cx: &mut Cx, owner: Option<Uuid>) -> Outcome<Vec<Uuid>> {
    if let Some(owner) = owner
        && cx.company.clone().load_actor_in(&mut cx.tx, owner).await?.is_some()
    {
        return Ok(vec![owner]);
    }
    let sql = store::Sql::of(cx.tx.dialect(), "SELECT user_id FROM sila_user_role WHERE role = 'admin'");
    Ok(cx.tx.rows(&sql, &[ColumnType::Id]).await?.iter().filter_map(|r| r.first().and_then(Cell::id)).collect())
}

/// A rule for a draft: what pages and recipes save.
///
/// # Errors
/// Internal: a flow that cannot be written.
pub fn draft(name: kernel::Name, note: &str, flow: &Flow) -> Outcome<Draft> {
    let json = serde_json::to_value(flow).map_err(Fault::internal)?;
    let note = Some(note.to_owned()).filter(|n| !n.is_empty());
    Ok(Draft::new().set("name", name).set("note", note).set("flow", Value::Json(json)))
}

/// The button triggers people may press on records of an object: rule and its label.
pub fn button(flow: &Flow) -> Option<&crate::flow::Words> {
    if let Trigger::Button { label } = &flow.trigger { Some(label) } else { None }
}

/// May make rules: sees the pages.
pub fn makes(actor: &Actor, registry: &kernel::Registry) -> bool {
    registry.find(KEY).is_some_and(|o| actor.may(o, &Verb::Create))
}
