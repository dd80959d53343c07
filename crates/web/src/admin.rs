//! Administration: users and roles, teams, objects, jobs, web hooks. Settings: [`crate::settings`].

use crate::refusal::{Reply, not_found};
use crate::sent::Sent;
use crate::sign::{Box_, box_, loose, with_status};
use crate::visit::{Shown, Visit};
use auth::{NewUser, Secret};
use axum::extract::Path;
use axum::response::Response;
use engine::{Count, Draft, Query};
use kernel::{Cell, ColumnType, Fault, FaultKind, Kind, Name, Object, Outcome};
use maud::{Markup, Render, html};
use std::collections::HashMap;
use ui::button::button;
use ui::cx::ViewCx;
use ui::mark::{chip, chip_line};
use ui::record::{block, padded_block};
use ui::table::plain_table;
use uuid::Uuid;

const PARTS: [(&str, &str, &str); 10] = [
    ("users", "web-admin-users", "users"),
    ("roles", "web-admin-roles", "shield"),
    ("teams", "web-admin-teams", "contact"),
    ("delegations", "web-admin-delegations", "user-plus"),
    ("audit", "web-admin-audit", "history"),
    ("objects", "web-admin-objects", "database"),
    ("jobs", "web-admin-jobs", "clock"),
    ("webhooks", "web-admin-webhooks", "plug"),
    ("sign-in", "sign-rules", "shield"),
    ("settings", "web-admin-settings", "settings"),
];

pub fn guard(visit: &Visit) -> Result<(), Fault> {
    visit.actor.must_administer()
}

/// One part of the administration, with the tabs to the others.
pub fn page(visit: &Visit, now: &str, body: &Markup, cx: &ViewCx<'_>) -> Response {
    let title = cx.t("web-admin");
    let tabs: Vec<(String, String, bool, Option<String>)> = PARTS.iter().map(|(k, word, _)| (cx.t(word), format!("/admin/{k}"), *k == now, None)).collect();
    let inside = html! { (ui::record::tabs(&tabs, &title)) div class="stack admin" { (body) } };
    visit.page(&title, &ui::shell::simple_page(&title, "", &html! {}, &inside))
}

/// `GET /admin`
pub async fn index(visit: Visit) -> Reply {
    guard(&visit)?;
    let none = Shown::default();
    let cx = visit.cx(&none);
    let title = cx.t("web-admin");
    let body = html! { div class="tiles" { @for (key, word, icon) in PARTS { a class="tile" href={ "/admin/" (key) } { (ui::icon::icon_lg(icon)) span { (cx.t(word)) } } }
        @for p in visit.company.modules().iter().flat_map(|m| &m.pages).filter(|p| p.place == engine::Place::Admin) {
            a class="tile" href={ "/" (p.module) "/" (p.key) } { (ui::icon::icon_lg(p.icon)) span { (cx.label(&p.label)) } }
        }
    } };
    Ok(visit.page(&title, &ui::shell::simple_page(&title, "", &html! {}, &body)))
}

async fn pairs(visit: &Visit, table: &str, left: &str, right: &str, types: [ColumnType; 2]) -> Outcome<Vec<Vec<Cell>>> {
    let mut conn = visit.company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT ").ident(left).push(", ").ident(right).push(" FROM ").ident(table).push(" ORDER BY 1, 2 LIMIT 10000");
    conn.rows(&sql, &types).await
}

/// `GET /admin/users`
pub async fn users(visit: Visit) -> Reply {
    guard(&visit)?;
    Ok(users_page(&visit, None, &Sent::default()).await?)
}

async fn users_page(visit: &Visit, fault: Option<&Fault>, sent: &Sent) -> Outcome<Response> {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let list = visit.company.list(&visit.actor, &Query { count: Count::None, ..Query::new("user").limit(500) }).await?;
    let mut roles: HashMap<Uuid, Vec<String>> = HashMap::new();
    for row in pairs(visit, "sila_user_role", "user_id", "role", [ColumnType::Id, ColumnType::Text]).await? {
        if let (Some(u), Some(r)) = (row.first().and_then(Cell::id), row.get(1).and_then(Cell::text)) {
            roles.entry(u).or_default().push(r.to_owned());
        }
    }
    let named: HashMap<Uuid, String> = crate::access::named(visit, "team").await?.into_iter().collect();
    let mut teams: HashMap<Uuid, Vec<String>> = HashMap::new();
    for row in pairs(visit, "sila_team_member", "team_id", "user_id", [ColumnType::Id, ColumnType::Id]).await? {
        if let (Some(t), Some(u)) = (row.first().and_then(Cell::id).and_then(|t| named.get(&t)), row.get(1).and_then(Cell::id)) {
            teams.entry(u).or_default().push(t.clone());
        }
    }
    let people = crate::access::named(visit, "user").await?;
    let now = visit.company.now();
    let mut absent = visit.company.delegations(&visit.actor, None).await?;
    absent.retain(|d| d.active(now));
    let user = visit.registry.object("user")?;
    let all: Vec<(String, String)> = visit.registry.roles().map(|r| (r.key.clone(), cx.label(&r.label).to_owned())).collect();
    let rows: Vec<Vec<Markup>> = list
        .records
        .iter()
        .map(|u| {
            let own = roles.get(&u.id).cloned().unwrap_or_default();
            let active = u.get("active").bool() == Some(true);
            let id = format!("user-{}", u.id);
            let edit = html! {
                form id={ (id) "-form" } class="stack" method="post" action={ "/admin/users/" (u.id) } {
                    fieldset class="field" { legend class="field-label" { (cx.t("web-admin-roles")) }
                        div class="options" { input type="hidden" name="roles" value=""; @for (key, name) in &all { label class="option" { input type="checkbox" name="roles" value=(key) checked[own.contains(key)]; span class="chip chip-dot" data-hue="teal" { (name) } } } }
                    }
                    label class="check" { input type="hidden" name="active" value="false"; input class="switch" type="checkbox" role="switch" name="active" value="true" checked[active]; span { (cx.t("web-admin-active")) } }
                    label class="pair-label" { span { (cx.t("web-admin-set-password")) } input class="input" type="password" name="password" autocomplete="new-password" dir="ltr"; }
                }
            };
            let foot = html! { (button(cx.t("ui-cancel")).closes_dialog(&id).render()) (button(cx.t("save")).primary().submit().attr("form", format!("{id}-form")).render()) };
            let title = crate::list::title(user, u, cx.lang());
            vec![
                html! { a class="strong" href={ "/user/" (u.id) } { bdi { (title) } } @if !active { " " (chip(&cx.t("web-admin-inactive"), kernel::Tone::Bad)) } },
                html! { span class="ltr" { (u.get("email").text().unwrap_or_default()) } },
                html! { span class="chips" { @for key in &own { (chip_line(all.iter().find(|(k, _)| k == key).map_or(key.as_str(), |(_, n)| n))) } } },
                html! { span class="chips" { @for t in teams.get(&u.id).into_iter().flatten() { (chip_line(t)) } @for d in absent.iter().filter(|d| d.from == u.id) { (chip(&cx.tf("access-stood-in-by", &[("name", people.iter().find(|(id, _)| *id == d.to).map_or("", |(_, n)| n.as_str()).into())]), kernel::Tone::Info)) } } },
                html! { @if active && u.id != visit.actor.id { form class="inline" method="post" action="/-/view-as" { input type="hidden" name="user" value=(u.id); (ui::button::icon_button("eye", cx.t("access-view-as")).small().submit().render()) } } " " (button(cx.t("edit")).small().opens_dialog(&id).render()) (ui::overlay::dialog(&cx, &id, &title, false, &edit, &foot)) },
            ]
        })
        .collect();
    let heads = [(cx.t("web-admin-name"), false), (cx.t("web-email"), false), (cx.t("web-admin-roles"), false), (cx.t("web-admin-teams"), false), (cx.t("ui-actions"), false)];
    let issues = fault.map(|f| f.issues.as_slice()).unwrap_or_default();
    let add = html! {
        form class="stack" method="post" action="/admin/users" {
            (loose(fault, &["email", "password"], &cx))
            div class="pair" {
                label class="pair-label" { span { (cx.t("web-name-ar")) } input class="input" name="name.ar" value=(sent.get("name.ar")) lang="ar" dir="auto"; }
                label class="pair-label" { span { (cx.t("web-name-latin")) } input class="input" name="name.latin" value=(sent.get("name.latin")) lang="en" dir="auto"; }
                (box_(&Box_ { name: "email", word: "web-email", kind: "email", value: sent.get("email"), complete: "off" }, issues, &cx))
                (box_(&Box_ { name: "password", word: "web-password", kind: "password", value: "", complete: "new-password" }, issues, &cx))
                label class="pair-label" { span { (cx.t("web-admin-role")) } select class="select" name="roles" { @for (key, name) in &all { option value=(key) selected[sent.get("roles") == key] { (name) } } } }
            }
            div { (button(cx.t("web-admin-add-user")).icon("user-plus").primary().submit().render()) }
        }
    };
    let body = html! {
        (block(&cx.t("web-admin-users"), Some(&cx.num(rows.len() as i64)), &html! {}, &plain_table(&heads, &rows)))
        (padded_block(&cx.t("web-admin-add-user"), None, &html! {}, &add))
    };
    Ok(page(visit, "users", &body, &cx))
}

/// `POST /admin/users`
pub async fn add_user(visit: Visit, sent: Sent) -> Reply {
    guard(&visit)?;
    let user = NewUser {
        email: sent.get("email").to_owned(),
        name: Name::new(sent.get("name.ar").trim(), sent.get("name.latin").trim()),
        password: Some(sent.get("password")).filter(|p| !p.is_empty()).map(Secret::new),
        roles: sent.all("roles").filter(|r| !r.is_empty()).map(str::to_owned).collect(),
        lang: String::new(),
    };
    match auth::create_user(&visit.company, &visit.actor, &user).await {
        Ok(_) => Ok(visit.go("/admin/users", "web-said-created")),
        Err(fault) if fault.kind == FaultKind::Invalid => Ok(with_status(users_page(&visit, Some(&fault), &sent).await?, &fault)),
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /admin/users/{id}`: roles, active or not, a new password.
pub async fn change_user(visit: Visit, Path(id): Path<String>, sent: Sent) -> Reply {
    guard(&visit)?;
    let id: Uuid = id.parse().map_err(|_| not_found())?;
    visit.company.get(&visit.actor, "user", id).await?;
    let roles: Vec<&str> = sent.all("roles").filter(|r| !r.is_empty()).collect();
    let mut cx = visit.company.write(&visit.actor).await?;
    cx.save("user", Draft::of(id).set("active", sent.get("active") == "true")).await?;
    cx.set_roles(id, &roles).await?;
    cx.commit().await?;
    let password = sent.get("password");
    if !password.is_empty() {
        auth::set_password(&visit.company, &visit.actor, id, &Secret::new(password)).await?;
    }
    Ok(visit.go("/admin/users", "web-said-saved"))
}

/// `GET /admin/teams`
pub async fn teams(visit: Visit) -> Reply {
    guard(&visit)?;
    let none = Shown::default();
    let cx = visit.cx(&none);
    let body = match visit.registry.find("team") {
        None => html! {},
        Some(team) => {
            let list = visit.company.list(&visit.actor, &Query { count: Count::None, ..Query::new("team").limit(200) }).await?;
            let people = visit.company.list(&visit.actor, &Query { count: Count::None, ..Query::new("user").limit(500) }).await?;
            let user = visit.registry.object("user")?;
            let mut members: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
            for row in pairs(&visit, "sila_team_member", "team_id", "user_id", [ColumnType::Id, ColumnType::Id]).await? {
                if let (Some(t), Some(u)) = (row.first().and_then(Cell::id), row.get(1).and_then(Cell::id)) {
                    members.entry(t).or_default().push(u);
                }
            }
            let add = button(cx.tf("web-new", &[("object", cx.label(&team.label).into())])).icon("plus").small().href("/team/new").render();
            html! {
                div class="cluster" { (add) }
                @for t in &list.records {
                    @let own = members.get(&t.id).cloned().unwrap_or_default();
                    @let above = t.get("parent").id().and_then(|id| list.records.iter().find(|p| p.id == id)).map(|p| crate::list::title(team, p, cx.lang()));
                    @let lead = t.get("lead").id().and_then(|id| people.records.iter().find(|p| p.id == id)).map(|p| crate::list::title(user, p, cx.lang()));
                    @let edit = button(cx.t("edit")).small().href(format!("/team/{}/edit", t.id)).render();
                    (padded_block(&crate::list::title(team, t, cx.lang()), Some(&cx.num(own.len() as i64)), &edit, &html! {
                        @if above.is_some() || lead.is_some() { p class="muted small" {
                            @if let Some(lead) = &lead { (cx.tf("access-team-lead", &[("name", lead.as_str().into())])) } " "
                            @if let Some(above) = &above { (cx.tf("access-team-above", &[("name", above.as_str().into())])) }
                        } }
                        form class="stack" method="post" action={ "/admin/teams/" (t.id) } {
                            div class="options" { @for u in &people.records { label class="option" { input type="checkbox" name="member" value=(u.id) checked[own.contains(&u.id)]; span class="chip chip-dot" data-hue="blue" { bdi { (crate::list::title(user, u, cx.lang())) } } } } }
                            div { (button(cx.t("save")).small().submit().render()) }
                        }
                    }))
                }
                @if list.records.is_empty() { (ui::mark::empty(ui::mark::Empty::List, &cx.tf("web-empty-list", &[("objects", cx.label(&team.plural).into())]), "", &html! {})) }
            }
        }
    };
    Ok(page(&visit, "teams", &body, &cx))
}

/// `POST /admin/teams/{id}`: who is in it.
pub async fn change_team(visit: Visit, Path(id): Path<String>, sent: Sent) -> Reply {
    guard(&visit)?;
    let id: Uuid = id.parse().map_err(|_| not_found())?;
    visit.company.get(&visit.actor, "team", id).await?;
    let members: Vec<Uuid> = sent.all("member").filter_map(|m| m.parse().ok()).collect();
    let mut cx = visit.company.write(&visit.actor).await?;
    cx.set_team(id, &members).await?;
    cx.commit().await?;
    Ok(visit.go("/admin/teams", "web-said-saved"))
}

/// `GET /admin/objects`: what the company keeps records of.
pub async fn objects(visit: Visit) -> Reply {
    guard(&visit)?;
    let none = Shown::default();
    let cx = visit.cx(&none);
    let rows: Vec<Vec<Markup>> = visit
        .registry
        .objects()
        .map(|o| {
            let module = visit.registry.modules.get(&o.module).map_or(o.module.as_str(), |l| cx.label(l));
            vec![
                html! { a class="strong status" href={ "/admin/objects/" (o.key) } { (ui::icon(&o.icon)) (cx.label(&o.plural)) } },
                html! { code class="ltr" { (o.key) } },
                html! { (module) },
                html! { (cx.num(o.fields.len() as i64)) },
                html! { @if o.source == kernel::Source::Custom { (chip(&cx.t("web-admin-own"), kernel::Tone::Accent)) } @else { span class="muted" { (cx.t("web-admin-built-in")) } } },
            ]
        })
        .collect();
    let heads = [(cx.t("web-admin-object"), false), (cx.t("web-admin-key"), false), (cx.t("web-admin-module"), false), (cx.t("web-admin-fields"), true), (cx.t("web-admin-source"), false)];
    Ok(page(&visit, "objects", &block(&cx.t("web-admin-objects"), Some(&cx.num(rows.len() as i64)), &html! {}, &plain_table(&heads, &rows)), &cx))
}

/// `GET /admin/objects/{object}`: its fields.
pub async fn object(visit: Visit, Path(key): Path<String>) -> Reply {
    guard(&visit)?;
    let object = visit.registry.object(&key)?.clone();
    let none = Shown::default();
    let cx = visit.cx(&none);
    let rows: Vec<Vec<Markup>> = object
        .fields
        .iter()
        .map(|f| {
            let mut marks = Vec::new();
            for (on, word) in [(f.required, "required"), (f.unique, "web-admin-unique"), (f.readonly, "web-admin-readonly"), (f.custom, "web-admin-own")] {
                if on {
                    marks.push(cx.t(word));
                }
            }
            vec![
                html! { span class="strong" { (cx.label(&f.label)) } },
                html! { code class="ltr" { (f.key) } },
                html! { (kind_word(&f.kind, &object, &visit, &cx)) },
                html! { span class="chips" { @for m in &marks { (chip_line(m)) } } },
                html! { @if let Some(w) = &f.when { code class="ltr small" { (w) } } },
            ]
        })
        .collect();
    let heads = [(cx.t("ui-field"), false), (cx.t("web-admin-key"), false), (cx.t("ui-type"), false), (cx.t("ui-actions"), false), (cx.t("web-admin-when"), false)];
    let crumbs = ui::shell::crumbs(&cx, &[(cx.t("web-admin-objects"), "/admin/objects".into()), (cx.label(&object.plural).to_owned(), String::new())]);
    Ok(page(&visit, "objects", &html! { (crumbs) (block(cx.label(&object.plural), None, &html! {}, &plain_table(&heads, &rows))) }, &cx))
}

fn kind_word(kind: &Kind, _object: &Object, visit: &Visit, cx: &ViewCx<'_>) -> Markup {
    let target = kind.target().and_then(|t| visit.registry.find(t)).map(|o| cx.label(&o.label).to_owned());
    html! { code class="ltr" { (kind.key()) } @if let Some(t) = target { " → " (t) } @if let Kind::Formula { expr, .. } = kind { " " code class="ltr small muted" { (expr) } } }
}

fn micros(cell: Option<&Cell>) -> Option<jiff::Timestamp> {
    cell.and_then(Cell::int).and_then(|i| jiff::Timestamp::from_microsecond(i).ok())
}

fn state_word(state: &str, cx: &ViewCx<'_>) -> String {
    let key = format!("web-job-{state}");
    if text::i18n::has(&key) { cx.t(&key) } else { state.to_owned() }
}

/// `GET /admin/jobs`
pub async fn jobs(visit: Visit) -> Reply {
    guard(&visit)?;
    let none = Shown::default();
    let cx = visit.cx(&none);
    let mut conn = visit.company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT kind, state, at, finished_at, attempts, error FROM sila_job ORDER BY at DESC, id DESC LIMIT 100");
    use ColumnType::{Int, Text};
    let found = conn.rows(&sql, &[Text, Text, Int, Int, Int, Text]).await?;
    drop(conn);
    let text = |r: &[Cell], i: usize| r.get(i).and_then(Cell::text).unwrap_or_default().to_owned();
    let rows: Vec<Vec<Markup>> = found
        .iter()
        .map(|r| {
            let state = text(r, 1);
            let tone = match state.as_str() {
                "done" => kernel::Tone::Good,
                "dead" | "failed" => kernel::Tone::Bad,
                "running" => kernel::Tone::Info,
                _ => kernel::Tone::Neutral,
            };
            vec![
                html! { code class="ltr" { (text(r, 0)) } },
                html! { (chip(&state_word(&state, &cx), tone)) },
                html! { @if let Some(at) = micros(r.get(2)) { (cx.datetime(at)) } },
                html! { @if let Some(at) = micros(r.get(3)) { (cx.datetime(at)) } },
                html! { (cx.num(r.get(4).and_then(Cell::int).unwrap_or_default())) },
                html! { bdi class="clip small muted" { (text(r, 5)) } },
            ]
        })
        .collect();
    let heads = [(cx.t("web-job-kind"), false), (cx.t("web-job-state"), false), (cx.t("web-job-at"), false), (cx.t("web-job-finished"), false), (cx.t("web-job-attempts"), true), (cx.t("web-job-error"), false)];
    let body = if rows.is_empty() { ui::mark::empty(ui::mark::Empty::Quiet, &cx.t("web-job-none"), "", &html! {}) } else { block(&cx.t("web-admin-jobs"), None, &html! {}, &plain_table(&heads, &rows)) };
    Ok(page(&visit, "jobs", &body, &cx))
}

/// `GET /admin/webhooks`
pub async fn webhooks(visit: Visit) -> Reply {
    guard(&visit)?;
    let none = Shown::default();
    let cx = visit.cx(&none);
    let mut conn = visit.company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT url, events, active, at FROM sila_webhook ORDER BY at DESC, id LIMIT 200");
    use ColumnType::{Int, Text};
    let found = conn.rows(&sql, &[Text, Text, Int, Int]).await?;
    drop(conn);
    let rows: Vec<Vec<Markup>> = found
        .iter()
        .map(|r| {
            let text = |i: usize| r.get(i).and_then(Cell::text).unwrap_or_default().to_owned();
            let on = r.get(2).and_then(Cell::int) == Some(1);
            vec![
                html! { span class="ltr" { (text(0)) } },
                html! { code class="ltr" { (text(1)) } },
                html! { (cx.t(if on { "yes" } else { "no" })) },
                html! { @if let Some(at) = micros(r.get(3)) { (cx.date(cx.civil(at))) } },
            ]
        })
        .collect();
    let heads = [(cx.t("web-hook-url"), false), (cx.t("web-hook-events"), false), (cx.t("web-admin-active"), false), (cx.t("web-created"), false)];
    let body = if rows.is_empty() { ui::mark::empty(ui::mark::Empty::Quiet, &cx.t("web-hook-none"), &cx.t("web-hook-none-text"), &html! {}) } else { block(&cx.t("web-admin-webhooks"), None, &html! {}, &plain_table(&heads, &rows)) };
    Ok(page(&visit, "webhooks", &body, &cx))
}
