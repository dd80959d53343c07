//! The page of one record: who it is, what can be done with it, what belongs to it, what happened to it.

use crate::refusal::{Reply, not_found};
use crate::stages::Stages;
use crate::visit::{Shown, Visit};
use axum::extract::Path;
use axum::response::Response;
use kernel::{Capability, Field, Kind, Mask, Object, Outcome, Record, Tone, Value, Verb};
use maud::{Markup, PreEscaped, Render, html};
use std::sync::Arc;
use ui::button::{button, icon_button};
use ui::cx::ViewCx;
use ui::form::sections;
use ui::record::{Head, facts, record_page, summary};
use uuid::Uuid;

/// `GET /{object}/{id}`; also the pages of modules (`/{module}/{page}`), which have the same shape.
pub async fn page(visit: Visit, Path((key, id)): Path<(String, String)>) -> Reply {
    let Ok(id) = id.parse::<Uuid>() else { return crate::pages::module(&visit, &key, &id).await };
    let object = visit.object(&key)?;
    let record = match visit.company.get(&visit.actor, &key, id).await {
        Ok(record) => record,
        Err(fault) => return crate::merging::moved(&visit, &key, id, fault).await,
    };
    if !visit.scripted {
        visit.company.mark_read_of(&visit.actor, id).await?;
    }
    Ok(show(&visit, object, record).await?)
}

async fn show(visit: &Visit, object: Arc<Object>, record: Record) -> Outcome<Response> {
    let lang = visit.actor.lang();
    let tab = visit.param("tab");
    let mut conn = visit.company.db().read().await?;
    let titles = visit.company.titles_of(&mut conn, &visit.actor, std::slice::from_ref(&record)).await?;
    drop(conn);
    let titles = Shown::of(&titles, lang);
    let cx = visit.cx(&titles);
    let may_edit = visit.company.may_on(&visit.actor, &record, &Verb::Update).await?;
    let main = match tab {
        "history" if object.can(Capability::Audit) => crate::history::history(visit, &object, &record).await?,
        _ => overview(visit, &object, &record, &cx).await?,
    };
    let side = side(visit, &object, &record, may_edit, &cx).await?;
    let title = crate::list::title(&object, &record, lang);
    let head = Head {
        title: &title,
        other: &other_title(&object, &record, lang),
        person: matches!(object.title_field().map(|f| &f.kind), Some(Kind::Name)),
        tags: tags(visit, &object, &record, &cx),
        actions: html! { (crate::actions::buttons(visit, &object, &record, may_edit, &cx).await?) (follow(visit, &object, &record, &cx).await?) },
        crumbs: ui::shell::crumbs(&cx, &[(cx.label(&object.plural).to_owned(), format!("/{}", object.key)), (title.clone(), String::new())]),
    };
    let here = format!("/{}/{}", object.key, record.id);
    let mut tabs = vec![(cx.t("web-tab-overview"), here.clone(), tab != "history", None)];
    if object.can(Capability::Audit) {
        tabs.push((cx.t("web-tab-history"), format!("{here}?tab=history"), tab == "history", None));
    }
    let figures = figures(visit, &object, &record, &cx);
    let main = html! {
        @if !figures.is_empty() { (summary(&figures)) }
        (stage(visit, &object, &record, may_edit, &cx).await?)
        @if tabs.len() > 1 { (ui::record::tabs(&tabs, &cx.t("web-tabs"))) }
        (main)
    };
    let page = html! { div id="record" class="page" data-rev=(record.rev) { span class="presence" id="presence" role="status" hidden {} (record_page(&head, &main, &side)) } };
    Ok(visit.page_live(&title, &format!("{}:{}", object.key, record.id), &page))
}

/// Following a record or not, and how many do.
async fn follow(visit: &Visit, object: &Object, record: &Record, cx: &ViewCx<'_>) -> Outcome<Markup> {
    if !object.can(Capability::Timeline) {
        return Ok(html! {});
    }
    let (mine, all) = visit.company.follows(&visit.actor, record).await?;
    let n = i64::try_from(all).unwrap_or(0);
    let label = format!("{} ({})", cx.t(if mine { "web-unfollow" } else { "web-follow" }), cx.tf("web-followers", &[("n", n.into())]));
    Ok(html! { form method="post" action={ "/" (object.key) "/" (record.id) "/follow" } {
        input type="hidden" name="yes" value=(if mine { "0" } else { "1" });
        (icon_button(if mine { "bell" } else { "bell-off" }, label).submit().attr("aria-pressed", if mine { "true" } else { "false" }).render())
    } })
}

/// The name in the other script, or the record's code or number.
fn other_title(object: &Object, record: &Record, lang: &str) -> String {
    if let Value::Name(n) = record.get(&object.title) {
        let (own, other) = if lang == "ar" { (&n.ar, &n.latin) } else { (&n.latin, &n.ar) };
        if !own.is_empty() && !other.is_empty() {
            return other.clone();
        }
    }
    let code = object.fields.iter().find(|f| f.key != object.title && matches!(f.kind, Kind::Code { .. } | Kind::Sequence { .. }) && f.in_list);
    code.and_then(|f| record.get(&f.key).text()).unwrap_or_default().to_owned()
}

fn seen(visit: &Visit, object: &Object, f: &Field) -> bool {
    visit.actor.mask(&object.key, &f.key) != Some(Mask::Hidden)
}

/// Choices as chips below the title.
fn tags(visit: &Visit, object: &Object, record: &Record, cx: &ViewCx<'_>) -> Markup {
    let choice = |f: &&Field| matches!(f.kind.stored(), Kind::Choice { .. } | Kind::MultiChoice { .. });
    // What says something at first sight: of the first section, of the list, or in colours of its own.
    let telling = |f: &&Field| f.section.is_empty() || f.in_list || f.kind.options().iter().any(|o| o.tone != Tone::Neutral);
    let chosen = object.fields.iter().filter(choice).filter(telling);
    let shown: Vec<&Field> = chosen.filter(|f| seen(visit, object, f) && !record.get(&f.key).is_blank()).take(6).collect();
    html! { @for f in shown { span title=(cx.label(&f.label)) { (ui::cell::cell(f, record.get(&f.key), cx)) } } }
}

/// Computed figures and amounts, as many as stand side by side.
fn figures(visit: &Visit, object: &Object, record: &Record, cx: &ViewCx<'_>) -> Vec<(String, String, String)> {
    let computed = |f: &&Field| matches!(f.kind, Kind::Rollup { .. } | Kind::Formula { .. });
    let entered = |f: &&Field| matches!(f.kind, Kind::Money);
    let both = object.fields.iter().filter(computed).chain(object.fields.iter().filter(entered));
    let shown = both.filter(|f| ui::cell::is_number(&f.kind) && seen(visit, object, f) && !record.get(&f.key).is_blank());
    shown.take(5).map(|f| (cx.label(&f.label).to_owned(), ui::cell::plain(&f.kind, record.get(&f.key), cx), String::new())).collect()
}

async fn stage(visit: &Visit, object: &Object, record: &Record, may_edit: bool, cx: &ViewCx<'_>) -> Outcome<Markup> {
    let group = Stages::group_of(visit, object, record);
    let Some(stages) = Stages::of(visit, object, group).await? else { return Ok(html! {}) };
    let field = &stages.field;
    let now = crate::stages::key_of(record.get(&field.key));
    let action = format!("/{}/{}/move?rev={}", object.key, record.id, record.rev);
    let open = may_edit && field.writable() && visit.actor.policy.writes(&object.key, &field.key) && !crate::form::locked(visit, object, field, record);
    Ok(ui::record::stage_path(&stages.options, &now, open.then_some(action.as_str()), cx))
}

async fn overview(visit: &Visit, object: &Object, record: &Record, cx: &ViewCx<'_>) -> Outcome<Markup> {
    let panels = panels(visit, object, record, cx).await?;
    let related = crate::related::blocks(visit, object, record, cx).await?;
    let story = crate::story::block(visit, object, record, None, cx).await?;
    Ok(html! { div id="record-blocks" data-part style="display:contents" { (panels) (related) } (story) })
}

/// What modules know about the record beyond its fields.
async fn panels(visit: &Visit, object: &Object, record: &Record, cx: &ViewCx<'_>) -> Outcome<Markup> {
    let mut blocks = Vec::new();
    for panel in visit.company.modules().iter().flat_map(|m| &m.panels).filter(|p| p.object == object.key || p.object == engine::module::RULED) {
        let page = crate::pages::page_cx(visit);
        let inside = (panel.render)(page, record.id).await?;
        if !inside.is_empty() {
            blocks.push((cx.label(&panel.label).to_owned(), inside));
        }
    }
    blocks.extend(crate::glance::blocks(visit, object, record).await?);
    Ok(html! { @for (title, inside) in &blocks { (ui::record::padded_block(title, None, &html! {}, &html! { (PreEscaped(inside)) })) } })
}

/// Fields in their sections, then the files.
async fn side(visit: &Visit, object: &Object, record: &Record, may_edit: bool, cx: &ViewCx<'_>) -> Outcome<Markup> {
    let here = format!("/{}/{}", object.key, record.id);
    let sleeping = crate::form::sleeping(visit, object, record);
    let shown: Vec<Field> = object
        .fields
        .iter()
        .filter(|f| !sleeping.contains(&f.key))
        .filter(|f| seen(visit, object, f) && f.key != object.title || matches!(f.kind, Kind::Name))
        .filter(|f| seen(visit, object, f) && !matches!(f.kind, Kind::Rollup { .. }))
        .cloned()
        .map(|mut f| {
            f.readonly |= !visit.actor.policy.writes(&object.key, &f.key) || matches!(f.kind, Kind::File | Kind::Image) || crate::form::locked(visit, object, &f, record);
            f
        })
        .collect();
    let sections = sections(&shown);
    let elsewhere = crate::external::block(visit, object, record, may_edit, cx).await?;
    let files = if object.can(Capability::Files) { files(visit, object, record, may_edit, cx).await? } else { html! {} };
    Ok(html! {
        (facts(&sections, record, may_edit.then_some(here.as_str()), cx))
        (elsewhere)
        (files)
        (made(record, cx))
    })
}

async fn files(visit: &Visit, object: &Object, record: &Record, may_edit: bool, cx: &ViewCx<'_>) -> Outcome<Markup> {
    let here = format!("/{}/{}/files", object.key, record.id);
    let list: Vec<ui::timeline::Attachment> = visit
        .company
        .files(&visit.actor, &object.key, record.id)
        .await?
        .into_iter()
        .map(|s| ui::timeline::Attachment {
            href: format!("{here}/{}", s.file.id),
            size: s.file.size,
            note: cx.date(cx.civil(s.at)),
            remove: may_edit.then(|| format!("{here}/{}/delete", s.file.id)),
            name: s.file.name,
        })
        .collect();
    if list.is_empty() && !may_edit {
        return Ok(html! {});
    }
    Ok(html! { details class="section" open {
        summary { span class="icon-turn" { (ui::icon::icon_sm("chevron-right")) } (cx.t("web-files")) @if !list.is_empty() { " " (ui::mark::count(&cx.num(list.len() as i64))) } }
        (ui::timeline::attachments(&list, may_edit.then_some(here.as_str()), cx))
    } })
}

/// When and by whom it was made and last changed.
fn made(record: &Record, cx: &ViewCx<'_>) -> Markup {
    let line = |word: &str, at: &str, by: &str| {
        let at = record.get(at).datetime();
        let by = record.get(by).id().map(|id| cx.title_of(id)).unwrap_or_default();
        html! { @if let Some(at) = at { p class="muted small" { (cx.t(word)) " " time datetime=(at) { (cx.datetime(at)) } @if !by.is_empty() { " · " bdi { (by) } } } } }
    };
    html! { div class="record-made" { (line("web-created", "created_at", "created_by")) (line("web-updated", "updated_at", "updated_by")) } }
}

/// `POST /{object}/{id}/delete`
pub async fn delete(visit: Visit, Path((key, id)): Path<(String, String)>, sent: crate::sent::Sent) -> Reply {
    visit.object(&key)?;
    let id: Uuid = id.parse().map_err(|_| not_found())?;
    let rev = sent.rev();
    visit
        .company
        .transact(&visit.actor, |cx| {
            let key = key.clone();
            Box::pin(async move { cx.delete(&key, id, rev).await })
        })
        .await?;
    Ok(visit.go(&format!("/{key}"), "web-said-deleted"))
}

/// Edit and further verbs that every record has.
pub fn common_actions(visit: &Visit, object: &Object, record: &Record, may_edit: bool, may_delete: bool, cx: &ViewCx<'_>) -> Markup {
    let here = format!("/{}/{}", object.key, record.id);
    html! {
        (icon_button("eye", cx.t("access-title")).href(format!("{here}/access")).render())
        @if may_edit { (button(cx.t("edit")).icon("pencil").href(format!("{here}/edit")).attr("data-edit-record", "").render()) }
        (crate::merging::entry(visit, object, record, cx))
        @if may_delete {
            (icon_button("trash-2", cx.t("delete")).opens_dialog("delete-record").render())
            (ui::overlay::confirm(cx, "delete-record", &cx.t("web-delete-ask"), &cx.t(if object.can(Capability::Trash) { "web-delete-text" } else { "web-delete-final" }), &format!("{here}/delete"), &cx.t("delete")))
        }
    }
}
