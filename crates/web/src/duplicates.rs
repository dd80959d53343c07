//! Likely duplicates: the warning beside a form, and the queue in which people look at pairs side by side.

use crate::address::address;
use crate::refusal::{Reply, not_found};
use crate::sent::Sent;
use crate::visit::{Shown, Visit};
use axum::extract::Path;
use engine::duplicates::bulk::State;
use engine::duplicates::{Bulk, Decision, Found, Pair, Rule};
use engine::merge::choose;
use kernel::{Capability, Field, Object, Outcome, Record, Value, Verb};
use matching::{Clue, Match, Verdict};
use maud::{Markup, Render, html};
use ui::button::button;
use ui::cx::ViewCx;
use ui::mark::{Empty, Mood, empty, flash};
use uuid::Uuid;

const PAGE: usize = 20;

/// Why: a chip for each piece of evidence with what it counts, those against in another colour.
pub fn why(m: &Match, cx: &ViewCx<'_>) -> Markup {
    html! { ul class="clues" aria-label=(cx.t("duplicates-why")) {
        @for e in &m.evidence {
            li class="clue" data-against[e.points < 0] {
                span { (cx.t(engine::duplicates::sentence(e.clue))) }
                span class="clue-points ltr" { (if e.points < 0 { "−" } else { "+" }) (cx.num(i64::from(e.points.abs()))) }
            }
        }
    } }
}

/// How sure: the score out of 100.
pub fn score(m: &Match, cx: &ViewCx<'_>) -> Markup {
    let sure = m.verdict == Verdict::Same;
    html! { span class="score" data-sure[sure] { (cx.tf("duplicates-score", &[("n", cx.num(i64::from(m.score)).into())])) " " span class="score-word" { (cx.t(if sure { "duplicates-same" } else { "duplicates-maybe" })) } } }
}

/// `POST /{object}/likely`: what is typed so far, and whether such a record is there already.
pub async fn likely(visit: Visit, Path(key): Path<String>, sent: Sent) -> Reply {
    let object = visit.object(&key)?;
    let fields = crate::form::fields(&visit, &object, None);
    let read = crate::form::read(&visit, &fields, &sent).await?;
    let mut draft = Record::new(key.clone(), Uuid::nil());
    draft.values = read.values;
    let own = visit.param("own").parse().ok();
    let found = visit.company.duplicates_of_draft(&visit.actor, &key, &draft, own).await?;
    let none = Shown::default();
    let cx = visit.cx(&none);
    Ok(visit.piece(warning(&object, &found, &cx)))
}

/// A calm word that the record may exist, with the reason and a way to it.
pub fn warning(object: &Object, found: &Found, cx: &ViewCx<'_>) -> Markup {
    let lang = cx.lang();
    html! {
        @if !found.candidates.is_empty() || found.elsewhere {
            (flash(Mood::Warn, &html! {
                div class="likely" {
                    strong { (cx.t(if found.candidates.is_empty() { "duplicates-elsewhere" } else { "duplicates-warning" })) }
                    @for c in found.candidates.iter().take(3) {
                        div class="likely-one" {
                            a href={ "/" (object.key) "/" (c.id) } target="_blank" { bdi { (c.title.get(lang)) } }
                            (score(&c.matched, cx))
                            (why(&c.matched, cx))
                        }
                    }
                    @if found.elsewhere && !found.candidates.is_empty() { p class="small" { (cx.t("duplicates-elsewhere-too")) } }
                    p class="small soft" { (cx.t("duplicates-warning-text")) }
                }
            }))
        }
    }
}

/// The place in a form where the warning comes; the script asks after a change of what identifies.
pub fn watch(visit: &Visit, object: &Object, own: Option<Uuid>) -> Markup {
    let fields: Vec<&str> = object.fields.iter().filter(|f| engine::duplicates::facts::identifying(object, f)).map(|f| f.key.as_str()).collect();
    let own = own.map(|id| id.to_string()).unwrap_or_default();
    html! { @if object.can(Capability::Duplicates) && visit.actor.may(object, &Verb::Read) {
        div aria-live="polite" data-likely=(address(&format!("/{}/likely", object.key), &[("own", &own)])) data-likely-fields=(fields.join(" ")) {}
    } }
}

fn rule_of(visit: &Visit) -> Rule {
    let clues = visit.params.iter().filter(|(n, _)| n == "clue").filter_map(|(_, v)| Clue::parse(v)).collect();
    Rule { score: visit.param("score").parse().unwrap_or(0), clues }
}

/// `GET /{object}/duplicates`: the queue.
pub async fn queue(visit: Visit, Path(key): Path<String>) -> Reply {
    let object = visit.object(&key)?;
    visit.actor.rule(&object, &Verb::Update)?;
    let state = Decision::parse(visit.param("state")).unwrap_or(Decision::Open);
    let rule = rule_of(&visit);
    let skip: usize = visit.param("skip").parse().unwrap_or(0);
    let pairs = visit.company.pairs(&visit.actor, &key, state, &rule, skip, PAGE).await?;
    let total = visit.company.count_pairs(&visit.actor, &key, state, &rule).await?;
    let since = visit.company.now().as_microsecond() - 3_600_000_000;
    let running = visit.company.bulk_merge(&visit.actor, &key).await?.filter(|b| state == Decision::Open && b.ended.is_none_or(|at| at > since));
    let records: Vec<Record> = pairs.iter().flat_map(|p| [p.a.clone(), p.b.clone()]).collect();
    let mut conn = visit.company.db().read().await?;
    let titles = visit.company.titles_of(&mut conn, &visit.actor, &records).await?;
    drop(conn);
    let titles = Shown::of(&titles, visit.actor.lang());
    let cx = visit.cx(&titles);
    let base = format!("/{key}/duplicates");
    let title = cx.tf("duplicates-title", &[("objects", cx.label(&object.plural).into())]);
    let sweep = html! { form method="post" action={ (base) "/sweep" } { (button(cx.t("duplicates-sweep")).icon("refresh-cw").submit().render()) } };
    let states = [(Decision::Open, "duplicates-state-open"), (Decision::Later, "duplicates-state-later"), (Decision::Distinct, "duplicates-state-distinct")];
    let tabs: Vec<(String, String, bool, Option<String>)> = states
        .into_iter()
        .map(|(s, word)| (cx.t(word), address(&base, &[("state", s.key())]), s == state, None))
        .collect();
    let more = i64::try_from(skip + pairs.len()).unwrap_or(0) < total;
    let next = (skip + PAGE).to_string();
    let live = running.as_ref().is_some_and(|b| matches!(b.state, State::Waiting | State::Running));
    let body = html! {
        (ui::record::tabs(&tabs, &title))
        // While many are merged the pairs change under the hand: they come back with the result.
        div class="queue stack" id="queue" hx-get=[live.then_some(&base)] hx-trigger=[live.then_some("load delay:1s")] hx-select=[live.then_some("#queue")] hx-swap=[live.then_some("outerHTML")] {
            @if let Some(b) = &running { (bulk_state(&base, b, live, &cx)) }
            @if !live {
                @if state == Decision::Open && (total > 0 || rule.score > 0) { (bulk_form(&base, &rule, total, &cx)) }
                @if pairs.is_empty() { (empty(Empty::Quiet, &cx.t("duplicates-none"), &cx.t("duplicates-none-text"), &html! {})) }
                div class="pairs" data-pairs { @for p in &pairs { (pair(&visit, &object, p, state, &cx)) } }
                @if more { (button(cx.t("duplicates-more")).href(address(&base, &[("state", state.key()), ("skip", &next)])).render()) }
                @if !pairs.is_empty() { p class="muted small keys-hint" { (cx.t("duplicates-keys")) } }
            }
        }
    };
    Ok(visit.page(&title, &ui::shell::simple_page(&title, &cx.tf("duplicates-count", &[("n", total.into())]), &sweep, &body)))
}

/// Merging many at once: what fits is counted before anything happens.
fn bulk_form(base: &str, rule: &Rule, total: i64, cx: &ViewCx<'_>) -> Markup {
    let ticked = |c: Clue| rule.clues.contains(&c);
    html! { details class="section bulk" open[rule.score > 0] {
        summary { span class="icon-turn" { (ui::icon::icon_sm("chevron-right")) } (cx.t("duplicates-bulk")) }
        form class="cluster" method="get" action=(base) {
            label class="cluster" { (cx.t("duplicates-bulk-score")) input class="input input-sm" type="number" name="score" min="70" max="100" value=(if rule.score > 0 { rule.score } else { 95 }); }
            @for (clue, word) in [(Clue::Phone, "duplicates-clue-phone"), (Clue::Email, "duplicates-clue-email"), (Clue::Birthday, "duplicates-clue-birthday")] {
                label class="check" { input type="checkbox" name="clue" value=(clue.key()) checked[ticked(clue)]; (cx.t(word)) }
            }
            (button(cx.t("duplicates-bulk-preview")).small().submit().render())
        }
        @if rule.score > 0 {
            p { (cx.tf("duplicates-bulk-count", &[("n", total.into())])) }
            @if total > 0 { form method="post" action={ (base) "/bulk" } data-confirm=(cx.tf("duplicates-bulk-ask", &[("n", total.into())])) {
                input type="hidden" name="score" value=(rule.score);
                @for c in &rule.clues { input type="hidden" name="clue" value=(c.key()); }
                (button(cx.tf("duplicates-bulk-merge", &[("n", total.into())])).primary().submit().render())
            } }
        }
    } }
}

/// The title in the other script, where it has one.
pub fn other_form(object: &Object, r: &Record, lang: &str) -> String {
    let Value::Name(n) = r.get(&object.title) else { return String::new() };
    let (own, other) = if lang == "ar" { (&n.ar, &n.latin) } else { (&n.latin, &n.ar) };
    if own.is_empty() { String::new() } else { other.clone() }
}

/// Says nothing: empty, or a box that nobody ticked.
fn idle(v: &Value) -> bool {
    v.is_blank() || v.bool() == Some(false)
}

/// Two records side by side: what differs is marked.
fn pair(visit: &Visit, object: &Object, p: &Pair, state: Decision, cx: &ViewCx<'_>) -> Markup {
    let (keep, go) = choose::fuller(object, &p.a, &p.b);
    // What says who they are, the title too where it differs by more than its script; then what somebody must choose.
    let tells = |f: &&Field| engine::duplicates::facts::identifying(object, f) && Some(f.key.as_str()) != object.sorts.as_deref();
    let differs = |f: &&Field| f.writable() && keep.get(&f.key) != go.get(&f.key);
    let filled = |f: &&Field| !idle(keep.get(&f.key)) || !idle(go.get(&f.key));
    let open: Vec<&Field> = object
        .fields
        .iter()
        .filter(|f| visit.actor.mask(&object.key, &f.key) != Some(kernel::Mask::Hidden))
        .filter(|f| choose::has_choice(f) && f.key != object.title)
        .filter(filled)
        .collect();
    let shown: Vec<&Field> = open.iter().copied().filter(tells).chain(open.iter().copied().filter(|f| !tells(f) && differs(f))).take(9).collect();
    let merge = address(&format!("/{}/{}/merge", object.key, keep.id), &[("with", &go.id.to_string())]);
    let decide = |d: Decision, word: &str, shortcut: &str| {
        html! { form method="post" action={ "/" (object.key) "/duplicates/decide" } {
            input type="hidden" name="a" value=(p.a.id); input type="hidden" name="b" value=(p.b.id); input type="hidden" name="decision" value=(d.key());
            (button(cx.t(word)).small().submit().attr("data-key", shortcut).render())
        } }
    };
    html! {
        article class="twins block" tabindex="0" {
            header class="twins-head" { (score(&p.matched, cx)) (why(&p.matched, cx)) }
            table class="twins-table" {
                thead { tr {
                    td {}
                    @for r in [keep, go] { th scope="col" { a href={ "/" (object.key) "/" (r.id) } { bdi { (crate::list::title(object, r, cx.lang())) } } @let other = other_form(object, r, cx.lang()); @if !other.is_empty() { bdi class="twins-other" { (other) } } } }
                } }
                tbody { @for f in &shown { tr data-differs[keep.get(&f.key) != go.get(&f.key)] {
                    th scope="row" { (cx.label(&f.label)) }
                    @for r in [keep, go] { td { (ui::cell::cell(f, r.get(&f.key), cx)) } }
                } } }
            }
            footer class="twins-foot" {
                (button(cx.t("duplicates-review-merge")).small().primary().href(merge).attr("data-key", "m").render())
                @if state != Decision::Distinct { (decide(Decision::Distinct, "duplicates-distinct", "n")) }
                @if state == Decision::Open { (decide(Decision::Later, "duplicates-later", "l")) } @else { (decide(Decision::Open, "duplicates-reopen", "o")) }
            }
        }
    }
}

/// `POST /{object}/duplicates/decide`
pub async fn decide(visit: Visit, Path(key): Path<String>, sent: Sent) -> Reply {
    visit.object(&key)?;
    let id = |name: &str| sent.get(name).parse::<Uuid>().map_err(|_| not_found());
    let (a, b) = (id("a")?, id("b")?);
    let decision = Decision::parse(sent.get("decision")).ok_or_else(not_found)?;
    visit
        .company
        .transact(&visit.actor, |cx| {
            let key = key.clone();
            Box::pin(async move { cx.decide_pair(&key, a, b, decision).await })
        })
        .await?;
    Ok(visit.back(sent.get("back"), &format!("/{key}/duplicates"), "duplicates-said-decided"))
}

/// `POST /{object}/duplicates/sweep`
pub async fn sweep(visit: Visit, Path(key): Path<String>) -> Reply {
    visit.object(&key)?;
    visit.company.queue_sweep(&visit.actor, &key).await?;
    Ok(visit.go(&format!("/{key}/duplicates"), "duplicates-said-sweep"))
}

/// `POST /{object}/duplicates/bulk`
pub async fn bulk(visit: Visit, Path(key): Path<String>, sent: Sent) -> Reply {
    visit.object(&key)?;
    let clues = sent.pairs.iter().filter(|(n, _)| n == "clue").filter_map(|(_, v)| Clue::parse(v)).collect();
    let rule = Rule { score: sent.get("score").parse().unwrap_or(0), clues };
    visit.company.queue_merge(&visit.actor, &key, &rule).await?;
    Ok(visit.go(&format!("/{key}/duplicates"), ""))
}

/// `POST /{object}/duplicates/stop`
pub async fn stop(visit: Visit, Path(key): Path<String>) -> Reply {
    visit.object(&key)?;
    visit.company.stop_merge(&visit.actor, &key).await?;
    Ok(visit.go(&format!("/{key}/duplicates"), "duplicates-said-stop"))
}

/// How far the merging of many is, and what came of it: for an hour after its end.
fn bulk_state(base: &str, b: &Bulk, live: bool, cx: &ViewCx<'_>) -> Markup {
    let n = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let done = n(b.counts.merged + b.counts.refused);
    let percent = if b.total > 0 { f64::from(i32::try_from(done.saturating_mul(1000) / b.total).unwrap_or(1000)) / 10.0 } else { 0.0 };
    let left = html! { @if b.counts.refused > 0 { p class="small" { (cx.tf("duplicates-bulk-left", &[("n", n(b.counts.refused).into())])) } } };
    html! {
        @if live {
            section class="block block-body stack" aria-live="polite" {
                div class="cluster spread" {
                    strong { (cx.t("duplicates-bulk-running")) }
                    span class="small soft" { (cx.tf("duplicates-bulk-done", &[("done", cx.num(done).into()), ("n", cx.num(b.total).into())])) }
                }
                (ui::mark::progress(percent, &cx.t("duplicates-bulk-running")))
                form method="post" action={ (base) "/stop" } { (button(cx.t("duplicates-bulk-stop")).small().icon("x").submit().render()) }
            }
        } @else {
            @let mood = match b.state { State::Done => Mood::Good, State::Stopped => Mood::Info, _ => Mood::Bad };
            @let word = match b.state { State::Done => "duplicates-bulk-over", State::Stopped => "duplicates-bulk-stopped", _ => "duplicates-bulk-broken" };
            (flash(mood, &html! { div { strong { (cx.tf(word, &[("n", n(b.counts.merged).into())])) } (left) } }))
        }
    }
}

/// Likely duplicates of a record, for its merge page.
///
/// # Errors
/// The database.
pub async fn of_record(visit: &Visit, object: &Object, record: &Record, cx: &ViewCx<'_>) -> Outcome<Markup> {
    let found = visit.company.duplicates_of(&visit.actor, &object.key, record.id).await?;
    let here = format!("/{}/{}/merge", object.key, record.id);
    Ok(html! {
        @if found.candidates.is_empty() { (empty(Empty::Quiet, &cx.t("duplicates-none-here"), &cx.t("duplicates-none-here-text"), &html! {})) }
        div class="pairs likely-list" { @for c in &found.candidates {
            article class="twins block" {
                div class="twins-head" {
                    a class="twins-name" href=(address(&here, &[("with", &c.id.to_string())])) { bdi { (c.title.get(cx.lang())) } }
                    (score(&c.matched, cx)) (why(&c.matched, cx))
                    (button(cx.t("merge-compare")).small().href(address(&here, &[("with", &c.id.to_string())])).render())
                }
            }
        } }
    })
}
