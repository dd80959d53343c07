//! Pages: rules with their state, the log of a run, a look beforehand, asking for approval, what waits for my decision.

use crate::view::{self, view};
use crate::{approval, book, facts, rule, runs, trial, trigger};
use engine::{Answer, Company, Count, Form, Page, PageCx, Place, Query};
use futures::future::BoxFuture;
use kernel::jiff::SignedDuration;
use kernel::uuid::Uuid;
use kernel::{Expr, Fault, FaultKind, Outcome, Record, Tone, Verb, label};
use maud::{Markup, Render, html};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use ui::button::button;
use ui::cx::{Titles, ViewCx};
use ui::mark::{Empty, Mood, chip, empty, flash};

pub fn all() -> Vec<Page> {
    let page = |key, l, icon, render| Page::new("automation", key, l, icon, render);
    vec![
        page("rules", label("قواعد العمل", "Rules"), "zap", rules).may(rule::makes).post(switch),
        page("edit", label("تحرير قاعدة", "Edit a rule"), "zap", crate::edit::render).at(Place::Hidden).may(rule::makes).post(crate::edit::post),
        page("inbox", label("موافقاتي", "My approvals"), "circle-check", inbox).may(|a, r| r.find(approval::VOTE).is_some_and(|o| a.may(o, &Verb::Read))),
        page("ask", label("طلب موافقة", "Ask for approval"), "circle-check", ask).at(Place::Hidden).post(asked),
        page("run", label("سجل التنفيذ", "Run log"), "zap", run).at(Place::Hidden).may(rule::makes),
        page("try", label("تجربة القاعدة", "Try the rule"), "zap", tried).at(Place::Hidden).may(rule::makes),
        page("start", label("تشغيل قاعدة", "Start a rule"), "zap", |_| Box::pin(async { Err(Fault::not_found()) })).at(Place::Hidden).post(pressed),
    ]
}

fn id(page: &PageCx, name: &str) -> Outcome<Uuid> {
    page.param(name).parse().map_err(|_| Fault::not_found())
}

/// The rule in the version of its record, for somebody who may read it.
async fn seen(page: &PageCx, id: Uuid) -> Outcome<(Record, Arc<book::Rule>)> {
    let record = page.company.get(&page.actor, rule::KEY, id).await?;
    let mut conn = page.company.db().read().await?;
    let rule = book::version(&page.company, &mut conn, id, record.get("version").int().unwrap_or_default()).await?;
    Ok((record, rule))
}

fn titled(title: &str, sub: &str, actions: &Markup, body: &Markup) -> Answer {
    ui::shell::simple_page(title, sub, actions, body).into_string().into()
}

/// `/automation/rules`
fn rules(page: PageCx) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let query = Query { count: Count::None, ..Query::new(rule::KEY).sort("name").limit(200) };
        let listing = page.company.list(&page.actor, &query).await?;
        let lang = page.actor.lang();
        let titles: Titles = listing.titles.iter().map(|(id, n)| (*id, n.get(lang).to_owned())).collect();
        let cx = view(&page, &titles);
        let week = page.company.now().checked_sub(SignedDuration::from_hours(24 * 7)).map_err(Fault::internal)?;
        let registry = page.company.registry();
        let mut rows = Vec::new();
        let mut conn = page.company.db().read().await?;
        for record in &listing.records {
            let (all, bad) = runs::counts(&mut conn, record.id, week).await?;
            let flow = rule::flow(record).ok();
            let object = flow.as_ref().and_then(|f| registry.find(&f.object));
            rows.push(html! {
                li class="rule-row" data-active=(record.get("active").bool() == Some(true)) {
                    (ui::mark::icon_square(object.map_or("zap", |o| o.icon.as_str()), "md"))
                    div class="grow" {
                        a class="rule-name" href={ "/automation/" (record.id) } { bdi { (record.get("name").name().map(|n| n.get(lang)).unwrap_or_default()) } }
                        p class="muted small" {
                            @if let (Some(flow), Some(object)) = (&flow, object) { (view::trigger(&page.company, object, &flow.trigger, &cx)) } @else { (cx.t("automation-unfit")) }
                        }
                    }
                    span class="small muted" { (cx.tf("automation-runs-week", &[("n", all.into())])) }
                    @if bad > 0 { (chip(&cx.tf("automation-bad-runs", &[("n", bad.into())]), Tone::Bad)) }
                    form method="post" action="/automation/rules" {
                        input type="hidden" name="rule" value=(record.id);
                        @let on = record.get("active").bool() == Some(true);
                        input type="hidden" name="active" value=(if on { "0" } else { "1" });
                        (button(cx.t(if on { "automation-switch-off" } else { "automation-switch-on" })).small().submit().attr("aria-pressed", if on { "true" } else { "false" }).render())
                    }
                }
            });
        }
        drop(conn);
        let body = html! {
            @if rows.is_empty() { (empty(Empty::Search, &cx.t("automation-none"), &cx.t("automation-none-text"), &html! {})) }
            @else { ul class="rule-list" { @for row in &rows { (row) } } }
        };
        let new = button(cx.t("automation-new")).primary().icon("plus").href("/automation/edit").render();
        Ok(titled(&cx.t("automation-rules"), &cx.t("automation-rules-sub"), &new, &body))
    })
}

/// Switches a rule on or off.
fn switch(page: PageCx, form: Form) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let id: Uuid = form.get("rule").parse().map_err(|_| Fault::not_found())?;
        let on = form.get("active") == "1";
        page.company
            .transact(&page.actor, |cx| Box::pin(async move { cx.save(rule::KEY, engine::Draft::of(id).set("active", on)).await.map(|_| ()) }))
            .await?;
        Ok(Answer::Go { to: "/automation/rules".into(), said: if on { "automation-said-on" } else { "automation-said-off" } })
    })
}

/// The panel on a rule's page: the flow, and its last runs.
pub fn rule_panel(page: PageCx, id: Uuid) -> BoxFuture<'static, Outcome<String>> {
    Box::pin(async move {
        let Ok((record, rule)) = seen(&page, id).await else { return Ok(String::new()) };
        let may_edit = page.company.may_on(&page.actor, &record, &Verb::Update).await?;
        let titles = view::titles(&page, &rule.flow, &[]).await?;
        let cx = view(&page, &titles);
        Ok(html! {
            (view::flow(&page.company, &rule, &cx))
            div class="cluster rule-foot" { @if may_edit { (button(cx.t("automation-edit")).primary().icon("pencil").href(format!("/automation/edit?rule={id}")).render()) } (button(cx.t("automation-try")).icon("eye").href(format!("/automation/try?rule={id}")).render()) }
        }
        .into_string())
    })
}

/// The last runs of a rule, with the records the reader may see.
pub fn runs_panel(page: PageCx, id: Uuid) -> BoxFuture<'static, Outcome<String>> {
    Box::pin(async move {
        let mut conn = page.company.db().read().await?;
        let found = runs::latest(&mut conn, Some(id), None, 20).await?;
        drop(conn);
        let titles = titles_of(&page, &found).await?;
        let cx = view(&page, &titles);
        if found.is_empty() {
            return Ok(html! { p class="muted" { (cx.t("automation-no-runs")) } }.into_string());
        }
        Ok(list(&found, &cx, false).into_string())
    })
}

async fn titles_of(page: &PageCx, found: &[runs::Run]) -> Outcome<Titles> {
    let mut wanted: BTreeMap<String, BTreeSet<Uuid>> = BTreeMap::new();
    for run in found {
        wanted.entry(run.object.clone()).or_default().insert(run.record);
        wanted.entry(rule::KEY.into()).or_default().insert(run.rule);
        wanted.entry("user".into()).or_default().extend(run.who);
    }
    let mut conn = page.company.db().read().await?;
    let lang = page.actor.lang();
    Ok(page.company.titles(&mut conn, &page.actor, &wanted).await?.into_iter().map(|(id, n)| (id, n.get(lang).to_owned())).collect())
}

/// Runs as lines; `of_record`: named by their rule, else by their record.
fn list(found: &[runs::Run], cx: &ViewCx<'_>, of_record: bool) -> Markup {
    html! { ul class="run-list" { @for run in found {
        @let title = cx.title_of(if of_record { run.rule } else { run.record });
        li {
            (chip(&cx.t(&format!("automation-state-{}", run.state)), view::tone(&run.state)))
            span class="grow" { a href={ "/automation/run?id=" (run.id) } { @if title.is_empty() { (cx.t("automation-hidden-record")) } @else { bdi { (title) } } }
                @if !run.error.is_null() { p class="muted small" { (view::error(&run.error, cx)) } } }
            time class="muted small" { (cx.datetime(run.at)) }
        }
    } } }
}

/// `/automation/run?id=`: what each step did, and why.
fn run(page: PageCx) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let id = id(&page, "id")?;
        let mut conn = page.company.db().read().await?;
        let run = runs::get(&mut conn, id).await?.ok_or_else(Fault::not_found)?;
        let lines = runs::lines(&mut conn, id).await?;
        drop(conn);
        // Whoever may see the rule and the record sees what the rule did with it.
        let record = page.company.get(&page.actor, rule::KEY, run.rule).await?;
        page.company.get(&page.actor, &run.object, run.record).await?;
        let mut conn = page.company.db().read().await?;
        let rule = book::version(&page.company, &mut conn, run.rule, run.version).await?;
        drop(conn);
        let mut titles = titles_of(&page, std::slice::from_ref(&run)).await?;
        titles.extend(view::titles(&page, &rule.flow, &[]).await?);
        let cx = view(&page, &titles);
        let registry = page.company.registry();
        let why: Vec<facts::Reason> = run.why.get("when").and_then(|w| serde_json::from_value(w.clone()).ok()).unwrap_or_default();
        let body = html! {
            div class="cluster" {
                (chip(&cx.t(&format!("automation-state-{}", run.state)), view::tone(&run.state)))
                a href={ "/" (run.object) "/" (run.record) } { bdi { (cx.title_of(run.record)) } }
                span class="muted small" { (cx.datetime(run.at)) " · " (cx.tf("automation-version", &[("n", run.version.into())])) @if let Some(who) = run.who { " · " bdi { (cx.title_of(who)) } } }
            }
            @if !run.error.is_null() { (flash(Mood::Bad, &html! { p { (view::error(&run.error, &cx)) } })) }
            ol class="flow" {
                li class="flow-node" data-kind="trigger" { span class="flow-mark" aria-hidden="true" { (ui::icon::icon_sm("zap")) } div {
                    p class="flow-word" { (cx.t("automation-why-started")) }
                    p { strong { (view::trigger(&page.company, &rule.object, &rule.flow.trigger, &cx)) } }
                    (view::reasons(&registry, &rule.object, &why, &cx))
                } }
                (log(&lines, &rule, &registry, &cx))
            }
        };
        let name = record.get("name").name().map(|n| n.get(page.actor.lang()).to_owned()).unwrap_or_default();
        let back = button(cx.t("automation-to-rule")).ghost().href(format!("/automation/{}", run.rule)).render();
        Ok(titled(&name, &cx.t("automation-run-log"), &back, &body))
    })
}

fn log(lines: &[runs::Line], rule: &book::Rule, registry: &kernel::Registry, cx: &ViewCx<'_>) -> Markup {
    html! { @for line in lines {
        @let why: Vec<facts::Reason> = line.data.get("when").and_then(|w| serde_json::from_value(w.clone()).ok()).unwrap_or_default();
        li class="flow-node" data-kind=(line.what) {
            span class="flow-mark" aria-hidden="true" { (ui::icon::icon_sm(view::icon(&line.what))) }
            div {
                p { strong { (cx.t(&format!("automation-did-{}", line.what))) } " " time class="muted small" { (cx.datetime(line.at)) } }
                (said(line, rule, cx))
                (view::reasons(registry, &rule.object, &why, cx))
            }
        }
    } }
}

/// What a line of the log says beyond its kind.
fn said(line: &runs::Line, rule: &book::Rule, cx: &ViewCx<'_>) -> Markup {
    let text = |k: &str| line.data.get(k).and_then(Json::as_str).unwrap_or_default();
    let fields: Vec<&str> = line.data.get("fields").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).collect();
    let names: Vec<String> = fields.iter().map(|f| if text("object") == rule.flow.object { rule.object.get(f).map_or((*f).to_owned(), |f| cx.label(&f.label).to_owned()) } else { (*f).to_owned() }).collect();
    let n = |k: &str| line.data.get(k).and_then(Json::as_array).map(Vec::len).and_then(|n| i64::try_from(n).ok()).unwrap_or_default();
    html! {
        @match line.what.as_str() {
            "create" | "activity" => p { a href={ "/" (text("object")) "/" (text("id")) } { (cx.t("automation-open-made")) } },
            "update" => p class="muted" { (names.join(cx.locale.pick("، ", ", "))) @if line.data.get("same").and_then(Json::as_bool) == Some(true) { " · " (cx.t("automation-was-so")) } },
            "notify" => p class="muted" { (cx.tf("automation-told-n", &[("n", n("told").into())])) },
            "branch" => p class="muted" { (cx.t(if line.data.get("held").and_then(Json::as_bool) == Some(true) { "automation-yes" } else { "automation-no" })) },
            "approval" | "decided" => p { a href={ "/approval/" (text("approval")) } { (cx.t("automation-see-approval")) } },
            "call" | "would-call" => p class="muted" dir="ltr" { (line.data.get("status").map(ToString::to_string).unwrap_or_else(|| text("url").to_owned())) },
            "wait" | "waiting" => @if let Ok(at) = text("until").parse() { p class="muted" { (cx.tf("automation-until-at", &[("at", cx.datetime(at).into())])) } },
            "demand" => @if line.data.get("open").and_then(Json::as_bool) == Some(true) { p class="muted" { (cx.t("automation-demand-open")) } },
            "failed" | "stopped" => p { (view::error(&line.data, cx)) },
            _ => {},
        }
    }
}

/// `/automation/try?rule=`: what the rule would have done with the records that changed last.
fn tried(page: PageCx) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let id = id(&page, "rule")?;
        let (record, rule) = seen(&page, id).await?;
        let found = trial::run(&page.company, &page.actor, &rule, page.param("record").parse().ok()).await?;
        let titles = view::titles(&page, &rule.flow, &[]).await?;
        let cx = view(&page, &titles);
        let registry = page.company.registry();
        let held = found.iter().filter(|t| t.held).count();
        let body = html! {
            (flash(Mood::Info, &html! { p { (cx.t("automation-try-nothing")) } p { (cx.tf("automation-try-held", &[("n", i64::try_from(held).unwrap_or_default().into()), ("all", i64::try_from(found.len()).unwrap_or_default().into())])) } }))
            @for t in &found {
                details class="section try-one" open[t.held] {
                    summary { (chip(&cx.t(if t.held { "automation-would" } else { "automation-would-not" }), if t.held { Tone::Good } else { Tone::Neutral })) " " bdi { (t.title) } }
                    (view::reasons(&registry, &rule.object, &t.why, &cx))
                    @if !t.lines.is_empty() { ol class="flow" { (log(&t.lines, &rule, &registry, &cx)) } }
                    @if let Some(fault) = &t.fault { (flash(Mood::Bad, &html! { p { (view::error(fault, &cx)) } })) }
                }
            }
            @if found.is_empty() { (empty(Empty::Search, &cx.t("automation-try-none"), "", &html! {})) }
        };
        let name = record.get("name").name().map(|n| n.get(page.actor.lang()).to_owned()).unwrap_or_default();
        let back = button(cx.t("automation-to-rule")).ghost().href(format!("/automation/{id}")).render();
        Ok(titled(&name, &cx.t("automation-try-sub"), &back, &body))
    })
}

/// `/automation/ask?rule=&about=`: who will be asked, and why it is asked.
fn ask(page: PageCx) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move { asking(&page, page.param("rule"), page.param("about"), "", None).await })
}

async fn asking(page: &PageCx, of: &str, about: &str, note: &str, fault: Option<Fault>) -> Outcome<Answer> {
    let (object, record) = facts::about(about).map_err(|_| Fault::not_found())?;
    let found = page.company.get(&page.actor, &object, record).await?;
    let of: Uuid = of.parse().map_err(|_| Fault::not_found())?;
    let mut cx = page.company.write(&page.actor).await?;
    let version = cx.rules(&object).await?.into_iter().find(|(id, _)| *id == of).map(|(_, n)| n);
    let prepared = async {
        let company = page.company.clone();
        let rule = book::version(&company, &mut cx.tx, of, version.ok_or_else(Fault::not_found)?).await?;
        let name = rule::name(&company, &mut cx.tx, of, page.actor.lang()).await?;
        let whole = facts::record(&mut cx, &object, record).await?;
        let why = facts::reasons(&mut cx, &rule.object, rule.when.as_ref(), &whole, Some(page.actor.id)).await?;
        let levels = approval::asked_people(&mut cx, &rule, &whole, page.actor.id).await?;
        Ok::<_, Fault>((rule, name, why, levels))
    }
    .await;
    cx.rollback().await?;
    let (rule, name, why, levels) = prepared?;
    let people: Vec<(&str, Uuid)> = levels.iter().flatten().map(|id| ("user", *id)).collect();
    let titles = view::titles(page, &rule.flow, &people).await?;
    let cx = view(page, &titles);
    let registry = page.company.registry();
    let title = engine::load::title_of(&rule.object, &found).get(page.actor.lang()).to_owned();
    let body = html! {
        @if let Some(fault) = &fault { (flash(Mood::Bad, &html! { @for issue in &fault.issues { p { (cx.issue(issue)) } } })) }
        form class="stack ask-form" method="post" action="/automation/ask" {
            input type="hidden" name="rule" value=(of);
            input type="hidden" name="about" value=(about);
            p { (cx.t("automation-ask-about")) " " a href={ "/" (about) } { bdi { (title) } } }
            (view::reasons(&registry, &rule.object, &why, &cx))
            div { p class="flow-word" { (cx.t("automation-ask-who")) }
                ol class="flow-levels" { @for level in &levels { li { @if level.is_empty() { span class="muted" { (cx.t("automation-nobody")) } } @for (i, user) in level.iter().enumerate() { @if i > 0 { (cx.locale.pick("، ", ", ")) } bdi { (cx.title_of(*user)) } } } } } }
            div class="field" { label for="ask-note" { (cx.t("automation-ask-note")) } textarea class="textarea" id="ask-note" name="note" rows="4" maxlength="5000" { (note) } }
            div class="form-foot" { (button(cx.t("automation-ask")).primary().submit().render()) (button(cx.t("ui-cancel")).ghost().href(format!("/{about}")).render()) }
        }
    };
    let html = ui::shell::simple_page(&name, "", &html! {}, &body).into_string();
    Ok(Answer::Html(html, fault))
}

fn asked(page: PageCx, form: Form) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let (of, about, note) = (form.get("rule").to_owned(), form.get("about").to_owned(), form.get("note").to_owned());
        let id: Uuid = of.parse().map_err(|_| Fault::not_found())?;
        let made = page
            .company
            .transact(&page.actor, |cx| {
                let draft = engine::Draft::new().set("rule", id).set("about", about.as_str());
                let draft = if note.trim().is_empty() { draft } else { draft.set("note", note.trim()) };
                Box::pin(async move { cx.save(approval::KEY, draft).await.map(|_| ()) })
            })
            .await;
        match made {
            Ok(()) => Ok(Answer::Go { to: format!("/{about}"), said: "automation-said-asked" }),
            Err(fault) if fault.kind == FaultKind::Invalid => asking(&page, &of, &about, &note, Some(fault)).await,
            Err(fault) => Err(fault),
        }
    })
}

/// A button on a record's page.
fn pressed(page: PageCx, form: Form) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let id: Uuid = form.get("rule").parse().map_err(|_| Fault::not_found())?;
        let about = form.get("about").to_owned();
        let (_, record) = facts::about(&about).map_err(|_| Fault::not_found())?;
        page.company.transact(&page.actor, |cx| Box::pin(async move { trigger::press(cx, id, record).await })).await?;
        Ok(Answer::Go { to: format!("/{about}"), said: "automation-said-started" })
    })
}

/// `/automation/inbox`: what waits for my decision, also for a colleague I stand in for; then what I asked for.
fn inbox(page: PageCx) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let mine = Query { count: Count::None, verb: Some(Verb::Act("approve".into())), ..Query::new(approval::VOTE).filter(Expr::parse("state == \"asked\"")?).sort("asked_at").limit(100) };
        // An administrator could decide everything; here stands what he is asked.
        let mine = if page.actor.policy.admin { mine.filter(Expr::parse("approver == me()")?) } else { mine };
        let mine = page.company.list(&page.actor, &mine).await?;
        let asked = Query { count: Count::None, ..Query::new(approval::KEY).filter(Expr::parse("asked_by == me()")?).sort("-asked_at").limit(30) };
        let asked = page.company.list(&page.actor, &asked).await?;
        let lang = page.actor.lang();
        // What it is about, as far as the reader may know it.
        let mut abouts: BTreeMap<Uuid, (String, Uuid)> = BTreeMap::new();
        let mut conn = page.company.db().read().await?;
        let system = page.company.system();
        let ids: Vec<Uuid> = mine.records.iter().filter_map(|v| v.get("approval").id()).chain(asked.records.iter().map(|a| a.id)).collect();
        for id in ids {
            if let Ok(of) = page.company.get_in(&mut conn, &system, approval::KEY, id).await
                && let Ok(about) = facts::about(of.get("about").text().unwrap_or_default())
            {
                abouts.insert(id, about);
            }
        }
        let mut wanted: BTreeMap<String, BTreeSet<Uuid>> = BTreeMap::new();
        for (object, id) in abouts.values() {
            wanted.entry(object.clone()).or_default().insert(*id);
        }
        let named = page.company.titles(&mut conn, &page.actor, &wanted).await?;
        drop(conn);
        let titles: Titles = mine.titles.iter().chain(&asked.titles).chain(&named).map(|(id, n)| (*id, n.get(lang).to_owned())).collect();
        let cx = view(&page, &titles);
        let about = |of: Option<Uuid>| of.and_then(|of| abouts.get(&of)).map(|(_, id)| cx.title_of(*id)).unwrap_or_default();
        let registry = page.company.registry();
        let state = registry.object(approval::KEY)?.get("state").cloned();
        let body = html! {
            h2 { (cx.t("automation-waiting-me")) }
            @if mine.records.is_empty() { (empty(Empty::Search, &cx.t("automation-nothing-waits"), &cx.t("automation-nothing-waits-text"), &html! {})) }
            ul class="rule-list" { @for vote in &mine.records {
                li class="rule-row" {
                    (ui::mark::icon_square("circle-check", "md"))
                    div class="grow" {
                        a class="rule-name" href={ "/approval_vote/" (vote.id) } { bdi { (vote.get("subject").text().unwrap_or_default()) } }
                        p { bdi { (about(vote.get("approval").id())) } }
                        p class="muted small" { @if let Some(at) = vote.get("asked_at").datetime() { (cx.datetime(at)) } @if vote.get("approver").id().is_some_and(|a| a != page.actor.id) { " · " (cx.t("automation-standing-in")) " " bdi { (vote.get("approver").id().map(|a| cx.title_of(a)).unwrap_or_default()) } } }
                    }
                    (button(cx.t("automation-decide")).primary().small().href(format!("/approval_vote/{}", vote.id)).render())
                }
            } }
            @if !asked.records.is_empty() {
                h2 { (cx.t("automation-i-asked")) }
                ul class="rule-list" { @for one in &asked.records {
                    li class="rule-row" {
                        div class="grow" { a class="rule-name" href={ "/approval/" (one.id) } { bdi { (one.get("subject").text().unwrap_or_default()) } } p { bdi { (about(Some(one.id))) } } p class="muted small" { @if let Some(at) = one.get("asked_at").datetime() { (cx.datetime(at)) } } }
                        @if let Some(field) = &state { (ui::cell::cell(field, one.get("state"), &cx)) }
                    }
                } }
            }
        };
        Ok(titled(&cx.t("automation-inbox"), "", &html! {}, &body))
    })
}

/// On the page of a decision: what is asked, why, and what the others said.
pub fn vote_panel(page: PageCx, id: Uuid) -> BoxFuture<'static, Outcome<String>> {
    Box::pin(async move {
        let vote = page.company.get(&page.actor, approval::VOTE, id).await?;
        let Some(of) = vote.get("approval").id() else { return Ok(String::new()) };
        // Who is asked sees what is asked; the record itself under his own rights.
        let of = page.company.get(&page.company.system(), approval::KEY, of).await?;
        question(&page.company, &page, &of).await
    })
}

pub fn approval_panel(page: PageCx, id: Uuid) -> BoxFuture<'static, Outcome<String>> {
    Box::pin(async move {
        let of = page.company.get(&page.actor, approval::KEY, id).await?;
        question(&page.company, &page, &of).await
    })
}

async fn question(company: &Company, page: &PageCx, of: &Record) -> Outcome<String> {
    let (object, record) = facts::about(of.get("about").text().unwrap_or_default())?;
    let mut conn = company.db().read().await?;
    let Some(rule) = of.get("rule").id() else { return Ok(String::new()) };
    let rule = book::version(company, &mut conn, rule, of.get("version").int().unwrap_or_default()).await?;
    drop(conn);
    let votes = Query { count: Count::None, ..Query::new(approval::VOTE).filter(Expr::path("approval").eq(Expr::lit(of.id))).sort("level,asked_at").limit(100) };
    let votes = company.list(&company.system(), &votes).await?;
    let people: Vec<(&str, Uuid)> = votes.records.iter().flat_map(|v| [v.get("approver").id(), v.get("decided_by").id()]).flatten().chain(of.get("asked_by").id()).map(|u| ("user", u)).collect();
    let titles = view::titles(page, &rule.flow, &people).await?;
    let cx = view(page, &titles);
    let registry = company.registry();
    let seen = company.get(&page.actor, &object, record).await.ok();
    let shown: Vec<&kernel::Field> = rule.when.iter().flat_map(|w| w.typed.fields()).filter(|(o, _)| *o == object).filter_map(|(_, f)| rule.object.get(&f)).filter(|f| page.actor.sees(&object, &f.key)).collect();
    let state = registry.object(approval::VOTE)?.get("state").cloned();
    Ok(html! {
        @if let Some(seen) = &seen {
            p { a href={ "/" (object) "/" (record) } { bdi { (engine::load::title_of(&rule.object, seen).get(page.actor.lang())) } } }
            dl class="flow-values" { @for f in shown { dt { (cx.label(&f.label)) } dd { (ui::cell::cell(f, seen.get(&f.key), &cx)) } } }
        }
        @if let Some(note) = of.get("note").text() { blockquote dir="auto" { (note) } }
        p class="muted small" { (cx.t("automation-asked-by")) " " bdi { (of.get("asked_by").id().map(|u| cx.title_of(u)).unwrap_or_default()) } @if let Some(at) = of.get("asked_at").datetime() { " · " (cx.datetime(at)) } }
        ul class="run-list" { @for v in &votes.records { li {
            @if let Some(field) = &state { (ui::cell::cell(field, v.get("state"), &cx)) }
            span class="grow" {
                bdi { (v.get("approver").id().map(|u| cx.title_of(u)).unwrap_or_default()) }
                @if let Some(by) = v.get("decided_by").id().filter(|by| Some(*by) != v.get("approver").id()) { span class="muted small" { " (" (cx.t("automation-decided-for")) " " bdi { (cx.title_of(by)) } ")" } }
                @if let Some(note) = v.get("note").text() { p class="muted small" dir="auto" { (note) } }
            }
            @if let Some(at) = v.get("decided_at").datetime() { time class="muted small" { (cx.datetime(at)) } }
        } } }
    }
    .into_string())
}

/// On every record that rules are about: what holds it, what can be asked, what rules did.
pub fn record_panel(page: PageCx, id: Uuid) -> BoxFuture<'static, Outcome<String>> {
    Box::pin(async move {
        let object = page.path.trim_start_matches('/').split('/').next().unwrap_or_default().to_owned();
        let mut conn = page.company.db().read().await?;
        let mut sql = conn.sql();
        sql.push("SELECT COUNT(*) FROM sila_rule WHERE object = ").bind(object.as_str());
        if conn.int(&sql).await?.unwrap_or_default() == 0 {
            return Ok(String::new());
        }
        let found = runs::latest(&mut conn, None, Some(id), 5).await?;
        drop(conn);
        let standing = standing(&page, &object, id).await?;
        let titles = titles_of(&page, &found).await?;
        let cx = view(&page, &titles);
        let may_see = rule::makes(&page.actor, &page.company.registry());
        if standing.is_empty() && (found.is_empty() || !may_see) {
            return Ok(String::new());
        }
        Ok(html! {
            @for issue in &standing.held {
                (flash(Mood::Info, &html! { p { (cx.issue(issue)) @if let Some((href, offer)) = issue.offered() { " " a href=(href) { (cx.t(offer)) } } } }))
            }
            @if !standing.buttons.is_empty() { div class="cluster" { @for (rule, words) in &standing.buttons {
                form method="post" action="/automation/start" {
                    input type="hidden" name="rule" value=(rule);
                    input type="hidden" name="about" value={ (object) "/" (id) };
                    (button(words.get(cx.lang())).icon("zap").small().submit().render())
                }
            } } }
            @if may_see && !found.is_empty() { (list(&found, &cx, true)) }
        }
        .into_string())
    })
}

#[derive(Default)]
struct Standing {
    held: Vec<kernel::Issue>,
    buttons: Vec<(Uuid, crate::flow::Words)>,
}

impl Standing {
    fn is_empty(&self) -> bool {
        self.held.is_empty() && self.buttons.is_empty()
    }
}

/// What the rules of an object say about one record as it stands.
async fn standing(page: &PageCx, object: &str, id: Uuid) -> Outcome<Standing> {
    let mut found = Standing::default();
    let company = &page.company;
    let mut conn = company.db().read().await?;
    let record = company.get_in(&mut conn, &company.system(), object, id).await?;
    let mut telling = Vec::new();
    for rule in book::about(company, &mut conn, object).await? {
        let tells = rule.demands().next().is_some() || matches!(rule.flow.trigger, crate::flow::Trigger::Before { .. } | crate::flow::Trigger::Button { .. });
        if tells && facts::holds_in(company, &mut conn, &rule.object, rule.when.as_ref(), &record, Some(page.actor.id)).await? {
            telling.push(rule);
        }
    }
    drop(conn);
    // Only where a rule has something to say, the gates are asked as they would be asked: in a transaction that is given up.
    if telling.is_empty() || page.actor.viewer.is_some() {
        return Ok(found);
    }
    let actor = &page.actor;
    let mut cx = company.write(actor).await?;
    let read = async {
        let seen = company.get_in(&mut cx.tx, actor, object, id).await?;
        let may = company.may_in(&mut cx.tx, actor, &seen, &Verb::Update).await?;
        for rule in &telling {
            for demand in rule.demands() {
                found.held.extend(crate::gate::missing(&mut cx, rule, demand, &record, None).await?);
            }
            if let crate::flow::Trigger::Before { action } = &rule.flow.trigger
                && actor.may(&rule.object, &Verb::Act(action.clone()))
                && may
            {
                found.held.extend(crate::gate::unapproved(&mut cx, rule, &record, action).await?);
            }
            found.buttons.extend(rule::button(&rule.flow).filter(|_| may).map(|words| (rule.id, words.clone())));
        }
        Ok::<(), Fault>(())
    }
    .await;
    cx.rollback().await?;
    read.map(|()| found)
}
