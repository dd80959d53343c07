//! One change for many records: edit a field, delete, export what is ticked. All or nothing, in one transaction.

use crate::cells::value_of;
use crate::list::ticked;
use crate::refusal::Reply;
use crate::sent::Sent;
use crate::visit::Visit;
use axum::extract::Path;
use engine::Draft;
use kernel::{Fault, Field, Kind, Object, Verb};
use maud::{Markup, Render, html};
use ui::button::button;
use ui::cx::ViewCx;

/// Fields that make sense for many records at once.
fn offered<'a>(visit: &Visit, object: &'a Object) -> Vec<&'a Field> {
    let plain = |f: &&Field| f.writable() && !f.unique && visit.actor.policy.writes(&object.key, &f.key);
    let kind = |f: &&Field| !matches!(f.kind, Kind::Name | Kind::File | Kind::Image | Kind::Json | Kind::RichText | Kind::Address);
    object.fields.iter().filter(plain).filter(kind).filter(|f| f.key != object.title).collect()
}

/// The dialogs behind the buttons of the mass bar. Their controls belong to the form `mass`.
pub fn dialogs(visit: &Visit, object: &Object, cx: &ViewCx<'_>) -> Markup {
    let may_edit = visit.actor.may(object, &Verb::Update);
    let may_delete = visit.actor.may(object, &Verb::Delete);
    let none = kernel::Value::Null;
    let edit = html! {
        p class="soft" { (cx.t("web-mass-edit-text")) }
        div class="stack" data-mass-fields {
            @for f in offered(visit, object) {
                details class="section" name="mass-field" {
                    summary { span class="icon-turn" { (ui::icon::icon_sm("chevron-right")) } (cx.label(&f.label)) }
                    form class="stack" method="post" action={ "/" (object.key) "/mass/edit" } data-mass-form {
                        input type="hidden" name="field" value=(f.key);
                        input type="hidden" name="back" value=(visit.path);
                        (ui::input::input(&Field { key: f.key.clone(), required: false, ..f.clone() }, &none, None, cx))
                        div { (button(cx.t("web-mass-apply")).primary().small().submit()) }
                    }
                }
            }
        }
    };
    let delete_foot = html! {
        (button(cx.t("ui-cancel")).closes_dialog("mass-delete").render())
        (button(cx.t("delete")).danger().submit().attr("form", "mass").attr("formaction", format!("/{}/mass/delete", object.key)).render())
    };
    html! {
        @if may_edit { (ui::overlay::dialog(cx, "mass-edit", &cx.t("web-mass-edit"), false, &edit, &html! {})) }
        @if may_delete { (ui::overlay::dialog(cx, "mass-delete", &cx.t("web-mass-delete"), false, &html! { p { (cx.t("web-mass-delete-text")) } }, &delete_foot)) }
    }
}

/// `POST /{object}/mass/{what}`
pub async fn run(visit: Visit, Path((key, what)): Path<(String, String)>, sent: Sent) -> Reply {
    let object = visit.object(&key)?;
    let ids = ticked(&sent);
    let list = format!("/{key}");
    if ids.is_empty() {
        return Ok(visit.back(sent.get("back"), &list, "web-said-none-ticked"));
    }
    match what.as_str() {
        "edit" => {
            let field = offered(&visit, &object).into_iter().find(|f| f.key == sent.get("field")).cloned().ok_or_else(Fault::not_found)?;
            let value = value_of(&visit, &field, &sent).map_err(Fault::issue)?.unwrap_or_default();
            let drafts: Vec<Draft> = ids.iter().map(|id| Draft::of(*id).set(&field.key, value.clone())).collect();
            visit
                .company
                .transact(&visit.actor, |cx| {
                    let (key, drafts) = (key.clone(), drafts.clone());
                    Box::pin(async move {
                        cx.cause = "mass edit".into();
                        cx.save_many(&key, drafts).await
                    })
                })
                .await?;
            Ok(visit.back(sent.get("back"), &list, "web-said-mass-edited"))
        }
        "delete" => {
            visit
                .company
                .transact(&visit.actor, |cx| {
                    let (key, ids) = (key.clone(), ids.clone());
                    Box::pin(async move {
                        cx.cause = "mass delete".into();
                        for id in ids {
                            cx.delete(&key, id, None).await?;
                        }
                        Ok(())
                    })
                })
                .await?;
            Ok(visit.back(sent.get("back"), &list, "web-said-deleted"))
        }
        "merge" => match ids.as_slice() {
            [one, other] => Ok(visit.go(&crate::address::address(&format!("{list}/{one}/merge"), &[("with", &other.to_string())]), "")),
            _ => Ok(visit.back(sent.get("back"), &list, "merge-said-two")),
        },
        "export" => crate::export::of_ids(&visit, &object, &ids).await,
        _ => Err(Fault::not_found().into()),
    }
}
