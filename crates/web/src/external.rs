//! What a record is called in other systems, on its page: shown, added, taken away.

use crate::refusal::Reply;
use crate::sent::Sent;
use crate::visit::Visit;
use axum::extract::Path;
use kernel::{Capability, Fault, FaultKind, Label, Object, Outcome, Record};
use maud::{Markup, Render, html};
use ui::button::{button, icon_button};
use ui::cx::ViewCx;

/// The heading of a system's key.
pub fn label(system: &str) -> Label {
    Label::owned(format!("رقمه في {system}"), format!("ID in {system}"))
}

/// The block beside a record; where nobody could make use of it, nothing.
///
/// # Errors
/// The database.
pub async fn block(visit: &Visit, object: &Object, record: &Record, may_edit: bool, cx: &ViewCx<'_>) -> Outcome<Markup> {
    let keys = visit.company.external_keys(&visit.actor, &object.key, record.id).await?;
    let may_add = may_edit && object.can(Capability::Duplicates);
    if keys.is_empty() && !may_add {
        return Ok(html! {});
    }
    let systems = if may_add { visit.company.external_systems(&object.key).await? } else { Vec::new() };
    let here = format!("/{}/{}/keys", object.key, record.id);
    Ok(html! { details class="section externals" open[!keys.is_empty()] {
        summary { span class="icon-turn" { (ui::icon::icon_sm("chevron-right")) } (cx.t("external-title")) @if !keys.is_empty() { " " (ui::mark::count(&cx.num(i64::try_from(keys.len()).unwrap_or(0)))) } }
        @if !keys.is_empty() { ul class="external-list" { @for k in &keys {
            li {
                span class="chip ltr" { (k.system) }
                bdi class="external-key" { (k.key) }
                @if may_edit { form method="post" action={ (here) "/remove" } data-confirm=(cx.tf("external-remove-ask", &[("key", k.key.clone().into())])) {
                    input type="hidden" name="system" value=(k.system); input type="hidden" name="key" value=(k.key);
                    (icon_button("x", cx.tf("external-remove", &[("key", k.key.clone().into())])).small().submit().render())
                } }
            }
        } } }
        @if may_add { form class="external-add" method="post" action=(here) {
            input class="input input-sm ltr" name="system" required maxlength="48" list="external-systems" placeholder=(cx.t("external-system")) aria-label=(cx.t("external-system")) autocomplete="off";
            input class="input input-sm" name="key" required maxlength="200" placeholder=(cx.t("external-key")) aria-label=(cx.t("external-key")) dir="auto" autocomplete="off";
            datalist id="external-systems" { @for s in &systems { option value=(s) {} } }
            (button(cx.t("external-add")).small().icon("plus").submit().render())
        } }
    } })
}

/// `POST /{object}/{id}/keys`
pub async fn add(visit: Visit, Path((key, id)): Path<(String, String)>, sent: Sent) -> Reply {
    visit.object(&key)?;
    let id = crate::merging::meant(&visit, &key, &id).await?;
    let (system, known) = (sent.get("system").to_owned(), sent.get("key").to_owned());
    let done = visit
        .company
        .transact(&visit.actor, |cx| {
            let (key, system, known) = (key.clone(), system.clone(), known.clone());
            Box::pin(async move { cx.add_external(&key, id, &system, &known).await })
        })
        .await;
    match done {
        Ok(_) => Ok(visit.go(&format!("/{key}/{id}"), "external-said-added")),
        Err(fault) if fault.kind == FaultKind::Invalid => Ok(again(&visit, &format!("/{key}/{id}"), &format!("/{key}/{id}/keys"), &system, &known, &fault)),
        Err(fault) => Err(fault.into()),
    }
}

/// The two fields again with what is wrong.
fn again(visit: &Visit, back: &str, action: &str, system: &str, key: &str, fault: &Fault) -> axum::response::Response {
    let none = crate::visit::Shown::default();
    let cx = visit.cx(&none);
    let title = cx.t("external-title");
    let input = |name: &str, word: &str, value: &str, most: &str| {
        html! { label class="stack" { span { (cx.t(word)) } input class="input" name=(name) value=(value) required maxlength=(most) dir="auto"; } }
    };
    let body = html! {
        (crate::sign::loose(Some(fault), &[], &cx))
        form class="form-card stack" method="post" action=(action) {
            (input("system", "external-system", system, "48"))
            (input("key", "external-key", key, "200"))
            div class="form-foot" { (button(cx.t("external-add")).primary().submit().render()) (button(cx.t("ui-cancel")).ghost().href(back).render()) }
        }
    };
    crate::sign::with_status(visit.page(&title, &ui::shell::simple_page(&title, "", &ui::shell::back_button(&cx, back), &body)), fault)
}

/// `POST /{object}/{id}/keys/remove`
pub async fn remove(visit: Visit, Path((key, id)): Path<(String, String)>, sent: Sent) -> Reply {
    visit.object(&key)?;
    let id = crate::merging::meant(&visit, &key, &id).await?;
    let (system, known) = (sent.get("system").to_owned(), sent.get("key").to_owned());
    visit
        .company
        .transact(&visit.actor, |cx| {
            let (key, system, known) = (key.clone(), system.clone(), known.clone());
            Box::pin(async move { cx.remove_external(&key, id, &system, &known).await })
        })
        .await?;
    Ok(visit.go(&format!("/{key}/{id}"), "external-said-removed"))
}
