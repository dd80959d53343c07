//! Groups: the object `team`, whose members see each other's customers.

use super::users::{external, pairs, remember};
use super::{MOUNT, Page, Provider, answer, attribute, body, created, filter, list as page_of, patch as patching, text_of};
use crate::problem::Answer;
use axum::body::Bytes;
use axum::extract::{Path, Query as Params};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use engine::{Count, Draft, Query};
use kernel::{ColumnType, Fault, Issue, Name, Outcome, Record};
use serde_json::{Map, Value as Json, json};
use std::collections::HashMap;
use uuid::Uuid;

const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

async fn members(p: &Provider) -> Outcome<HashMap<Uuid, Vec<Uuid>>> {
    let mut all: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (team, user) in pairs(p, "sila_team_member", "team_id", "user_id", ColumnType::Id).await? {
        all.entry(team).or_default().extend(user.id());
    }
    Ok(all)
}

fn shown(team: &Record, members: &HashMap<Uuid, Vec<Uuid>>, external: &HashMap<Uuid, String>) -> Json {
    let name = team.get("name").name().cloned().unwrap_or_default();
    let at = |f: &str| team.get(f).datetime().map(|t| t.to_string());
    let mut json = json!({
        "schemas": [SCHEMA],
        "id": team.id,
        "displayName": if name.latin.is_empty() { &name.ar } else { &name.latin },
        "members": members.get(&team.id).into_iter().flatten().map(|u| json!({"value": u, "$ref": format!("{MOUNT}/Users/{u}"), "type": "User"})).collect::<Vec<_>>(),
        "meta": {"resourceType": "Group", "created": at("created_at"), "lastModified": at("updated_at"), "location": format!("{MOUNT}/Groups/{}", team.id), "version": format!("W/\"{}\"", team.rev)},
    });
    if let Some(key) = external.get(&team.id) {
        json["externalId"] = json!(key);
    }
    json
}

/// `GET /Groups?filter=&startIndex=&count=`
pub(crate) async fn list(p: Provider, Params(params): Params<Vec<(String, String)>>) -> Answer {
    let tests = match params.iter().find(|(k, v)| k == "filter" && !v.trim().is_empty()) {
        Some((_, text)) => filter::parse(text)?,
        None => Vec::new(),
    };
    let (members, external) = (members(&p).await?, external(&p, "team").await?);
    let mut query = Query { count: Count::None, ..Query::new("team").sort("created_at").limit(500) };
    let mut found = Vec::new();
    loop {
        let listing = p.company.list(&p.actor, &query).await?;
        found.extend(listing.records.iter().map(|t| shown(t, &members, &external)).filter(|t| tests.iter().all(|x| x.passes(t))));
        match listing.next {
            Some(next) => query.after = Some(next),
            None => break,
        }
    }
    let page = Page::of(&params);
    let bare = params.iter().any(|(k, v)| k == "excludedAttributes" && v.split(',').any(|a| a.trim().eq_ignore_ascii_case("members")));
    let mut resources: Vec<Json> = found.iter().skip(page.start - 1).take(page.count).cloned().collect();
    for r in resources.iter_mut().filter(|_| bare) {
        if let Some(map) = r.as_object_mut() {
            map.remove("members");
        }
    }
    Ok(page_of(found.len(), page, &resources))
}

async fn one(p: &Provider, id: Uuid) -> Outcome<Json> {
    let team = p.company.get(&p.actor, "team", id).await?;
    Ok(shown(&team, &members(p).await?, &external(p, "team").await?))
}

/// `GET /Groups/{id}`
pub(crate) async fn get(p: Provider, Path(id): Path<String>) -> Answer {
    Ok(answer(200, &one(&p, crate::params::id(&id)?).await?))
}

async fn save(p: &Provider, id: Option<Uuid>, resource: &Map<String, Json>) -> Outcome<Uuid> {
    let name = text_of(resource, "displayName").filter(|t| !t.is_empty()).ok_or_else(|| Fault::issue(Issue::new("displayName", "value-required")))?;
    let mut users = Vec::new();
    for member in attribute(resource, "members").and_then(Json::as_array).into_iter().flatten() {
        let id = member.get("value").and_then(Json::as_str).and_then(|t| t.parse::<Uuid>().ok());
        users.push(id.ok_or_else(|| Fault::issue(Issue::new("members", "value-no-such-record")))?);
    }
    users.sort_unstable();
    users.dedup();
    for user in &users {
        p.company.get(&p.actor, "user", *user).await.map_err(|_| Fault::issue(Issue::new("members", "value-no-such-record")))?;
    }
    let old = match id {
        Some(id) => p.company.get(&p.actor, "team", id).await?.get("name").name().cloned().unwrap_or_default(),
        None => Name::default(),
    };
    let arabic = name.chars().any(|c| ('\u{0600}'..='\u{06ff}').contains(&c));
    let name = if arabic { Name { ar: name, ..old } } else { Name { latin: name, ..old } };
    let mut cx = p.company.write(&p.actor).await?;
    cx.cause = "scim".into();
    let draft = id.map_or_else(Draft::new, Draft::of).set("name", name);
    let team = cx.save("team", draft).await?.record().id;
    cx.set_team(team, &users).await?;
    remember(&mut cx, "team", team, text_of(resource, "externalId").filter(|e| !e.is_empty()).as_deref()).await?;
    cx.commit().await?;
    Ok(team)
}

/// `POST /Groups`
pub(crate) async fn create(p: Provider, bytes: Bytes) -> Answer {
    let id = save(&p, None, &body(&bytes)?).await?;
    Ok(created(&one(&p, id).await?, &format!("{MOUNT}/Groups/{id}")))
}

/// `PUT /Groups/{id}`
pub(crate) async fn replace(p: Provider, Path(id): Path<String>, bytes: Bytes) -> Answer {
    let id = crate::params::id(&id)?;
    save(&p, Some(id), &body(&bytes)?).await?;
    Ok(answer(200, &one(&p, id).await?))
}

/// `PATCH /Groups/{id}`
pub(crate) async fn patch(p: Provider, Path(id): Path<String>, bytes: Bytes) -> Answer {
    let id = crate::params::id(&id)?;
    let Json::Object(mut resource) = one(&p, id).await? else { return Err(Fault::internal("a team is no object").into()) };
    patching::apply(&mut resource, &body(&bytes)?)?;
    save(&p, Some(id), &resource).await?;
    Ok(answer(200, &one(&p, id).await?))
}

/// `DELETE /Groups/{id}`
pub(crate) async fn delete(p: Provider, Path(id): Path<String>) -> Answer {
    let id = crate::params::id(&id)?;
    let mut cx = p.company.write(&p.actor).await?;
    cx.cause = "scim".into();
    cx.set_team(id, &[]).await?;
    remember(&mut cx, "team", id, None).await?;
    cx.delete("team", id, None).await?;
    cx.commit().await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
