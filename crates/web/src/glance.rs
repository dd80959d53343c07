//! What modules say of a record wherever another one concerns it: a customer's credit while his order is written, and
//! on the page of his opportunity.

use crate::refusal::{Reply, not_found};
use crate::visit::Visit;
use axum::extract::Path;
use kernel::{Capability, Field, Object, Outcome, Record};
use maud::{Markup, PreEscaped, html};
use uuid::Uuid;

/// The fields that name a record of which there is something to say. Whatever stands on the time line of a record
/// concerns it; parts of it and its relations are read on its own page.
fn concerned<'a>(visit: &'a Visit, object: &'a Object, fields: &'a [Field]) -> impl Iterator<Item = (&'a Field, &'a str)> {
    let glanced = |target: &str| visit.company.modules().iter().flat_map(|m| &m.glances).any(|g| g.object == target);
    let main = object.can(Capability::Menu);
    fields.iter().filter(move |f| main && f.timeline).filter_map(move |f| f.kind.target().filter(|t| glanced(t)).map(|t| (f, t)))
}

/// The places beside the references of a form. A script puts each below its field and asks again when another record is
/// chosen; without one they stand below the form and tell of the record it began with.
///
/// # Errors
/// The database.
pub async fn places(visit: &Visit, object: &Object, fields: &[Field], record: &Record) -> Outcome<Markup> {
    let mut all = Vec::new();
    for (f, target) in concerned(visit, object, fields).filter(|(f, _)| f.writable()) {
        let inside = match record.get(&f.key).id() {
            Some(id) => page(&said(visit, target, id).await?),
            None => html! {},
        };
        all.push((&f.key, target, inside));
    }
    Ok(html! { @for (key, target, inside) in &all { div class="glance" data-glance={ "/" (target) } data-glance-of=(key) aria-live="polite" { (inside) } } })
}

/// What is said of the records that this one concerns: headings and HTML.
///
/// # Errors
/// The database.
pub async fn blocks(visit: &Visit, object: &Object, record: &Record) -> Outcome<Vec<(String, String)>> {
    let mut all = Vec::new();
    for (f, target) in concerned(visit, object, &object.fields).filter(|(f, _)| visit.actor.sees(&object.key, &f.key)) {
        if let Some(id) = record.get(&f.key).id() {
            all.extend(said(visit, target, id).await?);
        }
    }
    Ok(all)
}

async fn said(visit: &Visit, object: &str, id: Uuid) -> Outcome<Vec<(String, String)>> {
    let lang = visit.actor.lang();
    let mut blocks = Vec::new();
    for g in visit.company.modules().iter().flat_map(|m| &m.glances).filter(|g| g.object == object) {
        let inside = (g.render)(crate::pages::page_cx(visit), id).await?;
        if !inside.is_empty() {
            blocks.push((g.label.get(lang).to_owned(), inside));
        }
    }
    Ok(blocks)
}

fn page(blocks: &[(String, String)]) -> Markup {
    html! { @for (title, inside) in blocks { section class="glance-block" aria-label=(title) { h3 class="glance-title" { (title) } (PreEscaped(inside)) } } }
}

/// `GET /{object}/{id}/glance`
pub async fn piece(visit: Visit, Path((key, id)): Path<(String, String)>) -> Reply {
    visit.object(&key)?;
    let id: Uuid = id.parse().map_err(|_| not_found())?;
    visit.company.get(&visit.actor, &key, id).await?;
    let blocks = said(&visit, &key, id).await?;
    Ok(visit.piece(page(&blocks)))
}
