//! Making and changing a record by a form. What was typed is never lost: a refused form comes back as it was sent.

use crate::refusal::{Refusal, Reply, not_found};
use crate::sent::Sent;
use crate::visit::{Shown, Visit};
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use engine::Draft;
use indexmap::IndexMap;
use kernel::expr::{self, Wanted};
use kernel::{Fault, FaultKind, Field, Issue, Kind, Mask, Object, Outcome, Record, Registry, Value, Verb, parse};
use maud::{Markup, html};
use serde_json::Value as Sent_;
use ui::form::{Form, sections};
use uuid::Uuid;

/// The fields of a form as this reader may fill them in: withheld ones left out, locked ones shown only.
pub fn fields(visit: &Visit, object: &Object, record: Option<&Record>) -> Vec<Field> {
    let shown = object.fields.iter().filter(|f| f.writable()).filter(|f| !matches!(visit.actor.mask(&object.key, &f.key), Some(Mask::Hidden | Mask::Masked)));
    shown
        .cloned()
        .map(|mut f| {
            f.readonly |= record.is_some_and(|r| locked(visit, object, &f, r)) || !visit.actor.policy.writes(&object.key, &f.key);
            f
        })
        .filter(|f| record.is_some() || !f.readonly)
        .collect()
}

/// As the record stands, the field cannot be changed.
pub fn locked(visit: &Visit, object: &Object, field: &Field, record: &Record) -> bool {
    field.lock.as_deref().is_some_and(|text| holds(&visit.registry, object, text, record, &visit.company.env(&visit.actor)))
}

/// Required fields that were left blank, said together with what else is wrong.
fn missing(visit: &Visit, object: &Object, fields: &[Field], read: &Read, record: Option<&Record>) -> Vec<Issue> {
    let mut after = record.cloned().unwrap_or_else(|| Record::new(object.key.clone(), Uuid::nil()));
    after.values.extend(read.typed.clone());
    let asleep = sleeping(visit, object, &after);
    let blank = |f: &&Field| f.required && f.writable() && !matches!(f.kind, Kind::File | Kind::Image) && after.get(&f.key).is_blank() && !asleep.contains(&f.key);
    let said = |f: &&Field| read.issues.iter().any(|i| i.field == f.key);
    fields.iter().filter(blank).filter(|f| !said(f)).map(|f| Issue::new(f.key.clone(), "value-required")).collect()
}

fn holds(registry: &Registry, object: &Object, text: &str, record: &Record, env: &expr::Env) -> bool {
    expr::check(registry, object, text, Wanted::Condition).is_ok_and(|typed| expr::holds(&typed, record, env))
}

/// Keys of the fields that do not take part as the record stands: their `when` does not hold.
pub(crate) fn sleeping(visit: &Visit, object: &Object, record: &Record) -> Vec<String> {
    let env = visit.company.env(&visit.actor);
    let off = |f: &&Field| f.when.as_deref().is_some_and(|text| !holds(&visit.registry, object, text, record, &env));
    object.fields.iter().filter(off).map(|f| f.key.clone()).collect()
}

/// What a form sent: values that fit, values as typed where they do not, and what is wrong.
pub struct Read {
    pub values: IndexMap<String, Value>,
    pub typed: IndexMap<String, Value>,
    pub issues: Vec<Issue>,
}

/// Reads the parts of a form. A reference typed as text (no script ran) is looked up by its title.
///
/// # Errors
/// The database.
pub async fn read(visit: &Visit, fields: &[Field], sent: &Sent) -> Outcome<Read> {
    let mut out = Read { values: IndexMap::new(), typed: IndexMap::new(), issues: Vec::new() };
    let ctx = visit.ctx();
    for f in fields {
        let Some(json) = ui::form::read_field(f, &sent.pairs).filter(|_| f.writable()) else { continue };
        let mut parsed = crate::cells::parse_sent(&f.kind, &json, &ctx);
        if let (Kind::Ref { object }, Err(_), Sent_::String(text)) = (&f.kind, &parsed, &json) {
            let hits = visit.company.lookup(&visit.actor, object, text, 2).await.unwrap_or_default();
            parsed = match hits.as_slice() {
                [one] => Ok(Value::Id(one.id)),
                [first, second] if first.rank < second.rank => Ok(Value::Id(first.id)),
                _ => Err(Issue::new("", "value-no-such-record")),
            };
        }
        match parsed {
            Ok(value) => {
                out.typed.insert(f.key.clone(), value.clone());
                out.values.insert(f.key.clone(), value);
            }
            Err(issue) => {
                out.issues.push(Issue { field: f.key.clone(), ..issue });
                out.typed.insert(f.key.clone(), as_typed(&json));
            }
        }
    }
    Ok(out)
}

/// What was typed, for showing it again.
fn as_typed(json: &Sent_) -> Value {
    match json {
        Sent_::String(t) => Value::Text(t.clone()),
        Sent_::Object(m) if m.contains_key("amount") => Value::Text(m.get("amount").and_then(Sent_::as_str).unwrap_or_default().to_owned()),
        Sent_::Object(m) if m.contains_key("ar") || m.contains_key("latin") => {
            let part = |k: &str| m.get(k).and_then(Sent_::as_str).unwrap_or_default().to_owned();
            Value::Name(kernel::Name { ar: part("ar"), latin: part("latin") })
        }
        _ => Value::Null,
    }
}

/// A form to be shown.
pub struct Page<'a> {
    pub object: &'a Object,
    /// None for a new record.
    pub record: Option<&'a Record>,
    pub values: &'a IndexMap<String, Value>,
    pub issues: &'a [Issue],
    pub rev: Option<i64>,
    pub fault: Option<&'a Fault>,
    /// The parts as they were sent; none: as they are stored.
    pub parts: Option<&'a [(String, crate::parts::Rows)]>,
}

async fn show(visit: &Visit, page: &Page<'_>) -> Outcome<Response> {
    let object = page.object;
    let mut as_record = page.record.cloned().unwrap_or_else(|| Record::new(object.key.clone(), Uuid::nil()));
    as_record.values.extend(page.values.clone());
    let mut conn = visit.company.db().read().await?;
    let titles = visit.company.titles_of(&mut conn, &visit.actor, std::slice::from_ref(&as_record)).await?;
    drop(conn);
    let titles = Shown::of(&titles, visit.actor.lang());
    let cx = visit.cx(&titles);
    let fields = fields(visit, object, page.record);
    let sections = sections(&fields);
    let base = format!("/{}", object.key);
    let (title, action, cancel, verb) = match page.record {
        None => (cx.tf("web-new", &[("object", cx.label(&object.label).into())]), format!("{base}/new"), base.clone(), cx.t("save")),
        Some(r) => (crate::list::title(object, r, cx.lang()), format!("{base}/{}/edit", r.id), format!("{base}/{}", r.id), cx.t("save")),
    };
    let parts = crate::parts::in_form(visit, object, page.record.map(|r| r.id), page.parts).await?;
    let glances = crate::glance::places(visit, object, &fields, &as_record).await?;
    let form = Form {
        parts,
        action: &action,
        sections: &sections,
        values: &as_record.values,
        issues: page.issues,
        rev: page.rev,
        cancel: &cancel,
        verb,
        again: page.record.is_none(),
    };
    let mut crumbs = vec![(cx.label(&object.plural).to_owned(), base)];
    if page.record.is_some() {
        crumbs.push((title.clone(), cancel.clone()));
        crumbs.push((cx.t("edit"), String::new()));
    } else {
        crumbs.push((title.clone(), String::new()));
    }
    let main = html! { div class="page" {
        div class="page-crumbs" { (ui::shell::crumbs(&cx, &crumbs)) }
        (ui::shell::page_head(&title, "", &html! {}))
        div class="page-body" {
            @if let Some(f) = page.fault { (crate::sign::loose(Some(f), &[], &cx)) }
            (ui::form::form(&form, &cx))
            (conditional(visit, object, &as_record))
            (crate::duplicates::watch(visit, object, page.record.map(|r| r.id)))
            (glances)
        }
    } };
    Ok(visit.page(&title, &main))
}

/// Fields with `when` are shown and hidden by a script that asks `POST /{object}/when` after each change; without
/// one all of them are there, and those that do not apply may stay empty.
fn conditional(visit: &Visit, object: &Object, record: &Record) -> Markup {
    let any = object.fields.iter().any(|f| f.when.is_some());
    let off = if any { sleeping(visit, object, record).join(" ") } else { String::new() };
    html! { @if any { span hidden data-when={ "/" (object.key) "/when" } data-off=(off) {} } }
}

/// `POST /{object}/when`: which fields do not take part, given what the form has now.
pub async fn when(visit: Visit, Path(key): Path<String>, sent: Sent) -> Reply {
    let object = visit.object(&key)?;
    let fields = fields(&visit, &object, None);
    let read = read(&visit, &fields, &sent).await?;
    let mut record = Record::new(key, Uuid::nil());
    record.values = read.values;
    Ok(Json(sleeping(&visit, &object, &record)).into_response())
}

/// Values a new record begins with: defaults, and fields named in the address (`/order/new?party=ID`).
fn beginning(visit: &Visit, object: &Object) -> IndexMap<String, Value> {
    let env = visit.company.env(&visit.actor);
    let mut record = Record::new(object.key.clone(), Uuid::nil());
    for f in object.fields.iter().filter(|f| f.writable()) {
        if let Some(text) = &f.default
            && let Ok(typed) = expr::check(&visit.registry, object, text, Wanted::Any)
        {
            record.set(f.key.clone(), expr::eval(&typed, &record, &env));
        }
        let given = visit.param(&f.key);
        if !given.is_empty()
            && let Ok(value) = parse::from_text(&f.kind, given, &visit.ctx())
        {
            record.set(f.key.clone(), value);
        }
    }
    record.values
}

/// `GET /{object}/new`
pub async fn new(visit: Visit, Path(key): Path<String>) -> Reply {
    let object = visit.object(&key)?;
    visit.actor.rule(&object, &Verb::Create)?;
    let values = beginning(&visit, &object);
    Ok(show(&visit, &Page { object: &object, record: None, values: &values, issues: &[], rev: None, fault: None, parts: None }).await?)
}

/// `POST /{object}/new`
pub async fn create(visit: Visit, Path(key): Path<String>, mut sent: Sent) -> Reply {
    let object = visit.object(&key)?;
    visit.actor.rule(&object, &Verb::Create)?;
    let fields = fields(&visit, &object, None);
    let mut read = read(&visit, &fields, &sent).await?;
    if !read.issues.is_empty() {
        read.issues.extend(missing(&visit, &object, &fields, &read, None));
    }
    let parts = crate::parts::read_all(&visit, &object, &sent).await?;
    let fits = read.issues.is_empty() && !parts.iter().any(|(_, rows)| rows.faulty());
    let result = if fits { create_now(&visit, &object, read.values, &parts, &fields, &mut sent).await } else { Err(Fault { issues: read.issues, ..Fault::new(FaultKind::Invalid) }) };
    match result {
        Ok(_) if sent.has("_again") => Ok(visit.go(&format!("/{key}/new"), "web-said-created")),
        Ok(id) => Ok(visit.go(&format!("/{key}/{id}"), "web-said-created")),
        Err(fault) => {
            let page = Page { object: &object, record: None, values: &read.typed, issues: &fault.issues, rev: None, fault: Some(&fault).filter(|f| f.issues.is_empty()), parts: Some(&parts) };
            refused(&visit, &page, &fault).await
        }
    }
}

async fn create_now(visit: &Visit, object: &Object, values: IndexMap<String, Value>, parts: &[(String, crate::parts::Rows)], fields: &[Field], sent: &mut Sent) -> Outcome<Uuid> {
    // Files are looked at before anything is written, so that a refused one leaves no record behind.
    let uploads = uploads(fields, sent)?;
    let id = visit.save_whole(object, Some(Draft { values, ..Draft::new() }), None, parts).await?;
    attach(visit, object, id, uploads).await?;
    Ok(id)
}

impl Visit {
    /// Saves one record in a transaction of its own, which is run again when the database asks for it.
    ///
    /// # Errors
    /// See [`engine::Cx::save_many`].
    pub async fn save(&self, object: &str, draft: Draft) -> Outcome<engine::Saved> {
        self.company
            .transact(&self.actor, |cx| {
                let (object, draft) = (object.to_owned(), draft.clone());
                Box::pin(async move { cx.save(&object, draft).await })
            })
            .await
    }

    /// Saves a record and its parts in one transaction; its id.
    ///
    /// # Errors
    /// As [`Visit::save`]; those of its parts.
    async fn save_whole(&self, object: &Object, draft: Option<Draft>, id: Option<Uuid>, parts: &[(String, crate::parts::Rows)]) -> Outcome<Uuid> {
        let lists = crate::parts::of(self, object, true);
        self.company
            .transact(&self.actor, |cx| {
                let (object, draft, lists, parts) = (object.key.clone(), draft.clone(), lists.clone(), parts.to_vec());
                Box::pin(async move {
                    let saved = match draft {
                        Some(draft) => Some(cx.save(&object, draft).await?.record().id),
                        None => id,
                    };
                    let id = saved.ok_or_else(Fault::not_found)?;
                    crate::parts::save_all(cx, &lists, id, &parts).await?;
                    Ok(id)
                })
            })
            .await
    }
}

/// The files sent for file fields, examined.
fn uploads(fields: &[Field], sent: &mut Sent) -> Outcome<Vec<(String, engine::Upload)>> {
    let mut out = Vec::new();
    for f in fields.iter().filter(|f| f.writable() && matches!(f.kind, Kind::File | Kind::Image)) {
        let Some(upload) = sent.take_file(&f.key) else { continue };
        let named = |fault: Fault| Fault { issues: fault.issues.into_iter().map(|i| Issue { field: f.key.clone(), ..i }).collect(), ..Fault::new(FaultKind::Invalid) };
        let media = engine::files::examine(&upload.name, &upload.bytes).map_err(named)?;
        if matches!(f.kind, Kind::Image) && !media.starts_with("image/") {
            return Err(Fault::issue(Issue::new(f.key.clone(), "file-not-what-it-says").arg("name", &upload.name)));
        }
        out.push((f.key.clone(), upload));
    }
    Ok(out)
}

async fn attach(visit: &Visit, object: &Object, id: Uuid, uploads: Vec<(String, engine::Upload)>) -> Outcome<()> {
    for (key, upload) in uploads {
        let file = visit.company.attach(&visit.actor, &object.key, id, &upload.name, &upload.bytes).await?;
        visit.save(&object.key, Draft::of(id).set(&key, Value::File(Box::new(file)))).await?;
    }
    Ok(())
}

/// The form again, with what is wrong; faults that no form can mend go on.
async fn refused(visit: &Visit, page: &Page<'_>, fault: &Fault) -> Reply {
    let mendable = matches!(fault.kind, FaultKind::Invalid | FaultKind::TooLarge) || (fault.kind == FaultKind::Forbidden && !fault.issues.is_empty());
    if !mendable {
        return Err(Refusal(fault.clone()));
    }
    let mut response = show(visit, page).await?;
    *response.status_mut() = StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
    Ok(response)
}

/// `GET /{object}/{id}/edit`
pub async fn edit(visit: Visit, Path((key, id)): Path<(String, String)>) -> Reply {
    let object = visit.object(&key)?;
    let id: Uuid = id.parse().map_err(|_| not_found())?;
    let record = match visit.company.get(&visit.actor, &key, id).await {
        Ok(record) => record,
        Err(fault) => return crate::merging::moved(&visit, &key, id, fault).await,
    };
    if !visit.company.may_on(&visit.actor, &record, &Verb::Update).await? {
        return Err(Fault::forbidden().into());
    }
    let values = record.values.clone();
    Ok(show(&visit, &Page { object: &object, record: Some(&record), values: &values, issues: &[], rev: Some(record.rev), fault: None, parts: None }).await?)
}

/// `POST /{object}/{id}/edit`
pub async fn update(visit: Visit, Path((key, id)): Path<(String, String)>, mut sent: Sent) -> Reply {
    let object = visit.object(&key)?;
    let id: Uuid = id.parse().map_err(|_| not_found())?;
    crate::conflict::settle(&mut sent);
    let record = match visit.company.get(&visit.actor, &key, id).await {
        Ok(record) => record,
        Err(fault) => return crate::conflict::moved(&visit, &object, id, fault, &sent).await,
    };
    let fields = fields(&visit, &object, Some(&record));
    let mut read = read(&visit, &fields, &sent).await?;
    for f in fields.iter().filter(|f| f.writable() && matches!(f.kind, Kind::File | Kind::Image)) {
        // The box was in the form, nothing was kept and nothing came instead: the file was taken off.
        let gone = !sent.has(&format!("{}.keep", f.key)) && !sent.files.iter().any(|u| u.part == f.key);
        if gone && !record.get(&f.key).is_null() && sent.has("_rev") && !sent.pairs.iter().any(|(n, _)| n.starts_with("pick.")) {
            read.values.insert(f.key.clone(), Value::Null);
        }
    }
    if !read.issues.is_empty() {
        read.issues.extend(missing(&visit, &object, &fields, &read, Some(&record)));
    }
    let parts = crate::parts::read_all(&visit, &object, &sent).await?;
    let fits = read.issues.is_empty() && !parts.iter().any(|(_, rows)| rows.faulty());
    let rev = sent.rev();
    let result = if fits { update_now(&visit, &object, &record, &read.values, &parts, rev, &fields, &mut sent).await } else { Err(Fault { issues: read.issues.clone(), ..Fault::new(FaultKind::Invalid) }) };
    match result {
        Ok(()) => Ok(visit.go(&format!("/{key}/{id}"), "web-said-saved")),
        Err(fault) if fault.kind == FaultKind::Conflict => crate::conflict::page(&visit, &object, id, &read.values, rev.unwrap_or_default(), &sent).await,
        Err(fault) => {
            let page = Page { object: &object, record: Some(&record), values: &read.typed, issues: &fault.issues, rev, fault: Some(&fault).filter(|f| f.issues.is_empty()), parts: Some(&parts) };
            refused(&visit, &page, &fault).await
        }
    }
}

#[allow(clippy::too_many_arguments)]
async fn update_now(visit: &Visit, object: &Object, record: &Record, values: &IndexMap<String, Value>, parts: &[(String, crate::parts::Rows)], rev: Option<i64>, fields: &[Field], sent: &mut Sent) -> Outcome<()> {
    let uploads = uploads(fields, sent)?;
    // Only what differs is written: fields that are out of the form's sight stay as they are.
    let changed: IndexMap<String, Value> = values.iter().filter(|(k, v)| record.get(k) != *v).map(|(k, v)| (k.clone(), v.clone())).collect();
    let stale = rev.is_some_and(|r| r != record.rev);
    let mut draft = None;
    if stale || !changed.is_empty() {
        let mut values = changed;
        let mut base = rev;
        if let (true, Some(seen)) = (stale, rev) {
            match crate::conflict::merge(visit, object, record, &values, seen).await? {
                Some(merged) => {
                    values = merged;
                    base = Some(record.rev);
                }
                None => return Err(Fault::conflict()),
            }
        }
        draft = Some(Draft { id: Some(record.id), rev: base, values, ..Draft::new() });
    }
    visit.save_whole(object, draft, Some(record.id), parts).await?;
    attach(visit, object, record.id, uploads).await
}
