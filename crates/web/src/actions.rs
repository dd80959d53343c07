//! The verbs of a record: a button for each that is possible now, a dialog for its input, and its run.

use crate::refusal::{Reply, not_found};
use crate::sent::Sent;
use crate::visit::{Shown, Visit};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use engine::Action;
use indexmap::IndexMap;
use kernel::{Fault, FaultKind, Object, Outcome, Record, Value, Verb};
use maud::{Markup, Render, html};
use ui::button::button;
use ui::cx::ViewCx;

/// The buttons at the head of a record page, with the dialogs they open.
///
/// # Errors
/// The database.
pub async fn buttons(visit: &Visit, object: &Object, record: &Record, may_edit: bool, cx: &ViewCx<'_>) -> Outcome<Markup> {
    let offers = visit.company.offers(&visit.actor, record).await?;
    let may_delete = visit.actor.may(object, &Verb::Delete) && visit.company.may_on(&visit.actor, record, &Verb::Delete).await?;
    Ok(html! {
        @for (i, action) in offers.iter().enumerate() { (one(action, record, i == 0, cx)) }
        (crate::record::common_actions(visit, object, record, may_edit, may_delete, cx))
    })
}

fn one(action: &Action, record: &Record, first: bool, cx: &ViewCx<'_>) -> Markup {
    let label = cx.label(&action.label);
    let url = format!("/{}/{}/do/{}", record.object, record.id, action.key);
    let id = format!("do-{}", action.key);
    let shape = |b: ui::Button| {
        let b = b.icon(action.icon);
        if action.danger { b.danger() } else if first { b.primary() } else { b }
    };
    if action.input.is_empty() && !action.danger {
        return html! { form method="post" action=(url) { input type="hidden" name="_rev" value=(record.rev); (shape(button(label)).submit().render()) } };
    }
    if action.input.is_empty() {
        return html! { (shape(button(label)).opens_dialog(&id).render()) (ui::overlay::confirm(cx, &id, label, &cx.t("web-action-ask"), &url, label)) };
    }
    let form_id = format!("{id}-form");
    let body = input_form(action, record, &form_id, "", &IndexMap::new(), &[], cx);
    let foot = html! {
        (button(cx.t("ui-cancel")).closes_dialog(&id).render())
        (shape(button(label)).submit().attr("form", &form_id).render())
    };
    html! { (shape(button(label)).opens_dialog(&id).render()) (ui::overlay::dialog(cx, &id, label, false, &body, &foot)) }
}

fn input_form(action: &Action, record: &Record, form_id: &str, back: &str, values: &IndexMap<String, Value>, issues: &[kernel::Issue], cx: &ViewCx<'_>) -> Markup {
    let null = Value::Null;
    html! {
        form id=(form_id) class="stack" method="post" action={ "/" (record.object) "/" (record.id) "/do/" (action.key) } enctype="multipart/form-data" {
            input type="hidden" name="_rev" value=(record.rev);
            @if !back.is_empty() { input type="hidden" name="back" value=(back); }
            @for f in &action.input {
                @let issue = issues.iter().find(|i| i.field == f.key).map(|i| cx.issue(i));
                (ui::input::field_row(f, values.get(&f.key).unwrap_or(&null), issue.as_deref(), cx))
            }
        }
    }
}

/// What the form of an action that is asked for on a page of its own is called: boards show it as a dialog.
const ASKED: &str = "do-asked";

/// `GET /{object}/{id}/do/{action}?back=…`: what has to be told first, where an action was meant elsewhere than on the
/// record's page.
pub async fn ask(visit: Visit, Path((key, id, name)): Path<(String, String, String)>) -> Reply {
    visit.object(&key)?;
    let record = visit.company.get(&visit.actor, &key, crate::merging::meant(&visit, &key, &id).await?).await?;
    let offers = visit.company.offers(&visit.actor, &record).await?;
    let action = offers.into_iter().find(|a| a.key == name).ok_or_else(not_found)?;
    let none = Shown::default();
    let cx = visit.cx(&none);
    Ok(asking(&visit, action, &record, visit.param("back"), &IndexMap::new(), None, &cx))
}

fn asking(visit: &Visit, action: &Action, record: &Record, back: &str, values: &IndexMap<String, Value>, fault: Option<&Fault>, cx: &ViewCx<'_>) -> Response {
    let label = cx.label(&action.label).to_owned();
    let fields: Vec<&str> = action.input.iter().map(|f| f.key.as_str()).collect();
    let issues = fault.map(|f| f.issues.as_slice()).unwrap_or_default();
    let home = format!("/{}/{}", record.object, record.id);
    let body = html! {
        (crate::sign::loose(fault, &fields, cx))
        (input_form(action, record, ASKED, back, values, issues, cx))
        div class="form-foot" {
            (button(&label).primary().submit().attr("form", ASKED).render())
            (button(cx.t("ui-cancel")).ghost().href(crate::address::local(back).unwrap_or(&home)).render())
        }
    };
    visit.page(&label, &ui::shell::simple_page(&label, "", &html! {}, &body))
}

/// `POST /{object}/{id}/do/{action}`
pub async fn run(visit: Visit, Path((key, id, name)): Path<(String, String, String)>, sent: Sent) -> Reply {
    visit.object(&key)?;
    let id = crate::merging::meant(&visit, &key, &id).await?;
    let action = visit.company.action(&key, &name).ok_or_else(not_found)?;
    let read = crate::form::read(&visit, &action.input, &sent).await?;
    let result = if read.issues.is_empty() {
        visit.company.dispatch(&visit.actor, &key, id, &name, sent.rev(), read.values).await
    } else {
        Err(Fault { issues: read.issues, ..Fault::new(FaultKind::Invalid) })
    };
    match result {
        Ok(done) => {
            let said = if text::i18n::has(&done.message) { done.message.as_str() } else { "web-said-done" };
            Ok(match done.goto {
                Some((object, id)) => visit.go(&format!("/{object}/{id}"), said),
                None => visit.back(sent.get("back"), &format!("/{key}/{id}"), said),
            })
        }
        // Input that did not fit comes back on a page of its own.
        Err(fault) if fault.kind == FaultKind::Invalid && !action.input.is_empty() => {
            let record = visit.company.get(&visit.actor, &key, id).await?;
            let none = Shown::default();
            let mut response = asking(&visit, action, &record, sent.get("back"), &read.typed, Some(&fault), &visit.cx(&none));
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
        Err(fault) => Err(fault.into()),
    }
}
