//! The tab with the history of a record: every change with its values before and after.

use crate::happening::changes;
use crate::visit::{Shown, Visit};
use kernel::{Field, Object, Outcome, Record, Value};
use maud::{Markup, html};
use std::collections::BTreeMap;
use ui::timeline::{Happening, diff, timeline};
use uuid::Uuid;

/// The tab with every change, before and after.
///
/// # Errors
/// The database.
pub async fn history(visit: &Visit, object: &Object, record: &Record) -> Outcome<Markup> {
    let entries = visit.company.history(&visit.actor, &object.key, record.id, 100).await?;
    let all: Vec<(usize, Vec<(Field, Value, Value)>)> = entries.iter().enumerate().map(|(i, e)| (i, changes(visit, object, &e.changes))).collect();
    let mut sides = Vec::new();
    let mut people: BTreeMap<String, std::collections::BTreeSet<Uuid>> = BTreeMap::new();
    people.insert("user".into(), entries.iter().filter_map(|e| e.actor).collect());
    for (_, list) in &all {
        for (f, a, b) in list {
            for v in [a, b] {
                sides.push(Record::new(object.key.clone(), record.id).with(f.key.clone(), v.clone()));
            }
        }
    }
    let mut conn = visit.company.db().read().await?;
    let mut titles = visit.company.titles_of(&mut conn, &visit.actor, &sides).await?;
    titles.extend(visit.company.titles(&mut conn, &visit.actor, &people).await?);
    drop(conn);
    let titles = Shown::of(&titles, visit.actor.lang());
    let cx = visit.cx(&titles);
    let items: Vec<Happening> = entries
        .iter()
        .zip(&all)
        .map(|(e, (_, list))| {
            let who = e.actor.map(|id| cx.title_of(id).to_owned()).filter(|n| !n.is_empty()).unwrap_or_else(|| cx.t("web-system"));
            let (icon, hue, word) = match e.verb.as_str() {
                "created" => ("plus", "teal", "web-did-create"),
                "deleted" => ("trash-2", "red", "web-did-delete"),
                "restored" => ("rotate-ccw", "green", "web-did-restore"),
                "purged" => ("trash-2", "red", "web-did-purge"),
                "merged" => ("merge", "blue", "merge-did"),
                "merged_away" => ("merge", "blue", "merge-did-away"),
                "unmerged" | "separated" => ("undo-2", "blue", "merge-did-undo"),
                _ => ("pencil", "grey", "web-did-change"),
            };
            let refs: Vec<(&Field, Value, Value)> = list.iter().map(|(f, a, b)| (f, a.clone(), b.clone())).collect();
            let line = html! {
                bdi class="strong" { (who) } " " (cx.t(word))
                " " span class="muted small" { (cx.tf("web-revision", &[("n", cx.num(e.rev).into())])) @if !e.cause.is_empty() && !e.cause.starts_with("merge ") && !e.cause.starts_with("unmerge ") { " · " span class="ltr" { (e.cause) } } }
            };
            Happening::new(e.at, icon, hue, line).detail((!refs.is_empty()).then(|| diff(&refs, &cx)))
        })
        .collect();
    let merges = crate::merging::history(visit, object, record).await?;
    Ok(html! { (merges) (ui::record::padded_block(&cx.t("web-tab-history"), None, &html! {}, &timeline(&items, None, &cx))) })
}
