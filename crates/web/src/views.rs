//! Saved views of a list: tabs above it, keeping what is seen under a name, the choice of columns.

use crate::list::Asked;
use crate::refusal::Reply;
use crate::sent::Sent;
use crate::visit::Visit;
use axum::extract::Path;
use engine::views::{Config, View};
use kernel::{Fault, Label};
use maud::{Markup, Render, html};
use ui::button::button;
use ui::cx::ViewCx;
use ui::filter::{ViewTab, view_tabs};
use uuid::Uuid;

/// The row of views with «all» first.
pub fn tabs(asked: &Asked, cx: &ViewCx<'_>) -> Markup {
    let list = format!("/{}", asked.object.key);
    let current = asked.view.as_ref().map(|v| v.id);
    let mut tabs = vec![ViewTab {
        label: cx.tf("web-all", &[("objects", cx.label(&asked.object.plural).into())]),
        href: format!("{list}?view=all"),
        current: current.is_none() && asked.q.is_empty() && asked.search.is_empty(),
        count: None,
    }];
    tabs.extend(asked.views.iter().map(|v| ViewTab {
        label: cx.label(&v.name).to_owned(),
        href: format!("{list}?view={}", v.id),
        current: current == Some(v.id),
        count: None,
    }));
    view_tabs(&tabs, Some("save-view"), cx)
}

/// The dialog that keeps the list as it is seen, and changes or removes the view that is open.
pub fn save_dialog(visit: &Visit, asked: &Asked, cx: &ViewCx<'_>) -> Markup {
    let mine = asked.view.as_ref().filter(|v| v.owner == Some(visit.actor.id) || visit.actor.must_administer().is_ok());
    let name = mine.map(|v| cx.label(&v.name).to_owned()).unwrap_or_default();
    let columns = asked.columns.join(",");
    let body = html! {
        form id="save-view-form" class="stack" method="post" action={ "/" (asked.object.key) "/views" } {
            @for (k, v) in [("q", &asked.q), ("sort", &asked.sort), ("columns", &columns)] { input type="hidden" name=(k) value=(v); }
            label class="pair-label" { span { (cx.t("web-view-name")) } input class="input" name="name" value=(name) required maxlength="80" dir="auto"; }
            @if let Some(v) = mine {
                label class="check" { input type="checkbox" name="id" value=(v.id) checked; span { (cx.t("web-view-replace")) } }
            }
            label class="check" { input type="checkbox" name="default" value="1" checked[mine.is_some_and(|v| v.is_default)]; span { (cx.t("web-view-default")) } }
            @if visit.actor.must_administer().is_ok() {
                label class="check" { input type="checkbox" name="shared" value="1" checked[mine.is_some_and(|v| v.shared)]; span { (cx.t("web-view-shared")) } }
            }
            @if asked.object.stage.is_some() || asked.object.calendar.is_some() {
                label class="pair-label" { span { (cx.t("ui-layout")) }
                    select class="select" name="layout" {
                        option value="list" { (cx.t("ui-layout-list")) }
                        @if asked.object.stage.is_some() { option value="board" selected[mine.is_some_and(|v| v.config.layout == "board")] { (cx.t("ui-layout-board")) } }
                        @if asked.object.calendar.is_some() { option value="calendar" selected[mine.is_some_and(|v| v.config.layout == "calendar")] { (cx.t("ui-layout-calendar")) } }
                    }
                }
            }
        }
        @if let Some(v) = mine {
            form method="post" action={ "/" (asked.object.key) "/views/" (v.id) "/delete" } data-confirm=(cx.t("web-view-delete-ask")) {
                (button(cx.t("web-view-delete")).small().ghost().icon("trash-2").submit())
            }
        }
    };
    let foot = html! {
        (button(cx.t("ui-cancel")).closes_dialog("save-view").render())
        (button(cx.t("save")).primary().submit().attr("form", "save-view-form").render())
    };
    ui::overlay::dialog(cx, "save-view", &cx.t("ui-save-view"), false, &body, &foot)
}

/// `POST /{object}/views`: keeps the list under a name.
pub async fn save(visit: Visit, Path(key): Path<String>, sent: Sent) -> Reply {
    let object = visit.object(&key)?;
    let name = sent.get("name").trim();
    let views = visit.company.views(&visit.actor, &key).await?;
    let old = views.iter().find(|v| v.id.to_string() == sent.get("id"));
    let label = match (visit.actor.lang(), old) {
        // The other language keeps its own name when only this one was changed.
        ("ar", Some(o)) => Label::owned(name, if o.name.en == o.name.ar { name } else { o.name.en.as_ref() }),
        (_, Some(o)) => Label::owned(if o.name.en == o.name.ar { name } else { o.name.ar.as_ref() }, name),
        (_, None) => Label::owned(name, name),
    };
    let view = View {
        id: old.map_or_else(Uuid::now_v7, |o| o.id),
        object: object.key.clone(),
        owner: Some(visit.actor.id),
        shared: sent.get("shared") == "1",
        name: if name.is_empty() { Label::default() } else { label },
        config: Config {
            filter: sent.get("q").to_owned(),
            sort: sent.get("sort").to_owned(),
            columns: sent.get("columns").split(',').filter(|c| !c.is_empty()).map(str::to_owned).collect(),
            layout: sent.get("layout").to_owned(),
        },
        position: old.map_or_else(|| i64::try_from(views.len()).unwrap_or_default(), |o| o.position),
        is_default: sent.get("default") == "1",
    };
    visit.company.save_view(&visit.actor, &view).await?;
    if view.is_default {
        // One default for each person: the earlier one steps back.
        for v in views.iter().filter(|v| v.is_default && v.id != view.id && v.owner == Some(visit.actor.id) && v.shared == view.shared) {
            visit.company.save_view(&visit.actor, &View { is_default: false, ..v.clone() }).await?;
        }
    }
    Ok(visit.go(&format!("/{}?view={}", object.key, view.id), "web-said-view-saved"))
}

/// `POST /{object}/views/{view}/delete`
pub async fn delete(visit: Visit, Path((key, view)): Path<(String, String)>) -> Reply {
    let object = visit.object(&key)?;
    let id: Uuid = view.parse().map_err(|_| Fault::not_found())?;
    visit.company.delete_view(&visit.actor, id).await?;
    Ok(visit.go(&format!("/{}?view=all", object.key), "web-said-view-deleted"))
}

/// `POST /{object}/columns`: the same list with the chosen columns in the address.
pub async fn columns(visit: Visit, Path(key): Path<String>, sent: Sent) -> Reply {
    let object = visit.object(&key)?;
    let asked = Asked::read(&visit, object).await?;
    let chosen: Vec<&str> = sent.all("columns").filter(|c| asked.object.get(c).is_some()).collect();
    Ok(visit.go(&asked.url(&[("columns", &chosen.join(","))]), ""))
}
