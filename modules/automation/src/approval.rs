//! Approvals: who must agree before something goes on. One record for what is asked, one for each person's word.
//!
//! To ask is to create an approval; to decide is an action on one's own word. So pages, API and assistants have both, and
//! a colleague who stands in for somebody away decides with the rights handed to him.

use crate::book::{self, Rule};
use crate::flow::{Level, Step, Trigger};
use crate::runs::{Next, Run};
use crate::{facts, people, rule, runs};
use engine::{Action, Cx, Done, Draft, Input, Notice, Watch};
use futures::future::BoxFuture;
use kernel::jiff::SignedDuration;
use kernel::object::Capability;
use kernel::uuid::Uuid;
use kernel::{Cell, Choice, ColumnType, Fault, Field, Grant, Issue, Kind, Label, Object, Outcome, Record, Role, RowRule, Tone, Value, Verb, Weight, label};
use serde_json::{Value as Json, json};

pub const KEY: &str = "approval";
pub const VOTE: &str = "approval_vote";

/// What is asked.
pub fn object() -> Object {
    let states = [
        Choice::new("pending", label("تنتظر القرار", "Waiting"), Tone::Info),
        Choice::new("approved", label("تمت الموافقة", "Approved"), Tone::Good),
        Choice::new("rejected", label("مرفوضة", "Rejected"), Tone::Bad),
        Choice::new("outdated", label("تغيّر السجل بعدها", "Record changed since"), Tone::Warn),
        Choice::new("withdrawn", label("سُحب الطلب", "Withdrawn"), Tone::Neutral),
    ];
    Object::new(KEY, "automation", label("طلب موافقة", "Approval"), label("طلبات الموافقة", "Approvals"))
        .icon("circle-check")
        .title("subject")
        .owner("asked_by")
        .sort("-asked_at")
        .without(&[Capability::Import, Capability::Menu, Capability::Search])
        .field(Field::new("subject", Kind::Text { max: 300 }, label("المطلوب الموافقة عليه", "To be approved")).readonly().search(Weight::Title))
        .field(Field::new("rule", Kind::to(rule::KEY), label("القاعدة", "Rule")).required().lock("rev > 0").reverse("approvals", label("طلبات الموافقة", "Approvals")).unlisted())
        .field(Field::new("about", Kind::Code { max: 120 }, label("بخصوص", "About")).required().lock("rev > 0").indexed())
        .field(Field::new("state", Kind::Choice { options: states.into() }, label("الحالة", "State")).readonly().default_expr("\"pending\"").list())
        .field(Field::new("asked_by", Kind::to("user"), label("طلبها", "Asked by")).readonly().default_expr("me()").list())
        .field(Field::new("asked_at", Kind::DateTime, label("طُلبت في", "Asked")).readonly().default_expr("now()").list())
        .field(Field::new("note", Kind::LongText, label("سبب الطلب", "Why it is asked")).lock("rev > 0"))
        .field(Field::new("decided_at", Kind::DateTime, label("حُسمت في", "Decided")).readonly().list())
        .field(Field::new("level", Kind::Integer, label("المستوى", "Level")).readonly().default_expr("0").unlisted())
        .field(Field::new("version", Kind::Integer, label("إصدار القاعدة", "Version of the rule")).readonly().unlisted())
        .field(Field::new("place", Kind::Integer, label("خطوة القاعدة", "Step of the rule")).readonly().unlisted())
        .field(Field::new("run", Kind::Code { max: 40 }, label("تنفيذ القاعدة", "Run of the rule")).readonly().indexed().unlisted())
        .field(Field::new("mark", Kind::Code { max: 80 }, label("بصمة ما نُظر فيه", "Mark of what was looked at")).readonly().unlisted())
}

/// One person's word.
pub fn vote() -> Object {
    let states = [
        Choice::new("asked", label("تنتظر قرارك", "Waiting for a decision"), Tone::Info),
        Choice::new("approved", label("موافق", "Approved"), Tone::Good).by("approve"),
        Choice::new("rejected", label("مرفوض", "Rejected"), Tone::Bad).by("reject"),
        Choice::new("closed", label("حُسمت دونها", "Settled without it"), Tone::Neutral),
    ];
    Object::new(VOTE, "automation", label("قرار موافقة", "Decision"), label("قرارات الموافقة", "Decisions"))
        .icon("circle-check")
        .title("subject")
        .owner("approver")
        .sort("-asked_at")
        .without(&[Capability::Import, Capability::Menu, Capability::Search, Capability::Comments, Capability::Files])
        .field(Field::new("subject", Kind::Text { max: 300 }, label("المطلوب الموافقة عليه", "To be approved")).readonly())
        .field(Field::new("approval", Kind::to(KEY), label("طلب الموافقة", "Approval")).required().readonly().cascade().timeline().reverse("votes", label("القرارات", "Decisions")))
        .field(Field::new("approver", Kind::to("user"), label("صاحب القرار", "Who decides")).required().readonly().list())
        .field(Field::new("state", Kind::Choice { options: states.into() }, label("القرار", "Decision")).readonly().default_expr("\"asked\"").indexed().list())
        .field(Field::new("level", Kind::Integer, label("المستوى", "Level")).readonly().list())
        .field(Field::new("asked_at", Kind::DateTime, label("طُلبت في", "Asked")).readonly().default_expr("now()").list())
        .field(Field::new("until", Kind::DateTime, label("تُصعَّد بعد", "Escalated after")).readonly().indexed())
        .field(Field::new("decided_at", Kind::DateTime, label("حُسمت في", "Decided")).readonly().list())
        .field(Field::new("decided_by", Kind::to("user"), label("قررها", "Decided by")).readonly().list())
        .field(Field::new("note", Kind::LongText, label("ملاحظة القرار", "Note")).readonly())
}

/// Whoever works here may ask; each decides what he is asked, and sees what he asked or was asked.
pub fn roles() -> Vec<Role> {
    let mine = "asked_by == me() || exists(votes, approver == me())";
    let theirs = "approver == me() || approval.asked_by == me()";
    let grants = || {
        vec![
            Grant::new(KEY, [Verb::Create], RowRule::All),
            Grant::new(KEY, [Verb::Read, Verb::Act("withdraw".into())], RowRule::Where(mine.into())),
            Grant::new(VOTE, [Verb::Read], RowRule::Where(theirs.into())),
            Grant::new(VOTE, [Verb::Act("approve".into()), Verb::Act("reject".into())], RowRule::Own),
        ]
    };
    ["manager", "seller", "agent"].into_iter().map(|key| Role { key: key.to_owned(), label: Label::default(), grants: grants(), admin: false }).collect()
}

pub fn actions() -> Vec<Action> {
    let note = |required: bool| {
        let field = Field::new("note", Kind::LongText, label("ملاحظة", "Note"));
        vec![if required { field.required() } else { field }]
    };
    vec![
        Action { object: VOTE, key: "approve", label: label("موافقة", "Approve"), icon: "check", input: note(false), guard: Some("state == \"asked\""), danger: false, run: approve },
        Action { object: VOTE, key: "reject", label: label("رفض", "Reject"), icon: "x", input: note(true), guard: Some("state == \"asked\""), danger: true, run: reject },
        Action { object: KEY, key: "withdraw", label: label("سحب الطلب", "Withdraw"), icon: "undo-2", input: Vec::new(), guard: Some("state == \"pending\" && asked_by == me()"), danger: true, run: withdraw },
    ]
}

/// What stands about one rule and record: the last approval.
#[derive(Clone, Debug)]
pub struct Standing {
    pub id: Uuid,
    pub state: String,
    pub mark: String,
}

/// # Errors
/// The database.
pub async fn standing(cx: &mut Cx, rule: Uuid, record: &Record) -> Outcome<Option<Standing>> {
    let mut sql = cx.tx.sql();
    sql.push("SELECT \"id\", \"state\", \"mark\" FROM \"approval\" WHERE \"deleted_at\" IS NULL AND \"rule\" = ").bind(rule);
    sql.push(" AND \"about\" = ").bind(format!("{}/{}", record.object, record.id)).push(" AND \"state\" <> 'withdrawn' ORDER BY \"asked_at\" DESC, \"id\" DESC LIMIT 1");
    let row = cx.tx.row(&sql, &[ColumnType::Id, ColumnType::Text, ColumnType::Text]).await?;
    let text = |r: &[Cell], i: usize| r.get(i).and_then(Cell::text).unwrap_or_default().to_owned();
    Ok(row.and_then(|r| Some(Standing { id: r.first()?.id()?, state: text(&r, 1), mark: text(&r, 2) })))
}

/// The levels of the approval at a place of a rule: before an action its only step, else that operation.
fn levels(rule: &Rule, place: usize) -> Option<&[Level]> {
    match rule.ops.get(place) {
        Some(book::Op::Do(Step::Approval { levels })) => Some(levels),
        _ => None,
    }
}

/// Who has the last word needs nobody's leave.
///
/// # Errors
/// The database.
pub async fn decides_himself(cx: &mut Cx, rule: &Rule, record: &Record) -> Outcome<bool> {
    let who = (!cx.actor.is_system()).then_some(cx.actor.id);
    let Some(me) = who else { return Ok(true) };
    let Some(last) = levels(rule, 0).and_then(<[Level]>::last) else { return Ok(false) };
    Ok(people::meant(cx, &rule.object, record, &last.who, who).await?.contains(&me))
}

/// Whom asking would ask, level by level.
///
/// # Errors
/// The database.
pub async fn asked_people(cx: &mut Cx, rule: &Rule, record: &Record, asker: Uuid) -> Outcome<Vec<Vec<Uuid>>> {
    let mut all = Vec::new();
    for level in levels(rule, 0).unwrap_or_default() {
        let mut who = people::meant(cx, &rule.object, record, &level.who, Some(asker)).await?;
        who.retain(|id| *id != asker);
        all.push(who);
    }
    Ok(all)
}

/// Fills in what asking does not say.
pub fn prepare<'a>(cx: &'a mut Cx, before: Option<&'a Record>, after: &'a mut Record) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        if before.is_some() {
            return Ok(());
        }
        let company = cx.company.clone();
        let id = after.get("rule").id().ok_or_else(|| Fault::invalid("rule", "value-required"))?;
        let mut sql = cx.tx.sql();
        sql.push("SELECT version FROM sila_rule WHERE id = ").bind(id);
        let none = || Fault::invalid("rule", "value-no-such-record");
        let version = match after.get("version").int() {
            Some(version) => version,
            None => cx.tx.int(&sql).await?.ok_or_else(none)?,
        };
        let rule = book::version(&company, &mut cx.tx, id, version).await?;
        let (object, record) = facts::about(after.get("about").text().unwrap_or_default())?;
        if object != rule.flow.object {
            return Err(Fault::invalid("about", "value-no-such-record"));
        }
        // He asks for what he may see.
        let actor = cx.actor.clone();
        let seen = company.get_in(&mut cx.tx, &actor, &object, record).await.map_err(|_| Fault::invalid("about", "value-no-such-record"))?;
        let whole = facts::record(cx, &object, record).await?;
        if after.get("run").is_null() {
            let who = (!cx.actor.is_system()).then_some(cx.actor.id);
            let needed = matches!(rule.flow.trigger, Trigger::Before { .. }) && facts::holds(cx, &rule.object, rule.when.as_ref(), &whole, who).await?;
            if !needed {
                return Err(Fault::invalid("rule", "automation-approval-not-needed"));
            }
            if standing(cx, rule.id, &whole).await?.is_some_and(|a| a.state == "pending") {
                return Err(Fault::invalid("rule", "automation-approval-asked"));
            }
        }
        let lang = company.settings().locale().lang.code();
        let name = rule::name(&company, &mut cx.tx, rule.id, lang).await?;
        // A number names the record for good; people's words are read when they are shown, under the reader's rights.
        let number = rule.object.title_field().is_some_and(|f| matches!(f.kind, Kind::Sequence { .. } | Kind::Code { .. }));
        let title = engine::load::title_of(&rule.object, &seen).get(lang).to_owned();
        after.set("subject", if number { format!("{name}: {title}") } else { name });
        after.set("version", version);
        after.set("level", 0);
        after.set("state", "pending");
        let mark = facts::mark(cx, &rule.object, rule.when.as_ref(), &whole).await?;
        after.set("mark", Some(mark).filter(|m| !m.is_empty()));
        Ok(())
    })
}

pub fn watch() -> Watch {
    Watch { object: KEY, run: asked }
}

/// A new approval asks its first level.
fn asked<'a>(cx: &'a mut Cx, changes: &'a [(Option<Record>, Option<Record>)]) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        for approval in changes.iter().filter_map(|(b, a)| a.as_ref().filter(|_| b.is_none())) {
            if !ask(cx, approval, 0).await? {
                return Err(Fault::invalid("rule", "automation-no-approver"));
            }
        }
        Ok(())
    })
}

async fn rule_of(cx: &mut Cx, approval: &Record) -> Outcome<(std::sync::Arc<Rule>, Record)> {
    let company = cx.company.clone();
    let id = approval.get("rule").id().ok_or_else(Fault::not_found)?;
    let rule = book::version(&company, &mut cx.tx, id, approval.get("version").int().unwrap_or_default()).await?;
    let (object, record) = facts::about(approval.get("about").text().unwrap_or_default())?;
    let record = facts::record(cx, &object, record).await?;
    Ok((rule, record))
}

fn place(approval: &Record) -> usize {
    approval.get("place").int().and_then(|n| usize::try_from(n).ok()).unwrap_or_default()
}

/// Asks the people of a level, and whoever stands in for them. False: there is nobody to ask.
async fn ask(cx: &mut Cx, approval: &Record, level: usize) -> Outcome<bool> {
    let (rule, record) = rule_of(cx, approval).await?;
    let asker = approval.get("asked_by").id();
    let Some(wanted) = levels(&rule, place(approval)).and_then(|l| l.get(level)).cloned() else { return Ok(false) };
    let mut who = people::meant(cx, &rule.object, &record, &wanted.who, asker).await?;
    // Nobody approves what he asks for himself.
    who.retain(|id| Some(*id) != asker);
    if who.is_empty() && !wanted.then.is_empty() {
        who = people::meant(cx, &rule.object, &record, &wanted.then, asker).await?;
        who.retain(|id| Some(*id) != asker);
    }
    if who.is_empty() {
        return Ok(false);
    }
    let until = wanted.hours.and_then(|h| cx.now.checked_add(SignedDuration::from_hours(h)).ok());
    votes(cx, approval, level, who, until).await?;
    Ok(true)
}

async fn votes(cx: &mut Cx, approval: &Record, level: usize, who: Vec<Uuid>, until: Option<kernel::jiff::Timestamp>) -> Outcome<()> {
    let level = i64::try_from(level).map_err(Fault::internal)?;
    let subject = approval.get("subject").clone();
    let id = approval.id;
    let (object, _) = facts::about(approval.get("about").text().unwrap_or_default())?;
    let people = who.clone();
    let made = cx
        .follow(|cx| {
            Box::pin(async move {
                let one = |user: Uuid| Draft::new().set("approval", id).set("approver", user).set("level", level).set("subject", subject.clone()).set("until", until).trusted();
                cx.save_many(VOTE, people.into_iter().map(one).collect()).await
            })
        })
        .await?;
    for (saved, user) in made.iter().zip(who) {
        let vote = saved.record().id;
        let mut told = vec![user];
        told.extend(people::standing_in(cx, user, VOTE).await?);
        told.extend(people::standing_in(cx, user, &object).await?);
        told.dedup();
        for user in told {
            cx.notify(Notice { user, kind: "automation.approve", object: VOTE, record: vote, data: Json::Null }).await?;
        }
    }
    Ok(())
}

fn approve<'a>(cx: &'a mut Cx, vote: Record, input: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move { decide(cx, vote, "approved", &input).await })
}

fn reject<'a>(cx: &'a mut Cx, vote: Record, input: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move { decide(cx, vote, "rejected", &input).await })
}

/// One word. The approval is saved on the revision it was read with, so of two who decide at once one is told.
async fn decide(cx: &mut Cx, vote: Record, state: &'static str, input: &Input) -> Outcome<Done> {
    let id = vote.get("approval").id().ok_or_else(Fault::not_found)?;
    let approval = facts::record(cx, KEY, id).await?;
    if approval.get("state").text() != Some("pending") || approval.get("level") != vote.get("level") {
        return Err(Fault::invalid("", "automation-decided-already"));
    }
    let note = input.get("note").cloned().unwrap_or_default();
    let (now, by) = (cx.now, cx.actor.id);
    let word = Draft::of(vote.id).set("state", state).set("decided_at", now).set("decided_by", by).set("note", note).trusted();
    cx.follow(|cx| Box::pin(async move { cx.save(VOTE, word).await.map(|_| ()) })).await?;
    let level = vote.get("level").int().and_then(|n| usize::try_from(n).ok()).unwrap_or_default();
    if state == "rejected" {
        close(cx, &approval, "rejected").await?;
        return Ok(Done { message: "automation-said-rejected".into(), ..Done::default() });
    }
    let (rule, _) = rule_of(cx, &approval).await?;
    let chain = levels(&rule, place(&approval)).unwrap_or_default();
    let all = chain.get(level).is_some_and(|l| l.all);
    if all && open(cx, id).await? > 0 {
        // The others are still asked; the revision moves all the same, so that nobody decides on an older one.
        let draft = Draft::of(id).rev(approval.rev).set("decided_at", now).trusted();
        cx.follow(|cx| Box::pin(async move { cx.save(KEY, draft).await.map(|_| ()) })).await?;
    } else if level + 1 < chain.len() {
        settle(cx, id).await?;
        let up = i64::try_from(level + 1).map_err(Fault::internal)?;
        let draft = Draft::of(id).rev(approval.rev).set("level", up).trusted();
        cx.follow(|cx| Box::pin(async move { cx.save(KEY, draft).await.map(|_| ()) })).await?;
        if !ask(cx, &approval, level + 1).await? {
            return Err(Fault::invalid("", "automation-no-approver"));
        }
    } else {
        close(cx, &approval, "approved").await?;
    }
    Ok(Done { message: "automation-said-approved".into(), ..Done::default() })
}

/// How many are still asked.
async fn open(cx: &mut Cx, approval: Uuid) -> Outcome<i64> {
    let mut sql = cx.tx.sql();
    sql.push("SELECT COUNT(*) FROM \"approval_vote\" WHERE \"deleted_at\" IS NULL AND \"state\" = 'asked' AND \"approval\" = ").bind(approval);
    Ok(cx.tx.int(&sql).await?.unwrap_or_default())
}

/// Those who were asked and have not decided need not any more.
async fn settle(cx: &mut Cx, approval: Uuid) -> Outcome<()> {
    let mut sql = cx.tx.sql();
    sql.push("SELECT \"id\" FROM \"approval_vote\" WHERE \"deleted_at\" IS NULL AND \"state\" = 'asked' AND \"approval\" = ").bind(approval);
    let ids: Vec<Uuid> = cx.tx.rows(&sql, &[ColumnType::Id]).await?.iter().filter_map(|r| r.first().and_then(Cell::id)).collect();
    let drafts: Vec<Draft> = ids.into_iter().map(|id| Draft::of(id).set("state", "closed").trusted()).collect();
    cx.follow(|cx| Box::pin(async move { cx.save_many(VOTE, drafts).await.map(|_| ()) })).await
}

/// Ends an approval, tells who asked, and lets a run go on that waits for it.
async fn close(cx: &mut Cx, approval: &Record, state: &'static str) -> Outcome<()> {
    settle(cx, approval.id).await?;
    let draft = Draft::of(approval.id).rev(approval.rev).set("state", state).set("decided_at", cx.now).trusted();
    cx.follow(|cx| Box::pin(async move { cx.save(KEY, draft).await.map(|_| ()) })).await?;
    if let Some(user) = approval.get("asked_by").id().filter(|_| state != "withdrawn") {
        cx.notify(Notice { user, kind: "automation.decided", object: KEY, record: approval.id, data: json!({ "state": state }) }).await?;
    }
    if let Some(run) = approval.get("run").text().and_then(|t| t.parse::<Uuid>().ok()) {
        let mut sql = cx.tx.sql();
        sql.push("UPDATE sila_rule_run SET state = 'ready', due_at = ").bind(cx.now).push(" WHERE state = 'waiting' AND id = ").bind(run);
        if cx.tx.exec(&sql).await? == 1 {
            runs::hand(cx, &[run]).await?;
        }
    }
    Ok(())
}

fn withdraw<'a>(cx: &'a mut Cx, approval: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        close(cx, &approval, "withdrawn").await?;
        Ok(Done::default())
    })
}

/// Records changed: what is asked about them is asked for something else now, where what the rule looks at changed.
///
/// # Errors
/// The database.
pub async fn outdate(cx: &mut Cx, object: &str, records: &[Uuid]) -> Outcome<()> {
    if records.is_empty() {
        return Ok(());
    }
    let mut pending = Vec::new();
    for chunk in records.chunks(500) {
        let mut sql = cx.tx.sql();
        sql.push("SELECT \"id\" FROM \"approval\" WHERE \"deleted_at\" IS NULL AND \"state\" = 'pending' AND \"about\" IN ");
        sql.bind_list(chunk.iter().map(|id| Cell::from(format!("{object}/{id}"))));
        pending.extend(cx.tx.rows(&sql, &[ColumnType::Id]).await?.iter().filter_map(|r| r.first().and_then(Cell::id)));
    }
    for id in pending {
        let approval = facts::record(cx, KEY, id).await?;
        let (rule, record) = rule_of(cx, &approval).await?;
        let mark = facts::mark(cx, &rule.object, rule.when.as_ref(), &record).await?;
        if approval.get("mark").text().unwrap_or_default() != mark {
            close(cx, &approval, "outdated").await?;
        }
    }
    Ok(())
}

/// Words that nobody gave in time: those named for it are asked as well.
///
/// # Errors
/// The database.
pub async fn escalate(cx: &mut Cx) -> Outcome<usize> {
    let mut sql = cx.tx.sql();
    sql.push("SELECT \"id\" FROM \"approval_vote\" WHERE \"deleted_at\" IS NULL AND \"state\" = 'asked' AND \"until\" <= ").bind(cx.now).push(" ORDER BY \"until\" LIMIT 200");
    let late: Vec<Uuid> = cx.tx.rows(&sql, &[ColumnType::Id]).await?.iter().filter_map(|r| r.first().and_then(Cell::id)).collect();
    let mut n = 0;
    for id in late {
        let vote = facts::record(cx, VOTE, id).await?;
        cx.save(VOTE, Draft::of(id).set("until", Value::Null).trusted()).await?;
        let Some(approval) = vote.get("approval").id() else { continue };
        let approval = facts::record(cx, KEY, approval).await?;
        let (rule, record) = rule_of(cx, &approval).await?;
        let level = vote.get("level").int().and_then(|n| usize::try_from(n).ok()).unwrap_or_default();
        let Some(wanted) = levels(&rule, place(&approval)).and_then(|l| l.get(level)).cloned() else { continue };
        let asker = approval.get("asked_by").id();
        let mut who = people::meant(cx, &rule.object, &record, &wanted.then, asker).await?;
        let mut sql = cx.tx.sql();
        sql.push("SELECT \"approver\" FROM \"approval_vote\" WHERE \"deleted_at\" IS NULL AND \"approval\" = ").bind(approval.id);
        let known: Vec<Uuid> = cx.tx.rows(&sql, &[ColumnType::Id]).await?.iter().filter_map(|r| r.first().and_then(Cell::id)).collect();
        who.retain(|id| Some(*id) != asker && !known.contains(id));
        if !who.is_empty() {
            votes(cx, &approval, level, who, None).await?;
            n += 1;
        }
    }
    Ok(n)
}

/// The step of a run: asks, waits, and goes on when it is approved; else the run ends there.
///
/// # Errors
/// Invalid: nobody can be asked.
pub async fn within(cx: &mut Cx, rule: &Rule, run: &Run, at: usize, record: &Record, levels: &[Level]) -> Outcome<Next> {
    let asked = run.waits.get("approval").and_then(Json::as_str).and_then(|t| t.parse::<Uuid>().ok());
    let due = cx.now.checked_add(SignedDuration::from_hours(24)).map_err(Fault::internal)?;
    let Some(id) = asked else {
        let place = i64::try_from(at).map_err(Fault::internal)?;
        let asker = run.who;
        let about = format!("{}/{}", record.object, record.id);
        let draft = Draft::new().set("rule", rule.id).set("about", about).set("version", rule.version).set("place", place).set("run", run.id.to_string()).set("asked_by", asker).trusted();
        let saved = cx.follow(|cx| Box::pin(async move { cx.save(KEY, draft).await })).await?;
        let id = saved.record().id;
        runs::log(cx, run, "approval", &json!({"approval": id, "levels": levels.len()})).await?;
        return Ok(Next::Wait { due, wakes: false, waits: json!({ "approval": id }) });
    };
    let approval = facts::record(cx, KEY, id).await?;
    let state = approval.get("state").text().unwrap_or_default().to_owned();
    if state == "pending" {
        return Ok(Next::Wait { due, wakes: false, waits: run.waits.clone() });
    }
    runs::log(cx, run, "decided", &json!({"approval": id, "state": state})).await?;
    Ok(if state == "approved" { Next::At(at + 1) } else { Next::Done })
}

/// Says to whoever decides too late who was first.
pub fn told<'a>(cx: &'a mut Cx, vote: &'a Record, _: &'a str) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        let Some(approval) = vote.get("approval").id().filter(|_| vote.get("state").text() != Some("asked")) else { return Ok(()) };
        let mut sql = cx.tx.sql();
        sql.push("SELECT u.\"name\", u.\"name_lat\" FROM \"approval_vote\" v JOIN \"user\" u ON u.\"id\" = v.\"decided_by\" WHERE v.\"approval\" = ").bind(approval);
        sql.push(" AND v.\"state\" IN ('approved', 'rejected') ORDER BY v.\"decided_at\" DESC LIMIT 1");
        let row = cx.tx.row(&sql, &[ColumnType::Text, ColumnType::Text]).await?;
        let text = |i: usize| row.as_ref().and_then(|r| r.get(i)).and_then(Cell::text).unwrap_or_default().to_owned();
        let who = kernel::Name::new(text(0), text(1)).get(cx.actor.lang()).to_owned();
        Err(Fault::issue(if who.is_empty() { Issue::new("", "automation-decided-already") } else { Issue::new("", "automation-decided-by").arg("who", who) }))
    })
}
