//! Where a party stands with the company: suspect → prospect → customer → loyal, or dormant and lost.
//!
//! The stage follows from its orders and contacts by a [`Rule`] that is data. It is worked out again in the transaction
//! that changes an order or notes a contact, and each night, since time alone makes a customer dormant. A person may
//! decide otherwise, with a reason and until a date. Every step stands in `stage_change` at the moment it happened.
//!
//! The rule reads the party's `last_order_at` where some module declares it as a roll-up: from that declaration it knows
//! which records are orders, and when each was made.

use crate::stage_change;
use engine::{Action, Company, Cx, Done, Draft, Input, JobCx, Query, Watch};
use futures::future::BoxFuture;
use kernel::jiff::civil::Date;
use kernel::jiff::tz::TimeZone;
use kernel::jiff::{SignedDuration, Timestamp, ToSpan};
use kernel::object::Declared;
use kernel::uuid::Uuid;
use kernel::{Cell, ColumnType, Expr, Fault, Field, Kind, Outcome, Record, Value, label};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use store::queue::NewJob;

/// The nightly job; also after an import.
pub const JOB: &str = "base.lifecycle";
const SETTING: &str = "base.lifecycle";

/// The moment up to which silence is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AsOf {
    #[default]
    Now,
    /// The company's last order: for an archive that nobody adds to.
    LastOrder,
}

/// When a customer is what. Kept per company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rule {
    /// Days without an order until a customer counts as dormant …
    pub dormant_days: i64,
    /// … and as lost.
    pub lost_days: i64,
    /// Orders since he came (or came back) that make a customer loyal.
    pub loyal_orders: i64,
    /// Days for which a decision by hand holds when it names no end.
    pub hold_days: i64,
    pub as_of: AsOf,
}

impl Default for Rule {
    fn default() -> Self {
        Rule { dormant_days: 180, lost_days: 365, loyal_orders: 5, hold_days: 90, as_of: AsOf::Now }
    }
}

impl Rule {
    /// # Errors
    /// The database.
    pub async fn load(conn: &mut store::Conn) -> Outcome<Rule> {
        let saved = engine::settings::get(conn, "company", SETTING).await?;
        Ok(saved.and_then(|t| serde_json::from_str(&t).ok()).unwrap_or_default())
    }

    /// What does not fit together.
    ///
    /// # Errors
    /// Invalid, with the field.
    pub fn check(&self) -> Outcome<()> {
        let within = |n: i64, most: i64| (1..=most).contains(&n);
        let wrong = |field: &str, key: &str| Err(Fault::invalid(field, key));
        match () {
            () if !within(self.dormant_days, 3_650) => wrong("dormant_days", "base-rule-days"),
            () if !within(self.lost_days, 3_650) => wrong("lost_days", "base-rule-days"),
            () if self.lost_days <= self.dormant_days => wrong("lost_days", "base-rule-lost-first"),
            () if !within(self.loyal_orders, 1_000) => wrong("loyal_orders", "base-rule-orders"),
            () if !within(self.hold_days, 3_650) => wrong("hold_days", "base-rule-days"),
            () => Ok(()),
        }
    }

    /// Keeps the rule and has every stage worked out by it; administrators only.
    ///
    /// # Errors
    /// Forbidden; invalid; the database.
    pub async fn save(&self, company: &Company, actor: &engine::Actor) -> Outcome<()> {
        actor.must_administer()?;
        self.check()?;
        let mut cx = company.write(actor).await?;
        let json = serde_json::to_string(self).map_err(Fault::internal)?;
        engine::settings::put(&mut cx.tx, "company", SETTING, &json).await?;
        soon(&mut cx).await?;
        cx.commit().await
    }

    /// Every step of a customer with these orders (in order of time) up to `now`, with the moment it happened.
    pub fn walk(&self, orders: &[Timestamp], now: Timestamp) -> Vec<(Timestamp, &'static str)> {
        let mut steps: Vec<(Timestamp, &'static str)> = Vec::new();
        let mut count = 0;
        let step = |at: Timestamp, stage: &'static str, steps: &mut Vec<(Timestamp, &'static str)>| {
            if steps.last().is_none_or(|(_, s)| *s != stage) {
                steps.push((at, stage));
            }
        };
        let after = |at: Timestamp, days: i64| at.saturating_add(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MAX);
        for (i, at) in orders.iter().enumerate() {
            count += 1;
            step(*at, if count >= self.loyal_orders { "loyal" } else { "customer" }, &mut steps);
            let until = orders.get(i + 1).copied().unwrap_or(now);
            for (days, stage) in [(self.dormant_days, "dormant"), (self.lost_days, "lost")] {
                if after(*at, days) < until {
                    step(after(*at, days), stage, &mut steps);
                    if stage == "lost" {
                        // Whoever comes back begins anew.
                        count = 0;
                    }
                }
            }
        }
        steps
    }
}

/// Has all stages worked out when there is time for it.
async fn soon(cx: &mut Cx) -> Outcome<()> {
    store::queue::enqueue(&mut cx.tx, &NewJob::new(JOB, serde_json::Value::Null).key(JOB)).await.map(|_| ())
}

pub fn run(cx: JobCx) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move { renew(&cx.company).await.map(|_| ()) })
}

/// Parties of one transaction.
const PAGE: usize = 250;

/// Works out the stage of every party; how many moved.
///
/// # Errors
/// The database.
pub async fn renew(company: &Company) -> Outcome<usize> {
    let system = company.system();
    let object = company.registry().object("party")?.clone();
    let (mut last, mut moved) = (Uuid::nil(), 0);
    loop {
        let mut cx = company.write(&system).await?;
        cx.cause = JOB.into();
        let mut sql = cx.tx.sql();
        sql.push("SELECT t.\"id\"");
        company.rows_where(&system, &object, &Query::new("party"), &mut sql)?;
        sql.push(" AND t.\"id\" > ").bind(last).push(&format!(" ORDER BY t.\"id\" LIMIT {PAGE}"));
        let rows = cx.tx.rows(&sql, &[ColumnType::Id]).await?;
        let ids: Vec<Uuid> = rows.iter().filter_map(|r| r.first().and_then(Cell::id)).collect();
        let Some(end) = ids.last().copied() else { return Ok(moved) };
        last = end;
        moved += recompute(&mut cx, &ids).await?;
        cx.commit().await?;
    }
}

/// What the stage of a party hangs on.
struct Standing {
    id: Uuid,
    stage: String,
    basis: String,
    until: Option<Date>,
}

async fn standing(cx: &mut Cx, ids: &[Uuid]) -> Outcome<Vec<Standing>> {
    let company = cx.company.clone();
    let object = cx.object("party")?;
    let mut sql = cx.tx.sql();
    sql.push("SELECT t.\"id\", t.\"stage\", t.\"stage_basis\", t.\"stage_until\"");
    company.rows_where(&company.system(), &object, &Query::new("party"), &mut sql)?;
    sql.push(" AND t.\"id\" IN ").bind_list(ids.iter().map(|id| Cell::Id(*id))).push(" ORDER BY t.\"id\"");
    let rows = cx.tx.rows(&sql, &[ColumnType::Id, ColumnType::Text, ColumnType::Text, ColumnType::Text]).await?;
    let text = |r: &[Cell], i: usize| r.get(i).and_then(Cell::text).unwrap_or_default().to_owned();
    let one = |r: &Vec<Cell>| Some(Standing { id: r.first()?.id()?, stage: text(r, 1), basis: text(r, 2), until: text(r, 3).parse().ok() });
    Ok(rows.iter().filter_map(one).collect())
}

/// The last step of each party that has one.
async fn last_steps(cx: &mut Cx, ids: &[Uuid]) -> Outcome<BTreeMap<Uuid, Timestamp>> {
    let company = cx.company.clone();
    let object = cx.object(stage_change::KEY)?;
    let mut sql = cx.tx.sql();
    sql.push("SELECT t.\"party\", MAX(t.\"at\")");
    company.rows_where(&company.system(), &object, &Query::new(stage_change::KEY), &mut sql)?;
    sql.push(" AND t.\"party\" IN ").bind_list(ids.iter().map(|id| Cell::Id(*id))).push(" GROUP BY t.\"party\"");
    moments(cx, &sql).await.map(|rows| rows.into_iter().collect())
}

async fn moments(cx: &mut Cx, sql: &store::Sql) -> Outcome<Vec<(Uuid, Timestamp)>> {
    let rows = cx.tx.rows(sql, &[ColumnType::Id, ColumnType::Int]).await?;
    let one = |r: &Vec<Cell>| Some((r.first()?.id()?, Timestamp::from_microsecond(r.get(1)?.int()?).ok()?));
    Ok(rows.iter().filter_map(one).collect())
}

/// Object, reference to the party, moment and filter of what counts as an order.
fn orders_declared(cx: &Cx) -> Option<(String, String, String, Option<String>)> {
    match &cx.registry.find("party")?.get("last_order_at")?.kind {
        Kind::Rollup { object, via, field: Some(field), filter, .. } => Some((object.clone(), via.clone(), field.clone(), filter.clone())),
        _ => None,
    }
}

/// When each party ordered, in order of time.
async fn orders(cx: &mut Cx, ids: &[Uuid]) -> Outcome<BTreeMap<Uuid, Vec<Timestamp>>> {
    let mut found: BTreeMap<Uuid, Vec<Timestamp>> = BTreeMap::new();
    let Some((key, via, at, filter)) = orders_declared(cx) else { return Ok(found) };
    let company = cx.company.clone();
    let object = cx.object(&key)?;
    let mut query = Query::new(key);
    if let Some(filter) = filter {
        query = query.filter(Expr::parse(&filter)?);
    }
    let mut sql = cx.tx.sql();
    sql.push("SELECT t.").ident(&via).push(", t.").ident(&at);
    company.rows_where(&company.system(), &object, &query, &mut sql)?;
    sql.push(" AND t.").ident(&via).push(" IN ").bind_list(ids.iter().map(|id| Cell::Id(*id))).push(" ORDER BY t.").ident(&at);
    for (party, at) in moments(cx, &sql).await? {
        found.entry(party).or_default().push(at);
    }
    Ok(found)
}

/// Which of these parties somebody has been in contact with.
async fn contacted(cx: &mut Cx, ids: &[Uuid]) -> Outcome<BTreeSet<Uuid>> {
    let company = cx.company.clone();
    let object = cx.object("interaction")?;
    let mut sql = cx.tx.sql();
    sql.push("SELECT DISTINCT t.\"party\"");
    company.rows_where(&company.system(), &object, &Query::new("interaction"), &mut sql)?;
    sql.push(" AND t.\"party\" IN ").bind_list(ids.iter().map(|id| Cell::Id(*id)));
    let rows = cx.tx.rows(&sql, &[ColumnType::Id]).await?;
    Ok(rows.iter().filter_map(|r| r.first().and_then(Cell::id)).collect())
}

/// The moment up to which silence counts.
async fn as_of(cx: &mut Cx, rule: &Rule) -> Outcome<Timestamp> {
    let (AsOf::LastOrder, Some((key, _, at, _))) = (rule.as_of, orders_declared(cx)) else { return Ok(cx.now) };
    let company = cx.company.clone();
    let object = cx.object(&key)?;
    let mut sql = cx.tx.sql();
    sql.push("SELECT MAX(t.").ident(&at).push(")");
    company.rows_where(&company.system(), &object, &Query::new(key), &mut sql)?;
    let last = cx.tx.int(&sql).await?.and_then(|at| Timestamp::from_microsecond(at).ok());
    Ok(last.map_or(cx.now, |at| at.min(cx.now)))
}

fn today(cx: &Cx) -> Date {
    let zone = TimeZone::get(&cx.company.settings().zone).unwrap_or(TimeZone::UTC);
    cx.now.to_zoned(zone).date()
}

/// Brings the stage of these parties to what the rule says, and their history with it; how many moved.
///
/// # Errors
/// The database.
pub async fn recompute(cx: &mut Cx, ids: &[Uuid]) -> Outcome<usize> {
    let rule = Rule::load(&mut cx.tx).await?;
    let (now, day) = (as_of(cx, &rule).await?, today(cx));
    let held = |s: &Standing| s.basis == "hand" && s.until.is_none_or(|until| until >= day);
    let free: Vec<Standing> = standing(cx, ids).await?.into_iter().filter(|s| !held(s)).collect();
    if free.is_empty() {
        return Ok(0);
    }
    let ids: Vec<Uuid> = free.iter().map(|s| s.id).collect();
    let orders = orders(cx, &ids).await?;
    let last = last_steps(cx, &ids).await?;
    let waiting: Vec<Uuid> = free.iter().filter(|s| s.stage == "suspect" && !orders.contains_key(&s.id)).map(|s| s.id).collect();
    let contacted = if waiting.is_empty() { BTreeSet::new() } else { contacted(cx, &waiting).await? };
    let (mut derived, mut history) = (Vec::new(), Vec::new());
    for s in free {
        let steps = match orders.get(&s.id) {
            Some(orders) => rule.walk(orders, now),
            None if contacted.contains(&s.id) => vec![(cx.now, "prospect")],
            // The orders that made him a customer are gone, or a decision has run out: he is as before them.
            None if s.basis == "rule" && s.stage != "suspect" || s.basis == "hand" => vec![(cx.now, "prospect")],
            None => continue,
        };
        let Some((_, stage)) = steps.last().copied() else { continue };
        let mut from = if last.contains_key(&s.id) { Some(s.stage.clone()) } else { None };
        let mut new: Vec<(Timestamp, &str)> = steps.into_iter().filter(|(at, _)| last.get(&s.id).is_none_or(|last| at > last)).collect();
        // Orders of the past came or went: what follows from them holds from now on.
        if new.last().map_or(s.stage.as_str(), |(_, stage)| *stage) != stage {
            new.push((cx.now, stage));
        }
        if s.stage == stage && s.basis == "rule" && new.is_empty() {
            continue;
        }
        let since = new.last().map(|(at, _)| *at);
        for (at, to) in new {
            if from.as_deref() != Some(to) {
                history.push(entry(s.id, at, from.as_deref(), to, "rule"));
            }
            from = Some(to.to_owned());
        }
        let mut values = vec![
            ("stage", Value::from(stage)),
            ("stage_basis", "rule".into()),
            ("stage_until", Value::Null),
            ("stage_reason", Value::Null),
        ];
        values.extend(since.map(|at| ("stage_since", Value::from(at))));
        derived.push((s.id, values));
    }
    let moved = derived.len();
    keep(cx, derived, history).await?;
    Ok(moved)
}

fn entry(party: Uuid, at: Timestamp, from: Option<&str>, to: &str, basis: &str) -> Draft {
    let from = from.map(str::to_owned);
    Draft::new().set("party", party).set("at", at).set("from_stage", from).set("to_stage", to).set("basis", basis).trusted()
}

async fn keep(cx: &mut Cx, derived: Vec<(Uuid, Vec<(&'static str, Value)>)>, history: Vec<Draft>) -> Outcome<()> {
    if !history.is_empty() {
        cx.follow(|cx| Box::pin(async move { cx.save_many(stage_change::KEY, history).await })).await?;
    }
    if derived.is_empty() { Ok(()) } else { cx.derive("party", derived).await }
}

pub fn watches() -> impl Iterator<Item = Watch> {
    [Watch { object: "party", run: party_changed }, Watch { object: "interaction", run: contact_noted }].into_iter()
}

/// Orders moved its figures, or somebody moved it to another stage himself.
fn party_changed<'a>(cx: &'a mut Cx, changes: &'a [(Option<Record>, Option<Record>)]) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        let (mut ordered, mut decided) = (Vec::new(), Vec::new());
        for (before, after) in changes.iter().filter_map(|(b, a)| b.as_ref().zip(a.as_ref())) {
            if before.get("stage") != after.get("stage") {
                decided.push((before, after));
            } else if ["orders_count", "last_order_at"].iter().any(|f| before.get(f) != after.get(f)) {
                ordered.push(after.id);
            }
        }
        if !decided.is_empty() {
            let rule = Rule::load(&mut cx.tx).await?;
            for (before, after) in decided {
                let (from, to) = (before.get("stage").text().unwrap_or_default(), after.get("stage").text().unwrap_or_default());
                decide(cx, after.id, from, to, None, today(cx).saturating_add(rule.hold_days.days())).await?;
            }
        }
        follow_orders(cx, &ordered).await
    })
}

/// An import of years of orders moves each customer many times: once, at its end, is enough.
async fn follow_orders(cx: &mut Cx, parties: &[Uuid]) -> Outcome<()> {
    match parties {
        [] => Ok(()),
        _ if cx.cause.starts_with("import") => soon(cx).await,
        _ => recompute(cx, parties).await.map(|_| ()),
    }
}

fn contact_noted<'a>(cx: &'a mut Cx, changes: &'a [(Option<Record>, Option<Record>)]) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        let parties: BTreeSet<Uuid> = changes.iter().filter_map(|(_, after)| after.as_ref()?.get("party").id()).collect();
        follow_orders(cx, &parties.into_iter().collect::<Vec<_>>()).await
    })
}

/// Notes a decision by hand, which holds until its day is over.
async fn decide(cx: &mut Cx, party: Uuid, from: &str, to: &str, reason: Option<&str>, until: Date) -> Outcome<()> {
    let reason = reason.map(str::to_owned);
    let values = vec![
        ("stage", Value::from(to)),
        ("stage_basis", "hand".into()),
        ("stage_until", until.into()),
        ("stage_reason", reason.clone().into()),
        ("stage_since", cx.now.into()),
    ];
    let row = entry(party, cx.now, Some(from), to, "hand").set("reason", reason).set("until", until);
    keep(cx, vec![(party, values)], vec![row]).await
}

pub fn actions() -> [Action; 2] {
    let stage = crate::party::Party::object().get("stage").map_or_else(Kind::text, |f| f.kind.clone());
    [
        Action {
            object: "party",
            key: "set_stage",
            label: label("تحديد المرحلة", "Decide the stage"),
            icon: "trending-up",
            input: vec![
                Field::new("stage", stage, label("المرحلة", "Stage")).required(),
                Field::new("reason", Kind::text(), label("السبب", "Reason")).required(),
                Field::new("until", Kind::Date, label("سارٍ حتى", "Holds until"))
                    .help(label("بعده تعود المرحلة إلى القاعدة؛ إن تُرك فارغًا فكما في إعدادات دورة الحياة.", "Then the rule decides again; left empty, as the life cycle settings say.")),
            ],
            guard: None,
            danger: false,
            run: set_stage,
        },
        Action {
            object: "party",
            key: "release_stage",
            label: label("إعادة المرحلة إلى القاعدة", "Let the rule decide the stage"),
            icon: "refresh-cw",
            input: Vec::new(),
            guard: Some("stage_basis == \"hand\""),
            danger: false,
            run: release_stage,
        },
    ]
}

fn set_stage<'a>(cx: &'a mut Cx, party: Record, input: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let text = |key: &str| input.get(key).and_then(Value::text).unwrap_or_default();
        let rule = Rule::load(&mut cx.tx).await?;
        let until = input.get("until").and_then(Value::date).unwrap_or_else(|| today(cx).saturating_add(rule.hold_days.days()));
        if until < today(cx) {
            return Err(Fault::invalid("until", "base-stage-until-past"));
        }
        decide(cx, party.id, party.get("stage").text().unwrap_or_default(), text("stage"), Some(text("reason")), until).await?;
        Ok(Done { message: "base-stage-decided".into(), ..Done::default() })
    })
}

fn release_stage<'a>(cx: &'a mut Cx, party: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let yesterday = today(cx).saturating_sub(1.day());
        cx.derive("party", vec![(party.id, vec![("stage_until", yesterday.into())])]).await?;
        recompute(cx, &[party.id]).await?;
        Ok(Done { message: "base-stage-released".into(), ..Done::default() })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(day: i64) -> Timestamp {
        Timestamp::from_second(day * 86_400).unwrap()
    }

    fn told(rule: &Rule, orders: &[i64], now: i64) -> Vec<(i64, &'static str)> {
        let orders: Vec<Timestamp> = orders.iter().map(|d| at(*d)).collect();
        rule.walk(&orders, at(now)).into_iter().map(|(t, s)| (t.as_second() / 86_400, s)).collect()
    }

    #[test]
    fn cust_6_every_step_has_its_day() {
        let rule = Rule { dormant_days: 100, lost_days: 200, loyal_orders: 3, ..Rule::default() };
        assert_eq!(told(&rule, &[], 50), []);
        assert_eq!(told(&rule, &[10], 50), [(10, "customer")]);
        assert_eq!(told(&rule, &[10, 20, 30, 40], 50), [(10, "customer"), (30, "loyal")]);
        assert_eq!(told(&rule, &[10], 111), [(10, "customer"), (110, "dormant")]);
        assert_eq!(told(&rule, &[10], 500), [(10, "customer"), (110, "dormant"), (210, "lost")]);
        // He comes back: from dormant with what he was, from lost as a new customer.
        assert_eq!(told(&rule, &[10, 20, 30, 150], 160), [(10, "customer"), (30, "loyal"), (130, "dormant"), (150, "loyal")]);
        assert_eq!(told(&rule, &[10, 20, 30, 300], 310).last(), Some(&(300, "customer")));
        // On the very day he is not yet silent too long.
        assert_eq!(told(&rule, &[10], 110), [(10, "customer")]);
    }

    #[test]
    fn rules_that_cannot_be() {
        assert!(Rule::default().check().is_ok());
        for rule in [
            Rule { lost_days: 90, ..Rule::default() },
            Rule { dormant_days: 0, ..Rule::default() },
            Rule { loyal_orders: 0, ..Rule::default() },
            Rule { hold_days: -1, ..Rule::default() },
        ] {
            assert!(rule.check().is_err(), "{rule:?}");
        }
    }

    proptest! {
        #[test]
        fn steps_go_forward_and_never_repeat(mut days in proptest::collection::vec(0i64..3000, 0..40), now in 3000i64..4000) {
            days.sort_unstable();
            let steps = told(&Rule::default(), &days, now);
            prop_assert!(steps.windows(2).all(|w| w[0].0 <= w[1].0 && w[0].1 != w[1].1), "{steps:?}");
            prop_assert_eq!(steps.is_empty(), days.is_empty());
            // What was said at an earlier moment stays said later: history is never rewritten by time.
            let earlier = told(&Rule::default(), &days, days.last().copied().unwrap_or(0));
            prop_assert!(steps.starts_with(&earlier), "{earlier:?} {steps:?}");
        }
    }
}
