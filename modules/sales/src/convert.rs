//! A lead becomes a customer and a deal: whoever is known already is found and linked, the rest is made, in one
//! transaction. What was made is remembered, so that it can be taken back as long as nobody has worked with it.

use crate::lead::KEY;
use crate::{key_player, opportunity, pipeline};
use engine::{Action, Count, Cx, Done, Draft, Input, Query};
use futures::future::BoxFuture;
use kernel::uuid::Uuid;
use kernel::{Cell, Choice, ColumnType, Expr, Fault, Field, Issue, Kind, Name, Outcome, Record, Tone, Value, label};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

/// A record that a conversion made, as it left it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Made {
    object: String,
    id: Uuid,
    rev: i64,
}

/// What a conversion did; kept on the lead.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Conversion {
    /// Microseconds.
    at: i64,
    /// In the order in which they were made.
    made: Vec<Made>,
    /// Contacts of the lead that now also belong to the customer.
    moved: Vec<Uuid>,
    status: String,
    party: Option<Uuid>,
    person: Option<Uuid>,
}

pub fn actions() -> Vec<Action> {
    let ways = vec![
        Choice::new("find", label("اربطه بالمسجل إن كان هو نفسه", "Link whoever is known already"), Tone::Neutral),
        Choice::new("new", label("سجّله جديدًا ولو شابه غيره", "Make new ones, though others are alike"), Tone::Neutral),
    ];
    vec![
        Action {
            object: KEY,
            key: "convert",
            label: label("تحويل إلى فرصة", "Convert"),
            icon: "handshake",
            input: vec![
                Field::new("title", Kind::text(), label("اسم الفرصة", "Name of the opportunity"))
                    .help(label("إن تُرك فارغًا فمن اسم المنشأة أو مما يريده.", "After the company or what is wanted, if left empty.")),
                Field::new("amount", Kind::Money, label("القيمة المتوقعة", "Amount")),
                Field::new("expected_close", Kind::Date, label("الإغلاق المتوقع", "Expected close")),
                Field::new("pipeline", Kind::to(pipeline::KEY), label("المسار", "Pipeline")),
                Field::new("person", Kind::to("party"), label("جهة الاتصال المسجلة", "Contact person on record"))
                    .help(label("اتركها فارغة ليُبحث عنها أو تُسجَّل.", "Left empty, it is looked for or made.")),
                Field::new("organisation", Kind::to("party"), label("المنشأة المسجلة", "Organisation on record"))
                    .help(label("اتركها فارغة ليُبحث عنها أو تُسجَّل.", "Left empty, it is looked for or made.")),
                Field::new("known", Kind::Choice { options: ways }, label("إن وُجد من يشبهه", "Where somebody is alike")),
                Field::new("only_contact", Kind::Bool, label("جهة اتصال فقط دون فرصة", "A contact only, no opportunity")),
            ],
            guard: Some("status in [\"new\", \"contacted\", \"qualified\", \"nurtured\"]"),
            danger: false,
            run: convert,
        },
        Action {
            object: KEY,
            key: "undo_conversion",
            label: label("التراجع عن التحويل", "Undo the conversion"),
            icon: "undo-2",
            input: Vec::new(),
            guard: Some("status == \"converted\""),
            danger: true,
            run: undo,
        },
    ]
}

/// The draft of a party from what the lead says.
pub fn party_of(lead: &Record, kind: &str) -> Option<Record> {
    let draft = Record::new("party", Uuid::nil()).with("kind", kind);
    if kind == "organisation" {
        let company = lead.get("company").text()?;
        let arabic = company.chars().any(|c| ('\u{600}'..='\u{6ff}').contains(&c));
        let name = if arabic { Name::new(company, "") } else { Name::new("", company) };
        return Some(draft.with("name", name));
    }
    Some(draft.with("name", lead.get("name").clone()).with("email", lead.get("email").clone()).with("phone", lead.get("phone").clone()))
}

/// Who of the same kind is likely the same: those that plainly are, then those that may be; and whether there is somebody
/// plainly the same whom the actor may not see.
///
/// # Errors
/// Forbidden: he may neither make nor change customers. The database.
pub async fn known(company: &engine::Company, conn: &mut store::Conn, actor: &engine::Actor, draft: &Record) -> Outcome<(Vec<engine::duplicates::Candidate>, bool)> {
    let found = company.duplicates_of_draft_in(conn, actor, "party", draft, None).await?;
    let mut same_kind = Vec::new();
    for candidate in found.candidates {
        let party = company.get_in(conn, actor, "party", candidate.id).await?;
        if party.get("kind") == draft.get("kind") {
            same_kind.push(candidate);
        }
    }
    Ok((same_kind, found.elsewhere))
}

/// The party to link, or nothing where one is to be made.
async fn find(cx: &mut Cx, draft: &Record, field: &str) -> Outcome<Option<Uuid>> {
    let (company, actor) = (cx.company.clone(), cx.actor.clone());
    let (found, elsewhere) = known(&company, &mut cx.tx, &actor, draft).await?;
    if let Some(one) = found.iter().find(|c| c.certain()) {
        return Ok(Some(one.id));
    }
    if !found.is_empty() {
        let comma = actor.locale.pick("، ", ", ");
        let names: Vec<&str> = found.iter().take(5).map(|c| c.title.get(actor.lang())).collect();
        return Err(Fault::issue(Issue::new(field, "sales-convert-choose").arg("names", names.join(comma))));
    }
    if elsewhere {
        return Err(Fault::issue(Issue::new(field, "sales-convert-elsewhere")));
    }
    Ok(None)
}

fn convert<'a>(cx: &'a mut Cx, lead: Record, input: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let chosen = |key: &str| input.get(key).and_then(Value::id);
        let anew = input.get("known").and_then(Value::text) == Some("new");
        let (company, actor) = (cx.company.clone(), cx.actor.clone());
        let mut work = Conversion {
            at: cx.now.as_microsecond(),
            status: lead.get("status").text().unwrap_or("new").to_owned(),
            party: lead.get("party").id(),
            person: lead.get("person").id(),
            ..Conversion::default()
        };
        let mut given: BTreeMap<&str, Uuid> = BTreeMap::new();
        for (field, kind) in [("organisation", "organisation"), ("person", "person")] {
            let Some(id) = chosen(field) else { continue };
            let party = company.get_in(&mut cx.tx, &actor, "party", id).await.map_err(|_| Fault::invalid(field, "value-no-such-record"))?;
            if party.get("kind").text() != Some(kind) {
                return Err(Fault::invalid(field, "sales-convert-kind"));
            }
            given.insert(kind, id);
        }
        if let Some(id) = lead.get("party").id()
            && let Ok(party) = company.get_in(&mut cx.tx, &actor, "party", id).await
        {
            let kind = if party.get("kind").text() == Some("organisation") { "organisation" } else { "person" };
            given.entry(kind).or_insert(id);
        }
        let owner = lead.get("owner").id().or_else(|| (!actor.is_system()).then_some(actor.id));
        let mut parties: BTreeMap<&str, Uuid> = BTreeMap::new();
        for kind in ["organisation", "person"] {
            let Some(draft) = party_of(&lead, kind) else {
                parties.extend(given.get(kind).map(|id| (kind, *id)));
                continue;
            };
            let known = match given.get(kind) {
                Some(id) => Some(*id),
                None if anew => None,
                None => find(cx, &draft, kind).await?,
            };
            let id = match known {
                Some(id) => id,
                None => {
                    let draft = draft.values.into_iter().fold(Draft::new(), |d, (key, value)| d.set(&key, value));
                    let draft = draft.set("source", lead.get("source").clone()).set("owner", owner);
                    let draft = if kind == "person" { draft.set("job_title", lead.get("job_title").clone()) } else { draft };
                    made(cx, &mut work, "party", draft).await?
                }
            };
            parties.insert(kind, id);
        }
        let (person, organisation) = (parties.get("person").copied(), parties.get("organisation").copied());
        let customer = organisation.or(person).ok_or_else(|| Fault::invalid("name", "value-required"))?;
        if let (Some(person), Some(organisation)) = (person, organisation) {
            tie(cx, &mut work, &lead, person, organisation).await?;
        }
        let deal = if input.get("only_contact").and_then(Value::bool) == Some(true) { None } else { Some(deal(cx, &mut work, &lead, &input, customer, person, owner).await?) };
        work.moved = carry(cx, lead.id, customer).await?;
        // Whoever agreed to be written to is the person, where there is one.
        consents(cx, &lead, person.unwrap_or(customer)).await?;
        for one in &mut work.made {
            one.rev = company.get_in(&mut cx.tx, &company.system(), &one.object, one.id).await?.rev;
        }
        let kept = serde_json::to_value(&work).map_err(Fault::internal)?;
        let draft = Draft::of(lead.id).set("status", "converted").set("converted_at", cx.now).set("party", customer).set("person", person);
        let draft = draft.set("opportunity", deal).set("conversion", Value::Json(kept)).trusted();
        let saved = cx.save(KEY, draft).await?.into_record();
        cx.event("lead.converted", &saved, json!({ "party": customer, "opportunity": deal })).await?;
        let goto = deal.map_or(("party".to_owned(), customer), |id| (opportunity::KEY.to_owned(), id));
        Ok(Done { message: "sales-lead-converted".into(), goto: Some(goto), data: json!({ "party": customer, "person": person, "opportunity": deal }) })
    })
}

async fn made(cx: &mut Cx, work: &mut Conversion, object: &str, draft: Draft) -> Outcome<Uuid> {
    let id = cx.save(object, draft).await?.record().id;
    work.made.push(Made { object: object.to_owned(), id, rev: 0 });
    Ok(id)
}

/// The person works at the organisation, if that is not known yet.
async fn tie(cx: &mut Cx, work: &mut Conversion, lead: &Record, person: Uuid, organisation: Uuid) -> Outcome<()> {
    let (company, system) = (cx.company.clone(), cx.company.system());
    let same = Expr::path("party").eq(Expr::lit(person)).and(Expr::path("other").eq(Expr::lit(organisation))).and(Expr::path("kind").eq(Expr::lit("works_at")));
    if !company.list_in(&mut cx.tx, &system, &Query::new("relationship").filter(same).limit(1)).await?.records.is_empty() {
        return Ok(());
    }
    let draft = Draft::new().set("party", person).set("other", organisation).set("kind", "works_at").set("role", lead.get("job_title").clone());
    let id = cx.follow(|cx| Box::pin(async move { Ok(cx.save("relationship", draft).await?.record().id) })).await?;
    work.made.push(Made { object: "relationship".into(), id, rev: 0 });
    Ok(())
}

async fn deal(cx: &mut Cx, work: &mut Conversion, lead: &Record, input: &Input, customer: Uuid, person: Option<Uuid>, owner: Option<Uuid>) -> Outcome<Uuid> {
    let given = |key: &str| input.get(key).filter(|v| !v.is_blank()).cloned();
    let general = cx.object(opportunity::KEY)?.label.get(cx.actor.lang()).to_owned();
    let name = given("title").unwrap_or_else(|| {
        // Not after a person: the deal outlives what may be kept of him.
        let wish = lead.get("interest").text().and_then(|t| t.lines().next()).map(|t| t.chars().take(60).collect::<String>());
        let called = lead.get("company").text().map(str::to_owned).or(wish).unwrap_or_else(|| general.clone());
        Value::from(called)
    });
    let words: Vec<&str> = ["interest", "note"].iter().filter_map(|f| lead.get(f).text()).collect();
    let draft = Draft::new()
        .set("name", name)
        .set("party", customer)
        .set("amount", given("amount").unwrap_or_else(|| lead.get("value").clone()))
        .set("expected_close", given("expected_close").unwrap_or_default())
        .set("pipeline", given("pipeline").unwrap_or_default())
        .set("need", Some(words.join("\n\n")).filter(|w| !w.is_empty()))
        .set("owner", owner);
    let id = made(cx, work, opportunity::KEY, draft).await?;
    if let Some(person) = person.filter(|p| *p != customer) {
        let player = Draft::new().set("opportunity", id).set("party", person).set("role", "contact");
        cx.follow(|cx| Box::pin(async move { cx.save(key_player::KEY, player).await.map(|_| ()) })).await?;
    }
    Ok(id)
}

/// What was said to the lead was said to the customer.
async fn carry(cx: &mut Cx, lead: Uuid, customer: Uuid) -> Outcome<Vec<Uuid>> {
    let (company, object) = (cx.company.clone(), cx.object("interaction")?);
    let mut sql = cx.tx.sql();
    sql.push("SELECT t.\"id\"");
    company.rows_where(&company.system(), &object, &Query::new("interaction"), &mut sql)?;
    sql.push(" AND t.\"party\" IS NULL AND t.\"lead\" = ").bind(lead).push(" ORDER BY t.\"id\"");
    let rows = cx.tx.rows(&sql, &[ColumnType::Id]).await?;
    let ids: Vec<Uuid> = rows.iter().filter_map(|r| r.first().and_then(Cell::id)).collect();
    hand(cx, &ids, Value::Id(customer)).await?;
    Ok(ids)
}

/// What the lead allowed is allowed by the customer, with the same proof and the same moment.
async fn consents(cx: &mut Cx, lead: &Record, customer: Uuid) -> Outcome<()> {
    let (company, system) = (cx.company.clone(), cx.company.system());
    let of = |field: &str, id: Uuid| Query { count: Count::None, ..Query::new("consent").filter(Expr::path(field).eq(Expr::lit(id))).sort("at").limit(200) };
    let facts = company.list_in(&mut cx.tx, &system, &of("lead", lead.id)).await?.records;
    if facts.is_empty() {
        return Ok(());
    }
    const SAME: [&str; 6] = ["purpose", "channel", "state", "at", "address", "text_version"];
    let there = company.list_in(&mut cx.tx, &system, &of("party", customer)).await?.records;
    let known = |fact: &Record| there.iter().any(|t| SAME.iter().all(|f| t.get(f) == fact.get(f)));
    let proof = ["basis", "source", "until", "text_shown", "ip", "agent"];
    let draft = |fact: &Record| SAME.iter().chain(&proof).fold(Draft::new().set("party", customer), |d, f| d.set(f, fact.get(f).clone()));
    let drafts: Vec<Draft> = facts.iter().filter(|f| !known(f)).map(draft).collect();
    cx.follow(|cx| Box::pin(async move { cx.save_many("consent", drafts).await.map(|_| ()) })).await
}

async fn hand(cx: &mut Cx, interactions: &[Uuid], to: Value) -> Outcome<()> {
    let drafts: Vec<Draft> = interactions.iter().map(|id| Draft::of(*id).set("party", to.clone())).collect();
    if drafts.is_empty() {
        return Ok(());
    }
    cx.follow(|cx| Box::pin(async move { cx.save_many("interaction", drafts).await.map(|_| ()) })).await
}

fn undo<'a>(cx: &'a mut Cx, lead: Record, _: Input) -> BoxFuture<'a, Outcome<Done>> {
    Box::pin(async move {
        let kept = if let Value::Json(json) = lead.get("conversion") { serde_json::from_value::<Conversion>(json.clone()).ok() } else { None };
        let work = kept.ok_or_else(|| Fault::invalid("", "sales-undo-unknown"))?;
        let mut living = Vec::new();
        for made in &work.made {
            living.extend(untouched(cx, made, &work, lead.id).await?);
        }
        let (company, system) = (cx.company.clone(), cx.company.system());
        let draft = Draft::of(lead.id).set("status", work.status.as_str()).set("party", work.party).set("person", work.person);
        let draft = draft.set("opportunity", Value::Null).set("converted_at", Value::Null).set("conversion", Value::Null).trusted();
        let saved = cx.save(KEY, draft).await?.into_record();
        // Who has been given to somebody else since stays with him.
        let customer = lead.get("party").clone();
        let mut back = Vec::new();
        for id in &work.moved {
            if let Ok(said) = company.get_in(&mut cx.tx, &system, "interaction", *id).await
                && *said.get("party") == customer
            {
                back.push(*id);
            }
        }
        hand(cx, &back, Value::Null).await?;
        cx.follow(|cx| {
            Box::pin(async move {
                for made in living.iter().rev() {
                    cx.delete(&made.object, made.id, Some(made.rev)).await?;
                }
                Ok(())
            })
        })
        .await?;
        cx.event("lead.unconverted", &saved, json!({})).await?;
        Ok(Done { message: "sales-lead-unconverted".into(), ..Done::default() })
    })
}

/// What the conversion made and is still there; refused where somebody has worked with it since.
async fn untouched(cx: &mut Cx, made: &Made, work: &Conversion, lead: Uuid) -> Outcome<Option<Made>> {
    let (company, system) = (cx.company.clone(), cx.company.system());
    let Ok(record) = company.get_in(&mut cx.tx, &system, &made.object, made.id).await else { return Ok(None) };
    let object = cx.object(&made.object)?;
    let mut touched = record.rev != made.rev;
    let registry = cx.registry.clone();
    for (child, via) in registry.children(&made.object) {
        if touched {
            break;
        }
        let mut sql = cx.tx.sql();
        sql.push("SELECT COUNT(*)");
        company.rows_where(&system, child, &Query::new(child.key.clone()), &mut sql)?;
        if matches!(via.kind, Kind::Refs { .. }) {
            sql.push(" AND t.\"id\" IN (SELECT record_id FROM sila_link WHERE object = ").bind(child.key.as_str());
            sql.push(" AND field = ").bind(via.key.as_str()).push(" AND target_id = ").bind(made.id).push(")");
        } else {
            sql.push(" AND t.").ident(&via.key).push(" = ").bind(made.id);
        }
        // What the program itself adds (a stage worked out at night) is nobody's work.
        sql.push(" AND t.\"id\" <> ").bind(lead).push(" AND t.\"updated_by\" IS NOT NULL AND t.\"updated_at\" > ").bind(work.at);
        touched = cx.tx.int(&sql).await?.unwrap_or_default() > 0;
    }
    for table in ["sila_comment", "sila_file"] {
        if !touched {
            let mut sql = cx.tx.sql();
            sql.push("SELECT COUNT(*) FROM ").push(table).push(" WHERE object = ").bind(made.object.as_str()).push(" AND record_id = ").bind(made.id).push(" AND deleted_at IS NULL");
            touched = cx.tx.int(&sql).await?.unwrap_or_default() > 0;
        }
    }
    if touched {
        let name = engine::load::title_of(&object, &record);
        let lang = cx.actor.lang();
        let name = if name.is_empty() { object.label.get(lang).to_owned() } else { name.get(lang).to_owned() };
        return Err(Fault::issue(Issue::new("", "sales-undo-touched").arg("object", object.label.get(lang)).arg("name", name)));
    }
    Ok(Some(made.clone()))
}
