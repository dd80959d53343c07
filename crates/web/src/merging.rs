//! The page on which two records become one, field by field; and the way back.

use crate::address::address;
use crate::refusal::{Reply, not_found};
use crate::sent::Sent;
use crate::visit::{Shown, Visit};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use engine::merge::choose::{can_both, fuller, has_choice, usual};
use engine::merge::{Merge, Side};
use kernel::{Capability, Fault, FaultKind, Field, Mask, Object, Outcome, Record, Value, Verb};
use maud::{Markup, Render, html};
use ui::button::button;
use ui::cx::ViewCx;
use uuid::Uuid;

/// Whether the reader may merge records of this object at all.
pub fn offered(visit: &Visit, object: &Object) -> bool {
    object.can(Capability::Duplicates) && visit.actor.may(object, &Verb::Update) && visit.actor.may(object, &Verb::Delete)
}

/// The entry on a record page.
pub fn entry(visit: &Visit, object: &Object, record: &Record, cx: &ViewCx<'_>) -> Markup {
    html! { @if offered(visit, object) { (ui::button::icon_button("merge", cx.t("merge-entry")).href(format!("/{}/{}/merge", object.key, record.id)).render()) } }
}

/// `GET /{object}/{id}/merge?with=ID`; without another record, those that are likely the same.
pub async fn page(visit: Visit, Path((key, id)): Path<(String, String)>) -> Reply {
    let object = visit.object(&key)?;
    if !offered(&visit, &object) {
        return Err(Fault::forbidden().into());
    }
    let id: Uuid = id.parse().map_err(|_| not_found())?;
    let record = visit.company.get(&visit.actor, &key, id).await?;
    if visit.param("with").is_empty() {
        return Ok(pick(&visit, &object, &record).await?);
    }
    let with: Uuid = visit.param("with").parse().map_err(|_| not_found())?;
    Ok(show(&visit, &object, &record, with, None).await?)
}

async fn pick(visit: &Visit, object: &Object, record: &Record) -> Outcome<Response> {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let name = crate::list::title(object, record, cx.lang());
    let title = cx.tf("merge-pick-title", &[("name", name.clone().into())]);
    let likely = crate::duplicates::of_record(visit, object, record, &cx).await?;
    let field = Field::new("with", kernel::Kind::to(object.key.clone()), kernel::label("سجل آخر تعرفه", "Another record you know of"));
    let body = html! {
        (likely)
        form class="form-card stack merge-other" method="get" {
            (ui::input::field_row(&field, &Value::Null, None, &cx))
            div { (button(cx.t("merge-compare")).submit().render()) }
        }
    };
    let back = ui::shell::back_button(&cx, &format!("/{}/{}", object.key, record.id));
    Ok(visit.page(&title, &ui::shell::simple_page(&title, &cx.t("merge-pick-text"), &back, &body)))
}

async fn show(visit: &Visit, object: &Object, one: &Record, with: Uuid, fault: Option<&Fault>) -> Outcome<Response> {
    let none = Shown::default();
    if one.id == with {
        let fault = Fault::invalid("with", "merge-itself");
        let cx = visit.cx(&none);
        let title = cx.t("merge-title");
        let body = crate::sign::loose(Some(&fault), &[], &cx);
        let mut response = visit.page(&title, &ui::shell::simple_page(&title, "", &ui::shell::back_button(&cx, &format!("/{}/{}", object.key, one.id)), &body));
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    }
    let other = visit.company.get(&visit.actor, &object.key, with).await?;
    let matched = visit.company.compare_records(&visit.actor, &object.key, one.id, other.id).await?;
    let mut conn = visit.company.db().read().await?;
    let titles = visit.company.titles_of(&mut conn, &visit.actor, &[one.clone(), other.clone()]).await?;
    drop(conn);
    let titles = Shown::of(&titles, visit.actor.lang());
    let cx = visit.cx(&titles);
    // `stay` names the one that stays; at first the one that knows more.
    let stay: Option<Uuid> = visit.param("stay").parse().ok();
    let (keep, go) = match stay {
        Some(id) if id == one.id => (one, &other),
        Some(id) if id == other.id => (&other, one),
        _ => fuller(object, one, &other),
    };
    let here = format!("/{}/{}/merge", object.key, keep.id);
    let swap = address(&format!("/{}/{}/merge", object.key, one.id), &[("with", &other.id.to_string()), ("stay", &go.id.to_string())]);
    let name = |r: &Record| crate::list::title(object, r, cx.lang());
    let fields: Vec<&Field> = object
        .fields
        .iter()
        .filter(|f| has_choice(f) && !matches!(visit.actor.mask(&object.key, &f.key), Some(Mask::Hidden)))
        .filter(|f| !keep.get(&f.key).is_blank() || !go.get(&f.key).is_blank())
        .collect();
    // To decide: what both have and have otherwise. What only one has is taken over; what nobody may write goes its own way.
    let (equal, rest): (Vec<&Field>, Vec<&Field>) = fields.into_iter().partition(|f| keep.get(&f.key) == go.get(&f.key));
    let single = |f: &&Field| keep.get(&f.key).is_blank() || go.get(&f.key).is_blank();
    let own = |f: &&Field| !f.writable() || visit.actor.mask(&object.key, &f.key).is_some();
    let (derived, rest): (Vec<&Field>, Vec<&Field>) = rest.into_iter().partition(own);
    let (alone, open): (Vec<&Field>, Vec<&Field>) = rest.into_iter().partition(single);
    let count = |key: &str, list: &[&Field]| cx.tf(key, &[("n", i64::try_from(list.len()).unwrap_or(0).into())]);
    let head = html! { thead { tr {
        td {}
        th scope="col" { span class="merge-role" { (cx.t("merge-stays")) } bdi { (name(keep)) } @let other = crate::duplicates::other_form(object, keep, cx.lang()); @if !other.is_empty() { bdi class="twins-other" { (other) } } }
        th scope="col" { span class="merge-role" { (cx.t("merge-goes")) } bdi { (name(go)) } @let other = crate::duplicates::other_form(object, go, cx.lang()); @if !other.is_empty() { bdi class="twins-other" { (other) } } }
    } } };
    let table = |list: &[&Field]| html! { table class="twins-table merge-table" { (head) tbody { @for f in list { (row(visit, object, f, keep, go, &cx)) } } } };
    let taken = |f: &Field| {
        let (a, b) = (keep.get(&f.key), go.get(&f.key));
        if usual(f, a, b) == Side::Survivor { a } else { b }.clone()
    };
    let facts = |list: &[&Field]| html! { dl class="facts" { @for f in list { div class="fact" { dt { (cx.label(&f.label)) } dd { (ui::cell::cell(f, &taken(f), &cx)) } } } } };
    let turn = || html! { span class="icon-turn" { (ui::icon::icon_sm("chevron-right")) } };
    let body = html! {
        @if let Some(f) = fault { (crate::sign::loose(Some(f), &[], &cx)) }
        div class="merge-why block twins-head" { (crate::duplicates::score(&matched, &cx)) (crate::duplicates::why(&matched, &cx)) }
        form class="form form-card merge-form" method="post" action=(here) {
            input type="hidden" name="with" value=(go.id); input type="hidden" name="rev" value=(keep.rev); input type="hidden" name="with_rev" value=(go.rev);
            @if open.is_empty() { p class="merge-agree" { (cx.t("merge-nothing-to-choose")) " " bdi class="strong" { (name(keep)) } } } @else { (table(&open)) }
            @if !alone.is_empty() { details class="section" open[alone.len() <= 4] {
                summary { (turn()) (count("merge-alone", &alone)) }
                (table(&alone))
            } }
            @if !equal.is_empty() { details class="section" { summary { (turn()) (count("merge-equal", &equal)) } (facts(&equal)) } }
            @if !derived.is_empty() { details class="section" { summary { (turn()) (count("merge-derived", &derived)) } (facts(&derived)) } }
            p class="soft small" { (cx.t("merge-text")) }
            div class="form-foot" {
                (button(cx.t("merge-do")).primary().icon("merge").submit().render())
                (button(cx.t("merge-swap")).href(swap).render())
                (button(cx.t("ui-cancel")).ghost().href(format!("/{}/{}", object.key, one.id)).render())
            }
        }
        form class="merge-not" method="post" action={ "/" (object.key) "/duplicates/decide" } {
            input type="hidden" name="a" value=(keep.id); input type="hidden" name="b" value=(go.id); input type="hidden" name="decision" value="distinct";
            (button(cx.t("duplicates-distinct")).ghost().submit().render())
        }
    };
    let title = cx.t("merge-title");
    let crumbs = ui::shell::crumbs(&cx, &[(cx.label(&object.plural).to_owned(), format!("/{}", object.key)), (name(one), format!("/{}/{}", object.key, one.id)), (title.clone(), String::new())]);
    let main = html! { div class="page" { div class="page-crumbs" { (crumbs) } (ui::shell::page_head(&title, "", &html! {})) div class="page-body" { (body) } } };
    Ok(visit.page(&title, &main))
}

/// One field: the value of each side to choose from, both where they fit together.
fn row(visit: &Visit, object: &Object, f: &Field, keep: &Record, go: &Record, cx: &ViewCx<'_>) -> Markup {
    let (a, b) = (keep.get(&f.key), go.get(&f.key));
    let side = usual(f, a, b);
    let masked = visit.actor.mask(&object.key, &f.key).is_some();
    let free = f.writable() && !masked;
    let name = format!("pick.{}", f.key);
    let one = |s: Side, v: &Value| html! { label { input type="radio" name=(name) value=(s.key()) checked[side == s] disabled[!free]; span { (ui::cell::detail(f, v, cx)) } } };
    html! { tr {
        th scope="row" { (cx.label(&f.label))
            @if can_both(f) && free && !a.is_blank() && !b.is_blank() { label class="merge-both" { input type="radio" name=(name) value=(Side::Both.key()) checked[side == Side::Both]; span { (cx.t("merge-both")) } } }
        }
        td { (one(Side::Survivor, a)) }
        td { (one(Side::Loser, b)) }
    } }
}

/// `POST /{object}/{id}/merge`
pub async fn run(visit: Visit, Path((key, id)): Path<(String, String)>, sent: Sent) -> Reply {
    let object = visit.object(&key)?;
    let id: Uuid = id.parse().map_err(|_| not_found())?;
    let with: Uuid = sent.get("with").parse().map_err(|_| not_found())?;
    let choices = sent.pairs.iter().filter_map(|(n, v)| Some((n.strip_prefix("pick.")?.to_owned(), Side::parse(v)?))).collect();
    let merge = Merge { rev: sent.rev(), loser_rev: sent.get("with_rev").parse().ok(), choices, ..Merge::new(&key, id, with) };
    let done = visit
        .company
        .transact(&visit.actor, |cx| {
            let merge = merge.clone();
            Box::pin(async move { cx.merge(merge).await })
        })
        .await;
    match done {
        Ok(done) => Ok(visit.go(&format!("/{key}/{}", done.survivor), "merge-said-merged")),
        Err(fault) if matches!(fault.kind, FaultKind::Invalid | FaultKind::Conflict) => {
            let record = visit.company.get(&visit.actor, &key, id).await?;
            let mut response = show(&visit, &object, &record, with, Some(&fault)).await?;
            *response.status_mut() = StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            Ok(response)
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /{object}/{id}/unmerge`
pub async fn undo(visit: Visit, Path((key, id)): Path<(String, String)>, sent: Sent) -> Reply {
    visit.object(&key)?;
    let id: Uuid = id.parse().map_err(|_| not_found())?;
    visit.company.get(&visit.actor, &key, id).await?;
    let merge: Uuid = sent.get("merge").parse().map_err(|_| not_found())?;
    let back = visit
        .company
        .transact(&visit.actor, |cx| {
            let key = key.clone();
            Box::pin(async move { cx.unmerge(&key, merge).await })
        })
        .await?;
    Ok(visit.go(&format!("/{key}/{back}"), "merge-said-undone"))
}

/// Merges that can be undone, at the head of the history of a record.
///
/// # Errors
/// The database.
pub async fn history(visit: &Visit, object: &Object, record: &Record) -> Outcome<Markup> {
    if !object.can(Capability::Duplicates) {
        return Ok(html! {});
    }
    let standing: Vec<_> = visit.company.merges(&visit.actor, &object.key, record.id).await?.into_iter().filter(|m| m.undone_at.is_none()).collect();
    let people = engine::load::Titles::new();
    let mut titles = Shown::of(&people, visit.actor.lang());
    let users: std::collections::BTreeSet<Uuid> = standing.iter().filter_map(|m| m.by).collect();
    let mut gone: Vec<Option<Record>> = Vec::with_capacity(standing.len());
    for m in &standing {
        gone.push(visit.company.before_merge(&visit.actor, &object.key, m.loser).await?);
    }
    let mut conn = visit.company.db().read().await?;
    let found = visit.company.titles(&mut conn, &visit.actor, &std::collections::BTreeMap::from([("user".to_owned(), users)])).await?;
    drop(conn);
    titles.add(&found, visit.actor.lang());
    let cx = visit.cx(&titles);
    let may = offered(visit, object);
    Ok(html! { @for (i, (m, was)) in standing.iter().zip(&gone).enumerate() {
        div class="merge-past block twins-head" {
            (ui::icon::icon("merge"))
            div class="merge-past-text" {
                span { (cx.t("merge-past")) @if let Some(r) = was { ": " bdi class="strong" { (crate::list::title(object, r, cx.lang())) } } }
                span class="muted small" { time datetime=(m.at) { (cx.datetime(m.at)) } @if let Some(by) = m.by { " · " bdi { (cx.title_of(by)) } } }
            }
            @if may && i == 0 {
                form method="post" action={ "/" (object.key) "/" (record.id) "/unmerge" } data-confirm=(cx.t("merge-undo-ask")) {
                    input type="hidden" name="merge" value=(m.id);
                    (button(cx.t("merge-undo")).small().icon("undo-2").submit().render())
                }
            }
        }
    } })
}

/// The record an address means: one that was merged away is the one it went into.
pub async fn meant(visit: &Visit, object: &str, id: &str) -> Outcome<Uuid> {
    let id: Uuid = id.parse().map_err(|_| Fault::not_found())?;
    Ok(visit.company.merged_into(&visit.actor, object, id).await?.unwrap_or(id))
}

/// Where a record went that was merged into another: its page answers with the way there.
pub async fn moved(visit: &Visit, object: &str, id: Uuid, fault: Fault) -> Reply {
    if fault.kind == FaultKind::NotFound
        && let Some(to) = visit.company.merged_into(&visit.actor, object, id).await?
    {
        return Ok(visit.go(&format!("/{object}/{to}"), "merge-said-moved"));
    }
    Err(fault.into())
}
