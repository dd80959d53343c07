//! What stands on the pages of customers, leads and opportunities beyond their fields, and how a change of stage looks on
//! a time line.

use crate::pipeline::{KEY_PLAYERS, STAGE, Stage};
use crate::view::view;
use crate::{convert, key_player, lead, opportunity, score};
use engine::{Actor, Card, Count, PageCx, Panel, Query, QuickAction, TimelineCard};
use futures::future::BoxFuture;
use kernel::uuid::Uuid;
use kernel::{Expr, Object, Outcome, Record, Registry, Tone, Value, Verb, label};
use maud::{Markup, html};
use std::collections::{BTreeMap, HashMap};
use ui::cx::ViewCx;

/// Deals and leads on the page of a customer.
const SHOWN: usize = 8;

pub fn all() -> Vec<Panel> {
    vec![
        Panel { object: "party", key: "deals", label: label("فرص مفتوحة", "Open opportunities"), render: deals },
        Panel { object: opportunity::KEY, key: "stage", label: label("المرحلة الآن وما بعدها", "This stage and the next"), render: guidance },
        Panel { object: lead::KEY, key: "score", label: label("لماذا هذا التقييم", "Why this rating"), render: rated },
        Panel { object: lead::KEY, key: "truth", label: label("هل البيانات حقيقية", "Is it real"), render: truth },
        Panel { object: lead::KEY, key: "known", label: label("قد يكون معروفًا لدينا", "Who this may be"), render: known },
    ]
}

pub fn quick() -> Vec<QuickAction> {
    vec![
        QuickAction { object: "party", label: label("فرصة بيع", "Opportunity"), icon: "target", href: |a, r, p| new(a, r, opportunity::KEY, "party", p) },
        QuickAction { object: lead::KEY, label: label("تسجيل مكالمة", "Log a call"), icon: "phone", href: |a, r, p| new(a, r, "interaction", "lead", p) },
    ]
}

fn new(actor: &Actor, registry: &Registry, object: &str, via: &str, record: &Record) -> Option<String> {
    let object = registry.find(object).filter(|o| actor.may(o, &Verb::Create))?;
    Some(format!("/{}/new?{via}={}", object.key, record.id))
}

/// Open opportunities, then leads that are still followed up.
fn deals(page: PageCx, id: Uuid) -> BoxFuture<'static, Outcome<String>> {
    Box::pin(async move {
        let mut blocks = Vec::new();
        for (object, filter, sort) in [(opportunity::KEY, "status == \"open\"", "expected_close"), (lead::KEY, "status in [\"new\", \"contacted\", \"qualified\", \"nurtured\"]", "-points")] {
            let registry = page.company.registry();
            let Some(declared) = registry.find(object).filter(|o| page.actor.may(o, &Verb::Read)) else { continue };
            let whose = Expr::path("party").eq(Expr::lit(id));
            let query = Query { count: Count::Estimate, ..Query::new(object).filter(whose.clone().and(Expr::parse(filter)?)).sort(sort).limit(SHOWN) };
            let found = page.company.list(&page.actor, &query).await?;
            if found.records.is_empty() {
                continue;
            }
            let titles = found.titles.iter().map(|(id, n)| (*id, n.get(page.actor.lang()).to_owned())).collect();
            let cx = view(&page, &titles);
            let more = found.count.is_some_and(|c| c.n > i64::try_from(found.records.len()).unwrap_or(0));
            let all = cx.with_query(&cx.list_url(object), &[("filter", &whose.and(Expr::parse(filter)?).to_string())]);
            blocks.push(html! {
                ul class="deal-list" aria-label=(cx.label(&declared.plural)) { @for r in &found.records { (deal(declared, r, &page, &cx)) } }
                @if more { p { a class="small" href=(all) { (cx.t("show-all")) } } }
            });
        }
        Ok(html! { @for b in &blocks { (b) } }.into_string())
    })
}

fn deal(object: &Object, r: &Record, page: &PageCx, cx: &ViewCx<'_>) -> Markup {
    let title = engine::load::title_of(object, r);
    let late = r.get("rotten_at").datetime().is_some_and(|t| t < cx.now);
    let shown = |key: &str| object.get(key).filter(|f| page.actor.sees(&object.key, &f.key) && !r.get(key).is_blank()).map(|f| ui::cell::cell(f, r.get(key), cx));
    let money = ["amount", "value"].into_iter().find_map(shown);
    html! { li {
        a class="strong" href=(cx.record_url(&object.key, r.id)) { bdi { (title.get(cx.lang())) } }
        span class="deal-facts" {
            @for key in ["stage", "status", "temperature", "expected_close"] { @if key != "status" || object.key == lead::KEY { @if let Some(m) = shown(key) { (m) } } }
            @if late { (ui::mark::chip(&cx.t("ui-card-late"), Tone::Warn)) }
        }
        @if let Some(m) = money { span class="deal-money fig" { (m) } }
    } }
}

/// When this stage is done, what helps, and what the next one will ask for.
fn guidance(page: PageCx, id: Uuid) -> BoxFuture<'static, Outcome<String>> {
    Box::pin(async move {
        let (company, actor) = (&page.company, &page.actor);
        let deal = company.get(actor, opportunity::KEY, id).await?;
        let Some(pipeline) = deal.get("pipeline").id().filter(|_| deal.get("status").text() == Some("open")) else { return Ok(String::new()) };
        let registry = company.registry();
        if registry.find(STAGE).is_none_or(|o| !actor.may(o, &Verb::Read)) {
            return Ok(String::new());
        }
        let query = Query { count: Count::None, ..Query::new(STAGE).filter(Expr::path("pipeline").eq(Expr::lit(pipeline))).limit(200) };
        let stages: Vec<Stage> = company.list(actor, &query).await?.records.iter().filter_map(Stage::of).collect();
        let Some(at) = stages.iter().position(|s| Some(s.id) == deal.get("stage").id()) else { return Ok(String::new()) };
        let (Some(now), next) = (stages.get(at), stages.iter().skip(at + 1).find(|s| s.kind != "lost")) else { return Ok(String::new()) };
        let titles = ui::Titles::new();
        let cx = view(&page, &titles);
        let object = registry.object(opportunity::KEY)?;
        let mut asks = Vec::new();
        for key in next.iter().flat_map(|s| &s.required) {
            let (there, name) = if key == KEY_PLAYERS {
                let players = Query { count: Count::None, ..Query::new(key_player::KEY).filter(Expr::path("opportunity").eq(Expr::lit(id))).limit(1) };
                (!company.list(actor, &players).await?.records.is_empty(), registry.object(key_player::KEY)?.plural.clone())
            } else {
                let Some(f) = object.get(key).filter(|f| actor.sees(opportunity::KEY, &f.key)) else { continue };
                (!deal.get(key).is_blank(), f.label.clone())
            };
            asks.push((there, name));
        }
        let since = deal.get("stage_since").datetime().map(|t| cx.relative(t));
        let late = deal.get("rotten_at").datetime().is_some_and(|t| t < cx.now);
        let body = html! {
            @if let Some(since) = since { p { (cx.tf("sales-here-since", &[("since", since.into())])) @if late { " " (ui::mark::chip(&cx.t("ui-card-late"), Tone::Warn)) } } }
            @if !now.guidance.is_empty() { p dir="auto" { (now.guidance) } }
            @if !now.criteria.is_empty() { p { span class="muted" { (cx.t("sales-criteria")) " " } bdi { (now.criteria) } } }
            @if let Some(next) = next.filter(|_| !asks.is_empty()) {
                p class="muted" { (cx.tf("sales-next-asks", &[("stage", next.name.get(cx.lang()).to_owned().into())])) }
                ul class="asks" { @for (there, name) in &asks { li data-done[*there] { (ui::icon::icon_sm(if *there { "circle-check" } else { "circle-alert" })) " " (cx.label(name)) @if !*there { " " span class="muted small" { (cx.t("sales-ask-missing")) } } } } }
            }
        };
        Ok(body.into_string())
    })
}

/// The rules that fit, with their points.
fn rated(page: PageCx, id: Uuid) -> BoxFuture<'static, Outcome<String>> {
    Box::pin(async move {
        let (company, actor) = (&page.company, &page.actor);
        let lead = company.get(actor, lead::KEY, id).await?;
        let registry = company.registry();
        let object = registry.object(lead::KEY)?;
        // A reason would tell what is withheld from him.
        if object.fields.iter().any(|f| f.sensitivity != kernel::Sensitivity::Secret && !actor.sees(lead::KEY, &f.key)) {
            return Ok(String::new());
        }
        let mut conn = company.db().read().await?;
        let rules = score::rules(company, &mut conn).await?;
        drop(conn);
        let (mut fitting, sum) = score::rate(&rules, &lead, &company.env(&company.system()));
        fitting.sort_by_key(|r| std::cmp::Reverse(r.points));
        let titles = ui::Titles::new();
        let cx = view(&page, &titles);
        let chip = object.get("temperature").map(|f| ui::cell::cell(f, &Value::from(score::temperature(sum)), &cx));
        let body = html! {
            p { @if let Some(chip) = chip { (chip) " " } (cx.tf("sales-points", &[("count", sum.into())])) }
            @if fitting.is_empty() { p class="muted" { (cx.t("sales-no-rule")) } }
            ul class="reasons" { @for r in fitting { li { span class="reason-points fig" dir="ltr" { @if r.points > 0 { "+" } (cx.num(r.points)) } " " bdi { (r.name.get(cx.lang())) } } } }
        };
        Ok(body.into_string())
    })
}

/// What speaks for a real person and what against it.
fn truth(page: PageCx, id: Uuid) -> BoxFuture<'static, Outcome<String>> {
    Box::pin(async move {
        let lead = page.company.get(&page.actor, lead::KEY, id).await?;
        // A reason would tell what is withheld from him.
        if !["truth", "truth_why", "name", "email", "phone", "company"].iter().all(|f| page.actor.sees(lead::KEY, f)) {
            return Ok(String::new());
        }
        let titles = ui::Titles::new();
        let cx = view(&page, &titles);
        let Some(n) = lead.get("truth").int() else { return Ok(html! { p class="muted" { (cx.t("sales-truth-later")) } }.into_string()) };
        let found: Vec<&str> = if let Value::Json(json) = lead.get("truth_why") { json.as_array().into_iter().flatten().filter_map(|v| v.as_str()).collect() } else { Vec::new() };
        let points = |key: &str| crate::truth::FOUND.iter().find(|(k, _)| *k == key).map_or(0, |(_, p)| *p);
        Ok(html! {
            p { strong { (cx.tf("sales-truth", &[("n", n.into())])) } }
            ul class="reasons" { @for key in &found { li { span class="reason-points fig" dir="ltr" { @if points(key) > 0 { "+" } (cx.num(points(key))) } " " (cx.t(&format!("sales-truth-{key}"))) } } }
        }
        .into_string())
    })
}

/// Customers on record that are likely the same, with how sure that is.
fn known(page: PageCx, id: Uuid) -> BoxFuture<'static, Outcome<String>> {
    Box::pin(async move {
        let (company, actor) = (&page.company, &page.actor);
        let lead = company.get(actor, lead::KEY, id).await?;
        let registry = company.registry();
        let party = registry.object("party")?;
        let asks = actor.may(party, &Verb::Create) && ["name", "email", "phone", "company"].iter().all(|f| actor.sees(lead::KEY, f));
        if !asks || lead.get("status").text() == Some("converted") {
            return Ok(String::new());
        }
        let titles = ui::Titles::new();
        let cx = view(&page, &titles);
        let mut rows = Vec::new();
        let mut conn = company.db().read().await?;
        for kind in ["organisation", "person"] {
            let Some(draft) = convert::party_of(&lead, kind) else { continue };
            let (found, elsewhere) = convert::known(company, &mut conn, actor, &draft).await?;
            for c in found.iter().take(3) {
                let clues: Vec<String> = c.matched.evidence.iter().filter(|e| e.points > 0).map(|e| cx.t(engine::duplicates::sentence(e.clue))).collect();
                rows.push(html! { li { a href=(cx.record_url("party", c.id)) { bdi { (c.title.get(cx.lang())) } } " " (ui::mark::chip_line(&cx.percent(i64::from(c.matched.score).into()))) " " span class="muted small" { (clues.join(cx.locale.pick("، ", ", "))) } } });
            }
            if elsewhere {
                rows.push(html! { li class="muted" { (cx.t("sales-convert-elsewhere")) } });
            }
        }
        Ok(if rows.is_empty() { String::new() } else { html! { ul class="reasons" { @for r in &rows { (r) } } p class="muted small" { (cx.t("sales-known-note")) } }.into_string() })
    })
}

pub fn cards() -> Vec<TimelineCard> {
    vec![TimelineCard { object: opportunity::STEP, render: |cx, records| -> BoxFuture<'static, Outcome<HashMap<Uuid, Card>>> { Box::pin(steps(cx, records)) } }]
}

/// Of which deal it is, from which stage, and how long it stood there.
async fn steps(page: PageCx, records: Vec<Record>) -> Outcome<HashMap<Uuid, Card>> {
    let mut wanted: BTreeMap<String, std::collections::BTreeSet<Uuid>> = BTreeMap::new();
    for r in &records {
        for (field, object) in [("opportunity", opportunity::KEY), ("from_stage", STAGE)] {
            wanted.entry(object.into()).or_default().extend(r.get(field).id());
        }
    }
    let mut conn = page.company.db().read().await?;
    let names = page.company.titles(&mut conn, &page.actor, &wanted).await?;
    drop(conn);
    let titles = ui::Titles::new();
    let cx = view(&page, &titles);
    let title = |r: &Record, field: &str| r.get(field).id().and_then(|id| Some((id, names.get(&id)?.get(cx.lang()).to_owned())));
    let card = |r: &Record| {
        let line = html! {
            @if let Some((id, name)) = title(r, "opportunity") { a href=(cx.record_url(opportunity::KEY, id)) { bdi { (name) } } }
            @if let Some((_, from)) = title(r, "from_stage") { " · " (cx.tf("sales-from", &[("stage", from.into())])) }
        };
        Card { line: line.into_string(), ..Card::default() }
    };
    Ok(records.iter().map(|r| (r.id, card(r))).collect())
}
