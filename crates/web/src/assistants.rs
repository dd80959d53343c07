//! What assistants want to change, and what they have changed: confirm, reject, take a whole run back.

use crate::happening::changes;
use crate::refusal::{Reply, not_found};
use crate::sign::{loose, with_status};
use crate::visit::{Shown, Visit};
use axum::extract::Path;
use axum::response::Response;
use engine::propose::{Difference, Proposal, Run, State, may_confirm};
use kernel::{Fault, FaultKind, Field, Outcome, Tone, Value};
use maud::{Markup, html};
use ui::button::button;
use ui::cx::ViewCx;
use ui::icon::icon;
use ui::mark::{Empty, chip, empty};
use ui::record::padded_block;
use ui::timeline::diff;
use uuid::Uuid;

const PLACE: &str = "/assistants";
/// Proposals and runs on the page.
const MANY: usize = 50;

/// `GET /assistants`
pub async fn page(visit: Visit) -> Reply {
    Ok(show(&visit, None).await?)
}

async fn show(visit: &Visit, fault: Option<&Fault>) -> Outcome<Response> {
    let all = visit.company.proposals(&visit.actor, false, MANY).await?;
    let runs = visit.company.runs(&visit.actor, false, MANY).await?;
    let titles = visit.company.titles_of_previews(&visit.actor, all.iter().map(|p| &p.preview)).await?;
    let shown = Shown::of(&titles, visit.actor.lang());
    let cx = visit.cx(&shown);
    let (open, decided): (Vec<_>, Vec<_>) = all.iter().partition(|p| p.state == State::Open);
    let cards = |list: &[&Proposal]| html! { div class="proposals" { @for p in list { (card(visit, p, runs.iter().find(|r| r.id == p.run), &cx)) } } };
    let near = visit.host.starts_with("localhost") || visit.host.starts_with("127.");
    let address = format!("{}://{}/mcp", if near { "http" } else { "https" }, visit.host);
    let body = html! { div class="stack" {
        (loose(fault, &[], &cx))
        @if open.is_empty() { (empty(Empty::Quiet, &cx.t("mcp-none-waiting"), &cx.t("mcp-none-waiting-text"), &html! {})) }
        @else { (cards(&open)) }
        @if !runs.is_empty() {
            (padded_block(&cx.t("mcp-runs"), Some(&cx.num(runs.len() as i64)), &html! {}, &html! {
                p class="soft small" { (cx.t("mcp-runs-text")) }
                ol class="runs" { @for r in &runs { (run(r, &cx)) } }
            }))
        }
        @if !decided.is_empty() {
            details class="decided" {
                summary { (cx.tf("mcp-decided", &[("n", cx.num(decided.len() as i64).into())])) }
                (cards(&decided))
            }
        }
        (padded_block(&cx.t("mcp-connect"), None, &html! {}, &html! { div class="stack" {
            p { (cx.t("mcp-connect-text")) }
            p { code class="ltr token-once" data-copy { (address) } }
            p class="soft small" { (cx.t("mcp-connect-rights")) }
            div { (button(cx.t("mcp-connect-token")).icon("key-round").href("/me?scope=propose#tokens")) }
        } }))
    } };
    let title = cx.t("mcp-assistants");
    Ok(visit.page(&title, &ui::shell::simple_page(&title, &cx.t("mcp-assistants-text"), &html! {}, &body)))
}

fn state(p: &Proposal, cx: &ViewCx<'_>) -> Markup {
    let (word, tone) = match p.state {
        State::Open => ("mcp-state-open", Tone::Warn),
        State::Done => ("mcp-state-done", Tone::Good),
        State::Rejected => ("mcp-state-rejected", Tone::Neutral),
        State::Stale => ("mcp-state-stale", Tone::Neutral),
        State::Expired => ("mcp-state-expired", Tone::Neutral),
    };
    chip(&cx.t(word), tone)
}

/// Which assistant: the name of its token, and of the program.
fn of(run: Option<&Run>, cx: &ViewCx<'_>) -> Markup {
    let name = run.map_or("", |r| r.token_name.as_str());
    let client = run.map_or("", |r| r.client.as_str());
    html! {
        bdi class="strong" { @if name.is_empty() { (cx.t("mcp-some-token")) } @else { (name) } }
        @if !client.is_empty() && client != name { " " span class="muted" { bdi { (client) } } }
    }
}

fn card(visit: &Visit, p: &Proposal, run: Option<&Run>, cx: &ViewCx<'_>) -> Markup {
    let (own, derived): (Vec<_>, Vec<_>) = p.preview.differences.iter().partition(|d| !d.derived);
    let open = p.state == State::Open;
    html! {
        article class="proposal" id={ "p-" (p.id) } aria-label=(cx.t("mcp-proposal")) {
            header class="proposal-head" {
                span class="proposal-mark" { (icon("plug")) }
                div class="grow" {
                    p class="proposal-who" { (of(run, cx)) " · " time class="muted small" datetime=(p.at) title=(cx.datetime(p.at)) { (cx.relative(p.at)) } }
                    @if !p.note.is_empty() { p class="proposal-note" dir="auto" { (p.note) } }
                }
                (state(p, cx))
            }
            @for (object, action, title) in &p.preview.acts { (act(visit, object, action, title.get(cx.lang()), cx)) }
            @for d in &own { (difference(visit, d, open, cx)) }
            @if !derived.is_empty() {
                details class="proposal-more" {
                    summary { (cx.tf("mcp-follows", &[("n", cx.num(derived.len() as i64).into())])) }
                    @for d in &derived { (difference(visit, d, open, cx)) }
                }
            }
            @if p.preview.more > 0 { p class="muted small" { (cx.tf("mcp-more", &[("n", (p.preview.more as i64).into())])) } }
            @if open {
                footer class="proposal-foot" {
                    @if may_confirm(&visit.actor) {
                        form method="post" action={ (PLACE) "/proposals/" (p.id) "/confirm" } { (button(cx.t("mcp-confirm")).icon("check").primary().submit()) }
                    }
                    form method="post" action={ (PLACE) "/proposals/" (p.id) "/reject" } { (button(cx.t("mcp-reject")).icon("x").submit()) }
                    span class="muted small" { (cx.tf("mcp-until", &[("when", cx.datetime(p.expires_at).into())])) }
                }
            }
        }
    }
}

fn act(visit: &Visit, object: &str, action: &str, title: &str, cx: &ViewCx<'_>) -> Markup {
    let label = visit.company.action(object, action).map_or(action, |a| cx.label(&a.label));
    html! { div class="proposal-part" { span class="proposal-kind" data-hue="amber" { (icon("zap")) } div class="grow" {
        p { span class="strong" { (label) } @if !title.is_empty() { " · " bdi { (title) } } }
    } } }
}

fn difference(visit: &Visit, d: &Difference, open: bool, cx: &ViewCx<'_>) -> Markup {
    let Some(object) = visit.registry.find(&d.object) else { return html! {} };
    let (mark, hue, word) = match d.verb.as_str() {
        "created" => ("plus", "teal", "mcp-creates"),
        "deleted" => ("trash-2", "red", "mcp-deletes"),
        _ => ("pencil", "grey", "mcp-changes"),
    };
    let all = changes(visit, object, &serde_json::Value::Object(d.fields.clone()));
    let rows: Vec<(&Field, Value, Value)> = all.iter().map(|(f, a, b)| (f, a.clone(), b.clone())).collect();
    let title = d.title.get(cx.lang());
    html! { div class="proposal-part" {
        span class="proposal-kind" data-hue=(hue) { (icon(mark)) }
        div class="grow" {
            p { (cx.t(word)) " " (cx.label(&object.label)) " · "
                @if open && d.verb == "created" { bdi class="strong" { (title) } } @else { a class="strong" href=(cx.record_url(&d.object, d.id)) { bdi { (title) } } } }
            @if d.verb != "deleted" && !rows.is_empty() { (diff(&rows, cx)) }
        }
    } }
}

fn run(r: &Run, cx: &ViewCx<'_>) -> Markup {
    html! { li class="run" {
        div class="grow" {
            p { (of(Some(r), cx)) }
            p class="muted small" {
                time datetime=(r.at) { (cx.datetime(r.at)) } " · " (cx.tf("mcp-run-records", &[("n", r.records.into())]))
                @if r.open > 0 { " · " (cx.tf("mcp-run-open", &[("n", r.open.into())])) }
            }
        }
        @if let Some(at) = r.undone_at { (chip(&cx.t("mcp-run-undone"), Tone::Neutral)) span class="muted small" { (cx.relative(at)) } }
        @else if r.records > 0 {
            form method="post" action={ (PLACE) "/runs/" (r.id) "/undo" } data-confirm=(cx.t("mcp-run-undo-ask")) { (button(cx.t("mcp-run-undo")).icon("undo-2").small().submit()) }
        }
    } }
}

/// The page again with what stood against it.
async fn again(visit: &Visit, fault: Fault) -> Reply {
    if !matches!(fault.kind, FaultKind::Invalid | FaultKind::Conflict | FaultKind::Forbidden) {
        return Err(fault.into());
    }
    Ok(with_status(show(visit, Some(&fault)).await?, &fault))
}

/// `POST /assistants/proposals/{id}/{verb}`: `confirm` or `reject`.
pub async fn decide(visit: Visit, Path((id, verb)): Path<(String, String)>) -> Reply {
    let id: Uuid = id.parse().map_err(|_| not_found())?;
    let done = match verb.as_str() {
        "confirm" => visit.company.confirm_proposal(&visit.actor, id).await.map(|_| "mcp-said-confirmed"),
        "reject" => visit.company.reject_proposal(&visit.actor, id).await.map(|_| "mcp-said-rejected"),
        _ => return Err(not_found()),
    };
    match done {
        Ok(said) => Ok(visit.go(PLACE, said)),
        Err(fault) => again(&visit, fault).await,
    }
}

/// `POST /assistants/runs/{id}/undo`
pub async fn undo(visit: Visit, Path(id): Path<String>) -> Reply {
    let id: Uuid = id.parse().map_err(|_| not_found())?;
    match visit.company.undo_run(&visit.actor, id).await {
        Ok(_) => Ok(visit.go(PLACE, "mcp-said-undone")),
        Err(fault) => again(&visit, fault).await,
    }
}
