//! Home and the pages of modules.

use crate::refusal::{Reply, not_found};
use crate::visit::{Shown, Visit};
use engine::{Page, PageCx};
use kernel::{Capability, Verb};
use maud::{PreEscaped, html};
use ui::mark::{Empty, empty};

fn page_cx(visit: &Visit) -> PageCx {
    PageCx { company: visit.company.clone(), actor: visit.actor.clone(), path: visit.path.clone(), query: visit.params.clone() }
}

async fn render(visit: &Visit, page: &Page) -> Reply {
    let inside = (page.render)(page_cx(visit)).await?;
    Ok(visit.page(page.label.get(visit.actor.lang()), &html! { (PreEscaped(inside)) }))
}

/// `GET /`: the first home page of the modules; a plain table of contents without one.
pub async fn home(visit: Visit) -> Reply {
    let page = visit.company.modules().iter().flat_map(|m| &m.pages).find(|p| p.home);
    if let Some(page) = page {
        return render(&visit, page).await;
    }
    let none = Shown::default();
    let cx = visit.cx(&none);
    let objects: Vec<_> = visit.registry.objects().filter(|o| o.can(Capability::Menu) && visit.actor.may(o, &Verb::Read)).cloned().collect();
    let title = cx.t("web-home");
    let body = html! {
        @if objects.is_empty() { (empty(Empty::Quiet, &cx.t("web-no-rights"), &cx.t("web-no-rights-text"), &html! {})) }
        div class="tiles" { @for o in &objects { a class="tile" href={ "/" (o.key) } { (ui::icon::icon_lg(&o.icon)) span { (cx.label(&o.plural)) } } } }
    };
    Ok(visit.page(&title, &ui::shell::simple_page(&title, "", &html! {}, &body)))
}

/// `GET /{module}/{page}`
pub async fn module(visit: &Visit, module: &str, key: &str) -> Reply {
    let page = visit.company.modules().iter().flat_map(|m| &m.pages).find(|p| p.module == module && p.key == key).ok_or_else(not_found)?;
    render(visit, page).await
}

/// `GET /-/notifications`: what waits for the reader. Nothing sends notifications yet, and the page says so.
pub async fn notifications(visit: Visit) -> Reply {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let title = cx.t("ui-notifications");
    let body = empty(Empty::Quiet, &cx.t("web-no-notifications"), "", &html! {});
    Ok(visit.page(&title, &ui::shell::simple_page(&title, "", &html! {}, &body)))
}
