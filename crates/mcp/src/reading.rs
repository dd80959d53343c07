//! Tools that read. Each asks the engine as the API does, under the rule of the token's person.

use crate::asked::Asked;
use api::{about, json as shape, parts};
use engine::load::Titles;
use engine::{Count, Query, Sort};
use kernel::{Capability, Expr, Fault, Field, Issue, Object, Outcome, Record, Value, Verb};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use std::sync::Arc;
use uuid::Uuid;

/// The objects the caller may read.
pub(crate) fn objects(asked: &Asked) -> Vec<Arc<Object>> {
    let registry = asked.ctx.company.registry();
    registry.objects().filter(|o| asked.ctx.actor.may(o, &Verb::Read)).cloned().collect()
}

/// One of them.
pub(crate) fn object(asked: &Asked, key: &str) -> Outcome<Arc<Object>> {
    let registry = asked.ctx.company.registry();
    let object = registry.object(key)?.clone();
    asked.ctx.actor.rule(&object, &Verb::Read)?;
    Ok(object)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Search {
    words: String,
    object: Option<String>,
    limit: Option<usize>,
}

pub(crate) async fn search(asked: &Asked, q: Search) -> Outcome<Json> {
    if q.words.trim().is_empty() {
        return Err(Fault::invalid("words", "value-required"));
    }
    let hits = asked.ctx.company.search(&asked.ctx.actor, &q.words, q.object.as_deref(), asked.rows(q.limit, 10).min(100)).await?;
    Ok(json!({"data": about::found(&asked.ctx, &hits)}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Describe {
    object: Option<String>,
}

pub(crate) fn describe(asked: &Asked, q: &Describe) -> Outcome<Json> {
    let registry = asked.ctx.company.registry();
    if let Some(key) = &q.object {
        return Ok(about::describe(&asked.ctx, &registry, &*object(asked, key)?));
    }
    let one = |o: &Arc<Object>| {
        let verbs: Vec<&str> = Verb::COMMON.iter().filter(|v| asked.ctx.actor.may(o, v)).map(Verb::key).collect();
        json!({"key": o.key, "label": asked.label(&o.label), "plural": asked.label(&o.plural), "title": o.title, "verbs": verbs})
    };
    let settings = asked.ctx.company.settings();
    Ok(json!({
        "objects": objects(asked).iter().map(one).collect::<Vec<_>>(),
        "me": {"id": asked.ctx.actor.id, "name": shape::name(&asked.ctx.actor.name)},
        "company": {"name": shape::name(&settings.name), "currency": settings.currency, "country": settings.country, "zone": settings.zone},
        "now": asked.ctx.company.now().to_string(),
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct List {
    object: String,
    filter: Option<String>,
    search: Option<String>,
    sort: Option<String>,
    #[serde(default)]
    fields: Vec<String>,
    limit: Option<usize>,
    after: Option<String>,
}

/// A condition, with its faults beside the argument it came in.
fn filter(text: Option<&str>) -> Outcome<Option<Expr>> {
    let parse = |t: &str| Expr::parse(t).map_err(|fault| at("filter", fault));
    text.map(str::trim).filter(|t| !t.is_empty()).map(parse).transpose()
}

fn at(field: &str, mut fault: Fault) -> Fault {
    for i in fault.issues.iter_mut().filter(|i| i.field.is_empty()) {
        field.clone_into(&mut i.field);
    }
    fault
}

pub(crate) async fn list(asked: &Asked, q: List) -> Outcome<Json> {
    let object = object(asked, &q.object)?;
    let named = !q.fields.is_empty();
    let mut fields = q.fields;
    fields.retain(|f| f != "id");
    if named && fields.is_empty() {
        fields.push("rev".into());
    }
    let query = Query {
        filter: filter(q.filter.as_deref())?,
        sort: Sort::parse(q.sort.as_deref().unwrap_or_default()),
        fields,
        limit: asked.rows(q.limit, 50).min(500),
        after: q.after,
        count: Count::Estimate,
        search: q.search.filter(|s| !s.trim().is_empty()),
        ..Query::new(object.key.clone())
    };
    let page = asked.ctx.company.list(&asked.ctx.actor, &query).await.map_err(|f| at("filter", f))?;
    let data: Vec<Json> = page.records.iter().map(|r| shape::record(&object, r)).collect();
    let count = page.count.map(|c| json!({"n": c.n, "exact": c.exact}));
    Ok(json!({"object": object.key, "data": data, "titles": titles(asked, &page.titles), "next": page.next, "count": count}))
}

/// What referenced records are called.
fn titles(asked: &Asked, titles: &Titles) -> Json {
    titles.iter().map(|(id, name)| (id.to_string(), json!(name.get(asked.ctx.lang.code())))).collect::<Map<_, _>>().into()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Read {
    object: String,
    id: String,
    timeline: Option<usize>,
    before: Option<String>,
}

/// The record, or the one it was merged into.
pub(crate) async fn found(asked: &Asked, object: &Object, id: Uuid) -> Outcome<Record> {
    let (company, actor) = (&asked.ctx.company, &asked.ctx.actor);
    match company.get(actor, &object.key, id).await {
        Ok(record) => Ok(record),
        Err(fault) => match company.merged_into(actor, &object.key, id).await? {
            Some(to) => company.get(actor, &object.key, to).await,
            None => Err(fault),
        },
    }
}

pub(crate) async fn read(asked: &Asked, q: Read) -> Outcome<Json> {
    let object = object(asked, &q.object)?;
    let id = q.id.trim().parse().map_err(|_| Fault::not_found())?;
    let record = found(asked, &object, id).await?;
    let (company, actor) = (&asked.ctx.company, &asked.ctx.actor);
    let mut answer = Map::new();
    answer.insert("object".into(), json!(object.key));
    answer.insert("record".into(), shape::record(&object, &record));
    if record.id != id {
        answer.insert("merged_from".into(), json!(id));
    }
    let mut conn = company.db().read().await?;
    let named = company.titles_of(&mut conn, actor, std::slice::from_ref(&record)).await?;
    drop(conn);
    answer.insert("titles".into(), titles(asked, &named));
    answer.insert("uri".into(), json!(crate::resources::uri(&object.key, record.id)));
    let wished = q.timeline.unwrap_or(20);
    if wished > 0 && object.can(Capability::Timeline) {
        let line = company.timeline(actor, &object.key, record.id, &[], q.before.as_deref(), asked.rows(Some(wished), 20).min(200)).await?;
        answer.insert("timeline".into(), parts::line_json(&asked.ctx, &line));
    }
    Ok(Json::Object(answer))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Summarize {
    object: String,
    filter: Option<String>,
    group_by: Option<String>,
    #[serde(default)]
    fields: Vec<String>,
}

pub(crate) async fn summarize(asked: &Asked, q: Summarize) -> Outcome<Json> {
    let object = object(asked, &q.object)?;
    let unknown = |name: &String| Fault::issue(Issue::new("fields", "expr-unknown-field").arg("name", name));
    let known = |name: &String| about::fields(&asked.ctx, &object).find(|f| f.key == *name).ok_or_else(|| unknown(name));
    let fields: Vec<&Field> = if q.fields.is_empty() { about::fields(&asked.ctx, &object).filter(|f| !f.system).collect() } else { q.fields.iter().map(known).collect::<Outcome<_>>()? };
    let mut query = Query::new(object.key.clone());
    query.filter = filter(q.filter.as_deref())?;
    let (company, actor) = (&asked.ctx.company, &asked.ctx.actor);
    let (count, all) = company.sums(actor, &query, &fields).await.map_err(|f| at("filter", f))?;
    let told = |sums: &[(String, Value)]| sums.iter().map(|(k, v)| (k.clone(), v.to_json())).collect::<Map<_, _>>();
    let mut answer = json!({"object": object.key, "count": count, "sums": told(&all)});
    let Some(by) = q.group_by.filter(|b| !b.trim().is_empty()) else { return Ok(answer) };
    let groups = company.groups(actor, &query, by.trim(), &fields).await.map_err(|f| at("filter", f))?;
    // What the values are called: the records they refer to, as far as the caller may see them.
    let rows: Vec<Record> = groups.iter().map(|g| Record::new(object.key.clone(), Uuid::nil()).with(by.trim(), g.value.clone())).collect();
    let mut conn = company.db().read().await?;
    let named = company.titles_of(&mut conn, actor, &rows).await?;
    let one = |g: &engine::sums::Group| json!({"value": g.value.to_json(), "count": g.count, "sums": told(&g.sums)});
    if let Json::Object(map) = &mut answer {
        map.insert("group_by".into(), json!(by.trim()));
        map.insert("groups".into(), groups.iter().take(asked.rows(None, engine::sums::MOST_GROUPS)).map(one).collect());
        map.insert("titles".into(), titles(asked, &named));
    }
    Ok(answer)
}
