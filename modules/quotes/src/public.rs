//! `/p/quotes/quote?t=…`: the quote as the customer sees it, and what he answers.
//!
//! Opening the page changes nothing, since programs that look at links in letters open them too; that it was seen is
//! told by a script when it stood before somebody's eyes for a moment. A link that was tampered with, or belongs to
//! something else, looks like one that never was.

use crate::actions::told;
use crate::outgoing::{TICKET, link};
use crate::paper::{Offer, tax_label};
use crate::quote::KEY;
use crate::view::{decimal, parts, text, view};
use crate::{line, paper, rules, total};
use base::ticket::Ticket;
use base64::Engine as _;
use engine::{Answer, Cx, Draft, Form, Input, Notice, PageCx};
use futures::future::BoxFuture;
use kernel::uuid::Uuid;
use kernel::{Fault, FaultKind, Issue, Outcome, Record, Tone, Value};
use maud::{Markup, Render, html};
use serde_json::{Value as Json, json};
use ui::cx::{Titles, ViewCx};
use ui::mark::{Mood, flash};

/// The most letters of a comment.
const LONGEST: usize = 2_000;
/// The most bytes of a drawn signature.
const LARGEST: usize = 200_000;
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The quote a link opens; drafts are nobody's.
async fn opened(page: &PageCx) -> Outcome<Uuid> {
    let ticket = Ticket::open(&page.company, TICKET, page.param("t")).await?;
    let quote = page.company.get(&page.company.system(), KEY, ticket.id).await?;
    if text(&quote, "status") == "draft" { Err(Fault::not_found()) } else { Ok(ticket.id) }
}

/// The address of this page with the same link and language.
fn here(page: &PageCx, more: &str) -> String {
    format!("/p/quotes/quote?t={}&lang={}{more}", ui::cx::percent_encode(page.param("t")), page.actor.lang())
}

pub fn render(page: PageCx) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let id = match opened(&page).await {
            Ok(id) => id,
            Err(fault) if fault.kind == FaultKind::NotFound => return Ok(spent(&page)),
            Err(fault) => return Err(fault),
        };
        if page.param("pdf") == "1" {
            let (name, bytes) = paper::pdf(&page.company, id).await?;
            return Ok(Answer::File { name, media: "application/pdf".into(), bytes });
        }
        show(&page, id, None).await
    })
}

fn spent(page: &PageCx) -> Answer {
    let titles = Titles::new();
    let cx = view(page, &titles);
    let body = html! { h1 { (cx.t("quotes-link-spent")) } p class="soft" { (cx.t("quotes-link-spent-text")) } };
    Answer::Html(body.into_string(), Some(Fault::not_found()))
}

async fn show(page: &PageCx, id: Uuid, refused: Option<Fault>) -> Outcome<Answer> {
    let offer = Offer::load(&page.company, id).await?;
    let newer = match text(&offer.quote, "status") {
        "superseded" => newer(page, id).await?,
        _ => None,
    };
    let titles = Titles::new();
    let cx = view(page, &titles);
    let body = whole(&cx, page, &offer, newer.as_deref(), refused.as_ref());
    Ok(Answer::Html(body.into_string(), refused))
}

/// The link of the version that took its place, once that was sent.
async fn newer(page: &PageCx, id: Uuid) -> Outcome<Option<String>> {
    let mut at = id;
    let mut last = None;
    // Versions follow each other one by one.
    for _ in 0..50 {
        let query = engine::Query { count: engine::Count::None, ..engine::Query::new(KEY).filter(kernel::Expr::path("revises").eq(kernel::Expr::lit(at))).limit(1) };
        let Some(next) = page.company.list(&page.company.system(), &query).await?.records.pop() else { break };
        at = next.id;
        if text(&next, "status") != "draft" {
            last = Some(next);
        }
    }
    match last.filter(|q| text(q, "status") != "superseded") {
        Some(quote) => Ok(Some(link(&page.company, &quote, page.actor.locale.lang).await?)),
        None => Ok(None),
    }
}

/// Whether it can still be accepted.
fn open(cx: &ViewCx<'_>, quote: &Record) -> bool {
    text(quote, "status") == "sent" && !late(cx, quote)
}

fn late(cx: &ViewCx<'_>, quote: &Record) -> bool {
    quote.get("valid_until").date().is_some_and(|until| until < cx.today())
}

fn whole(cx: &ViewCx<'_>, page: &PageCx, offer: &Offer, newer: Option<&str>, refused: Option<&Fault>) -> Markup {
    let quote = &offer.quote;
    let open = open(cx, quote);
    let company = page.company.settings().name.get(cx.lang()).to_owned();
    let name = |r: &Option<Record>| r.as_ref().and_then(|r| r.get("name").name()).map(|n| n.get(cx.lang()).to_owned());
    let day = |field: &str| quote.get(field).date().map(|d| format!("{} ({})", cx.date(d), cx.date_other(d)));
    html! {
        div class="qt-page" data-quote-seen=[(text(quote, "status") == "sent").then(|| here(page, ""))] {
            header { p class="qt-from" { bdi { (company) } } h1 { (cx.t("quotes-one")) " " bdi class="fig" dir="ltr" { (text(quote, "number")) } } }
            (state(cx, offer, newer))
            @if let Some(fault) = refused { (flash(Mood::Bad, &html! { @for i in &fault.issues { (cx.issue(i)) " " } })) }
            dl class="qt-facts" {
                @if let Some(to) = name(&offer.party) { div { dt { (cx.t("quotes-for")) } dd { bdi { (to) } @if let Some(c) = name(&offer.contact) { " · " bdi { (c) } } } } }
                @if !text(quote, "subject").is_empty() { div { dt { (cx.t("quotes-subject")) } dd { bdi { (text(quote, "subject")) } } } }
                @if let Some(d) = day("issued_on") { div { dt { (cx.t("quotes-date")) } dd { (d) } } }
                @if let Some(d) = day("valid_until") { div { dt { (cx.t("quotes-until")) } dd { (d) } } }
            }
            div id="qt-live" {
                form method="post" action=(here(page, "")) class="qt-form" hx-post=(here(page, "")) hx-trigger="change" hx-target="#qt-live" hx-select="#qt-live" hx-swap="outerMorph" {
                    input type="hidden" name="do" value="choose";
                    (lines(cx, offer, open))
                    @if open && offer.lines.iter().any(optional) { div class="qt-recount" data-without-script { (ui::button(cx.t("quotes-recount")).submit().render()) } }
                }
                (sums(cx, offer))
                // He agrees to the sum that stands here.
                input type="hidden" name="seen_total" form="qt-accept" value=(offer.priced.totals.payable);
            }
            (terms(cx, offer))
            p class="qt-paper" { (ui::button(cx.t("quotes-download")).icon("download").href(here(page, "&pdf=1")).attr("download", "").render()) }
            @if open { (answer(cx, page, offer)) }
            @if text(quote, "status") == "sent" { (remark(cx, page)) }
        }
    }
}

fn optional(l: &Record) -> bool {
    l.get("optional").bool() == Some(true)
}

/// Where the quote stands, said in a sentence.
fn state(cx: &ViewCx<'_>, offer: &Offer, newer: Option<&str>) -> Markup {
    let quote = &offer.quote;
    let on = quote.get("answered_at").datetime().map(|at| cx.date(cx.civil(at))).unwrap_or_default();
    let (mood, said) = match text(quote, "status") {
        "accepted" => (Mood::Good, cx.tf("quotes-is-accepted", &[("name", text(quote, "accepted_by").into()), ("date", on.into())])),
        "declined" => (Mood::Warn, cx.tf("quotes-is-declined", &[("date", on.into())])),
        "superseded" => (Mood::Warn, cx.t(if newer.is_some() { "quotes-is-superseded" } else { "quotes-is-being-revised" })),
        "expired" => (Mood::Warn, cx.t("quotes-is-expired")),
        _ if late(cx, quote) => (Mood::Warn, cx.t("quotes-is-expired")),
        _ => return html! {},
    };
    flash(mood, &html! { (said) @if let Some(newer) = newer { " " a href=(newer) { (cx.t("quotes-newer")) } } })
}

fn lines(cx: &ViewCx<'_>, offer: &Offer, open: bool) -> Markup {
    let exponent = text::money::exponent(offer.currency());
    let figure = |d: kernel::rust_decimal::Decimal, least: u8| {
        let (n, scale) = parts(d, least);
        text::number::format_scaled(n, scale, cx.locale)
    };
    html! { ul class="qt-lines" {
        @for (l, p) in offer.lines.iter().zip(&offer.priced.lines) {
            li class="qt-line" data-optional[optional(l)] data-chosen[optional(l) && total::counted(l)] {
                @if optional(l) {
                    label class="check qt-choice" {
                        input type="checkbox" name="line" value=(l.id) checked[total::counted(l)] disabled[!open];
                        span { bdi { (text(l, "description")) } " " (ui::mark::chip(&cx.t("quotes-optional"), Tone::Info)) }
                    }
                } @else {
                    p class="qt-what" { bdi { (text(l, "description")) } @if l.get("included").bool() == Some(true) { " " span class="muted small" { (cx.t("quotes-included")) } } }
                }
                p class="qt-how soft small" {
                    span class="fig" dir="ltr" { (figure(decimal(l, "quantity"), 0)) }
                    @if !text(l, "unit").is_empty() { " " bdi { (text(l, "unit")) } }
                    " × " span class="fig" dir="ltr" { (figure(decimal(l, "price"), exponent)) }
                    @if p.discount > 0 { " · " (cx.tf("quotes-line-discounted", &[("amount", cx.money(&offer.money(p.discount)).into())])) }
                }
                p class="qt-amount fig" { (cx.money(&offer.money(p.shown + p.share))) }
            }
        }
    } }
}

fn sums(cx: &ViewCx<'_>, offer: &Offer) -> Markup {
    let t = &offer.priced.totals;
    let row = |word: String, minor: i64| html! { div { dt { (word) } dd class="fig" { (cx.money(&offer.money(minor))) } } };
    html! {
        dl class="qt-sums" {
            (row(cx.t("quotes-sum"), t.list - t.line_discounts))
            @if t.discount > 0 { (row(cx.t("quotes-discount"), -t.discount)) }
            (row(cx.t("quotes-net"), t.net))
            @for g in &offer.priced.groups { (row(cx.label(&tax_label(offer, g, cx.locale)).to_owned(), g.amount)) }
            @if t.rounding != 0 { (row(cx.t("quotes-rounding"), t.rounding)) }
            div class="qt-total" { dt { (cx.t("quotes-total")) } dd class="fig" data-total=(t.payable) { (cx.money(&offer.money(t.payable))) } }
        }
        @if let Some(words) = offer.words(cx.locale.lang) { p class="qt-words soft small" { (words) } }
    }
}

fn terms(cx: &ViewCx<'_>, offer: &Offer) -> Markup {
    let said = match text(&offer.quote, "terms") {
        "" => offer.head.said("terms", cx.locale.lang),
        own => own.to_owned(),
    };
    html! {
        @for reason in &offer.reasons { p class="soft small" { bdi { (reason.get(cx.lang())) } } }
        @if !said.is_empty() { section class="qt-terms" { h2 { (cx.t("quotes-terms")) } p dir="auto" { (said) } } }
    }
}

/// Accept with name and, where somebody draws, a signature; or decline with a reason.
fn answer(cx: &ViewCx<'_>, page: &PageCx, offer: &Offer) -> Markup {
    let name = offer.contact.as_ref().and_then(|c| c.get("name").name()).map(|n| n.get(cx.lang()).to_owned()).unwrap_or_default();
    html! {
        section class="qt-answer" {
            h2 { (cx.t("quotes-accept-title")) }
            p class="soft" { (cx.t("quotes-accept-text")) }
            form method="post" action=(here(page, "")) class="qt-form" id="qt-accept" {
                label class="pair-label" { span { (cx.t("quotes-your-name")) } input class="input" type="text" name="name" required maxlength="200" autocomplete="name" dir="auto" value=(name); }
                div class="qt-sign" data-signature hidden {
                    p class="small" id="qt-sign-label" { (cx.t("quotes-sign-here")) }
                    canvas class="qt-canvas" width="640" height="200" role="img" aria-labelledby="qt-sign-label" {}
                    input type="hidden" name="signature" value="";
                    (ui::button(cx.t("quotes-sign-again")).small().ghost().attr("data-signature-clear", "").render())
                }
                (ui::button(cx.t("quotes-accept")).primary().large().block().submit().attr("name", "do").attr("value", "accept").render())
            }
            details class="qt-decline" {
                summary { (cx.t("quotes-decline-title")) }
                form method="post" action=(here(page, "")) class="qt-form" {
                    label class="pair-label" { span { (cx.t("quotes-reason")) } textarea class="textarea" name="reason" rows="3" required maxlength=(LONGEST) dir="auto" {} }
                    (ui::button(cx.t("quotes-decline")).danger().submit().attr("name", "do").attr("value", "decline").render())
                }
            }
        }
    }
}

fn remark(cx: &ViewCx<'_>, page: &PageCx) -> Markup {
    html! {
        details class="qt-remark" {
            summary { (cx.t("quotes-remark-title")) }
            form method="post" action=(here(page, "")) class="qt-form" {
                label class="pair-label" { span { (cx.t("quotes-remark")) } textarea class="textarea" name="text" rows="3" required maxlength=(LONGEST) dir="auto" {} }
                (ui::button(cx.t("quotes-remark-send")).submit().attr("name", "do").attr("value", "comment").render())
            }
        }
    }
}

pub fn post(page: PageCx, form: Form) -> BoxFuture<'static, Outcome<Answer>> {
    Box::pin(async move {
        let id = match opened(&page).await {
            Ok(id) => id,
            Err(fault) if fault.kind == FaultKind::NotFound => return Ok(spent(&page)),
            Err(fault) => return Err(fault),
        };
        let done = match form.get("do") {
            "seen" => return seen(&page, id).await.map(|()| Answer::Piece(String::new())),
            "choose" => match choose(&page, id, &form).await {
                Ok(()) => return show(&page, id, None).await,
                Err(fault) => Err(fault),
            },
            "accept" => accept(&page, id, &form).await.map(|()| "quotes-said-accepted"),
            "decline" => decline(&page, id, &form).await.map(|()| "quotes-said-declined"),
            "comment" => comment(&page, id, &form).await.map(|()| "quotes-said-commented"),
            _ => Err(Fault::new(FaultKind::BadRequest)),
        };
        match done {
            Ok(said) => Ok(Answer::Go { to: here(&page, ""), said }),
            // Somebody else was quicker, the day has passed, something is missing: the page says so, as it stands now.
            Err(fault) if fault.kind == FaultKind::Invalid => show(&page, id, Some(fault)).await,
            Err(fault) => Err(fault),
        }
    })
}

/// That it stood before somebody's eyes; the first time is news.
async fn seen(page: &PageCx, id: Uuid) -> Outcome<()> {
    let system = page.company.system();
    page.company
        .transact(&system, |cx| {
            Box::pin(async move {
                let (company, system) = (cx.company.clone(), cx.company.system());
                let quote = company.get_in(&mut cx.tx, &system, KEY, id).await?;
                if text(&quote, "status") != "sent" {
                    return Ok(());
                }
                let first = quote.get("seen_at").is_null();
                let mut draft = Draft::of(id).set("last_seen_at", cx.now).set("seen_count", quote.get("seen_count").int().unwrap_or_default() + 1).trusted();
                if first {
                    draft = draft.set("seen_at", cx.now);
                }
                let quote = cx.save(KEY, draft).await?.into_record();
                if first {
                    told(cx, "quote.seen", &quote, json!({})).await?;
                    tell(cx, &quote, "quote.seen").await?;
                }
                Ok(())
            })
        })
        .await
}

async fn tell(cx: &mut Cx, quote: &Record, kind: &str) -> Outcome<()> {
    if let Some(user) = quote.get("owner").id() {
        cx.notify(Notice { user, kind, object: KEY, record: quote.id, data: Json::Null }).await?;
    }
    Ok(())
}

/// Marks the optional lines that were chosen, and only those; the sums follow.
async fn chosen(cx: &mut Cx, id: Uuid, wanted: &[Uuid]) -> Outcome<()> {
    let (company, system) = (cx.company.clone(), cx.company.system());
    let quote = company.get_in(&mut cx.tx, &system, KEY, id).await?;
    if text(&quote, "status") != "sent" || quote.get("valid_until").date().is_some_and(|until| until < rules::day(cx)) {
        return Err(Fault::invalid("", "quotes-not-open"));
    }
    let lines = total::lines(cx, id).await?;
    let drafts: Vec<Draft> = lines.iter().filter(|l| optional(l)).map(|l| Draft::of(l.id).set("chosen", wanted.contains(&l.id)).trusted()).collect();
    if drafts.is_empty() {
        return Ok(());
    }
    cx.save_many(line::KEY, drafts).await.map(|_| ())
}

fn wanted(form: &Form) -> Vec<Uuid> {
    form.all("line").filter_map(|id| id.parse().ok()).collect()
}

async fn choose(page: &PageCx, id: Uuid, form: &Form) -> Outcome<()> {
    let (system, wanted) = (page.company.system(), wanted(form));
    page.company
        .transact(&system, |cx| {
            let wanted = wanted.clone();
            Box::pin(async move { chosen(cx, id, &wanted).await })
        })
        .await
}

/// A drawn signature comes as the picture of a canvas; anything else is none.
fn drawn(form: &Form) -> Outcome<Option<Vec<u8>>> {
    let Some(data) = form.get("signature").strip_prefix("data:image/png;base64,") else { return Ok(None) };
    let bad = || Fault::invalid("signature", "quotes-signature");
    if data.len() > LARGEST * 4 / 3 {
        return Err(bad());
    }
    let bytes = base64::engine::general_purpose::STANDARD.decode(data).map_err(|_| bad())?;
    if bytes.starts_with(PNG) { Ok(Some(bytes)) } else { Err(bad()) }
}

async fn accept(page: &PageCx, id: Uuid, form: &Form) -> Outcome<()> {
    let name: String = form.get("name").trim().chars().take(200).collect();
    if name.is_empty() {
        return Err(Fault::invalid("name", "quotes-name-missing"));
    }
    let kept = match drawn(form)? {
        Some(bytes) => Some(page.company.keep("signature.png", &bytes).await?),
        None => None,
    };
    let agreed: Option<i64> = form.get("seen_total").parse().ok();
    let system = page.company.system();
    page.company
        .transact(&system, |cx| {
            let (name, kept) = (name.clone(), kept.clone());
            Box::pin(async move {
                let input = Input::from_iter([("accepted_by".to_owned(), Value::from(name))]);
                cx.act(KEY, id, "accept", None, input).await.map_err(taken)?;
                let (company, system) = (cx.company.clone(), cx.company.system());
                let quote = company.get_in(&mut cx.tx, &system, KEY, id).await?;
                // He agrees to the sum he saw, not to one that somebody changed meanwhile.
                if agreed.is_some_and(|sum| quote.get("total").money().is_some_and(|m| m.minor != sum)) {
                    return Err(Fault::invalid("", "quotes-other-sum"));
                }
                if let Some(kept) = kept {
                    let file = cx.attach(KEY, id, &kept).await?;
                    cx.save(KEY, Draft::of(id).set("signature", Value::File(Box::new(file))).trusted()).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Who comes second is told what has become of it, in words that are not those of an office.
fn taken(fault: Fault) -> Fault {
    if fault.issues.iter().any(|i| i.key == "action-not-now") { Fault::issue(Issue::new("", "quotes-not-open")) } else { fault }
}

async fn decline(page: &PageCx, id: Uuid, form: &Form) -> Outcome<()> {
    let reason: String = form.get("reason").trim().chars().take(LONGEST).collect();
    if reason.is_empty() {
        return Err(Fault::invalid("reason", "quotes-reason-missing"));
    }
    let system = page.company.system();
    page.company
        .transact(&system, |cx| {
            let input = Input::from_iter([("reason".to_owned(), Value::from(reason.clone()))]);
            Box::pin(async move { cx.act(KEY, id, "decline", None, input).await.map(|_| ()).map_err(taken) })
        })
        .await
}

/// A question or wish: a contact on the customer's time line, and news for the owner.
async fn comment(page: &PageCx, id: Uuid, form: &Form) -> Outcome<()> {
    let said: String = form.get("text").trim().chars().take(LONGEST).collect();
    if said.is_empty() {
        return Err(Fault::invalid("text", "quotes-remark-missing"));
    }
    let lang = page.company.settings().lang();
    let system = page.company.system();
    page.company
        .transact(&system, |cx| {
            let said = said.clone();
            Box::pin(async move {
                let (company, system) = (cx.company.clone(), cx.company.system());
                let quote = company.get_in(&mut cx.tx, &system, KEY, id).await?;
                if text(&quote, "status") != "sent" {
                    return Err(Fault::invalid("", "quotes-not-open"));
                }
                let subject = text::i18n::t_plain(lang, "quotes-remark-on", &[("number", text(&quote, "number").into())]);
                let draft = Draft::new()
                    .set("subject", subject)
                    .set("channel", "web")
                    .set("direction", "in")
                    .set("at", cx.now)
                    .set("party", quote.get("party").clone())
                    .set("owner", quote.get("owner").clone())
                    .set("notes", said);
                cx.save("interaction", draft).await?;
                told(cx, "quote.commented", &quote, json!({})).await?;
                tell(cx, &quote, "quote.commented").await
            })
        })
        .await
}
