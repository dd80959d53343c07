//! Making a rule without code: one form whose parts are named by their place in the flow (`f:steps.2.subject.ar`), so that
//! it works with plain requests; every button sends the whole of it and gets it back changed.

use crate::flow::{Flow, Step, Trigger};
use crate::view::{self, view};
use crate::{rule, sheet};
use engine::{Answer, Draft, Form, PageCx};
use futures::future::BoxFuture;
use kernel::uuid::Uuid;
use kernel::{Capability, Expr, Fault, FaultKind, Issue, Name, Object, Outcome, Value, Verb};
use maud::{Markup, Render, html};
use serde_json::{Value as Json, json};
use ui::button::{button, icon_button};
use ui::cx::ViewCx;
use ui::mark::{Mood, flash};

/// What is being edited.
struct Sheet {
    rule: Option<Uuid>,
    rev: Option<i64>,
    ar: String,
    en: String,
    note: String,
    flow: Json,
}

/// `/automation/edit?rule=` or `?object=`
pub fn render(page: PageCx) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        if let Ok(id) = page.param("rule").parse::<Uuid>() {
            let record = page.company.get(&page.actor, rule::KEY, id).await?;
            let name = record.get("name").name().cloned().unwrap_or_default();
            let flow = if let Value::Json(json) = record.get("flow") { json.clone() } else { Json::Null };
            let note = record.get("note").text().unwrap_or_default().to_owned();
            return show(&page, &Sheet { rule: Some(id), rev: Some(record.rev), ar: name.ar, en: name.latin, note, flow }, None).await;
        }
        let object = page.param("object");
        if object.is_empty() {
            return Ok(choose(&page));
        }
        let flow = json!({"object": object, "trigger": {"on": "becomes"}, "when": "", "steps": []});
        show(&page, &Sheet { rule: None, rev: None, ar: String::new(), en: String::new(), note: String::new(), flow }, None).await
    })
}

/// What the new rule is about.
fn choose(page: &PageCx) -> Answer {
    let titles = ui::Titles::new();
    let cx = view(page, &titles);
    let registry = page.company.registry();
    let mut objects: Vec<&std::sync::Arc<Object>> = registry.objects().filter(|o| o.can(Capability::Menu) && o.module != "automation" && page.actor.may(o, &Verb::Read)).collect();
    objects.sort_by_key(|o| cx.label(&o.plural).to_owned());
    let body = html! {
        p { (cx.t("automation-edit-about")) }
        ul class="rule-objects" { @for o in objects { li { (button(cx.label(&o.label)).icon(&o.icon).href(format!("/automation/edit?object={}", o.key)).render()) } } }
    };
    ui::shell::simple_page(&cx.t("automation-new"), "", &html! {}, &body).into_string().into()
}

pub fn post(page: PageCx, form: Form) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let mut sheet = read(&page, &form)?;
        let op = form.get("go").to_owned();
        let (verb, at) = op.split_once(':').unwrap_or((op.as_str(), ""));
        if verb != "save" {
            change(&mut sheet.flow, verb, at, form.get(&format!("kind:{at}")));
            return show(&page, &sheet, None).await;
        }
        match keep(&page, &sheet).await {
            Ok(id) => Ok(Answer::Go { to: format!("/automation/{id}"), said: "automation-said-kept" }),
            Err(fault) if matches!(fault.kind, FaultKind::Invalid | FaultKind::Conflict) => show(&page, &sheet, Some(fault)).await,
            Err(fault) => Err(fault),
        }
    })
}

async fn keep(page: &PageCx, sheet: &Sheet) -> Outcome<Uuid> {
    let flow = rule::read(&sheet.flow)?;
    let draft = rule::draft(Name::new(sheet.ar.trim(), sheet.en.trim()), sheet.note.trim(), &flow)?;
    let draft = Draft { id: sheet.rule, rev: sheet.rev, ..draft };
    page.company
        .transact(&page.actor, |cx| {
            let draft = draft.clone();
            Box::pin(async move { Ok(cx.save(rule::KEY, draft).await?.record().id) })
        })
        .await
}

/// The form as a flow: parts by their place, condition rows joined to the condition, plain values as literals.
fn read(page: &PageCx, form: &Form) -> Outcome<Sheet> {
    let mut flow = sheet::tree(form.pairs.iter().filter_map(|(k, v)| Some((k.strip_prefix("f:")?, v.as_str()))));
    let registry = page.company.registry();
    let key = flow.get("object").and_then(Json::as_str).unwrap_or_default().to_owned();
    let object = registry.object(&key)?;
    let reading = engine::fit::reading(&page.company, &page.actor);
    let mut when = flow.get("when").and_then(Json::as_str).unwrap_or_default().trim().to_owned();
    for row in ui::conditions::rows(&form.pairs) {
        if let Some(more) = ui::conditions::condition(object, &row, &reading)? {
            when = match Expr::parse(&when) {
                Ok(known) if !when.is_empty() => known.and(more).to_string(),
                _ => more.to_string(),
            };
        }
    }
    if let Some(flow) = flow.as_object_mut() {
        flow.insert("when".into(), json!(when));
        flow.entry("steps").or_insert_with(|| json!([]));
    }
    let company = &page.company;
    sheet::literals(&mut flow, &|of: Option<&str>, action: Option<&str>, field: &str, text: &str| {
        let kind = match action {
            Some(action) => company.action(&key, action).and_then(|a| a.input.iter().find(|f| f.key == field)).map(|f| f.kind.clone()),
            None => registry.find(of.unwrap_or(&key)).and_then(|o| o.get(field)).map(|f| f.kind.clone()),
        };
        sheet::literal(kind.as_ref(), text, &reading)
    });
    Ok(Sheet { rule: form.get("rule").parse().ok(), rev: form.rev(), ar: form.get("ar").into(), en: form.get("en").into(), note: form.get("note").into(), flow })
}

/// Adds, removes or moves a step.
fn change(flow: &mut Json, verb: &str, at: &str, kind: &str) {
    match verb {
        "add" => {
            if let Some(list) = sheet::list(flow, at) {
                list.push(sheet::blank(kind));
            }
        }
        "level" => {
            if let Some(list) = sheet::list(flow, at) {
                list.push(json!({"who": ["manager"]}));
            }
        }
        "del" | "up" | "down" => {
            let Some((place, n)) = at.rsplit_once('.').and_then(|(p, n)| Some((p, n.parse::<usize>().ok()?))) else { return };
            let Some(list) = sheet::list(flow, place) else { return };
            match verb {
                "del" if n < list.len() => {
                    list.remove(n);
                }
                "up" if n > 0 && n < list.len() => list.swap(n, n - 1),
                "down" if n + 1 < list.len() => list.swap(n, n + 1),
                _ => {}
            }
        }
        _ => {}
    }
}

/// What the form needs to draw itself.
struct Desk<'a> {
    page: &'a PageCx,
    object: &'a Object,
    cx: ViewCx<'a>,
    issues: Vec<Issue>,
    people: Vec<(Uuid, String)>,
}

async fn show(page: &PageCx, sheet: &Sheet, fault: Option<Fault>) -> Outcome<Answer> {
    let registry = page.company.registry();
    let key = sheet.flow.get("object").and_then(Json::as_str).unwrap_or_default();
    let object = registry.object(key)?.clone();
    let users = page.company.list(&page.actor, &engine::Query::new("user").filter(Expr::parse("active")?).sort("name").limit(100)).await.unwrap_or_default();
    let people = users.records.iter().map(|u| (u.id, u.get("name").name().map(|n| n.get(page.actor.lang()).to_owned()).unwrap_or_default())).collect();
    let flow: Option<Flow> = serde_json::from_value(sheet.flow.clone()).ok();
    let titles = match &flow {
        Some(flow) => view::titles(page, flow, &[]).await?,
        None => ui::Titles::new(),
    };
    let cx = view(page, &titles);
    let strip = |i: &Issue| Issue { field: i.field.strip_prefix("flow.").unwrap_or(&i.field).to_owned(), ..i.clone() };
    let desk = Desk { page, object: &object, cx, issues: fault.iter().flat_map(|f| &f.issues).map(strip).collect(), people };
    let when = sheet.flow.get("when").and_then(Json::as_str).unwrap_or_default();
    let loose: Vec<&Issue> = desk.issues.iter().filter(|i| !["trigger", "when", "steps."].iter().any(|p| i.field.starts_with(p))).collect();
    let fields: Vec<&kernel::Field> = object.all_fields().filter(|f| f.key != "rev" && page.actor.sees(key, &f.key)).collect();
    let body = html! {
        form class="stack rule-form" method="post" action="/automation/edit" {
            // The key of «enter» keeps the rule, whatever button comes first.
            button class="visually-hidden" type="submit" name="go" value="save" tabindex="-1" aria-hidden="true" { (cx.t("save")) }
            @if let Some(id) = sheet.rule { input type="hidden" name="rule" value=(id); }
            @if let Some(rev) = sheet.rev { input type="hidden" name="_rev" value=(rev); }
            input type="hidden" name="f:object" value=(key);
            @if let Some(fault) = fault.as_ref().filter(|f| f.issues.is_empty()) { (flash(Mood::Bad, &html! { p { (cx.t(fault.title_key())) } })) }
            @if !loose.is_empty() { (flash(Mood::Bad, &html! { @for i in &loose { p { (cx.issue(i)) } } })) }
            div class="rule-names" {
                (text_field("ar", &cx.t("automation-name-ar"), &sheet.ar, "rtl"))
                (text_field("en", &cx.t("automation-name-en"), &sheet.en, "ltr"))
            }
            (text_field("note", &cx.t("automation-note"), &sheet.note, "auto"))
            ol class="flow" {
                li class="flow-node" data-kind="trigger" { (mark("zap")) div {
                    p class="flow-word" { (cx.t("automation-when-it-starts")) } (desk.wrong("trigger", true)) (desk.trigger(sheet.flow.get("trigger").unwrap_or(&Json::Null)))
                } }
                li class="flow-node" data-kind="when" { (mark("list-filter")) div {
                    p class="flow-word" { (cx.t("automation-if")) } (desk.wrong("when", true))
                    @if !when.is_empty() { p { (view::condition(&registry, &object, when, &cx)) } }
                    div data-filter-builder { div class="stack" data-filter-rows { (ui::filter::builder_row(&fields, &cx)) } }
                    (desk.expr("f:when", when))
                } }
                (desk.steps("steps", sheet.flow.get("steps").unwrap_or(&Json::Null), 0))
            }
            div class="form-foot" {
                (button(cx.t("automation-keep")).primary().submit().attr("name", "go").attr("value", "save").render())
                (button(cx.t("ui-cancel")).ghost().href(sheet.rule.map_or("/automation/rules".to_owned(), |id| format!("/automation/{id}"))).render())
            }
        }
    };
    let title = if sheet.rule.is_some() { cx.t("automation-edit") } else { cx.t("automation-new") };
    Ok(Answer::Html(ui::shell::simple_page(&title, cx.label(&object.plural), &html! {}, &body).into_string(), fault))
}

fn mark(name: &str) -> Markup {
    html! { span class="flow-mark" aria-hidden="true" { (ui::icon::icon_sm(name)) } }
}

fn text_field(name: &str, label: &str, value: &str, dir: &str) -> Markup {
    html! { div class="field" { label for=(name) { (label) } input class="input" id=(name) name=(name) value=(value) dir=(dir) maxlength="300"; } }
}

impl Desk<'_> {
    fn t(&self, key: &str) -> String {
        self.cx.t(key)
    }

    /// What is wrong at a place (`under`: and below it).
    fn wrong(&self, place: &str, under: bool) -> Markup {
        let here: Vec<String> = self.issues.iter().filter(|i| i.field == place || under && i.field.starts_with(&format!("{place}."))).map(|i| self.cx.issue(i)).collect();
        html! { @if !here.is_empty() { (flash(Mood::Bad, &html! { @for text in &here { p { (text) } } })) } }
    }

    fn input(&self, name: &str, label: &str, value: &str, kind: &str) -> Markup {
        html! { label class="field" { span { (label) } input class="input" type=(kind) name=(name) value=(value) dir=(if kind == "number" { "ltr" } else { "auto" }) step="1"; } }
    }

    fn expr(&self, name: &str, value: &str) -> Markup {
        html! { details open[value.is_empty() && name != "f:when"] { summary class="small muted" { (self.t("ui-expression")) } textarea class="textarea rule-expr" name=(name) dir="ltr" rows="2" spellcheck="false" aria-label=(self.t("ui-expression")) { (value) } } }
    }

    fn select(&self, name: &str, label: &str, options: &[(String, String)], now: &str) -> Markup {
        html! { label class="field" { span { (label) } select class="select" name=(name) {
            @if !options.iter().any(|(k, _)| k == now) { option value="" { "—" } }
            @for (key, word) in options { option value=(key) selected[key == now] { (word) } }
        } } }
    }

    fn fields(&self, test: impl Fn(&kernel::Field) -> bool) -> Vec<(String, String)> {
        self.object.all_fields().filter(|f| self.page.actor.sees(&self.object.key, &f.key) && test(f)).map(|f| (f.key.clone(), self.cx.label(&f.label).to_owned())).collect()
    }

    fn actions(&self) -> Vec<(String, String)> {
        self.page.company.actions(&self.object.key).map(|a| (a.key.to_owned(), self.cx.label(&a.label).to_owned())).collect()
    }

    fn trigger(&self, now: &Json) -> Markup {
        let on = now.get("on").and_then(Json::as_str).unwrap_or("becomes");
        let text = |k: &str| now.get(k).and_then(Json::as_str).unwrap_or_default();
        let kinds: Vec<(String, String)> = Trigger::KEYS.iter().map(|k| ((*k).to_owned(), self.t(&format!("automation-pick-{k}")))).collect();
        html! {
            (self.select("f:trigger.on", &self.t("automation-pick"), &kinds, on))
            @match on {
                "changed" => (self.checks("f:trigger.fields[]", &self.t("automation-pick-fields"), &self.fields(|f| !f.system), &strings(now.get("fields")))),
                "acted" | "before" => (self.select("f:trigger.action", &self.t("automation-step-act"), &self.actions(), text("action"))),
                "due" => { (self.select("f:trigger.field", &self.t("automation-pick-date"), &self.fields(|f| matches!(f.kind.stored(), kernel::Kind::Date | kernel::Kind::DateTime)), text("field"))) (self.input("f:trigger.days", &self.t("automation-pick-days"), &number(now.get("days")), "number")) },
                "every" => (self.input("f:trigger.cron", &self.t("automation-pick-cron"), text("cron"), "text")),
                "button" => (self.words("f:trigger.label", now.get("label"), &self.t("automation-pick-label"))),
                _ => {},
            }
            (button(self.t("automation-refresh")).small().ghost().submit().attr("name", "go").attr("value", "show").render())
        }
    }

    fn words(&self, name: &str, now: Option<&Json>, label: &str) -> Markup {
        let text = |k: &str| now.and_then(|n| n.get(k)).and_then(Json::as_str).unwrap_or_default().to_owned();
        html! { div class="rule-names" {
            label class="field" { span { (label) " · " (self.t("automation-in-ar")) } input class="input" name={ (name) ".ar" } value=(text("ar")) dir="rtl"; }
            label class="field" { span { (label) " · " (self.t("automation-in-en")) } input class="input" name={ (name) ".en" } value=(text("en")) dir="ltr"; }
        } }
    }

    fn checks(&self, name: &str, label: &str, options: &[(String, String)], now: &[String]) -> Markup {
        html! { fieldset class="rule-checks" { legend { (label) } @for (key, word) in options {
            label class="rule-check" { input type="checkbox" name=(name) value=(key) checked[now.contains(key)]; " " bdi { (word) } }
        } } }
    }

    /// People by what they are to the record; named persons below.
    fn people(&self, name: &str, label: &str, now: &[String]) -> Markup {
        let registry = self.page.company.registry();
        let mut options: Vec<(String, String)> = ["owner", "manager", "actor"].iter().map(|k| ((*k).to_owned(), self.t(&format!("automation-who-{k}")))).collect();
        options.extend(registry.roles().map(|r| (format!("role:{}", r.key), self.cx.label(&r.label).to_owned())));
        options.extend(self.fields(|f| f.kind.target() == Some("user") && !f.system).into_iter().map(|(k, l)| (format!("field:{k}"), l)));
        let named: Vec<(String, String)> = self.people.iter().map(|(id, n)| (format!("user:{id}"), n.clone())).collect();
        options.extend(named.iter().filter(|(k, _)| now.contains(k)).cloned());
        let free: Vec<(String, String)> = named.into_iter().filter(|(k, _)| !now.contains(k)).collect();
        html! { (self.checks(name, label, &options, now)) @if !free.is_empty() { (self.select(name, &self.t("automation-and-person"), &free, "")) } }
    }

    fn steps(&self, place: &str, all: &Json, depth: usize) -> Markup {
        let list = all.as_array().map(Vec::as_slice).unwrap_or_default();
        let kinds: Vec<(String, String)> = Step::KEYS.iter().filter(|k| depth == 0 || **k != "demand").map(|k| ((*k).to_owned(), self.t(&format!("automation-step-{k}")))).collect();
        html! {
            @for (i, step) in list.iter().enumerate() { (self.step(&format!("{place}.{i}"), step, i, list.len(), depth)) }
            li class="rule-add" {
                select class="select select-sm" name={ "kind:" (place) } aria-label=(self.t("automation-add-step")) { @for (key, word) in &kinds { option value=(key) { (word) } } }
                (button(self.t("automation-add-step")).icon("plus").small().submit().attr("name", "go").attr("value", format!("add:{place}")).render())
            }
        }
    }

    fn step(&self, place: &str, step: &Json, i: usize, n: usize, depth: usize) -> Markup {
        let kind = step.get("do").and_then(Json::as_str).unwrap_or_default();
        let op = |verb: &str, icon: &str, word: &str| icon_button(icon, self.t(word)).small().submit().attr("name", "go").attr("value", format!("{verb}:{place}")).render();
        html! {
            li class="flow-node" data-kind=(kind) {
                (mark(view::icon(kind)))
                div {
                    div class="rule-step-head" {
                        p class="flow-word grow" { (self.t(&format!("automation-step-{kind}"))) }
                        @if i > 0 { (op("up", "arrow-up", "automation-up")) }
                        @if i + 1 < n { (op("down", "arrow-down", "automation-down")) }
                        (op("del", "x", "ui-remove"))
                    }
                    (self.wrong(place, kind != "branch"))
                    input type="hidden" name={ "f:" (place) ".do" } value=(kind);
                    (self.inside(place, kind, step))
                }
            }
            @if kind == "branch" { li class="flow-branches" { @for (key, side) in [("automation-yes", "then"), ("automation-no", "otherwise")] {
                div class="flow-branch" { p class="flow-word" { (self.t(key)) } ol class="flow" { (self.steps(&format!("{place}.{side}"), step.get(side).unwrap_or(&Json::Null), depth + 1)) } }
            } } }
        }
    }

    fn inside(&self, place: &str, kind: &str, step: &Json) -> Markup {
        let at = |part: &str| format!("f:{place}.{part}");
        let text = |k: &str| step.get(k).and_then(Json::as_str).unwrap_or_default();
        let registry = self.page.company.registry();
        let who = |part: &str| strings(step.get(part));
        html! { @match kind {
            "activity" => {
                @let kinds: Vec<(String, String)> = registry.find("activity").and_then(|a| a.get("kind")).map(|f| f.kind.options().iter().map(|o| (o.key.clone(), self.cx.label(&o.label).to_owned())).collect()).unwrap_or_default();
                (self.select(&at("kind"), &self.t("automation-f-kind"), &kinds, text("kind")))
                (self.words(&at("subject"), step.get("subject"), &self.t("automation-f-subject")))
                @let one: Vec<(String, String)> = ["owner", "manager", "actor"].iter().map(|k| ((*k).to_owned(), self.t(&format!("automation-who-{k}")))).collect();
                (self.select(&at("owner"), &self.t("automation-f-owner"), &one, text("owner")))
                (self.people(&at("with[]"), &self.t("automation-f-with"), &who("with")))
                (self.input(&at("days"), &self.t("automation-f-days"), &number(step.get("days")), "number"))
                (self.input(&at("remind"), &self.t("automation-f-remind"), &number(step.get("remind")), "number"))
            },
            "notify" => { (self.people(&at("to[]"), &self.t("automation-f-to"), &who("to"))) (self.words(&at("text"), step.get("text"), &self.t("automation-f-text"))) },
            "update" => (self.values(place, step, &self.fields(|f| f.writable()))),
            "create" => {
                @let objects: Vec<(String, String)> = registry.objects().filter(|o| o.module != "automation" && self.page.actor.may(o, &Verb::Create)).map(|o| (o.key.clone(), self.cx.label(&o.label).to_owned())).collect();
                (self.select(&at("object"), &self.t("automation-f-object"), &objects, text("object")))
                @let fields: Vec<(String, String)> = registry.find(text("object")).map(|o| o.fields.iter().filter(|f| f.writable()).map(|f| (f.key.clone(), self.cx.label(&f.label).to_owned())).collect()).unwrap_or_default();
                (self.values(place, step, &fields))
            },
            "act" => {
                (self.select(&at("action"), &self.t("automation-step-act"), &self.actions(), text("action")))
                @let fields: Vec<(String, String)> = self.page.company.action(&self.object.key, text("action")).map(|a| a.input.iter().map(|f| (f.key.clone(), self.cx.label(&f.label).to_owned())).collect()).unwrap_or_default();
                @if !fields.is_empty() { (self.values(place, step, &fields)) }
            },
            "call" => { (self.input(&at("url"), "URL", text("url"), "url")) (self.values(place, step, &self.fields(|_| true))) },
            "wait" => (self.input(&at("hours"), &self.t("automation-f-hours"), &number(step.get("hours")), "number")),
            "until" => {
                (self.expr(&at("when"), text("when"))) (self.input(&at("hours"), &self.t("automation-f-most-hours"), &number(step.get("hours")), "number"))
                (self.checks(&at("anyway"), &self.t("automation-f-over"), &[("1".to_owned(), self.t("automation-then-on"))], &step.get("anyway").and_then(Json::as_bool).filter(|y| *y).map(|_| "1".to_owned()).into_iter().collect::<Vec<_>>()))
            },
            "branch" => (self.expr(&at("when"), text("when"))),
            "demand" => {
                (self.select(&at("field"), &self.t("automation-f-keeps"), &self.fields(|f| f.writable()), text("field")))
                (self.words(&at("say"), step.get("say"), &self.t("automation-f-say")))
                p class="small muted" { (self.t("automation-f-until")) } (self.expr(&at("until"), text("until")))
                p class="small muted" { (self.t("automation-unless")) } (self.expr(&at("unless"), text("unless")))
            },
            "approval" => {
                @for (n, level) in step.get("levels").and_then(Json::as_array).into_iter().flatten().enumerate() { div class="flow-branch" {
                    div class="rule-step-head" { p class="flow-word grow" { (self.cx.tf("automation-level", &[("n", i64::try_from(n + 1).unwrap_or_default().into())])) } (icon_button("x", self.t("ui-remove")).small().submit().attr("name", "go").attr("value", format!("del:{place}.levels.{n}")).render()) }
                    (self.people(&at(&format!("levels.{n}.who[]")), &self.t("automation-ask-who"), &strings(level.get("who"))))
                    (self.checks(&at(&format!("levels.{n}.all")), &self.t("automation-f-how"), &[("1".to_owned(), self.t("automation-all"))], &level.get("all").and_then(Json::as_bool).filter(|y| *y).map(|_| "1".to_owned()).into_iter().collect::<Vec<_>>()))
                    (self.input(&at(&format!("levels.{n}.hours")), &self.t("automation-f-escalate"), &number(level.get("hours")), "number"))
                    (self.people(&at(&format!("levels.{n}.then[]")), &self.t("automation-f-then"), &strings(level.get("then"))))
                } }
                (button(self.t("automation-add-level")).icon("plus").small().submit().attr("name", "go").attr("value", format!("level:{place}.levels")).render())
            },
            _ => {},
        } }
    }

    /// Field and value, and one row more than there are.
    fn values(&self, place: &str, step: &Json, fields: &[(String, String)]) -> Markup {
        let known: Vec<(String, String)> = step.get("values").and_then(Json::as_object).map(|m| m.iter().map(|(k, v)| (k.clone(), sheet::plain(v.as_str().unwrap_or_default()))).collect()).unwrap_or_default();
        html! { div class="rule-values" {
            @for (n, (key, value)) in known.iter().chain(std::iter::once(&(String::new(), String::new()))).enumerate() {
                div class="rule-value" {
                    select class="select select-sm" name={ "f:" (place) ".values." (n) ".k" } aria-label=(self.t("ui-field")) { option value="" { "—" } @for (k, word) in fields { option value=(k) selected[k == key] { (word) } } }
                    input class="input input-sm" name={ "f:" (place) ".values." (n) ".v" } value=(value) dir="auto" aria-label=(self.t("ui-value"));
                }
            }
            p class="small muted" { (self.t("automation-f-value-help")) }
        } }
    }
}

fn strings(json: Option<&Json>) -> Vec<String> {
    json.and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect()
}

fn number(json: Option<&Json>) -> String {
    json.and_then(Json::as_i64).map(|n| n.to_string()).unwrap_or_default()
}
