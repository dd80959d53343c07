//! The board of an object with stages, and moving a record to another stage.

use crate::address::address;
use crate::list::{Asked, layouts, named, title, tools};
use crate::refusal::{Reply, not_found};
use crate::sent::Sent;
use crate::stages::{Group, Stages};
use crate::visit::{Shown, Visit};
use axum::extract::Path;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::IntoResponse;
use engine::{Count, Draft, Listing, Query};
use kernel::{Fault, Field, Kind, Object, Record, Value, Verb};
use maud::{Markup, Render, html};
use ui::board::{BoardColumn, Card};
use ui::button::button;
use ui::cx::ViewCx;
use uuid::Uuid;

/// Cards shown per column; the rest is a link to the list.
const CARDS: usize = 30;

fn stage_of(object: &Object) -> Result<&Field, Fault> {
    object.stage.as_deref().and_then(|s| object.get(s)).ok_or_else(Fault::not_found)
}

/// `GET /{object}/board`
pub async fn page(visit: Visit, Path(key): Path<String>) -> Reply {
    let object = visit.object(&key)?;
    let asked = Asked::read(&visit, object.clone()).await?;
    if let Some(fault) = &asked.fault {
        return Err(fault.clone().into());
    }
    let stages = Stages::of(&visit, &object, visit.param("group").parse().ok()).await?.ok_or_else(not_found)?;
    let stage = &stages.field;
    let sees = |f: &&Field| visit.actor.sees(&key, &f.key);
    let amount = object.fields.iter().filter(sees).find(|f| matches!(f.kind.stored(), Kind::Money) && f.in_list);
    let around = |f: &&Field| f.key != object.title && f.key != stage.key && stages.group.as_ref().is_none_or(|g| g.field != f.key);
    let facts: Vec<&Field> = object.list_fields().into_iter().filter(sees).filter(around).filter(|f| amount.is_none_or(|a| a.key != f.key)).take(3).collect();
    let late = late(&visit, &object);
    let whole = |query: Query| stages.all().map_or(query.clone(), |all| query.filter(all));
    let sums = crate::sums::by_stage(&visit, &whole(asked.query()), stage, amount).await?;
    let mut listings: Vec<(usize, Listing)> = Vec::new();
    for (i, option) in stages.options.iter().enumerate() {
        let filled = sums.iter().any(|(k, n, _)| *k == option.key && *n > 0);
        if filled {
            let mut query = asked.query().filter(stages.is(option)).limit(CARDS);
            query.count = Count::None;
            let asks = late.as_ref().map(|e| e.fields()).unwrap_or_default();
            query.fields = std::iter::once(&object.title).chain(facts.iter().chain(amount.iter()).map(|f| &f.key)).cloned().collect();
            query.fields.extend(asks.into_iter().map(|(_, field)| field));
            query.fields.sort();
            query.fields.dedup();
            listings.push((i, visit.company.list(&visit.actor, &query).await?));
        }
    }
    let lang = visit.actor.lang();
    let mut titles = Shown::default();
    titles.add(&named(&visit, &asked).await?, lang);
    for (_, l) in &listings {
        titles.add(&l.titles, lang);
    }
    let cx = visit.cx(&titles);
    let env = visit.company.env(&visit.actor);
    let columns: Vec<BoardColumn> = stages
        .options
        .iter()
        .enumerate()
        .map(|(i, option)| {
            let (count, sum) = sums.iter().find(|(k, ..)| *k == option.key).map_or((0, Value::Null), |(_, n, s)| (*n, s.clone()));
            let records: &[Record] = listings.iter().find(|(at, _)| *at == i).map(|(_, l)| l.records.as_slice()).unwrap_or_default();
            let rest = usize::try_from(count).unwrap_or_default() > records.len();
            let shown = |r: &Record| Card { late: late.as_ref().is_some_and(|e| kernel::expr::holds(e, r, &env)), ..card(&object, r, amount, &facts, &cx) };
            BoardColumn {
                key: option.key.clone(),
                label: cx.label(&option.label).to_owned(),
                tone: option.tone,
                count,
                sum: amount.filter(|_| !sum.is_null()).map(|f| ui::cell::plain(&f.kind, &sum, &cx)),
                cards: records.iter().map(shown).collect(),
                more: rest.then(|| {
                    let only = stages.is(option);
                    let all = asked.filter.clone().map_or(only.clone(), |f| f.and(only));
                    asked.url(&[("q", &all.to_string())])
                }),
            }
        })
        .collect();
    let movable = visit.actor.may(&object, &Verb::Update) && stage.writable() && visit.actor.policy.writes(&key, &stage.key);
    let total: i64 = columns.iter().map(|c| c.count).sum();
    let actions = html! {
        (layouts(&asked, "board", &cx))
        @if visit.actor.may(&object, &Verb::Create) { (button(cx.tf("web-new", &[("object", cx.label(&object.label).into())])).icon("plus").primary().href(format!("/{key}/new")).attr("data-create", "").render()) }
    };
    let main: Markup = html! { div id="list" class="page page-fixed" {
        (ui::shell::page_head(cx.label(&object.plural), &cx.num(total), &actions))
        (tools(&visit, &asked, &cx))
        (groups(&asked, stages.group.as_ref(), &cx))
        (ui::board::board(&key, &columns, movable, &cx))
        (crate::views::save_dialog(&visit, &asked, &cx))
    } };
    Ok(visit.page_live(object.plural.get(lang), &key, &main))
}

/// The condition under which a card has stood too long, where the reader sees what it asks.
fn late(visit: &Visit, object: &Object) -> Option<kernel::expr::Typed> {
    let typed = kernel::expr::check(&visit.registry, object, object.late.as_deref()?, kernel::expr::Wanted::Condition).ok()?;
    typed.fields().iter().all(|(o, f)| visit.actor.sees(o, f)).then_some(typed)
}

/// The other boards of the same records.
fn groups(asked: &Asked, group: Option<&Group>, cx: &ViewCx<'_>) -> Markup {
    let Some(group) = group.filter(|g| g.each.len() > 1) else { return html! {} };
    html! { nav class="cluster board-groups" aria-label=(cx.t("web-board-groups")) { @for (id, name) in &group.each {
        a class="view-tab" href=(asked.url_at("/board", &[("group", &id.to_string())])) aria-current=[(*id == group.now).then_some("page")] { bdi { (name.get(cx.lang())) } }
    } } }
}

fn card(object: &Object, r: &Record, amount: Option<&Field>, facts: &[&Field], cx: &ViewCx<'_>) -> Card {
    Card {
        id: r.id.to_string(),
        rev: r.rev,
        title: title(object, r, cx.lang()),
        href: cx.record_url(&object.key, r.id),
        value: amount.map(|f| ui::cell::plain(&f.kind, r.get(&f.key), cx)).filter(|v| !v.is_empty()),
        facts: facts.iter().filter(|f| !r.get(&f.key).is_blank()).map(|f| ui::cell::cell(f, r.get(&f.key), cx)).collect(),
        late: false,
    }
}

/// The board a card is on.
async fn board_of(visit: &Visit, object: &Object, id: Uuid) -> Result<String, Fault> {
    let record = visit.company.get(&visit.actor, &object.key, id).await?;
    let group = Stages::group_of(visit, object, &record).map(|g| format!("?group={g}")).unwrap_or_default();
    Ok(format!("/{}/board{group}", object.key))
}

/// `POST /{object}/{id}/move`: to another stage (`to` from a board, `stage` from a record page).
pub async fn step(visit: Visit, Path((key, id)): Path<(String, String)>, sent: Sent) -> Reply {
    let object = visit.object(&key)?;
    let stage = stage_of(&object)?;
    let id: Uuid = id.parse().map_err(|_| not_found())?;
    let to = if sent.has("to") { sent.get("to") } else { sent.get("stage") };
    let value = kernel::parse::from_text(&stage.kind, to, &visit.ctx()).map_err(|i| Fault::issue(kernel::Issue { field: stage.key.clone(), ..i }))?;
    let rev = sent.rev().or_else(|| visit.param("rev").parse().ok());
    let mut draft = Draft::of(id).set(&stage.key, value);
    draft.rev = rev;
    let mut said = "web-said-saved".to_owned();
    let rev = match visit.save(&key, draft).await {
        Ok(saved) => saved.record().rev,
        Err(fault) => {
            let action = fault.issues.iter().find_map(kernel::Issue::action).and_then(|by| visit.company.action(&key, by));
            let Some(action) = action.filter(|_| fault.issues.len() == 1) else { return Err(fault.into()) };
            // What has to be told is asked for first.
            if !action.input.is_empty() {
                let back = if sent.has("to") { board_of(&visit, &object, id).await? } else { format!("/{key}/{id}") };
                return Ok(visit.go(&address(&format!("/{key}/{id}/do/{}", action.key), &[("back", &back)]), ""));
            }
            said = visit.company.dispatch(&visit.actor, &key, id, action.key, rev, engine::Input::default()).await?.message;
            visit.company.get(&visit.actor, &key, id).await?.rev
        }
    };
    if !visit.scripted {
        let to = if sent.has("to") { board_of(&visit, &object, id).await? } else { format!("/{key}/{id}") };
        return Ok(visit.go(&to, &said));
    }
    let mut response = StatusCode::OK.into_response();
    response.headers_mut().insert(HeaderName::from_static("x-revision"), HeaderValue::from(rev));
    Ok(response)
}
