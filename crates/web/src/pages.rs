//! Home and the pages of modules.

use crate::refusal::{Reply, not_found};
use crate::sent::Sent;
use crate::visit::{Guest, Shown, Visit};
use axum::extract::Path;
use engine::{Answer, Form, Page, PageCx, Place};
use kernel::{Capability, Fault, FaultKind, Verb};
use maud::{PreEscaped, html};
use ui::mark::{Empty, empty};

pub(crate) fn page_cx(visit: &Visit) -> PageCx {
    PageCx { company: visit.company.clone(), actor: visit.actor.clone(), path: visit.path.clone(), query: visit.params.clone(), ip: visit.who.origin.ip.clone(), agent: visit.who.origin.agent.clone() }
}

fn answer(visit: &Visit, page: &Page, answer: Answer) -> Reply {
    let title = page.label.get(visit.actor.lang());
    Ok(match answer {
        Answer::Html(inside, fault) => {
            let inside = html! { (PreEscaped(inside)) };
            let response = if page.place == Place::Public { visit.gate(title, true, &inside) } else { visit.page(title, &inside) };
            match fault {
                Some(fault) => crate::sign::with_status(response, &fault),
                None => response,
            }
        }
        Answer::Framed { html, sites, fault } => {
            let mut response = visit.gate(title, true, &PreEscaped(html));
            response.extensions_mut().insert(crate::frame::Ancestors(sites));
            match fault {
                Some(fault) => crate::sign::with_status(response, &fault),
                None => response,
            }
        }
        Answer::Piece(inside) => visit.piece(html! { (PreEscaped(inside)) }),
        Answer::Go { to, said } => visit.go(crate::address::local(&to).unwrap_or("/"), said),
        Answer::File { name, media, bytes } => crate::export::attachment(bytes, &media, &name)?,
    })
}

/// `GET /`: the home page of the modules; a plain table of contents without one.
pub async fn home(visit: Visit) -> Reply {
    let page = visit.company.modules().iter().flat_map(|m| &m.pages).find(|p| p.place == Place::Home);
    if let Some(page) = page {
        let said = (page.render)(page_cx(&visit)).await?;
        return answer(&visit, page, said);
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

fn find(visit: &Visit, module: &str, key: &str, public: bool) -> Result<Page, crate::refusal::Refusal> {
    let pages = visit.company.modules().iter().flat_map(|m| &m.pages);
    let mut own = pages.filter(|p| p.module == module && p.key == key && (p.place == Place::Public) == public);
    own.find(|p| p.open_to(&visit.actor, &visit.registry)).cloned().ok_or_else(not_found)
}

async fn send(visit: &Visit, page: &Page, form: Form) -> Reply {
    let post = page.post.ok_or_else(|| Fault::new(FaultKind::BadRequest))?;
    answer(visit, page, post(page_cx(visit), form).await?)
}

/// `GET /{module}/{page}`
pub async fn module(visit: &Visit, module: &str, key: &str) -> Reply {
    let page = find(visit, module, key, false)?;
    answer(visit, &page, (page.render)(page_cx(visit)).await?)
}

/// `POST /{module}/{page}`: what a form on a module's page sends.
pub async fn module_post(visit: Visit, Path((module, key)): Path<(String, String)>, sent: Sent) -> Reply {
    let page = find(&visit, &module, &key, false)?;
    send(&visit, &page, sent.0).await
}

/// `GET /p/{module}/{page}`: a page for anybody.
pub async fn public(Guest(visit): Guest, Path((module, key)): Path<(String, String)>) -> Reply {
    let page = find(&visit, &module, &key, true)?;
    answer(&visit, &page, (page.render)(page_cx(&visit)).await?)
}

/// `POST /p/{module}/{page}`
pub async fn public_post(Guest(visit): Guest, Path((module, key)): Path<(String, String)>, sent: Sent) -> Reply {
    let page = find(&visit, &module, &key, true)?;
    send(&visit, &page, sent.0).await
}
