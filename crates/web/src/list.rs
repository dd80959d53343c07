//! The list of an object: conditions, sort, columns, paging, saved views, search inside, export, selection.

use crate::address::address;
use ui::conditions;
use crate::refusal::Reply;
use crate::visit::{Shown, Visit};
use axum::extract::Path;
use axum::response::Response;
use engine::views::View;
use engine::{Count, Query};
use kernel::{Capability, Expr, Fault, Field, Kind, Mask, Object, Outcome, Verb};
use maud::{Markup, Render, html};
use std::sync::Arc;
use ui::button::{button, icon_button};
use ui::cx::ViewCx;
use ui::mark::{Empty, Mood, empty, flash};
use ui::table::{Column, Pager, Row, Table, Total};
use uuid::Uuid;

/// What the address asks of a list; also of a board, a calendar, an export.
pub struct Asked {
    pub object: Arc<Object>,
    pub filter: Option<Expr>,
    /// The expression as text, canonical where it parses.
    pub q: String,
    pub search: String,
    pub sort: String,
    /// Chosen columns; empty for the object's own.
    pub columns: Vec<String>,
    pub view: Option<View>,
    pub views: Vec<View>,
    /// What was wrong with the conditions.
    pub fault: Option<Fault>,
}

impl Asked {
    /// Reads the address; a saved view fills what the address does not say.
    ///
    /// # Errors
    /// Not found; the database. Conditions that do not fit are kept in `fault` instead.
    pub async fn read(visit: &Visit, object: Arc<Object>) -> Outcome<Asked> {
        let views = visit.company.views(&visit.actor, &object.key).await?;
        let wanted = visit.param("view");
        let bare = visit.params.iter().all(|(k, _)| matches!(k.as_str(), "lang"));
        let view = if wanted == "all" || (wanted.is_empty() && !bare) {
            None
        } else if wanted.is_empty() {
            let own = views.iter().find(|v| v.is_default && v.owner == Some(visit.actor.id));
            own.or_else(|| views.iter().find(|v| v.is_default && v.shared)).cloned()
        } else {
            views.iter().find(|v| v.id.to_string() == wanted).cloned()
        };
        let given = |name: &str| visit.params.iter().any(|(k, _)| k == name);
        let config = view.as_ref().map(|v| v.config.clone()).unwrap_or_default();
        let first = |a: &'static str, b: &'static str| if visit.param(a).is_empty() { visit.param(b).to_owned() } else { visit.param(a).to_owned() };
        let raw = if given("q") || given("filter") || given("f") { first("q", "filter") } else { config.filter };
        let mut fault = None;
        let mut filter = match raw.trim() {
            "" => None,
            text => kernel::expr::check(&visit.registry, &object, text, kernel::expr::Wanted::Condition)
                .and_then(|_| Expr::parse(text))
                .map_err(|f| fault = Some(f))
                .ok(),
        };
        for row in conditions::rows(&visit.params) {
            match conditions::condition(&object, &row, &visit.ctx()) {
                Ok(Some(e)) => filter = Some(filter.map_or(e.clone(), |f| f.and(e))),
                Ok(None) => {}
                Err(f) => fault = Some(f),
            }
        }
        let q = filter.as_ref().map_or(raw, ToString::to_string);
        let columns = match visit.param("columns") {
            "" if given("columns") => Vec::new(),
            "" => config.columns,
            text => text.split(',').map(str::to_owned).collect(),
        };
        let sort = if given("sort") { visit.param("sort").to_owned() } else { config.sort };
        Ok(Asked { filter, q, search: visit.param("search").trim().to_owned(), sort, columns, view, views, fault, object })
    }

    pub fn query(&self) -> Query {
        let mut query = Query::new(self.object.key.clone()).sort(&self.sort);
        query.filter.clone_from(&self.filter);
        query.search = (!self.search.is_empty()).then(|| self.search.clone());
        query
    }

    /// The fields shown, those withheld from the reader left out; the title always first.
    pub fn fields<'a>(&self, visit: &Visit, object: &'a Object) -> Vec<&'a Field> {
        let shown = |f: &&Field| visit.actor.mask(&object.key, &f.key) != Some(Mask::Hidden);
        let chosen: Vec<&Field> = self.columns.iter().filter_map(|k| object.get(k)).filter(shown).filter(|f| f.key != object.title).collect();
        if chosen.is_empty() {
            return object.list_fields().into_iter().filter(shown).collect();
        }
        object.title_field().into_iter().chain(chosen).collect()
    }

    /// The address of the same list with some parts changed. Paging starts over unless a cursor is among the changes.
    pub fn url(&self, changes: &[(&str, &str)]) -> String {
        self.url_at("", changes)
    }
    /// As [`Asked::url`] on another page of the object: `/board`, `/export`.
    pub fn url_at(&self, page: &str, changes: &[(&str, &str)]) -> String {
        let columns = self.columns.join(",");
        let view = self.view.as_ref().map(|v| v.id.to_string()).unwrap_or_default();
        let now = [("view", view.as_str()), ("q", self.q.as_str()), ("search", self.search.as_str()), ("sort", self.sort.as_str()), ("columns", columns.as_str())];
        let mut pairs: Vec<(&str, &str)> = now.iter().filter(|(k, _)| !changes.iter().any(|(c, _)| c == k)).copied().collect();
        pairs.extend(changes);
        let path = format!("/{}{page}", self.object.key);
        let url = address(&path, &pairs);
        // A condition or view that was taken off must stay off, though a default view would come back by itself.
        if url == path && self.views.iter().any(|v| v.is_default) { format!("{path}?view=all") } else { url }
    }
    /// The parts other forms have to carry along.
    pub fn keep(&self) -> Vec<(&str, String)> {
        let view = self.view.as_ref().map(|v| v.id.to_string()).unwrap_or_default();
        let all = [("view", view), ("sort", self.sort.clone()), ("columns", self.columns.join(","))];
        all.into_iter().filter(|(_, v)| !v.is_empty()).collect()
    }
}

/// `GET /{object}`
pub async fn list(visit: Visit, Path(key): Path<String>) -> Reply {
    let object = visit.object(&key)?;
    let asked = Asked::read(&visit, object).await?;
    if let Some(layout) = asked.view.as_ref().map(|v| v.config.layout.as_str()).filter(|l| visit.param("layout").is_empty() && matches!(*l, "board" | "calendar"))
        && (asked.object.stage.is_some() || layout == "calendar")
        && (asked.object.calendar.is_some() || layout == "board")
    {
        return Ok(visit.go(&asked.url_at(&format!("/{layout}"), &[]), ""));
    }
    Ok(show(&visit, asked).await?)
}

async fn show(visit: &Visit, mut asked: Asked) -> Outcome<Response> {
    let object = asked.object.clone();
    let fields = asked.fields(visit, &object);
    let mut query = asked.query();
    query.fields = fields.iter().map(|f| f.key.clone()).collect();
    query.count = if visit.param("count") == "exact" { Count::Exact } else { Count::Estimate };
    query.limit = visit.param("limit").parse().unwrap_or(50).clamp(1, 200);
    query.after = Some(visit.param("after")).filter(|c| !c.is_empty()).map(str::to_owned);
    query.before = Some(visit.param("before")).filter(|c| !c.is_empty()).map(str::to_owned);
    let mut status = None;
    let listing = if asked.fault.is_some() {
        engine::Listing::default()
    } else {
        match visit.company.list(&visit.actor, &query).await {
            Ok(l) => l,
            Err(f) if f.kind == kernel::FaultKind::Invalid => {
                asked.fault = Some(f);
                engine::Listing::default()
            }
            Err(f) => return Err(f),
        }
    };
    if asked.fault.is_some() {
        status = Some(axum::http::StatusCode::UNPROCESSABLE_ENTITY);
    }
    let lang = visit.actor.lang();
    let mut titles = Shown::of(&listing.titles, lang);
    titles.add(&named(visit, &asked).await?, lang);
    let cx = visit.cx(&titles);

    let editable = visit.actor.may(&object, &Verb::Update);
    let sums = totals(visit, &asked, &fields, listing.count).await?;
    let columns: Vec<Column<'_>> = fields
        .iter()
        .map(|f| Column {
            field: f,
            editable: editable && visit.actor.policy.writes(&object.key, &f.key),
            total: sums.iter().find(|(k, _)| *k == f.key).map(|(_, v)| ui::cell::plain(&f.kind, v, &cx)),
        })
        .collect();
    let names: Vec<String> = listing.records.iter().map(|r| title(&object, r, lang)).collect();
    let rows: Vec<Row<'_>> = listing.records.iter().zip(&names).map(|(record, title)| Row { record, title, group: None }).collect();
    let sort_url = |key: &str| asked.url(&[("sort", key)]);
    let sort = if asked.sort.is_empty() { object.sort.clone() } else { asked.sort.clone() };
    let table = Table {
        object: &object,
        columns: &columns,
        rows: &rows,
        sort: sort.split(',').next().unwrap_or_default(),
        selectable: true,
        sort_url: &sort_url,
    };
    let total = listing.count.map_or(Total::Unknown, |c| if c.exact { Total::Exact(c.n) } else { Total::About(c.n) });
    let body = html! {
        @if let Some(f) = &asked.fault { (flash(Mood::Bad, &html! { @for i in &f.issues { p { (cx.issue(i)) } } })) }
        @if rows.is_empty() && asked.fault.is_none() { (nothing(visit, &asked, &cx)) }
        @else if !rows.is_empty() { (ui::table::table(&table, &cx)) }
        @if !rows.is_empty() {
            (pager(visit, &asked, &listing, total, &cx))
            (mass(visit, &asked, &cx))
        }
    };
    let region = html! { div id="list" class="page page-fixed" {
        (head(visit, &asked, total, &cx))
        (tools(visit, &asked, &cx))
        (body)
        (crate::views::save_dialog(visit, &asked, &cx))
        (crate::mass::dialogs(visit, &object, &cx))
    } };
    let mut response = if visit.scripted && !visit.param("piece").is_empty() {
        visit.piece(region)
    } else {
        visit.page_live(object.plural.get(lang), &object.key, &region)
    };
    if let Some(s) = status {
        *response.status_mut() = s;
    }
    Ok(response)
}

/// The title of a record in the reader's language; what kind of thing it is where it has none yet (a draft without number).
pub fn title(object: &Object, record: &kernel::Record, lang: &str) -> String {
    let name = engine::load::title_of(object, record);
    let title = name.get(lang);
    if title.is_empty() { object.label.get(lang).to_owned() } else { title.to_owned() }
}

/// Titles of the records that the conditions name.
pub async fn named(visit: &Visit, asked: &Asked) -> Outcome<engine::load::Titles> {
    let Some(filter) = &asked.filter else { return Ok(engine::load::Titles::default()) };
    let wanted = conditions::named_records(&visit.registry, &asked.object, filter);
    if wanted.is_empty() {
        return Ok(engine::load::Titles::default());
    }
    let mut conn = visit.company.db().read().await?;
    visit.company.titles(&mut conn, &visit.actor, &wanted).await
}

/// Sums of the amounts below a list, where it is small enough to sum at once and has one currency.
async fn totals(visit: &Visit, asked: &Asked, fields: &[&Field], count: Option<engine::Counted>) -> Outcome<Vec<(String, kernel::Value)>> {
    let small = count.is_some_and(|c| c.exact && c.n > 1 && c.n <= 5_000);
    let narrowed = asked.filter.is_some() || !asked.search.is_empty();
    if !small || !narrowed {
        return Ok(Vec::new());
    }
    crate::sums::sums(visit, &asked.query(), fields).await
}

fn head(visit: &Visit, asked: &Asked, total: Total, cx: &ViewCx<'_>) -> Markup {
    let o = &asked.object;
    let actions = html! {
        (layouts(asked, "list", cx))
        (more_menu(visit, o, cx))
        @if visit.actor.may(o, &Verb::Create) {
            (button(cx.tf("web-new", &[("object", cx.label(&o.label).into())])).icon("plus").primary().href(format!("/{}/new", o.key)).attr("data-create", ""))
        }
    };
    ui::shell::page_head(cx.label(&o.plural), &total.shown(cx), &actions)
}

/// The switch between list, board and calendar, where the object has them.
pub fn layouts(asked: &Asked, now: &str, cx: &ViewCx<'_>) -> Markup {
    let o = &asked.object;
    let mut items = vec![("list", "ui-layout-list", asked.url(&[("layout", "list")]), now == "list")];
    if o.stage.is_some() {
        items.push(("square-kanban", "ui-layout-board", asked.url_at("/board", &[]), now == "board"));
    }
    if o.calendar.is_some() {
        items.push(("calendar-days", "ui-layout-calendar", asked.url_at("/calendar", &[]), now == "calendar"));
    }
    html! { @if items.len() > 1 { (ui::filter::layout_switch(&items, cx)) } }
}

fn more_menu(visit: &Visit, o: &Object, cx: &ViewCx<'_>) -> Markup {
    let import = o.can(Capability::Import) && visit.actor.may(o, &Verb::Import);
    let likely = o.can(Capability::Duplicates) && visit.actor.may(o, &Verb::Update);
    let trash = o.can(Capability::Trash) && visit.actor.may(o, &Verb::Delete);
    let items = html! {
        @if import { (ui::overlay::MenuItem::link("upload", cx.t("web-import"), format!("/{}/import", o.key)).render()) }
        @if likely { (ui::overlay::MenuItem::link("merge", cx.t("duplicates-menu"), format!("/{}/duplicates", o.key)).render()) }
        @if trash { (ui::overlay::MenuItem::link("trash-2", cx.t("web-trash"), format!("/{}/trash", o.key)).render()) }
    };
    html! { @if import || trash || likely {
        (icon_button("ellipsis", cx.t("ui-more")).opens("list-more"))
        (ui::overlay::menu_end("list-more", &items))
    } }
}

/// Views, find box, conditions, builder, export, columns.
pub fn tools(visit: &Visit, asked: &Asked, cx: &ViewCx<'_>) -> Markup {
    let o = &asked.object;
    let keep = asked.keep();
    let keep: Vec<(&str, &str)> = keep.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let list = format!("/{}", o.key);
    let mut find_keep = keep.clone();
    if !asked.q.is_empty() {
        find_keep.push(("q", &asked.q));
    }
    let mut build_keep = keep.clone();
    if !asked.search.is_empty() {
        build_keep.push(("search", &asked.search));
    }
    let fields: Vec<&Field> = o.all_fields().filter(|f| f.key != "rev" && visit.actor.sees(&o.key, &f.key)).collect();
    let shown = asked.fields(visit, o);
    let offered: Vec<(&Field, bool)> = {
        let rest = o.all_fields().filter(|f| visit.actor.mask(&o.key, &f.key) != Some(Mask::Hidden) && !shown.iter().any(|s| s.key == f.key));
        let rest = rest.filter(|f| !matches!(f.kind, Kind::Json | Kind::File)).map(|f| (f, false));
        shown.iter().skip(1).map(|f| (*f, true)).chain(rest).collect()
    };
    let end = html! {
        @if o.can(Capability::Export) && visit.actor.may(o, &Verb::Export) {
            (ui::table::export_menu("export-menu", &asked.url_at("/export", &[("format", "csv")]), &asked.url_at("/export", &[("format", "xlsx")]), cx))
        }
        (ui::table::column_picker("column-menu", &asked.url_at("/columns", &[]), &offered, cx))
    };
    html! {
        (crate::views::tabs(asked, cx))
        (ui::filter::toolbar(
            &ui::filter::quick_find(&list, &asked.search, &find_keep, cx),
            &chips(visit, asked, cx),
            &ui::filter::filter_builder("filter-builder", &list, &fields, &asked.q, &build_keep, cx),
            &end,
            cx,
        ))
    }
}

/// One chip per condition, each with the address of the list without it.
pub fn chips(visit: &Visit, asked: &Asked, cx: &ViewCx<'_>) -> Vec<ui::filter::FilterChip> {
    let Some(filter) = &asked.filter else { return Vec::new() };
    let parts = conditions::conjuncts(filter);
    parts
        .iter()
        .enumerate()
        .map(|(i, e)| {
            let (field, op, value) = conditions::words(&visit.registry, &asked.object, e, cx);
            let rest = conditions::without(&parts, i);
            // A view's own condition can only be taken off by leaving the view.
            let url = if rest.is_empty() { asked.url(&[("q", ""), ("view", if asked.view.is_some() { "all" } else { "" })]) } else { asked.url(&[("q", &rest)]) };
            ui::filter::FilterChip { field, op, value, without: url }
        })
        .collect()
}

fn nothing(visit: &Visit, asked: &Asked, cx: &ViewCx<'_>) -> Markup {
    let o = &asked.object;
    let plural = cx.label(&o.plural);
    if asked.filter.is_some() || !asked.search.is_empty() || !visit.param("after").is_empty() {
        let all = button(cx.t("ui-clear-all")).href(format!("/{}?view=all", o.key)).render();
        return empty(Empty::Search, &cx.t("web-none-match"), &cx.t("web-none-match-text"), &all);
    }
    let actions = html! {
        @if visit.actor.may(o, &Verb::Create) { (button(cx.tf("web-new", &[("object", cx.label(&o.label).into())])).icon("plus").primary().href(format!("/{}/new", o.key))) }
        @if o.can(Capability::Import) && visit.actor.may(o, &Verb::Import) { (button(cx.t("web-import")).icon("upload").href(format!("/{}/import", o.key))) }
    };
    empty(Empty::List, &cx.tf("web-empty-list", &[("objects", plural.into())]), &cx.t("web-empty-list-text"), &actions)
}

fn pager(visit: &Visit, asked: &Asked, listing: &engine::Listing, total: Total, cx: &ViewCx<'_>) -> Markup {
    let shown = i64::try_from(listing.records.len()).unwrap_or_default();
    let at: Option<i64> = visit.param("at").parse().ok().filter(|n| *n > 0);
    let paging = !visit.param("after").is_empty() || !visit.param("before").is_empty();
    let first = if paging { at } else { Some(1) };
    let next_at = first.map(|f| (f + shown).to_string()).unwrap_or_default();
    let prev_at = first.map(|f| (f - 50).max(1).to_string()).unwrap_or_default();
    let next = listing.next.as_ref().map(|c| asked.url(&[("after", c), ("at", &next_at)]));
    let previous = listing.prev.as_ref().map(|c| asked.url(&[("before", c), ("at", &prev_at)]));
    let exact = match total {
        Total::About(_) => Some(asked.url(&[("after", visit.param("after")), ("before", visit.param("before")), ("at", visit.param("at")), ("count", "exact")])),
        _ => None,
    };
    let pager = Pager { first, shown, total, previous: previous.as_deref(), next: next.as_deref(), count_href: exact.as_deref() };
    ui::table::pager(&pager, cx)
}

fn mass(visit: &Visit, asked: &Asked, cx: &ViewCx<'_>) -> Markup {
    let o = &asked.object;
    let base = format!("/{}/mass", o.key);
    let actions = html! {
        input type="hidden" name="back" value=(visit.path);
        @if visit.actor.may(o, &Verb::Update) { (button(cx.t("web-mass-edit")).icon("pencil").small().opens_dialog("mass-edit")) }
        @if o.can(Capability::Export) && visit.actor.may(o, &Verb::Export) {
            (button("CSV").icon("download").small().submit().attr("formaction", format!("{base}/export?format=csv")))
            (button("Excel").icon("sheet").small().submit().attr("formaction", format!("{base}/export?format=xlsx")))
        }
        @if crate::merging::offered(visit, o) { (button(cx.t("merge-do")).icon("merge").small().submit().attr("formaction", format!("{base}/merge"))) }
        @if visit.actor.may(o, &Verb::Delete) { (button(cx.t("delete")).icon("trash-2").small().danger().opens_dialog("mass-delete")) }
    };
    ui::table::mass_bar(&format!("{base}/delete"), &actions, cx)
}

/// The records ticked in a list.
pub fn ticked(sent: &crate::sent::Sent) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = sent.all("id").filter_map(|v| v.parse().ok()).collect();
    ids.dedup();
    ids.truncate(500);
    ids
}
