//! Who gets a lead that nobody owns: rules in order, the first that fits decides. In turn means whoever has waited longest
//! for one; least load means whoever has the fewest open ones. Both are asked behind one lock of the rule, so that many
//! leads at the same moment are spread like many one after the other.

use crate::{lead, territory};
use engine::{Count, Cx, Query};
use futures::future::BoxFuture;
use kernel::expr::{self, Wanted};
use kernel::object::Capability::{Comments, Files, Menu, Timeline};
use kernel::uuid::Uuid;
use kernel::{Cell, Choice, ColumnType, Expr, Fault, Field, Kind, Object, Outcome, Record, Tone, Value, Weight, label};
use std::collections::{BTreeMap, BTreeSet};

pub const KEY: &str = "lead_route";
pub const SKILL: &str = "skill";
/// Working minutes until the first touch, where no rule says otherwise.
pub const MINUTES: i64 = 240;

pub fn skill() -> Object {
    Object::new(SKILL, "sales", label("مهارة", "Skill"), label("المهارات", "Skills"))
        .icon("star")
        .sort("name")
        .without(&[Menu, Comments, Files, Timeline])
        .field(Field::new("name", Kind::Name, label("المهارة", "Skill")).required().search(Weight::Title))
}

/// What a colleague is good at: a language, a product, a trade.
pub fn of_user() -> Field {
    Field::new("skills", Kind::Refs { object: SKILL.into() }, label("المهارات", "Skills")).reverse("people", label("من يجيدها", "Who has it"))
}

fn ways() -> Kind {
    let way = |key: &str, ar, en| Choice::new(key, label(ar, en), Tone::Neutral);
    Kind::Choice {
        options: vec![
            way("person", "إلى شخص", "To a person"),
            way("territory", "إلى مسؤول المنطقة", "To the territory's owner"),
            way("turn", "بالدور", "In turn"),
            way("load", "إلى الأقل حملًا", "To whoever has the least"),
        ],
    }
}

pub fn object() -> Object {
    Object::new(KEY, "sales", label("قاعدة توزيع", "Routing rule"), label("قواعد توزيع المهتمين", "Rules that route leads"))
        .icon("users")
        .sort("position")
        .without(&[Menu, Comments, Files, Timeline])
        .field(Field::new("name", Kind::Name, label("السبب كما يُقرأ", "The reason as it is read")).required().search(Weight::Title))
        .field(Field::new("position", Kind::Integer, label("الترتيب", "Position")).required().default_expr("10").indexed().list())
        .field(
            Field::new("condition", Kind::Code { max: 600 }, label("الشرط", "Condition"))
                .list()
                .help(label("على حقول العميل المهتم، مثل: city == \"جدة\". فارغ: كل من بقي.", "On fields of the lead, such as: city == \"Jeddah\". Empty: everybody who is left.")),
        )
        .field(Field::new("way", ways(), label("إلى من", "To whom")).required().list())
        .field(Field::new("user", Kind::to("user"), label("الشخص", "Person")).when("way == \"person\"").reverse("lead_routes", label("قواعد توزيع إليه", "Routes to him")))
        .field(Field::new("team", Kind::to("team"), label("من فريق", "Of the team")).when("way in [\"turn\", \"load\"]").reverse("lead_routes", label("قواعد توزيع إليه", "Routes to it")).list())
        .field(Field::new("skill", Kind::to(SKILL), label("ممن يجيد", "Who has the skill")).when("way in [\"turn\", \"load\"]").reverse("lead_routes", label("قواعد توزيع", "Routes")))
        .field(
            Field::new("minutes", Kind::Integer, label("مهلة أول تواصل بدقائق العمل", "First touch within (working minutes)"))
                .help(label("فارغة: 240 دقيقة.", "Empty: 240 minutes.")),
        )
        .field(Field::new("active", Kind::Bool, label("مستعملة", "In use")).default_expr("true").list())
}

pub fn prepare<'a>(cx: &'a mut Cx, _: Option<&'a Record>, rule: &'a mut Record) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        if let Some(condition) = rule.get("condition").text() {
            crate::score::sound_on(&cx.registry, lead::KEY, condition)?;
        }
        if rule.get("minutes").int().is_some_and(|m| !(1..=20_000).contains(&m)) {
            return Err(Fault::invalid("minutes", "sales-route-minutes"));
        }
        let named = |field: &str| !rule.get(field).is_null();
        match rule.get("way").text() {
            Some("person") if !named("user") => Err(Fault::invalid("user", "value-required")),
            Some("turn" | "load") if !named("team") && !named("skill") => Err(Fault::invalid("team", "sales-route-pool")),
            _ => Ok(()),
        }
    })
}

/// What a lead is given.
#[derive(Clone, Debug, Default)]
pub struct Given {
    pub route: Option<Uuid>,
    pub user: Option<Uuid>,
    /// Runs on from lead to lead of a rule.
    pub turn: Option<i64>,
    /// `{"way", "of", "load", "for"}`: what the sentence «why you» is made of.
    pub why: Value,
    pub minutes: i64,
}

/// Finds the owner of a lead that has none. Without a rule that fits, or with nobody there, it stays with nobody.
///
/// # Errors
/// The database.
pub async fn give(cx: &mut Cx, lead: &Record) -> Outcome<Given> {
    let (company, system, registry) = (cx.company.clone(), cx.company.system(), cx.registry.clone());
    let object = registry.object(lead::KEY)?;
    let query = Query { count: Count::None, ..Query::new(KEY).filter(Expr::path("active")).sort("position,created_at").limit(200) };
    let rules = company.list_in(&mut cx.tx, &system, &query).await?.records;
    let env = company.env(&system);
    let away = away(cx).await?;
    for rule in rules {
        if let Some(text) = rule.get("condition").text() {
            // A field may have gone since: such a rule fits nobody.
            let Ok(condition) = expr::check(&registry, object, text, Wanted::Condition) else { continue };
            if !expr::holds(&condition, lead, &env) {
                continue;
            }
        }
        let minutes = rule.get("minutes").int().unwrap_or(MINUTES);
        let way = rule.get("way").text().unwrap_or_default().to_owned();
        let found = match way.as_str() {
            "person" => one(cx, rule.get("user").id(), &away).await?,
            "territory" => match territory::of_lead(cx, lead).await? {
                Some(t) => match one(cx, t.owner, &away).await? {
                    None if t.team.is_some() => {
                        let people = pool(cx, t.team, None, &away).await?;
                        spread(cx, rule.id, &people, "turn").await?
                    }
                    found => found,
                },
                None => None,
            },
            way => {
                let people = pool(cx, rule.get("team").id(), rule.get("skill").id(), &away).await?;
                spread(cx, rule.id, &people, way).await?
            }
        };
        if let Some(found) = found {
            let mut why = found.why;
            why.insert("way".into(), way.into());
            return Ok(Given { route: Some(rule.id), user: Some(found.user), turn: found.turn, why: Value::Json(why.into()), minutes });
        }
    }
    Ok(Given { minutes: MINUTES, ..Given::default() })
}

struct Found {
    user: Uuid,
    turn: Option<i64>,
    why: serde_json::Map<String, serde_json::Value>,
}

/// Who is away now, and who stands in.
async fn away(cx: &mut Cx) -> Outcome<BTreeMap<Uuid, Uuid>> {
    let mut sql = cx.tx.sql();
    sql.push("SELECT from_id, to_id FROM sila_delegation WHERE ended_at IS NULL AND from_at <= ").bind(cx.now).push(" AND until_at > ").bind(cx.now).push(" ORDER BY at");
    let rows = cx.tx.rows(&sql, &[ColumnType::Id, ColumnType::Id]).await?;
    Ok(rows.iter().filter_map(|r| Some((r.first()?.id()?, r.get(1)?.id()?))).collect())
}

/// The person himself, or who stands in for him; nobody who no longer works here.
async fn one(cx: &mut Cx, user: Option<Uuid>, away: &BTreeMap<Uuid, Uuid>) -> Outcome<Option<Found>> {
    let Some(user) = user else { return Ok(None) };
    let to = away.get(&user).copied().unwrap_or(user);
    if away.contains_key(&to) || !active(cx, &[to]).await?.contains(&to) {
        return Ok(None);
    }
    let why = if to == user { serde_json::Map::new() } else { serde_json::Map::from_iter([("for".to_owned(), serde_json::json!(user))]) };
    Ok(Some(Found { user: to, turn: None, why }))
}

async fn active(cx: &mut Cx, users: &[Uuid]) -> Outcome<BTreeSet<Uuid>> {
    if users.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut sql = cx.tx.sql();
    sql.push("SELECT id FROM \"user\" WHERE deleted_at IS NULL AND active = 1 AND id IN ").bind_list(users.iter().map(|u| Cell::Id(*u)));
    Ok(cx.tx.rows(&sql, &[ColumnType::Id]).await?.iter().filter_map(|r| r.first().and_then(Cell::id)).collect())
}

/// Who could get it: of the team, with the skill, working here and not away.
async fn pool(cx: &mut Cx, team: Option<Uuid>, skill: Option<Uuid>, away: &BTreeMap<Uuid, Uuid>) -> Outcome<Vec<Uuid>> {
    let mut sql = cx.tx.sql();
    sql.push("SELECT u.id FROM \"user\" u WHERE u.deleted_at IS NULL AND u.active = 1");
    if let Some(team) = team {
        sql.push(" AND u.id IN (SELECT user_id FROM sila_team_member WHERE team_id = ").bind(team).push(")");
    }
    if let Some(skill) = skill {
        sql.push(" AND u.id IN (SELECT record_id FROM sila_link WHERE object = 'user' AND field = 'skills' AND target_id = ").bind(skill).push(")");
    }
    sql.push(" ORDER BY u.id");
    let rows = cx.tx.rows(&sql, &[ColumnType::Id]).await?;
    Ok(rows.iter().filter_map(|r| r.first().and_then(Cell::id)).filter(|u| !away.contains_key(u)).collect())
}

/// In turn, or to whoever has the least.
async fn spread(cx: &mut Cx, rule: Uuid, people: &[Uuid], way: &str) -> Outcome<Option<Found>> {
    if people.is_empty() {
        return Ok(None);
    }
    // Whoever asks at the same moment waits here until this lead is given; then he counts it too.
    let turn = store::counter::next(&mut cx.tx, &format!("{KEY}:{rule}")).await?;
    let mut sql = cx.tx.sql();
    sql.push("SELECT routed_to, MAX(turn) FROM lead WHERE route = ").bind(rule).push(" AND routed_to IN ");
    sql.bind_list(people.iter().map(|u| Cell::Id(*u))).push(" GROUP BY routed_to");
    let last = numbers(cx, &sql).await?;
    let mut sql = cx.tx.sql();
    sql.push("SELECT owner, COUNT(*) FROM lead WHERE deleted_at IS NULL AND status IN ('new', 'contacted', 'qualified') AND owner IN ");
    sql.bind_list(people.iter().map(|u| Cell::Id(*u))).push(" GROUP BY owner");
    let load = numbers(cx, &sql).await?;
    let of = |map: &BTreeMap<Uuid, i64>, user: &Uuid| map.get(user).copied().unwrap_or_default();
    let chosen = people.iter().min_by_key(|u| (if way == "load" { of(&load, u) } else { 0 }, of(&last, u), **u));
    let why = |user: &Uuid| serde_json::Map::from_iter([("of".to_owned(), people.len().into()), ("load".to_owned(), of(&load, user).into())]);
    Ok(chosen.map(|user| Found { user: *user, turn: Some(turn), why: why(user) }))
}

async fn numbers(cx: &mut Cx, sql: &store::Sql) -> Outcome<BTreeMap<Uuid, i64>> {
    let rows = cx.tx.rows(sql, &[ColumnType::Id, ColumnType::Int]).await?;
    Ok(rows.iter().filter_map(|r| Some((r.first()?.id()?, r.get(1)?.int()?))).collect())
}
