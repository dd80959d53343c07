//! The lists on a record page: for each reference that points here, the latest records, how many, and their sum.

use crate::address::address;
use crate::list::title;
use crate::visit::{Shown, Visit};
use engine::{Count, Query};
use kernel::{Agg, Expr, Field, Kind, Object, Outcome, Record, Value, Verb};
use maud::{Markup, Render, html};
use ui::button::button;
use ui::cx::ViewCx;
use ui::table::{Row, related_table};

/// How many rows stand on the record page.
const SHOWN: usize = 6;

/// The condition «points here».
fn points_here(via: &Field, record: &Record) -> Expr {
    let path = Expr::path(&via.key);
    if matches!(via.kind, Kind::Refs { .. }) { Expr::Call("has".into(), vec![path, Expr::lit(record.id)]) } else { path.eq(Expr::lit(record.id)) }
}

/// All lists that are not empty, or whose records are part of this one.
///
/// # Errors
/// The database.
pub async fn blocks(visit: &Visit, object: &Object, record: &Record, cx: &ViewCx<'_>) -> Outcome<Markup> {
    let mut out = Vec::new();
    let registry = visit.registry.clone();
    let parts = crate::parts::of(visit, object, false);
    let edited = visit.param("rows");
    let mut empty = Vec::new();
    for (child, via) in registry.children(&object.key) {
        if via.unlisted || !visit.actor.may(child, &Verb::Read) || !visit.actor.sees(&child.key, &via.key) {
            continue;
        }
        let Some(list) = parts.iter().find(|l| l.child.key == child.key && l.via.key == via.key) else {
            out.extend(block(visit, child, via, record, None, cx).await?);
            continue;
        };
        let open = crate::parts::writable(visit, list);
        if open && edited == list.key {
            out.push(crate::parts::editor(visit, list, record, None).await?);
            continue;
        }
        let edit = open.then(|| format!("/{}/{}?rows={}#rows-{}", object.key, record.id, list.key, list.key));
        match (block(visit, child, via, record, Some(edit.as_deref()), cx).await?, edit) {
            (Some(shown), _) => out.push(html! { div id={ "rows-" (list.key) } { (shown) } }),
            (None, Some(edit)) => empty.push((cx.label(via.reverse_heading(&child.plural)).to_owned(), edit)),
            (None, None) => {}
        }
    }
    Ok(html! {
        @for b in &out { (b) }
        // Lists with nothing in them yet take one line together.
        @if !empty.is_empty() { div class="parts-empty cluster" { @for (name, href) in &empty { (button(name).icon("plus").small().ghost().href(href.clone()).render()) } } }
    })
}

/// The amount whose sum means something: the one that a roll-up of this object sums (a sum of unit prices says nothing).
fn summed<'a>(visit: &Visit, child: &'a Object, via: &Field, here: &str) -> Option<&'a Field> {
    let of_these = |f: &Field| match &f.kind {
        Kind::Rollup { object, via: reference, agg: Agg::Sum, field: Some(key), .. } if *object == child.key && *reference == via.key => Some(key.clone()),
        _ => None,
    };
    let key = visit.registry.find(here)?.fields.iter().find_map(of_these)?;
    child.get(&key).filter(|f| matches!(f.kind.stored(), Kind::Money))
}

/// `part`: the records are parts of this one; inside it where they are edited, if the reader may.
async fn block(visit: &Visit, child: &Object, via: &Field, record: &Record, part: Option<Option<&str>>, cx: &ViewCx<'_>) -> Outcome<Option<Markup>> {
    let filter = points_here(via, record);
    let fields: Vec<&Field> = child.list_fields().into_iter().filter(|f| f.key != via.key && visit.actor.sees(&child.key, &f.key)).take(6).collect();
    let mut query = Query::new(child.key.clone()).filter(filter.clone()).limit(SHOWN);
    query.fields = fields.iter().map(|f| f.key.clone()).collect();
    query.count = Count::Estimate;
    let listing = visit.company.list(&visit.actor, &query).await?;
    let add = visit.actor.may(child, &Verb::Create) && visit.actor.policy.writes(&child.key, &via.key) && via.writable();
    let add = add && part.is_none();
    if listing.records.is_empty() && !(via.cascade && add) {
        return Ok(None);
    }
    let lang = visit.actor.lang();
    let titles = Shown::of(&listing.titles, lang);
    let inner = visit.cx(&titles);
    let names: Vec<String> = listing.records.iter().map(|r| title(child, r, lang)).collect();
    let rows: Vec<Row<'_>> = listing.records.iter().zip(&names).map(|(record, title)| Row { record, title, group: None }).collect();
    let counted = listing.count.map(|c| if c.exact { cx.num(c.n) } else { cx.tf("ui-about", &[("n", cx.num(c.n).into())]) });
    let small = listing.count.is_some_and(|c| c.exact && c.n > 1);
    let amount = summed(visit, child, via, &record.object).filter(|f| visit.actor.sees(&child.key, &f.key));
    let sum = match amount {
        Some(f) if small => crate::sums::sums(visit, &Query::new(child.key.clone()).filter(filter.clone()), &[f]).await?.into_iter().next(),
        _ => None,
    };
    let all = address(&format!("/{}", child.key), &[("q", &filter.to_string())]);
    let new = address(&format!("/{}/new", child.key), &[(via.key.as_str(), &record.id.to_string())]);
    let controls = html! {
        @if let (Some((_, value)), Some(f)) = (&sum, amount) { @if !matches!(value, Value::Null) { span class="block-sum" { span class="muted small" { (cx.label(&f.label)) } " " span class="fig strong" { (ui::cell::plain(&f.kind, value, cx)) } } } }
        @if !rows.is_empty() { a class="small" href=(all) { (cx.t("show-all")) } }
        @if let Some(Some(edit)) = part { (button(cx.t("edit")).icon("pencil").small().href(edit.to_owned()).render()) }
        @if add { (button(cx.t("add")).icon("plus").small().href(new).render()) }
    };
    let body = if rows.is_empty() { html! { div class="block-body" { p class="muted" { (cx.t("web-none-yet")) } } } } else { related_table(child, &fields, &rows, &inner) };
    let heading = cx.label(via.reverse_heading(&child.plural));
    Ok(Some(ui::record::block(heading, counted.as_deref().filter(|_| !rows.is_empty()), &controls, &body)))
}
