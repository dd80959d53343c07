//! What was deleted, and the way back.

use crate::refusal::{Reply, not_found};
use crate::visit::{Shown, Visit};
use axum::extract::Path;
use engine::{Count, Query};
use kernel::{Capability, Fault, Value, Verb};
use maud::{Markup, Render, html};
use ui::trash::Deleted;
use uuid::Uuid;

/// `GET /{object}/trash`
pub async fn page(visit: Visit, Path(key): Path<String>) -> Reply {
    let object = visit.object(&key)?;
    if !object.can(Capability::Trash) {
        return Err(not_found());
    }
    visit.actor.rule(&object, &Verb::Delete)?;
    let after = Some(visit.param("after")).filter(|a| !a.is_empty()).map(str::to_owned);
    let query = Query { trash: true, count: Count::Estimate, after, ..Query::new(key.clone()).sort("-updated_at").limit(50) };
    let listing = visit.company.list(&visit.actor, &query).await?;
    let lang = visit.actor.lang();
    let titles = Shown::of(&listing.titles, lang);
    let cx = visit.cx(&titles);
    let items: Vec<Deleted> = listing
        .records
        .iter()
        .map(|r| Deleted {
            title: crate::list::title(&object, r, lang),
            what: cx.label(&object.label).to_owned(),
            by: r.get("updated_by").id().map(|id| cx.title_of(id).to_owned()).unwrap_or_default(),
            at: match r.get("updated_at") {
                Value::DateTime(t) => *t,
                _ => visit.company.now(),
            },
            restore: format!("/{key}/{}/restore", r.id),
            purge: visit.actor.must_administer().is_ok().then(|| format!("/{key}/{}/purge", r.id)),
        })
        .collect();
    let title = cx.t("web-trash");
    let crumbs = ui::shell::crumbs(&cx, &[(cx.label(&object.plural).to_owned(), format!("/{key}")), (title.clone(), String::new())]);
    let body: Markup = html! { div class="page" {
        div class="page-crumbs" { (crumbs) }
        (ui::shell::page_head(&title, &listing.count.map(|c| cx.num(c.n)).unwrap_or_default(), &html! {}))
        (ui::trash::trash(&items, &cx))
        @if let Some(next) = &listing.next { div class="page-body" { (ui::button::button(cx.t("next")).href(format!("/{key}/trash?after={next}")).render()) } }
    } };
    Ok(visit.page(&title, &body))
}

/// `POST /{object}/{id}/restore`
pub async fn restore(visit: Visit, Path((key, id)): Path<(String, String)>) -> Reply {
    visit.object(&key)?;
    let id: Uuid = id.parse().map_err(|_| not_found())?;
    visit
        .company
        .transact(&visit.actor, |cx| {
            let key = key.clone();
            Box::pin(async move { cx.restore(&key, id).await })
        })
        .await?;
    Ok(visit.go(&format!("/{key}/{id}"), "web-said-restored"))
}

/// `POST /{object}/{id}/purge`: removal for good, by administrators.
pub async fn purge(visit: Visit, Path((key, id)): Path<(String, String)>) -> Reply {
    visit.object(&key)?;
    visit.actor.must_administer().map_err(|_| Fault::not_found())?;
    let id: Uuid = id.parse().map_err(|_| not_found())?;
    visit
        .company
        .transact(&visit.actor, |cx| {
            let key = key.clone();
            Box::pin(async move { cx.purge(&key, id).await })
        })
        .await?;
    Ok(visit.go(&format!("/{key}/trash"), "web-said-purged"))
}
