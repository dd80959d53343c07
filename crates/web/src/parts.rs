//! Records that are parts of another, edited on its page and in its form: every row of a list with one press, all or none.
//!
//! `GET /{object}/{id}?rows={list}` shows the list for editing, `POST /{object}/{id}/rows/{list}` saves it. The form of the
//! record itself sends the same rows along.

use crate::refusal::{Reply, not_found};
use crate::sent::Sent;
use crate::visit::{Shown, Visit};
use axum::extract::Path;
use axum::http::StatusCode;
use engine::{Cx, Draft, Query};
use indexmap::IndexMap;
use kernel::expr::{self, Wanted};
use kernel::{Expr, Fault, FaultKind, Field, Issue, Kind, Mask, Object, Outcome, Record, Value, Verb};
use maud::{Markup, Render, html};
use std::collections::BTreeSet;
use std::sync::Arc;
use ui::button::button;
use ui::cx::ViewCx;
use ui::part::{PartRow, part_rows};
use uuid::Uuid;

/// Rows shown and taken at once.
const MOST: usize = 100;

/// A list of parts of an object, as this reader may use it.
#[derive(Clone)]
pub struct Parts {
    pub child: Arc<Object>,
    pub via: Field,
    pub key: String,
}

/// What was sent for a list.
#[derive(Clone, Default)]
pub struct Rows {
    pub rows: Vec<PartRow>,
}

impl Rows {
    pub fn faulty(&self) -> bool {
        self.rows.iter().any(|r| !r.remove && !r.issues.is_empty())
    }
}

/// The lists of parts that the reader may read; those he may also write, with `write`.
pub fn of(visit: &Visit, object: &Object, write: bool) -> Vec<Parts> {
    let registry = visit.registry.clone();
    let may = |child: &Object, via: &Field| {
        visit.actor.may(child, &Verb::Read)
            && visit.actor.sees(&child.key, &via.key)
            && (!write || visit.actor.may(child, &Verb::Create) && visit.actor.policy.writes(&child.key, &via.key))
    };
    registry
        .children(&object.key)
        .filter(|(child, via)| via.inline && !via.reverse.is_empty() && may(child, via))
        .map(|(child, via)| Parts { child: child.clone(), via: via.clone(), key: via.reverse.clone() })
        .collect()
}

impl Parts {
    /// The fields of a row: what may be filled in, without the reference to the whole.
    fn fields(&self, visit: &Visit) -> Vec<Field> {
        let all = crate::form::fields(visit, &self.child, None);
        all.into_iter().filter(|f| f.key != self.via.key && !matches!(f.kind, Kind::File | Kind::Image | Kind::RichText | Kind::Json)).collect()
    }

    /// What a new row begins with.
    fn blank(&self, visit: &Visit) -> PartRow {
        let env = visit.company.env(&visit.actor);
        let mut record = Record::new(self.child.key.clone(), Uuid::nil());
        for f in self.child.fields.iter().filter(|f| f.writable()) {
            if let Some(typed) = f.default.as_deref().and_then(|text| expr::check(&visit.registry, &self.child, text, Wanted::Any).ok()) {
                record.set(f.key.clone(), expr::eval(&typed, &record, &env));
            }
        }
        PartRow { values: record.values, ..PartRow::default() }
    }

    /// The living rows the reader may see. In the form of the whole those that a field of it mirrors are left out:
    /// the field itself stands there.
    async fn stored(&self, visit: &Visit, whole: Uuid, mirrored: bool) -> Outcome<Vec<Record>> {
        let query = Query::new(self.child.key.clone()).filter(Expr::path(&self.via.key).eq(Expr::lit(whole))).limit(MOST);
        let mut rows = visit.company.list(&visit.actor, &query).await?.records;
        if let (false, Some(p)) = (mirrored, &self.child.primary) {
            rows.retain(|r| r.get(&p.flag).bool() != Some(true));
        }
        Ok(rows)
    }

    async fn rows(&self, visit: &Visit, whole: Uuid, mirrored: bool) -> Outcome<Vec<PartRow>> {
        let mut rows = Vec::new();
        for r in self.stored(visit, whole, mirrored).await? {
            let fixed = !visit.company.may_on(&visit.actor, &r, &Verb::Update).await?;
            rows.push(PartRow { id: Some(r.id), rev: r.rev, values: r.values, fixed, ..PartRow::default() });
        }
        Ok(rows)
    }

    /// Reads the rows a form sent; none when it did not have the list.
    ///
    /// # Errors
    /// The database; more rows than one list takes.
    pub async fn read(&self, visit: &Visit, sent: &Sent) -> Outcome<Rows> {
        let start = format!("{}.", self.key);
        let numbers: BTreeSet<usize> =
            sent.pairs.iter().filter_map(|(n, _)| n.strip_prefix(&start)?.split('.').next()?.parse().ok()).collect();
        if numbers.len() > MOST {
            return Err(Fault::new(FaultKind::TooLarge));
        }
        let fields = self.fields(visit);
        let mut rows = Vec::new();
        for n in numbers {
            let name = format!("{start}{n}");
            let named: Vec<Field> = fields.iter().map(|f| Field { key: format!("{name}.{}", f.key), ..f.clone() }).collect();
            let read = crate::form::read(visit, &named, sent).await?;
            let own = |key: &str| key.strip_prefix(&format!("{name}.")).unwrap_or(key).to_owned();
            let values: IndexMap<String, Value> = read.typed.into_iter().map(|(k, v)| (own(&k), v)).collect();
            let issues = read.issues.into_iter().map(|i| Issue { field: own(&i.field), ..i }).collect();
            let id = sent.get(&format!("{name}.id")).parse().ok();
            let row = PartRow {
                id,
                rev: sent.get(&format!("{name}.rev")).parse().unwrap_or_default(),
                values,
                issues,
                remove: sent.get(&format!("{name}.remove")) == "1",
                fixed: false,
            };
            if id.is_some() || !blank(&fields, &row) {
                rows.push(self.complete(row, &fields));
            }
        }
        Ok(Rows { rows })
    }

    fn complete(&self, mut row: PartRow, fields: &[Field]) -> PartRow {
        let missing = |f: &&Field| f.required && f.when.is_none() && row.values.get(&f.key).is_none_or(Value::is_blank);
        let said: Vec<Issue> = fields
            .iter()
            .filter(missing)
            .filter(|f| !row.issues.iter().any(|i| i.field == f.key))
            .map(|f| Issue::new(f.key.clone(), "value-required"))
            .collect();
        row.issues.extend(said);
        row
    }

    /// Writes the rows of one whole: removes, changes what differs, adds.
    ///
    /// # Errors
    /// Those of saving and deleting.
    pub async fn save(&self, cx: &mut Cx, whole: Uuid, rows: &[PartRow]) -> Outcome<()> {
        let mut drafts = Vec::new();
        for row in rows {
            match row.id {
                Some(id) if row.remove => {
                    let found = cx.company.clone().get_in(&mut cx.tx, &cx.actor.clone(), &self.child.key, id).await?;
                    self.of_whole(&found, whole)?;
                    cx.delete(&self.child.key, id, None).await?;
                }
                Some(id) => {
                    let found = cx.company.clone().get_in(&mut cx.tx, &cx.actor.clone(), &self.child.key, id).await?;
                    self.of_whole(&found, whole)?;
                    let mut draft = Draft::of(id);
                    draft.values = row.values.iter().filter(|(k, v)| found.get(k) != *v).map(|(k, v)| (k.clone(), v.clone())).collect();
                    if !draft.values.is_empty() {
                        draft.rev = Some(row.rev);
                        drafts.push(draft);
                    }
                }
                None if row.remove => {}
                None => drafts.push(Draft { values: row.values.clone(), ..Draft::new() }.set(&self.via.key, whole)),
            }
        }
        if drafts.is_empty() { Ok(()) } else { cx.save_many(&self.child.key, drafts).await.map(|_| ()) }
    }

    /// A row of somebody else's is no row of this list.
    fn of_whole(&self, row: &Record, whole: Uuid) -> Outcome<()> {
        if row.get(&self.via.key).id() == Some(whole) { Ok(()) } else { Err(Fault::not_found()) }
    }

    fn may_remove(&self, visit: &Visit) -> bool {
        visit.actor.may(&self.child, &Verb::Delete)
    }

    /// The rows as controls.
    pub fn controls(&self, visit: &Visit, rows: &[PartRow], cx: &ViewCx<'_>) -> Markup {
        let fields = self.fields(visit);
        part_rows(&self.key, cx.label(&self.child.label), &fields, rows, &self.blank(visit), self.may_remove(visit), cx)
    }

    fn heading<'a>(&'a self, cx: &ViewCx<'a>) -> &'a str {
        cx.label(self.via.reverse_heading(&self.child.plural))
    }
}

/// Nothing was typed into a row that begins with its defaults.
fn blank(fields: &[Field], row: &PartRow) -> bool {
    let needed = |f: &&Field| f.required && f.default.is_none();
    row.issues.is_empty() && fields.iter().filter(needed).all(|f| row.values.get(&f.key).is_none_or(Value::is_blank))
}

/// The lists below the sections of a form; what was sent where it came back.
///
/// # Errors
/// The database.
pub async fn in_form(visit: &Visit, object: &Object, record: Option<Uuid>, sent: Option<&[(String, Rows)]>) -> Outcome<Markup> {
    let lists = of(visit, object, true);
    let mut shown = Vec::new();
    for list in lists {
        let rows = match (sent.and_then(|s| s.iter().find(|(key, _)| *key == list.key)), record) {
            (Some((_, sent)), _) => sent.rows.clone(),
            (None, Some(id)) => list.rows(visit, id, false).await?,
            (None, None) => Vec::new(),
        };
        let titles = titles(visit, &list, &rows).await?;
        let cx = visit.cx(&titles);
        let open = rows.iter().any(|r| !r.issues.is_empty());
        let heading = list.heading(&cx).to_owned();
        shown.push(html! {
            details class="form-parts" open[open] {
                summary { span class="icon-turn" { (ui::icon::icon_sm("chevron-right")) } (heading) @if !rows.is_empty() { " " (ui::mark::count(&cx.num(rows.len() as i64))) } }
                (list.controls(visit, &rows, &cx))
            }
        });
    }
    Ok(html! { @for s in &shown { (s) } })
}

async fn titles(visit: &Visit, list: &Parts, rows: &[PartRow]) -> Outcome<Shown> {
    let records: Vec<Record> =
        rows.iter().map(|r| Record { values: r.values.clone(), ..Record::new(list.child.key.clone(), Uuid::nil()) }).collect();
    let mut conn = visit.company.db().read().await?;
    Ok(Shown::of(&visit.company.titles_of(&mut conn, &visit.actor, &records).await?, visit.actor.lang()))
}

/// Reads every list of the object's form.
///
/// # Errors
/// The database; too many rows.
pub async fn read_all(visit: &Visit, object: &Object, sent: &Sent) -> Outcome<Vec<(String, Rows)>> {
    let mut out = Vec::new();
    for list in of(visit, object, true) {
        out.push((list.key.clone(), list.read(visit, sent).await?));
    }
    Ok(out)
}

/// Saves what [`read_all`] read, in the transaction of the whole.
///
/// # Errors
/// Those of saving and deleting.
pub async fn save_all(cx: &mut Cx, lists: &[Parts], whole: Uuid, sent: &[(String, Rows)]) -> Outcome<()> {
    for (key, rows) in sent {
        if let Some(list) = lists.iter().find(|l| l.key == *key) {
            list.save(cx, whole, &rows.rows).await?;
        }
    }
    Ok(())
}

/// The list on a record page while it is being edited.
///
/// # Errors
/// The database.
pub async fn editor(visit: &Visit, list: &Parts, record: &Record, sent: Option<(&Rows, &Fault)>) -> Outcome<Markup> {
    let rows = match sent {
        Some((sent, _)) => sent.rows.clone(),
        None => list.rows(visit, record.id, true).await?,
    };
    let titles = titles(visit, list, &rows).await?;
    let cx = visit.cx(&titles);
    let here = format!("/{}/{}", record.object, record.id);
    let loose: Option<&Fault> = sent.map(|(_, fault)| fault).filter(|f| !f.issues.is_empty() || f.kind != FaultKind::Invalid);
    let body = html! {
        form class="form" method="post" action={ (here) "/rows/" (list.key) } novalidate {
            (crate::sign::loose(loose, &[], &cx))
            (list.controls(visit, &rows, &cx))
            div class="form-foot" {
                (button(cx.t("save")).primary().submit().render())
                (button(cx.t("ui-cancel")).ghost().href(format!("{here}#rows-{}", list.key)).render())
            }
        }
    };
    let heading = list.heading(&cx).to_owned();
    Ok(html! { div id={ "rows-" (list.key) } { (ui::record::padded_block(&heading, None, &html! {}, &body)) } })
}

/// `POST /{object}/{id}/rows/{list}`
pub async fn save(visit: Visit, Path((key, id, name)): Path<(String, String, String)>, sent: Sent) -> Reply {
    let object = visit.object(&key)?;
    let id: Uuid = id.parse().map_err(|_| not_found())?;
    let record = visit.company.get(&visit.actor, &key, id).await?;
    let list = of(&visit, &object, true).into_iter().find(|l| l.key == name).ok_or_else(not_found)?;
    let rows = list.read(&visit, &sent).await?;
    let result = if rows.faulty() {
        Err(Fault::new(FaultKind::Invalid))
    } else {
        visit
            .company
            .transact(&visit.actor, |cx| {
                let (list, rows) = (list.clone(), rows.rows.clone());
                Box::pin(async move { list.save(cx, id, &rows).await })
            })
            .await
    };
    match result {
        Ok(()) => Ok(visit.go(&format!("/{key}/{id}#rows-{name}"), "web-said-saved")),
        Err(fault) if matches!(fault.kind, FaultKind::Invalid | FaultKind::Conflict) => {
            let block = editor(&visit, &list, &record, Some((&rows, &fault))).await?;
            let title = crate::list::title(&object, &record, visit.actor.lang());
            let mut response = visit.page(&title, &ui::shell::simple_page(&title, "", &html! {}, &block));
            *response.status_mut() = StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            Ok(response)
        }
        Err(fault) => Err(fault.into()),
    }
}

/// Whether a field is hidden or masked for the reader: such a list is shown, not edited.
pub fn writable(visit: &Visit, list: &Parts) -> bool {
    let needed = list.child.fields.iter().filter(|f| f.required && f.key != list.via.key);
    visit.actor.may(&list.child, &Verb::Create) && needed.into_iter().all(|f| !matches!(visit.actor.mask(&list.child.key, &f.key), Some(Mask::Hidden | Mask::Masked)))
}
