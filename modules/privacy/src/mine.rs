//! `/p/privacy/request?t=…`: a person's own request: confirm that it is his, see how it stands, take the copy, say what is wrong.

use crate::view::{spent, view};
use crate::{document, request};
use base::ticket::Ticket;
use engine::{Answer, Draft, Form, PageCx};
use futures::future::BoxFuture;
use kernel::{Fault, FaultKind, Field, Issue, Kind, Outcome, Record, Value, parse};
use maud::{Markup, Render, html};
use serde_json::{Map, Value as Json};
use ui::cx::{Titles, ViewCx};

/// What a person may correct by himself; the rest he says in words.
const CORRECTABLE: [&str; 5] = ["name", "email", "phone", "birthday", "address"];

pub(crate) fn render(page: PageCx) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let Some(request) = opened(&page).await? else { return Ok(gone(&page)) };
        let done = request.get("status").text() == Some("done");
        let copy = matches!(request.get("kind").text(), Some("access" | "portability"));
        if done && copy && !page.param("file").is_empty() {
            if page.param("file") != "html" {
                return Ok(document::file(&page.company, &request, page.param("file")).await?.unwrap_or_else(|| gone(&page)));
            }
            let Some(data) = document::stored(&page.company, &request).await? else { return Ok(gone(&page)) };
            let titles = Titles::new();
            let cx = view(&page, &titles);
            return Ok(document::document(&cx, &page.company, &data).into_string().into());
        }
        show(&page, &request, None, "").await
    })
}

/// The request of the ticket; none when the ticket is none.
async fn opened(page: &PageCx) -> Outcome<Option<Record>> {
    match Ticket::open(&page.company, "request", page.param("t")).await {
        Ok(ticket) => Ok(page.company.get(&page.company.system(), "privacy_request", ticket.id).await.ok()),
        Err(fault) if fault.kind == FaultKind::NotFound => Ok(None),
        Err(fault) => Err(fault),
    }
}

fn gone(page: &PageCx) -> Answer {
    let titles = Titles::new();
    Answer::Html(spent(&view(page, &titles)).into_string(), Some(Fault::not_found()))
}

async fn show(page: &PageCx, request: &Record, fault: Option<Fault>, said: &str) -> Outcome<Answer> {
    let titles = Titles::new();
    let cx = view(page, &titles);
    let kind = request.get("kind").text().unwrap_or_default();
    let status = request.get("status").text().unwrap_or_default();
    let label = request::kinds().into_iter().find(|c| c.key == kind).map(|c| cx.label(&c.label).to_owned()).unwrap_or_default();
    let when = |field: &str| request.get(field).datetime().map(|t| cx.date(cx.civil(t)));
    let step = match status {
        "verifying" => 0,
        "done" | "refused" => 2,
        _ => 1,
    };
    let steps = ["privacy-step-confirm", "privacy-step-work", if status == "refused" { "privacy-step-refused" } else { "privacy-step-done" }];
    let here = crate::preferences::here(page, "request");
    let body = html! {
        div class="pv-page" {
            p class="pv-number muted small" { bdi { (request.get("number").text().unwrap_or_default()) } }
            h1 { (label) }
            ol class="pv-steps" { @for (i, key) in steps.iter().enumerate() { li data-done[i < step || status == "done"] aria-current=[(i == step).then_some("step")] { (cx.t(key)) } } }
            @if !said.is_empty() { (ui::mark::flash(ui::mark::Mood::Good, &html! { (cx.t(said)) })) }
            @match status {
                "verifying" => {
                    p { (cx.t(match kind { "erasure" => "privacy-confirm-erase", "correction" => "privacy-confirm-correct", _ => "privacy-confirm-copy" })) }
                    form method="post" action=(here) class="stack" {
                        @if kind == "correction" { (correction(&cx, page, request, fault.as_ref()).await?) }
                        (ui::button(cx.t("privacy-confirm")).primary().block().submit().attr("name", "do").attr("value", "confirm").render())
                    }
                }
                "done" if matches!(kind, "access" | "portability") => {
                    p { (cx.t("privacy-copy-ready")) }
                    div class="pv-actions" {
                        (ui::button(cx.t("privacy-read-copy")).primary().large().icon("file-text").href(format!("{here}&file=html")).render())
                    }
                    (document::files(&cx, &page.company, request, &here).await?)
                }
                "done" => p { (cx.t(match kind { "erasure" => "privacy-done-erase", "correction" => "privacy-done-correct", _ => "privacy-done-other" })) },
                "refused" => { p { (cx.t("privacy-refused")) } blockquote { bdi { (request.get("reason").text().unwrap_or_default()) } } },
                _ => p { (cx.tf("privacy-working", &[("date", when("due_at").unwrap_or_default().into())])) },
            }
            dl class="facts pv-dates" {
                @for (key, field) in [("privacy-received", "received_at"), ("privacy-due", "due_at"), ("privacy-answered", "done_at")] {
                    @if let Some(date) = when(field) { div class="fact" { dt { (cx.t(key)) } dd { (date) } } }
                }
            }
        }
    };
    Ok(match fault {
        Some(fault) => Answer::Html(body.into_string(), Some(fault)),
        None => body.into_string().into(),
    })
}

/// The fields a person may correct, as they are kept now.
async fn correction(cx: &ViewCx<'_>, page: &PageCx, request: &Record, fault: Option<&Fault>) -> Outcome<Markup> {
    let fields = fields(page);
    let party = match request.get("party").id() {
        Some(id) => page.company.get(&page.company.system(), "party", id).await?,
        None => return Err(Fault::not_found()),
    };
    let issue = |key: &str| fault.and_then(|f| f.issues.iter().find(|i| i.field == key || i.field.starts_with(&format!("{key}.")))).map(|i| cx.issue(i));
    Ok(html! {
        @for f in &fields { (ui::input::field_row(f, party.get(&f.key), issue(&f.key).as_deref(), cx)) }
        label class="pair-label" { span { (cx.t("privacy-what-is-wrong")) } textarea class="textarea" name="details" maxlength="4000" {} }
    })
}

fn fields(page: &PageCx) -> Vec<Field> {
    let registry = page.company.registry();
    let Some(object) = registry.find("party") else { return Vec::new() };
    let known = |key: &&str| object.get(key).filter(|f| f.writable() && !matches!(f.kind, Kind::File | Kind::Image));
    CORRECTABLE.iter().filter_map(|key| known(&key)).cloned().map(|mut f| {
        f.required = false;
        f
    }).collect()
}

pub(crate) fn post(page: PageCx, form: Form) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let Some(request) = opened(&page).await? else { return Ok(gone(&page)) };
        if request.get("status").text() != Some("verifying") {
            return show(&page, &request, None, "").await;
        }
        let mut draft = Draft::of(request.id).trusted();
        if request.get("kind").text() == Some("correction") {
            match proposed(&page, &request, &form).await? {
                Ok(map) => draft = draft.set("proposal", Value::Json(Json::Object(map))).set("details", form.get("details").chars().take(4_000).collect::<String>()),
                Err(issues) => return show(&page, &request, Some(Fault { issues, ..Fault::new(FaultKind::Invalid) }), "").await,
            }
        }
        let how = text::i18n::t_plain(page.company.settings().lang(), "privacy-by-mail", &[]);
        let system = page.company.system();
        page.company
            .transact(&system, |cx| {
                let (draft, request, how) = (draft.clone(), request.clone(), how.clone());
                Box::pin(async move {
                    if !draft.values.is_empty() {
                        cx.save("privacy_request", draft).await?;
                    }
                    request::confirm(cx, &request, &how).await
                })
            })
            .await?;
        let request = page.company.get(&system, "privacy_request", request.id).await?;
        show(&page, &request, None, "privacy-said-confirmed").await
    })
}

/// What differs from what is kept, in the form the API has; or what does not fit.
async fn proposed(page: &PageCx, request: &Record, form: &Form) -> Outcome<Result<Map<String, Json>, Vec<Issue>>> {
    let party = match request.get("party").id() {
        Some(id) => page.company.get(&page.company.system(), "party", id).await?,
        None => return Err(Fault::not_found()),
    };
    let settings = page.company.settings();
    let ctx = parse::Ctx { country: settings.country.clone(), currency: settings.currency.clone(), lang: page.actor.locale.lang, ..parse::Ctx::default() };
    let mut map = Map::new();
    let mut issues = Vec::new();
    for f in fields(page) {
        let Some(sent) = ui::form::read_field(&f, &form.pairs) else { continue };
        match parse::from_json(&f.kind, &sent, &ctx) {
            Ok(value) if value.is_blank() || value == *party.get(&f.key) => {}
            Ok(value) => {
                map.insert(f.key.clone(), value.to_json());
            }
            Err(issue) => issues.push(Issue { field: f.key.clone(), ..issue }),
        }
    }
    Ok(if issues.is_empty() { Ok(map) } else { Err(issues) })
}
