//! The import wizard: file → mapping → check → run, with stop, resume, the failed lines as a file, and undo.

use crate::export::attachment;
use crate::refusal::{Reply, not_found};
use crate::sent::Sent;
use crate::sign::{loose, with_status};
use crate::visit::{Shown, Visit};
use axum::extract::Path;
use axum::response::Response;
use engine::import::{Alike, Assign, Blank, Import, Mapping, Mode, NewImport, State};
use kernel::{Capability, Fault, FaultKind, Field, Object, Outcome, Verb};
use maud::{Markup, Render, html};
use ui::cx::ViewCx;
use ui::import::{BadRow, Counts, FileColumn, Running, Step, check_step, mapping_step, run_step, upload_step, wizard};
use ui::mark::{Mood, flash};
use uuid::Uuid;

/// Lines up to which the check runs while the person waits.
const AT_ONCE: i64 = 5_000;
/// Bad lines shown on a page; all of them are in the file.
const BAD: usize = 20;

fn frame(visit: &Visit, object: &Object, step: Step, body: &Markup, cx: &ViewCx<'_>) -> Response {
    let title = cx.tf("web-import-into", &[("objects", cx.label(&object.plural).into())]);
    let crumbs = ui::shell::crumbs(cx, &[(cx.label(&object.plural).to_owned(), format!("/{}", object.key)), (cx.t("web-import"), String::new())]);
    let main = html! { div class="page" {
        div class="page-crumbs" { (crumbs) }
        (ui::shell::page_head(&title, "", &html! {}))
        div class="page-body" { (wizard(step, body, cx)) }
    } };
    visit.page(&title, &main)
}

fn importable(visit: &Visit, key: &str) -> Result<std::sync::Arc<Object>, crate::refusal::Refusal> {
    let object = visit.object(key)?;
    visit.actor.rule(&object, &Verb::Import)?;
    if !object.can(Capability::Import) {
        return Err(not_found());
    }
    Ok(object)
}

/// `GET /import`: what can be imported, and what was.
pub async fn start(visit: Visit) -> Reply {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let objects: Vec<_> = visit.registry.objects().filter(|o| o.can(Capability::Import) && visit.actor.may(o, &Verb::Import)).cloned().collect();
    if objects.is_empty() {
        return Err(Fault::forbidden().into());
    }
    let title = cx.t("web-import");
    let latest = latest(&visit, None, &cx).await?;
    let body = html! {
        div class="tiles" { @for o in &objects { a class="tile" href={ "/" (o.key) "/import" } { (ui::icon::icon_lg(&o.icon)) span { (cx.label(&o.plural)) } } } }
        (latest)
    };
    Ok(visit.page(&title, &ui::shell::simple_page(&title, "", &html! {}, &body)))
}

async fn latest(visit: &Visit, object: Option<&str>, cx: &ViewCx<'_>) -> Outcome<Markup> {
    let list = visit.company.imports(&visit.actor, object, 20).await?;
    let rows: Vec<Vec<Markup>> = list
        .iter()
        .map(|i| {
            let what = visit.registry.find(&i.object).map_or(i.object.clone(), |o| cx.label(&o.plural).to_owned());
            vec![
                html! { a href={ "/" (i.object) "/import/" (i.id) } { bdi { (i.name) } } },
                html! { (what) },
                html! { (cx.num(i.total)) },
                html! { (cx.t(&format!("web-import-{}", i.state.key()))) },
                html! { (cx.relative(i.at)) },
            ]
        })
        .collect();
    let heads = [(cx.t("web-import-file"), false), (cx.t("ui-type"), false), (cx.t("web-import-lines"), true), (cx.t("web-import-state"), false), (cx.t("web-import-at"), false)];
    Ok(html! { @if !rows.is_empty() { (ui::record::block(&cx.t("web-import-latest"), None, &html! {}, &ui::table::plain_table(&heads, &rows))) } })
}

/// `GET /{object}/import`
pub async fn upload_form(visit: Visit, Path(key): Path<String>) -> Reply {
    let object = importable(&visit, &key)?;
    upload_page(&visit, &object, None).await
}

async fn upload_page(visit: &Visit, object: &Object, fault: Option<&Fault>) -> Reply {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let latest = latest(visit, Some(&object.key), &cx).await?;
    let body = html! {
        (loose(fault, &[], &cx))
        (upload_step(&format!("/{}/import", object.key), &format!("/{}/import/sample", object.key), &cx))
        (latest)
    };
    Ok(frame(visit, object, Step::Upload, &body, &cx))
}

/// `POST /{object}/import`
pub async fn upload(visit: Visit, Path(key): Path<String>, mut sent: Sent) -> Reply {
    let object = importable(&visit, &key)?;
    let staged = match sent.take_file("file") {
        None => Err(Fault::invalid("file", "file-empty")),
        Some(file) if !could_be_table(&file.bytes) => Err(Fault::invalid("file", "import-not-a-table")),
        Some(file) => {
            let new = NewImport { object: key.clone(), name: file.name, bytes: file.bytes, ..NewImport::default() };
            visit.company.stage_import(&visit.actor, new).await
        }
    };
    match staged {
        Ok(import) => Ok(visit.go(&format!("/{key}/import/{}", import.id), "")),
        Err(fault) if matches!(fault.kind, FaultKind::Invalid | FaultKind::TooLarge) => Ok(with_status(upload_page(&visit, &object, Some(&fault)).await?, &fault)),
        Err(fault) => Err(fault.into()),
    }
}

/// Pictures, documents and programs are told by their first bytes, whatever they are called; workbooks are archives.
fn could_be_table(bytes: &[u8]) -> bool {
    let head = bytes.get(..8_192.min(bytes.len())).unwrap_or_default();
    if head.is_empty() {
        return true;
    }
    match engine::files::examine("file", head) {
        Ok(media) => media == "application/octet-stream" || media.contains("zip") || media.contains("ms-excel") || media.contains("spreadsheet") || media.contains("openxml") || media.contains("ole") || media.starts_with("text/"),
        Err(_) => false,
    }
}

/// `GET /{object}/import/sample`: an empty sheet with the right headings.
pub async fn sample(visit: Visit, Path(key): Path<String>) -> Reply {
    let object = importable(&visit, &key)?;
    let bytes = visit.company.import_template(&visit.actor, &key)?;
    Ok(attachment(bytes, "text/csv; charset=utf-8", &format!("{}.csv", object.plural.get(visit.actor.lang())))?)
}

async fn find(visit: &Visit, key: &str, id: &str) -> Result<(std::sync::Arc<Object>, Import), crate::refusal::Refusal> {
    let object = importable(visit, key)?;
    let import = visit.company.import(&visit.actor, id.parse().map_err(|_| not_found())?).await?;
    if import.object != key {
        return Err(not_found());
    }
    Ok((object, import))
}

/// `GET /{object}/import/{import}`: the step it is at.
pub async fn show(visit: Visit, Path((key, id)): Path<(String, String)>) -> Reply {
    let (object, import) = find(&visit, &key, &id).await?;
    let fresh = import.state == State::Ready && import.counts.done() <= import.file.broken;
    if fresh && (import.file.checked.is_none() || visit.param("step") == "map") && visit.param("step") != "check" {
        return Ok(mapping_page(&visit, &object, &import, None).await?);
    }
    if fresh {
        return Ok(check_page(&visit, &object, &import).await?);
    }
    Ok(run_page(&visit, &object, &import).await?)
}

async fn mapping_page(visit: &Visit, object: &Object, import: &Import, fault: Option<&Fault>) -> Outcome<Response> {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let here = format!("/{}/import/{}", object.key, import.id);
    let mut systems = visit.company.external_systems(&object.key).await?;
    systems.extend(import.mapping.fields.iter().filter_map(|a| a.target.strip_prefix("external.")).map(str::to_owned));
    systems.sort_unstable();
    systems.dedup();
    let targets: Vec<Field> = visit
        .company
        .import_targets(&visit.actor, &object.key)?
        .into_iter()
        .chain(systems.iter().map(|s| engine::import::key_column(s)))
        .map(|t| {
            let field = Field::new(t.path, t.kind, t.label);
            if t.required { field.required() } else { field }
        })
        .collect();
    let fields: Vec<&Field> = targets.iter().collect();
    let columns: Vec<FileColumn> = visit
        .company
        .import_columns(&visit.actor, import.id)
        .await?
        .into_iter()
        .map(|c| FileColumn { field: import.mapping.target_of(&c.name).map(str::to_owned), name: c.name, samples: c.samples })
        .collect();
    let chosen = import.mapping.match_on.join(",");
    let mut keys: Vec<(String, String)> = vec![("id".into(), cx.t("web-import-by-id"))];
    keys.extend(object.fields.iter().filter(|f| f.unique || f.key == object.title || matches!(f.kind, kernel::Kind::Email | kernel::Kind::Phone | kernel::Kind::Code { .. })).filter(|f| visit.actor.sees(&object.key, &f.key)).map(|f| (f.key.clone(), cx.label(&f.label).to_owned())));
    let select = |name: &str, word: &str, options: Vec<(String, String)>, now: &str| {
        html! { label class="pair-label" { span { (cx.t(word)) } select class="select" name=(name) { @for (value, shown) in &options { option value=(value) selected[value == now] { (shown) } } } } }
    };
    let mode = match import.mapping.mode {
        Mode::Create => "create",
        Mode::Update => "update",
        Mode::Upsert => "upsert",
    };
    let alike = match import.mapping.alike {
        Alike::Create => "create",
        Alike::Review => "review",
        Alike::Skip => "skip",
        Alike::Update => "update",
    };
    let blank = if import.mapping.blank == Blank::Clear { "clear" } else { "keep" };
    let mut by = vec![(String::new(), cx.t("web-import-by-none"))];
    by.extend(keys);
    if !by.iter().any(|(k, _)| *k == chosen) {
        by.push((chosen.clone(), chosen.clone()));
    }
    let words = |all: &[(&str, &str)]| all.iter().map(|(v, w)| ((*v).to_owned(), cx.t(w))).collect::<Vec<_>>();
    let extra = html! {
        div class="pair" {
            (select("match", "web-import-match", by, &chosen))
            (select("mode", "web-import-mode", words(&[("upsert", "web-import-mode-upsert"), ("create", "web-import-mode-create"), ("update", "web-import-mode-update")]), mode))
            @if object.can(kernel::Capability::Duplicates) { (select("alike", "web-import-alike", words(&[("review", "web-import-alike-review"), ("skip", "web-import-alike-skip"), ("update", "web-import-alike-update"), ("create", "web-import-alike-create")]), alike)) }
            (select("blank", "web-import-blank", words(&[("keep", "web-import-blank-keep"), ("clear", "web-import-blank-clear")]), blank))
        }
    };
    let about = html! { p class="muted small" {
        bdi { (import.name) } " · " (cx.tf("web-import-n-lines", &[("n", import.total.into())])) " · " span class="ltr" { (import.file.encoding) }
        @if import.file.lossy { " · " (cx.t("web-import-lossy")) }
    } };
    let body = html! {
        @if let Some(f) = fault { (flash(Mood::Bad, &html! { @for i in &f.issues { p { @if !i.field.is_empty() { span class="ltr" { (i.field) } ": " } (cx.issue(i)) } } @if f.issues.is_empty() { (cx.t(f.title_key())) } })) }
        (about)
        (mapping_step(&format!("{here}/map"), &columns, &fields, &extra, &format!("/{}/import", object.key), &cx))
    };
    Ok(frame(visit, object, Step::Map, &body, &cx))
}

/// The mapping that the form describes, laid over the one that is kept: what a column did besides stays with it.
fn mapped(old: &Mapping, headings: &[String], sent: &Sent) -> Mapping {
    let mut mapping = Mapping { fields: old.fields.iter().filter(|a| a.column.is_none()).cloned().collect(), ..old.clone() };
    for (i, column) in headings.iter().enumerate() {
        let target = sent.get(&format!("map.{i}"));
        if target.is_empty() {
            continue;
        }
        let same = old.fields.iter().find(|a| a.column.as_deref() == Some(column) && a.target == target);
        mapping.fields.push(same.cloned().unwrap_or_else(|| Assign { target: target.to_owned(), column: Some(column.clone()), ..Assign::default() }));
    }
    if sent.has("match") {
        mapping.match_on = sent.get("match").split(',').filter(|k| !k.is_empty()).map(str::to_owned).collect();
    }
    mapping.mode = match sent.get("mode") {
        "create" => Mode::Create,
        "update" => Mode::Update,
        _ => Mode::Upsert,
    };
    mapping.alike = match sent.get("alike") {
        "review" => Alike::Review,
        "skip" => Alike::Skip,
        "update" => Alike::Update,
        _ => Alike::Create,
    };
    mapping.blank = if sent.get("blank") == "clear" { Blank::Clear } else { Blank::Keep };
    mapping
}

fn shown_counts(total: i64, c: engine::import::Counts) -> Counts {
    Counts { rows: total, created: c.created, updated: c.updated, unchanged: c.unchanged, failed: c.failed }
}

async fn bad_rows(visit: &Visit, id: Uuid) -> Outcome<Vec<BadRow>> {
    let bad = visit.company.import_bad_lines(&visit.actor, id, 0, BAD).await?;
    Ok(bad.into_iter().map(|b| BadRow { line: b.at, text: b.cells.join(" · "), issues: b.issues }).collect())
}

async fn check_page(visit: &Visit, object: &Object, import: &Import) -> Outcome<Response> {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let here = format!("/{}/import/{}", object.key, import.id);
    let back = format!("{here}?step=map");
    let body = match import.file.checked {
        Some(counts) => {
            let bad = bad_rows(visit, import.id).await?;
            let errors = format!("{here}/errors");
            check_step(&format!("{here}/start"), shown_counts(import.total, counts), &bad, (!bad.is_empty()).then_some(errors.as_str()), &back, &cx)
        }
        // A large file is checked by a job.
        None => html! { div class="stack" id="import-run" hx-get={ (here) "?step=check" } hx-trigger="load delay:1s" hx-select="#import-run" hx-swap="outerHTML" {
            (flash(Mood::Info, &html! { (cx.t("web-import-checking")) }))
            (ui::mark::skeleton(4))
        } },
    };
    Ok(frame(visit, object, Step::Check, &html! { div id="import-run" { (body) } }, &cx))
}

async fn run_page(visit: &Visit, object: &Object, import: &Import) -> Outcome<Response> {
    let none = Shown::default();
    let cx = visit.cx(&none);
    let here = format!("/{}/import/{}", object.key, import.id);
    let at = |step: &str| format!("{here}/{step}");
    let (stop, resume, undo, errors) = (at("stop"), at("start"), at("undo"), at("errors"));
    let over = matches!(import.state, State::Done | State::Undone);
    let resting = matches!(import.state, State::Stopped | State::Failed | State::Ready);
    let bad = if over || resting { bad_rows(visit, import.id).await? } else { Vec::new() };
    let run = Running {
        done_rows: import.done(),
        counts: shown_counts(import.total, import.counts),
        done: over,
        stopped: resting,
        poll: &here,
        stop: &stop,
        resume: &resume,
        undo: matches!(import.state, State::Done | State::Stopped | State::Failed).then_some(undo.as_str()),
        list: &format!("/{}?sort=-created_at", object.key),
    };
    let body = html! { div id="import-run" class="stack" {
        @match import.state {
            State::Undone => (flash(Mood::Good, &html! { (cx.tf("web-import-undone-n", &[("n", import.file.undone.into()), ("kept", import.file.kept.into())])) })),
            State::Undoing => (flash(Mood::Info, &html! { (cx.t("web-import-undoing")) })),
            State::Failed => (flash(Mood::Bad, &html! { @if let Some(i) = &import.error { (cx.issue(i)) } @else { (cx.t("web-import-failed")) } })),
            _ => {},
        }
        (run_step(&run, &bad, (!bad.is_empty()).then_some(errors.as_str()), &cx))
        @if import.counts.alike > 0 { p class="muted small" { (cx.tf("web-import-alike-n", &[("n", import.counts.alike.into())])) } }
        @if import.counts.also > 0 { p class="muted small" { (cx.tf("web-import-also", &[("n", import.counts.also.into())])) } }
        @if import.state == State::Undone { (ui::button::button(cx.t("web-import-again")).href(format!("/{}/import", object.key)).render()) }
    } };
    Ok(frame(visit, object, Step::Run, &body, &cx))
}

/// `POST /{object}/import/{import}/{step}`: `map`, `start` (also resumes), `stop`, `undo`, `forget`.
pub async fn step(visit: Visit, Path((key, id, step)): Path<(String, String, String)>, sent: Sent) -> Reply {
    let (object, import) = find(&visit, &key, &id).await?;
    let here = format!("/{key}/import/{}", import.id);
    match step.as_str() {
        "map" => {
            let mapping = mapped(&import.mapping, &import.file.headings, &sent);
            let tried = match visit.company.map_import(&visit.actor, import.id, mapping.clone()).await {
                Ok(_) if import.total <= AT_ONCE => visit.company.check_import(&visit.actor, import.id).await.map(|_| ()),
                Ok(_) => visit.company.queue_import_check(&visit.actor, import.id).await.map(|_| ()),
                Err(f) => Err(f),
            };
            match tried {
                Ok(()) => return Ok(visit.go(&format!("{here}?step=check"), "")),
                Err(fault) if fault.kind == FaultKind::Invalid => {
                    let import = Import { mapping, ..import };
                    return Ok(with_status(mapping_page(&visit, &object, &import, Some(&fault)).await?, &fault));
                }
                Err(fault) => return Err(fault.into()),
            }
        }
        "start" => {
            visit.company.start_import(&visit.actor, import.id).await?;
        }
        "stop" => {
            visit.company.stop_import(&visit.actor, import.id).await?;
        }
        "undo" => {
            visit.company.undo_import(&visit.actor, import.id).await?;
        }
        "forget" => {
            visit.company.forget_import(&visit.actor, import.id).await?;
            return Ok(visit.go(&format!("/{key}/import"), "web-said-deleted"));
        }
        _ => return Err(not_found()),
    }
    Ok(visit.go(&here, ""))
}

/// `GET /{object}/import/{import}/errors`: the failed lines with the reasons.
pub async fn errors(visit: Visit, Path((key, id)): Path<(String, String)>) -> Reply {
    let (_, import) = find(&visit, &key, &id).await?;
    let bytes = visit.company.import_error_file(&visit.actor, import.id).await?;
    let stem = import.name.rsplit_once('.').map_or(import.name.as_str(), |(s, _)| s);
    Ok(attachment(bytes, "text/csv; charset=utf-8", &format!("{stem} - errors.csv"))?)
}
