//! Users: the object `user`, who may sign in. `externalId` is the provider's own id, kept as an external id of the record.

use super::{MOUNT, Page, Provider, answer, attribute, body, created, filter, flag, list as page_of, patch as patching, text_of};
use crate::problem::Answer;
use axum::body::Bytes;
use axum::extract::{Path, Query as Params};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use engine::{Count, Cx, Draft, Query};
use kernel::expr::Expr;
use kernel::{Cell, ColumnType, Fault, Issue, Name, Object, Outcome, Record, Value};
use serde_json::{Map, Value as Json, json};
use std::collections::HashMap;
use uuid::Uuid;

/// Under this name the provider's ids stand beside those of other systems.
pub(super) const SYSTEM: &str = "scim";
const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

/// What belongs to the users beyond their records, read at once for a page of them.
pub(super) struct Beside {
    external: HashMap<Uuid, String>,
    roles: HashMap<Uuid, Vec<String>>,
    teams: HashMap<Uuid, Vec<Uuid>>,
}

pub(super) async fn pairs(p: &Provider, table: &str, left: &str, right: &str, ty: ColumnType) -> Outcome<Vec<(Uuid, Cell)>> {
    let mut conn = p.company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT ").ident(left).push(", ").ident(right).push(" FROM ").ident(table).push(" ORDER BY 1, 2");
    let rows = conn.rows(&sql, &[ColumnType::Id, ty]).await?;
    Ok(rows.into_iter().filter_map(|r| Some((r.first()?.id()?, r.get(1)?.clone()))).collect())
}

/// Record → key in the provider's system.
pub(super) async fn external(p: &Provider, object: &str) -> Outcome<HashMap<Uuid, String>> {
    let mut conn = p.company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT record_id, key FROM sila_external WHERE object = ").bind(object).push(" AND system = ").bind(SYSTEM);
    let rows = conn.rows(&sql, &[ColumnType::Id, ColumnType::Text]).await?;
    Ok(rows.iter().filter_map(|r| Some((r.first()?.id()?, r.get(1)?.text()?.to_owned()))).collect())
}

async fn beside(p: &Provider) -> Outcome<Beside> {
    let mut roles: HashMap<Uuid, Vec<String>> = HashMap::new();
    for (user, role) in pairs(p, "sila_user_role", "user_id", "role", ColumnType::Text).await? {
        roles.entry(user).or_default().extend(role.text().map(str::to_owned));
    }
    let mut teams: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (user, team) in pairs(p, "sila_team_member", "user_id", "team_id", ColumnType::Id).await? {
        teams.entry(user).or_default().extend(team.id());
    }
    Ok(Beside { external: external(p, "user").await?, roles, teams })
}

fn shown(user: &Record, beside: &Beside) -> Json {
    let name = user.get("name").name().cloned().unwrap_or_default();
    let whole = if name.latin.is_empty() { name.ar.clone() } else { name.latin.clone() };
    let (given, family) = whole.split_once(' ').map_or((whole.as_str(), ""), |(g, f)| (g, f));
    let email = user.get("email").text().unwrap_or_default();
    let at = |f: &str| user.get(f).datetime().map(|t| t.to_string());
    let mut json = json!({
        "schemas": [SCHEMA],
        "id": user.id,
        "userName": email,
        "name": {"formatted": whole, "givenName": given, "familyName": family},
        "displayName": whole,
        "active": user.get("active").bool().unwrap_or_default(),
        "emails": [{"value": email, "type": "work", "primary": true}],
        "roles": beside.roles.get(&user.id).into_iter().flatten().map(|r| json!({"value": r})).collect::<Vec<_>>(),
        "groups": beside.teams.get(&user.id).into_iter().flatten().map(|t| json!({"value": t, "$ref": format!("{MOUNT}/Groups/{t}")})).collect::<Vec<_>>(),
        "meta": {"resourceType": "User", "created": at("created_at"), "lastModified": at("updated_at"), "location": format!("{MOUNT}/Users/{}", user.id), "version": format!("W/\"{}\"", user.rev)},
    });
    if let Some(title) = user.get("job_title").text() {
        json["title"] = json!(title);
    }
    if let Some(key) = beside.external.get(&user.id) {
        json["externalId"] = json!(key);
    }
    json
}

/// `GET /Users?filter=&startIndex=&count=`
pub(crate) async fn list(p: Provider, Params(params): Params<Vec<(String, String)>>) -> Answer {
    let tests = match params.iter().find(|(k, v)| k == "filter" && !v.trim().is_empty()) {
        Some((_, text)) => filter::parse(text)?,
        None => Vec::new(),
    };
    let mut query = Query { count: Count::None, ..Query::new("user").sort("created_at").limit(500) };
    // What providers ask before each change comes from an index; the rest is looked through.
    if let Some(email) = tests.iter().find_map(|t| t.equals("userName")) {
        query = query.filter(Expr::path("email").eq(Expr::lit(email.to_lowercase())));
    }
    let beside = beside(&p).await?;
    let mut found = Vec::new();
    loop {
        let listing = p.company.list(&p.actor, &query).await?;
        found.extend(listing.records.iter().map(|u| shown(u, &beside)).filter(|u| tests.iter().all(|t| t.passes(u))));
        match listing.next {
            Some(next) => query.after = Some(next),
            None => break,
        }
    }
    let page = Page::of(&params);
    let resources: Vec<Json> = found.iter().skip(page.start - 1).take(page.count).cloned().collect();
    Ok(page_of(found.len(), page, &resources))
}

async fn one(p: &Provider, id: Uuid) -> Outcome<Json> {
    let user = p.company.get(&p.actor, "user", id).await?;
    Ok(shown(&user, &beside(p).await?))
}

/// `GET /Users/{id}`
pub(crate) async fn get(p: Provider, Path(id): Path<String>) -> Answer {
    Ok(answer(200, &one(&p, crate::params::id(&id)?).await?))
}

/// What a resource says about a user.
struct Wanted {
    draft: Draft,
    active: Option<bool>,
    roles: Option<Vec<String>>,
    external: Option<String>,
}

fn wanted(object: &Object, resource: &Map<String, Json>, before: Option<&Record>) -> Outcome<Wanted> {
    let email = text_of(resource, "userName").filter(|u| u.contains('@')).or_else(|| {
        let emails = attribute(resource, "emails")?.as_array()?;
        let primary = emails.iter().find(|e| e.get("primary").and_then(Json::as_bool) == Some(true)).or_else(|| emails.first())?;
        primary.get("value")?.as_str().map(|t| t.trim().to_owned())
    });
    let email = email.filter(|e| !e.is_empty()).ok_or_else(|| Fault::issue(Issue::new("userName", "scim-user-name")))?;
    let mut draft = before.map_or_else(Draft::new, |b| Draft::of(b.id));
    draft = draft.set("email", email.to_lowercase());
    if let Some(name) = named(resource, before) {
        draft = draft.set("name", name);
    } else if before.is_none() {
        let local = email.split('@').next().unwrap_or(&email).to_owned();
        draft = draft.set("name", Name::new("", local));
    }
    if object.get("job_title").is_some() {
        draft = draft.set("job_title", text_of(resource, "title").filter(|t| !t.is_empty()));
    }
    let active = match attribute(resource, "active") {
        Some(v) => Some(flag(v).ok_or_else(|| Fault::issue(Issue::new("active", "value-not-bool")))?),
        None => None,
    };
    let roles = attribute(resource, "roles").and_then(Json::as_array).map(|list| {
        list.iter().filter_map(|r| r.get("value").and_then(Json::as_str).or_else(|| r.as_str())).map(str::to_owned).collect()
    });
    Ok(Wanted { draft, active, roles, external: text_of(resource, "externalId").filter(|e| !e.is_empty()) })
}

/// The name in the script it is written in; the other script stays as it is.
fn named(resource: &Map<String, Json>, before: Option<&Record>) -> Option<Name> {
    let name = attribute(resource, "name").and_then(Json::as_object);
    let part = |key: &str| name.and_then(|n| text_of(n, key)).filter(|t| !t.is_empty());
    let old = before.and_then(|b| b.get("name").name().cloned()).unwrap_or_default();
    let shown = if old.latin.is_empty() { &old.ar } else { &old.latin };
    let parts = match (part("givenName"), part("familyName")) {
        (Some(g), Some(f)) => Some(format!("{g} {f}")),
        (g, f) => g.or(f),
    };
    // Of the several ways to say a name the one that differs from what is there is meant.
    let said = [parts, part("formatted"), text_of(resource, "displayName").filter(|t| !t.is_empty())];
    let chosen = said.iter().flatten().find(|t| *t != shown).or_else(|| said.iter().flatten().next())?.clone();
    let arabic = chosen.chars().any(|c| ('\u{0600}'..='\u{06ff}').contains(&c));
    Some(if arabic { Name { ar: chosen, ..old } } else { Name { latin: chosen, ..old } })
}

async fn save(p: &Provider, wanted: Wanted) -> Outcome<Uuid> {
    let mut cx = p.company.write(&p.actor).await?;
    cx.cause = "scim".into();
    let mut draft = wanted.draft;
    if let Some(active) = wanted.active {
        if draft.id == Some(p.actor.id) && !active {
            return Err(Fault::invalid("active", "api-not-yourself"));
        }
        draft = draft.set("active", active);
    }
    let fresh = draft.id.is_none();
    let id = cx.save("user", draft).await?.record().id;
    if let Some(roles) = &wanted.roles {
        let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
        let same = !fresh && { let mut old = p.company.roles_of(id).await?; old.sort(); let mut new: Vec<String> = roles.iter().map(|r| (*r).to_owned()).collect(); new.sort(); old == new };
        if !same {
            cx.set_roles(id, &roles).await?;
        }
    }
    remember(&mut cx, "user", id, wanted.external.as_deref()).await?;
    cx.commit().await?;
    Ok(id)
}

/// Keeps the provider's id of a record, in place of an earlier one.
pub(super) async fn remember(cx: &mut Cx, object: &str, id: Uuid, key: Option<&str>) -> Outcome<()> {
    let mut sql = cx.tx.sql();
    sql.push("DELETE FROM sila_external WHERE object = ").bind(object).push(" AND system = ").bind(SYSTEM).push(" AND record_id = ").bind(id);
    cx.tx.exec(&sql).await?;
    let Some(key) = key else { return Ok(()) };
    let key: String = key.chars().take(200).collect();
    let row = vec![object.into(), SYSTEM.into(), key.into(), id.into()];
    match store::insert_many(&mut cx.tx, "sila_external", &["object", "system", "key", "record_id"], vec![row]).await {
        Err(f) if f.issues.iter().any(|i| i.key == "value-not-unique") => Err(Fault::invalid("externalId", "value-not-unique")),
        other => other,
    }
}

/// `POST /Users`
pub(crate) async fn create(p: Provider, bytes: Bytes) -> Answer {
    let registry = p.company.registry();
    let resource = body(&bytes)?;
    let mut wanted = wanted(registry.object("user")?, &resource, None)?;
    wanted.active = wanted.active.or(Some(true));
    let id = save(&p, wanted).await?;
    Ok(created(&one(&p, id).await?, &format!("{MOUNT}/Users/{id}")))
}

async fn change(p: &Provider, id: Uuid, resource: &Map<String, Json>) -> Outcome<Json> {
    let registry = p.company.registry();
    let before = p.company.get(&p.actor, "user", id).await?;
    save(p, wanted(registry.object("user")?, resource, Some(&before))?).await?;
    one(p, id).await
}

/// `PUT /Users/{id}`
pub(crate) async fn replace(p: Provider, Path(id): Path<String>, bytes: Bytes) -> Answer {
    let id = crate::params::id(&id)?;
    Ok(answer(200, &change(&p, id, &body(&bytes)?).await?))
}

/// `PATCH /Users/{id}`
pub(crate) async fn patch(p: Provider, Path(id): Path<String>, bytes: Bytes) -> Answer {
    let id = crate::params::id(&id)?;
    let Json::Object(mut resource) = one(&p, id).await? else { return Err(Fault::internal("a user is no object").into()) };
    patching::apply(&mut resource, &body(&bytes)?)?;
    Ok(answer(200, &change(&p, id, &resource).await?))
}

/// `DELETE /Users/{id}`: he can no longer sign in; what he has done keeps his name.
pub(crate) async fn delete(p: Provider, Path(id): Path<String>) -> Answer {
    let id = crate::params::id(&id)?;
    if id == p.actor.id {
        return Err(Fault::invalid("active", "api-not-yourself").into());
    }
    let mut cx = p.company.write(&p.actor).await?;
    cx.cause = "scim".into();
    cx.save("user", Draft::of(id).set("active", Value::Bool(false))).await?;
    remember(&mut cx, "user", id, None).await?;
    cx.delete("user", id, None).await?;
    cx.commit().await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
