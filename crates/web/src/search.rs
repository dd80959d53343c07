//! Finding: the search page, the command palette, lookups of forms.

use crate::address::address;
use crate::refusal::Reply;
use crate::visit::{Shown, Visit};
use axum::extract::Path;
use axum::response::IntoResponse;
use engine::search::{Hit, subtitle};
use kernel::{Outcome, Verb};
use maud::{Markup, Render, html};
use ui::button::button;
use ui::cx::ViewCx;
use ui::mark::{Empty, empty};
use ui::overlay::{LookupItem, PaletteItem, lookup_results, palette_results};

/// What a hit says beside its title.
fn hint(visit: &Visit, hit: &Hit, cx: &ViewCx<'_>) -> String {
    let Some(object) = visit.registry.find(&hit.object) else { return String::new() };
    let facts: Vec<String> = subtitle(object, &hit.record)
        .iter()
        .filter(|(key, _)| visit.actor.sees(&hit.object, key))
        .filter_map(|(key, value)| Some(ui::cell::plain(&object.get(key)?.kind, value, cx)))
        .collect();
    facts.join(" · ")
}

fn name(hit: &Hit, cx: &ViewCx<'_>) -> String {
    let title = hit.title.get(cx.lang());
    if title.is_empty() { "—".to_owned() } else { title.to_owned() }
}

/// Pages and commands whose name holds the words; all of them when nothing was typed.
fn commands(visit: &Visit, words: &str, cx: &ViewCx<'_>) -> (Vec<PaletteItem>, Vec<PaletteItem>) {
    let (nav, create, account) = crate::menu::menus(visit);
    let folded = text::fold::fold(words);
    let fits = |label: &kernel::Label| folded.is_empty() || [&label.ar, &label.en].iter().any(|l| text::fold::fold(l).contains(&folded));
    let item = |i: &ui::NavItem, hint: String| PaletteItem { icon: i.icon.clone(), title: cx.label(&i.label).to_owned(), hint, href: i.href.clone() };
    let pages: Vec<PaletteItem> = nav
        .iter()
        .flat_map(|g| g.items.iter().map(move |i| (g, i)))
        .filter(|(_, i)| fits(&i.label))
        .map(|(g, i)| item(i, cx.label(&g.label).to_owned()))
        .chain(account.iter().filter(|i| fits(&i.label)).map(|i| item(i, String::new())))
        .collect();
    let new = cx.t("create");
    let makes = create.iter().filter(|i| fits(&i.label) || (!folded.is_empty() && text::fold::fold(&new).contains(&folded)));
    let makes = makes.map(|i| PaletteItem { icon: "plus".into(), title: cx.tf("web-new", &[("object", cx.label(&i.label).into())]), ..item(i, String::new()) }).collect();
    (pages, makes)
}

/// `GET /-/palette?q=`: records, pages, commands.
pub async fn palette(visit: Visit) -> Reply {
    let words = visit.param("q").trim().to_owned();
    let hits = visit.company.search(&visit.actor, &words, None, 5).await?;
    let none = Shown::default();
    let cx = visit.cx(&none);
    let records: Vec<PaletteItem> = hits
        .iter()
        .take(12)
        .map(|h| {
            let object = visit.registry.find(&h.object);
            let what = object.map(|o| cx.label(&o.label).to_owned()).unwrap_or_default();
            let facts = hint(&visit, h, &cx);
            PaletteItem {
                icon: object.map_or_else(|| "box".into(), |o| o.icon.clone()),
                title: name(h, &cx),
                hint: if facts.is_empty() { what } else { format!("{what} · {facts}") },
                href: cx.record_url(&h.object, h.id),
            }
        })
        .collect();
    let (pages, makes) = commands(&visit, &words, &cx);
    let mut groups = vec![(cx.t("web-found-records"), records), (cx.t("web-found-pages"), pages), (cx.t("web-found-commands"), makes)];
    if !words.is_empty() {
        let all = PaletteItem { icon: "search".into(), title: cx.tf("web-search-for", &[("words", words.as_str().into())]), hint: String::new(), href: address("/search", &[("q", &words)]) };
        groups.push((cx.t("search"), vec![all]));
    }
    Ok(visit.piece(palette_results(&cx, &groups)))
}

/// `GET /-/lookup/{object}?q=`
pub async fn lookup(visit: Visit, Path(key): Path<String>) -> Reply {
    let object = visit.object(&key)?;
    let words = visit.param("q").trim().to_owned();
    let hits = visit.company.lookup(&visit.actor, &key, &words, 12).await?;
    let none = Shown::default();
    let cx = visit.cx(&none);
    let items: Vec<LookupItem> = hits.iter().map(|h| LookupItem { id: h.id.to_string(), title: name(h, &cx), hint: hint(&visit, h, &cx) }).collect();
    let create = visit.actor.may(&object, &Verb::Create).then(|| address(&format!("/{key}/new"), &[(object.title.as_str(), &words)]));
    Ok(visit.piece(lookup_results(&cx, &items, create.as_deref())))
}

/// `GET /search?q=` (also `/-/search`): hits by object, best first.
pub async fn page(visit: Visit) -> Reply {
    let words = visit.param("q").trim().to_owned();
    let only = Some(visit.param("object")).filter(|o| !o.is_empty());
    if let Some(key) = only {
        visit.object(key)?;
    }
    let hits = visit.company.search(&visit.actor, &words, only, if only.is_some() { 100 } else { 8 }).await?;
    let none = Shown::default();
    let cx = visit.cx(&none);
    let title = cx.t("search");
    let form = html! {
        form class="search-page" method="get" action="/search" role="search" {
            input class="input" type="search" name="q" value=(words) dir="auto" autofocus placeholder=(cx.t("ui-search-all")) aria-label=(cx.t("ui-search-all"));
            (button(cx.t("search")).primary().submit().render())
        }
    };
    let mut order: Vec<&str> = Vec::new();
    for h in &hits {
        if !order.contains(&h.object.as_str()) {
            order.push(&h.object);
        }
    }
    let body: Markup = html! {
        (form)
        @if hits.is_empty() && !words.is_empty() { (empty(Empty::Search, &cx.t("no-results"), &cx.t("web-search-hint"), &html! {})) }
        @for key in order { (group(&visit, key, &hits, &words, only.is_none(), &cx)?) }
    };
    Ok(visit.page(&title, &ui::shell::simple_page(&title, "", &html! {}, &body)))
}

fn group(visit: &Visit, key: &str, hits: &[Hit], words: &str, more: bool, cx: &ViewCx<'_>) -> Outcome<Markup> {
    let object = visit.registry.object(key)?;
    let own: Vec<&Hit> = hits.iter().filter(|h| h.object == key).collect();
    let all = html! { @if more && own.len() >= 8 { a class="small" href=(address("/search", &[("q", words), ("object", key)])) { (cx.t("show-all")) } } };
    let body = html! { ul class="hits" { @for h in &own {
        li { a href=(cx.record_url(key, h.id)) { (ui::icon(&object.icon)) bdi class="strong" { (name(h, cx)) } span class="muted small clip" { bdi { (hint(visit, h, cx)) } } } }
    } } };
    Ok(ui::record::block(cx.label(&object.plural), Some(&cx.num(own.len() as i64)), &all, &body))
}

/// `GET /-/names?ar=…` or `?latin=…`: the other spelling of a name, as a proposal.
pub async fn names(visit: Visit) -> Reply {
    let part = |name: &str| visit.param(name).chars().take(200).collect::<String>();
    let (ar, latin) = (part("ar"), part("latin"));
    let proposed = if ar.is_empty() { text::person::to_arabic(&latin) } else { text::name::transliterate(&ar) };
    Ok(axum::Json(serde_json::json!({ "proposed": proposed })).into_response())
}
