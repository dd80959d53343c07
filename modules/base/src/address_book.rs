//! Customers as an address book for phones (CardDAV): those of the reader and of his team, as far as he may see them.

use crate::contact;
use engine::dav::{Collection, Item, Put, Shelf, Source};
use engine::{Actor, Company, Count, Cx, Draft, Query};
use futures::future::BoxFuture;
use ical::card::{Card, OWN, Postal, Reach};
use ical::content::{Component, Prop};
use kernel::uuid::Uuid;
use kernel::{Address, Cell, ColumnType, Expr, Fault, Issue, Name, Outcome, Record, Value, Verb};
use store::Conn;

/// Cards of one phone.
const MOST: usize = 10_000;
const MINE: &str = "owner == me() || in_my_teams(owner)";

pub fn source() -> Source {
    Source {
        shelf: Shelf::Cards,
        objects: &["party", contact::PHONE, contact::EMAIL, contact::ADDRESS, "user", "team"],
        collections: |company, actor| Box::pin(collections(company, actor)),
        items: |company, actor, key| Box::pin(items(company, actor, key)),
        read: |company, actor, key, names| Box::pin(read(company, actor, key, names)),
        within: |company, actor, key, _, _| Box::pin(items(company, actor, key)),
        put,
        delete,
        busy: None,
    }
}

async fn collections(company: &Company, actor: &Actor) -> Outcome<Vec<Collection>> {
    let registry = company.registry();
    let object = registry.object("party")?;
    actor.rule(object, &Verb::Read)?;
    let name = Name::new("عملائي", "My customers");
    let writable = actor.may(object, &Verb::Update);
    Ok(vec![Collection { key: "contacts".into(), name, components: Vec::new(), writable, colour: "#0F766E" }])
}

/// Members with their ids: all, or those with the names given.
async fn list(conn: &mut Conn, company: &Company, actor: &Actor, names: &[String]) -> Outcome<Vec<(Uuid, Item)>> {
    let registry = company.registry();
    let object = registry.object("party")?;
    let mut sql = conn.sql();
    sql.push("SELECT t.id, t.rev");
    // A number more or less is another card.
    for child in [contact::PHONE, contact::EMAIL, contact::ADDRESS] {
        sql.push(", (SELECT CAST(COALESCE(SUM(c.rev), 0) AS BIGINT) FROM ").ident(child).push(" c WHERE c.party = t.id)");
    }
    sql.push(", (SELECT d.name FROM sila_dav d WHERE d.object = 'party' AND d.record_id = t.id)");
    company.rows_where(actor, object, &Query::new("party").filter(Expr::parse(MINE)?), &mut sql)?;
    if !names.is_empty() {
        let own: Vec<Cell> = names.iter().filter_map(|n| n.trim_end_matches(".vcf").parse().ok()).map(Cell::Id).collect();
        sql.push(" AND (EXISTS (SELECT 1 FROM sila_dav n WHERE n.object = 'party' AND n.record_id = t.id AND n.name IN ");
        sql.bind_list(names.iter().map(|n| n.as_str().into())).push(")");
        if !own.is_empty() {
            sql.push(" OR t.id IN ").bind_list(own);
        }
        sql.push(")");
    }
    sql.push(&format!(" ORDER BY t.id LIMIT {MOST}"));
    let types = [ColumnType::Id, ColumnType::Int, ColumnType::Int, ColumnType::Int, ColumnType::Int, ColumnType::Text];
    let rows = conn.rows(&sql, &types).await?;
    let int = |r: &[Cell], i: usize| r.get(i).and_then(Cell::int).unwrap_or_default();
    let one = rows.iter().filter_map(|r| {
        let id = r.first()?.id()?;
        let name = r.get(5).and_then(Cell::text).map_or_else(|| format!("{id}.vcf"), str::to_owned);
        Some((id, Item { name, etag: format!("{}-{}", int(r, 1), int(r, 2) + int(r, 3) + int(r, 4)) }))
    });
    Ok(one.filter(|(_, i)| names.is_empty() || names.contains(&i.name)).collect())
}

fn only(key: &str) -> Outcome<()> {
    if key == "contacts" { Ok(()) } else { Err(Fault::not_found()) }
}

async fn items(company: &Company, actor: &Actor, key: &str) -> Outcome<Vec<Item>> {
    only(key)?;
    let mut conn = company.db().read().await?;
    Ok(list(&mut conn, company, actor, &[]).await?.into_iter().map(|(_, i)| i).collect())
}

async fn read(company: &Company, actor: &Actor, key: &str, names: &[String]) -> Outcome<Vec<(Item, String)>> {
    only(key)?;
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let mut conn = company.db().read().await?;
    let mut out = Vec::new();
    for chunk in names.chunks(300) {
        for (id, item) in list(&mut conn, company, actor, chunk).await? {
            let record = company.get_in(&mut conn, actor, "party", id).await?;
            let (uid, extra) = kept(&mut conn, id).await?;
            let card = card(&mut conn, company, actor, &record, uid).await?;
            let mut text = card.write(&format!("{}", record.rev));
            if let Some(extra) = ical::content::parse(&extra).ok().and_then(|l| l.into_iter().next()) {
                text.props.extend(extra.props);
            }
            out.push((item, text.write()));
        }
    }
    Ok(out)
}

async fn kept(conn: &mut Conn, id: Uuid) -> Outcome<(String, String)> {
    let mut sql = conn.sql();
    sql.push("SELECT uid, extra FROM sila_dav WHERE object = 'party' AND record_id = ").bind(id);
    let row = conn.row(&sql, &[ColumnType::Text, ColumnType::Text]).await?.unwrap_or_default();
    let text = |i: usize| row.get(i).and_then(Cell::text).unwrap_or_default().to_owned();
    let uid = text(0);
    Ok((if uid.is_empty() { id.to_string() } else { uid }, text(1)))
}

/// A value that is withheld comes as dots; on a phone it is left out.
fn open(value: &Value) -> String {
    value.text().filter(|t| !t.starts_with("••")).unwrap_or_default().to_owned()
}

/// What the word of a type is in a card, and back.
const KINDS: [(&str, &str); 6] = [("mobile", "mobile"), ("whatsapp", "mobile"), ("work", "work"), ("home", "home"), ("private", "home"), ("fax", "fax")];

fn kind(key: &str) -> String {
    KINDS.iter().find(|(k, _)| *k == key).map_or("other", |(_, card)| card).to_owned()
}

/// The numbers or addresses of a party: the one on it first, then its others that may be used.
async fn reach(conn: &mut Conn, company: &Company, actor: &Actor, party: &Record, field: &str, object: &str) -> Outcome<Vec<(Option<Uuid>, Reach)>> {
    let mut all = Vec::new();
    let first = open(party.get(field));
    let registry = company.registry();
    let mut children = Vec::new();
    if registry.find(object).is_some_and(|o| actor.may(o, &Verb::Read)) {
        let of = Expr::parse(&format!("party == id(\"{}\")", party.id))?;
        let query = Query { count: Count::None, ..Query::new(object) };
        children = company.list_in(conn, actor, &query.filter(of).limit(50)).await?.records;
    }
    if !first.is_empty() {
        let own = children.iter().find(|c| c.get(field) == party.get(field));
        let kind = own.map_or_else(|| "work".into(), |c| kind(c.get("type").text().unwrap_or_default()));
        all.push((own.map(|c| c.id), Reach { kind, value: first.clone() }));
    }
    for c in &children {
        let value = open(c.get(field));
        if !value.is_empty() && value != first && c.get("do_not_use").bool() != Some(true) {
            all.push((Some(c.id), Reach { kind: kind(c.get("type").text().unwrap_or_default()), value }));
        }
    }
    Ok(all)
}

async fn card(conn: &mut Conn, company: &Company, actor: &Actor, party: &Record, uid: String) -> Outcome<Card> {
    let organisation = party.get("kind").text() == Some("organisation");
    let full = party.get("name").name().map(|n| n.get(actor.lang()).to_owned()).unwrap_or_default();
    let told = crate::names::told(party);
    let part = |key: &str| told.get(key).name().map(|n| n.get(actor.lang()).to_owned()).unwrap_or_default();
    let own = [part("given_name"), part("father_name"), part("grandfather_name")];
    let given = own.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" ");
    let (given, family) = if given.is_empty() { (full.clone(), String::new()) } else { (given, part("family_name")) };
    let mut employer = String::new();
    if let Some(parent) = party.get("parent").id() {
        let titles = company.titles(conn, actor, &[("party".to_owned(), [parent].into())].into()).await?;
        employer = titles.get(&parent).map(|n| n.get(actor.lang()).to_owned()).unwrap_or_default();
    }
    let values = |l: Vec<(Option<Uuid>, Reach)>| l.into_iter().map(|(_, r)| r).collect();
    let address = if let Value::Address(a) = party.get("address") {
        Some(Postal { street: [a.street.as_str(), a.district.as_str()].iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join("، "), city: a.city.clone(), region: a.region.clone(), postcode: a.postcode.clone(), country: a.country.clone() })
    } else {
        None
    };
    Ok(Card {
        uid,
        full,
        family,
        given,
        organisation,
        company: employer,
        title: open(party.get("job_title")),
        phones: values(reach(conn, company, actor, party, "phone", contact::PHONE).await?),
        emails: values(reach(conn, company, actor, party, "email", contact::EMAIL).await?),
        address,
        url: open(party.get("website")),
        note: open(party.get("note")),
        birthday: party.get("birthday").date(),
    })
}

fn refused(r: &ical::Refused) -> Fault {
    Fault::issue(Issue::new("", r.key).arg("detail", &r.detail))
}

fn one(text: &str) -> Outcome<Component> {
    let mut all = ical::content::parse(text).map_err(|r| refused(&r))?;
    match (all.pop(), all.is_empty()) {
        (Some(card), true) if card.name == "VCARD" => Ok(card),
        _ => Err(Fault::issue(Issue::new("", "ical-not-one-object").arg("detail", "VCARD"))),
    }
}

async fn find(cx: &mut Cx, name: &str) -> Outcome<Option<(Uuid, Item)>> {
    let (company, actor) = (cx.company.clone(), cx.actor.clone());
    Ok(list(&mut cx.tx, &company, &actor, &[name.to_owned()]).await?.into_iter().next())
}

fn put<'a>(cx: &'a mut Cx, put: Put<'a>) -> BoxFuture<'a, Outcome<Item>> {
    Box::pin(async move {
        only(put.collection)?;
        let found = find(cx, put.name).await?;
        if put.absent && found.is_some() || put.matches.is_some_and(|m| found.as_ref().is_none_or(|(_, i)| i.etag != m && m != "*")) {
            return Err(Fault::conflict());
        }
        let component = one(put.text)?;
        let new = Card::read(&component);
        if new.full.trim().is_empty() {
            return Err(Fault::invalid("name", "value-required"));
        }
        let id = store_card(cx, found.map(|(id, _)| id), &new).await?;
        remember(cx, id, put.name, &new.uid, &component).await?;
        let item = find(cx, put.name).await?;
        item.filter(|(found, _)| *found == id).map(|(_, i)| i).ok_or_else(|| Fault::issue(Issue::new("", "forbidden-result")))
    })
}

/// Only what the program changed is changed: it knows less of a customer than we do.
async fn store_card(cx: &mut Cx, id: Option<Uuid>, new: &Card) -> Outcome<Uuid> {
    let (company, actor) = (cx.company.clone(), cx.actor.clone());
    let ctx = kernel::parse::Ctx { country: company.settings().country.clone(), lang: actor.locale.lang, ..kernel::parse::Ctx::default() };
    let (before, was) = match id {
        Some(id) => {
            let record = company.get_in(&mut cx.tx, &actor, "party", id).await?;
            let was = card(&mut cx.tx, &company, &actor, &record, String::new()).await?;
            (Some(record), was)
        }
        None => (None, Card::default()),
    };
    let mut draft = id.map_or_else(Draft::new, Draft::of);
    if new.full != was.full {
        let arabic = new.full.chars().any(|c| ('\u{600}'..='\u{6ff}').contains(&c));
        let mut name = before.as_ref().and_then(|r| r.get("name").name().cloned()).unwrap_or_default();
        if arabic { name.ar.clone_from(&new.full) } else { name.latin.clone_from(&new.full) }
        draft = draft.set("name", name);
    }
    if id.is_none() {
        draft = draft.set("kind", if new.organisation { "organisation" } else { "person" }).set("owner", actor.id);
    }
    let text = |t: &str| if t.trim().is_empty() { Value::Null } else { Value::Text(t.trim().to_owned()) };
    for (field, old, now) in [("job_title", &was.title, &new.title), ("note", &was.note, &new.note)] {
        if old != now {
            draft = draft.set(field, text(now));
        }
    }
    if was.url != new.url {
        let url = kernel::parse::from_text(&kernel::Kind::Url, &new.url, &ctx).map_err(|i| Fault::issue(Issue { field: "website".into(), ..i }))?;
        draft = draft.set("website", url);
    }
    if was.birthday != new.birthday {
        draft = draft.set("birthday", new.birthday);
    }
    if let (Some(a), true) = (&new.address, new.address != was.address) {
        let address = Address { street: a.street.clone(), city: a.city.clone(), region: a.region.clone(), postcode: a.postcode.clone(), country: if a.country.len() == 2 { a.country.to_uppercase() } else { was.address.as_ref().map(|w| w.country.clone()).unwrap_or_default() }, ..Address::default() };
        draft = draft.set("address", address);
    }
    let parsed = |kind: &kernel::Kind, field: &str, list: &[Reach]| -> Outcome<Vec<Reach>> {
        let mut out: Vec<Reach> = Vec::new();
        for r in list {
            match kernel::parse::from_text(kind, &r.value, &ctx) {
                Ok(Value::Text(value)) if !out.iter().any(|o| o.value == value) => out.push(Reach { kind: r.kind.clone(), value }),
                Ok(_) => {}
                Err(i) => return Err(Fault::issue(Issue { field: field.into(), ..i })),
            }
        }
        Ok(out)
    };
    let phones = parsed(&kernel::Kind::Phone, "phone", &new.phones)?;
    let emails = parsed(&kernel::Kind::Email, "email", &new.emails)?;
    for (field, list, old) in [("phone", &phones, &was.phones), ("email", &emails, &was.emails)] {
        let first = list.first().map(|r| r.value.clone());
        if first != old.first().map(|r| r.value.clone()) {
            draft = draft.set(field, first);
        }
    }
    let saved = cx.save("party", draft).await?.into_record();
    for (field, object, list) in [("phone", contact::PHONE, phones), ("email", contact::EMAIL, emails)] {
        further(cx, &saved, field, object, &list).await?;
    }
    Ok(saved.id)
}

/// The second and further numbers or addresses: made where they are new, taken away where the program took them away.
async fn further(cx: &mut Cx, party: &Record, field: &str, object: &str, list: &[Reach]) -> Outcome<()> {
    let (company, actor) = (cx.company.clone(), cx.actor.clone());
    let there = reach(&mut cx.tx, &company, &actor, party, field, object).await?;
    for (id, r) in &there {
        if let Some(id) = id
            && !list.iter().any(|n| n.value == r.value)
        {
            cx.delete(object, *id, None).await?;
        }
    }
    for r in list.iter().filter(|r| !there.iter().any(|(_, t)| t.value == r.value)) {
        let types: Vec<String> = company.registry().object(object)?.get("type").map(|f| f.kind.options().iter().map(|o| o.key.clone()).collect()).unwrap_or_default();
        let word = KINDS.iter().filter(|(_, card)| *card == r.kind).map(|(k, _)| *k).find(|k| types.iter().any(|t| t == k));
        let draft = Draft::new().set("party", party.id).set(field, r.value.as_str()).set("type", word.unwrap_or("other"));
        cx.save(object, draft).await?;
    }
    Ok(())
}

async fn remember(cx: &mut Cx, id: Uuid, name: &str, uid: &str, component: &Component) -> Outcome<()> {
    let mut extra = Component::new("X-EXTRA");
    let other = |p: &&Prop| !OWN.contains(&p.name.as_str());
    extra.props = component.props.iter().filter(other).cloned().collect();
    let extra: Cell = if extra.props.is_empty() { Cell::Null } else { extra.write().into() };
    let mut sql = cx.tx.sql();
    sql.push("UPDATE sila_dav SET extra = ").bind(extra.clone()).push(" WHERE object = 'party' AND record_id = ").bind(id);
    if cx.tx.exec(&sql).await? == 0 {
        let uid = if uid.is_empty() { id.to_string() } else { uid.chars().take(250).collect() };
        let row = vec!["party".into(), id.into(), name.into(), uid.into(), extra];
        store::insert_many(&mut cx.tx, "sila_dav", &["object", "record_id", "name", "uid", "extra"], vec![row]).await?;
    }
    Ok(())
}

fn delete<'a>(cx: &'a mut Cx, collection: &'a str, name: &'a str, etag: Option<&'a str>) -> BoxFuture<'a, Outcome<()>> {
    Box::pin(async move {
        only(collection)?;
        let (id, item) = find(cx, name).await?.ok_or_else(Fault::not_found)?;
        if etag.is_some_and(|e| e != item.etag && e != "*") {
            return Err(Fault::conflict());
        }
        cx.delete("party", id, None).await
    })
}
