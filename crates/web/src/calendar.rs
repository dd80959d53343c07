//! The calendar of an object with a date: a month of the reader's own calendar.

use crate::list::{Asked, layouts, named, title, tools};
use crate::refusal::Reply;
use crate::visit::{Shown, Visit};
use axum::extract::Path;
use engine::{Count, Query};
use jiff::civil::Date;
use kernel::kind::Tone;
use kernel::{Expr, Fault, Kind, Value, Verb};
use maud::{Render, html};
use ui::button::button;
use ui::month::{Entry, month, month_range};

/// `GET /{object}/calendar?day=YYYY-MM-DD`
pub async fn page(visit: Visit, Path(key): Path<String>) -> Reply {
    let object = visit.object(&key)?;
    let field = object.calendar.as_deref().and_then(|c| object.get(c)).filter(|f| visit.actor.sees(&key, &f.key)).ok_or_else(Fault::not_found)?;
    let asked = Asked::read(&visit, object.clone()).await?;
    if let Some(fault) = &asked.fault {
        return Err(fault.clone().into());
    }
    let lang = visit.actor.lang();
    let mut titles = Shown::default();
    titles.add(&named(&visit, &asked).await?, lang);
    let cx = visit.cx(&titles);
    let day: Date = visit.param("day").parse().unwrap_or_else(|_| cx.today());
    let (from, to) = month_range(day, &cx);
    let path = || Expr::path(&field.key);
    let within = path().cmp(kernel::expr::Op::Ge, Expr::lit(from)).and(path().cmp(kernel::expr::Op::Le, Expr::lit(to)));
    let query = asked.query().filter(within).sort(&field.key).limit(500);
    let tone_field = object.stage.as_deref().and_then(|s| object.get(s)).filter(|f| visit.actor.sees(&key, &f.key));
    let query = Query {
        count: Count::None,
        fields: [Some(&object.title), Some(&field.key), tone_field.map(|f| &f.key)].into_iter().flatten().cloned().collect(),
        ..query
    };
    let listing = visit.company.list(&visit.actor, &query).await?;
    let entries: Vec<Entry> = listing
        .records
        .iter()
        .filter_map(|r| {
            let day = match (field.kind.stored(), r.get(&field.key)) {
                (_, Value::Date(d)) => *d,
                (Kind::DateTime, Value::DateTime(t)) => cx.civil(*t),
                _ => return None,
            };
            let tone = tone_field.and_then(|f| f.kind.options().iter().find(|o| r.get(&f.key).text() == Some(&o.key))).map_or(Tone::Info, |o| o.tone);
            Some(Entry { day, title: title(&object, r, lang), href: cx.record_url(&key, r.id), tone })
        })
        .collect();
    let url = |d: Date| asked.url_at("/calendar", &[("day", &d.to_string())]);
    let actions = html! {
        (layouts(&asked, "calendar", &cx))
        @if visit.actor.may(&object, &Verb::Create) { (button(cx.tf("web-new", &[("object", cx.label(&object.label).into())])).icon("plus").primary().href(format!("/{key}/new")).attr("data-create", "").render()) }
    };
    let main = html! { div id="list" class="page" {
        (ui::shell::page_head(cx.label(&object.plural), "", &actions))
        (tools(&visit, &asked, &cx))
        (month(day, &entries, &url, &cx))
        (crate::views::save_dialog(&visit, &asked, &cx))
    } };
    Ok(visit.page_live(object.plural.get(lang), &key, &main))
}
