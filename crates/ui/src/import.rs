//! The import wizard: file, mapping, dry run, progress, result.

use crate::button::button;
use crate::cx::ViewCx;
use crate::icon::icon_lg;
use crate::mark::{Mood, flash, progress};
use kernel::{Field, Issue};
use maud::{Markup, html};

/// The steps in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Upload,
    Map,
    Check,
    Run,
}

const STEPS: [(Step, &str); 4] = [
    (Step::Upload, "ui-import-upload"),
    (Step::Map, "ui-import-map"),
    (Step::Check, "ui-import-check"),
    (Step::Run, "ui-import-run"),
];

/// The frame of one step.
pub fn wizard(now: Step, body: &Markup, cx: &ViewCx<'_>) -> Markup {
    html! {
        div class="wizard" {
            ol class="wizard-steps" aria-label=(cx.t("ui-steps")) { @for (i, (step, word)) in STEPS.iter().enumerate() {
                li data-n=(cx.num(i as i64 + 1)) data-done[*step < now] aria-current=[(*step == now).then_some("step")] { (cx.t(word)) }
            } }
            (body)
        }
    }
}

/// The first step: a file (`file`), posted to `action`; `sample` is the address of an empty sheet with the right headings.
pub fn upload_step(action: &str, sample: &str, cx: &ViewCx<'_>) -> Markup {
    html! {
        form class="stack" method="post" action=(action) enctype="multipart/form-data" data-upload-form {
            div class="drop" {
                (icon_lg("upload"))
                strong { (cx.t("ui-import-drop")) }
                span class="muted small" { (cx.t("ui-import-formats")) }
                input type="file" name="file" required accept=".csv,.tsv,.txt,.xlsx,.xls,.ods" aria-label=(cx.t("ui-import-drop"));
            }
            div class="progress" hidden data-upload-progress { span style="inline-size:0%" {} }
            div class="cluster spread" {
                a href=(sample) download { (cx.t("ui-import-sample")) }
                (button(cx.t("ui-continue")).primary().submit())
            }
        }
    }
}

/// A column of the file.
#[derive(Clone, Debug)]
pub struct FileColumn {
    pub name: String,
    pub samples: Vec<String>,
    /// Key of the field it goes to; none: left out.
    pub field: Option<String>,
}

/// The second step: for column `i` of the file the form sends `map.{i}` = field key or empty.
/// `extra` holds further choices (match by, what to do with rows already there).
pub fn mapping_step(
    action: &str,
    columns: &[FileColumn],
    fields: &[&Field],
    extra: &Markup,
    back: &str,
    cx: &ViewCx<'_>,
) -> Markup {
    html! {
        form class="stack" method="post" action=(action) {
            div class="block" { div class="table-scroll" { table class="grid grid-plain" {
                thead { tr { th scope="col" { (cx.t("ui-import-column")) } th scope="col" { (cx.t("ui-import-samples")) } th scope="col" { (cx.t("ui-field")) } } }
                tbody { @for (i, c) in columns.iter().enumerate() { tr {
                    th scope="row" { bdi class="strong" { (c.name) } }
                    td { bdi class="map-sample clip" style="display:block" { (c.samples.join(" · ")) } }
                    td { select class="select select-sm" name={ "map." (i) } aria-label={ (cx.t("ui-field")) " " (c.name) } {
                        option value="" { (cx.t("ui-import-skip")) }
                        @for f in fields { option value=(f.key) selected[c.field.as_deref() == Some(f.key.as_str())] { (cx.label(&f.label)) @if f.required { " *" } } }
                    } }
                } } }
            } } }
            (extra)
            div class="cluster" { (button(cx.t("ui-import-try")).primary().submit()) (button(cx.t("ui-back")).ghost().href(back)) }
        }
    }
}

/// Counts of a dry run or a finished run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub rows: i64,
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub failed: i64,
}

/// A row that does not fit.
#[derive(Clone, Debug)]
pub struct BadRow {
    /// Line in the file, from 1, headings counted.
    pub line: i64,
    pub text: String,
    pub issues: Vec<Issue>,
}

fn figures(c: Counts, cx: &ViewCx<'_>) -> Markup {
    let items = [
        ("ui-import-rows", c.rows),
        ("ui-import-new", c.created),
        ("ui-import-changed", c.updated),
        ("ui-import-same", c.unchanged),
        ("ui-import-failed", c.failed),
    ];
    let list: Vec<_> = items.iter().map(|(w, n)| (cx.t(w), cx.num(*n), String::new())).collect();
    crate::record::summary(&list)
}

fn bad_rows(rows: &[BadRow], errors_file: Option<&str>, cx: &ViewCx<'_>) -> Markup {
    html! { @if !rows.is_empty() {
        (crate::record::block(&cx.t("ui-import-bad"), None, &html! { @if let Some(h) = errors_file { a class="btn btn-sm" href=(h) download { (cx.t("ui-import-bad-file")) } } }, &html! {
            div class="table-scroll" tabindex="0" role="region" aria-label=(cx.t("ui-import-bad")) { table class="grid grid-plain" {
                thead { tr { th scope="col" { (cx.t("ui-import-line")) } th scope="col" { (cx.t("ui-import-content")) } th scope="col" { (cx.t("ui-import-why")) } } }
                tbody { @for r in rows { tr {
                    td class="num" { (cx.num(r.line)) } td { bdi class="clip" style="display:block" { (r.text) } }
                    td style="white-space:normal" { @for i in &r.issues { div { @if !i.field.is_empty() { span class="muted ltr" { (i.field) } " " } (cx.issue(i)) } } }
                } } }
            } }
        }))
    } }
}

/// The third step: what would happen; nothing has been written.
pub fn check_step(
    action: &str,
    counts: Counts,
    bad: &[BadRow],
    errors_file: Option<&str>,
    back: &str,
    cx: &ViewCx<'_>,
) -> Markup {
    let mood = if counts.failed > 0 { Mood::Warn } else { Mood::Good };
    let word = if counts.failed > 0 { "ui-import-some-bad" } else { "ui-import-all-good" };
    html! {
        form class="stack" method="post" action=(action) {
            (flash(mood, &html! { (cx.tf(word, &[("n", counts.failed.into())])) }))
            (figures(counts, cx))
            (bad_rows(bad, errors_file, cx))
            div class="cluster" { (button(cx.t("ui-import-start")).primary().submit()) (button(cx.t("ui-back")).ghost().href(back)) }
        }
    }
}

/// The last step while it runs and after: `poll` is the address asked again every second until `done`.
#[derive(Clone, Debug)]
pub struct Running<'a> {
    pub done_rows: i64,
    pub counts: Counts,
    pub done: bool,
    pub stopped: bool,
    pub poll: &'a str,
    pub stop: &'a str,
    pub resume: &'a str,
    pub undo: Option<&'a str>,
    pub list: &'a str,
}

pub fn run_step(r: &Running<'_>, bad: &[BadRow], errors_file: Option<&str>, cx: &ViewCx<'_>) -> Markup {
    #[allow(clippy::cast_precision_loss)]
    let percent = if r.counts.rows > 0 { r.done_rows as f64 / r.counts.rows as f64 * 100.0 } else { 100.0 };
    let live = !r.done && !r.stopped;
    html! {
        div class="stack" id="import-run" hx-get=[live.then_some(r.poll)] hx-trigger=[live.then_some("load delay:1s")] hx-select=[live.then_some("#import-run")] hx-swap=[live.then_some("outerHTML")] {
            @if r.done { (flash(if r.counts.failed > 0 { Mood::Warn } else { Mood::Good }, &html! { (cx.t("ui-import-done")) })) }
            @else {
                div class="cluster spread small soft" { span { (cx.tf("ui-import-progress", &[("done", cx.num(r.done_rows).into()), ("n", cx.num(r.counts.rows).into())])) } span { (cx.num(percent as i64)) "%" } }
                (progress(percent, &cx.t("ui-import-run")))
            }
            (figures(r.counts, cx))
            (bad_rows(bad, errors_file, cx))
            div class="cluster" {
                @if live { form method="post" action=(r.stop) { (button(cx.t("ui-stop")).submit()) } }
                @if r.stopped && !r.done { form method="post" action=(r.resume) { (button(cx.t("ui-resume")).primary().submit()) } }
                @if r.done { (button(cx.t("ui-import-show")).primary().href(r.list)) }
                @if let Some(undo) = r.undo { form method="post" action=(undo) { (button(cx.t("ui-undo-import")).icon("undo-2").submit()) } }
            }
        }
    }
}
