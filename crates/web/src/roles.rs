//! The editor of roles: object by object, which verb on which rows, and what of each field is withheld. Before it is
//! saved, how many records each of its people would see.

use crate::admin::{guard, page};
use crate::refusal::{Reply, not_found};
use crate::sent::Sent;
use crate::sign::{loose, with_status};
use crate::visit::{Shown, Visit};
use axum::extract::Path;
use axum::response::Response;
use engine::{Actor, Count, Query};
use kernel::{Cell, ColumnType, Fault, FaultKind, Grant, Label, Mask, Object, Outcome, Policy, Role, RowRule, Tone, Verb};
use maud::{Markup, Render, html};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use ui::button::button;
use ui::cx::ViewCx;
use ui::mark::{chip, chip_line};
use ui::record::{block, padded_block};
use ui::table::plain_table;
use uuid::Uuid;

/// The key of every action of an object, in the names of form parts.
const ACTIONS: &str = "*";

/// Who has each role.
async fn holders(visit: &Visit) -> Outcome<BTreeMap<String, Vec<Uuid>>> {
    let mut conn = visit.company.db().read().await?;
    let mut sql = conn.sql();
    sql.push("SELECT r.role, r.user_id FROM sila_user_role r JOIN \"user\" u ON u.id = r.user_id");
    sql.push(" WHERE u.deleted_at IS NULL AND u.active = 1 ORDER BY r.role, r.user_id LIMIT 10000");
    let mut found: BTreeMap<String, Vec<Uuid>> = BTreeMap::new();
    for row in conn.rows(&sql, &[ColumnType::Text, ColumnType::Id]).await? {
        if let (Some(role), Some(user)) = (row.first().and_then(Cell::text), row.get(1).and_then(Cell::id)) {
            found.entry(role.to_owned()).or_default().push(user);
        }
    }
    Ok(found)
}

fn built_in(visit: &Visit, key: &str) -> bool {
    visit.company.modules().iter().flat_map(|m| &m.roles).any(|r| r.key == key)
}

/// `GET /admin/roles`
pub async fn list(visit: Visit) -> Reply {
    guard(&visit)?;
    let none = Shown::default();
    let cx = visit.cx(&none);
    let holders = holders(&visit).await?;
    let rows: Vec<Vec<Markup>> = visit
        .registry
        .roles()
        .map(|r| {
            let count = holders.get(&r.key).map_or(0, Vec::len);
            vec![
                html! { a class="strong" href={ "/admin/roles/" (r.key) } { (cx.label(&r.label)) } @if r.admin { " " (chip(&cx.t("web-admin"), Tone::Accent)) } },
                html! { code class="ltr" { (r.key) } },
                html! { (cx.num(count as i64)) },
                html! { @if built_in(&visit, &r.key) { span class="muted" { (cx.t("web-admin-built-in")) } } @else { (chip(&cx.t("web-admin-own"), Tone::Accent)) } },
                html! { (button(cx.t("access-role-copy")).small().icon("copy").href(format!("/admin/roles/new?copy={}", r.key)).render()) },
            ]
        })
        .collect();
    let heads = [(cx.t("web-admin-role"), false), (cx.t("web-admin-key"), false), (cx.t("access-role-people"), true), (cx.t("web-admin-source"), false), (cx.t("ui-actions"), false)];
    let body = html! {
        div class="cluster" { (button(cx.t("access-role-new")).icon("plus").primary().href("/admin/roles/new").render()) (button(cx.t("access-explain")).icon("shield").href("/admin/access").render()) }
        (block(&cx.t("web-admin-roles"), Some(&cx.num(rows.len() as i64)), &html! {}, &plain_table(&heads, &rows)))
    };
    Ok(page(&visit, "roles", &body, &cx))
}

/// `GET /admin/roles/{key}`; `new` with `?copy=` begins with the grants of another.
pub async fn edit(visit: Visit, Path(key): Path<String>) -> Reply {
    guard(&visit)?;
    if key == "new" {
        let from = visit.registry.role(visit.param("copy"));
        let role = Role {
            key: String::new(),
            label: from.map(|r| r.label.clone()).unwrap_or_default(),
            grants: from.map(|r| r.grants.clone()).unwrap_or_default(),
            admin: false,
        };
        return Ok(show(&visit, &role, true, None, false).await?);
    }
    let role = visit.registry.role(&key).ok_or_else(not_found)?.clone();
    Ok(show(&visit, &role, false, None, visit.param("preview") == "1").await?)
}

/// `POST /admin/roles/{key}`: saves, or shows who would see how much.
pub async fn save(visit: Visit, Path(key): Path<String>, sent: Sent) -> Reply {
    guard(&visit)?;
    let new = key == "new";
    let before = if new { visit.registry.role(sent.get("copy")).cloned() } else { Some(visit.registry.role(&key).cloned().ok_or_else(not_found)?) };
    let role = Role {
        key: if new { sent.get("key").trim().to_owned() } else { key.clone() },
        label: Label::owned(sent.get("label.ar").trim().to_owned(), sent.get("label.en").trim().to_owned()),
        grants: grants(&visit, before.as_ref(), &sent),
        admin: sent.get("admin") == "true",
    };
    if sent.get("do") == "preview" {
        return Ok(show(&visit, &role, new, None, true).await?);
    }
    let taken = new && visit.registry.role(&role.key).is_some();
    let result = if taken { Err(Fault::invalid("key", "access-role-taken")) } else { visit.company.put_role(&visit.actor, &role).await };
    match result {
        Ok(()) => Ok(visit.go("/admin/roles", "web-said-saved")),
        Err(fault) if fault.kind == FaultKind::Invalid => Ok(with_status(show(&visit, &role, new, Some(&fault), false).await?, &fault)),
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /admin/roles/{key}/delete`
pub async fn delete(visit: Visit, Path(key): Path<String>) -> Reply {
    guard(&visit)?;
    match visit.company.remove_role(&visit.actor, &key).await {
        Ok(()) => Ok(visit.go("/admin/roles", "web-said-deleted")),
        Err(fault) if fault.kind == FaultKind::Invalid => {
            let role = visit.registry.role(&key).ok_or_else(not_found)?.clone();
            Ok(with_status(show(&visit, &role, false, Some(&fault), false).await?, &fault))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// The rows of a verb, as a choice of the form. `keep`: several conditions, which stay as they are.
fn rows_key(rules: &[&RowRule]) -> String {
    let width = |r: &RowRule| match r {
        RowRule::All => 4,
        RowRule::TeamBelow => 3,
        RowRule::Team => 2,
        RowRule::Own => 1,
        RowRule::Scope(_) | RowRule::Where(_) => 0,
    };
    let Some(widest) = rules.iter().max_by_key(|r| width(r)) else { return String::new() };
    let apart = rules.iter().filter(|r| width(r) == 0).count();
    match widest {
        RowRule::All => "all".into(),
        _ if rules.len() > 1 && apart > 0 => "keep".into(),
        RowRule::TeamBelow => "below".into(),
        RowRule::Team => "team".into(),
        RowRule::Own => "own".into(),
        RowRule::Scope(key) => format!("scope:{key}"),
        RowRule::Where(text) => format!("where:{text}"),
    }
}

fn rows_of(key: &str) -> Option<RowRule> {
    Some(match key {
        "all" => RowRule::All,
        "below" => RowRule::TeamBelow,
        "team" => RowRule::Team,
        "own" => RowRule::Own,
        other => match other.split_once(':')? {
            ("scope", key) => RowRule::Scope(key.to_owned()),
            ("where", text) => RowRule::Where(text.to_owned()),
            _ => return None,
        },
    })
}

/// The rules of a role for a verb of an object (`*`: every action).
fn rules<'r>(role: &'r Role, object: &str, verb: &str) -> Vec<&'r RowRule> {
    let of = |g: &&Grant| g.object == object && if verb == ACTIONS { g.all_actions } else { g.verbs.contains(&Verb::of_key(verb)) };
    role.grants.iter().filter(of).map(|g| &g.rows).collect()
}

/// The grants that the form says, verbs with the same rows together.
fn grants(visit: &Visit, before: Option<&Role>, sent: &Sent) -> Vec<Grant> {
    let mut all = Vec::new();
    let objects: BTreeSet<&str> = sent.all("objects").collect();
    for object in objects {
        let mut by_rows: Vec<(RowRule, BTreeSet<Verb>, bool)> = Vec::new();
        for verb in verbs_of(visit, object) {
            let chosen = sent.get(&format!("g.{object}.{verb}"));
            let rows: Vec<RowRule> = match chosen {
                "keep" => before.map(|r| rules(r, object, &verb).into_iter().cloned().collect()).unwrap_or_default(),
                "where" => Some(sent.get(&format!("w.{object}")).trim()).filter(|t| !t.is_empty()).map(|t| RowRule::Where(t.to_owned())).into_iter().collect(),
                other => rows_of(other).into_iter().collect(),
            };
            for rows in rows {
                let at = match by_rows.iter().position(|(r, ..)| *r == rows) {
                    Some(at) => at,
                    None => {
                        by_rows.push((rows, BTreeSet::new(), false));
                        by_rows.len() - 1
                    }
                };
                let Some((_, verbs, actions)) = by_rows.get_mut(at) else { continue };
                if verb == ACTIONS {
                    *actions = true;
                } else {
                    verbs.insert(Verb::of_key(&verb));
                }
            }
        }
        let masks: BTreeMap<String, Mask> = visit
            .registry
            .find(object)
            .into_iter()
            .flat_map(|o| &o.fields)
            .filter_map(|f| Some((f.key.clone(), mask_of(sent.get(&format!("m.{object}.{}", f.key)))?)))
            .collect();
        for (rows, verbs, all_actions) in by_rows {
            let masks = if verbs.contains(&Verb::Read) { masks.clone() } else { BTreeMap::new() };
            all.push(Grant { object: object.to_owned(), verbs, rows, masks, all_actions });
        }
    }
    all
}

fn mask_of(key: &str) -> Option<Mask> {
    match key {
        "readonly" => Some(Mask::ReadOnly),
        "masked" => Some(Mask::Masked),
        "hidden" => Some(Mask::Hidden),
        _ => None,
    }
}

fn verbs_of(visit: &Visit, object: &str) -> Vec<String> {
    let common = Verb::COMMON.iter().map(|v| v.key().to_owned());
    let actions = visit.company.actions(object).map(|a| a.key.to_owned());
    let view = (object == "user").then(|| "view_as".to_owned());
    common.chain([ACTIONS.to_owned()]).chain(actions).chain(view).collect()
}

async fn show(visit: &Visit, role: &Role, new: bool, fault: Option<&Fault>, preview: bool) -> Outcome<Response> {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let fixed = !new && built_in(visit, &role.key);
    let title = if new { cx.t("access-role-new") } else { cx.label(&role.label).to_owned() };
    let crumbs = ui::shell::crumbs(&cx, &[(cx.t("web-admin-roles"), "/admin/roles".into()), (title.clone(), String::new())]);
    let granted: Vec<&str> = role.grants.iter().map(|g| g.object.as_str()).collect::<BTreeSet<_>>().into_iter().collect();
    let mut objects: Vec<&Arc<Object>> = visit.registry.objects().collect();
    objects.sort_by_key(|o| !granted.contains(&o.key.as_str()));
    let action = if new { "/admin/roles/new".to_owned() } else { format!("/admin/roles/{}", role.key) };
    let form = html! {
        form class="stack" method="post" action=(action) {
            (loose(fault, &[], &cx))
            @if new { input type="hidden" name="copy" value=(visit.param("copy")); }
            div class="pair" {
                label class="pair-label" { span { (cx.t("access-role-name-ar")) } input class="input" name="label.ar" value=(role.label.ar) required lang="ar" dir="auto" disabled[fixed]; }
                label class="pair-label" { span { (cx.t("access-role-name-en")) } input class="input" name="label.en" value=(role.label.en) required lang="en" dir="auto" disabled[fixed]; }
                @if new { label class="pair-label" { span { (cx.t("web-admin-key")) } input class="input" name="key" value=(role.key) required pattern="[a-z][a-z0-9_]*" maxlength="48" dir="ltr"; } }
            }
            label class="check" { input type="checkbox" name="admin" value="true" checked[role.admin] disabled[fixed]; span { (cx.t("access-role-admin")) } }
            div class="grants" {
                (grant(visit, role, None, fixed, &cx))
                @for o in &objects { (grant(visit, role, Some(o), fixed, &cx)) }
            }
            @if !fixed { div class="cluster" {
                (button(cx.t("save")).primary().submit().attr("name", "do").attr("value", "save").render())
                (button(cx.t("access-role-preview")).icon("eye").submit().attr("name", "do").attr("value", "preview").render())
            } }
        }
    };
    let told = if preview { previewed(visit, role, &cx).await? } else { html! {} };
    let body = html! {
        (crumbs)
        div class="cluster" {
            @if fixed { p class="soft" { (cx.t("access-role-fixed")) } (button(cx.t("access-role-copy")).icon("copy").href(format!("/admin/roles/new?copy={}", role.key)).render()) (button(cx.t("access-role-preview")).icon("eye").href(format!("/admin/roles/{}?preview=1", role.key)).render()) }
            @else if !new { (button(cx.t("delete")).danger().small().opens_dialog("delete-role").render()) (ui::overlay::confirm(&cx, "delete-role", &cx.t("access-role-delete-ask"), &cx.t("access-role-delete-text"), &format!("/admin/roles/{}/delete", role.key), &cx.t("delete"))) }
        }
        (told)
        (padded_block(&title, None, &html! {}, &form))
        @if !new { (people(visit, role, &cx).await?) }
    };
    Ok(page(visit, "roles", &body, &cx))
}

/// One object of the role: a choice of rows for each verb, and what of its fields is withheld. None: all objects.
fn grant(visit: &Visit, role: &Role, object: Option<&Arc<Object>>, fixed: bool, cx: &ViewCx<'_>) -> Markup {
    let key = object.map_or("*", |o| o.key.as_str());
    let label = object.map_or_else(|| cx.t("access-all-objects"), |o| cx.label(&o.plural).to_owned());
    let verbs = verbs_of(visit, key);
    let chosen = |verb: &str| rows_key(&rules(role, key, verb));
    let given: Vec<(String, String)> = verbs.iter().map(|v| (v.clone(), chosen(v))).filter(|(_, c)| !c.is_empty()).collect();
    let condition = given.iter().find_map(|(_, c)| c.strip_prefix("where:")).unwrap_or_default().to_owned();
    let masks: BTreeMap<&str, Mask> = role.grants.iter().filter(|g| g.object == key).flat_map(|g| g.masks.iter().map(|(f, m)| (f.as_str(), *m))).collect();
    let word = |verb: &str| match verb {
        ACTIONS => cx.t("access-all-actions"),
        "view_as" => cx.t("access-view-as"),
        v => match visit.company.action(key, v) {
            Some(a) => cx.label(&a.label).to_owned(),
            None => cx.t(&format!("access-do-{v}")),
        },
    };
    let options = |now: &str| html! {
        option value="" selected[now.is_empty()] { "—" }
        @if object.is_none_or(|o| o.owner.is_some()) { @for (k, w) in [("own", "access-rows-own"), ("team", "access-rows-team"), ("below", "access-rows-team-below")] { option value=(k) selected[now == k] { (cx.t(w)) } } }
        @if let Some(o) = object { @for s in &o.scopes { @let k = format!("scope:{}", s.key); option value=(k) selected[now == k] { (cx.label(&s.label)) } } }
        option value="all" selected[now == "all"] { (cx.t("access-rows-all")) }
        @if object.is_some() { option value="where" selected[now.starts_with("where:")] { (cx.t("access-rows-where")) } }
        @if now == "keep" { option value="keep" selected { (cx.t("access-rows-keep")) } }
    };
    html! { details class="grant" data-empty[given.is_empty()] open[object.is_some() && given.len() > 1 && role.grants.len() < 4] {
        summary {
            span class="icon-turn" { (ui::icon::icon_sm("chevron-right")) }
            strong { (label) }
            span class="chips" { @for (verb, rows) in given.iter().take(4) { (chip_line(&format!("{}: {}", word(verb), rows_word(object, rows, cx)))) } @if given.len() > 4 { span class="muted small" { "+" (cx.num(given.len() as i64 - 4)) } } @if !masks.is_empty() { (chip(&cx.tf("access-masks-count", &[("count", (masks.len() as i64).into())]), Tone::Warn)) } }
        }
        div class="grant-inside" {
            input type="hidden" name="objects" value=(key);
            div class="grant-verbs" { @for verb in &verbs { @let now = chosen(verb); label class="pair-label" { span { (word(verb)) } select class="select" name={ "g." (key) "." (verb) } disabled[fixed] { (options(&now)) } } } }
            @if let Some(o) = object {
                label class="pair-label" { span { (cx.t("access-condition")) " " span class="muted small" { (cx.t("access-condition-help")) } } input class="input" name={ "w." (key) } value=(condition) dir="ltr" disabled[fixed]; }
                details class="grant-masks" open[!masks.is_empty()] { summary { (cx.t("access-masks")) }
                    div class="grant-verbs" { @for f in &o.fields { @let now = masks.get(f.key.as_str()); label class="pair-label" { span { (cx.label(&f.label)) } select class="select" name={ "m." (key) "." (f.key) } disabled[fixed] {
                        option value="" { (cx.t("access-mask-none")) }
                        option value="readonly" selected[now == Some(&Mask::ReadOnly)] { (cx.t("access-mask-readonly")) }
                        option value="masked" selected[now == Some(&Mask::Masked)] { (cx.t("access-mask-masked")) }
                        option value="hidden" selected[now == Some(&Mask::Hidden)] { (cx.t("access-mask-hidden")) }
                    } } } }
                }
            }
        }
    } }
}

fn rows_word(object: Option<&Arc<Object>>, key: &str, cx: &ViewCx<'_>) -> String {
    match key {
        "all" => cx.t("access-rows-all"),
        "below" => cx.t("access-rows-team-below"),
        "team" => cx.t("access-rows-team"),
        "own" => cx.t("access-rows-own"),
        "keep" => cx.t("access-rows-keep"),
        other => match other.split_once(':') {
            Some(("scope", key)) => object.and_then(|o| o.scopes.iter().find(|s| s.key == key)).map_or_else(|| key.to_owned(), |s| cx.label(&s.label).to_owned()),
            _ => cx.t("access-rows-where"),
        },
    }
}

async fn people(visit: &Visit, role: &Role, cx: &ViewCx<'_>) -> Outcome<Markup> {
    let all = crate::access::named(visit, "user").await?;
    let holders = holders(visit).await?.remove(&role.key).unwrap_or_default();
    let names: Vec<&(Uuid, String)> = all.iter().filter(|(id, _)| holders.contains(id)).collect();
    Ok(padded_block(&cx.t("access-role-people"), Some(&cx.num(names.len() as i64)), &html! {}, &html! {
        @if names.is_empty() { p class="muted" { (cx.t("access-role-nobody")) } }
        span class="chips" { @for (id, name) in names { a class="chip" href={ "/user/" (id) } { bdi { (name) } } } }
    }))
}

/// How many records the people of the role would see with it as it stands in the form.
async fn previewed(visit: &Visit, role: &Role, cx: &ViewCx<'_>) -> Outcome<Markup> {
    let names = crate::access::named(visit, "user").await?;
    let holders = holders(visit).await?.remove(&role.key).unwrap_or_default();
    let all = role.grants.iter().any(|g| g.object == "*");
    let shown = |o: &&Arc<Object>| o.can(kernel::Capability::Menu) && (all || role.grants.iter().any(|g| g.object == o.key));
    let objects: Vec<&Arc<Object>> = visit.registry.objects().filter(shown).take(8).collect();
    let mut rows = Vec::new();
    for user in holders.iter().take(50) {
        let Some(who) = visit.company.load_actor(*user).await? else { continue };
        let others = who.roles.iter().filter(|r| **r != role.key).filter_map(|r| visit.registry.role(r));
        let actor = Actor { policy: Arc::new(Policy::of(others.chain([role]))), ..who };
        rows.push(counted(visit, names.iter().find(|(id, _)| id == user).map(|(_, n)| n.clone()).unwrap_or_default(), &actor, &objects, cx).await?);
    }
    if rows.is_empty() {
        // Nobody has it yet: as the reader with this role alone.
        let actor = Actor { policy: Arc::new(Policy::of([role])), ..visit.actor.clone() };
        rows.push(counted(visit, cx.t("access-role-you"), &actor, &objects, cx).await?);
    }
    let heads: Vec<(String, bool)> = [(cx.t("access-person"), false)].into_iter().chain(objects.iter().map(|o| (cx.label(&o.plural).to_owned(), true))).collect();
    Ok(block(&cx.t("access-role-preview-title"), None, &html! {}, &plain_table(&heads, &rows)))
}

async fn counted(visit: &Visit, name: String, actor: &Actor, objects: &[&Arc<Object>], cx: &ViewCx<'_>) -> Outcome<Vec<Markup>> {
    let mut cells = vec![html! { bdi class="strong" { (name) } }];
    for o in objects {
        let shown = match visit.company.count(actor, &Query::new(o.key.as_str()), Count::Estimate).await {
            Ok(n) if n.exact => cx.num(n.n),
            Ok(n) => format!("{}+", cx.num(n.n)),
            Err(_) => "—".to_owned(),
        };
        cells.push(html! { (shown) });
    }
    Ok(cells)
}
